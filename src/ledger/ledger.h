/* ledger: double entry, append-only, exact. Every transfer sums to zero per currency, has a key
 * that makes posting idempotent, a posting day, a service period, a reason and a link to its
 * source. Nothing is changed or deleted: a mistake is corrected by another transfer. Balances are
 * derived in the transaction that posts and checked against the entries by ledger_verify.
 *
 * Amounts of legs: a debit is positive, a credit negative (what we owe a partner is a credit). */
#ifndef KONTOR_LEDGER_H
#define KONTOR_LEDGER_H

#include "money/money.h"
#include "op/op.h"

enum ledger_side { LEDGER_ASSET = 1, LEDGER_LIABILITY, LEDGER_RESULT };

struct ledger_kind {
    const char *name;  /* "partner:accrued": stored */
    const char *label; /* message key */
    enum ledger_side side;
    bool is_of_partner; /* per partner and contract; else the company's own */
};
/* In the chart of accounts; NULL when there is no such kind. */
const struct ledger_kind *ledger_kind_find(struct str name);

struct ledger_leg {
    const char *kind;
    int64_t entity_id;
    int64_t partner_id, contract_id; /* 0 for the company's own accounts */
    struct money amount;             /* not zero */
};

enum { LEDGER_LEGS_MAX = 64 };

struct ledger_transfer {
    struct str key;     /* "result:17:accrue": unique for ever */
    const char *reason; /* "reward", "due", "hold", "release", "rollback" */
    int64_t posting_day;
    int64_t service_from_day, service_to_day; /* half-open */
    const char *source_kind;                  /* "result" */
    int64_t source_id;
    const struct ledger_leg *legs;
    size_t legs_len; /* 2…LEDGER_LEGS_MAX */
};

/* In the caller's transaction, or one of its own. A key that is known gives the id of the first
 * transfer when it says the same, RC_CONFLICT when it does not. RC_CONFLICT also when the posting
 * day is in a closed period; RC_INVALID when an amount or a balance would not fit. Legs that do not
 * sum to zero are a broken invariant: the process stops. */
enum rc ledger_post(struct op *op, const struct ledger_transfer *transfer, int64_t *out_id);
/* The mirror of a transfer, at most one each: a second call gives the first one's id. */
enum rc ledger_reverse(struct op *op, int64_t transfer_id, struct str key, const char *reason,
                       int64_t posting_day, int64_t *out_id);

/* Balance in minor units as booked (a liability is negative); 0 when the account does not exist. */
enum rc ledger_balance(struct op *op, const struct ledger_leg *account,
                       const struct currency *currency, int64_t *out_minor);

/* What a partner sees, over all contracts or one (contract_id 0: all), per currency. Positive
 * figures: owed to the partner. */
struct ledger_position {
    const struct currency *currency;
    int64_t accrued_minor, held_minor, payable_minor, in_payment_minor, receivable_minor;
};
struct ledger_positions {
    struct ledger_position *at;
    size_t len, cap;
};
enum rc ledger_positions(struct op *op, int64_t partner_id, int64_t contract_id,
                         struct ledger_positions *out);

/* Closes [from_day, to_day) of a legal entity: no entry may be posted into it afterwards. */
enum rc ledger_close_period(struct op *op, int64_t entity_id, int64_t from_day, int64_t to_day);
enum rc ledger_is_open(struct op *op, int64_t entity_id, int64_t day, bool *out);

/* Checks: every transfer sums to zero per currency, the whole sums to zero, balances equal the sums
 * of their entries, a reversal mirrors its original. */
struct ledger_report {
    int64_t transfers, entries, accounts;
    int64_t unbalanced; /* transfers that do not sum to zero */
    int64_t wrong_balances;
    int64_t wrong_reversals;
    struct str first_problem; /* English; absent when all is well */
};
enum rc ledger_verify(struct op *op, struct ledger_report *out);

#endif
