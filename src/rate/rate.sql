-- row rate_rec id i64, revision i64, source str, from_code str, to_code str, day i64, rate str, archived_at i64?

-- query q_rate :one rate_rec
-- in id i64
select r.id, r.revision, r.source, r.from_code, r.to_code, r.day, r.rate, r.archived_at
  from currency_rate r where r.id = :id;

-- query q_rate_same :one rate_rec
-- in source str, from_code str, to_code str, day i64
select r.id, r.revision, r.source, r.from_code, r.to_code, r.day, r.rate, r.archived_at
  from currency_rate r where r.source = :source and r.from_code = :from_code and r.to_code = :to_code and r.day = :day
   and r.archived_at is null;

-- query q_rate_add :id
-- in source str, from_code str, to_code str, day i64, rate str, created_at i64
insert into currency_rate (source, from_code, to_code, day, rate, created_at)
values (:source, :from_code, :to_code, :day, :rate, :created_at) returning id;

-- query q_rate_edit :changed
-- in id i64, revision i64, source str, from_code str, to_code str, day i64, rate str
update currency_rate set source = :source, from_code = :from_code, to_code = :to_code, day = :day, rate = :rate,
       revision = revision + 1
 where id = :id and revision = :revision;

-- query q_rate_archive :changed
-- in id i64, revision i64, archived_at i64?
update currency_rate set archived_at = :archived_at, revision = revision + 1 where id = :id and revision = :revision;

-- Those in use up to a day, for runs.
-- query q_rates_until :each rate_rec
-- in day i64
select r.id, r.revision, r.source, r.from_code, r.to_code, r.day, r.rate, r.archived_at
  from currency_rate r where r.day <= :day and r.archived_at is null
 order by r.source, r.from_code, r.to_code, r.day, r.id;

-- list q_rate_list rate_rec
-- filter currency str: (r.from_code = :currency or r.to_code = :currency)
-- filter source str: r.source = :source
-- filter archived bool: (r.archived_at is not null) = :archived
-- sort day i64: r.day
-- sort created i64: r.created_at
-- id r.id
select r.id, r.revision, r.source, r.from_code, r.to_code, r.day, r.rate, r.archived_at
  from currency_rate r where {{filters}} {{page}};
