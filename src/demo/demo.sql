-- row demo_result id i64, total_minor i64, events i64
-- query q_demo_results :many demo_result
-- bounded: one run
-- unscoped: the story is told by the system
-- in run_id i64
select r.id, r.total_minor, r.events from reward_result r
where r.run_id = :run_id and r.state = 'posted' order by r.id;

-- row demo_statement id i64, partner_id i64
-- query q_demo_statements :many demo_statement
-- bounded: one run
-- unscoped: the story is told by the system
-- in run_id i64
select s.id, s.partner_id from statement s join reward_result r on r.id = s.result_id
where r.run_id = :run_id and s.state = 'draft' order by s.id;
