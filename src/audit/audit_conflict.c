/* What the second of two editors is told. Every save of a record adds one to its revision and one
 * row to the journal, so the rows that came after the revision the form began with are as many as
 * the difference of the revisions. */
#include "audit/audit_int.h"
#include "audit/audit_view.h"
#include "audit/audit_web.h"

enum { ROWS_MAX = 50 };

static const struct ui_value *value_of(const struct ui_form *form, const char *name)
{
    for (size_t i = 0; i < form->values.len; i++)
        if (strcmp(form->values.at[i].field->name, name) == 0)
            return &form->values.at[i];
    return NULL;
}

static struct str option_label(const struct ui_value *value, struct str sent)
{
    for (size_t i = 0; i < value->options.len; i++)
        if (str_eq(value->options.at[i].value, sent))
            return value->options.at[i].label;
    return sent;
}

/* What this person has in the field, in the words of the page. */
static struct str yours_of(struct op *op, const struct ui_value *value)
{
    struct str_list words = {0};
    if (value->field->kind == UI_FIELD_CHECK)
        return tr(op->lang, value->text.len ? M("Yes") : M("No"));
    if (value->field->kind != UI_FIELD_CHECKS)
        return option_label(value, value->text);
    for (size_t i = 0; i < value->many.len; i++)
        VEC_PUSH(op->arena, &words, option_label(value, value->many.at[i]));
    return i18n_list(op->arena, op->lang, words.at, words.len);
}

static bool is_told(const struct audit__conflict *conflict, struct str field)
{
    for (size_t i = 0; i < conflict->clashes.len; i++)
        if (str_eq(conflict->clashes.at[i].field, field))
            return true;
    return false;
}

/* Events come newest first: the first one about a field says what it is now. */
static void tell(struct op *op, const struct ui_form *form, const struct ui_event *event,
                 struct audit__conflict *conflict)
{
    for (size_t i = 0; i < event->changes.len; i++) {
        const struct ui_change *change = &event->changes.at[i];
        const struct ui_value *value = value_of(form, str_c(op->arena, change->field));
        struct audit__clash clash = {change->label, change->field, change->was,
                                     change->is,    STR_NONE,      false};
        if (is_told(conflict, change->field))
            continue;
        if (value)
            clash.yours = yours_of(op, value);
        clash.is_same = value && str_eq(clash.yours, clash.theirs);
        VEC_PUSH(op->arena, &conflict->clashes, clash);
    }
}

enum rc audit_conflict(struct req *r, struct ui_form *form, const char *record, int64_t record_id)
{
    struct op *op = r->op;
    int64_t sent = 0;
    if (!form->is_posted || op->fault.rc != RC_CONFLICT ||
        !str_to_i64(req_raw(r, "revision"), &sent) || sent <= 0 || sent >= form->revision)
        return RC_OK;
    struct ui_timeline events = {0};
    struct audit__conflict conflict = {0};
    int64_t behind = form->revision - sent;
    TRY(audit_events(op, record, record_id, (int)(behind < ROWS_MAX ? behind : ROWS_MAX), &events));
    if (events.len == 0)
        return RC_OK;
    conflict.who = events.at[0].who;
    conflict.when = i18n_date_time(op->arena, op->lang, events.at[0].at_us, op->zone);
    for (size_t i = 0; i < events.len; i++)
        tell(op, form, &events.at[i], &conflict);
    form->above = ui_capture(http_out(r), audit__conflict_view, &conflict);
    return RC_OK;
}
