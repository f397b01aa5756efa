/* base: arenas, strings, buffers, maps, outcomes, decimals. */
#include "base/base.h"
#include "tests/tap.h"

static struct dec dec(const char *text)
{
    struct dec x = {{0}};
    bool is_number = dec_parse(str_of(text), &x);
    assert(is_number);
    return x;
}

static void test_arena(void)
{
    AUTO_ARENA arena = arena_new(1 << 20);
    char *a = arena_alloc(arena, 10);
    memset(a, 7, 10);
    struct arena_mark mark = arena_mark(arena);
    char *b = arena_alloc(arena, 100000);
    b[99999] = 1;
    arena_rewind(arena, mark);
    ok(a[9] == 7, "what stood before a mark survives a rewind");
    ok(arena_used_bytes(arena) < 100, "a rewind gives the bytes back");
    char *c = arena_alloc(arena, 64);
    ok(c[0] == 0 && c[63] == 0, "memory comes zeroed also after a rewind");
    arena_reset(arena);
    ok(arena_used_bytes(arena) == 0, "a reset empties the arena");
    AUTO_ARENA large = arena_new(64 << 20);
    char *whole = arena_alloc(large, 4 << 20);
    whole[0] = 7;
    arena_reset(large);
    char *again = arena_alloc(large, 64);
    ok(again[0] == 0 && arena_used_bytes(large) == 64, "a large block is not kept for small work");
    size_t sum = 0;
    for (int i = 0; i < 40; i++) {
        char *block = arena_alloc(large, 1 << 20);
        block[0] = (char)i;
        sum += (size_t)block[0] + (size_t)block[(1 << 20) - 1];
    }
    ok(sum == 40 * 39 / 2, "forty blocks are forty blocks");
}

static void test_str(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str rest = STR("a,b,,c");
    size_t pieces = 0;
    while (rest.at) {
        (void)str_cut(&rest, ',');
        pieces++;
    }
    ok(pieces == 4, "cutting walks all pieces, empty ones too");
    int64_t n = 0;
    ok(str_to_i64(STR("-9223372036854775808"), &n) && n == INT64_MIN, "the least integer parses");
    ok(!str_to_i64(STR("9223372036854775808"), &n), "an overflow is refused");
    ok(!str_to_i64(STR("1x"), &n) && !str_to_i64(STR(""), &n) && !str_to_i64(STR("-"), &n),
       "what is not a number is refused");
    ok(str_eq(str_trim(STR(" \t x y\n")), STR("x y")), "trim takes white space from both ends");
    ok(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0, "order is by bytes");
    ok(str_eq(str_printf(arena, "%d-%s", 7, "x"), STR("7-x")), "printf fits its text");
    ok(str_find(STR("abcabc"), STR("ca"), 0) == 2, "find gives the offset");
    ok(str_find(STR("abc"), STR("x"), 0) == SIZE_MAX, "find says when there is nothing");
    ok(str_find(STR("abc"), STR(""), 2) == 2 && str_find(STR("abc"), STR("a"), 4) == SIZE_MAX,
       "the empty text is everywhere, and nothing is behind the end");
    ok(str_eq(str_sub(STR("abc"), 5, 2), STR("")) && str_eq(str_sub(STR("abc"), 1, 9), STR("bc")),
       "a part ends with the whole");
    ok(!str_to_i64(STR("99999999999999999999"), &n), "an overflow by a digit is refused");
    ok(str_eq_nocase(STR("Content-Type"), STR("content-type")) &&
           !str_eq_nocase(STR("a"), STR("b")) && !str_eq_nocase(STR("a"), STR("aa")),
       "letters may be compared whatever their case");
    ok(str_eq(str_join(arena, STR("a"), STR("bc")), STR("abc")) &&
           str_eq(str_join(arena, STR(""), STR("")), STR("")),
       "texts are joined");
    ok(!str_of(NULL).at && !str_dup(arena, STR_NONE).at && !str_sub(STR_NONE, 1, 1).at,
       "what is absent stays absent");
    ok(crc32c(0, "123456789", 9) == 0xe3069283, "the checksum is Castagnoli's");
    ok(str_ends(STR("a.csv"), STR(".csv")) && !str_ends(STR("csv"), STR(".csv")),
       "an end is no longer than the text");
}

struct numbers {
    int64_t *at;
    size_t len, cap;
};

static int64_t push_and_tell(struct arena *arena, struct numbers *numbers)
{
    VEC_PUSH(arena, numbers, -1);
    return (int64_t)numbers->len;
}

static void test_vec(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct numbers numbers = {0};
    for (int i = 0; i < 100; i++)
        VEC_PUSH(arena, &numbers, (int64_t)numbers.len);
    bool is_right = numbers.len == 100;
    for (int i = 0; i < 100; i++)
        is_right = is_right && numbers.at[i] == i;
    ok(is_right, "an item that asks for the length gets the one before it");
    struct numbers nested = {0};
    for (int i = 0; i < 50; i++)
        VEC_PUSH(arena, &nested, push_and_tell(arena, &nested));
    is_right = nested.len == 100;
    for (int i = 0; is_right && i < 100; i += 2)
        is_right = nested.at[i] == -1 && nested.at[i + 1] == i + 1;
    ok(is_right, "an item that itself pushes comes after what it pushed");
}

static void test_buf(void)
{
    AUTO_BUF buf = BUF(8);
    buf_put(&buf, STR("12345"));
    ok(!buf.is_over, "what fits is kept");
    buf_put(&buf, STR("6789"));
    ok(buf.is_over && buf.len == 5, "what does not fit is remembered and not cut in two");
    AUTO_BUF lines = BUF(1000);
    buf_printf(&lines, "%0300d.", 7);
    ok(lines.len == 301 && lines.at[299] == '7' && lines.at[300] == '.', "a long line is whole");
    buf_printf(&lines, "%0800d", 7);
    ok(lines.is_over && lines.len == 301, "or is not there");
    AUTO_BUF numbers = BUF(100);
    buf_i64(&numbers, INT64_MIN);
    ok(str_eq(buf_str(&numbers), STR("-9223372036854775808")), "the least integer prints");
}

static void test_map(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct map *map = map_new(arena);
    static int values[1000];
    for (int i = 0; i < 1000; i++)
        *map_put(map, str_printf(arena, "key %d", i)) = &values[i];
    bool is_whole = map_len(map) == 1000;
    for (int i = 0; i < 1000; i++)
        is_whole = is_whole && map_get(map, str_printf(arena, "key %d", i)) == &values[i];
    ok(is_whole, "a map finds each of a thousand keys");
    ok(map_get(map, STR("other")) == NULL, "and no other");
    struct map *numbers = map_new(arena);
    *map_put_i64(numbers, -5) = &values[5];
    struct str key;
    void *value;
    size_t at = 0, seen = 0;
    while (map_next(map, &at, &key, &value))
        seen += str_starts(key, STR("key ")) && value == &values[seen];
    ok(seen == 1000, "walking a map gives what was put, in that order");
    ok(map_get(map_new(arena), STR("a")) == NULL, "an empty map has nothing");
    ok(map_get_i64(numbers, -5) == &values[5] && !map_get_i64(numbers, 5), "integers are keys too");
    *map_put(numbers, STR_NONE) = &values[1];
    ok(map_get(numbers, STR("")) == &values[1] && map_get_i64(numbers, 0) == NULL,
       "an absent key is the empty text, not a number");
}

static void test_rc(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    enum rc rc = fault_add(&fault, RC_INVALID, "name", "This field is required.", NULL);
    (void)!fault_add(&fault, RC_DENIED, NULL, "{0} may not", "Ann", NULL);
    ok(rc == RC_INVALID && fault.rc == RC_INVALID, "the first failure decides");
    ok(fault.entries_len == 2 && strcmp(fault.entries[1].args[0], "Ann") == 0,
       "each entry keeps its arguments");
    ok(rc_http_status(RC_UNSURE) == 503 && rc_exit_code(RC_MISSING) == 66, "one table maps them");
    for (int i = 0; i < FAULT_ENTRIES_MAX + 5; i++)
        (void)!fault_add(&fault, RC_INVALID, "row", "{0}{1}{2}{3}", "a", "b", "c", "d", NULL);
    ok(fault.entries_len == FAULT_ENTRIES_MAX &&
           strcmp(fault.entries[FAULT_ENTRIES_MAX - 1].args[FAULT_ARGS_MAX - 1], "d") == 0,
       "of a thousand failures the first are kept");
}

static void test_log(void)
{
    AUTO_BUF log = BUF(1000);
    log_to(&log);
    log_request_id_set(STR("r-1"));
    log_event(LOG_WARN, "odd", "text", STR("say \"a\\b\"\n\x7f"), NULL);
    log_request_id_set(STR(""));
    log_level_set(LOG_ERROR);
    log_event(LOG_WARN, "quiet", NULL);
    log_level_set(LOG_INFO);
    log_to(NULL);
    ok(str_has(buf_str(&log), STR("\"level\":\"warn\",\"event\":\"odd\",\"request_id\":\"r-1\","
                                  "\"text\":\"say \\\"a\\\\b\\\"\\u000a\\u007f\"}\n")),
       "a line of the log is JSON, whatever it says");
    ok(!str_has(buf_str(&log), STR("quiet")), "what is below the level is not said");
    int fd = 7;
    ok(fd_take(&fd) == 7 && fd == -1, "a descriptor that was taken is not closed");
}

static void test_dec_text(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const char *const same[] = {
        "0", "1", "-1", "0.1", "1200", "-0.000001", "1234567890123456789012345678901234"};
    for (size_t i = 0; i < LEN(same); i++)
        is_str(dec_print(arena, dec(same[i])), same[i], "a number prints as it was written");
    is_str(dec_print(arena, dec("1.50")), "1.5", "trailing zeros go");
    is_str(dec_print_exact(arena, dec("1.50")), "1.50", "unless they are asked for");
    is_str(dec_print(arena, dec("12e2")), "1200", "exponents are written out");
    is_str(dec_print(arena, dec("-0")), "0", "there is no negative zero");
    struct dec x;
    ok(!dec_parse(STR("inf"), &x) && !dec_parse(STR("1."), &x) && !dec_parse(STR(""), &x) &&
           !dec_parse(STR("1e99999"), &x) && !dec_parse(STR("--1"), &x),
       "what is not a number is refused");
    ok(!dec_parse(STR("1e"), &x) && !dec_parse(STR("1e+"), &x) && !dec_parse(STR("1e123456"), &x) &&
           !dec_parse(STR("1.5x"), &x) && !dec_parse(STR("."), &x) && !dec_parse(STR("+"), &x),
       "and so is half of one");
    is_str(dec_print(arena, dec("+12E-1")), "1.2", "a sign and a large E are understood");
    is_str(dec_print(arena, dec(".5e+1")), "5", "and so is a number that begins with its point");
    AUTO_BUF text = BUF(16384);
    buf_printf(&text, "1.%0400d", 5);
    ok(dec_parse(buf_str(&text), &x), "a number of four hundred digits is read");
    is_str(dec_print(arena, x), "1", "as far as thirty-four go");
    buf_printf(&text, "%09000d", 0);
    ok(!dec_parse(buf_str(&text), &x), "one of nine thousand is not");
    is_str(dec_print_exact(arena, dec("0e3")), "0", "nothing is nothing at any scale");
    is_str(dec_print_exact(arena, dec("-0.00")), "0.00", "and has no sign");
    struct dec none = dec_div(dec("1"), dec("0"));
    is_str(dec_print(arena, none), "not a number", "what is no number says so");
    is_str(dec_print_exact(arena, none), "not a number", "however it is printed");
    struct dec odd = {{7, UINT64_C(3) << 61}};
    is_str(dec_print(arena, odd), "0",
           "bits that no operation makes are zero, as the standard says");
}

static void test_dec_math(void)
{
    AUTO_ARENA arena = arena_new(0);
    is_str(dec_print(arena, dec_add(dec("0.1"), dec("0.2"))), "0.3", "tenths add exactly");
    is_str(dec_print(arena, dec_pow(dec("1.1"), dec("2"))), "1.21", "powers are exact");
    is_str(dec_print(arena, dec_modulo(dec("-10"), dec("4"))), "2", "modulo follows the divisor");
    ok(!dec_is_finite(dec_div(dec("1"), dec("0"))), "a division by zero is not finite");
    ok(dec_eq(dec("1.0"), dec("1.00")) && dec_hash(dec("1.0")) == dec_hash(dec("1")),
       "equal numbers hash equal");
    ok(dec_cmp(dec("-1"), dec("0.5")) < 0 && dec_sign(dec("-0.0")) == 0, "numbers are ordered");
    int64_t n = 0;
    ok(dec_to_i64(dec("12e2"), &n) && n == 1200 && !dec_to_i64(dec("1.5"), &n),
       "only whole numbers become integers");
    ok(dec_to_scaled(dec("2.345"), 2, DEC_HALF_UP, &n) && n == 235, "money rounds half up");
    ok(!dec_to_scaled(dec("1e30"), 2, DEC_HALF_UP, &n), "and says when it does not fit");
    is_str(dec_print_exact(arena, dec_from_scaled(-105, 2)), "-1.05", "minor units scale");
    is_str(dec_print(arena, dec_sub(dec("0.3"), dec("0.1"))), "0.2",
           "tenths are taken away exactly");
    is_str(dec_print(arena, dec_add(dec("1e25"), dec("1e-5"))), "10000000000000000000000000.00001",
           "numbers far apart add");
    is_str(dec_print(arena, dec_mul(dec("1e20"), dec("3333333333333333333333"))),
           "333333333333333333333300000000000000000000", "long numbers multiply");
    is_str(dec_print(arena, dec_abs(dec("-7.5"))), "7.5", "a size has no sign");
    is_str(dec_print(arena, dec_pow(dec("2"), dec("-3"))), "0.125", "a negative power divides");
    is_str(dec_print(arena, dec_round(dec_pow(dec("2"), dec("0.5")), 6, DEC_HALF_EVEN)), "1.414214",
           "a broken power is a root");
    is_str(dec_print(arena, dec_modulo(dec("12"), dec("-4"))), "0", "no rest, no sign");
    ok(!dec_is_finite(dec_modulo(dec("12"), dec("0"))), "nothing is left of a division by zero");
    ok(dec_cmp(dec("1e30"), dec("1e-30")) > 0 && dec_cmp(dec("1e-30"), dec("1e30")) < 0 &&
           dec_cmp(dec("12345678901234567890123"), dec("12345678901234567890123.0")) == 0,
       "numbers of any size are ordered");
    ok(dec_cmp(dec("0"), dec("-0")) == 0 && dec_cmp(dec("-2"), dec("-1")) < 0 &&
           dec_cmp(dec("1"), dec("-1")) > 0,
       "on both sides of zero");
    ok(dec_eq(dec("0"), dec("-0.0")) && !dec_eq(dec("5"), dec("-5")) &&
           dec_eq(dec("12345678901234567890123"), dec("12345678901234567890123.0")),
       "equal is equal in value");
    ok(dec_is_zero(dec("0e30")) && !dec_is_zero(dec("12345678901234567890123")) &&
           dec_sign(dec("12345678901234567890123")) == 1,
       "a long number is no zero");
    struct dec none = dec_div(dec("1"), dec("0"));
    ok(!dec_is_integer(none) && !dec_to_scaled(none, 2, DEC_HALF_UP, &n) &&
           !dec_is_finite(dec_round(none, 2, DEC_HALF_UP)),
       "what is no number becomes none by rounding");
    ok(dec_to_i64(dec("-9223372036854775808"), &n) && n == INT64_MIN &&
           !dec_to_i64(dec("9223372036854775808"), &n),
       "the least integer fits, one beyond the largest does not");
    ok(!dec_to_scaled(dec("9e18"), 2, DEC_HALF_UP, &n), "in cents even less does");
    ok(dec_to_scaled(dec("-0.001"), 2, DEC_HALF_UP, &n) && n == 0, "less than half a cent is none");
    is_str(dec_print(arena, dec_round(dec_sqrt(dec("2")), 20, DEC_HALF_EVEN)),
           "1.4142135623730950488", "the root of two");
    is_str(dec_print(arena, dec_round(dec_exp(dec("1")), 20, DEC_HALF_EVEN)),
           "2.71828182845904523536", "the number of Euler");
    is_str(dec_print(arena, dec_round(dec_log(dec("10")), 20, DEC_HALF_EVEN)),
           "2.30258509299404568402", "and the logarithm of ten are right to twenty digits");
}

static void test_dec_round(void)
{
    static const struct {
        const char *from;
        int scale;
        enum dec_round mode;
        const char *to;
    } rows[] = {
        {"2.5", 0, DEC_HALF_EVEN, "2"},   {"3.5", 0, DEC_HALF_EVEN, "4"},
        {"2.5", 0, DEC_HALF_UP, "3"},     {"-2.5", 0, DEC_HALF_UP, "-3"},
        {"2.5", 0, DEC_HALF_DOWN, "2"},   {"2.51", 0, DEC_HALF_DOWN, "3"},
        {"2.1", 0, DEC_UP, "3"},          {"-2.1", 0, DEC_UP, "-3"},
        {"2.9", 0, DEC_DOWN, "2"},        {"-2.1", 0, DEC_FLOOR, "-3"},
        {"-2.9", 0, DEC_CEILING, "-2"},   {"1250", -2, DEC_HALF_EVEN, "1200"},
        {"0.004", 2, DEC_UP, "0.01"},     {"1e-40", 2, DEC_HALF_UP, "0"},
        {"9.995", 2, DEC_HALF_UP, "10"},  {"1e-40", 2, DEC_UP, "0.01"},
        {"5", -6200, DEC_HALF_UP, "0"},   {"-0.5", 0, DEC_CEILING, "0"},
        {"-1.5", 0, DEC_HALF_DOWN, "-1"}, {"0.5", 0, DEC_FLOOR, "0"},
        {"-1e-40", 0, DEC_FLOOR, "-1"},   {"7", 2, DEC_UP, "7"},
    };
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < LEN(rows); i++)
        is_str(dec_print(arena, dec_round(dec(rows[i].from), rows[i].scale, rows[i].mode)),
               rows[i].to, "each mode rounds as its name says");
}

int main(void)
{
    test_arena();
    test_str();
    test_vec();
    test_buf();
    test_map();
    test_rc();
    test_log();
    test_dec_text();
    test_dec_math();
    test_dec_round();
    return done_testing();
}
