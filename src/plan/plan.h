/* plan: what partners are to reach. A plan is a target of one metric in one period, for a partner
 * as a whole, for one of its contracts or one of its points of sale. Schemes ask for it by the
 * metric's name; what they have reached, and what that pays, is theirs to say.
 *
 * A plan of a longer period may have a profile: weights of its equal parts, by which months and
 * quarters inside it have plans too. Who was there for a part of a period only has a part of its
 * plan, by the rule of the plan, rounded as the plan says. */
#ifndef KONTOR_PLAN_H
#define KONTOR_PLAN_H

#include "http/http.h"
#include "op/op.h"
#include "when/when.h"

struct plan {
    int64_t id, revision;
    int64_t partner_id;
    struct opt_i64 contract_id, outlet_id; /* of this partner; at most one of them */
    struct str metric;                     /* "net sales": schemes ask for it by this name */
    struct str kind;                       /* target, minimum, stretch */
    struct str period;                     /* "2026-10", "2026-Q4", "2026" */
    int64_t from_day, to_day;              /* of the period */
    struct str target;                     /* a decimal above zero */
    struct str unit;                       /* a currency's code, or any word; may be empty */
    struct str proration;                  /* none, days, whole months, profile */
    struct str profile;                    /* "25 25 50"; empty: none */
    struct str rounding;                   /* half up, up, down */
    int64_t scale;                         /* digits behind the point, 0 to 6 */
    struct str note;
    struct opt_i64 archived_at;
};

enum rc plan_get(struct op *op, int64_t id, struct plan *out);
/* id 0: a new one. What was left empty gets what is usual: kind target, no proration, half up, no
 * digits. Fills period days. RC_INVALID with fields; RC_CONFLICT: there is such a plan already, or
 * the revision. The partner never changes. Permission plan.edit. */
enum rc plan_save(struct op *op, const struct plan *in, int64_t *out_id);
/* One that is archived counts no more. */
enum rc plan_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
/* The one in use that says the same but for its figures, for files: RC_MISSING: none. */
enum rc plan_same(struct op *op, const struct plan *in, struct plan *out);
/* Trims, sets what is usual, checks; RC_INVALID with fields. */
enum rc plan_check(struct op *op, struct plan *plan);

/* ---- for calculation ---- */

struct plan_list { /* by partner, then the shortest period first */
    struct plan *at;
    size_t len, cap;
};
/* All that hold the whole of [from_day, to_day). Unscoped: runs are the system's. */
enum rc plan_all_in(struct op *op, int64_t from_day, int64_t to_day, struct plan_list *out);

struct plan_part { /* days, half-open */
    int64_t from_day, to_day;
    int64_t active_from, active_to; /* in which the contract was in force */
    int64_t active_days;            /* those of them that count */
};
/* The plan of a part of its period: whole, and as prorated to the active part; both rounded. False:
 * the plan has no profile that would say it. */
MUST_USE bool plan_of(const struct plan *plan, const struct plan_part *part, struct dec *out_full,
                      struct dec *out_target);

extern const struct route plan_routes[];
extern const struct permission plan_permissions[]; /* plan.read, plan.edit */
extern const size_t plan_permissions_len;
void plan_start(void);

#endif
