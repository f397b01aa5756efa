/* A block of cells as a spreadsheet copies it: lines of texts with tabs between them, a text with
 * tabs, line ends or quotes in quotes. All that is wrong with a block is said at once, and then
 * nothing is changed. */
#include "scheme/scheme_edit_int.h"

struct block {
    struct str_list *at;
    size_t len, cap, width;
};

/* ---- reading ---- */

/* A field in quotes; two quotes are one. Gives the place behind it. */
static size_t quoted_field(struct arena *arena, struct str text, size_t at, struct str *out)
{
    char *field = arena_alloc(arena, text.len - at + 1);
    size_t len = 0;
    for (at++; at < text.len; at++) {
        if (text.at[at] == '"' && (at + 1 >= text.len || text.at[at + 1] != '"'))
            break;
        if (text.at[at] == '"')
            at++;
        field[len++] = text.at[at];
    }
    *out = (struct str){field, len};
    return at < text.len ? at + 1 : at;
}

/* A quote begins a field in quotes only when one ends it: "Seafood" alone is a text of formulas,
 * which spreadsheets copy as it is. */
static bool is_wrapped(struct str text, size_t at)
{
    bool has_inside = false;
    for (size_t i = at + 1; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' && i + 1 < text.len && text.at[i + 1] == '"') {
            has_inside = true;
            i++;
        } else if (c == '"') {
            bool is_end = i + 1 == text.len || text.at[i + 1] == '\t' || text.at[i + 1] == '\n' ||
                          text.at[i + 1] == '\r';
            return is_end && has_inside;
        } else if (c == '\t' || c == '\n') {
            has_inside = true;
        }
    }
    return false;
}

static size_t field(struct arena *arena, struct str text, size_t at, struct str *out)
{
    size_t end = at;
    if (at < text.len && text.at[at] == '"' && is_wrapped(text, at))
        return quoted_field(arena, text, at, out);
    while (end < text.len && text.at[end] != '\t' && text.at[end] != '\n' && text.at[end] != '\r')
        end++;
    *out = str_sub(text, at, end - at);
    return end;
}

static void read_block(struct arena *arena, struct str text, struct block *out)
{
    struct str_list row = {0};
    size_t at = 0;
    *out = (struct block){0};
    while (at < text.len && out->len <= SCHEME_ROWS_MAX) {
        struct str one;
        at = field(arena, text, at, &one);
        VEC_PUSH(arena, &row, one);
        if (at < text.len && text.at[at] == '\t') {
            at++;
            if (at < text.len)
                continue;
            VEC_PUSH(arena, &row, STR(""));
        }
        if (at < text.len && text.at[at] == '\r')
            at++;
        if (at < text.len && text.at[at] == '\n')
            at++;
        VEC_PUSH(arena, out, row);
        out->width = row.len > out->width ? row.len : out->width;
        row = (struct str_list){0};
    }
}

/* ---- writing ---- */

static enum rc check_block(struct scheme__draft *draft, const struct scheme_edit *edit,
                           const struct scheme__table *table, const struct block *block)
{
    struct str where = scheme__name_of(table->decision);
    size_t columns = table->inputs_len + table->outputs_len + 1; /* with the notes */
    size_t before = draft->fault->entries_len;
    if (block->len == 0)
        return scheme__refuse(draft, RC_INVALID, where, M("There is nothing to paste."), NULL, NULL,
                              NULL);
    if (edit->row > table->rows_len || edit->column >= columns)
        return scheme__refuse(draft, RC_INVALID, where, M("The block begins outside the table."),
                              NULL, NULL, NULL);
    if (edit->row + block->len > SCHEME_ROWS_MAX)
        return scheme__refuse(draft, RC_TOO_LARGE, where, M("A table has at most {0} rows."),
                              scheme__number_c(draft, SCHEME_ROWS_MAX), NULL, NULL);
    if (edit->column + block->width > columns)
        return scheme__refuse(
            draft, RC_INVALID, where,
            M("The block has {0} columns; from column {1} on the table has {2}, and the notes."),
            scheme__number_c(draft, block->width), scheme__number_c(draft, edit->column + 1),
            scheme__number_c(draft, columns - 1 - edit->column));
    for (size_t r = 0; r < block->len; r++)
        for (size_t c = 0; c < block->at[r].len; c++) {
            size_t column = edit->column + c;
            bool is_note = column == columns - 1;
            const char *wrong =
                is_note ? NULL
                        : scheme__cell_check(block->at[r].at[c], column >= table->inputs_len);
            if (!wrong)
                continue;
            size_t entry = draft->fault->entries_len;
            (void)!scheme__refuse(draft, RC_INVALID, where, wrong,
                                  str_c(draft->arena, block->at[r].at[c]), NULL, NULL);
            if (entry < draft->fault->entries_len) {
                draft->fault->entries[entry].line = (long)(edit->row + r + 1);
                draft->fault->entries[entry].column = (long)(edit->column + c + 1);
            }
        }
    return draft->fault->entries_len > before ? RC_INVALID : RC_OK;
}

static void put_row(struct scheme__draft *draft, const struct scheme_edit *edit,
                    const struct scheme__table *table, const struct scheme__words_known *known,
                    const struct str_list *cells, struct dmn_node *rule)
{
    for (size_t c = 0; c < cells->len; c++) {
        size_t column = edit->column + c;
        bool is_result = column >= table->inputs_len;
        struct str text = cells->at[c];
        if (column == table->inputs_len + table->outputs_len)
            scheme__note_put(draft, table, rule, str_trim(text));
        else
            scheme__text_put(draft, scheme__row_cell(draft, table, rule, column),
                             scheme__cell_text(draft, known, text, is_result));
    }
}

enum rc scheme__paste(struct scheme__draft *draft, const struct scheme_edit *edit)
{
    struct scheme__table table;
    struct block block;
    TRY(scheme__table_open(draft, edit, &table));
    read_block(draft->arena, edit->text, &block);
    TRY(check_block(draft, edit, &table, &block));
    struct scheme__words_known known = scheme__words_known(draft);
    while (table.rows_len < edit->row + block.len) {
        (void)scheme__row_new(draft, &table);
        table.rows_len++;
    }
    struct dmn_node *rule = scheme__nth(table.node, "rule", edit->row);
    for (size_t r = 0; r < block.len; r++, rule = dmn_tree_next(rule, "rule"))
        put_row(draft, edit, &table, &known, &block.at[r], rule);
    scheme__say(draft, M("{0}: {1} rows pasted from row {2} on"),
                str_c(draft->arena, scheme__label_of(table.decision)),
                scheme__number_c(draft, block.len), scheme__number_c(draft, edit->row + 1), NULL);
    return RC_OK;
}
