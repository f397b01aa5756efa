-- What a person has chosen about the screens: columns of a list, a narrow navigation.
create table ui_choice (
    user_id {{i64}} not null,
    name {{text}} not null,
    value {{text}} not null,
    changed_at {{i64}} not null,
    primary key (user_id, name)
);
