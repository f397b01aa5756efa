/* Templates made schemes: words in the reader's language, attributes as they were filled, a name
 * and a code of their own; and the worked example as people read it. */
#include "scheme/scheme_template.h"

#include "scheme/scheme_edit_int.h"
#include "scheme/scheme_int.h"

/* ---- words in another language ---- */

static struct str translated(struct arena *arena, const struct lang *lang, struct str text)
{
    return tr(lang, str_c(arena, text));
}

/* Labels and descriptions; names stay, because formulas use them. */
static void translate(struct arena *arena, const struct lang *lang, struct dmn_node *node)
{
    struct str label = dmn_tree_attribute(node, "label");
    if (label.len)
        dmn_tree_attribute_set(arena, node, "label", translated(arena, lang, label));
    if (dmn_tree_is(node, "description"))
        dmn_tree_text_set(arena, node, translated(arena, lang, dmn_tree_text(arena, node, NULL)));
    for (struct dmn_node *c = node->first; c; c = c->next)
        if (c->kind == DMN_NODE_ELEMENT)
            translate(arena, lang, c);
}

/* The template's file, which is ours and cannot be wrong, in the language. */
static void open_template(struct scheme__draft *draft, const struct lang *lang,
                          const struct scheme_template *template)
{
    enum rc rc = scheme__draft_open(draft, str_of(template->file));
    assert(rc == RC_OK);
    translate(draft->arena, lang, draft->root);
    dmn_tree_attribute_set(draft->arena, draft->root, "name",
                           translated(draft->arena, lang, scheme__name_of(draft->root)));
}

void scheme_template_outline(struct arena *arena, const struct lang *lang,
                             const struct scheme_template *template, struct scheme_outline *out)
{
    struct fault fault = {.arena = arena};
    struct scheme__draft draft = {.arena = arena, .fault = &fault};
    struct str xml;
    open_template(&draft, lang, template);
    enum rc rc = scheme__draft_write(&draft, &xml);
    if (rc == RC_OK)
        rc = scheme_outline(arena, xml, &fault, out);
    assert(rc == RC_OK);
}

/* ---- a scheme ---- */

static enum rc fill(struct op *op, struct scheme__draft *draft,
                    const struct scheme_template_order *order)
{
    struct scheme_outline outline;
    size_t before = op->fault.entries_len;
    scheme_template_outline(op->arena, op->lang, order->template, &outline);
    for (size_t i = 0; i < order->values_len; i++) {
        const struct scheme_template_value *value = &order->values[i];
        struct dmn_node *node = scheme__attribute_node(draft, value->name);
        const char *field = str_c(op->arena, value->name), *wrong = NULL;
        struct str canonical = STR_NONE;
        if (!node) {
            (void)!fail(op, RC_INVALID, field, M("The template has no attribute {0}."), field);
            continue;
        }
        for (size_t k = 0; k < outline.attributes_len; k++)
            if (str_eq(outline.attributes[k].name, value->name))
                wrong = scheme_value_typed(op, &outline.attributes[k], value->text, &canonical);
        if (wrong)
            (void)!fault_add(&op->fault, RC_INVALID, field, wrong, NULL);
        else
            dmn_tree_attribute_set(op->arena, dmn_tree_extension(node, "attribute"), "default",
                                   canonical);
    }
    return op->fault.entries_len > before ? RC_INVALID : RC_OK;
}

enum rc scheme_template_text(struct op *op, const struct scheme_template_order *order,
                             struct str *out_xml)
{
    struct scheme__draft draft = {.arena = op->arena, .fault = &op->fault};
    open_template(&draft, op->lang, order->template);
    TRY(fill(op, &draft, order));
    dmn_tree_attribute_set(op->arena, draft.root, "id", order->code);
    dmn_tree_attribute_set(op->arena, draft.root, "namespace",
                           str_join(op->arena, STR("urn:kontor:scheme:"), order->code));
    if (order->name.len)
        dmn_tree_attribute_set(op->arena, draft.root, "name", order->name);
    return scheme__draft_write(&draft, out_xml);
}

enum rc scheme_template_make(struct op *op, const struct scheme_template_order *order,
                             int64_t *out_scheme_id, int64_t *out_version_id)
{
    struct scheme_outline outline;
    struct str xml;
    TRY(op_must(op, "scheme.edit"));
    TRY(scheme_template_text(op, order, &xml));
    TRY(scheme_outline(op->arena, xml, &op->fault, &outline));
    struct scheme_info scheme = {
        .code = order->code, .name = outline.name, .description = outline.description};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_save(op, &scheme, out_scheme_id));
    TRY(scheme_version_add(op, *out_scheme_id, xml, STR(""), out_version_id));
    return txn_commit(&txn);
}

/* ---- the worked example ---- */

/* Tables that say how it is played. */
static bool is_machinery(struct str name)
{
    static const char *const names[] = {"company", "scheme", "runs"};
    for (size_t i = 0; i < LEN(names); i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static struct str_list cells_of(struct arena *arena, struct str line)
{
    struct str_list cells = {0};
    while (line.at)
        VEC_PUSH(arena, &cells, str_trim(str_cut(&line, ',')));
    return cells;
}

static void take_line(struct arena *arena, struct str line, struct scheme_example *out)
{
    struct scheme_example_table *table =
        out->tables.len ? &out->tables.at[out->tables.len - 1] : NULL;
    if (str_starts(line, STR("["))) {
        struct scheme_example_table begun = {.name = str_sub(line, 1, line.len - 2)};
        VEC_PUSH(arena, &out->tables, begun);
    } else if (table && !table->head.len) {
        table->head = cells_of(arena, line);
    } else if (table) {
        VEC_PUSH(arena, &table->rows, cells_of(arena, line));
    }
}

/* The tables that are left, in their order. */
static void drop_machinery(struct scheme_example *out)
{
    size_t len = 0;
    for (size_t i = 0; i < out->tables.len; i++)
        if (!is_machinery(out->tables.at[i].name))
            out->tables.at[len++] = out->tables.at[i];
    out->tables.len = len;
}

void scheme_template_example(struct arena *arena, const struct lang *lang,
                             const struct scheme_template *template, struct scheme_example *out)
{
    AUTO_BUF words = BUF(16 * 1024);
    bool is_head = true;
    *out = (struct scheme_example){0};
    for (struct str rest = str_of(template->example); rest.at;) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        bool is_note = str_starts(line, STR("#"));
        is_head = is_head && is_note;
        if (is_head)
            buf_printf(&words, "%s" STR_FMT, words.len ? " " : "",
                       STR_ARG(str_trim(str_sub(line, 1, line.len - 1))));
        if (!is_note && line.len)
            take_line(arena, line, out);
    }
    drop_machinery(out);
    out->words = translated(arena, lang, buf_str(&words));
}
