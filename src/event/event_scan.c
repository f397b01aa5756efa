/* Reading facts: batches of columns in order of seq. Conditions go into the SQL, because the engine
 * skips a row ten times faster than it hands one over. */
#include "event/event_int.h"
#include "event/event_q.h"

enum { BATCH_LEN = 2048 };

struct event_scan {
    struct op *op;
    struct cursor cursor;
    struct arena *texts; /* of the batch at hand */
    struct event_batch batch;
    bool is_done, is_of_families;
};

static void columns_new(struct arena *arena, struct event_batch *batch)
{
    int64_t **const numbers[] = {
        &batch->seq,         &batch->event_seq,      &batch->credit_no,       &batch->type,
        &batch->occurred_at, &batch->recorded_at,    &batch->amount_minor,    &batch->net_minor,
        &batch->tax_minor,   &batch->discount_minor, &batch->shipping_minor,  &batch->quantity,
        &batch->product_id,  &batch->customer_id,    &batch->subscription_id, &batch->outlet_id,
        &batch->program_id,  &batch->original_seq,   &batch->partner_id,      &batch->role,
        &batch->share,       &batch->reason};
    for (size_t i = 0; i < LEN(numbers); i++)
        *numbers[i] = NEW_ARRAY(arena, int64_t, BATCH_LEN);
    struct str **const texts[] = {&batch->currency, &batch->source, &batch->external_id,
                                  &batch->attributes};
    for (size_t i = 0; i < LEN(texts); i++)
        *texts[i] = NEW_ARRAY(arena, struct str, BATCH_LEN);
    batch->cost_minor = NEW_ARRAY(arena, struct opt_i64, BATCH_LEN);
}

static enum rc open_cursor(struct op *op, const struct event_filter *filter, int64_t after,
                           int64_t watermark, struct cursor *out)
{
    int64_t from_at = filter->to_at ? filter->from_at : INT64_MIN;
    int64_t to_at = filter->to_at ? filter->to_at : INT64_MAX;
    if (filter->families) {
        assert(op->actor.kind == ACTOR_SYSTEM);
        return q_event_families_open(op, &(struct q_event_families_in){from_at, to_at, watermark},
                                     out);
    }
    return q_event_scan_open(op,
                             &(struct q_event_scan_in){.from_at = from_at,
                                                       .to_at = to_at,
                                                       .after_seq = after,
                                                       .watermark_seq = watermark,
                                                       .partner_id = filter->partner_id,
                                                       .event_seq = filter->event_seq,
                                                       .heads_only = filter->heads_only},
                             out);
}

static enum rc next_fact(struct event_scan *scan, struct event_fact *out)
{
    return scan->is_of_families ? q_event_families_next(&scan->cursor, out)
                                : q_event_scan_next(&scan->cursor, out);
}

enum rc event_scan_open(struct op *op, const struct event_filter *filter, struct event_scan **out)
{
    int64_t watermark = filter->watermark_seq;
    if (watermark == 0)
        TRY(event_watermark(op, &watermark));
    int64_t after = filter->after_seq;
    if (filter->event_seq > 0) { /* the credits of an event follow each other */
        after = filter->event_seq - 1;
        watermark = filter->event_seq + EVENT_CREDITS_MAX;
    }
    struct event_scan *scan = NEW(op->arena, struct event_scan);
    scan->op = op;
    scan->is_of_families = filter->families;
    columns_new(op->arena, &scan->batch);
    TRY(open_cursor(op, filter, after, watermark, &scan->cursor));
    scan->texts = arena_new((size_t)256 << 20);
    *out = scan;
    return RC_OK;
}

static void put_row(struct event_scan *scan, const struct event_fact *fact)
{
    struct event_batch *batch = &scan->batch;
    size_t i = batch->len++;
    batch->seq[i] = fact->seq;
    batch->event_seq[i] = fact->event_seq;
    batch->credit_no[i] = fact->credit_no;
    batch->type[i] = fact->type;
    batch->occurred_at[i] = fact->occurred_at;
    batch->recorded_at[i] = fact->recorded_at;
    batch->currency[i] = str_dup(scan->texts, fact->currency);
    batch->source[i] = str_dup(scan->texts, fact->source);
    batch->external_id[i] = str_dup(scan->texts, fact->external_id);
    batch->attributes[i] = str_dup(scan->texts, fact->attributes);
    batch->amount_minor[i] = fact->amount_minor;
    batch->net_minor[i] = fact->net_minor;
    batch->tax_minor[i] = fact->tax_minor;
    batch->discount_minor[i] = fact->discount_minor;
    batch->shipping_minor[i] = fact->shipping_minor;
    batch->cost_minor[i] = fact->cost_minor;
    batch->quantity[i] = fact->quantity;
    batch->product_id[i] = fact->product_id;
    batch->customer_id[i] = fact->customer_id;
    batch->subscription_id[i] = fact->subscription_id;
    batch->outlet_id[i] = fact->outlet_id;
    batch->program_id[i] = fact->program_id;
    batch->original_seq[i] = fact->original_seq;
    batch->partner_id[i] = fact->partner_id;
    batch->role[i] = fact->role;
    batch->share[i] = fact->share;
    batch->reason[i] = fact->reason;
}

enum rc event_scan_next(struct event_scan *scan, const struct event_batch **out)
{
    arena_reset(scan->texts);
    scan->batch.len = 0;
    struct event_fact fact;
    enum rc rc = RC_OK;
    while (!scan->is_done && scan->batch.len < BATCH_LEN && (rc = next_fact(scan, &fact)) == RC_OK)
        put_row(scan, &fact);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    scan->is_done = scan->is_done || rc == RC_MISSING;
    if (scan->batch.len == 0)
        return RC_MISSING;
    *out = &scan->batch;
    return RC_OK;
}

void event_scan_cleanup(struct event_scan **scan)
{
    if (!*scan)
        return;
    cursor_close(&(*scan)->cursor);
    arena_free((*scan)->texts);
    (*scan)->texts = NULL;
}
