/* op_query: the queries of generated code, run on the operation's connection for its actor. Here
 * and nowhere else an actor becomes what {{visible}} means. */
#include "op/op.h"

struct db_viewer op_viewer(const struct op *op)
{
    const struct actor *actor = &op->actor;
    struct db_viewer viewer = {.scope = DB_SEE_NOTHING};
    switch (actor->kind) {
    case ACTOR_SYSTEM: viewer.scope = DB_SEE_ALL; break;
    case ACTOR_STAFF:
        viewer.scope = actor->has_all_branches ? DB_SEE_ALL : DB_SEE_BRANCHES;
        viewer.user_id = actor->user_id;
        break;
    case ACTOR_PARTNER:
        viewer.scope = DB_SEE_PARTNER;
        viewer.partner_id = actor->partner_id;
        break;
    case ACTOR_NOBODY: break;
    }
    return viewer;
}

enum rc op_one(struct op *op, const struct db_query *query, const void *in, void *out_row)
{
    struct db_viewer viewer = op_viewer(op);
    return db_one(op->db, query, &viewer, in, op->arena, out_row);
}

enum rc op_many(struct op *op, const struct db_query *query, const void *in, struct db_rows *out)
{
    struct db_viewer viewer = op_viewer(op);
    return db_many(op->db, query, &viewer, in, op->arena, out);
}

enum rc op_each(struct op *op, const struct db_query *query, const void *in, struct cursor *out)
{
    struct db_viewer viewer = op_viewer(op);
    return db_each(op->db, query, &viewer, in, out);
}

enum rc op_exec(struct op *op, const struct db_query *query, const void *in)
{
    struct db_viewer viewer = op_viewer(op);
    return db_exec(op->db, query, &viewer, in, NULL);
}

enum rc op_changed(struct op *op, const struct db_query *query, const void *in)
{
    struct db_viewer viewer = op_viewer(op);
    int64_t changed = 0;
    TRY(db_exec(op->db, query, &viewer, in, &changed));
    return changed > 0 ? RC_OK : RC_CONFLICT;
}

enum rc op_id(struct op *op, const struct db_query *query, const void *in, int64_t *out_id)
{
    struct db_viewer viewer = op_viewer(op);
    return db_id(op->db, query, &viewer, in, out_id);
}

enum rc op_bulk(struct op *op, const struct db_query *query, const void *rows, size_t rows_len,
                struct i64_list *out_returned, int64_t *out_changed)
{
    return db_bulk(op->db, query, rows, rows_len, op->arena, out_returned, out_changed);
}

enum rc op_list(struct op *op, const struct db_query *query, const void *in,
                const struct list_page *page, struct db_page *out)
{
    struct db_viewer viewer = op_viewer(op);
    return db_list(op->db, query, &viewer, in, page, op->arena, &op->fault, out);
}

enum rc op_list_count(struct op *op, const struct db_query *query, const void *in, int64_t limit,
                      int64_t *out)
{
    struct db_viewer viewer = op_viewer(op);
    return db_list_count(op->db, query, &viewer, in, limit, out);
}

enum rc op_list_each(struct op *op, const struct db_query *query, const void *in,
                     const struct list_page *page, struct cursor *out)
{
    struct db_viewer viewer = op_viewer(op);
    return db_list_each(op->db, query, &viewer, in, page, out);
}
