-- Bytes, each run of them once; a file is a list of parts.
create table file_part (
    id {{pk}},
    sha256 {{blob}} not null,
    bytes {{blob}} not null,
    used_at {{i64}} not null
);
create unique index file_part_sha256 on file_part (sha256);
create index file_part_used on file_part (used_at, id);

-- A file without a partner is the operator's own.
-- owner: partner_id
create table file (
    id {{pk}},
    name {{text}} not null,
    mime {{text}} not null,
    size_bytes {{i64}} not null,
    sha256 {{text}} not null,
    purpose {{text}} not null,
    partner_id {{i64}},
    created_by {{i64}},
    created_at {{i64}} not null,
    expires_at {{i64}}
);
create index file_expires on file (expires_at, id) where expires_at is not null;
create index file_partner on file (partner_id, id) where partner_id is not null;

create table file_piece (
    id {{pk}},
    file_id {{i64}} not null references file (id) on delete cascade,
    place {{i64}} not null,
    part_id {{i64}} not null references file_part (id)
);
create unique index file_piece_place on file_piece (file_id, place);
create index file_piece_part on file_piece (part_id);
