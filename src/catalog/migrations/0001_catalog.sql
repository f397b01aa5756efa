create table product_category (
    id {{pk}},
    parent_id {{i64}} references product_category (id),
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index product_category_code on product_category (code);
create index product_category_by_name on product_category (name_sort, id);

create table product (
    id {{pk}},
    code {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    category_id {{i64}} references product_category (id),
    unit {{text}} not null default '',
    tags {{text}} not null default '',
    is_commissionable {{bool}} not null default true,
    price_minor {{i64}},
    price_currency {{text}} not null default '',
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index product_code on product (code);
create index product_by_name on product (name_sort, id);
create index product_by_category on product (category_id, name_sort, id);
create index product_by_created on product (created_at, id);
