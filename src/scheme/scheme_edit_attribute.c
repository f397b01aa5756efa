/* Changes of a scheme's attributes: components of the type of the input terms. The type and the
 * input are made with the first one. */
#include "scheme/scheme_edit_int.h"

static struct dmn_node *terms_input(struct scheme__draft *draft)
{
    struct dmn_node *n = dmn_tree_child(draft->root, "inputData");
    while (n && !str_eq(scheme__name_of(n), STR("terms")))
        n = dmn_tree_next(n, "inputData");
    return n;
}

/* The type of terms, made when there is none; an input without a type gets it. */
static struct dmn_node *make_type(struct scheme__draft *draft)
{
    struct dmn_node *type = scheme__terms_type(draft), *input = terms_input(draft);
    if (!type) {
        type = dmn_tree_add(draft->arena, draft->root, "itemDefinition");
        dmn_tree_attribute_set(draft->arena, type, "name", STR("tTerms"));
    }
    if (input) {
        struct dmn_node *variable = dmn_tree_child(input, "variable");
        if (!variable) {
            variable = dmn_tree_add(draft->arena, input, "variable");
            dmn_tree_attribute_set(draft->arena, variable, "name", STR("terms"));
        }
        dmn_tree_attribute_set(draft->arena, variable, "typeRef", scheme__name_of(type));
    }
    return type;
}

static struct str or_none(struct str text)
{
    return text.len ? text : STR_NONE;
}

static void put_values(struct scheme__draft *draft, struct dmn_node *node,
                       const struct scheme_attribute *a)
{
    struct arena *arena = draft->arena;
    struct dmn_node *extension = dmn_tree_extend(arena, node, "attribute");
    struct dmn_node *type = dmn_tree_child(node, "typeRef");
    if (!type)
        type = dmn_tree_add(arena, node, "typeRef");
    bool is_label = a->label.len && !str_eq(a->label, a->name);
    dmn_tree_attribute_set(arena, node, "name", a->name);
    dmn_tree_attribute_set(arena, extension, "default", a->fallback.at ? a->fallback : STR(""));
    dmn_tree_attribute_set(arena, extension, "min", or_none(a->min));
    dmn_tree_attribute_set(arena, extension, "max", or_none(a->max));
    dmn_tree_attribute_set(arena, extension, "unit", or_none(a->unit));
    dmn_tree_attribute_set(arena, extension, "label", is_label ? a->label : STR_NONE);
    dmn_tree_attribute_set(arena, extension, "outlet",
                           a->may_differ_per_outlet ? STR("true") : STR_NONE);
    dmn_tree_text_set(arena, type, a->type.len ? a->type : STR("number"));
}

/* The default must fit type and bounds, as a file with it is refused otherwise. */
static enum rc check_attribute(struct scheme__draft *draft, const struct dmn_node *self,
                               const struct scheme_attribute *a)
{
    static const char *const types[] = {"number", "string", "boolean", "date"};
    const struct dmn_node *other = scheme__attribute_node(draft, a->name);
    const char *wrong = scheme__name_check(draft, a->name, false);
    struct str canonical;
    bool is_type = !a->type.len;
    for (size_t i = 0; i < LEN(types); i++)
        is_type = is_type || str_eq(a->type, str_of(types[i]));
    if (!wrong && other && other != self)
        wrong = M("Another attribute has this name.");
    if (wrong)
        return scheme__refuse(draft, RC_INVALID, STR("name"), wrong, NULL, NULL, NULL);
    if (!is_type)
        return scheme__refuse(draft, RC_INVALID, STR("type"),
                              M("An attribute is a number, string, boolean or date, not {0}."),
                              str_c(draft->arena, a->type), NULL, NULL);
    const struct str bounds[] = {a->min, a->max};
    struct scheme_attribute typed = *a;
    typed.type = a->type.len ? a->type : STR("number");
    struct scheme_attribute plain = {.type = STR("number")};
    for (size_t i = 0; i < LEN(bounds); i++)
        if (bounds[i].len && scheme_value_check(draft->arena, &plain, bounds[i], &canonical))
            return scheme__refuse(draft, RC_INVALID, i == 0 ? STR("min") : STR("max"),
                                  M("This is not a number: write it like 0.05."), NULL, NULL, NULL);
    wrong = scheme_value_check(draft->arena, &typed, a->fallback.at ? a->fallback : STR(""),
                               &canonical);
    return wrong ? scheme__refuse(draft, RC_INVALID, STR("default"), wrong, NULL, NULL, NULL)
                 : RC_OK;
}

static size_t attribute_index(const struct dmn_node *node)
{
    size_t at = 0;
    for (const struct dmn_node *c = dmn_tree_child(node->parent, "itemComponent"); c != node;
         c = dmn_tree_next(c, "itemComponent"))
        at++;
    return at;
}

static enum rc add(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    TRY(check_attribute(draft, NULL, &edit->attribute));
    struct dmn_node *type = make_type(draft);
    size_t len = scheme__count(type, "itemComponent");
    if (len >= SCHEME__ATTRIBUTES_MAX)
        return scheme__refuse(draft, RC_TOO_LARGE, STR("name"),
                              M("A scheme has at most {0} attributes."),
                              scheme__number_c(draft, SCHEME__ATTRIBUTES_MAX), NULL, NULL);
    struct dmn_node *node = dmn_tree_add(draft->arena, type, "itemComponent");
    put_values(draft, node, &edit->attribute);
    if (edit->to < len)
        scheme__move(type, "itemComponent", len, edit->to);
    scheme__say(draft, M("The attribute {0} was added"), str_c(draft->arena, edit->attribute.name),
                NULL);
    return RC_OK;
}

static enum rc set(struct scheme__draft *draft, const struct scheme_edit *edit,
                   struct dmn_node *node)
{
    static const char *const owners[] = {"terms", NULL};
    struct str was = scheme__name_of(node), now = edit->attribute.name;
    struct str old = dmn_tree_attribute(dmn_tree_extension(node, "attribute"), "default");
    TRY(check_attribute(draft, node, &edit->attribute));
    if (!str_eq(was, now))
        scheme__rename(draft, false, owners, was, now);
    put_values(draft, node, &edit->attribute);
    const char *name = str_c(draft->arena, now);
    if (!str_eq(was, now))
        scheme__say(draft, M("The attribute {0} is named {1} now"), str_c(draft->arena, was), name,
                    NULL);
    else if (!str_eq(old, edit->attribute.fallback))
        scheme__say(draft, M("The attribute {0}: {1} by default, was {2}"), name,
                    str_c(draft->arena, edit->attribute.fallback),
                    str_c(draft->arena, old.at ? old : STR("")), NULL);
    else
        scheme__say(draft, M("The attribute {0} was changed"), name, NULL);
    return RC_OK;
}

/* The last one takes the type and the input with it. */
static enum rc remove_one(struct scheme__draft *draft, struct dmn_node *node)
{
    struct str name = scheme__name_of(node);
    struct dmn_node *reader = scheme__reader_of(draft, name), *type = node->parent;
    if (reader)
        return scheme__refuse(draft, RC_INVALID, name, M("{0} reads it; change that first."),
                              str_c(draft->arena, scheme__label_of(reader)), NULL, NULL);
    dmn_tree_remove(node);
    struct dmn_node *input = terms_input(draft);
    if (!dmn_tree_child(type, "itemComponent")) {
        dmn_tree_remove(type);
        if (input && !map_get(scheme__required(draft), scheme__id_of(input)))
            scheme__drop(draft, input);
        else if (input)
            dmn_tree_attribute_set(draft->arena, dmn_tree_child(input, "variable"), "typeRef",
                                   STR("Any"));
    }
    scheme__say(draft, M("The attribute {0} was removed"), str_c(draft->arena, name), NULL);
    return RC_OK;
}

enum rc scheme__edit_attribute(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    if (edit->kind == SCHEME_ATTRIBUTE_ADD)
        return add(draft, edit);
    struct dmn_node *node = edit->name.len ? scheme__attribute_node(draft, edit->name) : NULL;
    if (!node)
        return scheme__refuse(draft, RC_MISSING, edit->name,
                              M("The scheme has no such attribute any more."), NULL, NULL, NULL);
    if (edit->kind == SCHEME_ATTRIBUTE_SET)
        return set(draft, edit, node);
    if (edit->kind == SCHEME_ATTRIBUTE_REMOVE)
        return remove_one(draft, node);
    size_t last = scheme__count(node->parent, "itemComponent") - 1;
    scheme__move(node->parent, "itemComponent", attribute_index(node),
                 edit->to < last ? edit->to : last);
    scheme__say(draft, M("The attribute {0} was moved"), str_c(draft->arena, edit->name), NULL);
    return RC_OK;
}
