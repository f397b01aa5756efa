/* Work that outlives a request: calculating, posting, what becomes due every day. Each write stands
 * in a transaction of the job, and each job can start again from what is committed. */
#include "json/json.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

enum { FAILURE_MAX = 8 << 10 };

void reward__job_progress(void *self, int64_t done, int64_t total)
{
    job_progress(self, done, total, M("{0} of {1, plural, one {# contract} other {# contracts}}"));
}

enum rc reward__job(struct op *op, const struct reward_run *run, const char *kind,
                    int64_t *out_job_id)
{
    struct job_new what = {
        .kind = kind,
        .payload = str_printf(op->arena, "{\"run\":%lld}", (long long)run->id),
        .title = i18n_period(op->arena, op->lang, run->period, PLACE_START),
        .once_key = str_printf(op->arena, "run:%lld", (long long)run->id),
    };
    return job_enqueue(op, &what, out_job_id);
}

enum rc reward_run_post_start(struct op *op, int64_t id, int64_t *out_job_id)
{
    struct reward_run run;
    TRY(op_must(op, "run.post"));
    TRY(reward_run_get(op, id, &run));
    if (!str_eq(run.state, STR("approved")))
        return fail(op, RC_CONFLICT, NULL, "Only an approved run can be posted.");
    return reward__job(op, &run, "run.post", out_job_id);
}

static enum rc run_of(struct job *job, int64_t *out_id)
{
    return json_i64(json_get(job->args, "run"), out_id) ? RC_OK : RC_INVALID;
}

static void set_result(struct job *job, int64_t run_id, const char *message)
{
    struct job_result result = {
        .message = message,
        .link = str_printf(job->op->arena, "/runs/%s", pid_of("run", run_id).text)};
    job_result_set(job, &result);
}

/* Key and arguments of the first failure, so that everybody reads it in their language. */
static struct str failure_json(struct op *op)
{
    AUTO_BUF text = BUF(FAILURE_MAX);
    struct json_writer json = JSON_WRITER(&text);
    const struct fault_entry *entry = op->fault.entries_len ? &op->fault.entries[0] : NULL;
    json_object(&json);
    json_pair_str(&json, "message",
                  entry ? str_of(entry->message) : STR("The calculation failed."));
    json_key(&json, "args");
    json_array(&json);
    for (size_t i = 0; entry && i < LEN(entry->args); i++)
        json_put_str(&json, entry->args[i] ? str_of(entry->args[i]) : STR(""));
    json_array_end(&json);
    json_object_end(&json);
    return text.is_over ? STR("") : str_dup(op->arena, buf_str(&text));
}

static enum rc note_failure(struct job *job, int64_t run_id)
{
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_reward_run_failed(job->op,
                            &(struct q_reward_run_failed_in){run_id, failure_json(job->op)}));
    return txn_commit(&txn);
}

static enum rc run_calculate(struct job *job)
{
    int64_t run_id = 0;
    TRY(run_of(job, &run_id));
    enum rc rc = reward__run_calculate(job->op, run_id, job, reward__job_progress, job);
    if (rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_DENIED) {
        enum rc noted = note_failure(job, run_id);
        return noted == RC_OK ? rc : noted;
    }
    TRY(rc);
    set_result(job, run_id, M("The results are there."));
    return RC_OK;
}

static enum rc run_post(struct job *job)
{
    int64_t run_id = 0;
    TRY(run_of(job, &run_id));
    TRY(reward__run_post(job->op, run_id, job));
    set_result(job, run_id, M("The results are posted and the statements made."));
    return RC_OK;
}

static enum rc run_due(struct job *job)
{
    int64_t moved = 0;
    TRY(reward__due_tick(job->op, job, &moved));
    struct job_result result = {
        .message = M("{0, plural, one {# line has} other {# lines have}} become due."),
        .args = {str_printf(job->op->arena, "%lld", (long long)moved)}};
    job_result_set(job, &result);
    return RC_OK;
}

const struct job_kind reward_jobs[] = {
    {.name = "run.calculate",
     .label = M("Calculation of a run"),
     .run = run_calculate,
     .lane = JOB_LONG,
     .permission = "run.read"},
    {.name = "run.post",
     .label = M("Posting of a run"),
     .run = run_post,
     .lane = JOB_LONG,
     .permission = "run.read"},
    {.name = "reward.due", .label = M("Rewards become due"), .run = run_due, .lane = JOB_QUICK},
    {.name = NULL},
};

const struct job_schedule reward_schedules[] = {
    {.name = "reward.due", .kind = "reward.due", .when = JOB_DAILY, .at_us = 10 * US_MINUTE},
    {.name = NULL},
};
