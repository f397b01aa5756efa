/* Every page of reward in three languages through the real router and shell, on a year of data:
 * nothing is left untranslated or unfilled. With KONTOR_GALLERY=DIR the pages are written there,
 * for tools/shots. */
#include "reward/reward_scene.h"
#include "ui/ui.h"

enum { TARGETS_MAX = 24 };

struct target {
    const char *name, *path;
    bool is_portal;
};
struct gallery {
    struct fixture *f;
    struct scene s;
    struct target targets[TARGETS_MAX];
    size_t len;
};

static enum rc save_nothing(struct req *r, enum lang_id lang)
{
    (void)r;
    (void)lang;
    return RC_OK;
}

static void facts(struct req *r, struct ui_facts *out)
{
    bool is_portal = r->op->actor.kind == ACTOR_PARTNER;
    out->operator_name = STR("Northwind Traders");
    out->person_note = is_portal ? STR("Anna & Sons") : STR("Accountant");
    out->sign_out_href = STR("/sign-out");
}

static void add(struct gallery *g, const char *name, struct str path, bool is_portal)
{
    assert(g->len < TARGETS_MAX);
    g->targets[g->len++] = (struct target){name, str_c(g->f->arena, path), is_portal};
}

static void add_of(struct gallery *g, const char *name, const char *base, const char *prefix,
                   int64_t id, const char *rest, bool is_portal)
{
    add(g, name, str_printf(g->f->arena, "%s%s%s", base, pid_of(prefix, id).text, rest), is_portal);
}

/* Sales of a year that grow a little, with a dip in September. */
static void add_year(struct gallery *g)
{
    for (int month = 1; month <= 7; month++) {
        scene_sale(g->f, &g->s, 0, BEVERAGE, scene_at(2026, month, 9), 300000 + month * 30000);
        scene_sale(g->f, &g->s, 0, SEAFOOD, scene_at(2026, month, 12), 60000 + month * 7000);
        scene_sale(g->f, &g->s, 1, CONFECTION, scene_at(2026, month, 12), 90000 + month * 11000);
        scene_sale(g->f, &g->s, 2, PRODUCE, scene_at(2026, month, 20), 70000 + month * 9000);
    }
    scene_sale(g->f, &g->s, 0, CONFECTION, scene_at(2026, 9, 11), 33350);
    scene_sale(g->f, &g->s, 0, BEVERAGE, scene_at(2026, 10, 1), 376000);
}

static void run_month(struct gallery *g, int month, bool is_sent)
{
    struct fixture *f = g->f;
    struct reward_run run;
    int64_t sent = 0, id = scene_run(f, month);
    scene_must(f, reward_run_get(&f->op, id, &run), "the run");
    scene_must(f, reward_run_submit(&f->op, id, run.revision, STR("")), "submit");
    scene_must(f, reward_run_post(&f->op, id), "post");
    if (is_sent)
        scene_must(f, reward_statements_send(&f->op, id, &sent), "send");
}

static void prepare(struct gallery *g)
{
    struct fixture *f = g->f;
    scene_begin(f, &g->s);
    reward_forget();
    when_clock_set(f->op.now);
    add_year(g);
    scene_must(f, setting_set(&f->op, "approval.run", STR("false")), "a setting");
    for (int month = 1; month <= 9; month++)
        run_month(g, month, month < 9);
    scene_must(f, setting_set(&f->op, "approval.run", STR("true")), "a setting");
    scene_sale_of(f, &g->s, 1, SEAFOOD, scene_at(2026, 10, 1), 1000, "EUR");
    int64_t open_run = scene_run(f, 10);
    int64_t sta = fixture_i64(f, "select min(id) from statement where period = '2026-09'");
    int64_t sent = fixture_i64(f, "select min(id) from statement where period = '2026-08'");
    int64_t der = fixture_i64(f, "select min(derivation_id) from reward_line l join statement s on "
                                 "s.result_id = l.result_id where s.period = '2026-09'");
    int64_t old = fixture_i64(f, "select min(derivation_id) from reward_line l join statement s on "
                                 "s.result_id = l.result_id where s.period = '2026-08'");
    int64_t posted = fixture_i64(f, "select id from reward_run where period = '2026-09'");
    int64_t up = fixture_i64(f, "select min(l.derivation_id) from reward_line l join statement s "
                                "on s.result_id = l.result_id where s.period = '2026-09' and "
                                "l.key = 'upward'");
    add(g, "desk", STR("/?period=2026-09"), false);
    add(g, "runs", STR("/runs"), false);
    add(g, "run-new", STR("/runs/new"), false);
    add_of(g, "run-open", "/runs/", "run", open_run, "", false);
    add_of(g, "run-posted", "/runs/", "run", posted, "", false);
    add(g, "statements", STR("/statements"), false);
    add_of(g, "statement", "/statements/", "sta", sta, "", false);
    add_of(g, "statement-why", "/statements/", "sta", sta,
           str_printf(f->arena, "/why/%s", pid_of("der", der).text).at, false);
    add_of(g, "statement-why-upward", "/statements/", "sta", sta,
           str_printf(f->arena, "/why/%s", pid_of("der", up).text).at, false);
    add_of(g, "send", "/statements/", "sta", sta, "/send", false);
    add(g, "portal-home", STR("/"), true);
    add(g, "portal-statements", STR("/portal/statements"), true);
    add_of(g, "portal-statement", "/portal/statements/", "sta", sent, "", true);
    add_of(g, "portal-why", "/portal/statements/", "sta", sent,
           str_printf(f->arena, "/why/%s", pid_of("der", old).text).at, true);
}

static void keep(const char *name, const char *lang, struct str body)
{
    const char *dir = getenv("KONTOR_GALLERY");
    char path[512];
    if (!dir)
        return;
    (void)snprintf(path, sizeof(path), "%s/%s.%s.html", dir, name, lang);
    FILE *file = fopen(path, "wb");
    ok(file && fwrite(body.at, 1, body.len, file) == body.len && fclose(file) == 0, path);
}

static void check(struct gallery *g, struct fx *x, const struct target *target, const char *lang)
{
    struct actor actor = scene_staff(g->f, 1, (const char *const[]){"*", NULL});
    char header[64], name[128];
    actor.name = STR("Elena Ruiz");
    if (target->is_portal) {
        actor = fx_partner(0, g->s.partner_ids[0], (const char *const[]){"portal.statement", NULL});
        actor.name = STR("Marta Ruiz");
    }
    (void)snprintf(header, sizeof(header), "Accept-Language: %s", lang);
    (void)snprintf(name, sizeof(name), "%s in %s is whole", target->name, lang);
    int status =
        fx_send(x, &actor, "GET", target->path, (const char *const[]){header, NULL}, STR(""));
    (void)snprintf(header, sizeof(header), "<html lang=\"%s\"", lang);
    ok(status == 200 && fx_has(x, header) && fx_has(x, "</html>") && !fx_has(x, " style=") &&
           !fx_has(x, "{0") && !fx_has(x, "||"),
       name);
    if (g->f->engine == DB_SQLITE)
        keep(target->name, lang, x->answer.body);
}

static void gallery(struct fixture *f)
{
    static const char *const langs[] = {"en", "ru", "es"};
    static const struct ui_hooks ui = {.facts = facts, .save_lang = save_nothing};
    static const struct http_hooks hooks = {.shell = ui_shell};
    static const struct route *const routes[] = {reward_routes, reward_run_routes,
                                                 reward_statement_routes, ui_routes, NULL};
    struct gallery g = {.f = f};
    struct fx x;
    prepare(&g);
    ui_hooks_set(&ui);
    fx_open(&x, f, routes, &hooks);
    for (size_t l = 0; l < LEN(langs); l++)
        for (size_t i = 0; i < g.len; i++)
            check(&g, &x, &g.targets[i], langs[l]);
    fx_done(&x);
    when_clock_real();
}

int main(void)
{
    ui_pages_declare(reward_pages, reward_pages_len);
    fixture_each(gallery);
    return done_testing();
}
