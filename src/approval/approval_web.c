/* The inbox of what waits for me, the list of all requests, one request with its buttons, and the
 * card that other modules put on the page of their record. */
#include "approval/approval.h"
#include "approval/approval_int.h"
#include "approval/approval_view.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/approvals/%s%s", apr(id).text, tail);
}

/* ---- lists ---- */

struct inbox_query {
    UI_LIST_MEMBERS;
    struct str kind, state;
};
static const struct field inbox_query_fields[] = {
    UI_LIST_FIELDS(inbox_query, q_inbox_sorts),
    F_STR(inbox_query, kind, 0, 40),
    F_STR(inbox_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_LABEL, COL_KIND, COL_AMOUNT, COL_WHO, COL_WHEN, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_LABEL] = {.name = "label",
                   .title = M("What"),
                   .kind = UI_TEXT,
                   .place = UI_AT_NAME,
                   .sub_name = "note",
                   .sub_title = M("Note")},
    [COL_KIND] = {.name = "kind", .title = M("Kind"), .kind = UI_TEXT},
    [COL_AMOUNT] = {.name = "amount",
                    .title = M("Amount"),
                    .kind = UI_MONEY,
                    .place = UI_AT_FIGURE},
    [COL_WHO] = {.name = "requested_by", .title = M("Asked by"), .kind = UI_TEXT},
    [COL_WHEN] = {.name = "requested_at",
                  .title = M("Asked"),
                  .kind = UI_TIME,
                  .sort = "requested",
                  .place = UI_AT_SUB},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "approval",
                   .place = UI_AT_BADGE},
};
static const char *const states[] = {"open", "approved", "rejected", "withdrawn", NULL};
static const struct ui_filter filters[] = {
    {.name = "kind", .label = M("Kind"), .kind = UI_PICK},
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "approval", .states = states},
};

static void kind_options(struct op *op, struct ui_list *list)
{
    const struct approval_kind *const *kinds;
    size_t len = approval__kinds(&kinds);
    for (size_t i = 0; i < len; i++)
        ui_list_option(list, "kind", str_of(kinds[i]->name), tr(op->lang, kinds[i]->label));
}

static void add_row(struct op *op, struct ui_list *list, const struct inbox_row *a)
{
    const struct approval_kind *kind = approval__kind(a->kind);
    const struct currency *currency = a->currency.at ? currency_find(a->currency) : NULL;
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, apr(a->id)));
    cells[COL_LABEL] =
        ui_cell_link(approval__words(op, kind, a->label), a->note, url_of(op, a->id, ""));
    cells[COL_KIND] = ui_cell_text(kind ? tr(op->lang, kind->label) : a->kind);
    cells[COL_AMOUNT] = ui_cell_money(MONEY(a->amount_minor.v, currency), STR_NONE);
    cells[COL_WHO] = ui_cell_text(a->requested_name);
    cells[COL_WHEN] = ui_cell_time(SOME(a->requested_at));
    if (list->spec->columns_len > COL_STATE) /* the inbox has open ones only */
        cells[COL_STATE] = ui_cell_state(a->state);
}

static void parts(struct op *op, struct ui_list *list, bool is_inbox)
{
    struct ui_tab inbox = {
        .label = M("Waiting for me"), .href = STR("/approvals"), .is_on = is_inbox};
    struct ui_tab all = {.label = M("All"), .href = STR("/approvals/all"), .is_on = !is_inbox};
    VEC_PUSH(op->arena, &list->parts, inbox);
    if (op_may(op, "approval.read"))
        VEC_PUSH(op->arena, &list->parts, all);
}

static enum rc fill_inbox(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct inbox_query *query = form(r);
    struct q_inbox_in in = {.user_id = op->actor.user_id,
                            .branch_user = approval__branch_user(op),
                            .kind = query->kind.len ? query->kind : STR_NONE,
                            .page = list->page};
    struct inbox_row_page page = {0};
    kind_options(op, list);
    parts(op, list, true);
    approval__held(op, &in.permission);
    if (in.permission.len == 0)
        return RC_OK;
    TRY(q_inbox(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        add_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static enum rc fill_all(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct inbox_query *query = form(r);
    struct q_approval_list_in in = {.branch_user = approval__branch_user(op),
                                    .kind = query->kind.len ? query->kind : STR_NONE,
                                    .state = query->state.len ? query->state : STR_NONE,
                                    .page = list->page};
    struct inbox_row_page page = {0};
    kind_options(op, list);
    parts(op, list, false);
    TRY(q_approval_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        add_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec inbox_list = {
    .name = "approvals",
    .title = M("Approvals"),
    .icon = "clipboard-check",
    .columns = columns,
    .columns_len = COL_STATE,
    .filters = filters,
    .filters_len = 1,
    .sorts = q_inbox_sorts,
    .sort = "requested",
    .empty = M("Nothing waits for your approval."),
    .fill = fill_inbox,
};
static const struct ui_list_spec all_list = {
    .name = "approvals-all",
    .title = M("Approvals"),
    .icon = "clipboard-check",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_approval_list_sorts,
    .sort = "-requested",
    .empty = M("Nobody has asked for an approval yet."),
    .fill = fill_all,
};

static enum rc page_inbox(struct req *r)
{
    return ui_list_page(r, &inbox_list);
}

static enum rc page_all(struct req *r)
{
    return ui_list_page(r, &all_list);
}

/* ---- one request ---- */

/* Who may look: deciders, who asked, and those who see all requests. */
static enum rc get_seen(struct req *r, struct approval *out)
{
    struct op *op = r->op;
    TRY(approval_get(op, path_id(r, "apr"), out));
    bool is_asker = out->requested_by && out->requested_by == op->actor.user_id;
    bool is_decider = out->kind && op_may(op, out->kind->permission);
    return is_asker || is_decider || op_may(op, "approval.read") ? RC_OK : RC_MISSING;
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct approval_page v = {0};
    TRY(get_seen(r, &v.approval));
    const struct approval *a = &v.approval;
    v.head.name = a->label;
    v.head.record = "approval";
    v.head.state = str_of(approval__state_name(a->state));
    ui_crumb(op, &v.head, M("Approvals"), STR("/approvals"));
    if (a->kind) {
        struct ui_def record = {
            .label = a->kind->label, .text = a->label, .href = a->kind->url(op, a->record_id)};
        VEC_PUSH(op->arena, &v.facts, record);
    }
    if (a->amount.currency) {
        struct ui_def amount = {.label = M("Amount"), .money = a->amount, .is_strong = true};
        VEC_PUSH(op->arena, &v.facts, amount);
    }
    ui_def_text(op, &v.facts, M("Note"), a->note);
    page_title(r, a->label);
    return REPLY(r, NULL, approval_show, &v);
}

void approval_show_json(struct json_writer *w, const struct approval_page *v)
{
    const struct approval *a = &v->approval;
    json_object(w);
    json_pair_str(w, "id", str_of(apr(a->id).text));
    json_pair_str(w, "kind", a->kind ? str_of(a->kind->name) : STR_NONE);
    json_pair_str(w, "state", str_of(approval__state_name(a->state)));
    json_pair_str(w, "label", a->stored_label);
    json_pair_str(w, "note", a->note);
    json_pair_str(w, "comment", a->comment);
    json_pair_money(w, "amount", a->amount);
    json_pair_str(w, "requested_by", a->requested_by_name);
    json_pair_instant(w, "requested_at", a->requested_at);
    json_pair_str(w, "decided_by", a->decided_by_name.len ? a->decided_by_name : STR_NONE);
    json_pair_bool(w, "may_decide", a->may_decide);
    json_object_end(w);
}

/* ---- deciding ---- */

struct decide_form {
    struct str comment;
};
static const struct field decide_fields[] = {
    F_BLOCK(decide_form, comment, 0, APPROVAL_TEXT_MAX),
    FIELDS_END,
};

static enum rc done(struct req *r, const struct approval *a, const char *note)
{
    answer_note(r, note);
    return REDIRECT(r, "/approvals/{0}", apr(a->id));
}

static enum rc page_approve(struct req *r)
{
    const struct decide_form *in = form(r);
    struct approval a;
    TRY(get_seen(r, &a));
    TRY(approval_approve(r->op, a.id, in->comment));
    return done(r, &a, M("Approved."));
}

static enum rc page_reject(struct req *r)
{
    const struct decide_form *in = form(r);
    struct approval a;
    TRY(get_seen(r, &a));
    TRY(approval_reject(r->op, a.id, in->comment));
    return done(r, &a, M("Rejected."));
}

static enum rc page_withdraw(struct req *r)
{
    const struct decide_form *in = form(r);
    struct approval a;
    TRY(get_seen(r, &a));
    TRY(approval_withdraw(r->op, a.id, in->comment));
    return done(r, &a, M("The request was taken back."));
}

static const struct ui_field reject_shown[] = {
    {.name = "comment",
     .label = M("Why"),
     .hint = M("Who asked reads this."),
     .kind = UI_FIELD_AREA,
     .is_required = true,
     .max_len = APPROVAL_TEXT_MAX},
};

static enum rc page_ask_reject(struct req *r)
{
    struct approval a;
    TRY(get_seen(r, &a));
    struct ui_form form = {.action = url_of(r->op, a.id, "/reject"),
                           .submit = M("Reject"),
                           .is_danger = true,
                           .cancel_href = url_of(r->op, a.id, "")};
    ui_crumb(r->op, &form.head, M("Approvals"), STR("/approvals"));
    form.head.name = a.label;
    ui_form_init(r, &form, reject_shown, LEN(reject_shown));
    return ui_form_page(r, &form);
}

/* ---- the card ---- */

void approval__stages(struct out *o, const struct approval *a)
{
    struct ui_stages stages = {0};
    struct ui_stage asked = {
        .label = M("Asked"),
        .note = i18n_format(o->arena, o->lang, "{0} \xc2\xb7 {1}", a->requested_by_name,
                            i18n_date_time(o->arena, o->lang, a->requested_at, o->zone)),
        .state = UI_STAGE_DONE,
    };
    VEC_PUSH(o->arena, &stages, asked);
    struct ui_stage last = {.label = M("Waits for a second person"), .state = UI_STAGE_NOW};
    if (a->state == APPROVAL_APPROVED)
        last = (struct ui_stage){.label = M("Approved"), .state = UI_STAGE_DONE};
    else if (a->state == APPROVAL_REJECTED)
        last = (struct ui_stage){.label = M("Rejected"), .state = UI_STAGE_FAILED};
    else if (a->state == APPROVAL_WITHDRAWN)
        last = (struct ui_stage){.label = M("Taken back"), .state = UI_STAGE_FAILED};
    if (a->decided_at.has && a->decided_by_name.len)
        last.note = i18n_format(o->arena, o->lang, "{0} \xc2\xb7 {1}", a->decided_by_name,
                                i18n_date_time(o->arena, o->lang, a->decided_at.v, o->zone));
    else if (a->state == APPROVAL_APPROVED)
        last.note = tr(o->lang, M("no approval was needed"));
    VEC_PUSH(o->arena, &stages, last);
    ui_stages_view(o, &stages);
}

void approval_card(struct out *o, const struct approval *approval)
{
    if (approval->state == APPROVAL_NONE)
        return;
    approval_card_view(o, approval);
}

const struct route approval_routes[] = {
    ROUTE(GET, "/approvals", page_inbox, PERM_SIGNED_IN, FORM(inbox_query, inbox_query_fields),
          API),
    ROUTE(GET, "/approvals/all", page_all, "approval.read", FORM(inbox_query, inbox_query_fields),
          API),
    ROUTE(GET, "/approvals/:apr", page_show, PERM_SIGNED_IN, API),
    ROUTE(POST, "/approvals/:apr/approve", page_approve, PERM_SIGNED_IN,
          FORM(decide_form, decide_fields), FORM_PAGE(page_show), API),
    ROUTE(GET, "/approvals/:apr/reject", page_ask_reject, PERM_SIGNED_IN),
    ROUTE(POST, "/approvals/:apr/reject", page_reject, PERM_SIGNED_IN,
          FORM(decide_form, decide_fields), FORM_PAGE(page_ask_reject), API),
    ROUTE(POST, "/approvals/:apr/withdraw", page_withdraw, PERM_SIGNED_IN,
          FORM(decide_form, decide_fields), FORM_PAGE(page_show), API),
    {0},
};

/* ---- start ---- */

const struct permission approval_permissions[] = {
    {"approval.read", M("See all requests for approval"), ACTOR_STAFF},
    {0},
};
const size_t approval_permissions_len = LEN(approval_permissions) - 1;

static const struct audit_name names[] = {
    {"approval", M("Approval"), "/approvals/", "apr"},
    {"approval.request", M("Approval asked for"), NULL, NULL},
    {"approval.approve", M("Approved"), NULL, NULL},
    {"approval.reject", M("Rejected"), NULL, NULL},
    {"approval.withdraw", M("Request taken back"), NULL, NULL},
    {"approval:state", M("State"), NULL, NULL},
    {"approval:comment", M("Comment"), NULL, NULL},
    {0},
};

static const struct ui_page pages[] = {
    {UI_HOME, M("Approvals"), "/approvals", NULL},
};

/* The bell leads to the inbox and counts what waits. */
static void facts(struct req *r, struct ui_facts *out)
{
    int64_t waiting = 0;
    auth_ui_hooks.facts(r, out);
    if (r->op->actor.kind != ACTOR_STAFF || approval_inbox_count(r->op, &waiting) != RC_OK)
        return;
    out->bell_href = STR("/approvals");
    out->bell_count = waiting;
}

static enum rc count_inbox(struct op *op, int64_t limit, int64_t *out)
{
    (void)limit; /* the inbox counts no further than 100 */
    return approval_inbox_count(op, out);
}

static const struct ui_counter counters[] = {
    {"/approvals", M("{0} waiting for your approval"), count_inbox},
};

void approval_start(void)
{
    static struct ui_hooks hooks;
    hooks = auth_ui_hooks;
    hooks.facts = facts;
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
    ui_counters_declare(counters, LEN(counters));
    ui_hooks_set(&hooks);
}
