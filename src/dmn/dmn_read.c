/* Reading a model: documents and their imports, elements, requirements (resolved, without loops),
 * then every element's logic compiled in the scope of what it requires. */
#include "dmn/dmn_int.h"

enum { NAMES_WORK_MAX = 200000000, FORMULA_BYTES = 4096, FORMULA_BYTES_PER_CHARACTER = 256 };
enum { ROOM_RESERVE_BYTES = 2 << 20, ISSUES_MAX = 1000, ELEMENT_BYTES = 1024, IMPORTS_MAX = 256 };

void dmn__issue(struct dmn__reader *r, const char *message, const char *a, const char *b)
{
    if (r->issues.len >= ISSUES_MAX)
        return;
    struct dmn_issue issue = {.kind = DMN_WRONG,
                              .element = r->element,
                              .file_line = r->place ? r->place->line : 0,
                              .file_column = r->place ? r->place->column : 0,
                              .rule = r->rule,
                              .column = r->column,
                              .message = message,
                              .args = {a, b}};
    VEC_PUSH(r->arena, &r->issues, issue);
}

enum rc dmn__refuse(struct dmn__reader *r, const struct dmn_node *place, enum rc rc,
                    const char *message, const char *a, const char *b)
{
    size_t at = r->fault->entries_len;
    rc = fault_add(r->fault, rc, NULL, message, a, a ? b : NULL, NULL);
    if (place && r->fault->entries_len > at) {
        r->fault->entries[at].line = place->line;
        r->fault->entries[at].column = place->column;
    }
    return rc;
}

/* The arena's limit is the reader's budget: a process must not stop because a file is hostile. */
bool dmn__has_room(struct dmn__reader *r, size_t bytes)
{
    if (!r->is_full && arena_left_bytes(r->arena) < bytes + ROOM_RESERVE_BYTES) {
        r->is_full = true;
        (void)!dmn__refuse(r, r->place, RC_TOO_LARGE,
                           M("The model needs more memory than it may have."), NULL, NULL);
    }
    return !r->is_full;
}

size_t dmn__names_len(const struct dmn__reader *r)
{
    size_t len = feel_scope_open(r->compiler).names_len;
    /* The outermost frame begins with a nameless slot for each element. */
    return len >= r->elements.len ? len - r->elements.len : len;
}

bool dmn__may_read(struct dmn__reader *r, struct str text)
{
    size_t names = r->outer_names + dmn__names_len(r);
    r->names_work += names * (text.len / 4 + 1);
    if (!r->is_full && r->names_work > NAMES_WORK_MAX) {
        r->is_full = true;
        (void)!dmn__refuse(r, r->place, RC_TOO_LARGE,
                           M("The model has too many names for its formulas to be read."), NULL,
                           NULL);
    }
    return dmn__has_room(r, FORMULA_BYTES + text.len * FORMULA_BYTES_PER_CHARACTER);
}

/* ---- documents ---- */

static enum rc open_doc(struct dmn__reader *r, struct str xml, struct dmn__doc *out)
{
    TRY(dmn_parse(r->arena, xml, r->fault, &out->document));
    out->root = dmn__root(out->document);
    if (!dmn__is(out->root, "definitions"))
        return dmn__refuse(r, out->root, RC_INVALID, M("This is not a DMN model."), NULL, NULL);
    out->namespace = dmn__attr(out->root, "namespace");
    out->namespace = out->namespace.at ? out->namespace : STR("");
    return RC_OK;
}

struct dmn__doc *dmn__doc_by_namespace(struct dmn__reader *r, struct str namespace)
{
    for (size_t i = 0; namespace.at && i < r->docs_len; i++)
        if (r->docs[i].root && str_eq(r->docs[i].namespace, namespace))
            return &r->docs[i];
    return NULL;
}

/* ---- elements ---- */

static enum dmn_kind kind_of(const struct dmn_node *node)
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

/* How elements are found: by the name of their model, and their own id. */
static struct str id_key(struct dmn__reader *r, struct str namespace, struct str id)
{
    return str_printf(r->arena, STR_FMT "#" STR_FMT, STR_ARG(namespace), STR_ARG(id));
}

static void register_element(struct dmn__reader *r, struct dmn_element *e)
{
    void **by_id = map_put(r->ids, id_key(r, e->namespace, e->id));
    void **by_name = map_put(r->names, id_key(r, e->namespace, e->name));
    r->element = e;
    if (*by_id)
        dmn__issue(r, M("Another element has the id \"{0}\" too."), str_c(r->arena, e->id), NULL);
    else
        *by_id = e;
    if (*by_name && e->name.len)
        dmn__issue(r, M("Another element has the name \"{0}\" too."), str_c(r->arena, e->name),
                   NULL);
    *by_name = e;
    r->element = NULL;
}

void dmn__elements(struct dmn__reader *r, struct dmn__doc *doc)
{
    for (const struct dmn_node *n = dmn__child(doc->root, NULL); n; n = dmn__next(n, NULL)) {
        enum dmn_kind kind = kind_of(n);
        const struct dmn_node *variable = dmn__child(n, "variable");
        if (!kind)
            continue;
        r->place = n;
        if (!dmn__has_room(r, ELEMENT_BYTES + r->elements.len * 16))
            return;
        struct dmn_element *e = NEW(r->arena, struct dmn_element);
        e->kind = kind;
        e->namespace = doc->namespace;
        e->id = dmn__attr(n, "id");
        e->name = dmn__attr(n, "name");
        e->name = e->name.at ? e->name : STR("");
        e->id = e->id.at ? e->id : e->name;
        e->label = dmn__attr(n, "label");
        e->description = dmn__text(r->arena, n, "description");
        e->question = dmn__text(r->arena, n, "question");
        e->allowed_answers = dmn__text(r->arena, n, "allowedAnswers");
        e->type_name = dmn__attr(variable, "typeRef");
        e->text = dmn__text(r->arena, dmn__child(n, "literalExpression"), "text");
        e->extensions = dmn__extensions(r->arena, n);
        dmn__foreign(r->arena, n, &e->attributes, &e->attributes_len);
        e->index = r->elements.len;
        e->line = n->line;
        e->column = n->column;
        register_element(r, e);
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
    return map_get(r->ids, id_key(r, namespace.len ? namespace : doc->namespace, id));
}

/* Which kinds an element may ask for under a tag. */
static bool fits(const char *tag, enum dmn_kind kind)
{
    if (strcmp(tag, "requiredInput") == 0 || strcmp(tag, "inputData") == 0)
        return kind == DMN_INPUT;
    if (strcmp(tag, "requiredKnowledge") == 0)
        return kind == DMN_KNOWLEDGE || kind == DMN_SERVICE;
    return kind == DMN_DECISION;
}

static enum rc refer(struct dmn__reader *r, size_t i, const struct dmn_node *node, const char *tag,
                     struct dmn_element **out)
{
    struct str href = dmn__attr(node, "href");
    const char *name = str_c(r->arena, r->elements.at[i]->name);
    href = href.at ? href : STR("");
    *out = by_href(r, r->sources.at[i].doc, href);
    if (!*out)
        return dmn__refuse(r, node, RC_INVALID, M("\"{0}\" requires \"{1}\", which is not there."),
                           name, str_c(r->arena, href));
    if (fits(tag, (*out)->kind))
        return RC_OK;
    r->element = r->elements.at[i];
    r->place = node;
    dmn__issue(r, M("\"{0}\" is not an element of the kind that {1} asks for."),
               str_c(r->arena, (*out)->name), tag);
    r->element = NULL;
    return RC_OK;
}

struct references {
    const struct dmn_element **at;
    size_t len, cap;
};

/* The targets of `tag` children, or of `inner` grandchildren when that is given. */
static enum rc gather(struct dmn__reader *r, size_t i, const char *tag, const char *inner,
                      struct references *out)
{
    const struct dmn_node *node = r->sources.at[i].node;
    for (const struct dmn_node *n = dmn__child(node, tag); n; n = dmn__next(n, tag)) {
        const struct dmn_node *target = inner ? dmn__child(n, inner) : n;
        struct dmn_element *element = NULL;
        if (!target)
            continue;
        TRY(refer(r, i, target, inner ? inner : tag, &element));
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
        return dmn__refuse(r, r->sources.at[e->index].node, RC_INVALID,
                           M("The requirements nest too deeply."), NULL, NULL);
    states[e->index] = 1;
    for (size_t i = 0; i < e->requires_len; i++) {
        const struct dmn_element *need = e->requires[i];
        bool is_knowledge = need->kind == DMN_KNOWLEDGE || need->kind == DMN_SERVICE;
        if (states[need->index] == 1 && !is_knowledge)
            return dmn__refuse(r, r->sources.at[e->index].node, RC_INVALID,
                               M("\"{0}\" and \"{1}\" require each other."),
                               str_c(r->arena, e->name), str_c(r->arena, need->name));
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
    if (!dmn__has_room(r, (len + 1) * (r->compiled->words * 8 + 64)))
        return RC_TOO_LARGE;
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

static bool is_dmn_import(const struct dmn_node *import)
{
    struct str type = dmn__attr(import, "importType");
    return !type.at || str_has(type, STR("/DMN/"));
}

static enum rc load(struct dmn__reader *r, struct dmn__doc *doc, int depth);

/* Positions are those of the main file, the only one that whoever reads them knows: what is found
 * in an imported model stands where that is imported. */
static void place_at(struct dmn_node *tree, const struct dmn_node *import)
{
    for (struct dmn_node *n = tree; n; n = n->next) {
        n->line = import->line;
        n->column = import->column;
        place_at(n->first, import);
    }
}

static enum rc load_import(struct dmn__reader *r, const struct dmn_node *import, int depth)
{
    struct str namespace = dmn__attr(import, "namespace");
    const char *name = str_c(r->arena, namespace.at ? namespace : STR(""));
    r->place = import;
    if (!is_dmn_import(import)) {
        dmn__issue(r, M("Only DMN models can be imported: {0}"), name, NULL);
        return RC_OK;
    }
    struct dmn__doc *other = dmn__doc_by_namespace(r, namespace);
    if (!other) {
        dmn__issue(r, M("The imported model \"{0}\" is not there."), name, NULL);
        return RC_OK;
    }
    if (other->is_loading)
        return dmn__refuse(r, import, RC_INVALID,
                           M("The models import each other in a circle: \"{0}\"."), name, NULL);
    if (other->is_loaded)
        return RC_OK;
    place_at(other->document, import);
    return load(r, other, depth + 1);
}

/* Imported models first, so that their types are there. */
static enum rc load(struct dmn__reader *r, struct dmn__doc *doc, int depth)
{
    if (depth > IMPORTS_MAX)
        return dmn__refuse(r, doc->root, RC_INVALID, M("The imports nest too deeply."), NULL, NULL);
    doc->is_loading = true;
    for (const struct dmn_node *n = dmn__child(doc->root, "import"); n; n = dmn__next(n, "import"))
        TRY(load_import(r, n, depth));
    doc->is_loading = false;
    doc->is_loaded = true;
    r->place = doc->root;
    dmn__elements(r, doc);
    VEC_PUSH(r->arena, &r->order, doc);
    return r->is_full ? RC_TOO_LARGE : RC_OK;
}

static enum rc compile_all(struct dmn__reader *r)
{
    for (size_t i = 0; i < r->order.len; i++)
        TRY(dmn__compile(r, r->order.at[i]));
    return r->is_full ? RC_TOO_LARGE : RC_OK;
}

static void describe(struct dmn__reader *r)
{
    struct dmn_model *model = r->model;
    const struct dmn_node *root = r->docs[0].root;
    model->document = r->docs[0].document;
    model->name = dmn__attr(root, "name");
    model->id = dmn__attr(root, "id");
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
    r.types = feel_inference_new(arena);
    r.ids = map_new(arena);
    r.names = map_new(arena);
    r.model = NEW(arena, struct dmn_model);
    r.compiled = NEW(arena, struct dmn__model);
    r.model->compiled = r.compiled;
    rc = open_doc(&r, xml, &r.docs[0]);
    for (size_t i = 0; i < others_len && rc == RC_OK; i++)
        rc = open_doc(&r, others[i], &r.docs[i + 1]);
    if (rc == RC_OK)
        rc = read_docs(&r);
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
