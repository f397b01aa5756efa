/* The part of the period in which a contract had a scheme: the input `active`, and what plans and
 * fixed sums are prorated by. */
#include "reward/reward_calc.h"

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Suspended days between two instants: spans begin and end with days. */
static int64_t suspended_days(const struct reward__calc *calc,
                              const struct reward__contract *contract, int64_t from_at,
                              int64_t to_at)
{
    int64_t days = 0;
    for (size_t i = 0; i < contract->suspended.len; i++) {
        int64_t from = max_i64(contract->suspended.at[i].from_at, from_at);
        int64_t to = min_i64(contract->suspended.at[i].to_at, to_at);
        if (from < to)
            days += zone_date(calc->view.zone, to).days - zone_date(calc->view.zone, from).days;
    }
    return days;
}

/* Days that are not suspended; the first and the last day stand as they are. */
struct reward__active reward__active_of(const struct reward__calc *calc,
                                        const struct reward__contract *contract,
                                        const struct reward__scheme *scheme)
{
    const struct zone *zone = calc->view.zone;
    const struct reward__segment *first = &scheme->segments.at[0];
    const struct reward__segment *last = &scheme->segments.at[scheme->segments.len - 1];
    struct reward__active active = {.from_day = zone_date(zone, first->from_at).days,
                                    .to_day = zone_date(zone, last->to_at).days};
    active.days = active.to_day - active.from_day -
                  suspended_days(calc, contract, first->from_at, last->to_at);
    active.months = date_months_between((struct date){(int32_t)active.from_day},
                                        (struct date){(int32_t)active.to_day});
    return active;
}

bool reward__active_share(const struct reward__calc *calc, const struct reward__contract *contract,
                          const struct reward__scheme *scheme, enum scheme_prorate by,
                          struct dec *out)
{
    struct period period = calc->ask->period;
    struct reward__active active = reward__active_of(calc, contract, scheme);
    bool is_by_days = by == SCHEME_PRORATE_DAYS;
    int64_t part = is_by_days ? active.days : active.months;
    int64_t whole = is_by_days ? period.end.days - period.start.days
                               : date_months_between(period.start, period.end);
    if ((!is_by_days && by != SCHEME_PRORATE_MONTHS) || whole <= 0 || part == whole)
        return false;
    *out = dec_div(dec_from_i64(part), dec_from_i64(whole));
    return true;
}

static struct feel_value share(int64_t part, int64_t whole)
{
    if (whole <= 0)
        return feel_null();
    return feel_number(dec_div(dec_from_i64(part), dec_from_i64(whole)));
}

struct feel_value reward__active_context(struct reward__calc *calc,
                                         const struct reward__contract *contract,
                                         const struct reward__scheme *scheme)
{
    struct reward__active active = reward__active_of(calc, contract, scheme);
    struct period period = calc->ask->period;
    const struct reward__entry entries[] = {
        {"start", feel_date(active.from_day)},
        {"end", feel_date(active.to_day)},
        {"days", feel_i64(active.days)},
        {"share by days", share(active.days, period.end.days - period.start.days)},
        {"months", feel_i64(active.months)},
        {"share by months", share(active.months, date_months_between(period.start, period.end))},
        {"segments", feel_i64((int64_t)scheme->segments.len)}};
    return reward__view_context(calc->work, entries, LEN(entries));
}
