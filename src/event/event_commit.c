/* Group commit. One sync to disk costs as much as storing hundreds of facts, so requests queue to
 * one committer that stores what has gathered in at most 2 ms, syncs once and answers all. A
 * request whose batch failed is told so; nothing of it was stored. */
#include <pthread.h>
#include <time.h>

#include "event/event_int.h"
#include "partner/partner.h"

enum { GATHER_US = 2000, BATCH_EVENTS_MAX = 8192 };

struct request {
    const struct event_new *events;
    struct event_answer *answers;
    size_t len;
    int64_t now;
    enum rc rc;
    bool is_done;
    struct request *next;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t came, answered;
    struct request *first, **last;
    struct database *database;
    pthread_t thread;
    bool is_running, must_stop;
} committer = {.lock = PTHREAD_MUTEX_INITIALIZER,
               .came = PTHREAD_COND_INITIALIZER,
               .answered = PTHREAD_COND_INITIALIZER};

enum rc event_submit(struct op *op, const struct event_new *events, size_t len,
                     struct event_answer *out)
{
    struct request request = {
        .events = events, .answers = out, .len = len, .now = op->now, .rc = RC_BUSY};
    (void)pthread_mutex_lock(&committer.lock);
    if (committer.is_running && !committer.must_stop) {
        *committer.last = &request;
        committer.last = &request.next;
        (void)pthread_cond_signal(&committer.came);
        while (!request.is_done)
            (void)pthread_cond_wait(&committer.answered, &committer.lock);
    }
    (void)pthread_mutex_unlock(&committer.lock);
    if (request.rc != RC_OK)
        return fail(op, request.rc, NULL, "The events were not stored; send them again.");
    return RC_OK;
}

/* Takes what has gathered, up to the limit; the caller holds the lock. */
static struct request *take(size_t *out_events)
{
    struct request *taken = committer.first, **end = &taken;
    size_t events = 0;
    while (*end && (events == 0 || events + (*end)->len <= BATCH_EVENTS_MAX)) {
        events += (*end)->len;
        end = &(*end)->next;
    }
    committer.first = *end;
    if (!committer.first)
        committer.last = &committer.first;
    *end = NULL;
    *out_events = events;
    return taken;
}

/* When each partner sold last: the latest of the batch, once a partner. */
static enum rc note_sold(struct op *op, const struct event_new *events,
                         const struct event_answer *answers, size_t len)
{
    VEC(struct partner_sold *) sold = {0};
    struct map *known = map_new(op->arena);
    for (size_t i = 0; i < len; i++) {
        bool is_sale = answers[i].outcome == EVENT_STORED && events[i].type == EVENT_SALE;
        for (size_t k = 0; is_sale && k < events[i].credits_len; k++) {
            void **slot = map_put_i64(known, events[i].credits[k].partner_id);
            struct partner_sold *one = *slot;
            if (!one) {
                *slot = one = NEW(op->arena, struct partner_sold);
                one->partner_id = events[i].credits[k].partner_id;
                VEC_PUSH(op->arena, &sold, one);
            }
            if (one->at < events[i].occurred_at)
                one->at = events[i].occurred_at;
        }
    }
    for (size_t i = 0; i < sold.len; i++)
        TRY(partner_sold(op, sold.at[i], 1));
    return RC_OK;
}

static enum rc store_all(struct op *op, struct request *requests, size_t events_len)
{
    struct event_new *events = NEW_ARRAY(op->arena, struct event_new, events_len);
    struct event_answer *answers = NEW_ARRAY(op->arena, struct event_answer, events_len);
    size_t at = 0;
    for (struct request *r = requests; r; r = r->next)
        for (size_t i = 0; i < r->len; i++)
            events[at++] = r->events[i];
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(event_store(op, events, events_len, answers));
    TRY(note_sold(op, events, answers, events_len));
    TRY(txn_commit(&txn));
    at = 0;
    for (struct request *r = requests; r; r = r->next)
        for (size_t i = 0; i < r->len; i++)
            r->answers[i] = answers[at++];
    return RC_OK;
}

static void answer_all(struct request *requests, enum rc rc)
{
    for (struct request *r = requests, *next; r; r = next) {
        next = r->next; /* the waiter owns the request and leaves as soon as it is done */
        r->rc = rc;
        r->is_done = true;
    }
    (void)pthread_cond_broadcast(&committer.answered);
}

static void wait_for_more(void)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += GATHER_US * 1000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    (void)pthread_cond_timedwait(&committer.came, &committer.lock, &until);
}

static void *commit_loop(void *unused)
{
    (void)unused;
    AUTO_ARENA arena = arena_new((size_t)256 << 20);
    struct db *db = NULL;
    enum rc opened = db_open(committer.database, &db);
    (void)pthread_mutex_lock(&committer.lock);
    while (!committer.must_stop || committer.first) {
        if (!committer.first) {
            (void)pthread_cond_wait(&committer.came, &committer.lock);
            continue;
        }
        if (!committer.must_stop)
            wait_for_more();
        size_t events_len = 0;
        struct request *requests = take(&events_len);
        (void)pthread_mutex_unlock(&committer.lock);
        struct op op;
        op_init(&op, arena, db, when_now());
        enum rc rc = opened == RC_OK ? store_all(&op, requests, events_len) : opened;
        arena_reset(arena);
        (void)pthread_mutex_lock(&committer.lock);
        answer_all(requests, rc);
    }
    committer.is_running = false;
    (void)pthread_mutex_unlock(&committer.lock);
    db_close(db);
    return NULL;
}

enum rc event_committer_start(struct database *database)
{
    assert(!committer.is_running);
    committer.database = database;
    committer.first = NULL;
    committer.last = &committer.first;
    committer.must_stop = false;
    committer.is_running = true;
    if (pthread_create(&committer.thread, NULL, commit_loop, NULL) != 0) {
        committer.is_running = false;
        return RC_BROKEN;
    }
    return RC_OK;
}

void event_committer_stop(void)
{
    (void)pthread_mutex_lock(&committer.lock);
    bool was_running = committer.is_running;
    committer.must_stop = true;
    (void)pthread_cond_signal(&committer.came);
    (void)pthread_mutex_unlock(&committer.lock);
    if (was_running)
        (void)pthread_join(committer.thread, NULL);
}
