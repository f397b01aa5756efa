/* Figures of the server: counters and latencies by route for /metrics (Prometheus text format
 * 0.0.4), one log line a request, and the probes of load balancers. */
#include "http/http_int.h"

static const int64_t bucket_us[HTTP_BUCKETS] = {500,   1000,   2500,   5000,    10000,   25000,
                                                50000, 100000, 250000, 1000000, 2500000, 10000000};

void http__count(const struct http__site *site, const struct http__exchange *x, int64_t us)
{
    struct http__stats *stats = &site->stats[x->match.route ? x->match.route_i : site->routes_len];
    int class = x->answer.status / 100;
    stats->by_class[class >= 1 && class <= 5 ? class : 0]++;
    stats->sum_us += (uint64_t)us;
    for (int i = 0; i < HTTP_BUCKETS; i++)
        if (us <= bucket_us[i]) {
            stats->buckets[i]++;
            break;
        }
}

/* The route's pattern, not the path: a path may hold what people typed. */
void http__log_access(const struct http__exchange *x, int64_t us)
{
    char status[16], taken[32];
    if (!x->site->options.has_access_log)
        return;
    snprintf(status, sizeof(status), "%d", x->answer.status);
    snprintf(taken, sizeof(taken), "%lld", (long long)us);
    log_event(LOG_INFO, "request", "request", x->request_id, "method", x->method, "route",
              str_of(x->match.route ? x->match.route->path : "-"), "status", str_of(status), "us",
              str_of(taken), NULL);
}

static void put_route(const struct http__site *site, size_t i, struct buf *out)
{
    const struct http__stats *stats = &site->stats[i];
    const char *path = i < site->routes_len ? site->routes[i]->path : "-";
    static const char *const methods[] = {"-", "GET", "POST", "PUT", "PATCH", "DELETE"};
    const char *method = i < site->routes_len ? methods[site->routes[i]->method] : "-";
    uint64_t count = 0, below = 0;
    for (int class = 0; class <= 5; class ++) {
        uint64_t n = stats->by_class[class];
        count += n;
        if (n > 0)
            buf_printf(out,
                       "kontor_http_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} "
                       "%llu\n",
                       method, path, class, (unsigned long long)n);
    }
    if (count == 0)
        return;
    for (int b = 0; b < HTTP_BUCKETS; b++) {
        below += stats->buckets[b];
        buf_printf(
            out,
            "kontor_http_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%lld.%06lld\"}"
            " %llu\n",
            method, path, (long long)(bucket_us[b] / US_SECOND),
            (long long)(bucket_us[b] % US_SECOND), (unsigned long long)below);
    }
    buf_printf(out,
               "kontor_http_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %llu\n"
               "kontor_http_request_seconds_count{method=\"%s\",route=\"%s\"} %llu\n"
               "kontor_http_request_seconds_sum{method=\"%s\",route=\"%s\"} %llu.%06llu\n",
               method, path, (unsigned long long)count, method, path, (unsigned long long)count,
               method, path, (unsigned long long)(stats->sum_us / US_SECOND),
               (unsigned long long)(stats->sum_us % US_SECOND));
}

static void put_gauge(struct buf *out, const char *name, const char *type, int64_t value)
{
    buf_printf(out, "# TYPE %s %s\n%s %lld\n", name, type, name, (long long)value);
}

void http__metrics(const struct http__site *site, struct buf *out)
{
    put_gauge(out, "kontor_http_queue", "gauge", site->queue_len);
    put_gauge(out, "kontor_http_connections", "gauge", site->connections);
    put_gauge(out, "kontor_http_in_progress", "gauge", site->in_progress);
    put_gauge(out, "kontor_http_refused_busy_total", "counter", site->refused_busy);
    put_gauge(out, "kontor_http_cut_slow_total", "counter", site->cut_slow);
    put_gauge(out, "kontor_uptime_seconds", "gauge",
              (when_mono_us() - site->started_us) / US_SECOND);
    buf_put(out, STR("# TYPE kontor_http_requests_total counter\n"
                     "# TYPE kontor_http_request_seconds histogram\n"));
    for (size_t i = 0; i <= site->routes_len; i++)
        put_route(site, i, out);
}

/* ---- routes ---- */

static void hot_healthz(struct hot *h)
{
    hot_set(h, "Content-Type", STR("text/plain; charset=utf-8"));
    hot_set(h, "Cache-Control", STR("no-store"));
    hot_body(h, STR("ok\n"));
}

static enum rc answer_text(struct req *r, struct str text)
{
    struct http__exchange *x = r->in;
    buf_reset(&x->answer.body);
    buf_put(&x->answer.body, text);
    if (x->answer.body.is_over)
        return RC_BROKEN;
    answer_header(r, "Content-Type", STR("text/plain; version=0.0.4; charset=utf-8"));
    x->answer.status = 200;
    x->is_answered = true;
    return RC_OK;
}

static enum rc page_readyz(struct req *r)
{
    const struct http_hooks *hooks = r->in->site->options.hooks;
    if (r->in->site->is_draining)
        return fail(r->op, RC_BUSY, NULL, M("The server is stopping."));
    if (hooks && hooks->ready)
        TRY(hooks->ready(r->op));
    return answer_text(r, STR("ready\n"));
}

static enum rc page_metrics(struct req *r)
{
    const struct http__site *site = r->in->site;
    AUTO_BUF text = BUF(HTTP_PAGE_MAX);
    uint8_t address[16];
    if (!http__address_parse(r->address, address) ||
        !http__networks_have(&site->metrics_from, address))
        return RC_MISSING;
    http__metrics(site, &text);
    if (site->options.hooks && site->options.hooks->metrics)
        site->options.hooks->metrics(r->op, &text);
    return answer_text(r, buf_str(&text));
}

const struct route http__routes[] = {
    HOT_ROUTE("/healthz", hot_healthz),
    ROUTE(GET, "/readyz", page_readyz, PERM_PUBLIC),
    ROUTE(GET, "/metrics", page_metrics, PERM_PUBLIC),
    {0},
};
