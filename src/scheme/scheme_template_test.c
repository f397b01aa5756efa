/* Templates: each is a scheme that can be published as it is, in every language; filled attributes
 * arrive, wrong ones are named; the worked examples can be shown. (That they hold is the business
 * of tests/golden.sh, which plays them.) */
#include "scheme/scheme_int.h"
#include "scheme/scheme_template.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct str said(struct fixture *f)
{
    if (f->op.fault.entries_len == 0)
        return STR("nothing");
    return i18n_fault(f->arena, lang_of(LANG_EN), &f->op.fault.entries[0]);
}

static void each_template(struct fixture *f)
{
    size_t len = 0;
    const struct scheme_template *templates = scheme_templates(&len);
    ok(len >= 14, "the gallery has its templates");
    for (size_t i = 0; i < len; i++) {
        struct scheme_outline english, russian;
        struct scheme_example example;
        const struct scheme *scheme = NULL;
        struct fault fault = {.arena = f->arena};
        struct scheme_template_order order = {.template = &templates[i], .code = STR("MINE")};
        struct str xml;
        scheme_template_outline(f->arena, lang_of(LANG_EN), &templates[i], &english);
        scheme_template_outline(f->arena, lang_of(LANG_RU), &templates[i], &russian);
        scheme_template_example(f->arena, lang_of(LANG_EN), &templates[i], &example);
        bool is_read = scheme_template_text(&f->op, &order, &xml) == RC_OK &&
                       scheme_read(f->arena, xml, &fault, &scheme) == RC_OK;
        bool is_told = english.description.len && !str_eq(english.name, russian.name) &&
                       !str_eq(english.description, russian.description);
        bool is_labelled = english.attributes_len > 0;
        for (size_t k = 0; k < english.attributes_len; k++)
            is_labelled =
                is_labelled && !str_eq(english.attributes[k].label, russian.attributes[k].label);
        ok(is_read && scheme->warnings_len == 0,
           str_c(f->arena,
                 str_printf(f->arena, "%s is a scheme without a finding", templates[i].code)));
        ok(is_told && is_labelled, "it is told in the reader's language, attributes too");
        ok(example.words.len > 20 && example.tables.len >= 3 && example.tables.at[0].head.len > 0 &&
               example.tables.at[0].rows.len > 0,
           "and has a worked example");
    }
}

static void ordering(struct fixture *f)
{
    const struct scheme_template_value values[] = {{STR_INIT("top rate"), STR_INIT("12 %")},
                                                   {STR_INIT("top from"), STR_INIT("20000")}};
    struct scheme_template_order order = {.template = scheme_template_find(STR("tiered-whole")),
                                          .code = STR("REPS"),
                                          .name = STR("Our representatives"),
                                          .values = values,
                                          .values_len = LEN(values)};
    const struct scheme *scheme = NULL;
    struct scheme_info info = {0};
    int64_t scheme_id = 0, version_id = 0;
    f->op.lang = lang_of(LANG_RU);
    ok(scheme_template_make(&f->op, &order, &scheme_id, &version_id) == RC_OK,
       "a scheme is made from a template");
    f->op.lang = lang_of(LANG_EN);
    if (scheme_get(&f->op, scheme_id, &info) != RC_OK ||
        scheme_version_load(&f->op, version_id, &scheme) != RC_OK) {
        ok(false, "it can be read");
        return;
    }
    is_str(info.name, "Our representatives", "under the name that was given");
    is_str(scheme->attributes[4].fallback, "0.12", "with the values that were filled");
    is_str(scheme->attributes[0].fallback, "0.05", "and those of the template");
    is_str(scheme->attributes[4].label, "Верхняя ступень: ставка", "and the words of who made it");
    ok(scheme_template_make(&f->op, &order, &scheme_id, &version_id) == RC_INVALID ||
           f->op.fault.rc == RC_CONFLICT,
       "the code is taken then");
}

static void refusals(struct fixture *f)
{
    const struct scheme_template_value values[] = {{STR_INIT("rate"), STR_INIT("120%")},
                                                   {STR_INIT("height"), STR_INIT("3")}};
    struct scheme_template_order order = {.template = scheme_template_find(STR("percent")),
                                          .code = STR("BAD"),
                                          .values = values,
                                          .values_len = LEN(values)};
    int64_t scheme_id = 0, version_id = 0;
    ok(scheme_template_find(STR("none")) == NULL, "a template that there is not is not found");
    ok(scheme_template_make(&f->op, &order, &scheme_id, &version_id) == RC_INVALID &&
           f->op.fault.entries_len == 2,
       "everything wrong is said at once");
    is_str(said(f), "This is more than the scheme allows.", "bounds of the template hold");
    is_str(str_of(f->op.fault.entries[1].field), "height", "and what it lacks is named");
    ok(fixture_i64(f, "select count(*) from scheme") == 0, "and nothing was made");
}

int main(void)
{
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    approval_start();
    scheme_start();
    fixture_each(each_template);
    fixture_each(ordering);
    fixture_each(refusals);
    return done_testing();
}
