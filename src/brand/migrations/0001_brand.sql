-- How the portal looks: one row, because there is one operator.
create table brand (
    id {{pk}} check (id = 1),
    portal_name {{text}} not null,
    accent {{text}} not null,
    logo_id {{i64}},
    logo_dark_id {{i64}},
    revision {{i64}} not null default 1
);
