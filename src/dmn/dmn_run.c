/* Evaluating a model: values of inputs and decisions by element, each computed at most once until
 * an input that it depends on changes. Decisions that depend on passing inputs are computed on the
 * scratch arena, which goes with the input. */
#include "dmn/dmn_int.h"

struct dmn_run *dmn_run_new(const struct dmn_model *model, const struct feel_env *env,
                            struct arena *arena, struct arena *scratch)
{
    const struct dmn__model *compiled = model->compiled;
    struct dmn_run *run = NEW(arena, struct dmn_run);
    struct feel_env with_slots = *env;
    with_slots.slots = compiled->slots;
    with_slots.slots_len = compiled->slots_len;
    *run = (struct dmn_run){.model = model,
                            .env = env,
                            .arena = arena,
                            .scratch = scratch ? scratch : arena,
                            .is_done = NEW_ARRAY(arena, bool, model->elements_len + 1),
                            .is_passing = NEW_ARRAY(arena, bool, model->elements_len + 1)};
    run->run = feel_run_new(&with_slots, compiled->slots_len, arena, NULL);
    feel_run_user_set(run->run, run);
    return run;
}

void dmn_run_watch(struct dmn_run *run, struct feel_warnings *warnings, struct dmn_trace *trace)
{
    run->warnings = warnings;
    run->trace = trace;
    feel_run_warnings_set(run->run, warnings);
    feel_run_choices_set(run->run, trace ? &trace->choices : NULL);
}

void dmn_run_passing(struct dmn_run *run, const struct dmn_element *input)
{
    run->is_passing[input->index] = true;
    for (size_t i = 0; i < run->model->elements_len; i++)
        if (dmn_depends(run->model, run->model->elements[i], input))
            run->is_passing[i] = true;
}

static bool is_function(const struct dmn_element *element)
{
    return element->kind == DMN_KNOWLEDGE || element->kind == DMN_SERVICE;
}

void dmn_run_next(struct dmn_run *run)
{
    for (size_t i = 0; i < run->model->elements_len; i++) {
        if (!run->is_passing[i] || is_function(run->model->elements[i]))
            continue;
        run->is_done[i] = false;
        *feel_run_slot(run->run, i) = feel_null();
    }
    if (run->scratch != run->arena)
        arena_reset(run->scratch);
    feel_run_restart(run->run, run->env);
}

static void forget_dependents(struct dmn_run *run, const struct dmn_element *element)
{
    for (size_t i = 0; i < run->model->elements_len; i++)
        if (run->is_done[i] && dmn_depends(run->model, run->model->elements[i], element))
            run->is_done[i] = false;
}

static void put(struct dmn_run *run, const struct dmn_element *element, struct feel_value value)
{
    if (element->type && !feel_coerce(run->run, &value, element->type)) {
        struct str where = feel_run_where_set(run->run, element->name);
        value = feel_run_warn(run->run, M("The value is not of the type \"{0}\": {1}"),
                              element->type->name.at ? element->type->name : STR(""),
                              feel_print(feel_run_arena(run->run), &value));
        (void)feel_run_where_set(run->run, where);
    }
    *feel_run_slot(run->run, element->index) = value;
    run->is_done[element->index] = true;
}

void dmn_run_set(struct dmn_run *run, const struct dmn_element *element, struct feel_value value)
{
    struct arena *arena = run->is_passing[element->index] ? run->scratch : run->arena;
    struct arena *former = feel_run_arena_set(run->run, arena);
    forget_dependents(run, element);
    put(run, element, value);
    (void)feel_run_arena_set(run->run, former);
}

void dmn_run_put(struct dmn_run *run, const struct dmn_element *element, struct feel_value value)
{
    forget_dependents(run, element);
    *feel_run_slot(run->run, element->index) = value;
    run->is_done[element->index] = true;
}

struct feel_value dmn__decide(struct dmn_run *run, const struct dmn_element *decision)
{
    struct feel_value *slot = feel_run_slot(run->run, decision->index);
    if (decision->kind != DMN_DECISION || run->is_done[decision->index])
        return slot->kind ? *slot : feel_null();
    for (size_t i = 0; i < decision->requires_len; i++)
        if (decision->requires[i] -> kind == DMN_DECISION)
            (void)dmn__decide(run, decision->requires[i]);
    struct arena *arena = run->is_passing[decision->index] ? run->scratch : run->arena;
    /* Inside a service everything lives as long as the call. */
    if (run->depth > 0)
        arena = feel_run_arena(run->run);
    struct arena *former = feel_run_arena_set(run->run, arena);
    struct str where = feel_run_where_set(run->run, decision->name);
    size_t hits_from = run->trace ? run->trace->hits.len : 0;
    struct feel_formula outer = feel_run_formula_begin(run->run);
    size_t formula = run->trace ? run->trace->choices.formula.number : 0;
    struct feel_value value =
        feel_run_node(run->run, run->model->compiled->elements[decision->index].node);
    feel_run_formula_end(run->run, outer);
    *feel_run_slot(run->run, decision->index) = value;
    run->is_done[decision->index] = true;
    if (run->trace) {
        struct dmn_step step = {decision, value, hits_from, run->trace->hits.len, formula};
        VEC_PUSH(arena, &run->trace->steps, step);
    }
    (void)feel_run_where_set(run->run, where);
    (void)feel_run_arena_set(run->run, former);
    return value;
}

struct str dmn_choice_seen(struct dmn_run *run, const struct feel_choice *choice)
{
    feel_run_warnings_set(run->run, NULL);
    feel_run_restart(run->run, run->env);
    struct str seen = feel_run_seen(run->run, choice);
    feel_run_restart(run->run, run->env);
    feel_run_warnings_set(run->run, run->warnings);
    return seen;
}

enum rc dmn_run_value(struct dmn_run *run, const struct dmn_element *decision, struct fault *fault,
                      struct feel_value *out)
{
    feel_run_restart(run->run, run->env);
    struct feel_value value = dmn__decide(run, decision);
    TRY(feel_run_outcome(run->run, fault));
    *out = value;
    return RC_OK;
}

enum rc dmn_run_invoke(struct dmn_run *run, const struct dmn_element *element,
                       const struct feel_value *args, size_t args_len, struct fault *fault,
                       struct feel_value *out)
{
    const struct feel_value *function = &run->model->compiled->elements[element->index].function;
    feel_run_restart(run->run, run->env);
    struct str where = feel_run_where_set(run->run, element->name);
    struct feel_value value = feel_run_call(run->run, function, args, args_len);
    (void)feel_run_where_set(run->run, where);
    TRY(feel_run_outcome(run->run, fault));
    *out = value;
    return RC_OK;
}

/* ---- decision services ---- */

struct service_call {
    const struct dmn__service *service;
    const struct feel_value *args;
};

static struct feel_value serve(struct feel_run *run, const void *data)
{
    const struct service_call *call = data;
    const struct dmn__service *service = call->service;
    struct dmn_run *dmn = feel_run_user(run);
    struct feel_value *values =
        NEW_ARRAY(feel_run_arena(run), struct feel_value, service->outputs_len + 1);
    for (size_t i = 0; i < service->params_len; i++) {
        *feel_run_slot(run, service->params[i]->index) = call->args[i];
        dmn->is_done[service->params[i]->index] = true;
    }
    for (size_t i = 0; i < service->outputs_len; i++)
        values[i] = dmn__decide(dmn, service->outputs[i]);
    if (service->outputs_len == 1)
        return values[0];
    return feel_context(service->shape, values);
}

/* In a frame of its own: what the service is given hides what the model was given. */
struct feel_value dmn__service_call(struct feel_run *run, const void *data,
                                    const struct feel_value *args, size_t args_len)
{
    const struct dmn__service *service = data;
    const struct dmn__model *compiled = service->model->compiled;
    struct dmn_run *dmn = feel_run_user(run);
    struct service_call call = {service, args};
    bool *former = dmn->is_done;
    (void)args_len;
    if (dmn->depth >= 64)
        return feel_run_warn(run, M("Decision services call each other too deeply."), STR(""),
                             STR(""));
    dmn->depth++;
    dmn->is_done = NEW_ARRAY(feel_run_arena(run), bool, service->model->elements_len + 1);
    struct feel_value value = feel_run_framed(run, compiled->slots, compiled->slots_len,
                                              (struct feel_host){serve, &call});
    dmn->is_done = former;
    dmn->depth--;
    return value;
}

const struct dmn_element *const *dmn_service_params(const struct dmn_model *model,
                                                    const struct dmn_element *service,
                                                    size_t *out_len)
{
    const struct dmn__service *parts = model->compiled->elements[service->index].service;
    *out_len = parts ? parts->params_len : 0;
    return parts ? (const struct dmn_element *const *)parts->params : NULL;
}

/* ---- once ---- */

enum rc dmn_eval(const struct dmn_model *model, const struct dmn_element *decision,
                 const struct feel_value *inputs, const struct feel_env *env, struct arena *arena,
                 struct feel_warnings *warnings, struct dmn_trace *trace, struct fault *fault,
                 struct feel_value *out)
{
    struct dmn_run *run = dmn_run_new(model, env, arena, NULL);
    dmn_run_watch(run, warnings, trace);
    for (size_t i = 0; i < model->elements_len; i++) {
        struct feel_value value;
        if (!is_function(model->elements[i]) &&
            feel_entry(inputs, model->elements[i]->name, arena, &value))
            dmn_run_set(run, model->elements[i], value);
    }
    return dmn_run_value(run, decision, fault, out);
}
