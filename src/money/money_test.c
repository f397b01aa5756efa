/* Tests of money: rounding against a slow 128-bit reference that works another way, splits by
 * property, texts there and back. */
#include "money/money.h"
#include "tests/tap.h"

static uint64_t seed = 88172645463325252ULL;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Numbers of very different sizes, both signs, and the edges. */
static int64_t any_i64(void)
{
    static const int64_t edges[] = {0, 1, -1, 2, 5, 10, INT64_MAX, INT64_MIN, INT64_MAX - 1};
    uint64_t r = next_random();
    if (r % 16 == 0)
        return edges[(r >> 8) % LEN(edges)];
    return (int64_t)next_random() >> (r % 63);
}

/* Floor division and a comparison of distances: no shared idea with the code under test. */
static __int128 reference(__int128 top, __int128 bottom, enum dec_round mode)
{
    if (bottom < 0) {
        top = -top;
        bottom = -bottom;
    }
    __int128 low = top / bottom;
    if (top % bottom < 0)
        low--;
    __int128 high = low * bottom == top ? low : low + 1;
    __int128 to_low = top - low * bottom, to_high = high * bottom - top;
    bool is_negative = top < 0;
    __int128 toward = is_negative ? high : low, away = is_negative ? low : high;
    switch (mode) {
    case DEC_FLOOR: return low;
    case DEC_CEILING: return high;
    case DEC_DOWN: return toward;
    case DEC_UP: return away;
    default: break;
    }
    if (to_low != to_high)
        return to_low < to_high ? low : high;
    if (mode == DEC_HALF_EVEN)
        return low % 2 == 0 ? low : high;
    return mode == DEC_HALF_UP ? away : toward;
}

static void test_muldiv(void)
{
    size_t wrong = 0, fits = 0;
    for (int i = 0; i < 300000; i++) {
        int64_t amount = any_i64(), num = any_i64(), den = any_i64(), is = 42;
        if (den == 0)
            continue;
        enum dec_round mode = (enum dec_round)(DEC_HALF_EVEN + (int)(next_random() % 7));
        __int128 want = reference((__int128)amount * num, den, mode);
        bool want_fits = want >= INT64_MIN && want <= INT64_MAX;
        bool is_fit = money_muldiv(amount, num, den, mode, &is);
        wrong += is_fit != want_fits || is != (want_fits ? (int64_t)want : 42);
        fits += want_fits;
    }
    is_i64((int64_t)wrong, 0, "muldiv equals exact arithmetic in every rounding, or says no");
    ok(fits > 50000, "the property looked at many results that fit");

    static const struct {
        enum dec_round mode;
        int64_t want[6]; /* of -25, -15, -12, 15, 25, 18 tenths */
    } named[] = {
        {DEC_HALF_EVEN, {-2, -2, -1, 2, 2, 2}}, {DEC_HALF_UP, {-3, -2, -1, 2, 3, 2}},
        {DEC_HALF_DOWN, {-2, -1, -1, 1, 2, 2}}, {DEC_UP, {-3, -2, -2, 2, 3, 2}},
        {DEC_DOWN, {-2, -1, -1, 1, 2, 1}},      {DEC_FLOOR, {-3, -2, -2, 1, 2, 1}},
        {DEC_CEILING, {-2, -1, -1, 2, 3, 2}},
    };
    static const int64_t tenths[6] = {-25, -15, -12, 15, 25, 18};
    bool is_right = true;
    for (size_t i = 0; i < LEN(named); i++)
        for (size_t k = 0; k < LEN(tenths); k++) {
            int64_t is = 0;
            is_right = is_right && money_muldiv(tenths[k], 1, 10, named[i].mode, &is) &&
                       is == named[i].want[k];
        }
    ok(is_right, "each named rounding does what its name says, on ties and both signs");
    int64_t out = 7;
    ok(!money_muldiv(INT64_MIN, -1, 1, DEC_HALF_UP, &out) && out == 7,
       "a result that does not fit leaves the output alone");
    ok(money_muldiv(INT64_MIN, 1, 1, DEC_HALF_UP, &out) && out == INT64_MIN,
       "the smallest amount survives");
}

static void test_split(void)
{
    AUTO_ARENA arena = arena_new(0);
    size_t bad_sum = 0, bad_mirror = 0, far = 0;
    for (int round = 0; round < 20000; round++) {
        int64_t weights[12], parts[12], mirror[12], sum = 0;
        size_t len = 1 + next_random() % LEN(weights);
        for (size_t i = 0; i < len; i++)
            weights[i] = (int64_t)(next_random() >> (8 + next_random() % 55));
        int64_t total = any_i64();
        if (total == INT64_MIN)
            continue;
        bool is_split = money_split(arena, total, weights, len, parts);
        if (!is_split)
            continue;
        bool is_mirror = money_split(arena, -total, weights, len, mirror);
        __int128 all = 0;
        for (size_t i = 0; i < len; i++)
            all += weights[i];
        for (size_t i = 0; i < len; i++) {
            sum += parts[i];
            bad_mirror += !is_mirror || mirror[i] != -parts[i];
            __int128 off = (__int128)parts[i] * all - (__int128)total * weights[i];
            far += off >= all || off <= -all;
        }
        bad_sum += sum != total;
    }
    is_i64((int64_t)bad_sum, 0, "the parts always sum to the whole");
    is_i64((int64_t)bad_mirror, 0, "a refund splits as the mirror of its sale");
    is_i64((int64_t)far, 0, "no part is a whole unit away from its exact share");

    int64_t parts[3];
    ok(money_split(arena, 100, (int64_t[]){1, 1, 1}, 3, parts) && parts[0] == 34 &&
           parts[1] == 33 && parts[2] == 33,
       "equal remainders go to the earlier part");
    ok(money_split(arena, 10, (int64_t[]){0, 1, 2}, 3, parts) && parts[0] == 0 && parts[1] == 3 &&
           parts[2] == 7,
       "the largest remainder gets the unit, a zero weight gets nothing");
    ok(!money_split(arena, 10, (int64_t[]){0, 0}, 2, parts), "weights that are all zero: refused");
    ok(!money_split(arena, 10, (int64_t[]){3, -1}, 2, parts), "a negative weight: refused");
    ok(!money_split(arena, 10, (int64_t[]){INT64_MAX, 1}, 2, parts), "too large weights: refused");
}

static void is_parsed(const char *text, int digits, int64_t want)
{
    int64_t value = -77;
    const char *wrong = money_parse_scaled(str_of(text), digits, &value);
    char name[96];
    (void)snprintf(name, sizeof(name), "\"%s\" is read exactly", text);
    ok(!wrong && value == want, name);
}

static void is_refused(const char *text, int digits, const char *want)
{
    int64_t value = -77;
    const char *wrong = money_parse_scaled(str_of(text), digits, &value);
    char name[96];
    (void)snprintf(name, sizeof(name), "\"%s\" is refused in words", text);
    ok(wrong && strstr(wrong, want) && value == -77, name);
}

static void test_text(void)
{
    is_parsed("1234.50", 2, 123450);
    is_parsed("-0.05", 2, -5);
    is_parsed("+7", 2, 700);
    is_parsed("1.500", 2, 150);
    is_parsed("12", 0, 12);
    is_parsed("12.000", 0, 12);
    is_parsed("-92233720368547758.08", 2, INT64_MIN);
    is_refused("", 2, "is needed");
    is_refused("-", 2, "is needed");
    is_refused("1.505", 2, "Too many digits");
    is_refused("1,50", 2, "not an amount");
    is_refused(".5", 2, "not an amount");
    is_refused("5.", 2, "not an amount");
    is_refused("1.2.3", 2, "not an amount");
    is_refused("1e5", 2, "not an amount");
    is_refused("92233720368547758.08", 2, "too large");
    is_refused("99999999999999999999", 2, "too large");
    is_refused("92233720368547759", 2, "too large");

    AUTO_ARENA arena = arena_new(0);
    is_str(money_print_scaled(arena, 123450, 2), "1234.50", "minor digits are always printed");
    is_str(money_print_scaled(arena, -5, 2), "-0.05", "small negative amounts keep their zero");
    is_str(money_print_scaled(arena, 0, 3), "0.000", "zero has its digits");
    is_str(money_print_scaled(arena, -1234, 0), "-1234", "no digits, no point");
    is_str(money_print_scaled(arena, INT64_MIN, 2), "-92233720368547758.08", "the smallest prints");
    size_t wrong = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t value = any_i64(), back = 0;
        int digits = (int)(next_random() % 7);
        const char *why =
            money_parse_scaled(money_print_scaled(arena, value, digits), digits, &back);
        wrong += why || back != value;
    }
    is_i64((int64_t)wrong, 0, "what is printed is read back");
}

static void test_currencies(void)
{
    const struct currency *eur = currency_find(STR("EUR")), *jpy = currency_find(STR("JPY"));
    ok(eur && eur->digits == 2 && eur->number == 978, "the euro has cents");
    ok(jpy && jpy->digits == 0, "the yen has none");
    ok(currency_find(STR("TND"))->digits == 3, "the Tunisian dinar has three digits");
    ok(!currency_find(STR("eur")) && !currency_find(STR("XXX")) && !currency_find(STR("EURO")) &&
           !currency_find(STR_NONE),
       "unknown codes and other spellings are no currencies");
    bool is_sorted = true;
    for (size_t i = 1; i < currency_count(); i++)
        is_sorted = is_sorted && strcmp(currency_at(i - 1)->code, currency_at(i)->code) < 0;
    ok(is_sorted, "the table is in order of code, each once");

    struct money sum, a = MONEY(100, eur), b = MONEY(50, jpy);
    ok(!money_add(a, b, &sum), "currencies are not added to each other");
    ok(money_add(a, a, &sum) && sum.minor == 200 && sum.currency == eur, "amounts add up");
    ok(!money_add(MONEY(INT64_MAX, eur), a, &sum), "an overflow is told");
    struct money read = a;
    ok(!money_parse(STR("-12.50"), eur, &read) && read.minor == -1250 && read.currency == eur,
       "an amount is read in its currency");
    ok(money_parse(STR("1.5"), jpy, &read) != NULL && read.minor == -1250,
       "which says how many digits there may be");
    AUTO_ARENA arena = arena_new(0);
    is_str(money_print(arena, MONEY(7, eur)), "0.07", "and is printed");
    is_str(money_print(arena, MONEY(7, jpy)), "7", "with as many");
    int64_t out;
    ok(money_rescale(12345, 4, 2, DEC_HALF_UP, &out) && out == 123, "fewer digits round");
    ok(money_rescale(-12350, 4, 2, DEC_HALF_UP, &out) && out == -124, "half up is away from zero");
    ok(money_rescale(5, 0, 3, DEC_HALF_UP, &out) && out == 5000, "more digits are exact");
}

int main(void)
{
    test_muldiv();
    test_split();
    test_text();
    test_currencies();
    return done_testing();
}
