-- Most partners have neither a level nor a manager of their own: those stand in no index of them.
drop index partner_level_name;
drop index partner_level_created;
drop index partner_level_sale;
drop index partner_of_level_code;
drop index partner_manager_name;
drop index partner_manager_created;
drop index partner_manager_sale;
drop index partner_manager_code;
create index partner_level_name on partner (is_live, level_id, name_sort, id) where level_id is not null;
create index partner_level_created on partner (is_live, level_id, created_at, id) where level_id is not null;
create index partner_level_sale on partner (is_live, level_id, last_sale_at, id) where level_id is not null;
create index partner_of_level_code on partner (is_live, level_id, code, id) where level_id is not null;
create index partner_manager_name on partner (is_live, manager_id, name_sort, id) where manager_id is not null;
create index partner_manager_created on partner (is_live, manager_id, created_at, id) where manager_id is not null;
create index partner_manager_sale on partner (is_live, manager_id, last_sale_at, id) where manager_id is not null;
create index partner_manager_code on partner (is_live, manager_id, code, id) where manager_id is not null;
