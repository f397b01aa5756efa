/* Pages of runs: the list, a new one, one run with its life, its results and what keeps them
 * incomplete, and the steps: calculate, send for approval, post, send the statements. */
#include "reward/reward_store.h"
#include "reward/reward_view.h"
#include "reward/reward_web.h"

/* ---- list ---- */

struct runs_query {
    UI_LIST_MEMBERS;
    struct str state, period;
};
static const struct field runs_fields[] = {
    UI_LIST_FIELDS(runs_query, q_reward_run_list_sorts),
    F_STR(runs_query, state, 0, 20),
    F_STR(runs_query, period, 0, 12),
    FIELDS_END,
};

enum { RUN_PERIOD, RUN_STATE, RUN_TOTAL, RUN_CONTRACTS, RUN_INCOMPLETE, RUN_WHO, RUN_WHEN, RUNS };
static const struct ui_column run_columns[] = {
    [RUN_PERIOD] = {.name = "period",
                    .title = M("Period"),
                    .kind = UI_TEXT,
                    .sort = "period",
                    .place = UI_AT_NAME,
                    .sub_name = "note",
                    .sub_title = M("Note")},
    [RUN_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "run",
                   .place = UI_AT_BADGE},
    [RUN_TOTAL] = {.name = "total", .title = M("Total"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    [RUN_CONTRACTS] = {.name = "contracts", .title = M("Contracts"), .kind = UI_COUNT},
    [RUN_INCOMPLETE] = {.name = "incomplete", .title = M("Incomplete"), .kind = UI_COUNT},
    [RUN_WHO] = {.name = "started_by", .title = M("Started by"), .kind = UI_TEXT},
    [RUN_WHEN] = {.name = "created_at",
                  .title = M("Started"),
                  .kind = UI_TIME,
                  .sort = "created",
                  .place = UI_AT_SUB},
};
static const char *const run_states[] = {"draft",    "calculating", "calculated", "in_approval",
                                         "approved", "posted",      "failed",     NULL};
static const struct ui_filter run_filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "run", .states = run_states},
    {.name = "period", .label = M("Period"), .kind = UI_WORDS},
};
static const struct ui_action run_actions[] = {
    {.label = M("New run"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/runs/new"),
     .permission = "run.edit"},
    {.label = NULL},
};

/* The first currency as money; further ones in the second line. */
static enum rc totals_of(struct op *op, int64_t run_id, struct money *out, struct str *out_more)
{
    struct reward_total_row_rows totals;
    struct str_list more = {0};
    TRY(q_reward_run_totals(op, &(struct q_reward_run_totals_in){run_id}, &totals));
    *out = MONEY(0, NULL);
    *out_more = STR_NONE;
    for (size_t i = 0; i < totals.len; i++) {
        struct money total = MONEY(totals.at[i].total_minor, currency_find(totals.at[i].currency));
        if (i == 0)
            *out = total;
        else
            VEC_PUSH(op->arena, &more, i18n_money(op->arena, op->lang, total));
    }
    if (more.len)
        *out_more = i18n_list(op->arena, op->lang, more.at, more.len);
    return RC_OK;
}

static enum rc fill_runs(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct runs_query *query = form(r);
    struct q_reward_run_list_in in = {.page = list->page};
    struct reward_run_item_page page = {0};
    if (query->state.len)
        in.state = query->state;
    if (query->period.len)
        in.period = query->period;
    TRY(q_reward_run_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct reward_run_item *run = &page.at[i];
        struct money total;
        struct str more;
        TRY(totals_of(op, run->id, &total, &more));
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, pid_of("run", run->id)));
        cells[RUN_PERIOD] =
            ui_cell_link(reward__period_words(op, run->period, PLACE_START),
                         run->note.len ? run->note : STR_NONE, reward__run_href(op, run->id, ""));
        cells[RUN_STATE] = ui_cell_state(run->state);
        cells[RUN_TOTAL] = ui_cell_money(total, reward__run_href(op, run->id, ""));
        cells[RUN_TOTAL].sub = more;
        cells[RUN_CONTRACTS] = ui_cell_count(run->contracts);
        cells[RUN_INCOMPLETE] = ui_cell_count(run->incomplete);
        cells[RUN_WHO] = ui_cell_text(reward__who(op, run->created_by));
        cells[RUN_WHEN] = ui_cell_time(SOME(run->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec run_list = {
    .name = "runs",
    .title = M("Runs"),
    .icon = "calculator",
    .columns = run_columns,
    .columns_len = RUNS,
    .filters = run_filters,
    .filters_len = LEN(run_filters),
    .sorts = q_reward_run_list_sorts,
    .sort = "-period",
    .empty = M("No runs yet. A run computes the rewards of a period for all contracts."),
    .empty_action = &run_actions[0],
    .actions = run_actions,
    .fill = fill_runs,
};

static enum rc page_runs(struct req *r)
{
    return ui_list_page(r, &run_list);
}

/* ---- a new run ---- */

struct new_form {
    struct str period, note;
};
static const struct field new_fields[] = {
    F_STR(new_form, period, 1, 12),
    F_STR(new_form, note, 0, 200),
    FIELDS_END,
};
static const struct ui_field new_shown[] = {
    {.name = "period",
     .label = M("Period"),
     .kind = UI_FIELD_MONTH,
     .hint = M("A month; one run of a period is open at a time."),
     .is_required = true},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_TEXT, .max_len = 200},
};

static enum rc page_new(struct req *r)
{
    struct op *op = r->op;
    struct ui_form form = {.submit = M("Start the run"),
                           .cancel_href = STR("/runs"),
                           .intro =
                               M("Contracts in force in the period are computed from the facts "
                                 "that are there now. Nothing is posted before it is "
                                 "approved.")};
    struct period month = period_of(PERIOD_MONTH, 0, zone_date(op->zone, op->now));
    form.head.title = M("New run");
    ui_crumb(op, &form.head, M("Runs"), STR("/runs"));
    ui_form_init(r, &form, new_shown, LEN(new_shown));
    ui_form_set(&form, "period", period_print(op->arena, period_step(month, -1)));
    return ui_form_page(r, &form);
}

static enum rc page_add(struct req *r)
{
    const struct new_form *in = form(r);
    struct period period;
    int64_t id = 0, job_id = 0;
    if (!period_parse(in->period, 0, &period))
        return fail(r->op, RC_INVALID, "period",
                    "This is not a period: write a month like "
                    "2026-10, a quarter like 2026-Q4 or a year.");
    TRY(reward_run_add(r->op, period, in->note.at ? in->note : STR(""), &id));
    TRY(reward_run_start(r->op, id, &job_id));
    return CREATED(r, "/runs/{0}", pid_of("run", id));
}

/* ---- results ---- */

struct run_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field run_fields[] = {
    UI_LIST_FIELDS(run_query, q_reward_result_list_sorts),
    F_STR(run_query, state, 0, 20),
    FIELDS_END,
};

enum { RES_PARTNER, RES_CONTRACT, RES_STATE, RES_EVENTS, RES_TOTAL, RES_CHANGE, RESULTS };
static const struct ui_column result_columns[] = {
    [RES_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .sort = "partner",
                     .place = UI_AT_NAME,
                     .sub_name = "partner_code",
                     .sub_title = M("Code")},
    [RES_CONTRACT] = {.name = "contract",
                      .title = M("Contract"),
                      .kind = UI_TEXT,
                      .place = UI_AT_SUB},
    [RES_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "result",
                   .place = UI_AT_BADGE},
    [RES_EVENTS] = {.name = "events", .title = M("Events"), .kind = UI_COUNT, .sort = "events"},
    [RES_TOTAL] = {.name = "total",
                   .title = M("Amount"),
                   .kind = UI_MONEY,
                   .sort = "total",
                   .place = UI_AT_FIGURE},
    [RES_CHANGE] = {.name = "change",
                    .title = M("Change||difference"),
                    .kind = UI_TEXT,
                    .place = UI_AT_NONE},
};
static const char *const result_states[] = {"calculated", "incomplete",  "approved",
                                            "posted",     "rolled_back", NULL};
static const struct ui_filter result_filters[] = {
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "result",
     .states = result_states},
};

static struct ui_cell change_cell(struct op *op, const struct reward_result_item *item)
{
    struct ui_cell cell = {0};
    const struct currency *currency = currency_find(item->currency);
    if (!item->before_minor.has)
        return cell;
    int64_t difference = item->total_minor - item->before_minor.v;
    cell.text = i18n_money_delta(op->arena, op->lang, MONEY(difference, currency));
    cell.tint = difference > 0 ? UI_OK : difference < 0 ? UI_BAD : 0;
    return cell;
}

static enum rc fill_results(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct run_query *query = form(r);
    struct reward_run run;
    struct reward_result_item_page page = {0};
    TRY(reward_run_get(op, path_id(r, "run"), &run));
    struct q_reward_result_list_in in = {.run_id = run.id,
                                         .before =
                                             period_print(op->arena, period_step(run.period, -1)),
                                         .page = list->page};
    if (query->state.len)
        in.state = query->state;
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    TRY(q_reward_result_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct reward_result_item *item = &page.at[i];
        struct str href = item->statement_id.has
                              ? reward__statement_href(op, item->statement_id.v, "")
                              : reward__href(op, "/results/", "res", item->id, "");
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, pid_of("res", item->id)));
        cells[RES_PARTNER] = ui_cell_link(item->partner_name, item->partner_code, href);
        cells[RES_CONTRACT] = item->reason.len ? ui_cell_two(item->contract_code, item->reason)
                                               : ui_cell_text(item->contract_code);
        cells[RES_STATE] = ui_cell_state(item->state);
        cells[RES_EVENTS] = ui_cell_count(item->events);
        cells[RES_TOTAL] =
            ui_cell_money(MONEY(item->total_minor, currency_find(item->currency)), href);
        cells[RES_CHANGE] = change_cell(op, item);
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec result_list = {
    .name = "results",
    .title = M("Results"),
    .icon = "calculator",
    .columns = result_columns,
    .columns_len = RESULTS,
    .filters = result_filters,
    .filters_len = LEN(result_filters),
    .sorts = q_reward_result_list_sorts,
    .sort = "partner",
    .search = M("Partner, code, contract"),
    .empty = M("No results: no contract was in force in this period."),
    .fill = fill_results,
};

/* ---- one run ---- */

static int stage_of(struct str state)
{
    static const char *const order[] = {"draft", "calculated", "in_approval", "approved", "posted"};
    for (size_t i = 0; i < LEN(order); i++)
        if (str_eq(state, str_of(order[i])))
            return (int)i;
    return 0; /* calculating, failed */
}

static void add_stages(struct op *op, const struct reward_run *run, struct reward__run_page *v)
{
    static const char *const labels[] = {M("Draft"), M("Calculated"), M("In approval"),
                                         M("Approved"), M("Posted")};
    int now = stage_of(run->state);
    bool is_posted = str_eq(run->state, STR("posted"));
    for (int i = 0; i < (int)LEN(labels); i++) {
        struct ui_stage stage = {.label = labels[i], .state = UI_STAGE_NEXT};
        if (i < now || is_posted)
            stage.state = UI_STAGE_DONE;
        else if (i == now)
            stage.state = str_eq(run->state, STR("failed")) ? UI_STAGE_FAILED : UI_STAGE_NOW;
        VEC_PUSH(op->arena, &v->stages, stage);
    }
}

static void add_kpi(struct op *op, struct reward__run_page *v, struct ui_kpi kpi)
{
    VEC_PUSH(op->arena, &v->kpis, kpi);
}

static enum rc add_total_kpis(struct op *op, const struct reward_run *run,
                              struct reward__run_page *v)
{
    enum { CURRENCIES_SHOWN = 2 };
    struct reward_total_row_rows now, before;
    struct period earlier = period_step(run->period, -1);
    TRY(q_reward_run_totals(op, &(struct q_reward_run_totals_in){run->id}, &now));
    TRY(q_reward_period_totals(
        op, &(struct q_reward_period_totals_in){period_print(op->arena, earlier)}, &before));
    for (size_t i = 0; i < now.len; i++)
        VEC_PUSH(op->arena, &v->totals,
                 MONEY(now.at[i].total_minor, currency_find(now.at[i].currency)));
    for (size_t i = 0; i < now.len && i < CURRENCIES_SHOWN; i++) {
        const struct currency *currency = currency_find(now.at[i].currency);
        struct ui_kpi kpi = {.label = M("Accrued"),
                             .figure = i18n_money(op->arena, op->lang, v->totals.at[i])};
        for (size_t k = 0; k < before.len; k++) {
            if (!str_eq(before.at[k].currency, now.at[i].currency))
                continue;
            int64_t difference = now.at[i].total_minor - before.at[k].total_minor;
            int64_t distance = difference < 0 ? -difference : difference;
            kpi.delta = i18n_money(op->arena, op->lang, MONEY(distance, currency));
            kpi.is_delta_down = difference < 0;
            kpi.note = i18n_format(op->arena, op->lang, M("against {0}"),
                                   i18n_period(op->arena, op->lang, earlier, PLACE_INSIDE));
        }
        add_kpi(op, v, kpi);
    }
    return RC_OK;
}

static enum rc add_kpis(struct op *op, const struct reward_run *run, struct reward__run_page *v)
{
    struct reward_state_count_rows states;
    int64_t results = 0, incomplete = 0;
    TRY(q_reward_run_states(op, &(struct q_reward_run_states_in){run->id}, &states));
    for (size_t i = 0; i < states.len; i++) {
        results += str_eq(states.at[i].state, STR("rolled_back")) ? 0 : states.at[i].n;
        incomplete += str_eq(states.at[i].state, STR("incomplete")) ? states.at[i].n : 0;
    }
    v->has_results = states.len > 0;
    TRY(add_total_kpis(op, run, v));
    add_kpi(
        op, v,
        (struct ui_kpi){.label = M("Contracts"), .figure = i18n_i64(op->arena, op->lang, results)});
    add_kpi(op, v,
            (struct ui_kpi){.label = M("Incomplete"),
                            .key = incomplete ? UI_WARN : 0,
                            .figure = i18n_i64(op->arena, op->lang, incomplete)});
    return RC_OK;
}

static enum rc add_incomplete(struct op *op, const struct reward_run *run,
                              struct reward__run_page *v)
{
    struct reward_incomplete_row_rows rows;
    TRY(q_reward_incomplete(op, &(struct q_reward_incomplete_in){run->id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct reward__incomplete one = {
            .partner = rows.at[i].partner_name,
            .contract = rows.at[i].contract_code,
            .href = reward__href(op, "/results/", "res", rows.at[i].id, "")};
        reward__warnings_of(op, rows.at[i].warnings, &one.warnings);
        VEC_PUSH(op->arena, &v->incomplete, one);
    }
    return RC_OK;
}

static void act(struct op *op, struct reward__run_page *v, const struct reward_run *run,
                struct ui_action action, const char *rest)
{
    action.href = reward__run_href(op, run->id, rest);
    ui_act(op, &v->head.actions, action);
}

static enum rc add_actions(struct op *op, const struct reward_run *run, struct reward__run_page *v)
{
    struct reward_id_row_rows drafts;
    bool is_calculated = str_eq(run->state, STR("calculated"));
    bool may_calculate = is_calculated || str_eq(run->state, STR("draft")) ||
                         str_eq(run->state, STR("failed")) ||
                         (str_eq(run->state, STR("calculating")) && !v->job.html.at);
    if (may_calculate)
        act(op, v, run,
            (struct ui_action){.label = is_calculated ? M("Calculate again") : M("Calculate"),
                               .icon = is_calculated ? "refresh" : "player-play",
                               .kind = is_calculated ? UI_SECONDARY : UI_PRIMARY,
                               .is_post = true,
                               .permission = "run.edit"},
            "/calculate");
    if (is_calculated && run->incomplete == 0)
        act(op, v, run,
            (struct ui_action){.label = M("Send for approval"),
                               .icon = "send",
                               .kind = UI_PRIMARY,
                               .permission = "run.edit"},
            "/submit");
    if (str_eq(run->state, STR("approved")) && !v->job.html.at)
        act(op, v, run,
            (struct ui_action){.label = M("Post…"),
                               .icon = "check",
                               .kind = UI_PRIMARY,
                               .is_dialog = true,
                               .permission = "run.post"},
            "/post");
    if (!str_eq(run->state, STR("posted")))
        return RC_OK;
    TRY(q_statement_drafts(op, &(struct q_statement_drafts_in){run->id}, &drafts));
    if (drafts.len)
        act(op, v, run,
            (struct ui_action){.label = M("Send the statements…"),
                               .icon = "send",
                               .kind = UI_PRIMARY,
                               .is_dialog = true,
                               .permission = "statement.send"},
            "/send");
    return RC_OK;
}

static void capture_job(struct req *r, int64_t job_id, struct reward__run_page *v)
{
    AUTO_OUT o = OUT(r->op->arena, 256 << 10);
    o.lang = r->op->lang;
    o.zone = r->op->zone;
    o.today = zone_date(r->op->zone, r->op->now);
    o.path = r->path;
    o.csrf = http_csrf(r);
    if (job_card(r->op, job_id, &o) == RC_OK)
        v->job = out_html(&o);
    else
        fault_clear(&r->op->fault); /* a job of somebody else: the page goes on without its card */
}

static enum rc add_job(struct req *r, const struct reward_run *run, struct reward__run_page *v)
{
    struct reward_id_row job;
    enum rc rc = q_reward_job(
        r->op, &(struct q_reward_job_in){str_printf(r->op->arena, "run:%lld", (long long)run->id)},
        &job);
    if (rc == RC_OK)
        capture_job(r, job.id, v);
    return rc == RC_MISSING ? RC_OK : rc;
}

static void add_failure(struct op *op, struct str failure, struct reward__run_page *v)
{
    const struct json_value *json = NULL;
    struct i18n_arg args[4];
    if (!failure.len ||
        json_parse(op->arena, failure, (struct json_limits){0}, &json, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < LEN(args); i++) {
        struct str text = json_text(json_at(json_get(json, "args"), i));
        args[i] = i18n_arg_str(text.at ? text : STR(""));
    }
    struct str message = json_text(json_get(json, "message"));
    v->hint = (struct ui_hint){
        .tint = UI_BAD,
        .title = tr(op->lang, M("The calculation failed.")),
        .text = i18n_format_args(op->arena, op->lang, str_c(op->arena, message), args, LEN(args))};
}

static void make_head(struct op *op, const struct reward_run_row *row, const struct reward_run *run,
                      struct reward__run_page *v)
{
    struct str who = reward__who(op, run->created_by);
    struct str when = i18n_date_time(op->arena, op->lang, run->created_at, op->zone);
    v->head.name = i18n_period(op->arena, op->lang, run->period, PLACE_START);
    v->head.record = "run";
    v->head.state = run->state;
    ui_crumb(op, &v->head, M("Runs"), STR("/runs"));
    v->head.below = reward__escaped(
        op, reward__note_line(op, reward__note_line(op, who.at ? who : STR(""), when), run->note));
    add_failure(op, row->failure, v);
}

static enum rc page_run(struct req *r)
{
    struct op *op = r->op;
    struct reward_run run;
    struct reward_run_row row;
    struct reward__run_page v = {.run = &run};
    TRY(reward_run_get(op, path_id(r, "run"), &run));
    v.period_code = period_print(op->arena, run.period);
    TRY(q_reward_run(op, &(struct q_reward_run_in){run.id}, &row));
    make_head(op, &row, &run, &v);
    add_stages(op, &run, &v);
    TRY(add_kpis(op, &run, &v));
    TRY(add_incomplete(op, &run, &v));
    TRY(add_job(r, &run, &v));
    TRY(add_actions(op, &run, &v));
    TRY(approval_state(op, "run", run.id, &v.approval));
    TRY(audit_events(op, "run", run.id, 20, &v.history));
    TRY(ui_list_read(r, &result_list, &v.list));
    page_title(r, v.head.name);
    return REPLY(r, NULL, reward_run_page, &v);
}

/* The table alone, for exports and the API. */
static enum rc page_results(struct req *r)
{
    return ui_list_page(r, &result_list);
}

/* ---- steps ---- */

static enum rc back(struct req *r)
{
    return REDIRECT(r, "/runs/{0}", pid_of("run", path_id(r, "run")));
}

static enum rc page_calculate(struct req *r)
{
    int64_t job_id = 0;
    TRY(reward_run_start(r->op, path_id(r, "run"), &job_id));
    return back(r);
}

struct submit_form {
    struct str note;
    struct opt_i64 revision;
};
static const struct field submit_fields[] = {
    F_BLOCK(submit_form, note, 0, 2000),
    F_OPT_I64(submit_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field submit_shown[] = {
    {.name = "note",
     .label = M("Note"),
     .kind = UI_FIELD_AREA,
     .hint = M("Who approves reads it."),
     .max_len = 2000},
};

static enum rc page_ask_submit(struct req *r)
{
    struct reward_run run;
    struct money total;
    struct str more;
    TRY(reward_run_get(r->op, path_id(r, "run"), &run));
    TRY(totals_of(r->op, run.id, &total, &more));
    struct ui_form form = {.submit = M("Send for approval"),
                           .revision = run.revision,
                           .cancel_href = reward__run_href(r->op, run.id, "")};
    form.head.title = M("Send for approval");
    form.head.note =
        reward__note_line(r->op, i18n_period(r->op->arena, r->op->lang, run.period, PLACE_START),
                          i18n_money(r->op->arena, r->op->lang, total));
    ui_crumb(r->op, &form.head, M("Runs"), STR("/runs"));
    ui_form_init(r, &form, submit_shown, LEN(submit_shown));
    return ui_form_page(r, &form);
}

static enum rc page_submit(struct req *r)
{
    const struct submit_form *in = form(r);
    TRY(reward_run_submit(r->op, path_id(r, "run"), in->revision.v,
                          in->note.at ? in->note : STR("")));
    answer_note(r, M("Sent for approval."));
    return back(r);
}

static enum rc ask(struct req *r, const char *title, const char *text, const char *button,
                   const char *rest)
{
    struct reward_run run;
    TRY(reward_run_get(r->op, path_id(r, "run"), &run));
    struct ui_confirm confirm = {
        .title = title,
        .name = i18n_period(r->op->arena, r->op->lang, run.period, PLACE_START),
        .text = text,
        .action = reward__run_href(r->op, run.id, rest),
        .button = button,
        .cancel_href = reward__run_href(r->op, run.id, "")};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_ask_post(struct req *r)
{
    return ask(r, M("Post the run?"),
               M("Each result is accrued in the ledger and a statement is made. Until a statement "
                 "is sent, its result can be rolled back."),
               M("Post"), "/post");
}

static enum rc page_post(struct req *r)
{
    int64_t job_id = 0;
    TRY(reward_run_post_start(r->op, path_id(r, "run"), &job_id));
    return back(r);
}

static enum rc page_ask_send(struct req *r)
{
    return ask(r, M("Send the statements?"),
               M("Partners see their statements in the portal and get letters. After that the "
                 "results can no longer be rolled back."),
               M("Send"), "/send");
}

static enum rc page_send(struct req *r)
{
    int64_t sent = 0;
    TRY(reward_statements_send(r->op, path_id(r, "run"), &sent));
    answer_note(r, M("The statements were sent."));
    return back(r);
}

const struct route reward_run_routes[] = {
    ROUTE(GET, "/runs", page_runs, "run.read", FORM(runs_query, runs_fields), API),
    ROUTE(GET, "/runs/new", page_new, "run.edit"),
    ROUTE(POST, "/runs/new", page_add, "run.edit", FORM(new_form, new_fields), FORM_PAGE(page_new),
          API),
    ROUTE(GET, "/runs/:run", page_run, "run.read", FORM(run_query, run_fields), API),
    ROUTE(GET, "/runs/:run/results", page_results, "run.read", FORM(run_query, run_fields), API),
    ROUTE(POST, "/runs/:run/calculate", page_calculate, "run.edit", API),
    ROUTE(GET, "/runs/:run/submit", page_ask_submit, "run.edit"),
    ROUTE(POST, "/runs/:run/submit", page_submit, "run.edit", FORM(submit_form, submit_fields),
          FORM_PAGE(page_ask_submit), API),
    ROUTE(GET, "/runs/:run/post", page_ask_post, "run.post"),
    ROUTE(POST, "/runs/:run/post", page_post, "run.post", API),
    ROUTE(GET, "/runs/:run/send", page_ask_send, "statement.send"),
    ROUTE(POST, "/runs/:run/send", page_send, "statement.send", API),
    {0},
};
