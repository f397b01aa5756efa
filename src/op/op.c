/* op: permissions by name, and transactions that roll back by themselves. */
#include "op/op.h"

static const struct permission *declared[PERMISSIONS_MAX];
static size_t declared_len;

void permission_declare(const struct permission *permissions, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t at;
        if (permission_find(str_of(permissions[i].name), &at))
            continue; /* a module may be set up twice by a test */
        assert(declared_len < PERMISSIONS_MAX);
        declared[declared_len++] = &permissions[i];
    }
}

size_t permission_count(void)
{
    return declared_len;
}

const struct permission *permission_at(size_t i)
{
    assert(i < declared_len);
    return declared[i];
}

bool permission_find(struct str name, size_t *out_i)
{
    for (size_t i = 0; i < declared_len; i++) {
        if (!str_eq(str_of(declared[i]->name), name))
            continue;
        *out_i = i;
        return true;
    }
    return false;
}

bool op_may(const struct op *op, const char *permission)
{
    size_t i;
    bool is_declared = permission_find(str_of(permission), &i);
    assert(is_declared);
    if (op->actor.kind == ACTOR_SYSTEM)
        return true;
    return (op->actor.permissions[i / 64] >> (i % 64) & 1) != 0;
}

enum rc op_must(struct op *op, const char *permission)
{
    if (op_may(op, permission))
        return RC_OK;
    return fail(op, RC_DENIED, NULL, "This needs the permission {0}.", permission);
}

/* ---- the two usual conflicts ---- */

static bool is_taken(const struct op *op, enum rc rc, const char *column)
{
    return rc == RC_CONFLICT && str_has(db_conflict(op->db), str_of(column));
}

enum rc op_taken(struct op *op, enum rc rc, const char *column, const char *field,
                 const char *message)
{
    return is_taken(op, rc, column) ? fail(op, RC_CONFLICT, field, message) : rc;
}

enum rc op_code_taken(struct op *op, enum rc rc, struct str code)
{
    if (is_taken(op, rc, "code"))
        return fail(op, RC_CONFLICT, "code", "The code {0} is already used.",
                    str_c(op->arena, code));
    return rc;
}

enum rc op_stale(struct op *op)
{
    return fail(op, RC_CONFLICT, NULL,
                "Somebody else has changed this record meanwhile. Compare and save again.");
}

enum rc op_stale_if(struct op *op, enum rc rc)
{
    return rc == RC_CONFLICT && db_conflict(op->db).len == 0 ? op_stale(op) : rc;
}

/* ---- transactions ---- */

static enum rc begin(struct op *op, struct txn *txn, enum rc (*how)(struct db *db))
{
    bool is_outer = !db_in_transaction(op->db);
    TRY(how(op->db));
    *txn = (struct txn){.op = op, .is_outer = is_outer};
    return RC_OK;
}

enum rc txn_begin(struct op *op, struct txn *txn)
{
    return begin(op, txn, db_begin);
}

enum rc txn_begin_read(struct op *op, struct txn *txn)
{
    return begin(op, txn, db_begin_read);
}

void op_after_commit(struct op *op, void (*call)(void))
{
    if (!db_in_transaction(op->db)) {
        call();
        return;
    }
    size_t i = 0;
    while (i < OP_AFTER_MAX && op->after_commit[i] && op->after_commit[i] != call)
        i++;
    assert(i < OP_AFTER_MAX);
    op->after_commit[i] = call;
}

static void ended(struct op *op, bool is_committed)
{
    for (size_t i = 0; i < OP_AFTER_MAX && op->after_commit[i]; i++) {
        void (*call)(void) = op->after_commit[i];
        op->after_commit[i] = NULL;
        if (is_committed)
            call();
    }
}

enum rc txn_commit(struct txn *txn)
{
    assert(txn->op);
    struct op *op = txn->op;
    txn->op = NULL; /* a failed commit has rolled back already */
    enum rc rc = db_commit(op->db);
    if (txn->is_outer)
        ended(op, rc == RC_OK || rc == RC_UNSURE);
    return rc;
}

void txn_cleanup(struct txn *txn)
{
    if (!txn->op)
        return;
    db_rollback(txn->op->db);
    if (txn->is_outer)
        ended(txn->op, false);
    txn->op = NULL;
}

void op_init(struct op *op, struct arena *arena, struct db *db, int64_t now)
{
    *op = (struct op){.arena = arena,
                      .db = db,
                      .actor = {.kind = ACTOR_SYSTEM},
                      .now = now,
                      .lang = lang_of(LANG_EN),
                      .zone = zone_utc(),
                      .fault = {.arena = arena}};
}
