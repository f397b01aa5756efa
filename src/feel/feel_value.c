/* Values: how they are made, read and found again. Contexts share a shape (the names with a small
 * open-addressing table), so reaching an entry compares a 32-bit hash and one name. */
#include "feel/feel_int.h"
#include "when/when.h"

struct feel_value feel_null(void)
{
    return (struct feel_value){.kind = FEEL_NULL};
}

struct feel_value feel_bool(bool is)
{
    return (struct feel_value){.kind = FEEL_BOOL, .is = is};
}

struct feel_value feel_number(struct dec number)
{
    if (!dec_is_finite(number))
        return feel_null();
    return (struct feel_value){.kind = FEEL_NUMBER, .number = number};
}

struct feel_value feel_i64(int64_t number)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .number = dec_from_i64(number)};
}

struct feel_value feel_text(struct str text)
{
    if (!text.at)
        return feel_null();
    return (struct feel_value){.kind = FEEL_STRING, .text = text};
}

struct feel_value feel_list(const struct feel_value *at, size_t len)
{
    return (struct feel_value){.kind = FEEL_LIST, .list = {at, len}};
}

struct feel_value feel_lazy_list(const struct feel_rows *rows, const void *at, size_t len)
{
    struct feel_value list = {.kind = FEEL_LIST, .rows = rows};
    list.list.at = at;
    list.list.len = len;
    return list;
}

struct feel_value feel_context(const struct feel_shape *shape, const void *row)
{
    return (struct feel_value){.kind = FEEL_CONTEXT, .context = {shape, row}};
}

struct feel_value feel_date(int64_t days)
{
    return (struct feel_value){.kind = FEEL_DATE, .days = days};
}

struct feel_value feel_instant(int64_t micros_utc, int32_t offset_s, const struct zone *zone)
{
    int64_t day_us = 86400 * INT64_C(1000000);
    int64_t local = micros_utc + offset_s * INT64_C(1000000);
    int64_t days = local / day_us - (local % day_us < 0);
    return (struct feel_value){.kind = FEEL_DATE_TIME,
                               .zoning = zone ? FEEL_ZONE : FEEL_OFFSET,
                               .offset_s = offset_s,
                               .zone = zone,
                               .days = days,
                               .nanos = (local - days * day_us) * 1000};
}

bool feel__is_null(const struct feel_value *value)
{
    return value->kind <= FEEL_NULL;
}

int feel__truth(const struct feel_value *value)
{
    return value->kind == FEEL_BOOL ? value->is : -1;
}

struct feel_value feel__truth_value(int truth)
{
    return truth < 0 ? feel_null() : feel_bool(truth == 1);
}

struct str feel_kind_word(enum feel_kind kind)
{
    static const char *const names[] = {[FEEL_NULL] = KEY_MARK M("null"),
                                        [FEEL_BOOL] = KEY_MARK M("boolean"),
                                        [FEEL_NUMBER] = KEY_MARK M("number"),
                                        [FEEL_STRING] = KEY_MARK M("string"),
                                        [FEEL_DATE] = KEY_MARK M("date"),
                                        [FEEL_TIME] = KEY_MARK M("time"),
                                        [FEEL_LIST] = KEY_MARK M("list"),
                                        [FEEL_DATE_TIME] = KEY_MARK M("date and time"),
                                        [FEEL_CONTEXT] = KEY_MARK M("context"),
                                        [FEEL_DAYS] = KEY_MARK M("days and time duration"),
                                        [FEEL_RANGE] = KEY_MARK M("range"),
                                        [FEEL_MONTHS] = KEY_MARK M("years and months duration"),
                                        [FEEL_FUNCTION] = KEY_MARK M("function")};
    return str_of(kind >= FEEL_NULL && (size_t)kind < LEN(names) ? names[kind] : names[FEEL_NULL]);
}

const char *feel_kind_name(enum feel_kind kind)
{
    return feel_kind_word(kind).at + sizeof(KEY_MARK) - 1;
}

struct str feel__key(struct arena *arena, const char *key)
{
    return str_printf(arena, KEY_MARK "%s", key);
}

/* ---- shapes ---- */

uint32_t feel__hash(struct str name)
{
    uint32_t hash = 2166136261U; /* FNV-1a: names come from models, not from strangers' data */
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * 16777619U;
    return hash;
}

bool feel__shape_find(const struct feel_shape *shape, struct str name, uint32_t hash, size_t *out_i)
{
    for (uint32_t at = hash & shape->buckets_mask;; at = (at + 1) & shape->buckets_mask) {
        uint16_t entry = shape->buckets[at];
        if (entry == 0)
            return false;
        size_t i = entry - 1U;
        if (shape->hashes[i] == hash && str_eq(shape->names[i], name)) {
            *out_i = i;
            return true;
        }
    }
}

struct feel_shape *feel_shape(struct arena *arena, const struct str *names, size_t len)
{
    struct feel_shape *shape = NEW(arena, struct feel_shape);
    uint32_t buckets_len = 8;
    if (len > UINT16_MAX - 1)
        len = UINT16_MAX - 1;
    while (buckets_len < 2 * len)
        buckets_len *= 2;
    struct str *copies = NEW_ARRAY(arena, struct str, len + 1);
    uint32_t *hashes = NEW_ARRAY(arena, uint32_t, len + 1);
    uint16_t *buckets = NEW_ARRAY(arena, uint16_t, buckets_len);
    *shape = (struct feel_shape){.names = copies,
                                 .len = len,
                                 .hashes = hashes,
                                 .buckets = buckets,
                                 .buckets_mask = buckets_len - 1};
    for (size_t i = 0; i < len; i++) {
        size_t former = 0;
        copies[i] = str_dup(arena, names[i]);
        hashes[i] = feel__hash(names[i]);
        if (feel__shape_find(shape, names[i], hashes[i], &former))
            continue;
        uint32_t at = hashes[i] & shape->buckets_mask;
        while (buckets[at])
            at = (at + 1) & shape->buckets_mask;
        buckets[at] = (uint16_t)(i + 1);
    }
    return shape;
}

struct feel_value feel_item(const struct feel_value *list, size_t i, struct arena *arena)
{
    if (list->rows)
        return list->rows->get(list->rows, list->list.at, i, arena);
    return list->list.at[i];
}

struct feel_value feel_entry_at(const struct feel_value *context, size_t i, struct arena *arena)
{
    const struct feel_shape *shape = context->context.shape;
    if (shape->get)
        return shape->get(shape, context->context.row, i, arena);
    return ((const struct feel_value *)context->context.row)[i];
}

bool feel__entry(const struct feel_value *context, struct str name, uint32_t hash,
                 struct arena *arena, struct feel_value *out)
{
    size_t i = 0;
    if (!feel__shape_find(context->context.shape, name, hash, &i))
        return false;
    *out = feel_entry_at(context, i, arena);
    return true;
}

const struct feel_value *feel__entry_ref(const struct feel_value *context, struct str name,
                                         uint32_t hash, struct arena *arena,
                                         struct feel_value *room)
{
    const struct feel_shape *shape = context->context.shape;
    size_t i = 0;
    if (!feel__shape_find(shape, name, hash, &i))
        return NULL;
    if (!shape->get)
        return &((const struct feel_value *)context->context.row)[i];
    *room = shape->get(shape, context->context.row, i, arena);
    return room;
}

bool feel_entry(const struct feel_value *context, struct str name, struct arena *arena,
                struct feel_value *out)
{
    return context->kind == FEEL_CONTEXT &&
           feel__entry(context, name, feel__hash(name), arena, out);
}

struct feel_value feel__as_list(const struct feel_value *value, struct feel_value *room)
{
    if (value->kind == FEEL_LIST)
        return *value;
    *room = *value;
    return feel_list(room, 1);
}

bool feel__reserve(struct feel_run *run, struct feel__items *items, size_t cap)
{
    struct feel_value *at = cap <= items->cap ? items->at : feel__alloc(run, cap, sizeof(*at));
    if (!at || cap <= items->cap)
        return at != NULL || cap == 0;
    if (items->len)
        memcpy(at, items->at, items->len * sizeof(*at));
    items->at = at;
    items->cap = cap;
    return true;
}

bool feel__push(struct feel_run *run, struct feel__items *items, struct feel_value value)
{
    if (items->len == items->cap && !feel__reserve(run, items, items->cap ? items->cap * 2 : 8))
        return false;
    items->at[items->len++] = value;
    return true;
}

struct feel_value feel__items_list(const struct feel__items *items)
{
    return feel_list(items->at, items->len);
}

/* ---- sameness of results ---- */

/* Values that share parts can be far larger than the memory that holds them. */
struct sameness {
    int depth;
    long steps;
};

enum { SAME_STEPS_MAX = 20000000 };

static bool same(const struct feel_value *a, const struct feel_value *b, struct arena *arena,
                 struct sameness *so_far);

static bool same_list(const struct feel_value *a, const struct feel_value *b, struct arena *arena,
                      struct sameness *so_far)
{
    if (a->list.len != b->list.len)
        return false;
    for (size_t i = 0; i < a->list.len; i++) {
        struct feel_value x = feel_item(a, i, arena), y = feel_item(b, i, arena);
        if (!same(&x, &y, arena, so_far))
            return false;
    }
    return true;
}

static bool same_context(const struct feel_value *a, const struct feel_value *b,
                         struct arena *arena, struct sameness *so_far)
{
    const struct feel_shape *shape = a->context.shape;
    if (shape->len != b->context.shape->len)
        return false;
    for (size_t i = 0; i < shape->len; i++) {
        struct feel_value x = feel_entry_at(a, i, arena), y;
        if (!feel__entry(b, shape->names[i], shape->hashes[i], arena, &y) ||
            !same(&x, &y, arena, so_far))
            return false;
    }
    return true;
}

static bool same_range(const struct feel_range *a, const struct feel_range *b, struct arena *arena,
                       struct sameness *so_far)
{
    return a->form == b->form && a->has_low == b->has_low && a->has_high == b->has_high &&
           same(&a->low, &b->low, arena, so_far) && same(&a->high, &b->high, arena, so_far);
}

static bool same(const struct feel_value *a, const struct feel_value *b, struct arena *arena,
                 struct sameness *so_far)
{
    int order = 0;
    bool is = false;
    if (feel__is_null(a) || feel__is_null(b))
        return feel__is_null(a) && feel__is_null(b);
    if (a->kind != b->kind || so_far->depth > FEEL_VALUE_DEPTH_MAX ||
        so_far->steps++ > SAME_STEPS_MAX)
        return false;
    so_far->depth++;
    switch ((enum feel_kind)a->kind) {
    case FEEL_BOOL: is = a->is == b->is; break;
    case FEEL_LIST: is = same_list(a, b, arena, so_far); break;
    case FEEL_CONTEXT: is = same_context(a, b, arena, so_far); break;
    case FEEL_RANGE: is = same_range(a->range, b->range, arena, so_far); break;
    case FEEL_FUNCTION: is = a->function == b->function; break;
    default: is = feel_order(a, b, &order) && order == 0;
    }
    so_far->depth--;
    return is;
}

bool feel_same(const struct feel_value *a, const struct feel_value *b, struct arena *arena)
{
    struct sameness so_far = {0};
    return same(a, b, arena, &so_far);
}

/* ---- printing ---- */

static void print_quoted(struct buf *buf, struct str text)
{
    buf_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            buf_char(buf, '\\');
        buf_char(buf, text.at[i]);
    }
    buf_char(buf, '"');
}

static void print_list(struct buf *buf, const struct feel_value *value, int depth,
                       struct arena *arena)
{
    buf_char(buf, '[');
    for (size_t i = 0; i < value->list.len && !buf->is_over; i++) {
        struct feel_value item = feel_item(value, i, arena);
        if (i)
            buf_put(buf, STR(", "));
        feel__print(buf, &item, true, depth + 1, arena);
    }
    buf_char(buf, ']');
}

static bool is_plain_name(struct str name)
{
    size_t i = 0;
    if (!name.len || !feel__is_name_start(feel__utf8_next(name, &i)))
        return false;
    while (i < name.len) {
        uint32_t code = feel__utf8_next(name, &i);
        if (!feel__is_name_part(code) && code != ' ')
            return false;
    }
    return true;
}

static void print_context(struct buf *buf, const struct feel_value *value, int depth,
                          struct arena *arena)
{
    const struct feel_shape *shape = value->context.shape;
    buf_char(buf, '{');
    for (size_t i = 0; i < shape->len && !buf->is_over; i++) {
        struct feel_value entry = feel_entry_at(value, i, arena);
        if (i)
            buf_put(buf, STR(", "));
        if (is_plain_name(shape->names[i]))
            buf_put(buf, shape->names[i]);
        else
            print_quoted(buf, shape->names[i]);
        buf_put(buf, STR(": "));
        feel__print(buf, &entry, true, depth + 1, arena);
    }
    buf_char(buf, '}');
}

static void print_range(struct buf *buf, const struct feel_range *range, int depth,
                        struct arena *arena)
{
    switch (range->form) {
    case FEEL_RANGE_BOTH:
        buf_char(buf, range->has_low ? '[' : '(');
        feel__print(buf, &range->low, true, depth + 1, arena);
        buf_put(buf, STR(".."));
        feel__print(buf, &range->high, true, depth + 1, arena);
        buf_char(buf, range->has_high ? ']' : ')');
        return;
    case FEEL_RANGE_BELOW:
        buf_put(buf, range->has_high ? STR("<=") : STR("<"));
        feel__print(buf, &range->high, true, depth + 1, arena);
        return;
    case FEEL_RANGE_ABOVE: buf_put(buf, range->has_low ? STR(">=") : STR(">")); break;
    case FEEL_RANGE_EQUAL: buf_char(buf, '='); break;
    case FEEL_RANGE_NOT_EQUAL: buf_put(buf, STR("!=")); break;
    }
    feel__print(buf, &range->low, true, depth + 1, arena);
}

static void print_number(struct buf *buf, struct dec number, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    buf_put(buf, dec_print(arena, number));
    arena_rewind(arena, mark);
}

void feel__print(struct buf *buf, const struct feel_value *value, bool is_inside, int depth,
                 struct arena *arena)
{
    if (depth > FEEL_PARSE_DEPTH_MAX || buf->is_over) {
        buf_put(buf, STR("…"));
        return;
    }
    switch ((enum feel_kind)value->kind) {
    case FEEL_BOOL: buf_put(buf, value->is ? STR("true") : STR("false")); return;
    case FEEL_NUMBER: print_number(buf, value->number, arena); return;
    case FEEL_STRING:
        if (is_inside)
            print_quoted(buf, value->text);
        else
            buf_put(buf, value->text);
        return;
    case FEEL_LIST: print_list(buf, value, depth, arena); return;
    case FEEL_CONTEXT: print_context(buf, value, depth, arena); return;
    case FEEL_RANGE: print_range(buf, value->range, depth, arena); return;
    case FEEL_FUNCTION: buf_put(buf, STR("function")); return;
    case FEEL_NULL: buf_put(buf, STR("null")); return;
    default: feel__print_temporal(buf, value);
    }
}

struct str feel_print(struct arena *arena, const struct feel_value *value)
{
    AUTO_BUF buf = BUF(feel_limits()->text_bytes_max);
    feel__print(&buf, value, false, 0, arena);
    return buf.is_over ? str_join(arena, buf_str(&buf), STR("…")) : str_dup(arena, buf_str(&buf));
}
