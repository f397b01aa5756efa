/* Reading formulas and cells as text: what is a product, what bounds a cell has, names put in. */
#include "reward/reward_tier.h"
#include "tests/tap.h"

static bool bounds_are(const char *cell, const char *from, const char *to)
{
    struct reward__bounds bounds;
    struct dec want;
    if (!reward__bounds(str_of(cell), &bounds) || bounds.has_from != (from != NULL) ||
        bounds.has_to != (to != NULL))
        return false;
    if (from && (!dec_parse(str_of(from), &want) || dec_cmp(bounds.from, want) != 0))
        return false;
    return !to || (dec_parse(str_of(to), &want) && dec_cmp(bounds.to, want) == 0);
}

static void cells(void)
{
    struct reward__bounds bounds;
    ok(bounds_are(">= 5000", "5000", NULL), "a lower bound");
    ok(bounds_are("<0.9", NULL, "0.9"), "an upper bound");
    ok(bounds_are("[0.80 .. 1.00)", "0.80", "1.00"), "a range");
    ok(reward__bounds(STR("(1..2]"), &bounds) && bounds.is_from_open && !bounds.is_to_open,
       "its ends are open or closed");
    ok(bounds_are("7", "7", "7"), "a number is both");
    ok(!reward__bounds(STR("-"), &bounds) && !reward__bounds(STR("\"Beverages\""), &bounds) &&
           !reward__bounds(STR("> volume"), &bounds) && !reward__bounds(STR("[a..b]"), &bounds),
       "anything else has no bounds of numbers");
    ok(!reward__bounds(STR(".."), &bounds) && !reward__bounds(STR(""), &bounds) &&
           !reward__bounds(STR("[..]"), &bounds),
       "nor has half a range");
}

static void formulas(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str_list factors = {0}, none = {0};
    is_str(reward__amount_text(STR("{amount: net * rate(a, b), base: net}")), "net * rate(a, b)",
           "the amount of a line, with commas inside brackets");
    is_str(reward__amount_text(STR("for d in downline return {\n amount: d.x, note: \"a\"}")),
           "d.x", "and of a loop");
    is_str(reward__amount_text(STR(" net * rate ")), "net * rate", "a plain formula is itself");
    ok(reward__factors(arena, STR("event.credit.net * tier factor * 2"), &factors) &&
           factors.len == 3 && str_eq(factors.at[1], STR("tier factor")),
       "a product has factors");
    ok(!reward__factors(arena, STR("net * rate + 5"), &none) &&
           !reward__factors(arena, STR("net * (if x then 1 else 2)"), &none) &&
           !reward__factors(arena, STR("net / 2"), &none) &&
           !reward__factors(arena, STR(""), &none),
       "nothing else is one");
}

static void names(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct reward__words words = {0};
    reward__words_add(arena, &words, STR("terms.rate"), STR("4 %"));
    reward__words_add(arena, &words, STR("terms.rate two"), STR("5 %"));
    reward__words_add(arena, &words, STR("net"), STR("100"));
    is_str(reward__words_put(arena, &words, STR("net * terms.rate two + terms.rate")),
           "100 * 5 % + 4 %", "the longest name wins");
    is_str(reward__words_put(arena, &words, STR("internet + \"net\" + net")),
           "internet + \"net\" + 100", "parts of words and texts stay");
    ok(reward__names(STR(">= terms.rate"), STR("terms.rate")) &&
           !reward__names(STR(">= terms.rates"), STR("terms.rate")),
       "a name stands alone or is another");
}

int main(void)
{
    cells();
    formulas();
    names();
    return done_testing();
}
