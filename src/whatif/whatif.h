/* whatif: comparisons. Up to four variants (drafts, other values, other schemes for a partner) are
 * computed over past months beside what was paid, and stored with rows per contract and month.
 * Nothing of it touches results or the ledger: reward_calculate supposes what the variant says.
 *
 * A comparison belongs to who made it and is seen by others once it is shared. Making and seeing
 * one needs run.read and scheme.read; figures are of the partners that the reader sees. */
#ifndef KONTOR_WHATIF_H
#define KONTOR_WHATIF_H

#include "cli/cli.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "reward/reward.h"
#include "ui/ui.h"

enum { WHATIF_VARIANTS_MAX = 4, WHATIF_CHANGES_MAX = 12, WHATIF_MONTHS_MAX = 36 };

struct whatif_changes {
    struct reward_supposition *at; /* without the text of a version: see version_id */
    size_t len, cap;
};
struct whatif_variant {
    int64_t id, position; /* 1 is A, 2 is B… */
    struct str name;
    struct whatif_changes changes;
};
struct whatif {
    int64_t id, revision;
    struct str name, note;
    struct date from, to; /* first days of months, half-open */
    struct money budget;  /* currency NULL: none */
    bool is_shared;
    struct str state; /* draft, calculating, calculated, failed */
    struct str failure;
    struct opt_i64 created_by, calculated_at, archived_at;
    int64_t created_at;
    struct i64_list partner_ids; /* empty: all; for whatif_save */
    struct whatif_variant variants[WHATIF_VARIANTS_MAX];
    size_t variants_len;
};

/* RC_MISSING also when it is somebody else's and not shared. */
enum rc whatif_get(struct op *op, int64_t id, struct whatif *out);
enum rc whatif_by_name(struct op *op, struct str name, struct whatif *out);
/* id 0: a new one. Variants are not looked at. What was computed is dropped when months or partners
 * change. RC_INVALID with fields. */
enum rc whatif_save(struct op *op, const struct whatif *in, int64_t *out_id);
/* position 0: a new one at the end. Drops what was computed. RC_INVALID on "version" when it
 * changes nothing, on "value" for what an attribute cannot be. */
enum rc whatif_variant_save(struct op *op, int64_t whatif_id, const struct whatif_variant *in);
enum rc whatif_variant_remove(struct op *op, int64_t whatif_id, int64_t position);
enum rc whatif_share(struct op *op, int64_t id, int64_t revision, bool is_shared);
enum rc whatif_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
/* For good, with all that was computed. Its maker, or who may change schemes. */
enum rc whatif_remove(struct op *op, int64_t id, int64_t revision);

/* Computes and stores, in this thread. RC_CONFLICT without a variant. */
enum rc whatif_calculate(struct op *op, int64_t id,
                         void (*progress)(void *self, int64_t done, int64_t total), void *self);
/* The same as a job; the page follows it. */
enum rc whatif_start(struct op *op, int64_t id, int64_t *out_job_id);

struct whatif_figures { /* of a variant in one currency, over the partners that the actor sees */
    int64_t position;
    const struct currency *currency;
    int64_t base_minor, total_minor;
    int64_t more, more_minor; /* who gets more, and by how much together */
    int64_t less, less_minor; /* less_minor is negative */
    int64_t same, incomplete;
    struct i64_list deltas; /* of partners, in order */
};
struct whatif_totals { /* by variant, then currency; the one of most partners first */
    struct whatif_figures *at;
    size_t len, cap;
};
enum rc whatif_totals(struct op *op, int64_t id, struct whatif_totals *out);

extern const struct route whatif_routes[];
extern const struct ui_page whatif_pages[];
extern const size_t whatif_pages_len;
extern const struct command whatif_commands[];
extern const struct job_kind whatif_jobs[];
void whatif_start_module(void);

#endif
