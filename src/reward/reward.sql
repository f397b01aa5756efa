-- row reward_run_row id i64, period str, from_day i64, to_day i64, state str, watermark_seq i64, contracts i64, incomplete i64, sha256 str, failure str, note str, created_by i64?, created_at i64, calculated_at i64?, posted_at i64?, revision i64

-- query q_reward_run :one reward_run_row
-- in id i64
select r.id, r.period, r.from_day, r.to_day, r.state, r.watermark_seq, r.contracts, r.incomplete,
       r.sha256, r.failure, r.note, r.created_by, r.created_at, r.calculated_at, r.posted_at, r.revision
  from reward_run r where r.id = :id;

-- The run of a period that is still open for work.
-- query q_reward_run_unposted :one reward_run_row
-- in period str
select r.id, r.period, r.from_day, r.to_day, r.state, r.watermark_seq, r.contracts, r.incomplete,
       r.sha256, r.failure, r.note, r.created_by, r.created_at, r.calculated_at, r.posted_at, r.revision
  from reward_run r
 where r.period = :period and r.state not in ('posted', 'superseded') order by r.id desc limit 1;

-- query q_reward_run_posted_of :one reward_run_row
-- in period str
select r.id, r.period, r.from_day, r.to_day, r.state, r.watermark_seq, r.contracts, r.incomplete,
       r.sha256, r.failure, r.note, r.created_by, r.created_at, r.calculated_at, r.posted_at, r.revision
  from reward_run r
 where r.period = :period and r.state = 'posted' order by r.id desc limit 1;

-- query q_reward_run_add :id
-- in period str, from_day i64, to_day i64, from_at i64, to_at i64, note str, created_by i64?, created_at i64
insert into reward_run (period, from_day, to_day, from_at, to_at, state, note, created_by, created_at)
values (:period, :from_day, :to_day, :from_at, :to_at, 'draft', :note, :created_by, :created_at)
returning id;

-- query q_reward_run_calculated :exec
-- in id i64, state str, watermark_seq i64, contracts i64, incomplete i64, sha256 str, calculated_at i64
update reward_run set state = :state, watermark_seq = :watermark_seq, contracts = :contracts,
       incomplete = :incomplete, sha256 = :sha256, calculated_at = :calculated_at, failure = '',
       revision = revision + 1
 where id = :id;

-- query q_reward_run_state :changed
-- in id i64, revision i64, state str
update reward_run set state = :state, revision = revision + 1 where id = :id and revision = :revision;

-- query q_reward_run_posted :exec
-- in id i64, posted_at i64
update reward_run set state = 'posted', posted_at = :posted_at, revision = revision + 1 where id = :id;

-- query q_reward_run_failed :exec
-- in id i64, failure str
update reward_run set state = 'failed', failure = :failure, revision = revision + 1 where id = :id;

-- query q_reward_run_count_incomplete :exec
-- in id i64
-- unscoped: counts for the run, whoever looks
update reward_run set incomplete = (select count(*) from reward_result r
                                     where r.run_id = :id and r.state = 'incomplete'),
       revision = revision + 1
 where id = :id;

-- ---- results ----

-- row reward_result_row id i64, run_id i64, contract_id i64, partner_id i64, entity_id i64, period str, state str, currency str, total_minor i64, watermark_seq i64, events i64, lines i64, inputs str, not_counted str, reason str, warnings str, sha256 str, attempt i64, due_day i64, created_at i64, revision i64

-- query q_reward_result :one reward_result_row
-- in id i64
select r.id, r.run_id, r.contract_id, r.partner_id, r.entity_id, r.period, r.state, r.currency, r.total_minor,
       r.watermark_seq, r.events, r.lines, r.inputs, r.not_counted, r.reason, r.warnings, r.sha256, r.attempt, r.due_day, r.created_at, r.revision
  from reward_result r where r.id = :id and {{visible r}};

-- query q_reward_results_of_run :each reward_result_row
-- in run_id i64, state str
-- unscoped: posting and verifying are the system's
select r.id, r.run_id, r.contract_id, r.partner_id, r.entity_id, r.period, r.state, r.currency, r.total_minor,
       r.watermark_seq, r.events, r.lines, r.inputs, r.not_counted, r.reason, r.warnings, r.sha256, r.attempt, r.due_day, r.created_at, r.revision
  from reward_result r where r.run_id = :run_id and (:state = '' or r.state = :state) order by r.id;

-- row reward_id_row id i64
-- row reward_number_row n i64

-- A contract's posted result of a period: posting another one needs this one rolled back first.
-- query q_reward_result_posted :one reward_id_row
-- in contract_id i64, period str
-- unscoped: posting is the system's
select r.id from reward_result r
 where r.contract_id = :contract_id and r.period = :period and r.state = 'posted' limit 1;

-- query q_reward_result_add :id
-- in run_id i64, contract_id i64, partner_id i64, entity_id i64, period str, state str, currency str, total_minor i64, watermark_seq i64, events i64, lines i64, inputs str, not_counted str, warnings str, sha256 str, attempt i64, due_day i64, created_at i64
insert into reward_result (run_id, contract_id, partner_id, entity_id, period, state, currency, total_minor,
       watermark_seq, events, lines, inputs, not_counted, warnings, sha256, attempt, due_day, created_at)
values (:run_id, :contract_id, :partner_id, :entity_id, :period, :state, :currency, :total_minor,
       :watermark_seq, :events, :lines, :inputs, :not_counted, :warnings, :sha256, :attempt, :due_day, :created_at)
returning id;

-- query q_reward_result_state :changed
-- in id i64, before str, state str
-- unscoped: the caller found it by q_reward_result
update reward_result set state = :state, revision = revision + 1 where id = :id and state = :before;

-- query q_reward_result_reason :exec
-- in id i64, reason str
-- unscoped: the caller found it by q_reward_result
update reward_result set reason = :reason where id = :id;

-- query q_reward_results_approve :exec
-- in run_id i64
-- unscoped: a run is approved whole
update reward_result set state = 'approved', revision = revision + 1
 where run_id = :run_id and state = 'calculated';

-- query q_reward_results_unapprove :exec
-- in run_id i64
-- unscoped: a run is returned whole
update reward_result set state = 'calculated', revision = revision + 1
 where run_id = :run_id and state = 'approved';

-- query q_reward_attempt :one reward_number_row
-- in run_id i64, contract_id i64
-- unscoped: numbering is the system's
select cast(coalesce(max(r.attempt), 0) as bigint) as n from reward_result r
 where r.run_id = :run_id and r.contract_id = :contract_id;

-- What a new calculation of an unposted run replaces.
-- query q_reward_lines_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_line where result_id in (select r.id from reward_result r where r.run_id = :run_id);

-- query q_reward_measures_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_measure where result_id in (select r.id from reward_result r where r.run_id = :run_id);

-- query q_reward_derivations_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_derivation where result_id in (select r.id from reward_result r where r.run_id = :run_id);

-- query q_reward_results_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_result where run_id = :run_id;

-- query q_reward_derivation_add :id
-- in result_id i64, partner_id i64, key str, body str
insert into reward_derivation (result_id, partner_id, key, body)
values (:result_id, :partner_id, :key, :body) returning id;

-- query q_reward_line_add :bulk
-- in result_id i64, partner_id i64, scheme_version_id i64, derivation_id i64, key str, phase i64, position i64, event_seq i64, from_partner_id i64, occurred_at i64, base str, rate str, exact str, amount_minor i64, state str, hold str, hold_until_day i64?, due_day i64, note str, about str, gate str, gate_seq i64, gate_until i64?, gate_minor i64?
insert into reward_line (result_id, partner_id, scheme_version_id, derivation_id, key, phase, position, event_seq,
       from_partner_id, occurred_at, base, rate, exact, amount_minor, state, hold, hold_until_day, due_day, note, about,
       gate, gate_seq, gate_until, gate_minor)
values (:result_id, :partner_id, :scheme_version_id, :derivation_id, :key, :phase, :position, :event_seq,
       :from_partner_id, :occurred_at, :base, :rate, :exact, :amount_minor, :state, :hold, :hold_until_day, :due_day,
       :note, :about, :gate, :gate_seq, :gate_until, :gate_minor);

-- query q_reward_aside_add :bulk
-- in result_id i64, partner_id i64, scheme_version_id i64, derivation_id i64, kind i64, key str, position i64, event_seq i64, occurred_at i64, recipient str, unit str, base str, rate str, exact str, amount_minor i64, about str, note str, times i64
insert into reward_aside (result_id, partner_id, scheme_version_id, derivation_id, kind, key, position, event_seq,
       occurred_at, recipient, unit, base, rate, exact, amount_minor, about, note, times)
values (:result_id, :partner_id, :scheme_version_id, :derivation_id, :kind, :key, :position, :event_seq,
       :occurred_at, :recipient, :unit, :base, :rate, :exact, :amount_minor, :about, :note, :times);

-- row reward_aside_sum kind i64, amount_minor i64

-- Charges (3) and money for customers (4) of a result.
-- query q_reward_aside_sums :many reward_aside_sum
-- in result_id i64
-- bounded: one row a kind
-- unscoped: posting is the system's
select a.kind, cast(sum(a.amount_minor) as bigint) as amount_minor
  from reward_aside a where a.result_id = :result_id and a.kind in (3, 4) and a.unit = '' group by a.kind order by a.kind;

-- query q_reward_asides_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_aside where result_id in (select r.id from reward_result r where r.run_id = :run_id);

-- query q_reward_measure_add :bulk
-- in result_id i64, partner_id i64, derivation_id i64?, scheme_version_id i64, position i64, name str, value str, unit str, is_shown_to_partner bool
insert into reward_measure (result_id, partner_id, derivation_id, scheme_version_id, position, name, value, unit,
       is_shown_to_partner)
values (:result_id, :partner_id, :derivation_id, :scheme_version_id, :position, :name, :value, :unit,
       :is_shown_to_partner);

-- ---- posting ----

-- row reward_part_row hold str, amount_minor i64, lines i64

-- What a result's lines sum to, by their holds.
-- query q_reward_result_sums :many reward_part_row
-- in result_id i64
-- bounded: one row a set of hold reasons
-- unscoped: posting is the system's
select l.hold, cast(sum(l.amount_minor) as bigint) as amount_minor, count(*) as lines
  from reward_line l where l.result_id = :result_id group by l.hold order by l.hold;

-- query q_reward_lines_close :exec
-- in result_id i64, state str
-- unscoped: the caller found the result by q_reward_result
update reward_line set state = :state where result_id = :result_id;

-- row reward_due_row first_line_id i64, result_id i64, contract_id i64, partner_id i64, entity_id i64, currency str, due_day i64, was_held bool, amount_minor i64, lines i64, from_day i64, to_day i64

-- Lines of posted results that have become due and that nothing holds, by result and day.
-- query q_reward_due :many reward_due_row
-- in today i64
-- unscoped: a daily job of the system
select min(l.id) as first_line_id, l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency,
       l.due_day, (l.hold_until_day is not null) as was_held,
       cast(sum(l.amount_minor) as bigint) as amount_minor, count(*) as lines,
       n.from_day, n.to_day
  from reward_line l
  join reward_result r on r.id = l.result_id
  join reward_run n on n.id = r.run_id
 where l.state = 'pending' and l.due_day <= :today and r.state = 'posted'
   and (l.hold = '' or (l.hold = 'window' and l.hold_until_day <= :today))
 group by l.result_id, r.contract_id, r.partner_id, r.entity_id, r.currency, l.due_day,
          (l.hold_until_day is not null), n.from_day, n.to_day
 order by l.result_id, l.due_day limit 500;

-- The state is joined to nothing, so that the engine reads the lines of the result and not all that
-- are pending, which after a posting are the lines of a whole month.
-- query q_reward_lines_due :exec
-- in result_id i64, due_day i64, was_held bool, today i64
-- unscoped: a daily job of the system
update reward_line set state = 'due', hold = ''
 where result_id = :result_id and due_day = :due_day and state || '' = 'pending'
   and (hold_until_day is not null) = :was_held
   and (hold = '' or (hold = 'window' and hold_until_day <= :today));

-- row reward_transfer_row id i64

-- The transfers of a result that are not reversed, newest first.
-- query q_reward_transfers :many reward_transfer_row
-- in result_id i64
-- bounded: one accrual and one transfer per due day
select t.id from ledger_transfer t
 where t.source_kind = 'result' and t.source_id = :result_id and t.reverses_id is null
   and not exists (select 1 from ledger_transfer b where b.reverses_id = t.id)
 order by t.id desc;

-- ---- statements ----

-- query q_statement_add :id
-- in number str, result_id i64, contract_id i64, partner_id i64, entity_id i64, period str, from_day i64, to_day i64, currency str, total_minor i64, created_at i64
insert into statement (number, result_id, contract_id, partner_id, entity_id, period, from_day, to_day, state, currency,
       total_minor, created_at)
values (:number, :result_id, :contract_id, :partner_id, :entity_id, :period, :from_day, :to_day, 'draft', :currency,
       :total_minor, :created_at)
returning id;

-- row statement_row id i64, number str, result_id i64, contract_id i64, partner_id i64, entity_id i64, period str, from_day i64, to_day i64, state str, currency str, total_minor i64, created_at i64, sent_at i64?, revision i64

-- query q_statement_of_result :one statement_row
-- in result_id i64
select s.id, s.number, s.result_id, s.contract_id, s.partner_id, s.entity_id, s.period, s.from_day, s.to_day, s.state,
       s.currency, s.total_minor, s.created_at, s.sent_at, s.revision
  from statement s where s.result_id = :result_id and {{visible s}};

-- query q_statement :one statement_row
-- in id i64
select s.id, s.number, s.result_id, s.contract_id, s.partner_id, s.entity_id, s.period, s.from_day, s.to_day, s.state,
       s.currency, s.total_minor, s.created_at, s.sent_at, s.revision
  from statement s where s.id = :id and {{visible s}};

-- query q_statement_state :changed
-- in id i64, before str, state str, sent_at i64?
-- unscoped: the caller found it by q_statement
update statement set state = :state, sent_at = coalesce(:sent_at, sent_at), revision = revision + 1
 where id = :id and state = :before;

-- query q_statement_count :one reward_number_row
-- in entity_id i64, from_day i64
-- unscoped: numbering is the system's
select count(*) as n from statement s where s.entity_id = :entity_id and s.from_day = :from_day;

-- query q_reward_runs_calculated :each reward_id_row
select r.id from reward_run r
 where r.state in ('calculated', 'in_approval', 'approved', 'posted') order by r.id;

-- row reward_posted_row id i64, contract_id i64, partner_id i64, currency str, total_minor i64

-- query q_reward_posted_in :each reward_posted_row
-- in period str
-- unscoped: calculation is the system's
select r.id, r.contract_id, r.partner_id, r.currency, r.total_minor
  from reward_result r where r.period = :period and r.state = 'posted' order by r.contract_id, r.id;

-- query q_reward_derivation_ids :many reward_id_row
-- in result_id i64
-- bounded: the derivations of one result
select d.id from reward_derivation d where d.result_id = :result_id and {{visible d}} order by d.id;
