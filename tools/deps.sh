#!/bin/sh
# Fetches what is not in Debian: npm packages by the lock file, and from one of them the SQLite
# amalgamation. Does nothing when they are there already; two at once wait for each other.
# usage: deps.sh DEPS_DIR
set -eu
deps=$1
mkdir -p "$deps/sqlite3"
exec 9> "$deps/lock"
flock 9
have=web/node_modules/.package-lock.of-kontor
if ! cmp -s web/package-lock.json "$have"; then
    echo "kontor: fetching npm packages by web/package-lock.json"
    (cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || {
        echo "kontor: npm could not fetch the packages: is the registry reachable? Behind a proxy with" \
            "its own certificate, set NODE_EXTRA_CA_CERTS" >&2
        exit 69
    }
    cp web/package-lock.json "$have"
fi
source=$(find web/node_modules/better-sqlite3/deps/ -name 'sqlite3.c' | head -n 1)
if [ -z "$source" ]; then
    echo "kontor: better-sqlite3 in web/node_modules holds no deps/**/sqlite3.c" >&2
    exit 1
fi
cmp -s "$source" "$deps/sqlite3/sqlite3.c" || cp "$source" "$deps/sqlite3/sqlite3.c"
cp "$(dirname "$source")/sqlite3.h" "$deps/sqlite3/sqlite3.h"
touch "$deps/sqlite3/sqlite3.c"
