/* A comparison: totals beside what was paid, variants side by side, how the differences lie, every
 * partner's figures, and how an amount came about. */
#include "whatif/whatif_view.h"
#include "whatif/whatif_web.h"

enum { ARENA_BYTES_LOG2 = 34 };

const struct field whatif__query_fields[] = {
    UI_LIST_FIELDS(whatif__query, q_whatif_sums_sorts),
    F_OPT_I64(whatif__query, variant, 1, WHATIF_VARIANTS_MAX),
    F_STR(whatif__query, way, 0, 4),
    FIELDS_END,
};
const struct field whatif__why_fields[] = {
    F_OPT_I64(whatif__why_query, variant, 0, WHATIF_VARIANTS_MAX),
    F_OPT_ID(whatif__why_query, contract, "ctr"),
    F_OPT_I64(whatif__why_query, amount, 1, 1000000),
    F_STR(whatif__why_query, month, 0, 12),
    FIELDS_END,
};

/* ---- partners ---- */

enum { COL_PARTNER, COL_BASE, COL_VARIANTS, COLS = COL_VARIANTS + 2 * WHATIF_VARIANTS_MAX };
#define VARIANT_COLUMNS(name_, title_, delta_)                                                     \
    {.name = name_, .title = (title_), .kind = UI_MONEY},                                          \
    {                                                                                              \
        .name = name_ "_difference", .title = (delta_), .kind = UI_MONEY                           \
    }
static const struct ui_column columns[COLS] = {
    {.name = "partner",
     .title = M("Partner"),
     .kind = UI_TEXT,
     .sort = "partner",
     .place = UI_AT_NAME,
     .sub_name = "code",
     .sub_title = M("Code")},
    {.name = "paid", .title = M("Paid||what was"), .kind = UI_MONEY, .sort = "base"},
    VARIANT_COLUMNS("a", M("A"), M("A: difference")),
    VARIANT_COLUMNS("b", M("B"), M("B: difference")),
    VARIANT_COLUMNS("c", M("C"), M("C: difference")),
    VARIANT_COLUMNS("d", M("D"), M("D: difference")),
};
static const struct ui_filter filters[] = {
    {.name = "way", .label = M("Difference"), .kind = UI_PICK},
};

static int64_t chosen_of(const struct whatif__query *query, const struct whatif *w)
{
    int64_t position = query->variant.has ? query->variant.v : 1;
    return position <= (int64_t)w->variants_len ? position : 1;
}

/* No difference is a dash, so that the differences are what one sees. */
static struct ui_cell delta_cell(int64_t minor, const struct currency *currency, struct str href)
{
    struct ui_cell cell = ui_cell_money(MONEY(minor, minor ? currency : NULL), href);
    cell.tint = minor > 0 ? UI_OK : minor < 0 ? UI_BAD : 0;
    return cell;
}

static enum rc fill_row(struct op *op, const struct whatif_sum_row *sum, int64_t whatif_id,
                        struct ui_list *list)
{
    struct whatif_sum_row_rows all;
    const struct currency *currency = currency_find(sum->currency);
    struct str tail = str_printf(op->arena, "/partners/%s", pid_of("prt", sum->partner_id).text);
    struct str href = whatif__href(op, whatif_id, str_c(op->arena, tail));
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, pid_of("prt", sum->partner_id)));
    cells[COL_PARTNER] = ui_cell_link(sum->partner_name, sum->partner_code, href);
    cells[COL_BASE] = ui_cell_money(MONEY(sum->base_minor, currency), href);
    TRY(q_whatif_sums_of(op, &(struct q_whatif_sums_of_in){whatif_id, sum->partner_id}, &all));
    for (size_t i = 0; i < all.len; i++) {
        const struct whatif_sum_row *row = &all.at[i];
        if (!str_eq(row->currency, sum->currency))
            continue;
        size_t at = (size_t)(COL_VARIANTS + 2 * (row->position - 1));
        cells[at] = ui_cell_money(MONEY(row->total_minor, currency), href);
        cells[at + 1] = delta_cell(row->delta_minor, currency, href);
        if (row->incomplete)
            cells[at].sub = tr(op->lang, M("incomplete"));
    }
    return RC_OK;
}

static void add_ways(struct op *op, struct ui_list *list)
{
    static const struct {
        const char *value, *label;
    } ways[] = {
        {"more", M("They get more")}, {"less", M("They get less")}, {"same", M("No difference")}};
    for (size_t i = 0; i < LEN(ways); i++)
        ui_list_option(list, "way", str_of(ways[i].value), tr(op->lang, ways[i].label));
}

static enum rc fill_partners(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct whatif w;
    const struct whatif__query *query = form(r);
    struct whatif_sum_row_page page = {0};
    TRY(whatif_get(op, path_id(r, "wif"), &w));
    struct q_whatif_sums_in in = {
        .whatif_id = w.id, .position = chosen_of(query, &w), .page = list->page};
    if (query->way.len)
        in.way = query->way;
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    add_ways(op, list);
    TRY(q_whatif_sums(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        TRY(fill_row(op, &page.at[i], w.id, list));
    ui_list_cursors(list, &page);
    return RC_OK;
}

/* Columns of the variants that there are; the chosen one's can be sorted by, and stand on cards of
 * narrow screens. */
static void make_spec(const struct whatif *w, int64_t chosen, bool has_losers,
                      struct ui_column *own, struct ui_list_spec *out)
{
    memcpy(own, columns, sizeof(columns));
    for (int64_t v = 1; v <= WHATIF_VARIANTS_MAX; v++) {
        struct ui_column *total = &own[COL_VARIANTS + 2 * (v - 1)];
        if (v > (int64_t)w->variants_len)
            total[0].name = total[1].name = NULL;
        if (v != chosen)
            continue;
        total[0].sort = "total";
        total[1].sort = "delta";
        total[0].place = UI_AT_FIGURE;
        total[1].place = UI_AT_BADGE;
    }
    *out = (struct ui_list_spec){.name = "what-if-partners",
                                 .title = M("Partners"),
                                 .icon = "scale",
                                 .columns = own,
                                 .columns_len = COLS,
                                 .filters = filters,
                                 .filters_len = LEN(filters),
                                 .sorts = q_whatif_sums_sorts,
                                 .sort = has_losers ? "delta" : "-delta",
                                 .search = M("Partner, code"),
                                 .empty = M("Nobody has a contract in these months."),
                                 .fill = fill_partners};
}

/* Who loses stands first; where nobody does, who gains most. */
static bool has_losers(const struct whatif_totals *totals, int64_t position)
{
    for (size_t i = 0; i < totals->len; i++)
        if (totals->at[i].position == position && totals->at[i].less > 0)
            return true;
    return false;
}

enum rc whatif__page_partners(struct req *r)
{
    struct whatif w;
    struct ui_column own[COLS];
    struct ui_list_spec spec;
    struct whatif_totals totals;
    TRY(whatif_get(r->op, path_id(r, "wif"), &w));
    TRY(whatif_totals(r->op, w.id, &totals));
    int64_t chosen = chosen_of(form(r), &w);
    make_spec(&w, chosen, has_losers(&totals, chosen), own, &spec);
    return ui_list_page(r, &spec);
}

/* ---- the whole ---- */

static void act(struct op *op, struct whatif__page *v, const char *tail, struct ui_action action)
{
    action.href = whatif__href(op, v->w.id, tail);
    ui_act(op, &v->head.actions, action);
}

static void add_actions(struct op *op, struct whatif__page *v)
{
    bool has_variants = v->w.variants_len > 0;
    bool is_done = str_eq(v->w.state, STR("calculated"));
    if (v->w.variants_len < WHATIF_VARIANTS_MAX && !v->w.archived_at.has)
        act(op, v, "/variant",
            (struct ui_action){.label = M("Add variant"),
                               .icon = "plus",
                               .kind = has_variants && !is_done ? UI_SECONDARY : UI_PRIMARY});
    if (has_variants && !v->job.html.at)
        act(op, v, "/calculate",
            (struct ui_action){.label = is_done ? M("Calculate again") : M("Calculate"),
                               .icon = is_done ? "refresh" : "player-play",
                               .kind = is_done ? UI_SECONDARY : UI_PRIMARY,
                               .is_post = true});
    act(op, v, v->w.is_shared ? "/unshare" : "/share",
        (struct ui_action){.label = v->w.is_shared ? M("Stop sharing") : M("Share||with others"),
                           .icon = "share",
                           .is_post = true});
    act(op, v, "/edit", (struct ui_action){.label = M("Edit"), .icon = "pencil"});
    act(op, v, v->w.archived_at.has ? "/restore" : "/archive",
        (struct ui_action){.label = v->w.archived_at.has ? M("Restore…") : M("Archive…"),
                           .icon = "archive",
                           .kind = UI_MORE,
                           .is_dialog = true});
    act(op, v, "/delete",
        (struct ui_action){
            .label = M("Delete…"), .icon = "trash", .kind = UI_MORE, .is_dialog = true});
}

/* What the command line made belongs to nobody: everybody sees it. */
static bool is_for_others(const struct whatif *w)
{
    return w->is_shared || !w->created_by.has;
}

static void make_head(struct op *op, struct whatif__page *v)
{
    v->head.name = v->w.name;
    v->head.record = "whatif";
    v->head.state = v->w.archived_at.has ? STR("archived") : v->w.state;
    v->months = whatif__months_words(op, &v->w);
    struct str seen = tr(op->lang, is_for_others(&v->w) ? M("shared with everybody who sees runs")
                                                        : M("only you see it"));
    struct str line =
        str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(v->months), STR_ARG(seen));
    v->head.note = line;
    ui_crumb(op, &v->head, M("What-if"), STR("/what-if"));
    add_actions(op, v);
    if (str_eq(v->w.state, STR("failed")))
        v->hint = (struct ui_hint){.tint = UI_BAD,
                                   .title = tr(op->lang, M("The calculation failed.")),
                                   .text = v->w.failure};
}

static enum rc add_job(struct req *r, struct whatif__page *v)
{
    struct op *op = r->op;
    struct whatif_id_row job;
    struct str key = str_printf(op->arena, "whatif:%lld", (long long)v->w.id);
    enum rc rc = q_whatif_job(op, &(struct q_whatif_job_in){key}, &job);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    AUTO_OUT o = OUT(op->arena, 256 << 10);
    o.lang = op->lang;
    o.zone = op->zone;
    o.today = zone_date(op->zone, op->now);
    o.path = r->path;
    o.csrf = http_csrf(r);
    if (job_card(op, job.id, &o) == RC_OK)
        v->job = out_html(&o);
    else
        fault_clear(&op->fault);
    return RC_OK;
}

static void add_paid(struct op *op, struct whatif__page *v)
{
    const struct whatif_figures *f = v->totals.len ? &v->totals.at[0] : NULL;
    if (!f)
        return;
    v->paid = i18n_money(op->arena, op->lang, MONEY(f->base_minor, f->currency));
    if (v->w.budget.currency)
        v->budget = i18n_money(op->arena, op->lang, v->w.budget);
}

static enum rc load(struct req *r, struct whatif__page *v)
{
    struct op *op = r->op;
    TRY(whatif_get(op, path_id(r, "wif"), &v->w));
    int64_t chosen = chosen_of(form(r), &v->w);
    v->variant_pid = str_printf(op->arena, "%lld", (long long)chosen);
    TRY(whatif_totals(op, v->w.id, &v->totals));
    v->has_results = v->totals.len > 0;
    TRY(add_job(r, v));
    make_head(op, v);
    TRY(whatif__cards(op, &v->w, chosen, v));
    add_paid(op, v);
    for (size_t i = 0; i < v->totals.len && !v->buckets.len; i++)
        if (v->totals.at[i].position == chosen)
            whatif__buckets(op, &v->totals.at[i], v);
    if (v->has_results)
        TRY(whatif__slides(op, &v->w, chosen, v));
    v->empty = (struct ui_empty){
        .icon = "scale",
        .text = M("Nothing to compare yet. A variant says what would be different."),
        .action = {.label = M("Add variant"),
                   .icon = "plus",
                   .kind = UI_PRIMARY,
                   .href = whatif__href(op, v->w.id, "/variant")}};
    return RC_OK;
}

enum rc whatif__page_show(struct req *r)
{
    struct whatif__page v = {0};
    struct ui_column own[COLS];
    struct ui_list_spec spec;
    const struct whatif__query *query = form(r);
    if (query->export.len)
        return whatif__page_partners(r);
    TRY(load(r, &v));
    int64_t chosen = chosen_of(query, &v.w);
    make_spec(&v.w, chosen, has_losers(&v.totals, chosen), own, &spec);
    if (v.has_results)
        TRY(ui_list_read(r, &spec, &v.list));
    page_title(r, v.head.name);
    answer_revision(r, v.w.revision);
    return REPLY(r, NULL, whatif__page, &v);
}

/* ---- one partner ---- */

enum { ROW_MONTH, ROW_CONTRACT, ROW_BASE, ROW_VARIANTS, ROWS = ROW_VARIANTS + WHATIF_VARIANTS_MAX };
static const struct ui_column row_columns[ROWS] = {
    {.name = "month", .title = M("Month"), .kind = UI_TEXT, .place = UI_AT_NAME},
    {.name = "contract", .title = M("Contract"), .kind = UI_TEXT, .place = UI_AT_SUB},
    {.name = "paid", .title = M("Paid||what was"), .kind = UI_MONEY},
    {.name = "a", .title = M("A"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    {.name = "b", .title = M("B"), .kind = UI_MONEY},
    {.name = "c", .title = M("C"), .kind = UI_MONEY},
    {.name = "d", .title = M("D"), .kind = UI_MONEY},
};

static struct str why_href(struct op *op, int64_t whatif_id, const struct whatif_row_row *row)
{
    struct period month = period_of(PERIOD_MONTH, 0, (struct date){(int32_t)row->from_day});
    if (row->result_id) /* what was paid has a page of its own */
        return str_printf(op->arena, "/results/%s", pid_of("res", row->result_id).text);
    return str_printf(op->arena, STR_FMT "?variant=%lld&contract=%s&month=" STR_FMT,
                      STR_ARG(whatif__href(op, whatif_id, "/why")), (long long)row->position,
                      pid_of("ctr", row->contract_id).text,
                      STR_ARG(period_print(op->arena, month)));
}

static void add_cells(struct op *op, const struct whatif_row_row_rows *rows, int64_t whatif_id,
                      struct ui_table *table)
{
    struct ui_cell *cells = NULL;
    for (size_t i = 0; i < rows->len; i++) {
        const struct whatif_row_row *row = &rows->at[i];
        bool is_new = i == 0 || row->from_day != rows->at[i - 1].from_day ||
                      row->contract_id != rows->at[i - 1].contract_id;
        struct period month = period_of(PERIOD_MONTH, 0, (struct date){(int32_t)row->from_day});
        if (is_new) {
            cells = ui_table_row(op, table, STR_NONE);
            cells[ROW_MONTH] = ui_cell_text(i18n_period(op->arena, op->lang, month, PLACE_START));
            cells[ROW_CONTRACT] = ui_cell_text(row->contract_code);
        }
        struct ui_cell *cell = &cells[ROW_BASE + row->position];
        *cell = ui_cell_money(MONEY(row->total_minor, currency_find(row->currency)),
                              why_href(op, whatif_id, row));
        if (row->position == 0 && !row->is_posted)
            cell->sub = tr(op->lang, M("not posted: by what is in force"));
        if (row->is_incomplete)
            cell->sub = tr(op->lang, M("incomplete"));
    }
}

enum rc whatif__page_partner(struct req *r)
{
    struct op *op = r->op;
    struct whatif__partner_page v = {0};
    struct whatif_row_row_rows rows;
    struct partner partner;
    struct ui_column own[ROWS];
    TRY(whatif_get(op, path_id(r, "wif"), &v.w));
    TRY(partner_get(op, path_id(r, "prt"), &partner));
    TRY(q_whatif_rows_of(op, &(struct q_whatif_rows_of_in){v.w.id, partner.id}, &rows));
    memcpy(own, row_columns, sizeof(own));
    for (size_t i = v.w.variants_len; i < WHATIF_VARIANTS_MAX; i++)
        own[ROW_VARIANTS + i].name = NULL;
    v.rows = (struct ui_table){.columns = own,
                               .columns_len = (size_t)ROW_VARIANTS + v.w.variants_len,
                               .caption = M("Months")};
    add_cells(op, &rows, v.w.id, &v.rows);
    v.head.name = partner.name;
    ui_crumb(op, &v.head, M("What-if"), STR("/what-if"));
    ui_crumb_text(op, &v.head, v.w.name, whatif__href(op, v.w.id, ""));
    page_title(r, partner.name);
    return REPLY(r, NULL, whatif__partner, &v);
}

/* ---- how an amount came about ---- */

struct why {
    struct whatif w;
    struct contract contract;
    struct period month;
    int64_t position, amount;
};

static enum rc read_why(struct req *r, struct why *out)
{
    const struct whatif__why_query *query = form(r);
    *out = (struct why){.position = query->variant.has ? query->variant.v : 1,
                        .amount = query->amount.has ? query->amount.v : 0};
    TRY(whatif_get(r->op, path_id(r, "wif"), &out->w));
    if (!query->contract.has || !period_parse(query->month, 0, &out->month) ||
        out->month.kind != PERIOD_MONTH || out->month.start.days < out->w.from.days ||
        out->month.end.days > out->w.to.days || out->position > (int64_t)out->w.variants_len)
        return RC_MISSING;
    return contract_get(r->op, query->contract.v, &out->contract);
}

/* What the months before handed on, in this variant. */
static enum rc run_up(struct op *op, struct arena *arena, const struct why *why,
                      struct reward_trail *trail, const struct reward_calculation **out)
{
    struct period month = period_of(PERIOD_MONTH, 0, why->w.from);
    struct whatif__month what = {.whatif = &why->w,
                                 .position = why->position,
                                 .contract_id = why->contract.id,
                                 .trail = trail};
    for (; why->position > 0 && month.start.days < why->month.start.days;
         month = period_step(month, 1)) {
        AUTO_CALCULATION before = NULL;
        what.period = month;
        TRY(whatif__month_calculate(op, arena, &what, &before));
        reward_trail_add(trail, before);
    }
    what.period = why->month;
    return whatif__month_calculate(op, arena, &what, out);
}

static struct str why_address(struct op *op, const struct why *why)
{
    return str_printf(op->arena, STR_FMT "?variant=%lld&contract=%s&month=" STR_FMT,
                      STR_ARG(whatif__href(op, why->w.id, "/why")), (long long)why->position,
                      pid_of("ctr", why->contract.id).text,
                      STR_ARG(period_print(op->arena, why->month)));
}

static void why_head(struct op *op, const struct why *why, const struct reward_result *result,
                     struct reward_trial *trial)
{
    struct str tail =
        str_printf(op->arena, "/partners/%s", pid_of("prt", result->contract->partner_id).text);
    trial->head.name = i18n_period(op->arena, op->lang, why->month, PLACE_START);
    trial->head.note = why->position ? i18n_format(op->arena, op->lang, M("Variant {0}"),
                                                   whatif__letter(why->position))
                                     : tr(op->lang, M("What is in force"));
    ui_crumb(op, &trial->head, M("What-if"), STR("/what-if"));
    ui_crumb_text(op, &trial->head, why->w.name, whatif__href(op, why->w.id, ""));
    ui_crumb_text(op, &trial->head, result->contract->partner_name,
                  whatif__href(op, why->w.id, str_c(op->arena, tail)));
    trial->hint = (struct ui_hint){
        .tint = UI_INFO,
        .text = tr(op->lang, why->position
                                 ? M("Supposed: computed now for this page. Nothing is accrued.")
                                 : M("Computed now by what is in force, for this page."))};
}

enum rc whatif__page_why(struct req *r)
{
    struct op *op = r->op;
    struct why why;
    AUTO_ARENA arena = arena_new((size_t)1 << ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL; /* lives in the arena, so it goes first */
    TRY(read_why(r, &why));
    TRY(run_up(op, arena, &why, reward_trail_new(arena), &calculation));
    if (calculation->results_len == 0)
        return RC_MISSING;
    struct reward_trial trial = {.calculation = calculation,
                                 .result = &calculation->results[0],
                                 .address = why_address(op, &why),
                                 .amount = why.amount};
    why_head(op, &why, trial.result, &trial);
    return reward_trial_page(r, &trial);
}
