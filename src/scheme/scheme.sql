-- row scheme_rec id i64, revision i64, code str, name str, description str, archived_at i64?
-- query q_scheme :one scheme_rec
-- in id i64
select s.id, s.revision, s.code, s.name, s.description, s.archived_at
from scheme s where s.id = :id;

-- query q_scheme_by_code :one scheme_rec
-- in code_fold str
select s.id, s.revision, s.code, s.name, s.description, s.archived_at
from scheme s where s.code_fold = :code_fold;

-- query q_scheme_insert :id
-- in code str, code_fold str, name str, name_fold str, name_sort str, description str, now i64
insert into scheme (code, code_fold, name, name_fold, name_sort, description,
    created_at)
values (:code, :code_fold, :name, :name_fold, :name_sort, :description, :now)
returning id;

-- query q_scheme_update :changed
-- in id i64, revision i64, code str, code_fold str, name str, name_fold str, name_sort str, description str
update scheme set code = :code, code_fold = :code_fold, name = :name, name_fold = :name_fold,
    name_sort = :name_sort, description = :description, revision = revision + 1
where id = :id and revision = :revision;

-- query q_scheme_archive :changed
-- in id i64, revision i64, archived_at i64?
update scheme set archived_at = :archived_at, revision = revision + 1
where id = :id and revision = :revision;

-- A scheme is in force when a published version has begun, planned when the first one has not yet.
-- row scheme_row id i64, code str, name str, archived_at i64?, begun i64?, next i64?, newest_number i64?, newest_state str?
-- list q_scheme_list scheme_row
-- unindexed: schemes are some dozens
-- in now i64
-- filter q str: (s.name_fold like '%' || :q || '%' or s.code_fold like '%' || :q || '%')
-- filter archived bool: (s.archived_at is not null) = :archived
-- filter waiting bool: (exists (select 1 from scheme_version w where w.scheme_id = s.id and w.state = 'in_approval')) = :waiting
-- filter begun bool: (exists (select 1 from scheme_version b where b.scheme_id = s.id and b.state = 'published' and b.valid_from <= :now)) = :begun
-- sort name str: s.name_sort
-- sort code str: s.code
-- sort created i64: s.created_at
-- id s.id
select s.id, s.code, s.name, s.archived_at,
    (select max(b.valid_from) from scheme_version b where b.scheme_id = s.id
        and b.state = 'published' and b.valid_from <= :now) as begun,
    (select min(f.valid_from) from scheme_version f where f.scheme_id = s.id
        and f.state = 'published' and f.valid_from > :now) as next,
    (select max(n.number) from scheme_version n where n.scheme_id = s.id) as newest_number,
    (select n.state from scheme_version n where n.scheme_id = s.id
        order by n.number desc limit 1) as newest_state
from scheme s where {{filters}} {{page}};

-- row scheme_choice id i64, code str, name str
-- query q_scheme_choices :many scheme_choice
-- bounded: a company has some dozens of schemes
select s.id, s.code, s.name from scheme s where s.archived_at is null order by s.name_sort, s.id;

-- row version_rec id i64, scheme_id i64, number i64, revision i64, state str, sha256 str, note str, valid_from i64?, created_by i64?, created_at i64, published_at i64?
-- query q_scheme_version :one version_rec
-- in id i64
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v where v.id = :id;

-- query q_scheme_version_newest :one version_rec
-- in scheme_id i64
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v where v.scheme_id = :scheme_id order by v.number desc limit 1;

-- query q_scheme_version_by_number :one version_rec
-- in scheme_id i64, number i64
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v where v.scheme_id = :scheme_id and v.number = :number;

-- query q_scheme_versions :many version_rec
-- in scheme_id i64
-- bounded: versions of one scheme
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v where v.scheme_id = :scheme_id order by v.number desc;

-- Published versions that are in force in [from, to): those that begin in it, and the one that has
-- begun last before it.
-- query q_scheme_versions_in_force :many version_rec
-- in scheme_id i64, from_at i64, to_at i64
-- bounded: versions of one scheme
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v
where v.scheme_id = :scheme_id and v.state = 'published' and v.valid_from < :to_at
    and v.valid_from >= coalesce((
        select max(b.valid_from) from scheme_version b
        where b.scheme_id = :scheme_id and b.state = 'published' and b.valid_from <= :from_at),
        :from_at)
order by v.valid_from;

-- The version whose attributes people give values for from a moment on: the one in force then, else
-- the first that follows, else the newest file.
-- query q_scheme_version_for :one version_rec
-- in scheme_id i64, at i64
select v.id, v.scheme_id, v.number, v.revision, v.state, v.sha256, v.note, v.valid_from,
    v.created_by, v.created_at, v.published_at
from scheme_version v
where v.scheme_id = :scheme_id and v.state <> 'retired'
order by case when v.state <> 'published' then 3 when v.valid_from <= :at then 1 else 2 end,
    case when v.state = 'published' then abs(v.valid_from - :at) else -v.number end
limit 1;

-- row version_text xml str, sha256 str
-- query q_scheme_version_file :one version_text
-- in id i64
select v.xml, v.sha256 from scheme_version v where v.id = :id;

-- query q_scheme_version_insert :id
-- in scheme_id i64, number i64, sha256 str, xml str, note str, created_by i64?, now i64
insert into scheme_version (scheme_id, number, state, sha256, xml, note, created_by, created_at)
values (:scheme_id, :number, 'draft', :sha256, :xml, :note, :created_by, :now)
returning id;

-- query q_scheme_version_submit :changed
-- in id i64, revision i64, valid_from i64
update scheme_version set state = 'in_approval', valid_from = :valid_from, revision = revision + 1
where id = :id and revision = :revision and state = 'draft';

-- query q_scheme_version_publish :changed
-- in id i64, now i64
update scheme_version set state = 'published', published_at = :now, revision = revision + 1
where id = :id and state = 'in_approval';

-- query q_scheme_version_back :changed
-- in id i64
update scheme_version set state = 'draft', valid_from = null, revision = revision + 1
where id = :id and state = 'in_approval';

-- query q_scheme_version_retire :changed
-- in id i64, revision i64
update scheme_version set state = 'retired', revision = revision + 1
where id = :id and revision = :revision and state in ('draft', 'published');
