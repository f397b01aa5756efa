/* db_int: what the files of db share: a connection, a statement, the table of functions that an
 * engine fills in. */
#ifndef KONTOR_DB_INT_H
#define KONTOR_DB_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"

enum { DB_CACHE_MAX = 256, DB_CACHE_BUCKETS = 512, DB_NO_STMT = -1 };

struct waiter {
    pthread_cond_t turn;
    bool is_served;
    struct waiter *next;
};

struct lane { /* one writer at a time, first come first served */
    pthread_mutex_t mutex;
    struct waiter *first, *last;
    bool is_held;
};

struct checkpointer {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_running, is_stopping;
    atomic_llong wal_pages; /* as the last commit left it */
    atomic_llong commits;
    atomic_bool is_stuck; /* a long read keeps the log from being cut */
};

struct database {
    struct arena *arena;
    enum db_engine engine;
    struct str url, file; /* file: NUL terminated; empty for an in-memory database */
    size_t wal_max_bytes, cache_bytes;
    int wait_ms;
    bool is_scratch;
    char version[32];
    struct lane lane;
    struct checkpointer checkpointer;
    atomic_int connections;
};

struct stmt {
    struct db *db;
    const struct db_query *query;
    struct db_variant variant;
    uint64_t hash;
    void *handle; /* the driver's */
    int next;     /* in its bucket of the cache, DB_NO_STMT at the end */
    bool is_cached, is_used, is_write, has_lane, is_started;
    bool is_stream;    /* rows are wanted piece by piece */
    bool is_read_open; /* counted in open_reads of the connection */
    uint64_t used_at;  /* tick of the last use: the oldest is dropped */
};

struct driver {
    enum rc (*open)(struct db *db);
    void (*close)(struct db *db);
    enum rc (*exec)(struct db *db, const char *text); /* one or more statements, no rows kept */
    enum rc (*prepare)(struct db *db, struct stmt *stmt, struct str text);
    void (*bind_null)(struct stmt *stmt, int slot); /* slots count from 1 */
    void (*bind_i64)(struct stmt *stmt, int slot, int64_t value);
    void (*bind_bytes)(struct stmt *stmt, int slot, struct str value, bool is_blob);
    enum rc (*step)(struct stmt *stmt); /* RC_OK: a row; RC_MISSING: no more */
    void (*reset)(struct stmt *stmt);   /* ready to be bound and stepped again */
    void (*finish)(struct stmt *stmt);  /* frees the handle */
    int (*columns)(struct stmt *stmt);
    bool (*is_null)(struct stmt *stmt, int column);
    bool (*get_i64)(struct stmt *stmt, int column, int64_t *out); /* false: not an integer */
    struct str (*get_bytes)(struct stmt *stmt, int column);
    int64_t (*changed)(struct stmt *stmt);
    int64_t (*rowid)(struct stmt *stmt); /* of the row that was inserted last; SQLite only */
    void (*bind_array)(struct stmt *stmt, int slot, const struct db_field *field, const void *rows,
                       size_t rows_len); /* one column of a bulk insert; PostgreSQL only */
    bool (*is_alive)(struct db *db); /* cheap, before a unit of work: reopens when it was lost */
    enum rc (*hear)(struct db *db, int wake_fd, int wait_ms, char out_name[64]); /* PostgreSQL */
    enum rc (*describe)(struct db *db, struct stmt *stmt, struct arena *arena,
                        struct db_described *out);
};

extern const struct driver db__sqlite, db__pg, db__faulty;

struct db {
    struct database *database;
    struct arena *arena;
    const struct driver *driver;
    const struct driver *inner; /* under the faulty driver */
    void *handle;               /* sqlite3 or PGconn */
    int depth, savepoints, open_reads;
    bool has_lane, is_read_only, is_lost, is_doomed, is_closing;
    int doomed_at; /* savepoints at the time of the failure */
    uint64_t tick;
    char conflict[256];
    char message[512]; /* the engine's words for the last failure; not logged with values */
    int faulty_n, faulty_seen;
    bool has_fired;
    enum db_failure failure;
    const char *notes[DB_NOTES_MAX]; /* said with the commit */
    int notes_len;
    int stmts_len;
    int buckets[DB_CACHE_BUCKETS];
    struct stmt stmts[DB_CACHE_MAX];
};

/* The lane. Taking it gives RC_BUSY after wait_ms. */
void lane__init(struct lane *lane);
void lane__done(struct lane *lane);
enum rc lane__take(struct lane *lane, int wait_ms);
bool lane__is_free(struct lane *lane);
void lane__give(struct lane *lane);

void checkpointer__start(struct database *database);
void checkpointer__stop(struct database *database);
void checkpointer__wrote(struct database *database, int wal_pages);

/* Statements: from the cache or newly prepared, bound and ready to step. */
enum rc stmt__open(struct db *db, const struct db_query *query, const struct db_variant *variant,
                   struct stmt **out);
enum rc stmt__step(struct stmt *stmt);
void stmt__reset(struct stmt *stmt); /* for another round of the same statement */
void stmt__close(struct stmt *stmt);
void stmt__drop(struct stmt *stmt); /* closes it and takes it out of the cache */
enum rc stmt__stream(struct db *db, const struct db_query *query, const struct db_variant *variant,
                     const struct db_viewer *viewer, const void *in, struct cursor *out);
void stmt__forget_all(struct db *db); /* the connection is going or gone */
void stmt__bind_inputs(struct stmt *stmt, const struct db_viewer *viewer, const void *in);
enum rc stmt__read_row(struct stmt *stmt, struct arena *arena, void *out_row);

/* Slots of the hidden parameters come after those of the inputs. */
enum { SLOT_USER = 1, SLOT_PARTNER, SLOT_KEY, SLOT_ID, SLOT_LIMIT, SLOTS_HIDDEN = SLOT_LIMIT };
int query__slots(const struct db_query *query);                /* of the inputs */
int query__slot(const struct db_query *query, size_t field_i); /* first slot of an input */
enum db_type query__slot_type(const struct db_query *query, const struct db_variant *variant,
                              int slot);
uint64_t query__hash(const struct db_query *query, const struct db_variant *variant);
void query__variant(const struct db_query *query, const struct db_viewer *viewer, const void *in,
                    struct db_variant *out);

/* Logs what broke, once, with the query's name and without values; gives back the rc. */
enum rc db__broken(struct db *db, const char *query_name, const char *why);
/* What a failed statement does to the transaction around it. */
void db__doom(struct db *db);
/* Text of one engine on a plain connection: pragmas, begin, set. */
enum rc db__exec(struct db *db, const char *text);
int64_t db__mono_ms(void);
bool sqlite__version_is_safe(int version); /* as sqlite3_libversion_number gives it */

#endif
