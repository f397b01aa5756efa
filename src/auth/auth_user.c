/* Users of both sides: who they are, what they were given, how they come and go. Every change is
 * checked against who makes it (auth_actor.c), recorded, and ends sessions where it takes rights
 * away. */
#include "auth/auth_int.h"

enum { IDS_BYTES_MAX = 64 * 1024 };

static const struct auth_partners *known_partners;

void auth_partners_set(const struct auth_partners *partners)
{
    known_partners = partners;
}

enum rc auth__partner_name(struct op *op, int64_t partner_id, struct str *out)
{
    *out = STR("");
    return known_partners ? known_partners->name(op, partner_id, out) : RC_OK;
}

struct str auth__partner_url(struct op *op, int64_t partner_id)
{
    return known_partners && known_partners->url ? known_partners->url(op, partner_id) : STR_NONE;
}

/* ---- reading ---- */

void auth__user_of(const struct user_rec *rec, struct auth_user *out)
{
    *out = (struct auth_user){
        .id = rec->id,
        .revision = rec->revision,
        .side = (enum auth_side)rec->side,
        .state = (enum auth_user_state)rec->state,
        .email = rec->email,
        .name = rec->name,
        .lang = rec->lang,
        .partner_id = rec->partner_id,
        .has_all_branches = rec->has_all_branches,
        .has_second_factor = rec->has_totp,
        .signed_in_at = rec->signed_in_at ? SOME(rec->signed_in_at) : NONE,
        .created_at = rec->created_at,
    };
}

enum rc auth_user_get(struct op *op, int64_t id, struct auth_user *out)
{
    struct user_rec rec;
    TRY(q_user(op, &(struct q_user_in){.id = id}, &rec));
    auth__user_of(&rec, out);
    return RC_OK;
}

enum rc auth_user_by_email(struct op *op, struct str email, struct auth_user *out)
{
    struct user_rec rec;
    struct str fold = text_fold(op->arena, email);
    TRY(q_user_by_email(op, &(struct q_user_by_email_in){.email_fold = fold}, &rec));
    auth__user_of(&rec, out);
    return RC_OK;
}

static void list_of(struct op *op, const struct user_rec_rows *rows, struct auth_user_list *out)
{
    for (size_t i = 0; i < rows->len; i++) {
        struct auth_user user;
        auth__user_of(&rows->at[i], &user);
        VEC_PUSH(op->arena, out, user);
    }
}

enum rc auth_users_of_partner(struct op *op, int64_t partner_id, struct auth_user_list *out)
{
    struct user_rec_rows rows;
    TRY(q_users_of_partner(op, &(struct q_users_of_partner_in){.partner_id = partner_id}, &rows));
    *out = (struct auth_user_list){0};
    list_of(op, &rows, out);
    return RC_OK;
}

static bool role_may(struct op *op, const struct role_grant *row, size_t wanted)
{
    struct auth_role role = {.side = (enum auth_side)row->side, .builtin = row->builtin};
    struct permission_set set = {{0}};
    if (role.builtin.len == 0)
        return row->is_granted && permission_at(wanted)->side == auth__kind_of(role.side);
    return auth_role_permissions(op, &role, set.bits) == RC_OK && auth__set_has(&set, wanted);
}

/* As a JSON list of ids. */
static enum rc roles_that_may(struct op *op, size_t wanted, struct str *out)
{
    struct role_grant_rows roles;
    AUTO_BUF ids = BUF(IDS_BYTES_MAX);
    struct json_writer w = JSON_WRITER(&ids);
    struct str permission = str_of(permission_at(wanted)->name);
    TRY(q_roles_granting(op, &(struct q_roles_granting_in){permission}, &roles));
    json_array(&w);
    for (size_t i = 0; i < roles.len; i++)
        if (role_may(op, &roles.at[i], wanted))
            json_put_i64(&w, roles.at[i].id);
    json_array_end(&w);
    *out = str_dup(op->arena, buf_str(&ids));
    return RC_OK;
}

enum rc auth_users_who_may(struct op *op, const char *permission, struct auth_user_list *out)
{
    size_t wanted;
    bool is_declared = permission_find(str_of(permission), &wanted);
    assert(is_declared);
    struct str ids;
    TRY(roles_that_may(op, wanted, &ids));
    struct user_rec_rows users;
    TRY(q_users_of_roles(op, &(struct q_users_of_roles_in){.roles = ids}, &users));
    *out = (struct auth_user_list){0};
    list_of(op, &users, out);
    return RC_OK;
}

enum rc auth_user_name(struct op *op, int64_t id, struct str *out)
{
    struct user_rec rec;
    enum rc rc = id ? q_user(op, &(struct q_user_in){.id = id}, &rec) : RC_MISSING;
    *out = rc == RC_OK ? rec.name : STR("\xe2\x80\x93");
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- the people of org ---- */

static enum rc people_list(struct op *op, struct org_choices *out)
{
    struct person_rows rows;
    TRY(q_staff(op, &rows));
    *out = (struct org_choices){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct org_choice one = {rows.at[i].id, STR(""), rows.at[i].name};
        VEC_PUSH(op->arena, out, one);
    }
    return RC_OK;
}

static enum rc people_name(struct op *op, int64_t user_id, struct str *out)
{
    struct user_rec rec;
    TRY(q_user(op, &(struct q_user_in){.id = user_id}, &rec));
    if (rec.side != AUTH_STAFF)
        return RC_MISSING;
    *out = rec.name;
    return RC_OK;
}

static enum rc people_branches(struct op *op, struct i64_list *out)
{
    return auth__branches_of(op, op->actor.user_id, out);
}

const struct org_people auth__people = {people_list, people_name, people_branches};

/* ---- what the audit says ---- */

enum rc auth__audit(struct op *op, const char *action, const struct auth_user *user)
{
    return audit_add(op, &(struct audit_entry){
                             .action = action,
                             .record = "user",
                             .record_id = user->id,
                             .label = user->name,
                             .partner_id = user->partner_id,
                         });
}

enum { USER_VALUES = 5 };

static enum rc user_values(struct op *op, const struct auth_user *user,
                           struct audit_value out[USER_VALUES])
{
    struct role_rec_rows roles;
    struct branch_ref_rows branches;
    TRY(q_roles_of_user(op, &(struct q_roles_of_user_in){.user_id = user->id}, &roles));
    TRY(q_user_branches(op, &(struct q_user_branches_in){.user_id = user->id}, &branches));
    AUTO_BUF given = BUF(64 * 1024);
    AUTO_BUF seen = BUF(64 * 1024);
    for (size_t i = 0; i < roles.len; i++) {
        struct str name = roles.at[i].builtin.len ? roles.at[i].builtin : roles.at[i].name;
        buf_printf(&given, "%s" STR_FMT, i ? ", " : "", STR_ARG(name));
    }
    for (size_t i = 0; i < branches.len; i++)
        buf_printf(&seen, "%s" STR_FMT, i ? ", " : "", STR_ARG(branches.at[i].name));
    static const char *const states[] = {"", "invited", "active", "blocked"};
    out[0] = (struct audit_value){"name", user->name};
    out[1] = (struct audit_value){"email", user->email};
    out[2] = (struct audit_value){"state", str_of(states[user->state])};
    out[3] = (struct audit_value){"roles", str_dup(op->arena, buf_str(&given))};
    out[4] = (struct audit_value){
        "branches", user->has_all_branches ? STR("*") : str_dup(op->arena, buf_str(&seen))};
    return RC_OK;
}

static enum rc audit_user(struct op *op, const char *action, const struct auth_user *user,
                          const struct audit_value *before)
{
    struct audit_value after[USER_VALUES];
    TRY(user_values(op, user, after));
    return audit_add_diff(op,
                          &(struct audit_entry){.action = action,
                                                .record = "user",
                                                .record_id = user->id,
                                                .label = user->name,
                                                .partner_id = user->partner_id},
                          before, after, USER_VALUES);
}

/* ---- making ---- */

static enum rc check_name(struct op *op, struct str *name)
{
    *name = text_clean_line(op->arena, *name);
    if (name->len == 0)
        return fail(op, RC_INVALID, "name", M("This field is required."));
    if (utf8_count(*name) > AUTH_NAME_CHARS_MAX)
        return fail(op, RC_INVALID, "name", M("This is too long: at most {0} characters."), "120");
    return RC_OK;
}

static enum rc check_new(struct op *op, struct auth_user_new *in)
{
    assert((in->side == AUTH_PARTNER) == (in->partner_id > 0));
    if (op->actor.kind == ACTOR_PARTNER) {
        TRY(op_must(op, "team.edit"));
        if (in->side != AUTH_PARTNER || in->partner_id != op->actor.partner_id)
            return fail(op, RC_MISSING, NULL, M("There is no such partner."));
    } else {
        TRY(op_must(op, "user.edit"));
    }
    enum rc rc = RC_OK;
    const char *wrong = check_email(op->arena, in->email, &in->email);
    if (wrong)
        rc = fail(op, RC_INVALID, "email", wrong);
    enum rc name_rc = check_name(op, &in->name);
    rc = rc == RC_OK ? name_rc : rc;
    if (!in->lang.at || !lang_find(in->lang)) {
        struct org_locale locale;
        TRY(org_locale(op, &locale));
        in->lang = str_of(locale.lang->code);
    }
    enum rc give_rc = auth__may_give(op, in);
    return rc == RC_OK ? give_rc : rc;
}

static enum rc insert_user(struct op *op, const struct auth_user_new *in, struct str hash,
                           struct auth_user *out)
{
    int64_t id;
    enum rc rc =
        q_user_insert(op,
                      &(struct q_user_insert_in){
                          .side = (int64_t)in->side,
                          .state = hash.at ? AUTH_ACTIVE : AUTH_INVITED,
                          .email = in->email,
                          .email_fold = text_fold(op->arena, in->email),
                          .name = in->name,
                          .name_fold = text_fold(op->arena, in->name),
                          .name_sort = text_sort_key(op->arena, in->name),
                          .lang = in->lang,
                          .partner_id = in->partner_id ? SOME(in->partner_id) : NONE,
                          .has_all_branches = in->side == AUTH_STAFF && in->has_all_branches,
                          .password_hash = hash,
                          .now = op->now,
                      },
                      &id);
    TRY(op_taken(op, rc, "email_fold", "email", M("Somebody has this e-mail address already.")));
    TRY(auth__grant(op, id, in));
    TRY(auth_user_get(op, id, out));
    return audit_user(op, hash.at ? "user.add" : "user.invite", out, NULL);
}

static enum rc send_invitation(struct op *op, const struct auth_user *user)
{
    struct str token;
    TRY(q_tokens_clear(op, &(struct q_tokens_clear_in){.user_id = user->id}));
    TRY(auth__token_new(op, AUTH_TOKEN_INVITE, SOME(user->id), AUTH_INVITE_US, &token));
    return auth__mail_invite(op, user, token);
}

enum rc auth_user_invite(struct op *op, const struct auth_user_new *in, int64_t *out_id)
{
    struct auth_user_new new = *in;
    struct auth_user user;
    TRY(check_new(op, &new));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(insert_user(op, &new, STR_NONE, &user));
    TRY(send_invitation(op, &user));
    TRY(txn_commit(&txn));
    *out_id = user.id;
    return RC_OK;
}

enum rc auth_user_invite_again(struct op *op, int64_t id)
{
    struct auth_user user;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, id, &user));
    TRY(auth__must_manage(op, &user));
    if (user.state != AUTH_INVITED)
        return fail(op, RC_CONFLICT, NULL, M("This person has accepted the invitation already."));
    TRY(send_invitation(op, &user));
    TRY(auth__audit(op, "user.invite_again", &user));
    return txn_commit(&txn);
}

enum rc auth_user_add(struct op *op, const struct auth_user_new *in, struct str password,
                      int64_t *out_id)
{
    struct auth_user_new new = *in;
    struct auth_user user;
    struct str hash;
    TRY(check_new(op, &new));
    const char *wrong = auth_password_check(password, new.email);
    if (wrong)
        return fail(op, RC_INVALID, "password", wrong);
    TRY(auth__password_hash(op, password, &hash));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(insert_user(op, &new, hash, &user));
    TRY(txn_commit(&txn));
    *out_id = user.id;
    return RC_OK;
}

/* ---- changing ---- */

enum rc auth_user_save(struct op *op, int64_t id, int64_t revision, const struct auth_user_new *in)
{
    struct auth_user_new new = *in;
    struct auth_user old, user;
    struct permission_set had, has;
    bool had_one;
    struct audit_value before[USER_VALUES];
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, id, &old));
    TRY(auth__must_manage(op, &old));
    TRY(auth__has_administrator(op, &had_one));
    new.side = old.side;
    new.has_all_branches = new.side == AUTH_STAFF &&new.has_all_branches;
    TRY(check_name(op, &new.name));
    TRY(auth__may_give(op, &new));
    TRY(user_values(op, &old, before));
    TRY(auth__permissions_of(op, id, &had));
    TRY(op_stale_if(op, q_user_update(op, &(struct q_user_update_in){
                                              .id = id,
                                              .revision = revision,
                                              .name = new.name,
                                              .name_fold = text_fold(op->arena, new.name),
                                              .name_sort = text_sort_key(op->arena, new.name),
                                              .has_all_branches = new.has_all_branches,
                                          })));
    TRY(auth__grant(op, id, &new));
    TRY(auth_user_get(op, id, &user));
    TRY(audit_user(op, "user.edit", &user, before));
    TRY(auth__keeps_administrator(op, had_one));
    TRY(auth__permissions_of(op, id, &has));
    bool is_other =
        memcmp(&had, &has, sizeof had) != 0 || old.has_all_branches != user.has_all_branches;
    if (is_other && id != op->actor.user_id)
        TRY(q_sessions_delete(op, &(struct q_sessions_delete_in){.user_id = id}));
    return txn_commit(&txn);
}

enum rc auth_user_block(struct op *op, int64_t id, int64_t revision, bool is_blocked)
{
    struct auth_user old, user;
    struct user_secret secret;
    bool had_one;
    struct audit_value before[USER_VALUES];
    if (is_blocked && id == op->actor.user_id)
        return fail(op, RC_CONFLICT, NULL, M("You cannot block yourself."));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, id, &old));
    TRY(auth__must_manage(op, &old));
    TRY(auth__has_administrator(op, &had_one));
    TRY(user_values(op, &old, before));
    TRY(q_user_secret_by_id(op, &(struct q_user_secret_by_id_in){.id = id}, &secret));
    if (is_blocked == (old.state == AUTH_BLOCKED))
        return txn_commit(&txn);
    int64_t state = is_blocked                ? AUTH_BLOCKED
                    : secret.password_hash.at ? AUTH_ACTIVE
                                              : AUTH_INVITED;
    TRY(op_stale_if(op, q_user_state(op, &(struct q_user_state_in){
                                             .id = id, .revision = revision, .state = state})));
    TRY(q_sessions_delete(op, &(struct q_sessions_delete_in){.user_id = id}));
    TRY(q_tokens_clear(op, &(struct q_tokens_clear_in){.user_id = id}));
    TRY(auth_user_get(op, id, &user));
    TRY(audit_user(op, is_blocked ? "user.block" : "user.unblock", &user, before));
    TRY(auth__keeps_administrator(op, had_one));
    return txn_commit(&txn);
}
