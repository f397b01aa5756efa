/* Pages of attributes: list, form, record, archiving. */
#include "attribute/attribute_int.h"
#include "attribute/attribute_q.h"
#include "attribute/attribute_view.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/settings/attributes/%s%s", att(id).text, tail);
}

static struct str word(struct op *op, const struct attribute__word *words, struct str name)
{
    const char *label = attribute__label_of(words, name);
    return label ? tr(op->lang, label) : name;
}

/* ---- list ---- */

struct attribute_query {
    UI_LIST_MEMBERS;
    struct str owner, type, state;
};
static const struct field attribute_query_fields[] = {
    UI_LIST_FIELDS(attribute_query, q_attribute_list_sorts),
    F_STR(attribute_query, owner, 0, 20),
    F_STR(attribute_query, type, 0, 20),
    F_STR(attribute_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_OWNER, COL_TYPE, COL_REQUIRED, COL_SHOWN, COL_POSITION, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "label",
                  .title = M("Attribute"),
                  .kind = UI_TEXT,
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_OWNER] = {.name = "owner", .title = M("Record"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [COL_TYPE] = {.name = "type", .title = M("Type"), .kind = UI_TEXT},
    [COL_REQUIRED] = {.name = "required", .title = M("Required"), .kind = UI_TEXT},
    [COL_SHOWN] = {.name = "shown_to_partner", .title = M("Shown to the partner"), .kind = UI_TEXT},
    [COL_POSITION] = {.name = "position",
                      .title = M("Place in the form"),
                      .kind = UI_COUNT,
                      .sort = "position"},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "attribute",
                   .place = UI_AT_BADGE},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "owner", .label = M("Record"), .kind = UI_PICK},
    {.name = "type", .label = M("Type"), .kind = UI_PICK},
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "attribute",
     .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Add attribute"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/settings/attributes/new"),
     .permission = "attribute.edit"},
    {.label = NULL},
};

static void options(struct ui_list *list, const char *filter, const struct attribute__word *words)
{
    for (; words->name; words++)
        ui_list_option(list, filter, str_of(words->name), tr(list->op->lang, words->label));
}

static struct str yes_no(struct op *op, bool is_yes)
{
    return is_yes ? tr(op->lang, M("Yes")) : STR_NONE;
}

static struct str state_of(struct opt_i64 archived_at)
{
    return archived_at.has ? STR("archived") : STR("active");
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct attribute_query *query = form(r);
    struct q_attribute_list_in in = {.page = list->page};
    struct attribute_rec_page page = {0};
    options(list, "owner", attribute__kinds);
    options(list, "type", attribute__types);
    if (query->owner.len)
        in.owner = query->owner;
    if (query->type.len)
        in.type = query->type;
    in.archived = SOME(str_eq(query->state, STR("archived")));
    TRY(q_attribute_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct attribute_rec *a = &page.at[i];
        struct attribute named = {
            .label_en = a->label_en, .label_ru = a->label_ru, .label_es = a->label_es};
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, att(a->id)));
        cells[COL_NAME] =
            ui_cell_link(attribute_label(op->lang, &named), a->code, url_of(op, a->id, ""));
        cells[COL_OWNER] = ui_cell_text(word(op, attribute__kinds, a->owner_kind));
        cells[COL_TYPE] = ui_cell_text(word(op, attribute__types, a->type));
        cells[COL_REQUIRED] = ui_cell_text(yes_no(op, a->is_required));
        cells[COL_SHOWN] = ui_cell_text(yes_no(op, a->is_shown_to_partner));
        cells[COL_POSITION] = ui_cell_count(a->position);
        cells[COL_STATE] = ui_cell_state(state_of(a->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec attribute_list_spec = {
    .name = "attributes",
    .title = M("Record attributes"),
    .icon = "adjustments",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_attribute_list_sorts,
    .sort = "position",
    .empty = M("No attributes yet. Add one, and the forms of its records get a field for it."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &attribute_list_spec);
}

/* ---- form ---- */

struct attribute_form {
    struct str owner_kind, code, type, label_en, label_ru, label_es, choices, min, max;
    bool is_required, is_shown_to_partner;
    struct opt_i64 position, revision;
};
static const struct field attribute_fields[] = {
    F_STR(attribute_form, owner_kind, 0, 20),
    F_STR(attribute_form, code, 0, 64),
    F_STR(attribute_form, type, 0, 20),
    F_STR(attribute_form, label_en, 1, 100),
    F_STR(attribute_form, label_ru, 1, 100),
    F_STR(attribute_form, label_es, 1, 100),
    F_BLOCK(attribute_form, choices, 0, 20000),
    F_STR(attribute_form, min, 0, 60),
    F_STR(attribute_form, max, 0, 60),
    F_BOOL(attribute_form, is_required),
    F_BOOL(attribute_form, is_shown_to_partner),
    F_OPT_I64(attribute_form, position, 0, 100000),
    F_OPT_I64(attribute_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

#define SHOWN_LATER                                                                                \
    {.name = "label_en",                                                                           \
     .label = M("Label in English"),                                                               \
     .kind = UI_FIELD_TEXT,                                                                        \
     .is_required = true,                                                                          \
     .max_len = 100,                                                                               \
     .section = M("What people see")},                                                             \
        {.name = "label_ru",                                                                       \
         .label = M("Label in Russian"),                                                           \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_required = true,                                                                      \
         .is_half = true,                                                                          \
         .max_len = 100},                                                                          \
        {.name = "label_es",                                                                       \
         .label = M("Label in Spanish"),                                                           \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_required = true,                                                                      \
         .is_half = true,                                                                          \
         .max_len = 100},                                                                          \
        {.name = "position",                                                                       \
         .label = M("Place in the form"),                                                          \
         .hint = M("Fields stand in the order of this number."),                                   \
         .kind = UI_FIELD_NUMBER,                                                                  \
         .is_half = true},                                                                         \
        {.name = "is_required", .label = M("Required"), .kind = UI_FIELD_CHECK},                   \
        {.name = "is_shown_to_partner",                                                            \
         .label = M("Shown to the partner"),                                                       \
         .kind = UI_FIELD_CHECK},                                                                  \
        {.name = "choices",                                                                        \
         .label = M("Values to choose from"),                                                      \
         .hint = M("For one of a list: each value on a line."),                                    \
         .kind = UI_FIELD_AREA,                                                                    \
         .section = M("Bounds")},                                                                  \
        {.name = "min",                                                                            \
         .label = M("At least"),                                                                   \
         .hint = M("A number, a date, or the length of a text."),                                  \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_half = true},                                                                         \
    {                                                                                              \
        .name = "max", .label = M("At most"), .kind = UI_FIELD_TEXT, .is_half = true               \
    }

static const struct ui_field new_shown[] = {
    {.name = "owner_kind",
     .label = M("Record"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "type",
     .label = M("Type"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Its name in formulas and files; it cannot be changed later."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 64},
    SHOWN_LATER,
};
static const struct ui_field edit_shown[] = {
    {.name = "owner_kind", .label = M("Record"), .kind = UI_FIELD_SHOWN, .is_half = true},
    {.name = "type", .label = M("Type"), .kind = UI_FIELD_SHOWN, .is_half = true},
    {.name = "code", .label = M("Code"), .kind = UI_FIELD_SHOWN},
    SHOWN_LATER,
};

static void form_words(struct ui_form *form, const char *field, const struct attribute__word *words)
{
    for (; words->name; words++)
        ui_form_option(form, field, str_of(words->name), tr(form->op->lang, words->label));
}

static enum rc show_form(struct req *r, struct ui_form *form, const struct attribute *a)
{
    ui_crumb(r->op, &form->head, M("Record attributes"), STR("/settings/attributes"));
    ui_form_set(form, "label_en", a->label_en);
    ui_form_set(form, "label_ru", a->label_ru);
    ui_form_set(form, "label_es", a->label_es);
    ui_form_set(form, "choices", a->choices);
    ui_form_set(form, "min", a->min);
    ui_form_set(form, "max", a->max);
    ui_form_set_i64(form, "position", a->position);
    ui_form_set_check(form, "is_required", a->is_required);
    ui_form_set_check(form, "is_shown_to_partner", a->is_shown_to_partner);
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct attribute a = {.owner_kind = STR("partner"), .type = STR("text")};
    struct ui_form form = {.submit = M("Add attribute"),
                           .action = STR("/settings/attributes"),
                           .cancel_href = STR("/settings/attributes")};
    form.head.title = M("New attribute");
    ui_form_init(r, &form, new_shown, LEN(new_shown));
    form_words(&form, "owner_kind", attribute__kinds);
    form_words(&form, "type", attribute__types);
    ui_form_set(&form, "owner_kind", a.owner_kind);
    ui_form_set(&form, "type", a.type);
    return show_form(r, &form, &a);
}

static enum rc page_edit(struct req *r)
{
    struct attribute a;
    TRY(attribute_get(r->op, path_id(r, "att"), &a));
    struct ui_form form = {
        .submit = M("Save"), .revision = a.revision, .cancel_href = url_of(r->op, a.id, "")};
    form.head.name = attribute_label(r->op->lang, &a);
    ui_form_init(r, &form, edit_shown, LEN(edit_shown));
    ui_form_set(&form, "owner_kind", word(r->op, attribute__kinds, a.owner_kind));
    ui_form_set(&form, "type", word(r->op, attribute__types, a.type));
    ui_form_set(&form, "code", a.code);
    TRY(audit_conflict(r, &form, "attribute", a.id));
    return show_form(r, &form, &a);
}

static struct attribute from_form(const struct attribute_form *in, int64_t id)
{
    return (struct attribute){.id = id,
                              .revision = in->revision.v,
                              .owner_kind = in->owner_kind,
                              .code = in->code,
                              .type = in->type,
                              .label_en = in->label_en,
                              .label_ru = in->label_ru,
                              .label_es = in->label_es,
                              .choices = in->choices,
                              .min = in->min,
                              .max = in->max,
                              .is_required = in->is_required,
                              .is_shown_to_partner = in->is_shown_to_partner,
                              .position = in->position.v};
}

static enum rc page_create(struct req *r)
{
    struct attribute a = from_form(form(r), 0);
    int64_t id;
    TRY(attribute_save(r->op, &a, &id));
    answer_note(r, M("The attribute was added."));
    return CREATED(r, "/settings/attributes/{0}", att(id));
}

static enum rc page_save(struct req *r)
{
    struct attribute a = from_form(form(r), path_id(r, "att"));
    int64_t id;
    TRY(attribute_save(r->op, &a, &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/attributes/{0}", att(id));
}

/* ---- record ---- */

static void facts_of(struct op *op, const struct attribute *a, struct ui_defs *facts)
{
    ui_def_text(op, facts, M("Record"), word(op, attribute__kinds, a->owner_kind));
    ui_def_text(op, facts, M("Code"), a->code);
    ui_def_text(op, facts, M("Type"), word(op, attribute__types, a->type));
    ui_def_text(op, facts, M("Label in English"), a->label_en);
    ui_def_text(op, facts, M("Label in Russian"), a->label_ru);
    ui_def_text(op, facts, M("Label in Spanish"), a->label_es);
    struct str_list choices = {0};
    struct str rest = a->choices;
    while (rest.len)
        VEC_PUSH(op->arena, &choices, str_cut(&rest, '\n'));
    if (choices.len)
        ui_def_text(op, facts, M("Values to choose from"),
                    i18n_list(op->arena, op->lang, choices.at, choices.len));
    struct attribute bound = {.type = str_eq(a->type, STR("text")) ? STR("number") : a->type};
    ui_def_text(op, facts, M("At least"), attribute_words(op, &bound, a->min));
    ui_def_text(op, facts, M("At most"), attribute_words(op, &bound, a->max));
    ui_def_text(op, facts, M("Required"), tr(op->lang, a->is_required ? M("Yes") : M("No")));
    ui_def_text(op, facts, M("Shown to the partner"),
                tr(op->lang, a->is_shown_to_partner ? M("Yes") : M("No")));
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct attribute__page v = {0};
    struct attribute *a = &v.attribute;
    TRY(attribute_get(op, path_id(r, "att"), a));
    v.head = (struct ui_head){.name = attribute_label(op->lang, a),
                              .record = "attribute",
                              .state = state_of(a->archived_at)};
    ui_crumb(op, &v.head, M("Record attributes"), STR("/settings/attributes"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = url_of(op, a->id, "/edit"),
                              .permission = "attribute.edit"});
    ui_act(
        op, &v.head.actions,
        (struct ui_action){.label = a->archived_at.has ? M("Restore…") : M("Archive…"),
                           .icon = a->archived_at.has ? "archive-off" : "archive",
                           .href = url_of(op, a->id, a->archived_at.has ? "/restore" : "/archive"),
                           .kind = a->archived_at.has ? UI_SECONDARY : UI_DANGER,
                           .is_dialog = true,
                           .permission = "attribute.edit"});
    facts_of(op, a, &v.facts);
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(op, "attribute", a->id, 20, &history));
    v.history = out_html(&history);
    page_title(r, v.head.name);
    answer_revision(r, a->revision);
    return REPLY(r, NULL, attribute__page, &v);
}

void attribute__page_json(struct json_writer *w, const struct attribute__page *v)
{
    const struct attribute *a = &v->attribute;
    json_object(w);
    json_pair_str(w, "id", str_of(att(a->id).text));
    json_pair_i64(w, "revision", a->revision);
    json_pair_str(w, "owner_kind", a->owner_kind);
    json_pair_str(w, "code", a->code);
    json_pair_str(w, "type", a->type);
    json_pair_str(w, "label_en", a->label_en);
    json_pair_str(w, "label_ru", a->label_ru);
    json_pair_str(w, "label_es", a->label_es);
    json_pair_str(w, "choices", a->choices);
    json_pair_str(w, "min", a->min);
    json_pair_str(w, "max", a->max);
    json_pair_bool(w, "is_required", a->is_required);
    json_pair_bool(w, "is_shown_to_partner", a->is_shown_to_partner);
    json_pair_i64(w, "position", a->position);
    json_pair_bool(w, "archived", a->archived_at.has);
    json_object_end(w);
}

/* ---- archiving ---- */

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc ask(struct req *r, bool is_archived)
{
    struct attribute a;
    TRY(attribute_get(r->op, path_id(r, "att"), &a));
    struct ui_confirm confirm = {
        .title = is_archived ? M("Archive the attribute?") : M("Restore the attribute?"),
        .name = attribute_label(r->op->lang, &a),
        .text = is_archived ? M("{0} disappears from forms, lists and formulas. Values are kept "
                                "and come back when it is restored.")
                            : M("{0} stands in forms, lists and formulas again."),
        .action = url_of(r->op, a.id, is_archived ? "/archive" : "/restore"),
        .button = is_archived ? M("Archive") : M("Restore"),
        .is_danger = is_archived,
        .cancel_href = url_of(r->op, a.id, ""),
        .revision = a.revision,
    };
    return ui_confirm_page(r, &confirm);
}

static enum rc page_ask_archive(struct req *r)
{
    return ask(r, true);
}

static enum rc page_ask_restore(struct req *r)
{
    return ask(r, false);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct revision_form *in = form(r);
    int64_t id = path_id(r, "att");
    TRY(attribute_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/settings/attributes/{0}", att(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route attribute_routes[] = {
    ROUTE(GET, "/settings/attributes", page_list, "attribute.read",
          FORM(attribute_query, attribute_query_fields), API),
    ROUTE(GET, "/settings/attributes/new", page_new, "attribute.edit"),
    ROUTE(POST, "/settings/attributes", page_create, "attribute.edit",
          FORM(attribute_form, attribute_fields), FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/attributes/:att", page_show, "attribute.read", API),
    ROUTE(GET, "/settings/attributes/:att/edit", page_edit, "attribute.edit"),
    ROUTE(POST, "/settings/attributes/:att/edit", page_save, "attribute.edit",
          FORM(attribute_form, attribute_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/settings/attributes/:att/archive", page_ask_archive, "attribute.edit"),
    ROUTE(POST, "/settings/attributes/:att/archive", page_archive, "attribute.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/settings/attributes/:att/restore", page_ask_restore, "attribute.edit"),
    ROUTE(POST, "/settings/attributes/:att/restore", page_restore, "attribute.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
