/* What a batch asks for at once instead of row by row: the ids of the records that its rows name,
 * and the records that have its codes already. */
#include "import/import_int.h"

/* ---- the ids of records that rows name ---- */

static bool is_asked_together(const struct import_batch *batch, const struct import_column *column,
                              enum import_ref *out)
{
    const struct import_kind *kind = batch->importer->kind;
    if (column->field >= kind->fields_len || !column->from.at || column->lookup)
        return false;
    *out = kind->fields[column->field].ref;
    return kind->fields[column->field].type == IMPORT_REF && *out != kind->self &&
           import__refs_is_many(*out);
}

static enum rc prefetch_column(struct import_batch *batch, const struct import_column *column,
                               enum import_ref ref)
{
    struct str_list codes = {0};
    struct map *once = map_new(batch->arena);
    for (size_t i = 0; i < batch->len; i++) {
        const struct import_row *row = &batch->rows[i];
        if (row->outcome != IMPORT_OPEN || column->cell >= row->cells_len)
            continue;
        struct str code = row->cells[column->cell];
        if (code.len == 0 || import__refs_knows(batch->importer->refs, ref, code) ||
            map_get(once, code))
            continue;
        *map_put(once, code) = batch;
        VEC_PUSH(batch->arena, &codes, code);
    }
    return codes.len > 1 ? import__refs_load(batch, ref, &codes) : RC_OK;
}

enum rc import__prefetch(struct import_batch *batch)
{
    const struct import_mapping *mapping = batch->importer->mapping;
    for (size_t i = 0; i < mapping->columns.len; i++) {
        const struct import_column *column = &mapping->columns.at[i];
        enum import_ref ref;
        if (is_asked_together(batch, column, &ref))
            TRY(prefetch_column(batch, column, ref));
    }
    return RC_OK;
}

/* ---- the records that have the codes of rows ---- */

void import__first_rows(struct import_batch *batch, size_t first, size_t end, bool is_folded,
                        struct import_firsts *out)
{
    *out = (struct import_firsts){.rows = map_new(batch->arena)};
    for (size_t i = first; i < end; i++) {
        struct import_row *row = &batch->rows[i];
        if (row->outcome != IMPORT_OPEN)
            continue; /* it may have no values */
        struct str code = import__value(batch, row, batch->importer->kind->key)->text;
        struct str key = is_folded ? text_fold(batch->arena, code) : code;
        if (map_get(out->rows, key))
            continue;
        *map_put(out->rows, key) = row;
        VEC_PUSH(batch->arena, &out->codes, code);
        VEC_PUSH(batch->arena, &out->at, row);
    }
}

/* ---- what outlives the row at hand ---- */

struct arena *import__keep(struct import_batch *batch)
{
    struct arena *passing = batch->op->arena;
    batch->op->arena = batch->arena;
    return passing;
}

enum rc import__pass(struct import_batch *batch, struct arena *passing, enum rc rc)
{
    batch->op->arena = passing;
    return rc;
}
