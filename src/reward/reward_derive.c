/* Derivations: how an amount came about, printed while it is computed, because facts and terms are
 * at hand then and a stored page must not depend on what changed since. Lines that came about in
 * the same way share one. The format is described in docs/internals/derivation.md. */
#include "json/json.h"
#include "reward/reward_calc.h"

enum { DERIVATION_MAX = 256 << 10, VALUE_MAX = 2000 };

/* A value as people read it, shortened: a list of a thousand sales is no explanation. */
static struct str printed(struct arena *arena, const struct feel_value *value)
{
    if (value->kind == FEEL_LIST && value->list.len > 20)
        return str_printf(arena, "list of %zu", value->list.len);
    if (value->kind == FEEL_STRING)
        return value->text;
    return str_sub(feel_print(arena, value), 0, VALUE_MAX);
}

static void put_table(struct json_writer *json, struct arena *arena, const struct dmn_hit *hit)
{
    json_object(json);
    json_pair_str(json, "owner", hit->table->owner->name);
    json_key(json, "inputs");
    json_array(json);
    for (size_t i = 0; i < hit->table->inputs_len; i++)
        json_put_str(json, printed(arena, &hit->inputs[i]));
    json_array_end(json);
    json_key(json, "matched");
    json_array(json);
    for (size_t i = 0; i < hit->matched_len; i++)
        json_put_i64(json, hit->matched[i]);
    json_array_end(json);
    json_object_end(json);
}

/* [[line, column, whether the condition held], …]: where each "if" of the formula went. */
static struct str choices_json(struct arena *arena, const struct reward__step *step)
{
    if (step->choices.len == 0)
        return STR_NONE;
    AUTO_BUF text = BUF(DERIVATION_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_array(&json);
    for (size_t i = 0; i < step->choices.len; i++) {
        json_array(&json);
        json_put_i64(&json, step->choices.at[i].line);
        json_put_i64(&json, step->choices.at[i].column);
        json_put_bool(&json, step->choices.at[i].is_true);
        json_array_end(&json);
    }
    json_array_end(&json);
    return str_dup(arena, buf_str(&text));
}

static struct str step_json(struct arena *arena, const struct dmn_trace *trace,
                            const struct dmn_step *step, struct str choices)
{
    AUTO_BUF text = BUF(DERIVATION_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    json_pair_str(&json, "name", step->decision->name);
    json_pair_str(&json, "value", printed(arena, &step->value));
    if (step->hits_to > step->hits_from) {
        json_key(&json, "tables");
        json_array(&json);
        for (size_t i = step->hits_from; i < step->hits_to; i++)
            put_table(&json, arena, &trace->hits.at[i]);
        json_array_end(&json);
    }
    if (choices.at) {
        json_key(&json, "choices");
        json_put_raw(&json, choices);
    }
    json_object_end(&json);
    return str_dup(arena, buf_str(&text));
}

/* The trace lies where the last decision was computed, which may go before this one does. */
static struct reward__step *step_of(struct arena *arena, const struct dmn_trace *trace,
                                    const struct dmn_step *done, bool is_passing)
{
    struct reward__step *step = NEW(arena, struct reward__step);
    *step = (struct reward__step){.is_passing = is_passing};
    for (size_t i = done->hits_from; i < done->hits_to; i++)
        VEC_PUSH(arena, &step->hits, trace->hits.at[i]);
    for (size_t i = 0; i < trace->choices.len; i++)
        if (trace->choices.at[i].formula == done->formula)
            VEC_PUSH(arena, &step->choices, trace->choices.at[i]);
    step->choices_json = choices_json(arena, step);
    step->json = step_json(arena, trace, done, step->choices_json);
    return step;
}

void reward__derive_keep(struct reward__calc *calc, struct reward__segment *segment)
{
    const struct dmn_model *model = segment->scheme->model;
    struct reward__eval *eval = segment->eval;
    if (!eval->last)
        eval->last = NEW_ARRAY(calc->work, const struct reward__step *, model->elements_len);
    for (size_t i = 0; i < calc->trace.steps.len; i++) {
        const struct dmn_step *done = &calc->trace.steps.at[i];
        bool is_passing = eval->is_passing[done->decision->index];
        eval->last[done->decision->index] =
            step_of(is_passing ? calc->scratch : calc->work, &calc->trace, done, is_passing);
    }
    memset(&calc->trace, 0, sizeof(calc->trace));
}

/* Decisions that the output rests on, innermost first, each once. */
static void put_steps(struct json_writer *json, const struct reward__segment *segment,
                      const struct dmn_element *decision, bool *is_put)
{
    if (is_put[decision->index])
        return;
    is_put[decision->index] = true;
    for (size_t i = 0; i < decision->requires_len; i++)
        if (decision->requires[i] -> kind == DMN_DECISION)
            put_steps(json, segment, decision->requires[i], is_put);
    const struct reward__step *step = segment->eval->last[decision->index];
    if (step)
        json_put_raw(json, step->json);
}

struct reward_derivation reward__derivation_kept(struct reward__calc *calc,
                                                 const struct reward_derivation *derivation)
{
    return (struct reward_derivation){.key = derivation->key,
                                      .body = str_dup(calc->arena, derivation->body)};
}

/* Of conditions that did not hold what they saw. */
static void put_seen(struct json_writer *json, const struct reward__segment *segment,
                     const bool *is_put)
{
    json_key(json, "seen");
    json_array(json);
    for (size_t i = 0; i < segment->scheme->model->elements_len; i++) {
        const struct reward__step *step = is_put[i] ? segment->eval->last[i] : NULL;
        for (size_t k = 0; step && k < step->choices.len; k++) {
            const struct feel_choice *choice = &step->choices.at[k];
            if (choice->is_true)
                continue;
            json_object(json);
            json_pair_str(json, "owner", segment->scheme->model->elements[i]->name);
            json_pair_i64(json, "line", choice->line);
            json_pair_i64(json, "column", choice->column);
            json_pair_str(json, "text", dmn_choice_seen(segment->eval->run, choice));
            json_object_end(json);
        }
    }
    json_array_end(json);
}

/* Of tables without a match the rule that was nearest: what would have been needed. */
static void put_nearest(struct json_writer *json, const struct reward__segment *segment,
                        const bool *is_put)
{
    const struct dmn_model *model = segment->scheme->model;
    json_key(json, "nearest");
    json_array(json);
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct reward__step *step = is_put[i] ? segment->eval->last[i] : NULL;
        for (size_t k = 0; step && k < step->hits.len; k++) {
            size_t rule = 0;
            uint64_t failed = 0;
            if (!dmn_hit_nearest(segment->eval->run, &step->hits.at[k], &rule, &failed))
                continue;
            json_object(json);
            json_pair_str(json, "owner", step->hits.at[k].table->owner->name);
            json_pair_i64(json, "rule", (int64_t)rule);
            json_key(json, "failed");
            json_array(json);
            for (int64_t n = 0; failed >> n; n++)
                if (failed >> n & 1)
                    json_put_i64(json, n);
            json_array_end(json);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static void put_body(struct json_writer *json, const struct reward__segment *segment,
                     const struct scheme_output *output, bool is_nothing, bool *is_put)
{
    const struct dmn_element *decision =
        dmn_find(segment->scheme->model, DMN_DECISION, output->decision);
    const struct reward__step *own = segment->eval->last[decision->index];
    json_pair_i64(json, "version", segment->scheme_version.id);
    json_pair_str(json, "output", output->decision);
    if (own && own->choices_json.at && !is_nothing) {
        json_key(json, "choices");
        json_put_raw(json, own->choices_json);
    }
    json_key(json, "steps");
    json_array(json);
    /* The output's own value differs from line to line: it is the line. */
    is_put[decision->index] = !is_nothing;
    for (size_t i = 0; i < decision->requires_len && !is_nothing; i++)
        if (decision->requires[i] -> kind == DMN_DECISION)
            put_steps(json, segment, decision->requires[i], is_put);
    if (is_nothing)
        put_steps(json, segment, decision, is_put);
    json_array_end(json);
}

/* `known_len`: of the part that tells it from others. */
static size_t keep_body(struct reward__calc *calc, struct reward__contract *contract,
                        const struct scheme_output *output, struct str body, size_t known_len)
{
    struct reward_details *details = &contract->details;
    struct reward_derivation derivation = {.key = output->key, .body = str_dup(calc->work, body)};
    size_t *place = NEW(calc->work, size_t);
    *place = details->derivations.len;
    VEC_PUSH(calc->work, &details->derivations, derivation);
    *map_put(contract->derivations, str_sub(derivation.body, 0, known_len)) = place;
    return *place;
}

size_t reward__derive(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__segment *segment, const struct scheme_output *output,
                      bool is_nothing)
{
    AUTO_BUF text = BUF(DERIVATION_MAX);
    struct json_writer json = JSON_WRITER(&text);
    bool *is_put = NEW_ARRAY(calc->scratch, bool, segment->scheme->model->elements_len);
    json_object(&json);
    put_body(&json, segment, output, is_nothing, is_put);
    size_t known_len = text.len;
    const size_t *known = map_get(contract->derivations, buf_str(&text));
    if (known)
        return *known;
    if (is_nothing) {
        put_seen(&json, segment, is_put);
        put_nearest(&json, segment, is_put);
    }
    json_object_end(&json);
    return keep_body(calc, contract, output, buf_str(&text), known_len);
}

size_t reward__derive_reversal(struct reward__calc *calc, struct reward__contract *contract,
                               const struct reward__segment *segment, int64_t version_id,
                               const struct scheme_output *output, struct str reversal)
{
    AUTO_BUF text = BUF(DERIVATION_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    json_pair_i64(&json, "version", version_id);
    json_pair_str(&json, "output", output->decision);
    json_key(&json, "reversal");
    json_put_raw(&json, reversal);
    if (segment) {
        bool *is_put = NEW_ARRAY(calc->scratch, bool, segment->scheme->model->elements_len);
        json_key(&json, "steps");
        json_array(&json);
        put_steps(&json, segment, dmn_find(segment->scheme->model, DMN_DECISION, output->clawback),
                  is_put);
        json_array_end(&json);
    }
    size_t known_len = text.len;
    const size_t *known = map_get(contract->derivations, buf_str(&text));
    if (known)
        return *known;
    json_object_end(&json);
    return keep_body(calc, contract, output, buf_str(&text), known_len);
}
