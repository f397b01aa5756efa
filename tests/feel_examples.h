/* For tests: formulas with what each must come out as, in words. The file that includes it says how
 * a formula comes out: `outcome`. */
#ifndef KONTOR_TESTS_FEEL_EXAMPLES_H
#define KONTOR_TESTS_FEEL_EXAMPLES_H

#include "feel/feel.h"
#include "tests/tap.h"

struct example {
    const char *text, *result;
};

static struct str outcome(struct arena *arena, struct str text);

static void check(const char *rule, const struct example *examples, size_t len)
{
    AUTO_ARENA arena = arena_new(0);
    bool is_ok = true;
    for (size_t i = 0; i < len; i++) {
        struct str is = outcome(arena, str_of(examples[i].text));
        if (str_eq(is, str_of(examples[i].result)))
            continue;
        is_ok = false;
        printf("# %s\n#   is:   " STR_FMT "\n#   want: %s\n", examples[i].text, STR_ARG(is),
               examples[i].result);
    }
    ok(is_ok, rule);
}

#define CHECK(rule, ...)                                                                           \
    do {                                                                                           \
        static const struct example list[] = {__VA_ARGS__};                                        \
        check((rule), list, LEN(list));                                                            \
    } while (0)

#endif
