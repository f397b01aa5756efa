/* The server over real sockets: many connections, slow and rude clients, large bodies, overload
 * and the stop. Deadlines are short by setting, so the whole suite takes a few seconds. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/http_int.h"
#include "tests/tap.h"

enum { CLIENTS = 600, ROUNDS = 5, ANSWER_MAX = 9 * 1024 * 1024 };

/* ---- the server ---- */

static void sleep_ms(int ms)
{
    struct timespec time = {ms / 1000, (ms % 1000) * 1000000L};
    (void)nanosleep(&time, NULL);
}

struct thing {
    int ms;
};

static void thing_view(struct out *o, const struct thing *v)
{
    html_put(o, STR("<p>waited "));
    html_text(o, v->ms);
    html_put(o, STR("</p>"));
}

struct wait_form {
    int64_t ms;
};
static const struct field wait_fields[] = {F_I64(wait_form, ms, 0, 2000), FIELDS_END};
static _Atomic int waits_begun, refusals;
static _Atomic bool is_held;

static enum rc page_wait(struct req *r)
{
    struct thing thing = {(int)((const struct wait_form *)form(r))->ms};
    waits_begun++;
    sleep_ms(thing.ms);
    return PAGE(r, "Wait", thing, &thing);
}

/* Waits until the test lets it go, so that a slow machine changes nothing. */
static enum rc page_hold(struct req *r)
{
    struct thing thing = {0};
    waits_begun++;
    while (is_held)
        sleep_ms(1);
    return PAGE(r, "Wait", thing, &thing);
}

static enum rc page_echo(struct req *r)
{
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256(req_body(r), digest);
    TRY(download_begin(r, STR("echo"), "application/octet-stream", false));
    TRY(download_put(r, crypt_hex(r->op->arena, (struct str){(char *)digest, sizeof(digest)})));
    return download_end(r);
}

static enum rc page_large(struct req *r)
{
    static const char line[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
    TRY(download_begin(r, STR("large.txt"), "text/plain", false));
    for (int i = 0; i < 128 * 1024; i++)
        TRY(download_put(r, (struct str){line, 64}));
    return download_end(r);
}

static void hot_hit(struct hot *h)
{
    hot_status(h, 302);
    hot_set(h, "Location", str_join(hot_arena(h), STR("/to/"), hot_param(h, "code")));
}

static const struct route routes[] = {
    ROUTE(GET, "/wait", page_wait, PERM_PUBLIC, FORM(wait_form, wait_fields)),
    ROUTE(GET, "/hold", page_hold, PERM_PUBLIC),
    ROUTE(POST, "/echo", page_echo, PERM_PUBLIC, RAW_BODY("text/plain", 8 << 20), API_ONLY),
    ROUTE(GET, "/large", page_large, PERM_PUBLIC),
    HOT_ROUTE("/r/{code}", hot_hit),
    {0},
};
static const struct route *const tables[] = {routes, NULL};
static const struct asset assets[] = {{"a.js", "/assets/a.123.js", "text/javascript", "\"123\"",
                                       STR_INIT("plain"), STR_INIT("zip"), STR_INIT("brotli")}};
static int port;

static struct http_options options_of(void)
{
    return (struct http_options){.listen = STR("127.0.0.1:0"),
                                 .public_url = STR("http://localhost"),
                                 .metrics_from = STR("127.0.0.1"),
                                 .temp_dir = STR("/tmp"),
                                 .event_threads = 2,
                                 .workers = 4,
                                 .queue_max = 4000,
                                 .header_us = US_SECOND,
                                 .idle_us = 5 * US_SECOND,
                                 .body_grace_us = 400 * US_MS,
                                 .body_rate_min = 1000,
                                 .stop_us = 2 * US_SECOND,
                                 .routes = tables,
                                 .assets = assets,
                                 .assets_len = LEN(assets)};
}

static struct http_server *serve(const struct http_options *options)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct http_server *server = NULL;
    enum rc rc = http_start(options, &fault, &server);
    assert(rc == RC_OK);
    port = http_port(server);
    return server;
}

static void stop(struct http_server *server)
{
    http_stop(server);
    http_join(server);
}

/* ---- a client ---- */

static int dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 10};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    int rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
    assert(rc == 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t done = send(fd, text, len, MSG_NOSIGNAL);
        if (done <= 0)
            return;
        text += done;
        len -= (size_t)done;
    }
}

struct answer {
    int status;
    struct str head, body;
    bool is_whole;
};

/* One answer from the connection; `kept` holds what was read beyond it. */
static struct answer receive(struct arena *arena, int fd, struct buf *kept)
{
    struct answer answer = {0};
    size_t head_end = SIZE_MAX, want = SIZE_MAX;
    for (;;) {
        struct str all = buf_str(kept);
        if (head_end == SIZE_MAX && all.len > 0 &&
            (head_end = str_find(all, STR("\r\n\r\n"), 0)) != SIZE_MAX) {
            int64_t length = 0, status = 0;
            answer.head = str_dup(arena, str_sub(all, 0, head_end));
            size_t at = str_find(answer.head, STR("Content-Length: "), 0);
            struct str number = STR("0");
            if (at != SIZE_MAX) {
                number = str_sub(answer.head, at + 16, 20);
                struct str rest = number;
                number = str_cut(&rest, '\r');
            }
            bool is_number = str_to_i64(number, &length) && str_to_i64(str_sub(all, 9, 3), &status);
            assert(is_number);
            answer.status = (int)status;
            want = head_end + 4 + (size_t)length;
        }
        if (want != SIZE_MAX && all.len >= want) {
            answer.body = str_dup(arena, str_sub(all, head_end + 4, want - head_end - 4));
            struct str rest = str_dup(arena, str_sub(all, want, all.len - want));
            buf_reset(kept);
            buf_put(kept, rest);
            answer.is_whole = true;
            return answer;
        }
        char part[65536];
        ssize_t got = recv(fd, part, sizeof(part), 0);
        if (got <= 0)
            return answer;
        buf_put(kept, (struct str){part, (size_t)got});
    }
}

static struct answer ask(struct arena *arena, const char *request)
{
    AUTO_FD fd = dial();
    AUTO_BUF kept = BUF(ANSWER_MAX);
    send_text(fd, request);
    return receive(arena, fd, &kept);
}

/* True when the server closes the connection within the time. */
static bool is_closed_within(int fd, int ms)
{
    char part[4096];
    int64_t until = when_mono_us() + ms * US_MS;
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int64_t left_ms = (until - when_mono_us()) / US_MS;
        if (left_ms <= 0 || poll(&wait, 1, (int)left_ms) <= 0)
            return false;
        if (recv(fd, part, sizeof(part), 0) <= 0)
            return true;
    }
}

#define GET(target) "GET " target " HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* ---- tests ---- */

static void test_many(struct arena *arena)
{
    static int fds[CLIENTS];
    static struct buf kept[CLIENTS];
    int whole = 0;
    int64_t start = when_mono_us();
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = dial();
        kept[i] = (struct buf)BUF(ANSWER_MAX);
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CLIENTS; i++)
            send_text(fds[i], (i + round) % 2 ? GET("/wait?ms=0") : GET("/r/abc"));
        for (int i = 0; i < CLIENTS; i++) {
            struct answer answer = receive(arena, fds[i], &kept[i]);
            whole += answer.is_whole && answer.status == ((i + round) % 2 ? 200 : 302);
        }
    }
    int64_t took_ms = (when_mono_us() - start) / US_MS;
    for (int i = 0; i < CLIENTS; i++) {
        (void)close(fds[i]);
        buf_done(&kept[i]);
    }
    is_i64(whole, CLIENTS * ROUNDS, "600 connections at once are all answered, round after round");
    ok(took_ms < 8000, "without a stall");
    printf("# %d answers on %d connections: %lld ms\n", whole, CLIENTS, (long long)took_ms);
}

static void test_slow_header(struct arena *arena)
{
    AUTO_FD slow = dial();
    int64_t start = when_mono_us(), worst_us = 0;
    const char *text = "GET /wait?ms=0 HTTP/1.1\r\nHost: localhost\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaa";
    bool is_cut = false;
    for (size_t i = 0; text[i] && !is_cut; i++) {
        (void)send(slow, text + i, 1, MSG_NOSIGNAL);
        int64_t before = when_mono_us();
        (void)ask(arena, GET("/r/a"));
        int64_t us = when_mono_us() - before;
        worst_us = us > worst_us ? us : worst_us;
        is_cut = is_closed_within(slow, 40);
    }
    int64_t took_ms = (when_mono_us() - start) / US_MS;
    ok(is_cut && took_ms >= 900 && took_ms < 2500, "a header that trickles is cut at its deadline");
    ok(worst_us < 500 * US_MS, "and delays nobody");

    AUTO_FD again = dial();
    AUTO_BUF kept = BUF(ANSWER_MAX);
    send_text(again, GET("/r/a"));
    (void)receive(arena, again, &kept);
    is_cut = false;
    start = when_mono_us();
    for (size_t i = 0; text[i] && !is_cut; i++) {
        (void)send(again, text + i, 1, MSG_NOSIGNAL);
        is_cut = is_closed_within(again, 60);
    }
    took_ms = (when_mono_us() - start) / US_MS;
    ok(is_cut && took_ms < 4000, "also the second header of a connection");
}

static void test_slow_body(void)
{
    AUTO_FD slow = dial();
    send_text(slow, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                    "Content-Length: 100000\r\n\r\n");
    bool is_cut = false;
    int64_t start = when_mono_us();
    for (int i = 0; i < 60 && !is_cut; i++) {
        (void)send(slow, "x", 1, MSG_NOSIGNAL);
        is_cut = is_closed_within(slow, 40);
    }
    int64_t took_ms = (when_mono_us() - start) / US_MS;
    ok(is_cut && took_ms >= 300 && took_ms < 1500, "a body under the least rate is cut");
}

static void test_closing_early(struct arena *arena)
{
    waits_begun = 0;
    for (int i = 0; i < 200; i++) {
        int fd = dial();
        send_text(fd, GET("/wait?ms=5"));
        if (i % 2) {
            struct linger hard = {.l_onoff = 1};
            (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
        }
        if (i % 3 == 0)
            sleep_ms(1);
        (void)close(fd);
    }
    sleep_ms(300);
    ok(waits_begun > 0, "clients go away while their answers are pending");
    struct answer answer = ask(arena, GET("/wait?ms=1"));
    ok(answer.is_whole && answer.status == 200, "and the server goes on");
}

static void test_pipelining(struct arena *arena)
{
    AUTO_FD fd = dial();
    AUTO_BUF kept = BUF(ANSWER_MAX), all = BUF(10000);
    for (int i = 0; i < 10; i++)
        buf_printf(&all, "GET /wait?ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n", 10 - i);
    buf_char(&all, 0);
    send_text(fd, all.at);
    int right = 0;
    for (int i = 0; i < 10; i++) {
        struct answer answer = receive(arena, fd, &kept);
        struct str want = str_printf(arena, "waited %d<", 10 - i);
        right += answer.is_whole && str_has(answer.body, want);
    }
    is_i64(right, 10, "requests sent together are answered in order");
}

static void test_uploads(struct arena *arena)
{
    enum { BYTES = 5 * 1024 * 1024 };
    AUTO_FD fd = dial();
    AUTO_BUF kept = BUF(ANSWER_MAX);
    char *body = arena_alloc(arena, BYTES + 1);
    uint8_t digest[CRYPT_SHA256_BYTES];
    for (int i = 0; i < BYTES; i++)
        body[i] = (char)('a' + (i * 7 + i / 1000) % 26);
    crypt_sha256((struct str){body, BYTES}, digest);
    struct str want = crypt_hex(arena, (struct str){(char *)digest, sizeof(digest)});
    send_text(fd, str_c(arena, str_printf(arena,
                                          "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n"
                                          "Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n",
                                          BYTES)));
    send_text(fd, body);
    struct answer answer = receive(arena, fd, &kept);
    ok(answer.status == 200 && str_eq(answer.body, want), "a large upload arrives whole");

    send_text(fd, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    crypt_sha256(STR("hello world"), digest);
    want = crypt_hex(arena, (struct str){(char *)digest, sizeof(digest)});
    answer = receive(arena, fd, &kept);
    ok(answer.status == 200 && str_eq(answer.body, want), "so does a chunked one");

    answer =
        ask(arena, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                   "Content-Length: 99000000\r\n\r\n");
    is_i64(answer.status, 413, "one over the limit is refused before it is sent");
    AUTO_BUF chunks = BUF(10 << 20);
    buf_put(&chunks,
            STR("POST /wait HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                "5\r\nhello\r\n0\r\n\r\n"));
    buf_char(&chunks, 0);
    answer = ask(arena, chunks.at);
    is_i64(answer.status, 405, "a body where none belongs is refused");

    answer = ask(arena, GET("/large"));
    is_i64((int64_t)answer.body.len, 8 * 1024 * 1024, "a large download arrives whole");
}

static void test_refusals(struct arena *arena)
{
    static const struct {
        const char *request, *rule;
        int status;
    } cases[] = {
        {"GET /wait?ms=0 HTTP/1.1\r\n\r\n", "no Host is refused", 400},
        {"GET /wait?ms=0 HTTP/1.1\r\nHost: evil.example\r\n\r\n", "another Host is misdirected",
         421},
        {"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "a length and a coding together are refused", 400},
        {"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
         "Content-Length: 4\r\n\r\nabc",
         "two lengths are refused", 400},
        {"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\nabc",
         "an unknown coding is refused", 400},
        {"GET http://localhost/wait?ms=0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
         "an absolute target is refused", 400},
        {"GET /a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n", "an encoded slash is refused", 400},
        {"GET /wait?ms=0 HTTP/1.7\r\nHost: localhost\r\n\r\n", "an unknown version is refused",
         400},
        {"GET /wait?ms=0 HTTP/1.1\r\nHost : localhost\r\n\r\n",
         "a space before the colon is refused", 400},
        {"GET /wait?ms=0 HTTP/1.1\r\nHost: localhost\r\nX-A: a\rb\r\n\r\n",
         "a bare carriage return is refused", 400},
        {"GET /wait?ms=0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd",
         "a body of a GET is refused", 400},
        {"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "TRACE is refused", 405},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        AUTO_FD fd = dial();
        AUTO_BUF kept = BUF(ANSWER_MAX);
        send_text(fd, cases[i].request);
        struct answer answer = receive(arena, fd, &kept);
        if (!ok(answer.status == cases[i].status && is_closed_within(fd, 2000), cases[i].rule))
            printf("# %d\n", answer.status);
    }
    AUTO_BUF long_one = BUF(40000);
    buf_put(&long_one, STR("GET /wait?ms=0 HTTP/1.1\r\nHost: localhost\r\nX-A: "));
    for (int i = 0; i < 20000; i++)
        buf_char(&long_one, 'a');
    buf_put(&long_one, STR("\r\n\r\n"));
    buf_char(&long_one, 0);
    is_i64(ask(arena, long_one.at).status, 431, "a header over 16 KB is refused");
}

static void test_assets(struct arena *arena)
{
    struct answer answer = ask(arena, "GET /assets/a.123.js HTTP/1.1\r\nHost: localhost\r\n"
                                      "Accept-Encoding: gzip, br\r\n\r\n");
    is_str(answer.body, "brotli", "a file of the browser comes packed as it likes");
    ok(str_has(answer.head, STR("Cache-Control: public, max-age=31536000, immutable")) &&
           str_has(answer.head, STR("Content-Encoding: br")),
       "and is kept for ever");
    is_str(ask(arena, GET("/assets/a.123.js")).body, "plain", "or plain");
    is_i64(ask(arena, "GET /assets/a.123.js HTTP/1.1\r\nHost: localhost\r\n"
                      "If-None-Match: \"123\"\r\n\r\n")
               .status,
           304, "unchanged it is not sent again");
    is_i64(ask(arena, GET("/assets/b.js")).status, 404, "an unknown one is 404");
}

static void *ask_slow(void *of)
{
    AUTO_ARENA arena = arena_new(0);
    *(int *)of = ask(arena, GET("/hold")).status;
    refusals += *(int *)of == 503;
    return NULL;
}

static void test_lanes(struct arena *arena)
{
    enum { SLOW = 24 };
    struct http_options options = options_of();
    options.workers = 1;
    options.queue_max = 2;
    options.event_threads = 1;
    struct http_server *server = serve(&options);
    pthread_t threads[SLOW];
    int statuses[SLOW], served = 0;
    refusals = 0;
    is_held = true;
    waits_begun = 0;
    for (int i = 0; i < SLOW; i++) {
        (void)pthread_create(&threads[i], NULL, ask_slow, &statuses[i]);
        while (!waits_begun) /* the only worker has the first before the others come */
            sleep_ms(1);
    }
    int64_t before = when_mono_us();
    while (refusals < SLOW - 3 && when_mono_us() - before < 10 * US_SECOND)
        sleep_ms(1);
    is_i64(refusals, SLOW - 3, "one request is worked on, two wait, the others are refused");
    before = when_mono_us();
    is_i64(ask(arena, GET("/healthz")).status, 200, "while all workers are busy");
    ok(when_mono_us() - before < US_SECOND, "hot routes are answered at once");
    struct answer answer = ask(arena, GET("/wait?ms=0"));
    ok(answer.status == 503 && str_has(answer.head, STR("Retry-After: 1")),
       "and a page beyond the queue is refused at once");
    is_held = false;
    for (int i = 0; i < SLOW; i++) {
        pthread_join(threads[i], NULL);
        served += statuses[i] == 200;
    }
    is_i64(served, 3, "those that waited are served");
    stop(server);
}

/* A balancer asks, sees that we are about to go, and meanwhile requests are still served. */
static void test_draining(struct arena *arena)
{
    struct http_options options = options_of();
    options.drain_us = 300 * US_MS;
    struct http_server *server = serve(&options);
    is_i64(ask(arena, GET("/readyz")).status, 200, "a server that runs is ready");
    http_stop(server);
    is_i64(ask(arena, GET("/readyz")).status, 503, "one that stops is not");
    is_i64(ask(arena, GET("/healthz")).status, 200, "but it is still healthy");
    struct answer answer = ask(arena, GET("/wait?ms=0"));
    ok(answer.status == 200 && str_has(answer.head, STR("Connection: close")),
       "and takes requests for a while, one a connection");
    http_join(server);
}

static void *stop_soon(void *of)
{
    sleep_ms(100);
    http_stop(of);
    return NULL;
}

static void test_stopping(struct arena *arena)
{
    AUTO_ARENA faults = arena_new(0);
    struct http_options options = options_of();
    struct http_server *server = serve(&options), *second = NULL;
    struct fault fault = {.arena = faults};
    options.listen = str_printf(arena, "127.0.0.1:%d", port);
    ok(http_start(&options, &fault, &second) == RC_INVALID,
       "a second server on the port is refused");
    pthread_t thread;
    (void)pthread_create(&thread, NULL, stop_soon, server);
    struct answer answer = ask(arena, GET("/wait?ms=400"));
    ok(answer.is_whole && answer.status == 200 && str_has(answer.head, STR("Connection: close")),
       "a stop lets requests in progress finish");
    pthread_join(thread, NULL);
    http_join(server);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ok(connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0, "and takes no new ones");
}

/* What a proxy before us might have read in another way: each is refused with 400 and the
 * connection is closed, so that what follows it on the wire is never taken for a request. */
static void test_strict(struct arena *arena)
{
#define RAW(text) STR_INIT(text)
    static const struct {
        struct str request;
        const char *rule;
    } cases[] = {
        {RAW("GET /r/a HTTP/1.1\nHost: localhost\n\n"), "bare line feeds"},
        {RAW("GET /r/a HTTP/1.1\nHost: localhost\r\n\r\n"), "one after the request line"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n"), "one after a header"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\n\n"), "one as the empty line"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n"), "a folded header"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n\tc\r\n\r\n"),
         "one folded by a tab"},
        {RAW("GET /r/a HTTP/1.1\r\n Host: localhost\r\n\r\n"), "a first header that is folded"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
             "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
         "a folded Transfer-Encoding"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
             "Content-Length: 3\r\n 0\r\n\r\nabc"),
         "a folded Content-Length"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\0c\r\n\r\n"), "NUL in a value"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\0\0X-B: c\r\n\r\n"),
         "two NULs in a value"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\0\0\r\n\r\n"),
         "two NULs at the end of a value"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX\0A: b\r\n\r\n"), "NUL in a name"},
        {RAW("GET /r/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n"), "NUL in the target"},
        {RAW("GET /r/a HTTP/1.1\0\r\nHost: localhost\r\n\r\n"), "NUL after the version"},
        {RAW("GET  /r/a HTTP/1.1\r\nHost: localhost\r\n\r\n"), "two spaces after the method"},
        {RAW("GET /r/a  HTTP/1.1\r\nHost: localhost\r\n\r\n"), "two spaces after the target"},
        {RAW("GET /r/a HTTP/1.1 \r\nHost: localhost\r\n\r\n"), "a space after the version"},
        {RAW("GET /r/a b HTTP/1.1\r\nHost: localhost\r\n\r\n"), "a space in the target"},
        {RAW("GET\t/r/a HTTP/1.1\r\nHost: localhost\r\n\r\n"), "a tab for a space"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A: b\rX-B: c\r\n\r\n"),
         "a bare carriage return in a value"},
        {RAW("GET /r/a\rb HTTP/1.1\r\nHost: localhost\r\n\r\n"), "one in the target"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\nX-A\r\n\r\n"), "a header without a colon"},
        {RAW("GET /r/a HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n"), "a header without a name"},
        {RAW("GET /r/a\r\n\r\n"), "a request without a version"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc"),
         "a length with a sign"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3, 3\r\n\r\nabc"),
         "a list of lengths"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
             "Content-Length: 3\r\n\r\nabc"),
         "two lengths, also equal ones"},
        {RAW("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
             "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
         "two codings"},
        {RAW("POST /api/v1/echo HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
             "0\r\n\r\n"),
         "a coding under HTTP/1.0"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        AUTO_FD fd = dial();
        AUTO_BUF kept = BUF(ANSWER_MAX);
        struct str all = str_join(arena, cases[i].request, STR(GET("/r/smuggled")));
        (void)!send(fd, all.at, all.len, MSG_NOSIGNAL);
        struct answer answer = receive(arena, fd, &kept);
        struct answer next = receive(arena, fd, &kept);
        if (!ok(answer.status == 400 && next.status == 0 && is_closed_within(fd, 2000),
                cases[i].rule))
            printf("# %d, then %d\n", answer.status, next.status);
    }
#undef RAW
    struct answer answer = ask(arena, "\r\nGET /r/a HTTP/1.1\r\nHost: localhost \t\r\nX-A:\r\n"
                                      "X-B:   b c  \r\nX-C:d\r\n\r\n");
    is_i64(answer.status, 302, "what the standard allows is taken: white space around values");
}

int main(void)
{
    AUTO_BUF log = BUF(32 << 20);
    AUTO_ARENA arena = arena_new((size_t)512 << 20);
    log_to(&log);
    struct http_options options = options_of();
    struct http_server *server = serve(&options);
    test_many(arena);
    test_slow_header(arena);
    test_slow_body();
    test_closing_early(arena);
    test_pipelining(arena);
    test_uploads(arena);
    test_refusals(arena);
    test_strict(arena);
    test_assets(arena);
    struct answer metrics = ask(arena, GET("/metrics"));
    ok(str_has(metrics.body, STR("kontor_http_cut_slow_total 3")), "cut connections are counted");
    stop(server);
    test_lanes(arena);
    test_draining(arena);
    test_stopping(arena);
    log_to(NULL);
    return done_testing();
}
