-- Files and their parts. A file's record is reached through its owner; parts and pieces only through
-- a file that was found so.

-- row file_row id i64, name str, mime str, size_bytes i64, sha256 str, purpose str, partner_id i64?, created_by i64?, created_at i64, expires_at i64?
-- query q_file_find :one file_row
-- in id i64, now i64, is_staff i64
select f.id, f.name, f.mime, f.size_bytes, f.sha256, f.purpose, f.partner_id, f.created_by,
       f.created_at, f.expires_at
  from file f
 where f.id = :id
   and ({{visible f}} or (f.partner_id is null and :is_staff = 1))
   and (f.expires_at is null or f.expires_at > :now);

-- query q_file_add :id
-- in name str, mime str, size_bytes i64, sha256 str, purpose str, partner_id i64?, created_by i64?, now i64, expires_at i64?
insert into file (name, mime, size_bytes, sha256, purpose, partner_id, created_by, created_at,
                  expires_at)
values (:name, :mime, :size_bytes, :sha256, :purpose, :partner_id, :created_by, :now, :expires_at)
returning id;

-- Storing the same bytes again marks them used, so that tidying leaves them alone.
-- query q_file_part_put :id
-- in sha256 blob, bytes blob, now i64
insert into file_part (sha256, bytes, used_at) values (:sha256, :bytes, :now)
on conflict (sha256) do update set used_at = excluded.used_at
returning id;

-- query q_file_piece_add :exec
-- in file_id i64, place i64, part_id i64
insert into file_piece (file_id, place, part_id) values (:file_id, :place, :part_id);

-- row file_part_row bytes blob, sha256 blob
-- query q_file_piece :one file_part_row
-- in file_id i64, place i64
select p.bytes, p.sha256
  from file_piece c join file_part p on p.id = c.part_id
 where c.file_id = :file_id and c.place = :place;

-- query q_file_remove :changed
-- in id i64
-- unscoped: the caller has found the file through its owner
delete from file where id = :id;

-- query q_file_remove_expired :exec
-- in now i64
-- unscoped: what is over is over for everybody
delete from file where expires_at is not null and expires_at <= :now;

-- row file_count n i64
-- query q_file_count_expired :one file_count
-- in now i64
-- unscoped: a number for the log
select count(*) as n from file where expires_at is not null and expires_at <= :now;

-- row file_part_id id i64
-- query q_file_parts_unused :many file_part_id
-- in before i64
select p.id
  from file_part p
 where p.used_at < :before and not exists (select 1 from file_piece c where c.part_id = p.id)
 order by p.used_at, p.id
 limit 200;

-- The conditions again: it may have come into use since it was listed.
-- query q_file_part_remove :exec
-- in id i64, before i64
delete from file_part
 where id = :id and used_at < :before
   and not exists (select 1 from file_piece c where c.part_id = :id);

-- row file_check id i64, size_bytes i64, sha256 str
-- query q_file_check_next :one file_check
-- in after i64
-- unscoped: the system checks every file
select f.id, f.size_bytes, f.sha256 from file f where f.id > :after order by f.id limit 1;
