/* What is done to many partners at once. The list posts the marked rows here; a page asks what is
 * to be done and shows how many it concerns; the change is one transaction. Who goes wrong is
 * named, and then nothing has happened. */
#include "partner/partner_web.h"

enum { BULK_MAX = 1000 };

struct bulk_form {
    struct i64_list ids;
    struct str back, tag, go;
    struct opt_i64 manager_id, level_id, group_id;
};
static const struct field bulk_fields[] = {
    F_IDS(bulk_form, ids, "prt", BULK_MAX), F_STR(bulk_form, back, 0, 2000),
    F_STR(bulk_form, tag, 0, 40),           F_STR(bulk_form, go, 0, 1),
    F_OPT_ID(bulk_form, manager_id, "usr"), F_OPT_ID(bulk_form, level_id, "lvl"),
    F_OPT_ID(bulk_form, group_id, "grp"),   FIELDS_END,
};

enum bulk_kind { BULK_MANAGER = 1, BULK_LEVEL, BULK_GROUP, BULK_TAG, BULK_SUSPEND };

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

/* ---- asking ---- */

/* Marked partners travel along; their names are shown so that nobody acts on a row by mistake. */
static enum rc chosen(struct req *r, struct ui_form *form, struct i64_list *out_ids)
{
    struct op *op = r->op;
    struct str_list names = {0};
    for (size_t n = 0; req_raw_at(r, "ids", n).at; n++) {
        int64_t id;
        struct partner p;
        if (!pid_parse("prt", req_raw_at(r, "ids", n), &id))
            continue;
        enum rc rc = partner_get(op, id, &p);
        if (rc == RC_MISSING)
            continue;
        TRY(rc);
        VEC_PUSH(op->arena, out_ids, id);
        if (names.len < 12)
            VEC_PUSH(op->arena, &names, p.name);
    }
    if (out_ids->len > names.len) {
        struct str more =
            i18n_format(op->arena, op->lang, M("{0, plural, one {# more} other {# more}}"),
                        (int64_t)(out_ids->len - names.len));
        VEC_PUSH(op->arena, &names, more);
    }
    ui_form_value(form, "chosen")->text = i18n_list(op->arena, op->lang, names.at, names.len);
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

static enum rc ask(struct req *r)
{
    struct op *op = r->op;
    const struct bulk *bulk = bulk_of(path_str(r, "what"));
    struct i64_list ids = {0};
    if (!bulk)
        return RC_MISSING;
    struct ui_field *fields = NEW_ARRAY(op->arena, struct ui_field, BULK_MAX + 4);
    size_t len = 0;
    fields[len++] = (struct ui_field){
        .name = "chosen", .label = M("Partners"), .kind = UI_FIELD_SHOWN, .is_required = true};
    if (bulk->field.name)
        fields[len++] = bulk->field;
    fields[len++] = (struct ui_field){.name = "back", .kind = UI_FIELD_HIDDEN};
    fields[len++] = (struct ui_field){.name = "go", .kind = UI_FIELD_HIDDEN};
    struct ui_form form = {.submit = bulk->submit,
                           .is_danger = bulk->kind == BULK_SUSPEND,
                           .cancel_href = STR("/partners")};
    form.head.title = bulk->title;
    partner__crumbs(op, &form.head, NULL);
    ui_form_init(r, &form, fields, len);
    TRY(options(&form, bulk->kind));
    TRY(chosen(r, &form, &ids));
    ui_form_value(&form, "back")->text = req_raw(r, "back");
    ui_form_value(&form, "go")->text = STR("1");
    for (size_t i = 0; i < ids.len; i++) {
        fields[len] = (struct ui_field){.name = "ids", .kind = UI_FIELD_HIDDEN};
        struct ui_value value = {.field = &fields[len++], .text = ui_pid(op, prt(ids.at[i]))};
        VEC_PUSH(op->arena, &form.values, value);
    }
    return ui_form_page(r, &form);
}

/* ---- doing ---- */

static enum rc change(struct op *op, const struct bulk_form *in, enum bulk_kind kind, int64_t id)
{
    struct partner p;
    TRY(partner_get(op, id, &p));
    switch (kind) {
    case BULK_MANAGER: return partner_manager_set(op, id, p.revision, in->manager_id);
    case BULK_LEVEL: return partner_level_set(op, id, p.revision, in->level_id);
    case BULK_GROUP: return partner_group_join(op, id, in->group_id.v);
    case BULK_TAG: return partner_tag_add(op, id, in->tag);
    case BULK_SUSPEND: break;
    }
    if (str_eq(p.state, STR("suspended")))
        return RC_OK;
    if (!partner_may_become(p.state, STR("suspended")))
        return fail(op, RC_CONFLICT, NULL,
                    M("{0} is not active, so it cannot be suspended. Nothing was changed."),
                    str_c(op->arena, p.name));
    return partner_state_set(op, id, p.revision, STR("suspended"));
}

static enum rc page_bulk(struct req *r)
{
    struct op *op = r->op;
    const struct bulk_form *in = form(r);
    const struct bulk *bulk = bulk_of(path_str(r, "what"));
    if (!bulk)
        return RC_MISSING;
    if (in->ids.len == 0 && !r->is_api) {
        answer_note(r, M("Mark some partners first."));
        return http_redirect_to(r, in->back.len ? in->back : STR("/partners"));
    }
    if (in->go.len == 0 && !r->is_api)
        return ask(r);
    if (bulk->kind == BULK_GROUP && !in->group_id.has)
        return fail(op, RC_INVALID, "group_id", M("This field is required."));
    if (bulk->kind == BULK_TAG && in->tag.len == 0)
        return fail(op, RC_INVALID, "tag", M("This field is required."));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    for (size_t i = 0; i < in->ids.len; i++)
        TRY(change(op, in, bulk->kind, in->ids.at[i]));
    TRY(txn_commit(&txn));
    answer_note(r, M("Done."));
    return http_redirect_to(r, in->back.len ? in->back : STR("/partners"));
}

const struct route partner_bulk_routes[] = {
    ROUTE(POST, "/partners/bulk/{what}", page_bulk, "partner.edit", FORM(bulk_form, bulk_fields),
          FORM_PAGE(ask), API),
    {0},
};
