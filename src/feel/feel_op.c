/* Operators over values: arithmetic by the kinds of both sides, equality and order in three truth
 * values (DMN 1.5 tables 45, 50-53). */
#include "feel/feel_int.h"

/* ---- arithmetic ---- */

static struct feel_value no_operation(struct feel_run *run, enum arithmetic op,
                                      const struct feel_value *a, const struct feel_value *b)
{
    static const char *const signs[] = {"", "+", "-", "*", "/", "**"};
    return feel__warn(run, M("\"{0}\" does not apply to {1} and {2}."), str_of(signs[op]),
                      feel_kind_word(a->kind), feel_kind_word(b->kind));
}

static struct feel_value number_result(struct feel_run *run, struct dec number)
{
    if (dec_is_finite(number))
        return feel_number(number);
    return feel__warn(run, M("The result is not a number."), STR_NONE, STR_NONE, STR_NONE);
}

static struct feel_value numbers(struct feel_run *run, enum arithmetic op, struct dec a,
                                 struct dec b)
{
    switch (op) {
    case OP_ADD: return number_result(run, dec_add(a, b));
    case OP_SUB: return number_result(run, dec_sub(a, b));
    case OP_MUL: return number_result(run, dec_mul(a, b));
    case OP_DIV:
        if (dec_is_zero(b))
            return feel__warn(run, M("Division by zero."), STR_NONE, STR_NONE, STR_NONE);
        return number_result(run, dec_div(a, b));
    case OP_POW: return number_result(run, dec_pow(a, b));
    }
    return feel_null();
}

static struct feel_value span(__int128 nanos)
{
    return (struct feel_value){.kind = FEEL_DAYS, .span_nanos = nanos};
}

static struct feel_value months_value(int64_t months)
{
    return (struct feel_value){.kind = FEEL_MONTHS, .months = months};
}

static struct feel_value out_of_calendar(struct feel_run *run)
{
    return feel__warn(run, M("The result lies outside the calendar."), STR_NONE, STR_NONE,
                      STR_NONE);
}

static struct feel_value span_result(struct feel_run *run, __int128 nanos)
{
    __int128 limit = (__int128)INT64_MAX * NANOS_S;
    return nanos > limit || nanos < -limit ? out_of_calendar(run) : span(nanos);
}

/* A duration of one kind with a number, or with a duration of the same kind. */
static struct feel_value durations(struct feel_run *run, enum arithmetic op,
                                   const struct feel_value *a, const struct feel_value *b)
{
    bool is_days = a->kind == FEEL_DAYS;
    int64_t months = 0;
    if (a->kind == b->kind && op == OP_DIV) {
        struct dec x = is_days ? feel__dec_from_i128(a->span_nanos) : dec_from_i64(a->months);
        struct dec y = is_days ? feel__dec_from_i128(b->span_nanos) : dec_from_i64(b->months);
        return numbers(run, OP_DIV, x, y);
    }
    if (a->kind == b->kind && (op == OP_ADD || op == OP_SUB)) {
        if (is_days)
            return span_result(run, op == OP_ADD ? a->span_nanos + b->span_nanos
                                                 : a->span_nanos - b->span_nanos);
        bool is_over = op == OP_ADD ? __builtin_add_overflow(a->months, b->months, &months)
                                    : __builtin_sub_overflow(a->months, b->months, &months);
        return is_over ? out_of_calendar(run) : months_value(months);
    }
    return no_operation(run, op, a, b);
}

static struct feel_value scaled(struct feel_run *run, enum arithmetic op,
                                const struct feel_value *a, struct dec factor)
{
    struct dec size =
        a->kind == FEEL_DAYS ? feel__dec_from_i128(a->span_nanos) : dec_from_i64(a->months);
    struct feel_value result = numbers(run, op, size, factor);
    __int128 whole = 0;
    if (feel__is_null(&result))
        return result;
    if (!feel__dec_to_i128(result.number, &whole))
        return out_of_calendar(run);
    if (a->kind == FEEL_DAYS)
        return span_result(run, whole);
    return whole > INT64_MAX || whole < INT64_MIN ? out_of_calendar(run)
                                                  : months_value((int64_t)whole);
}

static struct feel_value moved(struct feel_run *run, const struct feel_value *moment,
                               const struct feel_value *by, bool is_back)
{
    struct feel_value result = *moment;
    bool is_ok = true;
    if (by->kind == FEEL_MONTHS) {
        is_ok = feel__add_months(moment->days, is_back ? -by->months : by->months, &result.days);
        if (is_ok && result.kind == FEEL_DATE_TIME)
            feel__settle(&result);
    } else if (moment->kind == FEEL_TIME) {
        __int128 nanos = (moment->nanos + (is_back ? -by->span_nanos : by->span_nanos)) % NANOS_DAY;
        result.nanos = (int64_t)(nanos < 0 ? nanos + NANOS_DAY : nanos);
    } else {
        is_ok = feel__shift(&result, is_back ? -by->span_nanos : by->span_nanos);
        if (moment->kind == FEEL_DATE)
            result.nanos = 0;
    }
    return is_ok ? result : out_of_calendar(run);
}

static bool is_moment(const struct feel_value *v)
{
    return v->kind == FEEL_DATE || v->kind == FEEL_DATE_TIME || v->kind == FEEL_TIME;
}

static bool is_duration(const struct feel_value *v)
{
    return v->kind == FEEL_DAYS || v->kind == FEEL_MONTHS;
}

static bool may_move(const struct feel_value *moment, const struct feel_value *by)
{
    return is_moment(moment) && is_duration(by) &&
           (moment->kind != FEEL_TIME || by->kind == FEEL_DAYS);
}

/* A date counts as midnight UTC beside a moment that has an offset. */
static struct feel_value moments_apart(struct feel_run *run, const struct feel_value *a,
                                       const struct feel_value *b)
{
    bool has_time = a->kind == FEEL_TIME || b->kind == FEEL_TIME;
    bool has_date = a->kind == FEEL_DATE || b->kind == FEEL_DATE;
    if (has_time && a->kind != b->kind)
        return no_operation(run, OP_SUB, a, b);
    if (!has_date && feel__has_offset(a) != feel__has_offset(b))
        return feel__warn(run, M("A moment with an offset and one without cannot be subtracted."),
                          STR_NONE, STR_NONE, STR_NONE);
    if (has_date && a->kind != b->kind && !feel__has_offset(a->kind == FEEL_DATE ? b : a))
        return feel__warn(run, M("A moment with an offset and one without cannot be subtracted."),
                          STR_NONE, STR_NONE, STR_NONE);
    return span(feel__instant_nanos(a) - feel__instant_nanos(b));
}

static struct feel_value texts(struct feel_run *run, struct str a, struct str b)
{
    if (a.len + b.len > feel_limits()->text_bytes_max)
        return feel__stop(run, M("The calculation makes a text that is too long."));
    char *at = feel__text_steps(run, a.len + b.len) ? feel__alloc(run, a.len + b.len + 1, 1) : NULL;
    if (!at)
        return feel_null();
    memcpy(at, a.at, a.len);
    memcpy(at + a.len, b.at, b.len);
    return feel_text((struct str){at, a.len + b.len});
}

struct feel_value feel__arithmetic(struct feel_run *run, enum arithmetic op,
                                   const struct feel_value *a, const struct feel_value *b)
{
    if (a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER)
        return numbers(run, op, a->number, b->number);
    if (a->kind == FEEL_STRING && b->kind == FEEL_STRING && op == OP_ADD)
        return texts(run, a->text, b->text);
    if (may_move(a, b) && (op == OP_ADD || op == OP_SUB))
        return moved(run, a, b, op == OP_SUB);
    if (may_move(b, a) && op == OP_ADD)
        return moved(run, b, a, false);
    if (is_moment(a) && is_moment(b) && op == OP_SUB)
        return moments_apart(run, a, b);
    if (is_duration(a) && b->kind == FEEL_NUMBER && (op == OP_MUL || op == OP_DIV))
        return scaled(run, op, a, b->number);
    if (a->kind == FEEL_NUMBER && is_duration(b) && op == OP_MUL)
        return scaled(run, op, b, a->number);
    if (is_duration(a) && is_duration(b))
        return durations(run, op, a, b);
    return no_operation(run, op, a, b);
}

struct feel_value feel__negate(struct feel_run *run, const struct feel_value *a)
{
    if (a->kind == FEEL_NUMBER)
        return feel_number(dec_neg(a->number));
    if (a->kind == FEEL_DAYS)
        return span(-a->span_nanos);
    if (a->kind == FEEL_MONTHS && a->months != INT64_MIN)
        return months_value(-a->months);
    return feel__expected(run, M("number or duration"), a);
}

/* ---- order and equality ---- */

static int sign(__int128 x)
{
    return (x > 0) - (x < 0);
}

static bool order_moments(const struct feel_value *a, const struct feel_value *b, int *out)
{
    if (a->kind == FEEL_DATE) {
        *out = sign((__int128)a->days - b->days);
        return true;
    }
    if (feel__has_offset(a) != feel__has_offset(b))
        return false;
    *out = sign(feel__instant_nanos(a) - feel__instant_nanos(b));
    return true;
}

bool feel_order(const struct feel_value *a, const struct feel_value *b, int *out)
{
    if (a->kind != b->kind)
        return false;
    switch ((enum feel_kind)a->kind) {
    case FEEL_NUMBER: *out = dec_cmp(a->number, b->number); return true;
    case FEEL_STRING: {
        size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
        int order = memcmp(a->text.at, b->text.at, len); /* UTF-8 bytes sort as code points */
        *out = order ? order : sign((__int128)a->text.len - (__int128)b->text.len);
        return true;
    }
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME: return order_moments(a, b, out);
    case FEEL_DAYS: *out = sign(a->span_nanos - b->span_nanos); return true;
    case FEEL_MONTHS: *out = sign((__int128)a->months - b->months); return true;
    default: return false;
    }
}

static int equal_lists(struct feel_run *run, const struct feel_value *a, const struct feel_value *b)
{
    if (a->list.len != b->list.len)
        return 0;
    for (size_t i = 0; i < a->list.len; i++) {
        struct feel_value x = feel_item(a, i, run->arena), y = feel_item(b, i, run->arena);
        int equal = feel__steps(run, 1) ? feel_equal(run, &x, &y) : -1;
        if (equal != 1)
            return equal;
    }
    return 1;
}

static int equal_contexts(struct feel_run *run, const struct feel_value *a,
                          const struct feel_value *b)
{
    const struct feel_shape *shape = a->context.shape;
    if (shape->len != b->context.shape->len)
        return 0;
    for (size_t i = 0; i < shape->len; i++) {
        struct feel_value x = feel_entry_at(a, i, run->arena), y;
        if (!feel__entry(b, shape->names[i], shape->hashes[i], run->arena, &y))
            return 0;
        int equal = feel__steps(run, 1) ? feel_equal(run, &x, &y) : -1;
        if (equal != 1)
            return equal;
    }
    return 1;
}

/* Times are equal by their properties down to the second (table 50): fractions do not count. */
static int equal_times(const struct feel_value *a, const struct feel_value *b)
{
    struct feel_value x = *a, y = *b;
    x.nanos -= x.nanos % NANOS_S;
    y.nanos -= y.nanos % NANOS_S;
    return feel__has_offset(a) == feel__has_offset(b) &&
           feel__instant_nanos(&x) == feel__instant_nanos(&y);
}

static int equal_ranges(struct feel_run *run, const struct feel_range *a,
                        const struct feel_range *b)
{
    if (a->form != b->form || a->has_low != b->has_low || a->has_high != b->has_high)
        return 0;
    int low = feel_equal(run, &a->low, &b->low);
    return low == 1 ? feel_equal(run, &a->high, &b->high) : low;
}

static int equal_deep(struct feel_run *run, const struct feel_value *a, const struct feel_value *b)
{
    int equal = -1;
    if (--run->depth_left < 0)
        feel__stop_deep(run);
    else if (a->kind == FEEL_LIST)
        equal = equal_lists(run, a, b);
    else if (a->kind == FEEL_RANGE)
        equal = equal_ranges(run, a->range, b->range);
    else
        equal = equal_contexts(run, a, b);
    run->depth_left++;
    return equal;
}

int feel_equal(struct feel_run *run, const struct feel_value *a, const struct feel_value *b)
{
    int order = 0;
    if (feel__is_null(a) || feel__is_null(b))
        return feel__is_null(a) && feel__is_null(b);
    if (a->kind != b->kind)
        return -1;
    switch ((enum feel_kind)a->kind) {
    case FEEL_BOOL: return a->is == b->is;
    case FEEL_STRING: return feel__text_steps(run, a->text.len) && str_eq(a->text, b->text);
    case FEEL_LIST:
    case FEEL_RANGE:
    case FEEL_CONTEXT: return equal_deep(run, a, b);
    case FEEL_FUNCTION: return a->function == b->function;
    case FEEL_TIME: return equal_times(a, b);
    default: return feel_order(a, b, &order) && order == 0;
    }
}

static bool holds(enum comparison op, int order)
{
    switch (op) {
    case OP_LT: return order < 0;
    case OP_LE: return order <= 0;
    case OP_GT: return order > 0;
    case OP_GE: return order >= 0;
    default: return false;
    }
}

struct feel_value feel__compare(struct feel_run *run, enum comparison op,
                                const struct feel_value *a, const struct feel_value *b)
{
    int order = 0;
    if (op == OP_EQ || op == OP_NE) {
        int equal = feel_equal(run, a, b);
        if (equal < 0)
            return feel__expected(run, feel_kind_name(a->kind), b);
        return feel_bool(equal == (op == OP_EQ));
    }
    if (a->kind == FEEL_STRING && !feel__text_steps(run, a->text.len))
        return feel_null();
    if (feel_order(a, b, &order))
        return feel_bool(holds(op, order));
    if (feel__is_null(a) || feel__is_null(b))
        return feel__warn(run, M("A missing value was compared."), STR_NONE, STR_NONE, STR_NONE);
    return feel__expected(run, feel_kind_name(a->kind), b);
}

int feel__in_range(struct feel_run *run, const struct feel_value *value,
                   const struct feel_range *range)
{
    int low = 0, high = 0;
    switch (range->form) {
    case FEEL_RANGE_EQUAL: return feel_equal(run, value, &range->low);
    case FEEL_RANGE_NOT_EQUAL:
        low = feel_equal(run, value, &range->low);
        return low < 0 ? -1 : !low;
    case FEEL_RANGE_BELOW: low = 1; break;
    case FEEL_RANGE_ABOVE: high = -1; break;
    case FEEL_RANGE_BOTH: break;
    }
    if ((range->form != FEEL_RANGE_BELOW && !feel_order(value, &range->low, &low)) ||
        (range->form != FEEL_RANGE_ABOVE && !feel_order(value, &range->high, &high)))
        return -1;
    return (low > 0 || (low == 0 && range->has_low)) &&
           (high < 0 || (high == 0 && range->has_high));
}

static int among(struct feel_run *run, const struct feel_value *value,
                 const struct feel_value *list)
{
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = feel_item(list, i, run->arena);
        if (!feel__steps(run, 1))
            return -1;
        int is = item.kind == FEEL_RANGE && value->kind != FEEL_RANGE
                     ? feel__in_range(run, value, item.range)
                     : feel_equal(run, value, &item);
        if (is == 1)
            return 1;
    }
    return 0;
}

int feel__satisfies(struct feel_run *run, const struct feel_value *value,
                    const struct feel_value *test)
{
    if (test->kind == FEEL_RANGE && value->kind != FEEL_RANGE) {
        int in = feel__in_range(run, value, test->range);
        if (in < 0)
            feel__expected(run, M("a value of the range's kind"), value);
        return in;
    }
    if (test->kind == FEEL_LIST) {
        int in = among(run, value, test);
        if (in == 1 || value->kind != FEEL_LIST)
            return in;
        return feel_equal(run, value, test) == 1;
    }
    int equal = feel_equal(run, value, test);
    if (equal < 0)
        feel__expected(run, feel_kind_name(test->kind), value);
    return equal;
}
