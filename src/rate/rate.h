/* rate: what a unit of one currency is worth in another one, from a day on. A rate holds until the
 * next one of its pair and source. The pair that is asked for must be there itself: nothing is
 * turned around or chained, because that would be a rate that nobody has published. */
#ifndef KONTOR_RATE_H
#define KONTOR_RATE_H

#include "http/http.h"
#include "op/op.h"

#define RATE_SOURCE_USUAL "default" /* of rates and schemes that do not say another one */

struct rate {
    int64_t id, revision;
    struct str source;   /* a word such as ECB */
    struct str from, to; /* codes of currencies */
    int64_t day;         /* the first on which it holds */
    struct str value;    /* a decimal above zero: what one unit of `from` is in `to` */
    struct opt_i64 archived_at;
};

enum rc rate_get(struct op *op, int64_t id, struct rate *out);
/* The one in use of the same source, pair and day. RC_MISSING: none. */
enum rc rate_same(struct op *op, const struct rate *in, struct rate *out);
/* Trims, sets what is usual, checks; RC_INVALID with fields. */
enum rc rate_check(struct op *op, struct rate *rate);
/* id 0: a new one. RC_CONFLICT: there is one of this source, pair and day already, or the revision.
 * Permission rate.edit. */
enum rc rate_save(struct op *op, const struct rate *in, int64_t *out_id);
/* One that is archived counts no more. */
enum rc rate_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);

/* ---- for calculation ---- */

struct rates;
/* All that hold on a day up to this one; in op->arena. */
enum rc rates_load(struct op *op, int64_t last_day, const struct rates **out);
/* The rate of a pair on a day, and since when it holds. False: there is none. */
MUST_USE bool rates_find(const struct rates *rates, struct str source, struct str from,
                         struct str to, int64_t day, struct dec *out_rate, int64_t *out_day);

extern const struct route rate_routes[];
extern const struct permission rate_permissions[]; /* rate.read, rate.edit */
extern const size_t rate_permissions_len;
void rate_start(void);

#endif
