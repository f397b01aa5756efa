/* Partners for the search of everything: by the beginning of the code, and by any part of names,
 * code and tax number, as the list has it. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"
#include "text/text.h"

enum { TRIGRAM = 3 }; /* shorter parts have no index */

static void put(struct op *op, const struct ui_sought *sought, const struct partner_found *row,
                struct ui_founds *out)
{
    struct ui_found *found = ui_found(op, out, partner__url(op, row->id, ""));
    found->title = row->name;
    found->sub = row->tax_number.len ? str_printf(op->arena, STR_FMT " · " STR_FMT,
                                                  STR_ARG(row->code), STR_ARG(row->tax_number))
                                     : row->code;
    found->record = "partner";
    found->state = row->state;
    found->is_exact = str_eq(text_fold(op->arena, row->code), sought->fold) ||
                      str_eq(row->tax_number, sought->text);
}

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct partner_found_rows rows;
    struct partner_choices choices = {0};
    TRY(q_partner_find_code(op,
                            &(struct q_partner_find_code_in){sought->text, sought->code,
                                                             sought->code_end, sought->limit + 1},
                            &rows));
    for (size_t i = 0; i < rows.len; i++)
        put(op, sought, &rows.at[i], out);
    if (utf8_count(sought->fold) >= TRIGRAM)
        TRY(partner_search(op, sought->text, &choices));
    for (size_t i = 0; i < choices.len && out->len <= (size_t)sought->limit; i++) {
        struct partner_found row;
        enum rc rc = q_partner_find(op, &(struct q_partner_find_in){choices.at[i].id}, &row);
        if (rc == RC_OK)
            put(op, sought, &row, out);
        else if (rc != RC_MISSING)
            return rc;
    }
    return RC_OK;
}

const struct ui_finder partner_finders[] = {
    {10, M("Partners"), "users", "partner.read", "/partners", find},
    {0},
};
