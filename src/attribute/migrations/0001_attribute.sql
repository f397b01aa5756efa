-- Attributes that staff define for records of a kind. Their FEEL name is their code.
create table attribute (
    id {{pk}},
    owner_kind {{text}} not null check (owner_kind in ('partner', 'contract', 'product', 'customer', 'outlet', 'event')),
    code {{text}} not null,
    type {{text}} not null check (type in ('text', 'number', 'date', 'bool', 'choice')),
    label_en {{text}} not null,
    label_ru {{text}} not null,
    label_es {{text}} not null,
    -- of a choice: one value a line
    choices {{text}} not null default '',
    min_value {{text}} not null default '',
    max_value {{text}} not null default '',
    is_required {{bool}} not null default false,
    is_shown_to_partner {{bool}} not null default false,
    position {{i64}} not null default 0,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index attribute_code on attribute (owner_kind, code);
create index attribute_of_kind on attribute (owner_kind, position, id);
create index attribute_by_position on attribute (position, id);

-- Values as canonical text: a number without trailing zeros, a date as 2026-10-01, a bool as
-- true or false. No row means no value. Reached only through the record that has them.
create table attribute_value (
    id {{pk}},
    attribute_id {{i64}} not null references attribute (id),
    record_id {{i64}} not null,
    value {{text}} not null
);
create unique index attribute_value_record on attribute_value (record_id, attribute_id);
create index attribute_value_find on attribute_value (attribute_id, value, record_id);
