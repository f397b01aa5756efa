# kill -9 at random while events come in by the API and a file through the command socket. What was
# acknowledged is noted outside of the server; afterwards each is there exactly once, and what was not
# acknowledged is sent again under the same ids.
kill_cycles=${KILL_CYCLES:-20}

# Writer N of a cycle: sends until the server is gone.
writer() {
    answer=$dir/answer.$2
    for i in $(seq 1 500); do
        id=k$1-$2-$i
        echo "$id" >> "$dir/sent.$2"
        case $(post_event "$id" A "$i.00") in
            20?) echo "$id" >> "$dir/acked.$2" ;;
            *) return ;;
        esac
    done
}

# Sends again what has no answer; each is stored now or was already.
send_again() {
    sort "$dir"/sent.? > "$dir/sent"
    sort "$dir"/acked.? > "$dir/acked"
    comm -23 "$dir/sent" "$dir/acked" > "$dir/open"
    while read -r id; do
        case $(post_event "$id" A "${id##*-}.00") in
            20?) echo "$id" >> "$dir/acked.1" ;;
            *) send_bad=$((send_bad + 1)); note < "$dir/answer" ;;
        esac
    done < "$dir/open"
}

kill_cycle() {
    serve "$dir/kill.db" || return 1
    [ "$started_ms" -le "$slowest_ms" ] || slowest_ms=$started_ms
    send_again
    for writer_n in 1 2 3; do
        writer "$1" $writer_n 2> /dev/null &
        eval "writer_$writer_n=\$!"
    done
    k "$dir/kill.db" import events "$dir/many.csv" --source file > "$dir/import.out" 2>&1 &
    importer=$!
    sleep "0.$(random 10 99)"
    stop KILL
    wait "$writer_1" "$writer_2" "$writer_3" "$importer"
    return 0
}

kill_many() {
    for cycle in $(seq 1 "$kill_cycles"); do
        kill_cycle "$cycle" || return 1
    done 2> /dev/null
}

ids_of() { # SOURCE: one id a line, as often as it is stored
    "$ask" "$dir/kill.db" -c "select string_agg(external_id, '
') from event_tail where source = '$1'" | sort
}

kill_all() {
    copy "$dir/company.db" "$dir/kill.db"
    key=$(make_key "$dir/kill.db")
    awk 'BEGIN { print "external id,occurred at,currency,net,partner"
        for (i = 1; i <= 20000; i++) printf "f%d,1997-05-02 10:00,USD,%d.00,B\n", i, i % 90 + 1 }' \
        > "$dir/many.csv"
    for writer_n in 1 2 3; do : > "$dir/sent.$writer_n"; : > "$dir/acked.$writer_n"; done
    send_bad=0
    slowest_ms=0
    kill_many
    result "a server starts after each of $kill_cycles kills, at most $slowest_ms ms to the first 200" || return
    serve "$dir/kill.db"
    sort "$dir"/acked.? > "$dir/acked.before"
    ids_of api > "$dir/stored"
    comm -23 "$dir/acked.before" "$dir/stored" > "$dir/lost"
    acked=$(wc -l < "$dir/acked.before")
    [ "$acked" -gt 0 ] && [ ! -s "$dir/lost" ]
    result "all of $acked acknowledged events are there" ||
        head -n 5 "$dir/lost" | note
    send_again
    test $send_bad -eq 0
    result "what was not acknowledged is taken when it is sent again"
    k "$dir/kill.db" import events "$dir/many.csv" --source file > "$dir/import.out" 2>&1
    result "the import ends when it is called again" || note < "$dir/import.out"
    stop TERM
    ids_of api > "$dir/stored"
    stored=$(wc -l < "$dir/stored")
    sort "$dir"/sent.? | cmp -s - "$dir/stored"
    result "each of the $stored events that were sent is there exactly once"
    ids_of file > "$dir/stored"
    stored=$(wc -l < "$dir/stored")
    awk -F, 'NR > 1 { print $1 }' "$dir/many.csv" | sort | cmp -s - "$dir/stored"
    result "each of the $stored rows of the file is there exactly once"
    k "$dir/kill.db" verify > "$dir/verify" 2>&1
    result "verify finds nothing wrong after the kills" || note < "$dir/verify"
}
