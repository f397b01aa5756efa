/* What the files of http share: the exchange (one request and its answer, without a socket), the
 * site (routes and settings, read-only after start), and the parsers of what comes in. */
#ifndef KONTOR_HTTP_INT_H
#define KONTOR_HTTP_INT_H

#include "http/http.h"

enum {
    HTTP_TARGET_MAX = 8 * 1024,
    HTTP_HEADER_BYTES_MAX = 16 * 1024,
    HTTP_HEADERS_MAX = 100,
    HTTP_SEGMENTS_MAX = 16,
    HTTP_FIELDS_MAX = 2000, /* sent, not declared */
    HTTP_BODY_DEFAULT = 256 * 1024,
    HTTP_BODY_IN_MEMORY = 64 * 1024,
    HTTP_PAGE_MAX = 16 * 1024 * 1024,
    HTTP_PARAMS_MAX = 6,
    HTTP_STASH_MAX = 64 * 1024,
    HTTP_REQUEST_ID_BYTES = 16
};

/* ---- parsing; pure functions over bytes (http_parse.c) ---- */

struct http__pair {
    struct str name, value;
};
struct http__pairs {
    struct http__pair *at;
    size_t len, cap;
};

struct http__raw { /* one submitted value */
    struct str name, value;
    bool is_file;
    struct str file_name;
};
struct http__raws {
    struct http__raw *at;
    size_t len, cap;
};

/* One decoding of %XX (and of '+' in forms): false for broken escapes, NUL and what is no UTF-8. */
MUST_USE bool http__decode(struct arena *arena, struct str text, bool is_form, struct str *out);
/* name=value&…; false: broken, or more than HTTP_FIELDS_MAX. */
MUST_USE bool http__parse_form(struct arena *arena, struct str text, struct http__raws *out);
/* RFC 7578 over a whole body; values point into it. */
MUST_USE bool http__parse_multipart(struct arena *arena, struct str boundary, struct str body,
                                    struct http__raws *out);
/* Segments of a path, decoded; false for anything that has two spellings (//, ., .., %2F, a
 * trailing slash, controls). "/" has none. */
MUST_USE bool http__parse_path(struct arena *arena, struct str path,
                               struct str out[HTTP_SEGMENTS_MAX], size_t *out_len);
/* The value of a cookie by its exact name; absent when there is none or it stands twice. */
struct str http__cookie(struct str header, struct str name);
/* "text/html; charset=x" -> "text/html" in lower case (in out), and a parameter. */
struct str http__media_type(struct arena *arena, struct str header);
struct str http__media_param(struct arena *arena, struct str header, const char *name);
/* True when Accept-Encoding takes the coding (q above 0). */
bool http__accepts_coding(struct str header, const char *coding);
/* The last path segment of a file name as browsers send it, one cleaned line. */
struct str http__file_name(struct arena *arena, struct str name);
bool http__is_our_path(struct str path); /* safe as a redirect target: begins with one '/' */

/* ---- networks (http_net.c) ---- */

struct http__network {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
    int bits;
};
struct http__networks {
    struct http__network *at;
    size_t len, cap;
};
/* "10.0.0.0/8, ::1"; false when one is none. */
MUST_USE bool http__networks_parse(struct arena *arena, struct str text,
                                   struct http__networks *out);
MUST_USE bool http__address_parse(struct str text, uint8_t out[16]);
bool http__networks_have(const struct http__networks *networks, const uint8_t address[16]);

/* ---- the site: what does not change after start ---- */

enum { HTTP_BUCKETS = 12 };

struct http__stats {              /* of one route */
    _Atomic uint64_t by_class[6]; /* answers 1xx…5xx */
    _Atomic uint64_t sum_us;
    _Atomic uint64_t buckets[HTTP_BUCKETS];
};

struct http__node;
struct http__site {
    struct http_options options;
    struct arena *arena; /* of the site itself */
    struct http__node *tree;
    const struct route **routes;
    struct http__stats *stats; /* one a route, and one more for no route */
    size_t routes_len;
    struct str_list hosts;
    struct http__networks proxies, metrics_from;
    struct map *assets; /* path -> const struct asset */
    bool is_https;
    struct str origin; /* "https://kontor.example" */
    uint8_t token_key[CRYPT_KEY_BYTES], stash_key[CRYPT_KEY_BYTES];
    int64_t started_us;
    /* figures of the server for /metrics */
    _Atomic int64_t queue_len, connections, in_progress, refused_busy, cut_slow, requests_hot;
    _Atomic bool is_draining; /* a stop has begun: not ready any more */
};
struct http__site *http__site_new(const struct http_options *options);
void http__site_free(struct http__site *site);
extern const struct http__site *http__current; /* for http_url and route_find */

struct http__param {
    const char *name;
    struct str text;
    int64_t id;
};

struct http__match {
    const struct route *route; /* NULL: nothing at this path, or not by this method */
    size_t route_i;            /* routes_len when route is NULL */
    bool is_other_method;
    char allow[48]; /* "GET, HEAD, POST" */
    struct http__param params[HTTP_PARAMS_MAX];
    size_t params_len;
    bool is_api;
    bool is_bad_path;
};
void http__routes_check(struct http__site *site);
void http__match(const struct http__site *site, struct arena *arena, struct str method,
                 struct str path, struct http__match *out);

/* ---- the exchange ---- */

struct http__answer {
    int status; /* 0: not answered yet */
    struct http__pairs headers;
    struct buf body;       /* owned */
    struct str fixed_body; /* in place of it: static, or of the exchange's arena */
    int fd;                /* in place of both; -1 */
    int64_t fd_bytes;
    bool wants_close;
};

struct http__exchange {
    struct arena *arena; /* the request's own bytes, and its answer's headers when hot */
    struct str method, target, path, query, version;
    struct http__pairs headers;
    struct str peer;
    uint8_t peer_bytes[16];
    struct http__match match;
    struct str request_id;
    struct buf body;
    int body_fd; /* -1: in memory */
    int64_t body_bytes;
    int64_t started_us; /* monotonic */
    struct http__answer answer;
    bool is_hot;

    /* while a handler runs (worker) */
    const struct http__site *site;
    struct http__raws raws;
    struct str mapped; /* body file in memory */
    void *form;
    const char *page_key; /* title of the page: a key, or words */
    struct str page_title;
    const char *note;
    struct out out;
    struct buf json_buf;
    struct json_writer json;
    struct str nonce;
    struct str csrf; /* token for forms, made when first needed */
    int wanted_status;
    bool is_answered;
    bool is_again;
    bool is_error_page;
    struct str download_type, download_name;
    int64_t download_bytes;
    bool is_download_inline;
    const struct http_test_request *test;

    /* of the server */
    struct http__exchange *next;
    void *lane, *connection, *response, *conn;
    const char *raw_target; /* where the library has it */
};

void http__exchange_init(struct http__exchange *x, struct arena *arena,
                         const struct http__site *site);
void http__exchange_reset(struct http__exchange *x); /* ready for the next request */
struct str http__header(const struct http__exchange *x, const char *name);

/* Checks that need no route: method, target, Host, framing. 0, or the status to refuse with. */
int http__check_head(struct http__exchange *x);
/* The most that the body may have; -1 when the route takes none. */
int64_t http__body_max(const struct http__exchange *x);
/* A short answer in plain text or problem+json, made without a worker. */
void http__refuse(struct http__exchange *x, int status, const char *why);
void http__run_hot(struct http__exchange *x);
/* The whole life of a request on a worker: x->answer is set afterwards. */
void http__run(struct http__exchange *x, struct arena *arena, struct db *db);
void http__map_body(struct http__exchange *x);

/* ---- parts of a request's life ---- */

bool http__is_unsafe(const struct req *r);
enum rc http__fields_read(struct req *r); /* raw values from query or body */
/* "NAME:…" of a FIELD_PAIRS called NAME. */
bool http__is_pair(const struct field *field, struct str name);
enum rc http__fields_fill(struct req *r); /* into the form, with all problems at once */
enum rc http__raws_from_json(struct req *r, struct str text);
enum rc http__check_origin(struct req *r);
enum rc http__check_csrf(struct req *r);
struct str http__stash_make(struct req *r);
void http__answer_error(struct req *r, enum rc rc);
void http__answer_reset(struct http__exchange *x);
void http__answer_headers(struct req *r); /* security and caching, last of all */
struct str http__cookie_text(const struct http__exchange *x, struct arena *arena, const char *name,
                             struct str value, int64_t max_age_s);
void http__put_header(struct http__exchange *x, struct arena *arena, const char *name,
                      struct str value);
void http__metrics(const struct http__site *site, struct buf *out);
void http__count(const struct http__site *site, const struct http__exchange *x, int64_t us);
void http__log_access(const struct http__exchange *x, int64_t us);
void http__request_id(struct http__exchange *x);
struct str http__client_address(const struct http__exchange *x, bool *out_is_https);
const char *http__reason(int status);

extern const struct route http__routes[];

#endif
