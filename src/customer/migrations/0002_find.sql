-- The search of everything finds them by the beginning of the name.
create index customer_by_fold on customer (name_fold, id);
