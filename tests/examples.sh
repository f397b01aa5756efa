#!/bin/sh
# The example of the handbook, from raw CSV files to rewards: examples/northwind on SQLite, and on
# PostgreSQL when KONTOR_TEST_PG holds the URL of a server. Prints TAP.
# usage: tests/examples.sh [KONTOR]
set -u
kontor=${1:-build/release/kontor}
data=../shared/data/northwind
if [ ! -f "$data/Order_Details.csv" ]; then
    echo "ok 1 - Northwind # SKIP $data is not there"
    echo "1..1"
    exit 0
fi
work=$(mktemp -d)
count=0
failed=0

ok() { # ok NAME COMMAND…
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$work/out" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        sed 's/^/# /' "$work/out"
        failed=$((failed + 1))
    fi
}

may() {
    cat <<'EOF'
1 Nancy Davolio 16 9115.96 431.32 0.00 431.32
2 Andrew Fuller 11 4373.32 150.39 201.56 351.95
3 Janet Leverling 16 18049.60 892.60 0.00 892.60
4 Margaret Peacock 16 6915.28 286.04 0.00 286.04
5 Steven Buchanan 6 4500.28 164.23 28.99 193.22
6 Michael Suyama 7 747.70 29.28 0.00 29.28
7 Robert King 13 5536.96 255.35 0.00 255.35
8 Laura Callahan 9 4402.40 154.52 0.00 154.52
9 Anne Dodsworth 2 139.80 5.24 0.00 5.24
total 2599.52
EOF
}

april() {
    cat <<'EOF'
1 Nancy Davolio 20 12587.23 587.75 0.00 587.75
2 Andrew Fuller 46 30990.28 1461.76 271.95 1733.71
3 Janet Leverling 24 12957.36 663.78 0.00 663.78
4 Margaret Peacock 21 9937.71 405.94 0.00 405.94
5 Steven Buchanan 1 210.00 6.30 168.78 175.08
6 Michael Suyama 14 5246.95 212.42 0.00 212.42
7 Robert King 20 28590.57 1139.08 0.00 1139.08
8 Laura Callahan 24 13777.10 549.41 0.00 549.41
9 Anne Dodsworth 10 9501.50 336.27 0.00 336.27
total 5803.44
EOF
}

# The same lines out of `run --json`.
run_gives() { # run_gives DB PERIOD EXPECTED
    "$kontor" --db "$1" run "$2" --json >"$work/run.json" || return 1
    tr '{' '\n' <"$work/run.json" | sed -n 's/.*"code":"\([^"]*\)","name":"\([^"]*\)","events":\([0-9]*\),"volume":"\([^"]*\)","own":"\([^"]*\)","upward":"\([^"]*\)","total":"\([^"]*\)".*/\1 \2 \3 \4 \5 \6 \7/p' >"$work/got"
    sed -n 's/.*\],"total":"\([^"]*\)"}.*/total \1/p' "$work/run.json" >>"$work/got"
    diff "$3" "$work/got"
}

load() {
    KONTOR=$kontor examples/northwind/load "$data" "$1"
}

loads_nothing_new() {
    load "$1" >"$work/again" || return 1
    cat "$work/again"
    [ "$(grep -c ' 0 added, 0 changed, .* unchanged, 0 refused' "$work/again")" -eq 6 ]
}

# Posting prints what it stored: the bytes of the draft before it.
posts_what_it_printed() { # posts_what_it_printed DB PERIOD
    "$kontor" --db "$1" run "$2" --json >"$work/draft.json" || return 1
    "$kontor" --db "$1" run "$2" --post --json >"$work/posted.json" || return 1
    cmp "$work/draft.json" "$work/posted.json"
}

engine() { # engine NAME DB
    ok "$1: the raw files load" load "$2"
    ok "$1: May 1997 gives the rewards of the handbook" run_gives "$2" 1997-05 "$work/may"
    ok "$1: April 1998 gives them too" run_gives "$2" 1998-04 "$work/april"
    ok "$1: loading again changes nothing" loads_nothing_new "$2"
    ok "$1: and the rewards stay" run_gives "$2" 1997-05 "$work/may"
    ok "$1: posting prints the bytes of the draft" posts_what_it_printed "$2" 1997-05
}

may >"$work/may"
april >"$work/april"
engine SQLite "$work/northwind.db"
if [ -n "${KONTOR_TEST_PG:-}" ]; then
    name=northwind_$$
    psql -q "$KONTOR_TEST_PG" -c "create database $name" >"$work/psql" 2>&1 || sed 's/^/# /' "$work/psql"
    engine PostgreSQL "${KONTOR_TEST_PG%/*}/$name"
    psql -q "$KONTOR_TEST_PG" -c "drop database $name" >/dev/null 2>&1
else
    count=$((count + 1))
    echo "ok $count - PostgreSQL # SKIP KONTOR_TEST_PG is not set"
fi
rm -rf "$work"
echo "1..$count"
[ "$failed" -eq 0 ]
