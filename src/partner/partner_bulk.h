/* One change of many partners: by the page that asks for it, and by the job that does it. */
#ifndef KONTOR_PARTNER_BULK_H
#define KONTOR_PARTNER_BULK_H

#include "jobs/jobs.h"
#include "partner/partner_web.h"

enum bulk_kind { BULK_MANAGER = 1, BULK_LEVEL, BULK_GROUP, BULK_TAG, BULK_SUSPEND };

struct partner__bulk {
    enum bulk_kind kind;
    struct opt_i64 value; /* of the manager, the level, the group; absent: none */
    struct str tag;
};
/* Nothing happens to a partner that is already as wanted. RC_CONFLICT: it cannot be suspended. */
enum rc partner__bulk_one(struct op *op, const struct partner__bulk *bulk, int64_t id);
/* The same for each of them in a job of the actor. */
enum rc partner__bulk_enqueue(struct op *op, const struct partner__bulk *bulk,
                              const struct i64_list *ids, struct str title, int64_t *out_job_id);

#endif
