/* Pages of outlets: their list, and what the pages of a record ask of its kind. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

static struct str state_of(struct op *op, struct opt_i64 closed_day, struct opt_i64 archived_at)
{
    bool is_closed = closed_day.has && closed_day.v <= zone_date(op->zone, op->now).days;
    return is_closed && !archived_at.has ? STR("closed") : ui_archive_state(archived_at);
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
    [COL_NAME] = UI_NAME_COLUMN(M("Outlet")),
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB,
                     .sub_name = "partner_code",
                     .sub_title = M("Code of the partner")},
    [COL_CITY] = {.name = "city", .title = M("City"), .kind = UI_TEXT},
    [COL_OPENED] = {.name = "opened", .title = M("Opened"), .kind = UI_DATE},
    [COL_STATE] = UI_STATE_COLUMN("outlet"),
    [COL_CREATED] = UI_ADDED_COLUMN,
};
static const struct ui_filter filters[] = {
    {.name = "partner", .label = M("Partner"), .kind = UI_PICK},
    UI_STATE_FILTER("outlet"),
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add outlet"), "/outlets/new", "partner.edit"),
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
        cells[COL_NAME] = ui_cell_link(o->name, o->code, ui_url(op, "/outlets", out_(o->id), ""));
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

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/outlets", "partner.edit")};

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
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &outlet_list);
}

/* ---- form ---- */

struct outlet_form {
    struct str code, name, partner;
    struct org_address address;
    struct opt_date opened, closed;
    struct opt_i64 revision;
    struct field_pairs attr;
};
static const struct field outlet_fields[] = {
    F_STR(outlet_form, name, 1, 200),
    F_STR(outlet_form, code, 1, 64),
    F_STR(outlet_form, partner, 0, 64),
    ORG_ADDRESS_FIELDS(outlet_form),
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
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and the command line use it."), true),
    PARTNER_CODE_FIELD(M("Code of the partner"), true),
    {.name = "opened", .label = M("Opened"), .kind = UI_FIELD_DATE, .is_half = true},
    {.name = "closed", .label = M("Closed"), .kind = UI_FIELD_DATE, .is_half = true},
    ORG_ADDRESS_SHOWN(M("Country"), M("Address"), NULL),
};

struct outlet_record {
    struct partner_outlet outlet;
    struct attribute_values attributes; /* once its page has read them */
};

static enum rc outlet_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct outlet_record *own = NEW(op->arena, struct outlet_record);
    struct partner_outlet *o = &own->outlet;
    TRY(partner_outlet_get(op, id, o));
    *out = UI_RECORD_OF(o, own);
    out->state = state_of(op, o->closed_day, o->archived_at);
    return RC_OK;
}

/* Whose outlet it is: of a new one the query may say it. */
static enum rc owner_of(struct req *r, const struct outlet_record *own, struct partner *out)
{
    int64_t id;
    *out = (struct partner){.code = STR_NONE};
    if (own)
        return partner_get(r->op, own->outlet.partner_id, out);
    return pid_parse("prt", req_raw(r, "partner"), &id) ? partner_get(r->op, id, out) : RC_OK;
}

static enum rc outlet_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    struct partner p;
    const struct outlet_record *own = record->own;
    TRY(owner_of(r, own, &p));
    const struct partner_outlet fresh = {.address.country = p.country};
    const struct partner_outlet *o = own ? &own->outlet : &fresh;
    const struct ui_field *fields;
    size_t len;
    TRY(attribute_form_fields(op, "outlet", shown, LEN(shown), &fields, &len));
    if (p.id && o->id == 0)
        form->cancel_href = partner__url(op, p.id, "/outlets");
    ui_form_init(r, form, fields, len);
    ui_form_set(form, "name", o->name);
    ui_form_set(form, "code", o->code);
    ui_form_set(form, "partner", p.code);
    ui_form_value(form, "partner")->is_disabled = o->id != 0;
    if (o->id != 0)
        ui_form_value(form, "partner")->text = p.code;
    ui_form_set_date(form, "opened", o->opened_day);
    ui_form_set_date(form, "closed", o->closed_day);
    org_address_form(form, &o->address);
    return attribute_form_set(op, "outlet", o->id, form);
}

static struct opt_i64 day_of(struct opt_date date)
{
    return date.has ? SOME(date.v.days) : NONE;
}

static enum rc outlet_store(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct outlet_form *in = form(r);
    struct partner_outlet o = {
        .id = id,
        .revision = in->revision.v,
        .code = in->code,
        .name = in->name,
        .address = in->address,
        .opened_day = day_of(in->opened),
        .closed_day = day_of(in->closed),
    };
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (id == 0) {
        struct partner p;
        TRY(partner_named(op, in->partner, &p));
        o.partner_id = p.id;
    }
    TRY(partner_outlet_save(op, &o, out_id));
    TRY(partner_outlet_get(op, *out_id, &o));
    struct attribute_owner owner = {"outlet", o.id, o.code, SOME(o.partner_id)};
    TRY(attribute_values_save(op, &owner, &in->attr, r->is_api, id == 0, NULL));
    return txn_commit(&txn);
}

/* ---- record ---- */

static enum rc outlet_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    struct outlet_record *own = v->record.own;
    const struct partner_outlet *o = &own->outlet;
    struct partner p;
    TRY(partner_get(op, o->partner_id, &p));
    struct ui_def partner = {
        .label = M("Partner"), .text = p.name, .href = partner__url(op, p.id, "/outlets")};
    ui_def_text(op, &v->facts, M("Code"), o->code);
    VEC_PUSH(op->arena, &v->facts, partner);
    ui_def_text(op, &v->facts, M("Address"), org_address_words(op, op->lang, &o->address));
    ui_def_text(op, &v->facts, M("Opened"), partner__day_words(op, o->opened_day));
    ui_def_text(op, &v->facts, M("Closed"), partner__day_words(op, o->closed_day));
    TRY(attribute_defs(op, "outlet", o->id, &v->facts));
    return attribute_values_get(op, "outlet", o->id, &own->attributes);
}

static void outlet_json(struct json_writer *w, const struct ui_record *record)
{
    const struct outlet_record *own = record->own;
    const struct partner_outlet *o = &own->outlet;
    json_pair_str(w, "code", o->code);
    json_pair_str(w, "name", o->name);
    json_pair_str(w, "partner_id", str_of(prt(o->partner_id).text));
    org_address_json(w, &o->address);
    attribute_json(w, &own->attributes);
}

static const struct ui_record_kind outlet_kind = {
    .record = "outlet",
    .path = "/outlets",
    .prefix = "out",
    .permission_edit = "partner.edit",
    .plural = M("Outlets"),
    .title_new = M("New outlet"),
    .add = M("Add outlet"),
    .added = M("The outlet was added."),
    .archive_words = {M("Archive the outlet?"),
                      M("{0} disappears from lists; its results are kept.")},
    .restore_words = {M("Restore the outlet?"), M("{0} stands in lists again.")},
    .journal = &audit_journal,
    .get = outlet_get,
    .form = outlet_fill,
    .save = outlet_store,
    .archive = partner_outlet_archive,
    .show = outlet_facts,
    .json = outlet_json,
};
UI_RECORD_PAGES(outlet)

const struct route partner_outlet_routes[] = {
    ROUTE(GET, "/outlets", page_list, "partner.read", FORM(outlet_query, outlet_query_fields), API),
    ROUTE(GET, "/outlets/new", page_outlet_new, "partner.edit", FORM(new_query, new_query_fields)),
    UI_RECORD_OLD_ROUTES(outlet, "/outlets", "out", "partner.read", "partner.edit",
                         FORM(outlet_form, outlet_fields)),
    {0},
};
