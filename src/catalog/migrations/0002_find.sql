-- The search of everything finds them by the beginning of the name.
create index product_by_fold on product (name_fold, id);
