/* Pages of the constructor: what the editor shows, what a change does, what is told when it is
 * refused. */
#include <fcntl.h>
#include <unistd.h>

#include "studio/studio_live.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const char *const reads[] = {"scheme.read", NULL};
static const char *const edits[] = {"scheme.read", "scheme.edit", "run.read", NULL};
static struct str example;

static struct str read_file(struct arena *arena, const char *path)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

static void begin(struct fixture *f, struct fx *x)
{
    static const struct route *const routes[] = {studio_routes, scheme_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    pid_key_set(key);
    when_clock_set(f->op.now);
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values "
                   "(1, 1, 2, 'a@x.example', 'a@x.example', 'Anna', 'a', 'a', 'en', true, 0), "
                   "(2, 1, 2, 'b@x.example', 'b@x.example', 'Boris', 'b', 'b', 'en', true, 0)");
    fx_open(x, f, routes, NULL);
}

static int64_t begun(struct fixture *f)
{
    int64_t scheme = 0, version, id = 0;
    struct scheme_info info = {.code = STR("REPS"), .name = STR("Sales representatives")};
    ok(scheme_save(&f->op, &info, &scheme) == RC_OK &&
           scheme_version_add(&f->op, scheme, example, STR(""), &version) == RC_OK &&
           studio_open(&f->op, scheme, NONE, STR_NONE, &id) == RC_OK,
       "a draft");
    return id;
}

static const char *path(struct fixture *f, int64_t id, const char *tail)
{
    return str_c(f->arena, studio__href(&f->op, id, tail));
}

static int64_t revision(struct fixture *f, int64_t id)
{
    struct studio_draft draft = {0};
    return studio_get(&f->op, id, &draft) == RC_OK ? draft.revision : -1;
}

static const struct scheme_part *first_table(struct fixture *f, int64_t id,
                                             struct scheme_outline *outline)
{
    struct studio_draft draft;
    struct fault fault = {.arena = f->arena};
    if (studio_get(&f->op, id, &draft) != RC_OK ||
        scheme_outline(f->arena, str_dup(f->arena, draft.xml), &fault, outline) != RC_OK)
        return NULL;
    for (size_t i = 0; i < outline->parts_len; i++)
        if (outline->parts[i].logic == SCHEME_TABLE)
            return &outline->parts[i];
    return NULL;
}

static const char *edit_body(struct fixture *f, int64_t at_revision, const char *fields)
{
    return str_c(f->arena,
                 str_printf(f->arena, "revision=%lld&%s", (long long)at_revision, fields));
}

static void looking(struct fixture *f)
{
    struct fx x;
    struct scheme_outline outline;
    begin(f, &x);
    int64_t id = begun(f);
    struct actor reader = fx_staff(1, reads), editor = fx_staff(2, edits),
                 nobody = fx_staff(1, (const char *const[]){NULL});
    const struct scheme_part *table = first_table(f, id, &outline);
    ok(table != NULL, "the example has a table");
    is_i64(fx_get(&x, &nobody, path(f, id, "")), 403, "it needs the permission");
    is_i64(fx_get(&x, &reader, path(f, id, "")), 200, "readers look at it");
    ok(fx_has(&x, "data-grid") && !fx_has(&x, "data-may-edit") && !fx_has(&x, "Save as version"),
       "and change nothing");
    is_i64(fx_get(&x, &editor, path(f, id, "")), 200, "editors");
    ok(fx_has(&x, "data-may-edit") && fx_has(&x, "When several rows match,") &&
           fx_has(&x, "Save as version"),
       "change it");
    static const char *const views[] = {"attributes", "checks", "picture", "steps", "file", "add"};
    for (size_t i = 0; i < LEN(views); i++) {
        const char *tail = str_c(f->arena, str_printf(f->arena, "?view=%s", views[i]));
        is_i64(fx_get(&x, &editor, path(f, id, tail)), 200, views[i]);
    }
    is_i64(fx_get(&x, &editor, path(f, id, "?view=picture")), 200, "the picture");
    ok(fx_has(&x, "<svg class=\"k-picture\"") && fx_has(&x, "As a table"),
       "has boxes, and a table for readers");
    for (size_t i = 0; i < outline.parts_len; i++)
        is_i64(fx_get(&x, &editor,
                      str_c(f->arena, studio__part_href(&f->op, id, outline.parts[i].id))),
               200, "each decision has its page");
    is_i64(fx_get(&x, &editor, path(f, id, "?row=0")), 200, "a row");
    ok(fx_has(&x, "Duplicate") && fx_has(&x, "name=\"text\""), "can be edited without script");
    is_i64(fx_get(&x, &editor, path(f, id, "?column=0")), 200, "so can a column");
    ok(fx_has(&x, "Looks at"), "its formula");
    is_i64(fx_get(&x, &editor, path(f, id, "/file")), 200, "the file is downloaded");
    ok(fx_has(&x, "urn:kontor:dmn:1"), "as it is");
    is_i64(fx_get(&x, &editor, "/schemes/drafts/sdr_0000000000000"), 404, "no such draft");
    fx_done(&x);
}

static void changing(struct fixture *f)
{
    struct fx x;
    struct scheme_outline outline;
    begin(f, &x);
    int64_t id = begun(f);
    struct actor reader = fx_staff(1, reads), editor = fx_staff(2, edits);
    const struct scheme_part *table = first_table(f, id, &outline);
    const char *cell = str_c(
        f->arena, str_printf(f->arena, "what=cell-set&part=" STR_FMT "&row=0&column=%zu&text=0.123",
                             STR_ARG(table->id), table->grid.inputs_len));
    is_i64(fx_post(&x, &reader, path(f, id, "/edit"), edit_body(f, 1, cell)), 403,
           "readers change nothing");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 1, cell)), 303, "a cell");
    is_i64(revision(f, id), 2, "is a step");
    table = first_table(f, id, &outline);
    ok(str_eq(table->grid.rows[0].cells[table->grid.inputs_len], STR("0.123")), "of the text");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 1, cell)), 409,
           "a change of what was changed meanwhile");
    ok(fx_has(&x, "The draft was changed meanwhile.") && fx_has(&x, "Make my change too") &&
           fx_has(&x, "0.123"),
       "is told, and nothing typed is lost");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 2, "what=nonsense")), 422,
           "there is no such change");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"),
                   edit_body(f, 2, "what=part-add&logic=formula&name=&text=1")),
           422, "a decision needs a name");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"),
                   edit_body(f, 2, "what=part-add&logic=table&name=extra&column_text=volume")),
           303, "a table is added");
    struct str location = fx_header(&x, "Location");
    ok(str_find(location, STR("?part="), 0) != SIZE_MAX, "and shown");
    is_i64(fx_get(&x, &editor, str_c(f->arena, location)), 200, "its page");
    ok(fx_has(&x, "data-at=\"0,0\""), "has a row to type into");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 3, "what=undo")), 303, "undone");
    is_i64(fx_get(&x, &editor, path(f, id, "?view=steps")), 200, "the steps");
    ok(fx_has(&x, "undone"), "say so");
    is_i64(fx_post(&x, &editor, path(f, id, "/presence"), "revision=1"), 200, "who is there");
    ok(fx_has(&x, "\"news\":\"Boris: "), "and what they did");
    fx_done(&x);
}

static void attributes(struct fixture *f)
{
    struct fx x;
    struct scheme_outline outline = {0};
    begin(f, &x);
    int64_t id = begun(f);
    struct actor editor = fx_staff(2, edits);
    const char *add = "what=attribute-add&view=attributes&attribute_name=extra+rate&"
                      "attribute_label=Extra&attribute_unit=percent&attribute_type=number&"
                      "attribute_default=4.5&attribute_min=0&attribute_max=10";
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 1, add)), 303, "an attribute");
    ok(first_table(f, id, &outline) != NULL, "the draft is read");
    const struct scheme_attribute *last = &outline.attributes[outline.attributes_len - 1];
    ok(str_eq(last->name, STR("extra rate")) && str_eq(last->fallback, STR("0.045")) &&
           str_eq(last->max, STR("0.1")),
       "percents are typed as percents");
    add = "what=attribute-add&view=attributes&attribute_name=bad&attribute_type=number&"
          "attribute_default=many";
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 2, add)), 422,
           "a number is a number");
    fx_done(&x);
}

static int upload(struct fixture *f, struct fx *x, const struct actor *actor, const char *target,
                  int64_t at_revision, struct str part, struct str file)
{
    static const char *const headers[] = {"Content-Type: multipart/form-data; boundary=XX", NULL};
    struct str body =
        str_printf(f->arena,
                   "--XX\r\nContent-Disposition: form-data; name=\"revision\"\r\n\r\n%lld\r\n"
                   "--XX\r\nContent-Disposition: form-data; name=\"part\"\r\n\r\n" STR_FMT "\r\n"
                   "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.dmn\"\r\n"
                   "Content-Type: application/xml\r\n\r\n" STR_FMT "\r\n--XX--\r\n",
                   (long long)at_revision, STR_ARG(part), STR_ARG(file));
    return fx_send(x, actor, "POST", target, headers, body);
}

static void files(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    int64_t id = begun(f);
    struct actor editor = fx_staff(2, edits);
    is_i64(upload(f, &x, &editor, path(f, id, "/upload"), 1, STR(""), STR("<definitions")), 422,
           "what is no file");
    ok(fx_has(&x, "line 1"), "is refused with its line");
    struct str other = read_file(f->arena, "examples/demo/dealer-1.dmn");
    is_i64(upload(f, &x, &editor, path(f, id, "/upload"), 1, STR(""), other), 303, "another file");
    is_i64(revision(f, id), 2, "is a step, which can be undone");
    fx_done(&x);
}

static void sheets(struct fixture *f)
{
    struct fx x;
    struct scheme_outline outline = {0};
    begin(f, &x);
    int64_t id = begun(f);
    struct actor reader = fx_staff(1, reads), editor = fx_staff(2, edits);
    const struct scheme_part *table = first_table(f, id, &outline);
    size_t rows = table->grid.rows_len;
    const char *tail = str_c(
        f->arena, str_printf(f->arena, "/table?part=" STR_FMT "&format=csv", STR_ARG(table->id)));
    is_i64(fx_get(&x, &reader, path(f, id, "/table")), 200, "the scheme as a workbook");
    ok(str_starts(x.answer.body, STR("PK")), "of a spreadsheet");
    is_i64(fx_get(&x, &reader, path(f, id, tail)), 200, "one table as CSV");
    struct str csv = str_dup(f->arena, x.answer.body);
    size_t end = csv.len;
    while (end && (csv.at[end - 1] == '\n' || csv.at[end - 1] == '\r'))
        end--;
    while (end && csv.at[end - 1] != '\n')
        end--;
    is_i64(upload(f, &x, &editor, path(f, id, "/sheet"), 1, table->id, str_sub(csv, 0, end)), 303,
           "comes back without its last row");
    table = first_table(f, id, &outline);
    ok(table->grid.rows_len == rows - 1, "which is gone then");
    is_i64(upload(f, &x, &editor, path(f, id, "/sheet"), 2, table->id, STR("a,b\n1,2\n")), 422,
           "other columns are refused");
    is_i64(upload(f, &x, &reader, path(f, id, "/sheet"), 2, table->id, csv), 403,
           "readers bring nothing back");
    is_i64(fx_get(&x, &reader, path(f, id, "/table?part=nonsense")), 404, "no such table");
    fx_done(&x);
}

static void warnings(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    int64_t id = begun(f);
    struct actor editor = fx_staff(2, edits);
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"),
                   edit_body(f, 1, "what=part-add&logic=table&name=idle&column_text=volume")),
           303, "a table that nothing uses");
    const char *page = str_c(f->arena, fx_header(&x, "Location"));
    is_i64(fx_get(&x, &editor, page), 200, "its page");
    ok(fx_has(&x, "Nothing in the model uses it.") && fx_has(&x, "It is meant so"), "warns");
    struct str sign = fx_between(&x, "name=\"sign\" value=\"", "\"");
    const char *body =
        str_c(f->arena, str_printf(f->arena, "what=meant&sign=" STR_FMT, STR_ARG(sign)));
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"), edit_body(f, 2, body)), 303,
           "it is meant so");
    is_i64(fx_get(&x, &editor, page), 200, "the page");
    ok(!fx_has(&x, "Nothing in the model uses it."), "warns no more");
    is_i64(fx_get(&x, &editor, path(f, id, "?view=checks")), 200, "the checks");
    ok(fx_has(&x, "Meant so"), "still know");
    fx_done(&x);
}

static void saving(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    int64_t id = begun(f);
    struct actor editor = fx_staff(2, edits);
    is_i64(fx_get(&x, &editor, path(f, id, "/save")), 200, "saving asks");
    ok(fx_has(&x, "What is new"), "what is new");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"),
                   edit_body(f, 1, "what=set&view=file&description=Changed")),
           303, "a change");
    is_i64(fx_post(&x, &editor, path(f, id, "/save"), "revision=1&note=x"), 409,
           "not of a text that was not seen");
    is_i64(
        fx_post(&x, &editor, path(f, id, "/save"), "revision=2&note=Better&valid_from=2026-11-01"),
        303, "saved and submitted at once");
    ok(str_find(fx_header(&x, "Location"), STR("/schemes/versions/scv_"), 0) != SIZE_MAX,
       "leads to the version");
    is_i64(fixture_i64(f, "select count(*) from scheme_version where number = 2 and state <> "
                          "'draft' and note = 'Better'"),
           1, "which is no draft any more");
    is_i64(fx_post(&x, &editor, path(f, id, "/edit"),
                   edit_body(f, 2, "what=set&view=file&option%3Acurrency=NONE")),
           303, "a draft may be wrong");
    is_i64(fx_get(&x, &editor, path(f, id, "/save")), 200, "saving it");
    ok(fx_has(&x, "This keeps the draft from being a version:"), "says what is wrong");
    is_i64(fx_post(&x, &editor, path(f, id, "/save"), "revision=3"), 422, "and does not");
    is_i64(fx_get(&x, &editor, path(f, id, "/live")), 200, "the live result");
    ok(!fx_has(&x, "k-fig"), "is words then");
    is_i64(fx_get(&x, &editor, path(f, id, "/discard")), 200, "discarding asks");
    is_i64(fx_post(&x, &editor, path(f, id, "/discard"), "revision=3"), 303, "and does it");
    is_i64(fx_get(&x, &editor, path(f, id, "")), 404, "then it is gone");
    fx_done(&x);
}

static void beginning(struct fixture *f)
{
    struct fx x;
    begin(f, &x);
    struct actor reader = fx_staff(1, reads), editor = fx_staff(2, edits);
    is_i64(fx_get(&x, &reader, "/schemes/templates"), 403, "the gallery is for editors");
    is_i64(fx_get(&x, &editor, "/schemes/templates"), 200, "the gallery");
    ok(fx_has(&x, "Empty scheme"), "has the empty scheme too");
    is_i64(fx_get(&x, &editor, "/schemes/templates/empty"), 200, "its form");
    is_i64(fx_get(&x, &editor, "/schemes/templates/nonsense"), 404, "no such template");
    is_i64(fx_post(&x, &editor, "/schemes/templates/empty", "name=Dealer+bonus"), 303, "a new one");
    is_i64(fixture_i64(f, "select count(*) from scheme where code = 'DEALER-BONUS'"), 1,
           "its code follows from the name");
    is_i64(fx_get(&x, &editor, str_c(f->arena, fx_header(&x, "Location"))), 200, "its draft");
    ok(fx_has(&x, "What its rows look at") || fx_has(&x, "Formula"), "asks for the first decision");
    is_i64(fx_get(&x, &editor, "/schemes/templates/percent"), 200, "a template");
    ok(fx_has(&x, "name=\"attr:"), "asks for its attributes");
    is_i64(fx_post(&x, &editor, "/schemes/templates/percent", "name=Seven+percent&attr%3Arate=7"),
           303, "which are filled in");
    is_i64(fx_get(&x, &editor, str_c(f->arena, fx_header(&x, "Location"))), 200, "its draft");
    is_i64(fixture_i64(f, "select count(*) from studio_step where xml like '%default=\"0.07\"%'"),
           1, "has them");
    is_i64(fx_post(&x, &editor, "/schemes/templates/percent", "name=Eight&attr%3Arate=many"), 422,
           "a rate is a number");
    is_i64(fx_post(&x, &editor, "/schemes/templates/empty", "name=Dealer+bonus"), 409,
           "a code is taken once");
    ok(fx_has(&x, "Dealer bonus"), "and nothing typed is lost");
    fx_done(&x);
}

/* Names that completion offers stand in the document of what schemes see, or in the engine. */
static void completion(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str doc = read_file(arena, "docs/schemes.md");
    struct str engine = read_file(arena, "src/reward/reward_feel.c");
    const char *name, *type;
    for (size_t i = 0; studio__name_at(i, &name, &type); i++) {
        struct str rest = str_of(name), part = str_cut(&rest, '.');
        while (rest.at)
            part = str_cut(&rest, '.');
        struct str quoted = str_printf(arena, "\"" STR_FMT "\"", STR_ARG(part));
        ok(type && (str_find(doc, part, 0) != SIZE_MAX || str_find(engine, quoted, 0) != SIZE_MAX),
           name);
    }
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    example = read_file(arena, "examples/northwind/reps.dmn");
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(reward_permissions, reward_permissions_len);
    approval_start();
    scheme_start();
    studio_start();
    completion();
    fixture_each(looking);
    fixture_each(changing);
    fixture_each(attributes);
    fixture_each(files);
    fixture_each(sheets);
    fixture_each(warnings);
    fixture_each(saving);
    fixture_each(beginning);
    return done_testing();
}
