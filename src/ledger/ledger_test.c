/* ledger: transfers sum to zero, a key posts once, reversals mirror, closed periods stay closed. */
#include "ledger/ledger.h"
#include "tests/fixture.h"
#include "tests/tap.h"

enum { ENTITY = 1, PARTNER = 7, CONTRACT = 9, DAY = 20000 };

static const struct currency *eur(void)
{
    return currency_find(STR("EUR"));
}

/* A reward of a contract: expense / accrued. */
static enum rc accrue(struct op *op, const char *key, int64_t minor, int64_t day, int64_t *out_id)
{
    const struct ledger_leg legs[] = {
        {.kind = "expense:reward", .entity_id = ENTITY, .amount = MONEY(minor, eur())},
        {.kind = "partner:accrued",
         .entity_id = ENTITY,
         .partner_id = PARTNER,
         .contract_id = CONTRACT,
         .amount = MONEY(-minor, eur())},
    };
    return ledger_post(op,
                       &(struct ledger_transfer){.key = str_of(key),
                                                 .reason = "reward",
                                                 .posting_day = day,
                                                 .service_from_day = DAY - 30,
                                                 .service_to_day = DAY,
                                                 .source_kind = "result",
                                                 .source_id = 1,
                                                 .legs = legs,
                                                 .legs_len = LEN(legs)},
                       out_id);
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
    ok(ledger_verify(&f->op, &report) == RC_OK && report.unbalanced == 1 && report.first_problem.at,
       "an entry that was slipped in is found");
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

int main(void)
{
    fixture_each(posting);
    fixture_each(reversing);
    fixture_each(closing);
    fixture_each(verifying);
    fixture_each(frozen);
    fixture_each(half_done);
    return done_testing();
}
