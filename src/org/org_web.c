/* Pages of the company: the operator with its legal entities and branches at a glance, and the form
 * of the operator. */
#include "org/org.h"
#include "org/org_int.h"
#include "org/org_view.h"

/* ---- options of selects ---- */

static void zone_options(struct op *op, struct ui_form *form, const char *field)
{
    struct str_list names;
    zone_list(op->arena, &names);
    for (size_t i = 0; i < names.len; i++)
        ui_form_option(form, field, names.at[i], names.at[i]);
    ui_form_option(form, field, STR("UTC"), STR("UTC"));
}

/* ---- the operator's form ---- */

struct operator_form {
    struct str name, country, currency, zone, lang;
    struct str_list languages;
    struct opt_i64 revision;
};
static const struct field operator_fields[] = {
    F_STR(operator_form, name, 1, 200),
    F_STR(operator_form, country, 2, 2),
    F_STR(operator_form, currency, 3, 3),
    F_STR(operator_form, zone, 1, 64),
    F_STR(operator_form, lang, 2, 2),
    F_STRS(operator_form, languages, LANG_COUNT),
    F_OPT_I64(operator_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field operator_shown[] = {
    {.name = "name",
     .label = M("Name of the company"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200,
     .autocomplete = "organization"},
    {.name = "country",
     .label = M("Country"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "currency",
     .label = M("Main currency"),
     .hint = M("New contracts and screens begin with it."),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "zone",
     .label = M("Time zone"),
     .hint = M("Days and months are cut in this zone, and times are shown in it."),
     .kind = UI_FIELD_SELECT,
     .is_required = true},
    {.name = "languages",
     .label = M("Languages"),
     .hint = M("People choose among these."),
     .kind = UI_FIELD_CHECKS,
     .is_required = true},
    {.name = "lang",
     .label = M("Language of people who have chosen none"),
     .kind = UI_FIELD_SELECT,
     .is_required = true},
};

void org_operator_form(struct req *r, struct ui_form *form, const struct org_operator *o)
{
    struct op *op = r->op;
    ui_form_init(r, form, operator_shown, LEN(operator_shown));
    ui_form_countries(form, "country");
    ui_form_currencies(form, "currency");
    zone_options(op, form, "zone");
    for (int i = 1; i <= LANG_COUNT; i++) {
        const struct lang *lang = lang_of((enum lang_id)i);
        ui_form_option(form, "languages", str_of(lang->code), str_of(lang->name));
        ui_form_option(form, "lang", str_of(lang->code), str_of(lang->name));
    }
    ui_form_set(form, "name", o->name);
    ui_form_set(form, "country", o->country);
    ui_form_set(form, "currency", o->currency);
    ui_form_set(form, "zone", o->zone);
    ui_form_set(form, "lang", o->lang);
    struct str rest = o->languages;
    while (rest.at && rest.len)
        ui_form_add(form, "languages", str_cut(&rest, ' '));
}

static enum rc page_company_edit(struct req *r)
{
    struct org_operator o = {.name = STR(""), .languages = STR("en ru es"), .lang = STR("en")};
    enum rc rc = org_operator_get(r->op, &o);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    struct ui_form form = {
        .submit = M("Save"), .revision = o.revision, .cancel_href = STR("/settings/company")};
    ui_crumb(r->op, &form.head, M("Settings"), STR("/settings/company"));
    form.head.title = M("Company");
    org_operator_form(r, &form, &o);
    return ui_form_page(r, &form);
}

static struct str joined(struct op *op, const struct str_list *words)
{
    AUTO_BUF buf = BUF(256);
    for (size_t i = 0; i < words->len; i++)
        buf_printf(&buf, "%s" STR_FMT, i ? " " : "", STR_ARG(words->at[i]));
    return str_dup(op->arena, buf_str(&buf));
}

static enum rc page_company_save(struct req *r)
{
    const struct operator_form *in = form(r);
    struct org_operator o = {
        .revision = in->revision.v,
        .name = in->name,
        .country = in->country,
        .currency = in->currency,
        .zone = in->zone,
        .lang = in->lang,
        .languages = joined(r->op, &in->languages),
    };
    TRY(org_operator_save(r->op, &o));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/company");
}

/* ---- the company at a glance ---- */

enum rc org__name_of_languages(struct op *op, struct str languages, struct str *out)
{
    struct str names[LANG_COUNT];
    size_t len = 0;
    struct str rest = languages;
    while (rest.at && len < LANG_COUNT) {
        const struct lang *lang = lang_find(str_cut(&rest, ' '));
        if (lang)
            names[len++] = str_of(lang->name);
    }
    *out = i18n_list(op->arena, op->lang, names, len);
    return RC_OK;
}

static enum rc operator_facts(struct op *op, const struct org_operator *o, struct ui_defs *facts)
{
    struct str languages;
    const struct currency *currency = currency_find(o->currency);
    const struct lang *lang = lang_find(o->lang);
    TRY(org__name_of_languages(op, o->languages, &languages));
    ui_def_text(op, facts, M("Name"), o->name);
    ui_def_text(op, facts, M("Country"), i18n_country_name(op->arena, op->lang, o->country));
    if (currency)
        ui_def_text(op, facts, M("Main currency"),
                    i18n_currency_name(op->arena, op->lang, currency));
    ui_def_text(op, facts, M("Time zone"), o->zone);
    ui_def_text(op, facts, M("Languages"), languages);
    if (lang)
        ui_def_text(op, facts, M("Language of people who have chosen none"), str_of(lang->name));
    return RC_OK;
}

static enum rc page_company(struct req *r)
{
    struct op *op = r->op;
    struct org_operator o;
    struct org_choices entities, branches;
    enum rc rc = org_operator_get(op, &o);
    if (rc == RC_MISSING)
        return REDIRECT(r, "/settings/company/edit");
    TRY(rc);
    TRY(org_entity_choices(op, 0, &entities));
    TRY(org_branch_choices(op, 0, &branches));
    struct org_company_page v = {.head = {.title = M("Company")}};
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = STR("/settings/company/edit"),
                              .permission = "org.edit"});
    TRY(operator_facts(op, &o, &v.facts));
    for (size_t i = 0; i < entities.len; i++) {
        struct ui_item item = {.icon = "building-bank",
                               .title = entities.at[i].name,
                               .href =
                                   ui_url(op, "/settings/entities", ent(entities.at[i].id), "")};
        VEC_PUSH(op->arena, &v.entities, item);
    }
    for (size_t i = 0; i < branches.len; i++) {
        struct ui_item item = {.icon = "building",
                               .title = branches.at[i].name,
                               .note = branches.at[i].code,
                               .href =
                                   ui_url(op, "/settings/branches", brn(branches.at[i].id), "")};
        VEC_PUSH(op->arena, &v.branches, item);
    }
    TRY(audit_card(r, "operator", 1, &v.history));
    return PAGE(r, M("Company"), org_company, &v);
}

const struct route org_routes[] = {
    ROUTE(GET, "/settings/company", page_company, "org.read"),
    ROUTE(GET, "/settings/company/edit", page_company_edit, "org.edit"),
    ROUTE(POST, "/settings/company/edit", page_company_save, "org.edit",
          FORM(operator_form, operator_fields), FORM_PAGE(page_company_edit), API),
    {0},
};
