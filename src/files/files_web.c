/* files_web: a file as an answer. It has no route of its own: who may have a file is decided by the
 * record that it belongs to, so the module of that record has the route. */
#include "files/files.h"

enum rc file_send(struct req *r, int64_t id, bool is_inline)
{
    struct file_info info;
    struct file_reader *reader;
    struct str part;
    TRY(file_open(r->op, id, &info, &reader));
    TRY(download_begin(r, info.name, str_c(r->op->arena, info.mime), is_inline));
    for (;;) {
        enum rc rc = file_read(reader, &part);
        if (rc == RC_MISSING)
            return download_end(r);
        TRY(rc);
        TRY(download_put(r, part));
    }
}
