-- A list as a person wants to find it again: the query of its address under a name.
create table saved_view (
    id {{pk}},
    user_id {{i64}} not null,
    list {{text}} not null,
    name {{text}} not null,
    query {{text}} not null,
    created_at {{i64}} not null
);
create unique index saved_view_name on saved_view (user_id, list, name);
