/* Contracts for the search of everything. */
#include "contract/contract_q.h"
#include "contract/contract_web.h"

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct contract_found_rows rows;
    TRY(q_contract_find(
        op, &(struct q_contract_find_in){sought->fold, sought->fold_end, sought->limit + 1},
        &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct contract_found *row = &rows.at[i];
        struct ui_found *found = ui_found(op, out, ui_url(op, "/contracts", ctr(row->id), ""));
        found->title = row->code;
        found->sub = row->partner_name;
        found->record = "contract";
        found->state = row->state;
        found->is_exact = str_eq(row->code_fold, sought->fold);
    }
    return RC_OK;
}

const struct ui_finder contract_finders[] = {
    {20, M("Contracts"), "writing", "contract.read", "/contracts", find},
    {0},
};
