/* kontor serve: one process with the HTTP server, the job workers, the committer of events and the
 * command socket, stopped gracefully by SIGTERM or SIGINT. */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "auth/auth.h"
#include "event/event.h"
#include "main/program.h"
#include "ui/ui.h"

static struct database *served_database;

static int run_for_client(const struct owner_client_words *words, struct cli_sink sink)
{
    return program_run_words(served_database, words, sink);
}

/* Signals are taken by one sigwait instead of handlers: nothing runs at a random place. */
static void block_signals(sigset_t *out_set)
{
    (void)sigemptyset(out_set);
    (void)sigaddset(out_set, SIGTERM);
    (void)sigaddset(out_set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, out_set, NULL);
}

static enum rc announce(struct cli *cli, struct http_server *server)
{
    struct str url = conf_str("public_url");
    cli_print(cli, "kontor listens on port %d: " STR_FMT "\n", http_port(server), STR_ARG(url));
    struct str token = STR_NONE;
    enum rc rc = auth_setup_token(&cli->op, &token);
    if (rc == RC_OK)
        cli_print(cli, "first run: open " STR_FMT "/setup?token=" STR_FMT "\n", STR_ARG(url),
                  STR_ARG(token));
    (void)fflush(stdout);
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc fill_options(struct cli *cli, struct http_options *options)
{
    http_options_read(options);
    TRY(program_keys(cli, options->secret));
    options->database = cli->database;
    options->routes = modules_routes();
    options->version = KONTOR_VERSION;
    options->hooks = &auth_http_hooks;
    options->assets = assets;
    options->assets_len = assets_len;
    options->zone = cli->op.zone;
    return RC_OK;
}

static enum rc start_workers(struct cli *cli)
{
    TRY(event_committer_start(cli->database));
    TRY(signals_listen(cli->database));
    return jobs_start(&(struct jobs_options){
        .database = cli->database, .prepare = program_prepare, .actor = auth_actor});
}

enum rc program_serve(struct cli *cli)
{
    enum { JOBS_STOP_MS = 20000 };
    sigset_t signals;
    block_signals(&signals);
    struct http_options options = {0};
    TRY(fill_options(cli, &options));
    served_database = cli->database;
    struct owner_server *socket = NULL;
    TRY(owner_listen(conf_str("db"), run_for_client, &socket));
    enum rc rc = start_workers(cli);
    struct http_server *server = NULL;
    if (rc == RC_OK)
        rc = http_start(&options, &cli->op.fault, &server);
    if (rc == RC_OK)
        rc = announce(cli, server);
    if (rc == RC_OK) {
        int signal_number = 0;
        (void)sigwait(&signals, &signal_number);
        log_event(LOG_INFO, "stopping", NULL);
    }
    if (server) {
        http_stop(server);
        http_join(server);
    }
    owner_unlisten(socket);
    event_committer_stop();
    signals_end();
    if (!jobs_stop(JOBS_STOP_MS)) { /* it goes on from its last commit after the next start */
        log_event(LOG_WARN, "job_left_running", NULL);
        _exit(rc_exit_code(rc));
    }
    return rc;
}
