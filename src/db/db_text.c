/* db_text: puts the text of a statement together from the fragments that sqlc wrote. What is in
 * the text depends on who looks, which filters are given and how a list is sorted, never on a
 * value; a statement is cached under that choice, so a hit composes nothing. */
#include "db/db_int.h"

static bool is_list(enum db_type type)
{
    return type == DB_TEXT_LIST || type == DB_I64_LIST;
}

int query__slot(const struct db_query *query, size_t field_i)
{
    int slot = 1;
    for (size_t i = 0; i < field_i; i++)
        slot += is_list(query->in[i].type) ? DB_LIST_MAX : 1;
    return slot;
}

int query__slots(const struct db_query *query)
{
    return query__slot(query, query->in_len) - 1;
}

enum db_type query__slot_type(const struct db_query *query, const struct db_variant *variant,
                              int slot)
{
    int inputs = query__slots(query);
    if (slot == inputs + SLOT_KEY && query->sorts_len)
        return query->sorts[variant->sort_i].type;
    if (slot > inputs)
        return DB_I64;
    for (size_t i = query->in_len; i > 0; i--) {
        enum db_type type = query->in[i - 1].type;
        if (query__slot(query, i - 1) <= slot)
            return type == DB_TEXT_LIST ? DB_TEXT : type == DB_I64_LIST ? DB_I64 : type;
    }
    return DB_I64;
}

static size_t values_len(size_t len) /* rounded up so that few texts exist */
{
    size_t rounded = 1;
    while (rounded < len)
        rounded *= 2;
    return rounded;
}

static uint8_t filter_state(const struct db_field *field, const void *in)
{
    const char *at = (const char *)in + field->offset;
    size_t len = 0;
    switch (field->type) {
    case DB_TEXT_LIST: len = ((const struct str_list *)(const void *)at)->len; break;
    case DB_I64_LIST: len = ((const struct i64_list *)(const void *)at)->len; break;
    case DB_OPT_I64:
    case DB_OPT_BOOL: return ((const struct opt_i64 *)(const void *)at)->has;
    case DB_OPT_TEXT:
    case DB_OPT_BLOB: return ((const struct str *)(const void *)at)->at != NULL;
    default: assert(false); /* a filter that cannot be absent */
    }
    assert(len <= DB_LIST_MAX);
    uint8_t state = 0;
    for (size_t n = len ? values_len(len) : 0; n; n /= 2)
        state++;
    return state;
}

void query__variant(const struct db_query *query, const struct db_viewer *viewer, const void *in,
                    struct db_variant *out)
{
    *out = (struct db_variant){.scope = viewer ? viewer->scope : DB_SEE_ALL, .kind = DB_TEXT_PLAIN};
    for (size_t i = query->filters_from; i < query->in_len; i++)
        out->filters[i - query->filters_from] = filter_state(&query->in[i], in);
}

uint64_t query__hash(const struct db_query *query, const struct db_variant *variant)
{
    uint64_t hash = (uint64_t)(uintptr_t)query * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t bits = (uint64_t)variant->scope | (uint64_t)variant->kind << 4 |
                    (uint64_t)variant->is_descending << 8 | (uint64_t)variant->has_cursor << 9 |
                    (uint64_t)(unsigned)variant->sort_i << 10;
    hash = (hash ^ bits) * UINT64_C(0xD6E8FEB86659FD93);
    for (size_t i = query->filters_from; i < query->in_len; i++)
        hash = (hash ^ variant->filters[i - query->filters_from]) * UINT64_C(0x100000001B3);
    return hash ^ hash >> 32;
}

static void put_slot(struct buf *out, int slot)
{
    buf_char(out, '?');
    buf_i64(out, slot);
}

static void put_values(const struct db_query *query, const struct db_variant *variant, int filter,
                       struct buf *out)
{
    int slot = query__slot(query, query->filters_from + (size_t)filter);
    int len = 1 << (variant->filters[filter] - 1);
    for (int i = 0; i < len; i++) {
        if (i)
            buf_put(out, STR(", "));
        put_slot(out, slot + i);
    }
}

/* "p.name_sort" and "p.id". */
static bool is_of_one_table(const char *key, const char *id)
{
    size_t len = strcspn(key, ".");
    return key[len] == '.' && strncmp(key, id, len + 1) == 0;
}

static void put_page(const struct db_query *query, const struct db_variant *variant,
                     struct buf *out)
{
    int hidden = query__slots(query);
    if (variant->kind == DB_TEXT_COUNT) {
        buf_put(out, STR(" limit "));
        put_slot(out, hidden + SLOT_LIMIT);
        buf_put(out, STR(") counted"));
        return;
    }
    const char *key = query->sorts[variant->sort_i].key;
    if (variant->has_cursor && !is_of_one_table(key, query->id)) {
        /* a row value over two tables is no condition of either, so the key's own one is said too
         */
        buf_printf(out, " and %s %c= ", key, variant->is_descending ? '<' : '>');
        put_slot(out, hidden + SLOT_KEY);
    }
    if (variant->has_cursor) {
        /* a row value, so that both engines seek in the index instead of skipping rows */
        buf_printf(out, " and (%s, %s) %c (", key, query->id, variant->is_descending ? '<' : '>');
        put_slot(out, hidden + SLOT_KEY);
        buf_put(out, STR(", "));
        put_slot(out, hidden + SLOT_ID);
        buf_char(out, ')');
    }
    const char *direction = variant->is_descending ? " desc" : "";
    buf_printf(out, " order by %s%s, %s%s", key, direction, query->id, direction);
    if (variant->kind == DB_TEXT_PAGE) {
        buf_put(out, STR(" limit "));
        put_slot(out, hidden + SLOT_LIMIT);
    }
}

static void put_part(const struct db_query *query, const struct db_variant *variant,
                     const struct db_part *part, struct buf *out)
{
    bool is_count = variant->kind == DB_TEXT_COUNT;
    struct str text = str_of(part->text);
    switch (part->when) {
    case DB_ALWAYS: buf_put(out, text); break;
    case DB_WHEN_SCOPE:
        if (part->arg == (int)variant->scope)
            buf_put(out, text);
        break;
    case DB_WHEN_FILTER:
        if (variant->filters[part->arg])
            buf_put(out, text);
        break;
    case DB_FILTER_VALUES:
        if (variant->filters[part->arg])
            put_values(query, variant, part->arg, out);
        break;
    case DB_SELECT_LIST: buf_put(out, is_count ? STR("1") : text); break;
    case DB_PAGE_KEYS:
        if (variant->kind == DB_TEXT_PAGE)
            buf_printf(out, ", %s, %s", query->sorts[variant->sort_i].key, query->id);
        break;
    case DB_PAGE: put_page(query, variant, out); break;
    }
}

void db_query_text(const struct db_query *query, const struct db_variant *variant,
                   enum db_engine engine, struct buf *out)
{
    const struct db_part *part = query->parts;
    if (engine == DB_POSTGRES && query->pg_parts)
        part = query->pg_parts;
    if (variant->kind == DB_TEXT_COUNT)
        buf_put(out, STR("select count(*) from ("));
    for (; part->when; part++)
        put_part(query, variant, part, out);
}
