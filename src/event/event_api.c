/* Events through the API: one object or up to a thousand, answered one by one, each idempotent by
 * its external id. They go through the group commit, so a thousand callers share one sync. */
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "event/event_web.h"
#include "partner/partner.h"

enum { EVENTS_MAX = 1000, VALUES_MAX = 200000 };

struct sent { /* one event of the request */
    struct event_new event;
    struct event_answer answer;
    struct fault fault;
    struct str external_id;
};
struct event__answers {
    struct sent *at;
    size_t len;
    bool is_list;
};
static void event__answers_json(struct json_writer *w, const struct event__answers *v);

/* ---- reading one ---- */

static enum rc read_money(struct op *op, const struct json_value *json, const char *name,
                          const struct currency **currency, int64_t *out, bool *out_has)
{
    const struct json_value *value = json_get(json, name);
    struct money money;
    *out_has = value != NULL;
    if (!value)
        return RC_OK;
    if (!json_money(value, &money))
        return fail(op, RC_INVALID, name, M("An amount is written like {0}."),
                    "{\"amount\":\"12.50\",\"currency\":\"EUR\"}");
    if (*currency && money.currency != *currency)
        return fail(op, RC_INVALID, name, M("All amounts of an event have one currency."));
    *currency = money.currency;
    *out = money.minor;
    return RC_OK;
}

static enum rc read_amounts(struct op *op, const struct json_value *json, struct event_new *e)
{
    bool has_amount, has_net, has_other;
    int64_t cost = 0, between = 0;
    TRY(read_money(op, json, "amount", &e->currency, &e->amount_minor, &has_amount));
    TRY(read_money(op, json, "net", &e->currency, &e->net_minor, &has_net));
    TRY(read_money(op, json, "tax", &e->currency, &e->tax_minor, &has_other));
    TRY(read_money(op, json, "discount", &e->currency, &e->discount_minor, &has_other));
    TRY(read_money(op, json, "shipping", &e->currency, &e->shipping_minor, &has_other));
    TRY(read_money(op, json, "cost", &e->currency, &cost, &has_other));
    if (has_other)
        e->cost_minor = SOME(cost);
    if (!e->currency && json_get(json, "currency"))
        e->currency = currency_find(json_text(json_get(json, "currency")));
    bool fits = !__builtin_add_overflow(e->tax_minor, e->shipping_minor, &between);
    if (!has_amount && has_net)
        fits = fits && !__builtin_add_overflow(e->net_minor, between, &e->amount_minor);
    else if (has_amount && !has_net)
        fits = fits && !__builtin_sub_overflow(e->amount_minor, between, &e->net_minor);
    return fits ? RC_OK : fail(op, RC_INVALID, "amount", M("The amount is too large."));
}

static enum rc missing_as_invalid(struct op *op, enum rc rc, const char *field, struct str code)
{
    if (rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    return fail(op, RC_INVALID, field, M("There is no record with the code “{0}”."),
                str_c(op->arena, code));
}

static enum rc read_things(struct op *op, const struct json_value *json, struct event_new *e)
{
    struct catalog_product product;
    struct customer customer;
    struct str product_code = json_text(json_get(json, "product"));
    struct str customer_code = json_text(json_get(json, "customer"));
    if (product_code.len > 0) {
        TRY(missing_as_invalid(op, catalog_product_by_code(op, product_code, &product), "product",
                               product_code));
        e->product_id = product.id;
    }
    if (customer_code.len > 0) {
        TRY(missing_as_invalid(op, customer_by_code(op, customer_code, &customer), "customer",
                               customer_code));
        e->customer_id = customer.id;
    }
    return RC_OK;
}

static enum rc read_credit(struct op *op, const struct json_value *json, struct event_credit *out)
{
    struct partner partner;
    struct dec share;
    struct str code = json_text(json->kind == JSON_STRING ? json : json_get(json, "partner"));
    struct str role = json_text(json_get(json, "role"));
    TRY(missing_as_invalid(op, partner_by_code(op, code.at ? code : STR(""), &partner), "partners",
                           code));
    *out = (struct event_credit){.partner_id = partner.id,
                                 .role = role.len ? role : STR("seller"),
                                 .share = EVENT_SHARE_WHOLE,
                                 .reason = STR("api")};
    if (json_get(json, "share") && (!json_dec(json_get(json, "share"), &share) ||
                                    !dec_to_scaled(share, 6, DEC_HALF_UP, &out->share)))
        return fail(op, RC_INVALID, "share", M("A share is a part of one, like 0.5."));
    return RC_OK;
}

/* "partner": "P-1", or "partners": [{"partner": "P-1", "role": "seller", "share": "0.5"}, …]. */
static enum rc read_credits(struct op *op, const struct json_value *json, struct event_new *e)
{
    const struct json_value *one = json_get(json, "partner"), *many = json_get(json, "partners");
    struct event_credit *credits = NEW_ARRAY(op->arena, struct event_credit, EVENT_CREDITS_MAX);
    e->credits = credits;
    if (one) {
        e->credits_len = 1;
        return read_credit(op, one, credits);
    }
    if (!json_is(many, JSON_ARRAY) || many->len == 0 || many->len > EVENT_CREDITS_MAX)
        return fail(op, RC_INVALID, "partners", M("An event belongs to 1 to 32 partners."));
    for (size_t i = 0; i < many->len; i++)
        TRY(read_credit(op, &many->items[i], &credits[i]));
    e->credits_len = many->len;
    return RC_OK;
}

static enum rc read_words(struct op *op, const struct json_value *json, struct event_new *e)
{
    struct str type = json_text(json_get(json, "type"));
    struct str at = json_text(json_get(json, "occurred_at"));
    struct dec quantity;
    e->external_id = json_text(json_get(json, "external_id"));
    e->source = json_text(json_get(json, "source"));
    if (e->source.len == 0)
        e->source = STR("api");
    e->type = EVENT_SALE;
    if (type.len > 0 && !event_type_find(type, &e->type))
        return fail(op, RC_INVALID, "type", M("There is no type of event “{0}”."),
                    str_c(op->arena, type));
    if (!instant_parse(at.at ? at : STR(""), &e->occurred_at))
        return fail(op, RC_INVALID, "occurred_at",
                    M("The time is written like 2026-10-31T14:05:00Z."));
    e->quantity = EVENT_QUANTITY_ONE;
    if (json_get(json, "quantity") && (!json_dec(json_get(json, "quantity"), &quantity) ||
                                       !dec_to_scaled(quantity, 6, DEC_HALF_UP, &e->quantity)))
        return fail(op, RC_INVALID, "quantity", M("This is not a number."));
    return RC_OK;
}

static void put_attribute(struct json_writer *w, const struct json_member *member)
{
    json_key_str(w, member->key);
    switch (member->value.kind) {
    case JSON_NUMBER: json_put_number(w, member->value.text); break;
    case JSON_BOOL: json_put_bool(w, member->value.is_true); break;
    case JSON_STRING: json_put_str(w, member->value.text); break;
    default: json_put_null(w);
    }
}

static const char not_plain[] = M("Attributes are an object of plain values.");

static enum rc read_attributes(struct op *op, const struct json_value *json, struct event_new *e)
{
    const struct json_value *attributes = json_get(json, "attributes");
    AUTO_BUF buf = BUF(4 * EVENT_ATTRIBUTES_MAX);
    e->attributes = STR("");
    if (!attributes)
        return RC_OK;
    if (attributes->kind != JSON_OBJECT)
        return fail(op, RC_INVALID, "attributes", not_plain);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    for (size_t i = 0; i < attributes->len; i++) {
        enum json_kind kind = attributes->members[i].value.kind;
        if (kind == JSON_OBJECT || kind == JSON_ARRAY)
            return fail(op, RC_INVALID, "attributes", not_plain);
        put_attribute(&w, &attributes->members[i]);
    }
    json_object_end(&w);
    e->attributes = buf.is_over ? STR_NONE : str_dup(op->arena, buf_str(&buf));
    return e->attributes.at ? RC_OK
                            : fail(op, RC_TOO_LARGE, "attributes",
                                   M("The attributes are longer than 8192 bytes."));
}

static enum rc read_original(struct op *op, const struct json_value *json, struct event_new *e)
{
    struct str original = json_text(json_get(json, "original_external_id"));
    if (original.len == 0)
        return RC_OK;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = event_find(op, e->source, original, &e->original_seq);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "original_external_id",
                    M("There is no event “{0}” of this source."), str_c(op->arena, original));
    TRY(rc);
    return txn_commit(&txn);
}

static enum rc read_event(struct op *op, const struct json_value *json, struct event_new *e)
{
    if (json->kind != JSON_OBJECT)
        return fail(op, RC_INVALID, NULL, M("An event is an object."));
    TRY(read_words(op, json, e));
    TRY(read_amounts(op, json, e));
    TRY(read_things(op, json, e));
    TRY(read_credits(op, json, e));
    TRY(read_attributes(op, json, e));
    TRY(read_original(op, json, e));
    return event_check(op, e);
}

/* ---- storing ---- */

static bool is_of_event(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_MISSING || rc == RC_TOO_LARGE;
}

static enum rc read_all(struct op *op, const struct json_value *items, size_t len,
                        struct sent *sent)
{
    for (size_t i = 0; i < len; i++) {
        enum rc rc = read_event(op, &items[i], &sent[i].event);
        sent[i].external_id = json_text(json_get(&items[i], "external_id"));
        if (rc != RC_OK && !is_of_event(rc))
            return rc;
        sent[i].fault = op->fault;
        fault_clear(&op->fault);
    }
    return RC_OK;
}

static enum rc submit(struct op *op, struct sent *sent, size_t len)
{
    struct event_new *events = NEW_ARRAY(op->arena, struct event_new, len + 1);
    struct event_answer *answers = NEW_ARRAY(op->arena, struct event_answer, len + 1);
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        if (sent[i].fault.entries_len == 0)
            events[count++] = sent[i].event;
    if (count == 0)
        return RC_OK;
    TRY(event_submit(op, events, count, answers));
    count = 0;
    for (size_t i = 0; i < len; i++)
        if (sent[i].fault.entries_len == 0)
            sent[i].answer = answers[count++];
    return RC_OK;
}

enum rc event__api_add(struct req *r)
{
    struct op *op = r->op;
    const struct json_value *root = NULL;
    struct json_error error = {0};
    struct json_limits limits = {.bytes_max = 4 << 20, .values_max = VALUES_MAX};
    enum rc rc = json_parse(op->arena, req_body(r), limits, &root, &error);
    if (rc != RC_OK)
        return fail(op, rc, NULL, error.message);
    bool is_list = root->kind == JSON_ARRAY;
    const struct json_value *items = is_list ? root->items : root;
    size_t len = is_list ? root->len : 1;
    if (len > EVENTS_MAX)
        return fail(op, RC_TOO_LARGE, NULL, M("At most 1000 events in one request."));
    struct sent *sent = NEW_ARRAY(op->arena, struct sent, len + 1);
    TRY(read_all(op, items, len, sent));
    if (!is_list && sent[0].fault.entries_len > 0) {
        op->fault = sent[0].fault;
        return op->fault.rc;
    }
    TRY(submit(op, sent, len));
    struct event__answers answers = {sent, len, is_list};
    return JSON(r, event__answers, &answers);
}

/* ---- answering ---- */

static void put_faults(struct json_writer *w, const struct fault *fault)
{
    json_key(w, "errors");
    json_array(w);
    for (size_t i = 0; i < fault->entries_len; i++) {
        json_object(w);
        json_pair_str(w, "field", str_of(fault->entries[i].field));
        json_pair_str(w, "message", i18n_fault(fault->arena, lang_of(LANG_EN), &fault->entries[i]));
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_answer(struct json_writer *w, const struct sent *sent)
{
    static const char *const outcomes[] = {[0] = "invalid",
                                           [EVENT_STORED] = "stored",
                                           [EVENT_DUPLICATE] = "duplicate",
                                           [EVENT_DIFFERS] = "differs"};
    json_object(w);
    json_pair_str(w, "external_id", sent->external_id);
    json_pair_str(w, "outcome", str_of(outcomes[sent->answer.outcome]));
    if (sent->answer.outcome)
        json_pair_str(w, "id", str_of(evt(sent->answer.event_seq).text));
    if (sent->answer.differs)
        json_pair_str(w, "differs", str_of(sent->answer.differs));
    if (sent->fault.entries_len > 0)
        put_faults(w, &sent->fault);
    json_object_end(w);
}

static void event__answers_json(struct json_writer *w, const struct event__answers *v)
{
    if (!v->is_list) {
        put_answer(w, &v->at[0]);
        return;
    }
    json_object(w);
    json_key(w, "events");
    json_array(w);
    for (size_t i = 0; i < v->len; i++)
        put_answer(w, &v->at[i]);
    json_array_end(w);
    json_object_end(w);
}

void event__page_json(struct json_writer *w, const struct event__page *v)
{
    const struct event_seen *f = &v->fact;
    const struct currency *currency = currency_find(f->currency);
    json_object(w);
    json_pair_str(w, "id", str_of(evt(f->event_seq).text));
    json_pair_str(w, "source", f->source);
    json_pair_str(w, "external_id", f->external_id);
    json_pair_str(w, "type", str_of(event_type_name((enum event_type)f->type)));
    json_pair_instant(w, "occurred_at", f->occurred_at);
    json_pair_instant(w, "recorded_at", f->recorded_at);
    json_pair_money(w, "amount", MONEY(f->amount_minor, currency));
    json_pair_money(w, "net", MONEY(f->net_minor, currency));
    json_pair_money(w, "tax", MONEY(f->tax_minor, currency));
    json_pair_money(w, "discount", MONEY(f->discount_minor, currency));
    json_pair_money(w, "shipping", MONEY(f->shipping_minor, currency));
    json_key(w, "quantity");
    json_put_dec(w, dec_from_scaled(f->quantity, 6));
    json_pair_str(w, "product", f->product_code.len ? f->product_code : STR_NONE);
    json_pair_str(w, "customer", f->customer_code.len ? f->customer_code : STR_NONE);
    json_key(w, "partners");
    json_array(w);
    for (size_t i = 0; i < v->credits.len; i++) {
        json_object(w);
        json_pair_str(w, "partner", v->credits.at[i].partner_code);
        json_key(w, "share");
        json_put_dec(w, dec_from_scaled(v->credits.at[i].share, 6));
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}
