-- Saved views of lists. They belong to the person who saved them.

-- row saved_view id i64, name str, query str
-- query q_saved_views :many saved_view
-- in user_id i64, list str
select id, name, query from saved_view
where user_id = :user_id and list = :list
order by name, id limit 30;

-- query q_saved_view_put :exec
-- in user_id i64, list str, name str, query str, now i64
insert into saved_view (user_id, list, name, query, created_at)
values (:user_id, :list, :name, :query, :now)
on conflict (user_id, list, name) do update set query = excluded.query;

-- query q_saved_view_drop :changed
-- in id i64, user_id i64
delete from saved_view where id = :id and user_id = :user_id;

-- What a person has chosen: "cols:partners" -> "name,state", "nav" -> "rail".

-- row ui_choice_row value str
-- query q_ui_choice :one ui_choice_row
-- in user_id i64, name str
select value from ui_choice where user_id = :user_id and name = :name;

-- query q_ui_choice_put :exec
-- in user_id i64, name str, value str, now i64
insert into ui_choice (user_id, name, value, changed_at) values (:user_id, :name, :value, :now)
on conflict (user_id, name) do update set value = excluded.value, changed_at = excluded.changed_at;

-- query q_ui_choice_drop :exec
-- in user_id i64, name str
delete from ui_choice where user_id = :user_id and name = :name;
