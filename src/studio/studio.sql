-- row draft_rec id i64, scheme_id i64, base_version_id i64?, revision i64, step i64, saved_step i64, updated_at i64
-- query q_draft :one draft_rec
-- in id i64
select d.id, d.scheme_id, d.base_version_id, d.revision, d.step, d.saved_step, d.updated_at
from studio_draft d where d.id = :id;

-- query q_draft_of :one draft_rec
-- in scheme_id i64
select d.id, d.scheme_id, d.base_version_id, d.revision, d.step, d.saved_step, d.updated_at
from studio_draft d where d.scheme_id = :scheme_id;

-- query q_draft_insert :id
-- in scheme_id i64, base_version_id i64?, saved_step i64, now i64
insert into studio_draft (scheme_id, base_version_id, saved_step, created_at, updated_at)
values (:scheme_id, :base_version_id, :saved_step, :now, :now)
returning id;

-- query q_draft_move :changed
-- in id i64, revision i64, step i64, now i64
update studio_draft set step = :step, updated_at = :now, revision = revision + 1
where id = :id and revision = :revision;

-- query q_draft_saved :exec
-- in id i64, base_version_id i64, saved_step i64
update studio_draft set base_version_id = :base_version_id, saved_step = :saved_step where id = :id;

-- query q_draft_delete :changed
-- in id i64, revision i64
delete from studio_draft where id = :id and revision = :revision;

-- row step_text number i64, xml str
-- query q_step_text :one step_text
-- in draft_id i64, number i64
select s.number, s.xml from studio_step s where s.draft_id = :draft_id and s.number = :number;

-- query q_step_insert :id
-- in draft_id i64, number i64, xml str, words str, word_0 str, word_1 str, word_2 str, word_3 str, word_4 str, revision i64, user_id i64?, now i64
insert into studio_step (draft_id, number, xml, words, word_0, word_1, word_2, word_3, word_4, revision, user_id, created_at)
values (:draft_id, :number, :xml, :words, :word_0, :word_1, :word_2, :word_3, :word_4, :revision, :user_id, :now)
returning id;

-- What was taken back is gone with the next change.
-- query q_steps_cut :exec
-- in draft_id i64, after i64, before i64
delete from studio_step where draft_id = :draft_id and (number > :after or number < :before);

-- row step_edge before i64?, after i64?
-- query q_step_edge :one step_edge
-- in draft_id i64, number i64
select max(case when s.number < :number then s.number end) as before,
    min(case when s.number > :number then s.number end) as after
from studio_step s where s.draft_id = :draft_id;

-- row step_rec number i64, words str, word_0 str, word_1 str, word_2 str, word_3 str, word_4 str, revision i64, user_id i64?, created_at i64
-- query q_steps :many step_rec
-- in draft_id i64
-- bounded: steps of one draft are cut
select s.number, s.words, s.word_0, s.word_1, s.word_2, s.word_3, s.word_4, s.revision, s.user_id, s.created_at
from studio_step s where s.draft_id = :draft_id order by s.number desc;

-- query q_presence_put :exec
-- in draft_id i64, user_id i64, now i64
insert into studio_presence (draft_id, user_id, seen_at) values (:draft_id, :user_id, :now)
on conflict (draft_id, user_id) do update set seen_at = excluded.seen_at;

-- row presence_rec user_id i64, seen_at i64
-- query q_presence :many presence_rec
-- in draft_id i64, since i64
-- bounded: people in one draft
select p.user_id, p.seen_at from studio_presence p
where p.draft_id = :draft_id and p.seen_at > :since order by p.user_id;

-- query q_meant_put :exec
-- in scheme_id i64, sign str, user_id i64?, now i64
insert into studio_meant (scheme_id, sign, user_id, created_at)
values (:scheme_id, :sign, :user_id, :now)
on conflict (scheme_id, sign) do nothing;

-- row meant_rec sign str
-- query q_meant :many meant_rec
-- in scheme_id i64
-- bounded: what people have said of one scheme
select m.sign from studio_meant m where m.scheme_id = :scheme_id;

-- Contracts to try a draft on: those that have the scheme, else any.
-- row try_contract id i64, code str, partner_name str
-- query q_try_bound :many try_contract
-- in scheme_id i64
select c.id, c.code, p.name as partner_name
from contract c join partner p on p.id = c.partner_id
where {{visible c}} and {{visible p}} and c.archived_at is null and c.state <> 'draft'
    and c.id in (select b.contract_id from contract_scheme b where b.scheme_id = :scheme_id)
order by case when c.state = 'active' then 0 else 1 end, c.code_sort, c.id limit 60;

-- query q_try_any :many try_contract
select c.id, c.code, p.name as partner_name
from contract c join partner p on p.id = c.partner_id
where {{visible c}} and {{visible p}} and c.archived_at is null and c.state <> 'draft'
order by c.code_sort, c.id limit 20;

-- query q_try_code :one try_contract
-- in code_fold str
select c.id, c.code, p.name as partner_name
from contract c join partner p on p.id = c.partner_id
where {{visible c}} and {{visible p}} and c.code_fold = :code_fold;

-- What is stored for the contract and period: posted, else the newest.
-- row try_stored id i64, currency str, total_minor i64, state str
-- query q_try_stored :one try_stored
-- in contract_id i64, period str
select r.id, r.currency, r.total_minor, r.state
from reward_result r
where {{visible r}} and r.contract_id = :contract_id and r.period = :period
    and r.state not in ('rolled_back', 'excluded')
order by case when r.state = 'posted' then 0 else 1 end, r.id desc limit 1;

-- row try_sum key str, amount_minor i64
-- query q_try_sums :many try_sum
-- in result_id i64
-- bounded: keys of the lines of one result
select l.key, cast(sum(l.amount_minor) as bigint) as amount_minor
from reward_line l where {{visible l}} and l.result_id = :result_id group by l.key order by l.key;

-- row open_draft id i64, code str, name str, updated_at i64
-- query q_open_drafts :many open_draft
-- bounded: a company has some dozens of schemes
select d.id, s.code, s.name, d.updated_at
from studio_draft d join scheme s on s.id = d.scheme_id
where d.step <> d.saved_step order by d.updated_at desc, d.id desc;
