/* Growing bytes with a maximum. What does not fit is dropped and remembered in is_over, so writers
 * need no check after each piece and the reader needs exactly one. */
#include "base/base.h"

void buf_done(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){.max_bytes = buf->max_bytes};
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->is_over = false;
}

static bool make_room(struct buf *buf, size_t extra)
{
    assert(buf->max_bytes > 0);
    if (buf->is_over || extra > buf->max_bytes - buf->len) {
        buf->is_over = true;
        return false;
    }
    if (buf->len + extra <= buf->cap_bytes)
        return true;
    size_t cap = buf->cap_bytes ? buf->cap_bytes * 2 : 256;
    while (cap < buf->len + extra)
        cap *= 2;
    if (cap > buf->max_bytes)
        cap = buf->max_bytes;
    char *moved = realloc(buf->at, cap);
    if (!moved)
        abort();
    buf->at = moved;
    buf->cap_bytes = cap;
    return true;
}

void buf_put(struct buf *buf, struct str s)
{
    if (s.len == 0 || !make_room(buf, s.len))
        return;
    memcpy(buf->at + buf->len, s.at, s.len);
    buf->len += s.len;
}

void buf_char(struct buf *buf, char c)
{
    buf_put(buf, (struct str){&c, 1});
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    assert(len >= 0);
    if ((size_t)len < sizeof(small)) {
        buf_put(buf, (struct str){small, (size_t)len});
    } else if (make_room(buf, (size_t)len + 1)) {
        int written = vsnprintf(buf->at + buf->len, (size_t)len + 1, format, again);
        assert(written == len);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_i64(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        buf_char(buf, '-');
    buf_put(buf, (struct str){digits + at, sizeof(digits) - at});
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->len};
}
