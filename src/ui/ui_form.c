/* Forms: fields with the record's values, or, when the page comes back after an error, with what
 * the person typed and what is wrong with it. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

/* ---- values ---- */

static bool may_show_again(const struct ui_field *field)
{
    return field->kind != UI_FIELD_PASSWORD && field->kind != UI_FIELD_FILE;
}

static void read_posted(struct req *r, struct ui_form *form, struct ui_value *value)
{
    const char *name = value->field->name;
    value->error = req_problem(r, name);
    value->is_lost = value->field->kind == UI_FIELD_FILE && req_raw(r, name).len > 0;
    if (!may_show_again(value->field))
        return;
    value->text = req_raw(r, name);
    for (size_t n = 0; value->field->kind == UI_FIELD_CHECKS && req_raw_at(r, name, n).at; n++)
        VEC_PUSH(form->op->arena, &value->many, req_raw_at(r, name, n));
}

/* What is wrong with the whole request, and with fields that this form does not show. */
static void read_errors(struct req *r, struct ui_form *form)
{
    struct ui_hint error = {.tint = UI_BAD, .text = req_problem(r, NULL)};
    if (error.text.at)
        VEC_PUSH(form->op->arena, &form->errors, error);
    const struct fault *fault = &r->op->fault;
    for (size_t i = 0; i < fault->entries_len; i++) {
        const struct fault_entry *entry = &fault->entries[i];
        bool is_shown = !entry->field;
        for (size_t n = 0; n < form->values.len && !is_shown; n++)
            is_shown = strcmp(form->values.at[n].field->name, entry->field) == 0 &&
                       form->values.at[n].field->kind != UI_FIELD_HIDDEN;
        error.text = is_shown ? STR_NONE : i18n_fault(r->op->arena, r->op->lang, entry);
        if (!is_shown)
            VEC_PUSH(form->op->arena, &form->errors, error);
    }
}

void ui_form_init(struct req *r, struct ui_form *form, const struct ui_field *fields, size_t len)
{
    form->op = r->op;
    form->is_posted = req_is_again(r);
    for (size_t i = 0; i < len; i++) {
        struct ui_value value = {.field = &fields[i]};
        if (form->is_posted)
            read_posted(r, form, &value);
        form->has_files = form->has_files || fields[i].kind == UI_FIELD_FILE;
        VEC_PUSH(r->op->arena, &form->values, value);
    }
    if (form->is_posted)
        read_errors(r, form);
}

struct ui_value *ui_form_value(struct ui_form *form, const char *name)
{
    for (size_t i = 0; i < form->values.len; i++)
        if (strcmp(form->values.at[i].field->name, name) == 0)
            return &form->values.at[i];
    assert(false && "the form has no such field");
    return NULL;
}

void ui_form_set(struct ui_form *form, const char *name, struct str value)
{
    struct ui_value *v = ui_form_value(form, name);
    /* Nothing that a person could have changed is set over what came back; a box that came back
     * off was not sent at all. */
    if (!form->is_posted || v->field->kind == UI_FIELD_SHOWN)
        v->text = value;
}

void ui_form_set_i64(struct ui_form *form, const char *name, int64_t value)
{
    ui_form_set(form, name, str_printf(form->op->arena, "%lld", (long long)value));
}

void ui_form_set_money(struct ui_form *form, const char *name, struct money value)
{
    if (!value.currency)
        return;
    ui_form_set(form, name, i18n_amount(form->op->arena, form->op->lang, value));
    ui_form_value(form, name)->unit = str_of(value.currency->code);
}

void ui_form_set_date(struct ui_form *form, const char *name, struct opt_i64 days)
{
    if (days.has)
        ui_form_set(form, name, date_print(form->op->arena, (struct date){(int32_t)days.v}));
}

/* ---- days ---- */

struct str ui__date_text(struct out *o, struct str text)
{
    struct date day;
    return text.at && date_parse(text, &day) ? i18n_date_field(o->arena, o->lang, day) : text;
}

struct str ui__date_example(struct out *o)
{
    return i18n_format(o->arena, o->lang, M("e.g. {0}"),
                       i18n_date_field(o->arena, o->lang, o->today));
}

const char *ui__date_pattern(struct out *o)
{
    static const char *const patterns[LANG_COUNT + 1] = {
        [LANG_EN] = "d M y", [LANG_RU] = "d.m.y", [LANG_ES] = "d/m/y"};
    return patterns[o->lang->id];
}

void ui_date_input(struct out *o, const struct ui_date_input *v)
{
    ui__date_input_view(o, v);
}

void ui__date_field(struct out *o, const struct ui_value *v)
{
    const char *name = v->field->name;
    struct ui_date_input input = {.name = name,
                                  .id = str_printf(o->arena, "f-%s", name),
                                  .text = v->text,
                                  .is_required = v->field->is_required,
                                  .is_disabled = v->is_disabled,
                                  .is_wrong = v->error.at != NULL};
    if (ui__is_described(v))
        input.sayer = str_printf(o->arena, "e-%s", name);
    ui_date_input(o, &input);
}

void ui__date_filter(struct out *o, const struct ui_filter_now *v)
{
    struct ui_date_input input = {.name = v->filter->name,
                                  .id = str_printf(o->arena, "filter-%s", v->filter->name),
                                  .text = v->value};
    ui_date_input(o, &input);
}

void ui_form_set_check(struct ui_form *form, const char *name, bool is_on)
{
    ui_form_set(form, name, is_on ? STR("1") : STR(""));
}

void ui_form_add(struct ui_form *form, const char *name, struct str value)
{
    if (!form->is_posted)
        VEC_PUSH(form->op->arena, &ui_form_value(form, name)->many, value);
}

void ui_form_option(struct ui_form *form, const char *name, struct str value, struct str label)
{
    struct ui_option option = {.value = value, .label = label};
    VEC_PUSH(form->op->arena, &ui_form_value(form, name)->options, option);
}

/* ---- what the views ask ---- */

const struct ui_form_sections *ui__sections(struct out *o, const struct ui_form *form)
{
    struct ui_form_sections *sections = NEW(o->arena, struct ui_form_sections);
    for (size_t i = 0; i < form->values.len; i++) {
        const struct ui_value *value = &form->values.at[i];
        if (i == 0 || value->field->section) {
            struct ui_form_section section = {.at = value,
                                              .title = value->field->section,
                                              .hint = value->field->section_hint,
                                              .is_first = i == 0};
            VEC_PUSH(o->arena, sections, section);
        }
        sections->at[sections->len - 1].len++;
    }
    return sections;
}

size_t ui__errors_len(const struct ui_form *form)
{
    size_t len = form->errors.len;
    for (size_t i = 0; i < form->values.len; i++)
        len += form->values.at[i].error.at != NULL;
    return len;
}

struct str ui__form_action(struct out *o, const struct ui_form *form)
{
    return form->action.at ? form->action : o->path;
}

bool ui__is_described(const struct ui_value *v)
{
    return v->error.at || v->field->hint;
}

bool ui__is_figure(const struct ui_value *v)
{
    return v->field->kind == UI_FIELD_NUMBER || v->field->kind == UI_FIELD_MONEY;
}

const char *ui__input_mode(const struct ui_value *v)
{
    switch (v->field->kind) {
    case UI_FIELD_NUMBER:
    case UI_FIELD_MONEY: return "decimal";
    case UI_FIELD_PHONE: return "tel";
    case UI_FIELD_URL: return "url";
    default: return NULL;
    }
}

bool ui__has_option(const struct ui_value *v, struct str value)
{
    for (size_t i = 0; i < v->options.len; i++)
        if (str_eq(v->options.at[i].value, value))
            return true;
    return false;
}

bool ui__is_chosen(const struct ui_value *v, struct str value)
{
    for (size_t i = 0; i < v->many.len; i++)
        if (str_eq(v->many.at[i], value))
            return true;
    return false;
}

struct str_list ui__option_groups(struct out *o, const struct ui_value *v)
{
    struct str_list groups = {0};
    for (size_t i = 0; i < v->options.len; i++) {
        bool is_known = !v->options.at[i].group.at;
        for (size_t n = 0; n < groups.len && !is_known; n++)
            is_known = str_eq(groups.at[n], v->options.at[i].group);
        if (!is_known)
            VEC_PUSH(o->arena, &groups, v->options.at[i].group);
    }
    return groups;
}

enum rc ui_form_page(struct req *r, const struct ui_form *form)
{
    if (form->head.name.at)
        page_title(r, form->head.name);
    return PAGE(r, form->head.title, ui__form_page, form);
}
