/* The files of templates/, inside the program, in the order of the gallery. */
#include "scheme/scheme_template.h"

/* The Makefile says that this file depends on them. */
#define EMBED(symbol, file)                                                                        \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"src/scheme/templates/" file                 \
            "\"\n.byte 0\n.previous\n");                                                           \
    extern const char symbol[]

#define TEMPLATES(X)                                                                               \
    X(fixed, "fixed")                                                                              \
    X(percent, "percent")                                                                          \
    X(tiered_whole, "tiered-whole")                                                                \
    X(tiered_marginal, "tiered-marginal")                                                          \
    X(category_tiers, "category-tiers")                                                            \
    X(plan_based, "plan-based")                                                                    \
    X(conversion_based, "conversion-based")                                                        \
    X(recurring, "recurring")                                                                      \
    X(multi_level, "multi-level")                                                                  \
    X(split, "split")                                                                              \
    X(clawback, "clawback")                                                                        \
    X(telecom, "telecom")                                                                          \
    X(margin, "margin")                                                                            \
    X(referral, "referral")

#define X(symbol, code)                                                                            \
    EMBED(scheme__file_##symbol, code ".dmn");                                                     \
    EMBED(scheme__example_##symbol, code ".scenario");
TEMPLATES(X)
#undef X

static const struct scheme_template templates[] = {
#define X(symbol, code) {code, scheme__file_##symbol, scheme__example_##symbol},
    TEMPLATES(X)
#undef X
};

const struct scheme_template *scheme_templates(size_t *out_len)
{
    *out_len = LEN(templates);
    return templates;
}

const struct scheme_template *scheme_template_find(struct str code)
{
    for (size_t i = 0; i < LEN(templates); i++)
        if (str_eq(str_of(templates[i].code), code))
            return &templates[i];
    return NULL;
}
