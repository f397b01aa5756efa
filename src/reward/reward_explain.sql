-- row reward_derivation_row id i64, result_id i64, key str, body str

-- query q_reward_derivation :one reward_derivation_row
-- in id i64
select d.id, d.result_id, d.key, d.body from reward_derivation d where d.id = :id and {{visible d}};

-- row reward_line_row id i64, result_id i64, scheme_version_id i64, derivation_id i64, key str, phase i64, event_seq i64, occurred_at i64, base str, rate str, exact str, amount_minor i64, state str, hold str, hold_until_day i64?, due_day i64, note str

-- query q_reward_line :one reward_line_row
-- in id i64
select l.id, l.result_id, l.scheme_version_id, l.derivation_id, l.key, l.phase, l.event_seq, l.occurred_at, l.base, l.rate,
       l.exact, l.amount_minor, l.state, l.hold, l.hold_until_day, l.due_day, l.note
  from reward_line l where l.id = :id and {{visible l}};

-- The lines that share a derivation, in the order of the facts.
-- query q_reward_lines_of_derivation :each reward_line_row
-- in derivation_id i64
select l.id, l.result_id, l.scheme_version_id, l.derivation_id, l.key, l.phase, l.event_seq, l.occurred_at, l.base, l.rate,
       l.exact, l.amount_minor, l.state, l.hold, l.hold_until_day, l.due_day, l.note
  from reward_line l where l.derivation_id = :derivation_id and {{visible l}} order by l.position;

-- row reward_group_row derivation_id i64, key str, phase i64, lines i64, amount_minor i64, state str, hold str, due_day i64, held_from i64?, held_until i64?, note str, base str, rate str, scheme_version_id i64, position i64, line_id i64

-- A statement's rows: lines of one rule that came about in the same way and are in the same state;
-- what is held is one row, whatever the days on which the holds end.
-- query q_reward_groups_of_result :many reward_group_row
-- in result_id i64
select l.derivation_id, l.key, l.phase, count(*) as lines, cast(sum(l.amount_minor) as bigint) as amount_minor, l.state,
       l.hold, max(l.due_day) as due_day, min(l.hold_until_day) as held_from, max(l.hold_until_day) as held_until,
       min(l.note) as note, min(l.base) as base, min(l.rate) as rate,
       min(l.scheme_version_id) as scheme_version_id, min(l.position) as position, min(l.id) as line_id
  from reward_line l
 where l.result_id = :result_id and {{visible l}}
 group by l.derivation_id, l.key, l.phase, l.state, l.hold, (case when l.hold = '' then l.due_day else 0 end),
          (case when l.event_seq = 0 then l.id else 0 end)
 order by min(l.position) limit 2000;

-- row reward_measure_row id i64, derivation_id i64?, scheme_version_id i64, name str, value str, unit str, is_shown_to_partner bool

-- query q_reward_measures :many reward_measure_row
-- in result_id i64
-- bounded: the measures of one contract
select m.id, m.derivation_id, m.scheme_version_id, m.name, m.value, m.unit, m.is_shown_to_partner
  from reward_measure m where m.result_id = :result_id and {{visible m}} order by m.position;

-- row reward_key_sum amount_minor i64, lines i64

-- What a rule gave in a result.
-- query q_reward_key_sum :one reward_key_sum
-- in result_id i64, key str
select cast(coalesce(sum(l.amount_minor), 0) as bigint) as amount_minor, count(*) as lines
  from reward_line l where l.result_id = :result_id and l.key = :key and {{visible l}};

-- row reward_name_row name str

-- query q_reward_product_name :one reward_name_row
-- in id i64
select p.name from product p where p.id = :id;

-- query q_reward_customer_name :one reward_name_row
-- in id i64
select c.name from customer c where c.id = :id;

-- row reward_aside_row id i64, derivation_id i64, kind i64, scheme_version_id i64, key str, event_seq i64, occurred_at i64, recipient str, unit str, base str, rate str, exact str, amount_minor i64, about str, note str, times i64

-- query q_reward_asides :many reward_aside_row
-- in result_id i64
select a.id, a.derivation_id, a.kind, a.scheme_version_id, a.key, a.event_seq, a.occurred_at, a.recipient, a.unit, a.base,
       a.rate, a.exact, a.amount_minor, a.about, a.note, a.times
  from reward_aside a where a.result_id = :result_id and {{visible a}} order by a.position limit 500;

-- query q_reward_asides_of_derivation :each reward_aside_row
-- in derivation_id i64
select a.id, a.derivation_id, a.kind, a.scheme_version_id, a.key, a.event_seq, a.occurred_at, a.recipient, a.unit, a.base,
       a.rate, a.exact, a.amount_minor, a.about, a.note, a.times
  from reward_aside a where a.derivation_id = :derivation_id and {{visible a}} order by a.position;

-- row reward_earned_row result_id i64, state str, currency str, partner_name str, contract_code str, line_id i64?, scheme_version_id i64, derivation_id i64, key str, amount_minor i64

-- What an event earned a partner who has a part in it: the lines of the live results of its period, and
-- results that have none of it.
-- query q_reward_earned :many reward_earned_row
-- in event_seq i64, partner_id i64, at i64
select r.id as result_id, r.state, r.currency, p.name as partner_name, c.code as contract_code, l.id as line_id,
       coalesce(l.scheme_version_id, 0) as scheme_version_id, coalesce(l.derivation_id, 0) as derivation_id,
       coalesce(l.key, '') as key, coalesce(l.amount_minor, 0) as amount_minor
  from reward_result r
  join reward_run n on n.id = r.run_id
  join partner p on p.id = r.partner_id
  join contract c on c.id = r.contract_id
  left join reward_line l on l.result_id = r.id and l.event_seq = :event_seq
 where r.partner_id = :partner_id and n.from_at <= :at and n.to_at > :at and r.state not in ('rolled_back', 'excluded')
   and {{visible r}}
 order by r.id, l.position limit 100;
