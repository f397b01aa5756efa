-- row ledger_id id i64

-- query q_ledger_account_find :one ledger_id
-- in entity_id i64, partner_id i64, contract_id i64, currency str, kind str
-- unscoped: who may post was decided before; the company's own accounts have no partner
select a.id from ledger_account a
 where a.entity_id = :entity_id and a.partner_id = :partner_id and a.contract_id = :contract_id
   and a.currency = :currency and a.kind = :kind;

-- query q_ledger_account_add :id
-- in entity_id i64, partner_id i64, contract_id i64, currency str, kind str
insert into ledger_account (entity_id, partner_id, contract_id, currency, kind)
values (:entity_id, :partner_id, :contract_id, :currency, :kind)
on conflict (entity_id, partner_id, contract_id, currency, kind) do update set kind = excluded.kind
returning id;

-- row ledger_transfer_row id i64, idempotency_key str, reason str, posting_day i64, service_from_day i64, service_to_day i64, source_kind str, source_id i64, reverses_id i64?

-- query q_ledger_transfer_by_key :one ledger_transfer_row
-- in idempotency_key str
select t.id, t.idempotency_key, t.reason, t.posting_day, t.service_from_day, t.service_to_day,
       t.source_kind, t.source_id, t.reverses_id
  from ledger_transfer t where t.idempotency_key = :idempotency_key;

-- query q_ledger_transfer_by_id :one ledger_transfer_row
-- in id i64
select t.id, t.idempotency_key, t.reason, t.posting_day, t.service_from_day, t.service_to_day,
       t.source_kind, t.source_id, t.reverses_id
  from ledger_transfer t where t.id = :id;

-- query q_ledger_reversal_of :one ledger_id
-- in id i64
select t.id from ledger_transfer t where t.reverses_id = :id;

-- query q_ledger_transfer_add :id
-- in idempotency_key str, reason str, posted_at i64, posting_day i64, service_from_day i64, service_to_day i64, source_kind str, source_id i64, reverses_id i64?, created_by i64?
insert into ledger_transfer (idempotency_key, reason, posted_at, posting_day, service_from_day,
       service_to_day, source_kind, source_id, reverses_id, created_by)
values (:idempotency_key, :reason, :posted_at, :posting_day, :service_from_day,
       :service_to_day, :source_kind, :source_id, :reverses_id, :created_by)
returning id;

-- query q_ledger_entry_add :bulk
-- in transfer_id i64, account_id i64, amount_minor i64
insert into ledger_entry (transfer_id, account_id, amount_minor)
values (:transfer_id, :account_id, :amount_minor);

-- No row changes where the sum would not fit: the engines would each fail in their own way.
-- query q_ledger_balance_add :bulk
-- in account_id i64, amount_minor i64, entries i64
insert into ledger_balance (account_id, balance_minor, entries)
values (:account_id, :amount_minor, :entries)
on conflict (account_id) do update
   set balance_minor = ledger_balance.balance_minor + excluded.balance_minor,
       entries = ledger_balance.entries + excluded.entries
 where case when excluded.balance_minor > 0
            then ledger_balance.balance_minor <= 9223372036854775807 - excluded.balance_minor
            else ledger_balance.balance_minor >= -9223372036854775807 - excluded.balance_minor end;

-- row ledger_leg_row kind str, entity_id i64, partner_id i64, contract_id i64, currency str, amount_minor i64

-- query q_ledger_legs :many ledger_leg_row
-- in transfer_id i64
-- bounded: a transfer has at most 64 legs
-- unscoped: read to be mirrored, not to be shown
select a.kind, a.entity_id, a.partner_id, a.contract_id, a.currency, e.amount_minor
  from ledger_entry e join ledger_account a on a.id = e.account_id
 where e.transfer_id = :transfer_id order by e.id;

-- row ledger_amount amount_minor i64

-- query q_ledger_balance :one ledger_amount
-- in entity_id i64, partner_id i64, contract_id i64, currency str, kind str
select b.balance_minor as amount_minor
  from ledger_account a join ledger_balance b on b.account_id = a.id
 where a.entity_id = :entity_id and a.partner_id = :partner_id and a.contract_id = :contract_id
   and a.currency = :currency and a.kind = :kind and {{visible a}};

-- row ledger_kind_sum currency str, kind str, amount_minor i64

-- query q_ledger_positions :many ledger_kind_sum
-- in partner_id i64, contract_id i64
-- bounded: kinds times currencies
select a.currency, a.kind, cast(sum(b.balance_minor) as bigint) as amount_minor
  from ledger_account a join ledger_balance b on b.account_id = a.id
 where a.partner_id = :partner_id and (:contract_id = 0 or a.contract_id = :contract_id)
   and {{visible a}}
 group by a.currency, a.kind order by a.currency, a.kind;

-- query q_ledger_close_add :exec
-- in entity_id i64, from_day i64, to_day i64, closed_at i64, closed_by i64?
insert into ledger_close (entity_id, from_day, to_day, closed_at, closed_by)
values (:entity_id, :from_day, :to_day, :closed_at, :closed_by);

-- query q_ledger_closed_on :one ledger_id
-- in entity_id i64, day i64
select c.id from ledger_close c
 where c.entity_id = :entity_id and c.from_day <= :day and :day < c.to_day limit 1;

-- query q_ledger_close_overlap :one ledger_id
-- in entity_id i64, from_day i64, to_day i64
select c.id from ledger_close c
 where c.entity_id = :entity_id and c.from_day < :to_day and :from_day < c.to_day limit 1;

-- row ledger_totals transfers i64, entries i64, accounts i64

-- query q_ledger_totals :one ledger_totals
-- unscoped: verify looks at the whole ledger
select (select count(*) from ledger_transfer) as transfers,
       (select count(*) from ledger_entry) as entries,
       (select count(*) from ledger_account) as accounts;

-- row ledger_problem id i64, currency str, amount_minor i64

-- query q_ledger_unbalanced :many ledger_problem
-- unscoped: verify looks at the whole ledger
select e.transfer_id as id, a.currency, cast(sum(e.amount_minor) as bigint) as amount_minor
  from ledger_entry e join ledger_account a on a.id = e.account_id
 group by e.transfer_id, a.currency having sum(e.amount_minor) <> 0
 order by e.transfer_id, a.currency limit 1000;

-- query q_ledger_wrong_balances :many ledger_problem
-- unscoped: verify looks at the whole ledger
select a.id, a.currency,
       cast(coalesce(b.balance_minor, 0) - coalesce(s.amount_minor, 0) as bigint) as amount_minor
  from ledger_account a
  left join ledger_balance b on b.account_id = a.id
  left join (select e.account_id, sum(e.amount_minor) as amount_minor, count(*) as entries
               from ledger_entry e group by e.account_id) s on s.account_id = a.id
 where coalesce(b.balance_minor, 0) <> coalesce(s.amount_minor, 0)
    or coalesce(b.entries, 0) <> coalesce(s.entries, 0)
 order by a.id limit 1000;

-- query q_ledger_wrong_reversals :many ledger_problem
-- unscoped: verify looks at the whole ledger
select t.id, a.currency, cast(sum(e.amount_minor) as bigint) as amount_minor
  from ledger_transfer t
  join ledger_entry e on e.transfer_id = t.id or e.transfer_id = t.reverses_id
  join ledger_account a on a.id = e.account_id
 where t.reverses_id is not null
 group by t.id, a.id, a.currency having sum(e.amount_minor) <> 0
 order by t.id, a.currency limit 1000;
