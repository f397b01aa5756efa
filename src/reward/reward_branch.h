/* The branch of an "if" that was taken, found in a formula's text from what is known of an amount:
 * values of decisions and attributes, the rate, and that a line is there at all. Whatever cannot be
 * told stays as it is written. */
#ifndef KONTOR_REWARD_BRANCH_H
#define KONTOR_REWARD_BRANCH_H

#include "base/base.h"

struct reward__known { /* values by name; absent: not known */
    struct str (*value)(void *self, struct str name);
    void *self;
    struct str rate; /* of the line; empty: not known, or lines differ */
};
struct reward__branched {
    struct str text; /* the formula with the branches that were taken */
    struct str_list
        conditions; /* of the branches that went, as written; "not (…)" for "otherwise" */
};
void reward__branches_take(struct arena *arena, struct str text, const struct reward__known *known,
                           struct reward__branched *out);

#endif
