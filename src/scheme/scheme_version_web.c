/* Pages of versions: reading one, uploading a file, submitting it, comparing two. */
#include "scheme/scheme_sheet.h"
#include "scheme/scheme_view.h"
#include "scheme/scheme_web.h"

const struct field scheme__new_fields[] = {
    F_STR(scheme__upload_form, name, 0, 200),
    F_STR(scheme__upload_form, code, 0, 64),
    F_FILE(scheme__upload_form, file, SCHEME_FILE_MAX),
    F_BLOCK(scheme__upload_form, note, 0, 2000),
    FIELDS_END,
};
const struct field scheme__upload_fields[] = {
    F_FILE(scheme__upload_form, file, SCHEME_FILE_MAX),
    F_BLOCK(scheme__upload_form, note, 0, 2000),
    FIELDS_END,
};
const struct field scheme__submit_fields[] = {
    F_OPT_DATE(scheme__submit_form, valid_from),
    F_OPT_I64(scheme__submit_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const struct field scheme__compare_fields[] = {
    F_OPT_ID(scheme__compare_form, with, "scv"),
    FIELDS_END,
};

/* ---- uploading ---- */

#define FILE_FIELD                                                                                 \
    {                                                                                              \
        .name = "file", .label = M("DMN file or workbook"),                                        \
        .hint = M("A decision model (.dmn) made in any DMN editor, or a workbook (.xlsx) as a "    \
                  "scheme is downloaded, at most 4 MB."),                                          \
        .kind = UI_FIELD_FILE, .is_required = true, .accept = ".dmn,.xml,.xlsx"                    \
    }

static const struct ui_field new_shown[] = {
    FILE_FIELD,
    {.name = "name",
     .label = M("Name"),
     .hint = M("The name in the file when empty."),
     .kind = UI_FIELD_TEXT,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it; the id in the file when empty."),
     .kind = UI_FIELD_TEXT,
     .max_len = 64},
    {.name = "note", .label = M("What is new"), .kind = UI_FIELD_AREA, .max_len = 2000},
};
static const struct ui_field upload_shown[] = {
    FILE_FIELD,
    {.name = "note",
     .label = M("What is new"),
     .hint = M("Who approves the version reads it."),
     .kind = UI_FIELD_AREA,
     .max_len = 2000},
};

static bool is_of_form(const struct ui_form *form, const char *field)
{
    for (size_t i = 0; i < form->values.len; i++)
        if (strcmp(form->values.at[i].field->name, field) == 0)
            return true;
    return false;
}

static struct str place_words(struct op *op, long line, long column)
{
    if (line <= 0)
        return STR_NONE;
    if (column <= 0)
        return i18n_format(op->arena, op->lang, M("line {0}"), line);
    return i18n_format(op->arena, op->lang, M("line {0}, character {1}"), line, column);
}

static struct str finding_place(struct op *op, const struct dmn_issue *issue)
{
    if (issue->rule == 0)
        return place_words(op, issue->file_line, issue->at);
    return i18n_format(op->arena, op->lang, M("rule {0}, line {1}"), issue->rule, issue->file_line);
}

void scheme__findings_add(struct op *op, const struct dmn_issue *issues, size_t len,
                          struct scheme__problems *out)
{
    for (size_t i = 0; i < len; i++) {
        const struct dmn_issue *issue = &issues[i];
        if (!issue->is_warning)
            continue;
        struct str text =
            i18n_format_c(op->arena, op->lang, issue->message, issue->args, LEN(issue->args));
        struct scheme__problem problem = {.decision =
                                              issue->element ? issue->element->name : STR(""),
                                          .place = finding_place(op, issue),
                                          .text = text,
                                          .is_warning = true};
        VEC_PUSH(op->arena, out, problem);
    }
}

/* Of a file that was refused: what would have been said of it besides. */
static void add_warnings(struct req *r, struct scheme__problems *problems)
{
    struct op *op = r->op;
    const struct scheme__upload_form *in = form(r);
    struct fault unused = {.arena = op->arena};
    const struct dmn_model *model = NULL;
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    if (!in ||
        dmn_read(op->arena, in->file.content, NULL, 0, FEEL_KONTOR, &unused, &model) != RC_OK)
        return;
    dmn_check(op->arena, model, &issues, &len);
    scheme__findings_add(op, issues, len, problems);
}

/* What is wrong inside the file becomes a table with decision and place. */
static void list_problems(struct req *r, struct ui_form *form)
{
    struct op *op = r->op;
    struct scheme__problems problems = {0};
    for (size_t i = 0; i < op->fault.entries_len; i++) {
        const struct fault_entry *entry = &op->fault.entries[i];
        if (entry->field ? is_of_form(form, entry->field) : entry->line <= 0)
            continue;
        struct scheme__problem problem = {.decision = str_of(entry->field),
                                          .place = place_words(op, entry->line, entry->column),
                                          .text = i18n_fault(op->arena, op->lang, entry)};
        VEC_PUSH(op->arena, &problems, problem);
    }
    if (problems.len == 0)
        return;
    add_warnings(r, &problems);
    struct ui_hint summary = {.tint = UI_BAD,
                              .text = tr(op->lang, M("The file was not taken. What is wrong with "
                                                     "it is listed below."))};
    form->errors.len = 0;
    VEC_PUSH(op->arena, &form->errors, summary);
    AUTO_OUT o = OUT(op->arena, 256 * 1024);
    o.lang = op->lang;
    o.zone = op->zone;
    o.path = r->path;
    scheme_problems_view(&o, &problems);
    form->above = out_html(&o);
}

enum rc scheme__page_new(struct req *r)
{
    struct ui_form form = {.submit = M("Add scheme"),
                           .submit_icon = "upload",
                           .action = STR("/schemes"),
                           .cancel_href = STR("/schemes")};
    form.head.title = M("New scheme");
    ui_crumb(r->op, &form.head, M("Schemes"), STR("/schemes"));
    ui_form_init(r, &form, new_shown, LEN(new_shown));
    list_problems(r, &form);
    return ui_form_page(r, &form);
}

enum rc scheme__page_create(struct req *r)
{
    struct op *op = r->op;
    const struct scheme__upload_form *in = form(r);
    const struct scheme *model;
    struct str note = in->note.at ? in->note : STR(""), xml;
    int64_t version_id;
    TRY(op_must(op, "scheme.edit"));
    TRY(scheme_sheet_or_dmn(op->arena, in->file.content, &op->fault, &xml));
    if (!utf8_valid(xml))
        return fail(op, RC_INVALID, "file", M("The file is not in UTF-8; save it in UTF-8."));
    TRY(scheme_read(op->arena, xml, &op->fault, &model));
    struct scheme_info s = {.code = in->code.len ? in->code : model->model->id,
                            .name = in->name.len ? in->name : model->name,
                            .description = model->description};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_save(op, &s, &s.id));
    TRY(scheme_version_add(op, s.id, xml, note, &version_id));
    TRY(txn_commit(&txn));
    answer_note(r, M("The scheme was added as a draft."));
    return CREATED(r, "/schemes/versions/{0}", scv(version_id));
}

enum rc scheme__page_upload(struct req *r)
{
    struct scheme_info s;
    TRY(scheme_get(r->op, path_id(r, "sch"), &s));
    struct ui_form form = {.submit = M("Add version"),
                           .submit_icon = "upload",
                           .action = scheme__href(r->op, s.id, "/versions"),
                           .cancel_href = scheme__href(r->op, s.id, "")};
    form.head.title = M("New version");
    ui_crumb(r->op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(r->op, &form.head, s.name, scheme__href(r->op, s.id, ""));
    ui_form_init(r, &form, upload_shown, LEN(upload_shown));
    list_problems(r, &form);
    return ui_form_page(r, &form);
}

enum rc scheme__page_add(struct req *r)
{
    const struct scheme__upload_form *in = form(r);
    struct str note = in->note.at ? in->note : STR(""), xml;
    int64_t version_id;
    TRY(scheme_sheet_or_dmn(r->op->arena, in->file.content, &r->op->fault, &xml));
    TRY(scheme_version_add(r->op, path_id(r, "sch"), xml, note, &version_id));
    answer_note(r, M("The file is a draft version now."));
    return CREATED(r, "/schemes/versions/{0}", scv(version_id));
}

/* ---- one version ---- */

static void version_actions(struct op *op, struct scheme__version_page *v)
{
    const struct scheme_version *version = &v->version;
    bool is_draft = str_eq(version->state, STR("draft"));
    bool is_future = str_eq(version->state, STR("published")) && version->valid_from.v > op->now;
    struct ui_actions *to = &v->head.actions;
    ui_act(op, to,
           (struct ui_action){.label = M("Download .dmn"),
                              .icon = "download",
                              .href = scheme__version_href(op, version->id, "/file")});
    ui_act(op, to,
           (struct ui_action){.label = M("Download .xlsx"),
                              .icon = "file-spreadsheet",
                              .kind = UI_MORE,
                              .href = scheme__version_href(op, version->id, "/workbook")});
    if (version->number > 1)
        ui_act(op, to,
               (struct ui_action){.label = M("Compare"),
                                  .icon = "git-compare",
                                  .href = scheme__version_href(op, version->id, "/compare")});
    if (scheme__usage())
        ui_act(op, to,
               (struct ui_action){.label = M("What if…"),
                                  .icon = "scale",
                                  .kind = UI_MORE,
                                  .href = str_printf(op->arena, "/what-if/new?version=%s",
                                                     scv(version->id).text)});
    if (scheme__usage())
        ui_act(op, to,
               (struct ui_action){.label = M("Who is affected"),
                                  .icon = "users",
                                  .href = scheme__version_href(op, version->id, "/affected")});
    if (is_draft && !v->scheme.archived_at.has)
        ui_act(op, to,
               (struct ui_action){.label = M("Submit"),
                                  .icon = "send",
                                  .kind = UI_PRIMARY,
                                  .href = scheme__version_href(op, version->id, "/submit"),
                                  .permission = "scheme.edit"});
    if (is_draft || is_future)
        ui_act(op, to,
               (struct ui_action){.label = M("Retire…"),
                                  .icon = "archive",
                                  .kind = UI_MORE,
                                  .is_dialog = true,
                                  .href = scheme__version_href(op, version->id, "/retire"),
                                  .permission = "scheme.edit"});
}

static void version_facts(struct op *op, struct scheme__version_page *v)
{
    const struct scheme_version *version = &v->version;
    struct ui_defs *facts = &v->facts;
    if (version->valid_from.has)
        ui_def_text(op, facts, M("In force from"),
                    i18n_date_time(op->arena, op->lang, version->valid_from.v, op->zone));
    ui_def_text(op, facts, M("Currency"),
                v->model->currency ? str_of(v->model->currency->code)
                                   : tr(op->lang, M("of the contract")));
    if (v->model->description.len)
        ui_def_text(op, facts, M("Description"), v->model->description);
    if (version->note.len)
        ui_def_text(op, facts, M("What is new"), version->note);
    ui_def_text(op, facts, M("Added"),
                i18n_date_time(op->arena, op->lang, version->created_at, op->zone));
    ui_def_text(op, facts, M("Fingerprint of the file"), str_sub(version->sha256, 0, 16));
}

enum rc scheme__page_version(struct req *r)
{
    struct op *op = r->op;
    struct scheme__version_page v = {0};
    TRY(scheme__version_with(op, path_id(r, "scv"), &v.version, &v.scheme));
    TRY(scheme_version_load(op, v.version.id, &v.model));
    TRY(approval_state(op, "scheme", v.version.id, &v.approval));
    v.head = (struct ui_head){
        .name = i18n_format(op->arena, op->lang, M("Version {0}"), v.version.number),
        .record = "version",
        .state = v.version.state};
    ui_crumb(op, &v.head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(op, &v.head, v.scheme.name, scheme__href(op, v.scheme.id, ""));
    version_actions(op, &v);
    version_facts(op, &v);
    scheme__words_make(op, v.model, &v.words);
    page_title(r, scheme__version_label(op, &v.scheme, v.version.number));
    answer_revision(r, v.version.revision);
    return REPLY(r, NULL, scheme__version, &v);
}

void scheme__version_json(struct json_writer *w, const struct scheme__version_page *v)
{
    json_object(w);
    json_pair_str(w, "id", str_of(scv(v->version.id).text));
    json_pair_str(w, "scheme", str_of(sch(v->scheme.id).text));
    json_pair_i64(w, "revision", v->version.revision);
    json_pair_i64(w, "version", v->version.number);
    json_pair_str(w, "state", v->version.state);
    json_pair_str(w, "sha256", v->version.sha256);
    json_key(w, "in_force_from");
    if (v->version.valid_from.has)
        json_put_instant(w, v->version.valid_from.v);
    else
        json_put_null(w);
    scheme__json_model(w, v->model);
    json_object_end(w);
}

enum rc scheme__page_file(struct req *r)
{
    struct op *op = r->op;
    struct scheme_version version;
    struct scheme_info s;
    struct str xml;
    TRY(scheme__version_with(op, path_id(r, "scv"), &version, &s));
    TRY(scheme_version_file(op, version.id, &xml));
    TRY(download_begin(
        r, str_printf(op->arena, STR_FMT "-%lld.dmn", STR_ARG(s.code), (long long)version.number),
        "application/xml", false));
    TRY(download_put(r, xml));
    return download_end(r);
}

enum rc scheme__page_book(struct req *r)
{
    struct op *op = r->op;
    struct scheme_version version;
    struct scheme_info s;
    struct str xml;
    AUTO_BUF file = BUF(64 << 20);
    TRY(scheme__version_with(op, path_id(r, "scv"), &version, &s));
    TRY(scheme_version_file(op, version.id, &xml));
    TRY(scheme_sheet_put(op->arena, op->lang, xml, &op->fault, sheet_sink_buf(&file)));
    TRY(download_begin(
        r, str_printf(op->arena, STR_FMT "-%lld.xlsx", STR_ARG(s.code), (long long)version.number),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false));
    TRY(download_put(r, buf_str(&file)));
    return download_end(r);
}

/* ---- comparing ---- */

/* With the one that is asked for, else the one before, retired ones aside. */
static enum rc choose_other(struct req *r, const struct scheme_version *version,
                            const struct scheme_versions *all, struct scheme_version *out)
{
    const struct scheme__compare_form *in = form(r);
    *out = (struct scheme_version){0};
    for (size_t i = 0; i < all->len; i++) {
        const struct scheme_version *other = &all->at[i];
        bool is_before = other->number < version->number && !str_eq(other->state, STR("retired"));
        if (in->with.has ? other->id == in->with.v : is_before && !out->id)
            *out = *other;
    }
    return out->id ? RC_OK : RC_MISSING;
}

static void pair_some(struct json_writer *w, const char *key, struct str text)
{
    if (text.at)
        json_pair_str(w, key, text);
}

void scheme_compare_page_json(struct json_writer *w, const struct scheme__compare_page *v)
{
    static const char *const kinds[] = {[SCHEME_CHANGED] = "changed",
                                        [SCHEME_ADDED] = "added",
                                        [SCHEME_REMOVED] = "removed",
                                        [SCHEME_MOVED] = "moved"};
    json_object(w);
    json_key(w, "changes");
    json_array(w);
    for (size_t i = 0; i < v->changes.len; i++) {
        const struct scheme_change *change = &v->changes.at[i];
        json_object(w);
        json_pair_str(w, "kind", str_of(kinds[change->kind]));
        json_pair_str(w, "where", change->where);
        pair_some(w, "was", change->was);
        pair_some(w, "is", change->is);
        pair_some(w, "attribute", change->attribute);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

enum rc scheme__page_compare(struct req *r)
{
    struct op *op = r->op;
    struct scheme_version version, other;
    struct scheme_info s;
    struct scheme_versions all;
    const struct scheme *old, *new;
    struct scheme__compare_page v = {0};
    TRY(scheme__version_with(op, path_id(r, "scv"), &version, &s));
    TRY(scheme_versions(op, s.id, &all));
    TRY(choose_other(r, &version, &all, &other));
    TRY(scheme_version_load(op, version.id, &new));
    TRY(scheme_version_load(op, other.id, &old));
    scheme_compare(op, old, new, &v.changes);
    if (version.valid_from.has)
        v.from =
            i18n_format(op->arena, op->lang, M("from {0}"), scheme__day(op, version.valid_from.v));
    v.old_name = i18n_format(op->arena, op->lang, M("Version {0}"), other.number);
    v.new_name = i18n_format(op->arena, op->lang, M("Version {0}"), version.number);
    v.head.name = i18n_format(op->arena, op->lang, M("What is new in version {0}"), version.number);
    v.others.name = M("Compared with");
    ui_crumb(op, &v.head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(op, &v.head, s.name, scheme__href(op, s.id, ""));
    ui_crumb_text(op, &v.head, v.new_name, scheme__version_href(op, version.id, ""));
    for (size_t i = 0; i < all.len; i++) {
        struct str tail = str_printf(op->arena, "/compare?with=%s", scv(all.at[i].id).text);
        struct ui_tab tab = {
            .text = i18n_format(op->arena, op->lang, M("Version {0}"), all.at[i].number),
            .href = scheme__version_href(op, version.id, str_c(op->arena, tail)),
            .is_on = all.at[i].id == other.id};
        if (all.at[i].id != version.id)
            VEC_PUSH(op->arena, &v.others, tab);
    }
    page_title(r, v.head.name);
    return REPLY(r, NULL, scheme_compare_page, &v);
}

/* ---- submitting, retiring ---- */

static const struct ui_field submit_shown[] = {
    {.name = "valid_from",
     .label = M("In force from"),
     .hint = M("From the beginning of this day. Rewards of earlier days keep the version before."),
     .kind = UI_FIELD_DATE,
     .is_required = true},
};

enum rc scheme__page_ask_submit(struct req *r)
{
    struct op *op = r->op;
    struct scheme_version version;
    struct scheme_info s;
    bool is_needed;
    TRY(scheme__version_with(op, path_id(r, "scv"), &version, &s));
    TRY(approval_is_needed(op, "scheme", &is_needed));
    struct ui_form form = {
        .submit = is_needed ? M("Submit for approval") : M("Publish"),
        .revision = version.revision,
        .cancel_href = scheme__version_href(op, version.id, ""),
        .intro = is_needed ? M("Once approved, the text of this version never changes again.")
                           : M("Once published, the text of this version never changes again.")};
    form.head.name = scheme__version_label(op, &s, version.number);
    ui_crumb(op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(op, &form.head, s.name, scheme__href(op, s.id, ""));
    ui_form_init(r, &form, submit_shown, LEN(submit_shown));
    ui_form_set_date(&form, "valid_from", SOME(zone_date(op->zone, op->now).days));
    return ui_form_page(r, &form);
}

enum rc scheme__page_submit(struct req *r)
{
    const struct scheme__submit_form *in = form(r);
    struct scheme_version version;
    int64_t id = path_id(r, "scv");
    if (!in->valid_from.has)
        return fail(r->op, RC_INVALID, "valid_from", M("This field is required."));
    int64_t at = zone_day_start(r->op->zone, in->valid_from.v);
    TRY(scheme_version_submit(r->op, id, in->revision.v, at));
    TRY(scheme_version_get(r->op, id, &version));
    answer_note(r, str_eq(version.state, STR("published")) ? M("Published.")
                                                           : M("Submitted for approval."));
    return REDIRECT(r, "/schemes/versions/{0}", scv(id));
}

static enum rc version_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct scheme_version version;
    struct scheme_info s;
    TRY(scheme__version_with(op, id, &version, &s));
    *out = (struct ui_record){.id = id,
                              .revision = version.revision,
                              .name = scheme__version_label(op, &s, version.number)};
    return RC_OK;
}

static const struct ui_record_kind version_kind = {
    .path = "/schemes/versions", .prefix = "scv", .has_own_page = true, .get = version_kind_get};

enum rc scheme__page_ask_retire(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "retire",
        .title = M("Retire the version?"),
        .text = M("{0} will never be in force. This cannot be undone."),
        .button = M("Retire"),
        .is_danger = true,
    };
    return ui_record_ask(r, &version_kind, &step);
}

enum rc scheme__page_retire(struct req *r)
{
    int64_t id = path_id(r, "scv");
    TRY(scheme_version_retire(r->op, id, ui_revision(r)));
    return ui_record_done(r, &version_kind, id, M("Retired."));
}
