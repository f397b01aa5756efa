/* What the files of sheet share: the archive, XML parts, shared strings, cell values. */
#ifndef KONTOR_SHEET_INT_H
#define KONTOR_SHEET_INT_H

#include "sheet/sheet.h"

struct zip;
struct zip_file;
struct sheet__strings;
struct sheet__grid;

enum {
    SHEET__CHUNK_BYTES = 32 * 1024, /* unpacked XML handed to the parser at a time */
    SHEET__PATH_MAX = 512           /* of a part in the archive */
};

/* How the cells of a style show their number. */
enum sheet__style { SHEET__PLAIN = 1, SHEET__DATE, SHEET__DATE_TIME, SHEET__TIME, SHEET__ELAPSED };

struct sheet__package { /* the ZIP archive */
    struct zip *zip;
    struct map *parts; /* normalised path to index + 1 */
    struct sheet_source source;
    int64_t offset;    /* where libzip reads */
    enum rc source_rc; /* what the source returned when it failed */
    int64_t unpacked_bytes, unpacked_max;
};

struct sheet__cell { /* of a parsed row; text stands in texts, or in the shared strings */
    uint32_t at, len;
    enum sheet_cell_kind kind; /* 0: blank */
    bool is_shared;            /* `at` is the number of the shared string */
};

struct sheet__parsed_row {
    long number;
    size_t cells_at, cells_len;
};

struct sheet__xml;

struct sheet {
    struct arena *arena;
    struct fault *fault;
    struct sheet_info info;
    int64_t rows_max, rows_len;
    enum rc ended; /* sticky: what sheet_next goes on returning; RC_OK while reading */
    const char *folder;
    struct str_list names_found;

    struct csv *csv;
    struct sheet_source source;
    int64_t csv_offset;
    struct str *cells;
    enum sheet_cell_kind *kinds;
    size_t cells_cap;

    struct sheet__package package;
    struct sheet__xml *xml; /* of the worksheet */
    struct sheet__strings *strings;
    VEC(uint8_t) styles; /* enum sheet__style by cell format */
    bool is_1904;
    int64_t worksheet_bytes; /* unpacked, as the archive says */
    int64_t text_bytes;      /* given out so far: shared strings make little XML into much text */

    struct sheet__grid *grid;
    VEC(struct sheet__parsed_row) rows;
    size_t rows_i;
    VEC(struct sheet__cell) parsed;
    struct buf texts;
    struct buf row_text;
};

/* ---- sheet_zip.c ---- */

enum rc sheet__package_open(struct sheet *sheet);
void sheet__package_close(struct sheet__package *package);
enum rc sheet__broken(struct sheet *sheet); /* the fault: damaged or cut */
/* Counts bytes that come out of the archive and refuses what only a bomb would give. */
enum rc sheet__unpacked(struct sheet *sheet, uint64_t more, uint64_t part_bytes,
                        uint64_t packed_bytes);
/* Index of a part; false when there is none. `path` without a leading slash. */
bool sheet__part_find(const struct sheet__package *package, struct str path, int64_t *out_index);
int64_t sheet__part_bytes(const struct sheet__package *package, int64_t index); /* unpacked */

/* ---- sheet_xml.c: one part read as a stream of elements ---- */

enum { SHEET__ATTRS_MAX = 16 };

struct sheet__attr {
    const char *name; /* local name */
    bool is_relation; /* in the relationships namespace: r:id */
    struct str value;
};

struct sheet__element {
    const char *name; /* local name of an element of the part's main namespace; "" of others */
    size_t attrs_len;
    struct sheet__attr attrs[SHEET__ATTRS_MAX];
};

struct sheet__hooks {
    /* Anything but RC_OK stops the parser and is returned from sheet__xml_step. */
    enum rc (*start)(void *self, const struct sheet__element *element);
    enum rc (*end)(void *self, const char *name);
    enum rc (*text)(void *self, struct str text); /* may come in pieces; NULL: not wanted */
};

enum rc sheet__xml_open(struct sheet *sheet, int64_t part, const struct sheet__hooks *hooks,
                        void *self, struct sheet__xml **out);
/* Parses the next piece. RC_MISSING: the part has been read to its end. */
enum rc sheet__xml_step(struct sheet__xml *xml);
int64_t sheet__xml_bytes(const struct sheet__xml *xml); /* unpacked so far */
void sheet__xml_close(struct sheet__xml *xml);
/* The whole part at once. */
enum rc sheet__xml_read(struct sheet *sheet, int64_t part, const struct sheet__hooks *hooks,
                        void *self);
struct str sheet__attr_of(const struct sheet__element *element, const char *name);

/* ---- sheet_book.c: which part is the worksheet, what its styles mean ---- */

enum rc sheet__book_open(struct sheet *sheet, struct str sheet_name);

/* ---- sheet_strings.c ---- */

/* `part` -1: the workbook has none. */
enum rc sheet__strings_read(struct sheet *sheet, int64_t part);
size_t sheet__strings_len(const struct sheet__strings *strings);
/* Appends the string to `out`. */
enum rc sheet__strings_put(struct sheet *sheet, size_t i, struct buf *out);
void sheet__strings_close(struct sheet__strings *strings);

/* ---- sheet_rows.c ---- */

enum rc sheet__rows_open(struct sheet *sheet, int64_t part);
enum rc sheet__rows_next(struct sheet *sheet, struct sheet_row *out);
void sheet__rows_close(struct sheet *sheet);

/* ---- sheet.c ---- */

void sheet__cells_reserve(struct sheet *sheet, size_t len); /* room in cells and kinds */

/* ---- sheet_value.c: numbers and dates as text; pure ---- */

/* What a style's format code (ECMA-376 part 1, 18.8.31) makes of a number. */
enum sheet__style sheet__style_of_code(struct str code);
enum sheet__style sheet__style_of_id(int64_t format_id); /* built-in formats */
/* Appends the number in plain notation, as a person would have typed it; see the file. */
void sheet__number_put(struct str raw, struct buf *out);
/* Appends date, time or both; false when the number is no date. */
bool sheet__date_put(struct str raw, enum sheet__style style, bool is_1904, struct buf *out);
/* Appends with _xHHHH_ decoded (ECMA-376 part 1, 22.9.2.19). */
void sheet__text_put(struct str raw, struct buf *out);
/* "BC12" to column 55 (from 1) and row 12; a missing number gives 0. */
bool sheet__reference(struct str text, int64_t *out_column, int64_t *out_row);
void sheet__civil(int64_t days, int *out_year, int *out_month, int *out_day); /* since 1970 */

/* ---- sheet_write_xlsx.c, behind sheet_write.c ---- */

struct sheet__xlsx;

enum rc sheet__xlsx_open(const struct sheet_writer_options *options, struct arena *arena,
                         struct sheet__xlsx **out);
enum rc sheet__xlsx_row(struct sheet__xlsx *xlsx, const struct sheet_value *values, size_t len,
                        bool is_bold);
enum rc sheet__xlsx_sheet(struct sheet__xlsx *xlsx, struct str name,
                          const struct sheet_column *columns, size_t columns_len);
enum rc sheet__xlsx_finish(struct sheet__xlsx *xlsx, struct sheet_sink sink);
void sheet__xlsx_close(struct sheet__xlsx *xlsx);
/* The text of value->unit as CSV has it. */
void sheet__unit_put(const struct sheet_value *value, enum sheet_column_kind kind,
                     struct buf *text);
/* Decimal text of value / 10^scale in a buffer of SHEET__DECIMAL_MAX. */
enum { SHEET__DECIMAL_MAX = 48 };
struct str sheet__decimal(int64_t value, int scale, char *buffer);

#endif
