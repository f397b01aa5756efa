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

-- query q_partner_add :id
-- in code str, name str, name_fold str, name_sort str, legal_name str, state str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, tax_reason_code str, registration str, vat_mode str, email str, phone str, site str, since i64, created_at i64
insert into partner (code, name, name_fold, name_sort, legal_name, state, branch_id, manager_id, level_id, kind, country,
       tax_number, tax_reason_code, registration, vat_mode, email, phone, site, since, created_at)
values (:code, :name, :name_fold, :name_sort, :legal_name, :state, :branch_id, :manager_id, :level_id, :kind, :country,
       :tax_number, :tax_reason_code, :registration, :vat_mode, :email, :phone, :site, :since, :created_at)
returning id;

-- query q_partner_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str, legal_name str, branch_id i64, manager_id i64?, level_id i64?, kind str, country str, tax_number str, tax_reason_code str, registration str, vat_mode str, email str, phone str, site str, since i64
-- unscoped: the caller found it by q_partner
update partner set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort, legal_name = :legal_name,
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

-- query q_partner_search :many partner_choice_row
-- in part str, code str
select p.id, p.code, p.name from partner p
 where (p.name_fold like '%' || :part || '%' or p.code = :code) and p.archived_at is null and {{visible p}}
 order by p.name_sort, p.id limit 20;
