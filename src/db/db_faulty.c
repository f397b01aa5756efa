/* db_faulty: a driver over a driver that fails the n-th statement, so that a test can fail every
 * one of a sequence in turn and look whether something was left half-done. */
#include "db/db_int.h"

void db_faulty_arm(struct db *db, int n, enum db_failure failure)
{
    if (db->driver != &db__faulty)
        db->inner = db->driver;
    db->driver = n > 0 ? &db__faulty : db->inner;
    db->faulty_n = n;
    db->faulty_seen = 0;
    db->has_fired = false;
    db->failure = failure;
}

bool db_faulty_fired(const struct db *db)
{
    return db->has_fired;
}

int db_faulty_seen(const struct db *db)
{
    return db->faulty_seen;
}

static bool is_due(struct db *db)
{
    if (++db->faulty_seen != db->faulty_n)
        return false;
    db->has_fired = true;
    return true;
}

/* The transaction ends without effect, as when the connection goes. */
static enum rc lose(struct db *db)
{
    if (db->depth > 0)
        (void)db->inner->exec(db, "rollback");
    db->is_lost = true;
    return RC_BUSY;
}

static enum rc fail_now(struct db *db)
{
    switch (db->failure) {
    case DB_FAIL_FULL: return RC_FULL;
    case DB_FAIL_LOST: return lose(db);
    default: return RC_BUSY;
    }
}

static enum rc faulty_exec(struct db *db, const char *text)
{
    bool is_commit = str_ends(str_of(text), STR("commit"));
    if (strcmp(text, "rollback") == 0 || !is_due(db))
        return db->inner->exec(db, text);
    if (db->failure == DB_FAIL_COMMIT_APPLIED) {
        TRY(db->inner->exec(db, text));
        return is_commit ? RC_UNSURE : RC_OK;
    }
    if (is_commit && db->failure == DB_FAIL_LOST) {
        (void)db->inner->exec(db, "rollback");
        db->is_lost = true;
        return RC_UNSURE;
    }
    return fail_now(db);
}

static enum rc faulty_step(struct stmt *stmt)
{
    struct db *db = stmt->db;
    if (db->is_lost)
        return RC_BUSY;
    if (!stmt->is_started && is_due(db) && db->failure != DB_FAIL_COMMIT_APPLIED)
        return fail_now(db);
    return db->inner->step(stmt);
}

static bool faulty_is_alive(struct db *db)
{
    db->is_lost = false; /* as if opened anew */
    return db->inner->is_alive(db);
}

static enum rc faulty_open(struct db *db)
{
    return db->inner->open(db);
}
static void faulty_close(struct db *db)
{
    db->inner->close(db);
}
static enum rc faulty_prepare(struct db *db, struct stmt *stmt, struct str text)
{
    return db->inner->prepare(db, stmt, text);
}
static void faulty_bind_null(struct stmt *stmt, int slot)
{
    stmt->db->inner->bind_null(stmt, slot);
}
static void faulty_bind_i64(struct stmt *stmt, int slot, int64_t value)
{
    stmt->db->inner->bind_i64(stmt, slot, value);
}
static void faulty_bind_bytes(struct stmt *stmt, int slot, struct str value, bool is_blob)
{
    stmt->db->inner->bind_bytes(stmt, slot, value, is_blob);
}
static void faulty_bind_array(struct stmt *stmt, int slot, const struct db_field *field,
                              const void *rows, size_t rows_len)
{
    stmt->db->inner->bind_array(stmt, slot, field, rows, rows_len);
}
static void faulty_reset(struct stmt *stmt)
{
    stmt->db->inner->reset(stmt);
}
static void faulty_finish(struct stmt *stmt)
{
    stmt->db->inner->finish(stmt);
}
static int faulty_columns(struct stmt *stmt)
{
    return stmt->db->inner->columns(stmt);
}
static bool faulty_is_null(struct stmt *stmt, int column)
{
    return stmt->db->inner->is_null(stmt, column);
}
static bool faulty_get_i64(struct stmt *stmt, int column, int64_t *out)
{
    return stmt->db->inner->get_i64(stmt, column, out);
}
static struct str faulty_get_bytes(struct stmt *stmt, int column)
{
    return stmt->db->inner->get_bytes(stmt, column);
}
static int64_t faulty_changed(struct stmt *stmt)
{
    return stmt->db->inner->changed(stmt);
}
static int64_t faulty_rowid(struct stmt *stmt)
{
    return stmt->db->inner->rowid(stmt);
}
static enum rc faulty_describe(struct db *db, struct stmt *stmt, struct arena *arena,
                               struct db_described *out)
{
    return db->inner->describe(db, stmt, arena, out);
}

const struct driver db__faulty = {
    .open = faulty_open,
    .close = faulty_close,
    .exec = faulty_exec,
    .prepare = faulty_prepare,
    .bind_null = faulty_bind_null,
    .bind_i64 = faulty_bind_i64,
    .bind_bytes = faulty_bind_bytes,
    .bind_array = faulty_bind_array,
    .step = faulty_step,
    .reset = faulty_reset,
    .finish = faulty_finish,
    .columns = faulty_columns,
    .is_null = faulty_is_null,
    .get_i64 = faulty_get_i64,
    .get_bytes = faulty_get_bytes,
    .changed = faulty_changed,
    .rowid = faulty_rowid,
    .is_alive = faulty_is_alive,
    .describe = faulty_describe,
};
