/* db_lane: the write lane of a SQLite database: one writer in the process, served in the order of
 * arrival. A plain mutex was rejected: a job that commits in a loop takes it again and again and
 * starves the people who save a form. */
#include <errno.h>
#include <time.h>

#include "db/db_int.h"

int64_t db__mono_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void lane__init(struct lane *lane)
{
    *lane = (struct lane){0};
    (void)pthread_mutex_init(&lane->mutex, NULL);
}

void lane__done(struct lane *lane)
{
    assert(!lane->is_held && !lane->first);
    (void)pthread_mutex_destroy(&lane->mutex);
}

static void remove_waiter(struct lane *lane, struct waiter *me)
{
    struct waiter *before = NULL;
    for (struct waiter *w = lane->first; w != me; w = w->next)
        before = w;
    if (before)
        before->next = me->next;
    else
        lane->first = me->next;
    if (lane->last == me)
        lane->last = before;
}

static enum rc wait_turn(struct lane *lane, int wait_ms)
{
    struct waiter me = {0};
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&me.turn, &attr);
    (void)pthread_condattr_destroy(&attr);
    if (lane->last)
        lane->last->next = &me;
    else
        /* cppcheck-suppress autoVariables; it leaves the line before this function returns */
        lane->first = &me;
    /* cppcheck-suppress autoVariables */
    lane->last = &me;

    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)wait_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    while (!me.is_served) {
        if (pthread_cond_timedwait(&me.turn, &lane->mutex, &until) == ETIMEDOUT)
            break;
    }
    if (!me.is_served)
        remove_waiter(lane, &me);
    (void)pthread_cond_destroy(&me.turn);
    return me.is_served ? RC_OK : RC_BUSY;
}

enum rc lane__take(struct lane *lane, int wait_ms)
{
    (void)pthread_mutex_lock(&lane->mutex);
    enum rc rc = RC_OK;
    if (lane->is_held)
        rc = wait_turn(lane, wait_ms); /* the lane stays held: it is handed over */
    else
        lane->is_held = true;
    (void)pthread_mutex_unlock(&lane->mutex);
    return rc;
}

bool lane__is_free(struct lane *lane)
{
    (void)pthread_mutex_lock(&lane->mutex);
    bool is_free = !lane->is_held;
    (void)pthread_mutex_unlock(&lane->mutex);
    return is_free;
}

void lane__give(struct lane *lane)
{
    (void)pthread_mutex_lock(&lane->mutex);
    assert(lane->is_held);
    struct waiter *next = lane->first;
    if (next) {
        lane->first = next->next;
        if (!lane->first)
            lane->last = NULL;
        next->is_served = true;
        (void)pthread_cond_signal(&next->turn);
    } else {
        lane->is_held = false;
    }
    (void)pthread_mutex_unlock(&lane->mutex);
}
