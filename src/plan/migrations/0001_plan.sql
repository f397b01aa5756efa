-- What a partner is to reach: of one metric in one period, as a whole, by a contract or at one place.
-- owner: partner_id
create table plan (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    contract_id {{i64}} references contract (id),
    outlet_id {{i64}} references outlet (id),
    metric {{text}} not null,
    metric_fold {{text}} not null,
    kind {{text}} not null check (kind in ('target', 'minimum', 'stretch')),
    -- as people write it ("2026-Q4"), and its days, half-open
    period {{text}} not null,
    from_day {{i64}} not null,
    to_day {{i64}} not null,
    -- a decimal
    target {{text}} not null,
    unit {{text}} not null default '',
    proration {{text}} not null check (proration in ('none', 'days', 'whole months', 'profile')),
    -- weights of equal parts of the period, a blank between; empty: the period is one piece
    profile {{text}} not null default '',
    rounding {{text}} not null check (rounding in ('half up', 'up', 'down')),
    scale {{i64}} not null,
    note {{text}} not null default '',
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null,
    check (from_day < to_day)
);
create unique index plan_once on plan (partner_id, coalesce(contract_id, 0), coalesce(outlet_id, 0), metric, kind,
    from_day, to_day) where archived_at is null;
create index plan_by_metric on plan (metric_fold, id);
create index plan_by_from on plan (from_day, id);
create index plan_by_created on plan (created_at, id);
create index plan_of_contract on plan (contract_id);
create index plan_of_outlet on plan (outlet_id);
