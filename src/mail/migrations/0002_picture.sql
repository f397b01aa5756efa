-- The logo that letters carry: one row a picture, however many letters show it.
create table mail_picture (
    id {{pk}},
    sha256 {{text}} not null,
    mime {{text}} not null,
    bytes {{blob}} not null
);
create unique index mail_picture_once on mail_picture (sha256);
alter table mail add column picture_id {{i64}} references mail_picture (id);
create index mail_by_picture on mail (picture_id) where picture_id is not null;
