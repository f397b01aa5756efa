/* What a person has chosen about the screens and finds again on every machine: the columns of a
 * list, the narrow navigation. A cookie was rejected: it stays with the browser. Nothing here is a
 * secret or decides what may be seen, so being signed in is enough. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_q.h"

enum rc ui__choice_get(struct op *op, struct str name, struct str *out)
{
    struct ui_choice_row row;
    *out = STR_NONE;
    if (!op->actor.user_id)
        return RC_OK;
    enum rc rc = q_ui_choice(op, &(struct q_ui_choice_in){op->actor.user_id, name}, &row);
    if (rc == RC_OK)
        *out = row.value;
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc ui__choice_put(struct op *op, struct str name, struct str value)
{
    if (!op->actor.user_id)
        return RC_OK;
    if (value.len == 0)
        return q_ui_choice_drop(op, &(struct q_ui_choice_drop_in){op->actor.user_id, name});
    return q_ui_choice_put(op,
                           &(struct q_ui_choice_put_in){op->actor.user_id, name, value, op->now});
}

struct str ui__columns_choice(struct op *op, const char *list)
{
    return str_printf(op->arena, "cols:%s", list);
}

/* ---- POST /columns ---- */

const struct field ui__columns_fields[] = {
    F_STR(columns_form, list, 1, 60),
    F_STRS(columns_form, cols, 100),
    F_STR(columns_form, back, 0, 2000),
    F_BOOL(columns_form, reset),
    F_STR(columns_form, up, 0, 100),
    F_STR(columns_form, down, 0, 100),
    FIELDS_END,
};

/* One place towards the beginning or the end; what is not shown has no place. */
static void move_column(struct str_list *cols, struct str name, bool is_up)
{
    for (size_t i = 0; i < cols->len; i++) {
        size_t other = is_up ? i - 1 : i + 1; /* of the first: beyond the end */
        if (!str_eq(cols->at[i], name))
            continue;
        if (other < cols->len) {
            struct str moved = cols->at[i];
            cols->at[i] = cols->at[other];
            cols->at[other] = moved;
        }
        return;
    }
}

enum rc ui__columns_put(struct req *r)
{
    const struct columns_form *in = form(r);
    struct op *op = r->op;
    struct str_list cols = {0};
    AUTO_BUF names = BUF(8 * 1024);
    for (size_t i = 0; i < in->cols.len && !in->reset; i++)
        VEC_PUSH(op->arena, &cols, in->cols.at[i]);
    if (in->up.len || in->down.len)
        move_column(&cols, in->up.len ? in->up : in->down, in->up.len > 0);
    for (size_t i = 0; i < cols.len; i++)
        buf_printf(&names, "%s" STR_FMT, i ? "," : "", STR_ARG(cols.at[i]));
    struct str name = ui__columns_choice(op, str_c(op->arena, in->list));
    TRY(ui__choice_put(op, name, str_dup(op->arena, buf_str(&names))));
    /* A browser opens what its address points into, so the moved row is seen again. */
    struct str moved = in->up.len ? in->up : in->down;
    struct str back = in->back;
    if (moved.len)
        back = str_printf(op->arena, STR_FMT "#col-" STR_FMT, STR_ARG(back),
                          STR_ARG(url_part(op->arena, moved)));
    return http_redirect_to(r, back);
}
