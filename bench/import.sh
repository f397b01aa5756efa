#!/bin/sh
# Files of a million rows into an empty SQLite database: seconds and memory for each kind.
# usage: bench/import.sh BUILD_DIR [ROWS]
set -eu
kontor=$1/kontor
rows=${2:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(dirname "$0")
. "$here/measure.sh"
k() { "$kontor" --db "$work/bench.db" "$@" >/dev/null; }
new() { # an empty database with a scheme
    rm -f "$work"/bench.db*
    k org init --name Bench --country ES --currency EUR
    k setting set approval.scheme false
    k setting set approval.contract false
    k scheme add "$work/scheme.dmn" --code S
    k scheme publish S --from 2024-01-01
}
import() { # KIND FILE
    measure "$work/out" "$kontor" --db "$work/bench.db" import "$1" "$2"
    echo "import of $1: $(cat "$work/out"), in $seconds s, $megabytes MB at most"
}
sed 's/currency="USD"/currency="EUR"/' "$here/../examples/northwind/reps.dmn" >"$work/scheme.dmn"

new
awk 'BEGIN { print "code,name"; for (i = 1; i <= 500; i++) print "P" i ",Partner " i }' >"$work/partners.csv"
awk 'BEGIN { print "code,name"; for (i = 1; i <= 200; i++) print "G" i ",Good " i }' >"$work/products.csv"
k import partners "$work/partners.csv"
k import products "$work/products.csv"
awk -v rows="$rows" -f "$here/make_sales.awk" >"$work/file.csv"
import events "$work/file.csv"
import events "$work/file.csv"

new
for kind in partners products customers contracts; do
    awk -v rows="$rows" -f "$here/make_$kind.awk" >"$work/file.csv"
    import $kind "$work/file.csv"
done
