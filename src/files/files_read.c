/* files_read: reading, one part in memory at a time, each compared with its digest: damaged storage
 * is found where it is read and never passed on. */
#include <errno.h>
#include <unistd.h>

#include "crypt/crypt.h"
#include "files/files_int.h"
#include "files/files_q.h"

enum rc file_find(struct op *op, int64_t id, struct file_info *out)
{
    struct file_row row;
    bool is_staff = op->actor.kind == ACTOR_STAFF || op->actor.kind == ACTOR_SYSTEM;
    TRY(q_file_find(op, &(struct q_file_find_in){.id = id, .now = op->now, .is_staff = is_staff},
                    &row));
    *out = (struct file_info){
        .id = row.id,
        .name = row.name,
        .mime = row.mime,
        .size_bytes = row.size_bytes,
        .sha256 = row.sha256,
        .purpose = row.purpose,
        .created_at = row.created_at,
        .created_by = row.created_by,
        .partner_id = row.partner_id,
        .expires_at = row.expires_at,
    };
    return RC_OK;
}

struct file_reader *file__reader(struct op *op, const struct file_info *info)
{
    struct file_reader *r = NEW(op->arena, struct file_reader);
    r->op = op;
    r->info = *info;
    r->parts_len = (info->size_bytes + FILE_PART_BYTES - 1) / FILE_PART_BYTES;
    r->loaded_place = -1;
    return r;
}

enum rc file_open(struct op *op, int64_t id, struct file_info *out_info, struct file_reader **out)
{
    struct file_info info;
    TRY(file_find(op, id, &info));
    *out = file__reader(op, &info);
    if (out_info)
        *out_info = info;
    return RC_OK;
}

static enum rc damaged(struct file_reader *r)
{
    log_event(LOG_ERROR, "file_damaged", "file_id",
              str_printf(r->op->arena, "%lld", (long long)r->info.id), NULL);
    return fail(r->op, RC_BROKEN, NULL, M("The stored file is damaged."));
}

static enum rc load(struct file_reader *r, int64_t place)
{
    if (r->loaded_place == place)
        return RC_OK;
    struct arena_mark mark = arena_mark(r->op->arena);
    struct file_part_row row;
    uint8_t digest[CRYPT_SHA256_BYTES];
    int64_t left = r->info.size_bytes - place * FILE_PART_BYTES;
    size_t want = left < FILE_PART_BYTES ? (size_t)left : FILE_PART_BYTES;
    r->loaded_place = -1;
    enum rc rc =
        q_file_piece(r->op, &(struct q_file_piece_in){.file_id = r->info.id, .place = place}, &row);
    if (rc == RC_MISSING)
        return damaged(r);
    TRY(rc);
    crypt_sha256(row.bytes, digest);
    if (row.bytes.len != want || row.sha256.len != sizeof(digest) ||
        memcmp(digest, row.sha256.at, sizeof(digest)) != 0)
        return damaged(r);
    memcpy(r->bytes, row.bytes.at, want);
    r->len = want;
    r->loaded_place = place;
    arena_rewind(r->op->arena, mark);
    return RC_OK;
}

enum rc file_read(struct file_reader *r, struct str *out)
{
    if (r->next_place >= r->parts_len)
        return RC_MISSING;
    TRY(load(r, r->next_place));
    r->next_place++;
    *out = (struct str){r->bytes, r->len};
    return RC_OK;
}

enum rc file_read_at(struct file_reader *r, int64_t offset_bytes, struct str *out)
{
    assert(offset_bytes >= 0);
    if (offset_bytes >= r->info.size_bytes) {
        *out = STR("");
        return RC_OK;
    }
    TRY(load(r, offset_bytes / FILE_PART_BYTES));
    size_t from = (size_t)(offset_bytes % FILE_PART_BYTES);
    *out = str_sub((struct str){r->bytes, r->len}, from, r->len - from);
    return RC_OK;
}

static enum rc read_text(void *self, char *at, size_t cap, size_t *out_len)
{
    struct file_reader *r = self;
    if (r->text_at == r->len || r->loaded_place < 0) {
        struct str part;
        enum rc rc = file_read(r, &part);
        if (rc == RC_MISSING) {
            *out_len = 0;
            return RC_OK;
        }
        TRY(rc);
        r->text_at = 0;
    }
    size_t n = r->len - r->text_at < cap ? r->len - r->text_at : cap;
    memcpy(at, r->bytes + r->text_at, n);
    r->text_at += n;
    *out_len = n;
    return RC_OK;
}

struct text_source file_text_source(struct file_reader *r)
{
    return (struct text_source){.read = read_text, .self = r};
}

enum rc file_load(struct op *op, int64_t id, size_t bytes_max, struct str *out)
{
    struct file_info info;
    struct file_reader *r;
    struct str part;
    TRY(file_open(op, id, &info, &r));
    if (info.size_bytes > (int64_t)bytes_max)
        return fail(op, RC_TOO_LARGE, "file", M("The file is larger than {0}."),
                    str_c(op->arena, i18n_size(op->arena, op->lang, (int64_t)bytes_max)));
    size_t len = 0;
    char *all = arena_alloc(op->arena, (size_t)info.size_bytes + 1);
    for (;;) {
        enum rc rc = file_read(r, &part);
        if (rc == RC_MISSING)
            break;
        TRY(rc);
        memcpy(all + len, part.at, part.len);
        len += part.len;
    }
    *out = (struct str){all, len};
    return RC_OK;
}

static enum rc write_all(struct op *op, int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(op, errno == ENOSPC ? RC_FULL : RC_BROKEN, NULL,
                        M("The file cannot be written: {0}"), strerror(errno));
        bytes = str_sub(bytes, (size_t)n, bytes.len - (size_t)n);
    }
    return RC_OK;
}

enum rc file_copy_to_fd(struct op *op, int64_t id, int fd)
{
    struct file_reader *r;
    struct str part;
    TRY(file_open(op, id, NULL, &r));
    for (;;) {
        enum rc rc = file_read(r, &part);
        if (rc == RC_MISSING)
            return RC_OK;
        TRY(rc);
        TRY(write_all(op, fd, part));
    }
}

/* RC_BROKEN: parts or their whole do not have the digest on record. */
static enum rc check_file(struct op *op, const struct file_check *file)
{
    struct file_info info = {
        .id = file->id, .size_bytes = file->size_bytes, .sha256 = file->sha256};
    struct file_reader *r = file__reader(op, &info);
    struct crypt_sha256_state sha;
    uint8_t digest[CRYPT_SHA256_BYTES];
    struct str part;
    enum rc rc;
    crypt_sha256_start(&sha);
    while ((rc = file_read(r, &part)) == RC_OK)
        crypt_sha256_more(&sha, part);
    if (rc != RC_MISSING)
        return rc;
    crypt_sha256_end(&sha, digest);
    struct str hex = crypt_hex(op->arena, (struct str){(const char *)digest, sizeof(digest)});
    return str_eq(hex, file->sha256) ? RC_OK : RC_BROKEN;
}

enum rc file_verify(struct op *op, int64_t *out_bad_id)
{
    int64_t after = 0;
    for (;;) {
        struct arena_mark mark = arena_mark(op->arena);
        struct file_check file;
        enum rc rc = q_file_check_next(op, &(struct q_file_check_next_in){.after = after}, &file);
        if (rc == RC_MISSING) {
            *out_bad_id = 0;
            return RC_OK;
        }
        TRY(rc);
        after = file.id;
        rc = check_file(op, &file);
        if (rc == RC_BROKEN) {
            *out_bad_id = after;
            return RC_OK;
        }
        TRY(rc);
        arena_rewind(op->arena, mark);
    }
}
