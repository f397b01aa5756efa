/* Refusals and failures in words: a page for people, problem+json (RFC 9457) for programs, the
 * form again with its problems, or the way to the sign-in. */
#include "http/http_int.h"
#include "http/http_view.h"
#include "http/http_view_int.h"

static const char *title_of(int status)
{
    switch (status) {
    case 400: return M("The request was not understood");
    case 401: return M("Please sign in");
    case 403: return M("You may not do this");
    case 404: return M("There is nothing here");
    case 405: return M("This cannot be done here");
    case 409: return M("Somebody else was faster");
    case 413: return M("This is too large");
    case 415: return M("This kind of content is not accepted");
    case 422: return M("Something needs to be corrected");
    case 429: return M("Too many tries");
    case 503: return M("The server is busy");
    case 507: return M("The server has no room left");
    default: return M("Something broke on our side");
    }
}

static const char *advice_of(enum rc rc)
{
    switch (rc) {
    case RC_SIGN_IN: return M("Your session has ended, or this needs one.");
    case RC_DENIED: return M("Ask an administrator if you need this.");
    case RC_MISSING: return M("The address is wrong, or the record is not yours to see.");
    case RC_CONFLICT: return M("Load the page again to see what has changed.");
    case RC_LIMIT: return M("Wait a little and try again.");
    case RC_BUSY: return M("Nothing has happened. Try again in a moment.");
    case RC_UNSURE:
        return M("It is not certain whether your change was saved. Check before you "
                 "repeat it.");
    case RC_FULL: return M("Nothing has happened. Reading still works.");
    case RC_BROKEN: return M("It has been written to the log under the number below.");
    default: return NULL;
    }
}

static int status_of(const struct req *r, enum rc rc)
{
    return r->in->wanted_status ? r->in->wanted_status : rc_http_status(rc);
}

/* ---- for programs ---- */

static void put_entry(struct req *r, struct json_writer *w, const struct fault_entry *entry)
{
    json_object(w);
    if (entry->field)
        json_pair_str(w, "field", str_of(entry->field));
    json_pair_str(w, "message", i18n_fault(r->op->arena, r->op->lang, entry));
    if (entry->line > 0)
        json_pair_i64(w, "line", entry->line);
    if (entry->column > 0)
        json_pair_i64(w, "column", entry->column);
    json_object_end(w);
}

static void answer_problem(struct req *r, enum rc rc)
{
    struct http__exchange *x = r->in;
    int status = status_of(r, rc);
    const struct fault *fault = &r->op->fault;
    const char *advice = advice_of(rc);
    struct json_writer *w = http_json(r);
    json_object(w);
    json_pair_str(w, "title", tr(r->op->lang, title_of(status)));
    json_pair_i64(w, "status", status);
    json_pair_str(w, "code", str_of(rc_code(rc)));
    if (fault->entries_len > 0)
        json_pair_str(w, "detail", i18n_fault(r->op->arena, r->op->lang, &fault->entries[0]));
    else if (advice)
        json_pair_str(w, "detail", tr(r->op->lang, advice));
    if (fault->entries_len > 0 && fault->entries[0].field)
        json_pair_str(w, "field", str_of(fault->entries[0].field));
    json_pair_str(w, "request_id", x->request_id);
    if (fault->entries_len > 0) {
        json_key(w, "errors");
        json_array(w);
        for (size_t i = 0; i < fault->entries_len; i++)
            put_entry(r, w, &fault->entries[i]);
        json_array_end(w);
    }
    json_object_end(w);
    buf_done(&x->answer.body);
    x->answer.body = x->json_buf;
    x->json_buf = (struct buf)BUF(HTTP_PAGE_MAX);
    answer_header(r, "Content-Type", STR("application/problem+json"));
    if (rc == RC_SIGN_IN)
        answer_header(r, "WWW-Authenticate", STR("Bearer realm=\"kontor\""));
    x->answer.status = status;
    x->is_answered = true;
}

/* ---- for people ---- */

static enum rc page_error(struct req *r, enum rc rc)
{
    const char *advice = advice_of(rc);
    int status = status_of(r, rc);
    struct http__error error = {.status = status,
                                .title = tr(r->op->lang, title_of(status)),
                                .request_id = r->in->request_id};
    for (size_t i = 0; i < r->op->fault.entries_len && rc != RC_BROKEN; i++)
        VEC_PUSH(r->op->arena, &error.messages,
                 i18n_fault(r->op->arena, r->op->lang, &r->op->fault.entries[i]));
    if (advice && (error.messages.len == 0 || rc == RC_UNSURE))
        VEC_PUSH(r->op->arena, &error.messages, tr(r->op->lang, advice));
    r->in->wanted_status = status;
    r->in->page_title = STR_NONE;
    r->in->is_again = false;
    return PAGE(r, title_of(status), http_error, &error);
}

/* Where to return after the sign-in: this page, or the one that htmx stands on. */
static struct str return_path(struct req *r)
{
    struct str current = req_header(r, "HX-Current-URL");
    if (r->is_htmx && current.at) {
        size_t scheme = str_find(current, STR("://"), 0);
        size_t slash = scheme == SIZE_MAX ? SIZE_MAX : str_find(current, STR("/"), scheme + 3);
        struct str path = slash == SIZE_MAX ? STR("/") : str_sub(current, slash, current.len);
        return http__is_our_path(path) ? path : STR("/");
    }
    if (r->method != HTTP_GET)
        return STR("/");
    return http__is_our_path(r->in->target) ? r->in->target : STR("/");
}

static enum rc page_sign_in(struct req *r)
{
    const struct http_hooks *hooks = r->in->site->options.hooks;
    if (!hooks || !hooks->sign_in)
        return page_error(r, RC_SIGN_IN);
    if (r->is_htmx && r->method == HTTP_GET) {
        answer_header(r, "HX-Refresh", STR("true"));
        r->in->wanted_status = 200;
        return http_done(r);
    }
    struct str to = return_path(r), stash = http__stash_make(r);
    if (r->is_htmx) { /* the sign-in takes the whole page, not the place of the fragment */
        answer_header(r, "HX-Retarget", STR("body"));
        answer_header(r, "HX-Reswap", STR("innerHTML"));
        r->is_htmx = false;
        r->in->wanted_status = 200;
    } else {
        r->in->wanted_status = 401;
    }
    return hooks->sign_in(r, to, stash);
}

static bool shows_form_again(const struct req *r, enum rc rc)
{
    return r->route && r->route->form_page && !r->in->is_again && !r->in->wanted_status &&
           (rc == RC_INVALID || rc == RC_CONFLICT || rc == RC_TOO_LARGE || rc == RC_LIMIT);
}

static void log_failure(const struct req *r, enum rc rc)
{
    const struct fault *fault = &r->op->fault;
    struct str message = fault->entries_len ? str_of(fault->entries[0].message) : STR("");
    log_event(rc == RC_BROKEN ? LOG_ERROR : LOG_WARN, "request_failed", "code", str_of(rc_code(rc)),
              "route", str_of(r->route ? r->route->path : "-"), "message", message, NULL);
}

static enum rc answer_people(struct req *r, enum rc rc)
{
    if (rc == RC_SIGN_IN)
        return page_sign_in(r);
    if (shows_form_again(r, rc)) {
        r->in->is_again = true;
        return r->route->form_page(r);
    }
    return page_error(r, rc);
}

void http__answer_error(struct req *r, enum rc rc)
{
    struct http__exchange *x = r->in;
    http__answer_reset(x);
    if (rc == RC_BROKEN || rc == RC_UNSURE || rc == RC_FULL)
        log_failure(r, rc);
    if ((rc == RC_BUSY || rc == RC_UNSURE) && x->answer.headers.len == 0)
        answer_retry_after(r, 1);
    if (r->is_api) {
        answer_problem(r, rc);
        return;
    }
    enum rc shown = answer_people(r, rc);
    if (shown == RC_OK && x->is_answered)
        return;
    http__answer_reset(x); /* also the page that should have said it failed */
    x->wanted_status = 0;
    shown = page_error(r, shown == RC_OK ? RC_BROKEN : shown);
    if (shown == RC_OK && x->is_answered)
        return;
    http__answer_reset(x);
    http__refuse(x, 500, "broken");
    x->is_answered = true;
}
