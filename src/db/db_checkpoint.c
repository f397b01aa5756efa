/* db_checkpoint: the one thread that moves SQLite's log into the database file. While writers are
 * busy a passive checkpoint never reaches the end of the log, so the log would grow without bound;
 * when it reaches its limit the thread takes the write lane and cuts it. A reader that stays open
 * holds the cut up: then it is tried again, and said once. Backups of a SQLite database stand here
 * too: both work on the file behind the connections' backs. */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "db/db_int.h"
#include "sqlite3.h"

enum { PAGE_BYTES = 8192, LAZY_PAGES = 1000, ROUND_MS = 500, CUT_WAIT_MS = 1000, RETRY_MS = 1000 };
enum { OPTIMIZE_MS = 60 * 1000, OPTIMIZE_COMMITS = 100 };

static void sleep_until_woken(struct checkpointer *c, int ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    (void)pthread_cond_timedwait(&c->wake, &c->mutex, &until);
}

static void passive(struct db *db)
{
    (void)sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* True when the log was emptied. */
static bool cut(struct db *db)
{
    struct database *database = db->database;
    passive(db); /* most of it without holding writers up */
    if (lane__take(&database->lane, database->wait_ms) != RC_OK)
        return false;
    (void)sqlite3_busy_timeout(db->handle, CUT_WAIT_MS); /* how long writers wait for a reader */
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_OK)
        atomic_store(&database->checkpointer.wal_pages, 0);
    lane__give(&database->lane);
    return code == SQLITE_OK;
}

struct round {
    struct db *db;
    long long done; /* pages of the log that were moved */
    int64_t optimized_ms;
    long long optimized_at; /* commits by then */
};

static void tend_log(struct round *round)
{
    struct database *database = round->db->database;
    long long limit = (long long)(database->wal_max_bytes / PAGE_BYTES);
    long long pages = atomic_load(&database->checkpointer.wal_pages);
    if (pages < round->done)
        round->done = 0; /* the log began anew */
    if (pages >= limit) {
        bool is_cut = cut(round->db);
        if (!is_cut && !atomic_load(&database->checkpointer.is_stuck))
            log_event(LOG_WARN, "log_not_cut", "why", STR("a long read holds it"), NULL);
        atomic_store(&database->checkpointer.is_stuck, !is_cut);
    } else if (pages - round->done >= LAZY_PAGES) {
        passive(round->db);
        round->done = pages;
    }
}

/* The engine itself looks which tables have changed so much that it is worth while. */
static void tend_plans(struct round *round)
{
    long long commits = atomic_load(&round->db->database->checkpointer.commits);
    int64_t now = db__mono_ms();
    if (now - round->optimized_ms < OPTIMIZE_MS || commits - round->optimized_at < OPTIMIZE_COMMITS)
        return;
    round->optimized_ms = now;
    round->optimized_at = commits;
    (void)!db_optimize(round->db);
}

static void *run(void *context)
{
    struct database *database = context;
    struct checkpointer *c = &database->checkpointer;
    struct round round = {.optimized_ms = db__mono_ms()};
    if (db_open(database, &round.db) != RC_OK)
        return NULL; /* logged; SQLite then keeps the whole log, which is safe */
    (void)pthread_mutex_lock(&c->mutex);
    while (!c->is_stopping) {
        sleep_until_woken(c, atomic_load(&c->is_stuck) ? RETRY_MS : ROUND_MS);
        if (c->is_stopping)
            break;
        (void)pthread_mutex_unlock(&c->mutex);
        tend_log(&round);
        tend_plans(&round);
        (void)pthread_mutex_lock(&c->mutex);
    }
    (void)pthread_mutex_unlock(&c->mutex);
    db_close(round.db);
    return NULL;
}

enum rc db_optimize(struct db *db)
{
    return db_script(db, "optimize",
                     db_engine(db) == DB_SQLITE ? "pragma optimize = 0x10002" : "analyze");
}

void checkpointer__wrote(struct database *database, int wal_pages)
{
    struct checkpointer *c = &database->checkpointer;
    long long before = atomic_exchange(&c->wal_pages, wal_pages);
    atomic_fetch_add(&c->commits, 1);
    if (wal_pages / LAZY_PAGES != before / LAZY_PAGES && c->is_running)
        (void)pthread_cond_signal(&c->wake);
}

void checkpointer__start(struct database *database)
{
    struct checkpointer *c = &database->checkpointer;
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&c->mutex, NULL);
    (void)pthread_cond_init(&c->wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    c->is_running = pthread_create(&c->thread, NULL, run, database) == 0;
}

void checkpointer__stop(struct database *database)
{
    struct checkpointer *c = &database->checkpointer;
    if (!c->is_running)
        return;
    (void)pthread_mutex_lock(&c->mutex);
    c->is_stopping = true;
    (void)pthread_cond_signal(&c->wake);
    (void)pthread_mutex_unlock(&c->mutex);
    (void)pthread_join(c->thread, NULL);
    c->is_running = false;
    (void)pthread_mutex_destroy(&c->mutex);
    (void)pthread_cond_destroy(&c->wake);
}

/* ---- copies ---- */

static bool sync_file(const char *path, int flags)
{
    AUTO_FD fd = open(path, flags | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

static const char *folder_of(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return ".";
    return str_c(arena, (struct str){file, (size_t)(slash - file) + 1});
}

/* `vacuum into` reads one snapshot while writers go on; the copy appears under its name only when
 * it is whole and on the disk. */
static enum rc copy_to(struct db *db, struct arena *arena, const char *file)
{
    const char *part = str_c(arena, str_printf(arena, "%s.part", file));
    (void)unlink(part);
    char *text = sqlite3_mprintf("vacuum into %Q", part);
    if (!text)
        return RC_BROKEN;
    enum rc rc = db__exec(db, text);
    sqlite3_free(text);
    if (rc == RC_OK && (!sync_file(part, O_RDONLY) || rename(part, file) != 0 ||
                        !sync_file(folder_of(arena, file), O_RDONLY | O_DIRECTORY)))
        rc = db__broken(db, "backup", "the copy cannot be written");
    if (rc != RC_OK)
        (void)unlink(part);
    return rc;
}

enum rc database_backup(struct database *database, struct str file, struct fault *fault)
{
    if (database->engine != DB_SQLITE)
        return fault_add(fault, RC_INVALID, NULL,
                         "PostgreSQL has its own backups: use pg_dump or pg_basebackup.", NULL);
    AUTO_ARENA arena = arena_new(0);
    const char *name = str_c(arena, file);
    if (access(name, F_OK) == 0)
        return fault_add(fault, RC_INVALID, NULL, "The file {0} exists already.", name, NULL);
    struct db *db = NULL;
    enum rc rc = db_open(database, &db);
    if (rc == RC_OK)
        rc = copy_to(db, arena, name);
    db_close(db);
    if (rc == RC_FULL)
        return fault_add(fault, rc, NULL, "There is no room for the copy {0}.", name, NULL);
    if (rc != RC_OK)
        return fault_add(fault, rc, NULL, "The copy {0} cannot be written.", name, NULL);
    return RC_OK;
}
