/* The server under measurement: one hot route that answers 302 from memory, one page that a worker
 * answers, and the health route. Prints its port and runs until SIGTERM. usage: http_server */
#include <pthread.h>
#include <signal.h>

#include "http/http.h"

static void hot_redirect(struct hot *h)
{
    struct str to = str_printf(hot_arena(h), "https://shop.example/?sub=" STR_FMT,
                               STR_ARG(hot_param(h, "code")));
    hot_status(h, 302);
    hot_set(h, "Location", to);
}

static void row_json(struct json_writer *json, const int *count)
{
    json_object(json);
    json_pair_i64(json, "count", *count);
    json_object_end(json);
}

static enum rc page_row(struct req *r)
{
    int count = 50;
    return JSON(r, row, &count);
}

static const struct route routes[] = {
    HOT_ROUTE("/r/{code}", hot_redirect), ROUTE(GET, "/page", page_row, PERM_PUBLIC, API), {0}};

int main(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    log_level_set(LOG_ERROR);
    conf_declare(http_settings);
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct http_options options = {0};
    const struct route *const tables[] = {routes, NULL};
    struct http_server *server = NULL;
    http_options_read(&options);
    options.listen = STR("127.0.0.1:0");
    options.public_url = STR("http://127.0.0.1");
    options.routes = tables;
    options.event_threads = 1;
    options.workers = 2;
    options.zone = zone_utc();
    options.has_access_log = false;
    if (http_start(&options, &fault, &server) != RC_OK)
        return 1;
    printf("%d\n", http_port(server));
    (void)fflush(stdout);
    int number = 0;
    (void)sigwait(&signals, &number);
    http_stop(server);
    http_join(server);
    return 0;
}
