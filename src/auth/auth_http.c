/* What auth does for the server: who sends a request, the page that asks to sign in, what the shell
 * says about the person. An API key is looked at on API routes only and a cookie everywhere else,
 * so a page of another site can never act through a key, nor a key through a forgotten cookie. */
#include "auth/auth_int.h"

const struct auth_request *auth__request(const struct req *r)
{
    return r->session;
}

static void take_lang(struct op *op, struct str code)
{
    const struct lang *lang = code.at ? lang_find(code) : NULL;
    if (lang)
        op->lang = lang;
}

static enum rc by_key(struct req *r, struct auth_request *request)
{
    struct op *op = r->op;
    struct str secret = req_bearer(r);
    struct actor actor;
    if (!secret.at)
        return RC_OK;
    enum rc rc = auth__key_actor(op, secret, &actor, &request->key_id);
    if (rc == RC_MISSING)
        return fail(op, RC_SIGN_IN, NULL, M("This API key is not valid."));
    TRY(rc);
    op->actor = actor;
    return RC_OK;
}

/* When a session was last used is written at most once a minute; that it cannot be written (a full
 * disk, a long import) does not keep anybody from reading. */
static void mark_seen(struct req *r, const struct session_rec *session)
{
    struct op *op = r->op;
    if (session->seen_at + US_MINUTE > op->now || !db_may_write_now(op->db))
        return;
    enum rc rc = q_session_seen(
        op, &(struct q_session_seen_in){.id = session->id, .now = op->now, .address = r->address});
    if (rc != RC_OK)
        fault_clear(&op->fault);
}

static enum rc by_cookie(struct req *r, struct auth_request *request)
{
    struct op *op = r->op;
    struct session_rec session;
    struct actor actor;
    struct user_rec user;
    take_lang(op, req_cookie(r, "lang"));
    enum rc rc = auth__session_find(op, req_cookie(r, AUTH_COOKIE), &session);
    if (rc == RC_OK)
        rc = auth_actor(op, session.user_id, &actor);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    TRY(q_user(op, &(struct q_user_in){.id = session.user_id}, &user));
    take_lang(op, user.lang);
    op->actor = actor;
    request->session_id = session.id;
    r->csrf_secret = session.csrf;
    mark_seen(r, &session);
    return RC_OK;
}

static enum rc authenticate(struct req *r)
{
    struct op *op = r->op;
    struct org_locale locale;
    struct auth_request *request = NEW(op->arena, struct auth_request);
    r->session = request;
    TRY(org_locale(op, &locale));
    op->zone = locale.zone;
    TRY(r->is_api ? by_key(r, request) : by_cookie(r, request));
    op->actor.address = r->address;
    return RC_OK;
}

enum rc auth__adopt(struct req *r, const struct auth_signed_in *session)
{
    struct op *op = r->op;
    struct session_rec rec;
    struct actor actor;
    struct user_rec user;
    struct auth_request *request = r->session ? r->session : NEW(op->arena, struct auth_request);
    struct str token = str_dup(op->arena, str_of(session->token));
    TRY(auth__session_find(op, token, &rec));
    TRY(auth_actor(op, session->user_id, &actor));
    TRY(q_user(op, &(struct q_user_in){.id = session->user_id}, &user));
    actor.address = r->address;
    op->actor = actor;
    take_lang(op, user.lang);
    request->session_id = rec.id;
    r->session = request;
    r->csrf_secret = rec.csrf;
    answer_cookie(r, AUTH_COOKIE, token, conf_duration_us("session_max") / US_SECOND);
    answer_cookie(r, AUTH_HALF_COOKIE, STR(""), -1);
    return RC_OK;
}

/* ---- the shell ---- */

static struct str role_words(struct op *op, int64_t user_id)
{
    struct role_rec_rows roles;
    if (q_roles_of_user(op, &(struct q_roles_of_user_in){.user_id = user_id}, &roles) != RC_OK ||
        roles.len == 0)
        return STR_NONE;
    struct str *labels = NEW_ARRAY(op->arena, struct str, roles.len);
    for (size_t i = 0; i < roles.len; i++) {
        struct auth_role role;
        auth__role_of(&roles.at[i], &role);
        labels[i] = auth_role_label(op, &role);
    }
    return i18n_list(op->arena, op->lang, labels, roles.len);
}

static void facts(struct req *r, struct ui_facts *out)
{
    struct op *op = r->op;
    struct org_locale locale;
    if (org_locale(op, &locale) != RC_OK)
        return;
    out->operator_name = locale.name;
    memcpy(out->speaks, locale.speaks, sizeof out->speaks);
    if (op->actor.user_id == 0)
        return;
    out->person_note = role_words(op, op->actor.user_id);
    out->sign_out_href = STR("/sign-out");
    ui_act(op, &out->person,
           (struct ui_action){.label = M("My profile"), .icon = "user", .href = STR("/profile")});
    ui_act(op, &out->person,
           (struct ui_action){.label = M("API keys"),
                              .icon = "key",
                              .href = STR("/settings/keys"),
                              .permission = "key.edit"});
}

static enum rc save_lang(struct req *r, enum lang_id lang)
{
    struct op *op = r->op;
    struct user_rec user;
    TRY(q_user(op, &(struct q_user_in){.id = op->actor.user_id}, &user));
    return q_user_profile(op, &(struct q_user_profile_in){
                                  .id = user.id,
                                  .name = user.name,
                                  .name_fold = text_fold(op->arena, user.name),
                                  .name_sort = text_sort_key(op->arena, user.name),
                                  .lang = str_of(lang_of(lang)->code),
                              });
}

const struct ui_hooks auth_ui_hooks = {.facts = facts, .save_lang = save_lang};

static enum rc ready(struct op *op)
{
    struct counted users;
    return q_user_count(op, &users);
}

const struct http_hooks auth_http_hooks = {
    .authenticate = authenticate,
    .shell = ui_shell,
    .sign_in = auth__ask_sign_in,
    .idempotency_begin = auth__answer_begin,
    .idempotency_end = auth__answer_end,
    .idempotency_drop = auth__answer_drop,
    .ready = ready,
};
