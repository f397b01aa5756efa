/* Fuzzing the CSV reader: any bytes end in records or an error, within the bounds; what was read
 * is written and read back the same. The first byte chooses delimiter and encoding. */
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_back(struct csv_writer *writer, const struct csv_row *row)
{
    for (size_t i = 0; i < row->len; i++)
        csv_put(writer, row->at[i]);
    csv_end_row(writer);
}

static void check_back(struct str written, const struct csv_row *row)
{
    struct str rest = written;
    AUTO_CSV csv = NULL;
    struct csv_row back;
    enum rc rc = csv_open(text_source_str(&rest),
                          &(struct csv_options){.encoding = ENCODING_UTF8, .delimiter = ','}, &csv);
    assert(rc == RC_OK);
    rc = csv_next(csv, &back);
    /* A BOM, or a cell that the guard or quotes lengthen beyond the bounds, may differ. */
    if (rc != RC_OK || back.len != row->len)
        return;
    for (size_t i = 0; i < back.len; i++)
        assert(i == 0 || str_eq(text_unguard(back.at[i]), row->at[i]) ||
               str_has(row->at[i], STR("\xEF\xBB\xBF")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    struct csv_options options = {.encoding = (enum encoding)(data[0] % 6),
                                  .delimiter = "\0,;\t|"[data[0] / 6 % 5]};
    struct str rest = {(const char *)data + 1, len - 1};
    AUTO_CSV csv = NULL;
    struct csv_row row;
    if (csv_open(text_source_str(&rest), &options, &csv) != RC_OK)
        return 0;
    for (int records = 0; records < 10000; records++) {
        enum rc rc = csv_next(csv, &row);
        if (rc == RC_MISSING)
            break;
        const struct csv_error *error = csv_failure(csv);
        assert(rc == RC_OK || (rc == RC_INVALID && error->message && error->line >= 1));
        if (rc != RC_OK && error->is_fatal)
            break;
        if (rc != RC_OK)
            continue;
        assert(row.len >= 1 && row.len <= CSV_COLUMNS_MAX && row.line >= 1);
        for (size_t i = 0; i < row.len; i++)
            assert(row.at[i].len <= CSV_FIELD_MAX && utf8_valid(row.at[i]));
        AUTO_BUF written = BUF(8 << 20);
        struct csv_writer writer = {.buf = &written};
        write_back(&writer, &row);
        check_back(buf_str(&written), &row);
    }
    return 0;
}
