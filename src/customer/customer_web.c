/* Pages of customers: their list, what the pages of a record ask of its kind, bindings and
 * anonymising. */
#include "customer/customer_int.h"
#include "customer/customer_q.h"
#include "customer/customer_view.h"
#include "text/text.h"

static struct str or_none(struct str text)
{
    return text.len ? text : STR_NONE;
}

/* ---- list ---- */

struct customer_query {
    UI_LIST_MEMBERS;
    struct opt_i64 partner;
    struct str state, fraud, country;
};
static const struct field customer_query_fields[] = {
    UI_LIST_FIELDS(customer_query, q_customer_list_sorts),
    F_OPT_ID(customer_query, partner, "prt"),
    F_STR(customer_query, state, 0, 20),
    F_STR(customer_query, fraud, 0, 3),
    F_STR(customer_query, country, 0, 2),
    FIELDS_END,
};
enum { COL_NAME, COL_STATE, COL_PLACE, COL_EMAIL, COL_PHONE, COL_TAX, COL_CREATED, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = UI_NAME_COLUMN(M("Customer")),
    [COL_STATE] = UI_STATE_COLUMN("customer"),
    [COL_PLACE] = {.name = "city",
                   .title = M("City"),
                   .kind = UI_TEXT,
                   .place = UI_AT_SUB,
                   .sub_name = "country",
                   .sub_title = M("Country")},
    [COL_EMAIL] = {.name = "email", .title = M("E-mail"), .kind = UI_TEXT},
    [COL_PHONE] = {.name = "phone", .title = M("Phone"), .kind = UI_TEXT},
    [COL_TAX] = {.name = "tax_number",
                 .title = M("Tax number"),
                 .kind = UI_TEXT,
                 .is_optional = true},
    [COL_CREATED] = {.name = "created_at",
                     .title = M("Added"),
                     .kind = UI_TIME,
                     .sort = "created",
                     .place = UI_AT_NONE},
};
static const struct ui_filter filters[] = {
    UI_STATE_FILTER("customer"),
    {.name = "fraud", .label = M("Fraud flag"), .kind = UI_PICK},
    {.name = "country", .label = M("Country"), .kind = UI_PICK},
    {.name = "partner", .label = M("Partner"), .kind = UI_PICK},
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "customer.edit"},
    UI_ADD_ACTION(M("Add customer"), "/customers/new", "customer.edit"),
    {.label = NULL},
};

static enum rc options(struct op *op, struct ui_list *list, const struct customer_query *query)
{
    struct str_list codes;
    i18n_countries(op->arena, op->lang, &codes);
    for (size_t i = 0; i < codes.len; i++)
        ui_list_option(list, "country", codes.at[i],
                       i18n_country_name(op->arena, op->lang, codes.at[i]));
    ui_list_option(list, "fraud", STR("yes"), tr(op->lang, M("Yes")));
    ui_list_option(list, "fraud", STR("no"), tr(op->lang, M("No")));
    if (!query->partner.has)
        return RC_OK;
    struct partner p;
    TRY(partner_get(op, query->partner.v, &p));
    ui_list_option(list, "partner", ui_pid(op, pid_of("prt", p.id)), p.name);
    return RC_OK;
}

static struct str name_of(struct op *op, struct str name, struct opt_i64 anonymised_at)
{
    return anonymised_at.has ? tr(op->lang, M("Anonymised")) : name;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct customer_query *query = form(r);
    struct q_customer_list_in in = {.partner = query->partner, .page = list->page};
    struct customer_row_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (query->fraud.len)
        in.fraud = SOME(str_eq(query->fraud, STR("yes")));
    if (query->country.len)
        in.country = query->country;
    if (list->search.len) { /* a code is exact, a name may be a part */
        struct customer found;
        enum rc rc = customer_by_code(op, list->search, &found);
        if (rc == RC_OK)
            in.code = list->search;
        else if (rc == RC_MISSING)
            in.q = text_fold(op->arena, list->search);
        else
            return rc;
    }
    TRY(options(op, list, query));
    TRY(q_customer_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct customer_row *c = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, cus(c->id)));
        cells[COL_NAME] = ui_cell_link(name_of(op, c->name, c->anonymised_at), c->code,
                                       ui_url(op, "/customers", cus(c->id), ""));
        cells[COL_STATE] = ui_cell_state(ui_archive_state(c->archived_at));
        if (c->is_fraud) {
            cells[COL_STATE].flag = tr(op->lang, M("Fraud flag"));
            cells[COL_STATE].tint = UI_BAD;
        }
        cells[COL_PLACE] = ui_cell_two(
            or_none(c->city),
            c->country.len ? i18n_country_name(op->arena, op->lang, c->country) : STR_NONE);
        cells[COL_EMAIL] = ui_cell_text(or_none(c->email));
        cells[COL_PHONE] = ui_cell_text(or_none(c->phone));
        cells[COL_TAX] = ui_cell_text(or_none(c->tax_number));
        cells[COL_CREATED] = ui_cell_time(SOME(c->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/customers", "customer.edit")};

static const struct ui_list_spec customer_list = {
    .name = "customers",
    .title = M("Customers"),
    .icon = "user-circle",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_customer_list_sorts,
    .sort = "name",
    .search = M("Name or code"),
    .empty = M("No customers yet. They come with sales, from a file, or are added here."),
    .empty_action = &actions[1],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &customer_list);
}

/* ---- form ---- */

struct customer_form {
    struct str code, name, country, region, city, email, phone, tax_number;
    bool is_fraud;
    struct opt_i64 revision;
    struct field_pairs attr;
};
static const struct field customer_fields[] = {
    F_STR(customer_form, name, 1, 200),
    F_STR(customer_form, code, 1, 64),
    F_STR(customer_form, country, 0, 2),
    F_STR(customer_form, region, 0, 100),
    F_STR(customer_form, city, 0, 100),
    F_STR(customer_form, email, 0, 254),
    F_STR(customer_form, phone, 0, 40),
    F_STR(customer_form, tax_number, 0, 40),
    F_BOOL(customer_form, is_fraud),
    F_OPT_I64(customer_form, revision, 0, INT64_MAX),
    F_PAIRS(customer_form, attr, ATTRIBUTES_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and the command line use it."), true),
    {.name = "tax_number",
     .label = M("Tax number"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 40},
    {.name = "email", .label = M("E-mail"), .kind = UI_FIELD_EMAIL, .is_half = true},
    {.name = "phone", .label = M("Phone"), .kind = UI_FIELD_PHONE, .is_half = true},
    {.name = "country", .label = M("Country"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "region",
     .label = M("Region"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 100},
    {.name = "city", .label = M("City"), .kind = UI_FIELD_TEXT, .is_half = true, .max_len = 100},
    {.name = "is_fraud",
     .label = M("Fraud flag"),
     .hint = M("Sales to this customer are looked at before they count."),
     .kind = UI_FIELD_CHECK},
};

struct customer_record {
    struct customer customer;
    struct attribute_values attributes; /* once its page has read them */
};

static enum rc customer_record_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct customer_record *own = NEW(op->arena, struct customer_record);
    struct customer *c = &own->customer;
    TRY(customer_get(op, id, c));
    *out = UI_RECORD_OF(c, own);
    out->name = name_of(op, c->name, c->anonymised_at);
    out->is_locked = c->anonymised_at.has;
    return RC_OK;
}

static enum rc customer_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    const struct customer_record *own = record->own;
    const struct customer *c = own ? &own->customer : &(struct customer){0};
    const struct ui_field *fields;
    size_t len;
    TRY(attribute_form_fields(op, "customer", shown, LEN(shown), &fields, &len));
    ui_form_init(r, form, fields, len);
    ui_form_countries(form, "country");
    ui_form_set(form, "name", c->name);
    ui_form_set(form, "code", c->code);
    ui_form_set(form, "tax_number", c->tax_number);
    ui_form_set(form, "email", c->email);
    ui_form_set(form, "phone", c->phone);
    ui_form_set(form, "country", c->country);
    ui_form_set(form, "region", c->region);
    ui_form_set(form, "city", c->city);
    ui_form_set_check(form, "is_fraud", c->is_fraud);
    return attribute_form_set(op, "customer", c->id, form);
}

static enum rc customer_store(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct customer_form *in = form(r);
    struct customer c = {.id = id,
                         .revision = in->revision.v,
                         .code = in->code,
                         .name = in->name,
                         .country = in->country,
                         .region = in->region,
                         .city = in->city,
                         .email = in->email,
                         .phone = in->phone,
                         .tax_number = in->tax_number,
                         .is_fraud = in->is_fraud};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(customer_save(op, &c, out_id));
    struct attribute_owner owner = {"customer", *out_id, c.code, NONE};
    bool is_changed = false;
    TRY(attribute_values_save(op, &owner, &in->attr, r->is_api, id == 0, &is_changed));
    if (is_changed && id != 0) {
        TRY(customer_get(op, id, &c));
        TRY(q_customer_touch(op, &(struct q_customer_touch_in){id, c.revision}));
    }
    return txn_commit(&txn);
}

/* ---- record ---- */

enum { BIND_WHO, BIND_ROLE, BIND_FROM, BIND_TO, BIND_END, BIND_COLS };
static const struct ui_column binding_columns[] = {
    [BIND_WHO] = {.name = "partner", .title = M("Partner"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [BIND_ROLE] = {.name = "role", .title = M("Role"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [BIND_FROM] = {.name = "from", .title = M("From"), .kind = UI_DATE},
    [BIND_TO] = {.name = "until", .title = M("Until"), .kind = UI_DATE},
    [BIND_END] = {.name = "end", .title = M("End"), .kind = UI_TEXT},
};

static enum rc fill_bindings(struct op *op, const struct customer *c, struct ui_table *table)
{
    struct binding_row_rows rows;
    *table = (struct ui_table){
        .columns = binding_columns, .columns_len = BIND_COLS, .caption = M("Whose customer it is")};
    TRY(q_customer_bindings(op, &(struct q_customer_bindings_in){c->id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct binding_row *b = &rows.at[i];
        struct ui_cell *cells = ui_table_row(op, table, STR_NONE);
        cells[BIND_WHO] = ui_cell_link(b->partner_name, b->partner_code,
                                       ui_url(op, "/partners", pid_of("prt", b->partner_id), ""));
        cells[BIND_ROLE] = ui_cell_two(b->role, or_none(b->reason));
        cells[BIND_FROM] = ui_cell_date(SOME(b->from_day));
        cells[BIND_TO] = ui_cell_date(b->to_day >= CUSTOMER_NO_END ? NONE : SOME(b->to_day));
        if (op_may(op, "customer.edit") && b->to_day >= CUSTOMER_NO_END)
            cells[BIND_END] =
                ui_cell_link(tr(op->lang, M("End")), STR_NONE,
                             str_printf(op->arena, "/customers/bindings/%s", bin(b->id).text));
    }
    return RC_OK;
}

static void facts_of(struct op *op, const struct customer *c, struct ui_defs *facts)
{
    ui_def_text(op, facts, M("Code"), c->code);
    ui_def_text(op, facts, M("Tax number"), or_none(c->tax_number));
    ui_def_text(op, facts, M("E-mail"), or_none(c->email));
    ui_def_text(op, facts, M("Phone"), or_none(c->phone));
    if (c->country.len)
        ui_def_text(op, facts, M("Country"), i18n_country_name(op->arena, op->lang, c->country));
    ui_def_text(op, facts, M("Region"), or_none(c->region));
    ui_def_text(op, facts, M("City"), or_none(c->city));
    ui_def_text(
        op, facts, M("Customer since"),
        i18n_date(op->arena, op->lang, zone_date(op->zone, c->since), DATE_MEDIUM, PLACE_START));
    if (c->anonymised_at.has)
        ui_def_text(op, facts, M("Anonymised"),
                    i18n_date_time(op->arena, op->lang, c->anonymised_at.v, op->zone));
}

static enum rc customer_show(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    struct customer_record *own = v->record.own;
    const struct customer *c = &own->customer;
    struct customer__bindings bindings = {0};
    struct ui_action anonymise = {.label = M("Anonymise…"),
                                  .icon = "eye-off",
                                  .href = ui_url(op, "/customers", cus(c->id), "/anonymise"),
                                  .kind = UI_MORE,
                                  .is_dialog = true,
                                  .permission = "customer.edit"};
    struct ui_action bind = {.label = M("Add"),
                             .icon = "plus",
                             .href = ui_url(op, "/customers", cus(c->id), "/bindings/new"),
                             .kind = UI_QUIET,
                             .permission = "customer.edit"};
    if (!c->anonymised_at.has)
        ui_act(op, &v->head.actions, anonymise);
    if (c->is_fraud)
        v->hint = (struct ui_hint){.tint = UI_BAD,
                                   .icon = "shield-exclamation",
                                   .text = tr(op->lang, M("This customer has the fraud flag."))};
    facts_of(op, c, &v->facts);
    TRY(attribute_defs(op, "customer", c->id, &v->facts));
    TRY(attribute_values_get(op, "customer", c->id, &own->attributes));
    TRY(fill_bindings(op, c, &bindings.table));
    ui_act(op, &bindings.actions, bind);
    v->below = ui_capture(http_out(r), customer__bindings_view, &bindings);
    return RC_OK;
}

static void customer_json(struct json_writer *w, const struct ui_record *record)
{
    const struct customer_record *own = record->own;
    const struct customer *c = &own->customer;
    json_pair_str(w, "code", c->code);
    json_pair_str(w, "name", c->name);
    json_pair_str(w, "country", c->country);
    json_pair_str(w, "region", c->region);
    json_pair_str(w, "city", c->city);
    json_pair_str(w, "email", c->email);
    json_pair_str(w, "phone", c->phone);
    json_pair_str(w, "tax_number", c->tax_number);
    json_pair_bool(w, "is_fraud", c->is_fraud);
    json_pair_instant(w, "since", c->since);
    json_pair_bool(w, "anonymised", c->anonymised_at.has);
    attribute_json(w, &own->attributes);
}

static const struct ui_record_kind customer_kind = {
    .record = "customer",
    .path = "/customers",
    .prefix = "cus",
    .permission_edit = "customer.edit",
    .plural = M("Customers"),
    .title_new = M("New customer"),
    .add = M("Add customer"),
    .added = M("The customer was added."),
    .archive_words = {M("Archive the customer?"),
                      M("{0} disappears from lists; sales and bindings are kept.")},
    .restore_words = {M("Restore the customer?"), M("{0} stands in lists again.")},
    .is_archive_in_menu = true,
    .journal = &audit_journal,
    .get = customer_record_get,
    .form = customer_fill,
    .save = customer_store,
    .archive = customer_archive,
    .show = customer_show,
    .json = customer_json,
};
UI_RECORD_PAGES(customer)

/* ---- whose it is ---- */

struct binding_form {
    struct str partner, role, reason;
    struct date from;
    struct opt_date to;
};
static const struct field binding_fields[] = {
    F_STR(binding_form, partner, 1, 64), F_STR(binding_form, role, 1, 60),
    F_STR(binding_form, reason, 0, 200), F_DATE(binding_form, from),
    F_OPT_DATE(binding_form, to),        FIELDS_END,
};
static const struct ui_field binding_shown[] = {
    PARTNER_CODE_FIELD(M("Code of the partner"), true),
    {.name = "role",
     .label = M("Role"),
     .hint = M("seller, referrer, servicing…"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 60},
    UI_FROM_UNTIL_FIELDS,
    {.name = "reason", .label = M("Reason"), .kind = UI_FIELD_TEXT, .max_len = 200},
};

static enum rc page_bind_form(struct req *r)
{
    struct op *op = r->op;
    struct customer c;
    TRY(customer_get(op, path_id(r, "cus"), &c));
    struct ui_form form = {.submit = M("Bind"),
                           .action = ui_url(op, "/customers", cus(c.id), "/bindings"),
                           .cancel_href = ui_url(op, "/customers", cus(c.id), "")};
    form.head.title = M("Bind to a partner");
    ui_crumb(op, &form.head, M("Customers"), STR("/customers"));
    ui_crumb_text(op, &form.head, name_of(op, c.name, c.anonymised_at),
                  ui_url(op, "/customers", cus(c.id), ""));
    ui_form_init(r, &form, binding_shown, LEN(binding_shown));
    ui_form_set(&form, "role", STR("seller"));
    ui_form_set_date(&form, "from", SOME(zone_date(op->zone, op->now).days));
    return ui_form_page(r, &form);
}

static enum rc page_bind(struct req *r)
{
    const struct binding_form *in = form(r);
    struct partner p;
    int64_t id = path_id(r, "cus"), binding_id;
    TRY(partner_named(r->op, in->partner, &p));
    struct customer_binding b = {.customer_id = id,
                                 .partner_id = p.id,
                                 .role = in->role,
                                 .from_day = in->from.days,
                                 .to_day = in->to.has ? in->to.v.days : CUSTOMER_NO_END,
                                 .reason = in->reason};
    TRY(customer_bind(r->op, &b, &binding_id));
    answer_note(r, M("Saved."));
    return CREATED(r, "/customers/{0}", cus(id));
}

struct end_form {
    struct date to;
};
static const struct field end_fields[] = {
    F_DATE(end_form, to),
    FIELDS_END,
};
static const struct ui_field end_shown[] = {
    UI_UNTIL_FIELD(false),
};

static enum rc page_unbind_form(struct req *r)
{
    struct op *op = r->op;
    struct binding_rec row;
    struct partner p;
    TRY(q_customer_binding(op, &(struct q_customer_binding_in){path_id(r, "bin")}, &row));
    TRY(partner_get(op, row.partner_id, &p));
    struct ui_form form = {.submit = M("End the binding"),
                           .is_danger = true,
                           .cancel_href = ui_url(op, "/customers", cus(row.customer_id), "")};
    form.head.name = p.name;
    ui_crumb(op, &form.head, M("Customers"), STR("/customers"));
    ui_form_init(r, &form, end_shown, LEN(end_shown));
    ui_form_set_date(&form, "to", SOME(zone_date(op->zone, op->now).days));
    return ui_form_page(r, &form);
}

static enum rc page_unbind(struct req *r)
{
    const struct end_form *in = form(r);
    struct binding_rec row;
    TRY(q_customer_binding(r->op, &(struct q_customer_binding_in){path_id(r, "bin")}, &row));
    TRY(customer_unbind(r->op, row.id, in->to.days));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/customers/{0}", cus(row.customer_id));
}

/* ---- anonymising ---- */

static enum rc page_ask_anonymise(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "anonymise",
        .title = M("Anonymise the customer?"),
        .text = M("Name, place, ways to reach {0} and the tax number are erased here and in the "
                  "journal. Code, sums and bindings stay. There is no way back."),
        .button = M("Anonymise"),
        .is_danger = true};
    return ui_record_ask(r, &customer_kind, &step);
}

static enum rc page_anonymise(struct req *r)
{
    int64_t id = path_id(r, "cus");
    TRY(customer_anonymise(r->op, id, ui_revision(r)));
    return ui_record_done(r, &customer_kind, id, M("The customer was anonymised."));
}

const struct route customer_routes[] = {
    ROUTE(GET, "/customers", page_list, "customer.read",
          FORM(customer_query, customer_query_fields), API),
    UI_RECORD_ROUTES(customer, "/customers", "cus", "customer.read", "customer.edit",
                     FORM(customer_form, customer_fields)),
    ROUTE(GET, "/customers/:cus/bindings/new", page_bind_form, "customer.edit"),
    ROUTE(POST, "/customers/:cus/bindings", page_bind, "customer.edit",
          FORM(binding_form, binding_fields), FORM_PAGE(page_bind_form), API),
    ROUTE(GET, "/customers/bindings/:bin", page_unbind_form, "customer.edit"),
    ROUTE(POST, "/customers/bindings/:bin", page_unbind, "customer.edit",
          FORM(end_form, end_fields), FORM_PAGE(page_unbind_form), API),
    UI_ASKING_ROUTES("/customers/:cus/anonymise", page_ask_anonymise, page_anonymise,
                     "customer.edit"),
    {0},
};
