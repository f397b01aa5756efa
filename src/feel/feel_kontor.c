/* Kontor's own functions that schemes need and FEEL lacks: sums that know the empty list, presence,
 * money rounding, months of life, exact splitting. Registered only in FEEL_KONTOR. */
#include "feel/feel_int.h"

/* 0 for an empty list; a missing item makes the total missing, never smaller. */
static struct feel_value fn_total(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value sum = feel_i64(0);
    (void)len;
    if (!feel__steps(run, args[0].list.len))
        return feel_null();
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value item = feel_item(&args[0], i, run->arena);
        if (item.kind != FEEL_NUMBER)
            return feel__expected(run, M("number"), &item);
        sum = feel__arithmetic(run, OP_ADD, &sum, &item);
        if (feel__is_null(&sum))
            return sum;
    }
    return sum;
}

static struct feel_value fn_present(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return feel_bool(!feel__is_null(&args[0]) &&
                     !(args[0].kind == FEEL_STRING && args[0].text.len == 0));
}

static bool rounding_of(struct str name, enum dec_round *out)
{
    static const struct {
        const char *name;
        enum dec_round mode;
    } modes[] = {{"half up", DEC_HALF_UP},     {"half even", DEC_HALF_EVEN},
                 {"half down", DEC_HALF_DOWN}, {"up", DEC_UP},
                 {"down", DEC_DOWN},           {"floor", DEC_FLOOR},
                 {"ceiling", DEC_CEILING}};
    for (size_t i = 0; i < LEN(modes); i++)
        if (str_eq(name, str_of(modes[i].name))) {
            *out = modes[i].mode;
            return true;
        }
    return false;
}

/* Two digits and half up (away from zero) unless said otherwise. */
static struct feel_value fn_round_money(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    enum dec_round mode = DEC_HALF_UP;
    int64_t scale = 2;
    if (len > 1 && !feel__is_null(&args[1]) &&
        (!dec_to_i64(args[1].number, &scale) || scale < 0 || scale > 6))
        return feel__expected(run, M("a scale from 0 to 6"), &args[1]);
    if (len > 2 && !feel__is_null(&args[2]) && !rounding_of(args[2].text, &mode))
        return feel__expected(run, M("a way of rounding"), &args[2]);
    return feel_number(dec_round(args[0].number, (int)scale, mode));
}

/* The greatest n with a + n months <= b, month ends clamped. */
static bool months_elapsed(int64_t a, int64_t b, int64_t *out)
{
    int64_t year[2], moved = 0;
    int month[2], day[2];
    feel_date_parts(a, &year[0], &month[0], &day[0]);
    feel_date_parts(b, &year[1], &month[1], &day[1]);
    int64_t months = (year[1] - year[0]) * 12 + (month[1] - month[0]);
    if (!feel__add_months(a, months, &moved))
        return false;
    *out = moved <= b ? months : months - 1;
    return true;
}

static struct feel_value months(struct feel_run *run, const struct feel_value *args, int64_t more)
{
    int64_t elapsed = 0;
    if (!months_elapsed(args[0].days, args[1].days, &elapsed))
        return feel__warn(run, M("The result lies outside the calendar."), STR_NONE, STR_NONE,
                          STR_NONE);
    return feel_i64(elapsed + more);
}

static struct feel_value fn_months_elapsed(struct feel_run *run, const struct feel_value *args,
                                           size_t len)
{
    (void)len;
    return months(run, args, 0);
}

static struct feel_value fn_month_number(struct feel_run *run, const struct feel_value *args,
                                         size_t len)
{
    (void)len;
    return months(run, args, 1);
}

/* ---- allocate ---- */

struct share {
    struct dec units, rest; /* whole units given; what was cut off */
    size_t i;
};

struct split {
    struct share *shares;
    size_t len;
    struct dec left; /* units not yet given */
};

static int by_rest(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    int order = dec_cmp(y->rest, x->rest);
    return order ? order : (x->i > y->i) - (x->i < y->i);
}

static int by_place(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    return (x->i > y->i) - (x->i < y->i);
}

static bool weigh(struct feel_run *run, const struct feel_value *weights, struct dec *out_sum)
{
    *out_sum = dec_from_i64(0);
    for (size_t i = 0; i < weights->list.len; i++) {
        struct feel_value weight = feel_item(weights, i, run->arena);
        if (weight.kind != FEEL_NUMBER || dec_sign(weight.number) < 0) {
            feel__expected(run, M("a weight of zero or more"), &weight);
            return false;
        }
        *out_sum = dec_add(*out_sum, weight.number);
    }
    if (dec_sign(*out_sum) > 0)
        return true;
    feel__expected(run, M("weights above zero"), weights);
    return false;
}

static bool cut(struct feel_run *run, const struct feel_value *weights, struct dec units,
                struct split *out)
{
    struct dec sum;
    *out = (struct split){.len = weights->list.len, .left = units};
    out->shares = feel__alloc(run, out->len, sizeof(*out->shares));
    if (!out->shares || !feel__steps(run, out->len) || !weigh(run, weights, &sum))
        return false;
    for (size_t i = 0; i < out->len; i++) {
        struct dec weight = feel_item(weights, i, run->arena).number;
        struct dec exact = dec_div(dec_mul(units, weight), sum);
        struct dec whole = dec_round(exact, 0, DEC_DOWN);
        out->shares[i] = (struct share){whole, dec_sub(exact, whole), i};
        out->left = dec_sub(out->left, whole);
    }
    return true;
}

/* Gives what is left: a unit each by the largest remainder, or all to the first or the last. */
static bool give_rest(struct feel_run *run, struct split *split, struct str method)
{
    struct dec one = dec_from_i64(1);
    if (str_eq(method, STR("down")))
        return true;
    if (str_eq(method, STR("first")) || str_eq(method, STR("last"))) {
        struct share *share = &split->shares[method.at[0] == 'f' ? 0 : split->len - 1];
        share->units = dec_add(share->units, split->left);
        return true;
    }
    if (!str_eq(method, STR("largest remainder"))) {
        struct feel_value name = feel_text(method);
        feel__expected(run, M("largest remainder, first, last or down"), &name);
        return false;
    }
    qsort(split->shares, split->len, sizeof(*split->shares), by_rest);
    for (size_t i = 0; i < split->len && dec_sign(split->left) > 0; i++) {
        split->shares[i].units = dec_add(split->shares[i].units, one);
        split->left = dec_sub(split->left, one);
    }
    qsort(split->shares, split->len, sizeof(*split->shares), by_place);
    return true;
}

/* Splits the size and puts the sign back, so that allocate(-a) = -allocate(a). */
static struct feel_value fn_allocate(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    int64_t scale = 2;
    struct split split;
    bool has_method = len > 3 && !feel__is_null(&args[3]);
    if (len > 2 && !feel__is_null(&args[2]) &&
        (!dec_to_i64(args[2].number, &scale) || scale < 0 || scale > 6))
        return feel__expected(run, M("a scale from 0 to 6"), &args[2]);
    struct dec ten = dec_pow(dec_from_i64(10), dec_from_i64(scale));
    struct dec units = dec_mul(dec_abs(args[0].number), ten);
    if (!dec_is_integer(units))
        return feel__expected(run, M("an amount without fractions of its smallest unit"), &args[0]);
    if (args[1].list.len == 0)
        return feel__expected(run, M("at least one weight"), &args[1]);
    if (!cut(run, &args[1], units, &split) ||
        !give_rest(run, &split, has_method ? args[3].text : STR("largest remainder")))
        return feel_null();
    struct feel_value *out = feel__alloc(run, split.len, sizeof(*out));
    for (size_t i = 0; out && i < split.len; i++) {
        struct dec amount = dec_div(split.shares[i].units, ten);
        out[i] = feel_number(dec_sign(args[0].number) < 0 ? dec_neg(amount) : amount);
    }
    return out ? feel_list(out, split.len) : feel_null();
}

static const struct feel_builtin table[] = {
    {"total", "list:l", fn_total},
    {"present", "x:a?", fn_present},
    {"round money", "x:n,scale:n?,mode:s?", fn_round_money},
    {"months elapsed", "a:d,b:d", fn_months_elapsed},
    {"month number", "start:d,d:d", fn_month_number},
    {"allocate", "amount:n,weights:l,scale:n?,method:s?", fn_allocate},
};

const struct builtin_table feel__kontor = {table, LEN(table)};
