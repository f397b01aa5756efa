/* db_stmt: prepared statements of a connection. They are cached by query and variant, so running
 * one again costs a look-up, binding and stepping; the oldest goes when the cache is full. */
#include "db/db_int.h"

/* ---- the cache ---- */

static bool is_same(const struct stmt *stmt, const struct db_query *query,
                    const struct db_variant *variant)
{
    const struct db_variant *v = &stmt->variant;
    return stmt->query == query && v->scope == variant->scope && v->kind == variant->kind &&
           v->sort_i == variant->sort_i && v->is_descending == variant->is_descending &&
           v->has_cursor == variant->has_cursor &&
           memcmp(v->filters, variant->filters, sizeof(v->filters)) == 0;
}

static int *bucket_of(struct db *db, uint64_t hash)
{
    return &db->buckets[hash % DB_CACHE_BUCKETS];
}

static struct stmt *find(struct db *db, const struct db_query *query,
                         const struct db_variant *variant, uint64_t hash)
{
    for (int i = *bucket_of(db, hash); i != DB_NO_STMT; i = db->stmts[i].next)
        if (!db->stmts[i].is_used && is_same(&db->stmts[i], query, variant))
            return &db->stmts[i];
    return NULL;
}

static void forget(struct db *db, struct stmt *stmt)
{
    int i = (int)(stmt - db->stmts);
    int *at = bucket_of(db, stmt->hash);
    while (*at != i)
        at = &db->stmts[*at].next;
    *at = stmt->next;
    db->driver->finish(stmt);
    *stmt = (struct stmt){.next = DB_NO_STMT};
}

static struct stmt *free_place(struct db *db)
{
    if (db->stmts_len < DB_CACHE_MAX)
        return &db->stmts[db->stmts_len++];
    struct stmt *oldest = NULL;
    for (int i = 0; i < DB_CACHE_MAX; i++) {
        struct stmt *stmt = &db->stmts[i];
        if (!stmt->query)
            return stmt;
        if (!stmt->is_used && (!oldest || stmt->used_at < oldest->used_at))
            oldest = stmt;
    }
    assert(oldest); /* 256 statements open at once would be a leak */
    forget(db, oldest);
    return oldest;
}

void stmt__forget_all(struct db *db)
{
    for (int i = 0; i < db->stmts_len; i++) {
        struct stmt *stmt = &db->stmts[i];
        if (!stmt->query)
            continue;
        if (!stmt->is_used || db->is_closing)
            forget(db, stmt);
        else
            stmt->is_cached = false; /* its user closes it */
    }
}

/* ---- life ---- */

static enum rc refuse_unfit(struct db *db, const struct db_query *query)
{
    if (db->is_doomed)
        return db__broken(db, query->name, "a statement before it failed in this transaction");
    if (!query->is_write)
        return RC_OK;
    if (db->is_read_only)
        return db__broken(db, query->name, "a write inside a reading transaction");
    if (db->depth == 0 && db->open_reads > 0)
        return db__broken(db, query->name, "a write while a cursor is open outside a transaction");
    return RC_OK;
}

enum { TEXT_MAX = 256 << 10 };

static enum rc prepare(struct db *db, struct stmt *stmt)
{
    AUTO_BUF text = BUF(TEXT_MAX);
    db_query_text(stmt->query, &stmt->variant, db_engine(db), &text);
    assert(!text.is_over);
    return db->driver->prepare(db, stmt, buf_str(&text));
}

static enum rc failed(struct stmt *stmt, enum rc rc)
{
    struct db *db = stmt->db;
    if (rc == RC_BROKEN)
        (void)db__broken(db, stmt->query->name, db->message);
    db__doom(db);
    return rc;
}

enum rc stmt__open(struct db *db, const struct db_query *query, const struct db_variant *variant,
                   struct stmt **out)
{
    TRY(refuse_unfit(db, query));
    if (db->depth == 0 && db->open_reads == 0 && !db->driver->is_alive(db))
        return RC_BUSY;
    uint64_t hash = query__hash(query, variant);
    struct stmt *stmt = find(db, query, variant, hash);
    if (!stmt) {
        stmt = free_place(db);
        *stmt = (struct stmt){.db = db, .query = query, .variant = *variant, .hash = hash};
        enum rc rc = prepare(db, stmt);
        if (rc != RC_OK) {
            rc = failed(stmt, rc);
            *stmt = (struct stmt){.next = DB_NO_STMT};
            return rc;
        }
        stmt->is_cached = true;
        stmt->next = *bucket_of(db, hash);
        *bucket_of(db, hash) = (int)(stmt - db->stmts);
    }
    stmt->is_used = true;
    stmt->is_started = stmt->is_stream = false;
    stmt->is_write = query->is_write;
    stmt->used_at = ++db->tick;
    *out = stmt;
    return RC_OK;
}

static enum rc take_lane(struct stmt *stmt)
{
    struct db *db = stmt->db;
    if (!stmt->is_write || db->depth > 0 || stmt->has_lane || db_engine(db) != DB_SQLITE)
        return RC_OK;
    TRY(lane__take(&db->database->lane, db->database->wait_ms));
    stmt->has_lane = true;
    return RC_OK;
}

enum rc stmt__step(struct stmt *stmt)
{
    bool is_first = !stmt->is_started;
    if (is_first) {
        TRY(take_lane(stmt));
        if (stmt->is_write)
            kill_point(stmt->query->name);
    }
    enum rc rc = stmt->db->driver->step(stmt);
    stmt->is_started = true;
    if (rc != RC_OK && rc != RC_MISSING)
        return failed(stmt, rc);
    if (is_first && stmt->is_write)
        kill_point(stmt->query->name);
    return rc;
}

void stmt__reset(struct stmt *stmt)
{
    stmt->db->driver->reset(stmt);
    stmt->is_started = false;
}

void stmt__close(struct stmt *stmt)
{
    struct db *db = stmt->db;
    db->driver->reset(stmt);
    if (stmt->has_lane)
        lane__give(&db->database->lane);
    stmt->has_lane = stmt->is_used = stmt->is_started = false;
    if (stmt->is_read_open)
        db->open_reads--;
    stmt->is_read_open = false;
    if (!stmt->is_cached)
        forget(db, stmt);
}

void stmt__drop(struct stmt *stmt)
{
    stmt->is_cached = false;
    stmt__close(stmt);
}

/* ---- values ---- */

static void bind_list(struct stmt *stmt, int slot, const struct db_field *field, const char *at)
{
    const struct driver *driver = stmt->db->driver;
    bool is_text = field->type == DB_TEXT_LIST;
    const struct str_list *texts = (const void *)at;
    const struct i64_list *numbers = (const void *)at;
    size_t len = is_text ? texts->len : numbers->len;
    if (len == 0)
        return;
    size_t rounded = 1;
    while (rounded < len)
        rounded *= 2;
    for (size_t i = 0; i < rounded; i++) { /* the last value again fills up the text */
        size_t from = i < len ? i : len - 1;
        if (is_text)
            driver->bind_bytes(stmt, slot + (int)i, texts->at[from], false);
        else
            driver->bind_i64(stmt, slot + (int)i, numbers->at[from]);
    }
}

static void bind_field(struct stmt *stmt, int slot, const struct db_field *field, const void *in)
{
    const struct driver *driver = stmt->db->driver;
    const char *at = (const char *)in + field->offset;
    const struct str *bytes = (const void *)at;
    const struct opt_i64 *number = (const void *)at;
    switch (field->type) {
    case DB_I64: driver->bind_i64(stmt, slot, *(const int64_t *)(const void *)at); break;
    case DB_BOOL: driver->bind_i64(stmt, slot, *(const bool *)(const void *)at); break;
    case DB_TEXT:
    case DB_BLOB: driver->bind_bytes(stmt, slot, *bytes, field->type == DB_BLOB); break;
    case DB_OPT_TEXT:
    case DB_OPT_BLOB:
        if (bytes->at)
            driver->bind_bytes(stmt, slot, *bytes, field->type == DB_OPT_BLOB);
        else
            driver->bind_null(stmt, slot);
        break;
    case DB_OPT_I64:
    case DB_OPT_BOOL:
        if (number->has)
            driver->bind_i64(stmt, slot, number->v);
        else
            driver->bind_null(stmt, slot);
        break;
    case DB_TEXT_LIST:
    case DB_I64_LIST: bind_list(stmt, slot, field, at); break;
    }
}

void stmt__bind_inputs(struct stmt *stmt, const struct db_viewer *viewer, const void *in)
{
    const struct db_query *query = stmt->query;
    const struct driver *driver = stmt->db->driver;
    int slot = 1;
    for (size_t i = 0; i < query->in_len; i++) {
        const struct db_field *field = &query->in[i];
        bool is_list = field->type == DB_TEXT_LIST || field->type == DB_I64_LIST;
        if (i < query->filters_from || stmt->variant.filters[i - query->filters_from])
            bind_field(stmt, slot, field, in);
        slot += is_list ? DB_LIST_MAX : 1;
    }
    if (stmt->variant.scope == DB_SEE_BRANCHES)
        driver->bind_i64(stmt, slot - 1 + SLOT_USER, viewer->user_id);
    if (stmt->variant.scope == DB_SEE_PARTNER)
        driver->bind_i64(stmt, slot - 1 + SLOT_PARTNER, viewer->partner_id);
}

static enum rc bad_column(struct stmt *stmt, const struct db_field *field, const char *why)
{
    char text[160];
    (void)snprintf(text, sizeof(text), "column %s: %s", field->name, why);
    (void)db__broken(stmt->db, stmt->query->name, text);
    return RC_BROKEN;
}

static enum rc read_field(struct stmt *stmt, int column, const struct db_field *field,
                          struct arena *arena, void *row)
{
    const struct driver *driver = stmt->db->driver;
    char *at = (char *)row + field->offset;
    bool is_null = driver->is_null(stmt, column);
    bool may_be_null = field->type == DB_OPT_I64 || field->type == DB_OPT_TEXT ||
                       field->type == DB_OPT_BLOB || field->type == DB_OPT_BOOL;
    if (is_null && !may_be_null)
        return bad_column(stmt, field, "null where the row does not allow it");
    if (is_null)
        return RC_OK; /* the row was zeroed: absent */
    int64_t number = 0;
    bool is_number = field->type == DB_I64 || field->type == DB_BOOL || field->type == DB_OPT_I64 ||
                     field->type == DB_OPT_BOOL;
    if (is_number && !driver->get_i64(stmt, column, &number))
        return bad_column(stmt, field, "not an integer");
    if (field->type == DB_I64)
        *(int64_t *)(void *)at = number;
    else if (field->type == DB_BOOL)
        *(bool *)(void *)at = number != 0;
    else if (is_number)
        *(struct opt_i64 *)(void *)at = SOME(number);
    else {
        struct str bytes = driver->get_bytes(stmt, column);
        *(struct str *)(void *)at = arena ? str_dup(arena, bytes) : bytes;
    }
    return RC_OK;
}

enum rc stmt__read_row(struct stmt *stmt, struct arena *arena, void *out_row)
{
    const struct db_query *query = stmt->query;
    memset(out_row, 0, query->row_bytes);
    for (size_t i = 0; i < query->row_len; i++)
        TRY(read_field(stmt, (int)i, &query->row[i], arena, out_row));
    return RC_OK;
}
