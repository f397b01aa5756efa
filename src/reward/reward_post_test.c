/* The life of a run: four eyes, posting into the ledger, what becomes due, rolling back and
 * repeating, verifying, jobs, and a failure at every statement of a posting. */
#include "ledger/ledger.h"
#include "reward/reward_scene.h"

static const char *const clerk[] = {"run.read", "run.edit", NULL};
static const char *const approver[] = {"run.read", "run.approve", NULL};
static const char *const poster[] = {"run.read", "run.post", "statement.send", NULL};

static struct actor the_system(void)
{
    return (struct actor){.kind = ACTOR_SYSTEM, .name = STR("the test")};
}

static struct reward_run run_of(struct fixture *f, int64_t run_id)
{
    struct reward_run run;
    scene_must(f, reward_run_get(&f->op, run_id, &run), "the run");
    return run;
}

static void submit(struct fixture *f, int64_t run_id)
{
    f->op.actor = scene_staff(f, 1, clerk);
    struct reward_run run = run_of(f, run_id);
    scene_must(f, reward_run_submit(&f->op, run_id, run.revision, STR("please")), "submit");
}

static void approve(struct fixture *f, int64_t run_id)
{
    struct approval approval;
    submit(f, run_id);
    f->op.actor = scene_staff(f, 2, approver);
    scene_must(f, approval_state(&f->op, "run", run_id, &approval), "the approval");
    scene_must(f, approval_approve(&f->op, approval.id, STR("")), "approve");
}

/* Minor units owed to a partner's contract on an account. */
static int64_t owed(struct fixture *f, const struct scene *s, int who, const char *kind)
{
    int64_t minor = 0;
    const struct currency *usd = currency_find(STR("USD"));
    struct ledger_leg account = {.kind = kind,
                                 .entity_id = s->entity_id,
                                 .partner_id = s->partner_ids[who],
                                 .contract_id = s->contract_ids[who],
                                 .amount = MONEY(1, usd)};
    struct actor before = f->op.actor;
    f->op.actor = the_system();
    scene_must(f, ledger_balance(&f->op, &account, usd, &minor), "a balance");
    f->op.actor = before;
    return -minor;
}

static bool is_ledger_whole(struct fixture *f)
{
    struct ledger_report report;
    f->op.actor = the_system();
    scene_must(f, ledger_verify(&f->op, &report), "the ledger");
    return report.unbalanced == 0 && report.wrong_balances == 0 && report.wrong_reversals == 0;
}

/* ---- four eyes ---- */

static void life(struct fixture *f)
{
    struct scene s;
    struct approval approval;
    int64_t other = 0;
    scene_begin(f, &s);
    f->op.actor = scene_staff(f, 1, clerk);
    int64_t id = scene_run(f, 9);
    is_str(run_of(f, id).state, "calculated", "a run is calculated");
    ok(reward_run_add(&f->op, scene_month(9), STR(""), &other) == RC_CONFLICT,
       "one run of a period is open at a time");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 1, clerk);
    ok(reward_run_post(&f->op, id) == RC_DENIED, "posting needs its permission");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 3, poster);
    ok(reward_run_post(&f->op, id) == RC_CONFLICT, "and an approval");
    fixture_fresh_op(f);
    submit(f, id);
    is_str(run_of(f, id).state, "in_approval", "it is sent for approval");
    ok(reward_run_calculate(&f->op, id, NULL, NULL) == RC_CONFLICT,
       "what is being approved is not calculated again");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 1, (const char *const[]){"run.read", "run.approve", NULL});
    scene_must(f, approval_state(&f->op, "run", id, &approval), "the approval");
    ok(approval_approve(&f->op, approval.id, STR("")) == RC_DENIED, "nobody approves their own");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 2, approver);
    ok(approval_reject(&f->op, approval.id, STR("Sales of Boris are missing")) == RC_OK,
       "a second person returns it");
    is_str(run_of(f, id).state, "calculated", "then it can be calculated again");
    approve(f, id);
    is_str(run_of(f, id).state, "approved", "or approves it");
    is_i64(fixture_i64(f, "select count(*) from reward_result where state = 'approved'"), 3,
           "with all its results");
}

/* ---- posting and becoming due ---- */

static void posting(struct fixture *f)
{
    struct scene s;
    int64_t moved = 0;
    scene_begin(f, &s);
    int64_t id = scene_run(f, 9);
    approve(f, id);
    f->op.actor = scene_staff(f, 3, poster);
    ok(reward_run_post(&f->op, id) == RC_OK, "an approved run is posted");
    is_str(run_of(f, id).state, "posted", "its state says so");
    is_i64(owed(f, &s, 0, "partner:accrued"), 18560, "what was earned is owed, not yet due");
    is_i64(owed(f, &s, 2, "partner:held"), 33002, "lines in their return window are held");
    is_i64(owed(f, &s, 2, "partner:accrued"), 0, "and not accrued beside it");
    is_i64(fixture_i64(f, "select count(*) from statement where state = 'draft'"), 3,
           "each result has a statement");
    ok(reward_run_post(&f->op, id) == RC_OK, "posting twice is fine");
    is_i64(fixture_i64(f, "select count(*) from ledger_transfer"), 3, "and posts once");
    f->op.now = scene_at(2026, 10, 10);
    f->op.actor = the_system();
    ok(reward_due_tick(&f->op, &moved) == RC_OK && moved == 0, "the day before nothing is due");
    f->op.now = scene_at(2026, 10, 11);
    ok(reward_due_tick(&f->op, &moved) == RC_OK && moved > 0, "ten days after the period it is");
    is_i64(owed(f, &s, 0, "partner:payable"), 18560, "it moved to payable");
    is_i64(owed(f, &s, 0, "partner:accrued"), 0, "all of it");
    is_i64(owed(f, &s, 2, "partner:payable"), 0, "what is held is not");
    ok(reward_due_tick(&f->op, &moved) == RC_OK && moved == 0, "a second tick moves nothing");
    f->op.now = scene_at(2026, 10, 15);
    ok(reward_due_tick(&f->op, &moved) == RC_OK && moved == 2,
       "when the windows have passed, it is released");
    is_i64(owed(f, &s, 2, "partner:payable"), 33002, "and payable");
    ok(is_ledger_whole(f), "the ledger is whole");
}

/* ---- rolling back and repeating ---- */

static int64_t result_id(struct fixture *f, const struct scene *s, int who)
{
    return fixture_i64(f, str_c(f->arena, str_printf(f->arena,
                                                     "select max(id) from reward_result where "
                                                     "contract_id = %lld",
                                                     (long long)s->contract_ids[who])));
}

static void repeating(struct fixture *f)
{
    struct scene s;
    int64_t new_id = 0;
    scene_begin(f, &s);
    int64_t id = scene_run(f, 9);
    approve(f, id);
    f->op.actor = scene_staff(f, 3, poster);
    scene_must(f, reward_run_post(&f->op, id), "post");
    int64_t anna = result_id(f, &s, 0);
    ok(reward_result_roll_back(&f->op, anna, STR(" ")) == RC_INVALID, "rolling back says why");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 3, poster);
    ok(reward_result_roll_back(&f->op, anna, STR("a sale was missing")) == RC_OK,
       "a result is rolled back");
    is_i64(owed(f, &s, 0, "partner:accrued"), 0, "its posting is reversed");
    is_i64(owed(f, &s, 1, "partner:accrued"), 10601, "that of others stands");
    is_i64(fixture_i64(f, "select count(*) from statement where state = 'superseded'"), 1,
           "its statement is superseded");
    f->op.actor = the_system();
    scene_sale(f, &s, 0, BEVERAGE, scene_at(2026, 9, 20), 79000);
    f->op.actor = scene_staff(f, 3, poster);
    ok(reward_result_repeat(&f->op, anna, STR(" "), &new_id) == RC_INVALID,
       "a result is repeated for a reason");
    fault_clear(&f->op.fault);
    ok(reward_result_repeat(&f->op, anna, STR("A sale was missing."), &new_id) == RC_OK &&
           new_id != anna,
       "and computed again from the facts of now");
    is_i64(owed(f, &s, 0, "partner:accrued"), 22000 + 1720, "the new result is posted at once");
    is_i64(fixture_i64(f, "select count(*) from statement where state = 'draft'"), 3,
           "with a new statement");
    int64_t boris = result_id(f, &s, 1), sent = 0;
    ok(reward_statements_send(&f->op, id, &sent) == RC_OK && sent == 3, "statements are sent");
    ok(reward_result_roll_back(&f->op, boris, STR("late")) == RC_CONFLICT,
       "what was sent is not rolled back");
    fixture_fresh_op(f);
    f->op.actor = scene_staff(f, 3, poster);
    ok(reward_result_repeat(&f->op, boris, STR("x"), &new_id) == RC_CONFLICT, "nor repeated");
    fixture_fresh_op(f);
    is_i64(owed(f, &s, 1, "partner:accrued"), 10601, "and nothing half-done is left");
    ok(is_ledger_whole(f), "the ledger is whole");
}

/* ---- letters ---- */

static void add_user(struct fixture *f, const struct scene *s, int who, const char *email,
                     const char *role_name, const char *lang)
{
    struct auth_role role;
    int64_t id = 0;
    scene_must(f, auth_role_find(&f->op, str_of(role_name), &role), "a role");
    struct auth_user_new user = {.side = AUTH_PARTNER,
                                 .email = str_of(email),
                                 .name = str_of(email),
                                 .lang = str_of(lang),
                                 .partner_id = s->partner_ids[who]};
    VEC_PUSH(f->arena, &user.roles, role.id);
    scene_must(f, auth_user_add(&f->op, &user, STR("correct horse 7"), &id), "a user");
}

static void letters(struct fixture *f)
{
    struct scene s;
    struct mail_info mail;
    scene_begin(f, &s);
    add_user(f, &s, 0, "anna@example.org", "portal_owner", "ru");
    add_user(f, &s, 0, "sam@example.org", "portal_seller", "en");
    add_user(f, &s, 1, "boris@example.org", "portal_owner", "en");
    int64_t id = scene_run(f, 9), before = fixture_i64(f, "select count(*) from mail");
    approve(f, id);
    f->op.actor = the_system();
    scene_must(f, reward_run_post(&f->op, id), "post");
    int64_t statement_id = fixture_i64(f, "select min(id) from statement");
    ok(reward_statement_send(&f->op, statement_id) == RC_OK, "a statement is sent");
    is_i64(fixture_i64(f, "select count(*) from mail") - before, 1,
           "to the partner's people who see statements");
    scene_must(f, mail_find(&f->op, fixture_i64(f, "select max(id) from mail"), &mail), "mail");
    is_str(mail.to, "anna@example.org", "to them only");
    ok(str_has(mail.subject, STR("Ваш расчёт вознаграждения")), "in their language");
    ok(str_has(mail.text, STR("185,60")) && str_has(mail.text, STR("/portal/statements/sta_")),
       "with the sum and the way to it");
    ok(reward_statement_send(&f->op, statement_id) == RC_CONFLICT, "and once");
}

/* ---- what is posted stands ---- */

/* The first contract's terms again, from another day; they live until the next fresh operation. */
static struct contract_version terms_from(struct fixture *f, const struct scene *s, struct date day)
{
    struct contract_versions versions;
    scene_must(f, contract_versions(&f->op, s->contract_ids[0], &versions), "versions");
    struct contract_version version = versions.at[0];
    version.id = version.revision = 0;
    version.from_day = day.days;
    return version;
}

static void guards(struct fixture *f)
{
    struct scene s;
    struct scheme_version scheme;
    scene_begin(f, &s);
    int64_t id = scene_run(f, 9), version_id = 0;
    approve(f, id);
    f->op.actor = the_system();
    scene_must(f, reward_run_post(&f->op, id), "post");
    struct contract_version version = terms_from(f, &s, date_of(2026, 9, 15));
    ok(contract_version_save(&f->op, &version, &version_id) == RC_CONFLICT,
       "terms do not change inside a posted period");
    fixture_fresh_op(f);
    f->op.actor = the_system();
    version = terms_from(f, &s, date_of(2026, 10, 1));
    ok(contract_version_save(&f->op, &version, &version_id) == RC_OK, "but from its end on");
    struct str file = scene_file(f->arena, "examples/northwind/reps.dmn");
    struct str text = str_join(f->arena, file, STR("<!-- another -->"));
    scene_must(f, scheme_version_add(&f->op, s.scheme_id, text, STR(""), &version_id), "a version");
    scene_must(f, scheme_version_get(&f->op, version_id, &scheme), "the version");
    ok(scheme_version_submit(&f->op, version_id, scheme.revision, scene_at(2026, 9, 15)) ==
           RC_CONFLICT,
       "nor does a version of the scheme begin there");
    fixture_fresh_op(f);
    f->op.actor = the_system();
    ok(scheme_version_submit(&f->op, version_id, scheme.revision, scene_at(2026, 10, 1)) == RC_OK,
       "but afterwards");
}

/* ---- verifying ---- */

static void verifying(struct fixture *f)
{
    struct scene s;
    struct reward_verified report;
    scene_begin(f, &s);
    (void)scene_run(f, 9);
    ok(reward_verify(&f->op, &report) == RC_OK && report.results == 3 && !report.first_problem.at,
       "stored results equal what is computed again");
    fixture_sql(f, "update reward_line set amount_minor = amount_minor + 1 where id = "
                   "(select min(id) from reward_line)");
    ok(reward_verify(&f->op, &report) == RC_OK && report.first_problem.at,
       "a line that was tampered with is found");
    fixture_sql(f, "update reward_line set amount_minor = amount_minor - 1 where id = "
                   "(select min(id) from reward_line)");
    fixture_sql(f, "update event_tail set net_minor = net_minor + 100 where seq = 3");
    ok(reward_verify(&f->op, &report) == RC_OK && report.first_problem.at,
       "so is a fact that was changed");
    fixture_sql(f, "update event_tail set net_minor = net_minor - 100 where seq = 3");
    fixture_sql(f, "update product set tags = 'new' where code = 'Beverages'");
    ok(reward_verify(&f->op, &report) == RC_OK && !report.first_problem.at && report.changed == 0,
       "a record that was edited without a change of the result is no matter");
    fixture_sql(f, "update product set category_id = (select id from product_category where code = "
                   "'Seafood') where code = 'Beverages'");
    ok(reward_verify(&f->op, &report) == RC_OK && !report.first_problem.at && report.changed > 0,
       "one that changes it is told from damage");
    fixture_sql(
        f, "update product set tags = '', category_id = (select id from product_category where "
           "code = 'Beverages') where code = 'Beverages'");
    fixture_sql(f, "update reward_result set total_minor = total_minor + 5 where id = "
                   "(select min(id) from reward_result)");
    ok(reward_verify(&f->op, &report) == RC_OK && report.first_problem.at,
       "and a total that does not fit its lines");
}

/* ---- jobs ---- */

static enum rc system_actor(struct op *op, int64_t user_id, struct actor *out)
{
    (void)op;
    *out = (struct actor){.kind = ACTOR_SYSTEM, .user_id = user_id};
    return RC_OK;
}

static void jobs(struct fixture *f)
{
    struct scene s;
    int64_t id = 0, job_id = 0, again = 0;
    struct job_info info;
    scene_begin(f, &s);
    jobs_hooks(NULL, system_actor);
    scene_must(f, reward_run_add(&f->op, scene_month(9), STR(""), &id), "a run");
    ok(reward_run_start(&f->op, id, &job_id) == RC_OK, "a calculation is started as a job");
    is_str(run_of(f, id).state, "calculating", "the run says so");
    ok(reward_run_start(&f->op, id, &again) == RC_OK && again == job_id, "once at a time");
    ok(jobs_drain(&f->op) == RC_OK, "it runs");
    ok(job_find(&f->op, job_id, &info) == RC_OK && info.state == JOB_DONE, "to its end");
    is_str(run_of(f, id).state, "calculated", "and the results are there");
    approve(f, id);
    f->op.actor = the_system();
    ok(reward_run_post_start(&f->op, id, &job_id) == RC_OK && jobs_drain(&f->op) == RC_OK,
       "posting is a job too");
    is_str(run_of(f, id).state, "posted", "that posts");
    is_i64(owed(f, &s, 1, "partner:accrued"), 10601, "into the ledger");
}

/* ---- a failure at every statement ---- */

static void faults(struct fixture *f)
{
    struct scene s;
    int n = 0;
    scene_begin(f, &s);
    int64_t id = scene_run(f, 9);
    approve(f, id);
    f->op.actor = the_system();
    for (n = 1; n < 400; n++) {
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        enum rc rc = reward_run_post(&f->op, id);
        bool has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        fixture_fresh_op(f);
        f->op.actor = the_system();
        if (rc == RC_OK && !has_fired)
            break;
        int64_t posted =
            fixture_i64(f, "select count(*) from reward_result where state = 'posted'");
        if (posted != fixture_i64(f, "select count(*) from ledger_transfer where reason = "
                                     "'reward'") ||
            posted != fixture_i64(f, "select count(*) from statement")) {
            ok(false, "a failed posting leaves nothing half-done");
            break;
        }
    }
    ok(n > 10 && n < 400, "posting was interrupted at each of its statements and went on");
    is_i64(fixture_i64(f, "select count(*) from statement"), 3, "statements were made once");
    is_i64(owed(f, &s, 0, "partner:accrued"), 18560, "amounts were posted once");
    ok(is_ledger_whole(f), "the ledger is whole");
}

int main(void)
{
    fixture_each(life);
    fixture_each(posting);
    fixture_each(repeating);
    fixture_each(letters);
    fixture_each(guards);
    fixture_each(verifying);
    fixture_each(jobs);
    fixture_each(faults);
    return done_testing();
}
