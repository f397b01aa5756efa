/* Expressions made by the grammar, over values made of the same bytes: they evaluate within their
 * budgets, and what is printed of a tree is read as a tree again. The arena is kept between inputs:
 * most are small. */
#include "feel/feel.h"
#include "tests/feel_sample.h"
#include "when/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

enum { ITEMS_MAX = 4 };

static struct feel_value value_of(struct sample *s, struct arena *arena, int depth);

static struct feel_value list_of(struct sample *s, struct arena *arena, int depth)
{
    size_t len = sample_one_of(s, ITEMS_MAX);
    struct feel_value *items = NEW_ARRAY(arena, struct feel_value, len + 1);
    for (size_t i = 0; i < len; i++)
        items[i] = value_of(s, arena, depth - 1);
    return feel_list(items, len);
}

static struct feel_value context_of(struct sample *s, struct arena *arena, int depth)
{
    static const struct str names[] = {STR_INIT("a"), STR_INIT("net amount"), STR_INIT("b c"),
                                       STR_INIT("a+b")};
    size_t len = 1 + sample_one_of(s, LEN(names));
    struct feel_value *values = NEW_ARRAY(arena, struct feel_value, len);
    for (size_t i = 0; i < len; i++)
        values[i] = value_of(s, arena, depth - 1);
    return feel_context(feel_shape(arena, names, len), values);
}

static struct feel_value value_of(struct sample *s, struct arena *arena, int depth)
{
    static const char *const temporals[] = {
        "2024-02-29", "10:30:00Z", "2024-01-01T00:00:00+02:00",
        "P1Y",        "-P3DT1S",   "2024-10-27T02:30:00@Europe/Madrid"};
    struct dec number;
    struct str text;
    switch (depth > 0 ? sample_one_of(s, 8) : sample_one_of(s, 6)) {
    case 0: return feel_null();
    case 1: return feel_bool(sample_one_of(s, 2));
    case 2: return feel_i64((int8_t)sample_byte(s));
    case 3:
        text = str_printf(arena, "%d.%dE%d", sample_byte(s), sample_byte(s),
                          (int8_t)sample_byte(s) * 48);
        return dec_parse(text, &number) ? feel_number(number) : feel_null();
    case 4:
        text = (struct str){(const char *)s->at + s->used, sample_one_of(s, 12)};
        return feel_text(str_sub((struct str){(const char *)s->at, s->len}, s->used, text.len));
    case 5: return feel_parse_temporal(arena, str_of(temporals[sample_one_of(s, LEN(temporals))]));
    case 6: return list_of(s, arena, depth);
    default: return context_of(s, arena, depth);
    }
}

static void evaluate(struct arena *arena, const struct feel_expr *expr, bool is_tests,
                     const struct feel_value *slots, size_t slots_len)
{
    static struct feel_warnings warnings;
    struct feel_accepted accepted;
    struct feel_value value;
    struct feel_env env = {.slots = slots,
                           .slots_len = slots_len,
                           .now = SOME(1700000000000000),
                           .now_zone = zone_utc(),
                           .steps_max = 2000,
                           .depth_max = 300,
                           .bytes_max = 2 << 20};
    warnings.len = warnings.total = 0;
    if (is_tests)
        (void)feel_accepts(arena, expr->node, &accepted);
    size_t before = arena_used_bytes(arena);
    if (feel_eval(expr, &env, arena, &warnings, NULL, &value) == RC_OK)
        (void)feel_print(arena, &value);
    assert(arena_used_bytes(arena) - before < (8 << 20)); /* budget, warnings and what is printed */
}

static struct arena *kept_arena(void)
{
    static struct arena *arena;
    if (!arena) {
        arena = arena_new(64 << 20);
        (void)arena_alloc(arena, (1 << 20) - 64); /* the piece that is kept */
    }
    arena_reset(arena);
    return arena;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    static struct buf text = BUF(1 << 16);
    struct arena *arena = kept_arena();
    struct feel_field names[LEN(sample_names)];
    struct feel_value slots[LEN(sample_names)];
    struct feel_expr expr, again;
    struct sample sample = {.at = at, .len = len > 1024 ? 1024 : len, .out = &text};
    bool is_tests = sample_one_of(&sample, 4) == 0;
    buf_reset(&text);
    for (size_t i = 0; i < LEN(sample_names); i++) {
        names[i] = (struct feel_field){.name = sample_names[i]};
        slots[i] = value_of(&sample, arena, 2);
    }
    if (is_tests)
        sample_tests(&sample, 4);
    else
        sample_expression(&sample, 5);
    enum rc (*compile)(struct arena *, struct str, const struct feel_field *, size_t,
                       enum feel_library, struct fault *, struct feel_expr *) =
        is_tests ? feel_compile_tests : feel_compile;
    if (compile(arena, buf_str(&text), names, LEN(names), FEEL_KONTOR, NULL, &expr) != RC_OK)
        return 0;
    struct str printed =
        is_tests ? feel_tests_source(arena, expr.node) : feel_source(arena, expr.node);
    enum rc rc = compile(arena, printed, names, LEN(names), FEEL_KONTOR, NULL, &again);
    assert(rc == RC_OK);
    evaluate(arena, &expr, is_tests, slots, LEN(slots));
    return 0;
}
