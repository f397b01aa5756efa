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

-- query q_customer_add :id
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
