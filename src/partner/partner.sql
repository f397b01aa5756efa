-- row partner_rec id i64, revision i64, code str, name str, legal_name str, state str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, tax_reason_code str, registration str, vat_mode str, email str, phone str, site str, is_sales_blocked bool, is_links_blocked bool, is_payouts_blocked bool, block_reason str, last_sale_at i64, since i64, archived_at i64?

-- query q_partner :one partner_rec
-- in id i64
select p.id, p.revision, p.code, p.name, p.legal_name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country,
       p.tax_number, p.tax_reason_code, p.registration, p.vat_mode, p.email, p.phone, p.site, p.is_sales_blocked,
       p.is_links_blocked, p.is_payouts_blocked, p.block_reason, p.last_sale_at, p.since, p.archived_at
  from partner p where p.id = :id and {{visible p}};

-- query q_partner_by_code :one partner_rec
-- in code str
select p.id, p.revision, p.code, p.name, p.legal_name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country,
       p.tax_number, p.tax_reason_code, p.registration, p.vat_mode, p.email, p.phone, p.site, p.is_sales_blocked,
       p.is_links_blocked, p.is_payouts_blocked, p.block_reason, p.last_sale_at, p.since, p.archived_at
  from partner p where p.code = :code and {{visible p}};

-- Those of the codes in a JSON list: one trip for a batch of a file.
-- query q_partners_by_codes :many partner_rec
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select p.id, p.revision, p.code, p.name, p.legal_name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country,
       p.tax_number, p.tax_reason_code, p.registration, p.vat_mode, p.email, p.phone, p.site, p.is_sales_blocked,
       p.is_links_blocked, p.is_payouts_blocked, p.block_reason, p.last_sale_at, p.since, p.archived_at
  from json_each(:codes) j cross join partner p where p.code = j.value and {{visible p}};
-- pg:
select p.id, p.revision, p.code, p.name, p.legal_name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country,
       p.tax_number, p.tax_reason_code, p.registration, p.vat_mode, p.email, p.phone, p.site, p.is_sales_blocked,
       p.is_links_blocked, p.is_payouts_blocked, p.block_reason, p.last_sale_at, p.since, p.archived_at
  from partner p where p.code in (select jsonb_array_elements_text(cast(:codes as jsonb))) and {{visible p}};
-- both:

-- Ids come back in the order of the rows.
-- query q_partner_add :bulk
-- in code str, name str, name_fold str, name_sort str, search str, legal_name str, state str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, tax_reason_code str, registration str, vat_mode str, email str, phone str, site str, since i64, created_at i64
insert into partner (code, name, name_fold, name_sort, search, legal_name, state, branch_id, manager_id, level_id, kind, country,
       tax_number, tax_reason_code, registration, vat_mode, email, phone, site, since, created_at)
values (:code, :name, :name_fold, :name_sort, :search, :legal_name, :state, :branch_id, :manager_id, :level_id, :kind, :country,
       :tax_number, :tax_reason_code, :registration, :vat_mode, :email, :phone, :site, :since, :created_at)
returning id;

-- Those of q_partner_add into the search index, which SQLite writes out after each statement. The
-- index of PostgreSQL is kept by itself: there is nothing to do there.
-- query q_partner_text_add :exec
-- in first i64, last i64
-- unscoped: what was added just now
-- sqlite:
insert into partner_text (rowid, search)
select p.id, p.search from partner p where p.id between :first and :last;
-- pg:
update partner set search = search where id between :first and :last and false;
-- both:

-- query q_partner_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str, search str, legal_name str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, tax_reason_code str, registration str, vat_mode str, email str, phone str, site str, since i64
-- unscoped: the caller found it by q_partner
update partner set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort, search = :search, legal_name = :legal_name,
       branch_id = :branch_id, manager_id = :manager_id, level_id = :level_id, kind = :kind, country = :country,
       tax_number = :tax_number, tax_reason_code = :tax_reason_code, registration = :registration, vat_mode = :vat_mode,
       email = :email, phone = :phone, site = :site, since = :since, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_state :changed
-- in id i64, revision i64, state str
-- unscoped: the caller found it by q_partner
update partner set state = :state, revision = revision + 1 where id = :id and revision = :revision;

-- query q_partner_block :changed
-- in id i64, revision i64, is_sales_blocked bool, is_links_blocked bool, is_payouts_blocked bool, block_reason str
-- unscoped: the caller found it by q_partner
update partner set is_sales_blocked = :is_sales_blocked, is_links_blocked = :is_links_blocked,
       is_payouts_blocked = :is_payouts_blocked, block_reason = :block_reason, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_partner_sold :exec
-- in id i64, at i64
-- unscoped: facts are stored whoever sends them
update partner set last_sale_at = :at where id = :id and last_sale_at < :at;

-- row partner_choice_row id i64, code str, name str

-- What a search field offers: names that hold the text, in order. Common texts are found soon on the
-- way through the names, rare ones (q_partner_text_weight) by their trigrams.
-- query q_partner_search_common :many partner_choice_row
-- in part str
-- sqlite:
select p.id, p.code, p.name from partner p
 where instr(p.search, :part) > 0 and p.is_live = true and {{visible p}}
 order by p.name_sort, p.id limit 20;
-- pg:
select p.id, p.code, p.name from partner p
 where p.search like '%' || replace(replace(replace(:part, '\', '\\'), '%', '\%'), '_', '\_') || '%'
   and p.is_live = true and {{visible p}}
 order by p.name_sort, p.id limit 20;
-- both:

-- query q_partner_search_rare :many partner_choice_row
-- in part str, match str
-- sqlite:
select p.id, p.code, p.name from partner p
 where p.id in (select rowid from partner_text where partner_text match :match) and :part <> ''
   and p.is_live = true and {{visible p}}
 order by p.name_sort, p.id limit 20;
-- pg:
select p.id, p.code, p.name from partner p
 where p.search like '%' || replace(replace(replace(:part, '\', '\\'), '%', '\%'), '_', '\_') || '%'
   and :match <> '' and p.is_live = true and {{visible p}}
 order by p.name_sort, p.id limit 20;
-- both:

-- row partner_weight n i64

-- How many partners hold the text, counting no further than the bound.
-- query q_partner_text_weight :one partner_weight
-- in match str, most i64
-- unscoped: a number that only chooses a plan
-- sqlite:
select count(*) as n from (select 1 from partner_text where partner_text match :match limit :most) found;
-- pg:
select cast(0 as bigint) as n from (select :match as match, :most as most) asked where asked.match is not null;
-- both:

-- query q_partner_role_weight :one partner_weight
-- in id i64, most i64
-- unscoped: a number that only chooses a plan
select count(*) as n from (select 1 from partner_has_role h where h.role_id = :id limit :most) found;

-- query q_partner_group_weight :one partner_weight
-- in id i64, most i64
-- unscoped: a number that only chooses a plan
select count(*) as n from (select 1 from partner_in_group g where g.group_id = :id limit :most) found;

-- query q_partner_tag_weight :one partner_weight
-- in tag str, most i64
-- unscoped: a number that only chooses a plan
select count(*) as n from (select 1 from partner_tag t where t.tag = :tag limit :most) found;

-- row partner_row id i64, revision i64, code str, name str, state str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, email str, phone str, is_sales_blocked bool, is_links_blocked bool, is_payouts_blocked bool, last_sale_at i64, created_at i64, branch str?, manager str?, role_id i64?, groups str?, tags str?

-- The directory. A set that many partners belong to is looked up on the way through the order's
-- index; a rare one is read whole and sorted: `_rare` filters. A scalar subquery stays a look-up on
-- both engines. Of a column's values one has an index for each order; of several the first of each
-- are read (`each`). That is done for one column: several values of another one are looked at on the
-- way, `_walk` filters, whose plus keeps SQLite from another index.
-- list q_partner_list partner_row
-- in attribute_value str
-- filter live bool: p.is_live = :live
-- unindexed: every page is of live or of archived partners, and is_live stands first in the indexes
-- filter branch i64[] each: p.branch_id in (:branch)
-- filter branch_walk i64[]: +p.branch_id in (:branch_walk)
-- filter state str[] each: p.state in (:state)
-- filter state_walk str[]: p.state || '' in (:state_walk)
-- filter level i64[] each: p.level_id in (:level)
-- filter level_walk i64[]: +p.level_id in (:level_walk)
-- filter manager i64[] each: p.manager_id in (:manager)
-- filter manager_walk i64[]: +p.manager_id in (:manager_walk)
-- filter role i64[]: (select 1 from partner_has_role h where h.partner_id = p.id and h.role_id in (:role) limit 1) = 1
-- filter role_rare i64[]: p.id in (select h.partner_id from partner_has_role h where h.role_id in (:role_rare))
-- filter grp i64[]: (select 1 from partner_in_group g where g.partner_id = p.id and g.group_id in (:grp) limit 1) = 1
-- filter grp_rare i64[]: p.id in (select g.partner_id from partner_in_group g where g.group_id in (:grp_rare))
-- filter tag str[]: (select 1 from partner_tag t where t.partner_id = p.id and t.tag in (:tag) limit 1) = 1
-- filter tag_rare str[]: p.id in (select t.partner_id from partner_tag t where t.tag in (:tag_rare))
-- filter has_tax bool: (p.tax_number <> '') = :has_tax
-- filter q str sqlite: instr(p.search, :q) > 0
-- filter q str pg: p.search like '%' || replace(replace(replace(:q, '\', '\\'), '%', '\%'), '_', '\_') || '%'
-- filter q_rare str sqlite: p.id in (select rowid from partner_text where partner_text match :q_rare)
-- filter q_rare str pg: :q_rare <> ''
-- filter attribute i64: (select 1 from attribute_value v where v.record_id = p.id and v.attribute_id = :attribute and v.value = :attribute_value) = 1
-- sort name str: p.name_sort
-- sort created i64: p.created_at
-- sort last_sale i64: p.last_sale_at
-- sort code str: p.code
-- id p.id
-- sqlite:
select p.id, p.revision, p.code, p.name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country, p.tax_number,
       p.email, p.phone, p.is_sales_blocked, p.is_links_blocked, p.is_payouts_blocked, p.last_sale_at, p.created_at,
       (select b.name from branch b where b.id = p.branch_id) as branch,
       (select u.name from auth_user u where u.id = p.manager_id) as manager,
       (select min(h.role_id) from partner_has_role h where h.partner_id = p.id) as role_id,
       (select group_concat(g.name, ', ') from partner_in_group i join partner_group g on g.id = i.group_id
         where i.partner_id = p.id) as groups,
       (select group_concat(t.tag, ', ') from partner_tag t where t.partner_id = p.id) as tags
  from partner p where {{visible p}} and {{filters}} {{page}};
-- pg:
select p.id, p.revision, p.code, p.name, p.state, p.branch_id, p.manager_id, p.level_id, p.kind, p.country, p.tax_number,
       p.email, p.phone, p.is_sales_blocked, p.is_links_blocked, p.is_payouts_blocked, p.last_sale_at, p.created_at,
       (select b.name from branch b where b.id = p.branch_id) as branch,
       (select u.name from auth_user u where u.id = p.manager_id) as manager,
       (select min(h.role_id) from partner_has_role h where h.partner_id = p.id) as role_id,
       (select string_agg(g.name, ', ' order by g.name_sort) from partner_in_group i join partner_group g on g.id = i.group_id
         where i.partner_id = p.id) as groups,
       (select string_agg(t.tag, ', ' order by t.tag) from partner_tag t where t.partner_id = p.id) as tags
  from partner p where {{visible p}} and {{filters}} {{page}};
-- both:
