/* contract: partner x legal entity. What may change by agreement (currency, period, schemes with
 * individual values, due and hold days) stands in dated versions; the rest is of the contract
 * itself. A contract ends, it is never deleted. */
#ifndef KONTOR_CONTRACT_H
#define KONTOR_CONTRACT_H

#include "cli/cli.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "money/money.h"
#include "op/op.h"
#include "scheme/scheme.h"
#include "setting/setting.h"
#include "ui/ui.h"

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
/* How schemes of a contract combine: those with the same word are a group of which only one counts.
 * Order of the schemes is their priority, and decides ties. */
#define CONTRACT_COMBINES(X)                                                                       \
    X(CONTRACT_ADD, 1, "", M("All are added"))                                                     \
    X(CONTRACT_HIGHEST, 2, "highest", M("Of each event the highest amount counts"))                \
    X(CONTRACT_HIGHEST_IN_PERIOD, 3, "highest in period",                                          \
      M("The highest amount of the period counts"))                                                \
    X(CONTRACT_FIRST, 4, "first", M("Of each event the first that gives something counts"))

enum contract_combine {
#define X(combine, number, word, label) combine = (number),
    CONTRACT_COMBINES(X)
#undef X
};
const char *contract_combine_name(enum contract_combine combine);  /* as it is stored */
const char *contract_combine_label(enum contract_combine combine); /* message key */
enum contract_combine contract_combine_find(struct str name);      /* 0: none of them */

struct contract_bound { /* a scheme bound by a version */
    int64_t id;         /* contract_scheme */
    int64_t scheme_id;
    struct str scheme_code, scheme_name;
    enum contract_combine combine; /* 0 when saving: it is added */
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
/* id 0: a new one, in state draft; `state` is not looked at. RC_INVALID with fields, RC_CONFLICT on
 * revision. The partner never changes; entity and nature only in a draft. The first version begins
 * with the contract and moves along with it. Permission contract.edit, as for everything here. */
enum rc contract_save(struct op *op, const struct contract *in, int64_t *out_id);
/* Along the arrows of contract_may_become; RC_CONFLICT otherwise. In approval asks for the approval
 * kind "contract" (and passes on to in_signature by itself when that needs none); while it needs
 * one, nothing else leads out of a draft. Terminated ends today; see contract_end. */
enum rc contract_state_set(struct op *op, int64_t id, int64_t revision, struct str state);
bool contract_may_become(struct str from, struct str to);
/* Terminates so that `to_day` is the first day without it. */
enum rc contract_end(struct op *op, int64_t id, int64_t revision, int64_t to_day);
/* Suspended from a day on (also an earlier one, or one to come): what happens on suspended days
 * earns nothing. `reason` may be empty. RC_INVALID on "from_day" outside the contract's days or
 * before the end of an earlier suspension, RC_CONFLICT when rewards up to then are posted. The
 * state follows on the day. */
enum rc contract_suspend(struct op *op, int64_t id, int64_t revision, int64_t from_day,
                         struct str reason);
/* The last suspension ends: `day` is the first one in force again. On its own first day it is
 * called off. RC_INVALID on "day", RC_CONFLICT when nothing is suspended. */
enum rc contract_resume(struct op *op, int64_t id, int64_t revision, int64_t day);
struct contract_suspension {
    int64_t id, from_day, to_day; /* half-open; CONTRACT_NO_END: until it is resumed */
    struct str reason;
};
struct contract_suspensions { /* newest first */
    struct contract_suspension *at;
    size_t len, cap;
};
enum rc contract_suspensions(struct op *op, int64_t contract_id, struct contract_suspensions *out);
/* Suspensions that begin or end today set the states; RC_MISSING: none. A tick calls it. */
enum rc contract_settle(struct op *op);
/* Out of the lists; only drafts and what has ended. */
enum rc contract_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
/* Those past their last day become expired; RC_MISSING: none. The tick calls it. */
enum rc contract_expire(struct op *op);
/* Adds a version (id 0) or changes one that has not begun to be paid by: one whose from_day lies
 * in a posted period is refused (RC_CONFLICT) by contract_version_guard. Values are checked by the
 * scheme's attributes. */
enum rc contract_version_save(struct op *op, const struct contract_version *in, int64_t *out_id);
/* RC_MISSING also when the contract is not visible; with to_day, schemes and terms. */
enum rc contract_version_get(struct op *op, int64_t version_id, struct contract_version *out);
/* What a fault about an individual value has as its field: "term:CODE:attribute name". */
const char *contract_term_field(struct op *op, struct str scheme_code, struct str name);
/* A version that has not begun, and is not the first, may go. */
enum rc contract_version_remove(struct op *op, int64_t version_id, int64_t revision);
/* The terms of a day: in force then, else the first to come; NULL when there are none. */
struct contract_versions;
const struct contract_version *contract_version_on(const struct contract_versions *versions,
                                                   int64_t day);
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

/* ---- many new ones at once: for files (contract_bulk.c) ---- */

/* What many contracts have in common, each looked up once; lives on the arena. It may be NULL where
 * a function takes it. */
struct contract_memo;
struct contract_memo *contract_memo_new(struct arena *arena);
/* The caller has found this partner, visible to the actor; `code` lives as long as the memo. */
void contract_memo_partner(struct contract_memo *memo, int64_t partner_id, struct str code);
/* The scheme as it is in force on that day; RC_MISSING: it has no version yet. */
enum rc contract_scheme_on(struct op *op, struct contract_memo *memo, int64_t scheme_id,
                           int64_t day, const struct scheme **out);

/* Those of the codes that there are, however they are written in large and small letters. */
struct contract_list {
    struct contract *at;
    size_t len, cap;
};
enum rc contract_by_codes(struct op *op, const struct str_list *codes, struct contract_list *out);

struct contract_new {
    struct contract contract; /* its state is that which it gets: draft, or active right away */
    struct contract_version version;
};
/* As contract_save and contract_version_save check; RC_INVALID with fields. The caller has asked
 * whether an active contract needs an approval. */
enum rc contract_new_check(struct op *op, struct contract_memo *memo, struct contract_new *new);
/* Adds what was checked, in a handful of statements. RC_CONFLICT when one of the codes is taken. */
enum rc contract_add_all(struct op *op, struct contract_memo *memo,
                         struct contract_new *const *news, size_t len);

/* ---- for calculation: everything at once ---- */

struct contract_span { /* days, half-open */
    int64_t from_day, to_day;
};
struct contract_terms {
    int64_t id, partner_id, entity_id, branch_id;
    struct str code, nature, partner_code, partner_name;
    int64_t from_day, to_day;          /* of the contract, cut by its end */
    struct contract_version *versions; /* that overlap the asked days, in order */
    size_t versions_len;
    struct contract_span *suspensions; /* that overlap the asked days, in order */
    size_t suspensions_len;
};
struct contract_terms_list {
    struct contract_terms *at;
    size_t len, cap;
};
/* Contracts that were in force on a day of [from_day, to_day), whatever became of them since, in
 * order of code (numbers inside codes compare as numbers); one that was suspended on all of its
 * days there is left out. contract_id 0: all. In a handful of queries whatever the number of
 * contracts. Unscoped: for runs, which are the system's. */
enum rc contract_terms_in(struct op *op, int64_t from_day, int64_t to_day, int64_t contract_id,
                          struct contract_terms_list *out);

/* ---- on pages of other modules ---- */

/* The partner's contracts as a card: code, nature, schemes of today, dates, state; the newest first
 * at most 20, with a link to all of them, and a button for who may add one. */
enum rc contract_of_partner(struct req *r, int64_t partner_id, struct safe_html *out);
struct str contract_href(struct op *op, int64_t contract_id); /* its page in the console */
struct str contract_nature_word(const struct lang *lang, struct str nature);

extern const struct job_kind contract_job_kinds[];
extern const struct setting_def contract_settings[]; /* contract.announce */
extern const struct outbox_subscriber contract_subscribers[];
extern const struct job_tick contract_ticks[];
extern const struct route contract_routes[];
extern const struct ui_finder contract_finders[]; /* of the search; ended by {0} */
extern const struct permission
    contract_permissions[]; /* contract.read, .edit, .export, .approve; of partners contract.own */
extern const size_t contract_permissions_len;
void contract_start(void);

#endif
