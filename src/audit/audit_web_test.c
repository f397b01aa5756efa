/* Tests of the journal's pages. */
#include "audit/audit_int.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const struct audit_name names[] = {
    {"thing", "Thing", "/things/", "thg"},
    {"thing.edit", "Thing changed", NULL, NULL},
    {"thing.drop", "Thing dropped", NULL, NULL},
    {"thing:is_open", "Open", NULL, NULL},
    {0},
};
static const struct ui_word sizes[] = {{"s", "Small"}, {"m", "Middle-sized"}, {0}};
static struct str label_of(struct op *op, struct str label)
{
    return str_printf(op->arena, "No. " STR_FMT, STR_ARG(label));
}

static const struct audit_label labels[] = {{"thing", label_of}, {0}};

static const struct audit_words words[] = {{"thing:size", sizes}, {0}};
static const char *const reader[] = {"audit.read", NULL};
static const char *const none[] = {NULL};

static void add(struct fixture *f, const char *action, int64_t id, int64_t user_id)
{
    struct audit_change changes[] = {{"is_open", STR("true"), STR("false")},
                                     {"note", STR_NONE, STR("<script>")},
                                     {"size", STR("m"), STR("xxl")},
                                     {"state", STR("active"), STR("melted")},
                                     {"opened", STR_NONE, STR("2026-10-31")}};
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = user_id, .name = STR("Vera & Co")};
    ok(audit_add(&f->op, &(struct audit_entry){.action = action,
                                               .record = "thing",
                                               .record_id = id,
                                               .label = STR("T <1>"),
                                               .changes = changes,
                                               .changes_len = LEN(changes)}) == RC_OK,
       "an entry");
    f->op.now += US_DAY;
}

static void journal(struct fixture *f)
{
    static const struct route *const routes[] = {audit_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    struct fx x;
    jobs_forget();
    audit_declare();
    audit_name_declare(names);
    audit_words_declare(words);
    audit_label_declare(labels);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    pid_key_set(key);
    fx_open(&x, f, routes, NULL);
    struct actor staff = fx_staff(1, reader), other = fx_staff(3, none);
    add(f, "thing.edit", 1, 7);
    add(f, "thing.drop", 2, 8);
    is_i64(fx_get(&x, &staff, "/audit"), 200, "the journal");
    ok(fx_has(&x, "Thing changed") && fx_has(&x, "Thing dropped"), "names actions in words");
    ok(fx_has(&x, "T &lt;1&gt;") && !fx_has(&x, "T <1>"), "and records, escaped");
    ok(fx_has(&x, "No. T &lt;1&gt;"), "as the record's module words them");
    ok(fx_has(&x, str_c(f->arena, str_printf(f->arena, "/things/%s", pid_of("thg", 1).text))),
       "which are links");
    is_i64(fx_get(&x, &other, "/audit"), 403, "is not for everybody");
    is_i64(fx_get(&x, &staff, "/audit?action=thing.drop&cols=action&cols=who"), 200, "by action");
    ok(!fx_has(&x, "/audit/aud_") || fx_has(&x, "Thing dropped"), "shows only that action");
    const char *by_user =
        str_c(f->arena, str_printf(f->arena, "/audit?user=%s&export=csv", pid_of("usr", 7).text));
    is_i64(fx_get(&x, &staff, by_user), 200, "by person, as a file");
    ok(fx_has(&x, "Thing changed") && !fx_has(&x, "Thing dropped"), "has only that person's");
    is_i64(fx_get(&x, &staff, "/audit?from=2026-10-02&until=2026-10-02&export=csv"), 200, "by day");
    ok(!fx_has(&x, "Thing changed") && fx_has(&x, "Thing dropped"), "has only that day");
    const char *one = str_c(f->arena, str_printf(f->arena, "/audit/%s", pid_of("aud", 1).text));
    is_i64(fx_get(&x, &staff, one), 200, "one entry");
    ok(fx_has(&x, "Open") && fx_has(&x, "Yes") && fx_has(&x, "No"), "shows values in words");
    ok(fx_has(&x, "Middle-sized") && fx_has(&x, "xxl"), "a declared name, and one that is not");
    ok(fx_has(&x, "Active") && fx_has(&x, "melted"), "a state, and one that is none");
    ok(fx_has(&x, "31\u00a0Oct 2026"), "a day");
    ok(fx_has(&x, "&lt;script&gt;") && !fx_has(&x, "<script>"), "escaped");
    is_i64(fx_get(&x, &other, one), 403, "and is not for everybody either");
    AUTO_OUT o = OUT(f->arena, 100000);
    o.lang = f->op.lang;
    o.zone = f->op.zone;
    ok(audit_timeline(&f->op, "thing", 1, 10, &o) == RC_OK &&
           str_has(buf_str(&o.buf), STR("Thing changed")) &&
           str_has(buf_str(&o.buf), STR("Vera &amp; Co")),
       "a record's own page has its history");
    fx_done(&x);
}

int main(void)
{
    fixture_each(journal);
    return done_testing();
}
