/* Kontor's functions of splitting, tiers and networks: each line is a formula and its value, or the
 * warning that comes with null. Bounds stand beside each other: the last value of one side, the
 * first of the other. */
#include "tests/feel_examples.h"
#include "tests/words.h"

static struct str outcome(struct arena *arena, struct str text)
{
    struct fault fault = {.arena = arena};
    struct feel_env env = {0};
    struct feel_warnings warnings = {0};
    struct feel_expr expr;
    struct feel_value value;
    if (feel_compile(arena, text, NULL, 0, FEEL_KONTOR, &fault, &expr) != RC_OK)
        return STR("no formula");
    if (feel_eval(&expr, &env, arena, &warnings, &fault, &value) != RC_OK)
        return str_of(fault.entries[0].message);
    if (!warnings.len)
        return feel_print(arena, &value);
    return words_of(arena, warnings.at[0].message, warnings.at[0].args);
}

static void test_allocate(void)
{
    CHECK("an amount is split to the last unit, and the minus mirrors it",
          {"allocate(100, [1, 1, 1])", "[33.34, 33.33, 33.33]"},
          {"allocate(-100, [1, 1, 1])", "[-33.34, -33.33, -33.33]"},
          {"allocate(0, [1, 2])", "[0, 0]"}, {"allocate(0.01, [1, 1])", "[0.01, 0]"},
          {"allocate(10, [0, 1, 0])", "[0, 10, 0]"}, {"allocate(7, [2, 3], 0)", "[3, 4]"},
          {"allocate(0.000001, [1, 1], 6)", "[0.000001, 0]"});
    CHECK("what is left goes where the method says",
          {"allocate(100, [1, 1, 1], 2, \"first\")", "[33.34, 33.33, 33.33]"},
          {"allocate(100, [1, 1, 1], 2, \"last\")", "[33.33, 33.33, 33.34]"},
          {"allocate(100, [1, 1, 1], 2, \"down\")", "[33.33, 33.33, 33.33]"},
          {"allocate(100, [1, 1, 1], null, null)", "[33.34, 33.33, 33.33]"});
    CHECK("ties go by the order, largest remainders come before it",
          {"allocate(100, [1, 1, 1], 2, null, [3, 2, 1])", "[33.33, 33.33, 33.34]"},
          {"allocate(0.02, [1, 1, 1], 2, null, [\"c\", \"a\", \"b\"])", "[0, 0.01, 0.01]"},
          {"allocate(100, [1, 1, 1], 2, \"first\", [2, 1, 3])", "[33.33, 33.34, 33.33]"},
          {"allocate(100, [1, 1, 1], 2, \"last\", [3, 1, 2])", "[33.34, 33.33, 33.33]"},
          {"allocate(1, [1, 3], 0, null, [1, 2])", "[0, 1]"});
    CHECK("what cannot be split is refused",
          {"allocate(1, [])", "Expected at least one weight, found list []."},
          {"allocate(1, [0, 0])", "Expected weights above zero, found list [0, 0]."},
          {"allocate(1, [1, -1])", "Expected a weight of zero or more, found number -1."},
          {"allocate(1, [1, null])", "Expected a weight of zero or more, found null."},
          {"allocate(0.001, [1])",
           "Expected an amount without fractions of its smallest unit, found number 0.001."},
          {"allocate(1, [1], 7)", "Expected a scale from 0 to 6, found number 7."},
          {"allocate(1, [1], 2, \"most\")",
           "Expected largest remainder, first, last or down, found string \"most\"."},
          {"allocate(1, [1, 2], 2, null, [1])",
           "Expected as many keys of the order as weights, found list [1]."},
          {"allocate(1, [1, 2], 2, null, [1, \"a\"])",
           "Expected keys that can be put in order, found string \"a\"."});
}

static void test_distribute(void)
{
    CHECK("caps are filled and the others share what they leave",
          {"distribute(100, [1, 1, 1], [10, 50, null])", "{shares: [10, 45, 45], rest: 0}"},
          {"distribute(100, [1, 1], [10, 20])", "{shares: [10, 20], rest: 70}"},
          {"distribute(100, [1, 1])", "{shares: [50, 50], rest: 0}"},
          {"distribute(90, [1, 2], [null, 60])", "{shares: [30, 60], rest: 0}"},
          {"distribute(90, [1, 2], [null, 59.99])", "{shares: [30.01, 59.99], rest: 0}"},
          {"distribute(60, [1, 1, 1], [20, 20, 20])", "{shares: [20, 20, 20], rest: 0}"},
          {"distribute(60.01, [1, 1, 1], [20, 20, 20])", "{shares: [20, 20, 20], rest: 0.01}"},
          {"distribute(-100, [1, 1, 1], [10, 50, null])", "{shares: [-10, -45, -45], rest: 0}"});
    CHECK("who has no claim has no part, and nobody is no mistake",
          {"distribute(100, [0, 1, 0], [5, 40, null])", "{shares: [0, 40, 0], rest: 60}"},
          {"distribute(100, [0, 0])", "{shares: [0, 0], rest: 100}"},
          {"distribute(100, [])", "{shares: [], rest: 100}"},
          {"distribute(100, [1, 1], [0, null])", "{shares: [0, 100], rest: 0}"});
    CHECK("odd units go to the largest remainder, or stay in the rest",
          {"distribute(100, [1, 1, 1])", "{shares: [33.34, 33.33, 33.33], rest: 0}"},
          {"distribute(100, [1, 1, 1], null, 2, \"down\")",
           "{shares: [33.33, 33.33, 33.33], rest: 0.01}"},
          {"distribute(10, [1, 1, 1], [3.5, null, null], 0)", "{shares: [3, 4, 3], rest: 0}"});
    CHECK("caps are as many as claims, and none is below zero",
          {"distribute(1, [1, 1], [1])", "Expected as many caps as claims, found list [1]."},
          {"distribute(1, [1], [-1])", "Expected a cap of zero or more, found number -1."},
          {"distribute(1, [1], [1], 2, \"first\")",
           "Expected largest remainder or down, found string \"first\"."});
}

static void test_budget(void)
{
    CHECK("claims are scaled down to a budget that does not hold them",
          {"scale down([300, 100], 400)", "[300, 100]"},
          {"scale down([300, 100], 399.99)", "[299.99, 100]"},
          {"scale down([300, 100], 200)", "[150, 50]"}, {"scale down([1, 1, 1], 0)", "[0, 0, 0]"},
          {"scale down([], 10)", "[]"}, {"scale down([0, 0], 0)", "[0, 0]"},
          {"total(scale down([7, 11, 13], 10))", "10"},
          {"scale down([1], -1)", "Expected a budget of zero or more, found number -1."},
          {"scale down([-1], 1)", "Expected a weight of zero or more, found number -1."});
    CHECK("instalments come to the whole", {"instalments(100, 3)", "[33.34, 33.33, 33.33]"},
          {"instalments(100, 1)", "[100]"}, {"instalments(-0.01, 2)", "[-0.01, 0]"},
          {"instalments(100, [1, 2, 1])", "[25, 50, 25]"},
          {"instalments(10, 4, 0)", "[3, 3, 2, 2]"},
          {"instalments(10, 0)",
           "Expected a number of parts from 1 to 1000, or weights, found number 0."},
          {"instalments(10, 1001)",
           "Expected a number of parts from 1 to 1000, or weights, found number 1001."},
          {"instalments(10, 1.5)",
           "Expected a number of parts from 1 to 1000, or weights, found number 1.5."});
}

#define TIERS "[{from: 0, rate: 0.01}, {from: 5000, rate: 0.02}]"
#define BANDS "[{from: 0, amount: 50}, {from: 100, amount: 70}, {from: 300, to: 400, amount: 10}]"

static void test_steps(void)
{
    CHECK("a step of a running total is what the total gives more",
          {"tier marginal step(4000, 7000, " TIERS ").amount", "50"},
          {"tier marginal step(7000, 4000, " TIERS ").amount", "-50"},
          {"tier marginal step(5000, 5001, " TIERS ").amount", "0.02"},
          {"tier marginal step(4999, 5000, " TIERS ").amount", "0.01"},
          {"tier marginal step(-10, 10, " TIERS ").amount", "0.1"},
          {"tier marginal step(1, 1, " TIERS ")", "{amount: 0, parts: [], effective rate: null}"},
          {"tier marginal step(7000, 4000, " TIERS ").parts.part", "[-1000, -2000]"},
          {"tier marginal step(0, 7000, " TIERS ") = tier marginal(7000, " TIERS ")", "true"},
          {"tier marginal step(0, 9, [{from: 0, to: 5, rate: 1}]).amount", "5"},
          {"tier marginal step(0, 9, [{from: 0, amount: 1}])",
           "Expected a rate in every row, found null."});
}

static void test_lines(void)
{
    CHECK("completed amounts count whole, the reached one by its filled part",
          {"tier interpolated(0, " BANDS ").amount", "0"},
          {"tier interpolated(50, " BANDS ").amount", "25"},
          {"tier interpolated(100, " BANDS ").amount", "50"},
          {"tier interpolated(200, " BANDS ")", "{amount: 85, from: 100, index: 2}"},
          {"tier interpolated(350, " BANDS ").amount", "125"},
          {"tier interpolated(9000, " BANDS ").amount", "130"},
          {"tier interpolated(-1, " BANDS ")", "null"},
          {"tier interpolated(1, [{from: 0, amount: 1}])",
           "Expected an end (\"to\") of the last row, found null."});
    CHECK("points are joined by straight lines and the last one holds",
          {"tier interpolated(50, " BANDS ", \"points\").amount", "60"},
          {"tier interpolated(100, " BANDS ", \"points\").amount", "70"},
          {"tier interpolated(200, " BANDS ", \"points\").amount", "40"},
          {"tier interpolated(5000, " BANDS ", \"points\").amount", "10"},
          {"tier interpolated(-1, " BANDS ", \"points\")", "null"},
          {"tier interpolated(1, [{from: 0, rate: 1}], \"points\")",
           "Expected an amount in every row, found null."},
          {"tier interpolated(1, [{from: 0, amount: 1}], \"line\")",
           "Expected \"completed amounts\" or \"points\", found string \"line\"."});
}

static void test_chains(void)
{
    CHECK(
        "levels are those who are qualified",
        {"roll up([{level: 1, qualified: false}, {level: 2, qualified: true}, {level: 3, "
         "qualified: null}, {level: 4, qualified: true}], 2).level",
         "[1, 2]"},
        {"roll up([{level: 1, qualified: true, p: \"a\"}, {level: 2, qualified: true, p: \"b\"}], "
         "1)",
         "[{level: 1, qualified: true, p: \"a\"}]"},
        {"roll up([{level: 1, qualified: false}, {level: 2, qualified: true}], 1, \"none\")", "[]"},
        {"roll up([{level: 1, qualified: false}, {level: 2, qualified: true}], 2, \"none\").level",
         "[2]"},
        {"roll up([], 3)", "[]"},
        {"roll up([{level: 1}], 1)", "There is no \"qualified\" in the context."},
        {"roll up([{qualified: true}], 1)", "There is no \"level\" in the context."},
        {"roll up([{level: 1, qualified: \"yes\"}], 1)", "Expected boolean, found string \"yes\"."},
        {"roll up([1], 1)", "Expected context, found number 1."},
        {"roll up([], 1, \"all\")", "Expected \"standard\" or \"none\", found string \"all\"."});
    CHECK("each rate gives what it is above those below",
          {"differential([0.05, 0.03, 0.08, 0.08])", "[0.05, 0, 0.03, 0]"},
          {"differential([])", "[]"}, {"differential([-1, 1])", "[0, 1]"},
          {"differential([0.1, null])", "Expected number, found null."});
    CHECK("each takes of what is left",
          {"subtract down(100, [0.1, 0.2, 1, 0.5])", "[10, 18, 72, 0]"},
          {"subtract down(-100, [0.1, 0.2])", "[-10, -18]"}, {"subtract down(100, [])", "[]"},
          {"subtract down(1, [\"x\"])", "Expected number, found string \"x\"."});
    CHECK("legs match by the weaker one",
          {"match legs(500, 300)", "{matched: 300, carry left: 200, carry right: 0}"},
          {"match legs(0, 300)", "{matched: 0, carry left: 0, carry right: 300}"},
          {"match legs(-20, 300)", "{matched: 0, carry left: -20, carry right: 300}"},
          {"match legs(7, 7)", "{matched: 7, carry left: 0, carry right: 0}"});
}

static void test_others(void)
{
    CHECK("tax is taken out of an amount", {"tax excluded(121, 0.21)", "100"},
          {"tax excluded(-121, 0.21)", "-100"}, {"tax excluded(5, 0)", "5"},
          {"tax excluded(5, -0.1)", "Expected a rate of zero or more, found number -0.1."});
    CHECK("an amount is turned by a rate that there is",
          {"convert(5, \"EUR\", \"EUR\", date(2026, 1, 5))", "5"},
          {"convert(5, \"GBP\", \"USD\", date(2026, 1, 5))",
           "There is no rate from GBP to USD on 2026-01-05."},
          {"convert(5, \"GBP\", \"USD\", 7)", "Expected date, found number 7."});
    CHECK("a plan's share needs a plan", {"plan share(85, 100)", "0.85"},
          {"plan share(-5, 100)", "-0.05"}, {"plan share(0, 100)", "0"},
          {"plan share(85, null)", "There is no plan to compare with."},
          {"plan share(null, 85)", "There is nothing to compare with the plan."},
          {"plan share(85, 0)", "Expected a plan above zero, found number 0."});
}

int main(void)
{
    test_allocate();
    test_distribute();
    test_budget();
    test_steps();
    test_lines();
    test_chains();
    test_others();
    return done_testing();
}
