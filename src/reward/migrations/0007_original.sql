-- what an event was rewarded with, when it is taken back
create index reward_line_event on reward_line (event_seq, id) where event_seq > 0;
