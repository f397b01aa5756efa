/* The engine on a company small enough to be computed by hand: figures, network, incomplete
 * results, segments, determinism. */
#include "reward/reward_scene.h"

static const struct reward_result *result_of(const struct reward_calculation *calculation,
                                             int64_t contract_id)
{
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == contract_id)
            return &calculation->results[i];
    return NULL;
}

static const struct reward_calculation *calculate(struct fixture *f, int month, int64_t contract_id)
{
    const struct reward_calculation *calculation = NULL;
    struct reward_ask ask = {.period = scene_month(month), .contract_id = contract_id};
    scene_must(f, reward_calculate(&f->op, f->arena, &ask, &calculation), "calculate");
    return calculation;
}

static void figures(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    AUTO_CALCULATION september = calculate(f, 9, 0);
    is_i64((int64_t)september->results_len, 3, "every contract in force has a result");
    const struct reward_result *anna = result_of(september, s.contract_ids[0]);
    const struct reward_result *boris = result_of(september, s.contract_ids[1]);
    const struct reward_result *carla = result_of(september, s.contract_ids[2]);
    is_i64(reward_key_minor(anna, STR("own")), 16840, "own sales by the rate of the category");
    is_i64(reward_key_minor(anna, STR("upward")), 1720,
           "10 % of the first level and 3 % of the second, each rounded");
    is_i64(anna->total_minor, 18560, "the total is the sum of the lines");
    is_i64(reward_key_minor(boris, STR("own")), 7301, "a line is rounded half up to cents");
    is_i64(boris->total_minor, 10601, "the middle of the tree earns both");
    is_i64(carla->total_minor, 33002, "a reached tier pays on the whole volume");
    is_i64(carla->events, 2, "events are counted");
    is_str(anna->measures.at[0].value, "4210", "a measure is kept");
    AUTO_CALCULATION august = calculate(f, 8, 0);
    is_i64(result_of(august, s.contract_ids[0])->total_minor, 23764, "another month by its tier");
    is_i64(result_of(august, s.contract_ids[2])->total_minor, 0, "no sales, no reward");
    AUTO_CALCULATION one = calculate(f, 9, s.contract_ids[0]);
    is_i64((int64_t)one->results_len, 1, "one contract can be asked for");
    ok(one->results[0].total_minor == 18560 && str_eq(one->results[0].sha256, anna->sha256),
       "and has the same result, with its network");
    AUTO_CALCULATION again = calculate(f, 9, 0);
    ok(str_eq(again->sha256, september->sha256), "the same inputs, the same bytes");
    ok(!str_eq(august->sha256, september->sha256), "other inputs, other bytes");
    is_i64(fixture_i64(f, "select count(*) from reward_result"), 0, "calculating changes nothing");
}

static void watermark(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    AUTO_CALCULATION before = calculate(f, 9, 0);
    scene_sale(f, &s, 0, BEVERAGE, scene_at(2026, 9, 20), 79000);
    AUTO_CALCULATION after = calculate(f, 9, 0), *again = NULL;
    is_i64(reward_key_minor(result_of(after, s.contract_ids[0]), STR("own")), 22000,
           "a sale that reaches the tier lifts all of them");
    struct reward_ask ask = {.period = scene_month(9), .watermark_seq = before->watermark_seq};
    ok(reward_calculate(&f->op, f->arena, &ask, &again) == RC_OK &&
           str_eq(again->sha256, before->sha256),
       "up to an older watermark it is as it was");
}

static void incomplete(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    scene_sale_of(f, &s, 1, SEAFOOD, scene_at(2026, 9, 8), 1000, "EUR");
    AUTO_CALCULATION calculation = calculate(f, 9, 0);
    const struct reward_result *boris = result_of(calculation, s.contract_ids[1]);
    ok(boris->is_incomplete && boris->warnings.len == 1, "another currency leaves it incomplete");
    is_str(boris->warnings.at[0].args[0], "EUR/USD 2026-09-08 (default)", "the warning says which");
    ok(boris->warnings.at[0].event_seq > 0, "and at which event");
    ok(!result_of(calculation, s.contract_ids[0])->is_incomplete, "others are not stopped");
    int64_t run_id = scene_run(f, 9);
    is_i64(fixture_i64(f, "select incomplete from reward_run"), 1, "the run counts it");
    struct reward_run run;
    scene_must(f, reward_run_get(&f->op, run_id, &run), "the run");
    ok(reward_run_submit(&f->op, run_id, run.revision, STR("")) == RC_CONFLICT,
       "it is not approvable until repaired");
}

static void outside(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    struct contract contract;
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f, contract_end(&f->op, contract.id, contract.revision, date_of(2026, 9, 5).days),
               "end");
    AUTO_CALCULATION calculation = calculate(f, 9, 0);
    const struct reward_result *anna = result_of(calculation, s.contract_ids[0]);
    if (!ok(anna != NULL, "a contract that ended inside the period still has a result"))
        return;
    is_i64(anna->events, 1, "events of its days count");
    is_i64(anna->uncounted.outside, 1, "later ones are outside the contract");
    is_i64(reward_key_minor(anna, STR("own")), 8840, "and earn nothing");
}

static void suspended(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    struct contract contract;
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f,
               contract_suspend(&f->op, contract.id, contract.revision, date_of(2026, 9, 5).days,
                                STR("Papers")),
               "suspend");
    AUTO_CALCULATION september = calculate(f, 9, 0);
    const struct reward_result *anna = result_of(september, s.contract_ids[0]);
    if (!ok(anna != NULL, "a contract that is suspended since the middle of a month is in its run"))
        return;
    is_i64(anna->events, 1, "events before it count");
    is_i64(anna->uncounted.suspended, 1, "those of suspended days do not");
    is_i64(reward_key_minor(anna, STR("own")), 8840, "and earn nothing");
    ok(str_has(anna->inputs, STR("\"suspended\"")), "the days are inputs of the result");
    AUTO_CALCULATION august = calculate(f, 8, 0);
    ok(result_of(august, s.contract_ids[0]) != NULL, "the month before is as it was");
    scene_must(f, contract_get(&f->op, s.contract_ids[0], &contract), "a contract");
    scene_must(f, contract_resume(&f->op, contract.id, contract.revision, date_of(2026, 9, 6).days),
               "resume");
    AUTO_CALCULATION later = calculate(f, 9, 0);
    anna = result_of(later, s.contract_ids[0]);
    is_i64(anna->events + anna->uncounted.suspended, 2, "every event is counted in one place");
    int64_t run_id = scene_run(f, 9);
    is_i64(fixture_i64(f, "select count(*) from reward_run"), 1, "a run is stored");
    struct reward_verified verified;
    ok(run_id > 0 && reward_verify(&f->op, &verified) == RC_OK && !verified.first_problem.at &&
           verified.changed == 0,
       "and computed again it is the same");
}

static void individual_terms(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    struct contract_versions versions;
    scene_must(f, contract_versions(&f->op, s.contract_ids[0], &versions), "versions");
    struct contract_version version = versions.at[0];
    struct contract_term terms[] = {{STR("beverages rate"), STR("0.05")}};
    struct contract_bound bound = version.schemes[0];
    bound.terms = terms;
    bound.terms_len = 1;
    version.schemes = &bound;
    version.id = 0;
    version.revision = 0;
    version.from_day = date_of(2026, 9, 5).days;
    int64_t id = 0;
    scene_must(f, contract_version_save(&f->op, &version, &id), "a version inside the month");
    AUTO_CALCULATION calculation = calculate(f, 9, 0);
    is_i64(reward_key_minor(result_of(calculation, s.contract_ids[0]), STR("own")), 18840,
           "each event is paid by the terms of its day: 2,210 x 4 % + 2,000 x 5 %");
}

int main(void)
{
    fixture_each(figures);
    fixture_each(watermark);
    fixture_each(incomplete);
    fixture_each(outside);
    fixture_each(suspended);
    fixture_each(individual_terms);
    return done_testing();
}
