/* Lines and derivations of a result, put away when its contract is done and read back when they are
 * stored: those of a large run do not fit into memory together. */
#include "reward/reward_calc.h"

enum rc reward__details_put(struct reward__calc *calc, const struct reward__contract *contract)
{
    const struct reward_details *details = &contract->details;
    struct reward__spill *spill = calc->calculation->details;
    int64_t key = contract->result - calc->calculation->results;
    const size_t counts[] = {details->lines.len, details->derivations.len};
    TRY(reward__spill_put(calc->op, spill, key,
                          (struct str){(const char *)counts, sizeof(counts)}));
    for (size_t i = 0; i < details->lines.len; i++) {
        const struct reward_line *line = &details->lines.at[i];
        TRY(reward__spill_put(calc->op, spill, key,
                              (struct str){(const char *)line, sizeof(*line)}));
        TRY(reward__spill_put(calc->op, spill, key, line->note));
    }
    for (size_t i = 0; i < details->derivations.len; i++) {
        const struct reward_derivation *derivation = &details->derivations.at[i];
        TRY(reward__spill_put(calc->op, spill, key,
                              (struct str){(const char *)derivation, sizeof(*derivation)}));
        TRY(reward__spill_put(calc->op, spill, key, derivation->body));
    }
    return RC_OK;
}

/* What was put away is a struct followed by the one text of its own that it has. */
static const char *take(const char **at, void *out, size_t bytes)
{
    memcpy(out, *at, bytes);
    return *at += bytes;
}

enum rc reward_details_of(struct op *op, const struct reward_calculation *calculation,
                          const struct reward_result *result, struct reward_details *out)
{
    struct str bytes;
    size_t counts[2] = {0, 0};
    struct reward_details details = {0};
    int64_t key = result - calculation->all_results;
    TRY(reward__spill_get(op, calculation->details, key, op->arena, &bytes));
    if (bytes.len == 0) { /* not computed: nobody asked for it */
        *out = details;
        return RC_OK;
    }
    const char *at = bytes.at;
    (void)take(&at, counts, sizeof(counts));
    details.lines.at = NEW_ARRAY(op->arena, struct reward_line, counts[0]);
    details.derivations.at = NEW_ARRAY(op->arena, struct reward_derivation, counts[1]);
    for (; details.lines.len < counts[0]; details.lines.len++) {
        struct reward_line *line = &details.lines.at[details.lines.len];
        line->note.at = take(&at, line, sizeof(*line));
        at += line->note.len;
    }
    for (; details.derivations.len < counts[1]; details.derivations.len++) {
        struct reward_derivation *derivation = &details.derivations.at[details.derivations.len];
        derivation->body.at = take(&at, derivation, sizeof(*derivation));
        at += derivation->body.len;
    }
    assert(at == bytes.at + bytes.len);
    *out = details;
    return RC_OK;
}

void reward_calculation_cleanup(const struct reward_calculation **calculation)
{
    if (*calculation)
        reward__spill_done((*calculation)->details);
}
