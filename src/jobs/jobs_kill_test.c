/* Test of the promise that matters most: a process that runs jobs is killed again and again at any
 * moment, and in the end each job and each message has had its effect exactly once. The killed
 * process is a child, made while this one has no database open. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "jobs/jobs_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

enum { JOBS = 250, KILLS = 12 };

static enum rc add_effect(struct op *op, const char *topic)
{
    int64_t id;
    return q_outbox_add(
        op,
        &(struct q_outbox_add_in){
            .topic = str_of(topic), .key = STR(""), .payload = STR("{}"), .now = op->now},
        &id);
}

static enum rc run_work(struct job *job)
{
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(add_effect(job->op, "effect"));
    TRY(outbox_publish(job->op, "work.done", STR("k"), STR("{}")));
    TRY(job_done(job));
    return txn_commit(&txn);
}

static enum rc hear(struct op *op, const struct outbox_message *message)
{
    (void)message;
    return add_effect(op, "heard");
}

static const struct job_kind kinds[] = {
    {.name = "test.work", .label = "Work", .run = run_work, .lane = JOB_QUICK, .tries_max = 100},
    {0},
};
static const struct outbox_subscriber subscribers[] = {
    {.name = "test.hear", .topic = "work.done", .deliver = hear}, {0}};

static struct database *open_again(struct fault *fault, struct str url)
{
    struct database_options options = {.url = url, .is_scratch = true};
    struct database *database = NULL;
    return database_open(&options, fault, &database) == RC_OK ? database : NULL;
}

static void nap(int ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000L};
    nanosleep(&pause, NULL);
}

static _Noreturn void be_killed(struct fault *fault, struct str url)
{
    struct database *database = open_again(fault, url);
    if (!database ||
        jobs_start(&(struct jobs_options){.database = database, .workers = 3}) != RC_OK)
        _exit(1);
    for (;;)
        pause();
}

/* False when the child ended by itself. */
static bool kill_one(struct fault *fault, struct str url, int after_ms)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        be_killed(fault, url);
    nap(after_ms);
    bool is_killed = kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child;
    return is_killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static bool enqueue_all(struct fixture *f)
{
    bool is_fine = true;
    AUTO_TXN txn = {0};
    if (txn_begin(&f->op, &txn) != RC_OK)
        return false;
    for (int i = 0; i < JOBS; i++) {
        int64_t id;
        is_fine =
            job_enqueue(&f->op, &(struct job_new){.kind = "test.work"}, &id) == RC_OK && is_fine;
    }
    return txn_commit(&txn) == RC_OK && is_fine;
}

static void killing(struct fixture *f)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct str url = str_dup(arena, database_url(f->database));
    bool are_killed = true;
    unsigned random = 1;
    jobs_forget();
    job_kind_declare(kinds);
    outbox_subscriber_declare(subscribers);
    when_clock_real();
    f->op.now = when_now();
    ok(enqueue_all(f), "many jobs are enqueued");
    db_close(f->db);
    database_close(f->database);
    for (int i = 0; i < KILLS; i++) {
        random = random * 1103515245 + 12345;
        are_killed = kill_one(&fault, url, 25 + (int)(random >> 16) % 100) && are_killed;
    }
    ok(are_killed, "the process that runs them is killed twelve times");
    f->database = open_again(&fault, url);
    ok(f->database && db_open(f->database, &f->db) == RC_OK, "the database opens as ever");
    f->op.db = f->db;
    int64_t done = fixture_i64(f, "select count(*) from job where state = 3");
    printf("# %lld of %d done when the last was killed\n", (long long)done, JOBS);
    f->op.now = when_now() + 2 * US_HOUR; /* leases are over */
    when_clock_set(f->op.now);
    ok(jobs_drain(&f->op) == RC_OK, "what is left goes on");
    when_clock_real();
    is_i64(fixture_i64(f, "select count(*) from job where state = 3"), JOBS, "all jobs are done");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'effect'"), JOBS,
           "each has had its effect once");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'heard'"), JOBS,
           "each message was delivered once");
    is_i64(fixture_i64(f, "select count(*) from outbox_delivery"), 0, "and nothing is left over");
}

int main(void)
{
    fixture_each(killing);
    return done_testing();
}
