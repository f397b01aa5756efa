/* The settings page of the brand, and what the portal's pages load of it. Logo and style are
 * public: they are the same for every partner and hold nothing else. */
#include "audit/audit.h"
#include "brand/brand.h"
#include "mail/mail.h"

struct brand_form {
    struct str portal_name, accent;
    struct upload logo, logo_dark;
    bool no_logo, no_logo_dark;
    struct opt_i64 revision;
};
/* The limit of the files stands a little above ours, so that the message is ours too. */
static const struct field brand_fields[] = {
    F_STR(brand_form, portal_name, 0, 60),
    F_STR(brand_form, accent, 0, 7),
    F_OPT_FILE(brand_form, logo, BRAND_LOGO_BYTES_MAX * 4),
    F_OPT_FILE(brand_form, logo_dark, BRAND_LOGO_BYTES_MAX * 4),
    F_BOOL(brand_form, no_logo),
    F_BOOL(brand_form, no_logo_dark),
    F_OPT_I64(brand_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field fields[] = {
    {.name = "portal_name",
     .label = M("Name of the portal"),
     .hint = M("Empty: the name of the company."),
     .kind = UI_FIELD_TEXT,
     .max_len = 60},
    {.name = "accent",
     .label = M("Accent colour"),
     .hint = M("Like #2f55d4. White words must be readable on it; shades and the dark colours are "
               "made from it."),
     .kind = UI_FIELD_TEXT,
     .max_len = 7},
    {.name = "logo",
     .label = M("Logo on light"),
     .hint = M("PNG or JPEG, at most 256 KiB. It is shown 28 points high."),
     .kind = UI_FIELD_FILE,
     .accept = "image/png,image/jpeg",
     .section = M("Logo")},
    {.name = "no_logo", .label = M("Take the present logo away"), .kind = UI_FIELD_CHECK},
    {.name = "logo_dark",
     .label = M("Logo on dark"),
     .hint = M("Without one the other is shown."),
     .kind = UI_FIELD_FILE,
     .accept = "image/png,image/jpeg"},
    {.name = "no_logo_dark", .label = M("Take the present dark logo away"), .kind = UI_FIELD_CHECK},
};

static enum rc page_brand(struct req *r)
{
    struct brand b;
    TRY(brand_get(r->op, &b));
    struct ui_form form = {.submit = M("Save"), .revision = b.revision};
    form.head.title = M("Portal's look");
    ui_form_init(r, &form, fields, LEN(fields));
    ui_form_set(&form, "portal_name", b.portal_name);
    ui_form_set(&form, "accent", b.accent);
    return ui_form_page(r, &form);
}

static enum rc page_save(struct req *r)
{
    const struct brand_form *in = form(r);
    struct brand b = {.portal_name = in->portal_name.at ? in->portal_name : STR(""),
                      .accent = in->accent.at ? in->accent : STR(""),
                      .revision = in->revision.v};
    struct brand_logos logos = {in->logo.content, in->logo_dark.content, in->no_logo,
                                in->no_logo_dark};
    TRY(brand_save(r->op, &b, &logos));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/brand");
}

/* ---- what browsers load ---- */

static enum rc page_style(struct req *r)
{
    struct brand b;
    struct brand_colour accent;
    TRY(brand_get(r->op, &b));
    if (!brand_colour_parse(b.accent, &accent))
        return RC_MISSING;
    TRY(download_begin(r, STR("brand.css"), "text/css; charset=utf-8", false));
    TRY(download_put(r, brand_style(r->op->arena, accent)));
    return download_end(r);
}

/* The file is the operator's, and this one is for everybody. */
static enum rc page_logo(struct req *r)
{
    struct brand b;
    bool is_dark = str_eq(path_str(r, "which"), STR("dark"));
    TRY(brand_get(r->op, &b));
    struct opt_i64 id = is_dark ? b.logo_dark_id : b.logo_id;
    if (!id.has || (!is_dark && !str_eq(path_str(r, "which"), STR("light"))))
        return RC_MISSING;
    struct actor asking = r->op->actor;
    r->op->actor = (struct actor){.kind = ACTOR_SYSTEM};
    enum rc rc = file_send(r, id.v, true);
    r->op->actor = asking;
    return rc;
}

/* ---- in the shell ---- */

static void (*facts_below)(struct req *r, struct ui_facts *out);

static void facts(struct req *r, struct ui_facts *out)
{
    struct brand b;
    facts_below(r, out);
    if (r->op->actor.kind != ACTOR_PARTNER || brand_get(r->op, &b) != RC_OK)
        return;
    if (b.portal_name.len)
        out->brand_name = b.portal_name;
    if (b.accent.len)
        out->brand_css_url = STR("/brand/style");
    if (b.logo_id.has)
        out->brand_logo_url = STR("/brand/logo/light");
    if (b.logo_id.has && b.logo_dark_id.has)
        out->brand_logo_dark_url = STR("/brand/logo/dark");
}

/* Letters to partners. */
static enum rc of_letters(struct op *op, struct mail_brand *out)
{
    struct brand b;
    struct brand_picture logo;
    TRY(brand_get(op, &b));
    TRY(brand_logo(op, &logo));
    *out = (struct mail_brand){.name = b.portal_name,
                               .accent = b.accent,
                               .logo = {logo.bytes, logo.mime, logo.width, logo.height}};
    return RC_OK;
}

static const struct audit_name names[] = {{"brand", M("Portal's look"), NULL, NULL},
                                          {"brand.edit", M("Portal's look changed"), NULL, NULL},
                                          {0}};
static const struct ui_page pages[] = {
    {UI_SETTINGS, M("Portal's look"), "/settings/brand", "brand.edit"},
};

void brand_start(void)
{
    static struct ui_hooks hooks;
    hooks = *ui_hooks_get();
    facts_below = hooks.facts;
    hooks.facts = facts;
    ui_hooks_set(&hooks);
    mail_brand_set(of_letters);
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
}

const struct route brand_routes[] = {ROUTE(GET, "/settings/brand", page_brand, "brand.edit"),
                                     ROUTE(POST, "/settings/brand", page_save, "brand.edit",
                                           FORM(brand_form, brand_fields), FORM_PAGE(page_brand)),
                                     ROUTE(GET, "/brand/style", page_style, PERM_PUBLIC),
                                     ROUTE(GET, "/brand/logo/{which}", page_logo, PERM_PUBLIC),
                                     {0}};
