/* The server: event threads ("lanes"), each with its own libmicrohttpd daemon on the same port and
 * our loop around it: poll the library's epoll descriptor and our eventfd, at most until the time
 * the library asks for, resume what workers have finished, MHD_run. The library's own epoll thread
 * stalls with 128 or more ready connections (0.9.75), and resuming from other threads loses
 * wake-ups, so neither is used. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http_server_int.h"

enum { TICK_MS_MAX = 250, TICK_MS_MIN = 10, POOL_BYTES = 24 * 1024 };

/* ---- the loop of a lane ---- */

static int tick_ms(const struct lane *lane)
{
    int64_t quarter_ms = lane->server->site->options.header_us / US_MS / 4;
    if (quarter_ms < TICK_MS_MIN)
        return TICK_MS_MIN;
    return quarter_ms > TICK_MS_MAX ? TICK_MS_MAX : (int)quarter_ms;
}

static int wait_ms(struct lane *lane, int most_ms)
{
    MHD_UNSIGNED_LONG_LONG wanted = 0;
    if (MHD_get_timeout(lane->daemon, &wanted) == MHD_YES && wanted < (unsigned)most_ms)
        return (int)wanted;
    return most_ms;
}

static void turn(struct lane *lane, int most_ms)
{
    struct pollfd fds[2] = {{.fd = lane->epoll_fd, .events = POLLIN},
                            {.fd = lane->event_fd, .events = POLLIN}};
    (void)poll(fds, LEN(fds), wait_ms(lane, most_ms));
    if (fds[1].revents & POLLIN) {
        uint64_t count;
        (void)!read(lane->event_fd, &count, sizeof(count));
    }
    http__lane_resume(lane);
    (void)!MHD_run(lane->daemon);
}

/* Not ready any more, and still serving: a balancer that asks now sends its next request to another
 * server. */
static void announce(struct lane *lane, int most_ms)
{
    int64_t until_us = when_mono_us() + lane->server->site->options.drain_us;
    while (when_mono_us() < until_us) {
        turn(lane, most_ms);
        http__conns_check(lane, when_mono_us());
    }
}

/* New connections are refused, requests in progress are answered, then the loop ends. */
static void drain(struct lane *lane, int most_ms)
{
    int64_t until_us = when_mono_us() + lane->server->site->options.stop_us;
    MHD_socket listening = MHD_quiesce_daemon(lane->daemon);
    if (listening != MHD_INVALID_SOCKET)
        (void)close(listening);
    while (lane->suspended > 0 || (lane->in_progress > 0 && when_mono_us() < until_us)) {
        turn(lane, most_ms);
        http__conns_check(lane, when_mono_us());
    }
}

static void *lane_main(void *of)
{
    struct lane *lane = of;
    int most_ms = tick_ms(lane);
    int64_t checked_us = when_mono_us();
    while (!lane->server->is_stopping) {
        turn(lane, most_ms);
        int64_t now_us = when_mono_us();
        if (now_us - checked_us >= most_ms * US_MS) {
            http__conns_check(lane, now_us);
            checked_us = now_us;
        }
    }
    announce(lane, most_ms);
    drain(lane, most_ms);
    MHD_stop_daemon(lane->daemon);
    return NULL;
}

/* ---- starting ---- */

struct listen_address {
    struct sockaddr_storage address;
    socklen_t len;
};

/* "host:port", "[v6]:port" or ":port". */
static bool parse_listen(struct str text, struct listen_address *out)
{
    size_t colon = text.len;
    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    if (colon == 0 || text.len >= 200)
        return false;
    char host[200] = "", port[16] = "";
    struct str name = str_sub(text, 0, colon - 1), number = str_sub(text, colon, text.len);
    if (name.len > 1 && name.at[0] == '[' && name.at[name.len - 1] == ']')
        name = str_sub(name, 1, name.len - 2);
    if (number.len == 0 || number.len >= sizeof(port))
        return false;
    snprintf(host, sizeof(host), STR_FMT, STR_ARG(name));
    snprintf(port, sizeof(port), STR_FMT, STR_ARG(number));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host[0] ? host : NULL, port, &hints, &found) != 0 || !found)
        return false;
    memcpy(&out->address, found->ai_addr, found->ai_addrlen);
    out->len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

/* Lanes share the port, and so could a second server by mistake: bind it alone first. */
static bool is_free(const struct listen_address *listen_at)
{
    int on = 1;
    AUTO_FD fd = socket(listen_at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    return bind(fd, (const struct sockaddr *)&listen_at->address, listen_at->len) == 0 &&
           listen(fd, 1) == 0;
}

static size_t keep_encoded(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls, (void)connection;
    return strlen(text); /* decoding is ours, once */
}

static struct MHD_Daemon *daemon_start(struct lane *lane, const struct listen_address *listen_at)
{
    const struct http_options *options = &lane->server->site->options;
    unsigned limit = (unsigned)(options->connections_max / lane->server->lanes_len) + 1;
    unsigned idle_s = (unsigned)((options->idle_us + US_SECOND - 1) / US_SECOND);
    int strict = http__layout_is_known() ? 0 : 1; /* with the look of http_layout.c 0 says more */
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    if (listen_at->address.ss_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, http__on_request, lane, MHD_OPTION_SOCK_ADDR, &listen_at->address,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U,
        MHD_OPTION_CONNECTION_LIMIT, limit, MHD_OPTION_CONNECTION_TIMEOUT, idle_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096, MHD_OPTION_STRICT_FOR_CLIENT, strict,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, http__on_target, lane, MHD_OPTION_NOTIFY_CONNECTION,
        http__on_connection, lane, MHD_OPTION_NOTIFY_COMPLETED, http__on_completed, lane,
        MHD_OPTION_END);
}

static int daemon_port(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

static bool lane_start(struct lane *lane, struct listen_address *listen_at)
{
    struct http__site *site = lane->server->site;
    lane->arena = arena_new((size_t)1 << 30);
    lane->assets = NEW_ARRAY(lane->arena, struct MHD_Response *, site->options.assets_len * 3 + 1);
    lane->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    lane->daemon = daemon_start(lane, listen_at);
    if (lane->event_fd < 0 || !lane->daemon)
        return false;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(lane->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info);
    lane->epoll_fd = info->epoll_fd;
    if (lane->server->port == 0) { /* the first one has chosen; the others go there, too */
        lane->server->port = daemon_port(lane->daemon);
        struct sockaddr_storage *address = &listen_at->address;
        uint16_t port = htons((uint16_t)lane->server->port);
        if (address->ss_family == AF_INET6)
            ((struct sockaddr_in6 *)address)->sin6_port = port;
        else
            ((struct sockaddr_in *)address)->sin_port = port;
    }
    return true;
}

static int or_default(int value, int fallback)
{
    return value > 0 ? value : fallback;
}

/* Zero means the default everywhere, so that a test names only what it is about. */
static void complete(struct http_options *options)
{
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
    cores = cores > 0 ? cores : 1;
    options->event_threads = or_default(options->event_threads, cores);
    options->workers = or_default(options->workers, cores * 2 > 4 ? cores * 2 : 4);
    options->queue_max = or_default(options->queue_max, 512);
    options->connections_max = or_default(options->connections_max, 10000);
    options->header_us = options->header_us ? options->header_us : 10 * US_SECOND;
    options->idle_us = options->idle_us ? options->idle_us : US_MINUTE;
    options->body_grace_us = options->body_grace_us ? options->body_grace_us : 5 * US_SECOND;
    options->body_rate_min = options->body_rate_min ? options->body_rate_min : 500;
    const uint8_t none[CRYPT_KEY_BYTES] = {0};
    if (memcmp(options->secret, none, sizeof(none)) == 0) /* of this process then */
        random_bytes(options->secret, sizeof(options->secret));
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static enum rc check_networks(const struct http_options *options, struct fault *fault)
{
    AUTO_ARENA arena = arena_new(0);
    struct http__networks networks = {0};
    if (!http__networks_parse(arena, options->trusted_proxies, &networks))
        return fault_add(fault, RC_INVALID, "trusted_proxies",
                         M("This is no list of networks like 10.0.0.0/8, ::1."), NULL);
    if (!http__networks_parse(arena, options->metrics_from, &networks))
        return fault_add(fault, RC_INVALID, "metrics_from",
                         M("This is no list of networks like 10.0.0.0/8, ::1."), NULL);
    return RC_OK;
}

static enum rc cannot_listen(const struct http_options *options, struct fault *fault)
{
    char text[256];
    snprintf(text, sizeof(text), STR_FMT, STR_ARG(options->listen));
    return fault_add(fault, RC_INVALID, "http_listen",
                     M("The address {0} cannot be listened on: it is in use, or not ours."), text,
                     NULL);
}

static void threads_start(struct http_server *server)
{
    http__workers_start(server, server->site->options.workers);
    for (int i = 0; i < server->lanes_len; i++) {
        int error = pthread_create(&server->lanes[i].thread, NULL, lane_main, &server->lanes[i]);
        assert(error == 0);
        server->lanes[i].has_thread = true;
    }
}

static struct http_server *server_new(const struct http_options *options)
{
    struct http__site *site = http__site_new(options);
    struct http_server *server = NEW(site->arena, struct http_server);
    server->site = site;
    server->lanes_len = options->event_threads;
    server->lanes = NEW_ARRAY(site->arena, struct lane, (size_t)server->lanes_len);
    pthread_mutex_init(&server->queue.mutex, NULL);
    pthread_cond_init(&server->queue.wakes, NULL);
    server->queue.last = &server->queue.first;
    server->queue.max = options->queue_max;
    for (int i = 0; i < server->lanes_len; i++) {
        server->lanes[i].server = server;
        server->lanes[i].event_fd = -1;
    }
    return server;
}

enum rc http_start(const struct http_options *options, struct fault *fault,
                   struct http_server **out)
{
    struct http_options whole = *options;
    struct listen_address listen_at = {0};
    complete(&whole);
    TRY(check_networks(&whole, fault));
    if (!parse_listen(whole.listen, &listen_at) || !is_free(&listen_at))
        return cannot_listen(&whole, fault);
    (void)signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    struct http_server *server = server_new(&whole);
    for (int i = 0; i < server->lanes_len; i++)
        if (!lane_start(&server->lanes[i], &listen_at)) {
            http_join(server);
            return cannot_listen(&whole, fault);
        }
    threads_start(server);
    *out = server;
    return RC_OK;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

/* ---- stopping ---- */

void http_stop(struct http_server *server)
{
    const uint64_t one = 1;
    server->site->is_draining = true;
    server->is_stopping = true;
    for (int i = 0; i < server->lanes_len; i++)
        (void)!write(server->lanes[i].event_fd, &one, sizeof(one));
}

void http_join(struct http_server *server)
{
    for (int i = 0; i < server->lanes_len; i++) {
        struct lane *lane = &server->lanes[i];
        if (lane->has_thread)
            pthread_join(lane->thread, NULL);
        else if (lane->daemon)
            MHD_stop_daemon(lane->daemon);
    }
    http__workers_stop(server);
    for (int i = 0; i < server->lanes_len; i++) {
        struct lane *lane = &server->lanes[i];
        for (size_t k = 0; lane->assets && k < server->site->options.assets_len * 3; k++)
            if (lane->assets[k])
                MHD_destroy_response(lane->assets[k]);
        fd_cleanup(&lane->event_fd);
        http__lane_done(lane);
    }
    pthread_mutex_destroy(&server->queue.mutex);
    pthread_cond_destroy(&server->queue.wakes);
    http__site_free(server->site);
}
