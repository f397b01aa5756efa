/* Workers: threads that run handlers as straight-line code, each with its own database connection
 * and arena. The queue before them is bounded, so that overload is answered 503 at once instead
 * of growing. A worker never touches the connection: it builds the response, pushes the exchange
 * to its lane and wakes it; resuming from here would lose wake-ups (libmicrohttpd 0.9.75). */
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/http_server_int.h"

bool http__queue_push(struct work_queue *queue, struct http__exchange *x)
{
    pthread_mutex_lock(&queue->mutex);
    bool has_room = queue->len < queue->max && !queue->is_over;
    if (has_room) {
        x->next = NULL;
        *queue->last = x;
        queue->last = &x->next;
        queue->len++;
        pthread_cond_signal(&queue->wakes);
    }
    pthread_mutex_unlock(&queue->mutex);
    return has_room;
}

static struct http__exchange *queue_pop(struct work_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (!queue->first && !queue->is_over)
        pthread_cond_wait(&queue->wakes, &queue->mutex);
    struct http__exchange *x = queue->first;
    if (x) {
        queue->first = x->next;
        if (!queue->first)
            queue->last = &queue->first;
        queue->len--;
    }
    pthread_mutex_unlock(&queue->mutex);
    return x;
}

/* The whole answer as the library wants it; made here, away from the event thread. */
struct MHD_Response *http__response_new(struct http__exchange *x)
{
    struct http__answer *answer = &x->answer;
    struct MHD_Response *response;
    struct str body = answer->fixed_body.at ? answer->fixed_body : buf_str(&answer->body);
    union {
        const char *in;
        void *out;
    } bytes = {body.len ? body.at : ""};
    if (answer->fd >= 0) {
        response = MHD_create_response_from_fd64((uint64_t)answer->fd_bytes, answer->fd);
        if (response)
            answer->fd = -1; /* the library closes it */
    } else {
        response = MHD_create_response_from_buffer(body.len, bytes.out, MHD_RESPMEM_PERSISTENT);
    }
    assert(response);
    for (size_t i = 0; i < answer->headers.len; i++) {
        enum MHD_Result is_added = MHD_add_response_header(response, answer->headers.at[i].name.at,
                                                           answer->headers.at[i].value.at);
        assert(is_added == MHD_YES);
    }
    if (answer->wants_close)
        (void)!MHD_add_response_header(response, "Connection", "close");
    return response;
}

static void finish(struct http__exchange *x)
{
    struct lane *lane = x->lane;
    struct http__exchange *head = lane->finished;
    do
        x->next = head;
    while (!atomic_compare_exchange_weak(&lane->finished, &head, x));
    if (!head) { /* otherwise the lane has been told and has not looked yet */
        uint64_t one = 1;
        ssize_t done = write(lane->event_fd, &one, sizeof(one));
        assert(done == sizeof(one));
    }
}

static void run_one(struct http_server *server, struct http__exchange *x, struct arena *arena,
                    struct db **db)
{
    struct http__site *site = server->site;
    if (!*db && site->options.database && db_open(site->options.database, db) != RC_OK) {
        *db = NULL;
        log_event(LOG_ERROR, "database_unreachable", NULL);
        http__refuse(x, 503, "busy");
    } else {
        http__run(x, arena, *db);
    }
    if (server->is_stopping)
        x->answer.wants_close = true;
    x->response = http__response_new(x);
    int64_t us = when_mono_us() - x->started_us;
    http__count(site, x, us);
    http__log_access(x, us);
}

static void *worker_main(void *of)
{
    struct http_server *server = of;
    struct db *db = NULL;
    AUTO_ARENA arena = arena_new(0);
    struct http__exchange *x;
    while ((x = queue_pop(&server->queue))) {
        server->site->queue_len--;
        server->site->in_progress++;
        run_one(server, x, arena, &db);
        arena_reset(arena);
        server->site->in_progress--;
        finish(x);
    }
    db_close(db);
    return NULL;
}

void http__workers_start(struct http_server *server, int count)
{
    server->workers = NEW_ARRAY(server->site->arena, pthread_t, (size_t)count);
    for (int i = 0; i < count; i++) {
        int error = pthread_create(&server->workers[i], NULL, worker_main, server);
        assert(error == 0);
        server->workers_len++;
    }
}

void http__workers_stop(struct http_server *server)
{
    pthread_mutex_lock(&server->queue.mutex);
    server->queue.is_over = true;
    pthread_cond_broadcast(&server->queue.wakes);
    pthread_mutex_unlock(&server->queue.mutex);
    for (int i = 0; i < server->workers_len; i++)
        pthread_join(server->workers[i], NULL);
}
