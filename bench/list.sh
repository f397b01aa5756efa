#!/bin/sh
# The list of partners with a million of them: 100 requests a second for 50 rows each, for every
# declared sort with and without an indexed filter, at the first page and 10,000 pages deep, on the
# engine of DB. usage: list.sh BUILD_DIR DB     DB is filled by an import when it is new, unless FILLED
# says that list_partners has done it (much faster on PostgreSQL). Also: PARTNERS, SECONDS_EACH.
set -eu
build=$1
db=$2
here=$(cd "$(dirname "$0")" && pwd)
kontor=$build/kontor
rows=${PARTNERS:-1000000}
deep=$((rows / 100))
work=$(mktemp -d)
server=
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
k() { "$kontor" --db "$db" "$@"; }

k org init --name Bench --country ES --currency EUR >/dev/null
if ! k user list | grep -q list@example.com; then
    if [ -z "${FILLED:-}" ]; then
        awk -v rows="$rows" -f "$here/make_partners.awk" >"$work/partners.csv"
        . "$here/measure.sh"
        measure "$work/out" "$kontor" --db "$db" import partners "$work/partners.csv"
        echo "import of $rows partners: $seconds s, $megabytes MB at most"
    fi
    k user add list@example.com >/dev/null
fi
key=$(k key add list@example.com bench | sed -n 's/^secret: //p')
port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
"$kontor" --db "$db" --set "http_listen=127.0.0.1:$port" --set "public_url=http://127.0.0.1:$port" \
    --set access_log=false --set log_level=error serve >/dev/null &
server=$!
tries=0
until curl -sf -o /dev/null "http://127.0.0.1:$port/readyz"; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 $server || exit 1
    sleep 0.05
done
case $db in postgres*) engine=PostgreSQL ;; *) engine=SQLite ;; esac
# The first requests of each worker prepare their statements: not what is asked here.
"$build/bench/list_client" "$port" "$key" "/api/v1/partners?sort=name" 0 100 2 >/dev/null || true
for filter in "" "&state=active" "&state=active&state=suspended"; do
    for sort in name created last_sale code; do
        for at in 0 "$deep"; do
            printf 'list of %d partners, %s, sort=%s%s, page %d: ' \
                "$rows" "$engine" "$sort" "$filter" $((at + 1))
            "$build/bench/list_client" "$port" "$key" "/api/v1/partners?sort=$sort$filter" "$at" \
                100 "${SECONDS_EACH:-5}" || true
        done
    done
done
