/* jobs_worker: the threads. Workers take what is due; the keeper renews leases, writes progress,
 * sees wishes to stop, turns due times into jobs and puts lost jobs back. The keeper writes for the
 * running jobs because they may sit in one long transaction, in which nothing that they write would
 * be seen.
 *
 * One condition variable wakes all: it is signalled after the commit that made something due, here
 * or, by a signal over PostgreSQL, in another process. What becomes due by time is seen by the
 * keeper, which looks once a second. The workers' own look is a net under that: slow while signals
 * arrive. */
#include <errno.h>
#include <time.h>

#include "jobs/jobs_int.h"

enum { NODE_MAX = 40, POLL_MS = 1000, NET_MS = 15000, KEEPER_MS = 250, TICK_HURRIED = -1 };

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool has_cond;
    uint64_t signals; /* changes whenever something may have become due */
    atomic_bool is_running, is_stopping;
    struct database *database;
    char node[NODE_MAX];
    pthread_t workers[JOBS_WORKERS_MAX];
    bool is_joined[JOBS_WORKERS_MAX];
    int workers_len;
    pthread_t keeper;
    atomic_bool keeper_ends;
    /* Of `running`; apart, because the keeper holds it while it waits for the write lane, and
     * whoever has committed something must not wait for that to wake the workers. */
    pthread_mutex_t keep_mutex;
    struct job__state *running[JOBS_WORKERS_MAX];
    int64_t tick_due[JOBS_TABLES_MAX]; /* monotonic; under the mutex */
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER, .keep_mutex = PTHREAD_MUTEX_INITIALIZER};

static void lock(pthread_mutex_t *mutex)
{
    int failed = pthread_mutex_lock(mutex);
    assert(!failed);
}

static void unlock(pthread_mutex_t *mutex)
{
    int failed = pthread_mutex_unlock(mutex);
    assert(!failed);
}

void jobs__wake(void)
{
    lock(&pool.mutex);
    pool.signals++;
    if (pool.has_cond)
        pthread_cond_broadcast(&pool.wake);
    unlock(&pool.mutex);
}

const struct signal jobs__signal = {"jobs", jobs__wake};

bool jobs__has_workers(void)
{
    return atomic_load(&pool.is_running);
}

bool jobs__is_stopping(void)
{
    return atomic_load(&pool.is_stopping);
}

void jobs__keep(struct job__state *state)
{
    lock(&pool.keep_mutex);
    for (int i = 0; i < JOBS_WORKERS_MAX && atomic_load(&pool.is_running); i++) {
        if (pool.running[i])
            continue;
        pool.running[i] = state;
        state->has_keeper = true;
        break;
    }
    unlock(&pool.keep_mutex);
}

void jobs__let_go(struct job__state *state)
{
    lock(&pool.keep_mutex); /* the keeper holds it while it writes for a job: afterwards the state
                               is ours alone */
    for (int i = 0; i < JOBS_WORKERS_MAX; i++)
        if (pool.running[i] == state)
            pool.running[i] = NULL;
    unlock(&pool.keep_mutex);
}

/* Until something may be due, or `wait_ms` have passed; gives the number of signals seen. */
static uint64_t wait_for(uint64_t seen, int wait_ms, const atomic_bool *ends)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    lock(&pool.mutex);
    while (pool.signals == seen && !atomic_load(ends))
        if (pthread_cond_timedwait(&pool.wake, &pool.mutex, &until) == ETIMEDOUT)
            break;
    seen = pool.signals;
    unlock(&pool.mutex);
    return seen;
}

/* ---- workers ---- */

/* The first takes nothing long, so that what takes milliseconds never waits for an import; the
 * others share mail and imports, so that neither can starve the other. */
static int lanes_of(int worker, int workers)
{
    if (workers == 1)
        return JOB_ALL_LANES;
    if (worker == 0)
        return JOB_QUICK;
    if (workers == 2)
        return JOB_ALL_LANES;
    return worker % 2 ? JOB_QUICK | JOB_LONG : JOB_QUICK | JOB_OUT;
}

static bool take_tick(size_t i, int64_t every_us, bool *out_is_next_part)
{
    int64_t now = when_mono_us();
    lock(&pool.mutex);
    bool is_mine = now >= pool.tick_due[i];
    *out_is_next_part = pool.tick_due[i] == TICK_HURRIED;
    if (is_mine)
        pool.tick_due[i] = now + every_us;
    unlock(&pool.mutex);
    return is_mine;
}

/* A tick that works by parts is due again at once. */
static void hurry_tick(size_t i)
{
    lock(&pool.mutex);
    pool.tick_due[i] = TICK_HURRIED;
    unlock(&pool.mutex);
}

static enum rc run_ticks(struct op *op, bool *out_did)
{
    const struct job_tick *ticks[JOBS_TABLES_MAX];
    size_t len = jobs__ticks(ticks, LEN(ticks));
    for (size_t i = 0; i < len; i++) {
        bool did = false, is_next_part = false;
        if (!take_tick(i, ticks[i]->every_us, &is_next_part))
            continue;
        enum rc rc = jobs__tick(op, ticks[i], is_next_part, &did);
        if (rc == RC_OK && did && ticks[i]->is_by_parts) {
            hurry_tick(i);
            *out_did = true;
        }
        if (rc != RC_OK)
            log_event(LOG_WARN, "tick_failed", "tick", str_of(ticks[i]->name), "rc",
                      str_of(rc_code(rc)), NULL);
        fault_clear(&op->fault);
    }
    return RC_OK;
}

static void prepare(struct op *op, struct arena *arena, struct db *db)
{
    struct jobs_options *hooks = jobs__hooks();
    op_init(op, arena, db, when_now());
    if (hooks->prepare)
        hooks->prepare(op);
}

static enum rc look(struct op *op, int lanes, bool *out_did)
{
    TRY(jobs__deliver_next(op, out_did));
    if (*out_did)
        return RC_OK;
    return jobs__run_next(op, lanes, pool.node, out_did);
}

static enum rc work_once(struct op *op, int lanes, bool may_be_due, bool *out_did)
{
    bool did_part = false;
    TRY(run_ticks(op, &did_part));
    if (may_be_due)
        TRY(look(op, lanes, out_did));
    *out_did = *out_did || did_part;
    return RC_OK;
}

static bool is_look_old(int64_t looked_us)
{
    int64_t every_ms = signals_arrive(pool.database) ? NET_MS : POLL_MS;
    return when_mono_us() - looked_us >= every_ms * US_MS;
}

static struct db *connect(const atomic_bool *ends)
{
    struct db *db = NULL;
    while (!atomic_load(ends)) {
        enum rc rc = db_open(pool.database, &db);
        if (rc == RC_OK)
            return db;
        log_event(LOG_WARN, "jobs_not_connected", "rc", str_of(rc_code(rc)), NULL);
        (void)wait_for(0, POLL_MS, ends);
    }
    return NULL;
}

static void *worker_main(void *argument)
{
    int worker = (int)(intptr_t)argument;
    int lanes = lanes_of(worker, pool.workers_len);
    struct arena *arena = arena_new(0);
    struct db *db = connect(&pool.is_stopping);
    uint64_t seen = 0;
    bool may_be_due = true;
    int64_t looked_us = 0;
    while (db && !atomic_load(&pool.is_stopping)) {
        struct op op;
        bool did = false;
        prepare(&op, arena, db);
        may_be_due = may_be_due || is_look_old(looked_us);
        if (may_be_due)
            looked_us = when_mono_us();
        enum rc rc = work_once(&op, lanes, may_be_due, &did);
        if (rc != RC_OK)
            log_event(LOG_WARN, "jobs_step_failed", "rc", str_of(rc_code(rc)), NULL);
        arena_reset(arena);
        may_be_due = did || rc != RC_OK;
        if (did && rc == RC_OK)
            continue;
        uint64_t before = seen;
        seen = wait_for(before, POLL_MS, &pool.is_stopping);
        may_be_due = may_be_due || seen != before;
    }
    db_close(db);
    arena_free(arena);
    return NULL;
}

/* ---- the keeper ---- */

static void look_after(struct op *op, struct job__state *state)
{
    int64_t now = when_mono_us();
    int64_t beat_age = now - state->beat_mono;
    enum rc rc = RC_OK;
    if (now - state->looked_mono >= JOB_PROGRESS_US) {
        state->looked_mono = now;
        rc = jobs__look(op, state);
    }
    if (rc == RC_OK && (beat_age >= JOB_BEAT_US ||
                        (beat_age >= JOB_PROGRESS_US && atomic_load(&state->is_changed)))) {
        atomic_store(&state->is_changed, false);
        state->beat_mono = now;
        rc = jobs__beat(op, state);
    }
    if (rc != RC_OK && rc != RC_BUSY) /* busy: the job itself has the write lane */
        log_event(LOG_WARN, "job_beat_failed", "rc", str_of(rc_code(rc)), NULL);
}

static void look_after_all(struct op *op)
{
    for (int i = 0; i < JOBS_WORKERS_MAX; i++) {
        lock(&pool.keep_mutex); /* over the write, so that the job's thread cannot free the state
                                   under us */
        if (pool.running[i])
            look_after(op, pool.running[i]);
        unlock(&pool.keep_mutex);
    }
}

static enum rc wake_if_due(struct op *op)
{
    struct job_due_now row;
    TRY(q_job_due_now(op, &(struct q_job_due_now_in){op->now}, &row));
    if (row.n > 0)
        jobs__wake();
    return RC_OK;
}

static void keep_once(struct op *op, int64_t *clock_mono)
{
    look_after_all(op);
    if (when_mono_us() - *clock_mono < US_SECOND || atomic_load(&pool.is_stopping))
        return;
    *clock_mono = when_mono_us();
    enum rc rc = jobs__recover(op);
    if (rc == RC_OK)
        rc = jobs__schedule_due(op);
    if (rc == RC_OK)
        rc = wake_if_due(op);
    if (rc != RC_OK)
        log_event(LOG_WARN, "jobs_keeper_failed", "rc", str_of(rc_code(rc)), NULL);
}

static void *keeper_main(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new(0);
    struct db *db = connect(&pool.keeper_ends);
    int64_t clock_mono = 0;
    while (db && !atomic_load(&pool.keeper_ends)) {
        struct op op;
        struct timespec pause = {.tv_nsec = KEEPER_MS * 1000000L};
        prepare(&op, arena, db);
        keep_once(&op, &clock_mono);
        arena_reset(arena);
        nanosleep(&pause, NULL);
    }
    db_close(db);
    arena_free(arena);
    return NULL;
}

/* ---- starting and stopping ---- */

static void init_cond(void)
{
    pthread_condattr_t attributes;
    if (pool.has_cond)
        return;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&pool.wake, &attributes);
    assert(!failed);
    pthread_condattr_destroy(&attributes);
    pool.has_cond = true;
}

static void name_node(const char *node)
{
    uint64_t random;
    random_bytes(&random, sizeof(random));
    if (node)
        snprintf(pool.node, sizeof(pool.node), "%.*s", NODE_MAX - 1, node);
    else
        snprintf(pool.node, sizeof(pool.node), "%016llx", (unsigned long long)random);
}

static enum rc add_ticks(struct op *op)
{
    const struct job_tick *ticks[JOBS_TABLES_MAX];
    size_t len = jobs__ticks(ticks, LEN(ticks));
    for (size_t i = 0; i < len; i++)
        TRY(q_tick_add(op, &(struct q_tick_add_in){str_of(ticks[i]->name)}));
    return RC_OK;
}

static enum rc prepare_database(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct db *db;
    struct op op;
    TRY(db_open(pool.database, &db));
    op_init(&op, arena, db, when_now());
    enum rc rc = add_ticks(&op);
    if (rc == RC_OK && database_engine(pool.database) == DB_SQLITE)
        rc = q_job_release_all(&op, &(struct q_job_release_all_in){.now = op.now});
    db_close(db);
    return rc;
}

static int workers_wanted(const struct jobs_options *options)
{
    int64_t n = options->workers ? options->workers : conf_int("job_workers");
    return n < 1 ? 1 : n > JOBS_WORKERS_MAX ? JOBS_WORKERS_MAX : (int)n;
}

enum rc jobs_start(const struct jobs_options *options)
{
    assert(!atomic_load(&pool.is_running));
    init_cond();
    name_node(options->node);
    jobs_hooks(options->prepare, options->actor);
    pool.database = options->database;
    pool.workers_len = workers_wanted(options);
    memset(pool.tick_due, 0, sizeof(pool.tick_due));
    memset(pool.is_joined, 0, sizeof(pool.is_joined));
    atomic_store(&pool.is_stopping, false);
    atomic_store(&pool.keeper_ends, false);
    TRY(prepare_database());
    atomic_store(&pool.is_running, true);
    int failed = pthread_create(&pool.keeper, NULL, keeper_main, NULL);
    assert(!failed);
    for (int i = 0; i < pool.workers_len; i++) {
        failed = pthread_create(&pool.workers[i], NULL, worker_main, (void *)(intptr_t)i);
        assert(!failed);
    }
    return RC_OK;
}

static bool join_before(pthread_t thread, const struct timespec *until)
{
    return pthread_timedjoin_np(thread, NULL, until) == 0;
}

bool jobs_stop(int wait_ms)
{
    struct timespec until;
    bool are_joined = true;
    if (!atomic_load(&pool.is_running))
        return true;
    atomic_store(&pool.is_stopping, true);
    jobs__wake();
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    for (int i = 0; i < pool.workers_len; i++) {
        if (!pool.is_joined[i])
            pool.is_joined[i] = join_before(pool.workers[i], &until);
        are_joined = are_joined && pool.is_joined[i];
    }
    if (!are_joined) {
        log_event(LOG_WARN, "jobs_not_stopped", NULL);
        return false;
    }
    atomic_store(&pool.keeper_ends, true); /* last: it keeps the leases of what still runs */
    int failed = pthread_join(pool.keeper, NULL);
    assert(!failed);
    atomic_store(&pool.is_running, false);
    return true;
}

/* ---- the same in one thread ---- */

enum rc jobs_drain(struct op *op)
{
    const struct job_tick *ticks[JOBS_TABLES_MAX];
    size_t len = jobs__ticks(ticks, LEN(ticks));
    assert(!db_in_transaction(op->db));
    TRY(add_ticks(op));
    TRY(jobs__recover(op));
    TRY(jobs__schedule_due(op));
    for (bool did = true; did;) {
        bool did_run;
        TRY(jobs__deliver_next(op, &did));
        TRY(jobs__run_next(op, JOB_ALL_LANES, "drain", &did_run));
        did = did || did_run;
    }
    for (size_t i = 0; i < len; i++)
        for (bool did = true; did;) {
            TRY(jobs__tick(op, ticks[i], true, &did));
            did = did && ticks[i]->is_by_parts;
        }
    return RC_OK;
}
