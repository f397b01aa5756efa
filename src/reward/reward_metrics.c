/* The input `metrics`: figures of the contract's events over windows that may reach far before the
 * period. Where a scheme asks for it, all facts up to the end of the period and the watermark are
 * read once more in one pass and put away by partner; a contract's figures are summed when they are
 * asked for. An event in which the partner has several credits counts once, by the first. */
#include "reward/reward_calc.h"

#define OF(type) (1U << (type))
enum {
    SALES = OF(EVENT_SALE) | OF(EVENT_ORDER),
    BACKS = OF(EVENT_REFUND) | OF(EVENT_RETURN) | OF(EVENT_CHARGEBACK),
    LIFE = SALES | OF(EVENT_PAYMENT) | OF(EVENT_ACTIVATION) | OF(EVENT_USAGE) | OF(EVENT_RECHARGE) |
           OF(EVENT_RENEWAL)
};

enum sum { SUM_NET = 1, SUM_AMOUNT, SUM_QUANTITY, COUNT_EVENTS, COUNT_CUSTOMERS, COUNT_NEW };

static const struct metric {
    const char *name;
    enum sum sum;
    unsigned plus, minus; /* types of events */
} metrics[] = {
    {"net sales", SUM_NET, SALES, BACKS},
    {"gross sales", SUM_AMOUNT, SALES, 0},
    {"units", SUM_QUANTITY, SALES, BACKS},
    {"sales count", COUNT_EVENTS, SALES, 0},
    {"refunds", SUM_NET, BACKS, 0},
    {"refund count", COUNT_EVENTS, BACKS, 0},
    {"payments", SUM_NET, OF(EVENT_PAYMENT), 0},
    {"new customers", COUNT_NEW, LIFE, 0},
    {"active customers", COUNT_CUSTOMERS, LIFE, 0},
    {"churned customers", COUNT_CUSTOMERS, OF(EVENT_CHURN), 0},
    {"clicks", COUNT_EVENTS, OF(EVENT_CLICK), 0},
    {"leads", COUNT_EVENTS, OF(EVENT_LEAD), 0},
    {"registrations", COUNT_EVENTS, OF(EVENT_REGISTRATION), 0},
    {"orders", COUNT_EVENTS, OF(EVENT_ORDER), 0},
    {"activations", COUNT_EVENTS, OF(EVENT_ACTIVATION), 0},
    {"renewals", COUNT_EVENTS, OF(EVENT_RENEWAL), 0},
};

struct window { /* instants, half-open */
    int64_t from_at, to_at;
};

struct told { /* a figure that was summed already: formulas of events ask for the same again and
                 again */
    enum sum sum;
    unsigned plus, minus;
    struct window window;
    struct dec value;
};
struct told_list {
    VEC(struct told) list;
};

struct asking { /* what the functions of one input know */
    struct told_list *told;
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct scheme *scheme;
    const struct reward__outlet *outlet;     /* NULL: of all */
    const struct reward__customer *customer; /* NULL: of all */
};

/* ---- reading ---- */

enum rc reward__metrics_scan(struct reward__calc *calc, size_t spill_bytes)
{
    struct contract_terms_list list;
    struct span span = {INT64_MIN, calc->calculation->span.end_us};
    if (!calc->features.has_metrics)
        return RC_OK;
    calc->lifetimes = map_new(calc->arena);
    TRY(contract_terms_in(calc->op, 0, calc->ask->period.end.days, 0, &list));
    for (size_t i = 0; i < list.len; i++)
        *map_put_i64(calc->lifetimes, list.at[i].id) = &list.at[i];
    calc->history = (struct reward__facts){.dims = &calc->dims,
                                           .spill = reward__spill_new(calc->arena, spill_bytes),
                                           .wanted = calc->facts.wanted};
    return reward__facts_scan(calc->op, span, calc->calculation->watermark_seq, &calc->history);
}

static bool asks(const struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++)
            if (reward__has_input(contract->schemes.at[i].segments.at[k].scheme, "metrics"))
                return true;
    return false;
}

/* Days on which the contract was in force, through its whole life. */
static bool is_in_force(const struct reward__calc *calc, const struct contract_terms *terms,
                        int64_t at)
{
    int64_t day = zone_date(calc->view.zone, at).days;
    if (day < terms->from_day || day >= terms->to_day)
        return false;
    for (size_t i = 0; i < terms->suspensions_len; i++)
        if (day >= terms->suspensions[i].from_day && day < terms->suspensions[i].to_day)
            return false;
    return true;
}

/* Of each event the first credit, and only while the contract was in force. */
enum rc reward__metrics_load(struct reward__calc *calc, struct reward__contract *contract)
{
    struct reward__sales *sales = NEW(calc->work, struct reward__sales);
    const struct contract_terms *terms = contract->result->contract;
    size_t len = 0;
    if (!calc->features.has_metrics || !asks(contract))
        return RC_OK;
    TRY(reward__facts_of(calc->op, &calc->history, terms->partner_id, calc->work, sales));
    const struct contract_terms *life = map_get_i64(calc->lifetimes, terms->id);
    for (size_t i = 0; i < sales->len; i++) {
        bool is_again = len > 0 && sales->at[len - 1].event_seq == sales->at[i].event_seq;
        if (!is_again && is_in_force(calc, life ? life : terms, sales->at[i].occurred_at))
            sales->at[len++] = sales->at[i];
    }
    sales->len = len;
    contract->history = sales;
    return RC_OK;
}

/* ---- windows ---- */

static int64_t start_of(const struct reward__calc *calc, struct date day)
{
    return zone_day_start(calc->view.zone, day);
}

/* "last 6 months", "last 30 days": up to the end of the period. */
static bool last_window(const struct reward__calc *calc, struct str text, struct window *out)
{
    int64_t n = 0;
    struct date end = calc->ask->period.end;
    struct str rest = text, last = str_cut(&rest, ' '), number = str_cut(&rest, ' ');
    if (!str_eq(last, STR("last")) || !str_to_i64(number, &n) || n < 1 || n > 1200)
        return false;
    if (str_eq(rest, STR("months")) || str_eq(rest, STR("month")))
        out->from_at = start_of(calc, date_add_months(end, -n));
    else if (str_eq(rest, STR("days")) || str_eq(rest, STR("day")))
        out->from_at = start_of(calc, date_add_days(end, -n));
    else
        return false;
    return true;
}

static bool window_of(const struct reward__calc *calc, struct str text, struct window *out)
{
    struct date start = calc->ask->period.start;
    out->to_at = calc->calculation->span.end_us;
    out->from_at = calc->calculation->span.start_us;
    if (str_eq(text, STR("period")))
        return true;
    if (str_eq(text, STR("lifetime"))) {
        out->from_at = INT64_MIN;
        return true;
    }
    if (str_eq(text, STR("year to date"))) {
        out->from_at = start_of(calc, date_of(date_ymd(start).year, 1, 1));
        return true;
    }
    return last_window(calc, text, out);
}

/* ---- summing ---- */

static bool is_about(const struct asking *asking, const struct reward__fact *fact)
{
    return (!asking->outlet || fact->outlet == asking->outlet) &&
           (!asking->customer || fact->customer == asking->customer);
}

/* Refunds are written with either sign. */
static int64_t size_of(const struct reward__fact *fact, int64_t value)
{
    bool is_back = OF(fact->type) & BACKS;
    return is_back && value < 0 ? -value : value;
}

static int64_t figure(const struct metric *metric, const struct reward__fact *fact)
{
    switch (metric->sum) {
    case SUM_NET: return size_of(fact, fact->part_net_minor);
    case SUM_AMOUNT: return size_of(fact, fact->part_amount_minor);
    case SUM_QUANTITY: return size_of(fact, fact->part_quantity);
    default: return 1;
    }
}

static bool is_money(const struct metric *metric)
{
    return metric->sum == SUM_NET || metric->sum == SUM_AMOUNT;
}

/* A customer counts once; a new one where the first event of the whole life lies in the window. */
static bool is_counted(const struct metric *metric, const struct window *window, struct map *seen,
                       const struct reward__fact *fact)
{
    bool is_inside = fact->occurred_at >= window->from_at && fact->occurred_at < window->to_at;
    if (metric->sum != COUNT_CUSTOMERS && metric->sum != COUNT_NEW)
        return is_inside;
    if (!fact->customer || (metric->sum == COUNT_CUSTOMERS && !is_inside))
        return false;
    void **slot = map_put_i64(seen, fact->customer->id);
    if (*slot)
        return false;
    *slot = seen;
    return is_inside;
}

/* NULL: it has no part in this figure; is_broken: nor can the figure be told. */
static const struct reward__fact *counted(const struct asking *asking, const struct metric *metric,
                                          const struct window *window, struct map *seen,
                                          const struct reward__fact *fact, bool *is_broken)
{
    bool is_asked = OF(fact->type) & (metric->plus | metric->minus);
    if (!is_asked || !is_about(asking, fact) || !is_counted(metric, window, seen, fact))
        return NULL;
    if (is_money(metric))
        fact = reward__fact_in(asking->calc, asking->contract, asking->scheme, fact);
    *is_broken = *is_broken || !fact; /* said with the result already */
    return fact;
}

static struct dec exact(const struct metric *metric, const struct reward__fact *fact)
{
    int64_t value = figure(metric, fact);
    if (is_money(metric))
        return reward__fact_money(fact, value).number;
    return metric->sum == SUM_QUANTITY ? reward__view_quantity(value).number : dec_from_i64(value);
}

static const struct told *find_told(const struct asking *asking, const struct metric *metric,
                                    const struct window *window)
{
    for (size_t i = 0; i < asking->told->list.len; i++) {
        const struct told *t = &asking->told->list.at[i];
        if (t->sum == metric->sum && t->plus == metric->plus && t->minus == metric->minus &&
            t->window.from_at == window->from_at && t->window.to_at == window->to_at)
            return t;
    }
    return NULL;
}

static struct feel_value sum_of(struct feel_run *run, const struct asking *asking,
                                const struct metric *metric, const struct window *window)
{
    const struct told *told = find_told(asking, metric, window);
    if (told)
        return feel_number(told->value);
    struct dec sum = dec_from_i64(0);
    bool is_broken = false;
    const struct reward__sales *sales = asking->contract->history;
    struct map *seen = map_new(feel_run_arena(run));
    for (size_t i = 0; sales && i < sales->len; i++) {
        const struct reward__fact *fact =
            counted(asking, metric, window, seen, &sales->at[i], &is_broken);
        if (!fact)
            continue;
        bool is_plus = OF(fact->type) & metric->plus;
        struct dec value = exact(metric, fact);
        sum = is_plus ? dec_add(sum, value) : dec_sub(sum, value);
    }
    if (is_broken)
        return feel_null();
    struct told fresh = {metric->sum, metric->plus, metric->minus, *window, sum};
    VEC_PUSH(asking->calc->work, &asking->told->list, fresh);
    return feel_number(sum);
}

/* ---- the functions ---- */

static bool read_window(struct feel_run *run, const struct asking *asking,
                        const struct feel_value *arg, struct window *out)
{
    if (arg->kind == FEEL_STRING && window_of(asking->calc, arg->text, out))
        return true;
    (void)feel_run_warn(run,
                        M("A window is period, year to date, lifetime, last 6 months or last 30 "
                          "days, not {0}."),
                        feel_print(feel_run_arena(run), arg), STR_NONE);
    return false;
}

static struct feel_value get(struct feel_run *run, const void *data, const struct feel_value *args,
                             size_t len)
{
    const struct asking *asking = data;
    struct window window;
    (void)len;
    if (!read_window(run, asking, &args[1], &window))
        return feel_null();
    for (size_t i = 0; i < LEN(metrics); i++)
        if (args[0].kind == FEEL_STRING && str_eq(args[0].text, str_of(metrics[i].name)))
            return sum_of(run, asking, &metrics[i], &window);
    return feel_run_warn(run, M("There is no metric {0}."),
                         feel_print(feel_run_arena(run), &args[0]), STR_NONE);
}

/* How many of one type of events there are beside those of an earlier step; both stay to be seen.
 */
static struct feel_value funnel(struct feel_run *run, const void *data,
                                const struct feel_value *args, size_t len)
{
    const struct asking *asking = data;
    struct window window;
    struct dec counts[2];
    (void)len;
    if (!read_window(run, asking, &args[2], &window))
        return feel_null();
    for (size_t i = 0; i < LEN(counts); i++) {
        enum event_type type = 0;
        if (args[i].kind != FEEL_STRING || !event_type_find(args[i].text, &type))
            return feel_run_warn(run, M("There is no type of events {0}."),
                                 feel_print(feel_run_arena(run), &args[i]), STR_NONE);
        const struct metric metric = {"", COUNT_EVENTS, OF(type), 0};
        counts[i] = sum_of(run, asking, &metric, &window).number;
    }
    const struct reward__entry entries[] = {
        {"denominator", feel_number(counts[0])},
        {"numerator", feel_number(counts[1])},
        {"share",
         dec_is_zero(counts[0]) ? feel_null() : feel_number(dec_div(counts[1], counts[0]))}};
    return reward__view_context(feel_run_arena(run), entries, LEN(entries));
}

struct feel_value reward__metrics_input(struct reward__calc *calc,
                                        struct reward__contract *contract,
                                        const struct scheme *scheme,
                                        const struct reward__outlet *outlet,
                                        const struct reward__customer *customer)
{
    static const struct feel_field of_get[] = {{STR_INIT("metric"), NULL},
                                               {STR_INIT("window"), NULL}};
    static const struct feel_field of_funnel[] = {
        {STR_INIT("first"), NULL}, {STR_INIT("second"), NULL}, {STR_INIT("window"), NULL}};
    struct asking *asking = NEW(calc->work, struct asking);
    *asking = (struct asking){
        NEW(calc->work, struct told_list), calc, contract, scheme, outlet, customer};
    const struct reward__entry entries[] = {
        {"get", feel_host_function(calc->work, STR("get"), of_get, LEN(of_get), NULL, get, asking)},
        {"funnel", feel_host_function(calc->work, STR("funnel"), of_funnel, LEN(of_funnel), NULL,
                                      funnel, asking)}};
    return reward__view_context(calc->work, entries, LEN(entries));
}
