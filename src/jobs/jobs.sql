-- The queue. A job has no partner of its own: it is reached by who started it or by staff with
-- job.read, which job_find checks.

-- row job_id_row id i64

-- row job_row id i64, kind str, title str, payload str, state i64, fence i64, tries i64, tries_max i64, run_at i64, as_kind i64, as_user_id i64?, as_partner_id i64?, as_all_branches i64, as_name str, as_lang str, message str?, args str, link str?, file_id i64?, error str?, error_code str?, created_by i64?, created_name str, created_at i64, started_at i64?, finished_at i64?, done i64?, total i64?, unit str?, cancel_at i64?
-- query q_job_find :one job_row
-- in id i64
select j.id, j.kind, j.title, j.payload, j.state, j.fence, j.tries, j.tries_max, j.run_at,
       j.as_kind, j.as_user_id, j.as_partner_id, j.as_all_branches, j.as_name, j.as_lang, j.message, j.args,
       j.link, j.file_id, j.error, j.error_code, j.created_by, j.created_name, j.created_at,
       j.started_at, j.finished_at, l.done, l.total, l.unit, l.cancel_at
  from job j left join job_live l on l.job_id = j.id
 where j.id = :id;

-- query q_job_add :id
-- in kind str, lane i64, title str, payload str, once_key str?, tries_max i64, run_at i64, as_kind i64, as_user_id i64?, as_partner_id i64?, as_all_branches i64, as_name str, as_lang str, created_by i64?, created_name str, now i64
insert into job (kind, lane, title, payload, once_key, state, tries_max, run_at, as_kind,
                 as_user_id, as_partner_id, as_all_branches, as_name, as_lang, created_by, created_name,
                 created_at)
values (:kind, :lane, :title, :payload, :once_key, 1, :tries_max, :run_at, :as_kind, :as_user_id,
        :as_partner_id, :as_all_branches, :as_name, :as_lang, :created_by, :created_name, :now)
returning id;

-- Two that enqueue the same key at once: the second waits here and then finds the first's job.
-- query q_job_add_once :many job_id_row
-- in kind str, lane i64, title str, payload str, once_key str, tries_max i64, run_at i64, as_kind i64, as_user_id i64?, as_partner_id i64?, as_all_branches i64, as_name str, as_lang str, created_by i64?, created_name str, now i64
-- bounded: one row
insert into job (kind, lane, title, payload, once_key, state, tries_max, run_at, as_kind,
                 as_user_id, as_partner_id, as_all_branches, as_name, as_lang, created_by, created_name,
                 created_at)
values (:kind, :lane, :title, :payload, :once_key, 1, :tries_max, :run_at, :as_kind, :as_user_id,
        :as_partner_id, :as_all_branches, :as_name, :as_lang, :created_by, :created_name, :now)
on conflict (once_key) where once_key is not null and state in (1, 2) do nothing
returning id;

-- query q_job_by_once_key :one job_id_row
-- in once_key str
select id from job where once_key = :once_key and state in (1, 2);

-- A look without a lock: an idle worker writes nothing.
-- query q_job_is_due :one job_id_row
-- in now i64, lanes i64
select j.id from job j
 where j.state = 1 and j.run_at <= :now and (j.lane & :lanes) <> 0
 order by j.run_at, j.id
 limit 1;

-- query q_job_next :one job_id_row
-- in now i64, lanes i64
-- sqlite:
select j.id from job j
 where j.state = 1 and j.run_at <= :now and (j.lane & :lanes) <> 0
 order by j.run_at, j.id
 limit 1;
-- pg:
select j.id from job j
 where j.state = 1 and j.run_at <= :now and (j.lane & :lanes) <> 0
 order by j.run_at, j.id
 limit 1
 for update skip locked;

-- row job_due_now n i64
-- query q_job_due_now :one job_due_now
-- in now i64
select cast(case when exists (select 1 from job where state = 1 and run_at <= :now)
                   or exists (select 1 from outbox_delivery
                               where parked_at is null and next_at <= :now)
                 then 1 else 0 end as bigint) as n;

-- query q_job_lock :one job_id_row
-- in id i64
-- sqlite:
select id from job where id = :id;
-- pg:
select id from job where id = :id for update skip locked;

-- query q_job_lost :one job_id_row
-- in now i64
select j.id from job j join job_live l on l.job_id = j.id
 where j.state = 2 and l.lease_until < :now
 order by j.id
 limit 1;

-- Its worker may still be inside a transaction that checked the lease: then the row is locked and
-- passed over.
-- query q_job_lost_lock :one job_id_row
-- in now i64
-- sqlite:
select j.id from job j join job_live l on l.job_id = j.id
 where j.state = 2 and l.lease_until < :now
 order by j.id
 limit 1;
-- pg:
select j.id from job j join job_live l on l.job_id = j.id
 where j.state = 2 and l.lease_until < :now
 order by j.id
 limit 1
 for update of j skip locked;

-- query q_job_take :changed
-- in id i64, now i64
update job set state = 2, fence = fence + 1, tries = tries + 1, started_at = :now
 where id = :id and state in (1, 2);

-- query q_job_live_put :exec
-- in job_id i64, fence i64, node str, lease_until i64
insert into job_live (job_id, fence, node, lease_until, done, total)
values (:job_id, :fence, :node, :lease_until, 0, 0)
on conflict (job_id) do update
   set fence = excluded.fence, node = excluded.node, lease_until = excluded.lease_until,
       done = 0, total = 0, unit = null;

-- query q_job_live_beat :changed
-- in job_id i64, fence i64, lease_until i64, done i64, total i64, unit str?
update job_live
   set lease_until = :lease_until, done = :done, total = :total, unit = :unit
 where job_id = :job_id and fence = :fence;

-- row job_live_row fence i64, cancel_at i64?
-- query q_job_live :one job_live_row
-- in job_id i64
select fence, cancel_at from job_live where job_id = :job_id;

-- The guard of a job's transactions: on PostgreSQL nobody can take the job over until they end.
-- query q_job_guard :one job_id_row
-- in id i64, fence i64
-- sqlite:
select id from job where id = :id and fence = :fence and state = 2;
-- pg:
select id from job where id = :id and fence = :fence and state = 2 for share;

-- query q_job_finish :changed
-- in id i64, fence i64, state i64, message str?, args str, link str?, file_id i64?, error str?, error_code str?, now i64
update job
   set state = :state, message = :message, args = :args, link = :link, file_id = :file_id,
       error = :error, error_code = :error_code, finished_at = :now
 where id = :id and fence = :fence and state = 2;

-- query q_job_put_back :changed
-- in id i64, fence i64, run_at i64, tries_back i64, args str, error str?, error_code str?
update job
   set state = 1, fence = fence + 1, run_at = :run_at, tries = tries - :tries_back, args = :args,
       error = :error, error_code = :error_code
 where id = :id and fence = :fence and state = 2;

-- One process owns a SQLite database, so whoever held these leases is dead.
-- query q_job_release_all :exec
-- in now i64
update job_live set lease_until = :now - 1
 where job_id in (select id from job where state = 2);

-- query q_job_cancel_queued :changed
-- in id i64, now i64
update job set state = 5, finished_at = :now where id = :id and state = 1;

-- query q_job_cancel_running :exec
-- in id i64, now i64
update job_live set cancel_at = :now where job_id = :id and cancel_at is null;

-- query q_job_cancel_forget :exec
-- in id i64
update job_live set cancel_at = null where job_id = :id;

-- query q_job_retry :changed
-- in id i64, now i64
update job
   set state = 1, fence = fence + 1, tries = 0, run_at = :now, finished_at = null, message = null,
       error = null, error_code = null, args = '[]', link = null, file_id = null
 where id = :id and state in (4, 5);

-- Without what they work on: it may be large.
-- list q_job_list job_row
-- filter state i64: j.state = :state
-- filter kind str: j.kind = :kind
-- filter created_by i64: j.created_by = :created_by
-- sort created i64: j.created_at
-- id j.id
select j.id, j.kind, j.title, '' as payload, j.state, j.fence, j.tries, j.tries_max, j.run_at,
       j.as_kind, j.as_user_id, j.as_partner_id, j.as_all_branches, j.as_name, j.as_lang, j.message, j.args,
       j.link, j.file_id, j.error, j.error_code, j.created_by, j.created_name, j.created_at,
       j.started_at, j.finished_at, l.done, l.total, l.unit, l.cancel_at
  from job j left join job_live l on l.job_id = j.id
 where {{filters}} {{page}};

-- row job_count n i64
-- query q_job_count_due :one job_count
-- in now i64
select count(*) as n from job where state = 1 and run_at <= :now;

-- query q_job_remove_old :exec
-- in done_before i64, failed_before i64
delete from job
 where (state in (3, 5) and finished_at < :done_before)
    or (state = 4 and finished_at < :failed_before);

-- ---- schedules and ticks ----

-- row job_due_row due_at i64
-- query q_schedule_find :one job_due_row
-- in name str
select due_at from job_schedule where name = :name;

-- query q_schedule_add :exec
-- in name str, due_at i64
insert into job_schedule (name, due_at) values (:name, :due_at)
on conflict (name) do nothing;

-- query q_schedule_move :changed
-- in name str, due_at i64
update job_schedule set due_at = :due_at where name = :name and due_at < :due_at;

-- query q_tick_add :exec
-- in name str
insert into job_tick (name, ran_at) values (:name, 0) on conflict (name) do nothing;

-- row job_tick_row ran_at i64
-- query q_tick_lock :one job_tick_row
-- in name str, before i64
-- sqlite:
select ran_at from job_tick where name = :name and ran_at <= :before;
-- pg:
select ran_at from job_tick where name = :name and ran_at <= :before for update skip locked;

-- query q_tick_ran :exec
-- in name str, now i64
update job_tick set ran_at = :now where name = :name;

-- ---- outbox ----

-- query q_outbox_add :id
-- in topic str, key str, payload str, now i64
insert into outbox (topic, key, payload, created_at) values (:topic, :key, :payload, :now)
returning id;

-- query q_delivery_add :exec
-- in message_id i64, subscriber str, topic str, key str, now i64
insert into outbox_delivery (message_id, subscriber, topic, key, next_at)
values (:message_id, :subscriber, :topic, :key, :now);

-- row delivery_row id i64, subscriber str, tries i64, message_id i64, topic str, key str, payload str, created_at i64
-- query q_delivery_is_due :one job_id_row
-- in now i64
select d.id from outbox_delivery d
 where d.parked_at is null and d.next_at <= :now
   and not exists (select 1 from outbox_delivery e
                    where e.subscriber = d.subscriber and e.topic = d.topic and e.key = d.key
                      and e.message_id < d.message_id)
 order by d.next_at, d.id
 limit 1;

-- The first of its key only: later ones wait until it is gone.
-- query q_delivery_next :one delivery_row
-- in now i64
-- sqlite:
select d.id, d.subscriber, d.tries, m.id as message_id, m.topic, m.key, m.payload, m.created_at
  from outbox_delivery d join outbox m on m.id = d.message_id
 where d.parked_at is null and d.next_at <= :now
   and not exists (select 1 from outbox_delivery e
                    where e.subscriber = d.subscriber and e.topic = d.topic and e.key = d.key
                      and e.message_id < d.message_id)
 order by d.next_at, d.id
 limit 1;
-- pg:
select d.id, d.subscriber, d.tries, m.id as message_id, m.topic, m.key, m.payload, m.created_at
  from outbox_delivery d join outbox m on m.id = d.message_id
 where d.parked_at is null and d.next_at <= :now
   and not exists (select 1 from outbox_delivery e
                    where e.subscriber = d.subscriber and e.topic = d.topic and e.key = d.key
                      and e.message_id < d.message_id)
 order by d.next_at, d.id
 limit 1
 for update of d skip locked;

-- query q_delivery_done :changed
-- in id i64
delete from outbox_delivery where id = :id;

-- query q_delivery_failed :changed
-- in id i64, tries i64, next_at i64, parked_at i64?, error str
update outbox_delivery
   set tries = :tries, next_at = :next_at, parked_at = :parked_at, error = :error
 where id = :id;

-- row delivery_parked id i64, subscriber str, topic str, key str, tries i64, parked_at i64?, error str?, created_at i64
-- query q_delivery_parked :many delivery_parked
select d.id, d.subscriber, d.topic, d.key, d.tries, d.parked_at, d.error, m.created_at
  from outbox_delivery d join outbox m on m.id = d.message_id
 where d.parked_at is not null
 order by d.id
 limit 50;

-- query q_delivery_again :changed
-- in id i64, now i64
update outbox_delivery set parked_at = null, tries = 0, next_at = :now
 where id = :id and parked_at is not null;

-- query q_outbox_remove_old :exec
-- in before i64
delete from outbox
 where created_at < :before
   and not exists (select 1 from outbox_delivery d where d.message_id = outbox.id);
