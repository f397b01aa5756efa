/* What differs between two versions, in words: defaults and bounds of attributes, what is given and
 * how it is rounded, formulas with the part that changed, tables by rows and columns. Rows are
 * found again where they went: the longest common order stays, equal rows elsewhere were moved,
 * rows with the same conditions changed their results; what is left was added or removed. */
#include "scheme/scheme_web.h"

enum { CELLS_MAX = 4 << 20 }; /* of the comparison of two tables: beyond it rows go by place */

struct compare {
    struct op *op;
    const struct scheme *old, *new;
    struct scheme_changes *out;
};

/* ---- one change ---- */

static bool is_word_end(struct str text, size_t at)
{
    unsigned char c = at < text.len ? (unsigned char)text.at[at] : (unsigned char)' ';
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c >= 0x80);
}

/* What both texts begin and end with, cut between words. */
static void mark(struct scheme_change *change)
{
    struct str a = change->was, b = change->is;
    size_t head = 0, tail = 0;
    while (head < a.len && head < b.len && a.at[head] == b.at[head])
        head++;
    while (head > 0 &&
           !(is_word_end(a, head - 1) || (is_word_end(a, head) && is_word_end(b, head))))
        head--;
    while (tail < a.len - head && tail < b.len - head &&
           a.at[a.len - 1 - tail] == b.at[b.len - 1 - tail])
        tail++;
    while (tail > 0 && !is_word_end(a, a.len - tail))
        tail--;
    change->before = str_sub(a, 0, head);
    change->after = str_sub(a, a.len - tail, SIZE_MAX);
    change->gone = str_sub(a, head, a.len - tail - head);
    change->come = str_sub(b, head, b.len - tail - head);
}

static struct scheme_change *add(struct compare *c, struct str where, struct str was, struct str is)
{
    struct scheme_change change = {.where = where, .was = was, .is = is, .gone = was, .come = is};
    if (was.at && is.at && str_eq(was, is))
        return NULL;
    change.kind = !was.at ? SCHEME_ADDED : !is.at ? SCHEME_REMOVED : SCHEME_CHANGED;
    VEC_PUSH(c->op->arena, c->out, change);
    return &c->out->at[c->out->len - 1];
}

static void add_formula(struct compare *c, struct str where, struct str was, struct str is)
{
    struct scheme_change *change = add(c, where, was, is);
    if (!change)
        return;
    change->is_formula = true;
    if (change->kind == SCHEME_CHANGED)
        mark(change);
}

/* ---- attributes and outputs ---- */

static const struct scheme_attribute *find_attribute(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

static struct str default_words(struct op *op, const struct scheme_attribute *attribute)
{
    return attribute ? scheme_value_words(op, attribute, attribute->fallback) : STR_NONE;
}

static struct str bounds_words(struct op *op, const struct scheme_attribute *attribute)
{
    struct str words = scheme_bounds_words(op, attribute);
    return words.at ? words : tr(op->lang, M("without bounds"));
}

static void compare_attributes(struct compare *c)
{
    struct op *op = c->op;
    for (size_t i = 0; i < c->new->attributes_len; i++) {
        const struct scheme_attribute *is = &c->new->attributes[i];
        const struct scheme_attribute *was = find_attribute(c->old, is->name);
        struct scheme_change *change =
            add(c, is->label, default_words(op, was), default_words(op, is));
        if (change)
            change->attribute = is->name;
        if (was)
            (void)add(c, i18n_format(op->arena, op->lang, M("{0}: bounds"), is->label),
                      bounds_words(op, was), bounds_words(op, is));
    }
    for (size_t i = 0; i < c->old->attributes_len; i++) {
        const struct scheme_attribute *was = &c->old->attributes[i];
        if (!find_attribute(c->new, was->name))
            add(c, was->label, default_words(op, was), STR_NONE)->attribute = was->name;
    }
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

static void compare_outputs(struct compare *c)
{
    struct op *op = c->op;
    for (size_t i = 0; i < c->new->outputs_len; i++) {
        struct scheme_change *change =
            add(c, c->new->outputs[i].label, output_words(op, c->old, c->new->outputs[i].key),
                output_words(op, c->new, c->new->outputs[i].key));
        if (change && change->kind == SCHEME_CHANGED)
            mark(change);
    }
    for (size_t i = 0; i < c->old->outputs_len; i++) {
        struct str key = c->old->outputs[i].key;
        if (!output_words(op, c->new, key).at)
            (void)add(c, c->old->outputs[i].label, output_words(op, c->old, key), STR_NONE);
    }
}

/* ---- tables: columns ---- */

enum { COLUMNS_MAX = 256, NONE_AT = -1 };

struct columns { /* of the new table: where they were; NONE_AT: nowhere */
    int inputs[COLUMNS_MAX], outputs[COLUMNS_MAX];
};

static struct str input_head(const struct dmn_table *table, size_t k)
{
    return table->inputs[k].label.len ? table->inputs[k].label : table->inputs[k].text;
}

static struct str output_head(const struct dmn_table *table, size_t k)
{
    return table->outputs[k].label.len ? table->outputs[k].label : table->outputs[k].name;
}

static int old_input(const struct dmn_table *was, const struct dmn_table *is, size_t k)
{
    for (size_t i = 0; i < was->inputs_len; i++)
        if (str_eq(was->inputs[i].text, is->inputs[k].text))
            return (int)i;
    return NONE_AT;
}

static int old_output(const struct dmn_table *was, const struct dmn_table *is, size_t k)
{
    for (size_t i = 0; i < was->outputs_len; i++)
        if (str_eq(was->outputs[i].name, is->outputs[k].name))
            return (int)i;
    return NONE_AT;
}

static bool is_kept(const int *columns, size_t len, size_t old)
{
    for (size_t k = 0; k < len; k++)
        if (columns[k] == (int)old)
            return true;
    return false;
}

static void add_column(struct compare *c, struct str name, struct str head, bool is_new)
{
    struct str column = i18n_format(c->op->arena, c->op->lang, M("{0}: column"), name);
    (void)add(c, column, is_new ? STR_NONE : head, is_new ? head : STR_NONE);
}

static void compare_columns(struct compare *c, struct str name, const struct dmn_table *was,
                            const struct dmn_table *is, struct columns *out)
{
    for (size_t k = 0; k < is->inputs_len; k++)
        if ((out->inputs[k] = old_input(was, is, k)) == NONE_AT)
            add_column(c, name, input_head(is, k), true);
    for (size_t k = 0; k < is->outputs_len; k++)
        if ((out->outputs[k] = old_output(was, is, k)) == NONE_AT)
            add_column(c, name, output_head(is, k), true);
    for (size_t k = 0; k < was->inputs_len; k++)
        if (!is_kept(out->inputs, is->inputs_len, k))
            add_column(c, name, input_head(was, k), false);
    for (size_t k = 0; k < was->outputs_len; k++)
        if (!is_kept(out->outputs, is->outputs_len, k))
            add_column(c, name, output_head(was, k), false);
}

/* ---- tables: which row went where ---- */

struct rows {
    const struct dmn_table *was, *is;
    const struct columns *columns;
    int *of_new, *of_old; /* the other's row; NONE_AT: none */
    bool *is_moved;       /* of the new ones */
};

static bool same_inputs(const struct rows *r, size_t a, size_t b)
{
    for (size_t k = 0; k < r->is->inputs_len; k++)
        if (r->columns->inputs[k] != NONE_AT &&
            !str_eq(r->was->rules[a].inputs[r->columns->inputs[k]], r->is->rules[b].inputs[k]))
            return false;
    return true;
}

static bool same_outputs(const struct rows *r, size_t a, size_t b)
{
    for (size_t k = 0; k < r->is->outputs_len; k++)
        if (r->columns->outputs[k] != NONE_AT &&
            !str_eq(r->was->rules[a].outputs[r->columns->outputs[k]], r->is->rules[b].outputs[k]))
            return false;
    return true;
}

static void pair(struct rows *r, size_t a, size_t b)
{
    r->of_new[b] = (int)a;
    r->of_old[a] = (int)b;
}

/* The longest order that both have: a table of lengths, read back from its end. */
static void keep_order(struct arena *arena, struct rows *r)
{
    size_t n = r->was->rules_len, m = r->is->rules_len, a = 0, b = 0;
    int32_t *len = NEW_ARRAY(arena, int32_t, (n + 1) * (m + 1));
    memset(len, 0, (n + 1) * (m + 1) * sizeof(*len));
#define LENGTH(i_, j_) len[(i_) * (m + 1) + (j_)]
    for (size_t i = n; i > 0; i--)
        for (size_t j = m; j > 0; j--) {
            bool is_same = same_inputs(r, i - 1, j - 1) && same_outputs(r, i - 1, j - 1);
            int32_t skip =
                LENGTH(i, j - 1) > LENGTH(i - 1, j) ? LENGTH(i, j - 1) : LENGTH(i - 1, j);
            LENGTH(i - 1, j - 1) = is_same ? LENGTH(i, j) + 1 : skip;
        }
    while (a < n && b < m)
        if (same_inputs(r, a, b) && same_outputs(r, a, b)) {
            pair(r, a++, b++);
        } else if (LENGTH(a + 1, b) >= LENGTH(a, b + 1)) {
            a++;
        } else {
            b++;
        }
#undef LENGTH
}

/* Equal rows elsewhere, then rows with the same conditions. */
static void find_elsewhere(struct rows *r, bool needs_outputs)
{
    for (size_t b = 0; b < r->is->rules_len; b++)
        for (size_t a = 0; a < r->was->rules_len && r->of_new[b] == NONE_AT; a++)
            if (r->of_old[a] == NONE_AT && same_inputs(r, a, b) &&
                (!needs_outputs || same_outputs(r, a, b))) {
                pair(r, a, b);
                r->is_moved[b] = needs_outputs;
            }
}

/* What is left between two rows that stayed is the same row with other conditions, when it gives
 * the same. */
static void find_between(struct rows *r)
{
    for (size_t b = 0; b < r->is->rules_len; b++) {
        int low = NONE_AT;
        for (size_t k = 0; k < b; k++)
            if (r->of_new[k] != NONE_AT && !r->is_moved[k])
                low = r->of_new[k];
        for (size_t a = low == NONE_AT ? 0 : (size_t)low + 1;
             a < r->was->rules_len && r->of_new[b] == NONE_AT; a++) {
            if (r->of_old[a] != NONE_AT)
                break;
            if (same_outputs(r, a, b) || r->was->rules_len == r->is->rules_len)
                pair(r, a, b);
        }
    }
}

static void match_rows(struct compare *c, struct rows *r)
{
    size_t n = r->was->rules_len, m = r->is->rules_len;
    struct arena *arena = c->op->arena;
    r->of_new = NEW_ARRAY(arena, int, m);
    r->of_old = NEW_ARRAY(arena, int, n);
    r->is_moved = NEW_ARRAY(arena, bool, m);
    for (size_t i = 0; i < m; i++)
        r->of_new[i] = NONE_AT;
    for (size_t i = 0; i < n; i++)
        r->of_old[i] = NONE_AT;
    if ((n + 1) * (m + 1) > CELLS_MAX) {
        for (size_t i = 0; i < n && i < m; i++)
            pair(r, i, i);
        return;
    }
    keep_order(arena, r);
    find_elsewhere(r, true);
    find_elsewhere(r, false);
    find_between(r);
}

/* ---- tables: rows in words ---- */

/* A cell as people read it: texts without quotes, attributes by their labels, numbers by the rules
 * of the language. */
static struct str cell_words(struct op *op, const struct scheme *scheme, struct str text)
{
    struct dec number;
    text = str_trim(text);
    if (dec_parse(text, &number))
        return i18n_dec(op->arena, op->lang, number);
    if (text.len > 2 && text.at[0] == '"' &&
        str_find(str_sub(text, 1, SIZE_MAX), STR("\""), 0) == text.len - 2)
        return str_sub(text, 1, text.len - 2);
    if (str_starts(text, STR("terms."))) {
        const struct scheme_attribute *attribute =
            find_attribute(scheme, str_sub(text, STR("terms.").len, SIZE_MAX));
        return attribute ? attribute->label : text;
    }
    static const struct {
        const char *sign, *shown;
    } signs[] = {{">=", "≥ "}, {"<=", "≤ "}, {">", "> "}, {"<", "< "}};
    for (size_t i = 0; i < LEN(signs); i++)
        if (str_starts(text, str_of(signs[i].sign)))
            return str_join(op->arena, str_of(signs[i].shown),
                            cell_words(op, scheme, str_sub(text, strlen(signs[i].sign), SIZE_MAX)));
    return text;
}

/* "Seafood", "Seafood · ≥ 5,000", "any other". */
static struct str row_words(struct op *op, const struct scheme *scheme,
                            const struct dmn_table *table, size_t row)
{
    AUTO_BUF buf = BUF(16 << 10);
    for (size_t k = 0; k < table->inputs_len; k++) {
        struct str cell = str_trim(table->rules[row].inputs[k]);
        if (!cell.len || str_eq(cell, STR("-")))
            continue;
        buf_printf(&buf, "%s" STR_FMT, buf.len ? " · " : "", STR_ARG(cell_words(op, scheme, cell)));
    }
    return buf.len ? str_dup(op->arena, buf_str(&buf))
                   : tr(op->lang, M("any other||condition of a row"));
}

static struct str results_words(struct op *op, const struct scheme *scheme,
                                const struct dmn_table *table, size_t row)
{
    AUTO_BUF buf = BUF(16 << 10);
    for (size_t k = 0; k < table->outputs_len; k++)
        buf_printf(&buf, "%s" STR_FMT, k ? " · " : "",
                   STR_ARG(cell_words(op, scheme, table->rules[row].outputs[k])));
    return str_dup(op->arena, buf_str(&buf));
}

static struct str row_place(struct op *op, size_t row)
{
    return i18n_format(op->arena, op->lang, M("row {0}"), (int64_t)row + 1);
}

static void compare_row(struct compare *c, struct str name, const struct rows *r, size_t b)
{
    struct op *op = c->op;
    size_t a = (size_t)r->of_new[b];
    struct str was = row_words(op, c->old, r->was, a), is = row_words(op, c->new, r->is, b);
    struct str where = i18n_format(op->arena, op->lang, M("{0}: {1}"), name, is);
    if (r->is_moved[b])
        add(c, where, row_place(op, a), row_place(op, b))->kind = SCHEME_MOVED;
    if (!str_eq(was, is))
        (void)add(c, i18n_format(op->arena, op->lang, M("{0}, row {1}"), name, (int64_t)b + 1), was,
                  is);
    for (size_t k = 0; k < r->is->outputs_len; k++) {
        int old = r->columns->outputs[k];
        struct str head = where;
        if (r->is->outputs_len > 1)
            head = i18n_format(op->arena, op->lang, M("{0}: {1}"), where, output_head(r->is, k));
        if (old != NONE_AT)
            (void)add(c, head, cell_words(op, c->old, r->was->rules[a].outputs[old]),
                      cell_words(op, c->new, r->is->rules[b].outputs[k]));
    }
}

static void compare_tables(struct compare *c, struct str name, const struct dmn_table *was,
                           const struct dmn_table *is)
{
    struct op *op = c->op;
    struct columns columns;
    struct rows rows = {.was = was, .is = is, .columns = &columns};
    if (was->inputs_len > COLUMNS_MAX || is->inputs_len > COLUMNS_MAX ||
        was->outputs_len > COLUMNS_MAX || is->outputs_len > COLUMNS_MAX)
        return;
    (void)add(c, name, tr(op->lang, scheme__hit_sentence(was->hit_policy)),
              tr(op->lang, scheme__hit_sentence(is->hit_policy)));
    compare_columns(c, name, was, is, &columns);
    match_rows(c, &rows);
    for (size_t b = 0; b < is->rules_len; b++)
        if (rows.of_new[b] != NONE_AT)
            compare_row(c, name, &rows, b);
        else
            (void)add(
                c,
                i18n_format(op->arena, op->lang, M("{0}: {1}"), name, row_words(op, c->new, is, b)),
                STR_NONE, results_words(op, c->new, is, b));
    for (size_t a = 0; a < was->rules_len; a++)
        if (rows.of_old[a] == NONE_AT)
            (void)add(c,
                      i18n_format(op->arena, op->lang, M("{0}: {1}"), name,
                                  row_words(op, c->old, was, a)),
                      results_words(op, c->old, was, a), STR_NONE);
}

/* ---- decisions ---- */

static struct str logic_words(struct op *op, const struct dmn_element *element)
{
    if (element && element->table)
        return i18n_format(op->arena, op->lang,
                           M("{0, plural, one {table of # row} other {table of # rows}}"),
                           element->table->rules_len);
    return element ? element->text : STR_NONE;
}

static struct str decision_name(const struct dmn_element *element)
{
    return element->label.len ? element->label : element->name;
}

static void compare_decisions(struct compare *c)
{
    for (size_t i = 0; i < c->new->model->elements_len; i++) {
        const struct dmn_element *is = c->new->model->elements[i];
        if (is->kind != DMN_DECISION && is->kind != DMN_KNOWLEDGE)
            continue;
        const struct dmn_element *was = dmn_find(c->old->model, is->kind, is->name);
        if (was && was->table && is->table)
            compare_tables(c, decision_name(is), was->table, is->table);
        else
            add_formula(c, decision_name(is), logic_words(c->op, was), logic_words(c->op, is));
    }
    for (size_t i = 0; i < c->old->model->elements_len; i++) {
        const struct dmn_element *was = c->old->model->elements[i];
        if ((was->kind == DMN_DECISION || was->kind == DMN_KNOWLEDGE) &&
            !dmn_find(c->new->model, was->kind, was->name))
            add_formula(c, decision_name(was), logic_words(c->op, was), STR_NONE);
    }
}

void scheme_compare(struct op *op, const struct scheme *old, const struct scheme *new,
                    struct scheme_changes *out)
{
    struct compare c = {op, old, new, out};
    *out = (struct scheme_changes){0};
    if (old->currency != new->currency)
        (void)add(&c, tr(op->lang, M("Currency")),
                  old->currency ? str_of(old->currency->code) : tr(op->lang, M("of the contract")),
                  new->currency ? str_of(new->currency->code) : tr(op->lang, M("of the contract")));
    compare_attributes(&c);
    compare_outputs(&c);
    compare_decisions(&c);
}
