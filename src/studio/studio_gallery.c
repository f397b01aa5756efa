/* The gallery: a new scheme begins from a template whose attributes are filled in, or empty. */
#include "studio/studio_gallery.h"

#include "studio/studio_q.h"
#include "studio/studio_view.h"

enum { ATTRIBUTES_SHOWN_MAX = 64 };

const struct field studio__template_fields[] = {
    F_STR(studio__template_form, name, 1, 200),
    F_STR(studio__template_form, code, 0, 64),
    F_PAIRS(studio__template_form, attr, ATTRIBUTES_SHOWN_MAX),
    FIELDS_END,
};

/* What a card looks like; templates without a line here have the usual picture. */
static const struct ui_word icons[] = {{"fixed", "coins"},
                                       {"percent", "percentage"},
                                       {"plan", "target-arrow"},
                                       {"multi-level", "sitemap"},
                                       {"split", "git-branch"},
                                       {"clawback", "receipt-refund"},
                                       {"referral", "gift"},
                                       {"recurring", "refresh"},
                                       {"margin", "scale"},
                                       {"telecom", "device-mobile"},
                                       {"conversion", "filter"},
                                       {"tiered", "stairs-up"},
                                       {0}};

static const char *icon_of(const char *code)
{
    for (size_t i = 0; icons[i].name; i++)
        if (str_find(str_of(code), str_of(icons[i].name), 0) != SIZE_MAX)
            return icons[i].label;
    return "table-options";
}

static struct studio__template_card blank_card(struct op *op)
{
    return (struct studio__template_card){
        .icon = "file-plus",
        .name = tr(op->lang, M("Empty scheme")),
        .use = tr(op->lang, M("Attributes, measures, tables and rewards from nothing.")),
        .href = STR("/schemes/templates/empty")};
}

static void add_templates(struct op *op, struct studio__gallery *v)
{
    size_t len = 0;
    const struct scheme_template *all = scheme_templates(&len);
    for (size_t i = 0; i < len; i++) {
        struct scheme_outline outline;
        struct scheme_example example;
        scheme_template_outline(op->arena, op->lang, &all[i], &outline);
        scheme_template_example(op->arena, op->lang, &all[i], &example);
        struct studio__template_card card = {
            .icon = icon_of(all[i].code),
            .name = outline.name,
            .use = outline.description,
            .example = example.words,
            .href = str_printf(op->arena, "/schemes/templates/%s", all[i].code)};
        VEC_PUSH(op->arena, &v->cards, card);
    }
}

static enum rc add_drafts(struct op *op, struct studio__gallery *v)
{
    struct open_draft_rows rows;
    TRY(q_open_drafts(op, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct str saved = i18n_date_time(op->arena, op->lang, rows.at[i].updated_at, op->zone);
        struct ui_item item = {.icon = "pencil",
                               .title = rows.at[i].name,
                               .note = rows.at[i].code,
                               .href = studio__href(op, rows.at[i].id, ""),
                               .when = i18n_format(op->arena, op->lang, M("saved {0}"), saved)};
        VEC_PUSH(op->arena, &v->drafts, item);
    }
    return RC_OK;
}

enum rc studio__page_gallery(struct req *r)
{
    struct op *op = r->op;
    struct studio__gallery v = {0};
    TRY(add_drafts(op, &v));
    v.head.title = M("New scheme");
    ui_crumb(op, &v.head, M("Schemes"), STR("/schemes"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Upload a .dmn file"),
                              .icon = "upload",
                              .href = STR("/schemes/new"),
                              .permission = "scheme.edit"});
    add_templates(op, &v);
    VEC_PUSH(op->arena, &v.cards, blank_card(op));
    return PAGE(r, M("New scheme"), studio_gallery, &v);
}

/* ---- one template ---- */

static const struct ui_field shown[] = {
    {.name = "name",
     .label = M("Name"),
     .hint = M("Partners read it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it. Empty: made from the name."),
     .kind = UI_FIELD_TEXT,
     .max_len = 64},
};

static struct ui_field field_of(struct op *op, const struct scheme_attribute *attribute)
{
    struct ui_field field = {
        .name = str_c(op->arena, str_join(op->arena, STR("attr:"), attribute->name)),
        .label = str_c(op->arena, attribute->label),
        .kind = UI_FIELD_TEXT,
        .is_half = true,
        .max_len = 400};
    if (str_eq(attribute->type, STR("number")))
        field.kind = UI_FIELD_NUMBER;
    if (str_eq(attribute->unit, STR("percent")))
        field.unit = "%";
    return field;
}

/* The attributes follow the name, with the template's values to begin with. */
static const struct ui_field *fields_of(struct op *op, const struct scheme_outline *outline,
                                        size_t *out_len)
{
    struct ui_field *fields =
        NEW_ARRAY(op->arena, struct ui_field, LEN(shown) + outline->attributes_len);
    memcpy(fields, shown, sizeof shown);
    *out_len = LEN(shown);
    for (size_t i = 0; i < outline->attributes_len; i++)
        fields[(*out_len)++] = field_of(op, &outline->attributes[i]);
    return fields;
}

static enum rc empty_page(struct req *r)
{
    struct op *op = r->op;
    struct ui_form form = {.submit = M("Create"), .cancel_href = STR("/schemes/templates")};
    form.head.title = M("Empty scheme");
    ui_crumb(op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb(op, &form.head, M("New scheme"), STR("/schemes/templates"));
    ui_form_init(r, &form, shown, LEN(shown));
    return ui_form_page(r, &form);
}

static void show_example(struct req *r, const struct scheme_template *template,
                         struct ui_form *form)
{
    struct scheme_example example;
    scheme_template_example(r->op->arena, r->op->lang, template, &example);
    form->below = ui_capture(http_out(r), studio_example_view, &example);
}

enum rc studio__page_template(struct req *r)
{
    struct op *op = r->op;
    struct scheme_outline outline;
    size_t len;
    if (str_eq(path_str(r, "code"), STR("empty")))
        return empty_page(r);
    const struct scheme_template *template = scheme_template_find(path_str(r, "code"));
    if (!template)
        return RC_MISSING;
    scheme_template_outline(op->arena, op->lang, template, &outline);
    struct ui_form form = {
        .submit = M("Create"), .is_wide = true, .cancel_href = STR("/schemes/templates")};
    form.head.name = outline.name;
    form.head.note = STR_NONE;
    ui_crumb(op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb(op, &form.head, M("New scheme"), STR("/schemes/templates"));
    form.head.below = ui_capture(http_out(r), studio_words_view, outline.description);
    const struct ui_field *fields = fields_of(op, &outline, &len);
    ui_form_init(r, &form, fields, len);
    ui_form_set(&form, "name", outline.name);
    for (size_t i = 0; i < outline.attributes_len; i++)
        ui_form_set(&form, fields[LEN(shown) + i].name,
                    scheme_value_input(op, &outline.attributes[i], outline.attributes[i].fallback));
    show_example(r, template, &form);
    return ui_form_page(r, &form);
}

/* Latin letters and digits of the name in capitals: "Dealer bonus" is DEALER-BONUS. */
static struct str code_of(struct op *op, struct str name)
{
    struct str fold = text_fold(op->arena, name);
    char *at = arena_alloc(op->arena, fold.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < fold.len && len < 40; i++) {
        char c = fold.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            at[len++] = (char)(c >= 'a' ? c - 'a' + 'A' : c);
        else if (len && at[len - 1] != '-')
            at[len++] = '-';
    }
    while (len && at[len - 1] == '-')
        len--;
    return len ? (struct str){at, len} : str_printf(op->arena, "SCHEME-%lld", (long long)op->now);
}

/* The text of a template with the values that were typed. */
static enum rc text_of(struct op *op, const struct scheme_template *template,
                       const struct studio__template_form *in, struct str code, struct str *out_xml)
{
    struct scheme_template_value *values =
        NEW_ARRAY(op->arena, struct scheme_template_value, in->attr.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < in->attr.len; i++)
        if (str_trim(in->attr.at[i].value).len)
            values[len++] =
                (struct scheme_template_value){in->attr.at[i].name, in->attr.at[i].value};
    struct scheme_template_order order = {
        .template = template, .code = code, .name = in->name, .values = values, .values_len = len};
    return scheme_template_text(op, &order, out_xml);
}

enum rc studio__page_template_make(struct req *r)
{
    struct op *op = r->op;
    const struct studio__template_form *in = form(r);
    struct str which = path_str(r, "code"), xml;
    const struct scheme_template *template = scheme_template_find(which);
    int64_t draft_id;
    if (!template && !str_eq(which, STR("empty")))
        return RC_MISSING;
    struct scheme_info s = {.name = in->name,
                            .code = in->code.len ? in->code : code_of(op, in->name)};
    if (template)
        TRY(text_of(op, template, in, s.code, &xml));
    else
        xml = scheme_edit_new(op->arena, s.code, s.name);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_save(op, &s, &s.id));
    TRY(studio_open(op, s.id, NONE, xml, &draft_id));
    TRY(txn_commit(&txn));
    return CREATED(r, "/schemes/drafts/{0}", sdr(draft_id));
}
