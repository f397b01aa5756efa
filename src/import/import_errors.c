/* The file of refused rows: row, column, value and reason before the row as it was, so that it can
 * be corrected and imported as it is. It is kept as CSV, with the delimiter that the mapping names,
 * and given out as a workbook too. */
#include "import/import_int.h"

enum { ERRORS_AT_ONCE = 1000, ERRORS_KEPT = 200, ERROR_COLUMNS = 4 };

static const char *const error_heads[ERROR_COLUMNS] = {M("Row"), M("Column"), M("Value"),
                                                       M("Reason")};

size_t import__error_heads(const struct str *heads, size_t len)
{
    for (int id = 1; len > ERROR_COLUMNS && id <= LANG_COUNT; id++) {
        size_t same = 0;
        while (same < ERROR_COLUMNS &&
               str_eq(heads[same], tr(lang_of((enum lang_id)id), error_heads[same])))
            same++;
        if (same == ERROR_COLUMNS)
            return ERROR_COLUMNS;
    }
    return 0;
}

/* ---- writing ---- */

struct errors {
    struct importer *importer;
    struct buf *buf;
    struct import_error_row row; /* not written yet: more of it may follow */
    bool has_row;
    int64_t after, count, kept_id;
};

static struct csv_writer csv_of(const struct errors *errors)
{
    return (struct csv_writer){.buf = errors->buf,
                               .delimiter = errors->importer->mapping->delimiter};
}

static void put_head(struct errors *errors)
{
    const struct importer *importer = errors->importer;
    struct csv_writer csv = csv_of(errors);
    for (size_t i = 0; i < ERROR_COLUMNS; i++)
        csv_put(&csv, tr(importer->op->lang, error_heads[i]));
    for (size_t i = import__error_heads(importer->heads.at, importer->heads.len);
         i < importer->heads.len; i++)
        csv_put(&csv, importer->heads.at[i]);
    csv_end_row(&csv);
}

static void put_row(struct errors *errors)
{
    struct arena *arena = errors->importer->op->arena;
    const struct import_error_row *row = &errors->row;
    struct csv_writer csv = csv_of(errors);
    if (!errors->has_row)
        return;
    csv_put_number(&csv, str_printf(arena, "%lld", (long long)row->row_number));
    csv_put(&csv, row->column_name);
    csv_put(&csv, row->value);
    csv_put(&csv, row->reason);
    char delimiter = ',';
    if (csv.delimiter)
        delimiter = csv.delimiter;
    buf_char(errors->buf, delimiter);
    buf_put(errors->buf, row->original);
    buf_put(errors->buf, STR("\r\n"));
    errors->has_row = false;
}

static struct str both(struct arena *arena, struct str a, struct str b)
{
    return str_printf(arena, STR_FMT "; " STR_FMT, STR_ARG(a), STR_ARG(b));
}

/* What is wrong with one row stands in one line: it is imported once. */
static void take_error(struct errors *errors, const struct import_error_row *next)
{
    struct arena *arena = errors->importer->op->arena;
    struct import_error_row *row = &errors->row;
    if (++errors->count == ERRORS_KEPT)
        errors->kept_id = next->id;
    errors->after = next->id;
    if (errors->has_row && row->row_number == next->row_number) {
        row->column_name = both(arena, row->column_name, next->column_name);
        row->value = both(arena, row->value, next->value);
        row->reason = both(arena, row->reason, next->reason);
        return;
    }
    put_row(errors);
    *row = *next;
    errors->has_row = true;
}

static enum rc write_errors(struct errors *errors, struct file_writer *writer)
{
    struct op *op = errors->importer->op;
    bool is_end = false;
    buf_put(errors->buf, STR("\xef\xbb\xbf"));
    put_head(errors);
    while (!is_end) {
        struct import_error_row_rows rows;
        TRY(q_import_errors(
            op, &(struct q_import_errors_in){errors->importer->id, errors->after, ERRORS_AT_ONCE},
            &rows));
        for (size_t i = 0; i < rows.len; i++)
            take_error(errors, &rows.at[i]);
        is_end = rows.len < ERRORS_AT_ONCE;
        if (is_end)
            put_row(errors);
        TRY(file_write(writer, buf_str(errors->buf)));
        buf_reset(errors->buf);
    }
    return RC_OK;
}

static struct str stem_of(struct str name)
{
    static const char *const tails[] = {".csv", ".xlsx", ".txt", ".tsv"};
    for (size_t i = 0; i < LEN(tails); i++)
        if (str_ends(name, str_of(tails[i])))
            return str_sub(name, 0, name.len - strlen(tails[i]));
    return name;
}

enum rc import__error_file(struct importer *importer, int64_t *out_file_id)
{
    struct op *op = importer->op;
    struct file_writer *writer = NULL;
    AUTO_BUF buf = BUF(64 << 20);
    struct errors errors = {.importer = importer, .buf = &buf};
    *out_file_id = 0;
    if (importer->counts.refused == 0)
        return RC_OK;
    struct file_new what = {.name = str_printf(op->arena, STR_FMT "-refused.csv",
                                               STR_ARG(utf8_cut(stem_of(importer->name), 100))),
                            .purpose = "import.errors"};
    TRY(file_create(op, &what, &writer));
    TRY(write_errors(&errors, writer));
    TRY(file_finish(writer, out_file_id));
    /* The file has them all; the page shows the first. */
    return errors.kept_id ? q_import_errors_drop(
                                op, &(struct q_import_errors_drop_in){importer->id, errors.kept_id})
                          : RC_OK;
}

/* ---- as a workbook ---- */

static enum rc read_part(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    struct str part;
    TRY(file_read_at(self, offset, &part));
    *out_len = part.len < cap ? part.len : cap;
    if (*out_len > 0)
        memcpy(at, part.at, *out_len);
    return RC_OK;
}

static enum rc copy_rows(struct sheet *from, struct sheet_writer *to, size_t columns,
                         struct sheet_value *values)
{
    struct sheet_row row;
    enum rc rc;
    while ((rc = sheet_next(from, &row)) == RC_OK) {
        size_t len = row.len < columns ? row.len : columns;
        for (size_t i = 0; i < len; i++)
            values[i] = sheet_text(text_unguard(row.cells[i]));
        TRY(sheet_writer_row(to, values, len));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc import__errors_as_workbook(struct op *op, int64_t file_id, char delimiter,
                                   struct sheet_sink sink)
{
    AUTO_SHEET from = NULL;
    AUTO_SHEET_WRITER to = NULL;
    struct file_reader *reader = NULL;
    struct file_info info;
    struct sheet_row head;
    TRY(file_open(op, file_id, &info, &reader));
    struct sheet_source source = {read_part, reader, info.size_bytes};
    TRY(sheet_open(source,
                   &(struct sheet_options){.delimiter = (char)(delimiter ? delimiter : ','),
                                           .encoding = ENCODING_UTF8},
                   &op->fault, &from));
    TRY(sheet_next(from, &head));
    size_t len = head.len;
    struct sheet_column *columns = NEW_ARRAY(op->arena, struct sheet_column, len);
    struct sheet_value *values = NEW_ARRAY(op->arena, struct sheet_value, len);
    for (size_t i = 0; i < len; i++)
        columns[i] = (struct sheet_column){.title = str_dup(op->arena, head.cells[i]),
                                           .kind = SHEET_COLUMN_TEXT};
    struct sheet_writer_options options = {.kind = SHEET_XLSX,
                                           .columns = columns,
                                           .columns_len = len,
                                           .sheet_name = tr(op->lang, M("Refused rows")),
                                           .title = info.name,
                                           .made_at = op->now};
    TRY(sheet_writer_open(&options, sink, &to));
    TRY(copy_rows(from, to, len, values));
    return sheet_writer_finish(to);
}
