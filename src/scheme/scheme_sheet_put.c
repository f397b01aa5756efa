/* Schemes and tables written as spreadsheets. Cells are written as people would type them: numbers
 * as numbers, texts without quotes where they are read as texts again, nothing for "whatever". */
#include "scheme/scheme_int.h"
#include "scheme/scheme_sheet_int.h"
#include "text/text.h"

enum { WIDTH_WIDE = 50, TITLE_MAX = 200 };

struct writer {
    struct scheme__draft draft;
    struct scheme__words_known known;
    struct scheme_outline outline;
    const struct lang *lang;
    struct sheet_writer *sheet;
    struct str *sheets; /* of tables, by decision; absent: none */
};

/* ---- cells ---- */

static struct sheet_value number_or_text(struct str text)
{
    struct dec number;
    int64_t unscaled = 0;
    size_t point = str_find(text, STR("."), 0);
    size_t scale = point == SIZE_MAX ? 0 : text.len - point - 1;
    char digits[32];
    if (!text.len || text.len > 15 || scale > 10 || !dec_parse(text, &number))
        return text.len ? sheet_text(text) : SHEET_NOTHING;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '.')
            digits[len++] = text.at[i];
    if (!str_to_i64((struct str){digits, len}, &unscaled) ||
        (text.at[0] == '0' && text.len > 1 && point != 1))
        return sheet_text(text);
    return sheet_number(unscaled, (int)scale);
}

/* 1,2 is one of two numbers, and says so better with a space. */
static struct str spaced(struct arena *arena, struct str text)
{
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    for (size_t i = 0; i < text.len; i++) {
        buf_char(&buf, text.at[i]);
        if (text.at[i] == ',')
            buf_char(&buf, ' ');
    }
    return str_dup(arena, buf_str(&buf));
}

/* As it is typed, if typing that gives the cell again. */
static struct sheet_value cell_value(struct writer *writer, struct str text, bool is_result)
{
    struct str plain = text;
    if (!is_result && str_eq(text, STR("-")))
        return SHEET_NOTHING;
    if (text.len > 2 && text.at[0] == '"' && text.at[text.len - 1] == '"')
        plain = str_sub(text, 1, text.len - 2);
    if (!str_eq(scheme__cell_text(&writer->draft, &writer->known, plain, is_result), text) ||
        scheme__cell_check(plain, is_result))
        plain = text;
    if (!is_result && scheme__cell_check(plain, false))
        plain = spaced(writer->draft.arena, plain);
    return number_or_text(plain);
}

static struct sheet_value words(struct writer *writer, const char *key)
{
    return sheet_text(tr(writer->lang, key));
}

static struct sheet_value text_or_nothing(struct str text)
{
    return text.len ? sheet_text(text) : SHEET_NOTHING;
}

static void columns_of(struct writer *writer, const char *const *titles, size_t len,
                       struct sheet_column *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (struct sheet_column){
            .title = tr(writer->lang, titles[i]), .kind = SHEET_COLUMN_NUMBER, .width_chars = 24};
}

/* ---- one table ---- */

static void row_values(struct writer *writer, const struct scheme_grid *grid,
                       const struct scheme_grid_row *row, struct sheet_value *out)
{
    for (size_t c = 0; c < grid->columns_len; c++)
        out[c] = cell_value(writer, row->cells[c], c >= grid->inputs_len);
    out[grid->columns_len] = text_or_nothing(row->note);
}

static struct sheet_column *grid_columns(struct writer *writer, const struct scheme_grid *grid,
                                         size_t before)
{
    struct sheet_column *columns =
        NEW_ARRAY(writer->draft.arena, struct sheet_column, before + grid->columns_len + 1);
    for (size_t c = 0; c < grid->columns_len; c++)
        columns[before + c] = (struct sheet_column){
            .title = utf8_cut(scheme__column_title(&grid->columns[c]), TITLE_MAX),
            .kind = SHEET_COLUMN_NUMBER,
            .width_chars = 20};
    columns[before + grid->columns_len] =
        (struct sheet_column){.title = tr(writer->lang, SCHEME_SHEET_NOTE),
                              .kind = SHEET_COLUMN_TEXT,
                              .width_chars = WIDTH_WIDE};
    return columns;
}

static enum rc open_writer(struct writer *writer, struct str xml)
{
    TRY(scheme__draft_open(&writer->draft, xml));
    TRY(scheme_outline(writer->draft.arena, xml, writer->draft.fault, &writer->outline));
    writer->known = scheme__words_known(&writer->draft);
    return RC_OK;
}

static enum rc put_table(struct writer *writer, const struct scheme_part *part,
                         enum sheet_kind kind, struct sheet_sink sink)
{
    const struct scheme_grid *grid = &part->grid;
    struct sheet_value *values =
        NEW_ARRAY(writer->draft.arena, struct sheet_value, grid->columns_len + 1);
    struct sheet_writer_options options = {.kind = kind,
                                           .columns = grid_columns(writer, grid, 0),
                                           .columns_len = grid->columns_len + 1,
                                           .sheet_name = part->label,
                                           .title = part->label,
                                           .has_bom = true};
    AUTO_SHEET_WRITER sheet = NULL;
    TRY(sheet_writer_open(&options, sink, &sheet));
    for (size_t r = 0; r < grid->rows_len; r++) {
        row_values(writer, grid, &grid->rows[r], values);
        TRY(sheet_writer_row(sheet, values, grid->columns_len + 1));
    }
    return sheet_writer_finish(sheet);
}

enum rc scheme_sheet_table_put(struct arena *arena, const struct lang *lang, struct str xml,
                               struct str part, enum sheet_kind kind, struct fault *fault,
                               struct sheet_sink sink)
{
    AUTO_ARENA scratch = arena_new(0);
    struct writer writer = {.draft = {.arena = arena, .scratch = scratch, .fault = fault},
                            .lang = lang};
    TRY(open_writer(&writer, xml));
    const struct scheme_part *found = scheme_part(&writer.outline, part);
    if (!found)
        return fault_add(fault, RC_MISSING, NULL, M("The scheme has no such decision any more."),
                         NULL);
    if (found->logic != SCHEME_TABLE)
        return fault_add(fault, RC_INVALID, str_c(arena, found->name),
                         M("This decision is no table."), NULL);
    return put_table(&writer, found, kind, sink);
}

/* ---- the sheets of a scheme ---- */

/* What a workbook cannot say. */
static enum rc check_whole(struct writer *writer)
{
    static const char *const others[] = {"businessKnowledgeModel", "decisionService", "import"};
    struct scheme__draft *draft = &writer->draft;
    for (size_t i = 0; i < LEN(others); i++) {
        const struct dmn_node *node = dmn_tree_child(draft->root, others[i]);
        if (node)
            return fault_add(draft->fault, RC_INVALID, NULL,
                             M("A workbook cannot hold {0} of this scheme; take the DMN file."),
                             str_c(draft->arena, scheme__name_of(node)), NULL);
    }
    for (size_t i = 0; i < writer->outline.parts_len; i++)
        if (writer->outline.parts[i].logic == SCHEME_BOXED)
            return fault_add(draft->fault, RC_INVALID, NULL,
                             M("A workbook cannot hold {0} of this scheme; take the DMN file."),
                             str_c(draft->arena, writer->outline.parts[i].label), NULL);
    return RC_OK;
}

static enum rc put_setting(struct writer *writer, struct str name, struct str value)
{
    struct sheet_value values[] = {sheet_text(name), text_or_nothing(value)};
    return sheet_writer_row(writer->sheet, values, LEN(values));
}

static enum rc put_settings(struct writer *writer)
{
    const struct scheme_outline *outline = &writer->outline;
    TRY(put_setting(writer, STR("code"), outline->id));
    TRY(put_setting(writer, STR("name"), outline->name));
    TRY(put_setting(writer, STR("description"), outline->description));
    for (size_t i = 0; i < outline->options.len; i++)
        TRY(put_setting(writer, outline->options.at[i].name, outline->options.at[i].value));
    return RC_OK;
}

static enum rc put_attributes(struct writer *writer)
{
    struct sheet_column columns[ATTRIBUTE_COLUMNS];
    columns_of(writer, scheme__attribute_titles, ATTRIBUTE_COLUMNS, columns);
    TRY(sheet_writer_sheet(writer->sheet, tr(writer->lang, SCHEME_SHEET_ATTRIBUTES), columns,
                           ATTRIBUTE_COLUMNS));
    for (size_t i = 0; i < writer->outline.attributes_len; i++) {
        const struct scheme_attribute *a = &writer->outline.attributes[i];
        bool is_number = str_eq(a->type, STR("number"));
        struct sheet_value values[ATTRIBUTE_COLUMNS] = {
            [ATTRIBUTE_NAME] = sheet_text(a->name),
            [ATTRIBUTE_LABEL] = text_or_nothing(a->label),
            [ATTRIBUTE_TYPE] = text_or_nothing(a->type),
            [ATTRIBUTE_UNIT] = text_or_nothing(a->unit),
            [ATTRIBUTE_DEFAULT] =
                is_number ? number_or_text(a->fallback) : text_or_nothing(a->fallback),
            [ATTRIBUTE_LEAST] = number_or_text(a->min),
            [ATTRIBUTE_MOST] = number_or_text(a->max),
            [ATTRIBUTE_OUTLET] =
                a->may_differ_per_outlet ? words(writer, M("Yes")) : SHEET_NOTHING};
        TRY(sheet_writer_row(writer->sheet, values, ATTRIBUTE_COLUMNS));
    }
    return RC_OK;
}

/* The options that have no column of their own, one a line. */
static struct str options_text(struct arena *arena, const struct scheme_options *options)
{
    static const char *const own[] = {"kind", "scope", "label"};
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    for (size_t i = 0; i < options->len; i++) {
        bool is_own = false;
        for (size_t k = 0; k < LEN(own); k++)
            is_own = is_own || str_eq(options->at[i].name, str_of(own[k]));
        if (!is_own)
            buf_printf(&buf, "%s" STR_FMT "=" STR_FMT, buf.len ? "\n" : "",
                       STR_ARG(options->at[i].name), STR_ARG(options->at[i].value));
    }
    return str_dup(arena, buf_str(&buf));
}

/* A word of the file as people read it; an unknown one as it is written. */
static struct sheet_value label_or_word(struct writer *writer, const char *label, struct str word)
{
    return label ? words(writer, label) : text_or_nothing(word.at ? word : STR(""));
}

static enum rc put_part(struct writer *writer, size_t i)
{
    const struct scheme_part *part = &writer->outline.parts[i];
    struct str text = part->logic == SCHEME_TABLE ? writer->sheets[i] : part->text;
    bool is_named = str_eq(part->label, part->name);
    struct sheet_value values[PART_COLUMNS] = {
        [PART_NAME] = sheet_text(part->name),
        [PART_LABEL] = is_named ? SHEET_NOTHING : sheet_text(part->label),
        [PART_LOGIC] = words(writer, scheme__logic_words[part->logic]),
        [PART_TEXT] = text_or_nothing(text),
        [PART_OPTIONS] = text_or_nothing(options_text(writer->draft.arena, &part->options)),
        [PART_DESCRIPTION] = text_or_nothing(part->description)};
    if (part->is_output) {
        struct str kind = scheme_option(&part->options, "kind");
        struct str scope = scheme_option(&part->options, "scope");
        values[PART_KIND] =
            label_or_word(writer, part->kind ? scheme_kind_label(part->kind) : NULL, kind);
        if (scope.at)
            values[PART_SCOPE] =
                label_or_word(writer, part->scope ? scheme_scope_label(part->scope) : NULL, scope);
    }
    return sheet_writer_row(writer->sheet, values, PART_COLUMNS);
}

static bool is_taken(const struct writer *writer, size_t len, struct str name)
{
    static const char *const own[] = {SCHEME_SHEET_SCHEME, SCHEME_SHEET_ATTRIBUTES,
                                      SCHEME_SHEET_PARTS};
    if (scheme__words_at(writer->draft.arena, name, own, LEN(own)) >= 0)
        return true;
    for (size_t i = 0; i < len; i++)
        if (writer->sheets[i].at && str_eq(text_fold(writer->draft.arena, writer->sheets[i]),
                                           text_fold(writer->draft.arena, name)))
            return true;
    return false;
}

/* Each table has a sheet of its own; long names that begin alike get a number. */
static void name_sheets(struct writer *writer)
{
    struct arena *arena = writer->draft.arena;
    size_t len = writer->outline.parts_len;
    writer->sheets = NEW_ARRAY(arena, struct str, len + 1);
    for (size_t i = 0; i < len; i++) {
        const struct scheme_part *part = &writer->outline.parts[i];
        struct str name = sheet_name_valid(arena, part->label);
        if (part->logic != SCHEME_TABLE)
            continue;
        for (size_t n = 2; is_taken(writer, i, name); n++)
            name = sheet_name_valid(
                arena, str_printf(arena, STR_FMT " %zu", STR_ARG(utf8_cut(part->label, 26)), n));
        writer->sheets[i] = name;
    }
}

static enum rc put_parts(struct writer *writer)
{
    struct sheet_column columns[PART_COLUMNS];
    columns_of(writer, scheme__part_titles, PART_COLUMNS, columns);
    columns[PART_TEXT].width_chars = WIDTH_WIDE;
    columns[PART_DESCRIPTION].width_chars = WIDTH_WIDE;
    TRY(sheet_writer_sheet(writer->sheet, tr(writer->lang, SCHEME_SHEET_PARTS), columns,
                           PART_COLUMNS));
    for (size_t i = 0; i < writer->outline.parts_len; i++)
        TRY(put_part(writer, i));
    return RC_OK;
}

static struct str line_text(const struct scheme_column *column, enum scheme__table_line line)
{
    switch (line) {
    case TABLE_TEXT: return column->text;
    case TABLE_TYPE: return column->type;
    case TABLE_VALUES: return column->values;
    case TABLE_FALLBACK: return column->fallback;
    default: return STR("");
    }
}

static enum rc put_grid_lines(struct writer *writer, const struct scheme_grid *grid,
                              struct sheet_value *values)
{
    for (int line = TABLE_SIDE; line < TABLE_LINES; line++) {
        values[0] = words(writer, scheme__table_lines[line]);
        for (size_t c = 0; c < grid->columns_len; c++) {
            struct str text = line_text(&grid->columns[c], (enum scheme__table_line)line);
            values[c + 1] = text_or_nothing(text.at ? text : STR(""));
            if (line == TABLE_SIDE)
                values[c + 1] = words(writer, scheme__table_sides[c >= grid->inputs_len]);
        }
        values[grid->columns_len + 1] =
            line == TABLE_SIDE ? words(writer, scheme__table_sides[2]) : SHEET_NOTHING;
        TRY(sheet_writer_total(writer->sheet, values, grid->columns_len + 2));
    }
    return RC_OK;
}

static enum rc put_grid(struct writer *writer, size_t i)
{
    const struct scheme_grid *grid = &writer->outline.parts[i].grid;
    struct sheet_column *columns = grid_columns(writer, grid, 1);
    struct sheet_value *values =
        NEW_ARRAY(writer->draft.arena, struct sheet_value, grid->columns_len + 2);
    columns[0] =
        (struct sheet_column){.title = tr(writer->lang, scheme__hit_sentence(grid->policy)),
                              .kind = SHEET_COLUMN_NUMBER,
                              .width_chars = 36};
    TRY(sheet_writer_sheet(writer->sheet, writer->sheets[i], columns, grid->columns_len + 2));
    TRY(put_grid_lines(writer, grid, values));
    for (size_t r = 0; r < grid->rows_len; r++) {
        values[0] = sheet_number((int64_t)r + 1, 0);
        row_values(writer, grid, &grid->rows[r], values + 1);
        TRY(sheet_writer_row(writer->sheet, values, grid->columns_len + 2));
    }
    return RC_OK;
}

static enum rc put_sheets(struct writer *writer)
{
    TRY(put_settings(writer));
    TRY(put_attributes(writer));
    TRY(put_parts(writer));
    for (size_t i = 0; i < writer->outline.parts_len; i++)
        if (writer->sheets[i].at)
            TRY(put_grid(writer, i));
    return sheet_writer_finish(writer->sheet);
}

enum rc scheme_sheet_put(struct arena *arena, const struct lang *lang, struct str xml,
                         struct fault *fault, struct sheet_sink sink)
{
    AUTO_ARENA scratch = arena_new(0);
    AUTO_SHEET_WRITER sheet = NULL;
    struct writer writer = {.draft = {.arena = arena, .scratch = scratch, .fault = fault},
                            .lang = lang};
    struct sheet_column columns[2];
    TRY(open_writer(&writer, xml));
    TRY(check_whole(&writer));
    name_sheets(&writer);
    columns_of(&writer, scheme__setting_titles, LEN(columns), columns);
    columns[1].width_chars = WIDTH_WIDE;
    struct sheet_writer_options options = {.kind = SHEET_XLSX,
                                           .columns = columns,
                                           .columns_len = LEN(columns),
                                           .sheet_name = tr(lang, SCHEME_SHEET_SCHEME),
                                           .title = writer.outline.name};
    TRY(sheet_writer_open(&options, sink, &sheet));
    writer.sheet = sheet;
    return put_sheets(&writer);
}
