-- The tail of facts: one row a credit, in order of seq, which is the order of commits. No index on
-- partner or time: facts are read by event_scan, which walks the tail (and chunks, when sealed).
-- Amounts are those of the whole event; a partner's part follows from the shares of its role.
-- owner: partner_id
create table event_tail (
    seq {{i64}} primary key,
    event_seq {{i64}} not null,
    credit_no {{i64}} not null,
    source {{text}} not null,
    external_id {{text}} not null,
    type {{i64}} not null,
    occurred_at {{i64}} not null,
    recorded_at {{i64}} not null,
    currency {{text}} not null,
    amount_minor {{i64}} not null,
    net_minor {{i64}} not null,
    tax_minor {{i64}} not null,
    discount_minor {{i64}} not null,
    shipping_minor {{i64}} not null,
    cost_minor {{i64}},
    -- millionths of a unit
    quantity {{i64}} not null,
    product_id {{i64}} not null,
    customer_id {{i64}} not null,
    subscription_id {{i64}} not null,
    outlet_id {{i64}} not null,
    program_id {{i64}} not null,
    original_seq {{i64}} not null,
    partner_id {{i64}} not null,
    role {{i64}} not null,
    -- millionths; the shares of a role sum to 1,000,000
    share {{i64}} not null,
    reason {{i64}} not null,
    -- JSON object of attribute codes, or empty
    attributes {{text}} not null
);
-- pg:
create unique index event_tail_external on event_tail (source, external_id) where credit_no = 0;
-- both:

-- Numbers of words that repeat in millions of facts: kinds 'source', 'role', 'reason'.
create table event_word (
    id {{pk}},
    kind {{text}} not null,
    word {{text}} not null
);
create unique index event_word_once on event_word (kind, word);

-- One row: the next number. Allocated under the write lane (an advisory lock on PostgreSQL), so
-- that the order of numbers is the order of commits.
create table event_clock (
    id {{i64}} primary key check (id = 1),
    next_seq {{i64}} not null
);
insert into event_clock (id, next_seq) values (1, 1);
