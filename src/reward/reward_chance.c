/* How a contract can earn more: the month that is open, computed as a draft, and the tier that is
 * next for each of its rules. A draft reads all facts of the month, so what it gave is remembered
 * until new facts come, and for some minutes even then. */
#include <pthread.h>

#include "reward/reward_store.h"
#include "reward/reward_web.h"

enum { ENTRIES = 256 };

struct remembered {
    int64_t contract_id, watermark_seq, until_us, fresh_us;
    struct reward__chances chances; /* its texts are of schemes, which live for ever */
};
static struct remembered entries[ENTRIES];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void reward_forget(void)
{
    pthread_mutex_lock(&mutex);
    memset(entries, 0, sizeof(entries));
    pthread_mutex_unlock(&mutex);
}

/* Good for an hour without new facts, for five minutes with them. */
static bool recall(int64_t contract_id, int64_t watermark_seq, int64_t now,
                   struct reward__chances *out)
{
    bool is_found = false;
    const struct remembered *entry = &entries[(uint64_t)contract_id % ENTRIES];
    pthread_mutex_lock(&mutex);
    if (entry->contract_id == contract_id && now < entry->until_us &&
        (entry->watermark_seq == watermark_seq || now < entry->fresh_us)) {
        *out = entry->chances;
        is_found = true;
    }
    pthread_mutex_unlock(&mutex);
    return is_found;
}

static void remember(int64_t contract_id, int64_t watermark_seq, int64_t now,
                     const struct reward__chances *chances)
{
    pthread_mutex_lock(&mutex);
    entries[(uint64_t)contract_id % ENTRIES] = (struct remembered){.contract_id = contract_id,
                                                                   .watermark_seq = watermark_seq,
                                                                   .until_us = now + US_HOUR,
                                                                   .fresh_us = now + 5 * US_MINUTE,
                                                                   .chances = *chances};
    pthread_mutex_unlock(&mutex);
}

static enum rc add_of_output(struct op *op, const struct reward_result *result,
                             const struct reward_details *details, const struct reward_line *first,
                             const struct json_value *inputs, struct reward__chances *out)
{
    struct reward__chance chance = {.label = first->output->label, .currency = result->currency};
    struct reward__tier_in in = {
        .output = first->output, .inputs = inputs, .currency = result->currency};
    TRY(scheme_version_load(op, first->version_id, &in.scheme));
    for (size_t i = 0; i < details->lines.len; i++) {
        const struct reward_line *line = &details->lines.at[i];
        struct reward__sum sum = {.exact = line->exact, .amount_minor = line->amount_minor};
        if (line->output != first->output || line->aside)
            continue;
        sum.derivation = details->derivations.at[line->derivation_i].body;
        VEC_PUSH(op->arena, &in.lines, sum);
    }
    if (out->len < REWARD_CHANCES_MAX && reward__tier_next(op->arena, &in, &chance.tier))
        out->at[out->len++] = chance;
    return RC_OK;
}

/* In op->arena: a calculation's, which goes after it. */
static enum rc find(struct op *op, const struct reward_calculation *calculation,
                    struct reward__chances *out)
{
    const struct reward_result *result = &calculation->results[0];
    const struct json_value *inputs = NULL;
    struct json_limits limits = {.bytes_max = 16 << 20};
    struct reward_details details;
    const struct scheme_output *done[64];
    size_t done_len = 0;
    TRY(reward_details_of(op, calculation, result, &details));
    if (json_parse(op->arena, result->inputs, limits, &inputs, NULL) != RC_OK)
        return RC_OK;
    for (size_t i = 0; i < details.lines.len; i++) {
        const struct reward_line *line = &details.lines.at[i];
        size_t k = 0;
        while (k < done_len && done[k] != line->output)
            k++;
        if (k < done_len || done_len == LEN(done) || line->aside)
            continue;
        done[done_len++] = line->output;
        TRY(add_of_output(op, result, &details, line, inputs, out));
    }
    return RC_OK;
}

static enum rc compute(struct op *op, int64_t contract_id, int64_t watermark_seq,
                       struct reward__chances *out)
{
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL;
    struct reward_ask ask = {.period = period_of(PERIOD_MONTH, 0, zone_date(op->zone, op->now)),
                             .watermark_seq = watermark_seq,
                             .contract_id = contract_id};
    TRY(reward_calculate(op, arena, &ask, &calculation));
    if (calculation->results_len == 0 || calculation->results[0].is_incomplete)
        return RC_OK;
    struct arena *before = op->arena;
    op->arena = arena;
    enum rc rc = find(op, calculation, out);
    op->arena = before;
    return rc;
}

enum rc reward__chances(struct op *op, int64_t contract_id, struct reward__chances *out)
{
    int64_t watermark_seq = 0;
    *out = (struct reward__chances){.len = 0};
    TRY(event_watermark(op, &watermark_seq));
    if (watermark_seq == 0 || recall(contract_id, watermark_seq, op->now, out))
        return RC_OK;
    struct actor before = reward__as_system(op);
    enum rc rc = compute(op, contract_id, watermark_seq, out);
    op->actor = before;
    if (rc == RC_INVALID) { /* a scheme that cannot be read is staff's matter, not the partner's */
        fault_clear(&op->fault);
        rc = RC_OK;
    }
    TRY(rc);
    remember(contract_id, watermark_seq, op->now, out);
    return RC_OK;
}
