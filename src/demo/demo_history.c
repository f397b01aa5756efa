/* Twelve months as they would have gone: facts come in, a few days after the end of a month the
 * accountant calculates it, a colleague approves, it is posted, statements go out, old months are
 * closed. The last month waits for its approval and the present one is open. */
#include "approval/approval.h"
#include "demo/demo_int.h"
#include "demo/demo_q.h"
#include "ledger/ledger.h"
#include "reward/reward.h"

enum { MONTH_LAST_POSTED = DEMO_MONTHS - 3, MONTH_WAITS = DEMO_MONTHS - 2 };

static enum rc approve(struct demo *demo, int64_t run_id)
{
    struct approval approval;
    TRY(demo_as(demo, demo->second_accountant));
    TRY(approval_state(demo->op, "run", run_id, &approval));
    TRY(approval_approve(demo->op, approval.id, STR("")));
    return demo_as(demo, demo->accountant);
}

static enum rc submit(struct demo *demo, int64_t run_id, const char *note)
{
    struct reward_run run;
    TRY(reward_run_get(demo->op, run_id, &run));
    return reward_run_submit(demo->op, run_id, run.revision, str_of(note));
}

/* One dealer's sales were corrected after posting: its result is taken back and made again. */
static enum rc repeat_one(struct demo *demo, int64_t run_id)
{
    struct demo_result_rows results;
    int64_t again;
    TRY(q_demo_results(demo->op, &(struct q_demo_results_in){run_id}, &results));
    for (size_t i = results.len / 3; i < results.len; i++)
        if (results.at[i].events > 5) {
            struct str reason = STR("The dealer's sales were entered under a colleague.");
            TRY(reward_result_roll_back(demo->op, results.at[i].id, reason));
            return reward_result_repeat(demo->op, results.at[i].id, reason, &again);
        }
    return RC_OK;
}

/* Of the last posted month a quarter still waits to be looked through. */
static enum rc send_most(struct demo *demo, int64_t run_id)
{
    struct demo_statement_rows statements;
    TRY(q_demo_statements(demo->op, &(struct q_demo_statements_in){run_id}, &statements));
    for (size_t i = 0; i < statements.len; i++) {
        bool is_kept = i % 4 == 1;
        for (size_t k = 0; k < LEN(demo->portal); k++)
            is_kept = is_kept && statements.at[i].partner_id != demo->portal[k];
        if (!is_kept)
            TRY(reward_statement_send(demo->op, statements.at[i].id));
    }
    return RC_OK;
}

static enum rc close_month(struct demo *demo, int month)
{
    struct date from = demo_month(demo, month), to = demo_month(demo, month + 1);
    for (size_t i = 0; i < DEMO_ENTITIES; i++)
        TRY(ledger_close_period(demo->op, demo->entities[i], from.days, to.days));
    return RC_OK;
}

static enum rc post(struct demo *demo, int64_t run_id, int month)
{
    struct date end = demo_month(demo, month + 1);
    int64_t sent = 0;
    demo_at(demo, date_add_days(end, 5), 10, 40);
    TRY(reward_run_post(demo->op, run_id));
    if (month == MONTH_LAST_POSTED)
        TRY(repeat_one(demo, run_id));
    demo_at(demo, date_add_days(end, 6), 12, 5);
    if (month == MONTH_LAST_POSTED)
        return send_most(demo, run_id);
    TRY(reward_statements_send(demo->op, run_id, &sent));
    return month >= 2 ? close_month(demo, month - 2) : RC_OK;
}

enum rc demo_make_run(struct demo *demo, int month)
{
    struct op *op = demo->op;
    struct date start = demo_month(demo, month), end = demo_month(demo, month + 1);
    int64_t run_id;
    demo_at(demo, date_add_days(end, 3), 9, 30);
    TRY(demo_as(demo, demo->accountant));
    TRY(reward_run_add(op, period_of(PERIOD_MONTH, 0, start), STR(""), &run_id));
    TRY(reward_run_calculate(op, run_id, NULL, NULL));
    demo_at(demo, date_add_days(end, 4), 16, 10);
    TRY(submit(demo, run_id,
               month == MONTH_WAITS ? "Ready; two new agents since last month." : ""));
    if (month == MONTH_WAITS)
        return RC_OK;
    TRY(approve(demo, run_id));
    return post(demo, run_id, month);
}

/* What has become due by the middle of the month. */
static enum rc tick(struct demo *demo, int month)
{
    int64_t moved = 0;
    demo_at(demo, date_add_days(demo_month(demo, month), 19), 4, 0);
    TRY(demo_as(demo, 0));
    return reward_due_tick(demo->op, &moved);
}

enum rc demo_make_history(struct demo *demo)
{
    for (int month = 0; month < DEMO_MONTHS; month++) {
        struct arena_mark mark = arena_mark(demo->op->arena);
        AUTO_TXN txn = {0};
        TRY(txn_begin(demo->op, &txn));
        TRY(demo_make_changes(demo, month));
        TRY(demo_make_events(demo, month));
        if (month > 0)
            TRY(demo_make_run(demo, month - 1));
        TRY(tick(demo, month));
        TRY(txn_commit(&txn));
        arena_rewind(demo->op->arena, mark);
        cli_progress(demo->cli, M("A year of the company"), month + 1, DEMO_MONTHS);
    }
    cli_progress_end(demo->cli);
    return RC_OK;
}
