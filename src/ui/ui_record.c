/* The pages of a kind of record, made from its table. A page of its own in each module was what was
 * there before: nine copies that had begun to differ. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

const struct field ui_revision_fields[] = {
    F_OPT_I64(ui_revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const char *const ui_archive_states[] = {"active", "archived", NULL};

int64_t ui_revision(struct req *r)
{
    const struct ui_revision_form *in = form(r);
    return in->revision.v;
}

struct str ui_archive_state(struct opt_i64 archived_at)
{
    return archived_at.has ? STR("archived") : STR("active");
}

struct str ui_url(struct op *op, const char *path, struct pid id, const char *tail)
{
    return str_printf(op->arena, "%s/%s%s", path, id.text, tail);
}

static struct str url_of(struct op *op, const struct ui_record_kind *kind, int64_t id,
                         const char *tail)
{
    return ui_url(op, kind->path, pid_of(kind->prefix, id), tail);
}

static struct str list_of(const struct ui_record_kind *kind)
{
    return str_of(kind->list ? kind->list : kind->path);
}

static struct str home_of(struct op *op, const struct ui_record_kind *kind,
                          const struct ui_record *record)
{
    if (kind->home)
        return kind->home(op, record);
    return kind->show || kind->has_own_page ? url_of(op, kind, record->id, "") : list_of(kind);
}

/* To the record's home, which for some kinds hangs on the record. */
static enum rc go_home(struct req *r, const struct ui_record_kind *kind, int64_t id, bool is_new)
{
    struct ui_record record = {.id = id};
    if (kind->home)
        TRY(kind->get(r->op, id, &record));
    const char *to = str_c(r->op->arena, home_of(r->op, kind, &record));
    return is_new ? CREATED(r, to, pid_of(kind->prefix, id)) : REDIRECT(r, to);
}

enum rc ui_record_done(struct req *r, const struct ui_record_kind *kind, int64_t id,
                       const char *note)
{
    answer_note(r, note);
    return go_home(r, kind, id, false);
}

/* ---- the record ---- */

void ui_record_archive_action(struct op *op, const struct ui_record_kind *kind,
                              const struct ui_record *record, struct ui_actions *to)
{
    bool is_archived = record->archived_at.has;
    struct ui_action action = {
        .label = is_archived ? M("Restore…") : M("Archive…"),
        .icon = is_archived ? "archive-off" : "archive",
        .href = url_of(op, kind, record->id, is_archived ? "/restore" : "/archive"),
        .kind = kind->is_archive_in_menu ? UI_MORE
                : is_archived            ? UI_SECONDARY
                                         : UI_DANGER,
        .is_dialog = true,
        .permission = kind->permission_edit};
    if (!is_archived || kind->restore_words.title)
        ui_act(op, to, action);
}

static void head_of(struct op *op, const struct ui_record_kind *kind,
                    const struct ui_record *record, struct ui_head *head)
{
    *head = (struct ui_head){.name = record->name,
                             .record = kind->record,
                             .state = record->state.at ? record->state
                                                       : ui_archive_state(record->archived_at)};
    ui_crumb(op, head, kind->plural, list_of(kind));
    struct ui_action edit = {.label = M("Edit"),
                             .icon = "pencil",
                             .href = url_of(op, kind, record->id, "/edit"),
                             .permission = kind->permission_edit};
    if (!record->is_locked)
        ui_act(op, &head->actions, edit);
}

static enum rc answer_json(struct req *r, const struct ui_record_kind *kind,
                           const struct ui_record *record)
{
    struct json_writer *w = http_json(r);
    json_object(w);
    json_pair_str(w, "id", str_of(pid_of(kind->prefix, record->id).text));
    json_pair_i64(w, "revision", record->revision);
    kind->json(w, record);
    json_pair_bool(w, "archived", record->archived_at.has);
    json_object_end(w);
    return http_json_end(r);
}

enum rc ui_record_show(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_record_page v = {0};
    struct ui_record *record = &v.record;
    TRY(kind->get(r->op, path_id(r, kind->prefix), record));
    head_of(r->op, kind, record, &v.head);
    TRY(kind->show(r, &v));
    answer_revision(r, record->revision);
    if (http_wants_json(r))
        return answer_json(r, kind, record);
    ui_record_archive_action(r->op, kind, record, &v.head.actions);
    TRY(kind->journal->history(r, kind->record, record->id, &v.history));
    page_title(r, record->name);
    return PAGE(r, NULL, ui__record, &v);
}

/* ---- forms ---- */

static enum rc form_page(struct req *r, const struct ui_record_kind *kind,
                         const struct ui_record *record, struct ui_form *form)
{
    ui_crumb(r->op, &form->head, kind->plural, list_of(kind));
    TRY(kind->form(r, record, form));
    if (kind->journal)
        TRY(kind->journal->conflict(r, form, kind->record, record->id));
    return ui_form_page(r, form);
}

enum rc ui_record_new(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_form form = {.head = {.title = kind->title_new},
                           .submit = kind->add,
                           .action = str_of(kind->path),
                           .cancel_href = list_of(kind)};
    return form_page(r, kind, &(struct ui_record){0}, &form);
}

enum rc ui_record_edit(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_record record = {0};
    TRY(kind->get(r->op, path_id(r, kind->prefix), &record));
    struct ui_form form = {.head = {.name = record.name},
                           .submit = M("Save"),
                           .revision = record.revision,
                           .cancel_href = home_of(r->op, kind, &record)};
    return form_page(r, kind, &record, &form);
}

enum rc ui_record_create(struct req *r, const struct ui_record_kind *kind)
{
    int64_t id;
    TRY(kind->save(r, 0, &id));
    answer_note(r, kind->added);
    return go_home(r, kind, id, true);
}

enum rc ui_record_save(struct req *r, const struct ui_record_kind *kind)
{
    int64_t id;
    TRY(kind->save(r, path_id(r, kind->prefix), &id));
    return ui_record_done(r, kind, id, M("Saved."));
}

/* ---- archiving, and other steps that ask first ---- */

enum rc ui_record_ask(struct req *r, const struct ui_record_kind *kind,
                      const struct ui_record_step *step)
{
    struct op *op = r->op;
    struct ui_record record = {0};
    TRY(kind->get(op, path_id(r, kind->prefix), &record));
    struct ui_confirm confirm = {
        .title = step->title,
        .name = record.name,
        .text = step->text,
        .action = str_join(op->arena, url_of(op, kind, record.id, "/"), str_of(step->name)),
        .button = step->button,
        .is_danger = step->is_danger,
        .cancel_href = home_of(op, kind, &record),
        .revision = record.revision};
    return ui_confirm_page(r, &confirm);
}

enum rc ui_record_ask_archive(struct req *r, const struct ui_record_kind *kind)
{
    const struct ui_record_words *words = &kind->archive_words;
    return ui_record_ask(
        r, kind,
        &(struct ui_record_step){"archive", words->title, words->text, M("Archive"), true});
}

enum rc ui_record_ask_restore(struct req *r, const struct ui_record_kind *kind)
{
    const struct ui_record_words *words = &kind->restore_words;
    return ui_record_ask(
        r, kind,
        &(struct ui_record_step){"restore", words->title, words->text, M("Restore"), false});
}

/* What is so already stays as it is: a second click moves neither the time of archiving nor the
 * revision. */
static enum rc archive(struct req *r, const struct ui_record_kind *kind, bool is_archived)
{
    struct ui_record record = {0};
    int64_t id = path_id(r, kind->prefix);
    TRY(kind->get(r->op, id, &record));
    if (record.archived_at.has != is_archived)
        TRY(kind->archive(r->op, id, ui_revision(r), is_archived));
    return ui_record_done(r, kind, id, is_archived ? M("Archived.") : M("Restored."));
}

enum rc ui_record_archive(struct req *r, const struct ui_record_kind *kind)
{
    return archive(r, kind, true);
}

enum rc ui_record_restore(struct req *r, const struct ui_record_kind *kind)
{
    return archive(r, kind, false);
}

/* ---- options ---- */

void ui_form_countries(struct ui_form *form, const char *field)
{
    struct op *op = form->op;
    struct str_list codes;
    i18n_countries(op->arena, op->lang, &codes);
    for (size_t i = 0; i < codes.len; i++)
        ui_form_option(form, field, codes.at[i],
                       i18n_country_name(op->arena, op->lang, codes.at[i]));
}

void ui_form_currencies(struct ui_form *form, const char *field)
{
    struct op *op = form->op;
    for (size_t i = 0; i < currency_count(); i++) {
        const struct currency *currency = currency_at(i);
        struct str name = i18n_currency_name(op->arena, op->lang, currency);
        ui_form_option(
            form, field, str_of(currency->code),
            str_printf(op->arena, "%s \xe2\x80\x93 " STR_FMT, currency->code, STR_ARG(name)));
    }
}
