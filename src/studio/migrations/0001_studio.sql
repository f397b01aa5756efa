-- A scheme that is being edited: one draft a scheme, shared by everybody who may edit it. Its text is
-- that of the step that is shown.
create table studio_draft (
    id {{pk}},
    scheme_id {{i64}} not null references scheme (id),
    -- the version that the text came from or became last; null: none yet
    base_version_id {{i64}} references scheme_version (id),
    revision {{i64}} not null default 1,
    -- the number of the step that is shown: undo goes back, redo forward
    step {{i64}} not null default 0,
    -- the step that became the base version; -1: none
    saved_step {{i64}} not null default -1,
    created_at {{i64}} not null,
    updated_at {{i64}} not null
);
create unique index studio_draft_scheme on studio_draft (scheme_id);

-- Each change with the whole text after it, so that nothing typed is ever lost.
create table studio_step (
    id {{pk}},
    draft_id {{i64}} not null references studio_draft (id) on delete cascade,
    number {{i64}} not null,
    xml {{text}} not null,
    -- the words of the change: a message key and what stands in it
    words {{text}} not null,
    word_0 {{text}} not null default '',
    word_1 {{text}} not null default '',
    word_2 {{text}} not null default '',
    word_3 {{text}} not null default '',
    word_4 {{text}} not null default '',
    -- the draft's revision after it
    revision {{i64}} not null,
    user_id {{i64}},
    created_at {{i64}} not null
);
create unique index studio_step_number on studio_step (draft_id, number);

-- Who has the draft open.
create table studio_presence (
    id {{pk}},
    draft_id {{i64}} not null references studio_draft (id) on delete cascade,
    user_id {{i64}} not null,
    seen_at {{i64}} not null
);
create unique index studio_presence_user on studio_presence (draft_id, user_id);

-- A warning of the check that somebody has said is meant so: the hash of what it says.
create table studio_meant (
    id {{pk}},
    scheme_id {{i64}} not null references scheme (id),
    sign {{text}} not null,
    user_id {{i64}},
    created_at {{i64}} not null
);
create unique index studio_meant_sign on studio_meant (scheme_id, sign);
