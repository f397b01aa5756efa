/* The data of the three languages, read from ICU when first needed and then constant. ICU's
 * formatters are not kept: they are not thread-safe. UPluralRules is (its select is const). */
#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "i18n/i18n_int.h"

static const struct lang langs[LANG_COUNT] = {{LANG_EN, "en", "English", "en"},
                                              {LANG_RU, "ru", "Русский", "ru"},
                                              {LANG_ES, "es", "Español", "es"}};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct i18n__data data_of[LANG_COUNT];
static UPluralRules *plurals[LANG_COUNT];
static struct arena *data_arena; /* lives as long as the process */

const struct lang *lang_of(enum lang_id id)
{
    assert(id >= LANG_EN && id <= LANG_ES);
    return &langs[id - 1];
}

const struct lang *lang_find(struct str code)
{
    for (size_t i = 0; i < LANG_COUNT; i++)
        if (str_eq(code, str_of(langs[i].code)))
            return &langs[i];
    return NULL;
}

/* "0.8" in thousandths; a weight that cannot be read counts as 1. */
static int weight_of(struct str params)
{
    while (params.at) {
        struct str param = str_trim(str_cut(&params, ';'));
        if (!str_starts(param, STR("q=")) && !str_starts(param, STR("Q=")))
            continue;
        int weight = 0, unit = 1000;
        for (size_t i = 2; i < param.len && unit > 0; i++) {
            if (param.at[i] == '.')
                continue;
            if (param.at[i] < '0' || param.at[i] > '9')
                return 1000;
            weight += (param.at[i] - '0') * unit;
            unit /= 10;
        }
        return weight > 1000 ? 1000 : weight;
    }
    return 1000;
}

const struct lang *lang_negotiate(struct str accept_language)
{
    const struct lang *best = NULL;
    int best_weight = 0;
    struct str rest = str_sub(accept_language, 0, 1024);
    while (rest.at) {
        struct str params = str_cut(&rest, ',');
        struct str tag = str_trim(str_cut(&params, ';'));
        struct str primary = str_cut(&tag, '-');
        for (size_t i = 0; i < LANG_COUNT; i++) {
            int weight = weight_of(params);
            bool fits = str_eq_nocase(primary, str_of(langs[i].code)) ||
                        (i == 0 && str_eq(primary, STR("*")));
            if (fits && weight > best_weight) {
                best = &langs[i];
                best_weight = weight;
            }
        }
    }
    return best ? best : &langs[0];
}

/* ---- reading ICU ---- */

static struct str from_utf16(const UChar *text, int32_t len)
{
    UErrorCode failed = U_ZERO_ERROR;
    char bytes[256];
    int32_t bytes_len = 0;
    (void)u_strToUTF8(bytes, (int32_t)sizeof(bytes), &bytes_len, text, len, &failed);
    assert(U_SUCCESS(failed));
    return str_dup(data_arena, (struct str){bytes, (size_t)bytes_len});
}

static struct str number_symbol(const UNumberFormat *format, UNumberFormatSymbol symbol)
{
    UErrorCode failed = U_ZERO_ERROR;
    UChar text[16];
    int32_t len = unum_getSymbol(format, symbol, text, 16, &failed);
    assert(U_SUCCESS(failed));
    return from_utf16(text, len);
}

static void read_names(const UDateFormat *format, UDateFormatSymbolType type, int first, int count,
                       int shift, struct str *out)
{
    for (int i = 0; i < count; i++) {
        UErrorCode failed = U_ZERO_ERROR;
        UChar text[64];
        int32_t len = udat_getSymbols(format, type, first + (i + shift) % count, text, 64, &failed);
        assert(U_SUCCESS(failed));
        out[i] = from_utf16(text, len);
    }
}

static struct str currency_text(const char *code, const char *locale, UCurrNameStyle style)
{
    UErrorCode failed = U_ZERO_ERROR;
    UChar iso[4];
    int32_t len = 0;
    u_uastrncpy(iso, code, 4);
    const UChar *text = ucurr_getName(iso, locale, style, NULL, &len, &failed);
    assert(U_SUCCESS(failed));
    return from_utf16(text, len);
}

/* The language's own sign; where it has none, the narrow sign if no other currency shares it
 * (₽ is plain in English too, $ is not). */
static struct str sign_of(const char *code, const char *locale)
{
    struct str sign = currency_text(code, locale, UCURR_SYMBOL_NAME);
    if (!str_eq(sign, str_of(code)))
        return sign;
    struct str narrow = currency_text(code, locale, UCURR_NARROW_SYMBOL_NAME);
    bool is_shared = narrow.len == 0 || (unsigned char)narrow.at[0] < 0x80 ||
                     str_eq(narrow, STR("£")) || str_eq(narrow, STR("¥"));
    return is_shared ? sign : narrow;
}

static void read_language(const struct lang *lang, struct i18n__data *out)
{
    UErrorCode failed = U_ZERO_ERROR;
    UNumberFormat *numbers = unum_open(UNUM_DECIMAL, NULL, 0, lang->locale, NULL, &failed);
    UDateFormat *dates = udat_open(UDAT_LONG, UDAT_LONG, lang->locale, NULL, 0, NULL, 0, &failed);
    plurals[lang->id - 1] = uplrules_open(lang->locale, &failed);
    assert(U_SUCCESS(failed));
    out->decimal = number_symbol(numbers, UNUM_DECIMAL_SEPARATOR_SYMBOL);
    out->group = number_symbol(numbers, UNUM_GROUPING_SEPARATOR_SYMBOL);
    out->is_sign_first = lang->id == LANG_EN;
    read_names(dates, UDAT_STANDALONE_MONTHS, 0, 12, 0, out->months);
    read_names(dates, UDAT_STANDALONE_SHORT_MONTHS, 0, 12, 0, out->months_short);
    read_names(dates, UDAT_MONTHS, 0, 12, 0, out->months_of);
    read_names(dates, UDAT_SHORT_MONTHS, 0, 12, 0, out->months_short_of);
    /* ICU counts weekdays from 1, Sunday. */
    read_names(dates, UDAT_STANDALONE_WEEKDAYS, 1, 7, 1, out->weekdays);
    read_names(dates, UDAT_STANDALONE_SHORT_WEEKDAYS, 1, 7, 1, out->weekdays_short);
    unum_close(numbers);
    udat_close(dates);
    out->signs = NEW_ARRAY(data_arena, struct str, currency_count());
    for (size_t i = 0; i < currency_count(); i++)
        out->signs[i] = sign_of(currency_at(i)->code, lang->locale);
}

static void read_icu(void)
{
    data_arena = arena_new(0);
    for (size_t i = 0; i < LANG_COUNT; i++)
        read_language(&langs[i], &data_of[i]);
}

const struct i18n__data *i18n__data(const struct lang *lang)
{
    (void)pthread_once(&once, read_icu);
    return &data_of[lang->id - 1];
}

enum plural i18n__plural(const struct lang *lang, int64_t value)
{
    (void)i18n__data(lang);
    /* The rules look at the last six digits, and whether there are more; so doubles are exact. */
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    size = size < 1000000 ? size : size % 1000000 + 1000000;
    UErrorCode failed = U_ZERO_ERROR;
    UChar word[16];
    int32_t len = uplrules_select(plurals[lang->id - 1], (double)size, word, 16, &failed);
    assert(U_SUCCESS(failed) && len > 1);
    switch (word[0]) {
    case 'o': return word[1] == 'n' ? PLURAL_ONE : PLURAL_OTHER;
    case 'f': return PLURAL_FEW;
    case 'm': return PLURAL_MANY;
    default: return PLURAL_OTHER;
    }
}

struct str i18n__capital(struct arena *arena, struct str text)
{
    struct str rest = text;
    uint32_t first;
    if (!utf8_next(&rest, &first))
        return text;
    AUTO_BUF out = BUF(text.len + 8);
    utf8_put(&out, (uint32_t)u_totitle((UChar32)first));
    buf_put(&out, rest);
    return str_dup(arena, buf_str(&out));
}
