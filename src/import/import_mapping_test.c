/* Mapping files, formats of cells, formulas and lookups. */
#include "import/import_scene.h"

#define HEAD "{\"format\":\"kontor-mapping/1\",\"kind\":\"products\","

static struct str refused_at(struct arena *arena, const char *json, long *out_line,
                             long *out_column)
{
    struct fault fault = {.arena = arena};
    struct import_mapping *mapping = NULL;
    *out_line = *out_column = 0;
    if (import__mapping_read(arena, str_of(json), &fault, &mapping) == RC_OK)
        return STR("");
    *out_line = fault.entries[0].line;
    *out_column = fault.entries[0].column;
    return i18n_fault(arena, lang_of(LANG_EN), &fault.entries[0]);
}

static void mistakes(void)
{
    AUTO_ARENA arena = arena_new(0);
    long line, column;
    is_str(refused_at(arena, HEAD "\n \"columns\":[{\"to\":\"prise\",\"from\":\"P\"}]}", &line,
                      &column),
           "There is no field “prise”. Did you mean “price”?", "an unknown field");
    ok(line == 2 && column == 19, "with its line and column");
    is_str(refused_at(arena, HEAD "\"colums\":[]}", &line, &column), "“colums” is not known here.",
           "a mistyped word is not passed over");
    is_str(refused_at(arena, HEAD "\"columns\":[{\"to\":\"price\"}]}", &line, &column),
           "A column has one of: from, const, feel.", "a column comes from somewhere");
    is_str(refused_at(arena, "{\"format\":\"x\"}", &line, &column),
           "This is no mapping: its format must be “kontor-mapping/1”.", "the format is named");
    is_str(
        refused_at(arena, "{\"format\":\"kontor-mapping/1\",\"kind\":\"things\"}", &line, &column),
        "“things” is not a kind of import.", "the kind is known");
    ok(refused_at(arena, HEAD "\"columns\":[{\"to\":\"price\",\"from\":\"a\"},", &line, &column)
                   .len > 0 &&
           line == 1,
       "broken JSON has its place too");
    is_str(refused_at(arena,
                      HEAD
                      "\"columns\":[{\"to\":\"price\",\"from\":\"a\"},{\"to\":\"price\",\"from\":"
                      "\"b\"}]}",
                      &line, &column),
           "“price” is given twice.", "a field has one column");
    is_str(refused_at(arena,
                      HEAD "\"columns\":[{\"to\":\"category\",\"from\":\"a\",\"lookup\":{\"file\":"
                           "\"../x.csv\",\"key\":\"a\",\"value\":\"b\"}}]}",
                      &line, &column),
           "The file of a lookup lies beside the mapping: a name without folders.",
           "a lookup does not leave its folder");
    is_str(refused_at(arena,
                      HEAD "\"columns\":[{\"to\":\"price\",\"from\":\"a\",\"format\":\"abc\"}]}",
                      &line, &column),
           "This format is not understood. Examples: dd.MM.yyyy, yyyy-MM-dd HH:mm:ss, 1.234,56.",
           "a format is understood or refused");
}

static void writing(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF buf = BUF(1 << 16);
    struct fault fault = {.arena = arena};
    struct import_mapping *mapping = NULL;
    static const char json[] = HEAD "\"encoding\":\"windows-1251\",\"delimiter\":\";\",\"columns\":"
                                    "[{\"to\":\"code\",\"from\":\"A\","
                                    "\"lookup\":{\"x\":\"y\"}},{\"to\":\"name\",\"feel\":\"A + "
                                    "\\\"!\\\"\"},{\"to\":\"price\",\"from\":"
                                    "\"B\",\"format\":\"1.234,56\"}]}";
    ok(import__mapping_read(arena, str_of(json), &fault, &mapping) == RC_OK, "a mapping is read");
    import__mapping_write(mapping, &buf);
    is_str(buf_str(&buf), json, "and written as it was");
}

/* ---- cells ---- */

static bool number_is(const char *format, const char *text, const char *want)
{
    AUTO_ARENA arena = arena_new(0);
    struct import_format compiled;
    struct dec dec;
    if (import__format(str_of(format), IMPORT_DEC, &compiled))
        return false;
    const char *wrong = import__parse_dec(&compiled, str_of(text), &dec);
    return want ? !wrong && str_eq(dec_print(arena, dec), str_of(want)) : wrong != NULL;
}

static bool time_is(const char *format, const char *text, const char *want)
{
    AUTO_ARENA arena = arena_new(0);
    struct import_format compiled;
    int64_t at = 0;
    if (import__format(str_of(format), IMPORT_INSTANT, &compiled))
        return false;
    const char *wrong = import__parse_instant(&compiled, zone_utc(), str_of(text), &at);
    return want ? !wrong && str_eq(instant_print(arena, at), str_of(want)) : wrong != NULL;
}

static void numbers(void)
{
    ok(number_is("", "1234.50", "1234.5") && number_is("", "-0.005", "-0.005"), "plain numbers");
    ok(number_is("", "1 234,50", "1234.5") && number_is("",
                                                        "1\xc2\xa0"
                                                        "234,5",
                                                        "1234.5"),
       "a decimal comma after blanks between thousands");
    ok(number_is("", "1,234.50", "1234.5") && number_is("", "1.234,50", "1234.5"),
       "both marks: the last one is the decimal");
    ok(number_is("", "1,234", NULL), "one comma before three digits could be either");
    ok(number_is("1,234.56", "1,234", "1234") && number_is("1.234,56", "1,234", "1.234"),
       "unless the format says which");
    ok(number_is("", "12x", NULL) && number_is("", "-", NULL) && number_is("", ".", NULL),
       "other texts are no numbers");
    ok(import__looks_like_number(STR("12")) && import__looks_like_number(STR("-0.5")) &&
           !import__looks_like_number(STR("007")) && !import__looks_like_number(STR("1.")) &&
           !import__looks_like_number(STR("1e5")),
       "formulas see numbers where a text cannot be a code");
}

static void times(void)
{
    ok(time_is("", "2026-10-31T14:05:00Z", "2026-10-31T14:05:00Z") &&
           time_is("", "2026-10-31 14:05", "2026-10-31T14:05:00Z") &&
           time_is("", "2026-10-31", "2026-10-31T00:00:00Z"),
       "dates with the year in front");
    ok(time_is("", "31.10.2026", "2026-10-31T00:00:00Z") &&
           time_is("", "31.10.2026 14:05:09", "2026-10-31T14:05:09Z"),
       "and with points");
    ok(time_is("", "10/31/2026", NULL), "slashes could be either");
    ok(time_is("MM/dd/yyyy", "10/31/2026", "2026-10-31T00:00:00Z") &&
           time_is("d/M/yy H:mm", "1/2/26 9:05", "2026-02-01T09:05:00Z"),
       "unless the format says which");
    ok(time_is("yyyy-MM-dd HH:mm:ss.SSS", "1996-07-04 00:00:00.125", "1996-07-04T00:00:00.125Z"),
       "fractions of seconds");
    ok(time_is("dd.MM.yyyy", "31.02.2026", NULL) && time_is("dd.MM.yyyy", "1.2.2026", NULL) &&
           time_is("dd.MM.yyyy", "31.10.2026 x", NULL),
       "days that there are not, and what does not fit");
}

/* ---- formulas and lookups in an import ---- */

static void formulas(struct fixture *f)
{
    scene_set(f);
    static const char mapping[] =
        HEAD "\"columns\":[{\"to\":\"code\",\"feel\":\"\\\"A-\\\" + string(Item No)\"},"
             "{\"to\":\"name\",\"from\":\"Kind\",\"lookup\":{\"p\":\"Phone\",\"c\":\"Case\"}},"
             "{\"to\":\"price\",\"feel\":\"round half up(Price * (1 - Discount), 2)\"},"
             "{\"to\":\"unit\",\"const\":\"pc\"},"
             "{\"to\":\"tags\",\"feel\":\"if Kind = \\\"p\\\" then get value(row, \\\"Kind\\\") "
             "else null\"}]}";
    struct trial t = scene_import(
        f, &import__products,
        "Item No,Kind,Price,Discount\n7,p,10.05,0.5\n8,c,3,0\n9,z,1,0\n10,p,x,0\n", mapping, false);
    ok(counted(&t, 2, 0, 0, 2), "formulas see columns by their names, also with blanks");
    is_i64(fixture_i64(f, "select price_minor from product where code = 'A-7'"), 503,
           "numbers are exact decimals");
    is_i64(fixture_i64(f, "select count(*) from product where code = 'A-8' and name = 'Case' and "
                          "unit = 'pc' and tags = ''"),
           1, "lookups, constants and empty results");
    is_str(t.reason, "The lookup has nothing for “z”.", "a missing value is named");
    t = scene_import(
        f, &import__products, "a\n1\n",
        HEAD "\"columns\":[{\"to\":\"code\",\"feel\":\"a +\"},{\"to\":\"name\",\"from\":\"a\"}]}",
        false);
    ok(t.rc == RC_INVALID && f->op.fault.entries[0].line == 1, "a broken formula has its place");
    t = scene_import(
        f, &import__products, "Code,Name\n1,x\n",
        HEAD
        "\"columns\":[{\"to\":\"code\",\"from\":\"cod\"},{\"to\":\"name\",\"from\":\"NAME\"}]}",
        false);
    ok(t.rc == RC_INVALID, "a column that the file does not have is refused");
}

int main(void)
{
    scene_start();
    mistakes();
    writing();
    numbers();
    times();
    fixture_each(formulas);
    return done_testing();
}
