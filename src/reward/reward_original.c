/* Originals of refunds, chargebacks and churn: read by family, with the part that each reversal
 * took, never more than the whole, and what was posted for them. */
#include "reward/reward_original.h"

#include "crypt/crypt.h"
#include "reward/reward_explain.h"
#include "reward/reward_q.h"

/* ---- the family ---- */

static bool is_reversing(const struct reward__fact *fact)
{
    return fact->type == EVENT_REFUND || fact->type == EVENT_RETURN ||
           fact->type == EVENT_CHARGEBACK || fact->type == EVENT_CHURN;
}

static struct reward__original *original_need(struct reward__originals *originals, int64_t seq)
{
    void **slot = map_put_i64(originals->by_seq, seq);
    if (!*slot)
        *slot = NEW(originals->calc->arena, struct reward__original);
    return *slot;
}

/* Reversals stay in order of time; of one moment in order of number. */
static void add_reversal(struct reward__originals *originals, struct reward__original *original,
                         const struct reward__fact *fact)
{
    struct reward__calc *calc = originals->calc;
    struct reward__reversal *reversal = NEW(calc->arena, struct reward__reversal);
    const struct span *span = &calc->calculation->span;
    *reversal = (struct reward__reversal){.fact = fact,
                                          .original = original,
                                          .is_now = fact->occurred_at >= span->start_us &&
                                                    fact->occurred_at < span->end_us};
    original->is_taken_back = original->is_taken_back || reversal->is_now;
    VEC_PUSH(calc->arena, &original->reversals, reversal);
    size_t at = original->reversals.len - 1;
    for (; at > 0 && original->reversals.at[at - 1]->fact->occurred_at > fact->occurred_at; at--)
        original->reversals.at[at] = original->reversals.at[at - 1];
    original->reversals.at[at] = reversal;
    *map_put_i64(originals->of_event, fact->event_seq) = reversal;
}

static int64_t magnitude(int64_t minor)
{
    return minor < 0 ? -minor : minor;
}

/* A refund takes the part of its net amount, churn all that is left, as does a refund of what had
 * no amount. */
static void find_parts(struct reward__original *original)
{
    struct dec whole = dec_from_i64(1), before = dec_from_i64(0);
    int64_t net = magnitude(original->fact->net_minor), gone = 0;
    for (size_t i = 0; i < original->reversals.len; i++) {
        struct reward__reversal *reversal = original->reversals.at[i];
        int64_t minor = magnitude(reversal->fact->net_minor);
        bool is_rest = reversal->fact->type == EVENT_CHURN || minor >= net - gone;
        gone = is_rest ? net : gone + minor;
        reversal->from = before;
        reversal->to = is_rest ? whole : dec_div(dec_from_i64(gone), dec_from_i64(net));
        before = reversal->to;
    }
}

static void sort_family(struct reward__originals *originals, const struct reward__fact_list *facts)
{
    struct map *voided = map_new(originals->calc->scratch);
    struct map *by_seq = map_new(originals->calc->scratch);
    for (size_t i = 0; i < facts->len; i++)
        if (facts->at[i].type == EVENT_VOID)
            *map_put_i64(voided, facts->at[i].original_seq) = originals;
    for (size_t i = 0; i < facts->len; i++)
        if (!map_get_i64(voided, facts->at[i].event_seq))
            *map_put_i64(by_seq, facts->at[i].event_seq) = &facts->at[i];
    for (size_t i = 0; i < facts->len; i++) {
        const struct reward__fact *fact = &facts->at[i];
        const struct reward__fact *of = map_get_i64(by_seq, fact->original_seq);
        if (fact->type == EVENT_VOID || !of || map_get_i64(voided, fact->event_seq))
            continue;
        struct reward__original *original = original_need(originals, of->event_seq);
        original->fact = of;
        if (is_reversing(fact))
            add_reversal(originals, original, fact);
    }
}

/* ---- what was posted ---- */

static struct reward__rewarded *line_of(const struct reward__original *original,
                                        int64_t contract_id, int64_t scheme_id,
                                        int64_t from_partner_id, struct str key)
{
    for (size_t i = 0; i < original->lines.len; i++) {
        struct reward__rewarded *line = original->lines.at[i];
        if (line->contract_id == contract_id && line->scheme_id == scheme_id &&
            line->from_partner_id == from_partner_id && str_eq(line->key, key) &&
            reward__is_valid(line))
            return line;
    }
    return NULL;
}

/* Where it is taken back: in its own contract; when that is over, with who is credited, to show. */
static void place_line(struct reward__originals *originals, struct reward__original *original,
                       struct reward__rewarded *line)
{
    struct reward__calc *calc = originals->calc;
    line->contract = map_get_i64(originals->contracts, line->contract_id);
    for (size_t i = 0; !line->contract && i < original->reversals.len; i++) {
        const struct reward__indexes *indexes =
            map_get_i64(calc->of_partner, original->reversals.at[i]->fact->partner_id);
        if (original->reversals.at[i]->is_now && indexes && indexes->list.len > 0) {
            line->contract = &calc->contracts[indexes->list.at[0]];
            line->is_orphan = true;
        }
    }
    if (line->contract)
        reward__touch(calc, line->contract, original);
    originals->has_pushed =
        originals->has_pushed || (original->is_taken_back && line->from_partner_id != 0);
}

static enum rc add_posted(struct reward__originals *originals, struct reward__original *original,
                          const struct reward_rewarded_row *row)
{
    struct reward__calc *calc = originals->calc;
    struct reward__rewarded *line =
        line_of(original, row->contract_id, row->scheme_id, row->from_partner_id, row->key);
    const struct scheme *scheme = NULL;
    struct str item;
    int digits = currency_find(row->currency)->digits; /* the contract's, not the sale's */
    if (line) {                                        /* a partner with several roles */
        line->amount_minor += row->amount_minor;
        line->exact = dec_from_scaled(line->amount_minor, digits);
        return RC_OK;
    }
    line = NEW(calc->arena, struct reward__rewarded);
    TRY(scheme_version_load(calc->op, row->version_id, &scheme));
    *line = (struct reward__rewarded){.partner_code = row->partner_code,
                                      .key = row->key,
                                      .output = reward__output_of(scheme, row->key, &item),
                                      .version_id = row->version_id,
                                      .scheme_id = row->scheme_id,
                                      .contract_id = row->contract_id,
                                      .from_partner_id = row->from_partner_id,
                                      .result_id = row->result_id,
                                      .exact = dec_from_scaled(row->amount_minor, digits),
                                      .amount_minor = row->amount_minor,
                                      .due_day = row->due_day,
                                      .hold_until = row->hold_until};
    if (!line->output)
        return RC_OK;
    if (str_eq(row->state, STR("cancelled")))
        line->gone_day = row->gate_until;
    if (line->gone_day.has || str_has(row->hold, STR("quality")) ||
        str_has(row->hold, STR("threshold")))
        line->gate = (struct reward_gate){.decision = row->gate,
                                          .event_seq = row->gate_seq,
                                          .until = row->gate_until,
                                          .minor = row->gate_minor};
    VEC_PUSH(calc->arena, &original->lines, line);
    place_line(originals, original, line);
    return RC_OK;
}

static enum rc load_lines(struct reward__originals *originals, struct reward__original *original)
{
    struct reward__calc *calc = originals->calc;
    struct reward_rewarded_row_rows rows;
    int64_t from_day = calc->ask->period.start.days;
    if (!original->is_taken_back && !calc->features.reads_original)
        return RC_OK;
    TRY(q_reward_rewarded(
        calc->op, &(struct q_reward_rewarded_in){original->fact->event_seq, from_day}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(add_posted(originals, original, &rows.at[i]));
    for (size_t k = 0; rows.len > 0 && k < original->reversals.len; k++) {
        int64_t seq = original->reversals.at[k]->fact->event_seq;
        TRY(q_reward_rewarded(calc->op, &(struct q_reward_rewarded_in){seq, from_day}, &rows));
        for (size_t i = 0; i < rows.len; i++) {
            struct reward__rewarded *line =
                line_of(original, rows.at[i].contract_id, rows.at[i].scheme_id,
                        rows.at[i].from_partner_id, rows.at[i].key);
            if (line)
                line->posted_minor -= rows.at[i].amount_minor;
        }
    }
    return RC_OK;
}

static void index_contracts(struct reward__originals *originals)
{
    struct reward__calc *calc = originals->calc;
    for (size_t i = 0; i < calc->calculation->results_len; i++)
        *map_put_i64(originals->contracts, calc->calculation->results[i].contract->id) =
            &calc->contracts[i];
}

enum rc reward__originals_load(struct reward__calc *calc)
{
    struct reward__fact_list facts = {0};
    TRY(reward__families_scan(calc->op, calc->calculation->span, calc->calculation->watermark_seq,
                              &calc->dims, &facts));
    if (facts.len == 0)
        return RC_OK;
    struct reward__originals *originals = NEW(calc->arena, struct reward__originals);
    *originals = (struct reward__originals){.calc = calc,
                                            .by_seq = map_new(calc->arena),
                                            .of_event = map_new(calc->arena),
                                            .contracts = map_new(calc->arena),
                                            .shares = map_new(calc->arena)};
    index_contracts(originals);
    sort_family(originals, &facts);
    for (size_t i = 0; i < facts.len; i++) {
        struct reward__original *original = map_get_i64(originals->by_seq, facts.at[i].event_seq);
        if (!original)
            continue;
        find_parts(original);
        TRY(load_lines(originals, original));
    }
    calc->originals = originals;
    calc->features.has_back = originals->has_pushed || calc->features.has_push;
    calc->view.originals = originals;
    return RC_OK;
}

/* ---- looking up ---- */

struct reward__original *reward__original_of(const struct reward__calc *calc,
                                             const struct reward__fact *fact)
{
    if (!calc->originals || fact->original_seq == 0)
        return NULL;
    return map_get_i64(calc->originals->by_seq, fact->original_seq);
}

struct reward__reversal *reward__reversal_of(const struct reward__calc *calc,
                                             const struct reward__fact *fact)
{
    if (!calc->originals || fact->original_seq == 0)
        return NULL;
    return map_get_i64(calc->originals->of_event, fact->event_seq);
}

void reward__touch(struct reward__calc *calc, struct reward__contract *contract,
                   struct reward__original *original)
{
    if (!contract->touched_set)
        contract->touched_set = map_new(calc->arena);
    void **slot = map_put_i64(contract->touched_set, original->fact->event_seq);
    if (!*slot)
        VEC_PUSH(calc->arena, &contract->touched, original);
    *slot = original;
}

bool reward__is_valid(const struct reward__rewarded *line)
{
    return line->result_id != 0 || line->generation == line->contract->generation;
}

int64_t reward__taken_minor(const struct reward__rewarded *line)
{
    bool is_now = line->contract && line->generation == line->contract->generation;
    return line->posted_minor + (is_now ? line->now_minor : 0);
}

void reward__original_note(struct reward__calc *calc, struct reward__contract *to,
                           const struct reward_line *line)
{
    struct reward__original *original =
        line->event_seq ? map_get_i64(calc->originals->by_seq, line->event_seq) : NULL;
    int64_t contract_id = to->result->contract->id;
    if (!original || !original->is_taken_back)
        return;
    struct reward__rewarded *known =
        line_of(original, contract_id, line->scheme_id, line->from_partner_id, line->key);
    if (known) {
        known->amount_minor += line->amount_minor;
        known->exact = dec_add(known->exact, line->exact);
        return;
    }
    known = NEW(calc->arena, struct reward__rewarded);
    *known = (struct reward__rewarded){.contract = to,
                                       .partner_code = to->result->contract->partner_code,
                                       .key = str_dup(calc->arena, line->key),
                                       .output = line->output,
                                       .version_id = line->version_id,
                                       .scheme_id = line->scheme_id,
                                       .contract_id = contract_id,
                                       .from_partner_id = line->from_partner_id,
                                       .exact = line->exact,
                                       .amount_minor = line->amount_minor,
                                       .due_day = line->due_day.has ? line->due_day.v
                                                                    : to->result->due_day,
                                       .gate = line->gate,
                                       .generation = to->generation};
    if (to->result->version->hold_days > 0) { /* as it will be stored */
        int64_t until =
            zone_date(calc->view.zone, line->occurred_at).days + to->result->version->hold_days;
        known->hold_until = SOME(until);
        known->due_day = until > known->due_day ? until : known->due_day;
    }
    VEC_PUSH(calc->arena, &original->lines, known);
    reward__touch(calc, to, original);
}

void reward__original_unnote(const struct reward__calc *calc,
                             const struct reward__contract *contract,
                             const struct reward_line *line)
{
    const struct reward__original *original =
        line->event_seq ? map_get_i64(calc->originals->by_seq, line->event_seq) : NULL;
    struct reward__rewarded *known =
        original ? line_of(original, contract->result->contract->id, line->scheme_id,
                           line->from_partner_id, line->key)
                 : NULL;
    if (!known)
        return;
    known->amount_minor -= line->amount_minor;
    known->exact = dec_sub(known->exact, line->exact);
}

struct str reward__originals_sha(struct reward__calc *calc, const struct reward__contract *contract)
{
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES];
    size_t len = 0;
    crypt_sha256_start(&state);
    for (size_t i = 0; i < contract->touched.len; i++)
        for (size_t k = 0; k < contract->touched.at[i]->lines.len; k++) {
            const struct reward__rewarded *line = contract->touched.at[i]->lines.at[k];
            if (line->result_id == 0)
                continue;
            len++;
            struct arena_mark mark = arena_mark(calc->scratch);
            crypt_sha256_more(
                &state, str_printf(calc->scratch, STR_FMT " " STR_FMT " %lld %lld %lld %lld\n",
                                   STR_ARG(line->partner_code), STR_ARG(line->key),
                                   (long long)line->from_partner_id, (long long)line->amount_minor,
                                   (long long)line->posted_minor, (long long)line->due_day));
            arena_rewind(calc->scratch, mark);
        }
    crypt_sha256_end(&state, digest);
    return len ? crypt_hex(calc->arena, (struct str){(const char *)digest, sizeof(digest)})
               : STR_NONE;
}

/* ---- the input ---- */

static struct feel_value line_view(const struct reward__view *view,
                                   const struct reward__rewarded *line,
                                   const struct reward__fact *fact, struct arena *arena)
{
    const struct currency *currency = fact->currency;
    bool is_paid = line->due_day <= zone_date(view->zone, fact->occurred_at).days;
    const struct reward__entry entries[] = {
        {"key", feel_text(line->key)},
        {"recipient", feel_text(line->partner_code)},
        {"amount", reward__view_money(line->amount_minor, currency)},
        {"paid", reward__view_money(is_paid ? line->amount_minor : 0, currency)},
        {"reversed", reward__view_money(reward__taken_minor(line), currency)},
        {"due on", feel_date(line->due_day)}};
    return reward__view_context(arena, entries, LEN(entries));
}

struct sums {
    int64_t rewarded, paid, taken, version_id;
    bool is_posted;
};

static struct feel_value lines_view(const struct reward__view *view,
                                    const struct reward__original *original,
                                    const struct reward__fact *fact, struct arena *arena,
                                    struct sums *out)
{
    struct feel_value *items = NEW_ARRAY(arena, struct feel_value, original->lines.len + 1);
    int64_t day = zone_date(view->zone, fact->occurred_at).days;
    size_t len = 0;
    *out = (struct sums){0};
    for (size_t i = 0; i < original->lines.len; i++) {
        const struct reward__rewarded *line = original->lines.at[i];
        if (!reward__is_valid(line))
            continue;
        items[len++] = line_view(view, line, fact, arena);
        out->rewarded += line->amount_minor;
        out->paid += line->due_day <= day ? line->amount_minor : 0;
        out->taken += reward__taken_minor(line);
        out->version_id = line->version_id;
        out->is_posted = out->is_posted || line->result_id != 0;
    }
    return feel_list(items, len);
}

struct feel_value reward__original_view(const struct reward__view *view,
                                        const struct reward__fact *fact, struct arena *arena)
{
    const struct reward__calc *calc = view->originals ? view->originals->calc : NULL;
    const struct reward__original *original = calc ? reward__original_of(calc, fact) : NULL;
    const struct reward__reversal *reversal = calc ? reward__reversal_of(calc, fact) : NULL;
    struct sums sums;
    if (!original)
        return feel_null();
    const struct reward__fact *of = original->fact;
    struct feel_value lines = lines_view(view, original, fact, arena, &sums);
    struct date from = zone_date(view->zone, of->occurred_at);
    struct date day = zone_date(view->zone, fact->occurred_at);
    const struct currency *currency = of->currency;
    struct feel_value fraction =
        reversal ? feel_number(dec_sub(reversal->to, reversal->from)) : feel_null();
    const struct reward__entry entries[] = {
        {"id", feel_text(of->external_id)},
        {"type", feel_text(str_of(event_type_name(of->type)))},
        {"date", feel_date(from.days)},
        {"net", reward__view_money(of->net_minor, currency)},
        {"quantity", reward__view_quantity(of->quantity)},
        {"fraction", fraction},
        {"months served", feel_i64(date_months_between(from, day))},
        {"lines", lines},
        {"rewarded", reward__view_money(sums.rewarded, currency)},
        {"paid", reward__view_money(sums.paid, currency)},
        {"remaining", reward__view_money(sums.rewarded - sums.taken, currency)},
        {"version", sums.version_id ? feel_i64(sums.version_id) : feel_null()},
        {"basis", feel_text(sums.is_posted ? STR("posted") : STR("recomputed"))}};
    return reward__view_context(arena, entries, LEN(entries));
}
