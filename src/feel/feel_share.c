/* Exact splitting: an amount by weights, with caps, down to a budget, into instalments. All of it
 * is done in whole smallest units of the size of the amount, and the sign is put back at the end,
 * so that what is split always sums to the whole and a refund mirrors its sale. */
#include "feel/feel_int.h"

enum { PARTS_MAX = 1000 }; /* instalments */

struct share {
    struct dec weight;
    struct dec units, rest; /* whole units given; what was cut off */
    struct dec cap;         /* in units */
    struct feel_value key;  /* which decides ties */
    bool has_cap, is_full;
    size_t i, place;
};

struct split {
    struct share *shares;
    size_t len;
    struct dec ten;  /* smallest units of one */
    struct dec left; /* units not yet given */
    struct dec sum;  /* of the weights of those that are not full */
    bool is_negative;
};

bool feel__scale_of(struct feel_run *run, const struct feel_value *arg, int64_t *out)
{
    if (feel__is_null(arg))
        return true;
    if (dec_to_i64(arg->number, out) && *out >= 0 && *out <= 6)
        return true;
    feel__expected(run, M("a scale from 0 to 6"), arg);
    return false;
}

struct feel_value feel__context_of(struct feel_run *run, const struct str *names,
                                   const struct feel_value *values, size_t len)
{
    struct feel_value *kept = feel__alloc(run, len, sizeof(*kept));
    if (!kept)
        return feel_null();
    memcpy(kept, values, len * sizeof(*kept));
    return feel_context(feel_shape(run->arena, names, len), kept);
}

/* ---- what is split, and by what ---- */

static bool split_open(struct feel_run *run, const struct feel_value *amount,
                       const struct feel_value *scale, struct split *out)
{
    int64_t digits = 2;
    *out = (struct split){.sum = dec_from_i64(0), .is_negative = dec_sign(amount->number) < 0};
    if (!feel__scale_of(run, scale, &digits))
        return false;
    out->ten = dec_pow(dec_from_i64(10), dec_from_i64(digits));
    out->left = dec_mul(dec_abs(amount->number), out->ten);
    if (dec_is_integer(out->left))
        return true;
    feel__expected(run, M("an amount without fractions of its smallest unit"), amount);
    return false;
}

static bool shares_new(struct feel_run *run, struct split *split, size_t len)
{
    split->len = len;
    split->shares = feel__alloc(run, len, sizeof(*split->shares));
    if (!split->shares || !feel__steps(run, len))
        return false;
    for (size_t i = 0; i < len; i++)
        split->shares[i] = (struct share){.weight = dec_from_i64(1),
                                          .units = dec_from_i64(0),
                                          .rest = dec_from_i64(0),
                                          .i = i,
                                          .place = i};
    return true;
}

static bool weigh(struct feel_run *run, const struct feel_value *weights, struct split *split)
{
    if (!shares_new(run, split, weights->list.len))
        return false;
    for (size_t i = 0; i < split->len; i++) {
        struct feel_value weight = feel_item(weights, i, run->arena);
        if (weight.kind != FEEL_NUMBER || dec_sign(weight.number) < 0) {
            feel__expected(run, M("a weight of zero or more"), &weight);
            return false;
        }
        split->shares[i].weight = weight.number;
        split->sum = dec_add(split->sum, weight.number);
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    int order = 0;
    bool is_known = feel_order(&x->key, &y->key, &order);
    return is_known && order ? order : (x->i > y->i) - (x->i < y->i);
}

static int by_i(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    return (x->i > y->i) - (x->i < y->i);
}

/* Places by the keys, the smallest first. */
static bool put_in_order(struct feel_run *run, const struct feel_value *order, struct split *split)
{
    int unused = 0;
    if (feel__is_null(order))
        return true;
    if (order->list.len != split->len) {
        feel__expected(run, M("as many keys of the order as weights"), order);
        return false;
    }
    for (size_t i = 0; i < split->len; i++) {
        split->shares[i].key = feel_item(order, i, run->arena);
        if (feel_order(&split->shares[0].key, &split->shares[i].key, &unused))
            continue;
        feel__expected(run, M("keys that can be put in order"), &split->shares[i].key);
        return false;
    }
    qsort(split->shares, split->len, sizeof(*split->shares), by_key);
    for (size_t i = 0; i < split->len; i++)
        split->shares[i].place = i;
    qsort(split->shares, split->len, sizeof(*split->shares), by_i);
    return true;
}

/* ---- giving ---- */

static void cut(struct split *split)
{
    struct dec units = split->left;
    for (size_t i = 0; i < split->len; i++) {
        struct share *share = &split->shares[i];
        if (share->is_full)
            continue;
        struct dec exact = dec_div(dec_mul(units, share->weight), split->sum);
        share->units = dec_round(exact, 0, DEC_DOWN);
        share->rest = dec_sub(exact, share->units);
        split->left = dec_sub(split->left, share->units);
    }
}

static int by_rest(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    int order = dec_cmp(y->rest, x->rest);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static void give_one(struct split *split, size_t place)
{
    for (size_t i = 0; i < split->len; i++)
        if (split->shares[i].place == place)
            split->shares[i].units = dec_add(split->shares[i].units, split->left);
    split->left = dec_from_i64(0);
}

static void give_by_rest(struct split *split)
{
    struct dec one = dec_from_i64(1);
    qsort(split->shares, split->len, sizeof(*split->shares), by_rest);
    for (size_t i = 0; i < split->len && dec_sign(split->left) > 0; i++) {
        split->shares[i].units = dec_add(split->shares[i].units, one);
        split->left = dec_sub(split->left, one);
    }
    qsort(split->shares, split->len, sizeof(*split->shares), by_i);
}

/* Gives what is left: a unit each by the largest remainder, or all to the first or the last. */
static bool give_rest(struct feel_run *run, struct split *split, const struct feel_value *method)
{
    struct str name = feel__is_null(method) ? STR("largest remainder") : method->text;
    if (str_eq(name, STR("largest remainder")))
        give_by_rest(split);
    else if (str_eq(name, STR("first")))
        give_one(split, 0);
    else if (str_eq(name, STR("last")))
        give_one(split, split->len - 1);
    else if (!str_eq(name, STR("down"))) {
        feel__expected(run, M("largest remainder, first, last or down"), method);
        return false;
    }
    return true;
}

static struct feel_value amount_of(const struct split *split, struct dec units)
{
    struct dec amount = dec_div(units, split->ten);
    return feel_number(split->is_negative ? dec_neg(amount) : amount);
}

static struct feel_value amounts_of(struct feel_run *run, const struct split *split)
{
    struct feel_value *out = feel__alloc(run, split->len, sizeof(*out));
    for (size_t i = 0; out && i < split->len; i++)
        out[i] = amount_of(split, split->shares[i].units);
    return out ? feel_list(out, split->len) : feel_null();
}

/* ---- the functions ---- */

static struct feel_value fn_allocate(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    struct split split;
    struct feel_value scale = feel__argument(args, len, 2), method = feel__argument(args, len, 3),
                      order = feel__argument(args, len, 4);
    if (!split_open(run, &args[0], &scale, &split))
        return feel_null();
    if (args[1].list.len == 0)
        return feel__expected(run, M("at least one weight"), &args[1]);
    if (!weigh(run, &args[1], &split) || !put_in_order(run, &order, &split))
        return feel_null();
    if (dec_sign(split.sum) <= 0)
        return feel__expected(run, M("weights above zero"), &args[1]);
    cut(&split);
    return give_rest(run, &split, &method) ? amounts_of(run, &split) : feel_null();
}

/* In equal parts, or by weights. */
static struct feel_value fn_instalments(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    struct split split;
    int64_t parts = 0;
    struct feel_value scale = feel__argument(args, len, 2), none = feel_null();
    if (args[1].kind == FEEL_LIST)
        return fn_allocate(run, args, len);
    if (!split_open(run, &args[0], &scale, &split))
        return feel_null();
    if (args[1].kind != FEEL_NUMBER || !dec_to_i64(args[1].number, &parts) || parts < 1 ||
        parts > PARTS_MAX)
        return feel__expected(run, M("a number of parts from 1 to 1000, or weights"), &args[1]);
    if (!shares_new(run, &split, (size_t)parts))
        return feel_null();
    split.sum = args[1].number;
    cut(&split);
    return give_rest(run, &split, &none) ? amounts_of(run, &split) : feel_null();
}

/* Claims as they are when the budget holds them, else the budget in proportion to them. */
static struct feel_value fn_scale_down(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    struct split split;
    struct feel_value scale = feel__argument(args, len, 2), none = feel_null();
    if (dec_sign(args[1].number) < 0)
        return feel__expected(run, M("a budget of zero or more"), &args[1]);
    if (!split_open(run, &args[1], &scale, &split) || !weigh(run, &args[0], &split))
        return feel_null();
    if (dec_cmp(split.sum, args[1].number) <= 0)
        return args[0];
    cut(&split);
    return give_rest(run, &split, &none) ? amounts_of(run, &split) : feel_null();
}

/* ---- filling up to caps ---- */

static bool put_caps(struct feel_run *run, const struct feel_value *caps, struct split *split)
{
    if (feel__is_null(caps))
        return true;
    if (caps->list.len != split->len) {
        feel__expected(run, M("as many caps as claims"), caps);
        return false;
    }
    for (size_t i = 0; i < split->len; i++) {
        struct feel_value cap = feel_item(caps, i, run->arena);
        if (feel__is_null(&cap))
            continue;
        if (cap.kind != FEEL_NUMBER || dec_sign(cap.number) < 0) {
            feel__expected(run, M("a cap of zero or more"), &cap);
            return false;
        }
        split->shares[i].has_cap = true;
        split->shares[i].cap = dec_round(dec_mul(cap.number, split->ten), 0, DEC_DOWN);
    }
    return true;
}

/* Who is full first: the smallest cap for its weight. Those without a cap come after them, and at
 * last those without a weight, who have no part in it. */
static int by_filling(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->is_full != y->is_full)
        return x->is_full ? 1 : -1;
    if (x->has_cap != y->has_cap)
        return x->has_cap ? -1 : 1;
    int order = x->has_cap ? dec_cmp(dec_mul(x->cap, y->weight), dec_mul(y->cap, x->weight)) : 0;
    return order ? order : by_i(a, b);
}

static void fill(struct split *split)
{
    for (size_t i = 0; i < split->len; i++)
        split->shares[i].is_full = dec_is_zero(split->shares[i].weight);
    qsort(split->shares, split->len, sizeof(*split->shares), by_filling);
    for (size_t i = 0; i < split->len; i++) {
        struct share *share = &split->shares[i];
        if (share->is_full)
            continue;
        if (!share->has_cap ||
            dec_cmp(dec_mul(split->left, share->weight), dec_mul(share->cap, split->sum)) < 0)
            break;
        share->is_full = true;
        share->units = share->cap;
        split->left = dec_sub(split->left, share->cap);
        split->sum = dec_sub(split->sum, share->weight);
    }
    qsort(split->shares, split->len, sizeof(*split->shares), by_i);
}

/* Everybody gets by weight until the own cap; what that leaves is shared by the others. */
static struct feel_value fn_distribute(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    static const struct str names[] = {STR_INIT("shares"), STR_INIT("rest")};
    struct split split;
    struct feel_value caps = feel__argument(args, len, 2), scale = feel__argument(args, len, 3),
                      method = feel__argument(args, len, 4);
    if (!feel__is_null(&method) && !str_eq(method.text, STR("down")) &&
        !str_eq(method.text, STR("largest remainder")))
        return feel__expected(run, M("largest remainder or down"), &method);
    if (!split_open(run, &args[0], &scale, &split) || !weigh(run, &args[1], &split) ||
        !put_caps(run, &caps, &split))
        return feel_null();
    fill(&split);
    if (dec_sign(split.sum) > 0) {
        cut(&split);
        if (!give_rest(run, &split, &method))
            return feel_null();
    }
    struct feel_value values[] = {amounts_of(run, &split), amount_of(&split, split.left)};
    return feel__context_of(run, names, values, LEN(values));
}

static const struct feel_builtin table[] = {
    {"allocate", "amount:n,weights:l,scale:n?,method:s?,order:l?", fn_allocate},
    {"distribute", "amount:n,claims:l,caps:l?,scale:n?,method:s?", fn_distribute},
    {"scale down", "claims:l,budget:n,scale:n?", fn_scale_down},
    {"instalments", "amount:n,parts:a,scale:n?", fn_instalments},
};

const struct builtin_table feel__shares = {table, LEN(table)};
