-- The operator is one row: one operator, one database.
create table operator (
    id {{pk}} check (id = 1),
    name {{text}} not null,
    country {{text}} not null,
    currency {{text}} not null,
    zone {{text}} not null,
    lang {{text}} not null,
    languages {{text}} not null,
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);

create table legal_entity (
    id {{pk}},
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    short_name {{text}} not null,
    country {{text}} not null,
    tax_number {{text}} not null,
    tax_reason_code {{text}} not null,
    registration {{text}} not null,
    address_country {{text}} not null,
    address_region {{text}} not null,
    address_postcode {{text}} not null,
    address_city {{text}} not null,
    address_line {{text}} not null,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index legal_entity_name on legal_entity (name_fold);
create index legal_entity_by_name on legal_entity (name_sort, id);

-- The operator's own accounts stand on every document it sends: they are no secret and are kept
-- as text, unlike those of partners.
create table entity_account (
    id {{pk}},
    entity_id {{i64}} not null references legal_entity (id),
    kind {{i64}} not null check (kind between 1 and 3),
    bank_name {{text}} not null,
    bank_code {{text}} not null,
    number {{text}} not null,
    corr_number {{text}} not null,
    currency {{text}} not null,
    is_main {{bool}} not null,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index entity_account_number on entity_account (entity_id, number, bank_code);
create unique index entity_account_main on entity_account (entity_id, currency)
    where is_main and archived_at is null;

create table branch (
    id {{pk}},
    code {{text}} not null,
    code_fold {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    entity_id {{i64}} not null references legal_entity (id),
    manager_id {{i64}},
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index branch_code on branch (code_fold);
create index branch_by_name on branch (name_sort, id);
create index branch_by_code on branch (code_fold, id);
create index branch_of_entity on branch (entity_id);
