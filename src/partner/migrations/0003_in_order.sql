-- Lists of what belongs to partners in the order of their names (contracts), live and archived ones.
create index partner_in_order on partner (name_sort, id);
