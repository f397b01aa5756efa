-- The directory in the order of codes: for all, and with each filter of one value.
create index partner_by_code on partner (is_live, code, id);
create index partner_branch_code on partner (is_live, branch_id, code, id);
create index partner_state_code on partner (is_live, state, code, id);
create index partner_of_level_code on partner (is_live, level_id, code, id);
create index partner_manager_code on partner (is_live, manager_id, code, id);
