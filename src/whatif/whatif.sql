-- row whatif_rec id i64, name str, note str, from_day i64, to_day i64, budget_minor i64?, budget_currency str, is_shared bool, state str, failure str, created_by i64?, created_at i64, calculated_at i64?, archived_at i64?, revision i64

-- What the command line made belongs to nobody, so everybody sees it.
-- query q_whatif :one whatif_rec
-- in id i64, me i64, sees_all bool
select w.id, w.name, w.note, w.from_day, w.to_day, w.budget_minor, w.budget_currency, w.is_shared, w.state, w.failure,
       w.created_by, w.created_at, w.calculated_at, w.archived_at, w.revision
  from whatif w where w.id = :id and (:sees_all or w.is_shared or w.created_by is null or w.created_by = :me);

-- query q_whatif_by_name :one whatif_rec
-- in name_fold str
select w.id, w.name, w.note, w.from_day, w.to_day, w.budget_minor, w.budget_currency, w.is_shared, w.state, w.failure,
       w.created_by, w.created_at, w.calculated_at, w.archived_at, w.revision
  from whatif w where w.name_fold = :name_fold order by w.id desc limit 1;

-- list q_whatif_list whatif_rec
-- in me i64, sees_all bool
-- filter q str: w.name_fold like '%' || :q || '%'
-- filter archived bool: ((w.archived_at is not null) = :archived)
-- sort created i64: w.created_at
-- sort name str: w.name_fold
-- id w.id
select w.id, w.name, w.note, w.from_day, w.to_day, w.budget_minor, w.budget_currency, w.is_shared, w.state, w.failure,
       w.created_by, w.created_at, w.calculated_at, w.archived_at, w.revision
  from whatif w where (:sees_all or w.is_shared or w.created_by is null or w.created_by = :me) and {{filters}} {{page}};

-- query q_whatif_add :id
-- in name str, name_fold str, note str, from_day i64, to_day i64, budget_minor i64?, budget_currency str, created_by i64?, created_at i64
insert into whatif (name, name_fold, note, from_day, to_day, budget_minor, budget_currency, state, created_by, created_at)
values (:name, :name_fold, :note, :from_day, :to_day, :budget_minor, :budget_currency, 'draft', :created_by, :created_at)
returning id;

-- query q_whatif_edit :changed
-- in id i64, revision i64, name str, name_fold str, note str, from_day i64, to_day i64, budget_minor i64?, budget_currency str
update whatif set name = :name, name_fold = :name_fold, note = :note, from_day = :from_day, to_day = :to_day,
       budget_minor = :budget_minor, budget_currency = :budget_currency, revision = revision + 1
 where id = :id and revision = :revision;

-- Who sees it is no change of what is computed: a calculation that is under way goes on.
-- query q_whatif_share :changed
-- in id i64, revision i64, is_shared bool
update whatif set is_shared = :is_shared where id = :id and revision = :revision;

-- query q_whatif_archive :changed
-- in id i64, revision i64, archived_at i64?
update whatif set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- query q_whatif_state :exec
-- in id i64, state str, failure str, calculated_at i64?
update whatif set state = :state, failure = :failure, calculated_at = :calculated_at, revision = revision + 1 where id = :id;

-- query q_whatif_drop :exec
-- in id i64
delete from whatif where id = :id;

-- ---- variants ----

-- row whatif_variant_row id i64, position i64, name str

-- query q_whatif_variants :many whatif_variant_row
-- in whatif_id i64
-- bounded: at most four
select v.id, v.position, v.name from whatif_variant v where v.whatif_id = :whatif_id order by v.position;

-- query q_whatif_variant_add :id
-- in whatif_id i64, position i64, name str
insert into whatif_variant (whatif_id, position, name) values (:whatif_id, :position, :name) returning id;

-- query q_whatif_variant_edit :exec
-- in id i64, name str
update whatif_variant set name = :name where id = :id;

-- query q_whatif_variant_drop :exec
-- in id i64
delete from whatif_variant where id = :id;

-- query q_whatif_variants_up :exec
-- in whatif_id i64, position i64
update whatif_variant set position = position - 1 where whatif_id = :whatif_id and position = :position;

-- query q_whatif_variants_drop :exec
-- in whatif_id i64
delete from whatif_variant where whatif_id = :whatif_id;

-- row whatif_change_row id i64, variant_id i64, what i64, scheme_id i64, version_id i64, other_id i64, of_partner_id i64, name str, value str, is_for_all bool

-- query q_whatif_changes :many whatif_change_row
-- in whatif_id i64
-- bounded: at most a dozen a variant
select c.id, c.variant_id, c.what, c.scheme_id, c.version_id, c.other_id, c.of_partner_id, c.name, c.value, c.is_for_all
  from whatif_change c join whatif_variant v on v.id = c.variant_id where v.whatif_id = :whatif_id order by c.id;

-- query q_whatif_change_add :exec
-- in variant_id i64, what i64, scheme_id i64, version_id i64, other_id i64, of_partner_id i64, name str, value str, is_for_all bool
insert into whatif_change (variant_id, what, scheme_id, version_id, other_id, of_partner_id, name, value, is_for_all)
values (:variant_id, :what, :scheme_id, :version_id, :other_id, :of_partner_id, :name, :value, :is_for_all);

-- query q_whatif_changes_drop :exec
-- in variant_id i64
delete from whatif_change where variant_id = :variant_id;

-- query q_whatif_changes_drop_all :exec
-- in whatif_id i64
delete from whatif_change where variant_id in (select v.id from whatif_variant v where v.whatif_id = :whatif_id);

-- ---- partners ----

-- row whatif_partner_row partner_id i64, code str

-- query q_whatif_partners :many whatif_partner_row
-- in whatif_id i64
-- bounded: a form takes at most a thousand
select s.partner_id, p.code from whatif_partner s join partner p on p.id = s.partner_id
 where s.whatif_id = :whatif_id and {{visible s}} order by p.code;

-- query q_whatif_partner_ids :many whatif_partner_row
-- in whatif_id i64
-- bounded: a form takes at most a thousand
-- unscoped: a comparison is computed whole
select s.partner_id, '' as code from whatif_partner s where s.whatif_id = :whatif_id;

-- query q_whatif_partner_add :exec
-- in whatif_id i64, partner_id i64
insert into whatif_partner (whatif_id, partner_id) values (:whatif_id, :partner_id);

-- query q_whatif_partners_drop :exec
-- in whatif_id i64
-- unscoped: a comparison is changed whole
delete from whatif_partner where whatif_id = :whatif_id;

-- ---- what came out ----

-- query q_whatif_row_add :bulk
-- in whatif_id i64, partner_id i64, contract_id i64, from_day i64, position i64, currency str, total_minor i64, is_posted bool, is_incomplete bool, result_id i64
insert into whatif_row (whatif_id, partner_id, contract_id, from_day, position, currency, total_minor, is_posted,
       is_incomplete, result_id)
values (:whatif_id, :partner_id, :contract_id, :from_day, :position, :currency, :total_minor, :is_posted, :is_incomplete,
       :result_id);

-- query q_whatif_sum_add :bulk
-- in whatif_id i64, position i64, partner_id i64, currency str, base_minor i64, total_minor i64, delta_minor i64, incomplete i64
insert into whatif_sum (whatif_id, position, partner_id, currency, base_minor, total_minor, delta_minor, incomplete)
values (:whatif_id, :position, :partner_id, :currency, :base_minor, :total_minor, :delta_minor, :incomplete);

-- query q_whatif_rows_drop :exec
-- in whatif_id i64
-- unscoped: a comparison is computed whole
delete from whatif_row where whatif_id = :whatif_id;

-- query q_whatif_sums_drop :exec
-- in whatif_id i64
-- unscoped: a comparison is computed whole
delete from whatif_sum where whatif_id = :whatif_id;

-- row whatif_sum_row id i64, position i64, partner_id i64, partner_code str, partner_name str, currency str, base_minor i64, total_minor i64, delta_minor i64, incomplete i64

-- query q_whatif_sums_all :each whatif_sum_row
-- in whatif_id i64
select s.id, s.position, s.partner_id, '' as partner_code, '' as partner_name, s.currency, s.base_minor, s.total_minor,
       s.delta_minor, s.incomplete
  from whatif_sum s where s.whatif_id = :whatif_id and {{visible s}} order by s.position, s.delta_minor, s.id;

-- query q_whatif_sums_of :many whatif_sum_row
-- in whatif_id i64, partner_id i64
-- bounded: variants and currencies of one partner
select s.id, s.position, s.partner_id, p.code as partner_code, p.name as partner_name, s.currency, s.base_minor,
       s.total_minor, s.delta_minor, s.incomplete
  from whatif_sum s join partner p on p.id = s.partner_id
 where s.whatif_id = :whatif_id and s.partner_id = :partner_id and {{visible s}} order by s.position, s.currency;

-- list q_whatif_sums whatif_sum_row
-- in whatif_id i64, position i64
-- filter q str: (p.name_fold like '%' || :q || '%' or lower(p.code) = :q)
-- filter way str: (case when s.delta_minor > 0 then 'more' when s.delta_minor < 0 then 'less' else 'same' end = :way)
-- sort delta i64: s.delta_minor
-- sort total i64: s.total_minor
-- sort base i64: s.base_minor
-- sort partner str: p.name_sort
-- id s.id
-- unindexed: the partners of one comparison
select s.id, s.position, s.partner_id, p.code as partner_code, p.name as partner_name, s.currency, s.base_minor,
       s.total_minor, s.delta_minor, s.incomplete
  from whatif_sum s join partner p on p.id = s.partner_id
 where s.whatif_id = :whatif_id and s.position = :position and {{visible s}} and {{filters}} {{page}};

-- row whatif_row_row contract_id i64, contract_code str, from_day i64, position i64, currency str, total_minor i64, is_posted bool, is_incomplete bool, result_id i64

-- query q_whatif_rows_of :many whatif_row_row
-- in whatif_id i64, partner_id i64
-- bounded: months, variants and contracts of one partner
select s.contract_id, c.code as contract_code, s.from_day, s.position, s.currency, s.total_minor, s.is_posted,
       s.is_incomplete, s.result_id
  from whatif_row s join contract c on c.id = s.contract_id
 where s.whatif_id = :whatif_id and s.partner_id = :partner_id and {{visible s}}
 order by s.from_day, c.code, s.position;

-- row whatif_base_row partner_id i64, currency str, total_minor i64

-- What was paid in one month, by partner.
-- query q_whatif_base :each whatif_base_row
-- in whatif_id i64, from_day i64, position i64
select s.partner_id, s.currency, cast(sum(s.total_minor) as bigint) as total_minor from whatif_row s
 where s.whatif_id = :whatif_id and s.from_day = :from_day and s.position = :position and {{visible s}}
 group by s.partner_id, s.currency order by s.partner_id, s.currency;

-- row whatif_id_row id i64

-- query q_whatif_job :one whatif_id_row
-- in once_key str
select j.id from job j where j.once_key = :once_key and j.state in (1, 2);
