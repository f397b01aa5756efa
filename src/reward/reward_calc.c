/* A calculation: inputs are gathered once, then phase 1 of every contract, then phase 3, which
 * reads finished phases of others. The order of contracts does not matter to the results; they come
 * in order of contract code, and their hash is the hash of the run. */
#include "reward/reward_calc.h"

#include "crypt/crypt.h"
#include "json/json.h"

enum { SCRATCH_BYTES = 1 << 30, TEXT_MAX = 64 << 20 };

int64_t reward_key_minor(const struct reward_result *result, struct str key)
{
    int64_t sum = 0;
    for (size_t i = 0; i < result->lines.len; i++)
        if (str_eq(result->lines.at[i].output->key, key))
            sum += result->lines.at[i].amount_minor;
    return sum;
}

/* ---- gathering ---- */

static void index_partners(struct reward__calc *calc, const struct contract_terms_list *list)
{
    calc->of_partner = map_new(calc->arena);
    for (size_t i = 0; i < list->len; i++) {
        void **slot = map_put_i64(calc->of_partner, list->at[i].partner_id);
        if (!*slot)
            *slot = NEW(calc->arena, struct reward__indexes);
        struct reward__indexes *indexes = *slot;
        VEC_PUSH(calc->arena, &indexes->list, i);
    }
}

static enum rc gather(struct reward__calc *calc)
{
    const struct reward_ask *ask = calc->ask;
    struct contract_terms_list list = {0};
    TRY(contract_terms_in(calc->op, ask->period.start.days, ask->period.end.days, 0, &list));
    calc->calculation->results = NEW_ARRAY(calc->arena, struct reward_result, list.len);
    calc->calculation->results_len = list.len;
    calc->contracts = NEW_ARRAY(calc->arena, struct reward__contract, list.len);
    for (size_t i = 0; i < list.len; i++) {
        calc->calculation->results[i].contract = &list.at[i];
        calc->contracts[i].result = &calc->calculation->results[i];
        calc->contracts[i].is_needed = ask->contract_id == 0;
    }
    index_partners(calc, &list);
    TRY(reward__dims_load(calc->op, &calc->dims));
    TRY(reward__facts_load(calc->op, &calc->dims, calc->calculation->span,
                           calc->calculation->watermark_seq, &calc->facts));
    reward__view_init(&calc->view, calc->arena, calc->op->zone, &calc->dims);
    return RC_OK;
}

/* Of one asked contract: it, and the contracts of everybody below its partner in any tree. */
static enum rc mark_needed(struct reward__calc *calc)
{
    static const char *const trees[] = {"owner", "sponsor", "placement", "territory", "supply"};
    const struct reward_result *asked = NULL;
    for (size_t i = 0; i < calc->calculation->results_len; i++)
        if (calc->contracts[i].result->contract->id == calc->ask->contract_id) {
            asked = calc->contracts[i].result;
            calc->contracts[i].is_needed = true;
        }
    for (size_t t = 0; asked && t < LEN(trees); t++) {
        const struct reward__network *network = NULL;
        struct reward__belows belows = {0};
        TRY(reward__network_load(calc->op, str_of(trees[t]), calc->ask->period.end.days - 1,
                                 &network));
        reward__network_below(network, calc->arena, asked->contract->partner_id, &belows);
        for (size_t i = 0; i < belows.len; i++) {
            const struct reward__indexes *indexes =
                map_get_i64(calc->of_partner, belows.at[i].partner_id);
            for (size_t c = 0; indexes && c < indexes->list.len; c++)
                calc->contracts[indexes->list.at[c]].is_needed = true;
        }
    }
    return RC_OK;
}

/* ---- what a result was computed with, and its hash ---- */

static void put_segment(struct json_writer *json, const struct reward__segment *segment)
{
    json_object(json);
    json_pair_i64(json, "scheme", segment->bound->scheme_id);
    json_pair_i64(json, "version", segment->scheme_version.id);
    json_pair_i64(json, "contract_version", segment->contract_version->id);
    json_pair_instant(json, "from", segment->from_at);
    json_pair_instant(json, "to", segment->to_at);
    json_key(json, "terms");
    json_object(json);
    for (size_t i = 0; i < segment->scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &segment->scheme->attributes[i];
        struct str value = attribute->fallback;
        for (size_t k = 0; k < segment->bound->terms_len; k++)
            if (str_eq(segment->bound->terms[k].name, attribute->name))
                value = segment->bound->terms[k].value;
        json_key_str(json, attribute->name);
        json_put_str(json, value);
    }
    json_object_end(json);
    json_object_end(json);
}

static struct str inputs_json(struct reward__calc *calc, const struct reward__contract *contract)
{
    AUTO_BUF text = BUF(TEXT_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    json_pair_str(&json, "zone", zone_name(calc->view.zone));
    json_pair_i64(&json, "events", contract->result->events);
    json_pair_i64(&json, "events_outside", contract->result->events_outside);
    if (contract->below_sha.at)
        json_pair_str(&json, "downline", contract->below_sha);
    json_key(&json, "segments");
    json_array(&json);
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++)
            put_segment(&json, &contract->schemes.at[i].segments.at[k]);
    json_array_end(&json);
    json_object_end(&json);
    return str_dup(calc->arena, buf_str(&text));
}

static void hash_line(struct reward__calc *calc, struct crypt_sha256_state *state,
                      const struct reward_line *line)
{
    struct arena_mark mark = arena_mark(calc->scratch);
    struct str text = str_printf(
        calc->scratch, "line " STR_FMT " %lld %lld " STR_FMT " " STR_FMT "\n",
        STR_ARG(line->output->key), (long long)line->event_seq, (long long)line->amount_minor,
        STR_ARG(dec_print(calc->scratch, line->exact)), STR_ARG(line->note));
    crypt_sha256_more(state, text);
    arena_rewind(calc->scratch, mark);
}

static void hash_result(struct reward__calc *calc, struct reward_result *result)
{
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256_start(&state);
    crypt_sha256_more(&state, result->contract->code);
    crypt_sha256_more(&state, result->inputs);
    for (size_t i = 0; i < result->lines.len; i++)
        hash_line(calc, &state, &result->lines.at[i]);
    for (size_t i = 0; i < result->measures.len; i++) {
        crypt_sha256_more(&state, result->measures.at[i].output->key);
        crypt_sha256_more(&state, result->measures.at[i].value);
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

/* ---- the phases ---- */

typedef enum rc phase_fn(struct reward__calc *calc, struct reward__contract *contract);

static enum rc each(struct reward__calc *calc, phase_fn *phase, int64_t *done)
{
    int64_t total = 3 * (int64_t)calc->calculation->results_len;
    for (size_t i = 0; i < calc->calculation->results_len; i++) {
        if (calc->contracts[i].is_needed)
            TRY(phase(calc, &calc->contracts[i]));
        if (calc->ask->progress)
            calc->ask->progress(calc->ask->self, (*done)++ / 3, total / 3);
    }
    return RC_OK;
}

static enum rc calculate(struct reward__calc *calc)
{
    int64_t done = 0;
    TRY(gather(calc));
    if (calc->ask->contract_id != 0)
        TRY(mark_needed(calc));
    TRY(each(calc, reward__contract_open, &done));
    TRY(each(calc, reward__contract_phase_1, &done));
    TRY(each(calc, reward__contract_phase_3, &done));
    for (size_t i = 0; i < calc->calculation->results_len; i++) {
        if (!calc->contracts[i].is_needed)
            continue;
        calc->calculation->results[i].inputs = inputs_json(calc, &calc->contracts[i]);
        hash_result(calc, &calc->calculation->results[i]);
    }
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
    struct arena *before = op->arena;
    struct reward_calculation *calculation = NEW(arena, struct reward_calculation);
    calculation->period = ask->period;
    calculation->span = period_span(ask->period, op->zone);
    calculation->watermark_seq = ask->watermark_seq;
    struct reward__calc *calc = NEW(arena, struct reward__calc);
    *calc = (struct reward__calc){.op = op,
                                  .arena = arena,
                                  .scratch = scratch,
                                  .ask = ask,
                                  .calculation = calculation,
                                  .networks = map_new(arena)};
    op->arena = arena;
    enum rc rc = RC_OK;
    if (calculation->watermark_seq == 0)
        rc = event_watermark(op, &calculation->watermark_seq);
    if (rc == RC_OK)
        rc = calculate(calc);
    op->arena = before;
    TRY(rc);
    keep_asked(calc);
    *out = calculation;
    return RC_OK;
}
