/* The rules of what people choose about the screens: columns that are found again, the narrow
 * navigation, several values of a filter, all rows of a list, figures of the navigation, days. */
#include "tests/fixture_http.h"
#include "tests/tap.h"
#include "ui/ui.h"

static const struct permission permissions[] = {{"thing.see", "See things", ACTOR_STAFF},
                                                {"thing.edit", "Edit things", ACTOR_STAFF}};
static const char *const sorts[] = {"name", NULL};
static const char *const states[] = {"draft", "active", "suspended", NULL};

struct things_query {
    UI_LIST_MEMBERS;
    struct str_list state;
    struct opt_date from;
};
static const struct field things_fields[] = {UI_LIST_FIELDS(things_query, sorts),
                                             F_STRS(things_query, state, UI_VALUES_MAX),
                                             F_OPT_DATE(things_query, from), FIELDS_END};
enum { COL_NAME, COL_STATE, COL_NOTE, COLS };
static const struct ui_column columns[COLS] = {
    [COL_NAME] = {.name = "name", .title = "Name", .kind = UI_TEXT, .place = UI_AT_NAME},
    [COL_STATE] = {.name = "state", .title = "State", .kind = UI_STATE, .record = "contract"},
    [COL_NOTE] = {.name = "note", .title = "Note", .kind = UI_TEXT, .is_optional = true},
};
static const struct ui_filter filters[] = {
    {.name = "state",
     .label = "State",
     .kind = UI_PICK,
     .is_many = true,
     .record = "contract",
     .states = states},
    {.name = "from", .label = "From", .kind = UI_DAY},
};
static const struct ui_action bulk[] = {
    {.label = "Archive…", .href = STR_INIT("/things/archive"), .permission = "thing.edit"},
    {.label = NULL},
};

static int things = 5;

/* Two rows a page, of the states in turn. */
static enum rc fill(struct req *r, struct ui_list *list)
{
    const struct things_query *query = form(r);
    int64_t from = 0;
    if (list->page.cursor.len && !str_to_i64(list->page.cursor, &from))
        return RC_INVALID;
    int i = (int)from;
    for (; i < things && list->rows.len < 2; i++) {
        struct str state = str_of(states[i % 3]);
        bool is_in = query->state.len == 0;
        for (size_t n = 0; n < query->state.len; n++)
            is_in = is_in || str_eq(query->state.at[n], state);
        if (!is_in)
            continue;
        struct ui_cell *cells = ui_list_row(list, str_printf(r->op->arena, "thg_%d", i));
        cells[COL_NAME] = ui_cell_text(str_printf(r->op->arena, "Thing %d", i));
        cells[COL_STATE] = ui_cell_state(state);
        cells[COL_NOTE] = ui_cell_text(STR("noted"));
    }
    if (i < things)
        list->next = str_printf(r->op->arena, "%d", i);
    return RC_OK;
}

static const struct ui_list_spec spec = {.name = "things",
                                         .title = "Things",
                                         .columns = columns,
                                         .columns_len = COLS,
                                         .filters = filters,
                                         .filters_len = LEN(filters),
                                         .sorts = sorts,
                                         .bulk = bulk,
                                         .has_all = true,
                                         .fill = fill};

static enum rc page_things(struct req *r)
{
    return ui_list_page(r, &spec);
}

struct archive_form {
    UI_CHOSEN_MEMBERS;
};
static const struct field archive_fields[] = {UI_CHOSEN_FIELDS(archive_form), FIELDS_END};

static void names_json(struct json_writer *w, const struct ui_chosen *v)
{
    json_object(w);
    json_pair_str(w, "filters", v->filters_words);
    json_key(w, "ids");
    json_array(w);
    for (size_t i = 0; i < v->ids.len; i++)
        json_put_str(w, v->ids.at[i]);
    json_array_end(w);
    json_object_end(w);
}

static enum rc page_archive(struct req *r)
{
    struct ui_chosen chosen;
    TRY(ui_list_chosen(r, &spec, "/things", &chosen));
    return JSON(r, names, &chosen);
}

static const struct route routes[] = {
    ROUTE(GET, "/things", page_things, "thing.see", FORM(things_query, things_fields)),
    ROUTE(POST, "/things/archive", page_archive, "thing.edit", FORM(archive_form, archive_fields)),
    {0}};
static const struct http_hooks hooks = {.shell = ui_shell};

static void open_things(struct fx *x, struct fixture *f)
{
    fx_open(x, f, (const struct route *const[]){routes, ui_routes, NULL}, &hooks);
}

static const char *const everything[] = {"*", NULL};

static void remembered_columns(struct fixture *f)
{
    struct fx x;
    open_things(&x, f);
    struct actor one = fx_staff(1, everything), two = fx_staff(2, everything);
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "Draft") && !fx_has(&x, "noted"), "at first the usual columns are shown");
    is_i64(fx_post(&x, &one, "/columns", "list=things&cols=note&back=%2Fthings%3Fstate%3Ddraft"),
           303, "columns are chosen");
    ok(str_eq(fx_header(&x, "Location"), STR("/things?state=draft")), "and the list comes back");
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "noted") && fx_has(&x, "Thing 0") && !fx_has(&x, "k-state"),
       "they are found again, and the name is always there");
    fx_get(&x, &one, "/things?export=csv");
    ok(fx_has(&x, "Name,Note"), "a file has what is shown");
    fx_get(&x, &one, "/things?cols=state");
    ok(!fx_has(&x, "noted"), "an address that names columns means these");
    fx_get(&x, &two, "/things");
    ok(!fx_has(&x, "noted"), "another person has own ones");
    fx_post(&x, &one, "/columns", "list=things&cols=note&cols=state&back=%2Fthings");
    fx_get(&x, &one, "/things?export=csv");
    ok(fx_has(&x, "Name,Note,State"), "they stand in the order in which they were chosen");
    fx_post(&x, &one, "/columns", "list=things&cols=note&cols=state&up=state&back=%2Fthings");
    ok(str_eq(fx_header(&x, "Location"), STR("/things#col-state")),
       "a button moves one, and the list is opened there again");
    fx_get(&x, &one, "/things?export=csv");
    ok(fx_has(&x, "Name,State,Note"), "to the left");
    fx_post(&x, &one, "/columns", "list=things&cols=state&cols=note&up=state&back=%2Fthings");
    fx_post(&x, &one, "/columns", "list=things&cols=state&cols=note&down=state&back=%2Fthings");
    fx_get(&x, &one, "/things?export=csv");
    ok(fx_has(&x, "Name,Note,State"), "beyond the first nothing moves; and to the right");
    fx_get(&x, &one, "/things?cols=state&cols=note");
    ok(fx_has(&x, "name=\"query\" value=\"cols=name&amp;cols=state&amp;cols=note\""),
       "an address has its order too, and a saved view keeps it");
    fx_post(&x, &one, "/columns", "list=things&cols=note&reset=1&back=%2Fthings");
    fx_get(&x, &one, "/things");
    ok(!fx_has(&x, "noted") && fx_has(&x, "k-state"), "they can be forgotten");
    is_i64(fixture_i64(f, "select count(*) from ui_choice"), 0, "and nothing of them stays");
    fx_done(&x);
}

static void counted_views(struct fixture *f)
{
    struct fx x;
    static int64_t people = 200; /* counts of other people are kept apart */
    open_things(&x, f);
    struct actor one = fx_staff(++people, everything);
    fx_post(&x, &one, "/views", "list=things&name=Stopped&query=state%3Dsuspended&back=%2Fthings");
    fx_post(&x, &one, "/views", "list=things&name=Drafts&query=state%3Ddraft&back=%2Fthings");
    fx_post(&x, &one, "/views",
            "list=things&name=Old&query=state%3Ddraft%26gone%3D1&back=%2Fthings");
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "Stopped<span class=\"k-count\">1</span>"), "a view says how many it shows");
    ok(fx_has(&x, "Drafts<span class=\"k-count\">2+</span>"),
       "or that there are more than were counted");
    ok(fx_has(&x, ">Old</a>"), "one whose filter is gone has no figure");
    things = 8;
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "Drafts<span class=\"k-count\">2+</span>"), "it is not counted for every page");
    things = 5;
    fx_done(&x);
}

static void many_views(struct fixture *f)
{
    struct fx x;
    static int64_t people = 300; /* counts of other people are kept apart */
    open_things(&x, f);
    struct actor one = fx_staff(++people, everything);
    for (int i = 0; i < 9; i++) {
        char body[200];
        (void)snprintf(body, sizeof body,
                       "list=things&name=View+%d&query=state%%3Dactive&back=%%2Fthings", i);
        fx_post(&x, &one, "/views", body);
    }
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "View 5<span class=\"k-count\">2</span>") && fx_has(&x, ">View 6</a>"),
       "of many views some are counted with this page");
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "View 8<span class=\"k-count\">2</span>"), "and the others with the next");
    fx_done(&x);
}

static void several_values(struct fixture *f)
{
    struct fx x;
    open_things(&x, f);
    struct actor one = fx_staff(1, everything);
    fx_get(&x, &one, "/things?state=draft&state=active");
    ok(fx_has(&x, "Thing 0") && fx_has(&x, "Thing 1"), "a filter takes several values");
    ok(fx_has(&x, "State <b>Draft, Active</b>"), "and its chip names them");
    ok(fx_has(&x, "value=\"draft\" checked") && !fx_has(&x, "value=\"suspended\" checked"),
       "their boxes are marked");
    ok(fx_has(&x, "href=\"/things?state=draft&amp;state=active&amp;after=2\""),
       "the next page keeps them all");
    ok(fx_has(&x, "name=\"query\" value=\"state=draft&amp;state=active\""), "so does a saved view");
    fx_get(&x, &one, "/things?state=draft&state=draft&state=");
    ok(fx_has(&x, "State <b>Draft</b>"), "one twice or empty counts once");
    fx_done(&x);
}

static void all_rows(struct fixture *f)
{
    struct fx x;
    open_things(&x, f);
    struct actor one = fx_staff(1, everything),
                 reader = fx_staff(2, (const char *const[]){"thing.edit", NULL});
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "name=\"all\"") && fx_has(&x, "Select all that match"),
       "a list of several pages offers all of it");
    fx_get(&x, &one, "/things?state=suspended");
    ok(!fx_has(&x, "name=\"all\""), "a list of one page needs no more than its own box");
    fx_post(&x, &one, "/things/archive", "ids=thg_1&ids=thg_4&back=%2Fthings");
    ok(fx_has(&x, "\"ids\":[\"thg_1\",\"thg_4\"]"), "marked rows are those that were marked");
    fx_post(&x, &one, "/things/archive", "ids=thg_1&all=1&back=%2Fthings");
    ok(fx_has(&x, "[\"thg_0\",\"thg_1\",\"thg_2\",\"thg_3\",\"thg_4\"]"),
       "all are those of every page");
    fx_post(&x, &one, "/things/archive",
            "all=1&back=%2Fthings%3Fstate%3Ddraft%26state%3Dsuspended%26after%3D3");
    ok(fx_has(&x, "[\"thg_0\",\"thg_2\",\"thg_3\"]"),
       "of the filters, whatever page was being looked at");
    ok(fx_has(&x, "State: Draft, Suspended"), "and the filters are said in words");
    things = 7;
    fx_post(&x, &one, "/things/archive", "all=1&back=%2Fthings%3Fstate%3Ddraft");
    ok(fx_has(&x, "[\"thg_0\",\"thg_3\",\"thg_6\"]"),
       "found when it is done, not when it was shown");
    things = 5;
    is_i64(fx_post(&x, &one, "/things/archive", "all=1&back=%2Fother%3Fstate%3Ddraft"), 422,
           "an address of another page is refused");
    is_i64(fx_post(&x, &one, "/things/archive", "all=1&back=%2Fthings%3Fnonsense%3D1"), 422,
           "so is a filter that the list does not have");
    is_i64(fx_post(&x, &reader, "/things/archive", "all=1&back=%2Fthings"), 403,
           "who may not see the list cannot take all of it");
    fx_done(&x);
}

/* ---- days ---- */

static void days(struct fixture *f)
{
    struct fx x;
    open_things(&x, f);
    struct actor one = fx_staff(1, everything);
    is_i64(fx_get(&x, &one, "/things?from=5+Oct+2026"), 200,
           "a day is taken as the language has it");
    ok(fx_has(&x, "value=\"5 Oct 2026\"") && fx_has(&x, "name=\"query\" value=\"from=2026-10-05\""),
       "shown in that form, and kept in the one that every language reads");
    fx_get(&x, &one, "/things?from=2026-10-05");
    ok(fx_has(&x, "value=\"5 Oct 2026\""), "which comes back in words");
    is_i64(fx_get(&x, &one, "/things?from=5%2F10%2F2026"), 422,
           "what can be read twice is refused");
    ok(fx_has(&x, "31 Oct 2026"), "and the message shows the form");
    fx_done(&x);
}

/* ---- navigation ---- */

static int64_t waiting, asked;

static enum rc count_waiting(struct op *op, int64_t limit, int64_t *out)
{
    (void)op;
    asked++;
    *out = waiting < limit ? waiting : limit;
    return RC_OK;
}

static void navigation(struct fixture *f)
{
    struct fx x;
    static int64_t people = 100; /* figures of other people are kept apart */
    people += 10;
    open_things(&x, f);
    struct actor one = fx_staff(people + 1, everything),
                 other = fx_staff(people + 2, (const char *const[]){"thing.see", NULL});
    waiting = 14;
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "<span aria-hidden=\"true\">14</span><span class=\"k-hide\">14 waiting</span>"),
       "what waits stands beside its section, for readers in words");
    int64_t before = asked;
    waiting = 3;
    fx_get(&x, &one, "/things");
    is_i64(asked, before, "and is not counted for every page");
    fx_get(&x, &other, "/things");
    is_i64(asked, before, "nor for whoever may not see the page");
    ok(!fx_has(&x, "waiting"), "who sees no figure");
    waiting = 0;
    struct actor third = fx_staff(people + 3, everything);
    fx_get(&x, &third, "/things");
    ok(!fx_has(&x, "k-count"), "nothing waits: no figure");
    waiting = 5000;
    struct actor fourth = fx_staff(people + 4, everything);
    fx_get(&x, &fourth, "/things");
    ok(fx_has(&x, ">99+<"), "over a hundred is as good as a hundred");

    ok(fx_has(&x, "class=\"k-shell\""), "the navigation has words");
    is_i64(fx_post(&x, &one, "/preferences", "nav=rail&back=%2Fthings"), 303,
           "until it is narrowed");
    fx_get(&x, &one, "/things");
    ok(fx_has(&x, "class=\"k-shell is-rail\"") && fx_has(&x, "<span>Partners</span>"),
       "then it has icons, and words for readers");
    fx_get(&x, &fourth, "/things");
    ok(!fx_has(&x, "is-rail"), "for this person only");
    fx_post(&x, &one, "/preferences", "nav=words&back=%2Fthings");
    fx_get(&x, &one, "/things");
    ok(!fx_has(&x, "is-rail"), "and back");
    fx_done(&x);
}

int main(void)
{
    static const struct ui_page pages[] = {
        {UI_PARTNERS, "Things", "/things", "thing.see"},
        {UI_PARTNERS, "Waiting", "/things?state=draft", "thing.edit"},
    };
    static const struct ui_counter counters[] = {
        {"/things?state=draft", "{0} waiting", count_waiting}};
    permission_declare(permissions, LEN(permissions));
    ui_pages_declare(pages, LEN(pages));
    ui_counters_declare(counters, LEN(counters));
    fixture_each(remembered_columns);
    fixture_each(counted_views);
    fixture_each(many_views);
    fixture_each(several_values);
    fixture_each(all_rows);
    fixture_each(days);
    fixture_each(navigation);
    return done_testing();
}
