-- The payer. Persons are anonymised in place, never deleted.
create table customer (
    id {{pk}},
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    country {{text}} not null default '',
    region {{text}} not null default '',
    city {{text}} not null default '',
    email {{text}} not null default '',
    phone {{text}} not null default '',
    tax_number {{text}} not null default '',
    since {{i64}} not null,
    is_fraud {{bool}} not null default false,
    anonymised_at {{i64}},
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index customer_code on customer (code);
create index customer_by_name on customer (name_sort, id);
create index customer_by_created on customer (created_at, id);

-- Whose the customer is: role, half-open days, reason, by whom.
-- owner: partner_id
create table customer_binding (
    id {{pk}},
    customer_id {{i64}} not null references customer (id),
    partner_id {{i64}} not null references partner (id),
    role {{text}} not null,
    from_day {{i64}} not null,
    to_day {{i64}} not null default 4000000,
    reason {{text}} not null,
    created_by {{i64}},
    created_at {{i64}} not null
);
create index customer_binding_customer on customer_binding (customer_id, role, from_day);
create index customer_binding_partner on customer_binding (partner_id, customer_id);
