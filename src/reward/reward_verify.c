/* Verify: recomputes stored results from the same facts and compares; checks that stored lines
 * still sum to what was stored. A difference with the same inputs is damage. Different inputs mean
 * that master data (a product's category, a partner's level) was edited since: it is counted and
 * said, and not called damage. */
#include "reward/reward_q.h"
#include "reward/reward_store.h"

struct verifying {
    struct op *op;
    struct reward_verified report;
};

static void problem(struct verifying *v, const struct reward_result_row *row, const char *what)
{
    if (!v->report.first_problem.at)
        v->report.first_problem = str_printf(v->op->arena, "result %lld of " STR_FMT ": %s",
                                             (long long)row->id, STR_ARG(row->period), what);
}

static enum rc check_stored(struct verifying *v, const struct reward_result_row *row)
{
    struct reward_part_row_rows parts;
    TRY(q_reward_result_sums(v->op, &(struct q_reward_result_sums_in){row->id}, &parts));
    int64_t sum = 0, lines = 0;
    for (size_t i = 0; i < parts.len; i++) {
        sum += parts.at[i].amount_minor;
        lines += parts.at[i].lines;
    }
    if (sum != row->total_minor || lines != row->lines)
        problem(v, row, "its lines do not sum to its total");
    return RC_OK;
}

static void compare(struct verifying *v, const struct reward_result_row *row,
                    const struct reward_result *again)
{
    v->report.results++;
    if (!again) { /* its dates were edited */
        v->report.changed++;
        return;
    }
    if (str_eq(again->sha256, row->sha256))
        return;
    if (!str_eq(again->inputs, row->inputs))
        v->report.changed++;
    else
        problem(v, row, "computed again it is different");
}

static const struct reward_result *find(const struct reward_calculation *calculation,
                                        int64_t contract_id)
{
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == contract_id)
            return &calculation->results[i];
    return NULL;
}

/* A result that was repeated saw other facts than its run. */
static enum rc verify_alone(struct verifying *v, const struct reward_run *run,
                            const struct reward_result_row *row)
{
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION alone = NULL;
    struct reward_ask one = {.period = run->period,
                             .watermark_seq = row->watermark_seq,
                             .contract_id = row->contract_id};
    TRY(reward_calculate(v->op, arena, &one, &alone));
    compare(v, row, find(alone, row->contract_id));
    return RC_OK;
}

/* Live results of a run: what was computed with the run itself, and repetitions, each with its own
 * watermark. */
static enum rc verify_run(struct verifying *v, const struct reward_run *run)
{
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION whole = NULL;
    struct reward_ask ask = {.period = run->period, .watermark_seq = run->watermark_seq};
    TRY(reward_calculate(v->op, arena, &ask, &whole));
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_results_of_run_open(v->op, &(struct q_reward_results_of_run_in){run->id, STR("")},
                                     &cursor));
    VEC(struct reward_result_row) rows = {0};
    struct reward_result_row row;
    enum rc rc;
    while ((rc = q_reward_results_of_run_next(&cursor, &row)) == RC_OK) {
        row.period = str_dup(arena, row.period);
        row.inputs = str_dup(arena, row.inputs);
        row.sha256 = str_dup(arena, row.sha256);
        if (!str_eq(row.state, STR("rolled_back")))
            VEC_PUSH(arena, &rows, row);
    }
    if (rc != RC_MISSING)
        return rc;
    cursor_close(&cursor);
    for (size_t i = 0; i < rows.len; i++) {
        TRY(check_stored(v, &rows.at[i]));
        if (rows.at[i].watermark_seq == run->watermark_seq)
            compare(v, &rows.at[i], find(whole, rows.at[i].contract_id));
        else
            TRY(verify_alone(v, run, &rows.at[i]));
    }
    return RC_OK;
}

static enum rc calculated_runs(struct op *op, struct i64_list *out)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_runs_calculated_open(op, &cursor));
    struct reward_id_row row;
    enum rc rc;
    while ((rc = q_reward_runs_calculated_next(&cursor, &row)) == RC_OK)
        VEC_PUSH(op->arena, out, row.id);
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc reward_verify(struct op *op, struct reward_verified *out)
{
    struct i64_list runs = {0};
    struct verifying v = {.op = op};
    TRY(calculated_runs(op, &runs));
    for (size_t i = 0; i < runs.len; i++) {
        struct reward_run run;
        TRY(reward_run_get(op, runs.at[i], &run));
        TRY(verify_run(&v, &run));
    }
    *out = v.report;
    return RC_OK;
}
