/* What the files of org share: cleaning of fields, records as audit values, views' structs. */
#ifndef KONTOR_ORG_INT_H
#define KONTOR_ORG_INT_H

#include "audit/audit.h"
#include "org/org.h"
#include "text/text.h"
#include "ui/ui.h"

/* Cleans a one-line field; RC_INVALID on `field` when it is empty though needed, or too long. */
enum rc org__line(struct op *op, const char *field, struct str *text, int chars_max,
                  bool is_needed);
/* The later of two outcomes of checks that are all made before the answer: RC_OK only of both. */
enum rc org__worst(enum rc a, enum rc b);
/* The time of archiving as stored. */
struct opt_i64 org__archived(const struct op *op, bool is_archived);
/* Name of a user by the module that knows people; empty when nobody or unknown. */
enum rc org__person(struct op *op, struct opt_i64 user_id, struct str *out);
enum rc org__people(struct op *op, struct org_choices *out);

/* The one field that archiving changes, in the audit. */
enum rc org__audit_archive(struct op *op, const char *action, const char *record, int64_t id,
                           struct str label, struct opt_i64 was, bool is_archived);

/* ---- pages ---- */

#define ent(id) pid_of("ent", (id))
#define brn(id) pid_of("brn", (id))
#define bac(id) pid_of("bac", (id))

struct org_company_page {
    struct ui_head head;
    struct ui_defs facts;
    struct ui_items entities, branches;
    struct safe_html history;
};
struct org__entity_cards { /* beside a legal entity */
    struct ui_actions account_actions;
    struct ui_items accounts, branches;
};
/* "active", "archived" or nothing, as the filter of a query. */
struct opt_i64 org__archived_filter(struct str state);
enum rc org__name_of_languages(struct op *op, struct str languages, struct str *out);

#endif
