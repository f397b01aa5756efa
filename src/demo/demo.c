/* The story's clock and dice, its order, and the commands. */
#include "auth/auth.h"
#include "demo/demo_int.h"
#include "jobs/jobs.h"

/* ---- dice and clock ---- */

/* SplitMix64 (Steele, Lea, Flood, 2014): small, and the same on every machine. */
uint64_t demo_dice(struct demo *demo)
{
    uint64_t x = demo->dice += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

size_t demo_pick(struct demo *demo, size_t n)
{
    return n > 0 ? (size_t)(demo_dice(demo) % n) : 0;
}

bool demo_percent(struct demo *demo, int percent)
{
    return demo_dice(demo) % 100 < (uint64_t)percent;
}

void demo_at(struct demo *demo, struct date day, int hour, int minute)
{
    int64_t at = zone_instant(demo->op->zone, day, (hour * 60 + minute) * US_MINUTE);
    demo->op->now = at < demo->now ? at : demo->now;
    when_clock_set(demo->op->now);
}

struct date demo_month(const struct demo *demo, int month)
{
    return date_add_months(demo->first, month);
}

enum rc demo_as(struct demo *demo, int64_t user_id)
{
    if (user_id == 0) {
        demo->op->actor = (struct actor){.kind = ACTOR_SYSTEM};
        return RC_OK;
    }
    TRY(auth_actor(demo->op, user_id, &demo->op->actor));
    /* the chapter's end rewinds op's arena; the name is asked for longer */
    demo->op->actor.name = str_dup(demo->arena, demo->op->actor.name);
    return RC_OK;
}

/* ---- the story ---- */

static enum rc in_one_go(struct demo *demo, enum rc (*chapter)(struct demo *demo))
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(demo->op, &txn));
    TRY(chapter(demo));
    return txn_commit(&txn);
}

static enum rc tell(struct demo *demo)
{
    demo_at(demo, date_add_days(demo->first, -75), 9, 0);
    TRY(in_one_go(demo, demo_make_company));
    demo_at(demo, date_add_days(demo->first, -70), 10, 15);
    TRY(in_one_go(demo, demo_make_catalog));
    TRY(in_one_go(demo, demo_make_customers));
    demo_at(demo, date_add_days(demo->first, -68), 11, 45);
    TRY(in_one_go(demo, demo_make_schemes));
    TRY(demo_as(demo, demo->administrator));
    demo_at(demo, date_add_days(demo->first, -65), 12, 30);
    TRY(in_one_go(demo, demo_make_partners));
    TRY(in_one_go(demo, demo_make_parts));
    demo_at(demo, date_add_days(demo->first, -60), 13, 0);
    TRY(in_one_go(demo, demo_make_contracts));
    TRY(in_one_go(demo, demo_make_plans));
    TRY(in_one_go(demo, demo_make_partner_users));
    TRY(in_one_go(demo, demo_make_bindings));
    TRY(demo_make_history(demo));
    return demo_make_present(demo);
}

static enum rc must_be_empty(struct op *op)
{
    struct org_operator present;
    enum rc rc = org_operator_get(op, &present);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, NULL,
                    M("This database belongs to {0} already: the demo needs an empty one."),
                    str_c(op->arena, present.name));
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- commands ---- */

static const struct {
    const char *email, *who;
} sign_ins[] = {
    {"admin@meridian.example", "administrator: everything"},
    {"head@meridian.example", "administrator, in Russian: approves schemes and runs"},
    {"accountant@meridian.example", "accountant, in Russian: runs and statements"},
    {"accountant2@meridian.example", "accountant, in Spanish: approves what the other asked for"},
    {"manager.moscow@meridian.example", "partner manager of one branch, in Russian"},
    {"manager.london@meridian.example", "partner manager of one branch"},
    {"dealer@partner.example", "portal: a dealer's owner"},
    {"diler@partner.example", "portal: a dealer's owner, in Russian"},
    {"agente@partner.example", "portal: an agent, in Spanish"},
};

static enum rc run_sign_ins(struct cli *cli)
{
    for (size_t i = 0; i < LEN(sign_ins); i++)
        cli_print(cli, "  %-34s %s\n", sign_ins[i].email, sign_ins[i].who);
    cli_print(cli, "  password of all of them: %s\n", DEMO_PASSWORD);
    return RC_OK;
}

static enum rc run_demo(struct cli *cli)
{
    struct op *op = &cli->op;
    const char *day = cli_option(cli, "today");
    struct demo *demo = NEW(cli->arena, struct demo);
    *demo = (struct demo){.cli = cli, .op = op, .arena = cli->arena, .dice = 20261101};
    TRY(must_be_empty(op));
    op->zone = zone_find(STR("Europe/Madrid"));
    demo->today = zone_date(op->zone, op->now);
    demo->now = op->now;
    if (day && !date_parse(str_of(day), &demo->today))
        return fail(op, RC_INVALID, "today", M("This is not a date: write it like 2026-10-01."));
    if (day)
        demo->now = zone_instant(op->zone, demo->today, 17 * 60 * US_MINUTE);
    struct ymd ymd = date_ymd(demo->today);
    demo->first = date_add_months(date_of(ymd.year, ymd.month, 1), -(DEMO_MONTHS - 1));
    AUTO_ARENA chapters = arena_new((size_t)4 << 30);
    op->arena = chapters;
    op->fault.arena = cli->arena;
    AUTO_BUF quiet = BUF(1 << 20); /* what fails here is meant to */
    log_to(&quiet);
    enum rc rc = tell(demo);
    log_to(NULL);
    op->arena = cli->arena;
    when_clock_real();
    TRY(rc);
    cli_print(cli, "a year of Meridian Telecom is in the database: %zu partners, %lld events\n",
              demo->partners_len, (long long)demo->events);
    return run_sign_ins(cli);
}

const struct command demo_commands[] = {
    {.name = "demo",
     .summary = "Fill an empty database with a company to try everything on",
     .help = "The company is made up, and the same for the same day. Its people sign in with one "
             "password: see kontor demo sign-ins.\n\n"
             "  kontor --db demo.db demo\n  kontor --db demo.db demo --today 2026-11-15",
     .needs = CLI_OWNS,
     .options = {{"today", "DATE", "the last day of the story; today without it"}},
     .run = run_demo},
    {.name = "demo sign-ins",
     .summary = "Print who may sign in to the demo, and the password",
     .help = "  kontor demo sign-ins",
     .needs = CLI_PURE,
     .run = run_sign_ins},
    {0}};
