/* Why an amount differs from the period before: the difference, the table row or the measure that
 * changed, what was missing for the next row and what that row would have paid. Everything comes
 * from what both calculations stored. */
#include "reward/reward_web.h"

enum { LINES_MAX = 20000 };

struct side { /* one of the two periods */
    int64_t result_id;
    struct reward_derivation_row_rows derivations;
    struct json_limits limits;
};

/* The value that a decision had in all derivations of the key; absent when it differs or is not
 * there: then it was of single events. */
static struct str common_value(struct op *op, const struct side *side, struct str decision,
                               struct str *out_seen)
{
    struct str value = STR_NONE;
    for (size_t i = 0; i < side->derivations.len; i++) {
        const struct json_value *json = NULL;
        struct str here = STR_NONE;
        if (json_parse(op->arena, side->derivations.at[i].body, side->limits, &json, NULL) != RC_OK)
            return STR_NONE;
        const struct json_value *steps = json_get(json, "steps");
        for (size_t k = 0; k < (steps ? steps->len : 0); k++)
            if (str_eq(json_text(json_get(&steps->items[k], "name")), decision)) {
                here = json_text(json_get(&steps->items[k], "value"));
                const struct json_value *table = json_at(json_get(&steps->items[k], "tables"), 0);
                *out_seen = json_text(json_at(json_get(table, "inputs"), 0));
            }
        if (!here.at || (value.at && !str_eq(value, here)))
            return STR_NONE;
        value = here;
    }
    return value;
}

static enum rc load_side(struct op *op, int64_t result_id, struct str key, struct side *out)
{
    *out = (struct side){.result_id = result_id, .limits = {.bytes_max = 4 << 20}};
    return q_reward_derivations_of_key(op, &(struct q_reward_derivations_of_key_in){result_id, key},
                                       &out->derivations);
}

/* "Factor: 1 instead of 1.1, because Own volume is 4,210.00 (was 5,310.00)." */
static struct str table_cause(struct op *op, const struct reward__explanation *e,
                              const struct side *now, const struct side *before,
                              const struct currency *currency)
{
    for (size_t i = 0; i < e->tables.len; i++) {
        const struct reward__table *table = &e->tables.at[i];
        struct str seen = STR_NONE, seen_before = STR_NONE;
        struct str value = common_value(op, now, table->owner, &seen);
        struct str was = common_value(op, before, table->owner, &seen_before);
        if (!value.at || !was.at || str_eq(value, was) || table->seen_len != 1 ||
            table->heads_len != 2 || !seen.at || !seen_before.at)
            continue;
        struct str unit = table->heads[0].unit;
        struct str out_unit = table->rows.len ? table->rows.at[0].cells[1].unit : STR("");
        return i18n_format(op->arena, op->lang,
                           M("{0} is {1}, it was {2}: {3} is {4}, it was {5}."),
                           table->heads[1].text, reward__number(op, value, out_unit, currency),
                           reward__number(op, was, out_unit, currency), table->heads[0].text,
                           reward__number(op, seen, unit, currency),
                           reward__number(op, seen_before, unit, currency));
    }
    return STR_NONE;
}

/* Does the amount rest on the measure? */
static bool rests_on(const struct reward__explanation *e, struct str measure)
{
    const struct scheme *scheme = e->scheme;
    const struct dmn_element *amount = dmn_find(scheme->model, DMN_DECISION, e->output->decision);
    for (size_t i = 0; amount && i < scheme->outputs_len; i++) {
        const struct scheme_output *output = &scheme->outputs[i];
        if (output->kind != SCHEME_MEASURE || !str_eq(output->key, measure))
            continue;
        const struct dmn_element *other = dmn_find(scheme->model, DMN_DECISION, output->decision);
        return other && dmn_depends(scheme->model, amount, other);
    }
    return false;
}

/* "Carla: $9.90, it was $0.00.": the note (a partner below) whose part changed most. */
static enum rc note_cause(struct op *op, const struct reward__paper *paper,
                          const struct reward__explanation *e, int64_t before_id, struct str *out)
{
    struct reward_note_row_rows now, before;
    int64_t most = 0;
    TRY(q_reward_notes(op, &(struct q_reward_notes_in){paper->result.id, e->key}, &now));
    TRY(q_reward_notes(op, &(struct q_reward_notes_in){before_id, e->key}, &before));
    for (size_t i = 0; i < now.len; i++) {
        int64_t was = 0;
        for (size_t k = 0; k < before.len; k++)
            if (str_eq(before.at[k].note, now.at[i].note))
                was = before.at[k].amount_minor;
        int64_t distance = now.at[i].amount_minor - was;
        distance = distance < 0 ? -distance : distance;
        if (distance <= most)
            continue;
        most = distance;
        *out = i18n_format(op->arena, op->lang, M("{0}: {1}, it was {2}."), now.at[i].note,
                           MONEY(now.at[i].amount_minor, paper->currency),
                           MONEY(was, paper->currency));
    }
    return RC_OK;
}

static enum rc measure_cause(struct op *op, const struct reward__paper *paper,
                             const struct reward__explanation *e, int64_t before_id,
                             struct str *out)
{
    struct reward_measure_row_rows now, before;
    TRY(q_reward_measures(op, &(struct q_reward_measures_in){paper->result.id}, &now));
    TRY(q_reward_measures(op, &(struct q_reward_measures_in){before_id}, &before));
    for (size_t i = 0; i < now.len; i++)
        for (size_t k = 0; k < before.len; k++) {
            const struct reward_measure_row *m = &now.at[i], *w = &before.at[k];
            struct str label = STR_NONE;
            bool is_hidden = paper->is_portal && !m->is_shown_to_partner;
            if (!str_eq(m->name, w->name) || str_eq(m->value, w->value) || is_hidden ||
                !rests_on(e, m->name))
                continue;
            TRY(reward__label(op, m->scheme_version_id, m->name, &label));
            *out = i18n_format(op->arena, op->lang, M("{0} is {1}, it was {2}."), label,
                               reward__number(op, m->value, m->unit, paper->currency),
                               reward__number(op, w->value, w->unit, paper->currency));
            return RC_OK;
        }
    return RC_OK;
}

static enum rc tier_input(struct op *op, const struct reward__paper *paper,
                          const struct reward__explanation *e, const struct side *now,
                          struct reward__tier_in *out)
{
    struct reward_exact_row row;
    AUTO_CURSOR cursor = {0};
    enum rc rc;
    *out = (struct reward__tier_in){
        .scheme = e->scheme, .output = e->output, .inputs = e->inputs, .currency = paper->currency};
    TRY(q_reward_exacts_open(op, &(struct q_reward_exacts_in){paper->result.id, e->key}, &cursor));
    while ((rc = q_reward_exacts_next(&cursor, &row)) == RC_OK) {
        struct reward__sum sum = {.amount_minor = row.amount_minor};
        for (size_t i = 0; i < now->derivations.len; i++)
            if (now->derivations.at[i].id == row.derivation_id)
                sum.derivation = now->derivations.at[i].body;
        if (!sum.derivation.at || !dec_parse(row.exact, &sum.exact) ||
            out->lines.len == LINES_MAX) { /* more than can be looked at: nothing is said */
            out->lines.len = 0;
            return RC_OK;
        }
        VEC_PUSH(op->arena, &out->lines, sum);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* "For a Factor of 1.1, 790.00 was missing: it would have paid 185.24 instead of 168.40." */
static struct str missing_words(struct op *op, const struct reward__paper *paper,
                                const struct reward__tier_in *in)
{
    struct reward__tier tier;
    if (!reward__tier_next(op->arena, in, &tier))
        return STR_NONE;
    struct str next =
        reward__number(op, dec_print(op->arena, tier.next), tier.result_unit, paper->currency);
    struct str missing =
        reward__number(op, dec_print(op->arena, tier.missing), tier.input_unit, paper->currency);
    if (!tier.has_money)
        return i18n_format(op->arena, op->lang, M("{0} missing in {1} for {2} {3}."), missing,
                           tier.input, tier.result, next);
    return i18n_format(op->arena, op->lang,
                       M("{0} missing in {1} for {2} {3}: it would have paid {4} instead of {5}."),
                       missing, tier.input, tier.result, next,
                       MONEY(tier.then_minor, paper->currency),
                       MONEY(tier.now_minor, paper->currency));
}

static struct str title_of(struct op *op, const struct reward__paper *paper, int64_t now_minor,
                           int64_t before_minor)
{
    struct str before =
        i18n_period(op->arena, op->lang, period_step(paper->period, -1), PLACE_INSIDE);
    struct money difference =
        MONEY(now_minor > before_minor ? now_minor - before_minor : before_minor - now_minor,
              paper->currency);
    return i18n_format(op->arena, op->lang,
                       now_minor < before_minor ? M("Why {0} less than in {1}")
                                                : M("Why {0} more than in {1}"),
                       difference, before);
}

enum rc reward__why(struct op *op, const struct reward__paper *paper,
                    const struct reward__explanation *e, struct ui_hint *out)
{
    struct reward_id_row before_id;
    struct reward_key_sum sum = {0};
    struct side now, before = {0};
    struct reward__tier_in in;
    struct str cause = STR_NONE;
    struct str period = period_print(op->arena, period_step(paper->period, -1));
    TRY(load_side(op, paper->result.id, e->key, &now));
    TRY(tier_input(op, paper, e, &now, &in));
    struct str missing = missing_words(op, paper, &in);
    enum rc rc = q_reward_result_of_period(
        op, &(struct q_reward_result_of_period_in){paper->result.contract_id, period}, &before_id);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_OK)
        TRY(q_reward_key_sum(op, &(struct q_reward_key_sum_in){before_id.id, e->key}, &sum));
    struct reward_key_sum of_now = {0};
    TRY(q_reward_key_sum(op, &(struct q_reward_key_sum_in){paper->result.id, e->key}, &of_now));
    int64_t now_minor = of_now.amount_minor;
    *out = (struct ui_hint){.tint = UI_WARN, .icon = "bulb"};
    if (rc == RC_MISSING || sum.lines == 0 || sum.amount_minor == now_minor) {
        out->text = missing;
        out->title = missing.at ? tr(op->lang, M("How it could have been more")) : STR_NONE;
        return RC_OK;
    }
    TRY(load_side(op, before_id.id, e->key, &before));
    cause = table_cause(op, e, &now, &before, paper->currency);
    if (!cause.at)
        TRY(measure_cause(op, paper, e, before_id.id, &cause));
    if (!cause.at)
        TRY(note_cause(op, paper, e, before_id.id, &cause));
    out->title = title_of(op, paper, now_minor, sum.amount_minor);
    out->tint = now_minor < sum.amount_minor ? UI_WARN : UI_OK;
    if (cause.at && missing.at)
        out->text = str_printf(op->arena, STR_FMT " " STR_FMT, STR_ARG(cause), STR_ARG(missing));
    else
        out->text = cause.at ? cause : missing;
    if (!out->text.at)
        out->text = tr(op->lang, M("The events of the two periods differ."));
    return RC_OK;
}
