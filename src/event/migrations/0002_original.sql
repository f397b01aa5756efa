-- Few events name another one that they take back or belong to: these are found by it.
create index event_tail_original on event_tail (original_seq, seq) where original_seq > 0 and credit_no = 0;
