-- Events of the contract that earned nothing, by reason: {"outside":n,"suspended":n,"voided":n,"unbound":n};
-- empty where all counted.
alter table reward_result add column not_counted {{text}} not null default '';
-- why it was rolled back
alter table reward_result add column reason {{text}} not null default '';
-- an explanation reads the lines of its derivation; a derivation that goes looks for lines that need it
create index reward_line_from on reward_line (derivation_id, position);
create index reward_measure_from on reward_measure (derivation_id);
