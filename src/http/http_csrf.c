/* Requests that another site made a browser send: the token of forms, the check of where a request
 * comes from, and the stash that carries a half-filled form over a sign-in.
 *
 * A token is salt-HMAC(secret, salt): another text on every page, so that compression in front of
 * us cannot leak it, and nothing to store. The secret is of the session; a browser without one
 * (the sign-in form itself) gets a random cookie in its place. The stash is signed and travels in
 * the page: nothing is stored for people who are not signed in. */
#include "http/http_int.h"

#define ANONYMOUS_COOKIE "kontor_form"
enum { SALT_HEX = 16, ANONYMOUS_HEX = 32, STASH_MINUTES = 60 };

static bool is_hex(struct str text, size_t len)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f')))
            return false;
    return text.len == len;
}

static struct str random_hex(struct arena *arena, size_t hex_len)
{
    uint8_t bytes[32];
    random_bytes(bytes, hex_len / 2);
    return crypt_hex(arena, (struct str){(const char *)bytes, hex_len / 2});
}

static struct str token_of(struct arena *arena, struct str secret, struct str salt)
{
    uint8_t mac[CRYPT_SHA256_BYTES];
    crypt_hmac_sha256(secret, str_join(arena, STR("form "), salt), mac);
    struct str tail = crypt_base64url(arena, (struct str){(const char *)mac, 24});
    return str_printf(arena, STR_FMT "-" STR_FMT, STR_ARG(salt), STR_ARG(tail));
}

/* The secret behind the tokens of this browser; absent when it has none yet. */
static struct str secret_of(const struct req *r)
{
    if (r->csrf_secret.at)
        return r->csrf_secret;
    struct str cookie = req_cookie(r, ANONYMOUS_COOKIE);
    if (!cookie.at || !is_hex(cookie, ANONYMOUS_HEX))
        return STR_NONE;
    return str_join(r->op->arena,
                    (struct str){(const char *)r->in->site->token_key, CRYPT_KEY_BYTES}, cookie);
}

struct str http_csrf(struct req *r)
{
    struct http__exchange *x = r->in;
    if (x->csrf.at)
        return x->csrf;
    struct arena *arena = r->op->arena;
    struct str secret = secret_of(r);
    if (!secret.at) {
        struct str cookie = random_hex(arena, ANONYMOUS_HEX);
        answer_cookie(r, ANONYMOUS_COOKIE, cookie, 0);
        secret = str_join(arena, (struct str){(const char *)x->site->token_key, CRYPT_KEY_BYTES},
                          cookie);
    }
    x->csrf = token_of(arena, secret, random_hex(arena, SALT_HEX));
    return x->csrf;
}

enum rc http__check_csrf(struct req *r)
{
    struct str token = req_raw(r, "_csrf"), secret = secret_of(r);
    if (!token.at)
        token = req_header(r, "X-CSRF-Token");
    struct str salt = str_sub(token, 0, SALT_HEX);
    if (token.at && secret.at && is_hex(salt, SALT_HEX) &&
        crypt_eq(token, token_of(r->op->arena, secret, salt)))
        return RC_OK;
    return fail(r->op, RC_DENIED, NULL,
                M("This form is too old or was not sent from our page. Go back, load the page "
                  "again and repeat."));
}

/* Browsers say where a request comes from; a script of ours without those headers still needs the
 * token. */
enum rc http__check_origin(struct req *r)
{
    struct str site = req_header(r, "Sec-Fetch-Site"), origin = req_header(r, "Origin");
    bool is_fine = true;
    if (site.at)
        is_fine = str_eq(site, STR("same-origin")) || str_eq(site, STR("none"));
    if (origin.at && is_fine) {
        size_t at = str_find(origin, STR("://"), 0);
        struct str host = at == SIZE_MAX ? STR("") : str_sub(origin, at + 3, origin.len);
        is_fine = str_eq_nocase(host, req_header(r, "Host")) &&
                  (!r->in->site->is_https || str_starts(origin, STR("https://")));
    }
    if (is_fine)
        return RC_OK;
    return fail(r->op, RC_DENIED, NULL, M("This request was sent by another site."));
}

/* ---- the stash ---- */

static void put_pair(struct arena *arena, struct buf *buf, struct str name, struct str value)
{
    if (buf->len)
        buf_char(buf, '&');
    buf_put(buf, url_part(arena, name));
    buf_char(buf, '=');
    buf_put(buf, url_part(arena, value));
}

static bool is_stashed(const struct route *route, struct str name)
{
    for (const struct field *field = route->fields; field && field->name; field++)
        if (str_eq(str_of(field->name), name) || http__is_pair(field, name) ||
            (field->type == FIELD_MONEY && str_starts(name, str_of(field->name))))
            return field->type != FIELD_SECRET && field->type != FIELD_FILE;
    return false;
}

static struct str stash_mac(struct req *r, struct str text)
{
    uint8_t mac[CRYPT_SHA256_BYTES];
    crypt_hmac_sha256((struct str){(const char *)r->in->site->stash_key, CRYPT_KEY_BYTES}, text,
                      mac);
    return crypt_hex(r->op->arena, (struct str){(const char *)mac, sizeof(mac)});
}

struct str http__stash_make(struct req *r)
{
    struct arena *arena = r->op->arena;
    AUTO_BUF text = BUF(HTTP_STASH_MAX);
    int64_t until = r->op->now + STASH_MINUTES * US_MINUTE;
    if (!r->route || !r->route->form_page || r->in->raws.len == 0)
        return STR_NONE;
    put_pair(arena, &text, STR(".method"), r->in->method);
    put_pair(arena, &text, STR(".path"), r->path);
    put_pair(arena, &text, STR(".until"), str_printf(arena, "%lld", (long long)until));
    for (size_t i = 0; i < r->in->raws.len; i++)
        if (!r->in->raws.at[i].is_file && is_stashed(r->route, r->in->raws.at[i].name))
            put_pair(arena, &text, r->in->raws.at[i].name, r->in->raws.at[i].value);
    if (text.is_over)
        return STR_NONE;
    return str_printf(arena, STR_FMT "." STR_FMT, STR_ARG(stash_mac(r, buf_str(&text))),
                      STR_ARG(buf_str(&text)));
}

/* Takes a named value of the stash itself (".path") out of the fields. */
static struct str take(struct http__raws *raws, const char *name)
{
    for (size_t i = 0; i < raws->len; i++) {
        if (!str_eq(raws->at[i].name, str_of(name)))
            continue;
        struct str value = raws->at[i].value;
        memmove(&raws->at[i], &raws->at[i + 1], (raws->len - i - 1) * sizeof(raws->at[0]));
        raws->len--;
        return value;
    }
    return STR_NONE;
}

static enum rc stash_open(struct req *r, struct str stash, struct http__raws *out)
{
    struct str text = stash;
    struct str mac = str_cut(&text, '.');
    int64_t until = 0;
    if (!text.at || !crypt_eq(mac, stash_mac(r, text)) ||
        !http__parse_form(r->op->arena, text, out) || !str_to_i64(take(out, ".until"), &until) ||
        until < r->op->now)
        return RC_MISSING;
    return RC_OK;
}

enum rc http_stash_resume(struct req *r, struct str stash)
{
    struct http__exchange *x = r->in;
    struct http__raws raws = {0};
    struct http__match match;
    TRY(stash_open(r, stash, &raws));
    struct str method = take(&raws, ".method"), path = take(&raws, ".path");
    http__match(x->site, r->op->arena, method, path, &match);
    if (!match.route || !match.route->form_page)
        return RC_MISSING;
    if (strcmp(match.route->permission, PERM_PUBLIC) != 0 &&
        strcmp(match.route->permission, PERM_SIGNED_IN) != 0)
        TRY(op_must(r->op, match.route->permission));
    x->match = match;
    x->raws = raws;
    x->is_again = true;
    x->csrf = STR_NONE;
    r->route = match.route;
    r->path = path;
    fault_clear(&r->op->fault);
    answer_note(r, M("You are signed in again. Check the form and save it."));
    return match.route->form_page(r);
}
