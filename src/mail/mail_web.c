/* mail_web: the letters, for staff: what went out, what did not and why, and sending it again. */
#include "mail/mail_int.h"
#include "mail/mail_view.h"

static const char *const states[] = {"waiting", "sent", "failed", "not_sent", NULL};

static struct str state_word(int64_t state)
{
    return str_of(states[state - 1]);
}

static struct opt_i64 state_number(struct str word)
{
    for (int64_t i = 0; states[i]; i++)
        if (word.at && str_eq(word, str_of(states[i])))
            return SOME(i + 1);
    return NONE;
}

struct mail_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field mail_query_fields[] = {
    UI_LIST_FIELDS(mail_query, q_mail_list_sorts),
    F_STR(mail_query, state, 0, 20),
    FIELDS_END,
};

enum { MAIL_COL_SUBJECT, MAIL_COL_TO, MAIL_COL_STATE, MAIL_COL_CREATED, MAIL_COL_SENT, MAIL_COLS };
static const struct ui_column columns[] = {
    [MAIL_COL_SUBJECT] = {.name = "subject",
                          .title = M("Subject"),
                          .kind = UI_TEXT,
                          .place = UI_AT_NAME},
    [MAIL_COL_TO] = {.name = "to",
                     .title = M("To||of a letter"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB,
                     .sub_name = "name",
                     .sub_title = M("Name||of a person")},
    [MAIL_COL_STATE] = {.name = "state",
                        .title = M("State"),
                        .kind = UI_STATE,
                        .record = "mail",
                        .place = UI_AT_BADGE},
    [MAIL_COL_CREATED] = {.name = "created_at",
                          .title = M("Written||of a letter"),
                          .kind = UI_TIME,
                          .sort = "created",
                          .place = UI_AT_FIGURE},
    [MAIL_COL_SENT] = {.name = "sent_at",
                       .title = M("Sent||of a letter"),
                       .kind = UI_TIME,
                       .is_optional = true},
};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "mail", .states = states},
};

static struct str error_words(struct op *op, struct str error)
{
    return error.len ? tr(op->lang, str_c(op->arena, error)) : STR_NONE;
}

static void put_no_server_hint(struct req *r, struct ui_list *list)
{
    struct ui_hint hint = {
        .tint = UI_WARN,
        .title = tr(r->op->lang, M("No mail server is set.")),
        .text = tr(r->op->lang, M("Letters are kept here and not sent. Set smtp_url and smtp_from, "
                                  "then send them again.")),
    };
    if (!mail_is_configured())
        list->above = ui_capture(http_out(r), ui_hint_view, &hint);
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    const struct mail_query *query = form(r);
    struct q_mail_list_in in = {.state = state_number(query->state), .page = list->page};
    struct mail_list_row_page page;
    TRY(q_mail_list(r->op, &in, &page));
    put_no_server_hint(r, list);
    for (size_t i = 0; i < page.len; i++) {
        const struct mail_list_row *row = &page.at[i];
        struct str id = ui_pid(r->op, pid_of("mml", row->id));
        struct ui_cell *cells = ui_list_row(list, id);
        cells[MAIL_COL_SUBJECT] =
            ui_cell_link(row->subject, STR_NONE,
                         str_printf(r->op->arena, "/mail/%s", pid_of("mml", row->id).text));
        cells[MAIL_COL_TO] = ui_cell_two(row->to_email, row->to_name);
        cells[MAIL_COL_STATE] = ui_cell_state(state_word(row->state));
        cells[MAIL_COL_STATE].flag = error_words(r->op, row->error);
        cells[MAIL_COL_STATE].tint = row->error.len ? UI_BAD : 0;
        cells[MAIL_COL_CREATED] = ui_cell_time(SOME(row->created_at));
        cells[MAIL_COL_SENT] = ui_cell_time(row->sent_at);
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec mail_list = {
    .name = "mail",
    .title = M("Letters"),
    .icon = "mail",
    .columns = columns,
    .columns_len = MAIL_COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_mail_list_sorts,
    .sort = "-created",
    .empty = M("No letter has been written yet. Invitations and password resets appear here."),
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &mail_list);
}

static void add_facts(struct op *op, const struct mail_info *mail, struct ui_defs *facts)
{
    ui_def_text(op, facts, M("To||of a letter"), mail->to);
    ui_def_text(op, facts, M("Name||of a person"), mail->to_name.len ? mail->to_name : STR_NONE);
    ui_def_text(op, facts, M("Written||of a letter"),
                i18n_date_time(op->arena, op->lang, mail->created_at, op->zone));
    if (mail->sent_at.has)
        ui_def_text(op, facts, M("Sent||of a letter"),
                    i18n_date_time(op->arena, op->lang, mail->sent_at.v, op->zone));
    ui_def_text(op, facts, M("Tries"), i18n_i64(op->arena, op->lang, mail->tries));
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct mail_info mail;
    int64_t id = path_id(r, "mml");
    TRY(mail_find(op, id, &mail));
    struct mail__page v = {.text = mail.text};
    ui_crumb(op, &v.head, M("Letters"), STR("/mail"));
    v.head.name = mail.subject;
    v.head.record = "mail";
    v.head.state = state_word(mail.state);
    if (mail.error.len)
        v.hint = (struct ui_hint){.tint = mail.state == MAIL_FAILED ? UI_BAD : UI_WARN,
                                  .text = error_words(op, mail.error)};
    v.why_no_text = mail.is_secret && mail.state != MAIL_SENT
                        ? M("The text holds a sign-in link: you may not read it.")
                        : M("The text held a sign-in link and was removed when it was sent.");
    if (mail.state == MAIL_FAILED || mail.state == MAIL_NOT_SENT)
        ui_act(op, &v.head.actions,
               (struct ui_action){
                   .label = M("Send again"),
                   .icon = "send",
                   .href = str_printf(op->arena, "/mail/%s/again", pid_of("mml", id).text),
                   .kind = UI_PRIMARY,
                   .is_post = true,
                   .permission = "mail.edit",
               });
    add_facts(op, &mail, &v.facts);
    page_title(r, mail.subject);
    return PAGE(r, NULL, mail_show, &v);
}

static enum rc page_again(struct req *r)
{
    TRY(mail_again(r->op, path_id(r, "mml")));
    answer_note(r, M("The letter is on its way."));
    return REDIRECT(r, "/mail/{0}", pid_of("mml", path_id(r, "mml")));
}

const struct route mail_routes[] = {
    ROUTE(GET, "/mail", page_list, "mail.read", FORM(mail_query, mail_query_fields)),
    ROUTE(GET, "/mail/:mml", page_show, "mail.read"),
    ROUTE(POST, "/mail/:mml/again", page_again, "mail.edit"),
    {0},
};

const struct ui_page mail_pages[] = {
    {UI_SETTINGS, M("Letters"), "/mail", "mail.read"},
};
const size_t mail_pages_len = LEN(mail_pages);
