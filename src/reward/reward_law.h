/* How much of a line a law takes back. */
#ifndef KONTOR_REWARD_LAW_H
#define KONTOR_REWARD_LAW_H

#include "reward/reward_original.h"

struct reward__taken {    /* what a law says about one reversal */
    struct dec weight;    /* of the reversed part, 0…1; by a rule of the scheme: of the line */
    struct dec from, to;  /* the part that counts as reversed before and after it */
    int64_t served, term; /* term 0: the law has none */
    bool is_in_days;
    const struct reward__segment *segment; /* where a rule of the scheme was computed; NULL: none */
};

/* False: it cannot be known; the contract's result says why. */
enum rc reward__law(struct reward__calc *calc, struct reward__contract *contract,
                    const struct reward__rewarded *line, const struct reward__reversal *reversal,
                    struct reward__taken *out, bool *out_is_known);

/* reward_share.c: what an output of kind clawback gives, once a reversal and giving partner. */
enum rc reward__share(struct reward__calc *calc, struct reward__contract *contract,
                      const struct reward__rewarded *line, const struct reward__reversal *reversal,
                      struct reward__taken *out, bool *out_is_known);

#endif
