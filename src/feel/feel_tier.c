/* Tiers: a table of rows with one lower bound each (`from`), half-open, ascending. The whole value
 * takes its row's rate, or each part of it takes the rate of the row it lies in. */
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

static struct feel_value context_of(struct feel_run *run, const struct str *names,
                                    const struct feel_value *values, size_t len)
{
    struct feel_value *kept = feel__alloc(run, len, sizeof(*kept));
    if (!kept)
        return feel_null();
    memcpy(kept, values, len * sizeof(*kept));
    return feel_context(feel_shape(run->arena, names, len), kept);
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
    return context_of(run, names, values, LEN(values));
}

static struct feel_value part_of(struct feel_run *run, const struct tier *tier, struct dec to,
                                 struct dec *out_amount)
{
    static const struct str names[] = {STR_INIT("from"), STR_INIT("to"), STR_INIT("part"),
                                       STR_INIT("rate"), STR_INIT("amount")};
    struct dec part = dec_sub(to, tier->from);
    *out_amount = dec_mul(part, tier->rate.number);
    struct feel_value values[] = {feel_number(tier->from), feel_number(to), feel_number(part),
                                  tier->rate, feel_number(*out_amount)};
    return context_of(run, names, values, LEN(values));
}

static struct feel_value fn_tier_marginal(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    static const struct str names[] = {STR_INIT("amount"), STR_INIT("parts"),
                                       STR_INIT("effective rate")};
    const struct tier *tiers = tiers_of(run, &args[1]);
    struct dec x = args[0].number, sum = dec_from_i64(0), amount;
    struct feel__items parts = {0};
    (void)len;
    if (!tiers)
        return feel_null();
    for (size_t i = 0; i < args[1].list.len && dec_cmp(tiers[i].from, x) < 0; i++) {
        bool is_last = i + 1 == args[1].list.len;
        struct dec to = x;
        if (tiers[i].rate.kind != FEEL_NUMBER)
            return feel__expected(run, M("a rate in every row"), &tiers[i].rate);
        if (!is_last && dec_cmp(tiers[i + 1].from, x) < 0)
            to = tiers[i + 1].from;
        if (is_last && tiers[i].to.kind == FEEL_NUMBER && dec_cmp(tiers[i].to.number, x) < 0)
            to = tiers[i].to.number;
        struct feel_value part = part_of(run, &tiers[i], to, &amount);
        if (!feel__push(run, &parts, part))
            return feel_null();
        sum = dec_add(sum, amount);
    }
    bool is_zero = dec_is_zero(x);
    struct feel_value values[] = {feel_number(sum), feel__items_list(&parts),
                                  is_zero ? feel_null() : feel_number(dec_div(sum, x))};
    return context_of(run, names, values, LEN(values));
}

static const struct feel_builtin table[] = {
    {"tier whole", "x:n,table:l", fn_tier_whole},
    {"tier marginal", "x:n,table:l", fn_tier_marginal},
};

const struct builtin_table feel__tiers = {table, LEN(table)};
