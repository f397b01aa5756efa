/* What the files of `text` share: UTF-16 for ICU and the streaming decoder under the CSV reader. */
#ifndef KONTOR_TEXT_INT_H
#define KONTOR_TEXT_INT_H

#include <unicode/utypes.h>

#include "text/text.h"

struct text__utf16 {
    UChar *at; /* NUL terminated */
    int32_t len;
};

/* Broken bytes become U+FFFD. Texts are far below 2^31 units: inputs are bounded. */
struct text__utf16 text__to_utf16(struct arena *arena, struct str s);
struct str text__from_utf16(struct arena *arena, const UChar *at, int32_t len);

bool text__is_ascii(struct str s);
struct str text__upper(struct arena *arena, struct str s); /* ASCII letters */
/* Without white space, dots and hyphens of any kind: what people put between digits. */
struct str text__compact(struct arena *arena, struct str s);
bool text__all_digits(struct str s);
bool text__is_country(struct str code); /* two upper-case letters of ISO 3166 */
/* International domain name to its ASCII form in lower case; false when it is none. */
MUST_USE bool text__ascii_domain(struct arena *arena, struct str domain, struct str *out);

/* ---- decoding: bytes of any encoding to UTF-8, in pieces ---- */

enum { TEXT__GROWTH = 3 }; /* UTF-8 bytes that one input byte may become, at most */

struct text__decoder {
    enum encoding encoding;
    unsigned char pending[4]; /* an unfinished character of the last piece */
    size_t pending_len;
    bool is_started; /* the byte order mark has been looked for */
};

/* Decodes a piece into `out`, which has room for TEXT__GROWTH * (len + 4) bytes; returns how many
 * it wrote. `is_last`: nothing follows. UTF-8 is copied unchecked. */
size_t text__decode(struct text__decoder *decoder, struct str piece, bool is_last, char *out);

#endif
