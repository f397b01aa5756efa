-- Statements for the search of everything: by the beginning of the number, or by the whole amount.

-- row statement_found id i64, number str, period str, state str, partner_name str, currency str, total_minor i64

-- query q_statement_find :many statement_found
-- in number str, number_end str, n i64
select s.id, s.number, s.period, s.state, p.name as partner_name, s.currency, s.total_minor
  from statement s join partner p on p.id = s.partner_id
 where s.number >= :number and s.number < :number_end and {{visible s}}
 order by s.number desc limit :n;

-- query q_statement_of_number :one reward_id_row
-- in number str
select s.id from statement s where s.number = :number and {{visible s}};

-- The current ones of a partner and period.
-- query q_statements_of_partner :many statement_found
-- in partner_id i64, period str
-- bounded: the contracts of a partner
select s.id, s.number, s.period, s.state, p.name as partner_name, s.currency, s.total_minor
  from statement s join partner p on p.id = s.partner_id
 where s.partner_id = :partner_id and s.period = :period and s.state <> 'superseded' and {{visible s}}
 order by s.number;

-- query q_statement_find_total :many statement_found
-- in total_minor i64, n i64
select s.id, s.number, s.period, s.state, p.name as partner_name, s.currency, s.total_minor
  from statement s join partner p on p.id = s.partner_id
 where s.total_minor = :total_minor and {{visible s}}
 order by s.id desc limit :n;
