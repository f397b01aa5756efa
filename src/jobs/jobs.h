/* jobs: work that outlives a request. A durable queue with progress, schedules, and the outbox by
 * which modules tell others what happened without including them.
 *
 * A job is a row, enqueued in the transaction of what needs it: both happen or neither. A worker
 * takes it under a lease with a fencing number; a worker that lost its lease (it slept, the network
 * went away) can no longer write, because its transactions check the number. A job may therefore
 * run more than once but has its effect once, when its run function keeps to two rules: write
 * inside job_txn, and be able to start again from what is committed.
 *
 * Details and the life of a job: docs/internals/jobs.md. */
#ifndef KONTOR_JOBS_H
#define KONTOR_JOBS_H

#include "base/base.h"
#include "cli/cli.h"
#include "http/http.h"
#include "json/json.h"
#include "op/op.h"
#include "ui/ui.h"

/* ---- kinds ---- */

struct job;

/* Workers are divided by lane, so that a slow one does not delay the others. */
enum job_lane {
    JOB_QUICK = 1, /* seconds at most: every worker takes these */
    JOB_LONG = 2,  /* imports, runs, exports */
    JOB_OUT = 4    /* waits for somebody else's machine: mail, webhooks */
};

struct job_kind {
    const char *name;  /* "import.run": stored, so never renamed */
    const char *label; /* M("Import of a file") */
    enum rc (*run)(struct job *job);
    enum job_lane lane;
    int tries_max;      /* 0: 5 */
    int64_t backoff_us; /* before the second try, then doubled up to an hour; 0: 5 s */
    /* Staff with it see and cancel jobs of this kind started by others; NULL: job.read and
     * job.edit only. Who started a job always sees it. */
    const char *permission;
};

/* The table is ended by {0} and lives as long as the process; two kinds of one name stop it. */
void job_kind_declare(const struct job_kind *kinds);
const struct job_kind *job_kind_find(struct str name); /* NULL when unknown */

/* ---- enqueueing ---- */

struct job_new {
    const char *kind;
    struct str payload;  /* JSON object; absent: {} */
    struct str title;    /* what people see beside the label: a file name, a period */
    struct str once_key; /* not enqueued twice while a job of this key is unfinished */
    int64_t run_at;      /* not before; 0: now */
    bool is_system;      /* runs as the system; else as op->actor, with that actor's scope */
};
/* In the caller's transaction. With a once_key that is taken *out_id is the job that has it. */
enum rc job_enqueue(struct op *op, const struct job_new *what, int64_t *out_id);

/* ---- inside a running job ---- */

struct job {
    struct op *op; /* its actor is who enqueued it (or the system); time is that of the try */
    int64_t id;
    const struct json_value *args; /* the payload */
    int try_no;                    /* from 1 */
    struct job__state *state;
};

/* txn_begin that is refused (RC_CONFLICT) when the lease is lost. Every write of a job happens
 * inside one; domain functions nest in it. */
enum rc job_txn(struct job *job, struct txn *txn);

/* Units of progress: patterns of done {0} and total {1}, in genitive where a language has one. */
#define JOB_ROWS  M("{0} of {1, plural, one {# row} other {# rows}}")
#define JOB_BYTES M("{0} of {1, plural, one {# byte} other {# bytes}}")
#define JOB_ITEMS M("{0} of {1}")
/* Cheap enough for every row: remembered, and written at most twice a second. total 0: not known
 * yet. `unit` is a static message key. */
void job_progress(struct job *job, int64_t done, int64_t total, const char *unit);
/* RC_OK, or RC_BUSY when the job should stop: cancelled, lease lost, or the process is stopping.
 * Long loops TRY it between transactions. A stopped process's job continues later and that try does
 * not count. */
enum rc job_check(struct job *job);

struct job_result {
    const char *message; /* static message key: M("{0} rows imported, {1} refused") */
    struct str args[4];
    struct str link; /* "/imports/imp_…": where to look */
    int64_t file_id; /* 0: none; offered for download to who may see the job */
};
/* What people are told when it is done. */
void job_result_set(struct job *job, const struct job_result *result);
/* Marks the job done inside the caller's job_txn, so that effect and end are one commit. Not
 * calling it is fine: then the end is a commit of its own after run returns RC_OK. */
enum rc job_done(struct job *job);

/* What `run` returns decides:
 *   RC_OK                                          done
 *   RC_INVALID RC_DENIED RC_MISSING RC_TOO_LARGE   failed for good, with op->fault in words
 *   RC_SIGN_IN                                     the same
 *   anything else                                  tried again after the backoff, then failed */

/* ---- looking at and steering jobs ---- */

enum job_state { JOB_QUEUED = 1, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job_info {
    int64_t id;
    const struct job_kind *kind; /* NULL: a kind that this version does not know */
    struct str kind_name, title;
    enum job_state state;
    int64_t tries, tries_max;
    int64_t done, total;
    struct str unit; /* message key; absent: no progress yet */
    bool is_cancel_asked;
    struct str message; /* message key of the result */
    struct str args[4];
    struct str link;
    struct opt_i64 file_id;
    struct str error;      /* message key; its arguments are in args */
    struct str error_code; /* "broken", as in problem+json */
    struct opt_i64 created_by;
    struct str created_name;
    int64_t created_at, run_at;
    struct opt_i64 started_at, finished_at;
    int64_t left_us; /* estimate; 0: unknown */
    struct str payload;
};
/* RC_MISSING also when this actor may not see it. */
enum rc job_find(struct op *op, int64_t id, struct job_info *out);
/* Asks a queued or running job to stop; fine when it has ended already. */
enum rc job_cancel(struct op *op, int64_t id);
/* A failed or cancelled job starts again with all its tries. RC_CONFLICT: it has not ended. */
enum rc job_retry(struct op *op, int64_t id);
/* The sentence about its result or failure, in op's language; empty while it is under way. */
struct str job_words(struct op *op, const struct job_info *info);
/* "1,200 of 5,000 rows"; empty when unknown. */
struct str job_progress_words(struct op *op, const struct job_info *info);

/* ---- schedules and ticks ---- */

enum job_when { JOB_EVERY = 1, JOB_DAILY, JOB_MONTHLY };

struct job_schedule {
    const char *name; /* "report.daily": stored */
    const char *kind; /* runs as the system with {"tick":"2026-10-01T00:00:00Z"} */
    enum job_when when;
    int64_t every_us; /* JOB_EVERY: at least a minute; multiples since 1970 UTC */
    int64_t at_us;    /* JOB_DAILY, JOB_MONTHLY: local time of day in the operator's zone */
    int day;          /* JOB_MONTHLY: 1…31; past the month's end means its last day */
};
/* Each due time enqueues exactly one job, whatever the number of processes; times missed while
 * nothing ran become one. A time comes only when the job of the time before has ended. */
void job_schedule_declare(const struct job_schedule *schedules); /* ended by {0} */

/* Small steady work without a row per run: `run` is called every `every_us` by one process at a
 * time, inside a transaction that commits with the tick. RC_MISSING: there was nothing to do, and
 * then nothing is written. An error is logged and tried at the next tick. */
struct job_tick {
    const char *name;
    int64_t every_us;
    enum rc (*run)(struct op *op);
    /* One run does one small part, so that no transaction is long: it runs again, in a transaction
     * of its own and with other work in between, until it gives RC_MISSING. */
    bool is_by_parts;
};
void job_tick_declare(const struct job_tick *ticks); /* ended by {0} */

/* ---- outbox ---- */

struct outbox_message {
    int64_t id;
    struct str topic, key;
    const struct json_value *payload;
    struct str payload_text;
    int64_t created_at;
};

/* In the caller's transaction. `topic` says what happened ("deal.won"), `key` orders: messages of
 * one topic and key reach each subscriber in the order of their commits ("partner:17"). `payload`
 * is a JSON object. A topic without subscribers is fine. */
enum rc outbox_publish(struct op *op, const char *topic, struct str key, struct str payload);

struct outbox_subscriber {
    const char *name; /* "reward.on_deal_won": stored */
    const char *topic;
    /* Runs as the system in a transaction that commits with the delivery. Effects outside the
     * database may happen twice: use message->id to recognise a repetition. A failure is tried
     * again with backoff and holds up later messages of the same key; after 12 tries it waits for
     * staff. */
    enum rc (*deliver)(struct op *op, const struct outbox_message *message);
};
void outbox_subscriber_declare(const struct outbox_subscriber *subscribers); /* ended by {0} */

/* For modules that audit stands above: what a person did to a record, written into the audit by the
 * delivery of a message. Others call audit_add. */
enum rc outbox_note(struct op *op, const char *action, const char *record, int64_t record_id,
                    struct str label);

/* ---- running ---- */

struct jobs_options {
    struct database *database;
    int workers;      /* 0: the setting job_workers */
    const char *node; /* names this process in leases; NULL: made at random */
    /* Makes the op of a job: sets lang and zone of the operator. May be NULL. */
    void (*prepare)(struct op *op);
    /* The present rights of the user who enqueued it (auth_actor); RC_MISSING: may not sign in any
     * more, and the job fails. NULL: the scope that was stored, without permissions. */
    enum rc (*actor)(struct op *op, int64_t user_id, struct actor *out);
};
/* Starts the worker threads and the keeper (leases, progress, schedules). One set a process. On
 * SQLite, which one process owns, jobs that a dead process left running continue at once. */
enum rc jobs_start(const struct jobs_options *options);
/* Asks running jobs to stop, waits for them up to wait_ms, joins the threads. False: a job did not
 * stop in time; it is left to its lease, and the caller leaves the process without closing the
 * database. True also when nothing was started. */
bool jobs_stop(int wait_ms);

/* Runs everything that is due, in this thread on op's connection, until nothing is: for tests and
 * the command line. Ticks run once. Uses prepare and actor of jobs_hooks. Returns the first failure
 * of the queue itself; a failed job is none. Never inside a transaction. */
enum rc jobs_drain(struct op *op);
/* prepare and actor for jobs_drain and job_follow when jobs_start was not called. */
void jobs_hooks(void (*prepare)(struct op *op),
                enum rc (*actor)(struct op *op, int64_t user_id, struct actor *out));
/* For commands: runs the job here unless a worker has it, waits for its end and draws the bar.
 * Gives RC_OK when it is done, RC_INVALID with op->fault when it failed or was cancelled. */
enum rc job_follow(struct cli *cli, int64_t id, struct job_info *out);

/* ---- for other modules' pages ---- */

/* A card with the bar, count, time left, cancel button and result, which asks for itself again
 * every second until the job has ended: /jobs/job_…. RC_MISSING as job_find. */
enum rc job_card(struct op *op, int64_t id, struct out *o);

/* The run function of bulk->job: what ui_bulk_page leaves to a job, row by row. */
enum rc job_bulk_run(struct job *job, const struct ui_bulk *bulk);

/* ---- what main registers ---- */

extern const struct route job_routes[];
extern const struct permission job_permissions[]; /* job.read, job.edit */
extern const size_t job_permissions_len;
extern const struct command job_commands[];
extern const struct ui_page job_pages[];
extern const size_t job_pages_len;
/* Declares conf settings (job_workers, job_keep) and the daily tidying. Once, before jobs_start. */
void jobs_declare(void);

void jobs_forget(void); /* tests: nothing declared */

#endif
