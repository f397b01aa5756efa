/* What the files of the server share: lanes (event threads), connections and the worker queue. */
#ifndef KONTOR_HTTP_SERVER_INT_H
#define KONTOR_HTTP_SERVER_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http_int.h"

enum conn_phase {
    CONN_HEADER = 1, /* a header is being read; so is a fresh connection */
    CONN_BODY,
    CONN_WORKING, /* suspended: a worker has it, or waits to */
    CONN_SENDING,
    CONN_IDLE, /* kept open between requests */
    CONN_CUT   /* shut down by us; the library closes it */
};

struct conn {
    struct conn *prev, *next;
    int fd;
    enum conn_phase phase;
    int64_t since_us; /* monotonic: when the phase began */
    int64_t bytes;    /* of the body, received or to be sent */
    uint64_t tcp_bytes;
    int64_t looked_us;
    uint8_t address[16];
    char address_text[64];
};

struct lane {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    struct arena *arena;          /* connections and exchanges, used again and again */
    struct MHD_Response **assets; /* three a file: plain, gz, br */
    pthread_t thread;
    int epoll_fd, event_fd;
    struct http__exchange *_Atomic finished; /* a stack that workers push to */
    struct conn *conns, *spare_conns;
    struct http__exchange *spare;
    int in_progress; /* requests begun and not completed */
    int suspended;
    bool has_thread;
};

struct work_queue {
    pthread_mutex_t mutex;
    pthread_cond_t wakes;
    struct http__exchange *first, **last;
    int len, max;
    bool is_over;
};

struct http_server {
    struct http__site *site;
    struct lane *lanes;
    int lanes_len, workers_len;
    pthread_t *workers;
    struct work_queue queue;
    _Atomic bool is_stopping;
    int port;
};

/* ---- worker side (http_worker.c) ---- */

/* False when the queue is full; then nothing was taken. */
MUST_USE bool http__queue_push(struct work_queue *queue, struct http__exchange *x);
void http__workers_start(struct http_server *server, int count);
void http__workers_stop(struct http_server *server);
struct MHD_Response *http__response_new(struct http__exchange *x);

/* ---- event side (http_lane.c, http_conn.c) ---- */

enum MHD_Result http__on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_bytes, void **context);
void *http__on_target(void *cls, const char *target, struct MHD_Connection *connection);
void http__on_completed(void *cls, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code);
void http__on_connection(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code);
void http__conn_enter(struct conn *conn, enum conn_phase phase);
/* Cuts connections that have outlived the deadline of their phase. */
void http__conns_check(struct lane *lane, int64_t now_us);
bool http__layout_is_known(void); /* the library is the version whose buffers we can read */
/* False: the head was written in a way that another server could read differently. */
bool http__layout_is_strict(const struct http__exchange *x, const char *method, const char *target,
                            const char *version);
void http__lane_resume(struct lane *lane);
void http__lane_done(struct lane *lane);

#endif
