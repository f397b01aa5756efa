select 'facts ' || count(*) || ', events ' || count(distinct source || ' ' || external_id) || ', net ' || coalesce(sum(net_minor), 0) from event_tail;
select string_agg(f.line, '
' order by f.line) from (select e.source || ' ' || e.external_id || ' ' || e.credit_no || ' type ' || e.type || ' at ' || e.occurred_at || ' ' || e.currency || ' ' || e.net_minor || ' x ' || e.quantity || ' ' || coalesce(p.code, '-') || ' ' || coalesce(w.code, '-') || ' ' || e.share as line from event_tail e left join product p on p.id = e.product_id left join partner w on w.id = e.partner_id) f;
select 'partners ' || count(*) from partner;
select string_agg(f.line, '
' order by f.line) from (select code || ' ' || name || ' ' || state || ' rev ' || revision as line from partner) f;
select 'relations ' || string_agg(f.line, ', ' order by f.line) from (select c.code || ' under ' || p.code || ' ' || r.tree || ' ' || r.from_day || '-' || r.to_day as line from partner_relation r join partner c on c.id = r.partner_id join partner p on p.id = r.parent_id) f;
select 'records ' || (select count(*) from product) || ' ' || (select count(*) from product_category) || ' ' || (select count(*) from contract) || ' ' || (select count(*) from contract_version) || ' ' || (select count(*) from contract_scheme) || ' ' || (select count(*) from scheme_version);
select 'runs ' || string_agg(f.line, ', ' order by f.line) from (select period || ' ' || state || ' ' || contracts || ' ' || incomplete || ' ' || sha256 as line from reward_run) f;
select string_agg(f.line, '
' order by f.line) from (select c.code || ' ' || r.period || ' ' || r.state || ' ' || r.currency || ' ' || r.total_minor || ' ' || r.events || ' ' || r.lines || ' ' || r.attempt || ' ' || r.sha256 as line from reward_result r join contract c on c.id = r.contract_id) f;
select string_agg(f.line, '
' order by f.line) from (select c.code || ' ' || l.position || ' ' || l.key || ' ' || coalesce(e.external_id, '-') || ' ' || l.base || ' ' || l.rate || ' ' || l.amount_minor || ' ' || l.state as line from reward_line l join reward_result r on r.id = l.result_id join contract c on c.id = r.contract_id left join event_tail e on e.event_seq = l.event_seq and e.credit_no = 0) f;
select 'derivations ' || count(*) from reward_derivation;
select 'measures ' || count(*) from reward_measure;
select string_agg(f.line, '
' order by f.line) from (select s.number || ' ' || c.code || ' ' || s.period || ' ' || s.state || ' ' || s.total_minor as line from statement s join contract c on c.id = s.contract_id) f;
select 'transfers ' || count(*) || ', entries ' || (select count(*) from ledger_entry) || ', sum ' || (select coalesce(sum(amount_minor), 0) from ledger_entry) from ledger_transfer;
select string_agg(f.line, '
' order by f.line) from (select a.kind || ' ' || a.entity_id || ' ' || coalesce(p.code, '-') || ' ' || coalesce(c.code, '-') || ' ' || a.currency || ' ' || coalesce(b.balance_minor, 0) || ' ' || coalesce(b.entries, 0) || ' = ' || (select coalesce(sum(e.amount_minor), 0) from ledger_entry e where e.account_id = a.id) as line from ledger_account a left join ledger_balance b on b.account_id = a.id left join partner p on p.id = a.partner_id left join contract c on c.id = a.contract_id) f;
select 'audit ' || string_agg(f.line, ', ' order by f.line) from (select action || ' ' || count(*) as line from audit where record = 'partner' or action in ('run.post', 'run.submit', 'run.add') group by action) f;
