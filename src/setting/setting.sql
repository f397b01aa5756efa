-- Business settings: the operator's, one set a database.

-- row setting_row key str, value str
-- query q_setting_all :many setting_row
-- bounded: at most as many as modules declare
select key, value from setting order by key;

-- query q_setting_one :one setting_row
-- in key str
select key, value from setting where key = :key;

-- query q_setting_put :exec
-- in key str, value str, now i64
insert into setting (key, value, changed_at) values (:key, :value, :now)
on conflict (key) do update set value = excluded.value, changed_at = excluded.changed_at;

-- row setting_revision revision i64
-- query q_setting_revision :one setting_revision
select revision from setting_version where id = 1;

-- query q_setting_bump :exec
update setting_version set revision = revision + 1 where id = 1;

-- query q_setting_bump_from :changed
-- in revision i64
update setting_version set revision = revision + 1 where id = 1 and revision = :revision;
