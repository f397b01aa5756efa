create table scheme (
    id {{pk}},
    code {{text}} not null,
    code_fold {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    description {{text}} not null default '',
    archived_at {{i64}},
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index scheme_code on scheme (code_fold);
create index scheme_by_code on scheme (code, id);
create index scheme_by_name on scheme (name_sort, id);
create index scheme_by_created on scheme (created_at, id);

-- A version is a DMN file, known by its hash; published text never changes. It is in force from
-- valid_from until the next published version of the scheme begins.
create table scheme_version (
    id {{pk}},
    scheme_id {{i64}} not null references scheme (id),
    number {{i64}} not null,
    state {{text}} not null check (state in ('draft', 'in_approval', 'published', 'retired')),
    sha256 {{text}} not null,
    xml {{text}} not null,
    note {{text}} not null default '',
    valid_from {{i64}},
    created_by {{i64}},
    created_at {{i64}} not null,
    published_at {{i64}},
    revision {{i64}} not null default 1,
    check (valid_from is not null or state in ('draft', 'retired'))
);
create unique index scheme_version_number on scheme_version (scheme_id, number);
create unique index scheme_version_from on scheme_version (scheme_id, valid_from)
    where state in ('in_approval', 'published');
create index scheme_version_in_force on scheme_version (scheme_id, state, valid_from);
