/* What a bulk action concerns. "All" travels as the list's own address, never as ids: the filters
 * are asked again when the action is done, by the very page that showed the list, so that what is
 * seen, exported and changed is found by one query. Ids of a thousand pages in a form were
 * rejected: they would be old when they arrive. */
#include "ui/ui.h"
#include "ui/ui_int.h"

enum { ID_BYTES_MAX = 64 };

static bool is_yes(struct str value)
{
    return str_eq(value, STR("1")) || str_eq(value, STR("true")) || str_eq(value, STR("on"));
}

static enum rc read_ids(struct req *r, struct ui_list *list, struct buf *ids)
{
    struct ui_pages pages;
    size_t len = 0;
    enum rc rc;
    ui__pages_begin(list, &pages);
    while ((rc = ui__pages_next(r, &pages)) == RC_OK) {
        for (size_t i = 0; i < list->rows.len; i++)
            buf_printf(ids, STR_FMT "\n", STR_ARG(list->rows.at[i].id));
        len += list->rows.len;
        if (len > UI_ALL_MAX)
            return fail(
                list->op, RC_TOO_LARGE, NULL,
                M("At most {0} rows are changed at once. Narrow the list by a filter."),
                str_c(list->op->arena, i18n_i64(list->op->arena, list->op->lang, UI_ALL_MAX)));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The first page also says what the filters are called. */
static enum rc filters_words(struct req *r, struct ui_list *list, struct str *out)
{
    struct out words = {.arena = list->op->arena, .lang = list->op->lang};
    list->page.limit = 1;
    TRY(list->spec->fill(r, list));
    ui__list_finish(list);
    *out = list->state->is_filtered ? ui__filters_words(&words, list) : STR("");
    return RC_OK;
}

static enum rc chosen_all(struct req *r, const struct ui_list_spec *spec, const char *path,
                          struct ui_chosen *out)
{
    struct str back = req_raw(r, "back"), query = back, head = str_cut(&query, '?');
    struct req *aside = NEW(r->op->arena, struct req);
    struct ui_list list;
    if (!str_eq(head, str_of(path)))
        return fail(r->op, RC_INVALID, NULL, M("Open the list again and choose once more."));
    TRY(req_aside(r, back, aside));
    TRY(ui__list_prepare(aside, spec, &list));
    list.page.cursor = STR_NONE;
    list.page.is_backward = false;
    TRY(filters_words(aside, &list, &out->filters_words));
    AUTO_BUF lines = BUF((UI_ALL_MAX + LIST_LIMIT_MAX) * ID_BYTES_MAX);
    TRY(read_ids(aside, &list, &lines));
    struct str rest = str_dup(r->op->arena, buf_str(&lines));
    while (rest.len)
        VEC_PUSH(r->op->arena, &out->ids, str_cut(&rest, '\n'));
    return RC_OK;
}

enum rc ui_list_chosen(struct req *r, const struct ui_list_spec *spec, const char *path,
                       struct ui_chosen *out)
{
    *out = (struct ui_chosen){.filters_words = STR("")};
    out->is_all = spec->has_all && is_yes(req_raw(r, "all"));
    if (out->is_all)
        return chosen_all(r, spec, path, out);
    for (size_t n = 0; n < LIST_LIMIT_MAX && req_raw_at(r, "ids", n).at; n++)
        VEC_PUSH(r->op->arena, &out->ids, req_raw_at(r, "ids", n));
    return RC_OK;
}

/* ---- asking ---- */

static void hide(struct ui_form *form, const struct ui_field *field, struct str text)
{
    struct ui_value value = {.field = field, .text = text};
    VEC_PUSH(form->op->arena, &form->values, value);
}

void ui_chosen_carry(struct req *r, const struct ui_chosen *chosen, struct ui_form *form)
{
    static const struct ui_field back = {.name = "back", .kind = UI_FIELD_HIDDEN},
                                 go = {.name = "go", .kind = UI_FIELD_HIDDEN},
                                 all = {.name = "all", .kind = UI_FIELD_HIDDEN},
                                 count = {.name = "count", .kind = UI_FIELD_HIDDEN},
                                 id = {.name = "ids", .kind = UI_FIELD_HIDDEN};
    hide(form, &back, req_raw(r, "back"));
    hide(form, &go, STR("1"));
    hide(form, &count, str_printf(form->op->arena, "%zu", chosen->ids.len));
    if (chosen->is_all) {
        hide(form, &all, STR("1"));
        return;
    }
    for (size_t i = 0; i < chosen->ids.len; i++)
        hide(form, &id, chosen->ids.at[i]);
}

struct str ui_chosen_names(struct op *op, const struct str_list *names, size_t total)
{
    struct str_list shown = {0};
    for (size_t i = 0; i < names->len && i < UI_CHOSEN_NAMES; i++)
        VEC_PUSH(op->arena, &shown, names->at[i]);
    if (total > shown.len)
        VEC_PUSH(op->arena, &shown,
                 i18n_format(op->arena, op->lang, M("{0, plural, one {# more} other {# more}}"),
                             (int64_t)(total - shown.len)));
    return i18n_list(op->arena, op->lang, shown.at, shown.len);
}

/* ---- the bar ---- */

bool ui__offers_all(const struct ui_list *list)
{
    return list->spec->has_all && (list->next.at || list->prev.at);
}

struct str ui__all_words(struct out *o, const struct ui_list *list)
{
    if (!list->count.has)
        return tr(o->lang, M("Select all that match"));
    return i18n_format(o->arena, o->lang, M("Select all {0}"), ui__count_words(list));
}
