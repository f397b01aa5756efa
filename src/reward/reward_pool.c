/* Pools: once a run for each scheme that has one, over all contracts bound to it. What a pool gives
 * are lines of its members, and corrections of their lines; what goes wrong in it leaves every
 * member incomplete. */
#include "reward/reward_calc.h"

struct pool {
    struct reward__calc *calc;
    VEC(struct reward__contract *) members; /* in order of contract code */
    struct reward__segment segment;         /* the last one in force */
    struct reward__contract desk;           /* stands for a contract while the pool is computed */
    struct reward_result result;
    struct contract_terms terms;
};

static const struct reward__scheme *scheme_of(const struct reward__contract *contract,
                                              int64_t scheme_id)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        if (contract->schemes.at[i].scheme_id == scheme_id &&
            contract->schemes.at[i].segments.len > 0)
            return &contract->schemes.at[i];
    return NULL;
}

struct reward__contract *reward__member(struct reward__calc *calc, struct str code,
                                        int64_t scheme_id)
{
    for (size_t i = 0; i < calc->calculation->results_len; i++) {
        struct reward__contract *contract = &calc->contracts[i];
        if ((str_eq(contract->result->contract->code, code) ||
             str_eq(contract->result->contract->partner_code, code)) &&
            scheme_of(contract, scheme_id))
            return contract;
    }
    return NULL;
}

static struct feel_value member_of(struct pool *pool, const struct reward__contract *contract,
                                   const struct reward__scheme *scheme)
{
    struct reward__calc *calc = pool->calc;
    const struct contract_terms *terms = contract->result->contract;
    const struct reward__entry entries[] = {
        {"key", feel_text(terms->code)},
        {"partner",
         reward__view_partner(&calc->view, map_get_i64(calc->dims.partners, terms->partner_id))},
        {"contract", feel_text(terms->code)},
        {"measures", reward__measures_of_result(calc->work, contract->result)},
        {"lines", reward__lines_own(calc, contract, 5)},
        {"terms", reward__terms_of(calc, calc->work, reward__last_segment(scheme))}};
    return reward__view_context(calc->work, entries, LEN(entries));
}

/* Everybody bound to the scheme; those who are paid in another currency cannot take part. */
static void find_members(struct pool *pool, int64_t scheme_id)
{
    struct reward__calc *calc = pool->calc;
    for (size_t i = 0; i < calc->calculation->results_len; i++) {
        struct reward__contract *contract = &calc->contracts[i];
        const struct reward__scheme *scheme = scheme_of(contract, scheme_id);
        if (!scheme)
            continue;
        const struct reward__segment *last = reward__last_segment(scheme);
        if (!pool->segment.scheme || last->from_at > pool->segment.from_at)
            pool->segment = *last;
        if (!pool->result.currency)
            pool->result.currency = contract->result->currency;
        if (pool->result.currency == contract->result->currency)
            VEC_PUSH(calc->arena, &pool->members, contract);
        else
            reward__warn_text(calc, contract->result, STR("members"),
                              M("A pool is in one currency, not in {0}."),
                              str_of(contract->result->currency->code), 0);
    }
}

static void open_pool(struct pool *pool, int64_t scheme_id)
{
    struct reward__calc *calc = pool->calc;
    struct reward__segment *segment = &pool->segment;
    arena_reset(calc->work);
    arena_reset(calc->scratch);
    pool->desk = (struct reward__contract){.result = &pool->result,
                                           .derivations = map_new(calc->work),
                                           .nothings = map_new(calc->work)};
    pool->terms = (struct contract_terms){.code = STR(""), .partner_code = STR("")};
    pool->result.contract = &pool->terms;
    segment->bound = NULL; /* a pool has the values of the scheme itself */
    segment->whole = segment->item = (struct reward__eval){0};
    struct feel_value *items = NEW_ARRAY(calc->work, struct feel_value, pool->members.len + 1);
    for (size_t i = 0; i < pool->members.len; i++)
        items[i] = member_of(pool, pool->members.at[i], scheme_of(pool->members.at[i], scheme_id));
    segment->terms = reward__terms_of(calc, calc->work, segment);
    reward__eval_bare(calc, segment, &segment->whole);
    reward__set_input(segment, "terms", segment->terms);
    reward__set_input(segment, "period", reward__period_context(calc, calc->ask->period));
    reward__set_input(segment, "members", feel_list(items, pool->members.len));
}

/* Measures and warnings of the pool are those of each member. */
static void hand_out(struct pool *pool)
{
    struct reward__calc *calc = pool->calc;
    const struct reward_result *result = &pool->result;
    for (size_t i = 0; i < pool->members.len; i++) {
        struct reward__contract *member = pool->members.at[i];
        for (size_t k = 0; k < result->warnings.len; k++)
            VEC_PUSH(calc->arena, &member->result->warnings, result->warnings.at[k]);
        member->result->is_incomplete = member->result->is_incomplete || result->is_incomplete;
        for (size_t k = 0; k < result->measures.len; k++) {
            struct reward__late late = {
                .measure_i = member->result->measures.len,
                .derivation = reward__derivation_kept(
                    calc, &pool->desk.details.derivations.at[result->measures.at[k].derivation_i])};
            VEC_PUSH(calc->arena, &member->result->measures, result->measures.at[k]);
            VEC_PUSH(calc->arena, &member->late, late);
        }
        member->measures_put = member->result->measures.len;
    }
}

static bool has_pool(const struct scheme *scheme)
{
    for (size_t k = 0; k < scheme->outputs_len; k++)
        if (scheme->outputs[k].scope == SCHEME_POOL)
            return true;
    return false;
}

static enum rc compute(struct reward__calc *calc, int64_t scheme_id)
{
    struct pool *pool = NEW(calc->arena, struct pool);
    pool->calc = calc;
    find_members(pool, scheme_id);
    if (pool->members.len == 0 || !has_pool(pool->segment.scheme))
        return RC_OK;
    open_pool(pool, scheme_id);
    for (size_t k = 0; k < pool->segment.scheme->outputs_len; k++) {
        struct reward__site site = {.segment = &pool->segment,
                                    .output = &pool->segment.scheme->outputs[k],
                                    .is_pool = true};
        if (site.output->scope == SCHEME_POOL)
            TRY(reward__evaluate(calc, &pool->desk, &site));
    }
    hand_out(pool);
    return RC_OK;
}

enum rc reward__pools(struct reward__calc *calc)
{
    struct map *done = map_new(calc->arena);
    for (size_t i = 0; i < calc->calculation->results_len; i++)
        for (size_t k = 0; k < calc->contracts[i].schemes.len; k++) {
            int64_t scheme_id = calc->contracts[i].schemes.at[k].scheme_id;
            void **slot = map_put_i64(done, scheme_id);
            if (*slot)
                continue;
            *slot = calc;
            TRY(compute(calc, scheme_id));
        }
    return RC_OK;
}
