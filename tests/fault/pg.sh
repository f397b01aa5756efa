# The kill sweep of a posting on PostgreSQL, in a database of its own beside the one that
# KONTOR_TEST_PG names: the base is a template that each round copies.

pg_sql() { "$ask" "$KONTOR_TEST_PG" -c "$1" > /dev/null; }

pg_reset() { # FROM TO
    pg_sql "drop database if exists $2 with (force)" && pg_sql "create database $2 template $1"
}

pg_all() {
    if [ -z "${KONTOR_TEST_PG:-}" ]; then
        skip "the kill sweep of run --post on PostgreSQL" "KONTOR_TEST_PG is not set"
        return
    fi
    pg_name=kontor_fault_$$
    pg_url=${KONTOR_TEST_PG%/*}
    export KONTOR_KEY_FILE="$dir/pg.key"
    pg_sql "create database ${pg_name}_base" &&
        company "$pg_url/${pg_name}_base" > "$dir/prepared" 2>&1 &&
        k "$pg_url/${pg_name}_base" import events "$dir/sales1.csv" "$dir/sales2.csv" \
            "$dir/sales3.csv" --source shop >> "$dir/prepared" 2>&1
    result "the company is made on PostgreSQL" || note < "$dir/prepared"
    sweep_max=${PG_SWEEP_MAX:-25}
    sweep_url=$pg_url/$pg_name
    sweep "run --post on PostgreSQL" "${pg_name}_base" run 1997-05 --post
    pg_sql "drop database if exists $pg_name with (force)"
    pg_sql "drop database if exists ${pg_name}_base with (force)"
    unset KONTOR_KEY_FILE
    sweep_url=
}
