/* crypt: password hashes, tokens, digests, field encryption, one-time codes, public ids. A thin
 * layer over libsodium and liboath that leaves no choices to the caller. Any thread may call. */
#ifndef KONTOR_CRYPT_H
#define KONTOR_CRYPT_H

#include "base/base.h"
#include "text/text.h"

/* ---- passwords: argon2id ---- */

enum { CRYPT_HASH_MAX = 128, CRYPT_PASSWORD_MAX = 1024 };

struct crypt_cost {
    int64_t memory_bytes; /* 19 MiB by default */
    int64_t passes;       /* 2 by default */
};
#define CRYPT_COST_DEFAULT ((struct crypt_cost){INT64_C(19) * 1024 * 1024, 2})
#define CRYPT_COST_TEST    ((struct crypt_cost){INT64_C(8) * 1024, 1})

/* RC_INVALID: longer than CRYPT_PASSWORD_MAX or empty; RC_BUSY: no memory for the hash. */
enum rc crypt_password_hash(struct str password, struct crypt_cost cost, char out[CRYPT_HASH_MAX]);
bool crypt_password_ok(struct str hash, struct str password);
bool crypt_password_is_stale(struct str hash, struct crypt_cost cost); /* hash again at sign-in */
/* Costs as much as a check: for names that do not exist. */
void crypt_password_waste(struct str password, struct crypt_cost cost);

/* ---- tokens and texts of bytes ---- */

enum { CRYPT_TOKEN_MAX = 64 };

void crypt_token(char out[CRYPT_TOKEN_MAX]);        /* 256 bits, base64url: 43 characters */
void crypt_token_base32(char out[CRYPT_TOKEN_MAX]); /* 256 bits, Crockford: 52 characters */

struct str crypt_hex(struct arena *arena, struct str bytes);
struct str crypt_base64(struct arena *arena, struct str bytes);    /* with padding */
struct str crypt_base64url(struct arena *arena, struct str bytes); /* without padding */
struct str crypt_base32(struct arena *arena, struct str bytes);    /* RFC 4648, no padding */
MUST_USE bool crypt_unhex(struct arena *arena, struct str text, struct str *out);
MUST_USE bool crypt_unbase64(struct arena *arena, struct str text, struct str *out); /* padded */
MUST_USE bool crypt_unbase64url(struct arena *arena, struct str text, struct str *out);
MUST_USE bool crypt_unbase32(struct arena *arena, struct str text, struct str *out);

/* ---- digests ---- */

enum { CRYPT_SHA256_BYTES = 32, CRYPT_KEY_BYTES = 32 };

void crypt_sha256(struct str bytes, uint8_t out[CRYPT_SHA256_BYTES]);
struct str crypt_sha256_hex(struct arena *arena, struct str bytes);
struct crypt_sha256_state {
    _Alignas(16) unsigned char opaque[128];
};
void crypt_sha256_start(struct crypt_sha256_state *state);
void crypt_sha256_more(struct crypt_sha256_state *state, struct str bytes);
void crypt_sha256_end(struct crypt_sha256_state *state, uint8_t out[CRYPT_SHA256_BYTES]);
void crypt_hmac_sha256(struct str key, struct str bytes, uint8_t out[CRYPT_SHA256_BYTES]);
bool crypt_eq(struct str a, struct str b); /* time depends on lengths only */
/* A key for one purpose from a master key: HMAC-SHA256(master, purpose). */
void crypt_derive(const uint8_t master[CRYPT_KEY_BYTES], const char *purpose,
                  uint8_t out[CRYPT_KEY_BYTES]);
void crypt_wipe(void *at, size_t len);

/* ---- field encryption: XChaCha20-Poly1305 ---- */

enum { CRYPT_KEYS_MAX = 8 };

struct crypt_keys { /* the first encrypts, all decrypt */
    size_t len;
    struct {
        uint32_t id; /* > 0, stored with the text */
        uint8_t key[CRYPT_KEY_BYTES];
    } at[CRYPT_KEYS_MAX];
};

/* `context` binds the text to its place ("partner_bank.account:17"): elsewhere it does not open.
 * The result is a blob: version, key id, nonce, ciphertext, tag. */
struct str crypt_seal(struct arena *arena, const struct crypt_keys *keys, struct str context,
                      struct str plain);
/* RC_BROKEN: damaged, moved, or of a key that is not here. */
enum rc crypt_open(struct arena *arena, const struct crypt_keys *keys, struct str context,
                   struct str sealed, struct str *out_plain);
bool crypt_is_stale(const struct crypt_keys *keys, struct str sealed); /* not by the first key */
/* The keys of this process, set once at start from the master key; without them asking stops the
 * process. */
void crypt_field_keys_set(const struct crypt_keys *keys);
const struct crypt_keys *crypt_field_keys(void);

/* ---- one-time codes: TOTP, SHA-1, 6 digits, 30 s (RFC 6238) ---- */

enum { CRYPT_TOTP_SECRET_BYTES = 20 };

void crypt_totp_secret(uint8_t out[CRYPT_TOTP_SECRET_BYTES]);
/* True when `code` fits the time step of `now_us` or a neighbour, and that step is later than
 * `last_step` (a code works once); *out_step is what to store. */
MUST_USE bool crypt_totp_ok(struct str secret, struct str code, int64_t now_us, int64_t last_step,
                            int64_t *out_step);
/* otpauth:// address for the QR code. */
struct str crypt_totp_uri(struct arena *arena, struct str issuer, struct str account,
                          struct str secret);

/* ---- public ids: prefix and the id enciphered, in Crockford base32 ---- */

/* The key of the open database, 32 bytes; set before the first id is shown. Setting it again is
 * for tests and `kontor restore`. */
void pid_key_set(const uint8_t key[CRYPT_KEY_BYTES]);
/* pid_of("prt", 17): a keyed permutation of 64 bits, another one for each prefix (at most eight
 * lower-case letters). `id` > 0. */
struct pid pid_of(const char *prefix, int64_t id);
/* Exactly what pid_of made; false for another prefix, spelling or key (but one in 2^k by chance
 * hits an id that exists: the permission check is still the guard). */
MUST_USE bool pid_parse(const char *prefix, struct str text, int64_t *out_id);

#endif
