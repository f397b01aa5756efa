-- query q_partner_archive :changed
-- in id i64, revision i64, archived_at i64?, is_live bool
-- unscoped: the caller found it by q_partner
update partner set archived_at = :archived_at, is_live = :is_live, revision = revision + 1 where id = :id and revision = :revision;

-- query q_partner_touch :changed
-- in id i64, revision i64
-- unscoped: the caller found it by q_partner
update partner set revision = revision + 1 where id = :id and revision = :revision;

-- query q_partner_manager :changed
-- in id i64, revision i64, manager_id i64?
-- unscoped: the caller found it by q_partner
update partner set manager_id = :manager_id, revision = revision + 1 where id = :id and revision = :revision;

-- query q_partner_level_put :changed
-- in id i64, revision i64, level_id i64?
-- unscoped: the caller found it by q_partner
update partner set level_id = :level_id, revision = revision + 1 where id = :id and revision = :revision;

-- row role_rec id i64, code str, label_en str, label_ru str, label_es str

-- query q_partner_roles :many role_rec
-- bounded: a table of kinds of partners
select r.id, r.code, r.label_en, r.label_ru, r.label_es from partner_role r order by r.position, r.id;

-- query q_partner_roles_of :many role_rec
-- in partner_id i64
-- bounded: roles of one partner
-- unscoped: the caller found the partner by q_partner
select r.id, r.code, r.label_en, r.label_ru, r.label_es from partner_role r
  join partner_has_role h on h.role_id = r.id
 where h.partner_id = :partner_id order by r.position, r.id;

-- query q_partner_role_put :exec
-- in partner_id i64, role_id i64
insert into partner_has_role (partner_id, role_id) values (:partner_id, :role_id) on conflict do nothing;

-- query q_partner_role_drop :exec
-- in partner_id i64, role_id i64
-- unscoped: the caller found the partner by q_partner
delete from partner_has_role where partner_id = :partner_id and role_id = :role_id;

-- row level_rec id i64, revision i64, code str, name str, position i64

-- query q_partner_levels :many level_rec
-- bounded: levels are a short ladder
select l.id, l.revision, l.code, l.name, l.position from partner_level l order by l.position, l.id;

-- query q_partner_level :one level_rec
-- in id i64
select l.id, l.revision, l.code, l.name, l.position from partner_level l where l.id = :id;

-- query q_partner_level_add :id
-- in code str, name str, position i64
insert into partner_level (code, name, position) values (:code, :name, :position) returning id;

-- query q_partner_level_edit :changed
-- in id i64, revision i64, code str, name str, position i64
update partner_level set code = :code, name = :name, position = :position, revision = revision + 1
 where id = :id and revision = :revision;

-- row group_rec id i64, revision i64, code str, name str, archived_at i64?, created_at i64

-- query q_partner_group :one group_rec
-- in id i64
select g.id, g.revision, g.code, g.name, g.archived_at, g.created_at from partner_group g where g.id = :id;

-- query q_partner_groups :many group_rec
select g.id, g.revision, g.code, g.name, g.archived_at, g.created_at from partner_group g
 where g.archived_at is null order by g.name_sort, g.id limit 500;

-- query q_partner_groups_of :many group_rec
-- in partner_id i64
-- bounded: groups of one partner
-- unscoped: the caller found the partner by q_partner
select g.id, g.revision, g.code, g.name, g.archived_at, g.created_at from partner_group g
  join partner_in_group i on i.group_id = g.id
 where i.partner_id = :partner_id order by g.name_sort, g.id;

-- list q_partner_group_list group_rec
-- filter archived bool: (g.archived_at is not null) = :archived
-- filter q str: (g.name_fold like '%' || :q || '%')
-- sort name str: g.name_sort
-- id g.id
select g.id, g.revision, g.code, g.name, g.archived_at, g.created_at from partner_group g where {{filters}} {{page}};

-- query q_partner_group_add :id
-- in code str, name str, name_fold str, name_sort str, created_at i64
insert into partner_group (code, name, name_fold, name_sort, created_at)
values (:code, :name, :name_fold, :name_sort, :created_at) returning id;

-- query q_partner_group_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str
update partner_group set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort,
       revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_group_archive :changed
-- in id i64, revision i64, archived_at i64?
update partner_group set archived_at = :archived_at, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_group_put :exec
-- in partner_id i64, group_id i64
insert into partner_in_group (partner_id, group_id) values (:partner_id, :group_id) on conflict do nothing;

-- query q_partner_group_drop :exec
-- in partner_id i64, group_id i64
-- unscoped: the caller found the partner by q_partner
delete from partner_in_group where partner_id = :partner_id and group_id = :group_id;

-- row tag_rec tag str

-- query q_partner_tags_of :many tag_rec
-- in partner_id i64
-- bounded: tags of one partner
-- unscoped: the caller found the partner by q_partner
select t.tag from partner_tag t where t.partner_id = :partner_id order by t.tag;

-- The tags there are, by skipping from one to the next through the index.
-- query q_partner_tags :many tag_rec
-- in most i64
-- unscoped: words of the house, not a partner's data
with recursive found(tag) as (
    select min(t.tag) from partner_tag t
    union all
    select (select min(t.tag) from partner_tag t where t.tag > f.tag) from found f where f.tag is not null)
select f.tag from found f where f.tag is not null limit :most;

-- query q_partner_tag_put :exec
-- in partner_id i64, tag str
insert into partner_tag (partner_id, tag) values (:partner_id, :tag) on conflict do nothing;

-- query q_partner_tag_drop :exec
-- in partner_id i64, tag str
-- unscoped: the caller found the partner by q_partner
delete from partner_tag where partner_id = :partner_id and tag = :tag;

-- row contact_rec id i64, partner_id i64, revision i64, name str, position str, email str, phone str, is_main bool, note str, archived_at i64?

-- query q_partner_contact :one contact_rec
-- in id i64
select c.id, c.partner_id, c.revision, c.name, c.position, c.email, c.phone, c.is_main, c.note, c.archived_at
  from partner_contact c where c.id = :id and {{visible c}};

-- query q_partner_contacts :many contact_rec
-- in partner_id i64
-- unscoped: the caller found the partner by q_partner
select c.id, c.partner_id, c.revision, c.name, c.position, c.email, c.phone, c.is_main, c.note, c.archived_at
  from partner_contact c where c.partner_id = :partner_id and c.archived_at is null
 order by c.is_main desc, c.id limit 200;

-- query q_partner_contact_add :id
-- in partner_id i64, name str, position str, email str, phone str, is_main bool, note str, created_at i64
insert into partner_contact (partner_id, name, position, email, phone, is_main, note, created_at)
values (:partner_id, :name, :position, :email, :phone, :is_main, :note, :created_at) returning id;

-- query q_partner_contact_edit :changed
-- in id i64, revision i64, name str, position str, email str, phone str, is_main bool, note str
-- unscoped: the caller found it by q_partner_contact
update partner_contact set name = :name, position = :position, email = :email, phone = :phone, is_main = :is_main,
       note = :note, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_contact_unmain :exec
-- in partner_id i64, but_id i64
-- unscoped: the caller found the partner by q_partner
update partner_contact set is_main = false, revision = revision + 1
 where partner_id = :partner_id and id <> :but_id and is_main;

-- query q_partner_contact_archive :changed
-- in id i64, revision i64, archived_at i64?
-- unscoped: the caller found it by q_partner_contact
update partner_contact set archived_at = :archived_at, is_main = false, revision = revision + 1
 where id = :id and revision = :revision;

-- row address_rec id i64, partner_id i64, revision i64, kind str, country str, region str, postcode str, city str, line str

-- query q_partner_addresses :many address_rec
-- in partner_id i64
-- bounded: three kinds
-- unscoped: the caller found the partner by q_partner
select a.id, a.partner_id, a.revision, a.kind, a.country, a.region, a.postcode, a.city, a.line
  from partner_address a where a.partner_id = :partner_id order by a.kind;

-- query q_partner_address_put :exec
-- in partner_id i64, kind str, country str, region str, postcode str, city str, line str
insert into partner_address (partner_id, kind, country, region, postcode, city, line)
values (:partner_id, :kind, :country, :region, :postcode, :city, :line)
on conflict (partner_id, kind) do update set country = excluded.country, region = excluded.region,
   postcode = excluded.postcode, city = excluded.city, line = excluded.line, revision = partner_address.revision + 1;

-- query q_partner_address_drop :exec
-- in partner_id i64, kind str
-- unscoped: the caller found the partner by q_partner
delete from partner_address where partner_id = :partner_id and kind = :kind;

-- row bank_rec id i64, partner_id i64, revision i64, kind i64, bank_name str, bank_code str, number_sealed blob, number_tail str, corr_number str, currency str, is_main bool, archived_at i64?

-- query q_partner_bank :one bank_rec
-- in id i64
select b.id, b.partner_id, b.revision, b.kind, b.bank_name, b.bank_code, b.number_sealed, b.number_tail, b.corr_number,
       b.currency, b.is_main, b.archived_at
  from partner_bank b where b.id = :id and {{visible b}};

-- query q_partner_banks :many bank_rec
-- in partner_id i64
-- unscoped: the caller found the partner by q_partner
select b.id, b.partner_id, b.revision, b.kind, b.bank_name, b.bank_code, b.number_sealed, b.number_tail, b.corr_number,
       b.currency, b.is_main, b.archived_at
  from partner_bank b where b.partner_id = :partner_id and b.archived_at is null
 order by b.is_main desc, b.id limit 100;

-- query q_partner_bank_add :id
-- in partner_id i64, kind i64, bank_name str, bank_code str, number_sealed blob, number_tail str, corr_number str, currency str, is_main bool, created_at i64
insert into partner_bank (partner_id, kind, bank_name, bank_code, number_sealed, number_tail, corr_number, currency, is_main,
       created_at)
values (:partner_id, :kind, :bank_name, :bank_code, :number_sealed, :number_tail, :corr_number, :currency, :is_main,
       :created_at) returning id;

-- query q_partner_bank_edit :changed
-- in id i64, revision i64, kind i64, bank_name str, bank_code str, number_sealed blob, number_tail str, corr_number str, currency str, is_main bool
-- unscoped: the caller found it by q_partner_bank
update partner_bank set kind = :kind, bank_name = :bank_name, bank_code = :bank_code, number_sealed = :number_sealed,
       number_tail = :number_tail, corr_number = :corr_number, currency = :currency, is_main = :is_main,
       revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_bank_unmain :exec
-- in partner_id i64, but_id i64
-- unscoped: the caller found the partner by q_partner
update partner_bank set is_main = false, revision = revision + 1
 where partner_id = :partner_id and id <> :but_id and is_main;

-- query q_partner_bank_archive :changed
-- in id i64, revision i64, archived_at i64?
-- unscoped: the caller found it by q_partner_bank
update partner_bank set archived_at = :archived_at, is_main = false, revision = revision + 1
 where id = :id and revision = :revision;

-- row outlet_rec id i64, partner_id i64, revision i64, code str, name str, country str, region str, postcode str, city str, line str, opened_day i64?, closed_day i64?, archived_at i64?, created_at i64

-- query q_outlet :one outlet_rec
-- in id i64
select o.id, o.partner_id, o.revision, o.code, o.name, o.country, o.region, o.postcode, o.city, o.line, o.opened_day,
       o.closed_day, o.archived_at, o.created_at
  from outlet o where o.id = :id and {{visible o}};

-- query q_outlet_by_code :one outlet_rec
-- in code str
select o.id, o.partner_id, o.revision, o.code, o.name, o.country, o.region, o.postcode, o.city, o.line, o.opened_day,
       o.closed_day, o.archived_at, o.created_at
  from outlet o where o.code = :code and {{visible o}};

-- query q_outlets_of :many outlet_rec
-- in partner_id i64
-- unscoped: the caller found the partner by q_partner
select o.id, o.partner_id, o.revision, o.code, o.name, o.country, o.region, o.postcode, o.city, o.line, o.opened_day,
       o.closed_day, o.archived_at, o.created_at
  from outlet o where o.partner_id = :partner_id and o.archived_at is null
 order by o.name_sort, o.id limit 200;

-- query q_outlet_add :id
-- in partner_id i64, code str, name str, name_fold str, name_sort str, country str, region str, postcode str, city str, line str, opened_day i64?, closed_day i64?, created_at i64
insert into outlet (partner_id, code, name, name_fold, name_sort, country, region, postcode, city, line, opened_day,
       closed_day, created_at)
values (:partner_id, :code, :name, :name_fold, :name_sort, :country, :region, :postcode, :city, :line, :opened_day,
       :closed_day, :created_at) returning id;

-- query q_outlet_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str, country str, region str, postcode str, city str, line str, opened_day i64?, closed_day i64?
-- unscoped: the caller found it by q_outlet
update outlet set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort, country = :country,
       region = :region, postcode = :postcode, city = :city, line = :line, opened_day = :opened_day,
       closed_day = :closed_day, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_outlet_archive :changed
-- in id i64, revision i64, archived_at i64?
-- unscoped: the caller found it by q_outlet
update outlet set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- row outlet_row id i64, code str, name str, city str, country str, partner_id i64, partner_code str, partner_name str, opened_day i64?, closed_day i64?, archived_at i64?, created_at i64
-- list q_outlet_list outlet_row
-- filter partner i64: o.partner_id = :partner
-- filter q str: (o.name_fold like '%' || :q || '%')
-- filter archived bool: (o.archived_at is not null) = :archived
-- sort name str: o.name_sort
-- sort created i64: o.created_at
-- id o.id
select o.id, o.code, o.name, o.city, o.country, o.partner_id, p.code as partner_code, p.name as partner_name,
       o.opened_day, o.closed_day, o.archived_at, o.created_at
  from outlet o join partner p on p.id = o.partner_id where {{visible o}} and {{filters}} {{page}};
