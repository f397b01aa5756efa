/* Pages of schemes: who may see them, what they show, what a refused file looks like. */
#include <fcntl.h>
#include <unistd.h>

#include "scheme/scheme_web.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const char *const reads[] = {"scheme.read", NULL};
static const char *const edits[] = {"scheme.read", "scheme.edit", NULL};
static const char *const decides[] = {"scheme.read", "scheme.approve", NULL};
static const char *const none[] = {NULL};
static struct str example;

static struct str read_example(struct arena *arena)
{
    AUTO_FD fd = open("examples/northwind/reps.dmn", O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

static struct str replaced_in(struct arena *arena, struct str text, const char *was, const char *is)
{
    size_t at = str_find(text, str_of(was), 0), len = strlen(was);
    assert(at != SIZE_MAX);
    return str_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(text, 0, at)), is,
                      STR_ARG(str_sub(text, at + len, text.len)));
}

static struct str replaced(struct arena *arena, const char *was, const char *is)
{
    return replaced_in(arena, example, was, is);
}

/* The example with something that the check warns of. */
static struct str weak_example(struct arena *arena)
{
    return replaced(arena, "</definitions>",
                    "<businessKnowledgeModel id=\"idle\" name=\"idle\"><encapsulatedLogic>"
                    "<literalExpression><text>1</text></literalExpression></encapsulatedLogic>"
                    "</businessKnowledgeModel></definitions>");
}

static void begin(struct fixture *f, struct fx *x)
{
    static const struct route *const routes[] = {scheme_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    pid_key_set(key);
    when_clock_set(f->op.now);
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values "
                   "(1, 1, 2, 'a@x.example', 'a@x.example', 'A', 'a', 'a', 'en', true, 0), "
                   "(2, 1, 2, 'b@x.example', 'b@x.example', 'B', 'b', 'b', 'en', true, 0)");
    fx_open(x, f, routes, NULL);
}

static int upload(struct fixture *f, struct fx *x, const struct actor *actor, const char *target,
                  const char *fields, struct str file)
{
    static const char *const headers[] = {"Content-Type: multipart/form-data; boundary=XX", NULL};
    struct str body = str_printf(
        f->arena,
        "%s--XX\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"a.dmn\"\r\nContent-Type: application/xml\r\n\r\n" STR_FMT "\r\n--XX--\r\n",
        fields, STR_ARG(file));
    return fx_send(x, actor, "POST", target, headers, body);
}

static const char *path(struct fixture *f, int64_t id, const char *tail)
{
    return str_c(f->arena, scheme__href(&f->op, id, tail));
}

static const char *version_path(struct fixture *f, int64_t id, const char *tail)
{
    return str_c(f->arena, scheme__version_href(&f->op, id, tail));
}

static int64_t store(struct fixture *f, const char *code, const char *name, int64_t *out_version)
{
    int64_t id = 0;
    struct scheme_info info = {.code = str_of(code), .name = str_of(name)};
    ok(scheme_save(&f->op, &info, &id) == RC_OK &&
           scheme_version_add(&f->op, id, example, STR(""), out_version) == RC_OK,
       "a scheme with a draft");
    return id;
}

static void listing(struct fixture *f)
{
    struct fx x;
    int64_t version = 0;
    begin(f, &x);
    struct actor reader = fx_staff(1, reads), nobody = fx_staff(2, none);
    is_i64(fx_get(&x, &reader, "/schemes"), 200, "the empty list is shown");
    ok(fx_has(&x, "No schemes yet") && !fx_has(&x, "/schemes/templates"),
       "with why it is empty, and no step that the reader may not take");
    (void)store(f, "REPS", "Reps <of> \"north\"", &version);
    is_i64(fx_get(&x, &reader, "/schemes?q=NORTH"), 200, "the list is searched");
    ok(fx_has(&x, "Reps &lt;of&gt;") && !fx_has(&x, "<of>"), "names are escaped");
    is_i64(fx_get(&x, &reader, "/schemes?q=south"), 200, "for something else");
    ok(!fx_has(&x, "Reps"), "nothing is found");
    is_i64(fx_get(&x, &nobody, "/schemes"), 403, "it needs scheme.read");
    is_i64(fx_get(&x, &reader, "/schemes?export=csv"), 200, "it is exported");
    ok(fx_has(&x, "REPS"), "with the code");
    is_i64(fx_api(&x, &reader, "GET", "/api/v1/schemes", NULL), 200, "programs read it");
    ok(fx_has(&x, "\"code\":\"REPS\""), "as JSON");
    fx_done(&x);
}

static void uploading(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    struct actor editor = fx_staff(1, edits), reader = fx_staff(2, reads);
    static const char fields[] =
        "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nReps\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nR-1\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n<first>\r\n";
    is_i64(fx_get(&x, &editor, "/schemes/new"), 200, "the form is shown");
    is_i64(fx_get(&x, &reader, "/schemes/new"), 403, "not to readers");
    is_i64(upload(f, &x, &reader, "/schemes", fields, example), 403, "who may not upload either");
    struct str broken = replaced(f->arena, "return e.credit.net)", "return e.credit.net +)");
    is_i64(upload(f, &x, &editor, "/schemes", fields, broken), 422, "a broken file is refused");
    ok(fx_has(&x, "volume") && fx_has(&x, "line 6"), "with decision and line");
    ok(!fx_has(&x, "Warning: "), "and no more than is wrong");
    broken = replaced_in(f->arena, weak_example(f->arena), "return e.credit.net)",
                         "return e.credit.net +)");
    is_i64(upload(f, &x, &editor, "/schemes", fields, broken), 422, "one that is odd besides");
    ok(fx_has(&x, "line 6") && fx_has(&x, "Warning: Nothing in the model uses it."),
       "what is wrong and what is odd stand in one list");
    ok(fx_has(&x, "value=\"R-1\"") && fx_has(&x, "&lt;first&gt;"), "what was typed stays");
    is_i64(fixture_i64(f, "select count(*) from scheme"), 0, "and nothing is stored");
    is_i64(upload(f, &x, &editor, "/schemes", fields, STR("\xff\xfe")), 422, "so is a binary");
    is_i64(upload(f, &x, &editor, "/schemes", fields, example), 303, "the right one is taken");
    is_i64(fixture_i64(f, "select count(*) from scheme where code = 'R-1'"), 1, "under its code");
    is_i64(upload(f, &x, &editor, "/schemes", fields, example), 409, "a code only once");
    ok(fx_has(&x, "is already used."), "and the form says so");
    struct scheme_info info;
    ok(scheme_by_code(&f->op, STR("R-1"), &info) == RC_OK, "the scheme is there");
    struct str next = replaced(f->arena, "default=\"0.04\"", "default=\"0.045\"");
    is_i64(upload(f, &x, &editor, path(f, info.id, "/versions"), "", next), 303,
           "another file becomes the next version");
    is_i64(fixture_i64(f, "select max(number) from scheme_version"), 2, "with the next number");
    fx_done(&x);
}

static void warning(struct fixture *f)
{
    struct fx x;
    const struct scheme *model;
    struct scheme_info info = {.code = STR("WEAK"), .name = STR("Weak")};
    int64_t version = 0;
    begin(f, &x);
    struct actor reader = fx_staff(1, reads);
    ok(scheme_read(f->arena, weak_example(f->arena), &f->op.fault, &model) == RC_OK &&
           model->warnings_len == 1,
       "a file that is odd can be taken");
    ok(scheme_save(&f->op, &info, &info.id) == RC_OK &&
           scheme_version_add(&f->op, info.id, weak_example(f->arena), STR(""), &version) == RC_OK,
       "and is");
    is_i64(fx_get(&x, &reader, version_path(f, version, "")), 200, "its version is shown");
    ok(fx_has(&x, "What the check found") && fx_has(&x, "Nothing in the model uses it."),
       "with what the check found");
    fx_done(&x);
}

static void showing(struct fixture *f)
{
    struct fx x;
    int64_t version = 0, id;
    begin(f, &x);
    struct actor reader = fx_staff(1, reads), nobody = fx_staff(2, none);
    id = store(f, "REPS", "Reps", &version);
    is_i64(fx_get(&x, &reader, path(f, id, "")), 200, "a scheme is shown");
    ok(fx_has(&x, "The first row that applies wins."), "the hit policy is a sentence");
    ok(fx_has(&x, "Rate of Beverages") && fx_has(&x, "4%"), "attributes with their defaults");
    ok(fx_has(&x, "from 0% to 100%"), "and bounds");
    ok(!fx_has(&x, "What the check found"), "nothing is said of a file in order");
    ok(fx_has(&x, "&gt;= terms.top tier from"), "cells as they are written");
    ok(fx_has(&x, "total(for e in sales return e.credit.net)"), "formulas too");
    is_i64(fx_get(&x, &nobody, path(f, id, "")), 403, "it needs scheme.read");
    is_i64(fx_get(&x, &reader, version_path(f, version, "")), 200, "a version is shown");
    ok(!fx_has(&x, "/submit"), "a reader cannot submit it");
    is_i64(fx_get(&x, &reader, version_path(f, version, "/file")), 200, "its file comes");
    ok(str_eq(x.answer.body, example), "byte by byte");
    ok(str_has(fx_header(&x, "Content-Disposition"), STR("REPS-1.dmn")), "under its name");
    is_i64(fx_api(&x, &reader, "GET",
                  str_c(f->arena, str_printf(f->arena, "/api/v1%s", version_path(f, version, ""))),
                  NULL),
           200, "programs read it");
    ok(fx_has(&x, "\"default\":\"0.04\""), "with exact defaults");
    is_i64(fx_get(&x, &reader, "/schemes/sch_000000000000000"), 404, "a scheme that is not there");
    fx_done(&x);
}

static void steps(struct fixture *f)
{
    struct fx x;
    int64_t version = 0, id;
    begin(f, &x);
    struct actor editor = fx_staff(1, edits), decider = fx_staff(2, decides);
    id = store(f, "REPS", "Reps", &version);
    ok(setting_set(&f->op, "approval.scheme", STR("true")) == RC_OK, "approvals are on");
    is_i64(fx_get(&x, &editor, version_path(f, version, "/submit")), 200, "the form asks the day");
    ok(fx_has(&x, "Submit for approval"), "and says what comes next");
    is_i64(fx_post(&x, &editor, version_path(f, version, "/submit"), "valid_from=2026-13-01"), 422,
           "a day that does not exist is refused");
    ok(fx_has(&x, "value=\"2026-13-01\""), "and kept");
    is_i64(fx_post(&x, &decider, version_path(f, version, "/submit"), "valid_from=2026-10-01"), 403,
           "submitting needs scheme.edit");
    is_i64(fx_post(&x, &editor, version_path(f, version, "/submit"),
                   "valid_from=2026-10-01&revision=1"),
           303, "the draft is submitted");
    is_i64(fx_get(&x, &decider, version_path(f, version, "")), 200, "who decides sees it");
    ok(fx_has(&x, "/approvals/apr_"), "with the way to decide");
    struct approval approval;
    f->op.actor = decider;
    ok(approval_state(&f->op, "scheme", version, &approval) == RC_OK &&
           approval_approve(&f->op, approval.id, STR("")) == RC_OK,
       "and approves");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    is_i64(fx_get(&x, &editor, path(f, id, "")), 200, "the scheme is shown");
    ok(fx_has(&x, "Version 1, in force since"), "with what is in force");
    struct scheme_version v;
    ok(scheme_version_get(&f->op, version, &v) == RC_OK &&
           v.valid_from.v == zone_day_start(f->op.zone, date_of(2026, 10, 1)),
       "from the beginning of the day");
    is_i64(fx_get(&x, &editor, version_path(f, version, "/retire")), 200, "retiring asks first");
    is_i64(fx_post(&x, &editor, version_path(f, version, "/retire"), "revision=3"), 409,
           "what is in force is not retired");
    fx_done(&x);
}

static void editing(struct fixture *f)
{
    struct fx x;
    int64_t version = 0, id;
    begin(f, &x);
    struct actor editor = fx_staff(1, edits);
    id = store(f, "REPS", "Reps", &version);
    is_i64(fx_get(&x, &editor, path(f, id, "/edit")), 200, "the form is shown");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), "code=a+b&name=New&revision=1"), 422,
           "a wrong code is refused");
    ok(fx_has(&x, "value=\"a b\"") && fx_has(&x, "value=\"New\""), "with what was typed");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), "code=R&name=New&revision=1"), 303, "saved");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), "code=R&name=Late&revision=1"), 409,
           "the second editor is stopped");
    ok(fx_has(&x, "Somebody else has changed") && fx_has(&x, "REPS"),
       "and sees what the first one changed");
    is_i64(fx_post(&x, &editor, path(f, id, "/archive"), "revision=2"), 303, "it is archived");
    is_i64(fx_get(&x, &editor, "/schemes"), 200, "the list");
    ok(!fx_has(&x, "New"), "does not have it any more");
    is_i64(fx_get(&x, &editor, "/schemes?state=archived"), 200, "the archive");
    ok(fx_has(&x, "New"), "does");
    is_i64(fx_post(&x, &editor, path(f, id, "/restore"), "revision=3"), 303, "it is restored");
    fx_done(&x);
}

static void comparing(struct fixture *f)
{
    struct fx x;
    int64_t first = 0, second = 0, id;
    begin(f, &x);
    struct actor reader = fx_staff(1, reads);
    id = store(f, "REPS", "Reps", &first);
    struct str next = replaced(f->arena, "default=\"0.04\"", "default=\"0.045\"");
    ok(scheme_version_add(&f->op, id, next, STR(""), &second) == RC_OK, "a second version");
    is_i64(fx_get(&x, &reader, version_path(f, second, "/compare")), 200, "two are compared");
    ok(fx_has(&x, "4%") && fx_has(&x, "4.5%"), "the changed default is shown");
    ok(!fx_has(&x, "Rate of Confections"), "and nothing that is the same");
    is_i64(fx_get(&x, &reader, version_path(f, first, "/compare")), 404, "the first has none");
    struct str table =
        replaced(f->arena, "<outputEntry><text>1</text>", "<outputEntry><text>0.9</text>");
    ok(scheme_version_add(&f->op, id, table, STR(""), &second) == RC_OK, "a third version");
    const char *with = str_c(f->arena, str_printf(f->arena, "/compare?with=%s", scv(first).text));
    is_i64(fx_get(&x, &reader, version_path(f, second, with)), 200, "is compared with the first");
    ok(fx_has(&x, "tier factor: any other") && fx_has(&x, "<ins>0.9</ins>"), "cell by cell");
    fx_done(&x);
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    example = read_example(arena);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    approval_start();
    scheme_start();
    fixture_each(listing);
    fixture_each(uploading);
    fixture_each(showing);
    fixture_each(warning);
    fixture_each(steps);
    fixture_each(editing);
    fixture_each(comparing);
    return done_testing();
}
