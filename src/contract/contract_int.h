/* What the files of contract share. */
#ifndef KONTOR_CONTRACT_INT_H
#define KONTOR_CONTRACT_INT_H

#include "approval/approval.h"
#include "audit/audit.h"
#include "contract/contract.h"
#include "contract/contract_q.h"
#include "org/org.h"
#include "partner/partner.h"
#include "text/text.h"
#include "ui/ui.h"

#define ctr(id) pid_of("ctr", (id))
#define ctv(id) pid_of("ctv", (id))

/* "D-9" before "D-10": folded, runs of digits as numbers. */
struct str contract__code_sort(struct arena *arena, struct str code);
/* As contract_get, and nobody else changes it until the transaction ends. */
enum rc contract__hold(struct op *op, int64_t id, struct contract *out);
/* What stands against a step along an arrow, said; and the step itself with its entry. */
enum rc contract__check_arrow(struct op *op, const struct contract *c, struct str state);
enum rc contract__put_state(struct op *op, const struct contract *old, int64_t revision,
                            struct str state, int64_t to_day);
/* The first day that may still be changed; INT64_MIN: all. */
enum rc contract__free_from(struct op *op, int64_t contract_id, int64_t *out);
/* RC_CONFLICT on `field` when the day lies before it. */
enum rc contract__check_free(struct op *op, int64_t contract_id, const char *field, int64_t day);
int64_t contract__today(const struct op *op);
struct str contract__day_text(struct op *op, int64_t day); /* ISO; empty without end */
struct str contract__day_words(struct op *op, int64_t day); /* as people read it; "–" without end */
struct audit_entry contract__entry(const struct contract *contract, const char *action);

/* ---- words ---- */

extern const struct ui_word contract__natures[], contract__periods[], contract__vat_modes[],
    contract__issuers[];
struct str contract__href(struct op *op, int64_t contract_id, const char *tail);
extern const struct scheme_usage contract__usage; /* who uses a scheme */
struct str contract__version_href(struct op *op, int64_t version_id, const char *tail);

#endif
