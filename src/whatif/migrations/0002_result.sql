-- The posted result that a row of position 0 is of; 0: none.
alter table whatif_row add column result_id {{i64}} not null default 0;
