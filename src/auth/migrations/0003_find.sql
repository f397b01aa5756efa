-- The search of everything finds people by the beginning of the name.
create index auth_user_by_fold on auth_user (name_fold, id);
