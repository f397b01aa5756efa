/* Pages of comparisons through the real router: forms, figures, what can be tried, how an amount
 * came about, exports, the API, who may. */
#include "whatif/whatif_scene.h"

static const char *const everything[] = {"*", NULL};
static const char *const nothing[] = {"partner.read", NULL};
static const struct route *const routes[] = {whatif_routes, NULL};

struct pages {
    struct fixture *f;
    struct fx x;
    struct what_scene w;
    struct actor staff;
    int64_t id;
};

static enum rc system_actor(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    *out = (struct actor){.kind = ACTOR_SYSTEM, .user_id = user_id};
    return RC_OK;
}

static void open_pages(struct fixture *f, struct pages *p)
{
    p->f = f;
    what_begin(f, &p->w);
    when_clock_set(f->op.now);
    jobs_hooks(NULL, system_actor);
    p->id = what_add(f, "Beverages <five>");
    struct reward_supposition draft = what_draft(&p->w);
    what_variant(f, p->id, &draft, 1);
    scene_must(f, whatif_calculate(&f->op, p->id, NULL, NULL), "computing");
    p->staff = scene_staff(f, 1, everything);
    fx_open(&p->x, f, routes, NULL);
}

static void close_pages(struct pages *p)
{
    fx_done(&p->x);
    when_clock_real();
}

static const char *path(struct pages *p, const char *rest)
{
    return str_c(p->f->arena,
                 str_printf(p->f->arena, "/what-if/%s%s", pid_of("wif", p->id).text, rest));
}

static void reading(struct fixture *f)
{
    struct pages p;
    struct actor other = scene_staff(f, 91, nothing);
    open_pages(f, &p);
    is_i64(fx_get(&p.x, &other, "/what-if"), 403, "who may not see runs sees no comparisons");
    is_i64(fx_get(&p.x, &p.staff, "/what-if"), 200, "the list");
    ok(fx_has(&p.x, "Beverages &lt;five&gt;"), "with names, escaped");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "")), 200, "a comparison");
    ok(fx_has(&p.x, "$1,021.78") && fx_has(&p.x, "$899.27"), "what it would be, and what was paid");
    ok(fx_has(&p.x, "$21.78 over the budget"), "the budget");
    ok(fx_has(&p.x, "More for 2 partners") && fx_has(&p.x, "The same for 1 partner"),
       "winners and losers");
    ok(fx_has(&p.x, "no difference") && fx_has(&p.x, "k-dist-bar"), "how the differences lie");
    ok(fx_has(&p.x, "Rate of Beverages") && fx_has(&p.x, "type=\"range\""), "what can be tried");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "?way=same")), 200, "filtered");
    ok(fx_has(&p.x, "Carla") && !fx_has(&p.x, "Boris"), "by who gets no difference");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "?export=csv")), 200, "as a file");
    ok(fx_has(&p.x, "Boris"), "of what is shown");
    is_i64(fx_get(&p.x, &p.staff, "/what-if/wif_0000000000000"), 404, "no such comparison");
    close_pages(&p);
}

static const char *of_partner(struct pages *p, int who, const char *month, const char *rest)
{
    return path(p, str_c(p->f->arena,
                         str_printf(p->f->arena, "/why?variant=1&contract=%s&month=%s%s",
                                    pid_of("ctr", p->w.s.contract_ids[who]).text, month, rest)));
}

static void explaining(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p);
    int64_t before = fixture_i64(f, "select (select count(*) from reward_run) + (select count(*) "
                                    "from reward_result) + (select count(*) from reward_line)");
    struct str tail =
        str_printf(f->arena, "/partners/%s", pid_of("prt", p.w.s.partner_ids[1]).text);
    is_i64(fx_get(&p.x, &p.staff, path(&p, str_c(f->arena, tail))), 200, "one partner");
    ok(fx_has(&p.x, "$116.01") && fx_has(&p.x, "September 2026"), "by months and contracts");
    ok(fx_has(&p.x, "not posted"), "what was not posted says so");
    is_i64(fx_get(&p.x, &p.staff, of_partner(&p, 1, "2026-09", "")), 200, "an amount opens");
    ok(fx_has(&p.x, "Supposed") && fx_has(&p.x, "116.01") && fx_has(&p.x, "amount="),
       "into lines of the draft");
    is_i64(fx_get(&p.x, &p.staff, of_partner(&p, 1, "2026-09", "&amount=1")), 200, "a line opens");
    ok(fx_has(&p.x, "How it was computed") && fx_has(&p.x, "version 2") && fx_has(&p.x, "5%"),
       "into how the draft computed it");
    is_i64(fx_get(&p.x, &p.staff, of_partner(&p, 1, "2026-09", "&amount=99")), 404,
           "a line that is not there");
    is_i64(fx_get(&p.x, &p.staff, of_partner(&p, 1, "2026-12", "")), 404, "a month besides");
    is_i64(fixture_i64(f, "select (select count(*) from reward_run) + (select count(*) from "
                          "reward_result) + (select count(*) from reward_line)"),
           before, "nothing of it stays");
    close_pages(&p);
}

static const char *try_path(struct pages *p, const char *value)
{
    return path(
        p, str_c(p->f->arena, str_printf(p->f->arena, "/try?variant=1&set:%s:beverages%%20rate=%s",
                                         pid_of("sch", p->w.s.scheme_id).text, value)));
}

static void trying(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p);
    is_i64(fx_htmx(&p.x, &p.staff, try_path(&p, "5")), 200, "a value is tried");
    ok(fx_has(&p.x, "$674.73") && fx_has(&p.x, "paid: $621.63") && !fx_has(&p.x, "<form"),
       "and what it gives for the newest month comes back alone");
    is_i64(fx_htmx(&p.x, &p.staff, try_path(&p, "0")), 200, "another one");
    ok(fx_has(&p.x, "Less for 2 partners"), "with who loses");
    is_i64(fx_htmx(&p.x, &p.staff, try_path(&p, "much")), 200, "what is no number");
    ok(!fx_has(&p.x, "paid:") && fx_has(&p.x, "role=\"alert\""), "is said");
    is_i64(fx_get(&p.x, &p.staff, try_path(&p, "5")), 200, "without script");
    ok(fx_has(&p.x, "$674.73") && fx_has(&p.x, "<form") && fx_has(&p.x, "value=\"5\""),
       "it is a page with the same fields");
    close_pages(&p);
}

static void making(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p);
    is_i64(fx_get(&p.x, &p.staff, "/what-if/new"), 200, "the form");
    ok(fx_has(&p.x, "version 2 (Draft)"), "offers drafts");
    const char *form = str_c(
        f->arena, str_printf(f->arena, "name=New&from=2026-08&to=2026-09&version=%s&partners=1,+2",
                             pid_of("scv", p.w.draft_id).text));
    is_i64(fx_post(&p.x, &p.staff, "/what-if", form), 303, "makes one");
    is_i64(fixture_i64(f, "select count(*) from whatif_partner"), 2, "of chosen partners");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("the test")};
    scene_must(f, jobs_drain(&f->op), "the job");
    is_i64(fixture_i64(f, "select count(*) from whatif where state = 'calculated'"), 2,
           "and computes it");
    is_i64(fx_post(&p.x, &p.staff, "/what-if", "name=New&from=August&to=2026-09"), 422,
           "a month that is none");
    is_i64(fx_post(&p.x, &p.staff, "/what-if", "name=New&from=2026-08&to=2026-09&partners=77"), 422,
           "a partner that is none");
    ok(fx_has(&p.x, "There is no partner 77."), "is named");
    const char *variant = str_c(
        f->arena,
        str_printf(f->arena, "name=more&attribute1=%s:seafood+rate&value1=7&partner=2&scheme=%s",
                   pid_of("sch", p.w.s.scheme_id).text, pid_of("sch", p.w.s.scheme_id).text));
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/variant")), 200, "the form of a variant");
    ok(fx_has(&p.x, "Rate of Seafood"), "offers attributes");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/variant"), variant), 303, "adds one");
    is_i64(fixture_i64(f, "select count(*) from whatif_change where value = '0.07'"), 1,
           "people type percent");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/variant?variant=2")), 200, "it opens again");
    ok(fx_has(&p.x, "value=\"7\"") && fx_has(&p.x, "value=\"more\""), "as it was typed");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/variant"), "name=empty"), 422,
           "a variant without a change");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/variant"), "partner=2"), 422,
           "a partner without a scheme");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/drop-variant?variant=2")), 200, "removing asks");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/drop-variant/2"), ""), 303, "and removes");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/share"), ""), 303, "it is shared");
    is_i64(fixture_i64(f, "select count(*) from whatif where is_shared"), 1, "with others");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/delete")), 200, "deleting asks");
    close_pages(&p);
}

static void programs(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p);
    const char *api = str_c(f->arena, str_printf(f->arena, "/api/v1%s", path(&p, "")));
    is_i64(fx_api(&p.x, &p.staff, "GET", api, NULL), 200, "a comparison for programs");
    ok(fx_has(&p.x, "\"total\":{\"amount\":\"1021.78\",\"currency\":\"USD\"}"), "with totals");
    ok(fx_has(&p.x, "\"what\":\"version\""), "and what the variants suppose");
    const char *rows = str_c(f->arena, str_printf(f->arena, "%s/partners", api));
    is_i64(fx_api(&p.x, &p.staff, "GET", rows, NULL), 200, "its partners");
    ok(fx_has(&p.x, "\"a_difference\""), "with their differences");
    close_pages(&p);
}

int main(void)
{
    fixture_each(reading);
    fixture_each(explaining);
    fixture_each(trying);
    fixture_each(making);
    fixture_each(programs);
    return done_testing();
}
