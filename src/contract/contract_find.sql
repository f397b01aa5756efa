-- Contracts for the search of everything, by the beginning of the code.

-- row contract_found id i64, code str, code_fold str, state str, partner_name str

-- query q_contract_find :many contract_found
-- in fold str, fold_end str, n i64
select c.id, c.code, c.code_fold, c.state, p.name as partner_name
  from contract c join partner p on p.id = c.partner_id
 where c.code_fold >= :fold and c.code_fold < :fold_end and {{visible c}}
 order by c.code_fold limit :n;
