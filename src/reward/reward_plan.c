/* The input `plan`: what was to be reached. The plans that hold the period are read once; a scheme
 * asks for one by its metric and gets it as it is for the active part of the period. What was asked
 * for stands with the result's inputs, so that a plan that was changed since is told from damage.
 */
#include "plan/plan.h"
#include "reward/reward_calc.h"

enum { KIND_TARGET, KIND_MINIMUM, KIND_STRETCH, KINDS };
static const char *const kind_words[KINDS] = {"target", "minimum", "stretch"};
static const char *const function_names[KINDS] = {"get", "minimum", "stretch"};

struct reward__plans {
    struct plan_list list;
    struct map *first; /* partner id to size_t *, the index of its first plan */
};

struct asking { /* what the functions of one input know */
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct reward__outlet *outlet; /* NULL: of the whole contract */
    struct plan_part part;
    const char *kind;
};

enum rc reward__plans_load(struct reward__calc *calc)
{
    struct period period = calc->ask->period;
    struct reward__plans *plans = NEW(calc->arena, struct reward__plans);
    if (!calc->features.has_plan)
        return RC_OK;
    plans->first = map_new(calc->arena);
    TRY(plan_all_in(calc->op, period.start.days, period.end.days, &plans->list));
    for (size_t i = 0; i < plans->list.len; i++) {
        void **slot = map_put_i64(plans->first, plans->list.at[i].partner_id);
        if (*slot)
            continue;
        size_t *first = NEW(calc->arena, size_t);
        *first = i;
        *slot = first;
    }
    calc->plans = plans;
    return RC_OK;
}

/* ---- finding ---- */

/* 0: it is not about this; else the more it says, the more. */
static int fit(const struct asking *asking, const struct plan *plan)
{
    if (asking->outlet)
        return plan->outlet_id.has && plan->outlet_id.v == asking->outlet->id ? 1 : 0;
    if (plan->outlet_id.has)
        return 0;
    if (!plan->contract_id.has)
        return 1;
    return plan->contract_id.v == asking->contract->result->contract->id ? 2 : 0;
}

/* The plan of the contract before that of the partner, of a shorter period before a longer one. */
static const struct plan *find(const struct asking *asking, struct str metric, struct dec *out_full,
                               struct dec *out_target)
{
    const struct reward__plans *plans = asking->calc->plans;
    int64_t partner_id = asking->contract->result->contract->partner_id;
    const size_t *first = map_get_i64(plans->first, partner_id);
    const struct plan *best = NULL;
    int best_fit = 0;
    struct dec full, target;
    for (size_t i = first ? *first : plans->list.len;
         i < plans->list.len && plans->list.at[i].partner_id == partner_id; i++) {
        const struct plan *plan = &plans->list.at[i];
        int fits = fit(asking, plan);
        if (fits <= best_fit || !str_eq(plan->metric, metric) ||
            !str_eq(plan->kind, str_of(asking->kind)) ||
            !plan_of(plan, &asking->part, &full, &target))
            continue;
        best = plan;
        best_fit = fits;
        *out_full = full;
        *out_target = target;
    }
    return best;
}

/* ---- what was asked for ---- */

static bool is_same(const struct reward__planned *a, const struct reward__planned *b)
{
    return str_eq(a->metric, b->metric) && str_eq(a->kind, b->kind) &&
           str_eq(a->outlet, b->outlet) && str_eq(a->full, b->full) && str_eq(a->target, b->target);
}

static void note(const struct asking *asking, struct str metric, struct dec *full,
                 struct dec *target)
{
    struct arena *arena = asking->calc->arena;
    struct reward__contract *contract = asking->contract;
    struct reward__planned planned = {
        .metric = metric,
        .kind = str_of(asking->kind),
        .outlet = asking->outlet ? asking->outlet->code : STR(""),
        .full = full ? dec_print(asking->calc->scratch, *full) : STR_NONE,
        .target = target ? dec_print(asking->calc->scratch, *target) : STR_NONE};
    for (size_t i = 0; i < contract->planned.len; i++)
        if (is_same(&contract->planned.at[i], &planned))
            return;
    planned.metric = str_dup(arena, metric);
    planned.outlet = str_dup(arena, planned.outlet);
    planned.full = full ? str_dup(arena, planned.full) : STR_NONE;
    planned.target = target ? str_dup(arena, planned.target) : STR_NONE;
    VEC_PUSH(arena, &contract->planned, planned);
}

/* ---- the functions ---- */

static struct feel_value text_or_null(struct str text)
{
    return text.len ? feel_text(text) : feel_null();
}

/* Without a plan all of it is null; `plan share` says that there is none. */
static struct feel_value get(struct feel_run *run, const void *data, const struct feel_value *args,
                             size_t len)
{
    const struct asking *asking = data;
    struct dec full, target;
    (void)len;
    if (args[0].kind != FEEL_STRING)
        return feel_run_warn(run, M("A plan is asked for by the name of its metric."), STR_NONE,
                             STR_NONE);
    const struct plan *plan = find(asking, args[0].text, &full, &target);
    note(asking, args[0].text, plan ? &full : NULL, plan ? &target : NULL);
    const struct reward__entry entries[] = {
        {"target", plan ? feel_number(target) : feel_null()},
        {"full target", plan ? feel_number(full) : feel_null()},
        {"unit", plan ? text_or_null(plan->unit) : feel_null()},
        {"kind", plan ? feel_text(plan->kind) : feel_null()},
        {"profile", plan ? text_or_null(plan->profile) : feel_null()},
        {"outlet", asking->outlet ? feel_text(asking->outlet->code) : feel_null()}};
    return reward__view_context(feel_run_arena(run), entries, LEN(entries));
}

struct feel_value reward__plan_input(struct reward__calc *calc, struct reward__contract *contract,
                                     const struct reward__scheme *scheme,
                                     const struct reward__outlet *outlet)
{
    static const struct feel_field params[] = {{STR_INIT("metric"), NULL}};
    struct reward__active active = reward__active_of(calc, contract, scheme);
    struct period period = calc->ask->period;
    struct reward__entry entries[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        struct asking *asking = NEW(calc->work, struct asking);
        *asking = (struct asking){.calc = calc,
                                  .contract = contract,
                                  .outlet = outlet,
                                  .part = {period.start.days, period.end.days, active.from_day,
                                           active.to_day, active.days},
                                  .kind = kind_words[i]};
        entries[i] = (struct reward__entry){
            function_names[i], feel_host_function(calc->work, str_of(function_names[i]), params,
                                                  LEN(params), NULL, get, asking)};
    }
    return reward__view_context(calc->work, entries, KINDS);
}

void reward__plans_json(struct json_writer *json, const struct reward__contract *contract)
{
    if (contract->planned.len == 0)
        return;
    json_key(json, "plans");
    json_array(json);
    for (size_t i = 0; i < contract->planned.len; i++) {
        const struct reward__planned *planned = &contract->planned.at[i];
        json_object(json);
        json_pair_str(json, "metric", planned->metric);
        json_pair_str(json, "kind", planned->kind);
        json_pair_str(json, "outlet", planned->outlet);
        json_pair_str(json, "full", planned->full);
        json_pair_str(json, "target", planned->target);
        json_object_end(json);
    }
    json_array_end(json);
}
