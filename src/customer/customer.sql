-- row customer_rec id i64, revision i64, code str, name str, country str, region str, city str, email str, phone str, tax_number str, since i64, is_fraud bool, anonymised_at i64?, archived_at i64?

-- query q_customer :one customer_rec
-- in id i64
select c.id, c.revision, c.code, c.name, c.country, c.region, c.city, c.email, c.phone, c.tax_number, c.since, c.is_fraud,
       c.anonymised_at, c.archived_at
  from customer c where c.id = :id;

-- query q_customer_by_code :one customer_rec
-- in code str
select c.id, c.revision, c.code, c.name, c.country, c.region, c.city, c.email, c.phone, c.tax_number, c.since, c.is_fraud,
       c.anonymised_at, c.archived_at
  from customer c where c.code = :code;

-- Those of the codes in a JSON list: one trip for a batch of a file.
-- query q_customers_by_codes :many customer_rec
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select c.id, c.revision, c.code, c.name, c.country, c.region, c.city, c.email, c.phone, c.tax_number, c.since, c.is_fraud,
       c.anonymised_at, c.archived_at
  from json_each(:codes) j cross join customer c where c.code = j.value;
-- pg:
select c.id, c.revision, c.code, c.name, c.country, c.region, c.city, c.email, c.phone, c.tax_number, c.since, c.is_fraud,
       c.anonymised_at, c.archived_at
  from customer c where c.code in (select jsonb_array_elements_text(cast(:codes as jsonb)));
-- both:

-- query q_customer_add :bulk
-- in code str, name str, name_fold str, name_sort str, country str, region str, city str, email str, phone str, tax_number str, since i64, is_fraud bool, created_at i64
insert into customer (code, name, name_fold, name_sort, country, region, city, email, phone, tax_number, since, is_fraud,
       created_at)
values (:code, :name, :name_fold, :name_sort, :country, :region, :city, :email, :phone, :tax_number, :since, :is_fraud,
       :created_at) returning id;

-- query q_customer_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str, country str, region str, city str, email str, phone str, tax_number str, since i64, is_fraud bool
update customer set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort, country = :country,
       region = :region, city = :city, email = :email, phone = :phone, tax_number = :tax_number, since = :since,
       is_fraud = :is_fraud, revision = revision + 1
 where id = :id and revision = :revision;

-- row customer_row id i64, code str, name str, country str, city str, email str, phone str, tax_number str, is_fraud bool, anonymised_at i64?, archived_at i64?, created_at i64
-- list q_customer_list customer_row
-- filter archived bool: (c.archived_at is not null) = :archived
-- filter fraud bool: c.is_fraud = :fraud
-- filter country str: c.country = :country
-- filter code str: c.code = :code
-- filter q str: (c.name_fold like '%' || :q || '%')
-- filter partner i64: c.id in (select b.customer_id from customer_binding b where b.partner_id = :partner)
-- sort name str: c.name_sort
-- sort created i64: c.created_at
-- id c.id
-- unscoped: a customer is the house's; whose it is, is a binding
select c.id, c.code, c.name, c.country, c.city, c.email, c.phone, c.tax_number, c.is_fraud, c.anonymised_at,
       c.archived_at, c.created_at
  from customer c where {{filters}} {{page}};

-- row binding_row id i64, partner_id i64, partner_code str, partner_name str, role str, from_day i64, to_day i64, reason str

-- query q_customer_bindings :many binding_row
-- in customer_id i64
select b.id, b.partner_id, p.code as partner_code, p.name as partner_name, b.role, b.from_day, b.to_day, b.reason
  from customer_binding b join partner p on p.id = b.partner_id
 where b.customer_id = :customer_id and {{visible b}}
 order by b.to_day desc, b.from_day desc, b.id limit 200;

-- query q_customer_binding_add :id
-- in customer_id i64, partner_id i64, role str, from_day i64, to_day i64, reason str, created_by i64?, created_at i64
insert into customer_binding (customer_id, partner_id, role, from_day, to_day, reason, created_by, created_at)
values (:customer_id, :partner_id, :role, :from_day, :to_day, :reason, :created_by, :created_at) returning id;

-- row binding_clash partner_id i64

-- query q_customer_binding_clash :many binding_clash
-- in customer_id i64, role str, from_day i64, to_day i64
-- unscoped: whoever holds the customer then, seen or not, is in the way
select b.partner_id from customer_binding b
 where b.customer_id = :customer_id and b.role = :role and b.from_day < :to_day and :from_day < b.to_day
 order by b.from_day limit 10;

-- row binding_rec id i64, customer_id i64, partner_id i64, role str, from_day i64, to_day i64

-- query q_customer_binding :one binding_rec
-- in id i64
select b.id, b.customer_id, b.partner_id, b.role, b.from_day, b.to_day
  from customer_binding b where b.id = :id and {{visible b}};

-- query q_customer_binding_end :changed
-- in id i64, was_day i64, to_day i64
-- unscoped: the caller found it by q_customer_binding
update customer_binding set to_day = :to_day where id = :id and to_day = :was_day;

-- query q_customer_touch :changed
-- in id i64, revision i64
update customer set revision = revision + 1 where id = :id and revision = :revision;

-- query q_customer_archive :changed
-- in id i64, revision i64, archived_at i64?
update customer set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- query q_customer_anonymise :changed
-- in id i64, revision i64, name str, name_fold str, name_sort str, at i64
update customer set name = :name, name_fold = :name_fold, name_sort = :name_sort, region = '', city = '', email = '',
       phone = '', tax_number = '', anonymised_at = :at, revision = revision + 1
 where id = :id and revision = :revision;
