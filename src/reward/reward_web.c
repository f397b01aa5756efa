/* The front door of both sides, the pages of the navigation, and the card on a partner's page. */
#include "reward/reward_web.h"

#include "reward/reward_view.h"

struct home_query {
    struct str period;
};
static const struct field home_fields[] = {
    F_STR(home_query, period, 0, 12),
    FIELDS_END,
};

static enum rc page_home(struct req *r)
{
    const struct home_query *query = form(r);
    if (r->op->actor.kind == ACTOR_PARTNER)
        return reward__home_page(r);
    return reward__desk_page(r, query->period);
}

const struct route reward_routes[] = {
    ROUTE(GET, "/", page_home, PERM_SIGNED_IN, FORM(home_query, home_fields)),
    {0},
};

const struct ui_page reward_pages[] = {
    {UI_HOME, M("Month-end"), "/", NULL},
    {UI_RUNS, M("Runs"), "/runs", "run.read"},
    {UI_RUNS, M("Reward statements"), "/statements", "run.read"},
    {UI_MY_HOME, M("Home"), "/", NULL},
    {UI_MY_STATEMENTS, M("Statements"), "/portal/statements", "portal.statement"},
};
const size_t reward_pages_len = LEN(reward_pages);

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

enum rc reward_of_partner_card(struct op *op, int64_t partner_id, struct out *o)
{
    struct reward__partner_card v = {.all_href = str_printf(op->arena, "/statements?partner=%s",
                                                            pid_of("prt", partner_id).text)};
    TRY(op_must(op, "run.read"));
    TRY(add_positions(op, partner_id, &v));
    TRY(add_statements(op, partner_id, &v));
    reward_partner_card_view(o, &v);
    return RC_OK;
}
