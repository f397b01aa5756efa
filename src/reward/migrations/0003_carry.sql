-- What a result hands to the next period: values of the scheme and running totals. It counts while the
-- result is posted, and goes with it when it is rolled back.
-- owner: partner_id
create table reward_carry (
    id {{pk}},
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    scheme_id {{i64}} not null,
    -- 1: a value of kind carry; 2: what an accumulator came to
    kind {{i64}} not null check (kind in (1, 2)),
    name {{text}} not null,
    -- what an accumulator counts apart: the code of a customer, outlet, product; else empty
    item {{text}} not null default '',
    -- a constant of the formula language; empty: null
    value {{text}} not null,
    -- the month, quarter or year that an accumulator counts
    bucket {{i64}} not null default 0
);
create index reward_carry_of on reward_carry (result_id, kind, id);
-- Customer, outlet, product and quantity that the scheme gave with a line (JSON); empty: none.
alter table reward_line add column about {{text}} not null default '';
