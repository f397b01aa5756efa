-- row approval_rec id i64, kind str, record_id i64, state str, label str, amount_minor i64?, currency str?, branch_id i64?, note str, requested_by i64?, requested_name str, requested_at i64, closed_at i64?
-- query q_approval :one approval_rec
-- in id i64
select a.id, a.kind, a.record_id, a.state, a.label, a.amount_minor, a.currency, a.branch_id,
    a.note, a.requested_by, a.requested_name, a.requested_at, a.closed_at
from approval a where a.id = :id;

-- query q_approval_last :one approval_rec
-- in kind str, record_id i64
select a.id, a.kind, a.record_id, a.state, a.label, a.amount_minor, a.currency, a.branch_id,
    a.note, a.requested_by, a.requested_name, a.requested_at, a.closed_at
from approval a where a.kind = :kind and a.record_id = :record_id order by a.id desc limit 1;

-- query q_approval_insert :id
-- in kind str, record_id i64, label str, amount_minor i64?, currency str?, branch_id i64?, note str, requested_by i64?, requested_name str, now i64
insert into approval (kind, record_id, state, label, amount_minor, currency, branch_id, note,
    requested_by, requested_name, requested_at)
values (:kind, :record_id, 'open', :label, :amount_minor, :currency, :branch_id, :note,
    :requested_by, :requested_name, :now)
returning id;

-- query q_approval_close :changed
-- in id i64, state str, now i64
update approval set state = :state, closed_at = :now where id = :id and state = 'open';

-- row stage_rec id i64, number i64, state str, permission str, decided_by i64?, decided_name str?, decided_at i64?, comment str?
-- query q_stages :many stage_rec
-- in approval_id i64
-- bounded: stages of one request
select s.id, s.number, s.state, s.permission, s.decided_by, s.decided_name, s.decided_at, s.comment
from approval_stage s where s.approval_id = :approval_id order by s.number;

-- query q_stage_insert :exec
-- in approval_id i64, number i64, state str, permission str
insert into approval_stage (approval_id, number, state, permission)
values (:approval_id, :number, :state, :permission);

-- Of two deciders at once only one changes the row.
-- query q_stage_decide :changed
-- in id i64, state str, decided_by i64?, decided_name str?, now i64, comment str
update approval_stage set state = :state, decided_by = :decided_by, decided_name = :decided_name,
    decided_at = :now, comment = :comment
where id = :id and state = 'open';

-- query q_stage_open :changed
-- in approval_id i64, number i64
update approval_stage set state = 'open'
where approval_id = :approval_id and number = :number and state = 'waiting';

-- query q_stages_skip :exec
-- in approval_id i64
update approval_stage set state = 'skipped'
where approval_id = :approval_id and state in ('waiting', 'open');

-- row inbox_row id i64, kind str, record_id i64, state str, label str, amount_minor i64?, currency str?, note str, requested_by i64?, requested_name str, requested_at i64, closed_at i64?, permission str
-- list q_inbox inbox_row
-- unindexed: few requests are open at a time
-- in user_id i64, branch_user i64?
-- filter kind str: a.kind = :kind
-- filter permission str[]: s.permission in (:permission)
-- sort requested i64: a.requested_at
-- id a.id
select a.id, a.kind, a.record_id, a.state, a.label, a.amount_minor, a.currency, a.note,
    a.requested_by, a.requested_name, a.requested_at, a.closed_at, s.permission
from approval a join approval_stage s on s.approval_id = a.id and s.state = 'open'
where a.state = 'open' and (a.requested_by is null or a.requested_by <> :user_id)
    and (:branch_user is null or a.branch_id is null or exists (
        select 1 from user_branch ub
        where ub.user_id = :branch_user and ub.branch_id = a.branch_id))
    and {{filters}} {{page}};

-- list q_approval_list inbox_row
-- in branch_user i64?
-- filter kind str: a.kind = :kind
-- filter state str: a.state = :state
-- filter mine i64: a.requested_by = :mine
-- sort requested i64: a.requested_at
-- id a.id
select a.id, a.kind, a.record_id, a.state, a.label, a.amount_minor, a.currency, a.note,
    a.requested_by, a.requested_name, a.requested_at, a.closed_at, '' as permission
from approval a
where (:branch_user is null or a.branch_id is null or exists (
        select 1 from user_branch ub
        where ub.user_id = :branch_user and ub.branch_id = a.branch_id))
    and {{filters}} {{page}};
