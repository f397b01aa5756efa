-- A partner is any counterparty; what it does for us are its roles.
-- owner: id
create table partner (
    id {{pk}},
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    -- everything that a search looks in, folded: name, legal name, code, tax number
    search {{text}} not null default '',
    legal_name {{text}} not null default '',
    state {{text}} not null check (state in ('prospect', 'applied', 'approved', 'active', 'suspended', 'terminated', 'rejected')),
    branch_id {{i64}} not null references branch (id),
    manager_id {{i64}},
    level_id {{i64}},
    kind {{text}} not null check (kind in ('company', 'sole_trader', 'self_employed', 'individual', 'non_resident')),
    country {{text}} not null default '',
    tax_number {{text}} not null default '',
    tax_reason_code {{text}} not null default '',
    registration {{text}} not null default '',
    vat_mode {{text}} not null default '',
    email {{text}} not null default '',
    phone {{text}} not null default '',
    site {{text}} not null default '',
    is_sales_blocked {{bool}} not null default false,
    is_links_blocked {{bool}} not null default false,
    is_payouts_blocked {{bool}} not null default false,
    block_reason {{text}} not null default '',
    last_sale_at {{i64}} not null default 0,
    since {{i64}} not null,
    archived_at {{i64}},
    -- not archived: a column of its own, so that it can stand in indexes
    is_live {{bool}} not null default true,
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index partner_code on partner (code);
-- One index for each order of the list and each filter that it is combined with: a page is read
-- where it stands, at a million partners as at a hundred, and what is counted is counted in one.
create index partner_by_name on partner (is_live, name_sort, id);
create index partner_by_created on partner (is_live, created_at, id);
create index partner_by_sale on partner (is_live, last_sale_at, id);
create index partner_branch_name on partner (is_live, branch_id, name_sort, id);
create index partner_branch_created on partner (is_live, branch_id, created_at, id);
create index partner_branch_sale on partner (is_live, branch_id, last_sale_at, id);
create index partner_state_name on partner (is_live, state, name_sort, id);
create index partner_state_created on partner (is_live, state, created_at, id);
create index partner_state_sale on partner (is_live, state, last_sale_at, id);
create index partner_level_name on partner (is_live, level_id, name_sort, id);
create index partner_level_created on partner (is_live, level_id, created_at, id);
create index partner_level_sale on partner (is_live, level_id, last_sale_at, id);
create index partner_manager_name on partner (is_live, manager_id, name_sort, id);
create index partner_manager_created on partner (is_live, manager_id, created_at, id);
create index partner_manager_sale on partner (is_live, manager_id, last_sale_at, id);

-- A part of a name, a code or a tax number is found by its trigrams.
-- sqlite:
create virtual table partner_text using fts5 (search, content = 'partner', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
create trigger partner_text_add after insert on partner begin
    insert into partner_text (rowid, search) values (new.id, new.search);
end;
create trigger partner_text_edit after update of search on partner when old.search <> new.search begin
    insert into partner_text (partner_text, rowid, search) values ('delete', old.id, old.search);
    insert into partner_text (rowid, search) values (new.id, new.search);
end;
create trigger partner_text_drop after delete on partner begin
    insert into partner_text (partner_text, rowid, search) values ('delete', old.id, old.search);
end;
-- pg:
create extension if not exists pg_trgm;
create index partner_text on partner using gin (search gin_trgm_ops);
-- both:

create table partner_role (
    id {{pk}},
    code {{text}} not null,
    label_en {{text}} not null,
    label_ru {{text}} not null,
    label_es {{text}} not null,
    position {{i64}} not null default 0
);
create unique index partner_role_code on partner_role (code);
insert into partner_role (code, label_en, label_ru, label_es, position) values
    ('dealer', 'Dealer', 'Дилер', 'Distribuidor autorizado', 1),
    ('agent', 'Agent', 'Агент', 'Agente', 2),
    ('distributor', 'Distributor', 'Дистрибьютор', 'Distribuidor mayorista', 3),
    ('reseller', 'Reseller', 'Реселлер', 'Revendedor', 4),
    ('franchisee', 'Franchisee', 'Франчайзи', 'Franquiciado', 5),
    ('affiliate', 'Affiliate', 'Участник партнёрской программы', 'Afiliado', 6),
    ('referrer', 'Referrer', 'Реферер', 'Recomendante', 7),
    ('supplier', 'Supplier', 'Поставщик', 'Proveedor', 8),
    ('integrator', 'System integrator', 'Системный интегратор', 'Integrador de sistemas', 9),
    ('retailer', 'Retailer', 'Розничный продавец', 'Minorista', 10),
    ('marketplace', 'Marketplace', 'Маркетплейс', 'Marketplace', 11),
    ('consultant', 'Consultant', 'Консультант', 'Consultor', 12),
    ('contractor', 'Contractor', 'Подрядчик', 'Contratista', 13);

-- owner: partner_id
create table partner_has_role (
    partner_id {{i64}} not null references partner (id),
    role_id {{i64}} not null references partner_role (id),
    primary key (partner_id, role_id)
);
create index partner_has_role_find on partner_has_role (role_id, partner_id);

create table partner_level (
    id {{pk}},
    code {{text}} not null,
    name {{text}} not null,
    position {{i64}} not null default 0,
    revision {{i64}} not null default 1
);
create unique index partner_level_code on partner_level (code);
create index partner_level_position on partner_level (position, id);

create table partner_group (
    id {{pk}},
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index partner_group_code on partner_group (code);
create index partner_group_by_name on partner_group (name_sort, id);

-- owner: partner_id
create table partner_in_group (
    partner_id {{i64}} not null references partner (id),
    group_id {{i64}} not null references partner_group (id),
    primary key (partner_id, group_id)
);
create index partner_in_group_find on partner_in_group (group_id, partner_id);

-- owner: partner_id
create table partner_tag (
    partner_id {{i64}} not null references partner (id),
    tag {{text}} not null,
    primary key (partner_id, tag)
);
create index partner_tag_find on partner_tag (tag, partner_id);

-- owner: partner_id
create table partner_contact (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    name {{text}} not null,
    position {{text}} not null default '',
    email {{text}} not null default '',
    phone {{text}} not null default '',
    is_main {{bool}} not null default false,
    note {{text}} not null default '',
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create index partner_contact_of on partner_contact (partner_id, id);

-- owner: partner_id
create table partner_address (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    kind {{text}} not null check (kind in ('legal', 'postal', 'actual')),
    country {{text}} not null,
    region {{text}} not null default '',
    postcode {{text}} not null default '',
    city {{text}} not null default '',
    line {{text}} not null default '',
    revision {{i64}} not null default 1
);
create unique index partner_address_of on partner_address (partner_id, kind);

-- Bank details are enciphered (crypt); only the last four characters are kept readable.
-- owner: partner_id
create table partner_bank (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    kind {{i64}} not null,
    bank_name {{text}} not null,
    bank_code {{text}} not null,
    number_sealed {{blob}} not null,
    number_tail {{text}} not null,
    corr_number {{text}} not null default '',
    currency {{text}} not null,
    is_main {{bool}} not null default false,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create index partner_bank_of on partner_bank (partner_id, id);

-- Parent -> child in a named tree, by dates (days since 1970-01-01, half-open); share in millionths.
-- owner: partner_id
create table partner_relation (
    id {{pk}},
    tree {{text}} not null check (tree in ('owner', 'sponsor', 'placement', 'territory', 'supply')),
    parent_id {{i64}} not null references partner (id),
    partner_id {{i64}} not null references partner (id),
    from_day {{i64}} not null,
    to_day {{i64}} not null default 4000000,
    share {{i64}} not null default 1000000,
    revision {{i64}} not null default 1,
    created_at {{i64}} not null,
    check (parent_id <> partner_id and from_day < to_day)
);
create index partner_relation_up on partner_relation (tree, partner_id, from_day);
create index partner_relation_down on partner_relation (tree, parent_id, from_day);

-- A place of a partner, with results of its own.
-- owner: partner_id
create table outlet (
    id {{pk}},
    partner_id {{i64}} not null references partner (id),
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    country {{text}} not null default '',
    region {{text}} not null default '',
    postcode {{text}} not null default '',
    city {{text}} not null default '',
    line {{text}} not null default '',
    opened_day {{i64}},
    closed_day {{i64}},
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index outlet_code on outlet (code);
create index outlet_of on outlet (partner_id, name_sort, id);
create index outlet_by_name on outlet (name_sort, id);
create index outlet_by_created on outlet (created_at, id);
