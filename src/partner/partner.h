/* partner: any counterparty: dealer, agent, distributor, reseller, franchisee, affiliate, supplier…
 * A partner has roles, not a subtype; blocked is a flag with scope, apart from the life cycle;
 * nothing is deleted. Relations between partners are dated edges of named trees without loops. */
#ifndef KONTOR_PARTNER_H
#define KONTOR_PARTNER_H

#include "http/http.h"
#include "op/op.h"
#include "org/org.h"

enum { PARTNER_NO_END = 4000000 }; /* day: without end */

struct partner {
    int64_t id, revision;
    struct str code, name, legal_name;
    struct str state; /* prospect, applied, approved, active, suspended, terminated, rejected */
    int64_t branch_id;
    struct opt_i64 manager_id, level_id;
    struct str kind; /* company, sole_trader, self_employed, individual, non_resident */
    struct str country;
    struct org_tax tax;
    struct str vat_mode, email, phone, site;
    bool is_sales_blocked, is_links_blocked, is_payouts_blocked;
    struct str block_reason;
    int64_t last_sale_at; /* 0: none */
    int64_t since;
    struct opt_i64 archived_at;
};

enum rc partner_get(struct op *op, int64_t id, struct partner *out);
enum rc partner_by_code(struct op *op, struct str code, struct partner *out);
/* id 0: a new one. RC_INVALID with fields, RC_CONFLICT (code taken, revision). */
enum rc partner_save(struct op *op, const struct partner *in, int64_t *out_id);
enum rc partner_state_set(struct op *op, int64_t id, int64_t revision, struct str state);

struct partner_block {
    bool is_sales_blocked, is_links_blocked, is_payouts_blocked;
    struct str reason; /* required when anything is blocked */
};
enum rc partner_block_set(struct op *op, int64_t id, int64_t revision,
                          const struct partner_block *block);
/* Facts of these partners were stored: moves last_sale_at forward. */
struct partner_sold {
    int64_t partner_id, at;
};
enum rc partner_sold(struct op *op, const struct partner_sold *sold, size_t len);

/* ---- relations ---- */

struct partner_relation {
    int64_t id, revision;
    struct str tree; /* owner, sponsor, placement, territory, supply */
    int64_t parent_id, partner_id;
    int64_t from_day, to_day; /* half-open */
    int64_t share;            /* millionths */
};
/* id 0: a new one. RC_CONFLICT when it would close a loop in its tree on some day, or when the
 * partner has another parent in that tree then (the message names both). */
enum rc partner_relation_save(struct op *op, const struct partner_relation *in, int64_t *out_id);
enum rc partner_relation_end(struct op *op, int64_t id, int64_t revision, int64_t to_day);

struct partner_edges {
    struct partner_relation *at;
    size_t len, cap;
};
/* All edges of a tree that are in force on a day. Unscoped: for runs. */
enum rc partner_edges_on(struct op *op, struct str tree, int64_t day, struct partner_edges *out);

/* ---- what forms of other modules choose from ---- */

/* Partners whose name or code holds the text, at most 20, for a search field. */
struct partner_choice {
    int64_t id;
    struct str code, name;
};
struct partner_choices {
    struct partner_choice *at;
    size_t len, cap;
};
enum rc partner_search(struct op *op, struct str text, struct partner_choices *out);

extern const struct route partner_routes[];
extern const struct permission partner_permissions[]; /* partner.read, partner.edit, … */
extern const size_t partner_permissions_len;
void partner_start(void);

#endif
