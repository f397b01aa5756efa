/* The lock and the command socket of a SQLite database. flock was preferred to a pid file: it goes
 * with its process, so there is nothing to clean after kill -9. */
#include "main/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FRAME_MAX = 4 << 20, FRAME_HEAD = 5 };

/* The file beside the database, or absent when there is none to lock. */
static struct str beside(struct arena *arena, struct str url, const char *suffix)
{
    if (str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://")) ||
        str_eq(url, STR(":memory:")))
        return STR_NONE;
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, SIZE_MAX);
    return str_printf(arena, STR_FMT "%s", STR_ARG(url), suffix);
}

enum rc owner_take(struct str url, struct owner *out)
{
    AUTO_ARENA arena = arena_new(0);
    struct str path = beside(arena, url, ".lock");
    out->lock_fd = -1;
    if (!path.at)
        return RC_OK;
    AUTO_FD fd = open(str_c(arena, path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == ENOENT ? RC_MISSING : errno == ENOSPC ? RC_FULL : RC_DENIED;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return RC_BUSY;
    out->lock_fd = fd_take(&fd);
    return RC_OK;
}

void owner_release(struct owner *owner)
{
    if (owner->lock_fd >= 0)
        (void)close(owner->lock_fd);
    owner->lock_fd = -1;
}

/* ---- frames ---- */

static bool write_all(int fd, const void *at, size_t len)
{
    const char *from = at;
    while (len > 0) {
        ssize_t wrote = send(fd, from, len, MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        from += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

static bool read_all(int fd, void *at, size_t len)
{
    char *to = at;
    while (len > 0) {
        ssize_t got = recv(fd, to, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

static bool frame_write(int fd, char kind, struct str body)
{
    uint32_t len = (uint32_t)body.len;
    unsigned char head[FRAME_HEAD] = {(unsigned char)kind, (unsigned char)len,
                                      (unsigned char)(len >> 8), (unsigned char)(len >> 16),
                                      (unsigned char)(len >> 24)};
    return write_all(fd, head, sizeof(head)) && write_all(fd, body.at, body.len);
}

static bool frame_read(int fd, struct arena *arena, char *out_kind, struct str *out_body)
{
    unsigned char head[FRAME_HEAD];
    if (!read_all(fd, head, sizeof(head)))
        return false;
    size_t len =
        (size_t)head[1] | (size_t)head[2] << 8 | (size_t)head[3] << 16 | (size_t)head[4] << 24;
    if (len > FRAME_MAX)
        return false;
    char *body = arena_alloc(arena, len + 1);
    *out_kind = (char)head[0];
    *out_body = (struct str){body, len};
    return read_all(fd, body, len);
}

static bool socket_address(struct str path, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path.len >= sizeof(out->sun_path))
        return false; /* the kernel takes 107 bytes */
    memcpy(out->sun_path, path.at, path.len);
    return true;
}

/* ---- client ---- */

static struct str words_body(struct arena *arena, const struct str *words, size_t words_len)
{
    char folder[4096];
    if (!getcwd(folder, sizeof(folder)))
        folder[0] = 0;
    AUTO_BUF body = BUF(FRAME_MAX);
    buf_char(&body, isatty(STDERR_FILENO) ? '1' : '0');
    buf_put(&body, str_of(folder));
    for (size_t i = 0; i < words_len; i++) {
        buf_char(&body, 0);
        buf_put(&body, words[i]);
    }
    return body.is_over ? STR_NONE : str_dup(arena, buf_str(&body));
}

static void copy_out(int fd, struct str text)
{
    while (text.len > 0) {
        ssize_t wrote = write(fd, text.at, text.len);
        if (wrote < 0 && errno != EINTR)
            return;
        if (wrote > 0)
            text = str_sub(text, (size_t)wrote, text.len);
    }
}

enum rc owner_forward(struct arena *arena, struct str url, const struct str *words,
                      size_t words_len, int *out_exit_code)
{
    struct sockaddr_un address;
    struct str path = beside(arena, url, ".sock");
    if (!path.at || !socket_address(path, &address))
        return RC_MISSING;
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return RC_MISSING;
    struct str body = words_body(arena, words, words_len);
    if (!body.at)
        return RC_TOO_LARGE;
    if (!frame_write(fd, 'A', body))
        return RC_BUSY;
    for (;;) {
        struct arena_mark mark = arena_mark(arena);
        char kind = 0;
        struct str text = STR("");
        if (!frame_read(fd, arena, &kind, &text))
            return RC_UNSURE; /* the server went away while it worked */
        if (kind == 'X') {
            *out_exit_code = text.len == 1 ? (unsigned char)text.at[0] : 70;
            return RC_OK;
        }
        copy_out(kind == 'E' ? STDERR_FILENO : STDOUT_FILENO, text);
        arena_rewind(arena, mark);
    }
}

/* ---- server ---- */

struct owner_server {
    struct arena *arena;
    owner_run_fn *run;
    struct str path;
    int fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int running;
};

struct client {
    struct owner_server *server;
    int fd;
};

static void client_write(void *self, bool is_error, struct str text)
{
    struct client *client = self;
    while (text.len > 0) {
        struct str part = str_sub(text, 0, FRAME_MAX / 2);
        if (!frame_write(client->fd, is_error ? 'E' : 'O', part))
            return; /* the client left; the command finishes all the same */
        text = str_sub(text, part.len, text.len);
    }
}

static bool words_read(struct arena *arena, struct str body, struct owner_client_words *out)
{
    if (body.len == 0)
        return false;
    out->is_terminal = body.at[0] == '1';
    struct str rest = str_sub(body, 1, SIZE_MAX);
    out->folder = str_cut(&rest, 0);
    struct str_list words = {0};
    while (rest.at)
        VEC_PUSH(arena, &words, str_cut(&rest, 0));
    out->words = words.at;
    out->len = words.len;
    return true;
}

static void *client_loop(void *argument)
{
    struct client *client = argument;
    AUTO_ARENA arena = arena_new(0);
    struct owner_client_words words = {0};
    char kind = 0;
    struct str body = STR("");
    if (frame_read(client->fd, arena, &kind, &body) && kind == 'A' &&
        words_read(arena, body, &words)) {
        char code = (char)client->server->run(&words, (struct cli_sink){client_write, client});
        (void)frame_write(client->fd, 'X', (struct str){&code, 1});
    }
    (void)close(client->fd);
    struct owner_server *server = client->server;
    (void)pthread_mutex_lock(&server->lock);
    server->running--;
    (void)pthread_cond_signal(&server->idle);
    (void)pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void *accept_loop(void *argument)
{
    struct owner_server *server = argument;
    for (;;) {
        int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0)
            return NULL; /* shut down by owner_unlisten */
        (void)pthread_mutex_lock(&server->lock);
        struct client *client = NEW(server->arena, struct client);
        *client = (struct client){server, fd};
        server->running++;
        pthread_t thread;
        if (pthread_create(&thread, NULL, client_loop, client) == 0) {
            (void)pthread_detach(thread);
        } else {
            server->running--;
            (void)close(fd);
        }
        (void)pthread_mutex_unlock(&server->lock);
    }
}

enum rc owner_listen(struct str url, owner_run_fn *run, struct owner_server **out)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct owner_server *server = NEW(arena, struct owner_server);
    struct sockaddr_un address;
    *server = (struct owner_server){.arena = arena,
                                    .run = run,
                                    .path = beside(arena, url, ".sock"),
                                    .fd = -1,
                                    .lock = PTHREAD_MUTEX_INITIALIZER,
                                    .idle = PTHREAD_COND_INITIALIZER};
    *out = NULL;
    if (!server->path.at || !socket_address(server->path, &address)) {
        arena_free(arena);
        return server->path.at ? RC_TOO_LARGE : RC_OK;
    }
    (void)unlink(address.sun_path); /* ours to remove: the lock is held */
    server->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t before = umask(0177);
    bool is_bound = server->fd >= 0 &&
                    bind(server->fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
                    listen(server->fd, 16) == 0;
    (void)umask(before);
    if (!is_bound || pthread_create(&server->thread, NULL, accept_loop, server) != 0) {
        if (server->fd >= 0)
            (void)close(server->fd);
        arena_free(arena);
        return RC_BUSY;
    }
    *out = server;
    return RC_OK;
}

void owner_unlisten(struct owner_server *server)
{
    if (!server)
        return;
    (void)shutdown(server->fd, SHUT_RDWR);
    (void)pthread_join(server->thread, NULL);
    (void)close(server->fd);
    (void)unlink(str_c(server->arena, server->path));
    (void)pthread_mutex_lock(&server->lock);
    while (server->running > 0)
        (void)pthread_cond_wait(&server->idle, &server->lock);
    (void)pthread_mutex_unlock(&server->lock);
    arena_free(server->arena);
}
