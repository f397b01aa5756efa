-- Products for the search of everything, by the beginning of the code and of the name.

-- row product_found id i64, code str, name str

-- query q_product_find_code :many product_found
-- in text str, code str, code_end str, n i64
select x.id, x.code, x.name from product x
 where (x.code = :text or (x.code >= :code and x.code < :code_end)) and x.archived_at is null
 order by x.code limit :n;

-- query q_product_find_name :many product_found
-- in fold str, fold_end str, n i64
select x.id, x.code, x.name from product x
 where x.name_fold >= :fold and x.name_fold < :fold_end and x.archived_at is null
 order by x.name_fold, x.id limit :n;
