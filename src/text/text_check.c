/* Checks of what people type about themselves: addresses, phones, codes. Each normalises, so that
 * equal things are stored equal, and says in words what is wrong. Shared pieces for the numbers of
 * states and banks (text_check_ids.c) stand here too. */
#include <unicode/uchar.h>
#include <unicode/uloc.h>

#include "text/text_int.h"

enum {
    EMAIL_MAX = 254,
    LOCAL_MAX = 64,
    URL_MAX = 2048,
    CODE_MAX = 64,
    PHONE_DIGITS_MIN = 8,
    PHONE_DIGITS_MAX = 15
};

bool text__is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

struct str text__upper(struct arena *arena, struct str s)
{
    char *upper = arena_alloc(arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        upper[i] = (char)(s.at[i] >= 'a' && s.at[i] <= 'z' ? s.at[i] - 32 : s.at[i]);
    return (struct str){upper, s.len};
}

static bool is_between_digits(uint32_t c)
{
    return u_isUWhiteSpace((UChar32)c) || c == '-' || c == '.' || (c >= 0x2010 && c <= 0x2015) ||
           c == 0x2212 || c == 0x200B || c == 0xFEFF;
}

struct str text__compact(struct arena *arena, struct str s)
{
    AUTO_BUF compact = BUF(s.len * 3 + 4);
    uint32_t c;
    while (utf8_next(&s, &c))
        if (!is_between_digits(c))
            utf8_put(&compact, c);
    return str_dup(arena, compact.len > 0 ? buf_str(&compact) : STR(""));
}

bool text__all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

bool text__is_country(struct str code)
{
    if (code.len != 2)
        return false;
    for (const char *const *known = uloc_getISOCountries(); *known; known++)
        if (str_eq(code, str_of(*known)))
            return true;
    return false;
}

const char *check_country(struct arena *arena, struct str text, struct str *out)
{
    struct str code = text__upper(arena, str_trim(text));
    if (!text__is_country(code))
        return M("This is not a two-letter country code, such as ES or RU.");
    *out = code;
    return NULL;
}

/* ---- e-mail ---- */

static bool is_local_part(struct str local)
{
    if (local.len == 0 || local.len > LOCAL_MAX || local.at[0] == '.' ||
        local.at[local.len - 1] == '.' || str_has(local, STR("..")))
        return false;
    for (size_t i = 0; i < local.len; i++) {
        unsigned char c = (unsigned char)local.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && !is_digit && (c == 0 || !strchr(".!#$%&'*+/=?^_`{|}~-", c)))
            return false;
    }
    return true;
}

const char *check_email(struct arena *arena, struct str text, struct str *out)
{
    static const char wrong[] = M("This is not an e-mail address, such as name@example.com.");
    struct str rest = str_trim(text);
    struct str local = str_cut(&rest, '@'), domain;
    if (!rest.at || !is_local_part(local) || str_has(rest, STR("@")))
        return wrong;
    if (!text__ascii_domain(arena, rest, &domain))
        return wrong;
    size_t dot = str_find(domain, STR("."), 0);
    if (dot == SIZE_MAX || dot == 0 || str_ends(domain, STR(".")))
        return wrong;
    struct str email = str_printf(arena, STR_FMT "@" STR_FMT, STR_ARG(local), STR_ARG(domain));
    if (email.len > EMAIL_MAX)
        return M("This e-mail address is too long.");
    *out = email;
    return NULL;
}

/* ---- phone ---- */

const char *check_phone(struct arena *arena, struct str text, struct str *out)
{
    AUTO_BUF digits = BUF(64);
    bool has_plus = false;
    uint32_t c;
    for (struct str rest = str_trim(text); utf8_next(&rest, &c);) {
        if (c >= '0' && c <= '9')
            buf_char(&digits, (char)c);
        else if (c == '+' && digits.len == 0 && !has_plus)
            has_plus = true;
        else if (c != '(' && c != ')' && !is_between_digits(c))
            return M("A phone number has only digits, spaces, brackets and hyphens.");
    }
    struct str number = buf_str(&digits);
    if (digits.is_over)
        return M("This phone number is too long.");
    if (!has_plus && str_starts(number, STR("00"))) {
        number = str_sub(number, 2, number.len);
        has_plus = true;
    }
    bool is_russian = !has_plus && ((number.len == 11 && number.at[0] == '8') || number.len == 10);
    if (is_russian)
        number = str_printf(arena, "7" STR_FMT, STR_ARG(str_sub(number, number.len - 10, 10)));
    else if (!has_plus && !(number.len == 11 && number.at[0] == '7'))
        return M("Write the number with its country code, such as +34 612 34 56 78.");
    if (number.len < PHONE_DIGITS_MIN || number.len > PHONE_DIGITS_MAX || number.at[0] == '0')
        return M("This is not a whole phone number.");
    *out = str_printf(arena, "+" STR_FMT, STR_ARG(number));
    return NULL;
}

/* ---- web address ---- */

static bool is_port(struct str port)
{
    int64_t number;
    return text__all_digits(port) && str_to_i64(port, &number) && number >= 1 && number <= 65535;
}

static bool is_url_text(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}", c))
            return false;
    }
    return utf8_valid(text);
}

const char *check_url(struct arena *arena, struct str text, struct str *out)
{
    static const char wrong[] = M("This is not a web address, such as https://example.com/page.");
    struct str url = str_trim(text);
    size_t scheme = str_find(url, STR("://"), 0);
    if (url.len > URL_MAX)
        return M("This web address is too long.");
    if (scheme == SIZE_MAX || !is_url_text(url))
        return wrong;
    bool is_https = str_eq_nocase(str_sub(url, 0, scheme), STR("https"));
    if (!is_https && !str_eq_nocase(str_sub(url, 0, scheme), STR("http")))
        return M("Only http and https addresses are accepted.");
    struct str rest = str_sub(url, scheme + 3, url.len), domain;
    size_t end = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end]))
        end++;
    struct str port = str_sub(rest, 0, end), host = str_cut(&port, ':');
    if (str_has(str_sub(rest, 0, end), STR("@")))
        return M("A web address must not contain a user name.");
    if ((port.at && !is_port(port)) || !text__ascii_domain(arena, host, &domain))
        return wrong;
    *out = str_printf(arena, "%s://" STR_FMT "%s" STR_FMT STR_FMT, is_https ? "https" : "http",
                      STR_ARG(domain), port.at ? ":" : "", STR_ARG(port),
                      STR_ARG(str_sub(rest, end, rest.len)));
    return NULL;
}

/* ---- codes ---- */

const char *check_code(struct arena *arena, struct str text, struct str *out)
{
    struct str code = text_clean_line(arena, text);
    if (code.len == 0)
        return M("A code is needed.");
    if (utf8_count(code) > CODE_MAX)
        return M("A code has at most 64 characters.");
    uint32_t c;
    for (struct str rest = code; utf8_next(&rest, &c);)
        if (!u_isalnum((UChar32)c) && c != '.' && c != '_' && c != '-' && c != '/')
            return M("A code has only letters, digits and the signs . _ - /");
    *out = code;
    return NULL;
}
