/* One change of many partners. The job has a transaction for each partner: one that somebody is
 * editing, or that cannot be changed, is counted and does not hold up the others, and a job that is
 * taken up again finds the first ones already as wanted. */
#include "partner/partner_bulk.h"

enum { KINDS = BULK_SUSPEND + 1 };

static const char *const names[KINDS] = {[BULK_MANAGER] = "manager",
                                         [BULK_LEVEL] = "level",
                                         [BULK_GROUP] = "group",
                                         [BULK_TAG] = "tag",
                                         [BULK_SUSPEND] = "suspend"};

static bool is_same(struct opt_i64 a, struct opt_i64 b)
{
    return a.has == b.has && (!a.has || a.v == b.v);
}

static enum rc suspend(struct op *op, const struct partner *p)
{
    if (str_eq(p->state, STR("suspended")))
        return RC_OK;
    if (!partner_may_become(p->state, STR("suspended")))
        return fail(op, RC_CONFLICT, NULL,
                    M("{0} is not active, so it cannot be suspended. Nothing was changed."),
                    str_c(op->arena, p->name));
    return partner_state_set(op, p->id, p->revision, STR("suspended"));
}

enum rc partner__bulk_one(struct op *op, const struct partner__bulk *bulk, int64_t id)
{
    struct partner p;
    TRY(partner_get(op, id, &p));
    switch (bulk->kind) {
    case BULK_MANAGER:
        return is_same(p.manager_id, bulk->value)
                   ? RC_OK
                   : partner_manager_set(op, id, p.revision, bulk->value);
    case BULK_LEVEL:
        return is_same(p.level_id, bulk->value)
                   ? RC_OK
                   : partner_level_set(op, id, p.revision, bulk->value);
    case BULK_GROUP: return partner_group_join(op, id, bulk->value.v);
    case BULK_TAG: return partner_tag_add(op, id, bulk->tag);
    case BULK_SUSPEND: break;
    }
    return suspend(op, &p);
}

/* ---- the job ---- */

enum rc partner__bulk_enqueue(struct op *op, const struct partner__bulk *bulk,
                              const struct i64_list *ids, struct str title, int64_t *out_job_id)
{
    AUTO_BUF buf = BUF(1024 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "what", str_of(names[bulk->kind]));
    if (bulk->value.has)
        json_pair_i64(&w, "value", bulk->value.v);
    json_pair_str(&w, "tag", bulk->tag);
    json_key(&w, "ids");
    json_array(&w);
    for (size_t i = 0; i < ids->len; i++)
        json_put_i64(&w, ids->at[i]);
    json_array_end(&w);
    json_object_end(&w);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(job_enqueue(op,
                    &(struct job_new){.kind = "partner.bulk",
                                      .payload = str_dup(op->arena, buf_str(&buf)),
                                      .title = title},
                    out_job_id));
    return txn_commit(&txn);
}

static bool read_bulk(const struct json_value *args, struct partner__bulk *out)
{
    const struct json_value *what = json_get(args, "what"), *tag = json_get(args, "tag");
    *out = (struct partner__bulk){.tag = tag ? tag->text : STR("")};
    out->value.has = json_get(args, "value") && json_i64(json_get(args, "value"), &out->value.v);
    for (int kind = BULK_MANAGER; what && kind < KINDS; kind++)
        if (str_eq(what->text, str_of(names[kind])))
            out->kind = (enum bulk_kind)kind;
    return out->kind && json_get(args, "ids");
}

/* RC_OK also when this partner stays as it is, which is counted. */
static enum rc run_one(struct job *job, const struct partner__bulk *bulk, int64_t id,
                       int64_t *skipped)
{
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    enum rc rc = partner__bulk_one(job->op, bulk, id);
    if (rc == RC_OK)
        return txn_commit(&txn);
    if (rc != RC_CONFLICT && rc != RC_MISSING && rc != RC_INVALID)
        return rc;
    fault_clear(&job->op->fault);
    ++*skipped;
    return RC_OK;
}

static enum rc run_bulk(struct job *job)
{
    struct op *op = job->op;
    struct partner__bulk bulk;
    int64_t skipped = 0;
    if (!read_bulk(job->args, &bulk))
        return fail(op, RC_INVALID, NULL, M("There is nothing to be done."));
    const struct json_value *ids = json_get(job->args, "ids");
    struct arena_mark mark = arena_mark(op->arena);
    for (size_t i = 0; i < ids->len; i++) {
        int64_t id;
        if (!json_i64(json_at(ids, i), &id))
            return fail(op, RC_INVALID, NULL, M("There is nothing to be done."));
        TRY(job_check(job));
        TRY(run_one(job, &bulk, id, &skipped));
        arena_rewind(op->arena, mark);
        job_progress(job, (int64_t)i + 1, (int64_t)ids->len, JOB_ITEMS);
    }
    job_result_set(
        job, &(struct job_result){
                 .message = M("{0} partners are as wanted, {1} could not be changed"),
                 .args = {str_printf(op->arena, "%lld", (long long)ids->len - (long long)skipped),
                          str_printf(op->arena, "%lld", (long long)skipped)},
                 .link = STR("/partners")});
    return RC_OK;
}

const struct job_kind partner_job_kinds[] = {
    {.name = "partner.bulk",
     .label = M("Change of many partners"),
     .run = run_bulk,
     .lane = JOB_LONG,
     .permission = "partner.edit"},
    {0},
};
