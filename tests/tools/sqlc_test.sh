#!/bin/sh
# sqlc: each error is shown by a query that has it and no other; what is right is run by
# example/example_test.c. usage: sqlc_test.sh SQLC
set -u
sqlc=$1
n=0
failed=0
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/thing/migrations" "$tree/out"
cat > "$tree/thing/migrations/0001_thing.sql" <<'SQL'
create table branch (id {{pk}}, name {{text}} not null);
create table user_branch (user_id {{i64}} not null, branch_id {{i64}} not null);
-- owner: id
create table partner (id {{pk}}, branch_id {{i64}} not null, name {{text}} not null,
    note {{text}}, is_new {{bool}} not null default false, data {{blob}});
create index partner_name on partner (name, id);
-- owner: partner_id
create table deal (id {{pk}}, partner_id {{i64}} not null references partner (id));
SQL

tap() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        failed=1
        echo "not ok $n - $2"
        sed 's/^/# /' "$tree/told"
    fi
}

run() {
    cat > "$tree/thing/thing.sql"
    "$sqlc" thing "$tree/out" -m "$tree/thing/migrations/0001_thing.sql" "$tree/thing/thing.sql" \
        > "$tree/told" 2>&1
}

# refused NAME LINE MESSAGE < queries: exactly this error, at this line
refused() {
    rm -f "$tree/out/thing_q.c"
    run && { tap 1 "$1"; return; }
    printf '%s/thing/thing.sql:%s: %s\n' "$tree" "$2" "$3" > "$tree/want"
    if cmp -s "$tree/told" "$tree/want" && [ ! -e "$tree/out/thing_q.c" ]; then
        tap 0 "$1"
    else
        cat "$tree/want" >> "$tree/told"
        tap 1 "$1"
    fi
}

# accepted NAME < queries
accepted() {
    run
    tap $? "$1"
}

refused "a column that does not exist" 2 'no such column: b.title' <<'SQL'
-- row a id i64
-- query q_a :one a
-- in id i64
select b.id from branch b where b.title = :id;
SQL
refused "a table that does not exist" 2 'no such table: nowhere' <<'SQL'
-- row a id i64
-- query q_a :one a
select id from nowhere;
SQL
refused "a parameter that is not declared" 2 'parameter :name is not declared' <<'SQL'
-- row a id i64
-- query q_a :one a
select b.id from branch b where b.name = :name;
SQL
refused "an input that is not used" 2 'input id is not used' <<'SQL'
-- row a id i64
-- query q_a :one a
-- in id i64
select b.id from branch b;
SQL
refused "fewer columns than the row" 2 'the query gives 1 columns, but the row "a" has 2' <<'SQL'
-- row a id i64, name str
-- query q_a :one a
select b.id from branch b;
SQL
refused "a column under another name" 2 'column 2 is "name", but the row says "title"' <<'SQL'
-- row a id i64, title str
-- query q_a :one a
select b.id, b.name from branch b;
SQL
refused "a column of another type" 2 'column "name" is TEXT, but the row says i64' <<'SQL'
-- row a id i64, name i64
-- query q_a :one a
select b.id, b.name from branch b;
SQL
refused "a column that may be null" 2 'column "note" may be null, but the row says str' <<'SQL'
-- row a note str
-- query q_a :one a
-- unscoped: a test
select p.note from partner p where p.id = 1;
SQL
refused "an owned table without its scope" 2 \
    'it reads an owned table: say {{visible p}} or "-- unscoped: why"' <<'SQL'
-- row a id i64
-- query q_a :one a
select p.id from branch b join partner p on p.branch_id = b.id;
SQL
refused "an owned table in a subquery" 2 \
    'it reads an owned table: say {{visible deal}} or "-- unscoped: why"' <<'SQL'
-- row a id i64
-- query q_a :one a
select b.id from branch b where exists (select 1 from deal where deal.id = b.id);
SQL
refused "an owned table after a comma" 2 \
    'it reads an owned table: say {{visible x}} or "-- unscoped: why"' <<'SQL'
-- row a id i64
-- query q_a :one a
select b.id from branch b, deal as x where x.id = b.id;
SQL
refused "a change of an owned table" 1 \
    'it reads an owned table: say {{visible deal}} or "-- unscoped: why"' <<'SQL'
-- query q_a :exec
delete from deal where id = 1;
SQL
refused "a scope of an alias that is not there" 2 \
    '{{visible x}}: no owned table of that name is read here' <<'SQL'
-- row a id i64
-- query q_a :one a
select p.id from partner p where {{visible x}};
SQL
refused "a row that is not declared" 1 'no row named "b" is declared above' <<'SQL'
-- query q_a :one b
select 1 as id;
SQL
refused "a type that does not exist" 1 'not a name and a type: "id int"' <<'SQL'
-- row a id int
SQL
refused "a kind that does not exist" 2 \
    'unknown kind ":first": one of :one :many :each :exec :changed :id :bulk' <<'SQL'
-- row a id i64
-- query q_a :first a
select 1 as id;
SQL
refused "many rows without an end" 2 ':many needs a limit or "-- bounded: why"' <<'SQL'
-- row a id i64
-- query q_a :many a
select b.id from branch b;
SQL
refused "a reading query where a change is meant" 1 ':exec is for statements that change something' \
    <<'SQL'
-- query q_a :exec
select 1;
SQL
refused "a change that is read piece by piece" 2 \
    'a query that changes something cannot be read piece by piece' <<'SQL'
-- row a id i64
-- query q_a :each a
delete from branch returning id;
SQL
refused "an id that is not returned" 1 ':id needs "returning id"' <<'SQL'
-- query q_a :id
-- in name str
insert into branch (name) values (:name);
SQL
refused "two queries of one name" 3 'q_a is declared twice' <<'SQL'
-- query q_a :exec
delete from branch;
-- query q_a :exec
delete from branch;
SQL
refused "a parameter of another notation" 1 '"?": parameters are written as :name' <<'SQL'
-- query q_a :exec
delete from branch where id = ?1;
SQL
refused "a word in braces that does not exist" 1 'unknown {{seen}}' <<'SQL'
-- query q_a :exec
delete from branch where {{seen}};
SQL
refused "a list without its page" 2 'a list needs {{filters}} and {{page}}' <<'SQL'
-- row a id i64
-- list q_a a
-- sort name str: b.name
-- id b.id
select b.id from branch b where {{filters}};
SQL
refused "one value to be read by value" 3 'each is for filters of several values' <<'SQL'
-- row a id i64
-- list q_a a
-- filter name str each: b.name = :name
-- sort name str: b.name
-- id b.id
-- unindexed: it is refused before
select b.id from branch b where {{filters}} {{page}};
SQL
refused "a list without a sort" 2 'a list needs "-- sort" and "-- id"' <<'SQL'
-- row a id i64
-- list q_a a
select b.id from branch b where {{filters}} {{page}};
SQL
refused "a sort without an index" 2 \
    'sort "name" needs an index that ends with its key and b.id, or say "-- unindexed: why"' <<'SQL'
-- row a id i64
-- list q_a a
-- sort name str: b.name
-- id b.id
select b.id from branch b where {{filters}} {{page}};
SQL
refused "a sort by what may be null" 2 'the key of sort "note" may be null' <<'SQL'
-- row a id i64
-- list q_a a
-- unindexed: a test
-- sort note str: p.note
-- id p.id
select p.id from partner p where {{visible p}} and {{filters}} {{page}};
SQL
refused "a filter with a wrong column" 2 'no such column: p.colour' <<'SQL'
-- row a id i64
-- list q_a a
-- filter colour str: p.colour = :colour
-- sort name str: p.name
-- id p.id
select p.id from partner p where {{visible p}} and {{filters}} {{page}};
SQL
refused "text after the page" 2 '{{page}} must be the last' <<'SQL'
-- row a id i64
-- list q_a a
-- sort name str: p.name
-- id p.id
select p.id from partner p where {{visible p}} and {{filters}} {{page}} limit
SQL
refused "text before any query" 1 'text before the first query' <<'SQL'
select 1;
SQL
accepted "a query over an owned table that says why it is not scoped" <<'SQL'
-- row a id i64
-- query q_a :one a
-- unscoped: runs are of the system
select p.id from partner p where p.id = 1;
SQL
accepted "an insert into an owned table needs no scope" <<'SQL'
-- query q_a :id
-- in partner_id i64
insert into deal (partner_id) values (:partner_id) returning id;
SQL
accepted "names of parameters and braces inside a text are text" <<'SQL'
-- row a name str
-- query q_a :one a
select ':name {{visible p}} ?1' as name;
SQL
accepted "a truth value, bytes and an expression" <<'SQL'
-- row a is_new bool, data blob?, n i64
-- query q_a :one a
-- in id i64
select p.is_new, p.data, count(*) over () as n from partner p where p.id = :id and {{visible p}};
SQL

printf 'create table a (id {{pk}});\ncreate tabel b (id {{pk}});\n' \
    > "$tree/thing/migrations/0002_wrong.sql"
"$sqlc" thing "$tree/out" -m "$tree/thing/migrations/0001_thing.sql" \
    -m "$tree/thing/migrations/0002_wrong.sql" > "$tree/told" 2>&1
grep -q '0002_wrong.sql:1: near "tabel": syntax error' "$tree/told"
tap $? "a migration that does not run is named"
printf -- '-- owner: partner_id\n\ncreate index i on branch (name);\n' \
    > "$tree/thing/migrations/0002_wrong.sql"
"$sqlc" thing "$tree/out" -m "$tree/thing/migrations/0001_thing.sql" \
    -m "$tree/thing/migrations/0002_wrong.sql" > "$tree/told" 2>&1
grep -q '0002_wrong.sql:3: "-- owner:" must stand right before a create table' "$tree/told"
tap $? "an owner mark without a table is refused"
echo "1..$n"
exit $failed
