-- What somebody asked to be approved. Kinds are declared by the modules whose records they are.
create table approval (
    id {{pk}},
    kind {{text}} not null,
    record_id {{i64}} not null,
    state {{text}} not null check (state in ('open', 'approved', 'rejected', 'withdrawn')),
    label {{text}} not null,
    amount_minor {{i64}},
    currency {{text}},
    branch_id {{i64}} references branch (id),
    note {{text}} not null,
    requested_by {{i64}} references auth_user (id),
    requested_name {{text}} not null,
    requested_at {{i64}} not null,
    closed_at {{i64}}
);
-- One request of a record is open at a time.
create unique index approval_open on approval (kind, record_id) where state = 'open';
create index approval_of_record on approval (kind, record_id, id);
create index approval_by_time on approval (requested_at, id);

-- Stages in order; those after the open one wait. A route of several stages inserts more rows.
create table approval_stage (
    id {{pk}},
    approval_id {{i64}} not null references approval (id),
    number {{i64}} not null,
    state {{text}} not null check (state in ('waiting', 'open', 'approved', 'rejected', 'skipped')),
    permission {{text}} not null,
    decided_by {{i64}} references auth_user (id),
    decided_name {{text}},
    decided_at {{i64}},
    comment {{text}}
);
create unique index approval_stage_number on approval_stage (approval_id, number);
create index approval_stage_open on approval_stage (permission, approval_id) where state = 'open';
