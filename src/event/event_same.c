/* Whether an event that came again is the one that is stored: every figure and every credit. */
#include "event/event_int.h"

enum { FIGURES = 16 };

struct figures {
    struct str currency, attributes;
    int64_t at[FIGURES];
};

static const char *const names[FIGURES] = {"type",         "occurred_at", "amount",   "net",
                                           "tax",          "discount",    "shipping", "cost",
                                           "cost",         "quantity",    "product",  "customer",
                                           "subscription", "outlet",      "program",  "original"};

static struct figures of_new(const struct event_new *e)
{
    return (struct figures){.currency = str_of(e->currency->code),
                            .attributes = e->attributes,
                            .at = {(int64_t)e->type, e->occurred_at, e->amount_minor, e->net_minor,
                                   e->tax_minor, e->discount_minor, e->shipping_minor,
                                   e->cost_minor.has, e->cost_minor.has ? e->cost_minor.v : 0,
                                   e->quantity, e->product_id, e->customer_id, e->subscription_id,
                                   e->outlet_id, e->program_id, e->original_seq}};
}

static struct figures of_stored(const struct event_fact *e)
{
    return (struct figures){.currency = e->currency,
                            .attributes = e->attributes,
                            .at = {e->type, e->occurred_at, e->amount_minor, e->net_minor,
                                   e->tax_minor, e->discount_minor, e->shipping_minor,
                                   e->cost_minor.has, e->cost_minor.has ? e->cost_minor.v : 0,
                                   e->quantity, e->product_id, e->customer_id, e->subscription_id,
                                   e->outlet_id, e->program_id, e->original_seq}};
}

static const char *compare(const struct figures *a, const struct figures *b)
{
    if (!str_eq(a->currency, b->currency))
        return "currency";
    for (size_t i = 0; i < FIGURES; i++)
        if (a->at[i] != b->at[i])
            return names[i];
    return str_eq(a->attributes, b->attributes) ? NULL : "attributes";
}

/* In any order: each of the event's credits finds one that no other has taken. */
const char *event__differs_stored(const struct event_fact *rows, size_t len,
                                  const struct event_new *event, const int64_t *roles)
{
    struct figures new = of_new(event), stored = of_stored(&rows[0]);
    const char *differs = compare(&stored, &new);
    bool is_taken[EVENT_CREDITS_MAX + 1] = {false};
    size_t own = 0;
    if (differs)
        return differs;
    while (own < len && rows[own].event_seq == rows[0].event_seq)
        own++;
    if (own != event->credits_len)
        return "credits";
    for (size_t i = 0; i < event->credits_len; i++) {
        size_t k = 0;
        while (k < own && (is_taken[k] || rows[k].partner_id != event->credits[i].partner_id ||
                           rows[k].share != event->credits[i].share || rows[k].role != roles[i]))
            k++;
        if (k == own)
            return "credits";
        is_taken[k] = true;
    }
    return NULL;
}

const char *event__differs(const struct event_new *a, const struct event_new *b)
{
    struct figures one = of_new(a), other = of_new(b);
    const char *differs = compare(&one, &other);
    bool is_taken[EVENT_CREDITS_MAX] = {false};
    if (differs)
        return differs;
    if (a->credits_len != b->credits_len)
        return "credits";
    for (size_t i = 0; i < a->credits_len; i++) {
        size_t k = 0;
        while (k < b->credits_len &&
               (is_taken[k] || b->credits[k].partner_id != a->credits[i].partner_id ||
                b->credits[k].share != a->credits[i].share ||
                !str_eq(b->credits[k].role, a->credits[i].role)))
            k++;
        if (k == b->credits_len)
            return "credits";
        is_taken[k] = true;
    }
    return NULL;
}
