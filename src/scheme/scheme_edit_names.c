/* The names inside the formulas of a draft: what a decision uses, what follows a new name, and the
 * requirements that are written for other tools. */
#include "scheme/scheme_edit_int.h"

/* ---- what has a name ---- */

static void add_elements(struct scheme__draft *draft, const char *tag, struct scheme__elements *out)
{
    for (struct dmn_node *n = dmn_tree_child(draft->root, tag); n; n = dmn_tree_next(n, tag)) {
        struct scheme__element one = {.id = scheme__id_of(n),
                                      .name = scheme__name_of(n),
                                      .node = n,
                                      .is_decision = dmn_tree_is(n, "decision"),
                                      .is_input = dmn_tree_is(n, "inputData")};
        VEC_PUSH(draft->arena, out, one);
    }
}

static bool has_name(const struct scheme__elements *elements, struct str name)
{
    for (size_t i = 0; i < elements->len; i++)
        if (str_eq(elements->at[i].name, name))
            return true;
    return false;
}

void scheme__elements(struct scheme__draft *draft, struct scheme__elements *out)
{
    static const char *const tags[] = {"decision", "inputData", "businessKnowledgeModel",
                                       "decisionService"};
    const char *name = NULL;
    *out = (struct scheme__elements){0};
    for (size_t i = 0; i < LEN(tags); i++)
        add_elements(draft, tags[i], out);
    for (size_t i = 0; scheme_input_at(i, &name); i++) {
        struct scheme__element one = {.name = str_of(name), .is_input = true};
        if (!has_name(out, one.name))
            VEC_PUSH(draft->arena, out, one);
    }
}

/* ---- the texts of a decision ---- */

static bool is_text_of(const struct dmn_node *node, bool *out_is_tests)
{
    static const struct {
        const char *tag;
        bool is_tests;
    } holders[] = {{"literalExpression", false}, {"inputExpression", false},
                   {"outputEntry", false},       {"defaultOutputEntry", false},
                   {"inputEntry", true},         {"inputValues", true}};
    for (size_t i = 0; i < LEN(holders); i++)
        if (dmn_tree_is(node, holders[i].tag)) {
            *out_is_tests = holders[i].is_tests;
            return true;
        }
    return false;
}

static void gather_texts(struct scheme__draft *draft, struct dmn_node *node,
                         struct scheme__texts *out)
{
    for (struct dmn_node *c = dmn_tree_child(node, NULL); c; c = dmn_tree_next(c, NULL)) {
        bool is_tests = false;
        struct dmn_node *text = dmn_tree_child(c, "text");
        if (!is_text_of(c, &is_tests) || !text) {
            gather_texts(draft, c, out);
            continue;
        }
        struct scheme__text one = {
            .node = text, .text = dmn_tree_text(draft->arena, text, NULL), .is_tests = is_tests};
        VEC_PUSH(draft->arena, out, one);
    }
}

void scheme__texts(struct scheme__draft *draft, struct dmn_node *decision,
                   struct scheme__texts *out)
{
    *out = (struct scheme__texts){0};
    gather_texts(draft, decision, out);
    struct str where = dmn_tree_attribute(dmn_tree_extension(decision, "output"), "where");
    if (where.len)
        VEC_PUSH(draft->arena, out, (struct scheme__text){.text = where});
}

/* ---- mentions ---- */

/* Numbers, signs and texts in quotes name nothing; most cells are such. */
static bool names_nothing(struct str text)
{
    bool is_quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' && is_quoted)
            i++;
        else if (c == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                                (unsigned char)c > 127))
            return false;
    }
    return true;
}

/* What stands behind dots and has no plain form: attributes and decisions. */
static void known_parts(struct scheme__draft *draft, const struct scheme__elements *elements,
                        struct str_list *out)
{
    struct dmn_node *c = dmn_tree_child(scheme__terms_type(draft), "itemComponent");
    for (; c; c = dmn_tree_next(c, "itemComponent"))
        VEC_PUSH(draft->arena, out, scheme__name_of(c));
    for (size_t i = 0; i < elements->len; i++)
        if (elements->at[i].is_decision)
            VEC_PUSH(draft->arena, out, elements->at[i].name);
}

struct speller { /* what is needed to read formulas one after the other */
    struct str_list names, parts;
};

static struct speller speller_of(struct scheme__draft *draft,
                                 const struct scheme__elements *elements)
{
    struct speller speller = {0};
    for (size_t i = 0; i < elements->len; i++)
        VEC_PUSH(draft->arena, &speller.names, elements->at[i].name);
    known_parts(draft, elements, &speller.parts);
    return speller;
}

static void mentions_in(struct scheme__draft *draft, const struct speller *speller,
                        const struct scheme__text *text, struct feel_mentions *out)
{
    struct feel_mentions found = {0};
    *out = found;
    if (names_nothing(text->text))
        return;
    arena_reset(draft->scratch);
    feel_mentions(draft->scratch, text->text, text->is_tests, &speller->names, &speller->parts,
                  &found);
    for (size_t i = 0; i < found.len; i++) {
        struct feel_mention one = found.at[i];
        one.name = str_dup(draft->arena, one.name);
        if (one.owner.at)
            one.owner = str_dup(draft->arena, one.owner);
        VEC_PUSH(draft->arena, out, one);
    }
}

/* Names that a boxed expression gives to its own parts. */
static void own_names(struct scheme__draft *draft, struct dmn_node *node, struct str_list *out)
{
    for (struct dmn_node *c = dmn_tree_child(node, NULL); c; c = dmn_tree_next(c, NULL)) {
        struct str iterator = dmn_tree_attribute(c, "iteratorVariable");
        if (iterator.len)
            VEC_PUSH(draft->arena, out, iterator);
        if (dmn_tree_is(c, "formalParameter") || dmn_tree_is(c, "variable"))
            VEC_PUSH(draft->arena, out, scheme__name_of(c));
        own_names(draft, c, out);
    }
}

static bool is_among(const struct str_list *list, struct str name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], name))
            return true;
    return false;
}

static void uses_of(struct scheme__draft *draft, struct dmn_node *decision,
                    const struct speller *speller, const struct scheme__elements *elements,
                    bool *out_used)
{
    struct scheme__texts texts;
    struct str_list own = {0};
    struct dmn_node *logic = scheme__logic(decision);
    if (logic && scheme__logic_kind(logic) == SCHEME_BOXED)
        own_names(draft, logic, &own);
    VEC_PUSH(draft->arena, &own, scheme__name_of(decision));
    scheme__texts(draft, decision, &texts);
    for (size_t t = 0; t < texts.len; t++) {
        struct feel_mentions found;
        if (!texts.at[t].node)
            continue; /* the engine gives such a condition what it reads */
        mentions_in(draft, speller, &texts.at[t], &found);
        for (size_t m = 0; m < found.len; m++)
            for (size_t i = 0; i < elements->len && !found.at[m].owner.at; i++)
                if (str_eq(elements->at[i].name, found.at[m].name) &&
                    !is_among(&own, found.at[m].name))
                    out_used[i] = true;
    }
}

void scheme__part_uses(struct scheme__draft *draft, struct dmn_node *decision,
                       const struct scheme__elements *elements, bool *out_used)
{
    struct speller speller = speller_of(draft, elements);
    uses_of(draft, decision, &speller, elements, out_used);
}

/* ---- renaming ---- */

static bool is_owner(struct str owner, const char *const *owners)
{
    for (; owners && *owners; owners++)
        if (str_eq(owner, str_of(*owners)))
            return true;
    return false;
}

static struct str replaced(struct scheme__draft *draft, struct str text,
                           const struct feel_mentions *found, bool is_in_scope,
                           const char *const *owners, struct str old, struct str new)
{
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    size_t at = 0;
    for (size_t i = 0; i < found->len; i++) {
        const struct feel_mention *one = &found->at[i];
        bool is_it = one->owner.at ? is_owner(one->owner, owners) : is_in_scope;
        if (!is_it || !str_eq(one->name, old) || one->from < at)
            continue;
        buf_put(&buf, str_sub(text, at, one->from - at));
        buf_put(&buf, new);
        at = one->to;
    }
    if (at == 0 || buf.is_over)
        return STR_NONE;
    buf_put(&buf, str_sub(text, at, text.len - at));
    return str_dup(draft->arena, buf_str(&buf));
}

void scheme__rename(struct scheme__draft *draft, bool is_in_scope, const char *const *owners,
                    struct str old, struct str new)
{
    struct scheme__elements elements;
    scheme__elements(draft, &elements);
    struct speller speller = speller_of(draft, &elements);
    VEC_PUSH(draft->arena, &speller.parts, old); /* the type may have its new name already */
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        struct scheme__texts texts;
        struct str_list own = {0};
        own_names(draft, scheme__logic(d), &own);
        scheme__texts(draft, d, &texts);
        for (size_t t = 0; t < texts.len; t++) {
            struct feel_mentions found;
            mentions_in(draft, &speller, &texts.at[t], &found);
            struct str now = replaced(draft, texts.at[t].text, &found,
                                      is_in_scope && !is_among(&own, old), owners, old, new);
            if (!now.at)
                continue;
            if (texts.at[t].node)
                dmn_tree_text_set(draft->arena, texts.at[t].node, now);
            else
                dmn_tree_attribute_set(draft->arena, dmn_tree_extension(d, "output"), "where", now);
        }
    }
}

struct dmn_node *scheme__reader_of(struct scheme__draft *draft, struct str attribute)
{
    struct scheme__elements elements;
    scheme__elements(draft, &elements);
    struct speller speller = speller_of(draft, &elements);
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        struct scheme__texts texts;
        scheme__texts(draft, d, &texts);
        for (size_t t = 0; t < texts.len; t++) {
            struct feel_mentions found;
            mentions_in(draft, &speller, &texts.at[t], &found);
            for (size_t m = 0; m < found.len; m++)
                if (found.at[m].owner.at && str_eq(found.at[m].owner, STR("terms")) &&
                    str_eq(found.at[m].name, attribute))
                    return d;
        }
    }
    return NULL;
}

/* ---- new names ---- */

static bool is_plain_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool is_letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c > 127;
        bool is_later = (c >= '0' && c <= '9') || (c == ' ' && name.at[i - 1] != ' ');
        if (!is_letter && !(i > 0 && is_later))
            return false;
    }
    return name.len > 0 && name.len <= SCHEME__NAME_MAX && name.at[name.len - 1] != ' ';
}

/* Words that the language keeps for itself: some modelers do not read names that have them. */
static bool has_keyword(struct str name)
{
    static const char *const words[] = {"and",   "or",    "not",      "in",        "between",
                                        "of",    "if",    "then",     "else",      "for",
                                        "some",  "every", "return",   "satisfies", "true",
                                        "false", "null",  "function", "external",  "instance"};
    while (name.at) {
        struct str word = str_cut(&name, ' ');
        for (size_t i = 0; i < LEN(words); i++)
            if (str_eq(word, str_of(words[i])))
                return true;
    }
    return false;
}

static bool is_function(struct scheme__draft *draft, struct str name)
{
    const struct feel_node *node = NULL;
    size_t issues = 0;
    arena_reset(draft->scratch);
    struct feel_compiler *compiler = feel_compiler_new(draft->scratch, FEEL_KONTOR);
    enum rc rc = feel_parse(compiler, name, NULL, &node);
    (void)feel_issues(compiler, &issues);
    return rc == RC_OK && issues == 0;
}

const char *scheme__name_check(struct scheme__draft *draft, struct str name, bool is_in_scope)
{
    if (!name.len)
        return M("It needs a name.");
    if (!is_plain_name(name))
        return M("A name has letters, digits and single spaces, at most 100, and begins with a "
                 "letter.");
    if (draft->is_import)
        return NULL;
    if (has_keyword(name))
        return M("A name has none of the words of formulas: and, or, not, in, of, if, for …");
    if (is_in_scope && is_function(draft, name))
        return M("A function of formulas has this name.");
    return NULL;
}

/* ---- requirements ---- */

struct arrow { /* a requirement and what it leads to */
    const char *tag, *inner;
};
static const struct arrow arrows[] = {{"informationRequirement", "requiredInput"},
                                      {"informationRequirement", "requiredDecision"},
                                      {"knowledgeRequirement", "requiredKnowledge"}};

static const struct arrow *arrow_to(const struct scheme__element *element)
{
    return &arrows[element->is_input ? 0 : element->is_decision ? 1 : 2];
}

/* The id that a requirement of this file leads to; absent when it leads elsewhere. */
static struct str target_of(const struct dmn_node *requirement)
{
    for (size_t i = 0; i < LEN(arrows); i++) {
        struct str href = dmn_tree_attribute(dmn_tree_child(requirement, arrows[i].inner), "href");
        if (str_starts(href, STR("#")))
            return str_sub(href, 1, href.len - 1);
    }
    return STR_NONE;
}

static void note_targets(struct scheme__draft *draft, const struct dmn_node *decision,
                         const char *tag, struct map *out)
{
    const struct dmn_node *n = dmn_tree_child(decision, tag);
    for (; n; n = dmn_tree_next(n, tag)) {
        struct str id = target_of(n);
        if (id.len)
            *map_put(out, id) = draft;
    }
}

struct map *scheme__required(struct scheme__draft *draft)
{
    struct map *required = map_new(draft->arena);
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        note_targets(draft, d, "informationRequirement", required);
        note_targets(draft, d, "knowledgeRequirement", required);
    }
    return required;
}

/* Takes away what is not used any more; marks in `used` what stays as not to be added. */
static void prune(struct scheme__draft *draft, struct dmn_node *decision, const char *tag,
                  const struct scheme__elements *elements, bool *used)
{
    for (struct dmn_node *n = dmn_tree_child(decision, tag), *next; n; n = next) {
        struct str id = target_of(n);
        bool is_used = !id.len;
        next = dmn_tree_next(n, tag);
        for (size_t i = 0; i < elements->len && id.len; i++)
            if (used[i] && str_eq(elements->at[i].id, id)) {
                is_used = true;
                used[i] = false;
            }
        if (!is_used)
            scheme__drop(draft, n);
    }
}

/* An input of schemes that a formula names becomes one of the file. */
static void declare_input(struct scheme__draft *draft, struct scheme__element *input)
{
    struct dmn_node *place = dmn_tree_child(draft->root, "decision");
    struct dmn_node *node = dmn_tree_add(draft->arena, draft->root, "inputData");
    bool is_typed = str_eq(input->name, STR("terms")) && scheme__terms_type(draft);
    if (place) { /* before the decisions, for whoever reads the file */
        dmn_tree_remove(node);
        dmn_tree_insert(draft->root, node, place);
    }
    input->id = str_printf(draft->arena, "input_" STR_FMT, STR_ARG(input->name));
    for (size_t i = 0; i < input->id.len; i++)
        if (input->id.at[i] == ' ')
            input->id = scheme__new_id(draft, "input");
    dmn_tree_attribute_set(draft->arena, node, "id", input->id);
    dmn_tree_attribute_set(draft->arena, node, "name", input->name);
    struct dmn_node *variable = dmn_tree_add(draft->arena, node, "variable");
    dmn_tree_attribute_set(draft->arena, variable, "name", input->name);
    dmn_tree_attribute_set(draft->arena, variable, "typeRef",
                           is_typed ? scheme__name_of(scheme__terms_type(draft)) : STR("Any"));
    input->node = node;
}

static void require(struct scheme__draft *draft, struct dmn_node *decision,
                    struct scheme__element *element)
{
    const struct arrow *arrow = arrow_to(element);
    if (!element->node)
        declare_input(draft, element);
    struct dmn_node *requirement = dmn_tree_add(draft->arena, decision, arrow->tag);
    struct dmn_node *target = dmn_tree_add(draft->arena, requirement, arrow->inner);
    dmn_tree_attribute_set(draft->arena, target, "href",
                           str_join(draft->arena, STR("#"), element->id));
}

/* Inputs that nobody needs any more go, unless another tool has given them a type. */
static void drop_unused(struct scheme__draft *draft, const struct map *before)
{
    struct map *now = scheme__required(draft);
    for (struct dmn_node *n = dmn_tree_child(draft->root, "inputData"), *next; n; n = next) {
        struct str id = scheme__id_of(n);
        struct str type = dmn_tree_attribute(dmn_tree_child(n, "variable"), "typeRef");
        next = dmn_tree_next(n, "inputData");
        if (map_get(before, id) && !map_get(now, id) && (!type.len || str_eq(type, STR("Any"))))
            scheme__drop(draft, n);
    }
}

void scheme__settle(struct scheme__draft *draft, const struct map *required_before)
{
    struct scheme__elements elements;
    scheme__elements(draft, &elements);
    struct speller speller = speller_of(draft, &elements);
    bool *used = NEW_ARRAY(draft->arena, bool, elements.len + 1);
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision")) {
        memset(used, 0, elements.len * sizeof(*used));
        uses_of(draft, d, &speller, &elements, used);
        prune(draft, d, "informationRequirement", &elements, used);
        prune(draft, d, "knowledgeRequirement", &elements, used);
        for (size_t i = 0; i < elements.len; i++)
            if (used[i])
                require(draft, d, &elements.at[i]);
    }
    drop_unused(draft, required_before);
}
