/* Schemes as spreadsheets: every scheme of the examples, the templates and the published cases goes
 * through a workbook and back in every language without a change of what it says; tables go through
 * CSV and XLSX; what is wrong with a file is said with sheet and cell. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "scheme/scheme_sheet.h"
#include "tests/tap.h"

enum { FILE_MAX_BYTES = 8 << 20 };

static struct str read_file(struct arena *arena, const char *path)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* ---- the same scheme ---- */

/* 0.10 is 0.1 to a spreadsheet. */
static struct str plain(struct arena *arena, struct str text)
{
    struct dec number;
    return text.len && dec_parse(text, &number) ? dec_print(arena, number) : text;
}

static void put_options(struct buf *buf, const struct scheme_options *options)
{
    static const char *const names[] = {
        "kind",    "scope",        "label",    "key",       "unit",  "shown",    "rounding",
        "scale",   "level",        "law",      "direction", "reset", "where",    "of",
        "initial", "expiresAfter", "currency", "tree",      "term",  "schedule", "partial"};
    size_t known = 0;
    for (size_t i = 0; i < LEN(names); i++) {
        struct str value = scheme_option(options, names[i]);
        known += value.at != NULL;
        buf_printf(buf, " %s=" STR_FMT, names[i], STR_ARG(value));
    }
    if (known != options->len)
        buf_put(buf, STR(" an option that this test does not know"));
}

static void put_grid(struct arena *arena, struct buf *buf, const struct scheme_grid *grid)
{
    buf_printf(buf, " %s", dmn_hit_policy_name(grid->policy));
    for (size_t c = 0; c < grid->columns_len; c++)
        buf_printf(buf, " [" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "]",
                   STR_ARG(grid->columns[c].label), STR_ARG(grid->columns[c].text),
                   STR_ARG(grid->columns[c].type), STR_ARG(grid->columns[c].values),
                   STR_ARG(grid->columns[c].fallback));
    for (size_t r = 0; r < grid->rows_len; r++) {
        buf_put(buf, STR("\n   "));
        for (size_t c = 0; c < grid->columns_len; c++)
            buf_printf(buf, STR_FMT " | ", STR_ARG(plain(arena, grid->rows[r].cells[c])));
        buf_put(buf, grid->rows[r].note);
    }
}

/* All that a scheme says, as text. */
static struct str said_by(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct scheme_outline o;
    AUTO_BUF buf = BUF(FILE_MAX_BYTES);
    if (scheme_outline(arena, xml, &fault, &o) != RC_OK)
        return STR("cannot be read");
    buf_printf(&buf, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(o.id), STR_ARG(o.name),
               STR_ARG(o.description));
    put_options(&buf, &o.options);
    for (size_t i = 0; i < o.attributes_len; i++) {
        const struct scheme_attribute *a = &o.attributes[i];
        buf_printf(&buf,
                   "\n" STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT
                   "/" STR_FMT "/%d",
                   STR_ARG(a->name), STR_ARG(a->label), STR_ARG(a->type), STR_ARG(a->unit),
                   STR_ARG(plain(arena, a->fallback)), STR_ARG(plain(arena, a->min)),
                   STR_ARG(plain(arena, a->max)), a->may_differ_per_outlet);
    }
    for (size_t i = 0; i < o.parts_len; i++) {
        const struct scheme_part *part = &o.parts[i];
        buf_printf(&buf, "\n" STR_FMT " " STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(part->name),
                   STR_ARG(part->label), STR_ARG(part->description), STR_ARG(part->text));
        put_options(&buf, &part->options);
        if (part->logic == SCHEME_TABLE)
            put_grid(arena, &buf, &part->grid);
        buf_printf(&buf, " uses %zu", part->uses_len);
    }
    return str_dup(arena, buf_str(&buf));
}

/* Indented lines of a description are one text, whose line ends a spreadsheet keeps. */
static struct str through_book(struct arena *arena, const struct lang *lang, struct str xml,
                               struct fault *fault)
{
    AUTO_BUF file = BUF(FILE_MAX_BYTES);
    struct str back = STR_NONE;
    if (scheme_sheet_put(arena, lang, xml, fault, sheet_sink_buf(&file)) != RC_OK ||
        scheme_sheet_or_dmn(arena, buf_str(&file), fault, &back) != RC_OK)
        return STR_NONE;
    return back;
}

static void each_in(struct arena *arena, const char *folder)
{
    static const enum lang_id langs[] = {LANG_EN, LANG_RU, LANG_ES};
    DIR *dir = opendir(folder);
    size_t count = 0, bad = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (!str_ends(name, STR(".dmn")))
            continue;
        arena_reset(arena);
        struct fault fault = {.arena = arena};
        struct str path = str_printf(arena, "%s/" STR_FMT, folder, STR_ARG(name));
        struct str xml = read_file(arena, str_c(arena, path));
        struct str back = through_book(arena, lang_of(langs[count % LEN(langs)]), xml, &fault);
        const struct scheme *scheme = NULL;
        struct str before = said_by(arena, xml), after = back.at ? said_by(arena, back) : STR("");
        bool is_same =
            back.at && str_eq(before, after) && scheme_read(arena, back, &fault, &scheme) == RC_OK;
        count++;
        bad += !is_same;
        if (is_same)
            continue;
        ok(false, str_c(arena, str_join(arena, path, STR(" is the same after a workbook"))));
        for (size_t i = 0; i < fault.entries_len; i++)
            printf("# %s: " STR_FMT "\n", fault.entries[i].field,
                   STR_ARG(i18n_fault(arena, lang_of(LANG_EN), &fault.entries[i])));
        if (back.at && !str_eq(before, after))
            printf("# was\n" STR_FMT "\n# is\n" STR_FMT "\n", STR_ARG(before), STR_ARG(after));
    }
    if (dir)
        (void)closedir(dir);
    ok(count > 0 && bad == 0,
       str_c(arena, str_printf(arena, "%zu schemes of %s went through a workbook", count, folder)));
}

/* ---- one table ---- */

static struct str said(struct arena *arena, const struct fault *fault, size_t i)
{
    if (i >= fault->entries_len)
        return STR("nothing");
    return str_printf(arena, "%s: " STR_FMT,
                      fault->entries[i].field ? fault->entries[i].field : "-",
                      STR_ARG(i18n_fault(arena, lang_of(LANG_EN), &fault->entries[i])));
}

static struct str cell(struct arena *arena, struct str xml, const char *part, size_t row, size_t c)
{
    struct fault fault = {.arena = arena};
    struct scheme_outline o;
    if (scheme_outline(arena, xml, &fault, &o) != RC_OK ||
        scheme_part(&o, str_of(part))->grid.rows_len <= row)
        return STR("no such row");
    return scheme_part(&o, str_of(part))->grid.rows[row].cells[c];
}

static void tables(struct arena *arena)
{
    static const enum sheet_kind kinds[] = {SHEET_CSV, SHEET_XLSX};
    struct str xml = read_file(arena, "src/scheme/templates/telecom.dmn"), same;
    struct fault fault = {.arena = arena};
    struct scheme_edit_words words;
    for (size_t i = 0; i < LEN(kinds); i++) {
        AUTO_BUF file = BUF(FILE_MAX_BYTES);
        ok(scheme_sheet_table_put(arena, lang_of(LANG_EN), xml, STR("decision_1"), kinds[i], &fault,
                                  sheet_sink_buf(&file)) == RC_OK,
           "a table is written");
        if (kinds[i] == SHEET_CSV)
            is_str(buf_str(&file),
                   "\xef\xbb\xbfTariff,Amount,Note\r\nUnlimited,40,\r\nStandard,25,\r\n"
                   "Start,12,\r\n,8,\r\n",
                   "as people would type it");
        ok(scheme_sheet_table_take(arena, xml, STR("decision_1"), buf_str(&file), &fault, &same,
                                   &words) == RC_OK &&
               str_eq(said_by(arena, same), said_by(arena, xml)),
           "and read again it is the same");
    }
    struct str csv = STR("Amount;tariff;Примечание\n50 %;Unlimited, Max;new\n;\"\"\"volume\"\"\";\n"
                         "-12;любой;\n");
    ok(scheme_sheet_table_take(arena, xml, STR("decision_1"), csv, &fault, &same, &words) == RC_OK,
       "columns come in any order, titles in any language");
    is_str(cell(arena, same, "decision_1", 0, 0), "\"Unlimited\", \"Max\"", "words are texts");
    is_str(cell(arena, same, "decision_1", 0, 1), "0.5", "percents are ratios");
    is_str(cell(arena, same, "decision_1", 1, 0), "\"volume\"", "texts in quotes are texts");
    is_str(cell(arena, same, "decision_1", 2, 0), "-", "any is any");
    is_str(cell(arena, same, "decision_1", 2, 1), "-12", "a number below zero is one");
    is_str(cell(arena, same, "decision_1", 3, 0), "no such row", "rows that are gone are gone");
}

static void wrong_tables(struct arena *arena)
{
    struct str xml = read_file(arena, "src/scheme/templates/telecom.dmn"), out;
    struct fault fault = {.arena = arena};
    struct str bad = STR("Tarif,Amount,Amount\n>= 1,5,6\n");
    ok(scheme_sheet_table_take(arena, xml, STR("decision_1"), bad, &fault, &out, NULL) ==
               RC_INVALID &&
           fault.entries_len == 3,
       "all that is wrong with the titles is said");
    is_str(said(arena, &fault, 0), "A1: The table has no column Tarif; it has: Tariff, Amount.",
           "with the cell and what would be right");
    is_str(said(arena, &fault, 1), "C1: The column Amount comes twice.", "each");
    is_str(said(arena, &fault, 2), "D1: The column Tariff is missing.", "of them");
    fault_clear(&fault);
    bad = STR("Tariff;Amount\n10,000;5\nx;1,5\n< 2,500.00;2\n7, 8;1,000\n");
    ok(scheme_sheet_table_take(arena, xml, STR("decision_1"), bad, &fault, &out, NULL) ==
               RC_INVALID &&
           fault.entries_len == 3,
       "and all doubtful cells");
    is_str(said(arena, &fault, 1),
           "A4: < 2,500.00 is read as several numbers: write 1234.5 without commas, or a space "
           "behind each comma.",
           "with their line");
    fault_clear(&fault);
    ok(scheme_sheet_table_take(arena, xml, STR("decision_3"), bad, &fault, &out, NULL) ==
           RC_INVALID,
       "a formula is no table");
    fault_clear(&fault);
    ok(scheme_sheet_table_take(arena, xml, STR("nothing"), bad, &fault, &out, NULL) == RC_MISSING,
       "nor is a decision that there is not");
    fault_clear(&fault);
    ok(scheme_sheet_table_take(arena, xml, STR("decision_1"), STR(""), &fault, &out, NULL) != RC_OK,
       "an empty file is refused");
}

/* ---- workbooks with mistakes ---- */

struct book_row {
    const char *cells[8];
};

static void put_sheet(struct sheet_writer **writer, struct sheet_sink sink, const char *name,
                      const struct book_row *rows, size_t len)
{
    struct sheet_column columns[8] = {0};
    size_t width = 0;
    for (; width < 8 && rows[0].cells[width]; width++)
        columns[width] =
            (struct sheet_column){.title = str_of(rows[0].cells[width]), .kind = SHEET_COLUMN_TEXT};
    struct sheet_writer_options options = {
        .kind = SHEET_XLSX, .columns = columns, .columns_len = width, .sheet_name = str_of(name)};
    enum rc rc = *writer ? sheet_writer_sheet(*writer, str_of(name), columns, width)
                         : sheet_writer_open(&options, sink, writer);
    assert(rc == RC_OK);
    for (size_t r = 1; r < len; r++) {
        struct sheet_value values[8];
        for (size_t c = 0; c < width; c++)
            values[c] = sheet_text(str_of(rows[r].cells[c] ? rows[r].cells[c] : ""));
        rc = sheet_writer_row(*writer, values, width);
        assert(rc == RC_OK);
    }
}

static void wrong_books(struct arena *arena)
{
    static const struct book_row scheme[] = {{{"Setting", "Value"}}, {{"name", "Mine"}}};
    static const struct book_row attributes[] = {{{"Name in formulas", "Type", "Default", "Most"}},
                                                 {{"rate", "number", "7 %", "1"}},
                                                 {{"rate", "number", "0.1", ""}},
                                                 {{"other", "number", "many", ""}},
                                                 {{"third", "colour", "1", ""}}};
    static const struct book_row parts[] = {
        {{"Name in formulas", "What it is", "Computed for", "Computed by", "Formula or sheet"}},
        {{"pay", "line", "event", "formula", "event.credit.net * terms.rate"}},
        {{"by country", "", "", "table", "Countries"}},
        {{"odd", "gift", "event", "formula", "1"}},
        {{"lost", "", "", "table", "Nowhere"}}};
    static const struct book_row countries[] = {
        {{"The first row that applies wins.", "Country", "Rate"}},
        {{"What the column is", "condition", "outcome"}},
        {{"Formula or name", "partner.country", "rate"}},
        {{"1", "ES", "0.1"}}};
    AUTO_BUF file = BUF(FILE_MAX_BYTES);
    AUTO_SHEET_WRITER writer = NULL;
    struct sheet_sink sink = sheet_sink_buf(&file);
    struct fault fault = {.arena = arena};
    struct str out;
    static const char *const wanted[] = {
        "Attributes A3: Another attribute has this name.",
        "Attributes C4: This is not a number: write it like 0.05.",
        "Attributes B5: An attribute is a number, string, boolean or date, not colour.",
        "Measures and rewards B4: There is no kind of result gift; write for example line or "
        "measure.",
        "Countries C2: A column is a condition, a result or a note, not outcome.",
        "Countries A2: A table has at least one result.",
        "Measures and rewards E5: The workbook has no sheet Nowhere; it has: Scheme, Attributes, "
        "Measures and rewards, Countries."};
    put_sheet(&writer, sink, "Scheme", scheme, LEN(scheme));
    put_sheet(&writer, sink, "Attributes", attributes, LEN(attributes));
    put_sheet(&writer, sink, "Measures and rewards", parts, LEN(parts));
    put_sheet(&writer, sink, "Countries", countries, LEN(countries));
    enum rc rc = sheet_writer_finish(writer);
    assert(rc == RC_OK);
    ok(scheme_sheet_take(arena, buf_str(&file), &fault, &out) == RC_INVALID,
       "a workbook with mistakes is not taken");
    is_i64((int64_t)fault.entries_len, (int64_t)LEN(wanted), "all of them are said");
    for (size_t i = 0; i < LEN(wanted); i++)
        is_str(said(arena, &fault, i), wanted[i], "with sheet and cell");
    fault_clear(&fault);
    AUTO_BUF half = BUF(FILE_MAX_BYTES);
    buf_put(&half, str_sub(buf_str(&file), 0, file.len / 2));
    ok(scheme_sheet_take(arena, buf_str(&half), &fault, &out) == RC_INVALID,
       "half a workbook is refused");
    ok(scheme_sheet_or_dmn(arena, STR("<definitions/>"), &fault, &out) == RC_OK &&
           str_eq(out, STR("<definitions/>")),
       "what is no workbook is passed on as it is");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(512 << 20);
    each_in(arena, "examples/northwind");
    each_in(arena, "examples/demo");
    each_in(arena, "src/scheme/templates");
    each_in(arena, "tests/golden/cases/schemes");
    tables(arena);
    wrong_tables(arena);
    wrong_books(arena);
    return done_testing();
}
