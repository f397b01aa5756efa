/* An import whose bytes another part of the program has: stored, mapped by the names in its head,
 * and left to the queue, as if somebody had uploaded it and taken what was suggested. */
#include "import/import_int.h"

static enum rc suggest(struct op *op, const struct import_kind *kind, struct str bytes,
                       struct str *out)
{
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = kind};
    AUTO_BUF buf = BUF(IMPORT_MAPPING_BYTES_MAX);
    TRY(import__preview(op->arena, sheet_source_str(&bytes), &none, &op->fault, &preview));
    import__mapping_write(
        import__mapping_suggest(op->arena, kind, preview.heads.at, preview.heads.len), &buf);
    *out = str_dup(op->arena, buf_str(&buf));
    return RC_OK;
}

enum rc import_queue(struct op *op, const char *kind_name, struct str name, struct str bytes,
                     bool is_dry_run, int64_t *out_id)
{
    const struct import_kind *kind = import__kind(str_of(kind_name));
    struct import_rec rec;
    struct str mapping;
    int64_t file_id;
    assert(kind);
    TRY(op_must(op, "import.edit"));
    TRY(suggest(op, kind, bytes, &mapping));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct file_new file = {.name = name, .purpose = "import.source"};
    TRY(file_add(op, &file, bytes, &file_id));
    struct import_new what = {.kind = kind,
                              .name = name,
                              .mapping = mapping,
                              .file_id = SOME(file_id),
                              .is_dry_run = is_dry_run,
                              .state = "draft"};
    TRY(import__add(op, &what, out_id));
    TRY(q_import(op, &(struct q_import_in){*out_id}, &rec));
    TRY(import__enqueue(op, &rec, is_dry_run));
    return txn_commit(&txn);
}

enum rc import_mapping_keep(struct op *op, const char *kind_name, struct str name, struct str bytes,
                            int64_t *out_id)
{
    const struct import_kind *kind = import__kind(str_of(kind_name));
    struct str mapping;
    assert(kind);
    TRY(op_must(op, "import.edit"));
    TRY(op_must(op, kind->permission));
    TRY(suggest(op, kind, bytes, &mapping));
    return import__mapping_save(op, name, kind, mapping, out_id);
}
