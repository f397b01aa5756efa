/* The engine: reads a file row by row, takes it in batches of thousands, each in one transaction
 * with the position after it. So whenever the process dies, every row is in whole or not at all,
 * and the position says which.
 *
 * A row may name a record that stands further down in the same file (an employee's superior). It
 * is set aside and taken up in a further pass over the file, as long as passes get on. */
#include "import/import_int.h"

enum {
    BATCH_ARENA_BYTES = 256 << 20,
    ROW_ARENA_BYTES = 64 << 20,
    CACHE_BYTES = 64 << 20,
    PASSES_MAX = 64,
    ERROR_BYTES_MAX = 80 << 20
};

struct pass {
    struct importer *importer;
    struct sheet *sheet;
    struct arena *arena;   /* of the batch at hand */
    struct arena *passing; /* of the row at hand */
    struct import_row *rows;
    size_t len, cells_bytes;
    int64_t position;           /* rows read of this pass */
    struct map *waiting;        /* row numbers of earlier passes; NULL: this is the first */
    int64_t waiting_len, taken; /* set aside in this pass, decided in this pass */
    bool is_end;
};

/* ---- reading ---- */

static struct str clean_cell(struct arena *arena, struct str cell)
{
    struct str text = text_unguard(str_trim(cell));
    if (str_starts(text, STR("\xc2\xa0")) || str_ends(text, STR("\xc2\xa0")))
        text = text_clean_line(arena, text);
    return text;
}

static const struct str *copy_cells(struct arena *arena, const struct sheet_row *row)
{
    size_t bytes = 0, at = 0;
    struct str *cells = NEW_ARRAY(arena, struct str, row->len + 1);
    for (size_t i = 0; i < row->len; i++)
        bytes += row->cells[i].len;
    char *texts = arena_alloc(arena, bytes + 1);
    for (size_t i = 0; i < row->len; i++) {
        memcpy(texts + at, row->cells[i].at, row->cells[i].len);
        cells[i] = clean_cell(arena, (struct str){texts + at, row->cells[i].len});
        at += row->cells[i].len;
    }
    return cells;
}

/* Cells that hold an error of the spreadsheet ("#N/A") are no values. */
static void refuse_error_cells(struct import_batch *batch, struct import_row *row,
                               const struct sheet_row *read)
{
    const struct str_list *heads = &batch->importer->heads;
    for (size_t i = 0; i < read->len && row->outcome == IMPORT_OPEN; i++)
        if (read->kinds[i] == SHEET_ERROR)
            import__refuse(batch, row, batch->importer->kind->fields_len, 0,
                           M("The cell in column {0} holds an error: {1}."),
                           i < heads->len ? str_c(batch->op->arena, heads->at[i]) : "",
                           str_c(batch->op->arena, read->cells[i]));
}

/* Files put together from several have their header several times. */
static bool is_header(const struct importer *importer, const struct import_row *row)
{
    const struct str_list *heads = &importer->heads;
    if (row->cells_len != heads->len)
        return false;
    for (size_t i = 0; i < heads->len; i++)
        if (!str_eq(row->cells[i], heads->at[i]))
            return false;
    return true;
}

static void take_row(struct pass *pass, struct import_batch *batch, const struct sheet_row *read)
{
    struct import_row *row = &pass->rows[pass->len++];
    *row = (struct import_row){.number = read->number, .position = pass->position};
    row->cells = copy_cells(pass->arena, read);
    row->cells_len = read->len;
    if (read->problem)
        import__refuse(batch, row, batch->importer->kind->fields_len, 0, read->problem,
                       read->problem_arg, NULL);
    else if (is_header(batch->importer, row))
        import__refuse(batch, row, batch->importer->kind->fields_len, 0,
                       M("This row is the header once more."), NULL, NULL);
    else
        refuse_error_cells(batch, row, read);
    batch->len = pass->len;
}

static bool is_wanted(const struct pass *pass, const struct sheet_row *row)
{
    if (pass->position <= pass->importer->position)
        return false;
    return !pass->waiting || map_get_i64(pass->waiting, row->number) != NULL;
}

/* A job stands between people who write: they wait for one batch at most. A command has a SQLite
 * database to itself; with larger batches a page of an index is written once for more rows, which
 * counts where names stand in no order of the file. */
static size_t rows_max(const struct importer *importer)
{
    enum { OF_JOB = 1000, OF_COMMAND = 5000, BY_NAME = 30000 };
    if (importer->job)
        return OF_JOB;
    return importer->kind->is_by_name ? BY_NAME : OF_COMMAND;
}

/* Up to that many rows, or four megabytes of them. */
static enum rc read_batch(struct pass *pass, struct import_batch *batch)
{
    enum { BATCH_BYTES_MAX = 4 << 20 };
    size_t bytes = 0;
    pass->len = 0;
    size_t len_max = rows_max(pass->importer);
    while (pass->len < len_max && bytes < BATCH_BYTES_MAX) {
        struct sheet_row row;
        enum rc rc = sheet_next(pass->sheet, &row);
        if (rc == RC_MISSING) {
            pass->is_end = true;
            return RC_OK;
        }
        TRY(rc);
        pass->position++;
        if (!is_wanted(pass, &row))
            continue;
        for (size_t i = 0; i < row.len; i++)
            bytes += row.cells[i].len;
        take_row(pass, batch, &row);
    }
    return RC_OK;
}

/* ---- the keys of a dry run ---- */

static uint64_t values_hash(const struct import_batch *batch, const struct import_row *row)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < batch->importer->mapping->columns.len; i++)
        hash =
            (hash << 7 | hash >> 57) ^ hash_bytes(row->values[i].text.at, row->values[i].text.len);
    return hash;
}

/* In a dry run earlier batches have left nothing, so what they would have left is remembered. */
static void ask_seen(struct import_batch *batch)
{
    struct importer *importer = batch->importer;
    for (size_t i = 0; i < batch->len; i++) {
        struct import_row *row = &batch->rows[i];
        if (row->outcome != IMPORT_OPEN)
            continue;
        struct str key = import__value(batch, row, importer->kind->key)->text;
        enum import_outcome seen = import__seen_ask(importer->seen, key, values_hash(batch, row));
        if (seen == IMPORT_CHANGED && importer->kind == &import__events)
            import__refuse(batch, row, importer->kind->key, 0,
                           M("Another row of the file has this id and other figures."), NULL, NULL);
        else if (seen != IMPORT_OPEN && importer->kind->self != IMPORT_TO_NOTHING)
            row->outcome = seen;
    }
}

static void add_seen(struct import_batch *batch)
{
    struct importer *importer = batch->importer;
    for (size_t i = 0; i < batch->len; i++) {
        struct import_row *row = &batch->rows[i];
        if (row->outcome == IMPORT_ADDED || row->outcome == IMPORT_CHANGED)
            import__seen_add(importer->seen, import__value(batch, row, importer->kind->key)->text,
                             values_hash(batch, row));
    }
}

/* ---- a batch in the database ---- */

static void count(struct pass *pass, struct import_batch *batch)
{
    for (size_t i = 0; i < batch->len; i++) {
        enum import_outcome outcome = batch->rows[i].outcome;
        batch->counts.added += outcome == IMPORT_ADDED;
        batch->counts.changed += outcome == IMPORT_CHANGED;
        batch->counts.unchanged += outcome == IMPORT_UNCHANGED;
        batch->counts.refused += outcome == IMPORT_REFUSED;
        pass->waiting_len += outcome == IMPORT_WAITS;
        pass->taken += outcome != IMPORT_WAITS;
    }
}

static enum rc write_waiting(struct pass *pass, const struct import_batch *batch)
{
    struct importer *importer = pass->importer;
    struct q_import_waiting_add_in *adds =
        NEW_ARRAY(batch->op->arena, struct q_import_waiting_add_in, batch->len + 1);
    size_t len = 0;
    for (size_t i = 0; i < batch->len; i++) {
        const struct import_row *row = &batch->rows[i];
        if (row->outcome == IMPORT_WAITS && !pass->waiting)
            adds[len++] = (struct q_import_waiting_add_in){importer->id, row->number};
        else if (row->outcome != IMPORT_WAITS && pass->waiting)
            TRY(q_import_waiting_done(
                batch->op, &(struct q_import_waiting_done_in){importer->id, row->number}));
    }
    return len ? q_import_waiting_add(batch->op, adds, len, NULL) : RC_OK;
}

/* Rows over the limit of the error file are counted and no longer listed. */
static enum rc write_errors(struct importer *importer, const struct import_batch *batch)
{
    struct q_import_error_add_in *adds =
        NEW_ARRAY(batch->op->arena, struct q_import_error_add_in, batch->errors.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < batch->errors.len && importer->error_bytes < ERROR_BYTES_MAX; i++) {
        const struct import_error *error = &batch->errors.at[i];
        adds[len++] = (struct q_import_error_add_in){.import_id = importer->id,
                                                     .row_number = error->row_number,
                                                     .column_name = error->column,
                                                     .value = error->value,
                                                     .reason = error->reason,
                                                     .original = error->original};
        importer->error_bytes += (int64_t)(error->column.len + error->value.len +
                                           error->reason.len + error->original.len + 16);
    }
    return len ? q_import_error_add(batch->op, adds, len, NULL) : RC_OK;
}

static enum rc begin(struct importer *importer, struct txn *txn)
{
    return importer->job ? job_txn(importer->job, txn) : txn_begin(importer->op, txn);
}

static enum rc write_position(struct pass *pass, const struct import_batch *batch)
{
    struct importer *importer = pass->importer;
    const struct import_counts *so_far = &importer->counts, *now = &batch->counts;
    TRY(write_waiting(pass, batch));
    TRY(write_errors(importer, batch));
    return q_import_step(importer->op,
                         &(struct q_import_step_in){.id = importer->id,
                                                    .pass = importer->pass,
                                                    .position = pass->position,
                                                    .added = so_far->added + now->added,
                                                    .changed = so_far->changed + now->changed,
                                                    .unchanged = so_far->unchanged + now->unchanged,
                                                    .refused = so_far->refused + now->refused,
                                                    .error_bytes = importer->error_bytes});
}

static enum rc apply(struct import_batch *batch)
{
    TRY(import__read_values(batch));
    if (batch->importer->is_dry_run && !batch->was_undone)
        ask_seen(batch);
    TRY(batch->importer->kind->apply(batch));
    if (batch->is_undone)
        return RC_OK;
    for (size_t i = 0; i < batch->len; i++)
        assert(batch->rows[i].outcome != IMPORT_OPEN);
    if (batch->importer->is_dry_run)
        add_seen(batch);
    return RC_OK;
}

/* What the rows do is rolled back; what became of them is kept. */
static enum rc try_batch(struct pass *pass, struct import_batch *batch)
{
    AUTO_TXN txn = {0};
    TRY(begin(pass->importer, &txn));
    return apply(batch);
}

/* The rows, unless they were tried before, and how far that is. */
static enum rc write_batch(struct pass *pass, struct import_batch *batch)
{
    struct importer *importer = pass->importer;
    AUTO_TXN txn = {0};
    TRY(begin(importer, &txn));
    if (!importer->is_dry_run)
        TRY(apply(batch));
    if (batch->is_undone)
        return RC_OK;
    count(pass, batch);
    kill_point("import_batch");
    TRY(write_position(pass, batch));
    return txn_commit(&txn);
}

/* Until it is not undone: once more at most, since then rows are undone by themselves. */
static enum rc insist(struct pass *pass, struct import_batch *batch,
                      enum rc (*take)(struct pass *pass, struct import_batch *batch))
{
    TRY(take(pass, batch));
    if (!batch->is_undone)
        return RC_OK;
    batch->is_undone = false;
    batch->was_undone = true;
    batch->memo = NULL;
    TRY(take(pass, batch));
    assert(!batch->is_undone);
    return RC_OK;
}

static enum rc store_batch(struct pass *pass, struct import_batch *batch)
{
    struct importer *importer = pass->importer;
    int64_t error_bytes = importer->error_bytes;
    if (importer->is_dry_run)
        TRY(insist(pass, batch, try_batch));
    enum rc rc = insist(pass, batch, write_batch);
    if (rc != RC_OK) {
        importer->error_bytes = error_bytes;
        return rc;
    }
    kill_point("import_committed");
    importer->counts.added += batch->counts.added;
    importer->counts.changed += batch->counts.changed;
    importer->counts.unchanged += batch->counts.unchanged;
    importer->counts.refused += batch->counts.refused;
    importer->position = pass->position;
    return RC_OK;
}

/* One batch on an arena of its own; the operation gets its own back. */
static enum rc do_batch(struct pass *pass)
{
    struct importer *importer = pass->importer;
    struct op *op = importer->op;
    struct arena *kept = op->arena, *kept_fault = op->fault.arena;
    struct import_batch batch = {.importer = importer,
                                 .op = op,
                                 .arena = pass->arena,
                                 .passing = pass->passing,
                                 .rows = pass->rows};
    arena_reset(pass->arena);
    op->arena = op->fault.arena = pass->arena;
    op->now = when_now();
    enum rc rc = read_batch(pass, &batch);
    if (rc == RC_OK)
        rc = store_batch(pass, &batch);
    op->arena = kept;
    op->fault.arena = kept_fault;
    if (rc == RC_OK)
        fault_clear(&op->fault);
    return rc;
}

/* ---- a pass ---- */

static enum rc read_heads(struct importer *importer, struct sheet *sheet)
{
    struct sheet_row row;
    struct op *op = importer->op;
    enum rc rc = sheet_next(sheet, &row);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, NULL, M("The file is empty."));
    TRY(rc);
    if (row.problem)
        return fail(op, RC_INVALID, NULL, row.problem, row.problem_arg);
    if (importer->heads.len > 0)
        return RC_OK;
    for (size_t i = 0; i < row.len; i++) {
        struct str head = text_clean_line(importer->arena, row.cells[i]);
        if (head.len == 0)
            head = str_printf(importer->arena, "column %zu", i + 1);
        VEC_PUSH(importer->arena, &importer->heads, head);
    }
    return import__mapping_bind(importer->arena, importer->mapping, importer->heads.at,
                                importer->heads.len, &op->fault);
}

static void index_slots(struct importer *importer)
{
    memset(importer->slots, 0, sizeof(importer->slots));
    for (size_t i = 0; i < importer->mapping->columns.len; i++) {
        const struct import_column *column = &importer->mapping->columns.at[i];
        if (column->field < importer->kind->fields_len)
            importer->slots[column->field][column->number] = (uint16_t)(i + 1);
    }
}

static enum rc load_waiting(struct importer *importer, struct arena *arena, struct map **out)
{
    AUTO_CURSOR cursor = {0};
    struct import_waiting_row row;
    enum rc rc;
    *out = map_new(arena);
    TRY(q_import_waiting_open(importer->op, &(struct q_import_waiting_in){importer->id}, &cursor));
    while ((rc = q_import_waiting_next(&cursor, &row)) == RC_OK)
        *map_put_i64(*out, row.row_number) = importer;
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc check(struct importer *importer)
{
    return importer->job ? job_check(importer->job) : RC_OK;
}

static enum rc run_pass(struct importer *importer, struct map *waiting, int64_t *out_waiting,
                        int64_t *out_taken)
{
    struct op *op = importer->op;
    const struct import_mapping *mapping = importer->mapping;
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA arena = arena_new(BATCH_ARENA_BYTES);
    AUTO_ARENA passing = arena_new(ROW_ARENA_BYTES);
    struct sheet_options options = {.delimiter = mapping->delimiter,
                                    .encoding = mapping->encoding,
                                    .sheet_name = mapping->sheet};
    struct pass pass = {
        .importer = importer, .arena = arena, .passing = passing, .waiting = waiting};
    TRY(sheet_open(importer->source, &options, &op->fault, &sheet));
    pass.sheet = sheet;
    TRY(read_heads(importer, sheet));
    index_slots(importer);
    AUTO_ARENA rows = arena_new(0);
    pass.rows = NEW_ARRAY(rows, struct import_row, rows_max(importer));
    while (!pass.is_end) {
        TRY(check(importer));
        TRY(do_batch(&pass));
        importer->progress(importer, pass.position, sheet_progress(sheet));
    }
    *out_waiting = pass.waiting_len;
    *out_taken = pass.taken;
    return RC_OK;
}

/* The next pass begins: position and number go together. */
static enum rc next_pass(struct importer *importer)
{
    AUTO_TXN txn = {0};
    const struct import_counts *counts = &importer->counts;
    importer->pass++;
    importer->position = 0;
    TRY(begin(importer, &txn));
    TRY(q_import_step(importer->op,
                      &(struct q_import_step_in){.id = importer->id,
                                                 .pass = importer->pass,
                                                 .position = 0,
                                                 .added = counts->added,
                                                 .changed = counts->changed,
                                                 .unchanged = counts->unchanged,
                                                 .refused = counts->refused,
                                                 .error_bytes = importer->error_bytes}));
    return txn_commit(&txn);
}

static enum rc run_passes(struct importer *importer)
{
    int64_t left = 0, taken = 0;
    for (;;) {
        AUTO_ARENA arena = arena_new(0);
        struct map *waiting = NULL;
        bool was_begun = importer->position > 0;
        if (importer->pass > 1)
            TRY(load_waiting(importer, arena, &waiting));
        TRY(run_pass(importer, waiting, &left, &taken));
        if (importer->pass == 1 && was_begun) { /* rows set aside before a restart count too */
            TRY(load_waiting(importer, arena, &waiting));
            left = (int64_t)map_len(waiting);
        }
        if (left == 0)
            return RC_OK;
        /* Nothing got on: what those rows name is nowhere, and the last pass says so. */
        importer->is_last_pass =
            (taken == 0 && importer->pass > 1 && !was_begun) || importer->pass > PASSES_MAX;
        TRY(next_pass(importer));
    }
}

/* New records go to the ends of a dozen indexes in orders that the file does not have: with the
 * usual cache most of the time would go into reading pages that were just written. */
enum rc import__run(struct importer *importer)
{
    struct db *db = importer->op->db;
    TRY(db_cache(db, CACHE_BYTES));
    enum rc rc = run_passes(importer);
    enum rc usual = db_cache(db, 0);
    return rc == RC_OK ? usual : rc;
}
