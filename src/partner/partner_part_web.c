/* Forms of what hangs on a partner: contacts, addresses, bank details. */
#include "partner/partner_view.h"
#include "partner/partner_web.h"

/* The form of a part belongs to its partner: the crumb, and of a new part where it goes. */
static void place_form(struct op *op, const struct partner *p, bool is_new, const char *tail,
                       struct ui_form *form)
{
    ui_crumb_text(op, &form->head, p->name, partner__url(op, p->id, ""));
    form->cancel_href = partner__url(op, p->id, "");
    if (is_new)
        form->action = partner__url(op, p->id, tail);
}

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
    UI_NAME_FIELD(200),
    {.name = "position", .label = M("Position"), .kind = UI_FIELD_TEXT, .max_len = 200},
    {.name = "email", .label = M("E-mail"), .kind = UI_FIELD_EMAIL, .is_half = true},
    {.name = "phone", .label = M("Phone"), .kind = UI_FIELD_PHONE, .is_half = true},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_AREA, .max_len = 500},
    {.name = "is_main", .label = M("Main contact"), .kind = UI_FIELD_CHECK},
};

struct contact_record {
    struct partner_contact contact;
    struct partner partner;
};

static enum rc contact_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct contact_record *own = NEW(op->arena, struct contact_record);
    struct partner_contact *c = &own->contact;
    TRY(partner_contact_get(op, id, c));
    TRY(partner_get(op, c->partner_id, &own->partner));
    *out = UI_RECORD_OF(c, own);
    return RC_OK;
}

static struct str contact_home(struct op *op, const struct ui_record *record)
{
    const struct contact_record *own = record->own;
    return partner__url(op, own->partner.id, "");
}

static const struct ui_record_kind contact_kind;

static enum rc contact_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    struct contact_record fresh = {0};
    const struct contact_record *own = record->own ? record->own : &fresh;
    const struct partner_contact *c = &own->contact;
    if (record->own)
        ui_record_archive_action(op, &contact_kind, record, &form->head.actions);
    else
        TRY(partner_get(op, path_id(r, "prt"), &fresh.partner));
    place_form(op, &own->partner, !record->own, "/contacts", form);
    ui_form_init(r, form, contact_shown, LEN(contact_shown));
    ui_form_set(form, "name", c->name);
    ui_form_set(form, "position", c->position);
    ui_form_set(form, "email", c->email);
    ui_form_set(form, "phone", c->phone);
    ui_form_set(form, "note", c->note);
    ui_form_set_check(form, "is_main", c->is_main);
    return RC_OK;
}

static enum rc contact_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct contact_form *in = form(r);
    struct partner_contact c = {.id = id,
                                .partner_id = id ? 0 : path_id(r, "prt"),
                                .revision = in->revision.v,
                                .name = in->name,
                                .position = in->position,
                                .email = in->email,
                                .phone = in->phone,
                                .note = in->note,
                                .is_main = in->is_main};
    return partner_contact_save(r->op, &c, out_id);
}

static enum rc contact_put_away(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    assert(is_archived); /* there is no way back */
    return partner_contact_archive(op, id, revision);
}

static const struct ui_record_kind contact_kind = {
    .record = "contact",
    .path = "/contacts",
    .prefix = "con",
    .permission_edit = "partner.edit",
    .plural = M("Partners"),
    .list = "/partners",
    .title_new = M("New contact"),
    .add = M("Add contact"),
    .added = M("The contact was added."),
    .archive_words = {M("Archive the contact?"), M("{0} disappears from the page of the partner.")},
    .get = contact_get,
    .form = contact_fill,
    .save = contact_store,
    .archive = contact_put_away,
    .home = contact_home,
};
UI_RECORD_PAGES(contact)

/* ---- addresses ---- */

struct address_form {
    struct str kind;
    struct org_address address;
};
static const struct field address_fields[] = {
    F_STR(address_form, kind, 1, 20),
    ORG_ADDRESS_FIELDS(address_form),
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
    ORG_ADDRESS_SHOWN(M("Country"), NULL, M("Leave everything empty to take the address away.")),
};

static enum rc page_address(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner_addresses all;
    struct org_address at = {0};
    struct str kind = req_raw(r, "kind");
    const char *label = ui_word_label(partner__address_kinds, kind);
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
    for (const struct ui_word *word = partner__address_kinds; word->name; word++)
        if (!str_eq(str_of(word->name), kind))
            ui_act(op, &form.head.actions,
                   (struct ui_action){.label = word->label,
                                      .href = str_printf(op->arena, STR_FMT "/addresses?kind=%s",
                                                         STR_ARG(partner__url(op, p.id, "")),
                                                         word->name)});
    ui_form_init(r, &form, address_shown, LEN(address_shown));
    ui_form_set(&form, "kind", kind);
    if (at.country.len == 0)
        at.country = p.country;
    org_address_form(&form, &at);
    return ui_form_page(r, &form);
}

static enum rc page_address_save(struct req *r)
{
    const struct address_form *in = form(r);
    int64_t id = path_id(r, "prt");
    struct partner_address address = {in->kind, in->address};
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

struct bank_record {
    struct partner_bank bank;
    struct partner partner;
};

static enum rc bank_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct bank_record *own = NEW(op->arena, struct bank_record);
    struct partner_bank *b = &own->bank;
    TRY(partner_bank_get(op, id, b));
    TRY(partner_get(op, b->partner_id, &own->partner));
    *out = (struct ui_record){.id = id,
                              .revision = b->revision,
                              .name = b->bank.bank_name,
                              .archived_at = b->archived_at,
                              .own = own};
    return RC_OK;
}

static struct str bank_home(struct op *op, const struct ui_record *record)
{
    const struct bank_record *own = record->own;
    return partner__url(op, own->partner.id, "");
}

static const struct ui_record_kind bank_kind;

/* The number is typed anew: it is not shown here, so that the page itself reveals nothing. */
static enum rc bank_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    struct bank_record fresh = {0};
    const struct bank_record *own = record->own ? record->own : &fresh;
    const struct partner_bank *b = &own->bank;
    if (record->own) {
        form->head.note = partner__bank_words(op, b);
        ui_record_archive_action(op, &bank_kind, record, &form->head.actions);
    } else {
        TRY(partner_get(op, path_id(r, "prt"), &fresh.partner));
        TRY(org_bank_fresh(op, fresh.partner.country, &fresh.bank.bank));
        fresh.bank.is_main = true;
    }
    place_form(op, &own->partner, !record->own, "/bank-details", form);
    ui_form_init(r, form, bank_shown, LEN(bank_shown));
    ui_form_option(form, "kind", STR("ru"), tr(op->lang, M("Russian account")));
    ui_form_option(form, "kind", STR("iban"), STR("IBAN"));
    ui_form_option(form, "kind", STR("other"), tr(op->lang, M("Other account")));
    org_bank_fill(form, &b->bank);
    ui_form_set_check(form, "is_main", b->is_main);
    return RC_OK;
}

static enum rc bank_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct org_bank_form *in = form(r);
    struct partner_bank b = {.id = id,
                             .partner_id = id ? 0 : path_id(r, "prt"),
                             .revision = in->revision.v,
                             .bank = org_bank_from(in),
                             .is_main = in->is_main};
    return partner_bank_save(r->op, &b, out_id);
}

static enum rc bank_put_away(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    assert(is_archived); /* there is no way back */
    return partner_bank_archive(op, id, revision);
}

static const struct ui_record_kind bank_kind = {
    .record = "bank",
    .path = "/bank-details",
    .prefix = "bnk",
    .permission_edit = "partner.bank",
    .plural = M("Partners"),
    .list = "/partners",
    .title_new = M("New account"),
    .add = M("Add account"),
    .added = M("The account was added."),
    .archive_words = {M("Archive the account?"),
                      M("Nothing is paid to it any more. Past payouts keep it.")},
    .get = bank_get,
    .form = bank_fill,
    .save = bank_store,
    .archive = bank_put_away,
    .home = bank_home,
};
UI_RECORD_PAGES(bank)

static enum rc page_bank_ask_reveal(struct req *r)
{
    struct partner_bank b;
    TRY(partner_bank_get(r->op, path_id(r, "bnk"), &b));
    struct ui_confirm confirm = {.title = M("Show the account number?"),
                                 .name = b.bank.bank_name,
                                 .text = M("That you have read it is written into the journal."),
                                 .action = ui_url(r->op, "/bank-details", bnk(b.id), "/reveal"),
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
    ROUTE(POST, "/partners/:prt/contacts", page_contact_create, "partner.edit",
          FORM(contact_form, contact_fields), FORM_PAGE(page_contact_new), API),
    ROUTE(GET, "/contacts/:con/edit", page_contact_edit, "partner.edit"),
    ROUTE(POST, "/contacts/:con/edit", page_contact_save, "partner.edit",
          FORM(contact_form, contact_fields), FORM_PAGE(page_contact_edit), API),
    UI_ASKING_ROUTES("/contacts/:con/archive", page_contact_ask_archive, page_contact_archive,
                     "partner.edit"),
    ROUTE(GET, "/partners/:prt/addresses", page_address, "partner.edit",
          FORM(address_query, address_query_fields)),
    ROUTE(POST, "/partners/:prt/addresses", page_address_save, "partner.edit",
          FORM(address_form, address_fields), FORM_PAGE(page_address), API),
    ROUTE(GET, "/partners/:prt/bank-details/new", page_bank_new, "partner.bank"),
    ROUTE(POST, "/partners/:prt/bank-details", page_bank_create, "partner.bank",
          FORM(org_bank_form, org_bank_fields), FORM_PAGE(page_bank_new), API),
    ROUTE(GET, "/bank-details/:bnk/edit", page_bank_edit, "partner.bank"),
    ROUTE(POST, "/bank-details/:bnk/edit", page_bank_save, "partner.bank",
          FORM(org_bank_form, org_bank_fields), FORM_PAGE(page_bank_edit), API),
    UI_ASKING_ROUTES("/bank-details/:bnk/archive", page_bank_ask_archive, page_bank_archive,
                     "partner.bank"),
    ROUTE(GET, "/bank-details/:bnk/reveal", page_bank_ask_reveal, "partner.bank"),
    ROUTE(POST, "/bank-details/:bnk/reveal", page_bank_reveal, "partner.bank"),
    {0},
};
