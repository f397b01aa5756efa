/* Tests of auth through the router: a browser with cookies from an empty database to work, signing
 * in and out, forms that survive an expired session, people and roles, keys and repeated POSTs. */
#include "auth/auth_int.h"
#include "auth/auth_scene.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

/* ---- a browser: cookies and the token of the last form ---- */

struct browser {
    struct fx x;
    struct fixture *f;
    char cookies[8][256]; /* "name=value" */
    size_t cookies_len;
    struct str csrf;
    char location[400];
};

static void keep_cookie(struct browser *b, struct str line)
{
    struct str rest = line, pair = str_cut(&rest, ';'), name = str_cut(&pair, '=');
    bool is_gone = str_has(line, STR("Max-Age=0"));
    size_t at = b->cookies_len;
    for (size_t i = 0; i < b->cookies_len; i++)
        if (str_starts(str_of(b->cookies[i]), str_join(b->f->arena, name, STR("="))))
            at = i;
    if (is_gone) {
        if (at < b->cookies_len)
            memcpy(b->cookies[at], b->cookies[--b->cookies_len], sizeof b->cookies[0]);
        return;
    }
    assert(at < LEN(b->cookies));
    (void)snprintf(b->cookies[at], sizeof b->cookies[0], STR_FMT "=" STR_FMT, STR_ARG(name),
                   STR_ARG(pair));
    b->cookies_len += at == b->cookies_len;
}

static void look_at_answer(struct browser *b)
{
    struct str lines = b->x.answer.headers;
    while (lines.at) {
        struct str line = str_cut(&lines, '\n');
        if (str_starts(line, STR("Set-Cookie: ")))
            keep_cookie(b, str_sub(line, 12, line.len));
    }
    struct str csrf = fx_between(&b->x, "name=\"_csrf\" value=\"", "\"");
    b->csrf = csrf.at ? csrf : b->csrf;
    struct str to = fx_header(&b->x, "Location");
    (void)snprintf(b->location, sizeof b->location, STR_FMT, STR_ARG(to));
}

static int visit(struct browser *b, const char *method, const char *target, struct str body)
{
    AUTO_BUF cookie = BUF(4096);
    buf_put(&cookie, STR("Cookie: "));
    for (size_t i = 0; i < b->cookies_len; i++)
        buf_printf(&cookie, "%s%s", i ? "; " : "", b->cookies[i]);
    const char *line = str_c(b->x.arena, buf_str(&cookie));
    const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                   "User-Agent: Mozilla/5.0 (X11; Linux) Firefox/128.0",
                                   b->cookies_len ? line : NULL, NULL};
    int status = fx_send(&b->x, NULL, method, target, headers, body);
    look_at_answer(b);
    return status;
}

static int get(struct browser *b, const char *target)
{
    return visit(b, "GET", target, STR(""));
}

static int post(struct browser *b, const char *target, const char *fields)
{
    struct str body =
        str_printf(b->x.arena, "%s%s_csrf=" STR_FMT, fields, *fields ? "&" : "", STR_ARG(b->csrf));
    return visit(b, "POST", target, body);
}

static void open_browser(struct browser *b, struct fixture *f)
{
    static const struct route *const routes[] = {auth_routes,
                                                 auth_setup_routes,
                                                 auth_profile_routes,
                                                 auth_user_routes,
                                                 auth_role_routes,
                                                 auth_key_routes,
                                                 org_routes,
                                                 org_entity_routes,
                                                 org_branch_routes,
                                                 audit_routes,
                                                 NULL};
    scene_begin(f);
    when_clock_set(f->op.now);
    *b = (struct browser){.f = f, .csrf = STR("")};
    fx_open(&b->x, f, routes, &auth_http_hooks);
}

static void sign_in(struct browser *b, const char *email)
{
    char body[300];
    (void)snprintf(body, sizeof body, "email=%s&password=correct+horse+7", email);
    (void)get(b, "/sign-in");
    (void)post(b, "/sign-in", body);
}

/* An operator, so that pages have a zone and a name. */
static void company(struct fixture *f)
{
    struct org_operator o = {.name = STR("Meridian"),
                             .country = STR("ES"),
                             .currency = STR("EUR"),
                             .zone = STR("Europe/Madrid"),
                             .lang = STR("en"),
                             .languages = STR("en ru es")};
    scene_begin(f);
    enum rc rc = org_operator_save(&f->op, &o);
    assert(rc == RC_OK);
}

/* ---- first run ---- */

static void set_up(struct fixture *f)
{
    struct browser b;
    struct str token;
    char url[200], body[600];
    open_browser(&b, f);
    is_i64(get(&b, "/profile"), 401, "an empty installation lets nobody in");
    ok(fx_has(&b.x, "kontor serve"), "and says where its set-up begins");
    is_i64(get(&b, "/setup?token=made-up"), 404, "a made-up address does not open the set-up");
    ok(auth_setup_token(&f->op, &token) == RC_OK, "the server prints one");
    (void)snprintf(url, sizeof url, "/setup?token=" STR_FMT, STR_ARG(token));
    is_i64(get(&b, url), 200, "it opens the first step");
    ok(fx_has(&b.x, "Your company"), "the company");
    (void)snprintf(body, sizeof body,
                   "token=" STR_FMT "&name=Meridian&country=ES&currency=EUR"
                   "&zone=Mars&lang=es&languages=es",
                   STR_ARG(token));
    is_i64(post(&b, "/setup/company", body), 422, "a mistake comes back");
    ok(fx_has(&b.x, "value=\"Meridian\"") && fx_has(&b.x, "Choose a time zone"),
       "with what was typed and what is wrong");
    (void)snprintf(body, sizeof body,
                   "token=" STR_FMT "&name=Meridian&country=ES&currency=EUR"
                   "&zone=Europe/Madrid&lang=es&languages=es&languages=en",
                   STR_ARG(token));
    is_i64(post(&b, "/setup/company", body), 303, "the company is stored");
    is_i64(get(&b, b.location), 200, "the second step follows");
    (void)snprintf(body, sizeof body,
                   "token=" STR_FMT "&name=Ann&email=ann%%40example.com"
                   "&password=password1",
                   STR_ARG(token));
    is_i64(post(&b, "/setup/administrator", body), 422, "a common password is refused");
    (void)snprintf(body, sizeof body,
                   "token=" STR_FMT "&name=Ann&email=ann%%40example.com"
                   "&password=correct+horse+7",
                   STR_ARG(token));
    is_i64(post(&b, "/setup/administrator", body), 303, "the first administrator is made");
    is_i64(get(&b, b.location), 200, "the third step follows");
    (void)snprintf(body, sizeof body, "token=" STR_FMT "&entity=Meridian+SA&branch=Madrid&code=HQ",
                   STR_ARG(token));
    is_i64(post(&b, "/setup/branch", body), 303, "the first branch is made");
    is_i64(get(&b, "/profile"), 200, "and the administrator is signed in");
    is_i64(get(&b, url), 404, "the address is dead now");
    is_i64(post(&b, "/setup/branch", body), 404, "with all its forms");
    ok(auth_setup_token(&f->op, &token) == RC_MISSING, "no other one is printed");
    is_i64(fixture_i64(f, "select count(*) from auth_user"), 1,
           "there is one account, and its own");
    fx_done(&b.x);
}

/* ---- sign in, sign out ---- */

static void door(struct fixture *f)
{
    struct browser b;
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    is_i64(get(&b, "/settings/users"), 401, "a page asks to sign in");
    ok(fx_has(&b.x, "name=\"to\" value=\"/settings/users\""), "and remembers itself");
    is_i64(post(&b, "/sign-in", "email=ann%40example.com&password=wrong+horse"), 422,
           "a wrong password is refused");
    ok(fx_has(&b.x, "is wrong") && fx_has(&b.x, "ann@example.com") && !fx_has(&b.x, "wrong horse"),
       "the address stands, the password does not");
    int known = (int)b.x.answer.body.len;
    is_i64(post(&b, "/sign-in", "email=bob%40example.com&password=wrong+horse"), 422,
           "an unknown address is refused");
    is_i64((int)b.x.answer.body.len, known, "by a page of the same size");
    is_i64(
        post(&b, "/sign-in", "email=ann%40example.com&password=correct+horse+7&to=/settings/users"),
        303, "the right one lets in");
    is_str(str_of(b.location), "/settings/users", "to where she wanted");
    is_i64(get(&b, "/settings/users"), 200, "and it opens");
    ok(str_has(fx_header(&b.x, "Cache-Control"), STR("no-store")), "kept by no cache");
    is_i64(
        post(&b, "/sign-in", "email=ann%40example.com&password=correct+horse+7&to=//evil.example"),
        303, "a return address of elsewhere");
    is_str(str_of(b.location), "/", "is not followed");
    is_i64(get(&b, "/profile"), 200, "in the new session");
    is_i64(post(&b, "/sign-out", ""), 303, "signing out");
    is_i64(get(&b, "/settings/users"), 401, "ends it");
    fx_done(&b.x);
}

static void fixation(struct fixture *f)
{
    struct browser b;
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    (void)snprintf(b.cookies[b.cookies_len++], sizeof b.cookies[0],
                   AUTH_COOKIE "=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    sign_in(&b, "ann@example.com");
    ok(!str_has(str_of(b.cookies[0]), STR("AAAAAAAA")), "signing in makes a token of its own");
    b.csrf = STR("forged");
    is_i64(post(&b, "/profile/sessions/end", ""), 403,
           "a form without the session's token is refused");
    fx_done(&b.x);
}

/* What a browser reads in an attribute. */
static struct str unescaped(struct fixture *f, struct str text)
{
    AUTO_BUF buf = BUF(64 * 1024);
    size_t at = 0, found;
    while ((found = str_find(text, STR("&amp;"), at)) != SIZE_MAX) {
        buf_put(&buf, str_sub(text, at, found + 1 - at));
        at = found + 5;
    }
    buf_put(&buf, str_sub(text, at, text.len));
    return str_dup(f->arena, buf_str(&buf));
}

/* The session ends while a form is being filled in. */
static void half_filled(struct fixture *f)
{
    struct browser b;
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    sign_in(&b, "ann@example.com");
    is_i64(get(&b, "/settings/entities/new"), 200, "a form is open");
    fixture_sql(f, "delete from auth_session");
    is_i64(post(&b, "/settings/entities", "name=Half+a+name&country=ES&tax_number=A58818501"), 401,
           "its session is over when it is sent");
    struct str stash = fx_between(&b.x, "name=\"stash\" value=\"", "\"");
    ok(stash.len > 0, "the sign-in form carries it");
    AUTO_BUF body = BUF(64 * 1024);
    buf_put(&body, STR("email=ann%40example.com&password=correct+horse+7&stash="));
    buf_put(&body, url_part(f->arena, unescaped(f, stash)));
    int status = post(&b, "/sign-in", str_c(f->arena, buf_str(&body)));
    is_i64(status, 200, "after signing in");

    ok(fx_has(&b.x, "Half a name") && fx_has(&b.x, "A58818501"), "it is back as it was left");
    is_i64(post(&b, "/settings/entities", "name=Half+a+name&country=ES"), 303, "and can be sent");
    fx_done(&b.x);
}

/* ---- forgotten password, invitation ---- */

static void links(struct fixture *f)
{
    struct browser b, other;
    char url[200], body[300];
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    is_i64(get(&b, "/forgot"), 200, "the form for a forgotten password");
    is_i64(post(&b, "/forgot", "email=ann%40example.com"), 200, "is answered");
    int known = (int)b.x.answer.body.len;
    is_i64(post(&b, "/forgot", "email=eve%40example.com"), 200, "for an unknown address");
    is_i64((int)b.x.answer.body.len, known, "in the same way");
    scene_jobs(f);
    struct str token = scene_mail_token(f);
    (void)snprintf(url, sizeof url, "/reset?token=" STR_FMT, STR_ARG(token));
    is_i64(get(&b, url), 200, "the link opens a form");
    ok(str_has(fx_header(&b.x, "Referrer-Policy"), STR("no-referrer")) ||
           str_has(fx_header(&b.x, "Referrer-Policy"), STR("same-origin")),
       "whose address no other site learns");
    (void)snprintf(body, sizeof body, "token=" STR_FMT "&password=short", STR_ARG(token));
    is_i64(post(&b, "/reset", body), 422, "a short password comes back");
    (void)snprintf(body, sizeof body, "token=" STR_FMT "&password=brand+new+words", STR_ARG(token));
    is_i64(post(&b, "/reset", body), 303, "a good one is set");
    is_i64(get(&b, url), 404, "the link is used up");
    fx_done(&b.x);
    struct auth_user_new in = scene_new(f, "eva@example.com", "auditor");
    int64_t id;
    ok(auth_user_invite(&f->op, &in, &id) == RC_OK, "somebody is invited");
    token = scene_mail_token(f);
    open_browser(&other, f);
    (void)snprintf(url, sizeof url, "/invitation?token=" STR_FMT, STR_ARG(token));
    is_i64(get(&other, url), 200, "the invitation opens a form");
    (void)snprintf(body, sizeof body, "token=" STR_FMT "&password=evas+own+words", STR_ARG(token));
    is_i64(post(&other, "/invitation", body), 303, "which lets in");
    is_i64(get(&other, "/profile"), 200, "at once");
    ok(fx_has(&other.x, "eva@example.com"), "as who was invited");
    fx_done(&other.x);
}

/* ---- profile ---- */

static void profile(struct fixture *f)
{
    struct browser home, office;
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&home, f);
    sign_in(&home, "ann@example.com");
    office = home;
    office.cookies_len = 0;
    sign_in(&office, "ann@example.com");
    is_i64(get(&home, "/profile"), 200, "the profile");
    ok(fx_has(&home.x, "Firefox") && fx_has(&home.x, "This session"), "lists the sessions");
    is_i64(post(&home, "/profile", "name=Ann+Lee&lang=ru"), 303, "name and language change");
    is_i64(get(&home, "/profile"), 200, "and the next page");
    ok(fx_has(&home.x, "lang=\"ru\"") && fx_has(&home.x, "Ann Lee"), "speaks it");
    is_i64(post(&home, "/profile/password", "current=wrong+one&password=brand+new+words"), 422,
           "a new password needs the present one");
    is_i64(post(&home, "/profile/password", "current=correct+horse+7&password=brand+new+words"),
           303, "then it is changed");
    is_i64(get(&home, "/profile"), 200, "this session goes on");
    is_i64(get(&office, "/profile"), 401, "all others are over");
    is_i64(get(&home, "/profile/second-factor"), 200, "a second factor can be switched on");
    ok(fx_has(&home.x, "otpauth:"), "with an app");
    ok(fx_has(&home.x, "<svg role=\"img\" aria-label=\"QR") && fx_has(&home.x, "M4 4h7v1h-7z"),
       "that scans a code, which has a name for those who do not see it");
    fx_done(&home.x);
}

/* ---- people, roles, keys ---- */

static void people(struct fixture *f)
{
    struct browser b;
    struct auth_role auditor;
    char body[400], page[400], block[420];
    company(f);
    scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    sign_in(&b, "ann@example.com");
    is_i64(get(&b, "/settings/users/new"), 200, "the invitation's form");
    ok(auth_role_find(&f->op, STR("auditor"), &auditor) == RC_OK, "with roles");
    (void)snprintf(body, sizeof body, "email=bob%%40example.com&name=Bob&roles=%s&all_branches=1",
                   rol(auditor.id).text);
    is_i64(post(&b, "/settings/users", body), 303, "somebody is invited");
    (void)snprintf(page, sizeof page, "%s", b.location);
    (void)snprintf(block, sizeof block, "%s/block", page);
    is_i64(get(&b, page), 200, "and has a page");
    ok(fx_has(&b.x, "bob@example.com") && fx_has(&b.x, "Auditor"), "with address and role");
    is_i64(post(&b, "/settings/users", body), 409, "nobody is invited twice");
    ok(fx_has(&b.x, "Somebody has this e-mail address already."), "which is said");
    is_i64(get(&b, block), 200, "blocking asks");
    is_i64(post(&b, block, "revision=7"), 409, "about the person as he is now");
    ok(fx_has(&b.x, "Somebody else has changed"), "and says it when he is not");
    is_i64(post(&b, block, "revision=1"), 303, "and blocks");
    (void)snprintf(block, sizeof block, "%s/factor-off", page);
    is_i64(get(&b, block), 200, "taking the second factor away asks");
    is_i64(post(&b, block, "revision=2"), 303, "and does it");
    is_i64(get(&b, "/settings/users?state=blocked&q=BOB"), 200, "the list filters and searches");
    ok(fx_has(&b.x, "bob@example.com") && !fx_has(&b.x, "k-num\">ann@example.com"), "to him alone");

    is_i64(get(&b, "/settings/roles"), 200, "roles are listed");
    (void)snprintf(page, sizeof page, "/settings/roles/%s", rol(auditor.id).text);
    is_i64(get(&b, page), 200, "a built-in one is shown");
    ok(!fx_has(&b.x, "type=\"checkbox\""), "to read");
    (void)snprintf(block, sizeof block, "%s/copy", page);
    is_i64(post(&b, block, ""), 303, "and copied");
    (void)snprintf(page, sizeof page, "%s", b.location);
    is_i64(get(&b, page), 200, "the copy");
    ok(fx_has(&b.x, "value=\"user.read\" checked") && !fx_has(&b.x, "value=\"user.edit\" checked"),
       "is a table to tick");
    is_i64(post(&b, page, "name=Readers&permissions=user.read&permissions=org.read&revision=1"),
           303, "it is changed");
    is_i64(post(&b, page, "name=Readers&permissions=user.read&revision=1"), 409,
           "not over somebody else's change");
    fx_done(&b.x);
}

static void many_people(struct fixture *f)
{
    struct browser b;
    char two[200], go[220], self[300];
    company(f);
    int64_t ann = scene_user(f, "ann@example.com", "administrator", true);
    int64_t bob = scene_user(f, "bob@example.com", "auditor", true);
    int64_t cem = scene_user(f, "cem@example.com", "auditor", true);
    open_browser(&b, f);
    sign_in(&b, "ann@example.com");
    (void)snprintf(two, sizeof two, "ids=%s&ids=%s&back=%%2Fsettings%%2Fusers", usr(bob).text,
                   usr(cem).text);
    (void)snprintf(go, sizeof go, "%s&go=1", two);
    (void)snprintf(self, sizeof self, "%s&ids=%s", go, usr(ann).text);
    is_i64(get(&b, "/settings/users"), 200, "the list of people");
    ok(fx_has(&b.x, "/settings/users/bulk/block"), "has steps for many");
    is_i64(post(&b, "/settings/users/bulk/block", two), 200, "blocking several asks first");
    ok(fx_has(&b.x, "Block these people") && fx_has(&b.x, "2 people"), "and says how many");
    is_i64(post(&b, "/settings/users/bulk/block", self), 409, "oneself among them stops all");
    is_i64(fixture_i64(f, "select count(*) from auth_user where state = 3"), 0,
           "nobody is blocked");
    is_i64(post(&b, "/settings/users/bulk/block", go), 303, "then they are blocked");
    is_i64(fixture_i64(f, "select count(*) from auth_user where state = 3"), 2, "both of them");
    is_i64(post(&b, "/settings/users/bulk/unblock",
                "all=1&back=%2Fsettings%2Fusers%3Fstate%3Dblocked&go=1&count=2"),
           303, "all of a filter come back");
    is_i64(fixture_i64(f, "select count(*) from auth_user where state = 3"), 0, "together");
    is_i64(post(&b, "/settings/users/bulk/invite", go), 409,
           "who has come in is not invited again");
    fx_done(&b.x);
}

static void team(struct fixture *f)
{
    struct browser b;
    char page[100];
    company(f);
    int64_t boss = scene_user(f, "boss@example.com", "administrator", true);
    scene_partner_user(f, "owner@a.example.com", "portal_owner", 5);
    int64_t other = scene_partner_user(f, "owner@b.example.com", "portal_owner", 6);
    open_browser(&b, f);
    sign_in(&b, "owner@a.example.com");
    is_i64(get(&b, "/team"), 200, "a partner sees its team");
    ok(fx_has(&b.x, "owner@a.example.com") && !fx_has(&b.x, "owner@b.example.com") &&
           !fx_has(&b.x, "boss@example.com"),
       "and nobody else");
    is_i64(get(&b, "/settings/users"), 403, "the console is not for it");
    (void)snprintf(page, sizeof page, "/team/%s", usr(other).text);
    is_i64(get(&b, page), 404, "people of another partner do not exist");
    (void)snprintf(page, sizeof page, "/team/%s/block", usr(boss).text);
    is_i64(post(&b, page, "revision=1"), 404, "nor do staff");
    fx_done(&b.x);
}

/* ---- programs ---- */

static int call(struct browser *b, const char *key_line, const char *idempotency,
                const char *method, const char *target, const char *json)
{
    const char *const headers[] = {key_line, "Content-Type: application/json", idempotency, NULL};
    return fx_send(&b->x, NULL, method, target, headers, json ? str_of(json) : STR(""));
}

static void programs(struct fixture *f)
{
    struct browser b;
    struct str secret, names[1] = {STR("user.read")};
    struct auth_role auditor;
    int64_t id, wide;
    char body[300], other[300];
    company(f);
    int64_t ann = scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    struct auth_key_new in = {.user_id = ann, .name = STR("Narrow"), .scopes = {names, 1, 1}};
    ok(auth_key_add(&f->op, &in, &id, &secret) == RC_OK, "a key that may read people");
    const char *narrow = str_printf(f->arena, "Authorization: Bearer " STR_FMT, STR_ARG(secret)).at;
    names[0] = STR("*");
    ok(auth_key_add(&f->op, &in, &wide, &secret) == RC_OK, "and one that may everything");
    const char *all = str_printf(f->arena, "Authorization: Bearer " STR_FMT, STR_ARG(secret)).at;
    is_i64(call(&b, narrow, NULL, "GET", "/api/v1/settings/users", NULL), 200, "the first reads");
    ok(fx_has(&b.x, "ann@example.com"), "people");
    is_i64(call(&b, narrow, NULL, "GET", "/api/v1/settings/branches", NULL), 403,
           "but nothing beyond its scope");
    is_i64(
        call(&b, "Authorization: Bearer kontor_sk_x", NULL, "GET", "/api/v1/settings/users", NULL),
        401, "a wrong key is nobody");
    is_i64(call(&b, "Accept: application/json", NULL, "GET", "/api/v1/settings/users", NULL), 401,
           "so is none");
    ok(auth_role_find(&f->op, STR("auditor"), &auditor) == RC_OK, "a POST with an Idempotency-Key");
    (void)snprintf(body, sizeof body,
                   "{\"email\":\"x@example.com\",\"name\":\"X\",\"roles\":[\"%s\"],"
                   "\"all_branches\":true}",
                   rol(auditor.id).text);
    (void)snprintf(other, sizeof other,
                   "{\"email\":\"y@example.com\",\"name\":\"Y\",\"roles\":[\"%s\"],"
                   "\"all_branches\":true}",
                   rol(auditor.id).text);
    const char *key_line = "Idempotency-Key: order-17";
    is_i64(call(&b, all, key_line, "POST", "/api/v1/settings/users", body), 201, "acts");
    struct str first = str_dup(f->arena, b.x.answer.body);
    is_i64(call(&b, all, key_line, "POST", "/api/v1/settings/users", body), 201, "its repetition");
    ok(str_eq(first, b.x.answer.body), "gets the same answer");
    is_i64(fixture_i64(f, "select count(*) from auth_user"), 2, "and acts no second time");
    is_i64(call(&b, all, key_line, "POST", "/api/v1/settings/users", other), 422,
           "another request under the same key is refused");
    is_i64(call(&b, all, "Idempotency-Key: order-18", "POST", "/api/v1/settings/users", body), 409,
           "an effect that fails");
    is_i64(fixture_i64(f, "select count(*) from stored_answer"), 1, "stores no answer");
    ok(auth_key_revoke(&f->op, wide) == RC_OK, "a revoked key");
    is_i64(call(&b, all, NULL, "GET", "/api/v1/settings/users", NULL), 401, "is nobody at once");
    fx_done(&b.x);
}

/* The same as on the screens, with the same limits: roles and keys. */
static void programs_administer(struct fixture *f)
{
    struct browser b;
    struct str secret, name = STR("*");
    char path[300];
    int64_t id;
    company(f);
    int64_t ann = scene_user(f, "ann@example.com", "administrator", true);
    open_browser(&b, f);
    struct auth_key_new in = {.user_id = ann, .name = STR("All"), .scopes = {&name, 1, 1}};
    ok(auth_key_add(&f->op, &in, &id, &secret) == RC_OK, "a key that may everything");
    const char *all = str_printf(f->arena, "Authorization: Bearer " STR_FMT, STR_ARG(secret)).at;
    struct str few[] = {STR("key.edit"), STR("role.read")};
    in = (struct auth_key_new){.user_id = ann, .name = STR("Few"), .scopes = {few, 2, 2}};
    ok(auth_key_add(&f->op, &in, &id, &secret) == RC_OK, "and one that may little");
    const char *little = str_printf(f->arena, "Authorization: Bearer " STR_FMT, STR_ARG(secret)).at;

    is_i64(call(&b, little, NULL, "GET", "/api/v1/settings/roles", NULL), 200, "roles are listed");
    ok(fx_has(&b.x, "\"builtin\":\"administrator\""), "the built-in ones, too");
    is_i64(call(&b, little, NULL, "POST", "/api/v1/settings/roles",
                "{\"name\":\"Desk\",\"permissions\":[\"user.read\"]}"),
           403, "making one needs its permission");
    is_i64(call(&b, all, NULL, "POST", "/api/v1/settings/roles",
                "{\"name\":\"Desk\",\"permissions\":[\"user.read\"]}"),
           201, "with it a role is made");
    struct str where = fx_header(&b.x, "Location");
    (void)snprintf(path, sizeof path, STR_FMT, STR_ARG(where));
    is_i64(call(&b, little, NULL, "GET", path, NULL), 200, "and shown");
    ok(fx_has(&b.x, "\"permissions\":[\"user.read\"]"), "with what it may");
    is_i64(call(&b, all, NULL, "POST", path,
                "{\"name\":\"Front desk\",\"permissions\":[\"user.read\"],\"revision\":1}"),
           200, "changed");
    is_i64(call(&b, all, NULL, "POST", path,
                "{\"name\":\"Late\",\"permissions\":[\"user.read\"],\"revision\":1}"),
           409, "not from an old revision");
    ok(fx_has(&b.x, "\"code\":\"conflict\""), "which is said");

    is_i64(call(&b, little, NULL, "POST", "/api/v1/settings/keys",
                "{\"name\":\"More\",\"scopes\":[\"*\"]}"),
           403, "a key that may little makes none that may all");
    is_i64(call(&b, little, NULL, "POST", "/api/v1/settings/keys",
                "{\"name\":\"More\",\"scopes\":[\"user.edit\"]}"),
           403, "nor one that may something else");
    is_i64(call(&b, little, "Idempotency-Key: k-1", "POST", "/api/v1/settings/keys",
                "{\"name\":\"Same\",\"scopes\":[\"role.read\"]}"),
           201, "but one that may less");
    ok(fx_has(&b.x, "\"secret\":\"kontor_sk_"), "whose secret is told once");
    struct str first = str_dup(f->arena, b.x.answer.body);
    is_i64(call(&b, little, "Idempotency-Key: k-1", "POST", "/api/v1/settings/keys",
                "{\"name\":\"Same\",\"scopes\":[\"role.read\"]}"),
           201, "and again to a repetition");
    ok(str_eq(first, b.x.answer.body), "word by word");
    struct str stored = STR_NONE;
    ok(db_ask_text(f->db, f->arena,
                   f->engine == DB_SQLITE ? "select hex(body) from stored_answer"
                                          : "select encode(body, 'hex') from stored_answer",
                   &stored) == RC_OK &&
           stored.len > 100 && !str_has(stored, STR("6b6f6e746f725f736b5f")) &&
           !str_has(stored, STR("6B6F6E746F725F736B5F")),
       "the stored answer is sealed");
    is_i64(call(&b, little, NULL, "GET", "/api/v1/settings/keys", NULL), 200, "keys are listed");
    ok(!fx_has(&b.x, "\"secret\""), "without secrets");
    (void)snprintf(path, sizeof path, "/api/v1/settings/keys/%s", key(id).text);
    is_i64(call(&b, all, NULL, "GET", path, NULL), 200, "one is shown");
    (void)snprintf(path, sizeof path, "/api/v1/settings/keys/%s/revoke", key(id).text);
    is_i64(call(&b, all, NULL, "POST", path, NULL), 200, "and revoked");
    is_i64(call(&b, little, NULL, "GET", "/api/v1/settings/roles", NULL), 401, "at once");
    fx_done(&b.x);
}

/* Two requests with one key at the same time: what the first one's hook holds, the second meets. */
static void in_flight(struct fixture *f)
{
    struct op other_op;
    struct auth_request first = {.key_id = 7}, second = {.key_id = 7};
    bool is_repeat;
    struct http_saved saved;
    scene_begin(f);
    struct db *other = fixture_connect(f);
    op_init(&other_op, f->arena, other, f->op.now);
    struct req a = {.op = &f->op, .session = &first};
    struct req b = {.op = &other_op, .session = &second};
    ok(auth__answer_begin(&a, STR("k"), STR("digest"), &is_repeat, &saved) == RC_OK && !is_repeat,
       "a request begins");
    ok(auth__answer_begin(&b, STR("k"), STR("digest"), &is_repeat, &saved) == RC_CONFLICT,
       "its twin is told to wait");
    fault_clear(&other_op.fault);
    ok(auth__answer_end(
           &a, &(struct http_saved){201, STR("application/json"), STR(""), STR("{}")}) == RC_OK,
       "the first is answered");
    ok(auth__answer_begin(&b, STR("k"), STR("digest"), &is_repeat, &saved) == RC_OK && is_repeat &&
           saved.status == 201,
       "then the twin gets its answer");
    ok(auth__answer_begin(&b, STR("j"), STR("digest"), &is_repeat, &saved) == RC_OK && !is_repeat,
       "a request that fails");
    auth__answer_drop(&b);
    ok(auth__answer_begin(&b, STR("j"), STR("digest"), &is_repeat, &saved) == RC_OK && !is_repeat,
       "leaves its key free");
    auth__answer_drop(&b);
    f->op.now += US_DAY + 1;
    ok(auth__answer_begin(&a, STR("k"), STR("other"), &is_repeat, &saved) == RC_OK && !is_repeat &&
           auth__answer_end(&a, &(struct http_saved){200, STR(""), STR(""), STR("")}) == RC_OK,
       "after a day a key may be used anew");
    db_close(other);
}

int main(void)
{
    fixture_each(set_up);
    fixture_each(door);
    fixture_each(fixation);
    fixture_each(half_filled);
    fixture_each(links);
    fixture_each(profile);
    fixture_each(people);
    fixture_each(many_people);
    fixture_each(team);
    fixture_each(programs_administer);
    fixture_each(programs);
    fixture_each(in_flight);
    return done_testing();
}
