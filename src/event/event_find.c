/* Facts for the search of everything: the newest ones, by their number outside. */
#include "event/event_q.h"
#include "event/event_web.h"

enum { NEWEST = 50000 };

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct event_found_rows rows;
    int64_t last = 0;
    TRY(event_watermark(op, &last));
    TRY(q_event_find(op,
                     &(struct q_event_find_in){last > NEWEST ? last - NEWEST : 0, sought->text,
                                               sought->limit + 1},
                     &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct event_found *row = &rows.at[i];
        struct ui_found *found = ui_found(op, out, ui_url(op, "/events", evt(row->event_seq), ""));
        struct str day = i18n_date(op->arena, op->lang, zone_date(op->zone, row->occurred_at),
                                   DATE_MEDIUM, PLACE_INSIDE);
        const struct currency *currency = currency_find(row->currency);
        found->title = row->external_id;
        found->sub = str_printf(op->arena, STR_FMT " · " STR_FMT " · " STR_FMT,
                                STR_ARG(tr(op->lang, event_type_label((enum event_type)row->type))),
                                STR_ARG(row->source), STR_ARG(day));
        if (row->net_minor && currency)
            found->figure = i18n_money(op->arena, op->lang, MONEY(row->net_minor, currency));
        found->is_exact = true;
    }
    return RC_OK;
}

const struct ui_finder event_finders[] = {
    {60, M("Sales"), "receipt-2", "sale.read", "/events", find},
    {0},
};
