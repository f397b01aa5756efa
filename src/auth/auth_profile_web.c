/* My profile: name and language, password, second factor, sessions. Everybody has it, on both
 * sides. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

/* ---- profile ---- */

struct profile_form {
    struct str name, lang;
};
static const struct field profile_fields[] = {
    F_STR(profile_form, name, 1, AUTH_NAME_CHARS_MAX),
    F_STR(profile_form, lang, 2, 2),
    FIELDS_END,
};
static const struct ui_field profile_shown[] = {
    {.name = "name",
     .label = M("Name||of a person"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .autocomplete = "name"},
    {.name = "lang", .label = M("Language"), .kind = UI_FIELD_SELECT, .is_required = true},
};

struct password_form {
    struct str current, password;
};
static const struct field password_fields[] = {
    F_SECRET(password_form, current, 0, CRYPT_PASSWORD_MAX),
    F_SECRET(password_form, password, 0, CRYPT_PASSWORD_MAX),
    FIELDS_END,
};
static const struct ui_field password_shown[] = {
    {.name = "current",
     .label = M("Present password"),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "current-password"},
    {.name = "password",
     .label = M("New password"),
     .hint = M("At least 8 characters. A few unrelated words are easy to keep in mind."),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "new-password"},
};

static int64_t session_id_of(const struct req *r)
{
    const struct auth_request *request = auth__request(r);
    return request ? request->session_id : 0;
}

/* "Firefox · Windows" from a User-Agent, enough to recognise one's own device. */
static struct str device(struct op *op, struct str agent)
{
    static const char *const browsers[][2] = {{"Edg/", "Edge"},        {"OPR/", "Opera"},
                                              {"YaBrowser", "Yandex"}, {"Firefox/", "Firefox"},
                                              {"Chrome/", "Chrome"},   {"Safari/", "Safari"}};
    static const char *const systems[][2] = {{"Windows", "Windows"}, {"Android", "Android"},
                                             {"iPhone", "iPhone"},   {"iPad", "iPad"},
                                             {"Mac OS", "macOS"},    {"Linux", "Linux"}};
    const char *browser = NULL, *platform = NULL;
    for (size_t i = 0; i < LEN(browsers) && !browser; i++)
        if (str_has(agent, str_of(browsers[i][0])))
            browser = browsers[i][1];
    for (size_t i = 0; i < LEN(systems) && !platform; i++)
        if (str_has(agent, str_of(systems[i][0])))
            platform = systems[i][1];
    if (browser && platform)
        return str_printf(op->arena, "%s \xc2\xb7 %s", browser, platform);
    if (browser || platform)
        return str_of(browser ? browser : platform);
    return agent.len ? utf8_cut(agent, 60) : tr(op->lang, M("Unknown device"));
}

static enum rc session_items(struct req *r, struct ui_items *out)
{
    struct op *op = r->op;
    struct session_row_rows rows;
    TRY(q_sessions_of_user(op,
                           &(struct q_sessions_of_user_in){.user_id = op->actor.user_id,
                                                           .now = op->now,
                                                           .idle_from = op->now - auth__idle_us()},
                           &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct session_row *s = &rows.at[i];
        bool is_this = s->id == session_id_of(r);
        struct ui_item item = {
            .icon = "device-desktop",
            .title = device(op, s->agent),
            .note = i18n_format(op->arena, op->lang, M("{0}, last used {1}"), s->address,
                                i18n_date_time(op->arena, op->lang, s->seen_at, op->zone)),
            .when = is_this ? tr(op->lang, M("This session")) : STR_NONE,
        };
        if (!is_this)
            item.action = (struct ui_action){
                .label = M("End"),
                .href = str_printf(op->arena, "/profile/sessions/%s/end", ses(s->id).text),
                .is_post = true};
        VEC_PUSH(op->arena, out, item);
    }
    return RC_OK;
}

static enum rc page_profile(struct req *r)
{
    struct op *op = r->op;
    struct auth_user user;
    struct org_locale locale;
    TRY(auth_user_get(op, op->actor.user_id, &user));
    TRY(org_locale(op, &locale));
    struct ui_form form = {.action = STR("/profile"), .submit = M("Save")};
    ui_form_init(r, &form, profile_shown, LEN(profile_shown));
    for (int i = 1; i <= LANG_COUNT; i++) {
        const struct lang *lang = lang_of((enum lang_id)i);
        if (locale.speaks[i])
            ui_form_option(&form, "lang", str_of(lang->code), str_of(lang->name));
    }
    ui_form_set(&form, "name", user.name);
    ui_form_set(&form, "lang", user.lang);
    struct auth_profile_page v = {
        .head = {.title = M("My profile"), .note = user.email},
        .form = &form,
        .has_factor = user.has_second_factor,
    };
    TRY(session_items(r, &v.sessions));
    return PAGE(r, M("My profile"), auth_profile, &v);
}

static enum rc page_save(struct req *r)
{
    const struct profile_form *in = form(r);
    struct op *op = r->op;
    struct auth_user old;
    const struct lang *lang = lang_find(in->lang);
    if (!lang)
        return fail(op, RC_INVALID, "lang", M("Choose a language from the list."));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, op->actor.user_id, &old));
    TRY(q_user_profile(op, &(struct q_user_profile_in){
                               .id = old.id,
                               .name = in->name,
                               .name_fold = text_fold(op->arena, in->name),
                               .name_sort = text_sort_key(op->arena, in->name),
                               .lang = str_of(lang->code),
                           }));
    struct audit_value before[2] = {{"name", old.name}, {"lang", old.lang}};
    struct audit_value after[2] = {{"name", in->name}, {"lang", str_of(lang->code)}};
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = "user.profile",
                                             .record = "user",
                                             .record_id = old.id,
                                             .label = in->name,
                                             .partner_id = old.partner_id},
                       before, after, LEN(after)));
    TRY(txn_commit(&txn));
    op->lang = lang;
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/profile");
}

/* ---- password ---- */

static enum rc page_password(struct req *r)
{
    struct ui_form form = {.action = STR("/profile/password"),
                           .submit = M("Change the password"),
                           .cancel_href = STR("/profile"),
                           .intro = M("All your other sessions end.")};
    ui_crumb(r->op, &form.head, M("My profile"), STR("/profile"));
    form.head.title = M("Change the password");
    ui_form_init(r, &form, password_shown, LEN(password_shown));
    return ui_form_page(r, &form);
}

static enum rc page_do_password(struct req *r)
{
    const struct password_form *in = form(r);
    struct op *op = r->op;
    TRY(auth__must_know_password(op, in->current));
    TRY(auth_password_set(op, op->actor.user_id, in->password, session_id_of(r)));
    answer_note(r, M("The password is changed; your other sessions have ended."));
    return REDIRECT(r, "/profile");
}

/* ---- sessions ---- */

static enum rc audit_end(struct op *op)
{
    struct auth_user user;
    TRY(auth_user_get(op, op->actor.user_id, &user));
    return auth__audit(op, "user.sessions_end", &user);
}

static enum rc page_end_session(struct req *r)
{
    struct op *op = r->op;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = q_session_delete(
        op, &(struct q_session_delete_in){.id = path_id(r, "ses"), .user_id = op->actor.user_id});
    if (rc == RC_CONFLICT)
        return RC_MISSING;
    TRY(rc);
    TRY(audit_end(op));
    TRY(txn_commit(&txn));
    answer_note(r, M("The session has ended."));
    return REDIRECT(r, "/profile");
}

static enum rc page_end_others(struct req *r)
{
    struct op *op = r->op;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_sessions_delete(op, &(struct q_sessions_delete_in){.user_id = op->actor.user_id,
                                                             .keep_id = session_id_of(r)}));
    TRY(audit_end(op));
    TRY(txn_commit(&txn));
    answer_note(r, M("All other sessions have ended."));
    return REDIRECT(r, "/profile");
}

/* ---- second factor ---- */

struct factor_form {
    struct str secret, code, current;
};
static const struct field factor_fields[] = {
    F_STR(factor_form, secret, 1, 64),
    F_STR(factor_form, code, 1, 10),
    F_SECRET(factor_form, current, 0, CRYPT_PASSWORD_MAX),
    FIELDS_END,
};
static const struct ui_field factor_shown[] = {
    {.name = "secret", .label = M("Secret"), .kind = UI_FIELD_HIDDEN},
    {.name = "code",
     .label = M("Code of the app"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .autocomplete = "one-time-code"},
    {.name = "current",
     .label = M("Present password"),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "current-password"},
};

/* "ABCD EFGH …": easier to type. */
static struct str in_fours(struct op *op, struct str text)
{
    AUTO_BUF buf = BUF(256);
    for (size_t i = 0; i < text.len; i++) {
        if (i && i % 4 == 0)
            buf_char(&buf, ' ');
        buf_char(&buf, text.at[i]);
    }
    return str_dup(op->arena, buf_str(&buf));
}

static enum rc page_factor(struct req *r)
{
    struct op *op = r->op;
    struct auth_user user;
    struct org_locale locale;
    TRY(auth_user_get(op, op->actor.user_id, &user));
    TRY(org_locale(op, &locale));
    struct str secret = req_is_again(r) ? req_raw(r, "secret") : STR_NONE, bytes;
    if (!secret.at || !crypt_unbase32(op->arena, secret, &bytes)) {
        uint8_t made[CRYPT_TOTP_SECRET_BYTES];
        crypt_totp_secret(made);
        bytes = str_dup(op->arena, (struct str){(const char *)made, sizeof made});
        secret = crypt_base32(op->arena, bytes);
    }
    struct ui_form form = {.action = STR("/profile/second-factor"),
                           .submit = M("Switch on"),
                           .cancel_href = STR("/profile")};
    ui_crumb(op, &form.head, M("My profile"), STR("/profile"));
    form.head.title = M("Second factor");
    ui_form_init(r, &form, factor_shown, LEN(factor_shown));
    ui_form_set(&form, "secret", secret);
    struct str issuer = locale.name.len ? locale.name : STR("Kontor");
    struct auth_factor_page v = {
        .form = &form,
        .secret = in_fours(op, secret),
        .uri = crypt_totp_uri(op->arena, issuer, user.email, bytes),
    };
    TRY(auth__qr(op, v.uri, &v.qr));
    return PAGE(r, M("Second factor"), auth_factor, &v);
}

static enum rc page_do_factor(struct req *r)
{
    const struct factor_form *in = form(r);
    struct auth_factor_page v = {0};
    TRY(auth__must_know_password(r->op, in->current));
    TRY(auth__factor_on(r->op, in->secret, in->code, &v.recovery));
    return PAGE(r, M("Recovery codes"), auth_factor, &v);
}

struct off_form {
    struct str current;
};
static const struct field off_fields[] = {
    F_SECRET(off_form, current, 0, CRYPT_PASSWORD_MAX),
    FIELDS_END,
};
static const struct ui_field off_shown[] = {
    {.name = "current",
     .label = M("Present password"),
     .kind = UI_FIELD_PASSWORD,
     .is_required = true,
     .autocomplete = "current-password"},
};

static enum rc page_factor_off(struct req *r)
{
    struct ui_form form = {
        .action = STR("/profile/second-factor/off"),
        .submit = M("Switch off"),
        .is_danger = true,
        .cancel_href = STR("/profile"),
        .intro = M("From then on the password alone opens your account."),
    };
    ui_crumb(r->op, &form.head, M("My profile"), STR("/profile"));
    form.head.title = M("Switch off the second factor");
    ui_form_init(r, &form, off_shown, LEN(off_shown));
    return ui_form_page(r, &form);
}

static enum rc page_do_factor_off(struct req *r)
{
    const struct off_form *in = form(r);
    TRY(auth__must_know_password(r->op, in->current));
    TRY(auth__factor_off(r->op, r->op->actor.user_id));
    answer_note(r, M("The second factor is off."));
    return REDIRECT(r, "/profile");
}

const struct route auth_profile_routes[] = {
    ROUTE(GET, "/profile", page_profile, PERM_SIGNED_IN),
    ROUTE(POST, "/profile", page_save, PERM_SIGNED_IN, FORM(profile_form, profile_fields),
          FORM_PAGE(page_profile)),
    ROUTE(GET, "/profile/password", page_password, PERM_SIGNED_IN),
    ROUTE(POST, "/profile/password", page_do_password, PERM_SIGNED_IN,
          FORM(password_form, password_fields), FORM_PAGE(page_password)),
    ROUTE(POST, "/profile/sessions/:ses/end", page_end_session, PERM_SIGNED_IN),
    ROUTE(POST, "/profile/sessions/end", page_end_others, PERM_SIGNED_IN),
    ROUTE(GET, "/profile/second-factor", page_factor, PERM_SIGNED_IN),
    ROUTE(POST, "/profile/second-factor", page_do_factor, PERM_SIGNED_IN,
          FORM(factor_form, factor_fields), FORM_PAGE(page_factor)),
    ROUTE(GET, "/profile/second-factor/off", page_factor_off, PERM_SIGNED_IN),
    ROUTE(POST, "/profile/second-factor/off", page_do_factor_off, PERM_SIGNED_IN,
          FORM(off_form, off_fields), FORM_PAGE(page_factor_off)),
    {0},
};
