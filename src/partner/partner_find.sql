-- Partners for the search of everything: by code through its index. By name and tax number the
-- search of partner.sql answers.

-- row partner_found id i64, code str, name str, state str, tax_number str

-- query q_partner_find_code :many partner_found
-- in text str, code str, code_end str, n i64
select p.id, p.code, p.name, p.state, p.tax_number from partner p
 where (p.code = :text or (p.code >= :code and p.code < :code_end)) and p.is_live = true and {{visible p}}
 order by p.code limit :n;

-- query q_partner_find :one partner_found
-- in id i64
select p.id, p.code, p.name, p.state, p.tax_number from partner p where p.id = :id and {{visible p}};
