/* How a handler answers: a page in its shell or as a fragment, JSON, a redirect, a file. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "http/http_int.h"
#include "http/http_view.h"

#define NOTE_COOKIE "kontor_note"
enum { DOWNLOAD_BUFFER_BYTES = 64 * 1024 };

bool http_wants_json(const struct req *r)
{
    return r->is_api;
}

/* ---- headers and cookies ---- */

void answer_status(struct req *r, int status)
{
    r->in->wanted_status = status;
}

void answer_header(struct req *r, const char *name, struct str value)
{
    http__put_header(r->in, r->op->arena, name, value);
}

struct str http__cookie_text(const struct http__exchange *x, struct arena *arena, const char *name,
                             struct str value, int64_t max_age_s)
{
    AUTO_BUF text = BUF(4096);
    for (size_t i = 0; i < value.len; i++)
        assert(value.at[i] > 0x20 && value.at[i] < 0x7f && !strchr("\",;\\", value.at[i]));
    buf_printf(&text, "%s%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax%s",
               x->site->is_https ? "__Host-" : "", name, STR_ARG(value),
               x->site->is_https ? "; Secure" : "");
    if (max_age_s)
        buf_printf(&text, "; Max-Age=%lld", (long long)(max_age_s > 0 ? max_age_s : 0));
    assert(!text.is_over);
    return str_dup(arena, buf_str(&text));
}

void answer_cookie(struct req *r, const char *name, struct str value, int64_t max_age_s)
{
    answer_header(r, "Set-Cookie", http__cookie_text(r->in, r->op->arena, name, value, max_age_s));
}

void answer_retry_after(struct req *r, int seconds)
{
    answer_header(r, "Retry-After", str_printf(r->op->arena, "%d", seconds));
}

void answer_revision(struct req *r, int64_t revision)
{
    answer_header(r, "ETag", str_printf(r->op->arena, "\"%lld\"", (long long)revision));
}

void answer_note(struct req *r, const char *key)
{
    r->in->note = key;
}

void page_title(struct req *r, struct str title)
{
    r->in->page_title = str_dup(r->op->arena, title);
}

static struct str answer_header_value(const struct http__exchange *x, const char *name)
{
    for (size_t i = 0; i < x->answer.headers.len; i++)
        if (str_eq_nocase(x->answer.headers.at[i].name, str_of(name)))
            return x->answer.headers.at[i].value;
    return STR_NONE;
}

static enum rc answered(struct req *r, int status)
{
    struct http__exchange *x = r->in;
    assert(!x->is_answered); /* a handler answers once */
    x->is_answered = true;
    x->answer.status = x->wanted_status ? x->wanted_status : status;
    return RC_OK;
}

/* Everything that a refused attempt has left behind, but the cookies. */
void http__answer_reset(struct http__exchange *x)
{
    struct http__pairs *headers = &x->answer.headers;
    size_t kept = 0;
    for (size_t i = 0; i < headers->len; i++)
        if (str_eq(headers->at[i].name, STR("Set-Cookie")) ||
            str_eq(headers->at[i].name, STR("Retry-After")) ||
            str_eq(headers->at[i].name, STR("Allow")))
            headers->at[kept++] = headers->at[i];
    headers->len = kept;
    buf_reset(&x->answer.body);
    buf_reset(&x->out.buf);
    buf_reset(&x->json_buf);
    fd_cleanup(&x->answer.fd);
    x->answer.fd = -1;
    x->answer.fixed_body = STR_NONE;
    x->download_type = STR_NONE;
    x->is_answered = false;
}

/* ---- pages ---- */

static void out_start(struct req *r, struct out *o)
{
    struct http__exchange *x = r->in;
    if (!x->nonce.at) {
        uint8_t bytes[16];
        random_bytes(bytes, sizeof(bytes));
        x->nonce = crypt_hex(r->op->arena, (struct str){(const char *)bytes, sizeof(bytes)});
    }
    struct buf buf = o->buf;
    *o = (struct out){.buf = buf,
                      .arena = r->op->arena,
                      .lang = r->op->lang,
                      .zone = r->op->zone,
                      .today = zone_date(r->op->zone, r->op->now),
                      .nonce = x->nonce,
                      .csrf = http_csrf(r),
                      .path = r->path};
    buf_reset(&o->buf);
}

bool http_page_begin(struct req *r, const char *title)
{
    r->in->page_key = title;
    out_start(r, &r->in->out);
    return true;
}

struct out *http_out(struct req *r)
{
    if (!r->in->out.arena) /* a part is made before its page begins */
        out_start(r, &r->in->out);
    return &r->in->out;
}

/* The message of the last step: set by this request, or carried here by its redirect. */
static struct str take_note(struct req *r)
{
    struct str key = r->in->note ? str_of(r->in->note) : STR_NONE, decoded;
    if (key.at)
        return tr(r->op->lang, r->in->note);
    struct str cookie = req_cookie(r, NOTE_COOKIE);
    if (!cookie.at)
        return STR_NONE;
    answer_cookie(r, NOTE_COOKIE, STR("x"), -1);
    if (cookie.len > 600 || !http__decode(r->op->arena, cookie, false, &decoded))
        return STR_NONE;
    return tr(r->op->lang, str_c(r->op->arena, decoded));
}

static void put_in_shell(struct req *r)
{
    struct http__exchange *x = r->in;
    struct http_page page = {.body = {buf_str(&x->out.buf)}, .status = x->wanted_status};
    page.title = x->page_title.at ? x->page_title : STR("");
    if (!x->page_title.at && x->page_key)
        page.title = tr(r->op->lang, x->page_key);
    page.note = take_note(r);
    if (!page.status)
        page.status = 200;
    struct out document = {.buf = BUF(HTTP_PAGE_MAX)};
    out_start(r, &document);
    if (x->site->options.hooks && x->site->options.hooks->shell)
        x->site->options.hooks->shell(r, &document, &page);
    else
        http_plain_view(&document, &page);
    buf_done(&x->answer.body);
    x->answer.body = document.buf;
}

enum rc http_page_end(struct req *r)
{
    struct http__exchange *x = r->in;
    if (r->is_htmx) {
        buf_done(&x->answer.body);
        x->answer.body = x->out.buf;
        x->out.buf = (struct buf)BUF(HTTP_PAGE_MAX);
    } else {
        put_in_shell(r);
    }
    if (x->answer.body.is_over || x->out.buf.is_over)
        return fail(r->op, RC_BROKEN, NULL, M("The page is too large."));
    answer_header(r, "Content-Type", STR("text/html; charset=utf-8"));
    answer_header(r, "Vary", STR("HX-Request"));
    return answered(r, x->is_again && r->op->fault.rc != RC_OK ? rc_http_status(r->op->fault.rc)
                                                               : 200);
}

/* ---- JSON ---- */

struct json_writer *http_json(struct req *r)
{
    buf_reset(&r->in->json_buf);
    r->in->json = JSON_WRITER(&r->in->json_buf);
    return &r->in->json;
}

/* The same answer as last time costs only its tag. */
static bool is_not_modified(struct req *r, struct str body)
{
    struct str tag = answer_header_value(r->in, "ETag"), known = req_header(r, "If-None-Match");
    if (!tag.at) {
        tag = str_printf(r->op->arena, "\"%016llx\"",
                         (unsigned long long)hash_bytes_keyed(body.at, body.len, 0x6b6f6e74, 1));
        answer_header(r, "ETag", tag);
    }
    return known.at && str_eq(known, tag);
}

enum rc http_json_end(struct req *r)
{
    struct http__exchange *x = r->in;
    assert(json_is_done(&x->json));
    if (x->json_buf.is_over)
        return fail(r->op, RC_BROKEN, NULL, M("The answer is too large."));
    if (r->method == HTTP_GET && !x->wanted_status && is_not_modified(r, buf_str(&x->json_buf)))
        return answered(r, 304);
    buf_done(&x->answer.body);
    x->answer.body = x->json_buf;
    x->json_buf = (struct buf)BUF(HTTP_PAGE_MAX);
    answer_header(r, "Content-Type", STR("application/json"));
    return answered(r, 200);
}

/* ---- redirects ---- */

static struct str arg_text(struct arena *arena, const struct html_any *any)
{
    AUTO_OUT o = OUT(arena, 4096);
    html__put(&o, HTML_IN_URL_PART, *any);
    return str_dup(arena, buf_str(&o.buf));
}

static struct str fill_path(struct req *r, const char *pattern, const struct html_any *args)
{
    AUTO_BUF path = BUF(HTTP_TARGET_MAX);
    size_t args_len = 0;
    while (args[args_len].kind)
        args_len++;
    for (const char *at = pattern; *at; at++) {
        if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            size_t n = (size_t)(at[1] - '0');
            assert(n < args_len);
            buf_put(&path, arg_text(r->op->arena, &args[n]));
            at += 2;
        } else {
            buf_char(&path, *at);
        }
    }
    assert(!path.is_over);
    return str_dup(r->op->arena, buf_str(&path));
}

static enum rc answer_location(struct req *r, int api_status, struct str path, struct str id)
{
    if (r->is_api) {
        struct str location = str_join(r->op->arena, STR("/api/v1"), path);
        answer_header(r, "Location", location);
        struct json_writer *w = http_json(r);
        json_object(w);
        if (id.at)
            json_pair_str(w, "id", id);
        json_pair_str(w, "location", location);
        json_object_end(w);
        r->in->wanted_status = r->in->wanted_status ? r->in->wanted_status : api_status;
        return http_json_end(r);
    }
    if (r->in->note)
        answer_cookie(r, NOTE_COOKIE, url_part(r->op->arena, str_of(r->in->note)), 60);
    answer_header(r, r->is_htmx ? "HX-Redirect" : "Location", path);
    r->in->wanted_status = 0;
    return answered(r, r->is_htmx ? 200 : 303);
}

enum rc http_redirect(struct req *r, int api_status, const char *pattern,
                      const struct html_any *args)
{
    struct str path = fill_path(r, pattern, args);
    assert(http__is_our_path(path));
    bool has_id = api_status == 201 && args[0].kind;
    return answer_location(r, api_status, path,
                           has_id ? arg_text(r->op->arena, &args[0]) : STR_NONE);
}

enum rc http_redirect_to(struct req *r, struct str path)
{
    return answer_location(r, 200, http__is_our_path(path) ? path : STR("/"), STR_NONE);
}

enum rc http_done(struct req *r)
{
    return answered(r, 204);
}

/* ---- files ---- */

enum rc download_begin(struct req *r, struct str name, const char *mime, bool is_inline)
{
    static const char *const shown[] = {"application/pdf", "image/png", "image/jpeg", "image/webp",
                                        "image/gif"};
    struct http__exchange *x = r->in;
    x->answer.fd = open(x->site->options.temp_dir.at, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (x->answer.fd < 0) {
        log_event(LOG_ERROR, "temp_file_failed", "why", str_of(strerror(errno)), NULL);
        return fail(r->op, errno == ENOSPC ? RC_FULL : RC_BROKEN, NULL,
                    M("A temporary file could not be made."));
    }
    x->download_type = str_dup(r->op->arena, str_of(mime));
    x->download_name = str_dup(r->op->arena, name);
    x->download_bytes = 0;
    x->is_download_inline = false;
    for (size_t i = 0; is_inline && i < LEN(shown); i++)
        x->is_download_inline = x->is_download_inline || strcmp(mime, shown[i]) == 0;
    buf_reset(&x->out.buf);
    return RC_OK;
}

static enum rc write_all(struct req *r, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(r->in->answer.fd, bytes.at, bytes.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            log_event(LOG_ERROR, "temp_file_failed", "why", str_of(strerror(errno)), NULL);
            return fail(r->op, errno == ENOSPC ? RC_FULL : RC_BROKEN, NULL,
                        M("A temporary file could not be written."));
        }
        bytes = str_sub(bytes, (size_t)done, bytes.len - (size_t)done);
    }
    return RC_OK;
}

enum rc download_put(struct req *r, struct str bytes)
{
    struct buf *buf = &r->in->out.buf;
    assert(r->in->answer.fd >= 0);
    if (buf->len + bytes.len > DOWNLOAD_BUFFER_BYTES) {
        TRY(write_all(r, buf_str(buf)));
        buf_reset(buf);
    }
    if (bytes.len > DOWNLOAD_BUFFER_BYTES)
        return write_all(r, bytes);
    buf_put(buf, bytes);
    return RC_OK;
}

int download_fd(struct req *r)
{
    assert(r->in->answer.fd >= 0 && r->in->out.buf.len == 0); /* put and fd do not mix */
    return r->in->answer.fd;
}

/* filename="ascii"; filename*=UTF-8''…  (RFC 6266, 8187) */
static struct str disposition(struct arena *arena, struct str name, bool is_inline)
{
    AUTO_BUF plain = BUF(1024);
    name = http__file_name(arena, name.len ? name : STR("file"));
    for (size_t i = 0; i < name.len; i++) {
        char ch = name.at[i];
        buf_char(
            &plain,
            (char)(ch < 0x20 || ch >= 0x7f || ch == '"' || ch == '\\' || ch == '%' ? '_' : ch));
    }
    return str_printf(arena, "%s; filename=\"" STR_FMT "\"; filename*=UTF-8''" STR_FMT,
                      is_inline ? "inline" : "attachment", STR_ARG(buf_str(&plain)),
                      STR_ARG(url_part(arena, name)));
}

enum rc download_end(struct req *r)
{
    struct http__exchange *x = r->in;
    TRY(write_all(r, buf_str(&x->out.buf)));
    buf_reset(&x->out.buf);
    off_t end = lseek(x->answer.fd, 0, SEEK_END);
    assert(end >= 0);
    x->answer.fd_bytes = end;
    answer_header(r, "Content-Type", x->download_type);
    answer_header(r, "Content-Disposition",
                  disposition(r->op->arena, x->download_name, x->is_download_inline));
    return answered(r, 200);
}

/* ---- what every answer carries ---- */

void http__answer_headers(struct req *r)
{
    struct http__exchange *x = r->in;
    struct str csp;
    if (x->download_type.at)
        csp = STR("default-src 'none'; sandbox; frame-ancestors 'none'");
    else if (!x->nonce.at)
        csp = STR("default-src 'none'; frame-ancestors 'none'");
    else
        csp = str_printf(r->op->arena,
                         "default-src 'self'; style-src 'self' 'nonce-" STR_FMT
                         "'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                         "form-action 'self'; frame-ancestors 'none'",
                         STR_ARG(x->nonce));
    answer_header(r, "Content-Security-Policy", csp);
    answer_header(r, "X-Content-Type-Options", STR("nosniff"));
    answer_header(r, "Referrer-Policy", STR("same-origin"));
    answer_header(r, "Cross-Origin-Opener-Policy", STR("same-origin"));
    answer_header(r, "Cross-Origin-Resource-Policy", STR("same-origin"));
    answer_header(r, "Permissions-Policy",
                  STR("camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    bool has_tag = answer_header_value(x, "ETag").at && r->method == HTTP_GET;
    if (!answer_header_value(x, "Cache-Control").at)
        answer_header(r, "Cache-Control", has_tag ? STR("private, no-cache") : STR("no-store"));
    if (x->site->is_https)
        answer_header(r, "Strict-Transport-Security", STR("max-age=31536000; includeSubDomains"));
    answer_header(r, "X-Request-Id", x->request_id);
}
