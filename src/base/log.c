/* The log: one JSON object a line, written with one write so that threads do not mix. Modules below
 * op do not log; they return, and one place on the way up reports. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum { LOG_LINE_MAX = 16 << 10, REQUEST_ID_MAX = 64 };

static enum log_level log_level = LOG_INFO;
static struct buf *log_sink;
static pthread_mutex_t log_sink_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local char request_id[REQUEST_ID_MAX];
static _Thread_local size_t request_id_len;

void log_level_set(enum log_level level)
{
    log_level = level;
}

void log_to(struct buf *sink)
{
    log_sink = sink;
}

void log_request_id_set(struct str id)
{
    request_id_len = id.len < REQUEST_ID_MAX ? id.len : REQUEST_ID_MAX;
    if (request_id_len > 0)
        memcpy(request_id, id.at, request_id_len);
}

static void put_json(struct buf *line, struct str text)
{
    buf_char(line, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\')
            buf_char(line, '\\');
        if (c < 0x20 || c == 0x7f)
            buf_printf(line, "\\u%04x", c);
        else
            buf_char(line, (char)c);
    }
    buf_char(line, '"');
}

static void put_pair(struct buf *line, const char *key, struct str value)
{
    buf_char(line, ',');
    put_json(line, str_of(key));
    buf_char(line, ':');
    put_json(line, value);
}

static void put_time(struct buf *line)
{
    struct timespec now;
    struct tm parts;
    char text[40];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &parts);
    size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    buf_printf(line, "{\"at\":\"" STR_FMT ".%06ldZ\"", (int)len, text, now.tv_nsec / 1000);
}

static void write_line(struct str line)
{
    if (log_sink) {
        (void)pthread_mutex_lock(&log_sink_lock);
        buf_put(log_sink, line);
        (void)pthread_mutex_unlock(&log_sink_lock);
        return;
    }
    while (line.len > 0) {
        ssize_t wrote = write(STDERR_FILENO, line.at, line.len);
        if (wrote < 0 && errno != EINTR)
            return; /* nowhere left to say it */
        if (wrote > 0)
            line = str_sub(line, (size_t)wrote, line.len);
    }
}

void log_event(enum log_level level, const char *event, ...)
{
    static const char *const names[] = {"", "debug", "info", "warn", "error"};
    if (level < log_level)
        return;
    AUTO_BUF line = BUF(LOG_LINE_MAX);
    put_time(&line);
    put_pair(&line, "level", str_of(names[level]));
    put_pair(&line, "event", str_of(event));
    if (request_id_len > 0)
        put_pair(&line, "request_id", (struct str){request_id, request_id_len});
    va_list args;
    va_start(args, event);
    for (const char *key = va_arg(args, const char *); key; key = va_arg(args, const char *)) {
        struct str value = va_arg(args, struct str);
        put_pair(&line, key, str_sub(value, 0, 4096));
    }
    va_end(args);
    buf_put(&line, STR("}\n"));
    write_line(buf_str(&line));
}

void fd_cleanup(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#ifdef KILLPOINTS
static long kill_at_from_environment(void)
{
    const char *text = getenv("KONTOR_KILL_AT");
    return text ? strtol(text, NULL, 10) : 0;
}

/* Counts the points of the whole process; at the chosen one it dies as `kill -9` would kill it. */
void kill_point(const char *name)
{
    static long hits;
    static long kill_at = -1;
    if (kill_at < 0)
        kill_at = kill_at_from_environment();
    if (__atomic_add_fetch(&hits, 1, __ATOMIC_SEQ_CST) == kill_at) {
        log_event(LOG_WARN, "kill_point", "name", str_of(name), NULL);
        (void)raise(SIGKILL);
    }
}
#endif
