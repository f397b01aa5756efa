/* Reading a model: documents and their imports, elements, requirements (resolved, without loops),
 * then every element's logic compiled in the scope of what it requires. */
#include <libxml/parser.h>

#include "dmn/dmn_int.h"

void dmn__issue(struct dmn__reader *r, const char *message, const char *a, const char *b)
{
    if (r->issues.len >= 1000)
        return;
    struct dmn_issue issue = {.element = r->element,
                              .file_line = r->file_line,
                              .rule = r->rule,
                              .column = r->column,
                              .message = message,
                              .args = {a, b}};
    VEC_PUSH(r->arena, &r->issues, issue);
}

/* ---- documents ---- */

static enum rc open_doc(struct dmn__reader *r, struct str xml, struct dmn__doc *out)
{
    TRY(dmn__xml_parse(xml, r->fault, &out->xml));
    out->root = xmlDocGetRootElement(out->xml);
    if (!dmn__is(out->root, "definitions"))
        return fault_add(r->fault, RC_INVALID, NULL, "This is not a DMN model.", NULL);
    out->namespace = dmn__attr(r->arena, out->root, "namespace");
    out->namespace = out->namespace.at ? out->namespace : STR("");
    return RC_OK;
}

static struct dmn__doc *doc_by_namespace(struct dmn__reader *r, struct str namespace)
{
    for (size_t i = 0; i < r->docs_len; i++)
        if (r->docs[i].root && str_eq(r->docs[i].namespace, namespace))
            return &r->docs[i];
    return NULL;
}

/* The name under which `doc` imports the namespace; absent when it does not. */
static struct str import_name(struct dmn__reader *r, struct dmn__doc *doc, struct str namespace)
{
    for (xmlNodePtr n = dmn__child(doc->root, "import"); n; n = dmn__next(n, "import")) {
        struct str is = dmn__attr(r->arena, n, "namespace");
        if (is.at && str_eq(is, namespace))
            return dmn__attr(r->arena, n, "name");
    }
    return STR_NONE;
}

/* ---- elements ---- */

static enum dmn_kind kind_of(xmlNodePtr node)
{
    if (dmn__is(node, "inputData"))
        return DMN_INPUT;
    if (dmn__is(node, "decision"))
        return DMN_DECISION;
    if (dmn__is(node, "businessKnowledgeModel"))
        return DMN_KNOWLEDGE;
    if (dmn__is(node, "decisionService"))
        return DMN_SERVICE;
    return (enum dmn_kind)0;
}

void dmn__elements(struct dmn__reader *r, struct dmn__doc *doc)
{
    for (xmlNodePtr n = dmn__child(doc->root, NULL); n; n = dmn__next(n, NULL)) {
        enum dmn_kind kind = kind_of(n);
        xmlNodePtr variable = dmn__child(n, "variable");
        if (!kind)
            continue;
        struct dmn_element *e = NEW(r->arena, struct dmn_element);
        e->kind = kind;
        e->namespace = doc->namespace;
        e->id = dmn__attr(r->arena, n, "id");
        e->name = dmn__attr(r->arena, n, "name");
        e->name = e->name.at ? e->name : STR("");
        e->id = e->id.at ? e->id : e->name;
        e->label = dmn__attr(r->arena, n, "label");
        e->description = dmn__text(r->arena, n, "description");
        e->question = dmn__text(r->arena, n, "question");
        e->allowed_answers = dmn__text(r->arena, n, "allowedAnswers");
        e->type_name = dmn__attr(r->arena, variable, "typeRef");
        e->text = dmn__text(r->arena, dmn__child(n, "literalExpression"), "text");
        e->extensions = dmn__extensions(r->arena, n);
        dmn__foreign(r->arena, n, &e->attributes, &e->attributes_len);
        e->index = r->elements.len;
        e->line = xmlGetLineNo(n);
        VEC_PUSH(r->arena, &r->elements, e);
        VEC_PUSH(r->arena, &r->sources, ((struct dmn__source){n, doc}));
    }
}

/* ---- requirements ---- */

static struct dmn_element *by_href(struct dmn__reader *r, struct dmn__doc *doc, struct str href)
{
    struct str id = href, namespace = str_cut(&id, '#');
    if (!id.at) {
        id = namespace;
        namespace = STR("");
    }
    for (size_t i = 0; i < r->elements.len; i++) {
        struct dmn_element *e = r->elements.at[i];
        bool is_here =
            namespace.len ? str_eq(e->namespace, namespace) : str_eq(e->namespace, doc->namespace);
        if (is_here && str_eq(e->id, id))
            return e;
    }
    return NULL;
}

static enum rc refer(struct dmn__reader *r, size_t i, xmlNodePtr node, struct dmn_element **out)
{
    struct str href = dmn__attr(r->arena, node, "href");
    *out = by_href(r, r->sources.at[i].doc, href.at ? href : STR(""));
    if (*out)
        return RC_OK;
    size_t at = r->fault->entries_len;
    enum rc rc = fault_add(
        r->fault, RC_INVALID, NULL, "\"{0}\" requires \"{1}\", which is not there.",
        str_c(r->arena, r->elements.at[i]->name), href.at ? str_c(r->arena, href) : "", NULL);
    if (r->fault->entries_len > at)
        r->fault->entries[at].line = xmlGetLineNo(node);
    return rc;
}

struct references {
    const struct dmn_element **at;
    size_t len, cap;
};

/* The targets of `tag` children, or of `inner` grandchildren when that is given. */
static enum rc gather(struct dmn__reader *r, size_t i, const char *tag, const char *inner,
                      struct references *out)
{
    xmlNodePtr node = r->sources.at[i].node;
    for (xmlNodePtr n = dmn__child(node, tag); n; n = dmn__next(n, tag)) {
        xmlNodePtr target = inner ? dmn__child(n, inner) : n;
        struct dmn_element *element = NULL;
        if (!target)
            continue;
        TRY(refer(r, i, target, &element));
        VEC_PUSH(r->arena, out, element);
    }
    return RC_OK;
}

static enum rc service_parts(struct dmn__reader *r, size_t i)
{
    struct references params = {0}, outputs = {0};
    struct dmn__service *service = NEW(r->arena, struct dmn__service);
    TRY(gather(r, i, "inputData", NULL, &params));
    TRY(gather(r, i, "inputDecision", NULL, &params));
    TRY(gather(r, i, "outputDecision", NULL, &outputs));
    service->params = params.at;
    service->params_len = params.len;
    service->outputs = outputs.at;
    service->outputs_len = outputs.len;
    service->model = r->model;
    r->compiled->elements[i].service = service;
    r->elements.at[i]->requires = outputs.at;
    r->elements.at[i]->requires_len = outputs.len;
    return RC_OK;
}

static enum rc element_requirements(struct dmn__reader *r, size_t i)
{
    struct references all = {0};
    if (r->elements.at[i]->kind == DMN_SERVICE)
        return service_parts(r, i);
    TRY(gather(r, i, "informationRequirement", "requiredInput", &all));
    TRY(gather(r, i, "informationRequirement", "requiredDecision", &all));
    TRY(gather(r, i, "knowledgeRequirement", "requiredKnowledge", &all));
    r->elements.at[i]->requires = all.at;
    r->elements.at[i]->requires_len = all.len;
    return RC_OK;
}

/* Depth first; 1 open, 2 closed. Knowledge may call itself, decisions must not come back. */
static enum rc visit(struct dmn__reader *r, const struct dmn_element *e, char *states, int depth)
{
    uint64_t *depends = r->compiled->elements[e->index].depends;
    if (depth > 500)
        return fault_add(r->fault, RC_INVALID, NULL, "The requirements nest too deeply.", NULL);
    states[e->index] = 1;
    for (size_t i = 0; i < e->requires_len; i++) {
        const struct dmn_element *need = e->requires[i];
        bool is_knowledge = need->kind == DMN_KNOWLEDGE || need->kind == DMN_SERVICE;
        if (states[need->index] == 1 && !is_knowledge)
            return fault_add(r->fault, RC_INVALID, NULL, "\"{0}\" and \"{1}\" require each other.",
                             str_c(r->arena, e->name), str_c(r->arena, need->name), NULL);
        if (states[need->index] == 0)
            TRY(visit(r, need, states, depth + 1));
        depends[need->index / 64] |= UINT64_C(1) << (need->index % 64);
        for (size_t w = 0; w < r->compiled->words; w++)
            depends[w] |= r->compiled->elements[need->index].depends[w];
    }
    states[e->index] = 2;
    return RC_OK;
}

enum rc dmn__requirements(struct dmn__reader *r)
{
    size_t len = r->elements.len;
    char *states = NEW_ARRAY(r->arena, char, len + 1);
    r->compiled->elements = NEW_ARRAY(r->arena, struct dmn__element, len + 1);
    r->compiled->words = len / 64 + 1;
    for (size_t i = 0; i < len; i++)
        r->compiled->elements[i].depends = NEW_ARRAY(r->arena, uint64_t, r->compiled->words);
    for (size_t i = 0; i < len; i++)
        TRY(element_requirements(r, i));
    for (size_t i = 0; i < len; i++)
        if (states[i] == 0)
            TRY(visit(r, r->elements.at[i], states, 0));
    return RC_OK;
}

bool dmn_depends(const struct dmn_model *model, const struct dmn_element *element,
                 const struct dmn_element *other)
{
    const uint64_t *depends = model->compiled->elements[element->index].depends;
    return (depends[other->index / 64] >> (other->index % 64)) & 1;
}

/* ---- the whole ---- */

/* Imported models first, so that their types are there. `depth` ends imports that go in circles. */
static enum rc load(struct dmn__reader *r, struct dmn__doc *doc, int depth)
{
    doc->is_loaded = true;
    for (xmlNodePtr n = dmn__child(doc->root, "import"); n && depth < 32;
         n = dmn__next(n, "import")) {
        struct str namespace = dmn__attr(r->arena, n, "namespace");
        struct dmn__doc *other = doc_by_namespace(r, namespace.at ? namespace : STR(""));
        if (other && !other->is_loaded)
            TRY(load(r, other, depth + 1));
    }
    dmn__elements(r, doc);
    VEC_PUSH(r->arena, &r->order, doc);
    return RC_OK;
}

static enum rc compile_all(struct dmn__reader *r)
{
    for (size_t i = 0; i < r->order.len; i++)
        TRY(dmn__compile(r, r->order.at[i]));
    return RC_OK;
}

static void describe(struct dmn__reader *r)
{
    struct dmn_model *model = r->model;
    xmlNodePtr root = r->docs[0].root;
    model->name = dmn__attr(r->arena, root, "name");
    model->id = dmn__attr(r->arena, root, "id");
    model->namespace = r->docs[0].namespace;
    model->description = dmn__text(r->arena, root, "description");
    model->extensions = dmn__extensions(r->arena, root);
}

static enum rc read_docs(struct dmn__reader *r)
{
    TRY(load(r, &r->docs[0], 0));
    describe(r);
    r->model->elements = (const struct dmn_element *const *)r->elements.at;
    r->model->elements_len = r->elements.len;
    TRY(dmn__requirements(r));
    for (size_t i = 0; i < r->elements.len; i++)
        (void)feel_declare(r->compiler, STR(""), NULL); /* slot i belongs to element i */
    TRY(compile_all(r));
    r->model->tables = r->tables.at;
    r->model->tables_len = r->tables.len;
    r->model->issues = r->issues.at;
    r->model->issues_len = r->issues.len;
    return RC_OK;
}

enum rc dmn_read(struct arena *arena, struct str xml, const struct str *others, size_t others_len,
                 enum feel_library library, struct fault *fault, const struct dmn_model **out)
{
    struct dmn__reader r = {.arena = arena, .fault = fault};
    enum rc rc = RC_OK;
    r.docs = NEW_ARRAY(arena, struct dmn__doc, others_len + 1);
    r.docs_len = others_len + 1;
    r.compiler = feel_compiler_new(arena, library);
    r.model = NEW(arena, struct dmn_model);
    r.compiled = NEW(arena, struct dmn__model);
    r.model->compiled = r.compiled;
    rc = open_doc(&r, xml, &r.docs[0]);
    for (size_t i = 0; i < others_len && rc == RC_OK; i++)
        rc = open_doc(&r, others[i], &r.docs[i + 1]);
    if (rc == RC_OK)
        rc = read_docs(&r);
    for (size_t i = 0; i < r.docs_len; i++)
        if (r.docs[i].xml)
            xmlFreeDoc(r.docs[i].xml);
    if (rc == RC_OK)
        *out = r.model;
    return rc;
}

const struct dmn_element *dmn_find(const struct dmn_model *model, enum dmn_kind kind,
                                   struct str name)
{
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *e = model->elements[i];
        if (e->kind == kind && str_eq(e->name, name) && str_eq(e->namespace, model->namespace))
            return e;
    }
    return NULL;
}

/* ---- compiling elements ---- */

static struct str seen_name(struct dmn__reader *r, struct dmn__doc *doc,
                            const struct dmn_element *element)
{
    struct str prefix;
    if (str_eq(element->namespace, doc->namespace))
        return element->name;
    prefix = import_name(r, doc, element->namespace);
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
        feel_declare_at(r->compiler, seen_name(r, doc, need), need->index, need->type);
    }
}

static void compile_decision(struct dmn__reader *r, struct dmn_element *element,
                             struct dmn__source source)
{
    struct feel_scope scope = feel_scope_open(r->compiler);
    declare_requirements(r, element, source.doc);
    const struct feel_node *node = dmn__boxed_in(r, source.node);
    if (!node)
        node = feel_build_const(r->compiler, feel_null());
    r->compiled->elements[element->index].node =
        feel_build_coerce(r->compiler, node, element->type);
    feel_scope_close(r->compiler, scope);
}

static void compile_knowledge(struct dmn__reader *r, struct dmn_element *element,
                              struct dmn__source source, const struct feel_node **out)
{
    xmlNodePtr logic = dmn__child(source.node, "encapsulatedLogic");
    struct feel_scope scope = feel_scope_open(r->compiler);
    declare_requirements(r, element, source.doc);
    *out = NULL;
    if (logic) { /* it is a functionDefinition under another name */
        xmlNodeSetName(logic, (const xmlChar *)"functionDefinition");
        *out = dmn__boxed(r, logic);
    }
    feel_scope_close(r->compiler, scope);
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
    compiled->function = feel_host_function(r->arena, element->name, params, service->params_len,
                                            result, dmn__service_call, service);
}

enum rc dmn__compile(struct dmn__reader *r, struct dmn__doc *doc)
{
    const struct dmn_type *types = NULL;
    const struct feel_node **functions =
        NEW_ARRAY(r->arena, const struct feel_node *, r->elements.len + 1);
    size_t types_len = 0;
    for (xmlNodePtr n = dmn__child(doc->root, "import"); n; n = dmn__next(n, "import")) {
        struct str namespace = dmn__attr(r->arena, n, "namespace");
        struct dmn__doc *other = doc_by_namespace(r, namespace.at ? namespace : STR(""));
        struct str name = dmn__attr(r->arena, n, "name");
        if (other && other != doc)
            dmn__types(r, other, name.at ? name : STR(""), &types, &types_len);
    }
    dmn__types(r, doc, STR(""), &types, &types_len);
    r->model->types = types;
    r->model->types_len = types_len;
    for (size_t i = 0; i < r->elements.len; i++)
        if (r->sources.at[i].doc == doc)
            r->elements.at[i]->type = dmn__type(r, r->elements.at[i]->type_name);
    for (size_t i = 0; i < r->elements.len; i++) {
        struct dmn_element *element = r->elements.at[i];
        if (r->sources.at[i].doc != doc)
            continue;
        r->element = element;
        r->file_line = element->line;
        if (element->kind == DMN_DECISION)
            compile_decision(r, element, r->sources.at[i]);
        else if (element->kind == DMN_KNOWLEDGE)
            compile_knowledge(r, element, r->sources.at[i], &functions[i]);
        else if (element->kind == DMN_SERVICE)
            make_service(r, element);
    }
    r->element = NULL;
    size_t slots_len = feel_slots_len(r->compiler);
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
