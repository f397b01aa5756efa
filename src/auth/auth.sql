-- ---- users ----

-- row user_rec id i64, revision i64, side i64, state i64, email str, name str, lang str, partner_id i64?, has_all_branches bool, has_totp bool, signed_in_at i64, created_at i64
-- query q_user :one user_rec
-- in id i64
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u where u.id = :id;

-- query q_user_by_email :one user_rec
-- in email_fold str
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u where u.email_fold = :email_fold;

-- query q_users_of_partner :many user_rec
-- in partner_id i64
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u where u.partner_id = :partner_id order by u.name_sort, u.id limit 200;

-- query q_users_of_role :many user_rec
-- in role_id i64
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u join user_role ur on ur.user_id = u.id
where ur.role_id = :role_id and u.state = 2 order by u.name_sort, u.id limit 200;

-- The people of any of the roles in a JSON list: one trip, however many roles there are.
-- query q_users_of_roles :many user_rec
-- in roles str
-- sqlite:
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u
where u.id in (select ur.user_id from user_role ur
                where ur.role_id in (select j.value from json_each(:roles) j))
  and u.state = 2 order by u.name_sort, u.id limit 1000;
-- pg:
select u.id, u.revision, u.side, u.state, u.email, u.name, u.lang, u.partner_id,
    u.has_all_branches, (u.totp_sealed is not null) as has_totp, u.signed_in_at, u.created_at
from auth_user u
where u.id in (select ur.user_id from user_role ur
                where ur.role_id in (select cast(jsonb_array_elements_text(cast(:roles as jsonb)) as bigint)))
  and u.state = 2 order by u.name_sort, u.id limit 1000;
-- both:

-- query q_user_insert :id
-- in side i64, state i64, email str, email_fold str, name str, name_fold str, name_sort str, lang str, partner_id i64?, has_all_branches bool, password_hash str?, now i64
insert into auth_user (side, state, email, email_fold, name, name_fold, name_sort, lang,
    partner_id, has_all_branches, password_hash, created_at)
values (:side, :state, :email, :email_fold, :name, :name_fold, :name_sort, :lang,
    :partner_id, :has_all_branches, :password_hash, :now)
returning id;

-- query q_user_update :changed
-- in id i64, revision i64, name str, name_fold str, name_sort str, has_all_branches bool
update auth_user set name = :name, name_fold = :name_fold, name_sort = :name_sort,
    has_all_branches = :has_all_branches, revision = revision + 1
where id = :id and revision = :revision;

-- query q_user_profile :changed
-- in id i64, name str, name_fold str, name_sort str, lang str
update auth_user set name = :name, name_fold = :name_fold, name_sort = :name_sort, lang = :lang,
    revision = revision + 1
where id = :id;

-- query q_user_state :changed
-- in id i64, revision i64, state i64
update auth_user set state = :state, revision = revision + 1
where id = :id and revision = :revision;

-- query q_user_password :changed
-- in id i64, password_hash str
update auth_user set password_hash = :password_hash,
    state = case when state = 1 then 2 else state end, revision = revision + 1
where id = :id;

-- query q_user_rehash :exec
-- in id i64, old_hash str, password_hash str
update auth_user set password_hash = :password_hash
where id = :id and password_hash = :old_hash;

-- query q_user_signed_in :exec
-- in id i64, now i64
update auth_user set signed_in_at = :now where id = :id;

-- row user_secret id i64, state i64, email str, password_hash str?, totp_sealed blob?, totp_step i64
-- query q_user_secret :one user_secret
-- in email_fold str
select u.id, u.state, u.email, u.password_hash, u.totp_sealed, u.totp_step
from auth_user u where u.email_fold = :email_fold;

-- query q_user_secret_by_id :one user_secret
-- in id i64
select u.id, u.state, u.email, u.password_hash, u.totp_sealed, u.totp_step
from auth_user u where u.id = :id;

-- query q_user_totp :changed
-- in id i64, totp_sealed blob?, totp_step i64
update auth_user set totp_sealed = :totp_sealed, totp_step = :totp_step, revision = revision + 1
where id = :id;

-- A code counts once: of two requests with the same step only one changes the row.
-- query q_user_totp_step :changed
-- in id i64, step i64
update auth_user set totp_step = :step where id = :id and totp_step < :step;

-- row user_row id i64, side i64, state i64, email str, name str, partner_id i64?, has_all_branches bool, signed_in_at i64, created_at i64
-- list q_user_list user_row
-- in sees_partners bool, own_partner i64?, branch_user i64?
-- filter q str: (u.name_fold like '%' || :q || '%' or u.email_fold like '%' || :q || '%')
-- filter side i64: u.side = :side
-- filter state i64: u.state = :state
-- filter role i64: exists (select 1 from user_role ur where ur.user_id = u.id and ur.role_id = :role)
-- filter branch i64: exists (select 1 from user_branch ub where ub.user_id = u.id and ub.branch_id = :branch)
-- sort name str: u.name_sort
-- sort signed_in i64: u.signed_in_at
-- id u.id
select u.id, u.side, u.state, u.email, u.name, u.partner_id, u.has_all_branches, u.signed_in_at,
    u.created_at
from auth_user u
where (:own_partner is null or u.partner_id = :own_partner)
    and (:sees_partners or u.side = 1 or :own_partner is not null)
    and (:branch_user is null or u.id = :branch_user or exists (
        select 1 from user_branch theirs join user_branch mine on mine.branch_id = theirs.branch_id
        where theirs.user_id = u.id and mine.user_id = :branch_user))
    and {{filters}} {{page}};

-- row person id i64, name str
-- query q_staff :many person
-- bounded: the staff of one company
select u.id, u.name from auth_user u where u.side = 1 and u.state <> 3 order by u.name_sort, u.id;

-- row counted n i64
-- query q_user_count :one counted
select count(*) as n from (select u.id from auth_user u limit 1) first_user;

-- row shared n i64
-- query q_users_share_branch :one shared
-- in a i64, b i64
select count(*) as n from user_branch x join user_branch y on y.branch_id = x.branch_id
where x.user_id = :a and y.user_id = :b;

-- ---- roles and branches of users ----

-- row role_rec id i64, revision i64, side i64, builtin str, name str
-- query q_role :one role_rec
-- in id i64
select r.id, r.revision, r.side, r.builtin, r.name from role r where r.id = :id;

-- query q_role_find :one role_rec
-- in fold str
select r.id, r.revision, r.side, r.builtin, r.name from role r
where r.name_fold = :fold order by r.side, r.id limit 1;

-- query q_roles :many role_rec
-- bounded: roles of one company
select r.id, r.revision, r.side, r.builtin, r.name from role r
order by r.side, r.builtin = '', r.name_sort, r.id;

-- Which roles of one's own making have a permission; what built-in ones may is no data.
-- row role_grant id i64, side i64, builtin str, is_granted bool
-- query q_roles_granting :many role_grant
-- in permission str
-- bounded: roles of one company
select r.id, r.side, r.builtin, exists (select 1 from role_permission rp
    where rp.role_id = r.id and rp.permission = :permission) as is_granted from role r;

-- query q_roles_of_user :many role_rec
-- in user_id i64
-- bounded: roles of one user
select r.id, r.revision, r.side, r.builtin, r.name from role r
join user_role ur on ur.role_id = r.id where ur.user_id = :user_id
order by r.builtin = '', r.name_sort, r.id;

-- row role_use role_id i64, users i64
-- query q_role_uses :many role_use
-- bounded: roles of one company
select ur.role_id, count(*) as users from user_role ur group by ur.role_id;

-- query q_role_insert :id
-- in side i64, name str, name_fold str, name_sort str, now i64
insert into role (side, builtin, name, name_fold, name_sort, created_at)
values (:side, '', :name, :name_fold, :name_sort, :now)
returning id;

-- query q_role_update :changed
-- in id i64, revision i64, name str, name_fold str, name_sort str
update role set name = :name, name_fold = :name_fold, name_sort = :name_sort,
    revision = revision + 1
where id = :id and revision = :revision and builtin = '';

-- query q_role_delete :changed
-- in id i64, revision i64
delete from role where id = :id and revision = :revision and builtin = '';

-- row role_permission_rec permission str
-- query q_role_permissions :many role_permission_rec
-- in role_id i64
-- bounded: permissions of one role
select rp.permission from role_permission rp where rp.role_id = :role_id order by rp.permission;

-- query q_role_permission_add :exec
-- in role_id i64, permission str
insert into role_permission (role_id, permission) values (:role_id, :permission);

-- query q_role_permissions_clear :exec
-- in role_id i64
delete from role_permission where role_id = :role_id;

-- One row a built-in role, one a permission of an own role.
-- row grant_rec builtin str, permission str
-- query q_grants :many grant_rec
-- in user_id i64
-- bounded: roles of one user
select r.builtin, coalesce(rp.permission, '') as permission
from user_role ur join role r on r.id = ur.role_id
left join role_permission rp on rp.role_id = r.id
where ur.user_id = :user_id;

-- query q_user_role_add :exec
-- in user_id i64, role_id i64
insert into user_role (user_id, role_id) values (:user_id, :role_id);

-- query q_user_roles_clear :exec
-- in user_id i64
delete from user_role where user_id = :user_id;

-- row branch_ref id i64, name str
-- query q_user_branches :many branch_ref
-- in user_id i64
-- bounded: branches of one company
select b.id, b.name from user_branch ub join branch b on b.id = ub.branch_id
where ub.user_id = :user_id order by b.name_sort, b.id;

-- query q_user_branch_add :exec
-- in user_id i64, branch_id i64
insert into user_branch (user_id, branch_id) values (:user_id, :branch_id);

-- query q_user_branches_clear :exec
-- in user_id i64
delete from user_branch where user_id = :user_id;

-- ---- sessions ----

-- row session_rec id i64, user_id i64, csrf str, is_half bool, created_at i64, seen_at i64, expires_at i64
-- query q_session :one session_rec
-- in token_hash blob
select s.id, s.user_id, s.csrf, s.is_half, s.created_at, s.seen_at, s.expires_at
from auth_session s where s.token_hash = :token_hash;

-- row session_row id i64, user_id i64, address str, agent str, created_at i64, seen_at i64
-- query q_sessions_of_user :many session_row
-- in user_id i64, now i64, idle_from i64
select s.id, s.user_id, s.address, s.agent, s.created_at, s.seen_at from auth_session s
where s.user_id = :user_id and s.expires_at > :now and s.seen_at > :idle_from and not s.is_half
order by s.seen_at desc, s.id desc limit 100;

-- query q_session_insert :id
-- in token_hash blob, user_id i64, csrf str, is_half bool, address str, agent str, now i64, expires_at i64
insert into auth_session (token_hash, user_id, csrf, is_half, address, agent, created_at, seen_at,
    expires_at)
values (:token_hash, :user_id, :csrf, :is_half, :address, :agent, :now, :now, :expires_at)
returning id;

-- query q_session_seen :exec
-- in id i64, now i64, address str
update auth_session set seen_at = :now, address = :address where id = :id and seen_at < :now;

-- query q_session_delete :changed
-- in id i64, user_id i64
delete from auth_session where id = :id and user_id = :user_id;

-- query q_session_delete_by_id :exec
-- in id i64
delete from auth_session where id = :id;

-- query q_sessions_delete :exec
-- in user_id i64, keep_id i64
delete from auth_session where user_id = :user_id and id <> :keep_id;

-- query q_sessions_sweep :exec
-- in now i64, idle_from i64
delete from auth_session where expires_at <= :now or seen_at <= :idle_from;

-- query q_network_known :one counted
-- in user_id i64, network str, since i64
select count(*) as n from known_network k
where k.user_id = :user_id and k.network = :network and k.seen_at > :since;

-- query q_network_learn :exec
-- in user_id i64, network str, now i64
insert into known_network (user_id, network, seen_at) values (:user_id, :network, :now)
on conflict (user_id, network) do update set seen_at = excluded.seen_at;

-- query q_networks_sweep :exec
-- in since i64
delete from known_network where seen_at <= :since;

-- ---- one-time links ----

-- query q_token_insert :id
-- in token_hash blob, purpose i64, user_id i64?, now i64, expires_at i64
insert into auth_token (token_hash, purpose, user_id, created_at, expires_at)
values (:token_hash, :purpose, :user_id, :now, :expires_at)
returning id;

-- row token_rec id i64, user_id i64?
-- query q_token :one token_rec
-- in token_hash blob, purpose i64, now i64
select t.id, t.user_id from auth_token t
where t.token_hash = :token_hash and t.purpose = :purpose and t.expires_at > :now;

-- Of two who use one link at once only one deletes it.
-- query q_token_use :changed
-- in id i64
delete from auth_token where id = :id;

-- query q_tokens_clear :exec
-- in user_id i64
delete from auth_token where user_id = :user_id;

-- query q_tokens_clear_setup :exec
delete from auth_token where purpose = 3;

-- query q_tokens_sweep :exec
-- in now i64
delete from auth_token where expires_at <= :now;

-- ---- recovery codes ----

-- query q_recovery_add :exec
-- in user_id i64, code_hash blob
insert into recovery_code (user_id, code_hash) values (:user_id, :code_hash);

-- query q_recovery_use :changed
-- in user_id i64, code_hash blob
delete from recovery_code where user_id = :user_id and code_hash = :code_hash;

-- query q_recovery_clear :exec
-- in user_id i64
delete from recovery_code where user_id = :user_id;

-- query q_recovery_left :one counted
-- in user_id i64
select count(*) as n from recovery_code c where c.user_id = :user_id;

-- ---- API keys ----

-- row key_rec id i64, user_id i64, user_name str, name str, shown str, scopes str, created_at i64, expires_at i64?, used_at i64?, revoked_at i64?
-- query q_key :one key_rec
-- in id i64
select k.id, k.user_id, u.name as user_name, k.name, k.shown, k.scopes, k.created_at,
    k.expires_at, k.used_at, k.revoked_at
from api_key k join auth_user u on u.id = k.user_id where k.id = :id;

-- query q_key_by_secret :one key_rec
-- in secret_hash blob
select k.id, k.user_id, u.name as user_name, k.name, k.shown, k.scopes, k.created_at,
    k.expires_at, k.used_at, k.revoked_at
from api_key k join auth_user u on u.id = k.user_id where k.secret_hash = :secret_hash;

-- query q_keys :many key_rec
-- in user_id i64?
select k.id, k.user_id, u.name as user_name, k.name, k.shown, k.scopes, k.created_at,
    k.expires_at, k.used_at, k.revoked_at
from api_key k join auth_user u on u.id = k.user_id
where :user_id is null or k.user_id = :user_id
order by k.revoked_at is not null, k.created_at desc, k.id desc limit 500;

-- query q_key_insert :id
-- in user_id i64, name str, shown str, secret_hash blob, scopes str, now i64, expires_at i64?
insert into api_key (user_id, name, shown, secret_hash, scopes, created_at, expires_at)
values (:user_id, :name, :shown, :secret_hash, :scopes, :now, :expires_at)
returning id;

-- query q_key_used :exec
-- in id i64, now i64
update api_key set used_at = :now where id = :id;

-- query q_key_revoke :changed
-- in id i64, now i64
update api_key set revoked_at = :now where id = :id and revoked_at is null;

-- query q_keys_revoke_of_user :exec
-- in user_id i64, now i64
update api_key set revoked_at = :now where user_id = :user_id and revoked_at is null;

-- ---- stored answers ----

-- row answer_rec request_hash blob, status i64, content_type str, location str, body blob, created_at i64
-- query q_answer :one answer_rec
-- in actor str, idempotency_key str
select a.request_hash, a.status, a.content_type, a.location, a.body, a.created_at
from stored_answer a where a.actor = :actor and a.idempotency_key = :idempotency_key;

-- query q_answer_insert :exec
-- in actor str, idempotency_key str, request_hash blob, status i64, content_type str, location str, body blob, now i64
insert into stored_answer (actor, idempotency_key, request_hash, status, content_type, location,
    body, created_at)
values (:actor, :idempotency_key, :request_hash, :status, :content_type, :location, :body, :now);

-- query q_answer_expire :exec
-- in actor str, idempotency_key str, before i64
delete from stored_answer
where actor = :actor and idempotency_key = :idempotency_key and created_at <= :before;

-- query q_answers_sweep :exec
-- in before i64
delete from stored_answer where created_at <= :before;

-- ---- limits ----

-- query q_limit_take :changed
-- in bucket str, now i64, every_us i64, horizon i64
insert into rate_limit (bucket, full_at) values (:bucket, :now + :every_us)
on conflict (bucket) do update set full_at =
    case when rate_limit.full_at > :now then rate_limit.full_at else :now end + :every_us
where rate_limit.full_at <= :horizon;

-- query q_limit_forget :exec
-- in bucket str
delete from rate_limit where bucket = :bucket;

-- query q_limits_sweep :exec
-- in now i64
delete from rate_limit where full_at <= :now;

-- ---- master key ----

-- row master_key_row print blob
-- query q_master_key :one master_key_row
select print from master_key where id = 1;

-- query q_master_key_put :exec
-- in print blob
insert into master_key (id, print) values (1, :print)
on conflict (id) do update set print = excluded.print;

-- Sealed fields and links in letters come with people and the company.
-- row master_key_use n i64
-- query q_master_key_use :one master_key_use
select cast(case when exists (select 1 from auth_user) or exists (select 1 from operator)
                 then 1 else 0 end as bigint) as n;
