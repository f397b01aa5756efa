/* Built-in functions that reduce or test lists (DMN 1.5 section 10.3.4.4). */
#include "feel/feel_int.h"

static struct feel_value item_at(struct feel_run *run, const struct feel_value *list, size_t i)
{
    return feel_item(list, i, run->arena);
}

static struct feel_value fn_count(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return feel_i64((int64_t)args[0].list.len);
}

static struct feel_value extreme(struct feel_run *run, const struct feel_value *list, int wanted)
{
    struct feel_value best = feel_null();
    if (!feel__steps(run, list->list.len))
        return feel_null();
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = item_at(run, list, i);
        int order = 0;
        if (item.kind == FEEL_STRING && !feel__text_steps(run, item.text.len))
            return feel_null();
        if (!feel_order(&item, i ? &best : &item, &order))
            return feel__expected(run, i ? feel_kind_name(best.kind) : M("comparable values"),
                                  &item);
        if (i == 0 || order * wanted > 0)
            best = item;
    }
    return best;
}

static struct feel_value fn_min(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return extreme(run, &args[0], -1);
}

static struct feel_value fn_max(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return extreme(run, &args[0], 1);
}

/* Sum of numbers or of durations of one kind; null for an empty list. */
static struct feel_value sum_of(struct feel_run *run, const struct feel_value *list)
{
    struct feel_value sum = feel_null();
    if (!feel__steps(run, list->list.len))
        return feel_null();
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = item_at(run, list, i);
        bool may_add =
            item.kind == FEEL_NUMBER || item.kind == FEEL_DAYS || item.kind == FEEL_MONTHS;
        if (!may_add || (i > 0 && item.kind != sum.kind))
            return feel__expected(run, i ? feel_kind_name(sum.kind) : M("number"), &item);
        struct dec next =
            i && item.kind == FEEL_NUMBER ? dec_add(sum.number, item.number) : dec_from_i64(0);
        if (i > 0 && item.kind == FEEL_NUMBER && dec_is_finite(next)) {
            sum.number = next;
            continue;
        }
        sum = i == 0 ? item : feel__arithmetic(run, OP_ADD, &sum, &item);
        if (feel__is_null(&sum))
            return sum;
    }
    return sum;
}

static struct feel_value fn_sum(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return sum_of(run, &args[0]);
}

static struct feel_value fn_mean(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value sum = sum_of(run, &args[0]);
    struct feel_value count = feel_i64((int64_t)args[0].list.len);
    (void)len;
    return feel__is_null(&sum) ? sum : feel__arithmetic(run, OP_DIV, &sum, &count);
}

static struct feel_value fn_product(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value product = feel_i64(1);
    (void)len;
    if (args[0].list.len == 0)
        return feel__expected(run, M("at least one number"), &args[0]);
    if (!feel__steps(run, args[0].list.len))
        return feel_null();
    for (size_t i = 0; i < args[0].list.len && !feel__is_null(&product); i++) {
        struct feel_value item = item_at(run, &args[0], i);
        if (item.kind != FEEL_NUMBER)
            return feel__expected(run, M("number"), &item);
        product = feel__arithmetic(run, OP_MUL, &product, &item);
    }
    return product;
}

static int by_number(const void *a, const void *b)
{
    return dec_cmp(((const struct feel_value *)a)->number, ((const struct feel_value *)b)->number);
}

/* A sorted copy of a list of numbers; NULL, with a warning, when it holds anything else. */
static struct feel_value *sorted_numbers(struct feel_run *run, const struct feel_value *list)
{
    size_t len = list->list.len;
    struct feel_value *items = feel__alloc(run, len, sizeof(*items));
    if (!items || !feel__steps(run, len))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        items[i] = item_at(run, list, i);
        if (items[i].kind != FEEL_NUMBER) {
            feel__expected(run, M("number"), &items[i]);
            return NULL;
        }
    }
    qsort(items, len, sizeof(*items), by_number);
    return items;
}

static struct feel_value fn_median(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value *items = sorted_numbers(run, &args[0]);
    size_t count = args[0].list.len;
    (void)len;
    if (!items || count == 0)
        return feel_null();
    if (count % 2)
        return items[count / 2];
    struct dec sum = dec_add(items[count / 2 - 1].number, items[count / 2].number);
    return feel_number(dec_div(sum, dec_from_i64(2)));
}

/* Sample standard deviation. */
static struct feel_value fn_stddev(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value *items = sorted_numbers(run, &args[0]);
    size_t count = args[0].list.len;
    struct dec sum = dec_from_i64(0), squares = dec_from_i64(0);
    (void)len;
    if (!items)
        return feel_null();
    if (count < 2)
        return feel__expected(run, M("at least two numbers"), &args[0]);
    for (size_t i = 0; i < count; i++)
        sum = dec_add(sum, items[i].number);
    struct dec mean = dec_div(sum, dec_from_i64((int64_t)count));
    for (size_t i = 0; i < count; i++) {
        struct dec apart = dec_sub(items[i].number, mean);
        squares = dec_add(squares, dec_mul(apart, apart));
    }
    return feel_number(dec_sqrt(dec_div(squares, dec_from_i64((int64_t)count - 1))));
}

static struct feel_value fn_mode(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value *items = sorted_numbers(run, &args[0]);
    struct feel__items modes = {0};
    size_t best = 0;
    (void)len;
    if (!items)
        return feel_null();
    for (size_t i = 0, next = 0; i < args[0].list.len; i = next) {
        for (next = i; next < args[0].list.len && by_number(&items[i], &items[next]) == 0;)
            next++;
        if (next - i < best)
            continue;
        if (next - i > best)
            modes.len = 0;
        best = next - i;
        if (!feel__push(run, &modes, items[i]))
            return feel_null();
    }
    return feel__items_list(&modes);
}

/* all: false decides; any: true decides; null when it stays open. */
static struct feel_value decided(struct feel_run *run, const struct feel_value *list, bool deciding)
{
    bool is_unknown = false, is_decided = false;
    if (!feel__steps(run, list->list.len))
        return feel_null();
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = item_at(run, list, i);
        if (item.kind != FEEL_BOOL && !feel__is_null(&item))
            return feel__expected(run, M("boolean"), &item);
        is_unknown = is_unknown || item.kind != FEEL_BOOL;
        is_decided = is_decided || (item.kind == FEEL_BOOL && item.is == deciding);
    }
    if (is_decided)
        return feel_bool(deciding);
    return is_unknown ? feel_null() : feel_bool(!deciding);
}

static struct feel_value fn_all(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return decided(run, &args[0], false);
}

static struct feel_value fn_any(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return decided(run, &args[0], true);
}

static struct feel_value fn_list_contains(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    (void)len;
    for (size_t i = 0; i < args[0].list.len && feel__steps(run, 1); i++) {
        struct feel_value item = item_at(run, &args[0], i);
        if (feel_equal(run, &item, &args[1]) == 1)
            return feel_bool(true);
    }
    return feel_bool(false);
}

static struct feel_value fn_index_of(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    struct feel__items found = {0};
    (void)len;
    for (size_t i = 0; i < args[0].list.len && feel__steps(run, 1); i++) {
        struct feel_value item = item_at(run, &args[0], i);
        if (feel_equal(run, &item, &args[1]) == 1 &&
            !feel__push(run, &found, feel_i64((int64_t)i + 1)))
            return feel_null();
    }
    return feel__items_list(&found);
}

static const struct feel_builtin table[] = {
    {"count", "list:l", fn_count},
    {"min", "list:l", fn_min},
    {"min", "c:a*", fn_min},
    {"max", "list:l", fn_max},
    {"max", "c:a*", fn_max},
    {"sum", "list:l", fn_sum},
    {"sum", "n:a*", fn_sum},
    {"mean", "list:l", fn_mean},
    {"mean", "n:a*", fn_mean},
    {"product", "list:l", fn_product},
    {"product", "n:a*", fn_product},
    {"median", "list:l", fn_median},
    {"median", "n:a*", fn_median},
    {"stddev", "list:l", fn_stddev},
    {"stddev", "n:a*", fn_stddev},
    {"mode", "list:l", fn_mode},
    {"mode", "n:a*", fn_mode},
    {"all", "list:l", fn_all},
    {"all", "b:a*", fn_all},
    {"any", "list:l", fn_any},
    {"any", "b:a*", fn_any},
    {"list contains", "list:l,element:a", fn_list_contains},
    {"index of", "list:l,match:a", fn_index_of},
};

const struct builtin_table feel__lists = {table, LEN(table)};
