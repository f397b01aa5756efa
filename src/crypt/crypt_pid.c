/* Public ids. A row's number is enciphered by a Feistel network of 64 bits with SipHash as the
 * round function, keyed per database and per prefix, and written in thirteen Crockford digits. So
 * ids need no column of their own, tell nothing about counts, and one of another kind does not
 * open. Eight rounds: four already make a strong permutation with a good round function. */
#include <pthread.h>

#include "crypt/crypt_int.h"

enum { ROUNDS = 8, PREFIX_MAX = 8, DIGITS = 13 };

static pthread_rwlock_t key_lock = PTHREAD_RWLOCK_INITIALIZER;
static uint64_t key_words[4];
static bool has_key;

struct cipher {
    uint64_t k0, k1;
};

void pid_key_set(const uint8_t key[CRYPT_KEY_BYTES])
{
    (void)pthread_rwlock_wrlock(&key_lock);
    memcpy(key_words, key, CRYPT_KEY_BYTES);
    has_key = true;
    (void)pthread_rwlock_unlock(&key_lock);
}

/* The prefix tweaks the key, so every kind has a permutation of its own. */
static struct cipher cipher_of(struct str prefix)
{
    (void)pthread_rwlock_rdlock(&key_lock);
    assert(has_key);
    struct cipher cipher = {hash_bytes_keyed(prefix.at, prefix.len, key_words[0], key_words[1]),
                            hash_bytes_keyed(prefix.at, prefix.len, key_words[2], key_words[3])};
    (void)pthread_rwlock_unlock(&key_lock);
    return cipher;
}

static uint32_t round_of(const struct cipher *cipher, unsigned round, uint32_t half)
{
    unsigned char block[5] = {(unsigned char)round, (unsigned char)half, (unsigned char)(half >> 8),
                              (unsigned char)(half >> 16), (unsigned char)(half >> 24)};
    return (uint32_t)hash_bytes_keyed(block, sizeof(block), cipher->k0, cipher->k1);
}

static uint64_t encipher(const struct cipher *cipher, uint64_t value)
{
    uint32_t left = (uint32_t)(value >> 32), right = (uint32_t)value;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t mixed = left ^ round_of(cipher, round, right);
        left = right;
        right = mixed;
    }
    return (uint64_t)left << 32 | right;
}

static uint64_t decipher(const struct cipher *cipher, uint64_t value)
{
    uint32_t left = (uint32_t)(value >> 32), right = (uint32_t)value;
    for (unsigned round = ROUNDS; round-- > 0;) {
        uint32_t mixed = right ^ round_of(cipher, round, left);
        right = left;
        left = mixed;
    }
    return (uint64_t)left << 32 | right;
}

static void assert_prefix(struct str prefix)
{
    assert(prefix.len >= 1 && prefix.len <= PREFIX_MAX);
    for (size_t i = 0; i < prefix.len; i++)
        assert(prefix.at[i] >= 'a' && prefix.at[i] <= 'z');
}

struct pid pid_of(const char *prefix, int64_t id)
{
    struct str kind = str_of(prefix);
    assert_prefix(kind);
    assert(id > 0);
    struct cipher cipher = cipher_of(kind);
    uint64_t value = encipher(&cipher, (uint64_t)id);
    struct pid pid = {{0}};
    memcpy(pid.text, kind.at, kind.len);
    pid.text[kind.len] = '_';
    for (size_t i = DIGITS; i-- > 0; value >>= 5)
        pid.text[kind.len + 1 + i] = CRYPT__CROCKFORD[value & 31];
    return pid;
}

bool pid_parse(const char *prefix, struct str text, int64_t *out_id)
{
    struct str kind = str_of(prefix);
    assert_prefix(kind);
    if (text.len != kind.len + 1 + DIGITS || !str_starts(text, kind) || text.at[kind.len] != '_')
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        char c = text.at[kind.len + 1 + i];
        const char *place = c ? strchr(CRYPT__CROCKFORD, c) : NULL;
        /* Thirteen digits hold 65 bits: the first one is below 16. */
        if (!place || (i == 0 && place - CRYPT__CROCKFORD > 15))
            return false;
        value = value << 5 | (uint64_t)(place - CRYPT__CROCKFORD);
    }
    struct cipher cipher = cipher_of(kind);
    uint64_t id = decipher(&cipher, value);
    if (id == 0 || id > INT64_MAX)
        return false;
    *out_id = (int64_t)id;
    return true;
}
