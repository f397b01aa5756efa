/* Values of outputs become lines and measures. Rounding happens here and nowhere else: the exact
 * decimal is kept beside the amount. A null without a warning is "no reward"; a null with one makes
 * the contract's result incomplete, because it is never silently zero. */
#include "reward/reward_calc.h"

static void add_warning(struct reward__calc *calc, struct reward_result *result,
                        struct reward_warning warning)
{
    enum { WARNINGS_MAX = 100 };
    result->is_incomplete = true;
    for (size_t i = 0; i < result->warnings.len; i++)
        if (result->warnings.at[i].message == warning.message &&
            str_eq(result->warnings.at[i].decision, warning.decision) &&
            str_eq(result->warnings.at[i].args[0], warning.args[0]))
            return; /* said once, at the first event */
    if (result->warnings.len < WARNINGS_MAX)
        VEC_PUSH(calc->arena, &result->warnings, warning);
}

void reward__warn(struct reward__calc *calc, struct reward_result *result,
                  const struct feel_warning *warning, const struct reward__fact *fact)
{
    struct reward_warning kept = {.decision = str_dup(calc->arena, warning->where),
                                  .message = warning->message,
                                  .event_seq = fact ? fact->event_seq : 0};
    for (size_t i = 0; i < LEN(kept.args); i++)
        kept.args[i] = str_dup(calc->arena, warning->args[i]);
    add_warning(calc, result, kept);
}

void reward__warn_text(struct reward__calc *calc, struct reward_result *result, struct str decision,
                       const char *message, struct str arg, int64_t event_seq)
{
    struct reward_warning warning = {.decision = decision,
                                     .message = message,
                                     .args = {str_dup(calc->arena, arg)},
                                     .event_seq = event_seq};
    add_warning(calc, result, warning);
}

struct taking { /* what is the same for all lines of one value */
    struct reward__calc *calc;
    struct reward__contract *contract;
    struct reward__segment *segment;
    const struct scheme_output *output;
    const struct reward__fact *fact;
};

static void refuse(const struct taking *taking, const char *message, struct str arg)
{
    reward__warn_text(taking->calc, taking->contract->result, taking->output->decision, message,
                      arg, taking->fact ? taking->fact->event_seq : 0);
}

static void take_null(const struct taking *taking)
{
    const struct feel_warnings *warnings = &taking->calc->warnings;
    for (size_t i = 0; i < warnings->len; i++)
        reward__warn(taking->calc, taking->contract->result, &warnings->at[i], taking->fact);
}

static bool round_amount(const struct taking *taking, struct dec exact, int64_t *out_minor)
{
    const struct scheme_output *output = taking->output;
    int digits = taking->contract->result->currency->digits;
    struct dec rounded =
        dec_round(exact, output->scale >= 0 ? output->scale : digits, output->rounding);
    return dec_to_scaled(rounded, digits, output->rounding, out_minor);
}

static void add_sum(const struct taking *taking, int64_t amount_minor)
{
    struct reward_result *result = taking->contract->result;
    const struct scheme_output *output = taking->output;
    for (size_t i = 0; i < result->sums.len; i++)
        if (result->sums.at[i].phase == output->phase &&
            str_eq(result->sums.at[i].key, output->key)) {
            result->sums.at[i].amount_minor += amount_minor;
            return;
        }
    VEC_PUSH(taking->calc->arena, &result->sums,
             ((struct reward_sum){output->key, output->phase, amount_minor}));
}

static void add_line(const struct taking *taking, struct dec exact, struct reward_line line)
{
    struct reward_result *result = taking->contract->result;
    if (!round_amount(taking, exact, &line.amount_minor) ||
        __builtin_add_overflow(result->total_minor, line.amount_minor, &result->total_minor)) {
        refuse(taking, M("The amount {0} is too large."), dec_print(taking->calc->scratch, exact));
        return;
    }
    line.output = taking->output;
    line.version_id = taking->segment->scheme_version.id;
    line.event_seq = taking->fact ? taking->fact->event_seq : 0;
    line.occurred_at = taking->fact ? taking->fact->occurred_at : 0;
    line.exact = exact;
    line.derivation_i =
        reward__derive(taking->calc, taking->contract, taking->segment, taking->output);
    VEC_PUSH(taking->calc->work, &taking->contract->details.lines, line);
    result->lines_len++;
    add_sum(taking, line.amount_minor);
}

static bool number_entry(const struct taking *taking, const struct feel_value *context,
                         const char *name, struct dec *out)
{
    struct feel_value value;
    if (!feel_entry(context, str_of(name), taking->calc->scratch, &value) ||
        value.kind != FEEL_NUMBER)
        return false;
    *out = value.number;
    return true;
}

/* tLine: {amount, base, rate, note}; only the amount is needed. */
static void take_context(const struct taking *taking, const struct feel_value *context)
{
    struct reward_line line = {0};
    struct dec amount;
    struct feel_value note;
    if (!number_entry(taking, context, "amount", &amount)) {
        if (taking->calc->warnings.len > 0)
            take_null(taking);
        else
            refuse(taking, M("A line needs its amount as a number."), STR_NONE);
        return;
    }
    line.has_base = number_entry(taking, context, "base", &line.base);
    line.has_rate = number_entry(taking, context, "rate", &line.rate);
    line.note = STR("");
    if (feel_entry(context, STR("note"), taking->calc->scratch, &note) && note.kind == FEEL_STRING)
        line.note = str_dup(taking->calc->work, note.text);
    add_line(taking, amount, line);
}

static void take_line(const struct taking *taking, const struct feel_value *value)
{
    struct reward_line plain = {.note = STR("")};
    switch (value->kind) {
    case FEEL_NULL: take_null(taking); return;
    case FEEL_NUMBER: add_line(taking, value->number, plain); return;
    case FEEL_CONTEXT: take_context(taking, value); return;
    case FEEL_LIST:
        if (taking->fact && value->list.len > 1) {
            refuse(taking, M("One event gave several lines of one key."), STR_NONE);
            return;
        }
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, taking->calc->scratch);
            if (item.kind == FEEL_LIST)
                refuse(taking, M("A line is a number or a context, not a list in a list."),
                       STR_NONE);
            else
                take_line(taking, &item);
        }
        return;
    default:
        refuse(taking, M("A line is a number or a context, not {0}."),
               str_of(feel_kind_name((enum feel_kind)value->kind)));
    }
}

static void take_measure(const struct taking *taking, const struct feel_value *value)
{
    struct reward__calc *calc = taking->calc;
    if (value->kind == FEEL_NULL)
        take_null(taking);
    struct str text = value->kind == FEEL_STRING ? value->text : feel_print(calc->arena, value);
    struct reward_measure measure = {
        .output = taking->output,
        .version_id = taking->segment->scheme_version.id,
        .value = str_dup(calc->arena, text),
        .derivation_i = reward__derive(calc, taking->contract, taking->segment, taking->output)};
    VEC_PUSH(calc->arena, &taking->contract->result->measures, measure);
}

void reward__take(struct reward__calc *calc, struct reward__contract *contract,
                  struct reward__segment *segment, const struct scheme_output *output,
                  const struct reward__fact *fact, const struct feel_value *value)
{
    struct taking taking = {calc, contract, segment, output, fact};
    if (output->kind == SCHEME_MEASURE)
        take_measure(&taking, value);
    else
        take_line(&taking, value);
}
