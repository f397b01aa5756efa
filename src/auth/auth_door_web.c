/* The pages before the door: sign in, second factor, forgotten password, the links of letters, and
 * signing out. A link of a letter opens a form and changes nothing; the form uses it up. Answers
 * never tell whether an address is known. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

/* ---- sign in ---- */

struct sign_in_form {
    struct str email, password, to, stash;
};
static const struct field sign_in_fields[] = {
    F_STR(sign_in_form, email, 1, AUTH_EMAIL_CHARS_MAX),
    F_SECRET(sign_in_form, password, 1, CRYPT_PASSWORD_MAX),
    F_STR(sign_in_form, to, 0, 2000),
    F_STR(sign_in_form, stash, 0, 512 * 1024),
    FIELDS_END,
};
static const struct ui_field sign_in_shown[] = {
    {.name = "email",
     .label = M("E-mail"),
     .kind = UI_FIELD_EMAIL,
     .is_required = true,
     .autocomplete = "username"},
    {.name = "password",
     .label = M("Password"),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "current-password"},
    {.name = "to", .label = M("Page"), .kind = UI_FIELD_HIDDEN},
    {.name = "stash", .label = M("Page"), .kind = UI_FIELD_HIDDEN},
};

struct to_form {
    struct str to;
};
static const struct field to_fields[] = {
    F_STR(to_form, to, 0, 2000),
    FIELDS_END,
};

static struct str or_empty(struct str s)
{
    return s.at ? s : STR("");
}

static enum rc show_sign_in(struct req *r, struct str to, struct str stash)
{
    struct ui_form form = {.action = STR("/sign-in"), .submit = M("Sign in")};
    form.head.title = M("Sign in");
    if (stash.len)
        form.intro = M("Your session is over. Sign in, and the form comes back as you left it.");
    ui_form_init(r, &form, sign_in_shown, LEN(sign_in_shown));
    ui_form_set(&form, "to", or_empty(to));
    ui_form_set(&form, "stash", or_empty(stash));
    struct auth_door_page v = {.form = &form, .has_forgot = true};
    return PAGE(r, M("Sign in"), auth_door, &v);
}

/* Nobody has an account yet: the form would be a wall. */
static enum rc show_not_set_up(struct req *r)
{
    struct auth_door_page v = {.is_not_set_up = true};
    return PAGE(r, M("First run"), auth_door, &v);
}

enum rc auth__ask_sign_in(struct req *r, struct str to, struct str stash)
{
    struct counted users;
    TRY(q_user_count(r->op, &users));
    answer_status(r, 401);
    return users.n ? show_sign_in(r, to, stash) : show_not_set_up(r);
}

static enum rc page_sign_in(struct req *r)
{
    struct counted users;
    const struct to_form *in = req_is_again(r) ? NULL : form(r);
    if (!in)
        return show_sign_in(r, req_raw(r, "to"), req_raw(r, "stash"));
    if (r->op->actor.user_id)
        return http_redirect_to(r, in->to.len ? in->to : STR("/"));
    TRY(q_user_count(r->op, &users));
    return users.n ? show_sign_in(r, in->to, STR_NONE) : show_not_set_up(r);
}

/* The form that was being filled in, or the page that was asked for. */
static enum rc go_on(struct req *r, struct str to, struct str stash)
{
    if (stash.len) {
        enum rc rc = http_stash_resume(r, stash);
        if (rc != RC_MISSING)
            return rc;
        fault_clear(&r->op->fault);
    }
    return http_redirect_to(r, to.len ? to : STR("/"));
}

static enum rc show_code(struct req *r, struct str to, struct str stash);

static enum rc page_do_sign_in(struct req *r)
{
    const struct sign_in_form *in = form(r);
    struct op *op = r->op;
    struct auth_signed_in session;
    struct auth_sign_in try = {
        .email = in->email,
        .password = in->password,
        .address = r->address,
        .agent = req_header(r, "User-Agent"),
    };
    enum rc rc = auth_sign_in(op, &try, &session);
    if (rc == RC_LIMIT)
        answer_retry_after(r, 60);
    TRY(rc);
    if (!session.needs_second_factor) {
        TRY(auth__adopt(r, &session));
        return go_on(r, in->to, in->stash);
    }
    answer_cookie(r, AUTH_HALF_COOKIE, str_dup(op->arena, str_of(session.token)),
                  AUTH_HALF_US / US_SECOND);
    return show_code(r, in->to, in->stash);
}

/* ---- second factor ---- */

struct code_form {
    struct str code, to, stash;
};
static const struct field code_fields[] = {
    F_STR(code_form, code, 1, 40),
    F_STR(code_form, to, 0, 2000),
    F_STR(code_form, stash, 0, 512 * 1024),
    FIELDS_END,
};
static const struct ui_field code_shown[] = {
    {.name = "code",
     .label = M("Code"),
     .hint = M("Six digits from your app, or one of your recovery codes."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .autocomplete = "one-time-code"},
    {.name = "to", .label = M("Page"), .kind = UI_FIELD_HIDDEN},
    {.name = "stash", .label = M("Page"), .kind = UI_FIELD_HIDDEN},
};

static enum rc show_code(struct req *r, struct str to, struct str stash)
{
    struct ui_form form = {.action = STR("/sign-in/code"), .submit = M("Continue")};
    form.head.title = M("Second factor");
    ui_form_init(r, &form, code_shown, LEN(code_shown));
    ui_form_set(&form, "to", or_empty(to));
    ui_form_set(&form, "stash", or_empty(stash));
    struct auth_door_page v = {.form = &form};
    return PAGE(r, M("Second factor"), auth_door, &v);
}

static enum rc page_code(struct req *r)
{
    return show_code(r, req_raw(r, "to"), req_raw(r, "stash"));
}

static enum rc page_do_code(struct req *r)
{
    const struct code_form *in = form(r);
    struct auth_signed_in session;
    struct auth_code try = {
        .half_token = or_empty(req_cookie(r, AUTH_HALF_COOKIE)),
        .code = in->code,
        .address = r->address,
        .agent = req_header(r, "User-Agent"),
    };
    enum rc rc = auth_second_factor(r->op, &try, &session);
    if (rc == RC_SIGN_IN) {
        fault_clear(&r->op->fault);
        answer_cookie(r, AUTH_HALF_COOKIE, STR(""), -1);
        answer_note(r, M("This took too long. Sign in again."));
        return REDIRECT(r, "/sign-in");
    }
    if (rc == RC_LIMIT)
        answer_retry_after(r, 60);
    TRY(rc);
    TRY(auth__adopt(r, &session));
    return go_on(r, in->to, in->stash);
}

/* ---- sign out ---- */

static enum rc page_sign_out(struct req *r)
{
    struct op *op = r->op;
    const struct auth_request *request = auth__request(r);
    struct auth_user user;
    if (request && request->session_id) {
        AUTO_TXN txn = {0};
        TRY(txn_begin(op, &txn));
        TRY(auth_user_get(op, op->actor.user_id, &user));
        TRY(auth_session_end(op, request->session_id));
        TRY(auth__audit(op, "user.sign_out", &user));
        TRY(txn_commit(&txn));
    }
    answer_cookie(r, AUTH_COOKIE, STR(""), -1);
    return REDIRECT(r, "/sign-in");
}

/* ---- forgotten password ---- */

struct forgot_form {
    struct str email;
};
static const struct field forgot_fields[] = {
    F_STR(forgot_form, email, 1, AUTH_EMAIL_CHARS_MAX),
    FIELDS_END,
};
static const struct ui_field forgot_shown[] = {
    {.name = "email",
     .label = M("E-mail"),
     .kind = UI_FIELD_EMAIL,
     .is_required = true,
     .autocomplete = "username"},
};

static enum rc page_forgot(struct req *r)
{
    struct ui_form form = {
        .action = STR("/forgot"),
        .submit = M("Send the link"),
        .cancel_href = STR("/sign-in"),
        .intro = M("We send a letter with a link for a new password. It works for one hour."),
    };
    form.head.title = M("Forgot the password?");
    ui_form_init(r, &form, forgot_shown, LEN(forgot_shown));
    struct auth_door_page v = {.form = &form};
    return PAGE(r, M("Forgot the password?"), auth_door, &v);
}

static enum rc page_do_forgot(struct req *r)
{
    const struct forgot_form *in = form(r);
    enum rc rc = auth__reset_ask(r->op, in->email, r->address);
    if (rc == RC_LIMIT)
        answer_retry_after(r, 60);
    TRY(rc);
    struct auth_door_page v = {.is_letter_sent = true};
    return PAGE(r, M("Letter on its way"), auth_door, &v);
}

/* ---- links of letters ---- */

struct token_query {
    struct str token;
};
static const struct field token_query_fields[] = {
    F_STR(token_query, token, 0, 100),
    FIELDS_END,
};
struct token_form {
    struct str token, password;
};
static const struct field token_form_fields[] = {
    F_STR(token_form, token, 1, 100),
    F_SECRET(token_form, password, 0, CRYPT_PASSWORD_MAX),
    FIELDS_END,
};
static const struct ui_field token_shown[] = {
    {.name = "token", .label = M("Link"), .kind = UI_FIELD_HIDDEN},
    {.name = "password",
     .label = M("New password"),
     .hint = M("At least 8 characters. A few unrelated words are easy to keep in mind."),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "new-password"},
};

static enum rc show_dead_link(struct req *r)
{
    struct auth_door_page v = {.is_dead_link = true};
    fault_clear(&r->op->fault);
    answer_status(r, 404);
    return PAGE(r, M("The link no longer works"), auth_door, &v);
}

static enum rc show_token_form(struct req *r, enum auth__token purpose)
{
    struct op *op = r->op;
    const struct token_query *query = req_is_again(r) ? NULL : form(r);
    struct str token = query ? or_empty(query->token) : or_empty(req_raw(r, "token"));
    struct token_rec found;
    struct auth_user user;
    bool is_invitation = purpose == AUTH_TOKEN_INVITE;
    enum rc rc = auth__token_find(op, purpose, token, &found);
    if (rc == RC_MISSING)
        return show_dead_link(r);
    TRY(rc);
    TRY(auth_user_get(op, found.user_id.v, &user));
    struct ui_form form = {
        .action = is_invitation ? STR("/invitation") : STR("/reset"),
        .submit = is_invitation ? M("Set the password and start") : M("Set the password"),
    };
    form.head.title = is_invitation ? M("Welcome") : M("A new password");
    form.head.note = user.email;
    ui_form_init(r, &form, token_shown, LEN(token_shown));
    ui_form_set(&form, "token", token);
    struct auth_door_page v = {.form = &form};
    return PAGE(r, is_invitation ? M("Welcome") : M("A new password"), auth_door, &v);
}

static enum rc page_reset(struct req *r)
{
    return show_token_form(r, AUTH_TOKEN_RESET);
}

static enum rc page_invitation(struct req *r)
{
    return show_token_form(r, AUTH_TOKEN_INVITE);
}

static enum rc page_do_reset(struct req *r)
{
    const struct token_form *in = form(r);
    int64_t user_id;
    enum rc rc =
        auth__password_by_token(r->op, AUTH_TOKEN_RESET, in->token, in->password, &user_id);
    if (rc == RC_MISSING)
        return show_dead_link(r);
    TRY(rc);
    answer_note(r, M("The password is set. Sign in with it."));
    return REDIRECT(r, "/sign-in");
}

static enum rc page_do_invitation(struct req *r)
{
    const struct token_form *in = form(r);
    struct auth_signed_in session;
    int64_t user_id;
    enum rc rc =
        auth__password_by_token(r->op, AUTH_TOKEN_INVITE, in->token, in->password, &user_id);
    if (rc == RC_MISSING)
        return show_dead_link(r);
    TRY(rc);
    TRY(auth_session_open(r->op, user_id, r->address, req_header(r, "User-Agent"), &session));
    TRY(auth__adopt(r, &session));
    return REDIRECT(r, "/");
}

const struct route auth_routes[] = {
    ROUTE(GET, "/sign-in", page_sign_in, PERM_PUBLIC, FORM(to_form, to_fields)),
    ROUTE(POST, "/sign-in", page_do_sign_in, PERM_PUBLIC, FORM(sign_in_form, sign_in_fields),
          FORM_PAGE(page_sign_in), BODY_MAX(1024 * 1024)),
    ROUTE(POST, "/sign-in/code", page_do_code, PERM_PUBLIC, FORM(code_form, code_fields),
          FORM_PAGE(page_code), BODY_MAX(1024 * 1024)),
    ROUTE(POST, "/sign-out", page_sign_out, PERM_PUBLIC),
    ROUTE(GET, "/forgot", page_forgot, PERM_PUBLIC),
    ROUTE(POST, "/forgot", page_do_forgot, PERM_PUBLIC, FORM(forgot_form, forgot_fields),
          FORM_PAGE(page_forgot)),
    ROUTE(GET, "/reset", page_reset, PERM_PUBLIC, FORM(token_query, token_query_fields)),
    ROUTE(POST, "/reset", page_do_reset, PERM_PUBLIC, FORM(token_form, token_form_fields),
          FORM_PAGE(page_reset)),
    ROUTE(GET, "/invitation", page_invitation, PERM_PUBLIC, FORM(token_query, token_query_fields)),
    ROUTE(POST, "/invitation", page_do_invitation, PERM_PUBLIC, FORM(token_form, token_form_fields),
          FORM_PAGE(page_invitation)),
    {0},
};
