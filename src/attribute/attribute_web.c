/* Pages of attributes: their list, and what the pages of a record ask of its kind. */
#include "attribute/attribute_int.h"
#include "attribute/attribute_q.h"

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
    [COL_STATE] = UI_STATE_COLUMN("attribute"),
};
static const struct ui_filter filters[] = {
    {.name = "owner", .label = M("Record"), .kind = UI_PICK},
    {.name = "type", .label = M("Type"), .kind = UI_PICK},
    UI_STATE_FILTER("attribute"),
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add attribute"), "/settings/attributes/new", "attribute.edit"),
    {.label = NULL},
};

static struct str yes_no(struct op *op, bool is_yes)
{
    return is_yes ? tr(op->lang, M("Yes")) : STR_NONE;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct attribute_query *query = form(r);
    struct q_attribute_list_in in = {.page = list->page};
    struct attribute_rec_page page = {0};
    ui_list_words(list, "owner", attribute__kinds);
    ui_list_words(list, "type", attribute__types);
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
        cells[COL_NAME] = ui_cell_link(attribute_label(op->lang, &named), a->code,
                                       ui_url(op, "/settings/attributes", att(a->id), ""));
        cells[COL_OWNER] = ui_cell_text(ui_word_of(op->lang, attribute__kinds, a->owner_kind));
        cells[COL_TYPE] = ui_cell_text(ui_word_of(op->lang, attribute__types, a->type));
        cells[COL_REQUIRED] = ui_cell_text(yes_no(op, a->is_required));
        cells[COL_SHOWN] = ui_cell_text(yes_no(op, a->is_shown_to_partner));
        cells[COL_POSITION] = ui_cell_count(a->position);
        cells[COL_STATE] = ui_cell_state(ui_archive_state(a->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/settings/attributes", "attribute.edit")};

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
    .bulk = bulk,
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

static enum rc definition_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct attribute *a = NEW(op->arena, struct attribute);
    TRY(attribute_get(op, id, a));
    *out = (struct ui_record){.id = id,
                              .revision = a->revision,
                              .name = attribute_label(op->lang, a),
                              .archived_at = a->archived_at,
                              .own = a};
    return RC_OK;
}

static void fill_new(struct req *r, struct ui_form *form)
{
    ui_form_init(r, form, new_shown, LEN(new_shown));
    ui_form_words(form, "owner_kind", attribute__kinds);
    ui_form_words(form, "type", attribute__types);
    ui_form_set(form, "owner_kind", STR("partner"));
    ui_form_set(form, "type", STR("text"));
}

static void fill_old(struct req *r, const struct attribute *a, struct ui_form *form)
{
    ui_form_init(r, form, edit_shown, LEN(edit_shown));
    ui_form_set(form, "owner_kind", ui_word_of(r->op->lang, attribute__kinds, a->owner_kind));
    ui_form_set(form, "type", ui_word_of(r->op->lang, attribute__types, a->type));
    ui_form_set(form, "code", a->code);
}

static enum rc definition_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct attribute *a = record->own ? record->own : &(struct attribute){0};
    if (record->own)
        fill_old(r, a, form);
    else
        fill_new(r, form);
    ui_form_set(form, "label_en", a->label_en);
    ui_form_set(form, "label_ru", a->label_ru);
    ui_form_set(form, "label_es", a->label_es);
    ui_form_set(form, "choices", a->choices);
    ui_form_set(form, "min", a->min);
    ui_form_set(form, "max", a->max);
    ui_form_set_i64(form, "position", a->position);
    ui_form_set_check(form, "is_required", a->is_required);
    ui_form_set_check(form, "is_shown_to_partner", a->is_shown_to_partner);
    return RC_OK;
}

static enum rc definition_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct attribute_form *in = form(r);
    struct attribute a = {.id = id,
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
    return attribute_save(r->op, &a, out_id);
}

/* ---- record ---- */

static enum rc definition_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct attribute *a = v->record.own;
    struct ui_defs *facts = &v->facts;
    ui_def_text(op, facts, M("Record"), ui_word_of(op->lang, attribute__kinds, a->owner_kind));
    ui_def_text(op, facts, M("Code"), a->code);
    ui_def_text(op, facts, M("Type"), ui_word_of(op->lang, attribute__types, a->type));
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
    return RC_OK;
}

static void definition_json(struct json_writer *w, const struct ui_record *record)
{
    const struct attribute *a = record->own;
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
}

static const struct ui_record_kind definition_kind = {
    .record = "attribute",
    .path = "/settings/attributes",
    .prefix = "att",
    .permission_edit = "attribute.edit",
    .plural = M("Record attributes"),
    .title_new = M("New attribute"),
    .add = M("Add attribute"),
    .added = M("The attribute was added."),
    .archive_words = {M("Archive the attribute?"),
                      M("{0} disappears from forms, lists and formulas. Values are kept and come "
                        "back when it is restored.")},
    .restore_words = {M("Restore the attribute?"),
                      M("{0} stands in forms, lists and formulas again.")},
    .journal = &audit_journal,
    .get = definition_get,
    .form = definition_fill,
    .save = definition_store,
    .archive = attribute_archive,
    .show = definition_facts,
    .json = definition_json,
};
UI_RECORD_PAGES(definition)

const struct route attribute_routes[] = {
    ROUTE(GET, "/settings/attributes", page_list, "attribute.read",
          FORM(attribute_query, attribute_query_fields), API),
    UI_RECORD_ROUTES(definition, "/settings/attributes", "att", "attribute.read", "attribute.edit",
                     FORM(attribute_form, attribute_fields)),
    {0},
};
