/* What holds lines beyond their day, looked at daily: a condition that a later event of the same
 * customer (or one that names the event) must meet until a day, and a balance that must be reached.
 * What is let go moves from held to accrued and then becomes due like anything else; what came too
 * late is cancelled. Each step is a transaction of its own with a ledger key that makes it happen
 * once. */
#include "ledger/ledger.h"
#include "reward/reward_calc.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

struct gate {
    struct reward_gated_row row;
    struct reward__fact *event; /* of which the lines were made; NULL: it is not there */
    struct feel_value terms;
    VEC(int64_t) met_by; /* event_seq of those that met it */
};

struct gates {
    struct op *op;
    struct arena *scratch; /* of one look at one event */
    struct reward__dims dims;
    struct reward__view view;
    VEC(struct gate *) all;
    struct map *events;      /* by event_seq: struct reward__fact */
    struct map *of_customer; /* customer to struct gate_list */
    struct map *of_original; /* event_seq to struct gate_list */
    struct map *voided;
    struct feel_expr call; /* "condition(event)" */
};

struct gate_list {
    VEC(struct gate *) list;
};

/* ---- moving ---- */

static enum rc post(struct op *op, const struct reward_gated_row *row, const char *what,
                    const char *to)
{
    const struct currency *currency = currency_find(row->currency);
    bool is_of_partner = ledger_kind_find(str_of(to))->is_of_partner;
    int64_t transfer_id = 0;
    struct ledger_leg legs[] = {{.kind = "partner:held",
                                 .entity_id = row->entity_id,
                                 .partner_id = row->partner_id,
                                 .contract_id = row->contract_id,
                                 .amount = MONEY(row->amount_minor, currency)},
                                {.kind = to,
                                 .entity_id = row->entity_id,
                                 .partner_id = is_of_partner ? row->partner_id : 0,
                                 .contract_id = is_of_partner ? row->contract_id : 0,
                                 .amount = MONEY(-row->amount_minor, currency)}};
    if (row->amount_minor == 0)
        return RC_OK;
    return ledger_post(op,
                       &(struct ledger_transfer){.key = str_printf(op->arena, "result:%lld:%s:%lld",
                                                                   (long long)row->result_id, what,
                                                                   (long long)row->first_line_id),
                                                 .reason = what,
                                                 .posting_day = zone_date(op->zone, op->now).days,
                                                 .service_from_day = row->from_day,
                                                 .service_to_day = row->to_day,
                                                 .source_kind = "result",
                                                 .source_id = row->result_id,
                                                 .legs = legs,
                                                 .legs_len = LEN(legs)},
                       &transfer_id);
}

static enum rc move_gate(struct op *op, struct job *job, const struct reward_gated_row *row,
                         bool is_met)
{
    AUTO_TXN txn = {0};
    struct str after = str_sub(row->hold, strlen("quality"), SIZE_MAX);
    after = str_trim(is_met && after.len ? after : STR(""));
    TRY(reward__txn(op, job, &txn));
    if (!is_met)
        TRY(post(op, row, "cancel", "expense:reward"));
    else if (after.len == 0)
        TRY(post(op, row, "let_go", "partner:accrued"));
    TRY(q_reward_gate_move(
        op, &(struct q_reward_gate_move_in){.result_id = row->result_id,
                                            .gate = row->gate,
                                            .gate_seq = row->gate_seq,
                                            .before = row->hold,
                                            .after = after,
                                            .state = is_met ? STR("pending") : STR("cancelled")}));
    kill_point("gate");
    return txn_commit(&txn);
}

/* ---- conditions ---- */

static void list_add(struct gates *g, struct map *map, int64_t key, struct gate *gate)
{
    void **slot = map_put_i64(map, key);
    if (!*slot)
        *slot = NEW(g->op->arena, struct gate_list);
    struct gate_list *list = *slot;
    VEC_PUSH(g->op->arena, &list->list, gate);
}

static enum rc keep_event(void *self, const struct reward__fact *fact)
{
    struct gates *g = self;
    struct reward__fact *kept = NEW(g->op->arena, struct reward__fact);
    *kept = *fact;
    *map_put_i64(g->events, fact->event_seq) = kept;
    return RC_OK;
}

static enum rc load_gate(struct gates *g, struct gate *gate)
{
    int64_t seq = gate->row.gate_seq;
    if (!map_get_i64(g->events, seq))
        TRY(reward__heads_scan(g->op, &(struct event_filter){.event_seq = seq, .heads_only = true},
                               &g->dims, g->op->arena, keep_event, g));
    gate->event = map_get_i64(g->events, seq);
    list_add(g, g->of_original, seq, gate);
    if (gate->event && gate->event->customer)
        list_add(g, g->of_customer, gate->event->customer->id, gate);
    return reward__terms_then(g->op, g->op->arena, gate->row.result_id, gate->row.version_id,
                              &gate->terms);
}

static enum rc load_rows(struct gates *g)
{
    AUTO_CURSOR cursor = {0};
    struct reward_gated_row row;
    enum rc rc;
    TRY(q_reward_gated_open(g->op, &cursor));
    while ((rc = q_reward_gated_next(&cursor, &row)) == RC_OK) {
        struct gate *gate = NEW(g->op->arena, struct gate);
        gate->row = row;
        gate->row.currency = str_dup(g->op->arena, row.currency);
        gate->row.gate = str_dup(g->op->arena, row.gate);
        gate->row.hold = str_dup(g->op->arena, row.hold);
        VEC_PUSH(g->op->arena, &g->all, gate);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The decision again, and its condition over the later event. Whatever it may spend was allowed by
 * the run; what cannot be computed is not met. */
static enum rc is_met_by(struct gates *g, const struct gate *gate, const struct reward__fact *later,
                         bool *out)
{
    const struct scheme *scheme = NULL;
    struct feel_env env = {0};
    struct feel_value value = feel_null(), when = feel_null();
    TRY(scheme_version_load(g->op, gate->row.version_id, &scheme));
    const struct dmn_element *decision = dmn_find(scheme->model, DMN_DECISION, gate->row.gate);
    const struct dmn_element *event = dmn_find(scheme->model, DMN_INPUT, STR("event"));
    const struct dmn_element *terms = dmn_find(scheme->model, DMN_INPUT, STR("terms"));
    *out = false;
    arena_reset(g->scratch);
    struct dmn_run *run = dmn_run_new(scheme->model, &env, g->scratch, g->scratch);
    if (event)
        dmn_run_put(run, event, reward__view_event(&g->view, gate->event));
    if (terms)
        dmn_run_put(run, terms, gate->terms);
    enum rc rc = decision ? dmn_run_value(run, decision, &g->op->fault, &value) : RC_MISSING;
    if (rc == RC_LIMIT)
        fault_clear(&g->op->fault);
    if (rc == RC_LIMIT || rc == RC_MISSING)
        return RC_OK;
    TRY(rc);
    if (value.kind != FEEL_CONTEXT || !feel_entry(&value, STR("when"), g->scratch, &when))
        return RC_OK;
    const struct feel_value slots[] = {when, reward__view_event(&g->view, later)};
    env = (struct feel_env){.slots = slots, .slots_len = LEN(slots)};
    if (feel_eval(&g->call, &env, g->scratch, NULL, NULL, &value) == RC_OK)
        *out = value.kind == FEEL_BOOL && value.is;
    return RC_OK;
}

static enum rc look_at(struct gates *g, const struct gate_list *gates,
                       const struct reward__fact *later)
{
    int64_t day = zone_date(g->op->zone, later->occurred_at).days;
    for (size_t i = 0; gates && i < gates->list.len; i++) {
        struct gate *gate = gates->list.at[i];
        bool is_met = false;
        if (!gate->event || later->event_seq == gate->row.gate_seq ||
            later->occurred_at < gate->event->occurred_at || day >= gate->row.gate_until.v)
            continue;
        TRY(is_met_by(g, gate, later, &is_met));
        if (is_met)
            VEC_PUSH(g->op->arena, &gate->met_by, later->event_seq);
    }
    return RC_OK;
}

static enum rc look_at_event(void *self, const struct reward__fact *fact)
{
    struct gates *g = self;
    if (fact->type == EVENT_VOID) {
        *map_put_i64(g->voided, fact->original_seq) = g;
        return RC_OK;
    }
    if (fact->customer)
        TRY(look_at(g, map_get_i64(g->of_customer, fact->customer->id), fact));
    return fact->original_seq ? look_at(g, map_get_i64(g->of_original, fact->original_seq), fact)
                              : RC_OK;
}

static enum rc look_at_events(struct gates *g)
{
    AUTO_ARENA texts = arena_new(0);
    int64_t from_at = INT64_MAX;
    struct event_filter filter = {.heads_only = true, .to_at = g->op->now + 1};
    for (size_t i = 0; i < g->all.len; i++)
        if (g->all.at[i]->event && g->all.at[i]->event->occurred_at < from_at)
            from_at = g->all.at[i]->event->occurred_at;
    filter.from_at = from_at;
    return from_at < filter.to_at
               ? reward__heads_scan(g->op, &filter, &g->dims, texts, look_at_event, g)
               : RC_OK;
}

static bool is_met(const struct gates *g, const struct gate *gate)
{
    for (size_t i = 0; i < gate->met_by.len; i++)
        if (!map_get_i64(g->voided, gate->met_by.at[i]))
            return true;
    return false;
}

static enum rc tick_conditions(struct op *op, struct job *job)
{
    AUTO_ARENA scratch = arena_new((size_t)64 << 20);
    struct gates *g = NEW(op->arena, struct gates);
    const struct feel_field names[] = {{.name = STR("condition")}, {.name = STR("event")}};
    int64_t today = zone_date(op->zone, op->now).days;
    *g = (struct gates){.op = op,
                        .scratch = scratch,
                        .events = map_new(op->arena),
                        .of_customer = map_new(op->arena),
                        .of_original = map_new(op->arena),
                        .voided = map_new(op->arena)};
    TRY(load_rows(g));
    if (g->all.len == 0)
        return RC_OK;
    TRY(feel_compile(op->arena, STR("condition(event)"), names, LEN(names), FEEL_KONTOR, &op->fault,
                     &g->call));
    TRY(reward__dims_load(op, &g->dims));
    TRY(reward__traits_load(op, true, true, &g->dims.traits));
    reward__view_init(&g->view, op->arena, op->zone, &g->dims, today);
    for (size_t i = 0; i < g->all.len; i++)
        TRY(load_gate(g, g->all.at[i]));
    TRY(look_at_events(g));
    for (size_t i = 0; i < g->all.len; i++) {
        const struct gate *gate = g->all.at[i];
        bool is_fine = is_met(g, gate);
        if (is_fine || today >= gate->row.gate_until.v)
            TRY(move_gate(op, job, &gate->row, is_fine));
    }
    return RC_OK;
}

/* ---- balances ---- */

struct waiting { /* lines of one contract and currency */
    VEC(struct reward_gated_row) rows;
};

static enum rc release_row(struct op *op, struct job *job, const struct reward_gated_row *row)
{
    AUTO_TXN txn = {0};
    int64_t today = zone_date(op->zone, op->now).days;
    TRY(reward__txn(op, job, &txn));
    TRY(post(op, row, "let_go", "partner:accrued"));
    TRY(q_reward_threshold_move(
        op, &(struct q_reward_threshold_move_in){.result_id = row->result_id,
                                                 .gate_minor = row->gate_minor.v,
                                                 .before = row->hold,
                                                 .today = today}));
    kill_point("gate");
    return txn_commit(&txn);
}

/* The balance is what is to be paid and what waits for it; reaching it exactly is enough. */
static enum rc release(struct op *op, struct job *job, const struct waiting *waiting)
{
    struct ledger_positions positions = {0};
    const struct reward_gated_row *first = waiting->rows.at;
    int64_t balance = 0;
    if (waiting->rows.len == 0)
        return RC_OK;
    TRY(ledger_positions(op, first->partner_id, first->contract_id, &positions));
    for (size_t i = 0; i < positions.len; i++)
        if (positions.at[i].currency == currency_find(first->currency))
            balance += positions.at[i].payable_minor;
    for (size_t i = 0; i < waiting->rows.len; i++)
        balance += waiting->rows.at[i].amount_minor;
    for (size_t i = 0; i < waiting->rows.len; i++)
        if (balance >= waiting->rows.at[i].gate_minor.v)
            TRY(release_row(op, job, &waiting->rows.at[i]));
    return RC_OK;
}

static enum rc tick_balances(struct op *op, struct job *job)
{
    struct waiting all = {0}, one = {0};
    struct reward_gated_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_below_threshold_open(
        op, &(struct q_reward_below_threshold_in){zone_date(op->zone, op->now).days}, &cursor));
    while ((rc = q_reward_below_threshold_next(&cursor, &row)) == RC_OK) {
        row.currency = str_dup(op->arena, row.currency);
        row.hold = str_dup(op->arena, row.hold);
        VEC_PUSH(op->arena, &all.rows, row);
    }
    if (rc != RC_MISSING)
        return rc;
    cursor_close(&cursor);
    for (size_t i = 0; i < all.rows.len; i++) {
        const struct reward_gated_row *at = &all.rows.at[i];
        if (one.rows.len > 0 && (one.rows.at[0].contract_id != at->contract_id ||
                                 !str_eq(one.rows.at[0].currency, at->currency))) {
            TRY(release(op, job, &one));
            one.rows.len = 0;
        }
        VEC_PUSH(op->arena, &one.rows, *at);
    }
    return release(op, job, &one);
}

enum rc reward__gates_tick(struct op *op, struct job *job)
{
    TRY(tick_conditions(op, job));
    return tick_balances(op, job);
}
