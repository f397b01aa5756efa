/* The head of a request: what can be decided before any body is read and without a database. It
 * runs on the event thread, so it only looks at bytes. Framing that two servers could read in two
 * ways (RFC 9112 section 6.3 and 11.2) is refused and the connection closed. */
#include "http/http_int.h"

void http__exchange_init(struct http__exchange *x, struct arena *arena,
                         const struct http__site *site)
{
    *x = (struct http__exchange){.arena = arena,
                                 .site = site,
                                 .body = BUF(HTTP_BODY_IN_MEMORY + 1),
                                 .body_fd = -1,
                                 .json_buf = BUF(HTTP_PAGE_MAX),
                                 .answer = {.fd = -1, .body = BUF(HTTP_PAGE_MAX)},
                                 .started_us = when_mono_us()};
    x->out.buf = (struct buf)BUF(HTTP_PAGE_MAX);
    x->method = x->target = x->path = x->query = x->version = STR("");
}

void http__exchange_reset(struct http__exchange *x)
{
    struct arena *arena = x->arena;
    buf_done(&x->body);
    buf_done(&x->answer.body);
    buf_done(&x->out.buf);
    buf_done(&x->json_buf);
    fd_cleanup(&x->body_fd);
    fd_cleanup(&x->answer.fd);
    arena_reset(arena);
    http__exchange_init(x, arena, x->site);
}

struct str http__header(const struct http__exchange *x, const char *name)
{
    struct str want = str_of(name);
    for (size_t i = 0; i < x->headers.len; i++)
        if (str_eq_nocase(x->headers.at[i].name, want))
            return x->headers.at[i].value;
    return STR_NONE;
}

/* Sixteen letters and digits; unique, not secret. */
void http__request_id(struct http__exchange *x)
{
    static _Atomic uint64_t counter;
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t n = ++counter;
    uint64_t a = hash_bytes(&n, sizeof(n)), b = a ^ n;
    char *at = arena_alloc(x->arena, HTTP_REQUEST_ID_BYTES);
    for (int i = 0; i < HTTP_REQUEST_ID_BYTES; i++) {
        at[i] = digits[(i < 12 ? a >> (i * 5) : b >> ((i - 12) * 5)) & 31];
    }
    x->request_id = (struct str){at, HTTP_REQUEST_ID_BYTES};
}

const char *http__reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {{400, "Bad Request"},
                   {401, "Unauthorized"},
                   {403, "Forbidden"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {406, "Not Acceptable"},
                   {409, "Conflict"},
                   {411, "Length Required"},
                   {413, "Content Too Large"},
                   {414, "URI Too Long"},
                   {415, "Unsupported Media Type"},
                   {417, "Expectation Failed"},
                   {421, "Misdirected Request"},
                   {422, "Unprocessable Content"},
                   {429, "Too Many Requests"},
                   {431, "Request Header Fields Too Large"},
                   {500, "Internal Server Error"},
                   {503, "Service Unavailable"},
                   {507, "Insufficient Storage"}};
    for (size_t i = 0; i < LEN(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Error";
}

/* ---- who is asking ---- */

/* The address of the client and whether it came by https: what a trusted proxy says, else the
 * peer. From the right, each proxy that we trust names the one before it. */
struct str http__client_address(const struct http__exchange *x, bool *out_is_https)
{
    uint8_t address[16];
    struct str best = x->peer, list = http__header(x, "X-Forwarded-For");
    *out_is_https = x->site->is_https;
    if (!http__networks_have(&x->site->proxies, x->peer_bytes))
        return best;
    struct str proto = http__header(x, "X-Forwarded-Proto");
    if (proto.at)
        *out_is_https = str_eq_nocase(str_trim(proto), STR("https"));
    while (list.at && list.len > 0) {
        size_t comma = list.len;
        while (comma > 0 && list.at[comma - 1] != ',')
            comma--;
        struct str one = str_trim(str_sub(list, comma, list.len - comma));
        list = str_sub(list, 0, comma > 0 ? comma - 1 : 0);
        if (!http__address_parse(one, address))
            break;
        best = one;
        if (!http__networks_have(&x->site->proxies, address))
            break;
    }
    return best;
}

/* ---- checks ---- */

/* RFC 9110 section 5.6.2; a table, because every byte of every name passes here. */
static bool is_token(struct str text)
{
    static const char others[256] = {
        ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1,
        ['-'] = 1, ['.'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1,  ['~'] = 1};
    for (size_t i = 0; i < text.len; i++) {
        unsigned char ch = (unsigned char)text.at[i];
        bool is_alnum =
            (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
        if (!is_alnum && !others[ch])
            return false;
    }
    return text.len > 0;
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char ch = (unsigned char)text.at[i];
        if ((ch < 0x20 && ch != '\t') || ch == 0x7f)
            return true;
    }
    return false;
}

static size_t header_count(const struct http__exchange *x, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < x->headers.len; i++)
        count += str_eq_nocase(x->headers.at[i].name, str_of(name));
    return count;
}

static int check_headers(const struct http__exchange *x)
{
    size_t bytes = x->target.len;
    if (x->headers.len > HTTP_HEADERS_MAX)
        return 431;
    for (size_t i = 0; i < x->headers.len; i++) {
        const struct http__pair *header = &x->headers.at[i];
        bytes += header->name.len + header->value.len + 4;
        if (!is_token(header->name) || has_control(header->value))
            return 400;
    }
    return bytes > HTTP_HEADER_BYTES_MAX ? 431 : 0;
}

/* One length, in one spelling. */
static int check_framing(const struct http__exchange *x)
{
    struct str length = http__header(x, "Content-Length");
    struct str coding = http__header(x, "Transfer-Encoding");
    if (header_count(x, "Content-Length") > 1 || header_count(x, "Transfer-Encoding") > 1 ||
        header_count(x, "Content-Type") > 1 || (length.at && coding.at))
        return 400;
    if (coding.at &&
        (!str_eq_nocase(coding, STR("chunked")) || str_eq(x->version, STR("HTTP/1.0"))))
        return 400;
    if (length.at && (length.len == 0 || length.len > 18))
        return 400;
    for (size_t i = 0; length.at && i < length.len; i++)
        if (length.at[i] < '0' || length.at[i] > '9')
            return 400;
    struct str expect = http__header(x, "Expect");
    if (expect.at && !str_eq_nocase(expect, STR("100-continue")))
        return 417;
    return http__header(x, "Content-Encoding").at ? 415 : 0;
}

static bool is_probe(struct str path)
{
    return str_eq(path, STR("/healthz")) || str_eq(path, STR("/readyz"));
}

static int check_host(const struct http__exchange *x)
{
    struct str host = http__header(x, "Host");
    if (header_count(x, "Host") != 1 || host.len == 0)
        return 400;
    if (is_probe(x->path)) /* load balancers ask by address */
        return 0;
    size_t end = host.len;
    for (size_t i = host.len; i > 0 && host.at[i - 1] != ']'; i--)
        if (host.at[i - 1] == ':')
            end = i - 1;
    host = str_sub(host, 0, end);
    for (size_t i = 0; i < x->site->hosts.len; i++)
        if (str_eq_nocase(host, x->site->hosts.at[i]))
            return 0;
    return 421;
}

static int check_target(struct http__exchange *x)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    bool is_known = false;
    for (size_t i = 0; i < LEN(methods); i++)
        is_known = is_known || str_eq(x->method, str_of(methods[i]));
    if (x->target.len > HTTP_TARGET_MAX)
        return 414;
    if (!is_known)
        return 405;
    if (!str_eq(x->version, STR("HTTP/1.1")) && !str_eq(x->version, STR("HTTP/1.0")))
        return 400;
    if (x->target.len == 0 || x->target.at[0] != '/')
        return 400;
    for (size_t i = 0; i < x->target.len; i++)
        if (x->target.at[i] <= 0x20 || x->target.at[i] >= 0x7f || x->target.at[i] == '#')
            return 400;
    x->query = x->target;
    x->path = str_cut(&x->query, '?');
    if (!x->query.at)
        x->query = STR("");
    return 0;
}

static int check_length(const struct http__exchange *x)
{
    int64_t length = 0, most = http__body_max(x);
    struct str text = http__header(x, "Content-Length");
    if (text.at && !str_to_i64(text, &length))
        return 400;
    bool has_body = length > 0 || http__header(x, "Transfer-Encoding").at;
    if (has_body && !x->match.route)
        return x->match.is_other_method ? 405 : 404;
    if (has_body && most < 0)
        return 400;
    return length > most && most >= 0 ? 413 : 0;
}

int http__check_head(struct http__exchange *x)
{
    int status = check_target(x);
    if (status == 0)
        status = check_headers(x);
    if (status == 0)
        status = check_framing(x);
    if (status == 0)
        status = check_host(x);
    if (status)
        return status;
    http__match(x->site, x->arena, x->method, x->path, &x->match);
    if (x->match.is_bad_path)
        return 400;
    return check_length(x);
}

int64_t http__body_max(const struct http__exchange *x)
{
    const struct route *route = x->match.route;
    if (!route || route->hot || route->method == HTTP_GET || route->method == HTTP_DELETE)
        return -1;
    int64_t most = route->body_bytes_max ? route->body_bytes_max : HTTP_BODY_DEFAULT;
    for (const struct field *field = route->fields; field && field->name; field++)
        if (field->type == FIELD_FILE)
            most += field->max;
    return most;
}

/* ---- a short answer ---- */

void http__put_header(struct http__exchange *x, struct arena *arena, const char *name,
                      struct str value)
{
    /* NUL terminated, as the library wants them */
    struct http__pair pair = {str_of(str_c(arena, str_of(name))), str_of(str_c(arena, value))};
    for (size_t i = 0; i < value.len; i++)
        assert((unsigned char)value.at[i] >= 0x20 || value.at[i] == '\t');
    VEC_PUSH(arena, &x->answer.headers, pair);
}

void http__refuse(struct http__exchange *x, int status, const char *why)
{
    struct http__answer *answer = &x->answer;
    const char *reason = http__reason(status);
    bool is_api = x->match.is_api || str_starts(x->path, STR("/api/"));
    answer->status = status;
    answer->wants_close = status != 503 || x->body_bytes > 0;
    buf_reset(&answer->body);
    if (is_api)
        buf_printf(&answer->body,
                   "{\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"request_id\":\"" STR_FMT
                   "\"}\n",
                   reason, status, why, STR_ARG(x->request_id));
    else
        buf_printf(&answer->body, "%d %s\n", status, reason);
    http__put_header(x, x->arena, "Content-Type",
                     is_api ? STR("application/problem+json") : STR("text/plain; charset=utf-8"));
    http__put_header(x, x->arena, "X-Content-Type-Options", STR("nosniff"));
    http__put_header(x, x->arena, "Content-Security-Policy",
                     STR("default-src 'none'; frame-ancestors 'none'"));
    http__put_header(x, x->arena, "Referrer-Policy", STR("no-referrer"));
    http__put_header(x, x->arena, "Cross-Origin-Opener-Policy", STR("same-origin"));
    http__put_header(x, x->arena, "Permissions-Policy",
                     STR("camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    http__put_header(x, x->arena, "Cache-Control", STR("no-store"));
    if (x->site->is_https)
        http__put_header(x, x->arena, "Strict-Transport-Security",
                         STR("max-age=31536000; includeSubDomains"));
    if (x->request_id.at)
        http__put_header(x, x->arena, "X-Request-Id", x->request_id);
    if (status == 405)
        http__put_header(x, x->arena, "Allow",
                         x->match.allow[0] ? str_of(x->match.allow)
                                           : STR("GET, HEAD, POST, PUT, PATCH, DELETE"));
    if (status == 503)
        http__put_header(x, x->arena, "Retry-After", STR("1"));
}
