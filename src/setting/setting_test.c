/* Tests of settings: checked, audited, remembered, and seen by others. */
#include <unistd.h>

#include "audit/audit.h"
#include "setting/setting_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static const struct setting_choice choices[] = {{"none", "None"}, {"all", "All"}, {0}};
static const struct setting_def defs[] = {
    {.key = "test.on", .type = SETTING_BOOL, .fallback = "true", .group = "One", .label = "On"},
    {.key = "test.days",
     .type = SETTING_INT,
     .fallback = "14",
     .min = 0,
     .max = 400,
     .group = "One",
     .label = "Days"},
    {.key = "test.text",
     .type = SETTING_TEXT,
     .fallback = "abc",
     .min = 1,
     .max = 5,
     .group = "Two",
     .label = "Text"},
    {.key = "test.choice",
     .type = SETTING_CHOICE,
     .fallback = "none",
     .choices = choices,
     .group = "Two",
     .label = "Choice"},
    {0},
};

static void begin(void)
{
    setting_forget();
    jobs_forget();
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    audit_declare();
    setting_declare(defs);
}

static int64_t days(struct op *op)
{
    int64_t value = -1;
    return setting_int(op, "test.days", &value) == RC_OK ? value : -1;
}

static void defaults(struct fixture *f)
{
    struct str text = STR("");
    bool is_on = false;
    begin();
    ok(setting_bool(&f->op, "test.on", &is_on) == RC_OK && is_on, "a setting has its default");
    is_i64(days(&f->op), 14, "as a number");
    ok(setting_text(&f->op, "test.text", &text) == RC_OK, "as a text");
    is_str(text, "abc", "that was declared");
    ok(setting_text(&f->op, "test.choice", &text) == RC_OK, "a choice is read as a text");
    is_str(text, "none", "its value");
}

static void changing(struct fixture *f)
{
    struct audit_rows rows;
    begin();
    is_i64(days(&f->op), 14, "a value that is remembered");
    ok(setting_set(&f->op, "test.days", STR("30")) == RC_OK, "is changed");
    is_i64(days(&f->op), 30, "and seen at once");
    ok(audit_history(&f->op, "setting", 1, 10, &rows) == RC_OK && rows.len == 1,
       "it is written down");
    is_str(rows.at[0].changes.at[0].before, "14", "with old");
    is_str(rows.at[0].changes.at[0].after, "30", "and new value");
    ok(setting_set(&f->op, "test.days", STR("30")) == RC_OK &&
           fixture_i64(f, "select count(*) from audit") == 1,
       "setting the same again is no change");
    {
        AUTO_TXN txn = {0};
        ok(txn_begin(&f->op, &txn) == RC_OK && setting_set(&f->op, "test.days", STR("31")) == RC_OK,
           "inside a transaction");
        is_i64(days(&f->op), 31, "the change is seen");
    }
    is_i64(days(&f->op), 30, "and gone when it is rolled back");
}

static void checking(struct fixture *f)
{
    static const struct {
        const char *key, *value;
        enum rc rc;
    } cases[] = {
        {"test.on", "yes", RC_INVALID},  {"test.on", "false", RC_OK},
        {"test.days", "-1", RC_INVALID}, {"test.days", "401", RC_INVALID},
        {"test.days", "x", RC_INVALID},  {"test.days", "400", RC_OK},
        {"test.text", "", RC_INVALID},   {"test.text", "123456", RC_INVALID},
        {"test.text", "пятьё", RC_OK},   {"test.choice", "some", RC_INVALID},
        {"test.choice", "all", RC_OK},   {"test.none", "1", RC_MISSING},
    };
    begin();
    for (size_t i = 0; i < LEN(cases); i++) {
        is_i64((int64_t)setting_set(&f->op, cases[i].key, str_of(cases[i].value)),
               (int64_t)cases[i].rc, "a value is checked by its declaration");
        fault_clear(&f->op.fault);
    }
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    ok(setting_set(&f->op, "test.days", STR("5")) == RC_DENIED, "changing needs setting.edit");
}

static void other_processes(struct fixture *f)
{
    begin();
    is_i64(days(&f->op), 14, "a value is remembered");
    fixture_sql(f, "insert into setting (key, value, changed_at) values ('test.days', '77', 0)");
    fixture_sql(f, "update setting_version set revision = revision + 1");
    is_i64(days(&f->op), 14, "for a moment");
    usleep(1100 * 1000);
    is_i64(days(&f->op), 77, "but another process's change is seen within a second");
}

static void two_editors(struct fixture *f)
{
    struct str texts[SETTINGS_MAX] = {{0}};
    begin();
    texts[1] = STR("20");
    ok(setting__store(&f->op, texts, 1) == RC_OK, "the first editor saves");
    texts[1] = STR("21");
    ok(setting__store(&f->op, texts, 1) == RC_CONFLICT, "the second is told");
}

int main(void)
{
    fixture_each(defaults);
    fixture_each(changing);
    fixture_each(checking);
    fixture_each(other_processes);
    fixture_each(two_editors);
    return done_testing();
}
