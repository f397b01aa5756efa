/* sheet: tables in files, in and out. Reading has one interface whatever was sent: the content
 * decides between CSV and XLSX, rows come one at a time in bounded memory (about 50 MiB for a
 * workbook of any size), every cell is text as the person typed it. Writing has one interface for
 * CSV and XLSX and passes the bytes on as they are ready.
 *
 * Format sources: ECMA-376 part 1 (SpreadsheetML; strict and transitional), ECMA-376 part 2
 * (packaging), RFC 4180. */
#ifndef KONTOR_SHEET_H
#define KONTOR_SHEET_H

#include "base/base.h"
#include "text/text.h"

enum sheet_kind { SHEET_CSV = 1, SHEET_XLSX };

/* ---- reading ---- */

/* Where the bytes are. A workbook is a ZIP archive, whose directory stands at its end, so reading
 * needs any offset. */
struct sheet_source {
    /* Fills up to cap bytes from `offset`; *out_len = 0 at or after the end. An rc other than
     * RC_OK ends the reading and is returned from sheet_open or sheet_next. */
    enum rc (*read_at)(void *self, int64_t offset, char *at, size_t cap, size_t *out_len);
    void *self;
    int64_t size_bytes;
};
/* From memory; *bytes must live as long as the source. */
struct sheet_source sheet_source_str(struct str *bytes);
/* From a regular file; *fd must live as long as the source. RC_INVALID: not a regular file. */
enum rc sheet_source_fd(int *fd, struct fault *fault, struct sheet_source *out);

enum {
    SHEET_COLUMNS_MAX = 1024,
    SHEET_CELL_BYTES_MAX = 128 * 1024, /* Excel's 32,767 characters fit */
    SHEET_ROW_BYTES_MAX = 1024 * 1024,
    SHEET_NAMES_MAX = 256 /* sheets of a workbook */
};

struct sheet_options {
    char delimiter;         /* of CSV; 0: sniffed */
    enum encoding encoding; /* of CSV; 0: sniffed */
    struct str sheet_name;  /* of a workbook, any case; absent: its first visible sheet */
    int64_t rows_max;       /* 0: 10,000,000 */
    int64_t unpacked_max;   /* bytes of a workbook taken out of its archive; 0: 2 GiB */
    const char *folder;     /* for a temporary file (already unlinked); NULL: "/tmp" */
};

enum sheet_cell_kind {
    SHEET_BLANK = 1, /* nothing, or an empty string */
    SHEET_TEXT,      /* every cell of CSV that is not blank */
    SHEET_NUMBER,    /* plain decimal notation: "-12.3" */
    SHEET_DATE,      /* "2026-08-03", "2026-08-03T14:05:00", "14:05:00" */
    SHEET_BOOL,      /* "true", "false" */
    SHEET_ERROR      /* "#N/A", "#DIV/0!": the sheet has no value here */
};

struct sheet_row {
    long number; /* as people see it: of the row in the workbook, of the line in CSV; from 1 */
    size_t len;  /* up to the last cell that is not blank (XLSX), all fields (CSV) */
    const struct str *cells; /* UTF-8; blank cells are empty, never absent */
    const enum sheet_cell_kind *kinds;
    /* When the row could not be read but those after it can: a message key with its argument and
     * the number of the cell (0: the whole row); len is 0. NULL: the row is good. */
    const char *problem;
    const char *problem_arg;
    long problem_column;
};

struct sheet_info {
    enum sheet_kind kind;
    char delimiter;          /* CSV */
    enum encoding encoding;  /* CSV */
    struct str name;         /* XLSX: the sheet being read */
    const struct str *names; /* XLSX: all the sheets that hold cells, in order */
    size_t names_len;
};

struct sheet;
/* RC_INVALID or RC_TOO_LARGE with an entry in *fault that says what would be right; RC_MISSING
 * when there is no sheet of that name; RC_FULL when the temporary file does not fit. The source
 * and the fault must live until sheet_close; what options point at need not. */
enum rc sheet_open(struct sheet_source source, const struct sheet_options *options,
                   struct fault *fault, struct sheet **out);
/* RC_OK a row with at least one cell that is not blank (or a problem), valid until the next call;
 * RC_MISSING the end; anything else ends the reading, the fault says why. The checksum of a
 * workbook stands at its end: rows given before a later fault may be damaged as well. */
enum rc sheet_next(struct sheet *sheet, struct sheet_row *out);
const struct sheet_info *sheet_about(const struct sheet *sheet);
int sheet_progress(const struct sheet *sheet); /* 0…1000, by bytes; an estimate */
void sheet_close(struct sheet *sheet);         /* NULL is fine */
void sheet_cleanup(struct sheet **sheet);
#define AUTO_SHEET CLEANUP(sheet_cleanup) struct sheet *

/* ---- writing ---- */

struct sheet_sink {
    enum rc (*write)(void *self, struct str bytes);
    void *self;
};
/* Into a buffer; RC_TOO_LARGE when it is over its maximum. */
struct sheet_sink sheet_sink_buf(struct buf *buf);
/* Into a file descriptor; RC_FULL when it does not fit. *fd must live as long as the sink. */
struct sheet_sink sheet_sink_fd(int *fd);

enum sheet_column_kind {
    SHEET_COLUMN_TEXT = 1,
    SHEET_COLUMN_NUMBER, /* as many decimals as the value has; no digit groups */
    SHEET_COLUMN_MONEY,  /* decimals of the value's scale, digit groups, negatives marked */
    SHEET_COLUMN_DATE,   /* days since 1970-01-01 */
    SHEET_COLUMN_INSTANT /* microseconds since 1970-01-01 00:00 on the clock that the title names */
};

struct sheet_column {
    struct str title;
    enum sheet_column_kind kind;
    int width_chars; /* XLSX; 0: by kind and title */
};

/* A cell. A column of numbers may hold text ("total") or nothing. */
struct sheet_value {
    struct str text;     /* when not absent, this is the value */
    struct opt_i64 unit; /* otherwise this: n / 10^scale, days or microseconds by the column */
    int scale;           /* 0…18 */
};
#define SHEET_NOTHING ((struct sheet_value){.scale = 0})
struct sheet_value sheet_text(struct str text);
struct sheet_value sheet_number(int64_t unscaled, int scale);
struct sheet_value sheet_days(int64_t days);
struct sheet_value sheet_micros(int64_t micros);

struct sheet_writer_options {
    enum sheet_kind kind;
    const struct sheet_column *columns;
    size_t columns_len;    /* at most SHEET_COLUMNS_MAX */
    struct str sheet_name; /* XLSX; made valid: 31 characters, none of []:*?/\ */
    struct str title;      /* XLSX: in the document's properties */
    int64_t made_at;       /* XLSX: microseconds UTC, in the properties; the same input with the
                            * same time gives the same bytes */
    char delimiter;        /* CSV; 0: comma */
    bool has_bom;          /* CSV: so that Excel sees UTF-8 */
    int64_t sheet_rows;    /* XLSX: rows of one sheet; 0: 1,048,576, as many as there can be */
    const char *folder;    /* XLSX: for temporary files; NULL: "/tmp" */
};

struct sheet_writer;
/* Columns are copied. RC_FULL when there is no room for temporary files. */
enum rc sheet_writer_open(const struct sheet_writer_options *options, struct sheet_sink sink,
                          struct sheet_writer **out);
/* len <= columns_len; missing cells are empty. In CSV a text that a spreadsheet would run as a
 * formula is neutralised; in XLSX text is always text. When a sheet is full a workbook goes on in
 * a further one. Numbers of more than 15 digits go into XLSX as text, because a spreadsheet
 * would change them. */
enum rc sheet_writer_row(struct sheet_writer *writer, const struct sheet_value *values, size_t len);
/* The same, in bold. */
enum rc sheet_writer_total(struct sheet_writer *writer, const struct sheet_value *values,
                           size_t len);
/* A further sheet of a workbook, with columns of its own. The name is made valid as that of the
 * first; no other sheet may have it. */
enum rc sheet_writer_sheet(struct sheet_writer *writer, struct str name,
                           const struct sheet_column *columns, size_t columns_len);
/* How the name of a sheet will be. */
struct str sheet_name_valid(struct arena *arena, struct str name);
enum rc sheet_writer_finish(struct sheet_writer *writer); /* the rest of the bytes */
/* Without finish the file is not complete and must be thrown away. NULL is fine. */
void sheet_writer_close(struct sheet_writer *writer);
void sheet_writer_cleanup(struct sheet_writer **writer);
#define AUTO_SHEET_WRITER CLEANUP(sheet_writer_cleanup) struct sheet_writer *

#endif
