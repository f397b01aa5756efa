create table branch (id {{pk}}, name {{text}} not null);
create table user_branch (
    user_id {{i64}} not null,
    branch_id {{i64}} not null references branch (id),
    primary key (user_id, branch_id)
);
-- owner: id
create table partner (
    id {{pk}},
    branch_id {{i64}} not null references branch (id),
    code {{text}} not null unique,
    name {{text}} not null,
    name_sort {{blob}} not null,
    state {{text}} not null default 'active' check (state in ('active', 'paused', 'closed')),
    level_id {{i64}},
    note {{text}},
    is_vip {{bool}} not null default false,
    created_at {{i64}} not null,
    revision {{i64}} not null default 1
);
create index partner_name on partner (name_sort, id);
create index partner_created on partner (created_at, id);
create index partner_state_name on partner (state, name_sort, id);
-- owner: partner_id
create table contract (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    code {{text}} not null,
    unique (partner_id, code)
);
