/* Pages of imports: the list, and one with its progress or its result. */
#include "import/import_web.h"

#include "import/import_view.h"

const struct ui_page import_pages[] = {
    {UI_SALES, M("Imports"), "/imports", "import.read"},
};
const size_t import_pages_len = LEN(import_pages);

struct str import__href(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/imports/%s%s", imp(id).text, tail);
}

const char *import__kind_label(struct str kind)
{
    const struct import_kind *found = import__kind(kind);
    return found ? found->label : M("Other");
}

/* Staff of some branches see their own imports: rows of others may name foreign partners. */
static int64_t only_user(const struct op *op)
{
    bool sees_all = op->actor.kind == ACTOR_SYSTEM || op->actor.has_all_branches;
    return sees_all ? 0 : op->actor.user_id;
}

enum rc import__seen_by(struct op *op, int64_t id, struct import_rec *out)
{
    int64_t user = only_user(op);
    TRY(q_import(op, &(struct q_import_in){id}, out));
    return user == 0 || out->created_by.v == user ? RC_OK : RC_MISSING;
}

/* ---- the list ---- */

struct import_query {
    UI_LIST_MEMBERS;
    struct str kind, state;
};
static const struct field import_query_fields[] = {
    UI_LIST_FIELDS(import_query, q_import_list_sorts),
    F_STR(import_query, kind, 0, 20),
    F_STR(import_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_STATE, COL_TAKEN, COL_REFUSED, COL_WHO, COL_CREATED, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "file",
                  .title = M("File"),
                  .kind = UI_TEXT,
                  .place = UI_AT_NAME,
                  .sub_name = "kind",
                  .sub_title = M("What is imported")},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "import",
                   .place = UI_AT_BADGE},
    [COL_TAKEN] = {.name = "taken", .title = M("Rows taken"), .kind = UI_COUNT},
    [COL_REFUSED] = {.name = "refused",
                     .title = M("Rows refused"),
                     .kind = UI_COUNT,
                     .place = UI_AT_FIGURE},
    [COL_WHO] = {.name = "by", .title = M("By"), .kind = UI_TEXT},
    [COL_CREATED] = {.name = "created_at",
                     .title = M("Begun"),
                     .kind = UI_TIME,
                     .sort = "created",
                     .place = UI_AT_SUB},
};
static const char *const states[] = {"draft",  "waiting",   "running", "done",
                                     "failed", "cancelled", NULL};
static const struct ui_filter filters[] = {
    {.name = "kind", .label = M("What is imported"), .kind = UI_PICK},
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "import", .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Import a file"),
     .icon = "upload",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/imports/new"),
     .permission = "import.edit"},
    {.label = M("Saved mappings"),
     .icon = "adjustments",
     .kind = UI_MORE,
     .href = STR_INIT("/imports/mappings"),
     .permission = "import.edit"},
    {.label = NULL},
};

/* ---- the figure in the navigation ---- */

static enum rc count_wrong(struct op *op, int64_t limit, int64_t *out)
{
    enum { LATELY_DAYS = 7 };
    struct import_count count;
    TRY(q_import_wrong(
        op, &(struct q_import_wrong_in){only_user(op), op->now - LATELY_DAYS * US_DAY, limit},
        &count));
    *out = count.n;
    return RC_OK;
}

static const struct ui_counter counters[] = {
    {"/imports", M("{0} imports of this week with errors"), count_wrong},
};

void import__counters(void)
{
    ui_counters_declare(counters, LEN(counters));
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct import_query *query = form(r);
    struct import_item_page page = {0};
    struct q_import_list_in in = {.user_id = only_user(op),
                                  .kind = query->kind,
                                  .state = query->state,
                                  .q = list->search,
                                  .page = list->page};
    TRY(q_import_list(op, &in, &page));
    for (size_t i = 0; import__kind_at(i); i++)
        ui_list_option(list, "kind", str_of(import__kind_at(i)->name),
                       tr(op->lang, import__kind_at(i)->label));
    for (size_t i = 0; i < page.len; i++) {
        const struct import_item *item = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, imp(item->id)));
        struct str kind = tr(op->lang, import__kind_label(item->kind));
        if (item->is_dry_run)
            kind = i18n_format(op->arena, op->lang, M("{0}, trial run"), kind);
        cells[COL_NAME] = ui_cell_link(item->name, kind, import__href(op, item->id, ""));
        cells[COL_STATE] = ui_cell_state(item->state);
        cells[COL_TAKEN] = ui_cell_count(item->added + item->changed + item->unchanged);
        cells[COL_REFUSED] = ui_cell_count(item->refused);
        cells[COL_WHO] = ui_cell_text(item->created_name);
        cells[COL_CREATED] = ui_cell_time(SOME(item->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec import_list = {
    .name = "imports",
    .title = M("Imports"),
    .icon = "table-import",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_import_list_sorts,
    .sort = "-created",
    .search = M("Name of the file"),
    .empty = M("Nothing has been imported yet. Partners, products and sales come from CSV and "
               "Excel files."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &import_list);
}

/* ---- one import ---- */

enum { ERR_ROW, ERR_COLUMN, ERR_VALUE, ERR_REASON, ERR_COLS };
static const struct ui_column error_columns[] = {
    [ERR_ROW] = {.name = "row", .title = M("Row"), .kind = UI_COUNT, .place = UI_AT_FIGURE},
    [ERR_COLUMN] = {.name = "column", .title = M("Column"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [ERR_VALUE] = {.name = "value", .title = M("Value"), .kind = UI_TEXT},
    [ERR_REASON] = {.name = "reason", .title = M("Reason"), .kind = UI_TEXT, .place = UI_AT_NAME},
};

static enum rc fill_errors(struct op *op, struct import__page *v)
{
    enum { ERRORS_SHOWN = 100 };
    struct import_error_row_rows rows;
    v->errors = (struct ui_table){.columns = error_columns,
                                  .columns_len = ERR_COLS,
                                  .caption = M("Refused rows"),
                                  .is_dense = true};
    TRY(q_import_errors(op, &(struct q_import_errors_in){v->rec.id, 0, ERRORS_SHOWN}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct ui_cell *cells = ui_table_row(op, &v->errors, STR_NONE);
        cells[ERR_ROW] = ui_cell_count(rows.at[i].row_number);
        cells[ERR_COLUMN] = ui_cell_text(rows.at[i].column_name);
        cells[ERR_VALUE] = ui_cell_text(rows.at[i].value);
        cells[ERR_REASON] = ui_cell_text(rows.at[i].reason);
    }
    if (rows.len == ERRORS_SHOWN)
        v->errors_note = tr(op->lang, M("The first hundred; the file has all of them."));
    return RC_OK;
}

static void add_count(struct op *op, struct import__page *v, const char *label, int64_t n)
{
    VEC_PUSH(op->arena, &v->counts,
             ((struct ui_kpi){.label = label, .figure = i18n_i64(op->arena, op->lang, n)}));
}

static void add_again(struct op *op, struct import__page *v, const char *label, const char *icon,
                      enum ui_action_kind kind, const char *go)
{
    ui_act(op, &v->head.actions,
           (struct ui_action){.label = label,
                              .icon = icon,
                              .kind = kind,
                              .is_post = true,
                              .href = import__href(op, v->rec.id, "/again"),
                              .name = "go",
                              .value = str_of(go),
                              .permission = "import.edit"});
}

static bool has_ended(const struct import_rec *rec)
{
    return str_eq(rec->state, STR("done")) || str_eq(rec->state, STR("failed")) ||
           str_eq(rec->state, STR("cancelled"));
}

static void fill_head(struct op *op, struct import__page *v)
{
    const struct import_rec *rec = &v->rec;
    v->head.name = rec->name;
    v->head.record = "import";
    v->head.state = rec->state;
    ui_crumb(op, &v->head, M("Imports"), STR("/imports"));
    if (rec->error_file_id.has) {
        ui_act(op, &v->head.actions,
               (struct ui_action){.label = M("Refused rows (CSV)"),
                                  .icon = "download",
                                  .href = import__href(op, rec->id, "/errors")});
        ui_act(op, &v->head.actions,
               (struct ui_action){.label = M("Refused rows (Excel)"),
                                  .icon = "download",
                                  .kind = UI_MORE,
                                  .href = import__href(op, rec->id, "/errors.xlsx")});
    }
    if (!rec->file_id.has || !has_ended(rec))
        return;
    add_again(op, v, M("Change the mapping"), "adjustments", UI_SECONDARY, "edit");
    if (rec->is_dry_run && str_eq(rec->state, STR("done")))
        add_again(op, v, M("Import now"), "table-import", UI_PRIMARY, "start");
}

static void fill_facts(struct op *op, struct import__page *v)
{
    const struct import_rec *rec = &v->rec;
    ui_def_text(op, &v->facts, M("What is imported"), tr(op->lang, import__kind_label(rec->kind)));
    ui_def_text(op, &v->facts, M("Begun"),
                i18n_date_time(op->arena, op->lang, rec->created_at, op->zone));
    if (rec->finished_at.has)
        ui_def_text(op, &v->facts, M("Ended"),
                    i18n_date_time(op->arena, op->lang, rec->finished_at.v, op->zone));
    if (rec->created_name.len > 0)
        ui_def_text(op, &v->facts, M("By"), rec->created_name);
    if (rec->source.len > 0)
        ui_def_text(op, &v->facts, M("Source"), rec->source);
    add_count(op, v, M("Added"), rec->added);
    add_count(op, v, M("Changed"), rec->changed);
    add_count(op, v, M("Unchanged"), rec->unchanged);
    add_count(op, v, M("Refused"), rec->refused);
}

static void fill_hint(struct op *op, struct import__page *v)
{
    const struct import_rec *rec = &v->rec;
    if (rec->problem.len > 0)
        v->hint = (struct ui_hint){.tint = UI_BAD, .text = rec->problem};
    else if (rec->is_dry_run && str_eq(rec->state, STR("done")))
        v->hint = (struct ui_hint){
            .tint = UI_INFO, .text = tr(op->lang, M("This was a trial run: nothing was changed."))};
    else if (rec->refused > 0 && has_ended(rec))
        v->hint = (struct ui_hint){
            .tint = UI_WARN,
            .text = tr(op->lang, M("Refused rows are not in. Correct them in the file of refused "
                                   "rows and import that: what is in does not change."))};
}

/* Cancelling ends the job; the import's own record follows when somebody looks. */
static enum rc follow_job(struct req *r, struct import__page *v)
{
    struct op *op = r->op;
    struct job_info job;
    if (!v->rec.job_id.has || has_ended(&v->rec))
        return RC_OK;
    enum rc rc = job_find(op, v->rec.job_id.v, &job);
    if (rc != RC_OK) {
        fault_clear(&op->fault); /* a job of somebody else: the page goes on without its card */
        return rc == RC_MISSING ? RC_OK : rc;
    }
    AUTO_OUT o = OUT(op->arena, 256 << 10);
    o.lang = op->lang;
    o.zone = op->zone;
    o.today = zone_date(op->zone, op->now);
    o.path = r->path;
    o.csrf = http_csrf(r);
    TRY(job_card(op, v->rec.job_id.v, &o));
    v->job = out_html(&o);
    v->has_job = true;
    if (job.state == JOB_CANCELLED)
        v->head.state = v->rec.state = STR("cancelled");
    else if (job.state == JOB_FAILED)
        v->head.state = v->rec.state = STR("failed");
    return RC_OK;
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct import__page v = {0};
    TRY(import__seen_by(op, path_id(r, "imp"), &v.rec));
    if (str_eq(v.rec.state, STR("draft")) && !http_wants_json(r) && op_may(op, "import.edit"))
        return import__page_draft(r, &v.rec);
    TRY(follow_job(r, &v));
    fill_head(op, &v);
    fill_facts(op, &v);
    fill_hint(op, &v);
    TRY(fill_errors(op, &v));
    TRY(audit_events(op, "import", v.rec.id, 20, &v.history));
    if (!has_ended(&v.rec))
        v.again_href = import__href(op, v.rec.id, "");
    page_title(r, v.rec.name);
    return REPLY(r, NULL, import__page, &v);
}

static enum rc page_errors(struct req *r)
{
    struct import_rec rec;
    TRY(import__seen_by(r->op, path_id(r, "imp"), &rec));
    return rec.error_file_id.has ? file_send(r, rec.error_file_id.v, false) : RC_MISSING;
}

static enum rc put_bytes(void *self, struct str bytes)
{
    return download_put(self, bytes);
}

static enum rc page_errors_workbook(struct req *r)
{
    struct op *op = r->op;
    struct import_rec rec;
    struct import_mapping *mapping = NULL;
    struct file_info info;
    TRY(import__seen_by(op, path_id(r, "imp"), &rec));
    if (!rec.error_file_id.has)
        return RC_MISSING;
    TRY(import__mapping_read(op->arena, rec.mapping, &op->fault, &mapping));
    TRY(file_find(op, rec.error_file_id.v, &info));
    struct str stem = str_sub(info.name, 0, info.name.len - (sizeof(".csv") - 1));
    TRY(download_begin(r, str_printf(op->arena, STR_FMT ".xlsx", STR_ARG(stem)),
                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false));
    TRY(import__errors_as_workbook(op, rec.error_file_id.v, mapping->delimiter,
                                   (struct sheet_sink){put_bytes, r}));
    return download_end(r);
}

static enum rc page_mapping(struct req *r)
{
    struct import_rec rec;
    TRY(import__seen_by(r->op, path_id(r, "imp"), &rec));
    struct str name = str_printf(r->op->arena, STR_FMT "-mapping.json", STR_ARG(rec.kind));
    TRY(download_begin(r, name, "application/json", false));
    TRY(download_put(r, rec.mapping));
    return download_end(r);
}

/* The same file and mapping once more: to import after a trial run, or to change the mapping. */
static enum rc page_again(struct req *r)
{
    struct op *op = r->op;
    const struct import__again_form *in = form(r);
    struct import_rec rec, next;
    int64_t id;
    TRY(import__seen_by(op, path_id(r, "imp"), &rec));
    struct import_new what = {.kind = import__kind(rec.kind),
                              .name = rec.name,
                              .mapping = rec.mapping,
                              .source = rec.source,
                              .sheet = rec.sheet,
                              .file_id = rec.file_id,
                              .state = "draft"};
    if (!what.kind || !rec.file_id.has)
        return fail(op, RC_INVALID, NULL, M("The file of this import is gone."));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(import__add(op, &what, &id));
    TRY(q_import(op, &(struct q_import_in){id}, &next));
    if (str_eq(in->go, STR("start")))
        TRY(import__enqueue(op, &next, false));
    TRY(txn_commit(&txn));
    return CREATED(r, "/imports/{0}", imp(id));
}

const struct field import__again_fields[] = {
    F_STR(import__again_form, go, 0, 10),
    FIELDS_END,
};

void import__page_json(struct json_writer *w, const struct import__page *v)
{
    const struct import_rec *rec = &v->rec;
    json_object(w);
    json_pair_str(w, "id", str_of(imp(rec->id).text));
    json_pair_str(w, "kind", rec->kind);
    json_pair_str(w, "file", rec->name);
    json_pair_str(w, "state", rec->state);
    json_pair_bool(w, "dry_run", rec->is_dry_run);
    json_pair_i64(w, "added", rec->added);
    json_pair_i64(w, "changed", rec->changed);
    json_pair_i64(w, "unchanged", rec->unchanged);
    json_pair_i64(w, "refused", rec->refused);
    json_pair_str(w, "problem", rec->problem.len ? rec->problem : STR_NONE);
    json_pair_instant(w, "created_at", rec->created_at);
    json_object_end(w);
}

const struct route import_routes[] = {
    ROUTE(GET, "/imports", page_list, "import.read", FORM(import_query, import_query_fields), API),
    ROUTE(GET, "/imports/new", import__page_new, "import.edit"),
    ROUTE(GET, "/imports/mappings", import__mapping_list_page, "import.edit",
          FORM(import__mapping_query, import__mapping_query_fields), API),
    ROUTE(GET, "/imports/mappings/:imm/edit", import__mapping_edit_page, "import.edit"),
    ROUTE(POST, "/imports/mappings/:imm/edit", import__mapping_save_page, "import.edit",
          FORM(import__mapping_form, import__mapping_fields), FORM_PAGE(import__mapping_edit_page)),
    ROUTE(GET, "/imports/mappings/:imm/delete", import__mapping_ask_page, "import.edit"),
    ROUTE(POST, "/imports/mappings/:imm/delete", import__mapping_delete_page, "import.edit",
          FORM(ui_revision_form, ui_revision_fields), FORM_PAGE(import__mapping_ask_page)),
    ROUTE(POST, "/imports", import__page_create, "import.edit",
          FORM(import__new_form, import__new_fields), FORM_PAGE(import__page_new)),
    ROUTE(GET, "/imports/:imp", page_show, "import.read", API),
    ROUTE(GET, "/imports/:imp/errors", page_errors, "import.read"),
    ROUTE(GET, "/imports/:imp/errors.xlsx", page_errors_workbook, "import.read"),
    ROUTE(GET, "/imports/:imp/mapping", page_mapping, "import.read"),
    ROUTE(POST, "/imports/:imp/mapping", import__page_remap, "import.edit",
          FORM(import__draft_form, import__draft_fields), BODY_MAX(4 << 20)),
    ROUTE(POST, "/imports/:imp/again", page_again, "import.edit",
          FORM(import__again_form, import__again_fields)),
    {0},
};
