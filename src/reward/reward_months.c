/* Earnings by month as bars: of the currency that has the most, in whole units. */
#include "reward/reward_web.h"

enum { MONTHS = 12 };

struct month_sums {
    struct reward_month_row_rows posted, open;
};

static struct str main_currency(const struct reward_month_row_rows *rows)
{
    struct str best = STR_NONE;
    int64_t best_months = 0;
    for (size_t i = 0; i < rows->len; i++) {
        int64_t months = 0;
        for (size_t k = 0; k < rows->len; k++)
            months += str_eq(rows->at[k].currency, rows->at[i].currency) ? 1 : 0;
        if (months > best_months) {
            best = rows->at[i].currency;
            best_months = months;
        }
    }
    return best;
}

static int64_t whole_units(int64_t minor, int digits)
{
    int64_t whole = 0;
    return money_rescale(minor, digits, 0, DEC_HALF_UP, &whole) ? whole : 0;
}

static int64_t sum_of(const struct reward_month_row_rows *rows, struct str period,
                      const struct currency *currency)
{
    int64_t minor = 0;
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(rows->at[i].period, period) && currency == currency_find(rows->at[i].currency))
            minor += rows->at[i].total_minor;
    return minor;
}

static void add_month(struct op *op, const struct month_sums *sums, struct period month,
                      const struct currency *currency, bool is_last, struct ui_bars *bars)
{
    struct str name = period_print(op->arena, month);
    int64_t open_minor = sum_of(&sums->open, name, currency);
    int64_t minor = sum_of(&sums->posted, name, currency) + open_minor;
    struct ui_bar_point point = {.label = i18n_month(op->lang, date_ymd(month.start).month, true),
                                 .value = whole_units(minor, currency->digits),
                                 .shown = i18n_money(op->arena, op->lang, MONEY(minor, currency)),
                                 .is_now = is_last,
                                 .is_open = open_minor != 0};
    if (point.is_open)
        point.shown = i18n_format(op->arena, op->lang, M("{0}, not posted yet"), point.shown);
    VEC_PUSH(op->arena, bars, point);
    if (is_last)
        bars->last_label = i18n_i64(op->arena, op->lang, point.value);
}

enum rc reward__months(struct op *op, int64_t partner_id, struct period last,
                       struct reward__months *out)
{
    struct month_sums sums = {0};
    struct period month = period_of(PERIOD_MONTH, 0, date_add_days(last.end, -1));
    struct period first = period_step(month, 1 - MONTHS);
    *out = (struct reward__months){.symbol = STR("")};
    if (partner_id) {
        TRY(q_statement_months(op, &(struct q_statement_months_in){first.start.days, partner_id},
                               &sums.posted));
    } else {
        struct q_reward_months_open_in open = {first.start.days};
        TRY(q_reward_months(op, &(struct q_reward_months_in){first.start.days}, &sums.posted));
        TRY(q_reward_months_open(op, &open, &sums.open));
    }
    struct str code = main_currency(sums.posted.len ? &sums.posted : &sums.open);
    if (!code.at)
        return RC_OK;
    const struct currency *currency = currency_find(code);
    out->symbol = i18n_currency_symbol(op->lang, currency);
    out->bars.title = M("Rewards accrued by month");
    out->bars.value_name = M("Accrued");
    for (int i = 0; i < MONTHS; i++)
        add_month(op, &sums, period_step(first, i), currency, i == MONTHS - 1, &out->bars);
    for (size_t i = 0; i < out->bars.len; i++)
        out->has_open = out->has_open || out->bars.at[i].is_open;
    return RC_OK;
}
