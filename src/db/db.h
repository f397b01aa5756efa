/* db: one statement API over two engines. SQLite is linked in and has one write lane in the
 * process; PostgreSQL is reached through libpq, loaded only when the URL asks for it. The SQL of a
 * module stands in its .sql files; tools/sqlc turns each query into a typed function over the
 * descriptors below, so no other code composes SQL. An ORM was rejected: it hides the plan. */
#ifndef KONTOR_DB_H
#define KONTOR_DB_H

#include "base/base.h"

enum db_engine { DB_SQLITE = 1, DB_POSTGRES };

/* ---- the database: one a process ---- */

struct database_options {
    struct str url;       /* file name, "sqlite:FILE", ":memory:" or "postgres://…" */
    size_t wal_max_bytes; /* SQLite; 0: 64 MiB. The log is cut when it reaches this */
    size_t cache_bytes;   /* SQLite, per connection; 0: 16 MiB */
    int wait_ms;          /* for the write lane and other processes; 0: 10 s, then RC_BUSY */
    bool is_scratch;      /* a test's database: not synced to the disk */
    bool must_exist;      /* SQLite: a missing file is RC_MISSING instead of a new database */
};

struct database;
/* RC_MISSING (no such file), RC_INVALID (not ours, or an engine version that loses data), RC_BUSY
 * (server not reachable); `fault` says it in words. */
enum rc database_open(const struct database_options *options, struct fault *fault,
                      struct database **out);
void database_close(struct database *database); /* after all its connections; NULL is fine */
enum db_engine database_engine(const struct database *database);
struct str database_url(const struct database *database);      /* may hold a password: do not log */
const char *database_version(const struct database *database); /* of the engine, "3.53.2" */
/* Consistent copy of a SQLite database into a new file (RC_INVALID on PostgreSQL, RC_FULL). */
enum rc database_backup(struct database *database, struct str file, struct fault *fault);

/* Refreshes what the engine knows of the sizes of tables and the spread of their values: after a
 * large import plans are bad without it. SQLite also does it by itself now and then. */
struct db;
enum rc db_optimize(struct db *db);

/* ---- a connection: used by one thread at a time ---- */

enum rc db_open(struct database *database, struct db **out);
void db_close(struct db *db); /* rolls back what is open; NULL is fine */
enum db_engine db_engine(const struct db *db);
struct database *db_database(const struct db *db);
/* What the last RC_CONFLICT collided with: "partner.code" or "t.a,t.b"; empty when unknown. */
struct str db_conflict(const struct db *db);
/* The engine's words for the last failure, in English: for tools and the log, not for pages. */
const char *db_message(const struct db *db);

/* Transactions nest by joining: only the outermost commit counts, and an inner rollback dooms the
 * outer one. After a statement failed inside a transaction all later ones fail until the rollback
 * (or the rollback to a savepoint): both engines behave so. A write transaction holds the lane on
 * SQLite. Use txn_begin of op/op.h; these are what it stands on. */
enum rc db_begin(struct db *db);      /* RC_BUSY, RC_FULL */
enum rc db_begin_read(struct db *db); /* one snapshot for several queries; writes are refused */
enum rc db_commit(struct db *db);     /* RC_UNSURE: the connection went during the commit */
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
/* Whether a write would begin at once: false while another connection holds the write lane. For
 * writes that are a help and not worth waiting for; always true on PostgreSQL. */
bool db_may_write_now(const struct db *db);
/* SQLite: how much of the file this connection keeps in memory, until it is said again; 0: as much
 * as the options of the database say. For work that goes over large indexes in no order. */
enum rc db_cache(struct db *db, size_t bytes);
/* Savepoints stand inside a transaction and end in the reverse order. */
enum rc db_savepoint(struct db *db);
enum rc db_savepoint_release(struct db *db);
enum rc db_savepoint_rollback(struct db *db);

/* Until the transaction ends. On SQLite the lane already excludes every other writer. */
enum rc db_lock(struct db *db, int64_t key);
enum rc db_lock_shared(struct db *db, int64_t key);

/* Telling other processes that share a PostgreSQL database; on SQLite, which one process owns, both
 * do nothing. op/op.h has what modules use (struct signal). `name`: static, of [a-z_]. */
enum { DB_NOTES_MAX = 8 };
/* Reaches every process that listens once the transaction around has committed; at once outside
 * one. Costs no round trip of its own inside a transaction. */
enum rc db_notify(struct db *db, const char *name);
/* From now on this connection hears these names. */
enum rc db_listen(struct db *db, const char *const *names, size_t len);
/* The next name heard. RC_MISSING: none within wait_ms, or wake_fd became readable. RC_BUSY: the
 * connection is lost, and with it what was said meanwhile. */
enum rc db_hear(struct db *db, int wake_fd, int wait_ms, char out_name[64]);

/* SQL text given at run time: tests, tools and `kontor doctor` only. */
enum rc db_script(struct db *db, const char *name, const char *text);
enum rc db_ask_i64(struct db *db, const char *text, int64_t *out); /* RC_MISSING: no row, null */
enum rc db_ask_text(struct db *db, struct arena *arena, const char *text, struct str *out);

/* ---- descriptors that sqlc writes ---- */

enum db_type {               /*          in C             in a row or a parameter   */
               DB_I64 = 1,   /* int64_t           not null                  */
               DB_TEXT,      /* struct str        not null                  */
               DB_BLOB,      /* struct str        not null                  */
               DB_BOOL,      /* bool              not null                  */
               DB_OPT_I64,   /* struct opt_i64                              */
               DB_OPT_TEXT,  /* struct str        absent is null            */
               DB_OPT_BLOB,  /* struct str        absent is null            */
               DB_OPT_BOOL,  /* struct opt_i64    filters only              */
               DB_TEXT_LIST, /* struct str_list  filters only, 1…16 values */
               DB_I64_LIST   /* struct i64_list  filters only, 1…16 values */
};

enum { DB_LIST_MAX = 16, DB_FILTERS_MAX = 20, DB_SORTS_MAX = 16 };
enum { LIST_LIMIT_MAX = 1000, LIST_COUNT_LIMIT = 10001 /* shown as "10,000+" */ };

struct i64_list {
    int64_t *at;
    size_t len, cap;
};

struct db_field {
    const char *name;
    enum db_type type;
    uint32_t offset; /* in the struct of inputs or of the row */
};

enum db_scope { DB_SEE_ALL = 1, DB_SEE_BRANCHES, DB_SEE_PARTNER, DB_SEE_NOTHING };

struct db_viewer { /* for whom {{visible}} is expanded */
    enum db_scope scope;
    int64_t user_id, partner_id;
};

enum db_when {
    DB_ALWAYS = 1,
    DB_WHEN_SCOPE,    /* arg: enum db_scope */
    DB_WHEN_FILTER,   /* arg: number of the filter */
    DB_FILTER_VALUES, /* arg: number of the filter: "?7, ?8" */
    DB_SELECT_LIST,   /* not in a count */
    DB_PAGE_KEYS,     /* in a page: sort key and id after the select list */
    DB_PAGE           /* cursor condition, order and limit */
};

struct db_part { /* a piece of a statement's text; parameters are ?1, ?2… in it */
    enum db_when when;
    int arg;
    const char *text;
};

struct db_sort {
    const char *name, *key; /* key: SQL */
    enum db_type type;
};

struct db_query {
    const char *name;
    const struct db_part *parts;    /* SQLite, and PostgreSQL unless it has its own */
    const struct db_part *pg_parts; /* each ended by {0} */
    const struct db_field *in;      /* first the plain inputs, then the filters */
    const struct db_field *row;
    const struct db_sort *sorts;
    const char *id; /* SQL of the id of a list */
    size_t in_len, filters_from, row_len, row_bytes, in_bytes, sorts_len;
    uint32_t each; /* bit of a filter: a page reads the rows of each of its values in order */
    bool is_write, is_bulk; /* is_bulk: on PostgreSQL the parameters are arrays */
    bool is_rowid; /* on SQLite the id is taken from the connection: `returning` costs a table */
};

/* ---- running a query; generated code calls these through op_… of op/op.h ---- */

struct db_rows {
    void *at;
    size_t len;
};

enum rc db_one(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
               const void *in, struct arena *arena, void *out_row);
enum rc db_many(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, struct arena *arena, struct db_rows *out);
/* `out_changed` may be NULL. */
enum rc db_exec(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, int64_t *out_changed);
enum rc db_id(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
              const void *in, int64_t *out_id);
/* One insert for each of `rows_len` inputs: a prepared statement on SQLite, arrays on PostgreSQL.
 * `out_returned` (may be NULL) gets the integers of its returning clause, in the arena. Belongs
 * into a transaction: without one it makes its own. */
enum rc db_bulk(struct db *db, const struct db_query *query, const void *rows, size_t rows_len,
                struct arena *arena, struct i64_list *out_returned, int64_t *out_changed);

struct stmt;
/* A streaming read. Texts of a row live until the next row. While a cursor is open outside a
 * transaction its connection does not write: begin first, or read in batches with :many. */
struct cursor {
    struct stmt *stmt;
};
#define AUTO_CURSOR CLEANUP(cursor_close) struct cursor
enum rc db_each(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, struct cursor *out);
enum rc cursor_next(struct cursor *cursor, void *out_row); /* RC_MISSING at the end */
void cursor_close(struct cursor *cursor);

/* ---- lists ---- */

struct list_page {
    int sort_i; /* of q_x_sorts */
    bool is_descending;
    struct str cursor; /* opaque, from a page; absent: the first page (backward: the last) */
    bool is_backward;  /* the page before the cursor */
    int limit;         /* 0: 50 */
};

struct db_page {
    void *at;
    size_t len;
    struct str next, prev; /* absent when there is no such page; prev goes with is_backward */
    bool has_next, has_prev;
};

/* RC_INVALID with a fault entry for a broken cursor, sort or limit. */
enum rc db_list(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, const struct list_page *page, struct arena *arena,
                struct fault *fault, struct db_page *out);
/* How many rows the filters show, counting no further than `limit`. */
enum rc db_list_count(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                      const void *in, int64_t limit, int64_t *out);
/* Everything the filters show, in the page's order; cursor and limit are ignored. */
enum rc db_list_each(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                     const void *in, const struct list_page *page, struct cursor *out);
/* Index of a sort by name in a q_x_sorts table (ended by NULL); -1 when there is none. */
int list_sort_find(const char *const *sorts, struct str name);

/* ---- migrations ---- */

struct db_migration {
    const char *name; /* "0001_create" */
    const char *at, *end;
};

struct db_module_migrations { /* tools/embed.sh writes x_migrations of each module that has any */
    const char *module;
    const struct db_migration *files;
    size_t len;
    int layer; /* place in tools/layers: the order of migration */
};

/* Those of all modules that are linked into this program, in layer order. */
void db_modules(struct arena *arena, const struct db_module_migrations ***out, size_t *out_len);

struct migrate_options {
    const struct db_module_migrations *const *modules; /* in order of migration */
    size_t modules_len;
    const char *version; /* of the program: in the name of the backup */
    int64_t now;         /* microseconds UTC */
};

/* Brings the schema up to date, each migration in its own transaction. RC_INVALID: an applied
 * migration was changed since, or the database is newer than the program. `out_applied` counts. */
enum rc db_migrate(struct db *db, const struct migrate_options *options, struct fault *fault,
                   int *out_applied);
/* How many migrations are missing, changing nothing. */
enum rc db_migrate_pending(struct db *db, const struct migrate_options *options,
                           struct fault *fault, int *out_pending);
/* A migration's text as the engine gets it: type words, engine sections, strict tables. */
void db_schema_text(struct str text, enum db_engine engine, struct buf *out);
/* Only the lines of an engine: those after "-- sqlite:" or "-- pg:" up to "-- both:". */
void db_engine_text(struct str text, enum db_engine engine, struct buf *out);

/* ---- what an engine says of itself: `kontor doctor` ---- */

/* SQLite's words for the first damage of the file; absent: its pages are sound. */
enum rc db_damage(struct db *db, struct arena *arena, bool is_deep, struct str *out);
/* pg_trgm, by which parts of names are found. */
enum db_extension {
    DB_EXTENSION_NOT_NEEDED = 1,
    DB_EXTENSION_INSTALLED,
    DB_EXTENSION_AVAILABLE, /* on the server, not created in this database */
    DB_EXTENSION_MISSING
};
enum rc db_extension(struct db *db, enum db_extension *out);
enum rc db_clock(struct db *db, int64_t *out_us); /* of the server; RC_MISSING: SQLite has none */
/* How many changes of the schema were applied; fails when it is no database of this program. */
enum rc db_changes_applied(struct db *db, int64_t *out);

/* ---- the faulty driver: a test fails the n-th statement ---- */

enum db_failure {
    DB_FAIL_BUSY = 1,
    DB_FAIL_FULL,
    DB_FAIL_LOST,          /* the connection; a commit then gives RC_UNSURE and was not applied */
    DB_FAIL_COMMIT_APPLIED /* statement as usual; a commit is done and gives RC_UNSURE */
};
/* From now on the n-th statement (begin and commit count, from 1) fails, once. n = 0: none. */
void db_faulty_arm(struct db *db, int n, enum db_failure failure);
bool db_faulty_fired(const struct db *db);
int db_faulty_seen(const struct db *db); /* statements since it was armed */

/* ---- for tools/sqlc: what an engine says of a text ---- */

struct db_described_column {
    const char *name, *type; /* declared type; NULL when the engine cannot tell */
    bool is_nullable;        /* a column that is declared so; false when it cannot tell */
};
struct db_described {
    struct db_described_column *columns;
    size_t columns_len;
    bool is_write;
    struct str error; /* set when the text could not be prepared */
};
enum db_text_kind { DB_TEXT_PLAIN = 1, DB_TEXT_PAGE, DB_TEXT_COUNT, DB_TEXT_EACH };
struct db_variant {
    enum db_scope scope;
    enum db_text_kind kind;
    int sort_i;
    bool is_descending, has_cursor;
    uint8_t filters[DB_FILTERS_MAX]; /* 0: not filtered; else 1 + log2 of the number of values */
};
void db_query_text(const struct db_query *query, const struct db_variant *variant,
                   enum db_engine engine, struct buf *out);
enum rc db_describe(struct db *db, const struct db_query *query, const struct db_variant *variant,
                    struct arena *arena, struct db_described *out);

#endif
