/* The laws of reversals: what part of a line is taken back when its event is. A law and its figures
 * are those that were in force when the original was rewarded: of a posted result they stand in its
 * inputs. */
#include "reward/reward_law.h"

#include "json/json.h"
#include "reward/reward_q.h"

struct judging {
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct reward__rewarded *line;
    const struct reward__reversal *reversal;
};

static void refuse(const struct judging *j, const char *message)
{
    reward__warn_text(j->calc, j->contract->result, j->line->output->decision, message,
                      j->line->output->key, j->reversal->fact->event_seq);
}

/* ---- the terms of then ---- */

static const struct reward__segment *segment_of(const struct reward__contract *contract,
                                                int64_t version_id, int64_t at)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++) {
            const struct reward__segment *segment = &contract->schemes.at[i].segments.at[k];
            if (segment->scheme_version.id == version_id && at >= segment->from_at &&
                at < segment->to_at)
                return segment;
        }
    return NULL;
}

static struct str text_of_term(const struct json_value *terms,
                               const struct scheme_attribute *attribute)
{
    for (size_t i = 0; i < (terms ? terms->len : 0); i++)
        if (str_eq(terms->members[i].key, attribute->name))
            return json_text(&terms->members[i].value);
    return attribute->fallback;
}

enum rc reward__terms_then(struct op *op, struct arena *arena, int64_t result_id,
                           int64_t version_id, struct feel_value *out)
{
    struct reward_result_row row;
    const struct scheme *scheme = NULL;
    const struct json_value *inputs = NULL, *terms = NULL;
    struct json_limits limits = {.bytes_max = 16 << 20, .values_max = 1 << 20};
    TRY(scheme_version_load(op, version_id, &scheme));
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &row));
    if (json_parse(arena, row.inputs, limits, &inputs, NULL) != RC_OK)
        return RC_BROKEN;
    const struct json_value *segments = json_get(inputs, "segments");
    for (size_t i = 0; i < (segments ? segments->len : 0); i++) {
        int64_t id = 0;
        if (json_i64(json_get(&segments->items[i], "version"), &id) && id == version_id)
            terms = json_get(&segments->items[i], "terms");
    }
    struct str *names = NEW_ARRAY(arena, struct str, scheme->attributes_len + 1);
    struct feel_value *values = NEW_ARRAY(arena, struct feel_value, scheme->attributes_len + 1);
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        names[i] = scheme->attributes[i].name;
        values[i] = reward__term_value(arena, &scheme->attributes[i],
                                       text_of_term(terms, &scheme->attributes[i]));
    }
    *out = feel_context(feel_shape(arena, names, scheme->attributes_len), values);
    return RC_OK;
}

/* A pushed line follows the values of the recipient, who has the same scheme. */
static enum rc terms_of(const struct judging *j, struct feel_value *out)
{
    const struct reward__fact *fact = j->reversal->original->fact;
    if (j->line->result_id != 0)
        return reward__terms_then(j->calc->op, j->calc->scratch, j->line->result_id,
                                  j->line->version_id, out);
    const struct reward__segment *segment =
        segment_of(j->contract, j->line->version_id, fact->occurred_at);
    *out = segment ? reward__terms_of(j->calc, j->calc->scratch, segment) : feel_null();
    return RC_OK;
}

static enum rc formula(const struct judging *j, const struct feel_expr *expr,
                       struct feel_value *out)
{
    struct feel_value terms = feel_null();
    *out = feel_null();
    TRY(terms_of(j, &terms));
    const struct feel_value slots[] = {reward__view_event(&j->calc->view, j->reversal->fact),
                                       terms};
    struct feel_env env = j->calc->env;
    env.slots = slots;
    env.slots_len = LEN(slots);
    if (feel_eval(expr, &env, j->calc->scratch, NULL, NULL, out) != RC_OK)
        *out = feel_null();
    return RC_OK;
}

/* ---- laws ---- */

static struct date day_of(const struct judging *j, const struct reward__fact *fact)
{
    return zone_date(j->calc->view.zone, fact->occurred_at);
}

static int64_t served(const struct judging *j, bool is_in_days)
{
    struct date from = day_of(j, j->reversal->original->fact), to = day_of(j, j->reversal->fact);
    int64_t served = is_in_days ? to.days - from.days : date_months_between(from, to);
    return served < 0 ? 0 : served;
}

/* A number of months, or a duration of months or days. */
static enum rc read_term(const struct judging *j, struct reward__taken *out, bool *out_is_known)
{
    struct feel_value value;
    TRY(formula(j, j->line->output->term, &value));
    *out_is_known = true;
    if (value.kind == FEEL_MONTHS)
        out->term = value.months;
    else if (value.kind == FEEL_DAYS)
        out->term = (int64_t)(value.span_nanos / ((__int128)US_DAY * 1000));
    else if (value.kind != FEEL_NUMBER || !dec_to_i64(value.number, &out->term))
        out->term = 0;
    out->is_in_days = value.kind == FEEL_DAYS;
    out->served = served(j, out->is_in_days);
    if (out->term > 0)
        return RC_OK;
    *out_is_known = false;
    refuse(j, M("The term of the law of {0} is a number of months or a duration."));
    return RC_OK;
}

static struct dec part_left(int64_t term, int64_t gone)
{
    if (gone >= term)
        return dec_from_i64(0);
    return dec_div(dec_from_i64(term - gone), dec_from_i64(term));
}

static bool is_part(struct dec value)
{
    return dec_is_finite(value) && dec_sign(value) >= 0 && dec_cmp(value, dec_from_i64(1)) <= 0;
}

/* A list: what part is taken back in the first month, in the second…; beyond its end nothing. */
static enum rc by_schedule(const struct judging *j, struct reward__taken *out, bool *out_is_known)
{
    struct feel_value list, item;
    TRY(formula(j, j->line->output->schedule, &list));
    out->served = served(j, false);
    out->weight = dec_from_i64(0);
    *out_is_known = list.kind == FEEL_LIST;
    if (*out_is_known && (size_t)out->served < list.list.len) {
        item = feel_item(&list, (size_t)out->served, j->calc->scratch);
        *out_is_known = item.kind == FEEL_NUMBER && is_part(item.number);
        out->weight = item.number;
    }
    if (!*out_is_known)
        refuse(j, M("The schedule of the law of {0} is a list of parts from 0 to 1."));
    return RC_OK;
}

/* Of a fixed sum a partial refund may take all of it, or nothing until all is refunded. */
static struct dec counted(enum scheme_partial partial, struct dec gone)
{
    bool is_all = dec_cmp(gone, dec_from_i64(1)) >= 0;
    switch (partial) {
    case SCHEME_PARTIAL_FULL: return dec_from_i64(dec_is_zero(gone) ? 0 : 1);
    case SCHEME_PARTIAL_NONE: return dec_from_i64(is_all ? 1 : 0);
    case SCHEME_PARTIAL_PROPORTIONAL: break;
    }
    return gone;
}

enum rc reward__law(struct reward__calc *calc, struct reward__contract *contract,
                    const struct reward__rewarded *line, const struct reward__reversal *reversal,
                    struct reward__taken *out, bool *out_is_known)
{
    struct judging j = {calc, contract, line, reversal};
    *out = (struct reward__taken){.weight = dec_from_i64(1),
                                  .from = counted(line->output->partial, reversal->from),
                                  .to = counted(line->output->partial, reversal->to)};
    *out_is_known = true;
    switch (line->output->law) {
    case SCHEME_LAW_FORMULA:
    case SCHEME_LAW_MIRROR: break;
    case SCHEME_LAW_NONE: out->weight = dec_from_i64(0); break;
    case SCHEME_LAW_SCHEDULE: return by_schedule(&j, out, out_is_known);
    case SCHEME_LAW_DECISION:
        return reward__share(calc, contract, line, reversal, out, out_is_known);
    case SCHEME_LAW_WINDOW:
    case SCHEME_LAW_STRAIGHT:
    case SCHEME_LAW_UNEARNED:
        TRY(read_term(&j, out, out_is_known));
        if (line->output->law == SCHEME_LAW_WINDOW)
            out->weight = dec_from_i64(out->served < out->term ? 1 : 0);
        else /* a month that has begun counts as earned */
            out->weight =
                part_left(out->term, out->served + (line->output->law == SCHEME_LAW_UNEARNED));
        break;
    }
    return RC_OK;
}
