/* The same runs, statements and explanations for programs: through the API, and by kontor statement
 * with its files. */
#include "cli/cli.h"
#include "reward/reward_scene.h"

static const char *const everything[] = {"*", NULL};
static const char *const nothing[] = {"partner.read", NULL};
static const struct route *const routes[] = {reward_run_routes, reward_statement_routes, NULL};
static const char *const as_json[] = {"Accept: application/json", NULL};

struct answers {
    struct fixture *f;
    struct fx x;
    struct scene s;
    struct actor staff;
    int64_t run_id, statement_id;
};

static void open_answers(struct fixture *f, struct answers *a)
{
    struct reward_run run;
    a->f = f;
    scene_begin(f, &a->s);
    scene_must(f, setting_set(&f->op, "approval.run", STR("false")), "a setting");
    a->run_id = scene_run(f, 9);
    scene_must(f, reward_run_get(&f->op, a->run_id, &run), "the run");
    scene_must(f, reward_run_submit(&f->op, a->run_id, run.revision, STR("")), "submit");
    scene_must(f, reward_run_post(&f->op, a->run_id), "post");
    a->statement_id = fixture_i64(f, "select min(id) from statement");
    a->staff = scene_staff(f, 1, everything);
    fx_open(&a->x, f, routes, NULL);
}

static int get(struct answers *a, const struct actor *actor, const char *base, const char *prefix,
               int64_t id, const char *rest)
{
    const char *path = str_c(
        a->f->arena, str_printf(a->f->arena, "/api/v1%s%s%s", base, pid_of(prefix, id).text, rest));
    return fx_send(&a->x, actor, "GET", path, as_json, STR(""));
}

static void api(struct fixture *f)
{
    struct answers a;
    open_answers(f, &a);
    struct actor other = scene_staff(f, 2, nothing);
    is_i64(get(&a, &a.staff, "/runs/", "run", a.run_id, ""), 200, "a run for programs");
    ok(fx_has(&a.x, "\"period\":\"2026-09\"") && fx_has(&a.x, "\"state\":\"posted\"") &&
           fx_has(&a.x, "\"totals\":[{\"amount\":\"621.63\",\"currency\":\"USD\"}]"),
       "has period, state and totals");
    is_i64(get(&a, &a.staff, "/statements/", "sta", a.statement_id, ""), 200, "a statement");
    ok(fx_has(&a.x, "\"number\":\"ST-2026-09-1-00001\"") &&
           fx_has(&a.x, "\"total\":{\"amount\":\"185.60\",\"currency\":\"USD\"}"),
       "has number and total");
    ok(fx_has(&a.x, "\"label\":\"Own sales\"") && fx_has(&a.x, "2 events × 4%") &&
           fx_has(&a.x, "\"label\":\"Own volume\""),
       "lines and measures");
    ok(!fx_has(&a.x, "\"explanation\""), "and explains when asked");
    struct str why = fx_between(&a.x, "/why/", "\"");
    const char *rest = str_c(f->arena, str_printf(f->arena, "/why/" STR_FMT, STR_ARG(why)));
    is_i64(get(&a, &a.staff, "/statements/", "sta", a.statement_id, rest), 200, "an amount");
    ok(fx_has(&a.x, "\"explanation\":{") && fx_has(&a.x, "4,210.00 × 4% × 1") &&
           fx_has(&a.x, "\"matched\":true"),
       "with formula and the row that matched");
    ok(fx_has(&a.x, "S-0003") && fx_has(&a.x, "{\"amount\":\"88.40\",\"currency\":\"USD\"}"),
       "down to its events");
    is_i64(get(&a, &other, "/statements/", "sta", a.statement_id, ""), 403, "by permission");
    is_i64(get(&a, &a.staff, "/statements/", "sta", 999, ""), 404, "none of that id");
    fx_done(&a.x);
}

/* ---- the command ---- */

struct printed {
    struct fixture *f;
    struct buf text;
};

static void keep(void *self, bool is_error, struct str text)
{
    struct printed *printed = self;
    (void)is_error;
    buf_put(&printed->text, text);
}

static const struct command *statement_command(void)
{
    const struct command *command = reward_commands;
    while (!str_eq(str_of(command->name), STR("statement")))
        command++;
    return command;
}

static enum rc call(struct printed *out, bool is_json, const char *format, const char *first,
                    const char *second)
{
    struct cli cli = {.command = statement_command(),
                      .op = out->f->op,
                      .arena = out->f->arena,
                      .args = {str_of(first), second ? str_of(second) : STR_NONE},
                      .args_len = second ? 2 : 1,
                      .option_values = {format},
                      .is_json = is_json,
                      .sink = {.write = keep, .self = out}};
    buf_reset(&out->text);
    enum rc rc = cli.command->run(&cli);
    for (size_t i = 0; i < cli.op.fault.entries_len; i++)
        buf_printf(&out->text, "%s", cli.op.fault.entries[i].message);
    fixture_fresh_op(out->f);
    return rc;
}

static void command(struct fixture *f)
{
    struct answers a;
    struct printed out = {.f = f, .text = BUF(16 << 20)};
    open_answers(f, &a);
    fx_done(&a.x);
    fixture_fresh_op(f);
    ok(call(&out, false, NULL, "1", "2026-09") == RC_OK, "a partner's statement of a period");
    ok(str_has(buf_str(&out.text), STR("ST-2026-09-1-00001")) &&
           str_has(buf_str(&out.text), STR("$185.60")),
       "as text");
    ok(call(&out, true, NULL, "ST-2026-09-1-00001", NULL) == RC_OK, "a statement by its number");
    ok(str_has(buf_str(&out.text), STR("{\"amount\":\"185.60\",\"currency\":\"USD\"}")), "as JSON");
    ok(call(&out, false, "csv", "1", "2026-09") == RC_OK &&
           str_has(buf_str(&out.text), STR("Accrued in all,,,,,,,185.60")),
       "as CSV");
    ok(call(&out, false, "pdf", "1", "2026-09") == RC_OK &&
           str_starts(buf_str(&out.text), STR("%PDF-")),
       "as PDF");
    ok(call(&out, false, "docx", "1", "2026-09") == RC_INVALID, "a format is one of three");
    ok(call(&out, false, NULL, "1", "2026-07") == RC_MISSING, "none for another period");
    ok(call(&out, false, NULL, "nobody", "2026-09") == RC_MISSING, "none of nobody");
    ok(call(&out, false, NULL, "1", "soon") == RC_INVALID, "a period is a period");
    ok(call(&out, false, NULL, "ST-1", NULL) == RC_MISSING, "none of that number");
    buf_done(&out.text);
}

int main(void)
{
    fixture_each(api);
    fixture_each(command);
    return done_testing();
}
