-- What a scenario rolls back or repeats is named by its contract.

-- row scenario_result_row id i64
-- query q_scenario_result :one scenario_result_row
-- in run_id i64, contract_id i64
-- unscoped: scenarios are the system's
select r.id from reward_result r
where r.run_id = :run_id and r.contract_id = :contract_id
order by r.attempt desc
limit 1
