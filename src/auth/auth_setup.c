/* The first run: an empty database is set up in the browser in three steps (the company, the first
 * administrator, the first branch), by whoever holds the address that `kontor serve` printed. There
 * is no default account. Each step is stored when it is done, so an interrupted set-up goes on
 * where it stopped; the address dies with the last step. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

enum setup_step { SETUP_COMPANY = 1, SETUP_ADMINISTRATOR, SETUP_BRANCH, SETUP_DONE };

static enum rc step_now(struct op *op, enum setup_step *out)
{
    struct org_operator o;
    struct org_choices branches;
    struct counted users;
    enum rc rc = org_operator_get(op, &o);
    *out = SETUP_COMPANY;
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    TRY(q_user_count(op, &users));
    TRY(org_branch_choices(op, 0, &branches));
    *out = users.n == 0 ? SETUP_ADMINISTRATOR : branches.len == 0 ? SETUP_BRANCH : SETUP_DONE;
    return RC_OK;
}

enum rc auth_setup_is_open(struct op *op, bool *out_is_open)
{
    enum setup_step step;
    TRY(step_now(op, &step));
    *out_is_open = step != SETUP_DONE;
    return RC_OK;
}

enum rc auth_setup_token(struct op *op, struct str *out_token)
{
    bool is_open;
    TRY(auth_setup_is_open(op, &is_open));
    if (!is_open)
        return RC_MISSING;
    return auth__token_new(op, AUTH_TOKEN_SETUP, NONE, AUTH_SETUP_US, out_token);
}

/* ---- acting before there is anybody ---- */

/* The holder of the address acts as the system for one step; the audit names it so. */
static struct actor as_setup(struct req *r)
{
    struct actor before = r->op->actor;
    r->op->actor = (struct actor){
        .kind = ACTOR_SYSTEM, .name = tr(r->op->lang, M("Set-up")), .address = r->address};
    return before;
}

/* The step that is due, when the token is right; RC_MISSING otherwise, also when all is done. */
static enum rc guard(struct req *r, struct str token, enum setup_step *out)
{
    struct token_rec found;
    struct op *op = r->op;
    TRY(step_now(op, out));
    if (*out == SETUP_DONE)
        return RC_MISSING;
    return auth__token_find(op, AUTH_TOKEN_SETUP, token, &found);
}

static enum rc refuse(struct req *r)
{
    struct auth_setup_page v = {.is_refused = true};
    fault_clear(&r->op->fault);
    answer_status(r, 404);
    return PAGE(r, M("First run"), auth_setup, &v);
}

/* ---- the pages ---- */

static const struct {
    const char *label;
} steps[] = {{M("Company")}, {M("Administrator")}, {M("First branch")}};

static void stages(struct op *op, enum setup_step step, struct ui_stages *out)
{
    for (int i = 0; i < (int)LEN(steps); i++) {
        struct ui_stage stage = {
            .label = steps[i].label,
            .state = i + 1 < (int)step    ? UI_STAGE_DONE
                     : i + 1 == (int)step ? UI_STAGE_NOW
                                          : UI_STAGE_NEXT,
        };
        VEC_PUSH(op->arena, out, stage);
    }
}

static enum rc show_step(struct req *r, enum setup_step step, struct ui_form *form,
                         struct str token)
{
    struct auth_setup_page v = {.form = form};
    stages(r->op, step, &v.stages);
    (void)http_page_begin(r, NULL);
    form->above = ui_capture(http_out(r), auth_setup_token_view, token);
    return PAGE(r, M("First run"), auth_setup, &v);
}

static enum rc show_company(struct req *r, struct str token)
{
    struct org_operator o = {
        .name = STR(""),
        .country = STR(""),
        .currency = STR(""),
        .zone = STR("UTC"),
        .lang = str_of(r->op->lang->code),
        .languages = STR("en ru es"),
    };
    struct ui_form form = {.action = STR("/setup/company"), .submit = M("Continue")};
    form.head.title = M("Your company");
    org_operator_form(r, &form, &o);
    return show_step(r, SETUP_COMPANY, &form, token);
}

static const struct ui_field administrator_shown[] = {
    {.name = "name",
     .label = M("Your name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .autocomplete = "name"},
    {.name = "email",
     .label = M("E-mail"),
     .kind = UI_FIELD_EMAIL,
     .is_required = true,
     .autocomplete = "username"},
    {.name = "password",
     .label = M("Password"),
     .hint = M("At least 8 characters. A few unrelated words are easy to keep in mind."),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "new-password"},
};

static enum rc show_administrator(struct req *r, struct str token)
{
    struct ui_form form = {
        .action = STR("/setup/administrator"),
        .submit = M("Continue"),
        .intro = M("This account may do everything. Invite others later."),
    };
    form.head.title = M("First administrator");
    ui_form_init(r, &form, administrator_shown, LEN(administrator_shown));
    return show_step(r, SETUP_ADMINISTRATOR, &form, token);
}

static const struct ui_field branch_shown[] = {
    {.name = "entity",
     .label = M("Legal entity"),
     .hint = M("The party to your contracts. Its tax and bank details can be added later."),
     .kind = UI_FIELD_TEXT,
     .is_required = true},
    {.name = "branch",
     .label = M("Branch"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true},
    {.name = "code",
     .label = M("Code of the branch"),
     .hint = M("Files and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true},
};

static enum rc show_branch(struct req *r, struct str token)
{
    struct org_operator o;
    TRY(org_operator_get(r->op, &o));
    struct ui_form form = {
        .action = STR("/setup/branch"),
        .submit = M("Finish"),
        .intro = M("Partners and people belong to branches. A small company has one."),
    };
    form.head.title = M("First branch");
    ui_form_init(r, &form, branch_shown, LEN(branch_shown));
    ui_form_set(&form, "entity", o.name);
    ui_form_set(&form, "branch", tr(r->op->lang, M("Head office")));
    ui_form_set(&form, "code", STR("HQ"));
    return show_step(r, SETUP_BRANCH, &form, token);
}

struct token_query {
    struct str token;
};
static const struct field token_query_fields[] = {
    F_STR(token_query, token, 0, 100),
    FIELDS_END,
};

static enum rc page_setup(struct req *r)
{
    const struct token_query *query = req_is_again(r) ? NULL : form(r);
    struct str token = query ? query->token : req_raw(r, "token");
    enum setup_step step;
    token = token.at ? token : STR("");
    enum rc rc = guard(r, token, &step);
    if (rc == RC_MISSING)
        return refuse(r);
    TRY(rc);
    if (step == SETUP_COMPANY)
        return show_company(r, token);
    return step == SETUP_ADMINISTRATOR ? show_administrator(r, token) : show_branch(r, token);
}

/* ---- the steps ---- */

/* Right token and right step, or an answer of its own: *out_is_answered. A step that somebody has
 * done already (a second tab, a repeated click) shows the one that is due. */
static enum rc begin_step(struct req *r, struct str token, enum setup_step wanted,
                          bool *out_is_answered, enum rc *out_answer)
{
    enum setup_step step;
    enum rc rc = guard(r, token, &step);
    *out_is_answered = true;
    *out_answer = RC_OK;
    if (rc == RC_MISSING) {
        *out_answer = refuse(r);
        return RC_OK;
    }
    TRY(rc);
    if (step != wanted) {
        *out_answer = REDIRECT(r, "/setup?token={0}", token);
        return RC_OK;
    }
    *out_is_answered = false;
    return RC_OK;
}

struct company_form {
    struct str token, name, country, currency, zone, lang;
    struct str_list languages;
};
static const struct field company_fields[] = {
    F_STR(company_form, token, 1, 100),
    F_STR(company_form, name, 1, 200),
    F_STR(company_form, country, 2, 2),
    F_STR(company_form, currency, 3, 3),
    F_STR(company_form, zone, 1, 64),
    F_STR(company_form, lang, 2, 2),
    F_STRS(company_form, languages, LANG_COUNT),
    FIELDS_END,
};

static enum rc page_company(struct req *r)
{
    const struct company_form *in = form(r);
    struct op *op = r->op;
    bool is_answered;
    enum rc answer;
    TRY(begin_step(r, in->token, SETUP_COMPANY, &is_answered, &answer));
    if (is_answered)
        return answer;
    AUTO_BUF languages = BUF(64);
    for (size_t i = 0; i < in->languages.len; i++)
        buf_printf(&languages, "%s" STR_FMT, i ? " " : "", STR_ARG(in->languages.at[i]));
    struct org_operator o = {
        .name = in->name,
        .country = in->country,
        .currency = in->currency,
        .zone = in->zone,
        .lang = in->lang,
        .languages = buf_str(&languages),
    };
    struct actor before = as_setup(r);
    enum rc rc = org_operator_save(op, &o);
    op->actor = before;
    TRY(rc);
    return REDIRECT(r, "/setup?token={0}", in->token);
}

struct administrator_form {
    struct str token, name, email, password;
};
static const struct field administrator_fields[] = {
    F_STR(administrator_form, token, 1, 100),
    F_STR(administrator_form, name, 1, AUTH_NAME_CHARS_MAX),
    F_STR(administrator_form, email, 1, AUTH_EMAIL_CHARS_MAX),
    F_SECRET(administrator_form, password, 0, CRYPT_PASSWORD_MAX),
    FIELDS_END,
};

static enum rc page_administrator(struct req *r)
{
    const struct administrator_form *in = form(r);
    struct op *op = r->op;
    bool is_answered;
    enum rc answer;
    int64_t id;
    struct auth_role role;
    TRY(begin_step(r, in->token, SETUP_ADMINISTRATOR, &is_answered, &answer));
    if (is_answered)
        return answer;
    TRY(auth_role_find(op, STR("administrator"), &role));
    struct auth_user_new user = {
        .side = AUTH_STAFF,
        .email = in->email,
        .name = in->name,
        .lang = str_of(op->lang->code),
        .has_all_branches = true,
        .roles = {.at = &role.id, .len = 1},
    };
    struct actor before = as_setup(r);
    enum rc rc = auth_user_add(op, &user, in->password, &id);
    op->actor = before;
    TRY(rc);
    struct auth_signed_in session;
    TRY(auth_session_open(op, id, r->address, req_header(r, "User-Agent"), &session));
    TRY(auth__adopt(r, &session));
    return REDIRECT(r, "/setup?token={0}", in->token);
}

struct branch_form {
    struct str token, entity, branch, code;
};
static const struct field branch_fields[] = {
    F_STR(branch_form, token, 1, 100),
    F_STR(branch_form, entity, 1, 200),
    F_STR(branch_form, branch, 1, 200),
    F_STR(branch_form, code, 1, 64),
    FIELDS_END,
};

/* Messages of org name its own fields; here the legal entity has only its name. */
static enum rc rename_field(struct op *op, enum rc rc, const char *from, const char *to)
{
    for (size_t i = 0; i < op->fault.entries_len; i++)
        if (op->fault.entries[i].field && strcmp(op->fault.entries[i].field, from) == 0)
            op->fault.entries[i].field = to;
    return rc;
}

static enum rc make_branch(struct op *op, const struct branch_form *in)
{
    struct org_operator o;
    struct org_entity entity = {.name = in->entity};
    int64_t entity_id, branch_id;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(org_operator_get(op, &o));
    entity.country = o.country;
    TRY(rename_field(op, org_entity_save(op, &entity, &entity_id), "name", "entity"));
    struct org_branch branch = {.code = in->code, .name = in->branch, .entity_id = entity_id};
    TRY(rename_field(op, org_branch_save(op, &branch, &branch_id), "name", "branch"));
    TRY(q_tokens_clear_setup(op));
    return txn_commit(&txn);
}

static enum rc page_branch(struct req *r)
{
    const struct branch_form *in = form(r);
    bool is_answered;
    enum rc answer;
    TRY(begin_step(r, in->token, SETUP_BRANCH, &is_answered, &answer));
    if (is_answered)
        return answer;
    struct actor before = as_setup(r);
    enum rc rc = make_branch(r->op, in);
    r->op->actor = before;
    TRY(rc);
    answer_note(r, M("Kontor is ready."));
    return REDIRECT(r, "/");
}

const struct route auth_setup_routes[] = {
    ROUTE(GET, "/setup", page_setup, PERM_PUBLIC, FORM(token_query, token_query_fields)),
    ROUTE(POST, "/setup/company", page_company, PERM_PUBLIC, FORM(company_form, company_fields),
          FORM_PAGE(page_setup)),
    ROUTE(POST, "/setup/administrator", page_administrator, PERM_PUBLIC,
          FORM(administrator_form, administrator_fields), FORM_PAGE(page_setup)),
    ROUTE(POST, "/setup/branch", page_branch, PERM_PUBLIC, FORM(branch_form, branch_fields),
          FORM_PAGE(page_setup)),
    {0},
};
