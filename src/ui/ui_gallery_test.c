/* Every part of ui with sample data, asked for through the real router: each page answers, holds
 * no style attribute and no untranslated key. With KONTOR_GALLERY=DIR the pages are also written
 * to DIR, one file a page and language, to be looked at and photographed (tools/shots). */
#include "tests/fixture_http.h"
#include "tests/tap.h"
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_shop_scene.h"

/* ---- a statement with the explanation of one amount ---- */

enum { LINE_WHAT, LINE_AMOUNT, LINE_STATE, LINES };
static const struct ui_column line_columns[] = {
    [LINE_WHAT] = {.name = "what",
                   .title = M("Reason and calculation"),
                   .kind = UI_TEXT,
                   .place = UI_AT_NAME},
    [LINE_AMOUNT] = {.name = "amount",
                     .title = M("Amount"),
                     .kind = UI_MONEY,
                     .place = UI_AT_FIGURE},
    [LINE_STATE] = {.name = "state",
                    .title = M("State"),
                    .kind = UI_STATE,
                    .record = "line",
                    .place = UI_AT_BADGE},
};

static void add_line(struct op *op, struct ui_table *table, const char *what, const char *how,
                     int64_t minor, const char *state, bool is_open)
{
    struct ui_cell *cells = ui_table_row(op, table, STR_NONE);
    cells[LINE_WHAT] = ui_cell_two(str_of(what), str_of(how));
    cells[LINE_AMOUNT] = ui_cell_money(MONEY(minor, currency_find(STR("RUB"))), STR("/statement"));
    cells[LINE_STATE] = ui_cell_state(str_of(state));
    table->rows.at[table->rows.len - 1].is_open = is_open;
}

struct statement {
    struct ui_head head;
    struct ui_figures figures;
    struct ui_table lines;
};

static void gallery_statement_view(struct out *o, const struct statement *v)
{
    ui_head_view(o, &v->head);
    html_put(o, STR("<div class=\"k-stack\">"));
    ui_figures_view(o, &v->figures);
    struct ui_card card = {.title = M("Lines"), .note = STR("9"), .is_flush = true};
    card.body = ui_capture(o, ui_table_view, &v->lines);
    ui_card_view(o, &card);
    html_put(o, STR("</div>"));
}

static void add_figure(struct op *op, struct ui_figures *figures, const char *label,
                       enum ui_tint tint, const char *figure, int64_t value)
{
    struct ui_kpi kpi = {
        .label = label, .key = tint, .figure = str_of(figure), .note = STR("2 строки")};
    struct ui_part part = {value, tint};
    VEC_PUSH(op->arena, &figures->kpis, kpi);
    if (tint)
        VEC_PUSH(op->arena, &figures->bar, part);
}

static enum rc page_statement(struct req *r)
{
    struct op *op = r->op;
    struct statement v = {
        .head = {.name = STR("ООО «ТелекомПлюс»"), .record = "statement", .state = STR("sent")}};
    ui_crumb(op, &v.head, M("Statements"), STR("/list"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Agree"),
                              .icon = "check",
                              .kind = UI_PRIMARY,
                              .is_post = true,
                              .href = STR("/list")});
    ui_act(
        op, &v.head.actions,
        (struct ui_action){
            .label = M("Repeat"), .icon = "refresh", .href = STR("/confirm"), .is_dialog = true});
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Roll back…"),
                              .icon = "arrow-back-up",
                              .kind = UI_MORE,
                              .href = STR("/confirm"),
                              .is_dialog = true});
    add_figure(op, &v.figures, M("Accrued"), 0, "258 055,03", 0);
    add_figure(op, &v.figures, M("On hold"), UI_WARN, "17 496,00", 1749600);
    add_figure(op, &v.figures, M("Due"), UI_INFO, "178 629,01", 17862901);
    add_figure(op, &v.figures, M("Paid"), UI_OK, "61 930,02", 6193002);
    v.figures.bar.label = STR("17 496,00 + 178 629,01 + 61 930,02");
    v.lines = (struct ui_table){
        .columns = line_columns, .columns_len = LINES, .caption = M("Lines of the statement")};
    add_line(op, &v.lines, "Разовое вознаграждение за подключение", "«Смарт», 184 × 600,00",
             11040000, "due", false);
    add_line(op, &v.lines, "Разовое вознаграждение за подключение",
             "«Премиум», период удержания, 12 × 1 100,00", 1320000, "held", false);
    add_line(op, &v.lines, "Премия за выполнение плана", "1 238 600,42 × 1,5 %", 1857901, "due",
             true);
    add_line(op, &v.lines, "Удержание ранее выплаченного вознаграждения",
             "отток до 90 дней, 7 × 600,00", -420000, "due", false);
    add_line(op, &v.lines, "Абонентское вознаграждение", "1 238 600,42 × 5,0 %", 6193002, "paid",
             false);
    v.lines.totals = NEW_ARRAY(op->arena, struct ui_cell, LINES);
    v.lines.totals[LINE_WHAT] = ui_cell_text(STR("Начислено всего"));
    v.lines.totals[LINE_AMOUNT] =
        ui_cell_money(MONEY(25805503, currency_find(STR("RUB"))), STR_NONE);
    return PAGE(r, M("Statement"), gallery_statement, &v);
}

/* ---- a desk: track, key figures, things to do, charts ---- */

struct desk {
    struct ui_head head;
    struct ui_track track;
    struct ui_kpis kpis;
    struct ui_items left, waiting;
    struct ui_bars bars;
    struct ui_funnel funnel;
};

static void desk_view(struct out *o, const struct desk *v)
{
    ui_head_view(o, &v->head);
    html_put(o, STR("<div class=\"k-stack\">"));
    ui_track_view(o, &v->track);
    ui_kpis_view(o, &v->kpis);
    html_put(o, STR("<div class=\"k-grid k-cols-21\"><div class=\"k-stack\">"));
    struct ui_card card = {
        .title = M("What is left, and who holds it"), .note = STR("5"), .is_flush = true};
    card.body = ui_capture(o, ui_items_view, &v->left);
    ui_card_view(o, &card);
    card = (struct ui_card){.title = M("Rewards accrued"), .legend = &v->bars};
    card.body = ui_capture(o, ui_bars_view, &v->bars);
    ui_card_view(o, &card);
    html_put(o, STR("</div><div class=\"k-stack\">"));
    card = (struct ui_card){.title = M("Waiting for your approval"), .is_flush = true};
    card.body = ui_capture(o, ui_items_view, &v->waiting);
    ui_card_view(o, &card);
    card = (struct ui_card){.title = M("From lead to first payment"),
                            .body = ui_capture(o, ui_funnel_view, &v->funnel)};
    ui_card_view(o, &card);
    html_put(o, STR("</div></div></div>"));
}

static void add_step(struct op *op, struct desk *v, const char *label, int64_t done, int64_t whole,
                     enum ui_tint tint, const char *note)
{
    struct ui_step step = {
        .label = label, .done = done, .whole = whole, .tint = tint, .note = str_of(note)};
    step.figure = str_printf(op->arena, "%d / %d", (int)done, (int)whole);
    VEC_PUSH(op->arena, &v->track, step);
}

static void add_item(struct op *op, struct ui_items *items, const char *icon_name,
                     enum ui_tint tint, const char *title, const char *note, const char *who,
                     const char *figure)
{
    struct ui_item item = {.icon = icon_name,
                           .tint = tint,
                           .title = str_of(title),
                           .note = str_of(note),
                           .who = str_of(who),
                           .figure = str_of(figure)};
    if (who) {
        item.age = STR("2 days");
        item.action = (struct ui_action){.label = M("Review"), .href = STR("/list")};
    } else {
        item.when = STR("2 h");
        item.href = STR("/detail");
    }
    VEC_PUSH(op->arena, items, item);
}

static void add_charts(struct op *op, struct desk *v)
{
    static const int64_t values[] = {820,  880,  845,  860,  940,  980,
                                     1010, 1060, 1090, 1150, 1200, 1284};
    static const struct {
        const char *name;
        int64_t count;
        const char *rate;
    } steps[] = {{"Leads", 18420, ""}, {"Registered", 9874, "53.6%"}, {"Active", 6312, "63.9%"}};
    for (size_t i = 0; i < LEN(values); i++) {
        struct ui_bar_point point = {.label = i18n_month(op->lang, (int)((i + 10) % 12) + 1, true),
                                     .value = values[i] * 1000,
                                     .plan = SOME(values[i] * 1030)};
        point.shown = i18n_i64(op->arena, op->lang, point.value);
        point.plan_shown = i18n_i64(op->arena, op->lang, point.plan.v);
        point.is_now = i + 1 == LEN(values);
        VEC_PUSH(op->arena, &v->bars, point);
    }
    v->bars.title = M("Rewards accrued by month against plan");
    v->bars.value_name = M("Accrued");
    v->bars.plan_name = M("Plan");
    v->bars.last_label = STR("97.3%");
    for (size_t i = 0; i < LEN(steps); i++) {
        struct ui_funnel_step step = {str_of(steps[i].name), steps[i].count, str_of(steps[i].rate)};
        VEC_PUSH(op->arena, &v->funnel, step);
    }
}

static enum rc page_desk(struct req *r)
{
    struct op *op = r->op;
    struct desk v = {.head = {.title = M("Home"), .above = STR("Tuesday 3 November 2026")}};
    ui_act(
        op, &v.head.actions,
        (struct ui_action){.label = M("October 2026"), .icon = "calendar", .href = STR("/desk")});
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Close period…"),
                              .icon = "lock",
                              .kind = UI_PRIMARY,
                              .href = STR("/confirm"),
                              .is_dialog = true});
    add_step(op, &v, M("Events in"), 12, 12, UI_OK, "Done 1 Nov");
    add_step(op, &v, M("Reconciled"), 11, 12, UI_WARN, "1 difference open");
    add_step(op, &v, M("Calculated"), 1284, 1291, UI_WARN, "7 incomplete");
    add_step(op, &v, M("Approved"), 1102, 1284, 0, "182 wait, 3 people");
    add_step(op, &v, M("Statements sent"), 1064, 1291, 0, "812 agreed");
    add_step(op, &v, M("Paid out"), 0, 1064, 0, "First batch 10 Nov");
    for (int i = 0; i < 4; i++) {
        static const char *const labels[] = {M("Accrued"), M("Due"), M("On hold"),
                                             M("Plan reached")};
        struct ui_kpi kpi = {.label = labels[i],
                             .delta = STR("6.2%"),
                             .is_delta_good = i != 2,
                             .is_delta_bad = i == 2,
                             .is_delta_down = i == 2,
                             .note = STR("vs September"),
                             .href = i ? STR_NONE : STR("/list")};
        kpi.figure = i18n_money_whole(op->arena, op->lang, MONEY(128431012 / (i + 1), eur()));
        VEC_PUSH(op->arena, &v.kpis, kpi);
    }
    add_item(op, &v.left, "git-compare", UI_WARN, "Billing feed: 412 activations not matched",
             "Stops 38 contracts in branch North", "Lucía Ferrer", NULL);
    add_item(op, &v.left, "alert-triangle", UI_BAD, "7 results incomplete: no EUR–MAD rate",
             "Partners in Morocco cannot be approved", "Finance rates", NULL);
    add_item(op, &v.left, "checks", 0, "182 results wait for stage 2 approval",
             "€214,906 · oldest from 30 Oct", "Javier Ortega", NULL);
    add_item(op, &v.waiting, "table-options", 0, "Scheme “Dealer activation” v8",
             "Marco Bellini · from 1 Dec", NULL, "+€38,240");
    add_item(op, &v.waiting, "calculator", 0, "October results, branch Madrid",
             "Stage 2 of 3 · 61 contracts", NULL, "€92,418");
    add_charts(op, &v);
    return PAGE(r, M("Home"), desk, &v);
}

/* ---- a record: tabs, definitions, history, tree, steps, messages ---- */

struct detail {
    struct ui_head head;
    struct ui_tabs tabs;
    struct ui_defs defs;
    struct ui_timeline history;
    struct ui_nodes tree;
    struct ui_stages stages;
    struct ui_hint hint;
    struct ui_job job;
};

static void detail_view(struct out *o, const struct detail *v)
{
    static const int64_t spark[] = {3, 5, 4, 8, 7, 11};
    ui_head_view(o, &v->head);
    ui_tabs_view(o, &v->tabs);
    ui_stepper_view(o, &v->stages);
    html_put(o, STR("<div class=\"k-stack\">"));
    ui_hint_view(o, &v->hint);
    html_put(o, STR("<div class=\"k-grid k-cols-2\">"));
    struct ui_card card = {.title = M("Facts"),
                           .link = M("Edit"),
                           .link_href = STR("/form"),
                           .body = ui_capture(o, ui_defs_view, &v->defs)};
    ui_card_view(o, &card);
    card = (struct ui_card){.title = M("History"),
                            .body = ui_capture(o, ui_timeline_view, &v->history)};
    ui_card_view(o, &card);
    card = (struct ui_card){.title = M("Network"), .body = ui_capture(o, ui_tree_view, &v->tree)};
    ui_card_view(o, &card);
    card =
        (struct ui_card){.title = M("Approval"), .body = ui_capture(o, ui_stages_view, &v->stages)};
    ui_card_view(o, &card);
    card = (struct ui_card){.body = ui_capture(o, ui_job_view, &v->job)};
    ui_card_view(o, &card);
    card = (struct ui_card){.title = M("Scheme"),
                            .body = ui_capture(o, ui_code,
                                               STR("if event.type = \"activation\"\nthen Bonus * "
                                                   "event.credit.quantity\nelse 0"),
                                               false)};
    ui_card_view(o, &card);
    html_put(o, STR("</div></div>"));
    ui_spark(o, spark, LEN(spark), STR("3, 5, 4, 8, 7, 11"));
}

static void add_history(struct op *op, struct detail *v)
{
    struct ui_event event = {.at_us = INT64_C(1763000000000000),
                             .who = STR("Lucía Ferrer"),
                             .what = STR("Level changed"),
                             .tint = UI_INFO};
    struct ui_change change = {.label = M("Level"), .was = STR("Silver"), .is = STR("Gold")};
    VEC_PUSH(op->arena, &event.changes, change);
    VEC_PUSH(op->arena, &v->history, event);
    event = (struct ui_event){.at_us = INT64_C(1762000000000000),
                              .who = STR("System"),
                              .what = STR("Statement sent"),
                              .href = STR("/statement"),
                              .tint = UI_OK};
    VEC_PUSH(op->arena, &v->history, event);
}

static enum rc page_detail(struct req *r)
{
    struct op *op = r->op;
    struct detail v = {.head = {.name = STR("Nova Móvil SL"),
                                .record = "partner",
                                .state = STR("active"),
                                .note = STR("D-0147")}};
    ui_crumb(op, &v.head, M("Partners"), STR("/list"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"), .icon = "pencil", .href = STR("/form")});
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {M("Facts"), M("Contracts"), M("History")};
        struct ui_tab tab = {.label = names[i], .href = STR("/detail"), .is_on = i == 0};
        tab.count = i == 1 ? SOME(3) : NONE;
        VEC_PUSH(op->arena, &v.tabs, tab);
    }
    ui_def_text(op, &v.defs, M("Legal name"), STR("Nova Móvil Sociedad Limitada"));
    ui_def_text(op, &v.defs, M("Code"), STR("D-0147"));
    ui_def_text(op, &v.defs, M("Note"), STR_NONE);
    struct ui_def balance = {
        .label = M("Balance"), .money = MONEY(512600, eur()), .href = STR("/statement")};
    VEC_PUSH(op->arena, &v.defs, balance);
    add_history(op, &v);
    struct ui_node root = {
        .text = STR("Iberkits Móvil SA"), .note = STR("D-0007"), .href = STR("/detail")};
    struct ui_node leaf = {.text = STR("Nova Móvil SL"),
                           .is_on = true,
                           .record = "partner",
                           .state = STR("active"),
                           .href = STR("/detail")};
    VEC_PUSH(op->arena, &root.nodes, leaf);
    VEC_PUSH(op->arena, &v.tree, root);
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {M("Draft"), M("Approval"), M("Payment")};
        struct ui_stage stage = {
            .label = names[i], .state = (enum ui_stage_state)(i + 1), .note = STR("9 Nov")};
        VEC_PUSH(op->arena, &v.stages, stage);
    }
    v.hint = (struct ui_hint){.tint = UI_WARN,
                              .title = STR("Bank details changed."),
                              .text = STR("Payouts wait until a second person confirms them.")};
    v.job = (struct ui_job){
        .id = STR("job_1"),
        .title = M("Import"),
        .done = 412000,
        .whole = 1000000,
        .left_s = SOME(38),
        .state = STR("running"),
        .unit = M("{0} of {1} rows"),
        .cancel_href = STR("/list"),
    };
    return PAGE(r, M("Partner"), detail, &v);
}

/* ---- the portal's home: four questions ---- */

struct answers {
    struct ui_head head;
    struct ui_bar bar;
    struct ui_defs parts;
    struct ui_stages when;
    struct ui_items todo, more;
};

static void answers_view(struct out *o, const struct answers *v)
{
    ui_head_view(o, &v->head);
    html_put(o, STR("<div class=\"k-stack\"><div class=\"k-grid is-even k-cols-2\">"
                    "<section class=\"k-card\"><div class=\"k-card-body is-whole\">"
                    "<h2 class=\"k-q\">What did I earn?</h2>"
                    "<a class=\"k-fig k-fig-hero\" href=\"/statement\">€6,838.00</a>"
                    "<div class=\"k-sub\">accrued in October</div>"));
    ui_bar_view(o, &v->bar);
    ui_kv_view(o, &v->parts);
    html_put(o, STR("</div></section><section class=\"k-card\">"
                    "<div class=\"k-card-body is-whole\">"
                    "<h2 class=\"k-q\">When will I be paid?</h2>"
                    "<div class=\"k-fig\">Tuesday 10 November</div>"
                    "<div class=\"k-sub k-after\">€5,126.00 to your account ES•• 4417</div>"));
    ui_stages_view(o, &v->when);
    html_put(o, STR("</div></section><section class=\"k-card\"><div class=\"k-card-head\">"
                    "<h2 class=\"k-q\">What must I do next?</h2></div>"));
    ui_items_view(o, &v->todo);
    html_put(o, STR("</section><section class=\"k-card\"><div class=\"k-card-head\">"
                    "<h2 class=\"k-q\">How do I earn more?</h2></div>"));
    ui_items_view(o, &v->more);
    html_put(o, STR("</section></div></div>"));
}

static enum rc page_answers(struct req *r)
{
    static const struct {
        const char *label;
        enum ui_tint tint;
        int64_t minor;
    } parts[] = {
        {M("Due"), UI_ACCENT, 512600}, {M("On hold"), UI_WARN, 67200}, {M("Paid"), UI_OK, 104000}};
    struct op *op = r->op;
    struct answers v = {.head = {.name = STR("Hello, Marta"), .above = STR("3 November 2026")}};
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Share link"), .icon = "link", .href = STR("/detail")});
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Register customer"),
                              .icon = "plus",
                              .kind = UI_PRIMARY,
                              .href = STR("/form")});
    for (size_t i = 0; i < LEN(parts); i++) {
        struct ui_part part = {parts[i].minor, parts[i].tint};
        struct ui_def def = {.label = parts[i].label,
                             .key = parts[i].tint,
                             .money = MONEY(parts[i].minor, eur()),
                             .href = STR("/statement")};
        VEC_PUSH(op->arena, &v.bar, part);
        VEC_PUSH(op->arena, &v.parts, def);
    }
    v.bar.label = STR("5,126.00 + 672.00 + 1,040.00");
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {M("Statement sent"), M("Your agreement"),
                                            M("Transfer")};
        struct ui_stage stage = {
            .label = names[i], .state = (enum ui_stage_state)(i + 1), .note = STR("10 Nov")};
        VEC_PUSH(op->arena, &v.when, stage);
    }
    add_item(op, &v.todo, "file-check", UI_WARN, "Check and accept the October statement",
             "Until Monday 9 November. Without an answer it counts as accepted.", NULL, NULL);
    v.todo.at[0].when = STR_NONE;
    v.todo.at[0].action =
        (struct ui_action){.label = M("Review"), .kind = UI_PRIMARY, .href = STR("/statement")};
    add_item(op, &v.more, "target-arrow", UI_ACCENT, "Reach 95 % of November's plan",
             "At this pace 251 of 270. With 6 more, Unlimited pays €42.00 instead of €35.00.", NULL,
             "+€427.00");
    return PAGE(r, M("Home"), answers, &v);
}

static enum rc page_confirm(struct req *r)
{
    struct ui_confirm confirm = {.title = M("Suspend the partner?"),
                                 .name = STR("Dos Orillas Servicios"),
                                 .text = M("New sales of {0} will not earn until it is resumed."),
                                 .action = STR("/list"),
                                 .button = M("Suspend"),
                                 .is_danger = true,
                                 .cancel_href = STR("/detail"),
                                 .reason = M("Reason")};
    return ui_confirm_page(r, &confirm);
}

/* ---- the pages, asked for through the router ---- */

static const struct route routes[] = {
    ROUTE(GET, "/list", page_list, PERM_PUBLIC, FORM(shop_query, shop_fields)),
    ROUTE(GET, "/empty", page_empty, PERM_PUBLIC, FORM(shop_query, shop_fields)),
    ROUTE(GET, "/form", page_form, PERM_PUBLIC),
    ROUTE(POST, "/form", page_form_post, PERM_PUBLIC, FORM(shop_form, shop_form_fields),
          FORM_PAGE(page_form)),
    ROUTE(GET, "/statement", page_statement, PERM_PUBLIC),
    ROUTE(GET, "/desk", page_desk, PERM_PUBLIC),
    ROUTE(GET, "/detail", page_detail, PERM_PUBLIC),
    ROUTE(GET, "/answers", page_answers, PERM_PUBLIC),
    ROUTE(GET, "/confirm", page_confirm, PERM_PUBLIC),
    {0},
};

static const struct ui_page navigation[] = {
    {UI_HOME, M("Home"), "/desk", NULL},
    {UI_PARTNERS, M("Partners"), "/list", NULL},
    {UI_PARTNERS, M("Contracts"), "/empty", NULL},
    {UI_SCHEMES, M("Schemes"), "/detail", NULL},
    {UI_RUNS, M("Statements"), "/statement", NULL},
    {UI_SETTINGS, M("Settings"), "/form", NULL},
    {UI_MY_HOME, M("Home"), "/answers", NULL},
    {UI_MY_SALES, M("Sales"), "/list", NULL},
    {UI_MY_STATEMENTS, M("Statements"), "/statement", NULL},
    {UI_MY_PAYOUTS, M("Payouts"), "/detail", NULL},
    {UI_MY_DOCUMENTS, M("Documents"), "/empty", NULL},
};

static void facts(struct req *r, struct ui_facts *out)
{
    out->operator_name = STR("Meridian Mobile");
    out->person_note =
        r->op->actor.kind == ACTOR_STAFF ? STR("Finance manager") : STR("Nova Móvil SL");
    out->search_href = STR("/list");
    out->help_href = STR("/detail");
    out->bell_href = STR("/desk");
    out->bell_count = 3;
    out->sign_out_href = STR("/form");
    ui_act(r->op, &out->person,
           (struct ui_action){.label = M("Profile"), .icon = "user", .href = STR("/form")});
}
static const struct ui_hooks ui_facts_hooks = {.facts = facts};
static const struct http_hooks shell_hooks = {.shell = ui_shell};

static const struct shot {
    const char *name, *target;
    enum actor_kind kind;
} shots[] = {
    {"desk", "/desk", ACTOR_STAFF},
    {"list", "/list?state=active&sort=name", ACTOR_STAFF},
    {"filtered", "/list?branch=val&q=zzz", ACTOR_STAFF},
    {"empty", "/empty", ACTOR_STAFF},
    {"form", "/form", ACTOR_STAFF},
    {"statement", "/statement", ACTOR_STAFF},
    {"detail", "/detail", ACTOR_STAFF},
    {"confirm", "/confirm", ACTOR_STAFF},
    {"portal-home", "/answers", ACTOR_PARTNER},
    {"portal-list", "/list", ACTOR_PARTNER},
    {"portal-statement", "/statement", ACTOR_PARTNER},
    {"portal-detail", "/detail", ACTOR_PARTNER},
    {"solo", "/confirm", ACTOR_NOBODY},
};

static void keep_page(const char *name, const char *lang, struct str body)
{
    const char *dir = getenv("KONTOR_GALLERY");
    char path[512];
    if (!dir)
        return;
    snprintf(path, sizeof(path), "%s/%s.%s.html", dir, name, lang);
    FILE *file = fopen(path, "wb");
    ok(file && fwrite(body.at, 1, body.len, file) == body.len && fclose(file) == 0, path);
}

static void check_page(struct fx *x, const struct shot *shot, const char *lang)
{
    struct actor actor = fx_staff(7, (const char *const[]){NULL});
    actor.name = STR("Elena Ruiz");
    if (shot->kind == ACTOR_PARTNER)
        actor = fx_partner(8, 1, (const char *const[]){NULL});
    if (shot->kind == ACTOR_NOBODY)
        actor = (struct actor){.kind = ACTOR_NOBODY};
    char header[64], name[128];
    snprintf(header, sizeof(header), "Accept-Language: %s", lang);
    snprintf(name, sizeof(name), "%s in %s", shot->name, lang);
    int status =
        fx_send(x, &actor, "GET", shot->target, (const char *const[]){header, NULL}, STR(""));
    snprintf(header, sizeof(header), "<html lang=\"%s\"", lang);
    ok(status == 200 && fx_has(x, header) && fx_has(x, "</html>") && !fx_has(x, " style=") &&
           !fx_has(x, "{0"),
       name);
    keep_page(shot->name, lang, x->answer.body);
}

static void gallery(struct fixture *f)
{
    static const char *const langs[] = {"en", "ru", "es"};
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &shell_hooks);
    for (size_t l = 0; l < LEN(langs); l++)
        for (size_t i = 0; i < LEN(shots); i++)
            check_page(&x, &shots[i], langs[l]);
    struct actor staff = fx_staff(7, (const char *const[]){NULL});
    ok(fx_post(&x, &staff, "/form", "name=Boreal+Redes&code=&minimum=1%2C5&minimum_currency=EUR") ==
           422,
       "a refused form comes back with 422");
    ok(fx_has(&x, "value=\"Boreal Redes\"") && fx_has(&x, "value=\"1,5\"") &&
           fx_has(&x, "href=\"#f-code\""),
       "with what was typed, and a summary that leads to the fields");
    keep_page("form-refused", "en", x.answer.body);
    fx_done(&x);
}

int main(void)
{
    ui_hooks_set(&ui_facts_hooks);
    ui_pages_declare(navigation, LEN(navigation));
    fixture_each(gallery);
    return done_testing();
}
