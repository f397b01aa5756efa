/* decimal128 over Intel's BID library (Debian: libintelrdfpmath-dev, variant gcc000: arguments by
 * value, rounding mode and flags as arguments). `_Decimal128` is not used: clang has none.
 * Text conversion is ours: the library prints exponents only ("+15E-1"). */
#define DECIMAL_CALL_BY_REFERENCE                0
#define DECIMAL_GLOBAL_ROUNDING                  0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS           0
#define DECIMAL_GLOBAL_ROUNDING_ACCESS_FUNCTIONS 0
#define UNCHANGED_BINARY_STATUS_FLAGS            0
#include <bid_conf.h>
#include <bid_functions.h>

#include "base/base.h"

_Static_assert(sizeof(struct dec) == sizeof(BID_UINT128), "struct dec is the library's layout");

enum { DIGITS_MAX = 34, EXPONENT_BIAS = 6176, EXPONENT_MAX = 6111 };

static BID_UINT128 to_bid(struct dec x)
{
    BID_UINT128 bid;
    memcpy(&bid, &x, sizeof(bid));
    return bid;
}

static struct dec from_bid(BID_UINT128 bid)
{
    struct dec x;
    memcpy(&x, &bid, sizeof(x));
    return x;
}

#define NEAREST ((_IDEC_round)BID_ROUNDING_TO_NEAREST)

struct dec dec_from_i64(int64_t value)
{
    return from_bid(bid128_from_int64(value));
}

/* Sign, coefficient and exponent of a finite number (IEEE 754-2008 section 3.5.2, BID). */
struct parts {
    unsigned __int128 coefficient;
    int exponent;
    bool is_negative;
};

static struct parts parts_of(struct dec x)
{
    uint64_t high = x.w[1];
    struct parts parts = {.is_negative = high >> 63};
    parts.exponent = (int)((high >> 49) & 0x3fff) - EXPONENT_BIAS;
    parts.coefficient = (unsigned __int128)(high & 0x1ffffffffffffU) << 64 | x.w[0];
    if (((high >> 61) & 3) == 3) { /* non-canonical: the value is zero */
        parts.exponent = (int)((high >> 47) & 0x3fff) - EXPONENT_BIAS;
        parts.coefficient = 0;
    }
    return parts;
}

static struct dec from_parts(struct parts parts)
{
    struct dec x = {{(uint64_t)parts.coefficient, (uint64_t)(parts.coefficient >> 64)}};
    x.w[1] |= (uint64_t)(parts.exponent + EXPONENT_BIAS) << 49;
    x.w[1] |= (uint64_t)parts.is_negative << 63;
    return x;
}

struct dec dec_from_scaled(int64_t value, int scale)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    assert(scale > -6000 && scale < 6000);
    return from_parts(
        (struct parts){.coefficient = size, .exponent = -scale, .is_negative = value < 0});
}

static size_t skip_digits(struct str s, size_t from)
{
    while (from < s.len && s.at[from] >= '0' && s.at[from] <= '9')
        from++;
    return from;
}

/* [sign] digits [. digits] [e [sign] digits] or [sign] . digits; nothing else, no "inf". */
static bool is_number_text(struct str s)
{
    size_t i = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
    size_t whole = skip_digits(s, i);
    size_t digits = whole - i;
    i = whole;
    if (i < s.len && s.at[i] == '.') {
        size_t fraction = skip_digits(s, i + 1);
        if (fraction == i + 1)
            return false;
        digits += fraction - i - 1;
        i = fraction;
    }
    if (digits == 0)
        return false;
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        i++;
        if (i < s.len && (s.at[i] == '-' || s.at[i] == '+'))
            i++;
        size_t end = skip_digits(s, i);
        if (end == i || end - i > 5)
            return false;
        i = end;
    }
    return i == s.len;
}

bool dec_parse(struct str text, struct dec *out)
{
    enum { TEXT_MAX = 8192 };
    if (text.len >= TEXT_MAX || !is_number_text(text))
        return false;
    char small[128];
    char *copy = text.len < sizeof(small) ? small : malloc(text.len + 1);
    if (!copy)
        abort();
    memcpy(copy, text.at, text.len);
    copy[text.len] = 0;
    _IDEC_flags flags = 0;
    struct dec x = from_bid(bid128_from_string(copy, NEAREST, &flags));
    if (copy != small)
        free(copy);
    if (!dec_is_finite(x))
        return false;
    *out = x;
    return true;
}

static size_t digits_of(unsigned __int128 value, char digits[DIGITS_MAX + 6])
{
    char reversed[DIGITS_MAX + 6];
    size_t len = 0;
    do {
        reversed[len++] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < len; i++)
        digits[i] = reversed[len - 1 - i];
    return len;
}

static struct str print_parts(struct arena *arena, struct parts parts)
{
    char digits[DIGITS_MAX + 6];
    size_t len = digits_of(parts.coefficient, digits);
    size_t zeros_after = parts.exponent > 0 ? (size_t)parts.exponent : 0;
    size_t scale = parts.exponent < 0 ? (size_t)-parts.exponent : 0;
    size_t zeros_before = scale >= len ? scale - len + 1 : 0;
    char *at = arena_alloc(arena, len + zeros_after + zeros_before + 3);
    size_t n = 0;
    if (parts.is_negative && parts.coefficient != 0)
        at[n++] = '-';
    size_t point = zeros_before + len - scale; /* digits before the point */
    for (size_t i = 0; i < zeros_before + len; i++) {
        if (i == point)
            at[n++] = '.';
        at[n++] = (char)(i < zeros_before ? '0' : digits[i - zeros_before]);
    }
    memset(at + n, '0', zeros_after);
    return (struct str){at, n + zeros_after};
}

struct str dec_print_exact(struct arena *arena, struct dec x)
{
    if (!dec_is_finite(x))
        return STR("not a number");
    struct parts parts = parts_of(x);
    if (parts.coefficient == 0 && parts.exponent > 0)
        parts.exponent = 0;
    return print_parts(arena, parts);
}

static struct parts without_trailing_zeros(struct parts parts)
{
    if (parts.coefficient == 0)
        return (struct parts){.exponent = 0};
    while (parts.exponent < EXPONENT_MAX && parts.coefficient % 10 == 0) {
        parts.coefficient /= 10;
        parts.exponent++;
    }
    return parts;
}

struct str dec_print(struct arena *arena, struct dec x)
{
    if (!dec_is_finite(x))
        return STR("not a number");
    return print_parts(arena, without_trailing_zeros(parts_of(x)));
}

#define BINARY(linkage, name, call)                                                                \
    linkage struct dec name(struct dec a, struct dec b)                                            \
    {                                                                                              \
        _IDEC_flags flags = 0;                                                                     \
        return from_bid(call(to_bid(a), to_bid(b), NEAREST, &flags));                              \
    }
#define UNARY(name, call)                                                                          \
    struct dec name(struct dec a)                                                                  \
    {                                                                                              \
        _IDEC_flags flags = 0;                                                                     \
        return from_bid(call(to_bid(a), NEAREST, &flags));                                         \
    }

/* clang-format off */
BINARY(static, wide_add, bid128_add)
BINARY(static, wide_mul, bid128_mul)
BINARY(, dec_div, bid128_div)
UNARY(dec_sqrt, bid128_sqrt)
UNARY(dec_exp, bid128_exp)
UNARY(dec_log, bid128_log)
enum { SHIFT_MAX = 19 }; /* of the powers of ten below 2^64 */
/* clang-format on */

/* Most numbers of business are small: a coefficient below 2^64 leaves the low 49 bits of the high
 * word free, which then holds sign and exponent alone. Such numbers are added, multiplied and
 * compared here, exactly as the library would (IEEE 754: the result's exponent is the lesser one
 * of a sum, the sum of a product) and many times as fast. */
#define SIGN_BIT       (UINT64_C(1) << 63)
#define IS_SMALL(x)    (((x).w[1] & 0x1ffffffffffffU) == 0 && ((x).w[1] >> 61 & 3) != 3)
#define EXPONENT_OF(x) ((int)((x).w[1] >> 49 & 0x3fff))

static const uint64_t powers[SHIFT_MAX + 1] = {UINT64_C(1),
                                               UINT64_C(10),
                                               UINT64_C(100),
                                               UINT64_C(1000),
                                               UINT64_C(10000),
                                               UINT64_C(100000),
                                               UINT64_C(1000000),
                                               UINT64_C(10000000),
                                               UINT64_C(100000000),
                                               UINT64_C(1000000000),
                                               UINT64_C(10000000000),
                                               UINT64_C(100000000000),
                                               UINT64_C(1000000000000),
                                               UINT64_C(10000000000000),
                                               UINT64_C(100000000000000),
                                               UINT64_C(1000000000000000),
                                               UINT64_C(10000000000000000),
                                               UINT64_C(100000000000000000),
                                               UINT64_C(1000000000000000000),
                                               UINT64_C(10000000000000000000)};

/* Both coefficients at the lesser exponent, which is given. False: not small, or too far apart. */
static bool align(struct dec a, struct dec b, unsigned __int128 *out_a, unsigned __int128 *out_b,
                  int *out_exponent)
{
    int shift = EXPONENT_OF(a) - EXPONENT_OF(b);
    if (!IS_SMALL(a) || !IS_SMALL(b) || shift > SHIFT_MAX || shift < -SHIFT_MAX)
        return false;
    *out_a = (unsigned __int128)a.w[0] * powers[shift > 0 ? shift : 0];
    *out_b = (unsigned __int128)b.w[0] * powers[shift < 0 ? -shift : 0];
    *out_exponent = shift > 0 ? EXPONENT_OF(b) : EXPONENT_OF(a);
    return true;
}

struct dec dec_add(struct dec a, struct dec b)
{
    unsigned __int128 x, y;
    int exponent;
    uint64_t sign = a.w[1] & SIGN_BIT;
    if (!align(a, b, &x, &y, &exponent) || (x | y) >> 111 != 0)
        return wide_add(a, b);
    if (sign == (b.w[1] & SIGN_BIT)) {
        x += y;
    } else if (x >= y) {
        x -= y;
        sign = x ? sign : 0; /* nearest rounding: the zero is positive */
    } else {
        x = y - x;
        sign ^= SIGN_BIT;
    }
    return (struct dec){{(uint64_t)x, sign | (uint64_t)exponent << 49 | (uint64_t)(x >> 64)}};
}

struct dec dec_sub(struct dec a, struct dec b)
{
    return dec_add(a, dec_neg(b));
}

struct dec dec_mul(struct dec a, struct dec b)
{
    int exponent = EXPONENT_OF(a) + EXPONENT_OF(b) - EXPONENT_BIAS;
    unsigned __int128 product = (unsigned __int128)a.w[0] * b.w[0];
    if (!IS_SMALL(a) || !IS_SMALL(b) || exponent < 0 || exponent > EXPONENT_MAX + EXPONENT_BIAS ||
        product >> 112 != 0)
        return wide_mul(a, b);
    uint64_t sign = (a.w[1] ^ b.w[1]) & SIGN_BIT;
    return (struct dec){
        {(uint64_t)product, sign | (uint64_t)exponent << 49 | (uint64_t)(product >> 64)}};
}

struct dec dec_neg(struct dec a)
{
    a.w[1] ^= SIGN_BIT;
    return a;
}

struct dec dec_abs(struct dec a)
{
    return from_bid(bid128_abs(to_bid(a)));
}

/* Whole exponents by squaring, so that 1.1 ** 2 is 1.21 and not a logarithm's neighbour. */
static struct dec pow_whole(struct dec base, uint64_t exponent)
{
    struct dec product = dec_from_i64(1);
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            product = dec_mul(product, base);
        if (exponent > 1)
            base = dec_mul(base, base);
    }
    return product;
}

struct dec dec_pow(struct dec a, struct dec b)
{
    enum { WHOLE_MAX = 100000 };
    int64_t whole;
    if (dec_to_i64(b, &whole) && whole >= -WHOLE_MAX && whole <= WHOLE_MAX) {
        struct dec size = pow_whole(a, (uint64_t)(whole < 0 ? -whole : whole));
        return whole < 0 ? dec_div(dec_from_i64(1), size) : size;
    }
    _IDEC_flags flags = 0;
    return from_bid(bid128_pow(to_bid(a), to_bid(b), NEAREST, &flags));
}

struct dec dec_modulo(struct dec a, struct dec b)
{
    _IDEC_flags flags = 0;
    struct dec rest = from_bid(bid128_fmod(to_bid(a), to_bid(b), &flags));
    if (dec_is_finite(rest) && !dec_is_zero(rest) && dec_sign(rest) != dec_sign(b))
        rest = dec_add(rest, b);
    return rest;
}

static bool round_up_needed(struct parts parts, unsigned __int128 rest, unsigned __int128 unit,
                            enum dec_round mode)
{
    unsigned __int128 half = unit / 2;
    bool is_odd = parts.coefficient & 1;
    switch (mode) {
    case DEC_HALF_EVEN: return rest > half || (rest == half && is_odd);
    case DEC_HALF_UP: return rest >= half;
    case DEC_HALF_DOWN: return rest > half;
    case DEC_UP: return rest > 0;
    case DEC_DOWN: return false;
    case DEC_FLOOR: return parts.is_negative && rest > 0;
    case DEC_CEILING: return !parts.is_negative && rest > 0;
    }
    abort(); /* an unknown mode is a broken invariant */
}

struct dec dec_round(struct dec a, int scale, enum dec_round mode)
{
    if (!dec_is_finite(a))
        return a;
    struct parts parts = parts_of(a);
    int drop = -scale - parts.exponent;
    if (drop <= 0 || parts.coefficient == 0)
        return a; /* it has no digit beyond the scale */
    unsigned __int128 unit = 1, rest;
    if (drop <= DIGITS_MAX + 1) {
        for (int i = 0; i < drop; i++)
            unit *= 10;
        rest = parts.coefficient % unit;
        parts.coefficient /= unit;
    } else { /* the whole number is less than half a unit */
        unit = 10;
        rest = 1;
        parts.coefficient = 0;
    }
    if (round_up_needed(parts, rest, unit, mode))
        parts.coefficient++;
    parts.exponent = -scale;
    if (parts.exponent > EXPONENT_MAX || parts.exponent < -EXPONENT_BIAS)
        return dec_from_i64(0);
    return from_parts(parts);
}

int dec_cmp(struct dec a, struct dec b)
{
    unsigned __int128 x, y;
    int exponent, order;
    _IDEC_flags flags = 0;
    if (align(a, b, &x, &y, &exponent)) {
        bool is_negative = a.w[1] & SIGN_BIT;
        if ((a.w[1] ^ b.w[1]) & SIGN_BIT)
            return x == 0 && y == 0 ? 0 : is_negative ? -1 : 1;
        order = (x > y) - (x < y);
        return is_negative ? -order : order;
    }
    if (bid128_quiet_less(to_bid(a), to_bid(b), &flags))
        return -1;
    return bid128_quiet_equal(to_bid(a), to_bid(b), &flags) ? 0 : 1;
}

bool dec_eq(struct dec a, struct dec b)
{
    unsigned __int128 x, y;
    int exponent;
    _IDEC_flags flags = 0;
    if (align(a, b, &x, &y, &exponent))
        return x == y && ((((a.w[1] ^ b.w[1]) & SIGN_BIT) == 0) || x == 0);
    return bid128_quiet_equal(to_bid(a), to_bid(b), &flags);
}

bool dec_is_finite(struct dec a)
{
    return ((a.w[1] >> 59) & 0xf) != 0xf;
}

bool dec_is_zero(struct dec a)
{
    if (IS_SMALL(a))
        return a.w[0] == 0;
    return bid128_isZero(to_bid(a));
}

int dec_sign(struct dec a)
{
    if (dec_is_zero(a))
        return 0;
    return a.w[1] >> 63 ? -1 : 1;
}

bool dec_is_integer(struct dec a)
{
    return dec_is_finite(a) && dec_eq(a, dec_round(a, 0, DEC_DOWN));
}

bool dec_to_i64(struct dec a, int64_t *out)
{
    return dec_is_integer(a) && dec_to_scaled(a, 0, DEC_DOWN, out);
}

bool dec_to_scaled(struct dec a, int scale, enum dec_round mode, int64_t *out)
{
    if (!dec_is_finite(a))
        return false;
    struct parts parts = parts_of(dec_round(a, scale, mode));
    if (parts.coefficient == 0) {
        *out = 0;
        return true;
    }
    for (int rest = parts.exponent + scale; rest > 0; rest--) {
        if (parts.coefficient > (unsigned __int128)INT64_MAX)
            return false;
        parts.coefficient *= 10;
    }
    unsigned __int128 limit = (unsigned __int128)INT64_MAX + (parts.is_negative ? 1 : 0);
    if (parts.coefficient > limit)
        return false;
    uint64_t size = (uint64_t)parts.coefficient;
    *out = parts.is_negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

uint64_t dec_hash(struct dec a)
{
    struct parts parts = without_trailing_zeros(parts_of(a));
    struct dec plain = from_parts(parts);
    return hash_bytes(&plain, sizeof(plain));
}
