-- Rules that gave nothing stand with what is not part of the total, those that came out alike as one:
-- kind 9, and how often.
alter table reward_aside add column times {{i64}} not null default 1;
