/* Decimal arithmetic against an oracle that shares nothing with it: numbers as arrays of decimal
 * digits, sums and products as on paper, rounding by looking at the digits. A quotient is proved by
 * multiplying back. A million operations, from a fixed seed. */
#include "base/base.h"
#include "tests/tap.h"

enum { DIGITS = 34, BIAS = 6176, ROOM = 320, OPERATIONS = 1000000 };

struct digits { /* little end first */
    uint8_t at[ROOM];
    int len;
};

struct number {
    struct digits whole;
    int exponent;
    bool is_negative;
};

static uint64_t random_state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

/* ---- digits ---- */

static void trim(struct digits *x)
{
    while (x->len > 0 && x->at[x->len - 1] == 0)
        x->len--;
}

static int compare(const struct digits *a, const struct digits *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    for (int i = a->len; i-- > 0;)
        if (a->at[i] != b->at[i])
            return a->at[i] < b->at[i] ? -1 : 1;
    return 0;
}

static void shift_up(struct digits *x, int places)
{
    if (x->len == 0 || places == 0)
        return;
    assert(x->len + places <= ROOM);
    memmove(x->at + places, x->at, (size_t)x->len);
    memset(x->at, 0, (size_t)places);
    x->len += places;
}

static struct digits sum(const struct digits *a, const struct digits *b)
{
    struct digits out = {.len = (a->len > b->len ? a->len : b->len) + 1};
    int carry = 0;
    for (int i = 0; i < out.len; i++) {
        carry += (i < a->len ? a->at[i] : 0) + (i < b->len ? b->at[i] : 0);
        out.at[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    trim(&out);
    return out;
}

static struct digits difference(const struct digits *a, const struct digits *b) /* a >= b */
{
    struct digits out = {.len = a->len};
    int borrow = 0;
    for (int i = 0; i < a->len; i++) {
        int digit = a->at[i] - borrow - (i < b->len ? b->at[i] : 0);
        borrow = digit < 0;
        out.at[i] = (uint8_t)(digit + 10 * borrow);
    }
    trim(&out);
    return out;
}

static struct digits product(const struct digits *a, const struct digits *b)
{
    struct digits out = {.len = a->len + b->len};
    unsigned columns[ROOM] = {0}, carry = 0;
    for (int i = 0; i < a->len; i++)
        for (int k = 0; k < b->len; k++)
            columns[i + k] += (unsigned)a->at[i] * b->at[k];
    for (int i = 0; i < out.len; i++) {
        carry += columns[i];
        out.at[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    trim(&out);
    return out;
}

/* ---- numbers ---- */

/* Half to even at the 34th digit. */
static void rounded(struct number *x)
{
    int cut = x->whole.len - DIGITS;
    bool has_rest = false;
    if (cut <= 0)
        return;
    for (int i = 0; i < cut - 1; i++)
        has_rest = has_rest || x->whole.at[i];
    int first = x->whole.at[cut - 1];
    bool is_odd = x->whole.at[cut] % 2;
    memmove(x->whole.at, x->whole.at + cut, DIGITS);
    x->whole.len = DIGITS;
    x->exponent += cut;
    if (first > 5 || (first == 5 && (has_rest || is_odd))) {
        struct digits one = {.at = {1}, .len = 1};
        x->whole = sum(&x->whole, &one);
    }
}

static struct number added(struct number a, struct number b)
{
    struct number out;
    int least = a.exponent < b.exponent ? a.exponent : b.exponent;
    shift_up(&a.whole, a.exponent - least);
    shift_up(&b.whole, b.exponent - least);
    out.exponent = least;
    bool a_is_more = compare(&a.whole, &b.whole) >= 0;
    out.is_negative = a_is_more ? a.is_negative : b.is_negative;
    if (a.is_negative == b.is_negative)
        out.whole = sum(&a.whole, &b.whole);
    else
        out.whole = a_is_more ? difference(&a.whole, &b.whole) : difference(&b.whole, &a.whole);
    rounded(&out);
    return out;
}

static struct number multiplied(const struct number *a, const struct number *b)
{
    struct number out = {.whole = product(&a->whole, &b->whole),
                         .exponent = a->exponent + b->exponent,
                         .is_negative = a->is_negative != b->is_negative};
    rounded(&out);
    return out;
}

static int order_of(struct number a, struct number b)
{
    int least = a.exponent < b.exponent ? a.exponent : b.exponent;
    bool a_is_below = a.is_negative && a.whole.len, b_is_below = b.is_negative && b.whole.len;
    if (a_is_below != b_is_below)
        return a_is_below ? -1 : 1;
    shift_up(&a.whole, a.exponent - least);
    shift_up(&b.whole, b.exponent - least);
    int order = compare(&a.whole, &b.whole);
    return a_is_below ? -order : order;
}

/* ---- to and from the encoding (IEEE 754-2008 section 3.5.2), written here anew ---- */

static struct dec encoded(const struct number *x)
{
    unsigned __int128 whole = 0;
    for (int i = x->whole.len; i-- > 0;)
        whole = whole * 10 + x->whole.at[i];
    struct dec out = {{(uint64_t)whole, (uint64_t)(whole >> 64)}};
    out.w[1] |= (uint64_t)(x->exponent + BIAS) << 49 | (uint64_t)x->is_negative << 63;
    return out;
}

static struct number decoded(struct dec x)
{
    struct number out = {.exponent = (int)(x.w[1] >> 49 & 0x3fff) - BIAS,
                         .is_negative = x.w[1] >> 63};
    unsigned __int128 whole = (unsigned __int128)(x.w[1] & 0x1ffffffffffffU) << 64 | x.w[0];
    for (; whole > 0; whole /= 10)
        out.whole.at[out.whole.len++] = (uint8_t)(whole % 10);
    return out;
}

static bool same_value(struct number a, struct number b)
{
    if (a.whole.len == 0 || b.whole.len == 0)
        return a.whole.len == b.whole.len;
    return order_of(a, b) == 0;
}

/* Few and many digits, round and ragged ones, exponents near and far. */
static struct number any_number(void)
{
    struct number out = {.exponent = (int)(next_random() % 9) - 4,
                         .is_negative = next_random() % 2};
    int lens[] = {0, 1, 2, 4, 9, 15, 19, 20, 33, DIGITS};
    int kind = (int)(next_random() % 4);
    out.whole.len = lens[next_random() % LEN(lens)];
    for (int i = 0; i < out.whole.len; i++)
        out.whole.at[i] = (uint8_t)(kind == 0   ? (i == 0 || i + 1 == out.whole.len ? 5 : 0)
                                    : kind == 1 ? 9
                                                : next_random() % 10);
    if (next_random() % 4 == 0)
        out.exponent = (int)(next_random() % 81) - 40;
    trim(&out.whole);
    return out;
}

/* q is a / b to 34 digits: twice the rest is at most the divisor, and a tie went to the even. */
static bool is_quotient(struct number a, const struct number *b, const struct number *q)
{
    struct digits back = product(&q->whole, &b->whole), divisor = b->whole;
    int shift = a.exponent - b->exponent - q->exponent;
    if (shift > 150 || shift < -150)
        return false;
    if (shift >= 0) {
        shift_up(&a.whole, shift);
    } else {
        shift_up(&back, -shift);
        shift_up(&divisor, -shift);
    }
    struct digits rest =
        compare(&a.whole, &back) >= 0 ? difference(&a.whole, &back) : difference(&back, &a.whole);
    struct digits twice = sum(&rest, &rest);
    int order = compare(&twice, &divisor);
    bool is_even = q->whole.len == 0 || q->whole.at[0] % 2 == 0;
    bool is_signed = q->whole.len == 0 || q->is_negative == (a.is_negative != b->is_negative);
    return is_signed &&
           (rest.len == 0 || (q->whole.len == DIGITS && (order < 0 || (order == 0 && is_even))));
}

enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE, COMPARE, OPERATIONS_LEN };

static bool agrees(enum operation operation, const struct number *a, const struct number *b)
{
    struct dec x = encoded(a), y = encoded(b);
    struct number opposite = *b, result;
    switch (operation) {
    case ADD: result = decoded(dec_add(x, y)); return same_value(result, added(*a, *b));
    case SUBTRACT:
        opposite.is_negative = !b->is_negative;
        result = decoded(dec_sub(x, y));
        return same_value(result, added(*a, opposite));
    case MULTIPLY: result = decoded(dec_mul(x, y)); return same_value(result, multiplied(a, b));
    case DIVIDE:
        if (b->whole.len == 0)
            return !dec_is_finite(dec_div(x, y));
        result = decoded(dec_div(x, y));
        return is_quotient(*a, b, &result);
    default: return dec_cmp(x, y) == order_of(*a, *b) && dec_eq(x, y) == (order_of(*a, *b) == 0);
    }
}

static void test_operations(void)
{
    static const char *const rules[] = {"sums", "differences", "products", "quotients", "orders"};
    long wrong[OPERATIONS_LEN] = {0};
    AUTO_ARENA arena = arena_new(0);
    for (int i = 0; i < OPERATIONS; i++) {
        enum operation operation = (enum operation)(i % OPERATIONS_LEN);
        struct number a = any_number(), b = next_random() % 16 ? any_number() : a;
        if (agrees(operation, &a, &b) || wrong[operation]++ > 3)
            continue;
        struct str x = str_dup(arena, dec_print_exact(arena, encoded(&a)));
        printf("# %s of " STR_FMT " and " STR_FMT "\n", rules[operation], STR_ARG(x),
               STR_ARG(dec_print_exact(arena, encoded(&b))));
    }
    for (int i = 0; i < OPERATIONS_LEN; i++)
        ok(wrong[i] == 0, rules[i]);
}

/* ---- rounding to a scale ---- */

static bool goes_up(enum dec_round mode, bool is_negative, int first, bool has_rest, bool is_odd)
{
    bool is_above = first > 5 || (first == 5 && has_rest), is_tie = first == 5 && !has_rest;
    switch (mode) {
    case DEC_HALF_EVEN: return is_above || (is_tie && is_odd);
    case DEC_HALF_UP: return is_above || is_tie;
    case DEC_HALF_DOWN: return is_above;
    case DEC_UP: return first || has_rest;
    case DEC_DOWN: return false;
    case DEC_FLOOR: return is_negative && (first || has_rest);
    case DEC_CEILING: return !is_negative && (first || has_rest);
    }
    return false;
}

static bool rounds(const struct number *a, int scale, enum dec_round mode)
{
    struct number want = *a;
    int cut = -scale - a->exponent;
    bool has_rest = false;
    if (cut > 0) {
        for (int i = 0; i < cut - 1 && i < a->whole.len; i++)
            has_rest = has_rest || a->whole.at[i];
        int first = cut - 1 < a->whole.len ? a->whole.at[cut - 1] : 0;
        struct digits one = {.at = {1}, .len = 1}, kept = {0};
        for (int i = cut; i < a->whole.len; i++)
            kept.at[kept.len++] = a->whole.at[i];
        bool is_odd = kept.len && kept.at[0] % 2;
        want.whole =
            goes_up(mode, a->is_negative, first, has_rest, is_odd) ? sum(&kept, &one) : kept;
        want.exponent = -scale;
    }
    return same_value(decoded(dec_round(encoded(a), scale, mode)), want);
}

static void test_rounding(void)
{
    long wrong = 0;
    for (int i = 0; i < OPERATIONS / 5; i++) {
        struct number a = any_number();
        int scale = (int)(next_random() % 30) - 10;
        wrong += !rounds(&a, scale, (enum dec_round)(DEC_HALF_EVEN + i % 7));
    }
    ok(wrong == 0, "every way of rounding, to every scale");
}

int main(void)
{
    test_operations();
    test_rounding();
    return done_testing();
}
