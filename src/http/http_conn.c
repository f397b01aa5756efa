/* Connections and their deadlines. The library knows only inactivity, which a client that sends a
 * byte a second never reaches, so each lane keeps its connections in a list and looks at all of
 * them a few times a second: a header must be whole in time, a body must come and an answer must
 * go at a least rate. A connection that fails is shut down; the library then closes it. */
#include <arpa/inet.h>
#include <linux/tcp.h> /* newer than the one of the C library */
#include <netinet/in.h>
#include <sys/socket.h>

#include "http/http_server_int.h"

void http__conn_enter(struct conn *conn, enum conn_phase phase)
{
    if (conn->phase == CONN_CUT)
        return;
    conn->phase = phase;
    conn->since_us = when_mono_us();
    conn->bytes = 0;
    conn->looked_us = 0;
}

static void read_address(struct conn *conn, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    struct sockaddr_storage address = {0};
    if (!info || !info->client_addr)
        return;
    bool is_six = info->client_addr->sa_family == AF_INET6;
    memcpy(&address, info->client_addr,
           is_six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
    if (is_six)
        (void)inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&address)->sin6_addr, text,
                        sizeof(text));
    else
        (void)inet_ntop(AF_INET, &((struct sockaddr_in *)&address)->sin_addr, text, sizeof(text));
    const char *plain = strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.') ? text + 7 : text;
    snprintf(conn->address_text, sizeof(conn->address_text), "%s", plain);
    if (!http__address_parse(str_of(conn->address_text), conn->address))
        memset(conn->address, 0, sizeof(conn->address));
}

static void conn_open(struct lane *lane, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct conn *conn = lane->spare_conns;
    if (conn)
        lane->spare_conns = conn->next;
    else
        conn = NEW(lane->arena, struct conn);
    *conn = (struct conn){0};
    conn->fd = info ? info->connect_fd : -1;
    read_address(conn, connection);
    http__conn_enter(conn, CONN_HEADER);
    conn->next = lane->conns;
    if (lane->conns)
        lane->conns->prev = conn;
    lane->conns = conn;
    lane->server->site->connections++;
    *context = conn;
}

static void conn_close(struct lane *lane, void **context)
{
    struct conn *conn = *context;
    if (!conn)
        return;
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        lane->conns = conn->next;
    if (conn->next)
        conn->next->prev = conn->prev;
    lane->server->site->connections--;
    conn->next = lane->spare_conns;
    lane->spare_conns = conn;
    *context = NULL;
}

void http__on_connection(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        conn_open(cls, connection, context);
    else
        conn_close(cls, context);
}

/* Bytes that the kernel has received so far; they tell whether an idle connection has begun to
 * send a header, which the library keeps to itself until the request line is whole. */
static uint64_t bytes_received(const struct conn *conn)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);
    if (getsockopt(conn->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return 0;
    return info.tcpi_bytes_received;
}

static void look_at_idle(struct conn *conn, int64_t now_us)
{
    if (conn->looked_us && now_us - conn->looked_us < US_SECOND)
        return;
    uint64_t bytes = bytes_received(conn);
    if (conn->looked_us && bytes != conn->tcp_bytes)
        http__conn_enter(conn, CONN_HEADER);
    conn->tcp_bytes = bytes;
    conn->looked_us = now_us;
}

static bool is_late(const struct http_options *options, const struct conn *conn, int64_t now_us)
{
    int64_t spent_us = now_us - conn->since_us;
    int64_t past_grace_us = spent_us - options->body_grace_us;
    int64_t due = past_grace_us > 0 ? past_grace_us / US_MS * options->body_rate_min / 1000 : 0;
    switch (conn->phase) {
    case CONN_HEADER: return spent_us > options->header_us;
    case CONN_IDLE: return spent_us > options->idle_us;
    case CONN_BODY: return conn->bytes < due;
    case CONN_SENDING: return past_grace_us > 0 && conn->bytes < due;
    case CONN_WORKING:
    case CONN_CUT: return false;
    }
    return false;
}

void http__conns_check(struct lane *lane, int64_t now_us)
{
    struct http__site *site = lane->server->site;
    for (struct conn *conn = lane->conns; conn; conn = conn->next) {
        if (conn->phase == CONN_IDLE)
            look_at_idle(conn, now_us);
        if (!is_late(&site->options, conn, now_us))
            continue;
        if (conn->phase != CONN_IDLE)
            site->cut_slow++;
        conn->phase = CONN_CUT;
        (void)shutdown(conn->fd, SHUT_RDWR);
    }
}
