/* Roles: sets of permissions. Built-in ones are patterns over whatever the modules of this program
 * declare, so that a permission that comes with an upgrade reaches the administrator and the
 * auditor by itself; own ones are lists of names, usually begun as a copy. A name in the database
 * that no module declares any more counts for nothing. */
#include "auth/auth_int.h"

static const char *const all[] = {"*", NULL};
static const char *const readable[] = {"*.read", NULL};
static const char *const of_manager[] = {
    "partner.*",   "outlet.*",  "contract.*",     "customer.*",   "event.*",
    "sale.*",      "import.*",  "attribute.read", "catalog.read", "product.read",
    "scheme.read", "run.read",  "statement.read", "ledger.read",  "reward.read",
    "org.read",    "file.read", "job.read",       "plan.*",       NULL};
static const char *const of_accountant[] = {"*.read",   "run.*",      "statement.*", "reward.*",
                                            "ledger.*", "import.*",   "event.*",     "sale.*",
                                            "payout.*", "contract.*", NULL};
static const char *const of_portal_accountant[] = {"*.read", "*statement*", "*payout*", NULL};
static const char *const of_portal_seller[] = {"portal.home", "portal.sales", "portal.sale.*",
                                               "portal.event.*", NULL};

static const struct auth__builtin builtins[] = {
    {"administrator", M("Administrator"), M("May do everything, also what later versions bring."),
     AUTH_STAFF, all},
    {"partner_manager", M("Partner manager"),
     M("Looks after partners, contracts and sales; sees schemes, runs and statements."), AUTH_STAFF,
     of_manager},
    {"accountant", M("Accountant"), M("Calculates, posts and settles; sees everything else."),
     AUTH_STAFF, of_accountant},
    {"auditor", M("Auditor"), M("Sees everything and changes nothing."), AUTH_STAFF, readable},
    {"portal_owner", M("Owner"), M("May do everything in the partner's portal, also the team."),
     AUTH_PARTNER, all},
    {"portal_accountant", M("Partner's accountant"), M("Sees statements, payouts and documents."),
     AUTH_PARTNER, of_portal_accountant},
    {"portal_seller", M("Seller"), M("Sees own sales, and no money of the partner."), AUTH_PARTNER,
     of_portal_seller},
};

const struct auth__builtin *auth__builtin_find(struct str name)
{
    for (size_t i = 0; name.len && i < LEN(builtins); i++)
        if (str_eq(name, str_of(builtins[i].name)))
            return &builtins[i];
    return NULL;
}

/* ---- sets ---- */

bool auth__set_has(const struct permission_set *set, size_t permission_i)
{
    return (set->bits[permission_i / 64] >> (permission_i % 64) & 1) != 0;
}

void auth__set_add(struct permission_set *set, size_t permission_i)
{
    set->bits[permission_i / 64] |= UINT64_C(1) << (permission_i % 64);
}

bool auth__actor_holds(const struct op *op, const struct permission_set *part)
{
    if (op->actor.kind == ACTOR_SYSTEM)
        return true;
    for (size_t i = 0; i < LEN(part->bits); i++)
        if (part->bits[i] & ~op->actor.permissions[i])
            return false;
    return true;
}

enum actor_kind auth__kind_of(enum auth_side side)
{
    return side == AUTH_PARTNER ? ACTOR_PARTNER : ACTOR_STAFF;
}

/* '*' stands for any run of characters; patterns are short, so the plain recursion is enough. */
static bool fits(const char *pattern, struct str name)
{
    if (*pattern == '\0')
        return name.len == 0;
    if (*pattern == '*') {
        for (size_t i = 0; i <= name.len; i++)
            if (fits(pattern + 1, str_sub(name, i, name.len)))
                return true;
        return false;
    }
    return name.len > 0 && name.at[0] == *pattern && fits(pattern + 1, str_sub(name, 1, name.len));
}

static void add_builtin(const struct auth__builtin *builtin, struct permission_set *set)
{
    for (size_t i = 0; i < permission_count(); i++) {
        const struct permission *p = permission_at(i);
        if (p->side != auth__kind_of(builtin->side))
            continue;
        for (const char *const *pattern = builtin->patterns; *pattern; pattern++) {
            if (!fits(*pattern, str_of(p->name)))
                continue;
            auth__set_add(set, i);
            break;
        }
    }
}

static void add_name(enum auth_side side, struct str name, struct permission_set *set)
{
    size_t i;
    if (permission_find(name, &i) && permission_at(i)->side == auth__kind_of(side))
        auth__set_add(set, i);
}

enum rc auth_role_permissions(struct op *op, const struct auth_role *role,
                              uint64_t set[PERMISSIONS_MAX / 64])
{
    struct permission_set all_of_it = {{0}};
    const struct auth__builtin *builtin = auth__builtin_find(role->builtin);
    if (builtin) {
        add_builtin(builtin, &all_of_it);
    } else {
        struct role_permission_rec_rows rows;
        TRY(q_role_permissions(op, &(struct q_role_permissions_in){.role_id = role->id}, &rows));
        for (size_t i = 0; i < rows.len; i++)
            add_name(role->side, rows.at[i].permission, &all_of_it);
    }
    for (size_t i = 0; i < LEN(all_of_it.bits); i++)
        set[i] |= all_of_it.bits[i];
    return RC_OK;
}

enum rc auth__permissions_of(struct op *op, int64_t user_id, struct permission_set *out)
{
    struct grant_rec_rows rows;
    TRY(q_grants(op, &(struct q_grants_in){.user_id = user_id}, &rows));
    *out = (struct permission_set){{0}};
    for (size_t i = 0; i < rows.len; i++) {
        const struct auth__builtin *builtin = auth__builtin_find(rows.at[i].builtin);
        size_t found;
        if (builtin)
            add_builtin(builtin, out);
        else if (permission_find(rows.at[i].permission, &found))
            auth__set_add(out, found);
    }
    return RC_OK;
}

/* ---- reading ---- */

void auth__role_of(const struct role_rec *rec, struct auth_role *out)
{
    *out = (struct auth_role){
        .id = rec->id,
        .revision = rec->revision,
        .builtin = rec->builtin,
        .name = rec->name,
        .side = (enum auth_side)rec->side,
    };
}

enum rc auth_role_find(struct op *op, struct str name, struct auth_role *out)
{
    struct role_rec rec;
    TRY(q_role_find(op, &(struct q_role_find_in){.fold = text_fold(op->arena, name)}, &rec));
    auth__role_of(&rec, out);
    return RC_OK;
}

struct str auth_role_label(struct op *op, const struct auth_role *role)
{
    const struct auth__builtin *builtin = auth__builtin_find(role->builtin);
    return builtin ? tr(op->lang, builtin->label) : role->name;
}

/* ---- own roles ---- */

static struct str names_of(struct op *op, const struct permission_set *set)
{
    AUTO_BUF buf = BUF(64 * 1024);
    for (size_t i = 0; i < permission_count(); i++)
        if (auth__set_has(set, i))
            buf_printf(&buf, "%s%s", buf.len ? " " : "", permission_at(i)->name);
    return str_dup(op->arena, buf_str(&buf));
}

/* The chosen names as a set: declared, of the role's side, and held by who gives them. */
static enum rc chosen(struct op *op, enum auth_side side, const struct str_list *names,
                      struct permission_set *out)
{
    *out = (struct permission_set){{0}};
    for (size_t i = 0; i < names->len; i++) {
        size_t found;
        if (!permission_find(names->at[i], &found) ||
            permission_at(found)->side != auth__kind_of(side))
            return fail(op, RC_INVALID, "permissions", M("There is no permission {0}."),
                        str_c(op->arena, names->at[i]));
        auth__set_add(out, found);
    }
    if (side == AUTH_STAFF && !auth__actor_holds(op, out))
        return fail(op, RC_DENIED, "permissions",
                    M("You cannot give a permission that you do not have."));
    return RC_OK;
}

static enum rc store_role(struct op *op, struct auth_role *role, const struct permission_set *set)
{
    struct str fold = text_fold(op->arena, role->name);
    struct str sort = text_sort_key(op->arena, role->name);
    enum rc rc = role->id == 0
                     ? q_role_insert(op,
                                     &(struct q_role_insert_in){.side = (int64_t)role->side,
                                                                .name = role->name,
                                                                .name_fold = fold,
                                                                .name_sort = sort,
                                                                .now = op->now},
                                     &role->id)
                     : q_role_update(op, &(struct q_role_update_in){.id = role->id,
                                                                    .revision = role->revision,
                                                                    .name = role->name,
                                                                    .name_fold = fold,
                                                                    .name_sort = sort});
    rc = op_taken(op, rc, "name_fold", "name", M("Another role has this name."));
    TRY(op_stale_if(op, rc));
    TRY(q_role_permissions_clear(op, &(struct q_role_permissions_clear_in){.role_id = role->id}));
    for (size_t i = 0; i < permission_count(); i++)
        if (auth__set_has(set, i))
            TRY(q_role_permission_add(op, &(struct q_role_permission_add_in){
                                              .role_id = role->id,
                                              .permission = str_of(permission_at(i)->name),
                                          }));
    return RC_OK;
}

/* People lose their sessions only when a right is taken from them; more rights reach them with
 * their next request anyway. */
static enum rc end_sessions_of_role(struct op *op, int64_t role_id)
{
    struct user_rec_rows users;
    TRY(q_users_of_role(op, &(struct q_users_of_role_in){.role_id = role_id}, &users));
    for (size_t i = 0; i < users.len; i++)
        if (users.at[i].id != op->actor.user_id)
            TRY(q_sessions_delete(op, &(struct q_sessions_delete_in){.user_id = users.at[i].id}));
    return RC_OK;
}

static enum rc read_old(struct op *op, const struct auth_role *in, struct auth_role *out,
                        struct permission_set *out_set)
{
    struct role_rec rec;
    TRY(q_role(op, &(struct q_role_in){.id = in->id}, &rec));
    auth__role_of(&rec, out);
    if (out->builtin.len)
        return fail(op, RC_DENIED, NULL,
                    M("A built-in role cannot be changed. Make a copy and change that."));
    TRY(auth_role_permissions(op, out, out_set->bits));
    if (out->side == AUTH_STAFF && !auth__actor_holds(op, out_set))
        return fail(op, RC_DENIED, NULL,
                    M("This role may more than you, so you cannot change it."));
    return RC_OK;
}

static bool loses_any(const struct permission_set *old, const struct permission_set *new)
{
    for (size_t i = 0; i < LEN(old->bits); i++)
        if (old->bits[i] & ~new->bits[i])
            return true;
    return false;
}

enum rc auth__role_save(struct op *op, const struct auth_role *in, const struct str_list *names,
                        int64_t *out_id)
{
    TRY(op_must(op, "role.edit"));
    struct auth_role role = *in, old = {0};
    struct permission_set set, old_set = {{0}};
    role.name = text_clean_line(op->arena, role.name);
    if (role.name.len == 0 || utf8_count(role.name) > 80)
        return fail(op, RC_INVALID, "name", M("Enter a name of at most 80 characters."));
    bool had_one;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth__has_administrator(op, &had_one));
    if (role.id) {
        TRY(read_old(op, &role, &old, &old_set));
        role.side = old.side;
    }
    TRY(chosen(op, role.side, names, &set));
    TRY(store_role(op, &role, &set));
    struct audit_value before[2] = {{"name", old.name}, {"permissions", names_of(op, &old_set)}};
    struct audit_value after[2] = {{"name", role.name}, {"permissions", names_of(op, &set)}};
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = old.id ? "role.edit" : "role.add",
                                             .record = "role",
                                             .record_id = role.id,
                                             .label = role.name},
                       old.id ? before : NULL, after, LEN(after)));
    TRY(auth__keeps_administrator(op, had_one));
    if (loses_any(&old_set, &set))
        TRY(end_sessions_of_role(op, role.id));
    TRY(txn_commit(&txn));
    *out_id = role.id;
    return RC_OK;
}

enum rc auth__role_copy(struct op *op, int64_t id, int64_t *out_id)
{
    TRY(op_must(op, "role.edit"));
    struct role_rec rec;
    TRY(q_role(op, &(struct q_role_in){.id = id}, &rec));
    struct auth_role from, copy = {.side = (enum auth_side)rec.side};
    auth__role_of(&rec, &from);
    struct permission_set set = {{0}};
    TRY(auth_role_permissions(op, &from, set.bits));
    struct str_list names = {0};
    for (size_t i = 0; i < permission_count(); i++)
        if (auth__set_has(&set, i))
            VEC_PUSH(op->arena, &names, str_of(permission_at(i)->name));
    struct str label = auth_role_label(op, &from);
    for (int n = 1; n <= 50; n++) {
        copy.name = n == 1 ? i18n_format(op->arena, op->lang, M("{0} (copy)"), label)
                           : i18n_format(op->arena, op->lang, M("{0} (copy {1})"), label, n);
        struct role_rec taken;
        struct str fold = text_fold(op->arena, copy.name);
        enum rc rc = q_role_find(op, &(struct q_role_find_in){.fold = fold}, &taken);
        if (rc == RC_MISSING)
            return auth__role_save(op, &copy, &names, out_id);
        TRY(rc);
    }
    return fail(op, RC_CONFLICT, NULL, M("There are many copies already. Rename some first."));
}

enum rc auth__role_delete(struct op *op, int64_t id, int64_t revision)
{
    TRY(op_must(op, "role.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct auth_role old, in = {.id = id};
    struct permission_set set = {{0}};
    TRY(read_old(op, &in, &old, &set));
    struct role_use_rows uses;
    TRY(q_role_uses(op, &uses));
    for (size_t i = 0; i < uses.len; i++)
        if (uses.at[i].role_id == id)
            return fail(op, RC_CONFLICT, NULL,
                        M("People have this role. Give them another one first."));
    TRY(q_role_permissions_clear(op, &(struct q_role_permissions_clear_in){.role_id = id}));
    TRY(op_stale_if(op,
                    q_role_delete(op, &(struct q_role_delete_in){.id = id, .revision = revision})));
    struct audit_value before[2] = {{"name", old.name}, {"permissions", names_of(op, &set)}};
    TRY(audit_add_diff(
        op,
        &(struct audit_entry){
            .action = "role.delete", .record = "role", .record_id = id, .label = old.name},
        before, NULL, LEN(before)));
    return txn_commit(&txn);
}
