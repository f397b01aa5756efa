/* Rules that gave nothing. An event of which no rule of the contract made a line, and a rule of the
 * whole period that gave none, are kept with the reason; what came out in the same way is told
 * once, with how often. */
#include "reward/reward_calc.h"

enum { NOTHINGS_MAX = 100 }; /* ways of a result that are told apart */

/* Returns the index of its line. */
static size_t put_nothing(struct reward__calc *calc, struct reward__contract *contract,
                          const struct reward__site *site)
{
    struct reward_details *details = &contract->details;
    bool is_full = map_len(contract->nothings) >= NOTHINGS_MAX;
    size_t derivation_i = 0;
    if (!is_full)
        derivation_i = reward__derive(calc, contract, site->segment, site->output, true);
    void **known = map_put_i64(contract->nothings, is_full ? -1 : (int64_t)derivation_i);
    if (*known) {
        details->lines.at[*(size_t *)*known].times++;
        return *(size_t *)*known;
    }
    if (is_full)
        derivation_i = reward__derive(calc, contract, site->segment, site->output, true);
    size_t *place = NEW(calc->work, size_t);
    *place = details->lines.len;
    *known = place;
    VEC_PUSH(calc->work, &details->lines,
             ((struct reward_line){.output = site->output,
                                   .aside = REWARD_NOTHING,
                                   .key = site->output->key,
                                   .version_id = site->segment->scheme_version.id,
                                   .event_seq = site->fact ? site->fact->event_seq : 0,
                                   .occurred_at = site->fact ? site->fact->occurred_at : 0,
                                   .exact = dec_from_i64(0),
                                   .note = STR(""),
                                   .about = reward__about_of(calc, site),
                                   .recipient = STR(""),
                                   .unit = STR(""),
                                   .times = 1,
                                   .derivation_i = derivation_i}));
    return *place;
}

void reward__nothing(struct reward__calc *calc, struct reward__contract *contract,
                     const struct reward__site *site)
{
    if (site->output->kind != SCHEME_LINE || site->output->is_push || site->is_pool)
        return;
    if (site->fact)
        VEC_PUSH(calc->scratch, &contract->nothings_of_event, site->output);
    else
        (void)put_nothing(calc, contract, site);
}

void reward__event_begins(struct reward__contract *contract)
{
    memset(&contract->nothings_of_event, 0, sizeof(contract->nothings_of_event));
    contract->lines_before_event = contract->details.lines.len;
}

void reward__event_ends(struct reward__calc *calc, struct reward__contract *contract,
                        struct reward__segment *segment, const struct reward__fact *fact)
{
    if (contract->details.lines.len > contract->lines_before_event)
        return;
    for (size_t i = 0; i < contract->nothings_of_event.len; i++) {
        struct reward__site site = {
            .segment = segment, .output = contract->nothings_of_event.at[i], .fact = fact};
        struct reward__unpaid unpaid = {fact, put_nothing(calc, contract, &site)};
        VEC_PUSH(calc->work, &contract->unpaid, unpaid);
    }
}

/* Counts them anew without those that another scheme of the contract paid, or that take back. */
void reward__nothings_close(struct reward__calc *calc, struct reward__contract *contract)
{
    struct reward_details *details = &contract->details;
    struct map *paid = map_new(calc->work);
    if (contract->unpaid.len == 0)
        return;
    for (size_t i = 0; i < details->lines.len; i++)
        if (details->lines.at[i].event_seq && details->lines.at[i].aside != REWARD_NOTHING)
            *map_put_i64(paid, details->lines.at[i].event_seq) = paid;
    for (size_t i = 0; i < contract->unpaid.len; i++)
        details->lines.at[contract->unpaid.at[i].line_i].times = 0;
    for (size_t i = 0; i < contract->unpaid.len; i++) {
        const struct reward__unpaid *unpaid = &contract->unpaid.at[i];
        struct reward_line *line = &details->lines.at[unpaid->line_i];
        if (map_get_i64(paid, unpaid->fact->event_seq))
            continue;
        if (line->times++ == 0) {
            line->event_seq = unpaid->fact->event_seq;
            line->occurred_at = unpaid->fact->occurred_at;
        }
    }
}
