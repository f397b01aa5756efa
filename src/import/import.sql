-- row import_rec id i64, kind str, name str, file_id i64?, mapping str, source str, sheet str, is_dry_run bool, state str, job_id i64?, pass i64, position i64, added i64, changed i64, unchanged i64, refused i64, error_bytes i64, error_file_id i64?, problem str, created_by i64?, created_name str, created_at i64, finished_at i64?, revision i64

-- query q_import :one import_rec
-- in id i64
select i.id, i.kind, i.name, i.file_id, i.mapping, i.source, i.sheet, i.is_dry_run, i.state, i.job_id, i.pass, i.position,
       i.added, i.changed, i.unchanged, i.refused, i.error_bytes, i.error_file_id, i.problem, i.created_by,
       i.created_name, i.created_at, i.finished_at, i.revision
  from import i where i.id = :id;

-- query q_import_add :id
-- in kind str, name str, file_id i64?, mapping str, source str, sheet str, is_dry_run bool, state str, created_by i64?, created_name str, created_at i64
insert into import (kind, name, file_id, mapping, source, sheet, is_dry_run, state, created_by, created_name, created_at)
values (:kind, :name, :file_id, :mapping, :source, :sheet, :is_dry_run, :state, :created_by, :created_name, :created_at)
returning id;

-- query q_import_remap :changed
-- in id i64, revision i64, mapping str, source str, sheet str
update import set mapping = :mapping, source = :source, sheet = :sheet, revision = revision + 1
 where id = :id and revision = :revision and state = 'draft';

-- query q_import_queue :changed
-- in id i64, is_dry_run bool, job_id i64
update import set state = 'waiting', is_dry_run = :is_dry_run, job_id = :job_id, revision = revision + 1
 where id = :id and state = 'draft';

-- query q_import_running :exec
-- in id i64
update import set state = 'running', problem = '' where id = :id;

-- query q_import_step :exec
-- in id i64, pass i64, position i64, added i64, changed i64, unchanged i64, refused i64, error_bytes i64
update import set pass = :pass, position = :position, added = :added, changed = :changed,
       unchanged = :unchanged, refused = :refused, error_bytes = :error_bytes
 where id = :id;

-- query q_import_end :exec
-- in id i64, state str, problem str, error_file_id i64?, finished_at i64
update import set state = :state, problem = :problem, error_file_id = :error_file_id,
       finished_at = :finished_at, revision = revision + 1
 where id = :id;

-- query q_import_discard :changed
-- in id i64
delete from import where id = :id and state = 'draft';

-- row import_item id i64, kind str, name str, is_dry_run bool, state str, added i64, changed i64, unchanged i64, refused i64, created_name str, created_at i64, finished_at i64?

-- Staff of some branches see what they imported themselves: rows of others may hold partners of
-- other branches.
-- list q_import_list import_item
-- in user_id i64
-- filter kind str: i.kind = :kind
-- filter state str: i.state = :state
-- filter q str: lower(i.name) like '%' || lower(:q) || '%'
-- sort created i64: i.created_at
-- id i.id
select i.id, i.kind, i.name, i.is_dry_run, i.state, i.added, i.changed, i.unchanged, i.refused, i.created_name,
       i.created_at, i.finished_at
  from import i where (:user_id = 0 or i.created_by = :user_id) and {{filters}} {{page}};

-- What went wrong lately: imports that failed, or had refused rows.
-- row import_count n i64
-- query q_import_wrong :one import_count
-- in user_id i64, after i64, most i64
select count(*) as n from (
    select 1 from import i
     where i.created_at > :after and (i.state = 'failed' or i.refused > 0)
       and i.is_dry_run = false and (:user_id = 0 or i.created_by = :user_id)
     limit :most) found;

-- query q_import_error_add :bulk
-- in import_id i64, row_number i64, column_name str, value str, reason str, original str
insert into import_error (import_id, row_number, column_name, value, reason, original)
values (:import_id, :row_number, :column_name, :value, :reason, :original);

-- row import_error_row id i64, row_number i64, column_name str, value str, reason str, original str

-- query q_import_errors :many import_error_row
-- in import_id i64, after_id i64, count i64
select e.id, e.row_number, e.column_name, e.value, e.reason, e.original
  from import_error e where e.import_id = :import_id and e.id > :after_id order by e.id limit :count;

-- query q_import_errors_drop :exec
-- in import_id i64, after_id i64
delete from import_error where import_id = :import_id and id > :after_id;

-- query q_import_waiting_add :bulk
-- in import_id i64, row_number i64
insert into import_waiting (import_id, row_number) values (:import_id, :row_number)
on conflict (import_id, row_number) do nothing;

-- query q_import_waiting_done :exec
-- in import_id i64, row_number i64
delete from import_waiting where import_id = :import_id and row_number = :row_number;

-- query q_import_waiting_drop :exec
-- in import_id i64
delete from import_waiting where import_id = :import_id;

-- row import_waiting_row row_number i64

-- query q_import_waiting :each import_waiting_row
-- in import_id i64
select w.row_number from import_waiting w where w.import_id = :import_id order by w.row_number;

-- row import_mapping_rec id i64, name str, kind str, text str, revision i64

-- query q_import_mapping_by_name :one import_mapping_rec
-- in name_fold str
select m.id, m.name, m.kind, m.text, m.revision from import_mapping m where m.name_fold = :name_fold;

-- query q_import_mapping :one import_mapping_rec
-- in id i64
select m.id, m.name, m.kind, m.text, m.revision from import_mapping m where m.id = :id;

-- query q_import_mappings :many import_mapping_rec
-- bounded: mappings are made by hand; the newest 200
-- in kind str
select m.id, m.name, m.kind, m.text, m.revision from import_mapping m
 where m.kind = :kind order by m.name_fold limit 200;

-- query q_import_mapping_save :id
-- in name str, name_fold str, kind str, text str, created_by i64?, created_at i64
insert into import_mapping (name, name_fold, kind, text, created_by, created_at)
values (:name, :name_fold, :kind, :text, :created_by, :created_at)
on conflict (name_fold) do update set name = excluded.name, kind = excluded.kind, text = excluded.text,
       revision = import_mapping.revision + 1
returning id;

-- query q_import_mapping_rename :changed
-- in id i64, revision i64, name str, name_fold str
update import_mapping set name = :name, name_fold = :name_fold, revision = revision + 1
 where id = :id and revision = :revision;

-- query q_import_mapping_remove :changed
-- in id i64, revision i64
delete from import_mapping where id = :id and revision = :revision;

-- row import_mapping_item id i64, name str, kind str, created_at i64

-- list q_import_mapping_list import_mapping_item
-- filter kind str: m.kind = :kind
-- filter q str: m.name_fold like '%' || :q || '%'
-- sort name str: m.name_fold
-- id m.id
select m.id, m.name, m.kind, m.created_at from import_mapping m where {{filters}} {{page}};

-- row import_code_row code str

-- Codes to suggest from when one is not found.
-- query q_import_partner_codes :many import_code_row
-- bounded: the newest 20,000
select p.code from partner p where {{visible p}} order by p.id desc limit 20000;

-- query q_import_product_codes :many import_code_row
-- bounded: the newest 20,000
select p.code from product p order by p.id desc limit 20000;

-- query q_import_category_codes :many import_code_row
-- bounded: the newest 20,000
select c.code from product_category c order by c.id desc limit 20000;

-- query q_import_customer_codes :many import_code_row
-- bounded: the newest 20,000
select c.code from customer c order by c.id desc limit 20000;

-- query q_import_outlet_codes :many import_code_row
-- bounded: the newest 20,000
select o.code from outlet o where {{visible o}} order by o.id desc limit 20000;

-- query q_import_scheme_codes :many import_code_row
-- bounded: the newest 20,000
select s.code from scheme s order by s.id desc limit 20000;

-- row import_id_row id i64, code str

-- Ids of the codes in a JSON list: one trip for a batch of a file.
-- query q_import_partner_ids :many import_id_row
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select p.id, p.code from json_each(:codes) j cross join partner p where p.code = j.value and {{visible p}};
-- pg:
select p.id, p.code from partner p
 where p.code in (select jsonb_array_elements_text(cast(:codes as jsonb))) and {{visible p}};
-- both:

-- query q_import_product_ids :many import_id_row
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select p.id, p.code from json_each(:codes) j cross join product p where p.code = j.value;
-- pg:
select p.id, p.code from product p
 where p.code in (select jsonb_array_elements_text(cast(:codes as jsonb)));
-- both:

-- query q_import_customer_ids :many import_id_row
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select c.id, c.code from json_each(:codes) j cross join customer c where c.code = j.value;
-- pg:
select c.id, c.code from customer c
 where c.code in (select jsonb_array_elements_text(cast(:codes as jsonb)));
-- both:

-- query q_import_outlet_ids :many import_id_row
-- in codes str
-- bounded: the codes that are asked for
-- sqlite:
select o.id, o.code from json_each(:codes) j cross join outlet o where o.code = j.value and {{visible o}};
-- pg:
select o.id, o.code from outlet o
 where o.code in (select jsonb_array_elements_text(cast(:codes as jsonb))) and {{visible o}};
-- both:

-- row import_outlet_row id i64, partner_id i64

-- query q_import_outlet :one import_outlet_row
-- in code str
select o.id, o.partner_id from outlet o where o.code = :code and {{visible o}};

-- row import_edge_row id i64, revision i64, parent_id i64, from_day i64, to_day i64, share i64

-- query q_import_edges :many import_edge_row
-- bounded: the parents of one partner in one tree
-- in tree str, partner_id i64
select r.id, r.revision, r.parent_id, r.from_day, r.to_day, r.share
  from partner_relation r
 where r.tree = :tree and r.partner_id = :partner_id and {{visible r}} order by r.from_day, r.id limit 1000;

-- row import_count_row count i64

-- query q_import_error_count :one import_count_row
-- in import_id i64
select count(*) as count from import_error e where e.import_id = :import_id;

-- row import_open_row id i64, job_id i64?

-- query q_import_open_ones :many import_open_row
-- bounded: the oldest of those that wait or run
select i.id, i.job_id from import i
 where i.state in ('waiting', 'running') and i.job_id is not null order by i.created_at, i.id limit 500;
