/* Numbers and money for people, made by hand from integers: exact, thread-safe, and fast enough
 * for a page of amounts. Grouping is always in threes, also of four digits, as the product shows
 * amounts in columns. */
#include <unicode/uchar.h>
#include <unicode/ucurr.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "i18n/i18n_int.h"

enum { NUMBER_MAX = 128, DEC_SHOWN_MAX = 16 * 1024 };

static const struct str dash = STR_INIT("–");

/* ---- digits ---- */

static void put_grouped(struct buf *buf, const struct i18n__data *data, struct str digits)
{
    size_t head = digits.len % 3;
    buf_put(buf, str_sub(digits, 0, head));
    for (size_t i = head; i < digits.len; i += 3) {
        if (i > 0)
            buf_put(buf, data->group);
        buf_put(buf, str_sub(digits, i, 3));
    }
}

void i18n__put_size(struct buf *buf, const struct i18n__data *data, uint64_t size, int digits)
{
    char text[NUMBER_MAX];
    int len = snprintf(text, sizeof(text), "%0*llu", digits + 1, (unsigned long long)size);
    struct str all = {text, (size_t)len};
    size_t whole = all.len - (size_t)digits;
    put_grouped(buf, data, str_sub(all, 0, whole));
    if (digits > 0) {
        buf_put(buf, data->decimal);
        buf_put(buf, str_sub(all, whole, all.len));
    }
}

static uint64_t size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

struct str i18n_scaled(struct arena *arena, const struct lang *lang, int64_t value, int digits)
{
    assert(digits >= 0 && digits <= 18);
    AUTO_BUF out = BUF(NUMBER_MAX);
    if (value < 0)
        buf_put(&out, STR(I18N__MINUS));
    i18n__put_size(&out, i18n__data(lang), size_of(value), digits);
    return str_dup(arena, buf_str(&out));
}

struct str i18n_i64(struct arena *arena, const struct lang *lang, int64_t value)
{
    return i18n_scaled(arena, lang, value, 0);
}

struct str i18n_dec(struct arena *arena, const struct lang *lang, struct dec value)
{
    if (!dec_is_finite(value))
        return dash;
    const struct i18n__data *data = i18n__data(lang);
    struct str plain = dec_print(arena, value);
    AUTO_BUF out = BUF(DEC_SHOWN_MAX);
    if (str_starts(plain, STR("-"))) {
        buf_put(&out, STR(I18N__MINUS));
        plain = str_sub(plain, 1, plain.len);
    }
    struct str fraction = plain, whole = str_cut(&fraction, '.');
    put_grouped(&out, data, whole);
    if (fraction.at) {
        buf_put(&out, data->decimal);
        buf_put(&out, fraction);
    }
    return str_dup(arena, buf_str(&out));
}

struct str i18n_percent(struct arena *arena, const struct lang *lang, struct dec ratio, int digits)
{
    if (!dec_is_finite(ratio))
        return dash;
    int64_t scaled;
    struct str number;
    if (dec_to_scaled(ratio, digits + 2, DEC_HALF_UP, &scaled))
        number = i18n_scaled(arena, lang, scaled, digits);
    else
        number = i18n_dec(arena, lang, dec_mul(ratio, dec_from_i64(100)));
    return str_join(arena, number, lang->id == LANG_EN ? STR("%") : STR(I18N__NBSP "%"));
}

struct str i18n_size(struct arena *arena, const struct lang *lang, int64_t bytes)
{
    static const char *const units[][5] = {{"B", "kB", "MB", "GB", "TB"},
                                           {"Б", "КБ", "МБ", "ГБ", "ТБ"},
                                           {"B", "kB", "MB", "GB", "TB"}};
    int unit = 0;
    int64_t tenths = bytes, divisor = 1;
    while (unit < 4 && size_of(bytes) / (uint64_t)divisor >= 1000) {
        divisor *= 1000;
        unit++;
    }
    if (unit > 0 && !money_muldiv(bytes, 10, divisor, DEC_HALF_UP, &tenths))
        tenths = 0;
    struct str number = i18n_scaled(arena, lang, tenths, unit > 0 ? 1 : 0);
    return str_printf(arena, STR_FMT I18N__NBSP "%s", STR_ARG(number), units[lang->id - 1][unit]);
}

/* ---- money ---- */

struct str i18n_currency_symbol(const struct lang *lang, const struct currency *currency)
{
    return i18n__data(lang)->signs[currency - currency_at(0)];
}

static struct str money_text(struct arena *arena, const struct lang *lang, struct money money,
                             int digits, struct str sign_before)
{
    const struct i18n__data *data = i18n__data(lang);
    struct str symbol = i18n_currency_symbol(lang, money.currency);
    AUTO_BUF out = BUF(NUMBER_MAX);
    buf_put(&out, sign_before);
    if (data->is_sign_first) {
        char last = symbol.at[symbol.len - 1];
        bool is_word = (last >= 'A' && last <= 'Z') || (last >= 'a' && last <= 'z');
        buf_put(&out, symbol);
        if (is_word) /* "KZT 1.00", but "US$1.00" */
            buf_put(&out, STR(I18N__NBSP));
    }
    i18n__put_size(&out, data, size_of(money.minor), digits);
    if (!data->is_sign_first) {
        buf_put(&out, STR(I18N__NBSP));
        buf_put(&out, symbol);
    }
    return str_dup(arena, buf_str(&out));
}

static struct str minus_of(int64_t value)
{
    return value < 0 ? STR(I18N__MINUS) : STR("");
}

struct str i18n_money(struct arena *arena, const struct lang *lang, struct money money)
{
    if (!money.currency)
        return dash;
    return money_text(arena, lang, money, money.currency->digits, minus_of(money.minor));
}

struct str i18n_money_whole(struct arena *arena, const struct lang *lang, struct money money)
{
    if (!money.currency)
        return dash;
    bool fits = money_rescale(money.minor, money.currency->digits, 0, DEC_HALF_UP, &money.minor);
    assert(fits);
    return money_text(arena, lang, money, 0, minus_of(money.minor));
}

struct str i18n_amount(struct arena *arena, const struct lang *lang, struct money money)
{
    if (!money.currency)
        return dash;
    return i18n_scaled(arena, lang, money.minor, money.currency->digits);
}

struct str i18n_money_delta(struct arena *arena, const struct lang *lang, struct money money)
{
    if (!money.currency)
        return dash;
    struct str sign = money.minor > 0 ? STR("+") : minus_of(money.minor);
    return money_text(arena, lang, money, money.currency->digits, sign);
}

/* ---- names ---- */

static struct str name_from_utf16(struct arena *arena, const UChar *text, int32_t len)
{
    UErrorCode failed = U_ZERO_ERROR;
    char *bytes = arena_alloc(arena, (size_t)len * 3 + 1);
    int32_t bytes_len = 0;
    (void)u_strToUTF8(bytes, len * 3 + 1, &bytes_len, text, len, &failed);
    assert(U_SUCCESS(failed));
    return (struct str){bytes, (size_t)bytes_len};
}

struct str i18n_currency_name(struct arena *arena, const struct lang *lang,
                              const struct currency *currency)
{
    UErrorCode failed = U_ZERO_ERROR;
    UChar code[4];
    int32_t len = 0;
    u_uastrncpy(code, currency->code, 4);
    const UChar *name = ucurr_getName(code, lang->locale, UCURR_LONG_NAME, NULL, &len, &failed);
    return U_SUCCESS(failed) ? name_from_utf16(arena, name, len) : str_of(currency->code);
}

struct str i18n_country_name(struct arena *arena, const struct lang *lang, struct str code)
{
    if (code.len != 2)
        return code;
    UErrorCode failed = U_ZERO_ERROR;
    UChar name[128];
    char locale[8];
    (void)snprintf(locale, sizeof(locale), "und_" STR_FMT, STR_ARG(code));
    int32_t len = uloc_getDisplayCountry(locale, lang->locale, name, 128, &failed);
    if (U_FAILURE(failed) || len > 127)
        return code;
    return name_from_utf16(arena, name, len);
}

struct named_code {
    struct str key, code;
};

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct named_code *)a)->key, ((const struct named_code *)b)->key);
}

void i18n_countries(struct arena *arena, const struct lang *lang, struct str_list *out_codes)
{
    VEC(struct named_code) found = {0};
    for (const char *const *code = uloc_getISOCountries(); *code; code++) {
        struct str name = i18n_country_name(arena, lang, str_of(*code));
        struct named_code item = {text_sort_key(arena, name), str_of(*code)};
        VEC_PUSH(arena, &found, item);
    }
    if (found.len > 0)
        qsort(found.at, found.len, sizeof(*found.at), by_key);
    struct str_list codes = {0};
    for (size_t i = 0; i < found.len; i++)
        VEC_PUSH(arena, &codes, found.at[i].code);
    *out_codes = codes;
}
