-- A line that waits for more than its day: the decision of the scheme whose condition a later event
-- must meet (empty: none), of which event it was made, until when; or a balance to be reached.
alter table reward_line add column gate {{text}} not null default '';
alter table reward_line add column gate_seq {{i64}} not null default 0;
alter table reward_line add column gate_until {{i64}};
alter table reward_line add column gate_minor {{i64}};
create index reward_line_gated on reward_line (id) where state = 'pending' and (gate <> '' or gate_minor is not null);
