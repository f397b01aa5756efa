/* What differs between two versions, as texts: defaults and bounds of attributes, what is given and
 * how it is rounded, formulas, cells of tables. Rows of a table are compared by their place: who
 * puts a row in the middle sees the rows after it as changed, which is what the machine sees too.
 */
#include "scheme/scheme_web.h"

struct compare {
    struct op *op;
    struct scheme__changes *out;
};

static void add(struct compare *c, struct str where, struct str was, struct str is)
{
    struct scheme__change change = {where, was, is};
    if (!str_eq(was, is) || was.at == NULL || is.at == NULL)
        VEC_PUSH(c->op->arena, c->out, change);
}

/* ---- attributes and outputs ---- */

static const struct scheme_attribute *find_attribute(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

static struct str attribute_words(struct op *op, const struct scheme_attribute *attribute)
{
    if (!attribute)
        return STR_NONE;
    struct str value = scheme_value_words(op, attribute, attribute->fallback);
    struct str bounds = scheme_bounds_words(op, attribute);
    if (!bounds.at)
        return value;
    return str_printf(op->arena, STR_FMT " (" STR_FMT ")", STR_ARG(value), STR_ARG(bounds));
}

static void compare_attributes(struct compare *c, const struct scheme *old,
                               const struct scheme *new)
{
    for (size_t i = 0; i < new->attributes_len; i++) {
        const struct scheme_attribute *is = &new->attributes[i];
        const struct scheme_attribute *was = find_attribute(old, is->name);
        add(c, is->label, attribute_words(c->op, was), attribute_words(c->op, is));
    }
    for (size_t i = 0; i < old->attributes_len; i++)
        if (!find_attribute(new, old->attributes[i].name))
            add(c, old->attributes[i].label, attribute_words(c->op, &old->attributes[i]), STR_NONE);
}

static struct str output_words(struct op *op, const struct scheme *scheme, struct str key)
{
    struct scheme__words words;
    scheme__words_make(op, scheme, &words);
    for (size_t i = 0; i < words.outputs.rows.len; i++) {
        const struct ui_row *row = &words.outputs.rows.at[i];
        if (!str_eq(row->id, key))
            continue;
        AUTO_BUF buf = BUF(16 * 1024);
        for (size_t k = 0; k < words.outputs.columns_len; k++)
            if (row->cells[k].text.len)
                buf_printf(&buf, "%s" STR_FMT, buf.len ? " · " : "", STR_ARG(row->cells[k].text));
        return str_dup(op->arena, buf_str(&buf));
    }
    return STR_NONE;
}

static void compare_outputs(struct compare *c, const struct scheme *old, const struct scheme *new)
{
    for (size_t i = 0; i < new->outputs_len; i++)
        add(c, new->outputs[i].label, output_words(c->op, old, new->outputs[i].key),
            output_words(c->op, new, new->outputs[i].key));
    for (size_t i = 0; i < old->outputs_len; i++)
        if (!output_words(c->op, new, old->outputs[i].key).at)
            add(c, old->outputs[i].label, output_words(c->op, old, old->outputs[i].key), STR_NONE);
}

/* ---- decisions ---- */

static struct str cell(const struct str *cells, size_t len, size_t i)
{
    return i < len ? cells[i] : STR_NONE;
}

static void compare_row(struct compare *c, struct str name, int64_t number,
                        const struct dmn_table *was, const struct dmn_table *is, size_t i)
{
    const struct dmn_rule *a = i < was->rules_len ? &was->rules[i] : NULL;
    const struct dmn_rule *b = i < is->rules_len ? &is->rules[i] : NULL;
    const struct dmn_table *heads = b ? is : was;
    for (size_t k = 0; k < heads->inputs_len; k++) {
        struct str head =
            heads->inputs[k].label.len ? heads->inputs[k].label : heads->inputs[k].text;
        add(c, i18n_format(c->op->arena, c->op->lang, M("{0}, row {1}: {2}"), name, number, head),
            a ? cell(a->inputs, was->inputs_len, k) : STR_NONE,
            b ? cell(b->inputs, is->inputs_len, k) : STR_NONE);
    }
    for (size_t k = 0; k < heads->outputs_len; k++) {
        struct str head =
            heads->outputs[k].label.len ? heads->outputs[k].label : heads->outputs[k].name;
        add(c, i18n_format(c->op->arena, c->op->lang, M("{0}, row {1}: {2}"), name, number, head),
            a ? cell(a->outputs, was->outputs_len, k) : STR_NONE,
            b ? cell(b->outputs, is->outputs_len, k) : STR_NONE);
    }
}

static void compare_tables(struct compare *c, struct str name, const struct dmn_table *was,
                           const struct dmn_table *is)
{
    size_t rows = was->rules_len > is->rules_len ? was->rules_len : is->rules_len;
    if (was->hit_policy != is->hit_policy)
        add(c, name, tr(c->op->lang, scheme__hit_sentence(was->hit_policy)),
            tr(c->op->lang, scheme__hit_sentence(is->hit_policy)));
    for (size_t i = 0; i < rows; i++)
        compare_row(c, name, (int64_t)i + 1, was, is, i);
}

static struct str logic_words(struct op *op, const struct dmn_element *element)
{
    if (element && element->table)
        return i18n_format(op->arena, op->lang,
                           M("{0, plural, one {table of # row} other {table of # rows}}"),
                           element->table->rules_len);
    return element ? element->text : STR_NONE;
}

static void compare_decisions(struct compare *c, const struct scheme *old, const struct scheme *new)
{
    for (size_t i = 0; i < new->model->elements_len; i++) {
        const struct dmn_element *is = new->model->elements[i];
        if (is->kind != DMN_DECISION && is->kind != DMN_KNOWLEDGE)
            continue;
        const struct dmn_element *was = dmn_find(old->model, is->kind, is->name);
        if (was && was->table && is->table)
            compare_tables(c, is->name, was->table, is->table);
        else if (!was || !str_eq(logic_words(c->op, was), logic_words(c->op, is)))
            add(c, is->name, logic_words(c->op, was), logic_words(c->op, is));
    }
    for (size_t i = 0; i < old->model->elements_len; i++) {
        const struct dmn_element *was = old->model->elements[i];
        if ((was->kind == DMN_DECISION || was->kind == DMN_KNOWLEDGE) &&
            !dmn_find(new->model, was->kind, was->name))
            add(c, was->name, logic_words(c->op, was), STR_NONE);
    }
}

void scheme__compare(struct op *op, const struct scheme *old, const struct scheme *new,
                     struct scheme__changes *out)
{
    struct compare c = {op, out};
    *out = (struct scheme__changes){0};
    if (old->currency != new->currency)
        add(&c, tr(op->lang, M("Currency")),
            old->currency ? str_of(old->currency->code) : tr(op->lang, M("of the contract")),
            new->currency ? str_of(new->currency->code) : tr(op->lang, M("of the contract")));
    compare_attributes(&c, old, new);
    compare_outputs(&c, old, new);
    compare_decisions(&c, old, new);
}
