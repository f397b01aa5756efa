/* A formula's text with the branches of "if" that were taken, as the calculation noted them. Where
 * it went both ways, or an older result has no note, the "if" stays as it is written. */
#ifndef KONTOR_REWARD_BRANCH_H
#define KONTOR_REWARD_BRANCH_H

#include "base/base.h"

struct reward__way { /* one "if", by its place in the text */
    int64_t line, column;
    bool is_true;
};
struct reward__ways {
    struct reward__way *at;
    size_t len, cap;
};
struct reward__test {
    struct str text; /* as written */
    int64_t line, column;
    bool is_true;
};
struct reward__branched {
    struct str text; /* the formula with the branches that were taken */
    struct {         /* of the branches that went, each once */
        struct reward__test *at;
        size_t len, cap;
    } tests;
};
void reward__branches_take(struct arena *arena, struct str text, const struct reward__ways *ways,
                           struct reward__branched *out);

#endif
