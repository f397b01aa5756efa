/* The outputs of one contract, phase by phase: of the contract, of its outlets and customers, of
 * its events. What a phase sees of others was made ready by the rounds (reward_round.c). */
#include "crypt/crypt.h"
#include "reward/reward_calc.h"

enum rc reward__evaluate(struct reward__calc *calc, struct reward__contract *contract,
                         const struct reward__site *site)
{
    struct feel_value value = feel_null();
    const struct scheme_output *output = site->output;
    const struct dmn_element *decision =
        dmn_find(site->segment->scheme->model, DMN_DECISION, output->decision);
    calc->warnings.len = calc->warnings.total = 0;
    calc->at_hand.contract = contract;
    calc->at_hand.scheme = site->segment->scheme;
    enum rc rc = dmn_run_value(site->segment->eval->run, decision, &calc->op->fault, &value);
    if (rc == RC_LIMIT) { /* a budget was spent: this contract cannot be computed, others can */
        reward__warn_text(calc, contract->result, output->decision,
                          M("The computation took more steps or memory than allowed."), STR_NONE,
                          site->fact ? site->fact->event_seq : 0);
        fault_clear(&calc->op->fault);
        return RC_OK;
    }
    TRY(rc);
    reward__derive_keep(calc, site->segment);
    reward__take(calc, contract, site, &value);
    return calc->outcome;
}

/* ---- events ---- */

static bool is_of_event(const struct scheme_output *output, bool is_push)
{
    return output->scope == SCHEME_EVENT && output->kind != SCHEME_ACCUMULATOR &&
           output->kind != SCHEME_CLAWBACK &&
           (output->is_push == is_push || output->kind == SCHEME_ELIGIBLE ||
            output->kind == SCHEME_DUE);
}

static bool wants_events(const struct scheme *scheme, bool is_push)
{
    for (size_t k = 0; k < scheme->outputs_len; k++)
        if (is_of_event(&scheme->outputs[k], is_push) ||
            (!is_push && scheme->outputs[k].kind == SCHEME_ACCUMULATOR))
            return true;
    return false;
}

static enum rc evaluate_event(struct reward__calc *calc, struct reward__contract *contract,
                              struct reward__scheme *scheme, struct reward__segment *segment,
                              const struct reward__fact *fact, bool is_push)
{
    reward__eval_open(calc, contract, scheme, segment, &segment->whole);
    dmn_run_next(segment->eval->run);
    reward__set_input(segment, "event", reward__view_event(&calc->view, fact));
    struct feel_value chain;
    memset(&scheme->verdicts_of_event, 0, sizeof(scheme->verdicts_of_event));
    memset(&scheme->dues_of_event, 0, sizeof(scheme->dues_of_event));
    if (is_push && reward__has_input(segment->scheme, "chain")) {
        TRY(reward__chain(calc, contract, segment, fact, &chain));
        reward__set_input(segment, "chain", chain);
    }
    TRY(reward__tallies_add(calc, contract, scheme, segment, fact));
    reward__event_begins(contract);
    for (size_t k = 0; k < segment->scheme->outputs_len; k++) {
        struct reward__site site = {
            .segment = segment, .output = &segment->scheme->outputs[k], .fact = fact};
        if (is_of_event(site.output, is_push) && !reward__is_by_law(calc, site.output, fact))
            TRY(reward__evaluate(calc, contract, &site));
    }
    reward__event_ends(calc, contract, segment, fact);
    return RC_OK;
}

static enum rc evaluate_events(struct reward__calc *calc, struct reward__contract *contract,
                               struct reward__scheme *scheme, bool is_push)
{
    size_t s = 0;
    reward__tallies_open(calc, contract, scheme);
    for (size_t i = 0; i < scheme->facts_len; i++) {
        const struct reward__fact *fact = scheme->facts[i];
        while (s < scheme->segments.len && fact->occurred_at >= scheme->segments.at[s].to_at)
            s++;
        if (s == scheme->segments.len || fact->occurred_at < scheme->segments.at[s].from_at)
            continue; /* between segments: the scheme was not bound then */
        if (wants_events(scheme->segments.at[s].scheme, is_push))
            TRY(evaluate_event(calc, contract, scheme, &scheme->segments.at[s], fact, is_push));
    }
    if (!is_push)
        reward__tallies_close(calc, contract, scheme);
    return RC_OK;
}

/* ---- outlets and customers ---- */

static const void *item_of(const struct reward__fact *fact, enum scheme_scope scope)
{
    return scope == SCHEME_OUTLET ? (const void *)fact->outlet : (const void *)fact->customer;
}

struct items { /* in the order of their first event */
    VEC(const void *) list;
    struct map *facts; /* item to how many events it has */
};

static void find_items(struct reward__calc *calc, const struct reward__scheme *scheme,
                       enum scheme_scope scope, struct items *out)
{
    *out = (struct items){.facts = map_new(calc->work)};
    for (size_t i = 0; i < scheme->facts_len; i++) {
        const void *item = item_of(scheme->facts[i], scope);
        void **slot = item ? map_put_i64(out->facts, (int64_t)(intptr_t)item) : NULL;
        if (!slot)
            continue;
        if (!*slot) {
            *slot = NEW(calc->work, size_t);
            VEC_PUSH(calc->work, &out->list, item);
        }
        ++*(size_t *)*slot;
    }
}

/* The events of each item stand together, in their order. */
static const struct reward__fact **facts_by_item(struct reward__calc *calc,
                                                 const struct reward__scheme *scheme,
                                                 enum scheme_scope scope, struct items *items)
{
    const struct reward__fact **facts =
        NEW_ARRAY(calc->work, const struct reward__fact *, scheme->facts_len);
    size_t next = 0;
    for (size_t i = 0; i < items->list.len; i++) {
        size_t *count = map_get_i64(items->facts, (int64_t)(intptr_t)items->list.at[i]);
        size_t len = *count;
        *count = next; /* from now on: where its next event goes */
        next += len;
    }
    for (size_t i = 0; i < scheme->facts_len; i++) {
        const void *item = item_of(scheme->facts[i], scope);
        size_t *at = item ? map_get_i64(items->facts, (int64_t)(intptr_t)item) : NULL;
        if (at)
            facts[(*at)++] = scheme->facts[i];
    }
    return facts;
}

static enum rc evaluate_item(struct reward__calc *calc, struct reward__contract *contract,
                             const struct reward__scheme *scheme, struct reward__segment *segment,
                             enum scheme_scope scope, const struct reward__fact *const *facts,
                             size_t len)
{
    struct reward__site site = {.segment = segment};
    dmn_run_next(segment->eval->run);
    reward__set_input(segment, "sales", reward__view_sales(&calc->view, facts, len));
    if (scope == SCHEME_OUTLET) {
        site.outlet = facts[0]->outlet;
        reward__set_input(segment, "outlet", reward__view_outlet(&calc->view, site.outlet));
        if (reward__has_input(segment->scheme, "plan"))
            reward__set_input(segment, "plan",
                              reward__plan_input(calc, contract, scheme, site.outlet));
    } else {
        site.customer = facts[0]->customer;
        struct reward__fact *last = NEW(calc->work, struct reward__fact);
        *last = *facts[len - 1]; /* the customer as at the end of the period */
        last->occurred_at = calc->calculation->span.end_us - 1;
        reward__set_input(segment, "customer", reward__view_customer(&calc->view, last));
    }
    if (reward__has_input(segment->scheme, "metrics"))
        reward__set_input(
            segment, "metrics",
            reward__metrics_input(calc, contract, segment->scheme, site.outlet, site.customer));
    for (size_t k = 0; k < segment->scheme->outputs_len; k++) {
        site.output = &segment->scheme->outputs[k];
        if (site.output->scope == scope)
            TRY(reward__evaluate(calc, contract, &site));
    }
    return RC_OK;
}

static bool has_scope(const struct scheme *scheme, enum scheme_scope scope)
{
    for (size_t k = 0; k < scheme->outputs_len; k++)
        if (scheme->outputs[k].scope == scope)
            return true;
    return false;
}

static enum rc evaluate_items(struct reward__calc *calc, struct reward__contract *contract,
                              struct reward__scheme *scheme, struct reward__segment *segment,
                              enum scheme_scope scope)
{
    struct items items;
    if (!has_scope(segment->scheme, scope))
        return RC_OK;
    find_items(calc, scheme, scope, &items);
    const struct reward__fact **facts = facts_by_item(calc, scheme, scope, &items);
    reward__eval_open(calc, contract, scheme, segment, &segment->item);
    size_t from = 0;
    for (size_t i = 0; i < items.list.len; i++) {
        size_t to = *(size_t *)map_get_i64(items.facts, (int64_t)(intptr_t)items.list.at[i]);
        TRY(evaluate_item(calc, contract, scheme, segment, scope, facts + from, to - from));
        from = to;
    }
    reward__measures_close(calc, contract);
    return RC_OK;
}

/* ---- the contract ---- */

static enum rc evaluate_scope(struct reward__calc *calc, struct reward__contract *contract,
                              struct reward__segment *segment, enum scheme_scope scope)
{
    for (size_t k = 0; k < segment->scheme->outputs_len; k++) {
        struct reward__site site = {.segment = segment, .output = &segment->scheme->outputs[k]};
        if (site.output->scope == scope && !site.output->is_push)
            TRY(reward__evaluate(calc, contract, &site));
    }
    return RC_OK;
}

static void set_network(struct reward__calc *calc, struct reward__contract *contract,
                        struct reward__scheme *scheme, struct reward__segment *segment, int phase)
{
    if (phase < 2 || !reward__asks_network(scheme))
        return;
    struct feel_value downline = reward__downline(calc, contract->result, scheme);
    if (phase <= 3)
        contract->below_sha = crypt_sha256_hex(calc->arena, feel_print(calc->work, &downline));
    reward__set_input(segment, "downline", downline);
    if (reward__has_input(segment->scheme, "legs"))
        reward__set_input(segment, "legs", reward__legs(calc, contract->result, scheme));
}

static enum scheme_scope scope_of_phase(int phase)
{
    switch (phase) {
    case 1: return SCHEME_CONTRACT;
    case 2: return SCHEME_RANK;
    case 3: return SCHEME_UPWARD;
    case 4: return SCHEME_MATCHING;
    default: return SCHEME_CLOSING;
    }
}

bool reward__has_phase(const struct reward__contract *contract, int phase, bool is_push)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++) {
            const struct scheme *scheme = contract->schemes.at[i].segments.at[k].scheme;
            for (size_t n = 0; n < scheme->outputs_len; n++)
                if (scheme->outputs[n].phase == phase && scheme->outputs[n].is_push == is_push)
                    return true;
        }
    return false;
}

enum rc reward__phase(struct reward__calc *calc, struct reward__contract *contract, int phase)
{
    enum scheme_scope scope = scope_of_phase(phase);
    for (size_t i = 0; i < contract->schemes.len; i++) {
        struct reward__scheme *scheme = &contract->schemes.at[i];
        struct reward__segment *last = reward__last_segment(scheme);
        if (!last || (phase > 1 && !has_scope(last->scheme, scope)))
            continue;
        reward__eval_open(calc, contract, scheme, last, &last->whole);
        set_network(calc, contract, scheme, last, phase);
        if (phase == 4 && reward__has_input(last->scheme, "lines"))
            reward__set_input(last, "lines", reward__lines_below(calc, scheme));
        if (phase == 6 && reward__has_input(last->scheme, "lines"))
            reward__set_input(last, "lines", reward__lines_own(calc, contract, phase));
        TRY(evaluate_scope(calc, contract, last, scope));
        if (phase > 1)
            continue;
        TRY(evaluate_items(calc, contract, scheme, last, SCHEME_OUTLET));
        TRY(evaluate_items(calc, contract, scheme, last, SCHEME_CUSTOMER));
        TRY(evaluate_events(calc, contract, scheme, false));
    }
    if (phase > 1)
        return RC_OK;
    reward__combine(calc, contract);
    TRY(reward__take_back(calc, contract, false));
    reward__nothings_close(calc, contract);
    return RC_OK;
}

enum rc reward__phase_push(struct reward__calc *calc, struct reward__contract *contract)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        TRY(evaluate_events(calc, contract, &contract->schemes.at[i], true));
    return RC_OK;
}
