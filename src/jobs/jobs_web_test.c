/* Tests of the pages of jobs: who may see and steer what, in the browser. */
#include "crypt/crypt.h"
#include "files/files.h"
#include "jobs/jobs_int.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static bool wants_file;

static enum rc run_export(struct job *job)
{
    int64_t file = 0;
    struct file_new what = {.name = STR("export.csv"), .purpose = "export"};
    if (!wants_file)
        return fail(job->op, RC_INVALID, NULL, "The period <b>{0}</b> is closed.", "May");
    TRY(file_add(job->op, &what, STR("a;b\n"), &file));
    job_result_set(
        job, &(struct job_result){.message = "{0} rows", .args = {STR("1")}, .file_id = file});
    return RC_OK;
}

static const struct job_kind kinds[] = {
    {.name = "test.export", .label = "Export", .run = run_export, .lane = JOB_LONG}, {0}};

static const char *const all[] = {"job.read", "job.edit", NULL};
static const char *const none[] = {NULL};

static void begin(struct fixture *f, struct fx *x)
{
    static const struct route *const routes[] = {job_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    jobs_forget();
    job_kind_declare(kinds);
    permission_declare(job_permissions, job_permissions_len);
    pid_key_set(key);
    when_clock_set(f->op.now);
    fx_open(x, f, routes, NULL);
}

static const char *path(struct fixture *f, int64_t id, const char *rest)
{
    return str_c(f->arena, str_printf(f->arena, "/jobs/%s%s", pid_of("job", id).text, rest));
}

static int64_t add(struct fixture *f, const struct actor *actor)
{
    int64_t id = 0;
    f->op.actor = *actor;
    ok(job_enqueue(&f->op, &(struct job_new){.kind = "test.export", .title = STR("<May>")}, &id) ==
           RC_OK,
       "a job is started");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    return id;
}

static void one_job(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    struct actor staff = fx_staff(1, all), plain = fx_staff(2, none);
    struct actor owner = fx_partner(7, 5, none), other = fx_partner(8, 5, none);
    int64_t id = add(f, &owner);
    is_i64(fx_get(&x, &owner, path(f, id, "")), 200, "who started it sees its page");
    ok(fx_has(&x, "&lt;May&gt;") && !fx_has(&x, "<May>"), "with its title, escaped");
    ok(fx_has(&x, "/cancel"), "and may cancel it");
    is_i64(fx_htmx(&x, &owner, path(f, id, "/progress")), 200, "the bar is a fragment");
    ok(!fx_has(&x, "<html"), "without a page around it");
    is_i64(fx_get(&x, &other, path(f, id, "")), 404, "another user of the partner does not see it");
    is_i64(fx_get(&x, &plain, path(f, id, "")), 404, "nor staff without job.read");
    is_i64(fx_get(&x, &staff, path(f, id, "")), 200, "staff with it do");
    is_i64(fx_post(&x, &other, path(f, id, "/cancel"), ""), 404, "others do not cancel it");
    is_i64(fx_post(&x, &owner, path(f, id, "/cancel"), ""), 303, "its owner does");
    is_i64(fx_get(&x, &owner, path(f, id, "")), 200, "it is cancelled");
    ok(fx_has(&x, "/retry"), "and can be started again");
    is_i64(fx_post(&x, &owner, path(f, id, "/retry"), ""), 303, "which its owner does");
    wants_file = false;
    ok(jobs_drain(&f->op) == RC_OK && fx_get(&x, &owner, path(f, id, "")) == 200, "it fails");
    ok(fx_has(&x, "The period &lt;b&gt;May&lt;/b&gt; is closed."), "and says why, escaped");
    fx_done(&x);
}

static void results(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    struct actor owner = fx_staff(7, none), other = fx_staff(8, none), staff = fx_staff(1, all);
    wants_file = true;
    int64_t id = add(f, &owner);
    is_i64(fx_get(&x, &owner, path(f, id, "/file")), 404, "before its end there is no file");
    ok(jobs_drain(&f->op) == RC_OK && fx_get(&x, &owner, path(f, id, "")) == 200, "it is done");
    ok(fx_has(&x, "/file"), "its page offers the file");
    is_i64(fx_get(&x, &owner, path(f, id, "/file")), 200, "which its owner gets");
    ok(fx_has(&x, "a;b"), "whole");
    ok(str_has(fx_header(&x, "Content-Disposition"), STR("export.csv")), "under its name");
    is_i64(fx_get(&x, &other, path(f, id, "/file")), 404, "and nobody else");
    is_i64(fx_get(&x, &staff, "/jobs"), 200, "staff with job.read list all jobs");
    ok(fx_has(&x, "Export") && fx_has(&x, "1 rows"), "with their results");
    is_i64(fx_get(&x, &staff, "/jobs?state=failed"), 200, "filtered by state");
    ok(!fx_has(&x, "1 rows"), "only those");
    is_i64(fx_get(&x, &other, "/jobs"), 403, "others do not");
    is_i64(fx_get(&x, &staff, "/messages"), 200, "and see the messages that wait");
    fx_done(&x);
}

static void programs(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    struct actor owner = fx_staff(7, none), other = fx_staff(8, none), staff = fx_staff(1, all);
    wants_file = true;
    int64_t id = add(f, &owner);
    const char *one = str_c(f->arena, str_printf(f->arena, "/api/v1%s", path(f, id, "")));
    const char *cancel = str_c(f->arena, str_printf(f->arena, "%s/cancel", one));
    const char *retry = str_c(f->arena, str_printf(f->arena, "%s/retry", one));
    const char *file = str_c(f->arena, str_printf(f->arena, "%s/file", one));
    is_i64(fx_api(&x, &owner, "GET", one, NULL), 200, "a program asks for its job");
    ok(fx_has(&x, "\"state\":\"waiting\"") && fx_has(&x, "\"kind\":\"test.export\""),
       "and is told how it stands");
    is_i64(fx_api(&x, &other, "GET", one, NULL), 404, "others are not");
    ok(fx_has(&x, "\"code\":\"missing\""), "in the words of the API");
    is_i64(fx_api(&x, &other, "POST", cancel, NULL), 404, "nor do they cancel it");
    is_i64(fx_api(&x, &owner, "POST", retry, NULL), 409, "what waits is not started again");
    is_i64(fx_api(&x, &owner, "POST", cancel, NULL), 200, "its owner cancels it");
    is_i64(fx_api(&x, &owner, "POST", retry, NULL), 200, "and starts it again");
    ok(jobs_drain(&f->op) == RC_OK && fx_api(&x, &owner, "GET", one, NULL) == 200, "it runs");
    ok(fx_has(&x, "\"state\":\"done\"") && fx_has(&x, "\"has_file\":true"), "and has a file");
    is_i64(fx_api(&x, &owner, "GET", file, NULL), 200, "which is fetched");
    is_i64(fx_api(&x, &staff, "GET", "/api/v1/jobs?state=done", NULL), 200, "a list by state");
    ok(fx_has(&x, "\"data\":[{"), "has rows");
    is_i64(fx_api(&x, &other, "GET", "/api/v1/jobs", NULL), 403, "for those who may see all");
    fx_done(&x);
}

int main(void)
{
    fixture_each(programs);
    fixture_each(one_job);
    fixture_each(results);
    return done_testing();
}
