-- Facts for the search of everything, by their number outside.

-- row event_found event_seq i64, external_id str, source str, type i64, occurred_at i64, currency str, net_minor i64

-- Facts have no index by their number that both engines share: of the newest ones only. The list
-- looks at all of them.
-- query q_event_find :many event_found
-- in after_seq i64, external str, n i64
select t.event_seq, t.external_id, t.source, t.type, t.occurred_at, t.currency, t.net_minor
  from event_tail t
 where t.seq > :after_seq and t.external_id = :external and {{visible t}}
 order by t.seq desc limit :n;
