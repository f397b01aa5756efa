/* Forms of what hangs on a partner: contacts, addresses, bank details. */
#include "partner/partner_view.h"
#include "partner/partner_web.h"

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

/* ---- contacts ---- */

struct contact_form {
    struct str name, position, email, phone, note;
    bool is_main;
    struct opt_i64 revision;
};
static const struct field contact_fields[] = {
    F_STR(contact_form, name, 1, 200),
    F_STR(contact_form, position, 0, 200),
    F_STR(contact_form, email, 0, 254),
    F_STR(contact_form, phone, 0, 40),
    F_STR(contact_form, note, 0, 500),
    F_BOOL(contact_form, is_main),
    F_OPT_I64(contact_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field contact_shown[] = {
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "position", .label = M("Position"), .kind = UI_FIELD_TEXT, .max_len = 200},
    {.name = "email", .label = M("E-mail"), .kind = UI_FIELD_EMAIL, .is_half = true},
    {.name = "phone", .label = M("Phone"), .kind = UI_FIELD_PHONE, .is_half = true},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_AREA, .max_len = 500},
    {.name = "is_main", .label = M("Main contact"), .kind = UI_FIELD_CHECK},
};

static enum rc contact_page(struct req *r, struct ui_form *form, const struct partner *p,
                            const struct partner_contact *c)
{
    partner__crumbs(r->op, &form->head, p);
    form->cancel_href = partner__url(r->op, p->id, "");
    ui_form_init(r, form, contact_shown, LEN(contact_shown));
    ui_form_set(form, "name", c->name);
    ui_form_set(form, "position", c->position);
    ui_form_set(form, "email", c->email);
    ui_form_set(form, "phone", c->phone);
    ui_form_set(form, "note", c->note);
    ui_form_set_check(form, "is_main", c->is_main);
    return ui_form_page(r, form);
}

static enum rc page_contact_new(struct req *r)
{
    struct partner p;
    struct partner_contact c = {0};
    TRY(partner_get(r->op, path_id(r, "prt"), &p));
    struct ui_form form = {.submit = M("Add contact"),
                           .action = partner__url(r->op, p.id, "/contacts")};
    form.head.title = M("New contact");
    return contact_page(r, &form, &p, &c);
}

static enum rc page_contact_edit(struct req *r)
{
    struct partner p;
    struct partner_contact c;
    TRY(partner_contact_get(r->op, path_id(r, "con"), &c));
    TRY(partner_get(r->op, c.partner_id, &p));
    struct ui_form form = {.submit = M("Save"), .revision = c.revision};
    form.head.name = c.name;
    ui_act(
        r->op, &form.head.actions,
        (struct ui_action){.label = M("Archive…"),
                           .icon = "archive",
                           .href = str_printf(r->op->arena, "/contacts/%s/archive", con(c.id).text),
                           .kind = UI_DANGER,
                           .is_dialog = true});
    return contact_page(r, &form, &p, &c);
}

static struct partner_contact contact_from(const struct contact_form *in)
{
    return (struct partner_contact){.revision = in->revision.v,
                                    .name = in->name,
                                    .position = in->position,
                                    .email = in->email,
                                    .phone = in->phone,
                                    .note = in->note,
                                    .is_main = in->is_main};
}

static enum rc page_contact_add(struct req *r)
{
    struct partner_contact c = contact_from(form(r));
    int64_t id;
    c.partner_id = path_id(r, "prt");
    TRY(partner_contact_save(r->op, &c, &id));
    answer_note(r, M("The contact was added."));
    return CREATED(r, "/partners/{0}", prt(c.partner_id));
}

static enum rc page_contact_save(struct req *r)
{
    struct partner_contact c = contact_from(form(r)), stored;
    int64_t id;
    c.id = path_id(r, "con");
    TRY(partner_contact_save(r->op, &c, &id));
    TRY(partner_contact_get(r->op, id, &stored));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/partners/{0}", prt(stored.partner_id));
}

static enum rc page_contact_ask(struct req *r)
{
    struct partner_contact c;
    TRY(partner_contact_get(r->op, path_id(r, "con"), &c));
    struct ui_confirm confirm = {
        .title = M("Archive the contact?"),
        .name = c.name,
        .text = M("{0} disappears from the page of the partner."),
        .action = str_printf(r->op->arena, "/contacts/%s/archive", con(c.id).text),
        .button = M("Archive"),
        .is_danger = true,
        .cancel_href = partner__url(r->op, c.partner_id, ""),
        .revision = c.revision};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_contact_archive(struct req *r)
{
    const struct revision_form *in = form(r);
    struct partner_contact c;
    TRY(partner_contact_get(r->op, path_id(r, "con"), &c));
    TRY(partner_contact_archive(r->op, c.id, in->revision.v));
    answer_note(r, M("Archived."));
    return REDIRECT(r, "/partners/{0}", prt(c.partner_id));
}

/* ---- addresses ---- */

struct address_form {
    struct str kind;
    struct str address_country, address_region, address_postcode, address_city, address_line;
};
static const struct field address_fields[] = {
    F_STR(address_form, kind, 1, 20),
    F_STR(address_form, address_country, 0, 2),
    F_STR(address_form, address_region, 0, 100),
    F_STR(address_form, address_postcode, 0, 20),
    F_STR(address_form, address_city, 0, 100),
    F_STR(address_form, address_line, 0, 300),
    FIELDS_END,
};
struct address_query {
    struct str kind;
};
static const struct field address_query_fields[] = {
    F_STR(address_query, kind, 0, 20),
    FIELDS_END,
};
static const struct ui_field address_shown[] = {
    {.name = "kind", .label = M("Kind"), .kind = UI_FIELD_HIDDEN},
    {.name = "address_country", .label = M("Country"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "address_postcode",
     .label = M("Postcode"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 20},
    {.name = "address_region",
     .label = M("Region"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 100},
    {.name = "address_city",
     .label = M("City"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 100},
    {.name = "address_line",
     .label = M("Address"),
     .hint = M("Leave everything empty to take the address away."),
     .kind = UI_FIELD_TEXT,
     .max_len = 300},
};

static enum rc page_address(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner_addresses all;
    struct org_address at = {0};
    struct str kind = req_raw(r, "kind");
    const char *label = partner__label_of(partner__address_kinds, kind);
    if (!label)
        kind = STR("legal");
    TRY(partner_get(op, path_id(r, "prt"), &p));
    TRY(partner_addresses_of(op, p.id, &all));
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.at[i].kind, kind))
            at = all.at[i].at;
    struct ui_form form = {.submit = M("Save"),
                           .action = partner__url(op, p.id, "/addresses"),
                           .cancel_href = partner__url(op, p.id, "")};
    form.head.title = label ? label : M("Legal address");
    partner__crumbs(op, &form.head, &p);
    for (const struct partner__word *word = partner__address_kinds; word->name; word++)
        if (!str_eq(str_of(word->name), kind))
            ui_act(op, &form.head.actions,
                   (struct ui_action){.label = word->label,
                                      .href = str_printf(op->arena, STR_FMT "/addresses?kind=%s",
                                                         STR_ARG(partner__url(op, p.id, "")),
                                                         word->name)});
    ui_form_init(r, &form, address_shown, LEN(address_shown));
    partner__country_options(&form, "address_country");
    ui_form_set(&form, "kind", kind);
    ui_form_set(&form, "address_country", at.country.len ? at.country : p.country);
    ui_form_set(&form, "address_region", at.region);
    ui_form_set(&form, "address_postcode", at.postcode);
    ui_form_set(&form, "address_city", at.city);
    ui_form_set(&form, "address_line", at.line);
    return ui_form_page(r, &form);
}

static enum rc page_address_save(struct req *r)
{
    const struct address_form *in = form(r);
    int64_t id = path_id(r, "prt");
    struct partner_address address = {in->kind,
                                      {in->address_country, in->address_region,
                                       in->address_postcode, in->address_city, in->address_line}};
    /* a country alone says nothing: the form brings it by itself */
    if (address.at.region.len + address.at.postcode.len + address.at.city.len +
            address.at.line.len ==
        0)
        address.at = (struct org_address){0};
    TRY(partner_address_set(r->op, id, &address));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/partners/{0}", prt(id));
}

/* ---- bank details ---- */

struct bank_form {
    int kind;
    struct str bank_name, bank_code, number, corr_number, currency;
    bool is_main;
    struct opt_i64 revision;
};
static const struct field_choice bank_kinds[] = {
    {"ru", ORG_BANK_RU}, {"iban", ORG_BANK_IBAN}, {"other", ORG_BANK_OTHER}, {0}};
static const struct field bank_fields[] = {
    F_ENUM(bank_form, kind, bank_kinds),
    F_STR(bank_form, bank_name, 1, 200),
    F_STR(bank_form, bank_code, 0, 20),
    F_STR(bank_form, number, 1, 60),
    F_STR(bank_form, corr_number, 0, 30),
    F_STR(bank_form, currency, 3, 3),
    F_BOOL(bank_form, is_main),
    F_OPT_I64(bank_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field bank_shown[] = {
    {.name = "kind",
     .label = M("Kind of account"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "currency",
     .label = M("Currency"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "bank_name",
     .label = M("Bank"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "bank_code",
     .label = M("BIK or SWIFT"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 20},
    {.name = "corr_number",
     .label = M("Correspondent account"),
     .hint = M("Russian banks only."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 30},
    {.name = "number",
     .label = M("Account or IBAN"),
     .hint = M("Kept enciphered; only the last four characters can be read later."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 60},
    {.name = "is_main", .label = M("Payouts go here"), .kind = UI_FIELD_CHECK},
};

static enum rc bank_page(struct req *r, struct ui_form *form, const struct partner *p,
                         const struct partner_bank *b)
{
    static const char *const kind_names[] = {"", "ru", "iban", "other"};
    struct op *op = r->op;
    partner__crumbs(op, &form->head, p);
    form->cancel_href = partner__url(op, p->id, "");
    ui_form_init(r, form, bank_shown, LEN(bank_shown));
    ui_form_option(form, "kind", STR("ru"), tr(op->lang, M("Russian account")));
    ui_form_option(form, "kind", STR("iban"), STR("IBAN"));
    ui_form_option(form, "kind", STR("other"), tr(op->lang, M("Other account")));
    partner__currency_options(form, "currency");
    ui_form_set(form, "kind", str_of(kind_names[b->bank.kind]));
    ui_form_set(form, "currency", b->bank.currency);
    ui_form_set(form, "bank_name", b->bank.bank_name);
    ui_form_set(form, "bank_code", b->bank.bank_code);
    ui_form_set(form, "corr_number", b->bank.corr_number);
    ui_form_set_check(form, "is_main", b->is_main);
    return ui_form_page(r, form);
}

static enum rc page_bank_new(struct req *r)
{
    struct partner p;
    struct org_locale locale;
    TRY(partner_get(r->op, path_id(r, "prt"), &p));
    TRY(org_locale(r->op, &locale));
    struct partner_bank b = {.is_main = true};
    b.bank.kind = str_eq(p.country, STR("RU")) ? ORG_BANK_RU : ORG_BANK_IBAN;
    b.bank.currency = locale.currency ? str_of(locale.currency->code) : STR("");
    struct ui_form form = {.submit = M("Add account"),
                           .action = partner__url(r->op, p.id, "/bank-details")};
    form.head.title = M("New account");
    return bank_page(r, &form, &p, &b);
}

/* The number is typed anew: it is not shown here, so that the page itself reveals nothing. */
static enum rc page_bank_edit(struct req *r)
{
    struct partner p;
    struct partner_bank b;
    TRY(partner_bank_get(r->op, path_id(r, "bnk"), &b));
    TRY(partner_get(r->op, b.partner_id, &p));
    struct ui_form form = {.submit = M("Save"), .revision = b.revision};
    form.head.name = b.bank.bank_name;
    form.head.note = partner__bank_words(r->op, &b);
    ui_act(r->op, &form.head.actions,
           (struct ui_action){
               .label = M("Archive…"),
               .icon = "archive",
               .href = str_printf(r->op->arena, "/bank-details/%s/archive", bnk(b.id).text),
               .kind = UI_DANGER,
               .is_dialog = true});
    return bank_page(r, &form, &p, &b);
}

static struct partner_bank bank_from(const struct bank_form *in)
{
    return (struct partner_bank){.revision = in->revision.v,
                                 .bank = {.kind = (enum org_bank_kind)in->kind,
                                          .bank_name = in->bank_name,
                                          .bank_code = in->bank_code,
                                          .number = in->number,
                                          .corr_number = in->corr_number,
                                          .currency = in->currency},
                                 .is_main = in->is_main};
}

static enum rc page_bank_add(struct req *r)
{
    struct partner_bank b = bank_from(form(r));
    int64_t id;
    b.partner_id = path_id(r, "prt");
    TRY(partner_bank_save(r->op, &b, &id));
    answer_note(r, M("The account was added."));
    return CREATED(r, "/partners/{0}", prt(b.partner_id));
}

static enum rc page_bank_save(struct req *r)
{
    struct partner_bank b = bank_from(form(r)), stored;
    int64_t id;
    b.id = path_id(r, "bnk");
    TRY(partner_bank_save(r->op, &b, &id));
    TRY(partner_bank_get(r->op, id, &stored));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/partners/{0}", prt(stored.partner_id));
}

static enum rc page_bank_ask(struct req *r)
{
    struct partner_bank b;
    TRY(partner_bank_get(r->op, path_id(r, "bnk"), &b));
    struct ui_confirm confirm = {
        .title = M("Archive the account?"),
        .name = b.bank.bank_name,
        .text = M("Nothing is paid to it any more. Past payouts keep it."),
        .action = str_printf(r->op->arena, "/bank-details/%s/archive", bnk(b.id).text),
        .button = M("Archive"),
        .is_danger = true,
        .cancel_href = partner__url(r->op, b.partner_id, ""),
        .revision = b.revision};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_bank_archive(struct req *r)
{
    const struct revision_form *in = form(r);
    struct partner_bank b;
    TRY(partner_bank_get(r->op, path_id(r, "bnk"), &b));
    TRY(partner_bank_archive(r->op, b.id, in->revision.v));
    answer_note(r, M("Archived."));
    return REDIRECT(r, "/partners/{0}", prt(b.partner_id));
}

static enum rc page_bank_ask_reveal(struct req *r)
{
    struct partner_bank b;
    TRY(partner_bank_get(r->op, path_id(r, "bnk"), &b));
    struct ui_confirm confirm = {
        .title = M("Show the account number?"),
        .name = b.bank.bank_name,
        .text = M("That you have read it is written into the journal."),
        .action = str_printf(r->op->arena, "/bank-details/%s/reveal", bnk(b.id).text),
        .button = M("Show the number"),
        .cancel_href = partner__url(r->op, b.partner_id, "")};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_bank_reveal(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner_bank b;
    struct partner__number v = {.head = {.title = M("Bank details")}};
    struct str number;
    TRY(partner_bank_get(op, path_id(r, "bnk"), &b));
    TRY(partner_get(op, b.partner_id, &p));
    TRY(partner_bank_reveal(op, b.id, &number));
    partner__crumbs(op, &v.head, &p);
    ui_def_text(op, &v.facts, M("Bank"), b.bank.bank_name);
    ui_def_text(op, &v.facts, M("BIK or SWIFT"), b.bank.bank_code);
    ui_def_text(op, &v.facts, M("Account or IBAN"), number);
    ui_def_text(op, &v.facts, M("Correspondent account"), b.bank.corr_number);
    ui_def_text(op, &v.facts, M("Currency"), b.bank.currency);
    answer_header(r, "Cache-Control", STR("no-store"));
    return PAGE(r, M("Bank details"), partner__number, &v);
}

const struct route partner_part_routes[] = {
    ROUTE(GET, "/partners/:prt/contacts/new", page_contact_new, "partner.edit"),
    ROUTE(POST, "/partners/:prt/contacts", page_contact_add, "partner.edit",
          FORM(contact_form, contact_fields), FORM_PAGE(page_contact_new), API),
    ROUTE(GET, "/contacts/:con/edit", page_contact_edit, "partner.edit"),
    ROUTE(POST, "/contacts/:con/edit", page_contact_save, "partner.edit",
          FORM(contact_form, contact_fields), FORM_PAGE(page_contact_edit), API),
    ROUTE(GET, "/contacts/:con/archive", page_contact_ask, "partner.edit"),
    ROUTE(POST, "/contacts/:con/archive", page_contact_archive, "partner.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_contact_ask), API),
    ROUTE(GET, "/partners/:prt/addresses", page_address, "partner.edit",
          FORM(address_query, address_query_fields)),
    ROUTE(POST, "/partners/:prt/addresses", page_address_save, "partner.edit",
          FORM(address_form, address_fields), FORM_PAGE(page_address), API),
    ROUTE(GET, "/partners/:prt/bank-details/new", page_bank_new, "partner.bank"),
    ROUTE(POST, "/partners/:prt/bank-details", page_bank_add, "partner.bank",
          FORM(bank_form, bank_fields), FORM_PAGE(page_bank_new), API),
    ROUTE(GET, "/bank-details/:bnk/edit", page_bank_edit, "partner.bank"),
    ROUTE(POST, "/bank-details/:bnk/edit", page_bank_save, "partner.bank",
          FORM(bank_form, bank_fields), FORM_PAGE(page_bank_edit), API),
    ROUTE(GET, "/bank-details/:bnk/archive", page_bank_ask, "partner.bank"),
    ROUTE(POST, "/bank-details/:bnk/archive", page_bank_archive, "partner.bank",
          FORM(revision_form, revision_fields), FORM_PAGE(page_bank_ask), API),
    ROUTE(GET, "/bank-details/:bnk/reveal", page_bank_ask_reveal, "partner.bank"),
    ROUTE(POST, "/bank-details/:bnk/reveal", page_bank_reveal, "partner.bank"),
    {0},
};
