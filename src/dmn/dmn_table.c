/* Decision tables: read for people (texts) and compiled (tests over a slot for each input), and
 * their hit policies (DMN 1.5 section 8.2.8). */
#include "dmn/dmn_int.h"

enum { CELL_BYTES = 160 }; /* of a cell's texts and nodes in the arrays of a table */

/* ---- reading ---- */

static enum dmn_hit_policy policy_of(struct str policy, struct str aggregation)
{
    static const struct {
        struct str name;
        enum dmn_hit_policy policy;
    } policies[] = {
        {STR_INIT("UNIQUE"), DMN_UNIQUE},         {STR_INIT("ANY"), DMN_ANY},
        {STR_INIT("PRIORITY"), DMN_PRIORITY},     {STR_INIT("FIRST"), DMN_FIRST},
        {STR_INIT("RULE ORDER"), DMN_RULE_ORDER}, {STR_INIT("OUTPUT ORDER"), DMN_OUTPUT_ORDER},
        {STR_INIT("COLLECT"), DMN_COLLECT},       {STR_INIT("SUM"), DMN_COLLECT_SUM},
        {STR_INIT("MIN"), DMN_COLLECT_MIN},       {STR_INIT("MAX"), DMN_COLLECT_MAX},
        {STR_INIT("COUNT"), DMN_COLLECT_COUNT}};
    struct str wanted = policy;
    if (policy.at && str_eq(policy, STR("COLLECT")) && aggregation.at)
        wanted = aggregation;
    for (size_t i = 0; wanted.at && i < LEN(policies); i++)
        if (str_eq(policies[i].name, wanted))
            return policies[i].policy;
    return DMN_UNIQUE;
}

const char *dmn_hit_policy_name(enum dmn_hit_policy policy)
{
    static const char *const names[] = {[DMN_UNIQUE] = "UNIQUE",
                                        [DMN_ANY] = "ANY",
                                        [DMN_PRIORITY] = "PRIORITY",
                                        [DMN_FIRST] = "FIRST",
                                        [DMN_RULE_ORDER] = "RULE ORDER",
                                        [DMN_OUTPUT_ORDER] = "OUTPUT ORDER",
                                        [DMN_COLLECT] = "COLLECT",
                                        [DMN_COLLECT_SUM] = "COLLECT SUM",
                                        [DMN_COLLECT_MIN] = "COLLECT MIN",
                                        [DMN_COLLECT_MAX] = "COLLECT MAX",
                                        [DMN_COLLECT_COUNT] = "COLLECT COUNT"};
    return (size_t)policy < LEN(names) && names[policy] ? names[policy] : "UNIQUE";
}

static size_t count_of(const struct dmn_node *node, const char *tag)
{
    size_t count = 0;
    for (const struct dmn_node *c = dmn__child(node, tag); c; c = dmn__next(c, tag))
        count++;
    return count;
}

static struct str or_empty(struct str s)
{
    return s.at ? s : STR("");
}

/* Texts like `"A", "B"` as a list node, for the order of priorities. */
static const struct feel_node *value_list(struct dmn__reader *r, struct str text)
{
    const struct feel_node *node = NULL;
    if (!text.at)
        return NULL;
    struct str list = str_printf(r->arena, "[" STR_FMT "]", STR_ARG(text));
    return feel_parse(r->compiler, list, NULL, &node) == RC_OK ? node : NULL;
}

/* What the column declares, else what follows from its formula. */
static const struct feel_type *input_type(struct dmn__reader *r, const struct dmn_node *expression,
                                          const struct feel_node *formula)
{
    struct str declared = dmn__attr(expression, "typeRef");
    const struct feel_type *type = declared.at ? dmn__type(r, declared) : NULL;
    type = type ? type : feel_infer(r->types, formula);
    bool is_null = type && type->form == FEEL_TYPE_KIND && type->kind == FEEL_NULL;
    return type && type->form != FEEL_TYPE_ANY && !is_null ? type : NULL;
}

static void read_inputs(struct dmn__reader *r, const struct dmn_node *node, struct dmn_table *table,
                        struct dmn__table *compiled)
{
    size_t len = count_of(node, "input"), i = 0;
    struct dmn_input *inputs = NEW_ARRAY(r->arena, struct dmn_input, len + 1);
    compiled->inputs = NEW_ARRAY(r->arena, const struct feel_node *, len + 1);
    compiled->input_values = NEW_ARRAY(r->arena, const struct feel_node *, len + 1);
    compiled->input_types = NEW_ARRAY(r->arena, const struct feel_type *, len + 1);
    compiled->slots = NEW_ARRAY(r->arena, size_t, len + 1);
    for (const struct dmn_node *c = dmn__child(node, "input"); c; c = dmn__next(c, "input"), i++) {
        const struct dmn_node *expression = dmn__child(c, "inputExpression");
        struct str text = dmn__text(r->arena, expression, "text");
        r->column = i + 1;
        inputs[i].text = str_trim(or_empty(text));
        inputs[i].label = dmn__attr(c, "label");
        inputs[i].label = inputs[i].label.at ? inputs[i].label : inputs[i].text;
        inputs[i].values = dmn__text(r->arena, dmn__child(c, "inputValues"), "text");
        compiled->inputs[i] = dmn__formula(r, inputs[i].text.len ? inputs[i].text : STR("null"));
        compiled->input_types[i] = input_type(r, expression, compiled->inputs[i]);
        compiled->inputs[i] = feel_build_coerce(r->compiler, compiled->inputs[i],
                                                dmn__type(r, dmn__attr(expression, "typeRef")));
    }
    for (i = 0; i < len; i++) {
        compiled->slots[i] = feel_declare(r->compiler, STR(""), NULL);
        if (inputs[i].values.at &&
            feel_parse_tests(r->compiler, inputs[i].values, compiled->slots[i], NULL,
                             &compiled->input_values[i]) != RC_OK)
            dmn__issue(r, M("The allowed values could not be read: {0}"),
                       str_c(r->arena, inputs[i].values), NULL);
    }
    r->column = 0;
    table->inputs = inputs;
    table->inputs_len = len;
}

static void read_outputs(struct dmn__reader *r, const struct dmn_node *node,
                         struct dmn_table *table, struct dmn__table *compiled)
{
    size_t len = count_of(node, "output"), i = 0;
    struct dmn_output *outputs = NEW_ARRAY(r->arena, struct dmn_output, len + 1);
    struct str *names = NEW_ARRAY(r->arena, struct str, len + 1);
    compiled->defaults = NEW_ARRAY(r->arena, const struct feel_node *, len + 1);
    compiled->ranks = NEW_ARRAY(r->arena, const struct feel_node *, len + 1);
    for (const struct dmn_node *c = dmn__child(node, "output"); c;
         c = dmn__next(c, "output"), i++) {
        struct dmn_output *out = &outputs[i];
        out->name = or_empty(dmn__attr(c, "name"));
        out->label = dmn__attr(c, "label");
        out->label = out->label.at ? out->label : out->name;
        out->type_name = dmn__attr(c, "typeRef");
        out->values = dmn__text(r->arena, dmn__child(c, "outputValues"), "text");
        if (!out->values.at)
            out->values = dmn__type_values(r, out->type_name);
        if (!out->values.at && !out->type_name.at && len == 1 && r->element)
            out->values = dmn__type_values(r, r->element->type_name);
        out->default_text = dmn__text(r->arena, dmn__child(c, "defaultOutputEntry"), "text");
        r->column = table->inputs_len + i + 1;
        if (out->default_text.at && str_trim(out->default_text).len)
            compiled->defaults[i] = dmn__formula(r, out->default_text);
        compiled->ranks[i] = value_list(r, out->values);
        names[i] = out->name;
        feel_know_name(r->compiler, out->name);
    }
    r->column = 0;
    table->outputs = outputs;
    table->outputs_len = len;
    if (len > 1)
        compiled->shape = feel_shape(r->arena, names, len);
}

static struct dmn__cell test_cell(struct dmn__reader *r, struct str text, size_t slot,
                                  const struct feel_type *type)
{
    struct dmn__cell cell = {0};
    struct fault fault = {.arena = r->arena};
    struct str trimmed = str_trim(text);
    size_t before = 0;
    if (!trimmed.len || str_eq(trimmed, STR("-")) || !dmn__may_read(r, text))
        return (struct dmn__cell){.is_any = true};
    (void)feel_issues(r->compiler, &before);
    if (feel_parse_tests(r->compiler, trimmed, slot, &fault, &cell.node) != RC_OK) {
        dmn__issue(r, fault.entries[0].message, fault.entries[0].args[0], fault.entries[0].args[1]);
        r->issues.at[r->issues.len - 1].line = fault.entries[0].line;
        r->issues.at[r->issues.len - 1].at = fault.entries[0].column;
        cell.node = feel_build_bad(r->compiler, trimmed);
    }
    dmn__formula_issues(r, r->compiler, before);
    feel_infer_tests(r->types, cell.node, slot, type);
    dmn__findings(r);
    return cell;
}

static void read_annotations(struct dmn__reader *r, const struct dmn_node *node,
                             struct dmn_rule *rule)
{
    struct str *texts = NEW_ARRAY(r->arena, struct str, count_of(node, "annotationEntry") + 1);
    const struct dmn_node *a = dmn__child(node, "annotationEntry");
    for (; a; a = dmn__next(a, "annotationEntry"))
        texts[rule->annotations_len++] = or_empty(dmn__text(r->arena, a, "text"));
    rule->annotations = texts;
}

static void check_width(struct dmn__reader *r, const struct dmn_node *rule, const char *tag,
                        size_t wanted)
{
    size_t is = count_of(rule, tag);
    if (is == wanted)
        return;
    dmn__issue(r,
               strcmp(tag, "inputEntry") == 0
                   ? M("This rule has {0} conditions, but the table has {1} inputs.")
                   : M("This rule has {0} results, but the table has {1} outputs."),
               str_c(r->arena, str_printf(r->arena, "%zu", is)),
               str_c(r->arena, str_printf(r->arena, "%zu", wanted)));
}

static void read_rule(struct dmn__reader *r, const struct dmn_node *node,
                      const struct dmn_table *table, struct dmn__table *compiled, size_t at,
                      struct dmn_rule *rule)
{
    size_t inputs_len = table->inputs_len, outputs_len = table->outputs_len, i = 0;
    struct str *inputs = NEW_ARRAY(r->arena, struct str, inputs_len + 1);
    struct str *outputs = NEW_ARRAY(r->arena, struct str, outputs_len + 1);
    const struct dmn_node *c = dmn__child(node, "inputEntry");
    r->rule = at + 1;
    rule->line = node->line;
    rule->file_column = node->column;
    r->place = node;
    check_width(r, node, "inputEntry", inputs_len);
    check_width(r, node, "outputEntry", outputs_len);
    rule->id = or_empty(dmn__attr(node, "id"));
    rule->description = dmn__text(r->arena, node, "description");
    for (i = 0; i < inputs_len; i++) {
        r->column = i + 1;
        r->place = c ? c : node;
        inputs[i] = str_trim(or_empty(dmn__text(r->arena, c, "text")));
        compiled->cells[at * inputs_len + i] =
            test_cell(r, inputs[i], compiled->slots[i], compiled->input_types[i]);
        c = c ? dmn__next(c, "inputEntry") : NULL;
    }
    c = dmn__child(node, "outputEntry");
    for (i = 0; i < outputs_len; i++) {
        r->column = inputs_len + i + 1;
        r->place = c ? c : node;
        outputs[i] = str_trim(or_empty(dmn__text(r->arena, c, "text")));
        const struct feel_node *value = dmn__formula(r, outputs[i].len ? outputs[i] : STR("null"));
        compiled->outputs[at * outputs_len + i] = feel_build_coerce(
            r->compiler, value,
            table->outputs[i].type_name.at ? dmn__type(r, table->outputs[i].type_name) : NULL);
        (void)feel_infer(r->types, compiled->outputs[at * outputs_len + i]);
        dmn__findings(r);
        c = c ? dmn__next(c, "outputEntry") : NULL;
    }
    r->rule = r->column = 0;
    rule->inputs = inputs;
    rule->outputs = outputs;
    read_annotations(r, node, rule);
}

static void read_aggregate(struct dmn__reader *r, const struct dmn_table *table,
                           struct dmn__table *compiled)
{
    static const char *const texts[] = {[DMN_COLLECT_SUM] = "sum(found)",
                                        [DMN_COLLECT_MIN] = "min(found)",
                                        [DMN_COLLECT_MAX] = "max(found)",
                                        [DMN_COLLECT_COUNT] = "count(found)"};
    if (table->hit_policy < DMN_COLLECT_SUM)
        return;
    compiled->aggregate_slot = feel_declare(r->compiler, STR("found"), NULL);
    compiled->aggregate = dmn__formula(r, str_of(texts[table->hit_policy]));
}

const struct feel_node *dmn__table_node(struct dmn__reader *r, const struct dmn_node *node)
{
    struct dmn_table *table = NEW(r->arena, struct dmn_table);
    struct dmn__table *compiled = NEW(r->arena, struct dmn__table);
    size_t len = count_of(node, "rule"), i = 0;
    size_t width = count_of(node, "input") + count_of(node, "output");
    if (!dmn__has_room(r, (len + 1) * (width + 4) * CELL_BYTES))
        return feel_build_const(r->compiler, feel_null());
    struct dmn_rule *rules = NEW_ARRAY(r->arena, struct dmn_rule, len + 1);
    struct feel_scope scope = feel_scope_open(r->compiler);
    table->owner = r->element;
    table->line = node->line;
    table->file_column = node->column;
    table->hit_policy = policy_of(dmn__attr(node, "hitPolicy"), dmn__attr(node, "aggregation"));
    compiled->table = table;
    read_inputs(r, node, table, compiled);
    read_outputs(r, node, table, compiled);
    compiled->cells = NEW_ARRAY(r->arena, struct dmn__cell, len * table->inputs_len + 1);
    compiled->outputs = NEW_ARRAY(r->arena, const struct feel_node *, len * table->outputs_len + 1);
    for (const struct dmn_node *c = dmn__child(node, "rule"); c; c = dmn__next(c, "rule"), i++)
        read_rule(r, c, table, compiled, i, &rules[i]);
    read_aggregate(r, table, compiled);
    table->rules = rules;
    table->rules_len = len;
    table->compiled = compiled;
    dmn__index_table(r, compiled);
    feel_scope_close(r->compiler, scope);
    VEC_PUSH(r->arena, &r->tables, table);
    if (r->element && !r->element->table && r->element->kind == DMN_DECISION)
        ((struct dmn_element *)(uintptr_t)r->element)->table = table;
    return feel_build_host(r->compiler, (struct feel_host){dmn__table_run, compiled});
}
