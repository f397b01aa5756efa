/* Products for the search of everything. */
#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"

static void put(struct op *op, const struct ui_sought *sought,
                const struct product_found_rows *rows, struct ui_founds *out)
{
    for (size_t i = 0; i < rows->len && out->len <= (size_t)sought->limit; i++) {
        const struct product_found *row = &rows->at[i];
        struct ui_found *found =
            ui_found(op, out, ui_url(op, "/products", pid_of("prd", row->id), ""));
        found->title = row->name;
        found->sub = row->code;
        found->is_exact = str_eq(row->code, sought->text) || str_eq(row->code, sought->code);
    }
}

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct product_found_rows rows;
    TRY(q_product_find_code(op,
                            &(struct q_product_find_code_in){sought->text, sought->code,
                                                             sought->code_end, sought->limit + 1},
                            &rows));
    put(op, sought, &rows, out);
    TRY(q_product_find_name(
        op, &(struct q_product_find_name_in){sought->fold, sought->fold_end, sought->limit + 1},
        &rows));
    put(op, sought, &rows, out);
    return RC_OK;
}

const struct ui_finder catalog_finders[] = {
    {50, M("Products"), "package", "catalog.read", "/products", find},
    {0},
};
