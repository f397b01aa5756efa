/* http: the server, the router and everything between a socket and a handler. A module owns a
 * table of routes; http checks Host, session, permission, CSRF and the declared input, makes a
 * struct op, calls the handler on a worker thread, and turns what it returns into an answer. A
 * handler is straight-line code: read the input, call the domain, end in PAGE, REPLY, REDIRECT or
 * a download, or return the rc that the domain gave.
 *
 *     static enum rc page_pause(struct req *r)
 *     {
 *         const struct pause_form *in = form(r);
 *         TRY(partner_pause(r->op, path_id(r, "prt"), in->reason));
 *         return REDIRECT(r, "/partners/{0}", prt(path_id(r, "prt")));
 *     }
 *
 * Sources: RFC 9110, 9112 (HTTP), 6265 (cookies), 7578 (multipart), 9457 (problem+json), the
 * URL and HTML standards (form encoding). */
#ifndef KONTOR_HTTP_H
#define KONTOR_HTTP_H

#include "base/base.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "html/html.h"
#include "json/json.h"
#include "op/op.h"

/* ---- a request, as a handler sees it ---- */

enum http_method {
    HTTP_GET = 1, /* HEAD arrives as GET */
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE
};

struct route;
struct http__exchange;

struct req {
    struct op *op;
    const struct route *route;
    enum http_method method;
    struct str path;        /* as sent, without the query; checked: one spelling of each path */
    struct str query;       /* after '?', still encoded; empty when there is none */
    struct str address;     /* of the client, behind trusted proxies */
    bool is_api;            /* under /api/v1: Bearer key, JSON, no CSRF token */
    bool is_htmx;           /* wants a fragment (HX-Request without HX-Boosted) */
    bool is_https;          /* public_url is https: cookies are Secure and __Host- */
    struct str csrf_secret; /* of the session; set by hooks.authenticate; absent: no session */
    void *session;          /* of whoever set hooks.authenticate */
    struct http__exchange *in;
};

/* The declared fields, filled and checked: const struct pause_form *in = form(r); */
const void *form(const struct req *r);
/* The id of a ":prt" segment. The router has checked it; a name that the route does not have
 * stops the process. */
int64_t path_id(const struct req *r, const char *name);
struct str path_str(const struct req *r, const char *name); /* of a "{code}" segment, decoded */

struct str req_header(const struct req *r, const char *name); /* absent when not sent */
struct str req_cookie(const struct req *r, const char *name); /* adds __Host- by itself */
struct str req_bearer(const struct req *r); /* of "Authorization: Bearer …"; absent: none */
struct str req_body(const struct req *r);   /* of a RAW_BODY route */

/* For form pages that are shown again: what the person sent for a field (absent: nothing was
 * sent, so show the record's value), the n-th of several, and what is wrong with it, in
 * words (absent: nothing). Field NULL: what is wrong with the whole request. */
struct str req_raw(const struct req *r, const char *field);
struct str req_raw_at(const struct req *r, const char *field, size_t n);
struct str req_problem(struct req *r, const char *field);
bool req_is_again(const struct req *r); /* the form is being shown again with its problems */
/* The page at `address` (path and query of one of our GET routes) as this person would ask it, its
 * declared query filled in: for what was on a list when something was to be done with all of it.
 * RC_MISSING: no such page; RC_DENIED: not this person's to see; RC_INVALID: a query that the page
 * would refuse. Nothing is to be answered through *out. */
enum rc req_aside(struct req *r, struct str address, struct req *out);

/* The route that this request would match as a GET, for links in menus ("is this the current
 * page?") and for checking a return address. NULL: none. */
const struct route *route_find(struct str path);

/* ---- declared input ---- */

enum field_type {
    FIELD_STR = 1,  /* struct str: one line, cleaned; bounds count characters */
    FIELD_BLOCK,    /* struct str: several lines */
    FIELD_SECRET,   /* struct str: exact bytes (passwords, tokens); never shown again */
    FIELD_I64,      /* int64_t, required */
    FIELD_OPT_I64,  /* struct opt_i64 */
    FIELD_BOOL,     /* bool: a check box; absent is false */
    FIELD_DATE,     /* struct date, required: 2026-10-01 */
    FIELD_OPT_DATE, /* struct opt_date */
    FIELD_DEC,      /* struct opt_dec: as people of op->lang type it; in JSON a string or number */
    FIELD_MONEY,    /* struct money: amount in `name`, currency in `name`_currency; JSON: object.
                       No amount: currency is NULL */
    FIELD_ENUM,     /* int: one of `choices` */
    FIELD_ID,       /* int64_t: public id of `prefix`, required */
    FIELD_OPT_ID,   /* struct opt_i64 */
    FIELD_STRS,     /* struct str_list: the field repeated */
    FIELD_IDS,      /* struct i64_list: public ids */
    FIELD_PAIRS, /* struct field_pairs: every field named "NAME:…", as typed: inputs that are known
                    only at run time; in JSON an object NAME */
    FIELD_FILE,  /* struct upload */
    FIELD_PAGE   /* struct list_page: sort, dir (asc, desc), after, before, limit */
};

struct opt_date {
    struct date v;
    bool has;
};
struct opt_dec {
    struct dec v;
    bool has;
};
struct field_pairs {
    struct field_pair {
        struct str name, value; /* name: what stands after the colon */
    } * at;
    size_t len, cap;
};
struct upload {         /* absent (content.at == NULL) when no file was chosen */
    struct str name;    /* as sent, one cleaned line without any path */
    struct str content; /* mapped from a temporary file; valid until the answer */
};
struct field_choice {
    const char *name;
    int value;
};

struct field {
    const char *name;
    enum field_type type;
    uint32_t offset;
    int64_t min, max; /* of numbers; of texts in characters; of lists in items; of files in bytes */
    const char *prefix;                 /* ids */
    const struct field_choice *choices; /* ended by {0} */
    const char *const *sorts;           /* FIELD_PAGE: q_x_sorts */
    bool is_optional;                   /* FIELD_ENUM (0 then), FIELD_FILE */
};

/* A text is required when `min` > 0. An optional text that was not sent is absent, one that was
 * sent empty is empty. Tables end with FIELDS_END. */
#define F_AT_(form_, member_, type_, ...)                                                          \
    {                                                                                              \
        .name = #member_, .type = (type_), .offset = (uint32_t)offsetof(struct form_, member_),    \
        __VA_ARGS__                                                                                \
    }
#define F_STR(form, m, min_, max_)     F_AT_(form, m, FIELD_STR, .min = (min_), .max = (max_))
#define F_BLOCK(form, m, min_, max_)   F_AT_(form, m, FIELD_BLOCK, .min = (min_), .max = (max_))
#define F_SECRET(form, m, min_, max_)  F_AT_(form, m, FIELD_SECRET, .min = (min_), .max = (max_))
#define F_I64(form, m, min_, max_)     F_AT_(form, m, FIELD_I64, .min = (min_), .max = (max_))
#define F_OPT_I64(form, m, min_, max_) F_AT_(form, m, FIELD_OPT_I64, .min = (min_), .max = (max_))
#define F_BOOL(form, m)                F_AT_(form, m, FIELD_BOOL, .is_optional = true)
#define F_DATE(form, m)                F_AT_(form, m, FIELD_DATE, .min = 0)
#define F_OPT_DATE(form, m)            F_AT_(form, m, FIELD_OPT_DATE, .is_optional = true)
#define F_DEC(form, m)                 F_AT_(form, m, FIELD_DEC, .is_optional = true)
#define F_MONEY(form, m)               F_AT_(form, m, FIELD_MONEY, .is_optional = true)
#define F_ENUM(form, m, choices_)      F_AT_(form, m, FIELD_ENUM, .choices = (choices_))
#define F_OPT_ENUM(form, m, choices_)                                                              \
    F_AT_(form, m, FIELD_ENUM, .choices = (choices_), .is_optional = true)
#define F_ID(form, m, prefix_)        F_AT_(form, m, FIELD_ID, .prefix = (prefix_))
#define F_OPT_ID(form, m, prefix_)    F_AT_(form, m, FIELD_OPT_ID, .prefix = (prefix_))
#define F_STRS(form, m, max_)         F_AT_(form, m, FIELD_STRS, .max = (max_))
#define F_IDS(form, m, prefix_, max_) F_AT_(form, m, FIELD_IDS, .prefix = (prefix_), .max = (max_))
#define F_PAIRS(form, m, max_)        F_AT_(form, m, FIELD_PAIRS, .max = (max_))
#define F_FILE(form, m, max_bytes_)   F_AT_(form, m, FIELD_FILE, .max = (max_bytes_))
#define F_OPT_FILE(form, m, max_bytes_)                                                            \
    F_AT_(form, m, FIELD_FILE, .max = (max_bytes_), .is_optional = true)
/* Sort, direction, cursor and limit of a keyset list; `sorts_` is q_x_sorts. */
#define F_PAGE(form, m, sorts_) F_AT_(form, m, FIELD_PAGE, .sorts = (sorts_))
#define FIELDS_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* ---- routes ---- */

#define PERM_PUBLIC    "-public"    /* anybody, also without a session */
#define PERM_SIGNED_IN "-signed-in" /* whoever is signed in: own profile, sign-out */

struct hot;

struct route {
    enum http_method method;
    const char *path; /* "/partners/:prt/pause": ":prt" is a public id with that prefix (":to=prt"
                         names a second one), "{code}" any one segment */
    enum rc (*page)(struct req *r);
    const char *permission;
    const struct field *fields; /* of the query (GET, DELETE) or of the body; NULL: none allowed */
    size_t form_bytes;
    /* Shows the form of this POST again, with status 422 (or 409), when the input was refused.
     * Values and problems: req_raw, req_problem. form(r) is not available there. */
    enum rc (*form_page)(struct req *r);
    int64_t body_bytes_max; /* 0: 256 KiB; with files the sum of their limits and this */
    const char *raw_type;   /* RAW_BODY: content type of a body that the handler reads itself */
    void (*hot)(struct hot *h);
    bool is_api, is_api_only; /* also, or only, under /api/v1 */
};

/* ROUTE(POST, "/partners/:prt/pause", page_pause, "partner.edit", FORM(pause_form, pause_fields),
 * FORM_PAGE(page_edit), API); a table ends with {0}. */
#define ROUTE(method_, path_, page_, permission_, ...)                                             \
    {                                                                                              \
        .method = HTTP_##method_, .path = (path_), .page = (page_), .permission = (permission_),   \
        __VA_ARGS__                                                                                \
    }
#define FORM(type_, fields_) .fields = (fields_), .form_bytes = sizeof(struct type_)
#define FORM_PAGE(page_)     .form_page = (page_)
#define BODY_MAX(bytes_)     .body_bytes_max = (bytes_)
#define API                  .is_api = true
#define API_ONLY             .is_api = true, .is_api_only = true
/* The body is handed over as it came (req_body), at most `bytes_` of it. */
#define RAW_BODY(type_, bytes_) .raw_type = (type_), .body_bytes_max = (bytes_)

/* ---- answers ---- */

/* `title` is a message key (M("Partners")) or NULL after page_title. The page stands in the shell,
 * or is the bare fragment for htmx. */
#define PAGE(r, title, name, data)                                                                 \
    (http_page_begin((r), (title)) ? (name##_view(http_out(r), (data)), http_page_end(r))          \
                                   : RC_BROKEN)
/* The same struct as a page, or through name_json(struct json_writer *, data) for the API. A route
 * with API must answer GETs by this one. */
#define REPLY(r, title, name, data)                                                                \
    (http_wants_json(r) ? (name##_json(http_json(r), (data)), http_json_end(r))                    \
                        : PAGE(r, title, name, data))
/* JSON alone. */
#define JSON(r, name, data) (name##_json(http_json(r), (data)), http_json_end(r))

/* After a change: 303 (HX-Redirect for htmx). The path is ours; {0}… are filled percent-encoded
 * with struct pid, struct str, integers… For the API: 200 with {"location": …}. */
#define REDIRECT(r, ...) HTTP_REDIRECT_(r, 200, __VA_ARGS__)
/* The same after something was made; for the API 201 with {"id": first argument, "location": …}. */
#define CREATED(r, ...) HTTP_REDIRECT_(r, 201, __VA_ARGS__)
/* To an address that came from outside (?to=…): only a path of ours, otherwise "/". */
enum rc http_redirect_to(struct req *r, struct str path);
enum rc http_done(struct req *r); /* 204 */

/* A file: everything put is kept in a temporary file (memory stays small, and an error on the way
 * still becomes an error page), sent with its name and nosniff. Return download_end. A name with
 * is_inline true is shown by the browser when it is a PDF or a picture. */
enum rc download_begin(struct req *r, struct str name, const char *mime, bool is_inline);
enum rc download_put(struct req *r, struct str bytes);
int download_fd(struct req *r); /* to write to directly */
enum rc download_end(struct req *r);

/* More about the answer, any time before it. */
void page_title(struct req *r, struct str title); /* in place of the key: a partner's name */
void answer_status(struct req *r, int status);
void answer_header(struct req *r, const char *name, struct str value);
/* A cookie: HttpOnly, SameSite=Lax, path /, Secure and __Host- on https. max_age_s 0: of the
 * browser session; negative: away with it. */
void answer_cookie(struct req *r, const char *name, struct str value, int64_t max_age_s);
void answer_retry_after(struct req *r, int seconds); /* with RC_LIMIT and RC_BUSY */
/* API: the ETag of the record; If-Match of a request fills a declared field "revision". */
void answer_revision(struct req *r, int64_t revision);
/* A message for the next page ("Saved"), or this one when no redirect follows: a key. */
void answer_note(struct req *r, const char *key);

/* What stands behind the macros. */
bool http_wants_json(const struct req *r);
bool http_page_begin(struct req *r, const char *title);
struct out *http_out(struct req *r);
enum rc http_page_end(struct req *r);
struct json_writer *http_json(struct req *r);
enum rc http_json_end(struct req *r);
enum rc http_redirect(struct req *r, int api_status, const char *pattern,
                      const struct html_any *args);

/* ---- what other modules plug in ---- */

struct http_page {    /* what the shell wraps */
    struct str title; /* translated */
    struct safe_html body;
    struct str note; /* message to show, translated; absent: none */
    int status;
};

struct http_saved { /* an answer that was given before */
    int status;
    struct str type, location, body;
};

struct http_hooks {
    /* Fills op->actor, op->lang, op->zone, r->csrf_secret and r->session from the cookie, or for
     * the API from the key. Nobody signed in is RC_OK with ACTOR_NOBODY; a wrong or revoked API
     * key is RC_SIGN_IN. Before it, lang is negotiated and the actor is nobody. */
    enum rc (*authenticate)(struct req *r);
    /* Writes the whole document around page->body. NULL: a plain one. */
    void (*shell)(struct req *r, struct out *o, const struct http_page *page);
    /* Answers (PAGE, 401) a request that needs a session. `stash` is absent, or the text of a
     * hidden field "stash" that carries the form the person was filling in: the sign-in form sends
     * it back and its handler ends in http_stash_resume. `to` is where to go otherwise. */
    enum rc (*sign_in)(struct req *r, struct str to, struct str stash);
    /* API POST with Idempotency-Key. begin looks the key up for this actor: found and finished ->
     * *out_is_repeat and the saved answer; found with another digest -> RC_CONFLICT; not found ->
     * opens a transaction that the handler's own join, so that key and effect commit together.
     * `end` saves the answer and commits; `drop` rolls back after a failure. */
    enum rc (*idempotency_begin)(struct req *r, struct str key, struct str digest,
                                 bool *out_is_repeat, struct http_saved *out_saved);
    enum rc (*idempotency_end)(struct req *r, const struct http_saved *answer);
    void (*idempotency_drop)(struct req *r);
    /* More lines for /metrics (Prometheus text); on a worker. */
    void (*metrics)(struct op *op, struct buf *out);
    /* RC_OK: /readyz says 200. */
    enum rc (*ready)(struct op *op);
};

/* To be called by the sign-in handler, after answer_cookie of the new session and with op->actor
 * and r->csrf_secret already of the new one: shows the form that was being filled in, with its
 * values (RC_MISSING: no or no longer valid stash, redirect instead). */
enum rc http_stash_resume(struct req *r, struct str stash);

/* The hidden field's value for forms that are shown outside a page (struct out has it in csrf). */
struct str http_csrf(struct req *r);

/* ---- hot routes: answered on the event thread from memory ---- */

/* No database, no lock that another thread may hold for long, nothing that waits. Everything lives
 * until the answer is queued. */
struct str hot_param(const struct hot *h, const char *name);  /* "{code}" of the path, decoded */
struct str hot_query(const struct hot *h, const char *name);  /* decoded; absent */
struct str hot_query_all(const struct hot *h);                /* raw */
struct str hot_header(const struct hot *h, const char *name); /* absent */
struct str hot_cookie(const struct hot *h, const char *name);
struct str hot_address(const struct hot *h);
struct arena *hot_arena(struct hot *h);
int64_t hot_now(const struct hot *h);
void hot_status(struct hot *h, int status);                      /* 200 */
void hot_set(struct hot *h, const char *name, struct str value); /* a header */
void hot_set_cookie(struct hot *h, const char *name, struct str value, int64_t max_age_s);
void hot_body(struct hot *h, struct str body); /* copied */
#define HOT_ROUTE(path_, hot_)                                                                     \
    {                                                                                              \
        .method = HTTP_GET, .path = (path_), .permission = PERM_PUBLIC, .hot = (hot_)              \
    }

/* ---- the server ---- */

struct asset { /* a file of the browser, embedded; ui has the table */
    const char *name, *path, *mime, *etag;
    struct str plain, gz, br;
};

struct http_options {
    struct str listen;     /* "127.0.0.1:8080", "[::]:8080"; port 0: any */
    struct str public_url; /* "https://kontor.example": the only source of absolute URLs */
    struct str hosts;      /* more names allowed in Host, comma separated */
    struct str trusted_proxies, metrics_from; /* networks: "10.0.0.0/8, ::1" */
    struct str temp_dir;
    int event_threads, workers; /* 0: one per core; 0: two per core */
    int queue_max, connections_max;
    int64_t header_us, idle_us, body_grace_us, stop_us;
    int64_t drain_us;      /* how long a stop goes on taking requests while /readyz says 503 */
    int64_t body_rate_min; /* bytes a second after the grace */
    bool has_access_log;
    uint8_t secret[CRYPT_KEY_BYTES]; /* signs stashes and tokens of forms before sign-in */

    const char *version;               /* of the program, for /api/v1/openapi.json */
    struct database *database;         /* NULL: tests without one */
    const struct route *const *routes; /* tables, ended by NULL */
    const struct http_hooks *hooks;
    const struct asset *assets;
    size_t assets_len;
    const struct zone *zone; /* of the operator */
};

/* http_listen, public_url, http_hosts, trusted_proxies, http_threads, http_workers, http_queue,
 * http_connections, http_header_timeout, http_idle_timeout, http_drain_time, http_stop_timeout,
 * access_log, metrics_from. */
extern const struct conf_def http_settings[];
void http_options_read(struct http_options *out); /* from conf */

struct http_server;
/* Checks all routes (permission declared, no two alike, fields sane: a mistake stops the process),
 * binds and starts threads. RC_INVALID with `fault`: the address cannot be used. */
enum rc http_start(const struct http_options *options, struct fault *fault,
                   struct http_server **out);
int http_port(const struct http_server *server);
/* Async-signal-safe. From now on /readyz says 503; after drain_us nothing new is accepted and
 * requests in progress finish (at most stop_us). */
void http_stop(struct http_server *server);
void http_join(struct http_server *server); /* until stopped; frees everything */

/* Absolute URL of one of our paths, for mails. */
struct str http_url(struct arena *arena, struct str path);

/* The API of these tables (ended by NULL) as OpenAPI 3.1 in JSON; the same is served. */
void http_openapi(const struct route *const *tables, const char *version, struct buf *out);
extern const struct route http_openapi_routes[]; /* /api/v1/openapi.json, /api-reference */

/* Every registered route, for `kontor routes`, OpenAPI and the crawl of tests; i from 0, NULL at
 * the end. */
const struct route *http_route_at(size_t i);

/* ---- the same without a socket: page tests ---- */

struct http_test_request {
    const char *method;         /* "GET" */
    struct str target;          /* path and query, encoded */
    const char *const *headers; /* "Name: value", ended by NULL; Host is added */
    struct str body;
    const struct actor *actor; /* acts as this one in place of hooks.authenticate; NULL: the hook */
    struct str csrf_secret;    /* of that actor's session; the token is added by itself when set */
};
struct http_test_answer {
    int status;
    struct str headers; /* "Name: value\n" lines */
    struct str body;
};
/* A router without threads or sockets on a connection. */
struct http_test;
struct http_test *http_test_new(const struct http_options *options, struct db *db);
void http_test_free(struct http_test *test);
/* The answer lives in `arena`. */
void http_test_send(struct http_test *test, struct arena *arena,
                    const struct http_test_request *request, struct http_test_answer *out);
struct str http_test_header(const struct http_test_answer *answer, const char *name);

/* ---- macros of REDIRECT ---- */

#define HTTP_REDIRECT_(r, status, ...)                                                             \
    HTTP_PICK_(__VA_ARGS__, HTTP_R4_, HTTP_R3_, HTTP_R2_, HTTP_R1_, HTTP_R0_, 0)                   \
    (r, status, __VA_ARGS__)
#define HTTP_PICK_(p, a, b, c, d, name, ...) name
/* clang-format off */
#define HTTP_R0_(r, s, p)                                                                          \
    http_redirect((r), (s), (p), (const struct html_any[]){{.kind = 0}})
/* clang-format on */
#define HTTP_R1_(r, s, p, a)                                                                       \
    http_redirect((r), (s), (p), (const struct html_any[]){HTML_ANY_(a, ), {.kind = 0}})
#define HTTP_R2_(r, s, p, a, b)                                                                    \
    http_redirect((r), (s), (p),                                                                   \
                  (const struct html_any[]){HTML_ANY_(a, ), HTML_ANY_(b, ), {.kind = 0}})
#define HTTP_R3_(r, s, p, a, b, c)                                                                 \
    http_redirect(                                                                                 \
        (r), (s), (p),                                                                             \
        (const struct html_any[]){HTML_ANY_(a, ), HTML_ANY_(b, ), HTML_ANY_(c, ), {.kind = 0}})
#define HTTP_R4_(r, s, p, a, b, c, d)                                                              \
    http_redirect(                                                                                 \
        (r), (s), (p),                                                                             \
        (const struct html_any[]){                                                                 \
            HTML_ANY_(a, ), HTML_ANY_(b, ), HTML_ANY_(c, ), HTML_ANY_(d, ), {.kind = 0}})

#endif
