/* Suspensions by days: what a period sees is what held in it, whatever the state says today; and
 * two people who change one contract at once do not lose each other's change. */
#include <pthread.h>

#include "contract/contract_scene.h"
#include "contract/contract_web.h"
#include "crypt/crypt.h"
#include "tests/fixture_http.h"

static int64_t live(struct fixture *f, const struct scene *s, const char *code, int64_t to_day)
{
    int64_t id = scene_contract(f, s, code, day(2026, 1, 1), to_day), version;
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    if (contract_version_save(&f->op, &v, &version) != RC_OK || set_state(f, id, "active") != RC_OK)
        ok(false, "a contract is active");
    return id;
}

static struct contract now(struct fixture *f, int64_t id)
{
    struct contract c = {0};
    fault_clear(&f->op.fault);
    if (contract_get(&f->op, id, &c) != RC_OK)
        ok(false, "the contract is there");
    return c;
}

static enum rc suspend(struct fixture *f, int64_t id, int64_t from_day)
{
    struct contract c = now(f, id);
    return contract_suspend(&f->op, id, c.revision, from_day, STR("Papers are missing."));
}

static enum rc resume(struct fixture *f, int64_t id, int64_t from_day)
{
    struct contract c = now(f, id);
    return contract_resume(&f->op, id, c.revision, from_day);
}

/* Suspended days of a month as a run sees them: -1 when the contract is not in it at all. */
static int64_t suspended_days(struct fixture *f, int64_t id, int month)
{
    struct contract_terms_list list;
    int64_t days = 0, from = day(2026, month, 1),
            to = date_add_months(date_of(2026, month, 1), 1).days;
    if (contract_terms_in(&f->op, from, to, id, &list) != RC_OK || list.len != 1)
        return -1;
    for (size_t i = 0; i < list.at[0].suspensions_len; i++) {
        struct contract_span span = list.at[0].suspensions[i];
        span.from_day = span.from_day > from ? span.from_day : from;
        span.to_day = span.to_day < to ? span.to_day : to;
        days += span.to_day - span.from_day;
    }
    return days;
}

static void dated(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    int64_t id = live(f, &s, "D-1", CONTRACT_NO_END);
    ok(suspend(f, id, day(2025, 12, 31)) == RC_INVALID, "not before the contract begins");
    ok(suspend(f, id, day(2026, 8, 11)) == RC_OK, "a contract is suspended from 11 August on");
    is_str(now(f, id).state, "suspended", "the state says so");
    is_i64(suspended_days(f, id, 7), 0, "July is as it was");
    is_i64(suspended_days(f, id, 8), 21, "of August ten days count");
    is_i64(suspended_days(f, id, 9), -1, "September has no day: the contract is not in its run");
    ok(suspend(f, id, day(2026, 9, 1)) == RC_CONFLICT, "suspended twice at once it is not");
    ok(resume(f, id, day(2026, 8, 10)) == RC_INVALID, "it does not resume before it was suspended");
    ok(resume(f, id, day(2026, 9, 20)) == RC_OK, "it resumes on 20 September");
    is_str(now(f, id).state, "active", "and is active");
    is_i64(suspended_days(f, id, 8), 21, "August stays as it was");
    is_i64(suspended_days(f, id, 9), 19, "September counts from the 20th on");
    ok(resume(f, id, day(2026, 9, 25)) == RC_CONFLICT, "what is over is not resumed again");
    ok(suspend(f, id, day(2026, 9, 10)) == RC_INVALID, "suspensions do not overlap");
    ok(suspend(f, id, day(2026, 9, 25)) == RC_OK, "they follow each other");
    is_i64(suspended_days(f, id, 9), 25, "and add up");
    struct contract_suspensions all;
    ok(contract_suspensions(&f->op, id, &all) == RC_OK && all.len == 2 &&
           all.at[1].to_day == day(2026, 9, 20),
       "the history keeps both");
    is_str(all.at[1].reason, "Papers are missing.", "with the reason");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'contract.suspend'"), 2,
           "the journal has each");
}

static void to_come(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    int64_t id = live(f, &s, "D-1", CONTRACT_NO_END);
    ok(suspend(f, id, day(2026, 10, 5)) == RC_OK, "a suspension may be to come");
    is_str(now(f, id).state, "active", "until then the contract is active");
    ok(contract_settle(&f->op) == RC_MISSING, "the tick has nothing to do");
    f->op.now += 4 * US_DAY;
    ok(contract_settle(&f->op) == RC_OK, "on the day it suspends");
    ok(contract_settle(&f->op) == RC_MISSING, "once");
    is_str(now(f, id).state, "suspended", "the contract is suspended");
    ok(resume(f, id, day(2026, 10, 8)) == RC_OK, "an end may be to come too");
    is_str(now(f, id).state, "suspended", "until then it stays");
    f->op.now += 3 * US_DAY;
    ok(contract_settle(&f->op) == RC_OK, "on the day the tick resumes it");
    is_str(now(f, id).state, "active", "and it is active");
    ok(suspend(f, id, day(2026, 10, 20)) == RC_OK && resume(f, id, day(2026, 10, 20)) == RC_OK,
       "one that has not begun is called off");
    is_i64(suspended_days(f, id, 10), 3, "and takes no day");
}

static void ended(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    int64_t id = live(f, &s, "D-1", CONTRACT_NO_END);
    ok(suspend(f, id, day(2026, 9, 11)) == RC_OK, "a contract is suspended");
    struct contract c = now(f, id);
    ok(contract_end(&f->op, id, c.revision, day(2026, 9, 21)) == RC_OK, "and terminated");
    is_i64(suspended_days(f, id, 9), 10, "its suspension ends with it");
    is_i64(suspended_days(f, id, 8), 0, "what was before is still computed");
}

static int64_t posted_to;
static enum rc guard(struct op *op, int64_t contract_id, int64_t *out)
{
    (void)op, (void)contract_id;
    *out = posted_to;
    return RC_OK;
}

static void posted(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    int64_t id = live(f, &s, "D-1", CONTRACT_NO_END);
    contract_version_guard_set(guard);
    posted_to = day(2026, 9, 1);
    ok(suspend(f, id, day(2026, 8, 31)) == RC_CONFLICT,
       "no suspension reaches into what is posted");
    ok(suspend(f, id, day(2026, 9, 1)) == RC_OK, "the first day that is not posted may be");
    posted_to = day(2026, 10, 1);
    ok(resume(f, id, day(2026, 9, 15)) == RC_CONFLICT, "nor does the end of one");
    ok(resume(f, id, day(2026, 10, 1)) == RC_OK, "from the first free day on it resumes");
    contract_version_guard_set(NULL);
}

/* ---- pages ---- */

static void pages(struct fixture *f)
{
    struct scene s;
    struct fx x;
    scene_set(f, &s);
    int64_t id = live(f, &s, "D-1", CONTRACT_NO_END);
    fx_open(&x, f, (const struct route *const[]){contract_routes, NULL}, NULL);
    struct actor editor =
        fx_staff(1, (const char *const[]){"contract.read", "contract.edit", NULL});
    char path[80];
    when_clock_set(f->op.now);
    snprintf(path, sizeof(path), "/contracts/%s/suspend", ctr(id).text);
    is_i64(fx_get(&x, &editor, path), 200, "suspending asks from which day");
    ok(fx_has(&x, "value=\"1 Oct 2026\""), "and offers today");
    is_i64(fx_post(&x, &editor, path, "from_day=2025-01-01"), 422, "a wrong day comes back");
    is_i64(fx_post(&x, &editor, path, "from_day=2026-09-10&reason=Audit"), 303, "it is suspended");
    snprintf(path, sizeof(path), "/contracts/%s", ctr(id).text);
    is_i64(fx_get(&x, &editor, path), 200, "the page");
    ok(fx_has(&x, "Suspended from 10"), "says since when");
    ok(fx_has(&x, "Audit") && fx_has(&x, "/resume"), "and why, and how it goes on");
    snprintf(path, sizeof(path), "/contracts/%s/resume", ctr(id).text);
    is_i64(fx_get(&x, &editor, path), 200, "resuming asks from which day");
    is_i64(fx_post(&x, &editor, path, "day=2026-09-01"), 422, "not before it was suspended");
    is_i64(fx_post(&x, &editor, path, "day=2026-10-01"), 303, "it is resumed");
    is_str(now(f, id).state, "active", "and active");
    fx_done(&x);
}

/* ---- two at once ---- */

struct second {
    struct fixture *f;
    struct db *db;
    int64_t id;
    enum rc rc;
    _Atomic bool is_done;
};

/* Another person sends the contract for approval while the first one's change is not committed. */
static void *submit(void *self)
{
    struct second *second = self;
    struct op op = second->f->op;
    AUTO_ARENA arena = arena_new(64 << 20);
    op.db = second->db;
    op.arena = arena;
    op.fault = (struct fault){.arena = arena};
    struct contract c;
    second->rc = contract_get(&op, second->id, &c);
    if (second->rc == RC_OK)
        second->rc = contract_state_set(&op, second->id, c.revision, STR("active"));
    second->is_done = true;
    return NULL;
}

static void at_once(struct fixture *f)
{
    struct scene s;
    int64_t version;
    pthread_t thread;
    if (f->engine == DB_SQLITE)
        return; /* one writer at a time: txn_begin is the lock */
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "a draft has terms");
    struct second second = {.f = f, .db = fixture_connect(f), .id = id};
    {
        AUTO_TXN txn = {0};
        ok(txn_begin(&f->op, &txn) == RC_OK, "one person begins to change them");
        v = scene_terms(id, day(2026, 3, 1));
        ok(contract_version_save(&f->op, &v, &version) == RC_OK, "adds an agreement");
        ok(pthread_create(&thread, NULL, submit, &second) == 0,
           "another one activates the contract");
        struct timespec pause = {.tv_nsec = 300 * 1000 * 1000};
        nanosleep(&pause, NULL);
        ok(!second.is_done, "which waits, because the terms are being changed");
        ok(txn_commit(&txn) == RC_OK, "the first one is done");
    }
    pthread_join(thread, NULL);
    ok(second.rc == RC_OK, "then the second goes on");
    ok(fixture_i64(f, "select count(*) from contract_version") == 2 &&
           str_eq(now(f, id).state, STR("active")),
       "and nobody's change is lost");
    db_close(second.db);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(pid_key);
    scene_start();
    fixture_each(dated);
    fixture_each(to_come);
    fixture_each(ended);
    fixture_each(posted);
    fixture_each(pages);
    fixture_each(at_once);
    return done_testing();
}
