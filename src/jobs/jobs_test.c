/* Tests of the queue: a job happens with its transaction or not at all, has its effect once, is
 * tried again or given up by rule, and survives whoever ran it. */
#include "conf/conf.h"
#include "jobs/jobs_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

/* ---- kinds of the tests: what they do is told by these variables ---- */

static struct {
    enum rc rc;          /* what run returns */
    const char *message; /* and the failure it records */
    int runs, checks;
    bool is_done_inside, wants_steal, wants_late_write;
    struct actor actor;
    struct db *other; /* of the one that takes the job over */
    int64_t last_id;
    enum rc late_rc;
} play;

static enum rc steal(struct job *job)
{
    struct op thief;
    op_init(&thief, job->op->arena, play.other, job->op->now + 2 * US_HOUR);
    TRY(q_job_release_all(&thief, &(struct q_job_release_all_in){.now = thief.now}));
    return jobs__recover(&thief);
}

static enum rc run_play(struct job *job)
{
    play.runs++;
    play.actor = job->op->actor;
    play.last_id = job->id;
    job_progress(job, 3, 10, JOB_ROWS);
    if (play.wants_steal)
        TRY(steal(job));
    if (play.rc != RC_OK && play.message)
        return fail(job->op, play.rc, NULL, play.message, "seven");
    TRY(play.rc);
    AUTO_TXN txn = {0};
    play.late_rc = job_txn(job, &txn);
    TRY(play.late_rc);
    TRY(q_outbox_add(
        job->op,
        &(struct q_outbox_add_in){
            .topic = STR("effect"), .key = STR(""), .payload = STR("{}"), .now = job->op->now},
        &play.last_id));
    job_result_set(job, &(struct job_result){.message = M("{0} of {1}"),
                                             .args = {STR("3"), STR("10")},
                                             .link = STR("/somewhere")});
    if (play.is_done_inside)
        TRY(job_done(job));
    return txn_commit(&txn);
}

static const struct job_kind kinds[] = {
    {.name = "test.play",
     .label = "Play",
     .run = run_play,
     .lane = JOB_QUICK,
     .tries_max = 3,
     .backoff_us = US_MINUTE},
    {.name = "test.long",
     .label = "Long",
     .run = run_play,
     .lane = JOB_LONG,
     .permission = "job.edit"},
    {0},
};

static void begin(struct fixture *f)
{
    when_clock_set(f->op.now);
    jobs_forget();
    job_kind_declare(kinds);
    permission_declare(job_permissions, job_permissions_len);
    memset(&play, 0, sizeof(play));
}

static void pass(struct fixture *f, int64_t us)
{
    f->op.now += us;
    when_clock_set(f->op.now);
}

static int64_t effects(struct fixture *f)
{
    return fixture_i64(f, "select count(*) from outbox where topic = 'effect'");
}

static int64_t add(struct fixture *f)
{
    int64_t id = 0;
    ok(job_enqueue(&f->op, &(struct job_new){.kind = "test.play", .title = STR("a file")}, &id) ==
           RC_OK,
       "a job is enqueued");
    return id;
}

static struct job_info look(struct fixture *f, int64_t id)
{
    struct job_info info = {0};
    ok(job_find(&f->op, id, &info) == RC_OK, "and found");
    return info;
}

static void runs_once(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    ok(look(f, id).state == JOB_QUEUED, "it waits");
    ok(jobs_drain(&f->op) == RC_OK, "the queue is drained");
    struct job_info info = look(f, id);
    ok(info.state == JOB_DONE && play.runs == 1, "it has run once");
    is_i64(effects(f), 1, "with one effect");
    is_str(job_words(&f->op, &info), "3 of 10", "and says what came out");
    is_i64(info.done, 3, "its progress is on record");
    is_str(job_progress_words(&f->op, &info), "3 of 10 rows", "in words");
    is_str(info.link, "/somewhere", "with a link");
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 1, "a drained queue has nothing left");
}

static void rolls_back_with_its_transaction(struct fixture *f)
{
    begin(f);
    {
        AUTO_TXN txn = {0};
        ok(txn_begin(&f->op, &txn) == RC_OK, "a transaction");
        (void)add(f);
    }
    ok(jobs_drain(&f->op) == RC_OK, "that is rolled back");
    ok(play.runs == 0, "takes its job with it");
}

static void once_key(struct fixture *f)
{
    struct job_new what = {.kind = "test.play", .once_key = STR("x")};
    int64_t a = 0, b = 0, c = 0;
    begin(f);
    ok(job_enqueue(&f->op, &what, &a) == RC_OK && job_enqueue(&f->op, &what, &b) == RC_OK,
       "a key is enqueued twice");
    ok(a == b, "and is one job");
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 1, "that runs once");
    ok(job_enqueue(&f->op, &what, &c) == RC_OK && c != a, "after its end the key is free again");
}

static void later(struct fixture *f)
{
    int64_t id = 0;
    begin(f);
    ok(job_enqueue(&f->op, &(struct job_new){.kind = "test.play", .run_at = f->op.now + US_HOUR},
                   &id) == RC_OK,
       "a job for later");
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 0, "does not run before its time");
    pass(f, US_HOUR);
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 1, "and runs when it has come");
}

static void retries(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    play.rc = RC_BUSY;
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 1, "a job fails for a while");
    struct job_info info = look(f, id);
    ok(info.state == JOB_QUEUED && info.run_at >= f->op.now + US_MINUTE,
       "it is put off by its backoff");
    is_str(job_words(&f->op, &info), "Try 1 of 3 failed: The database or another service was busy.",
           "and says so");
    pass(f, info.run_at - f->op.now);
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 2, "it is tried again");
    info = look(f, id);
    ok(info.run_at >= f->op.now + 2 * US_MINUTE, "the wait doubles");
    pass(f, info.run_at - f->op.now);
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 3, "the last try");
    info = look(f, id);
    ok(info.state == JOB_FAILED, "ends it");
    is_str(info.error_code, "busy", "with the code of the failure");
    pass(f, US_DAY);
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 3, "and it is not tried any more");
    play.rc = RC_OK;
    ok(job_retry(&f->op, id) == RC_OK && jobs_drain(&f->op) == RC_OK && play.runs == 4,
       "until somebody starts it again");
    ok(look(f, id).state == JOB_DONE, "and then it is done");
    ok(job_retry(&f->op, id) == RC_CONFLICT, "a job that is done is not started again");
}

static void final_failure(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    play.rc = RC_INVALID;
    play.message = "The file has {0} columns.";
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 1, "what the user sent is wrong");
    struct job_info info = look(f, id);
    ok(info.state == JOB_FAILED, "trying again would not help");
    is_str(job_words(&f->op, &info), "The file has seven columns.", "and the reason is kept");
}

static void cancelling(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    ok(job_cancel(&f->op, id) == RC_OK, "a waiting job is cancelled");
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 0, "and does not run");
    ok(look(f, id).state == JOB_CANCELLED, "it is cancelled");
    ok(job_cancel(&f->op, id) == RC_OK, "cancelling twice is fine");
}

static enum rc run_loop(struct job *job)
{
    struct op other;
    op_init(&other, job->op->arena, play.other, job->op->now);
    TRY(job_cancel(&other, job->id));
    for (int i = 0; i < 100; i++) {
        play.checks++;
        job->state->looked_mono = 0; /* half a second has passed */
        TRY(job_check(job));
    }
    return RC_OK;
}

static void cancelling_while_it_runs(struct fixture *f)
{
    static const struct job_kind loop[] = {
        {.name = "test.loop", .label = "Loop", .run = run_loop, .lane = JOB_LONG}, {0}};
    int64_t id = 0;
    begin(f);
    job_kind_declare(loop);
    play.other = fixture_connect(f);
    ok(job_enqueue(&f->op, &(struct job_new){.kind = "test.loop"}, &id) == RC_OK &&
           jobs_drain(&f->op) == RC_OK,
       "a job is cancelled by somebody else while it runs");
    ok(play.checks == 1, "it stops at its next check");
    ok(look(f, id).state == JOB_CANCELLED, "and is cancelled");
    db_close(play.other);
}

static void a_lost_lease(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    play.other = fixture_connect(f);
    play.wants_steal = true;
    ok(jobs_drain(&f->op) == RC_OK, "a worker sleeps so long that its job is taken away");
    is_i64((int64_t)play.late_rc, RC_CONFLICT, "its later writes are refused");
    is_i64(effects(f), 0, "and leave nothing");
    struct job_info info = look(f, id);
    ok(info.state == JOB_QUEUED, "the job waits for the next worker, whatever the first returned");
    play.wants_steal = false;
    pass(f, info.run_at - f->op.now);
    ok(jobs_drain(&f->op) == RC_OK && effects(f) == 1, "which has the effect, once");
    db_close(play.other);
}

static void a_killed_worker(struct fixture *f)
{
    struct job_row row = {0};
    begin(f);
    int64_t id = add(f);
    for (int i = 0; i < 3; i++) {
        struct job_id_row due;
        struct q_job_live_put_in live = {.job_id = id, .node = STR("dead")};
        ok(q_job_is_due(&f->op, &(struct q_job_is_due_in){.now = f->op.now, .lanes = 7}, &due) ==
                   RC_OK &&
               q_job_take(&f->op, &(struct q_job_take_in){.id = id, .now = f->op.now}) == RC_OK &&
               q_job_find(&f->op, &(struct q_job_find_in){.id = id}, &row) == RC_OK,
           "a worker takes a job and is killed");
        live.fence = row.fence;
        live.lease_until = f->op.now + JOB_LEASE_US;
        ok(q_job_live_put(&f->op, &live) == RC_OK && jobs__recover(&f->op) == RC_OK &&
               look(f, id).state == JOB_RUNNING,
           "while its lease holds nobody takes the job");
        pass(f, JOB_LEASE_US + 1);
        ok(jobs__recover(&f->op) == RC_OK, "then it is taken away");
    }
    struct job_info info = look(f, id);
    ok(info.state == JOB_FAILED, "a job that kills its worker every time is given up");
    is_str(job_words(&f->op, &info), "The program stopped while the job was running.",
           "with the reason");
}

/* One job with the n-th statement failing; then time passes and everything is drained again. */
static bool survives(struct fixture *f, int n, enum db_failure failure, bool *out_is_past_end)
{
    int64_t id = 0;
    fixture_fresh_op(f);
    begin(f);
    play.is_done_inside = true;
    fixture_sql(f, "delete from job_live");
    fixture_sql(f, "delete from job");
    fixture_sql(f, "delete from outbox");
    if (job_enqueue(&f->op, &(struct job_new){.kind = "test.play"}, &id) != RC_OK)
        return false;
    db_faulty_arm(f->db, n, failure);
    enum rc rc = jobs_drain(&f->op);
    *out_is_past_end = db_faulty_seen(f->db) < n;
    db_faulty_arm(f->db, 0, failure);
    for (int i = 0; i < 4; i++) { /* leases run out, tries go on */
        pass(f, 2 * US_HOUR);
        rc = jobs_drain(&f->op);
    }
    struct job_info info;
    return rc == RC_OK && effects(f) == 1 && job_find(&f->op, id, &info) == RC_OK &&
           info.state == JOB_DONE;
}

static void ends_with_its_effect(struct fixture *f)
{
    static const enum db_failure failures[] = {DB_FAIL_BUSY, DB_FAIL_FULL, DB_FAIL_LOST,
                                               DB_FAIL_COMMIT_APPLIED};
    for (size_t i = 0; i < LEN(failures); i++) {
        bool is_past_end = false, is_fine = true;
        int n = 1;
        for (; !is_past_end && n < 100; n++)
            is_fine = survives(f, n, failures[i], &is_past_end) && is_fine;
        ok(is_fine && n > 10 && n < 100,
           "whatever statement fails, the effect and the end are one");
    }
}

static void who_runs_it(struct fixture *f)
{
    begin(f);
    f->op.actor =
        (struct actor){.kind = ACTOR_PARTNER, .user_id = 7, .partner_id = 9, .name = STR("Vera")};
    int64_t id = add(f);
    ok(look(f, id).created_by.v == 7, "who started a job sees it");
    f->op.actor = (struct actor){.kind = ACTOR_PARTNER, .user_id = 8, .partner_id = 9};
    struct job_info info;
    ok(job_find(&f->op, id, &info) == RC_MISSING, "somebody else does not");
    ok(job_cancel(&f->op, id) == RC_MISSING, "nor cancels it");
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    ok(job_find(&f->op, id, &info) == RC_MISSING, "staff without job.read do not");
    size_t bit = 0;
    ok(permission_find(STR("job.read"), &bit), "the permission is declared");
    f->op.actor.permissions[bit / 64] |= UINT64_C(1) << (bit % 64);
    ok(job_find(&f->op, id, &info) == RC_OK, "staff with it do");
    ok(job_cancel(&f->op, id) == RC_DENIED, "but cancelling needs job.edit");
    fault_clear(&f->op.fault);
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(jobs_drain(&f->op) == RC_OK && play.actor.kind == ACTOR_PARTNER &&
           play.actor.partner_id == 9 && play.actor.user_id == 7,
       "it runs with the scope of who started it");
}

static enum rc nobody(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    (void)user_id;
    (void)out;
    return RC_MISSING;
}

static void a_blocked_user(struct fixture *f)
{
    begin(f);
    jobs_hooks(NULL, nobody);
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 7};
    int64_t id = add(f);
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(jobs_drain(&f->op) == RC_OK && play.runs == 0, "the job of a blocked user does not run");
    ok(look(f, id).state == JOB_FAILED, "and fails");
}

static void an_unknown_kind(struct fixture *f)
{
    begin(f);
    int64_t id = add(f);
    jobs_forget();
    ok(jobs_drain(&f->op) == RC_OK, "a job of a kind that this version does not know");
    ok(look(f, id).state == JOB_FAILED, "fails in words");
}

static void progress_is_rare(struct fixture *f)
{
    struct job__state state = {.kind = &kinds[0]};
    struct job job = {.op = &f->op, .state = &state};
    begin(f);
    int64_t id = add(f);
    state.id = job.id = id;
    state.beat_mono = state.looked_mono = when_mono_us();
    int seen = db_faulty_seen(f->db);
    for (int i = 0; i < 100000; i++)
        job_progress(&job, i, 100000, JOB_ROWS);
    ok(db_faulty_seen(f->db) - seen <= 6, "a hundred thousand steps write a few times");
}

int main(void)
{
    fixture_each(runs_once);
    fixture_each(rolls_back_with_its_transaction);
    fixture_each(once_key);
    fixture_each(later);
    fixture_each(retries);
    fixture_each(final_failure);
    fixture_each(cancelling);
    fixture_each(cancelling_while_it_runs);
    fixture_each(a_lost_lease);
    fixture_each(a_killed_worker);
    fixture_each(ends_with_its_effect);
    fixture_each(who_runs_it);
    fixture_each(a_blocked_user);
    fixture_each(an_unknown_kind);
    fixture_each(progress_is_rare);
    return done_testing();
}
