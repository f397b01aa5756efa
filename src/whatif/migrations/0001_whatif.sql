-- A comparison: drafts and other hypotheses, computed over past months beside what was paid.
create table whatif (
    id {{pk}},
    name {{text}} not null,
    name_fold {{text}} not null,
    note {{text}} not null default '',
    -- whole months, half-open
    from_day {{i64}} not null,
    to_day {{i64}} not null,
    budget_minor {{i64}},
    budget_currency {{text}} not null default '',
    -- seen by everybody who sees runs and schemes; else by who made it
    is_shared {{bool}} not null default false,
    state {{text}} not null check (state in ('draft', 'calculating', 'calculated', 'failed')),
    failure {{text}} not null default '',
    created_by {{i64}},
    created_at {{i64}} not null,
    calculated_at {{i64}},
    archived_at {{i64}},
    revision {{i64}} not null default 1
);
create index whatif_by_created on whatif (created_at, id);
create index whatif_by_name on whatif (name_fold, id);

-- A variant of it; position 1, 2… is A, B…
create table whatif_variant (
    id {{pk}},
    whatif_id {{i64}} not null references whatif (id),
    position {{i64}} not null,
    name {{text}} not null
);
create unique index whatif_variant_place on whatif_variant (whatif_id, position);

-- What a variant supposes. what: 1 a version instead of those in force, 2 another scheme, 3 another value.
create table whatif_change (
    id {{pk}},
    variant_id {{i64}} not null references whatif_variant (id),
    what {{i64}} not null check (what in (1, 2, 3)),
    -- 0: whatever the partner has (of 2)
    scheme_id {{i64}} not null,
    version_id {{i64}} not null default 0,
    other_id {{i64}} not null default 0,
    -- 0: everybody
    of_partner_id {{i64}} not null default 0,
    name {{text}} not null default '',
    value {{text}} not null default '',
    is_for_all {{bool}} not null default false
);
create index whatif_change_of_variant on whatif_change (variant_id, id);

-- The partners that it is about; none: all.
-- owner: partner_id
create table whatif_partner (
    id {{pk}},
    whatif_id {{i64}} not null references whatif (id),
    partner_id {{i64}} not null references partner (id)
);
create unique index whatif_partner_once on whatif_partner (whatif_id, partner_id);

-- What a contract gets for a month: position 0 is what was paid, or what it is by what is in force.
-- owner: partner_id
create table whatif_row (
    id {{pk}},
    whatif_id {{i64}} not null references whatif (id),
    partner_id {{i64}} not null references partner (id),
    contract_id {{i64}} not null references contract (id),
    from_day {{i64}} not null,
    position {{i64}} not null,
    currency {{text}} not null,
    total_minor {{i64}} not null,
    -- of position 0
    is_posted {{bool}} not null,
    is_incomplete {{bool}} not null
);
create index whatif_row_of on whatif_row (whatif_id, partner_id, from_day, contract_id, position);
create index whatif_row_month on whatif_row (whatif_id, from_day, position);

-- The same summed over months and contracts, a row a variant, partner and currency.
-- owner: partner_id
create table whatif_sum (
    id {{pk}},
    whatif_id {{i64}} not null references whatif (id),
    position {{i64}} not null,
    partner_id {{i64}} not null references partner (id),
    currency {{text}} not null,
    base_minor {{i64}} not null,
    total_minor {{i64}} not null,
    delta_minor {{i64}} not null,
    incomplete {{i64}} not null
);
create unique index whatif_sum_once on whatif_sum (whatif_id, position, partner_id, currency);
create index whatif_sum_delta on whatif_sum (whatif_id, position, delta_minor, id);
