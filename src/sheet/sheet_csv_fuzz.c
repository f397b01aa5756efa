/* Any bytes as CSV through the common interface; what was read is written and read again: the
 * second reading must give the same cells. */
#include "sheet/sheet_test_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MAX = 200 };

struct table {
    struct str_list cells;
    size_t row_ends[ROWS_MAX];
    size_t rows_len, columns_len;
};

static enum rc read_table(struct arena *arena, struct str bytes,
                          const struct sheet_options *options, struct table *out)
{
    struct fault fault = {.arena = arena};
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    *out = (struct table){.columns_len = 1};
    enum rc rc = sheet_open(sheet_source_str(&bytes), options, &fault, &sheet);
    while (rc == RC_OK && (rc = sheet_next(sheet, &row)) == RC_OK && out->rows_len < ROWS_MAX) {
        if (row.problem)
            continue;
        for (size_t i = 0; i < row.len; i++)
            VEC_PUSH(arena, &out->cells, str_dup(arena, row.cells[i]));
        out->row_ends[out->rows_len++] = out->cells.len;
        out->columns_len = row.len > out->columns_len ? row.len : out->columns_len;
    }
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_new(512 << 20);
    struct table first, second;
    struct str bytes = {(const char *)data, size};
    enum rc rc = read_table(arena, bytes, NULL, &first);
    if (rc != RC_MISSING || first.rows_len == 0 || str_starts(bytes, STR("PK")))
        return 0;
    AUTO_BUF file = BUF(256 << 20);
    struct sheet_column *columns = NEW_ARRAY(arena, struct sheet_column, first.columns_len);
    struct sheet_value *values = NEW_ARRAY(arena, struct sheet_value, first.columns_len);
    for (size_t i = 0; i < first.columns_len; i++)
        columns[i] = (struct sheet_column){STR("c"), SHEET_COLUMN_TEXT, 0};
    struct sheet_writer_options options = {
        .kind = SHEET_CSV, .columns = columns, .columns_len = first.columns_len, .has_bom = true};
    AUTO_SHEET_WRITER writer = NULL;
    rc = sheet_writer_open(&options, sheet_sink_buf(&file), &writer);
    for (size_t i = 0, at = 0; rc == RC_OK && i < first.rows_len; at = first.row_ends[i++]) {
        size_t len = first.row_ends[i] - at;
        for (size_t k = 0; k < len; k++)
            values[k] = sheet_text(first.cells.at[at + k]);
        rc = sheet_writer_row(writer, values, len);
    }
    assert(rc == RC_OK && sheet_writer_finish(writer) == RC_OK);
    struct sheet_options again = {.delimiter = ',', .encoding = ENCODING_UTF8};
    rc = read_table(arena, buf_str(&file), &again, &second);
    if (rc == RC_TOO_LARGE || rc == RC_INVALID)
        return 0; /* quotes made a line longer than a line may be */
    size_t rows = first.rows_len < ROWS_MAX ? first.rows_len : ROWS_MAX - 1;
    for (size_t i = 0, at = 0; i < rows; at = first.row_ends[i++])
        for (size_t k = 0; k < first.row_ends[i] - at; k++) {
            assert(i + 1 < second.rows_len);
            struct str cell = second.cells.at[second.row_ends[i] + k];
            struct str want = first.cells.at[at + k];
            assert(str_eq(cell, want) || str_eq(text_unguard(cell), want));
        }
    return 0;
}
