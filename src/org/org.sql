-- row operator_rec revision i64, name str, country str, currency str, zone str, lang str, languages str
-- query q_operator :one operator_rec
select o.revision, o.name, o.country, o.currency, o.zone, o.lang, o.languages
from operator o where o.id = 1;

-- query q_operator_insert :exec
-- in name str, country str, currency str, zone str, lang str, languages str, now i64
insert into operator (id, name, country, currency, zone, lang, languages, created_at)
values (1, :name, :country, :currency, :zone, :lang, :languages, :now);

-- query q_operator_update :changed
-- in revision i64, name str, country str, currency str, zone str, lang str, languages str
update operator set name = :name, country = :country, currency = :currency, zone = :zone,
    lang = :lang, languages = :languages, revision = revision + 1
where id = 1 and revision = :revision;

-- row entity_rec id i64, revision i64, name str, short_name str, country str, tax_number str, tax_reason_code str, registration str, address_country str, address_region str, address_postcode str, address_city str, address_line str, archived_at i64?
-- query q_entity :one entity_rec
-- in id i64
select e.id, e.revision, e.name, e.short_name, e.country, e.tax_number, e.tax_reason_code,
    e.registration, e.address_country, e.address_region, e.address_postcode, e.address_city,
    e.address_line, e.archived_at
from legal_entity e where e.id = :id;

-- query q_entity_insert :id
-- in name str, name_fold str, name_sort str, short_name str, country str, tax_number str, tax_reason_code str, registration str, address_country str, address_region str, address_postcode str, address_city str, address_line str, now i64
insert into legal_entity (name, name_fold, name_sort, short_name, country, tax_number,
    tax_reason_code, registration, address_country, address_region, address_postcode,
    address_city, address_line, created_at)
values (:name, :name_fold, :name_sort, :short_name, :country, :tax_number, :tax_reason_code,
    :registration, :address_country, :address_region, :address_postcode, :address_city,
    :address_line, :now)
returning id;

-- query q_entity_update :changed
-- in id i64, revision i64, name str, name_fold str, name_sort str, short_name str, country str, tax_number str, tax_reason_code str, registration str, address_country str, address_region str, address_postcode str, address_city str, address_line str
update legal_entity set name = :name, name_fold = :name_fold, name_sort = :name_sort,
    short_name = :short_name, country = :country, tax_number = :tax_number,
    tax_reason_code = :tax_reason_code, registration = :registration,
    address_country = :address_country, address_region = :address_region,
    address_postcode = :address_postcode, address_city = :address_city,
    address_line = :address_line, revision = revision + 1
where id = :id and revision = :revision;

-- query q_entity_archive :changed
-- in id i64, revision i64, archived_at i64?
update legal_entity set archived_at = :archived_at, revision = revision + 1
where id = :id and revision = :revision;

-- row counted n i64
-- query q_entity_live_branches :one counted
-- in id i64
select count(*) as n from branch b where b.entity_id = :id and b.archived_at is null;

-- row entity_row id i64, name str, short_name str, country str, tax_number str, branches i64, archived_at i64?
-- list q_entity_list entity_row
-- filter q str: e.name_fold like '%' || :q || '%'
-- filter archived bool: (e.archived_at is not null) = :archived
-- sort name str: e.name_sort
-- id e.id
select e.id, e.name, e.short_name, e.country, e.tax_number,
    (select count(*) from branch b where b.entity_id = e.id and b.archived_at is null) as branches,
    e.archived_at
from legal_entity e where {{filters}} {{page}};

-- row choice id i64, code str, name str
-- query q_entity_choices :many choice
-- in keep_id i64
-- bounded: a company has a handful of legal entities
select e.id, '' as code, e.name from legal_entity e
where e.archived_at is null or e.id = :keep_id order by e.name_sort, e.id;

-- row account_rec id i64, entity_id i64, revision i64, kind i64, bank_name str, bank_code str, number str, corr_number str, currency str, is_main bool, archived_at i64?
-- query q_account :one account_rec
-- in id i64
select a.id, a.entity_id, a.revision, a.kind, a.bank_name, a.bank_code, a.number, a.corr_number,
    a.currency, a.is_main, a.archived_at
from entity_account a where a.id = :id;

-- query q_accounts :many account_rec
-- in entity_id i64
-- bounded: accounts of one legal entity
select a.id, a.entity_id, a.revision, a.kind, a.bank_name, a.bank_code, a.number, a.corr_number,
    a.currency, a.is_main, a.archived_at
from entity_account a where a.entity_id = :entity_id
order by a.archived_at is not null, a.currency, a.id;

-- query q_account_insert :id
-- in entity_id i64, kind i64, bank_name str, bank_code str, number str, corr_number str, currency str, is_main bool, now i64
insert into entity_account (entity_id, kind, bank_name, bank_code, number, corr_number, currency,
    is_main, created_at)
values (:entity_id, :kind, :bank_name, :bank_code, :number, :corr_number, :currency, :is_main,
    :now)
returning id;

-- query q_account_update :changed
-- in id i64, revision i64, kind i64, bank_name str, bank_code str, number str, corr_number str, currency str, is_main bool
update entity_account set kind = :kind, bank_name = :bank_name, bank_code = :bank_code,
    number = :number, corr_number = :corr_number, currency = :currency, is_main = :is_main,
    revision = revision + 1
where id = :id and revision = :revision;

-- query q_account_unmain :exec
-- in entity_id i64, currency str, but_id i64
update entity_account set is_main = (0 = 1), revision = revision + 1
where entity_id = :entity_id and currency = :currency and id <> :but_id and is_main;

-- query q_account_archive :changed
-- in id i64, revision i64, archived_at i64?
update entity_account set archived_at = :archived_at, is_main = (0 = 1), revision = revision + 1
where id = :id and revision = :revision;

-- row branch_rec id i64, revision i64, code str, name str, entity_id i64, manager_id i64?, archived_at i64?
-- query q_branch :one branch_rec
-- in id i64
select b.id, b.revision, b.code, b.name, b.entity_id, b.manager_id, b.archived_at
from branch b where b.id = :id;

-- query q_branch_by_code :one branch_rec
-- in code_fold str
select b.id, b.revision, b.code, b.name, b.entity_id, b.manager_id, b.archived_at
from branch b where b.code_fold = :code_fold;

-- query q_branch_insert :id
-- in code str, code_fold str, name str, name_fold str, name_sort str, entity_id i64, manager_id i64?, now i64
insert into branch (code, code_fold, name, name_fold, name_sort, entity_id, manager_id, created_at)
values (:code, :code_fold, :name, :name_fold, :name_sort, :entity_id, :manager_id, :now)
returning id;

-- query q_branch_update :changed
-- in id i64, revision i64, code str, code_fold str, name str, name_fold str, name_sort str, entity_id i64, manager_id i64?
update branch set code = :code, code_fold = :code_fold, name = :name, name_fold = :name_fold,
    name_sort = :name_sort, entity_id = :entity_id, manager_id = :manager_id,
    revision = revision + 1
where id = :id and revision = :revision;

-- query q_branch_archive :changed
-- in id i64, revision i64, archived_at i64?
update branch set archived_at = :archived_at, revision = revision + 1
where id = :id and revision = :revision;

-- row branch_row id i64, code str, name str, entity_id i64, entity_name str, manager_id i64?, archived_at i64?
-- list q_branch_list branch_row
-- filter q str: (b.name_fold like '%' || :q || '%' or b.code_fold like '%' || :q || '%')
-- filter entity i64: b.entity_id = :entity
-- filter archived bool: (b.archived_at is not null) = :archived
-- sort name str: b.name_sort
-- sort code str: b.code_fold
-- id b.id
select b.id, b.code, b.name, b.entity_id, e.short_name as entity_name, b.manager_id, b.archived_at
from branch b join legal_entity e on e.id = b.entity_id where {{filters}} {{page}};

-- query q_branches_of_entity :many branch_row
-- in entity_id i64
-- bounded: branches of one legal entity
select b.id, b.code, b.name, b.entity_id, e.short_name as entity_name, b.manager_id, b.archived_at
from branch b join legal_entity e on e.id = b.entity_id
where b.entity_id = :entity_id order by b.name_sort, b.id;

-- query q_branch_choices :many choice
-- in keep_id i64
-- bounded: branches of one company
select b.id, b.code, b.name from branch b
where b.archived_at is null or b.id = :keep_id order by b.name_sort, b.id;
