/* A formula made a table, and a table made a formula. The formula becomes the only row; a table in
 * which one row applies becomes if … then … else, with its conditions as tests of its columns. */
#include "scheme/scheme_edit_int.h"

/* ---- table to formula ---- */

static bool gives_one(const struct dmn_node *table)
{
    static const char *const fine[] = {"UNIQUE", "ANY", "FIRST"};
    struct str policy = dmn_tree_attribute(table, "hitPolicy");
    for (size_t i = 0; i < LEN(fine); i++)
        if (!policy.at || str_eq(policy, str_of(fine[i])))
            return true;
    return false;
}

static bool is_any(struct str text)
{
    return !text.len || str_eq(text, STR("-"));
}

/* "volume in (>= 5000)", "not(category in ("A", "B"))". */
static void put_test(struct buf *buf, struct str formula, struct str test)
{
    bool is_not = str_starts(test, STR("not(")) && str_ends(test, STR(")"));
    if (is_not) {
        test = str_sub(test, 4, test.len - 5);
        buf_put(buf, STR("not("));
    }
    buf_printf(buf, "(" STR_FMT ") in (" STR_FMT ")%s", STR_ARG(formula), STR_ARG(test),
               is_not ? ")" : "");
}

static bool put_conditions(struct scheme__draft *draft, const struct scheme__table *table,
                           size_t row, struct buf *buf)
{
    bool has_any = false;
    for (size_t c = 0; c < table->inputs_len; c++) {
        struct str test = scheme__text_in(draft, scheme__cell(draft, table, row, c));
        const struct dmn_node *input = scheme__nth(table->node, "input", c);
        if (is_any(test))
            continue;
        if (has_any)
            buf_put(buf, STR(" and "));
        put_test(buf, scheme__text_in(draft, dmn_tree_child(input, "inputExpression")), test);
        has_any = true;
    }
    return has_any;
}

/* One result as it is, several as a context. */
static void put_results(struct scheme__draft *draft, const struct scheme__table *table,
                        struct str (*of)(struct scheme__draft *draft,
                                         const struct scheme__table *table, size_t row, size_t i),
                        size_t row, struct buf *buf)
{
    bool is_one = table->outputs_len == 1;
    for (size_t i = 0; i < table->outputs_len; i++) {
        struct str text = of(draft, table, row, i);
        struct str name = scheme__name_of(scheme__nth(table->node, "output", i));
        if (!is_one)
            buf_printf(buf, "%s\"" STR_FMT "\": ", i == 0 ? "{" : ", ", STR_ARG(name));
        buf_put(buf, text.len ? text : STR("null"));
    }
    if (!is_one)
        buf_char(buf, '}');
}

static struct str result_cell(struct scheme__draft *draft, const struct scheme__table *table,
                              size_t row, size_t i)
{
    return scheme__text_in(draft, scheme__cell(draft, table, row, table->inputs_len + i));
}

static struct str default_cell(struct scheme__draft *draft, const struct scheme__table *table,
                               size_t row, size_t i)
{
    (void)row;
    return scheme__text_in(
        draft, dmn_tree_child(scheme__nth(table->node, "output", i), "defaultOutputEntry"));
}

static bool has_default(struct scheme__draft *draft, const struct scheme__table *table)
{
    for (size_t i = 0; i < table->outputs_len; i++)
        if (default_cell(draft, table, 0, i).len)
            return true;
    return false;
}

static struct str formula_of(struct scheme__draft *draft, const struct scheme__table *table)
{
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    bool is_open = true;
    for (size_t row = 0; row < table->rows_len && is_open; row++) {
        AUTO_BUF test = BUF(SCHEME_FILE_MAX);
        is_open = put_conditions(draft, table, row, &test);
        if (is_open)
            buf_printf(&buf, "if " STR_FMT "\nthen ", STR_ARG(buf_str(&test)));
        put_results(draft, table, result_cell, row, &buf);
        if (is_open)
            buf_put(&buf, STR("\nelse "));
    }
    if (is_open && has_default(draft, table))
        put_results(draft, table, default_cell, 0, &buf);
    else if (is_open)
        buf_put(&buf, STR("null"));
    return str_dup(draft->arena, buf_str(&buf));
}

/* A cell that asks about its value with ? has no short form as a test. */
static bool has_question(struct scheme__draft *draft, const struct scheme__table *table)
{
    for (size_t row = 0; row < table->rows_len; row++)
        for (size_t c = 0; c < table->inputs_len; c++)
            if (str_find(scheme__text_in(draft, scheme__cell(draft, table, row, c)), STR("?"), 0) !=
                SIZE_MAX)
                return true;
    return false;
}

static enum rc to_formula(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct scheme__table table;
    TRY(scheme__table_open(draft, edit, &table));
    if (!gives_one(table.node))
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(table.decision),
                              M("Only a table in which one row applies becomes a formula."), NULL,
                              NULL, NULL);
    if (has_question(draft, &table) || table.rows_len > 100)
        return scheme__refuse(draft, RC_INVALID, scheme__name_of(table.decision),
                              M("The conditions of this table are too much for one formula."), NULL,
                              NULL, NULL);
    struct str text = formula_of(draft, &table);
    dmn_tree_remove(table.node);
    scheme__text_put(draft, dmn_tree_add(draft->arena, table.decision, "literalExpression"), text);
    scheme__say(draft, M("{0} is a formula now"),
                str_c(draft->arena, scheme__label_of(table.decision)), NULL);
    return RC_OK;
}

/* ---- formula to table ---- */

static enum rc to_table(struct scheme__draft *draft, struct dmn_node *decision)
{
    struct dmn_node *logic = scheme__logic(decision);
    struct str text = logic ? scheme__text_in(draft, logic) : STR("");
    if (logic)
        dmn_tree_remove(logic);
    scheme__table_new(draft, decision, text);
    scheme__say(draft, M("{0} is a table now"), str_c(draft->arena, scheme__label_of(decision)),
                NULL);
    return RC_OK;
}

enum rc scheme__logic_set(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct dmn_node *decision = scheme__decision(draft, edit->part);
    if (!decision)
        return scheme__refuse(draft, RC_MISSING, STR(""),
                              M("The scheme has no such decision any more."), NULL, NULL, NULL);
    enum scheme_logic is = scheme__logic_kind(scheme__logic(decision));
    if (is == SCHEME_TABLE && edit->logic == SCHEME_FORMULA)
        return to_formula(draft, edit);
    if (is == SCHEME_FORMULA && edit->logic == SCHEME_TABLE)
        return to_table(draft, decision);
    return scheme__refuse(draft, RC_INVALID, scheme__name_of(decision),
                          M("This decision cannot be changed into that."), NULL, NULL, NULL);
}
