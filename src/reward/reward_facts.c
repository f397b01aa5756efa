/* Facts of a period: scanned in order of seq, where the credits of an event stand together and can
 * be split exactly, then ordered by partner, time and seq, which is the order of evaluation. */
#include "reward/reward_int.h"

struct loader {
    struct op *op;
    const struct reward__dims *dims;
    VEC(struct reward__fact) facts;
    size_t event_from; /* the first credit of the event being read */
};

static struct str word(const struct reward__dims *dims, int64_t id)
{
    const struct str *found = map_get_i64(dims->words, id);
    return found ? *found : STR("");
}

/* The parts of each role of the event sum to the whole; ties go to the earlier credit. */
static void split_role(struct loader *loader, size_t first)
{
    struct arena_mark mark = arena_mark(loader->op->arena);
    struct reward__fact *facts = loader->facts.at;
    int64_t shares[EVENT_CREDITS_MAX];
    size_t members[EVENT_CREDITS_MAX], len = 0;
    for (size_t i = first; i < loader->facts.len && len < EVENT_CREDITS_MAX; i++)
        if (str_eq(facts[i].role, facts[first].role)) {
            shares[len] = facts[i].share;
            members[len++] = i;
        }
    for (size_t i = 0; i < len; i++) {
        struct reward__fact *fact = &facts[members[i]];
        struct arena *arena = loader->op->arena;
        fact->partner_count = (int32_t)len;
        fact->part_amount_minor = event_part(arena, fact->amount_minor, shares, len, i);
        fact->part_net_minor = event_part(arena, fact->net_minor, shares, len, i);
        fact->part_quantity = event_part(arena, fact->quantity, shares, len, i);
    }
    arena_rewind(loader->op->arena, mark);
}

static void finish_event(struct loader *loader)
{
    for (size_t i = loader->event_from; i < loader->facts.len; i++)
        if (loader->facts.at[i].partner_count == 0)
            split_role(loader, i);
    loader->event_from = loader->facts.len;
}

static struct reward__fact fact_of(struct loader *loader, const struct event_batch *batch, size_t i)
{
    const struct reward__dims *dims = loader->dims;
    struct arena *arena = loader->op->arena;
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
        .source = str_dup(arena, batch->source[i]),
        .external_id = str_dup(arena, batch->external_id[i]),
        .attributes = str_dup(arena, batch->attributes[i]),
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
            size_t len = loader->facts.len;
            bool is_new = len == 0 || loader->facts.at[len - 1].event_seq != batch->event_seq[i];
            if (is_new)
                finish_event(loader);
            VEC_PUSH(loader->op->arena, &loader->facts, fact_of(loader, batch, i));
        }
    finish_event(loader);
    return rc == RC_MISSING ? RC_OK : rc;
}

/* A voided event and its void are no sales: neither is credited. */
static void drop_voided(struct loader *loader)
{
    struct map *voided = map_new(loader->op->arena);
    for (size_t i = 0; i < loader->facts.len; i++)
        if (loader->facts.at[i].type == EVENT_VOID)
            *map_put_i64(voided, loader->facts.at[i].original_seq) = loader;
    size_t kept = 0;
    for (size_t i = 0; i < loader->facts.len; i++) {
        const struct reward__fact *fact = &loader->facts.at[i];
        if (fact->type != EVENT_VOID && !map_get_i64(voided, fact->event_seq))
            loader->facts.at[kept++] = *fact;
    }
    loader->facts.len = kept;
}

static int by_partner_and_time(const void *left, const void *right)
{
    const struct reward__fact *a = left, *b = right;
    if (a->partner_id != b->partner_id)
        return a->partner_id < b->partner_id ? -1 : 1;
    if (a->occurred_at != b->occurred_at)
        return a->occurred_at < b->occurred_at ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static void find_ranges(struct op *op, struct reward__facts *facts)
{
    facts->ranges = map_new(op->arena);
    for (size_t from = 0, to; from < facts->len; from = to) {
        for (to = from + 1; to < facts->len; to++)
            if (facts->at[to].partner_id != facts->at[from].partner_id)
                break;
        struct reward__range *range = NEW(op->arena, struct reward__range);
        *range = (struct reward__range){from, to - from};
        *map_put_i64(facts->ranges, facts->at[from].partner_id) = range;
    }
}

enum rc reward__facts_load(struct op *op, const struct reward__dims *dims, struct span span,
                           int64_t watermark_seq, struct reward__facts *out)
{
    struct loader loader = {.op = op, .dims = dims};
    TRY(scan(&loader, span, watermark_seq));
    drop_voided(&loader);
    struct reward__facts facts = {.at = loader.facts.at, .len = loader.facts.len};
    if (facts.len > 0)
        qsort(facts.at, facts.len, sizeof(*facts.at), by_partner_and_time);
    find_ranges(op, &facts);
    *out = facts;
    return RC_OK;
}

struct reward__range reward__facts_of(const struct reward__facts *facts, int64_t partner_id)
{
    const struct reward__range *range = map_get_i64(facts->ranges, partner_id);
    return range ? *range : (struct reward__range){0, 0};
}
