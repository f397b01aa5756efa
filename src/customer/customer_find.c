/* Customers for the search of everything. */
#include "customer/customer_int.h"
#include "customer/customer_q.h"

static void put(struct op *op, const struct ui_sought *sought,
                const struct customer_found_rows *rows, struct ui_founds *out)
{
    for (size_t i = 0; i < rows->len && out->len <= (size_t)sought->limit; i++) {
        const struct customer_found *row = &rows->at[i];
        struct ui_found *found =
            ui_found(op, out, ui_url(op, "/customers", pid_of("cus", row->id), ""));
        found->title = row->anonymised_at.has ? tr(op->lang, M("Anonymised")) : row->name;
        found->sub = row->code;
        found->is_exact = str_eq(row->code, sought->text) || str_eq(row->code, sought->code);
    }
}

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct customer_found_rows rows;
    TRY(q_customer_find_code(op,
                             &(struct q_customer_find_code_in){sought->text, sought->code,
                                                               sought->code_end, sought->limit + 1},
                             &rows));
    put(op, sought, &rows, out);
    TRY(q_customer_find_name(
        op, &(struct q_customer_find_name_in){sought->fold, sought->fold_end, sought->limit + 1},
        &rows));
    put(op, sought, &rows, out);
    return RC_OK;
}

const struct ui_finder customer_finders[] = {
    {40, M("Customers"), "user", "customer.read", "/customers", find},
    {0},
};
