/* op: permissions, transactions that end with their scope, and what an actor sees. */
#include "op/op.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static const struct permission permissions[] = {
    {"thing.view", "View things", ACTOR_STAFF},
    {"thing.edit", "Edit things", ACTOR_STAFF},
    {"own.view", "View own things", ACTOR_PARTNER},
};

static void names(void)
{
    size_t i = 99;
    size_t before = permission_count();
    permission_declare(permissions, LEN(permissions));
    permission_declare(permissions, LEN(permissions));
    is_i64((int64_t)(permission_count() - before), 3, "a permission is declared once");
    ok(permission_find(STR("thing.edit"), &i) && i == before + 1, "and found by its name");
    is_str(str_of(permission_at(i)->label), "Edit things", "with its label");
    ok(!permission_find(STR("thing.edi"), &i), "a part of a name is no name");
}

static void may_and_must(struct fixture *f)
{
    struct op *op = &f->op;
    size_t edit = 0;
    ok(op_may(op, "thing.view") && op_must(op, "thing.edit") == RC_OK, "the system may everything");
    op->actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    ok(!op_may(op, "thing.edit"), "staff may nothing by itself");
    ok(permission_find(STR("thing.edit"), &edit), "a role");
    op->actor.permissions[edit / 64] |= UINT64_C(1) << edit % 64;
    ok(op_may(op, "thing.edit") && !op_may(op, "thing.view"), "gives what it holds and no more");
    ok(op_must(op, "thing.view") == RC_DENIED, "what is needed and missing is denied");
    is_str(str_of(op->fault.entries[0].args[0]), "thing.view", "and named");
    op->actor.kind = ACTOR_NOBODY;
    op->actor.permissions[0] = 0;
    ok(!op_may(op, "thing.edit"), "nobody may nothing");
}

static enum rc add(struct op *op, enum rc outcome)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(db_script(op->db, "add", "insert into t (n) values (1)"));
    TRY(outcome);
    return txn_commit(&txn);
}

static enum rc add_two(struct op *op, enum rc second)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(add(op, RC_OK));
    if (add(op, second) != RC_OK && second == RC_CONFLICT)
        return txn_commit(&txn); /* the mistake that must not pass */
    TRY(second);
    return txn_commit(&txn);
}

static void transactions(struct fixture *f)
{
    struct op *op = &f->op;
    const char *count = "select count(*) from t";
    fixture_sql(f, "create table t (n integer not null)");
    ok(add(op, RC_OK) == RC_OK && fixture_i64(f, count) == 1, "what is committed stays");
    ok(add(op, RC_INVALID) == RC_INVALID && fixture_i64(f, count) == 1,
       "an early return commits nothing");
    ok(!db_in_transaction(op->db), "and leaves no transaction open");
    ok(add_two(op, RC_OK) == RC_OK && fixture_i64(f, count) == 3, "transactions nest");
    ok(add_two(op, RC_INVALID) == RC_INVALID && fixture_i64(f, count) == 3,
       "an inner failure takes the outer with it");
    AUTO_BUF log = BUF(1 << 16);
    log_to(&log);
    ok(add_two(op, RC_CONFLICT) == RC_BROKEN && fixture_i64(f, count) == 3,
       "even when the outer one would go on");
    AUTO_TXN txn = {0};
    ok(txn_begin_read(op, &txn) == RC_OK && add(op, RC_OK) == RC_BROKEN,
       "a reading transaction does not write");
    log_to(NULL);
    txn_cleanup(&txn);
    ok(add(op, RC_OK) == RC_OK && fixture_i64(f, count) == 4, "the next one does");
}

static void viewers(void)
{
    struct op op = {.actor = {.kind = ACTOR_SYSTEM}};
    ok(op_viewer(&op).scope == DB_SEE_ALL, "the system sees all");
    op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 3};
    ok(op_viewer(&op).scope == DB_SEE_BRANCHES && op_viewer(&op).user_id == 3,
       "staff by their branches");
    op.actor.has_all_branches = true;
    ok(op_viewer(&op).scope == DB_SEE_ALL, "or all");
    op.actor = (struct actor){.kind = ACTOR_PARTNER, .partner_id = 4, .has_all_branches = true};
    ok(op_viewer(&op).scope == DB_SEE_PARTNER && op_viewer(&op).partner_id == 4,
       "a partner itself, whatever else is set");
    op.actor = (struct actor){.kind = ACTOR_NOBODY, .has_all_branches = true};
    ok(op_viewer(&op).scope == DB_SEE_NOTHING, "nobody nothing");
    op.actor = (struct actor){0};
    ok(op_viewer(&op).scope == DB_SEE_NOTHING, "an actor that was forgotten nothing");
}

int main(void)
{
    names();
    fixture_each(may_and_must);
    fixture_each(transactions);
    viewers();
    return done_testing();
}
