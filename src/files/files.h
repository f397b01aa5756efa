/* files: uploads and exports, kept in the database, so that one backup holds everything and any
 * node can run a job over them. Bytes are cut into parts of at most 256 KiB, each stored once under
 * its SHA-256; a file is a record and its list of parts. Kept out of the file system because a path
 * can be forged, filled or forgotten by a backup, and because two nodes do not share one. */
#ifndef KONTOR_FILES_H
#define KONTOR_FILES_H

#include "base/base.h"
#include "http/http.h"
#include "op/op.h"
#include "text/text.h"

enum {
    FILE_PART_BYTES = 256 * 1024,
    FILE_BYTES_MAX = 100 * 1024 * 1024,
    FILE_NAME_MAX = 200 /* bytes */
};

struct file_info {
    int64_t id;
    struct str name; /* as people see it: one line, no path */
    struct str mime; /* by content, never what the sender said */
    int64_t size_bytes;
    struct str sha256;  /* 64 hex digits: also the ETag */
    struct str purpose; /* "import.source", "export" */
    int64_t created_at;
    struct opt_i64 created_by; /* user */
    struct opt_i64 partner_id; /* whose it is; none: the operator's */
    struct opt_i64 expires_at; /* temporary exports */
};

/* ---- writing ---- */

struct file_new {
    struct str name;     /* cleaned: no path, no control characters; empty: "file" */
    const char *purpose; /* required */
    struct opt_i64 partner_id;
    struct opt_i64 expires_at; /* removed by file_tidy after it */
    int64_t bytes_max;         /* 0: FILE_BYTES_MAX */
};

struct file_writer;
/* Parts are committed as they fill (in the caller's transaction when there is one, else each by
 * itself, so that a long upload never holds the write lane); nothing refers to them before
 * file_finish, and file_tidy removes those of a writer that never came to its end. The writer
 * lives in op->arena and uses op until it is finished. */
enum rc file_create(struct op *op, const struct file_new *what, struct file_writer **out);
/* RC_TOO_LARGE with a message when the limit is passed. */
enum rc file_write(struct file_writer *writer, struct str bytes);
enum rc file_finish(struct file_writer *writer, int64_t *out_id);

/* All at once. */
enum rc file_add(struct op *op, const struct file_new *what, struct str bytes, int64_t *out_id);
/* From a descriptor, from its present position to the end. */
enum rc file_add_fd(struct op *op, const struct file_new *what, int fd, int64_t *out_id);

/* ---- reading ---- */

/* RC_MISSING: no such file, not this actor's to see, or expired. A partner sees only its own
 * files; staff see the operator's and those of visible partners. That is the outer wall: the
 * caller still checks the permission of the record that the file belongs to. */
enum rc file_find(struct op *op, int64_t id, struct file_info *out);

struct file_reader;
/* Lives in op->arena; *out_info may be NULL. */
enum rc file_open(struct op *op, int64_t id, struct file_info *out_info, struct file_reader **out);
/* The next part, borrowed until the next call; RC_MISSING at the end; RC_BROKEN when stored bytes
 * do not have their digest. Memory stays at one part whatever the size. */
enum rc file_read(struct file_reader *reader, struct str *out);
/* Bytes from an offset, at most one part of them; empty at the end. For formats that seek. */
enum rc file_read_at(struct file_reader *reader, int64_t offset_bytes, struct str *out);
/* For csv_open and the like. */
struct text_source file_text_source(struct file_reader *reader);
/* The whole content in op->arena; RC_TOO_LARGE over bytes_max. */
enum rc file_load(struct op *op, int64_t id, size_t bytes_max, struct str *out);
/* Writes the whole content to a descriptor. */
enum rc file_copy_to_fd(struct op *op, int64_t id, int fd);

/* ---- the rest ---- */

/* Takes the record away at once and the parts at the next file_tidy. RC_MISSING as file_find. */
enum rc file_remove(struct op *op, int64_t id);

struct file_tidied {
    int64_t files, parts;
};
/* Removes expired files, and parts that no file has used for a day. Called by a daily job. */
enum rc file_tidy(struct op *op, struct file_tidied *out);

/* Reads every part and compares digests and sizes; *out_bad_id is the first damaged file, 0: none.
 * For `kontor verify`. */
enum rc file_verify(struct op *op, int64_t *out_bad_id);

/* What the first bytes are, with the name as a hint only between kinds of plain text. Never a type
 * that a browser would run (HTML and SVG are text/plain). */
const char *file_sniff(struct str head, struct str name);
/* Answers a request with the file. The caller has checked that the actor may have it; RC_MISSING
 * as file_find. */
enum rc file_send(struct req *r, int64_t id, bool is_inline);

#endif
