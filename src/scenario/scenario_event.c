/* Events of a file: rows of one id are one event with several partners. */
#include "event/event.h"
#include "json/json.h"
#include "scenario/scenario_int.h"

struct making {
    struct scenario__world *world;
    const struct scenario__row *row;
    const struct currency *currency;
    bool is_fine;
};

/* An amount in minor units; a problem when it has more digits than the currency. */
static int64_t minor_of(struct making *making, int column)
{
    struct dec number = scenario__number(making->row, column);
    int64_t minor = 0;
    int digits = making->currency->digits;
    if (dec_to_scaled(number, digits, DEC_HALF_UP, &minor) &&
        dec_eq(dec_from_scaled(minor, digits), number))
        return minor;
    scenario__complain(making->world->file, making->row, column,
                       "the amount has more digits than %s has, or is too large",
                       making->currency->code);
    making->is_fine = false;
    return 0;
}

static int64_t millionths_of(struct making *making, int column, int64_t fallback)
{
    int64_t value = fallback;
    if (scenario__has(making->row, column) &&
        !dec_to_scaled(scenario__number(making->row, column), 6, DEC_HALF_UP, &value)) {
        scenario__complain(making->world->file, making->row, column, "the number is too large");
        making->is_fine = false;
    }
    return value;
}

static int64_t record_of(struct making *making, const struct scenario__names *names, int column,
                         const char *what)
{
    if (!scenario__has(making->row, column))
        return 0;
    int64_t id = scenario__id_of(making->world, names, making->row, column, what);
    making->is_fine = making->is_fine && id != 0;
    return id;
}

static struct str attributes_of(struct making *making)
{
    const struct scenario__row *row = making->row;
    AUTO_BUF text = BUF(EVENT_ATTRIBUTES_MAX);
    struct json_writer json = JSON_WRITER(&text);
    struct dec number;
    if (row->extras_len == 0)
        return STR("");
    json_object(&json);
    for (size_t i = 0; i < row->extras_len; i++) {
        const struct scenario__extra *extra = &row->extras[i];
        bool is_true = str_eq(extra->text, STR("true"));
        json_key_str(&json, extra->name);
        if (!extra->is_text && dec_parse(extra->text, &number))
            json_put_number(&json, dec_print(making->world->arena, number));
        else if (!extra->is_text && (is_true || str_eq(extra->text, STR("false"))))
            json_put_bool(&json, is_true);
        else
            json_put_str(&json, extra->text);
    }
    json_object_end(&json);
    if (text.is_over) {
        scenario__complain(making->world->file, row, -1, "the attributes are too long");
        making->is_fine = false;
    }
    return str_dup(making->world->arena, buf_str(&text));
}

/* As intake does: either of the amount and its net part follows from the other. */
static void amounts_of(struct making *making, struct event_new *event)
{
    const struct scenario__row *row = making->row;
    event->amount_minor = minor_of(making, COL_EVENT_AMOUNT);
    event->net_minor = minor_of(making, COL_EVENT_NET);
    event->tax_minor = minor_of(making, COL_EVENT_TAX);
    event->discount_minor = minor_of(making, COL_EVENT_DISCOUNT);
    event->shipping_minor = minor_of(making, COL_EVENT_SHIPPING);
    if (scenario__has(row, COL_EVENT_COST))
        event->cost_minor = SOME(minor_of(making, COL_EVENT_COST));
    int64_t between = 0;
    bool fits = !__builtin_add_overflow(event->tax_minor, event->shipping_minor, &between);
    if (!scenario__has(row, COL_EVENT_AMOUNT))
        fits = fits && !__builtin_add_overflow(event->net_minor, between, &event->amount_minor);
    else if (!scenario__has(row, COL_EVENT_NET))
        fits = fits && !__builtin_sub_overflow(event->amount_minor, between, &event->net_minor);
    if (!fits) {
        scenario__complain(making->world->file, row, COL_EVENT_AMOUNT, "the amount is too large");
        making->is_fine = false;
    }
}

static enum event_type type_of(struct making *making)
{
    enum event_type type = EVENT_SALE;
    struct str name = making->row->cells[COL_EVENT_TYPE];
    struct str_list known = {0};
    if (name.len == 0 || event_type_find(name, &type))
        return type;
#define X(type_, stored_, name_, label_) VEC_PUSH(making->world->arena, &known, STR(name_));
    EVENT_TYPES(X)
#undef X
    scenario__unknown(making->world->file, making->row, COL_EVENT_TYPE, "event type", &known);
    making->is_fine = false;
    return type;
}

/* Partners of the rows [first, first + len); shares that are not given are equal parts. */
static void credits_of(struct making *making, const struct scenario__row *rows, size_t len,
                       struct event_new *event)
{
    struct event_credit *credits = NEW_ARRAY(making->world->arena, struct event_credit, len);
    for (size_t i = 0; i < len; i++) {
        struct making credit = {making->world, &rows[i], making->currency, true};
        struct str role = rows[i].cells[COL_EVENT_ROLE];
        credits[i] =
            (struct event_credit){.partner_id = record_of(&credit, &making->world->partners,
                                                          COL_EVENT_PARTNER, "partner"),
                                  .role = role.len ? role : STR("seller"),
                                  .share = millionths_of(&credit, COL_EVENT_SHARE, 0),
                                  .reason = STR("file")};
        making->is_fine = making->is_fine && credit.is_fine;
    }
    for (size_t i = 0; i < len; i++) {
        int64_t left = EVENT_SHARE_WHOLE, open = 0;
        for (size_t k = 0; k < len; k++)
            if (str_eq(credits[k].role, credits[i].role)) {
                left -= credits[k].share;
                open += credits[k].share == 0;
            }
        assert(open > 0 || credits[i].share != 0); /* it is open itself */
        if (credits[i].share == 0 && open > 0)
            credits[i].share = left / open;
    }
    event->credits = credits;
    event->credits_len = len;
}

static bool make_event(struct scenario__world *world, const struct scenario__row *rows, size_t len,
                       struct event_new *out)
{
    const struct scenario__row *row = &rows[0];
    struct making making = {world, row, world->currency, true};
    struct str source = row->cells[COL_EVENT_SOURCE];
    if (scenario__has(row, COL_EVENT_CURRENCY))
        making.currency = currency_find(row->cells[COL_EVENT_CURRENCY]);
    *out = (struct event_new){
        .source = source.len ? source : STR("scenario"),
        .external_id = row->cells[COL_EVENT_ID],
        .type = type_of(&making),
        .currency = making.currency,
        .quantity = millionths_of(&making, COL_EVENT_QUANTITY, EVENT_QUANTITY_ONE),
        .product_id = record_of(&making, &world->products, COL_EVENT_PRODUCT, "product"),
        .customer_id = record_of(&making, &world->customers, COL_EVENT_CUSTOMER, "customer"),
        .outlet_id = record_of(&making, &world->outlets, COL_EVENT_OUTLET, "outlet"),
        .original_seq = record_of(&making, &world->events, COL_EVENT_ORIGINAL, "event"),
        .attributes = attributes_of(&making)};
    out->occurred_at = scenario__moment(world->file, row, COL_EVENT_AT, 0);
    if (!scenario__has(row, COL_EVENT_AT)) {
        scenario__complain(world->file, row, COL_EVENT_AT, "the event does not say when it was");
        making.is_fine = false;
    }
    amounts_of(&making, out);
    credits_of(&making, rows, len, out);
    return making.is_fine;
}

bool scenario__event_store(struct scenario__world *world, const struct scenario__row *rows,
                           size_t len)
{
    static const char *const words[] = {
        [EVENT_STORED] = "stored", [EVENT_DUPLICATE] = "duplicate", [EVENT_DIFFERS] = "differs"};
    struct event_new event;
    struct event_answer answer;
    struct str expected = rows[0].cells[COL_EVENT_OUTCOME];
    if (!make_event(world, rows, len, &event) ||
        !scenario__did(world, &rows[0], event_check(world->op, &event)) ||
        !scenario__did(world, &rows[0], event_store(world->op, &event, 1, &answer)))
        return false;
    if (answer.outcome == EVENT_STORED)
        scenario__name_add(world, &world->events, event.external_id, answer.event_seq);
    scenario__judge(world->file, &rows[0], COL_EVENT_OUTCOME,
                    expected.len ? expected : STR("stored"), str_of(words[answer.outcome]),
                    "the event", expected.len > 0);
    return true;
}
