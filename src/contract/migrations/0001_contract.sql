-- partner x legal entity. What may change by agreement stands in dated versions.
-- owner: partner_id
create table contract (
    id {{pk}},
    code {{text}} not null,
    code_fold {{text}} not null,
    code_sort {{text}} not null,
    partner_id {{i64}} not null references partner (id),
    entity_id {{i64}} not null references legal_entity (id),
    nature {{text}} not null check (nature in ('agency', 'commission', 'services', 'supply_bonus', 'retro_discount', 'revenue_share', 'referral_offer')),
    state {{text}} not null check (state in ('draft', 'in_approval', 'in_signature', 'active', 'suspended', 'expired', 'terminated')),
    signed_day {{i64}},
    -- days since 1970-01-01, half-open; to_day 4000000 is without end
    from_day {{i64}} not null,
    to_day {{i64}} not null default 4000000,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null,
    check (from_day < to_day)
);
create unique index contract_code on contract (code_fold);
create index contract_by_code on contract (code_sort, id);
create index contract_of_partner on contract (partner_id, from_day, id);
create index contract_by_from on contract (from_day, id);
create index contract_by_state on contract (state, code_sort, id);
create index contract_of_entity on contract (entity_id, code_sort, id);
create index contract_by_end on contract (state, to_day);

-- The terms in force from from_day until the next version of the contract begins.
-- owner: partner_id
create table contract_version (
    id {{pk}},
    contract_id {{i64}} not null references contract (id),
    partner_id {{i64}} not null references partner (id),
    number {{i64}} not null,
    from_day {{i64}} not null,
    currency {{text}} not null,
    pay_currency {{text}} not null,
    period_kind {{text}} not null check (period_kind in ('day', 'week', 'month', 'quarter', 'year')),
    period_anchor {{i64}} not null default 0,
    -- rewards become due so many days after the end of the period
    due_days {{i64}} not null default 10,
    -- and are held so many days after their event (the return window); 0: not held
    hold_days {{i64}} not null default 0,
    minimum_minor {{i64}} not null default 0,
    vat_mode {{text}} not null default 'none' check (vat_mode in ('none', 'included', 'added')),
    accept_days {{i64}} not null default 0,
    netting_clause {{bool}} not null default false,
    documents_by {{text}} not null default 'partner' check (documents_by in ('partner', 'us')),
    note {{text}} not null default '',
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index contract_version_number on contract_version (contract_id, number);
create unique index contract_version_from on contract_version (contract_id, from_day);

-- A scheme bound by a version of a contract. The scheme's version is the one in force on the day.
-- owner: partner_id
create table contract_scheme (
    id {{pk}},
    version_id {{i64}} not null references contract_version (id),
    contract_id {{i64}} not null references contract (id),
    partner_id {{i64}} not null references partner (id),
    scheme_id {{i64}} not null references scheme (id),
    position {{i64}} not null default 0
);
create unique index contract_scheme_once on contract_scheme (version_id, scheme_id);
create index contract_scheme_of on contract_scheme (contract_id);
create index contract_scheme_used on contract_scheme (scheme_id, contract_id);

-- Individual values of the scheme's attributes, as canonical text (attribute_value).
-- owner: partner_id
create table contract_term (
    id {{pk}},
    contract_scheme_id {{i64}} not null references contract_scheme (id),
    partner_id {{i64}} not null references partner (id),
    name {{text}} not null,
    value {{text}} not null
);
create unique index contract_term_name on contract_term (contract_scheme_id, name);
