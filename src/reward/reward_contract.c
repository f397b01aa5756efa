/* One contract: its segments, its facts, and what FEEL sees of it. A decision that does not depend
 * on what is at hand is computed once per segment (dmn_run keeps it), so a million events pay only
 * for what differs. */
#include "reward/reward_calc.h"

/* ---- segments ---- */

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t day_at(const struct reward__calc *calc, int64_t day)
{
    if (day >= CONTRACT_NO_END)
        return INT64_MAX;
    return zone_day_start(calc->view.zone, (struct date){(int32_t)day});
}

static struct reward__scheme *scheme_of(struct reward__calc *calc,
                                        struct reward__contract *contract, int64_t scheme_id)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        if (contract->schemes.at[i].scheme_id == scheme_id)
            return &contract->schemes.at[i];
    VEC_PUSH(calc->arena, &contract->schemes, ((struct reward__scheme){.scheme_id = scheme_id}));
    return &contract->schemes.at[contract->schemes.len - 1];
}

static enum rc add_segments(struct reward__calc *calc, struct reward__contract *contract,
                            const struct contract_version *version,
                            const struct contract_bound *bound, int64_t from_at, int64_t to_at)
{
    struct scheme_versions versions = {0};
    struct reward__scheme *scheme = scheme_of(calc, contract, bound->scheme_id);
    TRY(reward__versions(calc, bound->scheme_id, from_at, to_at, &versions));
    for (size_t i = 0; i < versions.len; i++) {
        struct reward__segment segment = {
            .from_at = max_i64(from_at, versions.at[i].valid_from.v),
            .to_at = i + 1 < versions.len ? versions.at[i + 1].valid_from.v : to_at,
            .contract_version = version,
            .bound = bound,
            .scheme_version = versions.at[i]};
        TRY(reward__model_of(calc, &versions.at[i], &segment.scheme));
        VEC_PUSH(calc->arena, &scheme->segments, segment);
    }
    if (versions.len == 0)
        reward__warn_text(calc, contract->result, bound->scheme_code,
                          M("No version of the scheme {0} is in force."), bound->scheme_code, 0);
    return RC_OK;
}

static enum rc find_segments(struct reward__calc *calc, struct reward__contract *contract)
{
    const struct contract_terms *terms = contract->result->contract;
    for (size_t i = 0; i < terms->versions_len; i++) {
        const struct contract_version *version = &terms->versions[i];
        int64_t from_at = max_i64(day_at(calc, version->from_day), contract->active_from_at);
        int64_t to_at = min_i64(day_at(calc, version->to_day), contract->active_to_at);
        if (from_at >= to_at)
            continue;
        contract->result->version = version;
        contract->result->currency = version->currency;
        for (size_t k = 0; k < version->schemes_len; k++)
            TRY(add_segments(calc, contract, version, &version->schemes[k], from_at, to_at));
    }
    return RC_OK;
}

/* ---- what FEEL sees ---- */

struct feel_value reward__term_value(struct arena *arena, const struct scheme_attribute *attribute,
                                     struct str text)
{
    struct dec number;
    if (str_eq(attribute->type, STR("number")))
        return dec_parse(text, &number) ? feel_number(number) : feel_null();
    if (str_eq(attribute->type, STR("boolean")))
        return feel_bool(str_eq(text, STR("true")));
    if (str_eq(attribute->type, STR("date")))
        return feel_parse_temporal(arena, text);
    return feel_text(text);
}

struct feel_value reward__terms_of(struct reward__calc *calc, struct arena *arena,
                                   const struct reward__segment *segment)
{
    const struct scheme *scheme = segment->scheme;
    struct str *names = NEW_ARRAY(arena, struct str, scheme->attributes_len);
    struct feel_value *values = NEW_ARRAY(arena, struct feel_value, scheme->attributes_len);
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &scheme->attributes[i];
        names[i] = attribute->name;
        values[i] =
            reward__term_value(arena, attribute, reward__term_text(calc, segment, attribute));
    }
    return feel_context(feel_shape(arena, names, scheme->attributes_len), values);
}

static struct feel_value contract_context(struct reward__calc *calc,
                                          const struct reward_result *result)
{
    const struct contract_terms *contract = result->contract;
    const struct reward__entry entries[] = {
        {"code", feel_text(contract->code)},
        {"start", feel_date(contract->from_day)},
        {"end", contract->to_day >= CONTRACT_NO_END ? feel_null() : feel_date(contract->to_day)},
        {"currency", feel_text(str_of(result->currency->code))},
        {"vat", feel_text(result->version->vat_mode)},
        {"nature", feel_text(contract->nature)}};
    return reward__view_context(calc->work, entries, LEN(entries));
}

struct feel_value reward__period_context(struct reward__calc *calc, struct period period)
{
    struct ymd start = date_ymd(period.start);
    const struct reward__entry entries[] = {
        {"start", feel_date(period.start.days)},
        {"end", feel_date(period.end.days)},
        {"days", feel_i64(period.end.days - period.start.days)},
        {"months", feel_i64(date_months_between(period.start, period.end))},
        {"name", feel_text(period_print(calc->work, period))},
        {"year", feel_i64(start.year)},
        {"year index", feel_i64(start.month)}};
    return reward__view_context(calc->work, entries, LEN(entries));
}

bool reward__has_input(const struct scheme *scheme, const char *name)
{
    return dmn_find(scheme->model, DMN_INPUT, str_of(name)) != NULL;
}

void reward__set_input(const struct reward__segment *segment, const char *name,
                       struct feel_value value)
{
    const struct dmn_element *input = dmn_find(segment->scheme->model, DMN_INPUT, str_of(name));
    if (input)
        dmn_run_put(segment->eval->run, input, value);
}

struct reward__segment *reward__last_segment(const struct reward__scheme *scheme)
{
    return scheme->segments.len ? &scheme->segments.at[scheme->segments.len - 1] : NULL;
}

/* What is at hand changes often: of the whole contract its events, else the one item. */
static void declare_passing(struct reward__calc *calc, struct reward__segment *segment,
                            struct reward__eval *eval)
{
    static const char *const of_events[] = {"event", "running", "chain", NULL};
    static const char *const of_items[] = {"sales", "outlet", "customer", "plan", "metrics", NULL};
    const struct dmn_model *model = segment->scheme->model;
    bool *is_passing = NEW_ARRAY(calc->work, bool, model->elements_len + 1);
    for (const char *const *name = eval == &segment->item ? of_items : of_events; *name; name++) {
        const struct dmn_element *input = dmn_find(model, DMN_INPUT, str_of(*name));
        if (!input)
            continue;
        dmn_run_passing(eval->run, input);
        for (size_t i = 0; i < model->elements_len; i++)
            if (dmn_depends(model, model->elements[i], input))
                is_passing[model->elements[i]->index] = true;
    }
    eval->is_passing = is_passing;
}

void reward__eval_bare(struct reward__calc *calc, struct reward__segment *segment,
                       struct reward__eval *eval)
{
    segment->eval = eval;
    eval->run = dmn_run_new(segment->scheme->model, &calc->env, calc->work, calc->scratch);
    dmn_run_watch(eval->run, &calc->warnings, &calc->trace);
    declare_passing(calc, segment, eval);
}

void reward__eval_open(struct reward__calc *calc, struct reward__contract *contract,
                       const struct reward__scheme *scheme, struct reward__segment *segment,
                       struct reward__eval *eval)
{
    const struct scheme *file = segment->scheme;
    const struct reward_result *result = contract->result;
    segment->eval = eval;
    if (eval->run)
        return;
    reward__eval_bare(calc, segment, eval);
    segment->terms = reward__terms_of(calc, calc->work, segment);
    reward__set_input(segment, "sales", scheme->sales);
    reward__set_input(segment, "terms", segment->terms);
    reward__set_input(segment, "contract", contract_context(calc, result));
    reward__set_input(segment, "period", reward__period_context(calc, calc->ask->period));
    reward__set_input(segment, "active", reward__active_context(calc, contract, scheme));
    reward__set_input(segment, "partner",
                      reward__view_partner(&calc->view, map_get_i64(calc->dims.partners,
                                                                    result->contract->partner_id)));
    if (reward__has_input(file, "metrics"))
        reward__set_input(segment, "metrics",
                          reward__metrics_input(calc, contract, file, NULL, NULL));
    if (reward__has_input(file, "plan"))
        reward__set_input(segment, "plan", reward__plan_input(calc, contract, scheme, NULL));
    if (reward__has_input(file, "previous"))
        reward__set_input(segment, "previous", reward__previous(calc, contract));
    if (reward__has_input(file, "carried"))
        reward__set_input(segment, "carried", reward__carried(calc, contract, scheme));
}

/* ---- facts of the contract ---- */

bool reward__is_suspended(const struct reward__contract *contract, int64_t at)
{
    for (size_t i = 0; i < contract->suspended.len; i++)
        if (at >= contract->suspended.at[i].from_at && at < contract->suspended.at[i].to_at)
            return true;
    return false;
}

static bool is_counted(const struct reward__contract *contract, int64_t at)
{
    return at >= contract->active_from_at && at < contract->active_to_at &&
           !reward__is_suspended(contract, at);
}

static void choose_facts(struct reward__calc *calc, struct reward__contract *contract,
                         struct reward__scheme *scheme, const struct reward__sales *sales)
{
    int64_t from_at = scheme->segments.at[0].from_at;
    int64_t to_at = scheme->segments.at[scheme->segments.len - 1].to_at;
    const struct scheme *file = reward__last_segment(scheme)->scheme;
    scheme->facts = NEW_ARRAY(calc->work, const struct reward__fact *, sales->len);
    scheme->facts_len = 0;
    for (size_t i = 0; i < sales->len; i++) {
        const struct reward__fact *fact = &sales->at[i];
        if (fact->occurred_at < from_at || fact->occurred_at >= to_at ||
            reward__is_suspended(contract, fact->occurred_at))
            continue;
        fact = reward__fact_in(calc, contract, file, fact);
        if (fact)
            scheme->facts[scheme->facts_len++] = fact;
    }
    scheme->sales = reward__view_sales(&calc->view, scheme->facts, scheme->facts_len);
}

static bool is_bound_at(const struct reward__contract *contract, int64_t at)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++) {
            const struct reward__segment *segment = &contract->schemes.at[i].segments.at[k];
            if (at >= segment->from_at && at < segment->to_at)
                return true;
        }
    return false;
}

/* A partner with several roles in an event has sold it once. */
static int64_t sold_minor(const struct reward_result *result, const struct reward__sales *sales,
                          size_t i)
{
    const struct reward__fact *fact = &sales->at[i];
    bool is_again = i > 0 && sales->at[i - 1].event_seq == fact->event_seq;
    bool is_sale = fact->type == EVENT_SALE || fact->type == EVENT_ORDER;
    bool is_back =
        fact->type == EVENT_REFUND || fact->type == EVENT_RETURN || fact->type == EVENT_CHARGEBACK;
    if (is_again || (!is_sale && !is_back) || fact->currency != result->currency)
        return 0;
    return is_back && fact->part_net_minor > 0 ? -fact->part_net_minor : fact->part_net_minor;
}

static void count_events(struct reward__contract *contract, const struct reward__sales *sales)
{
    struct reward_result *result = contract->result;
    result->events = 0;
    result->sales_minor = 0;
    result->uncounted = (struct reward_uncounted){.voided = sales->voided};
    for (size_t i = 0; i < sales->len; i++) {
        int64_t at = sales->at[i].occurred_at;
        if (is_counted(contract, at)) {
            result->events++;
            result->sales_minor += sold_minor(result, sales, i);
            result->uncounted.unbound += is_bound_at(contract, at) ? 0 : 1;
        } else if (reward__is_suspended(contract, at)) {
            result->uncounted.suspended++;
        } else {
            result->uncounted.outside++;
        }
    }
}

static void find_suspensions(struct reward__calc *calc, struct reward__contract *contract)
{
    const struct contract_terms *terms = contract->result->contract;
    for (size_t i = 0; i < terms->suspensions_len; i++) {
        struct reward__span span = {
            max_i64(day_at(calc, terms->suspensions[i].from_day), contract->active_from_at),
            min_i64(day_at(calc, terms->suspensions[i].to_day), contract->active_to_at)};
        if (span.from_at < span.to_at)
            VEC_PUSH(calc->arena, &contract->suspended, span);
    }
}

enum rc reward__contract_open(struct reward__calc *calc, struct reward__contract *contract)
{
    const struct contract_terms *terms = contract->result->contract;
    contract->active_from_at =
        max_i64(day_at(calc, terms->from_day), calc->calculation->span.start_us);
    contract->active_to_at = min_i64(day_at(calc, terms->to_day), calc->calculation->span.end_us);
    contract->result->version = &terms->versions[terms->versions_len - 1];
    contract->result->currency = contract->result->version->currency;
    find_suspensions(calc, contract);
    TRY(find_segments(calc, contract));
    contract->result->due_day = calc->ask->period.end.days + contract->result->version->due_days;
    contract->warnings_opened = contract->result->warnings.len;
    return RC_OK;
}

/* What computing it gave: it may be computed twice, once as somebody's downline. */
static void forget(struct reward__contract *contract)
{
    struct reward_result *result = contract->result;
    result->total_minor = result->lines_len = 0;
    result->sums.len = result->measures.len = result->carries.len = 0;
    result->warnings.len = contract->warnings_opened;
    result->is_incomplete = contract->warnings_opened > 0;
    contract->past.len = 0;
    contract->generation++;
    contract->planned.len = contract->exchanges.len = 0;
    for (size_t i = 0; i < contract->schemes.len; i++)
        contract->schemes.at[i].verdicts.len = contract->schemes.at[i].dues.len = 0;
    contract->below_sha = STR_NONE;
}

/* Of the partner and of all that the facts name: another after one of them was edited. */
static uint64_t records_mark(struct reward__calc *calc, const struct reward__contract *contract,
                             const struct reward__sales *sales)
{
    const struct reward__partner *partner =
        map_get_i64(calc->dims.partners, contract->result->contract->partner_id);
    uint64_t mark = reward__traits_mark(calc->dims.traits) + (partner ? partner->mark : 0);
    for (size_t i = 0; i < sales->len; i++) {
        const struct reward__fact *fact = &sales->at[i];
        const uint64_t parts[] = {fact->product ? fact->product->mark : 0,
                                  fact->customer ? fact->customer->mark : 0,
                                  fact->outlet ? fact->outlet->mark : 0};
        for (size_t k = 0; k < LEN(parts); k++)
            mark = (mark ^ parts[k]) * 0x9e3779b97f4a7c15 + (mark >> 29);
    }
    return mark;
}

enum rc reward__contract_load(struct reward__calc *calc, struct reward__contract *contract,
                              bool is_anew)
{
    struct reward__sales sales;
    arena_reset(calc->work);
    arena_reset(calc->scratch);
    if (is_anew)
        forget(contract);
    contract->details = (struct reward_details){0};
    contract->derivations = map_new(calc->work);
    contract->nothings = map_new(calc->work);
    memset(&contract->unpaid, 0, sizeof(contract->unpaid));
    TRY(reward__facts_of(calc->op, &calc->facts, contract->result->contract->partner_id, calc->work,
                         &sales));
    count_events(contract, &sales);
    contract->records = records_mark(calc, contract, &sales);
    TRY(reward__before_load(calc, contract));
    TRY(reward__metrics_load(calc, contract));
    for (size_t i = 0; i < contract->schemes.len; i++) {
        struct reward__scheme *scheme = &contract->schemes.at[i];
        for (size_t k = 0; k < scheme->segments.len; k++)
            scheme->segments.at[k].whole = scheme->segments.at[k].item = (struct reward__eval){0};
        if (scheme->segments.len > 0)
            choose_facts(calc, contract, scheme, &sales);
    }
    return RC_OK;
}
