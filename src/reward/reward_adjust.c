/* Corrections: a pool or a closing says what of earlier lines is to be more or less. The line stays
 * as it was computed; the difference is a line of its own, with its reason. */
#include "reward/reward_calc.h"

struct adjusting {
    struct reward__calc *calc;
    struct reward__contract *contract; /* where it is computed */
    const struct reward__site *site;
    const struct feel_value *item;
};

static void refuse(const struct adjusting *a, const char *message, struct str arg)
{
    reward__warn_text(a->calc, a->contract->result, a->site->output->decision, message, arg, 0);
}

static bool entry_of(const struct adjusting *a, const char *name, struct feel_value *out)
{
    return feel_entry(a->item, str_of(name), a->calc->scratch, out) && out->kind != FEEL_NULL;
}

struct target {
    struct reward__contract *contract;
    const struct reward__past *line; /* NULL: all lines of the key */
    struct str key;
};

/* "R-1#12": the contract and the number of the line in it. */
static bool find_line(const struct adjusting *a, struct str id, struct target *out)
{
    struct str rest = id, code = STR("");
    int64_t number = 0;
    for (size_t at = id.len; at > 0; at--)
        if (id.at[at - 1] == '#') {
            code = str_sub(id, 0, at - 1);
            rest = str_sub(id, at, SIZE_MAX);
            break;
        }
    if (!str_to_i64(rest, &number))
        return false;
    if (!a->site->is_pool && str_eq(a->contract->result->contract->code, code))
        out->contract = a->contract;
    else if (a->site->is_pool)
        out->contract = reward__member(a->calc, code, a->site->segment->scheme_version.scheme_id);
    for (size_t i = 0; out->contract && i < out->contract->past.len; i++)
        if (out->contract->past.at[i].number == number)
            out->line = &out->contract->past.at[i];
    return out->line != NULL;
}

static bool find_target(const struct adjusting *a, struct target *out)
{
    struct feel_value value;
    *out = (struct target){0};
    if (entry_of(a, "line", &value)) {
        if (value.kind == FEEL_CONTEXT)
            (void)feel_entry(&value, STR("id"), a->calc->scratch, &value);
        struct str id = reward__code_of(a->calc->scratch, &value);
        bool is_found = id.at && find_line(a, id, out);
        if (!is_found)
            refuse(a, M("There is no line {0} to correct."), id.at ? id : STR(""));
        return is_found;
    }
    if (!entry_of(a, "key", &value) || value.kind != FEEL_STRING) {
        refuse(a, M("A correction names a line or a key."), STR_NONE);
        return false;
    }
    out->key = value.text;
    out->contract = a->contract;
    if (!a->site->is_pool)
        return true;
    struct str code =
        entry_of(a, "member", &value) ? reward__code_of(a->calc->scratch, &value) : STR_NONE;
    out->contract = reward__member(a->calc, code.at ? code : STR(""),
                                   a->site->segment->scheme_version.scheme_id);
    if (!out->contract)
        refuse(a, M("A correction of a pool names its member, not {0}."), code.at ? code : STR(""));
    return out->contract != NULL;
}

/* Of a key also its items: "bonus" and "bonus:O-1". */
static bool is_of_key(struct str line, struct str key)
{
    return str_eq(line, key) ||
           (str_starts(line, key) && line.len > key.len && line.at[key.len] == ':');
}

static struct dec sum_of(const struct adjusting *a, const struct target *target)
{
    int64_t minor = target->line ? target->line->amount_minor : 0;
    const struct reward__contract *contract = target->contract;
    for (size_t i = 0; !target->line && i < contract->past.len; i++)
        if (contract->past.at[i].phase < a->site->output->phase &&
            is_of_key(contract->past.at[i].key, target->key))
            minor += contract->past.at[i].amount_minor;
    return dec_from_scaled(minor, contract->result->currency->digits);
}

static void take_one(const struct adjusting *a)
{
    struct target target;
    struct feel_value value;
    struct reward_line line = {.note = STR("")};
    if (!find_target(a, &target))
        return;
    if (entry_of(a, "amount", &value) && value.kind == FEEL_NUMBER) {
        line.exact = value.number;
    } else if (entry_of(a, "factor", &value) && value.kind == FEEL_NUMBER) {
        line.base = sum_of(a, &target);
        line.rate = dec_sub(value.number, dec_from_i64(1));
        line.has_base = line.has_rate = true;
        line.exact = dec_mul(line.base, line.rate);
    } else {
        refuse(a, M("A correction has an amount or a factor."), STR_NONE);
        return;
    }
    if (entry_of(a, "reason", &value) && value.kind == FEEL_STRING)
        line.note = str_dup(a->calc->work, value.text);
    if (target.line) {
        line.event_seq = target.line->event_seq;
        line.occurred_at = target.line->occurred_at;
    }
    reward__put_exact(a->calc, a->contract, a->site, target.contract, line);
}

void reward__take_adjust(struct reward__calc *calc, struct reward__contract *contract,
                         const struct reward__site *site, const struct feel_value *value)
{
    struct adjusting adjusting = {.calc = calc, .contract = contract, .site = site, .item = value};
    if (value->kind == FEEL_CONTEXT) {
        take_one(&adjusting);
        return;
    }
    if (value->kind == FEEL_NULL) {
        for (size_t i = 0; i < calc->warnings.len; i++)
            reward__warn(calc, contract->result, &calc->warnings.at[i], NULL);
        return;
    }
    for (size_t i = 0; value->kind == FEEL_LIST && i < value->list.len; i++) {
        struct feel_value item = feel_item(value, i, calc->scratch);
        adjusting.item = &item;
        if (item.kind == FEEL_CONTEXT)
            take_one(&adjusting);
    }
    if (value->kind != FEEL_LIST)
        refuse(&adjusting, M("Corrections are a list of contexts, not {0}."),
               feel_kind_word((enum feel_kind)value->kind));
}
