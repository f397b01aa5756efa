/* Signals between processes: one thread that sleeps on a PostgreSQL connection which listens. A
 * lost connection is made again, and then every signal is called once, because nobody knows what
 * was said meanwhile. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "op/op.h"

enum { SIGNALS_MAX = 16, LOOK_MS = 30000, RETRY_MS = 1000 };

static const struct signal *declared[SIGNALS_MAX];
static size_t declared_len;

static struct {
    struct database *database;
    pthread_t thread;
    int wake_fd;
    bool is_running;
    atomic_bool is_ending, is_connected;
    atomic_llong heard;
} ear;

void signal_declare(const struct signal *signal)
{
    for (size_t i = 0; i < declared_len; i++)
        if (declared[i] == signal)
            return; /* a module may be set up twice by a test */
    assert(declared_len < SIGNALS_MAX && !ear.is_running);
    declared[declared_len++] = signal;
}

void op_signal(struct op *op, const struct signal *signal)
{
    op_after_commit(op, signal->call);
    enum rc rc = db_notify(op->db, signal->name);
    if (rc != RC_OK) /* the others find it when they look by themselves */
        log_event(LOG_WARN, "signal_not_sent", "signal", str_of(signal->name), NULL);
}

static void call_all(void)
{
    for (size_t i = 0; i < declared_len; i++)
        declared[i]->call();
}

static void call_one(const char *name)
{
    for (size_t i = 0; i < declared_len; i++)
        if (strcmp(declared[i]->name, name) == 0)
            declared[i]->call();
}

static void listen_on(struct db *db)
{
    const char *names[SIGNALS_MAX];
    char name[64];
    for (size_t i = 0; i < declared_len; i++)
        names[i] = declared[i]->name;
    enum rc rc = db_listen(db, names, declared_len);
    if (rc == RC_OK) {
        ear.is_connected = true;
        call_all();
    }
    while (!ear.is_ending && (rc == RC_OK || rc == RC_MISSING)) {
        rc = db_hear(db, ear.wake_fd, LOOK_MS, name);
        if (rc != RC_OK)
            continue;
        ear.heard++;
        call_one(name);
    }
    ear.is_connected = false;
}

static void pause_a_little(void)
{
    uint64_t count;
    struct timespec pause = {.tv_sec = RETRY_MS / 1000};
    if (!ear.is_ending)
        (void)nanosleep(&pause, NULL);
    (void)!read(ear.wake_fd, &count, sizeof(count));
}

static void *ear_main(void *argument)
{
    (void)argument;
    while (!ear.is_ending) {
        struct db *db = NULL;
        if (db_open(ear.database, &db) == RC_OK)
            listen_on(db);
        db_close(db);
        if (!ear.is_ending)
            log_event(LOG_WARN, "signals_not_connected", NULL);
        pause_a_little();
    }
    return NULL;
}

enum rc signals_listen(struct database *database)
{
    assert(!ear.is_running);
    if (database_engine(database) != DB_POSTGRES)
        return RC_OK;
    ear.database = database;
    ear.is_ending = ear.is_connected = false;
    ear.heard = 0;
    ear.wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(ear.wake_fd >= 0);
    int failed = pthread_create(&ear.thread, NULL, ear_main, NULL);
    assert(!failed);
    ear.is_running = true;
    return RC_OK;
}

void signals_end(void)
{
    const uint64_t one = 1;
    if (!ear.is_running)
        return;
    ear.is_ending = true;
    (void)!write(ear.wake_fd, &one, sizeof(one));
    int failed = pthread_join(ear.thread, NULL);
    assert(!failed);
    fd_cleanup(&ear.wake_fd);
    ear.is_running = false;
}

bool signals_arrive(const struct database *database)
{
    return database_engine(database) == DB_SQLITE || ear.is_connected;
}

int64_t signals_heard(void)
{
    return ear.heard;
}
