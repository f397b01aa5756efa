/* What the files of whatif share. */
#ifndef KONTOR_WHATIF_INT_H
#define KONTOR_WHATIF_INT_H

#include "audit/audit.h"
#include "partner/partner.h"
#include "text/text.h"
#include "whatif/whatif.h"
#include "whatif/whatif_q.h"

#define wif(id) pid_of("wif", (id))

/* ---- computing (whatif_run.c) ---- */

struct whatif__row {
    int64_t position, partner_id, contract_id, from_day, total_minor, result_id;
    const struct currency *currency;
    bool is_posted, is_incomplete;
};
struct whatif__rows {
    struct whatif__row *at;
    size_t len, cap;
};
/* One month of one variant (position 0: of what is in force), with values tried besides. Rows of
 * all partners, in `arena`; who shows them asks who may see whom. */
struct whatif__month {
    const struct whatif *whatif;
    int64_t position;
    struct period period;
    const struct whatif_changes *besides; /* may be NULL */
    struct reward_trail *trail;           /* may be NULL */
    struct reward_reading *reading;       /* may be NULL */
    int64_t contract_id;                  /* 0: all */
};
enum rc whatif__month_calculate(struct op *op, struct arena *arena,
                                const struct whatif__month *month,
                                const struct reward_calculation **out);

/* ---- words and addresses (whatif_words.c) ---- */

struct str whatif__letter(int64_t position); /* "A" */
struct str whatif__href(struct op *op, int64_t id, const char *tail);
/* "REPS, version 3 (draft)"; "Rate of Seafood: 6% → 7%"… */
enum rc whatif__change_words(struct op *op, const struct whatif_variant *variant,
                             const struct reward_supposition *change, struct str *out);
struct str whatif__months_words(struct op *op, const struct whatif *w);
/* The text of a scheme that a variant computes with: its draft, else the one in force now. */
enum rc whatif__model(struct op *op, const struct whatif_variant *variant, int64_t scheme_id,
                      const struct scheme **out);

/* Adds a partner's figures to those of its variant and currency. */
void whatif__figure(struct arena *arena, struct whatif_totals *totals, int64_t position,
                    const struct currency *currency, int64_t base_minor, int64_t total_minor,
                    bool is_incomplete);

#endif
