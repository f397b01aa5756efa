/* Tests of crypt: published vectors, round trips, and that what is altered or moved does not
 * open. */
#include "crypt/crypt.h"
#include "tests/tap.h"

static struct arena *arena;

static void test_passwords(void)
{
    char hash[CRYPT_HASH_MAX] = "", other[CRYPT_HASH_MAX] = "";
    struct str password = STR("correct horse"), stored;
    bool is_made = crypt_password_hash(password, CRYPT_COST_TEST, hash) == RC_OK &&
                   crypt_password_hash(password, CRYPT_COST_TEST, other) == RC_OK;
    stored = str_of(hash);
    ok(is_made && str_starts(stored, STR("$argon2id$v=19$m=8,t=1,p=1$")), "argon2id, as asked");
    ok(strcmp(hash, other) != 0, "two hashes of one password differ");
    ok(crypt_password_ok(stored, password), "the password fits its hash");
    ok(!crypt_password_ok(stored, STR("Correct horse")) && !crypt_password_ok(stored, STR("")) &&
           !crypt_password_ok(STR("$argon2id$x"), password) &&
           !crypt_password_ok(STR(""), password),
       "another password, none, or a broken hash do not");
    ok(crypt_password_is_stale(stored, CRYPT_COST_DEFAULT) &&
           !crypt_password_is_stale(stored, CRYPT_COST_TEST),
       "a hash made cheaper than now wanted is stale");
    char *long_one = arena_alloc(arena, CRYPT_PASSWORD_MAX + 2);
    memset(long_one, 'x', CRYPT_PASSWORD_MAX + 1);
    ok(crypt_password_hash((struct str){long_one, CRYPT_PASSWORD_MAX + 1}, CRYPT_COST_TEST,
                           other) == RC_INVALID,
       "an endless password is refused");
}

static void test_tokens(void)
{
    char a[CRYPT_TOKEN_MAX], b[CRYPT_TOKEN_MAX];
    crypt_token(a);
    crypt_token(b);
    ok(strlen(a) == 43 && strcmp(a, b) != 0 &&
           strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == 43,
       "a token has 256 bits in URL-safe letters");
    crypt_token_base32(a);
    ok(strlen(a) == 52 && strspn(a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 52,
       "or in letters that people can read out");
}

static void test_texts(void)
{
    struct str back;
    size_t wrong = 0;
    for (size_t len = 0; len < 70; len++) {
        uint8_t bytes[70];
        random_bytes(bytes, sizeof(bytes));
        struct str in = {(const char *)bytes, len};
        wrong += !crypt_unhex(arena, crypt_hex(arena, in), &back) || !str_eq(back, in);
        wrong += !crypt_unbase64(arena, crypt_base64(arena, in), &back) || !str_eq(back, in);
        wrong += !crypt_unbase64url(arena, crypt_base64url(arena, in), &back) || !str_eq(back, in);
        wrong += !crypt_unbase32(arena, crypt_base32(arena, in), &back) || !str_eq(back, in);
    }
    is_i64((int64_t)wrong, 0, "hex, base64 and base32 come back");
    is_str(crypt_base32(arena, STR("foobar")), "MZXW6YTBOI", "base32 of RFC 4648");
    is_str(crypt_base64(arena, STR("fooba")), "Zm9vYmE=", "base64 of RFC 4648");
    ok(!crypt_unhex(arena, STR("abc"), &back) && !crypt_unhex(arena, STR("zz"), &back) &&
           !crypt_unbase64(arena, STR("Zm9v*"), &back) &&
           !crypt_unbase64url(arena, STR("Zm9vYmE="), &back) &&
           !crypt_unbase32(arena, STR("MZXW6YTBO1"), &back) &&
           !crypt_unbase32(arena, STR("MZXW6YTBOJ"), &back) &&
           !crypt_unbase32(arena, STR("M"), &back),
       "other characters, lengths and loose bits are refused");
}

static void test_digests(void)
{
    is_str(crypt_sha256_hex(arena, STR("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "SHA-256 of FIPS 180-4");
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES], mac[CRYPT_SHA256_BYTES];
    crypt_sha256_start(&state);
    crypt_sha256_more(&state, STR("a"));
    crypt_sha256_more(&state, STR(""));
    crypt_sha256_more(&state, STR("bc"));
    crypt_sha256_end(&state, digest);
    is_str(crypt_hex(arena, (struct str){(const char *)digest, sizeof(digest)}),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "the same in pieces");
    crypt_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    is_str(crypt_hex(arena, (struct str){(const char *)mac, sizeof(mac)}),
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
           "HMAC-SHA-256 of RFC 4231");
    ok(crypt_eq(STR("abc"), STR("abc")) && !crypt_eq(STR("abc"), STR("abd")) &&
           !crypt_eq(STR("abc"), STR("ab")) && crypt_eq(STR(""), STR_NONE),
       "secrets are compared whole");
    uint8_t one[CRYPT_KEY_BYTES], two[CRYPT_KEY_BYTES];
    crypt_derive(digest, "session", one);
    crypt_derive(digest, "field", two);
    ok(memcmp(one, two, sizeof(one)) != 0, "each purpose has a key of its own");
}

static void test_sealing(void)
{
    struct crypt_keys keys = {.len = 1, .at = {{.id = 7}}};
    random_bytes(keys.at[0].key, CRYPT_KEY_BYTES);
    struct str context = STR("partner_bank.account:17"), plain = STR("40702810900000000001"), back;
    struct str sealed = crypt_seal(arena, &keys, context, plain);
    ok(crypt_open(arena, &keys, context, sealed, &back) == RC_OK && str_eq(back, plain),
       "a sealed field opens");
    ok(!str_has(sealed, plain) && !str_eq(sealed, crypt_seal(arena, &keys, context, plain)),
       "it does not show its text, nor that two are equal");
    ok(crypt_open(arena, &keys, STR("partner_bank.account:18"), sealed, &back) == RC_BROKEN,
       "moved to another row it does not open");
    size_t opened = 0;
    for (size_t i = 0; i < sealed.len; i++) {
        struct str altered = str_dup(arena, sealed);
        char *at = str_c(arena, altered);
        at[i] = (char)(at[i] ^ 1);
        opened += crypt_open(arena, &keys, context, (struct str){at, sealed.len}, &back) == RC_OK;
        opened += crypt_open(arena, &keys, context, str_sub(sealed, 0, i), &back) == RC_OK;
    }
    is_i64((int64_t)opened, 0, "altered in any bit or cut at any byte it does not open");
    struct crypt_keys newer = {.len = 2, .at = {{.id = 8}, keys.at[0]}};
    random_bytes(newer.at[0].key, CRYPT_KEY_BYTES);
    ok(crypt_open(arena, &newer, context, sealed, &back) == RC_OK &&
           crypt_is_stale(&newer, sealed) &&
           !crypt_is_stale(&newer, crypt_seal(arena, &newer, context, plain)),
       "after a change of keys old fields open and are known as old");
    ok(crypt_open(arena, &keys, context, crypt_seal(arena, &keys, context, STR("")), &back) ==
               RC_OK &&
           back.len == 0,
       "an empty text is a text");
}

static void test_codes(void)
{
    struct str secret = STR("12345678901234567890"); /* RFC 6238, appendix B */
    int64_t step = 0, at = INT64_C(1111111109) * 1000000;
    ok(crypt_totp_ok(secret, STR("081804"), at, 0, &step) && step == 1111111109 / 30,
       "the code of RFC 6238");
    ok(!crypt_totp_ok(secret, STR("081804"), at, step, &step), "a code works once");
    ok(crypt_totp_ok(secret, STR("081804"), at + 30000000, 0, &step) &&
           crypt_totp_ok(secret, STR("081804"), at - 30000000, 0, &step),
       "a clock may be half a minute off");
    ok(!crypt_totp_ok(secret, STR("081804"), at + 60000000, 0, &step) &&
           !crypt_totp_ok(secret, STR("081805"), at, 0, &step) &&
           !crypt_totp_ok(secret, STR("81804"), at, 0, &step) &&
           !crypt_totp_ok(secret, STR("08180a"), at, 0, &step) &&
           !crypt_totp_ok(STR(""), STR("081804"), at, 0, &step),
       "later, wrong, short or empty ones do not work");
    is_str(crypt_totp_uri(arena, STR("Kontor"), STR("ana@example.com"), STR("foobar")),
           "otpauth://totp/Kontor:ana%40example.com?secret=MZXW6YTBOI&issuer=Kontor",
           "the address for the QR code");
}

static void test_ids(void)
{
    uint8_t key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(key);
    struct pid seventeen = pid_of("prt", 17);
    int64_t id = 0;
    ok(strlen(seventeen.text) == 17 && str_starts(str_of(seventeen.text), STR("prt_")),
       "a public id is a prefix and thirteen digits");
    size_t wrong = 0, alike = 0;
    char before[PID_TEXT_MAX] = "";
    for (int64_t i = 1; i < 20000; i++) {
        struct pid pid = pid_of("prt", i);
        wrong += !pid_parse("prt", str_of(pid.text), &id) || id != i;
        alike += strncmp(before, pid.text, 8) == 0;
        memcpy(before, pid.text, sizeof(before));
    }
    wrong += !pid_parse("prt", str_of(pid_of("prt", INT64_MAX).text), &id) || id != INT64_MAX;
    is_i64((int64_t)wrong, 0, "every id comes back");
    ok(alike < 3, "neighbours look nothing alike");
    id = -1;
    struct str text = str_of(seventeen.text);
    char *lower = str_c(arena, text);
    for (size_t i = 4; i < text.len; i++)
        lower[i] = (char)(lower[i] >= 'A' ? lower[i] + 32 : lower[i]);
    ok(!pid_parse("ctr", text, &id) && !pid_parse("prt", str_sub(text, 4, 13), &id) &&
           !pid_parse("prt", str_sub(text, 0, 16), &id) && !pid_parse("prt", STR(""), &id) &&
           !pid_parse("prt", STR("prt_ZZZZZZZZZZZZZ"), &id) &&
           !pid_parse("prt", STR("prt_000000000000U"), &id) &&
           !pid_parse("prt", STR("prt_00000000000\0Z"), &id) &&
           (!strcmp(lower, seventeen.text) || !pid_parse("prt", str_of(lower), &id)) && id == -1,
       "other prefixes, lengths, letters and spellings are refused");
    char swapped[PID_TEXT_MAX];
    memcpy(swapped, seventeen.text, sizeof(swapped));
    static const char contract[] = {'c', 't', 'r'};
    memcpy(swapped, contract, sizeof(contract));
    ok(!pid_parse("ctr", str_of(swapped), &id) || id != 17, "a prefix is part of the cipher");
    uint8_t other[CRYPT_KEY_BYTES] = {9};
    pid_key_set(other);
    ok(!pid_parse("prt", text, &id) || id != 17, "so is the database's key");
}

int main(void)
{
    arena = arena_new(0);
    test_passwords();
    test_tokens();
    test_texts();
    test_digests();
    test_sealing();
    test_codes();
    test_ids();
    arena_free(arena);
    return done_testing();
}
