/* Imports as records, saved mappings, the file of refused rows. */
#include "import/import_int.h"
#include "org/org.h"

enum {
    IMPORT_ARENA_BYTES = 512 << 20,
    ERRORS_AT_ONCE = 1000,
    ERRORS_KEPT = 200,
    NAME_MAX_CHARS = 100
};

const struct permission import_permissions[] = {
    {"import.read", M("See imports"), ACTOR_STAFF},
    {"import.edit", M("Import files"), ACTOR_STAFF},
};
const size_t import_permissions_len = LEN(import_permissions);

static const struct audit_name names[] = {{"import", M("Import"), "/imports/", "imp"},
                                          {"import.start", M("Import started"), NULL, NULL},
                                          {"import:kind", M("What is imported"), NULL, NULL},
                                          {"import:file", M("File"), NULL, NULL},
                                          {"import:dry_run", M("Trial run"), NULL, NULL},
                                          {0}};

void import_start(void)
{
    audit_name_declare(names);
}

/* ---- the record ---- */

enum rc import__add(struct op *op, const struct import_new *what, int64_t *out_id)
{
    struct opt_i64 user = op->actor.user_id ? SOME(op->actor.user_id) : NONE;
    AUTO_TXN txn = {0};
    TRY(op_must(op, "import.edit"));
    TRY(op_must(op, what->kind->permission));
    TRY(txn_begin(op, &txn));
    TRY(q_import_add(
        op,
        &(struct q_import_add_in){.kind = str_of(what->kind->name),
                                  .name = utf8_cut(text_clean_line(op->arena, what->name), 200),
                                  .file_id = what->file_id,
                                  .mapping = what->mapping,
                                  .source = what->source.at ? what->source : STR(""),
                                  .sheet = what->sheet.at ? what->sheet : STR(""),
                                  .is_dry_run = what->is_dry_run,
                                  .state = str_of(what->state),
                                  .created_by = user,
                                  .created_name = op->actor.name.at ? op->actor.name : STR(""),
                                  .created_at = op->now},
        out_id));
    struct audit_value values[] = {{"kind", str_of(what->kind->name)},
                                   {"file", what->name},
                                   {"dry_run", audit_text_bool(what->is_dry_run)}};
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = "import.start",
                                             .record = "import",
                                             .record_id = *out_id,
                                             .label = what->name},
                       NULL, values, LEN(values)));
    return txn_commit(&txn);
}

enum rc import__open(struct importer *importer, const struct import_rec *rec)
{
    struct op *op = importer->op;
    struct org_locale locale;
    importer->arena = arena_new(IMPORT_ARENA_BYTES);
    TRY(org_locale(op, &locale));
    importer->currency = locale.currency;
    importer->id = rec->id;
    importer->name = str_dup(importer->arena, rec->name);
    importer->source_name = rec->source.len ? str_dup(importer->arena, rec->source) : STR("file");
    importer->is_dry_run = rec->is_dry_run;
    importer->pass = rec->pass;
    importer->position = rec->position;
    importer->counts =
        (struct import_counts){rec->added, rec->changed, rec->unchanged, rec->refused};
    importer->error_bytes = rec->error_bytes;
    importer->refs = import__refs_new();
    importer->seen = import__seen_new();
    if (!importer->mapping)
        TRY(import__mapping_read(importer->arena, str_dup(importer->arena, rec->mapping),
                                 &op->fault, &importer->mapping));
    importer->kind = importer->mapping->kind;
    /* What a dry run has read before a restart left no trace: it begins again. */
    if (rec->is_dry_run && (rec->position > 0 || rec->pass > 1)) {
        importer->pass = 1;
        importer->position = importer->error_bytes = 0;
        importer->counts = (struct import_counts){0};
        TRY(q_import_errors_drop(op, &(struct q_import_errors_drop_in){rec->id, 0}));
        TRY(q_import_waiting_drop(op, &(struct q_import_waiting_drop_in){rec->id}));
    }
    return q_import_running(op, &(struct q_import_running_in){rec->id});
}

void import__close(struct importer *importer)
{
    import__refs_free(importer->refs);
    import__seen_free(importer->seen);
    arena_free(importer->arena);
    importer->refs = NULL;
    importer->seen = NULL;
    importer->arena = NULL;
}

enum rc import__end(struct importer *importer, const char *state, struct str problem)
{
    struct op *op = importer->op;
    int64_t file_id = 0;
    if (strcmp(state, "done") == 0)
        TRY(import__error_file(importer, &file_id));
    TRY(q_import_waiting_drop(op, &(struct q_import_waiting_drop_in){importer->id}));
    TRY(q_import_end(op, &(struct q_import_end_in){.id = importer->id,
                                                   .state = str_of(state),
                                                   .problem = problem.at ? problem : STR(""),
                                                   .error_file_id = file_id ? SOME(file_id) : NONE,
                                                   .finished_at = when_now()}));
    return RC_OK;
}

/* ---- the file of refused rows ---- */

static void put_error_head(struct importer *importer, struct buf *buf)
{
    const struct lang *lang = importer->op->lang;
    struct csv_writer csv = {.buf = buf};
    csv_put(&csv, tr(lang, M("Row")));
    csv_put(&csv, tr(lang, M("Column")));
    csv_put(&csv, tr(lang, M("Value")));
    csv_put(&csv, tr(lang, M("Reason")));
    for (size_t i = 0; i < importer->heads.len; i++)
        csv_put(&csv, importer->heads.at[i]);
    csv_end_row(&csv);
}

static void put_error(struct arena *arena, const struct import_error_row *row, struct buf *buf)
{
    struct csv_writer csv = {.buf = buf};
    csv_put_number(&csv, str_printf(arena, "%lld", (long long)row->row_number));
    csv_put(&csv, row->column_name);
    csv_put(&csv, row->value);
    csv_put(&csv, row->reason);
    buf_char(buf, ',');
    buf_put(buf, row->original);
    buf_put(buf, STR("\r\n"));
}

static enum rc write_errors(struct importer *importer, struct file_writer *writer,
                            int64_t *out_kept_id)
{
    struct op *op = importer->op;
    AUTO_BUF buf = BUF(64 << 20);
    int64_t after = 0, count = 0;
    *out_kept_id = 0;
    buf_put(&buf, STR("\xef\xbb\xbf"));
    put_error_head(importer, &buf);
    for (;;) {
        struct import_error_row_rows rows;
        struct arena_mark mark = arena_mark(op->arena);
        TRY(q_import_errors(op, &(struct q_import_errors_in){importer->id, after, ERRORS_AT_ONCE},
                            &rows));
        for (size_t i = 0; i < rows.len; i++) {
            put_error(op->arena, &rows.at[i], &buf);
            after = rows.at[i].id;
            if (++count == ERRORS_KEPT)
                *out_kept_id = after;
        }
        TRY(file_write(writer, buf_str(&buf)));
        buf_reset(&buf);
        bool is_end = rows.len < ERRORS_AT_ONCE;
        (void)mark; /* the writer's own parts may stand after it */
        if (is_end)
            return RC_OK;
    }
}

enum rc import__error_file(struct importer *importer, int64_t *out_file_id)
{
    struct op *op = importer->op;
    struct file_writer *writer = NULL;
    int64_t kept_id = 0;
    *out_file_id = 0;
    if (importer->counts.refused == 0)
        return RC_OK;
    struct str stem = importer->name;
    if (str_ends(stem, STR(".csv")))
        stem = str_sub(stem, 0, stem.len - 4);
    struct file_new what = {
        .name = str_printf(op->arena, STR_FMT "-refused.csv", STR_ARG(utf8_cut(stem, 100))),
        .purpose = "import.errors"};
    TRY(file_create(op, &what, &writer));
    TRY(write_errors(importer, writer, &kept_id));
    TRY(file_finish(writer, out_file_id));
    /* The file has them all; the page shows the first. */
    return kept_id
               ? q_import_errors_drop(op, &(struct q_import_errors_drop_in){importer->id, kept_id})
               : RC_OK;
}

/* ---- saved mappings ---- */

enum rc import__mapping_named(struct op *op, struct str name, struct import_mapping_rec *out)
{
    return q_import_mapping_by_name(
        op, &(struct q_import_mapping_by_name_in){text_fold(op->arena, str_trim(name))}, out);
}

enum rc import__mapping_save(struct op *op, struct str name, const struct import_kind *kind,
                             struct str text, int64_t *out_id)
{
    struct str clean = text_clean_line(op->arena, name);
    if (clean.len == 0 || utf8_count(clean) > NAME_MAX_CHARS)
        return fail(op, RC_INVALID, "save_as", M("A name has 1 to 100 characters."));
    TRY(op_must(op, "import.edit"));
    return q_import_mapping_save(
        op,
        &(struct q_import_mapping_save_in){.name = clean,
                                           .name_fold = text_fold(op->arena, clean),
                                           .kind = str_of(kind->name),
                                           .text = text,
                                           .created_by =
                                               op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                                           .created_at = op->now},
        out_id);
}
