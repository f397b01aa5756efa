-- row reward_gated_row first_line_id i64, result_id i64, contract_id i64, partner_id i64, entity_id i64, currency str, version_id i64, gate str, gate_seq i64, gate_until i64?, gate_minor i64?, hold str, amount_minor i64, from_day i64, to_day i64

-- Lines of posted results that wait for a condition.
-- query q_reward_gated :each reward_gated_row
-- unscoped: a daily job of the system
select min(l.id) as first_line_id, l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency,
       l.scheme_version_id as version_id, l.gate, l.gate_seq, l.gate_until, l.gate_minor, l.hold,
       cast(sum(l.amount_minor) as bigint) as amount_minor, n.from_day, n.to_day
  from reward_line l
  join reward_result r on r.id = l.result_id
  join reward_run n on n.id = r.run_id
 where l.state = 'pending' and (l.gate <> '' or l.gate_minor is not null)
   and l.gate <> '' and l.hold like 'quality%' and r.state = 'posted'
 group by l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency, l.scheme_version_id, l.gate,
          l.gate_seq, l.gate_until, l.gate_minor, l.hold, n.from_day, n.to_day
 order by min(l.id);

-- Lines that are due as soon as the balance is high enough, contract by contract.
-- query q_reward_below_threshold :each reward_gated_row
-- in today i64
-- unscoped: a daily job of the system
select min(l.id) as first_line_id, l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency,
       min(l.scheme_version_id) as version_id, '' as gate, cast(0 as bigint) as gate_seq,
       max(l.gate_until) as gate_until, l.gate_minor, l.hold,
       cast(sum(l.amount_minor) as bigint) as amount_minor, n.from_day, n.to_day
  from reward_line l
  join reward_result r on r.id = l.result_id
  join reward_run n on n.id = r.run_id
 where l.state = 'pending' and (l.gate <> '' or l.gate_minor is not null)
   and l.gate_minor is not null and l.due_day <= :today and r.state = 'posted'
   and (l.hold = 'threshold' or (l.hold = 'threshold window' and l.hold_until_day <= :today))
 group by l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency, l.gate_minor, l.hold,
          n.from_day, n.to_day
 order by r.contract_id, r.currency, min(l.id);

-- The state is joined to nothing, so that the engine reads the lines of the result.
-- query q_reward_gate_move :exec
-- in result_id i64, gate str, gate_seq i64, before str, after str, state str
-- unscoped: a daily job of the system
update reward_line set state = :state, hold = :after,
       hold_until_day = case when :after = '' then null else hold_until_day end
 where result_id = :result_id and gate = :gate and gate_seq = :gate_seq and hold = :before
   and state || '' = 'pending';

-- query q_reward_threshold_move :exec
-- in result_id i64, gate_minor i64, before str, today i64
-- unscoped: a daily job of the system
update reward_line set hold = '', hold_until_day = null
 where result_id = :result_id and gate_minor = :gate_minor and hold = :before and due_day <= :today
   and (hold = 'threshold' or hold_until_day <= :today) and state || '' = 'pending';
