/* Passwords, tokens, digests and field encryption over libsodium, which is set up on first use. */
#include <pthread.h>
#include <sodium.h>

#include "crypt/crypt_int.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    int failed = sodium_init();
    assert(failed >= 0);
}

void crypt__start(void)
{
    (void)pthread_once(&once, start);
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)(s.at ? s.at : "");
}

/* ---- passwords ---- */

enum rc crypt_password_hash(struct str password, struct crypt_cost cost, char out[CRYPT_HASH_MAX])
{
    _Static_assert((int)CRYPT_HASH_MAX >= (int)crypto_pwhash_STRBYTES, "a hash fits");
    crypt__start();
    if (password.len == 0 || password.len > CRYPT_PASSWORD_MAX)
        return RC_INVALID;
    char hash[CRYPT_HASH_MAX];
    int failed =
        crypto_pwhash_str_alg(hash, password.at, password.len, (unsigned long long)cost.passes,
                              (size_t)cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    if (failed)
        return RC_BUSY;
    memcpy(out, hash, sizeof(hash));
    return RC_OK;
}

/* The library wants a NUL-terminated text in a buffer of its full size. */
static bool hash_text(struct str hash, char out[CRYPT_HASH_MAX])
{
    memset(out, 0, CRYPT_HASH_MAX);
    if (hash.len == 0 || hash.len >= CRYPT_HASH_MAX || memchr(hash.at, 0, hash.len))
        return false;
    memcpy(out, hash.at, hash.len);
    return true;
}

bool crypt_password_ok(struct str hash, struct str password)
{
    char text[CRYPT_HASH_MAX];
    crypt__start();
    if (!hash_text(hash, text) || password.len == 0 || password.len > CRYPT_PASSWORD_MAX)
        return false;
    return crypto_pwhash_str_verify(text, password.at, password.len) == 0;
}

bool crypt_password_is_stale(struct str hash, struct crypt_cost cost)
{
    char text[CRYPT_HASH_MAX];
    crypt__start();
    return !hash_text(hash, text) ||
           crypto_pwhash_str_needs_rehash(text, (unsigned long long)cost.passes,
                                          (size_t)cost.memory_bytes) != 0;
}

void crypt_password_waste(struct str password, struct crypt_cost cost)
{
    char hash[CRYPT_HASH_MAX];
    struct str any = password.len > 0 && password.len <= CRYPT_PASSWORD_MAX ? password : STR("x");
    enum rc rc = crypt_password_hash(any, cost, hash);
    (void)rc; /* only the time matters */
}

/* ---- tokens ---- */

void crypt_token(char out[CRYPT_TOKEN_MAX])
{
    uint8_t bytes[32];
    crypt__start();
    random_bytes(bytes, sizeof(bytes));
    (void)sodium_bin2base64(out, CRYPT_TOKEN_MAX, bytes, sizeof(bytes),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
}

void crypt_token_base32(char out[CRYPT_TOKEN_MAX])
{
    uint8_t bytes[32];
    random_bytes(bytes, sizeof(bytes));
    size_t len = crypt__base32(bytes, sizeof(bytes), CRYPT__CROCKFORD, out);
    out[len] = '\0';
}

/* ---- digests ---- */

void crypt_sha256(struct str bytes, uint8_t out[CRYPT_SHA256_BYTES])
{
    crypt__start();
    (void)crypto_hash_sha256(out, bytes_of(bytes), bytes.len);
}

struct str crypt_sha256_hex(struct arena *arena, struct str bytes)
{
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256(bytes, digest);
    return crypt_hex(arena, (struct str){(const char *)digest, sizeof(digest)});
}

/* The library's state is copied in and out, so that the public type needs no header of it. */
_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct crypt_sha256_state),
               "the digest's state fits");

void crypt_sha256_start(struct crypt_sha256_state *state)
{
    crypto_hash_sha256_state inner;
    crypt__start();
    (void)crypto_hash_sha256_init(&inner);
    memcpy(state->opaque, &inner, sizeof(inner));
}

void crypt_sha256_more(struct crypt_sha256_state *state, struct str bytes)
{
    crypto_hash_sha256_state inner;
    memcpy(&inner, state->opaque, sizeof(inner));
    (void)crypto_hash_sha256_update(&inner, bytes_of(bytes), bytes.len);
    memcpy(state->opaque, &inner, sizeof(inner));
}

void crypt_sha256_end(struct crypt_sha256_state *state, uint8_t out[CRYPT_SHA256_BYTES])
{
    crypto_hash_sha256_state inner;
    memcpy(&inner, state->opaque, sizeof(inner));
    (void)crypto_hash_sha256_final(&inner, out);
    crypt_wipe(state->opaque, sizeof(state->opaque));
}

void crypt_hmac_sha256(struct str key, struct str bytes, uint8_t out[CRYPT_SHA256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypt__start();
    (void)crypto_auth_hmacsha256_init(&state, bytes_of(key), key.len);
    (void)crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.len);
    (void)crypto_auth_hmacsha256_final(&state, out);
}

bool crypt_eq(struct str a, struct str b)
{
    crypt__start();
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}

void crypt_derive(const uint8_t master[CRYPT_KEY_BYTES], const char *purpose,
                  uint8_t out[CRYPT_KEY_BYTES])
{
    crypt_hmac_sha256((struct str){(const char *)master, CRYPT_KEY_BYTES}, str_of(purpose), out);
}

void crypt_wipe(void *at, size_t len)
{
    sodium_memzero(at, len);
}

/* ---- field encryption ---- */

enum {
    SEALED_VERSION = 1,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD_BYTES = 1 + 4 + NONCE_BYTES /* version, key id big-endian, nonce */
};

static uint32_t key_id_of(struct str sealed)
{
    const unsigned char *at = bytes_of(sealed);
    return (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4];
}

struct str crypt_seal(struct arena *arena, const struct crypt_keys *keys, struct str context,
                      struct str plain)
{
    assert(keys->len > 0 && keys->at[0].id > 0);
    crypt__start();
    uint32_t id = keys->at[0].id;
    unsigned char *out = arena_alloc(arena, HEAD_BYTES + plain.len + TAG_BYTES);
    out[0] = SEALED_VERSION;
    out[1] = (unsigned char)(id >> 24);
    out[2] = (unsigned char)(id >> 16);
    out[3] = (unsigned char)(id >> 8);
    out[4] = (unsigned char)id;
    random_bytes(out + 5, NONCE_BYTES);
    unsigned long long len = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD_BYTES, &len, bytes_of(plain),
                                                     plain.len, bytes_of(context), context.len,
                                                     NULL, out + 5, keys->at[0].key);
    return (struct str){(const char *)out, HEAD_BYTES + (size_t)len};
}

enum rc crypt_open(struct arena *arena, const struct crypt_keys *keys, struct str context,
                   struct str sealed, struct str *out_plain)
{
    crypt__start();
    if (sealed.len < HEAD_BYTES + TAG_BYTES || sealed.at[0] != SEALED_VERSION)
        return RC_BROKEN;
    uint32_t id = key_id_of(sealed);
    const unsigned char *at = bytes_of(sealed);
    for (size_t i = 0; i < keys->len; i++) {
        if (keys->at[i].id != id)
            continue;
        unsigned long long len = 0;
        unsigned char *plain = arena_alloc(arena, sealed.len - HEAD_BYTES - TAG_BYTES + 1);
        int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, &len, NULL, at + HEAD_BYTES, sealed.len - HEAD_BYTES, bytes_of(context),
            context.len, at + 5, keys->at[i].key);
        if (failed)
            return RC_BROKEN;
        *out_plain = (struct str){(const char *)plain, (size_t)len};
        return RC_OK;
    }
    return RC_BROKEN;
}

bool crypt_is_stale(const struct crypt_keys *keys, struct str sealed)
{
    assert(keys->len > 0);
    return sealed.len < HEAD_BYTES || key_id_of(sealed) != keys->at[0].id;
}

static struct crypt_keys field_keys;

void crypt_field_keys_set(const struct crypt_keys *keys)
{
    assert(keys->len > 0);
    field_keys = *keys;
}

const struct crypt_keys *crypt_field_keys(void)
{
    assert(field_keys.len > 0);
    return &field_keys;
}
