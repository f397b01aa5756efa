/* Plans: the arithmetic of parts, the rules of the record, the pages. */
#include "approval/approval.h"
#include "attribute/attribute.h"
#include "plan/plan_int.h"
#include "scheme/scheme.h"
#include "setting/setting.h"
#include "tests/company.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

/* ---- parts ---- */

static int64_t day(int year, int month, int d)
{
    return date_of(year, month, d).days;
}

struct share {
    const char *period, *target, *proration, *profile, *rounding;
    int64_t scale;
    const char *part;        /* the period of a run */
    const char *from, *to;   /* in which the contract was in force */
    const char *full, *want; /* NULL: there is no plan */
};

static int64_t day_of(const char *text)
{
    struct date date = {0};
    if (!date_parse(str_of(text), &date))
        ok(false, text);
    return date.days;
}

static bool is_right(struct arena *arena, const struct share *s)
{
    struct period whole, part;
    struct dec full = dec_from_i64(0), target = full;
    if (!period_parse(str_of(s->period), 0, &whole) || !period_parse(str_of(s->part), 0, &part))
        return false;
    struct plan plan = {.from_day = whole.start.days,
                        .to_day = whole.end.days,
                        .target = str_of(s->target),
                        .proration = str_of(s->proration),
                        .profile = str_of(s->profile),
                        .rounding = str_of(s->rounding),
                        .scale = s->scale};
    struct plan_part of = {part.start.days, part.end.days, day_of(s->from), day_of(s->to), 0};
    of.active_days = of.active_to - of.active_from;
    bool has = plan_of(&plan, &of, &full, &target);
    if (!has || !s->full)
        return has == (s->full != NULL);
    struct str is = str_printf(arena, STR_FMT " " STR_FMT, STR_ARG(dec_print(arena, full)),
                               STR_ARG(dec_print(arena, target)));
    struct str want = str_printf(arena, "%s %s", s->full, s->want);
    if (!str_eq(is, want))
        printf("# %s in %s: " STR_FMT ", want " STR_FMT "\n", s->period, s->part, STR_ARG(is),
               STR_ARG(want));
    return str_eq(is, want);
}

#define WHOLE_Q1 "2026-01-01", "2026-04-01"

static const struct share shares[] = {
    /* the period itself */
    {"2026-Q1", "9000", "none", "", "half up", 0, "2026-Q1", WHOLE_Q1, "9000", "9000"},
    {"2026-Q1", "9000", "none", "", "half up", 0, "2026-Q1", "2026-03-01", "2026-04-01", "9000",
     "9000"},
    {"2026-Q1", "9000", "days", "", "half up", 0, "2026-Q1", "2026-03-01", "2026-04-01", "9000",
     "3100"},
    {"2026-Q1", "9000", "days", "", "half up", 2, "2026-Q1", "2026-01-02", "2026-04-01", "9000",
     "8900"},
    {"2026-Q1", "1000", "days", "", "half up", 2, "2026-Q1", "2026-03-31", "2026-04-01", "1000",
     "11.11"},
    {"2026-Q1", "1000", "days", "", "up", 0, "2026-Q1", "2026-03-31", "2026-04-01", "1000", "12"},
    {"2026-Q1", "1000", "days", "", "down", 0, "2026-Q1", "2026-03-31", "2026-04-01", "1000", "11"},
    {"2026-Q1", "9000", "whole months", "", "half up", 0, "2026-Q1", "2026-03-01", "2026-04-01",
     "9000", "3000"},
    {"2026-Q1", "9000", "whole months", "", "half up", 0, "2026-Q1", "2026-02-15", "2026-04-01",
     "9000", "3000"},
    {"2026-Q1", "9000", "whole months", "", "half up", 0, "2026-Q1", "2026-03-02", "2026-04-01",
     "9000", "0"},
    /* parts by a profile */
    {"2026", "100000", "none", "20 20 20 40", "half up", 0, "2026-Q1", WHOLE_Q1, "20000", "20000"},
    {"2026", "100000", "none", "20 20 20 40", "half up", 0, "2026-Q4", "2026-10-01", "2027-01-01",
     "40000", "40000"},
    {"2026", "100000", "none", "20 20 20 40", "half up", 0, "2026-02", "2026-02-01", "2026-03-01",
     "6667", "6667"},
    {"2026", "100000", "none", "20 20 20 40", "half up", 0, "2026", "2026-01-01", "2027-01-01",
     "100000", "100000"},
    {"2026-Q1", "90", "profile", "1 2 3", "half up", 2, "2026-Q1", "2026-02-01", "2026-04-01", "90",
     "75"},
    {"2026-Q1", "90", "profile", "1 2 3", "half up", 2, "2026-Q1", "2026-02-15", "2026-03-01", "90",
     "15"},
    {"2026-Q1", "90", "profile", "1 2 3", "half up", 2, "2026-02", "2026-02-15", "2026-03-01", "30",
     "15"},
    {"2026", "100", "none", "1 0", "half up", 0, "2026-Q3", "2026-07-01", "2026-10-01", NULL, NULL},
    /* a longer period without a profile says nothing about its parts, a shorter one neither */
    {"2026", "100000", "none", "", "half up", 0, "2026-Q1", WHOLE_Q1, NULL, NULL},
    {"2026-01", "100000", "none", "", "half up", 0, "2026-Q1", WHOLE_Q1, NULL, NULL},
};

static void test_parts(void)
{
    AUTO_ARENA arena = arena_new(0);
    bool is_ok = true;
    for (size_t i = 0; i < LEN(shares); i++)
        is_ok = is_right(arena, &shares[i]) && is_ok;
    ok(is_ok, "parts of a plan by its profile, and by the rule for a part of the time");
}

static void test_profiles(void)
{
    struct dec weights[PLAN_PARTS_MAX];
    is_i64((int64_t)plan__profile(STR("1 2.5  3"), weights), 3, "weights have blanks between");
    is_i64((int64_t)plan__profile(STR(""), weights), 0, "none");
    is_i64((int64_t)plan__profile(STR("0 0"), weights), 0, "not all are zero");
    is_i64((int64_t)plan__profile(STR("1 -1"), weights), 0, "none is below zero");
    is_i64((int64_t)plan__profile(STR("1 x"), weights), 0, "all are numbers");
    is_i64((int64_t)plan__profile(STR("1 1 1 1 1 1 1 1 1 1 1 1 1"), weights), 0, "at most twelve");
}

/* ---- records ---- */

struct scene {
    int64_t partner, other, outlet, contract;
};

static void scene_set(struct fixture *f, struct scene *s)
{
    struct company company = company_set(f);
    s->partner = company_partner(f, company.north, "D-1", "Dealer One");
    s->other = company_partner(f, company.north, "D-2", "Dealer Two");
    struct partner_outlet outlet = {
        .partner_id = s->partner, .code = STR("O-1"), .name = STR("Centro")};
    company_must(f, partner_outlet_save(&f->op, &outlet, &s->outlet), "an outlet is added");
    struct contract c = {.code = STR("C-1"),
                         .partner_id = s->partner,
                         .entity_id = company.entity,
                         .nature = STR("agency"),
                         .from_day = day(2026, 1, 1),
                         .to_day = CONTRACT_NO_END};
    company_must(f, contract_save(&f->op, &c, &s->contract), "a contract is added");
}

static bool has_fault(const struct fixture *f, const char *field)
{
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        if (f->op.fault.entries[i].field && strcmp(f->op.fault.entries[i].field, field) == 0)
            return true;
    return false;
}

/* Saves and says whether it was refused for this field. */
static bool is_refused(struct fixture *f, struct plan plan, const char *field)
{
    int64_t id;
    enum rc rc = plan_save(&f->op, &plan, &id);
    bool is = rc == RC_INVALID && has_fault(f, field);
    if (!is)
        company_why(f);
    fault_clear(&f->op.fault);
    return is;
}

static void rules(struct fixture *f)
{
    struct scene s;
    struct plan p = {0}, in;
    int64_t id = 0, other = 0;
    scene_set(f, &s);
    in = (struct plan){.partner_id = s.partner,
                       .metric = STR(" net  sales "),
                       .period = STR("2026-Q4"),
                       .target = STR("50000.00")};
    ok(plan_save(&f->op, &in, &id) == RC_OK && plan_get(&f->op, id, &p) == RC_OK,
       "a plan needs a partner, a metric, a period and a figure");
    ok(str_eq(p.metric, STR("net sales")) && str_eq(p.target, STR("50000")) &&
           str_eq(p.kind, STR("target")) && str_eq(p.proration, STR("none")) &&
           p.from_day == day(2026, 10, 1) && p.to_day == day(2027, 1, 1),
       "the rest is as usual");
    in.target = STR("1");
    ok(plan_save(&f->op, &in, &other) == RC_CONFLICT && has_fault(f, "metric"),
       "there is one of a metric, kind and period");
    fault_clear(&f->op.fault);
    in.kind = STR("minimum");
    ok(plan_save(&f->op, &in, &other) == RC_OK, "of another kind there is another one");
    in.outlet_id = SOME(s.outlet);
    ok(plan_save(&f->op, &in, &other) == RC_OK, "and of an outlet");
    in.outlet_id = NONE;
    in.contract_id = SOME(s.contract);
    ok(plan_save(&f->op, &in, &other) == RC_OK, "and of a contract");
    p.target = STR("60000");
    ok(plan_save(&f->op, &p, &other) == RC_OK, "it is changed");
    ok(plan_save(&f->op, &p, &other) == RC_CONFLICT, "but not by who has read it before");
    fault_clear(&f->op.fault);
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'plan.edit'"), 1,
           "the change is in the journal");
    ok(plan_archive(&f->op, id, 2, true) == RC_OK, "it is archived");
    in = (struct plan){.partner_id = s.partner,
                       .metric = STR("net sales"),
                       .period = STR("2026-Q4"),
                       .target = STR("7")};
    ok(plan_save(&f->op, &in, &other) == RC_OK, "and makes room");
    ok(plan_archive(&f->op, id, 3, false) == RC_CONFLICT, "then it cannot come back");
    fault_clear(&f->op.fault);
}

static void refusals(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    struct plan good = {.partner_id = s.partner,
                        .metric = STR("units"),
                        .period = STR("2026-Q4"),
                        .target = STR("10")};
    struct plan p = good;
    p.metric = STR("  ");
    ok(is_refused(f, p, "metric"), "a plan says what is planned");
    p = good;
    p.period = STR("2026-13");
    ok(is_refused(f, p, "period"), "in a period");
    p = good;
    p.target = STR("0");
    ok(is_refused(f, p, "target"), "a figure above zero");
    p.target = STR("1e9999");
    ok(is_refused(f, p, "target"), "that is a number");
    p = good;
    p.scale = 7;
    ok(is_refused(f, p, "scale"), "with at most six digits");
    p = good;
    p.kind = STR("wish");
    ok(is_refused(f, p, "kind"), "kinds are a list");
    p = good;
    p.proration = STR("profile");
    ok(is_refused(f, p, "profile"), "proration by the profile needs one");
    p.profile = STR("1 2");
    ok(is_refused(f, p, "profile"), "whose parts are whole months");
    p.profile = STR("1; 2 x");
    ok(is_refused(f, p, "profile"), "and numbers");
    p = good;
    p.partner_id = s.other;
    p.outlet_id = SOME(s.outlet);
    ok(is_refused(f, p, "outlet"), "an outlet is the partner's own");
    p.outlet_id = NONE;
    p.contract_id = SOME(s.contract);
    ok(is_refused(f, p, "contract"), "so is a contract");
    p.partner_id = s.partner;
    p.outlet_id = SOME(s.outlet);
    ok(is_refused(f, p, "outlet"), "it is one of them");
    p = good;
    p.partner_id = 999;
    ok(is_refused(f, p, "partner"), "and the partner is there");
    is_i64(fixture_i64(f, "select count(*) from plan"), 0, "nothing of it was stored");
}

static void listing(struct fixture *f)
{
    struct scene s;
    struct plan_list list;
    int64_t id;
    scene_set(f, &s);
    static const char *const periods[] = {"2026", "2026-Q4", "2026-11", "2025"};
    for (size_t i = 0; i < LEN(periods); i++) {
        struct plan p = {.partner_id = s.partner,
                         .metric = STR("units"),
                         .period = str_of(periods[i]),
                         .target = STR("10")};
        company_must(f, plan_save(&f->op, &p, &id), periods[i]);
    }
    ok(plan_all_in(&f->op, day(2026, 11, 1), day(2026, 12, 1), &list) == RC_OK && list.len == 3,
       "a run gets the plans that hold its period");
    ok(list.len == 3 && str_eq(list.at[0].period, STR("2026-11")) &&
           str_eq(list.at[2].period, STR("2026")),
       "the shortest one first");
}

static void pages(struct fixture *f)
{
    struct fx x;
    struct scene s;
    char target[200];
    scene_set(f, &s);
    fx_open(&x, f, (const struct route *const[]){plan_routes, NULL}, NULL);
    struct actor staff = fx_staff(5, (const char *const[]){"*", NULL});
    struct actor reader = fx_staff(6, (const char *const[]){"plan.read", NULL});
    is_i64(fx_get(&x, &staff, "/plans"), 200, "the list");
    is_i64(fx_get(&x, &staff, "/plans/new"), 200, "the form");
    is_i64(fx_post(&x, &staff, "/plans", "partner=D-1&metric=<q>&period=later&target=5"), 422,
           "a wrong plan comes back");
    ok(fx_has(&x, "&lt;q&gt;") && fx_has(&x, "2026-Q4 or 2026."), "with what is wrong");
    is_i64(fx_post(&x, &staff, "/plans",
                   "partner=D-1&outlet=O-1&metric=net+sales&period=2026-Q4&target=50000&unit=EUR"),
           303, "a plan is added");
    is_i64(fx_post(&x, &staff, "/plans", "partner=D-1&contract=X&metric=a&period=2026&target=1"),
           422, "a contract that is not there is refused");
    is_i64(fx_get(&x, &staff, "/plans?q=dealer&period=2026"), 200, "the list with filters");
    ok(fx_has(&x, "net sales") && fx_has(&x, "50,000") && fx_has(&x, "O-1"), "has it");
    is_i64(fx_get(&x, &staff, "/plans?period=2025-Q4"), 200, "of another period");
    ok(!fx_has(&x, "net sales"), "it has it not");
    int64_t id = fixture_i64(f, "select id from plan");
    (void)snprintf(target, sizeof target, "/plans/%s", pln(id).text);
    is_i64(fx_get(&x, &reader, target), 200, "the page");
    ok(fx_has(&x, "50,000 EUR") && fx_has(&x, "Dealer One"), "says what it is");
    (void)snprintf(target, sizeof target, "/plans/%s/edit", pln(id).text);
    is_i64(fx_get(&x, &staff, target), 200, "the form of it");
    is_i64(fx_post(&x, &reader, target, "metric=a&period=2026&target=1&revision=1"), 403,
           "who may only read does not save");
    is_i64(fx_post(&x, &staff, target,
                   "outlet=O-1&metric=net+sales&period=2026-Q4&target=60000&profile=1+1+2"
                   "&revision=1"),
           303, "it is changed");
    (void)snprintf(target, sizeof target, "/api/v1/plans/%s", pln(id).text);
    is_i64(fx_api(&x, &reader, "GET", target, NULL), 200, "the API reads");
    ok(fx_has(&x, "\"target\":\"60000\"") && fx_has(&x, "\"profile\":\"1 1 2\""), "the record");
    is_i64(
        fx_api(&x, &staff, "POST", "/api/v1/plans",
               "{\"partner\":\"D-2\",\"metric\":\"units\",\"period\":\"2026\",\"target\":\"5\"}"),
        201, "and writes");
    (void)snprintf(target, sizeof target, "/plans/%s/archive", pln(id).text);
    is_i64(fx_post(&x, &staff, target, "revision=2"), 303, "it is archived");
    fx_done(&x);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {4};
    pid_key_set(pid_key);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    permission_declare(attribute_permissions, attribute_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(plan_permissions, plan_permissions_len);
    audit_declare();
    org_start();
    approval_start();
    attribute_start();
    partner_start();
    scheme_start();
    contract_start();
    plan_start();
    test_parts();
    test_profiles();
    fixture_each(rules);
    fixture_each(refusals);
    fixture_each(listing);
    fixture_each(pages);
    return done_testing();
}
