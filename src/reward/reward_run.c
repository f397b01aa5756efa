/* The life of a run: draft, calculated, in approval, approved, posted. A calculation replaces all
 * results of its run in one transaction; what is posted is never replaced, only rolled back. */
#include "approval/approval.h"
#include "audit/audit.h"
#include "partner/partner.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

struct actor reward__as_system(struct op *op)
{
    struct actor before = op->actor;
    op->actor = (struct actor){.kind = ACTOR_SYSTEM,
                               .user_id = before.user_id,
                               .name = before.name,
                               .address = before.address};
    return before;
}

struct str reward__period_said(struct op *op, struct period period)
{
    return op->actor.kind == ACTOR_SYSTEM ? period_print(op->arena, period)
                                          : i18n_period(op->arena, op->lang, period, PLACE_INSIDE);
}

static void run_from_row(const struct reward_run_row *row, struct reward_run *out)
{
    *out = (struct reward_run){.id = row->id,
                               .revision = row->revision,
                               .state = row->state,
                               .watermark_seq = row->watermark_seq,
                               .contracts = row->contracts,
                               .incomplete = row->incomplete,
                               .sha256 = row->sha256,
                               .note = row->note,
                               .created_at = row->created_at,
                               .created_by = row->created_by,
                               .calculated_at = row->calculated_at,
                               .posted_at = row->posted_at};
    bool is_period = period_parse(row->period, 0, &out->period);
    assert(is_period); /* it was printed by us */
}

enum rc reward_run_get(struct op *op, int64_t id, struct reward_run *out)
{
    struct reward_run_row row;
    TRY(q_reward_run(op, &(struct q_reward_run_in){id}, &row));
    run_from_row(&row, out);
    return RC_OK;
}

static enum rc note(struct op *op, const char *action, const struct reward_run *run)
{
    return audit_add(op, &(struct audit_entry){.action = action,
                                               .record = "run",
                                               .record_id = run->id,
                                               .label = period_print(op->arena, run->period)});
}

enum rc reward_run_add(struct op *op, struct period period, struct str text, int64_t *out_id)
{
    struct reward_run_row open;
    struct str name = period_print(op->arena, period);
    TRY(op_must(op, "run.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = q_reward_run_unposted(op, &(struct q_reward_run_unposted_in){name}, &open);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, "period", "The period {0} has a run that is not posted yet.",
                    str_c(op->arena, reward__period_said(op, period)));
    if (rc != RC_MISSING)
        return rc;
    struct span span = period_span(period, op->zone);
    TRY(q_reward_run_add(op,
                         &(struct q_reward_run_add_in){
                             .period = name,
                             .from_day = period.start.days,
                             .to_day = period.end.days,
                             .from_at = span.start_us,
                             .to_at = span.end_us,
                             .note = text.at ? text : STR(""),
                             .created_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                             .created_at = op->now},
                         out_id));
    struct reward_run run = {.id = *out_id, .period = period};
    TRY(note(op, "run.add", &run));
    return txn_commit(&txn);
}

/* ---- calculating ---- */

static bool may_calculate(struct str state)
{
    return str_eq(state, STR("draft")) || str_eq(state, STR("calculated")) ||
           str_eq(state, STR("failed")) || str_eq(state, STR("calculating"));
}

enum rc reward__txn(struct op *op, struct job *job, struct txn *txn)
{
    return job ? job_txn(job, txn) : txn_begin(op, txn);
}

static enum rc store(struct op *op, const struct reward_run *run, struct job *job,
                     const struct reward_calculation *calculation)
{
    AUTO_TXN txn = {0};
    TRY(reward__txn(op, job, &txn));
    struct reward_run now;
    TRY(reward_run_get(op, run->id, &now));
    if (!may_calculate(now.state))
        return fail(op, RC_CONFLICT, NULL, "The run was approved or posted in the meantime.");
    TRY(reward__drop_results(op, run->id));
    int64_t incomplete = 0;
    for (size_t i = 0; i < calculation->results_len; i++) {
        int64_t result_id = 0;
        TRY(reward__store_result(op, run, calculation, &calculation->results[i], 1, &result_id));
        incomplete += calculation->results[i].is_incomplete ? 1 : 0;
        kill_point("run_store");
    }
    TRY(q_reward_run_calculated(
        op, &(struct q_reward_run_calculated_in){.id = run->id,
                                                 .state = STR("calculated"),
                                                 .watermark_seq = calculation->watermark_seq,
                                                 .contracts = (int64_t)calculation->results_len,
                                                 .incomplete = incomplete,
                                                 .sha256 = calculation->sha256,
                                                 .calculated_at = op->now}));
    TRY(note(op, "run.calculate", run));
    return txn_commit(&txn);
}

static enum rc check_may_calculate(struct op *op, const struct reward_run *run)
{
    if (may_calculate(run->state))
        return RC_OK;
    return fail(op, RC_CONFLICT, NULL,
                "Only a run that is not approved or posted can be calculated.");
}

enum rc reward__run_calculate_in(struct op *op, struct arena *arena, int64_t id, struct job *job,
                                 void (*progress)(void *self, int64_t done, int64_t total),
                                 void *self, const struct reward_calculation **out)
{
    struct reward_run run;
    TRY(op_must(op, "run.edit"));
    TRY(reward_run_get(op, id, &run));
    TRY(check_may_calculate(op, &run));
    struct reward_ask ask = {.period = run.period, .progress = progress, .self = self};
    struct actor before = reward__as_system(op);
    enum rc rc = reward_calculate(op, arena, &ask, out);
    if (rc == RC_OK && job)
        rc = job_check(job);
    if (rc == RC_OK)
        rc = store(op, &run, job, *out);
    op->actor = before;
    return rc;
}

enum rc reward__run_calculate(struct op *op, int64_t id, struct job *job,
                              void (*progress)(void *self, int64_t done, int64_t total), void *self)
{
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL;
    return reward__run_calculate_in(op, arena, id, job, progress, self, &calculation);
}

enum rc reward_run_calculate(struct op *op, int64_t id,
                             void (*progress)(void *self, int64_t done, int64_t total), void *self)
{
    return reward__run_calculate(op, id, NULL, progress, self);
}

/* The state says that it is under way, so that nobody sends older results for approval. */
enum rc reward_run_start(struct op *op, int64_t id, int64_t *out_job_id)
{
    struct reward_run run;
    TRY(op_must(op, "run.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(reward_run_get(op, id, &run));
    TRY(check_may_calculate(op, &run));
    if (!str_eq(run.state, STR("calculating")))
        TRY(q_reward_run_state(
            op, &(struct q_reward_run_state_in){id, run.revision, STR("calculating")}));
    TRY(reward__job(op, &run, "run.calculate", out_job_id));
    return txn_commit(&txn);
}

/* ---- approval ---- */

enum rc reward_run_submit(struct op *op, int64_t id, int64_t revision, struct str text)
{
    struct reward_run run;
    int64_t approval_id = 0;
    TRY(op_must(op, "run.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(reward_run_get(op, id, &run));
    if (!str_eq(run.state, STR("calculated")))
        return fail(op, RC_CONFLICT, NULL, "Only a calculated run can be sent for approval.");
    if (run.incomplete > 0)
        return fail(op, RC_CONFLICT, NULL,
                    "Some results are incomplete: repair what is missing and calculate again.");
    TRY(q_reward_run_state(op, &(struct q_reward_run_state_in){id, revision, STR("in_approval")}));
    TRY(note(op, "run.submit", &run));
    TRY(approval_request(op,
                         &(struct approval_new){.kind = "run",
                                                .record_id = id,
                                                .label = period_print(op->arena, run.period),
                                                .note = text.at ? text : STR("")},
                         &approval_id));
    return txn_commit(&txn);
}

/* Told by approval, in its transaction. */
static enum rc decided(struct op *op, const struct approval_outcome *outcome)
{
    struct reward_run run;
    bool is_approved = outcome->state == APPROVAL_APPROVED;
    TRY(reward_run_get(op, outcome->record_id, &run));
    TRY(q_reward_run_state(
        op, &(struct q_reward_run_state_in){run.id, run.revision,
                                            is_approved ? STR("approved") : STR("calculated")}));
    return is_approved ? q_reward_results_approve(op, &(struct q_reward_results_approve_in){run.id})
                       : RC_OK;
}

enum rc reward__approve_as_system(struct op *op, int64_t run_id)
{
    struct reward_run run;
    assert(op->actor.kind == ACTOR_SYSTEM);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(reward_run_get(op, run_id, &run));
    if (run.incomplete > 0)
        return fail(op, RC_CONFLICT, NULL,
                    "Some results are incomplete: repair what is missing and calculate again.");
    TRY(q_reward_run_state(op,
                           &(struct q_reward_run_state_in){run_id, run.revision, STR("approved")}));
    TRY(q_reward_results_approve(op, &(struct q_reward_results_approve_in){run_id}));
    TRY(note(op, "run.submit", &run));
    return txn_commit(&txn);
}

static struct str run_url(struct op *op, int64_t record_id)
{
    return str_printf(op->arena, "/runs/%s", pid_of("run", record_id).text);
}

/* Stored as files and addresses have it; people read the month. */
static struct str run_words(struct op *op, struct str label)
{
    struct period period;
    return period_parse(label, 0, &period) ? i18n_period(op->arena, op->lang, period, PLACE_START)
                                           : label;
}

static const struct audit_label audit_labels[] = {{"run", run_words}, {"result", run_words}, {0}};

static const struct approval_kind run_approval = {.name = "run",
                                                  .label = M("Run"),
                                                  .permission = "run.approve",
                                                  .on_decided = decided,
                                                  .url = run_url,
                                                  .words = run_words};

static const struct audit_name audit_names[] = {
    {"run", M("Run"), "/runs/", "run"},
    {"result", M("Result of a contract"), NULL, NULL},
    {"run.add", M("Run started"), NULL, NULL},
    {"run.calculate", M("Run calculated"), NULL, NULL},
    {"run.submit", M("Run sent for approval"), NULL, NULL},
    {"run.post", M("Run posted"), NULL, NULL},
    {"result.roll_back", M("Result rolled back"), NULL, NULL},
    {"result.repeat", M("Result calculated again"), NULL, NULL},
    {"statement", M("Statement"), "/statements/", "sta"},
    {"statement.send", M("Statement sent"), NULL, NULL},
    {0}};

const struct permission reward_permissions[] = {
    {"run.read", M("See runs and statements"), ACTOR_STAFF},
    {"run.edit", M("Start and calculate runs"), ACTOR_STAFF},
    {"run.approve", M("Approve runs"), ACTOR_STAFF},
    {"run.post", M("Post runs, roll back and repeat"), ACTOR_STAFF},
    {"statement.send", M("Send statements"), ACTOR_STAFF},
    {"portal.statement", M("See own statements"), ACTOR_PARTNER},
};
const size_t reward_permissions_len = LEN(reward_permissions);

void reward_start(void)
{
    approval_kind_declare(&run_approval);
    audit_name_declare(audit_names);
    audit_label_declare(audit_labels);
    reward__guards_set();
    partner_figures_set(&reward__partner_figures);
}
