/* The portal's home. It answers four questions from what is stored: what did I earn, when will I be
 * paid, what must I do next, how do I earn more. A question without an answer says so in words. */
#include "contract/contract.h"
#include "reward/reward_view.h"
#include "reward/reward_web.h"

/* ---- what did I earn ---- */

struct earned { /* the statements of the newest period that the partner was told of */
    struct statement_item_page page;
    size_t len; /* of them, from the first */
    int64_t minor, before_minor;
    bool has_before;
    const struct currency *currency;
    struct period period;
};

static enum rc find_earned(struct op *op, struct earned *out)
{
    static const char *const told[] = {"sent", "agreed", "partly_disputed", "disputed", "closed"};
    struct q_statement_list_in in = {.partner = SOME(op->actor.partner_id),
                                     .page = {.sort_i = 0, .is_descending = true, .limit = 50}};
    for (size_t i = 0; i < LEN(told); i++)
        VEC_PUSH(op->arena, &in.state, str_of(told[i]));
    TRY(q_statement_list(op, &in, &out->page));
    if (out->page.len == 0 || !period_parse(out->page.at[0].period, 0, &out->period))
        return RC_OK;
    struct str before = period_print(op->arena, period_step(out->period, -1));
    out->currency = currency_find(out->page.at[0].currency);
    for (size_t i = 0; i < out->page.len; i++) {
        const struct statement_item *s = &out->page.at[i];
        if (currency_find(s->currency) != out->currency)
            continue;
        if (str_eq(s->period, out->page.at[0].period)) {
            out->minor += s->total_minor;
            out->len = i + 1;
        } else if (str_eq(s->period, before)) {
            out->before_minor += s->total_minor;
            out->has_before = true;
        }
    }
    return RC_OK;
}

static void add_part(struct op *op, struct reward__home *v, const char *label, enum ui_tint tint,
                     struct money money, struct str href, bool is_strong)
{
    struct ui_def def = {
        .label = label, .money = money, .key = tint, .href = href, .is_strong = is_strong};
    if (money.minor == 0)
        return;
    VEC_PUSH(op->arena, &v->parts, def);
    VEC_PUSH(op->arena, &v->bar, ((struct ui_part){money.minor, tint}));
}

static enum rc add_parts(struct op *op, const struct earned *earned, struct reward__home *v)
{
    int64_t sums[BUCKET_OUT + 1] = {0}, due_minor = 0;
    for (size_t i = 0; i < earned->len; i++) {
        struct reward_sum_row_rows rows;
        const struct statement_item *s = &earned->page.at[i];
        if (currency_find(s->currency) != earned->currency)
            continue;
        TRY(q_reward_figures(op, &(struct q_reward_figures_in){s->result_id}, &rows));
        for (size_t k = 0; k < rows.len; k++) {
            sums[reward__bucket_of(rows.at[k].state, rows.at[k].is_held)] +=
                rows.at[k].amount_minor;
            due_minor += str_eq(rows.at[k].state, STR("due")) ? rows.at[k].amount_minor : 0;
        }
    }
    const struct currency *c = earned->currency;
    add_part(op, v, M("Due"), UI_ACCENT, MONEY(due_minor, c), v->earned_href, true);
    add_part(op, v, M("Not yet due"), UI_MUTE, MONEY(sums[BUCKET_DUE] - due_minor, c),
             v->earned_href, false);
    add_part(op, v, M("On hold"), UI_WARN, MONEY(sums[BUCKET_HELD], c), v->earned_href, false);
    add_part(op, v, M("In payment"), UI_INFO, MONEY(sums[BUCKET_IN_PAYMENT], c), v->earned_href,
             false);
    add_part(op, v, M("Paid"), UI_OK, MONEY(sums[BUCKET_PAID], c), v->earned_href, false);
    v->bar.label = tr(op->lang, M("Parts of what was accrued"));
    return RC_OK;
}

static enum rc add_earned(struct op *op, const struct earned *earned, struct reward__home *v)
{
    if (!earned->currency)
        return RC_OK;
    v->has_statement = true;
    v->earned = MONEY(earned->minor, earned->currency);
    v->earned_href = earned->len == 1 ? reward__statement_href(op, earned->page.at[0].id, "")
                                      : STR("/portal/statements");
    v->earned_note = i18n_format(op->arena, op->lang, M("accrued in {0}"),
                                 i18n_period(op->arena, op->lang, earned->period, PLACE_INSIDE));
    if (earned->has_before && earned->before_minor != earned->minor) {
        int64_t difference = earned->minor - earned->before_minor;
        struct period before = period_step(earned->period, -1);
        v->is_less = difference < 0;
        v->delta = i18n_money(op->arena, op->lang,
                              MONEY(difference < 0 ? -difference : difference, earned->currency));
        v->delta_note = i18n_format(op->arena, op->lang,
                                    v->is_less ? M("less than in {0}") : M("more than in {0}"),
                                    i18n_period(op->arena, op->lang, before, PLACE_INSIDE));
    }
    return add_parts(op, earned, v);
}

/* ---- when will I be paid ---- */

static void add_stage(struct op *op, struct reward__home *v, const char *label, int64_t day,
                      enum ui_stage_state state)
{
    struct ui_stage stage = {.label = label, .state = state};
    if (day)
        stage.note = reward__day_words(op, day);
    VEC_PUSH(op->arena, &v->pay_stages, stage);
}

/* What nothing holds and nobody has paid yet, of the statements that the partner was told of. */
struct waiting {
    int64_t due_minor, next_minor, later_minor; /* due already, on the next day, after it */
    int64_t due_day, due_last_day;              /* the first and the last that passed; 0: none */
    int64_t next_day, last_day;                 /* the next and the last to come; 0: none */
    int64_t statement_id;                       /* the only one; 0: several */
    const struct currency *currency;
};

static void count_waiting(const struct reward_pay_row_rows *rows, const struct currency *currency,
                          int64_t today, struct waiting *out)
{
    bool is_one = true;
    *out = (struct waiting){.currency = currency};
    for (size_t i = 0; i < rows->len; i++) { /* by day */
        const struct reward_pay_row *row = &rows->at[i];
        if (currency_find(row->currency) != currency)
            continue;
        is_one = is_one && row->first_statement_id == row->last_statement_id &&
                 (!out->statement_id || out->statement_id == row->first_statement_id);
        out->statement_id = row->first_statement_id;
        if (row->due_day <= today) {
            out->due_day = out->due_day ? out->due_day : row->due_day;
            out->due_last_day = row->due_day;
            out->due_minor += row->amount_minor;
            continue;
        }
        out->last_day = row->due_day;
        out->next_day = out->next_day ? out->next_day : row->due_day;
        *(row->due_day == out->next_day ? &out->next_minor : &out->later_minor) +=
            row->amount_minor;
    }
    out->statement_id = is_one ? out->statement_id : 0;
}

/* By the next day: what is due then, together with what is due already; then what is in it and what
 * comes later, so that all of it together is what waits. */
static void add_pay_words(struct op *op, const struct waiting *w,
                          const struct reward_bank_row *bank, struct reward__home *v)
{
    struct arena *arena = op->arena;
    struct date next = {(int32_t)w->next_day};
    bool is_to_come = w->next_minor > 0;
    int64_t sum = w->due_minor + w->next_minor;
    v->pay_day = is_to_come ? i18n_date(arena, op->lang, next, DATE_FULL, PLACE_START)
                            : tr(op->lang, M("Due now"));
    v->pay_amount = i18n_money(arena, op->lang, MONEY(sum, w->currency));
    v->pay_href = w->statement_id ? reward__statement_href(op, w->statement_id, "")
                                  : STR("/portal/statements");
    v->pay_note =
        bank ? i18n_format(arena, op->lang, M("due, to your account •••• {0}"), bank->number_tail)
             : tr(op->lang, M("due"));
    if (is_to_come && w->due_minor > 0)
        v->pay_overdue =
            i18n_format(arena, op->lang, M("{0} of it is due since {1}"),
                        MONEY(w->due_minor, w->currency), reward__day_words(op, w->due_day));
    if (!is_to_come && !w->statement_id)
        v->pay_overdue = i18n_format(arena, op->lang, M("of several statements, since {0}"),
                                     reward__day_words(op, w->due_day));
    if (w->later_minor > 0)
        v->pay_later =
            i18n_format(arena, op->lang, M("{0} more becomes due by {1}"),
                        MONEY(w->later_minor, w->currency), reward__day_words(op, w->last_day));
}

static enum rc add_pay(struct op *op, const struct earned *earned,
                       const struct reward_bank_row *bank, struct reward__home *v)
{
    struct reward_pay_row_rows rows;
    struct waiting w;
    struct date today = zone_date(op->zone, op->now);
    struct period from = period_step(period_of(PERIOD_MONTH, 0, today), -6);
    TRY(q_reward_pay_days(
        op, &(struct q_reward_pay_days_in){op->actor.partner_id, period_print(op->arena, from)},
        &rows));
    if (rows.len == 0)
        return RC_OK;
    count_waiting(&rows, earned->currency ? earned->currency : currency_find(rows.at[0].currency),
                  today.days, &w);
    if (w.due_minor + w.next_minor <= 0)
        return RC_OK;
    add_pay_words(op, &w, bank, v);
    bool is_due = w.next_minor <= 0;
    int64_t sent_at = earned->page.len ? earned->page.at[0].sent_at.v : 0;
    add_stage(op, v, M("Statement sent"), sent_at ? zone_date(op->zone, sent_at).days : 0,
              UI_STAGE_DONE);
    add_stage(op, v, M("Becomes due"), is_due ? w.due_last_day : w.next_day,
              is_due ? UI_STAGE_DONE : UI_STAGE_NOW);
    add_stage(op, v, M("Payment"), 0, is_due ? UI_STAGE_NOW : UI_STAGE_NEXT);
    return RC_OK;
}

/* ---- what must I do next ---- */

static void add_todo(struct op *op, const struct earned *earned, bool has_bank,
                     struct reward__home *v)
{
    enum { LOOK_DAYS = 31, SHOWN_MAX = 3 };
    size_t shown = 0;
    for (size_t i = 0; i < earned->page.len && shown < SHOWN_MAX; i++) {
        const struct statement_item *s = &earned->page.at[i];
        if (!str_eq(s->state, STR("sent")) || s->sent_at.v < op->now - LOOK_DAYS * US_DAY)
            continue;
        struct str href = reward__statement_href(op, s->id, "");
        struct str period = reward__period_words(op, s->period, PLACE_INSIDE);
        struct money total = MONEY(s->total_minor, currency_find(s->currency));
        struct ui_item item = {
            .icon = "file-check",
            .tint = UI_WARN,
            .title = i18n_format(op->arena, op->lang, M("Look at the statement for {0}"), period),
            .note = reward__note_line(op, s->number, i18n_money(op->arena, op->lang, total)),
            .href = href,
            .action = {
                .label = M("Look"), .kind = shown ? UI_SECONDARY : UI_PRIMARY, .href = href}};
        VEC_PUSH(op->arena, &v->todo, item);
        shown++;
    }
    if (!has_bank) {
        struct ui_item item = {
            .icon = "building-bank",
            .title = tr(op->lang, M("No bank account is on file")),
            .note = tr(op->lang, M("Payments need one. Tell your manager where to pay."))};
        VEC_PUSH(op->arena, &v->todo, item);
    }
    v->todo_note = i18n_format(op->arena, op->lang, M("{0, plural, one {# task} other {# tasks}}"),
                               (int64_t)v->todo.len);
}

/* ---- how do I earn more ---- */

static void add_chance(struct op *op, const struct reward__chance *chance, struct reward__home *v)
{
    const struct reward__tier *t = &chance->tier;
    struct arena *arena = op->arena;
    struct str missing =
        reward__number(op, dec_print(arena, t->missing), t->input_unit, chance->currency);
    struct str next =
        reward__number(op, dec_print(arena, t->next), t->result_unit, chance->currency);
    struct str value =
        reward__number(op, dec_print(arena, t->value), t->result_unit, chance->currency);
    struct str seen =
        reward__number(op, dec_print(arena, t->seen), t->input_unit, chance->currency);
    struct ui_item item = {.icon = "target-arrow",
                           .tint = UI_ACCENT,
                           .title =
                               i18n_format(arena, op->lang, M("{0} more this month gives {1} {2}"),
                                           missing, t->result, next),
                           .note = i18n_format(arena, op->lang, M("{0}: {1} so far, {2} {3} now."),
                                               t->input, seen, t->result, value)};
    if (t->has_money && t->then_minor > t->now_minor) {
        item.figure = i18n_money_delta(arena, op->lang,
                                       MONEY(t->then_minor - t->now_minor, chance->currency));
        item.when = tr(op->lang, M("on what is sold so far"));
    }
    VEC_PUSH(arena, &v->more, item);
}

static enum rc add_more(struct op *op, struct reward__home *v)
{
    struct reward_id_row_rows contracts;
    int64_t today = zone_date(op->zone, op->now).days;
    TRY(q_reward_contracts_of(op, &(struct q_reward_contracts_of_in){op->actor.partner_id, today},
                              &contracts));
    for (size_t i = 0; i < contracts.len; i++) {
        struct reward__chances chances;
        TRY(reward__chances(op, contracts.at[i].id, &chances));
        for (size_t k = 0; k < chances.len; k++)
            add_chance(op, &chances.at[k], v);
    }
    v->more_note = tr(op->lang, M("computed with your terms"));
    return RC_OK;
}

/* ---- last sales ---- */

static enum rc product_name(struct op *op, int64_t id, struct str *out)
{
    struct reward_name_row name;
    enum rc rc =
        id ? q_reward_product_name(op, &(struct q_reward_product_name_in){id}, &name) : RC_MISSING;
    *out = rc == RC_OK ? name.name : STR("");
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Beside the money there are a few; whoever sees no money of the partner has them as the page. */
enum { SALES_BESIDE = 5, SALES_ALONE = 15 };

struct sale {
    int64_t at, product_id, minor;
    struct str external_id;
    const struct currency *currency;
    const char *type;
};

enum { SALE_WHAT, SALE_TYPE, SALE_NET, SALES };
static const struct ui_column sale_columns[] = {
    [SALE_WHAT] = {.name = "sale", .title = M("Sale"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [SALE_TYPE] = {.name = "type", .title = M("Type"), .kind = UI_TEXT, .place = UI_AT_NONE},
    [SALE_NET] = {.name = "net", .title = M("Amount"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
};

/* The newest facts of the partner among the last that came in: facts have no index by partner. */
static enum rc add_sales(struct op *op, size_t shown_max, struct reward__home *v)
{
    enum { LOOK_BACK = 50000 };
    struct sale last[SALES_ALONE] = {0};
    size_t len = 0;
    int64_t watermark_seq = 0;
    const struct event_batch *batch = NULL;
    AUTO_EVENT_SCAN scan = NULL;
    TRY(event_watermark(op, &watermark_seq));
    struct event_filter filter = {.after_seq =
                                      watermark_seq > LOOK_BACK ? watermark_seq - LOOK_BACK : 0,
                                  .partner_id = op->actor.partner_id};
    TRY(event_scan_open(op, &filter, &scan));
    enum rc rc;
    while ((rc = event_scan_next(scan, &batch)) == RC_OK)
        for (size_t i = 0; i < batch->len; i++)
            last[len++ % shown_max] =
                (struct sale){.at = batch->occurred_at[i],
                              .product_id = batch->product_id[i],
                              .minor = batch->net_minor[i],
                              .external_id = str_dup(op->arena, batch->external_id[i]),
                              .currency = currency_find(batch->currency[i]),
                              .type = event_type_label((enum event_type)batch->type[i])};
    if (rc != RC_MISSING)
        return rc;
    v->sales = (struct ui_table){
        .columns = sale_columns, .columns_len = SALES, .caption = M("Last sales")};
    for (size_t i = 0; i < len && i < shown_max; i++) {
        const struct sale *sale = &last[(len - 1 - i) % shown_max];
        struct str product;
        TRY(product_name(op, sale->product_id, &product));
        struct str day = i18n_relative_day(op->arena, op->lang, zone_date(op->zone, sale->at),
                                           zone_date(op->zone, op->now), PLACE_START);
        struct ui_cell *cells = ui_table_row(op, &v->sales, STR_NONE);
        cells[SALE_WHAT] = ui_cell_two(product.len ? product : tr(op->lang, sale->type),
                                       reward__note_line(op, day, sale->external_id));
        cells[SALE_TYPE] = ui_cell_text(tr(op->lang, sale->type));
        if (sale->minor) /* an activation has no amount of its own */
            cells[SALE_NET] = ui_cell_money(MONEY(sale->minor, sale->currency), STR_NONE);
    }
    return RC_OK;
}

/* ---- the page ---- */

static struct str first_name(struct str name)
{
    struct str rest = name;
    return str_cut(&rest, ' ');
}

enum rc reward__home_page(struct req *r)
{
    struct op *op = r->op;
    struct reward__home v = {0};
    struct earned earned = {0};
    struct reward_bank_row bank;
    struct date today = zone_date(op->zone, op->now);
    v.head.above = i18n_date(op->arena, op->lang, today, DATE_FULL, PLACE_START);
    v.head.name = i18n_format(op->arena, op->lang, M("Hello, {0}"), first_name(op->actor.name));
    if (op_may(op, "portal.statement")) {
        enum rc rc = q_reward_bank(op, &(struct q_reward_bank_in){op->actor.partner_id}, &bank);
        if (rc != RC_OK && rc != RC_MISSING)
            return rc;
        TRY(find_earned(op, &earned));
        TRY(add_earned(op, &earned, &v));
        TRY(add_pay(op, &earned, rc == RC_OK ? &bank : NULL, &v));
        add_todo(op, &earned, rc == RC_OK, &v);
        TRY(add_more(op, &v));
        struct period last = earned.currency ? earned.period : period_of(PERIOD_MONTH, 0, today);
        TRY(reward__months(op, op->actor.partner_id, last, &v.months));
        v.may_see_money = true;
    }
    if (op_may(op, "portal.sales")) {
        v.may_see_sales = true;
        TRY(add_sales(op, v.may_see_money ? SALES_BESIDE : SALES_ALONE, &v));
    }
    return PAGE(r, M("Home"), reward_home, &v);
}
