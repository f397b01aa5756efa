#!/bin/sh
# make run: loads the demo company into data/demo.db on first use, then serves it. The database and
# its key are made in a folder of their own, so that an interrupted load leaves nothing behind.
# usage: run.sh KONTOR
set -eu
kontor=$1
db=${KONTOR_DB:-data/demo.db}
mkdir -p "$(dirname "$db")"
if [ ! -f "$db" ]; then
    echo "kontor: loading the demo company into $db (first use only)"
    rm -rf "$db.loading"
    mkdir "$db.loading"
    "$kontor" --db "$db.loading/demo.db" demo >/dev/null || {
        rm -rf "$db.loading"
        echo "kontor: the demo could not be loaded" >&2
        exit 70
    }
    mv "$db.loading/demo.db.key" "$db.key"
    mv "$db.loading/demo.db" "$db"
    rm -rf "$db.loading"
fi
echo "kontor: sign in as"
"$kontor" demo sign-ins
exec "$kontor" --db "$db" serve
