/* Forms of bank accounts; they are shown on the page of their legal entity. */
#include "org/org.h"
#include "org/org_int.h"

struct account_form {
    int kind;
    struct str bank_name, bank_code, number, corr_number, currency;
    bool is_main;
    struct opt_i64 revision;
};
static const struct field_choice kinds[] = {
    {"ru", ORG_BANK_RU}, {"iban", ORG_BANK_IBAN}, {"other", ORG_BANK_OTHER}, {0}};
static const struct field account_fields[] = {
    F_ENUM(account_form, kind, kinds),
    F_STR(account_form, bank_name, 1, 200),
    F_STR(account_form, bank_code, 0, 20),
    F_STR(account_form, number, 1, 60),
    F_STR(account_form, corr_number, 0, 30),
    F_STR(account_form, currency, 3, 3),
    F_BOOL(account_form, is_main),
    F_OPT_I64(account_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

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

static const char *kind_text(enum org_bank_kind kind)
{
    return kinds[(int)kind - 1].name;
}

static enum rc show_form(struct req *r, struct ui_form *form, const struct org_entity *e,
                         const struct org_account *a)
{
    struct op *op = r->op;
    const struct org_bank *bank = &a->bank;
    ui_crumb(op, &form->head, M("Legal entities"), STR("/settings/entities"));
    ui_crumb_text(op, &form->head, e->short_name,
                  org__url(op, "/settings/entities", ent(e->id), ""));
    ui_form_init(r, form, account_shown, LEN(account_shown));
    ui_form_option(form, "kind", STR("ru"), tr(op->lang, M("Russian bank")));
    ui_form_option(form, "kind", STR("iban"), tr(op->lang, M("IBAN")));
    ui_form_option(form, "kind", STR("other"), tr(op->lang, M("Other")));
    org__currency_options(op, form, "currency");
    ui_form_set(form, "kind", str_of(kind_text(bank->kind)));
    ui_form_set(form, "bank_name", bank->bank_name);
    ui_form_set(form, "bank_code", bank->bank_code);
    ui_form_set(form, "number", bank->number);
    ui_form_set(form, "corr_number", bank->corr_number);
    ui_form_set(form, "currency", bank->currency);
    ui_form_set_check(form, "is_main", a->is_main);
    form->cancel_href = org__url(op, "/settings/entities", ent(e->id), "");
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct op *op = r->op;
    struct org_entity e;
    struct org_locale locale;
    TRY(org_entity_get(op, path_id(r, "ent"), &e));
    TRY(org_locale(op, &locale));
    struct org_account a = {.entity_id = e.id};
    a.bank.kind = str_eq(e.country, STR("RU")) ? ORG_BANK_RU : ORG_BANK_IBAN;
    a.bank.currency = locale.currency ? str_of(locale.currency->code) : STR("");
    struct ui_form form = {.submit = M("Add account"),
                           .action = org__url(op, "/settings/entities", ent(e.id), "/accounts")};
    form.head.title = M("New bank account");
    return show_form(r, &form, &e, &a);
}

static enum rc page_edit(struct req *r)
{
    struct op *op = r->op;
    struct org_account a;
    struct org_entity e;
    TRY(org_account_get(op, path_id(r, "bac"), &a));
    TRY(org_entity_get(op, a.entity_id, &e));
    struct ui_form form = {.submit = M("Save"), .revision = a.revision};
    form.head.title = M("Bank account");
    struct str url = org__url(op, "/settings/accounts", bac(a.id), "");
    org__archive_action(op, &form.head.actions, url, a.archived_at.has);
    return show_form(r, &form, &e, &a);
}

static struct org_account from_form(const struct account_form *in, int64_t id, int64_t entity_id)
{
    return (struct org_account){
        .id = id,
        .entity_id = entity_id,
        .revision = in->revision.v,
        .bank = {.kind = (enum org_bank_kind)in->kind,
                 .bank_name = in->bank_name,
                 .bank_code = in->bank_code,
                 .number = in->number,
                 .corr_number = in->corr_number,
                 .currency = in->currency},
        .is_main = in->is_main,
    };
}

static enum rc page_create(struct req *r)
{
    int64_t entity_id = path_id(r, "ent"), id;
    struct org_account a = from_form(form(r), 0, entity_id);
    TRY(org_account_save(r->op, &a, &id));
    answer_note(r, M("The account was added."));
    return CREATED(r, "/settings/entities/{0}", ent(entity_id));
}

static enum rc page_save(struct req *r)
{
    struct org_account old;
    int64_t id = path_id(r, "bac");
    TRY(org_account_get(r->op, id, &old));
    struct org_account a = from_form(form(r), id, old.entity_id);
    TRY(org_account_save(r->op, &a, &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/entities/{0}", ent(old.entity_id));
}

/* ---- archiving ---- */

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc ask(struct req *r, bool is_archived)
{
    struct op *op = r->op;
    struct org_account a;
    TRY(org_account_get(op, path_id(r, "bac"), &a));
    struct str url = org__url(op, "/settings/accounts", bac(a.id), "");
    return ui_confirm_page(
        r, &(struct ui_confirm){
               .title = is_archived ? M("Archive the account?") : M("Restore the account?"),
               .name = a.bank.number,
               .text = is_archived ? M("{0} is no longer offered; documents keep it. It can be "
                                       "restored.")
                                   : M("{0} can be chosen again."),
               .action = str_printf(op->arena, STR_FMT "/%s", STR_ARG(url),
                                    is_archived ? "archive" : "restore"),
               .button = is_archived ? M("Archive") : M("Restore"),
               .is_danger = is_archived,
               .cancel_href = org__url(op, "/settings/entities", ent(a.entity_id), ""),
               .revision = a.revision,
           });
}

static enum rc page_ask_archive(struct req *r)
{
    return ask(r, true);
}

static enum rc page_ask_restore(struct req *r)
{
    return ask(r, false);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct revision_form *in = form(r);
    struct org_account a;
    int64_t id = path_id(r, "bac");
    TRY(org_account_get(r->op, id, &a));
    TRY(org_account_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/settings/entities/{0}", ent(a.entity_id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route org_account_routes[] = {
    ROUTE(GET, "/settings/entities/:ent/accounts/new", page_new, "org.edit"),
    ROUTE(POST, "/settings/entities/:ent/accounts", page_create, "org.edit",
          FORM(account_form, account_fields), FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/accounts/:bac/edit", page_edit, "org.edit"),
    ROUTE(POST, "/settings/accounts/:bac/edit", page_save, "org.edit",
          FORM(account_form, account_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/settings/accounts/:bac/archive", page_ask_archive, "org.edit"),
    ROUTE(POST, "/settings/accounts/:bac/archive", page_archive, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/settings/accounts/:bac/restore", page_ask_restore, "org.edit"),
    ROUTE(POST, "/settings/accounts/:bac/restore", page_restore, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
