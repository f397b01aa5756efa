/* setting_web: one form over all declared settings, in sections. The route's fields and the form's
 * are made from the declarations, so a new setting needs no page. */
#include "setting/setting_web.h"

#include "setting/setting_int.h"
#include "setting/setting_view.h"
#include "ui/ui.h"

struct setting_form {
    int64_t revision;
    struct str texts[SETTINGS_MAX];
    bool bools[SETTINGS_MAX];
};

static struct field fields[SETTINGS_MAX + 2];
static struct ui_field shown[SETTINGS_MAX];
static size_t fields_len;

void setting__web_forget(void)
{
    memset(fields, 0, sizeof(fields));
    fields_len = 0;
}

void setting__web_add(const struct setting_def *def, size_t i)
{
    bool is_bool = def->type == SETTING_BOOL;
    const struct setting_def *before = i ? setting__at(i - 1) : NULL;
    size_t texts = offsetof(struct setting_form, texts),
           bools = offsetof(struct setting_form, bools);
    fields[0] = (struct field){.name = "revision",
                               .type = FIELD_I64,
                               .offset = (uint32_t)offsetof(struct setting_form, revision),
                               .min = 0,
                               .max = INT64_MAX};
    fields[i + 1] = (struct field){
        .name = def->key,
        .type = is_bool ? FIELD_BOOL : FIELD_STR,
        .offset = (uint32_t)(is_bool ? bools + i * sizeof(bool) : texts + i * sizeof(struct str)),
        .max = is_bool ? 0 : 1000,
        .is_optional = is_bool,
    };
    shown[i] = (struct ui_field){
        .name = def->key,
        .label = def->label,
        .hint = def->help,
        .kind = is_bool                       ? UI_FIELD_CHECK
                : def->type == SETTING_INT    ? UI_FIELD_NUMBER
                : def->type == SETTING_CHOICE ? UI_FIELD_SELECT
                                              : UI_FIELD_TEXT,
        .unit = def->unit,
        .section = before && strcmp(before->group, def->group) == 0 ? NULL : def->group,
    };
    fields_len = i + 1;
}

static enum rc fill_value(struct op *op, struct ui_form *form, const struct setting_def *def)
{
    struct str text;
    TRY(setting__read(op, def, &text));
    if (def->type == SETTING_BOOL)
        ui_form_set_check(form, def->key, str_eq(text, STR("true")));
    else
        ui_form_set(form, def->key, text);
    for (const struct setting_choice *c = def->choices; c && c->value; c++)
        ui_form_option(form, def->key, str_of(c->value), tr(op->lang, c->label));
    return RC_OK;
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct setting_revision now;
    struct ui_form form = {.head = {.title = M("Settings")}, .submit = M("Save")};
    AUTO_TXN txn = {0};
    TRY(txn_begin_read(op, &txn)); /* values and revision of one moment */
    TRY(q_setting_revision(op, &now));
    form.revision = now.revision;
    ui_form_init(r, &form, shown, fields_len);
    for (size_t i = 0; i < fields_len; i++)
        TRY(fill_value(op, &form, setting__at(i)));
    TRY(txn_commit(&txn));
    if (op_may(op, "setting.edit") && fields_len)
        return ui_form_page(r, &form);
    struct setting__page v = {.head = form.head};
    for (size_t i = 0; i < fields_len; i++) {
        const struct setting_def *def = setting__at(i);
        struct str text = ui_form_value(&form, def->key)->text;
        for (const struct setting_choice *c = def->choices; c && c->value; c++)
            if (str_eq(str_of(c->value), text))
                text = tr(op->lang, c->label);
        if (def->type == SETTING_BOOL)
            text = tr(op->lang, text.len ? M("Yes") : M("No"));
        ui_def_text(op, &v.facts, def->label, text);
    }
    v.empty = (struct ui_empty){.icon = "settings", .text = M("There is nothing to set yet.")};
    return PAGE(r, M("Settings"), setting_show, &v);
}

static enum rc check_all(struct op *op, const struct setting_form *in, struct str *out_texts)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < fields_len; i++) {
        const struct setting_def *def = setting__at(i);
        const char *args[2];
        struct str text = def->type == SETTING_BOOL ? audit_text_bool(in->bools[i]) : in->texts[i];
        if (!text.at)
            continue; /* not sent: not changed */
        const char *wrong = setting__check(op, def, text, &out_texts[i], args);
        if (wrong) /* every field that is wrong is told at once */
            rc = fail(op, RC_INVALID, def->key, wrong, args[0], args[1]);
    }
    return rc;
}

static enum rc page_save(struct req *r)
{
    const struct setting_form *in = form(r);
    struct op *op = r->op;
    struct str *texts = NEW_ARRAY(op->arena, struct str, SETTINGS_MAX);
    TRY(check_all(op, in, texts));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(setting__store(op, texts, in->revision));
    TRY(txn_commit(&txn));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings");
}

const struct route setting_routes[] = {
    ROUTE(GET, "/settings", page_show, "setting.read"),
    ROUTE(POST, "/settings", page_save, "setting.edit", .fields = fields,
          .form_bytes = sizeof(struct setting_form), FORM_PAGE(page_show)),
    {0},
};

const struct ui_page setting_pages[] = {
    {UI_SETTINGS, M("Settings"), "/settings", "setting.read"},
};
const size_t setting_pages_len = LEN(setting_pages);
