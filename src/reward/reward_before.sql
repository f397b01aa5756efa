-- row reward_before_row id i64, period str, from_day i64, to_day i64

-- Posted results of earlier periods, nearest first.
-- query q_reward_results_before :many reward_before_row
-- in contract_id i64, from_day i64
-- unscoped: calculation is the system's
select r.id, r.period, n.from_day, n.to_day
  from reward_result r join reward_run n on n.id = r.run_id
 where r.contract_id = :contract_id and r.state = 'posted' and n.to_day <= :from_day
 order by n.from_day desc, r.id desc limit 24;

-- row reward_key_row key str, amount_minor i64

-- query q_reward_keys_of_result :many reward_key_row
-- in result_id i64
-- bounded: one row a rule
-- unscoped: calculation is the system's
select l.key, cast(sum(l.amount_minor) as bigint) as amount_minor
  from reward_line l where l.result_id = :result_id group by l.key order by l.key;

-- row reward_carry_row scheme_id i64, kind i64, name str, item str, value str, bucket i64, contract_id i64

-- query q_reward_carries :many reward_carry_row
-- in result_id i64
-- bounded: one row a value
-- unscoped: calculation is the system's
select c.scheme_id, c.kind, c.name, c.item, c.value, c.bucket, r.contract_id
  from reward_carry c join reward_result r on r.id = c.result_id
 where c.result_id = :result_id and c.kind = 1 order by c.id;

-- Running totals of a partner, the newest last.
-- query q_reward_running :each reward_carry_row
-- in partner_id i64, from_day i64
-- unscoped: calculation is the system's
select c.scheme_id, c.kind, c.name, c.item, c.value, c.bucket, r.contract_id
  from reward_carry c
  join reward_result r on r.id = c.result_id
  join reward_run n on n.id = r.run_id
 where r.partner_id = :partner_id and r.state = 'posted' and n.to_day <= :from_day and c.kind = 2
 order by n.from_day, r.id, c.id;

-- query q_reward_carry_add :bulk
-- in result_id i64, partner_id i64, scheme_id i64, kind i64, name str, item str, value str, bucket i64
insert into reward_carry (result_id, partner_id, scheme_id, kind, name, item, value, bucket)
values (:result_id, :partner_id, :scheme_id, :kind, :name, :item, :value, :bucket);

-- query q_reward_carries_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_carry where result_id in (select r.id from reward_result r where r.run_id = :run_id);
