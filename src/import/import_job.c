/* Imports from the browser: the file is stored, the rows are read by a job that survives a restart.
 * The job goes on from the position in the import's own record. */
#include "import/import_int.h"

struct stored_source {
    struct file_reader *reader;
};

/* One part of the stored file at a time; sheet asks again for the rest. */
static enum rc read_stored(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    struct stored_source *source = self;
    struct str part;
    TRY(file_read_at(source->reader, offset, &part));
    size_t len = part.len < cap ? part.len : cap;
    if (len > 0)
        memcpy(at, part.at, len);
    *out_len = len;
    return RC_OK;
}

static void report(struct importer *importer, int64_t done, int permille)
{
    int64_t total = permille > 0 ? done * 1000 / permille : 0;
    job_progress(importer->job, done, total < done ? done : total, JOB_ROWS);
}

static void tell(struct importer *importer, int64_t error_file_id)
{
    struct op *op = importer->op;
    const struct import_counts *counts = &importer->counts;
    int64_t taken = counts->added + counts->changed + counts->unchanged;
    job_result_set(
        importer->job,
        &(struct job_result){
            .message =
                importer->is_dry_run
                    ? M("Trial run: {0, plural, one {# row} other {# rows}} right, {1} wrong")
                    : M("{0, plural, one {# row} other {# rows}} taken, {1} refused"),
            .args = {str_printf(op->arena, "%lld", (long long)taken),
                     str_printf(op->arena, "%lld", (long long)counts->refused)},
            .link = str_printf(op->arena, "/imports/%s", imp(importer->id).text),
            .file_id = error_file_id});
}

static enum rc end_well(struct importer *importer)
{
    struct import_rec rec;
    TRY(import__end(importer, "done", STR_NONE));
    TRY(q_import(importer->op, &(struct q_import_in){importer->id}, &rec));
    tell(importer, rec.error_file_id.v);
    return RC_OK;
}

/* What another try will not mend ends the import as well as the job. */
static bool is_final(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_DENIED || rc == RC_MISSING || rc == RC_TOO_LARGE ||
           rc == RC_SIGN_IN;
}

static enum rc end_badly(struct importer *importer, enum rc rc)
{
    struct op *op = importer->op;
    struct fault kept = op->fault;
    struct str words =
        kept.entries_len ? i18n_fault(op->arena, op->lang, &kept.entries[0]) : STR("");
    struct job_info info;
    bool is_cancelled =
        rc == RC_BUSY && job_find(op, importer->job->id, &info) == RC_OK && info.is_cancel_asked;
    if (is_final(rc) || is_cancelled)
        TRY(import__end(importer, is_cancelled ? "cancelled" : "failed", words));
    op->fault = kept;
    return rc;
}

static enum rc run_rows(struct importer *importer, const struct import_rec *rec)
{
    struct file_info info;
    struct stored_source stored = {0};
    if (!rec->file_id.has)
        return fail(importer->op, RC_MISSING, NULL, M("The file of this import is gone."));
    TRY(file_open(importer->op, rec->file_id.v, &info, &stored.reader));
    importer->source = (struct sheet_source){read_stored, &stored, info.size_bytes};
    TRY(import__lookups_load(importer->arena, importer->mapping, STR_NONE, &importer->op->fault));
    return import__run(importer);
}

static enum rc run_import(struct job *job)
{
    struct op *op = job->op;
    struct import_rec rec;
    struct importer importer = {.op = op, .job = job, .progress = report};
    int64_t id = 0;
    if (!json_i64(json_get(job->args, "import"), &id))
        return fail(op, RC_INVALID, NULL, M("There is no such import."));
    TRY(q_import(op, &(struct q_import_in){id}, &rec));
    if (str_eq(rec.state, STR("done")))
        return RC_OK;
    enum rc rc = import__open(&importer, &rec);
    if (rc == RC_OK)
        rc = op_must(op, "import.edit");
    if (rc == RC_OK)
        rc = op_must(op, importer.kind->permission);
    if (rc == RC_OK)
        rc = run_rows(&importer, &rec);
    rc = rc == RC_OK ? end_well(&importer) : end_badly(&importer, rc);
    import__close(&importer);
    return rc;
}

enum rc import__enqueue(struct op *op, const struct import_rec *rec, bool is_dry_run)
{
    int64_t job_id;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(job_enqueue(
        op,
        &(struct job_new){.kind = "import.run",
                          .payload = str_printf(op->arena, "{\"import\":%lld}", (long long)rec->id),
                          .title = rec->name,
                          .once_key = str_printf(op->arena, "import:%lld", (long long)rec->id)},
        &job_id));
    TRY(q_import_queue(op, &(struct q_import_queue_in){rec->id, is_dry_run, job_id}));
    return txn_commit(&txn);
}

const struct job_kind import_job_kinds[] = {
    {.name = "import.run",
     .label = M("Import of a file"),
     .run = run_import,
     .lane = JOB_LONG,
     .permission = "import.read"},
    {0},
};

/* ---- imports whose job ended without them ---- */

/* Cancelled while it waited, or given up after its last try: the job's own end is not ours. */
static enum rc settle_one(struct op *op, const struct import_open_row *row)
{
    struct job_info info = {.state = JOB_FAILED}; /* it is tidied away already */
    enum rc rc = job_find(op, row->job_id.v, &info);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    if (info.state != JOB_CANCELLED && info.state != JOB_FAILED)
        return RC_OK;
    struct importer importer = {.op = op, .id = row->id};
    return import__end(&importer, info.state == JOB_CANCELLED ? "cancelled" : "failed", STR_NONE);
}

static enum rc settle(struct op *op)
{
    struct import_open_row_rows rows;
    TRY(q_import_open_ones(op, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(settle_one(op, &rows.at[i]));
    return RC_OK;
}

const struct job_tick import_ticks[] = {
    {.name = "import.settle", .every_us = 2 * US_SECOND, .run = settle},
    {0},
};
