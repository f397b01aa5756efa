/* Explaining an amount: what was stored when it was computed, joined with what people can read: the
 * scheme's labels, the table with its rows, the formula with values put in, the events. The same
 * for staff and partner. */
#ifndef KONTOR_REWARD_EXPLAIN_H
#define KONTOR_REWARD_EXPLAIN_H

#include "json/json.h"
#include "reward/reward_branch.h"
#include "reward/reward_int.h"
#include "reward/reward_tier.h"

struct reward__cell {
    struct str text; /* FEEL with individual values put in: ">= 5000" */
    struct str unit; /* "percent", "money" or empty */
    bool is_output;
};
struct reward__row {
    struct reward__cell *cells;
    size_t cells_len;
    bool is_matched;
    bool is_nearest; /* none matched, and this one failed in the fewest inputs: */
    uint64_t failed; /* as bits */
};
struct reward__table {      /* a decision table with the rule that matched */
    struct str name, owner; /* as people read it; the decision */
    const char *policy;     /* message key: "The first rule that fits counts." */
    struct reward__cell *heads;
    size_t heads_len;
    struct str *seen; /* values of the inputs */
    size_t seen_len;
    struct {
        struct reward__row *at;
        size_t len, cap;
    } rows;
};
struct reward__value { /* a decision's value on the way */
    struct str name, value;
};
struct reward__seen { /* by a condition that did not hold: "0.8 >= 1" */
    struct str owner, text;
    int64_t line, column; /* of the "if" */
};
struct reward__reasoned { /* a decision whose formula has an "if" */
    struct str name;
    struct reward__ways ways;
};

struct reward__explained_line {
    int64_t id, event_seq, occurred_at;
    struct str external_id, product, customer; /* of the event */
    struct money base;                         /* no currency: the scheme gave none */
    struct str rate, exact, note;
    struct money amount;
};

struct reward__explanation {
    int64_t result_id, derivation_id, line_id; /* line_id 0: all lines of the derivation */
    struct str label;                          /* of the output: "Own sales" */
    struct str key;
    struct money amount; /* of these lines together */
    struct str exact;    /* their exact sum, as decimal text */
    struct str scheme_name;
    int64_t scheme_id, version_number;
    struct opt_i64 valid_from;
    struct str description; /* of the decision, may be empty */
    struct str base;        /* sum of what the lines were computed from; empty: not known of all */
    struct str rate;        /* of all lines; empty: they differ */
    const struct scheme *scheme;
    const struct scheme_output *output;
    const struct json_value *inputs;   /* versions and individual values then */
    const struct json_value *reversal; /* of a line that takes back; NULL: of any other */
    const char *rounding; /* message key: "Each line is rounded half up, away from zero." */
    int scale;            /* digits */
    struct money before;  /* what the rule gave in the period before; no currency: nothing */
    struct {
        struct reward__table *at;
        size_t len, cap;
    } tables;
    struct {
        struct reward__value *at;
        size_t len, cap;
    } values;
    struct {
        struct reward__explained_line *at;
        size_t len, cap;
    } lines;           /* at most 500 */
    int64_t lines_len; /* all of them */
    bool is_nothing;   /* the rule gave nothing; no lines */
    int64_t times;     /* how often it came out so */
    struct {
        struct reward__seen *at;
        size_t len, cap;
    } seen;
    struct {
        struct reward__reasoned *at;
        size_t len, cap;
    } reasoned;     /* the output's own first, when it has one */
    int64_t events; /* of the contract in the period */
    struct reward_uncounted uncounted;
};

/* A derivation (line_id 0) or one line; of the first `events_max` lines also what their events are
 * called. RC_MISSING also when the actor may not see it. */
enum rc reward__explain(struct op *op, int64_t derivation_id, int64_t line_id, size_t events_max,
                        struct reward__explanation *out);

/* The output of a line's key, which is that of the rule or "rule:item"; NULL: none of the scheme.
 */
const struct scheme_output *reward__output_of(const struct scheme *scheme, struct str key,
                                              struct str *out_item);
/* The label of a key in a scheme version. */
enum rc reward__label(struct op *op, int64_t version_id, struct str key, struct str *out);

#endif
