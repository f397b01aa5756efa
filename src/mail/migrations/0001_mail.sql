-- A letter, from the moment it was decided on. The body of a secret one goes when it was sent.
create table mail (
    id {{pk}},
    state {{i64}} not null check (state between 1 and 4),
    kind {{text}} not null,
    to_email {{text}} not null,
    to_name {{text}} not null,
    from_name {{text}} not null,
    lang {{text}} not null,
    subject {{text}} not null,
    body_text {{text}},
    body_html {{text}},
    is_secret {{i64}} not null,
    message_id {{text}} not null,
    tries {{i64}} not null default 0,
    error {{text}},
    created_at {{i64}} not null,
    sent_at {{i64}}
);
create unique index mail_message on mail (message_id);
create index mail_created on mail (created_at, id);
create index mail_state on mail (state, created_at, id);
