/* Which branch of an "if" an amount came from. */
#include "reward/reward_branch.h"
#include "tests/tap.h"

#define WAYS(...)                                                                                  \
    &(struct reward__ways)                                                                         \
    {                                                                                              \
        .at = (struct reward__way[]){__VA_ARGS__},                                                 \
        .len = LEN(((struct reward__way[]){__VA_ARGS__}))                                          \
    }

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct reward__branched b;
    reward__branches_take(arena, STR("if event.type = \"a, if\" then {amount: x} else null"),
                          WAYS({1, 1, true}), &b);
    is_str(b.text, "{amount: x}", "the branch that was taken");
    is_str(b.tests.at[0].text, "event.type = \"a, if\"", "its condition as it is written");
    ok(b.tests.at[0].is_true, "and that it held");
    reward__branches_take(arena, STR("(if(a)then(small)else big * 2)"), WAYS({1, 2, false}), &b);
    is_str(b.text, "(big * 2)", "the other branch");
    ok(b.tests.len == 1 && !b.tests.at[0].is_true, "and that it did not hold");
    reward__branches_take(arena, STR("x *\n  (if d = 1 then first else second)"),
                          WAYS({2, 4, true}), &b);
    is_str(b.text, "x *\n  (first)", "in a later line");
    reward__branches_take(arena, STR("ставка * (if d = 1 then first else second)"),
                          WAYS({1, 11, true}), &b);
    is_str(b.text, "ставка * (first)", "columns count characters");
    reward__branches_take(arena, STR("if a then (if b then p else q) else null"),
                          WAYS({1, 1, true}, {1, 12, false}), &b);
    is_str(b.text, "(q)", "one inside the other");
    ok(b.tests.len == 2, "both conditions are kept");
    reward__branches_take(arena, STR("if a then (if b then p else q) else null"),
                          WAYS({1, 12, true}), &b);
    is_str(b.text, "if a then (p) else null", "only the inner one is known");
    reward__branches_take(arena, STR("for d in l return if d = 1 then x else y"),
                          WAYS({1, 19, true}, {1, 19, false}), &b);
    is_str(b.text, "for d in l return if d = 1 then x else y",
           "what went both ways stays as it is written");
    ok(b.tests.len == 0, "and nothing is claimed");
    reward__branches_take(arena, STR("if a then x else y"), WAYS({1, 2, true}), &b);
    is_str(b.text, "if a then x else y", "so does what nothing is known of");
    reward__branches_take(arena, STR("if activations"), WAYS({1, 1, true}), &b);
    is_str(b.text, "if activations", "half a formula is left alone");
    return done_testing();
}
