/* Expressions made by the grammar from a stream of bytes, for tests and fuzzing: the same bytes
 * give the same text. Every form of the language can come out; names are those that samples
 * declare. */
#ifndef KONTOR_TESTS_FEEL_SAMPLE_H
#define KONTOR_TESTS_FEEL_SAMPLE_H

#include "feel/feel.h"

struct sample {
    const uint8_t *at;
    size_t len, used;
    struct buf *out;
};

static const struct str sample_names[] = {
    STR_INIT("?"),   STR_INIT("net amount"), STR_INIT("rate"), STR_INIT("rows"),
    STR_INIT("a+b"), STR_INIT("ключ"),       STR_INIT("ctx"),  STR_INIT("date of sale"),
};

static uint8_t sample_byte(struct sample *s)
{
    return s->used < s->len ? s->at[s->used++] : 0;
}

static size_t sample_one_of(struct sample *s, size_t count)
{
    return sample_byte(s) % count;
}

static void sample_put(struct sample *s, const char *text)
{
    buf_put(s->out, str_of(text));
}

static void sample_expression(struct sample *s, int depth);

static void sample_pick(struct sample *s, const char *const *texts, size_t len)
{
    sample_put(s, texts[sample_one_of(s, len)]);
}

#define SAMPLE_PICK(s, ...)                                                                        \
    do {                                                                                           \
        static const char *const texts_[] = {__VA_ARGS__};                                         \
        sample_pick((s), texts_, LEN(texts_));                                                     \
    } while (0)

static void sample_literal(struct sample *s)
{
    SAMPLE_PICK(s, "1", "0", "2.50", "-3", ".5", "1e3", "12345678901234567890.123", "1E-7", "true",
                "false", "null", "\"text\"", "\"\"", "\"q\\\"\\n\\u00e9\\uD83D\\uDE00\"",
                "@\"2024-02-29\"", "@\"10:30:00\"", "@\"10:30:00.125+03:00\"",
                "@\"2024-03-31T02:30:00@Europe/Madrid\"", "@\"2024-01-01T00:00:00Z\"", "@\"P1Y2M\"",
                "@\"-P3DT4H\"", "@\"PT0.5S\"", "@\"nonsense\"", "date(\"2024-01-31\")",
                "duration(\"P1D\")", "today()", "now()");
}

static void sample_name(struct sample *s)
{
    if (sample_one_of(s, 8) == 0)
        SAMPLE_PICK(s, "x", "y", "item", "partial", "no such name", "sum", "string length");
    else
        buf_put(s->out, sample_names[1 + sample_one_of(s, LEN(sample_names) - 1)]);
}

static void sample_type(struct sample *s, int depth)
{
    size_t form = depth > 0 ? sample_one_of(s, 9) : 0;
    if (form < 5) {
        SAMPLE_PICK(s, "number", "string", "boolean", "date", "time", "date and time", "Any",
                    "Null", "days and time duration", "years and months duration", "list",
                    "context", "range", "function");
        return;
    }
    static const char *const before[] = {"list<", "range<",
                                         "context<a: number, b c: ", "function<"};
    sample_put(s, before[form - 5]);
    sample_type(s, depth - 1);
    sample_put(s, form == 8 ? "> -> " : ">");
    if (form == 8)
        sample_type(s, depth - 1);
}

static void sample_part(struct sample *s, const char *before, int depth, const char *after)
{
    sample_put(s, before);
    sample_expression(s, depth);
    sample_put(s, after);
}

static void sample_test(struct sample *s, int depth)
{
    static const char *const signs[] = {"", "", "", "< ", "<= ", "> ", ">= ", "= ", "!= ", "? > "};
    sample_put(s, signs[sample_one_of(s, LEN(signs))]);
    sample_put(s, "(");
    sample_expression(s, depth);
    sample_put(s, ")");
}

static void sample_tests(struct sample *s, int depth)
{
    bool is_not = sample_one_of(s, 5) == 0;
    if (sample_one_of(s, 12) == 0) {
        sample_put(s, "-");
        return;
    }
    sample_put(s, is_not ? "not(" : "");
    for (size_t i = 0, len = 1 + sample_one_of(s, 3); i < len; i++) {
        sample_put(s, i ? ", " : "");
        sample_test(s, depth);
    }
    sample_put(s, is_not ? ")" : "");
}

static void sample_range(struct sample *s, int depth)
{
    if (sample_one_of(s, 3) == 0) {
        SAMPLE_PICK(s, "(< ", "(<= ", "(> ", "(>= ", "(= ", "(!= ");
        sample_part(s, "(", depth, "))");
        return;
    }
    SAMPLE_PICK(s, "[", "(", "]");
    sample_part(s, "(", depth, ")");
    sample_put(s, "..");
    sample_part(s, "(", depth, ")");
    SAMPLE_PICK(s, "]", ")", "[");
}

static void sample_loop(struct sample *s, int depth)
{
    size_t form = sample_one_of(s, 3), domains = 1 + sample_one_of(s, 2);
    sample_put(s, form == 0 ? "for " : form == 1 ? "some " : "every ");
    for (size_t i = 0; i < domains; i++) {
        sample_put(s, i ? ", y in " : "x in ");
        if (sample_one_of(s, 2))
            SAMPLE_PICK(s, "1..3", "3..1", "rows", "[1, 2]", "[1..4)", "1..1000000000");
        else
            sample_part(s, "(", depth, ")");
    }
    sample_part(s, form == 0 ? " return " : " satisfies ", depth, "");
}

static void sample_call(struct sample *s, int depth)
{
    SAMPLE_PICK(s, "count(", "sum(", "min(", "max(", "mean(", "string(", "number(", "not(", "abs(",
                "string length(", "upper case(", "flatten(", "distinct values(", "sort(",
                "reverse(", "substring(string: \"abc\", start position: ", "substring(\"abcd\", ",
                "contains(\"abc\", ", "matches(\"abc\", ", "split(\"a,b\", ", "append(rows, ",
                "concatenate([1], ", "index of([1, 2], ", "list contains(rows, ", "decimal(2.345, ",
                "floor(", "modulo(10, ", "date(", "time(", "date and time(", "duration(", "range(",
                "is(1, ", "before(1, ", "coincides(point1: 1, point2: ", "get value(ctx, ",
                "get entries(", "context([{key: \"a\", value: 1}, ", "min(c: ", "string join(",
                "total(", "round money(", "tier whole(10, ", "day of week(", "mode(", "stddev(",
                "function(x, y) x(", "(function(x: number, y) x)(1, ", "sqrt(", "exp(", "all(",
                "any(", "union([1], ", "list replace([1, 2], 1, ", "insert before([1], 1, ");
    sample_part(s, "", depth, ")");
}

/* Calls of every function with arguments that fit: the examples of the reference. */
static void sample_example(struct sample *s)
{
    struct feel_reference at = {0};
    size_t wanted = sample_one_of(s, 110);
    for (size_t i = 0; i <= wanted && feel_reference_at(i, &at); i++)
        continue;
    sample_put(s, at.example ? at.example : "[]");
}

static void sample_context(struct sample *s, int depth)
{
    static const char *const keys[] = {"a: ", "net amount: ", "\"odd key!\": ", "a+b: ", "b c: "};
    size_t len = sample_one_of(s, 4), first = sample_one_of(s, LEN(keys));
    sample_put(s, "{");
    for (size_t i = 0; i < len; i++) {
        sample_put(s, i ? ", " : "");
        sample_part(s, keys[(first + i) % LEN(keys)], depth, "");
    }
    sample_put(s, "}");
    if (sample_one_of(s, 2) && len)
        SAMPLE_PICK(s, ".a", ".net amount", ".b c", ".missing", ".a+b");
}

static void sample_list(struct sample *s, int depth)
{
    size_t len = sample_one_of(s, 4);
    sample_put(s, "[");
    for (size_t i = 0; i < len; i++)
        sample_part(s, i ? ", " : "", depth, "");
    sample_put(s, "]");
}

static void sample_operator(struct sample *s, int depth)
{
    bool is_tight = sample_one_of(s, 3) == 0;
    sample_part(s, is_tight ? "(" : "", depth, is_tight ? ")" : "");
    SAMPLE_PICK(s, " + ", " - ", " * ", " / ", " ** ", " = ", " != ", " < ", " <= ", " > ",
                " >= ", " and ", " or ", " /* and */ + ");
    is_tight = sample_one_of(s, 2) == 0;
    sample_part(s, is_tight ? "(" : "", depth, is_tight ? ")" : "");
}

static void sample_rest(struct sample *s, size_t form, int depth)
{
    switch (form) {
    case 0:
        sample_part(s, "(", depth, ")[");
        sample_part(s, "", depth, "]");
        return;
    case 1: sample_part(s, "rows[", depth, "]"); return;
    case 2:
        sample_part(s, "if ", depth, " then ");
        sample_part(s, "", depth, " else ");
        sample_expression(s, depth);
        return;
    case 3:
        sample_part(s, "(", depth, ") in (");
        sample_test(s, depth);
        sample_put(s, ", ");
        sample_test(s, depth);
        sample_put(s, ")");
        return;
    case 4:
        sample_part(s, "(", depth, ") between ");
        sample_part(s, "(", depth, ") and (");
        sample_part(s, "", depth, ")");
        return;
    case 5:
        sample_part(s, "(", depth, ") instance of ");
        sample_type(s, 2);
        return;
    case 6: sample_part(s, "-(", depth, ")"); return;
    case 7:
        sample_put(s, "function(x: ");
        sample_type(s, 1);
        sample_part(s, ", y) ", depth, "");
        return;
    default:
        sample_part(s, "(", depth, ")");
        SAMPLE_PICK(s, ".a", ".year", ".net amount", ".start included", ".time offset", ".days");
    }
}

static void sample_expression(struct sample *s, int depth)
{
    size_t form = depth > 0 && s->out->len < 4000 ? sample_one_of(s, 21) : sample_one_of(s, 2);
    switch (form) {
    case 0: sample_literal(s); return;
    case 1: sample_name(s); return;
    case 2: sample_range(s, depth - 1); return;
    case 3: sample_loop(s, depth - 1); return;
    case 4:
    case 5: sample_call(s, depth - 1); return;
    case 6: sample_context(s, depth - 1); return;
    case 7: sample_list(s, depth - 1); return;
    case 20: sample_example(s); return;
    case 8:
    case 9:
    case 10: sample_operator(s, depth - 1); return;
    default: sample_rest(s, form - 11, depth - 1);
    }
}

#endif
