-- Double entry, append-only. An account is a kind per legal entity, partner, contract and currency;
-- 0 stands for "none" where an account is the company's own, so that uniqueness holds on both engines.
-- owner: partner_id
create table ledger_account (
    id {{pk}},
    kind {{text}} not null,
    entity_id {{i64}} not null,
    partner_id {{i64}} not null,
    contract_id {{i64}} not null,
    currency {{text}} not null
);
create unique index ledger_account_once on ledger_account (entity_id, partner_id, contract_id, currency, kind);
create index ledger_account_of_partner on ledger_account (partner_id, kind);

-- Every transfer sums to zero. The key makes posting idempotent: a second transfer of the same key
-- is the first one.
create table ledger_transfer (
    id {{pk}},
    idempotency_key {{text}} not null,
    reason {{text}} not null,
    -- the instant of posting, and the day (since 1970-01-01) that it belongs to in the books
    posted_at {{i64}} not null,
    posting_day {{i64}} not null,
    -- the service period, half-open days
    service_from_day {{i64}} not null,
    service_to_day {{i64}} not null,
    source_kind {{text}} not null,
    source_id {{i64}} not null,
    reverses_id {{i64}} references ledger_transfer (id),
    created_by {{i64}}
);
create unique index ledger_transfer_key on ledger_transfer (idempotency_key);
create unique index ledger_transfer_reverses on ledger_transfer (reverses_id) where reverses_id is not null;
create index ledger_transfer_source on ledger_transfer (source_kind, source_id);

-- amount_minor: a debit is positive, a credit negative.
create table ledger_entry (
    id {{pk}},
    transfer_id {{i64}} not null references ledger_transfer (id),
    account_id {{i64}} not null references ledger_account (id),
    amount_minor {{i64}} not null check (amount_minor <> 0)
);
create index ledger_entry_account on ledger_entry (account_id, id);
create index ledger_entry_transfer on ledger_entry (transfer_id);

-- Derived from the entries in the same transaction, and checked by verify.
create table ledger_balance (
    account_id {{i64}} primary key references ledger_account (id),
    balance_minor {{i64}} not null,
    entries {{i64}} not null
);

-- Closed months take no entries: [from_day, to_day) of a legal entity.
create table ledger_close (
    id {{pk}},
    entity_id {{i64}} not null,
    from_day {{i64}} not null,
    to_day {{i64}} not null,
    closed_at {{i64}} not null,
    closed_by {{i64}}
);
create unique index ledger_close_once on ledger_close (entity_id, from_day);

-- sqlite:
create trigger ledger_entry_frozen_update before update on ledger_entry begin select raise(abort, 'ledger entries are append-only'); end;
create trigger ledger_entry_frozen_delete before delete on ledger_entry begin select raise(abort, 'ledger entries are append-only'); end;
create trigger ledger_transfer_frozen_update before update on ledger_transfer begin select raise(abort, 'ledger transfers are append-only'); end;
create trigger ledger_transfer_frozen_delete before delete on ledger_transfer begin select raise(abort, 'ledger transfers are append-only'); end;
-- pg:
create function ledger_frozen() returns trigger language plpgsql as $$ begin raise exception 'the ledger is append-only'; end $$;
create trigger ledger_entry_frozen before update or delete on ledger_entry for each row execute function ledger_frozen();
create trigger ledger_transfer_frozen before update or delete on ledger_transfer for each row execute function ledger_frozen();
-- both:
