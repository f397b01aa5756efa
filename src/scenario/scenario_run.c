/* What a row of [runs] does: the steps that people take on the page of a run. Lines and measures
 * are looked at through a calculation from the same facts, which must have the hash of what the run
 * stored. */
#include "scenario/scenario_int.h"
#include "scenario/scenario_q.h"

enum { CALCULATION_BYTES = 1 << 30 };

static struct scenario__result *result_of(struct scenario__play *play, struct period period)
{
    for (size_t i = 0; i < play->results.len; i++)
        if (period_eq(play->results.at[i].period, period))
            return &play->results.at[i];
    VEC_PUSH(play->world->arena, &play->results, ((struct scenario__result){.period = period}));
    return &play->results.at[play->results.len - 1];
}

static enum rc calculate(struct scenario__play *play, struct scenario__result *result)
{
    const struct reward_calculation *calculation = NULL;
    struct reward_ask ask = {.period = result->period};
    TRY(reward_calculate(play->world->op, play->world->arena, &ask, &calculation));
    reward_calculation_cleanup(&result->calculation);
    result->calculation = calculation;
    return RC_OK;
}

static enum rc post(struct scenario__play *play, const struct scenario__row *row,
                    struct scenario__result *result)
{
    struct op *op = play->world->op;
    struct reward_run run;
    int64_t id = 0;
    TRY(calculate(play, result));
    TRY(reward_run_add(op, result->period, STR("scenario"), &id));
    TRY(reward_run_calculate(op, id, NULL, NULL));
    TRY(reward_run_get(op, id, &run));
    if (!str_eq(run.sha256, result->calculation->sha256)) {
        scenario__complain(play->world->file, row, -1,
                           "the run stored another result than was calculated");
        return RC_CONFLICT;
    }
    TRY(reward_run_submit(op, id, run.revision, STR("")));
    TRY(reward_run_post(op, id));
    result->run_id = id;
    return RC_OK;
}

/* The newest result of the contract in the posted run. */
static enum rc posted_result(struct scenario__play *play, const struct scenario__result *result,
                             const struct scenario__row *row, int64_t *out_id)
{
    const struct scenario__contract *contract =
        scenario__contract_of(play->world, row, COL_RUN_CONTRACT, -1);
    struct scenario_result_row found;
    if (!contract)
        return RC_MISSING;
    TRY(q_scenario_result(play->world->op,
                          &(struct q_scenario_result_in){result->run_id, contract->id}, &found));
    *out_id = found.id;
    return RC_OK;
}

static enum rc act(struct scenario__play *play, const struct scenario__row *row)
{
    struct op *op = play->world->op;
    struct str deed = row->cells[COL_RUN_DO], reason = row->cells[COL_RUN_REASON];
    int64_t count = 0, id = 0;
    if (str_eq(deed, STR("due")))
        return reward_due_tick(op, &count);
    struct scenario__result *result = result_of(play, scenario__period(row, COL_RUN_PERIOD));
    if (deed.len == 0 || str_eq(deed, STR("calculate")))
        return calculate(play, result);
    if (str_eq(deed, STR("post")))
        return post(play, row, result);
    TRY(posted_result(play, result, row, &id));
    if (str_eq(deed, STR("roll back")))
        return reward_result_roll_back(op, id, reason);
    TRY(calculate(play, result));
    return reward_result_repeat(op, id, reason, &id);
}

/* A refusal that the file foretells leaves nothing behind. */
bool scenario__run(struct scenario__play *play, const struct scenario__row *row)
{
    struct scenario__world *world = play->world;
    struct str refused = row->cells[COL_RUN_REFUSED];
    if (!str_eq(row->cells[COL_RUN_DO], STR("due")) && !scenario__has(row, COL_RUN_PERIOD)) {
        scenario__complain(world->file, row, COL_RUN_PERIOD, "the run does not say its period");
        return false;
    }
    if (refused.len == 0)
        return scenario__did(world, row, act(play, row));
    if (!scenario__did(world, row, db_savepoint(world->op->db)))
        return false;
    enum rc rc = act(play, row);
    struct str said = rc == RC_OK ? STR("done") : scenario__fault(world->op);
    if (!scenario__did(world, row,
                       rc == RC_OK ? db_savepoint_release(world->op->db)
                                   : db_savepoint_rollback(world->op->db)))
        return false;
    bool is_as_told = rc != RC_OK && str_has(said, refused);
    scenario__judge(world->file, row, COL_RUN_REFUSED, refused, is_as_told ? refused : said,
                    "the refusal", true);
    return true;
}
