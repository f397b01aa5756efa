/* What a list page was asked for, and the addresses of everything that asks for something else.
 * The URL is the whole state of a list, so that it can be kept, sent and gone back to: search,
 * filters, sort, columns, rows. Only the cursor is left out of the addresses made here, because
 * another sort or filter begins at the first page. */
#include "ui/ui.h"
#include "ui/ui_int.h"

static void add_param(struct ui_list *list, struct ui_params *params, const char *name,
                      struct str value)
{
    struct ui_param param = {str_of(name), value};
    VEC_PUSH(list->op->arena, params, param);
}

/* ---- reading ---- */

static const struct list_page *page_of(struct req *r)
{
    for (const struct field *field = r->route->fields; field && field->name; field++)
        if (field->type == FIELD_PAGE)
            return (const struct list_page *)((const char *)form(r) + field->offset);
    assert(false && "the route of a list declares UI_LIST_FIELDS");
    return NULL;
}

static void read_sort(struct req *r, struct ui_list *list)
{
    const char *name = list->spec->sort;
    struct str sent = req_raw(r, "sort");
    if (sent.len) {
        add_param(list, &list->state->params, "sort", sent);
        if (list->page.is_descending)
            add_param(list, &list->state->params, "dir", STR("desc"));
    } else if (name) {
        list->page.is_descending = *name == '-';
        list->page.sort_i = list_sort_find(list->spec->sorts, str_of(name + (*name == '-')));
        assert(list->page.sort_i >= 0);
    }
}

/* A day that was typed goes into addresses in the form that every language reads. */
static struct str plain_value(struct ui_list *list, const struct ui_filter *filter,
                              struct str value)
{
    struct date day;
    if (filter->kind == UI_DAY && i18n_date_parse(list->op->lang, value, &day))
        return date_print(list->op->arena, day);
    return value;
}

static void read_values(struct req *r, struct ui_list *list, struct ui_filter_now *now)
{
    const struct ui_filter *filter = now->filter;
    for (size_t n = 0; n < UI_VALUES_MAX && req_raw_at(r, filter->name, n).at; n++) {
        struct str value = str_trim(req_raw_at(r, filter->name, n));
        if (value.len == 0 || ui__is_picked(now, value) || (now->values.len && !filter->is_many))
            continue;
        value = plain_value(list, filter, value);
        VEC_PUSH(list->op->arena, &now->values, value);
        add_param(list, &list->state->params, filter->name, value);
    }
    now->value = now->values.len ? now->values.at[0] : STR_NONE;
}

static void read_filters(struct req *r, struct ui_list *list)
{
    struct ui_list_state *state = list->state;
    for (size_t i = 0; i < list->spec->filters_len; i++) {
        const struct ui_filter *filter = &list->spec->filters[i];
        struct ui_filter_now now = {.filter = filter};
        read_values(r, list, &now);
        state->is_filtered = state->is_filtered || now.value.at;
        for (const char *const *name = filter->states; name && *name; name++) {
            struct ui_option option = {.value = str_of(*name)};
            option.label =
                ui_state_word(list->op->arena, list->op->lang, filter->record, option.value);
            VEC_PUSH(list->op->arena, &now.options, option);
        }
        VEC_PUSH(list->op->arena, &state->filters, now);
    }
}

static const struct ui_column *column_named(const struct ui_list_spec *spec, struct str name)
{
    for (size_t i = 0; i < spec->columns_len; i++)
        if (spec->columns[i].name && str_eq(name, str_of(spec->columns[i].name)))
            return &spec->columns[i];
    return NULL;
}

static bool is_listed(const struct ui_choices *choices, const struct ui_column *column)
{
    for (size_t i = 0; i < choices->len; i++)
        if (choices->at[i].column == column)
            return true;
    return false;
}

static void list_column(struct ui_list *list, const struct ui_column *column, bool is_on)
{
    struct ui_column_choice choice = {.column = column, .is_on = is_on};
    if (column && column->name && !is_listed(&list->state->choices, column))
        VEC_PUSH(list->op->arena, &list->state->choices, choice);
}

/* The name of the record is always shown, and first: rows without it cannot be told apart. */
static void list_names(struct ui_list *list)
{
    for (size_t i = 0; i < list->spec->columns_len; i++)
        if (list->spec->columns[i].place == UI_AT_NAME)
            list_column(list, &list->spec->columns[i], true);
}

/* The address decides, also about the order; without a word there, what the person chose before. */
static enum rc read_columns(struct req *r, struct ui_list *list)
{
    struct ui_list_state *state = list->state;
    const struct ui_list_spec *spec = list->spec;
    struct str kept = STR_NONE;
    bool is_chosen = req_raw_at(r, "cols", 0).len > 0;
    if (!is_chosen && !http_wants_json(r))
        TRY(ui__choice_get(r->op, ui__columns_choice(r->op, spec->name), &kept));
    state->is_remembered = kept.at != NULL;
    if (is_chosen || kept.at)
        list_names(list);
    for (size_t n = 0; req_raw_at(r, "cols", n).at; n++)
        list_column(list, column_named(spec, req_raw_at(r, "cols", n)), true);
    while (kept.at)
        list_column(list, column_named(spec, str_cut(&kept, ',')), true);
    for (size_t i = 0; i < state->choices.len && is_chosen; i++)
        add_param(list, &state->params, "cols", str_of(state->choices.at[i].column->name));
    bool is_usual = !is_chosen && !state->is_remembered;
    for (size_t i = 0; i < spec->columns_len && is_usual; i++)
        if (!spec->columns[i].is_optional)
            list_column(list, &spec->columns[i], true);
    for (size_t i = 0; i < spec->columns_len; i++)
        list_column(list, &spec->columns[i], false);
    return RC_OK;
}

bool ui_list_shows(const struct ui_list *list, size_t column)
{
    const struct ui_choices *choices = &list->state->choices;
    bool is_on = false;
    for (size_t i = 0; i < choices->len; i++)
        if (choices->at[i].column == &list->spec->columns[column])
            is_on = choices->at[i].is_on || list->state->is_for_program;
    return is_on;
}

enum rc ui__list_prepare(struct req *r, const struct ui_list_spec *spec, struct ui_list *out)
{
    struct ui_list_state *state = NEW(r->op->arena, struct ui_list_state);
    *out = (struct ui_list){.spec = spec, .op = r->op, .page = *page_of(r), .state = state};
    out->path = r->path;
    state->is_for_program = http_wants_json(r);
    struct str search = str_trim(req_raw(r, "q"));
    if (search.len) {
        out->search = search;
        add_param(out, &state->params, "q", search);
        state->is_filtered = true;
    }
    read_filters(r, out);
    read_sort(r, out);
    TRY(read_columns(r, out));
    if (req_raw(r, "limit").len)
        add_param(out, &state->params, "limit", req_raw(r, "limit"));
    for (const struct ui_action *action = spec->bulk; action && action->label; action++)
        ui_act(r->op, &state->bulk, *action);
    return RC_OK;
}

void ui_list_option(struct ui_list *list, const char *filter, struct str value, struct str label)
{
    struct ui_filters_now *filters = &list->state->filters;
    for (size_t i = 0; i < filters->len; i++)
        if (strcmp(filters->at[i].filter->name, filter) == 0) {
            struct ui_option option = {.value = value, .label = label};
            VEC_PUSH(list->op->arena, &filters->at[i].options, option);
            return;
        }
    assert(false && "the list has no such filter");
}

bool ui__is_picked(const struct ui_filter_now *now, struct str value)
{
    for (size_t i = 0; i < now->values.len; i++)
        if (str_eq(now->values.at[i], value))
            return true;
    return false;
}

static struct str words_of(struct op *op, const struct ui_filter_now *now, struct str value)
{
    struct date day;
    if (now->filter->kind == UI_DAY && date_parse(value, &day))
        return i18n_date(op->arena, op->lang, day, DATE_MEDIUM, PLACE_INSIDE);
    for (size_t n = 0; n < now->options.len; n++)
        if (str_eq(now->options.at[n].value, value))
            return now->options.at[n].label;
    return value;
}

/* Any of them is enough, so there is no "and". */
static struct str joined(struct op *op, const struct str_list *words)
{
    struct str text = words->len ? words->at[0] : STR_NONE;
    for (size_t i = 1; i < words->len; i++)
        text = str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(text), STR_ARG(words->at[i]));
    return text;
}

enum { SHOWN_VALUES = 3 }; /* of a filter, in its chip */

void ui__list_finish(struct ui_list *list)
{
    struct ui_filters_now *filters = &list->state->filters;
    for (size_t i = 0; i < filters->len; i++) {
        struct ui_filter_now *now = &filters->at[i];
        struct str_list words = {0};
        for (size_t n = 0; n < now->values.len && n < SHOWN_VALUES; n++)
            VEC_PUSH(list->op->arena, &words, words_of(list->op, now, now->values.at[n]));
        if (now->values.len > SHOWN_VALUES)
            VEC_PUSH(list->op->arena, &words,
                     i18n_format(list->op->arena, list->op->lang, M("{0} more"),
                                 (int64_t)(now->values.len - SHOWN_VALUES)));
        now->shown = joined(list->op, &words);
    }
}

/* ---- addresses ---- */

enum { WITH_FILTERS = 1, WITHOUT_FILTERS };

static bool is_filter(const struct ui_list *list, struct str name)
{
    for (size_t i = 0; i < list->spec->filters_len; i++)
        if (str_eq(name, str_of(list->spec->filters[i].name)))
            return true;
    return str_eq(name, STR("q"));
}

static struct str with_param(const struct ui_list *list, struct str query, struct str name,
                             struct str value)
{
    struct arena *arena = list->op->arena;
    return str_printf(arena, STR_FMT "%s" STR_FMT "=" STR_FMT, STR_ARG(query), query.len ? "&" : "",
                      STR_ARG(name), STR_ARG(url_part(arena, value)));
}

static struct str query_but(const struct ui_list *list, struct str but, int filters)
{
    struct str query = STR("");
    for (size_t i = 0; i < list->state->params.len; i++) {
        const struct ui_param *param = &list->state->params.at[i];
        if (str_eq(param->name, but) ||
            (filters == WITHOUT_FILTERS && is_filter(list, param->name)))
            continue;
        query = with_param(list, query, param->name, param->value);
    }
    return query;
}

static struct str url_of(const struct ui_list *list, struct str query)
{
    return query.len ? str_printf(list->op->arena, STR_FMT "?" STR_FMT, STR_ARG(list->path),
                                  STR_ARG(query))
                     : list->path;
}

struct str ui__own_query(const struct ui_list *list)
{
    return query_but(list, STR("-"), WITH_FILTERS);
}

struct str ui__view_query(const struct ui_list *list)
{
    struct str query = ui__own_query(list);
    for (size_t i = 0; list->state->is_remembered && i < list->state->choices.len; i++)
        if (list->state->choices.at[i].is_on)
            query = with_param(list, query, STR("cols"),
                               str_of(list->state->choices.at[i].column->name));
    return query;
}

struct str ui__own_url(const struct ui_list *list)
{
    return url_of(list, ui__own_query(list));
}

struct str ui__url_but(const struct ui_list *list, const char *name)
{
    return url_of(list, query_but(list, str_of(name), WITH_FILTERS));
}

struct str ui__clear_url(const struct ui_list *list)
{
    return url_of(list, query_but(list, STR("-"), WITHOUT_FILTERS));
}

bool ui__is_sorted(const struct ui_list *list, const struct ui_column *column)
{
    return list->page.sort_i ==
           list_sort_find(list->spec->sorts, str_of(column->sort ? column->sort : ""));
}

struct str ui__sort_url(const struct ui_list *list, const struct ui_column *column)
{
    struct str query = STR("");
    for (size_t i = 0; i < list->state->params.len; i++) {
        const struct ui_param *param = &list->state->params.at[i];
        if (!str_eq(param->name, STR("sort")) && !str_eq(param->name, STR("dir")))
            query = with_param(list, query, param->name, param->value);
    }
    query = with_param(list, query, STR("sort"), str_of(column->sort));
    if (ui__is_sorted(list, column) && !list->page.is_descending)
        query = with_param(list, query, STR("dir"), STR("desc"));
    return url_of(list, query);
}

struct str ui__page_url(const struct ui_list *list, bool is_backward)
{
    struct str query = ui__own_query(list);
    query = is_backward ? with_param(list, query, STR("before"), list->prev)
                        : with_param(list, query, STR("after"), list->next);
    return url_of(list, query);
}

struct str ui__export_url(const struct ui_list *list, const char *kind)
{
    return url_of(list, with_param(list, ui__own_query(list), STR("export"), str_of(kind)));
}

const struct ui_params *ui__params_but(struct out *o, const struct ui_list *list, const char *name)
{
    struct ui_params *params = NEW(o->arena, struct ui_params);
    for (size_t i = 0; i < list->state->params.len; i++)
        if (!str_eq(list->state->params.at[i].name, str_of(name)))
            VEC_PUSH(o->arena, params, list->state->params.at[i]);
    return params;
}

const struct ui_params *ui__params_but_filters(struct out *o, const struct ui_list *list)
{
    struct ui_params *params = NEW(o->arena, struct ui_params);
    for (size_t i = 0; i < list->state->params.len; i++)
        if (!is_filter(list, list->state->params.at[i].name) ||
            str_eq(list->state->params.at[i].name, STR("q")))
            VEC_PUSH(o->arena, params, list->state->params.at[i]);
    return params;
}

int ui__rows(const struct ui_list *list)
{
    return list->page.limit ? list->page.limit : 50;
}

struct ui_rows_choices ui__rows_choices(struct out *o, const struct ui_list *list)
{
    static const int sizes[] = {25, 50, 100, 200};
    struct ui_rows_choices choices = {0};
    for (size_t i = 0; i < LEN(sizes); i++) {
        struct str n = str_printf(o->arena, "%d", sizes[i]);
        struct str query = query_but(list, STR("limit"), WITH_FILTERS);
        struct ui_rows_choice choice = {.n = sizes[i], .is_on = sizes[i] == ui__rows(list)};
        choice.url = url_of(list, with_param(list, query, STR("limit"), n));
        VEC_PUSH(o->arena, &choices, choice);
    }
    return choices;
}
