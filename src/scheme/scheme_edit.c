/* Changes of a scheme's file: the file itself and its decisions. Each takes the text, changes the
 * tree, writes the requirements anew and gives the whole text again. */
#include "scheme/scheme_edit_int.h"
#include "scheme/scheme_model.h"
#include "text/text.h"

enum { TEXT_MAX = 64 * 1024, LABEL_MAX = 500 };

/* ---- small things ---- */

/* Sets an attribute as a form gives it: absent leaves it, empty takes it away. */
static void put_attribute(struct scheme__draft *draft, struct dmn_node *node, const char *name,
                          struct str value)
{
    if (value.at)
        dmn_tree_attribute_set(draft->arena, node, name, value.len ? value : STR_NONE);
}

static void put_description(struct scheme__draft *draft, struct dmn_node *node, struct str text)
{
    struct dmn_node *child = scheme__child_for(draft, node, "description", text);
    if (child)
        dmn_tree_text_set(draft->arena, child, text);
}

/* Away with an extension, and with the list of them when it was the last. */
static void drop_extension(struct dmn_node *node, const char *name)
{
    struct dmn_node *extension = dmn_tree_extension(node, name);
    if (!extension)
        return;
    struct dmn_node *list = extension->parent;
    dmn_tree_remove(extension);
    for (struct dmn_node *c = list->first; c; c = c->next)
        if (c->kind != DMN_NODE_TEXT)
            return;
    dmn_tree_remove(list);
}

static void put_options(struct scheme__draft *draft, struct dmn_node *node, const char *extension,
                        const struct scheme_options *options)
{
    struct dmn_node *to = NULL;
    if (options->len)
        to = dmn_tree_extend(draft->arena, node, extension);
    for (size_t i = 0; i < options->len; i++)
        if (options->at[i].value.at)
            put_attribute(draft, to, str_c(draft->arena, options->at[i].name),
                          options->at[i].value);
    if (to && to->attributes_len == 0)
        drop_extension(node, extension);
}

/* Bytes that XML cannot hold are no text of a scheme. */
static enum rc check_text(struct scheme__draft *draft, struct str where, struct str text,
                          size_t max)
{
    if (text.len > max)
        return scheme__refuse(draft, RC_TOO_LARGE, where,
                              M("The text is longer than {0} characters."),
                              scheme__number_c(draft, max), NULL, NULL);
    if (!utf8_valid(text))
        return scheme__refuse(draft, RC_INVALID, where,
                              M("The text has characters that no file can hold."), NULL, NULL,
                              NULL);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_bad = (c < ' ' && c != '\n' && c != '\t' && c != '\r') ||
                      (c == 0xEF && i + 2 < text.len && (unsigned char)text.at[i + 1] == 0xBF &&
                       (unsigned char)text.at[i + 2] >= 0xBE);
        if (is_bad)
            return scheme__refuse(draft, RC_INVALID, where,
                                  M("The text has characters that no file can hold."), NULL, NULL,
                                  NULL);
    }
    return RC_OK;
}

static bool is_option_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!((name.at[i] >= 'a' && name.at[i] <= 'z') || (name.at[i] >= 'A' && name.at[i] <= 'Z')))
            return false;
    return name.len > 0;
}

static enum rc check_texts(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    const struct scheme_attribute *a = &edit->attribute;
    const struct scheme_column *c = &edit->column_now;
    const struct str labels[] = {edit->name,  edit->label, a->name, a->label, a->unit, a->type,
                                 a->fallback, a->min,      a->max,  c->label, c->type};
    const struct str texts[] = {edit->description, c->text, c->values, c->fallback};
    size_t text_max = edit->kind == SCHEME_PASTE ? SCHEME_FILE_MAX : TEXT_MAX;
    for (size_t i = 0; i < LEN(labels); i++)
        TRY(check_text(draft, STR(""), labels[i], LABEL_MAX));
    for (size_t i = 0; i < LEN(texts); i++)
        TRY(check_text(draft, STR(""), texts[i], TEXT_MAX));
    for (size_t i = 0; i < edit->options.len; i++) {
        TRY(check_text(draft, STR(""), edit->options.at[i].value, TEXT_MAX));
        if (!is_option_name(edit->options.at[i].name))
            return scheme__refuse(draft, RC_INVALID, STR(""),
                                  M("This is no name of an option: {0}"),
                                  str_c(draft->arena, edit->options.at[i].name), NULL, NULL);
    }
    return check_text(draft, STR(""), edit->text, text_max);
}

static const char *label_c(struct scheme__draft *draft, const struct dmn_node *decision)
{
    return str_c(draft->arena, scheme__label_of(decision));
}

/* ---- the file ---- */

static enum rc scheme_set(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    if (edit->name.at && !str_trim(edit->name).len)
        return scheme__refuse(draft, RC_INVALID, STR("name"), M("The scheme needs a name."), NULL,
                              NULL, NULL);
    put_attribute(draft, draft->root, "name", edit->name);
    put_description(draft, draft->root, edit->description);
    put_options(draft, draft->root, "scheme", &edit->options);
    if (edit->options.len)
        scheme__say(draft, M("The money options were changed"), NULL);
    else if (edit->name.at)
        scheme__say(draft, M("The scheme was named {0}"), str_c(draft->arena, edit->name), NULL);
    else
        scheme__say(draft, M("The description was changed"), NULL);
    return RC_OK;
}

/* ---- decisions ---- */

static enum rc find_part(struct scheme__draft *draft, const struct scheme_edit *edit,
                         struct dmn_node **out)
{
    *out = scheme__decision(draft, edit->part);
    return *out ? RC_OK
                : scheme__refuse(draft, RC_MISSING, STR(""),
                                 M("The scheme has no such decision any more."), NULL, NULL, NULL);
}

/* A name that no other element has. */
static enum rc check_free(struct scheme__draft *draft, const struct dmn_node *self, struct str name)
{
    struct scheme__elements elements;
    const char *wrong = scheme__name_check(draft, name, true);
    scheme__elements(draft, &elements);
    for (size_t i = 0; i < elements.len && !wrong; i++)
        if (elements.at[i].node != self && str_eq(elements.at[i].name, name))
            wrong = elements.at[i].is_input ? M("An input of formulas has this name.")
                                            : M("Another decision has this name.");
    return wrong ? scheme__refuse(draft, RC_INVALID, STR("name"), wrong, NULL, NULL, NULL) : RC_OK;
}

/* The kind's options stay; of the others, and of a scope that it has not, nothing is left. */
static void fit_options(struct scheme__draft *draft, struct dmn_node *decision)
{
    struct dmn_node *output = dmn_tree_extension(decision, "output");
    if (!output)
        return;
    struct str word = dmn_tree_attribute(output, "kind");
    enum scheme_kind kind = scheme__kind_find(word);
    if (!word.len)
        drop_extension(decision, "output");
    if (!kind)
        return;
    for (size_t i = 0; i < output->attributes_len; i++) {
        const char *name = str_c(draft->arena, output->attributes[i].name);
        if (!scheme_kind_has_option(kind, name)) {
            dmn_tree_attribute_set(draft->arena, output, name, STR_NONE);
            i--;
        }
    }
    struct str scope = dmn_tree_attribute(output, "scope");
    enum scheme_scope is = scope.at ? scheme__scope_find(scope) : scheme__scope_usual(kind);
    if (is && scheme_kind_has_scope(kind, is))
        return;
    for (int i = SCHEME_EVENT; i <= SCHEME_CLOSING; i++)
        if (scheme_kind_has_scope(kind, (enum scheme_scope)i)) {
            dmn_tree_attribute_set(draft->arena, output, "scope",
                                   str_of(scheme_scope_name((enum scheme_scope)i)));
            return;
        }
}

static void put_label(struct scheme__draft *draft, struct dmn_node *decision, struct str label)
{
    struct dmn_node *output = dmn_tree_extension(decision, "output");
    put_attribute(draft, output ? output : decision, "label", label);
}

static enum rc part_add(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct arena *arena = draft->arena;
    TRY(check_free(draft, NULL, edit->name));
    if (scheme__count(draft->root, "decision") >= SCHEME__PARTS_MAX)
        return scheme__refuse(draft, RC_TOO_LARGE, STR("name"),
                              M("A scheme has at most {0} decisions."),
                              scheme__number_c(draft, SCHEME__PARTS_MAX), NULL, NULL);
    struct str id = scheme__new_id(draft, "decision");
    struct dmn_node *node = dmn_tree_add(arena, draft->root, "decision");
    dmn_tree_attribute_set(arena, node, "id", id);
    dmn_tree_attribute_set(arena, node, "name", edit->name);
    put_description(draft, node, edit->description);
    put_options(draft, node, "output", &edit->options);
    fit_options(draft, node);
    put_label(draft, node, edit->label);
    struct dmn_node *variable = dmn_tree_add(arena, node, "variable");
    dmn_tree_attribute_set(arena, variable, "name", edit->name);
    if (edit->logic == SCHEME_TABLE)
        scheme__table_new(draft, node, edit->text);
    else
        scheme__text_put(draft, dmn_tree_add(arena, node, "literalExpression"), edit->text);
    size_t last = scheme__count(draft->root, "decision") - 1;
    if (edit->to < last)
        scheme__move(draft->root, "decision", last, edit->to);
    scheme__say(draft, M("{0} was added"), label_c(draft, node), NULL);
    return RC_OK;
}

static enum rc part_set(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct dmn_node *node = NULL;
    TRY(find_part(draft, edit, &node));
    struct str label = scheme__label_of(node);
    bool was_output = dmn_tree_extension(node, "output") != NULL;
    bool has_label = !str_eq(label, scheme__name_of(node));
    put_options(draft, node, "output", &edit->options);
    fit_options(draft, node);
    bool is_output = dmn_tree_extension(node, "output") != NULL;
    if (was_output != is_output && has_label) { /* the label goes with it */
        if (is_output)
            dmn_tree_attribute_set(draft->arena, node, "label", STR_NONE);
        put_label(draft, node, label);
    }
    put_label(draft, node, edit->label);
    put_description(draft, node, edit->description);
    scheme__say(draft, M("{0}: options changed"), label_c(draft, node), NULL);
    return RC_OK;
}

/* Results of others are found by the name when the output has no key of its own. */
static void follow_key(struct scheme__draft *draft, struct str old, struct str new)
{
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        struct dmn_node *output = dmn_tree_extension(d, "output");
        if (output && str_eq(dmn_tree_attribute(output, "of"), old))
            dmn_tree_attribute_set(draft->arena, output, "of", new);
    }
}

static enum rc part_rename(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    static const char *const owners[] = {"running", "carried", "measures", "rewards", NULL};
    struct dmn_node *node = NULL;
    TRY(find_part(draft, edit, &node));
    TRY(check_free(draft, node, edit->name));
    struct str old = scheme__name_of(node);
    const char *was = label_c(draft, node);
    bool is_key = dmn_tree_extension(node, "output") && scheme__is_key_implied(node);
    scheme__rename(draft, true, is_key ? owners : NULL, old, edit->name);
    if (is_key)
        follow_key(draft, old, edit->name);
    dmn_tree_attribute_set(draft->arena, node, "name", edit->name);
    struct dmn_node *variable = dmn_tree_child(node, "variable");
    if (variable)
        dmn_tree_attribute_set(draft->arena, variable, "name", edit->name);
    scheme__say(draft, M("{0} is named {1} now"), was, str_c(draft->arena, edit->name), NULL);
    return RC_OK;
}

static enum rc check_unread(struct scheme__draft *draft, const struct dmn_node *node)
{
    struct scheme__elements elements;
    scheme__elements(draft, &elements);
    bool *used = NEW_ARRAY(draft->arena, bool, elements.len + 1);
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        memset(used, 0, elements.len * sizeof(*used));
        if (d != node)
            scheme__part_uses(draft, d, &elements, used);
        for (size_t i = 0; i < elements.len; i++)
            if (used[i] && elements.at[i].node == node)
                return scheme__refuse(draft, RC_INVALID, scheme__name_of(node),
                                      M("{0} reads it; change that first."), label_c(draft, d),
                                      NULL, NULL);
    }
    return RC_OK;
}

/* Decision services may name the decision too. */
static void drop_references(struct dmn_node *node, struct str href)
{
    for (struct dmn_node *c = dmn_tree_child(node, NULL), *next; c; c = next) {
        next = dmn_tree_next(c, NULL);
        if (str_eq(dmn_tree_attribute(c, "href"), href))
            dmn_tree_remove(c);
        else
            drop_references(c, href);
    }
}

static enum rc part_remove(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct dmn_node *node = NULL;
    TRY(find_part(draft, edit, &node));
    TRY(check_unread(draft, node));
    scheme__say(draft, M("{0} was removed"), label_c(draft, node), NULL);
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decisionService"); d;
         d = dmn_tree_next(d, "decisionService"))
        drop_references(d, str_join(draft->arena, STR("#"), scheme__id_of(node)));
    scheme__drop(draft, node);
    return RC_OK;
}

static enum rc part_move(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct dmn_node *node = NULL;
    size_t from = 0, last = scheme__count(draft->root, "decision");
    TRY(find_part(draft, edit, &node));
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d != node;
         d = dmn_tree_next(d, "decision"))
        from++;
    scheme__move(draft->root, "decision", from, edit->to < last ? edit->to : last - 1);
    scheme__say(draft, M("{0} was moved"), label_c(draft, node), NULL);
    return RC_OK;
}

static enum rc formula_set(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct dmn_node *node = NULL;
    TRY(find_part(draft, edit, &node));
    struct dmn_node *logic = scheme__logic(node);
    if (scheme__logic_kind(logic) != SCHEME_FORMULA)
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(node),
                              M("This decision has no formula."), NULL, NULL, NULL);
    if (!logic)
        logic = dmn_tree_add(draft->arena, node, "literalExpression");
    scheme__text_put(draft, logic, edit->text);
    scheme__say(draft, M("{0}: formula changed"), label_c(draft, node), NULL);
    return RC_OK;
}

/* ---- the whole ---- */

static enum rc apply(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    switch (edit->kind) {
    case SCHEME_SET: return scheme_set(draft, edit);
    case SCHEME_ATTRIBUTE_ADD:
    case SCHEME_ATTRIBUTE_SET:
    case SCHEME_ATTRIBUTE_REMOVE:
    case SCHEME_ATTRIBUTE_MOVE: return scheme__edit_attribute(draft, edit);
    case SCHEME_PART_ADD: return part_add(draft, edit);
    case SCHEME_PART_SET: return part_set(draft, edit);
    case SCHEME_PART_RENAME: return part_rename(draft, edit);
    case SCHEME_PART_REMOVE: return part_remove(draft, edit);
    case SCHEME_PART_MOVE: return part_move(draft, edit);
    case SCHEME_FORMULA_SET: return formula_set(draft, edit);
    case SCHEME_LOGIC_SET: return scheme__logic_set(draft, edit);
    case SCHEME_PASTE: return scheme__paste(draft, edit);
    case SCHEME_POLICY_SET:
    case SCHEME_COLUMN_ADD:
    case SCHEME_COLUMN_SET:
    case SCHEME_COLUMN_REMOVE:
    case SCHEME_COLUMN_MOVE:
    case SCHEME_ROW_ADD:
    case SCHEME_ROW_COPY:
    case SCHEME_ROW_REMOVE:
    case SCHEME_ROW_MOVE:
    case SCHEME_CELL_SET:
    case SCHEME_NOTE_SET: return scheme__edit_table(draft, edit);
    }
    return scheme__refuse(draft, RC_INVALID, STR(""), M("There is no such change."), NULL, NULL,
                          NULL);
}

enum rc scheme__apply(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    TRY(check_texts(draft, edit));
    return apply(draft, edit);
}

void scheme__options_clear(struct scheme__draft *draft)
{
    drop_extension(draft->root, "scheme");
}

enum rc scheme_edit(struct arena *arena, struct str xml, const struct scheme_edit *edit,
                    struct fault *fault, struct str *out_xml, struct scheme_edit_words *out_words)
{
    AUTO_ARENA scratch = arena_new(0);
    struct scheme_edit_words words = {0};
    struct scheme__draft draft = {
        .arena = arena, .scratch = scratch, .fault = fault, .words = &words};
    TRY(scheme__draft_open(&draft, xml));
    struct map *required = scheme__required(&draft);
    TRY(scheme__apply(&draft, edit));
    scheme__settle(&draft, required);
    TRY(scheme__draft_write(&draft, out_xml));
    if (out_words)
        *out_words = words;
    return RC_OK;
}

struct str scheme_edit_new(struct arena *arena, struct str id, struct str name)
{
    struct dmn_node document = {.kind = DMN_NODE_DOCUMENT};
    struct dmn_attribute namespaces[] = {{.name = STR(""), .value = STR(DMN_NAMESPACE)}};
    struct dmn_node *root = NEW(arena, struct dmn_node);
    AUTO_BUF buf = BUF(64 * 1024);
    *root = (struct dmn_node){.kind = DMN_NODE_ELEMENT,
                              .name = STR("definitions"),
                              .namespace = STR(DMN_NAMESPACE),
                              .declared = namespaces,
                              .declared_len = LEN(namespaces)};
    dmn_tree_insert(&document, root, NULL);
    dmn_tree_attribute_set(arena, root, "id", id);
    dmn_tree_attribute_set(arena, root, "name", name);
    dmn_tree_attribute_set(arena, root, "namespace",
                           str_join(arena, STR("urn:kontor:scheme:"), id));
    struct dmn_node *options = dmn_tree_extend(arena, root, "scheme");
    dmn_tree_attribute_set(arena, options, "currency", STR("contract"));
    dmn_tree_attribute_set(arena, options, "rounding", STR("half up"));
    dmn_tree_attribute_set(arena, options, "level", STR("line"));
    dmn_tree_attribute_set(arena, options, "tree", STR("owner"));
    dmn_tree_lower(&document);
    dmn_write(&buf, &document);
    return str_dup(arena, buf_str(&buf));
}
