/* A decision table as a grid: cells with their addresses, what marks them, what differs from the
 * version that the draft began from. */
#include "studio/studio_int.h"

/* The sentence goes on: "When several rows match, …". */
static const struct {
    enum dmn_hit_policy policy;
    const char *word, *label;
} policies[] = {
    {DMN_FIRST, "first", M("the first one wins")},
    {DMN_COLLECT_MAX, "max", M("the highest result wins")},
    {DMN_COLLECT_MIN, "min", M("the lowest result wins")},
    {DMN_COLLECT_SUM, "sum", M("all are added")},
    {DMN_UNIQUE, "unique", M("it is an error: one at most may match")},
    {DMN_ANY, "any", M("they must give the same")},
    {DMN_PRIORITY, "priority", M("the first of the allowed results wins")},
    {DMN_COLLECT, "collect", M("all results are a list")},
    {DMN_RULE_ORDER, "rule-order", M("all results are a list, in the order of rows")},
    {DMN_OUTPUT_ORDER, "output-order", M("all results are a list, in the order of results")},
    {DMN_COLLECT_COUNT, "count", M("their number is the result")},
};

bool studio__policy_of(struct str word, enum dmn_hit_policy *out)
{
    for (size_t i = 0; i < LEN(policies); i++)
        if (str_eq(word, str_of(policies[i].word))) {
            *out = policies[i].policy;
            return true;
        }
    return false;
}

static void fill_policies(struct op *op, enum dmn_hit_policy chosen, struct studio__grid *out)
{
    for (size_t i = 0; i < LEN(policies); i++) {
        struct ui_option option = {.value = str_of(policies[i].word),
                                   .label = tr(op->lang, policies[i].label)};
        VEC_PUSH(op->arena, &out->policies, option);
        if (policies[i].policy == chosen)
            out->policy = option.value;
    }
}

static struct str column_title(struct op *op, const struct scheme_column *column)
{
    if (column->label.len)
        return column->label;
    return column->text.len ? column->text : tr(op->lang, M("Result"));
}

static void fill_heads(struct op *op, const struct scheme_grid *grid, struct studio__grid *out)
{
    for (size_t i = 0; i < grid->columns_len; i++) {
        struct studio__head head = {
            .title = column_title(op, &grid->columns[i]),
            .text = grid->columns[i].text,
            .index = str_printf(op->arena, "%zu", i),
            .column = grid->columns[i],
            .is_out = i >= grid->inputs_len,
        };
        if (str_eq(head.text, head.title))
            head.text = STR_NONE;
        VEC_PUSH(op->arena, &out->heads, head);
    }
}

static bool is_any(struct str text)
{
    return str_eq(text, STR("-")) || text.len == 0;
}

static void add_cell(struct op *op, const struct scheme_grid *grid, size_t row, size_t column,
                     const struct studio__grid *out, struct studio__row *to)
{
    bool is_note = column == grid->columns_len;
    struct str text = is_note ? grid->rows[row].note : grid->rows[row].cells[column];
    struct str title = is_note ? tr(op->lang, M("Note")) : out->heads.at[column].title;
    struct studio__cell cell = {
        .text = text,
        .address = str_printf(op->arena, "%zu,%zu", row, column),
        .label = i18n_format(op->arena, op->lang, M("Row {0}, {1}"), (int64_t)row + 1, title),
        .is_note = is_note,
        .is_out = !is_note && column >= grid->inputs_len,
        .is_text = str_starts(text, STR("\"")),
    };
    cell.is_any = !cell.is_out && !is_note && is_any(text);
    VEC_PUSH(op->arena, &to->cells, cell);
}

/* The row of the base table with the same conditions; NULL: there is none. */
static const struct scheme_grid_row *base_row(const struct scheme_grid *grid,
                                              const struct scheme_grid *base, size_t row)
{
    for (size_t i = 0; i < base->rows_len; i++) {
        size_t same = 0;
        while (same < grid->inputs_len &&
               str_eq(grid->rows[row].cells[same], base->rows[i].cells[same]))
            same++;
        if (same == grid->inputs_len)
            return &base->rows[i];
    }
    return NULL;
}

static struct str since_words(struct op *op, const struct scheme_grid *grid,
                              const struct scheme_grid *base, size_t row)
{
    const struct scheme_grid_row *old = base_row(grid, base, row);
    if (!old)
        return tr(op->lang, M("new row"));
    for (size_t i = grid->inputs_len; i < grid->columns_len; i++)
        if (!str_eq(grid->rows[row].cells[i], old->cells[i]))
            return i18n_format(op->arena, op->lang, M("was {0}"), old->cells[i]);
    return STR_NONE;
}

static bool has_same_columns(const struct scheme_grid *a, const struct scheme_grid *b)
{
    return a->inputs_len == b->inputs_len && a->columns_len == b->columns_len;
}

static bool is_warned(const struct studio__problems *problems, const struct scheme_part *part,
                      size_t row)
{
    for (size_t i = 0; i < problems->len; i++) {
        const struct studio__problem *problem = &problems->at[i];
        if (problem->part == part && !problem->is_meant &&
            (problem->row == row + 1 || problem->other_row == row + 1))
            return true;
    }
    return false;
}

void studio__grid_make(struct op *op, const struct scheme_part *part,
                       const struct scheme_part *base, struct str since,
                       const struct studio__problems *problems, struct studio__grid *out)
{
    const struct scheme_grid *grid = &part->grid;
    bool may_compare = base && base->logic == SCHEME_TABLE && has_same_columns(grid, &base->grid);
    fill_policies(op, grid->policy, out);
    fill_heads(op, grid, out);
    out->has_notes = grid->has_notes;
    for (size_t i = 0; i < grid->rows_len; i++) {
        struct studio__row row = {.number = (int64_t)i + 1,
                                  .index = str_printf(op->arena, "%zu", i),
                                  .is_warn = is_warned(problems, part, i)};
        for (size_t c = 0; c < grid->columns_len + grid->has_notes; c++)
            add_cell(op, grid, i, c, out, &row);
        if (may_compare)
            row.since = since_words(op, grid, &base->grid, i);
        if (row.since.at)
            out->since_title = since;
        VEC_PUSH(op->arena, &out->rows, row);
    }
}
