-- row brand_row portal_name str, accent str, logo_id i64?, logo_dark_id i64?, revision i64
-- query q_brand :one brand_row
select b.portal_name, b.accent, b.logo_id, b.logo_dark_id, b.revision from brand b where b.id = 1;

-- query q_brand_add :exec
-- in portal_name str, accent str, logo_id i64?, logo_dark_id i64?
insert into brand (id, portal_name, accent, logo_id, logo_dark_id, revision)
values (1, :portal_name, :accent, :logo_id, :logo_dark_id, 1);

-- query q_brand_change :changed
-- in portal_name str, accent str, logo_id i64?, logo_dark_id i64?, revision i64
update brand set portal_name = :portal_name, accent = :accent, logo_id = :logo_id,
    logo_dark_id = :logo_dark_id, revision = revision + 1
where id = 1 and revision = :revision;
