/* When lines are due: a day, a duration, a condition that a later event must meet (a quality gate),
 * a balance that must be reached (a threshold of payouts). What a line says of itself goes first.
 */
#include "reward/reward_calc.h"
#include "reward/reward_store.h"

struct reading {
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct reward__site *site;
    const struct feel_value *value;
};

static void refuse(const struct reading *r, const char *message)
{
    reward__warn_text(r->calc, r->contract->result, r->site->output->decision, message, STR_NONE,
                      r->site->fact ? r->site->fact->event_seq : 0);
}

static bool entry_of(const struct reading *r, const char *name, struct feel_value *out)
{
    return r->value->kind == FEEL_CONTEXT &&
           feel_entry(r->value, str_of(name), r->calc->scratch, out) && out->kind != FEEL_NULL;
}

static bool read_gate(const struct reading *r, struct reward_gate *out)
{
    struct feel_value value;
    if (!entry_of(r, "when", &value))
        return true;
    if (value.kind != FEEL_FUNCTION || !r->site->fact) {
        refuse(r, M("The condition of a line is a function of a later event, in the scope event."));
        return false;
    }
    out->decision = r->site->output->decision;
    out->event_seq = r->site->fact->event_seq;
    if (!entry_of(r, "until", &value) ||
        (value.kind != FEEL_DATE && value.kind != FEEL_DATE_TIME)) {
        refuse(r, M("A condition of a line says until when it can be met."));
        return false;
    }
    out->until = SOME(value.days);
    return true;
}

static bool read_balance(const struct reading *r, struct reward_gate *out)
{
    struct feel_value value;
    int64_t minor = 0;
    int digits = r->contract->result->currency->digits;
    if (!entry_of(r, "balance at least", &value))
        return true;
    if (value.kind != FEEL_NUMBER || !dec_to_scaled(value.number, digits, DEC_HALF_UP, &minor)) {
        refuse(r, M("The balance that must be reached is an amount."));
        return false;
    }
    out->minor = SOME(minor);
    return true;
}

void reward__take_due(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__scheme *scheme, const struct reward__site *site,
                      const struct feel_value *value)
{
    struct reading r = {calc, contract, site, value};
    struct reward__due due = {.of = site->output->of};
    int64_t from_day = site->fact ? zone_date(calc->view.zone, site->fact->occurred_at).days
                                  : (int64_t)calc->ask->period.end.days;
    bool has_day = reward__due_day(calc, value, from_day, &due.day);
    if (!read_gate(&r, &due.gate) || !read_balance(&r, &due.gate))
        return;
    if (!has_day && !due.gate.decision.len && !due.gate.minor.has) {
        refuse(&r, M("When lines are due is a date, or says on, after, when or balance at least."));
        return;
    }
    if (site->fact)
        VEC_PUSH(calc->scratch, &scheme->dues_of_event, due);
    else
        VEC_PUSH(calc->arena, &scheme->dues, due);
}

/* Of the event before of the contract, of the key before of all. */
static const struct reward__due *due_of(const struct reward__due *at, size_t len, struct str key)
{
    const struct reward__due *found = NULL;
    for (size_t i = 0; i < len; i++)
        if (str_eq(at[i].of, key) || (at[i].of.len == 0 && !found))
            found = &at[i];
    return found;
}

void reward__apply_due(const struct reward__scheme *scheme, const struct scheme_output *output,
                       struct reward_line *line)
{
    const struct reward__due *due =
        due_of(scheme->dues_of_event.at, scheme->dues_of_event.len, output->key);
    if (!due)
        due = due_of(scheme->dues.at, scheme->dues.len, output->key);
    if (!due || output->kind != SCHEME_LINE || line->aside)
        return;
    if (!line->due_day.has)
        line->due_day = due->day;
    line->gate = due->gate;
}

struct str reward__hold_words(struct arena *arena, const struct reward_gate *gate, bool is_window)
{
    AUTO_BUF text = BUF(64);
    const struct {
        bool is;
        const char *word;
    } words[] = {
        {gate->decision.len > 0, "quality"}, {gate->minor.has, "threshold"}, {is_window, "window"}};
    for (size_t i = 0; i < LEN(words); i++)
        if (words[i].is)
            buf_printf(&text, "%s%s", text.len ? " " : "", words[i].word);
    return str_dup(arena, buf_str(&text));
}
