/* What is done to many partners at once. The list posts the marked rows here, or that all of them
 * are meant; a page asks what is to be done and says how many it concerns. Marked partners change
 * in one transaction: who goes wrong is named, and then nothing has happened. All partners of a
 * filter are found again when it is confirmed, and asked about again when they have become others
 * in number; more than a page of them change in a job, one by one, and those that cannot are
 * counted. */
#include "partner/partner_bulk.h"

enum { BULK_NOW_MAX = LIST_LIMIT_MAX };

struct bulk_form {
    UI_CHOSEN_MEMBERS;
    struct str tag, go;
    struct opt_i64 manager_id, level_id, group_id;
};
static const struct field bulk_fields[] = {
    UI_CHOSEN_FIELDS(bulk_form),
    F_STR(bulk_form, tag, 0, 40),
    F_STR(bulk_form, go, 0, 1),
    F_OPT_ID(bulk_form, manager_id, "usr"),
    F_OPT_ID(bulk_form, level_id, "lvl"),
    F_OPT_ID(bulk_form, group_id, "grp"),
    FIELDS_END,
};

struct bulk {
    const char *name, *title, *submit;
    struct ui_field field; /* of what is chosen; name NULL: nothing */
    enum bulk_kind kind;
};
static const struct bulk kinds[] = {
    {"manager",
     M("Assign manager"),
     M("Assign"),
     {.name = "manager_id", .label = M("Account manager"), .kind = UI_FIELD_SELECT},
     BULK_MANAGER},
    {"level",
     M("Change level"),
     M("Change"),
     {.name = "level_id", .label = M("Level"), .kind = UI_FIELD_SELECT},
     BULK_LEVEL},
    {"group",
     M("Add to group"),
     M("Add"),
     {.name = "group_id", .label = M("Group"), .kind = UI_FIELD_SELECT, .is_required = true},
     BULK_GROUP},
    {"tag",
     M("Add tag"),
     M("Add"),
     {.name = "tag", .label = M("Tag"), .kind = UI_FIELD_TEXT, .is_required = true, .max_len = 40},
     BULK_TAG},
    {"suspend", M("Suspend partners"), M("Suspend"), {.name = NULL}, BULK_SUSPEND},
};

static const struct bulk *bulk_of(struct str name)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(str_of(kinds[i].name), name))
            return &kinds[i];
    return NULL;
}

/* ---- who is meant ---- */

static enum rc choose(struct req *r, struct ui_chosen *out, struct i64_list *out_ids)
{
    struct ui_list_spec *spec = NEW(r->op->arena, struct ui_list_spec);
    *out_ids = (struct i64_list){0};
    TRY(partner__list_spec(r->op, spec));
    TRY(ui_list_chosen(r, spec, "/partners", out));
    for (size_t i = 0; i < out->ids.len; i++) {
        int64_t id;
        if (!pid_parse("prt", out->ids.at[i], &id))
            return fail(r->op, RC_INVALID, "ids", M("There is no such record."));
        VEC_PUSH(r->op->arena, out_ids, id);
    }
    return RC_OK;
}

/* ---- asking ---- */

/* A few names, so that nobody acts on a row by mistake. */
static enum rc names_of(struct op *op, const struct i64_list *ids, struct str *out)
{
    struct str_list names = {0};
    for (size_t i = 0; i < ids->len && names.len < UI_CHOSEN_NAMES; i++) {
        struct partner p;
        enum rc rc = partner_get(op, ids->at[i], &p);
        if (rc == RC_OK)
            VEC_PUSH(op->arena, &names, p.name);
        else if (rc != RC_MISSING)
            return rc;
    }
    *out = ui_chosen_names(op, &names, ids->len);
    return RC_OK;
}

static enum rc options(struct ui_form *form, enum bulk_kind kind)
{
    switch (kind) {
    case BULK_MANAGER: return partner__manager_options(form, "manager_id");
    case BULK_LEVEL: return partner__level_options(form, "level_id");
    case BULK_GROUP: return partner__group_options(form, "group_id");
    case BULK_TAG:
    case BULK_SUSPEND: break;
    }
    return RC_OK;
}

static struct str count_words(struct op *op, const struct ui_chosen *chosen)
{
    struct str words =
        i18n_format(op->arena, op->lang, M("{0, plural, one {# partner} other {# partners}}"),
                    (int64_t)chosen->ids.len);
    if (!chosen->is_all)
        return words;
    if (chosen->filters_words.len)
        return i18n_format(op->arena, op->lang, M("{0}: all that match {1}"), words,
                           chosen->filters_words);
    return i18n_format(op->arena, op->lang, M("{0}: all that you can see"), words);
}

static enum rc ask(struct req *r)
{
    struct op *op = r->op;
    const struct bulk *bulk = bulk_of(path_str(r, "what"));
    struct ui_chosen chosen;
    struct i64_list ids;
    struct str names;
    if (!bulk)
        return RC_MISSING;
    struct ui_field *fields = NEW_ARRAY(op->arena, struct ui_field, 3);
    size_t len = 0;
    fields[len++] = (struct ui_field){
        .name = "number", .label = M("Concerned"), .kind = UI_FIELD_SHOWN, .is_required = true};
    fields[len++] = (struct ui_field){
        .name = "chosen", .label = M("Partners"), .kind = UI_FIELD_SHOWN, .is_required = true};
    if (bulk->field.name)
        fields[len++] = bulk->field;
    struct ui_form form = {.submit = bulk->submit,
                           .is_danger = bulk->kind == BULK_SUSPEND,
                           .cancel_href =
                               req_raw(r, "back").len ? req_raw(r, "back") : STR("/partners")};
    form.head.title = bulk->title;
    partner__crumbs(op, &form.head, NULL);
    ui_form_init(r, &form, fields, len);
    TRY(options(&form, bulk->kind));
    TRY(choose(r, &chosen, &ids));
    TRY(names_of(op, &ids, &names));
    ui_form_value(&form, "number")->text = count_words(op, &chosen);
    ui_form_value(&form, "chosen")->text = names;
    ui_chosen_carry(r, &chosen, &form);
    return ui_form_page(r, &form);
}

/* ---- doing ---- */

static enum rc check_value(struct op *op, const struct bulk_form *in, enum bulk_kind kind,
                           struct partner__bulk *out)
{
    *out = (struct partner__bulk){.kind = kind, .tag = in->tag};
    switch (kind) {
    case BULK_MANAGER: out->value = in->manager_id; return RC_OK;
    case BULK_LEVEL: out->value = in->level_id; return RC_OK;
    case BULK_SUSPEND: return RC_OK;
    case BULK_GROUP:
        out->value = in->group_id;
        return in->group_id.has ? RC_OK
                                : fail(op, RC_INVALID, "group_id", M("This field is required."));
    case BULK_TAG: break;
    }
    return in->tag.len ? RC_OK : fail(op, RC_INVALID, "tag", M("This field is required."));
}

static enum rc change_now(struct op *op, const struct partner__bulk *bulk,
                          const struct i64_list *ids)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    for (size_t i = 0; i < ids->len; i++)
        TRY(partner__bulk_one(op, bulk, ids->at[i]));
    return txn_commit(&txn);
}

static enum rc page_bulk(struct req *r)
{
    struct op *op = r->op;
    const struct bulk_form *in = form(r);
    const struct bulk *bulk = bulk_of(path_str(r, "what"));
    struct str back = in->back.len ? in->back : STR("/partners");
    struct partner__bulk change;
    struct ui_chosen chosen;
    struct i64_list ids;
    if (!bulk)
        return RC_MISSING;
    if (in->go.len == 0 && in->ids.len == 0 && in->all.len == 0 && !r->is_api) {
        answer_note(r, M("Mark some partners first."));
        return http_redirect_to(r, back);
    }
    if (in->go.len == 0 && !r->is_api)
        return ask(r);
    TRY(check_value(op, in, bulk->kind, &change));
    TRY(choose(r, &chosen, &ids));
    if (chosen.is_all && in->count.has && in->count.v != (int64_t)ids.len)
        return fail(op, RC_CONFLICT, NULL,
                    M("Meanwhile {0} partners match instead of {1}. Look again and confirm."),
                    str_c(op->arena, str_printf(op->arena, "%zu", ids.len)),
                    str_c(op->arena, str_printf(op->arena, "%lld", (long long)in->count.v)));
    if (ids.len > BULK_NOW_MAX) {
        int64_t job_id;
        TRY(partner__bulk_enqueue(op, &change, &ids, tr(op->lang, bulk->title), &job_id));
        return REDIRECT(r, "/jobs/{0}", pid_of("job", job_id));
    }
    TRY(change_now(op, &change, &ids));
    answer_note(r, M("Done."));
    return http_redirect_to(r, back);
}

const struct route partner_bulk_routes[] = {
    ROUTE(POST, "/partners/bulk/{what}", page_bulk, "partner.edit", FORM(bulk_form, bulk_fields),
          FORM_PAGE(ask), API),
    {0},
};
