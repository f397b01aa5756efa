-- What a rule gave that is not part of the total: lines for partners who have no contract, and what is
-- no money.
-- owner: partner_id
create table reward_aside (
    id {{pk}},
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    scheme_version_id {{i64}} not null,
    derivation_id {{i64}} not null references reward_derivation (id),
    -- 1: not payable, the recipient has no contract; 2: points of the unit
    kind {{i64}} not null,
    key {{text}} not null,
    position {{i64}} not null,
    -- 0: not of one event
    event_seq {{i64}} not null,
    occurred_at {{i64}} not null,
    -- code of the partner it was for; empty: this one
    recipient {{text}} not null,
    -- of points; empty: the currency of the result
    unit {{text}} not null,
    base {{text}} not null,
    rate {{text}} not null,
    exact {{text}} not null,
    amount_minor {{i64}} not null,
    about {{text}} not null,
    note {{text}} not null
);
create index reward_aside_of on reward_aside (result_id, position);
create index reward_aside_from on reward_aside (derivation_id);
