/* A calculation: inputs are gathered once, facts put away by partner; then the phases in rounds
 * (reward_round.c), contract by contract, those with nobody below them first. The results come in
 * order of contract code, and their hash is the hash of the run. */
#include "reward/reward_calc.h"

#include "crypt/crypt.h"
#include "json/json.h"
#include "reward/reward_original.h"
#include "reward/reward_store.h"

enum { SCRATCH_BYTES = 1 << 30, TEXT_MAX = 64 << 20, SPILL_BYTES = 32 << 20 };

int64_t reward_key_minor(const struct reward_result *result, struct str key)
{
    int64_t sum = 0;
    for (size_t i = 0; i < result->sums.len; i++)
        if (str_eq(result->sums.at[i].key, key))
            sum += result->sums.at[i].amount_minor;
    return sum;
}

/* ---- gathering ---- */

static void index_partners(struct reward__calc *calc, const struct contract_terms_list *list)
{
    calc->of_partner = map_new(calc->arena);
    calc->of_partner_code = map_new(calc->arena);
    for (size_t i = 0; i < list->len; i++) {
        void **slot = map_put_i64(calc->of_partner, list->at[i].partner_id);
        if (!*slot)
            *slot = NEW(calc->arena, struct reward__indexes);
        struct reward__indexes *indexes = *slot;
        *map_put(calc->of_partner_code, list->at[i].partner_code) = indexes;
        VEC_PUSH(calc->arena, &indexes->list, i);
    }
}

/* ---- what calculations of one period have in common ---- */

struct reward_reading {
    struct arena *arena;
    bool is_done;
    struct period period;
    int64_t watermark_seq;
    struct reward__dims dims;
    struct reward__facts facts;
};

struct reward_reading *reward_reading_new(void)
{
    struct arena *arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    struct reward_reading *reading = NEW(arena, struct reward_reading);
    *reading = (struct reward_reading){.arena = arena};
    return reading;
}

void reward_reading_cleanup(struct reward_reading **reading)
{
    if (!*reading)
        return;
    reward__spill_done((*reading)->facts.spill);
    arena_free((*reading)->arena);
}

static bool is_same_reading(const struct reward__calc *calc, const struct reward_reading *reading)
{
    return reading->is_done && period_eq(reading->period, calc->ask->period) &&
           reading->watermark_seq == calc->calculation->watermark_seq;
}

static enum rc read_for_all(struct reward__calc *calc, struct reward_reading *reading)
{
    struct arena *before = calc->op->arena;
    reading->period = calc->ask->period;
    reading->watermark_seq = calc->calculation->watermark_seq;
    reading->facts = (struct reward__facts){
        .dims = &reading->dims, .spill = reward__spill_new(reading->arena, SPILL_BYTES)};
    calc->op->arena = reading->arena;
    enum rc rc = reward__dims_load(calc->op, &reading->dims);
    if (rc == RC_OK)
        rc = reward__facts_scan(calc->op, calc->calculation->span, calc->calculation->watermark_seq,
                                &reading->facts);
    calc->op->arena = before;
    reading->is_done = rc == RC_OK;
    return rc;
}

static enum rc load_dims(struct reward__calc *calc)
{
    struct reward_reading *reading = calc->ask->reading;
    if (reading && !reading->facts.spill)
        TRY(read_for_all(calc, reading));
    calc->shared = reading && is_same_reading(calc, reading) ? reading : NULL;
    if (!calc->shared)
        return reward__dims_load(calc->op, &calc->dims);
    calc->dims = reading->dims;
    return RC_OK;
}

static enum rc load_facts(struct reward__calc *calc)
{
    if (!calc->shared)
        return reward__facts_scan(calc->op, calc->calculation->span,
                                  calc->calculation->watermark_seq, &calc->facts);
    calc->facts = calc->shared->facts;
    return RC_OK;
}

static enum rc gather(struct reward__calc *calc)
{
    const struct reward_ask *ask = calc->ask;
    struct contract_terms_list list = {0};
    TRY(contract_terms_in(calc->op, ask->period.start.days, ask->period.end.days, 0, &list));
    TRY(reward__suppose(calc, &list));
    calc->calculation->results = NEW_ARRAY(calc->arena, struct reward_result, list.len);
    calc->calculation->results_len = list.len;
    calc->contracts = NEW_ARRAY(calc->arena, struct reward__contract, list.len);
    for (size_t i = 0; i < list.len; i++) {
        calc->calculation->results[i].contract = &list.at[i];
        calc->contracts[i].result = &calc->calculation->results[i];
    }
    index_partners(calc, &list);
    TRY(reward__survey(calc, &list));
    TRY(reward__plans_load(calc));
    TRY(reward__rates_load(calc));
    reward__exchange_open(calc);
    calc->calculation->all_results = calc->calculation->results;
    calc->calculation->all_results_len = list.len;
    TRY(load_dims(calc));
    TRY(reward__traits_load(calc->op, calc->features.reads_attributes,
                            calc->features.reads_bindings, &calc->dims.traits));
    reward__view_init(&calc->view, calc->arena, calc->op->zone, &calc->dims,
                      ask->period.end.days - 1);
    return reward__originals_load(calc);
}

static enum rc open_contract(struct reward__calc *calc, struct reward__contract *contract)
{
    TRY(reward__contract_open(calc, contract));
    return reward__belows_load(calc, contract);
}

/* Of one asked contract: it, and the contracts of everybody below its partner in the trees that its
 * schemes ask for; only their facts are kept. */
static enum rc open_asked(struct reward__calc *calc, struct reward__contract *asked)
{
    struct map *wanted = map_new(calc->arena);
    TRY(open_contract(calc, asked));
    *map_put_i64(wanted, asked->result->contract->partner_id) = asked;
    for (size_t i = 0; i < asked->schemes.len; i++)
        for (size_t k = 0; k < asked->schemes.at[i].belows.len; k++) {
            int64_t partner_id = asked->schemes.at[i].belows.at[k].partner_id;
            const struct reward__indexes *indexes = map_get_i64(calc->of_partner, partner_id);
            if (map_get_i64(wanted, partner_id))
                continue;
            *map_put_i64(wanted, partner_id) = asked;
            for (size_t c = 0; indexes && c < indexes->list.len; c++)
                TRY(reward__contract_open(calc, &calc->contracts[indexes->list.at[c]]));
        }
    calc->facts.wanted = wanted;
    return RC_OK;
}

static enum rc open_all(struct reward__calc *calc)
{
    for (size_t i = 0; i < calc->calculation->results_len; i++) {
        struct reward__contract *contract = &calc->contracts[i];
        bool is_wide = reward__is_wide(&calc->features);
        bool is_asked = !is_wide && contract->result->contract->id == calc->ask->contract_id;
        contract->is_needed = is_wide || is_asked || calc->ask->contract_id == 0;
        if (is_asked)
            TRY(open_asked(calc, contract));
        else if (contract->is_needed)
            TRY(open_contract(calc, contract));
    }
    return RC_OK;
}

/* ---- what a result was computed with, and its hash ---- */

static void put_segment(const struct reward__calc *calc, struct json_writer *json,
                        const struct reward__segment *segment)
{
    json_object(json);
    json_pair_i64(json, "scheme", segment->bound->scheme_id);
    json_pair_i64(json, "version", segment->scheme_version.id);
    json_pair_i64(json, "contract_version", segment->contract_version->id);
    json_pair_instant(json, "from", segment->from_at);
    json_pair_instant(json, "to", segment->to_at);
    if (segment->bound->combine > CONTRACT_ADD)
        json_pair_str(json, "combine", str_of(contract_combine_name(segment->bound->combine)));
    json_key(json, "terms");
    json_object(json);
    for (size_t i = 0; i < segment->scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &segment->scheme->attributes[i];
        json_key_str(json, attribute->name);
        json_put_str(json, reward__term_text(calc, segment, attribute));
    }
    json_object_end(json);
    json_object_end(json);
}

/* Nothing where nothing was suspended, which is nearly everywhere. */
static void put_suspended(struct json_writer *json, const struct reward__contract *contract)
{
    if (contract->suspended.len == 0)
        return;
    json_pair_i64(json, "events_suspended", contract->result->uncounted.suspended);
    json_key(json, "suspended");
    json_array(json);
    for (size_t i = 0; i < contract->suspended.len; i++) {
        json_object(json);
        json_pair_instant(json, "from", contract->suspended.at[i].from_at);
        json_pair_instant(json, "to", contract->suspended.at[i].to_at);
        json_object_end(json);
    }
    json_array_end(json);
}

static struct str inputs_json(struct reward__calc *calc, const struct reward__contract *contract)
{
    AUTO_BUF text = BUF(TEXT_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    json_pair_str(&json, "zone", zone_name(calc->view.zone));
    json_pair_i64(&json, "events", contract->result->events);
    json_pair_i64(&json, "events_outside", contract->result->uncounted.outside);
    put_suspended(&json, contract);
    if (contract->below_sha.at)
        json_pair_str(&json, "downline", contract->below_sha);
    if (reward__before_sha(contract).at)
        json_pair_str(&json, "before", reward__before_sha(contract));
    struct str originals = reward__originals_sha(calc, contract);
    if (originals.at)
        json_pair_str(&json, "originals", originals);
    reward__plans_json(&json, contract);
    reward__exchanges_json(&json, contract);
    json_key(&json, "segments");
    json_array(&json);
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++)
            put_segment(calc, &json, &contract->schemes.at[i].segments.at[k]);
    json_array_end(&json);
    json_object_end(&json);
    return str_dup(calc->arena, buf_str(&text));
}

static void hash_line(struct reward__calc *calc, struct crypt_sha256_state *state,
                      const struct reward_line *line)
{
    if (line->aside == REWARD_NOTHING) /* it follows from the rest, and older results have none */
        return;
    struct arena_mark mark = arena_mark(calc->scratch);
    struct str text =
        str_printf(calc->scratch, "line " STR_FMT " %lld %lld " STR_FMT " " STR_FMT "\n",
                   STR_ARG(line->key), (long long)line->event_seq, (long long)line->amount_minor,
                   STR_ARG(dec_print(calc->scratch, line->exact)), STR_ARG(line->note));
    crypt_sha256_more(state, text);
    /* what most lines do not have is not hashed there, so that older results stay as they are */
    if (line->about.len || line->from_partner_id || line->due_day.has || line->aside)
        crypt_sha256_more(
            state,
            str_printf(calc->scratch, "more " STR_FMT " %lld %lld %d " STR_FMT " " STR_FMT "\n",
                       STR_ARG(line->about), (long long)line->from_partner_id,
                       line->due_day.has ? (long long)line->due_day.v : -1LL, (int)line->aside,
                       STR_ARG(line->recipient), STR_ARG(line->unit)));
    if (line->gate.decision.len || line->gate.minor.has)
        crypt_sha256_more(state,
                          str_printf(calc->scratch, "gate " STR_FMT " %lld %lld %lld\n",
                                     STR_ARG(line->gate.decision), (long long)line->gate.event_seq,
                                     line->gate.until.has ? (long long)line->gate.until.v : -1LL,
                                     line->gate.minor.has ? (long long)line->gate.minor.v : -1LL));
    if (line->is_reversal)
        crypt_sha256_more(state,
                          str_printf(calc->scratch, "back %lld\n",
                                     line->hold_until.has ? (long long)line->hold_until.v : -1LL));
    arena_rewind(calc->scratch, mark);
}

static void hash_result(struct reward__calc *calc, const struct reward__contract *contract)
{
    struct reward_result *result = contract->result;
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256_start(&state);
    crypt_sha256_more(&state, result->contract->code);
    crypt_sha256_more(&state, result->inputs);
    for (size_t i = 0; i < contract->details.lines.len; i++)
        hash_line(calc, &state, &contract->details.lines.at[i]);
    for (size_t i = 0; i < result->measures.len; i++) {
        crypt_sha256_more(&state, result->measures.at[i].output->key);
        crypt_sha256_more(&state, result->measures.at[i].value);
    }
    for (size_t i = 0; i < result->carries.len; i++) {
        crypt_sha256_more(&state, result->carries.at[i].name);
        crypt_sha256_more(&state, result->carries.at[i].item);
        crypt_sha256_more(&state, result->carries.at[i].value);
    }
    crypt_sha256_more(&state, result->is_incomplete ? STR("incomplete") : STR("complete"));
    crypt_sha256_end(&state, digest);
    result->sha256 = crypt_hex(calc->arena, (struct str){(const char *)digest, sizeof(digest)});
}

static void hash_all(struct reward__calc *calc)
{
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256_start(&state);
    for (size_t i = 0; i < calc->calculation->results_len; i++)
        if (calc->contracts[i].is_needed)
            crypt_sha256_more(&state, calc->calculation->results[i].sha256);
    crypt_sha256_end(&state, digest);
    calc->calculation->sha256 =
        crypt_hex(calc->arena, (struct str){(const char *)digest, sizeof(digest)});
}

/* Tells edited records from damage where a result comes out otherwise. It is not hashed: an edit
 * that changes nothing of a result leaves it the same. */
static struct str with_records(struct reward__calc *calc, const struct reward__contract *contract)
{
    struct str inputs = contract->result->inputs;
    return str_printf(calc->arena, STR_FMT ",\"records\":\"%016llx\"}",
                      STR_ARG(str_sub(inputs, 0, inputs.len - 1)),
                      (unsigned long long)contract->records);
}

enum rc reward__finish(struct reward__calc *calc, struct reward__contract *contract)
{
    reward__round_recipient(calc, contract);
    contract->result->inputs = inputs_json(calc, contract);
    hash_result(calc, contract);
    contract->result->inputs = with_records(calc, contract);
    return reward__details_put(calc, calc->calculation->details, contract->result,
                               &contract->details);
}

/* ---- the order ---- */

/* Who has fewer below comes first: in one tree that is everybody before their uplines. */
static int by_belows(const void *left, const void *right)
{
    const struct reward__contract *a = *(struct reward__contract *const *)left;
    const struct reward__contract *b = *(struct reward__contract *const *)right;
    if (a->belows_len != b->belows_len)
        return a->belows_len < b->belows_len ? -1 : 1;
    return a < b ? -1 : a > b;
}

static enum rc calculate(struct reward__calc *calc)
{
    size_t len = 0;
    TRY(gather(calc));
    TRY(open_all(calc));
    TRY(load_facts(calc));
    TRY(reward__metrics_scan(calc, SPILL_BYTES));
    struct reward__contract **order =
        NEW_ARRAY(calc->arena, struct reward__contract *, calc->calculation->results_len);
    for (size_t i = 0; i < calc->calculation->results_len; i++)
        if (calc->contracts[i].is_needed)
            order[len++] = &calc->contracts[i];
    if (len > 0)
        qsort(order, len, sizeof(struct reward__contract *), by_belows);
    TRY(reward__rounds(calc, order, len));
    hash_all(calc);
    return RC_OK;
}

/* Of one asked contract only its own result is given. */
static void keep_asked(struct reward__calc *calc)
{
    struct reward_calculation *calculation = calc->calculation;
    for (size_t i = 0; calc->ask->contract_id != 0 && i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == calc->ask->contract_id) {
            calculation->results = &calculation->results[i];
            calculation->results_len = 1;
            return;
        }
    if (calc->ask->contract_id != 0)
        calculation->results_len = 0;
}

enum rc reward_calculate(struct op *op, struct arena *arena, const struct reward_ask *ask,
                         const struct reward_calculation **out)
{
    assert(op->actor.kind == ACTOR_SYSTEM);
    AUTO_ARENA scratch = arena_new(SCRATCH_BYTES);
    AUTO_ARENA work = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    struct arena *before = op->arena;
    struct reward_calculation *calculation = NEW(arena, struct reward_calculation);
    calculation->period = ask->period;
    calculation->span = period_span(ask->period, op->zone);
    calculation->watermark_seq = ask->watermark_seq;
    struct reward__calc *calc = NEW(arena, struct reward__calc);
    *calc = (struct reward__calc){.op = op,
                                  .arena = arena,
                                  .work = work,
                                  .scratch = scratch,
                                  .ask = ask,
                                  .calculation = calculation,
                                  .pending = reward__spill_new(arena, SPILL_BYTES),
                                  .outcome = RC_OK,
                                  .networks = map_new(arena)};
    calculation->details = reward__spill_new(arena, SPILL_BYTES);
    struct reward__spill *own_facts = reward__spill_new(arena, SPILL_BYTES);
    calc->facts = (struct reward__facts){.dims = &calc->dims, .spill = own_facts};
    op->arena = arena;
    enum rc rc = RC_OK;
    if (calculation->watermark_seq == 0)
        rc = event_watermark(op, &calculation->watermark_seq);
    if (rc == RC_OK)
        rc = calculate(calc);
    op->arena = before;
    reward__spill_done(own_facts);
    reward__spill_done(calc->history.spill);
    reward__spill_done(calc->pending);
    if (rc != RC_OK)
        reward__spill_done(calculation->details);
    TRY(rc);
    keep_asked(calc);
    *out = calculation;
    return RC_OK;
}
