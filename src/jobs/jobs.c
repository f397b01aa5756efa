/* jobs: what is declared, enqueueing, and looking at a job. The registers hold pointers to the
 * modules' own tables; they are filled at start by one thread and only read afterwards. */
#include "jobs/jobs.h"

#include "jobs/jobs_int.h"

static struct {
    const struct job_kind *kinds[JOBS_TABLES_MAX];
    const struct job_schedule *schedules[JOBS_TABLES_MAX];
    const struct job_tick *ticks[JOBS_TABLES_MAX];
    const struct outbox_subscriber *subscribers[JOBS_TABLES_MAX];
    size_t kinds_len, schedules_len, ticks_len, subscribers_len;
    struct jobs_options hooks;
} declared;

const struct permission job_permissions[] = {
    {"job.read", M("See all background jobs"), ACTOR_STAFF},
    {"job.edit", M("Cancel and retry background jobs"), ACTOR_STAFF},
};
const size_t job_permissions_len = LEN(job_permissions);

/* Puts a table into a register once: a test may set a module up twice. */
#define REGISTER(register_, len_, table_)                                                          \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < (len_); i_++)                                                     \
            if ((register_)[i_] == (table_))                                                       \
                return;                                                                            \
        assert((len_) < JOBS_TABLES_MAX);                                                          \
        (register_)[(len_)++] = (table_);                                                          \
    } while (0)

void job_kind_declare(const struct job_kind *kinds)
{
    REGISTER(declared.kinds, declared.kinds_len, kinds);
    for (const struct job_kind *k = kinds; k->name; k++) {
        assert(k->run && k->label && k->lane);
        assert(job_kind_find(str_of(k->name)) == k); /* two kinds of one name */
    }
}

const struct job_kind *job_kind_find(struct str name)
{
    for (size_t i = 0; i < declared.kinds_len; i++)
        for (const struct job_kind *k = declared.kinds[i]; k->name; k++)
            if (str_eq(str_of(k->name), name))
                return k;
    return NULL;
}

void job_schedule_declare(const struct job_schedule *schedules)
{
    REGISTER(declared.schedules, declared.schedules_len, schedules);
    for (const struct job_schedule *s = schedules; s->name; s++) {
        assert(s->when != JOB_EVERY || s->every_us >= US_MINUTE);
        assert(s->when != JOB_MONTHLY || (s->day >= 1 && s->day <= 31));
        assert(s->at_us >= 0 && s->at_us < US_DAY);
    }
}

size_t jobs__schedules(const struct job_schedule **out, size_t max)
{
    size_t len = 0;
    for (size_t i = 0; i < declared.schedules_len; i++)
        for (const struct job_schedule *s = declared.schedules[i]; s->name; s++) {
            assert(len < max);
            out[len++] = s;
        }
    return len;
}

void job_tick_declare(const struct job_tick *ticks)
{
    REGISTER(declared.ticks, declared.ticks_len, ticks);
}

size_t jobs__ticks(const struct job_tick **out, size_t max)
{
    size_t len = 0;
    for (size_t i = 0; i < declared.ticks_len; i++)
        for (const struct job_tick *t = declared.ticks[i]; t->name; t++) {
            assert(len < max);
            out[len++] = t;
        }
    return len;
}

void outbox_subscriber_declare(const struct outbox_subscriber *subscribers)
{
    REGISTER(declared.subscribers, declared.subscribers_len, subscribers);
    for (const struct outbox_subscriber *s = subscribers; s->name; s++)
        assert(s->topic && s->deliver && jobs__subscriber(str_of(s->name)) == s);
}

const struct outbox_subscriber *jobs__subscriber(struct str name)
{
    for (size_t i = 0; i < declared.subscribers_len; i++)
        for (const struct outbox_subscriber *s = declared.subscribers[i]; s->name; s++)
            if (str_eq(str_of(s->name), name))
                return s;
    return NULL;
}

size_t jobs__subscribers(const char *topic, const struct outbox_subscriber **out, size_t max)
{
    size_t len = 0;
    for (size_t i = 0; i < declared.subscribers_len; i++)
        for (const struct outbox_subscriber *s = declared.subscribers[i]; s->name; s++)
            if (strcmp(s->topic, topic) == 0) {
                assert(len < max);
                out[len++] = s;
            }
    return len;
}

struct jobs_options *jobs__hooks(void)
{
    return &declared.hooks;
}

void jobs_hooks(void (*prepare)(struct op *op),
                enum rc (*actor)(struct op *op, int64_t user_id, struct actor *out))
{
    declared.hooks.prepare = prepare;
    declared.hooks.actor = actor;
}

void jobs_forget(void)
{
    memset(&declared, 0, sizeof(declared));
}

/* ---- enqueueing ---- */

static struct q_job_add_in row_of(struct op *op, const struct job_new *what,
                                  const struct job_kind *kind)
{
    const struct actor *actor = &op->actor;
    bool is_system = what->is_system || actor->kind == ACTOR_SYSTEM;
    struct opt_i64 user = actor->user_id ? SOME(actor->user_id) : NONE;
    return (struct q_job_add_in){
        .kind = str_of(kind->name),
        .lane = (int64_t)kind->lane,
        .title = what->title.at ? what->title : STR(""),
        .payload = what->payload.at ? what->payload : STR("{}"),
        .tries_max = kind->tries_max ? kind->tries_max : 5,
        .run_at = what->run_at ? what->run_at : op->now,
        .as_kind = is_system ? ACTOR_SYSTEM : (int64_t)actor->kind,
        .as_user_id = is_system ? NONE : user,
        .as_partner_id =
            !is_system && actor->kind == ACTOR_PARTNER ? SOME(actor->partner_id) : NONE,
        .as_all_branches = !is_system && actor->has_all_branches,
        .as_name = is_system || !actor->name.at ? STR("") : actor->name,
        .as_lang = str_of(op->lang->code),
        .created_by = user,
        .created_name = actor->name.at ? actor->name : STR(""),
        .now = op->now,
    };
}

static enum rc add_once(struct op *op, const struct q_job_add_in *row, struct str once_key,
                        int64_t *out_id)
{
    struct q_job_add_once_in in = {
        .kind = row->kind,
        .lane = row->lane,
        .title = row->title,
        .payload = row->payload,
        .once_key = once_key,
        .tries_max = row->tries_max,
        .run_at = row->run_at,
        .as_kind = row->as_kind,
        .as_user_id = row->as_user_id,
        .as_partner_id = row->as_partner_id,
        .as_all_branches = row->as_all_branches,
        .as_name = row->as_name,
        .as_lang = row->as_lang,
        .created_by = row->created_by,
        .created_name = row->created_name,
        .now = row->now,
    };
    for (int i = 0; i < 3; i++) { /* the one that has the key may end between the two looks */
        struct job_id_row_rows added;
        struct job_id_row taken;
        TRY(q_job_add_once(op, &in, &added));
        if (added.len == 1) {
            *out_id = added.at[0].id;
            return RC_OK;
        }
        enum rc rc = q_job_by_once_key(op, &(struct q_job_by_once_key_in){once_key}, &taken);
        if (rc == RC_OK)
            *out_id = taken.id;
        if (rc != RC_MISSING)
            return rc;
    }
    return fail(op, RC_BUSY, NULL, M("Somebody else started the same at this moment."));
}

enum rc job_enqueue(struct op *op, const struct job_new *what, int64_t *out_id)
{
    const struct job_kind *kind = job_kind_find(str_of(what->kind));
    assert(kind); /* declared by its module */
    assert(op->actor.kind != ACTOR_NOBODY || what->is_system);
    struct q_job_add_in row = row_of(op, what, kind);
    int64_t id = 0;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (what->once_key.at)
        TRY(add_once(op, &row, what->once_key, &id));
    else
        TRY(q_job_add(op, &row, &id));
    op_signal(op, &jobs__signal);
    TRY(txn_commit(&txn));
    *out_id = id;
    return RC_OK;
}

/* ---- looking ---- */

bool jobs__may_see(struct op *op, const struct job_row *row)
{
    if (op->actor.kind == ACTOR_SYSTEM)
        return true;
    if (op->actor.user_id && row->created_by.has && row->created_by.v == op->actor.user_id)
        return true;
    const struct job_kind *kind = job_kind_find(row->kind);
    return op->actor.kind == ACTOR_STAFF &&
           (op_may(op, "job.read") || (kind && kind->permission && op_may(op, kind->permission)));
}

bool jobs__may_edit(struct op *op, const struct job_row *row)
{
    if (op->actor.kind == ACTOR_SYSTEM)
        return true;
    if (op->actor.user_id && row->created_by.has && row->created_by.v == op->actor.user_id)
        return true;
    const struct job_kind *kind = job_kind_find(row->kind);
    return op->actor.kind == ACTOR_STAFF &&
           (op_may(op, "job.edit") || (kind && kind->permission && op_may(op, kind->permission)));
}

static int64_t time_left_us(struct op *op, const struct job_row *row)
{
    int64_t done = row->done.v, total = row->total.v;
    if (row->state != JOB_RUNNING || done <= 0 || total <= done || !row->started_at.has)
        return 0;
    int64_t spent = op->now - row->started_at.v;
    __int128 left = (__int128)spent * (total - done) / done;
    return spent <= 0 || left > 30 * US_DAY ? 0 : (int64_t)left;
}

void jobs__info(struct op *op, const struct job_row *row, struct job_info *out)
{
    *out = (struct job_info){
        .id = row->id,
        .kind = job_kind_find(row->kind),
        .kind_name = row->kind,
        .title = row->title,
        .state = (enum job_state)row->state,
        .tries = row->tries,
        .tries_max = row->tries_max,
        .done = row->done.v,
        .total = row->total.v,
        .unit = row->unit,
        .is_cancel_asked = row->cancel_at.has,
        .message = row->message,
        .link = row->link,
        .file_id = row->file_id,
        .error = row->error,
        .error_code = row->error_code,
        .created_by = row->created_by,
        .created_name = row->created_name,
        .created_at = row->created_at,
        .run_at = row->run_at,
        .started_at = row->started_at,
        .finished_at = row->finished_at,
        .left_us = time_left_us(op, row),
        .payload = row->payload,
    };
    jobs__args_read(op->arena, row->args, out->args);
}

static enum rc find_row(struct op *op, int64_t id, struct job_row *out)
{
    TRY(q_job_find(op, &(struct q_job_find_in){.id = id}, out));
    return jobs__may_see(op, out) ? RC_OK : RC_MISSING;
}

enum rc job_find(struct op *op, int64_t id, struct job_info *out)
{
    struct job_row row;
    TRY(find_row(op, id, &row));
    jobs__info(op, &row, out);
    return RC_OK;
}

static struct str words(struct op *op, struct str key, const struct str args[JOB_ARGS_MAX])
{
    const char *texts[JOB_ARGS_MAX];
    if (!key.at)
        return STR("");
    for (size_t i = 0; i < JOB_ARGS_MAX; i++)
        texts[i] = args[i].at ? str_c(op->arena, args[i]) : NULL;
    return i18n_format_c(op->arena, op->lang, str_c(op->arena, key), texts, JOB_ARGS_MAX);
}

struct str job_words(struct op *op, const struct job_info *info)
{
    switch (info->state) {
    case JOB_DONE: return words(op, info->message, info->args);
    case JOB_FAILED: return words(op, info->error, info->args);
    case JOB_CANCELLED: return tr(op->lang, M("Cancelled before the end."));
    case JOB_QUEUED:
        if (!info->error.at)
            return STR("");
        return i18n_format(op->arena, op->lang, M("Try {0} of {1} failed: {2}"), info->tries,
                           info->tries_max, words(op, info->error, info->args));
    case JOB_RUNNING: break;
    }
    return STR("");
}

struct str job_progress_words(struct op *op, const struct job_info *info)
{
    if (info->total > 0 && info->unit.at)
        return i18n_format(op->arena, op->lang, str_c(op->arena, info->unit), info->done,
                           info->total);
    return info->done > 0 ? i18n_i64(op->arena, op->lang, info->done) : STR("");
}

/* ---- steering ---- */

enum rc job_cancel(struct op *op, int64_t id)
{
    struct job_row row;
    TRY(find_row(op, id, &row));
    if (!jobs__may_edit(op, &row))
        return op_must(op, "job.edit");
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (row.state == JOB_QUEUED) {
        enum rc rc =
            q_job_cancel_queued(op, &(struct q_job_cancel_queued_in){.id = id, .now = op->now});
        if (rc != RC_CONFLICT) /* taken by a worker meanwhile */
            TRY(rc);
    }
    TRY(q_job_cancel_running(op, &(struct q_job_cancel_running_in){.id = id, .now = op->now}));
    TRY(outbox_note(op, "job.cancel", "job", id, row.kind));
    return txn_commit(&txn);
}

enum rc job_retry(struct op *op, int64_t id)
{
    struct job_row row;
    TRY(find_row(op, id, &row));
    if (!jobs__may_edit(op, &row))
        return op_must(op, "job.edit");
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = q_job_retry(op, &(struct q_job_retry_in){.id = id, .now = op->now});
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL,
                    M("Only a job that failed or was cancelled can be started again."));
    TRY(rc);
    TRY(q_job_cancel_forget(op, &(struct q_job_cancel_forget_in){.id = id}));
    TRY(outbox_note(op, "job.retry", "job", id, row.kind));
    op_signal(op, &jobs__signal);
    return txn_commit(&txn);
}

/* ---- arguments of messages ---- */

struct str jobs__args_write(struct arena *arena, const struct str *args, size_t len)
{
    AUTO_BUF buf = BUF(64 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_array(&w);
    for (size_t i = 0; i < len && args[i].at; i++)
        json_put_str(&w, utf8_cut(args[i], 2000));
    json_array_end(&w);
    assert(!buf.is_over);
    return str_dup(arena, buf_str(&buf));
}

void jobs__args_read(struct arena *arena, struct str json, struct str out[JOB_ARGS_MAX])
{
    const struct json_value *array;
    for (size_t i = 0; i < JOB_ARGS_MAX; i++)
        out[i] = STR_NONE;
    if (json_parse(arena, json, (struct json_limits){0}, &array, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < JOB_ARGS_MAX; i++)
        out[i] = json_text(json_at(array, i));
}
