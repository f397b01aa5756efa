-- What is asked for and how it ended. While a job runs its row is only read (and locked by its own
-- transactions); what moves meanwhile is job_live.
create table job (
    id {{pk}},
    kind {{text}} not null,
    lane {{i64}} not null,
    title {{text}} not null,
    payload {{text}} not null,
    once_key {{text}},
    state {{i64}} not null check (state between 1 and 5),
    fence {{i64}} not null default 0,
    tries {{i64}} not null default 0,
    tries_max {{i64}} not null,
    run_at {{i64}} not null,
    as_kind {{i64}} not null,
    as_user_id {{i64}},
    as_partner_id {{i64}},
    as_all_branches {{i64}} not null,
    as_name {{text}} not null,
    as_lang {{text}} not null,
    message {{text}},
    args {{text}} not null default '[]',
    link {{text}},
    file_id {{i64}},
    error {{text}},
    error_code {{text}},
    created_by {{i64}},
    created_name {{text}} not null,
    created_at {{i64}} not null,
    started_at {{i64}},
    finished_at {{i64}}
);
create unique index job_once on job (once_key) where once_key is not null and state in (1, 2);
create index job_due on job (run_at, id) where state = 1;
create index job_running on job (id) where state = 2;
create index job_created on job (created_at, id);
create index job_state on job (state, created_at, id);
create index job_kind on job (kind, created_at, id);
create index job_mine on job (created_by, created_at, id);

-- Lease, progress and the wish to stop: written by the keeper and by people while the job's own
-- transaction may hold its row for long.
create table job_live (
    job_id {{i64}} primary key references job (id) on delete cascade,
    fence {{i64}} not null,
    node {{text}} not null,
    lease_until {{i64}} not null,
    done {{i64}} not null,
    total {{i64}} not null,
    unit {{text}},
    cancel_at {{i64}}
);
create index job_live_lease on job_live (lease_until);

-- The last due time that was turned into a job.
create table job_schedule (
    name {{text}} primary key,
    due_at {{i64}} not null
);

create table job_tick (
    name {{text}} primary key,
    ran_at {{i64}} not null
);

create table outbox (
    id {{pk}},
    topic {{text}} not null,
    key {{text}} not null,
    payload {{text}} not null,
    created_at {{i64}} not null
);
create index outbox_created on outbox (created_at, id);

-- One row a subscriber until it was delivered; parked ones wait for staff.
create table outbox_delivery (
    id {{pk}},
    message_id {{i64}} not null references outbox (id),
    subscriber {{text}} not null,
    topic {{text}} not null,
    key {{text}} not null,
    tries {{i64}} not null default 0,
    next_at {{i64}} not null,
    parked_at {{i64}},
    error {{text}}
);
create index outbox_delivery_order on outbox_delivery (subscriber, topic, key, message_id);
create index outbox_delivery_due on outbox_delivery (next_at, id) where parked_at is null;
create index outbox_delivery_message on outbox_delivery (message_id);
