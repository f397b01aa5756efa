#!/bin/sh
# Fetches what is not in Debian: npm packages by the lock file, and from one of them the SQLite
# amalgamation. usage: deps.sh DEPS_DIR
set -eu
deps=$1
echo "kontor: fetching npm packages by web/package-lock.json"
(cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
mkdir -p "$deps/sqlite3"
tarball=$(find web/node_modules/better-sqlite3/deps -name 'sqlite3.c' | head -n 1)
if [ -z "$tarball" ]; then
    echo "kontor: better-sqlite3 in web/node_modules holds no deps/**/sqlite3.c" >&2
    exit 1
fi
cp "$(dirname "$tarball")/sqlite3.h" "$deps/sqlite3/sqlite3.h"
cp "$tarball" "$deps/sqlite3/sqlite3.c"
