/* One-time links: invitation, password reset, first set-up. The token is 256 random bits, only its
 * SHA-256 is stored; opening the link (as mail scanners do) changes nothing, the form that it
 * shows uses it up. A new link of a person ends the ones before. */
#include "auth/auth_int.h"
#include "http/http.h"
#include "jobs/jobs.h"

struct str auth__hash(struct op *op, struct str token)
{
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256(token, digest);
    return str_dup(op->arena, (struct str){(const char *)digest, sizeof digest});
}

enum rc auth__token_new(struct op *op, enum auth__token purpose, struct opt_i64 user_id,
                        int64_t lives_us, struct str *out_token)
{
    char token[CRYPT_TOKEN_MAX];
    int64_t id;
    crypt_token(token);
    TRY(q_token_insert(op,
                       &(struct q_token_insert_in){
                           .token_hash = auth__hash(op, str_of(token)),
                           .purpose = (int64_t)purpose,
                           .user_id = user_id,
                           .now = op->now,
                           .expires_at = op->now + lives_us,
                       },
                       &id));
    *out_token = str_dup(op->arena, str_of(token));
    return RC_OK;
}

enum rc auth__token_find(struct op *op, enum auth__token purpose, struct str token,
                         struct token_rec *out)
{
    if (token.len == 0 || token.len >= CRYPT_TOKEN_MAX)
        return RC_MISSING;
    return q_token(op,
                   &(struct q_token_in){.token_hash = auth__hash(op, token),
                                        .purpose = (int64_t)purpose,
                                        .now = op->now},
                   out);
}

struct str auth__token_url(struct op *op, const char *path, struct str token)
{
    struct str origin =
        conf_str("public_url"); /* not of the server: the command line invites too */
    while (str_ends(origin, STR("/")))
        origin.len--;
    return str_printf(op->arena, STR_FMT "%s?token=" STR_FMT, STR_ARG(origin), path,
                      STR_ARG(token));
}

/* ---- letters ---- */

static const struct lang *lang_of_user(const struct auth_user *user)
{
    const struct lang *lang = lang_find(user->lang);
    return lang ? lang : lang_of(LANG_EN);
}

static enum rc mail_link(struct op *op, const struct auth_user *user, struct mail_new *mail)
{
    struct org_locale locale;
    int64_t id;
    TRY(org_locale(op, &locale));
    mail->to = user->email;
    mail->to_name = user->name;
    mail->lang = lang_of_user(user);
    mail->brand = locale.name.len ? locale.name : STR("Kontor");
    mail->is_portal = user->side == AUTH_PARTNER;
    return mail_add(op, mail, &id);
}

enum rc auth__mail_invite(struct op *op, const struct auth_user *user, struct str token)
{
    const struct lang *lang = lang_of_user(user);
    struct org_locale locale;
    TRY(org_locale(op, &locale));
    struct str who = op->actor.name.len ? op->actor.name : locale.name;
    struct mail_new mail = {
        .kind = "auth.invite",
        .is_secret = true,
        .subject = i18n_format(op->arena, lang, M("Your invitation to {0}"), locale.name),
        .blocks =
            {
                {MAIL_TEXT, i18n_format(op->arena, lang, M("Good day, {0}."), user->name),
                 STR_NONE},
                {MAIL_TEXT,
                 i18n_format(op->arena, lang,
                             M("{0} invites you to work with {1}. Choose a password "
                               "and you are in."),
                             who, locale.name),
                 STR_NONE},
                {MAIL_BUTTON, tr(lang, M("Accept the invitation")),
                 auth__token_url(op, "/invitation", token)},
                {MAIL_SMALL,
                 tr(lang,
                    M("The link works once and for seven days. If you do not know what this is "
                      "about, just ignore this letter.")),
                 STR_NONE},
            },
    };
    return mail_link(op, user, &mail);
}

enum rc auth__mail_reset(struct op *op, const struct auth_user *user, struct str token)
{
    const struct lang *lang = lang_of_user(user);
    struct mail_new mail = {
        .kind = "auth.reset",
        .is_secret = true,
        .subject = tr(lang, M("A new password")),
        .blocks =
            {
                {MAIL_TEXT, i18n_format(op->arena, lang, M("Good day, {0}."), user->name),
                 STR_NONE},
                {MAIL_TEXT, tr(lang, M("Somebody, probably you, wants to set a new password.")),
                 STR_NONE},
                {MAIL_BUTTON, tr(lang, M("Choose a new password")),
                 auth__token_url(op, "/reset", token)},
                {MAIL_SMALL,
                 tr(lang, M("The link works once and for one hour. If it was not you, ignore this "
                            "letter: the old password stays.")),
                 STR_NONE},
            },
    };
    return mail_link(op, user, &mail);
}

enum rc auth__mail_password_changed(struct op *op, const struct auth_user *user)
{
    const struct lang *lang = lang_of_user(user);
    struct mail_new mail = {
        .kind = "auth.password",
        .subject = tr(lang, M("Your password was changed")),
        .blocks =
            {
                {MAIL_TEXT, i18n_format(op->arena, lang, M("Good day, {0}."), user->name),
                 STR_NONE},
                {MAIL_TEXT,
                 tr(lang,
                    M("Your password has just been changed and all other sessions were ended.")),
                 STR_NONE},
                {MAIL_SMALL,
                 tr(lang, M("If it was not you, set a new password at once and tell the "
                            "administrator.")),
                 STR_NONE},
            },
    };
    return mail_link(op, user, &mail);
}

/* ---- forgotten passwords ---- */

/* The page does the same for every address: one job. Whether somebody has it is found out here,
 * away from whoever asked, so neither the answer nor its time tells. */
enum rc auth__reset_ask(struct op *op, struct str email, struct str address)
{
    enum { MAILS_BURST = 3, ASKS_BURST = 10 };
    struct str fold = text_fold(op->arena, utf8_cut(email, AUTH_EMAIL_CHARS_MAX));
    struct str network = auth__network(op, address);
    TRY(auth_limit_take(op, str_printf(op->arena, "reset:net:" STR_FMT, STR_ARG(network)),
                        ASKS_BURST, US_MINUTE));
    struct str bucket = str_printf(op->arena, "reset:to:" STR_FMT,
                                   STR_ARG(crypt_hex(op->arena, auth__hash(op, fold))));
    enum rc rc = auth_limit_take(op, bucket, MAILS_BURST, 15 * US_MINUTE);
    if (rc == RC_LIMIT) {
        /* Telling would say that somebody else has asked for this address. */
        fault_clear(&op->fault);
        return RC_OK;
    }
    TRY(rc);
    AUTO_BUF payload = BUF(4096);
    struct json_writer w = JSON_WRITER(&payload);
    json_object(&w);
    json_pair_str(&w, "email", fold);
    json_object_end(&w);
    int64_t job_id;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(job_enqueue(op,
                    &(struct job_new){
                        .kind = "auth.reset_mail", .payload = buf_str(&payload), .is_system = true},
                    &job_id));
    return txn_commit(&txn);
}

static enum rc run_reset_mail(struct job *job)
{
    struct op *op = job->op;
    struct user_rec rec;
    struct auth_user user;
    struct str token;
    struct str fold = json_text(json_get(job->args, "email"));
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    enum rc rc = q_user_by_email(op, &(struct q_user_by_email_in){.email_fold = fold}, &rec);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_OK && rec.state != AUTH_BLOCKED) {
        auth__user_of(&rec, &user);
        TRY(q_tokens_clear(op, &(struct q_tokens_clear_in){.user_id = user.id}));
        bool is_new = user.state == AUTH_INVITED;
        TRY(auth__token_new(op, is_new ? AUTH_TOKEN_INVITE : AUTH_TOKEN_RESET, SOME(user.id),
                            is_new ? AUTH_INVITE_US : AUTH_RESET_US, &token));
        TRY(is_new ? auth__mail_invite(op, &user, token) : auth__mail_reset(op, &user, token));
        TRY(auth__audit(op, "user.reset_asked", &user));
    }
    TRY(job_done(job));
    return txn_commit(&txn);
}

static enum rc run_sweep(struct job *job)
{
    return auth_sweep(job->op);
}

const struct job_kind auth_job_kinds[] = {
    {.name = "auth.reset_mail",
     .label = M("Letter with a link for a new password"),
     .run = run_reset_mail,
     .lane = JOB_QUICK},
    {.name = "auth.sweep",
     .label = M("Removing what is over"),
     .run = run_sweep,
     .lane = JOB_QUICK},
    {.name = "user.bulk",
     .label = M("Change of many people"),
     .run = auth__user_bulk_run,
     .lane = JOB_LONG,
     .permission = "user.edit"},
    {0},
};

const struct job_schedule auth_job_schedules[] = {
    {.name = "auth.sweep", .kind = "auth.sweep", .when = JOB_EVERY, .every_us = US_HOUR},
    {0},
};

enum rc auth__password_by_token(struct op *op, enum auth__token purpose, struct str token,
                                struct str password, int64_t *out_user_id)
{
    struct token_rec found;
    struct auth_user user;
    TRY(auth__token_find(op, purpose, token, &found));
    TRY(auth_user_get(op, found.user_id.v, &user));
    if (user.state == AUTH_BLOCKED)
        return RC_MISSING;
    const char *wrong = auth_password_check(password, user.email);
    if (wrong)
        return fail(op, RC_INVALID, "password", wrong);
    struct str hash;
    TRY(auth__password_hash(op, password, &hash));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = q_token_use(op, &(struct q_token_use_in){.id = found.id});
    if (rc == RC_CONFLICT)
        return RC_MISSING;
    TRY(rc);
    TRY(q_user_password(op, &(struct q_user_password_in){.id = user.id, .password_hash = hash}));
    TRY(q_sessions_delete(op, &(struct q_sessions_delete_in){.user_id = user.id}));
    TRY(q_tokens_clear(op, &(struct q_tokens_clear_in){.user_id = user.id}));
    TRY(auth__audit(op, purpose == AUTH_TOKEN_INVITE ? "user.accept" : "user.password", &user));
    if (purpose == AUTH_TOKEN_RESET)
        TRY(auth__mail_password_changed(op, &user));
    TRY(txn_commit(&txn));
    *out_user_id = user.id;
    return RC_OK;
}
