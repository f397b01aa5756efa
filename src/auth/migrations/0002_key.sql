-- Which master key this database was made with: a value derived from the key, from which nothing
-- else can be had.
create table master_key (
    id {{i64}} primary key check (id = 1),
    print {{blob}} not null
);
