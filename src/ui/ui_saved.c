/* Saved views: tabs over a list, each a query under a name. Kept per person, so no permission but
 * being signed in; the query is only ever put back behind the list's own path. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_q.h"
#include "ui/ui_view.h"

enum { VIEWS_MAX = 30 };

enum rc ui__saved_read(struct req *r, struct ui_list *list)
{
    struct op *op = list->op;
    struct ui_list_state *state = list->state;
    struct saved_view_rows rows = {0};
    int fresh = 0;
    struct str now = ui__own_query(list);
    state->is_default_view = now.len == 0;
    if (!op->actor.user_id)
        return RC_OK;
    struct q_saved_views_in in = {.user_id = op->actor.user_id, .list = str_of(list->spec->name)};
    TRY(q_saved_views(op, &in, &rows));
    struct ui_tab all = {.label = M("All"), .href = list->path, .is_on = state->is_default_view};
    VEC_PUSH(op->arena, &state->views, all);
    for (size_t i = 0; i < rows.len; i++) {
        struct ui_tab tab = {.text = rows.at[i].name, .is_on = str_eq(rows.at[i].query, now)};
        tab.href = str_printf(op->arena, STR_FMT "?" STR_FMT, STR_ARG(list->path),
                              STR_ARG(rows.at[i].query));
        ui__tally(r, list, rows.at[i].id, &tab, &fresh);
        VEC_PUSH(op->arena, &state->views, tab);
        if (tab.is_on) {
            state->view_id = ui_pid(op, pid_of("svw", rows.at[i].id));
            state->view_name = tab.text;
        }
    }
    state->views.name = M("Saved views");
    return RC_OK;
}

/* ---- routes ---- */

const struct field ui__saved_fields[] = {
    F_STR(saved_view_form, list, 1, 60),
    F_STR(saved_view_form, name, 1, 60),
    F_STR(saved_view_form, query, 1, 2000),
    F_STR(saved_view_form, back, 0, 2000),
    FIELDS_END,
};

enum rc ui__saved_put(struct req *r)
{
    const struct saved_view_form *in = form(r);
    struct op *op = r->op;
    struct saved_view_rows rows = {0};
    struct q_saved_views_in mine = {.user_id = op->actor.user_id, .list = in->list};
    TRY(q_saved_views(op, &mine, &rows));
    if (rows.len >= VIEWS_MAX)
        return fail(op, RC_INVALID, "name", M("There are {0} saved views already. Remove one."),
                    "30");
    struct q_saved_view_put_in put = {.user_id = op->actor.user_id,
                                      .list = in->list,
                                      .name = in->name,
                                      .query = in->query,
                                      .now = op->now};
    TRY(q_saved_view_put(op, &put));
    answer_note(r, M("The view is saved."));
    return http_redirect_to(r, in->back);
}

const struct field ui__saved_drop_fields[] = {
    F_STR(saved_view_drop_form, back, 0, 2000),
    FIELDS_END,
};

enum rc ui__saved_drop(struct req *r)
{
    const struct saved_view_drop_form *in = form(r);
    struct q_saved_view_drop_in drop = {.id = path_id(r, "svw"), .user_id = r->op->actor.user_id};
    TRY(q_saved_view_drop(r->op, &drop));
    answer_note(r, M("The view is removed."));
    return http_redirect_to(r, in->back);
}
