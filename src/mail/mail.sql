-- Letters. They belong to the operator: staff with mail.read see them, partners never.

-- query q_mail_add :id
-- in kind str, to_email str, to_name str, from_name str, lang str, subject str, body_text str, body_html str, is_secret i64, message_id str, picture_id i64?, now i64
insert into mail (state, kind, to_email, to_name, from_name, lang, subject, body_text, body_html,
                  is_secret, message_id, picture_id, created_at)
values (1, :kind, :to_email, :to_name, :from_name, :lang, :subject, :body_text, :body_html,
        :is_secret, :message_id, :picture_id, :now)
returning id;

-- row mail_row id i64, state i64, kind str, to_email str, to_name str, from_name str, lang str, subject str, body_text str?, body_html str?, is_secret i64, message_id str, tries i64, error str?, created_at i64, sent_at i64?, picture_id i64?
-- query q_mail_find :one mail_row
-- in id i64
select id, state, kind, to_email, to_name, from_name, lang, subject, body_text, body_html,
       is_secret, message_id, tries, error, created_at, sent_at, picture_id
  from mail where id = :id;

-- query q_mail_state :changed
-- in id i64, state i64, tries i64, error str?, sent_at i64?
update mail set state = :state, tries = :tries, error = :error, sent_at = :sent_at
 where id = :id and state = 1;

-- query q_mail_forget :exec
-- in id i64
update mail set body_text = null, body_html = null where id = :id and is_secret = 1;

-- query q_mail_again :changed
-- in id i64
update mail set state = 1, error = null where id = :id and state in (3, 4);

-- row mail_list_row id i64, state i64, kind str, to_email str, to_name str, subject str, error str?, created_at i64, sent_at i64?
-- list q_mail_list mail_list_row
-- filter state i64: m.state = :state
-- filter kind str: m.kind = :kind
-- sort created i64: m.created_at
-- id m.id
select m.id, m.state, m.kind, m.to_email, m.to_name, m.subject, m.error, m.created_at, m.sent_at
  from mail m
 where {{filters}} {{page}};

-- query q_mail_remove_old :exec
-- in before i64
delete from mail where created_at < :before and state <> 1;

-- The same picture in many letters is one row.
-- query q_mail_picture_put :id
-- in sha256 str, mime str, bytes blob
insert into mail_picture (sha256, mime, bytes) values (:sha256, :mime, :bytes)
on conflict (sha256) do update set sha256 = excluded.sha256 returning id;

-- row mail_picture_row mime str, bytes blob
-- query q_mail_picture :one mail_picture_row
-- in id i64
select mime, bytes from mail_picture where id = :id;

-- query q_mail_pictures_tidy :exec
delete from mail_picture where not exists (select 1 from mail m where m.picture_id = mail_picture.id);
