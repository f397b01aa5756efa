/* db_sqlite: the SQLite driver. The library is linked in with our own options; a version that can
 * lose commits (the WAL-reset race, sqlite.org/wal.html: fixed in 3.44.6, 3.50.7, 3.51.3) is
 * refused, unless the build names the system's library knowingly (SQLITE=system). */
#include <errno.h>
#include <sys/stat.h>

#include "db/db_int.h"
#include "sqlite3.h"

enum { PAGE_BYTES = 8192 };

static sqlite3 *handle(const struct db *db)
{
    return db->handle;
}

static bool is_no_room(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static void note_message(struct db *db, int code, int error)
{
    const char *said = db->handle ? sqlite3_errmsg(handle(db)) : sqlite3_errstr(code);
    bool is_of_text = code == SQLITE_ERROR || (code & 0xff) == SQLITE_CONSTRAINT;
    size_t max = sizeof(db->message);
    if (is_of_text)
        (void)snprintf(db->message, max, "%s", said);
    else
        (void)snprintf(db->message, max, "%s (%d, errno %d)", said, code, error);
}

static enum rc rc_of(struct db *db, int code)
{
    int error = db->handle ? sqlite3_system_errno(handle(db)) : 0;
    db->conflict[0] = '\0';
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW: return RC_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return RC_BUSY;
    case SQLITE_FULL: return RC_FULL;
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID)
            break;
        note_message(db, code, error);
        return RC_BROKEN;
    case SQLITE_IOERR:
        if (is_no_room(error))
            return RC_FULL;
        /* fall through */
    default: note_message(db, code, error); return RC_BROKEN;
    }
    /* "UNIQUE constraint failed: partner.a, partner.b" */
    const char *names = strstr(sqlite3_errmsg(handle(db)), ": ");
    size_t len = 0;
    for (const char *c = names ? names + 2 : ""; *c && len + 1 < sizeof(db->conflict); c++)
        if (*c != ' ')
            db->conflict[len++] = *c;
    db->conflict[len] = '\0';
    return RC_CONFLICT;
}

/* ---- opening ---- */

bool sqlite__version_is_safe(int version)
{
    if (version >= 3051003)
        return true;
    return (version >= 3050007 && version < 3051000) || (version >= 3044006 && version < 3045000);
}

static bool is_version_safe(void)
{
#ifdef SQLITE_SYSTEM
    return true;
#else
    return sqlite__version_is_safe(sqlite3_libversion_number());
#endif
}

/* The log's length after each commit of this connection; without this hook SQLite would make its
 * own checkpoints in whichever connection happens to commit. */
static int after_commit(void *context, sqlite3 *sqlite, const char *name, int pages)
{
    (void)sqlite;
    (void)name;
    checkpointer__wrote(context, pages);
    return SQLITE_OK;
}

static enum rc set_up(struct db *db)
{
    char text[640];
    struct database *database = db->database;
    sqlite3 *sqlite = handle(db);
    (void)sqlite3_extended_result_codes(sqlite, 1);
    (void)sqlite3_busy_timeout(sqlite, database->wait_ms);
    (void)sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_limit(sqlite, SQLITE_LIMIT_ATTACHED, 1); /* `vacuum into` attaches its target */
    (void)sqlite3_wal_hook(sqlite, after_commit, database);
    (void)snprintf(text, sizeof(text),
                   "pragma page_size = %d; pragma journal_mode = wal; pragma synchronous = %s;"
                   "pragma foreign_keys = on; pragma trusted_schema = off;"
                   "pragma cell_size_check = on; pragma mmap_size = 0; pragma cache_size = -%zu;"
                   "pragma temp_store = memory; pragma journal_size_limit = %zu;"
                   "pragma secure_delete = fast;",
                   PAGE_BYTES, database->is_scratch ? "off" : "full", database->cache_bytes / 1024,
                   database->wal_max_bytes);
    return rc_of(db, sqlite3_exec(sqlite, text, NULL, NULL, NULL));
}

static enum rc sqlite_open(struct db *db)
{
    struct database *database = db->database;
    if (!database->version[0]) /* by database_open, before any other thread looks */
        (void)snprintf(database->version, sizeof(database->version), "SQLite %s",
                       sqlite3_libversion());
    if (!is_version_safe())
        return RC_INVALID;
    sqlite3 *sqlite = NULL;
    const char *file = database->file.len ? database->file.at : ":memory:";
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int code = sqlite3_open_v2(file, &sqlite, flags, NULL);
    db->handle = sqlite;
    if (code != SQLITE_OK)
        return rc_of(db, code);
    return set_up(db);
}

static void sqlite_close(struct db *db)
{
    int code = sqlite3_close(handle(db));
    assert(code == SQLITE_OK); /* a statement was left open */
    (void)code;
    db->handle = NULL;
}

static bool sqlite_is_alive(struct db *db)
{
    (void)db;
    return true;
}

/* ---- statements ---- */

static enum rc sqlite_exec(struct db *db, const char *text)
{
    enum rc rc = rc_of(db, sqlite3_exec(handle(db), text, NULL, NULL, NULL));
    /* A commit that met an error of the disk may stand in the log or not. */
    if (rc == RC_BROKEN && strcmp(text, "commit") == 0 &&
        (sqlite3_errcode(handle(db)) & 0xff) == SQLITE_IOERR)
        return RC_UNSURE;
    return rc;
}

static enum rc sqlite_prepare(struct db *db, struct stmt *stmt, struct str text)
{
    sqlite3_stmt *prepared = NULL;
    int code = sqlite3_prepare_v3(handle(db), text.at, (int)text.len, SQLITE_PREPARE_PERSISTENT,
                                  &prepared, NULL);
    stmt->handle = prepared;
    return rc_of(db, code);
}

static bool has_slot(const struct stmt *stmt, int slot)
{
    return slot <= sqlite3_bind_parameter_count(stmt->handle);
}

static void must(int code)
{
    assert(code == SQLITE_OK);
    (void)code;
}

static void sqlite_bind_null(struct stmt *stmt, int slot)
{
    if (has_slot(stmt, slot))
        must(sqlite3_bind_null(stmt->handle, slot));
}

static void sqlite_bind_i64(struct stmt *stmt, int slot, int64_t value)
{
    if (has_slot(stmt, slot))
        must(sqlite3_bind_int64(stmt->handle, slot, value));
}

static void sqlite_bind_bytes(struct stmt *stmt, int slot, struct str value, bool is_blob)
{
    if (!has_slot(stmt, slot))
        return;
    const char *at = value.len ? value.at : "";
    /* A stream outlives the call that bound its values. */
    sqlite3_destructor_type life = stmt->is_stream ? SQLITE_TRANSIENT : SQLITE_STATIC;
    int code = is_blob ? sqlite3_bind_blob64(stmt->handle, slot, at, value.len, life)
                       : sqlite3_bind_text64(stmt->handle, slot, at, value.len, life, SQLITE_UTF8);
    must(code);
}

static enum rc sqlite_step(struct stmt *stmt)
{
    int code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW)
        return RC_OK;
    if (code == SQLITE_DONE)
        return RC_MISSING;
    enum rc rc = rc_of(stmt->db, code);
    return rc == RC_OK ? RC_BROKEN : rc;
}

static void sqlite_reset(struct stmt *stmt)
{
    (void)sqlite3_reset(stmt->handle); /* repeats the failure of the step */
    (void)sqlite3_clear_bindings(stmt->handle);
}

static void sqlite_finish(struct stmt *stmt)
{
    (void)sqlite3_finalize(stmt->handle);
    stmt->handle = NULL;
}

static int sqlite_columns(struct stmt *stmt)
{
    return sqlite3_column_count(stmt->handle);
}

static bool sqlite_is_null(struct stmt *stmt, int column)
{
    return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

static bool sqlite_get_i64(struct stmt *stmt, int column, int64_t *out)
{
    if (sqlite3_column_type(stmt->handle, column) != SQLITE_INTEGER)
        return false;
    *out = sqlite3_column_int64(stmt->handle, column);
    return true;
}

static struct str sqlite_get_bytes(struct stmt *stmt, int column)
{
    const char *at = sqlite3_column_blob(stmt->handle, column);
    int len = sqlite3_column_bytes(stmt->handle, column);
    return (struct str){at ? at : "", (size_t)len};
}

static int64_t sqlite_changed(struct stmt *stmt)
{
    return sqlite3_changes64(handle(stmt->db));
}

static int64_t sqlite_rowid(struct stmt *stmt)
{
    return sqlite3_last_insert_rowid(handle(stmt->db));
}

/* ---- what it says of a text ---- */

static enum rc sqlite_describe(struct db *db, struct stmt *stmt, struct arena *arena,
                               struct db_described *out)
{
    sqlite3_stmt *prepared = stmt->handle;
    int len = sqlite3_column_count(prepared);
    out->columns_len = (size_t)len;
    out->columns = NEW_ARRAY(arena, struct db_described_column, (size_t)len);
    out->is_write = !sqlite3_stmt_readonly(prepared);
    for (int i = 0; i < len; i++) {
        struct db_described_column *column = &out->columns[i];
        column->name = str_c(arena, str_of(sqlite3_column_name(prepared, i)));
        const char *type = sqlite3_column_decltype(prepared, i);
        column->type = type ? str_c(arena, str_of(type)) : NULL;
        const char *table = sqlite3_column_table_name(prepared, i);
        int not_null = 1, is_key = 0;
        if (table && sqlite3_table_column_metadata(handle(db), NULL, table,
                                                   sqlite3_column_origin_name(prepared, i), NULL,
                                                   NULL, &not_null, &is_key, NULL) == SQLITE_OK)
            column->is_nullable = !not_null && !is_key;
    }
    return RC_OK;
}

const struct driver db__sqlite = {
    .open = sqlite_open,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .prepare = sqlite_prepare,
    .bind_null = sqlite_bind_null,
    .bind_i64 = sqlite_bind_i64,
    .bind_bytes = sqlite_bind_bytes,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .finish = sqlite_finish,
    .columns = sqlite_columns,
    .is_null = sqlite_is_null,
    .get_i64 = sqlite_get_i64,
    .get_bytes = sqlite_get_bytes,
    .changed = sqlite_changed,
    .rowid = sqlite_rowid,
    .is_alive = sqlite_is_alive,
    .describe = sqlite_describe,
};
