/* Results of a calculation become rows: a result with its measures, lines and derivations. Decimals
 * are stored as text, exactly; the amount in minor units is what the ledger gets. */
#include "reward/reward_store.h"

#include "json/json.h"
#include "reward/reward_q.h"

enum { WARNINGS_MAX = 1 << 20 };

static struct str warnings_json(struct op *op, const struct reward_result *result)
{
    if (result->warnings.len == 0)
        return STR("");
    AUTO_BUF text = BUF(WARNINGS_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_array(&json);
    for (size_t i = 0; i < result->warnings.len; i++) {
        const struct reward_warning *warning = &result->warnings.at[i];
        json_object(&json);
        json_pair_str(&json, "where", warning->decision);
        json_pair_str(&json, "message", str_of(warning->message));
        json_pair_i64(&json, "event", warning->event_seq);
        json_key(&json, "args");
        json_array(&json);
        for (size_t k = 0; k < LEN(warning->args); k++)
            json_put_str(&json, warning->args[k].at ? warning->args[k] : STR(""));
        json_array_end(&json);
        json_object_end(&json);
    }
    json_array_end(&json);
    return str_dup(op->arena, buf_str(&text));
}

/* Absent where every event counted. */
static struct str not_counted_json(struct op *op, const struct reward_result *result)
{
    const struct reward_uncounted *n = &result->uncounted;
    if (n->outside + n->suspended + n->voided + n->unbound == 0)
        return STR("");
    return str_printf(op->arena,
                      "{\"outside\":%lld,\"suspended\":%lld,\"voided\":%lld,\"unbound\":%lld}",
                      (long long)n->outside, (long long)n->suspended, (long long)n->voided,
                      (long long)n->unbound);
}

static enum rc store_derivations(struct op *op, const struct reward_result *result,
                                 const struct reward_details *details, int64_t result_id,
                                 int64_t *out_ids)
{
    for (size_t i = 0; i < details->derivations.len; i++)
        TRY(q_reward_derivation_add(
            op,
            &(struct q_reward_derivation_add_in){.result_id = result_id,
                                                 .partner_id = result->contract->partner_id,
                                                 .key = details->derivations.at[i].key,
                                                 .body = details->derivations.at[i].body},
            &out_ids[i]));
    return RC_OK;
}

/* A line of an event is held until its return window has passed, one that takes it back as long. */
static struct opt_i64 held_until(const struct reward_result *result, const struct reward_line *line,
                                 const struct zone *zone)
{
    if (line->is_reversal)
        return line->hold_until;
    if (line->event_seq == 0 || result->version->hold_days == 0)
        return NONE;
    return SOME(zone_date(zone, line->occurred_at).days + result->version->hold_days);
}

static struct str dec_text(struct op *op, bool has, struct dec value)
{
    return has ? dec_print(op->arena, value) : STR("");
}

static struct q_reward_line_add_in line_row(struct op *op, const struct reward_result *result,
                                            const struct reward_line *line)
{
    struct opt_i64 until = held_until(result, line, op->zone);
    const struct reward_gate *gate = &line->gate;
    int64_t due_day = line->due_day.has ? line->due_day.v : result->due_day;
    return (struct q_reward_line_add_in){.partner_id = result->contract->partner_id,
                                         .scheme_version_id = line->version_id,
                                         .key = line->key,
                                         .phase = line->output->phase,
                                         .event_seq = line->event_seq,
                                         .from_partner_id = line->from_partner_id,
                                         .occurred_at = line->occurred_at,
                                         .base = dec_text(op, line->has_base, line->base),
                                         .rate = dec_text(op, line->has_rate, line->rate),
                                         .exact = dec_print(op->arena, line->exact),
                                         .amount_minor = line->amount_minor,
                                         .state = STR("pending"),
                                         .hold = reward__hold_words(op->arena, gate, until.has),
                                         .hold_until_day = until,
                                         .due_day =
                                             until.has && until.v > due_day ? until.v : due_day,
                                         .note = line->note,
                                         .about = line->about,
                                         .gate = gate->decision.at ? gate->decision : STR(""),
                                         .gate_seq = gate->event_seq,
                                         .gate_until = gate->until,
                                         .gate_minor = gate->minor};
}

static struct q_reward_aside_add_in aside_row(struct op *op, const struct reward_result *result,
                                              const struct reward_line *line)
{
    return (struct q_reward_aside_add_in){.partner_id = result->contract->partner_id,
                                          .scheme_version_id = line->version_id,
                                          .kind = line->aside,
                                          .key = line->key,
                                          .event_seq = line->event_seq,
                                          .occurred_at = line->occurred_at,
                                          .recipient = line->recipient,
                                          .unit = line->unit,
                                          .base = dec_text(op, line->has_base, line->base),
                                          .rate = dec_text(op, line->has_rate, line->rate),
                                          .exact = dec_print(op->arena, line->exact),
                                          .amount_minor = line->amount_minor,
                                          .about = line->about,
                                          .note = line->note,
                                          .times = line->aside == REWARD_NOTHING ? line->times : 1};
}

static enum rc store_lines(struct op *op, const struct reward_result *result,
                           const struct reward_details *details, int64_t result_id,
                           const int64_t *derivation_ids)
{
    size_t lines = 0, asides = 0;
    struct q_reward_line_add_in *rows =
        NEW_ARRAY(op->arena, struct q_reward_line_add_in, details->lines.len);
    VEC(struct q_reward_aside_add_in) others = {0};
    for (size_t i = 0; i < details->lines.len; i++) {
        const struct reward_line *line = &details->lines.at[i];
        if (line->aside == REWARD_NOTHING && line->times == 0)
            continue;
        if (!line->aside) {
            rows[lines] = line_row(op, result, line);
            rows[lines].result_id = result_id;
            rows[lines].derivation_id = derivation_ids[line->derivation_i];
            rows[lines++].position = (int64_t)i;
            continue;
        }
        VEC_PUSH(op->arena, &others, aside_row(op, result, line));
        others.at[asides].result_id = result_id;
        others.at[asides].derivation_id = derivation_ids[line->derivation_i];
        others.at[asides++].position = (int64_t)i;
    }
    if (lines > 0)
        TRY(q_reward_line_add(op, rows, lines, NULL));
    return asides > 0 ? q_reward_aside_add(op, others.at, asides, NULL) : RC_OK;
}

static enum rc store_carries(struct op *op, const struct reward_result *result, int64_t result_id)
{
    struct q_reward_carry_add_in *rows =
        NEW_ARRAY(op->arena, struct q_reward_carry_add_in, result->carries.len);
    for (size_t i = 0; i < result->carries.len; i++) {
        const struct reward_carry *carry = &result->carries.at[i];
        rows[i] = (struct q_reward_carry_add_in){.result_id = result_id,
                                                 .partner_id = result->contract->partner_id,
                                                 .scheme_id = carry->scheme_id,
                                                 .kind = carry->kind,
                                                 .name = carry->name,
                                                 .item = carry->item,
                                                 .value = carry->value,
                                                 .bucket = carry->bucket};
    }
    return result->carries.len ? q_reward_carry_add(op, rows, result->carries.len, NULL) : RC_OK;
}

static enum rc store_measures(struct op *op, const struct reward_result *result, int64_t result_id,
                              const int64_t *derivation_ids)
{
    struct q_reward_measure_add_in *rows =
        NEW_ARRAY(op->arena, struct q_reward_measure_add_in, result->measures.len);
    for (size_t i = 0; i < result->measures.len; i++) {
        const struct reward_measure *measure = &result->measures.at[i];
        rows[i] = (struct q_reward_measure_add_in){
            .result_id = result_id,
            .partner_id = result->contract->partner_id,
            .derivation_id = SOME(derivation_ids[measure->derivation_i]),
            .scheme_version_id = measure->version_id,
            .position = (int64_t)i,
            .name = measure->output->key,
            .value = measure->value,
            .unit = measure->output->unit,
            .is_shown_to_partner = measure->output->is_shown};
    }
    return result->measures.len ? q_reward_measure_add(op, rows, result->measures.len, NULL)
                                : RC_OK;
}

static enum rc store_result(struct op *op, const struct reward_run *run,
                            const struct reward_calculation *calculation,
                            const struct reward_result *result, int64_t attempt, int64_t *out_id)
{
    int64_t id = 0;
    struct reward_details details;
    TRY(reward_details_of(op, calculation, result, &details));
    TRY(q_reward_result_add(
        op,
        &(struct q_reward_result_add_in){.run_id = run->id,
                                         .contract_id = result->contract->id,
                                         .partner_id = result->contract->partner_id,
                                         .entity_id = result->contract->entity_id,
                                         .period = period_print(op->arena, calculation->period),
                                         .state = result->is_incomplete ? STR("incomplete")
                                                                        : STR("calculated"),
                                         .currency = str_of(result->currency->code),
                                         .total_minor = result->total_minor,
                                         .watermark_seq = calculation->watermark_seq,
                                         .events = result->events,
                                         .lines = result->lines_len,
                                         .inputs = result->inputs,
                                         .not_counted = not_counted_json(op, result),
                                         .warnings = warnings_json(op, result),
                                         .sha256 = result->sha256,
                                         .attempt = attempt,
                                         .due_day = result->due_day,
                                         .created_at = op->now},
        &id));
    int64_t *derivation_ids = NEW_ARRAY(op->arena, int64_t, details.derivations.len);
    TRY(store_derivations(op, result, &details, id, derivation_ids));
    TRY(store_lines(op, result, &details, id, derivation_ids));
    TRY(store_measures(op, result, id, derivation_ids));
    TRY(store_carries(op, result, id));
    TRY(reward__store_figures(op, run->id, result, id));
    *out_id = id;
    return RC_OK;
}

/* The rows of a contract may be many: they are made in an arena of their own. */
enum rc reward__store_result(struct op *op, const struct reward_run *run,
                             const struct reward_calculation *calculation,
                             const struct reward_result *result, int64_t attempt, int64_t *out_id)
{
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    struct arena *kept = op->arena;
    op->arena = arena;
    enum rc rc = store_result(op, run, calculation, result, attempt, out_id);
    op->arena = kept;
    return rc;
}

enum rc reward__drop_results(struct op *op, int64_t run_id)
{
    TRY(q_reward_lines_drop(op, &(struct q_reward_lines_drop_in){run_id}));
    TRY(q_reward_asides_drop(op, &(struct q_reward_asides_drop_in){run_id}));
    TRY(q_reward_carries_drop(op, &(struct q_reward_carries_drop_in){run_id}));
    TRY(q_reward_sources_drop(op, &(struct q_reward_sources_drop_in){run_id}));
    TRY(q_reward_measures_drop(op, &(struct q_reward_measures_drop_in){run_id}));
    TRY(q_reward_derivations_drop(op, &(struct q_reward_derivations_drop_in){run_id}));
    return q_reward_results_drop(op, &(struct q_reward_results_drop_in){run_id});
}
