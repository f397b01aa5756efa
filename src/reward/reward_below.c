/* The downline: who hangs below a partner, and what of their phase 1 the upline's scheme sees. Sums
 * by key and measures are all that it can ask for, so nobody's lines are kept for it. */
#include "partner/partner.h"
#include "reward/reward_calc.h"

/* Sums of the partner's lines of phase 1 by key, over its contracts; every key of the scheme that
 * asks is there, so that a partner without sales counts as zero and not as unknown. */
static struct feel_value rewards_of(struct reward__calc *calc, const struct scheme *scheme,
                                    const struct reward__indexes *indexes,
                                    const struct currency *currency)
{
    struct str_list names = {0};
    VEC(int64_t) sums = {0};
    for (size_t k = 0; k < scheme->outputs_len; k++)
        if (scheme->outputs[k].kind == SCHEME_LINE && scheme->outputs[k].phase == 1) {
            VEC_PUSH(calc->work, &names, scheme->outputs[k].key);
            VEC_PUSH(calc->work, &sums, 0);
        }
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        for (size_t i = 0; i < result->sums.len && result->currency == currency; i++) {
            const struct reward_sum *sum = &result->sums.at[i];
            size_t n = 0;
            if (sum->phase != 1)
                continue;
            while (n < names.len && !str_eq(names.at[n], sum->key))
                n++;
            if (n == names.len) {
                VEC_PUSH(calc->work, &names, sum->key);
                VEC_PUSH(calc->work, &sums, 0);
            }
            sums.at[n] += sum->amount_minor;
        }
    }
    struct feel_value *values = NEW_ARRAY(calc->work, struct feel_value, names.len);
    for (size_t i = 0; i < names.len; i++)
        values[i] = reward__view_money(sums.at[i], currency);
    return feel_context(feel_shape(calc->work, names.at, names.len), values);
}

static struct feel_value measure_value(struct arena *arena, struct str text)
{
    struct dec number;
    if (dec_parse(text, &number))
        return feel_number(number);
    struct feel_value temporal = feel_parse_temporal(arena, text);
    return temporal.kind == FEEL_NULL ? feel_text(text) : temporal;
}

static struct feel_value measures_of(struct reward__calc *calc,
                                     const struct reward__indexes *indexes)
{
    VEC(struct str) names = {0};
    VEC(struct feel_value) values = {0};
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        for (size_t i = 0; i < result->measures.len; i++) {
            VEC_PUSH(calc->work, &names, result->measures.at[i].output->key);
            VEC_PUSH(calc->work, &values, measure_value(calc->work, result->measures.at[i].value));
        }
    }
    return feel_context(feel_shape(calc->work, names.at, names.len), values.at);
}

bool reward__asks_upward(const struct reward__scheme *scheme)
{
    if (scheme->segments.len == 0)
        return false;
    const struct scheme *last = scheme->segments.at[scheme->segments.len - 1].scheme;
    for (size_t k = 0; k < last->outputs_len; k++)
        if (last->outputs[k].scope == SCHEME_UPWARD)
            return true;
    return false;
}

enum rc reward__belows_load(struct reward__calc *calc, struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++) {
        struct reward__scheme *scheme = &contract->schemes.at[i];
        if (!reward__asks_upward(scheme))
            continue;
        struct str tree = scheme->segments.at[scheme->segments.len - 1].scheme->tree;
        void **slot = map_put(calc->networks, tree);
        if (!*slot) {
            const struct reward__network *network = NULL;
            TRY(reward__network_load(calc->op, tree, calc->ask->period.end.days - 1, &network));
            memcpy(slot, &network, sizeof(network)); /* maps hold pointers without const */
        }
        arena_reset(calc->scratch);
        reward__network_below(*slot, calc->scratch, contract->result->contract->partner_id,
                              &scheme->belows);
        struct reward__below *kept =
            NEW_ARRAY(calc->arena, struct reward__below, scheme->belows.len);
        if (scheme->belows.len > 0)
            memcpy(kept, scheme->belows.at, scheme->belows.len * sizeof(*kept));
        scheme->belows.at = kept;
        contract->belows_len += scheme->belows.len;
    }
    return RC_OK;
}

struct feel_value reward__downline(struct reward__calc *calc, const struct reward_result *result,
                                   const struct reward__scheme *scheme)
{
    const struct scheme *last = scheme->segments.at[scheme->segments.len - 1].scheme;
    struct feel_value *items = NEW_ARRAY(calc->work, struct feel_value, scheme->belows.len);
    for (size_t i = 0; i < scheme->belows.len; i++) {
        const struct reward__below *below = &scheme->belows.at[i];
        const struct reward__partner *leg = map_get_i64(calc->dims.partners, below->leg_id);
        const struct reward__indexes *indexes = map_get_i64(calc->of_partner, below->partner_id);
        const struct reward__entry entries[] = {
            {"partner", reward__view_partner(&calc->view,
                                             map_get_i64(calc->dims.partners, below->partner_id))},
            {"depth", feel_i64(below->depth)},
            {"leg", feel_text(leg ? leg->code : STR_NONE)},
            {"relation since", feel_date(below->since_day)},
            {"measures", measures_of(calc, indexes)},
            {"rewards", rewards_of(calc, last, indexes, result->currency)}};
        items[i] = reward__view_context(calc->work, entries, LEN(entries));
    }
    return feel_list(items, scheme->belows.len);
}
