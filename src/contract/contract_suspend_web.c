/* Pages of suspensions: from which day and why, until which day, and their history as a table. */
#include "contract/contract_web.h"

const struct field contract__suspend_fields[] = {
    F_OPT_DATE(contract__suspend_form, from_day),
    F_STR(contract__suspend_form, reason, 0, 2000),
    F_OPT_I64(contract__suspend_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const struct field contract__resume_fields[] = {
    F_OPT_DATE(contract__resume_form, day),
    F_OPT_I64(contract__resume_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field suspend_shown[] = {
    {.name = "from_day",
     .label = M("Suspended from"),
     .hint = M("The first day on which nothing is earned. An earlier day is possible while its "
               "period is not posted."),
     .kind = UI_FIELD_DATE,
     .is_required = true,
     .is_half = true},
    {.name = "reason",
     .label = M("Reason"),
     .hint = M("Kept in the history."),
     .kind = UI_FIELD_TEXT,
     .max_len = 500},
};

static const struct ui_field resume_shown[] = {
    {.name = "day",
     .label = M("In force again from"),
     .hint = M("Events from this day on are rewarded. Those of the suspended days stay without."),
     .kind = UI_FIELD_DATE,
     .is_required = true,
     .is_half = true},
};

/* Today, or the first day that is not posted yet. */
static enum rc first_day(struct op *op, int64_t contract_id, int64_t *out)
{
    int64_t free_from, today = contract__today(op);
    TRY(contract__free_from(op, contract_id, &free_from));
    *out = free_from > today ? free_from : today;
    return RC_OK;
}

static void head_of(struct req *r, struct ui_form *form, const struct contract *c)
{
    form->revision = c->revision;
    form->cancel_href = contract_href(r->op, c->id);
    ui_crumb(r->op, &form->head, M("Contracts"), STR("/contracts"));
    ui_crumb_text(r->op, &form->head, c->code, contract_href(r->op, c->id));
}

enum rc contract__page_ask_suspend(struct req *r)
{
    struct contract c;
    int64_t day;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(first_day(r->op, c.id, &day));
    struct ui_form form = {
        .submit = M("Suspend"),
        .is_danger = true,
        .intro = M("What happens on suspended days earns nothing, also after the contract is "
                   "resumed. Periods before stay as they are.")};
    form.head.title = M("Suspend the contract");
    head_of(r, &form, &c);
    ui_form_init(r, &form, suspend_shown, LEN(suspend_shown));
    ui_form_set_date(&form, "from_day", SOME(day));
    return ui_form_page(r, &form);
}

enum rc contract__page_suspend(struct req *r)
{
    const struct contract__suspend_form *in = form(r);
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(contract_suspend(r->op, c.id, in->revision.has ? in->revision.v : c.revision,
                         in->from_day.has ? in->from_day.v.days : contract__today(r->op),
                         in->reason));
    answer_note(r, M("The suspension is noted."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
}

enum rc contract__page_ask_resume(struct req *r)
{
    struct contract c;
    struct contract_suspensions all;
    int64_t day;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(contract_suspensions(r->op, c.id, &all));
    TRY(first_day(r->op, c.id, &day));
    if (all.len && all.at[0].from_day > day) /* called off before it began */
        day = all.at[0].from_day;
    struct ui_form form = {.submit = M("Resume")};
    form.head.title = M("Resume the contract");
    head_of(r, &form, &c);
    ui_form_init(r, &form, resume_shown, LEN(resume_shown));
    ui_form_set_date(&form, "day", SOME(day));
    return ui_form_page(r, &form);
}

enum rc contract__page_resume(struct req *r)
{
    const struct contract__resume_form *in = form(r);
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(contract_resume(r->op, c.id, in->revision.has ? in->revision.v : c.revision,
                        in->day.has ? in->day.v.days : contract__today(r->op)));
    answer_note(r, M("The contract is resumed."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
}

/* ---- on the page of the contract ---- */

enum { SUS_SPAN, SUS_REASON, SUSS };
static const struct ui_column suspension_columns[] = {
    [SUS_SPAN] = {.name = "days", .title = M("Days"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [SUS_REASON] = {.name = "reason", .title = M("Reason"), .kind = UI_TEXT, .place = UI_AT_SUB},
};

static struct str span_words(struct op *op, const struct contract_suspension *s)
{
    if (s->from_day == s->to_day)
        return i18n_format(op->arena, op->lang, M("{0}, called off"),
                           contract__day_words(op, s->from_day));
    return contract__span_words(op, s->from_day, s->to_day);
}

enum rc contract__suspensions_make(struct op *op, struct contract__page *v)
{
    int64_t today = contract__today(op);
    TRY(contract_suspensions(op, v->contract.id, &v->suspended));
    v->suspensions = (struct ui_table){
        .columns = suspension_columns, .columns_len = SUSS, .caption = M("Suspensions")};
    for (size_t i = 0; i < v->suspended.len; i++) {
        const struct contract_suspension *s = &v->suspended.at[i];
        struct ui_cell *cells = ui_table_row(op, &v->suspensions, STR_NONE);
        cells[SUS_SPAN] = ui_cell_text(span_words(op, s));
        cells[SUS_REASON] = ui_cell_text(s->reason.len ? s->reason : STR_NONE);
    }
    if (v->suspended.len == 0 || v->suspended.at[0].to_day <= today ||
        v->suspended.at[0].from_day == v->suspended.at[0].to_day)
        return RC_OK;
    const struct contract_suspension *last = &v->suspended.at[0];
    v->is_pausing =
        str_eq(v->contract.state, STR("active")) || str_eq(v->contract.state, STR("suspended"));
    if (v->is_pausing)
        v->hint = (struct ui_hint){
            .tint = UI_WARN,
            .icon = "player-pause",
            .title = i18n_format(op->arena, op->lang, M("Suspended {0}"), span_words(op, last)),
            .text = last->reason.len ? last->reason
                                     : tr(op->lang, M("Events of these days earn nothing."))};
    return RC_OK;
}
