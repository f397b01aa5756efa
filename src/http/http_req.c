/* What a handler asks of its request. */
#include "http/http_int.h"

const void *form(const struct req *r)
{
    assert(r->in->form); /* the route declares no fields, or they were refused */
    return r->in->form;
}

static const struct http__param *param(const struct http__match *match, const char *name)
{
    for (size_t i = 0; i < match->params_len; i++)
        if (strcmp(match->params[i].name, name) == 0)
            return &match->params[i];
    return NULL;
}

int64_t path_id(const struct req *r, const char *name)
{
    const struct http__param *found = param(&r->in->match, name);
    assert(found && found->id > 0);
    return found->id;
}

struct str path_str(const struct req *r, const char *name)
{
    const struct http__param *found = param(&r->in->match, name);
    assert(found);
    return found->text;
}

struct str req_header(const struct req *r, const char *name)
{
    return http__header(r->in, name);
}

struct str req_cookie(const struct req *r, const char *name)
{
    struct str wanted =
        str_printf(r->op->arena, "%s%s", r->in->site->is_https ? "__Host-" : "", name);
    return http__cookie(http__header(r->in, "Cookie"), wanted);
}

struct str req_bearer(const struct req *r)
{
    struct str value = http__header(r->in, "Authorization");
    if (value.len > 7 && str_eq_nocase(str_sub(value, 0, 7), STR("Bearer ")))
        return str_trim(str_sub(value, 7, value.len - 7));
    return STR_NONE;
}

struct str req_body(const struct req *r)
{
    return r->in->mapped.at ? r->in->mapped : buf_str(&r->in->body);
}

struct str req_raw_at(const struct req *r, const char *field, size_t n)
{
    const struct http__raws *raws = &r->in->raws;
    for (const struct field *known = r->route ? r->route->fields : NULL; known && known->name;
         known++)
        if (known->type == FIELD_SECRET && strcmp(known->name, field) == 0)
            return STR_NONE;
    for (size_t i = 0; i < raws->len; i++)
        if (str_eq(raws->at[i].name, str_of(field)) && n-- == 0)
            return raws->at[i].value;
    return STR_NONE;
}

struct str req_raw(const struct req *r, const char *field)
{
    return req_raw_at(r, field, 0);
}

struct str req_problem(struct req *r, const char *field)
{
    const struct fault *fault = &r->op->fault;
    for (size_t i = 0; i < fault->entries_len; i++) {
        const char *where = fault->entries[i].field;
        if ((!where && !field) || (where && field && strcmp(where, field) == 0))
            return i18n_fault(r->op->arena, r->op->lang, &fault->entries[i]);
    }
    return STR_NONE;
}

bool req_is_again(const struct req *r)
{
    return r->in->is_again;
}

/* ---- hot routes see the same exchange ---- */

struct hot {
    struct http__exchange *x;
};

void http__run_hot(struct http__exchange *x)
{
    struct hot h = {x};
    x->is_hot = true;
    x->answer.status = 200;
    x->match.route->hot(&h);
    http__put_header(x, x->arena, "X-Content-Type-Options", STR("nosniff"));
    http__put_header(x, x->arena, "Referrer-Policy", STR("no-referrer"));
    if (x->site->is_https)
        http__put_header(x, x->arena, "Strict-Transport-Security",
                         STR("max-age=31536000; includeSubDomains"));
}

struct str hot_param(const struct hot *h, const char *name)
{
    const struct http__param *found = param(&h->x->match, name);
    assert(found);
    return found->text;
}

struct str hot_query(const struct hot *h, const char *name)
{
    struct str rest = h->x->query, found = STR_NONE;
    while (rest.at && rest.len > 0) {
        struct str value = str_cut(&rest, '&');
        struct str key = str_cut(&value, '=');
        if (!str_eq(key, str_of(name)))
            continue;
        if (!value.at || !http__decode(h->x->arena, value, true, &found))
            return STR_NONE;
        return found;
    }
    return found;
}

struct str hot_query_all(const struct hot *h)
{
    return h->x->query;
}

struct str hot_header(const struct hot *h, const char *name)
{
    return http__header(h->x, name);
}

struct str hot_cookie(const struct hot *h, const char *name)
{
    struct str wanted =
        str_printf(h->x->arena, "%s%s", h->x->site->is_https ? "__Host-" : "", name);
    return http__cookie(http__header(h->x, "Cookie"), wanted);
}

struct str hot_address(const struct hot *h)
{
    bool is_https;
    return http__client_address(h->x, &is_https);
}

struct arena *hot_arena(struct hot *h)
{
    return h->x->arena;
}

int64_t hot_now(const struct hot *h)
{
    (void)h;
    return when_now();
}

void hot_status(struct hot *h, int status)
{
    h->x->answer.status = status;
}

void hot_set(struct hot *h, const char *name, struct str value)
{
    http__put_header(h->x, h->x->arena, name, value);
}

void hot_set_cookie(struct hot *h, const char *name, struct str value, int64_t max_age_s)
{
    hot_set(h, "Set-Cookie", http__cookie_text(h->x, h->x->arena, name, value, max_age_s));
}

void hot_body(struct hot *h, struct str body)
{
    h->x->answer.fixed_body = str_dup(h->x->arena, body);
}
