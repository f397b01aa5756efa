/* The rules of the pages of a kind of record: who sees which page and button, what a second editor
 * and a second click are told, where one goes afterwards, what the API reads. */
#include "tests/fixture_http.h"
#include "tests/tap.h"
#include "ui/ui.h"

/* ---- a small module: shelves in memory, number 1 and number 2 ---- */

static const struct permission permissions[] = {{"shelf.see", "See shelves", ACTOR_STAFF},
                                                {"shelf.edit", "Edit shelves", ACTOR_STAFF}};
struct shelf {
    int64_t id, revision;
    struct str name;
    struct opt_i64 archived_at;
};
static struct shelf shelves[3];
static char names[3][40];
static int archivings;

static void set_name(int64_t id, struct str name)
{
    (void)snprintf(names[id], sizeof names[id], STR_FMT, STR_ARG(name));
    shelves[id].name = str_of(names[id]);
}

static void reset(void)
{
    archivings = 0;
    memset(shelves, 0, sizeof shelves);
    shelves[1] = (struct shelf){.id = 1, .revision = 4};
    set_name(1, STR("Upper <shelf>"));
}

static enum rc shelf_get(struct op *op, int64_t id, struct ui_record *out)
{
    if (id < 1 || id > 2 || shelves[id].id == 0)
        return RC_MISSING;
    struct shelf *s = NEW(op->arena, struct shelf);
    *s = shelves[id];
    *out = UI_RECORD_OF(s, s);
    out->is_locked = str_eq(s->name, STR("Locked"));
    return RC_OK;
}

struct shelf_form {
    struct str name;
    struct opt_i64 revision;
};
static const struct field shelf_fields[] = {
    F_STR(shelf_form, name, 1, 30),
    F_OPT_I64(shelf_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {UI_NAME_FIELD(30)};

static enum rc shelf_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct shelf *s = record->own;
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_set(form, "name", s ? s->name : STR("A fresh one"));
    return RC_OK;
}

static enum rc shelf_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct shelf_form *in = form(r);
    if (id != 0 && in->revision.v != shelves[id].revision)
        return op_stale(r->op);
    if (str_eq(in->name, STR("taken")))
        return fail(r->op, RC_INVALID, "name", "This name is taken.");
    *out_id = id ? id : 2;
    shelves[*out_id].id = *out_id;
    shelves[*out_id].revision++;
    set_name(*out_id, in->name);
    return RC_OK;
}

static enum rc shelf_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    if (revision != shelves[id].revision)
        return op_stale(op);
    archivings++;
    shelves[id].revision++;
    shelves[id].archived_at = is_archived ? SOME(op->now) : NONE;
    return RC_OK;
}

static enum rc shelf_show(struct req *r, struct ui_record_page *v)
{
    const struct shelf *s = v->record.own;
    ui_def_text(r->op, &v->facts, "Long name", s->name);
    return RC_OK;
}

static void shelf_json(struct json_writer *w, const struct ui_record *record)
{
    const struct shelf *s = record->own;
    json_pair_str(w, "name", s->name);
}

static enum rc history(struct req *r, const char *record, int64_t id, struct safe_html *out)
{
    out->html = str_printf(r->op->arena, "<p>history of %s %lld</p>", record, (long long)id);
    return RC_OK;
}

static enum rc conflict(struct req *r, struct ui_form *form, const char *record, int64_t id)
{
    if (form->is_posted && r->op->fault.rc == RC_CONFLICT)
        form->above.html =
            str_printf(r->op->arena, "<p>who saved %s %lld</p>", record, (long long)id);
    return RC_OK;
}
static const struct ui_journal journal = {history, conflict};

#define ANY_SHELF                                                                                  \
    .record = "product", .permission_edit = "shelf.edit", .plural = "Shelves",                     \
    .title_new = "New shelf", .add = "Add shelf", .added = "The shelf was added.",                 \
    .journal = &journal, .get = shelf_get, .form = shelf_fill, .save = shelf_store,                \
    .archive = shelf_archive
static const struct ui_record_kind shelf_kind = {
    ANY_SHELF,
    .path = "/shelves",
    .prefix = "shf",
    .archive_words = {"Archive the shelf?", "{0} is put away."},
    .restore_words = {"Restore the shelf?", "{0} stands again."},
    .show = shelf_show,
    .json = shelf_json,
};
UI_RECORD_PAGES(shelf)

/* The same without a page of its own: once with a list to go back to, once with a home. */
static struct str room(struct op *op, const struct ui_record *record)
{
    const struct shelf *s = record->own;
    return str_printf(op->arena, "/rooms/%lld", s ? (long long)s->id : 0);
}
static const struct ui_record_kind hook_kind = {ANY_SHELF, .path = "/hooks", .prefix = "hok",
                                                .list = "/walls"};
static const struct ui_record_kind nail_kind = {ANY_SHELF, .path = "/nails", .prefix = "nai",
                                                .home = room};
UI_RECORD_PAGES(hook)
UI_RECORD_PAGES(nail)

static const struct route routes[] = {
    UI_RECORD_ROUTES(shelf, "/shelves", "shf", "shelf.see", "shelf.edit",
                     FORM(shelf_form, shelf_fields)),
    ROUTE(POST, "/hooks/:hok", page_hook_save, "shelf.edit", FORM(shelf_form, shelf_fields),
          FORM_PAGE(page_hook_edit), API),
    ROUTE(GET, "/hooks/:hok", page_hook_edit, "shelf.edit"),
    ROUTE(POST, "/nails/:nai", page_nail_save, "shelf.edit", FORM(shelf_form, shelf_fields),
          FORM_PAGE(page_nail_edit), API),
    ROUTE(POST, "/nails", page_nail_create, "shelf.edit", FORM(shelf_form, shelf_fields),
          FORM_PAGE(page_nail_new), API),
    {0},
};
static const struct http_hooks hooks = {.shell = ui_shell};

struct scene {
    struct fx x;
    struct actor editor, reader;
};

static void begin(struct scene *s, struct fixture *f)
{
    reset();
    s->editor = fx_staff(1, (const char *const[]){"*", NULL});
    s->reader = fx_staff(2, (const char *const[]){"shelf.see", NULL});
    fx_open(&s->x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
}

/* "/shelves/shf_…/archive"; the text lives until the next but three. */
static const char *at(const char *path, const char *prefix, int64_t id, const char *tail)
{
    static char texts[4][80];
    static int turn;
    turn = (turn + 1) % 4;
    (void)snprintf(texts[turn], sizeof texts[turn], "%s/%s%s", path, pid_of(prefix, id).text, tail);
    return texts[turn];
}

static const char *shelf(int64_t id, const char *tail)
{
    return at("/shelves", "shf", id, tail);
}

/* ---- the rules ---- */

static void the_page(struct fixture *f)
{
    struct scene s;
    begin(&s, f);
    is_i64(fx_get(&s.x, &s.editor, shelf(1, "")), 200, "a record has a page");
    ok(fx_has(&s.x, "Upper &lt;shelf&gt;") && !fx_has(&s.x, "Upper <shelf>"),
       "with its name, escaped");
    ok(fx_has(&s.x, "Long name") && fx_has(&s.x, "history of product 1"), "facts and history");
    ok(fx_has(&s.x, shelf(1, "/edit")) && fx_has(&s.x, shelf(1, "/archive")),
       "an editor may edit and archive it");
    ok(!fx_has(&s.x, shelf(1, "/restore")), "what is not archived is not restored");
    is_i64(fx_get(&s.x, &s.reader, shelf(1, "")), 200, "a reader sees it");
    ok(!fx_has(&s.x, "/edit\"") && !fx_has(&s.x, "/archive\""), "without the buttons");
    set_name(1, STR("Locked"));
    fx_get(&s.x, &s.editor, shelf(1, ""));
    ok(!fx_has(&s.x, "/edit\"") && fx_has(&s.x, "/archive\""),
       "what nobody edits any more has no such button");
    shelves[1].archived_at = SOME(FIXTURE_NOW);
    fx_get(&s.x, &s.editor, shelf(1, ""));
    ok(fx_has(&s.x, shelf(1, "/restore")) && !fx_has(&s.x, shelf(1, "/archive")),
       "what is archived is offered to be restored");
    fx_done(&s.x);
}

static void foreign_ids(struct fixture *f)
{
    static const char *const tails[] = {"", "/edit", "/archive", "/restore"};
    struct scene s;
    begin(&s, f);
    for (size_t i = 0; i < LEN(tails); i++)
        is_i64(fx_get(&s.x, &s.editor, shelf(2, tails[i])), 404, "no such record, no such page");
    for (size_t i = 2; i < LEN(tails); i++)
        is_i64(fx_post(&s.x, &s.editor, shelf(2, tails[i]), "revision=4"), 404,
               "and nothing to archive or to restore");
    is_i64(fx_get(&s.x, &s.editor, at("/shelves", "prt", 1, "")), 404,
           "the id of another kind is not one of this");
    is_i64(archivings, 0, "nothing was done");
    fx_done(&s.x);
}

static void permissions_needed(struct fixture *f)
{
    static const char *const tails[] = {"/edit", "/archive", "/restore"};
    struct scene s;
    begin(&s, f);
    is_i64(fx_get(&s.x, &s.reader, "/shelves/new"), 403, "who may only see adds nothing");
    is_i64(fx_post(&s.x, &s.reader, "/shelves", "name=x"), 403, "in no way");
    for (size_t i = 0; i < LEN(tails); i++) {
        is_i64(fx_get(&s.x, &s.reader, shelf(1, tails[i])), 403, "nor is asked to change");
        is_i64(fx_post(&s.x, &s.reader, shelf(1, tails[i]), i ? "revision=4" : "name=x&revision=4"),
               403, "nor changes");
    }
    is_i64(shelves[1].revision + shelves[2].id, 4, "all is as it was");
    fx_done(&s.x);
}

static void forms(struct fixture *f)
{
    struct scene s;
    begin(&s, f);
    is_i64(fx_get(&s.x, &s.editor, "/shelves/new"), 200, "the form of a new one");
    ok(fx_has(&s.x, "action=\"/shelves\"") && fx_has(&s.x, "New shelf") &&
           fx_has(&s.x, "A fresh one"),
       "knows where it goes, and how a new one begins");
    is_i64(fx_post(&s.x, &s.editor, "/shelves", "name=taken"), 422, "a taken name comes back");
    ok(fx_has(&s.x, "value=\"taken\"") && fx_has(&s.x, "This name is taken.") &&
           fx_has(&s.x, "action=\"/shelves\""),
       "as typed, with the reason");
    is_i64(fx_post(&s.x, &s.editor, "/shelves", "name=Lower"), 303, "it is added");
    is_str(fx_header(&s.x, "Location"), shelf(2, ""), "and shown");
    fx_get(&s.x, &s.editor, shelf(1, "/edit"));
    ok(fx_has(&s.x, "Upper &lt;shelf") && fx_has(&s.x, "name=\"revision\" value=\"4\""),
       "an edit begins with the record and its revision");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/edit"), "name=Mine&revision=4"), 303, "one saves");
    is_str(fx_header(&s.x, "Location"), shelf(1, ""), "and sees the record");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/edit"), "name=Yours&revision=4"), 409,
           "who began before that does not overwrite it");
    ok(fx_has(&s.x, "value=\"Yours\"") && fx_has(&s.x, "who saved product 1") &&
           fx_has(&s.x, "name=\"revision\" value=\"5\""),
       "but is told who saved, keeps what was typed, and may save over the newer one");
    is_str(shelves[1].name, "Mine", "which stands until then");
    fx_done(&s.x);
}

static void archiving(struct fixture *f)
{
    struct scene s;
    begin(&s, f);
    is_i64(fx_get(&s.x, &s.editor, shelf(1, "/archive")), 200, "archiving asks first");
    ok(fx_has(&s.x, "Archive the shelf?") && fx_has(&s.x, "Upper &lt;shelf&gt; is put away.") &&
           fx_has(&s.x, "name=\"revision\" value=\"4\""),
       "about this record in this revision");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/archive"), "revision=3"), 409,
           "of an older revision it asks again");
    ok(fx_has(&s.x, "Archive the shelf?") && fx_has(&s.x, "value=\"4\"") && archivings == 0,
       "with the newer one, and nothing is done");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/archive"), "revision=4"), 303, "then archives");
    is_str(fx_header(&s.x, "Location"), shelf(1, ""), "and shows the record");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/archive"), "revision=4"), 303,
           "archived twice is no mistake");
    ok(archivings == 1 && shelves[1].revision == 5, "and no second change");
    is_i64(fx_get(&s.x, &s.editor, shelf(1, "/restore")), 200, "restoring asks too");
    ok(fx_has(&s.x, "Restore the shelf?"), "in its own words");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/restore"), "revision=5"), 303, "it is restored");
    ok(!shelves[1].archived_at.has && archivings == 2, "once");
    is_i64(fx_post(&s.x, &s.editor, shelf(1, "/restore"), "revision=6"), 303,
           "restoring what is not archived is no mistake");
    ok(archivings == 2 && shelves[1].revision == 6, "and no change");
    fx_done(&s.x);
}

/* The marked rows of the list: named first, then all of them or none. */
static void marked_rows(struct fixture *f)
{
    struct scene s;
    begin(&s, f);
    const char *ids = str_c(f->arena, str_printf(f->arena, "ids=%s", pid_of("shf", 1).text));
    const char *both =
        str_c(f->arena, str_printf(f->arena, "%s&ids=%s&go=1", ids, pid_of("shf", 2).text));
    const char *go = str_c(f->arena, str_printf(f->arena, "%s&go=1", ids));
    is_i64(fx_post(&s.x, &s.editor, "/shelves/bulk/archive", ""), 303,
           "without rows one goes back");
    is_i64(fx_post(&s.x, &s.reader, "/shelves/bulk/archive", go), 403, "a reader archives nothing");
    is_i64(fx_post(&s.x, &s.editor, "/shelves/bulk/archive", ids), 200, "it asks first");
    ok(fx_has(&s.x, "Archive what is marked?") && fx_has(&s.x, "1 record") &&
           fx_has(&s.x, "Upper &lt;shelf&gt;") && fx_has(&s.x, pid_of("shf", 1).text),
       "how many, which, and carries them on");
    is_i64(fx_post(&s.x, &s.editor, "/shelves/bulk/archive", both), 404,
           "a row that is not there stops it");
    is_i64(fx_post(&s.x, &s.editor, "/shelves/bulk/archive", go), 303, "then archives");
    ok(shelves[1].archived_at.has, "what was marked");
    is_i64(fx_post(&s.x, &s.editor, "/shelves/bulk/archive", go), 303, "again is no mistake");
    ok(fx_post(&s.x, &s.editor, "/shelves/bulk/restore", go) == 303 && !shelves[1].archived_at.has,
       "and restores");
    fx_done(&s.x);
}

static void homes(struct fixture *f)
{
    struct scene s;
    begin(&s, f);
    fx_get(&s.x, &s.editor, at("/hooks", "hok", 1, ""));
    ok(fx_has(&s.x, "href=\"/walls\""), "a kind without pages goes back to its list");
    is_i64(fx_post(&s.x, &s.editor, at("/hooks", "hok", 1, ""), "name=H&revision=4"), 303, "saved");
    is_str(fx_header(&s.x, "Location"), "/walls", "there");
    is_i64(fx_post(&s.x, &s.editor, at("/nails", "nai", 1, ""), "name=N&revision=5"), 303, "or");
    is_str(fx_header(&s.x, "Location"), "/rooms/1", "to a home that hangs on the record");
    is_i64(fx_api(&s.x, &s.editor, "POST", "/api/v1/nails", "{\"name\":\"N2\"}"), 201, "added");
    ok(fx_has(&s.x, pid_of("nai", 2).text) && fx_has(&s.x, "/api/v1/rooms/2"),
       "the API is told its own id, and that home");
    fx_done(&s.x);
}

static void api(struct fixture *f)
{
    struct scene s;
    char target[80];
    begin(&s, f);
    (void)snprintf(target, sizeof target, "/api/v1%s", shelf(1, ""));
    is_i64(fx_api(&s.x, &s.reader, "GET", target, NULL), 200, "the API reads a record");
    ok(fx_has(&s.x, "\"id\":\"shf_") && fx_has(&s.x, "\"revision\":4") &&
           fx_has(&s.x, "\"name\":\"Upper") && fx_has(&s.x, "\"archived\":false"),
       "with id, revision, its own members and whether it is archived");
    is_str(fx_header(&s.x, "ETag"), "\"4\"", "the revision is its ETag");
    is_i64(fx_api(&s.x, &s.editor, "POST", "/api/v1/shelves", "{\"name\":\"Lower\"}"), 201,
           "and adds one");
    (void)snprintf(target, sizeof target, "/api/v1%s", shelf(1, "/archive"));
    is_i64(fx_api(&s.x, &s.editor, "POST", target, "{\"revision\":3}"), 409, "an older revision");
    is_i64(fx_api(&s.x, &s.editor, "POST", target, "{\"revision\":4}"), 200, "and the right one");
    ok(shelves[1].archived_at.has, "archive alike");
    fx_done(&s.x);
}

int main(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {1};
    pid_key_set(key);
    permission_declare(permissions, LEN(permissions));
    fixture_each(the_page);
    fixture_each(foreign_ids);
    fixture_each(permissions_needed);
    fixture_each(forms);
    fixture_each(archiving);
    fixture_each(marked_rows);
    fixture_each(homes);
    fixture_each(api);
    return done_testing();
}
