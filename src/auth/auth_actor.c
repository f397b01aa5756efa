/* Who acts and what they may give to others. An actor is built from the tables at every request;
 * nothing about rights is kept in a session or in memory. */
#include "auth/auth_int.h"

enum rc auth_actor(struct op *op, int64_t user_id, struct actor *out)
{
    struct user_rec user;
    TRY(q_user(op, &(struct q_user_in){.id = user_id}, &user));
    if (user.state != AUTH_ACTIVE)
        return RC_MISSING;
    struct permission_set set;
    TRY(auth__permissions_of(op, user_id, &set));
    *out = (struct actor){
        .kind = auth__kind_of((enum auth_side)user.side),
        .user_id = user.id,
        .partner_id = user.partner_id.has ? user.partner_id.v : 0,
        .has_all_branches = user.side == AUTH_STAFF && user.has_all_branches,
        .name = user.name,
        .address = STR(""),
    };
    memcpy(out->permissions, set.bits, sizeof set.bits);
    return RC_OK;
}

bool auth__list_has(const struct i64_list *list, int64_t id)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

enum rc auth__roles_of(struct op *op, int64_t user_id, struct i64_list *out)
{
    struct role_rec_rows rows;
    TRY(q_roles_of_user(op, &(struct q_roles_of_user_in){.user_id = user_id}, &rows));
    *out = (struct i64_list){0};
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, out, rows.at[i].id);
    return RC_OK;
}

enum rc auth__branches_of(struct op *op, int64_t user_id, struct i64_list *out)
{
    struct branch_ref_rows rows;
    TRY(q_user_branches(op, &(struct q_user_branches_in){.user_id = user_id}, &rows));
    *out = (struct i64_list){0};
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, out, rows.at[i].id);
    return RC_OK;
}

/* Staff bound to branches hand on only these; all of `branches` must exist. */
static enum rc may_give_branches(struct op *op, const struct auth_user_new *in)
{
    struct i64_list own = {0};
    bool is_bound = op->actor.kind == ACTOR_STAFF && !op->actor.has_all_branches;
    if (in->side == AUTH_PARTNER)
        return RC_OK;
    if (!in->has_all_branches && in->branches.len == 0)
        return fail(op, RC_INVALID, "branches", M("Choose branches, or all of them."));
    if (is_bound)
        TRY(auth__branches_of(op, op->actor.user_id, &own));
    if (is_bound && in->has_all_branches)
        return fail(op, RC_DENIED, "branches", M("You can give only branches that you have."));
    for (size_t i = 0; !in->has_all_branches && i < in->branches.len; i++) {
        struct org_branch branch;
        enum rc rc = org_branch_get(op, in->branches.at[i], &branch);
        if (rc == RC_MISSING)
            return fail(op, RC_INVALID, "branches", M("There is no such branch."));
        TRY(rc);
        if (is_bound && !auth__list_has(&own, branch.id))
            return fail(op, RC_DENIED, "branches", M("You can give only branches that you have."));
    }
    return RC_OK;
}

enum rc auth__may_give(struct op *op, const struct auth_user_new *in)
{
    struct permission_set set = {{0}};
    if (in->roles.len == 0)
        return fail(op, RC_INVALID, "roles", M("Choose at least one role."));
    for (size_t i = 0; i < in->roles.len; i++) {
        struct role_rec rec;
        struct auth_role role;
        enum rc rc = q_role(op, &(struct q_role_in){.id = in->roles.at[i]}, &rec);
        if (rc == RC_MISSING || (rc == RC_OK && rec.side != (int64_t)in->side))
            return fail(op, RC_INVALID, "roles", M("There is no such role."));
        TRY(rc);
        auth__role_of(&rec, &role);
        TRY(auth_role_permissions(op, &role, set.bits));
    }
    /* Staff give portal roles without having them; everybody else hands on what they hold. */
    bool must_hold = in->side == AUTH_STAFF || op->actor.kind == ACTOR_PARTNER;
    if (must_hold && !auth__actor_holds(op, &set))
        return fail(op, RC_DENIED, "roles",
                    M("This role may more than you, so you cannot give it."));
    return may_give_branches(op, in);
}

enum rc auth__grant(struct op *op, int64_t user_id, const struct auth_user_new *in)
{
    TRY(q_user_roles_clear(op, &(struct q_user_roles_clear_in){.user_id = user_id}));
    TRY(q_user_branches_clear(op, &(struct q_user_branches_clear_in){.user_id = user_id}));
    for (size_t i = 0; i < in->roles.len; i++)
        TRY(q_user_role_add(
            op, &(struct q_user_role_add_in){.user_id = user_id, .role_id = in->roles.at[i]}));
    for (size_t i = 0; !in->has_all_branches && i < in->branches.len; i++)
        TRY(q_user_branch_add(op, &(struct q_user_branch_add_in){.user_id = user_id,
                                                                 .branch_id = in->branches.at[i]}));
    return RC_OK;
}

enum rc auth__has_administrator(struct op *op, bool *out)
{
    struct auth_user_list list;
    TRY(auth_users_who_may(op, "user.edit", &list));
    *out = list.len > 0;
    return RC_OK;
}

enum rc auth__keeps_administrator(struct op *op, bool had_one)
{
    bool has_one;
    TRY(auth__has_administrator(op, &has_one));
    if (has_one || !had_one)
        return RC_OK;
    return fail(op, RC_CONFLICT, NULL,
                M("Nobody would be left who can edit users. Give somebody else this right first."));
}

/* ---- whom the actor sees and may change ---- */

static enum rc is_seen_by_staff(struct op *op, const struct auth_user *user, bool *out)
{
    *out = op->actor.has_all_branches || user->id == op->actor.user_id;
    if (*out)
        return RC_OK;
    if (user->side == AUTH_PARTNER) {
        struct str name;
        enum rc rc = auth__partner_name(op, user->partner_id.v, &name);
        *out = rc == RC_OK && name.len > 0;
        return rc == RC_MISSING ? RC_OK : rc;
    }
    struct shared shared;
    TRY(q_users_share_branch(
        op, &(struct q_users_share_branch_in){.a = op->actor.user_id, .b = user->id}, &shared));
    *out = shared.n > 0;
    return RC_OK;
}

enum rc auth__user_seen(struct op *op, int64_t id, struct auth_user *out)
{
    struct user_rec rec;
    TRY(q_user(op, &(struct q_user_in){.id = id}, &rec));
    struct auth_user user;
    auth__user_of(&rec, &user);
    bool is_seen = false;
    if (op->actor.kind == ACTOR_SYSTEM)
        is_seen = true;
    else if (op->actor.kind == ACTOR_PARTNER)
        is_seen = user.partner_id.has && user.partner_id.v == op->actor.partner_id;
    else if (op->actor.kind == ACTOR_STAFF)
        TRY(is_seen_by_staff(op, &user, &is_seen));
    if (!is_seen)
        return RC_MISSING;
    *out = user;
    return RC_OK;
}

enum rc auth__must_manage(struct op *op, const struct auth_user *user)
{
    if (op->actor.kind == ACTOR_SYSTEM)
        return RC_OK;
    TRY(op_must(op, op->actor.kind == ACTOR_PARTNER ? "team.edit" : "user.edit"));
    struct auth_user seen;
    TRY(auth__user_seen(op, user->id, &seen));
    struct permission_set theirs;
    TRY(auth__permissions_of(op, user->id, &theirs));
    bool must_hold = user->side == AUTH_STAFF || op->actor.kind == ACTOR_PARTNER;
    if (must_hold && !auth__actor_holds(op, &theirs))
        return fail(op, RC_DENIED, NULL,
                    M("This person may more than you, so you cannot change them."));
    if (op->actor.kind == ACTOR_STAFF && !op->actor.has_all_branches && user->side == AUTH_STAFF &&
        user->has_all_branches)
        return fail(op, RC_DENIED, NULL,
                    M("This person may more than you, so you cannot change them."));
    return RC_OK;
}
