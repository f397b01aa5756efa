-- What a result is made of by scheme, so that the desk and lists need not read its lines.
-- owner: partner_id
create table reward_source (
    id {{pk}},
    run_id {{i64}} not null references reward_run (id),
    result_id {{i64}} not null references reward_result (id),
    partner_id {{i64}} not null references partner (id),
    scheme_id {{i64}} not null references scheme (id),
    currency {{text}} not null,
    amount_minor {{i64}} not null,
    lines {{i64}} not null
);
create index reward_source_of on reward_source (result_id);
create index reward_source_by_run on reward_source (run_id, scheme_id, currency);
insert into reward_source (run_id, result_id, partner_id, scheme_id, currency, amount_minor, lines)
select r.run_id, r.id, r.partner_id, v.scheme_id, r.currency, sum(l.amount_minor), count(*)
  from reward_line l
  join reward_result r on r.id = l.result_id
  join scheme_version v on v.id = l.scheme_version_id
 group by r.run_id, r.id, r.partner_id, v.scheme_id, r.currency;
-- what was sold, net, in the currency of the result; null: computed before this was kept
alter table reward_result add column sales_minor {{i64}};
