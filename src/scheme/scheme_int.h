/* What the files of scheme share. */
#ifndef KONTOR_SCHEME_INT_H
#define KONTOR_SCHEME_INT_H

#include "approval/approval.h"
#include "audit/audit.h"
#include "scheme/scheme.h"
#include "scheme/scheme_q.h"
#include "text/text.h"
#include "ui/ui.h"

#define sch(id) pid_of("sch", (id))
#define scv(id) pid_of("scv", (id))

/* "REPS, version 3": how people know a version. */
struct str scheme__version_label(struct op *op, const struct scheme_info *scheme, int64_t number);
/* Both of a version, or RC_MISSING. */
enum rc scheme__version_with(struct op *op, int64_t version_id, struct scheme_version *out,
                             struct scheme_info *out_scheme);

const struct scheme_usage *scheme__usage(void); /* NULL: not set */
enum rc scheme__uses(struct op *op, int64_t scheme_id, int64_t *out);

/* "/schemes/sch_…" or "/schemes/versions/scv_…" and a tail. */
struct str scheme__href(struct op *op, int64_t scheme_id, const char *tail);
struct str scheme__version_href(struct op *op, int64_t version_id, const char *tail);

/* ---- what a version says, made readable (scheme_words.c) ---- */

/* The hit policy of a table as a sentence: a message key. */
const char *scheme__hit_sentence(enum dmn_hit_policy policy);

#endif
