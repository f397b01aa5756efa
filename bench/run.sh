#!/bin/sh
# Every measure with the command that made it; docs/operate/figures.md explains them and keeps a set.
# Binds to 127.0.0.1 only and ends what it starts. On a machine with other work the figures are worse
# than the program: it says the load it began with.
# usage: bench/run.sh BUILD_DIR [PART…]     parts: http slow start idle import run whatif list feel (default: all)
set -eu
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
kontor=$build/kontor
. "$here/measure.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/kontor-bench.XXXXXX")
server=
pg=
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$pg" ] || "$here/../tools/pg" stop "$work/pg"
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
export KONTOR_LOG_LEVEL=error

k() {
    k_db=$1
    shift
    "$kontor" --db "$k_db" "$@" >"$work/out" 2>&1 || {
        cat "$work/out" >&2
        return 1
    }
}

free_port() { echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000)); }

serve() { # DB
    port=$(free_port)
    "$kontor" --db "$1" --set "http_listen=127.0.0.1:$port" \
        --set "public_url=http://127.0.0.1:$port" --set access_log=false serve >"$work/serve" &
    server=$!
    tries=0
    until curl -sf -o /dev/null "http://127.0.0.1:$port/readyz"; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] && kill -0 $server || return 1
        sleep 0.05
    done
}

stop() {
    kill "$server"
    wait "$server" || true
    server=
}

# start DB PATH IDLE_SECONDS: "milliseconds resident-kb anonymous-kb"
start() {
    port=$(free_port)
    "$build/bench/start" "$port" "$2" "$3" "$kontor" --db "$1" --set "http_listen=127.0.0.1:$port" \
        --set "public_url=http://127.0.0.1:$port" serve
}

company() { # DB: 500 partners, 200 products, a scheme for each partner
    [ -f "$work/partners.csv" ] || write_company
    k "$1" org init --name Bench --country ES --currency EUR
    k "$1" setting set approval.scheme false
    k "$1" scheme add "$work/scheme.dmn" --code S
    k "$1" scheme publish S --from 2024-01-01
    k "$1" import partners "$work/partners.csv"
    k "$1" import products "$work/products.csv"
    k "$1" import contracts "$work/contracts.csv"
}

write_company() {
    sed 's/currency="USD"/currency="EUR"/' "$here/../examples/northwind/reps.dmn" >"$work/scheme.dmn"
    awk 'BEGIN { print "code,name"; for (i = 1; i <= 500; i++) print "P" i ",Partner " i }' \
        >"$work/partners.csv"
    awk 'BEGIN { print "code,name"; for (i = 1; i <= 200; i++) print "G" i ",Good " i }' \
        >"$work/products.csv"
    awk 'BEGIN { print "code,partner,nature,from,currency,period,scheme"
        for (i = 1; i <= 500; i++) printf "C%d,P%d,commission,2024-01-01,EUR,month,S\n", i, i }' \
        >"$work/contracts.csv"
}

part_http() { sh "$here/http.sh" "$build/bench/http_server"; }

part_slow() {
    k "$work/slow.db" org init --name Bench --country ES --currency EUR
    serve "$work/slow.db"
    "$build/bench/slow_client" "$port" /sign-in 4000 35 || true
    stop
}

part_start() {
    company "$work/start.db"
    awk -v rows=1000000 -f "$here/make_sales.awk" >"$work/sales.csv"
    k "$work/start.db" import events "$work/sales.csv"
    for page in /readyz /sign-in; do
        for round in 1 2 3 4 5; do
            start "$work/start.db" $page 0
        done | sort -n | awk -v page=$page '{ ms[NR] = $1 }
            END { printf "start to first 200 with 1,000,000 events, %s: %d ms (%d to %d)\n",
                  page, ms[3], ms[1], ms[5] }'
    done
    rm -f "$work"/start.db* "$work/sales.csv"
}

part_idle() {
    k "$work/demo.db" demo
    start "$work/demo.db" /sign-in 20 | awk '{ printf "idle demo: %d MB resident after 20 s, " \
        "%d MB of them its own\n", $2 / 1024, $3 / 1024 }'
}

part_import() { sh "$here/import.sh" "$build"; }

part_run() {
    company "$work/run.db"
    awk -v rows=1000000 -f "$here/make_sales.awk" | awk -F, -v OFS=, '
        NR > 1 { $2 = sprintf("2025-03-%02d %s", NR % 28 + 1, substr($2, 12)) } { print }' \
        >"$work/month.csv"
    k "$work/run.db" import events "$work/month.csv"
    for words in "run 2025-03 --json" "run 2025-03 --post --json"; do
        measure "$work/out" "$kontor" --db "$work/run.db" $words
        echo "kontor $words over 1,000,000 events of 500 contracts: $seconds s," \
            "$megabytes MB at most"
    done
    rm -f "$work"/run.db* "$work/month.csv"
}

# Nothing is posted, so that what is in force is computed beside the three drafts too.
part_whatif() {
    company "$work/whatif.db"
    awk -v rows=1000000 -f "$here/make_sales.awk" >"$work/year.csv"
    k "$work/whatif.db" import events "$work/year.csv"
    for rate in 0.05 0.06; do
        sed "s/default=\"0.03\" min/default=\"$rate\" min/" "$work/scheme.dmn" >"$work/draft.dmn"
        k "$work/whatif.db" scheme add "$work/draft.dmn" --code S
    done
    measure "$work/out" "$kontor" --db "$work/whatif.db" whatif new S:2 S:3 \
        'S:middle tier factor=1.2' --from 2025-01 --to 2025-12 --name Year
    echo "kontor whatif new, 3 variants over 12 months of 1,000,000 events of 500 contracts:" \
        "$seconds s, $megabytes MB at most"
    rm -f "$work"/whatif.db* "$work/year.csv"
}

part_list() {
    sh "$here/list.sh" "$build" "$work/list.db"
    if pg=$("$here/../tools/pg" start "$work/pg"); then
        (umask 077 && head -c 32 /dev/urandom >"$work/pg.key")
        "$build/bench/list_partners" "$pg" || true # fills it; what is slow says so
        FILLED=yes KONTOR_KEY_FILE=$work/pg.key sh "$here/list.sh" "$build" "$pg"
    fi
}

# Beside feelin, an interpreter in JavaScript (npm, by its lock file; for measuring only).
part_feel() {
    [ -d "$here/feelin/node_modules" ] ||
        (cd "$here/feelin" && npm ci --ignore-scripts --no-audit --no-fund >&2)
    (cd "$here/feelin" && node feelin.mjs) >"$work/feelin"
    "$build/bench/feel" "$here/feelin/cases.tsv" <"$work/feelin"
}

echo "load at the beginning: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"
[ $# -gt 0 ] || set -- http slow start idle import run whatif list feel
for part; do
    "part_$part"
done
