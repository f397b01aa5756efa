/* The life of a request without a socket: who may, what is accepted, how answers look. */
#include "http/http_int.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

/* ---- a small module ---- */

static const struct permission permissions[] = {{"demo.read", "Read demos", ACTOR_STAFF},
                                                {"demo.edit", "Edit demos", ACTOR_STAFF}};
enum colour { RED = 1, GREEN };
static const struct field_choice colours[] = {{"red", RED}, {"green", GREEN}, {0}};
static const char *const demo_sorts[] = {"name", "created", NULL};

struct demo {
    struct str name;
    int64_t count;
    struct opt_i64 limit;
    bool is_new;
    struct date day;
    struct opt_dec rate;
    struct money price;
    int colour;
    int64_t owner_id;
    struct str_list tags;
    struct i64_list ids;
    struct str password;
    struct opt_i64 revision;
    struct field_pairs more;
};
static const struct field demo_fields[] = {F_STR(demo, name, 2, 10),
                                           F_I64(demo, count, 1, 5),
                                           F_OPT_I64(demo, limit, 0, 0),
                                           F_BOOL(demo, is_new),
                                           F_DATE(demo, day),
                                           F_DEC(demo, rate),
                                           F_MONEY(demo, price),
                                           F_OPT_ENUM(demo, colour, colours),
                                           F_OPT_ID(demo, revision, "dmo"),
                                           F_PAIRS(demo, more, 3),
                                           F_STRS(demo, tags, 3),
                                           F_IDS(demo, ids, "dmo", 3),
                                           F_SECRET(demo, password, 0, 100),
                                           FIELDS_END};
static struct demo got;
static char got_more[100]; /* "name=value;" of each; the form's own texts end with its request */
static int handled;

static void demo_view(struct out *o, const struct demo *v)
{
    html_put(o, STR("<form method=\"post\"><input name=\"_csrf\" value=\""));
    html_value(o, o->csrf);
    html_put(o, STR("\"><input name=\"name\" value=\""));
    html_value(o, v->name);
    html_put(o, STR("\"></form>"));
}

static void demo_json(struct json_writer *w, const struct demo *v)
{
    json_object(w);
    json_pair_str(w, "name", v->name);
    json_object_end(w);
}

static enum rc page_show(struct req *r)
{
    struct demo demo = {.name = STR("<b>&"), .count = path_id(r, "dmo")};
    return REPLY(r, M("Demo"), demo, &demo);
}

static enum rc page_form(struct req *r)
{
    struct demo demo = {.name = req_raw(r, "name").at ? req_raw(r, "name") : STR("stored")};
    struct out *o;
    (void)http_page_begin(r, M("Demo form"));
    o = http_out(r);
    demo_view(o, &demo);
    html_put(o, STR("<p>"));
    html_text(o, req_problem(r, "name"));
    html_put(o, STR("|"));
    html_text(o, req_problem(r, "count"));
    html_put(o, STR("|"));
    html_text(o, req_raw(r, "password"));
    html_put(o, STR("</p>"));
    return http_page_end(r);
}

static enum rc page_save(struct req *r)
{
    got = *(const struct demo *)form(r);
    got.name = (struct str){got.name.len ? "kept" : "", 4};
    AUTO_BUF more = BUF(sizeof(got_more) - 1);
    for (size_t i = 0; i < got.more.len; i++)
        buf_printf(&more, STR_FMT "=" STR_FMT ";", STR_ARG(got.more.at[i].name),
                   STR_ARG(got.more.at[i].value));
    (void)snprintf(got_more, sizeof(got_more), STR_FMT, STR_ARG(buf_str(&more)));
    handled++;
    const struct demo *in = form(r);
    if (str_eq(in->name, STR("taken")))
        return fail(r->op, RC_INVALID, "name", "{0} is already used.", "taken");
    if (str_eq(in->name, STR("older")))
        return fail(r->op, RC_CONFLICT, NULL, "Somebody saved before you.");
    if (str_eq(in->name, STR("break")))
        return RC_BROKEN;
    if (str_eq(in->name, STR("unsure")))
        return RC_UNSURE;
    answer_note(r, M("Saved"));
    return CREATED(r, "/demos/{0}", pid_of("dmo", 7));
}

static enum rc page_text(struct req *r)
{
    return REDIRECT(r, "/found/{0}", path_str(r, "code"));
}

static enum rc page_file(struct req *r)
{
    TRY(download_begin(r, STR("отчёт \"1\".csv"), "text/csv; charset=utf-8", true));
    for (int i = 0; i < 20000; i++)
        TRY(download_put(r, STR("0123456789\n")));
    return download_end(r);
}

static enum rc page_file_fails(struct req *r)
{
    TRY(download_begin(r, STR("a.csv"), "text/csv", false));
    TRY(download_put(r, STR("half")));
    return fail(r->op, RC_BUSY, NULL, "The database is busy.");
}

static enum rc page_forgets(struct req *r)
{
    (void)r;
    return RC_OK;
}

static enum rc page_own(struct req *r)
{
    return http_done(r);
}

static enum rc page_return(struct req *r)
{
    const struct demo *in = form(r);
    return http_redirect_to(r, in->name);
}
static const struct field return_fields[] = {F_STR(demo, name, 0, 100), FIELDS_END};

struct listing {
    struct list_page page;
    struct str q;
};
static const struct field listing_fields[] = {F_PAGE(listing, page, demo_sorts),
                                              F_STR(listing, q, 0, 50), FIELDS_END};
static struct listing listed;
static char listed_cursor[20];

static enum rc page_list(struct req *r)
{
    listed = *(const struct listing *)form(r);
    snprintf(listed_cursor, sizeof(listed_cursor), STR_FMT, STR_ARG(listed.page.cursor));
    return http_done(r);
}

struct filed {
    struct upload file;
    struct str title;
};
static const struct field file_fields[] = {F_FILE(filed, file, 1000), F_STR(filed, title, 0, 20),
                                           FIELDS_END};
static enum rc page_upload(struct req *r)
{
    const struct filed *in = form(r);
    answer_header(r, "X-Name", url_part(r->op->arena, in->file.name));
    answer_header(r, "X-Size", str_printf(r->op->arena, "%zu", in->file.content.len));
    return http_done(r);
}

static enum rc page_raw(struct req *r)
{
    answer_header(r, "X-Size", str_printf(r->op->arena, "%zu", req_body(r).len));
    return http_done(r);
}

static void hot_go(struct hot *h)
{
    hot_status(h, 302);
    hot_set(h, "Location",
            str_printf(hot_arena(h), "https://shop.example/?c=" STR_FMT "&s=" STR_FMT,
                       STR_ARG(hot_param(h, "code")), STR_ARG(hot_query(h, "sub"))));
}

static const struct route demo_routes[] = {
    ROUTE(GET, "/demos/:dmo", page_show, "demo.read", API),
    ROUTE(GET, "/demos/new", page_form, "demo.edit"),
    ROUTE(POST, "/demos", page_save, "demo.edit", FORM(demo, demo_fields), FORM_PAGE(page_form),
          API),
    ROUTE(GET, "/demos", page_list, "demo.read", FORM(listing, listing_fields)),
    ROUTE(GET, "/code/{code}", page_text, PERM_PUBLIC),
    ROUTE(GET, "/file", page_file, "demo.read"),
    ROUTE(GET, "/file/fails", page_file_fails, "demo.read"),
    ROUTE(GET, "/forgets", page_forgets, "demo.read"),
    ROUTE(GET, "/own", page_own, PERM_SIGNED_IN),
    ROUTE(GET, "/return", page_return, PERM_PUBLIC, FORM(demo, return_fields)),
    ROUTE(POST, "/open", page_own, PERM_PUBLIC),
    ROUTE(GET, "/open/form", page_form, PERM_PUBLIC),
    ROUTE(POST, "/upload", page_upload, "demo.edit", FORM(filed, file_fields)),
    ROUTE(POST, "/raw", page_raw, "demo.edit", RAW_BODY("text/csv", 1 << 20), API_ONLY),
    ROUTE(PUT, "/demos/:dmo", page_own, "demo.edit", API),
    HOT_ROUTE("/r/{code}", hot_go),
    {0},
};
static const struct route *const tables[] = {demo_routes, NULL};

/* ---- hooks: one session cookie, one key, stored answers in memory ---- */

static struct actor staff, reader;
static int begun, ended, dropped;
static struct http_saved stored;
static char stored_body[400], stored_type[100], stored_location[100], stored_digest[100];

static enum rc authenticate(struct req *r)
{
    struct str cookie = req_cookie(r, "session"), key = req_bearer(r);
    if (r->is_api) {
        if (!str_eq(key, STR("kontor_sk_test")))
            return key.at ? RC_SIGN_IN : RC_OK;
        r->op->actor = staff;
    } else if (str_eq(cookie, STR("good"))) {
        r->op->actor = staff;
        r->csrf_secret = STR("secret of good");
    }
    return RC_OK;
}

static struct str last_stash, last_to;
static char stash_text[2000], to_text[200];

static enum rc sign_in(struct req *r, struct str to, struct str stash)
{
    snprintf(stash_text, sizeof(stash_text), STR_FMT, STR_ARG(stash));
    snprintf(to_text, sizeof(to_text), STR_FMT, STR_ARG(to));
    last_stash = stash.at ? str_of(stash_text) : STR_NONE;
    last_to = str_of(to_text);
    struct demo demo = {.name = STR("sign in here")};
    return PAGE(r, M("Sign in"), demo, &demo);
}

static const struct field resume_fields[] = {F_SECRET(demo, name, 0, 4000), FIELDS_END};
static enum rc page_signed_in(struct req *r)
{
    r->op->actor = staff;
    r->csrf_secret = STR("secret of good");
    return http_stash_resume(r, ((const struct demo *)form(r))->name);
}
static const struct route sign_in_routes[] = {
    ROUTE(POST, "/sign-in", page_signed_in, PERM_PUBLIC, FORM(demo, resume_fields)), {0}};

static enum rc once_begin(struct req *r, struct str key, struct str digest, bool *out_is_repeat,
                          struct http_saved *out_saved)
{
    begun++;
    (void)key;
    *out_is_repeat = stored.status != 0;
    *out_saved = stored;
    if (stored.status && !str_eq(digest, str_of(stored_digest)))
        return fail(r->op, RC_CONFLICT, "Idempotency-Key", "The key was used for something else.");
    snprintf(stored_digest, sizeof(stored_digest), STR_FMT, STR_ARG(digest));
    return RC_OK;
}

static enum rc once_end(struct req *r, const struct http_saved *answer)
{
    (void)r;
    ended++;
    snprintf(stored_body, sizeof(stored_body), STR_FMT, STR_ARG(answer->body));
    snprintf(stored_type, sizeof(stored_type), STR_FMT, STR_ARG(answer->type));
    snprintf(stored_location, sizeof(stored_location), STR_FMT, STR_ARG(answer->location));
    stored = (struct http_saved){answer->status, str_of(stored_type), str_of(stored_location),
                                 str_of(stored_body)};
    return RC_OK;
}

static void once_drop(struct req *r)
{
    (void)r;
    dropped++;
}

static const struct http_hooks hooks = {.authenticate = authenticate,
                                        .sign_in = sign_in,
                                        .idempotency_begin = once_begin,
                                        .idempotency_end = once_end,
                                        .idempotency_drop = once_drop};
static struct fx x;
static char path[200];

static const char *demo_path(const char *pattern, int64_t id)
{
    struct pid pid = pid_of("dmo", id);
    snprintf(path, sizeof(path), "%s%s", pattern, pid.text);
    return path;
}

/* ---- tests ---- */

static void test_rights(void)
{
    is_i64(fx_get(&x, &staff, demo_path("/demos/", 5)), 200,
           "who holds the permission sees a page");
    ok(fx_has(&x, "&lt;b&gt;&amp;"), "values are escaped");
    ok(fx_has(&x, "<title>Demo</title>"), "a page stands in the shell");
    is_i64(fx_get(&x, &reader, "/demos/new"), 403, "who does not hold it is refused");
    is_i64(fx_get(&x, NULL, "/demos/new?a=1"), 401, "who is not signed in gets the sign-in page");
    is_str(last_to, "/demos/new?a=1", "and returns to where they wanted to go");
    is_i64(fx_get(&x, &reader, "/own"), 204, "a page of one's own needs no permission");
    is_i64(fx_get(&x, NULL, "/own"), 401, "but a session");
    is_i64(fx_get(&x, &staff, "/nowhere"), 404, "an unknown address is 404");
    is_i64(fx_get(&x, &staff, "/demos/prt_0000000000000"), 404, "a wrong id is 404");
    is_i64(fx_get(&x, &staff, "/upload"), 405, "a known address by another method is 405");
    is_str(fx_header(&x, "Allow"), "POST", "and says which methods there are");
    is_i64(fx_get(&x, NULL, "/code/a%20b%3F"), 303, "any text may be a path parameter");
    is_str(fx_header(&x, "Location"), "/found/a%20b%3F", "a redirect encodes its arguments");
    is_i64(fx_get(&x, &staff, "/forgets"), 500, "a handler without an answer is an error of ours");
}

static void test_fields(void)
{
    char text[400];
    const char *ids = pid_of("dmo", 3).text;
    struct pid three = pid_of("dmo", 3);
    (void)ids;
    snprintf(text, sizeof(text),
             "name=+J%%C3%%BCrgen%%20&count=3&is_new=on&day=2026-10-31&rate=1%%2C234.5&price=12.50&"
             "price_currency=EUR&colour=green&revision=%s&tags=a&tags=b&ids=%s&password=+p+",
             three.text, three.text);
    is_i64(fx_post(&x, &staff, "/demos", text), 303, "a good form is taken");
    is_str(fx_header(&x, "Location"), demo_path("/demos/", 7), "and redirects");
    ok(got.count == 3 && got.is_new && !got.limit.has && got.day.days == 20757, "typed fields");
    ok(got.price.minor == 1250 && strcmp(got.price.currency->code, "EUR") == 0, "money");
    ok(got.rate.has && dec_eq(got.rate.v, dec_from_scaled(12345, 1)), "decimals as people type");
    ok(got.colour == GREEN && got.revision.v == 3 && got.tags.len == 2 && got.ids.len == 1,
       "choices, ids and lists");
    ok(got.password.len == 3, "a secret keeps its bytes");

    is_i64(fx_post(&x, &staff, "/demos", "name=x&count=9&day=2026-02-30&password=secret"), 422,
           "a form with problems is shown again");
    ok(fx_has(&x, "value=\"x\"") &&
           fx_has(&x, "At least 2 characters.|Enter a number from 1 to 5."),
       "with its values and all problems");
    ok(!fx_has(&x, "secret"), "but never with a secret");
    handled = 0;
    is_i64(fx_post(&x, &staff, "/demos", "name=ab&count=1&day=2026-10-01&evil=1"), 400,
           "an undeclared field is refused");
    ok(fx_has(&x, "evil") && handled == 0, "by its name, before the handler");
    is_i64(fx_post(&x, &staff, "/demos", "name=ab&name=cd&count=1&day=2026-10-01"), 400,
           "a field that stands twice is refused");
    is_i64(fx_post(&x, &staff, "/demos?name=zz", "name=ab&count=1&day=2026-10-01"), 400,
           "also when once in the query and once in the body");
    is_i64(fx_post(&x, &staff, "/demos", "name=taken&count=1&day=2026-10-01"), 422,
           "a refusal of the domain shows the form again, too");
    ok(fx_has(&x, "taken is already used.|"), "with its message at the field");
    is_i64(fx_post(&x, &staff, "/demos", "name=older&count=1&day=2026-10-01"), 409,
           "a conflict shows the form with 409");
    is_i64(fx_post(&x, &staff, "/demos", "name=break&count=1&day=2026-10-01"), 500,
           "an error of ours");
    ok(fx_has(&x, "Number of this request"), "has a number to ask about");
    is_i64(fx_post(&x, &staff, "/demos", "name=unsure&count=1&day=2026-10-01"), 503,
           "an unsure commit");
    ok(fx_has(&x, "not certain"), "says that it is not certain");
}

static void test_lists(void)
{
    is_i64(fx_get(&x, &staff, "/demos?q=a&sort=created&dir=desc&after=abc&limit=20"), 204,
           "a list takes its page from the query");
    ok(listed.page.sort_i == 1 && listed.page.is_descending && listed.page.limit == 20 &&
           strcmp(listed_cursor, "abc") == 0,
       "sort, direction, cursor and limit");
    is_i64(fx_get(&x, &staff, "/demos?sort=evil"), 422, "an undeclared sort is refused");
    is_i64(fx_get(&x, &staff, "/demos?limit=100000"), 422, "and a limit beyond the limit");
    is_i64(fx_get(&x, &staff, "/demos?utm_source=x"), 400, "and an unknown query field");
    is_i64(fx_get(&x, &staff, "/demos?q=%ff"), 400, "and a broken escape");
}

static void test_csrf(void)
{
    const char *const none[] = {"Cookie: session=good", NULL};
    const char *const cross[] = {"Cookie: session=good", "Sec-Fetch-Site: cross-site", NULL};
    const char *const origin[] = {"Cookie: session=good", "Origin: https://evil.example", NULL};
    const char *const null_origin[] = {"Cookie: session=good", "Origin: null", NULL};
    struct str good = STR("name=ab&count=1&day=2026-10-01");
    handled = 0;
    is_i64(fx_send(&x, NULL, "POST", "/demos", none, good), 403,
           "a POST without a token is refused");
    is_i64(fx_send(&x, NULL, "GET", "/demos/new", none, STR("")), 200, "the form's page");
    struct str token = fx_between(&x, "name=\"_csrf\" value=\"", "\"");
    struct str with = str_printf(x.arena, STR_FMT "&_csrf=" STR_FMT, STR_ARG(good), STR_ARG(token));
    is_i64(fx_send(&x, NULL, "POST", "/demos", none, with), 303, "has the token that it needs");
    is_i64(fx_send(&x, NULL, "POST", "/demos", cross, with), 403, "but not from another site");
    is_i64(fx_send(&x, NULL, "POST", "/demos", origin, with), 403, "nor from another origin");
    is_i64(fx_send(&x, NULL, "POST", "/demos", null_origin, with), 403, "nor from none");
    is_i64(handled, 1, "refused requests do not reach the handler");
    struct str broken = str_sub(with, 0, with.len - 1);
    is_i64(fx_send(&x, NULL, "POST", "/demos", none, broken), 403, "a token is compared whole");

    is_i64(fx_get(&x, NULL, "/open/form"), 200, "a public form");
    struct str cookie = fx_header(&x, "Set-Cookie");
    token = fx_between(&x, "name=\"_csrf\" value=\"", "\"");
    const char *const anonymous[] = {
        str_c(x.arena, str_join(x.arena, STR("Cookie: "), str_cut(&cookie, ';'))), NULL};
    struct str body = str_join(x.arena, STR("_csrf="), token);
    is_i64(fx_send(&x, NULL, "POST", "/open", anonymous, body), 204,
           "a browser without a session has a token by cookie");
    is_i64(fx_send(&x, NULL, "POST", "/open", NULL, body), 403, "and needs that cookie");
}

static void test_stash(void)
{
    last_stash = STR_NONE;
    is_i64(fx_post(&x, NULL, "/demos", "name=half+done&count=4&password=secret"), 401,
           "a POST after the session's end gets the sign-in page");
    ok(last_stash.at && !str_has(last_stash, STR("secret")), "which carries the form, no secrets");
    struct str body = str_join(x.arena, STR("name="), url_part(x.arena, last_stash));
    is_i64(fx_get(&x, NULL, "/open/form"), 200, "the sign-in form");
    struct str cookie = fx_header(&x, "Set-Cookie");
    struct str token = fx_between(&x, "name=\"_csrf\" value=\"", "\"");
    const char *const anonymous[] = {
        str_c(x.arena, str_join(x.arena, STR("Cookie: "), str_cut(&cookie, ';'))), NULL};
    struct str full = str_printf(x.arena, STR_FMT "&_csrf=" STR_FMT, STR_ARG(body), STR_ARG(token));
    is_i64(fx_send(&x, NULL, "POST", "/sign-in", anonymous, full), 200, "after the sign-in");
    ok(fx_has(&x, "value=\"half done\"") && fx_has(&x, "signed in again"),
       "the form is there again");
    struct str forged = str_printf(x.arena, "name=0%s&_csrf=" STR_FMT, body.at + 6, STR_ARG(token));
    is_i64(fx_send(&x, NULL, "POST", "/sign-in", anonymous, forged), 404,
           "a forged stash is no form");
}

static void test_api(void)
{
    const char *const wrong[] = {"Authorization: Bearer kontor_sk_wrong", NULL};
    const char *const form_type[] = {"Authorization: Bearer kontor_sk_test",
                                     "Content-Type: text/xml", NULL};
    is_i64(fx_api(&x, NULL, "GET", demo_path("/api/v1/demos/", 5), NULL), 200, "the API's twin");
    is_str(x.answer.body, "{\"name\":\"<b>&\"}", "answers JSON from the same struct");
    struct str tag = fx_header(&x, "ETag");
    const char *const same[] = {"Authorization: Bearer kontor_sk_test",
                                str_c(x.arena, str_join(x.arena, STR("If-None-Match: "), tag)),
                                NULL};
    is_i64(fx_send(&x, NULL, "GET", path, same, STR("")), 304, "unchanged it costs nothing");
    is_i64(fx_send(&x, NULL, "GET", path, wrong, STR("")), 401, "a wrong key is refused");
    is_str(fx_header(&x, "Content-Type"), "application/problem+json", "by a problem");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/demos",
                  "{\"name\":\"abc\",\"count\":2,\"day\":\"2026-10-01\",\"price\":{\"amount\":"
                  "\"1.5\",\"currency\":\"USD\"},\"is_new\":true,\"tags\":[\"x\",\"y\"],"
                  "\"limit\":null}"),
           201, "an API POST needs no CSRF token");
    ok(got.price.minor == 150 && got.is_new && got.tags.len == 2 && !got.limit.has, "typed fields");
    ok(str_starts(fx_header(&x, "Location"), STR("/api/v1/demos/dmo_")), "and says where it is");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/demos", "{\"name\":\"a\",\"count\":0}"), 422,
           "problems of input are 422");
    ok(fx_has(&x, "\"code\":\"invalid\"") && fx_has(&x, "\"field\":\"name\"") &&
           fx_has(&x, "\"field\":\"count\"") && fx_has(&x, "\"request_id\":\""),
       "each with its field");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/demos",
                  "{\"name\":\"abc\",\"count\":3,\"day\":\"2026-10-01\",\"more\":{\"region\":"
                  "\"north\"}}"),
           201, "an object may bring inputs that are known only at run time");
    is_str(str_of(got_more), "region=north;", "by their names");
    is_i64(fx_post(&x, &staff, "/demos", "name=abc&count=3&day=2026-10-01&more:a=1&more:b=2"), 303,
           "a form calls them more:…");
    is_str(str_of(got_more), "a=1;b=2;", "and they arrive alike");
    is_i64(fx_post(&x, &staff, "/demos", "name=abc&count=3&day=2026-10-01&more:a=1&more:a=2"), 400,
           "none may come twice");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/demos", "{\"name\":"), 400, "broken JSON is 400");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/demos", "{\"evil\":1}"), 400,
           "an unknown member, too");
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/demos", form_type, STR("<a/>")), 415, "and XML 415");
    is_i64(fx_api(&x, NULL, "GET", "/api/v1/demos/new", NULL), 404, "screens are not in the API");
    is_i64(fx_get(&x, &staff, "/raw"), 404, "nor the other way round");
}

static void test_idempotency(void)
{
    const char *const once[] = {"Authorization: Bearer kontor_sk_test",
                                "Content-Type: application/json", "Idempotency-Key: k-1", NULL};
    struct str body = STR("{\"name\":\"abc\",\"count\":2,\"day\":\"2026-10-01\"}");
    handled = 0;
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/demos", once, body), 201, "a POST with a key");
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/demos", once, body), 201, "and again");
    ok(handled == 1 && ended == 1 && begun == 2, "happens once");
    is_str(fx_header(&x, "Idempotency-Replayed"), "true", "and says so");
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/demos", once,
                   STR("{\"name\":\"bcd\",\"count\":1,"
                       "\"day\":\"2026-10-01\"}")),
           409, "the same key for another request is a conflict");
    stored.status = 0;
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/demos", once,
                   STR("{\"name\":\"taken\",\"count\":1,\"day\":\"2026-10-01\"}")),
           422, "a refused request");
    ok(dropped == 1 && ended == 1, "leaves no stored answer");
}

static void test_files(void)
{
    is_i64(fx_get(&x, &staff, "/file"), 200, "a download");
    is_i64((int64_t)x.answer.body.len, 220000, "is whole");
    is_str(fx_header(&x, "Content-Disposition"),
           "attachment; filename=\"__________ _1_.csv\"; "
           "filename*=UTF-8''%D0%BE%D1%82%D1%87%D1%91%D1%82%20%221%22.csv",
           "with its name, never shown inline when a browser could run it");
    ok(str_has(fx_header(&x, "Content-Security-Policy"), STR("sandbox")), "in a sandbox");
    is_i64(fx_get(&x, &staff, "/file/fails"), 503,
           "a failure on the way is an error, not half a file");
    ok(!fx_has(&x, "half") && fx_header(&x, "Retry-After").at, "which may be tried again");

    const char *const multipart[] = {"Content-Type: multipart/form-data; boundary=b", NULL};
    is_i64(
        fx_send(&x, &staff, "POST", "/upload", multipart,
                STR("--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhi\r\n--b\r\n"
                    "Content-Disposition: form-data; name=\"file\"; filename=\"../x.csv\"\r\n\r\n"
                    "12345\r\n--b--\r\n")),
        204, "an upload");
    is_str(fx_header(&x, "X-Name"), "x.csv", "has a name without folders");
    is_str(fx_header(&x, "X-Size"), "5", "and its content");
    is_i64(fx_post(&x, &staff, "/upload", "file=abc"), 400, "a file field takes a file only");
    AUTO_BUF big = BUF(8000);
    buf_put(&big,
            STR("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"));
    for (int i = 0; i < 200; i++)
        buf_put(&big, STR("0123456789"));
    buf_put(&big, STR("\r\n--b--"));
    is_i64(fx_send(&x, &staff, "POST", "/upload", multipart, buf_str(&big)), 413,
           "a file over its limit is refused");
    const char *const csv[] = {"Authorization: Bearer kontor_sk_test", "Content-Type: text/csv",
                               NULL};
    is_i64(fx_send(&x, NULL, "POST", "/api/v1/raw", csv, STR("a;b\n")), 204, "a raw body");
    is_str(fx_header(&x, "X-Size"), "4", "comes as it is");
    is_i64(fx_api(&x, NULL, "POST", "/api/v1/raw", "{}"), 415, "of its declared type only");
}

static void test_htmx(void)
{
    is_i64(fx_htmx(&x, &staff, demo_path("/demos/", 5)), 200, "htmx asks for a page");
    ok(!fx_has(&x, "<html") && fx_has(&x, "<form"), "and gets the fragment");
    const char *const boosted[] = {"HX-Request: true", "HX-Boosted: true", NULL};
    is_i64(fx_send(&x, &staff, "GET", path, boosted, STR("")), 200, "a boosted link");
    ok(fx_has(&x, "<html"), "gets the whole page");
    const char *const htmx[] = {"HX-Request: true", NULL};
    is_i64(fx_send(&x, &staff, "POST", "/demos", htmx, STR("name=ab&count=1&day=2026-10-01")), 200,
           "a redirect for htmx");
    is_str(fx_header(&x, "HX-Redirect"), demo_path("/demos/", 7), "is its own header");
    is_i64(fx_htmx(&x, NULL, "/own"), 200, "a fragment after the session's end");
    is_str(fx_header(&x, "HX-Refresh"), "true", "loads the page again");
}

static void test_notes(void)
{
    is_i64(fx_post(&x, &staff, "/demos", "name=ab&count=1&day=2026-10-01"), 303, "a saved form");
    struct str cookie = STR_NONE, rest = x.answer.headers;
    while (rest.at && rest.len) {
        struct str line = str_cut(&rest, '\n');
        if (str_has(line, STR("kontor_note")))
            cookie = str_sub(line, strlen("Set-Cookie: "), line.len);
    }
    const char *const with[] = {
        str_c(x.arena, str_join(x.arena, STR("Cookie: "), str_cut(&cookie, ';'))), NULL};
    is_i64(fx_send(&x, &staff, "GET", "/demos/new", with, STR("")), 200, "the next page");
    ok(fx_has(&x, "<p role=\"status\">Saved</p>"), "shows the note");
    ok(str_has(x.answer.headers, STR("kontor_note=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")),
       "once");
    is_i64(fx_get(&x, NULL, "/return?name=%2Fdemos%3Fa%3D1"), 303, "a return address");
    is_str(fx_header(&x, "Location"), "/demos?a=1", "of ours is followed");
    is_i64(fx_get(&x, NULL, "/return?name=%2F%2Fevil.example"), 303, "one of others");
    is_str(fx_header(&x, "Location"), "/", "is not");
}

static void test_headers_of_all(void)
{
    static const char *const wanted[] = {"Content-Security-Policy",
                                         "X-Content-Type-Options",
                                         "Referrer-Policy",
                                         "Cross-Origin-Opener-Policy",
                                         "Permissions-Policy",
                                         "Cache-Control",
                                         "X-Request-Id"};
    static const char *const targets[] = {"/demos/new", "/nowhere", "/own",
                                          "/file",      "//bad",    "/api/v1/nowhere"};
    bool is_complete = true;
    for (size_t i = 0; i < LEN(targets); i++) {
        (void)fx_get(&x, &staff, targets[i]);
        for (size_t k = 0; k < LEN(wanted); k++)
            is_complete =
                is_complete && fx_header(&x, wanted[k]).at &&
                str_has(fx_header(&x, "Content-Security-Policy"), STR("frame-ancestors 'none'"));
    }
    ok(is_complete, "every answer, errors too, has the security headers");
    (void)fx_get(&x, &staff, "/demos/new");
    is_str(fx_header(&x, "Cache-Control"), "no-store", "pages of a session are not stored");
    ok(str_has(fx_header(&x, "Content-Security-Policy"), STR("style-src 'self' 'nonce-")),
       "styles need the nonce");
}

static void test_head_checks(void)
{
    const char *const evil_host[] = {"Host: evil.example", NULL};
    const char *const two_hosts[] = {"Host: localhost", "Host: localhost", NULL};
    const char *const port[] = {"Host: LOCALHOST:8080", NULL};
    const char *const both[] = {"Content-Length: 3", "Transfer-Encoding: chunked", NULL};
    const char *const coding[] = {"Transfer-Encoding: gzip, chunked", NULL};
    const char *const sign[] = {"Content-Length: +3", NULL};
    const char *const twice[] = {"Content-Length: 3", "Content-Length: 3", NULL};
    const char *const encoded[] = {"Content-Encoding: gzip", NULL};
    const char *const expect[] = {"Expect: 200-ok", NULL};
    const char *const name[] = {"Bad Name: x", NULL};
    is_i64(fx_send(&x, NULL, "GET", "/own", evil_host, STR("")), 421, "an unknown host is 421");
    is_i64(fx_send(&x, NULL, "GET", "/healthz", evil_host, STR("")), 200, "but for the probes");
    is_i64(fx_send(&x, NULL, "GET", "/own", two_hosts, STR("")), 400, "two hosts are refused");
    is_i64(fx_send(&x, &staff, "GET", "/own", port, STR("")), 204,
           "a host has no case, and a port");
    is_i64(fx_send(&x, NULL, "POST", "/open", both, STR("abc")), 400, "two lengths are refused");
    is_i64(fx_send(&x, NULL, "POST", "/open", coding, STR("abc")), 400, "and other codings");
    is_i64(fx_send(&x, NULL, "POST", "/open", sign, STR("abc")), 400, "and a length with a sign");
    is_i64(fx_send(&x, NULL, "POST", "/open", twice, STR("abc")), 400, "and one that stands twice");
    is_i64(fx_send(&x, NULL, "POST", "/open", encoded, STR("abc")), 415, "and packed bodies");
    is_i64(fx_send(&x, NULL, "POST", "/open", expect, STR("abc")), 417, "and unknown expectations");
    is_i64(fx_send(&x, NULL, "GET", "/own", name, STR("")), 400, "and names that are no tokens");
    is_i64(fx_send(&x, NULL, "TRACE", "/own", NULL, STR("")), 405, "unknown methods are 405");
    is_i64(fx_get(&x, NULL, "http://localhost/own"), 400, "absolute targets are refused");
    is_i64(fx_get(&x, NULL, "/a/../own"), 400, "and dots");
    is_i64(fx_get(&x, NULL, "/own#x"), 400, "and fragments");
    is_i64(fx_send(&x, &staff, "HEAD", "/own", NULL, STR("")), 204, "HEAD is answered as GET");
}

static void test_hot(void)
{
    is_i64(fx_get(&x, NULL, "/r/abc?sub=7"), 302, "a hot route");
    is_str(fx_header(&x, "Location"), "https://shop.example/?c=abc&s=7", "answers from memory");
    is_i64(fx_get(&x, NULL, "/healthz"), 200, "the server lives");
    is_i64(fx_get(&x, NULL, "/readyz"), 200, "and is ready");
    is_i64(fx_get(&x, NULL, "/metrics"), 200, "its figures");
    ok(fx_has(&x, "kontor_http_requests_total{method=\"GET\",route=\"/demos/new\",status=\"2xx\"}"),
       "count by route");
}

static void test_speed(void)
{
    enum { PAGES = 2000 };
    AUTO_ARENA arena = arena_new(0);
    const char *target = demo_path("/demos/", 5);
    int64_t start = when_mono_us();
    for (int i = 0; i < PAGES; i++) {
        struct http_test_answer answer;
        http_test_send(x.test, arena,
                       &(struct http_test_request){.method = "GET",
                                                   .target = str_of(target),
                                                   .actor = &staff,
                                                   .csrf_secret = STR("secret of good")},
                       &answer);
        arena_reset(arena);
    }
    int64_t each_us = (when_mono_us() - start) / PAGES;
    printf("# a page without a socket: %lld us\n", (long long)each_us);
    ok(each_us < 1000, "a page test costs less than a millisecond");
}

int main(void)
{
    static const struct route *const all[] = {demo_routes, sign_in_routes, NULL};
    (void)tables;
    AUTO_BUF log = BUF(1 << 20);
    uint8_t key[CRYPT_KEY_BYTES] = {1};
    log_to(&log);
    pid_key_set(key);
    permission_declare(permissions, LEN(permissions));
    staff = fx_staff(1, (const char *const[]){"*", NULL});
    reader = fx_staff(2, (const char *const[]){"demo.read", NULL});
    fx_open(&x, NULL, all, &hooks);
    test_rights();
    test_fields();
    test_lists();
    test_csrf();
    test_stash();
    test_api();
    test_idempotency();
    test_files();
    test_htmx();
    test_notes();
    test_headers_of_all();
    test_head_checks();
    test_hot();
    test_speed();
    fx_done(&x);
    log_to(NULL);
    return done_testing();
}
