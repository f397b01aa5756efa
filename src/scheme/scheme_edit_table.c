/* Changes of decision tables: policy, columns, rows, cells, notes. Cells of a row stand in the
 * order of the columns; a row that has too few gets the rest when one of them is set. */
#include "scheme/scheme_edit_int.h"

struct scheme__policy {
    enum dmn_hit_policy policy;
    const char *word, *aggregation;
};
static const struct scheme__policy policies[] = {
    {DMN_UNIQUE, "UNIQUE", NULL},           {DMN_ANY, "ANY", NULL},
    {DMN_PRIORITY, "PRIORITY", NULL},       {DMN_FIRST, "FIRST", NULL},
    {DMN_RULE_ORDER, "RULE ORDER", NULL},   {DMN_OUTPUT_ORDER, "OUTPUT ORDER", NULL},
    {DMN_COLLECT, "COLLECT", NULL},         {DMN_COLLECT_SUM, "COLLECT", "SUM"},
    {DMN_COLLECT_MIN, "COLLECT", "MIN"},    {DMN_COLLECT_MAX, "COLLECT", "MAX"},
    {DMN_COLLECT_COUNT, "COLLECT", "COUNT"}};

/* ---- texts ---- */

struct str scheme__text_in(struct scheme__draft *draft, const struct dmn_node *node)
{
    struct str text = dmn_tree_text(draft->arena, node, "text");
    return text.at ? str_trim(text) : STR("");
}

void scheme__text_put(struct scheme__draft *draft, struct dmn_node *node, struct str text)
{
    struct dmn_node *child = dmn_tree_child(node, "text");
    if (!child)
        child = dmn_tree_add(draft->arena, node, "text");
    dmn_tree_text_set(draft->arena, child, text.at ? text : STR(""));
}

struct dmn_node *scheme__child_for(struct scheme__draft *draft, struct dmn_node *node,
                                   const char *tag, struct str text)
{
    struct dmn_node *child = dmn_tree_child(node, tag);
    if (!text.at)
        return NULL;
    if (text.len)
        return child ? child : dmn_tree_add(draft->arena, node, tag);
    if (child)
        dmn_tree_remove(child);
    return NULL;
}

static void put_child_text(struct scheme__draft *draft, struct dmn_node *node, const char *tag,
                           struct str text)
{
    struct dmn_node *child = scheme__child_for(draft, node, tag, text);
    if (child)
        scheme__text_put(draft, child, text);
}

static void put_attribute(struct scheme__draft *draft, struct dmn_node *node, const char *name,
                          struct str value)
{
    if (value.at)
        dmn_tree_attribute_set(draft->arena, node, name, value.len ? value : STR_NONE);
}

/* ---- the table ---- */

enum rc scheme__table_open(struct scheme__draft *draft, const struct scheme_edit *edit,
                           struct scheme__table *out)
{
    *out = (struct scheme__table){.decision = scheme__decision(draft, edit->part)};
    if (!out->decision)
        return scheme__refuse(draft, RC_MISSING, STR(""),
                              M("The scheme has no such decision any more."), NULL, NULL, NULL);
    out->node = dmn_tree_child(out->decision, "decisionTable");
    if (!out->node)
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(out->decision),
                              M("This decision is no table."), NULL, NULL, NULL);
    out->inputs_len = scheme__count(out->node, "input");
    out->outputs_len = scheme__count(out->node, "output");
    out->rows_len = scheme__count(out->node, "rule");
    return RC_OK;
}

static const char *name_c(struct scheme__draft *draft, const struct scheme__table *table)
{
    return str_c(draft->arena, scheme__label_of(table->decision));
}

static enum rc no_row(struct scheme__draft *draft, const struct scheme__table *table, size_t row)
{
    return scheme__refuse(draft, RC_INVALID, scheme__name_of(table->decision),
                          M("{0} has no row {1}."), name_c(draft, table),
                          scheme__number_c(draft, row + 1), NULL);
}

static enum rc check_row(struct scheme__draft *draft, const struct scheme__table *table, size_t row)
{
    return row < table->rows_len ? RC_OK : no_row(draft, table, row);
}

static enum rc check_column(struct scheme__draft *draft, const struct scheme__table *table,
                            size_t column)
{
    if (column < table->inputs_len + table->outputs_len)
        return RC_OK;
    return scheme__refuse(draft, RC_INVALID, scheme__name_of(table->decision),
                          M("{0} has no column {1}."), name_c(draft, table),
                          scheme__number_c(draft, column + 1), NULL);
}

static void column_place(const struct scheme__table *table, size_t column, const char **out_entry,
                         const char **out_head, size_t *out_i)
{
    bool is_result = column >= table->inputs_len;
    *out_entry = is_result ? "outputEntry" : "inputEntry";
    *out_head = is_result ? "output" : "input";
    *out_i = is_result ? column - table->inputs_len : column;
}

struct dmn_node *scheme__row_cell(struct scheme__draft *draft, const struct scheme__table *table,
                                  struct dmn_node *rule, size_t column)
{
    const char *entry, *head;
    size_t i = 0;
    column_place(table, column, &entry, &head, &i);
    while (scheme__count(rule, entry) <= i)
        scheme__text_put(draft, dmn_tree_add(draft->arena, rule, entry),
                         strcmp(entry, "inputEntry") == 0 ? STR("-") : STR(""));
    return scheme__nth(rule, entry, i);
}

struct dmn_node *scheme__cell(struct scheme__draft *draft, const struct scheme__table *table,
                              size_t row, size_t column)
{
    return scheme__row_cell(draft, table, scheme__nth(table->node, "rule", row), column);
}

struct dmn_node *scheme__row_new(struct scheme__draft *draft, const struct scheme__table *table)
{
    struct dmn_node *rule = dmn_tree_add(draft->arena, table->node, "rule");
    size_t columns = table->inputs_len + table->outputs_len;
    dmn_tree_attribute_set(draft->arena, rule, "id", scheme__new_id(draft, "row"));
    if (table->inputs_len)
        (void)scheme__row_cell(draft, table, rule, table->inputs_len - 1);
    if (table->outputs_len)
        (void)scheme__row_cell(draft, table, rule, columns - 1);
    return rule;
}

/* ---- notes: in the column for them when the table has one, else the rule's description ---- */

struct str scheme__note_of(struct scheme__draft *draft, const struct dmn_node *rule)
{
    struct str note = scheme__text_in(draft, dmn_tree_child(rule, "annotationEntry"));
    if (note.len)
        return note;
    note = dmn_tree_text(draft->arena, rule, "description");
    return note.at ? str_trim(note) : STR("");
}

void scheme__note_put(struct scheme__draft *draft, const struct scheme__table *table,
                      struct dmn_node *rule, struct str text)
{
    struct dmn_node *description = dmn_tree_child(rule, "description");
    if (dmn_tree_child(table->node, "annotation")) {
        struct dmn_node *entry = dmn_tree_child(rule, "annotationEntry");
        if (!entry && !text.len && !description)
            return;
        if (!entry)
            entry = dmn_tree_add(draft->arena, rule, "annotationEntry");
        scheme__text_put(draft, entry, text);
        text = STR(""); /* it stands in one place */
    }
    if (!text.len) {
        if (description)
            dmn_tree_remove(description);
        return;
    }
    if (!description)
        description = dmn_tree_add(draft->arena, rule, "description");
    dmn_tree_text_set(draft->arena, description, text);
}

/* ---- policy ---- */

static enum rc policy_set(struct scheme__draft *draft, const struct scheme__table *table,
                          const struct scheme_edit *edit)
{
    for (size_t i = 0; i < LEN(policies); i++) {
        if (policies[i].policy != edit->policy)
            continue;
        dmn_tree_attribute_set(draft->arena, table->node, "hitPolicy", str_of(policies[i].word));
        dmn_tree_attribute_set(draft->arena, table->node, "aggregation",
                               str_of(policies[i].aggregation));
        scheme__say(draft, M("{0}: what happens when several rows apply"), name_c(draft, table),
                    NULL);
        return RC_OK;
    }
    return scheme__refuse(draft, RC_INVALID, scheme__name_of(table->decision),
                          M("There is no such way of taking rows."), NULL, NULL, NULL);
}

/* ---- columns ---- */

static struct str column_name(struct scheme__draft *draft, const struct dmn_node *column)
{
    struct str name = dmn_tree_attribute(column, "label");
    if (!name.len)
        name = scheme__name_of(column);
    if (!name.len)
        name = scheme__text_in(draft, dmn_tree_child(column, "inputExpression"));
    return name;
}

static const char *column_c(struct scheme__draft *draft, const struct scheme__table *table,
                            size_t column)
{
    const char *entry, *head;
    size_t i = 0;
    column_place(table, column, &entry, &head, &i);
    struct str name = column_name(draft, scheme__nth(table->node, head, i));
    return name.len ? str_c(draft->arena, name) : scheme__number_c(draft, column + 1);
}

/* Results of one table are told apart by their names. */
static enum rc check_result_name(struct scheme__draft *draft, const struct scheme__table *table,
                                 const struct dmn_node *self, struct str name)
{
    struct dmn_node *c = dmn_tree_child(table->node, "output");
    const char *wrong = name.len ? scheme__name_check(draft, name, false) : NULL;
    for (; c && name.len && !wrong; c = dmn_tree_next(c, "output"))
        if (c != self && str_eq(scheme__name_of(c), name))
            wrong = M("Another result of the table has this name.");
    return wrong ? scheme__refuse(draft, RC_INVALID, STR("name"), wrong, NULL, NULL, NULL) : RC_OK;
}

static void put_column(struct scheme__draft *draft, struct dmn_node *node, bool is_result,
                       const struct scheme_column *now)
{
    put_attribute(draft, node, "label", now->label);
    if (is_result) {
        put_attribute(draft, node, "name", now->text);
        put_attribute(draft, node, "typeRef", now->type);
        put_child_text(draft, node, "outputValues", now->values);
        put_child_text(draft, node, "defaultOutputEntry", now->fallback);
        return;
    }
    struct dmn_node *formula = dmn_tree_child(node, "inputExpression");
    if (!formula)
        formula = dmn_tree_add(draft->arena, node, "inputExpression");
    if (now->text.at || !dmn_tree_child(formula, "text"))
        scheme__text_put(draft, formula, now->text);
    put_attribute(draft, formula, "typeRef", now->type);
    put_child_text(draft, node, "inputValues", now->values);
}

static enum rc column_add(struct scheme__draft *draft, struct scheme__table *table,
                          const struct scheme_edit *edit)
{
    const char *entry = edit->is_result ? "outputEntry" : "inputEntry";
    const char *head = edit->is_result ? "output" : "input";
    size_t len = edit->is_result ? table->outputs_len : table->inputs_len;
    if (table->inputs_len + table->outputs_len >= SCHEME_COLUMNS_MAX)
        return scheme__refuse(draft, RC_TOO_LARGE, scheme__name_of(table->decision),
                              M("A table has at most {0} columns."),
                              scheme__number_c(draft, SCHEME_COLUMNS_MAX), NULL, NULL);
    if (edit->is_result)
        TRY(check_result_name(draft, table, NULL, edit->column_now.text));
    for (struct dmn_node *r = dmn_tree_child(table->node, "rule"); r; r = dmn_tree_next(r, "rule"))
        if (len) /* rows that are too short are filled first */
            (void)scheme__row_cell(draft, table, r,
                                   edit->is_result ? table->inputs_len + len - 1 : len - 1);
    struct dmn_node *node = dmn_tree_add(draft->arena, table->node, head);
    dmn_tree_attribute_set(draft->arena, node, "id", scheme__new_id(draft, "column"));
    put_column(draft, node, edit->is_result, &edit->column_now);
    scheme__move(table->node, head, len, edit->to < len ? edit->to : len);
    struct scheme__words_known known = scheme__words_known(draft);
    struct str text = scheme__cell_text(draft, &known, edit->text, edit->is_result);
    for (struct dmn_node *r = dmn_tree_child(table->node, "rule"); r;
         r = dmn_tree_next(r, "rule")) {
        scheme__text_put(draft, dmn_tree_add(draft->arena, r, entry), text);
        scheme__move(r, entry, len, edit->to < len ? edit->to : len);
    }
    struct str name = column_name(draft, node);
    scheme__say(draft, M("{0}: column {1} added"), name_c(draft, table), str_c(draft->arena, name),
                NULL);
    return RC_OK;
}

/* A table with one result is the result itself; with several it gives them by name. */
static enum rc column_set(struct scheme__draft *draft, const struct scheme__table *table,
                          const struct scheme_edit *edit)
{
    const char *entry, *head;
    size_t i = 0;
    TRY(check_column(draft, table, edit->column));
    column_place(table, edit->column, &entry, &head, &i);
    bool is_result = edit->column >= table->inputs_len;
    struct dmn_node *node = scheme__nth(table->node, head, i);
    if (is_result)
        TRY(check_result_name(draft, table, node, edit->column_now.text));
    put_column(draft, node, is_result, &edit->column_now);
    scheme__say(draft, M("{0}: column {1} changed"), name_c(draft, table),
                column_c(draft, table, edit->column), NULL);
    return RC_OK;
}

static enum rc column_remove(struct scheme__draft *draft, const struct scheme__table *table,
                             const struct scheme_edit *edit)
{
    const char *entry, *head;
    size_t i = 0;
    TRY(check_column(draft, table, edit->column));
    column_place(table, edit->column, &entry, &head, &i);
    if (edit->column >= table->inputs_len && table->outputs_len == 1)
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(table->decision),
                              M("A table has at least one result."), NULL, NULL, NULL);
    scheme__say(draft, M("{0}: column {1} removed"), name_c(draft, table),
                column_c(draft, table, edit->column), NULL);
    for (struct dmn_node *r = dmn_tree_child(table->node, "rule"); r; r = dmn_tree_next(r, "rule"))
        dmn_tree_remove(scheme__row_cell(draft, table, r, edit->column));
    dmn_tree_remove(scheme__nth(table->node, head, i));
    return RC_OK;
}

static enum rc column_move(struct scheme__draft *draft, const struct scheme__table *table,
                           const struct scheme_edit *edit)
{
    const char *entry, *head;
    size_t i = 0, columns = table->inputs_len + table->outputs_len;
    TRY(check_column(draft, table, edit->column));
    column_place(table, edit->column, &entry, &head, &i);
    bool is_result = edit->column >= table->inputs_len;
    size_t first = is_result ? table->inputs_len : 0;
    size_t last = is_result ? columns - 1 : table->inputs_len - 1;
    size_t to = edit->to < first ? first : edit->to > last ? last : edit->to;
    scheme__say(draft, M("{0}: column {1} moved"), name_c(draft, table),
                column_c(draft, table, edit->column), NULL);
    for (struct dmn_node *r = dmn_tree_child(table->node, "rule"); r;
         r = dmn_tree_next(r, "rule")) {
        (void)scheme__row_cell(draft, table, r, last);
        scheme__move(r, entry, i, to - first);
    }
    scheme__move(table->node, head, i, to - first);
    return RC_OK;
}

/* ---- rows ---- */

static enum rc check_room(struct scheme__draft *draft, const struct scheme__table *table)
{
    if (table->rows_len < SCHEME_ROWS_MAX)
        return RC_OK;
    return scheme__refuse(draft, RC_TOO_LARGE, scheme__name_of(table->decision),
                          M("A table has at most {0} rows."),
                          scheme__number_c(draft, SCHEME_ROWS_MAX), NULL, NULL);
}

static size_t place_row(const struct scheme__table *table, size_t to)
{
    size_t last = table->rows_len; /* the new one stands there */
    to = to < last ? to : last;
    scheme__move(table->node, "rule", last, to);
    return to;
}

static enum rc row_add(struct scheme__draft *draft, const struct scheme__table *table,
                       const struct scheme_edit *edit)
{
    TRY(check_room(draft, table));
    (void)scheme__row_new(draft, table);
    size_t at = place_row(table, edit->to);
    scheme__say(draft, M("{0}: row {1} added"), name_c(draft, table),
                scheme__number_c(draft, at + 1), NULL);
    return RC_OK;
}

static enum rc row_copy(struct scheme__draft *draft, const struct scheme__table *table,
                        const struct scheme_edit *edit)
{
    TRY(check_row(draft, table, edit->row));
    TRY(check_room(draft, table));
    struct dmn_node *copy =
        dmn_tree_copy(draft->arena, scheme__nth(table->node, "rule", edit->row));
    dmn_tree_attribute_set(draft->arena, copy, "id", scheme__new_id(draft, "row"));
    struct dmn_node *mark = dmn_tree_add(draft->arena, table->node, "rule");
    dmn_tree_insert(table->node, copy, mark);
    dmn_tree_remove(mark);
    size_t at = place_row(table, edit->to);
    scheme__say(draft, M("{0}: row {1} copied to {2}"), name_c(draft, table),
                scheme__number_c(draft, edit->row + 1), scheme__number_c(draft, at + 1), NULL);
    return RC_OK;
}

static enum rc row_remove(struct scheme__draft *draft, const struct scheme__table *table,
                          const struct scheme_edit *edit)
{
    TRY(check_row(draft, table, edit->row));
    scheme__drop(draft, scheme__nth(table->node, "rule", edit->row));
    scheme__say(draft, M("{0}: row {1} removed"), name_c(draft, table),
                scheme__number_c(draft, edit->row + 1), NULL);
    return RC_OK;
}

static enum rc row_move(struct scheme__draft *draft, const struct scheme__table *table,
                        const struct scheme_edit *edit)
{
    TRY(check_row(draft, table, edit->row));
    size_t to = edit->to < table->rows_len ? edit->to : table->rows_len - 1;
    scheme__move(table->node, "rule", edit->row, to);
    scheme__say(draft, M("{0}: row {1} moved to {2}"), name_c(draft, table),
                scheme__number_c(draft, edit->row + 1), scheme__number_c(draft, to + 1), NULL);
    return RC_OK;
}

/* ---- cells ---- */

static enum rc cell_set(struct scheme__draft *draft, const struct scheme__table *table,
                        const struct scheme_edit *edit)
{
    TRY(check_row(draft, table, edit->row));
    TRY(check_column(draft, table, edit->column));
    struct scheme__words_known known = scheme__words_known(draft);
    bool is_result = edit->column >= table->inputs_len;
    const char *wrong = scheme__cell_check(edit->text, is_result);
    if (wrong)
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(table->decision), wrong,
                              str_c(draft->arena, edit->text), NULL, NULL);
    struct dmn_node *cell = scheme__cell(draft, table, edit->row, edit->column);
    struct str was = scheme__text_in(draft, cell);
    struct str now = scheme__cell_text(draft, &known, edit->text, is_result);
    scheme__text_put(draft, cell, now);
    scheme__say(draft, M("{0}, row {1}, {2}: from {3} to {4}"), name_c(draft, table),
                scheme__number_c(draft, edit->row + 1), column_c(draft, table, edit->column),
                str_c(draft->arena, was.len ? was : STR("-")),
                str_c(draft->arena, now.len ? now : STR("-")), NULL);
    return RC_OK;
}

static enum rc note_set(struct scheme__draft *draft, const struct scheme__table *table,
                        const struct scheme_edit *edit)
{
    TRY(check_row(draft, table, edit->row));
    scheme__note_put(draft, table, scheme__nth(table->node, "rule", edit->row),
                     edit->text.at ? edit->text : STR(""));
    scheme__say(draft, M("{0}, row {1}: note changed"), name_c(draft, table),
                scheme__number_c(draft, edit->row + 1), NULL);
    return RC_OK;
}

enum rc scheme__edit_table(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct scheme__table table;
    TRY(scheme__table_open(draft, edit, &table));
    switch ((int)edit->kind) {
    case SCHEME_POLICY_SET: return policy_set(draft, &table, edit);
    case SCHEME_COLUMN_ADD: return column_add(draft, &table, edit);
    case SCHEME_COLUMN_SET: return column_set(draft, &table, edit);
    case SCHEME_COLUMN_REMOVE: return column_remove(draft, &table, edit);
    case SCHEME_COLUMN_MOVE: return column_move(draft, &table, edit);
    case SCHEME_ROW_ADD: return row_add(draft, &table, edit);
    case SCHEME_ROW_COPY: return row_copy(draft, &table, edit);
    case SCHEME_ROW_REMOVE: return row_remove(draft, &table, edit);
    case SCHEME_ROW_MOVE: return row_move(draft, &table, edit);
    case SCHEME_CELL_SET: return cell_set(draft, &table, edit);
    default: return note_set(draft, &table, edit);
    }
}

void scheme__table_new(struct scheme__draft *draft, struct dmn_node *decision, struct str text)
{
    struct dmn_node *node = dmn_tree_add(draft->arena, decision, "decisionTable");
    struct dmn_node *output;
    dmn_tree_attribute_set(draft->arena, node, "id", scheme__new_id(draft, "table"));
    dmn_tree_attribute_set(draft->arena, node, "hitPolicy", STR("FIRST"));
    output = dmn_tree_add(draft->arena, node, "output");
    dmn_tree_attribute_set(draft->arena, output, "id", scheme__new_id(draft, "column"));
    dmn_tree_attribute_set(draft->arena, output, "name", scheme__name_of(decision));
    struct scheme__table table = {.decision = decision, .node = node, .outputs_len = 1};
    if (!text.len)
        return;
    (void)scheme__row_new(draft, &table);
    scheme__text_put(draft, scheme__cell(draft, &table, 0, 0), text);
}
