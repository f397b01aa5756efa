/* Why a rule gave nothing: which condition failed, what it saw and what it needs. In September the
 * second partner sells for 1,000.00, 500.00 and, seafood, 100.33. */
#include "reward/reward_recipe_scene.h"
#include "reward/reward_web.h"

static void load_paper(struct fixture *f, int64_t result_id, struct reward__paper *out)
{
    f->op.lang = lang_of(LANG_EN);
    scene_must(f, reward__paper_load(&f->op, REWARD_RESULT, result_id, out), "the paper");
}

static int64_t result_of(struct fixture *f, int64_t contract_id)
{
    struct str sql =
        str_printf(f->arena, "select max(id) from reward_result where contract_id = %lld",
                   (long long)contract_id);
    return fixture_i64(f, str_c(f->arena, sql));
}

static const struct reward__paper_aside *nothing_of(const struct reward__paper *paper,
                                                    const char *label)
{
    for (size_t i = 0; i < paper->asides.len; i++)
        if (paper->asides.at[i].is_nothing && str_eq(paper->asides.at[i].label, str_of(label)))
            return &paper->asides.at[i];
    printf("Bail out! nothing is said of %s\n", label);
    exit(1);
}

static void open_panel(struct fixture *f, const struct reward__paper *paper, const char *label,
                       struct reward__panel *out)
{
    const struct reward__paper_aside *aside = nothing_of(paper, label);
    scene_must(f, reward__panel_load(&f->op, paper, aside->derivation_id, 0, 12, out), "a panel");
    ok(out->is_nothing, "it explains why there is nothing");
}

static void formulas(struct fixture *f)
{
    struct scene s;
    struct reward__paper paper;
    struct reward__panel panel;
    RECIPE(f, &s, "", {"volume", "kind=\"measure\"", "sales", "sum(sales.credit.net)"},
           {"own", "kind=\"line\" scope=\"event\"", "event",
            "if event.type = \"sale\" and event.credit.net >= 700 then event.credit.net * 0.1 "
            "else null"},
           {"bonus", "kind=\"line\"", "volume", "if volume >= 5000 then 100 else null"},
           {"gift", "kind=\"line\"", "bonus", "if bonus = null then null else 5"});
    (void)scene_run(f, 9);
    load_paper(f, result_of(f, s.contract_ids[1]), &paper);
    ok(paper.has_nothings && !paper.has_asides, "what gave nothing stands with the result");
    is_str(nothing_of(&paper, "own")->reason, "Nothing for 2 events.", "events alike are one");
    is_str(nothing_of(&paper, "bonus")->reason, "Nothing for the period.", "or of the period");
    open_panel(f, &paper, "own", &panel);
    is_str(panel.formula.at[0],
           "because it does not hold that kind of event = “Sale” and net amount of the sale ≥ 700: "
           "500 ≥ 700",
           "the condition that failed, and what it saw at the first event");
    is_str(panel.formula.at[1], "own: nothing", "so there is nothing");
    is_i64((int64_t)panel.events.len, 1, "the first of the events is shown");
    open_panel(f, &paper, "bonus", &panel);
    is_str(panel.formula.at[0], "because it does not hold that volume ≥ 5000: 1600.33 ≥ 5000",
           "a measure with its value");
    open_panel(f, &paper, "gift", &panel);
    is_str(panel.formula.at[0], "because bonus = null", "its own condition first");
    is_str(panel.formula.at[1], "because it does not hold that volume ≥ 5000: 1600.33 ≥ 5000",
           "then those it rests on");
    is_i64(fixture_i64(f, "select count(*) from reward_aside where kind = 9 and times = 2"), 1,
           "it is stored once, with how often");
    is_i64(paper.result.total_minor, 10000, "and is no part of the total");
}

/* A measure opens into its formula, and is hidden from the partner when the scheme says so. */
static void measures(struct fixture *f)
{
    struct scene s;
    struct reward__paper paper;
    struct reward__panel panel;
    RECIPE(f, &s, "", {"volume", "kind=\"measure\"", "sales", "sum(sales.credit.net)"},
           {"share", "kind=\"measure\" shown=\"false\"", "volume",
            "if volume > 2000 then 1 else 0.5"});
    (void)scene_run(f, 9);
    load_paper(f, result_of(f, s.contract_ids[1]), &paper);
    scene_must(
        f, reward__panel_load(&f->op, &paper, paper.measures.at[1].derivation_id, 0, 12, &panel),
        "a panel");
    is_str(panel.value, "0.5", "the value stands in the place of an amount");
    is_str(panel.formula.at[0], "share = 0.5", "the branch that was taken");
    is_str(panel.formula.at[1], "because it does not hold that volume > 2000", "and why");
    is_str(panel.formula.at[2], "= 0.5", "it has no currency");
    ok(panel.counts.at[0].href.len > 0, "the events can be looked at");
    int64_t hidden = paper.measures.at[1].derivation_id;
    paper.measures.len = 1; /* as the partner's paper has it */
    ok(reward__panel_load(&f->op, &paper, hidden, 0, 12, &panel) == RC_MISSING,
       "what is not shown to the partner is not explained to the partner");
}

static const char table_dmn[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "xmlns:kontor=\"urn:kontor:dmn:1\" id=\"m\" name=\"Tables\" namespace=\"urn:t\">"
    "<extensionElements><kontor:scheme currency=\"USD\"/></extensionElements>"
    "<inputData id=\"event\" name=\"event\"><variable name=\"event\" typeRef=\"Any\"/></inputData>"
    "<decision id=\"rate\" name=\"rate\" label=\"Rate\"><variable name=\"rate\" "
    "typeRef=\"number\"/><informationRequirement><requiredInput href=\"#event\"/>"
    "</informationRequirement><decisionTable hitPolicy=\"FIRST\">"
    "<input label=\"Category\"><inputExpression><text>event.product.category</text>"
    "</inputExpression></input>"
    "<input label=\"Net\"><inputExpression><text>event.credit.net</text></inputExpression></input>"
    "<output label=\"Rate\"/>"
    "<rule><inputEntry><text>\"Seafood\"</text></inputEntry><inputEntry><text>&gt;= 2000</text>"
    "</inputEntry><outputEntry><text>0.1</text></outputEntry></rule>"
    "<rule><inputEntry><text>\"Beverages\"</text></inputEntry><inputEntry><text>&gt;= 700</text>"
    "</inputEntry><outputEntry><text>0.2</text></outputEntry></rule>"
    "</decisionTable></decision>"
    "<decision id=\"own\" name=\"own\"><extensionElements><kontor:output kind=\"line\" "
    "scope=\"event\" label=\"Own sales\"/></extensionElements><variable name=\"own\" "
    "typeRef=\"Any\"/><informationRequirement><requiredInput href=\"#event\"/>"
    "</informationRequirement><informationRequirement><requiredDecision href=\"#rate\"/>"
    "</informationRequirement><literalExpression><text>if rate = null then null else "
    "event.credit.net * rate</text></literalExpression></decision></definitions>";

static void tables(struct fixture *f)
{
    struct scene s;
    struct reward__paper paper;
    struct reward__panel panel;
    scene_begin_with(f, &s, str_of(table_dmn));
    int64_t run_id = scene_run(f, 9);
    load_paper(f, result_of(f, s.contract_ids[1]), &paper);
    const struct reward__paper_aside *first = nothing_of(&paper, "Own sales");
    is_str(first->reason, "Nothing for 1 event.", "each way in which a table fails is one");
    open_panel(f, &paper, "Own sales", &panel);
    is_i64((int64_t)panel.tables.len, 1, "the table is shown");
    is_str(panel.tables.at[0].needed,
           "No row fits. The nearest is row 1, which needs Net: from 2,000.",
           "with the row that was nearest, and what it needs");
    ok(panel.tables.at[0].rows.at[0].is_near_miss && !panel.tables.at[0].rows.at[0].is_hit,
       "the row is marked, not as one that fits");
    struct reward_run run;
    struct reward_verified verified;
    scene_must(f, reward_run_get(&f->op, run_id, &run), "the run");
    scene_must(f, reward_run_calculate(&f->op, run_id, NULL, NULL), "again");
    struct reward_run again;
    scene_must(f, reward_run_get(&f->op, run_id, &again), "the run");
    ok(str_eq(again.sha256, run.sha256), "the same again");
    ok(reward_verify(&f->op, &verified) == RC_OK, "and it verifies");
}

/* Many different failures do not make a result large. */
static void many(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"part", NULL, "event", "event.credit.net"},
           {"own", "kind=\"line\" scope=\"event\"", "part", "if part < 0 then part else null"});
    for (int i = 0; i < 300; i++)
        scene_sale(f, &s, 0, BEVERAGE, scene_at(2026, 10, 5), 1000 + i);
    AUTO_CALCULATION october = recipe_calculate(f, 10, 0);
    struct reward_details details;
    const struct reward_result *result = recipe_result(october, s.contract_ids[0]);
    scene_must(f, reward_details_of(&f->op, october, result, &details), "details");
    int64_t times = 0;
    for (size_t i = 0; i < details.lines.len; i++)
        times += details.lines.at[i].times;
    is_i64(times, 300, "each event is counted");
    is_i64((int64_t)details.lines.len, 101, "a hundred ways are told apart");
    is_i64((int64_t)details.derivations.len, 101, "and explained");
}

/* A rule for activations is not asked why it gave nothing for a sale that another rule paid. */
static void beside(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"small", "kind=\"line\" scope=\"event\"", "event",
            "if event.credit.net < 400 then 1 else null"},
           {"large", "kind=\"line\" scope=\"event\"", "event",
            "if event.credit.net >= 700 then 2 else null"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, recipe_result(september, s.contract_ids[1])), "200 - - 100",
           "only of the event that nobody paid both rules are told");
}

int main(void)
{
    fixture_each(beside);
    fixture_each(formulas);
    fixture_each(measures);
    fixture_each(tables);
    fixture_each(many);
    return done_testing();
}
