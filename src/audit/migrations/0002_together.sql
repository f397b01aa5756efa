-- The changes of an entry stand in it, as one text with one commitment: a row of its own for each
-- field cost three quarters of a database after a large import. The text is a list of lists: field,
-- value before, value after; of entries from before also salt and digest of that field, since their
-- links were made over those.
alter table audit add column changes {{text}};
alter table audit add column changes_digest {{blob}};

-- sqlite:
update audit set changes = (
    select json_group_array(json_array(c.field, c.before, c.after,
                                       case when c.salt is not null then lower(hex(c.salt)) end,
                                       lower(hex(c.digest))) order by c.place)
      from audit_change c where c.audit_id = audit.id)
 where id in (select audit_id from audit_change);
-- pg:
update audit set changes = (
    select json_agg(json_build_array(c.field, c.before, c.after, encode(c.salt, 'hex'),
                                     encode(c.digest, 'hex')) order by c.place)::text
      from audit_change c where c.audit_id = audit.id)
 where id in (select audit_id from audit_change);
-- both:
drop table audit_change;

-- The same read as rows, for what asks for a field.
-- sqlite:
create view audit_change as
select a.id as audit_id, c.key as place, c.value ->> 0 as field, c.value ->> 1 as before,
       c.value ->> 2 as after
  from audit a, json_each(a.changes) c;
-- pg:
create view audit_change as
select a.id as audit_id, c.place - 1 as place, c.one ->> 0 as field, c.one ->> 1 as before,
       c.one ->> 2 as after
  from audit a cross join lateral json_array_elements(a.changes::json) with ordinality as c(one, place);
-- both:
