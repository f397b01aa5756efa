/* Any bytes compile to a tree or to an error, and evaluate within their budgets. */
#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    struct feel_warnings warnings = {0};
    struct fault fault = {.arena = arena};
    struct feel_field names[] = {{STR("?"), NULL}, {STR("net amount"), NULL}};
    struct feel_value slots[] = {feel_i64(3), feel_text(STR("Москва"))};
    struct feel_env env = {
        .slots = slots, .slots_len = 2, .steps_max = 20000, .depth_max = 300, .bytes_max = 8 << 20};
    struct feel_expr expr;
    struct feel_value value;
    struct str text = {(const char *)at, len > 4096 ? 4096 : len};
    if (!text.len)
        return 0;
    if (feel_compile(arena, text, names, 2, FEEL_KONTOR, &fault, &expr) == RC_OK &&
        feel_eval(&expr, &env, arena, &warnings, &fault, &value) == RC_OK)
        (void)feel_print(arena, &value);
    fault_clear(&fault);
    if (feel_compile_tests(arena, text, names, 2, FEEL_KONTOR, &fault, &expr) == RC_OK &&
        feel_eval(&expr, &env, arena, &warnings, &fault, &value) != RC_OK)
        return 0;
    return 0;
}
