/* Pages of partners through the router: the directory with its filters, orders and pages, forms
 * that keep what was typed, two editors, bulk changes, the portal, the API. */
#include "partner/partner_scene.h"

static const struct route *const routes[] = {partner_routes,
                                             partner_form_routes,
                                             partner_page_routes,
                                             partner_step_routes,
                                             partner_bulk_routes,
                                             partner_part_routes,
                                             partner_group_routes,
                                             partner_outlet_routes,
                                             partner_portal_routes,
                                             attribute_routes,
                                             NULL};

struct stage {
    struct fx x;
    struct scene s;
    struct actor staff;
    struct fixture *f;
};

static void stage_open(struct stage *t, struct fixture *f)
{
    *t = (struct stage){.f = f};
    scene_set(f, &t->s);
    fx_open(&t->x, f, routes, NULL);
    t->staff = fx_staff(5, (const char *const[]){"*", NULL});
    t->staff.has_all_branches = true;
}

/* The pattern with the partner's id in place of its %s. */
static const char *path(struct stage *t, const char *pattern, int64_t id)
{
    struct str rest = str_of(pattern), head = str_cut(&rest, '%');
    return str_c(t->f->arena, str_printf(t->f->arena, STR_FMT "%s" STR_FMT, STR_ARG(head),
                                         prt(id).text, STR_ARG(str_sub(rest, 1, rest.len))));
}

static int get(struct stage *t, const char *target)
{
    return fx_get(&t->x, &t->staff, target);
}

static int post(struct stage *t, const char *target, const char *body)
{
    return fx_post(&t->x, &t->staff, target, body);
}

/* ---- the directory ---- */

enum { MANY = 60 };

/* Equal names and equal days: only the id tells rows apart. */
static void many(struct stage *t)
{
    for (int i = 0; i < MANY; i++) {
        char code[20], name[20];
        (void)snprintf(code, sizeof code, "C-%d", i);
        (void)snprintf(name, sizeof name, "Name %d", i / 7);
        int64_t id = scene_partner(t->f, i % 3 ? t->s.north : t->s.south, code, name);
        struct partner_sold sold = {id, FIXTURE_NOW - (i % 5) * US_DAY};
        if (i % 4 == 0 && partner_tag_add(&t->f->op, id, STR("tagged")) != RC_OK)
            ok(false, "a tag");
        if (i % 2 && partner_sold(&t->f->op, &sold, 1) != RC_OK)
            ok(false, "a sale");
    }
}

static size_t rows_on_page(const struct stage *t)
{
    size_t rows = 0;
    struct str body = t->x.answer.body;
    for (size_t at = str_find(body, STR("name=\"ids\""), 0); at != SIZE_MAX;
         at = str_find(body, STR("name=\"ids\""), at + 1))
        rows++;
    return rows;
}

/* Walks all pages by their links; how many rows there were, and no row twice. */
static size_t walk(struct stage *t, const char *first, const char *rel, bool *out_is_twice)
{
    struct map *seen = map_new(t->f->arena);
    char target[2000];
    size_t rows = 0;
    (void)snprintf(target, sizeof target, "%s", first);
    for (int page = 0; page < 30; page++) {
        if (get(t, target) != 200)
            return 0;
        rows += rows_on_page(t);
        struct str body = t->x.answer.body, mark = STR("name=\"ids\" value=\"");
        for (size_t at = str_find(body, mark, 0); at != SIZE_MAX;
             at = str_find(body, mark, at + 1)) {
            void **slot = map_put(seen, str_dup(t->f->arena, str_sub(body, at + mark.len, 20)));
            *out_is_twice = *out_is_twice || *slot;
            *slot = t;
        }
        size_t at = str_find(body, str_printf(t->f->arena, "rel=\"%s\" href=\"", rel), 0);
        if (at == SIZE_MAX)
            return rows;
        struct str rest = str_sub(body, at, 2000);
        (void)str_cut(&rest, '"');
        (void)str_cut(&rest, '"');
        (void)str_cut(&rest, '"');
        struct str link = str_cut(&rest, '"');
        size_t n = 0;
        for (size_t i = 0; i < link.len && n + 1 < sizeof target; i++) {
            target[n++] = link.at[i];
            if (str_starts(str_sub(link, i, 5), STR("&amp;")))
                i += 4;
        }
        target[n] = '\0';
    }
    return 0;
}

static void directory(struct fixture *f)
{
    static const struct {
        const char *query;
        size_t rows;
    } cases[] = {{"", 60},
                 {"state=active", 60},
                 {"state=suspended", 0},
                 {"tag=tagged", 15},
                 {"tax=yes", 0},
                 {"tax=no", 60},
                 {"q=name+3", 7},
                 {"q=c-1", 11},
                 {"q=zz", 0},
                 {"tag=tagged&q=Name", 15},
                 {"state=active&state=prospect", 60},
                 {"state=suspended&state=rejected", 0},
                 {"tag=tagged&tag=other", 15},
                 {"state=archived", 0}};
    static const char *const sorts[] = {"name", "created", "last_sale", "code"};
    struct stage t;
    stage_open(&t, f);
    many(&t);
    for (size_t i = 0; i < LEN(cases); i++)
        for (size_t k = 0; k < LEN(sorts) * 2; k++) {
            bool is_twice = false;
            const char *target =
                str_c(f->arena, str_printf(f->arena, "/partners?%s&sort=%s&limit=7&dir=%s",
                                           cases[i].query, sorts[k / 2], k % 2 ? "desc" : "asc"));
            size_t rows = walk(&t, target, "next", &is_twice);
            if (rows != cases[i].rows || is_twice)
                ok(false, target);
        }
    ok(true, "every filter in every order shows each row once, page after page");
    bool is_twice = false;
    (void)walk(&t, "/partners?sort=last_sale&limit=7", "next", &is_twice);
    struct str last = fx_between(&t.x, "rel=\"prev\" href=\"", "\"");
    ok(last.len > 0, "the last page leads back");
    char target[2000];
    size_t n = 0;
    for (size_t i = 0; i < last.len; i++) {
        target[n++] = last.at[i];
        if (str_starts(str_sub(last, i, 5), STR("&amp;")))
            i += 4;
    }
    target[n] = '\0';
    is_i64((int64_t)walk(&t, target, "prev", &is_twice), 56,
           "backwards there are all the rows before it");
    t.staff.has_all_branches = false;
    struct actor south = scene_staff_of(f, 50, t.s.south);
    t.staff = south;
    is_twice = false;
    is_i64((int64_t)walk(&t, "/partners?limit=7", "next", &is_twice), 20,
           "staff of a branch see its partners only");
    fx_done(&t.x);
}

static void exporting(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    many(&t);
    is_i64(get(&t, "/partners?export=csv&tag=tagged"), 200, "the list is exported");
    ok(fx_has(&t.x, "C-0") && fx_has(&t.x, "C-4") && !fx_has(&t.x, "C-1,"),
       "exactly as it is filtered");
    struct actor reader = fx_staff(6, (const char *const[]){"partner.read", NULL});
    reader.has_all_branches = true;
    t.staff = reader;
    is_i64(get(&t, "/partners?export=csv"), 200, "who may not export");
    ok(fx_has(&t.x, "<table"), "gets the page");
    is_i64(get(&t, "/partners/new"), 403, "who may not edit gets no form");
    fx_done(&t.x);
}

/* ---- forms ---- */

static const char *form_of(struct stage *t, const char *more)
{
    return str_c(t->f->arena, str_printf(t->f->arena, "branch_id=%s&kind=company&country=ES&%s",
                                         pid_of("brn", t->s.north).text, more));
}

static void forms(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    is_i64(get(&t, "/partners/new"), 200, "there is a form");
    is_i64(post(&t, "/partners", form_of(&t, "name=<b>Aldaba&code=a+b&email=x&tags=one")), 422,
           "a wrong one comes back");
    ok(fx_has(&t.x, "&lt;b&gt;Aldaba") && fx_has(&t.x, "value=\"a b\"") && !fx_has(&t.x, "<b>Ald"),
       "with what was typed, escaped");
    ok(fx_has(&t.x, "e-email") && fx_has(&t.x, "e-code"), "and a message at each wrong field");
    is_i64(post(&t, "/partners",
                form_of(&t, "name=<b>Aldaba&code=D-1&tags=One,+two&tax_number=A58818501")),
           303, "a right one is saved");
    int64_t id = fixture_i64(f, "select id from partner where code = 'D-1'");
    is_i64(get(&t, path(&t, "/partners/%s", id)), 200, "the partner has a page");
    ok(fx_has(&t.x, "&lt;b&gt;Aldaba") && fx_has(&t.x, "A58818501") && fx_has(&t.x, "two"),
       "with its facts, tax number and tags");
    static const char *const tabs[] = {
        "/partners/%s/relations",        "/partners/%s/outlets",       "/partners/%s/users",
        "/partners/%s/history",          "/partners/%s/edit",          "/partners/%s/block",
        "/partners/%s/addresses",        "/partners/%s/contacts/new",  "/partners/%s/relations/new",
        "/partners/%s/bank-details/new", "/partners/%s/state/approved"};
    for (size_t i = 0; i < LEN(tabs); i++)
        is_i64(get(&t, path(&t, tabs[i], id)), 200, tabs[i]);
    is_i64(get(&t, "/partners/prt_00000000000000"), 404, "a made-up partner is not there");
    is_i64(post(&t, path(&t, "/partners/%s/block", id), "is_sales_blocked=1&revision=9"), 422,
           "blocking says what is missing");
    is_i64(post(&t, path(&t, "/partners/%s/state/terminated", id), "revision=9"), 409,
           "a step that is not there is refused");
    fx_done(&t.x);
}

static void two_editors(struct fixture *f)
{
    struct stage t;
    char body[400];
    stage_open(&t, f);
    int64_t id = scene_partner(f, t.s.north, "D-1", "Aldaba");
    (void)snprintf(body, sizeof body, "name=Aldaba+Uno&code=D-1&phone=%%2B34600000001&revision=1");
    is_i64(post(&t, path(&t, "/partners/%s/edit", id), form_of(&t, body)), 303,
           "the first of two editors saves");
    (void)snprintf(body, sizeof body, "name=Aldaba+Dos&code=D-1&revision=1");
    is_i64(post(&t, path(&t, "/partners/%s/edit", id), form_of(&t, body)), 409,
           "the second is told");
    ok(fx_has(&t.x, "Aldaba Uno") && fx_has(&t.x, "Aldaba Dos") && fx_has(&t.x, "34600000001"),
       "what the first has changed, beside the own values");
    ok(fx_has(&t.x, "name=\"revision\" value=\"2\""), "and may save over it, knowing");
    (void)snprintf(body, sizeof body, "name=Aldaba+Dos&code=D-1&revision=2");
    is_i64(post(&t, path(&t, "/partners/%s/edit", id), form_of(&t, body)), 303, "which is done");
    fx_done(&t.x);
}

/* ---- many at once ---- */

static void bulk(struct fixture *f)
{
    struct stage t;
    char body[600];
    stage_open(&t, f);
    int64_t a = scene_partner(f, t.s.north, "D-1", "Aldaba");
    int64_t b = scene_partner(f, t.s.north, "D-2", "Boreal");
    (void)snprintf(body, sizeof body, "ids=%s&ids=%s&back=/partners", prt(a).text, prt(b).text);
    is_i64(post(&t, "/partners/bulk/tag", body), 200, "a bulk change asks first");
    ok(fx_has(&t.x, "Aldaba") && fx_has(&t.x, "Boreal"), "and names whom it concerns");
    (void)snprintf(body, sizeof body, "ids=%s&ids=%s&back=/partners&go=1&tag=Summer", prt(a).text,
                   prt(b).text);
    is_i64(post(&t, "/partners/bulk/tag", body), 303, "then it is done");
    is_i64(fixture_i64(f, "select count(*) from partner_tag where tag = 'summer'"), 2, "for all");
    (void)snprintf(body, sizeof body, "ids=%s&ids=%s&go=1", prt(a).text, prt(b).text);
    is_i64(post(&t, "/partners/bulk/suspend", body), 303, "partners are suspended together");
    is_i64(post(&t, "/partners/bulk/nonsense", body), 404, "what is not there is 404");
    int64_t c = scene_partner(f, t.s.north, "D-3", "Costa");
    fixture_sql(f, "update partner set state = 'terminated' where code = 'D-2'");
    (void)snprintf(body, sizeof body, "ids=%s&ids=%s&go=1", prt(c).text, prt(b).text);
    is_i64(post(&t, "/partners/bulk/suspend", body), 409, "one that cannot stops all");
    is_i64(fixture_i64(f, "select count(*) from partner where state = 'active'"), 1,
           "and nothing has changed");
    fx_done(&t.x);
}

static enum rc all_rights(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    *out = fx_staff(user_id, (const char *const[]){"*", NULL});
    out->has_all_branches = true;
    return RC_OK;
}

static void bulk_all(struct fixture *f)
{
    struct stage t;
    char body[600];
    stage_open(&t, f);
    many(&t);
    fixture_sql(f, "update partner set state = 'applied' where code like 'C-1%'");
    is_i64(get(&t, "/partners?limit=7&state=applied&state=prospect"), 200, "a filtered list");
    ok(fx_has(&t.x, "Select all 11"), "offers all of its pages, counted");
    (void)snprintf(body, sizeof body, "all=1&back=%s",
                   "%2Fpartners%3Flimit%3D7%26state%3Dapplied%26state%3Dprospect");
    is_i64(post(&t, "/partners/bulk/tag", body), 200, "which asks first");
    ok(fx_has(&t.x, "11 partners: all that match State: Applied, Prospect") &&
           fx_has(&t.x, "name=\"count\" value=\"11\"") && !fx_has(&t.x, "name=\"ids\""),
       "and says how many, of which filter");
    fixture_sql(f, "update partner set state = 'applied' where code = 'C-2'");
    size_t len = strlen(body);
    (void)snprintf(body + len, sizeof body - len, "&go=1&tag=Autumn&count=11");
    is_i64(post(&t, "/partners/bulk/tag", body), 409, "a filter that has grown asks again");
    ok(fx_has(&t.x, "name=\"count\" value=\"12\"") && fx_has(&t.x, "value=\"Autumn\""),
       "with the new number, and what was typed");
    is_i64(fixture_i64(f, "select count(*) from partner_tag where tag = 'autumn'"), 0,
           "and nothing has happened");
    (void)snprintf(body + len, sizeof body - len, "&go=1&tag=Autumn&count=12");
    is_i64(post(&t, "/partners/bulk/tag", body), 303, "confirmed it is done");
    is_i64(fixture_i64(f, "select count(*) from partner_tag where tag = 'autumn'"), 12,
           "for every page");
    t.staff.has_all_branches = false;
    t.staff = scene_staff_of(f, 50, t.s.south);
    is_i64(post(&t, "/partners/bulk/tag", "all=1&back=%2Fpartners&go=1&tag=winter&count=20"), 303,
           "staff of a branch");
    is_i64(fixture_i64(f, "select count(*) from partner_tag where tag = 'winter'"), 20,
           "change what they see and no more");
    fx_done(&t.x);
}

enum { CROWD = 1100 };

static void bulk_job(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    for (int i = 0; i < CROWD; i++) {
        char code[20];
        (void)snprintf(code, sizeof code, "C-%d", i);
        (void)scene_partner(f, t.s.north, code, "Name");
    }
    fixture_sql(f, "update partner set state = 'terminated' where code like 'C-10%'");
    int64_t ended = fixture_i64(f, "select count(*) from partner where state = 'terminated'");
    is_i64(post(&t, "/partners/bulk/suspend", "all=1&back=%2Fpartners&go=1&count=1100"), 303,
           "more than a page");
    ok(str_starts(fx_header(&t.x, "Location"), STR("/jobs/job_")), "becomes a job");
    is_i64(fixture_i64(f, "select count(*) from partner where state = 'suspended'"), 0,
           "that has not begun");
    jobs_hooks(NULL, all_rights);
    f->op.now = when_now(); /* jobs of a request are of its time */
    ok(jobs_drain(&f->op) == RC_OK, "it runs");
    is_i64(fixture_i64(f, "select count(*) from partner where state = 'suspended'"), CROWD - ended,
           "all that can be suspended are");
    is_i64(fixture_i64(f, "select count(*) from partner where state = 'terminated'"), ended,
           "those that cannot stay as they are, and hold up nobody");
    jobs_hooks(NULL, NULL);
    fx_done(&t.x);
}

/* ---- attributes, API, portal ---- */

static void attributes(struct fixture *f)
{
    struct stage t;
    int64_t region, turnover;
    stage_open(&t, f);
    struct attribute a = {.owner_kind = STR("partner"),
                          .code = STR("region"),
                          .type = STR("choice"),
                          .label_en = STR("Sales region"),
                          .label_ru = STR("Регион"),
                          .label_es = STR("Región"),
                          .choices = STR("North\nSouth"),
                          .is_shown_to_partner = true};
    struct attribute n = {.owner_kind = STR("partner"),
                          .code = STR("turnover"),
                          .type = STR("number"),
                          .label_en = STR("Turnover"),
                          .label_ru = STR("Оборот"),
                          .label_es = STR("Ventas"),
                          .min = STR("0")};
    ok(attribute_save(&f->op, &a, &region) == RC_OK &&
           attribute_save(&f->op, &n, &turnover) == RC_OK,
       "attributes are defined");
    is_i64(get(&t, "/partners/new"), 200, "the form");
    ok(fx_has(&t.x, "Sales region") && fx_has(&t.x, "attr:turnover"), "has fields for them");
    is_i64(
        post(&t, "/partners", form_of(&t, "name=Uno&code=D-1&attr:region=West&attr:turnover=-1")),
        422, "wrong values come back");
    ok(fx_has(&t.x, "e-attr:region") && fx_has(&t.x, "e-attr:turnover"), "at their fields");
    is_i64(post(&t, "/partners",
                form_of(&t, "name=Uno&code=D-1&attr:region=North&attr:turnover=1,250.50")),
           303, "right ones are saved");
    (void)scene_partner(f, t.s.north, "D-2", "Dos");
    is_i64(get(&t, "/partners?attr:region=North&cols=attr:turnover&cols=state"), 200,
           "the directory filters by them");
    ok(fx_has(&t.x, "Uno") && !fx_has(&t.x, "Dos") && fx_has(&t.x, "1,250.5"),
       "and shows them as columns");
    is_i64(get(&t, "/partners?attr:nothing=1"), 422, "an attribute that is not there is refused");
    int64_t id = fixture_i64(f, "select id from partner where code = 'D-1'");
    t.staff = fx_partner(60, id, (const char *const[]){"*", NULL});
    is_i64(get(&t, "/portal/profile"), 200, "the partner's own profile");
    ok(fx_has(&t.x, "North") && !fx_has(&t.x, "1,250.5"), "has what is shown to partners");
    fx_done(&t.x);
}

static void api(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    const char *json =
        str_c(f->arena, str_printf(f->arena,
                                   "{\"name\":\"Uno\",\"code\":\"D-1\",\"kind\":\"company\","
                                   "\"branch_id\":\"%s\",\"country\":\"ES\"}",
                                   pid_of("brn", t.s.north).text));
    is_i64(fx_api(&t.x, &t.staff, "POST", "/api/v1/partners", json), 201, "a partner is made");
    ok(fx_has(&t.x, "\"id\":\"prt_"), "and its id comes back");
    is_i64(fx_api(&t.x, &t.staff, "POST", "/api/v1/partners", json), 409, "a code is unique");
    int64_t id = fixture_i64(f, "select id from partner where code = 'D-1'");
    is_i64(fx_api(&t.x, &t.staff, "GET", path(&t, "/api/v1/partners/%s", id), NULL), 200, "read");
    ok(fx_has(&t.x, "\"state\":\"prospect\"") && fx_has(&t.x, "\"revision\":1"), "with its state");
    is_i64(fx_api(&t.x, &t.staff, "GET", "/api/v1/partners?limit=1", NULL), 200, "listed");
    ok(fx_has(&t.x, "\"next_cursor\"") && fx_has(&t.x, "\"code\":\"D-1\""), "by cursor");
    is_i64(fx_api(&t.x, &t.staff, "POST", path(&t, "/api/v1/partners/%s/state/active", id),
                  "{\"revision\":1}"),
           200, "its state is changed by revision");
    is_i64(fx_api(&t.x, &t.staff, "POST", path(&t, "/api/v1/partners/%s/state/suspended", id),
                  "{\"revision\":1}"),
           409, "an old one is refused");
    struct actor nobody = {.kind = ACTOR_NOBODY};
    is_i64(fx_api(&t.x, &nobody, "GET", "/api/v1/partners", NULL), 401, "nobody gets nothing");
    fx_done(&t.x);
}

static void portal(struct fixture *f)
{
    struct stage t;
    int64_t account;
    stage_open(&t, f);
    int64_t id = scene_partner(f, t.s.north, "D-1", "Aldaba");
    int64_t other = scene_partner(f, t.s.north, "D-2", "Boreal");
    struct partner_bank b = {.partner_id = id,
                             .bank = {.kind = ORG_BANK_IBAN,
                                      .bank_name = STR("Banco"),
                                      .number = STR("ES9121000418450200051332"),
                                      .currency = STR("EUR")}};
    ok(partner_bank_save(&f->op, &b, &account) == RC_OK, "bank details");
    t.staff = fx_partner(60, id, (const char *const[]){"portal.profile.read", NULL});
    is_i64(get(&t, "/portal/profile"), 200, "a partner has a profile");
    ok(fx_has(&t.x, "Aldaba") && fx_has(&t.x, "…1332") && !fx_has(&t.x, "21000418"),
       "with the tail of its account");
    is_i64(get(&t, "/partners"), 403, "and no directory");
    is_i64(get(&t, path(&t, "/partners/%s", other)), 403, "nor anybody else's page");
    fx_done(&t.x);
}

static void other_pages(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    static const char *const pages[] = {"/groups",
                                        "/groups/new",
                                        "/settings/levels",
                                        "/outlets",
                                        "/settings/levels/new",
                                        "/outlets/new",
                                        "/settings/attributes",
                                        "/settings/attributes/new"};
    for (size_t i = 0; i < LEN(pages); i++)
        is_i64(get(&t, pages[i]), 200, pages[i]);
    is_i64(post(&t, "/groups", "name=Very+important&code=VIP"), 303, "a group is added");
    is_i64(post(&t, "/groups", "name=Again&code=VIP"), 409, "not twice");
    ok(fx_has(&t.x, "value=\"Again\""), "what was typed stays");
    is_i64(post(&t, "/settings/levels", "name=Gold&code=gold&position=3"), 303, "a level");
    is_i64(post(&t, "/settings/attributes",
                "owner_kind=partner&type=number&code=2x&label_en=A&label_ru=B&label_es=C"),
           422, "an attribute's code is a name");
    (void)scene_partner(f, t.s.north, "D-1", "Aldaba");
    is_i64(post(&t, "/outlets", "name=Station&code=O-1&partner=D-9"), 422,
           "an outlet needs its partner");
    is_i64(post(&t, "/outlets", "name=Station&code=O-1&partner=D-1&address_country=ES"), 303,
           "an outlet is added");
    struct str at = str_printf(f->arena, "/api/v1" STR_FMT, STR_ARG(fx_header(&t.x, "Location")));
    is_i64(fx_api(&t.x, &t.staff, "GET", str_c(f->arena, at), NULL), 200, "the API reads it");
    ok(fx_has(&t.x, "\"address_country\":\"ES\"") && fx_has(&t.x, "\"address_line\":\"\""),
       "with every part of its address");
    is_i64(get(&t, "/outlets?q=stat"), 200, "and found");
    ok(fx_has(&t.x, "Station") && fx_has(&t.x, "Aldaba"), "with its partner");
    fx_done(&t.x);
}

int main(void)
{
    scene_declare();
    job_kind_declare(partner_job_kinds);
    fixture_each(directory);
    fixture_each(exporting);
    fixture_each(forms);
    fixture_each(two_editors);
    fixture_each(bulk);
    fixture_each(bulk_all);
    fixture_each(bulk_job);
    fixture_each(attributes);
    fixture_each(api);
    fixture_each(portal);
    fixture_each(other_pages);
    return done_testing();
}
