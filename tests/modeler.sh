#!/bin/sh
# Schemes and the modeler that most tools embed (dmn-js): it opens our files without a warning, and
# what it saves is the same scheme here, to the cent of every worked example. Files that the
# program itself writes (from a template, from a workbook) are among them. Prints TAP.
# usage: tests/modeler.sh [KONTOR]
set -u
kontor=${1:-build/release/kontor}
browser=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$browser" ] || { echo "1..0 # skipped: chromium is not installed (tools/setup check)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/own" "$work/saved"
db="--db sqlite:$work/kontor.db"

# what the program writes: by the constructor's core, through a workbook
"$kontor" $db scheme new WRITTEN --template telecom --lang ru >/dev/null &&
    "$kontor" $db scheme export WRITTEN --dmn "$work/own/written.dmn" &&
    "$kontor" $db scheme export WRITTEN --xlsx "$work/own/book.xlsx" &&
    "$kontor" $db scheme add "$work/own/book.xlsx" --code BOOK >/dev/null &&
    "$kontor" $db scheme export BOOK --dmn "$work/own/book.dmn" || {
    echo "Bail out! the program does not write its files"
    exit 1
}
set -- src/scheme/templates/*.dmn examples/northwind/reps.dmn examples/demo/*.dmn "$work"/own/*.dmn
CHROMIUM=$browser node tests/modeler.mjs "$work/saved" "$@" >"$work/opened"
grep -E '^(not )?ok|^#' "$work/opened" | sed "s:$work/::" >"$work/all"
opened=$(grep -cE '^(not )?ok ' "$work/opened")
[ "$opened" -eq $# ] || echo "not ok - $opened of $# files were opened" >>"$work/all"

# the same scheme after dmn-js
for file in "$@"; do
    name=$(basename "$file")
    "$kontor" scheme check --json "$file" >"$work/before" 2>&1
    if "$kontor" scheme check --json "$work/saved/$name" >"$work/after" 2>&1 && cmp -s "$work/before" "$work/after"; then
        echo "ok - $name that dmn-js has saved is the same scheme" >>"$work/all"
    else
        echo "not ok - $name that dmn-js has saved is the same scheme" >>"$work/all"
        sed 's/^/# /' "$work/after" | head -n 5 >>"$work/all"
    fi
done
cp src/scheme/templates/*.scenario examples/northwind/team.scenario "$work/saved/"
"$kontor" scenario "$work/saved" >"$work/played" 2>&1
case $(tail -n 1 "$work/played") in
*" passed, 0 failed") echo "ok - and pays the same: $(tail -n 1 "$work/played")" >>"$work/all" ;;
*) { echo "not ok - and pays the same"; sed 's/^/# /' "$work/played"; } >>"$work/all" ;;
esac
awk '/^(not )?ok / { n++; sub(/ok( [0-9]+)? -/, "ok " n " -") } { print } END { print "1.." n }' "$work/all"
! grep -q '^not ok' "$work/all"
