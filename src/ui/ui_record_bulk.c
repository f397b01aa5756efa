/* Archiving and restoring the marked rows of a list: a page says which and how many, then all of
 * them change in one transaction or none. What is so already stays as it is. */
#include "ui/ui.h"

const struct field ui_bulk_fields[] = {
    UI_CHOSEN_FIELDS(ui_bulk_form),
    F_STR(ui_bulk_form, go, 0, 1),
    FIELDS_END,
};

static struct str back_of(struct req *r, const struct ui_record_kind *kind)
{
    struct str back = req_raw(r, "back");
    return back.len ? back : str_of(kind->list ? kind->list : kind->path);
}

static enum rc marked(struct req *r, const struct ui_record_kind *kind, size_t i,
                      struct ui_record *out)
{
    int64_t id;
    *out = (struct ui_record){0};
    if (!pid_parse(kind->prefix, req_raw_at(r, "ids", i), &id))
        return fail(r->op, RC_INVALID, "ids", M("There is no such record."));
    return kind->get(r->op, id, out);
}

/* ---- asking ---- */

static enum rc ask(struct req *r, const struct ui_record_kind *kind, bool is_archived)
{
    static const struct ui_field shown[] = {
        {.name = "number", .label = M("Concerned"), .kind = UI_FIELD_SHOWN, .is_required = true},
        {.name = "chosen", .label = M("Marked"), .kind = UI_FIELD_SHOWN, .is_required = true},
    };
    struct op *op = r->op;
    struct ui_chosen chosen = {.filters_words = STR("")};
    struct str_list names = {0};
    struct ui_form form = {.submit = is_archived ? M("Archive") : M("Restore"),
                           .is_danger = is_archived,
                           .cancel_href = back_of(r, kind)};
    form.head.title = is_archived ? M("Archive what is marked?") : M("Restore what is marked?");
    ui_crumb(op, &form.head, kind->plural, form.cancel_href);
    ui_form_init(r, &form, shown, LEN(shown));
    for (size_t i = 0; i < LIST_LIMIT_MAX && req_raw_at(r, "ids", i).at; i++) {
        struct ui_record record;
        TRY(marked(r, kind, i, &record));
        VEC_PUSH(op->arena, &names, record.name);
        VEC_PUSH(op->arena, &chosen.ids, req_raw_at(r, "ids", i));
    }
    ui_form_value(&form, "number")->text =
        i18n_format(op->arena, op->lang, M("{0, plural, one {# record} other {# records}}"),
                    (int64_t)names.len);
    ui_form_value(&form, "chosen")->text = ui_chosen_names(op, &names, names.len);
    ui_chosen_carry(r, &chosen, &form);
    return ui_form_page(r, &form);
}

/* ---- doing ---- */

static enum rc change_all(struct req *r, const struct ui_record_kind *kind, size_t len,
                          bool is_archived)
{
    struct op *op = r->op;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    for (size_t i = 0; i < len; i++) {
        struct ui_record record;
        TRY(marked(r, kind, i, &record));
        if (record.archived_at.has != is_archived)
            TRY(kind->archive(op, record.id, record.revision, is_archived));
    }
    return txn_commit(&txn);
}

static enum rc set(struct req *r, const struct ui_record_kind *kind, bool is_archived)
{
    const struct ui_bulk_form *in = form(r);
    if (in->ids.len == 0) {
        answer_note(r, M("Mark some rows first."));
        return http_redirect_to(r, back_of(r, kind));
    }
    if (in->go.len == 0 && !r->is_api)
        return ask(r, kind, is_archived);
    TRY(change_all(r, kind, in->ids.len, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return http_redirect_to(r, back_of(r, kind));
}

enum rc ui_record_ask_bulk_archive(struct req *r, const struct ui_record_kind *kind)
{
    return ask(r, kind, true);
}

enum rc ui_record_bulk_archive(struct req *r, const struct ui_record_kind *kind)
{
    return set(r, kind, true);
}

enum rc ui_record_ask_bulk_restore(struct req *r, const struct ui_record_kind *kind)
{
    return ask(r, kind, false);
}

enum rc ui_record_bulk_restore(struct req *r, const struct ui_record_kind *kind)
{
    return set(r, kind, false);
}
