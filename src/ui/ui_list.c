/* Lists and tables: rows of typed cells. The cells are data, not markup, so that the same rows
 * become a table, cards, CSV, XLSX and JSON. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

/* ---- cells ---- */

struct ui_cell ui_cell_text(struct str text)
{
    return (struct ui_cell){.text = text};
}

struct ui_cell ui_cell_two(struct str text, struct str sub)
{
    return (struct ui_cell){.text = text, .sub = sub};
}

struct ui_cell ui_cell_link(struct str text, struct str sub, struct str href)
{
    return (struct ui_cell){.text = text, .sub = sub, .href = href};
}

struct ui_cell ui_cell_state(struct str state)
{
    return (struct ui_cell){.text = state};
}

struct ui_cell ui_cell_money(struct money money, struct str href)
{
    return (struct ui_cell){.money = money, .href = href};
}

struct ui_cell ui_cell_count(int64_t n)
{
    return (struct ui_cell){.at = SOME(n)};
}

struct ui_cell ui_cell_date(struct opt_i64 days)
{
    return (struct ui_cell){.at = days};
}

struct ui_cell ui_cell_time(struct opt_i64 at_us)
{
    return (struct ui_cell){.at = at_us};
}

struct ui_cell ui_cell_day_ago(struct op *op, int64_t at_us)
{
    if (!at_us)
        return ui_cell_date((struct opt_i64)NONE);
    struct date day = zone_date(op->zone, at_us), today = zone_date(op->zone, op->now);
    return (struct ui_cell){.text = i18n_relative_day(op->arena, op->lang, day, today, PLACE_START),
                            .at = SOME(day.days),
                            .is_context = true};
}

struct ui_cell *ui_list_row(struct ui_list *list, struct str id)
{
    struct ui_row row = {.id = id};
    row.cells = NEW_ARRAY(list->op->arena, struct ui_cell, list->spec->columns_len);
    VEC_PUSH(list->op->arena, &list->rows, row);
    return row.cells;
}

struct ui_cell *ui_list_totals(struct ui_list *list)
{
    list->totals = NEW_ARRAY(list->op->arena, struct ui_cell, list->spec->columns_len);
    return list->totals;
}

struct ui_cell *ui_table_row(struct op *op, struct ui_table *table, struct str id)
{
    struct ui_row row = {.id = id};
    row.cells = NEW_ARRAY(op->arena, struct ui_cell, table->columns_len);
    VEC_PUSH(op->arena, &table->rows, row);
    return row.cells;
}

struct str ui__cell_words(struct out *o, const struct ui_column *column, const struct ui_cell *cell)
{
    struct str dash = STR("–");
    if (cell->text.len)
        return cell->text;
    switch (column->kind) {
    case UI_COUNT: return cell->at.has ? i18n_i64(o->arena, o->lang, cell->at.v) : dash;
    case UI_DECIMAL: return cell->has_dec ? i18n_dec(o->arena, o->lang, cell->dec) : dash;
    case UI_DATE:
        return cell->at.has ? i18n_date(o->arena, o->lang, (struct date){(int32_t)cell->at.v},
                                        DATE_MEDIUM, PLACE_START)
                            : dash;
    case UI_TEXT:
    case UI_STATE:
    case UI_MONEY:
    case UI_TIME: break;
    }
    return dash;
}

bool ui__is_right(const struct ui_column *column)
{
    return column->kind == UI_MONEY || column->kind == UI_COUNT || column->kind == UI_DECIMAL;
}

const char *ui__head_class(const struct ui_column *column)
{
    return ui__is_right(column) ? "k-r" : "";
}

struct str ui__cell_class(const struct ui_column *column)
{
    static const struct str classes[][2] = {
        [UI_AT_LINE] = {STR_INIT("k-one"), STR_INIT("k-r")},
        [UI_AT_NAME] = {STR_INIT("k-at-top"), STR_INIT("k-r k-at-top")},
        [UI_AT_SUB] = {STR_INIT("k-one k-at-second"), STR_INIT("k-r k-at-second")},
        [UI_AT_FIGURE] = {STR_INIT("k-one k-at-right k-at-top"),
                          STR_INIT("k-r k-at-right k-at-top")},
        [UI_AT_BADGE] = {STR_INIT("k-one k-at-right k-at-second"),
                         STR_INIT("k-r k-at-right k-at-second")},
        [UI_AT_NONE] = {STR_INIT("k-one k-at-none"), STR_INIT("k-r k-at-none")},
    };
    return classes[column->place][ui__is_right(column)];
}

/* ---- columns that are shown ---- */

/* The currency of a whole column; NULL when the rows have several or none. */
static const struct currency *common_currency(const struct ui_row *rows, size_t len, size_t i)
{
    const struct currency *common = NULL;
    for (size_t n = 0; n < len; n++) {
        const struct currency *own = rows[n].cells[i].money.currency;
        if (own && common && own != common)
            return NULL;
        common = own ? own : common;
    }
    return common;
}

static void show_column(struct out *o, struct ui_grid *grid, const struct ui_column *column,
                        size_t i, const struct ui_row *rows, size_t len)
{
    struct ui_shown shown = {.column = column, .i = i};
    const struct currency *currency =
        column->kind == UI_MONEY ? common_currency(rows, len, i) : NULL;
    if (currency)
        shown.unit = i18n_currency_symbol(o->lang, currency);
    VEC_PUSH(o->arena, grid, shown);
}

const struct ui_grid *ui__grid(struct out *o, const struct ui_list *list)
{
    struct ui_grid *grid = NEW(o->arena, struct ui_grid);
    const struct ui_choices *choices = &list->state->choices;
    for (size_t i = 0; i < choices->len; i++) {
        const struct ui_column *column = choices->at[i].column;
        if (choices->at[i].is_on)
            show_column(o, grid, column, (size_t)(column - list->spec->columns), list->rows.at,
                        list->rows.len);
    }
    return grid;
}

const struct ui_grid *ui__table_grid(struct out *o, const struct ui_table *table)
{
    struct ui_grid *grid = NEW(o->arena, struct ui_grid);
    for (size_t i = 0; i < table->columns_len; i++)
        if (!table->columns[i].is_optional)
            show_column(o, grid, &table->columns[i], i, table->rows.at, table->rows.len);
    return grid;
}

struct str ui__row_name(const struct ui_grid *grid, const struct ui_row *row)
{
    for (size_t i = 0; i < grid->len; i++)
        if (grid->at[i].column->place == UI_AT_NAME)
            return row->cells[grid->at[i].i].text;
    return row->id;
}

/* ---- what the views ask ---- */

const struct ui_filters_now *ui__filters_now(struct out *o, const struct ui_list *list)
{
    (void)o;
    return &list->state->filters;
}

const struct ui_choices *ui__column_choices(struct out *o, const struct ui_list *list)
{
    (void)o;
    return &list->state->choices;
}

struct ui_actions ui__bulk_actions(struct out *o, const struct ui_list *list)
{
    (void)o;
    return list->state->bulk;
}

bool ui__may_export(const struct ui_list *list)
{
    return !list->spec->permission_export || op_may(list->op, list->spec->permission_export);
}

bool ui__is_filtered(const struct ui_list *list)
{
    return list->state->is_filtered;
}

struct str ui__filters_words(struct out *o, const struct ui_list *list)
{
    struct str_list words = {0};
    if (list->search.len)
        VEC_PUSH(o->arena, &words, i18n_format(o->arena, o->lang, M("“{0}”"), list->search));
    for (size_t i = 0; i < list->state->filters.len; i++) {
        const struct ui_filter_now *now = &list->state->filters.at[i];
        if (now->value.at)
            VEC_PUSH(o->arena, &words,
                     i18n_format(o->arena, o->lang, M("{0}: {1}"), tr(o->lang, now->filter->label),
                                 now->shown));
    }
    return i18n_list(o->arena, o->lang, words.at, words.len);
}

struct str ui__range_words(struct out *o, const struct ui_list *list)
{
    const struct ui_grid *grid = ui__grid(o, list);
    if (list->rows.len == 0)
        return STR("");
    return i18n_format(o->arena, o->lang, M("From {0} to {1}"),
                       ui__row_name(grid, &list->rows.at[0]),
                       ui__row_name(grid, &list->rows.at[list->rows.len - 1]));
}

bool ui__wants_views(const struct ui_list *list)
{
    const struct ui_list_state *state = list->state;
    return state->views.len > 1 || (state->views.len && !state->is_default_view);
}

void ui__list_empty(struct out *o, const struct ui_list *list)
{
    struct ui_empty empty = {.icon = list->spec->icon ? list->spec->icon : "list",
                             .text =
                                 list->spec->empty ? list->spec->empty : M("Nothing here yet.")};
    const struct ui_action *action = list->spec->empty_action;
    if (action && (!action->permission || op_may(list->op, action->permission)))
        empty.action = *action;
    ui_empty_view(o, &empty);
}

/* ---- the page ---- */

struct str ui__bounded(struct out *o, int64_t n, int64_t limit)
{
    struct str shown = i18n_i64(o->arena, o->lang, n);
    return limit && n >= limit ? str_printf(o->arena, STR_FMT "+", STR_ARG(shown)) : shown;
}

struct str ui__count_words(const struct ui_list *list)
{
    struct out words = {.arena = list->op->arena, .lang = list->op->lang};
    return ui__bounded(&words, list->count.v, list->count_limit);
}

enum rc ui_list_read(struct req *r, const struct ui_list_spec *spec, struct ui_list *out)
{
    struct ui_list list;
    TRY(ui__list_prepare(r, spec, &list));
    if (!list.head.title)
        list.head.title = spec->title;
    TRY(spec->fill(r, &list));
    ui__list_finish(&list);
    if (!http_wants_json(r))
        TRY(ui__saved_read(r, &list));
    if (list.head.name.at)
        list.head.title = NULL;
    if (list.count.has && !list.head.note.at)
        list.head.note = ui__count_words(&list);
    for (const struct ui_action *action = spec->actions; action && action->label; action++)
        ui_act(r->op, &list.head.actions, *action);
    *out = list;
    return RC_OK;
}

enum rc ui_list_page(struct req *r, const struct ui_list_spec *spec)
{
    struct ui_list list;
    struct str export = req_raw(r, "export");
    TRY(ui_list_read(r, spec, &list));
    if (export.len && ui__may_export(&list))
        return ui__list_export(r, &list, str_eq(export, STR("xlsx")));
    if (http_wants_json(r))
        return ui__list_json_answer(r, &list);
    return PAGE(r, spec->title, ui__list_page, &list);
}
