-- row reward_product_row id i64, code str, name str, tags str, category_id i64?, is_commissionable bool

-- query q_reward_products :each reward_product_row
select p.id, p.code, p.name, p.tags, p.category_id, p.is_commissionable from product p order by p.id;

-- row reward_category_row id i64, parent_id i64?, code str, name str

-- query q_reward_categories :each reward_category_row
select c.id, c.parent_id, c.code, c.name from product_category c order by c.id;

-- row reward_customer_row id i64, code str, name str, country str, since i64, is_fraud bool

-- query q_reward_customers :each reward_customer_row
select c.id, c.code, c.name, c.country, c.since, c.is_fraud from customer c order by c.id;

-- row reward_outlet_row id i64, code str, name str

-- query q_reward_outlets :each reward_outlet_row
-- unscoped: calculation is the system's
select o.id, o.code, o.name from outlet o order by o.id;

-- row reward_partner_row id i64, code str, name str, country str, state str, since i64, level str?

-- query q_reward_partners :each reward_partner_row
-- unscoped: calculation is the system's
select p.id, p.code, p.name, p.country, p.state, p.since, l.code as level
  from partner p left join partner_level l on l.id = p.level_id order by p.id;

-- row reward_label_row partner_id i64, label str

-- query q_reward_roles :each reward_label_row
-- unscoped: calculation is the system's
select h.partner_id, r.code as label
  from partner_has_role h join partner_role r on r.id = h.role_id order by h.partner_id, r.code;

-- query q_reward_groups :each reward_label_row
-- unscoped: calculation is the system's
select i.partner_id, g.code as label
  from partner_in_group i join partner_group g on g.id = i.group_id order by i.partner_id, g.code;

-- query q_reward_tags :each reward_label_row
-- unscoped: calculation is the system's
select t.partner_id, t.tag as label from partner_tag t order by t.partner_id, t.tag;

-- row reward_word_row id i64, word str

-- query q_reward_words :each reward_word_row
select w.id, w.word from event_word w order by w.id;
