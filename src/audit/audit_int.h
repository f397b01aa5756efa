/* audit_int: what the files of audit share. */
#ifndef KONTOR_AUDIT_INT_H
#define KONTOR_AUDIT_INT_H

#include "audit/audit.h"
#include "audit/audit_q.h"
#include "crypt/crypt.h"

enum { AUDIT_TABLES_MAX = 64, AUDIT_CHANGES_MAX = 200, AUDIT_TEXT_MAX = 4000, AUDIT_SALT = 16 };
/* Entries chained by one transaction, as in q_audit_pending: few, because on SQLite everybody who
 * writes waits for it meanwhile. */
enum { AUDIT_CHAIN_BATCH = 250 };

/* ---- names (audit.c) ---- */

struct str audit__label_words(struct op *op, struct str record, struct str label);
const struct audit_name *audit__name(struct str name); /* NULL: not declared */
/* The n-th declared record (no '.' and no ':') or action ('.'); NULL past the end. */
const struct audit_name *audit__name_at(bool is_action, size_t n);
/* Label of a record, action or field in op's language; what is stored when it has no name. */
struct str audit__record_words(struct op *op, struct str record);
struct str audit__action_words(struct op *op, struct str action);
const char *audit__field_label(struct op *op, struct str record, const char *field);
/* A value as people read it: a day, a state, "Yes", a name's words; else as it is stored. */
struct str audit__value_words(struct op *op, struct str record, const char *field, struct str text);
/* Page of a record; absent when it has none. */
struct str audit__href(struct op *op, struct str record, int64_t record_id);

/* ---- commitments and hashes (audit_chain.c) ---- */

struct audit__digest {
    uint8_t at[CRYPT_SHA256_BYTES];
};
struct str audit__bytes(const struct audit__digest *digest);
/* Over a salt and texts, each with its length, absent apart from empty. */
struct audit__digest audit__commit(struct str salt, const struct str *texts, size_t len);

/* ---- changes (audit_changes.c) ---- */

struct audit__change {
    struct str field, before, after;
    struct str salt, digest; /* only of entries from before one commitment stood for all */
};
struct audit__changes {
    struct audit__change *at;
    size_t len;
};
/* Absent when there are none; `buf` is for its use. */
struct str audit__changes_text(struct arena *arena, struct buf *buf, const struct audit_change *at,
                               size_t len);
/* False: it is not what this program has written. */
MUST_USE bool audit__changes_read(struct arena *arena, struct str text, struct audit__changes *out);
struct str audit__changes_erased(struct op *op, const struct audit__changes *changes);

/* Who did it, in place of op->actor: for what is told by a message. */
struct audit__origin {
    int64_t at;
    enum actor_kind kind;
    int64_t user_id;
    struct str name, address, request_id;
    struct opt_i64 message_id;
};
enum rc audit__add(struct op *op, const struct audit_entry *entry,
                   const struct audit__origin *origin);

void audit__fill(struct op *op, const struct audit_list_row *row, struct audit_row *out);

#endif
