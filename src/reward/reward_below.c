/* The downline: who hangs below a partner, and what of their phases 1 and 2 the upline's scheme
 * sees. Sums by key and measures are all that it can ask for, so nobody's lines are kept for it. */
#include "partner/partner.h"
#include "reward/reward_calc.h"

/* Sums of the partner's lines of phases 1 and 2 by key, over its contracts; every key of the scheme
 * that asks is there, so that a partner without sales counts as zero and not as unknown. */
static struct feel_value rewards_of(struct reward__calc *calc, const struct scheme *scheme,
                                    const struct reward__indexes *indexes,
                                    const struct currency *currency)
{
    struct str_list names = {0};
    VEC(int64_t) sums = {0};
    for (size_t k = 0; k < scheme->outputs_len; k++)
        if (scheme->outputs[k].kind == SCHEME_LINE && scheme->outputs[k].phase <= 2) {
            VEC_PUSH(calc->work, &names, scheme->outputs[k].key);
            VEC_PUSH(calc->work, &sums, 0);
        }
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        for (size_t i = 0; i < result->sums.len && result->currency == currency; i++) {
            const struct reward_sum *sum = &result->sums.at[i];
            size_t n = 0;
            if (sum->phase > 2)
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

struct feel_value reward__measure_value(struct arena *arena, struct str text)
{
    struct dec number;
    struct feel_expr expr;
    struct feel_value value;
    if (dec_parse(text, &number))
        return feel_number(number);
    if (str_eq(text, STR("true")) || str_eq(text, STR("false")))
        return feel_bool(str_eq(text, STR("true")));
    if ((str_starts(text, STR("{")) || str_starts(text, STR("["))) &&
        feel_compile(arena, text, NULL, 0, FEEL_STANDARD, NULL, &expr) == RC_OK &&
        feel_eval(&expr, &(struct feel_env){0}, arena, NULL, NULL, &value) == RC_OK &&
        value.kind != FEEL_NULL)
        return value;
    value = feel_parse_temporal(arena, text);
    return value.kind == FEEL_NULL ? feel_text(text) : value;
}

struct feel_value reward__measures_of_result(struct arena *arena,
                                             const struct reward_result *result)
{
    struct reward__entry *entries =
        NEW_ARRAY(arena, struct reward__entry, result->measures.len + 1);
    for (size_t i = 0; i < result->measures.len; i++)
        entries[i] =
            (struct reward__entry){str_c(arena, result->measures.at[i].output->key),
                                   reward__measure_value(arena, result->measures.at[i].value)};
    return reward__view_context(arena, entries, result->measures.len);
}

struct feel_value reward__measures_of(struct reward__calc *calc, struct arena *arena,
                                      const struct reward__indexes *indexes)
{
    VEC(struct str) names = {0};
    VEC(struct feel_value) values = {0};
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        for (size_t i = 0; i < result->measures.len; i++) {
            VEC_PUSH(arena, &names, result->measures.at[i].output->key);
            VEC_PUSH(arena, &values, reward__measure_value(arena, result->measures.at[i].value));
        }
    }
    return feel_context(feel_shape(arena, names.at, names.len), values.at);
}

bool reward__asks_network(const struct reward__scheme *scheme)
{
    const struct reward__segment *segment = reward__last_segment(scheme);
    if (!segment)
        return false;
    const struct scheme *last = segment->scheme;
    for (size_t k = 0; k < last->outputs_len; k++)
        if (!last->outputs[k].is_push &&
            (last->outputs[k].scope == SCHEME_RANK || last->outputs[k].scope == SCHEME_UPWARD ||
             last->outputs[k].scope == SCHEME_MATCHING))
            return true;
    return reward__has_input(last, "downline") || reward__has_input(last, "legs");
}

/* The tree as on a day, read once. */
enum rc reward__network_of(struct reward__calc *calc, struct str tree, int64_t day,
                           const struct reward__network **out)
{
    struct str key = str_printf(calc->scratch, STR_FMT " %lld", STR_ARG(tree), (long long)day);
    *out = map_get(calc->networks, key);
    if (*out)
        return RC_OK;
    TRY(reward__network_load(calc->op, tree, day, out));
    void **slot = map_put(calc->networks, str_dup(calc->arena, key));
    memcpy(slot, out, sizeof(*out)); /* maps hold pointers without const */
    return RC_OK;
}

enum rc reward__belows_load(struct reward__calc *calc, struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++) {
        struct reward__scheme *scheme = &contract->schemes.at[i];
        if (!reward__asks_network(scheme))
            continue;
        struct str tree = scheme->segments.at[scheme->segments.len - 1].scheme->tree;
        const struct reward__network *network = NULL;
        TRY(reward__network_of(calc, tree, calc->ask->period.end.days - 1, &network));
        arena_reset(calc->scratch);
        reward__network_below(network, calc->scratch, contract->result->contract->partner_id,
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

/* What the scheme's measure "qualified" says; null without one. */
static struct feel_value qualified_of(struct reward__calc *calc,
                                      const struct reward__indexes *indexes)
{
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        for (size_t i = 0; i < result->measures.len; i++)
            if (str_eq(result->measures.at[i].output->key, STR("qualified")))
                return feel_bool(str_eq(result->measures.at[i].value, STR("true")));
    }
    return feel_null();
}

struct feel_value reward__downline(struct reward__calc *calc, const struct reward_result *result,
                                   const struct reward__scheme *scheme)
{
    const struct scheme *last = reward__last_segment(scheme)->scheme;
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
            {"measures", reward__measures_of(calc, calc->work, indexes)},
            {"rewards", rewards_of(calc, last, indexes, result->currency)},
            {"qualified", qualified_of(calc, indexes)}};
        /* what ranks nobody has nobody qualified, and stays as it always was */
        size_t len = LEN(entries) - (calc->features.has_rank ? 0 : 1);
        items[i] = reward__view_context(calc->work, entries, len);
    }
    return feel_list(items, scheme->belows.len);
}

/* ---- legs: the direct children with what their subtrees sum to ---- */

struct leg_sums {
    struct str_list names;
    VEC(struct dec) sums;
};

static void leg_add(struct reward__calc *calc, struct leg_sums *leg, struct str name,
                    struct dec value)
{
    for (size_t i = 0; i < leg->names.len; i++)
        if (str_eq(leg->names.at[i], name)) {
            leg->sums.at[i] = dec_add(leg->sums.at[i], value);
            return;
        }
    VEC_PUSH(calc->work, &leg->names, name);
    VEC_PUSH(calc->work, &leg->sums, value);
}

static struct feel_value leg_context(struct reward__calc *calc, const struct leg_sums *leg)
{
    struct feel_value *values = NEW_ARRAY(calc->work, struct feel_value, leg->names.len);
    for (size_t i = 0; i < leg->names.len; i++)
        values[i] = feel_number(leg->sums.at[i]);
    return feel_context(feel_shape(calc->work, leg->names.at, leg->names.len), values);
}

/* Only measures that are numbers can be summed. */
static void leg_add_partner(struct reward__calc *calc, int64_t partner_id,
                            const struct currency *currency, struct leg_sums *measures,
                            struct leg_sums *rewards)
{
    const struct reward__indexes *indexes = map_get_i64(calc->of_partner, partner_id);
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward_result *result = &calc->calculation->results[indexes->list.at[c]];
        struct dec number;
        for (size_t i = 0; i < result->measures.len; i++)
            if (dec_parse(result->measures.at[i].value, &number))
                leg_add(calc, measures, result->measures.at[i].output->key, number);
        for (size_t i = 0; i < result->sums.len && result->currency == currency; i++)
            if (result->sums.at[i].phase <= 2)
                leg_add(calc, rewards, result->sums.at[i].key,
                        dec_from_scaled(result->sums.at[i].amount_minor, currency->digits));
    }
}

struct feel_value reward__legs(struct reward__calc *calc, const struct reward_result *result,
                               const struct reward__scheme *scheme)
{
    const struct reward__belows *belows = &scheme->belows;
    struct feel_value *items = NEW_ARRAY(calc->work, struct feel_value, belows->len);
    size_t len = 0;
    for (size_t i = 0; i < belows->len && belows->at[i].depth == 1; i++) {
        struct leg_sums measures = {0}, rewards = {0};
        int64_t partners = 0, leg_id = belows->at[i].partner_id;
        for (size_t k = 0; k < belows->len; k++)
            if (belows->at[k].leg_id == leg_id) {
                partners++;
                leg_add_partner(calc, belows->at[k].partner_id, result->currency, &measures,
                                &rewards);
            }
        const struct reward__indexes *indexes = map_get_i64(calc->of_partner, leg_id);
        const struct reward__entry entries[] = {
            {"partner",
             reward__view_partner(&calc->view, map_get_i64(calc->dims.partners, leg_id))},
            {"partners", feel_i64(partners)},
            {"qualified", qualified_of(calc, indexes)},
            {"measures", leg_context(calc, &measures)},
            {"rewards", leg_context(calc, &rewards)}};
        items[len++] = reward__view_context(calc->work, entries, LEN(entries));
    }
    return feel_list(items, len);
}
