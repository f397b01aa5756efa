/* A model's file asked and changed by other modules: elements of DMN and of Kontor's extensions by
 * their names, attributes, texts; new ones where the schema of DMN wants them. */
#include "dmn/dmn_int.h"

/* ---- asking ---- */

/* The tree of a caller who may change it: the module's own functions only look. */
static struct dmn_node *changeable(const struct dmn_node *node)
{
    return (struct dmn_node *)(uintptr_t)node;
}

struct dmn_node *dmn_tree_root(struct dmn_node *document)
{
    return changeable(dmn__root(document));
}

bool dmn_tree_is(const struct dmn_node *node, const char *tag)
{
    return dmn__is(node, tag);
}

struct dmn_node *dmn_tree_child(const struct dmn_node *node, const char *tag)
{
    return changeable(dmn__child(node, tag));
}

struct dmn_node *dmn_tree_next(const struct dmn_node *node, const char *tag)
{
    return changeable(dmn__next(node, tag));
}

struct dmn_node *dmn_tree_extension(const struct dmn_node *node, const char *name)
{
    const struct dmn_node *list = dmn__child(node, "extensionElements");
    for (struct dmn_node *n = list ? list->first : NULL; n; n = n->next)
        if (n->kind == DMN_NODE_ELEMENT && str_eq(n->namespace, STR(DMN_KONTOR_NAMESPACE)) &&
            str_eq(n->name, str_of(name)))
            return n;
    return NULL;
}

struct str dmn_tree_attribute(const struct dmn_node *node, const char *name)
{
    return dmn__attr(node, name);
}

struct str dmn_tree_text(struct arena *arena, const struct dmn_node *node, const char *tag)
{
    return dmn__text(arena, node, tag);
}

/* ---- changing ---- */

void dmn_tree_attribute_set(struct arena *arena, struct dmn_node *node, const char *name,
                            struct str value)
{
    struct dmn_attribute *at = NEW_ARRAY(arena, struct dmn_attribute, node->attributes_len + 1);
    size_t len = 0;
    bool is_set = false;
    for (size_t i = 0; i < node->attributes_len; i++) {
        struct dmn_attribute one = node->attributes[i];
        bool is_it = !one.namespace.len && str_eq(one.name, str_of(name));
        if (is_it && !value.at)
            continue;
        if (is_it)
            one.value = value;
        is_set = is_set || is_it;
        at[len++] = one;
    }
    if (!is_set && value.at)
        at[len++] = (struct dmn_attribute){STR(""), str_dup(arena, str_of(name)), value, STR_NONE};
    node->attributes = at;
    node->attributes_len = len;
}

void dmn_tree_text_set(struct arena *arena, struct dmn_node *node, struct str text)
{
    struct dmn_node *only = NEW(arena, struct dmn_node);
    *only = (struct dmn_node){.kind = DMN_NODE_TEXT, .text = text, .parent = node};
    node->first = node->last = text.len ? only : NULL;
}

static struct dmn_node *element(struct arena *arena, struct str prefix, struct str namespace,
                                const char *name)
{
    struct dmn_node *node = NEW(arena, struct dmn_node);
    *node = (struct dmn_node){
        .kind = DMN_NODE_ELEMENT, .prefix = prefix, .namespace = namespace, .name = str_of(name)};
    return node;
}

static const struct dmn_node *top_of(const struct dmn_node *node)
{
    while (node->parent && node->parent->kind == DMN_NODE_ELEMENT)
        node = node->parent;
    return node;
}

/* The order of children in the schema of DMN, where it has one. Elements of one rank stay in the
 * order in which they come. */
static int rank_of(const struct dmn_node *node)
{
    static const struct {
        const char *tag;
        int rank;
    } ranks[] = {
        {"description", 1},
        {"extensionElements", 2},
        {"import", 3},
        {"question", 3},
        {"allowedAnswers", 4},
        {"itemDefinition", 4},
        {"variable", 5},
        {"typeRef", 6},
        {"informationRequirement", 6},
        {"knowledgeRequirement", 7},
        {"authorityRequirement", 8},
        {"inputExpression", 10},
        {"inputValues", 11},
        {"outputValues", 12},
        {"defaultOutputEntry", 13},
        {"input", 14},
        {"output", 15},
        {"annotation", 16},
        {"rule", 17},
        {"inputEntry", 18},
        {"outputEntry", 19},
        {"annotationEntry", 20},
        {"elementCollection", 30},
        {"businessContextElement", 31},
        {"performanceIndicator", 31},
        {"organizationUnit", 31},
    };
    struct str tag = dmn__tag(node);
    if (node->kind == DMN_NODE_ELEMENT && !tag.at)
        return 40; /* diagrams */
    for (size_t i = 0; tag.at && i < LEN(ranks); i++)
        if (str_eq(tag, str_of(ranks[i].tag)))
            return ranks[i].rank;
    return 25;
}

void dmn_tree_insert(struct dmn_node *parent, struct dmn_node *node, struct dmn_node *before)
{
    struct dmn_node *last = NULL;
    for (struct dmn_node *c = parent->first; c && c != before; c = c->next)
        last = c;
    node->parent = parent;
    node->next = before;
    if (last)
        last->next = node;
    else
        parent->first = node;
    if (!before)
        parent->last = node;
}

struct dmn_node *dmn_tree_add(struct arena *arena, struct dmn_node *parent, const char *tag)
{
    struct dmn_node *node = element(arena, top_of(parent)->prefix, STR(DMN_NAMESPACE), tag);
    struct dmn_node *before = parent->first;
    for (struct dmn_node *c = parent->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT && rank_of(c) <= rank_of(node))
            before = c->next;
    dmn_tree_insert(parent, node, before);
    return node;
}

/* The prefix that the file has for Kontor's namespace; declared when it has none. */
static struct str kontor_prefix(struct arena *arena, struct dmn_node *root)
{
    for (size_t i = 0; i < root->declared_len; i++)
        if (str_eq(root->declared[i].value, STR(DMN_KONTOR_NAMESPACE)))
            return root->declared[i].name;
    struct dmn_attribute *at = NEW_ARRAY(arena, struct dmn_attribute, root->declared_len + 1);
    for (size_t i = 0; i < root->declared_len; i++)
        at[i] = root->declared[i];
    at[root->declared_len++] =
        (struct dmn_attribute){.name = STR("kontor"), .value = STR(DMN_KONTOR_NAMESPACE)};
    root->declared = at;
    return STR("kontor");
}

struct dmn_node *dmn_tree_extend(struct arena *arena, struct dmn_node *node, const char *name)
{
    struct dmn_node *found = dmn_tree_extension(node, name);
    if (found)
        return found;
    struct dmn_node *list = dmn_tree_child(node, "extensionElements");
    if (!list)
        list = dmn_tree_add(arena, node, "extensionElements");
    found = element(arena, kontor_prefix(arena, changeable(top_of(node))),
                    STR(DMN_KONTOR_NAMESPACE), name);
    dmn_tree_insert(list, found, NULL);
    return found;
}

void dmn_tree_remove(struct dmn_node *node)
{
    struct dmn_node *parent = node->parent, *last = NULL;
    for (struct dmn_node *c = parent->first; c && c != node; c = c->next)
        last = c;
    if (last)
        last->next = node->next;
    else
        parent->first = node->next;
    if (parent->last == node)
        parent->last = last;
    node->next = node->parent = NULL;
}

struct dmn_node *dmn_tree_copy(struct arena *arena, const struct dmn_node *node)
{
    struct dmn_node *copy = NEW(arena, struct dmn_node);
    *copy = *node;
    copy->parent = copy->next = copy->first = copy->last = NULL;
    if (node->kind == DMN_NODE_ELEMENT) /* an id is there once */
        dmn_tree_attribute_set(arena, copy, "id", STR_NONE);
    for (const struct dmn_node *c = node->first; c; c = c->next)
        dmn_tree_insert(copy, dmn_tree_copy(arena, c), NULL);
    return copy;
}
