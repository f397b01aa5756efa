-- row plan_rec id i64, revision i64, partner_id i64, contract_id i64?, outlet_id i64?, metric str, kind str, period str, from_day i64, to_day i64, target str, unit str, proration str, profile str, rounding str, scale i64, note str, archived_at i64?

-- query q_plan :one plan_rec
-- in id i64
select p.id, p.revision, p.partner_id, p.contract_id, p.outlet_id, p.metric, p.kind, p.period, p.from_day, p.to_day,
       p.target, p.unit, p.proration, p.profile, p.rounding, p.scale, p.note, p.archived_at
  from plan p where p.id = :id and {{visible p}};

-- The one that is in use for exactly this.
-- query q_plan_same :one plan_rec
-- in partner_id i64, contract_id i64, outlet_id i64, metric str, kind str, from_day i64, to_day i64
select p.id, p.revision, p.partner_id, p.contract_id, p.outlet_id, p.metric, p.kind, p.period, p.from_day, p.to_day,
       p.target, p.unit, p.proration, p.profile, p.rounding, p.scale, p.note, p.archived_at
  from plan p where p.partner_id = :partner_id and coalesce(p.contract_id, 0) = :contract_id
   and coalesce(p.outlet_id, 0) = :outlet_id and p.metric = :metric and p.kind = :kind
   and p.from_day = :from_day and p.to_day = :to_day and p.archived_at is null and {{visible p}};

-- query q_plan_add :id
-- in partner_id i64, contract_id i64?, outlet_id i64?, metric str, metric_fold str, kind str, period str, from_day i64, to_day i64, target str, unit str, proration str, profile str, rounding str, scale i64, note str, created_at i64
insert into plan (partner_id, contract_id, outlet_id, metric, metric_fold, kind, period, from_day, to_day, target, unit,
       proration, profile, rounding, scale, note, created_at)
values (:partner_id, :contract_id, :outlet_id, :metric, :metric_fold, :kind, :period, :from_day, :to_day, :target, :unit,
       :proration, :profile, :rounding, :scale, :note, :created_at) returning id;

-- query q_plan_edit :changed
-- in id i64, revision i64, contract_id i64?, outlet_id i64?, metric str, metric_fold str, kind str, period str, from_day i64, to_day i64, target str, unit str, proration str, profile str, rounding str, scale i64, note str
-- unscoped: the caller found it by q_plan
update plan set contract_id = :contract_id, outlet_id = :outlet_id, metric = :metric, metric_fold = :metric_fold,
       kind = :kind, period = :period, from_day = :from_day, to_day = :to_day, target = :target, unit = :unit,
       proration = :proration, profile = :profile, rounding = :rounding, scale = :scale, note = :note,
       revision = revision + 1
 where id = :id and revision = :revision;

-- query q_plan_archive :changed
-- in id i64, revision i64, archived_at i64?
-- unscoped: the caller found it by q_plan
update plan set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- All that touch a period, for runs: the narrowest period first.
-- query q_plans_in :each plan_rec
-- in from_day i64, to_day i64
-- unscoped: runs are the system's
select p.id, p.revision, p.partner_id, p.contract_id, p.outlet_id, p.metric, p.kind, p.period, p.from_day, p.to_day,
       p.target, p.unit, p.proration, p.profile, p.rounding, p.scale, p.note, p.archived_at
  from plan p where p.from_day <= :from_day and p.to_day >= :to_day and p.archived_at is null
 order by p.partner_id, p.to_day - p.from_day, p.id;

-- row plan_row id i64, partner_id i64, partner_code str, partner_name str, contract_code str?, outlet_code str?, metric str, kind str, period str, target str, unit str, archived_at i64?, created_at i64
-- list q_plan_list plan_row
-- filter partner i64: p.partner_id = :partner
-- filter kind str: p.kind = :kind
-- filter from_day i64: p.to_day > :from_day
-- filter to_day i64: p.from_day < :to_day
-- filter archived bool: (p.archived_at is not null) = :archived
-- filter q str: (p.metric_fold like '%' || :q || '%' or n.name_fold like '%' || :q || '%')
-- sort from i64: p.from_day
-- sort metric str: p.metric_fold
-- sort created i64: p.created_at
-- id p.id
select p.id, p.partner_id, n.code as partner_code, n.name as partner_name, c.code as contract_code,
       o.code as outlet_code, p.metric, p.kind, p.period, p.target, p.unit, p.archived_at, p.created_at
  from plan p join partner n on n.id = p.partner_id left join contract c on c.id = p.contract_id
       left join outlet o on o.id = p.outlet_id
 where {{visible p}} and {{filters}} {{page}};
