/* A request on the event thread: the callbacks of libmicrohttpd. What can be answered from memory
 * (hot routes, assets, refusals) is answered here; everything else is suspended and queued, and
 * comes back through http__lane_resume. An exchange belongs to its connection until the library
 * says that the request is completed, which cannot happen while it is suspended: so a client that
 * goes away while a worker still writes the answer frees nothing under the worker's hands. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "http/http_server_int.h"

enum { DISCARD_MAX = 1024 * 1024 }; /* of a body that is too large, before we hang up */

static struct conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    assert(info && info->socket_context);
    return info->socket_context;
}

/* ---- exchanges ---- */

static struct http__exchange *exchange_take(struct lane *lane)
{
    struct http__exchange *x = lane->spare;
    if (x) {
        lane->spare = x->next;
        x->next = NULL;
        x->started_us = when_mono_us();
        return x;
    }
    x = NEW(lane->arena, struct http__exchange);
    http__exchange_init(x, arena_new(0), lane->server->site);
    return x;
}

static void exchange_give(struct lane *lane, struct http__exchange *x)
{
    if (x->response) /* the client went away before it could be sent */
        MHD_destroy_response(x->response);
    http__exchange_reset(x);
    x->next = lane->spare;
    lane->spare = x;
}

void http__lane_done(struct lane *lane)
{
    for (struct http__exchange *x = lane->spare; x; x = x->next)
        arena_free(x->arena); /* exchange_give has left nothing else in it */
    arena_free(lane->arena);
}

void *http__on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct lane *lane = cls;
    struct conn *conn = conn_of(connection);
    struct http__exchange *x = exchange_take(lane);
    x->lane = lane;
    x->connection = connection;
    x->conn = conn;
    x->target = str_of(str_c(x->arena, str_of(target)));
    x->raw_target = target;
    if (conn->phase == CONN_IDLE || conn->phase == CONN_SENDING)
        http__conn_enter(conn, CONN_HEADER);
    lane->in_progress++;
    return x;
}

void http__on_completed(void *cls, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code)
{
    struct lane *lane = cls;
    struct http__exchange *x = *context;
    (void)connection, (void)code;
    if (!x)
        return;
    *context = NULL;
    http__conn_enter(x->conn, CONN_IDLE);
    lane->in_progress--;
    exchange_give(lane, x);
}

/* ---- answering ---- */

static enum MHD_Result send_response(struct http__exchange *x, int status,
                                     struct MHD_Response *response, int64_t bytes)
{
    struct conn *conn = x->conn;
    enum MHD_Result rc = MHD_queue_response(x->connection, (unsigned)status, response);
    http__conn_enter(conn, CONN_SENDING);
    conn->bytes = bytes;
    return rc;
}

static enum MHD_Result send_answer(struct http__exchange *x)
{
    struct http__answer *answer = &x->answer;
    struct MHD_Response *response = x->response ? x->response : http__response_new(x);
    int64_t bytes = answer->fd_bytes > 0 ? answer->fd_bytes
                                         : (int64_t)(answer->body.len + answer->fixed_body.len);
    enum MHD_Result rc = send_response(x, answer->status, response, bytes);
    MHD_destroy_response(response);
    x->response = NULL;
    return rc;
}

static enum MHD_Result refuse(struct http__exchange *x, int status, const char *why)
{
    struct lane *lane = x->lane;
    x->wanted_status = status;
    if (status == 503)
        lane->server->site->refused_busy++;
    http__refuse(x, status, why);
    http__count(x->site, x, when_mono_us() - x->started_us);
    http__log_access(x, when_mono_us() - x->started_us);
    return send_answer(x);
}

/* ---- assets ---- */

static struct MHD_Response *asset_response(const struct asset *asset, struct str bytes,
                                           const char *coding)
{
    union {
        const char *in;
        void *out;
    } at = {bytes.at};
    struct MHD_Response *response =
        MHD_create_response_from_buffer(bytes.len, at.out, MHD_RESPMEM_PERSISTENT);
    const char *const headers[][2] = {{"Content-Type", asset->mime},
                                      {"ETag", asset->etag},
                                      {"Cache-Control", "public, max-age=31536000, immutable"},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Content-Security-Policy", "default-src 'none'"},
                                      {"Vary", "Accept-Encoding"},
                                      {"Content-Encoding", coding}};
    assert(response);
    for (size_t i = 0; i < LEN(headers); i++)
        if (headers[i][1])
            (void)!MHD_add_response_header(response, headers[i][0], headers[i][1]);
    return response;
}

/* Under a name that holds its hash a file never changes; the responses are made once a lane. */
static enum MHD_Result send_asset(struct http__exchange *x, const struct asset *asset)
{
    static const char *const codings[] = {NULL, "gzip", "br"};
    struct lane *lane = x->lane;
    struct str accepted = http__header(x, "Accept-Encoding");
    struct str tag = http__header(x, "If-None-Match");
    const struct str bytes[] = {asset->plain, asset->gz, asset->br};
    size_t pick = 0;
    for (size_t i = 1; i < LEN(bytes); i++)
        if (bytes[i].len > 0 && http__accepts_coding(accepted, codings[i]))
            pick = i;
    struct MHD_Response **slot =
        &lane->assets[(size_t)(asset - x->site->options.assets) * LEN(bytes) + pick];
    if (!*slot)
        *slot = asset_response(asset, bytes[pick], codings[pick]);
    x->answer.status = tag.at && str_eq(tag, str_of(asset->etag)) ? 304 : 200;
    http__count(x->site, x, when_mono_us() - x->started_us);
    return send_response(x, x->answer.status, *slot, (int64_t)bytes[pick].len);
}

/* ---- a request comes in ---- */

static enum MHD_Result collect_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      size_t name_len, const char *value, size_t value_len)
{
    struct http__exchange *x = cls;
    struct http__pair pair = {{name, name_len}, {value ? value : "", value ? value_len : 0}};
    (void)kind;
    VEC_PUSH(x->arena, &x->headers, pair);
    return MHD_YES;
}

/* White space after a value is no part of it (RFC 9112 section 5.1); the library leaves it. */
static void trim_values(struct http__exchange *x)
{
    for (size_t i = 0; i < x->headers.len; i++) {
        struct str *value = &x->headers.at[i].value;
        while (value->len > 0 &&
               (value->at[value->len - 1] == ' ' || value->at[value->len - 1] == '\t'))
            value->len--;
    }
}

static bool may_have_body(const struct http__exchange *x)
{
    struct str length = http__header(x, "Content-Length");
    return (length.at && !str_eq(length, STR("0"))) || http__header(x, "Transfer-Encoding").at;
}

static const char *code_of(int status)
{
    switch (status) {
    case 404: return "missing";
    case 405: return "method";
    case 413: return "too_large";
    case 503: return "busy";
    case 507: return "storage_full";
    default: return "bad_request";
    }
}

/* The head is here. An answer queued now would close the connection (the library cannot know that
 * no body follows), so only what is refused together with its body is answered already. */
static enum MHD_Result begin(struct http__exchange *x, const char *method, const char *version)
{
    struct conn *conn = x->conn;
    x->method = str_of(method);
    x->version = str_of(version);
    x->peer = str_of(conn->address_text);
    memcpy(x->peer_bytes, conn->address, sizeof(x->peer_bytes));
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, collect_header, x);
    http__request_id(x);
    bool is_strict = http__layout_is_strict(x, method, x->raw_target, version);
    trim_values(x);
    x->wanted_status = is_strict ? http__check_head(x) : 400;
    if (x->wanted_status && may_have_body(x))
        return refuse(x, x->wanted_status, code_of(x->wanted_status));
    http__conn_enter(conn, may_have_body(x) ? CONN_BODY : CONN_WORKING);
    return MHD_YES;
}

/* ---- its body ---- */

static bool spill(struct http__exchange *x)
{
    struct str kept = buf_str(&x->body);
    x->body_fd = open(x->site->options.temp_dir.at, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (x->body_fd < 0 || write(x->body_fd, kept.at, kept.len) != (ssize_t)kept.len)
        return false;
    buf_reset(&x->body);
    return true;
}

/* Keeps a piece of the body: small ones in memory, large ones in a temporary file. */
static int take_body(struct http__exchange *x, struct str piece)
{
    int64_t most = http__body_max(x);
    x->body_bytes += (int64_t)piece.len;
    if (x->body_bytes > most)
        return 413;
    if (x->body_fd < 0 && x->body.len + piece.len <= HTTP_BODY_IN_MEMORY) {
        buf_put(&x->body, piece);
        return 0;
    }
    if (x->body_fd < 0 && !spill(x))
        return 507;
    return write(x->body_fd, piece.at, piece.len) == (ssize_t)piece.len ? 0 : 507;
}

static enum MHD_Result on_body(struct http__exchange *x, struct str piece)
{
    struct conn *conn = x->conn;
    conn->bytes += (int64_t)piece.len;
    if (x->wanted_status == 0) {
        x->wanted_status = take_body(x, piece);
        return MHD_YES;
    }
    /* The answer can only be queued after the body, so a little of it is thrown away. */
    x->body_bytes += (int64_t)piece.len;
    return x->body_bytes > http__body_max(x) + DISCARD_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result hand_over(struct http__exchange *x)
{
    struct lane *lane = x->lane;
    struct http_server *server = lane->server;
    server->site->queue_len++;
    if (!http__queue_push(&server->queue, x)) {
        server->site->queue_len--;
        return refuse(x, 503, code_of(503));
    }
    /* Only this thread resumes, so the worker cannot be faster than the suspension. */
    http__conn_enter(x->conn, CONN_WORKING);
    MHD_suspend_connection(x->connection);
    lane->suspended++;
    return MHD_YES;
}

/* The request is whole. */
static enum MHD_Result answer(struct http__exchange *x)
{
    if (x->wanted_status)
        return refuse(x, x->wanted_status, code_of(x->wanted_status));
    if (x->match.route && x->match.route->hot) {
        http__run_hot(x);
        x->site->stats[x->match.route_i].by_class[x->answer.status / 100]++;
        return send_answer(x);
    }
    if (str_starts(x->path, STR("/assets/")) && !x->match.route) {
        const struct asset *asset = map_get(x->site->assets, x->path);
        return asset ? send_asset(x, asset) : refuse(x, 404, code_of(404));
    }
    return hand_over(x);
}

enum MHD_Result http__on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_bytes, void **context)
{
    struct http__exchange *x = *context;
    (void)cls, (void)connection, (void)url;
    if (x->method.len == 0)
        return begin(x, method, version);
    if (x->response)
        return send_answer(x);
    if (*upload_bytes > 0) {
        enum MHD_Result rc = on_body(x, (struct str){upload, *upload_bytes});
        *upload_bytes = 0;
        return rc;
    }
    return answer(x);
}

/* ---- answers come back ---- */

void http__lane_resume(struct lane *lane)
{
    struct http__exchange *x = atomic_exchange(&lane->finished, NULL);
    while (x) {
        struct http__exchange *next = x->next; /* the exchange may be gone after the resume */
        x->next = NULL;
        lane->suspended--;
        MHD_resume_connection(x->connection);
        x = next;
    }
}
