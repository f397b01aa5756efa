#!/bin/sh
# Photographs every part of ui with sample data, without a server: build/shots/ui/*.png.
# usage: tools/shots/gallery.sh [BUILD_DIR] [more arguments of shots.mjs]
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
[ $# -eq 0 ] || shift
make --no-print-directory B="$build" t M=ui
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
KONTOR_GALLERY=$pages "$build/test/ui/ui_gallery_test" | grep '^not ok' && exit 1
node tools/shots/shots.mjs --gallery "$pages" --assets "$build/gen/assets/files" \
    --out build/shots/ui "$@"
