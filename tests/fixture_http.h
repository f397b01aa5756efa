/* fixture_http: pages asked for without a socket. The real router, checks and handlers run in the
 * test's own thread on the fixture's database.
 *
 *     struct fx x;
 *     fx_open(&x, f, (const struct route *const[]){partner_routes, NULL}, &hooks);
 *     is_i64(fx_post(&x, &staff, "/partners/prt_…/pause", "reason=holiday"), 303, "…");
 *     fx_done(&x);
 */
#ifndef KONTOR_FIXTURE_HTTP_H
#define KONTOR_FIXTURE_HTTP_H

#include "http/http.h"
#include "tests/fixture.h"

struct fx {
    struct http_test *test;
    struct arena *arena;
    struct http_test_answer answer; /* of the last request; lives until fx_done */
};

/* `f` may be NULL: no database. `hooks` may be NULL. */
void fx_open(struct fx *x, struct fixture *f, const struct route *const *routes,
             const struct http_hooks *hooks);
void fx_done(struct fx *x);

/* Each gives the status. `actor` NULL: whoever hooks.authenticate says, nobody without one. Posts
 * of an actor carry the right CSRF token by themselves. */
int fx_get(struct fx *x, const struct actor *actor, const char *target);
int fx_post(struct fx *x, const struct actor *actor, const char *target, const char *form);
int fx_htmx(struct fx *x, const struct actor *actor, const char *target);
/* With a Bearer key (as a header, for the hook) or an actor; `json` may be NULL. */
int fx_api(struct fx *x, const struct actor *actor, const char *method, const char *target,
           const char *json);
/* Anything: headers ended by NULL. */
int fx_send(struct fx *x, const struct actor *actor, const char *method, const char *target,
            const char *const *headers, struct str body);

bool fx_has(const struct fx *x, const char *part); /* the body has this text */
struct str fx_header(const struct fx *x, const char *name);
/* The text between `before` and the next `after` in the body: a token, a link. */
struct str fx_between(const struct fx *x, const char *before, const char *after);

/* Actors: permissions are names ended by NULL; "*" means every declared one. */
struct actor fx_staff(int64_t user_id, const char *const *permissions);
struct actor fx_partner(int64_t user_id, int64_t partner_id, const char *const *permissions);

#endif
