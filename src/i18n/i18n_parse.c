/* Numbers as people type them. The text is brought to plain digits with one point, then read
 * exactly. Where a single sign could mean thousands or decimals and the language does not settle
 * it, the person is asked: guessing would be wrong by a factor of a thousand. */
#include <unicode/uchar.h>

#include "i18n/i18n_int.h"

enum { TYPED_MAX = 100 };

struct typed {
    char text[TYPED_MAX + 4]; /* digits and the signs . , with ' for every other grouping */
    size_t len;
    bool is_negative;
};

static bool is_minus(uint32_t c)
{
    return c == '-' || c == 0x2212 || c == 0x2013 || c == 0xFE63 || c == 0xFF0D;
}

/* Digits and separators only; spaces of any kind become '. */
static bool read_typed(struct str text, struct typed *out)
{
    bool is_first = true;
    uint32_t c;
    for (text = str_trim(text); utf8_next(&text, &c); is_first = false) {
        if (is_first && (is_minus(c) || c == '+')) {
            out->is_negative = c != '+';
            continue;
        }
        bool is_gap = u_isUWhiteSpace((UChar32)c) || c == '\'' || c == 0x2019;
        if (is_gap && out->len == 0)
            continue;
        if (out->len >= TYPED_MAX || (!is_gap && !(c >= '0' && c <= '9') && c != '.' && c != ','))
            return false;
        out->text[out->len++] = (char)(is_gap ? '\'' : c);
    }
    while (out->len > 0 && out->text[out->len - 1] == '\'')
        out->len--;
    return out->len > 0;
}

static size_t count_of(const struct typed *typed, char c, size_t *out_last)
{
    size_t count = 0;
    for (size_t i = 0; i < typed->len; i++)
        if (typed->text[i] == c) {
            count++;
            *out_last = i;
        }
    return count;
}

/* Which character is the decimal sign: 0 none, '?' cannot be told. */
static char decimal_of(const struct lang *lang, const struct typed *typed)
{
    size_t last_point = 0, last_comma = 0;
    size_t points = count_of(typed, '.', &last_point), commas = count_of(typed, ',', &last_comma);
    if (points > 0 && commas > 0)
        return last_point > last_comma ? '.' : ',';
    if (points + commas != 1)
        return 0;
    char sign = points ? '.' : ',';
    size_t at = points ? last_point : last_comma;
    char own = lang->id == LANG_EN ? '.' : ',';
    bool could_group = typed->len - at - 1 == 3 && at >= 1 && at <= 3 && typed->text[0] != '0';
    if (sign == own || !could_group)
        return sign;
    return lang->id == LANG_RU ? '?' : 0; /* Russian groups by spaces only */
}

static const char ambiguous[] =
    M("It is not clear whether this sign separates thousands or decimals: write 1500 or 1.50.");
static const char no_number[] = M("This is not a number: write digits, for example 1234.50.");

/* Takes grouping out, checking that it stands in threes and is of one kind. */
static bool ungroup(struct str whole, struct buf *out)
{
    char group = 0;
    size_t since = 0;
    for (size_t i = 0; i < whole.len; i++) {
        char c = whole.at[i];
        if (c >= '0' && c <= '9') {
            buf_char(out, c);
            since++;
            continue;
        }
        bool is_first = group == 0;
        if ((!is_first && c != group) || (is_first ? since < 1 || since > 3 : since != 3))
            return false;
        group = c;
        since = 0;
    }
    return group == 0 ? since > 0 : since == 3;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

static const char *to_plain(const struct lang *lang, struct str text, struct buf *out)
{
    struct typed typed = {0};
    if (!read_typed(text, &typed))
        return no_number;
    char decimal = decimal_of(lang, &typed);
    if (decimal == '?')
        return ambiguous;
    struct str all = {typed.text, typed.len}, whole = all, fraction = STR_NONE;
    size_t last = 0;
    if (decimal && count_of(&typed, decimal, &last) > 0) {
        whole = str_sub(all, 0, last);
        fraction = str_sub(all, last + 1, all.len);
        if (!all_digits(fraction))
            return no_number;
    }
    if (typed.is_negative)
        buf_char(out, '-');
    if (whole.len == 0 && fraction.len > 0)
        buf_char(out, '0');
    else if (!ungroup(whole, out))
        return no_number;
    if (fraction.len > 0) {
        buf_char(out, '.');
        buf_put(out, fraction);
    }
    return NULL;
}

const char *i18n_parse_scaled(const struct lang *lang, struct str text, int digits, int64_t *out)
{
    AUTO_BUF plain = BUF(TYPED_MAX + 8);
    const char *wrong = to_plain(lang, text, &plain);
    return wrong ? wrong : money_parse_scaled(buf_str(&plain), digits, out);
}

const char *i18n_parse_dec(const struct lang *lang, struct str text, struct dec *out)
{
    AUTO_BUF plain = BUF(TYPED_MAX + 8);
    const char *wrong = to_plain(lang, text, &plain);
    if (wrong)
        return wrong;
    return dec_parse(buf_str(&plain), out) ? NULL : no_number;
}
