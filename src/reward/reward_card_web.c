/* Cards on pages of other modules: a partner's balance and statements, what a sale earned. */
#include "reward/reward_q.h"
#include "reward/reward_view.h"
#include "reward/reward_web.h"

/* ---- on the partner's page ---- */

enum { CARD_PERIOD, CARD_STATE, CARD_TOTAL, CARDS };
static const struct ui_column card_columns[] = {
    [CARD_PERIOD] = {.name = "period", .title = M("Period"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [CARD_STATE] = {.name = "state",
                    .title = M("State"),
                    .kind = UI_STATE,
                    .record = "statement",
                    .place = UI_AT_BADGE},
    [CARD_TOTAL] = {.name = "total",
                    .title = M("Accrued"),
                    .kind = UI_MONEY,
                    .place = UI_AT_FIGURE},
};

static void add_part(struct op *op, struct ui_defs *parts, const char *label, enum ui_tint tint,
                     int64_t minor, const struct currency *currency)
{
    struct ui_def def = {.label = label, .key = tint, .money = MONEY(minor, currency)};
    VEC_PUSH(op->arena, parts, def);
}

static enum rc add_positions(struct op *op, int64_t partner_id, struct reward__partner_card *v)
{
    struct ledger_positions positions = {0};
    TRY(ledger_positions(op, partner_id, 0, &positions));
    for (size_t i = 0; i < positions.len; i++) {
        const struct ledger_position *p = &positions.at[i];
        struct reward__position one = {.currency = str_of(p->currency->code)};
        add_part(op, &one.parts, M("Accrued, not yet due"), UI_MUTE, p->accrued_minor, p->currency);
        add_part(op, &one.parts, M("On hold"), UI_WARN, p->held_minor, p->currency);
        add_part(op, &one.parts, M("To pay"), UI_INFO, p->payable_minor, p->currency);
        if (p->in_payment_minor)
            add_part(op, &one.parts, M("In payment"), UI_ACCENT, p->in_payment_minor, p->currency);
        if (p->receivable_minor)
            add_part(op, &one.parts, M("Owed by the partner"), UI_BAD, -p->receivable_minor,
                     p->currency);
        VEC_PUSH(op->arena, &v->positions, one);
    }
    return RC_OK;
}

static enum rc add_statements(struct op *op, int64_t partner_id, struct reward__partner_card *v)
{
    enum { SHOWN = 6 };
    struct statement_item_page page;
    struct q_statement_list_in in = {.partner = SOME(partner_id),
                                     .page = {.sort_i = 0, .is_descending = true, .limit = SHOWN}};
    v->statements = (struct ui_table){
        .columns = card_columns, .columns_len = CARDS, .caption = M("Statements")};
    TRY(q_statement_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct statement_item *s = &page.at[i];
        struct str href = reward__statement_href(op, s->id, "");
        struct ui_cell *cells = ui_table_row(op, &v->statements, STR_NONE);
        cells[CARD_PERIOD] =
            ui_cell_link(reward__period_words(op, s->period, PLACE_START), s->number, href);
        cells[CARD_STATE] = ui_cell_state(s->state);
        cells[CARD_TOTAL] = ui_cell_money(MONEY(s->total_minor, currency_find(s->currency)), href);
    }
    return RC_OK;
}

static enum rc put_partner(struct op *op, int64_t partner_id, struct out *o)
{
    struct reward__partner_card v = {.all_href = str_printf(op->arena, "/statements?partner=%s",
                                                            pid_of("prt", partner_id).text)};
    TRY(add_positions(op, partner_id, &v));
    TRY(add_statements(op, partner_id, &v));
    reward_partner_card_view(o, &v);
    return RC_OK;
}

/* ---- on the event's page ---- */

enum { EARNED_WHO, EARNED_RULE, EARNED_STATE, EARNED_AMOUNT, EARNEDS };
static const struct ui_column earned_columns[] = {
    [EARNED_WHO] = {.name = "partner",
                    .title = M("Partner"),
                    .kind = UI_TEXT,
                    .place = UI_AT_NAME,
                    .sub_name = "contract",
                    .sub_title = M("Contract")},
    [EARNED_RULE] = {.name = "rule", .title = M("Rule"), .kind = UI_TEXT},
    [EARNED_STATE] = {.name = "state",
                      .title = M("State"),
                      .kind = UI_STATE,
                      .record = "result",
                      .place = UI_AT_BADGE},
    [EARNED_AMOUNT] = {.name = "amount",
                       .title = M("Amount"),
                       .kind = UI_MONEY,
                       .place = UI_AT_FIGURE},
};

/* Results of a partner over the instant: each line of the event, or a row that there is none. */
static enum rc add_earned(struct op *op, int64_t event_seq, int64_t partner_id, int64_t at,
                          struct ui_table *table)
{
    struct reward_earned_row_rows rows;
    TRY(q_reward_earned(op, &(struct q_reward_earned_in){event_seq, partner_id, at}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct reward_earned_row *row = &rows.at[i];
        struct str href = reward__href(op, "/results/", "res", row->result_id, "");
        struct ui_cell *cells = ui_table_row(op, table, STR_NONE);
        cells[EARNED_WHO] = ui_cell_two(row->partner_name, row->contract_code);
        cells[EARNED_STATE] = ui_cell_state(row->state);
        if (!row->line_id.has) {
            cells[EARNED_RULE] = ui_cell_link(tr(op->lang, M("Nothing; why")), STR_NONE, href);
            continue;
        }
        struct str label;
        TRY(reward__label(op, row->scheme_version_id, row->key, &label));
        cells[EARNED_RULE] = ui_cell_text(label);
        cells[EARNED_AMOUNT] = ui_cell_money(
            MONEY(row->amount_minor, currency_find(row->currency)),
            str_printf(op->arena, STR_FMT "/why/%s?line=%s", STR_ARG(href),
                       pid_of("der", row->derivation_id).text, pid_of("lin", row->line_id.v).text));
    }
    return RC_OK;
}

static enum rc put_event(struct op *op, int64_t event_seq, struct out *o)
{
    AUTO_EVENT_SCAN scan = NULL;
    const struct event_batch *batch = NULL;
    struct ui_table table = {
        .columns = earned_columns, .columns_len = EARNEDS, .caption = M("What it earned")};
    TRY(event_scan_open(op, &(struct event_filter){.event_seq = event_seq}, &scan));
    enum rc rc;
    while ((rc = event_scan_next(scan, &batch)) == RC_OK)
        for (size_t i = 0; i < batch->len; i++)
            if (batch->partner_id[i])
                TRY(add_earned(op, event_seq, batch->partner_id[i], batch->occurred_at[i], &table));
    if (rc != RC_MISSING)
        return rc;
    reward_event_card_view(o, &table);
    return RC_OK;
}

const struct ui_record_card reward_cards[] = {
    {"partner", "run.read", put_partner}, {"event", "run.read", put_event}, {0}};
