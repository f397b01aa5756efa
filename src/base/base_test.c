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
    ok(map_get_i64(numbers, -5) == &values[5] && !map_get_i64(numbers, 5), "integers are keys too");
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
}

static void test_dec_round(void)
{
    static const struct {
        const char *from;
        int scale;
        enum dec_round mode;
        const char *to;
    } rows[] = {
        {"2.5", 0, DEC_HALF_EVEN, "2"},  {"3.5", 0, DEC_HALF_EVEN, "4"},
        {"2.5", 0, DEC_HALF_UP, "3"},    {"-2.5", 0, DEC_HALF_UP, "-3"},
        {"2.5", 0, DEC_HALF_DOWN, "2"},  {"2.51", 0, DEC_HALF_DOWN, "3"},
        {"2.1", 0, DEC_UP, "3"},         {"-2.1", 0, DEC_UP, "-3"},
        {"2.9", 0, DEC_DOWN, "2"},       {"-2.1", 0, DEC_FLOOR, "-3"},
        {"-2.9", 0, DEC_CEILING, "-2"},  {"1250", -2, DEC_HALF_EVEN, "1200"},
        {"0.004", 2, DEC_UP, "0.01"},    {"1e-40", 2, DEC_HALF_UP, "0"},
        {"9.995", 2, DEC_HALF_UP, "10"},
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
    test_dec_text();
    test_dec_math();
    test_dec_round();
    return done_testing();
}
