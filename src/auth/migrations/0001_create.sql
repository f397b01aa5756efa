-- People of both sides. A partner's user names its partner; which staff see it is decided where
-- partners are known, so the table has no owner of its own and every reader says its condition.
create table auth_user (
    id {{pk}},
    side {{i64}} not null check (side in (1, 2)),
    state {{i64}} not null check (state in (1, 2, 3)),
    email {{text}} not null,
    email_fold {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    lang {{text}} not null,
    partner_id {{i64}},
    has_all_branches {{bool}} not null,
    password_hash {{text}},
    totp_sealed {{blob}},
    totp_step {{i64}} not null default 0,
    signed_in_at {{i64}} not null default 0,
    revision {{i64}} not null default 1,
    created_at {{i64}} not null,
    check ((side = 2) = (partner_id is not null))
);
create unique index auth_user_email on auth_user (email_fold);
create index auth_user_by_name on auth_user (name_sort, id);
create index auth_user_by_signed_in on auth_user (signed_in_at, id);
create index auth_user_of_partner on auth_user (partner_id);

-- A built-in role has its name, side and patterns in the program; its row is what users point to.
create table role (
    id {{pk}},
    side {{i64}} not null check (side in (1, 2)),
    builtin {{text}} not null,
    name {{text}} not null,
    name_fold {{text}} not null,
    name_sort {{text}} not null,
    revision {{i64}} not null default 1,
    created_at {{i64}} not null
);
create unique index role_name on role (side, name_fold);

create table role_permission (
    role_id {{i64}} not null references role (id),
    permission {{text}} not null,
    primary key (role_id, permission)
);

create table user_role (
    user_id {{i64}} not null references auth_user (id),
    role_id {{i64}} not null references role (id),
    primary key (user_id, role_id)
);
create index user_role_of_role on user_role (role_id);

create table user_branch (
    user_id {{i64}} not null references auth_user (id),
    branch_id {{i64}} not null references branch (id),
    primary key (user_id, branch_id)
);
create index user_branch_of_branch on user_branch (branch_id);

create table auth_session (
    id {{pk}},
    token_hash {{blob}} not null,
    user_id {{i64}} not null references auth_user (id),
    csrf {{text}} not null,
    is_half {{bool}} not null,
    address {{text}} not null,
    agent {{text}} not null,
    created_at {{i64}} not null,
    seen_at {{i64}} not null,
    expires_at {{i64}} not null
);
create unique index auth_session_token on auth_session (token_hash);
create index auth_session_of_user on auth_session (user_id);
create index auth_session_by_expiry on auth_session (expires_at);

-- Networks from which somebody has signed in: they keep tries of their own, so that a stranger who
-- uses up the tries of an account does not lock its owner out.
create table known_network (
    user_id {{i64}} not null references auth_user (id),
    network {{text}} not null,
    seen_at {{i64}} not null,
    primary key (user_id, network)
);

create table auth_token (
    id {{pk}},
    token_hash {{blob}} not null,
    purpose {{i64}} not null check (purpose in (1, 2, 3)),
    user_id {{i64}} references auth_user (id),
    created_at {{i64}} not null,
    expires_at {{i64}} not null,
    check ((purpose = 3) = (user_id is null))
);
create unique index auth_token_hash on auth_token (token_hash);
create index auth_token_of_user on auth_token (user_id, purpose);
create index auth_token_by_expiry on auth_token (expires_at);

create table recovery_code (
    user_id {{i64}} not null references auth_user (id),
    code_hash {{blob}} not null,
    primary key (user_id, code_hash)
);

create table api_key (
    id {{pk}},
    user_id {{i64}} not null references auth_user (id),
    name {{text}} not null,
    shown {{text}} not null,
    secret_hash {{blob}} not null,
    scopes {{text}} not null,
    created_at {{i64}} not null,
    expires_at {{i64}},
    used_at {{i64}},
    revoked_at {{i64}}
);
create unique index api_key_secret on api_key (secret_hash);
create index api_key_of_user on api_key (user_id);

-- The answer of a POST that carried an Idempotency-Key, written in the transaction of its effect.
create table stored_answer (
    actor {{text}} not null,
    idempotency_key {{text}} not null,
    request_hash {{blob}} not null,
    status {{i64}} not null,
    content_type {{text}} not null,
    location {{text}} not null,
    body {{blob}} not null,
    created_at {{i64}} not null,
    primary key (actor, idempotency_key)
);
create index stored_answer_by_time on stored_answer (created_at);

-- Tries as one number: the time at which the bucket will be full again (GCRA).
create table rate_limit (
    bucket {{text}} not null primary key,
    full_at {{i64}} not null
);
create index rate_limit_by_time on rate_limit (full_at);

insert into role (side, builtin, name, name_fold, name_sort, created_at) values
    (1, 'administrator', '', 'administrator', '', 0),
    (1, 'partner_manager', '', 'partner_manager', '', 0),
    (1, 'accountant', '', 'accountant', '', 0),
    (1, 'auditor', '', 'auditor', '', 0),
    (2, 'portal_owner', '', 'portal_owner', '', 0),
    (2, 'portal_accountant', '', 'portal_accountant', '', 0),
    (2, 'portal_seller', '', 'portal_seller', '', 0);
