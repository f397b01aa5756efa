/* Lazy FEEL contexts over facts. Each shape is a table of names with one function that makes the
 * entry asked for; tables and functions stand together so that a name cannot lose its value. */
#include "reward/reward_feel.h"

#include "json/json.h"
#include "reward/reward_original.h"

/* ---- values ---- */

struct feel_value reward__view_money(int64_t minor, const struct currency *currency)
{
    return feel_number(dec_from_scaled(minor, currency ? currency->digits : 2));
}

struct feel_value reward__view_day(int64_t day)
{
    return feel_date(day);
}

struct feel_value reward__view_quantity(int64_t millionths)
{
    int scale = 6; /* drop trailing zeros, so that 12 pieces read "12" */
    while (scale > 0 && millionths % 10 == 0) {
        millionths /= 10;
        scale--;
    }
    return feel_number(dec_from_scaled(millionths, scale));
}

static struct feel_value moment(const struct reward__view *view, int64_t at_us)
{
    return feel_instant(at_us, zone_offset_s(view->zone, at_us), view->zone);
}

static struct feel_value local_day(const struct reward__view *view, int64_t at_us)
{
    return feel_date(zone_date(view->zone, at_us).days);
}

struct feel_value reward__view_texts(struct arena *arena, const struct str_list *texts)
{
    struct feel_value *items = NEW_ARRAY(arena, struct feel_value, texts->len);
    for (size_t i = 0; i < texts->len; i++)
        items[i] = feel_text(texts->at[i]);
    return feel_list(items, texts->len);
}

struct feel_value reward__view_context(struct arena *arena, const struct reward__entry *entries,
                                       size_t len)
{
    struct str *names = NEW_ARRAY(arena, struct str, len);
    struct feel_value *values = NEW_ARRAY(arena, struct feel_value, len);
    for (size_t i = 0; i < len; i++) {
        names[i] = str_of(entries[i].name);
        values[i] = entries[i].value;
    }
    return feel_context(feel_shape(arena, names, len), values);
}

/* ---- attributes: JSON of the fact to a context, when somebody asks ---- */

static struct feel_value json_value(struct arena *arena, const struct json_value *json)
{
    struct dec number;
    switch (json->kind) {
    case JSON_BOOL: return feel_bool(json->is_true);
    case JSON_STRING: return feel_text(json->text);
    case JSON_NUMBER: return json_dec(json, &number) ? feel_number(number) : feel_null();
    case JSON_ARRAY: {
        struct feel_value *items = NEW_ARRAY(arena, struct feel_value, json->len);
        for (size_t i = 0; i < json->len; i++)
            items[i] = json_value(arena, &json->items[i]);
        return feel_list(items, json->len);
    }
    case JSON_OBJECT: {
        struct str *names = NEW_ARRAY(arena, struct str, json->len);
        struct feel_value *values = NEW_ARRAY(arena, struct feel_value, json->len);
        for (size_t i = 0; i < json->len; i++) {
            names[i] = json->members[i].key;
            values[i] = json_value(arena, &json->members[i].value);
        }
        return feel_context(feel_shape(arena, names, json->len), values);
    }
    case JSON_NULL: break;
    }
    return feel_null();
}

static struct feel_value attributes(struct arena *arena, struct str text)
{
    const struct json_value *json = NULL;
    struct json_limits limits = {.bytes_max = EVENT_ATTRIBUTES_MAX, .depth_max = 8};
    if (text.len == 0 || json_parse(arena, text, limits, &json, NULL) != RC_OK)
        return reward__view_context(arena, NULL, 0);
    return json_value(arena, json);
}

/* ---- product, customer, outlet, partner ---- */

/* Attributes that staff has added to the record. */
static struct feel_value traits(const struct feel_shape *shape, const char *kind, int64_t id,
                                struct arena *arena)
{
    const struct reward__view *view = shape->owner;
    return reward__traits_of(view->dims->traits, kind, id, arena);
}

static const char *const product_names[] = {"code",          "name",          "category",
                                            "category name", "category path", "commissionable",
                                            "tags",          "attributes"};

static struct feel_value product_get(const struct feel_shape *shape, const void *row, size_t i,
                                     struct arena *arena)
{
    const struct reward__product *product = row;
    switch (i) {
    case 0: return feel_text(product->code);
    case 1: return feel_text(product->name);
    case 2: return feel_text(product->category);
    case 3: return feel_text(product->category_name);
    case 4: return reward__view_texts(arena, &product->category_path);
    case 5: return feel_bool(product->is_commissionable);
    case 7: return traits(shape, "product", product->id, arena);
    default: {
        struct str rest = product->tags;
        struct str_list tags = {0};
        while (rest.at && rest.len > 0)
            VEC_PUSH(arena, &tags, str_cut(&rest, ' '));
        return reward__view_texts(arena, &tags);
    }
    }
}

enum customer_entry {
    CU_ID,
    CU_CODE,
    CU_NAME,
    CU_COUNTRY,
    CU_SINCE,
    CU_FRAUD,
    CU_MONTH_NUMBER,
    CU_BOUND_ON,
    CU_PARTNER,
    CU_ATTRIBUTES,
    CU_LEN
};
static const char *const customer_names[CU_LEN] = {[CU_ID] = "id",
                                                   [CU_CODE] = "code",
                                                   [CU_NAME] = "name",
                                                   [CU_COUNTRY] = "country",
                                                   [CU_SINCE] = "since",
                                                   [CU_FRAUD] = "fraud",
                                                   [CU_PARTNER] = "partner",
                                                   [CU_MONTH_NUMBER] = "month number",
                                                   [CU_BOUND_ON] = "bound on",
                                                   [CU_ATTRIBUTES] = "attributes"};

static int64_t months_between(const struct reward__view *view, int64_t since_at, int64_t day)
{
    return date_months_between(zone_date(view->zone, since_at), (struct date){(int32_t)day});
}

/* As on the day of the fact, and to its partner. */
static struct feel_value customer_on_day(const struct reward__view *view,
                                         const struct reward__fact *fact, size_t i)
{
    const struct reward__customer *customer = fact->customer;
    int64_t day = zone_date(view->zone, fact->occurred_at).days, from_day = 0;
    struct str partner = STR_NONE;
    if (i == CU_MONTH_NUMBER)
        return feel_i64(months_between(view, customer->since, day) + 1);
    bool is_bound = reward__bound(view->dims->traits, customer->id,
                                  i == CU_PARTNER ? 0 : fact->partner_id, day, &from_day, &partner);
    if (!is_bound)
        return feel_null();
    return i == CU_PARTNER ? feel_text(partner) : feel_date(from_day);
}

static struct feel_value customer_get(const struct feel_shape *shape, const void *row, size_t i,
                                      struct arena *arena)
{
    const struct reward__fact *fact = row;
    const struct reward__customer *customer = fact->customer;
    switch (i) {
    case CU_ID:
    case CU_CODE: return feel_text(customer->code);
    case CU_NAME: return feel_text(customer->name);
    case CU_COUNTRY: return feel_text(customer->country);
    case CU_SINCE: return local_day(shape->owner, customer->since);
    case CU_FRAUD: return feel_bool(customer->is_fraud);
    case CU_ATTRIBUTES: return traits(shape, "customer", customer->id, arena);
    default: return customer_on_day(shape->owner, fact, i);
    }
}

static const char *const outlet_names[] = {"code", "name", "attributes"};

static struct feel_value outlet_get(const struct feel_shape *shape, const void *row, size_t i,
                                    struct arena *arena)
{
    const struct reward__outlet *outlet = row;
    if (i == 2)
        return traits(shape, "outlet", outlet->id, arena);
    return feel_text(i == 0 ? outlet->code : outlet->name);
}

static const char *const partner_names[] = {"code",   "name",   "roles",     "level",
                                            "groups", "tags",   "country",   "since",
                                            "state",  "months", "attributes"};

/* Whole months up to the end of the period. */
static int64_t partner_months(const struct reward__view *view,
                              const struct reward__partner *partner)
{
    return months_between(view, partner->since, view->last_day + 1);
}

static struct feel_value partner_get(const struct feel_shape *shape, const void *row, size_t i,
                                     struct arena *arena)
{
    const struct reward__partner *partner = row;
    switch (i) {
    case 0: return feel_text(partner->code);
    case 1: return feel_text(partner->name);
    case 2: return reward__view_texts(arena, &partner->roles);
    case 3: return feel_text(partner->level);
    case 4: return reward__view_texts(arena, &partner->groups);
    case 5: return reward__view_texts(arena, &partner->tags);
    case 6: return feel_text(partner->country);
    case 7: return local_day(shape->owner, partner->since);
    case 8: return feel_text(partner->state);
    case 9: return feel_i64(partner_months(shape->owner, partner));
    default: return traits(shape, "partner", partner->id, arena);
    }
}

/* ---- credit and event ---- */

static const char *const credit_names[] = {"role", "share",    "reason",       "amount",
                                           "net",  "quantity", "partner count"};

static struct feel_value credit_get(const struct feel_shape *shape, const void *row, size_t i,
                                    struct arena *arena)
{
    const struct reward__fact *fact = row;
    (void)shape;
    (void)arena;
    switch (i) {
    case 0: return feel_text(fact->role);
    case 1: return feel_number(dec_div(dec_from_i64(fact->share), dec_from_i64(EVENT_SHARE_WHOLE)));
    case 2: return feel_text(fact->reason);
    case 3: return reward__fact_money(fact, fact->part_amount_minor);
    case 4: return reward__fact_money(fact, fact->part_net_minor);
    case 5: return reward__view_quantity(fact->part_quantity);
    default: return feel_i64(fact->partner_count);
    }
}

enum event_entry {
    EV_ID,
    EV_SEQ,
    EV_TYPE,
    EV_AT,
    EV_DATE,
    EV_RECORDED_AT,
    EV_LATE,
    EV_QUANTITY,
    EV_AMOUNT,
    EV_NET,
    EV_TAX,
    EV_DISCOUNT,
    EV_SHIPPING,
    EV_COST,
    EV_MARGIN,
    EV_CURRENCY,
    EV_ORIGINAL_MONEY,
    EV_PRODUCT,
    EV_CUSTOMER,
    EV_OUTLET,
    EV_SOURCE,
    EV_ATTRIBUTES,
    EV_CREDIT,
    EV_ORIGINAL,
    EV_LEN
};

static const char *const event_names[EV_LEN] = {[EV_ID] = "id",
                                                [EV_SEQ] = "seq",
                                                [EV_TYPE] = "type",
                                                [EV_AT] = "at",
                                                [EV_DATE] = "date",
                                                [EV_RECORDED_AT] = "recorded at",
                                                [EV_LATE] = "late",
                                                [EV_QUANTITY] = "quantity",
                                                [EV_AMOUNT] = "amount",
                                                [EV_NET] = "net",
                                                [EV_TAX] = "tax",
                                                [EV_DISCOUNT] = "discount",
                                                [EV_SHIPPING] = "shipping",
                                                [EV_COST] = "cost",
                                                [EV_MARGIN] = "margin",
                                                [EV_CURRENCY] = "currency",
                                                [EV_ORIGINAL_MONEY] = "original money",
                                                [EV_PRODUCT] = "product",
                                                [EV_CUSTOMER] = "customer",
                                                [EV_OUTLET] = "outlet",
                                                [EV_SOURCE] = "source",
                                                [EV_ATTRIBUTES] = "attributes",
                                                [EV_CREDIT] = "credit",
                                                [EV_ORIGINAL] = "original"};

/* A record that the event may not have. */
static struct feel_value part(const struct feel_shape *shape, const void *row)
{
    return row ? feel_context(shape, row) : feel_null();
}

static struct feel_value event_money(const struct reward__fact *fact, size_t i)
{
    int64_t minor = 0;
    switch (i) {
    case EV_AMOUNT: minor = fact->amount_minor; break;
    case EV_NET: minor = fact->net_minor; break;
    case EV_TAX: minor = fact->tax_minor; break;
    case EV_DISCOUNT: minor = fact->discount_minor; break;
    case EV_SHIPPING: minor = fact->shipping_minor; break;
    default: /* cost, margin: unknown without a cost */
        if (!fact->has_cost)
            return feel_null();
        minor = i == EV_COST ? fact->cost_minor : fact->net_minor - fact->cost_minor;
        break;
    }
    return reward__fact_money(fact, minor);
}

static struct feel_value event_record(const struct reward__view *view,
                                      const struct reward__fact *fact, size_t i,
                                      struct arena *arena)
{
    switch (i) {
    case EV_ORIGINAL_MONEY: return feel_context(view->original_money, fact);
    case EV_PRODUCT: return part(view->product, fact->product);
    case EV_CUSTOMER: return reward__view_customer(view, fact);
    case EV_OUTLET: return part(view->outlet, fact->outlet);
    case EV_ATTRIBUTES: return attributes(arena, fact->attributes);
    case EV_ORIGINAL: return reward__original_view(view, fact, arena);
    default: return feel_context(view->credit, fact);
    }
}

static struct feel_value event_get(const struct feel_shape *shape, const void *row, size_t i,
                                   struct arena *arena)
{
    const struct reward__view *view = shape->owner;
    const struct reward__fact *fact = row;
    switch (i) {
    case EV_ID: return feel_text(fact->external_id);
    case EV_SEQ: return feel_i64(fact->seq);
    case EV_TYPE: return feel_text(str_of(event_type_name(fact->type)));
    case EV_AT: return moment(view, fact->occurred_at);
    case EV_DATE: return local_day(view, fact->occurred_at);
    case EV_RECORDED_AT: return moment(view, fact->recorded_at);
    case EV_LATE: return feel_bool(fact->is_late);
    case EV_QUANTITY: return reward__view_quantity(fact->quantity);
    case EV_AMOUNT:
    case EV_NET:
    case EV_TAX:
    case EV_DISCOUNT:
    case EV_SHIPPING:
    case EV_COST:
    case EV_MARGIN: return event_money(fact, i);
    case EV_CURRENCY: return feel_text(str_of(fact->currency->code));
    case EV_SOURCE: return feel_text(fact->source);
    default: return event_record(view, fact, i, arena);
    }
}

static const char *const original_money_names[] = {"amount", "currency", "rate", "rate date",
                                                   "source"};

static struct feel_value original_money_get(const struct feel_shape *shape, const void *row,
                                            size_t i, struct arena *arena)
{
    const struct reward__fact *fact = row;
    const struct reward__exchange *exchange = fact->exchange;
    const struct currency *currency = exchange ? exchange->from : fact->currency;
    (void)shape;
    (void)arena;
    switch (i) {
    case 0: return reward__view_money(fact->amount_minor, currency);
    case 1: return feel_text(str_of(currency->code));
    case 2: return exchange ? feel_number(exchange->rate) : feel_i64(1);
    case 3: return exchange ? feel_date(exchange->day) : feel_null();
    default: return exchange ? feel_text(exchange->source) : feel_null();
    }
}

/* ---- shapes ---- */

static const struct feel_shape *
shape_of(struct arena *arena, const struct reward__view *view, const char *const *names, size_t len,
         struct feel_value (*get)(const struct feel_shape *shape, const void *row, size_t i,
                                  struct arena *arena))
{
    struct str *texts = NEW_ARRAY(arena, struct str, len);
    for (size_t i = 0; i < len; i++)
        texts[i] = str_of(names[i]);
    struct feel_shape *shape = feel_shape(arena, texts, len);
    shape->get = get;
    shape->owner = view;
    return shape;
}

static struct feel_value sale_get(const struct feel_rows *rows, const void *at, size_t i,
                                  struct arena *arena)
{
    const struct reward__view *view = rows->owner;
    const struct reward__fact *const *facts = at;
    (void)arena;
    return feel_context(view->event, facts[i]);
}

#define SHAPE(names, get) shape_of(arena, view, names, LEN(names), get)

void reward__view_init(struct reward__view *view, struct arena *arena, const struct zone *zone,
                       const struct reward__dims *dims, int64_t last_day)
{
    *view = (struct reward__view){.zone = zone, .last_day = last_day, .dims = dims};
    view->product = SHAPE(product_names, product_get);
    view->customer = SHAPE(customer_names, customer_get);
    view->outlet = SHAPE(outlet_names, outlet_get);
    view->partner = SHAPE(partner_names, partner_get);
    view->credit = SHAPE(credit_names, credit_get);
    view->original_money = SHAPE(original_money_names, original_money_get);
    view->event = SHAPE(event_names, event_get);
    view->events = (struct feel_rows){.get = sale_get, .owner = view};
}

struct feel_value reward__view_event(const struct reward__view *view,
                                     const struct reward__fact *fact)
{
    return feel_context(view->event, fact);
}

struct feel_value reward__view_sales(const struct reward__view *view,
                                     const struct reward__fact *const *facts, size_t len)
{
    return feel_lazy_list(&view->events, facts, len);
}

struct feel_value reward__view_partner(const struct reward__view *view,
                                       const struct reward__partner *partner)
{
    return part(view->partner, partner);
}

struct feel_value reward__view_outlet(const struct reward__view *view,
                                      const struct reward__outlet *outlet)
{
    return part(view->outlet, outlet);
}

struct feel_value reward__view_customer(const struct reward__view *view,
                                        const struct reward__fact *fact)
{
    return part(view->customer, fact->customer ? fact : NULL);
}
