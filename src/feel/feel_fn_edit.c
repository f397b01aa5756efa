/* Built-in functions that make new lists and contexts (DMN 1.5 sections 10.3.4.4, 10.3.4.8), and
 * sort. */
#include "feel/feel_int.h"

static bool push_all(struct feel_run *run, struct feel__items *out, const struct feel_value *list,
                     size_t from, size_t to)
{
    if (!feel__steps(run, to > from ? to - from : 0))
        return false;
    for (size_t i = from; i < to; i++)
        if (!feel__push(run, out, feel_item(list, i, run->arena)))
            return false;
    return true;
}

/* A position from 1, or from the end when negative; false with a warning outside 1..limit. */
static bool position(struct feel_run *run, const struct feel_value *value, size_t len, size_t limit,
                     size_t *out_i)
{
    int64_t at = 0;
    if (!dec_to_i64(dec_round(value->number, 0, DEC_DOWN), &at) || at == 0 || at > (int64_t)limit ||
        at < -(int64_t)len) {
        feel__expected(run, M("a position in the list"), value);
        return false;
    }
    *out_i = (size_t)(at > 0 ? at - 1 : (int64_t)len + at);
    return true;
}

static struct feel_value fn_sublist(struct feel_run *run, const struct feel_value *args,
                                    size_t args_len)
{
    struct feel__items out = {0};
    size_t from = 0, len = args[0].list.len, to = len;
    int64_t count = 0;
    if (!position(run, &args[1], len, len, &from))
        return feel_null();
    if (args_len > 2 && !feel__is_null(&args[2])) {
        if (!dec_to_i64(args[2].number, &count) || count < 0 || (size_t)count > len - from)
            return feel__expected(run, M("a length within the list"), &args[2]);
        to = from + (size_t)count;
    }
    return push_all(run, &out, &args[0], from, to) ? feel__items_list(&out) : feel_null();
}

static struct feel_value fn_append(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    (void)len;
    if (!push_all(run, &out, &args[0], 0, args[0].list.len) ||
        !push_all(run, &out, &args[1], 0, args[1].list.len))
        return feel_null();
    return feel__items_list(&out);
}

static struct feel_value fn_concatenate(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    struct feel__items out = {0};
    (void)len;
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value room, part = feel_item(&args[0], i, run->arena);
        if (feel__is_null(&part))
            return feel__expected(run, M("list"), &part);
        part = feel__as_list(&part, &room);
        if (!push_all(run, &out, &part, 0, part.list.len))
            return feel_null();
    }
    return feel__items_list(&out);
}

static struct feel_value fn_insert(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    size_t at = 0, count = args[0].list.len;
    (void)len;
    if (!position(run, &args[1], count, count + 1, &at) || !push_all(run, &out, &args[0], 0, at) ||
        !feel__push(run, &out, args[2]) || !push_all(run, &out, &args[0], at, count))
        return feel_null();
    return feel__items_list(&out);
}

static struct feel_value fn_remove(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    size_t at = 0, count = args[0].list.len;
    (void)len;
    if (!position(run, &args[1], count, count, &at) || !push_all(run, &out, &args[0], 0, at) ||
        !push_all(run, &out, &args[0], at + 1, count))
        return feel_null();
    return feel__items_list(&out);
}

static struct feel_value fn_reverse(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    (void)len;
    for (size_t i = args[0].list.len; i-- > 0 && feel__steps(run, 1);)
        if (!feel__push(run, &out, feel_item(&args[0], i, run->arena)))
            return feel_null();
    return feel__items_list(&out);
}

static bool push_new(struct feel_run *run, struct feel__items *out, struct feel_value value)
{
    for (size_t i = 0; i < out->len; i++) {
        if (!feel__steps(run, 1))
            return false;
        if (feel_equal(run, &out->at[i], &value) == 1)
            return true;
    }
    return feel__push(run, out, value);
}

static struct feel_value fn_distinct(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    struct feel__items out = {0};
    (void)len;
    for (size_t i = 0; i < args[0].list.len; i++)
        if (!push_new(run, &out, feel_item(&args[0], i, run->arena)))
            return feel_null();
    return feel__items_list(&out);
}

static struct feel_value fn_union(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value joined = fn_concatenate(run, args, len);
    return feel__is_null(&joined) ? joined : fn_distinct(run, &joined, 1);
}

static bool flatten(struct feel_run *run, struct feel__items *out, const struct feel_value *list,
                    int depth)
{
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = feel_item(list, i, run->arena);
        bool is_ok = feel__steps(run, 1);
        if (depth > FEEL_VALUE_DEPTH_MAX) {
            feel__stop_deep(run);
            return false;
        }
        if (is_ok && item.kind == FEEL_LIST)
            is_ok = flatten(run, out, &item, depth + 1);
        else if (is_ok)
            is_ok = feel__push(run, out, item);
        if (!is_ok)
            return false;
    }
    return true;
}

static struct feel_value fn_flatten(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    (void)len;
    return flatten(run, &out, &args[0], 0) ? feel__items_list(&out) : feel_null();
}

static struct feel_value replace_matching(struct feel_run *run, const struct feel_value *args)
{
    struct feel__items out = {0};
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value pair[2] = {feel_item(&args[0], i, run->arena), args[2]};
        struct feel_value is = feel__apply(run, &args[1], pair, 2);
        if (is.kind != FEEL_BOOL)
            return feel__expected(run, M("boolean from the function"), &is);
        if (!feel__push(run, &out, is.is ? args[2] : pair[0]))
            return feel_null();
    }
    return feel__items_list(&out);
}

static struct feel_value fn_list_replace(struct feel_run *run, const struct feel_value *args,
                                         size_t len)
{
    struct feel__items out = {0};
    size_t at = 0, count = args[0].list.len;
    (void)len;
    if (args[1].kind == FEEL_FUNCTION)
        return replace_matching(run, args);
    if (args[1].kind != FEEL_NUMBER)
        return feel__expected(run, M("number or function"), &args[1]);
    if (!position(run, &args[1], count, count, &at) || !push_all(run, &out, &args[0], 0, count))
        return feel_null();
    out.at[at] = args[2];
    return feel__items_list(&out);
}

/* ---- sort: a stable merge sort, because the order comes from a function that may misbehave ----
 */

static bool precedes(struct feel_run *run, const struct feel_value *function,
                     const struct feel_value *a, const struct feel_value *b, bool *out)
{
    struct feel_value pair[2] = {*a, *b};
    int order = 0;
    if (feel__is_null(function)) {
        if (!feel_order(a, b, &order)) {
            feel__expected(run, feel_kind_name(a->kind), b);
            return false;
        }
        *out = order < 0;
        return feel__steps(run, 1) &&
               (a->kind != FEEL_STRING || feel__text_steps(run, a->text.len));
    }
    struct feel_value is = feel__apply(run, function, pair, 2);
    if (is.kind != FEEL_BOOL) {
        feel__expected(run, M("boolean from the function"), &is);
        return false;
    }
    *out = is.is;
    return true;
}

static bool merge_sort(struct feel_run *run, const struct feel_value *function,
                       struct feel_value *at, struct feel_value *room, size_t len)
{
    size_t half = len / 2, a = 0, b = half;
    if (len < 2)
        return true;
    if (!merge_sort(run, function, at, room, half) ||
        !merge_sort(run, function, at + half, room, len - half))
        return false;
    for (size_t i = 0; i < len; i++) {
        bool takes_second = a == half;
        if (a < half && b < len && !precedes(run, function, &at[b], &at[a], &takes_second))
            return false;
        room[i] = takes_second ? at[b++] : at[a++];
    }
    memcpy(at, room, len * sizeof(*at));
    return true;
}

static struct feel_value fn_sort(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    size_t count = args[0].list.len;
    (void)len;
    if (!push_all(run, &out, &args[0], 0, count))
        return feel_null();
    struct feel_value *room = feel__alloc(run, count, sizeof(*room));
    if (!room || !merge_sort(run, &args[1], out.at, room, count))
        return feel_null();
    return feel__items_list(&out);
}

static const struct feel_builtin table[] = {
    {"sublist", "list:l,start position:n,length:n?", fn_sublist},
    {"append", "list:l,item:a*", fn_append},
    {"concatenate", "list:a*", fn_concatenate},
    {"insert before", "list:l,position:n,newItem:a", fn_insert},
    {"remove", "list:l,position:n", fn_remove},
    {"reverse", "list:l", fn_reverse},
    {"distinct values", "list:l", fn_distinct},
    {"union", "list:a*", fn_union},
    {"flatten", "list:l", fn_flatten},
    {"list replace", "list:l,position:a,newItem:a", fn_list_replace},
    {"list replace", "list:l,match:f,newItem:a", fn_list_replace},
    {"sort", "list:l,precedes:f?", fn_sort},
};

const struct builtin_table feel__list_edits = {table, LEN(table)};
