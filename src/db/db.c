/* db: opening a database, its connections, and transactions on them. A transaction that met a
 * failure is doomed on both engines alike: PostgreSQL refuses everything until the rollback, and
 * SQLite, which would go on, is held to the same rule so that a rule tested on one engine holds on
 * the other. */
#include <strings.h>
#include <unistd.h>

#include "db/db_int.h"

enum { WAIT_MS_DEFAULT = 10000, DB_ARENA_BYTES = 4 << 20 };

static bool is_pg_url(struct str url)
{
    return str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://"));
}

static struct str file_of(struct str url)
{
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, url.len - 7);
    return str_eq(url, STR(":memory:")) ? STR("") : url;
}

static enum rc probe(struct database *database, struct fault *fault)
{
    struct db *db = NULL;
    enum rc rc = db_open(database, &db);
    if (rc == RC_OK && database->engine == DB_SQLITE && database->file.len > 0) {
        int64_t objects;
        rc = db_ask_i64(db, "select count(*) from sqlite_schema", &objects);
    }
    db_close(db);
    if (rc == RC_OK)
        return RC_OK;
    if (rc == RC_BUSY)
        return fault_add(fault, rc, NULL, "The database server cannot be reached.", NULL);
    if (rc == RC_INVALID)
        return fault_add(fault, rc, NULL, "This version of the database engine ({0}) is not safe.",
                         database->version, NULL);
    return fault_add(fault, rc, NULL, "The database cannot be opened.", NULL);
}

enum rc database_open(const struct database_options *options, struct fault *fault,
                      struct database **out)
{
    struct str file = is_pg_url(options->url) ? STR("") : file_of(options->url);
    struct arena *arena = arena_new(DB_ARENA_BYTES);
    struct database *database = NEW(arena, struct database);
    *database = (struct database){
        .arena = arena,
        .engine = is_pg_url(options->url) ? DB_POSTGRES : DB_SQLITE,
        .url = str_of(str_c(arena, options->url)),
        .file = str_of(str_c(arena, file)),
        .wal_max_bytes = options->wal_max_bytes ? options->wal_max_bytes : 64 << 20,
        .cache_bytes = options->cache_bytes ? options->cache_bytes : 16 << 20,
        .wait_ms = options->wait_ms ? options->wait_ms : WAIT_MS_DEFAULT,
        .is_scratch = options->is_scratch,
    };
    lane__init(&database->lane);
    if (file.len > 0 && options->must_exist && access(database->file.at, F_OK) != 0) {
        enum rc rc = fault_add(fault, RC_MISSING, NULL, "There is no database {0}.",
                               database->file.at, NULL);
        database_close(database);
        return rc;
    }
    enum rc rc = probe(database, fault);
    if (rc != RC_OK) {
        database_close(database);
        return rc;
    }
    if (file.len > 0)
        checkpointer__start(database);
    *out = database;
    return RC_OK;
}

void database_close(struct database *database)
{
    if (!database)
        return;
    checkpointer__stop(database);
    assert(atomic_load(&database->connections) == 0);
    lane__done(&database->lane);
    arena_free(database->arena);
}

enum db_engine database_engine(const struct database *database)
{
    return database->engine;
}

struct str database_url(const struct database *database)
{
    return database->url;
}

const char *database_version(const struct database *database)
{
    return database->version;
}

enum rc db_open(struct database *database, struct db **out)
{
    struct arena *arena = arena_new(DB_ARENA_BYTES);
    struct db *db = NEW(arena, struct db);
    db->arena = arena;
    db->database = database;
    db->driver = database->engine == DB_SQLITE ? &db__sqlite : &db__pg;
    for (size_t i = 0; i < LEN(db->buckets); i++)
        db->buckets[i] = DB_NO_STMT;
    enum rc rc = db->driver->open(db);
    if (rc != RC_OK) {
        if (rc == RC_BROKEN)
            rc = db__broken(db, "open", db->message);
        db->driver->close(db);
        arena_free(arena);
        return rc;
    }
    atomic_fetch_add(&database->connections, 1);
    *out = db;
    return RC_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db->is_closing = true;
    if (db->depth > 0) {
        db->depth = 1;
        db_rollback(db);
    }
    stmt__forget_all(db);
    db->driver->close(db);
    atomic_fetch_sub(&db->database->connections, 1);
    arena_free(db->arena);
}

enum db_engine db_engine(const struct db *db)
{
    return db->database->engine;
}

struct database *db_database(const struct db *db)
{
    return db->database;
}

struct str db_conflict(const struct db *db)
{
    return str_of(db->conflict);
}

const char *db_message(const struct db *db)
{
    return db->message;
}

enum rc db__broken(struct db *db, const char *query_name, const char *why)
{
    log_event(LOG_ERROR, "query_failed", "query", str_of(query_name), "why", str_of(why), "engine",
              db_engine(db) == DB_SQLITE ? STR("sqlite") : STR("postgres"), NULL);
    return RC_BROKEN;
}

void db__doom(struct db *db)
{
    if (db->depth == 0 || db->is_doomed)
        return;
    db->is_doomed = true;
    db->doomed_at = db->savepoints;
}

enum rc db__exec(struct db *db, const char *text)
{
    enum rc rc = db->driver->exec(db, text);
    if (rc == RC_BROKEN)
        (void)db__broken(db, text, db->message);
    return rc;
}

/* ---- transactions ---- */

static void leave(struct db *db)
{
    db->depth = db->savepoints = db->notes_len = 0;
    db->is_doomed = db->is_read_only = false;
    if (db->has_lane)
        lane__give(&db->database->lane);
    db->has_lane = false;
}

static enum rc begin(struct db *db, bool is_read_only)
{
    if (db->depth > 0) {
        if (db->is_read_only && !is_read_only)
            return db__broken(db, "begin", "writing inside a reading transaction");
        db->depth++;
        return RC_OK;
    }
    if (db->open_reads > 0)
        return db__broken(db, "begin", "a cursor is open on this connection");
    if (!db->driver->is_alive(db))
        return RC_BUSY;
    const char *text = "begin";
    if (db_engine(db) == DB_POSTGRES && is_read_only)
        text = "begin isolation level repeatable read read only";
    if (db_engine(db) == DB_SQLITE && !is_read_only) {
        TRY(lane__take(&db->database->lane, db->database->wait_ms));
        db->has_lane = true;
        text = "begin immediate";
    }
    kill_point("begin");
    enum rc rc = db__exec(db, text);
    if (rc != RC_OK) {
        leave(db);
        return rc == RC_UNSURE ? RC_BUSY : rc;
    }
    db->depth = 1;
    db->is_read_only = is_read_only;
    return RC_OK;
}

enum rc db_begin(struct db *db)
{
    return begin(db, false);
}

enum rc db_begin_read(struct db *db)
{
    return begin(db, true);
}

bool db_in_transaction(const struct db *db)
{
    return db->depth > 0;
}

bool db_may_write_now(const struct db *db)
{
    return db_engine(db) != DB_SQLITE || db->has_lane || lane__is_free(&db->database->lane);
}

/* "notify kontor_jobs; commit": one message to the server. */
static const char *commit_text(const struct db *db, char out[DB_NOTES_MAX * 80 + 8])
{
    char *at = out;
    for (int i = 0; i < db->notes_len; i++)
        at += snprintf(at, 80, "notify kontor_%.56s; ", db->notes[i]);
    (void)snprintf(at, 8, "commit");
    return out;
}

enum rc db_notify(struct db *db, const char *name)
{
    char text[80];
    if (db_engine(db) != DB_POSTGRES)
        return RC_OK;
    if (db->depth == 0) {
        if (!db->driver->is_alive(db))
            return RC_BUSY;
        (void)snprintf(text, sizeof(text), "notify kontor_%.56s", name);
        return db__exec(db, text);
    }
    int i = 0;
    while (i < db->notes_len && strcmp(db->notes[i], name) != 0)
        i++;
    assert(i < DB_NOTES_MAX);
    db->notes[i] = name;
    db->notes_len = i == db->notes_len ? i + 1 : db->notes_len;
    return RC_OK;
}

enum rc db_listen(struct db *db, const char *const *names, size_t len)
{
    char text[80];
    for (size_t i = 0; i < len && db_engine(db) == DB_POSTGRES; i++) {
        (void)snprintf(text, sizeof(text), "listen kontor_%.56s", names[i]);
        TRY(db__exec(db, text));
    }
    return RC_OK;
}

enum rc db_hear(struct db *db, int wake_fd, int wait_ms, char out_name[64])
{
    assert(db->depth == 0);
    return db->driver->hear ? db->driver->hear(db, wake_fd, wait_ms, out_name) : RC_MISSING;
}

enum rc db_commit(struct db *db)
{
    assert(db->depth > 0);
    if (db->is_doomed) {
        (void)db__broken(db, "commit", "a statement inside has failed");
        db_rollback(db);
        return RC_BROKEN;
    }
    if (--db->depth > 0)
        return RC_OK;
    assert(db->savepoints == 0);
    kill_point("commit");
    char text[DB_NOTES_MAX * 80 + 8];
    enum rc rc = db->driver->exec(db, commit_text(db, text));
    if (rc == RC_BROKEN)
        (void)db__broken(db, "commit", db->message);
    if (rc != RC_OK && !db->is_lost)
        (void)db->driver->exec(db, "rollback"); /* fails when the engine has already done so */
    leave(db);
    kill_point("committed");
    return rc;
}

void db_rollback(struct db *db)
{
    assert(db->depth > 0);
    if (db->depth > 1) {
        db__doom(db);
        db->depth--;
        return;
    }
    if (!db->is_lost)
        (void)db->driver->exec(db, "rollback"); /* fails when the engine has already done so */
    leave(db);
}

enum rc db_savepoint(struct db *db)
{
    char text[48];
    assert(db->depth > 0);
    if (db->is_doomed)
        return db__broken(db, "savepoint", "a statement before has failed");
    (void)snprintf(text, sizeof(text), "savepoint s%d", db->savepoints + 1);
    TRY(db__exec(db, text));
    db->savepoints++;
    return RC_OK;
}

enum rc db_savepoint_release(struct db *db)
{
    char text[48];
    assert(db->savepoints > 0);
    if (db->is_doomed)
        return db__broken(db, "release", "a statement inside has failed");
    (void)snprintf(text, sizeof(text), "release savepoint s%d", db->savepoints);
    TRY(db__exec(db, text));
    db->savepoints--;
    return RC_OK;
}

enum rc db_savepoint_rollback(struct db *db)
{
    char text[96];
    int n = db->savepoints;
    assert(n > 0);
    db->savepoints--;
    if (db->is_lost)
        return RC_BUSY; /* the whole transaction went with the connection */
    (void)snprintf(text, sizeof(text), "rollback to savepoint s%d; release savepoint s%d", n, n);
    TRY(db__exec(db, text));
    if (db->is_doomed && db->doomed_at >= n)
        db->is_doomed = false;
    return RC_OK;
}
