/* Encodings of files that people send: UTF-8, UTF-16 and the two Windows code pages of our
 * languages. Sniffing looks at the byte order mark, then at validity, then at letter shapes:
 * Cyrillic words in windows-1251 are runs of high bytes, Spanish ones have single accents. */
#include "text/text_int.h"

static const struct name {
    const char *name;
    enum encoding encoding;
} names[] = {
    {"utf-8", ENCODING_UTF8},          {"windows-1251", ENCODING_CP1251},
    {"windows-1252", ENCODING_CP1252}, {"utf-16le", ENCODING_UTF16LE},
    {"utf-16be", ENCODING_UTF16BE},    {"utf8", ENCODING_UTF8},
    {"cp1251", ENCODING_CP1251},       {"win1251", ENCODING_CP1251},
    {"cp1252", ENCODING_CP1252},       {"iso-8859-1", ENCODING_CP1252},
    {"latin1", ENCODING_CP1252},       {"utf-16", ENCODING_UTF16LE},
};

const char *encoding_name(enum encoding encoding)
{
    for (size_t i = 0; i < LEN(names); i++)
        if (names[i].encoding == encoding)
            return names[i].name;
    assert(false && "an encoding");
    return "";
}

enum encoding encoding_find(struct str name)
{
    for (size_t i = 0; i < LEN(names); i++)
        if (str_eq_nocase(name, str_of(names[i].name)))
            return names[i].encoding;
    return 0;
}

/* ---- sniffing ---- */

static bool is_utf8(struct str head, bool is_cut)
{
    if (!is_cut || head.len < 4)
        return utf8_valid(head);
    struct str whole = utf8_cut_bytes(head, head.len - 1);
    /* The last character may be cut: back to where it starts, at most three bytes. */
    for (int i = 0; i < 3 && whole.len > 0 && ((unsigned char)head.at[whole.len] & 0xC0) == 0x80;
         i++)
        whole.len--;
    return utf8_valid(whole);
}

static enum encoding by_zeros(struct str head)
{
    size_t zeros[2] = {0, 0}, units = head.len / 2;
    for (size_t i = 0; i < units * 2; i++)
        zeros[i % 2] += head.at[i] == 0;
    if (zeros[0] + zeros[1] < 4) /* a stray NUL does not make a file UTF-16 */
        return 0;
    if (zeros[1] * 10 >= units && zeros[0] * 100 <= units)
        return ENCODING_UTF16LE;
    if (zeros[0] * 10 >= units && zeros[1] * 100 <= units)
        return ENCODING_UTF16BE;
    return 0;
}

static bool is_cyrillic_byte(unsigned char c)
{
    return c >= 0xC0 || c == 0xA8 || c == 0xB8;
}

static enum encoding by_letters(struct str head)
{
    const unsigned char *at = (const unsigned char *)head.at;
    size_t in_runs = 0, letters = 0;
    for (size_t i = 0; i < head.len; i++) {
        if (!is_cyrillic_byte(at[i]))
            continue;
        letters++;
        in_runs += (i > 0 && is_cyrillic_byte(at[i - 1])) ||
                   (i + 1 < head.len && is_cyrillic_byte(at[i + 1]));
    }
    return in_runs * 2 > letters ? ENCODING_CP1251 : ENCODING_CP1252;
}

enum encoding encoding_sniff(struct str head, bool is_cut)
{
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        return ENCODING_UTF8;
    if (str_starts(head, STR("\xFF\xFE")))
        return ENCODING_UTF16LE;
    if (str_starts(head, STR("\xFE\xFF")))
        return ENCODING_UTF16BE;
    enum encoding wide = by_zeros(head);
    if (wide)
        return wide;
    return is_utf8(head, is_cut) ? ENCODING_UTF8 : by_letters(head);
}

/* ---- decoding ---- */

/* 0x80…0xBF; 0xC0…0xFF are А…я. Source: the Unicode Consortium's mapping tables CP1251, CP1252. */
static const uint16_t cp1251[64] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409,
    0x2039, 0x040A, 0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0xFFFD, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0,
    0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB,
    0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6,
    0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457};
/* 0x80…0x9F; above it equals Unicode. */
static const uint16_t cp1252[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

static uint32_t from_code_page(enum encoding encoding, unsigned char c)
{
    if (c < 0x80)
        return c;
    if (encoding == ENCODING_CP1251)
        return c < 0xC0 ? cp1251[c - 0x80] : 0x0410u + (c - 0xC0u);
    return c < 0xA0 ? cp1252[c - 0x80] : c;
}

static size_t put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    char bytes[4];
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (char)((len == 2 ? 0xC0 : len == 3 ? 0xE0 : 0xF0) | c);
    memcpy(out, bytes, len);
    return len;
}

static uint32_t unit_at(enum encoding encoding, const unsigned char *at)
{
    return encoding == ENCODING_UTF16LE ? (uint32_t)(at[0] | at[1] << 8)
                                        : (uint32_t)(at[0] << 8 | at[1]);
}

/* Takes one character of UTF-16 off the front; 0 bytes when it is not whole yet. */
static size_t utf16_next(const struct text__decoder *decoder, struct str s, bool is_last,
                         uint32_t *out)
{
    const unsigned char *at = (const unsigned char *)s.at;
    *out = 0xFFFD;
    if (s.len < 2)
        return is_last ? s.len : 0;
    uint32_t unit = unit_at(decoder->encoding, at);
    if (unit < 0xD800 || unit > 0xDFFF) {
        *out = unit;
        return 2;
    }
    if (unit > 0xDBFF)
        return 2; /* a low half alone */
    if (s.len < 4)
        return is_last ? s.len : 0;
    uint32_t low = unit_at(decoder->encoding, at + 2);
    if (low < 0xDC00 || low > 0xDFFF)
        return 2; /* a high half alone */
    *out = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

static size_t decode_utf16(struct text__decoder *decoder, struct str *piece, bool is_last,
                           char *out)
{
    size_t len = 0;
    uint32_t c;
    /* First the character that the last piece began, byte by byte. */
    while (decoder->pending_len > 0 && (piece->len > 0 || is_last)) {
        if (piece->len > 0) {
            decoder->pending[decoder->pending_len++] = (unsigned char)piece->at[0];
            *piece = str_sub(*piece, 1, piece->len);
        }
        struct str pending = {(const char *)decoder->pending, decoder->pending_len};
        size_t used = utf16_next(decoder, pending, is_last && piece->len == 0, &c);
        if (used == 0)
            continue;
        len += put(out + len, c);
        decoder->pending_len -= used;
        memmove(decoder->pending, decoder->pending + used, decoder->pending_len);
    }
    for (size_t used = 1; piece->len > 0 && used > 0; *piece = str_sub(*piece, used, piece->len)) {
        used = utf16_next(decoder, *piece, is_last, &c);
        if (used > 0)
            len += put(out + len, c);
    }
    memcpy(decoder->pending + decoder->pending_len, piece->at, piece->len);
    decoder->pending_len += piece->len;
    return len;
}

static struct str without_mark(const struct text__decoder *decoder, struct str piece)
{
    struct str mark = decoder->encoding == ENCODING_UTF8      ? STR("\xEF\xBB\xBF")
                      : decoder->encoding == ENCODING_UTF16LE ? STR("\xFF\xFE")
                      : decoder->encoding == ENCODING_UTF16BE ? STR("\xFE\xFF")
                                                              : STR_NONE;
    return mark.len > 0 && str_starts(piece, mark) ? str_sub(piece, mark.len, piece.len) : piece;
}

size_t text__decode(struct text__decoder *decoder, struct str piece, bool is_last, char *out)
{
    if (!decoder->is_started) {
        decoder->is_started = true;
        piece = without_mark(decoder, piece);
    }
    size_t len = 0;
    switch (decoder->encoding) {
    case ENCODING_UTF8:
        if (piece.len > 0)
            memcpy(out, piece.at, piece.len);
        return piece.len;
    case ENCODING_CP1251:
    case ENCODING_CP1252:
        for (size_t i = 0; i < piece.len; i++)
            len += put(out + len, from_code_page(decoder->encoding, (unsigned char)piece.at[i]));
        return len;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE: return decode_utf16(decoder, &piece, is_last, out);
    }
    assert(false && "an encoding");
    return 0;
}
