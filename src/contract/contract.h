/* contract: partner x legal entity. What may change by agreement (currency, period, schemes with
 * individual values, due and hold days) stands in dated versions; the rest is of the contract
 * itself. A contract ends, it is never deleted. */
#ifndef KONTOR_CONTRACT_H
#define KONTOR_CONTRACT_H

#include "http/http.h"
#include "money/money.h"
#include "op/op.h"
#include "scheme/scheme.h"

enum { CONTRACT_NO_END = 4000000 }; /* day: without end */

struct contract {
    int64_t id, revision;
    struct str code;
    int64_t partner_id, entity_id;
    struct str nature, state;
    struct opt_i64 signed_day;
    int64_t from_day, to_day; /* half-open */
    struct opt_i64 archived_at;
};

struct contract_term { /* an individual value of a scheme's attribute */
    struct str name, value;
};
struct contract_bound { /* a scheme bound by a version */
    int64_t id;         /* contract_scheme */
    int64_t scheme_id;
    struct str scheme_code, scheme_name;
    struct contract_term *terms;
    size_t terms_len;
};
struct contract_version {
    int64_t id, contract_id, number, revision;
    int64_t from_day;
    int64_t to_day; /* where the next version begins, or the contract ends */
    const struct currency *currency, *pay_currency;
    enum period_kind period_kind;
    int period_anchor;
    int64_t due_days, hold_days, accept_days, minimum_minor;
    struct str vat_mode, documents_by, note;
    bool has_netting;
    struct contract_bound *schemes; /* in order of position */
    size_t schemes_len;
};

enum rc contract_get(struct op *op, int64_t id, struct contract *out);
enum rc contract_by_code(struct op *op, struct str code, struct contract *out);
/* id 0: a new one, in state draft. RC_INVALID with fields, RC_CONFLICT on revision. */
enum rc contract_save(struct op *op, const struct contract *in, int64_t *out_id);
/* draft -> active, active <-> suspended, active -> terminated (from a day)…; states of domain. */
enum rc contract_state_set(struct op *op, int64_t id, int64_t revision, struct str state);
/* Adds a version (id 0) or changes one that has not begun to be paid by: one whose from_day lies
 * in a posted period is refused (RC_CONFLICT) by contract_version_guard. Values are checked by the
 * scheme's attributes. */
enum rc contract_version_save(struct op *op, const struct contract_version *in, int64_t *out_id);
/* In order of from_day, with bound schemes and terms. */
struct contract_versions {
    struct contract_version *at;
    size_t len, cap;
};
enum rc contract_versions(struct op *op, int64_t contract_id, struct contract_versions *out);

/* Reward stands above and knows what is posted; it says here from which day a contract's versions
 * may still be changed. Without it all may. */
void contract_version_guard_set(enum rc (*guard)(struct op *op, int64_t contract_id,
                                                 int64_t *out_free_from_day));

/* ---- for calculation: everything at once ---- */

struct contract_terms {
    int64_t id, partner_id, entity_id, branch_id;
    struct str code, nature, partner_code, partner_name;
    int64_t from_day, to_day;         /* of the contract, cut by its end */
    struct contract_version *versions; /* that overlap the asked days, in order */
    size_t versions_len;
};
struct contract_terms_list {
    struct contract_terms *at;
    size_t len, cap;
};
/* Contracts whose state is active (or ended later than from_day) that overlap [from_day, to_day),
 * in order of code (numbers inside codes compare as numbers). contract_id 0: all. In a handful of
 * queries whatever the number of contracts. Unscoped: for runs, which are the system's. */
enum rc contract_terms_in(struct op *op, int64_t from_day, int64_t to_day, int64_t contract_id,
                          struct contract_terms_list *out);

extern const struct route contract_routes[];
extern const struct permission contract_permissions[]; /* contract.read, contract.edit, … */
extern const size_t contract_permissions_len;
void contract_start(void);

#endif
