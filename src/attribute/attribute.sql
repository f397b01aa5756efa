-- row attribute_rec id i64, revision i64, owner_kind str, code str, type str, label_en str, label_ru str, label_es str, choices str, min_value str, max_value str, is_required bool, is_shown_to_partner bool, position i64, archived_at i64?

-- query q_attribute :one attribute_rec
-- in id i64
select a.id, a.revision, a.owner_kind, a.code, a.type, a.label_en, a.label_ru, a.label_es, a.choices, a.min_value,
       a.max_value, a.is_required, a.is_shown_to_partner, a.position, a.archived_at
  from attribute a where a.id = :id;

-- query q_attribute_by_code :one attribute_rec
-- in owner_kind str, code str
select a.id, a.revision, a.owner_kind, a.code, a.type, a.label_en, a.label_ru, a.label_es, a.choices, a.min_value,
       a.max_value, a.is_required, a.is_shown_to_partner, a.position, a.archived_at
  from attribute a where a.owner_kind = :owner_kind and a.code = :code;

-- query q_attributes :many attribute_rec
-- in owner_kind str
-- bounded: attribute_save allows 60 of a kind
select a.id, a.revision, a.owner_kind, a.code, a.type, a.label_en, a.label_ru, a.label_es, a.choices, a.min_value,
       a.max_value, a.is_required, a.is_shown_to_partner, a.position, a.archived_at
  from attribute a where a.owner_kind = :owner_kind and a.archived_at is null
 order by a.position, a.id;

-- list q_attribute_list attribute_rec
-- filter owner str: a.owner_kind = :owner
-- filter type str: a.type = :type
-- filter archived bool: (a.archived_at is not null) = :archived
-- sort position i64: a.position
-- id a.id
select a.id, a.revision, a.owner_kind, a.code, a.type, a.label_en, a.label_ru, a.label_es, a.choices, a.min_value,
       a.max_value, a.is_required, a.is_shown_to_partner, a.position, a.archived_at
  from attribute a where {{filters}} {{page}};

-- query q_attribute_add :id
-- in owner_kind str, code str, type str, label_en str, label_ru str, label_es str, choices str, min_value str, max_value str, is_required bool, is_shown_to_partner bool, position i64, created_at i64
insert into attribute (owner_kind, code, type, label_en, label_ru, label_es, choices, min_value, max_value, is_required,
       is_shown_to_partner, position, created_at)
values (:owner_kind, :code, :type, :label_en, :label_ru, :label_es, :choices, :min_value, :max_value, :is_required,
       :is_shown_to_partner, :position, :created_at) returning id;

-- query q_attribute_edit :changed
-- in id i64, revision i64, label_en str, label_ru str, label_es str, choices str, min_value str, max_value str, is_required bool, is_shown_to_partner bool, position i64
update attribute set label_en = :label_en, label_ru = :label_ru, label_es = :label_es, choices = :choices,
       min_value = :min_value, max_value = :max_value, is_required = :is_required,
       is_shown_to_partner = :is_shown_to_partner, position = :position, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_attribute_archive :changed
-- in id i64, revision i64, archived_at i64?
update attribute set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- row attribute_value_rec record_id i64, attribute_id i64, value str

-- Of the records in a JSON list: one trip for the rows of a page.
-- query q_attribute_values :many attribute_value_rec
-- in owner_kind str, records str
-- bounded: attributes of the records that are asked for
-- sqlite:
select v.record_id, v.attribute_id, v.value from attribute_value v
  join attribute a on a.id = v.attribute_id
 where v.record_id in (select j.value from json_each(:records) j)
   and a.owner_kind = :owner_kind and a.archived_at is null;
-- pg:
select v.record_id, v.attribute_id, v.value from attribute_value v
  join attribute a on a.id = v.attribute_id
 where v.record_id in (select cast(jsonb_array_elements_text(cast(:records as jsonb)) as bigint))
   and a.owner_kind = :owner_kind and a.archived_at is null;
-- both:

-- query q_attribute_value_put :exec
-- in attribute_id i64, record_id i64, value str
insert into attribute_value (attribute_id, record_id, value) values (:attribute_id, :record_id, :value)
on conflict (record_id, attribute_id) do update set value = excluded.value;

-- query q_attribute_value_drop :exec
-- in attribute_id i64, record_id i64
delete from attribute_value where attribute_id = :attribute_id and record_id = :record_id;

-- query q_attribute_values_erase :exec
-- in owner_kind str, record_id i64
delete from attribute_value where record_id = :record_id
   and attribute_id in (select a.id from attribute a where a.owner_kind = :owner_kind);
