/* What can be read out of a scheme's formulas and tables without running them: the factors of an
 * amount, bounds of cells, and from these the next tier: how much is missing and what it would
 * pay. Whatever cannot be proved is left out. */
#ifndef KONTOR_REWARD_TIER_H
#define KONTOR_REWARD_TIER_H

#include "json/json.h"
#include "reward/reward_int.h"

/* ---- words put in the place of names ---- */

struct reward__word {
    struct str name, value;
};
struct reward__words {
    struct reward__word *at;
    size_t len, cap;
};
/* Nothing is added for an empty name or an absent value. */
void reward__words_add(struct arena *arena, struct reward__words *words, struct str name,
                       struct str value);
/* Names that stand alone, the longest first, outside of strings. */
struct str reward__words_put(struct arena *arena, const struct reward__words *words,
                             struct str text);
bool reward__names(struct str text, struct str name); /* does it stand in the text? */

/* ---- formulas ---- */

/* Of "{amount: X, …}" and "for a in b return {amount: X, …}" the X; another text as it is. */
struct str reward__amount_text(struct str text);
/* The factors of a pure product of names and numbers; false for any other formula. */
bool reward__factors(struct arena *arena, struct str amount, struct str_list *out);
/* The value an attribute had for the contract (the last segment of the scheme's version). */
struct str reward__term_of(const struct json_value *inputs, const struct scheme *scheme,
                           struct str name);
/* Does a rate of this output come from attributes in percent? */
bool reward__is_percent(const struct scheme *scheme, struct str decision);

/* ---- cells ---- */

struct reward__bounds { /* of numbers */
    bool has_from, has_to, is_from_open, is_to_open;
    struct dec from, to;
};
/* ">= 5000", "< 3", "[1..2)", "7"; false: no bounds of numbers ("-", texts, formulas). */
bool reward__bounds(struct str cell, struct reward__bounds *out);

/* ---- the next tier ---- */

struct reward__sum {       /* a line that is there */
    struct str derivation; /* its JSON */
    struct dec exact;
    int64_t amount_minor;
};
struct reward__tier_in {
    const struct scheme *scheme;
    const struct scheme_output *output; /* of lines */
    const struct json_value *inputs;
    const struct currency *currency;
    struct {
        struct reward__sum *at;
        size_t len, cap;
    } lines;
};
struct reward__tier {
    struct str table, input, result; /* words of the scheme: "Own volume", "Factor" */
    struct str input_unit, result_unit;
    struct dec seen, bound, missing; /* bound - seen */
    struct dec value, next;          /* of the row that matched, of the next one */
    bool has_money;                  /* the amount is a product with this value */
    int64_t now_minor, then_minor;   /* all lines of the output */
};
/* The nearest row that gives more, in the output's tables that depend on the period alone. False:
 * there is none, or it cannot be told. */
bool reward__tier_next(struct arena *arena, const struct reward__tier_in *in,
                       struct reward__tier *out);

#endif
