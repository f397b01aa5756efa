/* When lines are due: days and durations that a scheme says for all of a rule, conditions that a
 * later event must meet, balances that must be reached; and nothing is lost or done twice. */
#include "ledger/ledger.h"
#include "reward/reward_recipe_scene.h"

static int64_t now_is(struct fixture *f, int year, int month, int day)
{
    f->op.now = scene_at(year, month, day);
    return f->op.now;
}

static int64_t tick(struct fixture *f)
{
    int64_t moved = 0;
    scene_must(f, reward_due_tick(&f->op, &moved), "a tick");
    return moved;
}

static int64_t owed(struct fixture *f, const struct scene *s, const char *kind)
{
    struct ledger_positions positions = {0};
    scene_must(f, ledger_positions(&f->op, s->partner_ids[0], 0, &positions), "positions");
    if (positions.len == 0)
        return 0;
    const struct ledger_position *at = &positions.at[0];
    return kind[0] == 'h' ? at->held_minor : kind[0] == 'a' ? at->accrued_minor : at->payable_minor;
}

static bool is_whole(struct fixture *f)
{
    struct ledger_report report;
    scene_must(f, ledger_verify(&f->op, &report), "the ledger");
    return report.unbalanced == 0 && report.wrong_balances == 0 && report.wrong_reversals == 0;
}

static int64_t event_of(struct fixture *f, struct scene *s, enum event_type type, int64_t at,
                        int64_t net_minor, int64_t original_seq)
{
    struct recipe_event event = {.type = type,
                                 .at = at,
                                 .net_minor = net_minor,
                                 .original_seq = original_seq,
                                 .shares = {EVENT_SHARE_WHOLE}};
    return recipe_event(f, s, &event);
}

static void only_ours(struct fixture *f)
{
    fixture_sql(f, "delete from event_tail");
}

static void days(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"a", "kind=\"line\" scope=\"event\"", "event", "1"},
           {"b", "kind=\"line\" scope=\"event\"", "event", "{amount: 1, due: @\"2027-03-01\"}"},
           {"c", "kind=\"line\"", "sales", "1"},
           {"all", "kind=\"due\"", "period", "{on: period.end + @\"P20D\"}"},
           {"of a", "kind=\"due\" scope=\"event\" of=\"a\"", "event", "{after: @\"P2M\"}"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    struct reward_details details;
    scene_must(
        f,
        reward_details_of(&f->op, september, recipe_result(september, s.contract_ids[0]), &details),
        "details");
    is_i64(details.lines.at[0].due_day.v, date_of(2026, 10, 21).days, "a day for all lines");
    is_i64(details.lines.at[1].due_day.v, date_of(2026, 11, 1).days, "another one for a rule");
    is_i64(details.lines.at[2].due_day.v, date_of(2027, 3, 1).days, "a line's own goes first");
}

static void mistakes(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"a", "kind=\"line\" scope=\"event\"", "event", "1"},
           {"w", "kind=\"due\"", "period", "{when: function(e) true}"},
           {"x", "kind=\"due\" scope=\"event\"", "event", "{when: function(e) true}"},
           {"y", "kind=\"due\" scope=\"event\"", "event", "{balance at least: \"much\"}"},
           {"z", "kind=\"due\" scope=\"event\"", "event", "12"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, s.contract_ids[0]);
    const struct reward_result *anna = recipe_result(september, s.contract_ids[0]);
    static const char *const said[] = {
        "The condition of a line is a function of a later event, in the scope event.",
        "A condition of a line says until when it can be met.",
        "The balance that must be reached is an amount.",
        "When lines are due is a date, or says on, after, when or balance at least."};
    is_i64((int64_t)anna->warnings.len, LEN(said), "each mistake is said");
    for (size_t i = 0; i < LEN(said) && i < anna->warnings.len; i++)
        is_str(str_of(anna->warnings.at[i].message), said[i], "by name");
}

/* Active after 90 days, or the line is gone after 120. */
#define ACTIVE                                                                                     \
    {"a", "kind=\"line\" scope=\"event\" law=\"mirror\"", "event",                                 \
     "if event.type = \"activation\" then 10 else null"},                                          \
    {                                                                                              \
        "gate", "kind=\"due\" scope=\"event\" of=\"a\"", "event",                                  \
            "{when: function(later) later.type = \"payment\" and later.date >= event.date + "      \
            "@\"P90D\", until: event.date + @\"P120D\"}"                                           \
    }

static void condition_met(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", ACTIVE);
    only_ours(f);
    (void)event_of(f, &s, EVENT_ACTIVATION, scene_at(2026, 8, 3), 0, 0); /* 90 days: 1 November */
    (void)event_of(f, &s, EVENT_PAYMENT, scene_at(2026, 10, 31), 100, 0);
    now_is(f, 2026, 9, 20);
    (void)recipe_post(f, 8);
    is_i64(owed(f, &s, "held"), 1000, "a line with a condition is held");
    now_is(f, 2026, 11, 2);
    is_i64(tick(f), 0, "a payment of the day before is too early");
    int64_t payment = event_of(f, &s, EVENT_PAYMENT, scene_at(2026, 11, 1), 100, 0);
    struct recipe_event back = {.type = EVENT_VOID,
                                .at = scene_at(2026, 11, 1),
                                .original_seq = payment,
                                .shares = {EVENT_SHARE_WHOLE}};
    (void)recipe_event(f, &s, &back);
    is_i64(tick(f), 0, "one that was voided is none");
    (void)event_of(f, &s, EVENT_PAYMENT, scene_at(2026, 11, 1), 100, 0);
    is_i64(tick(f), 1, "one in time lets it go, and it is due");
    is_i64(owed(f, &s, "held"), 0, "nothing is held");
    is_i64(owed(f, &s, "payable"), 1000, "all is payable");
    is_i64(tick(f), 0, "a second tick does nothing");
    ok(is_whole(f), "the ledger is whole");
}

static void condition_missed(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", ACTIVE);
    only_ours(f);
    (void)event_of(f, &s, EVENT_ACTIVATION, scene_at(2026, 8, 3), 0, 0); /* 120 days: 1 December */
    (void)event_of(f, &s, EVENT_PAYMENT, scene_at(2026, 12, 1), 100, 0);
    now_is(f, 2026, 9, 20);
    (void)recipe_post(f, 8);
    now_is(f, 2026, 11, 30);
    (void)tick(f);
    is_i64(owed(f, &s, "held"), 1000, "until the last day it is held");
    now_is(f, 2026, 12, 1);
    (void)tick(f);
    is_i64(owed(f, &s, "held") + owed(f, &s, "payable") + owed(f, &s, "accrued"), 0,
           "on the day it is cancelled");
    is_i64(fixture_i64(f, "select count(*) from reward_line where state = 'cancelled'"), 1,
           "and the line says so");
    (void)tick(f);
    ok(is_whole(f), "the ledger is whole");
}

/* The refund of what is held shares its fate. */
static void condition_of_refunds(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", ACTIVE);
    only_ours(f);
    int64_t seq = event_of(f, &s, EVENT_ACTIVATION, scene_at(2026, 8, 3), 0, 0);
    (void)event_of(f, &s, EVENT_CHURN, scene_at(2026, 9, 9), 0, seq);
    now_is(f, 2026, 10, 20);
    (void)recipe_post(f, 8);
    (void)recipe_post(f, 9);
    is_i64(owed(f, &s, "held"), 0, "what is taken back is held with what it takes back");
    now_is(f, 2026, 12, 1);
    (void)tick(f);
    is_i64(owed(f, &s, "held") + owed(f, &s, "payable"), 0, "and cancelled with it");
    is_i64(fixture_i64(f, "select count(*) from reward_line where state = 'cancelled'"), 2, "both");
    (void)event_of(f, &s, EVENT_CHURN, scene_at(2026, 12, 2), 0, seq);
    ok(is_whole(f), "the ledger is whole");
}

static void balance(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"a", "kind=\"line\" scope=\"event\"", "event", "event.credit.net"},
           {"threshold", "kind=\"due\"", "period", "{balance at least: 100}"});
    only_ours(f);
    (void)event_of(f, &s, EVENT_SALE, scene_at(2026, 8, 3), 9999, 0);
    (void)event_of(f, &s, EVENT_SALE, scene_at(2026, 9, 3), 1, 0);
    now_is(f, 2026, 9, 20);
    (void)recipe_post(f, 8);
    is_i64(owed(f, &s, "held"), 9999, "below the threshold nothing is paid");
    is_i64(tick(f), 0, "however often one looks");
    now_is(f, 2026, 10, 5);
    (void)recipe_post(f, 9);
    is_i64(owed(f, &s, "held"), 10000, "what is not due yet does not count");
    now_is(f, 2026, 10, 11);
    is_i64(tick(f), 2, "reaching it exactly is enough");
    is_i64(owed(f, &s, "payable"), 10000, "and all is paid");
    is_i64(tick(f), 0, "once");
    ok(is_whole(f), "the ledger is whole");
}

static void failures(struct fixture *f)
{
    struct scene s;
    int64_t moved = 0;
    int n = 1;
    RECIPE(f, &s, "", ACTIVE, {"b", "kind=\"line\" scope=\"event\"", "event", "7"},
           {"threshold", "kind=\"due\" of=\"b\"", "period", "{balance at least: 14}"});
    only_ours(f);
    (void)event_of(f, &s, EVENT_ACTIVATION, scene_at(2026, 8, 3), 0, 0);
    (void)event_of(f, &s, EVENT_ACTIVATION, scene_at(2026, 8, 4), 0, 0);
    now_is(f, 2026, 9, 2);
    (void)recipe_post(f, 8);
    (void)event_of(f, &s, EVENT_PAYMENT, scene_at(2026, 11, 1), 100, 0);
    now_is(f, 2026, 12, 3);
    for (bool has_fired = true; has_fired && n < 400; n++) {
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = reward_due_tick(&f->op, &moved);
        has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        fault_clear(&f->op.fault);
        if (has_fired && rc == RC_OK)
            ok(false, "a statement that failed was passed over");
    }
    ok(n > 10 && n < 400, "every statement of a tick failed once");
    is_i64(owed(f, &s, "payable"), 2400, "what the ticks did together is done once");
    is_i64(owed(f, &s, "held") + owed(f, &s, "accrued"), 0, "and nothing is left");
    is_i64(fixture_i64(f, "select count(*) from reward_line where state = 'cancelled'"), 1,
           "one came too late");
    ok(is_whole(f), "the ledger is whole");
}

int main(void)
{
    fixture_each(days);
    fixture_each(mistakes);
    fixture_each(condition_met);
    fixture_each(condition_missed);
    fixture_each(condition_of_refunds);
    fixture_each(balance);
    fixture_each(failures);
    return done_testing();
}
