/* What the files of partner share: the journal's entry of a partner, the plan of a search, structs
 * of the views. */
#ifndef KONTOR_PARTNER_INT_H
#define KONTOR_PARTNER_INT_H

#include "attribute/attribute.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "partner/partner.h"
#include "text/text.h"
#include "ui/ui.h"

#define prt(id) pid_of("prt", (id))

/* How to look for a text: `phrase` is absent when it is so short or so common that looking on the
 * way through the order is better. */
struct partner__search {
    struct str text, phrase;
};
enum rc partner__search_plan(struct op *op, struct str text, struct partner__search *out);

/* ---- rules ---- */

/* partner.edit, a transaction, the partner as it is. */
enum rc partner__open(struct op *op, struct txn *txn, int64_t id, struct partner *out);
/* An entry about the partner in the journal; nothing when nothing differs. */
enum rc partner__note(struct op *op, const struct partner *partner, const char *action,
                      const struct audit_value *before, const struct audit_value *after,
                      size_t len);
/* Cleans one line in place; RC_INVALID on `field` when longer than chars_max, or empty and needed.
 */
enum rc partner__line(struct op *op, const char *field, struct str *text, int chars_max,
                      bool is_needed);

/* ---- looked up once a batch (partner_memo.c); memo NULL: the database is asked ---- */

/* RC_INVALID with the field: no such branch, level or manager. */
enum rc partner__check_places(struct op *op, struct partner_memo *memo, const struct partner *p);
enum rc partner__check_people(struct op *op, struct partner_memo *memo, const struct partner *p);
/* For the journal. */
enum rc partner__branch_name(struct op *op, struct partner_memo *memo, int64_t id, struct str *out);
enum rc partner__level_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                            struct str *out);
enum rc partner__person_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                             struct str *out);

/* A new revision after a change of something that hangs on the partner. */
enum rc partner__touch(struct op *op, int64_t id);
struct str partner__join(struct op *op, const struct str_list *words); /* "a, b" */

/* ---- pages ---- */

struct str partner__url(struct op *op, int64_t id, const char *tail);

#endif
