/* Statements for the search of everything: by number, and by amount as the language writes it. */
#include "reward/reward_web.h"

enum { MINOR_DIGITS = 2 }; /* of an amount typed without a currency */

static void put(struct op *op, const struct ui_sought *sought,
                const struct statement_found_rows *rows, struct ui_founds *out)
{
    for (size_t i = 0; i < rows->len && out->len <= (size_t)sought->limit; i++) {
        const struct statement_found *row = &rows->at[i];
        struct ui_found *found = ui_found(op, out, reward__statement_href(op, row->id, ""));
        found->title = row->number;
        found->sub = reward__note_line(op, row->partner_name,
                                       reward__period_words(op, row->period, PLACE_INSIDE));
        found->figure =
            i18n_money(op->arena, op->lang, MONEY(row->total_minor, currency_find(row->currency)));
        found->record = "statement";
        found->state = row->state;
        found->is_exact = str_eq(row->number, sought->code);
    }
}

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct statement_found_rows rows;
    int64_t minor;
    TRY(q_statement_find(
        op, &(struct q_statement_find_in){sought->code, sought->code_end, sought->limit + 1},
        &rows));
    put(op, sought, &rows, out);
    if (i18n_parse_scaled(op->lang, sought->text, MINOR_DIGITS, &minor))
        return RC_OK; /* not an amount */
    TRY(q_statement_find_total(op, &(struct q_statement_find_total_in){minor, sought->limit + 1},
                               &rows));
    put(op, sought, &rows, out);
    return RC_OK;
}

const struct ui_finder reward_finders[] = {
    {30, M("Reward statements"), "calculator", "run.read", "/statements", find},
    {0},
};
