-- The journal.

-- Ids come back in the order of the rows: they are inserted as they are read.
-- query q_audit_add :bulk
-- in at i64, actor_kind i64, user_id i64?, partner_id i64?, request_id str, action str, record str, record_id i64, message_id i64?, actor str, address str, actor_salt blob, actor_digest blob, label str, label_salt blob, label_digest blob, changes str?, changes_digest blob?
insert into audit (at, actor_kind, user_id, partner_id, request_id, action, record, record_id,
                   message_id, actor, address, actor_salt, actor_digest, label, label_salt,
                   label_digest, changes, changes_digest)
values (:at, :actor_kind, :user_id, :partner_id, :request_id, :action, :record, :record_id,
        :message_id, :actor, :address, :actor_salt, :actor_digest, :label, :label_salt,
        :label_digest, :changes, :changes_digest)
returning id;

-- query q_audit_pending_add :bulk
-- in audit_id i64
insert into audit_pending (audit_id) values (:audit_id);

-- row audit_id_row id i64
-- query q_audit_by_message :one audit_id_row
-- in message_id i64
-- unscoped: the delivery of a message asks whether it was written down
select id from audit where message_id = :message_id;

-- ---- chain ----

-- row audit_full id i64, at i64, actor_kind i64, user_id i64?, partner_id i64?, request_id str, action str, record str, record_id i64, message_id i64?, actor str?, address str?, actor_salt blob?, actor_digest blob, label str?, label_salt blob?, label_digest blob, changes str?, changes_digest blob?
-- query q_audit_pending :many audit_full
-- unscoped: the system chains every row
select a.id, a.at, a.actor_kind, a.user_id, a.partner_id, a.request_id, a.action, a.record,
       a.record_id, a.message_id, a.actor, a.address, a.actor_salt, a.actor_digest, a.label,
       a.label_salt, a.label_digest, a.changes, a.changes_digest
  from audit_pending p join audit a on a.id = p.audit_id
 order by p.audit_id
 limit 250;

-- row audit_link seq i64, audit_id i64, hash blob
-- query q_audit_head :one audit_link
select seq, audit_id, hash from audit_chain order by seq desc limit 1;

-- query q_audit_chain_add :bulk
-- in seq i64, audit_id i64, hash blob
insert into audit_chain (seq, audit_id, hash) values (:seq, :audit_id, :hash);

-- What the links of this transaction hold: not all between two ids, since a smaller id may be
-- committed later.
-- query q_audit_pending_remove :exec
-- in first i64, last i64
delete from audit_pending
 where audit_id in (select audit_id from audit_chain where seq between :first and :last);

-- ---- verifying ----

-- row audit_chained seq i64, hash blob, audit_id i64, id i64?, at i64?, actor_kind i64?, user_id i64?, partner_id i64?, request_id str?, action str?, record str?, record_id i64?, message_id i64?, actor str?, address str?, actor_salt blob?, actor_digest blob?, label str?, label_salt blob?, label_digest blob?, changes str?, changes_digest blob?
-- query q_audit_chained :many audit_chained
-- in after i64
-- unscoped: the chain is over everybody's rows
select c.seq, c.hash, c.audit_id, a.id, a.at, a.actor_kind, a.user_id, a.partner_id, a.request_id,
       a.action, a.record, a.record_id, a.message_id, a.actor, a.address, a.actor_salt,
       a.actor_digest, a.label, a.label_salt, a.label_digest, a.changes, a.changes_digest
  from audit_chain c left join audit a on a.id = c.audit_id
 where c.seq > :after
 order by c.seq
 limit 500;

-- row audit_count n i64
-- query q_audit_count_pending :one audit_count
select count(*) as n from audit_pending;

-- A row that is neither chained nor waiting was put in behind the program's back.
-- query q_audit_stray :one audit_id_row
-- unscoped: the chain is over everybody's rows
select a.id from audit a
 where not exists (select 1 from audit_chain c where c.audit_id = a.id)
   and not exists (select 1 from audit_pending p where p.audit_id = a.id)
 order by a.id
 limit 1;

-- ---- reading ----

-- row audit_list_row id i64, at i64, actor_kind i64, user_id i64?, actor str?, address str?, request_id str, action str, record str, record_id i64, label str?, changes str?
-- list q_audit_list audit_list_row
-- in is_staff i64
-- filter user_id i64: a.user_id = :user_id
-- filter record str: a.record = :record
-- filter record_id i64: a.record_id = :record_id
-- filter action str: a.action = :action
-- filter from_at i64: a.at >= :from_at
-- filter to_at i64: a.at < :to_at
-- sort at i64: a.at
-- id a.id
select a.id, a.at, a.actor_kind, a.user_id, a.actor, a.address, a.request_id, a.action, a.record,
       a.record_id, a.label, a.changes
  from audit a
 where ({{visible a}} or (a.partner_id is null and :is_staff = 1)) and {{filters}} {{page}};

-- query q_audit_find :one audit_list_row
-- in id i64, is_staff i64
select a.id, a.at, a.actor_kind, a.user_id, a.actor, a.address, a.request_id, a.action, a.record,
       a.record_id, a.label, a.changes
  from audit a
 where a.id = :id and ({{visible a}} or (a.partner_id is null and :is_staff = 1));

-- query q_audit_history :many audit_list_row
-- in record str, record_id i64, limit i64
-- unscoped: the caller has found the record through its owner
select a.id, a.at, a.actor_kind, a.user_id, a.actor, a.address, a.request_id, a.action, a.record,
       a.record_id, a.label, a.changes
  from audit a
 where a.record = :record and a.record_id = :record_id
 order by a.id desc
 limit :limit;

-- ---- erasing ----

-- query q_audit_erase_actor :exec
-- in user_id i64
-- unscoped: a person's data goes wherever it stands
update audit set actor = null, address = null, actor_salt = null where user_id = :user_id;

-- row audit_text id i64, changes str?
-- query q_audit_texts :many audit_text
-- in record str, record_id i64
-- bounded: the entries of one record
-- unscoped: a person's data goes wherever it stands
select a.id, a.changes from audit a where a.record = :record and a.record_id = :record_id;

-- query q_audit_erase :exec
-- in id i64, changes str?
-- unscoped: a person's data goes wherever it stands
update audit set label = null, label_salt = null, changes = :changes where id = :id;
