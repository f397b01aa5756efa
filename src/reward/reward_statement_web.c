/* Pages of statements and results: the list, one paper with the explanation of an amount beside it,
 * sending, rolling back, repeating, files. */
#include "reward/reward_view.h"
#include "reward/reward_web.h"

const struct field reward__reason_fields[] = {
    F_BLOCK(reward__reason_form, reason, 0, 2000),
    F_OPT_I64(reward__reason_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const struct field reward__why_fields[] = {
    F_OPT_ID(reward__why_query, line, "lin"),
    F_OPT_I64(reward__why_query, show, 1, 500),
    FIELDS_END,
};

/* ---- list ---- */

struct statements_query {
    UI_LIST_MEMBERS;
    struct str state, period;
    struct opt_i64 partner;
};
static const struct field statements_fields[] = {
    UI_LIST_FIELDS(statements_query, q_statement_list_sorts),
    F_STR(statements_query, state, 0, 20),
    F_STR(statements_query, period, 0, 12),
    F_OPT_ID(statements_query, partner, "prt"),
    FIELDS_END,
};

enum { COL_PARTNER, COL_NUMBER, COL_PERIOD, COL_STATE, COL_CONTRACT, COL_TOTAL, COL_SENT, COLS };
static const struct ui_column columns[] = {
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .place = UI_AT_NAME,
                     .sub_name = "partner_code",
                     .sub_title = M("Code")},
    [COL_NUMBER] = {.name = "number", .title = M("Statement"), .kind = UI_TEXT},
    [COL_PERIOD] = {.name = "period",
                    .title = M("Period"),
                    .kind = UI_TEXT,
                    .sort = "period",
                    .place = UI_AT_SUB},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "statement",
                   .place = UI_AT_BADGE},
    [COL_CONTRACT] = {.name = "contract", .title = M("Contract"), .kind = UI_TEXT},
    [COL_TOTAL] = {.name = "total",
                   .title = M("Accrued"),
                   .kind = UI_MONEY,
                   .sort = "total",
                   .place = UI_AT_FIGURE},
    [COL_SENT] = {.name = "sent_at",
                  .title = M("Sent at"),
                  .kind = UI_TIME,
                  .is_optional = true,
                  .place = UI_AT_NONE},
};
static const char *const states[] = {"draft",    "sent",   "agreed",     "partly_disputed",
                                     "disputed", "closed", "superseded", NULL};
static const char *const portal_states[] = {"sent",     "agreed", "partly_disputed",
                                            "disputed", "closed", NULL};
static const struct ui_filter filters[] = {
    {.name = "period", .label = M("Period"), .kind = UI_WORDS},
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "statement",
     .states = states},
};
static const struct ui_filter portal_filters[] = {
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "statement",
     .states = portal_states},
};

static void add_row(struct op *op, struct ui_list *list, const struct statement_item *s)
{
    bool is_portal = op->actor.kind == ACTOR_PARTNER;
    struct str href = reward__statement_href(op, s->id, "");
    struct str period = reward__period_words(op, s->period, PLACE_START);
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, pid_of("sta", s->id)));
    cells[COL_PARTNER] = is_portal ? ui_cell_link(period, s->number, href)
                                   : ui_cell_link(s->partner_name, s->partner_code, href);
    cells[COL_NUMBER] = ui_cell_text(s->number);
    cells[COL_PERIOD] = ui_cell_text(period);
    cells[COL_STATE] = ui_cell_state(s->state);
    cells[COL_CONTRACT] = ui_cell_text(s->contract_code);
    cells[COL_TOTAL] = ui_cell_money(MONEY(s->total_minor, currency_find(s->currency)), href);
    cells[COL_SENT] = ui_cell_time(s->sent_at);
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct statements_query *query = form(r);
    bool is_portal = op->actor.kind == ACTOR_PARTNER;
    struct q_statement_list_in in = {.page = list->page, .partner = query->partner};
    struct statement_item_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (query->period.len)
        in.period = query->period;
    for (size_t i = 0; is_portal && portal_states[i]; i++)
        if (!query->state.len || str_eq(query->state, str_of(portal_states[i])))
            VEC_PUSH(op->arena, &in.state, str_of(portal_states[i]));
    if (!is_portal && query->state.len)
        VEC_PUSH(op->arena, &in.state, query->state);
    if (is_portal && in.state.len == 0)
        return RC_OK;
    TRY(q_statement_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        add_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec statement_list = {
    .name = "statements",
    .title = M("Reward statements"),
    .icon = "calculator",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_statement_list_sorts,
    .sort = "-period",
    .search = M("Partner, number, contract"),
    .empty = M("No statements yet. They are made when a run is posted."),
    .fill = fill,
};

/* In the portal everything is the partner's own: the period is the name of a row. */
static enum rc page_list(struct req *r)
{
    struct ui_column own[COLS];
    struct ui_list_spec spec = statement_list;
    if (r->op->actor.kind != ACTOR_PARTNER)
        return ui_list_page(r, &statement_list);
    memcpy(own, columns, sizeof(own));
    own[COL_PARTNER] = (struct ui_column){.name = "period",
                                          .title = M("Period"),
                                          .kind = UI_TEXT,
                                          .sort = "period",
                                          .place = UI_AT_NAME,
                                          .sub_name = "number",
                                          .sub_title = M("Statement")};
    own[COL_NUMBER].is_optional = own[COL_PERIOD].is_optional = true;
    own[COL_NUMBER].name = "number_only";
    own[COL_PERIOD].name = "period_only";
    own[COL_PERIOD].sort = NULL;
    own[COL_PERIOD].place = own[COL_NUMBER].place = UI_AT_NONE;
    spec.columns = own;
    spec.filters = portal_filters;
    spec.filters_len = LEN(portal_filters);
    spec.empty = M("No statements yet. You get a letter when the first one is there.");
    return ui_list_page(r, &spec);
}

/* ---- one paper ---- */

static void add_files(struct op *op, struct reward__paper *v)
{
    static const struct {
        const char *label, *icon, *rest;
        enum ui_action_kind kind;
    } files[] = {{M("PDF"), "file-type-pdf", "/pdf", UI_SECONDARY},
                 {M("XLSX"), "file-spreadsheet", "/xlsx", UI_SECONDARY},
                 {M("CSV"), "file-type-csv", "/csv", UI_MORE}};
    for (size_t i = 0; i < LEN(files); i++)
        ui_act(op, &v->head.actions,
               (struct ui_action){
                   .label = files[i].label,
                   .icon = files[i].icon,
                   .kind = files[i].kind,
                   .href = str_printf(op->arena, STR_FMT "%s", STR_ARG(v->base), files[i].rest)});
}

static void add_verbs(struct op *op, struct reward__paper *v)
{
    bool is_draft = v->statement.id && str_eq(v->statement.state, STR("draft"));
    bool is_live = !str_eq(v->result.state, STR("rolled_back"));
    int64_t result_id = v->result.id;
    if (is_draft)
        ui_act(op, &v->head.actions,
               (struct ui_action){.label = M("Send"),
                                  .icon = "send",
                                  .kind = UI_PRIMARY,
                                  .is_dialog = true,
                                  .permission = "statement.send",
                                  .href = str_join(op->arena, v->base, STR("/send"))});
    if (is_live && (is_draft || !v->statement.id))
        ui_act(
            op, &v->head.actions,
            (struct ui_action){.label = M("Calculate again…"),
                               .icon = "refresh",
                               .is_dialog = true,
                               .permission = "run.post",
                               .href = reward__href(op, "/results/", "res", result_id, "/repeat")});
    if (is_live && (is_draft || !v->statement.id))
        ui_act(op, &v->head.actions,
               (struct ui_action){
                   .label = M("Roll back…"),
                   .icon = "arrow-back-up",
                   .kind = UI_MORE,
                   .permission = "run.post",
                   .href = reward__href(op, "/results/", "res", result_id, "/roll-back")});
}

static void make_head(struct op *op, struct reward__paper *v)
{
    struct arena *arena = op->arena;
    struct str period = i18n_period(arena, op->lang, v->period, PLACE_START);
    v->head.name = v->is_portal ? period : v->names.partner_name;
    v->head.record = v->statement.id ? "statement" : "result";
    v->head.state = v->statement.id ? v->statement.state : v->result.state;
    if (v->is_portal) {
        ui_crumb(op, &v->head, M("Statements"), STR("/portal/statements"));
    } else {
        ui_crumb(op, &v->head, M("Runs"), STR("/runs"));
        ui_crumb_text(op, &v->head, period, reward__run_href(op, v->result.run_id, ""));
    }
    if (!v->is_portal && op_may(op, "contract.read"))
        v->contract_href = contract_href(op, v->result.contract_id);
    AUTO_OUT o = OUT(arena, 64 << 10);
    o.lang = op->lang;
    o.zone = op->zone;
    reward_below_view(&o, v);
    v->head.below = out_html(&o);
}

/* What is worth saying before everything else. */
static void make_hint(struct op *op, struct reward__paper *v)
{
    const char *text = NULL;
    enum ui_tint tint = UI_INFO;
    if (str_eq(v->result.state, STR("rolled_back")))
        text = M("This result was rolled back; it does not count.");
    else if (str_eq(v->result.state, STR("incomplete"))) {
        text = M("Values are missing, so this result cannot be approved. Others are not stopped.");
        tint = UI_WARN;
    }
    if (text)
        v->hint = (struct ui_hint){.tint = tint, .text = tr(op->lang, text)};
    if (v->is_portal || v->result.reason.len == 0)
        return;
    if (str_eq(v->result.state, STR("rolled_back")))
        v->hint.text =
            i18n_format(op->arena, op->lang,
                        M("This result was rolled back and does not count: {0}"), v->result.reason);
    else if (!text)
        v->hint = (struct ui_hint){
            .tint = UI_INFO,
            .text = i18n_format(op->arena, op->lang, M("Calculated again: {0}"), v->result.reason)};
}

static enum rc load(struct req *r, enum reward__paper_kind kind, struct reward__paper *v)
{
    struct op *op = r->op;
    TRY(reward__paper_load(op, kind, path_id(r, kind == REWARD_RESULT ? "res" : "sta"), v));
    make_head(op, v);
    make_hint(op, v);
    add_files(op, v);
    v->foot = tr(op->lang, M("Every amount opens into how it was computed."));
    if (!v->is_portal)
        add_verbs(op, v);
    if (!v->is_portal && v->statement.id)
        TRY(audit_events(op, "statement", v->statement.id, 20, &v->history));
    if (!v->is_portal && !v->history.len)
        TRY(audit_events(op, "result", v->result.id, 20, &v->history));
    return RC_OK;
}

static enum rc show(struct req *r, enum reward__paper_kind kind, int64_t derivation_id)
{
    enum { SHOWN = 20 };
    struct reward__paper v;
    struct reward__panel panel;
    TRY(load(r, kind, &v));
    if (derivation_id) {
        const struct reward__why_query *query = form(r);
        size_t shown = query->show.has ? (size_t)query->show.v : SHOWN;
        TRY(reward__panel_load(r->op, &v, derivation_id, query->line.has ? query->line.v : 0, shown,
                               &panel));
        v.panel = &panel;
        bool is_row = false;
        for (size_t i = 0; i < v.lines.len; i++) {
            struct reward__paper_line *line = &v.lines.at[i];
            bool is_this = query->line.has && line->line_id == query->line.v;
            line->is_open = line->derivation_id == derivation_id &&
                            (!query->line.has || !line->line_id || is_this);
            is_row = is_row || is_this;
        }
        for (size_t i = 0; i < v.asides.len; i++)
            v.asides.at[i].is_open = v.asides.at[i].derivation_id == derivation_id;
        if (query->line.has && !is_row) /* one event of a row: back to the row */
            panel.close_href = panel.copy_href;
    }
    page_title(
        r, reward__note_line(r->op, v.head.name, v.statement.id ? v.statement.number : STR_NONE));
    return REPLY(r, NULL, reward_paper, &v);
}

static enum rc page_statement(struct req *r)
{
    return show(r, REWARD_STATEMENT, 0);
}

static enum rc page_statement_why(struct req *r)
{
    return show(r, REWARD_STATEMENT, path_id(r, "der"));
}

static enum rc page_result(struct req *r)
{
    return show(r, REWARD_RESULT, 0);
}

static enum rc page_result_why(struct req *r)
{
    return show(r, REWARD_RESULT, path_id(r, "der"));
}

static enum rc page_portal(struct req *r)
{
    return show(r, REWARD_PORTAL, 0);
}

static enum rc page_portal_why(struct req *r)
{
    return show(r, REWARD_PORTAL, path_id(r, "der"));
}

/* ---- verbs ---- */

static enum rc page_ask_send(struct req *r)
{
    struct reward__paper v;
    TRY(reward__paper_load(r->op, REWARD_STATEMENT, path_id(r, "sta"), &v));
    struct ui_confirm confirm = {
        .title = M("Send the statement?"),
        .name = reward__note_line(r->op, v.names.partner_name, v.statement.number),
        .text = M("The partner sees it in the portal and gets a letter. After that it can no "
                  "longer be rolled back."),
        .action = str_join(r->op->arena, v.base, STR("/send")),
        .button = M("Send"),
        .cancel_href = v.base};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_send(struct req *r)
{
    TRY(reward_statement_send(r->op, path_id(r, "sta")));
    answer_note(r, M("Sent."));
    return REDIRECT(r, "/statements/{0}", pid_of("sta", path_id(r, "sta")));
}

static enum rc back_href(struct op *op, const struct reward__paper *v, struct str *out)
{
    struct statement_row s;
    enum rc rc = q_statement_of_result(op, &(struct q_statement_of_result_in){v->result.id}, &s);
    *out = rc == RC_OK ? reward__statement_href(op, s.id, "") : v->base;
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc ask_result(struct req *r, bool is_repeat)
{
    struct reward__paper v;
    TRY(reward__paper_load(r->op, REWARD_RESULT, path_id(r, "res"), &v));
    struct ui_confirm confirm = {
        .title = is_repeat ? M("Calculate again?") : M("Roll the result back?"),
        .name = reward__note_line(r->op, v.names.partner_name,
                                  i18n_period(r->op->arena, r->op->lang, v.period, PLACE_START)),
        .text = is_repeat ? M("The result is taken back and computed again from the facts of now; "
                              "when the run is posted, the new one is posted at once.")
                          : M("Its postings are reversed and its statement is superseded. The "
                              "result stays visible as rolled back."),
        .action = str_join(r->op->arena, v.base, is_repeat ? STR("/repeat") : STR("/roll-back")),
        .button = is_repeat ? M("Calculate again") : M("Roll back"),
        .is_danger = !is_repeat,
        .reason = M("Reason")};
    TRY(back_href(r->op, &v, &confirm.cancel_href));
    return ui_confirm_page(r, &confirm);
}

static enum rc page_ask_roll_back(struct req *r)
{
    return ask_result(r, false);
}

static enum rc page_ask_repeat(struct req *r)
{
    return ask_result(r, true);
}

static enum rc page_roll_back(struct req *r)
{
    const struct reward__reason_form *in = form(r);
    TRY(reward_result_roll_back(r->op, path_id(r, "res"), in->reason.at ? in->reason : STR("")));
    answer_note(r, M("Rolled back."));
    return REDIRECT(r, "/results/{0}", pid_of("res", path_id(r, "res")));
}

static enum rc page_repeat(struct req *r)
{
    const struct reward__reason_form *in = form(r);
    struct statement_row s;
    int64_t id = 0;
    TRY(reward_result_repeat(r->op, path_id(r, "res"), in->reason.at ? in->reason : STR(""), &id));
    answer_note(r, M("Calculated again."));
    enum rc rc = q_statement_of_result(r->op, &(struct q_statement_of_result_in){id}, &s);
    if (rc == RC_OK)
        return REDIRECT(r, "/statements/{0}", pid_of("sta", s.id));
    return REDIRECT(r, "/results/{0}", pid_of("res", id));
}

/* ---- files ---- */

static enum rc file(struct req *r, enum reward__paper_kind kind, const char *suffix)
{
    struct reward__paper v;
    AUTO_BUF out = BUF(256 << 20);
    bool is_pdf = strcmp(suffix, "pdf") == 0, is_xlsx = strcmp(suffix, "xlsx") == 0;
    TRY(reward__paper_load(r->op, kind, path_id(r, kind == REWARD_RESULT ? "res" : "sta"), &v));
    TRY(is_pdf ? reward__pdf(r->op, &v, &out) : reward__sheet(r->op, &v, is_xlsx, &out));
    const char *mime = is_pdf    ? "application/pdf"
                       : is_xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml."
                                   "sheet"
                                 : "text/csv; charset=utf-8";
    TRY(download_begin(r, reward__file_name(r->op, &v, suffix), mime, false));
    TRY(download_put(r, buf_str(&out)));
    return download_end(r);
}

#define FILE_PAGE(name_, kind_, suffix_)                                                           \
    static enum rc name_(struct req *r)                                                            \
    {                                                                                              \
        return file(r, kind_, suffix_);                                                            \
    }
FILE_PAGE(page_statement_pdf, REWARD_STATEMENT, "pdf")
FILE_PAGE(page_statement_xlsx, REWARD_STATEMENT, "xlsx")
FILE_PAGE(page_statement_csv, REWARD_STATEMENT, "csv")
FILE_PAGE(page_result_pdf, REWARD_RESULT, "pdf")
FILE_PAGE(page_result_xlsx, REWARD_RESULT, "xlsx")
FILE_PAGE(page_result_csv, REWARD_RESULT, "csv")
FILE_PAGE(page_portal_pdf, REWARD_PORTAL, "pdf")
FILE_PAGE(page_portal_xlsx, REWARD_PORTAL, "xlsx")
FILE_PAGE(page_portal_csv, REWARD_PORTAL, "csv")

#define WHY FORM(reward__why_query, reward__why_fields), API

const struct route reward_statement_routes[] = {
    ROUTE(GET, "/statements", page_list, "run.read", FORM(statements_query, statements_fields),
          API),
    ROUTE(GET, "/statements/:sta", page_statement, "run.read", API),
    ROUTE(GET, "/statements/:sta/why/:der", page_statement_why, "run.read", WHY),
    ROUTE(GET, "/statements/:sta/send", page_ask_send, "statement.send"),
    ROUTE(POST, "/statements/:sta/send", page_send, "statement.send"),
    ROUTE(GET, "/statements/:sta/pdf", page_statement_pdf, "run.read"),
    ROUTE(GET, "/statements/:sta/xlsx", page_statement_xlsx, "run.read"),
    ROUTE(GET, "/statements/:sta/csv", page_statement_csv, "run.read"),
    ROUTE(GET, "/results/:res", page_result, "run.read", API),
    ROUTE(GET, "/results/:res/why/:der", page_result_why, "run.read", WHY),
    ROUTE(GET, "/results/:res/pdf", page_result_pdf, "run.read"),
    ROUTE(GET, "/results/:res/xlsx", page_result_xlsx, "run.read"),
    ROUTE(GET, "/results/:res/csv", page_result_csv, "run.read"),
    ROUTE(GET, "/results/:res/roll-back", page_ask_roll_back, "run.post"),
    ROUTE(POST, "/results/:res/roll-back", page_roll_back, "run.post",
          FORM(reward__reason_form, reward__reason_fields), FORM_PAGE(page_ask_roll_back)),
    ROUTE(GET, "/results/:res/repeat", page_ask_repeat, "run.post"),
    ROUTE(POST, "/results/:res/repeat", page_repeat, "run.post",
          FORM(reward__reason_form, reward__reason_fields), FORM_PAGE(page_ask_repeat)),
    ROUTE(GET, "/portal/statements", page_list, "portal.statement",
          FORM(statements_query, statements_fields), API),
    ROUTE(GET, "/portal/statements/:sta", page_portal, "portal.statement", API),
    ROUTE(GET, "/portal/statements/:sta/why/:der", page_portal_why, "portal.statement", WHY),
    ROUTE(GET, "/portal/statements/:sta/pdf", page_portal_pdf, "portal.statement"),
    ROUTE(GET, "/portal/statements/:sta/xlsx", page_portal_xlsx, "portal.statement"),
    ROUTE(GET, "/portal/statements/:sta/csv", page_portal_csv, "portal.statement"),
    {0},
};
