/* How the head of a request was written, byte by byte. libmicrohttpd 0.9.75 is lenient even under
 * its strict option, which hangs up on a space in the target and knows nothing else: it takes a
 * bare line feed for a line end, glues folded lines, cuts a line at a NUL and skips further spaces.
 * RFC 9112 (sections 2.2, 3 and 5.2) asks for 400: a proxy before us may have seen another request.
 * The library parses in place: it overwrites each delimiter with a NUL and hands out pointers into
 * its buffer. So where the pieces stand tells what stood between them: one byte after method,
 * target and name, two (CR LF) after each line. Looking costs no system call and no copy; reading
 * the socket first (MSG_PEEK) was rejected, since it would cost one a request. What cannot be told
 * apart is a NUL right before a bare line feed from CR LF: then nothing is misread, since the line
 * ends there for both.
 *
 * Later versions of the library refuse all this themselves under the same option, and keep their
 * buffer in another way: the look is for this version only. */
#include "http/http_server_int.h"

bool http__layout_is_known(void)
{
    static _Atomic int known; /* 0: not asked yet */
    if (known == 0)
        known = str_eq(str_of(MHD_get_version()), STR("0.9.75")) ? 1 : -1;
    return known > 0;
}

/* Moves past a piece that must stand at *at, and past `ends` delimiters. */
static bool take(const char **at, const char *end, const char *piece, size_t len, size_t ends)
{
    if (piece != *at || (size_t)(end - *at) < len + ends)
        return false;
    *at += len;
    for (size_t i = 0; i < ends; i++)
        if (*(*at)++ != 0)
            return false;
    return true;
}

bool http__layout_is_strict(const struct http__exchange *x, const char *method, const char *target,
                            const char *version)
{
    const union MHD_ConnectionInfo *info;
    if (!http__layout_is_known())
        return true;
    info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!info)
        return false;
    const char *at = method, *end = method + info->header_size;
    if (!take(&at, end, method, x->method.len, 1) || !take(&at, end, target, x->target.len, 1) ||
        !take(&at, end, version, x->version.len, 2))
        return false;
    for (size_t i = 0; i < x->headers.len; i++) {
        const struct http__pair *header = &x->headers.at[i];
        if (!take(&at, end, header->name.at, header->name.len, 1))
            return false;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        const char *value = header->value.len > 0 ? header->value.at : at;
        if (!take(&at, end, value, header->value.len, 2))
            return false;
    }
    return end - at == 2 && at[0] == 0 && at[1] == 0; /* the empty line */
}
