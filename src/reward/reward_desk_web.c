/* The console's home: the month-end desk. How far the period is, what is left and who holds it,
 * what waits for my approval. Cards of modules that are not there are not shown, and nobody sees
 * figures that they may not see elsewhere. */
#include "reward/reward_view.h"
#include "reward/reward_web.h"

struct desk {
    struct op *op;
    struct period period;
    struct str period_name;
    struct reward_run run; /* id 0: none of this period */
    const struct currency *currency;
    int64_t watermark_seq;
    struct reward__desk *v;
};

/* ---- track ---- */

static void add_step(struct desk *d, const char *label, int64_t done, int64_t whole,
                     struct str note, struct str href)
{
    struct op *op = d->op;
    struct ui_step step = {
        .label = label, .done = done, .whole = whole, .note = note, .href = href};
    step.tint = whole && done >= whole ? UI_OK : UI_INFO;
    step.figure =
        str_printf(op->arena, STR_FMT " / " STR_FMT, STR_ARG(i18n_i64(op->arena, op->lang, done)),
                   STR_ARG(i18n_i64(op->arena, op->lang, whole)));
    VEC_PUSH(op->arena, &d->v->track, step);
}

static void add_facts_step(struct desk *d)
{
    struct op *op = d->op;
    int64_t later = d->watermark_seq - d->run.watermark_seq;
    struct ui_step step = {.label = M("Facts in"),
                           .figure = i18n_i64(op->arena, op->lang, d->watermark_seq),
                           .whole = d->watermark_seq,
                           .done = d->run.watermark_seq,
                           .tint = UI_OK};
    if (!d->run.watermark_seq) {
        step.done = 0;
        step.tint = UI_INFO;
        step.note = tr(op->lang, M("Not yet calculated"));
    } else if (later > 0) {
        step.tint = UI_WARN;
        step.note = i18n_format(op->arena, op->lang, M("{0} after the calculation"), later);
    } else {
        step.note = tr(op->lang, M("All are in the calculation"));
    }
    VEC_PUSH(op->arena, &d->v->track, step);
}

static enum rc add_track(struct desk *d)
{
    struct op *op = d->op;
    struct reward_number_row contracts;
    struct reward_state_count_rows states = {0};
    struct statement_count_row statements;
    int64_t results = 0, approved = 0, posted = 0;
    TRY(q_reward_contracts_in(
        op, &(struct q_reward_contracts_in_in){d->period.start.days, d->period.end.days},
        &contracts));
    if (d->run.id)
        TRY(q_reward_run_states(op, &(struct q_reward_run_states_in){d->run.id}, &states));
    TRY(q_statement_counts(op, &(struct q_statement_counts_in){d->period_name}, &statements));
    for (size_t i = 0; i < states.len; i++) {
        struct str state = states.at[i].state;
        int64_t n = states.at[i].n;
        results += str_eq(state, STR("rolled_back")) ? 0 : n;
        approved += str_eq(state, STR("approved")) || str_eq(state, STR("posted")) ? n : 0;
        posted += str_eq(state, STR("posted")) ? n : 0;
    }
    struct str href = d->run.id ? reward__run_href(op, d->run.id, "") : STR("/runs/new");
    struct str incomplete =
        d->run.incomplete ? i18n_format(op->arena, op->lang, M("{0} incomplete"), d->run.incomplete)
                          : STR("");
    add_facts_step(d);
    add_step(d, M("Calculated||results"), results, contracts.n, incomplete, href);
    add_step(d, M("Approved"), approved, results, STR(""), href);
    add_step(d, M("Posted||results"), posted, results, STR(""), href);
    add_step(d, M("Statements sent"), statements.sent, statements.total,
             statements.drafts
                 ? i18n_format(op->arena, op->lang, M("{0} drafts"), statements.drafts)
                 : STR(""),
             str_printf(op->arena, "/statements?period=" STR_FMT, STR_ARG(d->period_name)));
    add_step(d, M("Paid"), statements.paid, statements.total, STR(""),
             str_printf(op->arena, "/statements?period=" STR_FMT, STR_ARG(d->period_name)));
    return RC_OK;
}

/* ---- figures ---- */

static int64_t total_of(const struct reward_total_row_rows *rows, const struct currency *currency)
{
    int64_t minor = 0;
    for (size_t i = 0; i < rows->len; i++)
        if (currency_find(rows->at[i].currency) == currency)
            minor += rows->at[i].total_minor;
    return minor;
}

static enum rc choose_currency(struct desk *d, const struct reward_total_row_rows *now)
{
    struct org_locale locale;
    TRY(org_locale(d->op, &locale));
    d->currency = locale.currency;
    bool has_own = false;
    for (size_t i = 0; i < now->len; i++)
        has_own = has_own || currency_find(now->at[i].currency) == d->currency;
    if (now->len && !has_own)
        d->currency = currency_find(now->at[0].currency);
    return RC_OK;
}

/* What the period before gave, calculated in the same way; nothing when it has no run. */
static enum rc totals_before(struct desk *d, struct reward_total_row_rows *out)
{
    struct op *op = d->op;
    struct reward_id_row run;
    struct str earlier = period_print(op->arena, period_step(d->period, -1));
    *out = (struct reward_total_row_rows){0};
    enum rc rc = q_reward_run_of_period(op, &(struct q_reward_run_of_period_in){earlier}, &run);
    if (rc == RC_MISSING) /* posted before runs were kept, or by another one */
        return q_reward_period_totals(op, &(struct q_reward_period_totals_in){earlier}, out);
    TRY(rc);
    return q_reward_run_totals(op, &(struct q_reward_run_totals_in){run.id}, out);
}

static void add_change(struct desk *d, int64_t now, int64_t before, const char *against,
                       struct ui_kpi *kpi)
{
    struct op *op = d->op;
    if (before <= 0)
        return;
    struct dec ratio = dec_div(dec_from_i64(now - before), dec_from_i64(before));
    bool is_less = now < before;
    kpi->delta = i18n_percent(op->arena, op->lang, dec_abs(ratio), 1);
    kpi->is_delta_down = is_less;
    struct period earlier = period_step(d->period, -1);
    struct str name = earlier.kind == PERIOD_MONTH
                          ? i18n_month(op->lang, date_ymd(earlier.start).month, false)
                          : i18n_period(op->arena, op->lang, earlier, PLACE_INSIDE);
    kpi->note = i18n_format(op->arena, op->lang, against, name);
}

struct balances {
    struct reward_balance_row_rows now;
    struct reward_moved_row_rows moved; /* since the period before ended */
};

/* Now, against the books at the end of the period before. Less on hold is good news; that more or
 * less is to be paid is neither good nor bad. */
static void add_balance(struct desk *d, const struct balances *balances, const char *kind,
                        const char *label, enum ui_tint tint)
{
    struct op *op = d->op;
    int64_t minor = 0, moved = 0; /* what is owed is booked as a credit */
    for (size_t i = 0; i < balances->now.len; i++)
        if (str_eq(balances->now.at[i].kind, str_of(kind)) &&
            currency_find(balances->now.at[i].currency) == d->currency)
            minor -= balances->now.at[i].balance_minor;
    for (size_t i = 0; i < balances->moved.len; i++)
        if (str_eq(balances->moved.at[i].kind, str_of(kind)) &&
            currency_find(balances->moved.at[i].currency) == d->currency)
            moved -= balances->moved.at[i].moved_minor;
    struct ui_kpi kpi = {.label = label,
                         .key = tint,
                         .figure = i18n_money_whole(op->arena, op->lang, MONEY(minor, d->currency)),
                         .note = tr(op->lang, M("now, all periods"))};
    add_change(d, minor, minor - moved, M("against the end of {0}"), &kpi);
    kpi.is_delta_good = tint == UI_WARN && moved < 0;
    kpi.is_delta_bad = tint == UI_WARN && moved > 0;
    VEC_PUSH(op->arena, &d->v->kpis, kpi);
}

/* ---- where it comes from ---- */

static void add_source(struct op *op, struct str name, struct money amount, int64_t whole,
                       struct ui_funnel *to)
{
    struct dec share = dec_div(dec_from_i64(amount.minor), dec_from_i64(whole));
    int64_t units = 0;
    struct ui_funnel_step step = {.label = name,
                                  .rate = i18n_percent(op->arena, op->lang, share, 1)};
    if (money_rescale(amount.minor, amount.currency->digits, 0, DEC_HALF_UP, &units))
        step.count = units;
    VEC_PUSH(op->arena, to, step);
}

static enum rc add_sources(struct desk *d)
{
    enum { SHOWN_MAX = 6 };
    struct op *op = d->op;
    struct reward_source_row_rows rows;
    int64_t whole = 0, rest = 0;
    if (!d->run.id || !d->currency)
        return RC_OK;
    TRY(q_reward_sources(op, &(struct q_reward_sources_in){d->run.id}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        whole += currency_find(rows.at[i].currency) == d->currency ? rows.at[i].amount_minor : 0;
    for (size_t i = 0; i < rows.len && whole > 0; i++) {
        const struct reward_source_row *row = &rows.at[i];
        if (currency_find(row->currency) != d->currency)
            continue;
        if (d->v->sources.len >= SHOWN_MAX)
            rest += row->amount_minor;
        else
            add_source(op, row->name, MONEY(row->amount_minor, d->currency), whole, &d->v->sources);
    }
    if (rest > 0)
        add_source(op, tr(op->lang, M("Other schemes")), MONEY(rest, d->currency), whole,
                   &d->v->sources);
    d->v->sources_note =
        reward__note_line(op, i18n_period(op->arena, op->lang, d->period, PLACE_START),
                          i18n_currency_symbol(op->lang, d->currency));
    return RC_OK;
}

static enum rc add_kpis(struct desk *d)
{
    struct op *op = d->op;
    struct reward_total_row_rows now = {0}, before;
    struct balances balances;
    int64_t from_day = d->period.start.days;
    if (d->run.id)
        TRY(q_reward_run_totals(op, &(struct q_reward_run_totals_in){d->run.id}, &now));
    TRY(totals_before(d, &before));
    TRY(q_reward_balances(op, &balances.now));
    TRY(q_reward_moved(op, &(struct q_reward_moved_in){from_day}, &balances.moved));
    TRY(choose_currency(d, &now));
    if (!d->currency)
        return RC_OK;
    int64_t minor = total_of(&now, d->currency);
    struct ui_kpi kpi = {
        .label_text = i18n_format(op->arena, op->lang, M("Accrued in {0}"),
                                  i18n_period(op->arena, op->lang, d->period, PLACE_INSIDE)),
        .figure = i18n_money_whole(op->arena, op->lang, MONEY(minor, d->currency))};
    if (d->run.id)
        kpi.href = reward__run_href(op, d->run.id, "");
    add_change(d, minor, total_of(&before, d->currency), M("against {0}"), &kpi);
    VEC_PUSH(op->arena, &d->v->kpis, kpi);
    add_balance(d, &balances, "partner:accrued", M("Not yet due"), UI_MUTE);
    add_balance(d, &balances, "partner:held", M("On hold"), UI_WARN);
    add_balance(d, &balances, "partner:payable", M("To pay"), UI_INFO);
    return RC_OK;
}

/* ---- what is left, and who holds it ---- */

static struct str age_of(struct op *op, int64_t at_us)
{
    return i18n_relative_day(op->arena, op->lang, zone_date(op->zone, at_us),
                             zone_date(op->zone, op->now), PLACE_INSIDE);
}

static void add_left(struct desk *d, struct ui_item item)
{
    VEC_PUSH(d->op->arena, &d->v->left, item);
}

static const struct {
    const char *state, *icon, *title, *note, *verb;
    enum ui_tint tint;
} waits[] = {
    {"draft", "calculator", M("{0} is not calculated"), M("Nothing can be approved before"),
     M("Open"), 0},
    {"failed", "alert-triangle", M("The calculation of {0} failed"),
     M("Nothing was changed; see why"), M("Open"), UI_BAD},
    {"calculated", "send", M("{0} is calculated, not sent for approval"),
     M("Statements wait for it"), M("Open"), 0},
    {"approved", "checks", M("{0} is approved, not posted"), M("Statements wait for it"), M("Post"),
     0},
};

static enum rc add_open_runs(struct desk *d)
{
    struct op *op = d->op;
    struct reward_open_run_rows runs;
    TRY(q_reward_open_runs(op, &runs));
    for (size_t i = 0; i < runs.len; i++) {
        const struct reward_open_run *run = &runs.at[i];
        struct str href = reward__run_href(op, run->id, "");
        struct str period = reward__period_words(op, run->period, PLACE_START);
        struct ui_item item = {
            .href = href,
            .who = reward__who(op, run->created_by),
            .age = age_of(op, run->calculated_at.has ? run->calculated_at.v : run->created_at)};
        if (run->incomplete > 0) {
            item.icon = "alert-triangle";
            item.tint = UI_BAD;
            item.title = i18n_format(
                op->arena, op->lang,
                M("{0, plural, one {# result is} other {# results are}} incomplete in {1}"),
                run->incomplete, period);
            item.note = tr(op->lang, M("They cannot be approved until repaired"));
            item.action = (struct ui_action){.label = M("Look"), .href = href};
            add_left(d, item);
            continue;
        }
        for (size_t k = 0; k < LEN(waits); k++) {
            if (!str_eq(run->state, str_of(waits[k].state)))
                continue;
            item.icon = waits[k].icon;
            item.tint = waits[k].tint;
            item.title = i18n_format(op->arena, op->lang, waits[k].title, period);
            item.note = tr(op->lang, waits[k].note);
            item.action = (struct ui_action){.label = waits[k].verb, .href = href};
            add_left(d, item);
        }
    }
    return RC_OK;
}

static enum rc add_drafts(struct desk *d)
{
    struct op *op = d->op;
    struct statement_count_row counts;
    TRY(q_statement_counts(op, &(struct q_statement_counts_in){d->period_name}, &counts));
    if (counts.drafts == 0 || !d->run.id)
        return RC_OK;
    struct str href = reward__run_href(op, d->run.id, "");
    add_left(d, (struct ui_item){
                    .icon = "mail",
                    .title = i18n_format(op->arena, op->lang,
                                         M("{0, plural, one {# statement is} other {# statements "
                                           "are}} not sent"),
                                         counts.drafts),
                    .note = tr(op->lang, M("Partners do not see them yet")),
                    .href = href,
                    .who = reward__who(op, d->run.created_by),
                    .age = d->run.posted_at.has ? age_of(op, d->run.posted_at.v) : STR_NONE,
                    .action = {.label = M("Send"),
                               .href = reward__run_href(op, d->run.id, "/send"),
                               .permission = "statement.send"}});
    return RC_OK;
}

static enum rc add_failed_jobs(struct desk *d)
{
    enum { LOOK_DAYS = 7 };
    struct op *op = d->op;
    struct reward_failed_job_rows jobs;
    if (!op_may(op, "job.read"))
        return RC_OK;
    TRY(q_reward_failed_jobs(op, &(struct q_reward_failed_jobs_in){op->now - LOOK_DAYS * US_DAY},
                             &jobs));
    for (size_t i = 0; i < jobs.len; i++) {
        const struct reward_failed_job *job = &jobs.at[i];
        const struct job_kind *kind = job_kind_find(job->kind);
        struct job_info info;
        struct str href = reward__href(op, "/jobs/", "job", job->id, "");
        struct str label = kind ? tr(op->lang, kind->label) : job->kind;
        if (job_find(op, job->id, &info) != RC_OK)
            continue;
        add_left(d, (struct ui_item){.icon = "alert-triangle",
                                     .tint = UI_BAD,
                                     .title = i18n_format(op->arena, op->lang, M("Failed: {0}"),
                                                          reward__note_line(op, label, job->title)),
                                     .note = job_words(op, &info),
                                     .href = href,
                                     .who = job->created_name.len ? job->created_name : STR_NONE,
                                     .age = job->finished_at.has ? age_of(op, job->finished_at.v)
                                                                 : STR_NONE,
                                     .action = {.label = M("Look"), .href = href}});
    }
    return RC_OK;
}

/* ---- approvals ---- */

static const char *icon_of(struct str kind)
{
    if (str_eq(kind, STR("scheme")))
        return "table-options";
    if (str_eq(kind, STR("contract")))
        return "file-text";
    return "calculator";
}

/* Those I may decide are at right; those that wait for somebody else are what is left. */
static enum rc add_waiting(struct desk *d)
{
    enum { SHOWN_MAX = 5 };
    struct op *op = d->op;
    struct reward_waiting_row_rows rows;
    TRY(q_reward_waiting(op, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct reward_waiting_row *w = &rows.at[i];
        size_t found;
        bool is_mine = w->requested_by.has && w->requested_by.v == op->actor.user_id;
        bool is_near = op->actor.has_all_branches || !w->branch_id.has;
        bool may = permission_find(w->permission, &found) &&
                   op_may(op, permission_at(found)->name) && !is_mine;
        struct str href = reward__href(op, "/approvals/", "apr", w->id, "");
        struct str label = str_eq(w->kind, STR("run"))
                               ? reward__period_words(op, w->label, PLACE_START)
                               : w->label;
        struct ui_item item = {.icon = icon_of(w->kind), .title = label, .href = href};
        if (!is_near)
            continue;
        if (may && d->v->waiting_len++ < SHOWN_MAX) {
            item.note = w->requested_name;
            item.when = age_of(op, w->requested_at);
            if (w->amount_minor.has && w->currency.at)
                item.figure = i18n_money(op->arena, op->lang,
                                         MONEY(w->amount_minor.v, currency_find(w->currency)));
            VEC_PUSH(op->arena, &d->v->waiting, item);
        } else if (!may && op_may(op, "approval.read")) {
            item.title = i18n_format(op->arena, op->lang, M("{0} waits for approval"), label);
            item.note = i18n_format(op->arena, op->lang, M("asked by {0}"), w->requested_name);
            item.age = age_of(op, w->requested_at);
            item.action = (struct ui_action){.label = M("Look"), .href = href};
            add_left(d, item);
        }
    }
    d->v->waiting_note = i18n_i64(op->arena, op->lang, d->v->waiting_len);
    return RC_OK;
}

/* ---- latest runs ---- */

static enum rc add_runs(struct desk *d)
{
    enum { SHOWN = 5 };
    struct op *op = d->op;
    struct reward_run_item_page page;
    struct q_reward_run_list_in in = {.page = {.sort_i = 1, .is_descending = true, .limit = SHOWN}};
    TRY(q_reward_run_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct reward_run_item *run = &page.at[i];
        struct reward_total_row_rows totals;
        TRY(q_reward_run_totals(op, &(struct q_reward_run_totals_in){run->id}, &totals));
        struct ui_item item = {.icon = "calculator",
                               .title = reward__period_words(op, run->period, PLACE_START),
                               .note = ui_state_word(op->arena, op->lang, "run", run->state),
                               .href = reward__run_href(op, run->id, ""),
                               .when = age_of(op, run->created_at)};
        if (totals.len)
            item.figure =
                i18n_money(op->arena, op->lang,
                           MONEY(totals.at[0].total_minor, currency_find(totals.at[0].currency)));
        VEC_PUSH(op->arena, &d->v->runs, item);
    }
    return RC_OK;
}

/* ---- the page ---- */

static enum rc choose_period(struct desk *d, struct str asked)
{
    struct op *op = d->op;
    struct reward_id_row id;
    enum rc rc = RC_MISSING;
    struct period month = period_of(PERIOD_MONTH, 0, zone_date(op->zone, op->now));
    d->period = period_step(month, -1);
    if (asked.len && !period_parse(asked, 0, &d->period))
        return fail(op, RC_INVALID, "period",
                    "This is not a period: write a month like 2026-10, a "
                    "quarter like 2026-Q4 or a year.");
    if (asked.len)
        rc = q_reward_run_of_period(
            op, &(struct q_reward_run_of_period_in){period_print(op->arena, d->period)}, &id);
    else
        rc = q_reward_run_last(op, &id);
    if (rc == RC_OK) {
        TRY(reward_run_get(op, id.id, &d->run));
        d->period = d->run.period;
    } else if (rc != RC_MISSING) {
        return rc;
    }
    d->period_name = period_print(op->arena, d->period);
    return event_watermark(op, &d->watermark_seq);
}

static enum rc fill(struct desk *d, struct str asked)
{
    struct op *op = d->op;
    struct reward__desk *v = d->v;
    v->may_see_runs = op_may(op, "run.read");
    if (v->may_see_runs) {
        TRY(choose_period(d, asked));
        v->head.name = i18n_format(op->arena, op->lang, M("{0}: month-end"),
                                   i18n_period(op->arena, op->lang, d->period, PLACE_START));
        TRY(add_track(d));
        TRY(add_kpis(d));
        TRY(add_sources(d));
        TRY(add_open_runs(d));
        TRY(add_drafts(d));
        TRY(add_runs(d));
        TRY(reward__months(op, 0, d->period, &v->months));
        if (!d->run.id || v->runs.len == 0)
            ui_act(op, &v->head.actions,
                   (struct ui_action){.label = M("New run"),
                                      .icon = "plus",
                                      .kind = UI_PRIMARY,
                                      .href = STR("/runs/new"),
                                      .permission = "run.edit"});
        else
            ui_act(op, &v->head.actions,
                   (struct ui_action){.label = M("Open the run"),
                                      .icon = "calculator",
                                      .href = reward__run_href(op, d->run.id, "")});
    } else {
        v->head.name = i18n_format(op->arena, op->lang, M("Hello, {0}"), op->actor.name);
    }
    TRY(add_failed_jobs(d));
    TRY(add_waiting(d));
    v->left_note = i18n_format(op->arena, op->lang, M("{0, plural, one {# item} other {# items}}"),
                               (int64_t)v->left.len);
    return RC_OK;
}

enum rc reward__desk_page(struct req *r, struct str period)
{
    struct op *op = r->op;
    struct reward__desk v = {0};
    struct desk d = {.op = op, .v = &v};
    v.head.above =
        i18n_date(op->arena, op->lang, zone_date(op->zone, op->now), DATE_FULL, PLACE_START);
    TRY(fill(&d, period));
    return PAGE(r, M("Home"), reward_desk, &v);
}
