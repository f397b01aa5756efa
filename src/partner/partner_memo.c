/* What many partners of one batch have in common: branches, levels and managers, each looked up
 * once. Without a memo (NULL) the database is asked. */
#include "partner/partner_int.h"

enum kind { BRANCH, LEVEL, MANAGER, KINDS };

struct partner_memo {
    struct arena *arena;
    struct map *names[KINDS]; /* id to struct str */
};

struct partner_memo *partner_memo_new(struct arena *arena)
{
    struct partner_memo *memo = NEW(arena, struct partner_memo);
    *memo = (struct partner_memo){.arena = arena};
    for (size_t i = 0; i < KINDS; i++)
        memo->names[i] = map_new(arena);
    return memo;
}

static bool recall(const struct partner_memo *memo, enum kind kind, int64_t id, struct str *out)
{
    const struct str *name = memo ? map_get_i64(memo->names[kind], id) : NULL;
    if (name)
        *out = *name;
    return name != NULL;
}

/* ---- checking: RC_MISSING when there is none ---- */

static enum rc ask_branch(struct op *op, int64_t id, struct str *out)
{
    struct org_branch branch;
    TRY(org_branch_get(op, id, &branch));
    *out = branch.name;
    return RC_OK;
}

static enum rc ask_level(struct op *op, int64_t id, struct str *out)
{
    struct partner_level level;
    TRY(partner_level_get(op, id, &level));
    *out = level.name;
    return RC_OK;
}

static enum rc ask_manager(struct op *op, int64_t id, struct str *out)
{
    struct auth_user user;
    TRY(auth_user_get(op, id, &user));
    if (user.side != AUTH_STAFF)
        return RC_MISSING;
    *out = user.name;
    return RC_OK;
}

static enum rc find(struct op *op, struct partner_memo *memo, enum kind kind, int64_t id,
                    struct str *out)
{
    static enum rc (*const asks[KINDS])(struct op *, int64_t,
                                        struct str *) = {ask_branch, ask_level, ask_manager};
    if (recall(memo, kind, id, out))
        return RC_OK;
    TRY(asks[kind](op, id, out));
    if (memo) {
        struct str *kept = NEW(memo->arena, struct str);
        *kept = str_dup(memo->arena, *out);
        *map_put_i64(memo->names[kind], id) = kept;
    }
    return RC_OK;
}

enum rc partner__check_places(struct op *op, struct partner_memo *memo, const struct partner *p)
{
    struct str name;
    enum rc rc = find(op, memo, BRANCH, p->branch_id, &name);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "branch_id", M("Choose the branch that serves this partner."));
    TRY(rc);
    return partner__check_people(op, memo, p);
}

enum rc partner__check_people(struct op *op, struct partner_memo *memo, const struct partner *p)
{
    struct str name;
    if (p->level_id.has && find(op, memo, LEVEL, p->level_id.v, &name) != RC_OK)
        return fail(op, RC_INVALID, "level_id", M("There is no such level."));
    if (p->manager_id.has && find(op, memo, MANAGER, p->manager_id.v, &name) != RC_OK)
        return fail(op, RC_INVALID, "manager_id", M("A manager is one of the staff."));
    return RC_OK;
}

/* ---- naming: what is gone is called by its number ---- */

static enum rc named(struct op *op, enum rc rc, int64_t id, struct str *out)
{
    if (rc == RC_MISSING)
        *out = audit_text_i64(op, id);
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc partner__branch_name(struct op *op, struct partner_memo *memo, int64_t id, struct str *out)
{
    return named(op, find(op, memo, BRANCH, id, out), id, out);
}

enum rc partner__level_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                            struct str *out)
{
    *out = STR("");
    return id.has ? named(op, find(op, memo, LEVEL, id.v, out), id.v, out) : RC_OK;
}

enum rc partner__person_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                             struct str *out)
{
    *out = STR("");
    if (!id.has || recall(memo, MANAGER, id.v, out))
        return RC_OK;
    return auth_user_name(op, id.v, out);
}
