/* jobs_schedule: what comes by the clock. A schedule remembers the last due time that it turned
 * into a job; moving that time forward and enqueueing the job is one transaction, and the move is
 * conditional, so however many processes look, each due time has one job. */
#include "jobs/jobs_int.h"

static int month_day(const struct job_schedule *s, int year, int month)
{
    int last = date_month_days(year, month);
    return s->day < last ? s->day : last;
}

/* The latest due time that is not after `now`. */
static int64_t last_due(const struct job_schedule *s, const struct zone *zone, int64_t now)
{
    struct date today = zone_date(zone, now);
    struct ymd ymd = date_ymd(today);
    int64_t due = 0;
    switch (s->when) {
    case JOB_EVERY: return now - now % s->every_us;
    case JOB_DAILY:
        due = zone_instant(zone, today, s->at_us);
        return due <= now ? due : zone_instant(zone, date_add_days(today, -1), s->at_us);
    case JOB_MONTHLY:
        due = zone_instant(zone, date_of(ymd.year, ymd.month, month_day(s, ymd.year, ymd.month)),
                           s->at_us);
        if (due <= now)
            return due;
        ymd = date_ymd(date_add_months(date_of(ymd.year, ymd.month, 1), -1));
        return zone_instant(zone, date_of(ymd.year, ymd.month, month_day(s, ymd.year, ymd.month)),
                            s->at_us);
    }
    return due;
}

static enum rc enqueue_due(struct op *op, const struct job_schedule *s, int64_t due_at)
{
    struct job_id_row unfinished;
    int64_t id;
    struct str key = str_printf(op->arena, "schedule:%s", s->name);
    struct str tick = instant_print(op->arena, due_at);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_schedule_move(op,
                        &(struct q_schedule_move_in){.name = str_of(s->name), .due_at = due_at}));
    enum rc rc = q_job_by_once_key(op, &(struct q_job_by_once_key_in){key}, &unfinished);
    if (rc == RC_OK)
        return RC_CONFLICT; /* the one before has not ended: this time waits, uncounted */
    if (rc != RC_MISSING)
        return rc;
    TRY(job_enqueue(
        op,
        &(struct job_new){
            .kind = s->kind,
            .payload = str_printf(op->arena, "{\"tick\":\"" STR_FMT "\"}", STR_ARG(tick)),
            .once_key = key,
            .is_system = true,
        },
        &id));
    kill_point("schedule.enqueued");
    return txn_commit(&txn);
}

static enum rc check(struct op *op, const struct job_schedule *s)
{
    struct job_due_row row;
    int64_t due_at = last_due(s, op->zone, op->now);
    enum rc rc = q_schedule_find(op, &(struct q_schedule_find_in){str_of(s->name)}, &row);
    if (rc == RC_MISSING) /* new: begins with the next due time */
        return q_schedule_add(
            op, &(struct q_schedule_add_in){.name = str_of(s->name), .due_at = due_at});
    TRY(rc);
    if (row.due_at >= due_at)
        return RC_OK;
    rc = enqueue_due(op, s, due_at);
    return rc == RC_CONFLICT ? RC_OK : rc;
}

enum rc jobs__schedule_due(struct op *op)
{
    const struct job_schedule *schedules[JOBS_TABLES_MAX];
    size_t len = jobs__schedules(schedules, LEN(schedules));
    for (size_t i = 0; i < len; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        TRY(check(op, schedules[i]));
        arena_rewind(op->arena, mark);
    }
    return RC_OK;
}

enum rc jobs__tick(struct op *op, const struct job_tick *tick, bool is_forced, bool *out_did)
{
    struct job_tick_row row;
    struct q_tick_lock_in in = {
        .name = str_of(tick->name),
        .before = is_forced ? INT64_MAX : op->now - tick->every_us,
    };
    AUTO_TXN txn = {0};
    *out_did = false;
    TRY(txn_begin(op, &txn));
    enum rc rc = q_tick_lock(op, &in, &row);
    if (rc == RC_MISSING) /* another process has it or has just run it */
        return RC_OK;
    TRY(rc);
    rc = tick->run(op);
    if (rc == RC_MISSING)
        return RC_OK; /* nothing to do: nothing is written */
    TRY(rc);
    TRY(q_tick_ran(op, &(struct q_tick_ran_in){.name = str_of(tick->name), .now = op->now}));
    TRY(txn_commit(&txn));
    *out_did = true;
    return RC_OK;
}
