/* Numbers, dates, format codes, escapes and references of worksheets. */
#include "sheet/sheet_test_kit.h"
#include "tests/tap.h"

static struct str number(struct arena *arena, const char *raw)
{
    AUTO_BUF text = BUF(1024);
    sheet__number_put(str_of(raw), &text);
    return str_dup(arena, buf_str(&text));
}

static struct str date(struct arena *arena, const char *raw, enum sheet__style style, bool is_1904)
{
    AUTO_BUF text = BUF(1024);
    if (!sheet__date_put(str_of(raw), style, is_1904, &text))
        return STR("no date");
    return str_dup(arena, buf_str(&text));
}

static struct str unescaped(struct arena *arena, const char *raw)
{
    AUTO_BUF text = BUF(1024);
    sheet__text_put(str_of(raw), &text);
    return str_dup(arena, buf_str(&text));
}

static void test_numbers(struct arena *arena)
{
    static const char *const rows[][2] = {
        {"12.300000000000001", "12.3"},
        {"1.1000000000000001", "1.1"},
        {"0.10000000000000001", "0.1"},
        {"36.900000000000006", "36.9"},
        {"0.30000000000000004", "0.3"},
        {"-1234567.8899999999", "-1234567.89"},
        {"9115.9599999999991", "9115.96"},
        {"12.50", "12.50"},
        {"0", "0"},
        {"-0.05", "-0.05"},
        {"1E-3", "0.001"},
        {"1.5E+20", "150000000000000000000"},
        {"-2.5e2", "-250"},
        {"1.0E0", "1"},
        {"0E5", "0"},
        {".5", "0.5"},
        {"+7", "7"},
        {"1.0000000000000001E-5", "0.00001"},
        {"12345678901234.56", "12345678901234.56"},
        {"4276010012345678", "4276010012345678"},
        {"12345678901234567890", "12345678901234567890"},
        {"12345678901234567890.12", "12345678901234567890.12"},
        {"0.33333333333333331", "0.333333333333333"},
        {"1E+308", "1E+308"},
        {"abc", "abc"},
        {"1.2.3", "1.2.3"},
        {"1e", "1e"},
        {"", ""},
        {"-", "-"},
        {"1e99999999999", "1e99999999999"},
        {"0.0000000000000000000000000000000000000000000000000000000000000000000000000000000001",
         ""},
    };
    for (size_t i = 0; i + 1 < LEN(rows); i++)
        is_str(number(arena, rows[i][0]), rows[i][1],
               "a number reads as the person typed it, not as its double prints");
    is_str(number(arena, rows[LEN(rows) - 1][0]), rows[LEN(rows) - 1][0],
           "a plain decimal of any length stays as it is");
}

static void test_dates(struct arena *arena)
{
    static const struct {
        const char *raw;
        enum sheet__style style;
        bool is_1904;
        const char *want;
    } rows[] = {
        {"45000", SHEET__DATE, false, "2023-03-15"},
        {"1", SHEET__DATE, false, "1900-01-01"},
        {"59", SHEET__DATE, false, "1900-02-28"},
        {"60", SHEET__DATE, false, "1900-02-29"},
        {"61", SHEET__DATE, false, "1900-03-01"},
        {"25569", SHEET__DATE, false, "1970-01-01"},
        {"36585", SHEET__DATE, false, "2000-02-29"},
        {"2958465", SHEET__DATE, false, "9999-12-31"},
        {"2958466", SHEET__DATE, false, "no date"},
        {"-1", SHEET__DATE, false, "no date"},
        {"0", SHEET__DATE, false, "no date"},
        {"0", SHEET__DATE, true, "1904-01-01"},
        {"43538", SHEET__DATE, true, "2023-03-15"},
        {"45000.5", SHEET__DATE, false, "2023-03-15T12:00:00"},
        {"45000", SHEET__DATE_TIME, false, "2023-03-15T00:00:00"},
        {"45000.58680555555", SHEET__DATE_TIME, false, "2023-03-15T14:05:00"},
        {"45000.999999999", SHEET__DATE_TIME, false, "2023-03-16T00:00:00"},
        {"45000.000001157407", SHEET__DATE_TIME, false, "2023-03-15T00:00:00.100"},
        {"0.75", SHEET__TIME, false, "18:00:00"},
        {"0.75", SHEET__TIME, true, "18:00:00"},
        {"1.5", SHEET__ELAPSED, false, "36:00:00"},
        {"nonsense", SHEET__DATE, false, "no date"},
    };
    for (size_t i = 0; i < LEN(rows); i++)
        is_str(date(arena, rows[i].raw, rows[i].style, rows[i].is_1904), rows[i].want,
               "a serial day under a date format is a date");
}

static void test_formats(void)
{
    static const struct {
        const char *code;
        enum sheet__style want;
    } rows[] = {
        {"General", SHEET__PLAIN},
        {"0.00", SHEET__PLAIN},
        {"#,##0.00\\ \"руб.\"", SHEET__PLAIN},
        {"#,##0.00 [$₽-419]", SHEET__PLAIN},
        {"[Red]0.00;[Blue]-0.00", SHEET__PLAIN},
        {"\"day \"0", SHEET__PLAIN},
        {"0.00E+00", SHEET__PLAIN},
        {"@", SHEET__PLAIN},
        {"_-* #,##0.00\\ _d_-", SHEET__PLAIN},
        {"dd/mm/yyyy", SHEET__DATE},
        {"[$-419]d mmmm yyyy;@", SHEET__DATE},
        {"mmm\\-yy", SHEET__DATE},
        {"mmmm", SHEET__DATE},
        {"yyyy\\-mm\\-dd\\ hh:mm:ss", SHEET__DATE_TIME},
        {"dd.mm.yyyy h:mm", SHEET__DATE_TIME},
        {"hh:mm AM/PM", SHEET__TIME},
        {"mm:ss.0", SHEET__TIME},
        {"[h]:mm:ss", SHEET__ELAPSED},
        {"[mm]:ss", SHEET__ELAPSED},
        {"\"unclosed", SHEET__PLAIN},
        {"[unclosed", SHEET__PLAIN},
        {"0;yyyy", SHEET__PLAIN},
    };
    for (size_t i = 0; i < LEN(rows); i++)
        if (!ok(sheet__style_of_code(str_of(rows[i].code)) == rows[i].want,
                "a format code tells dates from numbers"))
            printf("#   %s\n", rows[i].code);
    ok(sheet__style_of_id(14) == SHEET__DATE && sheet__style_of_id(22) == SHEET__DATE_TIME &&
           sheet__style_of_id(20) == SHEET__TIME && sheet__style_of_id(46) == SHEET__ELAPSED &&
           sheet__style_of_id(4) == SHEET__PLAIN && sheet__style_of_id(49) == SHEET__PLAIN,
       "built-in formats are known by their number");
}

static void test_text_and_references(struct arena *arena)
{
    is_str(unescaped(arena, "a_x000A_b"), "a\nb", "an escaped control character is decoded");
    is_str(unescaped(arena, "_x005F_x0041_"), "_x0041_", "an escaped underscore begins no escape");
    is_str(unescaped(arena, "_x0000__xD800__xZZZZ__x41_"), "_x0000__xD800__xZZZZ__x41_",
           "NUL, half characters and what is no escape stay as they are written");
    int64_t column = 0, row = 0;
    ok(sheet__reference(STR("A1"), &column, &row) && column == 1 && row == 1, "A1 is column 1");
    ok(sheet__reference(STR("BC12"), &column, &row) && column == 55 && row == 12,
       "BC12 is column 55");
    ok(sheet__reference(STR("XFD1048576"), &column, &row) && column == 16384 && row == 1048576,
       "XFD1048576 is the last cell");
    ok(!sheet__reference(STR("12"), &column, &row), "a reference has a column");
    ok(!sheet__reference(STR("A12345678"), &column, &row), "a reference has at most seven digits");
    ok(!sheet__reference(STR("A1:B2"), &column, &row), "a range is no reference");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    test_numbers(arena);
    test_dates(arena);
    test_formats();
    test_text_and_references(arena);
    return done_testing();
}
