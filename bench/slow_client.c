/* Slow headers against a running server: keeps a number of connections that send one byte of a
 * header a second, replaces those that are cut, and meanwhile asks a normal page fifty times a
 * second, each time on a new connection. Prints when connections were cut and what normal requests
 * took. usage: slow_client PORT PATH CONNECTIONS SECONDS */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum {
    PROBES_A_SECOND = 50,
    OPENS_A_TICK = 40,
    TICK_MS = 10,
    EVENTS_MAX = 256,
    PROBES_MAX = 100000
};

struct slow {
    int fd; /* -1: closed */
    int64_t opened_us, sent_us;
    size_t sent;
};

static struct sockaddr_in address = {.sin_family = AF_INET};
static const char *path;
static volatile bool must_stop;
static int64_t taken_us[PROBES_MAX];
static size_t taken_len, probes_failed;

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- normal requests ---- */

/* Microseconds until the whole answer was read, -1 when it was not 200. */
static int64_t probe(void)
{
    char text[65536];
    int64_t begun = now_us();
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        return -1;
    int len = snprintf(text, sizeof(text),
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path,
                       ntohs(address.sin_port));
    if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
        return -1;
    bool is_first = true, is_fine = false;
    ssize_t got;
    while ((got = recv(fd, text, sizeof(text), 0)) > 0) {
        if (is_first)
            is_fine = got > 12 && memcmp(text, "HTTP/1.1 200", 12) == 0;
        is_first = false;
    }
    return got == 0 && is_fine ? now_us() - begun : -1;
}

static void *probe_loop(void *unused)
{
    (void)unused;
    int64_t due = now_us();
    while (!must_stop && taken_len < PROBES_MAX) {
        int64_t took = probe();
        if (took < 0)
            probes_failed++;
        else
            taken_us[taken_len++] = took;
        due += 1000000 / PROBES_A_SECOND;
        int64_t rest = due - now_us();
        if (rest > 0)
            (void)usleep((useconds_t)rest);
    }
    return NULL;
}

/* ---- slow ones ---- */

static bool open_slow(int epoll, struct slow *slow)
{
    slow->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (slow->fd < 0)
        return false;
    if (connect(slow->fd, (struct sockaddr *)&address, sizeof(address)) != 0 &&
        errno != EINPROGRESS) {
        (void)close(slow->fd);
        slow->fd = -1;
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = slow};
    slow->opened_us = slow->sent_us = now_us();
    slow->sent = 0;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, slow->fd, &event) == 0;
}

static void send_byte(struct slow *slow)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    char byte = slow->sent < sizeof(head) - 1 ? head[slow->sent] : 'a';
    if (send(slow->fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1)
        slow->sent++;
    slow->sent_us = now_us();
}

struct cuts {
    size_t len;
    int64_t min_us, max_us;
};

static void take_cuts(int epoll, struct cuts *cuts)
{
    struct epoll_event events[EVENTS_MAX];
    int len = epoll_wait(epoll, events, EVENTS_MAX, TICK_MS);
    for (int i = 0; i < len; i++) {
        char text[4096];
        struct slow *slow = events[i].data.ptr;
        ssize_t got = recv(slow->fd, text, sizeof(text), MSG_DONTWAIT);
        if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
            continue; /* a 408 before the end */
        int64_t age = now_us() - slow->opened_us;
        cuts->min_us = cuts->len == 0 || age < cuts->min_us ? age : cuts->min_us;
        cuts->max_us = age > cuts->max_us ? age : cuts->max_us;
        cuts->len++;
        (void)close(slow->fd);
        slow->fd = -1;
    }
}

/* Keeps `len` connections for so long; gives the greatest number that was open at once. */
static size_t trickle(struct slow *slows, size_t len, int seconds, struct cuts *cuts)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    size_t most = 0;
    int64_t end = now_us() + (int64_t)seconds * 1000000;
    while (now_us() < end) {
        size_t opened = 0, open = 0;
        int64_t now = now_us();
        take_cuts(epoll, cuts);
        for (size_t i = 0; i < len; i++) {
            struct slow *slow = &slows[i];
            if (slow->fd < 0 && opened < OPENS_A_TICK && open_slow(epoll, slow))
                opened++;
            else if (slow->fd >= 0 && now - slow->sent_us >= 1000000)
                send_byte(slow);
            open += slow->fd >= 0;
        }
        most = open > most ? open : most;
    }
    (void)close(epoll);
    return most;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 64;
    size_t len = (size_t)strtoul(argv[3], NULL, 10);
    struct rlimit files;
    (void)getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    path = argv[2];
    AUTO_ARENA arena = arena_new(0);
    struct slow *slows = NEW_ARRAY(arena, struct slow, len);
    for (size_t i = 0; i < len; i++)
        slows[i].fd = -1;
    pthread_t prober;
    if (pthread_create(&prober, NULL, probe_loop, NULL) != 0)
        return 71;
    struct cuts cuts = {0};
    size_t most = trickle(slows, len, (int)strtol(argv[4], NULL, 10), &cuts);
    must_stop = true;
    (void)pthread_join(prober, NULL);
    qsort(taken_us, taken_len, sizeof(taken_us[0]), by_size);
    if (taken_len == 0)
        return 70;
    printf("slow headers: %zu connections at once, %zu cut at %.1f to %.1f s; %zu normal requests: "
           "p50 %.1f ms, p99 %.1f ms, most %.1f ms, %zu failed\n",
           most, cuts.len, (double)cuts.min_us / 1e6, (double)cuts.max_us / 1e6, taken_len,
           (double)taken_us[taken_len / 2] / 1e3, (double)taken_us[taken_len * 99 / 100] / 1e3,
           (double)taken_us[taken_len - 1] / 1e3, probes_failed);
    return probes_failed == 0 ? 0 : 70;
}
