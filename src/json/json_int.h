/* What the files of `json` share. UTF-8 is done here in small: json stands beside text, not above.
 */
#ifndef KONTOR_JSON_INT_H
#define KONTOR_JSON_INT_H

#include "json/json.h"

size_t json__put_utf8(char *out, uint32_t c);
/* The length of the character at the front; 0 when it is broken. */
size_t json__utf8_len(struct str s);
bool json__is_utf8(struct str s);
bool json__is_number(struct str s);

#endif
