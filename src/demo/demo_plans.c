/* Plans of some dealers: net sales of the year with a profile by quarters, and of the quarter at
 * hand; units of one outlet. Exchange rates between the company's currencies. Figures without the
 * dice, so that the story stays as it is. */
#include "audit/audit.h"
#include "demo/demo_int.h"
#include "plan/plan.h"
#include "rate/rate.h"

enum { PLANS_MAX = 12, TARGET = 6000, STEP = 1500 };

static enum rc add(struct demo *demo, const struct demo_partner *p, struct plan plan)
{
    int64_t id;
    plan.partner_id = p->id;
    plan.proration = STR("whole months");
    return plan_save(demo->op, &plan, &id);
}

static enum rc add_plans(struct demo *demo, const struct demo_partner *p, int64_t n)
{
    struct period quarter = period_of(PERIOD_QUARTER, 0, demo->today);
    struct period year = period_of(PERIOD_YEAR, 0, demo->today);
    struct arena *arena = demo->op->arena;
    struct plan of_year = {.metric = STR("net sales"),
                           .period = period_print(arena, year),
                           .target = audit_text_i64(demo->op, (TARGET + STEP * n) * 4),
                           .unit = STR("EUR"),
                           .profile = STR("20 25 25 30")};
    struct plan minimum = {.metric = STR("net sales"),
                           .kind = STR("minimum"),
                           .period = period_print(arena, quarter),
                           .target = audit_text_i64(demo->op, (TARGET + STEP * n) / 2),
                           .unit = STR("EUR")};
    TRY(add(demo, p, of_year));
    TRY(add(demo, p, minimum));
    if (p->outlet_id == 0)
        return RC_OK;
    struct plan outlet = {.metric = STR("units"),
                          .outlet_id = SOME(p->outlet_id),
                          .period = period_print(arena, quarter),
                          .target = audit_text_i64(demo->op, 40 + 10 * n)};
    return add(demo, p, outlet);
}

/* Of the European Central Bank at the demo's beginning; one was entered by mistake. */
static enum rc add_rates(struct demo *demo)
{
    static const struct {
        const char *to, *value;
        bool is_mistake;
    } rates[] = {{"GBP", "0.8712", false}, {"RUB", "93.45", false}, {"GBP", "8.712", true}};
    for (size_t i = 0; i < LEN(rates); i++) {
        int64_t id = 0;
        struct rate rate = {.source = STR("ECB"),
                            .from = STR("EUR"),
                            .to = str_of(rates[i].to),
                            .day = demo->first.days + rates[i].is_mistake,
                            .value = str_of(rates[i].value)};
        TRY(rate_save(demo->op, &rate, &id));
        if (!rates[i].is_mistake)
            continue;
        TRY(rate_get(demo->op, id, &rate));
        TRY(rate_archive(demo->op, id, rate.revision, true));
    }
    return RC_OK;
}

enum rc demo_make_plans(struct demo *demo)
{
    int64_t n = 0;
    TRY(demo_as(demo, demo->administrator));
    TRY(add_rates(demo));
    for (size_t i = 0; i < demo->partners_len && n < PLANS_MAX; i++)
        if (demo->partners[i].role == DEMO_DEALER && demo->partners[i].contract_id != 0)
            TRY(add_plans(demo, &demo->partners[i], n++));
    return RC_OK;
}
