/* A change of more rows than one request should hold, as a job with a transaction for each row: one
 * that somebody is editing, or that cannot be changed, is counted and does not hold up the others,
 * and a job that is taken up again finds the first ones already as wanted. */
#include "jobs/jobs.h"
#include "jobs/jobs_int.h"
#include "json/json.h"

enum { PAYLOAD_BYTES_MAX = 1024 * 1024 };

static struct str payload_of(struct op *op, const struct ui_bulk_work *work)
{
    AUTO_BUF buf = BUF(PAYLOAD_BYTES_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "what", str_of(work->step->name));
    json_pair_str(&w, "value", work->value);
    json_key(&w, "ids");
    json_array(&w);
    for (size_t i = 0; i < work->ids->len; i++)
        json_put_i64(&w, work->ids->at[i]);
    json_array_end(&w);
    json_object_end(&w);
    return str_dup(op->arena, buf_str(&buf));
}

enum rc jobs__bulk_later(struct op *op, const struct ui_bulk_work *work, struct str *out_href)
{
    int64_t id;
    struct job_new new = {.kind = work->bulk->job,
                          .payload = payload_of(op, work),
                          .title = tr(op->lang, work->step->title)};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(job_enqueue(op, &new, &id));
    TRY(txn_commit(&txn));
    *out_href = str_printf(op->arena, "/jobs/%s", pid_of("job", id).text);
    return RC_OK;
}

/* RC_OK also when this row stays as it is, which is counted. */
static enum rc change_one(struct job *job, const struct ui_bulk_work *work, int64_t id,
                          int64_t *skipped)
{
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    enum rc rc = work->step->change(job->op, work->bulk, id, work->value);
    if (rc == RC_OK)
        return txn_commit(&txn);
    if (rc != RC_CONFLICT && rc != RC_MISSING && rc != RC_INVALID)
        return rc;
    fault_clear(&job->op->fault);
    ++*skipped;
    return RC_OK;
}

enum rc job_bulk_run(struct job *job, const struct ui_bulk *bulk)
{
    struct op *op = job->op;
    const struct json_value *ids = json_get(job->args, "ids");
    struct ui_bulk_work work = {.bulk = bulk,
                                .step = ui_bulk_find(bulk, json_text(json_get(job->args, "what"))),
                                .value = json_text(json_get(job->args, "value"))};
    int64_t skipped = 0;
    if (!work.step || !json_is(ids, JSON_ARRAY))
        return fail(op, RC_INVALID, NULL, M("There is nothing to be done."));
    struct arena_mark mark = arena_mark(op->arena);
    for (size_t i = 0; i < ids->len; i++) {
        int64_t id;
        if (!json_i64(json_at(ids, i), &id))
            return fail(op, RC_INVALID, NULL, M("There is nothing to be done."));
        TRY(job_check(job));
        TRY(change_one(job, &work, id, &skipped));
        arena_rewind(op->arena, mark);
        job_progress(job, (int64_t)i + 1, (int64_t)ids->len, JOB_ITEMS);
    }
    job_result_set(
        job, &(struct job_result){
                 .message = M("{0} rows are as wanted, {1} could not be changed"),
                 .args = {str_printf(op->arena, "%lld", (long long)ids->len - (long long)skipped),
                          str_printf(op->arena, "%lld", (long long)skipped)},
                 .link = str_of(bulk->path)});
    return RC_OK;
}
