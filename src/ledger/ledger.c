/* The ledger's rules: posting, mirroring, closing, checking. Callers give whole transfers; the
 * chart of accounts is data. A cached balance is kept beside the entries, in the same transaction,
 * because a partner's page must not sum years of entries; verify compares the two. */
#include "ledger/ledger.h"

#include "ledger/ledger_q.h"

static const struct ledger_kind kinds[] = {
    {"partner:accrued", M("Accrued, not yet due"), LEDGER_LIABILITY, true},
    {"partner:held", M("On hold"), LEDGER_LIABILITY, true},
    {"partner:payable", M("Due"), LEDGER_LIABILITY, true},
    {"partner:in_payment", M("In payment"), LEDGER_LIABILITY, true},
    {"partner:reserve", M("Reserve"), LEDGER_LIABILITY, true},
    {"partner:advance", M("Advance"), LEDGER_ASSET, true},
    {"partner:receivable", M("Owed by the partner"), LEDGER_ASSET, true},
    {"tax:withheld", M("Withheld tax"), LEDGER_LIABILITY, false},
    {"vat:on rewards", M("VAT on rewards"), LEDGER_ASSET, false},
    {"cash:clearing", M("Payments on the way"), LEDGER_ASSET, false},
    {"cash:bank", M("Bank"), LEDGER_ASSET, false},
    {"customer:credit", M("Credit of customers"), LEDGER_LIABILITY, false},
    {"expense:reward", M("Rewards"), LEDGER_RESULT, false},
    {"expense:fee", M("Fees"), LEDGER_RESULT, false},
    {"expense:rounding", M("Rounding"), LEDGER_RESULT, false},
    {"fx:difference", M("Exchange difference"), LEDGER_RESULT, false},
    {"income:penalty", M("Penalties"), LEDGER_RESULT, false},
    {"income:service", M("Services to partners"), LEDGER_RESULT, false},
};

const struct ledger_kind *ledger_kind_find(struct str name)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(str_of(kinds[i].name), name))
            return &kinds[i];
    return NULL;
}

/* ---- posting ---- */

static void check_legs(const struct ledger_leg *legs, size_t len)
{
    assert(len >= 2 && len <= LEDGER_LEGS_MAX);
    for (size_t i = 0; i < len; i++) {
        const struct ledger_kind *kind = ledger_kind_find(str_of(legs[i].kind));
        assert(kind && legs[i].amount.currency && legs[i].amount.minor != 0);
        assert(legs[i].entity_id > 0);
        assert(kind->is_of_partner == (legs[i].partner_id > 0));
        assert(kind->is_of_partner == (legs[i].contract_id > 0));
    }
}

static const char too_large[] = M("The amounts of a transfer are too large.");

/* Sums to zero in each currency; RC_INVALID when the sum of one side, or a mirrored amount, does
 * not fit. */
static enum rc check_balanced(struct op *op, const struct ledger_leg *legs, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct money sum = MONEY(0, legs[i].amount.currency);
        if (legs[i].amount.minor == INT64_MIN)
            return fail(op, RC_INVALID, NULL, too_large);
        for (size_t j = 0; j < len; j++)
            if (legs[j].amount.currency == sum.currency && !money_add(sum, legs[j].amount, &sum))
                return fail(op, RC_INVALID, NULL, too_large);
        assert(sum.minor == 0);
    }
    return RC_OK;
}

static enum rc account_need(struct op *op, const struct ledger_leg *leg, int64_t *out_id)
{
    struct str currency = str_of(leg->amount.currency->code), kind = str_of(leg->kind);
    struct ledger_id found;
    enum rc rc =
        q_ledger_account_find(op,
                              &(struct q_ledger_account_find_in){leg->entity_id, leg->partner_id,
                                                                 leg->contract_id, currency, kind},
                              &found);
    if (rc == RC_OK)
        *out_id = found.id;
    if (rc != RC_MISSING)
        return rc;
    return q_ledger_account_add(op,
                                &(struct q_ledger_account_add_in){leg->entity_id, leg->partner_id,
                                                                  leg->contract_id, currency, kind},
                                out_id);
}

static bool same_leg(const struct ledger_leg_row *row, const struct ledger_leg *leg)
{
    return row->entity_id == leg->entity_id && row->partner_id == leg->partner_id &&
           row->contract_id == leg->contract_id && row->amount_minor == leg->amount.minor &&
           str_eq(row->kind, str_of(leg->kind)) &&
           str_eq(row->currency, str_of(leg->amount.currency->code));
}

/* The transfer of this key, when it was posted before: the same one again, or a conflict. */
static enum rc posted_before(struct op *op, const struct ledger_transfer *transfer, int64_t *out_id)
{
    struct ledger_transfer_row row;
    TRY(q_ledger_transfer_by_key(op, &(struct q_ledger_transfer_by_key_in){transfer->key}, &row));
    struct ledger_leg_row_rows legs;
    TRY(q_ledger_legs(op, &(struct q_ledger_legs_in){row.id}, &legs));
    bool is_same = legs.len == transfer->legs_len && row.posting_day == transfer->posting_day &&
                   row.source_id == transfer->source_id &&
                   str_eq(row.reason, str_of(transfer->reason));
    for (size_t i = 0; is_same && i < legs.len; i++)
        is_same = same_leg(&legs.at[i], &transfer->legs[i]);
    if (!is_same)
        return fail(op, RC_CONFLICT, NULL, "A different transfer was posted under the key {0}.",
                    str_c(op->arena, transfer->key));
    *out_id = row.id;
    return RC_OK;
}

static enum rc must_be_open(struct op *op, int64_t entity_id, int64_t day)
{
    bool is_open = false;
    TRY(ledger_is_open(op, entity_id, day, &is_open));
    if (!is_open)
        return fail(op, RC_CONFLICT, NULL,
                    "The period is closed: post the correction into an open one.");
    return RC_OK;
}

/* Legs of one account together: its balance changes once. False: their sum does not fit. */
static bool add_to_balance(struct q_ledger_balance_add_in *rows, size_t *len, int64_t account_id,
                           int64_t minor)
{
    for (size_t i = 0; i < *len; i++)
        if (rows[i].account_id == account_id) {
            rows[i].entries++;
            return !__builtin_add_overflow(rows[i].amount_minor, minor, &rows[i].amount_minor);
        }
    rows[(*len)++] = (struct q_ledger_balance_add_in){account_id, minor, 1};
    return true;
}

/* Each statement is a trip on PostgreSQL: entries go by one, balances by another. */
static enum rc add_entries(struct op *op, int64_t transfer_id, const struct ledger_leg *legs,
                           size_t len)
{
    struct q_ledger_entry_add_in entries[LEDGER_LEGS_MAX];
    struct q_ledger_balance_add_in balances[LEDGER_LEGS_MAX];
    size_t balances_len = 0;
    int64_t changed = 0;
    for (size_t i = 0; i < len; i++) {
        int64_t account_id = 0;
        TRY(account_need(op, &legs[i], &account_id));
        entries[i] = (struct q_ledger_entry_add_in){transfer_id, account_id, legs[i].amount.minor};
        if (!add_to_balance(balances, &balances_len, account_id, legs[i].amount.minor))
            return fail(op, RC_INVALID, NULL, too_large);
    }
    TRY(q_ledger_entry_add(op, entries, len, NULL));
    TRY(q_ledger_balance_add(op, balances, balances_len, &changed));
    if (changed != (int64_t)balances_len)
        return fail(op, RC_INVALID, NULL, too_large);
    return RC_OK;
}

static enum rc post(struct op *op, const struct ledger_transfer *transfer,
                    struct opt_i64 reverses_id, int64_t *out_id)
{
    check_legs(transfer->legs, transfer->legs_len);
    TRY(check_balanced(op, transfer->legs, transfer->legs_len));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc before = posted_before(op, transfer, out_id);
    if (before == RC_OK)
        return txn_commit(&txn);
    if (before != RC_MISSING)
        return before;
    for (size_t i = 0; i < transfer->legs_len; i++)
        if (i == 0 || transfer->legs[i].entity_id != transfer->legs[i - 1].entity_id)
            TRY(must_be_open(op, transfer->legs[i].entity_id, transfer->posting_day));
    int64_t id = 0;
    TRY(q_ledger_transfer_add(op,
                              &(struct q_ledger_transfer_add_in){
                                  .idempotency_key = transfer->key,
                                  .reason = str_of(transfer->reason),
                                  .posted_at = op->now,
                                  .posting_day = transfer->posting_day,
                                  .service_from_day = transfer->service_from_day,
                                  .service_to_day = transfer->service_to_day,
                                  .source_kind = str_of(transfer->source_kind),
                                  .source_id = transfer->source_id,
                                  .reverses_id = reverses_id,
                                  .created_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE},
                              &id));
    TRY(add_entries(op, id, transfer->legs, transfer->legs_len));
    kill_point("ledger_post");
    TRY(txn_commit(&txn));
    *out_id = id;
    return RC_OK;
}

enum rc ledger_post(struct op *op, const struct ledger_transfer *transfer, int64_t *out_id)
{
    return post(op, transfer, NONE, out_id);
}

enum rc ledger_reverse(struct op *op, int64_t transfer_id, struct str key, const char *reason,
                       int64_t posting_day, int64_t *out_id)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct ledger_transfer_row original;
    TRY(q_ledger_transfer_by_id(op, &(struct q_ledger_transfer_by_id_in){transfer_id}, &original));
    struct ledger_id done;
    enum rc before =
        q_ledger_reversal_of(op, &(struct q_ledger_reversal_of_in){transfer_id}, &done);
    if (before == RC_OK) {
        TRY(txn_commit(&txn));
        *out_id = done.id;
        return RC_OK;
    }
    if (before != RC_MISSING)
        return before;
    struct ledger_leg_row_rows rows;
    TRY(q_ledger_legs(op, &(struct q_ledger_legs_in){transfer_id}, &rows));
    struct ledger_leg *legs = NEW_ARRAY(op->arena, struct ledger_leg, rows.len);
    for (size_t i = 0; i < rows.len; i++)
        legs[i] = (struct ledger_leg){
            .kind = ledger_kind_find(rows.at[i].kind)->name,
            .entity_id = rows.at[i].entity_id,
            .partner_id = rows.at[i].partner_id,
            .contract_id = rows.at[i].contract_id,
            .amount = MONEY(-rows.at[i].amount_minor, currency_find(rows.at[i].currency))};
    struct ledger_transfer mirror = {.key = key,
                                     .reason = reason,
                                     .posting_day = posting_day,
                                     .service_from_day = original.service_from_day,
                                     .service_to_day = original.service_to_day,
                                     .source_kind = str_c(op->arena, original.source_kind),
                                     .source_id = original.source_id,
                                     .legs = legs,
                                     .legs_len = rows.len};
    TRY(post(op, &mirror, SOME(transfer_id), out_id));
    return txn_commit(&txn);
}

/* ---- reading ---- */

enum rc ledger_balance(struct op *op, const struct ledger_leg *account,
                       const struct currency *currency, int64_t *out_minor)
{
    struct ledger_amount amount = {0};
    enum rc rc = q_ledger_balance(
        op,
        &(struct q_ledger_balance_in){account->entity_id, account->partner_id, account->contract_id,
                                      str_of(currency->code), str_of(account->kind)},
        &amount);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    *out_minor = rc == RC_OK ? amount.amount_minor : 0;
    return RC_OK;
}

static struct ledger_position *position_of(struct op *op, struct ledger_positions *positions,
                                           const struct currency *currency)
{
    for (size_t i = 0; i < positions->len; i++)
        if (positions->at[i].currency == currency)
            return &positions->at[i];
    VEC_PUSH(op->arena, positions, (struct ledger_position){.currency = currency});
    return &positions->at[positions->len - 1];
}

static void position_add(struct ledger_position *position, const struct ledger_kind_sum *sum)
{
    if (str_eq(sum->kind, STR("partner:accrued")))
        position->accrued_minor = -sum->amount_minor;
    else if (str_eq(sum->kind, STR("partner:held")))
        position->held_minor = -sum->amount_minor;
    else if (str_eq(sum->kind, STR("partner:payable")))
        position->payable_minor = -sum->amount_minor;
    else if (str_eq(sum->kind, STR("partner:in_payment")))
        position->in_payment_minor = -sum->amount_minor;
    else if (str_eq(sum->kind, STR("partner:receivable")))
        position->receivable_minor = sum->amount_minor;
}

enum rc ledger_positions(struct op *op, int64_t partner_id, int64_t contract_id,
                         struct ledger_positions *out)
{
    struct ledger_kind_sum_rows sums;
    TRY(q_ledger_positions(op, &(struct q_ledger_positions_in){partner_id, contract_id}, &sums));
    struct ledger_positions positions = {0};
    for (size_t i = 0; i < sums.len; i++)
        position_add(position_of(op, &positions, currency_find(sums.at[i].currency)), &sums.at[i]);
    *out = positions;
    return RC_OK;
}

/* ---- closing ---- */

enum rc ledger_is_open(struct op *op, int64_t entity_id, int64_t day, bool *out)
{
    struct ledger_id closed;
    enum rc rc = q_ledger_closed_on(op, &(struct q_ledger_closed_on_in){entity_id, day}, &closed);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    *out = rc == RC_MISSING;
    return RC_OK;
}

enum rc ledger_close_period(struct op *op, int64_t entity_id, int64_t from_day, int64_t to_day)
{
    assert(from_day < to_day);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct ledger_id overlap;
    enum rc rc = q_ledger_close_overlap(
        op, &(struct q_ledger_close_overlap_in){entity_id, from_day, to_day}, &overlap);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, NULL, "A part of this period is closed already.");
    if (rc != RC_MISSING)
        return rc;
    TRY(q_ledger_close_add(
        op, &(struct q_ledger_close_add_in){entity_id, from_day, to_day, op->now,
                                            op->actor.user_id ? SOME(op->actor.user_id) : NONE}));
    return txn_commit(&txn);
}

/* ---- checking ---- */

static void note_problem(struct op *op, struct ledger_report *report, const char *what,
                         const struct ledger_problem_rows *rows)
{
    if (rows->len == 0 || report->first_problem.at)
        return;
    report->first_problem = str_printf(
        op->arena, "%s %lld: off by %lld minor units of " STR_FMT, what, (long long)rows->at[0].id,
        (long long)rows->at[0].amount_minor, STR_ARG(rows->at[0].currency));
}

enum rc ledger_verify(struct op *op, struct ledger_report *out)
{
    struct ledger_report report = {0};
    struct ledger_totals totals;
    struct ledger_problem_rows rows;
    TRY(q_ledger_totals(op, &totals));
    report.transfers = totals.transfers;
    report.entries = totals.entries;
    report.accounts = totals.accounts;
    TRY(q_ledger_unbalanced(op, &rows));
    report.unbalanced = (int64_t)rows.len;
    note_problem(op, &report, "transfer", &rows);
    TRY(q_ledger_wrong_balances(op, &rows));
    report.wrong_balances = (int64_t)rows.len;
    note_problem(op, &report, "balance of account", &rows);
    TRY(q_ledger_wrong_reversals(op, &rows));
    report.wrong_reversals = (int64_t)rows.len;
    note_problem(op, &report, "reversal", &rows);
    *out = report;
    return RC_OK;
}
