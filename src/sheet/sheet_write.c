/* One way to write a table. CSV goes to the sink as it comes, 64 KiB at a time; a workbook is
 * packed at the end, because a ZIP archive has no earlier order that a reader would accept. */
#include <errno.h>
#include <unistd.h>

#include "sheet/sheet_int.h"

enum { FLUSH_BYTES = 64 * 1024, ROW_BYTES_MAX = 16 << 20 };

struct sheet_writer {
    struct arena *arena;
    struct sheet_sink sink;
    enum sheet_kind kind;
    struct sheet_column *columns;
    size_t columns_len;
    bool is_finished;
    struct buf buf; /* CSV */
    struct csv_writer csv;
    struct sheet__xlsx *xlsx;
};

/* ---- sinks ---- */

static enum rc buf_write(void *self, struct str bytes)
{
    struct buf *buf = self;
    buf_put(buf, bytes);
    return buf->is_over ? RC_TOO_LARGE : RC_OK;
}

struct sheet_sink sheet_sink_buf(struct buf *buf)
{
    return (struct sheet_sink){buf_write, buf};
}

static enum rc fd_write(void *self, struct str bytes)
{
    const int *fd = self;
    while (bytes.len > 0) {
        ssize_t len = write(*fd, bytes.at, bytes.len);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? RC_FULL : RC_BROKEN;
        bytes = str_sub(bytes, (size_t)len, bytes.len);
    }
    return RC_OK;
}

struct sheet_sink sheet_sink_fd(int *fd)
{
    return (struct sheet_sink){fd_write, fd};
}

/* ---- values ---- */

struct sheet_value sheet_text(struct str text)
{
    return (struct sheet_value){.text = text};
}

struct sheet_value sheet_number(int64_t unscaled, int scale)
{
    assert(scale >= 0 && scale <= 18);
    return (struct sheet_value){.unit = SOME(unscaled), .scale = scale};
}

struct sheet_value sheet_days(int64_t days)
{
    return (struct sheet_value){.unit = SOME(days)};
}

struct sheet_value sheet_micros(int64_t micros)
{
    return (struct sheet_value){.unit = SOME(micros)};
}

struct str sheet__decimal(int64_t value, int scale, char *buffer)
{
    char *at = buffer + SHEET__DECIMAL_MAX;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (int digits = 0; rest > 0 || digits <= scale; digits++, rest /= 10) {
        if (digits == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + rest % 10);
    }
    if (value < 0)
        *--at = '-';
    return (struct str){at, (size_t)(buffer + SHEET__DECIMAL_MAX - at)};
}

static void date_put(struct buf *text, int64_t days)
{
    int year, month, day;
    sheet__civil(days, &year, &month, &day);
    buf_printf(text, "%04d-%02d-%02d", year, month, day);
}

void sheet__unit_put(const struct sheet_value *value, enum sheet_column_kind kind, struct buf *text)
{
    static const int64_t day_us = INT64_C(86400000000);
    char buffer[SHEET__DECIMAL_MAX];
    if (kind == SHEET_COLUMN_DATE) {
        date_put(text, value->unit.v);
    } else if (kind == SHEET_COLUMN_INSTANT) {
        int64_t us = value->unit.v % day_us;
        us += us < 0 ? day_us : 0;
        date_put(text, (value->unit.v - us) / day_us);
        buf_printf(text, " %02d:%02d:%02d", (int)(us / 3600000000), (int)(us / 60000000 % 60),
                   (int)(us / 1000000 % 60));
    } else {
        buf_put(text, sheet__decimal(value->unit.v, value->scale, buffer));
    }
}

/* ---- CSV ---- */

static void csv_value_put(struct sheet_writer *writer, const struct sheet_value *value,
                          enum sheet_column_kind kind)
{
    if (value->text.at || !value->unit.has) {
        csv_put(&writer->csv, value->text);
        return;
    }
    AUTO_BUF text = BUF(64);
    sheet__unit_put(value, kind, &text);
    if (kind == SHEET_COLUMN_DATE || kind == SHEET_COLUMN_INSTANT)
        csv_put(&writer->csv, buf_str(&text));
    else
        csv_put_number(&writer->csv, buf_str(&text));
}

static enum rc csv_flush(struct sheet_writer *writer, size_t from_bytes)
{
    if (writer->buf.is_over)
        return RC_TOO_LARGE;
    if (writer->buf.len < from_bytes)
        return RC_OK;
    TRY(writer->sink.write(writer->sink.self, buf_str(&writer->buf)));
    buf_reset(&writer->buf);
    return RC_OK;
}

static struct sheet_column *columns_copy(struct arena *arena, const struct sheet_column *columns,
                                         size_t len)
{
    struct sheet_column *copy = NEW_ARRAY(arena, struct sheet_column, len);
    for (size_t i = 0; i < len; i++) {
        copy[i] = columns[i];
        copy[i].title = str_dup(arena, columns[i].title);
    }
    return copy;
}

static enum rc csv_row(struct sheet_writer *writer, const struct sheet_value *values, size_t len)
{
    for (size_t i = 0; i < writer->columns_len; i++)
        csv_value_put(writer, i < len ? &values[i] : &SHEET_NOTHING, writer->columns[i].kind);
    csv_end_row(&writer->csv);
    return csv_flush(writer, FLUSH_BYTES);
}

static void csv_head(struct sheet_writer *writer, const struct sheet_writer_options *options)
{
    writer->buf = (struct buf)BUF(ROW_BYTES_MAX);
    writer->csv = (struct csv_writer){.buf = &writer->buf, .delimiter = options->delimiter};
    if (options->has_bom)
        buf_put(&writer->buf, STR("\xef\xbb\xbf"));
    for (size_t i = 0; i < options->columns_len; i++)
        csv_put(&writer->csv, options->columns[i].title);
    csv_end_row(&writer->csv);
}

/* ---- the interface ---- */

enum rc sheet_writer_open(const struct sheet_writer_options *options, struct sheet_sink sink,
                          struct sheet_writer **out)
{
    assert(options->columns_len > 0 && options->columns_len <= SHEET_COLUMNS_MAX);
    struct arena *arena = arena_new(0);
    struct sheet_writer *writer = NEW(arena, struct sheet_writer);
    *writer = (struct sheet_writer){
        .arena = arena,
        .sink = sink,
        .kind = options->kind,
        .columns = columns_copy(arena, options->columns, options->columns_len),
        .columns_len = options->columns_len,
    };
    struct sheet_writer_options own = *options;
    own.columns = writer->columns;
    enum rc rc = RC_OK;
    if (options->kind == SHEET_XLSX)
        rc = sheet__xlsx_open(&own, arena, &writer->xlsx);
    else
        csv_head(writer, &own);
    if (rc != RC_OK) {
        sheet_writer_close(writer);
        return rc;
    }
    *out = writer;
    return RC_OK;
}

enum rc sheet_writer_row(struct sheet_writer *writer, const struct sheet_value *values, size_t len)
{
    assert(len <= writer->columns_len && !writer->is_finished);
    if (writer->kind == SHEET_XLSX)
        return sheet__xlsx_row(writer->xlsx, values, len, false);
    return csv_row(writer, values, len);
}

enum rc sheet_writer_total(struct sheet_writer *writer, const struct sheet_value *values,
                           size_t len)
{
    assert(len <= writer->columns_len && !writer->is_finished);
    if (writer->kind == SHEET_XLSX)
        return sheet__xlsx_row(writer->xlsx, values, len, true);
    return csv_row(writer, values, len);
}

enum rc sheet_writer_sheet(struct sheet_writer *writer, struct str name,
                           const struct sheet_column *columns, size_t columns_len)
{
    assert(writer->kind == SHEET_XLSX && !writer->is_finished);
    assert(columns_len > 0 && columns_len <= SHEET_COLUMNS_MAX);
    writer->columns = columns_copy(writer->arena, columns, columns_len);
    writer->columns_len = columns_len;
    return sheet__xlsx_sheet(writer->xlsx, name, writer->columns, columns_len);
}

enum rc sheet_writer_finish(struct sheet_writer *writer)
{
    assert(!writer->is_finished);
    writer->is_finished = true;
    if (writer->kind == SHEET_XLSX)
        return sheet__xlsx_finish(writer->xlsx, writer->sink);
    return csv_flush(writer, 1);
}

void sheet_writer_close(struct sheet_writer *writer)
{
    if (!writer)
        return;
    sheet__xlsx_close(writer->xlsx);
    buf_done(&writer->buf);
    arena_free(writer->arena);
}

void sheet_writer_cleanup(struct sheet_writer **writer)
{
    sheet_writer_close(*writer);
}
