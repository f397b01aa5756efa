/* The life of a request on a worker, from the checked head to the finished answer: who asks, may
 * they, is it really them, is the input what was declared, then the handler. */
#include <sys/mman.h>

#include "http/http_int.h"

bool http__is_unsafe(const struct req *r)
{
    return r->method != HTTP_GET;
}

static bool is_permission(const struct route *route, const char *name)
{
    return strcmp(route->permission, name) == 0;
}

/* ---- who ---- */

static enum rc authenticate(struct req *r)
{
    const struct http_hooks *hooks = r->in->site->options.hooks;
    const struct http_test_request *test = r->in->test;
    if (test && test->actor) {
        r->op->actor = *test->actor;
        r->csrf_secret = test->csrf_secret;
        return RC_OK;
    }
    return hooks && hooks->authenticate ? hooks->authenticate(r) : RC_OK;
}

/* ---- the steps before the handler ---- */

static enum rc check_route(struct req *r)
{
    const struct http__match *match = &r->in->match;
    if (match->route)
        return RC_OK;
    if (!match->is_other_method)
        return RC_MISSING;
    answer_header(r, "Allow", str_of(match->allow));
    r->in->wanted_status = 405;
    return fail(r->op, RC_INVALID, NULL, M("This cannot be done here."));
}

static enum rc check_rights(struct req *r)
{
    bool is_nobody = r->op->actor.kind == ACTOR_NOBODY;
    if (is_permission(r->route, PERM_PUBLIC))
        return RC_OK;
    if (is_nobody)
        return RC_SIGN_IN;
    return is_permission(r->route, PERM_SIGNED_IN) ? RC_OK : op_must(r->op, r->route->permission);
}

static enum rc check_raw_type(struct req *r)
{
    if (!r->route->raw_type)
        return RC_OK;
    struct str type = http__media_type(r->op->arena, req_header(r, "Content-Type"));
    if (str_eq(type, str_of(r->route->raw_type)))
        return RC_OK;
    r->in->wanted_status = 415;
    return fail(r->op, RC_INVALID, NULL, M("This kind of content is not accepted here."));
}

/* The order matters: nothing is read for a request of another site, nothing but the form's own
 * values is kept for somebody who must sign in first. */
static enum rc prepare(struct req *r)
{
    bool is_form = http__is_unsafe(r) && !r->is_api;
    enum rc who = authenticate(r);
    if (!r->op->lang)
        r->op->lang = lang_of(LANG_EN);
    TRY(check_route(r));
    if (is_form)
        TRY(http__check_origin(r));
    TRY(who);
    enum rc rights = check_rights(r);
    if (rights != RC_OK && (rights != RC_SIGN_IN || !is_form))
        return rights;
    TRY(http__fields_read(r));
    TRY(rights);
    if (is_form)
        TRY(http__check_csrf(r));
    TRY(check_raw_type(r));
    return http__fields_fill(r);
}

/* ---- repeated POSTs of programs ---- */

static struct str request_digest(struct req *r)
{
    struct crypt_sha256_state state;
    uint8_t digest[CRYPT_SHA256_BYTES];
    crypt_sha256_start(&state);
    crypt_sha256_more(&state, r->in->method);
    crypt_sha256_more(&state, r->in->target);
    crypt_sha256_more(&state, STR("\n"));
    crypt_sha256_more(&state, req_body(r));
    crypt_sha256_end(&state, digest);
    return crypt_hex(r->op->arena, (struct str){(const char *)digest, sizeof(digest)});
}

static enum rc answer_saved(struct req *r, const struct http_saved *saved)
{
    struct http__exchange *x = r->in;
    if (saved->type.len > 0)
        answer_header(r, "Content-Type", saved->type);
    if (saved->location.len > 0)
        answer_header(r, "Location", saved->location);
    answer_header(r, "Idempotency-Replayed", STR("true"));
    buf_reset(&x->answer.body);
    if (saved->body.len > 0)
        buf_put(&x->answer.body, saved->body);
    x->answer.status = saved->status;
    x->is_answered = true;
    return RC_OK;
}

static struct str header_of_answer(const struct http__exchange *x, const char *name)
{
    for (size_t i = 0; i < x->answer.headers.len; i++)
        if (str_eq_nocase(x->answer.headers.at[i].name, str_of(name)))
            return x->answer.headers.at[i].value;
    return STR("");
}

/* The hook's transaction is open around the handler, so key and effect commit together. */
static enum rc run_once(struct req *r, struct str key)
{
    const struct http_hooks *hooks = r->in->site->options.hooks;
    struct http_saved saved = {0};
    bool is_repeat = false;
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] <= 0x20 || key.at[i] >= 0x7f)
            key.len = 0;
    if (key.len == 0 || key.len > 255) {
        r->in->wanted_status = 400;
        return fail(r->op, RC_INVALID, "Idempotency-Key",
                    M("Idempotency-Key is 1 to 255 visible characters."));
    }
    TRY(hooks->idempotency_begin(r, key, request_digest(r), &is_repeat, &saved));
    if (is_repeat)
        return answer_saved(r, &saved);
    enum rc rc = r->route->page(r);
    if (rc == RC_OK && r->in->is_answered) {
        saved = (struct http_saved){.status = r->in->answer.status,
                                    .type = header_of_answer(r->in, "Content-Type"),
                                    .location = header_of_answer(r->in, "Location"),
                                    .body = buf_str(&r->in->answer.body)};
        rc = hooks->idempotency_end(r, &saved);
    }
    if (rc != RC_OK || !r->in->is_answered)
        hooks->idempotency_drop(r);
    return rc;
}

static enum rc handle(struct req *r)
{
    const struct http_hooks *hooks = r->in->site->options.hooks;
    struct str key = req_header(r, "Idempotency-Key");
    TRY(prepare(r));
    if (r->is_api && r->method == HTTP_POST && key.at && hooks && hooks->idempotency_begin)
        return run_once(r, key);
    return r->route->page(r);
}

/* ---- around it ---- */

void http__map_body(struct http__exchange *x)
{
    if (x->body_fd < 0 || x->body_bytes == 0)
        return;
    void *at = mmap(NULL, (size_t)x->body_bytes, PROT_READ, MAP_PRIVATE, x->body_fd, 0);
    if (at != MAP_FAILED)
        x->mapped = (struct str){at, (size_t)x->body_bytes};
}

static void unmap_body(struct http__exchange *x)
{
    union {
        const char *in;
        void *out;
    } at = {x->mapped.at};
    if (at.in)
        munmap(at.out, x->mapped.len);
    x->mapped = STR_NONE;
}

static struct req *req_new(struct http__exchange *x, struct op *op)
{
    static const enum http_method methods[] = {HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH,
                                               HTTP_DELETE};
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    struct req *r = NEW(op->arena, struct req);
    r->op = op;
    r->in = x;
    r->route = x->match.route;
    r->method = HTTP_GET; /* HEAD, too */
    for (size_t i = 0; i < LEN(names); i++)
        if (str_eq(x->method, str_of(names[i])))
            r->method = methods[i];
    r->path = x->path;
    r->query = x->query;
    r->address = http__client_address(x, &r->is_https);
    r->is_https = x->site->is_https;
    r->is_api = x->match.is_api;
    r->is_htmx = str_eq(req_header(r, "HX-Request"), STR("true")) &&
                 !str_eq(req_header(r, "HX-Boosted"), STR("true")) &&
                 !str_eq(req_header(r, "HX-History-Restore-Request"), STR("true"));
    return r;
}

static void op_start(struct http__exchange *x, struct op *op, struct arena *arena, struct db *db)
{
    op_init(op, arena, db, when_now());
    op->actor = (struct actor){.kind = ACTOR_NOBODY};
    op->request_id = x->request_id;
    op->lang = lang_negotiate(http__header(x, "Accept-Language"));
    op->zone = x->site->options.zone ? x->site->options.zone : zone_utc();
    log_request_id_set(x->request_id);
}

void http__run(struct http__exchange *x, struct arena *arena, struct db *db)
{
    struct op op;
    op_start(x, &op, arena, db);
    http__map_body(x);
    struct req *r = req_new(x, &op);
    op.actor.address = r->address;
    enum rc rc = handle(r);
    if (rc == RC_OK && !x->is_answered) {
        log_event(LOG_ERROR, "no_answer", "route", str_of(r->route->path), NULL);
        rc = RC_BROKEN;
    }
    if (rc != RC_OK)
        http__answer_error(r, rc);
    if (db &&
        db_in_transaction(db)) { /* a handler forgot its end; nothing may leak into the next */
        log_event(LOG_ERROR, "transaction_left_open", "route",
                  str_of(r->route ? r->route->path : "-"), NULL);
        db_rollback(db);
    }
    http__answer_headers(r);
    unmap_body(x);
    log_request_id_set(STR_NONE);
}
