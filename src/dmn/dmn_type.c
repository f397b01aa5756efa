/* Item definitions: declared to FEEL as types, kept readable with their extensions. Types may name
 * each other in any order, so shells are declared first and filled afterwards. */
#include "dmn/dmn_int.h"

enum { TYPE_DEPTH_MAX = 32 };

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

const struct feel_type *dmn__type(struct dmn__reader *r, struct str name)
{
    if (!name.at || !str_trim(name).len)
        return NULL;
    struct str plain = plain_name(name);
    const struct feel_type *type = feel_type_find(r->compiler, plain);
    size_t colon = str_find(plain, STR(":"), 0);
    if (!type && colon != SIZE_MAX)
        type = feel_type_find(r->compiler, str_sub(plain, colon + 1, plain.len));
    if (!type)
        dmn__issue(r, M("The type \"{0}\" is not known."), str_c(r->arena, name), NULL);
    return type;
}

/* The constraint runs in a frame of its own whose first slot is the value. */
static void constrain(struct dmn__reader *r, struct feel_type *type, struct str text)
{
    struct feel_field value = {.name = STR("?")};
    struct feel_expr *expr = NULL;
    if (!text.at || !str_trim(text).len)
        return;
    expr = NEW(r->arena, struct feel_expr);
    if (feel_compile_tests(r->arena, text, &value, 1, FEEL_STANDARD, NULL, expr) != RC_OK) {
        dmn__issue(r, M("The allowed values could not be read: {0}"), str_c(r->arena, text), NULL);
        return;
    }
    type->allowed = expr->node;
    type->allowed_expr = expr;
}

static void fill(struct dmn__reader *r, xmlNodePtr node, struct feel_type *type,
                 struct dmn_type *out, int depth);

static void fill_fields(struct dmn__reader *r, xmlNodePtr node, struct feel_type *type,
                        struct dmn_type *out, int depth)
{
    VEC(struct feel_field) fields = {0};
    VEC(struct dmn_type) described = {0};
    for (xmlNodePtr c = dmn__child(node, "itemComponent"); c; c = dmn__next(c, "itemComponent")) {
        struct feel_type *inner = NEW(r->arena, struct feel_type);
        struct dmn_type one = {.name = dmn__attr(r->arena, c, "name")};
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

static void fill_function(struct dmn__reader *r, xmlNodePtr item, struct feel_type *type)
{
    VEC(struct feel_field) params = {0};
    for (xmlNodePtr p = dmn__child(item, "parameters"); p; p = dmn__next(p, "parameters")) {
        struct feel_field param = {.name = dmn__attr(r->arena, p, "name"),
                                   .type = dmn__type(r, dmn__attr(r->arena, p, "typeRef"))};
        VEC_PUSH(r->arena, &params, param);
    }
    type->form = FEEL_TYPE_FUNCTION;
    type->fields = params.at;
    type->fields_len = params.len;
    type->item = dmn__type(r, dmn__attr(r->arena, item, "outputTypeRef"));
}

/* What the definition says of one item, before it becomes a list. */
static void fill_item(struct dmn__reader *r, xmlNodePtr node, struct feel_type *type,
                      struct dmn_type *out, int depth)
{
    xmlNodePtr function = dmn__child(node, "functionItem");
    struct str base = dmn__text(r->arena, node, "typeRef");
    *type = (struct feel_type){.form = FEEL_TYPE_ANY};
    if (dmn__child(node, "itemComponent") && depth < TYPE_DEPTH_MAX) {
        fill_fields(r, node, type, out, depth);
    } else if (function) {
        fill_function(r, function, type);
    } else if (base.at) {
        const struct feel_type *found = dmn__type(r, base);
        if (found)
            *type = *found;
        out->type_name = plain_name(base);
    }
}

static void fill(struct dmn__reader *r, xmlNodePtr node, struct feel_type *type,
                 struct dmn_type *out, int depth)
{
    xmlNodePtr allowed = dmn__child(node, "allowedValues");
    xmlNodePtr whole = dmn__child(node, "typeConstraint");
    struct str list = dmn__attr(r->arena, node, "isCollection");
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

void dmn__types(struct dmn__reader *r, struct dmn__doc *doc, struct str prefix,
                const struct dmn_type **out, size_t *out_len)
{
    VEC(struct dmn_type) list = {0};
    VEC(struct feel_type *) shells = {0};
    xmlNodePtr node = dmn__child(doc->root, "itemDefinition");
    for (; node; node = dmn__next(node, "itemDefinition")) {
        struct dmn_type one = {.name = dmn__attr(r->arena, node, "name")};
        struct feel_type *shell = NEW(r->arena, struct feel_type);
        one.name = one.name.at ? one.name : STR("");
        one.name = prefix.len ? str_printf(r->arena, STR_FMT "." STR_FMT, STR_ARG(prefix),
                                           STR_ARG(one.name))
                              : one.name;
        shell->form = FEEL_TYPE_ANY;
        feel_type_declare(r->compiler, one.name, shell);
        VEC_PUSH(r->arena, &list, one);
        VEC_PUSH(r->arena, &shells, shell);
    }
    /* Twice: a definition that copies one further down finds it filled the second time. */
    for (int round = 0; round < 2; round++) {
        size_t i = 0, issues_len = r->issues.len;
        node = dmn__child(doc->root, "itemDefinition");
        for (; node && i < list.len; node = dmn__next(node, "itemDefinition"), i++) {
            r->file_line = xmlGetLineNo(node);
            fill(r, node, shells.at[i], &list.at[i], 0);
        }
        if (round == 0)
            r->issues.len = issues_len;
    }
    *out = list.at;
    *out_len = list.len;
}
