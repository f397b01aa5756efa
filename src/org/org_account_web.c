/* Forms of bank accounts; they are shown on the page of their legal entity. What holds for the
 * form of any account, partner uses too. */
#include "org/org.h"
#include "org/org_int.h"

static const struct field_choice kinds[] = {
    {"ru", ORG_BANK_RU}, {"iban", ORG_BANK_IBAN}, {"other", ORG_BANK_OTHER}, {0}};
const struct field org_bank_fields[] = {
    F_ENUM(org_bank_form, kind, kinds),
    F_STR(org_bank_form, bank_name, 1, 200),
    F_STR(org_bank_form, bank_code, 0, 20),
    F_STR(org_bank_form, number, 1, 60),
    F_STR(org_bank_form, corr_number, 0, 30),
    F_STR(org_bank_form, currency, 3, 3),
    F_BOOL(org_bank_form, is_main),
    F_OPT_I64(org_bank_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

struct org_bank org_bank_from(const struct org_bank_form *in)
{
    return (struct org_bank){.kind = (enum org_bank_kind)in->kind,
                             .bank_name = in->bank_name,
                             .bank_code = in->bank_code,
                             .number = in->number,
                             .corr_number = in->corr_number,
                             .currency = in->currency};
}

enum rc org_bank_fresh(struct op *op, struct str country, struct org_bank *out)
{
    struct org_locale locale;
    TRY(org_locale(op, &locale));
    *out = (struct org_bank){.kind = str_eq(country, STR("RU")) ? ORG_BANK_RU : ORG_BANK_IBAN,
                             .currency = locale.currency ? str_of(locale.currency->code) : STR("")};
    return RC_OK;
}

void org_bank_fill(struct ui_form *form, const struct org_bank *bank)
{
    ui_form_currencies(form, "currency");
    ui_form_set(form, "kind", str_of(kinds[(int)bank->kind - 1].name));
    ui_form_set(form, "bank_name", bank->bank_name);
    ui_form_set(form, "bank_code", bank->bank_code);
    ui_form_set(form, "corr_number", bank->corr_number);
    ui_form_set(form, "currency", bank->currency);
}

static const struct ui_field account_shown[] = {
    {.name = "kind", .label = M("Kind"), .kind = UI_FIELD_RADIO, .is_required = true},
    {.name = "bank_name",
     .label = M("Bank"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "number",
     .label = M("Account"),
     .hint = M("Twenty digits in Russia, an IBAN in Europe."),
     .kind = UI_FIELD_TEXT,
     .is_required = true},
    {.name = "bank_code",
     .label = M("Bank code"),
     .hint = M("BIK in Russia, SWIFT elsewhere."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "corr_number",
     .label = M("Correspondent account"),
     .hint = M("Only in Russia."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "currency", .label = M("Currency"), .kind = UI_FIELD_SELECT, .is_required = true},
    {.name = "is_main", .label = M("Documents name this account first"), .kind = UI_FIELD_CHECK},
};

struct account_record {
    struct org_account account;
    struct org_entity entity;
};

static enum rc account_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct account_record *own = NEW(op->arena, struct account_record);
    struct org_account *a = &own->account;
    TRY(org_account_get(op, id, a));
    TRY(org_entity_get(op, a->entity_id, &own->entity));
    *out = (struct ui_record){.id = id,
                              .revision = a->revision,
                              .name = a->bank.number,
                              .archived_at = a->archived_at,
                              .own = own};
    return RC_OK;
}

static struct str account_home(struct op *op, const struct ui_record *record)
{
    const struct account_record *own = record->own;
    return ui_url(op, "/settings/entities", ent(own->account.entity_id), "");
}

static const struct ui_record_kind account_kind;

static enum rc account_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    struct account_record fresh = {0};
    const struct account_record *own = record->own ? record->own : &fresh;
    const struct org_entity *e = &own->entity;
    if (record->own) {
        form->head.title = M("Bank account");
        form->head.name = STR_NONE;
        ui_record_archive_action(op, &account_kind, record, &form->head.actions);
    } else {
        TRY(org_entity_get(op, path_id(r, "ent"), &fresh.entity));
        TRY(org_bank_fresh(op, e->country, &fresh.account.bank));
        form->action = ui_url(op, "/settings/entities", ent(e->id), "/accounts");
        form->cancel_href = ui_url(op, "/settings/entities", ent(e->id), "");
    }
    ui_crumb_text(op, &form->head, e->short_name, ui_url(op, "/settings/entities", ent(e->id), ""));
    ui_form_init(r, form, account_shown, LEN(account_shown));
    ui_form_option(form, "kind", STR("ru"), tr(op->lang, M("Russian bank")));
    ui_form_option(form, "kind", STR("iban"), tr(op->lang, M("IBAN")));
    ui_form_option(form, "kind", STR("other"), tr(op->lang, M("Other")));
    ui_form_set(form, "number", own->account.bank.number);
    org_bank_fill(form, &own->account.bank);
    ui_form_set_check(form, "is_main", own->account.is_main);
    return RC_OK;
}

static enum rc account_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct org_bank_form *in = form(r);
    struct org_account old = {0};
    if (id != 0)
        TRY(org_account_get(r->op, id, &old));
    struct org_account a = {.id = id,
                            .entity_id = id != 0 ? old.entity_id : path_id(r, "ent"),
                            .revision = in->revision.v,
                            .bank = org_bank_from(in),
                            .is_main = in->is_main};
    return org_account_save(r->op, &a, out_id);
}

static const struct ui_record_kind account_kind = {
    .record = "account",
    .path = "/settings/accounts",
    .prefix = "bac",
    .permission_edit = "org.edit",
    .plural = M("Legal entities"),
    .list = "/settings/entities",
    .title_new = M("New bank account"),
    .add = M("Add account"),
    .added = M("The account was added."),
    .archive_words = {M("Archive the account?"),
                      M("{0} is no longer offered; documents keep it. It can be restored.")},
    .restore_words = {M("Restore the account?"), M("{0} can be chosen again.")},
    .journal = &audit_journal,
    .get = account_get,
    .form = account_fill,
    .save = account_store,
    .archive = org_account_archive,
    .home = account_home,
};
UI_RECORD_PAGES(account)

const struct route org_account_routes[] = {
    ROUTE(GET, "/settings/entities/:ent/accounts/new", page_account_new, "org.edit"),
    ROUTE(POST, "/settings/entities/:ent/accounts", page_account_create, "org.edit",
          FORM(org_bank_form, org_bank_fields), FORM_PAGE(page_account_new), API),
    ROUTE(GET, "/settings/accounts/:bac/edit", page_account_edit, "org.edit"),
    ROUTE(POST, "/settings/accounts/:bac/edit", page_account_save, "org.edit",
          FORM(org_bank_form, org_bank_fields), FORM_PAGE(page_account_edit), API),
    UI_ARCHIVE_ROUTES(account, "/settings/accounts", "bac", "org.edit"),
    {0},
};
