/* Schemes that ask for plans. Volumes of September: Anna 4,210.00, Boris 1,600.33, Carla 6,000.50.
 */
#include "reward/reward_recipe_scene.h"

static int64_t plan(struct fixture *f, struct plan what)
{
    int64_t id = 0;
    what.metric = what.metric.at ? what.metric : STR("net sales");
    what.period = what.period.at ? what.period : STR("2026-09");
    scene_must(f, plan_save(&f->op, &what, &id), "a plan");
    return id;
}

static const struct reward_result *of(const struct scene *s, int who,
                                      const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[who]);
}

static bool has_input(const struct reward_result *result, const char *text)
{
    bool has = str_find(result->inputs, str_of(text), 0) != SIZE_MAX;
    if (!has)
        printf("# " STR_FMT "\n", STR_ARG(result->inputs));
    return has;
}

#define VOLUME                                                                                     \
    {                                                                                              \
        "volume", "kind=\"measure\"", "sales", "total(for e in sales return e.credit.net)"         \
    }
#define SHARE                                                                                      \
    {                                                                                              \
        "reached", "kind=\"measure\"", "volume,plan",                                              \
            "plan share(volume, plan.get(\"net sales\").target)"                                   \
    }

static void reaching(struct fixture *f)
{
    struct scene s;
    struct reward_verified verified;
    struct plan anna;
    RECIPE(f, &s, "", VOLUME, SHARE,
           {"bonus", "kind=\"line\"", "reached", "if reached >= 1 then 100 else 0"},
           {"per sale", "kind=\"line\" scope=\"event\"", "event,reached",
            "if reached >= 1 then event.credit.net * 0.01 else null"});
    int64_t id = plan(f, (struct plan){.partner_id = s.partner_ids[0], .target = STR("4210")});
    (void)plan(f,
               (struct plan){.partner_id = s.partner_ids[1], .target = STR("3200.66"), .scale = 2});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[1].value, "1", "exactly at the plan");
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "10000 2210 2000",
           "it is reached; lines of events see it too");
    is_str(of(&s, 1, september)->measures.at[1].value, "0.5", "half of it");
    is_i64(of(&s, 1, september)->total_minor, 0, "is not reached");
    ok(of(&s, 2, september)->is_incomplete &&
           str_eq(str_of(of(&s, 2, september)->warnings.at[0].message),
                  STR("There is no plan to compare with.")),
       "without a plan the result is incomplete and says why");
    ok(has_input(of(&s, 1, september),
                 "\"plans\":[{\"metric\":\"net sales\",\"kind\":\"target\",\"outlet\":\"\","
                 "\"full\":\"3200.66\",\"target\":\"3200.66\"}]"),
       "the plan stands with the result's inputs");
    (void)plan(f, (struct plan){.partner_id = s.partner_ids[2], .target = STR("1")});
    (void)recipe_post(f, 9);
    ok(plan_get(&f->op, id, &anna) == RC_OK, "a plan");
    anna.target = STR("9000");
    scene_must(f, plan_save(&f->op, &anna, &id), "changed");
    ok(reward_verify(&f->op, &verified) == RC_OK && !verified.first_problem.at &&
           verified.changed == 1,
       "a plan that was changed since is told from damage");
}

static void choosing(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"wanted", "kind=\"measure\"", "plan",
            "[plan.get(\"net sales\").target, plan.minimum(\"net sales\").target, "
            "plan.stretch(\"net sales\").target, plan.get(\"net sales\").unit, plan.get(\"net "
            "sales\").full target, plan.get(\"net sales\").outlet]"});
    int64_t anna = s.partner_ids[0], boris = s.partner_ids[1];
    (void)plan(f, (struct plan){.partner_id = anna, .target = STR("10"), .unit = STR("pieces")});
    (void)plan(f, (struct plan){.partner_id = anna, .target = STR("5"), .kind = STR("minimum")});
    (void)plan(f, (struct plan){.partner_id = boris, .target = STR("10")});
    (void)plan(f, (struct plan){.partner_id = boris,
                                .contract_id = SOME(s.contract_ids[1]),
                                .target = STR("1200"),
                                .period = STR("2026"),
                                .profile = STR("1 1 2 2")});
    int64_t gone = plan(f, (struct plan){.partner_id = s.partner_ids[2], .target = STR("10")});
    scene_must(f, plan_archive(&f->op, gone, 1, true), "archived");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "[10, 5, null, \"pieces\", 10, null]",
           "each kind is asked for by itself");
    is_str(of(&s, 1, september)->measures.at[0].value, "[133, null, null, null, 133, null]",
           "that of the contract comes before that of the partner, by its profile");
    is_str(of(&s, 2, september)->measures.at[0].value, "[null, null, null, null, null, null]",
           "one that is archived is none");
    ok(!of(&s, 2, september)->is_incomplete, "which is no mistake until it is compared with");
}

static void prorated(struct fixture *f)
{
    struct scene s;
    struct contract contract;
    RECIPE(f, &s, "",
           {"wanted", "kind=\"measure\"", "plan,active",
            "[plan.get(\"net sales\").target, active.days, active.months, active.share by "
            "months]"});
    (void)plan(f, (struct plan){.partner_id = s.partner_ids[0],
                                .target = STR("3000"),
                                .proration = STR("days")});
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f, contract_end(&f->op, contract.id, contract.revision, date_of(2026, 9, 11).days),
               "end");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "[1000, 10, 0, 0]",
           "who was there for a third of the days has a third of the plan");
    is_str(of(&s, 1, september)->measures.at[0].value, "[null, 30, 1, 1]", "a whole month");
}

static void sums(struct fixture *f)
{
    struct scene s;
    struct contract contract;
    RECIPE(f, &s, "", {"by days", "kind=\"line\" prorate=\"days\"", "sales", "300"},
           {"by months", "kind=\"line\" prorate=\"months\"", "sales", "300"},
           {"whole", "kind=\"line\"", "sales", "300"},
           {"fee", "kind=\"charge\" prorate=\"days\"", "sales", "{amount: 30, note: \"licence\"}"});
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f, contract_end(&f->op, contract.id, contract.revision, date_of(2026, 9, 12).days),
               "end");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    struct reward_details details;
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "11000 0 30000 !1100",
           "eleven days of thirty, no whole month, a sum that is not prorated, a charge");
    is_str(recipe_amounts(f, september, of(&s, 1, september)), "30000 30000 30000 !3000",
           "who was there all the time has all of it");
    scene_must(f, reward_details_of(&f->op, september, of(&s, 0, september), &details), "details");
    ok(details.lines.at[0].has_base && dec_eq(details.lines.at[0].base, dec_from_i64(300)) &&
           details.lines.at[0].has_rate && !details.lines.at[2].has_base,
       "a line says the whole and the part");
}

static void outlets(struct fixture *f)
{
    struct scene s;
    int64_t id = 0;
    RECIPE(f, &s, "",
           {"wanted", "kind=\"measure\" scope=\"outlet\"", "plan,outlet",
            "plan.get(\"net sales\").target"},
           {"whole", "kind=\"measure\"", "plan", "plan.get(\"net sales\").target"});
    static const char *const codes[] = {"O-1", "O-2"};
    for (size_t i = 0; i < LEN(codes); i++) {
        struct partner_outlet outlet = {
            .partner_id = s.partner_ids[0], .code = str_of(codes[i]), .name = str_of(codes[i])};
        scene_must(f, partner_outlet_save(&f->op, &outlet, &id), "an outlet");
        (void)recipe_sale(f, &s, 0, id, 0, 100);
    }
    (void)plan(f, (struct plan){.partner_id = s.partner_ids[0], .target = STR("700")});
    (void)plan(f, (struct plan){
                      .partner_id = s.partner_ids[0], .outlet_id = SOME(id), .target = STR("70")});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[1].value, "{\"O-1\": null, \"O-2\": 70}",
           "each outlet has its own plan, and never that of the whole");
    is_str(of(&s, 0, september)->measures.at[0].value, "700", "nor the whole that of an outlet");
}

int main(void)
{
    fixture_each(reaching);
    fixture_each(choosing);
    fixture_each(prorated);
    fixture_each(sums);
    fixture_each(outlets);
    return done_testing();
}
