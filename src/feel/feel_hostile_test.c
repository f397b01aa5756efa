/* Hostile text: every formula here ends with a named error, or with null and a warning, within its
 * budgets, on any machine and in the memory of one arena. */
#include <time.h>

#include "feel/feel.h"
#include "tests/tap.h"

enum { SPARE_BYTES = 1 << 20 }; /* warnings are not counted */
enum { SECONDS_MAX = 20 }; /* far more than any needs, even under sanitizers on a busy machine */

static struct str outcome(struct arena *arena, struct str text, struct feel_warnings *warnings)
{
    struct fault fault = {.arena = arena};
    struct feel_env env = {.steps_max = 5000000};
    struct feel_expr expr;
    struct feel_value value;
    *warnings = (struct feel_warnings){0};
    if (feel_compile(arena, text, NULL, 0, FEEL_KONTOR, &fault, &expr) != RC_OK)
        return fault.entries[0].args[0] /* behind KEY_MARK */
                   ? str_printf(arena, "expected %s", fault.entries[0].args[0] + 1)
                   : str_of(fault.entries[0].message);
    size_t before = arena_used_bytes(arena);
    enum rc rc = feel_eval(&expr, &env, arena, warnings, &fault, &value);
    if (arena_used_bytes(arena) - before > feel_limits()->bytes_max + SPARE_BYTES)
        return STR("more memory than the budget");
    if (rc != RC_OK)
        return str_of(fault.entries[0].message);
    return feel_print(arena, &value);
}

static void ends(struct str text, const char *want, const char *rule)
{
    AUTO_ARENA arena = arena_new(0);
    struct feel_warnings warnings;
    clock_t from = clock();
    struct str is = outcome(arena, text, &warnings);
    bool is_quick = clock() - from < (clock_t)SECONDS_MAX * CLOCKS_PER_SEC;
    ok(str_eq(is, str_of(want)) && is_quick, rule);
    if (!str_eq(is, str_of(want)) || !is_quick)
        printf("# " STR_FMT " after %ld ms\n", STR_ARG(str_sub(is, 0, 200)),
               (long)((clock() - from) / (CLOCKS_PER_SEC / 1000)));
}

#define ENDS(text, want, rule) ends(STR(text), (want), (rule))
#define STEPS                  "The calculation takes too many steps."
#define DEPTH                  "The calculation nests too deeply."
#define BYTES                  "The calculation needs too much memory."
#define LENGTH                 "The calculation makes a text that is too long."

/* `count` times the unit, with a beginning and an end. */
static void repeated(const char *before, const char *unit, size_t count, const char *after,
                     const char *want, const char *rule)
{
    AUTO_BUF buf = BUF(16 << 20);
    buf_put(&buf, str_of(before));
    for (size_t i = 0; i < count; i++)
        buf_put(&buf, str_of(unit));
    buf_put(&buf, str_of(after));
    ends(buf_str(&buf), want, rule);
}

static void test_text(void)
{
    repeated("", "(", 1000000, "1", "The expression is too long.", "a million parentheses");
    repeated("", "(", 100000, "1", "expected less nesting", "a hundred thousand parentheses");
    repeated("", "[", 100000, "1", "expected less nesting", "lists in lists");
    repeated("", "{a:", 80000, "1", "expected less nesting", "contexts in contexts");
    repeated("", "if true then ", 15000, "1", "expected less nesting", "conditions in conditions");
    repeated("", "for x in ", 20000, "1", "expected less nesting", "loops in loops");
    repeated("", "function() ", 20000, "1", "expected less nesting", "functions in functions");
    repeated("x", "[x", 100000, "", "expected less nesting", "filters in filters");
    repeated("1 instance of ", "list<", 40000, "Any", "expected a type", "types in types");
    repeated("1", "+1", 100000, "", "expected less nesting", "a sum of a hundred thousand");
    repeated("1", ".a", 100000, "", "expected less nesting", "a path of a hundred thousand");
    repeated("f", "(1)", 80000, "", "expected less nesting", "calls of calls");
    repeated("", "-", 200000, "1", "1", "minus signs by the hundred thousand cancel out");
    repeated("a", " a", 120000, "", "null", "a name of a hundred thousand words");
    repeated("count([1", ",1", 100000, "])", "100001", "a list of a hundred thousand is no attack");
}

static void test_loops(void)
{
    ENDS("for i in 1..1000000000 return i", STEPS, "counting to a billion");
    ENDS("for i in 1..1e9 return i", STEPS, "however that is written");
    ENDS("count(for i in 1..1e6 return [i, i])", BYTES, "keeping two of each of a million");
    ENDS("for i in 1..999999999999999999 return i", STEPS, "counting without end");
    ENDS("for i in 1..3000, j in 1..3000 return i * j", BYTES, "a product of loops");
    ENDS("count(for i in 1..200 return for j in 1..200 return for k in 1..200 return k)", BYTES,
         "loops in loops");
    ENDS("some x in 1..300 satisfies some y in 1..300 satisfies some z in 1..300 satisfies z < 0",
         STEPS, "loops in loops that keep nothing");
    ENDS("some i in 1..10000, j in 1..10000 satisfies i + j < 0", STEPS, "a search without end");
    ENDS("{f: function(n) f(n + 1), r: f(1)}.r", DEPTH, "recursion without end");
    ENDS("{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(60)}.r", BYTES,
         "recursion that doubles");
    ENDS("{f: function(a, b) b(a, b), r: f(f, f)}.r", DEPTH, "a function of itself");
    ENDS("sort(for i in 1..2000 return i, function(x, y) count(for k in 1..500 return k) > y)",
         BYTES, "an order that is slow to tell");
}

static void test_values(void)
{
    ENDS("for i in 1..60 return for j in 1..20000 return string(j)", BYTES, "a flood of texts");
    ENDS("count(for i in 1..100 return [partial[-1], partial[-1]])", "100",
         "lists that double take little room");
    ENDS("{x: for i in 1..40 return [partial[-1], partial[-1]], r: x = x}.r", STEPS,
         "lists that double are compared within the steps");
    ENDS("count(flatten(for i in 1..40 return [partial[-1], partial[-1]]))", BYTES,
         "lists that double are flattened within the budgets");
    ENDS("string(for i in 1..40 return [partial[-1], partial[-1]])", LENGTH,
         "lists that double are no text");
    ENDS("{x: for i in 1..50000 return [partial[-1]], r: x[-1] = x[-1]}.r", DEPTH,
         "a list in fifty thousand lists is not compared");
    ENDS("flatten(for i in 1..5000 return [partial[-1]])", DEPTH, "nor flattened");
    ENDS(
        "count(for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))",
        BYTES, "lists that grow by themselves");
    ENDS("string length((for i in 1..60 return if i = 1 then \"ab\" else partial[-1] + "
         "partial[-1])[-1])",
         LENGTH, "a text that doubles");
    ENDS("count(for i in 1..100000 return if i = 1 then \"abcdefghijklmnop\" else partial[-1] + "
         "\"abcdefghijklmnop\")",
         BYTES, "a text that grows");
    ENDS("string join(for i in 1..100000 return \"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr\")",
         LENGTH, "a text joined of many");
    ENDS("string join(for i in 1..1000 return string(10 ** 6000))", LENGTH, "long numbers");
    ENDS("string length(string(10 ** 6144))", "6145", "the longest number has an end");
    ENDS("10 ** 999999999", "null", "a power beyond all numbers");
    ENDS("9999999999999999999999999999999999 ** 0.0000000001 > 1", "true", "a tiny power");
    ENDS("duration(\"P99999999999999999999D\")", "null", "a duration beyond the calendar");
    ENDS("@\"2024-01-01\" + duration(\"P999999999999Y\")", "null", "a date beyond the calendar");
    ENDS("{s: (for i in 1..21 return if i = 1 then \"a\" else partial[-1] + partial[-1])[-1], "
         "r: count(for i in 1..100000 return string length(s))}.r",
         STEPS, "a long text counted over and over");
    ENDS("{s: (for i in 1..21 return if i = 1 then \"a\" else partial[-1] + partial[-1])[-1], "
         "r: some i in 1..1000000 satisfies s != s}.r",
         STEPS, "a long text compared over and over");
    ENDS("distinct values(for i in 1..100000 return i)", STEPS, "a hundred thousand compared");
}

static void test_patterns(void)
{
    ENDS("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a+)+$\")", "null",
         "a pattern that backtracks without end");
    ENDS("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a|aa)+$\")", "null",
         "alternatives that overlap");
    ENDS("for i in 1..100000 return matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a+)+$\")",
         STEPS, "the same for every item of a list");
    ENDS("matches(\"a\", \"((((a{0,200}){0,200}){0,200}){0,200})\")", "null",
         "a pattern that unfolds");
    ENDS("count(for i in 1..1000000 return matches(\"a\", \"a\" + string(i)))", STEPS,
         "a million patterns");
    ENDS("string length(replace((for i in 1..18 return if i = 1 then \"a\" else partial[-1] + "
         "partial[-1])[-1], \"a\", \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"))",
         LENGTH, "a replacement that is longer than the text");
    repeated("matches(\"a\", \"", "(", 3000, "\")", "null", "a pattern of parentheses");
}

static void test_limits(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct feel_warnings warnings;
    struct feel_limits usual = *feel_limits(), small = usual;
    small.text_bytes_max = 10;
    feel_limits_set(small);
    is_str(outcome(arena, STR("\"12345\" + \"67890\" + \"1\""), &warnings), LENGTH,
           "the process says how long a text may be");
    is_str(outcome(arena, STR("[1, 2, 3, 4, 5]"), &warnings), "[1, 2, 3, \xe2\x80\xa6",
           "and a result that is longer is cut where it is printed");
    feel_limits_set(usual);
}

int main(void)
{
    test_text();
    test_loops();
    test_values();
    test_patterns();
    test_limits();
    return done_testing();
}
