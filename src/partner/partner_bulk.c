/* What is done to many partners at once: the steps of the directory's bulk bar. Nothing happens to
 * a partner that is already as wanted. */
#include "jobs/jobs.h"
#include "partner/partner_web.h"

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

/* ---- what is chosen: an id as digits, empty for none ---- */

static struct str id_text(struct op *op, struct opt_i64 id)
{
    return id.has ? str_printf(op->arena, "%lld", (long long)id.v) : STR("");
}

static struct opt_i64 id_of(struct str value)
{
    int64_t id;
    return str_to_i64(value, &id) ? SOME(id) : NONE;
}

static enum rc manager_chosen(struct req *r, struct str *out)
{
    *out = id_text(r->op, ((const struct bulk_form *)form(r))->manager_id);
    return RC_OK;
}

static enum rc level_chosen(struct req *r, struct str *out)
{
    *out = id_text(r->op, ((const struct bulk_form *)form(r))->level_id);
    return RC_OK;
}

static enum rc group_chosen(struct req *r, struct str *out)
{
    *out = id_text(r->op, ((const struct bulk_form *)form(r))->group_id);
    return out->len ? RC_OK : fail(r->op, RC_INVALID, "group_id", M("This field is required."));
}

static enum rc tag_chosen(struct req *r, struct str *out)
{
    *out = ((const struct bulk_form *)form(r))->tag;
    return out->len ? RC_OK : fail(r->op, RC_INVALID, "tag", M("This field is required."));
}

/* ---- what is done ---- */

static bool is_same(struct opt_i64 a, struct opt_i64 b)
{
    return a.has == b.has && (!a.has || a.v == b.v);
}

static enum rc set_manager(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    struct partner p;
    (void)bulk;
    TRY(partner_get(op, id, &p));
    return is_same(p.manager_id, id_of(value))
               ? RC_OK
               : partner_manager_set(op, id, p.revision, id_of(value));
}

static enum rc set_level(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    struct partner p;
    (void)bulk;
    TRY(partner_get(op, id, &p));
    return is_same(p.level_id, id_of(value)) ? RC_OK
                                             : partner_level_set(op, id, p.revision, id_of(value));
}

static enum rc join_group(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)bulk;
    return partner_group_join(op, id, id_of(value).v);
}

static enum rc add_tag(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)bulk;
    return partner_tag_add(op, id, value);
}

static enum rc suspend(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    struct partner p;
    (void)bulk;
    (void)value;
    TRY(partner_get(op, id, &p));
    if (str_eq(p.state, STR("suspended")))
        return RC_OK;
    if (!partner_may_become(p.state, STR("suspended")))
        return fail(op, RC_CONFLICT, NULL,
                    M("{0} is not active, so it cannot be suspended. Nothing was changed."),
                    str_c(op->arena, p.name));
    return partner_state_set(op, p.id, p.revision, STR("suspended"));
}

static const struct ui_bulk_step steps[] = {
    {.name = "manager",
     .title = M("Assign manager"),
     .submit = M("Assign"),
     .field = {.name = "manager_id", .label = M("Account manager"), .kind = UI_FIELD_SELECT},
     .options = partner__manager_options,
     .value = manager_chosen,
     .change = set_manager},
    {.name = "level",
     .title = M("Change level"),
     .submit = M("Change"),
     .field = {.name = "level_id", .label = M("Level"), .kind = UI_FIELD_SELECT},
     .options = partner__level_options,
     .value = level_chosen,
     .change = set_level},
    {.name = "group",
     .title = M("Add to group"),
     .submit = M("Add"),
     .field =
         {.name = "group_id", .label = M("Group"), .kind = UI_FIELD_SELECT, .is_required = true},
     .options = partner__group_options,
     .value = group_chosen,
     .change = join_group},
    {.name = "tag",
     .title = M("Add tag"),
     .submit = M("Add"),
     .field = {.name = "tag",
               .label = M("Tag"),
               .kind = UI_FIELD_TEXT,
               .is_required = true,
               .max_len = 40},
     .value = tag_chosen,
     .change = add_tag},
    {.name = "suspend",
     .title = M("Suspend partners"),
     .submit = M("Suspend"),
     .is_danger = true,
     .change = suspend},
    {.name = NULL},
};

static enum rc name_of(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str *out)
{
    struct partner p;
    (void)bulk;
    TRY(partner_get(op, id, &p));
    *out = p.name;
    return RC_OK;
}

static const struct ui_bulk bulk = {
    .path = "/partners",
    .prefix = "prt",
    .plural = M("Partners"),
    .count = M("{0, plural, one {# partner} other {# partners}}"),
    .spec = partner__list_spec,
    .name = name_of,
    .steps = steps,
    .job = "partner.bulk",
};

static enum rc ask(struct req *r)
{
    return ui_bulk_ask(r, &bulk, path_str(r, "what"));
}

static enum rc page_bulk(struct req *r)
{
    return ui_bulk_page(r, &bulk, path_str(r, "what"));
}

static enum rc run_bulk(struct job *job)
{
    return job_bulk_run(job, &bulk);
}

const struct job_kind partner_job_kinds[] = {
    {.name = "partner.bulk",
     .label = M("Change of many partners"),
     .run = run_bulk,
     .lane = JOB_LONG,
     .permission = "partner.edit"},
    {0},
};

const struct route partner_bulk_routes[] = {
    ROUTE(POST, "/partners/bulk/{what}", page_bulk, "partner.edit", FORM(bulk_form, bulk_fields),
          FORM_PAGE(ask), API),
    {0},
};
