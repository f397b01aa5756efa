/* What the files of `crypt` share. */
#ifndef KONTOR_CRYPT_INT_H
#define KONTOR_CRYPT_INT_H

#include "crypt/crypt.h"

#define CRYPT__CROCKFORD "0123456789ABCDEFGHJKMNPQRSTVWXYZ" /* no I, L, O, U */
#define CRYPT__RFC4648   "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

void crypt__start(void); /* the library is ready after it */
/* Five bits a character, most significant first, without padding; returns the length. */
size_t crypt__base32(const uint8_t *bytes, size_t len, const char *alphabet, char *out);

#endif
