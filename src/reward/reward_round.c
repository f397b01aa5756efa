/* Phases in rounds over all contracts. The first round takes a contract through phases 1 to 3,
 * those with nobody below them first, so that only one contract's facts and lines are in memory;
 * where nothing comes later it is the only one. Else lines are put away as pending, and further
 * rounds add what is pushed to others, matching, pools and closing, each over results that are
 * finished up to then; the last round makes one result of the parts. */
#include "reward/reward_calc.h"

/* ---- what the schemes in force need ---- */

static void add_features(struct reward__features *features, const struct scheme *scheme)
{
    if (scheme->last_phase > features->last_phase)
        features->last_phase = scheme->last_phase;
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        features->has_push = features->has_push || scheme->outputs[i].is_push;
        features->has_rank = features->has_rank || scheme->outputs[i].scope == SCHEME_RANK;
        features->has_pool = features->has_pool || scheme->outputs[i].scope == SCHEME_POOL;
        features->has_matching =
            features->has_matching || scheme->outputs[i].scope == SCHEME_MATCHING;
    }
    for (size_t i = 0; i < scheme->outputs_len; i++)
        features->has_lines = features->has_lines || scheme->outputs[i].kind == SCHEME_ADJUST;
    features->reads_original = features->reads_original || scheme->reads_original;
    features->reads_attributes = features->reads_attributes || scheme->reads_attributes;
    features->reads_bindings = features->reads_bindings || scheme->reads_bindings;
    features->has_lines = features->has_lines || reward__has_input(scheme, "lines") ||
                          reward__has_input(scheme, "members");
    features->has_metrics = features->has_metrics || reward__has_input(scheme, "metrics");
    features->has_plan = features->has_plan || reward__has_input(scheme, "plan");
}

static enum rc survey_scheme(struct reward__calc *calc, int64_t scheme_id)
{
    struct scheme_versions versions = {0};
    TRY(reward__versions(calc, scheme_id, calc->calculation->span.start_us,
                         calc->calculation->span.end_us, &versions));
    for (size_t i = 0; i < versions.len; i++) {
        const struct scheme *scheme = NULL;
        TRY(reward__model_of(calc, &versions.at[i], &scheme));
        add_features(&calc->features, scheme);
    }
    return RC_OK;
}

enum rc reward__survey(struct reward__calc *calc, const struct contract_terms_list *list)
{
    struct map *seen = map_new(calc->arena);
    for (size_t i = 0; i < list->len; i++)
        for (size_t v = 0; v < list->at[i].versions_len; v++)
            for (size_t k = 0; k < list->at[i].versions[v].schemes_len; k++) {
                int64_t scheme_id = list->at[i].versions[v].schemes[k].scheme_id;
                void **slot = map_put_i64(seen, scheme_id);
                if (*slot)
                    continue;
                *slot = calc;
                TRY(survey_scheme(calc, scheme_id));
            }
    return RC_OK;
}

/* ---- phases 1 to 3 ---- */

static enum rc sum(struct reward__calc *calc, struct reward__contract *contract);

/* The farthest first, so that a chain of ranks is not walked down from its top. */
static enum rc sum_belows(struct reward__calc *calc, const struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++) {
        const struct reward__belows *belows = &contract->schemes.at[i].belows;
        for (size_t k = belows->len; k > 0; k--) {
            const struct reward__indexes *indexes =
                map_get_i64(calc->of_partner, belows->at[k - 1].partner_id);
            for (size_t c = 0; indexes && c < indexes->list.len; c++)
                TRY(sum(calc, &calc->contracts[indexes->list.at[c]]));
        }
    }
    return RC_OK;
}

/* Phases 1 and 2. In trees that run against each other a rank would wait for itself. */
static enum rc sum_now(struct reward__calc *calc, struct reward__contract *contract)
{
    contract->is_summing = true;
    if (reward__has_phase(contract, 2, false))
        TRY(sum_belows(calc, contract));
    TRY(reward__contract_load(calc, contract, true));
    if (contract->is_looped)
        reward__warn_text(calc, contract->result, STR("downline"),
                          M("Ranks in trees that run against each other cannot be computed."),
                          STR_NONE, 0);
    TRY(reward__phase(calc, contract, 1));
    TRY(reward__phase(calc, contract, 2));
    reward__round_rules(calc, contract);
    contract->is_summing = false;
    contract->is_summed = true;
    return RC_OK;
}

static enum rc sum(struct reward__calc *calc, struct reward__contract *contract)
{
    if (contract->is_summing && calc->features.has_rank)
        contract->is_looped = true;
    return contract->is_summed || contract->is_summing ? RC_OK : sum_now(calc, contract);
}

/* Lines that later rounds may look at, or add to. Derivations keep the numbers that they have in
 * the first part; a measure of a later one knows its own until all are together. */
static enum rc put_part(struct reward__calc *calc, struct reward__contract *contract)
{
    const struct reward_result *result = contract->result;
    for (size_t i = contract->measures_put; contract->parts > 0 && i < result->measures.len; i++) {
        struct reward__late late = {
            .measure_i = i,
            .derivation = reward__derivation_kept(
                calc, &contract->details.derivations.at[result->measures.at[i].derivation_i])};
        VEC_PUSH(calc->arena, &contract->late, late);
    }
    contract->parts++;
    contract->measures_put = result->measures.len;
    for (size_t i = 0; i < contract->details.lines.len; i++)
        reward__past_add(calc, contract, &contract->details.lines.at[i]);
    return reward__details_put(calc, calc->pending, result, &contract->details);
}

static void number_late(struct reward__calc *calc, struct reward__contract *contract)
{
    struct reward_details *details = &contract->details;
    for (size_t i = 0; i < contract->late.len; i++) {
        size_t k = 0;
        const struct reward__late *late = &contract->late.at[i];
        while (k < details->derivations.len &&
               !str_eq(details->derivations.at[k].body, late->derivation.body))
            k++;
        if (k == details->derivations.len)
            VEC_PUSH(calc->work, &details->derivations, late->derivation);
        contract->result->measures.at[late->measure_i].derivation_i = k;
    }
}

static bool is_single(const struct reward__features *features)
{
    return features->last_phase <= 3 && !features->has_push && !features->has_back;
}

static enum rc first_round(struct reward__calc *calc, struct reward__contract *contract)
{
    TRY(sum_belows(calc, contract));
    TRY(sum_now(calc, contract));
    TRY(reward__phase(calc, contract, 3));
    reward__round_rules(calc, contract);
    return is_single(&calc->features) ? reward__finish(calc, contract) : put_part(calc, contract);
}

/* ---- later rounds ---- */

static enum rc later_round(struct reward__calc *calc, struct reward__contract *contract, int phase,
                           bool is_push)
{
    if (!reward__has_phase(contract, phase, is_push))
        return RC_OK;
    TRY(reward__contract_load(calc, contract, false));
    TRY(is_push ? reward__phase_push(calc, contract) : reward__phase(calc, contract, phase));
    reward__round_rules(calc, contract);
    return put_part(calc, contract);
}

/* What others gave it is there now, and is taken back where its events were. */
static enum rc back_round(struct reward__calc *calc, struct reward__contract *contract)
{
    if (contract->touched.len == 0)
        return RC_OK;
    TRY(reward__contract_load(calc, contract, false));
    TRY(reward__take_back(calc, contract, true));
    reward__round_rules(calc, contract);
    return put_part(calc, contract);
}

static enum rc last_round(struct reward__calc *calc, struct reward__contract *contract)
{
    arena_reset(calc->work);
    arena_reset(calc->scratch);
    TRY(reward__details_get(calc->op, calc->pending, contract->result - calc->calculation->results,
                            calc->work, &contract->details));
    number_late(calc, contract);
    reward__round_rules(calc, contract); /* lines that came from others too */
    return reward__finish(calc, contract);
}

static void tell(const struct reward__calc *calc, size_t done, size_t total)
{
    if (calc->ask->progress)
        calc->ask->progress(calc->ask->self, (int64_t)done, (int64_t)total);
}

enum rc reward__rounds(struct reward__calc *calc, struct reward__contract **order, size_t len)
{
    const struct reward__features *features = &calc->features;
    for (size_t i = 0; i < len; i++) {
        TRY(first_round(calc, order[i]));
        tell(calc, i + 1, len);
    }
    for (size_t i = 0; features->has_push && i < len; i++)
        TRY(later_round(calc, order[i], 3, true));
    for (size_t i = 0; features->has_back && i < len; i++)
        TRY(back_round(calc, order[i]));
    for (size_t i = 0; features->has_matching && i < len; i++)
        TRY(later_round(calc, order[i], 4, false));
    if (features->has_pool)
        TRY(reward__pools(calc));
    for (size_t i = 0; features->last_phase == 6 && i < len; i++)
        TRY(later_round(calc, order[i], 6, false));
    for (size_t i = 0; !is_single(features) && i < len; i++)
        TRY(last_round(calc, order[i]));
    return RC_OK;
}
