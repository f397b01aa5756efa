/* Models: reading, hit policies, runs that forget only what changed, traces, checks. */
#include "dmn/dmn.h"
#include "tests/tap.h"

#define HEAD                                                                                       \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' "                           \
    "xmlns:kontor='urn:kontor:dmn:1' xmlns:other='urn:other' namespace='urn:test' name='test'>"
#define TAIL "</definitions>"

static const struct dmn_model *read_model(struct arena *arena, struct str xml, struct fault *fault)
{
    const struct dmn_model *model = NULL;
    *fault = (struct fault){.arena = arena};
    return dmn_read(arena, xml, NULL, 0, FEEL_KONTOR, fault, &model) == RC_OK ? model : NULL;
}

static struct feel_value one_input(struct arena *arena, const char *name, struct feel_value value)
{
    struct feel_value *values = NEW(arena, struct feel_value);
    struct str names[] = {str_of(name)};
    *values = value;
    return feel_context(feel_shape(arena, names, 1), values);
}

/* The text of the decision `d` for x = value. */
static struct str decide(struct arena *arena, const struct dmn_model *model, int64_t x,
                         struct feel_warnings *warnings, struct dmn_trace *trace)
{
    struct feel_env env = {0};
    struct feel_value value, inputs = one_input(arena, "x", feel_i64(x));
    const struct dmn_element *d = model ? dmn_find(model, DMN_DECISION, STR("d")) : NULL;
    if (!d || dmn_eval(model, d, &inputs, &env, arena, warnings, trace, NULL, &value) != RC_OK)
        return STR("failed");
    return feel_print(arena, &value);
}

#define INPUT "<inputData id='x' name='x'><variable name='x' typeRef='number'/></inputData>"
#define NEEDS "<informationRequirement><requiredInput href='#x'/></informationRequirement>"

static const struct dmn_model *table(struct arena *arena, const char *policy, const char *output)
{
    struct fault fault;
    struct str xml =
        str_printf(arena,
                   HEAD INPUT "<decision id='d' name='d'><variable name='d'/>" NEEDS
                              "<decisionTable %s><input label='X'><inputExpression><text>x</text>"
                              "</inputExpression></input><output name='o'>%s</output>"
                              "<rule><inputEntry><text>&lt; 10</text></inputEntry>"
                              "<outputEntry><text>2</text></outputEntry></rule>"
                              "<rule><inputEntry><text>&lt; 5</text></inputEntry>"
                              "<outputEntry><text>1 + 2</text></outputEntry></rule>"
                              "<rule><inputEntry><text>[1..3]</text></inputEntry>"
                              "<outputEntry><text>x - x + 1</text></outputEntry></rule>"
                              "</decisionTable></decision>" TAIL,
                   policy, output);
    return read_model(arena, xml, &fault);
}

static void test_policies(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const struct {
        const char *policy, *output, *at_2, *at_7, *at_20;
    } cases[] = {
        {"hitPolicy='UNIQUE'", "", "null", "2", "null"},
        {"hitPolicy='ANY'", "", "null", "2", "null"},
        {"hitPolicy='FIRST'", "", "2", "2", "null"},
        {"hitPolicy='PRIORITY'", "<outputValues><text>3, 1, 2</text></outputValues>", "3", "2",
         "null"},
        {"hitPolicy='RULE ORDER'", "", "[2, 3, 1]", "[2]", "null"},
        {"hitPolicy='OUTPUT ORDER'", "<outputValues><text>3, 1, 2</text></outputValues>",
         "[3, 1, 2]", "[2]", "null"},
        {"hitPolicy='COLLECT'", "", "[2, 3, 1]", "[2]", "null"},
        {"hitPolicy='COLLECT' aggregation='SUM'", "", "6", "2", "0"},
        {"hitPolicy='COLLECT' aggregation='MIN'", "", "1", "2", "null"},
        {"hitPolicy='COLLECT' aggregation='MAX'", "", "3", "2", "null"},
        {"hitPolicy='COLLECT' aggregation='COUNT'", "", "3", "1", "0"},
        {"hitPolicy='FIRST'", "<defaultOutputEntry><text>9</text></defaultOutputEntry>", "2", "2",
         "9"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct dmn_model *model = table(arena, cases[i].policy, cases[i].output);
        bool is_ok = str_eq(decide(arena, model, 2, NULL, NULL), str_of(cases[i].at_2)) &&
                     str_eq(decide(arena, model, 7, NULL, NULL), str_of(cases[i].at_7)) &&
                     str_eq(decide(arena, model, 20, NULL, NULL), str_of(cases[i].at_20));
        ok(is_ok, cases[i].policy);
    }
}

static void test_no_match(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct feel_warnings warnings = {0};
    const struct dmn_model *model = table(arena, "hitPolicy='UNIQUE'", "");
    is_str(decide(arena, model, 20, &warnings, NULL), "null", "no rule matches: null");
    is_i64((int64_t)warnings.total, 0, "without a warning: it is no error");
    is_str(decide(arena, model, 2, &warnings, NULL), "null", "two rules of a UNIQUE table: null");
    is_i64((int64_t)warnings.total, 1, "with a warning");
    is_str(warnings.at[0].where, "d", "that names the decision");
}

static void test_trace(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct dmn_trace trace = {0};
    const struct dmn_model *model = table(arena, "hitPolicy='RULE ORDER'", "");
    (void)decide(arena, model, 4, NULL, &trace);
    is_i64((int64_t)trace.steps.len, 1, "the trace has every decision computed");
    is_i64((int64_t)trace.hits.len, 1, "and every table");
    assert(trace.hits.at);
    const struct dmn_hit *hit = &trace.hits.at[0];
    is_str(feel_print(arena, &hit->inputs[0]), "4", "with the values seen");
    ok(hit->matched_len == 2 && hit->matched[0] == 0 && hit->matched[1] == 1,
       "with the rules that matched");
    is_str(hit->table->rules[1].inputs[0], "< 5", "and the texts of their cells");
    is_str(feel_print(arena, &hit->value), "[2, 3]", "and the result");
}

/* `per event` needs event and tier, tier needs volume, volume needs sales. */
static const char graph[] = HEAD
    "<inputData id='s' name='sales'><variable name='sales'/></inputData>"
    "<inputData id='e' name='event'><variable name='event'/></inputData>"
    "<decision id='v' name='volume'><variable name='volume'/>"
    "<informationRequirement><requiredInput href='#s'/></informationRequirement>"
    "<literalExpression><text>total(sales)</text></literalExpression></decision>"
    "<decision id='p' name='per event'><extensionElements><other:x a='1'>kept</other:x>"
    "<kontor:output kind='line' scope='event'/></extensionElements><variable name='per event'/>"
    "<informationRequirement><requiredInput href='#e'/></informationRequirement>"
    "<informationRequirement><requiredDecision href='#v'/></informationRequirement>"
    "<literalExpression><text>event / volume</text></literalExpression></decision>" TAIL;

static void test_runs(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ARENA scratch = arena_new(0);
    struct fault fault;
    const struct dmn_model *model = read_model(arena, str_of(graph), &fault);
    const struct dmn_element *event = dmn_find(model, DMN_INPUT, STR("event"));
    const struct dmn_element *sales = dmn_find(model, DMN_INPUT, STR("sales"));
    const struct dmn_element *line = dmn_find(model, DMN_DECISION, STR("per event"));
    struct feel_env env = {0};
    struct feel_value items[] = {feel_i64(3), feel_i64(1)}, value;
    struct dmn_trace trace = {0};
    struct dmn_run *run = dmn_run_new(model, &env, arena, scratch);
    ok(dmn_depends(model, line, sales) && !dmn_depends(model, sales, line),
       "a decision depends on what its requirements depend on");
    dmn_run_passing(run, event);
    dmn_run_watch(run, NULL, &trace);
    dmn_run_set(run, sales, feel_list(items, 2));
    dmn_run_set(run, event, feel_i64(1));
    ok(dmn_run_value(run, line, NULL, &value) == RC_OK &&
           str_eq(feel_print(arena, &value), STR("0.25")),
       "a run computes what is asked for");
    is_i64((int64_t)trace.steps.len, 2, "and what that requires");
    trace = (struct dmn_trace){0};
    dmn_run_next(run);
    dmn_run_set(run, event, feel_i64(2));
    ok(dmn_run_value(run, line, NULL, &value) == RC_OK &&
           str_eq(feel_print(arena, &value), STR("0.5")),
       "the next event gives its own result");
    is_i64((int64_t)trace.steps.len, 1, "without computing again what does not depend on it");
    items[1] = feel_i64(5);
    dmn_run_set(run, sales, feel_list(items, 2));
    ok(dmn_run_value(run, line, NULL, &value) == RC_OK &&
           str_eq(feel_print(arena, &value), STR("0.25")),
       "an input set anew is seen by all that depends on it");
}

static void test_extensions(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    const struct dmn_model *model = read_model(arena, str_of(graph), &fault);
    const struct dmn_element *line = dmn_find(model, DMN_DECISION, STR("per event"));
    const struct dmn_extension *output = dmn_extension(&line->extensions, "output");
    is_str(dmn_attribute(output, "scope"), "event", "our extensions are read");
    ok(!dmn_attribute(output, "none").at, "a missing attribute is absent");
    ok(line->extensions.len == 2 && str_eq(line->extensions.at[0].text, STR("kept")),
       "foreign extensions are kept");
}

static void test_logic(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    const struct dmn_model *model = read_model(
        arena,
        STR(HEAD INPUT
            "<itemDefinition name='tSmall'><typeRef>number</typeRef><allowedValues><text>[0..100]"
            "</text></allowedValues></itemDefinition>"
            "<businessKnowledgeModel id='b' name='twice'><variable name='twice'/>"
            "<encapsulatedLogic><formalParameter name='n' typeRef='tSmall'/><literalExpression>"
            "<text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
            "<decision id='d' name='d'><variable name='d'/>" NEEDS
            "<knowledgeRequirement><requiredKnowledge href='#b'/></knowledgeRequirement>"
            "<context><contextEntry><variable name='the double'/><invocation><literalExpression>"
            "<text>twice</text></literalExpression><binding><parameter name='n'/>"
            "<literalExpression><text>x</text></literalExpression></binding></invocation>"
            "</contextEntry><contextEntry><literalExpression><text>the double + 1</text>"
            "</literalExpression></contextEntry></context></decision>" TAIL),
        &fault);
    is_str(decide(arena, model, 4, NULL, NULL), "9", "boxed contexts call knowledge models");
    is_str(decide(arena, model, 101, NULL, NULL), "null",
           "a value that the type does not allow is null");
}

static void test_refusals(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    ok(!read_model(arena, STR("<a"), &fault) && fault.rc == RC_INVALID, "broken XML is refused");
    ok(!read_model(arena, STR("<a/>"), &fault), "other XML is refused");
    ok(!read_model(arena, STR("<!DOCTYPE a [<!ENTITY b 'c'>]>" HEAD TAIL), &fault),
       "a document type is refused");
    ok(!read_model(arena, STR(HEAD "<decision id='d' name='d'>" NEEDS "</decision>" TAIL), &fault),
       "a requirement that leads nowhere is refused");
    is_str(str_of(fault.entries[0].args[1]), "#x", "by name");
    ok(!read_model(
           arena,
           STR(HEAD
               "<decision id='a' name='a'><informationRequirement><requiredDecision href='#b'/>"
               "</informationRequirement></decision><decision id='b' name='b'>"
               "<informationRequirement><requiredDecision href='#a'/></informationRequirement>"
               "</decision>" TAIL),
           &fault),
       "decisions that require each other are refused");
}

static size_t count(const struct dmn_issue *issues, size_t len, const char *beginning)
{
    size_t found = 0;
    for (size_t i = 0; i < len; i++)
        found += str_starts(str_of(issues[i].message), str_of(beginning));
    return found;
}

static void test_checks(void)
{
    AUTO_ARENA arena = arena_new(0);
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    dmn_check(arena, table(arena, "hitPolicy='UNIQUE'", ""), &issues, &len);
    is_i64((int64_t)count(issues, len, "This rule and rule"), 2, "overlapping rules are found");
    is_i64((int64_t)issues[0].rule, 2, "with the rule");
    is_i64((int64_t)count(issues, len, "No rule takes"), 1, "and a gap");
    is_str(str_of(issues[len - 1].args[0]), "X = 10", "with the case that nobody takes");
    dmn_check(arena, table(arena, "hitPolicy='FIRST'", ""), &issues, &len);
    is_i64((int64_t)count(issues, len, "This rule is never reached"), 2, "hidden rules are found");
    dmn_check(arena,
              table(arena, "hitPolicy='COLLECT'",
                    "<defaultOutputEntry><text>1 +</text></defaultOutputEntry>"),
              &issues, &len);
    is_i64((int64_t)len, 1, "a formula in error is an issue");
    is_i64((int64_t)issues[0].column, 2, "with its column");
    is_i64(issues[0].at, 4, "and the place in it");
}

/* Both the type and the one it is made of say what is allowed. */
static void test_derived_types(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    struct feel_warnings warnings = {0};
    const struct dmn_model *model = read_model(
        arena,
        STR(HEAD "<itemDefinition name='tSmall'><typeRef>tWhole</typeRef><allowedValues><text>"
                 "&lt;= 100</text></allowedValues></itemDefinition>"
                 "<itemDefinition name='tWhole'><typeRef>number</typeRef><allowedValues><text>"
                 "&gt;= 0</text></allowedValues></itemDefinition>"
                 "<itemDefinition name='tSame'><typeRef>tSmall</typeRef></itemDefinition>"
                 "<inputData id='x' name='x'><variable name='x' typeRef='tSame'/></inputData>"
                 "<decision id='d' name='d'><variable name='d'/>" NEEDS
                 "<literalExpression><text>x</text></literalExpression></decision>" TAIL),
        &fault);
    is_str(decide(arena, model, 50, &warnings, NULL), "50", "a value that both types allow");
    is_str(decide(arena, model, 200, &warnings, NULL), "null", "one that the type refuses");
    is_str(decide(arena, model, -1, &warnings, NULL), "null", "one that the type's base refuses");
}

static void test_range_in_error(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    struct feel_env env = {0};
    struct feel_value value, nothing = one_input(arena, "x", feel_null());
    const struct dmn_model *model = read_model(
        arena,
        STR(HEAD INPUT
            "<decision id='d' name='d'><variable name='d'/>" NEEDS
            "<decisionTable><input><inputExpression><text>x</text></inputExpression></input>"
            "<output name='o'/><rule><inputEntry><text>[10..1]</text></inputEntry><outputEntry>"
            "<text>1</text></outputEntry></rule></decisionTable></decision>" TAIL),
        &fault);
    enum rc rc = dmn_eval(model, dmn_find(model, DMN_DECISION, STR("d")), &nothing, &env, arena,
                          NULL, NULL, NULL, &value);
    ok(rc == RC_OK && value.kind == FEEL_NULL, "a range in error does not take a missing value");
}

int main(void)
{
    test_derived_types();
    test_range_in_error();
    test_policies();
    test_no_match();
    test_trace();
    test_runs();
    test_extensions();
    test_logic();
    test_refusals();
    test_checks();
    return done_testing();
}
