/* Earnings by month as bars: of the currency that has the most, in whole units. */
#include "reward/reward_web.h"

enum { MONTHS = 12 };

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

static void add_month(struct op *op, const struct reward_month_row_rows *rows, struct period month,
                      const struct currency *currency, bool is_last, struct ui_bars *bars)
{
    struct str name = period_print(op->arena, month);
    int64_t minor = 0;
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(rows->at[i].period, name) && currency == currency_find(rows->at[i].currency))
            minor += rows->at[i].total_minor;
    struct ui_bar_point point = {.label = i18n_month(op->lang, date_ymd(month.start).month, true),
                                 .value = whole_units(minor, currency->digits),
                                 .shown = i18n_money(op->arena, op->lang, MONEY(minor, currency)),
                                 .is_now = is_last};
    VEC_PUSH(op->arena, bars, point);
    if (is_last)
        bars->last_label = i18n_i64(op->arena, op->lang, point.value);
}

enum rc reward__months(struct op *op, int64_t partner_id, struct period last,
                       struct reward__months *out)
{
    struct reward_month_row_rows rows;
    struct period month = period_of(PERIOD_MONTH, 0, date_add_days(last.end, -1));
    struct period first = period_step(month, 1 - MONTHS);
    *out = (struct reward__months){.symbol = STR("")};
    if (partner_id == 0)
        TRY(q_reward_months(op, &(struct q_reward_months_in){first.start.days}, &rows));
    else
        TRY(q_statement_months(op, &(struct q_statement_months_in){first.start.days, partner_id},
                               &rows));
    struct str code = main_currency(&rows);
    if (!code.at)
        return RC_OK;
    const struct currency *currency = currency_find(code);
    out->symbol = i18n_currency_symbol(op->lang, currency);
    out->bars.title = M("Rewards accrued by month");
    out->bars.value_name = M("Accrued");
    for (int i = 0; i < MONTHS; i++)
        add_month(op, &rows, period_step(first, i), currency, i == MONTHS - 1, &out->bars);
    return RC_OK;
}
