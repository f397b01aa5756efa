/* The reference of built-in functions: what each gives, with an example that a test runs. How it is
 * called comes from the function table itself; the section in docs/feel.md is written from here. */
#include "feel/feel_int.h"

struct entry {
    const char *name, *gives, *example, *result;
};

static const struct entry entries[] = {
    {"# Numbers", NULL, NULL, NULL},
    {"decimal", "The number rounded to `scale` digits; a tie goes to the even digit.",
     "decimal(2.345, 2)", "2.34"},
    {"floor", "The next lower number with `scale` digits (none: a whole number).", "floor(-1.5)",
     "-2"},
    {"ceiling", "The next higher number with `scale` digits.", "ceiling(1.01, 1)", "1.1"},
    {"round up", "Rounded away from zero.", "round up(1.121, 2)", "1.13"},
    {"round down", "Rounded toward zero: the digits behind are cut off.", "round down(-1.129, 2)",
     "-1.12"},
    {"round half up", "Rounded to the nearest; a tie goes away from zero.",
     "round half up(2.345, 2)", "2.35"},
    {"round half down", "Rounded to the nearest; a tie goes toward zero.",
     "round half down(2.345, 2)", "2.34"},
    {"abs", "The number or duration without its sign.", "abs(-5)", "5"},
    {"modulo", "What a division leaves, with the sign of the divisor.", "modulo(-12, 5)", "3"},
    {"sqrt", "The square root.", "sqrt(16)", "4"},
    {"log", "The natural logarithm.", "log(1)", "0"},
    {"exp", "Euler's number to that power.", "exp(0)", "1"},
    {"odd", "Is the number odd?", "odd(5)", "true"},
    {"even", "Is the number even?", "even(5)", "false"},
    {"# Conversion and logic", NULL, NULL, NULL},
    {"number",
     "The number that a text spells; the separators may be named, since countries differ.",
     "number(\"1.234,50\", \".\", \",\")", "1234.5"},
    {"string", "Any value as text.", "string(1.10)", "\"1.1\""},
    {"not", "The opposite of true and false; of anything else null.", "not(1 > 2)", "true"},
    {"is", "Are both the same in every respect, zones included? (`=` compares moments.)",
     "is(@\"10:00:00Z\", @\"10:00:00\")", "false"},
    {"# Texts", NULL, NULL, NULL},
    {"string length", "How many characters the text has.", "string length(\"Málaga\")", "6"},
    {"substring", "The part from a position (from the end when negative), of some length.",
     "substring(\"INV-2024-007\", 5, 4)", "\"2024\""},
    {"upper case", "In capital letters.", "upper case(\"eu\")", "\"EU\""},
    {"lower case", "In small letters.", "lower case(\"EU\")", "\"eu\""},
    {"substring before", "What stands before the first match; nothing when there is none.",
     "substring before(\"ann@example.com\", \"@\")", "\"ann\""},
    {"substring after", "What stands after the first match.",
     "substring after(\"ann@example.com\", \"@\")", "\"example.com\""},
    {"contains", "Does the text hold the other one?", "contains(\"north-west\", \"west\")", "true"},
    {"starts with", "Does the text begin with the other one?", "starts with(\"PRO-7\", \"PRO\")",
     "true"},
    {"ends with", "Does the text end with the other one?", "ends with(\"PRO-7\", \"8\")", "false"},
    {"matches",
     "Does the text match a regular expression (XPath's)? Flags: i letter case, s dot, m lines, x "
     "spaces.",
     "matches(\"AB-123\", \"^[a-z]+-\\d+$\", \"i\")", "true"},
    {"replace", "The text with each match replaced; `$1` is the first group.",
     "replace(\"2024-05\", \"(\\d+)-(\\d+)\", \"$2/$1\")", "\"05/2024\""},
    {"split", "The pieces between the matches of a regular expression.", "split(\"a;b;c\", \";\")",
     "[\"a\", \"b\", \"c\"]"},
    {"string join", "The texts of a list in one, null ones left out.",
     "string join([\"a\", \"b\"], \", \")", "\"a, b\""},
    {"# Lists", NULL, NULL, NULL},
    {"count", "How many items there are.", "count([10, 20])", "2"},
    {"min", "The least item.", "min([3, 1, 2])", "1"},
    {"max", "The greatest item.", "max(3, 1, 2)", "3"},
    {"sum", "The sum of numbers or durations; null for an empty list (see `total`).",
     "sum([1, 2.5])", "3.5"},
    {"mean", "The average.", "mean([1, 2, 6])", "3"},
    {"product", "All numbers multiplied.", "product([2, 3, 4])", "24"},
    {"median", "The middle number, or the mean of the middle two.", "median([8, 2, 5])", "5"},
    {"stddev", "The standard deviation of a sample.", "stddev([2, 4, 6])", "2"},
    {"mode", "The numbers that come most often.", "mode([1, 2, 2, 3, 3])", "[2, 3]"},
    {"all", "True when all are true, false when one is false, else null.", "all([true, false])",
     "false"},
    {"any", "True when one is true, false when all are false, else null.", "any([true, null])",
     "true"},
    {"list contains", "Is the element in the list?", "list contains([1, 2], 2)", "true"},
    {"index of", "The positions of the element.", "index of([\"a\", \"b\", \"a\"], \"a\")",
     "[1, 3]"},
    {"sublist", "The items from a position, of some count.", "sublist([1, 2, 3, 4], 2, 2)",
     "[2, 3]"},
    {"append", "The list with items added.", "append([1], 2, 3)", "[1, 2, 3]"},
    {"concatenate", "Lists one after the other.", "concatenate([1, 2], [3])", "[1, 2, 3]"},
    {"insert before", "The list with an item put before a position.", "insert before([1, 3], 2, 2)",
     "[1, 2, 3]"},
    {"remove", "The list without the item at a position.", "remove([1, 2, 3], 2)", "[1, 3]"},
    {"reverse", "The last item first.", "reverse([1, 2, 3])", "[3, 2, 1]"},
    {"distinct values", "Each value once.", "distinct values([1, 2, 1])", "[1, 2]"},
    {"union", "Lists one after the other, each value once.", "union([1, 2], [2, 3])", "[1, 2, 3]"},
    {"flatten", "Lists in lists as one list.", "flatten([[1, [2]], 3])", "[1, 2, 3]"},
    {"list replace", "The list with the item at a position, or those that match, replaced.",
     "list replace([1, 5, 9], function(item, new) item > 4, 4)", "[1, 4, 4]"},
    {"sort", "The list in order; the function says whether the first goes before the second.",
     "sort([1, 3, 2], function(a, b) a > b)", "[3, 2, 1]"},
    {"# Dates, times, durations", NULL, NULL, NULL},
    {"date", "A date of a text, of a date and time, or of its parts.", "date(2024, 2, 29)",
     "2024-02-29"},
    {"time", "A time of a text, of a date and time, or of its parts.",
     "time(9, 30, 0, duration(\"PT2H\"))", "09:30:00+02:00"},
    {"date and time", "A date and time of a text, or of a date and a time.",
     "date and time(date(2024, 2, 29), time(9, 30, 0))", "2024-02-29T09:30:00"},
    {"duration", "A duration of a text: `P1Y2M` years and months, `P3DT4H` days and time.",
     "duration(\"P3DT4H\")", "P3DT4H"},
    {"years and months duration", "The whole months from one date to the other.",
     "years and months duration(date(2023, 11, 15), date(2024, 2, 14))", "P2M"},
    {"now", "The moment of the calculation.", "now() > date and time(\"2020-01-01T00:00:00Z\")",
     "true"},
    {"today", "The day of the calculation.", "today() > date(2020, 1, 1)", "true"},
    {"day of week", "The English name of the day.", "day of week(date(2024, 2, 29))",
     "\"Thursday\""},
    {"month of year", "The English name of the month.", "month of year(date(2024, 2, 29))",
     "\"February\""},
    {"day of year", "The number of the day in its year.", "day of year(date(2024, 2, 29))", "60"},
    {"week of year", "The number of the week by ISO 8601.", "week of year(date(2024, 2, 29))", "9"},
    {"# Ranges", NULL, NULL, NULL},
    {"range", "The range that a text spells.", "range(\"[1..10)\")", "[1..10)"},
    {"before", "Does the first end before the second begins?", "before(1, [2..3])", "true"},
    {"after", "Does the first begin after the second ends?", "after([5..6], [2..3])", "true"},
    {"meets", "Does the first end where the second begins, both ends included?",
     "meets([1..5], [5..9])", "true"},
    {"met by", "Does the first begin where the second ends?", "met by([5..9], [1..5])", "true"},
    {"overlaps", "Do they share a point?", "overlaps([1..5], [3..9])", "true"},
    {"overlaps before", "Do they share points, the first beginning and ending earlier?",
     "overlaps before([1..5], [3..9])", "true"},
    {"overlaps after", "Do they share points, the first beginning and ending later?",
     "overlaps after([3..9], [1..5])", "true"},
    {"finishes", "Does the first lie at the end of the second?", "finishes(10, [1..10])", "true"},
    {"finished by", "Does the second lie at the end of the first?", "finished by([1..10], 10)",
     "true"},
    {"includes", "Does the first hold the second?", "includes([1..10], [3..4])", "true"},
    {"during", "Does the second hold the first?", "during(5, [1..10])", "true"},
    {"starts", "Does the first lie at the beginning of the second?", "starts(1, [1..10])", "true"},
    {"started by", "Does the second lie at the beginning of the first?",
     "started by([1..10], [1..3])", "true"},
    {"coincides", "Are they the same?", "coincides([1..5], [1..5])", "true"},
    {"# Contexts", NULL, NULL, NULL},
    {"get value", "The entry of that name.", "get value({rate: 0.1}, \"rate\")", "0.1"},
    {"get entries", "A list of contexts with `key` and `value`.", "get entries({a: 1})",
     "[{key: \"a\", value: 1}]"},
    {"context", "The other way round: a context of such a list.",
     "context([{key: \"a\", value: 1}])", "{a: 1}"},
    {"context put", "The context with one entry set; a list of keys leads to an inner one.",
     "context put({a: 1}, \"b\", 2)", "{a: 1, b: 2}"},
    {"context merge", "Several in one; later ones win.", "context merge([{a: 1}, {a: 2, b: 3}])",
     "{a: 2, b: 3}"},
    {"# Kontor's own", NULL, NULL, NULL},
    {"total", "The sum of numbers; 0 for an empty list, null when one is missing.", "total([])",
     "0"},
    {"present", "Is there a value, and is it no empty text?", "present(\"\")", "false"},
    {"round money",
     "Rounded to 2 digits (or `scale`), ties away from zero, or by `mode`: half up, half even, "
     "half "
     "down, up, down, floor, ceiling.",
     "round money(-2.345)", "-2.35"},
    {"months elapsed", "Whole months from one date to the other, ends of months counted as whole.",
     "months elapsed(date(2024, 1, 31), date(2024, 2, 29))", "1"},
    {"month number", "Which month of life a date lies in; the first is 1.",
     "month number(date(2024, 1, 15), date(2024, 2, 15))", "2"},
    {"allocate",
     "The amount split by weights to the last cent: by largest remainder, or the rest to the "
     "first, the last or nobody (down). Ties go to the smaller key of `order`, else to the earlier "
     "one.",
     "allocate(100, [1, 1, 1])", "[33.34, 33.33, 33.33]"},
    {"distribute",
     "The amount by weights, nobody above the own cap; what a cap leaves is shared by the others. "
     "`shares`, and the `rest` when all are full.",
     "distribute(100, [1, 1, 1], [10, 50, null])", "{shares: [10, 45, 45], rest: 0}"},
    {"scale down", "The claims when the budget holds them, else the budget in proportion to them.",
     "scale down([300, 100], 200)", "[150, 50]"},
    {"instalments", "The amount in equal parts, or by weights, to the last cent.",
     "instalments(100, 3)", "[33.34, 33.33, 33.33]"},
    {"tier whole", "The row of a table of tiers that the whole value falls into.",
     "tier whole(7000, [{from: 0, rate: 0.01}, {from: 5000, rate: 0.02}]).rate", "0.02"},
    {"tier marginal", "The amount when each part of the value takes the rate of its own tier.",
     "tier marginal(7000, [{from: 0, rate: 0.01}, {from: 5000, rate: 0.02}]).amount", "90"},
    {"tier marginal step",
     "The same of what took a running total from `before` to `after`; backwards it takes that "
     "back.",
     "tier marginal step(4000, 7000, [{from: 0, rate: 0.01}, {from: 5000, rate: 0.02}]).amount",
     "50"},
    {"tier interpolated",
     "The amounts of tiers that were passed and the filled part of the reached one; with `points` "
     "the amounts are points of a curve.",
     "tier interpolated(7000, [{from: 0, amount: 50}, {from: 5000, to: 9000, amount: 100}]).amount",
     "100"},
    {"roll up",
     "Those of a chain who are qualified, their levels counted anew, down to a depth; with `none` "
     "the levels stay.",
     "roll up([{level: 1, qualified: false}, {level: 2, qualified: true}], 1)",
     "[{level: 1, qualified: true}]"},
    {"differential", "Of rates from the seller up what each is above the highest below it.",
     "differential([0.05, 0.03, 0.08])", "[0.05, 0, 0.03]"},
    {"subtract down", "Each takes its rate of what those before it left.",
     "subtract down(100, [0.1, 0.2])", "[10, 18]"},
    {"match legs", "What two legs have in common, and what each keeps for later.",
     "match legs(500, 300)", "{matched: 300, carry left: 200, carry right: 0}"},
    {"convert", "The amount in another currency, by the rate of a day.",
     "convert(100, \"EUR\", \"EUR\", date(2024, 2, 29))", "100"},
    {"tax excluded", "What an amount is without the tax in it.", "tax excluded(121, 0.21)", "100"},
    {"plan share", "How much of a plan was reached: 0.85 is 85%. Without a plan it is missing.",
     "plan share(85, 100)", "0.85"},
};

/* "|" would end a cell. */
static void cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '|')
            buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
}

static void write_entry(struct buf *out, struct arena *arena, const struct entry *entry)
{
    const struct builtin_info *end = NULL;
    const struct builtin_info *first = feel__builtin_find(FEEL_KONTOR, str_of(entry->name), &end);
    buf_put(out, STR("| "));
    for (const struct builtin_info *b = first; b && b < end; b++)
        buf_printf(out, "%s`" STR_FMT "`", b > first ? "<br>" : "",
                   STR_ARG(feel__signatures(arena, b, b + 1)));
    buf_put(out, STR(" | "));
    cell(out, str_of(entry->gives));
    buf_put(out, STR(" | `"));
    cell(out, str_of(entry->example));
    buf_put(out, STR("` → `"));
    cell(out, str_of(entry->result));
    buf_put(out, STR("` |\n"));
}

struct str feel_reference(struct arena *arena)
{
    AUTO_BUF out = BUF(1 << 20);
    for (size_t i = 0; i < LEN(entries); i++) {
        if (entries[i].name[0] != '#') {
            write_entry(&out, arena, &entries[i]);
            continue;
        }
        buf_printf(&out, "%s##%s\n\n| function | gives | example |\n| --- | --- | --- |\n",
                   i ? "\n" : "", entries[i].name);
    }
    return str_dup(arena, buf_str(&out));
}

bool feel_reference_at(size_t i, struct feel_reference *out)
{
    if (i >= LEN(entries))
        return false;
    *out = (struct feel_reference){
        .name = entries[i].name, .example = entries[i].example, .result = entries[i].result};
    return true;
}
