/* One way to read a table, whatever was sent. What a file is, its first bytes say: names and media
 * types of uploads are often wrong. Files that people take for tables (old workbooks, web pages
 * called .xls, archives, PDF) are refused with what to do instead. */
#include <errno.h>
#include <libxml/parser.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sheet/sheet_int.h"

enum {
    HEAD_BYTES = 512,
    OLE_SCAN_BYTES = 64 * 1024,
    CELLS_RESERVE = 64 /* first size of the row's arrays */
};

static const int64_t rows_max_default = 10000000;
static const int64_t unpacked_max_default = INT64_C(2) << 30;
static const size_t arena_limit_bytes = 128u << 20;

/* ---- sources ---- */

static enum rc str_read_at(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    const struct str *bytes = self;
    struct str piece = str_sub(*bytes, (size_t)offset, cap);
    if (piece.len > 0)
        memcpy(at, piece.at, piece.len);
    *out_len = piece.len;
    return RC_OK;
}

struct sheet_source sheet_source_str(struct str *bytes)
{
    return (struct sheet_source){str_read_at, bytes, (int64_t)bytes->len};
}

static enum rc fd_read_at(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    const int *fd = self;
    ssize_t len;
    do {
        len = pread(*fd, at, cap, offset);
    } while (len < 0 && errno == EINTR);
    if (len < 0)
        return RC_BROKEN;
    *out_len = (size_t)len;
    return RC_OK;
}

enum rc sheet_source_fd(int *fd, struct fault *fault, struct sheet_source *out)
{
    struct stat stat;
    if (fstat(*fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return fault_add(fault, RC_INVALID, NULL,
                         "This is not a regular file. Save what is to be read as a file and name "
                         "that.",
                         NULL);
    *out = (struct sheet_source){fd_read_at, fd, stat.st_size};
    return RC_OK;
}

static enum rc csv_read(void *self, char *at, size_t cap, size_t *out_len)
{
    struct sheet *sheet = self;
    TRY(sheet->source.read_at(sheet->source.self, sheet->csv_offset, at, cap, out_len));
    sheet->csv_offset += (int64_t)*out_len;
    return RC_OK;
}

/* ---- what it is ---- */

/* "EncryptedPackage" as the directory of an OLE container spells it. */
static enum rc ole_is_encrypted(struct sheet *sheet, bool *out)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    struct str wanted = {name, sizeof(name)};
    struct arena_mark mark = arena_mark(sheet->arena);
    char *block = arena_alloc(sheet->arena, OLE_SCAN_BYTES);
    *out = false;
    for (int64_t offset = 0; !*out && offset < sheet->source.size_bytes;
         offset += OLE_SCAN_BYTES - (int64_t)wanted.len) {
        size_t len = 0;
        TRY(sheet->source.read_at(sheet->source.self, offset, block, OLE_SCAN_BYTES, &len));
        *out = str_has((struct str){block, len}, wanted);
        if (len == 0)
            break;
    }
    arena_rewind(sheet->arena, mark);
    return RC_OK;
}

static enum rc refuse_ole(struct sheet *sheet)
{
    bool is_encrypted;
    TRY(ole_is_encrypted(sheet, &is_encrypted));
    if (is_encrypted)
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The workbook is protected by a password. Take the password off and send "
                         "it again.",
                         NULL);
    return fault_add(sheet->fault, RC_INVALID, NULL,
                     "This is an old Excel workbook (.xls). Save it as .xlsx or CSV and send "
                     "that.",
                     NULL);
}

static bool has_word(struct str head, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= head.len; i++)
        if (str_eq_nocase(str_sub(head, i, len), str_of(word)))
            return true;
    return false;
}

static enum rc refuse_known(struct sheet *sheet, struct str head)
{
    static const struct str magics[] = {
        STR_INIT("%PDF-"),
        STR_INIT("\x1f\x8b"),
        STR_INIT("\x28\xb5\x2f\xfd"),
        STR_INIT("7z\xbc\xaf\x27"),
        STR_INIT("Rar!\x1a"),
        STR_INIT("\x89PNG"),
        STR_INIT("\xff\xd8\xff"),
        STR_INIT("GIF8"),
        STR_INIT("BZh"),
        STR_INIT("\xfd"
                 "7zXZ"),
        STR_INIT("SQLite format 3"),
        STR_INIT("{\\rtf"),
        STR_INIT("\x7f"
                 "ELF"),
    };
    if (str_starts(head, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
        return refuse_ole(sheet);
    for (size_t i = 0; i < LEN(magics); i++)
        if (str_starts(head, magics[i]))
            return fault_add(sheet->fault, RC_INVALID, NULL,
                             "This file is no table. Send a table as .xlsx or CSV.", NULL);
    struct str text = str_starts(head, STR("\xef\xbb\xbf")) ? str_sub(head, 3, head.len) : head;
    text = str_trim(text);
    if (!str_starts(text, STR("<")))
        return RC_OK;
    if (has_word(text, "<html") || has_word(text, "<!doctype html") || has_word(text, "<table") ||
        has_word(text, "Excel.Sheet") || has_word(text, "<Workbook"))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "This is a web page or an XML file with the name of a workbook. Open it "
                         "in a spreadsheet program, save it as .xlsx and send that.",
                         NULL);
    return RC_OK;
}

/* ---- CSV ---- */

static enum rc csv_fault(struct sheet *sheet, enum rc rc)
{
    const struct csv_error *error = csv_failure(sheet->csv);
    if (rc == RC_INVALID && error && error->message) {
        (void)!fault_add(sheet->fault, rc, NULL, error->message, error->arg, NULL);
        struct fault_entry *entry = &sheet->fault->entries[sheet->fault->entries_len - 1];
        entry->line = error->line;
        entry->column = error->column;
    }
    return rc;
}

/* A byte order mark says what it is, whatever was asked for: a mapping made for one file is used
 * for the file of refused rows too. */
static bool has_mark(struct str head)
{
    return str_starts(head, STR("\xef\xbb\xbf")) || str_starts(head, STR("\xff\xfe")) ||
           str_starts(head, STR("\xfe\xff"));
}

static enum rc csv_begin(struct sheet *sheet, const struct sheet_options *options, struct str head)
{
    struct csv_options csv_options = {.encoding = has_mark(head) ? 0 : options->encoding,
                                      .delimiter = options->delimiter};
    struct text_source source = {csv_read, sheet};
    sheet->info.kind = SHEET_CSV;
    enum rc rc = csv_open(source, &csv_options, &sheet->csv);
    if (rc != RC_OK)
        return csv_fault(sheet, rc);
    sheet->info.encoding = csv_encoding(sheet->csv);
    sheet->info.delimiter = csv_delimiter(sheet->csv);
    return RC_OK;
}

void sheet__cells_reserve(struct sheet *sheet, size_t len)
{
    if (len <= sheet->cells_cap)
        return;
    size_t cap = sheet->cells_cap ? sheet->cells_cap : CELLS_RESERVE;
    while (cap < len)
        cap *= 2;
    sheet->cells = NEW_ARRAY(sheet->arena, struct str, cap);
    sheet->kinds = NEW_ARRAY(sheet->arena, enum sheet_cell_kind, cap);
    sheet->cells_cap = cap;
}

static enum rc csv_problem(struct sheet *sheet, struct sheet_row *out)
{
    const struct csv_error *error = csv_failure(sheet->csv);
    if (!error || !error->message || error->is_fatal)
        return csv_fault(sheet, RC_INVALID);
    *out = (struct sheet_row){.number = error->line,
                              .cells = sheet->cells,
                              .kinds = sheet->kinds,
                              .problem = error->message,
                              .problem_arg = error->arg,
                              .problem_column = error->column};
    return RC_OK;
}

static enum rc csv_row_next(struct sheet *sheet, struct sheet_row *out)
{
    for (;;) {
        struct csv_row row;
        enum rc rc = csv_next(sheet->csv, &row);
        if (rc == RC_INVALID)
            return csv_problem(sheet, out);
        TRY(rc);
        bool has_value = false;
        sheet__cells_reserve(sheet, row.len);
        for (size_t i = 0; i < row.len; i++) {
            bool is_blank = row.at[i].len == 0;
            sheet->cells[i] = is_blank ? STR("") : row.at[i];
            sheet->kinds[i] = is_blank ? SHEET_BLANK : SHEET_TEXT;
            has_value |= !is_blank;
        }
        *out = (struct sheet_row){
            .number = row.line, .len = row.len, .cells = sheet->cells, .kinds = sheet->kinds};
        if (has_value)
            return RC_OK;
    }
}

/* ---- the interface ---- */

static enum rc begin(struct sheet *sheet, const struct sheet_options *options)
{
    char head_bytes[HEAD_BYTES];
    size_t len = 0;
    if (sheet->source.size_bytes <= 0)
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The file is empty. Send one with a header row and at least one row of "
                         "data.",
                         NULL);
    TRY(sheet->source.read_at(sheet->source.self, 0, head_bytes, HEAD_BYTES, &len));
    struct str head = {head_bytes, len};
    if (!str_starts(head, STR("PK\3\4")) && !str_starts(head, STR("PK\5\6"))) {
        TRY(refuse_known(sheet, head));
        return csv_begin(sheet, options, head);
    }
    sheet->info.kind = SHEET_XLSX;
    xmlInitParser();
    TRY(sheet__package_open(sheet));
    return sheet__book_open(sheet, options->sheet_name);
}

/* A source that failed has no words of its own. */
static enum rc explain(struct sheet *sheet, enum rc rc, size_t entries_before)
{
    if (rc != RC_OK && rc != RC_MISSING && sheet->fault->entries_len == entries_before)
        return fault_add(sheet->fault, rc, NULL, "The file could not be read. Try again.", NULL);
    return rc;
}

enum rc sheet_open(struct sheet_source source, const struct sheet_options *options,
                   struct fault *fault, struct sheet **out)
{
    static const struct sheet_options no_options;
    if (!options)
        options = &no_options;
    struct arena *arena = arena_new(arena_limit_bytes);
    struct sheet *sheet = NEW(arena, struct sheet);
    sheet->arena = arena;
    sheet->fault = fault;
    sheet->source = source;
    sheet->rows_max = options->rows_max ? options->rows_max : rows_max_default;
    sheet->package.unpacked_max =
        options->unpacked_max ? options->unpacked_max : unpacked_max_default;
    sheet->folder = str_c(arena, options->folder ? str_of(options->folder) : STR("/tmp"));
    sheet__cells_reserve(sheet, CELLS_RESERVE);
    size_t entries_before = fault->entries_len;
    enum rc rc = explain(sheet, begin(sheet, options), entries_before);
    if (rc != RC_OK) {
        sheet_close(sheet);
        return rc;
    }
    *out = sheet;
    return RC_OK;
}

static enum rc row_next(struct sheet *sheet, struct sheet_row *out)
{
    TRY(sheet->csv ? csv_row_next(sheet, out) : sheet__rows_next(sheet, out));
    if (sheet->rows_len++ < sheet->rows_max)
        return RC_OK;
    char most[24];
    (void)snprintf(most, sizeof(most), "%lld", (long long)sheet->rows_max);
    return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                     "The table has more than {0} rows. Split it into several files.", most, NULL);
}

enum rc sheet_next(struct sheet *sheet, struct sheet_row *out)
{
    struct sheet_row row;
    if (sheet->ended != RC_OK)
        return sheet->ended;
    size_t entries_before = sheet->fault->entries_len;
    enum rc rc = explain(sheet, row_next(sheet, &row), entries_before);
    if (rc == RC_OK)
        *out = row;
    else
        sheet->ended = rc;
    return rc;
}

const struct sheet_info *sheet_about(const struct sheet *sheet)
{
    return &sheet->info;
}

int sheet_progress(const struct sheet *sheet)
{
    int64_t whole = sheet->csv ? sheet->source.size_bytes : sheet->worksheet_bytes;
    int64_t done = sheet->csv ? csv_bytes_read(sheet->csv) : sheet__xml_bytes(sheet->xml);
    if (sheet->ended == RC_MISSING || whole <= 0 || done >= whole)
        return 1000;
    return (int)(done / (whole / 1000 + 1));
}

void sheet_close(struct sheet *sheet)
{
    if (!sheet)
        return;
    csv_close(sheet->csv);
    sheet__xml_close(sheet->xml);
    sheet__rows_close(sheet);
    sheet__strings_close(sheet->strings);
    sheet__package_close(&sheet->package);
    arena_free(sheet->arena);
}

void sheet_cleanup(struct sheet **sheet)
{
    sheet_close(*sheet);
}
