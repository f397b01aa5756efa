/* Numbers that states and banks give out, with their check digits. Sources: order of the Russian
 * tax service on INN; Bank of Russia, order 515-P of 1997 on account keys; ISO 13616 (IBAN) with
 * the SWIFT registry's lengths; ISO 9362 (BIC); Spanish decrees 2423/1975 and 1065/2007. */
#include "text/text_int.h"

static int digit(struct str s, size_t i)
{
    return s.at[i] - '0';
}

static int weighted(struct str s, const int *weights, size_t len)
{
    int sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += digit(s, i) * weights[i];
    return sum;
}

/* ---- Russia ---- */

static bool is_inn(struct str inn)
{
    static const int ten[] = {2, 4, 10, 3, 5, 9, 4, 6, 8};
    static const int eleven[] = {7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    static const int twelve[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    if (str_starts(inn, STR("00"))) /* no such region; all zeros would pass the sums */
        return false;
    if (inn.len == 10)
        return weighted(inn, ten, LEN(ten)) % 11 % 10 == digit(inn, 9);
    return weighted(inn, eleven, LEN(eleven)) % 11 % 10 == digit(inn, 10) &&
           weighted(inn, twelve, LEN(twelve)) % 11 % 10 == digit(inn, 11);
}

const char *check_inn(struct arena *arena, struct str text, struct str *out)
{
    struct str inn = text__compact(arena, text);
    if (!text__all_digits(inn) || (inn.len != 10 && inn.len != 12))
        return M("An INN has 10 digits (companies) or 12 digits (people).");
    if (!is_inn(inn))
        return M("The check digit of this INN does not fit: look for a typing error.");
    *out = inn;
    return NULL;
}

const char *check_kpp(struct arena *arena, struct str text, struct str *out)
{
    struct str kpp = text__upper(arena, text__compact(arena, text));
    bool is_right = kpp.len == 9;
    for (size_t i = 0; i < kpp.len && is_right; i++) {
        bool is_digit = kpp.at[i] >= '0' && kpp.at[i] <= '9';
        bool is_letter = kpp.at[i] >= 'A' && kpp.at[i] <= 'Z';
        is_right = is_digit || (is_letter && (i == 4 || i == 5));
    }
    if (!is_right)
        return M("A KPP has nine digits, the fifth and sixth may be Latin letters.");
    *out = kpp;
    return NULL;
}

const char *check_ogrn(struct arena *arena, struct str text, struct str *out)
{
    struct str ogrn = text__compact(arena, text);
    if (!text__all_digits(ogrn) || (ogrn.len != 13 && ogrn.len != 15))
        return M("An OGRN has 13 digits, an OGRNIP has 15 digits.");
    int64_t number = 0;
    bool is_number = str_to_i64(str_sub(ogrn, 0, ogrn.len - 1), &number);
    int64_t check = number % (ogrn.len == 13 ? 11 : 13) % 10;
    if (!is_number || number == 0 || check != digit(ogrn, ogrn.len - 1))
        return M("The check digit of this OGRN does not fit: look for a typing error.");
    *out = ogrn;
    return NULL;
}

const char *check_bik(struct arena *arena, struct str text, struct str *out)
{
    struct str bik = text__compact(arena, text);
    if (!text__all_digits(bik) || bik.len != 9 || bik.at[0] != '0')
        return M("A BIK has nine digits and begins with 0.");
    *out = bik;
    return NULL;
}

/* The key covers the account and three digits of its bank: the last three of the BIK for a client
 * of a bank; 0 and the fifth and sixth for accounts kept by the Bank of Russia itself. */
static bool is_account_key(struct str account, struct str bik)
{
    static const int weights[] = {7, 1, 3};
    if (account.at[0] == '0') /* treasury accounts (03…) carry no key */
        return bik.at[1] <= '2';
    /* RKC and head offices end in 000…002; treasury bodies begin with 00, 01 or 02. */
    bool is_kept_there = str_starts(account, STR("301")) || bik.at[1] <= '2' ||
                         str_cmp(str_sub(bik, 6, 3), STR("002")) <= 0;
    char digits[24] = "0";
    if (is_kept_there)
        memcpy(digits + 1, bik.at + 4, 2);
    else
        memcpy(digits, bik.at + 6, 3);
    memcpy(digits + 3, account.at, 20);
    int sum = 0;
    for (size_t i = 0; i < 23; i++)
        sum += (digits[i] - '0') * weights[i % 3] % 10;
    return sum % 10 == 0;
}

const char *check_ru_account(struct arena *arena, struct str text, struct str bik, struct str *out)
{
    struct str account = text__compact(arena, text), bank;
    const char *wrong = check_bik(arena, bik, &bank);
    if (wrong)
        return M("The account cannot be checked without a correct BIK.");
    if (!text__all_digits(account) || account.len != 20)
        return M("An account number has 20 digits.");
    if (!is_account_key(account, bank))
        return M("This account number does not fit the BIK: look for a typing error in both.");
    *out = account;
    return NULL;
}

/* ---- IBAN, BIC ---- */

static const struct iban_length {
    char country[3];
    unsigned char len;
} iban_lengths[] = {
    /* clang-format off */
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
    {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
    {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20},
    {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22},
    {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21},
    {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
    {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22},
    {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24},
    {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26},
    {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
    /* clang-format on */
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool all_alnum(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]))
            return false;
    return s.len > 0;
}

/* The first four characters go to the end, letters count from A = 10, and the whole number leaves
 * 1 when divided by 97. */
static int iban_rest(struct str iban)
{
    int rest = 0;
    for (size_t i = 0; i < iban.len; i++) {
        char c = iban.at[(i + 4) % iban.len];
        rest = c <= '9' ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest;
}

const char *check_iban(struct arena *arena, struct str text, struct str *out)
{
    struct str iban = text__upper(arena, text__compact(arena, text));
    if (!all_alnum(iban) || iban.len < 5 || !text__all_digits(str_sub(iban, 2, 2)))
        return M("An IBAN begins with a country code and two digits, such as ES91 2100….");
    size_t expected = 0;
    for (size_t i = 0; i < LEN(iban_lengths); i++)
        if (memcmp(iban.at, iban_lengths[i].country, 2) == 0)
            expected = iban_lengths[i].len;
    if (expected == 0)
        return M("This country has no IBAN: check the first two letters.");
    if (iban.len != expected)
        return M("An IBAN of this country has another length: a character is missing or extra.");
    if (iban_rest(iban) != 1)
        return M("The check digits of this IBAN do not fit: look for a typing error.");
    *out = iban;
    return NULL;
}

const char *check_swift(struct arena *arena, struct str text, struct str *out)
{
    struct str bic = text__upper(arena, text__compact(arena, text));
    bool is_right = (bic.len == 8 || bic.len == 11) && all_alnum(bic);
    for (size_t i = 0; i < 4 && is_right; i++)
        is_right = bic.at[i] >= 'A';
    struct str country = str_sub(bic, 4, 2);
    if (!is_right || (!text__is_country(country) && !str_eq(country, STR("XK"))))
        return M("A BIC (SWIFT) has 8 or 11 characters, such as CAIXESBBXXX.");
    *out = bic;
    return NULL;
}

/* ---- Spain ---- */

/* DNI, NIE (X, Y, Z stand for 0, 1, 2) and K, L, M (no digit): the letter of the rest by 23. */
static bool is_person(struct str nif)
{
    char digits[9] = {0};
    memcpy(digits, nif.at, 8);
    if (nif.at[0] >= 'X')
        digits[0] = (char)('0' + (nif.at[0] - 'X'));
    else if (nif.at[0] >= 'K')
        digits[0] = '0';
    int64_t number;
    if (!text__all_digits((struct str){digits, 8}) || !str_to_i64((struct str){digits, 8}, &number))
        return false;
    return nif.at[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23];
}

/* Entities: even places are summed, odd ones doubled digit by digit; some kinds show the result as
 * a letter, some as a digit, some as either. */
static bool is_entity(struct str nif)
{
    if (!text__all_digits(str_sub(nif, 1, 7)))
        return false;
    int sum = 0;
    for (size_t i = 1; i <= 7; i++) {
        int value = digit(nif, i) * (i % 2 == 1 ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    int control = (10 - sum % 10) % 10;
    bool is_letter = nif.at[8] == "JABCDEFGHI"[control], is_number = nif.at[8] == '0' + control;
    if (strchr("NPQRSW", nif.at[0]))
        return is_letter;
    return strchr("ABEH", nif.at[0]) ? is_number : is_number || is_letter;
}

const char *check_nif(struct arena *arena, struct str text, struct str *out)
{
    struct str nif = text__upper(arena, text__compact(arena, text));
    if (str_starts(nif, STR("ES")) && nif.len == 11)
        nif = str_sub(nif, 2, 9);
    if (nif.len != 9 || !all_alnum(nif))
        return M("A NIF has nine characters, such as 12345678Z or B12345674.");
    char first = nif.at[0];
    bool is_right = first <= '9' || first >= 'X' || strchr("KLM", first) ? is_person(nif)
                    : strchr("ABCDEFGHJNPQRSUVW", first)                 ? is_entity(nif)
                                                                         : false;
    if (!is_right)
        return M("The control character of this NIF does not fit: look for a typing error.");
    *out = nif;
    return NULL;
}
