/* DMN 1.1 to 1.4 lifted to 1.5 and, for other tools, written as 1.3 where that is enough, so that
 * the reader and the writer know one version. What changed between versions are namespaces, and
 * type names: 1.1 wrote qualified names ("feel:string", "ns:tLoan"), later versions write "string"
 * and "import.tLoan". */
#include "dmn/dmn_int.h"

#define DMNDI_NAMESPACE "https://www.omg.org/spec/DMN/20230324/DMNDI/"
#define FEEL_NAMESPACE  "https://www.omg.org/spec/DMN/20230324/FEEL/"

struct lifter {
    struct arena *arena;
    const struct dmn_node *root;
};

static bool has_end(struct str uri, const char *end)
{
    if (str_ends(uri, STR("/")))
        uri.len--;
    return str_ends(uri, str_of(end));
}

/* The same namespace in 1.5; anything else as it is. */
static struct str lifted(struct str uri)
{
    struct str rest = uri;
    if (!str_starts(uri, STR("http")))
        return uri;
    (void)str_cut(&rest, ':');
    if (str_starts(rest, STR("//www.omg.org/spec/FEEL/")))
        return STR(FEEL_NAMESPACE);
    if (!str_starts(rest, STR("//www.omg.org/spec/DMN/")))
        return uri;
    if (has_end(uri, "/MODEL") || has_end(uri, "/20151101/dmn.xsd"))
        return STR(DMN_NAMESPACE);
    if (has_end(uri, "/DMNDI"))
        return STR(DMNDI_NAMESPACE);
    return has_end(uri, "/FEEL") ? STR(FEEL_NAMESPACE) : uri;
}

/* What a prefix stands for at this element; absent when it is not declared. */
static struct str namespace_of(const struct dmn_node *node, struct str prefix)
{
    for (; node; node = node->parent)
        for (size_t i = 0; i < node->declared_len; i++)
            if (str_eq(node->declared[i].name, prefix))
                return node->declared[i].value;
    return STR_NONE;
}

static struct str import_name(const struct lifter *l, struct str namespace)
{
    for (const struct dmn_node *n = dmn__child(l->root, "import"); n; n = dmn__next(n, "import"))
        if (str_eq(dmn__attr(n, "namespace"), namespace))
            return dmn__attr(n, "name");
    return STR_NONE;
}

static struct str lifted_type(struct lifter *l, const struct dmn_node *node, struct str type)
{
    struct str rest = str_trim(type), prefix = str_cut(&rest, ':');
    struct str namespace = rest.at ? namespace_of(node, prefix) : STR_NONE;
    if (!namespace.at)
        return type;
    if (str_eq(namespace, STR(FEEL_NAMESPACE)) ||
        str_eq(namespace, dmn__attr(l->root, "namespace")))
        return rest;
    struct str import = import_name(l, namespace);
    if (!import.at)
        return type;
    return import.len ? str_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(import), STR_ARG(rest))
                      : rest;
}

static void lift_element(struct lifter *l, struct dmn_node *node)
{
    node->namespace = lifted(node->namespace);
    for (size_t i = 0; i < node->declared_len; i++)
        node->declared[i].value = lifted(node->declared[i].value);
    bool is_model = str_eq(node->namespace, STR(DMN_NAMESPACE));
    for (size_t i = 0; i < node->attributes_len; i++) {
        struct dmn_attribute *a = &node->attributes[i];
        a->namespace = lifted(a->namespace);
        if (!is_model || a->namespace.len)
            continue;
        if (str_eq(a->name, STR("expressionLanguage")) || str_eq(a->name, STR("typeLanguage")) ||
            str_eq(a->name, STR("importType")))
            a->value = lifted(a->value);
        else if (str_eq(a->name, STR("typeRef")) || str_eq(a->name, STR("outputTypeRef")))
            a->value = lifted_type(l, node, a->value);
    }
    if (is_model && str_eq(node->name, STR("typeRef")) && node->first && !node->first->next &&
        node->first->kind == DMN_NODE_TEXT)
        node->first->text = lifted_type(l, node, node->first->text);
}

/* In the order of the file, without recursion: children, then the next one upwards. */
void dmn__lift(struct arena *arena, struct dmn_node *document)
{
    struct lifter l = {.arena = arena};
    for (struct dmn_node *node = document->first; node;) {
        if (node->kind == DMN_NODE_ELEMENT) {
            l.root = l.root ? l.root : node;
            lift_element(&l, node);
        }
        if (node->first) {
            node = node->first;
            continue;
        }
        while (node && !node->next)
            node = node->parent;
        node = node ? node->next : NULL;
    }
}

/* ---- and back ---- */

/* What came after 1.3. */
static bool is_newer(const struct dmn_node *node)
{
    static const char *const tags[] = {"conditional", "filter", "for",
                                       "some",        "every",  "typeConstraint"};
    for (size_t i = 0; i < LEN(tags); i++)
        if (dmn__is(node, tags[i]))
            return true;
    for (const struct dmn_node *c = node->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT && is_newer(c))
            return true;
    return false;
}

static struct str lowered(struct str uri)
{
    static const struct {
        struct str is, was;
    } namespaces[] = {
        {STR_INIT(DMN_NAMESPACE), STR_INIT("https://www.omg.org/spec/DMN/20191111/MODEL/")},
        {STR_INIT(DMNDI_NAMESPACE), STR_INIT("https://www.omg.org/spec/DMN/20191111/DMNDI/")},
        {STR_INIT(FEEL_NAMESPACE), STR_INIT("https://www.omg.org/spec/DMN/20191111/FEEL/")}};
    for (size_t i = 0; i < LEN(namespaces); i++)
        if (str_eq(uri, namespaces[i].is))
            return namespaces[i].was;
    return uri;
}

/* Declarations and the languages that are named; what the elements are known by stays, because the
 * writer asks for it. */
static void lower(struct dmn_node *node)
{
    for (size_t i = 0; i < node->declared_len; i++)
        node->declared[i].value = lowered(node->declared[i].value);
    for (size_t i = 0; i < node->attributes_len; i++)
        if (!node->attributes[i].namespace.len)
            node->attributes[i].value = lowered(node->attributes[i].value);
    for (struct dmn_node *c = node->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT)
            lower(c);
}

void dmn_tree_lower(struct dmn_node *document)
{
    if (!is_newer(document))
        lower(document);
}
