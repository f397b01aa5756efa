/* The first rows of a file, for the page where columns are mapped. */
#include "import/import_int.h"

enum { PREVIEW_ROWS = 20, PREVIEW_CHARS = 80 };

static void keep_row(struct arena *arena, const struct sheet_row *row, struct import_preview *out)
{
    struct str_list cells = {0};
    for (size_t i = 0; i < row->len; i++)
        VEC_PUSH(arena, &cells, str_dup(arena, utf8_cut(str_trim(row->cells[i]), PREVIEW_CHARS)));
    VEC_PUSH(arena, &out->rows, cells);
}

enum rc import__preview(struct arena *arena, struct sheet_source source,
                        const struct import_mapping *mapping, struct fault *fault,
                        struct import_preview *out)
{
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    enum rc rc;
    TRY(sheet_open(source,
                   &(struct sheet_options){.delimiter = mapping->delimiter,
                                           .encoding = mapping->encoding,
                                           .sheet_name = mapping->sheet},
                   fault, &sheet));
    rc = sheet_next(sheet, &row);
    if (rc == RC_MISSING)
        return fault_add(fault, RC_INVALID, NULL, M("The file is empty."), NULL);
    TRY(rc);
    if (row.problem)
        return fault_add(fault, RC_INVALID, NULL, row.problem, row.problem_arg, NULL);
    for (size_t i = 0; i < row.len; i++) {
        struct str head = text_clean_line(arena, row.cells[i]);
        VEC_PUSH(arena, &out->heads, head.len ? head : str_printf(arena, "column %zu", i + 1));
    }
    while (out->rows.len < PREVIEW_ROWS && (rc = sheet_next(sheet, &row)) == RC_OK)
        if (!row.problem)
            keep_row(arena, &row, out);
    const struct sheet_info *info = sheet_about(sheet);
    for (size_t i = 0; i < info->names_len; i++)
        VEC_PUSH(arena, &out->sheets, str_dup(arena, info->names[i]));
    out->encoding = info->encoding;
    out->delimiter = info->delimiter;
    return rc == RC_OK || rc == RC_MISSING ? RC_OK : rc;
}
