/* Pages of facts: sales and other events, the newest first, and one with everything about it. The
 * portal shows a partner its own, with its own part of the amount. */
#include "event/event_web.h"

#include "catalog/catalog.h"
#include "customer/customer.h"
#include "event/event_view.h"
#include "partner/partner.h"

const struct permission event_permissions[] = {
    {"sale.read", M("See sales and other events"), ACTOR_STAFF},
    {"sale.add", M("Add sales and other events"), ACTOR_STAFF},
    {"portal.sales", M("See own sales"), ACTOR_PARTNER},
};
const size_t event_permissions_len = LEN(event_permissions);

const struct ui_page event_pages[] = {
    {UI_SALES, M("Events"), "/events", "sale.read"},
    {UI_MY_SALES, M("Sales"), "/portal/sales", "portal.sales"},
};
const size_t event_pages_len = LEN(event_pages);

/* ---- words ---- */

struct str event__word_of(const struct event_word_row_rows *words, int64_t id)
{
    for (size_t i = 0; i < words->len; i++)
        if (words->at[i].id == id)
            return words->at[i].word;
    return STR("");
}

struct str event__role_words(const struct lang *lang, struct str role)
{
    static const struct {
        const char *role, *label;
    } known[] = {{"seller", M("Seller")},
                 {"referrer", M("Referrer")},
                 {"servicing", M("Servicing")},
                 {"collector", M("Collector")},
                 {"lead source", M("Source of the lead")}};
    for (size_t i = 0; i < LEN(known); i++)
        if (str_eq(role, str_of(known[i].role)))
            return tr(lang, known[i].label);
    return role;
}

static struct str type_words(const struct op *op, int64_t type)
{
    return tr(op->lang, event_type_label((enum event_type)type));
}

static enum rc credits_of(struct op *op, int64_t event_seq, struct event_credit_row_rows *out)
{
    struct q_event_credits_in in = {event_seq, event_seq + EVENT_CREDITS_MAX};
    return q_event_credits(op, &in, out);
}

/* "Aurora (Seller), Dos Orillas (Referrer)". */
static struct str credit_words(const struct op *op, const struct event_credit_row_rows *credits,
                               const struct event_word_row_rows *words)
{
    AUTO_BUF buf = BUF(16384);
    for (size_t i = 0; i < credits->len; i++) {
        struct str role = event__role_words(op->lang, event__word_of(words, credits->at[i].role));
        buf_printf(&buf, "%s" STR_FMT " (" STR_FMT ")", i ? ", " : "",
                   STR_ARG(credits->at[i].partner_name), STR_ARG(role));
    }
    return str_dup(op->arena, buf_str(&buf));
}

static struct money money_of(int64_t minor, struct str currency)
{
    return MONEY(minor, currency_find(currency));
}

/* ---- the list ---- */

struct event_query {
    UI_LIST_MEMBERS;
    struct str type, partner, product, customer, source;
    struct opt_date from, to;
};
static const struct field event_query_fields[] = {
    UI_LIST_FIELDS(event_query, q_event_list_sorts),
    F_STR(event_query, type, 0, 20),
    F_STR(event_query, partner, 0, 64),
    F_STR(event_query, product, 0, 64),
    F_STR(event_query, customer, 0, 64),
    F_STR(event_query, source, 0, EVENT_SOURCE_MAX),
    F_OPT_DATE(event_query, from),
    F_OPT_DATE(event_query, to),
    FIELDS_END,
};

enum { COL_AT, COL_TYPE, COL_PARTNERS, COL_PRODUCT, COL_CUSTOMER, COL_NET, COL_ID, COLS };
static const struct ui_column columns[] = {
    [COL_AT] = {.name = "occurred_at", .title = M("Time"), .kind = UI_TIME, .place = UI_AT_SUB},
    [COL_TYPE] = {.name = "type", .title = M("Type"), .kind = UI_TEXT, .place = UI_AT_BADGE},
    [COL_PARTNERS] = {.name = "partners",
                      .title = M("Partner"),
                      .kind = UI_TEXT,
                      .place = UI_AT_NAME},
    [COL_PRODUCT] = {.name = "product",
                     .title = M("Product"),
                     .kind = UI_TEXT,
                     .sub_name = "product_code",
                     .sub_title = M("Code of the product")},
    [COL_CUSTOMER] = {.name = "customer",
                      .title = M("Customer"),
                      .kind = UI_TEXT,
                      .sub_name = "customer_code",
                      .sub_title = M("Code of the customer")},
    [COL_NET] = {.name = "net", .title = M("Net amount"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    [COL_ID] = {.name = "external_id",
                .title = M("External id"),
                .kind = UI_TEXT,
                .sub_name = "source",
                .sub_title = M("Source")},
};
static const struct ui_filter filters[] = {
    {.name = "type", .label = M("Type"), .kind = UI_PICK},
    {.name = "partner", .label = M("Code of the partner"), .kind = UI_WORDS},
    {.name = "product", .label = M("Code of the product"), .kind = UI_WORDS},
    {.name = "customer", .label = M("Code of the customer"), .kind = UI_WORDS},
    {.name = "from", .label = M("From"), .kind = UI_DAY},
    {.name = "to", .label = M("To"), .kind = UI_DAY},
    {.name = "source", .label = M("Source"), .kind = UI_WORDS},
};

static struct opt_i64 found_or_none(struct op *op, enum rc *rc, int64_t id)
{
    if (*rc == RC_OK)
        return SOME(id);
    if (*rc == RC_MISSING) {
        fault_clear(&op->fault);
        *rc = RC_OK;
    }
    return SOME(-1); /* nothing has this id: a code that there is not shows nothing */
}

static enum rc codes_of(struct op *op, const struct event_query *query, struct q_event_list_in *in)
{
    struct partner partner;
    struct catalog_product product;
    struct customer customer;
    enum rc rc = RC_OK;
    if (query->partner.len > 0) {
        rc = partner_by_code(op, query->partner, &partner);
        in->partner_id = found_or_none(op, &rc, partner.id).v;
    }
    if (rc == RC_OK && query->product.len > 0) {
        rc = catalog_product_by_code(op, query->product, &product);
        in->product = found_or_none(op, &rc, product.id);
    }
    if (rc == RC_OK && query->customer.len > 0) {
        rc = customer_by_code(op, query->customer, &customer);
        in->customer = found_or_none(op, &rc, customer.id);
    }
    return rc;
}

static enum rc list_input(struct req *r, struct ui_list *list, struct q_event_list_in *in)
{
    struct op *op = r->op;
    const struct event_query *query = form(r);
    enum event_type type;
    *in = (struct q_event_list_in){.from_at = INT64_MIN,
                                   .to_at = INT64_MAX,
                                   .source = query->source.len ? query->source : STR_NONE,
                                   .external = list->search,
                                   .page = list->page};
    if (query->from.has)
        in->from_at = zone_day_start(op->zone, query->from.v);
    if (query->to.has)
        in->to_at = zone_day_start(op->zone, date_add_days(query->to.v, 1));
    if (query->type.len > 0 && event_type_find(query->type, &type))
        in->type = SOME(type);
    for (int i = EVENT_CLICK; i <= EVENT_CUSTOM; i++)
        ui_list_option(list, "type", str_of(event_type_name((enum event_type)i)),
                       type_words(op, i));
    return codes_of(op, query, in);
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct q_event_list_in in;
    struct event_item_page page = {0};
    struct event_word_row_rows words;
    TRY(list_input(r, list, &in));
    TRY(q_event_list(op, &in, &page));
    TRY(q_event_words(op, &words));
    for (size_t i = 0; i < page.len; i++) {
        const struct event_item *item = &page.at[i];
        struct event_credit_row_rows credits;
        TRY(credits_of(op, item->event_seq, &credits));
        struct str id = ui_pid(op, evt(item->event_seq));
        struct str href = str_printf(op->arena, "/events/" STR_FMT, STR_ARG(id));
        struct ui_cell *cells = ui_list_row(list, id);
        cells[COL_AT] = ui_cell_time(SOME(item->occurred_at));
        cells[COL_TYPE] = ui_cell_text(type_words(op, item->type));
        cells[COL_PARTNERS] = ui_cell_link(credit_words(op, &credits, &words), STR_NONE, href);
        cells[COL_PRODUCT] = ui_cell_two(item->product_name, item->product_code);
        cells[COL_CUSTOMER] = ui_cell_two(item->customer_name, item->customer_code);
        cells[COL_NET] = ui_cell_money(money_of(item->net_minor, item->currency), STR_NONE);
        cells[COL_ID] = ui_cell_two(item->external_id, item->source);
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action actions[] = {
    {.label = M("Import sales"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "sale.add"},
    {.label = NULL},
};

static const struct ui_list_spec event_list = {
    .name = "events",
    .title = M("Events"),
    .icon = "receipt",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_event_list_sorts,
    .sort = "-recorded",
    .search = M("External id"),
    .empty = M("No sales yet. Import a file, or send them through the API."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &event_list);
}

/* ---- a partner's own ---- */

enum { OWN_AT, OWN_TYPE, OWN_PRODUCT, OWN_ROLE, OWN_NET, OWN_ID, OWN_COLS };
static const struct ui_column own_columns[] = {
    [OWN_AT] = {.name = "occurred_at", .title = M("Time"), .kind = UI_TIME, .place = UI_AT_SUB},
    [OWN_TYPE] = {.name = "type", .title = M("Type"), .kind = UI_TEXT, .place = UI_AT_BADGE},
    [OWN_PRODUCT] = {.name = "product",
                     .title = M("Product"),
                     .kind = UI_TEXT,
                     .place = UI_AT_NAME,
                     .sub_name = "product_code",
                     .sub_title = M("Code of the product")},
    [OWN_ROLE] = {.name = "role", .title = M("Your role"), .kind = UI_TEXT},
    [OWN_NET] = {.name = "net", .title = M("Your part"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    [OWN_ID] = {.name = "external_id", .title = M("Number"), .kind = UI_TEXT},
};
static const struct ui_filter own_filters[] = {
    {.name = "type", .label = M("Type"), .kind = UI_PICK},
    {.name = "from", .label = M("From"), .kind = UI_DAY},
    {.name = "to", .label = M("To"), .kind = UI_DAY},
};

struct own_query {
    UI_LIST_MEMBERS;
    struct str type;
    struct opt_date from, to;
};
static const struct field own_query_fields[] = {
    UI_LIST_FIELDS(own_query, q_event_list_sorts),
    F_STR(own_query, type, 0, 20),
    F_OPT_DATE(own_query, from),
    F_OPT_DATE(own_query, to),
    FIELDS_END,
};

/* The exact part of one credit: the parts of all credits of its role sum to the whole. */
static enum rc part_of(struct op *op, int64_t event_seq, const struct event_credit_row *credit,
                       int64_t whole, int64_t *out)
{
    struct event_share_row_rows rows;
    int64_t shares[EVENT_CREDITS_MAX] = {0};
    size_t own = 0;
    struct q_event_shares_in in = {event_seq, event_seq + EVENT_CREDITS_MAX, credit->role};
    TRY(q_event_shares(op, &in, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        shares[i] = rows.at[i].share;
        if (rows.at[i].credit_no == credit->credit_no)
            own = i;
    }
    *out = event_part(op->arena, whole, shares, rows.len, own);
    return RC_OK;
}

static enum rc own_row(struct op *op, struct ui_list *list, const struct event_item *item,
                       const struct event_word_row_rows *words)
{
    struct event_credit_row_rows credits;
    int64_t part = 0;
    TRY(credits_of(op, item->event_seq, &credits));
    if (credits.len == 0)
        return RC_OK;
    TRY(part_of(op, item->event_seq, &credits.at[0], item->net_minor, &part));
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, evt(item->event_seq)));
    cells[OWN_AT] = ui_cell_time(SOME(item->occurred_at));
    cells[OWN_TYPE] = ui_cell_text(type_words(op, item->type));
    cells[OWN_PRODUCT] = ui_cell_two(item->product_name, item->product_code);
    cells[OWN_ROLE] =
        ui_cell_text(event__role_words(op->lang, event__word_of(words, credits.at[0].role)));
    cells[OWN_NET] = ui_cell_money(money_of(part, item->currency), STR_NONE);
    cells[OWN_ID] = ui_cell_text(item->external_id);
    return RC_OK;
}

static enum rc fill_own(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct own_query *query = form(r);
    struct event_item_page page = {0};
    struct event_word_row_rows words;
    enum event_type type;
    struct q_event_list_in in = {
        .from_at = query->from.has ? zone_day_start(op->zone, query->from.v) : INT64_MIN,
        .to_at =
            query->to.has ? zone_day_start(op->zone, date_add_days(query->to.v, 1)) : INT64_MAX,
        .external = list->search,
        .page = list->page};
    if (query->type.len > 0 && event_type_find(query->type, &type))
        in.type = SOME(type);
    for (int i = EVENT_CLICK; i <= EVENT_CUSTOM; i++)
        ui_list_option(list, "type", str_of(event_type_name((enum event_type)i)),
                       type_words(op, i));
    TRY(q_event_list(op, &in, &page));
    TRY(q_event_words(op, &words));
    for (size_t i = 0; i < page.len; i++)
        TRY(own_row(op, list, &page.at[i], &words));
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec own_list = {
    .name = "my_sales",
    .title = M("Sales"),
    .icon = "receipt",
    .columns = own_columns,
    .columns_len = OWN_COLS,
    .filters = own_filters,
    .filters_len = LEN(own_filters),
    .sorts = q_event_list_sorts,
    .sort = "-recorded",
    .search = M("Number"),
    .empty = M("No sales of yours have arrived yet."),
    .fill = fill_own,
};

static enum rc page_own(struct req *r)
{
    return ui_list_page(r, &own_list);
}

/* ---- one event ---- */

enum { SHARE_PARTNER, SHARE_ROLE, SHARE_SHARE, SHARE_PART, SHARE_REASON, SHARE_COLS };
static const struct ui_column share_columns[] = {
    [SHARE_PARTNER] = {.name = "partner",
                       .title = M("Partner"),
                       .kind = UI_TEXT,
                       .place = UI_AT_NAME},
    [SHARE_ROLE] = {.name = "role", .title = M("Role"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [SHARE_SHARE] = {.name = "share", .title = M("Share"), .kind = UI_TEXT},
    [SHARE_PART] = {.name = "part",
                    .title = M("Part of the net amount"),
                    .kind = UI_MONEY,
                    .place = UI_AT_FIGURE},
    [SHARE_REASON] = {.name = "reason", .title = M("Reason"), .kind = UI_TEXT},
};

static enum rc fill_shares(struct op *op, struct event__page *v)
{
    struct event_word_row_rows words;
    TRY(q_event_words(op, &words));
    v->shares = (struct ui_table){
        .columns = share_columns, .columns_len = SHARE_COLS, .caption = M("Whose it is")};
    for (size_t i = 0; i < v->credits.len; i++) {
        const struct event_credit_row *credit = &v->credits.at[i];
        int64_t part = 0;
        TRY(part_of(op, v->fact.event_seq, credit, v->fact.net_minor, &part));
        struct ui_cell *cells = ui_table_row(op, &v->shares, STR_NONE);
        cells[SHARE_PARTNER] = ui_cell_two(credit->partner_name, credit->partner_code);
        if (op_may(op, "partner.read"))
            cells[SHARE_PARTNER].href =
                str_printf(op->arena, "/partners/%s", pid_of("prt", credit->partner_id).text);
        cells[SHARE_ROLE] =
            ui_cell_text(event__role_words(op->lang, event__word_of(&words, credit->role)));
        cells[SHARE_SHARE] =
            ui_cell_text(i18n_percent(op->arena, op->lang, dec_from_scaled(credit->share, 6), 2));
        cells[SHARE_PART] = ui_cell_money(money_of(part, v->fact.currency), STR_NONE);
        cells[SHARE_REASON] = ui_cell_text(event__word_of(&words, credit->reason));
    }
    return RC_OK;
}

static void add_figure(struct op *op, struct event__page *v, const char *label, int64_t minor)
{
    VEC_PUSH(op->arena, &v->figures,
             ((struct ui_kpi){
                 .label = label,
                 .figure = i18n_money(op->arena, op->lang, money_of(minor, v->fact.currency))}));
}

static void add_named(struct op *op, struct event__page *v, const char *label, struct str name,
                      struct str code)
{
    if (code.len > 0)
        ui_def_text(op, &v->facts, label,
                    str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(name), STR_ARG(code)));
}

static void fill_facts(struct op *op, struct event__page *v)
{
    const struct event_seen *f = &v->fact;
    add_figure(op, v, M("Net amount"), f->net_minor);
    add_figure(op, v, M("Amount"), f->amount_minor);
    if (f->tax_minor != 0)
        add_figure(op, v, M("Tax"), f->tax_minor);
    if (f->discount_minor != 0)
        add_figure(op, v, M("Discount"), f->discount_minor);
    if (f->shipping_minor != 0)
        add_figure(op, v, M("Shipping"), f->shipping_minor);
    if (f->cost_minor.has)
        add_figure(op, v, M("Cost"), f->cost_minor.v);
    ui_def_text(op, &v->facts, M("Type"), type_words(op, f->type));
    ui_def_text(op, &v->facts, M("Time"),
                i18n_date_time(op->arena, op->lang, f->occurred_at, op->zone));
    ui_def_text(op, &v->facts, M("Arrived"),
                i18n_date_time(op->arena, op->lang, f->recorded_at, op->zone));
    ui_def_text(op, &v->facts, M("Quantity"),
                i18n_dec(op->arena, op->lang, dec_from_scaled(f->quantity, 6)));
    add_named(op, v, M("Product"), f->product_name, f->product_code);
    add_named(op, v, M("Customer"), f->customer_name, f->customer_code);
    add_named(op, v, M("Point of sale"), f->outlet_name, f->outlet_code);
    ui_def_text(op, &v->facts, M("External id"), f->external_id);
    ui_def_text(op, &v->facts, M("Source"), f->source);
    if (f->attributes.len > 0)
        ui_def_text(op, &v->facts, M("Attributes"), f->attributes);
    if (f->original_seq != 0)
        VEC_PUSH(op->arena, &v->facts,
                 ((struct ui_def){
                     .label = M("Original event"),
                     .text = tr(op->lang, M("Show it")),
                     .href = str_printf(op->arena, "/events/%s", evt(f->original_seq).text)}));
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct event__page v = {0};
    int64_t seq = path_id(r, "evt");
    TRY(q_event_seen(op, &(struct q_event_seen_in){seq, seq + EVENT_CREDITS_MAX}, &v.fact));
    TRY(credits_of(op, seq, &v.credits));
    v.head.name = v.fact.external_id;
    v.head.note = type_words(op, v.fact.type);
    ui_crumb(op, &v.head, M("Events"), STR("/events"));
    fill_facts(op, &v);
    TRY(fill_shares(op, &v));
    TRY(ui_record_cards(op, "event", seq, &v.cards));
    page_title(r, v.fact.external_id);
    return REPLY(r, NULL, event__page, &v);
}

const struct route event_routes[] = {
    ROUTE(GET, "/events", page_list, "sale.read", FORM(event_query, event_query_fields), API),
    ROUTE(GET, "/events/:evt", page_show, "sale.read", API),
    ROUTE(GET, "/portal/sales", page_own, "portal.sales", FORM(own_query, own_query_fields), API),
    {0},
};
const struct route event_api_routes[] = {
    {.method = HTTP_POST,
     .path = "/events",
     .page = event__api_add,
     .permission = "sale.add",
     .raw_type = "application/json",
     .body_bytes_max = 4 << 20,
     .is_api = true,
     .is_api_only = true},
    {0},
};
