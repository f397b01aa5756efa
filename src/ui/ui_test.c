/* The rules of ui: what a list's address means, what a form shows again, who sees which button and
 * page, how states are worded. */
#include "tests/fixture_http.h"
#include "tests/tap.h"
#include "ui/ui.h"
#include "ui/ui_int.h"

/* ---- a small module ---- */

static const struct permission permissions[] = {{"thing.see", "See things", ACTOR_STAFF},
                                                {"thing.edit", "Edit things", ACTOR_STAFF}};
struct thing_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const char *const thing_sorts[] = {"name", "created", NULL};
static const struct field thing_fields[] = {
    UI_LIST_FIELDS(thing_query, thing_sorts),
    F_STR(thing_query, state, 0, 20),
    FIELDS_END,
};
enum { COL_NAME, COL_STATE, COL_SUM, COL_MADE, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = "Name",
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = "Code"},
    [COL_STATE] = {.name = "state", .title = "State", .kind = UI_STATE, .record = "contract"},
    [COL_SUM] = {.name = "sum", .title = "Sum", .kind = UI_MONEY},
    [COL_MADE] = {.name = "made_at",
                  .title = "Made",
                  .kind = UI_TIME,
                  .sort = "created",
                  .is_optional = true},
};
static const char *const thing_states[] = {"draft", "active", NULL};
static const struct ui_filter filters[] = {{.name = "state",
                                            .label = "State",
                                            .kind = UI_PICK,
                                            .record = "contract",
                                            .states = thing_states}};
static const struct ui_action actions[] = {
    {.label = "Add thing", .href = STR_INIT("/things/new"), .permission = "thing.edit"},
    {.label = NULL},
};
static const struct ui_action bulk[] = {
    {.label = "Archive…", .href = STR_INIT("/things/archive"), .permission = "thing.edit"},
    {.label = NULL},
};

/* Three pages of two rows: the cursor is the number of the page. */
static enum rc fill(struct req *r, struct ui_list *list)
{
    static const char *const codes[] = {"EUR", "EUR", "EUR", "EUR", "RUB", "EUR"};
    size_t page = list->page.cursor.len ? (size_t)(list->page.cursor.at[0] - '0') : 0;
    for (size_t i = page * 2; i < page * 2 + 2; i++) {
        struct ui_cell *cells = ui_list_row(list, str_printf(r->op->arena, "thg_%zu", i));
        struct str name = i == 1 ? STR("=1+1 & \"co\"") : str_printf(r->op->arena, "Thing %zu", i);
        cells[COL_NAME] = ui_cell_two(name, STR("T-1"));
        cells[COL_STATE] = ui_cell_state(i ? STR("active") : STR("draft"));
        cells[COL_SUM] = ui_cell_money(MONEY(-123450, currency_find(str_of(codes[i]))), STR_NONE);
        cells[COL_MADE] = ui_cell_time(SOME(INT64_C(1790856000000000)));
    }
    if (page < 2)
        list->next = str_printf(r->op->arena, "%zu", page + 1);
    return RC_OK;
}

static const struct ui_list_spec thing_list = {
    .name = "things",
    .title = "Things",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = thing_sorts,
    .sort = "-created",
    .search = "Name",
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &thing_list);
}

struct thing_form {
    struct str name, password;
    bool is_new;
};
static const struct field form_fields[] = {
    F_STR(thing_form, name, 3, 20),
    F_SECRET(thing_form, password, 1, 50),
    F_BOOL(thing_form, is_new),
    FIELDS_END,
};
static const struct ui_field ui_fields[] = {
    {.name = "name", .label = "Name", .kind = UI_FIELD_TEXT, .is_required = true},
    {.name = "password", .label = "Password", .kind = UI_FIELD_PASSWORD, .is_required = true},
    {.name = "is_new", .label = "New", .kind = UI_FIELD_CHECK},
};

static enum rc page_form(struct req *r)
{
    struct ui_form form = {.submit = "Save", .head = {.title = "Thing"}};
    ui_form_init(r, &form, ui_fields, LEN(ui_fields));
    ui_form_set(&form, "name", STR("of the record"));
    ui_form_set_check(&form, "is_new", true);
    return ui_form_page(r, &form);
}

static enum rc page_save(struct req *r)
{
    (void)fail(r->op, RC_INVALID, "owner", "The owner is gone.");
    return fail(r->op, RC_INVALID, "name", "This name is taken.");
}

static const struct route routes[] = {
    ROUTE(GET, "/things", page_list, "thing.see", FORM(thing_query, thing_fields), API),
    ROUTE(GET, "/things/new", page_form, "thing.edit"),
    ROUTE(POST, "/things/new", page_save, "thing.edit", FORM(thing_form, form_fields),
          FORM_PAGE(page_form)),
    {0},
};
static const struct ui_page pages[] = {
    {UI_PARTNERS, "Things", "/things", "thing.see"},
    {UI_PARTNERS, "New things", "/things/new", "thing.edit"},
    {UI_SCHEMES, "Schemes", "/schemes", "thing.edit"},
};
static const struct http_hooks hooks = {.shell = ui_shell};

/* ---- lists ---- */

static void list_addresses(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
    struct actor editor = fx_staff(1, (const char *const[]){"*", NULL});
    fx_get(&x, &editor, "/things");
    ok(!fx_has(&x, "data-label=\"Made\""), "an optional column is not shown until it is chosen");
    ok(fx_has(&x, "href=\"/things?sort=name\""), "a head sorts upwards first");
    fx_get(&x, &editor, "/things?cols=made_at&state=active&q=ab%26c");
    ok(fx_has(&x, "aria-sort=\"descending\""), "the first order is what the list declares");
    ok(fx_has(&x, "href=\"/things?q=ab%26c&amp;state=active&amp;cols=name&amp;cols=made_at&amp;"
                  "sort=created\""),
       "sorting keeps search, filters and columns, and turns the other way");
    ok(fx_has(&x, "href=\"/things?q=ab%26c&amp;cols=name&amp;cols=made_at\""),
       "a chip leads to the list without its filter");
    ok(fx_has(&x, "after=1\""), "the next page keeps everything and adds the cursor");
    ok(fx_has(&x, "Thing 0") && !fx_has(&x, "data-label=\"Sum\""),
       "the name stays when columns are chosen");
    fx_get(&x, &editor, "/things?after=2");
    ok(fx_has(&x, "−€1,234.50") && fx_has(&x, "₽1,234.50"),
       "several currencies in a column are shown in the cells");
    fx_done(&x);
}

static void list_files(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
    struct actor reader = fx_staff(1, (const char *const[]){"thing.see", NULL});
    is_i64(fx_get(&x, &reader, "/things?export=csv&after=2"), 200, "a list is exported");
    ok(fx_has(&x, "Name,Code,State,Sum,Currency"),
       "second lines and currencies are columns of their own");
    ok(fx_has(&x, "Thing 0,T-1,Draft,-1234.50,EUR") && fx_has(&x, "Thing 5"),
       "from the first row to the last, whatever page was looked at");
    ok(!fx_has(&x, "\n=1+1") && fx_has(&x, "1+1 & \"\"co\"\""),
       "a text that a spreadsheet would run is neutralised");
    is_i64(fx_get(&x, &reader, "/things?export=xlsx"), 200, "also as a workbook");
    ok(str_starts(x.answer.body, STR("PK")), "that is a ZIP archive");
    is_i64(fx_api(&x, &reader, "GET", "/api/v1/things", NULL), 200, "and as JSON");
    ok(fx_has(&x, "\"sum\":{\"amount\":\"-1234.50\",\"currency\":\"EUR\"}") &&
           fx_has(&x, "\"next_cursor\":\"1\"") && fx_has(&x, "\"code\":\"T-1\""),
       "with the same cells, typed");
    fx_done(&x);
}

static void saved_views(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
    struct actor one = fx_staff(1, (const char *const[]){"thing.see", NULL});
    struct actor two = fx_staff(2, (const char *const[]){"thing.see", NULL});
    is_i64(fx_post(&x, &one, "/views", "list=things&name=Mine&query=state%3Dactive&back=%2Fthings"),
           303, "a view is saved");
    fx_get(&x, &one, "/things?state=active");
    ok(fx_has(&x, "href=\"/things?state=active\" aria-current=\"page\">Mine"),
       "and is a tab, marked where the list is the same");
    struct str remove = fx_between(&x, "action=\"/views/", "\"");
    fx_get(&x, &two, "/things?state=active");
    ok(!fx_has(&x, "Mine"), "nobody else has it");
    char path[128];
    snprintf(path, sizeof(path), "/views/" STR_FMT, STR_ARG(remove));
    is_i64(fx_post(&x, &two, path, "back=%2Fthings"), 409, "nobody else can remove it");
    is_i64(fx_post(&x, &one, path, "back=%2Fthings"), 303, "its owner can");
    is_i64(fixture_i64(f, "select count(*) from saved_view"), 0, "then it is gone");
    fx_done(&x);
}

/* ---- people ---- */

static void who_sees_what(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
    struct actor reader = fx_staff(1, (const char *const[]){"thing.see", NULL});
    struct actor editor = fx_staff(2, (const char *const[]){"*", NULL});
    fx_get(&x, &reader, "/things");
    ok(!fx_has(&x, "Add thing") && !fx_has(&x, "name=\"ids\""),
       "buttons and boxes for what one may not do are not there");
    ok(!fx_has(&x, "href=\"/schemes\"") && fx_has(&x, "aria-current=\"page\""),
       "nor are sections without a page that one may see");
    fx_get(&x, &editor, "/things/new");
    ok(fx_has(&x, "href=\"/schemes\"") && fx_has(&x, "New things"),
       "the open section lists its pages");
    const char *const dark[] = {"Cookie: theme=dark", NULL};
    fx_send(&x, &reader, "GET", "/things", dark, STR(""));
    ok(fx_has(&x, "data-bs-theme=\"dark\""), "the theme is the person's own");
    is_i64(fx_post(&x, &reader, "/preferences", "theme=%22%3E&lang=xx&back=%2Fthings"), 303,
           "an unknown theme or language changes nothing");
    ok(!str_has(x.answer.headers, STR("theme=")), "and is not stored");
    fx_post(&x, &reader, "/preferences", "theme=light&back=https%3A%2F%2Fevil.example");
    is_str(fx_header(&x, "Location"), "/", "preferences lead back to our own pages only");
    fx_done(&x);
}

/* ---- forms ---- */

static void forms(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
    struct actor editor = fx_staff(1, (const char *const[]){"*", NULL});
    fx_get(&x, &editor, "/things/new");
    ok(fx_has(&x, "value=\"of the record\"") && fx_has(&x, "checked"),
       "a form begins with the record's values");
    is_i64(fx_post(&x, &editor, "/things/new", "name=%3Cb%3E+typed&password=secret-1"), 422,
           "refused by the domain");
    ok(fx_has(&x, "value=\"&lt;b> typed\"") || fx_has(&x, "value=\"&lt;b&gt; typed\""),
       "what was typed comes back, escaped");
    ok(!fx_has(&x, "secret-1"), "but never a password");
    ok(!fx_has(&x, " checked"), "a box that was switched off stays off");
    ok(fx_has(&x, "aria-invalid=\"true\"") && fx_has(&x, "This name is taken."),
       "the field says what is wrong");
    ok(fx_has(&x, "The owner is gone."), "so does the summary for fields that are not shown");
    fx_done(&x);
}

static void words(void)
{
    struct arena *arena = arena_new(0);
    is_str(ui_state_word(arena, lang_of(LANG_RU), "version", STR("published")), "Опубликована",
           "a state agrees with its record in gender");
    is_str(ui_state_word(arena, lang_of(LANG_RU), "contract", STR("active")), "Действует",
           "and may have a word of its own");
    is_str(ui_state_word(arena, lang_of(LANG_ES), "line", STR("due")), "A pagar", "in Spanish too");
    arena_free(arena);
}

static void bars(void)
{
    struct arena *arena = arena_new(0);
    AUTO_OUT o = OUT(arena, 1 << 20);
    o.lang = lang_of(LANG_EN);
    struct ui_part parts[] = {{1, UI_OK}, {-5, UI_BAD}, {2, UI_INFO}};
    struct ui_bar bar = {.at = parts, .len = LEN(parts)};
    struct ui_pieces pieces = ui__bar_pieces(&o, &bar);
    is_i64((int64_t)pieces.len, 3, "a bar shows positive parts with gaps between them");
    is_str(pieces.at[0].width, "33.33%", "in proportion");
    bar.whole = 1;
    pieces = ui__bar_pieces(&o, &bar);
    is_i64((int64_t)pieces.len, 1, "and never more than the whole");
    arena_free(arena);
}

int main(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {1};
    pid_key_set(key);
    permission_declare(permissions, LEN(permissions));
    ui_pages_declare(pages, LEN(pages));
    fixture_each(list_addresses);
    fixture_each(list_files);
    fixture_each(saved_views);
    fixture_each(who_sees_what);
    fixture_each(forms);
    words();
    bars();
    return done_testing();
}
