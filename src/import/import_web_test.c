/* Imports in the browser: file, mapping, trial run, import, result, who may. */
#include "import/import_scene.h"
#include "tests/fixture_http.h"

static const char *const editor[] = {"import.read", "import.edit", "customer.edit", "sale.add",
                                     NULL};
static const char *const reader[] = {"import.read", NULL};

static const struct http_hooks hooks = {.shell = NULL};

/* A multipart form with a file. */
static int upload(struct fx *x, const struct actor *actor, const char *kind, const char *content)
{
    static const char *const headers[] = {"Content-Type: multipart/form-data; boundary=XyZ", NULL};
    struct str body = str_printf(
        x->arena,
        "--XyZ\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n%s\r\n"
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n"
        "Content-Type: text/csv\r\n\r\n%s\r\n--XyZ--\r\n",
        kind, content);
    return fx_send(x, actor, "POST", "/imports", headers, body);
}

static const char *location(struct fx *x)
{
    return str_c(x->arena, fx_header(x, "Location"));
}

static const char *post_mapping(struct fx *x, const char *page, const char *go)
{
    (void)page;
    struct str revision = fx_between(x, "name=\"revision\" value=\"", "\"");
    return str_c(x->arena,
                 str_printf(x->arena,
                            "revision=" STR_FMT "&from=Kundennr&to=code&format=&from=name&to=name&"
                            "format=&feel_to=country&feel=%%22ES%%22&go=%s&save_as=People",
                            STR_ARG(revision), go));
}

static void drain(struct fixture *f)
{
    f->op.now = when_now();
    ok(jobs_drain(&f->op) == RC_OK, "the job runs");
    f->op.now = FIXTURE_NOW;
}

static enum rc same_rights(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    *out = fx_staff(user_id, editor);
    return RC_OK;
}

static void flow(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, editor), other = fx_staff(2, reader);
    scene_set(f);
    jobs_hooks(NULL, same_rights);
    fx_open(&x, f, (const struct route *const[]){import_routes, job_routes, NULL}, &hooks);
    is_i64(fx_get(&x, &staff, "/imports/new"), 200, "the form of a file");
    ok(fx_has(&x, "Customers") && !fx_has(&x, ">Partners<"), "offers what these staff may edit");
    is_i64(upload(&x, &staff, "partners", "code,name\n1,A\n"), 422, "anything else is refused");
    is_i64(upload(&x, &staff, "customers", ""), 422, "an empty file is refused");
    is_i64(upload(&x, &staff, "customers", "Kundennr,name\n7,Ana\n8,\n"), 303, "a file is taken");
    const char *page = location(&x);
    is_i64(fx_get(&x, &staff, page), 200, "its mapping is shown");
    ok(fx_has(&x, "No column is mapped to “code”, which is required."), "with what is missing");
    ok(fx_has(&x, "Ana"), "and its first rows");
    is_i64(fx_post(&x, &staff, str_c(x.arena, str_printf(x.arena, "%s/mapping", page)),
                   post_mapping(&x, page, "try")),
           303, "the mapping is sent for a trial run");
    is_i64(fx_get(&x, &staff, page), 200, "the page of an import that waits");
    ok(fx_has(&x, "id=\"import-page\" hx-get=\"/imports/imp_") &&
           fx_has(&x, "hx-trigger=\"every 2s\""),
       "asks for itself again");
    drain(f);
    is_i64(fx_get(&x, &staff, page), 200, "the result");
    ok(fx_has(&x, "id=\"import-page\"") && !fx_has(&x, "hx-trigger=\"every"),
       "no longer asks for itself");
    ok(fx_has(&x, "This was a trial run") && fx_has(&x, "This must not be empty."),
       "says what would happen");
    is_i64(fixture_i64(f, "select count(*) from customer"), 0, "and nothing did");
    is_i64(fx_post(&x, &staff, str_c(x.arena, str_printf(x.arena, "%s/again", page)), "go=start"),
           303, "then the import itself");
    const char *second = location(&x);
    drain(f);
    is_i64(fixture_i64(f, "select count(*) from customer where code = '7' and country = 'ES'"), 1,
           "stores the rows");
    is_i64(fx_get(&x, &staff, str_c(x.arena, str_printf(x.arena, "%s/errors", second))), 200,
           "refused rows are a file");
    ok(fx_has(&x, "Row,Column,Value,Reason,Kundennr,name"), "with the columns of the file");
    is_i64(fixture_i64(f, "select count(*) from import_mapping where name = 'People'"), 1,
           "the mapping is kept under its name");
    is_i64(fx_get(&x, &staff, "/imports"), 200, "the list");
    ok(fx_has(&x, "people.csv"), "has the file");
    is_i64(fx_get(&x, &other, page), 200, "whoever sees all branches sees every import");
    is_i64(fx_get(&x, &other, "/imports/new"), 403, "reading is not importing");
    fx_done(&x);
    jobs_hooks(NULL, NULL);
}

static void fences(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, editor), narrow = fx_staff(2, editor);
    struct actor partner = fx_partner(3, 1, (const char *const[]){NULL});
    narrow.has_all_branches = false;
    scene_set(f);
    fx_open(&x, f, (const struct route *const[]){import_routes, NULL}, &hooks);
    is_i64(upload(&x, &staff, "customers", "code,name\n7,Ana\n"), 303, "a file of one");
    const char *page = location(&x);
    is_i64(fx_get(&x, &narrow, page), 404, "is not seen by staff of some branches");
    is_i64(fx_get(&x, &narrow, "/imports"), 200, "whose list is their own");
    ok(!fx_has(&x, "people.csv"), "without it");
    is_i64(fx_get(&x, &partner, page), 403, "partners see no imports");
    fx_done(&x);
}

/* ---- a job that ends without its import ---- */

static void run_tick(struct fixture *f)
{
    ok(strcmp(import_ticks[0].name, "import.settle") == 0 && import_ticks[0].run(&f->op) == RC_OK,
       "the tick that settles imports runs");
}

static int64_t imports_in(struct fixture *f, const char *state)
{
    return fixture_i64(f, str_c(f->arena, str_printf(f->arena,
                                                     "select count(*) from import where state = "
                                                     "'%s'",
                                                     state)));
}

static void settling(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, editor);
    scene_set(f);
    jobs_hooks(NULL, same_rights);
    fx_open(&x, f, (const struct route *const[]){import_routes, job_routes, NULL}, &hooks);
    is_i64(upload(&x, &staff, "customers", "Kundennr,name\n7,Ana\n"), 303, "a file");
    const char *page = location(&x);
    is_i64(fx_get(&x, &staff, page), 200, "has a page");
    is_i64(fx_post(&x, &staff, str_c(x.arena, str_printf(x.arena, "%s/mapping", page)),
                   post_mapping(&x, page, "try")),
           303, "and is sent to the queue");
    run_tick(f);
    is_i64(imports_in(f, "waiting"), 1, "an import whose job waits goes on waiting");
    int64_t job_id = fixture_i64(f, "select max(job_id) from import");
    ok(job_cancel(&f->op, job_id) == RC_OK, "the job is cancelled before it began");
    is_i64(imports_in(f, "waiting"), 1, "which the import does not know");
    run_tick(f);
    is_i64(imports_in(f, "cancelled"), 1, "until the tick says it");
    is_i64(fx_get(&x, &staff, page), 200, "its page");
    ok(!fx_has(&x, "hx-trigger=\"every"), "has nothing to wait for");
    run_tick(f);
    is_i64(imports_in(f, "cancelled"), 1, "and stays so");
    fx_done(&x);
    jobs_hooks(NULL, NULL);
}

/* ---- saved mappings ---- */

static int64_t saved(struct fixture *f, const char *name)
{
    int64_t id = 0;
    ok(import__mapping_save(&f->op, str_of(name), &import__customers,
                            STR("{\"format\":\"kontor-mapping/1\",\"kind\":\"customers\","
                                "\"columns\":[{\"to\":\"code\",\"from\":\"a\"}]}"),
                            &id) == RC_OK,
       "a mapping is saved");
    return id;
}

static const char *of_mapping(struct fx *x, int64_t id, const char *tail)
{
    return str_c(x->arena, str_printf(x->arena, "/imports/mappings/%s/%s", imm(id).text, tail));
}

static void mappings(struct fixture *f)
{
    struct fx x;
    struct actor staff = fx_staff(1, editor), other = fx_staff(2, reader);
    scene_set(f);
    fx_open(&x, f, (const struct route *const[]){import_routes, NULL}, &hooks);
    int64_t id = saved(f, "Shops");
    (void)saved(f, "People");
    is_i64(fx_get(&x, &staff, of_mapping(&x, id, "edit")), 200, "the form of another name");
    ok(fx_has(&x, "value=\"Shops\""), "has the present one");
    is_i64(fx_post(&x, &staff, of_mapping(&x, id, "edit"), "revision=1&name=Stores"), 303,
           "a new name is taken");
    is_i64(fx_get(&x, &staff, "/imports/mappings"), 200, "the list");
    ok(fx_has(&x, "Stores") && !fx_has(&x, "Shops"), "has it");
    is_i64(fx_post(&x, &staff, of_mapping(&x, id, "edit"), "revision=2&name=People"), 422,
           "the name of another mapping is refused");
    ok(fx_has(&x, "Another mapping has this name."), "with the reason");
    is_i64(fx_post(&x, &staff, of_mapping(&x, id, "edit"), "revision=1&name=Late"), 409,
           "a form from before somebody else's change is refused");
    is_i64(fx_post(&x, &other, of_mapping(&x, id, "delete"), "revision=2"), 403,
           "readers do not delete");
    is_i64(fx_get(&x, &staff, of_mapping(&x, id, "delete")), 200, "deleting is asked about");
    ok(fx_has(&x, "Stores"), "by name");
    is_i64(fx_post(&x, &staff, of_mapping(&x, id, "delete"), "revision=2"), 303, "and done");
    is_i64(fx_get(&x, &staff, of_mapping(&x, id, "edit")), 404, "then it is gone");
    is_i64(fixture_i64(f, "select count(*) from import_mapping where name = 'People'"), 1,
           "and the other one stays");
    fx_done(&x);
}

int main(void)
{
    scene_start();
    job_kind_declare(import_job_kinds);
    ui_pages_declare(import_pages, import_pages_len);
    fixture_each(flow);
    fixture_each(fences);
    fixture_each(settling);
    fixture_each(mappings);
    return done_testing();
}
