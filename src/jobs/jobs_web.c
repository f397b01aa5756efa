/* jobs_web: the pages of jobs. Who started a job sees and steers it, on either side of the house;
 * staff with job.read see all. */
#include "jobs/jobs_web.h"

#include "files/files.h"
#include "jobs/jobs_int.h"
#include "jobs/jobs_view.h"

static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled", NULL};

static struct str state_word(enum job_state state)
{
    return str_of(states[state - 1]);
}

static struct opt_i64 state_number(struct str word)
{
    for (int64_t i = 0; states[i]; i++)
        if (word.at && str_eq(word, str_of(states[i])))
            return SOME(i + 1);
    return NONE;
}

static struct str href(struct op *op, int64_t id, const char *rest)
{
    return str_printf(op->arena, "/jobs/%s%s", pid_of("job", id).text, rest);
}

static struct str label_of(struct op *op, const struct job_kind *kind, struct str kind_name)
{
    return kind ? tr(op->lang, kind->label) : kind_name;
}

/* ---- one job ---- */

static bool is_under_way(const struct job_info *info)
{
    return info->state == JOB_QUEUED || info->state == JOB_RUNNING;
}

static struct ui_job bar_of(struct op *op, const struct job_info *info)
{
    struct ui_job job = {
        .id = ui_pid(op, pid_of("job", info->id)),
        .title = info->kind ? info->kind->label : M("Background job"),
        .done = info->done,
        .whole = info->total,
        .left_s = info->left_us ? SOME(info->left_us / US_SECOND) : NONE,
        .unit = info->unit.at ? str_c(op->arena, info->unit) : JOB_ITEMS,
        .state = state_word(info->state),
        .note = job_words(op, info),
    };
    if (is_under_way(info))
        job.poll_href = href(op, info->id, "/progress");
    if (is_under_way(info) && !info->is_cancel_asked)
        job.cancel_href = href(op, info->id, "/cancel");
    if (is_under_way(info) && info->is_cancel_asked)
        job.note = tr(op->lang, M("It stops at the next safe point."));
    if (info->state == JOB_DONE && info->file_id.has) {
        job.result_href = href(op, info->id, "/file");
        job.result_label = M("Download");
    } else if (info->link.at) {
        job.result_href = info->link;
        job.result_label = M("Show the result");
    }
    return job;
}

enum rc job_card(struct op *op, int64_t id, struct out *o)
{
    struct job_info info;
    TRY(job_find(op, id, &info));
    struct ui_job bar = bar_of(op, &info);
    ui_job_view(o, &bar);
    return RC_OK;
}

static void job_bar_view(struct out *o, const struct ui_job *v)
{
    ui_job_view(o, v);
}

static enum rc page_progress(struct req *r)
{
    struct job_info info;
    TRY(job_find(r->op, path_id(r, "job"), &info));
    struct ui_job bar = bar_of(r->op, &info);
    return PAGE(r, M("Background job"), job_bar, &bar);
}

static void add_time(struct op *op, struct ui_defs *defs, const char *label, struct opt_i64 at)
{
    if (at.has)
        ui_def_text(op, defs, label, i18n_date_time(op->arena, op->lang, at.v, op->zone));
}

static void pair_time(struct json_writer *w, const char *name, struct opt_i64 at)
{
    json_key(w, name);
    if (at.has)
        json_put_instant(w, at.v);
    else
        json_put_null(w);
}

struct job_answer {
    struct op *op;
    const struct job_info *info;
};

static void job_answer_json(struct json_writer *w, const struct job_answer *v)
{
    const struct job_info *info = v->info;
    struct str words = job_words(v->op, info);
    json_object(w);
    json_pair_str(w, "id", str_of(pid_of("job", info->id).text));
    json_pair_str(w, "kind", info->kind_name);
    json_pair_str(w, "about", info->title);
    json_pair_str(w, "state", state_word(info->state));
    json_pair_bool(w, "is_cancel_asked", info->is_cancel_asked);
    json_pair_i64(w, "done", info->done);
    json_pair_i64(w, "total", info->total);
    json_pair_i64(w, "tries", info->tries);
    json_pair_i64(w, "tries_max", info->tries_max);
    json_pair_str(w, "result", words.len ? words : STR_NONE);
    json_pair_str(w, "error_code", info->error_code.len ? info->error_code : STR_NONE);
    json_pair_str(w, "link", info->link);
    json_pair_bool(w, "has_file", info->file_id.has);
    json_pair_str(w, "started_by", info->created_name.len ? info->created_name : STR_NONE);
    json_pair_instant(w, "created_at", info->created_at);
    pair_time(w, "started_at", info->started_at);
    pair_time(w, "finished_at", info->finished_at);
    json_object_end(w);
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct job_info info;
    TRY(job_find(op, path_id(r, "job"), &info));
    if (http_wants_json(r))
        return JSON(r, job_answer, (&(struct job_answer){op, &info}));
    struct job__page v = {.bar = bar_of(op, &info)};
    struct str label = label_of(op, info.kind, info.kind_name);
    v.head.name = label;
    v.head.record = "job";
    v.head.state = state_word(info.state);
    if (op->actor.kind == ACTOR_STAFF && op_may(op, "job.read"))
        ui_crumb(op, &v.head, M("Background jobs"), STR("/jobs"));
    if (info.state == JOB_FAILED || info.state == JOB_CANCELLED)
        ui_act(op, &v.head.actions,
               (struct ui_action){.label = M("Start again"),
                                  .icon = "refresh",
                                  .href = href(op, info.id, "/retry"),
                                  .kind = UI_PRIMARY,
                                  .is_post = true});
    ui_def_text(op, &v.facts, M("About||a job"), info.title.len ? info.title : STR_NONE);
    ui_def_text(op, &v.facts, M("Started by"),
                info.created_name.len ? info.created_name : tr(op->lang, M("The system")));
    ui_def_text(op, &v.facts, M("Tries"),
                i18n_format(op->arena, op->lang, M("{0} of {1}"), info.tries, info.tries_max));
    add_time(op, &v.facts, M("Asked for"), SOME(info.created_at));
    add_time(op, &v.facts, M("Begun"), info.started_at);
    add_time(op, &v.facts, M("Ended"), info.finished_at);
    if (info.state == JOB_QUEUED && info.run_at > op->now)
        add_time(op, &v.facts, M("Next try"), SOME(info.run_at));
    page_title(r, label);
    return PAGE(r, NULL, job_show, &v);
}

static enum rc page_cancel(struct req *r)
{
    TRY(job_cancel(r->op, path_id(r, "job")));
    if (r->is_htmx)
        return page_progress(r);
    return REDIRECT(r, "/jobs/{0}", pid_of("job", path_id(r, "job")));
}

static enum rc page_retry(struct req *r)
{
    TRY(job_retry(r->op, path_id(r, "job")));
    return REDIRECT(r, "/jobs/{0}", pid_of("job", path_id(r, "job")));
}

static enum rc page_file(struct req *r)
{
    struct job_info info;
    TRY(job_find(r->op, path_id(r, "job"), &info));
    if (!info.file_id.has)
        return RC_MISSING;
    return file_send(r, info.file_id.v, false);
}

/* ---- all jobs ---- */

struct jobs_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field jobs_query_fields[] = {
    UI_LIST_FIELDS(jobs_query, q_job_list_sorts),
    F_STR(jobs_query, state, 0, 20),
    FIELDS_END,
};

enum { JOB_COL_NAME, JOB_COL_STATE, JOB_COL_RESULT, JOB_COL_WHO, JOB_COL_CREATED, JOB_COLS };
static const struct ui_column columns[] = {
    [JOB_COL_NAME] = {.name = "job",
                      .title = M("Job||in the background"),
                      .kind = UI_TEXT,
                      .place = UI_AT_NAME,
                      .sub_name = "about",
                      .sub_title = M("About||a job")},
    [JOB_COL_STATE] = {.name = "state",
                       .title = M("State"),
                       .kind = UI_STATE,
                       .record = "job",
                       .place = UI_AT_BADGE},
    [JOB_COL_RESULT] = {.name = "result", .title = M("Result"), .kind = UI_TEXT},
    [JOB_COL_WHO] = {.name = "started_by",
                     .title = M("Started by"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB},
    [JOB_COL_CREATED] = {.name = "created_at",
                         .title = M("Asked for"),
                         .kind = UI_TIME,
                         .sort = "created",
                         .place = UI_AT_FIGURE},
};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "job", .states = states},
};
static const struct ui_action head_actions[] = {
    {.label = M("Messages that wait"),
     .icon = "message-exclamation",
     .href = STR_INIT("/messages")},
    {.label = NULL},
};

static enum rc fill_jobs(struct req *r, struct ui_list *list)
{
    const struct jobs_query *query = form(r);
    struct op *op = r->op;
    struct q_job_list_in in = {.state = state_number(query->state), .page = list->page};
    struct job_row_page page;
    TRY(q_job_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct job_row *row = &page.at[i];
        struct job_info info;
        jobs__info(op, row, &info);
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, pid_of("job", row->id)));
        struct str words =
            info.state == JOB_RUNNING ? job_progress_words(op, &info) : job_words(op, &info);
        cells[JOB_COL_NAME] =
            ui_cell_link(label_of(op, info.kind, row->kind), row->title, href(op, row->id, ""));
        cells[JOB_COL_STATE] = ui_cell_state(state_word(info.state));
        cells[JOB_COL_RESULT] = ui_cell_text(words.len ? words : STR_NONE);
        cells[JOB_COL_WHO] =
            ui_cell_text(row->created_name.len ? row->created_name : tr(op->lang, M("The system")));
        cells[JOB_COL_CREATED] = ui_cell_time(SOME(row->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec job_list = {
    .name = "jobs",
    .title = M("Background jobs"),
    .icon = "progress",
    .columns = columns,
    .columns_len = JOB_COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_job_list_sorts,
    .sort = "-created",
    .empty = M("No job has been started yet. Imports, runs and letters appear here."),
    .actions = head_actions,
    .fill = fill_jobs,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &job_list);
}

/* ---- messages that could not be delivered ---- */

static enum rc page_messages(struct req *r)
{
    struct op *op = r->op;
    struct delivery_parked_rows rows;
    struct job__messages v = {.head = {.title = M("Messages that wait")}};
    TRY(q_delivery_parked(op, &rows));
    ui_crumb(op, &v.head, M("Background jobs"), STR("/jobs"));
    v.empty = (struct ui_empty){.icon = "circle-check",
                                .text = M("Every message between the parts of the program has "
                                          "been delivered.")};
    for (size_t i = 0; i < rows.len; i++) {
        const struct delivery_parked *d = &rows.at[i];
        struct str again = str_printf(op->arena, "/messages/%s/again", pid_of("dlv", d->id).text);
        struct ui_item item = {
            .icon = "message-exclamation",
            .tint = UI_BAD,
            .title = str_printf(op->arena, STR_FMT " → " STR_FMT, STR_ARG(d->topic),
                                STR_ARG(d->subscriber)),
            .note = d->error,
            .when = i18n_date_time(op->arena, op->lang, d->created_at, op->zone),
        };
        if (op_may(op, "job.edit"))
            item.action = (struct ui_action){
                .label = M("Deliver again"), .icon = "refresh", .href = again, .is_post = true};
        VEC_PUSH(op->arena, &v.items, item);
    }
    return PAGE(r, M("Messages that wait"), job_messages, &v);
}

static enum rc page_message_again(struct req *r)
{
    struct op *op = r->op;
    int64_t id = path_id(r, "dlv");
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = q_delivery_again(op, &(struct q_delivery_again_in){.id = id, .now = op->now});
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL, M("The message does not wait any more."));
    TRY(rc);
    TRY(outbox_note(op, "message.again", "message", id, STR("")));
    op_signal(op, &jobs__signal);
    TRY(txn_commit(&txn));
    return REDIRECT(r, "/messages");
}

const struct route job_routes[] = {
    ROUTE(GET, "/jobs", page_list, "job.read", FORM(jobs_query, jobs_query_fields), API),
    ROUTE(GET, "/jobs/:job", page_show, PERM_SIGNED_IN, API),
    ROUTE(GET, "/jobs/:job/progress", page_progress, PERM_SIGNED_IN),
    ROUTE(GET, "/jobs/:job/file", page_file, PERM_SIGNED_IN, API),
    ROUTE(POST, "/jobs/:job/cancel", page_cancel, PERM_SIGNED_IN, API),
    ROUTE(POST, "/jobs/:job/retry", page_retry, PERM_SIGNED_IN, API),
    ROUTE(GET, "/messages", page_messages, "job.read"),
    ROUTE(POST, "/messages/:dlv/again", page_message_again, "job.edit"),
    {0},
};

const struct ui_page job_pages[] = {
    {UI_SETTINGS, M("Background jobs"), "/jobs", "job.read"},
};
const size_t job_pages_len = LEN(job_pages);
