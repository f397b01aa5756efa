/* Taking back: a reversing event gives lines that mirror those of its original, for every recipient
 * in its own result, by the law of each line and never more than is left. Lines of one rule with
 * days of their own (instalments) are cancelled from the latest that is not due yet; a line that
 * takes back is due, and held, as long as the one it takes from. */
#include "json/json.h"
#include "reward/reward_law.h"
#include "reward/reward_q.h"

bool reward__is_by_law(const struct reward__calc *calc, const struct scheme_output *output,
                       const struct reward__fact *fact)
{
    return output->kind == SCHEME_LINE && output->law > SCHEME_LAW_FORMULA &&
           reward__reversal_of(calc, fact) != NULL;
}

struct taking_back { /* of the lines of one rule */
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct reward__reversal *reversal;
    VEC(struct reward__rewarded *) lines;
    int64_t day;    /* of the reversal */
    int64_t *minor; /* by line: what is taken, without a sign */
    struct reward__taken law;
};

/* What was cancelled before that day is not there to be taken back. */
static int64_t left_of(const struct reward__rewarded *line, int64_t day)
{
    int64_t left = line->amount_minor - reward__taken_minor(line);
    if (line->gone_day.has && line->gone_day.v <= day)
        return 0;
    bool is_beyond = (left < 0) != (line->amount_minor < 0) || line->amount_minor == 0;
    return is_beyond ? 0 : left < 0 ? -left : left;
}

/* ---- how much ---- */

/* A part of the line's amount, rounded as the line was. */
static int64_t part_minor(const struct taking_back *t, const struct reward__rewarded *line,
                          struct dec part)
{
    const struct scheme_output *output = line->output;
    int digits = t->contract->result->currency->digits;
    int64_t minor = 0;
    struct dec whole = dec_abs(dec_from_scaled(line->amount_minor, digits));
    if (dec_cmp(part, dec_from_i64(1)) >= 0)
        return line->amount_minor < 0 ? -line->amount_minor : line->amount_minor;
    struct dec rounded = dec_round(dec_mul(whole, part),
                                   output->scale >= 0 ? output->scale : digits, output->rounding);
    /* a part of an amount fits where the amount does */
    return dec_to_scaled(rounded, digits, output->rounding, &minor) ? minor : 0;
}

static void find_minor(struct taking_back *t)
{
    for (size_t i = 0; i < t->lines.len; i++) {
        const struct reward__rewarded *line = t->lines.at[i];
        int64_t from = part_minor(t, line, dec_mul(t->law.from, t->law.weight));
        int64_t minor = part_minor(t, line, dec_mul(t->law.to, t->law.weight)) - from;
        int64_t left = left_of(line, t->day);
        t->minor[i] = minor < 0 ? 0 : minor > left ? left : minor;
    }
}

/* What is not due yet comes before what is, because its day is later. */
static bool is_before(const struct reward__rewarded *a, const struct reward__rewarded *b)
{
    return a->due_day > b->due_day;
}

static void latest_first(struct taking_back *t)
{
    int64_t sum = 0;
    bool is_one_day = true;
    for (size_t i = 0; i < t->lines.len; i++) {
        sum += t->minor[i];
        is_one_day = is_one_day && t->lines.at[i]->due_day == t->lines.at[0]->due_day;
    }
    if (is_one_day)
        return;
    for (size_t i = 1; i < t->lines.len; i++)
        for (size_t k = i; k > 0 && is_before(t->lines.at[k], t->lines.at[k - 1]); k--) {
            struct reward__rewarded *kept = t->lines.at[k];
            t->lines.at[k] = t->lines.at[k - 1];
            t->lines.at[k - 1] = kept;
        }
    for (size_t i = 0; i < t->lines.len; i++) {
        int64_t left = left_of(t->lines.at[i], t->day);
        t->minor[i] = left < sum ? left : sum;
        sum -= t->minor[i];
    }
}

/* ---- why ---- */

static void pair_dec(struct json_writer *json, struct arena *arena, const char *key,
                     struct dec value)
{
    json_pair_str(json, key, dec_print(arena, value));
}

static struct str reversal_json(const struct taking_back *t, const struct reward__rewarded *line,
                                int64_t taken_minor)
{
    AUTO_BUF text = BUF(16 << 10);
    struct json_writer json = JSON_WRITER(&text);
    struct arena *arena = t->calc->scratch;
    const struct reward__fact *original = t->reversal->original->fact;
    int digits = t->contract->result->currency->digits;
    int64_t kept = line->amount_minor - reward__taken_minor(line) - taken_minor;
    json_object(&json);
    json_pair_str(&json, "law", str_of(scheme_law_name(line->output->law)));
    json_pair_str(&json, "original", original->external_id);
    json_pair_i64(&json, "day", zone_date(t->calc->view.zone, original->occurred_at).days);
    pair_dec(&json, arena, "amount", dec_from_scaled(line->amount_minor, digits));
    pair_dec(&json, arena, "part", dec_sub(t->reversal->to, t->reversal->from));
    pair_dec(&json, arena, "share", t->law.weight);
    if (t->law.term > 0 || line->output->law == SCHEME_LAW_SCHEDULE) {
        json_pair_i64(&json, "served", t->law.served);
        json_pair_i64(&json, "term", t->law.term);
        json_pair_bool(&json, "days", t->law.is_in_days);
    }
    pair_dec(&json, arena, "before", dec_from_scaled(reward__taken_minor(line), digits));
    pair_dec(&json, arena, "kept", dec_from_scaled(kept, digits));
    json_object_end(&json);
    return str_dup(arena, buf_str(&text));
}

/* ---- lines ---- */

/* What is rounded as a whole later is taken back before it is rounded. */
static struct dec exact_of(const struct taking_back *t, const struct reward__rewarded *line,
                           int64_t taken_minor)
{
    if (line->result_id != 0 || line->output->level == SCHEME_PER_LINE)
        return dec_from_scaled(-taken_minor, t->contract->result->currency->digits);
    struct dec before = dec_mul(line->exact, dec_mul(t->law.from, t->law.weight));
    return dec_sub(before, dec_mul(line->exact, dec_mul(t->law.to, t->law.weight)));
}

static void put(const struct taking_back *t, struct reward__rewarded *line, int64_t minor)
{
    struct reward__calc *calc = t->calc;
    struct reward_result *result = t->contract->result;
    const struct reward__fact *fact = t->reversal->fact;
    int64_t taken_minor = line->amount_minor < 0 ? -minor : minor;
    struct reward_line put = {
        .output = line->output,
        .aside = line->is_orphan ? REWARD_NO_CONTRACT : (enum reward_aside)0,
        .key = line->key,
        .version_id = line->version_id,
        .scheme_id = line->scheme_id,
        .from_partner_id = line->from_partner_id,
        .event_seq = fact->event_seq,
        .occurred_at = fact->occurred_at,
        .exact = exact_of(t, line, taken_minor),
        .amount_minor = -taken_minor,
        .base = dec_from_scaled(line->amount_minor, result->currency->digits),
        .rate = dec_neg(dec_mul(dec_sub(t->law.to, t->law.from), t->law.weight)),
        .has_base = true,
        .has_rate = true,
        .note = STR(""),
        .about = STR(""),
        .recipient = line->is_orphan ? line->partner_code : STR(""),
        .unit = STR(""),
        .gate = line->gate,
        .is_reversal = true,
        .hold_until = line->hold_until.has && line->hold_until.v > t->day ? line->hold_until : NONE,
        .derivation_i = reward__derive_reversal(calc, t->contract, t->law.segment, line->version_id,
                                                line->output, reversal_json(t, line, taken_minor))};
    if (line->due_day > result->due_day)
        put.due_day = SOME(line->due_day);
    if (line->generation != t->contract->generation) {
        line->generation = t->contract->generation;
        line->now_minor = 0;
    }
    line->now_minor += taken_minor;
    if (!reward__put_ready(calc, t->contract, put))
        reward__warn_text(calc, result, line->output->decision, M("The amount {0} is too large."),
                          dec_print(calc->scratch, put.exact), fact->event_seq);
}

/* A law that leaves all is shown too: with nothing, and why. */
static enum rc take_rule(struct taking_back *t)
{
    bool is_known = false;
    if (t->lines.len == 0)
        return RC_OK;
    TRY(reward__law(t->calc, t->contract, t->lines.at[0], t->reversal, &t->law, &is_known));
    if (!is_known)
        return RC_OK;
    t->minor = NEW_ARRAY(t->calc->scratch, int64_t, t->lines.len);
    find_minor(t);
    latest_first(t);
    for (size_t i = 0; i < t->lines.len; i++)
        if (t->minor[i] > 0 ||
            (dec_cmp(t->law.weight, dec_from_i64(1)) < 0 && t->lines.at[i]->amount_minor != 0))
            put(t, t->lines.at[i], t->minor[i]);
    return RC_OK;
}

static bool is_wanted(const struct reward__contract *contract, bool is_pushed,
                      const struct reward__rewarded *line)
{
    return line->contract == contract && (line->from_partner_id != 0) == is_pushed &&
           reward__is_valid(line) && line->output->law > SCHEME_LAW_FORMULA;
}

/* Lines of one rule, of one giver and of one contract, together. */
static enum rc take_original(struct reward__calc *calc, struct reward__contract *contract,
                             const struct reward__reversal *reversal, bool is_pushed)
{
    const struct reward__original *original = reversal->original;
    bool *is_done = NEW_ARRAY(calc->work, bool, original->lines.len + 1);
    for (size_t i = 0; i < original->lines.len; i++) {
        const struct reward__rewarded *first = original->lines.at[i];
        struct taking_back t = {.calc = calc,
                                .contract = contract,
                                .reversal = reversal,
                                .day =
                                    zone_date(calc->view.zone, reversal->fact->occurred_at).days};
        if (is_done[i] || !is_wanted(contract, is_pushed, first))
            continue;
        for (size_t k = i; k < original->lines.len; k++) {
            struct reward__rewarded *line = original->lines.at[k];
            if (is_wanted(contract, is_pushed, line) && line->output == first->output &&
                line->from_partner_id == first->from_partner_id &&
                line->contract_id == first->contract_id) {
                is_done[k] = true;
                VEC_PUSH(calc->work, &t.lines, line);
            }
        }
        arena_reset(calc->scratch);
        TRY(take_rule(&t));
    }
    return RC_OK;
}

/* ---- what is not known ---- */

static bool has_law(const struct reward__scheme *scheme)
{
    const struct scheme *file = reward__last_segment(scheme)->scheme;
    for (size_t i = 0; i < file->outputs_len; i++)
        if (file->outputs[i].law > SCHEME_LAW_FORMULA)
            return true;
    return false;
}

static bool has_lines(const struct reward__original *original,
                      const struct reward__contract *contract)
{
    for (size_t i = 0; i < original->lines.len; i++)
        if (original->lines.at[i]->contract == contract)
            return true;
    return false;
}

/* An original of a period of which nothing is posted was rewarded, or will be, and nobody knows
 * with what. */
static enum rc check_original(struct reward__calc *calc, struct reward__contract *contract,
                              const struct reward__fact *fact)
{
    struct reward_id_row posted;
    const struct reward__reversal *reversal = reward__reversal_of(calc, fact);
    if (!reversal || has_lines(reversal->original, contract))
        return RC_OK;
    const struct reward__fact *of = reversal->original->fact;
    const struct span *span = &calc->calculation->span;
    const struct contract_terms *terms = contract->result->contract;
    int64_t day = zone_date(calc->view.zone, of->occurred_at).days;
    if ((of->occurred_at >= span->start_us && of->occurred_at < span->end_us) ||
        day < terms->from_day)
        return RC_OK;
    enum rc rc =
        q_reward_posted_on(calc->op, &(struct q_reward_posted_on_in){terms->id, day}, &posted);
    if (rc == RC_MISSING)
        reward__warn_text(calc, contract->result, STR("sales"),
                          M("What {0} was rewarded with is not posted yet: nothing can be taken "
                            "back of it."),
                          of->external_id, fact->event_seq);
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc check_posted(struct reward__calc *calc, struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++) {
        const struct reward__scheme *scheme = &contract->schemes.at[i];
        if (scheme->segments.len == 0 || !has_law(scheme))
            continue;
        for (size_t k = 0; k < scheme->facts_len; k++)
            TRY(check_original(calc, contract, scheme->facts[k]));
    }
    return RC_OK;
}

enum rc reward__take_back(struct reward__calc *calc, struct reward__contract *contract,
                          bool is_pushed)
{
    if (!calc->originals)
        return RC_OK;
    for (size_t i = 0; i < contract->touched.len; i++) {
        const struct reward__original *original = contract->touched.at[i];
        for (size_t k = 0; k < original->reversals.len; k++)
            if (original->reversals.at[k]->is_now)
                TRY(take_original(calc, contract, original->reversals.at[k], is_pushed));
    }
    return is_pushed ? RC_OK : check_posted(calc, contract);
}
