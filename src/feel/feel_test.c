/* The language: each line is an expression and the text of its result. */
#include "tests/feel_examples.h"

static struct str evaluate(struct arena *arena, struct str text, struct feel_warnings *warnings)
{
    struct fault fault = {.arena = arena};
    struct feel_env env = {.now = SOME(1700000000000000)};
    struct feel_expr expr;
    struct feel_value value;
    enum rc rc = feel_compile(arena, text, NULL, 0, FEEL_KONTOR, &fault, &expr);
    if (rc != RC_OK)
        return str_printf(arena, "no expression: %ld:%ld expected %s", fault.entries[0].line,
                          fault.entries[0].column, fault.entries[0].args[0] + 1); /* KEY_MARK */
    rc = feel_eval(&expr, &env, arena, warnings, &fault, &value);
    return rc == RC_OK ? feel_print(arena, &value) : str_of(fault.entries[0].message);
}

static struct str outcome(struct arena *arena, struct str text)
{
    struct feel_warnings warnings = {0};
    return evaluate(arena, text, &warnings);
}

static void test_numbers(void)
{
    CHECK("numbers are decimal with 34 digits", {"0.1 + 0.2", "0.3"},
          {"1 / 3", "0.3333333333333333333333333333333333"}, {".5 * 4", "2"}, {"1.2e3", "1200"},
          {"10 / 0", "null"}, {"2 ** 10", "1024"});
    CHECK("operators bind as the standard says", {"1 + 2 * 3", "7"}, {"-2 ** 2", "4"},
          {"2 - 3 - 4", "-5"}, {"(1 + 2) * 3", "9"}, {"1 < 2 and 2 < 3 or false", "true"});
    CHECK("every way of rounding", {"decimal(2.5, 0)", "2"}, {"round up(-1.1, 0)", "-2"},
          {"round down(-1.9, 0)", "-1"}, {"round half up(-2.5, 0)", "-3"},
          {"round half down(2.5, 0)", "2"}, {"floor(-1.5)", "-2"}, {"ceiling(1.01, 1)", "1.1"},
          {"modulo(-12, 5)", "3"});
}

static void test_logic(void)
{
    CHECK("logic has three truth values", {"true and null", "null"}, {"false and null", "false"},
          {"true or null", "true"}, {"null or false", "null"}, {"not(null)", "null"},
          {"null = null", "true"}, {"1 = \"1\"", "null"}, {"1 != null", "true"});
    CHECK("a missing value does not compare", {"null < 1", "null"}, {"if null then 1 else 2", "2"},
          {"null + 1", "null"});
    CHECK("in and between test ranges and lists", {"1 in (2..4)", "false"}, {"4 in (2..4]", "true"},
          {"5 in (>3, <2)", "true"}, {"\"b\" in [\"a\", \"b\"]", "true"},
          {"5 between 1 and 5", "true"}, {"2 in ]1..2[", "false"});
}

static void test_names(void)
{
    CHECK("names hold spaces and symbols", {"{net amount: 5, r: net amount * 2}.r", "10"},
          {"{a+b: 3, c: a+b + 1}.c", "4"}, {"{\"x y\": 1}.x y", "1"},
          {"{date and time of sale: 7}.date and time of sale", "7"});
    CHECK("a filter sees the entries of its item first",
          {"[{net: 5}, {net: 9}][net > 6].net", "[9]"}, {"[1, 2, 3][item >= 2]", "[2, 3]"},
          {"[{item: 1}, {item: 2}][item >= 2]", "[{item: 2}]"}, {"[1, 2, 3][-1]", "3"},
          {"[1, 2][5]", "null"}, {"5[1]", "5"},
          {"for limit in [2] return [{x: 1}, {x: 3}][x > limit]", "[[{x: 3}]]"},
          {"[{a+b: 1}][a+b = 1]", "[{\"a+b\": 1}]"}, {"[{a-b: 1, c: 2}][a-b = 1].c", "[2]"});
    CHECK("names hold either apostrophe, and characters beyond the basic plane",
          {"{l\xe2\x80\x99\xc3\xa9t\xc3\xa9: 3, x: l\xe2\x80\x99\xc3\xa9t\xc3\xa9 + 1}.x", "4"},
          {"{l'an: 3, x: l'an + 1}.x", "4"}, {"{\U0001F600: 1}.\U0001F600", "1"});
    CHECK("\"?\" after in is the value before it", {"5 in (? > 3)", "true"},
          {"5 in (? > 3 and ? < 5)", "false"}, {"5 in (? > 9, 5)", "true"});
    CHECK("a function that is a value takes arguments by name too",
          {"{f: substring, r: f(string: \"abc\", start position: 2)}.r", "bc"},
          {"{f: abs, r: f(m: 1)}.r", "null"});
    CHECK("a comma promises another one",
          {"[1, 2,]", "no expression: 1:7 expected another one after the comma"},
          {"{a: 1,}", "no expression: 1:7 expected another one after the comma"},
          {"f(1,)", "no expression: 1:5 expected another one after the comma"});
    CHECK("a comment has an end", {"1 /* one */ + 1 // two", "2"},
          {"1 /* one", "no expression: 1:3 expected \"*/\""});
}

static void test_forms(void)
{
    CHECK(
        "loops run over lists, counts and dates",
        {"for i in 1..3, j in [10, 20] return i * j", "[10, 20, 20, 40, 30, 60]"},
        {"for i in 3..1 return i", "[3, 2, 1]"},
        {"for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]"},
        {"for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5]"},
        {"some x in [1, 2] satisfies x > 1", "true"}, {"every x in [] satisfies x > 1", "true"});
    CHECK("functions close over what they saw",
          {"{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r", "120"},
          {"for f in (for i in [1, 2, 3] return function(x) x + i) return f(10)", "[11, 12, 13]"},
          {"{f: function(a: number, b) a - b, r: f(b: 1, a: 3)}.r", "2"},
          {"{f: function(a: number) a, r: f(\"x\")}.r", "null"},
          {"sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"});
    CHECK("types are asked for by name", {"[1, 2] instance of list<number>", "true"},
          {"{a: 1} instance of context<a: number, b: string>", "false"},
          {"null instance of Any", "false"}, {"null instance of Null", "true"},
          {"[1..2] instance of range<number>", "true"},
          {"@\"P1Y\" instance of years and months duration", "true"});
}

static void test_time(void)
{
    CHECK("dates and times follow the calendar and the zone",
          {"@\"2024-01-31\" + @\"P1M\"", "2024-02-29"},
          {"@\"2021-03-27T12:00:00@Europe/Paris\" + @\"P1D\"", "2021-03-28T13:00:00@Europe/Paris"},
          {"@\"2024-03-01\" - @\"2024-02-01\"", "P29D"}, {"date(\"2018-12-10\").weekday", "1"},
          {"week of year(date(2005, 1, 1))", "53"},
          {"date and time(\"2017-12-31T24:00:00\")", "2018-01-01T00:00:00"},
          {"date(\"2023-02-29\")", "null"}, {"duration(\"P1Y27M\")", "P3Y3M"},
          {"@\"2002-04-02T12:00:00-01:00\" = @\"2002-04-02T17:00:00+04:00\"", "true"},
          {"years and months duration(@\"2011-12-22\", @\"2013-08-24\")", "P1Y8M"},
          {"string(now())", "2023-11-14T22:13:20Z"});
}

static void test_text(void)
{
    CHECK("texts are cut by code points", {"string length(\"\\ud83d\\udca9\")", "1"},
          {"substring(\"\\U01F40Efoo\", 2)", "foo"}, {"upper case(\"привет\")", "ПРИВЕТ"},
          {"substring(\"foobar\", -2, 1)", "a"});
    CHECK("patterns are XPath's", {"matches(\"X\", \"[A-Z-[OI]]\")", "true"},
          {"matches(\"O\", \"[A-Z-[OI]]\")", "false"},
          {"replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "[1=ab][2=]cd"},
          {"split(\"a;b;;\", \";\")", "[\"a\", \"b\", \"\", \"\"]"},
          {"matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+$\")", "null"});
}

static void test_kontor(void)
{
    CHECK("total knows the empty list and no missing item", {"total([])", "0"},
          {"total([1, 2.5])", "3.5"}, {"total([1, null])", "null"}, {"sum([])", "null"});
    CHECK("money rounds away from zero, so refunds mirror", {"round money(2.345)", "2.35"},
          {"round money(-2.345)", "-2.35"}, {"round money(2.5, 0, \"half even\")", "2"});
    CHECK("allocate sums to the whole and mirrors",
          {"allocate(100, [1, 1, 1])", "[33.34, 33.33, 33.33]"},
          {"allocate(-100, [1, 1, 1])", "[-33.34, -33.33, -33.33]"},
          {"sum(allocate(0.07, [3, 3, 3, 1], 2))", "0.07"},
          {"allocate(10, [1, 2], 0, \"last\")", "[3, 7]"}, {"allocate(1, [0])", "null"});
    CHECK("months of life count from one, month ends clamped",
          {"months elapsed(@\"2024-01-31\", @\"2024-02-29\")", "1"},
          {"months elapsed(@\"2024-01-31\", @\"2024-02-28\")", "0"},
          {"month number(@\"2024-01-15\", @\"2024-02-14\")", "1"}, {"present(\"\")", "false"},
          {"present(0)", "true"});
    CHECK("tiers are half-open, whole or marginal",
          {"tier whole(5000, [{from: 0, rate: 1}, {from: 5000, rate: 1.1}]).rate", "1.1"},
          {"tier whole(4999.99, [{from: 0, rate: 1}, {from: 5000, rate: 1.1}]).rate", "1"},
          {"tier whole(-1, [{from: 0, rate: 1}])", "null"},
          {"tier marginal(12000, [{from: 0, rate: 0.01}, {from: 5000, rate: 0.02}, "
           "{from: 10000, rate: 0.03}]).amount",
           "210"},
          {"tier whole(1, [{from: 5, rate: 1}, {from: 0, rate: 2}])", "null"});
}

static void test_errors(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct feel_warnings warnings = {0};
    is_str(evaluate(arena, STR("1 +\n  * 2"), &warnings), "no expression: 2:3 expected a value",
           "an error of grammar names line, column and what was expected");
    is_str(evaluate(arena, STR("1 + \"a\""), &warnings), "null", "an error of types gives null");
    is_i64((int64_t)warnings.len, 1, "and one warning");
    is_i64(warnings.at[0].column, 1, "with its place");
    is_str(warnings.at[0].args[2], KEY_MARK "string", "and what was found");
    warnings = (struct feel_warnings){0};
    is_str(evaluate(arena, STR("no such name + 1"), &warnings), "null",
           "an unknown name is null when evaluated");
    is_str(warnings.at[0].args[0], "no such name", "and named in the warning");
    warnings = (struct feel_warnings){0};
    is_str(evaluate(arena, STR("{net amount: 3, r: net amuont + 1}.r"), &warnings), "null",
           "a misspelt name is null too");
    is_str(warnings.at[0].args[1], "net amount", "and the nearest name is suggested");
    warnings = (struct feel_warnings){0};
    is_str(evaluate(arena, STR("{amount: 3}.amuont"), &warnings), "null", "a misspelt entry");
    is_str(warnings.at[0].args[1], "amount", "is met by the nearest entry");
    is_i64(warnings.at[0].column, 13, "at the place of the name after the dot");
    warnings = (struct feel_warnings){0};
    is_str(evaluate(arena, STR("substring(\"abc\")"), &warnings), "null", "missing arguments");
    is_str(warnings.at[0].args[0], "substring(string, start position, length?)",
           "are met by how the function is called");
}

static void test_budgets(void)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    struct feel_warnings warnings = {0};
    is_str(evaluate(arena, STR("for x in 1..1000000000 return x"), &warnings),
           "The calculation takes too many steps.", "endless counting ends");
    is_str(evaluate(arena, STR("{f: function(n) f(n + 1), r: f(1)}.r"), &warnings),
           "The calculation nests too deeply.", "endless recursion ends");
    is_str(evaluate(arena, STR("for i in 1..30 return for j in 1..100000 return string(j)"),
                    &warnings),
           "The calculation needs too much memory.", "a flood of values ends");
}

static struct feel_value lazy_entry(const struct feel_shape *shape, const void *row, size_t i,
                                    struct arena *arena)
{
    (void)shape, (void)arena;
    return feel_i64((int64_t)i * 100 + *(const int *)row);
}

static void test_lazy(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str names[] = {STR("net amount"), STR("tax")};
    struct feel_shape *shape = feel_shape(arena, names, 2);
    struct feel_field slots[] = {{STR("event"), NULL}};
    struct feel_expr expr;
    struct fault fault = {.arena = arena};
    struct feel_value value, event;
    int row = 7;
    shape->get = lazy_entry;
    event = feel_context(shape, &row);
    struct feel_env env = {.slots = &event, .slots_len = 1};
    ok(feel_compile(arena, STR("event.net amount + event.tax"), slots, 1, FEEL_STANDARD, &fault,
                    &expr) == RC_OK,
       "names are compiled to slots");
    ok(feel_eval(&expr, &env, arena, NULL, &fault, &value) == RC_OK &&
           str_eq(feel_print(arena, &value), STR("114")),
       "entries of a lazy context are asked for when they are used");
    row = 8;
    size_t before = arena_used_bytes(arena);
    ok(feel_eval(&expr, &env, arena, NULL, &fault, &value) == RC_OK &&
           str_eq(dec_print(arena, value.number), STR("116")) &&
           arena_used_bytes(arena) - before < 1024,
       "one tree serves many rows, and numbers cost no memory");
}

static void test_tests(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct feel_field input[] = {{STR("?"), NULL}};
    static const struct {
        const char *text;
        int64_t in;
        bool is;
    } cases[] = {{"-", 1, true},          {"< 5", 4, true},
                 {"[1..3], 7", 7, true},  {"not(1, 2)", 3, true},
                 {"not(1, 2)", 2, false}, {"? > 2 and ? < 4", 3, true},
                 {"5", 5, true},          {"[4, 5]", 5, true},
                 {"!= 5", 5, false},      {"not(5) and ? > 1", 0, false}};
    bool is_ok = true;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct feel_expr expr;
        struct feel_value in = feel_i64(cases[i].in), out;
        struct feel_env env = {.slots = &in, .slots_len = 1};
        is_ok = feel_compile_tests(arena, str_of(cases[i].text), input, 1, FEEL_STANDARD, NULL,
                                   &expr) == RC_OK &&
                feel_eval(&expr, &env, arena, NULL, NULL, &out) == RC_OK && out.kind == FEEL_BOOL &&
                out.is == cases[i].is && is_ok;
        if (!is_ok)
            printf("# %s\n", cases[i].text);
    }
    ok(is_ok, "unary tests compare the value of a cell");
}

int main(void)
{
    test_numbers();
    test_logic();
    test_names();
    test_forms();
    test_time();
    test_text();
    test_kontor();
    test_errors();
    test_budgets();
    test_lazy();
    test_tests();
    return done_testing();
}
