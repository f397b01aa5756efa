/* jobs_tidy: what the queue keeps clean by itself: ended jobs after a while, delivered messages,
 * and the files that nobody needs any more. */
#include "files/files.h"
#include "jobs/jobs_int.h"

static const struct conf_def settings[] = {
    {.name = "job_workers",
     .type = CONF_INT,
     .fallback = "3",
     .min = 1,
     .max = JOBS_WORKERS_MAX,
     .help = "Threads that run background jobs."},
    {.name = "job_keep",
     .type = CONF_DURATION,
     .fallback = "30d",
     .help = "How long ended jobs are kept; failed ones three times as long."},
    {0},
};

static enum rc run_tidy(struct job *job)
{
    struct op *op = job->op;
    int64_t keep_us = conf_duration_us("job_keep");
    struct file_tidied files;
    TRY(file_tidy(op, &files)); /* many small commits: an interrupted one continues next time */
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_job_remove_old(op, &(struct q_job_remove_old_in){
                                 .done_before = op->now - keep_us,
                                 .failed_before = op->now - 3 * keep_us,
                             }));
    TRY(q_outbox_remove_old(op, &(struct q_outbox_remove_old_in){.before = op->now - 7 * US_DAY}));
    job_result_set(job, &(struct job_result){
                            .message = M("Files removed: {0}, parts: {1}"),
                            .args = {str_printf(op->arena, "%lld", (long long)files.files),
                                     str_printf(op->arena, "%lld", (long long)files.parts)},
                        });
    TRY(job_done(job));
    return txn_commit(&txn);
}

static const struct job_kind kinds[] = {
    {.name = "jobs.tidy", .label = M("Daily tidying"), .run = run_tidy, .lane = JOB_LONG},
    {0},
};

static const struct job_schedule schedules[] = {
    {.name = "jobs.tidy", .kind = "jobs.tidy", .when = JOB_DAILY, .at_us = 3 * US_HOUR},
    {0},
};

void jobs_declare(void)
{
    conf_declare(settings);
    signal_declare(&jobs__signal);
    job_kind_declare(kinds);
    job_schedule_declare(schedules);
    ui_bulk_later_set(jobs__bulk_later);
}
