/* A month of facts: sales with refunds for dealers, activations and payments for agents, orders
 * with returns for distributors, registrations for affiliates. They are stored in the order they
 * occurred, some days at a time, as a billing system would send them. */
#include "demo/demo_int.h"

enum { SLICES = 6, REFUND_PERCENT = 4, SHARED_PERCENT = 3, MONTH_EVENTS_MAX = 8000 };

/* Percent of an ordinary month, from the first month of the story: people buy phones in December.
 */
static const int seasons[12] = {92, 95, 98, 100, 103, 101, 97, 94, 102, 106, 112, 128};

struct made { /* an event with what is needed to keep it */
    struct event_new event;
    struct event_credit credits[2];
    enum demo_land land;
    bool is_refundable;
};

struct month {
    struct demo *demo;
    struct made *at;
    size_t len;
    struct date start;
    int64_t days; /* that have passed by the end of the story */
    int month;
};

/* ---- one event ---- */

static int64_t moment(struct month *m)
{
    struct date day = date_add_days(m->start, (int64_t)demo_pick(m->demo, (size_t)m->days));
    int64_t minutes = 9 * 60 + (int64_t)demo_pick(m->demo, 12 * 60);
    return zone_instant(m->demo->op->zone, day, minutes * US_MINUTE);
}

static const struct demo_product *product_in(struct demo *demo, const char *const *categories,
                                             size_t len)
{
    for (;;) {
        const struct demo_product *product = &demo->products[demo_pick(demo, demo->products_len)];
        for (size_t i = 0; i < len; i++)
            if (str_eq(product->category, str_of(categories[i])))
                return product;
    }
}

static void price(struct made *made, const struct demo_product *product, int64_t quantity,
                  int discount_percent)
{
    int64_t cents = product->price * 100 * quantity;
    int64_t net = demo_minor(made->land, cents * (100 - discount_percent) / 100);
    made->event.product_id = product->id;
    made->event.quantity = quantity * EVENT_QUANTITY_ONE;
    made->event.net_minor = net;
    made->event.discount_minor = demo_minor(made->land, cents) - net;
    made->event.tax_minor = net * (made->land == DEMO_ES ? 21 : 20) / 100;
    made->event.amount_minor = made->event.net_minor + made->event.tax_minor;
}

static struct made *begin(struct month *m, const struct demo_partner *p, enum event_type type,
                          const char *source)
{
    struct demo *demo = m->demo;
    struct made *made = &m->at[m->len++];
    assert(m->len <= MONTH_EVENTS_MAX);
    *made = (struct made){.land = p->land};
    made->credits[0] = (struct event_credit){.partner_id = p->id,
                                             .role = STR("seller"),
                                             .share = EVENT_SHARE_WHOLE,
                                             .reason = STR("file")};
    made->event = (struct event_new){
        .source = str_of(source),
        .external_id = str_printf(demo->arena, "%s-%06lld", source, (long long)++demo->events),
        .type = type,
        .occurred_at = moment(m),
        .currency = demo_currency(p->land),
        .quantity = EVENT_QUANTITY_ONE,
        .customer_id = demo_customer(demo, p->land),
        .outlet_id = demo_percent(demo, 70) ? p->outlet_id : 0,
        .attributes = STR(""),
        .credits_len = 1,
    };
    return made;
}

/* Another dealer of the country brought the customer: two thirds and one third. */
static void share(struct month *m, const struct demo_partner *p, struct made *made)
{
    struct demo *demo = m->demo;
    const struct demo_partner *other = &demo->partners[demo_pick(demo, demo->partners_len)];
    if (other == p || other->land != p->land || other->role != p->role || other->contract_id == 0)
        return;
    made->credits[0].share = 666667;
    made->credits[1] = (struct event_credit){.partner_id = other->id,
                                             .role = STR("seller"),
                                             .share = EVENT_SHARE_WHOLE - 666667,
                                             .reason = STR("manual")};
    made->event.credits_len = 2;
}

/* A shop reports a product's sales of a day in one row. */
static int64_t pieces(struct demo *demo, const struct demo_product *product)
{
    size_t most = product->price < 30 ? 30 : product->price < 100 ? 12 : 5;
    return 1 + (int64_t)demo_pick(demo, most);
}

static void sell(struct month *m, const struct demo_partner *p)
{
    static const char *const usual[] = {"Prepaid", "Contract", "Internet", "TV"};
    static const char *const devices[] = {"Phones", "Accessories", "Routers"};
    struct demo *demo = m->demo;
    bool is_device = demo_percent(demo, 30);
    const struct demo_product *product =
        is_device ? product_in(demo, devices, LEN(devices)) : product_in(demo, usual, LEN(usual));
    struct made *made = begin(m, p, EVENT_SALE, "crm");
    price(made, product, pieces(demo, product), demo_percent(demo, 10) ? 10 : 0);
    made->is_refundable = true;
    if (demo_percent(demo, SHARED_PERCENT))
        share(m, p, made);
    if (!is_device && demo_percent(demo, 60)) {
        int64_t customer_id = made->event.customer_id;
        struct made *line = begin(m, p, EVENT_ACTIVATION, "billing");
        line->event.product_id = product->id;
        line->event.customer_id = customer_id;
    }
}

static void activate(struct month *m, const struct demo_partner *p)
{
    static const char *const lines[] = {"Prepaid", "Contract", "Internet", "TV"};
    struct demo *demo = m->demo;
    const struct demo_product *product = product_in(demo, lines, LEN(lines));
    struct made *made = begin(m, p, EVENT_ACTIVATION, "billing");
    made->event.product_id = product->id;
    if (!demo_percent(demo, 75))
        return;
    struct made *payment = begin(m, p, EVENT_PAYMENT, "billing");
    price(payment, product, 1, 0);
}

static void order(struct month *m, const struct demo_partner *p)
{
    static const char *const stock[] = {"Prepaid", "Phones", "Accessories", "Routers"};
    struct demo *demo = m->demo;
    struct made *made = begin(m, p, EVENT_ORDER, "shop");
    const struct demo_product *product = product_in(demo, stock, LEN(stock));
    int64_t most = product->price > 100 ? 40 : product->price > 40 ? 90 : 500;
    price(made, product, 1 + (int64_t)demo_pick(demo, (size_t)most), 15);
    made->is_refundable = true;
}

static void register_customer(struct month *m, const struct demo_partner *p)
{
    struct made *made = begin(m, p, EVENT_REGISTRATION, "site");
    made->credits[0].role = STR("referrer");
    made->credits[0].reason = STR("link");
}

/* ---- a month ---- */

static void make_partner(struct month *m, const struct demo_partner *p)
{
    struct demo *demo = m->demo;
    int season = seasons[(date_ymd(m->start).month + 11) % 12];
    int64_t wanted =
        (int64_t)p->weight * season * m->days /
        (100 * (int64_t)date_month_days(date_ymd(m->start).year, date_ymd(m->start).month));
    wanted += (int64_t)demo_pick(demo, 5) - 2;
    for (int64_t i = 0; i < wanted; i++) {
        switch (p->role) {
        case DEMO_DISTRIBUTOR: order(m, p); break;
        case DEMO_DEALER:
        case DEMO_SUB_DEALER: sell(m, p); break;
        case DEMO_LEADER:
        case DEMO_AGENT: activate(m, p); break;
        case DEMO_AFFILIATE: register_customer(m, p); break;
        case DEMO_OTHER:
        case DEMO_ROLES: break;
        }
    }
}

static int by_time(const void *left, const void *right)
{
    const struct made *a = left, *b = right;
    if (a->event.occurred_at != b->event.occurred_at)
        return a->event.occurred_at < b->event.occurred_at ? -1 : 1;
    return str_cmp(a->event.external_id, b->event.external_id);
}

/* Money back some days later: the same event with the opposite sign, for all who share in it. */
static void refund(struct month *m, const struct made *sold, int64_t event_seq, struct made *out)
{
    struct demo *demo = m->demo;
    *out = *sold;
    struct event_new *event = &out->event;
    event->type = sold->event.type == EVENT_ORDER ? EVENT_RETURN : EVENT_REFUND;
    event->external_id = str_printf(demo->arena, STR_FMT "-R", STR_ARG(sold->event.external_id));
    event->occurred_at += (1 + (int64_t)demo_pick(demo, 3)) * US_DAY;
    event->original_seq = event_seq;
    event->amount_minor = -event->amount_minor;
    event->net_minor = -event->net_minor;
    event->tax_minor = -event->tax_minor;
    event->discount_minor = -event->discount_minor;
    event->quantity = -event->quantity;
}

static enum rc store(struct month *m, const struct made *made, size_t len,
                     struct event_answer *answers)
{
    struct op *op = m->demo->op;
    struct event_new *events = NEW_ARRAY(op->arena, struct event_new, len + 1);
    for (size_t i = 0; i < len; i++) {
        events[i] = made[i].event;
        events[i].credits = made[i].credits;
        TRY(event_check(op, &events[i]));
    }
    return event_store(op, events, len, answers);
}

/* The events of some days and, after them, the refunds of what was sold in these days. */
static enum rc store_slice(struct month *m, const struct made *made, size_t len, int64_t until)
{
    struct op *op = m->demo->op;
    struct event_answer *answers = NEW_ARRAY(op->arena, struct event_answer, len + 1);
    struct made *back = NEW_ARRAY(op->arena, struct made, len + 1);
    size_t back_len = 0;
    TRY(store(m, made, len, answers));
    for (size_t i = 0; i < len; i++) {
        bool is_back = made[i].is_refundable && demo_percent(m->demo, REFUND_PERCENT);
        if (is_back && made[i].event.occurred_at + 4 * US_DAY < until)
            refund(m, &made[i], answers[i].event_seq, &back[back_len++]);
    }
    return store(m, back, back_len, answers);
}

static enum rc store_month(struct month *m)
{
    struct demo *demo = m->demo;
    size_t from = 0;
    for (int slice = 0; slice < SLICES; slice++) {
        struct date day = date_add_days(m->start, m->days * (slice + 1) / SLICES);
        int64_t end = zone_day_start(demo->op->zone, day);
        size_t to = from;
        while (to < m->len && (m->at[to].event.occurred_at < end || slice == SLICES - 1))
            to++;
        struct arena_mark mark = arena_mark(demo->op->arena);
        demo_at(demo, day, 1, 30);
        TRY(store_slice(m, m->at + from, to - from,
                        zone_day_start(demo->op->zone, date_add_days(m->start, m->days))));
        arena_rewind(demo->op->arena, mark);
        from = to;
    }
    return RC_OK;
}

/* The last sale of each partner, for the list of partners. */
static enum rc tell_partners(struct month *m)
{
    struct demo *demo = m->demo;
    for (size_t i = 0; i < demo->partners_len; i++) {
        struct partner_sold sold = {.partner_id = demo->partners[i].id};
        for (size_t k = 0; k < m->len; k++)
            if (m->at[k].credits[0].partner_id == sold.partner_id)
                sold.at = m->at[k].event.occurred_at;
        if (sold.at)
            TRY(partner_sold(demo->op, &sold, 1));
    }
    return RC_OK;
}

enum rc demo_make_events(struct demo *demo, int month)
{
    struct month m = {.demo = demo, .month = month, .start = demo_month(demo, month)};
    struct date end = demo_month(demo, month + 1);
    /* today has only begun: yesterday is the last whole day */
    m.days = (demo->today.days < end.days ? demo->today.days : end.days) - m.start.days;
    if (m.days <= 0)
        return RC_OK;
    struct arena_mark mark = arena_mark(demo->arena);
    m.at = NEW_ARRAY(demo->arena, struct made, MONTH_EVENTS_MAX);
    for (size_t i = 0; i < demo->partners_len; i++) {
        const struct demo_partner *p = &demo->partners[i];
        if (p->contract_id && month >= p->first_month && month <= p->last_month)
            make_partner(&m, p);
    }
    qsort(m.at, m.len, sizeof *m.at, by_time);
    TRY(demo_as(demo, 0));
    AUTO_TXN txn = {0};
    TRY(txn_begin(demo->op, &txn));
    TRY(store_month(&m));
    TRY(tell_partners(&m));
    TRY(txn_commit(&txn));
    arena_rewind(demo->arena, mark);
    return RC_OK;
}
