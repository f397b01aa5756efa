/* Posting: a result's lines become one transfer (expense / accrued and held) and a statement,
 * result by result, each in a transaction of its own whose ledger key makes it happen once. A run
 * that was interrupted goes on where it stopped. Rolling back mirrors the transfers. */
#include "audit/audit.h"
#include "ledger/ledger.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"
#include "text/text.h"

enum { STATEMENT_LOCK = 0x5354 }; /* numbering of statements, one at a time */

/* ---- one result ---- */

static void add_leg(struct ledger_leg *legs, size_t *len, const char *kind,
                    const struct reward_result_row *result, int64_t minor)
{
    const struct ledger_kind *of = ledger_kind_find(str_of(kind));
    if (minor == 0)
        return;
    legs[(*len)++] = (struct ledger_leg){.kind = kind,
                                         .entity_id = result->entity_id,
                                         .partner_id = of->is_of_partner ? result->partner_id : 0,
                                         .contract_id = of->is_of_partner ? result->contract_id : 0,
                                         .amount = MONEY(minor, currency_find(result->currency))};
}

/* Into the last day of the period that was served; `what` tells the transfers of a result apart. */
static enum rc post_legs(struct op *op, const struct reward_result_row *result,
                         const struct reward_run *run, const char *what, const char *reason,
                         struct ledger_leg *legs, size_t len)
{
    int64_t transfer_id = 0;
    return ledger_post(op,
                       &(struct ledger_transfer){.key = str_printf(op->arena, "result:%lld:%s",
                                                                   (long long)result->id, what),
                                                 .reason = reason,
                                                 .posting_day = run->period.end.days - 1,
                                                 .service_from_day = run->period.start.days,
                                                 .service_to_day = run->period.end.days,
                                                 .source_kind = "result",
                                                 .source_id = result->id,
                                                 .legs = legs,
                                                 .legs_len = len},
                       &transfer_id);
}

static enum rc accrue(struct op *op, const struct reward_result_row *result,
                      const struct reward_run *run)
{
    struct reward_part_row_rows parts;
    TRY(q_reward_result_sums(op, &(struct q_reward_result_sums_in){result->id}, &parts));
    int64_t free_minor = 0, held_minor = 0;
    for (size_t i = 0; i < parts.len; i++)
        *(parts.at[i].hold.len ? &held_minor : &free_minor) += parts.at[i].amount_minor;
    assert(free_minor + held_minor == result->total_minor);
    struct ledger_leg legs[3];
    size_t len = 0;
    add_leg(legs, &len, "expense:reward", result, result->total_minor);
    add_leg(legs, &len, "partner:accrued", result, -free_minor);
    add_leg(legs, &len, "partner:held", result, -held_minor);
    if (len < 2)
        return RC_OK; /* nothing was earned */
    return post_legs(op, result, run, "accrue", "reward", legs, len);
}

/* What the partner owes, and what customers get, on accounts of their own. */
static enum rc post_asides(struct op *op, const struct reward_result_row *result,
                           const struct reward_run *run)
{
    struct reward_aside_sum_rows sums;
    TRY(q_reward_aside_sums(op, &(struct q_reward_aside_sums_in){result->id}, &sums));
    for (size_t i = 0; i < sums.len; i++) {
        bool is_charge = sums.at[i].kind == REWARD_CHARGE;
        struct ledger_leg legs[2];
        size_t len = 0;
        add_leg(legs, &len, is_charge ? "partner:receivable" : "expense:reward", result,
                sums.at[i].amount_minor);
        add_leg(legs, &len, is_charge ? "income:service" : "customer:credit", result,
                -sums.at[i].amount_minor);
        const char *what = is_charge ? "charge" : "referred";
        if (len == 2)
            TRY(post_legs(op, result, run, what, what, legs, len));
    }
    return RC_OK;
}

static enum rc make_statement(struct op *op, const struct reward_result_row *result,
                              const struct reward_run *run)
{
    struct reward_number_row count;
    int64_t id = 0;
    TRY(db_lock(op->db, STATEMENT_LOCK));
    TRY(q_statement_count(
        op, &(struct q_statement_count_in){result->entity_id, run->period.start.days}, &count));
    struct str number = str_printf(op->arena, "ST-" STR_FMT "-%lld-%05lld", STR_ARG(result->period),
                                   (long long)result->entity_id, (long long)count.n + 1);
    return q_statement_add(op,
                           &(struct q_statement_add_in){.number = number,
                                                        .result_id = result->id,
                                                        .contract_id = result->contract_id,
                                                        .partner_id = result->partner_id,
                                                        .entity_id = result->entity_id,
                                                        .period = result->period,
                                                        .from_day = run->period.start.days,
                                                        .to_day = run->period.end.days,
                                                        .currency = result->currency,
                                                        .total_minor = result->total_minor,
                                                        .created_at = op->now},
                           &id);
}

static enum rc must_be_first(struct op *op, const struct reward_result_row *result)
{
    struct reward_id_row other;
    enum rc rc = q_reward_result_posted(
        op, &(struct q_reward_result_posted_in){result->contract_id, result->period}, &other);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, NULL,
                    "A contract has a posted result of {0} already: roll it back first.",
                    str_c(op->arena, result->period));
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc reward__post_result(struct op *op, int64_t result_id)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct reward_result_row result;
    struct reward_run run;
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &result));
    TRY(reward_run_get(op, result.run_id, &run));
    TRY(must_be_first(op, &result));
    TRY(q_reward_result_state(
        op, &(struct q_reward_result_state_in){result_id, STR("approved"), STR("posted")}));
    kill_point("result_post");
    TRY(accrue(op, &result, &run));
    TRY(post_asides(op, &result, &run));
    TRY(make_statement(op, &result, &run));
    kill_point("result_post_commit");
    return txn_commit(&txn);
}

/* ---- a run ---- */

/* Ids first, so that no cursor stays open over the transactions that follow. */
static enum rc approved_results(struct op *op, int64_t run_id, struct i64_list *out)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_results_of_run_open(
        op, &(struct q_reward_results_of_run_in){run_id, STR("approved")}, &cursor));
    struct reward_result_row row;
    enum rc rc;
    while ((rc = q_reward_results_of_run_next(&cursor, &row)) == RC_OK)
        VEC_PUSH(op->arena, out, row.id);
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc post_one(struct op *op, struct job *job, int64_t result_id)
{
    AUTO_TXN txn = {0};
    TRY(reward__txn(op, job, &txn));
    TRY(reward__post_result(op, result_id));
    return txn_commit(&txn);
}

static enum rc post_all(struct op *op, const struct reward_run *run, struct job *job)
{
    struct i64_list results = {0};
    TRY(approved_results(op, run->id, &results));
    for (size_t i = 0; i < results.len; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        TRY(post_one(op, job, results.at[i]));
        arena_rewind(op->arena, mark);
        if (job) {
            reward__job_progress(job, (int64_t)i + 1, (int64_t)results.len);
            TRY(job_check(job));
        }
    }
    AUTO_TXN txn = {0};
    TRY(reward__txn(op, job, &txn));
    TRY(q_reward_run_posted(op, &(struct q_reward_run_posted_in){run->id, op->now}));
    TRY(audit_add(op, &(struct audit_entry){.action = "run.post",
                                            .record = "run",
                                            .record_id = run->id,
                                            .label = period_print(op->arena, run->period)}));
    TRY(txn_commit(&txn));
    int64_t moved = 0;
    return reward__due_tick(op, job, &moved);
}

enum rc reward__run_post(struct op *op, int64_t id, struct job *job)
{
    struct reward_run run;
    TRY(op_must(op, "run.post"));
    TRY(reward_run_get(op, id, &run));
    if (str_eq(run.state, STR("posted")))
        return RC_OK;
    if (!str_eq(run.state, STR("approved")))
        return fail(op, RC_CONFLICT, NULL, "Only an approved run can be posted.");
    struct actor before = reward__as_system(op);
    enum rc rc = post_all(op, &run, job);
    op->actor = before;
    return rc;
}

enum rc reward_run_post(struct op *op, int64_t id)
{
    return reward__run_post(op, id, NULL);
}

/* ---- due ---- */

static enum rc move_due(struct op *op, struct job *job, const struct reward_due_row *due,
                        int64_t today)
{
    AUTO_TXN txn = {0};
    TRY(reward__txn(op, job, &txn));
    struct reward_result_row result = {.entity_id = due->entity_id,
                                       .partner_id = due->partner_id,
                                       .contract_id = due->contract_id,
                                       .currency = due->currency};
    struct ledger_leg legs[2];
    size_t len = 0;
    add_leg(legs, &len, due->was_held ? "partner:held" : "partner:accrued", &result,
            due->amount_minor);
    add_leg(legs, &len, "partner:payable", &result, -due->amount_minor);
    int64_t transfer_id = 0;
    if (len == 2)
        TRY(ledger_post(
            op,
            &(struct ledger_transfer){.key = str_printf(op->arena, "result:%lld:due:%lld",
                                                        (long long)due->result_id,
                                                        (long long)due->first_line_id),
                                      .reason = due->was_held ? "release" : "due",
                                      .posting_day = today,
                                      .service_from_day = due->from_day,
                                      .service_to_day = due->to_day,
                                      .source_kind = "result",
                                      .source_id = due->result_id,
                                      .legs = legs,
                                      .legs_len = len},
            &transfer_id));
    TRY(q_reward_lines_due(op, &(struct q_reward_lines_due_in){.result_id = due->result_id,
                                                               .due_day = due->due_day,
                                                               .was_held = due->was_held,
                                                               .today = today}));
    kill_point("due");
    return txn_commit(&txn);
}

enum rc reward__due_tick(struct op *op, struct job *job, int64_t *out_moved)
{
    int64_t today = zone_date(op->zone, op->now).days, moved = 0;
    TRY(reward__gates_tick(op, job));
    for (;;) {
        struct arena_mark mark = arena_mark(op->arena);
        struct reward_due_row_rows due;
        TRY(q_reward_due(op, &(struct q_reward_due_in){today}, &due));
        for (size_t i = 0; i < due.len; i++) {
            TRY(move_due(op, job, &due.at[i], today));
            moved += due.at[i].lines;
        }
        bool is_last = due.len == 0;
        arena_rewind(op->arena, mark);
        if (is_last)
            break;
    }
    *out_moved = moved;
    return RC_OK;
}

enum rc reward_due_tick(struct op *op, int64_t *out_moved)
{
    return reward__due_tick(op, NULL, out_moved);
}

/* ---- rolling back and repeating ---- */

static enum rc supersede_statement(struct op *op, const struct reward_result_row *result)
{
    struct statement_row statement;
    TRY(q_statement_of_result(op, &(struct q_statement_of_result_in){result->id}, &statement));
    if (!str_eq(statement.state, STR("draft")))
        return fail(op, RC_CONFLICT, NULL,
                    "The statement {0} was sent: correct it in the next period.",
                    str_c(op->arena, statement.number));
    return q_statement_state(op, &(struct q_statement_state_in){.id = statement.id,
                                                                .before = STR("draft"),
                                                                .state = STR("superseded")});
}

static enum rc reverse_transfers(struct op *op, const struct reward_result_row *result,
                                 const struct reward_run *run)
{
    struct reward_transfer_row_rows transfers;
    TRY(q_reward_transfers(op, &(struct q_reward_transfers_in){result->id}, &transfers));
    for (size_t i = 0; i < transfers.len; i++) {
        int64_t reversal_id = 0;
        TRY(ledger_reverse(
            op, transfers.at[i].id,
            str_printf(op->arena, "transfer:%lld:rollback", (long long)transfers.at[i].id),
            "rollback", run->period.end.days - 1, &reversal_id));
    }
    return RC_OK;
}

static enum rc roll_back(struct op *op, const struct reward_result_row *result, struct str reason)
{
    struct reward_run run;
    bool was_posted = str_eq(result->state, STR("posted"));
    TRY(reward_run_get(op, result->run_id, &run));
    if (str_eq(result->state, STR("rolled_back")))
        return fail(op, RC_CONFLICT, NULL, "This result was rolled back already.");
    if (was_posted) {
        TRY(supersede_statement(op, result));
        TRY(reverse_transfers(op, result, &run));
    }
    TRY(q_reward_result_state(
        op, &(struct q_reward_result_state_in){result->id, result->state, STR("rolled_back")}));
    TRY(q_reward_result_reason(op, &(struct q_reward_result_reason_in){result->id, reason}));
    TRY(q_reward_lines_close(op, &(struct q_reward_lines_close_in){result->id, STR("reversed")}));
    TRY(q_reward_run_count_incomplete(op, &(struct q_reward_run_count_incomplete_in){run.id}));
    struct audit_change change = {.field = "reason", .after = reason};
    return audit_add(op, &(struct audit_entry){.action = "result.roll_back",
                                               .record = "result",
                                               .record_id = result->id,
                                               .label = result->period,
                                               .partner_id = SOME(result->partner_id),
                                               .changes = &change,
                                               .changes_len = 1});
}

/* One line of text; required, because somebody asks for it later. */
static enum rc check_reason(struct op *op, struct str *reason)
{
    enum { REASON_CHARS_MAX = 500 };
    *reason = text_clean_line(op->arena, reason->at ? *reason : STR(""));
    if (reason->len == 0)
        return fail(op, RC_INVALID, "reason", "Say why the result is taken back.");
    if (utf8_count(*reason) > REASON_CHARS_MAX)
        return fail(op, RC_INVALID, "reason", "At most {0} characters.", "500");
    return RC_OK;
}

enum rc reward_result_roll_back(struct op *op, int64_t result_id, struct str reason)
{
    struct reward_result_row result;
    TRY(op_must(op, "run.post"));
    TRY(check_reason(op, &reason));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &result));
    TRY(roll_back(op, &result, reason));
    return txn_commit(&txn);
}

static enum rc store_again(struct op *op, const struct reward_result_row *old,
                           const struct reward_calculation *calculation, int64_t *out_id)
{
    struct reward_run run;
    struct reward_number_row attempt;
    TRY(reward_run_get(op, old->run_id, &run));
    if (calculation->results_len == 0)
        return fail(op, RC_CONFLICT, NULL, "The contract was not in force in this period.");
    TRY(q_reward_attempt(op, &(struct q_reward_attempt_in){old->run_id, old->contract_id},
                         &attempt));
    TRY(reward__store_result(op, &run, calculation, &calculation->results[0], attempt.n + 1,
                             out_id));
    bool is_complete = !calculation->results[0].is_incomplete;
    bool is_approved = str_eq(run.state, STR("approved")) || str_eq(run.state, STR("posted"));
    if (is_complete && is_approved)
        TRY(q_reward_result_state(
            op, &(struct q_reward_result_state_in){*out_id, STR("calculated"), STR("approved")}));
    TRY(q_reward_run_count_incomplete(op, &(struct q_reward_run_count_incomplete_in){run.id}));
    if (!is_complete || !str_eq(run.state, STR("posted")))
        return RC_OK;
    return reward__post_result(op, *out_id);
}

static enum rc repeat(struct op *op, int64_t result_id, struct str reason, int64_t *out_result_id)
{
    struct reward_result_row old;
    struct reward_run run;
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &old));
    TRY(reward_run_get(op, old.run_id, &run));
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL;
    struct reward_ask ask = {.period = run.period, .contract_id = old.contract_id};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (!str_eq(old.state, STR("rolled_back")))
        TRY(roll_back(op, &old, reason));
    TRY(reward_calculate(op, arena, &ask, &calculation));
    TRY(store_again(op, &old, calculation, out_result_id));
    TRY(q_reward_result_reason(op, &(struct q_reward_result_reason_in){*out_result_id, reason}));
    struct audit_change change = {.field = "reason", .after = reason};
    TRY(audit_add(op, &(struct audit_entry){.action = "result.repeat",
                                            .record = "result",
                                            .record_id = *out_result_id,
                                            .label = old.period,
                                            .partner_id = SOME(old.partner_id),
                                            .changes = &change,
                                            .changes_len = 1}));
    return txn_commit(&txn);
}

enum rc reward_result_repeat(struct op *op, int64_t result_id, struct str reason,
                             int64_t *out_result_id)
{
    struct reward_result_row seen;
    TRY(op_must(op, "run.post"));
    TRY(check_reason(op, &reason));
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &seen));
    struct actor before = reward__as_system(op);
    enum rc rc = repeat(op, result_id, reason, out_result_id);
    op->actor = before;
    return rc;
}
