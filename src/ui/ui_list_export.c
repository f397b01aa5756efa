/* A list as a file or as JSON: the columns that are shown, all the rows that the filters show. The
 * first page is already read; the others are read one by one, so memory stays that of a page. */
#include "sheet/sheet.h"
#include "ui/ui.h"
#include "ui/ui_int.h"

struct export
{
    struct req *r;
    struct ui_list *list;
    struct sheet_column *columns;
    struct sheet_value *values;
    size_t len;
};

static void add_column(struct export *e, const char *title, enum sheet_column_kind kind)
{
    e->columns[e->len++] =
        (struct sheet_column){.title = tr(e->list->op->lang, title), .kind = kind};
}

static enum sheet_column_kind sheet_kind_of(enum ui_kind kind)
{
    switch (kind) {
    case UI_MONEY: return SHEET_COLUMN_MONEY;
    case UI_COUNT:
    case UI_DECIMAL: return SHEET_COLUMN_NUMBER;
    case UI_DATE: return SHEET_COLUMN_DATE;
    case UI_TIME: return SHEET_COLUMN_INSTANT;
    case UI_TEXT:
    case UI_STATE: break;
    }
    return SHEET_COLUMN_TEXT;
}

/* Second lines and currencies get columns of their own. */
static void make_columns(struct export *e)
{
    const struct ui_choices *choices = &e->list->state->choices;
    e->columns = NEW_ARRAY(e->list->op->arena, struct sheet_column, choices->len * 2);
    e->values = NEW_ARRAY(e->list->op->arena, struct sheet_value, choices->len * 2);
    for (size_t i = 0; i < choices->len && choices->at[i].is_on; i++) {
        const struct ui_column *column = choices->at[i].column;
        add_column(e, column->title, sheet_kind_of(column->kind));
        if (column->kind == UI_MONEY)
            add_column(e, M("Currency"), SHEET_COLUMN_TEXT);
        else if (column->sub_title)
            add_column(e, column->sub_title, SHEET_COLUMN_TEXT);
    }
}

static struct sheet_value cell_value(const struct export *e, const struct ui_column *column,
                                     const struct ui_cell *cell)
{
    struct op *op = e->list->op;
    switch (column->kind) {
    case UI_STATE:
        return cell->text.len
                   ? sheet_text(ui_state_word(op->arena, op->lang,
                                              column->record ? column->record : "", cell->text))
                   : SHEET_NOTHING;
    case UI_MONEY:
        return cell->money.currency ? sheet_number(cell->money.minor, cell->money.currency->digits)
                                    : SHEET_NOTHING;
    case UI_COUNT: return cell->at.has ? sheet_number(cell->at.v, 0) : SHEET_NOTHING;
    case UI_DECIMAL:
        return cell->has_dec ? sheet_text(dec_print(op->arena, cell->dec)) : SHEET_NOTHING;
    case UI_DATE: return cell->at.has ? sheet_days(cell->at.v) : SHEET_NOTHING;
    case UI_TIME: {
        if (!cell->at.has)
            return SHEET_NOTHING;
        int64_t offset_us = (int64_t)zone_offset_s(op->zone, cell->at.v) * US_SECOND;
        return sheet_micros(cell->at.v + offset_us);
    }
    case UI_TEXT: break;
    }
    return cell->text.len ? sheet_text(cell->text) : SHEET_NOTHING;
}

static enum rc write_rows(struct export *e, struct sheet_writer *writer)
{
    const struct ui_choices *choices = &e->list->state->choices;
    for (size_t n = 0; n < e->list->rows.len; n++) {
        const struct ui_cell *cells = e->list->rows.at[n].cells;
        size_t len = 0;
        for (size_t i = 0; i < choices->len && choices->at[i].is_on; i++) {
            const struct ui_column *column = choices->at[i].column;
            const struct ui_cell *cell = &cells[column - e->list->spec->columns];
            e->values[len++] = cell_value(e, column, cell);
            if (column->kind == UI_MONEY)
                e->values[len++] = cell->money.currency
                                       ? sheet_text(str_of(cell->money.currency->code))
                                       : SHEET_NOTHING;
            else if (column->sub_title)
                e->values[len++] = cell->sub.len ? sheet_text(cell->sub) : SHEET_NOTHING;
        }
        TRY(sheet_writer_row(writer, e->values, len));
    }
    return RC_OK;
}

static enum rc put_bytes(void *self, struct str bytes)
{
    return download_put(self, bytes);
}

/* Everything that fill adds to, before it is called again: its memory went with the mark. */
static void forget_page(struct ui_list *list)
{
    list->rows.at = NULL;
    list->rows.len = list->rows.cap = 0;
    list->next = list->prev = STR_NONE;
    list->head = (struct ui_head){0};
    list->parts = (struct ui_tabs){0};
    for (size_t i = 0; i < list->state->filters.len; i++)
        list->state->filters.at[i].options = (struct ui_options){0};
}

void ui__pages_begin(struct ui_list *list, struct ui_pages *out)
{
    *out = (struct ui_pages){.list = list, .mark = arena_mark(list->op->arena)};
    list->page.cursor = STR_NONE;
    list->page.is_backward = false;
    list->page.limit = LIST_LIMIT_MAX;
    list->is_bare = true;
}

enum rc ui__pages_next(struct req *r, struct ui_pages *pages)
{
    struct ui_list *list = pages->list;
    if (pages->has_begun && !list->next.at)
        return RC_MISSING;
    if (pages->has_begun) {
        assert(list->next.len < sizeof pages->cursor);
        memcpy(pages->cursor, list->next.at, list->next.len);
        list->page.cursor = (struct str){pages->cursor, list->next.len};
    }
    pages->has_begun = true;
    arena_rewind(list->op->arena, pages->mark);
    forget_page(list);
    return list->spec->fill(r, list);
}

static enum rc write_pages(struct export *e, struct sheet_writer *writer)
{
    struct ui_pages pages;
    enum rc rc;
    ui__pages_begin(e->list, &pages);
    while ((rc = ui__pages_next(e->r, &pages)) == RC_OK)
        TRY(write_rows(e, writer));
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc ui__list_export(struct req *r, struct ui_list *list, bool is_xlsx)
{
    struct export e = {.r = r, .list = list};
    struct str day = date_print(list->op->arena, zone_date(list->op->zone, list->op->now));
    struct str name = str_printf(list->op->arena, "%s-" STR_FMT ".%s", list->spec->name,
                                 STR_ARG(day), is_xlsx ? "xlsx" : "csv");
    make_columns(&e);
    struct sheet_writer_options options = {
        .kind = is_xlsx ? SHEET_XLSX : SHEET_CSV,
        .columns = e.columns,
        .columns_len = e.len,
        .sheet_name = tr(list->op->lang, list->spec->title),
        .title = tr(list->op->lang, list->spec->title),
        .made_at = list->op->now,
        .has_bom = true,
    };
    TRY(download_begin(r, name,
                       is_xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                               : "text/csv; charset=utf-8",
                       false));
    struct sheet_sink sink = {put_bytes, r};
    AUTO_SHEET_WRITER writer = NULL;
    TRY(sheet_writer_open(&options, sink, &writer));
    TRY(write_pages(&e, writer));
    TRY(sheet_writer_finish(writer));
    return download_end(r);
}

/* ---- JSON ---- */

static void put_cell(struct json_writer *w, const struct ui_column *column,
                     const struct ui_cell *cell)
{
    json_key(w, column->name);
    if (column->kind == UI_MONEY)
        json_put_money(w, cell->money);
    else if (column->kind == UI_DECIMAL && cell->has_dec)
        json_put_dec(w, cell->dec);
    else if (column->kind == UI_COUNT && cell->at.has)
        json_put_i64(w, cell->at.v);
    else if (column->kind == UI_DATE && cell->at.has)
        json_put_date(w, (struct date){(int32_t)cell->at.v});
    else if (column->kind == UI_TIME && cell->at.has)
        json_put_instant(w, cell->at.v);
    else
        json_put_str(w, cell->text.len ? cell->text : STR_NONE);
    if (column->sub_name)
        json_pair_str(w, column->sub_name, cell->sub);
}

static void list_json(struct json_writer *w, const struct ui_list *list)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t n = 0; n < list->rows.len; n++) {
        json_object(w);
        json_pair_str(w, "id", list->rows.at[n].id);
        for (size_t i = 0; i < list->spec->columns_len; i++)
            if (list->spec->columns[i].name)
                put_cell(w, &list->spec->columns[i], &list->rows.at[n].cells[i]);
        json_object_end(w);
    }
    json_array_end(w);
    json_pair_str(w, "next_cursor", list->next);
    json_object_end(w);
}

enum rc ui__list_json_answer(struct req *r, const struct ui_list *list)
{
    return JSON(r, list, list);
}
