-- What one unit of a currency is worth in another one, from a day on, by a source.
create table currency_rate (
    id {{pk}},
    source {{text}} not null,
    from_code {{text}} not null,
    to_code {{text}} not null,
    day {{i64}} not null,
    -- a decimal above zero
    rate {{text}} not null,
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index currency_rate_once on currency_rate (source, from_code, to_code, day) where archived_at is null;
create index currency_rate_by_day on currency_rate (day, id);
create index currency_rate_by_created on currency_rate (created_at, id);
