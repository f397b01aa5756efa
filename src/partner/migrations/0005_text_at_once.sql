-- Whoever adds partners puts their texts into the search index by one statement (q_partner_text_add):
-- a trigger would make it write out what it has gathered after each row.
-- sqlite:
drop trigger partner_text_add;
-- pg:
comment on index partner_text is 'PostgreSQL keeps it by itself.';
-- both:
