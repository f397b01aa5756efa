/* A version as tables and texts that people read: attributes, outputs, and each decision in the
 * order in which it is computed. Formulas stay as they are written: they are the definition. */
#include "scheme/scheme_web.h"

enum { ATTR_NAME, ATTR_DEFAULT, ATTR_BOUNDS, ATTRS };
static const struct ui_column attribute_columns[] = {
    [ATTR_NAME] = {.name = "attribute",
                   .title = M("Attribute||of a scheme"),
                   .kind = UI_TEXT,
                   .place = UI_AT_NAME},
    [ATTR_DEFAULT] = {.name = "default",
                      .title = M("Default"),
                      .kind = UI_TEXT,
                      .place = UI_AT_FIGURE},
    [ATTR_BOUNDS] = {.name = "bounds", .title = M("Bounds"), .kind = UI_TEXT, .place = UI_AT_BADGE},
};

enum { OUT_NAME, OUT_KIND, OUT_SCOPE, OUT_ROUNDING, OUT_LAW, OUTS };
static const struct ui_column output_columns[] = {
    [OUT_NAME] = {.name = "output",
                  .title = M("What it gives"),
                  .kind = UI_TEXT,
                  .place = UI_AT_NAME},
    [OUT_KIND] = {.name = "kind", .title = M("Kind"), .kind = UI_TEXT, .place = UI_AT_FIGURE},
    [OUT_SCOPE] = {.name = "scope",
                   .title = M("Computed for"),
                   .kind = UI_TEXT,
                   .place = UI_AT_BADGE},
    [OUT_ROUNDING] = {.name = "rounding", .title = M("Rounding"), .kind = UI_TEXT},
    [OUT_LAW] = {.name = "law", .title = M("Taken back on a refund"), .kind = UI_TEXT},
};

static const char *rounding_word(enum dec_round rounding)
{
    switch (rounding) {
    case DEC_HALF_EVEN: return M("half to even");
    case DEC_HALF_UP: return M("half up");
    case DEC_HALF_DOWN: return M("half down");
    case DEC_UP: return M("up");
    case DEC_DOWN: return M("down");
    case DEC_FLOOR: return M("towards less");
    case DEC_CEILING: return M("towards more");
    }
    return NULL;
}

static struct str rounding_words(struct op *op, const struct scheme_output *output)
{
    struct str how = tr(op->lang, rounding_word(output->rounding));
    if (output->kind == SCHEME_MEASURE && output->scale < 0)
        return STR_NONE;
    if (output->scale < 0)
        return i18n_format(op->arena, op->lang, M("{0}, as the currency"), how);
    return i18n_format(op->arena, op->lang,
                       M("{0}, {1, plural, =0 {whole} one {# digit} other {# digits}}"), how,
                       output->scale);
}

static void attribute_rows(struct op *op, const struct scheme *scheme, struct ui_table *table)
{
    *table = (struct ui_table){.columns = attribute_columns,
                               .columns_len = ATTRS,
                               .caption = M("Attributes of the scheme")};
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        const struct scheme_attribute *a = &scheme->attributes[i];
        struct ui_cell *cells = ui_table_row(op, table, a->name);
        cells[ATTR_NAME] = ui_cell_two(a->label, a->name);
        cells[ATTR_DEFAULT] = ui_cell_text(scheme_value_words(op, a, a->fallback));
        cells[ATTR_BOUNDS] = ui_cell_text(scheme_bounds_words(op, a));
    }
}

static void output_rows(struct op *op, const struct scheme *scheme, struct ui_table *table)
{
    *table = (struct ui_table){
        .columns = output_columns, .columns_len = OUTS, .caption = M("What the scheme gives")};
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        const struct scheme_output *output = &scheme->outputs[i];
        struct ui_cell *cells = ui_table_row(op, table, output->key);
        cells[OUT_NAME] = ui_cell_two(output->label, output->decision);
        cells[OUT_KIND] = ui_cell_text(tr(op->lang, scheme_kind_label(output->kind)));
        cells[OUT_SCOPE] = ui_cell_text(tr(op->lang, scheme_scope_label(output->scope)));
        cells[OUT_ROUNDING] = ui_cell_text(rounding_words(op, output));
        if (output->kind == SCHEME_LINE && output->scope == SCHEME_EVENT)
            cells[OUT_LAW] = ui_cell_text(tr(op->lang, scheme_law_label(output->law)));
    }
}

/* ---- decisions ---- */

static struct str uses_words(struct op *op, const struct dmn_element *element)
{
    struct str *names = NEW_ARRAY(op->arena, struct str, element->requires_len + 1);
    for (size_t i = 0; i < element->requires_len; i++)
    names[i] = element->requires[i] -> name;
    if (element->requires_len == 0)
        return STR_NONE;
    return i18n_list(op->arena, op->lang, names, element->requires_len);
}

static struct str output_words(struct op *op, const struct scheme *scheme, struct str decision)
{
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (str_eq(scheme->outputs[i].decision, decision))
            return i18n_format(op->arena, op->lang, M("{0} · {1}"),
                               tr(op->lang, scheme_kind_label(scheme->outputs[i].kind)),
                               tr(op->lang, scheme_scope_label(scheme->outputs[i].scope)));
    return STR_NONE;
}

static struct str or_name(struct str label, struct str name)
{
    return label.len ? label : name;
}

static void table_of(struct op *op, const struct dmn_table *table, struct scheme__decision *out)
{
    out->hit_sentence = scheme__hit_sentence(table->hit_policy);
    for (size_t i = 0; i < table->inputs_len; i++)
        VEC_PUSH(op->arena, &out->input_heads,
                 or_name(table->inputs[i].label, table->inputs[i].text));
    for (size_t i = 0; i < table->outputs_len; i++) {
        struct str head = or_name(table->outputs[i].label, table->outputs[i].name);
        VEC_PUSH(op->arena, &out->output_heads, or_name(head, out->name));
    }
    for (size_t i = 0; i < table->rules_len; i++) {
        const struct dmn_rule *rule = &table->rules[i];
        struct scheme__rule row = {.number = (int64_t)i + 1};
        for (size_t k = 0; k < table->inputs_len; k++)
            VEC_PUSH(op->arena, &row.inputs, rule->inputs[k]);
        for (size_t k = 0; k < table->outputs_len; k++)
            VEC_PUSH(op->arena, &row.outputs, rule->outputs[k]);
        for (size_t k = 0; k < rule->annotations_len; k++)
            VEC_PUSH(op->arena, &row.notes, rule->annotations[k]);
        if (rule->annotations_len == 0 && rule->description.len)
            VEC_PUSH(op->arena, &row.notes, rule->description);
        out->has_notes = out->has_notes || row.notes.len;
        VEC_PUSH(op->arena, &out->rules, row);
    }
}

static struct scheme__decision decision_of(struct op *op, const struct scheme *scheme,
                                           const struct dmn_element *element)
{
    struct scheme__decision decision = {
        .name = element->name,
        .label = element->label,
        .description = element->description,
        .uses = uses_words(op, element),
        .output = output_words(op, scheme, element->name),
        .text = element->table ? STR_NONE : element->text,
    };
    if (element->table)
        table_of(op, element->table, &decision);
    return decision;
}

/* What is needed first stands first: a decision comes after those that it requires. */
static void add_decision(struct op *op, const struct scheme *scheme,
                         const struct dmn_element *element, bool *seen, struct scheme__words *out)
{
    if (seen[element->index] || element->kind == DMN_INPUT)
        return;
    seen[element->index] = true;
    for (size_t i = 0; i < element->requires_len; i++)
        add_decision(op, scheme, element->requires[i], seen, out);
    if (element->kind == DMN_SERVICE)
        return;
    struct scheme__decision decision = decision_of(op, scheme, element);
    VEC_PUSH(op->arena, &out->decisions, decision);
}

void scheme__words_make(struct op *op, const struct scheme *scheme, struct scheme__words *out)
{
    size_t slots = 0;
    *out = (struct scheme__words){0};
    scheme__findings_add(op, scheme->warnings, scheme->warnings_len, &out->findings);
    attribute_rows(op, scheme, &out->attributes);
    output_rows(op, scheme, &out->outputs);
    for (size_t i = 0; i < scheme->model->elements_len; i++)
        if (scheme->model->elements[i]->index >= slots)
            slots = scheme->model->elements[i]->index + 1;
    bool *seen = NEW_ARRAY(op->arena, bool, slots + 1);
    for (size_t i = 0; i < scheme->model->elements_len; i++)
        add_decision(op, scheme, scheme->model->elements[i], seen, out);
}
