/* Addresses, bank accounts and tax numbers of companies: cleaned and checked by country. They are
 * shapes without a table, so that partners are checked by the same rules as the operator. */
#include "org/org_int.h"

enum { PART_CHARS_MAX = 200, BANK_NAME_CHARS_MAX = 200, NUMBER_CHARS_MAX = 40, VAT_CHARS_MIN = 4 };

static const char too_long[] = M("This is too long: at most {0} characters.");
static const char required[] = M("This field is required.");

enum rc org__line(struct op *op, const char *field, struct str *text, int chars_max, bool is_needed)
{
    *text = text_clean_line(op->arena, *text);
    if (!text->at)
        *text = STR("");
    if (text->len == 0)
        return is_needed ? fail(op, RC_INVALID, field, required) : RC_OK;
    if (utf8_count(*text) <= (size_t)chars_max)
        return RC_OK;
    char max[16];
    (void)snprintf(max, sizeof max, "%d", chars_max);
    return fail(op, RC_INVALID, field, too_long, max);
}

/* Fields are all looked at before the answer, so that a person sees every mistake at once. */
enum rc org__worst(enum rc a, enum rc b)
{
    return a == RC_OK ? b : a;
}

/* An optional field checked by one of text's functions. */
static enum rc checked(struct op *op, const char *field, struct str *text,
                       const char *(*check)(struct arena *, struct str, struct str *))
{
    *text = text_clean_line(op->arena, *text);
    if (text->len == 0) {
        *text = STR("");
        return RC_OK;
    }
    const char *wrong = check(op->arena, *text, text);
    return wrong ? fail(op, RC_INVALID, field, wrong) : RC_OK;
}

enum rc org_address_check(struct op *op, struct org_address *address)
{
    enum rc rc = checked(op, "address_country", &address->country, check_country);
    rc = org__worst(rc, org__line(op, "address_region", &address->region, PART_CHARS_MAX, false));
    rc = org__worst(rc, org__line(op, "address_postcode", &address->postcode, 20, false));
    rc = org__worst(rc, org__line(op, "address_city", &address->city, PART_CHARS_MAX, false));
    return org__worst(rc, org__line(op, "address_line", &address->line, 2 * PART_CHARS_MAX, false));
}

/* ---- bank accounts ---- */

static enum rc check_ru_bank(struct op *op, struct org_bank *bank)
{
    const char *wrong = check_bik(op->arena, bank->bank_code, &bank->bank_code);
    if (wrong)
        return fail(op, RC_INVALID, "bank_code", wrong);
    enum rc rc = RC_OK;
    wrong = check_ru_account(op->arena, bank->number, bank->bank_code, &bank->number);
    if (wrong)
        rc = fail(op, RC_INVALID, "number", wrong);
    bank->corr_number = text_clean_line(op->arena, bank->corr_number);
    if (bank->corr_number.len == 0) {
        bank->corr_number = STR("");
        return rc;
    }
    wrong = check_ru_account(op->arena, bank->corr_number, bank->bank_code, &bank->corr_number);
    return wrong ? fail(op, RC_INVALID, "corr_number", wrong) : rc;
}

static enum rc check_iban_bank(struct op *op, struct org_bank *bank)
{
    bank->corr_number = STR("");
    enum rc rc = checked(op, "bank_code", &bank->bank_code, check_swift);
    const char *wrong = check_iban(op->arena, bank->number, &bank->number);
    return wrong ? fail(op, RC_INVALID, "number", wrong) : rc;
}

static enum rc check_other_bank(struct op *op, struct org_bank *bank)
{
    bank->corr_number = STR("");
    enum rc rc = checked(op, "bank_code", &bank->bank_code, check_swift);
    return org__worst(rc, org__line(op, "number", &bank->number, NUMBER_CHARS_MAX, true));
}

enum rc org_bank_check(struct op *op, struct org_bank *bank)
{
    enum rc rc = org__line(op, "bank_name", &bank->bank_name, BANK_NAME_CHARS_MAX, true);
    bank->currency = text_clean_line(op->arena, bank->currency);
    if (!currency_find(bank->currency))
        rc =
            org__worst(rc, fail(op, RC_INVALID, "currency", M("Choose a currency from the list.")));
    switch (bank->kind) {
    case ORG_BANK_RU: return org__worst(rc, check_ru_bank(op, bank));
    case ORG_BANK_IBAN: return org__worst(rc, check_iban_bank(op, bank));
    case ORG_BANK_OTHER: return org__worst(rc, check_other_bank(op, bank));
    }
    return org__worst(rc, fail(op, RC_INVALID, "kind", M("Choose the kind of account.")));
}

/* ---- tax numbers ---- */

/* A VAT or register number of any country: letters, digits and separators, upper case. The form of
 * each country is its own affair; what must not pass is text that is no number at all. */
static enum rc check_generic(struct op *op, const char *field, struct str *text)
{
    static const char wrong[] = M("Use 4 to 40 letters and digits, with at least one digit.");
    TRY(org__line(op, field, text, NUMBER_CHARS_MAX, false));
    if (text->len == 0)
        return RC_OK;
    char *at = arena_alloc(op->arena, text->len + 1);
    size_t kept = 0, digits = 0;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->at[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        bool is_digit = c >= '0' && c <= '9';
        if (c == ' ')
            continue;
        if (!is_digit && !(c >= 'A' && c <= 'Z') && c != '-' && c != '.' && c != '/')
            return fail(op, RC_INVALID, field, wrong);
        digits += is_digit;
        at[kept++] = c;
    }
    if (kept < VAT_CHARS_MIN || digits == 0)
        return fail(op, RC_INVALID, field, wrong);
    *text = (struct str){at, kept};
    return RC_OK;
}

enum rc org_tax_check(struct op *op, struct str country, struct org_tax *tax)
{
    if (str_eq(country, STR("RU"))) {
        enum rc rc = checked(op, "tax_number", &tax->number, check_inn);
        rc = org__worst(rc, checked(op, "tax_reason_code", &tax->reason_code, check_kpp));
        return org__worst(rc, checked(op, "registration", &tax->registration, check_ogrn));
    }
    tax->reason_code = STR("");
    enum rc rc = str_eq(country, STR("ES")) ? checked(op, "tax_number", &tax->number, check_nif)
                                            : check_generic(op, "tax_number", &tax->number);
    return org__worst(rc, check_generic(op, "registration", &tax->registration));
}
