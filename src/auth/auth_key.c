/* API keys: a person's stand-in for programs. A key may what its scopes name and its person still
 * may, whichever is less; it dies with the person's account. The secret is shown once; the table
 * has its hash and its first characters, by which people tell keys apart. */
#include "auth/auth_int.h"

#define KEY_PREFIX "kontor_sk_"

enum { KEY_SHOWN_CHARS = 16, SCOPES_MAX = 64 * 1024 };

static bool is_all(const struct str_list *scopes)
{
    return scopes->len == 1 && str_eq(scopes->at[0], STR("*"));
}

/* What acts may give: a key that may little makes no key that may more. The system may all. */
static bool may_all_of(const struct op *op, const struct permission_set *set)
{
    for (size_t i = 0; i < permission_count(); i++)
        if (auth__set_has(set, i) && !op_may(op, permission_at(i)->name))
            return false;
    return true;
}

/* Scopes as one text, each declared, held by the person whose key it is, and by who makes it. */
static enum rc scopes_text(struct op *op, const struct auth_key_new *in, struct str *out)
{
    struct permission_set theirs;
    AUTO_BUF buf = BUF(SCOPES_MAX);
    if (in->scopes.len == 0)
        return fail(op, RC_INVALID, "scopes", M("Choose what the key may do."));
    TRY(auth__permissions_of(op, in->user_id, &theirs));
    if (is_all(&in->scopes) && may_all_of(op, &theirs)) {
        *out = STR("*");
        return RC_OK;
    }
    if (is_all(&in->scopes))
        return fail(op, RC_DENIED, "scopes",
                    M("You cannot give a permission that you do not have."));
    for (size_t i = 0; i < in->scopes.len; i++) {
        size_t found;
        if (!permission_find(in->scopes.at[i], &found))
            return fail(op, RC_INVALID, "scopes", M("There is no permission {0}."),
                        str_c(op->arena, in->scopes.at[i]));
        if (!auth__set_has(&theirs, found) || !op_may(op, permission_at(found)->name))
            return fail(op, RC_DENIED, "scopes",
                        M("You cannot give a permission that you do not have."));
        buf_printf(&buf, "%s%s", buf.len ? " " : "", permission_at(found)->name);
    }
    *out = str_dup(op->arena, buf_str(&buf));
    return RC_OK;
}

static enum rc audit_key(struct op *op, const char *action, int64_t id, struct str name,
                         const struct audit_value *after, size_t len)
{
    return audit_add_diff(
        op,
        &(struct audit_entry){
            .action = action, .record = "api_key", .record_id = id, .label = name},
        NULL, after, len);
}

/* One makes keys for oneself; the system (command line) for anybody. */
static enum rc may_add(struct op *op, const struct auth_key_new *in)
{
    struct auth_user user;
    TRY(op_must(op, "key.edit"));
    if (op->actor.kind != ACTOR_SYSTEM && op->actor.user_id != in->user_id)
        return fail(op, RC_DENIED, NULL, M("You can make keys only for yourself."));
    TRY(auth_user_get(op, in->user_id, &user));
    if (user.state != AUTH_ACTIVE)
        return fail(op, RC_INVALID, "user", M("This person is not active."));
    return RC_OK;
}

enum rc auth_key_add(struct op *op, const struct auth_key_new *in, int64_t *out_id,
                     struct str *out_secret)
{
    char token[CRYPT_TOKEN_MAX];
    struct str scopes;
    int64_t id;
    TRY(may_add(op, in));
    struct str name = text_clean_line(op->arena, in->name);
    if (name.len == 0 || utf8_count(name) > 80)
        return fail(op, RC_INVALID, "name", M("Enter a name of at most 80 characters."));
    if (in->expires_at.has && in->expires_at.v <= op->now)
        return fail(op, RC_INVALID, "expires", M("Choose a day in the future."));
    TRY(scopes_text(op, in, &scopes));
    crypt_token(token);
    struct str secret = str_printf(op->arena, KEY_PREFIX "%s", token);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_key_insert(op,
                     &(struct q_key_insert_in){
                         .user_id = in->user_id,
                         .name = name,
                         .shown = str_sub(secret, 0, KEY_SHOWN_CHARS),
                         .secret_hash = auth__hash(op, secret),
                         .scopes = scopes,
                         .now = op->now,
                         .expires_at = in->expires_at,
                     },
                     &id));
    struct audit_value after[2] = {{"name", name}, {"scopes", scopes}};
    TRY(audit_key(op, "api_key.add", id, name, after, LEN(after)));
    TRY(txn_commit(&txn));
    crypt_wipe(token, sizeof token);
    *out_id = id;
    *out_secret = secret;
    return RC_OK;
}

enum rc auth_key_revoke(struct op *op, int64_t id)
{
    struct key_rec key;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_key(op, &(struct q_key_in){.id = id}, &key));
    if (op->actor.kind != ACTOR_SYSTEM && op->actor.user_id != key.user_id) {
        struct auth_user owner;
        TRY(auth_user_get(op, key.user_id, &owner));
        TRY(auth__must_manage(op, &owner));
    }
    enum rc rc = q_key_revoke(op, &(struct q_key_revoke_in){.id = id, .now = op->now});
    if (rc == RC_CONFLICT)
        return fail(op, rc, NULL, M("This key was revoked already."));
    TRY(rc);
    struct audit_value after[1] = {{"name", key.name}};
    TRY(audit_key(op, "api_key.revoke", id, key.name, after, LEN(after)));
    return txn_commit(&txn);
}

/* ---- using a key ---- */

static void narrow(struct actor *actor, struct str scopes)
{
    struct permission_set asked = {{0}};
    if (str_eq(scopes, STR("*")))
        return;
    while (scopes.at) {
        size_t found;
        if (permission_find(str_cut(&scopes, ' '), &found))
            auth__set_add(&asked, found);
    }
    for (size_t i = 0; i < LEN(asked.bits); i++)
        actor->permissions[i] &= asked.bits[i];
}

enum rc auth__key_actor(struct op *op, struct str secret, struct actor *out, int64_t *out_key_id)
{
    struct key_rec key;
    struct actor actor;
    if (!str_starts(secret, STR(KEY_PREFIX)) || secret.len >= 2 * CRYPT_TOKEN_MAX)
        return RC_MISSING;
    TRY(q_key_by_secret(op, &(struct q_key_by_secret_in){.secret_hash = auth__hash(op, secret)},
                        &key));
    if (key.revoked_at.has || (key.expires_at.has && key.expires_at.v <= op->now))
        return RC_MISSING;
    TRY(auth_actor(op, key.user_id, &actor));
    narrow(&actor, key.scopes);
    actor.name =
        str_printf(op->arena, STR_FMT " (" STR_FMT ")", STR_ARG(actor.name), STR_ARG(key.name));
    bool is_stale = !key.used_at.has || key.used_at.v + US_MINUTE <= op->now;
    if (is_stale && db_may_write_now(op->db)) {
        /* When it was last used is a help, not a fact that a full disk should stop work for, nor
         * one that a reader should wait for behind an import. */
        enum rc rc = q_key_used(op, &(struct q_key_used_in){.id = key.id, .now = op->now});
        if (rc != RC_OK)
            fault_clear(&op->fault);
    }
    *out = actor;
    *out_key_id = key.id;
    return RC_OK;
}
