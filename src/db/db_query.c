/* db_query: running the queries that sqlc describes: one row, many rows, a stream, a change, a new
 * id. Lists and bulk inserts have files of their own. */
#include "db/db_int.h"

static enum rc start(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                     const void *in, struct stmt **out)
{
    struct db_variant variant;
    query__variant(query, viewer, in, &variant);
    TRY(stmt__open(db, query, &variant, out));
    stmt__bind_inputs(*out, viewer, in);
    return RC_OK;
}

/* The engine finishes a change only when it has been asked for all its rows. */
static enum rc expect_end(struct stmt *stmt)
{
    enum rc rc = stmt__step(stmt);
    if (rc == RC_MISSING)
        return RC_OK;
    if (rc == RC_OK)
        return db__broken(stmt->db, stmt->query->name, "more than one row");
    return rc;
}

enum rc db_one(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
               const void *in, struct arena *arena, void *out_row)
{
    struct stmt *stmt;
    TRY(start(db, query, viewer, in, &stmt));
    void *row = arena_alloc(arena, query->row_bytes);
    enum rc rc = stmt__step(stmt);
    if (rc == RC_OK)
        rc = stmt__read_row(stmt, arena, row);
    if (rc == RC_OK)
        rc = expect_end(stmt);
    stmt__close(stmt);
    if (rc == RC_OK)
        memcpy(out_row, row, query->row_bytes);
    return rc;
}

enum rc db_many(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, struct arena *arena, struct db_rows *out)
{
    struct stmt *stmt;
    TRY(start(db, query, viewer, in, &stmt));
    char *at = NULL;
    size_t len = 0, cap = 0;
    enum rc rc;
    while ((rc = stmt__step(stmt)) == RC_OK) {
        if (len == cap)
            at = vec_grow(arena, at, len, &cap, query->row_bytes);
        rc = stmt__read_row(stmt, arena, at + len * query->row_bytes);
        if (rc != RC_OK)
            break;
        len++;
    }
    stmt__close(stmt);
    if (rc != RC_MISSING)
        return rc;
    *out = (struct db_rows){at, len};
    return RC_OK;
}

enum rc db_exec(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, int64_t *out_changed)
{
    struct stmt *stmt;
    TRY(start(db, query, viewer, in, &stmt));
    enum rc rc;
    db->conflict[0] = '\0'; /* what changes no row collides with nothing */
    do
        rc = stmt__step(stmt);
    while (rc == RC_OK); /* rows of a returning clause are not wanted */
    if (rc == RC_MISSING && out_changed)
        *out_changed = db->driver->changed(stmt);
    stmt__close(stmt);
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc db_id(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
              const void *in, int64_t *out_id)
{
    struct stmt *stmt;
    TRY(start(db, query, viewer, in, &stmt));
    int64_t id = 0;
    bool is_rowid = query->is_rowid && db_engine(db) == DB_SQLITE;
    enum rc rc = is_rowid ? expect_end(stmt) : stmt__step(stmt);
    if (rc == RC_OK && is_rowid)
        id = db->driver->rowid(stmt);
    else if (rc == RC_OK && !db->driver->get_i64(stmt, 0, &id))
        rc = db__broken(db, query->name, "the returned id is not an integer");
    if (rc == RC_OK && !is_rowid)
        rc = expect_end(stmt);
    stmt__close(stmt);
    if (rc == RC_OK)
        *out_id = id;
    return rc;
}

/* ---- streams ---- */

enum rc stmt__stream(struct db *db, const struct db_query *query, const struct db_variant *variant,
                     const struct db_viewer *viewer, const void *in, struct cursor *out)
{
    assert(!out->stmt && !query->is_write);
    struct stmt *stmt;
    TRY(stmt__open(db, query, variant, &stmt));
    stmt->is_stream = true;
    stmt__bind_inputs(stmt, viewer, in);
    if (db->depth == 0) {
        stmt->is_read_open = true;
        db->open_reads++;
    }
    out->stmt = stmt;
    return RC_OK;
}

enum rc db_each(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, struct cursor *out)
{
    struct db_variant variant;
    query__variant(query, viewer, in, &variant);
    return stmt__stream(db, query, &variant, viewer, in, out);
}

enum rc cursor_next(struct cursor *cursor, void *out_row)
{
    TRY(stmt__step(cursor->stmt));
    return stmt__read_row(cursor->stmt, NULL, out_row);
}

void cursor_close(struct cursor *cursor)
{
    if (cursor->stmt)
        stmt__close(cursor->stmt);
    cursor->stmt = NULL;
}

/* ---- text given at run time ---- */

enum rc db_script(struct db *db, const char *name, const char *text)
{
    bool is_alone = db->depth == 0;
    if (is_alone && !db->driver->is_alive(db))
        return RC_BUSY;
    if (db->is_doomed)
        return db__broken(db, name, "a statement before it failed in this transaction");
    bool needs_lane = is_alone && db_engine(db) == DB_SQLITE;
    if (needs_lane)
        TRY(lane__take(&db->database->lane, db->database->wait_ms));
    enum rc rc = db->driver->exec(db, text);
    if (needs_lane)
        lane__give(&db->database->lane);
    if (rc == RC_BROKEN)
        (void)db__broken(db, name, db->message);
    if (rc != RC_OK)
        db__doom(db);
    return rc;
}

/* A query made up on the spot is prepared, run once and forgotten. */
static enum rc ask(struct db *db, struct arena *arena, const char *text, enum db_type type,
                   void *out)
{
    struct db_field field = {"asked", type, 0};
    struct db_part parts[2] = {{DB_ALWAYS, 0, text}};
    struct db_query query = {.name = "ask",
                             .parts = parts,
                             .row = &field,
                             .row_len = 1,
                             .row_bytes =
                                 type == DB_OPT_I64 ? sizeof(struct opt_i64) : sizeof(struct str)};
    struct db_variant variant = {.scope = DB_SEE_ALL, .kind = DB_TEXT_PLAIN};
    struct stmt *stmt;
    TRY(stmt__open(db, &query, &variant, &stmt));
    enum rc rc = stmt__step(stmt);
    if (rc == RC_OK)
        rc = stmt__read_row(stmt, arena, out);
    stmt__drop(stmt);
    return rc;
}

enum rc db_ask_i64(struct db *db, const char *text, int64_t *out)
{
    struct opt_i64 answer;
    TRY(ask(db, NULL, text, DB_OPT_I64, &answer));
    if (!answer.has)
        return RC_MISSING;
    *out = answer.v;
    return RC_OK;
}

enum rc db_ask_text(struct db *db, struct arena *arena, const char *text, struct str *out)
{
    struct str answer;
    TRY(ask(db, arena, text, DB_OPT_TEXT, &answer));
    if (!answer.at)
        return RC_MISSING;
    *out = answer;
    return RC_OK;
}

/* ---- locks ---- */

struct lock_in {
    int64_t key;
};

static enum rc lock(struct db *db, const struct db_query *query, int64_t key)
{
    assert(db->depth > 0);
    if (db_engine(db) == DB_SQLITE)
        return RC_OK;
    return db_exec(db, query, NULL, &(struct lock_in){key}, NULL);
}

static const struct db_field lock_fields[] = {{"key", DB_I64, offsetof(struct lock_in, key)}};

enum rc db_lock(struct db *db, int64_t key)
{
    static const struct db_part parts[] = {{DB_ALWAYS, 0, "select pg_advisory_xact_lock(?1)"}, {0}};
    static const struct db_query query = {
        .name = "db_lock", .parts = parts, .in = lock_fields, .in_len = 1, .filters_from = 1};
    return lock(db, &query, key);
}

enum rc db_lock_shared(struct db *db, int64_t key)
{
    static const struct db_part parts[] = {
        {DB_ALWAYS, 0, "select pg_advisory_xact_lock_shared(?1)"}, {0}};
    static const struct db_query query = {.name = "db_lock_shared",
                                          .parts = parts,
                                          .in = lock_fields,
                                          .in_len = 1,
                                          .filters_from = 1};
    return lock(db, &query, key);
}
