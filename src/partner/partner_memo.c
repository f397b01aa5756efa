/* What many partners of one batch have in common: branches, levels and managers, each looked up
 * once. Without a memo (NULL) the database is asked. */
#include "partner/partner_int.h"

struct partner_memo {
    struct arena *arena;
    struct map *branches, *levels, *people; /* id to struct str, the name */
};

struct partner_memo *partner_memo_new(struct arena *arena)
{
    struct partner_memo *memo = NEW(arena, struct partner_memo);
    *memo = (struct partner_memo){arena, map_new(arena), map_new(arena), map_new(arena)};
    return memo;
}

static bool recall(const struct map *map, int64_t id, struct str *out)
{
    const struct str *name = map ? map_get_i64(map, id) : NULL;
    if (name)
        *out = *name;
    return name != NULL;
}

static void keep(struct partner_memo *memo, struct map *map, int64_t id, struct str name)
{
    struct str *kept = NEW(memo->arena, struct str);
    *kept = str_dup(memo->arena, name);
    *map_put_i64(map, id) = kept;
}

/* ---- checking: RC_MISSING when there is none ---- */

static enum rc find_branch(struct op *op, struct partner_memo *memo, int64_t id, struct str *out)
{
    struct org_branch branch;
    if (recall(memo ? memo->branches : NULL, id, out))
        return RC_OK;
    TRY(org_branch_get(op, id, &branch));
    *out = branch.name;
    if (memo)
        keep(memo, memo->branches, id, branch.name);
    return RC_OK;
}

static enum rc find_level(struct op *op, struct partner_memo *memo, int64_t id, struct str *out)
{
    struct partner_level level;
    if (recall(memo ? memo->levels : NULL, id, out))
        return RC_OK;
    TRY(partner_level_get(op, id, &level));
    *out = level.name;
    if (memo)
        keep(memo, memo->levels, id, level.name);
    return RC_OK;
}

static enum rc find_manager(struct op *op, struct partner_memo *memo, int64_t id, struct str *out)
{
    struct auth_user user;
    if (recall(memo ? memo->people : NULL, id, out))
        return RC_OK;
    TRY(auth_user_get(op, id, &user));
    if (user.side != AUTH_STAFF)
        return RC_MISSING;
    *out = user.name;
    if (memo)
        keep(memo, memo->people, id, user.name);
    return RC_OK;
}

enum rc partner__check_places(struct op *op, struct partner_memo *memo, const struct partner *p)
{
    struct str name;
    enum rc rc = find_branch(op, memo, p->branch_id, &name);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "branch_id", "Choose the branch that serves this partner.");
    TRY(rc);
    return partner__check_people(op, memo, p);
}

enum rc partner__check_people(struct op *op, struct partner_memo *memo, const struct partner *p)
{
    struct str name;
    if (p->level_id.has && find_level(op, memo, p->level_id.v, &name) != RC_OK)
        return fail(op, RC_INVALID, "level_id", M("There is no such level."));
    if (p->manager_id.has && find_manager(op, memo, p->manager_id.v, &name) != RC_OK)
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
    return named(op, find_branch(op, memo, id, out), id, out);
}

enum rc partner__level_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                            struct str *out)
{
    *out = STR("");
    return id.has ? named(op, find_level(op, memo, id.v, out), id.v, out) : RC_OK;
}

enum rc partner__person_name(struct op *op, struct partner_memo *memo, struct opt_i64 id,
                             struct str *out)
{
    *out = STR("");
    if (!id.has || recall(memo ? memo->people : NULL, id.v, out))
        return RC_OK;
    return auth_user_name(op, id.v, out);
}
