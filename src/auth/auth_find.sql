-- People for the search of everything, by the beginning of the name or of the e-mail. Who sees whom
-- is that of q_user_list.

-- row user_found id i64, name str, email str, state i64

-- query q_user_find_name :many user_found
-- in sees_partners bool, branch_user i64?, fold str, fold_end str, n i64
select u.id, u.name, u.email, u.state from auth_user u
 where u.name_fold >= :fold and u.name_fold < :fold_end and (:sees_partners or u.side = 1)
   and (:branch_user is null or u.id = :branch_user or exists (
        select 1 from user_branch theirs join user_branch mine on mine.branch_id = theirs.branch_id
        where theirs.user_id = u.id and mine.user_id = :branch_user))
 order by u.name_fold, u.id limit :n;

-- query q_user_find_email :many user_found
-- in sees_partners bool, branch_user i64?, fold str, fold_end str, n i64
select u.id, u.name, u.email, u.state from auth_user u
 where u.email_fold >= :fold and u.email_fold < :fold_end and (:sees_partners or u.side = 1)
   and (:branch_user is null or u.id = :branch_user or exists (
        select 1 from user_branch theirs join user_branch mine on mine.branch_id = theirs.branch_id
        where theirs.user_id = u.id and mine.user_id = :branch_user))
 order by u.email_fold limit :n;
