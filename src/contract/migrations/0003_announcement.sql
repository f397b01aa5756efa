-- To whom a version of a scheme that begins later was announced by letter: once each.
-- owner: partner_id
create table contract_announcement (
    id {{pk}},
    scheme_version_id {{i64}} not null references scheme_version (id),
    partner_id {{i64}} not null references partner (id),
    created_at {{i64}} not null
);
create unique index contract_announcement_once on contract_announcement (scheme_version_id, partner_id);
