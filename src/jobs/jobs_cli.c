/* jobs_cli: jobs on the command line: waiting for one with a bar, listing, cancelling, retrying. A
 * command runs its job itself when no worker does, so `kontor import` works without a server. */
#include <time.h>

#include "jobs/jobs_int.h"

enum { FOLLOW_MS = 200, LIST_MAX = 50 };

static bool has_ended(const struct job_info *info)
{
    return info->state == JOB_DONE || info->state == JOB_FAILED || info->state == JOB_CANCELLED;
}

static enum rc outcome(struct cli *cli, const struct job_info *info)
{
    cli_progress_end(cli);
    if (info->state == JOB_DONE)
        return RC_OK;
    if (info->state == JOB_CANCELLED)
        return fail(&cli->op, RC_INVALID, NULL, M("Cancelled before the end."));
    const char *args[JOB_ARGS_MAX];
    for (size_t i = 0; i < JOB_ARGS_MAX; i++)
        args[i] = info->args[i].at ? str_c(cli->arena, info->args[i]) : NULL;
    return fail(&cli->op, RC_INVALID, NULL, str_c(cli->arena, info->error), args[0], args[1],
                args[2], args[3]);
}

static void pause_follow(void)
{
    struct timespec pause = {.tv_nsec = FOLLOW_MS * 1000000L};
    nanosleep(&pause, NULL);
}

enum rc job_follow(struct cli *cli, int64_t id, struct job_info *out)
{
    struct op *op = &cli->op;
    assert(!db_in_transaction(op->db));
    for (;;) {
        struct arena_mark mark = arena_mark(op->arena);
        bool did = false;
        op->now = when_now();
        if (!jobs__has_workers())
            TRY(jobs__run_this(op, id, "command", cli, &did));
        TRY(job_find(op, id, out));
        if (has_ended(out))
            return outcome(cli, out);
        if (!did) {
            if (out->kind)
                cli_progress(cli, out->kind->label, out->done, out->total);
            pause_follow();
        }
        arena_rewind(op->arena, mark);
    }
}

/* ---- commands ---- */

static const char *const state_names[] = {
    [JOB_QUEUED] = "queued", [JOB_RUNNING] = "running",     [JOB_DONE] = "done",
    [JOB_FAILED] = "failed", [JOB_CANCELLED] = "cancelled",
};

static bool state_of(const char *name, struct opt_i64 *out)
{
    for (int64_t i = JOB_QUEUED; i <= JOB_CANCELLED; i++)
        if (strcmp(state_names[i], name) == 0) {
            *out = SOME(i);
            return true;
        }
    return false;
}

static void print_json(struct cli *cli, const struct job_row_page *page)
{
    AUTO_BUF buf = BUF(1024 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_array(&w);
    for (size_t i = 0; i < page->len; i++) {
        struct job_info info;
        jobs__info(&cli->op, &page->at[i], &info);
        json_object(&w);
        json_pair_str(&w, "id", str_of(pid_of("job", info.id).text));
        json_pair_str(&w, "kind", info.kind_name);
        json_pair_str(&w, "title", info.title);
        json_pair_str(&w, "state", str_of(state_names[info.state]));
        json_pair_i64(&w, "done", info.done);
        json_pair_i64(&w, "total", info.total);
        json_pair_str(&w, "message", job_words(&cli->op, &info));
        json_pair_instant(&w, "created_at", info.created_at);
        json_object_end(&w);
    }
    json_array_end(&w);
    cli_put(cli, buf_str(&buf));
    cli_put(cli, STR("\n"));
}

static void print_line(struct cli *cli, const struct job_row *row)
{
    struct job_info info;
    jobs__info(&cli->op, row, &info);
    struct str words = info.state == JOB_RUNNING ? job_progress_words(&cli->op, &info)
                                                 : job_words(&cli->op, &info);
    struct str when = instant_print(cli->arena, info.created_at / US_SECOND * US_SECOND);
    cli_print(cli, "%s  " STR_FMT "  %-9s  " STR_FMT, pid_of("job", info.id).text, STR_ARG(when),
              state_names[info.state], STR_ARG(info.kind_name));
    if (info.title.len)
        cli_print(cli, "  " STR_FMT, STR_ARG(info.title));
    if (words.len)
        cli_print(cli, "  " STR_FMT, STR_ARG(words));
    cli_put(cli, STR("\n"));
}

static enum rc run_list(struct cli *cli)
{
    struct q_job_list_in in = {.page = {.is_descending = true, .limit = LIST_MAX}};
    struct job_row_page page;
    const char *state = cli_option(cli, "state");
    if (state && !state_of(state, &in.state))
        return fail(&cli->op, RC_INVALID, "state",
                    "A state is one of queued, running, done, failed, cancelled.");
    TRY(q_job_list(&cli->op, &in, &page));
    if (cli->is_json) {
        print_json(cli, &page);
        return RC_OK;
    }
    for (size_t i = 0; i < page.len; i++)
        print_line(cli, &page.at[i]);
    return RC_OK;
}

static enum rc id_of(struct cli *cli, int64_t *out)
{
    if (pid_parse("job", cli->args[0], out))
        return RC_OK;
    return fail(&cli->op, RC_INVALID, NULL, "{0} is not the id of a job.",
                str_c(cli->arena, cli->args[0]));
}

static enum rc run_cancel(struct cli *cli)
{
    int64_t id;
    TRY(id_of(cli, &id));
    return job_cancel(&cli->op, id);
}

static enum rc run_retry(struct cli *cli)
{
    struct job_info info;
    int64_t id;
    TRY(id_of(cli, &id));
    TRY(job_retry(&cli->op, id));
    if (!cli_switch(cli, "wait"))
        return RC_OK;
    TRY(job_follow(cli, id, &info));
    cli_print(cli, STR_FMT "\n", STR_ARG(job_words(&cli->op, &info)));
    return RC_OK;
}

const struct command job_commands[] = {
    {
        .name = "jobs",
        .summary = "List the newest background jobs",
        .help = "Shows the last 50 jobs with state and result, the newest first.\n\n"
                "  kontor jobs --state failed\n  kontor jobs --json",
        .needs = CLI_READS,
        .options = {{"state", "STATE", "only queued, running, done, failed or cancelled ones"}},
        .run = run_list,
    },
    {
        .name = "job cancel",
        .args = "JOB",
        .args_min = 1,
        .args_max = 1,
        .summary = "Ask a background job to stop",
        .help =
            "A waiting job is cancelled at once; a running one stops at its next safe point.\n\n"
            "  kontor job cancel job_0A3K5R8M2W7QF",
        .needs = CLI_WRITES,
        .run = run_cancel,
    },
    {
        .name = "job retry",
        .args = "JOB",
        .args_min = 1,
        .args_max = 1,
        .summary = "Start a failed or cancelled job again",
        .help = "The job gets all its tries again.\n\n"
                "  kontor job retry job_0A3K5R8M2W7QF --wait",
        .needs = CLI_WRITES,
        .options = {{"wait", NULL, "wait for its end and say how it went"}},
        .run = run_retry,
    },
    {0},
};
