/* op: one unit of work (a request, a job, a command, a test). It carries what other programs keep
 * in globals: who acts, what time it is, which connection, which arena, what failed. */
#ifndef KONTOR_OP_H
#define KONTOR_OP_H

#include "base/base.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "when/when.h"

enum actor_kind {
    ACTOR_SYSTEM = 1, /* jobs and the command line: sees everything */
    ACTOR_STAFF,      /* console user: sees partners of own branches, or all */
    ACTOR_PARTNER,    /* portal user: sees one partner */
    ACTOR_NOBODY      /* not signed in: sees no owned row */
};

enum { PERMISSIONS_MAX = 256, OP_AFTER_MAX = 4 };

struct actor {
    enum actor_kind kind;
    int64_t user_id;       /* 0: none */
    int64_t partner_id;    /* of ACTOR_PARTNER */
    bool has_all_branches; /* of ACTOR_STAFF */
    struct str name;       /* for the audit and the page */
    struct str address;    /* where the request came from */
    uint64_t permissions[PERMISSIONS_MAX / 64];
};

struct op {
    struct arena *arena; /* everything the operation makes; goes after the answer */
    struct db *db;       /* its own connection */
    struct actor actor;
    int64_t now;             /* microseconds UTC, read once: an operation has one time */
    struct str request_id;   /* in logs, audit and answers */
    const struct lang *lang; /* how to speak to this actor */
    const struct zone *zone; /* the operator's time zone */
    struct fault fault;      /* what failed first, with details */
    void (*after_commit[OP_AFTER_MAX])(void); /* see op_after_commit */
};

/* fail(op, RC_INVALID, "reason", "This field is required."): records and returns the rc. Messages
 * are ICU patterns in English; further const char * arguments fill {0}, {1}… */
#define fail(op, rc, field, ...) fault_add(&(op)->fault, (rc), (field), __VA_ARGS__, NULL)

/* True when the actor's role holds the permission ("partner.edit"). ACTOR_SYSTEM holds all. The
 * name must be declared (permission_declare), or the process stops: a typing error must not deny
 * or allow silently. */
bool op_may(const struct op *op, const char *permission);
/* RC_DENIED with a message that names the permission. */
enum rc op_must(struct op *op, const char *permission);

/* RC_CONFLICT of a unique index over `column` becomes the message at `field`, still a conflict:
 * another record has that value. Every other rc passes through. */
enum rc op_taken(struct op *op, enum rc rc, const char *column, const char *field,
                 const char *message);
/* The same of codes, the usual case. */
enum rc op_code_taken(struct op *op, enum rc rc, struct str code);
/* RC_CONFLICT: the record has another revision than the one that this change was made from. */
enum rc op_stale(struct op *op);
/* RC_CONFLICT of an update by id and revision becomes op_stale; one of a unique index (op_taken has
 * said what is taken) and every other rc pass through. */
enum rc op_stale_if(struct op *op, enum rc rc);

/* Permissions are declared by modules at start and numbered in order of declaration. */
struct permission {
    const char *name;     /* "partner.edit" */
    const char *label;    /* message key: "Edit partners" */
    enum actor_kind side; /* ACTOR_STAFF or ACTOR_PARTNER */
};
void permission_declare(const struct permission *permissions, size_t len);
size_t permission_count(void);
const struct permission *permission_at(size_t i);
bool permission_find(struct str name, size_t *out_i);

/* A transaction: rolled back on every return before txn_commit. Nested begins join the outer one,
 * and then only the outer commit counts.
 *     AUTO_TXN txn = {0};
 *     TRY(txn_begin(op, &txn));
 *     …
 *     return txn_commit(&txn);
 * txn_commit gives RC_UNSURE when the connection was lost during COMMIT. */
struct txn {
    struct op *op;
    bool is_outer;
};
#define AUTO_TXN CLEANUP(txn_cleanup) struct txn
enum rc txn_begin(struct op *op, struct txn *txn);
enum rc txn_commit(struct txn *txn);
void txn_cleanup(struct txn *txn);

/* `call` runs once when the outermost transaction has committed (or may have: RC_UNSURE), and not
 * when it rolls back; at once outside a transaction. For waking threads and dropping caches. */
void op_after_commit(struct op *op, void (*call)(void));

/* What processes tell each other: "jobs", "settings". A module declares its signals once. */
struct signal {
    const char *name; /* static, of [a-z_] */
    void (*call)(void);
};
/* `call` runs here as by op_after_commit and, on PostgreSQL, in every other process that shares the
 * database and listens. It may come more often than it was sent and, when the connection breaks,
 * once for all that was missed: so it says "look again", nothing else. */
void op_signal(struct op *op, const struct signal *signal);
void signal_declare(const struct signal *signal);
/* Listens in a thread of its own until signals_end; nothing to do on SQLite. One a process. */
enum rc signals_listen(struct database *database);
void signals_end(void);
/* False while a signal of another process could be missed: not listening, or not connected. */
bool signals_arrive(const struct database *database);
int64_t signals_heard(void); /* from other connections since the start */

/* Several queries on one snapshot of the data; writing inside is refused. Ends as txn_commit or
 * txn_cleanup do. */
enum rc txn_begin_read(struct op *op, struct txn *txn);

/* ---- what the code that tools/sqlc writes calls: db's functions for this operation's actor ----
 */

struct db_viewer op_viewer(const struct op *op);
enum rc op_one(struct op *op, const struct db_query *query, const void *in, void *out_row);
enum rc op_many(struct op *op, const struct db_query *query, const void *in, struct db_rows *out);
enum rc op_each(struct op *op, const struct db_query *query, const void *in, struct cursor *out);
enum rc op_exec(struct op *op, const struct db_query *query, const void *in);
enum rc op_changed(struct op *op, const struct db_query *query, const void *in);
enum rc op_id(struct op *op, const struct db_query *query, const void *in, int64_t *out_id);
enum rc op_bulk(struct op *op, const struct db_query *query, const void *rows, size_t rows_len,
                struct i64_list *out_returned, int64_t *out_changed);
enum rc op_list(struct op *op, const struct db_query *query, const void *in,
                const struct list_page *page, struct db_page *out);
enum rc op_list_count(struct op *op, const struct db_query *query, const void *in, int64_t limit,
                      int64_t *out);
enum rc op_list_each(struct op *op, const struct db_query *query, const void *in,
                     const struct list_page *page, struct cursor *out);

/* An operation of the system itself on a connection; `arena` outlives it. */
void op_init(struct op *op, struct arena *arena, struct db *db, int64_t now);

#endif
