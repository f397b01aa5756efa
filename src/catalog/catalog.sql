-- row category_rec id i64, revision i64, code str, name str, parent_id i64?, archived_at i64?

-- query q_category :one category_rec
-- in id i64
select c.id, c.revision, c.code, c.name, c.parent_id, c.archived_at from product_category c where c.id = :id;

-- query q_category_by_code :one category_rec
-- in code str
select c.id, c.revision, c.code, c.name, c.parent_id, c.archived_at from product_category c where c.code = :code;

-- query q_category_add :id
-- in parent_id i64?, code str, name str, name_fold str, name_sort str, created_at i64
insert into product_category (parent_id, code, name, name_fold, name_sort, created_at)
values (:parent_id, :code, :name, :name_fold, :name_sort, :created_at) returning id;

-- query q_category_edit :changed
-- in id i64, revision i64, parent_id i64?, code str, name str, name_fold str, name_sort str
update product_category set parent_id = :parent_id, code = :code, name = :name, name_fold = :name_fold,
       name_sort = :name_sort, revision = revision + 1
 where id = :id and revision = :revision;

-- row product_rec id i64, revision i64, code str, name str, unit str, tags str, category_id i64?, is_commissionable bool, price_minor i64?, price_currency str, archived_at i64?

-- query q_product :one product_rec
-- in id i64
select p.id, p.revision, p.code, p.name, p.unit, p.tags, p.category_id, p.is_commissionable, p.price_minor,
       p.price_currency, p.archived_at
  from product p where p.id = :id;

-- query q_product_by_code :one product_rec
-- in code str
select p.id, p.revision, p.code, p.name, p.unit, p.tags, p.category_id, p.is_commissionable, p.price_minor,
       p.price_currency, p.archived_at
  from product p where p.code = :code;

-- Those of the codes in a JSON list: one trip for a batch of a file.
-- query q_products_by_codes :many product_rec
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select p.id, p.revision, p.code, p.name, p.unit, p.tags, p.category_id, p.is_commissionable, p.price_minor,
       p.price_currency, p.archived_at
  from json_each(:codes) j cross join product p where p.code = j.value;
-- pg:
select p.id, p.revision, p.code, p.name, p.unit, p.tags, p.category_id, p.is_commissionable, p.price_minor,
       p.price_currency, p.archived_at
  from product p where p.code in (select jsonb_array_elements_text(cast(:codes as jsonb)));
-- both:

-- query q_product_add :bulk
-- in code str, name str, name_fold str, name_sort str, category_id i64?, unit str, tags str, is_commissionable bool, price_minor i64?, price_currency str, created_at i64
insert into product (code, name, name_fold, name_sort, category_id, unit, tags, is_commissionable, price_minor,
       price_currency, created_at)
values (:code, :name, :name_fold, :name_sort, :category_id, :unit, :tags, :is_commissionable, :price_minor,
       :price_currency, :created_at) returning id;

-- query q_product_edit :changed
-- in id i64, revision i64, code str, name str, name_fold str, name_sort str, category_id i64?, unit str, tags str, is_commissionable bool, price_minor i64?, price_currency str
update product set code = :code, name = :name, name_fold = :name_fold, name_sort = :name_sort,
       category_id = :category_id, unit = :unit, tags = :tags, is_commissionable = :is_commissionable,
       price_minor = :price_minor, price_currency = :price_currency, revision = revision + 1
 where id = :id and revision = :revision;

-- row category_shown id i64, code str, name str, parent_id i64?, revision i64, archived_at i64?, products i64

-- query q_categories :many category_shown
select c.id, c.code, c.name, c.parent_id, c.revision, c.archived_at,
       (select count(*) from product p where p.category_id = c.id and p.archived_at is null) as products
  from product_category c order by c.name_sort, c.id limit 2000;

-- query q_category_archive :changed
-- in id i64, revision i64, archived_at i64?
update product_category set archived_at = :archived_at, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_product_archive :changed
-- in id i64, revision i64, archived_at i64?
update product set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- query q_product_touch :changed
-- in id i64, revision i64
update product set revision = revision + 1 where id = :id and revision = :revision;

-- row product_row id i64, code str, name str, unit str, tags str, category_id i64?, category_name str?, is_commissionable bool, price_minor i64?, price_currency str, archived_at i64?, created_at i64
-- list q_product_list product_row
-- filter category i64: p.category_id = :category
-- filter archived bool: (p.archived_at is not null) = :archived
-- filter earns bool: p.is_commissionable = :earns
-- filter code str: p.code = :code
-- filter q str: (p.name_fold like '%' || :q || '%')
-- sort name str: p.name_sort
-- sort created i64: p.created_at
-- id p.id
select p.id, p.code, p.name, p.unit, p.tags, p.category_id, c.name as category_name, p.is_commissionable, p.price_minor,
       p.price_currency, p.archived_at, p.created_at
  from product p left join product_category c on c.id = p.category_id where {{filters}} {{page}};
