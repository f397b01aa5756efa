-- Append-only. A digest is a commitment to the texts beside it under a random salt; erasing takes
-- texts and salt and leaves the digest, so that the chain over digests still holds.
-- owner: partner_id
create table audit (
    id {{pk}},
    at {{i64}} not null,
    actor_kind {{i64}} not null,
    user_id {{i64}},
    partner_id {{i64}},
    request_id {{text}} not null,
    action {{text}} not null,
    record {{text}} not null,
    record_id {{i64}} not null,
    message_id {{i64}},
    actor {{text}},
    address {{text}},
    actor_salt {{blob}},
    actor_digest {{blob}} not null,
    label {{text}},
    label_salt {{blob}},
    label_digest {{blob}} not null
);
create index audit_at on audit (at, id);
create index audit_record on audit (record, record_id, id);
create index audit_user on audit (user_id, at, id);
create index audit_action on audit (action, at, id);
-- A message of the outbox is written down once.
create unique index audit_message on audit (message_id) where message_id is not null;

create table audit_change (
    id {{pk}},
    audit_id {{i64}} not null references audit (id),
    place {{i64}} not null,
    field {{text}} not null,
    before {{text}},
    after {{text}},
    salt {{blob}},
    digest {{blob}} not null
);
create unique index audit_change_place on audit_change (audit_id, place);

-- Committed and not yet chained.
create table audit_pending (
    audit_id {{i64}} primary key references audit (id)
);

create table audit_chain (
    seq {{i64}} primary key,
    audit_id {{i64}} not null references audit (id),
    hash {{blob}} not null
);
create unique index audit_chain_audit on audit_chain (audit_id);
