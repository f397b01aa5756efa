/* The form of a partner and its archiving, and the words and options that forms of its parts share.
 */
#include "partner/partner_q.h"
#include "partner/partner_web.h"

const struct ui_word partner__kinds[] = {{"company", M("Company")},
                                         {"sole_trader", M("Sole trader")},
                                         {"self_employed", M("Self-employed")},
                                         {"individual", M("Private person")},
                                         {"non_resident", M("Non-resident")},
                                         {0}};
const struct ui_word partner__vat_modes[] = {{"payer", M("Pays VAT")},
                                             {"exempt", M("Exempt from VAT")},
                                             {"simplified", M("Simplified, without VAT")},
                                             {"reverse", M("Reverse charge")},
                                             {0}};
const struct ui_word partner__trees[] = {
    {"owner", M("Ownership")},     {"sponsor", M("Sponsorship")}, {"placement", M("Placement")},
    {"territory", M("Territory")}, {"supply", M("Supply")},       {0}};
const struct ui_word partner__address_kinds[] = {{"legal", M("Legal address")},
                                                 {"postal", M("Postal address")},
                                                 {"actual", M("Actual address")},
                                                 {0}};

const char *partner__kind_label(struct str kind)
{
    const char *label = ui_word_label(partner__kinds, kind);
    assert(label); /* the database allows no other */
    return label;
}

/* ---- options ---- */

enum rc partner__branch_options(struct ui_form *form, const char *field, int64_t keep_id)
{
    struct op *op = form->op;
    struct org_choices branches;
    TRY(org_branch_choices(op, keep_id, &branches));
    for (size_t i = 0; i < branches.len; i++)
        ui_form_option(form, field, ui_pid(op, pid_of("brn", branches.at[i].id)),
                       branches.at[i].name);
    if (keep_id)
        ui_form_set(form, field, ui_pid(op, pid_of("brn", keep_id)));
    else if (branches.len == 1)
        ui_form_set(form, field, ui_pid(op, pid_of("brn", branches.at[0].id)));
    return RC_OK;
}

enum rc partner__level_options(struct ui_form *form, const char *field)
{
    struct partner_levels levels;
    TRY(partner_levels_all(form->op, &levels));
    for (size_t i = 0; i < levels.len; i++)
        ui_form_option(form, field, ui_pid(form->op, lvl(levels.at[i].id)), levels.at[i].name);
    return RC_OK;
}

enum rc partner__group_options(struct ui_form *form, const char *field)
{
    struct partner_groups groups;
    TRY(partner_groups_all(form->op, &groups));
    for (size_t i = 0; i < groups.len; i++)
        ui_form_option(form, field, ui_pid(form->op, grp(groups.at[i].id)), groups.at[i].name);
    return RC_OK;
}

enum rc partner__manager_options(struct ui_form *form, const char *field)
{
    struct auth_user_list people;
    TRY(auth_users_who_may(form->op, "partner.read", &people));
    for (size_t i = 0; i < people.len; i++)
        ui_form_option(form, field, ui_pid(form->op, usr(people.at[i].id)), people.at[i].name);
    return RC_OK;
}

void partner__crumbs(struct op *op, struct ui_head *head, const struct partner *partner)
{
    ui_crumb(op, head, M("Partners"), STR("/partners"));
    if (partner)
        ui_crumb_text(op, head, partner->name, partner__url(op, partner->id, ""));
}

/* ---- the form ---- */

struct partner_form {
    struct str code, name, legal_name, kind, country, tax_number, tax_reason_code, registration;
    struct str vat_mode, email, phone, site, tags;
    int64_t branch_id;
    struct opt_i64 manager_id, level_id, revision;
    struct i64_list roles, groups;
    struct opt_date since;
    struct field_pairs attr;
};
static const struct field partner_fields[] = {
    F_STR(partner_form, name, 1, 200),
    F_STR(partner_form, code, 1, 64),
    F_STR(partner_form, legal_name, 0, 300),
    F_STR(partner_form, kind, 1, 20),
    F_STR(partner_form, country, 0, 2),
    F_STR(partner_form, tax_number, 0, 40),
    F_STR(partner_form, tax_reason_code, 0, 20),
    F_STR(partner_form, registration, 0, 40),
    F_STR(partner_form, vat_mode, 0, 20),
    F_STR(partner_form, email, 0, 254),
    F_STR(partner_form, phone, 0, 40),
    F_STR(partner_form, site, 0, 200),
    F_STR(partner_form, tags, 0, 1500),
    F_ID(partner_form, branch_id, "brn"),
    F_OPT_ID(partner_form, manager_id, "usr"),
    F_OPT_ID(partner_form, level_id, "lvl"),
    F_IDS(partner_form, roles, "prl", 30),
    F_IDS(partner_form, groups, "grp", 200),
    F_OPT_DATE(partner_form, since),
    F_OPT_I64(partner_form, revision, 0, INT64_MAX),
    F_PAIRS(partner_form, attr, ATTRIBUTES_MAX),
    FIELDS_END,
};

static const struct ui_field shown[] = {
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200,
     .section = M("Partner")},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 64},
    {.name = "since", .label = M("Partner since"), .kind = UI_FIELD_DATE, .is_half = true},
    {.name = "roles",
     .label = M("Roles"),
     .hint = M("What the partner does for us; there may be several."),
     .kind = UI_FIELD_CHECKS},
    {.name = "branch_id",
     .label = M("Branch"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true,
     .section = M("Who looks after it")},
    {.name = "manager_id", .label = M("Account manager"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "level_id", .label = M("Level"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "tags",
     .label = M("Tags"),
     .hint = M("Words with a comma between them."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "groups", .label = M("Groups"), .kind = UI_FIELD_CHECKS},
    {.name = "kind",
     .label = M("Kind"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true,
     .section = M("Company and taxes")},
    {.name = "country", .label = M("Country"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "legal_name", .label = M("Legal name"), .kind = UI_FIELD_TEXT, .max_len = 300},
    {.name = "tax_number",
     .label = M("Tax number"),
     .hint = M("INN in Russia, NIF in Spain; its check digits are verified."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 40},
    {.name = "tax_reason_code",
     .label = M("KPP"),
     .hint = M("Russian companies only."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 20},
    {.name = "registration",
     .label = M("Registration number"),
     .hint = M("OGRN in Russia, company register elsewhere."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 40},
    {.name = "vat_mode", .label = M("VAT mode"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "email",
     .label = M("E-mail"),
     .kind = UI_FIELD_EMAIL,
     .is_half = true,
     .section = M("How to reach it")},
    {.name = "phone", .label = M("Phone"), .kind = UI_FIELD_PHONE, .is_half = true},
    {.name = "site", .label = M("Web site"), .kind = UI_FIELD_URL, .max_len = 200},
};

static enum rc set_sets(struct op *op, struct ui_form *form, const struct partner *p)
{
    struct partner_roles roles;
    TRY(partner_roles_all(op, &roles));
    for (size_t i = 0; i < roles.len; i++)
        ui_form_option(form, "roles", ui_pid(op, prl(roles.at[i].id)),
                       partner_role_label(op->lang, &roles.at[i]));
    TRY(partner__group_options(form, "groups"));
    if (p->id == 0)
        return RC_OK;
    struct partner_groups groups;
    struct str_list tags;
    TRY(partner_roles_of(op, p->id, &roles));
    for (size_t i = 0; i < roles.len; i++)
        ui_form_add(form, "roles", ui_pid(op, prl(roles.at[i].id)));
    TRY(partner_groups_of(op, p->id, &groups));
    for (size_t i = 0; i < groups.len; i++)
        ui_form_add(form, "groups", ui_pid(op, grp(groups.at[i].id)));
    TRY(partner_tags_of(op, p->id, &tags));
    ui_form_set(form, "tags", partner__join(op, &tags));
    return RC_OK;
}

static void set_facts(struct op *op, struct ui_form *form, const struct partner *p)
{
    ui_form_set(form, "name", p->name);
    ui_form_set(form, "code", p->code);
    ui_form_set(form, "legal_name", p->legal_name);
    ui_form_set(form, "kind", p->kind.len ? p->kind : STR("company"));
    ui_form_set(form, "country", p->country);
    ui_form_set(form, "tax_number", p->tax.number);
    ui_form_set(form, "tax_reason_code", p->tax.reason_code);
    ui_form_set(form, "registration", p->tax.registration);
    ui_form_set(form, "vat_mode", p->vat_mode);
    ui_form_set(form, "email", p->email);
    ui_form_set(form, "phone", p->phone);
    ui_form_set(form, "site", p->site);
    if (p->since)
        ui_form_set_date(form, "since", SOME(zone_date(op->zone, p->since).days));
    if (p->manager_id.has)
        ui_form_set(form, "manager_id", ui_pid(op, usr(p->manager_id.v)));
    if (p->level_id.has)
        ui_form_set(form, "level_id", ui_pid(op, lvl(p->level_id.v)));
}

static enum rc partner_record_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct partner *p = NEW(op->arena, struct partner);
    TRY(partner_get(op, id, p));
    *out = UI_RECORD_OF(p, p);
    return RC_OK;
}

static enum rc fresh_partner(struct op *op, struct partner *out)
{
    struct org_operator operator= {0};
    enum rc rc = org_operator_get(op, &operator);
    if (rc != RC_MISSING)
        TRY(rc);
    *out = (struct partner){.since = op->now, .country = operator.country };
    return RC_OK;
}

static enum rc partner_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    struct partner fresh = {0};
    const struct partner *p = record->own ? record->own : &fresh;
    const struct ui_field *fields;
    size_t len;
    if (!record->own)
        TRY(fresh_partner(op, &fresh));
    TRY(attribute_form_fields(op, "partner", shown, LEN(shown), &fields, &len));
    ui_form_init(r, form, fields, len);
    ui_form_words(form, "kind", partner__kinds);
    ui_form_words(form, "vat_mode", partner__vat_modes);
    ui_form_countries(form, "country");
    TRY(partner__branch_options(form, "branch_id", p->branch_id));
    TRY(partner__manager_options(form, "manager_id"));
    TRY(partner__level_options(form, "level_id"));
    TRY(set_sets(op, form, p));
    set_facts(op, form, p);
    return attribute_form_set(op, "partner", p->id, form);
}

/* ---- saving ---- */

static struct partner from_form(struct op *op, const struct partner_form *in, int64_t id)
{
    return (struct partner){
        .id = id,
        .revision = in->revision.v,
        .code = in->code,
        .name = in->name,
        .legal_name = in->legal_name,
        .branch_id = in->branch_id,
        .manager_id = in->manager_id,
        .level_id = in->level_id,
        .kind = in->kind,
        .country = in->country,
        .tax = {in->tax_number, in->tax_reason_code, in->registration},
        .vat_mode = in->vat_mode,
        .email = in->email,
        .phone = in->phone,
        .site = in->site,
        .since = in->since.has ? zone_day_start(op->zone, in->since.v) : 0,
    };
}

static struct str_list tags_from(struct op *op, struct str text)
{
    struct str_list tags = {0};
    while (text.len) {
        struct str tag = str_trim(str_cut(&text, ','));
        if (tag.len)
            VEC_PUSH(op->arena, &tags, tag);
    }
    return tags;
}

/* One transaction: the record, its sets, its attributes. */
static enum rc partner_store(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct partner_form *in = form(r);
    struct partner p = from_form(op, in, id);
    bool is_changed = false;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(partner_save(op, &p, out_id));
    struct str_list tags = tags_from(op, in->tags.at ? in->tags : STR(""));
    struct attribute_owner owner = {"partner", *out_id, p.code, SOME(*out_id)};
    TRY(partner_roles_set(op, *out_id, &in->roles));
    TRY(partner_groups_set(op, *out_id, &in->groups));
    TRY(partner_tags_set(op, *out_id, &tags));
    TRY(attribute_values_save(op, &owner, &in->attr, r->is_api, id == 0, &is_changed));
    if (is_changed && id != 0)
        TRY(partner__touch(op, id));
    return txn_commit(&txn);
}

static const struct ui_record_kind partner_kind = {
    .record = "partner",
    .path = "/partners",
    .prefix = "prt",
    .permission_edit = "partner.edit",
    .plural = M("Partners"),
    .title_new = M("New partner"),
    .add = M("Add partner"),
    .added = M("The partner was added."),
    .archive_words = {M("Archive the partner?"),
                      M("{0} disappears from lists; everything about it is kept.")},
    .restore_words = {M("Restore the partner?"), M("{0} stands in lists again.")},
    .has_own_page = true,
    .journal = &audit_journal,
    .get = partner_record_get,
    .form = partner_fill,
    .save = partner_store,
    .archive = partner_archive,
};
UI_RECORD_PAGES(partner)

const struct route partner_form_routes[] = {
    ROUTE(GET, "/partners/new", page_partner_new, "partner.edit"),
    ROUTE(POST, "/partners", page_partner_create, "partner.edit",
          FORM(partner_form, partner_fields), FORM_PAGE(page_partner_new), API),
    ROUTE(GET, "/partners/:prt/edit", page_partner_edit, "partner.edit"),
    ROUTE(POST, "/partners/:prt/edit", page_partner_save, "partner.edit",
          FORM(partner_form, partner_fields), FORM_PAGE(page_partner_edit), API),
    UI_ARCHIVE_ROUTES(partner, "/partners", "prt", "partner.edit"),
    {0},
};
