/* Tests of four eyes: who asked does not decide, a decision is one with its effect and its entry in
 * the audit, and the inbox holds what a person may decide. */
#include "approval/approval_int.h"
#include "crypt/crypt.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

/* ---- a kind of record: a run, whose state is kept here ---- */

static struct {
    int told;
    enum approval_state state;
    int64_t record_id, decided_by;
    bool was_needed, must_fail;
} run;

static enum rc run_decided(struct op *op, const struct approval_outcome *outcome)
{
    if (run.must_fail)
        return fail(op, RC_CONFLICT, NULL, "The period is closed.");
    run.told++;
    run.state = outcome->state;
    run.record_id = outcome->record_id;
    run.decided_by = outcome->decided_by;
    run.was_needed = outcome->was_needed;
    return RC_OK;
}

static struct str run_url(struct op *op, int64_t record_id)
{
    return str_printf(op->arena, "/runs/%lld", (long long)record_id);
}

static const struct permission run_permissions[] = {{"run.approve", "Approve runs", ACTOR_STAFF},
                                                    {"run.edit", "Edit runs", ACTOR_STAFF}};

static const struct approval_kind run_kind = {
    .name = "run",
    .label = "Run",
    .permission = "run.approve",
    .on_decided = run_decided,
    .url = run_url,
};

static const char *const approver[] = {"run.approve", NULL};
static const char *const clerk[] = {"run.edit", NULL};
static const char *const watcher[] = {"approval.read", NULL};

static void declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(pid_key);
    permission_declare(run_permissions, LEN(run_permissions));
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    conf_declare(http_settings);
    conf_declare(auth_conf);
    audit_declare();
    org_start();
    auth_start();
    approval_start();
    approval_kind_declare(&run_kind);
}

/* People 1 to 4 exist, without roles: the tests give actors of their own. */
static void begin(struct fixture *f)
{
    static bool is_declared;
    if (!is_declared)
        declare();
    is_declared = true;
    memset(&run, 0, sizeof run);
    for (int i = 1; i <= 4; i++)
        fixture_sql(f, str_printf(f->arena,
                                  "insert into auth_user (side, state, email, email_fold, name, "
                                  "name_fold, name_sort, lang, has_all_branches, created_at) "
                                  "values (1, 2, 'p%d', 'p%d', 'P', 'p', 'p', 'en', (1 = 1), 0)",
                                  i, i)
                           .at);
}

static void act(struct fixture *f, int64_t user_id, const char *const *permissions)
{
    f->op.actor = fx_staff(user_id, permissions);
}

static int64_t ask(struct fixture *f, int64_t record_id)
{
    int64_t id = 0;
    enum rc rc = approval_request(&f->op,
                                  &(struct approval_new){
                                      .kind = "run",
                                      .record_id = record_id,
                                      .label = STR("May 1997"),
                                      .amount = MONEY(259952, currency_find(STR("USD"))),
                                      .note = STR("First month"),
                                  },
                                  &id);
    return rc == RC_OK ? id : 0;
}

static int64_t waiting(struct fixture *f)
{
    int64_t n = -1;
    return approval_inbox_count(&f->op, &n) == RC_OK ? n : -1;
}

/* ---- tests ---- */

static void four_eyes(struct fixture *f)
{
    struct approval a;
    begin(f);
    act(f, 1, clerk);
    ok(approval_state(&f->op, "run", 17, &a) == RC_OK && a.state == APPROVAL_NONE,
       "a record that nobody asked about has no approval");
    int64_t id = ask(f, 17);
    ok(id > 0 && run.told == 0, "asking decides nothing");
    ok(ask(f, 17) == 0, "a record is asked about once at a time");
    fault_clear(&f->op.fault);
    ok(approval_approve(&f->op, id, STR("")) == RC_DENIED, "without the permission nobody decides");
    fault_clear(&f->op.fault);
    act(f, 1, approver);
    ok(approval_approve(&f->op, id, STR("")) == RC_DENIED && run.told == 0,
       "nor does who asked, whatever they may");
    ok(strstr(f->op.fault.entries[0].message, "somebody else") != NULL, "which is said in words");
    fault_clear(&f->op.fault);
    is_i64(waiting(f), 0, "it is not in their inbox");
    act(f, 2, approver);
    is_i64(waiting(f), 1, "but in that of a second person");
    ok(approval_get(&f->op, id, &a) == RC_OK && a.may_decide && !a.may_withdraw, "who may decide");
    ok(approval_approve(&f->op, id, STR("checked")) == RC_OK, "and does");
    ok(run.told == 1 && run.state == APPROVAL_APPROVED && run.record_id == 17 &&
           run.decided_by == 2 && run.was_needed,
       "the record's module is told once");
    ok(approval_reject(&f->op, id, STR("no")) == RC_CONFLICT && run.told == 1,
       "a decision is not made twice");
    fault_clear(&f->op.fault);
    ok(approval_state(&f->op, "run", 17, &a) == RC_OK && a.state == APPROVAL_APPROVED &&
           a.decided_by.v == 2 && a.decided_at.has,
       "the record knows who and when");
    is_str(a.comment, "checked", "and with what words");
    is_i64(waiting(f), 0, "nothing waits any more");
    is_i64(fixture_i64(f, "select count(*) from audit where record = 'approval'"), 2,
           "asking and deciding stand in the audit");
}

static void rejecting(struct fixture *f)
{
    struct approval a;
    begin(f);
    act(f, 1, clerk);
    int64_t id = ask(f, 17);
    act(f, 2, approver);
    ok(approval_reject(&f->op, id, STR("  ")) == RC_INVALID && run.told == 0,
       "a rejection says why");
    fault_clear(&f->op.fault);
    ok(approval_reject(&f->op, id, STR("One sale is missing")) == RC_OK &&
           run.state == APPROVAL_REJECTED,
       "then it is one");
    act(f, 1, clerk);
    int64_t second = ask(f, 17);
    ok(second > 0 && second != id, "it may be asked again");
    ok(approval_get(&f->op, second, &a) == RC_OK && a.may_withdraw && !a.may_decide,
       "who asked may take it back");
    act(f, 2, approver);
    ok(approval_withdraw(&f->op, second, STR("")) == RC_DENIED, "nobody else");
    fault_clear(&f->op.fault);
    act(f, 1, clerk);
    ok(approval_withdraw(&f->op, second, STR("")) == RC_OK && run.state == APPROVAL_WITHDRAWN,
       "and does");
}

static void one_with_its_effect(struct fixture *f)
{
    struct approval a;
    begin(f);
    act(f, 1, clerk);
    int64_t id = ask(f, 17);
    act(f, 2, approver);
    run.must_fail = true;
    ok(approval_approve(&f->op, id, STR("")) == RC_CONFLICT, "an effect that fails");
    fault_clear(&f->op.fault);
    ok(approval_get(&f->op, id, &a) == RC_OK && a.state == APPROVAL_OPEN && a.may_decide,
       "leaves the request open");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'approval.approve'"), 0,
           "and no trace of a decision");
    run.must_fail = false;
    bool is_whole = true;
    int n = 1;
    for (; n < 100; n++) {
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = approval_approve(&f->op, id, STR("ok"));
        bool has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        if (!has_fired)
            break;
        is_whole = is_whole && rc != RC_OK &&
                   fixture_i64(f, "select count(*) from approval where state = 'open'") == 1 &&
                   fixture_i64(f, "select count(*) from approval_stage where state = 'open'") == 1;
        fault_clear(&f->op.fault);
    }
    ok(is_whole && n > 5, "whichever statement fails, nothing is half-decided");
}

static void not_needed(struct fixture *f)
{
    struct approval a;
    begin(f);
    ok(setting_set(&f->op, "approval.run", STR("false")) == RC_OK, "a kind may need no approval");
    act(f, 1, clerk);
    int64_t id = ask(f, 18);
    ok(id > 0 && run.told == 1 && run.state == APPROVAL_APPROVED && !run.was_needed &&
           run.decided_by == 0,
       "then asking passes by itself, and the module is told");
    ok(approval_state(&f->op, "run", 18, &a) == RC_OK && a.state == APPROVAL_APPROVED &&
           !a.decided_by.has,
       "nobody decided it");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(setting_set(&f->op, "approval.run", STR("true")) == RC_OK, "it may need one again");
}

static void by_branch(struct fixture *f)
{
    struct approval a;
    int64_t id = 0, entity = 0, north = 0, south = 0;
    begin(f);
    struct org_entity e = {.name = STR("Meridian SA"), .country = STR("ES")};
    ok(org_entity_save(&f->op, &e, &entity) == RC_OK, "a company");
    struct org_branch b = {.code = STR("N"), .name = STR("North"), .entity_id = entity};
    ok(org_branch_save(&f->op, &b, &north) == RC_OK, "with a branch");
    b = (struct org_branch){.code = STR("S"), .name = STR("South"), .entity_id = entity};
    ok(org_branch_save(&f->op, &b, &south) == RC_OK, "and another");
    fixture_sql(f, str_printf(f->arena, "insert into user_branch values (2, %lld), (3, %lld)",
                              (long long)north, (long long)south)
                       .at);
    act(f, 1, clerk);
    struct approval_new in = {
        .kind = "run", .record_id = 5, .label = STR("North"), .branch_id = SOME(north)};
    ok(approval_request(&f->op, &in, &id) == RC_OK, "a request of one branch");
    act(f, 3, approver);
    f->op.actor.has_all_branches = false;
    is_i64(waiting(f), 0, "does not wait for those of another");
    ok(approval_get(&f->op, id, &a) == RC_MISSING, "does not exist for them");
    ok(approval_approve(&f->op, id, STR("")) == RC_MISSING && run.told == 0, "nor can be decided");
    act(f, 2, approver);
    f->op.actor.has_all_branches = false;
    is_i64(waiting(f), 1, "it waits for those who see the branch");
    ok(approval_approve(&f->op, id, STR("")) == RC_OK, "who decide");
}

/* Stages after the first open one by one: what routes of several stages will be made of. */
static void stages(struct fixture *f)
{
    begin(f);
    act(f, 1, clerk);
    int64_t id = ask(f, 17);
    fixture_sql(f, str_printf(f->arena,
                              "insert into approval_stage (approval_id, number, state, permission) "
                              "values (%lld, 2, 'waiting', 'run.approve')",
                              (long long)id)
                       .at);
    act(f, 2, approver);
    ok(approval_approve(&f->op, id, STR("")) == RC_OK && run.told == 0,
       "the first of two stages does not decide the request");
    act(f, 3, approver);
    is_i64(waiting(f), 1, "the second one is open then");
    ok(approval_approve(&f->op, id, STR("")) == RC_OK && run.told == 1, "and decides");
}

static void pages(struct fixture *f)
{
    static const struct route *const routes[] = {approval_routes, NULL};
    struct fx x;
    char page[100], target[140];
    begin(f);
    struct actor asker = fx_staff(1, clerk), boss = fx_staff(2, approver),
                 guest = fx_staff(3, watcher), stranger = fx_staff(4, clerk);
    act(f, 1, clerk);
    int64_t id = ask(f, 17);
    fx_open(&x, f, routes, NULL);
    (void)snprintf(page, sizeof page, "/approvals/%s", apr(id).text);
    is_i64(fx_get(&x, &boss, "/approvals"), 200, "the inbox opens");
    ok(fx_has(&x, "May 1997") && fx_has(&x, "2,599.52"), "with label and amount");
    is_i64(fx_get(&x, &asker, "/approvals"), 200, "so does that of who asked");
    ok(!fx_has(&x, "May 1997"), "without it");
    is_i64(fx_get(&x, &guest, "/approvals/all"), 200, "those who may see all requests");
    ok(fx_has(&x, "May 1997"), "see it");
    is_i64(fx_get(&x, &asker, page), 200, "who asked sees the request");
    ok(fx_has(&x, "Take the request back") && !fx_has(&x, "/approve\""), "and may take it back");
    is_i64(fx_get(&x, &stranger, page), 404, "others do not see it");
    is_i64(fx_get(&x, &boss, page), 200, "a decider sees it");
    ok(fx_has(&x, "/approve\"") && fx_has(&x, "/runs/17"), "with buttons and a link to the record");
    (void)snprintf(target, sizeof target, "%s/reject", page);
    is_i64(fx_get(&x, &boss, target), 200, "rejecting asks for a reason");
    is_i64(fx_post(&x, &boss, target, "comment="), 422, "and insists on it");
    ok(fx_has(&x, "Say why you reject it."), "in words");
    (void)snprintf(target, sizeof target, "%s/approve", page);
    is_i64(fx_post(&x, &asker, target, "comment="), 403, "who asked cannot approve");
    is_i64(fx_post(&x, &boss, target, "comment=fine"), 303, "the second person can");
    is_i64(fx_get(&x, &boss, page), 200, "the page then");
    ok(fx_has(&x, "fine") && !fx_has(&x, "/approve\""), "tells the words and has no buttons");
    fx_done(&x);
}

int main(void)
{
    fixture_each(four_eyes);
    fixture_each(rejecting);
    fixture_each(one_with_its_effect);
    fixture_each(not_needed);
    fixture_each(by_branch);
    fixture_each(stages);
    fixture_each(pages);
    return done_testing();
}
