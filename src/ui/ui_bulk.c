/* Many rows at once: the page that asks, and the change. */
#include "ui/ui_bulk.h"

#include "ui/ui.h"

static ui_bulk_later_fn *enqueue;

void ui_bulk_later_set(ui_bulk_later_fn *later)
{
    enqueue = later;
}

const struct ui_bulk_step *ui_bulk_find(const struct ui_bulk *bulk, struct str step)
{
    for (const struct ui_bulk_step *s = bulk->steps; s->name; s++)
        if (str_eq(str_of(s->name), step))
            return s;
    return NULL;
}

static struct str back_of(struct req *r, const struct ui_bulk *bulk)
{
    struct str back = req_raw(r, "back");
    return back.len ? back : str_of(bulk->path);
}

/* ---- who is meant ---- */

static enum rc choose(struct req *r, const struct ui_bulk *bulk, struct ui_chosen *out,
                      struct i64_list *out_ids)
{
    struct ui_list_spec *spec = NEW(r->op->arena, struct ui_list_spec);
    *out_ids = (struct i64_list){0};
    if (bulk->spec)
        TRY(bulk->spec(r->op, spec));
    TRY(ui_list_chosen(r, spec, bulk->path, out));
    for (size_t i = 0; i < out->ids.len; i++) {
        int64_t id;
        if (!pid_parse(bulk->prefix, out->ids.at[i], &id))
            return fail(r->op, RC_INVALID, "ids", M("There is no such record."));
        VEC_PUSH(r->op->arena, out_ids, id);
    }
    return RC_OK;
}

/* A few names, so that nobody acts on a row by mistake. A marked row that is not there is an error;
 * of all rows one may have gone since they were found. */
static enum rc names_of(struct op *op, const struct ui_bulk *bulk, const struct i64_list *ids,
                        bool is_all, struct str *out)
{
    struct str_list names = {0};
    for (size_t i = 0; i < ids->len && (!is_all || names.len < UI_CHOSEN_NAMES); i++) {
        struct str name;
        enum rc rc = bulk->name(op, bulk, ids->at[i], &name);
        if (rc == RC_OK)
            VEC_PUSH(op->arena, &names, name);
        else if (rc != RC_MISSING || !is_all)
            return rc;
    }
    *out = ui_chosen_names(op, &names, ids->len);
    return RC_OK;
}

static struct str count_words(struct op *op, const struct ui_bulk *bulk,
                              const struct ui_chosen *chosen)
{
    struct str words = i18n_format(op->arena, op->lang, bulk->count, (int64_t)chosen->ids.len);
    if (!chosen->is_all)
        return words;
    if (chosen->filters_words.len)
        return i18n_format(op->arena, op->lang, M("{0}: all that match {1}"), words,
                           chosen->filters_words);
    return i18n_format(op->arena, op->lang, M("{0}: all that you can see"), words);
}

/* ---- asking ---- */

enum rc ui_bulk_ask(struct req *r, const struct ui_bulk *bulk, struct str name)
{
    struct op *op = r->op;
    const struct ui_bulk_step *step = ui_bulk_find(bulk, name);
    struct ui_chosen chosen;
    struct i64_list ids;
    struct str names;
    if (!step)
        return RC_MISSING;
    struct ui_field *fields = NEW_ARRAY(op->arena, struct ui_field, 3);
    size_t len = 0;
    fields[len++] = (struct ui_field){
        .name = "number", .label = M("Concerned"), .kind = UI_FIELD_SHOWN, .is_required = true};
    fields[len++] = (struct ui_field){
        .name = "chosen", .label = M("Marked"), .kind = UI_FIELD_SHOWN, .is_required = true};
    if (step->field.name)
        fields[len++] = step->field;
    struct ui_form form = {.submit = step->submit,
                           .is_danger = step->is_danger,
                           .intro = step->text,
                           .cancel_href = back_of(r, bulk)};
    form.head.title = step->title;
    ui_crumb(op, &form.head, bulk->plural, str_of(bulk->path));
    ui_form_init(r, &form, fields, len);
    if (step->options)
        TRY(step->options(&form, step->field.name));
    TRY(choose(r, bulk, &chosen, &ids));
    TRY(names_of(op, bulk, &ids, chosen.is_all, &names));
    ui_form_value(&form, "number")->text = count_words(op, bulk, &chosen);
    ui_form_value(&form, "chosen")->text = names;
    ui_chosen_carry(r, &chosen, &form);
    return ui_form_page(r, &form);
}

/* ---- doing ---- */

static enum rc change_now(struct op *op, const struct ui_bulk_work *work)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    for (size_t i = 0; i < work->ids->len; i++)
        TRY(work->step->change(op, work->bulk, work->ids->at[i], work->value));
    return txn_commit(&txn);
}

/* "All" is asked about again when there are more or fewer than the person was told. */
static enum rc check_count(struct req *r, const struct ui_chosen *chosen)
{
    int64_t asked = 0;
    struct op *op = r->op;
    bool was_asked = str_to_i64(req_raw(r, "count"), &asked);
    if (!chosen->is_all || !was_asked || asked == (int64_t)chosen->ids.len)
        return RC_OK;
    return fail(op, RC_CONFLICT, NULL,
                M("Meanwhile {0} rows match instead of {1}. Look again and confirm."),
                str_c(op->arena, str_printf(op->arena, "%zu", chosen->ids.len)),
                str_c(op->arena, str_printf(op->arena, "%lld", (long long)asked)));
}

static enum rc change(struct req *r, const struct ui_bulk *bulk, const struct ui_bulk_step *step)
{
    struct ui_chosen chosen;
    struct i64_list ids;
    struct ui_bulk_work work = {.bulk = bulk, .step = step, .ids = &ids, .value = STR("")};
    if (step->value)
        TRY(step->value(r, &work.value));
    else if (step->field.name)
        work.value = req_raw(r, step->field.name);
    TRY(choose(r, bulk, &chosen, &ids));
    TRY(check_count(r, &chosen));
    if (ids.len > LIST_LIMIT_MAX) {
        struct str href;
        assert(enqueue && bulk->job);
        TRY(enqueue(r->op, &work, &href));
        return http_redirect_to(r, href);
    }
    TRY(change_now(r->op, &work));
    answer_note(r, step->done ? step->done : M("Done."));
    return http_redirect_to(r, back_of(r, bulk));
}

enum rc ui_bulk_page(struct req *r, const struct ui_bulk *bulk, struct str name)
{
    const struct ui_bulk_step *step = ui_bulk_find(bulk, name);
    bool is_asked = req_raw(r, "go").len > 0 || r->is_api;
    if (!step)
        return RC_MISSING;
    if (!is_asked && !req_raw_at(r, "ids", 0).len && !req_raw(r, "all").len) {
        answer_note(r, M("Mark some rows first."));
        return http_redirect_to(r, back_of(r, bulk));
    }
    return is_asked ? change(r, bulk, step) : ui_bulk_ask(r, bulk, name);
}
