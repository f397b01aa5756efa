/* Pages of contracts: who may see and change them, forms that keep what was typed, the portal. */
#include "contract/contract_scene.h"
#include "contract/contract_web.h"
#include "tests/fixture_http.h"

static const char *const reads[] = {"contract.read", NULL};
static const char *const edits[] = {"contract.read", "contract.edit", "scheme.read", NULL};
static const char *const exports[] = {"contract.read", "contract.export", NULL};
static const char *const owns[] = {"contract.own", NULL};
static const char *const none[] = {NULL};

/* The form of a version, all but schemes and values. */
#define TERMS                                                                                      \
    "from_day=2026-01-01&currency=EUR&pay_currency=EUR&period_kind=month&vat_mode=none&"           \
    "documents_by=partner&due_days=10"

static void begin(struct fixture *f, struct fx *x, struct scene *s)
{
    static const struct route *const routes[] = {contract_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    pid_key_set(key);
    when_clock_set(f->op.now);
    scene_set(f, s);
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values "
                   "(1, 1, 2, 'a@x.example', 'a@x.example', 'A', 'a', 'a', 'en', true, 0), "
                   "(2, 1, 2, 'b@x.example', 'b@x.example', 'B', 'b', 'b', 'en', true, 0)");
    fx_open(x, f, routes, NULL);
}

static const char *text(struct fixture *f, struct str s)
{
    return str_c(f->arena, s);
}

static const char *path(struct fixture *f, int64_t id, const char *tail)
{
    return text(f, contract__href(&f->op, id, tail));
}

/* An active contract with one scheme and one individual value. */
static int64_t live(struct fixture *f, const struct scene *s, const char *code)
{
    int64_t id = scene_contract(f, s, code, day(2026, 1, 1), CONTRACT_NO_END), version;
    struct contract_term term = {STR("beverages rate"), STR("0.055")};
    struct contract_bound bound = {.scheme_id = s->scheme, .terms = &term, .terms_len = 1};
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    v.schemes = &bound;
    v.schemes_len = 1;
    if (contract_version_save(&f->op, &v, &version) != RC_OK || set_state(f, id, "active") != RC_OK)
        ok(false, "a contract is active");
    return id;
}

static struct str state_of(struct fixture *f, int64_t id)
{
    struct contract c = {.state = STR("?")};
    (void)!contract_get(&f->op, id, &c);
    return c.state;
}

/* ---- the list ---- */

static void listing(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor reader = fx_staff(1, reads), nobody = fx_staff(2, none);
    struct actor exporter = fx_staff(1, exports), narrow = fx_staff(2, reads);
    is_i64(fx_get(&x, &reader, "/contracts"), 200, "the empty list is shown");
    ok(fx_has(&x, "No contracts yet"), "with why it is empty");
    int64_t ten = live(f, &s, "D-10"), nine = live(f, &s, "D-9");
    is_i64(fx_get(&x, &reader, "/contracts"), 200, "the list is shown");
    size_t at_nine = str_find(x.answer.body, str_of(path(f, nine, "")), 0);
    size_t at_ten = str_find(x.answer.body, str_of(path(f, ten, "")), 0);
    ok(at_nine < at_ten, "D-9 stands before D-10");
    ok(fx_has(&x, "Dos Orillas &lt;Servicios&gt;") && !fx_has(&x, "<Servicios>"),
       "names are escaped");
    ok(fx_has(&x, "Sales representatives"), "the scheme of today is named");
    is_i64(fx_get(&x, &reader, "/contracts?sort=partner&dir=desc"), 200, "by partner");
    is_i64(
        fx_get(&x, &reader, "/contracts?sort=start&state=active&nature=agency&ends_by=2030-01-01"),
        200, "with filters");
    ok(!fx_has(&x, "D-9"), "that leave out what has no end");
    const char *url =
        text(f, str_printf(f->arena, "/contracts?scheme=%s&branch=%s&entity=%s&q=orillas",
                           pid_of("sch", s.scheme).text, pid_of("brn", s.branch).text,
                           pid_of("ent", s.entity).text));
    is_i64(fx_get(&x, &reader, url), 200, "by scheme, branch, entity and the partner's name");
    ok(fx_has(&x, "D-9") && fx_has(&x, "D-10"), "both are found");
    is_i64(fx_get(&x, &reader, "/contracts?limit=1"), 200, "page by page");
    ok(fx_has(&x, "D-9") && !fx_has(&x, ">D-10<"), "the first has one");
    is_i64(fx_get(&x, &nobody, "/contracts"), 403, "it needs contract.read");
    (void)fx_get(&x, &reader, "/contracts?export=csv");
    ok(!fx_header(&x, "Content-Disposition").at, "exporting needs contract.export");
    is_i64(fx_get(&x, &exporter, "/contracts?export=csv"), 200, "which others have");
    ok(fx_header(&x, "Content-Disposition").at && fx_has(&x, "D-10"), "and get what is shown");
    narrow.has_all_branches = false;
    is_i64(fx_get(&x, &narrow, "/contracts"), 200, "staff of no branch");
    ok(!fx_has(&x, "D-9"), "see no contract of it");
    is_i64(fx_api(&x, &reader, "GET", "/api/v1/contracts", NULL), 200, "programs read the list");
    fx_done(&x);
}

static void bulk(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor editor = fx_staff(1, edits), reader = fx_staff(2, reads);
    int64_t a = live(f, &s, "D-1"), b = live(f, &s, "D-2");
    int64_t draft = scene_contract(f, &s, "D-3", day(2026, 1, 1), CONTRACT_NO_END);
    const char *two =
        text(f, str_printf(f->arena, "ids=%s&ids=%s&back=/contracts", ctr(a).text, ctr(b).text));
    const char *wrong =
        text(f, str_printf(f->arena, "ids=%s&ids=%s&go=1", ctr(a).text, ctr(draft).text));
    const char *go = text(f, str_printf(f->arena, "%s&go=1", two));
    const char *all = "all=1&back=%2Fcontracts%3Fstate%3Dactive%26limit%3D1";
    const char *both = text(f, str_printf(f->arena, "%s&go=1&count=2", all));
    is_i64(fx_post(&x, &reader, "/contracts/bulk/suspend", two), 403, "readers change nothing");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/suspend", two), 200, "two: it asks first");
    ok(fx_has(&x, "Suspend contracts") && fx_has(&x, "2 contracts") && fx_has(&x, "D-1 and D-2"),
       "what happens, to how many, to which");
    is_str(state_of(f, a), "active", "and nothing has happened");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/suspend", wrong), 409,
           "one that cannot be suspended stops all");
    is_str(state_of(f, a), "active", "nothing is half done");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/suspend", go), 303,
           "confirmed they are suspended");
    ok(str_eq(state_of(f, a), STR("suspended")) && str_eq(state_of(f, b), STR("suspended")),
       "both of them");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/activate", go), 303, "and resumed");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/nonsense", go), 404, "what is not there is 404");
    is_i64(fx_get(&x, &editor, "/contracts?state=active&limit=1"), 200, "a list of pages");
    ok(fx_has(&x, "Select all that match"), "offers all that its filters show");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/suspend", all), 200, "which are asked about");
    ok(fx_has(&x, "2 contracts: all that match State: Active") && !fx_has(&x, "name=\"ids\""),
       "by the filter");
    (void)live(f, &s, "D-4");
    is_i64(fx_post(&x, &editor, "/contracts/bulk/suspend", both), 409,
           "and again when they have become more");
    is_str(state_of(f, a), "active", "which nobody was asked about");
    fx_done(&x);
}

/* ---- adding and changing ---- */

static void adding(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor editor = fx_staff(1, edits), reader = fx_staff(2, reads);
    const char *ent = pid_of("ent", s.entity).text;
    is_i64(fx_get(&x, &editor,
                  text(f, str_printf(f->arena, "/contracts/new?partner=%s",
                                     pid_of("prt", s.partner).text))),
           200, "the form is shown");
    ok(fx_has(&x, "value=\"P-1\""), "with the partner that it comes from");
    is_i64(fx_get(&x, &reader, "/contracts/new"), 403, "not to readers");
    const char *bad = text(f, str_printf(f->arena,
                                         "code=D-7&partner=nobody&nature=agency&entity=%s&"
                                         "from_day=2026-01-01",
                                         ent));
    is_i64(fx_post(&x, &editor, "/contracts", bad), 422, "an unknown partner is refused");
    ok(fx_has(&x, "There is no partner with this code.") && fx_has(&x, "value=\"nobody\"") &&
           fx_has(&x, "value=\"D-7\""),
       "in words, and what was typed stays");
    const char *back = text(f, str_printf(f->arena,
                                          "code=D-7&partner=P-1&nature=agency&entity=%s&"
                                          "from_day=2026-01-01&last_day=2025-12-31",
                                          ent));
    is_i64(fx_post(&x, &editor, "/contracts", back), 422, "an end before the beginning too");
    ok(fx_has(&x, "The contract must last at least one day."), "at its field");
    const char *good = text(f, str_printf(f->arena,
                                          "code=D-7&partner=P-1&nature=agency&entity=%s&"
                                          "from_day=2026-01-01&last_day=2026-12-31",
                                          ent));
    is_i64(fx_post(&x, &editor, "/contracts", good), 303, "a right one is taken");
    ok(str_has(fx_header(&x, "Location"), STR("/versions/new")), "and leads to its terms");
    struct contract c;
    ok(contract_by_code(&f->op, STR("D-7"), &c) == RC_OK && c.to_day == day(2027, 1, 1),
       "the last day is inside");
    is_i64(fx_get(&x, &editor, path(f, c.id, "/edit")), 200, "it is edited");
    ok(fx_has(&x, "value=\"31 Dec 2026\""), "with its last day");
    const char *edit = text(f, str_printf(f->arena,
                                          "code=D-8&nature=services&entity=%s&from_day=2026-01-01&"
                                          "revision=1",
                                          ent));
    is_i64(fx_post(&x, &editor, path(f, c.id, "/edit"), edit), 303, "and saved");
    is_i64(fx_post(&x, &editor, path(f, c.id, "/edit"), edit), 409, "a second editor is stopped");
    ok(fx_has(&x, "Somebody else has changed") && fx_has(&x, "D-7"), "and sees what changed");
    fx_done(&x);
}

static void terms(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor editor = fx_staff(1, edits);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    const char *sch = pid_of("sch", s.scheme).text;
    is_i64(fx_get(&x, &editor, path(f, id, "/versions/new")), 200, "the form is shown");
    ok(fx_has(&x, "value=\"1 Jan 2026\"") && fx_has(&x, "Sales representatives"),
       "with the first day and the schemes");
    is_i64(fx_post(&x, &editor, path(f, id, "/versions"),
                   "from_day=2026-01-01&currency=EUR&pay_currency=EUR&period_kind=fortnight&"
                   "vat_mode=none&documents_by=partner&due_days=10"),
           422, "a period that there is not is refused");
    const char *first = text(f, str_printf(f->arena, TERMS "&minimum=1500.50&schemes=%s", sch));
    is_i64(fx_post(&x, &editor, path(f, id, "/versions"), first), 303, "terms are saved");
    struct str next = fx_header(&x, "Location");
    ok(str_ends(next, STR("/edit")), "a new scheme leads to its individual values");
    is_i64(fx_get(&x, &editor, text(f, next)), 200, "whose fields are made from its attributes");
    ok(fx_has(&x, "Rate of Beverages") && fx_has(&x, "Empty: 4%. Allowed: from 0% to 100%."),
       "with label, default and bounds");
    const char *bad = text(f, str_printf(f->arena,
                                         TERMS "&revision=1&schemes=%s&term_of=REPS:beverages+rate&"
                                               "term=140&term_of=REPS:other+rate&term=2.5",
                                         sch));
    is_i64(fx_post(&x, &editor, text(f, next), bad), 422, "140 percent are refused");
    ok(fx_has(&x, "This is more than the scheme allows.") && fx_has(&x, "value=\"140\"") &&
           fx_has(&x, "value=\"2.5\""),
       "at the field, and what was typed stays");
    const char *good =
        text(f, str_printf(f->arena,
                           TERMS "&revision=1&schemes=%s&term_of=REPS:beverages+rate&"
                                 "term=5.5%%25&term_of=REPS:other+rate&term=&combine=first&"
                                 "rivals=%s",
                           sch, sch));
    is_i64(fx_post(&x, &editor, text(f, next), good), 303, "5.5% are taken");
    is_i64(fixture_i64(f, "select count(*) from contract_scheme where combine = 'first'"), 1,
           "and how the scheme competes");
    is_i64(fixture_i64(f, "select count(*) from contract_term where name = 'beverages rate' and "
                          "value = '0.055'"),
           1, "as an exact ratio");
    is_i64(fixture_i64(f, "select count(*) from contract_term"), 1, "an empty field is no value");
    is_i64(fx_get(&x, &editor, path(f, id, "")), 200, "the contract is shown");
    ok(fx_has(&x, "5.5%") && fx_has(&x, "individual"), "with what was agreed individually");
    is_i64(fx_post(&x, &editor, path(f, id, "/state"), "state=active"), 303, "it is activated");
    is_i64(fx_get(&x, &editor, path(f, id, "/versions/new")), 200, "a supplementary agreement");
    ok(fx_has(&x, "value=\"1 Nov 2026\"") && fx_has(&x, "value=\"5.5\""),
       "begins with a month and copies what was agreed");
    is_i64(fx_post(&x, &editor, path(f, id, "/versions"), first), 422,
           "terms do not begin with the contract twice");
    ok(fx_has(&x, "The day lies outside the contract"), "and the form says so");
    fx_done(&x);
}

static void by_programs(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor editor = fx_staff(1, edits);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    const char *url = text(f, str_printf(f->arena, "/api/v1%s", path(f, id, "/versions")));
    static const char format[] =
        "{\"from_day\":\"2026-01-01\",\"currency\":\"EUR\",\"period_kind\":\"month\","
        "\"vat_mode\":\"none\",\"documents_by\":\"partner\",\"combine\":\"%s\",\"schemes\":[\"%s\"]"
        ","
        "\"term_of\":[\"REPS:beverages rate\"],\"term\":[\"%s\"]}";
    char body[600];
    (void)snprintf(body, sizeof body, format, "highest", pid_of("sch", s.scheme).text, "5.5");
    is_i64(fx_api(&x, &editor, "POST", url, body), 422, "a program sends ratios, not percents");
    ok(fx_has(&x, "term:REPS:beverages rate"), "the problem names the attribute");
    (void)snprintf(body, sizeof body, format, "lowest", pid_of("sch", s.scheme).text, "0.055");
    is_i64(fx_api(&x, &editor, "POST", url, body), 422, "schemes do not combine by any word");
    ok(fx_has(&x, "\"combine\""), "and it is said where");
    (void)snprintf(body, sizeof body, format, "highest", pid_of("sch", s.scheme).text, "0.055");
    is_i64(fx_api(&x, &editor, "POST", url, body), 201, "a right value is taken");
    url = text(f, str_printf(f->arena, "/api/v1%s", path(f, id, "")));
    is_i64(fx_api(&x, &editor, "GET", url, NULL), 200, "the contract is read");
    ok(fx_has(&x, "\"beverages rate\":\"0.055\""), "with its terms");
    ok(fx_has(&x, "\"combine\":\"highest\""), "and how its schemes combine");
    fx_done(&x);
}

static void ending(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor editor = fx_staff(1, edits), reader = fx_staff(2, reads);
    int64_t id = live(f, &s, "D-1");
    is_i64(fx_get(&x, &reader, path(f, id, "")), 200, "a reader sees the contract");
    ok(!fx_has(&x, "/suspend") && !fx_has(&x, "/edit"), "without steps to take");
    is_i64(fx_get(&x, &editor, path(f, id, "/suspend")), 200, "suspending asks first");
    is_i64(fx_post(&x, &editor, path(f, id, "/suspend"), "revision=1"), 409,
           "an older revision is a conflict");
    is_i64(fx_post(&x, &editor, path(f, id, "/suspend"), "revision=2"), 303, "then it is");
    is_i64(fx_post(&x, &editor, path(f, id, "/end"), "last_day=2025-01-01"), 422,
           "it does not end before it began");
    ok(fx_has(&x, "value=\"1 Jan 2025\"") && fx_has(&x, "between the first and the last day"),
       "at the field, in words");
    is_i64(fx_post(&x, &editor, path(f, id, "/end"), "last_day=2026-10-31"), 303, "it ends");
    is_str(state_of(f, id), "terminated", "and is terminated");
    is_i64(fx_post(&x, &editor, path(f, id, "/archive"), "revision=1"), 409,
           "archiving an older revision is a conflict");
    ok(fx_has(&x, "Somebody else has changed"), "which the question says");
    is_i64(fx_post(&x, &editor, path(f, id, "/archive"), ""), 303, "it is archived");
    is_i64(fx_get(&x, &reader, "/contracts"), 200, "the list");
    ok(!fx_has(&x, "D-1"), "does not have it");
    is_i64(fx_post(&x, &editor, path(f, id, "/restore"), ""), 303, "it is restored");
    fx_done(&x);
}

/* ---- the other side ---- */

static void portal(struct fixture *f)
{
    struct fx x;
    struct scene s;
    begin(f, &x, &s);
    struct actor own = fx_partner(1, s.partner, owns), other = fx_partner(2, s.other_partner, owns);
    struct actor without = fx_partner(1, s.partner, none), staff = fx_staff(1, reads);
    int64_t id = live(f, &s, "D-1");
    int64_t draft = scene_contract(f, &s, "D-2", day(2026, 1, 1), CONTRACT_NO_END);
    const char *mine = text(f, str_printf(f->arena, "/portal/contracts/%s", ctr(id).text));
    const char *hidden = text(f, str_printf(f->arena, "/portal/contracts/%s", ctr(draft).text));
    is_i64(fx_get(&x, &own, "/portal/contracts"), 200, "a partner sees its contracts");
    ok(fx_has(&x, "D-1") && !fx_has(&x, "D-2"), "but none that is being prepared");
    is_i64(fx_get(&x, &own, mine), 200, "and one of them");
    ok(fx_has(&x, "Rate of Beverages") && fx_has(&x, "5.5%"), "with its own values");
    ok(fx_has(&x, "Override on reports") && fx_has(&x, "Monthly"), "in plain words");
    ok(!fx_has(&x, "href=\"/schemes/") && !fx_has(&x, "/edit"), "without ways into the console");
    is_i64(fx_get(&x, &own, hidden), 404, "a draft is not there");
    is_i64(fx_get(&x, &other, mine), 404, "another partner's neither");
    is_i64(fx_get(&x, &other, "/portal/contracts"), 200, "the other partner");
    ok(fx_has(&x, "no contracts yet"), "has none");
    is_i64(fx_get(&x, &without, "/portal/contracts"), 403, "it needs contract.own");
    is_i64(fx_get(&x, &staff, "/portal/contracts"), 403, "which staff do not have");
    is_i64(fx_get(&x, &own, path(f, id, "")), 403, "the console is closed to partners");
    fx_done(&x);
}

int main(void)
{
    scene_start();
    fixture_each(listing);
    fixture_each(bulk);
    fixture_each(adding);
    fixture_each(terms);
    fixture_each(by_programs);
    fixture_each(ending);
    fixture_each(portal);
    return done_testing();
}
