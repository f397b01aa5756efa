-- One calculation of a period for a set of contracts.
create table reward_run (
    id {{pk}},
    -- "1997-05"
    period {{text}} not null,
    from_day {{i64}} not null,
    to_day {{i64}} not null,
    from_at {{i64}} not null,
    to_at {{i64}} not null,
    state {{text}} not null check (state in ('draft', 'calculating', 'calculated', 'in_approval', 'approved', 'posted', 'failed', 'superseded')),
    -- facts with a greater number were not there yet
    watermark_seq {{i64}} not null default 0,
    contracts {{i64}} not null default 0,
    incomplete {{i64}} not null default 0,
    -- the hash of all results: the same inputs give the same bytes
    sha256 {{text}} not null default '',
    -- why it failed: a message key and its arguments as JSON
    failure {{text}} not null default '',
    note {{text}} not null default '',
    created_by {{i64}},
    created_at {{i64}} not null,
    calculated_at {{i64}},
    posted_at {{i64}},
    revision {{i64}} not null default 1
);
create index reward_run_by_period on reward_run (from_day, id);
create index reward_run_by_created on reward_run (created_at, id);

-- What the run gave for a contract. Only one result of a contract and period is live: posted, or the newest.
-- owner: partner_id
create table reward_result (
    id {{pk}},
    run_id {{i64}} not null references reward_run (id),
    contract_id {{i64}} not null references contract (id),
    partner_id {{i64}} not null references partner (id),
    entity_id {{i64}} not null,
    period {{text}} not null,
    state {{text}} not null check (state in ('calculated', 'incomplete', 'excluded', 'approved', 'posted', 'rolled_back')),
    currency {{text}} not null,
    total_minor {{i64}} not null,
    -- facts with a greater number were not seen
    watermark_seq {{i64}} not null,
    events {{i64}} not null,
    lines {{i64}} not null,
    -- versions and attribute values that it was computed with (JSON)
    inputs {{text}} not null,
    -- why it is incomplete: JSON list of {message, args, where}
    warnings {{text}} not null default '',
    sha256 {{text}} not null,
    attempt {{i64}} not null default 1,
    due_day {{i64}} not null,
    created_at {{i64}} not null,
    revision {{i64}} not null default 1
);
create unique index reward_result_once on reward_result (run_id, contract_id, attempt);
create index reward_result_by_partner on reward_result (partner_id, period, id);
create index reward_result_by_contract on reward_result (contract_id, period, id);
-- totals of a run without reading its rows
create index reward_result_sums on reward_result (run_id, state, currency, total_minor);
create index reward_result_by_period on reward_result (period, state, currency);
create index reward_result_by_total on reward_result (run_id, total_minor, id);

-- How amounts came about, each distinct derivation once: tables with inputs and rows, values, sums.
-- owner: partner_id
create table reward_derivation (
    id {{pk}},
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    key {{text}} not null,
    body {{text}} not null
);
create index reward_derivation_of on reward_derivation (result_id, id);

-- owner: partner_id
create table reward_line (
    id {{pk}},
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    scheme_version_id {{i64}} not null,
    derivation_id {{i64}} not null references reward_derivation (id),
    key {{text}} not null,
    phase {{i64}} not null,
    position {{i64}} not null,
    -- 0: not of one event
    event_seq {{i64}} not null,
    -- the partner below that it was computed from; 0: none
    from_partner_id {{i64}} not null,
    occurred_at {{i64}} not null,
    -- decimals as text: base and rate where the scheme gave them, the amount before rounding
    base {{text}} not null,
    rate {{text}} not null,
    exact {{text}} not null,
    amount_minor {{i64}} not null,
    state {{text}} not null check (state in ('pending', 'due', 'in_payment', 'paid', 'cancelled', 'reversed', 'fulfilled')),
    -- reasons why it is held, separated by blanks: fraud, dispute, documents, window
    hold {{text}} not null default '',
    hold_until_day {{i64}},
    due_day {{i64}} not null,
    note {{text}} not null default ''
);
create index reward_line_of on reward_line (result_id, position);
create index reward_line_due on reward_line (state, due_day, id) where state = 'pending';

-- owner: partner_id
create table reward_measure (
    id {{pk}},
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    derivation_id {{i64}} references reward_derivation (id),
    scheme_version_id {{i64}} not null,
    position {{i64}} not null,
    name {{text}} not null,
    -- as FEEL prints it
    value {{text}} not null,
    unit {{text}} not null default '',
    is_shown_to_partner {{bool}} not null default true
);
create index reward_measure_of on reward_measure (result_id, position);

-- A contract's lines and movements of a period.
-- owner: partner_id
create table statement (
    id {{pk}},
    number {{text}} not null,
    result_id {{i64}} not null references reward_result (id),
    contract_id {{i64}} not null references contract (id),
    partner_id {{i64}} not null references partner (id),
    entity_id {{i64}} not null,
    period {{text}} not null,
    from_day {{i64}} not null,
    to_day {{i64}} not null,
    state {{text}} not null check (state in ('draft', 'sent', 'agreed', 'partly_disputed', 'disputed', 'closed', 'superseded')),
    currency {{text}} not null,
    total_minor {{i64}} not null,
    created_at {{i64}} not null,
    sent_at {{i64}},
    revision {{i64}} not null default 1
);
create unique index statement_number on statement (number);
create unique index statement_result on statement (result_id);
create index statement_by_partner on statement (partner_id, from_day, id);
create index statement_by_period on statement (from_day, id);
create index statement_by_total on statement (total_minor, id);
