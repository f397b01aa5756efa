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

/* What is being written: the whole statement, or the part of a page that belongs to one value. */
struct writing {
    const struct db_query *query;
    const struct db_variant *variant;
    const struct db_part *parts;
    struct buf *out;
    int each;  /* the filter whose values are read one by one; NO_FILTER */
    int value; /* this one of them; ALL_VALUES around them */
};

enum { NO_FILTER = -1, ALL_VALUES = -1 };

static void put_parts(const struct writing *w);

static void put_slot(struct buf *out, int slot)
{
    buf_char(out, '?');
    buf_i64(out, slot);
}

static int values_of(const struct writing *w, int filter)
{
    return 1 << (w->variant->filters[filter] - 1);
}

static void put_values(const struct writing *w, int filter)
{
    int slot = query__slot(w->query, w->query->filters_from + (size_t)filter);
    if (filter == w->each) {
        put_slot(w->out, slot + w->value);
        return;
    }
    int len = values_of(w, filter);
    for (int i = 0; i < len; i++) {
        if (i)
            buf_put(w->out, STR(", "));
        put_slot(w->out, slot + i);
    }
}

/* "p.name_sort" and "p.id". */
static bool is_of_one_table(const char *key, const char *id)
{
    size_t len = strcspn(key, ".");
    return key[len] == '.' && strncmp(key, id, len + 1) == 0;
}

static void put_cursor(const struct writing *w, const char *key)
{
    const struct db_variant *variant = w->variant;
    int hidden = query__slots(w->query);
    if (!is_of_one_table(key, w->query->id)) {
        /* a row value over two tables is no condition of either, so the key's own one is said too
         */
        buf_printf(w->out, " and %s %c= ", key, variant->is_descending ? '<' : '>');
        put_slot(w->out, hidden + SLOT_KEY);
    }
    /* a row value, so that both engines seek in the index instead of skipping rows */
    buf_printf(w->out, " and (%s, %s) %c (", key, w->query->id, variant->is_descending ? '<' : '>');
    put_slot(w->out, hidden + SLOT_KEY);
    buf_put(w->out, STR(", "));
    put_slot(w->out, hidden + SLOT_ID);
    buf_char(w->out, ')');
}

/* Rows of several values come out of an index in the order of the values, not of the list: so the
 * first of each value are found by themselves, and the page is the first of those. */
static void put_each(const struct writing *w)
{
    struct writing arm = *w;
    buf_printf(w->out, " and %s in (", w->query->id);
    for (arm.value = 0; arm.value < values_of(w, w->each); arm.value++) {
        buf_put(w->out,
                arm.value ? STR(" union all select a.id from (") : STR("select a.id from ("));
        put_parts(&arm);
        buf_put(w->out, STR(") a"));
    }
    buf_char(w->out, ')');
}

static void put_page(const struct writing *w)
{
    const struct db_variant *variant = w->variant;
    bool is_around = w->each != NO_FILTER && w->value == ALL_VALUES;
    int hidden = query__slots(w->query);
    if (variant->kind == DB_TEXT_COUNT) {
        buf_put(w->out, STR(" limit "));
        put_slot(w->out, hidden + SLOT_LIMIT);
        buf_put(w->out, STR(") counted"));
        return;
    }
    const char *key = w->query->sorts[variant->sort_i].key;
    if (is_around)
        put_each(w);
    else if (variant->has_cursor)
        put_cursor(w, key);
    const char *direction = variant->is_descending ? " desc" : "";
    buf_printf(w->out, " order by %s%s, %s%s", key, direction, w->query->id, direction);
    if (variant->kind == DB_TEXT_PAGE) {
        buf_put(w->out, STR(" limit "));
        put_slot(w->out, hidden + SLOT_LIMIT);
    }
}

static void put_select_list(const struct writing *w, struct str text)
{
    if (w->variant->kind == DB_TEXT_COUNT)
        buf_char(w->out, '1');
    else if (w->value != ALL_VALUES)
        buf_printf(w->out, "%s as id", w->query->id);
    else
        buf_put(w->out, text);
}

static void put_part(const struct writing *w, const struct db_part *part)
{
    const struct db_variant *variant = w->variant;
    struct str text = str_of(part->text);
    /* around the values no filter is said again: it would only mislead the engine */
    bool has_filters = w->each == NO_FILTER || w->value != ALL_VALUES;
    switch (part->when) {
    case DB_ALWAYS: buf_put(w->out, text); break;
    case DB_WHEN_SCOPE:
        if (part->arg == (int)variant->scope)
            buf_put(w->out, text);
        break;
    case DB_WHEN_FILTER:
        if (has_filters && variant->filters[part->arg])
            buf_put(w->out, text);
        break;
    case DB_FILTER_VALUES:
        if (has_filters && variant->filters[part->arg])
            put_values(w, part->arg);
        break;
    case DB_SELECT_LIST: put_select_list(w, text); break;
    case DB_PAGE_KEYS:
        if (variant->kind == DB_TEXT_PAGE && w->value == ALL_VALUES)
            buf_printf(w->out, ", %s, %s", w->query->sorts[variant->sort_i].key, w->query->id);
        break;
    case DB_PAGE: put_page(w); break;
    }
}

static void put_parts(const struct writing *w)
{
    for (const struct db_part *part = w->parts; part->when; part++)
        put_part(w, part);
}

/* The first filter with several values whose rows the .sql file says to read by value. */
static int each_filter(const struct db_query *query, const struct db_variant *variant)
{
    for (int i = 0; i < DB_FILTERS_MAX && variant->kind == DB_TEXT_PAGE; i++)
        if (query->each >> i & 1 && variant->filters[i] > 1)
            return i;
    return NO_FILTER;
}

void db_query_text(const struct db_query *query, const struct db_variant *variant,
                   enum db_engine engine, struct buf *out)
{
    struct writing w = {.query = query,
                        .variant = variant,
                        .parts = query->parts,
                        .out = out,
                        .each = each_filter(query, variant),
                        .value = ALL_VALUES};
    if (engine == DB_POSTGRES && query->pg_parts)
        w.parts = query->pg_parts;
    if (variant->kind == DB_TEXT_COUNT)
        buf_put(out, STR("select count(*) from ("));
    put_parts(&w);
}
