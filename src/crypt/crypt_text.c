/* Bytes as text: hex, base64, base32; one-time codes, whose secret is shown as base32. */
#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>

#include "crypt/crypt_int.h"

enum { TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

size_t crypt__base32(const uint8_t *bytes, size_t len, const char *alphabet, char *out)
{
    uint32_t bits = 0;
    int count = 0;
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (count += 8; count >= 5; count -= 5)
            out[used++] = alphabet[bits >> (count - 5) & 31];
    }
    if (count > 0)
        out[used++] = alphabet[bits << (5 - count) & 31];
    return used;
}

struct str crypt_base32(struct arena *arena, struct str bytes)
{
    char *out = arena_alloc(arena, bytes.len * 8 / 5 + 2);
    size_t len = crypt__base32((const uint8_t *)bytes.at, bytes.len, CRYPT__RFC4648, out);
    return (struct str){out, len};
}

bool crypt_unbase32(struct arena *arena, struct str text, struct str *out)
{
    uint8_t *bytes = arena_alloc(arena, text.len * 5 / 8 + 1);
    uint32_t bits = 0;
    int count = 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *place = text.at[i] ? strchr(CRYPT__RFC4648, text.at[i]) : NULL;
        if (!place)
            return false;
        bits = (bits << 5 | (uint32_t)(place - CRYPT__RFC4648)) & 0xFFFF;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes[len++] = (uint8_t)(bits >> count);
        }
    }
    /* What is left over must be padding: less than a character, and zero. */
    if (count >= 5 || (bits & ((1u << count) - 1)) != 0)
        return false;
    *out = (struct str){(const char *)bytes, len};
    return true;
}

struct str crypt_hex(struct arena *arena, struct str bytes)
{
    char *out = arena_alloc(arena, bytes.len * 2 + 1);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        out[i * 2] = "0123456789abcdef"[c >> 4];
        out[i * 2 + 1] = "0123456789abcdef"[c & 15];
    }
    return (struct str){out, bytes.len * 2};
}

bool crypt_unhex(struct arena *arena, struct str text, struct str *out)
{
    unsigned char *bytes = arena_alloc(arena, text.len / 2 + 1);
    size_t len = 0;
    crypt__start();
    if (text.len % 2 != 0 ||
        sodium_hex2bin(bytes, text.len / 2 + 1, text.at ? text.at : "", text.len, NULL, &len,
                       NULL) != 0 ||
        len != text.len / 2)
        return false;
    *out = (struct str){(const char *)bytes, len};
    return true;
}

static struct str to_base64(struct arena *arena, struct str bytes, int variant)
{
    crypt__start();
    size_t cap = sodium_base64_encoded_len(bytes.len, variant);
    char *out = arena_alloc(arena, cap);
    (void)sodium_bin2base64(out, cap, (const unsigned char *)bytes.at, bytes.len, variant);
    return (struct str){out, strlen(out)};
}

static bool from_base64(struct arena *arena, struct str text, int variant, struct str *out)
{
    crypt__start();
    size_t cap = text.len / 4 * 3 + 3, len = 0;
    unsigned char *bytes = arena_alloc(arena, cap);
    const char *end = text.at;
    if (sodium_base642bin(bytes, cap, text.at ? text.at : "", text.len, NULL, &len, &end,
                          variant) != 0 ||
        (text.at && end != text.at + text.len))
        return false;
    *out = (struct str){(const char *)bytes, len};
    return true;
}

struct str crypt_base64(struct arena *arena, struct str bytes)
{
    return to_base64(arena, bytes, sodium_base64_VARIANT_ORIGINAL);
}

struct str crypt_base64url(struct arena *arena, struct str bytes)
{
    return to_base64(arena, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool crypt_unbase64(struct arena *arena, struct str text, struct str *out)
{
    return from_base64(arena, text, sodium_base64_VARIANT_ORIGINAL, out);
}

bool crypt_unbase64url(struct arena *arena, struct str text, struct str *out)
{
    return from_base64(arena, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

/* ---- one-time codes ---- */

void crypt_totp_secret(uint8_t out[CRYPT_TOTP_SECRET_BYTES])
{
    random_bytes(out, CRYPT_TOTP_SECRET_BYTES);
}

static bool is_code(struct str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] < '0' || code.at[i] > '9')
            return false;
    return code.len == TOTP_DIGITS;
}

bool crypt_totp_ok(struct str secret, struct str code, int64_t now_us, int64_t last_step,
                   int64_t *out_step)
{
    int64_t step = now_us / 1000000 / TOTP_STEP_S, found = 0;
    bool is_found = false;
    if (!is_code(code) || secret.len == 0 || step < 1)
        return false;
    /* All three are computed, whichever fits: the time tells nothing. */
    for (int64_t i = step - 1; i <= step + 1; i++) {
        char want[TOTP_DIGITS + 1];
        int rc = oath_hotp_generate(secret.at, secret.len, (uint64_t)i, TOTP_DIGITS, false,
                                    OATH_HOTP_DYNAMIC_TRUNCATION, want);
        bool fits = rc == OATH_OK && crypt_eq(code, (struct str){want, TOTP_DIGITS});
        if (fits && i > last_step && !is_found) {
            found = i;
            is_found = true;
        }
    }
    if (is_found)
        *out_step = found;
    return is_found;
}

static void put_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain)
            buf_char(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned char)c);
    }
}

struct str crypt_totp_uri(struct arena *arena, struct str issuer, struct str account,
                          struct str secret)
{
    AUTO_BUF out = BUF(4096);
    buf_put(&out, STR("otpauth://totp/"));
    put_escaped(&out, issuer);
    buf_put(&out, STR(":"));
    put_escaped(&out, account);
    buf_put(&out, STR("?secret="));
    buf_put(&out, crypt_base32(arena, secret));
    buf_put(&out, STR("&issuer="));
    put_escaped(&out, issuer);
    assert(!out.is_over);
    return str_dup(arena, buf_str(&out));
}
