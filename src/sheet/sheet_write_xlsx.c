/* Workbooks out, by libxlsxwriter in its constant-memory mode: rows go to a temporary file as they
 * come, the archive is packed at the end. The library does not look whether its temporary files
 * could be written, so a full disk would give a valid archive with half a table: the finished file
 * is therefore unpacked once more and must end as a worksheet ends. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "sheet/sheet_int.h"

enum {
    ROWS_MAX = 1048576,
    TEXT_CHARS_MAX = 32767, /* of a cell, in UTF-16 units */
    NAME_CHARS_MAX = 31,
    DIGITS_EXACT = 15, /* that a spreadsheet keeps */
    SCALES = 19,
    WIDTH_MIN = 8,
    WIDTH_MAX = 60,
    COPY_BYTES = 64 * 1024
};

struct sheet__xlsx {
    struct arena *arena;
    struct sheet_writer_options *options;
    struct str sheet_name;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head;
    lxw_format *formats[2][SHEET_COLUMN_INSTANT + 1][SCALES];
    int64_t rows_max;
    lxw_row_t row;
    int sheets_len, named_len; /* in all; of the present name */
    char *path;                /* of the finished file; NULL once it is unlinked */
    struct buf text;
};

/* ---- formats ---- */

static void money_format(lxw_format *format, int scale)
{
    char zeros[SCALES + 2] = "", code[128];
    if (scale > 0) {
        zeros[0] = '.';
        memset(zeros + 1, '0', (size_t)scale);
        zeros[scale + 1] = 0;
    }
    (void)snprintf(code, sizeof(code), "#,##0%s;[Red]-#,##0%s", zeros, zeros);
    format_set_num_format(format, code);
}

/* Dates by the built-in formats 14 and 22, which every reader sees in the way of their country. */
static lxw_format *format_of(struct sheet__xlsx *xlsx, enum sheet_column_kind kind, int scale,
                             bool is_bold)
{
    lxw_format **slot = &xlsx->formats[is_bold][kind][scale];
    lxw_format *format = *slot;
    if (format)
        return format;
    format = workbook_add_format(xlsx->book);
    if (is_bold) {
        format_set_bold(format);
        format_set_top(format, LXW_BORDER_THIN);
    }
    if (kind == SHEET_COLUMN_MONEY)
        money_format(format, scale);
    else if (kind == SHEET_COLUMN_DATE)
        format_set_num_format_index(format, 14);
    else if (kind == SHEET_COLUMN_INSTANT)
        format_set_num_format_index(format, 22);
    *slot = format;
    return format;
}

static lxw_format *head_format(lxw_workbook *book)
{
    lxw_format *format = workbook_add_format(book);
    format_set_bold(format);
    format_set_bg_color(format, 0xE9EDF2);
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(format);
    return format;
}

/* ---- text ---- */

/* _x followed by four hexadecimal digits and _ would be read as an escaped character. */
static bool is_escape(struct str text)
{
    if (text.len < 7 || text.at[0] != '_' || text.at[1] != 'x' || text.at[6] != '_')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (!strchr("0123456789abcdefABCDEF", text.at[i]) || text.at[i] == 0)
            return false;
    return true;
}

/* What XML can hold, at most what a cell can hold. Control characters go: nobody can see them. */
static const char *cell_text(struct sheet__xlsx *xlsx, struct str text)
{
    uint32_t character;
    size_t units = 0;
    buf_reset(&xlsx->text);
    for (struct str from = text; utf8_next(&text, &character); from = text) {
        bool is_control = character < 0x20 && character != '\n' && character != '\t';
        if (is_control || character == 0xFFFE || character == 0xFFFF)
            continue;
        units += is_escape(from) ? 7 : character > 0xFFFF ? 2 : 1;
        if (units > TEXT_CHARS_MAX - 1) {
            utf8_put(&xlsx->text, 0x2026);
            break;
        }
        if (is_escape(from))
            buf_put(&xlsx->text, STR("_x005F"));
        utf8_put(&xlsx->text, character);
    }
    buf_char(&xlsx->text, 0);
    assert(!xlsx->text.is_over);
    return xlsx->text.at;
}

/* At most 31 characters without []:*?/\ and without an apostrophe at either end. */
static struct str name_valid(struct arena *arena, struct str name, int number)
{
    AUTO_BUF valid = BUF(1024);
    char suffix[16] = "";
    if (number > 1)
        (void)snprintf(suffix, sizeof(suffix), " %d", number);
    size_t room = NAME_CHARS_MAX - strlen(suffix);
    uint32_t character;
    struct str rest = str_trim(name);
    while (room > 0 && utf8_next(&rest, &character)) {
        bool is_bad = character < 0x20 || (character < 0x80 && strchr("[]:*?/\\'", (int)character));
        utf8_put(&valid, is_bad ? ' ' : character);
        room -= room > 1 && character > 0xFFFF ? 2 : 1;
    }
    struct str trimmed = str_trim(buf_str(&valid));
    struct str base = trimmed.len > 0 ? trimmed : STR("Sheet1");
    return str_printf(arena, STR_FMT "%s", STR_ARG(base), suffix);
}

struct str sheet_name_valid(struct arena *arena, struct str name)
{
    return name_valid(arena, name, 1);
}

static int width_of(const struct sheet_column *column)
{
    static const int by_kind[] = {0, 24, 12, 16, 12, 18};
    int title = (int)utf8_columns(column->title) + 2;
    int width = column->width_chars ? column->width_chars : by_kind[column->kind];
    if (!column->width_chars && title > width)
        width = title;
    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* ---- sheets and rows ---- */

static enum rc rc_of(lxw_error error)
{
    switch (error) {
    case LXW_NO_ERROR: return RC_OK;
    case LXW_ERROR_CREATING_TMPFILE:
    case LXW_ERROR_CREATING_XLSX_FILE:
    case LXW_ERROR_ZIP_FILE_OPERATION:
    case LXW_ERROR_ZIP_FILE_ADD:
    case LXW_ERROR_ZIP_CLOSE: return RC_FULL;
    default: return RC_BROKEN;
    }
}

static enum rc sheet_begin(struct sheet__xlsx *xlsx)
{
    const struct sheet_writer_options *options = xlsx->options;
    struct str name = name_valid(xlsx->arena, options->sheet_name, ++xlsx->named_len);
    xlsx->sheets_len++;
    xlsx->sheet = workbook_add_worksheet(xlsx->book, str_c(xlsx->arena, name));
    if (!xlsx->sheet)
        return RC_FULL;
    for (size_t i = 0; i < options->columns_len; i++) {
        const struct sheet_column *column = &options->columns[i];
        TRY(rc_of(
            worksheet_set_column(xlsx->sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(column), NULL)));
        TRY(rc_of(worksheet_write_string(xlsx->sheet, 0, (lxw_col_t)i,
                                         cell_text(xlsx, column->title), xlsx->head)));
    }
    worksheet_freeze_panes(xlsx->sheet, 1, 0);
    worksheet_repeat_rows(xlsx->sheet, 0, 0);
    worksheet_set_landscape(xlsx->sheet);
    worksheet_set_paper(xlsx->sheet, 9); /* A4 */
    worksheet_fit_to_pages(xlsx->sheet, 1, 0);
    xlsx->row = 1;
    return RC_OK;
}

static void sheet_end(struct sheet__xlsx *xlsx)
{
    if (xlsx->sheet && xlsx->row > 1)
        worksheet_autofilter(xlsx->sheet, 0, 0, xlsx->row - 1,
                             (lxw_col_t)(xlsx->options->columns_len - 1));
}

enum rc sheet__xlsx_open(const struct sheet_writer_options *options, struct arena *arena,
                         struct sheet__xlsx **out)
{
    struct sheet__xlsx *xlsx = NEW(arena, struct sheet__xlsx);
    struct sheet_writer_options *own = NEW(arena, struct sheet_writer_options);
    *own = *options;
    own->sheet_name = str_dup(arena, options->sheet_name);
    *xlsx = (struct sheet__xlsx){.arena = arena, .options = own, .text = BUF(4 * TEXT_CHARS_MAX)};
    *out = xlsx;
    xlsx->rows_max =
        options->sheet_rows > 1 && options->sheet_rows < ROWS_MAX ? options->sheet_rows : ROWS_MAX;
    const char *folder = options->folder ? options->folder : "/tmp";
    char *path = str_c(arena, str_printf(arena, "%s/kontor-xlsx-XXXXXX", folder));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return RC_FULL;
    (void)close(fd);
    xlsx->path = path;
    lxw_workbook_options book_options = {
        .constant_memory = 1,
        .tmpdir = str_c(arena, str_of(folder)),
        .use_zip64 = 1,
    };
    xlsx->book = workbook_new_opt(path, &book_options);
    if (!xlsx->book)
        return RC_FULL;
    /* Zero would be the library's sign for "read the clock". */
    time_t made_at = (time_t)(options->made_at / 1000000);
    lxw_doc_properties properties = {
        .title = str_c(arena, options->title),
        .created = made_at != 0 ? made_at : 1,
    };
    TRY(rc_of(workbook_set_properties(xlsx->book, &properties)));
    xlsx->head = head_format(xlsx->book);
    return sheet_begin(xlsx);
}

enum rc sheet__xlsx_sheet(struct sheet__xlsx *xlsx, struct str name,
                          const struct sheet_column *columns, size_t columns_len)
{
    sheet_end(xlsx);
    xlsx->options->sheet_name = str_dup(xlsx->arena, name);
    xlsx->options->columns = columns;
    xlsx->options->columns_len = columns_len;
    xlsx->named_len = 0;
    return sheet_begin(xlsx);
}

static int64_t ten_to(int exponent)
{
    int64_t power = 1;
    for (int i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

/* The number a spreadsheet has for the value; false when it has none that is exact. */
static bool number_of(const struct sheet_value *value, enum sheet_column_kind kind, double *out)
{
    static const int64_t day_us = INT64_C(86400000000), first_day = -25508, last_day = 2932896;
    int64_t unit = value->unit.v;
    if (kind == SHEET_COLUMN_DATE) {
        *out = (double)(unit + 25569);
        return unit >= first_day && unit <= last_day;
    }
    if (kind == SHEET_COLUMN_INSTANT) {
        int64_t unit_ms = unit / 1000;
        *out = (double)unit_ms / 86400000.0 + 25569.0;
        return unit >= first_day * day_us && unit < (last_day + 1) * day_us;
    }
    *out = (double)unit / (double)ten_to(value->scale);
    return unit > -ten_to(DIGITS_EXACT) && unit < ten_to(DIGITS_EXACT);
}

static enum rc cell_write(struct sheet__xlsx *xlsx, lxw_col_t column,
                          const struct sheet_value *value, bool is_bold)
{
    enum sheet_column_kind kind = xlsx->options->columns[column].kind;
    double number;
    if (value->text.at) {
        const char *text = cell_text(xlsx, value->text);
        lxw_format *format = is_bold ? format_of(xlsx, SHEET_COLUMN_TEXT, 0, true) : NULL;
        if (text[0] == 0)
            return RC_OK;
        return rc_of(worksheet_write_string(xlsx->sheet, xlsx->row, column, text, format));
    }
    if (!value->unit.has)
        return RC_OK;
    if (number_of(value, kind, &number))
        return rc_of(worksheet_write_number(xlsx->sheet, xlsx->row, column, number,
                                            format_of(xlsx, kind, value->scale, is_bold)));
    AUTO_BUF text = BUF(64);
    sheet__unit_put(value, kind, &text);
    buf_char(&text, 0);
    return rc_of(worksheet_write_string(xlsx->sheet, xlsx->row, column, text.at, NULL));
}

enum rc sheet__xlsx_row(struct sheet__xlsx *xlsx, const struct sheet_value *values, size_t len,
                        bool is_bold)
{
    if (xlsx->row >= xlsx->rows_max) {
        sheet_end(xlsx);
        TRY(sheet_begin(xlsx));
    }
    for (size_t i = 0; i < len; i++)
        TRY(cell_write(xlsx, (lxw_col_t)i, &values[i], is_bold));
    xlsx->row++;
    return RC_OK;
}

/* ---- the finished file ---- */

static bool part_is_whole(zip_t *zip, zip_uint64_t i, char *block)
{
    static const char end[] = "</worksheet>";
    size_t kept = 0; /* the last bytes of the block before, in case the end is cut between two */
    zip_file_t *file = zip_fopen_index(zip, i, 0);
    zip_int64_t len = file ? 0 : -1;
    while (file) {
        len = zip_fread(file, block + kept, COPY_BYTES - kept);
        if (len <= 0)
            break;
        size_t whole = kept + (size_t)len, tail = whole < sizeof(end) ? whole : sizeof(end);
        memmove(block, block + whole - tail, tail);
        kept = tail;
    }
    if (file)
        (void)zip_fclose(file);
    return len == 0 && str_ends(str_trim((struct str){block, kept}), str_of(end));
}

static enum rc file_check(const struct sheet__xlsx *xlsx)
{
    int error;
    zip_t *zip = zip_open(xlsx->path, ZIP_RDONLY, &error);
    if (!zip)
        return RC_FULL;
    int whole = 0;
    char *block = arena_alloc(xlsx->arena, COPY_BYTES);
    zip_int64_t len = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < len; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (name && str_starts(str_of(name), STR("xl/worksheets/sheet")))
            whole += part_is_whole(zip, (zip_uint64_t)i, block);
    }
    zip_discard(zip);
    return whole == xlsx->sheets_len ? RC_OK : RC_FULL;
}

static enum rc file_copy(const struct sheet__xlsx *xlsx, struct sheet_sink sink)
{
    AUTO_FD fd = open(xlsx->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return RC_BROKEN;
    char *block = arena_alloc(xlsx->arena, COPY_BYTES);
    for (;;) {
        ssize_t len = read(fd, block, COPY_BYTES);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return RC_BROKEN;
        if (len == 0)
            return RC_OK;
        TRY(sink.write(sink.self, (struct str){block, (size_t)len}));
    }
}

enum rc sheet__xlsx_finish(struct sheet__xlsx *xlsx, struct sheet_sink sink)
{
    sheet_end(xlsx);
    lxw_workbook *book = xlsx->book;
    xlsx->book = NULL;
    TRY(rc_of(workbook_close(book)));
    TRY(file_check(xlsx));
    return file_copy(xlsx, sink);
}

void sheet__xlsx_close(struct sheet__xlsx *xlsx)
{
    if (!xlsx)
        return;
    if (xlsx->book)
        lxw_workbook_free(xlsx->book);
    if (xlsx->path)
        (void)unlink(xlsx->path);
    buf_done(&xlsx->text);
}
