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

static struct str step_json(struct arena *arena, const struct dmn_trace *trace,
                            const struct dmn_step *step)
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
    json_object_end(&json);
    return str_dup(arena, buf_str(&text));
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
        struct arena *arena = is_passing ? calc->scratch : calc->work;
        struct reward__step *step = NEW(arena, struct reward__step);
        *step = (struct reward__step){step_json(arena, &calc->trace, done), is_passing};
        eval->last[done->decision->index] = step;
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

size_t reward__derive(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__segment *segment, const struct scheme_output *output)
{
    const struct dmn_model *model = segment->scheme->model;
    const struct dmn_element *decision = dmn_find(model, DMN_DECISION, output->decision);
    AUTO_BUF text = BUF(DERIVATION_MAX);
    struct json_writer json = JSON_WRITER(&text);
    bool *is_put = NEW_ARRAY(calc->scratch, bool, model->elements_len);
    json_object(&json);
    json_pair_i64(&json, "version", segment->scheme_version.id);
    json_pair_str(&json, "output", output->decision);
    json_key(&json, "steps");
    json_array(&json);
    /* the output's own value differs from line to line: it is the line */
    for (size_t i = 0; i < decision->requires_len; i++)
        if (decision->requires[i] -> kind == DMN_DECISION)
            put_steps(&json, segment, decision->requires[i], is_put);
    json_array_end(&json);
    json_object_end(&json);
    struct str body = buf_str(&text);
    struct reward_details *details = &contract->details;
    const size_t *known = map_get(contract->derivations, body);
    if (known)
        return *known;
    struct reward_derivation derivation = {.key = output->key, .body = str_dup(calc->work, body)};
    size_t *place = NEW(calc->work, size_t);
    *place = details->derivations.len;
    VEC_PUSH(calc->work, &details->derivations, derivation);
    *map_put(contract->derivations, derivation.body) = place;
    return *place;
}
