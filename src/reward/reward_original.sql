-- row reward_rewarded_row id i64, result_id i64, contract_id i64, partner_id i64, partner_code str, from_partner_id i64, version_id i64, scheme_id i64, key str, exact str, currency str, amount_minor i64, due_day i64, hold str, hold_until i64?, state str, gate str, gate_seq i64, gate_until i64?, gate_minor i64?

-- What an event was rewarded with, in results that were posted for periods before a day.
-- query q_reward_rewarded :many reward_rewarded_row
-- in event_seq i64, from_day i64
-- bounded: the lines of one event
-- unscoped: calculation is the system's
select l.id, l.result_id, r.contract_id, l.partner_id, p.code as partner_code, l.from_partner_id,
       l.scheme_version_id as version_id, v.scheme_id, l.key, l.exact, r.currency, l.amount_minor, l.due_day, l.hold,
       l.hold_until_day as hold_until, l.state, l.gate, l.gate_seq, l.gate_until, l.gate_minor
  from reward_line l
  join reward_result r on r.id = l.result_id
  join reward_run n on n.id = r.run_id
  join partner p on p.id = l.partner_id
  join scheme_version v on v.id = l.scheme_version_id
 where l.event_seq = :event_seq and l.event_seq > 0 and r.state = 'posted' and n.to_day <= :from_day
 order by n.from_day, l.id;

-- The posted result of a contract that covers a day.
-- query q_reward_posted_on :one reward_id_row
-- in contract_id i64, day i64
-- unscoped: calculation is the system's
select r.id
  from reward_result r join reward_run n on n.id = r.run_id
 where r.contract_id = :contract_id and r.state = 'posted' and n.from_day <= :day and n.to_day > :day
 limit 1;
