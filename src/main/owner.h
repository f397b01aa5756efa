/* Who owns a SQLite database. One process does: it holds a lock on FILE.lock for its life (the
 * kernel lets go of it however the process ends, so a stale lock cannot exist), and a server also
 * listens on FILE.sock. A command that writes while a server runs sends its words there; the
 * server runs it and streams back what it prints.
 *
 * The socket's language: the client sends one frame 'A' with its words, folder and whether it is a
 * terminal; the server answers with frames 'O' (stdout), 'E' (stderr) and at last 'X' (exit code).
 * A frame is a letter, a length of 4 bytes (little endian), and that many bytes. */
#ifndef KONTOR_OWNER_H
#define KONTOR_OWNER_H

#include "cli/cli.h"

struct owner {
    int lock_fd; /* -1: not held */
};
#define OWNER_NONE                                                                                 \
    {                                                                                              \
        .lock_fd = -1                                                                              \
    }

/* Takes the lock of the file; RC_BUSY when another process has it. PostgreSQL and ":memory:" need
 * none: RC_OK. */
enum rc owner_take(struct str url, struct owner *out);
void owner_release(struct owner *owner);

/* Runs the words in the server that owns the file, copying its output; RC_MISSING: nobody listens.
 */
enum rc owner_forward(struct arena *arena, struct str url, const struct str *words,
                      size_t words_len, int *out_exit_code);

/* The server's side: `run` is called in a thread of its own for each client and gives the exit
 * code. The socket belongs to the user alone (0600). */
struct owner_server;
struct owner_client_words {
    struct str *words;
    size_t len;
    struct str folder;
    bool is_terminal;
};
typedef int owner_run_fn(const struct owner_client_words *words, struct cli_sink sink);
enum rc owner_listen(struct str url, owner_run_fn *run, struct owner_server **out);
void owner_unlisten(struct owner_server *server); /* waits for running commands; NULL is fine */

#endif
