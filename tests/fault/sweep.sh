# Kill sweep: the program counts the marked points that it passes (before and after every writing
# statement, begin and commit, and between the steps of jobs, runs and postings) and dies at the n-th
# as by kill -9. For n = 1, 2, 3… until a run ends without being killed: what was there before must be
# whole, and the same command again must end as if nothing had happened.
sweep_max=${SWEEP_MAX:-120}

sweep_url= # of the database that is killed; empty: $dir/sweep.db

# reset BASE: the database is as it was
reset() {
    if [ -n "$sweep_url" ]; then
        pg_reset "$1" "${sweep_url##*/}"
    else
        copy "$1" "$dir/sweep.db"
    fi
}

# dies_at N BASE WORDS…: true when the process was killed
dies_at() {
    dies_n=$1
    reset "$2"
    shift 2
    (KONTOR_KILL_AT=$dies_n k "$sweep_db" "$@" > "$dir/killed" 2>&1) 2> /dev/null
    [ $? -eq 137 ]
}

# points BASE WORDS…: how many points there are, by doubling and halving
points() {
    low=0
    high=64
    while dies_at $high "$@"; do
        low=$high
        high=$((high * 2))
    done
    while [ $((high - low)) -gt 1 ]; do
        middle=$(((low + high) / 2))
        if dies_at $middle "$@"; then low=$middle; else high=$middle; fi
    done
    echo $low
}

# complain N WHAT FILE
complain() {
    sweep_bad=$((sweep_bad + 1))
    [ $sweep_bad -le 5 ] || return 0
    echo "# killed at point $1 ($(sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$dir/killed")): $2"
    head -n 12 "$3" | note
}

# again N WORDS…: the same command, unharmed. Posting what is posted may be refused with those words.
again() {
    again_n=$1
    shift
    k "$sweep_db" "$@" > "$dir/again" 2>&1 && return 0
    [ "$1" = run ] && grep -q "is posted" "$dir/again" && return 0
    complain "$again_n" "the command does not work again" "$dir/again"
    return 1
}

check_killed() { # N WORDS…
    check_n=$1
    shift
    if [ "$1" != migrate ] && ! k "$sweep_db" verify > "$dir/verify" 2>&1; then
        complain "$check_n" "verify finds something half-done" "$dir/verify"
        return
    fi
    again "$check_n" "$@" || return
    k "$sweep_db" verify > "$dir/verify" 2>&1 ||
        complain "$check_n" "verify finds something broken in the end" "$dir/verify"
    state "$sweep_db" > "$dir/is" 2>&1
    diff "$dir/want" "$dir/is" > "$dir/difference" ||
        complain "$check_n" "the end is another one" "$dir/difference"
}

# sweep NAME BASE WORDS…
sweep() {
    sweep_name=$1
    base=$2
    sweep_db=${sweep_url:-$dir/sweep.db}
    shift 2
    sweep_bad=0
    reset "$base"
    if ! k "$sweep_db" "$@" > "$dir/again" 2>&1; then
        false
        result "$sweep_name works when nobody kills it"
        note < "$dir/again"
        return
    fi
    state "$sweep_db" > "$dir/want" || complain 0 "the state cannot be read" "$dir/want"
    count=$(points "$base" "$@")
    step=$(((count + sweep_max - 1) / sweep_max))
    [ "$step" -gt 0 ] || step=1
    n=1
    while dies_at $n "$base" "$@"; do
        check_killed $n "$@"
        n=$((n + step))
    done
    every="every one"
    [ "$step" -eq 1 ] || every="one in $step"
    [ "$count" -gt 0 ] && [ "$sweep_bad" -eq 0 ]
    result "$sweep_name, killed at $every of $count points, ends as if it had not been"
}

sweep_all() {
    sweep "the migration of an empty database" "$dir/none.db" migrate
    sweep "the import of partners" "$dir/bare.db" import partners "$dir/partners.csv"
    sweep "the import of events" "$dir/company.db" \
        import events "$dir/sales1.csv" "$dir/sales2.csv" "$dir/sales3.csv" --source shop
    sweep "run --post" "$dir/sold.db" run 1997-05 --post
}
