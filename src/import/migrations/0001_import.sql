-- How the columns of a file become fields, kept under a name to be used again: the text of a
-- mapping file.
create table import_mapping (
    id {{pk}},
    name {{text}} not null,
    name_fold {{text}} not null,
    kind {{text}} not null,
    text {{text}} not null,
    revision {{i64}} not null default 1,
    created_by {{i64}},
    created_at {{i64}} not null
);
create unique index import_mapping_name on import_mapping (name_fold);

-- One reading of one file. `pass` and `position` say how far its rows are in the database: they
-- are written in the transaction of the rows themselves, so a killed import goes on from there.
create table import (
    id {{pk}},
    kind {{text}} not null,
    name {{text}} not null,
    file_id {{i64}},
    mapping {{text}} not null,
    source {{text}} not null default '',
    sheet {{text}} not null default '',
    is_dry_run {{bool}} not null default false,
    state {{text}} not null check (state in ('draft', 'waiting', 'running', 'done', 'failed', 'cancelled')),
    job_id {{i64}},
    pass {{i64}} not null default 1,
    position {{i64}} not null default 0,
    added {{i64}} not null default 0,
    changed {{i64}} not null default 0,
    unchanged {{i64}} not null default 0,
    refused {{i64}} not null default 0,
    error_bytes {{i64}} not null default 0,
    error_file_id {{i64}},
    problem {{text}} not null default '',
    created_by {{i64}},
    created_name {{text}} not null default '',
    created_at {{i64}} not null,
    finished_at {{i64}},
    revision {{i64}} not null default 1
);
create index import_by_created on import (created_at, id);
create index import_by_kind on import (kind, created_at, id);
create index import_by_state on import (state, created_at, id);

-- What is wrong with a refused row, in the words of who imports, and the row as a line of CSV.
create table import_error (
    id {{pk}},
    import_id {{i64}} not null references import (id),
    row_number {{i64}} not null,
    column_name {{text}} not null,
    value {{text}} not null,
    reason {{text}} not null,
    original {{text}} not null
);
create index import_error_of on import_error (import_id, id);

-- Rows that name a record which stands further down in the same file: taken up in the next pass.
create table import_waiting (
    import_id {{i64}} not null references import (id),
    row_number {{i64}} not null,
    primary key (import_id, row_number)
);
