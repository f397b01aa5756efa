/* Figures kept with a result when it is stored, and those of a page of the directory: what partners
 * sold and earned in the newest period, and what they are owed. */
#include "json/json.h"
#include "partner/partner.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

enum rc reward__store_figures(struct op *op, int64_t run_id, const struct reward_result *result,
                              int64_t result_id)
{
    TRY(q_reward_sources_add(
        op, &(struct q_reward_sources_add_in){.result_id = result_id,
                                              .run_id = run_id,
                                              .currency = str_of(result->currency->code)}));
    return q_reward_sales_set(op, &(struct q_reward_sales_set_in){result_id, result->sales_minor});
}

/* ---- the directory ---- */

static enum rc newest_period(struct op *op, struct period *out)
{
    struct reward_id_row id;
    struct reward_run run;
    TRY(q_reward_run_last(op, &id));
    TRY(reward_run_get(op, id.id, &run));
    *out = run.period;
    return RC_OK;
}

static struct str ids_json(struct op *op, const struct i64_list *ids)
{
    AUTO_BUF buf = BUF((LIST_LIMIT_MAX + 1) * 24);
    struct json_writer w = JSON_WRITER(&buf);
    json_array(&w);
    for (size_t i = 0; i < ids->len; i++)
        json_put_i64(&w, ids->at[i]);
    json_array_end(&w);
    return str_dup(op->arena, buf_str(&buf));
}

/* Of several currencies the one with the most stands in the cell. */
static void put(struct money *to, int64_t minor, const struct currency *currency)
{
    int64_t was = to->minor < 0 ? -to->minor : to->minor, is = minor < 0 ? -minor : minor;
    if (!to->currency || is > was)
        *to = MONEY(minor, currency);
}

static enum rc figures(struct op *op, const struct i64_list *ids, struct period period,
                       struct partner_figure *out)
{
    struct reward_figure_row_rows rows;
    struct map *places = map_new(op->arena);
    for (size_t i = 0; i < ids->len; i++)
        *map_put_i64(places, ids->at[i]) = &out[i];
    TRY(q_reward_partner_figures(
        op,
        &(struct q_reward_partner_figures_in){ids_json(op, ids), period_print(op->arena, period),
                                              period_print(op->arena, period_step(period, -1))},
        &rows));
    /* who sells nothing by its nature has no figure; who sold before has a nought */
    for (size_t i = 0; i < rows.len; i++) {
        const struct reward_figure_row *row = &rows.at[i];
        struct partner_figure *figure = map_get_i64(places, row->partner_id);
        const struct currency *currency = currency_find(row->currency);
        if (!figure)
            continue;
        if (str_eq(row->what, STR("balance"))) {
            put(&figure->balance, row->amount_minor, currency);
        } else if (str_eq(row->what, STR("now"))) {
            put(&figure->accrued, row->amount_minor, currency);
            if (row->sales_minor.has && row->sales_minor.v != 0)
                put(&figure->sales, row->sales_minor.v, currency);
        } else if (row->sales_minor.has) {
            put(&figure->sales_before, row->sales_minor.v, currency);
        }
    }
    for (size_t i = 0; i < ids->len; i++)
        if (!out[i].sales.currency && out[i].sales_before.minor != 0 && out[i].accrued.currency)
            out[i].sales = MONEY(0, out[i].sales_before.currency);
    return RC_OK;
}

const struct partner_figures reward__partner_figures = {
    .permission = "run.read", .period = newest_period, .read = figures};
