/* A draft that is open: its elements found by id and name, new ids, faults and words. */
#include "scheme/scheme_edit_int.h"

enum { PRINTED_MAX = 8 << 20 };

/* ---- opening and writing ---- */

static enum rc check_size(struct scheme__draft *draft)
{
    size_t parts = scheme__count(draft->root, "decision");
    if (parts > SCHEME__PARTS_MAX)
        return fault_add(draft->fault, RC_TOO_LARGE, NULL,
                         M("A scheme of more than {0} decisions is edited elsewhere."),
                         scheme__number_c(draft, SCHEME__PARTS_MAX), NULL);
    return RC_OK;
}

enum rc scheme__draft_open(struct scheme__draft *draft, struct str xml)
{
    TRY(dmn_parse(draft->arena, xml, draft->fault, &draft->document));
    draft->root = dmn_tree_root(draft->document);
    if (!dmn_tree_is(draft->root, "definitions"))
        return fault_add(draft->fault, RC_INVALID, NULL, M("This is not a DMN model."), NULL);
    return check_size(draft);
}

enum rc scheme__draft_write(struct scheme__draft *draft, struct str *out_xml)
{
    AUTO_BUF buf = BUF(PRINTED_MAX);
    dmn_tree_lower(draft->document);
    dmn_write(&buf, draft->document);
    if (buf.is_over || buf.len > SCHEME_FILE_MAX)
        return fault_add(draft->fault, RC_TOO_LARGE, NULL,
                         M("The scheme would be larger than 4 MB."), NULL);
    *out_xml = str_dup(draft->arena, buf_str(&buf));
    return RC_OK;
}

enum rc scheme__refuse(struct scheme__draft *draft, enum rc rc, struct str where,
                       const char *message, const char *a, const char *b, const char *c)
{
    const char *field = where.len ? str_c(draft->arena, where) : NULL;
    return fault_add(draft->fault, rc, field, message, a, a ? b : NULL, a && b ? c : NULL, NULL);
}

const char *scheme__number_c(struct scheme__draft *draft, size_t number)
{
    return str_c(draft->arena, str_printf(draft->arena, "%zu", number));
}

void scheme__say(struct scheme__draft *draft, const char *key, ...)
{
    va_list args;
    *draft->words = (struct scheme_edit_words){.key = key};
    va_start(args, key);
    for (size_t i = 0; i < LEN(draft->words->args); i++) {
        draft->words->args[i] = va_arg(args, const char *);
        if (!draft->words->args[i])
            break;
    }
    va_end(args);
}

/* ---- elements ---- */

struct str scheme__name_of(const struct dmn_node *node)
{
    struct str name = dmn_tree_attribute(node, "name");
    return name.at ? name : STR("");
}

struct str scheme__id_of(const struct dmn_node *node)
{
    struct str id = dmn_tree_attribute(node, "id");
    return id.at ? id : scheme__name_of(node);
}

struct str scheme__label_of(const struct dmn_node *decision)
{
    struct str label = dmn_tree_attribute(dmn_tree_extension(decision, "output"), "label");
    if (!label.len)
        label = dmn_tree_attribute(decision, "label");
    return label.len ? label : scheme__name_of(decision);
}

static struct dmn_node *find(struct scheme__draft *draft, struct str wanted,
                             struct str (*of)(const struct dmn_node *node))
{
    struct dmn_node *n = dmn_tree_child(draft->root, "decision");
    while (n && !(wanted.len && str_eq(of(n), wanted)))
        n = dmn_tree_next(n, "decision");
    return n;
}

struct dmn_node *scheme__decision(struct scheme__draft *draft, struct str id)
{
    return find(draft, id, scheme__id_of);
}

struct dmn_node *scheme__decision_named(struct scheme__draft *draft, struct str name)
{
    return find(draft, name, scheme__name_of);
}

struct dmn_node *scheme__logic(const struct dmn_node *decision)
{
    static const char *const tags[] = {
        "literalExpression",  "decisionTable", "context", "invocation", "list", "relation",
        "functionDefinition", "conditional",   "filter",  "for",        "some", "every"};
    for (size_t i = 0; i < LEN(tags); i++) {
        struct dmn_node *found = dmn_tree_child(decision, tags[i]);
        if (found)
            return found;
    }
    return NULL;
}

enum scheme_logic scheme__logic_kind(const struct dmn_node *logic)
{
    if (!logic || dmn_tree_is(logic, "literalExpression"))
        return SCHEME_FORMULA;
    return dmn_tree_is(logic, "decisionTable") ? SCHEME_TABLE : SCHEME_BOXED;
}

bool scheme__is_key_implied(const struct dmn_node *decision)
{
    const struct dmn_node *output = dmn_tree_extension(decision, "output");
    return !dmn_tree_attribute(output, "key").at ||
           str_eq(dmn_tree_attribute(output, "kind"), STR("accumulator"));
}

size_t scheme__count(const struct dmn_node *parent, const char *tag)
{
    size_t count = 0;
    for (const struct dmn_node *n = dmn_tree_child(parent, tag); n; n = dmn_tree_next(n, tag))
        count++;
    return count;
}

/* ---- the type of terms ---- */

static const struct dmn_node *named(const struct scheme__draft *draft, const char *tag,
                                    struct str name)
{
    const struct dmn_node *n = dmn_tree_child(draft->root, tag);
    while (n && !str_eq(scheme__name_of(n), name))
        n = dmn_tree_next(n, tag);
    return n;
}

struct dmn_node *scheme__terms_type(struct scheme__draft *draft)
{
    const struct dmn_node *terms = named(draft, "inputData", STR("terms"));
    struct str type = dmn_tree_attribute(dmn_tree_child(terms, "variable"), "typeRef");
    if (!terms || !type.len)
        type = STR("tTerms");
    return (struct dmn_node *)(uintptr_t)named(draft, "itemDefinition", type);
}

struct dmn_node *scheme__attribute_node(struct scheme__draft *draft, struct str name)
{
    struct dmn_node *n = dmn_tree_child(scheme__terms_type(draft), "itemComponent");
    while (n && !str_eq(scheme__name_of(n), name))
        n = dmn_tree_next(n, "itemComponent");
    return n;
}

/* ---- ids ---- */

static void gather_ids(struct map *ids, struct dmn_node *node)
{
    struct str id = dmn_tree_attribute(node, "id");
    if (id.len)
        *map_put(ids, id) = node;
    for (struct dmn_node *c = node->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT)
            gather_ids(ids, c);
}

struct str scheme__new_id(struct scheme__draft *draft, const char *prefix)
{
    if (!draft->ids) {
        draft->ids = map_new(draft->arena);
        gather_ids(draft->ids, draft->root);
    }
    for (;;) {
        struct str id = str_printf(draft->arena, "%s_%zu", prefix, ++draft->ids_made);
        if (!map_get(draft->ids, id)) {
            *map_put(draft->ids, id) = draft;
            return id;
        }
    }
}

/* Shapes and edges of diagrams name their element by dmnElementRef. */
static void drop_shapes(struct dmn_node *node, struct str id)
{
    for (struct dmn_node *c = node->first, *next; c; c = next) {
        next = c->next;
        if (c->kind != DMN_NODE_ELEMENT)
            continue;
        if (str_eq(dmn_tree_attribute(c, "dmnElementRef"), id))
            dmn_tree_remove(c);
        else
            drop_shapes(c, id);
    }
}

void scheme__drop(struct scheme__draft *draft, struct dmn_node *node)
{
    struct str id = dmn_tree_attribute(node, "id");
    dmn_tree_remove(node);
    if (!id.len)
        return;
    for (struct dmn_node *c = draft->root->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT && !str_eq(c->namespace, STR(DMN_NAMESPACE)))
            drop_shapes(c, id);
}

void scheme__move(struct dmn_node *parent, const char *tag, size_t from, size_t to)
{
    struct dmn_node *moved = scheme__nth(parent, tag, from);
    struct dmn_node *mark = scheme__nth(parent, tag, to);
    if (!moved || !mark || moved == mark)
        return;
    struct dmn_node *before = from < to ? mark->next : mark;
    dmn_tree_remove(moved);
    dmn_tree_insert(parent, moved, before);
}

struct dmn_node *scheme__nth(const struct dmn_node *parent, const char *tag, size_t n)
{
    struct dmn_node *node = dmn_tree_child(parent, tag);
    for (; node && n > 0; n--)
        node = dmn_tree_next(node, tag);
    return node;
}
