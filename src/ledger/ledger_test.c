/* ledger: transfers sum to zero, a key posts once, reversals mirror, closed periods stay closed. */
#include "ledger/ledger.h"
#include "tests/fixture.h"
#include "tests/tap.h"

enum { ENTITY = 1, PARTNER = 7, CONTRACT = 9, DAY = 20000 };

static const struct currency *eur(void)
{
    return currency_find(STR("EUR"));
}

static enum rc post_two(struct op *op, const char *key, int64_t day,
                        const struct ledger_leg legs[2], int64_t *out_id)
{
    return ledger_post(op,
                       &(struct ledger_transfer){.key = str_of(key),
                                                 .reason = "reward",
                                                 .posting_day = day,
                                                 .service_from_day = DAY - 30,
                                                 .service_to_day = DAY,
                                                 .source_kind = "result",
                                                 .source_id = 1,
                                                 .legs = legs,
                                                 .legs_len = 2},
                       out_id);
}

/* A reward of a contract: expense / accrued. */
static enum rc accrue(struct op *op, const char *key, int64_t minor, int64_t day, int64_t *out_id)
{
    const struct ledger_leg legs[] = {
        {"expense:reward", ENTITY, 0, 0, MONEY(minor, eur())},
        {"partner:accrued", ENTITY, PARTNER, CONTRACT, MONEY(-minor, eur())},
    };
    return post_two(op, key, day, legs, out_id);
}

static int64_t accrued(struct op *op)
{
    struct ledger_leg account = {.kind = "partner:accrued",
                                 .entity_id = ENTITY,
                                 .partner_id = PARTNER,
                                 .contract_id = CONTRACT};
    int64_t minor = -1;
    return ledger_balance(op, &account, eur(), &minor) == RC_OK ? minor : -1;
}

static void posting(struct fixture *f)
{
    int64_t id = 0, again = 0;
    ok(accrue(&f->op, "k1", 25000, DAY, &id) == RC_OK, "a balanced transfer is posted");
    is_i64(accrued(&f->op), -25000, "what we owe a partner is a credit");
    ok(accrue(&f->op, "k1", 25000, DAY, &again) == RC_OK && again == id,
       "the same key again is the first transfer");
    is_i64(accrued(&f->op), -25000, "and posts nothing");
    ok(accrue(&f->op, "k1", 26000, DAY, &again) == RC_CONFLICT,
       "the same key with other figures is refused");
    fault_clear(&f->op.fault);
    struct ledger_positions positions;
    ok(ledger_positions(&f->op, PARTNER, 0, &positions) == RC_OK && positions.len == 1 &&
           positions.at[0].accrued_minor == 25000,
       "a partner sees what is owed as a positive figure");
    is_i64(fixture_i64(f, "select count(*) from ledger_entry"), 2, "two legs are two entries");
}

/* A transfer between two kinds of the partner's accounts. */
static enum rc move(struct op *op, const char *key, const char *from, const char *to, int64_t minor)
{
    const struct ledger_leg legs[] = {
        {from, ENTITY, PARTNER, CONTRACT, MONEY(minor, eur())},
        {to, ENTITY, PARTNER, CONTRACT, MONEY(-minor, eur())},
    };
    int64_t id = 0;
    return post_two(op, key, DAY, legs, &id);
}

static void the_same_key(struct fixture *f)
{
    struct op *op = &f->op;
    struct ledger_leg legs[] = {
        {"expense:reward", ENTITY, 0, 0, MONEY(500, eur())},
        {"partner:accrued", ENTITY, PARTNER, CONTRACT, MONEY(-500, eur())},
        {"expense:fee", ENTITY, 0, 0, MONEY(1, eur())},
        {"partner:accrued", ENTITY, PARTNER, CONTRACT, MONEY(-1, eur())},
    };
    const struct ledger_transfer first = {.key = STR("k1"),
                                          .reason = "reward",
                                          .posting_day = DAY,
                                          .service_from_day = DAY - 30,
                                          .service_to_day = DAY,
                                          .source_kind = "result",
                                          .source_id = 1,
                                          .legs = legs,
                                          .legs_len = 2};
    struct ledger_transfer other = first;
    int64_t id = 0;
    ok(ledger_post(op, &first, &id) == RC_OK, "a transfer is posted");
    other.posting_day = DAY + 1;
    ok(ledger_post(op, &other, &id) == RC_CONFLICT, "its key with another day is refused");
    other = first;
    other.source_id = 2;
    ok(ledger_post(op, &other, &id) == RC_CONFLICT, "with another source");
    other = first;
    other.reason = "rollback";
    ok(ledger_post(op, &other, &id) == RC_CONFLICT, "with another reason");
    other = first;
    other.legs_len = 4;
    ok(ledger_post(op, &other, &id) == RC_CONFLICT, "with more legs");
    legs[0].kind = "expense:fee";
    ok(ledger_post(op, &first, &id) == RC_CONFLICT, "with another account");
    legs[0] = (struct ledger_leg){"expense:reward", ENTITY + 1, 0, 0, MONEY(500, eur())};
    ok(ledger_post(op, &first, &id) == RC_CONFLICT, "of another legal entity");
    legs[0].entity_id = ENTITY;
    legs[1].partner_id = PARTNER + 1;
    ok(ledger_post(op, &first, &id) == RC_CONFLICT, "of another partner");
    legs[1].partner_id = PARTNER;
    legs[1].contract_id = CONTRACT + 1;
    ok(ledger_post(op, &first, &id) == RC_CONFLICT, "of another contract");
    legs[1].contract_id = CONTRACT;
    legs[0].amount.currency = legs[1].amount.currency = currency_find(STR("USD"));
    ok(ledger_post(op, &first, &id) == RC_CONFLICT, "in another currency");
    is_i64(fixture_i64(f, "select count(*) from ledger_entry"), 2, "and posts nothing");
}

static void positions(struct fixture *f)
{
    struct op *op = &f->op;
    struct ledger_positions all;
    const struct ledger_position *p;
    int64_t id;
    ok(accrue(op, "k1", 1000, DAY, &id) == RC_OK &&
           move(op, "k2", "partner:accrued", "partner:held", 100) == RC_OK &&
           move(op, "k3", "partner:accrued", "partner:payable", 200) == RC_OK &&
           move(op, "k4", "partner:accrued", "partner:in_payment", 300) == RC_OK &&
           move(op, "k5", "partner:receivable", "partner:payable", 50) == RC_OK &&
           move(op, "k6", "partner:accrued", "partner:reserve", 25) == RC_OK,
       "money moves from account to account");
    ok(ledger_positions(op, PARTNER, CONTRACT, &all) == RC_OK && all.len == 1,
       "a contract has one position a currency");
    p = &all.at[0];
    is_i64(p->accrued_minor, 375, "what is accrued");
    is_i64(p->held_minor, 100, "what is held");
    is_i64(p->payable_minor, 250, "what is due");
    is_i64(p->in_payment_minor, 300, "what is being paid");
    is_i64(p->receivable_minor, 50, "and what the partner owes");
    ok(ledger_positions(op, PARTNER, CONTRACT + 1, &all) == RC_OK && all.len == 0,
       "another contract has none");
    const struct ledger_leg legs[] = {
        {"expense:reward", ENTITY, 0, 0, MONEY(700, currency_find(STR("USD")))},
        {"partner:accrued", ENTITY, PARTNER, CONTRACT + 1, MONEY(-700, currency_find(STR("USD")))},
    };
    ok(post_two(op, "k7", DAY, legs, &id) == RC_OK &&
           ledger_positions(op, PARTNER, 0, &all) == RC_OK && all.len == 2 &&
           all.at[0].accrued_minor == 375 && all.at[1].accrued_minor == 700,
       "currencies are never added up");
    ok(!ledger_kind_find(STR("partner:")), "what the chart does not have is no account");
}

static void too_large(struct fixture *f)
{
    struct op *op = &f->op;
    int64_t id = 0;
    struct ledger_leg legs[] = {
        {"expense:reward", ENTITY, 0, 0, MONEY(INT64_MAX, eur())},
        {"expense:fee", ENTITY, 0, 0, MONEY(INT64_MAX, eur())},
        {"expense:rounding", ENTITY, 0, 0, MONEY(-INT64_MAX, eur())},
        {"partner:accrued", ENTITY, PARTNER, CONTRACT, MONEY(-INT64_MAX, eur())},
    };
    struct ledger_transfer transfer = {.key = STR("k1"),
                                       .reason = "reward",
                                       .posting_day = DAY,
                                       .source_kind = "result",
                                       .source_id = 1,
                                       .legs = legs,
                                       .legs_len = LEN(legs)};
    ok(ledger_post(op, &transfer, &id) == RC_INVALID, "a side that does not fit is refused");
    fault_clear(&op->fault);
    legs[0].amount.minor = INT64_MIN;
    legs[1].amount.minor = 1;
    transfer.legs_len = 2;
    ok(ledger_post(op, &transfer, &id) == RC_INVALID, "so is an amount without a mirror");
    fault_clear(&op->fault);
    ok(accrue(op, "k2", INT64_MAX - 10, DAY, &id) == RC_OK, "an account is almost full");
    ok(accrue(op, "k3", 11, DAY, &id) == RC_INVALID, "what does not fit into it is refused");
    fault_clear(&op->fault);
    ok(accrue(op, "k4", 10, DAY, &id) == RC_OK && accrued(op) == -INT64_MAX, "it can be filled");
    ok(ledger_reverse(op, id, STR("k4:back"), "rollback", DAY, &id) == RC_OK &&
           accrued(op) == -(INT64_MAX - 10),
       "and emptied again");
    struct ledger_report report;
    ok(ledger_verify(op, &report) == RC_OK && !report.first_problem.at, "all of it verifies");
}

static void reversing(struct fixture *f)
{
    int64_t id = 0, reversal = 0, again = 0;
    ok(accrue(&f->op, "k1", 333, DAY, &id) == RC_OK, "a transfer is posted");
    ok(ledger_reverse(&f->op, id, STR("k1:back"), "rollback", DAY, &reversal) == RC_OK,
       "it can be reversed");
    is_i64(accrued(&f->op), 0, "a transfer and its reversal sum to zero");
    ok(ledger_reverse(&f->op, id, STR("k1:again"), "rollback", DAY, &again) == RC_OK &&
           again == reversal,
       "a second reversal is the first one");
    ok(ledger_reverse(&f->op, 999999, STR("x"), "rollback", DAY, &again) == RC_MISSING,
       "what was never posted cannot be reversed");
}

static void closing(struct fixture *f)
{
    int64_t id = 0;
    ok(ledger_close_period(&f->op, ENTITY, DAY - 10, DAY) == RC_OK, "a period is closed");
    ok(accrue(&f->op, "k1", 5, DAY - 1, &id) == RC_CONFLICT, "its last day takes no entry");
    fault_clear(&f->op.fault);
    ok(accrue(&f->op, "k2", 5, DAY, &id) == RC_OK, "the day after takes entries");
    ok(ledger_close_period(&f->op, ENTITY, DAY - 1, DAY + 5) == RC_CONFLICT,
       "periods that are closed do not overlap");
    fault_clear(&f->op.fault);
}

static void verifying(struct fixture *f)
{
    int64_t id = 0;
    struct ledger_report report;
    ok(accrue(&f->op, "k1", 100, DAY, &id) == RC_OK && accrue(&f->op, "k2", 50, DAY, &id) == RC_OK,
       "two transfers are posted");
    ok(ledger_verify(&f->op, &report) == RC_OK && !report.first_problem.at &&
           report.transfers == 2 && report.entries == 4,
       "a ledger that was only posted to verifies");
    fixture_sql(f, "update ledger_balance set balance_minor = balance_minor + 1 where account_id = "
                   "(select min(account_id) from ledger_balance)");
    ok(ledger_verify(&f->op, &report) == RC_OK && report.wrong_balances == 1,
       "a balance that was tampered with is found");
    fixture_sql(f, "insert into ledger_entry (transfer_id, account_id, amount_minor) select "
                   "transfer_id, account_id, 7 from ledger_entry where id = (select min(id) from "
                   "ledger_entry)");
    ok(ledger_verify(&f->op, &report) == RC_OK && report.unbalanced == 1 &&
           str_has(report.first_problem, STR(": off by 7 minor units of EUR")),
       "an entry that was slipped in is found");
}

static void wrong_reversal(struct fixture *f)
{
    int64_t id = 0, back = 0;
    struct ledger_report report;
    ok(accrue(&f->op, "k1", 100, DAY, &id) == RC_OK &&
           ledger_reverse(&f->op, id, STR("k1:back"), "rollback", DAY, &back) == RC_OK,
       "a transfer is posted and reversed");
    fixture_sql(f, "insert into ledger_entry (transfer_id, account_id, amount_minor) select "
                   "transfer_id, account_id, -amount_minor from ledger_entry where transfer_id = "
                   "(select id from ledger_transfer where reverses_id is not null)");
    ok(ledger_verify(&f->op, &report) == RC_OK && report.unbalanced == 0 &&
           report.wrong_reversals == 2,
       "a reversal that is no mirror is found on each account");
    fixture_sql(f, "delete from ledger_balance");
    ok(ledger_verify(&f->op, &report) == RC_OK && report.wrong_balances == 2 &&
           str_has(report.first_problem, STR("balance of account")),
       "and so is a balance that is missing");
}

static void frozen(struct fixture *f)
{
    int64_t id = 0;
    ok(accrue(&f->op, "k1", 100, DAY, &id) == RC_OK, "a transfer is posted");
    ok(db_script(f->db, "tamper", "update ledger_entry set amount_minor = 1") != RC_OK,
       "the database refuses to change an entry");
    ok(db_script(f->db, "tamper", "delete from ledger_transfer") != RC_OK,
       "and to delete a transfer");
}

/* Fails the n-th statement for every n: either all is there or nothing is. */
static void half_done(struct fixture *f)
{
    int64_t id = 0;
    int n = 1;
    for (bool has_fired = true; has_fired && n < 100; n++) {
        fixture_fresh_op(f);
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        enum rc rc = accrue(&f->op, "k1", 100, DAY, &id);
        has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        if (!has_fired)
            break;
        int64_t entries = fixture_i64(f, "select count(*) from ledger_entry");
        if (rc == RC_OK || entries != 0)
            ok(false, "a failed statement posts nothing");
    }
    ok(n > 5 && n < 100, "every statement of a posting was failed once");
    is_i64(fixture_i64(f, "select count(*) from ledger_entry"), 2, "the undisturbed one posted");
}

/* All the rest in one go: a reversal, closing, the readings. */
static enum rc other_work(struct op *op)
{
    struct ledger_leg account = {"partner:accrued", ENTITY, PARTNER, CONTRACT, {0}};
    struct ledger_positions all;
    struct ledger_report report;
    int64_t id = 0, minor = 0;
    bool is_open = false;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(ledger_reverse(op, 1, STR("k1:back"), "rollback", DAY, &id));
    TRY(ledger_close_period(op, ENTITY, DAY - 10, DAY));
    TRY(ledger_is_open(op, ENTITY, DAY, &is_open));
    TRY(ledger_balance(op, &account, eur(), &minor));
    TRY(ledger_positions(op, PARTNER, CONTRACT, &all));
    TRY(ledger_verify(op, &report));
    return txn_commit(&txn);
}

static void half_reversed(struct fixture *f)
{
    int64_t id = 0;
    int n = 1, wrong = 0;
    ok(accrue(&f->op, "k1", 100, DAY, &id) == RC_OK && id == 1, "a transfer is posted");
    for (bool has_fired = true; has_fired && n < 200; n++) {
        fixture_fresh_op(f);
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        enum rc rc = other_work(&f->op);
        has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        if (!has_fired)
            ok(rc == RC_OK, "undisturbed, it is reversed and the period closed");
        else
            wrong += rc == RC_OK || fixture_i64(f, "select count(*) from ledger_entry") != 2 ||
                     fixture_i64(f, "select count(*) from ledger_close") != 0;
    }
    is_i64(wrong, 0, "a statement that fails is never taken for an answer");
    ok(n > 15 && n < 200, "every one was failed once");
}

int main(void)
{
    fixture_each(posting);
    fixture_each(the_same_key);
    fixture_each(positions);
    fixture_each(too_large);
    fixture_each(reversing);
    fixture_each(closing);
    fixture_each(verifying);
    fixture_each(wrong_reversal);
    fixture_each(frozen);
    fixture_each(half_done);
    fixture_each(half_reversed);
    return done_testing();
}
