/* Coarser rounding: the exact amounts of a rule, or of a recipient, are summed and rounded once;
 * the difference to what the lines were rounded to goes to the last of them, and is never lost. */
#include "reward/reward_calc.h"

struct level_sum {
    const struct scheme_output *output; /* of the last line */
    struct dec exact;
    int64_t amount_minor;
    size_t last; /* line */
};

static void settle(struct reward__calc *calc, struct reward__contract *contract,
                   const struct level_sum *sum)
{
    struct reward_result *result = contract->result;
    struct reward_line *line = &contract->details.lines.at[sum->last];
    const struct scheme_output *output = sum->output;
    int digits = result->currency->digits;
    struct dec rounded =
        dec_round(sum->exact, output->scale >= 0 ? output->scale : digits, output->rounding);
    int64_t whole = 0;
    if (!dec_to_scaled(rounded, digits, output->rounding, &whole)) {
        reward__warn_text(calc, result, output->decision, M("The amount {0} is too large."),
                          dec_print(calc->scratch, sum->exact), 0);
        return;
    }
    int64_t difference = whole - sum->amount_minor;
    if (difference == 0)
        return;
    line->amount_minor += difference;
    result->total_minor += difference;
    reward__sum_add(calc, result, line->output, difference);
}

static void add(struct level_sum *sum, const struct reward_line *line, size_t i)
{
    if (!sum->output)
        sum->exact = dec_from_i64(0);
    sum->output = line->output;
    sum->exact = dec_add(sum->exact, line->exact);
    sum->amount_minor += line->amount_minor;
    sum->last = i;
}

void reward__round_rules(struct reward__calc *calc, struct reward__contract *contract)
{
    struct map *rules = NULL;
    VEC(struct level_sum *) sums = {0};
    for (size_t i = 0; i < contract->details.lines.len; i++) {
        const struct reward_line *line = &contract->details.lines.at[i];
        if (line->output->level != SCHEME_PER_RULE || line->aside)
            continue;
        rules = rules ? rules : map_new(calc->work);
        void **slot = map_put(rules, line->output->key);
        if (!*slot) {
            *slot = NEW(calc->work, struct level_sum);
            VEC_PUSH(calc->work, &sums, (struct level_sum *)*slot);
        }
        add(*slot, line, i);
    }
    for (size_t i = 0; i < sums.len; i++)
        settle(calc, contract, sums.at[i]);
}

void reward__round_recipient(struct reward__calc *calc, struct reward__contract *contract)
{
    struct level_sum sum = {0};
    for (size_t i = 0; i < contract->details.lines.len; i++)
        if (contract->details.lines.at[i].output->level == SCHEME_PER_RECIPIENT &&
            !contract->details.lines.at[i].aside)
            add(&sum, &contract->details.lines.at[i], i);
    if (sum.output)
        settle(calc, contract, &sum);
}
