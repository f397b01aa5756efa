/* Any bytes are a tree or a refusal; the text made of a tree is read as that tree again; what can
 * be read evaluates within its budgets. The arena is kept between inputs: most are tiny. */
#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static struct feel_warnings warnings;

static void evaluate(struct arena *arena, const struct feel_expr *expr)
{
    struct feel_value slots[] = {feel_i64(3), feel_text(STR("Москва"))}, value;
    struct feel_env env = {
        .slots = slots, .slots_len = 2, .steps_max = 500, .depth_max = 300, .bytes_max = 1 << 20};
    warnings.len = warnings.total = 0;
    if (feel_eval(expr, &env, arena, &warnings, NULL, &value) == RC_OK)
        (void)feel_print(arena, &value);
}

static void read_again(struct arena *arena, const struct feel_expr *expr, bool is_tests,
                       const struct feel_field *names, size_t names_len)
{
    struct feel_expr again;
    struct str printed =
        is_tests ? feel_tests_source(arena, expr->node) : feel_source(arena, expr->node);
    enum rc rc = (is_tests ? feel_compile_tests : feel_compile)(arena, printed, names, names_len,
                                                                FEEL_KONTOR, NULL, &again);
    assert(rc == RC_OK || printed.len > 65536); /* what is longer than was read may be too long */
    struct str twice =
        is_tests ? feel_tests_source(arena, again.node) : feel_source(arena, again.node);
    assert(rc != RC_OK || str_eq(printed, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    static struct arena *arena;
    struct feel_field names[] = {{STR("?"), NULL}, {STR("net amount"), NULL}};
    struct str text = {(const char *)at, len > 4096 ? 4096 : len};
    struct feel_expr expr;
    if (!arena) {
        arena = arena_new(64 << 20);
        (void)arena_alloc(arena, (1 << 20) - 64); /* the piece that is kept */
    }
    for (int is_tests = 0; is_tests < 2 && text.len; is_tests++) {
        arena_reset(arena);
        struct fault fault = {.arena = arena};
        if ((is_tests ? feel_compile_tests : feel_compile)(arena, text, names, 2, FEEL_KONTOR,
                                                           &fault, &expr) != RC_OK)
            continue;
        read_again(arena, &expr, is_tests, names, 2);
        evaluate(arena, &expr);
    }
    return 0;
}
