/* Columns of a file that an import leaves out, so that a mistyped name is seen and not missed in a
 * report a month later. */
#include "import/import_int.h"

static bool is_taken(const struct import_mapping *mapping, const struct str *heads, size_t i)
{
    for (size_t k = 0; k < mapping->columns.len; k++) {
        const struct import_column *column = &mapping->columns.at[k];
        if (column->from.at && column->cell == i)
            return true;
        /* get value(row, "…") reaches any column by a name that is made when it runs */
        if (column->feel.at &&
            (str_has(column->feel, heads[i]) || str_has(column->feel, STR("row"))))
            return true;
    }
    return false;
}

static bool has_field(const struct import_mapping *mapping, size_t field)
{
    for (size_t k = 0; k < mapping->columns.len; k++)
        if (mapping->columns.at[k].field == field)
            return true;
    return false;
}

/* Among all names that a free field goes by, in every language. */
static struct str nearest_field(struct arena *arena, const struct import_mapping *mapping,
                                struct str head)
{
    struct str_list names = {0};
    struct str folded = text_fold(arena, head);
    for (size_t i = 0; i < mapping->kind->fields_len; i++) {
        const struct import_field *field = &mapping->kind->fields[i];
        if (has_field(mapping, i))
            continue;
        VEC_PUSH(arena, &names, str_of(field->name));
        for (int id = 1; id <= LANG_COUNT; id++)
            VEC_PUSH(arena, &names, text_fold(arena, tr(lang_of((enum lang_id)id), field->label)));
        for (struct str rest = str_of(field->also); rest.at && rest.len > 0;)
            VEC_PUSH(arena, &names, str_cut(&rest, ';'));
    }
    return text_nearest(folded, names.at, names.len);
}

void import__mapping_unused(struct arena *arena, const struct import_mapping *mapping,
                            const struct str *heads, size_t len, struct import_unused_list *out)
{
    enum { SUGGESTED_MAX = 50 }; /* comparing with all names is slow: for the first */
    *out = (struct import_unused_list){0};
    for (size_t i = import__error_heads(heads, len); i < len; i++) {
        if (is_taken(mapping, heads, i))
            continue;
        struct import_unused one = {.name = str_dup(arena, heads[i]), .nearest = STR_NONE};
        if (out->len < SUGGESTED_MAX)
            one.nearest = nearest_field(arena, mapping, heads[i]);
        VEC_PUSH(arena, out, one);
    }
}
