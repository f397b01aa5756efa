/* Conformance cases in the format of the DMN Technology Compatibility Kit: inputs and expected
 * results as XML Schema values, compared with what the model gives. */
#include "dmn/dmn_int.h"

/* Cases stand in the kit's own namespace; prefixes differ. */
static bool is_tag(const struct dmn_node *node, const char *tag)
{
    return node && node->kind == DMN_NODE_ELEMENT && str_eq(node->name, str_of(tag));
}

static const struct dmn_node *tag_from(const struct dmn_node *node, const char *tag)
{
    while (node && !is_tag(node, tag))
        node = node->next;
    return node;
}

static const struct dmn_node *tag_child(const struct dmn_node *node, const char *tag)
{
    return node ? tag_from(node->first, tag) : NULL;
}

struct reader {
    struct arena *arena;
    const struct dmn_model *model;
    struct feel_warnings warnings; /* of the node being computed */
};

/* xsi:type and xsi:nil, under whatever prefix. */
static struct str attribute(const struct dmn_node *node, const char *name)
{
    for (size_t i = 0; i < node->attributes_len; i++)
        if (str_eq(node->attributes[i].name, str_of(name)))
            return node->attributes[i].value;
    return STR_NONE;
}

static struct feel_value scalar(struct reader *r, const struct dmn_node *node)
{
    struct str type = attribute(node, "type");
    bool is_nil = str_eq(attribute(node, "nil"), STR("true"));
    struct str text = dmn__text(r->arena, node, NULL);
    struct dec number;
    type = type.at ? type : STR("xsd:string");
    (void)str_cut(&type, ':');
    if (is_nil)
        return feel_null();
    text = text.at ? text : STR("");
    if (str_eq(type, STR("boolean")))
        return feel_bool(str_eq(str_trim(text), STR("true")));
    if (str_eq(type, STR("decimal")) || str_eq(type, STR("double")) ||
        str_eq(type, STR("integer")) || str_eq(type, STR("int")))
        return dec_parse(str_trim(text), &number) ? feel_number(number) : feel_null();
    if (str_eq(type, STR("date")) || str_eq(type, STR("time")) || str_eq(type, STR("dateTime")) ||
        str_eq(type, STR("duration")))
        return feel_parse_temporal(r->arena, str_trim(text));
    return feel_text(text);
}

static struct feel_value value_of(struct reader *r, const struct dmn_node *node);

static struct feel_value list_of(struct reader *r, const struct dmn_node *list)
{
    VEC(struct feel_value) items = {0};
    for (const struct dmn_node *n = tag_child(list, "item"); n; n = tag_from(n->next, "item"))
        VEC_PUSH(r->arena, &items, value_of(r, n));
    return feel_list(items.at, items.len);
}

/* value, list or component children; nothing is null. */
static struct feel_value value_of(struct reader *r, const struct dmn_node *node)
{
    struct str_list names = {0};
    VEC(struct feel_value) entries = {0};
    if (tag_child(node, "value"))
        return scalar(r, tag_child(node, "value"));
    if (tag_child(node, "list"))
        return list_of(r, tag_child(node, "list"));
    for (const struct dmn_node *n = tag_child(node, "component"); n;
         n = tag_from(n->next, "component")) {
        VEC_PUSH(r->arena, &names, dmn__attr(n, "name"));
        VEC_PUSH(r->arena, &entries, value_of(r, n));
    }
    if (!names.len)
        return feel_null();
    return feel_context(feel_shape(r->arena, names.at, names.len), entries.at);
}

/* ---- comparing ---- */

/* The kit's own tolerance: eight digits after the point, relative above 1. */
static bool is_near(struct dec a, struct dec b)
{
    struct dec apart = dec_abs(dec_sub(a, b));
    struct dec size = dec_abs(b), bound = dec_from_scaled(1, 8);
    if (dec_cmp(size, dec_from_i64(1)) > 0)
        bound = dec_mul(bound, size);
    return dec_cmp(apart, bound) <= 0;
}

static bool matches(const struct feel_value *is, const struct feel_value *want,
                    struct arena *arena);

static bool list_matches(const struct feel_value *is, const struct feel_value *want,
                         struct arena *arena)
{
    if (is->list.len != want->list.len)
        return false;
    for (size_t i = 0; i < is->list.len; i++) {
        struct feel_value a = feel_item(is, i, arena), b = feel_item(want, i, arena);
        if (!matches(&a, &b, arena))
            return false;
    }
    return true;
}

static bool context_matches(const struct feel_value *is, const struct feel_value *want,
                            struct arena *arena)
{
    const struct feel_shape *shape = want->context.shape;
    if (shape->len != is->context.shape->len)
        return false;
    for (size_t i = 0; i < shape->len; i++) {
        struct feel_value b = feel_entry_at(want, i, arena), a;
        if (!feel_entry(is, shape->names[i], arena, &a) || !matches(&a, &b, arena))
            return false;
    }
    return true;
}

static bool matches(const struct feel_value *is, const struct feel_value *want, struct arena *arena)
{
    if (is->kind == FEEL_NUMBER && want->kind == FEEL_NUMBER)
        return is_near(is->number, want->number);
    if (is->kind == FEEL_LIST && want->kind == FEEL_LIST)
        return list_matches(is, want, arena);
    if (is->kind == FEEL_CONTEXT && want->kind == FEEL_CONTEXT)
        return context_matches(is, want, arena);
    return feel_same(is, want, arena);
}

/* ---- running ---- */

/* Tests of the clock only ask for kinds. */
static const struct feel_env env = {.now = {1750000000000000, true}, .now_zone = NULL};

static void set_inputs(struct reader *r, const struct dmn_node *test, struct dmn_run *run)
{
    for (const struct dmn_node *n = tag_child(test, "inputNode"); n;
         n = tag_from(n->next, "inputNode")) {
        struct str name = dmn__attr(n, "name");
        for (size_t i = 0; i < r->model->elements_len; i++) {
            const struct dmn_element *e = r->model->elements[i];
            if ((e->kind == DMN_INPUT || e->kind == DMN_DECISION) && str_eq(e->name, name))
                dmn_run_set(run, e, value_of(r, n));
        }
    }
}

static const struct dmn_element *any_kind(const struct dmn_model *model, struct str name)
{
    const struct dmn_element *found = dmn_find(model, DMN_DECISION, name);
    found = found ? found : dmn_find(model, DMN_SERVICE, name);
    return found ? found : dmn_find(model, DMN_KNOWLEDGE, name);
}

/* A service or knowledge model called with the inputs that bear its parameters' names. */
static struct feel_value invoke(struct reader *r, const struct dmn_node *test,
                                const struct dmn_element *element, struct dmn_run *run)
{
    VEC(struct feel_value) args = {0};
    struct feel_value out = feel_null();
    size_t len = 0;
    const struct dmn_element *const *params = dmn_service_params(r->model, element, &len);
    for (size_t i = 0; i < len; i++) {
        struct feel_value arg = feel_null();
        for (const struct dmn_node *n = tag_child(test, "inputNode"); n;
             n = tag_from(n->next, "inputNode"))
            if (str_eq(dmn__attr(n, "name"), params[i]->name))
                arg = value_of(r, n);
        VEC_PUSH(r->arena, &args, arg);
    }
    if (dmn_run_invoke(run, element, args.at, args.len, NULL, &out) != RC_OK)
        return feel_null();
    return out;
}

static struct dmn_case_result run_node(struct reader *r, const struct dmn_node *test,
                                       const struct dmn_node *node)
{
    struct feel_value want = value_of(r, tag_child(node, "expected")), is = feel_null();
    struct dmn_case_result result = {.case_id = dmn__attr(test, "id"),
                                     .node = dmn__attr(node, "name")};
    struct str invocable = dmn__attr(test, "invocableName");
    const struct dmn_element *element = any_kind(r->model, invocable.at     ? invocable
                                                           : result.node.at ? result.node
                                                                            : STR(""));
    struct dmn_run *run = dmn_run_new(r->model, &env, r->arena, NULL);
    result.expected = feel_print(r->arena, &want);
    if (!element) {
        result.found = STR("no such decision");
        return result;
    }
    set_inputs(r, test, run);
    r->warnings.len = r->warnings.total = 0;
    dmn_run_watch(run, &r->warnings, NULL);
    if (element->kind != DMN_DECISION)
        is = invoke(r, test, element, run);
    else if (dmn_run_value(run, element, NULL, &is) != RC_OK)
        is = feel_null();
    if (invocable.at && is.kind == FEEL_CONTEXT && !str_eq(invocable, result.node)) {
        struct feel_value entry;
        if (feel_entry(&is, result.node, r->arena, &entry))
            is = entry;
    }
    result.found = feel_print(r->arena, &is);
    result.is_ok = matches(&is, &want, r->arena);
    if (r->warnings.len)
        result.warning = r->warnings.at[0];
    return result;
}

enum rc dmn_run_cases(struct arena *arena, const struct dmn_model *model, struct str xml,
                      struct fault *fault, const struct dmn_case_result **out, size_t *out_len)
{
    VEC(struct dmn_case_result) results = {0};
    struct reader r = {.arena = arena, .model = model};
    struct dmn_node *document = NULL;
    TRY(dmn_parse(arena, xml, fault, &document));
    if (!is_tag(dmn__root(document), "testCases"))
        return fault_add(fault, RC_INVALID, NULL, M("This is not a file of test cases."), NULL);
    const struct dmn_node *test = tag_child(dmn__root(document), "testCase");
    for (; test; test = tag_from(test->next, "testCase")) {
        const struct dmn_node *node = tag_child(test, "resultNode");
        for (; node; node = tag_from(node->next, "resultNode"))
            VEC_PUSH(arena, &results, run_node(&r, test, node));
    }
    *out = results.at;
    *out_len = results.len;
    return RC_OK;
}

struct str dmn_cases_model(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct dmn_node *document = NULL;
    if (dmn_parse(arena, xml, &fault, &document) != RC_OK ||
        !is_tag(dmn__root(document), "testCases"))
        return STR_NONE;
    struct str name = dmn__text(arena, tag_child(dmn__root(document), "modelName"), NULL);
    return name.at ? str_trim(name) : STR("");
}
