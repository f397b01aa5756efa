/* Any bytes are a model or a refusal; a model's decisions evaluate within their budgets. */
#include "dmn/dmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    AUTO_ARENA arena = arena_new((size_t)512 << 20);
    struct feel_warnings warnings = {0};
    struct fault fault = {.arena = arena};
    struct feel_env env = {.steps_max = 20000, .depth_max = 300, .bytes_max = 8 << 20};
    const struct dmn_model *model = NULL;
    const struct dmn_issue *issues = NULL;
    struct dmn_trace trace = {0};
    size_t issues_len = 0;
    struct str xml = {(const char *)at, len > 65536 ? 65536 : len};
    if (!xml.len || dmn_read(arena, xml, NULL, 0, FEEL_KONTOR, &fault, &model) != RC_OK)
        return 0;
    struct dmn_run *run = dmn_run_new(model, &env, arena, NULL);
    dmn_run_watch(run, &warnings, &trace);
    for (size_t i = 0; i < model->elements_len && i < 100; i++) {
        struct feel_value value;
        if (model->elements[i]->kind == DMN_INPUT)
            dmn_run_set(run, model->elements[i], feel_i64((int64_t)i));
        else if (model->elements[i]->kind == DMN_DECISION &&
                 dmn_run_value(run, model->elements[i], NULL, &value) == RC_OK)
            (void)feel_print(arena, &value);
    }
    dmn_check(arena, model, &issues, &issues_len);
    return 0;
}
