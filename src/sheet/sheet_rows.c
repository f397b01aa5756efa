/* The rows of a worksheet. The parser is given one piece of XML at a time; the rows that became
 * whole are handed out before the next piece, so a sheet of any length takes the memory of one row
 * and one piece. Shared strings are looked up only when their row is handed out: a few bytes of
 * XML can refer to a long text, and a queue of such would be a bomb of its own. */
#include "sheet/sheet_int.h"

enum { SHEET_ROWS_LAST = 1048576, TEXTS_MAX = 8 << 20 };

enum cell_type {
    CELL_NUMBER = 1,
    CELL_SHARED,
    CELL_INLINE,
    CELL_TEXT,
    CELL_BOOL,
    CELL_ERROR,
    CELL_DATE
};

struct sheet__grid { /* of the worksheet being parsed */
    struct sheet *sheet;
    long row_number;
    int64_t column; /* of the last cell, from 1 */
    bool is_in_data, is_in_row, is_in_cell, is_in_value;
    int phonetic_depth;
    enum cell_type type;
    size_t style_i;
    size_t row_texts_at;
    struct buf raw; /* the value as it stands in the XML */
};

static enum rc row_start(struct sheet__grid *grid, const struct sheet__element *element)
{
    struct sheet *sheet = grid->sheet;
    struct str number = sheet__attr_of(element, "r");
    int64_t row = grid->row_number + 1;
    if (number.at && (!str_to_i64(number, &row) || row <= grid->row_number))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The rows of the workbook are numbered out of order. Open it in a "
                         "spreadsheet program, save it as .xlsx and send it again.",
                         NULL);
    if (row > SHEET_ROWS_LAST)
        return sheet__broken(sheet);
    grid->row_number = (long)row;
    grid->column = 0;
    grid->is_in_row = true;
    grid->row_texts_at = sheet->texts.len;
    VEC_PUSH(sheet->arena, &sheet->rows,
             ((struct sheet__parsed_row){.number = (long)row, .cells_at = sheet->parsed.len}));
    return RC_OK;
}

static enum cell_type type_of(struct str type)
{
    static const struct {
        struct str name;
        enum cell_type type;
    } types[] = {
        {STR_INIT("n"), CELL_NUMBER},         {STR_INIT("s"), CELL_SHARED},
        {STR_INIT("inlineStr"), CELL_INLINE}, {STR_INIT("str"), CELL_TEXT},
        {STR_INIT("b"), CELL_BOOL},           {STR_INIT("e"), CELL_ERROR},
        {STR_INIT("d"), CELL_DATE},
    };
    for (size_t i = 0; i < LEN(types); i++)
        if (str_eq(type, types[i].name))
            return types[i].type;
    return CELL_NUMBER;
}

static void cell_start(struct sheet__grid *grid, const struct sheet__element *element)
{
    int64_t column = 0, row, style = 0;
    grid->type = CELL_NUMBER;
    for (size_t i = 0; i < element->attrs_len; i++) {
        const struct sheet__attr *attr = &element->attrs[i];
        if (attr->name[0] == 'r' && attr->name[1] == 0)
            (void)sheet__reference(attr->value, &column, &row);
        else if (attr->name[0] == 's' && attr->name[1] == 0)
            (void)!str_to_i64(attr->value, &style);
        else if (attr->name[0] == 't' && attr->name[1] == 0)
            grid->type = type_of(attr->value);
    }
    grid->column = column > 0 ? column : grid->column + 1;
    grid->style_i = style < 0 ? SIZE_MAX : (size_t)style;
    grid->is_in_cell = true;
    grid->phonetic_depth = 0;
    buf_reset(&grid->raw);
}

static enum rc grid_start(void *self, const struct sheet__element *element)
{
    struct sheet__grid *grid = self;
    const char *name = element->name;
    if (grid->is_in_cell) {
        if (strcmp(name, "rPh") == 0)
            grid->phonetic_depth++;
        grid->is_in_value =
            strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && grid->phonetic_depth == 0);
        return RC_OK;
    }
    if (grid->is_in_row && strcmp(name, "c") == 0)
        cell_start(grid, element);
    else if (grid->is_in_data && strcmp(name, "row") == 0)
        return row_start(grid, element);
    else if (strcmp(name, "sheetData") == 0)
        grid->is_in_data = true;
    return RC_OK;
}

static enum rc too_long_cell(struct sheet *sheet)
{
    return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                     "A cell holds more than {0} KiB of text. Shorten it and send the file "
                     "again.",
                     "128", NULL);
}

static enum rc grid_text(void *self, struct str text)
{
    struct sheet__grid *grid = self;
    if (!grid->is_in_value)
        return RC_OK;
    buf_put(&grid->raw, text);
    return grid->raw.is_over ? too_long_cell(grid->sheet) : RC_OK;
}

/* ---- values ---- */

static enum sheet__style style_of(const struct sheet *sheet, size_t style_i)
{
    return style_i < sheet->styles.len ? (enum sheet__style)sheet->styles.at[style_i]
                                       : SHEET__PLAIN;
}

/* ISO 8601 as strict files have it; a time of midnight under a date-only format is no time. */
static void iso_date_put(struct str raw, enum sheet__style style, struct buf *out)
{
    size_t time = str_find(raw, STR("T00:00:00"), 0);
    buf_put(out, style == SHEET__DATE && time == 10 ? str_sub(raw, 0, 10) : raw);
}

static enum sheet_cell_kind number_put(struct sheet *sheet, struct str raw, size_t style_i)
{
    enum sheet__style style = style_of(sheet, style_i);
    if (style != SHEET__PLAIN && sheet__date_put(raw, style, sheet->is_1904, &sheet->texts))
        return SHEET_DATE;
    sheet__number_put(raw, &sheet->texts);
    return SHEET_NUMBER;
}

static enum sheet_cell_kind value_put(struct sheet__grid *grid)
{
    struct sheet *sheet = grid->sheet;
    struct str raw = buf_str(&grid->raw);
    switch (grid->type) {
    case CELL_INLINE:
    case CELL_TEXT: sheet__text_put(raw, &sheet->texts); return SHEET_TEXT;
    case CELL_BOOL:
        buf_put(&sheet->texts,
                str_eq(str_trim(raw), STR("1")) || str_eq_nocase(str_trim(raw), STR("true"))
                    ? STR("true")
                    : STR("false"));
        return SHEET_BOOL;
    case CELL_ERROR: buf_put(&sheet->texts, raw); return SHEET_ERROR;
    case CELL_DATE:
        iso_date_put(str_trim(raw), style_of(sheet, grid->style_i), &sheet->texts);
        return SHEET_DATE;
    case CELL_SHARED:
    case CELL_NUMBER: break;
    }
    return number_put(sheet, str_trim(raw), grid->style_i);
}

/* Cells stand at their column, so a reference given twice overwrites and a gap is blank. */
static enum rc cell_keep(struct sheet__grid *grid, struct sheet__cell cell)
{
    struct sheet *sheet = grid->sheet;
    struct sheet__parsed_row *row = &sheet->rows.at[sheet->rows.len - 1];
    if (grid->column > SHEET_COLUMNS_MAX)
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "The table has more than {0} columns. Delete those that are not needed.",
                         "1024", NULL);
    size_t i = (size_t)grid->column - 1;
    while (row->cells_len <= i) {
        VEC_PUSH(sheet->arena, &sheet->parsed, (struct sheet__cell){0});
        row->cells_len++;
    }
    sheet->parsed.at[row->cells_at + i] = cell;
    return RC_OK;
}

static enum rc cell_end(struct sheet__grid *grid)
{
    struct sheet *sheet = grid->sheet;
    struct str raw = buf_str(&grid->raw);
    grid->is_in_cell = grid->is_in_value = false;
    if (raw.len == 0)
        return RC_OK;
    struct sheet__cell cell = {.at = (uint32_t)sheet->texts.len, .kind = SHEET_TEXT};
    if (grid->type == CELL_SHARED) {
        int64_t i;
        if (!str_to_i64(str_trim(raw), &i) || i < 0 ||
            (size_t)i >= sheet__strings_len(sheet->strings))
            return sheet__broken(sheet);
        cell.at = (uint32_t)i;
        cell.is_shared = true;
        return cell_keep(grid, cell);
    }
    cell.kind = value_put(grid);
    if (sheet->texts.is_over || sheet->texts.len - grid->row_texts_at > SHEET_ROW_BYTES_MAX)
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "A row holds more than {0} KiB. Shorten its texts and send the file "
                         "again.",
                         "1024", NULL);
    cell.len = (uint32_t)(sheet->texts.len - cell.at);
    return cell.len > 0 ? cell_keep(grid, cell) : RC_OK;
}

static enum rc grid_end(void *self, const char *name)
{
    struct sheet__grid *grid = self;
    struct sheet *sheet = grid->sheet;
    if (grid->is_in_cell) {
        if (strcmp(name, "rPh") == 0 && grid->phonetic_depth > 0)
            grid->phonetic_depth--;
        grid->is_in_value = false;
        return strcmp(name, "c") == 0 ? cell_end(grid) : RC_OK;
    }
    if (grid->is_in_row && strcmp(name, "row") == 0) {
        grid->is_in_row = false;
        if (sheet->rows.at[sheet->rows.len - 1].cells_len == 0)
            sheet->rows.len--;
    } else if (strcmp(name, "sheetData") == 0) {
        grid->is_in_data = false;
    }
    return RC_OK;
}

/* ---- handing out ---- */

enum rc sheet__rows_open(struct sheet *sheet, int64_t part)
{
    static const struct sheet__hooks hooks = {
        .start = grid_start, .end = grid_end, .text = grid_text};
    sheet->grid = NEW(sheet->arena, struct sheet__grid);
    *sheet->grid = (struct sheet__grid){.sheet = sheet, .raw = BUF(SHEET_CELL_BYTES_MAX)};
    sheet->texts = (struct buf)BUF(TEXTS_MAX);
    sheet->row_text = (struct buf)BUF(SHEET_ROW_BYTES_MAX);
    sheet->worksheet_bytes = sheet__part_bytes(&sheet->package, part);
    return sheet__xml_open(sheet, part, &hooks, sheet->grid, &sheet->xml);
}

void sheet__rows_close(struct sheet *sheet)
{
    if (sheet->grid)
        buf_done(&sheet->grid->raw);
    buf_done(&sheet->texts);
    buf_done(&sheet->row_text);
}

static size_t rows_ready(const struct sheet *sheet)
{
    return sheet->rows.len - (sheet->grid->is_in_row ? 1 : 0);
}

/* Whole rows have been handed out: only one that is still being parsed moves to the front. */
static void queue_turn(struct sheet *sheet)
{
    size_t ready = rows_ready(sheet);
    struct sheet__parsed_row open = {0};
    struct buf *texts = &sheet->texts;
    if (ready == sheet->rows.len) {
        sheet->rows.len = sheet->parsed.len = sheet->rows_i = 0;
        buf_reset(texts);
        return;
    }
    open = sheet->rows.at[ready];
    if (open.cells_len > 0)
        memmove(sheet->parsed.at, sheet->parsed.at + open.cells_at,
                open.cells_len * sizeof(*sheet->parsed.at));
    sheet->parsed.len = open.cells_len;
    size_t from = sheet->grid->row_texts_at;
    if (from > 0)
        memmove(texts->at, texts->at + from, texts->len - from);
    texts->len -= from;
    sheet->grid->row_texts_at = 0;
    for (size_t i = 0; i < open.cells_len; i++)
        if (!sheet->parsed.at[i].is_shared && sheet->parsed.at[i].kind)
            sheet->parsed.at[i].at -= (uint32_t)from;
    open.cells_at = 0;
    sheet->rows.at[0] = open;
    sheet->rows.len = 1;
    sheet->rows_i = 0;
}

static enum rc shared_put(struct sheet *sheet, struct sheet__cell *cell)
{
    struct buf *text = &sheet->row_text;
    size_t at = text->len;
    TRY(sheet__strings_put(sheet, cell->at, text));
    sheet->text_bytes += (int64_t)(text->len - at);
    if (text->is_over)
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "A row holds more than {0} KiB. Shorten its texts and send the file "
                         "again.",
                         "1024", NULL);
    if (sheet->text_bytes > sheet->package.unpacked_max)
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "The texts of the workbook together are too long. Split it, or send it as "
                         "CSV.",
                         NULL);
    cell->at = (uint32_t)at;
    cell->len = (uint32_t)(text->len - at);
    return RC_OK;
}

static enum rc row_give(struct sheet *sheet, const struct sheet__parsed_row *row,
                        struct sheet_row *out)
{
    struct sheet__cell *cells = sheet->parsed.at + row->cells_at;
    buf_reset(&sheet->row_text);
    size_t len = 0;
    for (size_t i = 0; i < row->cells_len; i++) {
        if (cells[i].is_shared)
            TRY(shared_put(sheet, &cells[i]));
        if (cells[i].len > 0)
            len = i + 1;
    }
    sheet__cells_reserve(sheet, len);
    for (size_t i = 0; i < len; i++) {
        const struct buf *from = cells[i].is_shared ? &sheet->row_text : &sheet->texts;
        bool is_blank = cells[i].len == 0;
        sheet->cells[i] = is_blank ? STR("") : (struct str){from->at + cells[i].at, cells[i].len};
        sheet->kinds[i] = is_blank ? SHEET_BLANK : cells[i].kind;
    }
    *out = (struct sheet_row){
        .number = row->number, .len = len, .cells = sheet->cells, .kinds = sheet->kinds};
    return RC_OK;
}

enum rc sheet__rows_next(struct sheet *sheet, struct sheet_row *out)
{
    for (;;) {
        while (sheet->rows_i < rows_ready(sheet)) {
            TRY(row_give(sheet, &sheet->rows.at[sheet->rows_i++], out));
            if (out->len > 0)
                return RC_OK;
        }
        queue_turn(sheet);
        TRY(sheet__xml_step(sheet->xml)); /* RC_MISSING: the end */
    }
}
