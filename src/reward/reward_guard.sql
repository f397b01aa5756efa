-- row reward_free_row from_day i64, from_at i64

-- The first day and instant that no posted result of the contract covers; 0: nothing is posted.
-- query q_reward_free_of_contract :one reward_free_row
-- in contract_id i64
-- unscoped: what is posted binds whoever edits
select cast(coalesce(max(n.to_day), 0) as bigint) as from_day, cast(coalesce(max(n.to_at), 0) as bigint) as from_at
  from reward_result r join reward_run n on n.id = r.run_id
 where r.contract_id = :contract_id and r.state = 'posted';

-- query q_reward_free_of_scheme :one reward_free_row
-- in scheme_id i64
-- unscoped: what is posted binds whoever edits
select cast(coalesce(max(n.to_day), 0) as bigint) as from_day, cast(coalesce(max(n.to_at), 0) as bigint) as from_at
  from reward_result r join reward_run n on n.id = r.run_id
 where r.state = 'posted'
   and r.contract_id in (select s.contract_id from contract_scheme s where s.scheme_id = :scheme_id);
