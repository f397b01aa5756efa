/* What the files of plan share. */
#ifndef KONTOR_PLAN_INT_H
#define KONTOR_PLAN_INT_H

#include "audit/audit.h"
#include "contract/contract.h"
#include "partner/partner.h"
#include "plan/plan.h"
#include "text/text.h"
#include "ui/ui.h"

#define pln(id) pid_of("pln", (id))

extern const struct ui_word plan__kinds[], plan__prorations[], plan__roundings[];

enum { PLAN_PARTS_MAX = 12 };
/* The weights of a profile: how many; 0: it is empty or none. */
size_t plan__profile(struct str profile, struct dec out[PLAN_PARTS_MAX]);
/* "net sales, 2026-Q4" */
struct str plan__label(struct op *op, const struct plan *plan);

#endif
