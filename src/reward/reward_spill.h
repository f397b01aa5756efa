/* Bytes by key, written in any order, read back whole: what a calculation must put away while it
 * works on something else. A little is kept in memory; past a budget everything goes into a file
 * without a name (TMPDIR, else /var/tmp), which vanishes with its descriptor. */
#ifndef KONTOR_REWARD_SPILL_H
#define KONTOR_REWARD_SPILL_H

#include "op/op.h"

struct reward__spill;
/* Lives in `arena`; reward__spill_done closes the file. */
struct reward__spill *reward__spill_new(struct arena *arena, size_t budget_bytes);
void reward__spill_done(struct reward__spill *spill); /* NULL is fine */
/* Appends to what the key has. RC_FULL when the file cannot be made or written. */
enum rc reward__spill_put(struct op *op, struct reward__spill *spill, int64_t key,
                          struct str bytes);
/* Everything of the key, in order, in `arena`; empty when there is nothing. */
enum rc reward__spill_get(struct op *op, const struct reward__spill *spill, int64_t key,
                          struct arena *arena, struct str *out);

#endif
