-- row contract_rec id i64, revision i64, code str, partner_id i64, entity_id i64, nature str, state str, signed_day i64?, from_day i64, to_day i64, archived_at i64?
-- query q_contract :one contract_rec
-- in id i64
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from contract c where c.id = :id and {{visible c}};

-- The same, held until the transaction ends: who changes a contract or its terms takes it first, so
-- that two who decide at once see each other's change.
-- query q_contract_held :one contract_rec
-- in id i64
-- sqlite:
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from contract c where c.id = :id and {{visible c}};
-- pg:
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from contract c where c.id = :id and {{visible c}}
for update of c;
-- both:

-- query q_contract_by_code :one contract_rec
-- in code_fold str
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from contract c where c.code_fold = :code_fold and {{visible c}};

-- Those of the folded codes in a JSON list: one trip for a batch of a file.
-- query q_contracts_by_codes :many contract_rec
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from json_each(:codes) j cross join contract c where c.code_fold = j.value and {{visible c}};
-- pg:
select c.id, c.revision, c.code, c.partner_id, c.entity_id, c.nature, c.state, c.signed_day,
    c.from_day, c.to_day, c.archived_at
from contract c
where c.code_fold in (select jsonb_array_elements_text(cast(:codes as jsonb))) and {{visible c}};
-- both:

-- query q_contract_insert :bulk
-- in code str, code_fold str, code_sort str, partner_id i64, entity_id i64, nature str, state str, signed_day i64?, from_day i64, to_day i64, now i64
insert into contract (code, code_fold, code_sort, partner_id, entity_id, nature, state, signed_day,
    from_day, to_day, created_at)
values (:code, :code_fold, :code_sort, :partner_id, :entity_id, :nature, :state, :signed_day,
    :from_day, :to_day, :now)
returning id;

-- query q_contract_update :changed
-- in id i64, revision i64, code str, code_fold str, code_sort str, entity_id i64, nature str, signed_day i64?, from_day i64, to_day i64
update contract set code = :code, code_fold = :code_fold, code_sort = :code_sort,
    entity_id = :entity_id, nature = :nature, signed_day = :signed_day, from_day = :from_day,
    to_day = :to_day, revision = revision + 1
where id = :id and revision = :revision and {{visible contract}};

-- query q_contract_state :changed
-- in id i64, revision i64, state str, to_day i64
update contract set state = :state, to_day = :to_day, revision = revision + 1
where id = :id and revision = :revision and {{visible contract}};

-- query q_contract_archive :changed
-- in id i64, revision i64, archived_at i64?
update contract set archived_at = :archived_at, revision = revision + 1
where id = :id and revision = :revision and {{visible contract}};

-- row ended_row id i64, revision i64
-- query q_contracts_ended :many ended_row
-- in today i64
select c.id, c.revision from contract c
where c.state in ('active', 'suspended') and c.to_day <= :today and {{visible c}}
order by c.id limit 200;

-- The terms of today stand for the whole contract: the version in force, else the first to come.
-- row contract_row id i64, code str, state str, nature str, from_day i64, to_day i64, partner_id i64, partner_code str, partner_name str, entity_name str, currency str?, schemes i64, scheme_name str?
-- list q_contract_list contract_row
-- in today i64
-- filter q str: (c.code_fold like '%' || :q || '%' or p.name_fold like '%' || :q || '%')
-- filter state str[]: c.state in (:state)
-- filter nature str: c.nature = :nature
-- filter entity i64: c.entity_id = :entity
-- filter branch i64: p.branch_id = :branch
-- filter partner i64: c.partner_id = :partner
-- filter scheme i64: c.id in (select u.contract_id from contract_scheme u where u.scheme_id = :scheme)
-- filter archived bool: (c.archived_at is not null) = :archived
-- filter ends_before i64: c.to_day <= :ends_before
-- sort code str: c.code_sort
-- sort start i64: c.from_day
-- sort partner str: p.name_sort
-- id c.id
-- unindexed: by partner it is driven by the index of partners' names
select c.id, c.code, c.state, c.nature, c.from_day, c.to_day, c.partner_id,
    p.code as partner_code, p.name as partner_name, e.short_name as entity_name,
    (select v.currency from contract_version v where v.contract_id = c.id
        order by case when v.from_day <= :today then 0 else 1 end, abs(v.from_day - :today)
        limit 1) as currency,
    (select count(*) from contract_scheme u where u.version_id = (
        select v.id from contract_version v where v.contract_id = c.id
        order by case when v.from_day <= :today then 0 else 1 end, abs(v.from_day - :today)
        limit 1)) as schemes,
    (select s.name from contract_scheme u join scheme s on s.id = u.scheme_id
        where u.version_id = (
            select v.id from contract_version v where v.contract_id = c.id
            order by case when v.from_day <= :today then 0 else 1 end, abs(v.from_day - :today)
            limit 1)
        order by u.position, u.id limit 1) as scheme_name
from contract c join partner p on p.id = c.partner_id join legal_entity e on e.id = c.entity_id
where {{visible c}} and {{filters}} {{page}};

-- ---- versions ----

-- row version_row id i64, contract_id i64, number i64, revision i64, from_day i64, currency str, pay_currency str, period_kind str, period_anchor i64, due_days i64, hold_days i64, minimum_minor i64, vat_mode str, accept_days i64, netting_clause bool, documents_by str, note str
-- query q_contract_version :one version_row
-- in id i64
select v.id, v.contract_id, v.number, v.revision, v.from_day, v.currency, v.pay_currency,
    v.period_kind, v.period_anchor, v.due_days, v.hold_days, v.minimum_minor, v.vat_mode,
    v.accept_days, v.netting_clause, v.documents_by, v.note
from contract_version v where v.id = :id and {{visible v}};

-- query q_contract_versions_of :each version_row
-- in contract_id i64
select v.id, v.contract_id, v.number, v.revision, v.from_day, v.currency, v.pay_currency,
    v.period_kind, v.period_anchor, v.due_days, v.hold_days, v.minimum_minor, v.vat_mode,
    v.accept_days, v.netting_clause, v.documents_by, v.note
from contract_version v where v.contract_id = :contract_id and {{visible v}} order by v.from_day;

-- row bound_row id i64, version_id i64, scheme_id i64, code str, name str, combine str
-- query q_contract_bound_of :each bound_row
-- in contract_id i64
select u.id, u.version_id, u.scheme_id, s.code, s.name, u.combine
from contract_scheme u join scheme s on s.id = u.scheme_id
where u.contract_id = :contract_id and {{visible u}}
order by u.version_id, u.position, u.id;

-- row term_row contract_scheme_id i64, name str, value str
-- query q_contract_terms_of :each term_row
-- in contract_id i64
select t.contract_scheme_id, t.name, t.value
from contract_term t join contract_scheme u on u.id = t.contract_scheme_id
where u.contract_id = :contract_id and {{visible t}} and {{visible u}}
order by t.contract_scheme_id, t.name;

-- row version_numbers number i64
-- query q_contract_version_last_number :one version_numbers
-- in contract_id i64
select coalesce(max(v.number), 0) as number from contract_version v
where v.contract_id = :contract_id and {{visible v}};

-- query q_contract_version_insert :bulk
-- in contract_id i64, partner_id i64, number i64, from_day i64, currency str, pay_currency str, period_kind str, period_anchor i64, due_days i64, hold_days i64, minimum_minor i64, vat_mode str, accept_days i64, netting_clause bool, documents_by str, note str, now i64
insert into contract_version (contract_id, partner_id, number, from_day, currency, pay_currency,
    period_kind, period_anchor, due_days, hold_days, minimum_minor, vat_mode, accept_days,
    netting_clause, documents_by, note, created_at)
values (:contract_id, :partner_id, :number, :from_day, :currency, :pay_currency, :period_kind,
    :period_anchor, :due_days, :hold_days, :minimum_minor, :vat_mode, :accept_days,
    :netting_clause, :documents_by, :note, :now)
returning id;

-- query q_contract_version_update :changed
-- in id i64, revision i64, from_day i64, currency str, pay_currency str, period_kind str, period_anchor i64, due_days i64, hold_days i64, minimum_minor i64, vat_mode str, accept_days i64, netting_clause bool, documents_by str, note str
update contract_version set from_day = :from_day, currency = :currency,
    pay_currency = :pay_currency, period_kind = :period_kind, period_anchor = :period_anchor,
    due_days = :due_days, hold_days = :hold_days, minimum_minor = :minimum_minor,
    vat_mode = :vat_mode, accept_days = :accept_days, netting_clause = :netting_clause,
    documents_by = :documents_by, note = :note, revision = revision + 1
where id = :id and revision = :revision and {{visible contract_version}};

-- query q_contract_version_move :exec
-- in id i64, from_day i64
update contract_version set from_day = :from_day, revision = revision + 1
where id = :id and {{visible contract_version}};

-- query q_contract_version_delete :exec
-- in id i64
delete from contract_version where id = :id and {{visible contract_version}};

-- query q_contract_bound_insert :bulk
-- in version_id i64, contract_id i64, partner_id i64, scheme_id i64, position i64, combine str
insert into contract_scheme (version_id, contract_id, partner_id, scheme_id, position, combine)
values (:version_id, :contract_id, :partner_id, :scheme_id, :position, :combine)
returning id;

-- query q_contract_bound_place :exec
-- in id i64, position i64, combine str
update contract_scheme set position = :position, combine = :combine where id = :id and {{visible contract_scheme}};

-- query q_contract_bound_delete :exec
-- in id i64
delete from contract_scheme where id = :id and {{visible contract_scheme}};

-- query q_contract_term_insert :bulk
-- in contract_scheme_id i64, partner_id i64, name str, value str
insert into contract_term (contract_scheme_id, partner_id, name, value)
values (:contract_scheme_id, :partner_id, :name, :value);

-- query q_contract_terms_delete :exec
-- in contract_scheme_id i64
delete from contract_term where contract_scheme_id = :contract_scheme_id
    and {{visible contract_term}};

-- ---- for runs ----

-- row run_row id i64, code str, nature str, partner_id i64, entity_id i64, branch_id i64, partner_code str, partner_name str, from_day i64, to_day i64
-- query q_contract_run_contracts :each run_row
-- unscoped: runs are the system's
-- in from_day i64, to_day i64
select c.id, c.code, c.nature, c.partner_id, c.entity_id, p.branch_id, p.code as partner_code,
    p.name as partner_name, c.from_day, c.to_day
from contract c join partner p on p.id = c.partner_id
where c.state in ('active', 'suspended', 'expired', 'terminated') and c.from_day < :to_day
    and c.to_day > :from_day
order by c.code_sort, c.id;

-- query q_contract_run_contract :each run_row
-- unscoped: runs are the system's
-- in id i64, from_day i64, to_day i64
select c.id, c.code, c.nature, c.partner_id, c.entity_id, p.branch_id, p.code as partner_code,
    p.name as partner_name, c.from_day, c.to_day
from contract c join partner p on p.id = c.partner_id
where c.id = :id and c.state in ('active', 'suspended', 'expired', 'terminated') and c.from_day < :to_day
    and c.to_day > :from_day;

-- query q_contract_run_versions :each version_row
-- unscoped: runs are the system's
-- in from_day i64, to_day i64
select v.id, v.contract_id, v.number, v.revision, v.from_day, v.currency, v.pay_currency,
    v.period_kind, v.period_anchor, v.due_days, v.hold_days, v.minimum_minor, v.vat_mode,
    v.accept_days, v.netting_clause, v.documents_by, v.note
from contract_version v join contract c on c.id = v.contract_id
where c.state in ('active', 'suspended', 'expired', 'terminated') and c.from_day < :to_day
    and c.to_day > :from_day
order by v.contract_id, v.from_day;

-- query q_contract_run_bound :each bound_row
-- unscoped: runs are the system's
-- in from_day i64, to_day i64
select u.id, u.version_id, u.scheme_id, s.code, s.name, u.combine
from contract_scheme u join scheme s on s.id = u.scheme_id
    join contract_version v on v.id = u.version_id join contract c on c.id = v.contract_id
where c.state in ('active', 'suspended', 'expired', 'terminated') and c.from_day < :to_day
    and c.to_day > :from_day and v.from_day < :to_day
order by u.version_id, u.position, u.id;

-- query q_contract_run_terms :each term_row
-- unscoped: runs are the system's
-- in from_day i64, to_day i64
select t.contract_scheme_id, t.name, t.value
from contract_term t join contract_scheme u on u.id = t.contract_scheme_id
    join contract_version v on v.id = u.version_id join contract c on c.id = v.contract_id
where c.state in ('active', 'suspended', 'expired', 'terminated') and c.from_day < :to_day
    and c.to_day > :from_day and v.from_day < :to_day
order by t.contract_scheme_id, t.name;

-- row span_row contract_id i64, from_day i64, to_day i64
-- query q_contract_run_suspensions :each span_row
-- unscoped: runs are the system's
-- in from_day i64, to_day i64
select s.contract_id, s.from_day, s.to_day from contract_suspension s
where s.from_day < :to_day and s.to_day > :from_day and s.from_day < s.to_day
order by s.contract_id, s.from_day;

-- ---- suspensions ----

-- row suspension_row id i64, from_day i64, to_day i64, reason str
-- query q_contract_suspensions :many suspension_row
-- in contract_id i64
select s.id, s.from_day, s.to_day, s.reason from contract_suspension s
where s.contract_id = :contract_id and {{visible s}}
order by s.from_day desc, s.id desc limit 200;

-- query q_contract_suspension_add :id
-- in contract_id i64, partner_id i64, from_day i64, reason str, now i64
insert into contract_suspension (contract_id, partner_id, from_day, reason, created_at)
values (:contract_id, :partner_id, :from_day, :reason, :now) returning id;

-- query q_contract_suspension_end :exec
-- in id i64, to_day i64
update contract_suspension set to_day = :to_day
where id = :id and {{visible contract_suspension}};

-- What was to begin or to go on after the end of its contract does not.
-- query q_contract_suspension_cut :exec
-- in contract_id i64, to_day i64
update contract_suspension
set to_day = case when from_day > :to_day then from_day else :to_day end
where contract_id = :contract_id and to_day > :to_day and {{visible contract_suspension}};

-- Contracts whose state is not what their suspensions say today.
-- query q_contracts_to_settle :many ended_row
-- in today i64
select c.id, c.revision from contract c
where {{visible c}} and c.archived_at is null and c.to_day > :today
    and ((c.state = 'active' and exists (select 1 from contract_suspension s
            where s.contract_id = c.id and s.from_day <= :today and s.to_day > :today
                and {{visible s}}))
        or (c.state = 'suspended' and not exists (select 1 from contract_suspension s
            where s.contract_id = c.id and s.from_day <= :today and s.to_day > :today
                and {{visible s}})))
order by c.id limit 200;

-- ---- who uses a scheme ----

-- row use_count n i64
-- query q_contract_uses :one use_count
-- unscoped: how many contracts use a scheme is no secret of a branch
-- in scheme_id i64
select count(distinct u.contract_id) as n from contract_scheme u where u.scheme_id = :scheme_id;

-- row using_row id i64, code str, state str, partner_name str
-- query q_contracts_using :many using_row
-- in scheme_id i64
select c.id, c.code, c.state, p.name as partner_name
from contract c join partner p on p.id = c.partner_id
where {{visible c}} and {{visible p}} and c.archived_at is null and c.id in (
    select u.contract_id from contract_scheme u
    where u.scheme_id = :scheme_id and {{visible u}})
order by c.code_sort, c.id limit 20;

-- ---- whom a version of a scheme concerns ----

-- row affected_row id i64, code str, state str, from_day i64, to_day i64, partner_id i64, partner_code str, partner_name str, bound_id i64, terms_from i64

-- Contracts that are bound to the scheme on that day or begin to be later.
-- list q_contract_affected affected_row
-- in scheme_id i64, day i64
-- filter q str: (c.code_fold like '%' || :q || '%' or p.name_fold like '%' || :q || '%')
-- filter own bool: ((exists (select 1 from contract_term t where t.contract_scheme_id = u.id)) = :own)
-- sort partner str: p.name_sort
-- sort code str: c.code_sort
-- id u.id
-- unindexed: the contracts of one scheme
select c.id, c.code, c.state, c.from_day, c.to_day, c.partner_id, p.code as partner_code, p.name as partner_name,
    u.id as bound_id, v.from_day as terms_from
from contract_scheme u
    join contract_version v on v.id = u.version_id
    join contract c on c.id = u.contract_id
    join partner p on p.id = c.partner_id
where u.scheme_id = :scheme_id and c.archived_at is null and c.to_day > :day
    and c.state in ('in_signature', 'active', 'suspended')
    and not exists (select 1 from contract_version w where w.contract_id = c.id and w.from_day > v.from_day
        and w.from_day <= :day and {{visible w}})
    and {{visible u}} and {{visible v}} and {{visible c}} and {{visible p}} and {{filters}} {{page}};

-- row affected_sum contracts i64, partners i64
-- query q_contract_affected_sum :one affected_sum
-- in scheme_id i64, day i64
select count(distinct c.id) as contracts, count(distinct c.partner_id) as partners
from contract_scheme u join contract_version v on v.id = u.version_id join contract c on c.id = u.contract_id
where u.scheme_id = :scheme_id and c.archived_at is null and c.to_day > :day
    and c.state in ('in_signature', 'active', 'suspended')
    and not exists (select 1 from contract_version w where w.contract_id = c.id and w.from_day > v.from_day
        and w.from_day <= :day and {{visible w}})
    and {{visible u}} and {{visible v}} and {{visible c}};

-- row own_term_row name str, value str
-- query q_contract_own_terms :many own_term_row
-- in bound_id i64
-- bounded: the attributes of a scheme
select t.name, t.value from contract_term t where t.contract_scheme_id = :bound_id and {{visible t}} order by t.name;

-- row to_announce_row partner_id i64
-- Partners that were not told yet.
-- query q_contract_to_announce :many to_announce_row
-- in scheme_id i64, version_id i64, day i64
-- unscoped: a version is announced to everybody whom it concerns
select distinct c.partner_id from contract_scheme u
    join contract_version v on v.id = u.version_id
    join contract c on c.id = u.contract_id
where u.scheme_id = :scheme_id and c.archived_at is null and c.to_day > :day and c.state in ('active', 'suspended')
    and not exists (select 1 from contract_version w where w.contract_id = c.id and w.from_day > v.from_day
        and w.from_day <= :day)
    and not exists (select 1 from contract_announcement a
        where a.scheme_version_id = :version_id and a.partner_id = c.partner_id)
order by c.partner_id limit 200;

-- query q_contract_announced :exec
-- in version_id i64, partner_id i64, now i64
insert into contract_announcement (scheme_version_id, partner_id, created_at) values (:version_id, :partner_id, :now);

-- row partner_contract_row id i64
-- query q_contracts_of_partner_now :many partner_contract_row
-- in partner_id i64, day i64
-- bounded: the contracts of one partner
-- unscoped: for letters, which are the system's
select c.id from contract c where c.partner_id = :partner_id and c.archived_at is null and c.to_day > :day
    and c.state in ('active', 'suspended') order by c.code_sort, c.id;
