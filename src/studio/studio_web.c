/* Addresses of the constructor: beginning a draft, the editor, files, saving, discarding. */
#include "studio/studio_gallery.h"
#include "studio/studio_int.h"
#include "studio/studio_live.h"
#include "studio/studio_sheet.h"
#include "studio/studio_view.h"

/* ---- beginning ---- */

static enum rc page_open(struct req *r)
{
    int64_t id;
    TRY(studio_open(r->op, path_id(r, "sch"), NONE, STR_NONE, &id));
    return REDIRECT(r, "/schemes/drafts/{0}", sdr(id));
}

static enum rc page_open_version(struct req *r)
{
    struct scheme_version version;
    int64_t id;
    TRY(scheme_version_get(r->op, path_id(r, "scv"), &version));
    TRY(studio_open(r->op, version.scheme_id, SOME(version.id), STR_NONE, &id));
    return REDIRECT(r, "/schemes/drafts/{0}", sdr(id));
}

/* ---- who is there ---- */

static void presence_json(struct json_writer *w, const struct studio__presence *v)
{
    json_object(w);
    json_pair_str(w, "text", v->text);
    json_pair_i64(w, "revision", v->revision);
    json_pair_str(w, "news", v->news);
    json_object_end(w);
}

/* Asked by the open page from time to time: who else is there, and what they did. */
static enum rc page_presence(struct req *r)
{
    struct op *op = r->op;
    const struct studio__revision_form *in = form(r);
    struct studio_draft draft;
    struct studio_steps steps;
    struct studio__presence v = {.text = STR(""), .news = STR("")};
    struct str others;
    TRY(studio_get(op, path_id(r, "sdr"), &draft));
    TRY(studio_present(op, draft.id, &others));
    if (others.len)
        v.text = i18n_format(op->arena, op->lang, M("{0} is editing too"), others);
    v.revision = draft.revision;
    if (draft.revision != in->revision.v) {
        TRY(studio_steps(op, &draft, &steps));
        v.news = tr(op->lang, M("The draft was changed meanwhile."));
        for (size_t i = 0; i < steps.len; i++)
            if (steps.at[i].number == draft.step)
                v.news = i18n_format(op->arena, op->lang, M("{0}: {1}"), steps.at[i].who,
                                     steps.at[i].words);
    }
    return JSON(r, presence, &v);
}

/* ---- the file ---- */

static enum rc page_file(struct req *r)
{
    struct studio_draft draft;
    struct scheme_info s;
    TRY(studio_get(r->op, path_id(r, "sdr"), &draft));
    TRY(scheme_get(r->op, draft.scheme_id, &s));
    TRY(download_begin(r, str_printf(r->op->arena, STR_FMT "-draft.dmn", STR_ARG(s.code)),
                       "application/xml", false));
    TRY(download_put(r, draft.xml));
    return download_end(r);
}

const struct field studio__upload_fields[] = {
    F_FILE(studio__upload_form, file, SCHEME_FILE_MAX),
    F_STR(studio__upload_form, part, 0, 200),
    F_OPT_I64(studio__upload_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

/* A file may be wrong in its formulas: that is what the editor is for. It must be one, though. */
static enum rc page_upload(struct req *r)
{
    struct op *op = r->op;
    const struct studio__upload_form *in = form(r);
    struct scheme_outline outline;
    int64_t id = path_id(r, "sdr");
    if (!utf8_valid(in->file.content))
        return fail(op, RC_INVALID, "file", M("The file is not in UTF-8; save it in UTF-8."));
    TRY(scheme_outline(op->arena, in->file.content, &op->fault, &outline));
    struct studio_words words = {.key = M("Text from the file {0}"),
                                 .args = {str_c(op->arena, in->file.name)}};
    TRY(studio_change(op, id, in->revision.v, in->file.content, &words));
    answer_note(r, M("The file is the draft's text now."));
    return REDIRECT(r, "/schemes/drafts/{0}?view=checks", sdr(id));
}

enum rc studio__page_file_again(struct req *r)
{
    struct op *op = r->op;
    struct studio__page v;
    struct studio__ask ask = {.view = STR("file")};
    struct str text = STR_NONE;
    for (size_t i = 0; i < op->fault.entries_len && i < 5; i++) {
        struct str next = i18n_fault(op->arena, op->lang, &op->fault.entries[i]);
        if (op->fault.entries[i].field && !op->fault.entries[i].line &&
            strcmp(op->fault.entries[i].field, "file") != 0)
            next = i18n_format(op->arena, op->lang, M("{0}: {1}"),
                               str_of(op->fault.entries[i].field), next);
        if (op->fault.entries[i].line > 0)
            next = i18n_format(op->arena, op->lang, M("line {0}: {1}"), op->fault.entries[i].line,
                               next);
        text = text.at ? str_printf(op->arena, STR_FMT "\n" STR_FMT, STR_ARG(text), STR_ARG(next))
                       : next;
    }
    TRY(studio__page_load(r, path_id(r, "sdr"), &ask, &v));
    v.note = text;
    return studio__page_answer(r, &v);
}

/* ---- saving ---- */

struct save_form {
    struct str note;
    struct opt_date valid_from;
    struct opt_i64 revision;
};
static const struct field save_fields[] = {
    F_BLOCK(save_form, note, 0, 2000),
    F_OPT_DATE(save_form, valid_from),
    F_OPT_I64(save_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field save_shown[] = {
    {.name = "note",
     .label = M("What is new"),
     .hint = M("For those who approve it."),
     .kind = UI_FIELD_AREA,
     .max_len = 2000},
    {.name = "valid_from",
     .label = M("In force from"),
     .hint = M("Empty: the version stays a draft, which can be submitted later."),
     .kind = UI_FIELD_DATE},
};

static struct safe_html problems_part(struct req *r, const struct studio__page *v)
{
    return ui_capture(http_out(r), studio_blockers_view, v);
}

static enum rc page_save_ask(struct req *r)
{
    struct op *op = r->op;
    struct studio__page v;
    struct studio__ask ask = {.view = STR("checks")};
    bool is_needed;
    TRY(studio__page_load(r, path_id(r, "sdr"), &ask, &v));
    TRY(approval_is_needed(op, "scheme", &is_needed));
    struct ui_form form = {.submit = is_needed ? M("Save and submit for approval")
                                               : M("Save and publish"),
                           .revision = v.draft.revision,
                           .action = studio__href(op, v.draft.id, "/save"),
                           .cancel_href = v.path,
                           .intro = M("The text of a version never changes once it is published.")};
    form.head.title = M("Save as version");
    ui_crumb(op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(op, &form.head, v.scheme.name, v.path);
    ui_form_init(r, &form, save_shown, LEN(save_shown));
    if (v.problems.errors)
        form.above = problems_part(r, &v);
    struct date today = zone_date(op->zone, op->now);
    struct period next = period_step(period_of(PERIOD_MONTH, 0, today), 1);
    ui_form_set_date(&form, "valid_from", SOME(next.start.days));
    return ui_form_page(r, &form);
}

static enum rc page_save(struct req *r)
{
    struct op *op = r->op;
    const struct save_form *in = form(r);
    struct scheme_version version;
    int64_t version_id;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(studio_save(op, path_id(r, "sdr"), in->revision.v, in->note.at ? in->note : STR(""),
                    &version_id));
    if (in->valid_from.has) {
        TRY(scheme_version_get(op, version_id, &version));
        TRY(scheme_version_submit(op, version_id, version.revision,
                                  zone_day_start(op->zone, in->valid_from.v)));
    }
    TRY(txn_commit(&txn));
    TRY(scheme_version_get(op, version_id, &version));
    answer_note(r, !in->valid_from.has                       ? M("Saved as a draft version.")
                   : str_eq(version.state, STR("published")) ? M("Published.")
                                                             : M("Submitted for approval."));
    return REDIRECT(r, "/schemes/versions/{0}", studio__scv(version_id));
}

/* ---- discarding ---- */

static enum rc page_discard_ask(struct req *r)
{
    struct op *op = r->op;
    struct studio_draft draft;
    struct scheme_info s;
    TRY(studio_get(op, path_id(r, "sdr"), &draft));
    TRY(scheme_get(op, draft.scheme_id, &s));
    struct ui_confirm v = {
        .title = M("Discard the draft?"),
        .name = s.name,
        .text = M("All steps of the draft of {0} are gone. Its versions stay as they are."),
        .action = studio__href(op, draft.id, "/discard"),
        .button = M("Discard"),
        .is_danger = true,
        .cancel_href = studio__href(op, draft.id, ""),
        .revision = draft.revision,
    };
    return ui_confirm_page(r, &v);
}

static enum rc page_discard(struct req *r)
{
    const struct studio__revision_form *in = form(r);
    struct studio_draft draft;
    TRY(studio_get(r->op, path_id(r, "sdr"), &draft));
    TRY(studio_discard(r->op, draft.id, in->revision.v));
    answer_note(r, M("The draft was discarded."));
    return REDIRECT(r, "/schemes/{0}", studio__sch(draft.scheme_id));
}

const struct field studio__revision_fields[] = {
    F_OPT_I64(studio__revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

const struct route studio_routes[] = {
    ROUTE(POST, "/schemes/:sch/draft", page_open, "scheme.edit"),
    ROUTE(POST, "/schemes/versions/:scv/draft", page_open_version, "scheme.edit"),
    ROUTE(GET, "/schemes/drafts/:sdr", studio__page_show, "scheme.read",
          FORM(studio__query, studio__query_fields)),
    ROUTE(POST, "/schemes/drafts/:sdr/edit", studio__page_edit, "scheme.edit",
          FORM(studio__edit_form, studio__edit_fields), FORM_PAGE(studio__page_edit_again)),
    ROUTE(POST, "/schemes/drafts/:sdr/presence", page_presence, "scheme.read",
          FORM(studio__revision_form, studio__revision_fields)),
    ROUTE(GET, "/schemes/drafts/:sdr/live", studio__page_live, "scheme.read",
          FORM(studio__live_query, studio__live_fields)),
    ROUTE(GET, "/schemes/drafts/:sdr/file", page_file, "scheme.read"),
    ROUTE(POST, "/schemes/drafts/:sdr/upload", page_upload, "scheme.edit",
          FORM(studio__upload_form, studio__upload_fields), FORM_PAGE(studio__page_file_again)),
    ROUTE(GET, "/schemes/drafts/:sdr/table", studio__page_table, "scheme.read",
          FORM(studio__table_query, studio__table_fields)),
    ROUTE(POST, "/schemes/drafts/:sdr/sheet", studio__page_sheet, "scheme.edit",
          FORM(studio__upload_form, studio__upload_fields), FORM_PAGE(studio__page_file_again)),
    ROUTE(GET, "/schemes/drafts/:sdr/save", page_save_ask, "scheme.edit"),
    ROUTE(POST, "/schemes/drafts/:sdr/save", page_save, "scheme.edit", FORM(save_form, save_fields),
          FORM_PAGE(page_save_ask)),
    ROUTE(GET, "/schemes/drafts/:sdr/discard", page_discard_ask, "scheme.edit"),
    ROUTE(POST, "/schemes/drafts/:sdr/discard", page_discard, "scheme.edit",
          FORM(studio__revision_form, studio__revision_fields), FORM_PAGE(page_discard_ask)),
    ROUTE(GET, "/schemes/templates", studio__page_gallery, "scheme.edit"),
    ROUTE(GET, "/schemes/templates/{code}", studio__page_template, "scheme.edit"),
    ROUTE(POST, "/schemes/templates/{code}", studio__page_template_make, "scheme.edit",
          FORM(studio__template_form, studio__template_fields), FORM_PAGE(studio__page_template)),
    {0},
};

void studio_start(void)
{
    ui_rail_declare("/schemes/drafts");
}
