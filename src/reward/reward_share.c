/* Outputs of kind clawback: the scheme itself says what part is taken back. It is computed in the
 * contract of the partner whose event it was, and holds for all who were rewarded for it. */
#include "reward/reward_law.h"

struct share {          /* of one reversal, scheme and giving partner */
    struct dec number;  /* of all lines */
    struct map *of_key; /* a context: line key to struct dec; NULL: of all */
    bool is_known;
};

struct asking {
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct reward__rewarded *line;
    const struct reward__reversal *reversal;
};

static void refuse(const struct asking *a, const char *message, struct str arg)
{
    reward__warn_text(a->calc, a->contract->result, a->line->output->clawback, message, arg,
                      a->reversal->fact->event_seq);
}

static bool read_part(const struct asking *a, const struct feel_value *value, struct dec *out)
{
    *out = dec_from_i64(0);
    if (value->kind == FEEL_NULL && a->calc->warnings.len == 0)
        return true;
    if (value->kind == FEEL_NUMBER && dec_sign(value->number) >= 0 &&
        dec_cmp(value->number, dec_from_i64(1)) <= 0) {
        *out = value->number;
        return true;
    }
    if (a->calc->warnings.len > 0)
        reward__warn(a->calc, a->contract->result, &a->calc->warnings.at[0], a->reversal->fact);
    else
        refuse(a, M("What is taken back is a part from 0 to 1, not {0}."),
               feel_print(a->calc->scratch, value));
    return false;
}

static void read_share(const struct asking *a, const struct feel_value *value, struct share *out)
{
    struct arena *arena = a->calc->arena;
    out->is_known = true;
    if (value->kind != FEEL_CONTEXT) {
        out->is_known = read_part(a, value, &out->number);
        return;
    }
    out->of_key = map_new(arena);
    for (size_t i = 0; i < value->context.shape->len; i++) {
        struct feel_value entry = feel_entry_at(value, i, a->calc->scratch);
        struct dec *part = NEW(arena, struct dec);
        out->is_known = read_part(a, &entry, part) && out->is_known;
        *map_put(out->of_key, str_dup(arena, value->context.shape->names[i])) = part;
    }
}

static struct reward__segment *segment_at(const struct asking *a, struct reward__scheme **out)
{
    int64_t at = a->reversal->fact->occurred_at;
    for (size_t i = 0; i < a->contract->schemes.len; i++) {
        struct reward__scheme *scheme = &a->contract->schemes.at[i];
        for (size_t k = 0; k < scheme->segments.len; k++)
            if (scheme->scheme_id == a->line->scheme_id && at >= scheme->segments.at[k].from_at &&
                at < scheme->segments.at[k].to_at) {
                *out = scheme;
                return &scheme->segments.at[k];
            }
    }
    return NULL;
}

/* The contract's own fact of the reversal, else that of the event without a part of it. */
static const struct reward__fact *fact_of(const struct asking *a,
                                          const struct reward__scheme *scheme)
{
    int64_t seq = a->reversal->fact->event_seq;
    for (size_t i = 0; i < scheme->facts_len; i++)
        if (scheme->facts[i]->event_seq == seq)
            return scheme->facts[i];
    return a->reversal->fact;
}

static const struct scheme_output *clawback_of(const struct reward__segment *segment,
                                               struct str key)
{
    const struct scheme_output *found = NULL;
    for (size_t i = 0; i < segment->scheme->outputs_len; i++) {
        const struct scheme_output *output = &segment->scheme->outputs[i];
        if (output->kind == SCHEME_CLAWBACK && (output->of.len == 0 || str_eq(output->of, key)))
            found = output;
    }
    return found;
}

static enum rc compute(const struct asking *a, struct share *out, struct reward__segment **at)
{
    struct reward__calc *calc = a->calc;
    struct feel_value value = feel_null();
    struct reward__scheme *scheme = NULL;
    struct reward__segment *segment = segment_at(a, &scheme);
    const struct scheme_output *output =
        segment ? clawback_of(segment, a->line->output->key) : NULL;
    if (!output) {
        refuse(a,
               M("The scheme that rewarded {0} is not in force any more: what it takes back "
                 "is not known."),
               a->line->output->key);
        return RC_OK;
    }
    const struct dmn_element *decision =
        dmn_find(segment->scheme->model, DMN_DECISION, output->decision);
    reward__eval_open(calc, a->contract, scheme, segment, &segment->whole);
    dmn_run_next(segment->eval->run);
    reward__set_input(segment, "event", reward__view_event(&calc->view, fact_of(a, scheme)));
    calc->warnings.len = calc->warnings.total = 0;
    enum rc rc = dmn_run_value(segment->eval->run, decision, &calc->op->fault, &value);
    if (rc == RC_LIMIT) {
        refuse(a, M("The computation took more steps or memory than allowed."), STR_NONE);
        fault_clear(&calc->op->fault);
        return RC_OK;
    }
    TRY(rc);
    reward__derive_keep(calc, segment);
    read_share(a, &value, out);
    *at = segment;
    return RC_OK;
}

enum rc reward__share(struct reward__calc *calc, struct reward__contract *contract,
                      const struct reward__rewarded *line, const struct reward__reversal *reversal,
                      struct reward__taken *out, bool *out_is_known)
{
    struct asking a = {calc, contract, line, reversal};
    struct reward__segment *segment = NULL;
    int64_t giver =
        line->from_partner_id ? line->from_partner_id : contract->result->contract->partner_id;
    struct str key =
        str_printf(calc->arena, "%lld %lld %lld " STR_FMT, (long long)reversal->fact->event_seq,
                   (long long)giver, (long long)line->scheme_id, STR_ARG(line->output->clawback));
    struct share *share = map_get(calc->originals->shares, key);
    if (!share || line->from_partner_id == 0) {
        share = NEW(calc->arena, struct share);
        *map_put(calc->originals->shares, key) = share;
        TRY(compute(&a, share, &segment));
    }
    *out_is_known = share->is_known;
    out->weight = share->number;
    if (share->of_key) {
        const struct dec *part = map_get(share->of_key, line->key);
        part = part ? part : map_get(share->of_key, line->output->key);
        out->weight = part ? *part : dec_from_i64(0);
    }
    out->from = dec_from_i64(0); /* a part of the line, whatever part of the sale is refunded */
    out->to = dec_from_i64(1);
    out->segment = segment;
    return RC_OK;
}
