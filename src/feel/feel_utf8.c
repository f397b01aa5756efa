/* UTF-8 by code points: FEEL counts and cuts texts in them, and its names are written in them. */
#include "feel/feel_int.h"

static uint32_t tail(struct str s, size_t at, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (at + i >= s.len || ((unsigned char)s.at[at + i] & 0xc0) != 0x80)
            return UINT32_MAX;
        code = code << 6 | ((unsigned char)s.at[at + i] & 0x3f);
    }
    return code;
}

uint32_t feel__utf8_next(struct str s, size_t *i)
{
    unsigned char first = (unsigned char)s.at[(*i)++];
    size_t count = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    static const unsigned char masks[] = {0x7f, 0x1f, 0x0f, 0x07};
    if (first < 0x80)
        return first;
    if (count == 0 || first > 0xf4)
        return 0xfffd;
    uint32_t code = tail(s, *i, count, first & masks[count]);
    if (code == UINT32_MAX)
        return 0xfffd;
    *i += count;
    return code;
}

size_t feel__utf8_put(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

size_t feel__utf8_len(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; count++)
        (void)feel__utf8_next(s, &i);
    return count;
}

/* DMN 1.5 grammar rules 28 and 29. */
bool feel__is_name_start(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_' ||
               code == '?';
    return (code >= 0xc0 && code <= 0x2ff && code != 0xd7 && code != 0xf7) ||
           (code >= 0x370 && code <= 0x1fff && code != 0x37e && code != 0x1680 && code != 0x180e) ||
           code == 0x200c || code == 0x200d || (code >= 0x2070 && code <= 0x218f) ||
           (code >= 0x2c00 && code <= 0x2fef) || (code >= 0x3001 && code <= 0xd7ff) ||
           (code >= 0xf900 && code <= 0xfdcf) || (code >= 0xfdf0 && code <= 0xfffc) ||
           (code >= 0x10000 && code <= 0xeffff);
}

bool feel__is_name_part(uint32_t code)
{
    return feel__is_name_start(code) || (code >= '0' && code <= '9') || code == 0xb7 ||
           (code >= 0x300 && code <= 0x36f) || code == 0x203f || code == 0x2040;
}
