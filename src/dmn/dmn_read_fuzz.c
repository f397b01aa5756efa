/* Any bytes are a model or a refusal; what is read is written so that reading it again gives the
 * same bytes; a model's decisions evaluate within their budgets; its check ends. Bytes that are a
 * file of cases are run against a small model. Bytes that begin with a control character make a
 * model by the grammar, since bytes alone are hardly ever XML. Arenas are kept between inputs. */
#include "dmn/dmn.h"
#include "tests/dmn_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static const char small[] =
    "<definitions xmlns='" DMN_NAMESPACE "' namespace='m' name='n'>"
    "<inputData id='x' name='x'><variable name='x'/></inputData><decision id='d' name='d'>"
    "<variable name='d'/><informationRequirement><requiredInput href='#x'/>"
    "</informationRequirement><literalExpression><text>x</text></literalExpression></decision>"
    "<decisionService id='s' name='s'><outputDecision href='#d'/><inputData href='#x'/>"
    "</decisionService></definitions>";

static struct str written(struct arena *arena, const struct dmn_node *document)
{
    static struct buf buf = BUF(8 << 20);
    buf_reset(&buf);
    dmn_write(&buf, document);
    assert(!buf.is_over);
    return str_dup(arena, buf_str(&buf));
}

static void write_again(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct dmn_node *document = NULL, *again = NULL;
    if (dmn_parse(arena, xml, &fault, &document) != RC_OK)
        return;
    struct str once = written(arena, document);
    /* Escapes may make it too deep for nothing and too long for the limit only. */
    bool is_read = dmn_parse(arena, once, &fault, &again) == RC_OK;
    assert(is_read);
    assert(str_eq(once, written(arena, again)));
}

static void run_cases(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    const struct dmn_case_result *results = NULL;
    size_t results_len = 0;
    if (!dmn_cases_model(arena, xml).at ||
        dmn_read(arena, str_of(small), NULL, 0, FEEL_STANDARD, &fault, &model) != RC_OK)
        return;
    (void)!dmn_run_cases(arena, model, xml, &fault, &results, &results_len);
}

static void run_model(struct arena *arena, const struct dmn_model *model)
{
    static struct feel_warnings warnings;
    struct feel_env env = {.steps_max = 2000, .depth_max = 300, .bytes_max = 2 << 20};
    struct dmn_trace trace = {0};
    struct dmn_run *run = dmn_run_new(model, &env, arena, NULL);
    warnings.len = warnings.total = 0;
    dmn_run_watch(run, &warnings, &trace);
    for (size_t i = 0; i < model->elements_len && i < 100; i++) {
        struct feel_value value;
        if (model->elements[i]->kind == DMN_INPUT)
            dmn_run_set(run, model->elements[i], feel_i64((int64_t)i));
        else if (model->elements[i]->kind == DMN_DECISION &&
                 dmn_run_value(run, model->elements[i], NULL, &value) == RC_OK)
            (void)feel_print(arena, &value);
    }
}

/* A limit that is reached in the middle of reading is a refusal, not the end of the process. */
static void read_in_little_room(struct str xml, uint8_t room)
{
    AUTO_ARENA arena = arena_new(((size_t)9 << 18) + (size_t)room * 512);
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    (void)!dmn_read(arena, xml, &xml, 1, FEEL_STANDARD, &fault, &model);
}

static void read_model(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    const struct dmn_issue *issues = NULL;
    size_t issues_len = 0;
    struct str other = str_of(small);
    if (dmn_read(arena, xml, &other, 1, FEEL_KONTOR, &fault, &model) != RC_OK)
        return;
    run_model(arena, model);
    dmn_check(arena, model, &issues, &issues_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    static struct arena *arena;
    static struct buf made = BUF(1 << 16);
    struct sample sample = {.at = at, .len = len, .out = &made};
    struct str xml = {(const char *)at, len > 65536 ? 65536 : len};
    if (!xml.len)
        return 0;
    if (!arena) {
        arena = arena_new((size_t)1 << 30);
        (void)arena_alloc(arena, (1 << 20) - 64); /* the piece that is kept */
    }
    arena_reset(arena);
    if (at[0] < 8) {
        buf_reset(&made);
        sample.used = 1;
        sample_model(&sample);
        xml = buf_str(&made);
    }
    if (at[0] >= 8 || at[0] & 1)
        write_again(arena, xml);
    if (at[0] >= 8)
        run_cases(arena, xml);
    if (at[len - 1] % 16 == 0)
        read_in_little_room(xml, at[len / 2]);
    read_model(arena, xml);
    return 0;
}
