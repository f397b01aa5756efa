/* Accumulators: running totals over the events of a contract, in their order, each counted apart by
 * customer, outlet or product when the scheme says so. One that goes on over periods begins with
 * what the posted results of earlier periods left. */
#include "reward/reward_calc.h"

struct reward__count {
    struct str item;    /* code; empty: of the contract */
    int64_t bucket;     /* the month, quarter… that it counts */
    struct dec opening; /* before the event at hand */
    struct dec sum;
};

static struct reward__tally *tally_of(struct reward__calc *calc, struct reward__scheme *scheme,
                                      const struct scheme_output *output)
{
    for (size_t i = 0; i < scheme->tallies.len; i++)
        if (str_eq(scheme->tallies.at[i].output->key, output->key))
            return &scheme->tallies.at[i];
    VEC_PUSH(calc->work, &scheme->tallies,
             ((struct reward__tally){.output = output, .items = map_new(calc->work)}));
    return &scheme->tallies.at[scheme->tallies.len - 1];
}

void reward__tallies_open(struct reward__calc *calc, struct reward__contract *contract,
                          struct reward__scheme *scheme)
{
    (void)contract;
    memset(&scheme->tallies, 0, sizeof(scheme->tallies));
    for (size_t i = 0; i < scheme->segments.len; i++)
        for (size_t k = 0; k < scheme->segments.at[i].scheme->outputs_len; k++)
            if (scheme->segments.at[i].scheme->outputs[k].kind == SCHEME_ACCUMULATOR)
                (void)tally_of(calc, scheme, &scheme->segments.at[i].scheme->outputs[k]);
}

static struct str item_code(const struct scheme_output *output, const struct reward__fact *fact)
{
    switch (output->item) {
    case SCHEME_OF_CONTRACT: break;
    case SCHEME_OF_CUSTOMER: return fact->customer ? fact->customer->code : STR("");
    case SCHEME_OF_OUTLET: return fact->outlet ? fact->outlet->code : STR("");
    case SCHEME_OF_PRODUCT: return fact->product ? fact->product->code : STR("");
    case SCHEME_OF_CATEGORY: return fact->product ? fact->product->category : STR("");
    }
    return STR("");
}

static int64_t bucket_of(const struct reward__calc *calc, const struct reward__contract *contract,
                         const struct scheme_output *output, const struct reward__fact *fact)
{
    struct ymd day = date_ymd(zone_date(calc->view.zone, fact->occurred_at));
    switch (output->reset) {
    case SCHEME_RESET_PERIOD:
    case SCHEME_RESET_NEVER: break;
    case SCHEME_RESET_MONTH: return (int64_t)day.year * 12 + day.month - 1;
    case SCHEME_RESET_QUARTER: return (int64_t)day.year * 4 + (day.month - 1) / 3;
    case SCHEME_RESET_YEAR: return day.year;
    case SCHEME_RESET_CONTRACT: return contract->result->contract->id;
    }
    return 0;
}

static struct reward__count *count_of(struct reward__calc *calc, struct reward__tally *tally,
                                      struct str item)
{
    void **slot = map_put(tally->items, item);
    struct reward__count *count = *slot;
    if (count)
        return count;
    count = NEW(calc->work, struct reward__count);
    *count = (struct reward__count){.item = item, .bucket = -1, .sum = dec_from_i64(0)};
    *slot = count;
    VEC_PUSH(calc->work, &tally->counts, count);
    return count;
}

/* Does the event belong to it? A condition that is not true does not let it in. */
static bool is_let_in(struct reward__calc *calc, const struct reward__segment *segment,
                      const struct scheme_output *output, const struct reward__fact *fact)
{
    struct feel_value value = feel_null();
    if (!output->where)
        return true;
    const struct feel_value slots[] = {reward__view_event(&calc->view, fact), segment->terms};
    struct feel_env env = calc->env;
    env.slots = slots;
    env.slots_len = LEN(slots);
    if (feel_eval(output->where, &env, calc->scratch, NULL, NULL, &value) != RC_OK)
        return false;
    return value.kind == FEEL_BOOL && value.is;
}

static enum rc add_one(struct reward__calc *calc, struct reward__contract *contract,
                       const struct reward__scheme *scheme, struct reward__segment *segment,
                       struct reward__tally *tally, const struct reward__fact *fact)
{
    const struct scheme_output *output = tally->output;
    const struct dmn_element *decision =
        dmn_find(segment->scheme->model, DMN_DECISION, output->decision);
    struct reward__count *count = count_of(calc, tally, item_code(output, fact));
    int64_t bucket = bucket_of(calc, contract, output, fact);
    if (bucket != count->bucket) {
        count->bucket = bucket;
        if (!reward__opening(contract, scheme->scheme_id, output, count->item, bucket, &count->sum))
            count->sum = dec_from_i64(0);
    }
    count->opening = count->sum;
    if (!decision || !is_let_in(calc, segment, output, fact))
        return RC_OK;
    struct feel_value value = feel_null();
    calc->warnings.len = calc->warnings.total = 0;
    TRY(dmn_run_value(segment->eval->run, decision, &calc->op->fault, &value));
    reward__derive_keep(calc, segment);
    if (value.kind == FEEL_NUMBER)
        count->sum = dec_add(count->sum, value.number);
    else if (calc->warnings.len > 0)
        reward__warn(calc, contract->result, &calc->warnings.at[0], fact);
    else if (value.kind != FEEL_NULL)
        reward__warn_text(calc, contract->result, output->decision,
                          M("A running total adds numbers, not {0}."),
                          feel_kind_word((enum feel_kind)value.kind), fact->event_seq);
    return RC_OK;
}

enum rc reward__tallies_add(struct reward__calc *calc, struct reward__contract *contract,
                            struct reward__scheme *scheme, struct reward__segment *segment,
                            const struct reward__fact *fact)
{
    size_t len = scheme->tallies.len;
    if (len == 0)
        return RC_OK;
    struct reward__entry *running = NEW_ARRAY(calc->scratch, struct reward__entry, len);
    for (size_t i = 0; i < len; i++) {
        struct reward__tally *tally = &scheme->tallies.at[i];
        TRY(add_one(calc, contract, scheme, segment, tally, fact));
        const struct reward__count *count = map_get(tally->items, item_code(tally->output, fact));
        const struct reward__entry both[] = {{"opening", feel_number(count->opening)},
                                             {"closing", feel_number(count->sum)}};
        running[i] = (struct reward__entry){str_c(calc->scratch, tally->output->key),
                                            reward__view_context(calc->scratch, both, LEN(both))};
    }
    reward__set_input(segment, "running", reward__view_context(calc->scratch, running, len));
    return RC_OK;
}

/* Only what goes on over periods is kept; a month, quarter or year that is over is not. */
void reward__tallies_close(struct reward__calc *calc, struct reward__contract *contract,
                           struct reward__scheme *scheme)
{
    for (size_t i = 0; i < scheme->tallies.len; i++) {
        const struct reward__tally *tally = &scheme->tallies.at[i];
        for (size_t k = 0; k < tally->counts.len; k++) {
            const struct reward__count *count = tally->counts.at[k];
            struct reward_carry carry = {.scheme_id = scheme->scheme_id,
                                         .kind = REWARD_CARRY_RUNNING,
                                         .name = tally->output->key,
                                         .item = count->item,
                                         .value = dec_print(calc->arena, count->sum),
                                         .bucket = count->bucket};
            if (tally->output->reset != SCHEME_RESET_PERIOD)
                VEC_PUSH(calc->arena, &contract->result->carries, carry);
        }
    }
}
