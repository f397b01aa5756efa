/* mail: what a letter says, and its way through the queue. The two bodies are made when the letter
 * is decided on and stored, so that what is sent later is what was meant then. */
#include "mail/mail.h"

#include "crypt/crypt.h"
#include "mail/mail_int.h"
#include "mail/mail_view.h"

const struct permission mail_permissions[] = {
    {"mail.read", M("See letters that were sent"), ACTOR_STAFF},
    {"mail.edit", M("Send letters again"), ACTOR_STAFF},
    {"mail.secret", M("Read letters that hold a sign-in link"), ACTOR_STAFF},
};
const size_t mail_permissions_len = LEN(mail_permissions);

static const struct conf_def settings[] = {
    {.name = "smtp_url",
     .type = CONF_STR,
     .fallback = "",
     .help = "Mail server, as smtp://host:587 or smtps://host:465; empty: letters are kept only."},
    {.name = "smtp_user", .type = CONF_STR, .fallback = "", .help = "User at the mail server."},
    {.name = "smtp_password",
     .type = CONF_STR,
     .fallback = "",
     .help = "Password at the mail server.",
     .is_secret = true},
    {.name = "smtp_from",
     .type = CONF_STR,
     .fallback = "",
     .help = "Address that letters come from, as no-reply@example.com."},
    {.name = "smtp_tls",
     .type = CONF_STR,
     .fallback = "require",
     .help = "Encryption towards an smtp:// server: require, try or off."},
    {0},
};

void mail_declare(void)
{
    conf_declare(settings);
}

struct mail__server mail__server(void)
{
    return (struct mail__server){
        .url = conf_str("smtp_url"),
        .user = conf_str("smtp_user"),
        .password = conf_str("smtp_password"),
        .from = conf_str("smtp_from"),
        .tls = conf_str("smtp_tls"),
    };
}

enum rc mail_reach(struct arena *arena, struct str *out_error)
{
    struct mail__server server = mail__server();
    return mail__reach(arena, &server, out_error);
}

bool mail_is_configured(void)
{
    return conf_str("smtp_url").len > 0;
}

/* ---- bodies ---- */

static struct str text_body(struct op *op, const struct mail__letter *letter)
{
    AUTO_BUF buf = BUF(MAIL_BYTES_MAX);
    for (size_t i = 0; i < letter->blocks.len; i++) {
        const struct mail_block *b = &letter->blocks.at[i];
        bool is_fact = b->kind == MAIL_FACT;
        if (i > 0 && !(is_fact && b[-1].kind == MAIL_FACT))
            buf_char(&buf, '\n');
        buf_put(&buf, b->text);
        if (is_fact || b->kind == MAIL_BUTTON) {
            buf_put(&buf, is_fact ? STR(": ") : STR(":\n"));
            buf_put(&buf, b->value);
        }
        buf_char(&buf, '\n');
    }
    if (letter->brand.len)
        buf_printf(&buf, "\n-- \n" STR_FMT "\n", STR_ARG(letter->brand));
    assert(!buf.is_over);
    return str_dup(op->arena, buf_str(&buf));
}

static struct str html_body(struct op *op, const struct lang *lang,
                            const struct mail__letter *letter)
{
    AUTO_OUT o = OUT(op->arena, MAIL_BYTES_MAX);
    o.lang = lang;
    o.zone = op->zone;
    o.today = zone_date(op->zone, op->now);
    mail_letter_view(&o, letter);
    assert(!o.buf.is_over);
    return str_dup(op->arena, buf_str(&o.buf));
}

static mail_brand_fn *brand_read;

void mail_brand_set(mail_brand_fn *read)
{
    brand_read = read;
}

/* As it was when the letter was decided on; letters of one logo share its bytes. */
static enum rc put_logo(struct op *op, const struct mail_picture *logo, struct str message_id,
                        struct mail__letter *letter, struct opt_i64 *out_id)
{
    enum { HEIGHT = 28, WIDTH_MAX = 240 };
    int64_t width = HEIGHT * (int64_t)logo->width / (logo->height > 0 ? logo->height : 1), id;
    if (logo->bytes.len == 0 || logo->width <= 0 || logo->height <= 0)
        return RC_OK;
    letter->logo_src = str_join(op->arena, STR("cid:"), mail__logo_cid(op->arena, message_id));
    letter->logo_width = width < 1 ? 1 : width > WIDTH_MAX ? WIDTH_MAX : width;
    letter->logo_height =
        width > WIDTH_MAX ? WIDTH_MAX * (int64_t)logo->height / logo->width : HEIGHT;
    TRY(q_mail_picture_put(op,
                           &(struct q_mail_picture_put_in){crypt_sha256_hex(op->arena, logo->bytes),
                                                           str_of(logo->mime), logo->bytes},
                           &id));
    *out_id = SOME(id);
    return RC_OK;
}

static enum rc put_brand(struct op *op, const struct mail_new *mail, struct str message_id,
                         struct mail__letter *letter, struct opt_i64 *out_logo)
{
    struct mail_brand brand = {0};
    letter->accent = MAIL_ACCENT;
    *out_logo = NONE;
    if (!mail->is_portal || !brand_read)
        return RC_OK;
    TRY(brand_read(op, &brand));
    if (brand.name.len)
        letter->brand = text_clean_line(op->arena, brand.name);
    if (brand.accent.len)
        letter->accent = brand.accent;
    return put_logo(op, &brand.logo, message_id, letter, out_logo);
}

static struct mail__letter clean(struct op *op, const struct mail_new *mail)
{
    struct mail__letter letter = {
        .brand = text_clean_line(op->arena, mail->brand),
        .subject = utf8_cut(text_clean_line(op->arena, mail->subject), MAIL_SUBJECT_MAX),
        .lang = str_of(mail->lang->code),
    };
    struct mail_block *blocks = NEW_ARRAY(op->arena, struct mail_block, MAIL_BLOCKS_MAX);
    for (size_t i = 0; i < MAIL_BLOCKS_MAX && mail->blocks[i].kind; i++) {
        const struct mail_block *b = &mail->blocks[i];
        bool is_line = b->kind == MAIL_FACT || b->kind == MAIL_BUTTON;
        blocks[i] = (struct mail_block){
            .kind = b->kind,
            .text = utf8_cut(is_line ? text_clean_line(op->arena, b->text)
                                     : text_clean_block(op->arena, b->text),
                             4000),
            .value = utf8_cut(text_clean_line(op->arena, b->value), 4000),
        };
        letter.blocks.len = i + 1;
    }
    letter.blocks.at = blocks;
    return letter;
}

/* ---- adding ---- */

static enum rc enqueue(struct op *op, int64_t id)
{
    int64_t job_id;
    return job_enqueue(op,
                       &(struct job_new){
                           .kind = "mail.send",
                           .payload = str_printf(op->arena, "{\"mail\":%lld}", (long long)id),
                           .once_key = str_printf(op->arena, "mail:%lld", (long long)id),
                           .is_system = true,
                       },
                       &job_id);
}

enum rc mail_add(struct op *op, const struct mail_new *mail, int64_t *out_id)
{
    struct str to;
    char token[CRYPT_TOKEN_MAX];
    int64_t id;
    const char *wrong = check_email(op->arena, mail->to, &to);
    if (wrong)
        return fail(op, RC_INVALID, "to", wrong);
    struct mail__letter letter = clean(op, mail);
    struct opt_i64 logo_id;
    crypt_token(token);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(put_brand(op, mail, str_of(token), &letter, &logo_id));
    TRY(q_mail_add(op,
                   &(struct q_mail_add_in){
                       .kind = str_of(mail->kind),
                       .to_email = to,
                       .to_name = utf8_cut(text_clean_line(op->arena, mail->to_name), 200),
                       .from_name = letter.brand,
                       .lang = letter.lang,
                       .subject = letter.subject,
                       .body_text = text_body(op, &letter),
                       .body_html = html_body(op, mail->lang, &letter),
                       .is_secret = mail->is_secret,
                       .message_id = str_of(token),
                       .picture_id = logo_id,
                       .now = op->now,
                   },
                   &id));
    TRY(enqueue(op, id));
    TRY(txn_commit(&txn));
    *out_id = id;
    return RC_OK;
}

enum rc mail_find(struct op *op, int64_t id, struct mail_info *out)
{
    struct mail_row row;
    TRY(op_must(op, "mail.read"));
    TRY(q_mail_find(op, &(struct q_mail_find_in){.id = id}, &row));
    bool may_read = !row.is_secret || op_may(op, "mail.secret");
    *out = (struct mail_info){
        .id = row.id,
        .state = (enum mail_state)row.state,
        .kind = row.kind,
        .to = row.to_email,
        .to_name = row.to_name,
        .subject = row.subject,
        .text = may_read ? row.body_text : STR_NONE,
        .is_secret = row.is_secret != 0,
        .error = row.error,
        .tries = row.tries,
        .created_at = row.created_at,
        .sent_at = row.sent_at,
    };
    return RC_OK;
}

enum rc mail_again(struct op *op, int64_t id)
{
    struct mail_row row;
    TRY(op_must(op, "mail.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_mail_find(op, &(struct q_mail_find_in){.id = id}, &row));
    if (!row.body_text.at)
        return fail(op, RC_CONFLICT, NULL, M("The text of this letter is gone."));
    enum rc rc = q_mail_again(op, &(struct q_mail_again_in){.id = id});
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL, M("The letter is on its way or was sent."));
    TRY(rc);
    TRY(enqueue(op, id));
    TRY(outbox_note(op, "mail.again", "mail", id, row.subject));
    return txn_commit(&txn);
}

/* ---- sending ---- */

static enum rc wire_of(struct op *op, const struct mail_row *row, const struct mail__server *server,
                       struct str *out)
{
    struct mail_picture_row logo;
    struct mail__wire wire = {
        .from = server->from,
        .from_name = row->from_name,
        .to = row->to_email,
        .to_name = row->to_name,
        .subject = row->subject,
        .message_id = row->message_id,
        .text = row->body_text,
        .html = row->body_html,
        .at_us = row->created_at,
    };
    if (row->picture_id.has) {
        TRY(q_mail_picture(op, &(struct q_mail_picture_in){row->picture_id.v}, &logo));
        wire.logo = (struct mail_picture){.bytes = logo.bytes, .mime = str_c(op->arena, logo.mime)};
    }
    *out = mail__message(op->arena, &wire);
    return RC_OK;
}

static enum rc note_state(struct job *job, const struct mail_row *row, enum mail_state state,
                          struct str error, bool is_done)
{
    struct op *op = job->op;
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_mail_state(op, &(struct q_mail_state_in){
                             .id = row->id,
                             .state = (int64_t)state,
                             .tries = row->tries + 1,
                             .error = error,
                             .sent_at = state == MAIL_SENT ? SOME(when_now()) : NONE,
                         }));
    if (state == MAIL_SENT)
        TRY(q_mail_forget(op, &(struct q_mail_forget_in){.id = row->id}));
    if (is_done)
        TRY(job_done(job));
    return txn_commit(&txn);
}

static enum rc keep(struct job *job, const struct mail_row *row)
{
    log_event(LOG_WARN, "mail_not_sent", "why", STR("smtp_url is not set"), NULL);
    job_result_set(
        job, &(struct job_result){.message = M("No mail server is set: the letter was kept.")});
    return note_state(job, row, MAIL_NOT_SENT, str_of(M("No mail server is set.")), true);
}

static enum rc send(struct job *job, const struct mail_row *row, const struct mail__server *server)
{
    struct op *op = job->op;
    struct str error = STR(""), message;
    struct job_info info;
    TRY(wire_of(op, row, server, &message));
    enum rc rc = mail__send(op->arena, server, row->to_email, message, &error);
    kill_point("mail.sent");
    if (rc == RC_OK) {
        job_result_set(job, &(struct job_result){.message = M("The mail server took the letter.")});
        return note_state(job, row, MAIL_SENT, STR_NONE, true);
    }
    TRY(job_find(op, job->id, &info));
    bool is_over = rc == RC_INVALID || info.tries >= info.tries_max;
    TRY(note_state(job, row, is_over ? MAIL_FAILED : MAIL_QUEUED, error, false));
    return fail(op, rc, NULL,
                is_over ? M("The mail server refused the letter: {0}")
                        : M("The mail server did not take the letter: {0}"),
                str_c(op->arena, error));
}

static enum rc run_send(struct job *job)
{
    struct mail__server server = mail__server();
    struct mail_row row;
    int64_t id;
    if (!json_i64(json_get(job->args, "mail"), &id))
        return RC_INVALID;
    TRY(q_mail_find(job->op, &(struct q_mail_find_in){.id = id}, &row));
    if (row.state != MAIL_QUEUED || !row.body_text.at)
        return RC_OK; /* sent by the try before, which was lost after its commit */
    if (server.url.len == 0)
        return keep(job, &row);
    return send(job, &row, &server);
}

static enum rc run_tidy(struct job *job)
{
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_mail_remove_old(job->op,
                          &(struct q_mail_remove_old_in){.before = job->op->now - 180 * US_DAY}));
    TRY(q_mail_pictures_tidy(job->op));
    TRY(job_done(job));
    return txn_commit(&txn);
}

const struct job_kind mail_job_kinds[] = {
    {
        .name = "mail.send",
        .label = M("Letter"),
        .run = run_send,
        .lane = JOB_OUT,
        .tries_max = 12,
        .backoff_us = US_MINUTE,
        .permission = "mail.read",
    },
    {.name = "mail.tidy", .label = M("Removing old letters"), .run = run_tidy, .lane = JOB_QUICK},
    {0},
};

const struct job_schedule mail_schedules[] = {
    {.name = "mail.tidy", .kind = "mail.tidy", .when = JOB_DAILY, .at_us = 3 * US_HOUR},
    {0},
};

enum rc mail_probe(struct op *op, struct str to)
{
    struct mail__server server = mail__server();
    struct str address, error = STR("");
    char token[CRYPT_TOKEN_MAX];
    const char *wrong = check_email(op->arena, to, &address);
    if (wrong)
        return fail(op, RC_INVALID, "to", wrong);
    if (server.url.len == 0)
        return fail(op, RC_INVALID, NULL, M("No mail server is set."));
    struct mail_block block = {
        .kind = MAIL_TEXT,
        .text = tr(op->lang, M("If you read this, sending mail works.")),
    };
    struct mail__letter letter = {.brand = STR("Kontor"),
                                  .accent = MAIL_ACCENT,
                                  .subject = tr(op->lang, M("Test of the mail server")),
                                  .lang = str_of(op->lang->code),
                                  .blocks = {&block, 1}};
    crypt_token(token);
    struct mail__wire wire = {
        .from = server.from,
        .from_name = letter.brand,
        .to = address,
        .to_name = STR(""),
        .subject = letter.subject,
        .message_id = str_of(token),
        .text = text_body(op, &letter),
        .html = html_body(op, op->lang, &letter),
        .at_us = op->now,
    };
    enum rc rc = mail__send(op->arena, &server, address, mail__message(op->arena, &wire), &error);
    return rc == RC_OK ? RC_OK
                       : fail(op, rc, NULL, M("The mail server did not take the letter: {0}"),
                              str_c(op->arena, error));
}
