-- Customers for the search of everything, by the beginning of the code and of the name.

-- row customer_found id i64, code str, name str, anonymised_at i64?

-- query q_customer_find_code :many customer_found
-- in text str, code str, code_end str, n i64
-- unscoped: a customer is the house's; whose it is, is a binding
select x.id, x.code, x.name, x.anonymised_at from customer x
 where (x.code = :text or (x.code >= :code and x.code < :code_end)) and x.archived_at is null
 order by x.code limit :n;

-- query q_customer_find_name :many customer_found
-- in fold str, fold_end str, n i64
-- unscoped: a customer is the house's; whose it is, is a binding
select x.id, x.code, x.name, x.anonymised_at from customer x
 where x.name_fold >= :fold and x.name_fold < :fold_end and x.archived_at is null
 order by x.name_fold, x.id limit :n;
