-- Figures that are kept with a result, and what the desk and the directory read of them and of the
-- ledger: never a line, never a fact.

-- query q_reward_sources_add :exec
-- in result_id i64, run_id i64, currency str
-- unscoped: the system stores a result
insert into reward_source (run_id, result_id, partner_id, scheme_id, currency, amount_minor, lines)
select :run_id, l.result_id, l.partner_id, v.scheme_id, :currency, sum(l.amount_minor), count(*)
  from reward_line l join scheme_version v on v.id = l.scheme_version_id
 where l.result_id = :result_id
 group by l.result_id, l.partner_id, v.scheme_id;

-- query q_reward_sales_set :exec
-- in result_id i64, sales_minor i64
-- unscoped: the system stores a result
update reward_result set sales_minor = :sales_minor where id = :result_id;

-- query q_reward_sources_drop :exec
-- in run_id i64
-- unscoped: a new calculation replaces the whole run
delete from reward_source where run_id = :run_id;

-- ---- the desk ----

-- row reward_source_row scheme_id i64, name str, currency str, amount_minor i64, partners i64

-- Which schemes gave the amounts of a run.
-- query q_reward_sources :many reward_source_row
-- in run_id i64
select s.id as scheme_id, s.name, x.currency, cast(sum(x.amount_minor) as bigint) as amount_minor,
       count(distinct x.partner_id) as partners
  from reward_source x
  join reward_result r on r.id = x.result_id
  join scheme s on s.id = x.scheme_id
 where x.run_id = :run_id and r.state not in ('rolled_back', 'excluded') and {{visible x}} and {{visible r}}
 group by s.id, s.name, x.currency
 order by amount_minor desc, s.id limit 60;

-- row reward_moved_row kind str, currency str, moved_minor i64

-- What has been booked since a day.
-- query q_reward_moved :many reward_moved_row
-- in day i64
-- bounded: one row a kind of account and currency
select a.kind, a.currency, cast(sum(e.amount_minor) as bigint) as moved_minor
  from ledger_transfer t
  join ledger_entry e on e.transfer_id = t.id
  join ledger_account a on a.id = e.account_id
 where t.posting_day >= :day
   and a.kind in ('partner:accrued', 'partner:held', 'partner:payable', 'partner:in_payment') and {{visible a}}
 group by a.kind, a.currency order by a.currency, a.kind;

-- ---- the directory ----

-- row reward_figure_row partner_id i64, what str, currency str, sales_minor i64?, amount_minor i64

-- Of a page of partners (a JSON list of ids): what a period and the one before gave, and what is
-- owed now.
-- query q_reward_partner_figures :many reward_figure_row
-- in ids str, period str, before str
-- bounded: three rows a partner and currency
-- sqlite:
select r.partner_id, case when r.period = :period then 'now' else 'before' end as what, r.currency,
       sum(r.sales_minor) as sales_minor, sum(r.total_minor) as amount_minor
  from reward_result r join reward_run n on n.id = r.run_id
 where r.partner_id in (select value from json_each(:ids)) and r.period in (:period, :before)
   and r.state not in ('rolled_back', 'excluded') and n.state <> 'superseded' and {{visible r}}
 group by r.partner_id, 2, r.currency
union all
select a.partner_id, 'balance', a.currency, null, -sum(b.balance_minor)
  from ledger_account a join ledger_balance b on b.account_id = a.id
 where a.partner_id in (select value from json_each(:ids))
   and a.kind in ('partner:accrued', 'partner:held', 'partner:payable', 'partner:in_payment', 'partner:receivable')
   and {{visible a}}
 group by a.partner_id, a.currency;
-- pg:
select r.partner_id, case when r.period = :period then 'now' else 'before' end as what, r.currency,
       cast(sum(r.sales_minor) as bigint) as sales_minor, cast(sum(r.total_minor) as bigint) as amount_minor
  from reward_result r join reward_run n on n.id = r.run_id
 where r.partner_id in (select cast(value as bigint) from jsonb_array_elements_text(cast(:ids as jsonb)))
   and r.period in (:period, :before)
   and r.state not in ('rolled_back', 'excluded') and n.state <> 'superseded' and {{visible r}}
 group by r.partner_id, 2, r.currency
union all
select a.partner_id, 'balance', a.currency, null, cast(-sum(b.balance_minor) as bigint)
  from ledger_account a join ledger_balance b on b.account_id = a.id
 where a.partner_id in (select cast(value as bigint) from jsonb_array_elements_text(cast(:ids as jsonb)))
   and a.kind in ('partner:accrued', 'partner:held', 'partner:payable', 'partner:in_payment', 'partner:receivable')
   and {{visible a}}
 group by a.partner_id, a.currency;
-- both:
