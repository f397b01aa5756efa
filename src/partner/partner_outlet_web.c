/* Pages of outlets: list, form, record. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/outlets/%s%s", out_(id).text, tail);
}

static struct str state_of(struct op *op, struct opt_i64 closed_day, struct opt_i64 archived_at)
{
    if (archived_at.has)
        return STR("archived");
    bool is_closed = closed_day.has && closed_day.v <= zone_date(op->zone, op->now).days;
    return is_closed ? STR("closed") : STR("active");
}

/* ---- list ---- */

struct outlet_query {
    UI_LIST_MEMBERS;
    struct opt_i64 partner;
    struct str state;
};
static const struct field outlet_query_fields[] = {
    UI_LIST_FIELDS(outlet_query, q_outlet_list_sorts),
    F_OPT_ID(outlet_query, partner, "prt"),
    F_STR(outlet_query, state, 0, 20),
    FIELDS_END,
};
enum { COL_NAME, COL_PARTNER, COL_CITY, COL_OPENED, COL_STATE, COL_CREATED, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Outlet"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB,
                     .sub_name = "partner_code",
                     .sub_title = M("Code of the partner")},
    [COL_CITY] = {.name = "city", .title = M("City"), .kind = UI_TEXT},
    [COL_OPENED] = {.name = "opened", .title = M("Opened"), .kind = UI_DATE},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "outlet",
                   .place = UI_AT_BADGE},
    [COL_CREATED] = {.name = "created_at",
                     .title = M("Added"),
                     .kind = UI_TIME,
                     .sort = "created",
                     .is_optional = true},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "partner", .label = M("Partner"), .kind = UI_PICK},
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "outlet", .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Add outlet"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/outlets/new"),
     .permission = "partner.edit"},
    {.label = NULL},
};

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct outlet_query *query = form(r);
    struct q_outlet_list_in in = {.partner = query->partner, .page = list->page};
    struct outlet_row_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (query->partner.has) {
        struct partner p;
        TRY(partner_get(op, query->partner.v, &p));
        ui_list_option(list, "partner", ui_pid(op, prt(p.id)), p.name);
    }
    TRY(q_outlet_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct outlet_row *o = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, out_(o->id)));
        cells[COL_NAME] = ui_cell_link(o->name, o->code, url_of(op, o->id, ""));
        cells[COL_PARTNER] =
            ui_cell_link(o->partner_name, o->partner_code, partner__url(op, o->partner_id, ""));
        cells[COL_CITY] = ui_cell_text(o->city.len ? o->city : STR_NONE);
        cells[COL_OPENED] = ui_cell_date(o->opened_day);
        cells[COL_STATE] = ui_cell_state(state_of(op, o->closed_day, o->archived_at));
        cells[COL_CREATED] = ui_cell_time(SOME(o->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec outlet_list = {
    .name = "outlets",
    .title = M("Outlets"),
    .icon = "building-store",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_outlet_list_sorts,
    .sort = "name",
    .search = M("Name or code"),
    .empty = M("No outlets yet. An outlet is a place of a partner with results of its own."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &outlet_list);
}

/* ---- form ---- */

struct outlet_form {
    struct str code, name, partner;
    struct str address_country, address_region, address_postcode, address_city, address_line;
    struct opt_date opened, closed;
    struct opt_i64 revision;
    struct field_pairs attr;
};
static const struct field outlet_fields[] = {
    F_STR(outlet_form, name, 1, 200),
    F_STR(outlet_form, code, 1, 64),
    F_STR(outlet_form, partner, 0, 64),
    F_STR(outlet_form, address_country, 0, 2),
    F_STR(outlet_form, address_region, 0, 100),
    F_STR(outlet_form, address_postcode, 0, 20),
    F_STR(outlet_form, address_city, 0, 100),
    F_STR(outlet_form, address_line, 0, 300),
    F_OPT_DATE(outlet_form, opened),
    F_OPT_DATE(outlet_form, closed),
    F_OPT_I64(outlet_form, revision, 0, INT64_MAX),
    F_PAIRS(outlet_form, attr, ATTRIBUTES_MAX),
    FIELDS_END,
};
struct new_query {
    struct opt_i64 partner;
};
static const struct field new_query_fields[] = {
    F_OPT_ID(new_query, partner, "prt"),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 64},
    {.name = "partner",
     .label = M("Code of the partner"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 64},
    {.name = "opened", .label = M("Opened"), .kind = UI_FIELD_DATE, .is_half = true},
    {.name = "closed", .label = M("Closed"), .kind = UI_FIELD_DATE, .is_half = true},
    {.name = "address_country",
     .label = M("Country"),
     .kind = UI_FIELD_SELECT,
     .is_half = true,
     .section = M("Address")},
    {.name = "address_postcode",
     .label = M("Postcode"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 20},
    {.name = "address_region",
     .label = M("Region"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 100},
    {.name = "address_city",
     .label = M("City"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 100},
    {.name = "address_line", .label = M("Address"), .kind = UI_FIELD_TEXT, .max_len = 300},
};

static enum rc show_form(struct req *r, struct ui_form *form, const struct partner_outlet *o,
                         struct str partner_code)
{
    struct op *op = r->op;
    const struct ui_field *fields;
    size_t len;
    TRY(attribute_form_fields(op, "outlet", shown, LEN(shown), &fields, &len));
    ui_crumb(op, &form->head, M("Outlets"), STR("/outlets"));
    ui_form_init(r, form, fields, len);
    partner__country_options(form, "address_country");
    ui_form_set(form, "name", o->name);
    ui_form_set(form, "code", o->code);
    ui_form_set(form, "partner", partner_code);
    ui_form_value(form, "partner")->is_disabled = o->id != 0;
    if (o->id != 0)
        ui_form_value(form, "partner")->text = partner_code;
    ui_form_set_date(form, "opened", o->opened_day);
    ui_form_set_date(form, "closed", o->closed_day);
    ui_form_set(form, "address_country", o->address.country);
    ui_form_set(form, "address_region", o->address.region);
    ui_form_set(form, "address_postcode", o->address.postcode);
    ui_form_set(form, "address_city", o->address.city);
    ui_form_set(form, "address_line", o->address.line);
    TRY(attribute_form_set(op, "outlet", o->id, form));
    TRY(audit_conflict(r, form, "outlet", o->id));
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct partner_outlet o = {0};
    struct partner p = {.code = STR_NONE};
    int64_t id;
    if (pid_parse("prt", req_raw(r, "partner"), &id)) {
        TRY(partner_get(r->op, id, &p));
        o.address.country = p.country;
    }
    struct ui_form form = {.submit = M("Add outlet"),
                           .action = STR("/outlets"),
                           .cancel_href =
                               p.id ? partner__url(r->op, p.id, "/outlets") : STR("/outlets")};
    form.head.title = M("New outlet");
    return show_form(r, &form, &o, p.code);
}

static enum rc page_edit(struct req *r)
{
    struct partner_outlet o;
    struct partner p;
    TRY(partner_outlet_get(r->op, path_id(r, "out"), &o));
    TRY(partner_get(r->op, o.partner_id, &p));
    struct ui_form form = {
        .submit = M("Save"), .revision = o.revision, .cancel_href = url_of(r->op, o.id, "")};
    form.head.name = o.name;
    return show_form(r, &form, &o, p.code);
}

static struct opt_i64 day_of(struct opt_date date)
{
    return date.has ? SOME(date.v.days) : NONE;
}

static enum rc save(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct outlet_form *in = form(r);
    struct partner_outlet o = {
        .id = id,
        .revision = in->revision.v,
        .code = in->code,
        .name = in->name,
        .address = {in->address_country, in->address_region, in->address_postcode, in->address_city,
                    in->address_line},
        .opened_day = day_of(in->opened),
        .closed_day = day_of(in->closed),
    };
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (id == 0) {
        struct partner p;
        enum rc rc = partner_by_code(op, in->partner.at ? in->partner : STR(""), &p);
        if (rc == RC_MISSING)
            return fail(op, RC_INVALID, "partner", M("There is no such partner."));
        TRY(rc);
        o.partner_id = p.id;
    }
    TRY(partner_outlet_save(op, &o, out_id));
    TRY(partner_outlet_get(op, *out_id, &o));
    struct attribute_owner owner = {"outlet", o.id, o.code, SOME(o.partner_id)};
    TRY(attribute_values_save(op, &owner, &in->attr, r->is_api, id == 0, NULL));
    return txn_commit(&txn);
}

static enum rc page_create(struct req *r)
{
    int64_t id;
    TRY(save(r, 0, &id));
    answer_note(r, M("The outlet was added."));
    return CREATED(r, "/outlets/{0}", out_(id));
}

static enum rc page_save(struct req *r)
{
    int64_t id;
    TRY(save(r, path_id(r, "out"), &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/outlets/{0}", out_(id));
}

/* ---- record ---- */

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner__outlet_page v = {0};
    struct partner_outlet *o = &v.outlet;
    TRY(partner_outlet_get(op, path_id(r, "out"), o));
    TRY(partner_get(op, o->partner_id, &p));
    v.head = (struct ui_head){
        .name = o->name, .record = "outlet", .state = state_of(op, o->closed_day, o->archived_at)};
    ui_crumb(op, &v.head, M("Outlets"), STR("/outlets"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = url_of(op, o->id, "/edit"),
                              .permission = "partner.edit"});
    ui_act(
        op, &v.head.actions,
        (struct ui_action){.label = o->archived_at.has ? M("Restore…") : M("Archive…"),
                           .icon = o->archived_at.has ? "archive-off" : "archive",
                           .href = url_of(op, o->id, o->archived_at.has ? "/restore" : "/archive"),
                           .kind = o->archived_at.has ? UI_SECONDARY : UI_DANGER,
                           .is_dialog = true,
                           .permission = "partner.edit"});
    struct ui_def partner = {
        .label = M("Partner"), .text = p.name, .href = partner__url(op, p.id, "/outlets")};
    ui_def_text(op, &v.facts, M("Code"), o->code);
    VEC_PUSH(op->arena, &v.facts, partner);
    ui_def_text(op, &v.facts, M("Address"), partner__address_words(op, &o->address));
    ui_def_text(op, &v.facts, M("Opened"), partner__day_words(op, o->opened_day));
    ui_def_text(op, &v.facts, M("Closed"), partner__day_words(op, o->closed_day));
    TRY(attribute_defs(op, "outlet", o->id, &v.facts));
    TRY(attribute_values_get(op, "outlet", o->id, &v.attributes));
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(op, "outlet", o->id, 20, &history));
    v.history = out_html(&history);
    page_title(r, o->name);
    answer_revision(r, o->revision);
    return REPLY(r, NULL, partner__outlet, &v);
}

void partner__outlet_json(struct json_writer *w, const struct partner__outlet_page *v)
{
    const struct partner_outlet *o = &v->outlet;
    json_object(w);
    json_pair_str(w, "id", str_of(out_(o->id).text));
    json_pair_i64(w, "revision", o->revision);
    json_pair_str(w, "code", o->code);
    json_pair_str(w, "name", o->name);
    json_pair_str(w, "partner_id", str_of(prt(o->partner_id).text));
    json_pair_str(w, "address_country", o->address.country);
    json_pair_str(w, "address_region", o->address.region);
    json_pair_str(w, "address_postcode", o->address.postcode);
    json_pair_str(w, "address_city", o->address.city);
    json_pair_str(w, "address_line", o->address.line);
    json_pair_bool(w, "archived", o->archived_at.has);
    attribute_json(w, &v->attributes);
    json_object_end(w);
}

/* ---- archiving ---- */

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc ask(struct req *r, bool is_archived)
{
    struct partner_outlet o;
    TRY(partner_outlet_get(r->op, path_id(r, "out"), &o));
    struct ui_confirm confirm = {
        .title = is_archived ? M("Archive the outlet?") : M("Restore the outlet?"),
        .name = o.name,
        .text = is_archived ? M("{0} disappears from lists; its results are kept.")
                            : M("{0} stands in lists again."),
        .action = url_of(r->op, o.id, is_archived ? "/archive" : "/restore"),
        .button = is_archived ? M("Archive") : M("Restore"),
        .is_danger = is_archived,
        .cancel_href = url_of(r->op, o.id, ""),
        .revision = o.revision};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_ask_archive(struct req *r)
{
    return ask(r, true);
}

static enum rc page_ask_restore(struct req *r)
{
    return ask(r, false);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct revision_form *in = form(r);
    int64_t id = path_id(r, "out");
    TRY(partner_outlet_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/outlets/{0}", out_(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route partner_outlet_routes[] = {
    ROUTE(GET, "/outlets", page_list, "partner.read", FORM(outlet_query, outlet_query_fields), API),
    ROUTE(GET, "/outlets/new", page_new, "partner.edit", FORM(new_query, new_query_fields)),
    ROUTE(POST, "/outlets", page_create, "partner.edit", FORM(outlet_form, outlet_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/outlets/:out", page_show, "partner.read", API),
    ROUTE(GET, "/outlets/:out/edit", page_edit, "partner.edit"),
    ROUTE(POST, "/outlets/:out/edit", page_save, "partner.edit", FORM(outlet_form, outlet_fields),
          FORM_PAGE(page_edit), API),
    ROUTE(GET, "/outlets/:out/archive", page_ask_archive, "partner.edit"),
    ROUTE(POST, "/outlets/:out/archive", page_archive, "partner.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/outlets/:out/restore", page_ask_restore, "partner.edit"),
    ROUTE(POST, "/outlets/:out/restore", page_restore, "partner.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
