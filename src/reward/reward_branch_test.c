/* Which branch of an "if" an amount came from. */
#include "reward/reward_branch.h"
#include "tests/tap.h"

static struct str value(void *self, struct str name)
{
    (void)self;
    if (str_eq(name, STR("activations")))
        return STR("12");
    if (str_eq(name, STR("terms.needed")))
        return STR("10");
    if (str_eq(name, STR("terms.first")))
        return STR("0.05");
    return str_eq(name, STR("terms.second")) ? STR("0.02") : STR_NONE;
}

static struct reward__branched take(struct arena *arena, const char *text, const char *rate)
{
    struct reward__known known = {.value = value, .rate = str_of(rate)};
    struct reward__branched out;
    reward__branches_take(arena, str_of(text), &known, &out);
    return out;
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct reward__branched b =
        take(arena, "if event.type = \"a, if\" then {amount: x} else null", "");
    is_str(b.text, "{amount: x}", "null gives no line, so the other branch was taken");
    is_str(b.conditions.at[0], "event.type = \"a, if\"", "its condition is kept as written");
    b = take(arena, "if activations >= terms.needed and 3 > 2 then big else small", "");
    is_str(b.text, "big", "a condition of known numbers is decided");
    b = take(arena, "if activations < terms.needed then small else big * 2", "");
    is_str(b.text, "big * 2", "also when it does not hold");
    is_str(b.conditions.at[0], "not (activations < terms.needed)", "which is said");
    b = take(arena, "x * (if d.depth = 1 then terms.first else terms.second)", "0.02");
    is_str(b.text, "x * (terms.second)", "the rate of the line tells two values apart");
    b = take(arena, "{amount: x * (if d.depth = 1 then terms.first else terms.second), base: x}",
             "0.05");
    is_str(b.text, "{amount: x * (terms.first), base: x}", "inside a context too");
    b = take(arena, "if a = 1 then x else y", "");
    is_str(b.text, "if a = 1 then x else y", "what cannot be told stays as it is");
    ok(b.conditions.len == 0, "and nothing is claimed");
    b = take(arena, "if activations > 1 then (if activations > 20 then p else q) else null", "");
    is_str(b.text, "(q)", "one inside the other");
    ok(b.conditions.len == 2, "both conditions are kept");
    b = take(arena, "if activations", "");
    is_str(b.text, "if activations", "half a formula is left alone");
    return done_testing();
}
