/* Kontor's own functions that schemes need and FEEL lacks: sums that know the empty list, presence,
 * money rounding, months of life, tax, plans. Registered only in FEEL_KONTOR, as the tables of
 * splitting (feel_share.c), tiers (feel_tier.c) and networks (feel_chain.c). */
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
    if (len > 1 && !feel__scale_of(run, &args[1], &scale))
        return feel_null();
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

/* ---- tax, plans ---- */

static struct feel_value fn_tax_excluded(struct feel_run *run, const struct feel_value *args,
                                         size_t len)
{
    (void)len;
    if (dec_sign(args[1].number) < 0)
        return feel__expected(run, M("a rate of zero or more"), &args[1]);
    return feel_number(dec_div(args[0].number, dec_add(dec_from_i64(1), args[1].number)));
}

/* Without a plan nothing can be said about its fulfilment, which is not the same as none of it. */
static struct feel_value fn_plan_share(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    (void)len;
    if (feel__is_null(&args[0]))
        return feel__warn(run, M("There is nothing to compare with the plan."), STR_NONE, STR_NONE,
                          STR_NONE);
    if (feel__is_null(&args[1]))
        return feel__warn(run, M("There is no plan to compare with."), STR_NONE, STR_NONE,
                          STR_NONE);
    if (dec_sign(args[1].number) <= 0)
        return feel__expected(run, M("a plan above zero"), &args[1]);
    return feel_number(dec_div(args[0].number, args[1].number));
}

/* By the rate of a day; an amount in its own currency stays as it is. */
static struct feel_value fn_convert(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct dec rate;
    bool is_day = args[3].kind == FEEL_DATE || args[3].kind == FEEL_DATE_TIME;
    (void)len;
    if (!is_day)
        return feel__expected(run, M("date"), &args[3]);
    if (str_eq(args[1].text, args[2].text))
        return args[0];
    if (!run->exchange ||
        !run->exchange->rate(run->exchange->self, args[1].text, args[2].text, args[3].days, &rate))
        return feel__warn(
            run, M("There is no rate from {0} to {1} on {2}."), args[1].text, args[2].text,
            feel_print(run->arena, &(struct feel_value){.kind = FEEL_DATE, .days = args[3].days}));
    return feel_number(dec_mul(args[0].number, rate));
}

static const struct feel_builtin table[] = {
    {"total", "list:l", fn_total},
    {"present", "x:a?", fn_present},
    {"round money", "x:n,scale:n?,mode:s?", fn_round_money},
    {"months elapsed", "a:d,b:d", fn_months_elapsed},
    {"month number", "start:d,d:d", fn_month_number},
    {"convert", "amount:n,from:s,to:s,moment:a", fn_convert},
    {"tax excluded", "gross:n,rate:n", fn_tax_excluded},
    {"plan share", "actual:n?,target:n?", fn_plan_share},
};

const struct builtin_table feel__kontor = {table, LEN(table)};
