/* Tiers: a table of rows with one lower bound each (`from`), half-open, ascending. The whole value
 * takes its row's rate, each part of it takes the rate of the row it lies in, or amounts of rows
 * are joined by straight lines. */
#include "feel/feel_int.h"

struct tier {
    struct dec from;
    struct feel_value rate, amount, to; /* null where the row has none */
};

static struct feel_value optional(struct feel_run *run, const struct feel_value *row,
                                  struct str name)
{
    struct feel_value value;
    return feel_entry(row, name, run->arena, &value) ? value : feel_null();
}

/* A row may state where it ends, which must then be where the next one begins. */
static bool joins(struct feel_run *run, const struct tier *before, const struct feel_value *from)
{
    if (dec_cmp(from->number, before->from) <= 0) {
        feel__expected(run, M("a lower bound above the row before"), from);
        return false;
    }
    if (before->to.kind == FEEL_NUMBER && !dec_eq(before->to.number, from->number)) {
        feel__expected(run, M("a lower bound that meets the end of the row before"), from);
        return false;
    }
    return true;
}

static struct tier *tiers_of(struct feel_run *run, const struct feel_value *table)
{
    size_t len = table->list.len;
    struct tier *tiers = feel__alloc(run, len, sizeof(*tiers));
    if (!tiers || !feel__steps(run, len))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        struct feel_value row = feel_item(table, i, run->arena);
        struct feel_value from = optional(run, &row, STR("from"));
        if (row.kind != FEEL_CONTEXT || from.kind != FEEL_NUMBER) {
            feel__expected(run, M("rows with a number \"from\""), &row);
            return NULL;
        }
        if (i > 0 && !joins(run, &tiers[i - 1], &from))
            return NULL;
        tiers[i] = (struct tier){.from = from.number,
                                 .rate = optional(run, &row, STR("rate")),
                                 .amount = optional(run, &row, STR("amount")),
                                 .to = optional(run, &row, STR("to"))};
    }
    return tiers;
}

static struct feel_value fn_tier_whole(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    static const struct str names[] = {STR_INIT("rate"), STR_INIT("amount"), STR_INIT("from"),
                                       STR_INIT("to"), STR_INIT("index")};
    const struct tier *tiers = tiers_of(run, &args[1]);
    size_t count = args[1].list.len, hit = SIZE_MAX;
    (void)len;
    if (!tiers)
        return feel_null();
    for (size_t i = 0; i < count && dec_cmp(tiers[i].from, args[0].number) <= 0; i++)
        hit = i;
    if (hit == SIZE_MAX) /* below the first row: no tier, which is no error */
        return feel_null();
    const struct tier *last = &tiers[count - 1];
    bool is_last = hit + 1 == count;
    if (is_last && last->to.kind == FEEL_NUMBER && dec_cmp(args[0].number, last->to.number) >= 0)
        return feel_null();
    struct feel_value values[] = {tiers[hit].rate, tiers[hit].amount, feel_number(tiers[hit].from),
                                  is_last ? last->to : feel_number(tiers[hit + 1].from),
                                  feel_i64((int64_t)hit + 1)};
    return feel__context_of(run, names, values, LEN(values));
}

/* ---- parts ---- */

struct slice { /* [low, high) of the value; sign -1: taken back */
    struct dec low, high;
    int sign;
    struct feel__items parts;
    struct dec sum;
};

static struct feel_value part_of(struct feel_run *run, const struct tier *tier, struct dec from,
                                 struct dec to, struct slice *slice)
{
    static const struct str names[] = {STR_INIT("from"), STR_INIT("to"), STR_INIT("part"),
                                       STR_INIT("rate"), STR_INIT("amount")};
    struct dec part = dec_mul(dec_sub(to, from), dec_from_i64(slice->sign));
    struct dec amount = dec_mul(part, tier->rate.number);
    struct feel_value values[] = {feel_number(from), feel_number(to), feel_number(part), tier->rate,
                                  feel_number(amount)};
    slice->sum = dec_add(slice->sum, amount);
    return feel__context_of(run, names, values, LEN(values));
}

/* Each part of the slice at the rate of its tier. */
static bool cut(struct feel_run *run, const struct tier *tiers, size_t count, struct slice *slice)
{
    for (size_t i = 0; i < count && dec_cmp(tiers[i].from, slice->high) < 0; i++) {
        bool is_last = i + 1 == count;
        bool has_to = !is_last || tiers[i].to.kind == FEEL_NUMBER;
        struct dec from = tiers[i].from, to = slice->high, end = to;
        if (has_to)
            end = is_last ? tiers[i].to.number : tiers[i + 1].from;
        if (dec_cmp(end, to) < 0)
            to = end;
        if (dec_cmp(from, slice->low) < 0)
            from = slice->low;
        if (dec_cmp(from, to) >= 0)
            continue;
        if (tiers[i].rate.kind != FEEL_NUMBER) {
            feel__expected(run, M("a rate in every row"), &tiers[i].rate);
            return false;
        }
        if (!feel__push(run, &slice->parts, part_of(run, &tiers[i], from, to, slice)))
            return false;
    }
    return true;
}

static struct feel_value cut_result(struct feel_run *run, const struct slice *slice, struct dec of)
{
    static const struct str names[] = {STR_INIT("amount"), STR_INIT("parts"),
                                       STR_INIT("effective rate")};
    bool is_zero = dec_is_zero(of);
    struct feel_value values[] = {feel_number(slice->sum), feel__items_list(&slice->parts),
                                  is_zero ? feel_null() : feel_number(dec_div(slice->sum, of))};
    return feel__context_of(run, names, values, LEN(values));
}

static struct feel_value fn_tier_marginal(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    const struct tier *tiers = tiers_of(run, &args[1]);
    size_t count = args[1].list.len;
    struct slice slice = {.high = args[0].number, .sign = 1, .sum = dec_from_i64(0)};
    (void)len;
    if (!tiers)
        return feel_null();
    slice.low = count ? tiers[0].from : slice.high;
    return cut(run, tiers, count, &slice) ? cut_result(run, &slice, args[0].number) : feel_null();
}

/* The slice that an event laid on a running total; backwards it takes back what it had given. */
static struct feel_value fn_tier_marginal_step(struct feel_run *run, const struct feel_value *args,
                                               size_t len)
{
    const struct tier *tiers = tiers_of(run, &args[2]);
    bool is_back = dec_cmp(args[1].number, args[0].number) < 0;
    struct slice slice = {.low = args[is_back ? 1 : 0].number,
                          .high = args[is_back ? 0 : 1].number,
                          .sign = is_back ? -1 : 1,
                          .sum = dec_from_i64(0)};
    (void)len;
    if (!tiers || !cut(run, tiers, args[2].list.len, &slice))
        return feel_null();
    return cut_result(run, &slice, dec_sub(args[1].number, args[0].number));
}

/* ---- straight lines ---- */

static struct dec part_between(struct dec x, struct dec from, struct dec to, struct dec amount)
{
    return dec_div(dec_mul(amount, dec_sub(x, from)), dec_sub(to, from));
}

/* The amounts of the rows are points of a curve, which stays where its last point is. */
static struct dec on_curve(const struct tier *tiers, size_t count, size_t hit, struct dec x)
{
    struct dec amount = tiers[hit].amount.number;
    if (hit + 1 == count)
        return amount;
    return dec_add(amount, part_between(x, tiers[hit].from, tiers[hit + 1].from,
                                        dec_sub(tiers[hit + 1].amount.number, amount)));
}

/* The amounts of rows that were passed, and of the reached one the part that is filled. */
static struct dec completed(const struct tier *tiers, size_t count, size_t hit, struct dec x)
{
    struct dec sum = dec_from_i64(0);
    struct dec to = hit + 1 < count ? tiers[hit + 1].from : tiers[hit].to.number;
    for (size_t i = 0; i < hit; i++)
        sum = dec_add(sum, tiers[i].amount.number);
    if (dec_cmp(x, to) >= 0)
        return dec_add(sum, tiers[hit].amount.number);
    return dec_add(sum, part_between(x, tiers[hit].from, to, tiers[hit].amount.number));
}

static bool is_curve(struct feel_run *run, const struct feel_value *mode, bool *out)
{
    *out = !feel__is_null(mode) && str_eq(mode->text, STR("points"));
    if (*out || feel__is_null(mode) || str_eq(mode->text, STR("completed amounts")))
        return true;
    feel__expected(run, M("\"completed amounts\" or \"points\""), mode);
    return false;
}

static struct feel_value fn_tier_interpolated(struct feel_run *run, const struct feel_value *args,
                                              size_t len)
{
    static const struct str names[] = {STR_INIT("amount"), STR_INIT("from"), STR_INIT("index")};
    const struct tier *tiers = tiers_of(run, &args[1]);
    size_t count = args[1].list.len, hit = SIZE_MAX;
    bool is_points = false;
    struct feel_value mode = feel__argument(args, len, 2);
    if (!tiers || !is_curve(run, &mode, &is_points))
        return feel_null();
    for (size_t i = 0; i < count; i++) {
        if (tiers[i].amount.kind != FEEL_NUMBER)
            return feel__expected(run, M("an amount in every row"), &tiers[i].amount);
        if (dec_cmp(tiers[i].from, args[0].number) <= 0)
            hit = i;
    }
    if (hit == SIZE_MAX) /* below the first row: no tier, which is no error */
        return feel_null();
    if (!is_points && tiers[count - 1].to.kind != FEEL_NUMBER)
        return feel__expected(run, M("an end (\"to\") of the last row"), &tiers[count - 1].to);
    struct dec amount = is_points ? on_curve(tiers, count, hit, args[0].number)
                                  : completed(tiers, count, hit, args[0].number);
    struct feel_value values[] = {feel_number(amount), feel_number(tiers[hit].from),
                                  feel_i64((int64_t)hit + 1)};
    return feel__context_of(run, names, values, LEN(values));
}

static const struct feel_builtin table[] = {
    {"tier whole", "x:n,table:l", fn_tier_whole},
    {"tier marginal", "x:n,table:l", fn_tier_marginal},
    {"tier marginal step", "before:n,after:n,table:l", fn_tier_marginal_step},
    {"tier interpolated", "x:n,table:l,mode:s?", fn_tier_interpolated},
};

const struct builtin_table feel__tiers = {table, LEN(table)};
