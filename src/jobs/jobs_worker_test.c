/* Tests of the threads: they find work by themselves, share it, stop in time, and one that is
 * killed loses nothing. */
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conf/conf.h"
#include "jobs/jobs_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static atomic_int runs, stops;

static void nap(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

static enum rc effect(struct job *job)
{
    int64_t id;
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_outbox_add(
        job->op,
        &(struct q_outbox_add_in){
            .topic = STR("effect"), .key = STR(""), .payload = STR("{}"), .now = job->op->now},
        &id));
    TRY(job_done(job));
    return txn_commit(&txn);
}

static enum rc run_quick(struct job *job)
{
    atomic_fetch_add(&runs, 1);
    return effect(job);
}

/* Until it is told to stop. */
static enum rc run_endless(struct job *job)
{
    atomic_fetch_add(&runs, 1);
    for (int i = 0; i < 2000; i++) {
        job_progress(job, i, 2000, JOB_ITEMS);
        if (job_check(job) != RC_OK) {
            atomic_fetch_add(&stops, 1);
            return RC_BUSY;
        }
        nap(5);
    }
    return RC_OK;
}

static const struct job_kind kinds[] = {
    {.name = "test.quick", .label = "Quick", .run = run_quick, .lane = JOB_QUICK},
    {.name = "test.endless", .label = "Endless", .run = run_endless, .lane = JOB_LONG},
    {0},
};

static void begin(struct fixture *f, int workers)
{
    struct jobs_options options = {.database = f->database, .workers = workers};
    jobs_forget();
    job_kind_declare(kinds);
    when_clock_real();
    f->op.now = when_now();
    atomic_store(&runs, 0);
    atomic_store(&stops, 0);
    ok(jobs_start(&options) == RC_OK, "workers are started");
}

static int64_t add(struct fixture *f, const char *kind)
{
    int64_t id = 0;
    f->op.now = when_now();
    return job_enqueue(&f->op, &(struct job_new){.kind = kind}, &id) == RC_OK ? id : 0;
}

static bool becomes(struct fixture *f, int64_t id, enum job_state state, int wait_ms)
{
    struct job_info info = {0};
    for (int i = 0; i < wait_ms / 5; i++) {
        if (job_find(&f->op, id, &info) == RC_OK && info.state == state)
            return true;
        nap(5);
    }
    return false;
}

static void many_jobs(struct fixture *f)
{
    enum { JOBS = 60 };
    bool is_fine = true;
    begin(f, 4);
    for (int i = 0; i < JOBS; i++)
        is_fine = add(f, "test.quick") > 0 && is_fine;
    ok(is_fine, "many jobs are enqueued while workers take them");
    for (int i = 0; i < 2000 && fixture_i64(f, "select count(*) from job where state <> 3") > 0;
         i++)
        nap(5);
    ok(jobs_stop(5000), "the workers stop");
    is_i64(fixture_i64(f, "select count(*) from job where state = 3"), JOBS, "all are done");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'effect'"), JOBS,
           "each with one effect");
    is_i64(atomic_load(&runs), JOBS, "none was run twice");
}

static void woken_at_once(struct fixture *f)
{
    begin(f, 2);
    nap(300); /* they sleep now, for a second at a time */
    int64_t before = when_mono_us();
    int64_t id = add(f, "test.quick");
    ok(becomes(f, id, JOB_DONE, 900), "a sleeping worker is woken by the commit");
    ok(when_mono_us() - before < 600 * US_MS, "and does not wait for its next look");
    ok(jobs_stop(5000), "the workers stop");
}

/* What another machine does: its own connection, no workers; told by the pipe when to begin. */
static void enqueue_elsewhere(const struct fixture *f, int go_fd)
{
    char byte;
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database *database = NULL;
    struct db *db = NULL;
    struct op op;
    int64_t id = 0;
    if (read(go_fd, &byte, 1) != 1 ||
        database_open(&(struct database_options){.url = database_url(f->database)}, &fault,
                      &database) != RC_OK ||
        db_open(database, &db) != RC_OK)
        _exit(1);
    op_init(&op, arena, db, when_now());
    _exit(job_enqueue(&op, &(struct job_new){.kind = "test.quick"}, &id) == RC_OK ? 0 : 2);
}

/* Forked before any thread is started. By the count of signals and not by time, so that a slow
 * machine changes nothing; the workers' own look comes after 15 s only. */
static void woken_by_another_process(struct fixture *f)
{
    int go[2], status = -1;
    if (f->engine != DB_POSTGRES)
        return;
    jobs_forget();
    job_kind_declare(kinds);
    signal_declare(&jobs__signal);
    int failed = pipe(go);
    assert(!failed);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0)
        enqueue_elsewhere(f, go[0]);
    ok(signals_listen(f->database) == RC_OK, "a process listens");
    begin(f, 1);
    for (int i = 0; i < 2000 && !signals_arrive(f->database); i++)
        nap(5);
    ok(signals_arrive(f->database), "it is connected");
    nap(50);
    is_i64(signals_heard(), 0, "and has heard nothing yet");
    (void)!write(go[1], "g", 1);
    ok(waitpid(child, &status, 0) == child && status == 0, "another process enqueues a job");
    for (int i = 0; i < 2000 && atomic_load(&runs) == 0; i++)
        nap(5);
    ok(signals_heard() > 0, "the wake came by a signal of the database");
    ok(becomes(f, 1, JOB_DONE, 5000), "and the job is done");
    ok(jobs_stop(5000), "the workers stop");
    signals_end();
    ok(!signals_arrive(f->database), "nothing is heard afterwards");
    (void)close(go[0]);
    (void)close(go[1]);
}

/* The server ends the connection: it is made again, and nothing is missed for long. */
static void listening_again(struct fixture *f)
{
    if (f->engine != DB_POSTGRES)
        return;
    signal_declare(&jobs__signal);
    ok(signals_listen(f->database) == RC_OK, "a process listens");
    for (int i = 0; i < 2000 && !signals_arrive(f->database); i++)
        nap(5);
    fixture_sql(f, "select pg_terminate_backend(pid) from pg_stat_activity"
                   " where query like 'listen %' and datname = current_database()");
    for (int i = 0; i < 2000 && signals_arrive(f->database); i++)
        nap(5);
    ok(!signals_arrive(f->database), "it notices that the connection was ended");
    for (int i = 0; i < 2000 && !signals_arrive(f->database); i++)
        nap(5);
    ok(signals_arrive(f->database), "and connects again");
    AUTO_TXN txn = {0};
    ok(txn_begin(&f->op, &txn) == RC_OK, "a transaction");
    op_signal(&f->op, &jobs__signal);
    op_signal(&f->op, &jobs__signal);
    nap(30);
    is_i64(signals_heard(), 0, "a signal waits for the commit");
    ok(txn_commit(&txn) == RC_OK, "which comes");
    for (int i = 0; i < 2000 && signals_heard() == 0; i++)
        nap(5);
    nap(30);
    is_i64(signals_heard(), 1, "then it is heard, once");
    signals_end();
}

static void a_long_job_delays_no_quick_one(struct fixture *f)
{
    begin(f, 2);
    int64_t a = add(f, "test.endless"), b = add(f, "test.endless");
    ok(becomes(f, a, JOB_RUNNING, 3000), "a long job runs");
    int64_t quick = add(f, "test.quick");
    ok(becomes(f, quick, JOB_DONE, 3000), "a quick one does not wait for it");
    struct job_info info = {0};
    for (int i = 0; i < 400 && info.done == 0; i++) {
        nap(5);
        if (job_find(&f->op, a, &info) != RC_OK)
            break;
    }
    ok(info.done > 0 && info.total == 2000, "its progress is seen while it runs");
    ok(job_cancel(&f->op, a) == RC_OK && becomes(f, a, JOB_CANCELLED, 5000),
       "it is cancelled while it runs");
    ok(becomes(f, b, JOB_RUNNING, 5000), "then the next long one runs");
    ok(jobs_stop(5000), "stopping asks it to stop");
    ok(job_find(&f->op, b, &info) == RC_OK && info.state == JOB_QUEUED && info.tries == 0,
       "it goes on later, and the try does not count");
    ok(atomic_load(&stops) == 2, "both have noticed");
}

/* A process that is killed leaves a running job behind. On SQLite the next start takes it at once;
 * on PostgreSQL its lease must run out first. */
static void a_dead_process(struct fixture *f)
{
    struct job_row row = {0};
    begin(f, 1);
    ok(jobs_stop(5000), "no worker runs");
    int64_t id = add(f, "test.quick");
    ok(q_job_take(&f->op, &(struct q_job_take_in){.id = id, .now = f->op.now}) == RC_OK &&
           q_job_find(&f->op, &(struct q_job_find_in){.id = id}, &row) == RC_OK,
       "a job was taken");
    int64_t lease = f->engine == DB_SQLITE ? JOB_LEASE_US : -US_SECOND;
    ok(q_job_live_put(&f->op, &(struct q_job_live_put_in){.job_id = id,
                                                          .fence = row.fence,
                                                          .node = STR("dead"),
                                                          .lease_until = f->op.now + lease}) ==
           RC_OK,
       "by a process that died");
    struct jobs_options options = {.database = f->database, .workers = 1};
    ok(jobs_start(&options) == RC_OK && becomes(f, id, JOB_DONE, 5000),
       "the next process finishes it");
    ok(jobs_stop(5000), "the workers stop");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'effect'"), 1, "once");
}

int main(void)
{
    fixture_each(many_jobs);
    fixture_each(woken_at_once);
    fixture_each(woken_by_another_process);
    fixture_each(listening_again);
    fixture_each(a_long_job_delays_no_quick_one);
    fixture_each(a_dead_process);
    return done_testing();
}
