-- what has moved since a day: the desk compares balances with those of the end of a period
create index ledger_transfer_by_day on ledger_transfer (posting_day, id);
