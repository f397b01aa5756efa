/* partner: any counterparty: dealer, agent, distributor, reseller, franchisee, affiliate, supplier…
 * A partner has roles, not a subtype; blocked is a flag with scope, apart from the life cycle;
 * nothing is deleted. Relations between partners are dated edges of named trees without loops. */
#ifndef KONTOR_PARTNER_H
#define KONTOR_PARTNER_H

#include "attribute/attribute.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "org/org.h"
#include "ui/ui.h"

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
/* The partner that a form names by its code, in PARTNER_CODE_FIELD: RC_INVALID on "partner" when
 * there is none, or none that the actor sees. */
enum rc partner_named(struct op *op, struct str code, struct partner *out);
#define PARTNER_CODE_FIELD(label_, is_half_)                                                       \
    {                                                                                              \
        .name = "partner", .label = (label_), .kind = UI_FIELD_TEXT, .is_required = true,          \
        .is_half = (is_half_), .max_len = 64                                                       \
    }
/* id 0: a new one. RC_INVALID with fields, RC_CONFLICT (code taken, revision). */
enum rc partner_save(struct op *op, const struct partner *in, int64_t *out_id);

/* Many at once, for files. */
struct partner_list {
    struct partner *at;
    size_t len, cap;
};
/* Those of these codes that the actor sees, in no order. */
enum rc partner_by_codes(struct op *op, const struct str_list *codes, struct partner_list *out);
/* Branches, levels and managers that were looked up: one for a batch, in its arena. */
struct partner_memo;
struct partner_memo *partner_memo_new(struct arena *arena);
/* Cleans a new partner in place; what is wrong is told as by partner_save. */
enum rc partner_check(struct op *op, struct partner_memo *memo, struct partner *p);
/* Stores new partners that passed partner_check, and puts their ids in. RC_CONFLICT: a code is
 * taken (db_conflict), and nothing is stored. */
enum rc partner_add_all(struct op *op, struct partner_memo *memo, struct partner *const *partners,
                        size_t len);
enum rc partner_state_set(struct op *op, int64_t id, int64_t revision, struct str state);

/* A step of the life cycle; suspended partners come back, terminated ones do not. */
bool partner_may_become(struct str from, struct str to);
/* Out of the lists, with everything kept. Not while it is active. */
enum rc partner_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
enum rc partner_manager_set(struct op *op, int64_t id, int64_t revision, struct opt_i64 manager_id);
enum rc partner_level_set(struct op *op, int64_t id, int64_t revision, struct opt_i64 level_id);

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

/* ---- roles, levels, groups, tags ---- */

struct partner_role { /* what a partner does for us: dealer, agent…; a table of the house */
    int64_t id;
    struct str code, label_en, label_ru, label_es;
};
struct partner_roles {
    struct partner_role *at;
    size_t len, cap;
};
enum rc partner_roles_all(struct op *op, struct partner_roles *out);
enum rc partner_roles_of(struct op *op, int64_t partner_id, struct partner_roles *out);
struct str partner_role_label(const struct lang *lang, const struct partner_role *role);
/* Exactly these; permission partner.edit. */
enum rc partner_roles_set(struct op *op, int64_t partner_id, const struct i64_list *role_ids);

struct partner_level {
    int64_t id, revision;
    struct str code, name;
    int64_t position; /* the ladder, from below */
};
struct partner_levels {
    struct partner_level *at;
    size_t len, cap;
};
enum rc partner_levels_all(struct op *op, struct partner_levels *out);
enum rc partner_level_get(struct op *op, int64_t id, struct partner_level *out);
enum rc partner_level_save(struct op *op, const struct partner_level *in, int64_t *out_id);

struct partner_group {
    int64_t id, revision;
    struct str code, name;
    struct opt_i64 archived_at;
};
struct partner_groups {
    struct partner_group *at;
    size_t len, cap;
};
enum rc partner_groups_all(struct op *op, struct partner_groups *out); /* in use, at most 500 */
enum rc partner_groups_of(struct op *op, int64_t partner_id, struct partner_groups *out);
enum rc partner_group_get(struct op *op, int64_t id, struct partner_group *out);
enum rc partner_group_save(struct op *op, const struct partner_group *in, int64_t *out_id);
enum rc partner_group_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
enum rc partner_group_join(struct op *op, int64_t partner_id, int64_t group_id);
enum rc partner_group_leave(struct op *op, int64_t partner_id, int64_t group_id);
enum rc partner_groups_set(struct op *op, int64_t partner_id, const struct i64_list *group_ids);

/* Words of the house in one spelling: folded, at most 40 characters. */
enum rc partner_tags_of(struct op *op, int64_t partner_id, struct str_list *out);
enum rc partner_tags_all(struct op *op, struct str_list *out); /* at most 200 */
enum rc partner_tag_add(struct op *op, int64_t partner_id, struct str tag);
enum rc partner_tags_set(struct op *op, int64_t partner_id, const struct str_list *tags);

/* ---- contacts, addresses, bank details ---- */

struct partner_contact {
    int64_t id, partner_id, revision;
    struct str name, position, email, phone, note;
    bool is_main; /* at most one */
    struct opt_i64 archived_at;
};
struct partner_contacts {
    struct partner_contact *at;
    size_t len, cap;
};
enum rc partner_contact_get(struct op *op, int64_t id, struct partner_contact *out);
enum rc partner_contacts_of(struct op *op, int64_t partner_id, struct partner_contacts *out);
enum rc partner_contact_save(struct op *op, const struct partner_contact *in, int64_t *out_id);
enum rc partner_contact_archive(struct op *op, int64_t id, int64_t revision);

struct partner_address {
    struct str kind; /* legal, postal, actual */
    struct org_address at;
};
struct partner_addresses {
    struct partner_address *at;
    size_t len, cap;
};
enum rc partner_addresses_of(struct op *op, int64_t partner_id, struct partner_addresses *out);
/* All parts empty: there is none. */
enum rc partner_address_set(struct op *op, int64_t partner_id, const struct partner_address *in);

struct partner_bank {
    int64_t id, partner_id, revision;
    struct org_bank bank; /* number: the readable tail, "…4567" */
    bool is_main;         /* where payouts go; at most one */
    struct opt_i64 archived_at;
};
struct partner_banks {
    struct partner_bank *at;
    size_t len, cap;
};
enum rc partner_bank_get(struct op *op, int64_t id, struct partner_bank *out);
enum rc partner_banks_of(struct op *op, int64_t partner_id, struct partner_banks *out);
/* With the whole number, checked and sealed. Permission partner.bank. */
enum rc partner_bank_save(struct op *op, const struct partner_bank *in, int64_t *out_id);
enum rc partner_bank_archive(struct op *op, int64_t id, int64_t revision);
/* The whole number. Permission partner.bank; who read it stands in the journal. */
enum rc partner_bank_reveal(struct op *op, int64_t id, struct str *out_number);

/* ---- outlets ---- */

struct partner_outlet {
    int64_t id, partner_id, revision;
    struct str code, name;
    struct org_address address;
    struct opt_i64 opened_day, closed_day, archived_at;
};
struct partner_outlets {
    struct partner_outlet *at;
    size_t len, cap;
};
enum rc partner_outlet_get(struct op *op, int64_t id, struct partner_outlet *out);
enum rc partner_outlet_by_code(struct op *op, struct str code, struct partner_outlet *out);
enum rc partner_outlets_of(struct op *op, int64_t partner_id, struct partner_outlets *out);
enum rc partner_outlet_save(struct op *op, const struct partner_outlet *in, int64_t *out_id);
enum rc partner_outlet_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);

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

/* ---- figures of the directory, from the module that has them ---- */

struct partner_figure { /* currency NULL: none */
    struct money sales, sales_before, accrued, balance;
};
struct partner_figures {
    const char *permission; /* who lacks it is offered no such column */
    /* Which period the figures are of. RC_MISSING: there are none yet. */
    enum rc (*period)(struct op *op, struct period *out);
    /* Of a page of partners at once; `out` has a place for each and is empty. */
    enum rc (*read)(struct op *op, const struct i64_list *ids, struct period period,
                    struct partner_figure *out);
};
void partner_figures_set(const struct partner_figures *figures); /* at start; NULL: none */

extern const struct job_kind partner_job_kinds[];
extern const struct route partner_routes[]; /* each ended by {0} */
extern const struct route partner_form_routes[];
extern const struct route partner_page_routes[];
extern const struct route partner_step_routes[];
extern const struct route partner_bulk_routes[];
extern const struct route partner_part_routes[];
extern const struct route partner_group_routes[];
extern const struct route partner_outlet_routes[];
extern const struct route partner_portal_routes[];
extern const struct ui_finder partner_finders[];      /* of the search; ended by {0} */
extern const struct permission partner_permissions[]; /* partner.read, partner.edit, … */
extern const size_t partner_permissions_len;
void partner_start(void);

#endif
