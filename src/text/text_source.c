/* Where bytes come from: memory or a file descriptor. */
#include <errno.h>
#include <unistd.h>

#include "text/text.h"

static enum rc read_str(void *self, char *at, size_t cap, size_t *out_len)
{
    struct str *rest = self;
    size_t len = rest->len < cap ? rest->len : cap;
    if (len > 0)
        memcpy(at, rest->at, len);
    *rest = str_sub(*rest, len, rest->len);
    *out_len = len;
    return RC_OK;
}

struct text_source text_source_str(struct str *rest)
{
    return (struct text_source){read_str, rest};
}

static enum rc read_fd(void *self, char *at, size_t cap, size_t *out_len)
{
    const int *fd = self;
    for (;;) {
        ssize_t got = read(*fd, at, cap);
        if (got >= 0) {
            *out_len = (size_t)got;
            return RC_OK;
        }
        if (errno != EINTR)
            return RC_BROKEN;
    }
}

struct text_source text_source_fd(int *fd)
{
    return (struct text_source){read_fd, fd};
}
