/* What a draft is made of, for people who edit it. Nothing is judged here: an option with an
 * unknown word and a formula in error are shown as they are. */
#include "scheme/scheme_edit_int.h"
#include "scheme/scheme_model.h"

static struct str text_or_empty(struct str text)
{
    return text.at ? str_trim(text) : STR("");
}

static struct scheme_options options_of(struct arena *arena, const struct dmn_node *extension)
{
    VEC(struct scheme_option) list = {0};
    for (size_t i = 0; extension && i < extension->attributes_len; i++) {
        const struct dmn_attribute *a = &extension->attributes[i];
        if (!a->namespace.len)
            VEC_PUSH(arena, &list, ((struct scheme_option){a->name, a->value}));
    }
    return (struct scheme_options){list.at, list.len};
}

struct str scheme_option(const struct scheme_options *options, const char *name)
{
    for (size_t i = 0; i < options->len; i++)
        if (str_eq(options->at[i].name, str_of(name)))
            return options->at[i].value;
    return STR_NONE;
}

/* ---- attributes ---- */

static void read_attribute(struct scheme__draft *draft, const struct dmn_node *node,
                           struct scheme_attribute *out)
{
    const struct dmn_node *extension = dmn_tree_extension(node, "attribute");
    struct str label = dmn_tree_attribute(extension, "label");
    *out = (struct scheme_attribute){
        .name = scheme__name_of(node),
        .label = label.len ? label : scheme__name_of(node),
        .unit = scheme__or_empty(dmn_tree_attribute(extension, "unit")),
        .type = text_or_empty(dmn_tree_text(draft->arena, node, "typeRef")),
        .fallback = scheme__or_empty(dmn_tree_attribute(extension, "default")),
        .min = scheme__or_empty(dmn_tree_attribute(extension, "min")),
        .max = scheme__or_empty(dmn_tree_attribute(extension, "max")),
        .may_differ_per_outlet = str_eq(dmn_tree_attribute(extension, "outlet"), STR("true"))};
}

static void read_attributes(struct scheme__draft *draft, struct scheme_outline *out)
{
    const struct dmn_node *type = scheme__terms_type(draft);
    size_t len = scheme__count(type, "itemComponent");
    struct scheme_attribute *at = NEW_ARRAY(draft->arena, struct scheme_attribute, len + 1);
    const struct dmn_node *c = dmn_tree_child(type, "itemComponent");
    for (size_t i = 0; c; c = dmn_tree_next(c, "itemComponent"), i++)
        read_attribute(draft, c, &at[i]);
    out->attributes = at;
    out->attributes_len = len;
}

/* ---- tables ---- */

static enum dmn_hit_policy policy_of(const struct dmn_node *table)
{
    struct str policy = dmn_tree_attribute(table, "hitPolicy");
    struct str how = dmn_tree_attribute(table, "aggregation");
    struct str whole = policy;
    AUTO_BUF buf = BUF(100);
    if (str_eq(policy, STR("COLLECT")) && how.len) {
        buf_printf(&buf, "COLLECT " STR_FMT, STR_ARG(how));
        whole = buf_str(&buf);
    }
    for (int i = DMN_UNIQUE; i <= DMN_COLLECT_COUNT; i++)
        if (str_eq(whole, str_of(dmn_hit_policy_name((enum dmn_hit_policy)i))))
            return (enum dmn_hit_policy)i;
    return DMN_UNIQUE;
}

static void read_columns(struct scheme__draft *draft, const struct dmn_node *table,
                         struct scheme_grid *out)
{
    size_t i = 0;
    out->inputs_len = scheme__count(table, "input");
    out->columns_len = out->inputs_len + scheme__count(table, "output");
    struct scheme_column *at = NEW_ARRAY(draft->arena, struct scheme_column, out->columns_len + 1);
    const struct dmn_node *c = dmn_tree_child(table, "input");
    for (; c; c = dmn_tree_next(c, "input"), i++) {
        const struct dmn_node *formula = dmn_tree_child(c, "inputExpression");
        at[i] = (struct scheme_column){
            .label = scheme__or_empty(dmn_tree_attribute(c, "label")),
            .text = text_or_empty(dmn_tree_text(draft->arena, formula, "text")),
            .type = scheme__or_empty(dmn_tree_attribute(formula, "typeRef")),
            .values = scheme__text_in(draft, dmn_tree_child(c, "inputValues"))};
    }
    for (c = dmn_tree_child(table, "output"); c; c = dmn_tree_next(c, "output"), i++)
        at[i] = (struct scheme_column){
            .label = scheme__or_empty(dmn_tree_attribute(c, "label")),
            .text = scheme__name_of(c),
            .type = scheme__or_empty(dmn_tree_attribute(c, "typeRef")),
            .values = scheme__text_in(draft, dmn_tree_child(c, "outputValues")),
            .fallback = scheme__text_in(draft, dmn_tree_child(c, "defaultOutputEntry"))};
    out->columns = at;
}

static void read_row(struct scheme__draft *draft, const struct dmn_node *rule,
                     const struct scheme_grid *grid, struct scheme_grid_row *out)
{
    struct str *cells = NEW_ARRAY(draft->arena, struct str, grid->columns_len + 1);
    const struct dmn_node *c = dmn_tree_child(rule, "inputEntry");
    for (size_t i = 0; i < grid->inputs_len; i++, c = c ? dmn_tree_next(c, "inputEntry") : NULL)
        cells[i] = scheme__text_in(draft, c);
    c = dmn_tree_child(rule, "outputEntry");
    for (size_t i = grid->inputs_len; i < grid->columns_len; i++) {
        cells[i] = scheme__text_in(draft, c);
        c = c ? dmn_tree_next(c, "outputEntry") : NULL;
    }
    out->cells = cells;
    out->note = scheme__note_of(draft, rule);
    out->line = rule->line;
}

static void read_grid(struct scheme__draft *draft, const struct dmn_node *table,
                      struct scheme_grid *out)
{
    size_t i = 0;
    out->policy = policy_of(table);
    read_columns(draft, table, out);
    out->rows_len = scheme__count(table, "rule");
    struct scheme_grid_row *at = NEW_ARRAY(draft->arena, struct scheme_grid_row, out->rows_len + 1);
    for (const struct dmn_node *r = dmn_tree_child(table, "rule"); r;
         r = dmn_tree_next(r, "rule"), i++) {
        read_row(draft, r, out, &at[i]);
        out->has_notes = out->has_notes || at[i].note.len > 0;
    }
    out->rows = at;
    const struct dmn_node *title = dmn_tree_child(table, "annotation");
    out->note_title = title ? scheme__name_of(title) : STR("");
}

/* ---- decisions ---- */

/* A boxed expression is shown as its texts, one a line. */
static void put_boxed(struct scheme__draft *draft, const struct dmn_node *node, struct buf *out)
{
    for (const struct dmn_node *c = dmn_tree_child(node, NULL); c; c = dmn_tree_next(c, NULL)) {
        struct str name = scheme__name_of(c);
        if (dmn_tree_is(c, "variable") || dmn_tree_is(c, "formalParameter"))
            buf_printf(out, STR_FMT ": ", STR_ARG(name));
        if (dmn_tree_is(c, "text"))
            buf_printf(out, STR_FMT "\n",
                       STR_ARG(text_or_empty(dmn_tree_text(draft->arena, c, NULL))));
        else
            put_boxed(draft, c, out);
    }
}

static void read_output(const struct dmn_node *decision, struct scheme_part *out)
{
    const struct dmn_node *extension = dmn_tree_extension(decision, "output");
    if (!extension)
        return;
    struct str scope = scheme_option(&out->options, "scope");
    out->is_output = true;
    out->kind = scheme__kind_find(scheme_option(&out->options, "kind"));
    out->scope = scope.at ? scheme__scope_find(scope) : scheme__scope_usual(out->kind);
}

static void read_uses(struct scheme__draft *draft, struct dmn_node *decision,
                      const struct scheme__elements *elements, const struct scheme_outline *outline,
                      struct scheme_part *out)
{
    VEC(struct scheme_use) list = {0};
    bool *used = NEW_ARRAY(draft->arena, bool, elements->len + 1);
    scheme__part_uses(draft, decision, elements, used);
    for (size_t i = 0; i < elements->len; i++) {
        if (!used[i])
            continue;
        for (size_t p = 0; elements->at[i].is_decision && p < outline->parts_len; p++)
            if (str_eq(outline->parts[p].id, elements->at[i].id))
                VEC_PUSH(draft->arena, &list, ((struct scheme_use){.i = p}));
        for (size_t p = 0; elements->at[i].is_input && p < outline->inputs_len; p++)
            if (str_eq(outline->inputs[p], elements->at[i].name))
                VEC_PUSH(draft->arena, &list, ((struct scheme_use){.i = p, .is_input = true}));
    }
    out->uses = list.at;
    out->uses_len = list.len;
}

static void read_part(struct scheme__draft *draft, struct dmn_node *decision,
                      struct scheme_part *out)
{
    const struct dmn_node *logic = scheme__logic(decision);
    AUTO_BUF boxed = BUF(SCHEME_FILE_MAX);
    *out = (struct scheme_part){
        .id = scheme__id_of(decision),
        .name = scheme__name_of(decision),
        .label = scheme__label_of(decision),
        .description = text_or_empty(dmn_tree_text(draft->arena, decision, "description")),
        .type =
            scheme__or_empty(dmn_tree_attribute(dmn_tree_child(decision, "variable"), "typeRef")),
        .options = options_of(draft->arena, dmn_tree_extension(decision, "output")),
        .logic = scheme__logic_kind(logic),
        .text = STR(""),
        .line = decision->line};
    read_output(decision, out);
    if (out->logic == SCHEME_TABLE)
        read_grid(draft, logic, &out->grid);
    else if (out->logic == SCHEME_FORMULA)
        out->text = scheme__text_in(draft, logic);
    else {
        put_boxed(draft, logic, &boxed);
        out->text = str_dup(draft->arena, str_trim(buf_str(&boxed)));
    }
}

/* ---- the whole ---- */

static void read_inputs(struct scheme__draft *draft, const struct scheme__elements *elements,
                        struct scheme_outline *out)
{
    struct str_list names = {0};
    for (size_t i = 0; i < elements->len; i++)
        if (elements->at[i].is_input)
            VEC_PUSH(draft->arena, &names, elements->at[i].name);
    out->inputs = names.at;
    out->inputs_len = names.len;
}

static void read_parts(struct scheme__draft *draft, const struct scheme__elements *elements,
                       struct scheme_outline *out)
{
    size_t i = 0;
    size_t len = scheme__count(draft->root, "decision");
    struct scheme_part *parts = NEW_ARRAY(draft->arena, struct scheme_part, len + 1);
    out->parts = parts;
    out->parts_len = len;
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision"))
        read_part(draft, d, &parts[i++]);
    i = 0;
    for (struct dmn_node *d = dmn_tree_child(draft->root, "decision"); d;
         d = dmn_tree_next(d, "decision"), i++)
        read_uses(draft, d, elements, out, &parts[i]);
}

enum rc scheme_outline(struct arena *arena, struct str xml, struct fault *fault,
                       struct scheme_outline *out)
{
    AUTO_ARENA scratch = arena_new(0);
    struct scheme__draft draft = {.arena = arena, .scratch = scratch, .fault = fault};
    struct scheme__elements elements;
    TRY(scheme__draft_open(&draft, xml));
    scheme__elements(&draft, &elements);
    *out = (struct scheme_outline){
        .id = scheme__or_empty(dmn_tree_attribute(draft.root, "id")),
        .name = scheme__name_of(draft.root),
        .description = text_or_empty(dmn_tree_text(arena, draft.root, "description")),
        .options = options_of(arena, dmn_tree_extension(draft.root, "scheme"))};
    read_attributes(&draft, out);
    read_inputs(&draft, &elements, out);
    read_parts(&draft, &elements, out);
    return RC_OK;
}

const struct scheme_part *scheme_part(const struct scheme_outline *outline, struct str id)
{
    for (size_t i = 0; i < outline->parts_len; i++)
        if (str_eq(outline->parts[i].id, id))
            return &outline->parts[i];
    return NULL;
}
