-- row partner_edge_row id i64, revision i64, tree str, parent_id i64, partner_id i64, from_day i64, to_day i64, share i64

-- query q_partner_edges_on :each partner_edge_row
-- in tree str, day i64
-- unscoped: runs see the whole network
select r.id, r.revision, r.tree, r.parent_id, r.partner_id, r.from_day, r.to_day, r.share
  from partner_relation r
 where r.tree = :tree and r.from_day <= :day and :day < r.to_day order by r.partner_id, r.id;

-- query q_partner_relation :one partner_edge_row
-- in id i64
select r.id, r.revision, r.tree, r.parent_id, r.partner_id, r.from_day, r.to_day, r.share
  from partner_relation r where r.id = :id and {{visible r}};

-- Relations of a partner upwards that overlap some days, other than one.
-- query q_partner_parents_between :many partner_edge_row
-- in tree str, partner_id i64, from_day i64, to_day i64, except_id i64
-- bounded: parents of one partner
-- unscoped: a loop through a partner that the editor does not see is a loop all the same
select r.id, r.revision, r.tree, r.parent_id, r.partner_id, r.from_day, r.to_day, r.share
  from partner_relation r
 where r.tree = :tree and r.partner_id = :partner_id and r.from_day < :to_day and :from_day < r.to_day
   and r.id <> :except_id
 order by r.from_day, r.id;

-- query q_partner_relation_add :id
-- in tree str, parent_id i64, partner_id i64, from_day i64, to_day i64, share i64, created_at i64
insert into partner_relation (tree, parent_id, partner_id, from_day, to_day, share, created_at)
values (:tree, :parent_id, :partner_id, :from_day, :to_day, :share, :created_at) returning id;

-- query q_partner_relation_edit :changed
-- in id i64, revision i64, parent_id i64, from_day i64, to_day i64, share i64
-- unscoped: the caller found it by q_partner_relation
update partner_relation set parent_id = :parent_id, from_day = :from_day, to_day = :to_day,
       share = :share, revision = revision + 1
 where id = :id and revision = :revision;

-- row partner_relation_shown id i64, tree str, from_day i64, to_day i64, share i64, is_up bool, other_id i64, other_code str, other_name str, other_state str

-- Both directions of one partner's relations, for its page. The other side's name is shown to
-- whoever may see this partner.
-- query q_partner_relations_of :many partner_relation_shown
-- in partner_id i64
-- bounded: at most 500
-- unscoped: the caller found the partner by q_partner
select r.id, r.tree, r.from_day, r.to_day, r.share, (r.partner_id = :partner_id) as is_up,
       o.id as other_id, o.code as other_code, o.name as other_name, o.state as other_state
  from partner_relation r
  join partner o on o.id = (case when r.partner_id = :partner_id then r.parent_id else r.partner_id end)
 where r.partner_id = :partner_id or r.parent_id = :partner_id
 order by r.tree, is_up desc, o.name_sort, r.id limit 500;
