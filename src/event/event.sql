-- row event_seq_row seq i64

-- query q_event_allocate :one event_seq_row
-- in count i64
update event_clock set next_seq = next_seq + :count where id = 1
returning next_seq - :count as seq;

-- query q_event_watermark :one event_seq_row
select c.next_seq - 1 as seq from event_clock c where c.id = 1;

-- The first credit of each event. On PostgreSQL its unique index refuses ids that are there; SQLite
-- has no such index: the table of known ids decided before (event_known.c).
-- query q_event_head_add :bulk
-- in seq i64, event_seq i64, credit_no i64, source str, external_id str, type i64, occurred_at i64, recorded_at i64, currency str, amount_minor i64, net_minor i64, tax_minor i64, discount_minor i64, shipping_minor i64, cost_minor i64?, quantity i64, product_id i64, customer_id i64, subscription_id i64, outlet_id i64, program_id i64, original_seq i64, partner_id i64, role i64, share i64, reason i64, attributes str
-- sqlite:
insert into event_tail (seq, event_seq, credit_no, source, external_id, type, occurred_at,
       recorded_at, currency, amount_minor, net_minor, tax_minor, discount_minor, shipping_minor,
       cost_minor, quantity, product_id, customer_id, subscription_id, outlet_id, program_id,
       original_seq, partner_id, role, share, reason, attributes)
values (:seq, :event_seq, :credit_no, :source, :external_id, :type, :occurred_at,
       :recorded_at, :currency, :amount_minor, :net_minor, :tax_minor, :discount_minor, :shipping_minor,
       :cost_minor, :quantity, :product_id, :customer_id, :subscription_id, :outlet_id, :program_id,
       :original_seq, :partner_id, :role, :share, :reason, :attributes)
returning seq;
-- pg:
insert into event_tail (seq, event_seq, credit_no, source, external_id, type, occurred_at,
       recorded_at, currency, amount_minor, net_minor, tax_minor, discount_minor, shipping_minor,
       cost_minor, quantity, product_id, customer_id, subscription_id, outlet_id, program_id,
       original_seq, partner_id, role, share, reason, attributes)
values (:seq, :event_seq, :credit_no, :source, :external_id, :type, :occurred_at,
       :recorded_at, :currency, :amount_minor, :net_minor, :tax_minor, :discount_minor, :shipping_minor,
       :cost_minor, :quantity, :product_id, :customer_id, :subscription_id, :outlet_id, :program_id,
       :original_seq, :partner_id, :role, :share, :reason, :attributes)
on conflict (source, external_id) where credit_no = 0 do nothing
returning seq;

-- query q_event_credit_add :bulk
-- in seq i64, event_seq i64, credit_no i64, source str, external_id str, type i64, occurred_at i64, recorded_at i64, currency str, amount_minor i64, net_minor i64, tax_minor i64, discount_minor i64, shipping_minor i64, cost_minor i64?, quantity i64, product_id i64, customer_id i64, subscription_id i64, outlet_id i64, program_id i64, original_seq i64, partner_id i64, role i64, share i64, reason i64, attributes str
insert into event_tail (seq, event_seq, credit_no, source, external_id, type, occurred_at,
       recorded_at, currency, amount_minor, net_minor, tax_minor, discount_minor, shipping_minor,
       cost_minor, quantity, product_id, customer_id, subscription_id, outlet_id, program_id,
       original_seq, partner_id, role, share, reason, attributes)
values (:seq, :event_seq, :credit_no, :source, :external_id, :type, :occurred_at,
       :recorded_at, :currency, :amount_minor, :net_minor, :tax_minor, :discount_minor, :shipping_minor,
       :cost_minor, :quantity, :product_id, :customer_id, :subscription_id, :outlet_id, :program_id,
       :original_seq, :partner_id, :role, :share, :reason, :attributes);

-- row event_fact seq i64, event_seq i64, credit_no i64, source str, external_id str, type i64, occurred_at i64, recorded_at i64, currency str, amount_minor i64, net_minor i64, tax_minor i64, discount_minor i64, shipping_minor i64, cost_minor i64?, quantity i64, product_id i64, customer_id i64, subscription_id i64, outlet_id i64, program_id i64, original_seq i64, partner_id i64, role i64, share i64, reason i64, attributes str

-- query q_event_facts :many event_fact
-- in seq i64, count i64
-- bounded: the credits of one event, whose numbers follow one another
-- unscoped: compares a new event with the stored one of its id; not shown
select t.seq, t.event_seq, t.credit_no, t.source, t.external_id, t.type, t.occurred_at,
       t.recorded_at, t.currency, t.amount_minor, t.net_minor, t.tax_minor, t.discount_minor,
       t.shipping_minor, t.cost_minor, t.quantity, t.product_id, t.customer_id, t.subscription_id,
       t.outlet_id, t.program_id, t.original_seq, t.partner_id, t.role, t.share, t.reason,
       t.attributes
  from event_tail t where t.seq >= :seq and t.seq < :seq + :count order by t.seq;

-- query q_event_head_by_id :one event_seq_row
-- in source str, external_id str
-- unscoped: PostgreSQL's check for duplicates, by its unique index; not shown
select t.seq from event_tail t
 where t.source = :source and t.external_id = :external_id and t.credit_no = 0;

-- row event_id_row seq i64, source str, external_id str

-- query q_event_ids :each event_id_row
-- in after_seq i64
-- unscoped: fills the table of known ids; not shown
select t.seq, t.source, t.external_id from event_tail t
 where t.seq > :after_seq and t.credit_no = 0 order by t.seq;

-- query q_event_scan :each event_fact
-- in from_at i64, to_at i64, after_seq i64, watermark_seq i64, partner_id i64, event_seq i64, heads_only bool
select t.seq, t.event_seq, t.credit_no, t.source, t.external_id, t.type, t.occurred_at,
       t.recorded_at, t.currency, t.amount_minor, t.net_minor, t.tax_minor, t.discount_minor,
       t.shipping_minor, t.cost_minor, t.quantity, t.product_id, t.customer_id, t.subscription_id,
       t.outlet_id, t.program_id, t.original_seq, t.partner_id, t.role, t.share, t.reason,
       t.attributes
  from event_tail t
 where t.seq > :after_seq and t.seq <= :watermark_seq
   and t.occurred_at >= :from_at and t.occurred_at < :to_at
   and (:partner_id = 0 or t.partner_id = :partner_id)
   and (:event_seq = 0 or t.event_seq = :event_seq)
   and (not :heads_only or t.credit_no = 0)
   and {{visible t}}
 order by t.seq;

-- What events of a span take back or belong to: the originals, everything that names them, and what
-- voids any of these. The first credit of each; its number is that of the event.
-- query q_event_families :each event_fact
-- in from_at i64, to_at i64, watermark_seq i64
-- unscoped: calculation is the system's
with original as (
  select distinct r.original_seq as seq from event_tail r
   where r.original_seq > 0 and r.credit_no = 0 and r.type <> 19 and r.seq <= :watermark_seq
     and r.occurred_at >= :from_at and r.occurred_at < :to_at),
family as (
  select o.seq from original o
  union
  select r.seq from original o join event_tail r on r.original_seq = o.seq
   where r.original_seq > 0 and r.credit_no = 0 and r.seq <= :watermark_seq),
everything as (
  select f.seq from family f
  union
  select v.seq from family f join event_tail v on v.original_seq = f.seq
   where v.original_seq > 0 and v.credit_no = 0 and v.type = 19 and v.seq <= :watermark_seq)
select t.seq, t.event_seq, t.credit_no, t.source, t.external_id, t.type, t.occurred_at,
       t.recorded_at, t.currency, t.amount_minor, t.net_minor, t.tax_minor, t.discount_minor,
       t.shipping_minor, t.cost_minor, t.quantity, t.product_id, t.customer_id, t.subscription_id,
       t.outlet_id, t.program_id, t.original_seq, t.partner_id, t.role, t.share, t.reason,
       t.attributes
  from everything e join event_tail t on t.seq = e.seq
 where t.seq <= :watermark_seq order by t.seq;

-- row event_word_row id i64, kind str, word str

-- query q_event_words :many event_word_row
-- bounded: the words of roles, reasons and sources are few
select w.id, w.kind, w.word from event_word w order by w.id;

-- query q_event_word_add :id
-- in kind str, word str
insert into event_word (kind, word) values (:kind, :word)
on conflict (kind, word) do update set word = excluded.word returning id;

-- row event_item seq i64, event_seq i64, source str, external_id str, type i64, occurred_at i64, currency str, net_minor i64, product_code str, product_name str, customer_code str, customer_name str

-- One line an event: the first of its credits that the actor sees (of the partner asked for).
-- list q_event_list event_item
-- in partner_id i64, from_at i64, to_at i64
-- filter type i64: t.type = :type
-- filter product i64: t.product_id = :product
-- filter customer i64: t.customer_id = :customer
-- filter source str: t.source = :source
-- filter external str: t.external_id = :external
-- sort recorded i64: t.seq
-- id t.seq
select t.seq, t.event_seq, t.source, t.external_id, t.type, t.occurred_at, t.currency, t.net_minor,
       coalesce(g.code, '') as product_code, coalesce(g.name, '') as product_name,
       coalesce(c.code, '') as customer_code, coalesce(c.name, '') as customer_name
  from event_tail t
  left join product g on g.id = t.product_id
  left join customer c on c.id = t.customer_id
 where (:partner_id = 0 or t.partner_id = :partner_id)
   and t.occurred_at >= :from_at and t.occurred_at < :to_at
   and {{visible t}}
   and not exists (select 1 from event_tail h
                    where h.seq >= t.event_seq and h.seq < t.seq and h.event_seq = t.event_seq
                      and (:partner_id = 0 or h.partner_id = :partner_id) and {{visible h}})
   and {{filters}} {{page}};

-- row event_credit_row credit_no i64, partner_id i64, partner_code str, partner_name str, role i64, share i64, reason i64

-- query q_event_credits :many event_credit_row
-- bounded: an event has at most 32 credits
-- in event_seq i64, to_seq i64
select t.credit_no, t.partner_id, p.code as partner_code, p.name as partner_name, t.role, t.share, t.reason
  from event_tail t join partner p on p.id = t.partner_id
 where t.seq >= :event_seq and t.seq < :to_seq and t.event_seq = :event_seq and {{visible t}}
 order by t.seq limit 32;

-- row event_share_row credit_no i64, share i64

-- query q_event_shares :many event_share_row
-- bounded: an event has at most 32 credits
-- in event_seq i64, to_seq i64, role i64
-- unscoped: the shares of a role without whose they are, so that a partner's part is exact
select t.credit_no, t.share from event_tail t
 where t.seq >= :event_seq and t.seq < :to_seq and t.event_seq = :event_seq and t.role = :role
 order by t.seq limit 32;

-- row event_seen event_seq i64, source str, external_id str, type i64, occurred_at i64, recorded_at i64, currency str, amount_minor i64, net_minor i64, tax_minor i64, discount_minor i64, shipping_minor i64, cost_minor i64?, quantity i64, original_seq i64, attributes str, product_code str, product_name str, customer_code str, customer_name str, outlet_code str, outlet_name str

-- query q_event_seen :one event_seen
-- in event_seq i64, to_seq i64
select t.event_seq, t.source, t.external_id, t.type, t.occurred_at, t.recorded_at, t.currency, t.amount_minor,
       t.net_minor, t.tax_minor, t.discount_minor, t.shipping_minor, t.cost_minor, t.quantity, t.original_seq,
       t.attributes, coalesce(g.code, '') as product_code, coalesce(g.name, '') as product_name,
       coalesce(c.code, '') as customer_code, coalesce(c.name, '') as customer_name,
       coalesce(o.code, '') as outlet_code, coalesce(o.name, '') as outlet_name
  from event_tail t
  left join product g on g.id = t.product_id
  left join customer c on c.id = t.customer_id
  left join outlet o on o.id = t.outlet_id
 where t.seq >= :event_seq and t.seq < :to_seq and t.event_seq = :event_seq and {{visible t}}
 order by t.seq limit 1;
