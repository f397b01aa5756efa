/* Push: what an event gives to those above its partner. The chain is that of the day of the event;
 * who is paid needs a contract bound to the same scheme then. */
#include "reward/reward_calc.h"

enum { CHAIN_MAX = 200 };

struct reward__contract *reward__recipient(struct reward__calc *calc, struct str code,
                                           int64_t scheme_id, int64_t at)
{
    const struct reward__indexes *indexes = map_get(calc->of_partner_code, code);
    for (size_t i = 0; indexes && i < indexes->list.len; i++) {
        struct reward__contract *contract = &calc->contracts[indexes->list.at[i]];
        for (size_t k = 0; k < contract->schemes.len; k++) {
            const struct reward__scheme *scheme = &contract->schemes.at[k];
            for (size_t n = 0; scheme->scheme_id == scheme_id && n < scheme->segments.len; n++)
                if (at >= scheme->segments.at[n].from_at && at < scheme->segments.at[n].to_at &&
                    !reward__is_suspended(contract, at))
                    return contract;
        }
    }
    return NULL;
}

enum rc reward__send(struct reward__calc *calc, struct reward__contract *to,
                     struct reward_line line, const struct reward_derivation *derivation)
{
    struct reward_derivation kept = *derivation;
    struct reward_details part = {.lines = {.at = &line, .len = 1},
                                  .derivations = {.at = &kept, .len = 1}};
    line.derivation_i = 0;
    reward__past_add(calc, to, &line);
    return reward__details_put(calc, calc->pending, to->result, &part);
}

/* The partner's value of a measure; null without one. */
static struct feel_value measure_of(const struct feel_value *measures, const char *name,
                                    struct arena *arena)
{
    struct feel_value value = feel_null();
    return feel_entry(measures, str_of(name), arena, &value) ? value : feel_null();
}

static struct feel_value terms_of(struct reward__calc *calc, const struct reward__indexes *indexes,
                                  int64_t scheme_id)
{
    for (size_t c = 0; indexes && c < indexes->list.len; c++) {
        const struct reward__contract *contract = &calc->contracts[indexes->list.at[c]];
        for (size_t i = 0; i < contract->schemes.len; i++)
            if (contract->schemes.at[i].scheme_id == scheme_id &&
                contract->schemes.at[i].segments.len > 0)
                return reward__terms_of(calc, calc->scratch,
                                        reward__last_segment(&contract->schemes.at[i]));
    }
    return feel_null();
}

static struct feel_value link_of(struct reward__calc *calc, int64_t partner_id, int64_t level,
                                 int64_t scheme_id)
{
    const struct reward__indexes *indexes = map_get_i64(calc->of_partner, partner_id);
    struct feel_value measures = reward__measures_of(calc, calc->scratch, indexes);
    const struct reward__entry entries[] = {
        {"partner",
         reward__view_partner(&calc->view, map_get_i64(calc->dims.partners, partner_id))},
        {"level", feel_i64(level)},
        {"rank", measure_of(&measures, "rank", calc->scratch)},
        {"qualified", measure_of(&measures, "qualified", calc->scratch)},
        {"measures", measures},
        {"terms", terms_of(calc, indexes, scheme_id)}};
    return reward__view_context(calc->scratch, entries, LEN(entries));
}

enum rc reward__chain(struct reward__calc *calc, const struct reward__contract *contract,
                      const struct reward__segment *segment, const struct reward__fact *fact,
                      struct feel_value *out)
{
    const struct reward__network *network = NULL;
    int64_t partner_id = contract->result->contract->partner_id, level = 0;
    int64_t day = zone_date(calc->view.zone, fact->occurred_at).days;
    struct feel_value *items = NEW_ARRAY(calc->scratch, struct feel_value, CHAIN_MAX);
    TRY(reward__network_of(calc, segment->scheme->tree, day, &network));
    while (level < CHAIN_MAX && (partner_id = reward__network_parent(network, partner_id)) != 0 &&
           partner_id != contract->result->contract->partner_id) {
        items[level] = link_of(calc, partner_id, level + 1, segment->scheme_version.scheme_id);
        level++;
    }
    *out = feel_list(items, (size_t)level);
    return RC_OK;
}
