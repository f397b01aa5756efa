/* Tests of the company: the operator, legal entities with their accounts, branches; their rules,
 * the audit they leave, and their pages. */
#include "crypt/crypt.h"
#include "org/org.h"
#include "org/org_int.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const struct org_operator meridian = {
    .name = {"  Meridian   Mobile ", 20},
    .country = {"ES", 2},
    .currency = {"EUR", 3},
    .zone = {"Europe/Madrid", 13},
    .lang = {"es", 2},
    .languages = {"ru es", 5},
};

static void begin(void)
{
    static bool is_done;
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    if (is_done)
        return;
    is_done = true;
    pid_key_set(pid_key);
    permission_declare(org_permissions, org_permissions_len);
    org_start();
}

static bool blames(struct fixture *f, const char *field)
{
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        if (f->op.fault.entries[i].field && strcmp(f->op.fault.entries[i].field, field) == 0)
            return true;
    return false;
}

static int64_t new_entity(struct fixture *f, const char *name)
{
    int64_t id = 0;
    struct org_entity e = {.name = str_of(name), .country = STR("ES")};
    return org_entity_save(&f->op, &e, &id) == RC_OK ? id : 0;
}

/* ---- rules ---- */

static void the_operator(struct fixture *f)
{
    struct org_operator o = meridian;
    struct org_locale locale;
    begin();
    ok(org_operator_get(&f->op, &o) == RC_MISSING, "an empty database has no operator");
    ok(org_locale(&f->op, &locale) == RC_OK && locale.zone == zone_utc() && !locale.currency,
       "its times are UTC then, and there is no currency");
    o = meridian;
    ok(org_operator_save(&f->op, &o) == RC_OK, "the operator is set up");
    ok(org_operator_get(&f->op, &o) == RC_OK, "and read back");
    is_str(o.name, "Meridian Mobile", "with a clean name");
    is_str(o.languages, "ru es", "and its languages");
    ok(f->op.zone == zone_find(STR("Europe/Madrid")), "the operation goes on in its zone");
    ok(org_locale(&f->op, &locale) == RC_OK && locale.currency == currency_find(STR("EUR")) &&
           locale.lang == lang_of(LANG_ES) && !locale.speaks[LANG_EN] && locale.speaks[LANG_RU],
       "pages know zone, currency and languages");
    struct org_operator first = o, second = o;
    first.name = STR("One");
    second.name = STR("Two");
    ok(org_operator_save(&f->op, &first) == RC_OK, "of two who edit it the first saves");
    ok(org_operator_save(&f->op, &second) == RC_CONFLICT &&
           strstr(f->op.fault.entries[0].message, "Somebody else has changed"),
       "the second is told");
    is_i64(fixture_i64(f, "select count(*) from audit where record = 'operator'"), 2,
           "each change stands in the audit");
}

static void wrong_operators(struct fixture *f)
{
    struct org_operator o = {.name = STR("  "),
                             .country = STR("XX"),
                             .currency = STR("XXZ"),
                             .zone = STR("Mars/Base"),
                             .lang = STR("en"),
                             .languages = STR("de")};
    begin();
    ok(org_operator_save(&f->op, &o) == RC_INVALID, "a wrong operator is refused");
    ok(blames(f, "name") && blames(f, "country") && blames(f, "currency") && blames(f, "zone") &&
           blames(f, "languages"),
       "with every mistake at once");
    fixture_fresh_op(f);
    o = meridian;
    o.lang = STR("en");
    ok(org_operator_save(&f->op, &o) == RC_INVALID && blames(f, "lang"),
       "the first language is one of the company's");
    is_i64(fixture_i64(f, "select count(*) from operator"), 0, "nothing was stored");
}

static void tax_numbers(struct fixture *f)
{
    struct org_tax ru = {STR("7707083893"), STR("773601001"), STR("1027700132195")};
    struct org_tax wrong = {STR("7707083894"), STR("77"), STR("1027700132190")};
    struct org_tax de = {STR(" de 123456789 "), STR("773601001"), STR("hrb 42")};
    struct org_tax none = {STR(""), STR(""), STR("")};
    begin();
    ok(org_tax_check(&f->op, STR("RU"), &ru) == RC_OK, "INN, KPP and OGRN of Russia");
    ok(org_tax_check(&f->op, STR("RU"), &wrong) == RC_INVALID && blames(f, "tax_number") &&
           blames(f, "tax_reason_code") && blames(f, "registration"),
       "with wrong check digits they are refused, each by name");
    fixture_fresh_op(f);
    ok(org_tax_check(&f->op, STR("DE"), &de) == RC_OK, "a VAT number elsewhere");
    is_str(de.number, "DE123456789", "in one spelling");
    is_str(de.reason_code, "", "without a KPP");
    ok(org_tax_check(&f->op, STR("RU"), &none) == RC_OK, "all of them may be left out");
    struct org_tax text = {STR("none at all"), STR(""), STR("")};
    ok(org_tax_check(&f->op, STR("DE"), &text) == RC_INVALID, "text without a digit is no number");
}

static void bank_accounts(struct fixture *f)
{
    struct org_bank ru = {.kind = ORG_BANK_RU,
                          .bank_name = STR("Sber"),
                          .bank_code = STR("044525225"),
                          .number = STR("40702810900000000001"),
                          .currency = STR("RUB")};
    struct org_bank iban = {.kind = ORG_BANK_IBAN,
                            .bank_name = STR("Bank"),
                            .number = STR("es91 2100 0418 4502 0005 1332"),
                            .currency = STR("EUR")};
    begin();
    enum rc rc = org_bank_check(&f->op, &ru);
    ok(rc == RC_INVALID && blames(f, "number"), "a Russian account has the digit of its bank");
    fixture_fresh_op(f);
    ok(org_bank_check(&f->op, &iban) == RC_OK, "an IBAN in groups is accepted");
    is_str(iban.number, "ES9121000418450200051332", "and kept without them");
    iban.number = STR("ES9121000418450200051333");
    ok(org_bank_check(&f->op, &iban) == RC_INVALID, "with its check digits right");
}

static struct org_account account_of(int64_t entity_id, const char *iban, bool is_main)
{
    return (struct org_account){.entity_id = entity_id,
                                .bank = {.kind = ORG_BANK_IBAN,
                                         .bank_name = STR("Bank"),
                                         .number = str_of(iban),
                                         .currency = STR("EUR")},
                                .is_main = is_main};
}

static void main_accounts(struct fixture *f)
{
    int64_t first = 0, second = 0;
    struct org_account a;
    begin();
    int64_t entity = new_entity(f, "Meridian Mobile SA");
    a = account_of(entity, "ES9121000418450200051332", true);
    ok(org_account_save(&f->op, &a, &first) == RC_OK, "an account is added");
    ok(org_account_save(&f->op, &a, &second) == RC_CONFLICT && blames(f, "number"),
       "the same one is not added again");
    fixture_fresh_op(f);
    a = account_of(entity, "DE89370400440532013000", true);
    ok(org_account_save(&f->op, &a, &second) == RC_OK, "another one becomes the main account");
    ok(org_account_get(&f->op, first, &a) == RC_OK && !a.is_main,
       "which takes it from the first: an entity has one of each currency");
    ok(org_account_archive(&f->op, second, 1, true) == RC_OK, "an account is archived");
    ok(org_account_get(&f->op, second, &a) == RC_OK && a.archived_at.has && !a.is_main,
       "and is the main one no longer");
    ok(org_account_archive(&f->op, second, 1, false) == RC_CONFLICT,
       "by an old revision nothing happens");
}

static void branches(struct fixture *f)
{
    int64_t id = 0, other = 0;
    begin();
    int64_t entity = new_entity(f, "Meridian Mobile SA");
    struct org_branch b = {.code = STR("MAD"), .name = STR("Madrid"), .entity_id = entity};
    ok(org_branch_save(&f->op, &b, &id) == RC_OK, "a branch is added");
    b.code = STR("mad");
    ok(org_branch_save(&f->op, &b, &other) == RC_CONFLICT && blames(f, "code"),
       "its code is unique, whatever the letters' case");
    fixture_fresh_op(f);
    b.code = STR("VLC");
    b.entity_id = 999;
    ok(org_branch_save(&f->op, &b, &other) == RC_INVALID && blames(f, "entity"),
       "it belongs to a legal entity that exists");
    fixture_fresh_op(f);
    ok(org_branch_by_code(&f->op, STR("Mad"), &b) == RC_OK && b.id == id, "it is found by code");
    struct org_entity e;
    ok(org_entity_get(&f->op, entity, &e) == RC_OK &&
           org_entity_archive(&f->op, entity, e.revision, true) == RC_CONFLICT,
       "a legal entity with branches is not archived");
    fixture_fresh_op(f);
    ok(org_branch_archive(&f->op, id, b.revision, true) == RC_OK, "a branch is archived");
    struct org_choices choices;
    ok(org_branch_choices(&f->op, 0, &choices) == RC_OK && choices.len == 0,
       "then it is not offered");
    ok(org_branch_choices(&f->op, id, &choices) == RC_OK && choices.len == 1,
       "but to who has it already");
    ok(org_entity_archive(&f->op, entity, e.revision, true) == RC_OK,
       "and the legal entity can go too");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'entity.archive'"), 1,
           "which the audit tells");
}

static void addresses(struct fixture *f)
{
    struct op *op = &f->op;
    const struct org_address full = {STR("ES"), STR("Madrid"), STR("28001"), STR("Madrid"),
                                     STR("Calle Mayor 1")};
    const struct org_address part = {.city = STR("Soria")}, none = {0};
    is_str(org_address_words(op, lang_of(LANG_RU), &full),
           "28001, Испания, Madrid, Madrid, Calle Mayor 1",
           "an address is one line, its country in the language of the reader");
    is_str(org_address_words(op, NULL, &full), "28001, ES, Madrid, Madrid, Calle Mayor 1",
           "and a code where no language is");
    is_str(org_address_words(op, NULL, &part), "Soria", "what is missing leaves no comma");
    is_str(org_address_words(op, op->lang, &none), "", "nothing is nothing");
}

static void names(struct fixture *f)
{
    begin();
    ok(new_entity(f, "ООО «Ромашка»") > 0, "a legal entity is added");
    ok(new_entity(f, "ооо «РОМАШКА»") == 0 && blames(f, "name"), "its name is unique in any case");
    fixture_fresh_op(f);
    struct org_entity e = {.id = 1, .revision = 1, .name = STR("Ромашка"), .country = STR("RU")};
    int64_t id;
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    ok(org_entity_save(&f->op, &e, &id) == RC_DENIED, "changing it needs a permission");
    ok(org_operator_save(&f->op, &meridian) == RC_DENIED, "so does the operator");
}

/* Every statement of a save fails once: nothing is half-done. */
static void faults(struct fixture *f)
{
    begin();
    bool is_whole = true;
    int n = 1;
    for (; n < 100; n++) {
        int64_t id;
        struct org_entity e = {.name = STR("Meridian Mobile SA"), .country = STR("ES")};
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = org_entity_save(&f->op, &e, &id);
        bool has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        if (!has_fired)
            break;
        int64_t rows = fixture_i64(f, "select count(*) from legal_entity");
        int64_t entries = fixture_i64(f, "select count(*) from audit");
        is_whole = is_whole && rc == RC_FULL && rows == 0 && entries == 0;
        fixture_fresh_op(f);
    }
    ok(is_whole && n > 3, "whichever statement fails, record and audit are both absent");
    is_i64(fixture_i64(f, "select count(*) from legal_entity"), 1, "and without a failure present");
}

/* ---- pages ---- */

static const char *const everything[] = {"*", NULL};
static const char *const reader[] = {"org.read", NULL};

static void open_pages(struct fx *x, struct fixture *f)
{
    static const struct route *const routes[] = {org_routes, org_entity_routes, org_account_routes,
                                                 org_branch_routes, NULL};
    begin();
    fx_open(x, f, routes, NULL);
}

static void company_pages(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, everything);
    open_pages(&x, f);
    is_i64(fx_get(&x, &staff, "/settings/company"), 303, "without an operator the form is shown");
    is_i64(fx_get(&x, &staff, "/settings/company/edit"), 200, "the form opens");
    is_i64(fx_post(&x, &staff, "/settings/company/edit",
                   "name=Meridian&country=ES&currency=EUR&zone=Nowhere&lang=es&languages=es"),
           422, "a wrong zone is refused");
    ok(fx_has(&x, "Choose a time zone") && fx_has(&x, "value=\"Meridian\""),
       "in words, and what was typed is kept");
    is_i64(fx_post(&x, &staff, "/settings/company/edit",
                   "name=Meridian&country=ES&currency=EUR&zone=Europe/Madrid&lang=es&languages=es"
                   "&languages=ru"),
           303, "the operator is saved");
    is_i64(fx_get(&x, &staff, "/settings/company"), 200, "and shown");
    ok(fx_has(&x, "Meridian") && fx_has(&x, "Europe/Madrid"), "with its facts");
    fx_done(&x);
}

static void entity_pages(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, everything), guest = fx_staff(2, reader);
    open_pages(&x, f);
    is_i64(fx_get(&x, &staff, "/settings/entities"), 200, "an empty list opens");
    is_i64(fx_get(&x, &staff, "/settings/entities/new"), 200, "so does the form");
    is_i64(fx_post(&x, &guest, "/settings/entities", "name=A&country=ES"), 403,
           "a reader adds nothing");
    is_i64(fx_post(&x, &staff, "/settings/entities", "name=Meridian+SA&country=ES"), 303,
           "a legal entity is added");
    struct str to = fx_header(&x, "Location");
    char page[128], edit[160], archive[160], accounts[160];
    (void)snprintf(page, sizeof page, STR_FMT, STR_ARG(to));
    (void)snprintf(edit, sizeof edit, "%s/edit", page);
    (void)snprintf(archive, sizeof archive, "%s/archive", page);
    (void)snprintf(accounts, sizeof accounts, "%s/accounts", page);
    is_i64(fx_get(&x, &guest, page), 200, "a reader sees it");
    ok(fx_has(&x, "Meridian SA") && !fx_has(&x, "/edit\""), "without buttons of an editor");
    is_i64(fx_get(&x, &staff, edit), 200, "its form opens");
    is_i64(fx_post(&x, &staff, edit, "name=Meridian+SL&country=ES&revision=1"), 303, "it is saved");
    is_i64(fx_post(&x, &staff, edit, "name=Meridian+XL&country=ES&revision=1"), 409,
           "but not over somebody else's change");
    ok(fx_has(&x, "Meridian SL") && fx_has(&x, "Meridian XL"), "which is shown beside one's own");
    is_i64(fx_post(&x, &staff, accounts,
                   "kind=iban&bank_name=B&number=ES9121000418450200051332&currency=EUR&is_main=1"),
           303, "an account is added");
    is_i64(fx_get(&x, &staff, page), 200, "and stands on its page");
    ok(fx_has(&x, "ES9121000418450200051332"), "with its number");
    is_i64(
        fx_post(&x, &staff, edit,
                "name=Meridian+SL&country=ES&revision=2&address_country=ES&address_line=Mayor+1"),
        303, "an address is given");
    is_i64(fx_get(&x, &staff, edit), 200, "the form opens again");
    ok(fx_has(&x, "value=\"Mayor 1\""), "with it");
    is_i64(fixture_i64(f, "select count(*) from audit_change where field = 'address_line'"), 1,
           "and the journal names the part that changed");
    is_i64(fx_get(&x, &staff, archive), 200, "archiving asks first");
    is_i64(fx_post(&x, &staff, archive, "revision=3"), 303, "then archives");
    is_i64(fx_get(&x, &staff, "/settings/entities?state=archived"), 200, "the list filters");
    ok(fx_has(&x, "Meridian SL"), "by state");
    is_i64(fx_get(&x, &staff, "/settings/entities?state=active&q=meridian"), 200, "and searches");
    ok(!fx_has(&x, "Meridian SL"), "together");
    fx_done(&x);
}

static void branch_pages(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, everything);
    char body[256];
    begin();
    int64_t entity = new_entity(f, "Meridian SA");
    open_pages(&x, f);
    is_i64(fx_get(&x, &staff, "/settings/branches/new"), 200, "the form opens");
    (void)snprintf(body, sizeof body, "code=MAD&name=Madrid&entity=%s", ent(entity).text);
    is_i64(fx_post(&x, &staff, "/settings/branches", body), 303, "a branch is added");
    struct str to = fx_header(&x, "Location");
    char page[128];
    (void)snprintf(page, sizeof page, STR_FMT, STR_ARG(to));
    is_i64(fx_get(&x, &staff, page), 200, "its page opens");
    ok(fx_has(&x, "Madrid") && fx_has(&x, "Meridian SA"), "with its legal entity");
    is_i64(fx_post(&x, &staff, "/settings/branches", body), 409, "the same code is refused");
    ok(fx_has(&x, "The code MAD is already used."), "in words");
    is_i64(fx_get(&x, &staff, "/settings/branches"), 200, "the list opens");
    ok(fx_has(&x, "Madrid"), "and shows it");
    fx_done(&x);
}

int main(void)
{
    fixture_each(the_operator);
    fixture_each(wrong_operators);
    fixture_each(tax_numbers);
    fixture_each(bank_accounts);
    fixture_each(main_accounts);
    fixture_each(branches);
    fixture_each(addresses);
    fixture_each(names);
    fixture_each(faults);
    fixture_each(company_pages);
    fixture_each(entity_pages);
    fixture_each(branch_pages);
    return done_testing();
}
