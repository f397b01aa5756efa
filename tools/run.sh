#!/bin/sh
# make run: loads the demo company into data/demo.db on first use, then serves it.
# usage: run.sh KONTOR
set -eu
kontor=$1
db=${KONTOR_DB:-data/demo.db}
mkdir -p data
if [ ! -f "$db" ]; then
    echo "kontor: loading the demo company into $db (first use only)"
    "$kontor" --db "$db.loading" --set key_file="$db.key" demo >/dev/null || {
        rm -f "$db.loading"*
        echo "kontor: the demo could not be loaded" >&2
        exit 70
    }
    mv "$db.loading" "$db"
    rm -f "$db.loading"*
fi
"$kontor" demo --sign-ins
exec "$kontor" --db "$db" serve
