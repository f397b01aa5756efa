-- Days on which a contract was suspended: what happened on them earns nothing. The last of a contract
-- has no end (4000000) until it is resumed; one that was resumed on its first day has no days.
-- owner: partner_id
create table contract_suspension (
    id {{pk}},
    contract_id {{i64}} not null references contract (id),
    partner_id {{i64}} not null references partner (id),
    -- days since 1970-01-01, half-open
    from_day {{i64}} not null,
    to_day {{i64}} not null default 4000000,
    reason {{text}} not null default '',
    created_at {{i64}} not null,
    check (from_day <= to_day)
);
create unique index contract_suspension_of on contract_suspension (contract_id, from_day, id);

-- Contracts that are suspended now were so since the journal says it (in UTC days).
insert into contract_suspension (contract_id, partner_id, from_day, to_day, created_at)
select c.id, c.partner_id, case when s.day > c.from_day then s.day else c.from_day end, 4000000, s.at
  from contract c
  join (select k.id, coalesce((select max(a.at) from audit a join audit_change h on h.audit_id = a.id
                                where a.record = 'contract' and a.record_id = k.id
                                  and h.field = 'state' and h.after = 'suspended'), k.created_at) as at,
               coalesce((select max(a.at) from audit a join audit_change h on h.audit_id = a.id
                          where a.record = 'contract' and a.record_id = k.id
                            and h.field = 'state' and h.after = 'suspended'), 0) / 86400000000 as day
          from contract k where k.state = 'suspended') s on s.id = c.id;
