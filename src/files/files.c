/* files: writing and removing. A writer cuts what comes in into parts of one size, so that any
 * offset is found by division, and stores each under its digest. The parts come first and the
 * record last, in one transaction with its list of parts: a file is there whole or not at all. What
 * was written for nothing is found by file_tidy, which is why storing a part marks it used even
 * when its bytes are there already. */
#include "files/files.h"

#include <errno.h>
#include <unistd.h>

#include "crypt/crypt.h"
#include "files/files_int.h"
#include "files/files_q.h"

enum { FILE_PURPOSE_MAX = 60, READ_BYTES = 64 * 1024 };

struct file_writer {
    struct op *op;
    struct file_new what;
    struct str name;
    int64_t bytes_max, size_bytes;
    struct crypt_sha256_state sha;
    const char *mime;
    VEC(int64_t) parts;
    size_t len;
    char bytes[FILE_PART_BYTES];
};

/* What stays of a name that may come from any machine: its last segment, on one line. */
static struct str clean_name(struct op *op, struct str name)
{
    struct str line = text_clean_line(op->arena, name);
    for (size_t i = line.len; i > 0; i--) {
        if (line.at[i - 1] == '/' || line.at[i - 1] == '\\') {
            line = str_sub(line, i, line.len - i);
            break;
        }
    }
    line = str_trim(utf8_cut_bytes(line, FILE_NAME_MAX));
    bool is_dots = str_eq(line, STR(".")) || str_eq(line, STR(".."));
    return line.len == 0 || is_dots ? STR("file") : line;
}

enum rc file_create(struct op *op, const struct file_new *what, struct file_writer **out)
{
    assert(what->purpose && strlen(what->purpose) <= FILE_PURPOSE_MAX);
    struct file_writer *w = NEW(op->arena, struct file_writer);
    w->op = op;
    w->what = *what;
    w->name = clean_name(op, what->name);
    w->bytes_max =
        what->bytes_max > 0 && what->bytes_max < FILE_BYTES_MAX ? what->bytes_max : FILE_BYTES_MAX;
    crypt_sha256_start(&w->sha);
    *out = w;
    return RC_OK;
}

static enum rc store_part(struct file_writer *w)
{
    struct str bytes = {w->bytes, w->len};
    uint8_t digest[CRYPT_SHA256_BYTES];
    int64_t id;
    if (w->parts.len == 0)
        w->mime = file_sniff(bytes, w->name);
    crypt_sha256(bytes, digest);
    TRY(q_file_part_put(w->op,
                        &(struct q_file_part_put_in){
                            .sha256 = {(const char *)digest, sizeof(digest)},
                            .bytes = bytes,
                            .now = w->op->now,
                        },
                        &id));
    kill_point("file.part");
    VEC_PUSH(w->op->arena, &w->parts, id);
    w->len = 0;
    return RC_OK;
}

enum rc file_write(struct file_writer *w, struct str bytes)
{
    if ((int64_t)bytes.len > w->bytes_max - w->size_bytes) {
        struct str limit = i18n_size(w->op->arena, w->op->lang, w->bytes_max);
        return fail(w->op, RC_TOO_LARGE, "file", M("The file is larger than {0}."),
                    str_c(w->op->arena, limit));
    }
    w->size_bytes += (int64_t)bytes.len;
    crypt_sha256_more(&w->sha, bytes);
    while (bytes.len > 0) {
        size_t room = FILE_PART_BYTES - w->len;
        size_t n = bytes.len < room ? bytes.len : room;
        memcpy(w->bytes + w->len, bytes.at, n);
        w->len += n;
        bytes = str_sub(bytes, n, bytes.len - n);
        if (w->len == FILE_PART_BYTES)
            TRY(store_part(w));
    }
    return RC_OK;
}

static enum rc add_record(struct file_writer *w, struct str sha256, int64_t *out_id)
{
    struct op *op = w->op;
    struct opt_i64 user = op->actor.user_id ? SOME(op->actor.user_id) : NONE;
    return q_file_add(op,
                      &(struct q_file_add_in){
                          .name = w->name,
                          .mime = str_of(w->mime),
                          .size_bytes = w->size_bytes,
                          .sha256 = sha256,
                          .purpose = str_of(w->what.purpose),
                          .partner_id = w->what.partner_id,
                          .created_by = user,
                          .now = op->now,
                          .expires_at = w->what.expires_at,
                      },
                      out_id);
}

enum rc file_finish(struct file_writer *w, int64_t *out_id)
{
    struct op *op = w->op;
    uint8_t digest[CRYPT_SHA256_BYTES];
    int64_t id;
    if (w->len > 0 || w->parts.len == 0)
        TRY(store_part(w));
    crypt_sha256_end(&w->sha, digest);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(add_record(w, crypt_hex(op->arena, (struct str){(const char *)digest, sizeof(digest)}),
                   &id));
    for (size_t i = 0; i < w->parts.len; i++)
        TRY(q_file_piece_add(op, &(struct q_file_piece_add_in){.file_id = id,
                                                               .place = (int64_t)i,
                                                               .part_id = w->parts.at[i]}));
    kill_point("file.finish");
    TRY(txn_commit(&txn));
    *out_id = id;
    return RC_OK;
}

enum rc file_add(struct op *op, const struct file_new *what, struct str bytes, int64_t *out_id)
{
    struct file_writer *w;
    TRY(file_create(op, what, &w));
    TRY(file_write(w, bytes));
    return file_finish(w, out_id);
}

enum rc file_add_fd(struct op *op, const struct file_new *what, int fd, int64_t *out_id)
{
    struct file_writer *w;
    TRY(file_create(op, what, &w));
    char *chunk = arena_alloc(op->arena, READ_BYTES);
    for (;;) {
        ssize_t n = read(fd, chunk, READ_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(op, RC_BROKEN, "file", M("The file cannot be read: {0}"), strerror(errno));
        if (n == 0)
            return file_finish(w, out_id);
        TRY(file_write(w, (struct str){chunk, (size_t)n}));
    }
}

enum rc file_remove(struct op *op, int64_t id)
{
    struct file_info info;
    TRY(file_find(op, id, &info));
    return q_file_remove(op, &(struct q_file_remove_in){.id = id});
}

static enum rc tidy_parts(struct op *op, int64_t before, int64_t *out_removed)
{
    int64_t removed = 0;
    for (;;) {
        struct arena_mark mark = arena_mark(op->arena);
        struct file_part_id_rows rows;
        TRY(q_file_parts_unused(op, &(struct q_file_parts_unused_in){.before = before}, &rows));
        for (size_t i = 0; i < rows.len; i++)
            TRY(q_file_part_remove(
                op, &(struct q_file_part_remove_in){.id = rows.at[i].id, .before = before}));
        removed += (int64_t)rows.len;
        bool is_last = rows.len == 0;
        arena_rewind(op->arena, mark);
        if (is_last) {
            *out_removed = removed;
            return RC_OK;
        }
    }
}

enum rc file_tidy(struct op *op, struct file_tidied *out)
{
    struct file_count expired;
    struct file_tidied tidied = {0};
    TRY(q_file_count_expired(op, &(struct q_file_count_expired_in){.now = op->now}, &expired));
    if (expired.n > 0)
        TRY(q_file_remove_expired(op, &(struct q_file_remove_expired_in){.now = op->now}));
    tidied.files = expired.n;
    TRY(tidy_parts(op, op->now - US_DAY, &tidied.parts));
    *out = tidied;
    return RC_OK;
}
