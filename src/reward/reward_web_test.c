/* Pages of runs and statements through the real router: who may see them, what they show, that
 * names are escaped, the explanation of an amount, the files, the portal and its bounds. */
#include "reward/reward_scene.h"

static const char *const everything[] = {"*", NULL};
static const char *const reader[] = {"run.read", NULL};
static const char *const nothing[] = {"partner.read", NULL};
static const char *const portal[] = {"portal.statement", "portal.sales", NULL};

struct pages {
    struct fixture *f;
    struct fx x;
    struct scene s;
    struct actor staff;
    int64_t run_id;
};

static const struct route *const routes[] = {reward_routes, reward_run_routes,
                                             reward_statement_routes, NULL};

static enum rc system_actor(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    *out = (struct actor){.kind = ACTOR_SYSTEM, .user_id = user_id};
    return RC_OK;
}

static void open_pages(struct fixture *f, struct pages *p, bool is_posted)
{
    p->f = f;
    scene_begin(f, &p->s);
    reward_forget();
    when_clock_set(f->op.now);
    jobs_hooks(NULL, system_actor);
    scene_must(f, setting_set(&f->op, "approval.run", STR("false")), "a setting");
    int months[] = {8, 9};
    for (size_t i = 0; is_posted && i < LEN(months); i++) {
        p->run_id = scene_run(f, months[i]);
        struct reward_run run;
        scene_must(f, reward_run_get(&f->op, p->run_id, &run), "the run");
        scene_must(f, reward_run_submit(&f->op, run.id, run.revision, STR("")), "submit");
        scene_must(f, reward_run_post(&f->op, run.id), "post");
    }
    if (!is_posted)
        p->run_id = scene_run(f, 9);
    p->staff = scene_staff(f, 1, everything);
    fx_open(&p->x, f, routes, NULL);
}

static void close_pages(struct pages *p)
{
    fx_done(&p->x);
    when_clock_real();
}

static const char *path(struct pages *p, const char *base, const char *prefix, int64_t id,
                        const char *rest)
{
    return str_c(p->f->arena,
                 str_printf(p->f->arena, "%s%s%s", base, pid_of(prefix, id).text, rest));
}

static const char *why_path(struct pages *p, const char *base, int64_t derivation_id)
{
    return str_c(p->f->arena,
                 str_printf(p->f->arena, "%s/why/%s", base, pid_of("der", derivation_id).text));
}

/* The query ends where the id belongs. */
static int64_t number(struct pages *p, const char *sql, int64_t id)
{
    return fixture_i64(p->f,
                       str_c(p->f->arena, str_printf(p->f->arena, "%s%lld", sql, (long long)id)));
}

static int64_t statement_of(struct pages *p, int who)
{
    return number(p, "select max(id) from statement where contract_id = ", p->s.contract_ids[who]);
}

static int64_t derivation_of(struct pages *p, int64_t statement_id)
{
    return number(p,
                  "select min(d.id) from reward_derivation d join statement s on s.result_id = "
                  "d.result_id join reward_line l on l.derivation_id = d.id where s.id = ",
                  statement_id);
}

static void runs(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, false);
    struct actor other = scene_staff(f, 2, nothing);
    const char *run = path(&p, "/runs/", "run", p.run_id, "");
    is_i64(fx_get(&p.x, &p.staff, "/runs"), 200, "the list of runs");
    ok(fx_has(&p.x, "September 2026") && fx_has(&p.x, "621.63"), "names period and total");
    is_i64(fx_get(&p.x, &other, "/runs"), 403, "not without the permission");
    is_i64(fx_get(&p.x, &p.staff, run), 200, "one run");
    ok(fx_has(&p.x, "Anna &amp; &lt;Sons&gt;") && !fx_has(&p.x, "<Sons>"), "names are escaped");
    ok(fx_has(&p.x, "185.60") && fx_has(&p.x, "Send for approval"), "its results and next step");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/runs/", "run", 999, "")), 404, "none of that id");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/runs/", "run", p.run_id, "/results?export=csv")), 200,
           "the results as a file");
    ok(fx_has(&p.x, "330.02"), "with the amounts");
    is_i64(fx_get(&p.x, &p.staff, "/runs/new"), 200, "a new run is asked for");
    is_i64(fx_post(&p.x, &p.staff, "/runs/new", "period=2026-09"), 409,
           "a second one of the period is refused");
    is_i64(fx_post(&p.x, &p.staff, "/runs/new", "period=nonsense"), 422, "and what is no period");
    is_i64(fx_post(&p.x, &p.staff, "/runs/new", "period=2026-08"), 303, "a month is started");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(jobs_drain(&f->op) == RC_OK, "its job runs");
    is_i64(fixture_i64(f, "select count(*) from reward_run where state = 'calculated'"), 2,
           "and calculates");
    struct actor only = scene_staff(f, 3, reader);
    is_i64(fx_post(&p.x, &only, path(&p, "/runs/", "run", p.run_id, "/calculate"), ""), 403,
           "calculating needs its permission");
    close_pages(&p);
}

static void incomplete(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, false);
    scene_sale_of(f, &p.s, 1, SEAFOOD, scene_at(2026, 9, 8), 1000, "EUR");
    scene_must(f, reward_run_calculate(&f->op, p.run_id, NULL, NULL), "calculate");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/runs/", "run", p.run_id, "")), 200, "the run");
    ok(fx_has(&p.x, "There is no exchange rate EUR/USD") && fx_has(&p.x, "first at event S-0010"),
       "says what is missing and where");
    ok(fx_has(&p.x, "then calculate again"), "and what to do");
    ok(!fx_has(&p.x, "/submit"), "it cannot be sent for approval");
    int64_t id =
        number(&p, "select max(id) from reward_result where contract_id = ", p.s.contract_ids[1]);
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/results/", "res", id, "")), 200, "its result");
    ok(fx_has(&p.x, "Why it is incomplete"), "says so too");
    close_pages(&p);
}

/* Carla's contract holds each line for 40 days from its event. */
static void held(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, false);
    scene_sale(f, &p.s, 2, CONFECTION, scene_at(2026, 9, 6), 600000);
    scene_must(f, reward_run_calculate(&f->op, p.run_id, NULL, NULL), "calculate");
    int64_t id =
        number(&p, "select max(id) from reward_result where contract_id = ", p.s.contract_ids[2]);
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/results/", "res", id, "")), 200, "a result");
    ok(fx_has(&p.x, "2 events × 6.25%"), "what is held is one row");
    ok(fx_has(&p.x, "on hold, ends 14\u00a0Oct to 16\u00a0Oct"), "with the days the holds end");
    ok(fx_has(&p.x, "on hold until 15\u00a0Oct"), "and one day where it is one");
    close_pages(&p);
}

static void statements(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, true);
    int64_t id = statement_of(&p, 0), der = derivation_of(&p, id);
    const char *why = why_path(&p, path(&p, "/statements/", "sta", id, ""), der);
    is_i64(fx_get(&p.x, &p.staff, "/statements"), 200, "the list of statements");
    ok(fx_has(&p.x, "ST-2026-09-"), "with their numbers");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/statements/", "sta", id, "")), 200, "a statement");
    ok(fx_has(&p.x, "185.60") && fx_has(&p.x, "due 11\u00a0Oct"), "with total and day");
    ok(fx_has(&p.x, "Beverages") && fx_has(&p.x, "2 events × 4%"), "lines say how they came about");
    is_i64(fx_get(&p.x, &p.staff, why), 200, "an amount is explained");
    ok(fx_has(&p.x, "$168.40"), "with its amount");
    ok(fx_has(&p.x, "Why $65.24 less than in August 2026"), "why less than before");
    ok(fx_has(&p.x, "Factor is 1, it was 1.1: Own volume is 4,210.00, it was 5,310.00."),
       "by which table and value");
    ok(fx_has(&p.x, "790.00 missing in Own volume for Factor 1.1: it would have paid $185.24 "
                    "instead of $168.40."),
       "what was missing and what it would have paid");
    ok(fx_has(&p.x, "4,210.00 × 4% × 1<"), "the formula with the values put in");
    ok(fx_has(&p.x, "from 5,000.00 to") || fx_has(&p.x, "from 5,000.00"), "cells in words");
    ok(fx_has(&p.x, "S-0003") && fx_has(&p.x, "Chai &lt;hot&gt;"), "and its events");
    struct str line =
        fx_between(&p.x, str_c(f->arena, str_join(f->arena, str_of(why), STR("?line="))), "\"");
    const char *one = str_c(f->arena, str_printf(f->arena, "%s?line=" STR_FMT, why, STR_ARG(line)));
    is_i64(fx_get(&p.x, &p.staff, one), 200, "one event alone");
    ok(fx_has(&p.x, "$88.40"), "with its part");
    int64_t boris = derivation_of(&p, statement_of(&p, 1));
    const char *wrong = why_path(&p, path(&p, "/statements/", "sta", id, ""), boris);
    is_i64(fx_get(&p.x, &p.staff, wrong), 404, "not an amount of another statement");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/statements/", "sta", id, "/send"), ""), 303, "sent");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/statements/", "sta", id, "/send"), ""), 409,
           "once only");
    is_i64(number(&p, "select count(*) from audit where action = 'statement.send' and record_id = ",
                  id),
           1, "the audit knows");
    close_pages(&p);
}

static void verbs(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, true);
    int64_t id = statement_of(&p, 1);
    int64_t result = number(&p, "select result_id from statement where id = ", id);
    const char *back = path(&p, "/results/", "res", result, "/roll-back");
    is_i64(fx_get(&p.x, &p.staff, back), 200, "rolling back asks");
    is_i64(fx_post(&p.x, &p.staff, back, "reason="), 422, "for a reason");
    is_i64(fx_post(&p.x, &p.staff, back, "reason=wrong+contract"), 303, "then does it");
    is_i64(fx_get(&p.x, &p.staff, path(&p, "/results/", "res", result, "")), 200, "the result");
    ok(fx_has(&p.x, "rolled back") && fx_has(&p.x, "wrong contract"), "says so, with the reason");
    const char *again = path(&p, "/results/", "res", result, "/repeat");
    is_i64(fx_get(&p.x, &p.staff, again), 200, "repeating asks");
    is_i64(fx_post(&p.x, &p.staff, again, "reason=A+sale+was+missing"), 303, "and posts anew");
    ok(str_has(fx_header(&p.x, "Location"), STR("/statements/")), "leading to the new statement");
    is_i64(fx_post(&p.x, &p.staff, path(&p, "/runs/", "run", p.run_id, "/send"), ""), 303,
           "all statements of a run are sent");
    is_i64(fixture_i64(f, "select count(*) from statement where state = 'sent'"), 3, "all drafts");
    close_pages(&p);
}

static void home(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, true);
    struct actor other = scene_staff(f, 2, nothing);
    is_i64(fx_get(&p.x, &p.staff, "/"), 200, "the console's home");
    ok(fx_has(&p.x, "September 2026: month-end") && fx_has(&p.x, "$622"),
       "tells what the period gave");
    ok(fx_has(&p.x, "3 statements are not sent"), "and what is left");
    is_i64(fx_get(&p.x, &p.staff, "/?period=2026-08"), 200, "another period");
    ok(fx_has(&p.x, "August 2026: month-end"), "by its address");
    is_i64(fx_get(&p.x, &other, "/"), 200, "everybody has a home");
    ok(!fx_has(&p.x, "$622") && !fx_has(&p.x, "Latest runs"), "without what they may not see");
    close_pages(&p);
}

static void home_before_posting(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, false);
    is_i64(fx_get(&p.x, &p.staff, "/"), 200, "the console's home before anything is posted");
    ok(fx_has(&p.x, "class=\"open\"") && fx_has(&p.x, "not posted yet"),
       "the chart has the month, as not posted yet");
    close_pages(&p);
}

static void own_only(struct fixture *f)
{
    struct pages p;
    open_pages(f, &p, true);
    int64_t anna = statement_of(&p, 0), boris = statement_of(&p, 1);
    struct actor partner = fx_partner(0, p.s.partner_ids[0], portal);
    struct actor seller = fx_partner(0, p.s.partner_ids[0], (const char *const[]){NULL});
    partner.name = STR("Anna Smith");
    const char *own = path(&p, "/portal/statements/", "sta", anna, "");
    is_i64(fx_get(&p.x, &partner, own), 404, "a draft is not shown to the partner");
    is_i64(fx_get(&p.x, &partner, "/"), 200, "the portal's home without a statement");
    ok(fx_has(&p.x, "The first statement comes"), "says when one comes");
    int64_t sent = 0;
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    scene_must(f, reward_statements_send(&f->op, p.run_id, &sent), "send");
    scene_must(f, reward_statements_send(&f->op, p.run_id - 1, &sent), "send");
    is_i64(fx_get(&p.x, &partner, own), 200, "a sent one is");
    ok(fx_has(&p.x, "185.60") && !fx_has(&p.x, "Roll back"), "without the verbs of staff");
    const char *why = why_path(&p, own, derivation_of(&p, anna));
    is_i64(fx_get(&p.x, &partner, why), 200, "with the same explanation");
    ok(fx_has(&p.x, "790.00 missing in Own volume"), "word by word");
    is_i64(fx_get(&p.x, &partner, path(&p, "/portal/statements/", "sta", boris, "")), 404,
           "but not that of another partner");
    const char *foreign = why_path(&p, own, derivation_of(&p, boris));
    is_i64(fx_get(&p.x, &partner, foreign), 404, "nor an amount of theirs");
    is_i64(fx_get(&p.x, &partner, path(&p, "/statements/", "sta", anna, "")), 403,
           "nor the page of staff");
    is_i64(fx_get(&p.x, &partner, "/portal/statements"), 200, "the list");
    ok(fx_has(&p.x, "September 2026") && fx_has(&p.x, "August 2026") && fx_has(&p.x, "185.60") &&
           !fx_has(&p.x, "106.01"),
       "has own statements only");
    is_i64(fx_get(&p.x, &seller, own), 403, "a seller sees no money");
    close_pages(&p);
}

static void four_questions(struct fixture *f)
{
    struct pages p;
    int64_t sent = 0;
    open_pages(f, &p, true);
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    scene_sale(f, &p.s, 0, BEVERAGE, scene_at(2026, 10, 1), 376000);
    for (int64_t run = p.run_id - 1; run <= p.run_id; run++)
        scene_must(f, reward_statements_send(&f->op, run, &sent), "send");
    struct actor partner = fx_partner(0, p.s.partner_ids[0], portal);
    partner.name = STR("Anna <b>Smith");
    is_i64(fx_get(&p.x, &partner, "/"), 200, "the portal's home");
    ok(fx_has(&p.x, "$185.60") && fx_has(&p.x, "$52.04") && fx_has(&p.x, "less than in August"),
       "what did I earn, against the month before");
    ok(fx_has(&p.x, "Sunday 11\u00a0October 2026"), "when will I be paid");
    ok(fx_has(&p.x, "Look at the statement for September 2026") &&
           fx_has(&p.x, "No bank account is on file"),
       "what must I do");
    ok(fx_has(&p.x, "1,240.00 more this month gives Factor 1.1") && fx_has(&p.x, "+$15.04"),
       "how do I earn more, with what it would bring");
    ok(fx_has(&p.x, "Chai &lt;hot&gt;") && fx_has(&p.x, "$3,760.00"), "and the last sales");
    struct actor seller = fx_partner(0, p.s.partner_ids[0], (const char *const[]){NULL});
    seller.name = STR("Sam");
    is_i64(fx_get(&p.x, &seller, "/"), 200, "a seller's home");
    ok(!fx_has(&p.x, "$185.60"), "shows no money of the partner");
    close_pages(&p);
}

static int64_t event_of(struct pages *p, const char *external_id)
{
    struct str sql =
        str_printf(p->f->arena, "select seq from event_tail where external_id = '%s'", external_id);
    return fixture_i64(p->f, str_c(p->f->arena, sql));
}

static void cards(struct fixture *f)
{
    struct pages p;
    struct safe_html html;
    open_pages(f, &p, true);
    ui_record_cards_declare(reward_cards);
    f->op.actor = scene_staff(f, 2, nothing);
    ok(ui_record_cards(&f->op, "partner", p.s.partner_ids[0], &html) == RC_OK && html.html.len == 0,
       "the card of a partner needs the permission");
    fixture_fresh_op(f);
    f->op.actor = p.staff;
    ok(ui_record_cards(&f->op, "partner", p.s.partner_ids[0], &html) == RC_OK, "then it is there");
    ok(str_has(html.html, STR("$237.64")) && str_has(html.html, STR("$185.60")) &&
           str_has(html.html, STR("September 2026")),
       "with what is due, what is not yet, and the statements");
    ok(ui_record_cards(&f->op, "event", event_of(&p, "S-0002"), &html) == RC_OK,
       "so is what a sale earned");
    ok(str_has(html.html, STR("/why/der_")) && str_has(html.html, STR("Own sales")),
       "each line with its rule and explanation");
    scene_sale(f, &p.s, 0, BEVERAGE, scene_at(2026, 12, 1), 100);
    fixture_fresh_op(f);
    f->op.actor = p.staff;
    struct str sql = str_printf(f->arena, "select max(seq) from event_tail");
    ok(ui_record_cards(&f->op, "event", fixture_i64(f, str_c(f->arena, sql)), &html) == RC_OK &&
           str_has(html.html, STR("not been calculated yet")),
       "a sale of a month to come has earned nothing yet");
    close_pages(&p);
}

int main(void)
{
    fixture_each(runs);
    fixture_each(incomplete);
    fixture_each(held);
    fixture_each(statements);
    fixture_each(verbs);
    fixture_each(home);
    fixture_each(home_before_posting);
    fixture_each(cards);
    fixture_each(own_only);
    fixture_each(four_questions);
    return done_testing();
}
