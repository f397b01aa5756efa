/* The text of a file to rows. A line "[name]" begins a table, "#" at the start of a line a note;
 * the first line of a table names its columns. Cells are checked against the type of their column
 * here, so that what follows only takes their values. The CSV reader of text is used with the
 * notes blanked out, which keeps line numbers. */
#include "scenario/scenario_int.h"
#include "text/text.h"

enum { PROBLEMS_MAX = 50 };

/* ---- problems ---- */

/* Where in the line the field begins, from 1. */
static long place_of(struct str text, long line, long field)
{
    struct str rest = text, here = STR_NONE;
    bool is_quoted = false;
    for (long i = 0; i < line && rest.at; i++)
        here = str_cut(&rest, '\n');
    for (size_t i = 0; field > 1 && i < here.len; i++) {
        is_quoted ^= here.at[i] == '"';
        field -= here.at[i] == ',' && !is_quoted;
        if (field == 1)
            return (long)utf8_count(str_sub(here, 0, i + 1)) + 1;
    }
    return 1;
}

static void put_problem(struct scenario__file *file, long line, long field, struct str text)
{
    if (file->outcome->problems.len == PROBLEMS_MAX)
        return;
    struct scenario_problem problem = {
        .line = line,
        .column = field > 0 ? place_of(file->text, line, field) : 0,
        .text = text,
    };
    VEC_PUSH(file->arena, &file->outcome->problems, problem);
}

void scenario__complain(struct scenario__file *file, const struct scenario__row *row, int column,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vprintf(file->arena, format, args);
    va_end(args);
    put_problem(file, row ? row->line : 0, row && column >= 0 ? row->fields[column] : 0, text);
}

/* ", did you mean NAME?" or nothing. */
static struct str meant(struct arena *arena, struct str word, const struct str_list *known)
{
    struct str nearest = text_nearest(word, known->at, known->len);
    return nearest.at ? str_printf(arena, "; did you mean " STR_FMT "?", STR_ARG(nearest))
                      : STR("");
}

void scenario__unknown(struct scenario__file *file, const struct scenario__row *row, int column,
                       const char *what, const struct str_list *known)
{
    struct str hint = meant(file->arena, row->cells[column], known);
    scenario__complain(file, row, column, "there is no %s \"" STR_FMT "\"" STR_FMT, what,
                       STR_ARG(row->cells[column]), STR_ARG(hint));
}

/* ---- cells ---- */

bool scenario__has(const struct scenario__row *row, int column)
{
    return row->cells[column].len > 0;
}

struct dec scenario__number(const struct scenario__row *row, int column)
{
    struct dec number = dec_from_i64(0);
    bool is_read = !scenario__has(row, column) || dec_parse(row->cells[column], &number);
    assert(is_read); /* the cell was checked */
    return number;
}

int64_t scenario__count(const struct scenario__row *row, int column, int64_t fallback)
{
    int64_t count = fallback;
    bool is_read = !scenario__has(row, column) || str_to_i64(row->cells[column], &count);
    assert(is_read); /* the cell was checked */
    return count;
}

int64_t scenario__day(const struct scenario__row *row, int column, int64_t fallback)
{
    struct date date;
    if (!scenario__has(row, column) || !date_parse(row->cells[column], &date))
        return fallback;
    return date.days;
}

int64_t scenario__moment(const struct scenario__file *file, const struct scenario__row *row,
                         int column, int64_t fallback)
{
    int64_t at = fallback;
    bool is_read =
        !scenario__has(row, column) || instant_parse_in(row->cells[column], file->zone, &at);
    assert(is_read); /* the cell was checked */
    return at;
}

struct period scenario__period(const struct scenario__row *row, int column)
{
    struct period period = {0};
    bool is_read = !scenario__has(row, column) || period_parse(row->cells[column], 0, &period);
    assert(is_read); /* the cell was checked */
    return period;
}

struct str_list scenario__pieces(struct arena *arena, struct str text)
{
    struct str_list pieces = {0};
    while (text.at) {
        struct str piece = str_trim(str_cut(&text, ';'));
        if (piece.len > 0)
            VEC_PUSH(arena, &pieces, piece);
    }
    return pieces;
}

static bool is_word(const char *const *words, struct str text, struct arena *arena,
                    struct str_list *out_all)
{
    for (; words && *words; words++) {
        if (str_eq(str_of(*words), text))
            return true;
        VEC_PUSH(arena, out_all, str_of(*words));
    }
    return false;
}

/* NULL when the cell is what its column holds, else what it should be. */
static const char *wrong_with(const struct scenario__file *file, enum scenario__type type,
                              struct str text)
{
    struct dec number;
    struct date date;
    struct period period;
    int64_t count = 0;
    switch (type) {
    case CELL_NUMBER: return dec_parse(text, &number) ? NULL : "a number like 1234.50";
    case CELL_AMOUNT:
        return str_eq(text, STR("none")) || dec_parse(text, &number)
                   ? NULL
                   : "an amount like 1234.50, or none";
    case CELL_COUNT: return str_to_i64(text, &count) && count >= 0 ? NULL : "a whole number";
    case CELL_DAY: return date_parse(text, &date) ? NULL : "a day like 2026-10-01";
    case CELL_MOMENT:
        return instant_parse_in(text, file->zone, &count) ? NULL
                                                          : "a day or moment like 2026-10-01 09:30";
    case CELL_PERIOD:
        return period_parse(text, 0, &period) ? NULL : "a period like 2026-10, 2026-Q4 or 2026";
    case CELL_YES_NO:
        return str_eq(text, STR("yes")) || str_eq(text, STR("no")) ? NULL : "yes or no";
    case CELL_CURRENCY: return currency_find(text) ? NULL : "a currency like EUR";
    case CELL_TEXT:
    case CELL_WORD: break;
    }
    return NULL;
}

static void check_cell(struct scenario__file *file, const struct scenario__column *column,
                       const struct scenario__row *row, int i)
{
    struct str text = row->cells[i];
    struct str_list words = {0};
    if (text.len == 0) {
        if (column->is_needed)
            scenario__complain(file, row, i, "the column \"%s\" must not be empty", column->name);
        return;
    }
    const char *should_be = wrong_with(file, column->type, text);
    if (should_be)
        scenario__complain(file, row, i, "%s: \"" STR_FMT "\" is not %s", column->name,
                           STR_ARG(text), should_be);
    else if (column->type == CELL_WORD && !is_word(column->words, text, file->arena, &words))
        scenario__unknown(file, row, i,
                          str_eq(str_of(column->name), STR("do")) ? "step" : column->name, &words);
}

/* ---- a table ---- */

struct heading { /* which column a field of the line is */
    int column;  /* -1: an extra */
    struct str extra;
    bool is_text;
};
struct reading {
    struct scenario__file *file;
    const struct scenario__table *table;
    struct scenario__rows *rows;
    struct heading *headings;
    size_t headings_len;
    long line_before; /* of the table's first line */
};

static void read_heading(struct reading *reading, const struct csv_row *line)
{
    struct scenario__file *file = reading->file;
    const struct scenario__table *table = reading->table;
    reading->headings = NEW_ARRAY(file->arena, struct heading, line->len);
    reading->headings_len = line->len;
    for (size_t i = 0; i < line->len; i++) {
        struct str name = str_dup(file->arena, str_trim(line->at[i]));
        struct heading *heading = &reading->headings[i];
        struct str_list known = {0};
        heading->column = -1;
        for (size_t k = 0; k < table->len; k++) {
            VEC_PUSH(file->arena, &known, str_of(table->columns[k].name));
            if (str_eq(str_of(table->columns[k].name), name))
                heading->column = (int)k;
        }
        heading->is_text = str_starts(name, STR("text."));
        if (table->has_extras && (heading->is_text || str_starts(name, STR("attribute."))))
            heading->extra = str_sub(name, heading->is_text ? 5 : 10, SIZE_MAX);
        if (heading->column >= 0 || heading->extra.len > 0)
            continue;
        struct str hint = meant(file->arena, name, &known);
        put_problem(file, reading->line_before + line->line, (long)i + 1,
                    str_printf(file->arena, "there is no column \"" STR_FMT "\" in [%s]" STR_FMT,
                               STR_ARG(name), table->name, STR_ARG(hint)));
    }
}

static void read_row(struct reading *reading, const struct csv_row *line)
{
    struct arena *arena = reading->file->arena;
    struct scenario__row row = {.line = reading->line_before + line->line,
                                .cells = NEW_ARRAY(arena, struct str, reading->table->len),
                                .fields = NEW_ARRAY(arena, long, reading->table->len),
                                .extras = NEW_ARRAY(arena, struct scenario__extra, line->len)};
    for (size_t k = 0; k < reading->table->len; k++)
        row.cells[k] = STR("");
    for (size_t i = 0; i < reading->headings_len; i++) {
        const struct heading *heading = &reading->headings[i];
        struct str cell = i < line->len ? str_dup(arena, str_trim(line->at[i])) : STR("");
        if (heading->column >= 0) {
            row.cells[heading->column] = cell;
            row.fields[heading->column] = (long)i + 1;
        } else if (cell.len > 0) {
            row.extras[row.extras_len++] =
                (struct scenario__extra){heading->extra, cell, heading->is_text};
        }
    }
    if (line->len > reading->headings_len)
        put_problem(reading->file, row.line, (long)reading->headings_len + 1,
                    STR("the line has more cells than the table has columns"));
    for (size_t k = 0; k < reading->table->len; k++)
        check_cell(reading->file, &reading->table->columns[k], &row, (int)k);
    VEC_PUSH(arena, reading->rows, row);
}

static void read_table(struct scenario__file *file, enum scenario__table_id id, struct str text,
                       long line_before)
{
    struct reading reading = {.file = file,
                              .table = scenario__table_of(id),
                              .rows = &file->tables[id],
                              .line_before = line_before};
    const struct csv_options options = {.encoding = ENCODING_UTF8, .delimiter = ','};
    struct csv_row line;
    AUTO_CSV csv = NULL;
    enum rc rc = csv_open(text_source_str(&text), &options, &csv);
    while (rc == RC_OK && (rc = csv_next(csv, &line)) == RC_OK) {
        if (!reading.headings)
            read_heading(&reading, &line);
        else
            read_row(&reading, &line);
    }
    const struct csv_error *error = rc == RC_INVALID ? csv_failure(csv) : NULL;
    if (error)
        put_problem(file, line_before + error->line, error->column, str_of(error->message));
    else if (!reading.headings)
        put_problem(file, line_before, 0,
                    str_printf(file->arena, "the table [%s] has no columns", reading.table->name));
}

/* ---- the file ---- */

/* "[name]" or "[name argument]". */
static bool is_head(struct str line, struct str *out_name, struct str *out_argument)
{
    line = str_trim(line);
    if (!str_starts(line, STR("[")) || !str_ends(line, STR("]")))
        return false;
    *out_argument = str_trim(str_sub(line, 1, line.len - 2));
    *out_name = str_cut(out_argument, ' ');
    *out_argument = out_argument->at ? str_trim(*out_argument) : STR("");
    return true;
}

/* Cells may stand in columns: blanks around a quoted cell are left out, which CSV would not do. */
static void put_line(struct buf *body, struct str text)
{
    bool is_quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        size_t next = i;
        while (!is_quoted && next < text.len && text.at[next] == ' ')
            next++;
        bool is_before = next > i && next < text.len && text.at[next] == '"';
        bool is_after = next > i && i > 0 && text.at[i - 1] == '"';
        if (is_before || is_after)
            i = next;
        if (i == text.len)
            return;
        is_quoted ^= text.at[i] == '"';
        buf_char(body, text.at[i]);
    }
}

/* Lines up to the next head, with notes blanked out unless they are of an inline scheme. */
static struct str take_body(struct scenario__file *file, struct str *rest, long *line,
                            bool is_verbatim)
{
    struct str name, argument;
    AUTO_BUF body = BUF(SCHEME_FILE_MAX);
    while (rest->at) {
        struct str after = *rest, text = str_cut(&after, '\n');
        bool may_begin = !is_verbatim || str_starts(text, STR("["));
        if (may_begin && is_head(text, &name, &argument))
            break;
        if (!is_verbatim && str_starts(text, STR("[")))
            put_problem(file, *line + 1, 1, STR("a table begins with [name] alone on its line"));
        if (is_verbatim)
            buf_put(&body, text);
        else if (!str_starts(str_trim(text), STR("#")))
            put_line(&body, text);
        buf_char(&body, '\n');
        *rest = after;
        (*line)++;
    }
    if (body.is_over)
        put_problem(file, *line, 0, STR("this part of the file is too long"));
    return str_dup(file->arena, buf_str(&body));
}

static enum scenario__table_id find_table(struct scenario__file *file, struct str name, long line)
{
    struct str_list known = {0};
    for (int id = 1; id < SCENARIO_TABLES; id++) {
        struct str here = str_of(scenario__table_of((enum scenario__table_id)id)->name);
        if (str_eq(here, name))
            return (enum scenario__table_id)id;
        VEC_PUSH(file->arena, &known, here);
    }
    struct str hint = meant(file->arena, name, &known);
    put_problem(file, line, 1,
                str_printf(file->arena, "there is no table [" STR_FMT "]" STR_FMT, STR_ARG(name),
                           STR_ARG(hint)));
    return SCENARIO_TABLES;
}

static void read_part(struct scenario__file *file, struct str name, struct str argument,
                      struct str *rest, long *line)
{
    long head_line = *line;
    enum scenario__table_id id = find_table(file, name, head_line);
    bool is_inline = id == SCENARIO_SCHEME && argument.len > 0;
    struct str body = take_body(file, rest, line, is_inline);
    if (is_inline)
        VEC_PUSH(file->arena, &file->inlines,
                 ((struct scenario__inline){argument, body, head_line}));
    else if (argument.len > 0)
        put_problem(file, head_line, 1,
                    STR("only [scheme CODE] has a second word: the scheme follows as DMN"));
    else if (id != SCENARIO_TABLES)
        read_table(file, id, body, head_line);
}

bool scenario__read(struct scenario__file *file)
{
    struct str rest = file->text, name, argument;
    long line = 0;
    if (!utf8_valid(file->text)) {
        put_problem(file, 0, 0, STR("the file is not UTF-8 text"));
        return false;
    }
    while (rest.at) {
        struct str text = str_cut(&rest, '\n');
        line++;
        if (is_head(text, &name, &argument))
            read_part(file, name, argument, &rest, &line);
        else if (str_trim(text).len > 0 && !str_starts(str_trim(text), STR("#")))
            put_problem(file, line, 1,
                        STR("this line belongs to no table: one begins with [name]"));
    }
    if (file->outcome->problems.len == 0 && file->tables[SCENARIO_EXPECT].len == 0)
        put_problem(file, 0, 0, STR("the file expects nothing: it has no rows in [expect]"));
    return file->outcome->problems.len == 0;
}
