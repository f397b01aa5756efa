-- How a scheme counts beside the others of its terms: empty, it is added; else only one of those with
-- the same word counts: 'highest' (of an event), 'highest in period', 'first' (that gives something).
alter table contract_scheme add column combine {{text}} not null default ''
    check (combine in ('', 'highest', 'highest in period', 'first'));
