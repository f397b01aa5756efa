/* db_bulk: many rows by one insert statement. SQLite runs the prepared statement for each row,
 * which costs no more than its storage; PostgreSQL gets one array a column and unnests them, since
 * there a statement is a trip over the network. */
#include "db/db_int.h"

enum { ARRAY_ROWS = 5000 };

enum rc db_cache(struct db *db, size_t bytes)
{
    char text[64];
    size_t wanted = bytes ? bytes : db->database->cache_bytes;
    if (db_engine(db) != DB_SQLITE)
        return RC_OK;
    (void)snprintf(text, sizeof(text), "pragma cache_size = -%zu", wanted / 1024);
    return db__exec(db, text);
}

static enum rc drain(struct stmt *stmt, struct arena *arena, struct i64_list *returned)
{
    enum rc rc;
    while ((rc = stmt__step(stmt)) == RC_OK) {
        int64_t value;
        if (!returned)
            continue;
        if (!stmt->db->driver->get_i64(stmt, 0, &value))
            return db__broken(stmt->db, stmt->query->name, "a returned value is not an integer");
        VEC_PUSH(arena, returned, value);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc by_row(struct stmt *stmt, const char *rows, size_t rows_len, struct arena *arena,
                      struct i64_list *returned, int64_t *changed)
{
    for (size_t i = 0; i < rows_len; i++) {
        stmt__bind_inputs(stmt, NULL, rows + i * stmt->query->in_bytes);
        TRY(drain(stmt, arena, returned));
        if (returned && stmt->query->is_rowid)
            VEC_PUSH(arena, returned, stmt->db->driver->rowid(stmt));
        *changed += stmt->db->driver->changed(stmt);
        stmt__reset(stmt);
    }
    return RC_OK;
}

static enum rc by_column(struct stmt *stmt, const char *rows, size_t rows_len, struct arena *arena,
                         struct i64_list *returned, int64_t *changed)
{
    const struct db_query *query = stmt->query;
    for (size_t done = 0; done < rows_len;) {
        size_t len = rows_len - done < ARRAY_ROWS ? rows_len - done : ARRAY_ROWS;
        const char *at = rows + done * query->in_bytes;
        for (size_t i = 0; i < query->in_len; i++)
            stmt->db->driver->bind_array(stmt, (int)i + 1, &query->in[i], at, len);
        TRY(drain(stmt, arena, returned));
        *changed += stmt->db->driver->changed(stmt);
        stmt__reset(stmt);
        done += len;
    }
    return RC_OK;
}

static enum rc insert(struct db *db, const struct db_query *query, const void *rows,
                      size_t rows_len, struct arena *arena, struct i64_list *returned,
                      int64_t *changed)
{
    struct db_variant variant = {.scope = DB_SEE_ALL, .kind = DB_TEXT_PLAIN};
    struct stmt *stmt;
    TRY(stmt__open(db, query, &variant, &stmt));
    enum rc rc = db_engine(db) == DB_SQLITE
                     ? by_row(stmt, rows, rows_len, arena, returned, changed)
                     : by_column(stmt, rows, rows_len, arena, returned, changed);
    stmt__close(stmt);
    return rc;
}

enum rc db_bulk(struct db *db, const struct db_query *query, const void *rows, size_t rows_len,
                struct arena *arena, struct i64_list *out_returned, int64_t *out_changed)
{
    int64_t changed = 0;
    struct i64_list returned = {0};
    assert(query->is_bulk);
    TRY(db_begin(db));
    enum rc rc =
        insert(db, query, rows, rows_len, arena, out_returned ? &returned : NULL, &changed);
    if (rc != RC_OK) {
        db_rollback(db);
        return rc;
    }
    TRY(db_commit(db));
    if (out_changed)
        *out_changed = changed;
    if (out_returned)
        *out_returned = returned;
    return RC_OK;
}
