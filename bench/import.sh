#!/bin/sh
# A million sales from a CSV file into an empty SQLite database: seconds and memory.
# usage: bench/import.sh BUILD_DIR [ROWS]
set -eu
kontor=$1/kontor
rows=${2:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(dirname "$0")
awk -v rows="$rows" -f "$here/make_sales.awk" >"$work/sales.csv"
awk 'BEGIN { print "code,name"; for (i = 1; i <= 500; i++) print "P" i ",Partner " i }' >"$work/partners.csv"
awk 'BEGIN { print "code,name"; for (i = 1; i <= 200; i++) print "G" i ",Good " i }' >"$work/products.csv"
k() { "$kontor" --db "$work/bench.db" "$@"; }
k org init --name Bench --country ES --currency EUR >/dev/null
k import partners "$work/partners.csv" >/dev/null
k import products "$work/products.csv" >/dev/null
. "$here/measure.sh"
measure "$work/out" "$kontor" --db "$work/bench.db" import events "$work/sales.csv"
echo "import: $rows sales in $seconds s, $megabytes MB at most"
measure "$work/again" "$kontor" --db "$work/bench.db" import events "$work/sales.csv"
echo "import again: $(cat "$work/again"), in $seconds s, $megabytes MB at most"
