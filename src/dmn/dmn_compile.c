/* Every element's logic compiled in the scope of what it requires, document by document: imported
 * models first, their names and types seen through the import's name. */
#include "dmn/dmn_int.h"

/* The name under which `doc` imports the namespace; absent when it does not. */
static struct str import_name(struct dmn__doc *doc, struct str namespace)
{
    for (const struct dmn_node *n = dmn__child(doc->root, "import"); n;
         n = dmn__next(n, "import")) {
        struct str is = dmn__attr(n, "namespace");
        if (is.at && str_eq(is, namespace))
            return dmn__attr(n, "name");
    }
    return STR_NONE;
}

static struct str seen_name(struct dmn__reader *r, struct dmn__doc *doc,
                            const struct dmn_element *element)
{
    struct str prefix;
    if (str_eq(element->namespace, doc->namespace))
        return element->name;
    prefix = import_name(doc, element->namespace);
    return prefix.len
               ? str_printf(r->arena, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(element->name))
               : element->name;
}

static void declare_requirements(struct dmn__reader *r, const struct dmn_element *element,
                                 struct dmn__doc *doc)
{
    if (element->kind == DMN_KNOWLEDGE)
        feel_declare_at(r->compiler, element->name, element->index, NULL);
    for (size_t i = 0; i < element->requires_len; i++) {
        const struct dmn_element *need = element->requires[i];
        bool is_function = need->kind == DMN_KNOWLEDGE || need->kind == DMN_SERVICE;
        /* The variable of a function mostly has the type of its result. */
        feel_declare_at(r->compiler, seen_name(r, doc, need), need->index,
                        is_function ? NULL : need->type);
    }
}

/* What is required and not named. A formula in error may have meant it. */
static void check_used(struct dmn__reader *r, const struct dmn_element *element,
                       const struct dmn_node *node)
{
    for (size_t i = 0; i < r->issues.len; i++)
        if (r->issues.at[i].element == element && r->issues.at[i].kind == DMN_WRONG)
            return;
    r->place = node;
    for (size_t i = 0; i < element->requires_len; i++) {
        const struct dmn_element *need = element->requires[i];
        size_t before = r->issues.len;
        if (feel_inference_used(r->types, need->index))
            continue;
        dmn__issue(r, M("\"{0}\" is required, but the logic does not name it."),
                   str_c(r->arena, need->name), NULL);
        if (r->issues.len == before)
            return;
        r->issues.at[before].kind = DMN_UNUSED;
        r->issues.at[before].is_warning = true;
    }
}

static void compile_decision(struct dmn__reader *r, struct dmn_element *element,
                             struct dmn__source source)
{
    struct feel_scope scope = feel_scope_open(r->compiler);
    feel_inference_forget(r->types);
    declare_requirements(r, element, source.doc);
    const struct feel_node *node = dmn__boxed_in(r, source.node);
    if (!node)
        node = feel_build_const(r->compiler, feel_null());
    r->compiled->elements[element->index].node =
        feel_build_coerce(r->compiler, node, element->type);
    const struct feel_type *type = feel_infer(r->types, r->compiled->elements[element->index].node);
    r->place = dmn__child(source.node, "variable");
    r->place = r->place ? r->place : source.node;
    dmn__findings(r);
    feel_inference_slot(r->types, element->index, type);
    check_used(r, element, source.node);
    feel_scope_close(r->compiler, scope);
}

static void compile_knowledge(struct dmn__reader *r, struct dmn_element *element,
                              struct dmn__source source, const struct feel_node **out)
{
    const struct dmn_node *logic = dmn__child(source.node, "encapsulatedLogic");
    struct feel_scope scope = feel_scope_open(r->compiler);
    feel_inference_forget(r->types);
    declare_requirements(r, element, source.doc);
    *out = NULL;
    if (logic)
        *out = dmn__function(r, logic);
    if (*out) {
        feel_inference_slot(r->types, element->index, feel_infer(r->types, *out));
        dmn__findings(r);
        check_used(r, element, source.node);
    }
    feel_scope_close(r->compiler, scope);
}

/* Of one output its own type, of more a context; NULL when it is not known. */
static const struct feel_type *outputs_type(struct dmn__reader *r,
                                            const struct dmn__service *service)
{
    struct feel_type *type = NEW(r->arena, struct feel_type);
    if (service->outputs_len == 1)
        return service->outputs[0]->type;
    type->form = FEEL_TYPE_CONTEXT;
    type->fields = NEW_ARRAY(r->arena, struct feel_field, service->outputs_len + 1);
    type->fields_len = service->outputs_len;
    for (size_t i = 0; i < service->outputs_len; i++)
        type->fields[i] = (struct feel_field){service->outputs[i]->name, service->outputs[i]->type};
    return type;
}

static void make_service(struct dmn__reader *r, const struct dmn_element *element)
{
    struct dmn__element *compiled = &r->compiled->elements[element->index];
    struct dmn__service *service = compiled->service;
    struct feel_field *params = NEW_ARRAY(r->arena, struct feel_field, service->params_len + 1);
    struct str *names = NEW_ARRAY(r->arena, struct str, service->outputs_len + 1);
    for (size_t i = 0; i < service->params_len; i++)
        params[i] = (struct feel_field){service->params[i]->name, service->params[i]->type};
    for (size_t i = 0; i < service->outputs_len; i++)
        names[i] = service->outputs[i]->name;
    service->shape = feel_shape(r->arena, names, service->outputs_len);
    /* The variable's type is the function's or, as most write it, that of the result. */
    const struct feel_type *result = element->type;
    if (result && result->form == FEEL_TYPE_FUNCTION)
        result = result->item;
    struct feel_type *type = NEW(r->arena, struct feel_type);
    *type = (struct feel_type){.form = FEEL_TYPE_FUNCTION,
                               .item = result ? result : outputs_type(r, service),
                               .fields = params,
                               .fields_len = service->params_len};
    feel_inference_slot(r->types, element->index, type);
    compiled->function = feel_host_function(r->arena, element->name, params, service->params_len,
                                            result, dmn__service_call, service);
}

/* What an element requires is compiled before it, so that its type is known. */
static void compile_element(struct dmn__reader *r, struct dmn__doc *doc, size_t i,
                            const struct feel_node **functions, bool *is_done)
{
    struct dmn_element *element = r->elements.at[i];
    if (r->sources.at[i].doc != doc || is_done[i])
        return;
    is_done[i] = true;
    for (size_t k = 0; k < element->requires_len; k++)
        compile_element(r, doc, element->requires[k] -> index, functions, is_done);
    r->element = element;
    r->place = r->sources.at[i].node;
    if (element->kind == DMN_DECISION)
        compile_decision(r, element, r->sources.at[i]);
    else if (element->kind == DMN_KNOWLEDGE)
        compile_knowledge(r, element, r->sources.at[i], &functions[i]);
    else if (element->kind == DMN_SERVICE)
        make_service(r, element);
    else
        feel_inference_slot(r->types, i, element->type);
}

/* Names of results may stand behind a dot (measures.bonus 2), where no type tells them. Those with
 * symbols are left to what the text says: a-b may be a subtraction. */
static void know_results(struct dmn__reader *r)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        const struct dmn_element *element = r->elements.at[i];
        bool is_plain = true;
        for (size_t k = 0; k < element->name.len && is_plain; k++)
            is_plain = !strchr("./-'+*", element->name.at[k]);
        if (is_plain && element->kind == DMN_DECISION)
            feel_know_name(r->compiler, element->name);
    }
}

static void compile_elements(struct dmn__reader *r, struct dmn__doc *doc,
                             const struct feel_node **functions)
{
    for (size_t i = 0; i < r->elements.len; i++)
        if (r->sources.at[i].doc == doc) {
            r->element = r->elements.at[i];
            r->place = r->sources.at[i].node;
            r->elements.at[i]->type = dmn__type(r, r->elements.at[i]->type_name);
        }
    know_results(r);
    bool *is_done = NEW_ARRAY(r->arena, bool, r->elements.len + 1);
    for (size_t i = 0; i < r->elements.len; i++)
        compile_element(r, doc, i, functions, is_done);
    r->element = NULL;
    r->place = doc->root;
}

enum rc dmn__compile(struct dmn__reader *r, struct dmn__doc *doc)
{
    const struct feel_node **functions =
        NEW_ARRAY(r->arena, const struct feel_node *, r->elements.len + 1);
    r->place = doc->root;
    dmn__types_open(r, doc);
    compile_elements(r, doc, functions);
    dmn__types_close(r, doc);
    size_t slots_len = feel_slots_len(r->compiler);
    if (!dmn__has_room(r, (slots_len + 1) * sizeof(struct feel_value)))
        return RC_TOO_LARGE;
    struct feel_value *slots = NEW_ARRAY(r->arena, struct feel_value, slots_len + 1);
    if (r->compiled->slots_len)
        memcpy(slots, r->compiled->slots, r->compiled->slots_len * sizeof(*slots));
    for (size_t i = 0; i < r->elements.len; i++) {
        struct dmn__element *compiled = &r->compiled->elements[i];
        if (functions[i])
            compiled->function = feel_function_value(r->arena, functions[i], slots);
        if (compiled->function.kind)
            slots[i] = compiled->function;
    }
    r->compiled->slots = slots;
    r->compiled->slots_len = slots_len;
    return RC_OK;
}
