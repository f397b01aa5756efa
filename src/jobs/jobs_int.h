/* jobs_int: what the files of jobs share: the registers, a running job, the process's workers. */
#ifndef KONTOR_JOBS_INT_H
#define KONTOR_JOBS_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "jobs/jobs.h"
#include "jobs/jobs_q.h"

enum {
    JOBS_WORKERS_MAX = 32,
    JOBS_TABLES_MAX = 64, /* declared tables of each sort */
    JOB_ARGS_MAX = 4
};

#define JOB_LEASE_US    (60 * US_SECOND)
#define JOB_BEAT_US     (20 * US_SECOND)
#define JOB_PROGRESS_US (500 * US_MS)
#define JOB_ALL_LANES   (JOB_QUICK | JOB_LONG | JOB_OUT)

/* A job while it runs: written by its thread, read by the keeper. */
struct job__state {
    int64_t id, fence;
    _Atomic int64_t done, total;
    const char *_Atomic unit;
    atomic_bool is_changed, is_cancelled, is_lost, is_stopping;
    bool has_keeper;     /* else the job's own thread beats and looks */
    int64_t beat_mono;   /* of the last write of lease and progress */
    int64_t looked_mono; /* of the last look for a wish to stop */
    struct job_result result;
    struct cli *cli; /* of job_follow; NULL: none */
    const struct job_kind *kind;
};

/* ---- changes of many rows (jobs_bulk.c) ---- */

ui_bulk_later_fn jobs__bulk_later;

/* ---- registers (jobs.c) ---- */

size_t jobs__schedules(const struct job_schedule **out, size_t max);
size_t jobs__ticks(const struct job_tick **out, size_t max);
const struct outbox_subscriber *jobs__subscriber(struct str name);
size_t jobs__subscribers(const char *topic, const struct outbox_subscriber **out, size_t max);
struct jobs_options *jobs__hooks(void);

/* ---- steps; each says whether it did something (jobs_run.c, jobs_schedule.c, jobs_outbox.c) ----
 */

/* Runs one due job of the lanes. */
enum rc jobs__run_next(struct op *op, int lanes, const char *node, bool *out_did);
/* Runs this job when it is due and free. */
enum rc jobs__run_this(struct op *op, int64_t id, const char *node, struct cli *cli, bool *out_did);
/* Jobs whose worker is gone go back into the queue, or fail when their tries are used up. */
enum rc jobs__recover(struct op *op);
enum rc jobs__beat(struct op *op, struct job__state *state);
enum rc jobs__look(struct op *op, struct job__state *state);
enum rc jobs__schedule_due(struct op *op);
/* is_forced: whatever the time since the last run. *out_did: there was something to do. */
enum rc jobs__tick(struct op *op, const struct job_tick *tick, bool is_forced, bool *out_did);
enum rc jobs__deliver_next(struct op *op, bool *out_did);
int64_t jobs__backoff_us(int64_t first_us, int64_t tries);

/* ---- threads (jobs_worker.c) ---- */

extern const struct signal jobs__signal; /* something may be due */
void jobs__wake(void);
bool jobs__has_workers(void);
bool jobs__is_stopping(void);
void jobs__keep(struct job__state *state); /* from now on the keeper looks after it */
void jobs__let_go(struct job__state *state);

/* Arguments of a message as a JSON array of strings, and back. */
struct str jobs__args_write(struct arena *arena, const struct str *args, size_t len);
void jobs__args_read(struct arena *arena, struct str json, struct str out[JOB_ARGS_MAX]);

/* A row as callers know it. */
void jobs__info(struct op *op, const struct job_row *row, struct job_info *out);
bool jobs__may_see(struct op *op, const struct job_row *row);
bool jobs__may_edit(struct op *op, const struct job_row *row);

#endif
