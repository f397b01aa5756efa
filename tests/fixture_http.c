/* fixture_http: see fixture_http.h. */
#include "tests/fixture_http.h"

static const char csrf_secret[] = "the secret of a test's session.";

void fx_open(struct fx *x, struct fixture *f, const struct route *const *routes,
             const struct http_hooks *hooks)
{
    *x = (struct fx){.arena = arena_new(0)};
    struct http_options options = {.routes = routes, .hooks = hooks};
    memset(options.secret, 7, sizeof(options.secret));
    x->test = http_test_new(&options, f ? f->db : NULL);
}

void fx_done(struct fx *x)
{
    http_test_free(x->test);
    arena_free(x->arena);
}

int fx_send(struct fx *x, const struct actor *actor, const char *method, const char *target,
            const char *const *headers, struct str body)
{
    struct http_test_request request = {.method = method,
                                        .target = str_of(target),
                                        .headers = headers,
                                        .body = body,
                                        .actor = actor};
    if (actor && actor->kind != ACTOR_NOBODY)
        request.csrf_secret = str_of(csrf_secret);
    http_test_send(x->test, x->arena, &request, &x->answer);
    return x->answer.status;
}

int fx_get(struct fx *x, const struct actor *actor, const char *target)
{
    return fx_send(x, actor, "GET", target, NULL, STR(""));
}

int fx_post(struct fx *x, const struct actor *actor, const char *target, const char *form_text)
{
    return fx_send(x, actor, "POST", target, NULL, str_of(form_text));
}

int fx_htmx(struct fx *x, const struct actor *actor, const char *target)
{
    const char *const headers[] = {"HX-Request: true", NULL};
    return fx_send(x, actor, "GET", target, headers, STR(""));
}

int fx_api(struct fx *x, const struct actor *actor, const char *method, const char *target,
           const char *json)
{
    const char *const headers[] = {"Authorization: Bearer kontor_sk_test",
                                   "Content-Type: application/json", NULL};
    return fx_send(x, actor, method, target, headers, json ? str_of(json) : STR(""));
}

bool fx_has(const struct fx *x, const char *part)
{
    return str_has(x->answer.body, str_of(part));
}

struct str fx_header(const struct fx *x, const char *name)
{
    return http_test_header(&x->answer, name);
}

struct str fx_between(const struct fx *x, const char *before, const char *after)
{
    size_t start = str_find(x->answer.body, str_of(before), 0);
    if (start == SIZE_MAX)
        return STR_NONE;
    start += strlen(before);
    size_t end = str_find(x->answer.body, str_of(after), start);
    return end == SIZE_MAX ? STR_NONE : str_sub(x->answer.body, start, end - start);
}

static void grant(struct actor *actor, const char *const *permissions)
{
    for (size_t i = 0; permissions && permissions[i]; i++) {
        bool is_all = strcmp(permissions[i], "*") == 0;
        for (size_t k = 0; k < permission_count(); k++)
            if (is_all || strcmp(permission_at(k)->name, permissions[i]) == 0)
                actor->permissions[k / 64] |= UINT64_C(1) << (k % 64);
    }
}

struct actor fx_staff(int64_t user_id, const char *const *permissions)
{
    struct actor actor = {.kind = ACTOR_STAFF,
                          .user_id = user_id,
                          .has_all_branches = true,
                          .name = STR("Test Person")};
    grant(&actor, permissions);
    return actor;
}

struct actor fx_partner(int64_t user_id, int64_t partner_id, const char *const *permissions)
{
    struct actor actor = {.kind = ACTOR_PARTNER,
                          .user_id = user_id,
                          .partner_id = partner_id,
                          .name = STR("Test Dealer")};
    grant(&actor, permissions);
    return actor;
}
