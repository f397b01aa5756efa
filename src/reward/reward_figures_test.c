/* Figures that are kept with results: what the desk and the directory show of them and of the
 * ledger, for whom, and that they follow what is posted and taken back. */
#include "ledger/ledger.h"
#include "reward/reward_scene.h"

static const char *const everything[] = {"*", NULL};
static const char *const partners_only[] = {"partner.read", NULL};
static const struct route *const routes[] = {reward_routes, reward_run_routes, partner_routes,
                                             NULL};

static int64_t sum_of(struct fixture *f, const char *what)
{
    return fixture_i64(
        f, str_c(f->arena, str_printf(f->arena,
                                      "select cast(coalesce(sum(%s), 0) as bigint) from "
                                      "reward_source",
                                      what)));
}

static int64_t post(struct fixture *f, struct scene *s)
{
    struct reward_run run;
    (void)s;
    scene_must(f, setting_set(&f->op, "approval.run", STR("false")), "a setting");
    int64_t id = scene_run(f, 9);
    scene_must(f, reward_run_get(&f->op, id, &run), "the run");
    scene_must(f, reward_run_submit(&f->op, id, run.revision, STR("")), "submit");
    scene_must(f, reward_run_post(&f->op, id), "post");
    return id;
}

static void kept(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    int64_t id = scene_run(f, 9);
    is_i64(sum_of(f, "amount_minor"),
           fixture_i64(f, "select cast(sum(total_minor) as bigint) from reward_result"),
           "sums by scheme are those of the results");
    is_i64(sum_of(f, "lines"), fixture_i64(f, "select count(*) from reward_line"),
           "made of all lines");
    int64_t sold = fixture_i64(f, "select cast(sum(sales_minor) as bigint) from reward_result");
    ok(sold > 0, "what was sold is kept");
    is_i64(sold,
           fixture_i64(
               f, "select cast(sum(net_minor) as bigint) from event_tail t where credit_no = 0 and "
                  "occurred_at >= (select from_at from reward_run) and occurred_at < "
                  "(select to_at from reward_run) and type = 5"),
           "as the facts of the period have it");
    scene_must(f, reward_run_calculate(&f->op, id, NULL, NULL), "again");
    is_i64(sum_of(f, "amount_minor"),
           fixture_i64(f, "select cast(sum(total_minor) as bigint) from reward_result"),
           "a new calculation replaces them");
}

/* Half of what is accrued goes on hold on a day of October. */
static void half_is_held(struct fixture *f)
{
    int64_t entity = fixture_i64(f, "select min(entity_id) from ledger_account where kind = "
                                    "'partner:accrued'");
    int64_t owed = -fixture_i64(f, "select cast(sum(b.balance_minor) as bigint) from "
                                   "ledger_balance b join ledger_account a on a.id = b.account_id "
                                   "where a.kind = 'partner:accrued'");
    int64_t partner = fixture_i64(f, "select min(partner_id) from ledger_account where kind = "
                                     "'partner:accrued'");
    int64_t contract = fixture_i64(f, "select min(contract_id) from ledger_account where kind = "
                                      "'partner:accrued'");
    const struct currency *usd = currency_find(STR("USD"));
    int64_t day = date_of(2026, 10, 5).days, id;
    const struct ledger_leg legs[] = {
        {"partner:accrued", entity, partner, contract, MONEY(owed / 2, usd)},
        {"partner:held", entity, partner, contract, MONEY(-(owed / 2), usd)}};
    const struct ledger_transfer transfer = {.key = STR("test:hold"),
                                             .reason = "hold",
                                             .posting_day = day,
                                             .service_from_day = day,
                                             .service_to_day = day + 1,
                                             .source_kind = "result",
                                             .source_id = 1,
                                             .legs = legs,
                                             .legs_len = LEN(legs)};
    scene_must(f, ledger_post(&f->op, &transfer, &id), "held");
}

static void desk(struct fixture *f)
{
    struct scene s;
    struct fx x;
    scene_begin(f, &s);
    post(f, &s);
    struct actor staff = scene_staff(f, 1, everything);
    fx_open(&x, f, routes, NULL);
    is_i64(fx_get(&x, &staff, "/?period=2026-09"), 200, "the desk of a month");
    ok(fx_has(&x, "Where rewards come from") && fx_has(&x, ">100.0%<"),
       "says which schemes gave the amounts");
    ok(fx_has(&x, "now, all periods") && !fx_has(&x, "against the end of"),
       "nothing was owed before: no difference");
    is_i64(fx_get(&x, &staff, "/?period=2026-10"), 200, "the desk of the next month");
    ok(fx_has(&x, "0.0%") && fx_has(&x, "against the end of September"),
       "nothing has moved since September");
    half_is_held(f);
    is_i64(fx_get(&x, &staff, "/?period=2026-10"), 200, "half of it is held in October");
    ok(fx_has(&x, "50.0%") && fx_has(&x, "against the end of September"),
       "what is not yet due is half of what it was");
    is_i64(fx_get(&x, &staff, "/?period=2026-09"), 200, "September's desk");
    ok(!fx_has(&x, "against the end of"), "still has nothing before it");
    fx_done(&x);
}

static void directory(struct fixture *f)
{
    struct scene s;
    struct fx x;
    scene_begin(f, &s);
    struct actor staff = scene_staff(f, 1, everything), other = scene_staff(f, 2, partners_only);
    fx_open(&x, f, routes, NULL);
    is_i64(fx_get(&x, &staff, "/partners"), 200, "the directory before anything was computed");
    ok(!fx_has(&x, "Accrued"), "has no columns of figures");
    post(f, &s);
    is_i64(fx_get(&x, &staff, "/partners"), 200, "and afterwards");
    ok(fx_has(&x, "Sales, Sep") && fx_has(&x, "Accrued, Sep") && fx_has(&x, "Balance"),
       "has them, of the newest period");
    ok(fx_has(&x, ">185.60<") && fx_has(&x, "/statements?partner=prt_"),
       "an amount leads to the statements");
    is_i64(fx_get(&x, &staff, "/partners?export=csv&cols=balance&cols=sales"), 200, "as a file");
    ok(fx_has(&x, "Partner,Code and role,Balance,Currency,\"Sales, Sep\",Currency"),
       "in the order that was asked for");
    is_i64(fx_get(&x, &other, "/partners"), 200, "who may not see runs");
    ok(!fx_has(&x, "Accrued") && !fx_has(&x, "185.60"), "is offered none of them");
    is_i64(fx_get(&x, &other, "/partners?cols=balance"), 200, "nor gets one by asking");
    ok(!fx_has(&x, "185.60"), "for it");
    is_i64(fx_api(&x, &staff, "GET", "/api/v1/partners", NULL), 200, "programs get them");
    ok(fx_has(&x, "\"balance\":{\"amount\":\"185.60\",\"currency\":\"USD\"}"), "as money");
    is_i64(fx_api(&x, &other, "GET", "/api/v1/partners", NULL), 200, "with the same bounds");
    ok(!fx_has(&x, "\"balance\""), "for programs");
    fx_done(&x);
}

int main(void)
{
    fixture_each(kept);
    fixture_each(desk);
    fixture_each(directory);
    return done_testing();
}
