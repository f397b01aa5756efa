/* The CSV reader: a state machine over decoded bytes that holds one record at a time, so a file of
 * any size is read in the same memory. Every bound has an error of its own with line and column.
 * An error that leaves the place of the next record known is told and passed over; one that does
 * not (an endless line, an open quote, a NUL) ends the reading. */
#include "text/text_int.h"

enum { PIECE_BYTES = 64 * 1024, SNIFF_LINES = 20 };

enum state { AT_START = 1, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

struct csv {
    struct arena *arena;
    struct text_source source;
    enum encoding encoding;
    char delimiter;
    struct text__decoder decoder;
    int64_t bytes_read;
    bool is_source_done;

    char *piece;      /* as read */
    size_t piece_len; /* bytes in it that were read ahead to sniff */
    char *decoded;
    size_t decoded_len, decoded_i;

    enum state state;
    struct buf record; /* the fields of the record, one after another */
    size_t ends[CSV_COLUMNS_MAX];
    size_t fields_len; /* may go beyond the maximum: the rest is counted, not kept */
    size_t field_start, record_bytes;
    long line, record_line, quote_line;
    bool is_after_return; /* a newline now belongs to the return before it */
    bool has_quotes;      /* an empty quoted field is no blank line */
    bool is_failed;       /* this record has an error */
    bool is_over;         /* nothing can be read any more */
    struct csv_error error;
    struct str fields[CSV_COLUMNS_MAX];
};

static enum rc fail_record(struct csv *csv, bool is_fatal, const char *message)
{
    if (!csv->is_failed) {
        csv->is_failed = true;
        csv->error = (struct csv_error){
            .message = message, .line = csv->record_line, .column = (long)csv->fields_len + 1};
    }
    csv->error.is_fatal = is_fatal;
    csv->is_over = is_fatal;
    return RC_INVALID;
}

static enum rc fail_quote(struct csv *csv, const char *message)
{
    csv->is_failed = false; /* the open quote explains whatever came before */
    enum rc rc = fail_record(csv, true, message);
    (void)snprintf(csv->error.arg, sizeof(csv->error.arg), "%ld", csv->quote_line);
    return rc;
}

/* ---- bytes ---- */

static enum rc read_piece(struct csv *csv)
{
    while (!csv->is_source_done && csv->piece_len < PIECE_BYTES) {
        size_t len = 0;
        TRY(csv->source.read(csv->source.self, csv->piece + csv->piece_len,
                             PIECE_BYTES - csv->piece_len, &len));
        csv->piece_len += len;
        csv->bytes_read += (int64_t)len;
        csv->is_source_done = len == 0;
    }
    return RC_OK;
}

/* RC_MISSING at the end. */
static enum rc refill(struct csv *csv)
{
    bool was_done = csv->is_source_done;
    TRY(read_piece(csv));
    if (csv->piece_len == 0 && was_done)
        return RC_MISSING;
    struct str piece = {csv->piece, csv->piece_len};
    csv->decoded_len = text__decode(&csv->decoder, piece, csv->is_source_done, csv->decoded);
    csv->decoded_i = 0;
    csv->piece_len = 0;
    return RC_OK;
}

/* ---- what to expect, from the head ---- */

/* How often the delimiter stands in the line outside quotes. */
static size_t count_in(struct str line, char delimiter)
{
    size_t count = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        is_quoted ^= line.at[i] == '"';
        count += line.at[i] == delimiter && !is_quoted;
    }
    return count;
}

static char sniff_delimiter(struct str head)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    size_t best_score = 0;
    for (size_t i = 0; i < LEN(candidates); i++) {
        struct str rest = head, line = str_cut(&rest, '\n');
        size_t expected = count_in(line, candidates[i]), alike = 0;
        for (int lines = 0; lines < SNIFF_LINES && rest.at && expected > 0; lines++) {
            line = str_cut(&rest, '\n');
            if (rest.at) /* the last one may be cut */
                alike += count_in(line, candidates[i]) == expected;
        }
        size_t score = expected == 0 ? 0 : 1 + alike * 1000 + (expected < 999 ? expected : 999);
        if (score > best_score) {
            best = candidates[i];
            best_score = score;
        }
    }
    return best;
}

/* Spreadsheets write a first line "sep=;" for each other. */
static char take_sep_line(struct csv *csv)
{
    struct str head = {csv->decoded, csv->decoded_len};
    if (head.len < 6 || !str_eq_nocase(str_sub(head, 0, 4), STR("sep=")))
        return 0;
    size_t skip = head.at[5] == '\n' ? 6 : head.len > 6 && head.at[6] == '\n' ? 7 : 0;
    if (skip == 0 || (skip == 7 && head.at[5] != '\r'))
        return 0;
    csv->decoded_i = skip;
    csv->line++;
    return head.at[4];
}

enum rc csv_open(struct text_source source, const struct csv_options *options, struct csv **out)
{
    struct arena *arena = arena_new(0);
    struct csv *csv = NEW(arena, struct csv);
    *csv = (struct csv){.arena = arena,
                        .source = source,
                        .encoding = options ? options->encoding : 0,
                        .record = BUF(CSV_LINE_MAX),
                        .state = AT_START,
                        .line = 1,
                        .record_line = 1};
    csv->piece = arena_alloc(arena, PIECE_BYTES);
    csv->decoded = arena_alloc(arena, (size_t)TEXT__GROWTH * (PIECE_BYTES + 4));
    *out = csv;
    TRY(read_piece(csv));
    struct str head = {csv->piece, csv->piece_len};
    if (!csv->encoding)
        csv->encoding = encoding_sniff(head, !csv->is_source_done);
    csv->decoder.encoding = csv->encoding;
    enum rc rc = refill(csv);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    char named = take_sep_line(csv);
    struct str text = {csv->decoded + csv->decoded_i, csv->decoded_len - csv->decoded_i};
    if (options)
        csv->delimiter = options->delimiter;
    if (!csv->delimiter)
        csv->delimiter = named;
    if (!csv->delimiter)
        csv->delimiter = sniff_delimiter(text);
    return RC_OK;
}

void csv_close(struct csv *csv)
{
    if (!csv)
        return;
    buf_done(&csv->record);
    arena_free(csv->arena);
}

void csv_cleanup(struct csv **csv)
{
    csv_close(*csv);
}

const struct csv_error *csv_failure(const struct csv *csv)
{
    return &csv->error;
}

enum encoding csv_encoding(const struct csv *csv)
{
    return csv->encoding;
}

char csv_delimiter(const struct csv *csv)
{
    return csv->delimiter;
}

int64_t csv_bytes_read(const struct csv *csv)
{
    return csv->bytes_read;
}

/* ---- records ---- */

static void start_record(struct csv *csv)
{
    buf_reset(&csv->record);
    csv->fields_len = csv->field_start = csv->record_bytes = 0;
    csv->record_line = csv->line;
    csv->has_quotes = csv->is_failed = false;
    csv->state = AT_START;
}

static void end_field(struct csv *csv)
{
    if (csv->fields_len < CSV_COLUMNS_MAX)
        csv->ends[csv->fields_len] = csv->record.len;
    else
        (void)fail_record(csv, false, M("This row has more than 1,024 columns."));
    csv->fields_len++;
    csv->field_start = csv->record.len;
    csv->state = AT_START;
}

static void put(struct csv *csv, struct str text)
{
    if (csv->is_failed)
        return;
    if (csv->record.len - csv->field_start + text.len > CSV_FIELD_MAX)
        (void)fail_record(csv, false, M("This cell is longer than 64 KiB."));
    else
        buf_put(&csv->record, text);
}

static bool is_blank(const struct csv *csv)
{
    return !csv->is_failed && csv->fields_len == 1 && !csv->has_quotes &&
           str_trim(buf_str(&csv->record)).len == 0;
}

/* The record is whole: fields out, or its error. */
static enum rc finish_record(struct csv *csv, struct csv_row *out)
{
    if (!csv->is_failed && !utf8_valid(buf_str(&csv->record))) {
        csv->fields_len = 0;
        (void)fail_record(csv, false,
                          M("This row is not valid UTF-8: choose the file's encoding."));
        csv->error.column = 0;
    }
    if (csv->is_failed)
        return RC_INVALID;
    struct str all = buf_str(&csv->record);
    for (size_t i = 0, start = 0; i < csv->fields_len; start = csv->ends[i++])
        csv->fields[i] = (struct str){all.at ? all.at + start : "", csv->ends[i] - start};
    *out = (struct csv_row){csv->fields, csv->fields_len, csv->record_line};
    return RC_OK;
}

/* How many bytes from here on are ordinary content in this state. */
static size_t run_length(const struct csv *csv, const char *at, size_t len)
{
    size_t i = 0;
    if (csv->state == IN_QUOTES)
        while (i < len && at[i] != '"' && at[i] != '\n' && at[i] != '\0')
            i++;
    else
        while (i < len && at[i] != csv->delimiter && at[i] != '\n' && at[i] != '\r' &&
               at[i] != '\0')
            i++;
    return i;
}

static bool is_plain_start(const struct csv *csv, char c)
{
    return csv->state == IN_PLAIN || csv->state == IN_QUOTES ||
           (csv->state == AT_START && c != '"');
}

/* One special byte outside a run. True when it ended the record. */
static bool take_byte(struct csv *csv, char c)
{
    bool is_newline = c == '\n' || c == '\r';
    if (csv->state == IN_QUOTES) {
        csv->line += c == '\n';
        if (c == '"')
            csv->state = AFTER_QUOTE;
        else
            put(csv, (struct str){&c, 1});
        return false;
    }
    if (is_newline) {
        end_field(csv);
        csv->line++;
        csv->is_after_return = c == '\r';
        return true;
    }
    if (c == csv->delimiter) {
        end_field(csv);
    } else if (csv->state == AT_START) {
        csv->state = IN_QUOTES;
        csv->has_quotes = true;
        csv->quote_line = csv->line;
    } else if (c == '"') { /* doubled inside quotes */
        put(csv, STR("\""));
        csv->state = IN_QUOTES;
    } else if (c != ' ') {
        (void)fail_record(csv, false, M("There is text after the closing quote of this cell."));
        csv->state = IN_PLAIN;
    }
    return false;
}

/* Eats decoded bytes until a record ends (RC_OK), they run out (RC_MISSING) or a fatal error. */
static enum rc scan(struct csv *csv)
{
    while (csv->decoded_i < csv->decoded_len) {
        const char *at = csv->decoded + csv->decoded_i;
        char c = *at;
        if (csv->is_after_return) {
            csv->is_after_return = false;
            if (c == '\n') {
                csv->decoded_i++;
                continue;
            }
        }
        if (c == '\0')
            return fail_record(csv, true,
                               M("The file contains a NUL byte: it is not a text file."));
        size_t run = 0;
        if (is_plain_start(csv, c))
            run = run_length(csv, at, csv->decoded_len - csv->decoded_i);
        if (run > 0) {
            csv->state = csv->state == AT_START ? IN_PLAIN : csv->state;
            put(csv, (struct str){at, run});
        }
        size_t taken = run > 0 ? run : 1;
        csv->decoded_i += taken;
        csv->record_bytes += taken;
        if (csv->record_bytes > CSV_LINE_MAX && csv->state == IN_QUOTES)
            return fail_quote(csv, M("The quote opened on line {0} is never closed."));
        if (csv->record_bytes > CSV_LINE_MAX)
            return fail_record(csv, true, M("This line is longer than 1 MiB."));
        if (run == 0 && take_byte(csv, c))
            return RC_OK;
    }
    return RC_MISSING;
}

/* The file ended: a last record without a newline, or nothing. */
static enum rc finish_file(struct csv *csv)
{
    if (csv->state == IN_QUOTES)
        return fail_quote(csv, M("The quote opened on line {0} is never closed."));
    if (csv->record_bytes == 0)
        return RC_MISSING;
    end_field(csv);
    return RC_OK;
}

enum rc csv_next(struct csv *csv, struct csv_row *out)
{
    if (csv->is_over)
        return csv->error.message ? RC_INVALID : RC_MISSING;
    do {
        start_record(csv);
        enum rc rc = scan(csv);
        while (rc == RC_MISSING) {
            rc = refill(csv);
            if (rc == RC_MISSING) {
                rc = finish_file(csv);
                if (rc == RC_MISSING) {
                    csv->error = (struct csv_error){0};
                    csv->is_over = true;
                }
                break;
            }
            if (rc == RC_OK)
                rc = scan(csv);
        }
        TRY(rc);
    } while (is_blank(csv));
    return finish_record(csv, out);
}
