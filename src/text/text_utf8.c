/* UTF-8 and cleaning. The decoder accepts shortest forms only; everything broken becomes one
 * U+FFFD a byte, so that a loop over a text always ends and never reads past it. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "text/text_int.h"

enum { REPLACEMENT = 0xFFFD, BOM = 0xFEFF };

/* The length of the character at s->at, 0 when it is broken. */
static size_t decode(struct str s, uint32_t *out)
{
    const unsigned char *at = (const unsigned char *)s.at;
    unsigned char lead = at[0];
    if (lead < 0x80) {
        *out = lead;
        return 1;
    }
    size_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || s.len < len)
        return 0;
    uint32_t c = lead & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3Fu);
    }
    bool is_long_form = (len == 3 && c < 0x800) || (len == 4 && c < 0x10000);
    if (is_long_form || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *out = c;
    return len;
}

bool utf8_valid(struct str s)
{
    uint32_t c;
    for (size_t i = 0; i < s.len;) {
        /* Eight ASCII bytes at a time: most of any file. */
        uint64_t eight;
        if (s.len - i >= sizeof(eight)) {
            memcpy(&eight, s.at + i, sizeof(eight));
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        size_t len = decode((struct str){s.at + i, s.len - i}, &c);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

bool utf8_next(struct str *s, uint32_t *out_char)
{
    if (s->len == 0)
        return false;
    size_t len = decode(*s, out_char);
    if (len == 0) {
        *out_char = REPLACEMENT;
        len = 1;
    }
    *s = (struct str){s->at + len, s->len - len};
    return true;
}

void utf8_put(struct buf *buf, uint32_t character)
{
    uint32_t c = character;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = REPLACEMENT;
    char bytes[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    bytes[0] = (char)(leads[len] | c);
    buf_put(buf, (struct str){bytes, len});
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    uint32_t c;
    while (utf8_next(&s, &c))
        count++;
    return count;
}

struct str utf8_cut(struct str s, size_t chars_max)
{
    struct str rest = s;
    uint32_t c;
    for (size_t i = 0; i < chars_max && utf8_next(&rest, &c); i++)
        ;
    return (struct str){s.at, s.len - rest.len};
}

struct str utf8_cut_bytes(struct str s, size_t bytes_max)
{
    if (s.len <= bytes_max)
        return s;
    size_t len = bytes_max;
    /* Back to the start of the character that does not fit; of garbage at most three bytes. */
    for (int i = 0; i < 3 && len > 0 && ((unsigned char)s.at[len] & 0xC0) == 0x80; i++)
        len--;
    return (struct str){s.at, len};
}

static size_t columns_of(uint32_t c)
{
    int8_t type = u_charType((UChar32)c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return 0;
    int width = u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t utf8_columns(struct str s)
{
    size_t columns = 0;
    uint32_t c;
    while (utf8_next(&s, &c))
        columns += c < 0x80 ? c >= 0x20 && c != 0x7F : columns_of(c);
    return columns;
}

/* ---- UTF-16 for ICU ---- */

struct text__utf16 text__to_utf16(struct arena *arena, struct str s)
{
    assert(s.len < INT32_MAX / 4);
    UErrorCode failed = U_ZERO_ERROR;
    struct text__utf16 text = {NEW_ARRAY(arena, UChar, s.len + 1), 0};
    if (s.len > 0)
        (void)u_strFromUTF8WithSub(text.at, (int32_t)s.len + 1, &text.len, s.at, (int32_t)s.len,
                                   REPLACEMENT, NULL, &failed);
    assert(U_SUCCESS(failed));
    return text;
}

struct str text__from_utf16(struct arena *arena, const UChar *at, int32_t len)
{
    UErrorCode failed = U_ZERO_ERROR;
    int32_t cap = len * 3 + 1, bytes = 0;
    char *out = arena_alloc(arena, (size_t)cap);
    if (len > 0)
        (void)u_strToUTF8WithSub(out, cap, &bytes, at, len, REPLACEMENT, NULL, &failed);
    assert(U_SUCCESS(failed));
    return (struct str){out, (size_t)bytes};
}

/* ---- cleaning ---- */

static bool is_dropped(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    bool is_bidi = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                   (c >= 0x2066 && c <= 0x2069);
    bool is_invisible = c == 0x200B || c == 0x2060 || c == BOM || (c >= 0xFFF9 && c <= 0xFFFB);
    return is_control || is_bidi || is_invisible || (c & 0xFFFE) == 0xFFFE;
}

static struct str to_nfc(struct arena *arena, struct str s)
{
    if (text__is_ascii(s))
        return s;
    UErrorCode failed = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&failed);
    struct text__utf16 text = text__to_utf16(arena, s);
    if (U_SUCCESS(failed) && unorm2_isNormalized(nfc, text.at, text.len, &failed))
        return text__from_utf16(arena, text.at, text.len);
    int32_t cap = text.len * 3 + 1; /* NFC grows to at most three units each */
    UChar *out = NEW_ARRAY(arena, UChar, (size_t)cap);
    int32_t len = unorm2_normalize(nfc, text.at, text.len, out, cap, &failed);
    assert(U_SUCCESS(failed));
    return text__from_utf16(arena, out, len);
}

struct str text_clean_line(struct arena *arena, struct str s)
{
    AUTO_BUF clean = BUF(s.len * 3 + 4);
    struct str rest = s;
    bool wants_space = false;
    uint32_t c;
    while (utf8_next(&rest, &c)) {
        if (u_isUWhiteSpace((UChar32)c)) {
            wants_space = clean.len > 0;
            continue;
        }
        if (is_dropped(c))
            continue;
        if (wants_space)
            buf_char(&clean, ' ');
        wants_space = false;
        utf8_put(&clean, c);
    }
    return str_dup(arena, to_nfc(arena, buf_str(&clean)));
}

struct str text_clean_block(struct arena *arena, struct str s)
{
    AUTO_BUF clean = BUF(s.len * 3 + 4);
    struct str rest = s;
    uint32_t c, before = 0;
    while (utf8_next(&rest, &c)) {
        bool is_newline = c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (is_newline && !(c == '\n' && before == '\r'))
            buf_char(&clean, '\n');
        else if (c == '\t' || (!is_newline && !is_dropped(c)))
            utf8_put(&clean, c);
        before = c;
    }
    return str_dup(arena, str_trim(to_nfc(arena, buf_str(&clean))));
}
