/* Schemes and tables read from spreadsheets. What is wrong is gathered, each with its sheet and
 * cell, and then nothing is taken. The work itself is that of scheme_edit: a workbook is a list of
 * changes of an empty scheme. */
#include "scheme/scheme_int.h"
#include "scheme/scheme_sheet_int.h"

enum { SHEETS_MAX = 120, LINES_MAX = SCHEME_ROWS_MAX + 16 };

struct line {
    long number; /* as people see it */
    struct str *cells;
    enum sheet_cell_kind *kinds;
    size_t len;
};
struct page {        /* a sheet, whole */
    struct str name; /* absent: the file has one table and no names */
    struct line *at;
    size_t len, cap;
};

struct reader {
    struct scheme__draft draft;
    struct scheme__words_known known;
    struct str file;
    struct str_list names; /* of the sheets */
};

/* ---- faults with a place ---- */

/* "B7", or "Rates B7". */
static const char *place_c(struct reader *r, const struct page *page, size_t column, long line)
{
    char letters[8];
    size_t at = sizeof(letters), rest = column + 1;
    for (; rest > 0 && at > 0; rest = (rest - 1) / 26)
        letters[--at] = (char)('A' + (rest - 1) % 26);
    return str_c(r->draft.arena, str_printf(r->draft.arena, STR_FMT "%s%.*s%ld",
                                            STR_ARG(page->name), page->name.len ? " " : "",
                                            (int)(sizeof(letters) - at), letters + at, line));
}

static void wrong(struct reader *r, const struct page *page, size_t column, long line,
                  const char *message, const char *a, const char *b)
{
    (void)!fault_add(r->draft.fault, RC_INVALID, place_c(r, page, column, line), message, a,
                     a ? b : NULL, NULL);
}

/* What a change has said since is about this cell. */
static void move_faults(struct reader *r, size_t before, const struct page *page, size_t column,
                        long line)
{
    for (size_t i = before; i < r->draft.fault->entries_len; i++) {
        r->draft.fault->entries[i].field = place_c(r, page, column, line);
        r->draft.fault->entries[i].line = r->draft.fault->entries[i].column = 0;
    }
}

/* ---- reading sheets ---- */

static void keep_line(struct arena *arena, const struct sheet_row *row, struct page *out)
{
    struct line line = {.number = row->number, .len = row->len};
    line.cells = NEW_ARRAY(arena, struct str, row->len + 1);
    line.kinds = NEW_ARRAY(arena, enum sheet_cell_kind, row->len + 1);
    for (size_t i = 0; i < row->len; i++) {
        line.cells[i] = str_dup(arena, str_trim(text_unguard(row->cells[i])));
        line.kinds[i] = row->kinds[i];
    }
    VEC_PUSH(arena, out, line);
}

static enum rc read_page(struct reader *r, struct str name, struct page *out)
{
    AUTO_SHEET sheet = NULL;
    struct sheet_source source = sheet_source_str(&r->file);
    struct sheet_options options = {
        .sheet_name = name, .rows_max = LINES_MAX, .unpacked_max = 256 << 20};
    struct sheet_row row;
    enum rc rc = RC_OK;
    *out = (struct page){.name = name.at ? name : STR("")};
    TRY(sheet_open(source, &options, r->draft.fault, &sheet));
    const struct sheet_info *info = sheet_about(sheet);
    bool is_first = r->names.len == 0;
    for (size_t i = 0; i < info->names_len && is_first && i < SHEETS_MAX; i++)
        VEC_PUSH(r->draft.arena, &r->names, str_dup(r->draft.arena, info->names[i]));
    while ((rc = sheet_next(sheet, &row)) == RC_OK) {
        if (row.problem)
            wrong(r, out, row.problem_column > 0 ? (size_t)row.problem_column - 1 : 0, row.number,
                  row.problem, row.problem_arg, NULL);
        else
            keep_line(r->draft.arena, &row, out);
        if (arena_left_bytes(r->draft.arena) < (16U << 20))
            return fault_add(r->draft.fault, RC_TOO_LARGE, NULL, M("The file is too large."), NULL);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static struct str cell(const struct line *line, size_t i)
{
    return i < line->len ? line->cells[i] : STR("");
}

/* A cell of a table as text of the language: a date is a date, an error is none. */
static struct str typed_cell(struct reader *r, const struct page *page, const struct line *line,
                             size_t i)
{
    struct str text = cell(line, i);
    if (i >= line->len || !text.len)
        return STR("");
    if (line->kinds[i] == SHEET_ERROR) {
        wrong(r, page, i, line->number, M("The cell holds {0}, an error of the spreadsheet."),
              str_c(r->draft.arena, text), NULL);
        return STR("");
    }
    if (line->kinds[i] == SHEET_DATE)
        return str_printf(r->draft.arena, "@\"" STR_FMT "\"", STR_ARG(text));
    return text;
}

static const char *list_c(struct arena *arena, const struct str *names, size_t len)
{
    AUTO_BUF buf = BUF(8192);
    for (size_t i = 0; i < len && !buf.is_over; i++)
        buf_printf(&buf, "%s" STR_FMT, i ? ", " : "", STR_ARG(names[i]));
    return str_c(arena, buf.is_over ? STR("…") : buf_str(&buf));
}

/* ---- one table ---- */

/* Which column of the table a title names; columns_len is the notes, SIZE_MAX nothing. */
static size_t column_of(struct arena *arena, const struct scheme_grid *grid, struct str title)
{
    struct str folded = text_fold(arena, title);
    for (size_t c = 0; c < grid->columns_len; c++)
        if (str_eq(folded, text_fold(arena, scheme__column_title(&grid->columns[c]))) ||
            str_eq(folded, text_fold(arena, grid->columns[c].text)))
            return c;
    return scheme__is_words(arena, title, SCHEME_SHEET_NOTE) ? grid->columns_len : SIZE_MAX;
}

static size_t *match_titles(struct reader *r, const struct page *page,
                            const struct scheme_grid *grid)
{
    struct arena *arena = r->draft.arena;
    const struct line *head = &page->at[0];
    size_t *columns = NEW_ARRAY(arena, size_t, head->len + 1);
    bool *seen = NEW_ARRAY(arena, bool, grid->columns_len + 1);
    struct str *titles = NEW_ARRAY(arena, struct str, grid->columns_len + 1);
    for (size_t c = 0; c < grid->columns_len; c++)
        titles[c] = scheme__column_title(&grid->columns[c]);
    for (size_t i = 0; i < head->len; i++) {
        columns[i] = SIZE_MAX;
        if (!head->cells[i].len)
            continue;
        columns[i] = column_of(arena, grid, head->cells[i]);
        if (columns[i] == SIZE_MAX)
            wrong(r, page, i, head->number, M("The table has no column {0}; it has: {1}."),
                  str_c(arena, head->cells[i]), list_c(arena, titles, grid->columns_len));
        else if (seen[columns[i]])
            wrong(r, page, i, head->number, M("The column {0} comes twice."),
                  str_c(arena, head->cells[i]), NULL);
        else
            seen[columns[i]] = true;
    }
    for (size_t c = 0; c < grid->columns_len; c++)
        if (!seen[c])
            wrong(r, page, head->len, head->number, M("The column {0} is missing."),
                  str_c(arena, titles[c]), NULL);
    return columns;
}

/* Rows that the table has stay as elements and get the new texts. */
static void fit_rows(struct scheme__draft *draft, struct scheme__table *table, size_t wanted)
{
    for (; table->rows_len < wanted; table->rows_len++)
        (void)scheme__row_new(draft, table);
    for (; table->rows_len > wanted; table->rows_len--)
        scheme__drop(draft, scheme__nth(table->node, "rule", table->rows_len - 1));
}

static void put_cell(struct reader *r, const struct page *page, const struct line *line, size_t i,
                     const struct scheme__table *table, struct dmn_node *rule, size_t column)
{
    bool is_result = column >= table->inputs_len;
    struct str text = typed_cell(r, page, line, i);
    const char *doubt = scheme__cell_check(text, is_result);
    if (column == table->inputs_len + table->outputs_len) {
        scheme__note_put(&r->draft, table, rule, cell(line, i));
        return;
    }
    if (doubt)
        wrong(r, page, i, line->number, doubt, str_c(r->draft.arena, text), NULL);
    scheme__text_put(&r->draft, scheme__row_cell(&r->draft, table, rule, column),
                     scheme__cell_text(&r->draft, &r->known, text, is_result));
}

static void put_lines(struct reader *r, const struct page *page, size_t first,
                      const size_t *columns, size_t columns_len, struct scheme__table *table)
{
    fit_rows(&r->draft, table, page->len - first);
    struct dmn_node *rule = dmn_tree_child(table->node, "rule");
    for (size_t i = first; i < page->len; i++, rule = dmn_tree_next(rule, "rule"))
        for (size_t c = 0; c < columns_len; c++)
            if (columns[c] != SIZE_MAX)
                put_cell(r, page, &page->at[i], c, table, rule, columns[c]);
}

static enum rc take_table(struct reader *r, struct str xml, struct str part)
{
    struct scheme_outline outline;
    struct scheme__table table;
    struct page page;
    size_t before = r->draft.fault->entries_len;
    TRY(scheme__draft_open(&r->draft, xml));
    TRY(scheme_outline(r->draft.arena, xml, r->draft.fault, &outline));
    TRY(scheme__table_open(&r->draft, &(struct scheme_edit){.part = part}, &table));
    TRY(read_page(r, STR_NONE, &page));
    if (page.len == 0)
        return fault_add(r->draft.fault, RC_INVALID, NULL, M("The file is empty."), NULL);
    if (page.len - 1 > SCHEME_ROWS_MAX)
        return fault_add(r->draft.fault, RC_TOO_LARGE, NULL, M("A table has at most {0} rows."),
                         scheme__number_c(&r->draft, SCHEME_ROWS_MAX), NULL);
    size_t *columns = match_titles(r, &page, &scheme_part(&outline, part)->grid);
    if (r->draft.fault->entries_len > before)
        return RC_INVALID;
    struct map *required = scheme__required(&r->draft);
    r->known = scheme__words_known(&r->draft);
    put_lines(r, &page, 1, columns, page.at[0].len, &table);
    if (r->draft.fault->entries_len > before)
        return RC_INVALID;
    scheme__settle(&r->draft, required);
    scheme__say(&r->draft, M("{0}: {1} rows from a file"),
                str_c(r->draft.arena, scheme__label_of(table.decision)),
                scheme__number_c(&r->draft, page.len - 1), NULL);
    return RC_OK;
}

enum rc scheme_sheet_table_take(struct arena *arena, struct str xml, struct str part,
                                struct str file, struct fault *fault, struct str *out_xml,
                                struct scheme_edit_words *out_words)
{
    AUTO_ARENA scratch = arena_new(0);
    struct scheme_edit_words words = {0};
    struct reader r = {
        .draft = {.arena = arena, .scratch = scratch, .fault = fault, .words = &words},
        .file = file};
    TRY(take_table(&r, xml, part));
    TRY(scheme__draft_write(&r.draft, out_xml));
    if (out_words)
        *out_words = words;
    return RC_OK;
}

/* ---- the sheets of a scheme ---- */

static struct str sheet_called(struct reader *r, const char *key)
{
    for (size_t i = 0; i < r->names.len; i++)
        if (scheme__is_words(r->draft.arena, r->names.at[i], key))
            return r->names.at[i];
    return STR_NONE;
}

static enum rc need_page(struct reader *r, const char *key, struct page *out)
{
    struct str name = sheet_called(r, key);
    if (!name.at)
        return fault_add(r->draft.fault, RC_INVALID, NULL,
                         M("The workbook has no sheet {0}; it has: {1}."),
                         str_c(r->draft.arena, str_printf(r->draft.arena, KEY_MARK "%s", key)),
                         list_c(r->draft.arena, r->names.at, r->names.len), NULL);
    return read_page(r, name, out);
}

/* Where each title of the list stands; SIZE_MAX: nowhere. False, and said, when the first of them,
 * the name, is not there. */
static bool find_titles(struct reader *r, const struct page *page, const char *const *titles,
                        size_t len, size_t *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = SIZE_MAX;
    for (size_t c = 0; page->len && c < page->at[0].len; c++) {
        struct str title = page->at[0].cells[c];
        int found = title.len ? scheme__words_at(r->draft.arena, title, titles, len) : -1;
        if (found >= 0)
            out[found] = c;
        else if (title.len)
            wrong(r, page, c, page->at[0].number, M("There is no column {0} here."),
                  str_c(r->draft.arena, title), NULL);
    }
    if (out[0] == SIZE_MAX)
        wrong(r, page, 0, page->len ? page->at[0].number : 1, M("The column {0} is missing."),
              str_c(r->draft.arena, str_printf(r->draft.arena, KEY_MARK "%s", titles[0])), NULL);
    return out[0] != SIZE_MAX;
}

static struct str at_title(const struct line *line, const size_t *columns, int title)
{
    return columns[title] == SIZE_MAX ? STR("") : cell(line, columns[title]);
}

static size_t column_or_first(const size_t *columns, int title)
{
    return columns[title] == SIZE_MAX ? 0 : columns[title];
}

static enum rc take_settings(struct reader *r)
{
    struct page page;
    VEC(struct scheme_option) options = {0};
    struct scheme_edit edit = {.kind = SCHEME_SET};
    TRY(need_page(r, SCHEME_SHEET_SCHEME, &page));
    for (size_t i = 1; i < page.len; i++) {
        struct str name = cell(&page.at[i], 0), value = cell(&page.at[i], 1);
        if (str_eq_nocase(name, STR("code")) && value.len) {
            dmn_tree_attribute_set(r->draft.arena, r->draft.root, "id", value);
            dmn_tree_attribute_set(r->draft.arena, r->draft.root, "namespace",
                                   str_join(r->draft.arena, STR("urn:kontor:scheme:"), value));
        } else if (str_eq_nocase(name, STR("name"))) {
            edit.name = value;
        } else if (str_eq_nocase(name, STR("description"))) {
            edit.description = value;
        } else if (name.len && !str_eq_nocase(name, STR("code"))) {
            VEC_PUSH(r->draft.arena, &options, ((struct scheme_option){name, value}));
        }
    }
    edit.options = (struct scheme_options){options.at, options.len};
    size_t before = r->draft.fault->entries_len;
    (void)!scheme__apply(&r->draft, &edit);
    move_faults(r, before, &page, 1, page.len > 1 ? page.at[1].number : 1);
    return RC_OK;
}

/* "7 %" and 0.07 are one. */
static struct str number_text(struct reader *r, struct str text)
{
    struct scheme__words_known none = {0};
    return text.len ? scheme__cell_text(&r->draft, &none, text, true) : text;
}

static void take_attribute(struct reader *r, const struct page *page, const struct line *line,
                           const size_t *columns)
{
    struct scheme_edit edit = {.kind = SCHEME_ATTRIBUTE_ADD, .to = SCHEME_LAST};
    struct scheme_attribute *a = &edit.attribute;
    struct str outlet = at_title(line, columns, ATTRIBUTE_OUTLET);
    *a = (struct scheme_attribute){.name = at_title(line, columns, ATTRIBUTE_NAME),
                                   .label = at_title(line, columns, ATTRIBUTE_LABEL),
                                   .type = at_title(line, columns, ATTRIBUTE_TYPE),
                                   .unit = at_title(line, columns, ATTRIBUTE_UNIT),
                                   .fallback = at_title(line, columns, ATTRIBUTE_DEFAULT),
                                   .min = number_text(r, at_title(line, columns, ATTRIBUTE_LEAST)),
                                   .max = number_text(r, at_title(line, columns, ATTRIBUTE_MOST)),
                                   .may_differ_per_outlet =
                                       outlet.len &&
                                       (scheme__is_words(r->draft.arena, outlet, M("Yes")) ||
                                        str_eq_nocase(outlet, STR("true")))};
    if (!a->type.len || str_eq(a->type, STR("number")))
        a->fallback = number_text(r, a->fallback);
    size_t before = r->draft.fault->entries_len;
    (void)!scheme__apply(&r->draft, &edit);
    for (size_t i = before; i < r->draft.fault->entries_len; i++) {
        static const struct {
            const char *field;
            int column;
        } places[] = {{"type", ATTRIBUTE_TYPE},
                      {"min", ATTRIBUTE_LEAST},
                      {"max", ATTRIBUTE_MOST},
                      {"default", ATTRIBUTE_DEFAULT}};
        const char *field = r->draft.fault->entries[i].field;
        int column = ATTRIBUTE_NAME;
        for (size_t k = 0; field && k < LEN(places); k++)
            if (strcmp(field, places[k].field) == 0)
                column = places[k].column;
        r->draft.fault->entries[i].field =
            place_c(r, page, column_or_first(columns, column), line->number);
    }
}

static enum rc take_attributes(struct reader *r)
{
    struct page page;
    size_t columns[ATTRIBUTE_COLUMNS];
    if (!sheet_called(r, SCHEME_SHEET_ATTRIBUTES).at)
        return RC_OK; /* a scheme may have none */
    TRY(need_page(r, SCHEME_SHEET_ATTRIBUTES, &page));
    if (!find_titles(r, &page, scheme__attribute_titles, ATTRIBUTE_COLUMNS, columns))
        return RC_OK;
    for (size_t i = 1; i < page.len; i++)
        take_attribute(r, &page, &page.at[i], columns);
    return RC_OK;
}

/* ---- decisions ---- */

static void take_options(struct reader *r, const struct page *page, const struct line *line,
                         const size_t *columns, struct scheme_options *out)
{
    struct arena *arena = r->draft.arena;
    VEC(struct scheme_option) list = {0};
    struct str kind = at_title(line, columns, PART_KIND);
    struct str scope = at_title(line, columns, PART_SCOPE);
    struct str rest = at_title(line, columns, PART_OPTIONS);
    enum scheme_kind is_kind = scheme__kind_of_words(arena, kind);
    enum scheme_scope is_scope = scheme__scope_of_words(arena, scope);
    *out = (struct scheme_options){0};
    if (!kind.len)
        return;
    if (!is_kind)
        wrong(r, page, column_or_first(columns, PART_KIND), line->number,
              M("There is no kind of result {0}; write for example line or measure."),
              str_c(arena, kind), NULL);
    if (scope.len && !is_scope)
        wrong(r, page, column_or_first(columns, PART_SCOPE), line->number,
              M("Nothing is computed for {0}; write for example event or contract."),
              str_c(arena, scope), NULL);
    if (!is_kind || (scope.len && !is_scope))
        return;
    VEC_PUSH(arena, &list,
             ((struct scheme_option){STR("kind"), str_of(scheme_kind_name(is_kind))}));
    if (is_scope)
        VEC_PUSH(arena, &list,
                 ((struct scheme_option){STR("scope"), str_of(scheme_scope_name(is_scope))}));
    while (rest.at && rest.len) {
        struct str value = str_cut(&rest, '\n'), name = str_cut(&value, '=');
        if (value.at)
            VEC_PUSH(arena, &list, ((struct scheme_option){str_trim(name), str_trim(value)}));
        else if (str_trim(name).len)
            wrong(r, page, column_or_first(columns, PART_OPTIONS), line->number,
                  M("Write an option as name=value, one on a line, not {0}."), str_c(arena, name),
                  NULL);
    }
    *out = (struct scheme_options){list.at, list.len};
}

static void take_part(struct reader *r, const struct page *page, const struct line *line,
                      const size_t *columns)
{
    struct arena *arena = r->draft.arena;
    struct str logic = at_title(line, columns, PART_LOGIC);
    struct str text = at_title(line, columns, PART_TEXT);
    struct scheme_edit edit = {.kind = SCHEME_PART_ADD,
                               .to = SCHEME_LAST,
                               .name = at_title(line, columns, PART_NAME),
                               .label = at_title(line, columns, PART_LABEL),
                               .description = at_title(line, columns, PART_DESCRIPTION),
                               .logic = SCHEME_FORMULA};
    if (scheme__is_words(arena, logic, scheme__logic_words[SCHEME_TABLE]))
        edit.logic = SCHEME_TABLE;
    else if (logic.len && !scheme__is_words(arena, logic, scheme__logic_words[SCHEME_FORMULA]))
        wrong(r, page, column_or_first(columns, PART_LOGIC), line->number,
              M("A result is computed by a formula or a table, not by {0}."), str_c(arena, logic),
              NULL);
    if (edit.logic == SCHEME_FORMULA)
        edit.text = text;
    take_options(r, page, line, columns, &edit.options);
    size_t before = r->draft.fault->entries_len;
    (void)!scheme__apply(&r->draft, &edit);
    move_faults(r, before, page, column_or_first(columns, PART_NAME), line->number);
}

/* ---- tables ---- */

struct head { /* of a table's sheet */
    const struct line *lines[TABLE_LINES];
    size_t *columns; /* of the table, by column of the sheet */
    size_t inputs_len, outputs_len, len, first_row;
};

static bool is_side(struct reader *r, const struct head *head, size_t column, int side)
{
    return scheme__is_words(r->draft.arena, cell(head->lines[TABLE_SIDE], column),
                            scheme__table_sides[side]);
}

static bool read_head(struct reader *r, const struct page *page, struct head *out)
{
    *out = (struct head){.first_row = 1};
    for (; out->first_row < page->len; out->first_row++) {
        const struct line *line = &page->at[out->first_row];
        int found = cell(line, 0).len ? scheme__words_at(r->draft.arena, cell(line, 0),
                                                         scheme__table_lines, TABLE_LINES)
                                      : -1;
        if (found < 0)
            break;
        out->lines[found] = line;
    }
    if (!out->lines[TABLE_SIDE] || !out->lines[TABLE_TEXT]) {
        const char *key = scheme__table_lines[out->lines[TABLE_SIDE] ? TABLE_TEXT : TABLE_SIDE];
        wrong(r, page, 0, page->len > 1 ? page->at[1].number : 2,
              M("The line {0} is missing under the titles."),
              str_c(r->draft.arena, str_printf(r->draft.arena, KEY_MARK "%s", key)), NULL);
        return false;
    }
    out->len = out->lines[TABLE_SIDE]->len;
    out->columns = NEW_ARRAY(r->draft.arena, size_t, out->len + 1);
    for (size_t c = 0; c < out->len; c++)
        out->inputs_len += c > 0 && is_side(r, out, c, 0);
    for (size_t c = 0, input = 0; c < out->len; c++) {
        out->columns[c] = SIZE_MAX;
        if (c == 0 || !cell(out->lines[TABLE_SIDE], c).len)
            continue;
        if (is_side(r, out, c, 0))
            out->columns[c] = input++;
        else if (is_side(r, out, c, 1))
            out->columns[c] = out->inputs_len + out->outputs_len++;
        else if (!is_side(r, out, c, 2))
            wrong(r, page, c, out->lines[TABLE_SIDE]->number,
                  M("A column is a condition, a result or a note, not {0}."),
                  str_c(r->draft.arena, cell(out->lines[TABLE_SIDE], c)), NULL);
    }
    if (out->outputs_len == 0)
        wrong(r, page, 0, out->lines[TABLE_SIDE]->number, M("A table has at least one result."),
              NULL, NULL);
    return out->outputs_len > 0;
}

static struct str head_text(const struct head *head, enum scheme__table_line line, size_t column)
{
    return head->lines[line] ? cell(head->lines[line], column) : STR("");
}

/* Conditions and results as the sheet has them; the table came with one result. */
static void take_columns(struct reader *r, const struct page *page, const struct head *head,
                         struct str part)
{
    size_t results = 0, conditions = 0;
    for (size_t c = 1; c < head->len; c++) {
        if (head->columns[c] == SIZE_MAX)
            continue;
        bool is_result = head->columns[c] >= head->inputs_len;
        struct str title = cell(&page->at[0], c), text = head_text(head, TABLE_TEXT, c);
        struct scheme_edit edit = {.kind = is_result && results == 0 ? SCHEME_COLUMN_SET
                                                                     : SCHEME_COLUMN_ADD,
                                   .part = part,
                                   .is_result = is_result,
                                   .column = conditions,
                                   .to = SCHEME_LAST,
                                   .column_now = {.label = str_eq(title, text) ? STR_NONE : title,
                                                  .text = text,
                                                  .type = head_text(head, TABLE_TYPE, c),
                                                  .values = head_text(head, TABLE_VALUES, c),
                                                  .fallback = head_text(head, TABLE_FALLBACK, c)}};
        size_t before = r->draft.fault->entries_len;
        (void)!scheme__apply(&r->draft, &edit);
        move_faults(r, before, page, c, head->lines[TABLE_TEXT]->number);
        results += is_result;
        conditions += !is_result;
    }
}

/* The note's column of the sheet, found late because it is behind all others of the table. */
static void place_notes(struct reader *r, struct head *head)
{
    for (size_t c = 1; c < head->len; c++)
        if (head->columns[c] == SIZE_MAX && cell(head->lines[TABLE_SIDE], c).len &&
            is_side(r, head, c, 2))
            head->columns[c] = head->inputs_len + head->outputs_len;
}

static enum rc take_grid(struct reader *r, const struct page *parts, const struct line *line,
                         const size_t *columns)
{
    struct arena *arena = r->draft.arena;
    struct str name = at_title(line, columns, PART_TEXT);
    struct dmn_node *decision =
        scheme__decision_named(&r->draft, at_title(line, columns, PART_NAME));
    struct str found = STR_NONE;
    struct page page;
    struct head head;
    struct scheme__table table;
    for (size_t i = 0; i < r->names.len; i++)
        if (name.len && str_eq(text_fold(arena, r->names.at[i]), text_fold(arena, name)))
            found = r->names.at[i];
    if (!decision || !dmn_tree_child(decision, "decisionTable"))
        return RC_OK; /* it was refused above */
    if (!found.at) {
        wrong(r, parts, column_or_first(columns, PART_TEXT), line->number,
              M("The workbook has no sheet {0}; it has: {1}."), str_c(arena, name),
              list_c(arena, r->names.at, r->names.len));
        return RC_OK;
    }
    TRY(read_page(r, found, &page));
    if (page.len == 0 || !read_head(r, &page, &head))
        return RC_OK;
    struct scheme_edit edit = {.kind = SCHEME_POLICY_SET, .part = scheme__id_of(decision)};
    edit.policy = scheme__policy_of(arena, cell(&page.at[0], 0));
    if (!edit.policy)
        wrong(r, &page, 0, page.at[0].number,
              M("Nothing is known of {0}; write for example FIRST, UNIQUE or COLLECT SUM."),
              str_c(arena, cell(&page.at[0], 0)), NULL);
    else
        (void)!scheme__apply(&r->draft, &edit);
    take_columns(r, &page, &head, edit.part);
    place_notes(r, &head);
    TRY(scheme__table_open(&r->draft, &edit, &table));
    if (table.inputs_len == head.inputs_len && table.outputs_len == head.outputs_len)
        put_lines(r, &page, head.first_row, head.columns, head.len, &table);
    return RC_OK;
}

static enum rc take_parts(struct reader *r)
{
    struct page page;
    size_t columns[PART_COLUMNS];
    TRY(need_page(r, SCHEME_SHEET_PARTS, &page));
    if (!find_titles(r, &page, scheme__part_titles, PART_COLUMNS, columns))
        return RC_OK;
    for (size_t i = 1; i < page.len; i++)
        take_part(r, &page, &page.at[i], columns);
    r->known = scheme__words_known(&r->draft); /* all names are there now */
    for (size_t i = 1; i < page.len; i++)
        if (scheme__is_words(r->draft.arena, at_title(&page.at[i], columns, PART_LOGIC),
                             scheme__logic_words[SCHEME_TABLE]))
            TRY(take_grid(r, &page, &page.at[i], columns));
    return RC_OK;
}

enum rc scheme_sheet_take(struct arena *arena, struct str file, struct fault *fault,
                          struct str *out_xml)
{
    AUTO_ARENA scratch = arena_new(0);
    struct scheme_edit_words words = {0};
    struct reader r = {
        .draft = {.arena = arena, .scratch = scratch, .fault = fault, .words = &words},
        .file = file};
    struct page first;
    size_t before = fault->entries_len;
    r.draft.is_import = true;
    TRY(scheme__draft_open(&r.draft, scheme_edit_new(arena, STR("scheme"), STR("Scheme"))));
    scheme__options_clear(&r.draft);
    TRY(read_page(&r, STR_NONE, &first));
    TRY(take_settings(&r));
    TRY(take_attributes(&r));
    TRY(take_parts(&r));
    if (fault->entries_len > before)
        return RC_INVALID;
    scheme__settle(&r.draft, map_new(arena));
    return scheme__draft_write(&r.draft, out_xml);
}

enum rc scheme_sheet_or_dmn(struct arena *arena, struct str file, struct fault *fault,
                            struct str *out_xml)
{
    if (str_starts(file, STR("PK\003\004")))
        return scheme_sheet_take(arena, file, fault, out_xml);
    *out_xml = file;
    return RC_OK;
}
