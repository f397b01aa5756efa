/* Facts of a period: scanned in order of seq, where the credits of an event stand together and can
 * be split exactly, then put away by partner, because a million facts need not be in memory at once
 * and facts have no index by partner. A partner's come back in the order of evaluation. */
#include "reward/reward_int.h"

struct loader {
    struct op *op;
    struct reward__facts *out;
    const struct reward__dims *dims;
    struct reward__fact credits[EVENT_CREDITS_MAX]; /* of the event being read */
    size_t credits_len;
    struct arena *texts; /* of its credits */
};

static struct str word(const struct reward__dims *dims, int64_t id)
{
    const struct str *found = map_get_i64(dims->words, id);
    return found ? *found : STR("");
}

/* The parts of each role of the event sum to the whole; ties go to the earlier credit. */
static void split_role(struct loader *loader, size_t first)
{
    struct reward__fact *facts = loader->credits;
    int64_t shares[EVENT_CREDITS_MAX];
    size_t members[EVENT_CREDITS_MAX], len = 0;
    for (size_t i = first; i < loader->credits_len; i++)
        if (str_eq(facts[i].role, facts[first].role)) {
            shares[len] = facts[i].share;
            members[len++] = i;
        }
    for (size_t i = 0; i < len; i++) {
        struct reward__fact *fact = &facts[members[i]];
        fact->partner_count = (int32_t)len;
        fact->part_amount_minor = event_part(loader->texts, fact->amount_minor, shares, len, i);
        fact->part_net_minor = event_part(loader->texts, fact->net_minor, shares, len, i);
        fact->part_quantity = event_part(loader->texts, fact->quantity, shares, len, i);
    }
}

/* The record, then the bytes of its own texts. */
static enum rc put_away(struct loader *loader, const struct reward__fact *fact)
{
    struct reward__spill *spill = loader->out->spill;
    if (loader->out->wanted && !map_get_i64(loader->out->wanted, fact->partner_id))
        return RC_OK;
    TRY(reward__spill_put(loader->op, spill, fact->partner_id,
                          (struct str){(const char *)fact, sizeof(*fact)}));
    TRY(reward__spill_put(loader->op, spill, fact->partner_id, fact->external_id));
    return reward__spill_put(loader->op, spill, fact->partner_id, fact->attributes);
}

/* A voided event and its void are no sales: neither is credited. */
static enum rc finish_event(struct loader *loader)
{
    for (size_t i = 0; i < loader->credits_len; i++)
        if (loader->credits[i].partner_count == 0)
            split_role(loader, i);
    for (size_t i = 0; i < loader->credits_len; i++)
        if (loader->credits[i].type == EVENT_VOID)
            *map_put_i64(loader->out->voided, loader->credits[i].original_seq) = loader->out;
        else
            TRY(put_away(loader, &loader->credits[i]));
    loader->credits_len = 0;
    arena_reset(loader->texts);
    return RC_OK;
}

static struct str source_of(struct loader *loader, struct str source)
{
    void **slot;
    const struct str *known = map_get(loader->out->texts, source);
    if (known)
        return *known;
    struct str *kept = NEW(loader->op->arena, struct str);
    *kept = str_dup(loader->op->arena, source);
    slot = map_put(loader->out->texts, *kept);
    *slot = kept;
    return *kept;
}

static struct reward__fact fact_of(struct loader *loader, const struct event_batch *batch, size_t i)
{
    const struct reward__dims *dims = loader->dims;
    return (struct reward__fact){
        .seq = batch->seq[i],
        .event_seq = batch->event_seq[i],
        .occurred_at = batch->occurred_at[i],
        .recorded_at = batch->recorded_at[i],
        .amount_minor = batch->amount_minor[i],
        .net_minor = batch->net_minor[i],
        .tax_minor = batch->tax_minor[i],
        .discount_minor = batch->discount_minor[i],
        .shipping_minor = batch->shipping_minor[i],
        .cost_minor = batch->cost_minor[i].v,
        .has_cost = batch->cost_minor[i].has,
        .quantity = batch->quantity[i],
        .partner_id = batch->partner_id[i],
        .share = batch->share[i],
        .original_seq = batch->original_seq[i],
        .currency = currency_find(batch->currency[i]),
        .product = map_get_i64(dims->products, batch->product_id[i]),
        .customer = map_get_i64(dims->customers, batch->customer_id[i]),
        .outlet = map_get_i64(dims->outlets, batch->outlet_id[i]),
        .role = word(dims, batch->role[i]),
        .reason = word(dims, batch->reason[i]),
        .source = source_of(loader, batch->source[i]),
        .external_id = str_dup(loader->texts, batch->external_id[i]),
        .attributes = str_dup(loader->texts, batch->attributes[i]),
        .type = (enum event_type)batch->type[i],
    };
}

static enum rc scan(struct loader *loader, struct span span, int64_t watermark_seq)
{
    AUTO_EVENT_SCAN events = NULL;
    TRY(event_scan_open(loader->op,
                        &(struct event_filter){.from_at = span.start_us,
                                               .to_at = span.end_us,
                                               .watermark_seq = watermark_seq},
                        &events));
    const struct event_batch *batch = NULL;
    enum rc rc;
    while ((rc = event_scan_next(events, &batch)) == RC_OK)
        for (size_t i = 0; i < batch->len; i++) {
            size_t len = loader->credits_len;
            if (len > 0 && loader->credits[len - 1].event_seq != batch->event_seq[i])
                TRY(finish_event(loader));
            if (loader->credits_len == EVENT_CREDITS_MAX)
                return RC_BROKEN; /* event stores no more than these */
            loader->credits[loader->credits_len++] = fact_of(loader, batch, i);
        }
    if (rc != RC_MISSING)
        return rc;
    return finish_event(loader);
}

enum rc reward__facts_scan(struct op *op, struct span span, int64_t watermark_seq,
                           struct reward__facts *facts)
{
    AUTO_ARENA texts = arena_new(0);
    struct loader *loader = NEW(op->arena, struct loader);
    *loader = (struct loader){.op = op, .out = facts, .dims = facts->dims, .texts = texts};
    facts->voided = map_new(op->arena);
    facts->texts = map_new(op->arena);
    return scan(loader, span, watermark_seq);
}

enum rc reward__heads_scan(struct op *op, const struct event_filter *filter,
                           const struct reward__dims *dims, struct arena *texts,
                           enum rc (*each)(void *self, const struct reward__fact *fact), void *self)
{
    AUTO_EVENT_SCAN events = NULL;
    struct reward__facts sources = {.texts = map_new(op->arena)};
    struct loader *loader = NEW(op->arena, struct loader);
    *loader = (struct loader){.op = op, .out = &sources, .dims = dims, .texts = texts};
    TRY(event_scan_open(op, filter, &events));
    const struct event_batch *batch = NULL;
    enum rc rc;
    while ((rc = event_scan_next(events, &batch)) == RC_OK)
        for (size_t i = 0; i < batch->len; i++) {
            struct reward__fact fact = fact_of(loader, batch, i);
            TRY(each(self, &fact));
        }
    return rc == RC_MISSING ? RC_OK : rc;
}

struct keeping {
    struct arena *arena;
    struct reward__fact_list *out;
};

static enum rc keep_fact(void *self, const struct reward__fact *fact)
{
    struct keeping *keeping = self;
    VEC_PUSH(keeping->arena, keeping->out, *fact);
    return RC_OK;
}

enum rc reward__families_scan(struct op *op, struct span span, int64_t watermark_seq,
                              const struct reward__dims *dims, struct reward__fact_list *out)
{
    struct keeping keeping = {op->arena, out};
    struct event_filter filter = {.families = true,
                                  .from_at = span.start_us,
                                  .to_at = span.end_us,
                                  .watermark_seq = watermark_seq};
    return reward__heads_scan(op, &filter, dims, op->arena, keep_fact, &keeping);
}

/* ---- of one partner ---- */

static int by_time(const void *left, const void *right)
{
    const struct reward__fact *a = left, *b = right;
    if (a->occurred_at != b->occurred_at)
        return a->occurred_at < b->occurred_at ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* The texts stand behind their record. */
static size_t fact_at(struct str bytes, size_t at, struct reward__fact *out)
{
    memcpy(out, bytes.at + at, sizeof(*out));
    at += sizeof(*out);
    out->external_id.at = bytes.at + at;
    at += out->external_id.len;
    out->attributes.at = bytes.at + at;
    return at + out->attributes.len;
}

enum rc reward__facts_of(struct op *op, const struct reward__facts *facts, int64_t partner_id,
                         struct arena *arena, struct reward__sales *out)
{
    struct str bytes;
    struct reward__fact fact;
    struct reward__sales sales = {0};
    TRY(reward__spill_get(op, facts->spill, partner_id, arena, &bytes));
    for (size_t at = 0; at < bytes.len;) {
        at = fact_at(bytes, at, &fact);
        bool is_voided = map_get_i64(facts->voided, fact.event_seq);
        sales.voided += is_voided ? 1 : 0;
        sales.len += is_voided ? 0 : 1;
    }
    sales.at = NEW_ARRAY(arena, struct reward__fact, sales.len);
    sales.len = 0;
    for (size_t at = 0; at < bytes.len;) {
        at = fact_at(bytes, at, &fact);
        if (!map_get_i64(facts->voided, fact.event_seq))
            sales.at[sales.len++] = fact;
    }
    if (sales.len > 0)
        qsort(sales.at, sales.len, sizeof(*sales.at), by_time);
    *out = sales;
    return RC_OK;
}
