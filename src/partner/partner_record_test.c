/* The pages of records of partner's own kinds: contacts and bank details that go back to their
 * partner, outlets, groups, levels, and the archiving of a partner. The rules that hold for every
 * kind are tested by ui; here, that each kind is declared right, on the database. */
#include "partner/partner_scene.h"

static const struct route *const routes[] = {partner_form_routes,   partner_page_routes,
                                             partner_part_routes,   partner_group_routes,
                                             partner_outlet_routes, NULL};

struct stage {
    struct fx x;
    struct fixture *f;
    struct actor staff, reader, stranger;
    int64_t partner, foreign;
};

static void stage_open(struct stage *t, struct fixture *f)
{
    struct scene s;
    *t = (struct stage){.f = f};
    scene_set(f, &s);
    t->partner = scene_partner(f, s.north, "D-1", "Aldaba");
    t->foreign = scene_partner(f, s.south, "D-2", "Boreal");
    fixture_sql(f, "update partner set state = 'suspended'");
    fx_open(&t->x, f, routes, NULL);
    t->staff = fx_staff(5, (const char *const[]){"*", NULL});
    t->staff.has_all_branches = true;
    t->reader = fx_staff(6, (const char *const[]){"partner.read", NULL});
    t->reader.has_all_branches = true;
    t->stranger = scene_staff_of(f, 77, s.north);
}

static struct str target(struct stage *t, const char *path, struct pid id, const char *tail)
{
    return ui_url(&t->f->op, path, id, tail);
}

static int post(struct stage *t, const struct actor *actor, struct str to, const char *body)
{
    return fx_post(&t->x, actor, to.at, body);
}

static int get(struct stage *t, const struct actor *actor, struct str to)
{
    return fx_get(&t->x, actor, to.at);
}

static void archiving_a_partner(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    struct str archive = target(&t, "/partners", prt(t.partner), "/archive");
    struct str restore = target(&t, "/partners", prt(t.partner), "/restore");
    is_i64(get(&t, &t.staff, archive), 200, "a partner is asked about");
    ok(fx_has(&t.x, "Archive the partner?") && fx_has(&t.x, "Aldaba"), "by name");
    is_i64(post(&t, &t.reader, archive, "revision=1"), 403, "who may only read does not archive");
    is_i64(post(&t, &t.stranger, target(&t, "/partners", prt(t.foreign), "/archive"), "revision=1"),
           404, "nor who does not see it");
    is_i64(post(&t, &t.staff, archive, "revision=9"), 409, "another revision is not archived");
    is_i64(post(&t, &t.staff, restore, "revision=1"), 303, "restoring a live one does nothing");
    is_i64(post(&t, &t.staff, archive, "revision=1"), 303, "it is archived");
    is_str(fx_header(&t.x, "Location"), target(&t, "/partners", prt(t.partner), "").at,
           "and shown");
    is_i64(post(&t, &t.staff, archive, "revision=2"), 303, "twice");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'partner.archive'"), 1,
           "is once in the journal");
    is_i64(post(&t, &t.staff, restore, "revision=2"), 303, "it is restored");
    is_i64(fixture_i64(f, "select count(*) from partner where archived_at is null"), 2, "indeed");
    fx_done(&t.x);
}

static void contacts(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    struct str home = target(&t, "/partners", prt(t.partner), "");
    struct str add = target(&t, "/partners", prt(t.partner), "/contacts");
    is_i64(get(&t, &t.staff, target(&t, "/partners", prt(t.partner), "/contacts/new")), 200,
           "a contact has a form");
    ok(fx_has(&t.x, add.at) && fx_has(&t.x, "Aldaba"), "that goes to its partner");
    is_i64(post(&t, &t.staff, add, "name="), 422, "a name is needed");
    is_i64(post(&t, &t.staff, add, "name=Ana"), 303, "it is added");
    is_str(fx_header(&t.x, "Location"), home.at, "and the partner shown");
    int64_t id = fixture_i64(f, "select id from partner_contact");
    struct str edit = target(&t, "/contacts", con(id), "/edit");
    struct str archive = target(&t, "/contacts", con(id), "/archive");
    is_i64(get(&t, &t.staff, edit), 200, "it is edited");
    ok(fx_has(&t.x, "value=\"Ana\"") && fx_has(&t.x, archive.at), "or archived");
    is_i64(post(&t, &t.staff, edit, "name=Ana+B&revision=1"), 303, "one saves");
    is_i64(post(&t, &t.staff, edit, "name=Ana+C&revision=1"), 409, "another does not");
    ok(fx_has(&t.x, "value=\"Ana C\"") && fx_has(&t.x, "name=\"revision\" value=\"2\""),
       "but may after a look");
    is_i64(post(&t, &t.reader, edit, "name=Ana+C&revision=2"), 403, "a reader never");
    is_i64(post(&t, &t.staff, archive, "revision=2"), 303, "it is put away");
    is_str(fx_header(&t.x, "Location"), home.at, "back to the partner");
    is_i64(post(&t, &t.staff, archive, "revision=3"), 303, "twice is no mistake");
    is_i64(fixture_i64(f, "select revision from partner_contact"), 3, "and no change");
    is_i64(get(&t, &t.staff, edit), 200, "its form");
    ok(!fx_has(&t.x, "/restore"), "offers no way back, for there is none");
    fx_done(&t.x);
}

static void bank_details(struct fixture *f)
{
    static const char account[] =
        "kind=iban&bank_name=Caja&number=ES9121000418450200051332&currency=EUR";
    struct stage t;
    char body[200];
    stage_open(&t, f);
    struct str add = target(&t, "/partners", prt(t.partner), "/bank-details");
    is_i64(get(&t, &t.staff, target(&t, "/partners", prt(t.partner), "/bank-details/new")), 200,
           "an account has a form");
    ok(fx_has(&t.x, "IBAN") && fx_has(&t.x, add.at), "of the kind of its country");
    is_i64(post(&t, &t.staff, add, account), 303, "it is added");
    int64_t id = fixture_i64(f, "select id from partner_bank");
    struct str edit = target(&t, "/bank-details", bnk(id), "/edit");
    struct str archive = target(&t, "/bank-details", bnk(id), "/archive");
    is_i64(get(&t, &t.staff, edit), 200, "it is edited");
    ok(fx_has(&t.x, "Caja") && !fx_has(&t.x, "ES9121000418450200051332"),
       "without the number being shown");
    (void)snprintf(body, sizeof body, "%s&revision=7", account);
    is_i64(post(&t, &t.staff, edit, body), 409, "by its revision");
    is_i64(post(&t, &t.reader, archive, "revision=1"), 403, "only by who may see bank details");
    is_i64(post(&t, &t.staff, archive, "revision=7"), 409, "an older one is not put away");
    is_i64(post(&t, &t.staff, archive, "revision=1"), 303, "this one is");
    is_str(fx_header(&t.x, "Location"), target(&t, "/partners", prt(t.partner), "").at,
           "back to the partner");
    fx_done(&t.x);
}

static void outlets(struct fixture *f)
{
    struct stage t;
    char body[300];
    stage_open(&t, f);
    (void)snprintf(body, sizeof body, "/outlets/new?partner=%s", prt(t.partner).text);
    is_i64(fx_get(&t.x, &t.staff, body), 200, "the form of an outlet");
    ok(fx_has(&t.x, "value=\"D-1\"") &&
           fx_has(&t.x, target(&t, "/partners", prt(t.partner), "/outlets").at),
       "knows from which partner one came");
    is_i64(fx_post(&t.x, &t.staff, "/outlets", "name=A&code=O-1&partner=D-9"), 422,
           "its partner is there");
    is_i64(fx_post(&t.x, &t.staff, "/outlets",
                   "name=A&code=O-1&partner=D-1&opened=2026-01-01&closed=2026-02-01"),
           303, "it is added");
    int64_t id = fixture_i64(f, "select id from outlet");
    is_i64(get(&t, &t.reader, target(&t, "/outlets", out_(id), "")), 200, "it has a page");
    ok(fx_has(&t.x, "Aldaba") && fx_has(&t.x, "Closed") && !fx_has(&t.x, "/edit\""),
       "with its partner and state, for a reader without buttons");
    is_i64(
        post(&t, &t.staff, target(&t, "/outlets", out_(id), "/edit"), "name=B&code=O-1&revision=1"),
        303, "one editor");
    is_i64(
        post(&t, &t.staff, target(&t, "/outlets", out_(id), "/edit"), "name=C&code=O-1&revision=1"),
        409, "and another");
    ok(fx_has(&t.x, "value=\"D-1\""), "whose form still names the partner");
    is_i64(post(&t, &t.staff, target(&t, "/outlets", out_(id), "/archive"), "revision=2"), 303,
           "it is archived");
    is_i64(get(&t, &t.staff, target(&t, "/outlets", out_(id), "")), 200, "its page");
    ok(fx_has(&t.x, "/restore"), "offers the way back");
    fx_done(&t.x);
}

static void groups_and_levels(struct fixture *f)
{
    struct stage t;
    stage_open(&t, f);
    is_i64(fx_post(&t.x, &t.staff, "/groups", "name=Best&code=best"), 303, "a group is added");
    int64_t group = fixture_i64(f, "select id from partner_group");
    is_i64(post(&t, &t.staff, target(&t, "/groups", grp(group), "/archive"), "revision=1"), 303,
           "and archived");
    is_i64(get(&t, &t.staff, target(&t, "/groups", grp(group), "")), 200, "it keeps its page");
    ok(fx_has(&t.x, "Best") && fx_has(&t.x, "/restore"), "and can be restored");
    is_i64(fx_get(&t.x, &t.staff, "/settings/levels/new"), 200, "a level has a form");
    ok(fx_has(&t.x, "name=\"position\"") && fx_has(&t.x, "value=\"1\""), "for the next step");
    is_i64(fx_post(&t.x, &t.staff, "/settings/levels", "name=Gold&code=gold&position=1"), 303,
           "it is added");
    is_str(fx_header(&t.x, "Location"), "/settings/levels", "and the ladder shown");
    int64_t level = fixture_i64(f, "select id from partner_level where code = 'gold'");
    struct str edit = target(&t, "/settings/levels", lvl(level), "");
    is_i64(post(&t, &t.staff, edit, "name=Golden&code=gold&position=1&revision=1"), 303, "saved");
    is_i64(post(&t, &t.staff, edit, "name=Silver&code=gold&position=1&revision=1"), 409,
           "not over somebody else's change");
    ok(fx_has(&t.x, "Golden") && fx_has(&t.x, "Silver"), "which is shown beside one's own");
    fx_done(&t.x);
}

int main(void)
{
    scene_declare();
    fixture_each(archiving_a_partner);
    fixture_each(contacts);
    fixture_each(bank_details);
    fixture_each(outlets);
    fixture_each(groups_and_levels);
    return done_testing();
}
