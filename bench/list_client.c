/* Asks pages of a list at a steady rate and says what they took, counted from when each was due, so
 * that a stall is seen in all that wait behind it. With WALK it first follows the next cursor so
 * many pages deep and then asks pages there. usage: list_client PORT KEY PATH WALK RATE SECONDS */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum {
    CLIENTS = 4,
    ANSWER_MAX = 4 << 20,
    PATHS_MAX = 50,
    TAKEN_MAX = 200000,
    WIDE_PAGES = 20 /* in one of 1,000 rows */
};

static int port;
static const char *key;
static char paths[PATHS_MAX][1000];
static size_t paths_len;
static int64_t taken_us[TAKEN_MAX], begun_us;
static size_t next_request, requests, failed;
static int rate;

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int dial(void)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

/* One request on a kept connection; the body, NUL terminated, or NULL when it was not a 200. */
static const char *get(int fd, const char *path, char *buf)
{
    int len = snprintf(buf, ANSWER_MAX,
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n",
                       path, port, key);
    size_t have = 0, want = 0;
    char *body = NULL;
    if (send(fd, buf, (size_t)len, MSG_NOSIGNAL) != len)
        return NULL;
    while (!body || have < want) {
        ssize_t got = recv(fd, buf + have, ANSWER_MAX - 1 - have, 0);
        if (got <= 0)
            return NULL;
        have += (size_t)got;
        buf[have] = '\0';
        if (body || !(body = strstr(buf, "\r\n\r\n")))
            continue;
        const char *length = strcasestr(buf, "\r\nContent-Length:");
        if (!length || length > body)
            return NULL;
        body += 4;
        want = (size_t)(body - buf) + strtoul(length + 17, NULL, 10);
    }
    return memcmp(buf, "HTTP/1.1 200", 12) == 0 ? body : NULL;
}

/* The cursor of the page after the one of `body`; false when it is the last. */
static bool next_cursor(const char *body, char out[800])
{
    static const char name[] = "\"next_cursor\":\"";
    const char *at = body ? strstr(body, name) : NULL;
    if (!at)
        return false;
    at += sizeof(name) - 1;
    return snprintf(out, 800, "%.*s", (int)strcspn(at, "\""), at) < 800;
}

/* Goes so many pages of 50 rows down, by pages of 1,000 rows where it can, then notes those that
 * are to be asked. */
static bool walk(const char *path, long pages)
{
    AUTO_ARENA arena = arena_new(0);
    char *buf = NEW_ARRAY(arena, char, ANSWER_MAX), cursor[800] = "", at[1000];
    int fd = dial();
    for (long left = pages; left > 0;) {
        bool is_wide = left >= WIDE_PAGES;
        (void)snprintf(at, sizeof(at), "%s%s%s%s", path, is_wide ? "&limit=1000" : "",
                       cursor[0] ? "&after=" : "", cursor);
        if (!next_cursor(get(fd, at, buf), cursor))
            return false;
        left -= is_wide ? WIDE_PAGES : 1;
    }
    for (int i = 0; i < (pages ? PATHS_MAX : 1); i++) {
        char *own = paths[paths_len++];
        (void)snprintf(own, sizeof(paths[0]), "%s%s%s", path, cursor[0] ? "&after=" : "", cursor);
        if (pages && !next_cursor(get(fd, own, buf), cursor))
            return false;
    }
    return fd >= 0 && close(fd) == 0;
}

static void *client(void *unused)
{
    AUTO_ARENA arena = arena_new(0);
    char *buf = NEW_ARRAY(arena, char, ANSWER_MAX);
    int fd = dial();
    (void)unused;
    for (;;) {
        size_t i = __atomic_fetch_add(&next_request, 1, __ATOMIC_RELAXED);
        if (i >= requests)
            break;
        int64_t due = begun_us + (int64_t)i * 1000000 / rate, rest = due - now_us();
        if (rest > 0)
            (void)usleep((useconds_t)rest);
        if (!get(fd, paths[i % paths_len], buf))
            (void)__atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
        taken_us[i] = now_us() - due;
    }
    (void)close(fd);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 64;
    port = (int)strtol(argv[1], NULL, 10);
    key = argv[2];
    rate = (int)strtol(argv[5], NULL, 10);
    requests = (size_t)rate * strtoul(argv[6], NULL, 10);
    if (rate <= 0 || requests == 0 || requests > TAKEN_MAX ||
        !walk(argv[3], strtol(argv[4], NULL, 10))) {
        (void)fprintf(stderr, "%s: not so many pages\n", argv[3]);
        return 70;
    }
    pthread_t threads[CLIENTS];
    begun_us = now_us();
    for (int i = 0; i < CLIENTS; i++)
        if (pthread_create(&threads[i], NULL, client, NULL) != 0)
            return 71;
    for (int i = 0; i < CLIENTS; i++)
        (void)pthread_join(threads[i], NULL);
    qsort(taken_us, requests, sizeof(taken_us[0]), by_size);
    printf("p50 %.1f ms, p99 %.1f ms, most %.1f ms, %zu failed\n",
           (double)taken_us[requests / 2] / 1e3, (double)taken_us[requests * 99 / 100] / 1e3,
           (double)taken_us[requests - 1] / 1e3, failed);
    return failed == 0 ? 0 : 70;
}
