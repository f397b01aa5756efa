/* db_list: pages of a list by keyset: the cursor is the sort key and id of a row, so the page after
 * it costs the same at any depth and rows that come or go meanwhile shift nothing. Offsets were
 * rejected for both reasons. A cursor is base64url of: version, sort, key type, id (8 bytes), key,
 * CRC-32C; it is checked, not secret. */
#include "db/db_int.h"

enum {
    CURSOR_VERSION = 1,
    CURSOR_HEAD = 11,
    CURSOR_CRC = 4,
    CURSOR_MAX = 4096,
    LIMIT_DEFAULT = 50
};

struct place {      /* where a cursor stands */
    struct str key; /* of text sorts */
    int64_t number; /* of integer sorts */
    int64_t id;
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str base64url(struct arena *arena, const unsigned char *at, size_t len)
{
    size_t text_len = (len * 4 + 2) / 3;
    char *text = arena_alloc(arena, text_len + 1);
    for (size_t i = 0; i < text_len; i++) {
        size_t bit = i * 6, byte = bit / 8, shift = bit % 8;
        unsigned pair = (unsigned)at[byte] << 8 | (byte + 1 < len ? at[byte + 1] : 0U);
        text[i] = digits[pair >> (10 - shift) & 63];
    }
    return (struct str){text, text_len};
}

static bool base64url_read(struct str text, unsigned char *out, size_t *out_len)
{
    unsigned bits = 0;
    int have = 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.at[i] ? strchr(digits, text.at[i]) : NULL;
        if (!digit)
            return false;
        bits = bits << 6 | (unsigned)(digit - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[len++] = (unsigned char)(bits >> have);
        }
        bits &= (1U << have) - 1;
    }
    *out_len = len;
    return bits == 0 && have < 6;
}

static void put_number(unsigned char *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t get_number(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static struct str cursor_write(struct arena *arena, int sort_i, enum db_type type,
                               struct place place)
{
    unsigned char number[8];
    put_number(number, (uint64_t)place.number, 8);
    struct str key = type == DB_I64 ? (struct str){(const char *)number, 8} : place.key;
    size_t len = CURSOR_HEAD + key.len;
    unsigned char *at = arena_alloc(arena, len + CURSOR_CRC);
    at[0] = CURSOR_VERSION;
    at[1] = (unsigned char)sort_i;
    at[2] = (unsigned char)type;
    put_number(at + 3, (uint64_t)place.id, 8);
    if (key.len)
        memcpy(at + CURSOR_HEAD, key.at, key.len);
    put_number(at + len, crc32c(0, at, len), CURSOR_CRC);
    return base64url(arena, at, len + CURSOR_CRC);
}

static bool cursor_read(struct arena *arena, struct str text, int sort_i, enum db_type type,
                        struct place *out)
{
    size_t len = 0;
    if (text.len > CURSOR_MAX * 4 / 3)
        return false;
    unsigned char *at = arena_alloc(arena, text.len + 1);
    if (!base64url_read(text, at, &len) || len < CURSOR_HEAD + CURSOR_CRC)
        return false;
    len -= CURSOR_CRC;
    if (get_number(at + len, CURSOR_CRC) != crc32c(0, at, len))
        return false;
    if (at[0] != CURSOR_VERSION || at[1] != sort_i || at[2] != (unsigned char)type)
        return false;
    out->id = (int64_t)get_number(at + 3, 8);
    struct str key = {(const char *)at + CURSOR_HEAD, len - CURSOR_HEAD};
    if (type == DB_I64 && key.len != 8)
        return false;
    if (type == DB_I64)
        out->number = (int64_t)get_number(at + CURSOR_HEAD, 8);
    out->key = key;
    return true;
}

int list_sort_find(const char *const *sorts, struct str name)
{
    for (int i = 0; sorts[i]; i++)
        if (str_eq(name, str_of(sorts[i])))
            return i;
    return -1;
}

/* ---- a page ---- */

struct page_run {
    const struct db_query *query;
    struct arena *arena;
    enum db_type key_type;
    size_t limit;
    struct place first, last;
    char *at;
    size_t len, cap;
    bool has_more;
};

static enum rc read_place(const struct page_run *run, struct stmt *stmt, struct place *out)
{
    const struct driver *driver = stmt->db->driver;
    int column = (int)run->query->row_len;
    bool is_fine = driver->get_i64(stmt, column + 1, &out->id) && !driver->is_null(stmt, column);
    if (is_fine && run->key_type == DB_I64)
        is_fine = driver->get_i64(stmt, column, &out->number);
    else if (is_fine)
        out->key = str_dup(run->arena, driver->get_bytes(stmt, column));
    return is_fine ? RC_OK : db__broken(stmt->db, run->query->name, "a sort key is null");
}

static enum rc read_page(struct page_run *run, struct stmt *stmt)
{
    size_t row_bytes = run->query->row_bytes;
    enum rc rc;
    while ((rc = stmt__step(stmt)) == RC_OK) {
        if (run->len == run->limit) {
            run->has_more = true; /* one row more was asked for to know this */
            continue;
        }
        if (run->len == run->cap)
            run->at = vec_grow(run->arena, run->at, run->len, &run->cap, row_bytes);
        TRY(stmt__read_row(stmt, run->arena, run->at + run->len * row_bytes));
        TRY(read_place(run, stmt, &run->last));
        if (run->len == 0)
            run->first = run->last;
        run->len++;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static void turn_around(struct page_run *run)
{
    size_t bytes = run->query->row_bytes;
    char *spare = arena_alloc(run->arena, bytes);
    for (size_t i = 0, j = run->len; i + 1 < j; i++) {
        j--;
        memcpy(spare, run->at + i * bytes, bytes);
        memcpy(run->at + i * bytes, run->at + j * bytes, bytes);
        memcpy(run->at + j * bytes, spare, bytes);
    }
    struct place first = run->first;
    run->first = run->last;
    run->last = first;
}

static void finish_page(struct page_run *run, const struct list_page *page, struct db_page *out)
{
    if (page->is_backward)
        turn_around(run);
    bool has_cursor = page->cursor.at != NULL;
    *out = (struct db_page){.at = run->at, .len = run->len};
    out->has_next = page->is_backward ? has_cursor : run->has_more;
    out->has_prev = page->is_backward ? run->has_more : has_cursor;
    if (out->has_next)
        out->next = cursor_write(run->arena, page->sort_i, run->key_type, run->last);
    if (out->has_prev)
        out->prev = cursor_write(run->arena, page->sort_i, run->key_type, run->first);
}

static void bind_page(struct stmt *stmt, const struct page_run *run, const struct place *place)
{
    const struct driver *driver = stmt->db->driver;
    int hidden = query__slots(run->query);
    driver->bind_i64(stmt, hidden + SLOT_LIMIT, (int64_t)run->limit + 1);
    if (!stmt->variant.has_cursor)
        return;
    driver->bind_i64(stmt, hidden + SLOT_ID, place->id);
    if (run->key_type == DB_I64)
        driver->bind_i64(stmt, hidden + SLOT_KEY, place->number);
    else
        driver->bind_bytes(stmt, hidden + SLOT_KEY, place->key, run->key_type == DB_BLOB);
}

enum rc db_list(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                const void *in, const struct list_page *page, struct arena *arena,
                struct fault *fault, struct db_page *out)
{
    if (page->sort_i < 0 || (size_t)page->sort_i >= query->sorts_len)
        return fault_add(fault, RC_INVALID, "sort", "The list cannot be sorted by this.", NULL);
    if (page->limit < 0 || page->limit > LIST_LIMIT_MAX)
        return fault_add(fault, RC_INVALID, "limit", "A page has 1 to 1000 rows.", NULL);
    struct page_run run = {.query = query,
                           .arena = arena,
                           .key_type = query->sorts[page->sort_i].type,
                           .limit = page->limit ? (size_t)page->limit : LIMIT_DEFAULT};
    struct place place = {0};
    struct db_variant variant;
    query__variant(query, viewer, in, &variant);
    variant.kind = DB_TEXT_PAGE;
    variant.sort_i = page->sort_i;
    variant.is_descending = page->is_descending != page->is_backward;
    variant.has_cursor = page->cursor.at != NULL;
    if (variant.has_cursor && !cursor_read(arena, page->cursor, page->sort_i, run.key_type, &place))
        return fault_add(fault, RC_INVALID, "cursor", "This page address is not valid any more.",
                         NULL);
    struct stmt *stmt;
    TRY(stmt__open(db, query, &variant, &stmt));
    stmt__bind_inputs(stmt, viewer, in);
    bind_page(stmt, &run, &place);
    run.first = run.last = place; /* an empty page still leads back to where it came from */
    enum rc rc = read_page(&run, stmt);
    stmt__close(stmt);
    if (rc == RC_OK)
        finish_page(&run, page, out);
    return rc;
}

enum rc db_list_count(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                      const void *in, int64_t limit, int64_t *out)
{
    struct db_variant variant;
    query__variant(query, viewer, in, &variant);
    variant.kind = DB_TEXT_COUNT;
    struct stmt *stmt;
    TRY(stmt__open(db, query, &variant, &stmt));
    stmt__bind_inputs(stmt, viewer, in);
    db->driver->bind_i64(stmt, query__slots(query) + SLOT_LIMIT, limit);
    int64_t count = 0;
    enum rc rc = stmt__step(stmt);
    if (rc == RC_OK && !db->driver->get_i64(stmt, 0, &count))
        rc = db__broken(db, query->name, "the count is not an integer");
    stmt__close(stmt);
    if (rc == RC_OK)
        *out = count;
    return rc;
}

enum rc db_list_each(struct db *db, const struct db_query *query, const struct db_viewer *viewer,
                     const void *in, const struct list_page *page, struct cursor *out)
{
    struct db_variant variant;
    assert(page->sort_i >= 0 && (size_t)page->sort_i < query->sorts_len);
    query__variant(query, viewer, in, &variant);
    variant.kind = DB_TEXT_EACH;
    variant.sort_i = page->sort_i;
    variant.is_descending = page->is_descending;
    return stmt__stream(db, query, &variant, viewer, in, out);
}
