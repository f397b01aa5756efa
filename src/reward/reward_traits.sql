-- row reward_trait_row kind str, code str, type str

-- query q_reward_traits :each reward_trait_row
select a.owner_kind as kind, a.code, a.type from attribute a
 where a.archived_at is null and a.owner_kind <> 'event' order by a.owner_kind, a.position, a.id;

-- row reward_trait_value_row kind str, code str, record_id i64, value str

-- query q_reward_trait_values :each reward_trait_value_row
select a.owner_kind as kind, a.code, v.record_id, v.value
  from attribute a join attribute_value v on v.attribute_id = a.id
 where a.archived_at is null and a.owner_kind <> 'event' order by a.id, v.record_id;

-- row reward_binding_row customer_id i64, partner_id i64, from_day i64, to_day i64, partner_code str

-- query q_reward_bindings :each reward_binding_row
-- unscoped: calculation is the system's
select b.customer_id, b.partner_id, b.from_day, b.to_day, p.code as partner_code
  from customer_binding b join partner p on p.id = b.partner_id order by b.customer_id, b.from_day, b.id;
