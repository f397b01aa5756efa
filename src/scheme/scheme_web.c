/* Pages of schemes: the list, one scheme with what is in force, its name and code, archiving. */
#include "scheme/scheme_web.h"

#include "scheme/scheme_view.h"

/* ---- list ---- */

struct scheme_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field scheme_query_fields[] = {
    UI_LIST_FIELDS(scheme_query, q_scheme_list_sorts),
    F_STR(scheme_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_STATE, COL_SINCE, COL_NEXT, COL_VERSIONS, COL_CONTRACTS, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = UI_NAME_COLUMN(M("Scheme")),
    [COL_STATE] = UI_STATE_COLUMN("scheme"),
    [COL_SINCE] = {.name = "in_force_from",
                   .title = M("In force from"),
                   .kind = UI_DATE,
                   .place = UI_AT_SUB},
    [COL_NEXT] = {.name = "next_from",
                  .title = M("Next version from"),
                  .kind = UI_DATE,
                  .is_optional = true},
    [COL_VERSIONS] = {.name = "versions", .title = M("Versions"), .kind = UI_COUNT},
    [COL_CONTRACTS] = {.name = "contracts",
                       .title = M("Contracts"),
                       .kind = UI_COUNT,
                       .place = UI_AT_FIGURE},
};
static const char *const states[] = {"published", "in_approval", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "scheme", .states = states},
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add scheme"), "/schemes/templates", "scheme.edit"),
    {.label = NULL},
};

static struct str state_of(const struct scheme_row *s)
{
    if (s->archived_at.has)
        return STR("archived");
    if (s->begun.has)
        return STR("published");
    if (s->next.has)
        return STR("future");
    return str_eq(s->newest_state, STR("in_approval")) ? STR("in_approval") : STR("draft");
}

static struct opt_i64 day_of(const struct op *op, struct opt_i64 at_us)
{
    return at_us.has ? SOME(zone_date(op->zone, at_us.v).days) : NONE;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct scheme_query *query = form(r);
    struct q_scheme_list_in in = {.now = op->now, .page = list->page};
    struct scheme_row_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (str_eq(query->state, STR("published")))
        in.begun = SOME(1);
    if (str_eq(query->state, STR("in_approval")))
        in.waiting = SOME(1);
    TRY(q_scheme_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct scheme_row *s = &page.at[i];
        int64_t uses;
        TRY(scheme__uses(op, s->id, &uses));
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, sch(s->id)));
        cells[COL_NAME] = ui_cell_link(s->name, s->code, scheme__href(op, s->id, ""));
        cells[COL_STATE] = ui_cell_state(state_of(s));
        cells[COL_SINCE] = ui_cell_date(day_of(op, s->begun));
        cells[COL_NEXT] = ui_cell_date(day_of(op, s->next));
        cells[COL_VERSIONS] = ui_cell_count(s->newest_number.v);
        cells[COL_CONTRACTS] = ui_cell_count(uses);
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/schemes", "scheme.edit")};

static const struct ui_list_spec scheme_list = {
    .name = "schemes",
    .title = M("Schemes"),
    .icon = "math-function",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_scheme_list_sorts,
    .sort = "name",
    .search = M("Name or code"),
    .empty = M("No schemes yet. A scheme says how rewards are computed; begin with a template."),
    .empty_action = &actions[0],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &scheme_list);
}

/* ---- name and code ---- */

struct edit_form {
    struct str code, name, description;
    struct opt_i64 revision;
};
static const struct field edit_fields[] = {
    F_STR(edit_form, code, 1, 64),
    F_STR(edit_form, name, 1, 200),
    F_BLOCK(edit_form, description, 0, 2000),
    F_OPT_I64(edit_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field edit_shown[] = {
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and the command line use it."), false),
    {.name = "description",
     .label = M("Description"),
     .hint = M("In plain words: partners read it in their portal."),
     .kind = UI_FIELD_AREA,
     .max_len = 2000},
};

static enum rc scheme_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct scheme_info *s = NEW(op->arena, struct scheme_info);
    TRY(scheme_get(op, id, s));
    *out = UI_RECORD_OF(s, s);
    return RC_OK;
}

static enum rc scheme_kind_form(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct scheme_info *s = record->own;
    ui_form_init(r, form, edit_shown, LEN(edit_shown));
    ui_form_set(form, "name", s->name);
    ui_form_set(form, "code", s->code);
    ui_form_set(form, "description", s->description);
    return RC_OK;
}

static enum rc scheme_kind_save(struct req *r, int64_t id, int64_t *out_id)
{
    const struct edit_form *in = form(r);
    struct scheme_info s = {.id = id,
                            .revision = in->revision.v,
                            .code = in->code,
                            .name = in->name,
                            .description = in->description};
    return scheme_save(r->op, &s, out_id);
}

/* A new one comes with its first version, from a file: scheme_version_web.c. */
static const struct ui_record_kind scheme_kind = {
    .record = "scheme",
    .path = "/schemes",
    .prefix = "sch",
    .permission_edit = "scheme.edit",
    .plural = M("Schemes"),
    .archive_words = {M("Archive the scheme?"),
                      M("{0} can no longer be bound to contracts; those that have it keep it. It "
                        "can be restored.")},
    .restore_words = {M("Restore the scheme?"), M("{0} can be bound to contracts again.")},
    .has_own_page = true,
    .is_archive_in_menu = true,
    .journal = &audit_journal,
    .get = scheme_kind_get,
    .form = scheme_kind_form,
    .save = scheme_kind_save,
    .archive = scheme_archive,
};
UI_RECORD_PAGES(scheme)

/* ---- one scheme ---- */

enum { VER_NUMBER, VER_STATE, VER_SPAN, VER_NOTE, VER_CREATED, VERS };
static const struct ui_column version_columns[] = {
    [VER_NUMBER] = {.name = "version", .title = M("Version"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [VER_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "version",
                   .place = UI_AT_BADGE},
    [VER_SPAN] = {.name = "in_force", .title = M("In force"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [VER_NOTE] = {.name = "note", .title = M("What is new"), .kind = UI_TEXT},
    [VER_CREATED] = {.name = "created_at", .title = M("Added"), .kind = UI_TIME},
};

struct str scheme__day(struct op *op, int64_t at_us)
{
    return i18n_date(op->arena, op->lang, zone_date(op->zone, at_us), DATE_MEDIUM, PLACE_INSIDE);
}

struct str scheme__span_words(struct op *op, const struct scheme_version *version,
                              const struct scheme_versions *all)
{
    int64_t end = INT64_MAX;
    if (!str_eq(version->state, STR("published")))
        return STR_NONE;
    for (size_t i = 0; i < all->len; i++) {
        const struct scheme_version *other = &all->at[i];
        if (str_eq(other->state, STR("published")) && other->valid_from.v > version->valid_from.v &&
            other->valid_from.v < end)
            end = other->valid_from.v;
    }
    struct str from = scheme__day(op, version->valid_from.v);
    if (end == INT64_MAX)
        return i18n_format(op->arena, op->lang, M("from {0}"), from);
    return i18n_format(op->arena, op->lang, M("from {0} until {1}"), from, scheme__day(op, end));
}

static void version_rows(struct op *op, struct scheme__page *v)
{
    v->versions = (struct ui_table){
        .columns = version_columns, .columns_len = VERS, .caption = M("Versions of the scheme")};
    for (size_t i = 0; i < v->all.len; i++) {
        const struct scheme_version *version = &v->all.at[i];
        struct ui_cell *cells = ui_table_row(op, &v->versions, ui_pid(op, scv(version->id)));
        cells[VER_NUMBER] =
            ui_cell_link(i18n_format(op->arena, op->lang, M("Version {0}"), version->number),
                         STR_NONE, scheme__version_href(op, version->id, ""));
        cells[VER_STATE] = ui_cell_state(version->state);
        cells[VER_SPAN] = ui_cell_text(scheme__span_words(op, version, &v->all));
        cells[VER_NOTE] = ui_cell_text(version->note.len ? version->note : STR_NONE);
        cells[VER_CREATED] = ui_cell_time(SOME(version->created_at));
    }
}

/* What is in force now, else what people would look at next: the newest. */
static enum rc choose_shown(struct op *op, struct scheme__page *v)
{
    const struct scheme *model;
    for (size_t i = 0; i < v->all.len; i++) {
        const struct scheme_version *version = &v->all.at[i];
        if (str_eq(version->state, STR("published")) && version->valid_from.v <= op->now &&
            (!v->shown.id || version->valid_from.v > v->shown.valid_from.v))
            v->shown = *version;
    }
    if (v->shown.id) {
        v->shown_words = i18n_format(op->arena, op->lang, M("Version {0}, in force since {1}"),
                                     v->shown.number, scheme__day(op, v->shown.valid_from.v));
    } else if (v->all.len) {
        v->shown = v->all.at[0];
        v->shown_words =
            i18n_format(op->arena, op->lang, M("Version {0}, not yet in force"), v->shown.number);
    } else {
        return RC_OK;
    }
    TRY(scheme_version_load(op, v->shown.id, &model));
    scheme__words_make(op, model, &v->words);
    return RC_OK;
}

static void scheme_head(struct op *op, struct scheme__page *v)
{
    const struct scheme_info *s = &v->scheme;
    bool is_archived = s->archived_at.has;
    v->head.name = s->name;
    v->head.note = s->code;
    v->head.record = "scheme";
    v->head.state = is_archived ? STR("archived") : STR_NONE;
    ui_crumb(op, &v->head, M("Schemes"), STR("/schemes"));
    ui_act(op, &v->head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = scheme__href(op, s->id, "/edit"),
                              .permission = "scheme.edit"});
    if (!is_archived) {
        ui_act(op, &v->head.actions,
               (struct ui_action){.label = M("New version"),
                                  .icon = "upload",
                                  .href = scheme__href(op, s->id, "/versions/new"),
                                  .permission = "scheme.edit"});
        ui_act(op, &v->head.actions,
               (struct ui_action){.label = M("Open the constructor"),
                                  .icon = "table-options",
                                  .kind = UI_PRIMARY,
                                  .is_post = true,
                                  .href = scheme__href(op, s->id, "/draft"),
                                  .permission = "scheme.edit"});
    }
    ui_record_archive_action(op, &scheme_kind, &UI_RECORD_OF(s, NULL), &v->head.actions);
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct scheme__page v = {0};
    int64_t id = path_id(r, "sch"), uses;
    TRY(scheme_get(op, id, &v.scheme));
    TRY(scheme_versions(op, id, &v.all));
    TRY(scheme__uses(op, id, &uses));
    scheme_head(op, &v);
    version_rows(op, &v);
    TRY(choose_shown(op, &v));
    if (v.all.len && str_eq(v.all.at[0].state, STR("draft")) && op_may(op, "scheme.edit"))
        v.hint = (struct ui_hint){
            .tint = UI_INFO,
            .text = i18n_format(op->arena, op->lang,
                                M("Version {0} is a draft: look through it and submit it."),
                                v.all.at[0].number)};
    v.empty = (struct ui_empty){
        .icon = "upload",
        .text = M("The scheme has no version yet. Upload its DMN file."),
        .action = {.label = M("New version"),
                   .icon = "upload",
                   .kind = UI_PRIMARY,
                   .href = scheme__href(op, id, "/versions/new")},
    };
    if (!op_may(op, "scheme.edit"))
        v.empty.action.label = NULL;
    if (scheme__usage())
        TRY(scheme__usage()->card(r, id, uses, &v.usage));
    TRY(audit_events(op, "scheme", id, 20, &v.history));
    page_title(r, v.scheme.name);
    answer_revision(r, v.scheme.revision);
    return REPLY(r, NULL, scheme__page, &v);
}

void scheme__page_json(struct json_writer *w, const struct scheme__page *v)
{
    json_object(w);
    json_pair_str(w, "id", str_of(sch(v->scheme.id).text));
    json_pair_i64(w, "revision", v->scheme.revision);
    json_pair_str(w, "code", v->scheme.code);
    json_pair_str(w, "name", v->scheme.name);
    json_pair_str(w, "description", v->scheme.description);
    json_pair_bool(w, "archived", v->scheme.archived_at.has);
    json_key(w, "versions");
    json_array(w);
    for (size_t i = 0; i < v->all.len; i++) {
        const struct scheme_version *version = &v->all.at[i];
        json_object(w);
        json_pair_str(w, "id", str_of(scv(version->id).text));
        json_pair_i64(w, "version", version->number);
        json_pair_str(w, "state", version->state);
        json_pair_str(w, "sha256", version->sha256);
        json_key(w, "in_force_from");
        if (version->valid_from.has)
            json_put_instant(w, version->valid_from.v);
        else
            json_put_null(w);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

const struct route scheme_routes[] = {
    ROUTE(GET, "/schemes", page_list, "scheme.read", FORM(scheme_query, scheme_query_fields), API),
    ROUTE(GET, "/schemes/new", scheme__page_new, "scheme.edit"),
    ROUTE(POST, "/schemes", scheme__page_create, "scheme.edit",
          FORM(scheme__upload_form, scheme__new_fields), FORM_PAGE(scheme__page_new)),
    ROUTE(GET, "/schemes/:sch", page_show, "scheme.read", API),
    ROUTE(GET, "/schemes/:sch/edit", page_scheme_edit, "scheme.edit"),
    ROUTE(POST, "/schemes/:sch/edit", page_scheme_save, "scheme.edit", FORM(edit_form, edit_fields),
          FORM_PAGE(page_scheme_edit), API),
    UI_ARCHIVE_ROUTES(scheme, "/schemes", "sch", "scheme.edit"),
    UI_ARCHIVE_BULK_ROUTES(scheme, "/schemes", "scheme.edit"),
    ROUTE(GET, "/schemes/:sch/versions/new", scheme__page_upload, "scheme.edit"),
    ROUTE(POST, "/schemes/:sch/versions", scheme__page_add, "scheme.edit",
          FORM(scheme__upload_form, scheme__upload_fields), FORM_PAGE(scheme__page_upload)),
    ROUTE(GET, "/schemes/versions/:scv", scheme__page_version, "scheme.read", API),
    ROUTE(GET, "/schemes/versions/:scv/file", scheme__page_file, "scheme.read"),
    ROUTE(GET, "/schemes/versions/:scv/workbook", scheme__page_book, "scheme.read"),
    ROUTE(GET, "/schemes/versions/:scv/compare", scheme__page_compare, "scheme.read",
          FORM(scheme__compare_form, scheme__compare_fields), API),
    ROUTE(GET, "/schemes/versions/:scv/submit", scheme__page_ask_submit, "scheme.edit"),
    ROUTE(POST, "/schemes/versions/:scv/submit", scheme__page_submit, "scheme.edit",
          FORM(scheme__submit_form, scheme__submit_fields), FORM_PAGE(scheme__page_ask_submit),
          API),
    UI_ASKING_ROUTES("/schemes/versions/:scv/retire", scheme__page_ask_retire, scheme__page_retire,
                     "scheme.edit"),
    {0},
};
