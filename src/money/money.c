/* Exact arithmetic on minor units. A product of two int64 fits 128 bits with room to spare, so
 * muldiv never needs more; rounding looks at the remainder alone. Rejected: a decimal type for
 * amounts (ten times slower and no more exact at the level of minor units). */
#include "money/money.h"

typedef __int128 wide;

bool money_add(struct money a, struct money b, struct money *out)
{
    int64_t sum;
    if (a.currency != b.currency || __builtin_add_overflow(a.minor, b.minor, &sum))
        return false;
    *out = MONEY(sum, a.currency);
    return true;
}

/* 1 when the magnitude of the quotient must grow by one. `twice` compares twice the remainder
 * with the divisor: -1 below half, 0 a tie, 1 above. */
static int grows(enum dec_round mode, int twice, bool is_odd, bool is_negative)
{
    switch (mode) {
    case DEC_HALF_EVEN: return twice > 0 || (twice == 0 && is_odd);
    case DEC_HALF_UP: return twice >= 0;
    case DEC_HALF_DOWN: return twice > 0;
    case DEC_UP: return 1;
    case DEC_DOWN: return 0;
    case DEC_FLOOR: return is_negative;
    case DEC_CEILING: return !is_negative;
    }
    assert(false && "a rounding mode");
    return 0;
}

static bool narrow(wide value, int64_t *out)
{
    if (value < INT64_MIN || value > INT64_MAX)
        return false;
    *out = (int64_t)value;
    return true;
}

bool money_muldiv(int64_t amount, int64_t num, int64_t den, enum dec_round mode, int64_t *out)
{
    assert(den != 0);
    wide product = (wide)amount * num;
    bool is_negative = (product < 0) != (den < 0) && product != 0;
    unsigned __int128 top = product < 0 ? -(unsigned __int128)product : (unsigned __int128)product;
    uint64_t bottom = den < 0 ? -(uint64_t)den : (uint64_t)den;
    unsigned __int128 quotient = top / bottom;
    uint64_t rest = (uint64_t)(top % bottom);
    if (rest != 0) {
        uint64_t missing = bottom - rest;
        int twice = rest < missing ? -1 : rest > missing;
        quotient += (unsigned)grows(mode, twice, quotient & 1, is_negative);
    }
    if (quotient > (unsigned __int128)INT64_MAX + 1)
        return false;
    return narrow(is_negative ? -(wide)quotient : (wide)quotient, out);
}

static int64_t power_of_ten(int digits)
{
    assert(digits >= 0 && digits <= 18);
    int64_t power = 1;
    while (digits-- > 0)
        power *= 10;
    return power;
}

bool money_rescale(int64_t value, int from_digits, int to_digits, enum dec_round mode, int64_t *out)
{
    if (to_digits >= from_digits)
        return money_muldiv(value, power_of_ten(to_digits - from_digits), 1, mode, out);
    return money_muldiv(value, 1, power_of_ten(from_digits - to_digits), mode, out);
}

struct claim { /* one part that may get a unit of what is left */
    wide rest;
    size_t i;
};

static int by_rest_then_place(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return x->i < y->i ? -1 : 1;
}

static bool weights_sum(const int64_t *weights, size_t len, int64_t *out)
{
    int64_t sum = 0;
    for (size_t i = 0; i < len; i++)
        if (weights[i] < 0 || __builtin_add_overflow(sum, weights[i], &sum))
            return false;
    *out = sum;
    return sum > 0;
}

bool money_split(struct arena *arena, int64_t total, const int64_t *weights, size_t len,
                 int64_t *out_parts)
{
    int64_t sum;
    if (!weights_sum(weights, len, &sum))
        return false;
    /* The magnitude is split and the sign put back: so -total gives the mirror. */
    wide size = total < 0 ? -(wide)total : (wide)total;
    int sign = total < 0 ? -1 : 1;
    struct arena_mark mark = arena_mark(arena);
    struct claim *claims = NEW_ARRAY(arena, struct claim, len);
    wide left = size;
    for (size_t i = 0; i < len; i++) {
        wide share = size * weights[i];
        wide part = share / sum;
        claims[i] = (struct claim){share - part * sum, i};
        out_parts[i] = (int64_t)(sign * part);
        left -= part;
    }
    if (left > 0)
        qsort(claims, len, sizeof(*claims), by_rest_then_place);
    for (size_t i = 0; (wide)i < left; i++)
        out_parts[claims[i].i] += sign;
    arena_rewind(arena, mark);
    return true;
}

/* ---- text ---- */

const char *money_parse_scaled(struct str text, int digits, int64_t *out)
{
    assert(digits >= 0 && digits <= 18);
    bool is_negative = text.len > 0 && text.at[0] == '-';
    size_t i = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+') ? 1 : 0;
    if (i == text.len)
        return M("An amount is needed, for example 1234.50.");
    int64_t value = 0;
    int after_point = -1; /* no point yet */
    for (size_t start = i; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.' && after_point < 0 && i > start && i + 1 < text.len) {
            after_point = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return M("This is not an amount: digits and one decimal point are expected.");
        if (after_point >= 0 && ++after_point > digits) {
            if (c != '0')
                return M("Too many digits after the decimal point for this currency.");
            after_point = digits; /* "1.500" is exact in cents */
            continue;
        }
        int64_t digit = is_negative ? '0' - c : c - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return M("This amount is too large.");
    }
    int missing = digits - (after_point < 0 ? 0 : after_point);
    if (__builtin_mul_overflow(value, power_of_ten(missing), &value))
        return M("This amount is too large.");
    *out = value;
    return NULL;
}

const char *money_parse(struct str text, const struct currency *currency, struct money *out)
{
    int64_t minor;
    const char *wrong = money_parse_scaled(text, currency->digits, &minor);
    if (wrong)
        return wrong;
    *out = MONEY(minor, currency);
    return NULL;
}

size_t money_print_to(char out[MONEY_TEXT_MAX], int64_t value, int digits)
{
    assert(digits >= 0 && digits <= 18);
    char reversed[MONEY_TEXT_MAX];
    size_t len = 0;
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    for (int i = 0; size > 0 || i <= digits; i++) {
        if (i == digits && digits > 0)
            reversed[len++] = '.';
        reversed[len++] = (char)('0' + size % 10);
        size /= 10;
    }
    if (value < 0)
        reversed[len++] = '-';
    for (size_t i = 0; i < len; i++)
        out[i] = reversed[len - 1 - i];
    out[len] = '\0';
    return len;
}

struct str money_print_scaled(struct arena *arena, int64_t value, int digits)
{
    char text[MONEY_TEXT_MAX];
    size_t len = money_print_to(text, value, digits);
    return str_dup(arena, (struct str){text, len});
}

struct str money_print(struct arena *arena, struct money money)
{
    assert(money.currency);
    return money_print_scaled(arena, money.minor, money.currency->digits);
}
