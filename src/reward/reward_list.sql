-- ---- runs ----

-- row reward_run_item id i64, period str, from_day i64, state str, contracts i64, incomplete i64, created_by i64?, created_at i64, calculated_at i64?, posted_at i64?, note str

-- list q_reward_run_list reward_run_item
-- filter state str: r.state = :state
-- filter period str: r.period = :period
-- sort period i64: r.from_day
-- sort created i64: r.created_at
-- id r.id
select r.id, r.period, r.from_day, r.state, r.contracts, r.incomplete, r.created_by, r.created_at, r.calculated_at,
       r.posted_at, r.note
  from reward_run r where {{filters}} {{page}};

-- row reward_total_row currency str, total_minor i64, results i64

-- query q_reward_run_totals :many reward_total_row
-- in run_id i64
-- bounded: one row a currency
select r.currency, cast(sum(r.total_minor) as bigint) as total_minor, count(*) as results
  from reward_result r
 where r.run_id = :run_id and r.state not in ('rolled_back', 'excluded') and {{visible r}}
 group by r.currency order by r.currency;

-- What a period gave, as posted.
-- query q_reward_period_totals :many reward_total_row
-- in period str
-- bounded: one row a currency
select r.currency, cast(sum(r.total_minor) as bigint) as total_minor, count(*) as results
  from reward_result r
 where r.period = :period and r.state = 'posted' and {{visible r}}
 group by r.currency order by r.currency;

-- row reward_state_count state str, n i64

-- query q_reward_run_states :many reward_state_count
-- in run_id i64
-- bounded: one row a state
select r.state, count(*) as n from reward_result r where r.run_id = :run_id and {{visible r}} group by r.state;

-- The newest run of a period that is worth looking at.
-- query q_reward_run_of_period :one reward_id_row
-- in period str
select r.id from reward_run r where r.period = :period and r.state <> 'superseded' order by r.id desc limit 1;

-- query q_reward_run_last :one reward_id_row
select r.id from reward_run r where r.state <> 'superseded' order by r.from_day desc, r.id desc limit 1;

-- query q_reward_job :one reward_id_row
-- in once_key str
select j.id from job j where j.once_key = :once_key and j.state in (1, 2);

-- ---- results of a run ----

-- row reward_result_item id i64, contract_id i64, contract_code str, partner_id i64, partner_code str, partner_name str, state str, events i64, lines i64, currency str, total_minor i64, before_minor i64?, statement_id i64?, attempt i64, reason str

-- list q_reward_result_list reward_result_item
-- in run_id i64, before str
-- filter state str: r.state = :state
-- filter q str: (p.name_fold like '%' || :q || '%' or c.code_fold like '%' || :q || '%' or lower(p.code) = :q)
-- sort partner str: p.name_sort
-- sort total i64: r.total_minor
-- sort events i64: r.events
-- id r.id
-- unindexed: the results of one run
select r.id, r.contract_id, c.code as contract_code, r.partner_id, p.code as partner_code, p.name as partner_name,
       r.state, r.events, r.lines, r.currency, r.total_minor,
       (select b.total_minor from reward_result b
         where b.contract_id = r.contract_id and b.period = :before and b.state = 'posted'
           and b.currency = r.currency limit 1) as before_minor,
       (select s.id from statement s where s.result_id = r.id) as statement_id, r.attempt, r.reason
  from reward_result r join partner p on p.id = r.partner_id join contract c on c.id = r.contract_id
 where r.run_id = :run_id and {{visible r}} and {{filters}} {{page}};

-- row reward_incomplete_row id i64, contract_id i64, contract_code str, partner_name str, warnings str

-- query q_reward_incomplete :many reward_incomplete_row
-- in run_id i64
select r.id, r.contract_id, c.code as contract_code, p.name as partner_name, r.warnings
  from reward_result r join partner p on p.id = r.partner_id join contract c on c.id = r.contract_id
 where r.run_id = :run_id and r.state = 'incomplete' and {{visible r}} order by r.id limit 50;

-- row reward_event_id source str, external_id str

-- query q_reward_event :one reward_event_id
-- in seq i64
select t.source, t.external_id from event_tail t where t.seq = :seq and {{visible t}};

-- ---- statements ----

-- row statement_item id i64, number str, result_id i64, period str, from_day i64, state str, partner_id i64, partner_code str, partner_name str, contract_code str, currency str, total_minor i64, created_at i64, sent_at i64?

-- list q_statement_list statement_item
-- filter state str[]: s.state in (:state)
-- filter period str: s.period = :period
-- filter partner i64: s.partner_id = :partner
-- filter q str: (p.name_fold like '%' || :q || '%' or lower(s.number) like '%' || :q || '%' or c.code_fold like '%' || :q || '%')
-- sort period i64: s.from_day
-- sort total i64: s.total_minor
-- id s.id
select s.id, s.number, s.result_id, s.period, s.from_day, s.state, s.partner_id, p.code as partner_code,
       p.name as partner_name, c.code as contract_code, s.currency, s.total_minor, s.created_at, s.sent_at
  from statement s join partner p on p.id = s.partner_id join contract c on c.id = s.contract_id
 where {{visible s}} and {{filters}} {{page}};

-- query q_statement_drafts :many reward_id_row
-- in run_id i64
-- bounded: the contracts of a run
-- unscoped: a run's statements are sent together
select s.id from statement s join reward_result r on r.id = s.result_id
 where r.run_id = :run_id and s.state = 'draft' order by s.id;

-- row statement_count_row drafts i64, sent i64, total i64, paid i64

-- query q_statement_counts :one statement_count_row
-- in period str
select cast(coalesce(sum(case when s.state = 'draft' then 1 else 0 end), 0) as bigint) as drafts,
       cast(coalesce(sum(case when s.state not in ('draft', 'superseded') then 1 else 0 end), 0) as bigint) as sent,
       cast(coalesce(sum(case when s.state <> 'superseded' then 1 else 0 end), 0) as bigint) as total,
       cast(coalesce(sum(case when s.state not in ('draft', 'superseded') and not exists (
           select 1 from reward_line l where l.result_id = r.id and l.state in ('pending', 'due', 'in_payment')
              and {{visible l}}) then 1 else 0 end), 0) as bigint) as paid
  from reward_result r join statement s on s.result_id = r.id
 where r.period = :period and {{visible s}} and {{visible r}};

-- row reward_sum_row state str, is_held bool, first_due_day i64, due_day i64, held_until i64?, amount_minor i64, lines i64

-- The lines of a result by state: what its four figures are made of.
-- query q_reward_figures :many reward_sum_row
-- in result_id i64
-- bounded: one row a state
select l.state, (l.hold <> '') as is_held, min(l.due_day) as first_due_day, max(l.due_day) as due_day,
       max(l.hold_until_day) as held_until, cast(sum(l.amount_minor) as bigint) as amount_minor, count(*) as lines
  from reward_line l where l.result_id = :result_id and {{visible l}}
 group by l.state, (l.hold <> '') order by l.state, (l.hold <> '');

-- row reward_paper_row partner_code str, partner_name str, partner_legal_name str, partner_tax_number str, contract_code str, entity_name str, entity_tax_number str, entity_country str, entity_postcode str, entity_city str, entity_line str, nature str

-- query q_reward_paper :one reward_paper_row
-- in contract_id i64
select p.code as partner_code, p.name as partner_name, p.legal_name as partner_legal_name,
       p.tax_number as partner_tax_number, c.code as contract_code, e.name as entity_name,
       e.tax_number as entity_tax_number, e.address_country as entity_country,
       e.address_postcode as entity_postcode, e.address_city as entity_city, e.address_line as entity_line, c.nature
  from contract c join partner p on p.id = c.partner_id join legal_entity e on e.id = c.entity_id
 where c.id = :contract_id and {{visible c}} and {{visible p}};

-- ---- why it is more or less ----

-- query q_reward_result_of_period :one reward_id_row
-- in contract_id i64, period str
select r.id from reward_result r
 where r.contract_id = :contract_id and r.period = :period and r.state in ('posted', 'approved', 'calculated')
   and {{visible r}}
 order by (case when r.state = 'posted' then 0 else 1 end), r.id desc limit 1;

-- query q_reward_derivations_of_key :many reward_derivation_row
-- in result_id i64, key str
select d.id, d.result_id, d.key, d.body from reward_derivation d
 where d.result_id = :result_id and d.key = :key and {{visible d}} order by d.id limit 200;

-- row reward_exact_row derivation_id i64, exact str, amount_minor i64

-- query q_reward_exacts :each reward_exact_row
-- in result_id i64, key str
select l.derivation_id, l.exact, l.amount_minor from reward_line l
 where l.result_id = :result_id and l.key = :key and {{visible l}};

-- row reward_note_row note str, amount_minor i64

-- query q_reward_notes :many reward_note_row
-- in result_id i64, key str
select l.note, cast(sum(l.amount_minor) as bigint) as amount_minor
  from reward_line l where l.result_id = :result_id and l.key = :key and l.note <> '' and {{visible l}}
 group by l.note order by l.note limit 1000;

-- ---- the desk ----

-- query q_reward_contracts_in :one reward_number_row
-- in from_day i64, to_day i64
select count(*) as n from contract c
 where c.state in ('active', 'suspended', 'expired', 'terminated') and c.archived_at is null
   and c.from_day < :to_day and c.to_day > :from_day and {{visible c}};

-- row reward_balance_row kind str, currency str, balance_minor i64

-- query q_reward_balances :many reward_balance_row
-- bounded: one row a kind of account and currency
select a.kind, a.currency, cast(sum(b.balance_minor) as bigint) as balance_minor
  from ledger_account a join ledger_balance b on b.account_id = a.id
 where a.kind in ('partner:accrued', 'partner:held', 'partner:payable', 'partner:in_payment') and {{visible a}}
 group by a.kind, a.currency order by a.currency, a.kind;

-- row reward_month_row period str, currency str, total_minor i64

-- query q_reward_months :many reward_month_row
-- in from_day i64
-- bounded: twelve months and the currencies
select r.period, r.currency, cast(sum(r.total_minor) as bigint) as total_minor
  from reward_run n join reward_result r on r.run_id = n.id
 where n.from_day >= :from_day and r.state = 'posted' and {{visible r}}
 group by r.period, r.currency order by r.period;

-- What is calculated and not yet posted.
-- query q_reward_months_open :many reward_month_row
-- in from_day i64
-- bounded: twelve months and the currencies
select r.period, r.currency, cast(sum(r.total_minor) as bigint) as total_minor
  from reward_run n join reward_result r on r.run_id = n.id
 where n.from_day >= :from_day and n.state not in ('posted', 'superseded')
   and r.state not in ('posted', 'rolled_back', 'excluded') and {{visible r}}
 group by r.period, r.currency order by r.period;

-- What the partner was told.
-- query q_statement_months :many reward_month_row
-- in from_day i64, partner_id i64
-- bounded: twelve months and the currencies
select s.period, s.currency, cast(sum(s.total_minor) as bigint) as total_minor
  from statement s
 where s.partner_id = :partner_id and s.from_day >= :from_day and s.state not in ('draft', 'superseded')
   and {{visible s}}
 group by s.period, s.currency order by s.period;

-- row reward_waiting_row id i64, kind str, label str, amount_minor i64?, currency str?, branch_id i64?, requested_by i64?, requested_name str, requested_at i64, permission str

-- query q_reward_waiting :many reward_waiting_row
select a.id, a.kind, a.label, a.amount_minor, a.currency, a.branch_id, a.requested_by, a.requested_name,
       a.requested_at, s.permission
  from approval a join approval_stage s on s.approval_id = a.id and s.state = 'open'
 where a.state = 'open' order by a.requested_at limit 50;

-- row reward_failed_job id i64, kind str, title str, error str?, created_by i64?, created_name str, finished_at i64?

-- query q_reward_failed_jobs :many reward_failed_job
-- in since i64
select j.id, j.kind, j.title, j.error, j.created_by, j.created_name, j.finished_at
  from job j where j.state = 4 and j.created_at >= :since order by j.created_at desc, j.id desc limit 5;

-- row reward_open_run id i64, period str, state str, incomplete i64, created_by i64?, created_at i64, calculated_at i64?

-- Runs that wait for somebody.
-- query q_reward_open_runs :many reward_open_run
select r.id, r.period, r.state, r.incomplete, r.created_by, r.created_at, r.calculated_at
  from reward_run r where r.state not in ('posted', 'superseded') order by r.from_day, r.id limit 10;

-- ---- the portal ----

-- row reward_pay_row due_day i64, currency str, amount_minor i64, lines i64, first_statement_id i64, last_statement_id i64

-- When a partner gets what: lines that nothing holds, by day.
-- query q_reward_pay_days :many reward_pay_row
-- in partner_id i64, from_period str
-- bounded: days of a few months
select l.due_day, r.currency, cast(sum(l.amount_minor) as bigint) as amount_minor, count(*) as lines,
       min(s.id) as first_statement_id, max(s.id) as last_statement_id
  from reward_result r join reward_line l on l.result_id = r.id join statement s on s.result_id = r.id
 where r.partner_id = :partner_id and r.period >= :from_period and r.state = 'posted' and l.hold = ''
   and s.state not in ('draft', 'superseded')
   and l.state in ('pending', 'due') and {{visible r}} and {{visible l}}
 group by l.due_day, r.currency order by l.due_day, r.currency;

-- row reward_bank_row bank_name str, number_tail str

-- query q_reward_bank :one reward_bank_row
-- in partner_id i64
select b.bank_name, b.number_tail from partner_bank b
 where b.partner_id = :partner_id and b.archived_at is null and {{visible b}}
 order by b.is_main desc, b.id limit 1;

-- query q_reward_contracts_of :many reward_id_row
-- in partner_id i64, today i64
select c.id from contract c
 where c.partner_id = :partner_id and c.state = 'active' and c.from_day <= :today and c.to_day > :today
   and {{visible c}} order by c.from_day, c.id limit 3;

-- query q_reward_lines_of_result :each reward_line_row
-- in result_id i64
select l.id, l.result_id, l.scheme_version_id, l.derivation_id, l.key, l.phase, l.event_seq, l.occurred_at, l.base, l.rate,
       l.exact, l.amount_minor, l.state, l.hold, l.hold_until_day, l.due_day, l.note
  from reward_line l where l.result_id = :result_id and {{visible l}} order by l.position;
