-- Only what differs, or once differed, from its default. The revision counts changes and is kept
-- when a value returns to the default.
create table setting (
    key {{text}} primary key,
    value {{text}} not null,
    changed_at {{i64}} not null
);

-- One row: bumped by every change, so that other processes notice, and so that two people who save
-- at once do not overwrite each other.
create table setting_version (
    id {{i64}} primary key check (id = 1),
    revision {{i64}} not null
);
insert into setting_version (id, revision) values (1, 1);
