/* What the process is told about serving. */
#include <unistd.h>

#include "http/http_int.h"

const struct conf_def http_settings[] = {
    {"http_listen", CONF_STR, "127.0.0.1:8080", 0, 200, "Address and port to listen on.", false},
    {"public_url", CONF_STR, "http://localhost:8080", 8, 300,
     "How people reach the server; links in mails begin with it, and https turns on Secure "
     "cookies.",
     false},
    {"http_hosts", CONF_STR, "", 0, 1000,
     "Further names allowed in Host, separated by commas; others get 421.", false},
    {"trusted_proxies", CONF_STR, "", 0, 1000,
     "Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count.", false},
    {"metrics_from", CONF_STR, "127.0.0.0/8, ::1", 0, 1000, "Networks that may read /metrics.",
     false},
    {"http_threads", CONF_INT, "0", 0, 64, "Event threads; 0: one a core.", false},
    {"http_workers", CONF_INT, "0", 0, 256, "Worker threads; 0: two a core, at least four.", false},
    {"http_queue", CONF_INT, "512", 1, 100000,
     "Requests that may wait for a worker; more are answered 503.", false},
    {"http_connections", CONF_INT, "10000", 10, 200000, "Open connections at once.", false},
    {"http_header_timeout", CONF_DURATION, "10s", 50 * US_MS, US_HOUR,
     "A request's header must be whole within this.", false},
    {"http_idle_timeout", CONF_DURATION, "60s", 100 * US_MS, US_HOUR,
     "An open connection without a request is closed after this.", false},
    {"http_body_grace", CONF_DURATION, "5s", 50 * US_MS, US_HOUR,
     "After this, bodies must arrive and answers be taken at the least rate.", false},
    {"http_body_rate", CONF_SIZE, "500", 1, 1 << 30, "That rate, in bytes a second.", false},
    {"http_drain_time", CONF_DURATION, "0s", 0, US_HOUR,
     "How long a stop goes on taking requests while /readyz says 503, for balancers to notice.",
     false},
    {"http_stop_timeout", CONF_DURATION, "20s", 0, US_HOUR,
     "How long a stop waits for requests in progress.", false},
    {"access_log", CONF_BOOL, "true", 0, 0, "One log line a request.", false},
    {0}};

void http_options_read(struct http_options *out)
{
    out->listen = conf_str("http_listen");
    out->public_url = conf_str("public_url");
    out->hosts = conf_str("http_hosts");
    out->trusted_proxies = conf_str("trusted_proxies");
    out->metrics_from = conf_str("metrics_from");
    out->event_threads = (int)conf_int("http_threads");
    out->workers = (int)conf_int("http_workers");
    out->queue_max = (int)conf_int("http_queue");
    out->connections_max = (int)conf_int("http_connections");
    out->header_us = conf_duration_us("http_header_timeout");
    out->idle_us = conf_duration_us("http_idle_timeout");
    out->body_grace_us = conf_duration_us("http_body_grace");
    out->body_rate_min = conf_size_bytes("http_body_rate");
    out->drain_us = conf_duration_us("http_drain_time");
    out->stop_us = conf_duration_us("http_stop_timeout");
    out->has_access_log = conf_bool("access_log");
}
