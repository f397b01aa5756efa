/* audit_web: the journal as a list with filters, one entry, and the history of one record as a part
 * of other modules' pages. Erased texts are said to be erased: a gap without a word would look like
 * a fault. */
#include "audit/audit_web.h"

#include "audit/audit_int.h"
#include "audit/audit_view.h"

static bool is_staff(const struct op *op)
{
    return op->actor.kind == ACTOR_STAFF || op->actor.kind == ACTOR_SYSTEM;
}

static struct str actor_words(struct op *op, const struct audit_row *row)
{
    if (!row->actor.at)
        return tr(op->lang, M("Erased"));
    if (row->actor.len)
        return row->actor;
    if (row->actor_kind == ACTOR_SYSTEM)
        return tr(op->lang, M("The system"));
    return tr(op->lang, M("Nobody signed in"));
}

/* ---- reading ---- */

static struct audit_changes changes_of(struct op *op, const struct audit_list_row *row)
{
    struct audit__changes changes;
    struct str erased = tr(op->lang, M("Erased"));
    if (!audit__changes_read(op->arena, row->changes, &changes))
        log_event(LOG_ERROR, "audit_unreadable", "row",
                  str_printf(op->arena, "%lld", (long long)row->id), NULL);
    struct audit_change *at = NEW_ARRAY(op->arena, struct audit_change, changes.len + 1);
    for (size_t i = 0; i < changes.len; i++) {
        const struct audit__change *c = &changes.at[i];
        at[i] = (struct audit_change){
            .field = str_c(op->arena, c->field),
            .before = row->label.at ? c->before : erased,
            .after = row->label.at ? c->after : erased,
        };
    }
    return (struct audit_changes){at, changes.len};
}

void audit__fill(struct op *op, const struct audit_list_row *row, struct audit_row *out)
{
    *out = (struct audit_row){
        .id = row->id,
        .at = row->at,
        .actor_kind = (enum actor_kind)row->actor_kind,
        .user_id = row->user_id,
        .actor = row->actor,
        .address = row->address,
        .request_id = row->request_id,
        .action = row->action,
        .record = row->record,
        .record_id = row->record_id,
        .label = row->label,
        .changes = changes_of(op, row),
    };
}

enum rc audit_history(struct op *op, const char *record, int64_t record_id, int limit,
                      struct audit_rows *out)
{
    struct audit_list_row_rows rows;
    TRY(q_audit_history(op,
                        &(struct q_audit_history_in){
                            .record = str_of(record), .record_id = record_id, .limit = limit},
                        &rows));
    struct audit_row *at = NEW_ARRAY(op->arena, struct audit_row, rows.len ? rows.len : 1);
    for (size_t i = 0; i < rows.len; i++)
        audit__fill(op, &rows.at[i], &at[i]);
    *out = (struct audit_rows){at, rows.len};
    return RC_OK;
}

/* ---- as a timeline ---- */

static struct ui_event event_of(struct op *op, const struct audit_row *row)
{
    struct ui_event event = {
        .at_us = row->at,
        .who = actor_words(op, row),
        .what = audit__action_words(op, row->action),
        .tint = UI_MUTE,
    };
    for (size_t i = 0; i < row->changes.len; i++) {
        const struct audit_change *c = &row->changes.at[i];
        struct ui_change change = {
            .label = audit__field_label(op, row->record, c->field),
            .field = str_of(c->field),
            .was = audit__value_words(op, row->record, c->field, c->before),
            .is = audit__value_words(op, row->record, c->field, c->after),
        };
        VEC_PUSH(op->arena, &event.changes, change);
    }
    return event;
}

enum rc audit_events(struct op *op, const char *record, int64_t record_id, int limit,
                     struct ui_timeline *out)
{
    struct audit_rows rows;
    TRY(audit_history(op, record, record_id, limit, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct ui_event event = event_of(op, &rows.at[i]);
        VEC_PUSH(op->arena, out, event);
    }
    return RC_OK;
}

enum rc audit_timeline(struct op *op, const char *record, int64_t record_id, int limit,
                       struct out *o)
{
    struct ui_timeline timeline = {0};
    TRY(audit_events(op, record, record_id, limit, &timeline));
    audit_history_view(o, &timeline);
    return RC_OK;
}

enum rc audit_card(struct req *r, const char *record, int64_t record_id, struct safe_html *out)
{
    AUTO_OUT o = out_like(http_out(r));
    TRY(audit_timeline(r->op, record, record_id, 20, &o));
    *out = out_html(&o);
    return RC_OK;
}

const struct ui_journal audit_journal = {.history = audit_card, .conflict = audit_conflict};

/* ---- the journal ---- */

struct audit_query {
    UI_LIST_MEMBERS;
    struct str record, action;
    struct opt_i64 user;
    struct opt_date from, until;
};
static const struct field audit_query_fields[] = {
    UI_LIST_FIELDS(audit_query, q_audit_list_sorts),
    F_STR(audit_query, record, 0, 60),
    F_STR(audit_query, action, 0, 80),
    F_OPT_ID(audit_query, user, "usr"),
    F_OPT_DATE(audit_query, from),
    F_OPT_DATE(audit_query, until),
    FIELDS_END,
};

enum {
    AUDIT_COL_ACTION,
    AUDIT_COL_RECORD,
    AUDIT_COL_WHO,
    AUDIT_COL_AT,
    AUDIT_COL_REQUEST,
    AUDIT_COLS
};
static const struct ui_column columns[] = {
    [AUDIT_COL_ACTION] = {.name = "action",
                          .title = M("Action"),
                          .kind = UI_TEXT,
                          .place = UI_AT_NAME},
    [AUDIT_COL_RECORD] = {.name = "record",
                          .title = M("Record||of the journal"),
                          .kind = UI_TEXT,
                          .sub_name = "record_kind",
                          .sub_title = M("Kind of record")},
    [AUDIT_COL_WHO] = {.name = "who",
                       .title = M("Who"),
                       .kind = UI_TEXT,
                       .place = UI_AT_SUB,
                       .sub_name = "address",
                       .sub_title = M("From where")},
    [AUDIT_COL_AT] =
        {.name = "at", .title = M("When"), .kind = UI_TIME, .sort = "at", .place = UI_AT_FIGURE},
    [AUDIT_COL_REQUEST] = {.name = "request_id",
                           .title = M("Request||technical"),
                           .kind = UI_TEXT,
                           .is_optional = true},
};
static const struct ui_filter filters[] = {
    {.name = "record", .label = M("Record||of the journal"), .kind = UI_PICK},
    {.name = "action", .label = M("Action"), .kind = UI_PICK},
    {.name = "user", .label = M("Who"), .kind = UI_PICK},
    {.name = "from", .label = M("From||a day"), .kind = UI_DAY},
    {.name = "until", .label = M("Until||a day"), .kind = UI_DAY},
};

static void add_options(struct op *op, struct ui_list *list)
{
    const struct audit_name *name;
    for (size_t i = 0; (name = audit__name_at(false, i)) != NULL; i++)
        ui_list_option(list, "record", str_of(name->name), tr(op->lang, name->label));
    for (size_t i = 0; (name = audit__name_at(true, i)) != NULL; i++)
        ui_list_option(list, "action", str_of(name->name), tr(op->lang, name->label));
}

static struct q_audit_list_in list_in(struct op *op, const struct audit_query *query,
                                      const struct ui_list *list)
{
    struct q_audit_list_in in = {
        .is_staff = is_staff(op),
        .user_id = query->user,
        .record = query->record.len ? query->record : STR_NONE,
        .action = query->action.len ? query->action : STR_NONE,
        .page = list->page,
    };
    if (query->from.has)
        in.from_at = SOME(zone_day_start(op->zone, query->from.v));
    if (query->until.has)
        in.to_at = SOME(zone_day_start(op->zone, date_add_days(query->until.v, 1)));
    return in;
}

static void put_row(struct op *op, struct ui_list *list, const struct audit_list_row *raw)
{
    struct audit_row row = {
        .actor_kind = (enum actor_kind)raw->actor_kind,
        .actor = raw->actor,
        .label = raw->label,
    };
    struct pid id = pid_of("aud", raw->id);
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, id));
    struct str who_href = STR_NONE;
    if (raw->user_id.has)
        who_href = str_printf(op->arena, "/audit?user=%s", pid_of("usr", raw->user_id.v).text);
    cells[AUDIT_COL_ACTION] = ui_cell_link(audit__action_words(op, raw->action), STR_NONE,
                                           str_printf(op->arena, "/audit/%s", id.text));
    cells[AUDIT_COL_RECORD] = ui_cell_link(audit__label_words(op, raw->record, raw->label),
                                           audit__record_words(op, raw->record),
                                           audit__href(op, raw->record, raw->record_id));
    cells[AUDIT_COL_WHO] = ui_cell_link(actor_words(op, &row), raw->address, who_href);
    cells[AUDIT_COL_AT] = ui_cell_time(SOME(raw->at));
    cells[AUDIT_COL_REQUEST] = ui_cell_text(raw->request_id);
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    const struct audit_query *query = form(r);
    struct op *op = r->op;
    struct q_audit_list_in in = list_in(op, query, list);
    struct audit_list_row_page page;
    TRY(q_audit_list(op, &in, &page));
    add_options(op, list);
    if (query->user.has)
        ui_list_option(list, "user", ui_pid(op, pid_of("usr", query->user.v)),
                       page.len && page.at[0].actor.len ? page.at[0].actor
                                                        : tr(op->lang, M("One person")));
    for (size_t i = 0; i < page.len; i++)
        put_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec audit_list = {
    .name = "audit",
    .title = M("Journal of changes"),
    .icon = "history",
    .columns = columns,
    .columns_len = AUDIT_COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_audit_list_sorts,
    .sort = "-at",
    .empty = M("Nothing has been changed yet. Every change of a record is written down here."),
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &audit_list);
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct audit_list_row raw;
    struct audit_row row;
    struct audit__show v = {0};
    TRY(q_audit_find(
        op, &(struct q_audit_find_in){.id = path_id(r, "aud"), .is_staff = is_staff(op)}, &raw));
    audit__fill(op, &raw, &row);
    struct ui_event event = event_of(op, &row);
    struct ui_def record = {
        .label = M("Record||of the journal"),
        .text = audit__label_words(op, row.record, row.label),
        .href = audit__href(op, row.record, row.record_id),
    };
    VEC_PUSH(op->arena, &v.timeline, event);
    ui_crumb(op, &v.head, M("Journal of changes"), STR("/audit"));
    v.head.name = audit__action_words(op, row.action);
    ui_def_text(op, &v.facts, M("Kind of record"), audit__record_words(op, row.record));
    if (record.text.len)
        VEC_PUSH(op->arena, &v.facts, record);
    ui_def_text(op, &v.facts, M("Who"), actor_words(op, &row));
    ui_def_text(op, &v.facts, M("From where"), row.address.len ? row.address : STR_NONE);
    ui_def_text(op, &v.facts, M("Request||technical"),
                row.request_id.len ? row.request_id : STR_NONE);
    page_title(r, v.head.name);
    return PAGE(r, NULL, audit_show, &v);
}

const struct route audit_routes[] = {
    ROUTE(GET, "/audit", page_list, "audit.read", FORM(audit_query, audit_query_fields)),
    ROUTE(GET, "/audit/:aud", page_show, "audit.read"),
    {0},
};

const struct ui_page audit_pages[] = {
    {UI_SETTINGS, M("Journal of changes"), "/audit", "audit.read"},
};
const size_t audit_pages_len = LEN(audit_pages);

static const struct audit_name names[] = {
    {"job", M("Background job"), "/jobs/", "job"},
    {"job.cancel", M("Background job cancelled"), NULL, NULL},
    {"job.retry", M("Background job started again"), NULL, NULL},
    {"message", M("Message"), NULL, NULL},
    {"message.again", M("Message delivered again"), NULL, NULL},
    {"mail", M("Letter"), "/mail/", "mml"},
    {"mail.again", M("Letter sent again"), NULL, NULL},
    {0},
};

void audit_declare(void)
{
    audit_name_declare(names);
    job_tick_declare(audit_ticks);
    outbox_subscriber_declare(audit_subscribers);
}
