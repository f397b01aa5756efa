/* jobs_run: one job from claim to end, the same for a worker thread, a test and a command.
 *
 * The number `fence` of a job grows each time somebody takes it or takes it away. Whoever runs it
 * holds the number of its claim, and each write that the run makes is refused when the row's number
 * is another: that, not the clock, keeps a sleeper from writing over its successor. On PostgreSQL
 * the check also locks the row in share mode, so taking over waits for a transaction that has
 * passed the check. */
#include "jobs/jobs_int.h"

static int64_t mono_us(void)
{
    return when_mono_us();
}

/* ---- what a running job calls ---- */

enum rc job_txn(struct job *job, struct txn *txn)
{
    struct job_id_row row;
    TRY(txn_begin(job->op, txn));
    enum rc rc = q_job_guard(
        job->op, &(struct q_job_guard_in){.id = job->id, .fence = job->state->fence}, &row);
    if (rc != RC_MISSING)
        return rc;
    atomic_store(&job->state->is_lost, true);
    return fail(job->op, RC_CONFLICT, NULL, M("Another worker has taken this job over."));
}

enum rc jobs__beat(struct op *op, struct job__state *state)
{
    const char *unit = atomic_load(&state->unit);
    enum rc rc = q_job_live_beat(op, &(struct q_job_live_beat_in){
                                         .job_id = state->id,
                                         .fence = state->fence,
                                         .lease_until = when_now() + JOB_LEASE_US,
                                         .done = atomic_load(&state->done),
                                         .total = atomic_load(&state->total),
                                         .unit = str_of(unit),
                                     });
    if (rc == RC_CONFLICT) {
        atomic_store(&state->is_lost, true);
        return RC_OK;
    }
    return rc;
}

enum rc jobs__look(struct op *op, struct job__state *state)
{
    struct job_live_row live;
    struct arena_mark mark = arena_mark(op->arena);
    enum rc rc = q_job_live(op, &(struct q_job_live_in){.job_id = state->id}, &live);
    arena_rewind(op->arena, mark);
    if (rc == RC_MISSING || (rc == RC_OK && live.fence != state->fence)) {
        atomic_store(&state->is_lost, true);
        return RC_OK;
    }
    TRY(rc);
    if (live.cancel_at.has)
        atomic_store(&state->is_cancelled, true);
    return RC_OK;
}

/* Without a keeper the job's own thread does its work, between transactions. A failure here is no
 * failure of the job: the next beat may succeed, and the fence guards either way. */
static void look_after_itself(struct job *job)
{
    struct job__state *state = job->state;
    if (state->has_keeper || db_in_transaction(job->op->db))
        return;
    int64_t now = mono_us();
    bool is_due = atomic_load(&state->is_changed) ? now - state->beat_mono >= JOB_PROGRESS_US
                                                  : now - state->beat_mono >= JOB_BEAT_US;
    enum rc rc = RC_OK;
    if (is_due) {
        atomic_store(&state->is_changed, false);
        state->beat_mono = now;
        rc = jobs__beat(job->op, state);
    }
    if (rc == RC_OK && now - state->looked_mono >= JOB_PROGRESS_US) {
        state->looked_mono = now;
        rc = jobs__look(job->op, state);
    }
    if (rc != RC_OK)
        log_event(LOG_WARN, "job_beat_failed", "rc", str_of(rc_code(rc)), NULL);
}

void job_progress(struct job *job, int64_t done, int64_t total, const char *unit)
{
    struct job__state *state = job->state;
    atomic_store(&state->done, done);
    atomic_store(&state->total, total);
    atomic_store(&state->unit, unit);
    atomic_store(&state->is_changed, true);
    if (state->cli)
        cli_progress(state->cli, state->kind->label, done, total);
    look_after_itself(job);
}

enum rc job_check(struct job *job)
{
    struct job__state *state = job->state;
    look_after_itself(job);
    if (jobs__is_stopping() && state->has_keeper)
        atomic_store(&state->is_stopping, true);
    bool should_stop = atomic_load(&state->is_cancelled) || atomic_load(&state->is_lost) ||
                       atomic_load(&state->is_stopping);
    return should_stop ? RC_BUSY : RC_OK;
}

void job_result_set(struct job *job, const struct job_result *result)
{
    job->state->result = *result;
}

static enum rc finish(struct op *op, const struct job__state *state, enum job_state how,
                      struct str error, struct str error_code, struct str args)
{
    const struct job_result *result = &state->result;
    bool is_done = how == JOB_DONE;
    return q_job_finish(
        op, &(struct q_job_finish_in){
                .id = state->id,
                .fence = state->fence,
                .state = (int64_t)how,
                .message = is_done ? str_of(result->message) : STR_NONE,
                .args = is_done ? jobs__args_write(op->arena, result->args, JOB_ARGS_MAX) : args,
                .link = result->link,
                .file_id = result->file_id ? SOME(result->file_id) : NONE,
                .error = error,
                .error_code = error_code,
                .now = op->now > when_now() ? op->now : when_now(),
            });
}

enum rc job_done(struct job *job)
{
    assert(db_in_transaction(job->op->db)); /* of job_txn */
    return finish(job->op, job->state, JOB_DONE, STR_NONE, STR_NONE, STR("[]"));
}

/* ---- claiming ---- */

static enum rc take(struct op *op, int64_t id, const char *node, struct job_row *out)
{
    TRY(q_job_take(op, &(struct q_job_take_in){.id = id, .now = op->now}));
    TRY(q_job_find(op, &(struct q_job_find_in){.id = id}, out));
    return q_job_live_put(op,
                          &(struct q_job_live_put_in){.job_id = id,
                                                      .fence = out->fence,
                                                      .node = str_of(node),
                                                      .lease_until = when_now() + JOB_LEASE_US});
}

/* RC_MISSING: nothing is due. */
static enum rc claim_next(struct op *op, int lanes, const char *node, struct job_row *out)
{
    struct job_id_row due;
    TRY(q_job_is_due(op, &(struct q_job_is_due_in){.now = op->now, .lanes = lanes}, &due));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_job_next(op, &(struct q_job_next_in){.now = op->now, .lanes = lanes}, &due));
    TRY(take(op, due.id, node, out));
    TRY(txn_commit(&txn));
    kill_point("job.claimed");
    return RC_OK;
}

static enum rc claim_this(struct op *op, int64_t id, const char *node, struct job_row *out)
{
    struct job_row row;
    struct job_id_row locked;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_job_lock(op, &(struct q_job_lock_in){.id = id}, &locked));
    TRY(q_job_find(op, &(struct q_job_find_in){.id = id}, &row));
    if (row.state != JOB_QUEUED || row.run_at > op->now)
        return RC_MISSING;
    TRY(take(op, id, node, out));
    return txn_commit(&txn);
}

/* ---- how it ends ---- */

struct failure {
    struct str message, code, args;
};

static const char *usual_words(enum rc rc)
{
    switch (rc) {
    case RC_FULL: return M("There is no room left on the storage.");
    case RC_BUSY: return M("The database or another service was busy.");
    case RC_UNSURE: return M("The connection to the database was lost.");
    case RC_MISSING: return M("What the job was about does not exist any more.");
    case RC_DENIED: return M("Who started the job may not do this.");
    default: return M("The work stopped because of an error in the program.");
    }
}

static struct failure failure_of(struct op *op, const struct fault *fault, enum rc rc)
{
    struct failure failure = {.code = str_of(rc_code(rc)), .args = STR("[]")};
    if (fault->entries_len == 0) {
        failure.message = str_of(usual_words(rc));
        return failure;
    }
    struct str args[JOB_ARGS_MAX];
    for (size_t i = 0; i < JOB_ARGS_MAX; i++)
        args[i] = str_of(fault->entries[0].args[i]);
    failure.message = str_of(fault->entries[0].message);
    failure.args = jobs__args_write(op->arena, args, JOB_ARGS_MAX);
    return failure;
}

static bool is_final(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_SIGN_IN || rc == RC_DENIED || rc == RC_MISSING ||
           rc == RC_TOO_LARGE;
}

int64_t jobs__backoff_us(int64_t first_us, int64_t tries)
{
    int64_t wait = first_us > 0 ? first_us : 5 * US_SECOND;
    for (int64_t i = 1; i < tries && wait < US_HOUR; i++)
        wait *= 2;
    return wait < US_HOUR ? wait : US_HOUR;
}

/* A tenth more at random, so that what failed together is not tried together. */
static int64_t with_jitter(int64_t wait_us)
{
    uint32_t random;
    random_bytes(&random, sizeof(random));
    return wait_us + (int64_t)((uint64_t)wait_us / 10 * (random % 1000) / 1000);
}

static enum rc put_back(struct op *op, const struct job__state *state, int64_t run_at,
                        int tries_back, const struct failure *failure)
{
    return q_job_put_back(op, &(struct q_job_put_back_in){
                                  .id = state->id,
                                  .fence = state->fence,
                                  .run_at = run_at,
                                  .tries_back = tries_back,
                                  .args = failure ? failure->args : STR("[]"),
                                  .error = failure ? failure->message : STR_NONE,
                                  .error_code = failure ? failure->code : STR_NONE,
                              });
}

static void log_end(struct op *op, const struct job_row *row, const char *event,
                    enum log_level level, enum rc rc)
{
    log_event(level, event, "job", str_printf(op->arena, "%lld", (long long)row->id), "kind",
              row->kind, "rc", str_of(rc_code(rc)), NULL);
}

static enum rc settle(struct op *op, const struct job_row *row, struct job__state *state,
                      const struct fault *fault, enum rc rc)
{
    struct failure failure = {0};
    if (rc != RC_OK)
        failure = failure_of(op, fault, rc);
    bool is_stopped = rc == RC_BUSY && atomic_load(&state->is_stopping);
    if (rc == RC_OK) {
        rc = finish(op, state, JOB_DONE, STR_NONE, STR_NONE, STR("[]"));
    } else if (atomic_load(&state->is_cancelled)) {
        rc = finish(op, state, JOB_CANCELLED, STR_NONE, STR_NONE, STR("[]"));
    } else if (is_stopped) {
        rc = put_back(op, state, op->now, 1, NULL);
    } else if (is_final(rc) || row->tries >= row->tries_max) {
        log_end(op, row, "job_failed", LOG_ERROR, rc);
        rc = finish(op, state, JOB_FAILED, failure.message, failure.code, failure.args);
    } else {
        log_end(op, row, "job_try_failed", LOG_WARN, rc);
        int64_t wait = jobs__backoff_us(state->kind->backoff_us, row->tries);
        int64_t from = op->now > when_now() ? op->now : when_now();
        rc = put_back(op, state, from + with_jitter(wait), 0, &failure);
    }
    kill_point("job.settled");
    /* Ended inside its own transaction by job_done, or lost: either way not ours to write. */
    return rc == RC_CONFLICT ? RC_OK : rc;
}

/* ---- running ---- */

static enum rc set_actor(struct op *op, const struct job_row *row)
{
    struct jobs_options *hooks = jobs__hooks();
    op->actor = (struct actor){
        .kind = (enum actor_kind)row->as_kind,
        .user_id = row->as_user_id.v,
        .partner_id = row->as_partner_id.v,
        .has_all_branches = row->as_all_branches != 0,
        .name = row->as_name,
    };
    if (op->actor.kind == ACTOR_SYSTEM || !hooks->actor || !op->actor.user_id)
        return RC_OK;
    enum rc rc = hooks->actor(op, row->as_user_id.v, &op->actor);
    if (rc == RC_MISSING)
        return fail(op, RC_DENIED, NULL, M("Who started the job may not sign in any more."));
    return rc;
}

static enum rc run_try(struct op *op, const struct job_row *row, struct job__state *state)
{
    struct job job = {.op = op, .id = row->id, .try_no = (int)row->tries, .state = state};
    struct json_error why;
    TRY(set_actor(op, row));
    if (json_parse(op->arena, row->payload, (struct json_limits){0}, &job.args, &why) != RC_OK)
        return fail(op, RC_INVALID, NULL, M("The job's instructions cannot be read."));
    return state->kind->run(&job);
}

static void op_for_job(struct op *op, const struct op *worker, struct arena *arena,
                       const struct job_row *row)
{
    struct jobs_options *hooks = jobs__hooks();
    const struct lang *lang = lang_find(row->as_lang);
    op_init(op, arena, worker->db, worker->now);
    op->lang = worker->lang;
    op->zone = worker->zone;
    op->request_id = str_printf(arena, "job-%lld", (long long)row->id);
    if (hooks->prepare)
        hooks->prepare(op);
    if (lang)
        op->lang = lang;
}

static enum rc run_claimed(struct op *op, const struct job_row *row, struct cli *cli)
{
    AUTO_ARENA arena = arena_new(0);
    struct op job_op;
    struct job__state state = {
        .id = row->id, .fence = row->fence, .cli = cli, .kind = job_kind_find(row->kind)};
    state.beat_mono = state.looked_mono = mono_us();
    op_for_job(&job_op, op, arena, row);
    if (!state.kind) {
        fault_clear(&job_op.fault);
        enum rc unknown = fail(&job_op, RC_INVALID, NULL,
                               M("This version of the program does not know such jobs."));
        return settle(op, row, &state, &job_op.fault, unknown);
    }
    log_request_id_set(job_op.request_id);
    jobs__keep(&state);
    enum rc rc = jobs__look(op, &state); /* cancelled before it was lost by another worker */
    if (rc == RC_OK)
        rc = atomic_load(&state.is_cancelled) ? RC_BUSY : run_try(&job_op, row, &state);
    kill_point("job.ran");
    jobs__let_go(&state);
    assert(!db_in_transaction(op->db)); /* AUTO_TXN has ended whatever it began */
    if (!state.has_keeper && atomic_load(&state.is_changed)) {
        enum rc beat = jobs__beat(op, &state); /* the last figures, for who looks later */
        if (beat != RC_OK)
            log_end(op, row, "job_beat_failed", LOG_WARN, beat);
    }
    rc = settle(op, row, &state, &job_op.fault, rc);
    log_request_id_set(STR_NONE);
    return rc;
}

enum rc jobs__run_next(struct op *op, int lanes, const char *node, bool *out_did)
{
    struct job_row row;
    *out_did = false;
    enum rc rc = claim_next(op, lanes, node, &row);
    if (rc == RC_MISSING || rc == RC_CONFLICT)
        return RC_OK;
    TRY(rc);
    *out_did = true;
    return run_claimed(op, &row, NULL);
}

enum rc jobs__run_this(struct op *op, int64_t id, const char *node, struct cli *cli, bool *out_did)
{
    struct job_row row;
    *out_did = false;
    enum rc rc = claim_this(op, id, node, &row);
    if (rc == RC_MISSING || rc == RC_CONFLICT)
        return RC_OK;
    TRY(rc);
    *out_did = true;
    return run_claimed(op, &row, cli);
}

/* ---- jobs whose worker is gone ---- */

/* RC_MISSING: none is lost. */
static enum rc recover_one(struct op *op)
{
    struct job_id_row lost;
    struct job_row row;
    TRY(q_job_lost(op, &(struct q_job_lost_in){.now = op->now}, &lost));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_job_lost_lock(op, &(struct q_job_lost_lock_in){.now = op->now}, &lost));
    TRY(q_job_find(op, &(struct q_job_find_in){.id = lost.id}, &row));
    struct job__state state = {.id = row.id, .fence = row.fence};
    struct failure failure = {
        .message = str_of(M("The program stopped while the job was running.")),
        .code = STR("stopped"),
        .args = STR("[]"),
    };
    if (row.cancel_at.has) {
        TRY(finish(op, &state, JOB_CANCELLED, STR_NONE, STR_NONE, STR("[]")));
    } else if (row.tries >= row.tries_max) {
        TRY(finish(op, &state, JOB_FAILED, failure.message, failure.code, failure.args));
    } else {
        TRY(put_back(op, &state, op->now, 0, &failure));
    }
    TRY(txn_commit(&txn));
    log_end(op, &row, "job_recovered", LOG_WARN, RC_OK);
    kill_point("job.recovered");
    return RC_OK;
}

enum rc jobs__recover(struct op *op)
{
    enum rc rc;
    while ((rc = recover_one(op)) == RC_OK)
        ;
    return rc == RC_MISSING || rc == RC_CONFLICT ? RC_OK : rc;
}
