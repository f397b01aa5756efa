/* Text made comparable with ICU: folding for search, collation keys for sorting, slugs for
 * addresses. One function fills each such column, so both engines sort and find alike. */
#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "text/text_int.h"

enum { SORT_TEXT_MAX = 4096, SLUG_TEXT_MAX = 1024, DOMAIN_MAX = 253 };

/* Never closed: threads may still use them while the process exits. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static UCollator *collator; /* const after set-up: any thread may make keys */
static UTransliterator *to_ascii;
static pthread_mutex_t to_ascii_lock = PTHREAD_MUTEX_INITIALIZER; /* it is not thread-safe */
static UIDNA *idna;

static void open_icu(void)
{
    static const char rules[] = "Any-Latin; Latin-ASCII; [:^ASCII:] Remove; Lower";
    UErrorCode failed = U_ZERO_ERROR;
    collator = ucol_open("", &failed);
    ucol_setAttribute(collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &failed);
    UChar id[sizeof(rules)];
    u_uastrcpy(id, rules);
    to_ascii = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &failed);
    idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES |
                               UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ,
                           &failed);
    assert(U_SUCCESS(failed));
}

struct str text_fold(struct arena *arena, struct str s)
{
    if (text__is_ascii(s)) {
        char *lower = arena_alloc(arena, s.len + 1);
        for (size_t i = 0; i < s.len; i++)
            lower[i] = (char)(s.at[i] >= 'A' && s.at[i] <= 'Z' ? s.at[i] + 32 : s.at[i]);
        return (struct str){lower, s.len};
    }
    enum { YO = 0x0451, YE = 0x0435 };
    UErrorCode failed = U_ZERO_ERROR;
    const UNormalizer2 *folding = unorm2_getNFKCCasefoldInstance(&failed);
    struct text__utf16 text = text__to_utf16(arena, s);
    UChar *out = NULL;
    int32_t cap = text.len * 2 + 16, len = 0;
    for (;;) {
        out = NEW_ARRAY(arena, UChar, (size_t)cap);
        len = unorm2_normalize(folding, text.at, text.len, out, cap, &failed);
        if (failed != U_BUFFER_OVERFLOW_ERROR)
            break;
        failed = U_ZERO_ERROR; /* a few signs become words: now the length is known */
        cap = len + 1;
    }
    assert(U_SUCCESS(failed));
    for (int32_t i = 0; i < len; i++)
        out[i] = out[i] == YO ? YE : out[i];
    return text__from_utf16(arena, out, len);
}

struct str text_sort_key(struct arena *arena, struct str s)
{
    (void)pthread_once(&once, open_icu);
    struct text__utf16 text = text__to_utf16(arena, utf8_cut_bytes(s, SORT_TEXT_MAX));
    uint8_t small[256], *key = small;
    int32_t len = ucol_getSortKey(collator, text.at, text.len, small, (int32_t)sizeof(small));
    if (len > (int32_t)sizeof(small)) {
        key = arena_alloc(arena, (size_t)len);
        len = ucol_getSortKey(collator, text.at, text.len, key, len);
    }
    size_t bytes = len > 0 ? (size_t)len - 1 : 0; /* without its final zero */
    char *hex = arena_alloc(arena, bytes * 2 + 1);
    for (size_t i = 0; i < bytes; i++) {
        hex[i * 2] = "0123456789abcdef"[key[i] >> 4];
        hex[i * 2 + 1] = "0123456789abcdef"[key[i] & 15];
    }
    return (struct str){hex, bytes * 2};
}

static int by_key(const void *a, const void *b)
{
    const struct text_sorted *x = a, *y = b;
    int order = str_cmp(x->key, y->key);
    return order ? order : (x->i > y->i) - (x->i < y->i);
}

void text_sort_many(struct text_sorted *at, size_t len)
{
    enum { FEW = 1000 };
    if (len > FEW)
        qsort(at, len, sizeof(*at), by_key);
}

/* Transliterated to lower-case ASCII, in place. */
static struct str ascii_of(struct arena *arena, struct str s)
{
    (void)pthread_once(&once, open_icu);
    struct text__utf16 text = text__to_utf16(arena, s);
    int32_t cap = text.len * 8 + 16, len = text.len, limit = text.len;
    UChar *out = NEW_ARRAY(arena, UChar, (size_t)cap);
    memcpy(out, text.at, (size_t)text.len * sizeof(UChar));
    UErrorCode failed = U_ZERO_ERROR;
    (void)pthread_mutex_lock(&to_ascii_lock);
    utrans_transUChars(to_ascii, out, &len, cap, 0, &limit, &failed);
    (void)pthread_mutex_unlock(&to_ascii_lock);
    if (U_FAILURE(failed)) /* grew beyond reason: nothing of it is needed in an address */
        return STR("");
    return text__from_utf16(arena, out, len);
}

struct str text_slug(struct arena *arena, struct str s)
{
    struct str ascii = ascii_of(arena, utf8_cut_bytes(s, SLUG_TEXT_MAX));
    char *slug = arena_alloc(arena, ascii.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < ascii.len; i++) {
        char c = ascii.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug[len++] = c;
        else if (c != '\'' && c != '`' && c != '"' && len > 0 && slug[len - 1] != '-')
            slug[len++] = '-';
    }
    while (len > 0 && slug[len - 1] == '-')
        len--;
    return (struct str){slug, len};
}

bool text__ascii_domain(struct arena *arena, struct str domain, struct str *out)
{
    (void)pthread_once(&once, open_icu);
    if (domain.len == 0 || domain.len > DOMAIN_MAX * 4)
        return false;
    UErrorCode failed = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    char ascii[DOMAIN_MAX + 2];
    int32_t len = uidna_nameToASCII_UTF8(idna, domain.at, (int32_t)domain.len, ascii,
                                         (int32_t)sizeof(ascii), &info, &failed);
    if (U_FAILURE(failed) || info.errors != 0 || len < 1 || len > DOMAIN_MAX)
        return false;
    *out = str_dup(arena, (struct str){ascii, (size_t)len});
    return true;
}

/* ---- nearest word ---- */

enum { WORD_MAX = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t text_distance(struct str a, struct str b)
{
    a = str_sub(a, 0, WORD_MAX);
    b = str_sub(b, 0, WORD_MAX);
    size_t rows[3][WORD_MAX + 1]; /* the row being made and the two before it */
    for (size_t k = 0; k <= b.len; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= b.len; k++) {
            size_t change = above[k - 1] + (a.at[i - 1] != b.at[k - 1]);
            row[k] = least(change, least(above[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1])
                row[k] = least(row[k], higher[k - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

/* Which bytes are there, in 64 classes: each class that the other word lacks costs an edit. */
static uint64_t bytes_of(struct str word)
{
    uint64_t set = 0;
    for (size_t i = 0; i < word.len && i < WORD_MAX; i++)
        set |= UINT64_C(1) << (word.at[i] & 63);
    return set;
}

static size_t lacking(uint64_t a, uint64_t b)
{
    return (size_t)__builtin_popcountll(a & ~b);
}

struct str text_nearest(struct str word, const struct str *candidates, size_t len)
{
    struct str best = STR_NONE;
    uint64_t bytes = bytes_of(word);
    size_t best_distance = word.len < 4 ? 1 : least(word.len / 3 + 1, 4);
    for (size_t i = 0; i < len; i++) {
        size_t a = least(word.len, WORD_MAX), b = least(candidates[i].len, WORD_MAX);
        if ((a > b ? a - b : b - a) > best_distance) /* that many insertions at the least */
            continue;
        uint64_t others = bytes_of(candidates[i]);
        if (lacking(bytes, others) > best_distance || lacking(others, bytes) > best_distance)
            continue;
        size_t distance = text_distance(word, candidates[i]);
        if (distance < best_distance || (distance == best_distance && !best.at)) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
