/* The arithmetic of plans: what a part of a plan's period is of it, and what remains for who was
 * there for a part of the time only. Exact until the last step, which rounds as the plan says. */
#include "plan/plan_int.h"

size_t plan__profile(struct str profile, struct dec out[PLAN_PARTS_MAX])
{
    size_t len = 0;
    struct dec sum = dec_from_i64(0);
    while (profile.len) {
        struct str word = str_trim(str_cut(&profile, ' '));
        if (!word.len)
            continue;
        if (len == PLAN_PARTS_MAX || !dec_parse(word, &out[len]) || dec_sign(out[len]) < 0)
            return 0;
        sum = dec_add(sum, out[len++]);
    }
    return dec_sign(sum) > 0 ? len : 0;
}

static struct date day(int64_t days)
{
    return (struct date){(int32_t)days};
}

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct weights { /* of the months of a plan */
    struct dec of[PLAN_PARTS_MAX];
    size_t len;
    int64_t months; /* of the plan */
};

/* Every month has the part of its part; parts of parts have the same weight. */
static struct dec weight_of(const struct weights *w, int64_t month)
{
    return w->of[month * (int64_t)w->len / w->months];
}

/* The weight of [from, to): of a month that is there in part the part of its days. */
static struct dec weight_between(const struct weights *w, const struct plan *plan, int64_t from,
                                 int64_t to)
{
    struct dec sum = dec_from_i64(0);
    for (int64_t m = 0; m < w->months; m++) {
        int64_t start = date_add_months(day(plan->from_day), m).days;
        int64_t end = date_add_months(day(plan->from_day), m + 1).days;
        int64_t days = min_i64(end, to) - max_i64(start, from);
        if (days <= 0)
            continue;
        struct dec part = dec_mul(weight_of(w, m), dec_from_i64(days));
        sum = dec_add(sum, days == end - start ? weight_of(w, m)
                                               : dec_div(part, dec_from_i64(end - start)));
    }
    return sum;
}

static bool weights_of(const struct plan *plan, struct weights *out)
{
    out->len = plan__profile(plan->profile, out->of);
    out->months = date_months_between(day(plan->from_day), day(plan->to_day));
    return out->len > 0 && out->months > 0 && out->months % (int64_t)out->len == 0;
}

static struct dec rounded(const struct plan *plan, struct dec value)
{
    enum dec_round mode = DEC_HALF_UP;
    if (str_eq(plan->rounding, STR("up")))
        mode = DEC_UP;
    if (str_eq(plan->rounding, STR("down")))
        mode = DEC_DOWN;
    return dec_round(value, (int)plan->scale, mode);
}

static struct dec share(struct dec whole, struct dec part, struct dec of)
{
    return dec_div(dec_mul(whole, part), of);
}

static struct dec prorated(const struct plan *plan, const struct plan_part *part,
                           const struct weights *weights, struct dec full)
{
    int64_t from = max_i64(part->active_from, part->from_day);
    int64_t to = min_i64(part->active_to, part->to_day);
    bool is_whole = from == part->from_day && to == part->to_day;
    if (str_eq(plan->proration, STR("days")))
        return share(full, dec_from_i64(part->active_days),
                     dec_from_i64(part->to_day - part->from_day));
    if (is_whole || str_eq(plan->proration, STR("none")))
        return full;
    if (str_eq(plan->proration, STR("profile")))
        return share(full, weight_between(weights, plan, from, to),
                     weight_between(weights, plan, part->from_day, part->to_day));
    int64_t months = date_months_between(day(part->from_day), day(part->to_day));
    int64_t there = date_months_between(day(from), day(to));
    return months > 0 ? share(full, dec_from_i64(max_i64(there, 0)), dec_from_i64(months)) : full;
}

bool plan_of(const struct plan *plan, const struct plan_part *part, struct dec *out_full,
             struct dec *out_target)
{
    struct weights weights;
    struct dec full, whole;
    bool has_profile = weights_of(plan, &weights);
    bool is_whole = plan->from_day == part->from_day && plan->to_day == part->to_day;
    if (!dec_parse(plan->target, &full) || (!is_whole && !has_profile))
        return false;
    if (!is_whole) {
        whole = weight_between(&weights, plan, plan->from_day, plan->to_day);
        full = share(full, weight_between(&weights, plan, part->from_day, part->to_day), whole);
    }
    /* a part that the profile leaves without a plan has nothing to divide by */
    if (dec_is_zero(full))
        return false;
    *out_full = rounded(plan, full);
    *out_target = rounded(plan, prorated(plan, part, &weights, full));
    return true;
}
