/* Item definitions: declared to FEEL as types, kept readable with their extensions. Types may name
 * each other in any order, so shells are declared first, and one is filled when it is named. */
#include "dmn/dmn_int.h"

enum { TYPE_DEPTH_MAX = 32, TYPES_OPEN_MAX = 64 };

/* "feel:string" and "ns.Type" as they are written by modelers of every version. */
static struct str plain_name(struct str name)
{
    static const struct str prefixes[] = {STR_INIT("feel:"), STR_INIT("feel."), STR_INIT("xsd:")};
    name = str_trim(name);
    for (size_t i = 0; i < LEN(prefixes); i++)
        if (str_starts(name, prefixes[i]))
            return str_sub(name, prefixes[i].len, name.len);
    return name;
}

static void define(struct dmn__reader *r, struct dmn__definition *definition);

static void unknown(struct dmn__reader *r, struct str name)
{
    struct str near = feel_type_near(r->compiler, plain_name(name));
    if (near.at)
        dmn__issue(r, M("The type \"{0}\" is not known. Did you mean \"{1}\"?"),
                   str_c(r->arena, name), str_c(r->arena, near));
    else
        dmn__issue(r, M("The type \"{0}\" is not known."), str_c(r->arena, name), NULL);
}

const struct feel_type *dmn__type(struct dmn__reader *r, struct str name)
{
    if (!name.at || !str_trim(name).len)
        return NULL;
    struct str plain = plain_name(name);
    struct dmn__definition *definition = r->doc ? map_get(r->doc->types, plain) : NULL;
    if (definition)
        define(r, definition);
    const struct feel_type *type = feel_type_find(r->compiler, plain);
    size_t colon = str_find(plain, STR(":"), 0);
    if (!type && colon != SIZE_MAX)
        type = feel_type_find(r->compiler, str_sub(plain, colon + 1, plain.len));
    if (!type)
        unknown(r, name);
    return type;
}

/* The constraint runs in a frame of its own whose first slot is the value. */
static void constrain(struct dmn__reader *r, struct feel_type *type, struct str text)
{
    struct feel_field value = {STR("?"), type};
    if (!text.at || !str_trim(text).len || !dmn__has_room(r, 4096 + text.len * 256))
        return;
    struct feel_compiler *compiler = feel_compiler_new(r->arena, FEEL_STANDARD);
    struct feel_expr *expr = NEW(r->arena, struct feel_expr);
    size_t slot = feel_declare(compiler, value.name, NULL);
    if (feel_parse_tests(compiler, text, slot, NULL, &expr->node) != RC_OK) {
        dmn__issue(r, M("The allowed values could not be read: {0}"), str_c(r->arena, text), NULL);
        return;
    }
    dmn__formula_issues(r, compiler, 0);
    feel_inference_open(r->types, &value, 1);
    feel_infer_tests(r->types, expr->node, slot, type);
    dmn__findings(r);
    feel_inference_close(r->types);
    expr->slots_len = feel_slots_len(compiler);
    type->allowed = expr->node;
    type->allowed_expr = expr;
}

static void fill(struct dmn__reader *r, const struct dmn_node *node, struct feel_type *type,
                 struct dmn_type *out, int depth);

static void fill_fields(struct dmn__reader *r, const struct dmn_node *node, struct feel_type *type,
                        struct dmn_type *out, int depth)
{
    VEC(struct feel_field) fields = {0};
    VEC(struct dmn_type) described = {0};
    for (const struct dmn_node *c = dmn__child(node, "itemComponent"); c;
         c = dmn__next(c, "itemComponent")) {
        struct feel_type *inner = NEW(r->arena, struct feel_type);
        struct dmn_type one = {.name = dmn__attr(c, "name")};
        one.name = one.name.at ? one.name : STR("");
        fill(r, c, inner, &one, depth + 1);
        feel_know_name(r->compiler, one.name);
        VEC_PUSH(r->arena, &fields, ((struct feel_field){one.name, inner}));
        VEC_PUSH(r->arena, &described, one);
    }
    type->form = FEEL_TYPE_CONTEXT;
    type->fields = fields.at;
    type->fields_len = fields.len;
    out->fields = described.at;
    out->fields_len = described.len;
}

static void fill_function(struct dmn__reader *r, const struct dmn_node *item,
                          struct feel_type *type)
{
    VEC(struct feel_field) params = {0};
    for (const struct dmn_node *p = dmn__child(item, "parameters"); p;
         p = dmn__next(p, "parameters")) {
        struct feel_field param = {.name = dmn__attr(p, "name"),
                                   .type = dmn__type(r, dmn__attr(p, "typeRef"))};
        VEC_PUSH(r->arena, &params, param);
    }
    type->form = FEEL_TYPE_FUNCTION;
    type->fields = params.at;
    type->fields_len = params.len;
    type->item = dmn__type(r, dmn__attr(item, "outputTypeRef"));
}

/* What the definition says of one item, before it becomes a list. */
static void fill_item(struct dmn__reader *r, const struct dmn_node *node, struct feel_type *type,
                      struct dmn_type *out, int depth)
{
    const struct dmn_node *function = dmn__child(node, "functionItem");
    struct str base = dmn__text(r->arena, node, "typeRef");
    *type = (struct feel_type){.form = FEEL_TYPE_ANY};
    if (dmn__child(node, "itemComponent") && depth < TYPE_DEPTH_MAX) {
        fill_fields(r, node, type, out, depth);
    } else if (function) {
        fill_function(r, function, type);
    } else if (base.at) {
        const struct feel_type *found = dmn__type(r, base);
        if (found) {
            *type = *found;
            type->base = found->allowed || found->base ? found : NULL;
            type->allowed = NULL;
            type->allowed_expr = NULL;
        }
        out->type_name = plain_name(base);
    }
}

static void fill(struct dmn__reader *r, const struct dmn_node *node, struct feel_type *type,
                 struct dmn_type *out, int depth)
{
    const struct dmn_node *allowed = dmn__child(node, "allowedValues");
    const struct dmn_node *whole = dmn__child(node, "typeConstraint");
    struct str list = dmn__attr(node, "isCollection");
    out->is_list = list.at && str_eq(list, STR("true"));
    out->extensions = dmn__extensions(r->arena, node);
    out->allowed = dmn__text(r->arena, allowed, "text");
    struct feel_type item;
    fill_item(r, node, &item, out, depth);
    constrain(r, &item, out->allowed);
    *type = item;
    if (out->is_list) {
        struct feel_type *kept = NEW(r->arena, struct feel_type);
        *kept = item;
        *type = (struct feel_type){.form = FEEL_TYPE_LIST, .item = kept};
    }
    constrain(r, type, dmn__text(r->arena, whole, "text"));
    type->name = out->name;
    out->type = type;
}

/* ---- definitions of a document ---- */

static void gather(struct dmn__reader *r, struct dmn__doc *doc)
{
    const struct dmn_node *node = dmn__child(doc->root, "itemDefinition");
    doc->types = map_new(r->arena);
    for (; node; node = dmn__next(node, "itemDefinition")) {
        struct str name = dmn__attr(node, "name");
        r->place = node;
        if (!name.len || !dmn__has_room(r, sizeof(struct dmn__definition) + 1024))
            continue;
        void **slot = map_put(doc->types, name);
        if (*slot) {
            dmn__issue(r, M("Another type has the name \"{0}\" too."), str_c(r->arena, name), NULL);
            continue;
        }
        struct dmn__definition *definition = NEW(r->arena, struct dmn__definition);
        definition->node = node;
        definition->type.form = FEEL_TYPE_ANY;
        definition->told.name = name;
        *slot = definition;
    }
}

/* `is_there` false: the names are free again for the next document. */
static void declare(struct dmn__reader *r, const struct dmn__doc *doc, struct str prefix,
                    bool is_there)
{
    struct str name;
    void *at;
    for (size_t i = 0; doc->types && map_next(doc->types, &i, &name, &at);) {
        struct dmn__definition *definition = at;
        if (!dmn__has_room(r, name.len + 1024))
            return;
        if (prefix.len)
            name = str_printf(r->arena, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(name));
        feel_type_declare(r->compiler, name, is_there ? &definition->type : NULL);
    }
}

static void declare_all(struct dmn__reader *r, const struct dmn__doc *doc, bool is_there)
{
    for (const struct dmn_node *n = dmn__child(doc->root, "import"); n;
         n = dmn__next(n, "import")) {
        struct dmn__doc *other = dmn__doc_by_namespace(r, dmn__attr(n, "namespace"));
        struct str prefix = dmn__attr(n, "name");
        if (other && other != doc)
            declare(r, other, prefix.at ? prefix : STR(""), is_there);
    }
    declare(r, doc, STR(""), is_there);
}

static void define(struct dmn__reader *r, struct dmn__definition *definition)
{
    const struct dmn_node *place = r->place;
    if (definition->state == DEFINITION_OPEN)
        dmn__issue(r, M("The type \"{0}\" is defined by itself."),
                   str_c(r->arena, definition->told.name), NULL);
    if (definition->state)
        return;
    if (r->types_open >= TYPES_OPEN_MAX) {
        dmn__issue(r, M("The types name each other too deeply."), NULL, NULL);
        return;
    }
    definition->state = DEFINITION_OPEN;
    r->place = definition->node;
    r->types_open++;
    fill(r, definition->node, &definition->type, &definition->told, 0);
    r->types_open--;
    r->place = place;
    definition->state = DEFINITION_FILLED;
}

void dmn__types_open(struct dmn__reader *r, struct dmn__doc *doc)
{
    VEC(struct dmn_type) told = {0};
    struct str name;
    void *at;
    r->doc = doc;
    gather(r, doc);
    declare_all(r, doc, true);
    for (size_t i = 0; map_next(doc->types, &i, &name, &at);) {
        struct dmn__definition *definition = at;
        define(r, definition);
        VEC_PUSH(r->arena, &told, definition->told);
    }
    r->model->types = told.at;
    r->model->types_len = told.len;
}

void dmn__types_close(struct dmn__reader *r, struct dmn__doc *doc)
{
    declare_all(r, doc, false);
}

struct str dmn__type_values(struct dmn__reader *r, struct str type_name)
{
    const struct dmn__definition *definition =
        type_name.at && r->doc ? map_get(r->doc->types, str_trim(type_name)) : NULL;
    return definition ? definition->told.allowed : STR_NONE;
}
