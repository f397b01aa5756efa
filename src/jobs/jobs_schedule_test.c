/* Tests of schedules, ticks and the outbox: each due time once, each message at least once and in
 * order. */
#include "jobs/jobs_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static int runs;
static struct str last_tick;
static char last_tick_text[64];

static enum rc run_count(struct job *job)
{
    struct str tick = json_text(json_get(job->args, "tick"));
    runs++;
    snprintf(last_tick_text, sizeof(last_tick_text), STR_FMT, STR_ARG(tick));
    last_tick = str_of(last_tick_text);
    return RC_OK;
}

static const struct job_kind kinds[] = {
    {.name = "test.count", .label = "Count", .run = run_count, .lane = JOB_QUICK}, {0}};

static void begin(struct fixture *f)
{
    jobs_forget();
    job_kind_declare(kinds);
    when_clock_set(f->op.now);
    runs = 0;
}

static void pass(struct fixture *f, int64_t us)
{
    f->op.now += us;
    when_clock_set(f->op.now);
}

/* ---- schedules ---- */

static void every(struct fixture *f)
{
    static const struct job_schedule schedules[] = {
        {.name = "s", .kind = "test.count", .when = JOB_EVERY, .every_us = 10 * US_MINUTE}, {0}};
    begin(f);
    job_schedule_declare(schedules);
    ok(jobs_drain(&f->op) == RC_OK && runs == 0, "a new schedule begins with its next due time");
    pass(f, 9 * US_MINUTE);
    ok(jobs_drain(&f->op) == RC_OK && runs == 0, "before it nothing happens");
    pass(f, US_MINUTE);
    ok(jobs_drain(&f->op) == RC_OK && runs == 1, "when it has come the job runs");
    is_str(last_tick, "2026-10-01T12:10:00Z", "and knows for which time");
    ok(jobs_drain(&f->op) == RC_OK && runs == 1, "once");
    pass(f, 3 * US_HOUR);
    ok(jobs_drain(&f->op) == RC_OK && runs == 2, "times missed while nothing ran become one");
}

static void daily_in_the_zone(struct fixture *f)
{
    static const struct job_schedule schedules[] = {
        {.name = "s", .kind = "test.count", .when = JOB_DAILY, .at_us = 3 * US_HOUR}, {0}};
    begin(f);
    job_schedule_declare(schedules);
    f->op.zone = zone_find(STR("Europe/Madrid"));
    ok(jobs_drain(&f->op) == RC_OK && runs == 0, "a daily job");
    pass(f, 13 * US_HOUR); /* 01:00 UTC is 03:00 in Madrid */
    ok(jobs_drain(&f->op) == RC_OK && runs == 1, "runs at the operator's local time");
    is_str(last_tick, "2026-10-02T01:00:00Z", "in summer two hours before UTC");
    pass(f, 30 * US_DAY + 2 * US_HOUR);
    ok(jobs_drain(&f->op) == RC_OK && runs == 2, "a month later");
    is_str(last_tick, "2026-11-01T02:00:00Z", "in winter one hour");
}

static void monthly(struct fixture *f)
{
    static const struct job_schedule schedules[] = {
        {.name = "s", .kind = "test.count", .when = JOB_MONTHLY, .at_us = 0, .day = 31}, {0}};
    begin(f);
    job_schedule_declare(schedules);
    ok(jobs_drain(&f->op) == RC_OK && runs == 0, "a monthly job of the 31st");
    pass(f, 30 * US_DAY);
    ok(jobs_drain(&f->op) == RC_OK && runs == 1, "runs on the 31st");
    is_str(last_tick, "2026-10-31T00:00:00Z", "where there is one");
    pass(f, 30 * US_DAY);
    ok(jobs_drain(&f->op) == RC_OK && runs == 2, "and else on the last day");
    is_str(last_tick, "2026-11-30T00:00:00Z", "of the month");
}

static void one_for_two_processes(struct fixture *f)
{
    static const struct job_schedule schedules[] = {
        {.name = "s", .kind = "test.count", .when = JOB_EVERY, .every_us = US_HOUR}, {0}};
    struct db *db = fixture_connect(f);
    struct op other;
    begin(f);
    job_schedule_declare(schedules);
    ok(jobs__schedule_due(&f->op) == RC_OK, "two processes look at one schedule");
    pass(f, US_HOUR);
    op_init(&other, f->arena, db, f->op.now);
    ok(jobs__schedule_due(&f->op) == RC_OK && jobs__schedule_due(&other) == RC_OK,
       "when it is due");
    is_i64(fixture_i64(f, "select count(*) from job"), 1, "there is one job");
    pass(f, US_HOUR);
    ok(jobs__schedule_due(&f->op) == RC_OK, "while it has not ended");
    is_i64(fixture_i64(f, "select count(*) from job"), 1, "the next time waits");
    ok(jobs_drain(&f->op) == RC_OK && runs == 1, "when it has");
    ok(jobs_drain(&f->op) == RC_OK && runs == 2, "that time comes too");
    db_close(db);
}

static void a_schedule_under_faults(struct fixture *f)
{
    static const struct job_schedule schedules[] = {
        {.name = "s", .kind = "test.count", .when = JOB_EVERY, .every_us = US_HOUR}, {0}};
    bool is_fine = true, is_past_end = false;
    int n = 1;
    begin(f);
    job_schedule_declare(schedules);
    is_fine = jobs__schedule_due(&f->op) == RC_OK;
    for (; !is_past_end && n < 60; n++) {
        int64_t now = f->op.now;
        fixture_fresh_op(f);
        f->op.now = now;
        pass(f, US_HOUR);
        fixture_sql(f, "delete from job");
        db_faulty_arm(f->db, n, DB_FAIL_COMMIT_APPLIED);
        (void)(jobs__schedule_due(&f->op) == RC_OK);
        is_past_end = db_faulty_seen(f->db) < n;
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        is_fine = is_fine && jobs__schedule_due(&f->op) == RC_OK &&
                  fixture_i64(f, "select count(*) from job") == 1;
    }
    ok(is_fine && n > 4 && n < 60,
       "a commit of which nobody knows makes neither two jobs nor none");
}

/* ---- ticks ---- */

static int ticks;
static enum rc tick_rc;
static enum rc run_tick(struct op *op)
{
    ticks++;
    if (tick_rc == RC_OK)
        TRY(q_outbox_add(
            op,
            &(struct q_outbox_add_in){
                .topic = STR("tick"), .key = STR(""), .payload = STR("{}"), .now = op->now},
            &(int64_t){0}));
    return tick_rc;
}

static void ticking(struct fixture *f)
{
    static const struct job_tick table[] = {{.name = "t", .every_us = US_SECOND, .run = run_tick},
                                            {0}};
    bool did;
    begin(f);
    job_tick_declare(table);
    ticks = 0;
    tick_rc = RC_OK;
    ok(jobs_drain(&f->op) == RC_OK && ticks == 1, "a tick runs when drained");
    ok(jobs__tick(&f->op, &table[0], false, &did) == RC_OK && ticks == 1,
       "not again in its interval");
    pass(f, US_SECOND);
    tick_rc = RC_MISSING;
    ok(jobs__tick(&f->op, &table[0], false, &did) == RC_OK && ticks == 2, "again after it");
    ok(jobs__tick(&f->op, &table[0], false, &did) == RC_OK && ticks == 3,
       "one that found nothing to do writes nothing, so the next look may come at once");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'tick'"), 1,
           "its effect commits with it");
}

static int parts_left;

static enum rc run_part(struct op *op)
{
    if (parts_left == 0)
        return RC_MISSING;
    parts_left--;
    return q_outbox_add(
        op,
        &(struct q_outbox_add_in){
            .topic = STR("part"), .key = STR(""), .payload = STR("{}"), .now = op->now},
        &(int64_t){0});
}

static void ticking_by_parts(struct fixture *f)
{
    static const struct job_tick table[] = {
        {.name = "p", .every_us = US_SECOND, .run = run_part, .is_by_parts = true}, {0}};
    begin(f);
    job_tick_declare(table);
    parts_left = 7;
    ok(jobs_drain(&f->op) == RC_OK && parts_left == 0, "a tick by parts goes on until it is done");
    is_i64(fixture_i64(f, "select count(*) from outbox where topic = 'part'"), 7,
           "each part commits");
}

/* ---- outbox ---- */

static char heard[1000];
static const char *refused; /* the message that a subscriber refuses */

static enum rc hear(struct op *op, const struct outbox_message *message)
{
    struct str n = json_text(json_get(message->payload, "n"));
    size_t len = strlen(heard);
    if (refused && str_eq(n, str_of(refused)))
        return fail(op, RC_BUSY, NULL, "not now");
    snprintf(heard + len, sizeof(heard) - len, STR_FMT STR_FMT " ", STR_ARG(message->key),
             STR_ARG(n));
    return RC_OK;
}

static const struct outbox_subscriber subscribers[] = {
    {.name = "test.hear", .topic = "deal.won", .deliver = hear}, {0}};

static void say(struct fixture *f, const char *key, const char *n)
{
    struct str payload = str_printf(f->arena, "{\"n\":\"%s\"}", n);
    ok(outbox_publish(&f->op, "deal.won", str_of(key), payload) == RC_OK, "a message is published");
}

static void delivering(struct fixture *f)
{
    begin(f);
    outbox_subscriber_declare(subscribers);
    heard[0] = 0;
    refused = NULL;
    say(f, "a", "1");
    say(f, "a", "2");
    say(f, "b", "3");
    {
        AUTO_TXN txn = {0};
        ok(txn_begin(&f->op, &txn) == RC_OK, "a change that is rolled back");
        say(f, "a", "4");
    }
    ok(outbox_publish(&f->op, "nobody.cares", STR("a"), STR("{}")) == RC_OK,
       "a topic without subscribers is fine");
    ok(jobs_drain(&f->op) == RC_OK, "the outbox is drained");
    is_str(str_of(heard), "a1 a2 b3 ", "messages arrive once, in order, and only committed ones");
    is_i64(fixture_i64(f, "select count(*) from outbox_delivery"), 0, "nothing is left");
}

static void a_failing_subscriber(struct fixture *f)
{
    begin(f);
    outbox_subscriber_declare(subscribers);
    heard[0] = 0;
    refused = "1";
    say(f, "a", "1");
    say(f, "a", "2");
    say(f, "b", "3");
    ok(jobs_drain(&f->op) == RC_OK, "a subscriber fails for one message");
    is_str(str_of(heard), "b3 ", "later ones of its key wait, other keys go on");
    pass(f, 2 * US_SECOND);
    refused = NULL;
    ok(jobs_drain(&f->op) == RC_OK, "after its backoff");
    is_str(str_of(heard), "b3 a1 a2 ", "it is delivered, and then those that waited");
}

static void parking(struct fixture *f)
{
    struct delivery_parked_rows rows;
    begin(f);
    outbox_subscriber_declare(subscribers);
    heard[0] = 0;
    refused = "1";
    say(f, "a", "1");
    for (int i = 0; i < 20; i++) {
        ok(jobs_drain(&f->op) == RC_OK, "a message is refused again and again");
        pass(f, 2 * US_HOUR);
    }
    ok(q_delivery_parked(&f->op, &rows) == RC_OK && rows.len == 1 && rows.at[0].tries == 12,
       "after twelve tries it waits for staff");
    is_str(rows.at[0].error, "not now", "with the reason");
    refused = NULL;
    ok(jobs_drain(&f->op) == RC_OK && heard[0] == 0, "it is not tried any more");
    ok(q_delivery_again(
           &f->op, &(struct q_delivery_again_in){.id = rows.at[0].id, .now = f->op.now}) == RC_OK &&
           jobs_drain(&f->op) == RC_OK,
       "until somebody says so");
    is_str(str_of(heard), "a1 ", "and then it arrives");
}

static enum rc hear_in_database(struct op *op, const struct outbox_message *message)
{
    int64_t id;
    return q_outbox_add(
        op,
        &(struct q_outbox_add_in){
            .topic = STR("effect"), .key = message->key, .payload = STR("{}"), .now = op->now},
        &id);
}

static void delivery_under_faults(struct fixture *f)
{
    static const struct outbox_subscriber in_database[] = {
        {.name = "test.db", .topic = "deal.won", .deliver = hear_in_database}, {0}};
    static const enum db_failure failures[] = {DB_FAIL_FULL, DB_FAIL_LOST, DB_FAIL_COMMIT_APPLIED};
    for (size_t i = 0; i < LEN(failures); i++) {
        bool is_fine = true, is_past_end = false;
        int n = 1;
        for (; !is_past_end && n < 60; n++) {
            fixture_fresh_op(f);
            begin(f);
            outbox_subscriber_declare(in_database);
            fixture_sql(f, "delete from outbox_delivery");
            fixture_sql(f, "delete from outbox");
            is_fine = is_fine && outbox_publish(&f->op, "deal.won", STR("k"), STR("{}")) == RC_OK;
            db_faulty_arm(f->db, n, failures[i]);
            (void)(jobs_drain(&f->op) == RC_OK);
            is_past_end = db_faulty_seen(f->db) < n;
            db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
            pass(f, US_HOUR);
            is_fine = is_fine && jobs_drain(&f->op) == RC_OK &&
                      fixture_i64(f, "select count(*) from outbox where topic = 'effect'") == 1;
        }
        ok(is_fine && n > 5 && n < 60, "whatever fails, an effect in the database happens once");
    }
}

int main(void)
{
    fixture_each(every);
    fixture_each(daily_in_the_zone);
    fixture_each(monthly);
    fixture_each(one_for_two_processes);
    fixture_each(a_schedule_under_faults);
    fixture_each(ticking);
    fixture_each(ticking_by_parts);
    fixture_each(delivering);
    fixture_each(a_failing_subscriber);
    fixture_each(parking);
    fixture_each(delivery_under_faults);
    return done_testing();
}
