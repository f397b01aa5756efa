# A full disk: the database stands on a small file system of its own. Writing is refused in words,
# reading goes on, and when there is room again writing works without a restart.

# fill: takes all room but FREE_KB
fill() {
    rm -f "$small/filler"
    room=$(df -Pk "$small" | awk 'NR == 2 { print $4 }')
    [ "$room" -le "$1" ] ||
        dd if=/dev/zero of="$small/filler" bs=1024 count=$((room - $1)) 2> /dev/null
}

disk_command() {
    fill 200
    k "$small/full.db" import events "$dir/more.csv" --source file > "$dir/full.out" 2>&1
    test $? -eq 74
    result "an import onto a full disk ends with exit code 74" || note < "$dir/full.out"
    grep -v '^{' "$dir/full.out" | grep -qi "room"
    result "and says in words that there is no room" || note < "$dir/full.out"
    k "$small/full.db" verify > "$dir/full.out" 2>&1
    result "verify can read the full disk and finds all well" || note < "$dir/full.out"
    rm -f "$small/filler"
    k "$small/full.db" import events "$dir/more.csv" --source file > "$dir/full.out" 2>&1
    result "with room again the same import ends" || note < "$dir/full.out"
    test "$(ask_one "select '' || count(*) from event_tail where source = 'file'")" = 3000
    result "and every row is there once"
}

ask_one() { "$ask" "$small/full.db" -c "$1"; }

# Sends events until one is refused; $status is the last one's, $accepted how many went in.
until_refused() {
    accepted=0
    for i in $(seq 1 2000); do
        status=$(post_event "$1-$i" A 1.00)
        case $status in
            20?) accepted=$((accepted + 1)) ;;
            *) return ;;
        esac
    done
}

disk_server() {
    : > "$dir/serve.log"
    serve "$small/full.db"
    result "a server starts on the small disk" || return
    fill 0
    until_refused d
    test "$status" = 507
    result "the API answers 507 when there is no room" || echo "# $status after $accepted"
    grep -qi '^content-type: application/problem+json' "$dir/answer.head" &&
        grep -q '"status": *507' "$dir/answer" && grep -q '"title"' "$dir/answer"
    result "as problem+json" || note < "$dir/answer"
    page=$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$url/readyz")
    records=$(curl -s -m 10 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $key" \
        "$url/api/v1/partners")
    test "$page $records" = "200 200"
    result "reading goes on: pages and records answer 200" || echo "# $page $records"
    k "$small/full.db" import partners "$dir/others.csv" > "$dir/full.out" 2>&1
    test $? -eq 74
    result "an import through the server ends with exit code 74" || note < "$dir/full.out"
    grep -q storage_full "$dir/serve.log" && ! grep -qv '^{.*}$' "$dir/serve.log"
    result "the log says it in lines of JSON" || tail -n 5 "$dir/serve.log" | note
    rm -f "$small/filler"
    status=$(post_event room-1 A 1.00)
    test "${status%?}" = 20
    result "with room again the next event is stored, without a restart" || note < "$dir/answer"
    k "$small/full.db" import partners "$dir/others.csv" > "$dir/full.out" 2>&1
    result "and so is the import" || note < "$dir/full.out"
    stop TERM
    stored=$(ask_one "select '' || count(*) from event_tail where source = 'api'")
    test "$stored" = $((accepted + 1))
    result "what was acknowledged before and after is there, nothing else" ||
        echo "# stored $stored, acknowledged $((accepted + 1))"
    k "$small/full.db" verify > "$dir/full.out" 2>&1
    result "verify finds nothing wrong after the full disk" || note < "$dir/full.out"
}

disk_all() {
    small=$dir/small
    mkdir -p "$small"
    if ! mount -t tmpfs -o size=12m kontor-fault "$small" 2> "$dir/mount.out"; then
        skip "a full disk" "a small file system cannot be mounted here: $(head -n 1 "$dir/mount.out")"
        return
    fi
    awk 'BEGIN { print "external id,occurred at,currency,net,partner"
        for (i = 1; i <= 3000; i++) printf "f%d,1997-05-02 10:00,USD,%d.00,B\n", i, i % 90 + 1 }' \
        > "$dir/more.csv"
    awk 'BEGIN { print "code,name,kind,state,country"
        for (i = 1; i <= 300; i++) printf "X%d,Extra %d,individual,active,US\n", i, i }' \
        > "$dir/others.csv"
    copy "$dir/company.db" "$small/full.db"
    key=$(make_key "$small/full.db")
    disk_command
    disk_server
    umount "$small"
}
