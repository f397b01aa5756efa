-- Queries of every kind, run by example_test.c on both engines.
-- row example_partner id i64, code str, name str,
--   level_id i64?, note str?, is_vip bool, revision i64
-- row example_row id i64, code str, days i64
-- row example_contract id i64, partner_id i64, code str

-- query q_example_branch_add :id
-- in name str
insert into branch (name) values (:name) returning id;

-- query q_example_see_branch :exec
-- in user_id i64, branch_id i64
insert into user_branch (user_id, branch_id) values (:user_id, :branch_id);

-- query q_example_partner_add :id
-- in branch_id i64, code str, name str, name_sort blob, state str, level_id i64?, note str?,
--   is_vip bool, created_at i64
insert into partner (branch_id, code, name, name_sort, state, level_id, note, is_vip, created_at)
values (:branch_id, :code, :name, :name_sort, :state, :level_id, :note, :is_vip, :created_at)
returning id;

-- query q_example_partner :one example_partner
-- in id i64
select p.id, p.code, p.name, p.level_id, p.note, p.is_vip, p.revision
from partner p where p.id = :id and {{visible p}};

-- query q_example_partners :many example_partner
-- in state str
select p.id, p.code, p.name, p.level_id, p.note, p.is_vip, p.revision
from partner p where p.state = :state and {{visible p}} order by p.id limit 100;

-- query q_example_rename :changed
-- in id i64, revision i64, name str
update partner set name = :name, revision = revision + 1
where id = :id and revision = :revision and {{visible partner}};

-- query q_example_contract_add :bulk
-- in partner_id i64, code str
insert into contract (partner_id, code) values (:partner_id, 'C-' || :code)
on conflict (partner_id, code) do nothing returning id;

-- query q_example_contracts :each example_contract
select c.id, c.partner_id, c.code from contract c where {{visible c}} order by c.id;

-- query q_example_engine :one example_contract
-- sqlite:
select 1 as id, 1 as partner_id, 'sqlite' as code;
-- pg:
select 1::bigint as id, 2::bigint as partner_id, 'pg' as code;

-- list q_example_list example_row
-- in today i64
-- filter state str[] each: p.state in (:state)
-- filter level i64[] each: p.level_id in (:level)
-- filter branch i64: p.branch_id = :branch
-- filter vip bool: p.is_vip = :vip
-- filter older i64: p.created_at < :today - :older
-- filter q str sqlite: instr(p.name, :q) > 0
-- filter q str pg: position(:q in p.name) > 0
-- sort name blob: p.name_sort
-- sort created i64: p.created_at
-- sort code str: p.code
-- id p.id
-- unindexed: code is unique, so its index alone gives the order
select p.id, p.code, :today - p.created_at as days
from partner p where {{visible p}} and {{filters}} {{page}};
