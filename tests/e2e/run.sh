#!/bin/sh
# Browser tests against a real server: its database is a fresh copy of the demo, which is loaded
# once and kept in build/e2e. usage: run.sh BUILD_DIR e2e|shots [ARGUMENTS OF THE SCRIPT]
set -eu
cd "$(dirname "$0")/../.."
build=$1
what=$2
shift 2
kontor=$build/kontor
kept=build/e2e
mkdir -p "$kept"

browser=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$browser" ] || { echo "1..0 # skipped: chromium is not installed (tools/setup check)"; exit 0; }
[ -d web/node_modules/playwright-core ] || (cd web && npm ci --silent --no-audit --no-fund)
export CHROMIUM="$browser"

# the demo changes with the program and with the day
if [ ! -f "$kept/demo.db" ] || [ "$kontor" -nt "$kept/demo.db" ] ||
    [ "$(cat "$kept/day" 2>/dev/null)" != "$(date +%F)" ]; then
    rm -rf "$kept/loading" "$kept"/demo.db*
    mkdir "$kept/loading"
    "$kontor" --db "$kept/loading/demo.db" demo >"$kept/load.log" 2>&1 || {
        cat "$kept/load.log"
        echo "Bail out! the demo cannot be loaded"
        exit 1
    }
    mv "$kept/loading"/* "$kept/"
    rmdir "$kept/loading"
    date +%F >"$kept/day"
    touch "$kept/demo.db"
fi

work=$(mktemp -d)
pids=
stop() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

# serve NAME PORT: the database $work/NAME.db, until the end of this script
serve() {
    "$kontor" --db "$work/$1.db" --set http_listen=127.0.0.1:"$2" \
        --set public_url=http://127.0.0.1:"$2" --set access_log=false serve \
        >"$work/$1.out" 2>"$kept/$1.log" &
    pids="$pids $!"
    for _ in $(seq 100); do
        curl -fs -o /dev/null "http://127.0.0.1:$2/readyz" && return 0
        sleep 0.1
    done
    cat "$work/$1.out" "$kept/$1.log"
    echo "Bail out! the server does not start"
    exit 1
}

free_ports() {
    node -e 'const net = require("node:net");
const open = () => new Promise((done) => { const s = net.createServer().listen(0, "127.0.0.1", () => done(s)); });
Promise.all([open(), open()]).then((all) => { console.log(all.map((s) => s.address().port).join(" ")); all.forEach((s) => s.close()); });'
}

ports=$(free_ports)
demo_port=${ports% *}
empty_port=${ports#* }
cp "$kept/demo.db" "$work/demo.db"
cp "$kept/demo.db.key" "$work/demo.db.key"
serve demo "$demo_port"
export E2E_URL="http://127.0.0.1:$demo_port" E2E_KONTOR="$kontor" E2E_DB="$work/demo.db"

case $what in
    e2e)
        serve empty "$empty_port"
        for _ in $(seq 50); do # it is ready a moment before it has said so
            E2E_SETUP=$(sed -n 's/^first run: open //p' "$work/empty.out")
            [ -z "$E2E_SETUP" ] || break
            sleep 0.1
        done
        export E2E_SETUP
        node tests/e2e/e2e.mjs "$@"
        ;;
    shots)
        "$kontor" routes >"$work/routes"
        node tools/shots/shots.mjs --url "$E2E_URL" --staff admin@meridian.example:meridian-demo \
            --partner dealer@partner.example:meridian-demo --table "$work/routes" "$@"
        ;;
    serve) # for looking around: prints the address and waits
        echo "$E2E_URL"
        wait
        ;;
    *)
        echo "usage: run.sh BUILD_DIR e2e|shots|serve" >&2
        exit 64
        ;;
esac
