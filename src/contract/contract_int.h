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

/* ---- looked up once for many (contract_bulk.c); memo NULL: the database is asked ---- */

enum rc contract__partner_code(struct op *op, struct contract_memo *memo, int64_t id,
                               struct str *out);
enum rc contract__entity(struct op *op, struct contract_memo *memo, int64_t id,
                         struct org_entity *out);
/* *out NULL: the scheme has no version yet; RC_MISSING: there is no such scheme. */
enum rc contract__scheme_on(struct op *op, struct contract_memo *memo, int64_t scheme_id,
                            int64_t day, struct scheme_info *out_info, const struct scheme **out);

/* ---- a contract and its terms: checks, rows, values of the journal ---- */

struct contract__values {
    struct audit_value *at;
    size_t len, cap;
};
enum rc contract__check(struct op *op, struct contract_memo *memo, struct contract *c,
                        const struct contract *old);
/* The terms with which a new contract begins. */
enum rc contract__check_first(struct op *op, struct contract_memo *memo, const struct contract *c,
                              struct contract_version *v);
struct q_contract_insert_in contract__row(struct op *op, const struct contract *c);
struct q_contract_version_insert_in contract__version_row(struct op *op, const struct contract *c,
                                                          const struct contract_version *v);
struct contract__term_rows {
    struct q_contract_term_insert_in *at;
    size_t len, cap;
};
void contract__term_rows_add(struct op *op, const struct contract *c,
                             const struct contract_bound *bound, struct contract__term_rows *out);
/* Names in place of numbers: the journal is read by people, also after records have changed. */
enum rc contract__values_of(struct op *op, struct contract_memo *memo, const struct contract *c,
                            struct contract__values *out);
void contract__version_values(struct op *op, const struct contract_version *v,
                              struct contract__values *out);

/* ---- words ---- */

extern const struct ui_word contract__natures[], contract__periods[], contract__vat_modes[],
    contract__issuers[], contract__combines[];
struct str contract__href(struct op *op, int64_t contract_id, const char *tail);
extern const struct scheme_usage contract__usage; /* who uses a scheme */
struct str contract__version_href(struct op *op, int64_t version_id, const char *tail);

#endif
