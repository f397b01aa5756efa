/* Requests without a socket: the same checks, router, handlers and answers as the server, run in
 * the caller's thread. This is what page tests use, and it costs microseconds. */
#include <unistd.h>

#include "http/http_int.h"

struct http_test {
    struct http__site *site;
    struct arena *arena, *work;
    struct db *db;
};

struct http_test *http_test_new(const struct http_options *options, struct db *db)
{
    struct http_options whole = *options;
    if (!whole.public_url.at)
        whole.public_url = STR("http://localhost");
    if (!whole.metrics_from.at)
        whole.metrics_from = STR("127.0.0.0/8");
    struct http__site *site = http__site_new(&whole);
    struct http_test *test = NEW(site->arena, struct http_test);
    test->site = site;
    test->db = db;
    test->arena = arena_new(0);
    test->work = arena_new(0);
    return test;
}

void http_test_free(struct http_test *test)
{
    if (!test)
        return;
    arena_free(test->arena);
    arena_free(test->work);
    http__site_free(test->site);
}

static void add_header(struct http__exchange *x, struct str line)
{
    struct str value = line;
    struct http__pair pair = {.name = str_cut(&value, ':')};
    pair.value = value.at ? str_trim(value) : STR("");
    VEC_PUSH(x->arena, &x->headers, pair);
}

static void add_headers(struct http__exchange *x, const struct http_test_request *request)
{
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        add_header(x, str_of(request->headers[i]));
    if (!http__header(x, "Host").at && x->site->hosts.len > 0)
        add_header(x, str_printf(x->arena, "Host: " STR_FMT, STR_ARG(x->site->hosts.at[0])));
    if (request->body.len > 0 && !http__header(x, "Content-Type").at)
        add_header(x, STR("Content-Type: application/x-www-form-urlencoded"));
    if (request->body.len > 0 && !http__header(x, "Content-Length").at)
        add_header(x, str_printf(x->arena, "Content-Length: %zu", request->body.len));
}

/* The token that a page of this actor would hold. */
static void add_token(struct http__exchange *x, const struct http_test_request *request)
{
    struct op op = {.arena = x->arena};
    struct req r = {.op = &op, .in = x, .csrf_secret = request->csrf_secret};
    struct http__exchange scratch = *x;
    r.in = &scratch;
    if (!request->csrf_secret.at || http__header(x, "X-CSRF-Token").at)
        return;
    scratch.csrf = STR_NONE;
    add_header(x, str_printf(x->arena, "X-CSRF-Token: " STR_FMT, STR_ARG(http_csrf(&r))));
}

static struct str read_file(struct arena *arena, int fd, int64_t bytes)
{
    char *at = arena_alloc(arena, (size_t)bytes + 1);
    ssize_t got = pread(fd, at, (size_t)bytes, 0);
    return (struct str){at, got > 0 ? (size_t)got : 0};
}

static void take_answer(struct http__exchange *x, struct arena *arena, struct http_test_answer *out)
{
    struct http__answer *answer = &x->answer;
    AUTO_BUF headers = BUF(64 * 1024);
    for (size_t i = 0; i < answer->headers.len; i++)
        buf_printf(&headers, STR_FMT ": " STR_FMT "\n", STR_ARG(answer->headers.at[i].name),
                   STR_ARG(answer->headers.at[i].value));
    out->status = answer->status;
    out->headers = str_dup(arena, headers.len ? buf_str(&headers) : STR(""));
    if (str_eq(x->method, STR("HEAD")))
        out->body = STR("");
    else if (answer->fd >= 0)
        out->body = read_file(arena, answer->fd, answer->fd_bytes);
    else if (answer->fixed_body.at)
        out->body = str_dup(arena, answer->fixed_body);
    else
        out->body = str_dup(arena, answer->body.len ? buf_str(&answer->body) : STR(""));
}

void http_test_send(struct http_test *test, struct arena *arena,
                    const struct http_test_request *request, struct http_test_answer *out)
{
    struct http__exchange x;
    http__exchange_init(&x, test->arena, test->site);
    x.test = request;
    x.method = str_of(request->method);
    x.target = request->target;
    x.version = STR("HTTP/1.1");
    x.peer = STR("127.0.0.1");
    bool is_address = http__address_parse(x.peer, x.peer_bytes);
    assert(is_address);
    x.body.max_bytes = request->body.len + 1;
    buf_put(&x.body, request->body);
    x.body_bytes = (int64_t)request->body.len;
    add_headers(&x, request);
    add_token(&x, request);
    http__request_id(&x);
    int status = http__check_head(&x);
    if (status)
        http__refuse(&x, status, "bad_request");
    else if (x.match.route && x.match.route->hot)
        http__run_hot(&x);
    else
        http__run(&x, test->work, test->db);
    http__count(test->site, &x, when_mono_us() - x.started_us);
    take_answer(&x, arena, out);
    http__exchange_reset(&x);
    arena_reset(test->work);
}

struct str http_test_header(const struct http_test_answer *answer, const char *name)
{
    struct str rest = answer->headers;
    while (rest.at && rest.len > 0) {
        struct str value = str_cut(&rest, '\n');
        struct str key = str_cut(&value, ':');
        if (value.at && str_eq_nocase(key, str_of(name)))
            return str_trim(value);
    }
    return STR_NONE;
}
