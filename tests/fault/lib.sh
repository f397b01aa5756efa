# What the fault tests share: TAP, a small company, a server to be killed. Sourced by run.sh, which
# sets $root, $kontor, $ask and $dir (a scratch folder, removed at the end).
tests=0
failures=0
server=
url=
export KONTOR_LOG_LEVEL=warn

# result NAME: ok when the command before it succeeded: `test …; result "…"`
result() {
    result_code=$?
    tests=$((tests + 1))
    if [ "$result_code" -eq 0 ]; then
        echo "ok $tests - $1"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $1"
        return 1
    fi
}

skip() { # NAME WHY
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}

note() { sed 's/^/# /'; }

now_ms() { date +%s%3N; }

random() { # LOW HIGH
    echo $(($1 + $(od -An -N2 -tu2 /dev/urandom) % ($2 - $1 + 1)))
}

# ---- a company: three partners in a tree, two categories, three products, sixty sales ----

write_files() {
    cat > "$dir/categories.csv" <<END
code,name
Beverages,Beverages
Seafood,Seafood
END
    cat > "$dir/products.csv" <<END
code,name,category,price,currency
tea,Tea,Beverages,10.00,USD
crab,Crab,Seafood,80.00,USD
salt,Salt,,1.00,USD
END
    # The second and third name partners that stand further down: a second pass over the file.
    cat > "$dir/partners.csv" <<END
code,name,kind,state,country,since,parent,tree,parent from
C,Cora,individual,active,US,1996-01-01,B,owner,1996-01-01
B,Ben,individual,active,US,1996-01-01,A,owner,1996-01-01
A,Ann,individual,active,US,1996-01-01,,owner,
END
    cat > "$dir/contracts.csv" <<END
code,partner,nature,from,currency,period,scheme
R-A,A,commission,1996-01-01,USD,month,REPS
R-B,B,commission,1996-01-01,USD,month,REPS
R-C,C,commission,1996-01-01,USD,month,REPS
END
    # Three files of twenty: three batches, so there is something between them to be killed in.
    for part in 1 2 3; do
        awk -v part=$part 'BEGIN {
            split("A B C", partner, " "); split("tea crab salt", product, " ")
            print "external id,occurred at,currency,net,quantity,product,partner"
            for (i = 1; i <= 20; i++)
                printf "s%d-%d,1997-05-%02d 10:00,USD,%d.%02d,%d,%s,%s\n", part, i, i + part,
                    100 * i + part, (i * 37) % 100, i % 5 + 1, product[i % 3 + 1], partner[i % 3 + 1]
        }' > "$dir/sales$part.csv"
    done
}

k() { # DB WORDS…
    k_db=$1
    shift
    "$kontor" --db "$k_db" "$@"
}

# company DB: everything but sales; each step must work
company() {
    k "$1" org init --name "Fault" --country US --currency USD --zone UTC &&
        k "$1" setting set approval.scheme false &&
        k "$1" scheme add "$root/examples/northwind/reps.dmn" --code REPS &&
        k "$1" scheme publish REPS --from 1996-01-01 &&
        k "$1" import categories "$dir/categories.csv" &&
        k "$1" import products "$dir/products.csv" &&
        k "$1" import partners "$dir/partners.csv" &&
        k "$1" import contracts "$dir/contracts.csv"
}

# state DB: everything that must come out the same, as text
state() { "$ask" "$1" "$root/tests/fault/state.sql"; }

# copy FROM TO: a database whose server has gone, with its log when it was killed
copy() {
    rm -f "$2" "$2"-wal "$2"-shm "$2".lock "$2".sock "$2".key
    for suffix in "" -wal .key; do
        [ ! -f "$1$suffix" ] || cp "$1$suffix" "$2$suffix"
    done
}

# ---- a server ----

# serve DB: waits for the first 200; sets $server, $url and $started_ms (how long it took)
serve() {
    for attempt in 1 2 3 4 5; do
        port=$(random 20000 29999)
        url=http://127.0.0.1:$port
        started_at=$(now_ms)
        "$kontor" --db "$1" --set "http_listen=127.0.0.1:$port" --set "public_url=$url" \
            --set access_log=false serve > "$dir/serve.out" 2>> "$dir/serve.log" &
        server=$!
        while kill -0 "$server" 2>/dev/null; do
            if curl -sf -o /dev/null -m 5 "$url/readyz"; then
                started_ms=$(($(now_ms) - started_at))
                return 0
            fi
            [ $(($(now_ms) - started_at)) -lt 20000 ] || return 1
            sleep 0.01
        done
        wait "$server"
    done
    tail -n 5 "$dir/serve.log" | note
    return 1
}

# stop SIGNAL: ends the server; its exit code is ours
stop() {
    kill "-$1" "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    stop_code=$?
    server=
    return $stop_code
}

# make_key DB: an administrator and an API key; prints the secret
make_key() {
    k "$1" user add fault@example.com --name Fault > /dev/null &&
        k "$1" key add fault@example.com faults | sed -n 's/^secret: //p'
}

event_json() { # ID PARTNER NET
    echo "{\"external_id\":\"$1\",\"occurred_at\":\"1997-05-03T12:00:00Z\",\"partner\":\"$2\"," \
        "\"net\":{\"amount\":\"$3\",\"currency\":\"USD\"}}"
}

# post_event ID PARTNER NET: prints the status; the answer is in $answer, else $dir/answer
post_event() {
    curl -s -m 10 -D "${answer:-$dir/answer}.head" -o "${answer:-$dir/answer}" \
        -w '%{http_code}' -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
        -d "$(event_json "$@")" "$url/api/v1/events"
}

clean_up() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null
    ! grep -q " $dir/small " /proc/mounts || umount "$dir/small"
    [ -n "${KEEP:-}" ] || rm -rf "$dir"
}
