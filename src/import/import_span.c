/* Rows and what a refused one takes back. Most files have no wrong rows, so a batch is first taken
 * as it is: nothing is marked to return to. When a row is refused, the whole batch is undone and
 * taken again in stretches of a few rows, each in a savepoint, where the rows before a refused one
 * are applied again without it. The next batch without a refusal ends that.
 *
 * Savepoints are kept short because SQLite keeps the pages of an open one in a list that each
 * statement walks; and a savepoint a row would write out the search index a row. */
#include "import/import_int.h"

enum { STRETCH_MAX = 32 };

struct stretch {
    struct import_batch *batch;
    import__prepare *prepare;
    import__apply *apply;
    size_t first, end;
    bool *was_open; /* of the batch's rows: theirs is the outcome that a rollback takes back */
    bool has_refused;
};

static void reopen(const struct stretch *stretch)
{
    for (size_t i = stretch->first; i < stretch->end; i++) {
        struct import_row *row = &stretch->batch->rows[i];
        row->record = NULL;
        if (stretch->was_open[i] && row->outcome != IMPORT_REFUSED)
            row->outcome = IMPORT_OPEN;
    }
}

/* *out_refused is the first row that was refused, or stretch->end. RC_CONFLICT of prepare: somebody
 * else has what was about to be made; row by row it is said which. */
static enum rc apply_rows(struct stretch *stretch, size_t *out_refused, bool *out_is_broken)
{
    struct import_batch *batch = stretch->batch;
    *out_refused = stretch->first;
    *out_is_broken = false;
    if (stretch->prepare && stretch->end - stretch->first > 1) {
        enum rc rc = stretch->prepare(batch, stretch->first, stretch->end);
        *out_is_broken = rc == RC_CONFLICT;
        if (rc == RC_CONFLICT)
            fault_clear(&batch->op->fault);
        if (rc != RC_OK)
            return rc == RC_CONFLICT ? RC_OK : rc;
    }
    for (size_t i = stretch->first; i < stretch->end; i++) {
        struct import_row *row = &batch->rows[i];
        if (row->outcome != IMPORT_OPEN)
            continue;
        batch->op->arena = batch->passing; /* a row leaves nothing behind but its outcome */
        enum rc rc = stretch->apply(batch, row);
        bool is_refused = rc != RC_OK || row->outcome == IMPORT_REFUSED;
        if (is_refused)
            rc = import__refuse_fault(batch, row, rc);
        batch->op->arena = batch->arena;
        arena_reset(batch->passing);
        if (!is_refused)
            continue;
        *out_refused = i;
        return rc;
    }
    *out_refused = stretch->end;
    return RC_OK;
}

/* Without a savepoint: what a refusal undoes is the caller's transaction. */
static enum rc apply_whole(struct stretch *stretch)
{
    size_t refused;
    bool is_broken;
    stretch->end = stretch->batch->len;
    TRY(apply_rows(stretch, &refused, &is_broken));
    if (!is_broken && refused == stretch->end)
        return RC_OK;
    reopen(stretch);
    stretch->batch->is_undone = true;
    stretch->batch->importer->stretch = is_broken ? 1 : STRETCH_MAX;
    return RC_OK;
}

/* In a savepoint; stretch->end comes back as how far it got. */
static enum rc apply_some(struct stretch *stretch)
{
    struct op *op = stretch->batch->op;
    size_t *width = &stretch->batch->importer->stretch, refused;
    bool is_broken;
    TRY(db_savepoint(op->db));
    TRY(apply_rows(stretch, &refused, &is_broken));
    if (!is_broken && refused == stretch->end) {
        *width = *width * 2 < STRETCH_MAX ? *width * 2 : STRETCH_MAX;
        return db_savepoint_release(op->db);
    }
    TRY(db_savepoint_rollback(op->db));
    reopen(stretch);
    stretch->has_refused = true;
    *width = is_broken ? 1 : *width > 4 ? *width / 4 : 1;
    /* The row itself is decided now; those before it are as they were and come again. */
    stretch->end = !is_broken && refused == stretch->first ? refused + 1 : stretch->first;
    return RC_OK;
}

enum rc import__each(struct import_batch *batch, import__prepare *prepare, import__apply *apply)
{
    struct importer *importer = batch->importer;
    struct stretch stretch = {.batch = batch, .prepare = prepare, .apply = apply};
    stretch.was_open = NEW_ARRAY(batch->op->arena, bool, batch->len + 1);
    for (size_t i = 0; i < batch->len; i++)
        stretch.was_open[i] = batch->rows[i].outcome == IMPORT_OPEN;
    if (importer->stretch == 0)
        return apply_whole(&stretch);
    while (stretch.first < batch->len) {
        size_t left = batch->len - stretch.first;
        stretch.end = stretch.first + (importer->stretch < left ? importer->stretch : left);
        TRY(apply_some(&stretch));
        stretch.first = stretch.end;
    }
    if (!stretch.has_refused && !batch->was_undone)
        importer->stretch = 0;
    return RC_OK;
}
