/* Tests of the page of settings. */
#include "audit/audit.h"
#include "crypt/crypt.h"
#include "setting/setting_int.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const struct setting_choice choices[] = {{"none", "Nobody"}, {"all", "Everybody"}, {0}};
static const struct setting_def defs[] = {
    {.key = "test.on", .type = SETTING_BOOL, .fallback = "true", .group = "One", .label = "Switch"},
    {.key = "test.days",
     .type = SETTING_INT,
     .fallback = "14",
     .min = 0,
     .max = 400,
     .group = "One",
     .label = "Days"},
    {.key = "test.choice",
     .type = SETTING_CHOICE,
     .fallback = "none",
     .choices = choices,
     .group = "Two",
     .label = "Choice"},
    {0},
};
static const char *const editor[] = {"setting.read", "setting.edit", NULL};
static const char *const reader[] = {"setting.read", NULL};
static const char *const none[] = {NULL};

static int64_t days(struct fixture *f)
{
    int64_t value = -1;
    return setting_int(&f->op, "test.days", &value) == RC_OK ? value : -1;
}

static void page(struct fixture *f)
{
    static const struct route *const routes[] = {setting_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    struct fx x;
    bool is_on = true;
    setting_forget();
    jobs_forget();
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    audit_declare();
    setting_declare(defs);
    pid_key_set(key);
    fx_open(&x, f, routes, NULL);
    struct actor staff = fx_staff(1, editor), may_read = fx_staff(2, reader);
    struct actor other = fx_staff(3, none);
    is_i64(fx_get(&x, &staff, "/settings"), 200, "the settings");
    ok(fx_has(&x, "name=\"test.days\"") && fx_has(&x, "value=\"14\""), "are a form");
    is_i64(fx_get(&x, &may_read, "/settings"), 200, "who may only look");
    ok(!fx_has(&x, "name=\"test.days\"") && fx_has(&x, "Nobody"), "sees values without a form");
    is_i64(fx_get(&x, &other, "/settings"), 403, "others see nothing");
    is_i64(fx_post(&x, &staff, "/settings", "revision=1&test.days=30&test.choice=all"), 303,
           "they are saved");
    is_i64(days(f), 30, "with the number");
    ok(setting_bool(&f->op, "test.on", &is_on) == RC_OK && !is_on, "and the unticked box");
    is_i64(fixture_i64(f, "select count(*) from audit"), 1, "as one entry of the journal");
    is_i64(fixture_i64(f, "select count(*) from audit_change"), 3, "with three changes");
    is_i64(fx_post(&x, &staff, "/settings", "revision=1&test.on=1&test.days=31&test.choice=all"),
           409, "who began before that is told");
    is_i64(days(f), 30, "and overwrites nothing");
    is_i64(fx_post(&x, &staff, "/settings", "revision=2&test.on=1&test.days=4000&test.choice=x"),
           422, "wrong values");
    ok(fx_has(&x, "A number from 0 to 400.") && fx_has(&x, "Not one of the choices."),
       "are all told at once");
    ok(fx_has(&x, "value=\"4000\""), "and what was typed is kept");
    is_i64(fx_post(&x, &staff, "/settings", "revision=2&test.other=1"), 400,
           "a field that is no setting is refused");
    is_i64(fx_post(&x, &may_read, "/settings", "revision=2&test.days=1"), 403,
           "who may only look does not save");
    fx_done(&x);
}

int main(void)
{
    fixture_each(page);
    return done_testing();
}
