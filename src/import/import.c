/* Imports as records, saved mappings. */
#include "import/import_int.h"
#include "org/org.h"

enum { IMPORT_ARENA_BYTES = 512 << 20, NAME_MAX_CHARS = 100 };

const struct permission import_permissions[] = {
    {"import.read", M("See imports"), ACTOR_STAFF},
    {"import.edit", M("Import files"), ACTOR_STAFF},
};
const size_t import_permissions_len = LEN(import_permissions);

static const struct audit_name names[] = {
    {"import", M("Import"), "/imports/", "imp"},
    {"import.start", M("Import started"), NULL, NULL},
    {"import:kind", M("What is imported"), NULL, NULL},
    {"import:file", M("File"), NULL, NULL},
    {"import:dry_run", M("Trial run"), NULL, NULL},
    {"import_mapping", M("Saved mapping"), NULL, NULL},
    {"import_mapping.save", M("Mapping saved"), NULL, NULL},
    {"import_mapping.edit", M("Mapping renamed"), NULL, NULL},
    {"import_mapping.delete", M("Mapping deleted"), NULL, NULL},
    {"import_mapping:name", M("Name"), NULL, NULL},
    {0}};

void import_start(void)
{
    audit_name_declare(names);
    import__counters();
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

/* ---- saved mappings ---- */

enum rc import__mapping_named(struct op *op, struct str name, struct import_mapping_rec *out)
{
    return q_import_mapping_by_name(
        op, &(struct q_import_mapping_by_name_in){text_fold(op->arena, str_trim(name))}, out);
}

static enum rc clean_name(struct op *op, const char *field, struct str *name)
{
    *name = text_clean_line(op->arena, name->at ? *name : STR(""));
    if (name->len == 0 || utf8_count(*name) > NAME_MAX_CHARS)
        return fail(op, RC_INVALID, field, M("A name has 1 to 100 characters."));
    return RC_OK;
}

/* What is stored under a name is a text of its own format, too long for the journal: it says that
 * the mapping was made or replaced, and how it is called. */
static enum rc note_mapping(struct op *op, const char *action, int64_t id, struct str before,
                            struct str after)
{
    struct audit_value old = {"name", before}, new = {"name", after};
    return audit_add_diff(op,
                          &(struct audit_entry){.action = action,
                                                .record = "import_mapping",
                                                .record_id = id,
                                                .label = after.at ? after : before},
                          before.at ? &old : NULL, after.at ? &new : NULL, 1);
}

enum rc import__mapping_save(struct op *op, struct str name, const struct import_kind *kind,
                             struct str text, int64_t *out_id)
{
    TRY(clean_name(op, "save_as", &name));
    TRY(op_must(op, "import.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_import_mapping_save(op,
                              &(struct q_import_mapping_save_in){
                                  .name = name,
                                  .name_fold = text_fold(op->arena, name),
                                  .kind = str_of(kind->name),
                                  .text = text,
                                  .created_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                                  .created_at = op->now},
                              out_id));
    TRY(note_mapping(op, "import_mapping.save", *out_id, STR_NONE, name));
    return txn_commit(&txn);
}

enum rc import__mapping_rename(struct op *op, int64_t id, int64_t revision, struct str name)
{
    struct import_mapping_rec rec;
    TRY(op_must(op, "import.edit"));
    TRY(clean_name(op, "name", &name));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_import_mapping(op, &(struct q_import_mapping_in){id}, &rec));
    if (rec.revision != revision)
        return op_stale(op);
    if (str_eq(rec.name, name))
        return RC_OK;
    struct import_mapping_rec other;
    enum rc rc = import__mapping_named(op, name, &other);
    if (rc == RC_OK && other.id != id)
        return fail(op, RC_INVALID, "name", M("Another mapping has this name."));
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    TRY(q_import_mapping_rename(
        op, &(struct q_import_mapping_rename_in){id, revision, name, text_fold(op->arena, name)}));
    TRY(note_mapping(op, "import_mapping.edit", id, rec.name, name));
    return txn_commit(&txn);
}

enum rc import__mapping_remove(struct op *op, int64_t id, int64_t revision)
{
    struct import_mapping_rec rec;
    TRY(op_must(op, "import.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_import_mapping(op, &(struct q_import_mapping_in){id}, &rec));
    if (rec.revision != revision)
        return op_stale(op);
    TRY(q_import_mapping_remove(op, &(struct q_import_mapping_remove_in){id, revision}));
    TRY(note_mapping(op, "import_mapping.delete", id, rec.name, STR_NONE));
    return txn_commit(&txn);
}
