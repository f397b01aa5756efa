/* Figures over windows. Anna sold 5,310.00 on 3 August, 2,210.00 and 2,000.00 on 1 and 9 September;
 * Boris 1,000.00 in August and 1,600.33 in September; all of it to the customer C-1. */
#include "reward/reward_recipe_scene.h"

static const struct reward_result *of(const struct scene *s, int who,
                                      const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[who]);
}

static void event(struct fixture *f, struct scene *s, int who, enum event_type type, int64_t at,
                  int64_t net_minor)
{
    struct event_credit credit = {.partner_id = s->partner_ids[who],
                                  .role = STR("seller"),
                                  .share = EVENT_SHARE_WHOLE,
                                  .reason = STR("file")};
    struct event_new event = {.source = STR("shop"),
                              .external_id = str_printf(f->arena, "M-%04d", ++s->events),
                              .type = type,
                              .occurred_at = at,
                              .currency = currency_find(STR("USD")),
                              .amount_minor = net_minor,
                              .net_minor = net_minor,
                              .quantity = EVENT_QUANTITY_ONE,
                              .customer_id = s->customer_id,
                              .credits = &credit,
                              .credits_len = 1};
    struct event_answer answer;
    scene_must(f, event_store(&f->op, &event, 1, &answer), "an event");
}

static void windows(struct fixture *f)
{
    struct scene s;
    RECIPE(
        f, &s, "",
        {"net", "kind=\"measure\"", "metrics",
         "for w in [\"period\", \"year to date\", \"lifetime\", \"last 2 months\", \"last 1 "
         "months\", \"last 22 days\", \"last 21 days\"] return metrics.get(\"net sales\", w)"},
        {"more", "kind=\"measure\"", "metrics",
         "[metrics.get(\"gross sales\", \"lifetime\"), metrics.get(\"sales count\", \"period\"), "
         "metrics.get(\"units\", \"period\"), metrics.get(\"refunds\", \"period\"), "
         "metrics.get(\"new customers\", \"period\"), metrics.get(\"new customers\", \"last 2 "
         "months\"), metrics.get(\"active customers\", \"period\")]"});
    event(f, &s, 0, EVENT_SALE, scene_at(2025, 12, 31), 100);
    event(f, &s, 0, EVENT_SALE, scene_at(2026, 1, 1), 700);
    event(f, &s, 0, EVENT_REFUND, scene_at(2026, 9, 30), 1000);
    event(f, &s, 0, EVENT_REFUND, scene_at(2026, 10, 1), 5000);
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "[4200, 9517, 9517, 9510, 4200, 1990, -10]",
           "each window has its bounds; what lies before the contract or after the period is out");
    is_str(of(&s, 0, september)->measures.at[1].value, "[9527, 2, 1, 10, 0, 0, 1]",
           "counts, units less what came back, refunds; her customer came in January");
    is_str(of(&s, 1, september)->measures.at[1].value, "[2600.33, 3, 3, 0, 0, 1, 1]",
           "to Boris the same customer came in August");
    AUTO_CALCULATION alone = recipe_calculate(f, 9, s.contract_ids[0]);
    ok(str_eq(alone->results[0].sha256, of(&s, 0, september)->sha256),
       "asked for alone it is the same");
    (void)recipe_post(f, 9);
    event(f, &s, 0, EVENT_SALE, scene_at(2026, 2, 1), 999900);
    struct reward_verified verified;
    ok(reward_verify(&f->op, &verified) == RC_OK && !verified.first_problem.at,
       "what is recorded after the watermark changes nothing");
}

static void steps(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"steps", "kind=\"measure\"", "metrics",
            "[metrics.funnel(\"lead\", \"sale\", \"period\"), metrics.funnel(\"click\", \"lead\", "
            "\"lifetime\")]"});
    for (int i = 0; i < 4; i++)
        event(f, &s, 0, EVENT_LEAD, scene_at(2026, 9, 10 + i), 0);
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value,
           "[{denominator: 4, numerator: 2, share: 0.5}, {denominator: 0, numerator: 4, share: "
           "null}]",
           "a share stands beside what it is a share of");
}

static void narrowed(struct fixture *f)
{
    struct scene s;
    int64_t outlet_id = 0;
    RECIPE(f, &s, "",
           {"here", "kind=\"measure\" scope=\"outlet\"", "metrics,outlet",
            "metrics.get(\"net sales\", \"lifetime\")"},
           {"theirs", "kind=\"measure\" scope=\"customer\"", "metrics,customer",
            "metrics.get(\"sales count\", \"lifetime\")"});
    struct partner_outlet outlet = {
        .partner_id = s.partner_ids[0], .code = STR("O-1"), .name = STR("Centro")};
    scene_must(f, partner_outlet_save(&f->op, &outlet, &outlet_id), "an outlet");
    (void)recipe_sale(f, &s, 0, outlet_id, 0, 12300);
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "{\"O-1\": 123}", "of an outlet its own");
    is_str(of(&s, 0, september)->measures.at[1].value, "{\"C-1\": 3}", "of a customer theirs");
}

static void suspended(struct fixture *f)
{
    struct scene s;
    struct contract contract;
    RECIPE(f, &s, "",
           {"net", "kind=\"measure\"", "metrics", "metrics.get(\"net sales\", \"lifetime\")"});
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(
        f,
        contract_suspend(&f->op, contract.id, contract.revision, date_of(2026, 8, 2).days, STR("")),
        "suspended");
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f,
               contract_resume(&f->op, contract.id, contract.revision, date_of(2026, 8, 20).days),
               "resumed");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "4210",
           "what fell on suspended days counts in no window");
}

static void mistakes(struct fixture *f)
{
    struct scene s;
    RECIPE(
        f, &s, "", {"wrong", "kind=\"measure\"", "metrics", "metrics.get(\"profit\", \"period\")"},
        {"ever", "kind=\"measure\"", "metrics", "metrics.get(\"units\", \"ever\")"},
        {"none", "kind=\"measure\"", "metrics", "metrics.get(\"units\", \"last 0 days\")"},
        {"look", "kind=\"measure\"", "metrics", "metrics.funnel(\"look\", \"sale\", \"period\")"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    const struct reward_result *anna = of(&s, 0, september);
    static const char *const messages[] = {
        "There is no metric {0}.",
        "A window is period, year to date, lifetime, last 6 months or last 30 days, not {0}.",
        "A window is period, year to date, lifetime, last 6 months or last 30 days, not {0}.",
        "There is no type of events {0}."};
    bool is_ok = anna->is_incomplete && anna->warnings.len == LEN(messages);
    for (size_t i = 0; is_ok && i < LEN(messages); i++)
        is_ok = strcmp(anna->warnings.at[i].message, messages[i]) == 0 &&
                str_eq(anna->measures.at[i].value, STR("null"));
    ok(is_ok, "what cannot be told is missing, and each says why");
    for (size_t i = 0; !is_ok && i < anna->warnings.len; i++)
        printf("# %s\n", anna->warnings.at[i].message);
}

int main(void)
{
    fixture_each(windows);
    fixture_each(steps);
    fixture_each(narrowed);
    fixture_each(suspended);
    fixture_each(mistakes);
    return done_testing();
}
