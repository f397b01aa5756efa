/* Events on pages and through the API: who sees which, what a partner sees of a shared one. */
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "event/event_web.h"
#include "partner/partner.h"
#include "tests/company.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const struct http_hooks hooks = {.shell = NULL};
static const struct route *const routes[] = {event_routes, event_api_routes, NULL};

static void scene(struct fixture *f)
{
    int64_t product = 0;
    event_forget();
    struct company company = company_set(f);
    (void)company_partner(f, company.north, "P-1", "Aurora");
    (void)company_partner(f, company.north, "P-2", "Dos Orillas");
    struct catalog_product phone = {.code = STR("G-1"), .name = STR("Phone")};
    ok(catalog_product_save(&f->op, &phone, &product) == RC_OK, "a product");
}

static int64_t partner(struct fixture *f, const char *code)
{
    struct partner p = {0};
    return partner_by_code(&f->op, str_of(code), &p) == RC_OK ? p.id : 0;
}

static const char shared[] =
    "{\"external_id\":\"S-1\",\"source\":\"shop\",\"occurred_at\":\"2026-09-30T10:00:00Z\",\"net\":"
    "{\"amount\":"
    "\"100.01\",\"currency\":\"EUR\"},\"product\":\"G-1\",\"partners\":[{\"partner\":\"P-1\","
    "\"share\":\"0.5\"},"
    "{\"partner\":\"P-2\",\"share\":\"0.5\"}],\"attributes\":{\"channel\":\"web\"}}";

static void api(struct fixture *f)
{
    struct fx x;
    const char *const may[] = {"sale.read", "sale.add", NULL};
    struct actor staff = fx_staff(1, may);
    scene(f);
    ok(event_committer_start(f->database) == RC_OK, "the committer runs");
    fx_open(&x, f, routes, &hooks);
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", shared), 200, "an event is taken");
    ok(fx_has(&x, "\"outcome\":\"stored\"") && fx_has(&x, "\"id\":\"evt_"), "and stored");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", shared), 200, "sent again");
    ok(fx_has(&x, "\"outcome\":\"duplicate\""), "it is known");
    is_i64(fixture_i64(f, "select count(*) from event_tail"), 2,
           "and stored once, with both credits");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events",
                  "[{\"external_id\":\"S-1\",\"source\":\"shop\",\"occurred_at\":\"2026-09-30T10:"
                  "00:00Z\","
                  "\"net\":{\"amount\":\"7\",\"currency\":\"EUR\"},\"partner\":\"P-1\"},{"
                  "\"external_id\":\"S-2\","
                  "\"occurred_at\":\"2026-09-30T10:00:00Z\",\"net\":{\"amount\":\"1\",\"currency\":"
                  "\"EUR\"},"
                  "\"partner\":\"nobody\"},{\"external_id\":\"S-3\",\"occurred_at\":\"2026-09-"
                  "30T11:00:00Z\","
                  "\"net\":{\"amount\":\"1\",\"currency\":\"EUR\"},\"partner\":\"P-2\"}]"),
           200, "several events are answered one by one");
    ok(fx_has(&x, "\"outcome\":\"differs\"") && fx_has(&x, "\"outcome\":\"invalid\"") &&
           fx_has(&x, "\"outcome\":\"stored\""),
       "each by itself");
    ok(fx_has(&x, "There is no record with the code “nobody”."), "with its error");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", "{\"external_id\":\"S-9\"}"), 422,
           "one event that is wrong is a problem");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", "{]"), 422, "so is broken JSON");
    is_i64(fixture_i64(f, "select last_sale_at from partner where code = 'P-2'"),
           date_of(2026, 9, 30).days * US_DAY + 11 * US_HOUR, "when a partner sold last is known");
    is_i64(fx_api(&x, &staff, "GET", "/api/v1/events?limit=1", NULL), 200, "the list");
    ok(fx_has(&x, "S-3") && !fx_has(&x, "S-1"), "begins with the newest");
    event_committer_stop();
    fx_done(&x);
}

/* An event with these members beside what it must have. */
static int send(struct fixture *f, struct fx *x, const char *members)
{
    static const char *const may[] = {"sale.read", "sale.add", NULL};
    struct actor staff = fx_staff(1, may);
    struct str body = str_printf(
        f->arena, "{\"external_id\":\"E-1\",\"source\":\"shop\",%s%s}",
        strstr(members, "occurred_at") ? "" : "\"occurred_at\":\"2026-09-30T10:00:00Z\",", members);
    return fx_api(x, &staff, "POST", "/api/v1/events", str_c(f->arena, body));
}

#define EUR(amount_) "{\"amount\":\"" amount_ "\",\"currency\":\"EUR\"}"

static void wrong_events(struct fixture *f)
{
    static const struct {
        const char *members, *said;
    } wrong[] = {
        {"\"partner\":\"P-1\",\"net\":\"12\"", "An amount is written like"},
        {"\"partner\":\"P-1\",\"net\":" EUR("1") ",\"tax\":{\"amount\":\"1\",\"currency\":\"USD\"}",
         "All amounts of an event have one currency."},
        {"\"partner\":\"P-1\",\"net\":" EUR("92233720368547758.07") ",\"tax\":" EUR("0.01"),
         "The amount is too large."},
        {"\"partner\":\"P-1\",\"amount\":" EUR("-92233720368547758.07") ",\"tax\":" EUR("0.02"),
         "The amount is too large."},
        {"\"partner\":\"P-1\"", "An event needs its currency."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"type\":\"gift\"",
         "There is no type of event “gift”."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"occurred_at\":\"yesterday\"",
         "The time is written like"},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"quantity\":\"many\"", "This is not a number."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"quantity\":\"1e15\"", "This is not a number."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"product\":\"G-9\"", "the code “G-9”"},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"customer\":\"C-9\"", "the code “C-9”"},
        {"\"currency\":\"EUR\",\"partners\":[]", "An event belongs to 1 to 32 partners."},
        {"\"currency\":\"EUR\"", "An event belongs to 1 to 32 partners."},
        {"\"currency\":\"EUR\",\"partners\":[{\"partner\":\"P-1\",\"share\":\"all\"}]",
         "A share is a part of one"},
        {"\"currency\":\"EUR\",\"partners\":[{\"partner\":\"P-1\",\"share\":\"0.9\"}]",
         "must be positive and sum to 1"},
        {"\"currency\":\"EUR\",\"partners\":[{\"partner\":\"P-1\",\"share\":\"9e12\"},{\"partner\":"
         "\"P-2\",\"share\":\"9e12\"}]",
         "must be positive and sum to 1"},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"attributes\":[]",
         "Attributes are an object of plain values."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"attributes\":{\"a\":[1]}",
         "Attributes are an object of plain values."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"type\":\"refund\",\"original_external_id\":"
         "\"E-0\"",
         "There is no event “E-0” of this source."},
        {"\"partner\":\"P-1\",\"currency\":\"EUR\",\"type\":\"void\"",
         "Say which event is voided."},
    };
    struct fx x;
    scene(f);
    ok(event_committer_start(f->database) == RC_OK, "the committer runs");
    fx_open(&x, f, routes, &hooks);
    for (size_t i = 0; i < LEN(wrong); i++) {
        bool is_refused = send(f, &x, wrong[i].members) == 422;
        ok(is_refused && fx_has(&x, wrong[i].said), wrong[i].said);
    }
    AUTO_BUF buf = BUF(1 << 20);
    buf_printf(&buf, "\"partner\":\"P-1\",\"currency\":\"EUR\",\"attributes\":{\"a\":\"%09000d\"}",
               1);
    is_i64(send(f, &x, str_c(f->arena, buf_str(&buf))), 422, "attributes have a limit");
    struct actor staff = fx_staff(1, (const char *const[]){"sale.add", NULL});
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", "[7]"), 200, "a list of something else");
    ok(fx_has(&x, "An event is an object."), "is answered one by one");
    buf_reset(&buf);
    buf_char(&buf, '[');
    for (int i = 0; i < 1001; i++)
        buf_printf(&buf, "%s{}", i ? "," : "");
    buf_char(&buf, ']');
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", str_c(f->arena, buf_str(&buf))), 413,
           "a thousand are enough for one request");
    is_i64(fixture_i64(f, "select count(*) from event_tail"), 0, "nothing of all that is stored");
    event_committer_stop();
    fx_done(&x);
}

static void whole_event(struct fixture *f)
{
    static const char *const may[] = {"sale.read", "sale.add", "partner.read", NULL};
    struct fx x;
    int64_t id;
    struct actor staff = fx_staff(1, may);
    scene(f);
    struct customer c = {.code = STR("C-1"), .name = STR("Casa Lola"), .country = STR("ES")};
    ok(customer_save(&f->op, &c, &id) == RC_OK, "a customer");
    ok(event_committer_start(f->database) == RC_OK, "the committer runs");
    fx_open(&x, f, routes, &hooks);
    static const char members[] =
        "\"partners\":[{\"partner\":\"P-1\",\"role\":\"scout\"}],"
        "\"product\":\"G-1\",\"customer\":\"C-1\",\"quantity\":\"2.5\","
        "\"amount\":{\"amount\":\"121.00\",\"currency\":\"EUR\"},"
        "\"tax\":{\"amount\":\"21.00\",\"currency\":\"EUR\"},"
        "\"discount\":{\"amount\":\"5.00\",\"currency\":\"EUR\"},"
        "\"shipping\":{\"amount\":\"3.00\",\"currency\":\"EUR\"},"
        "\"cost\":{\"amount\":\"60.00\",\"currency\":\"EUR\"},"
        "\"attributes\":{\"n\":7,\"yes\":true,\"text\":\"web\",\"none\":null}";
    is_i64(send(f, &x, members), 200, "an event with everything is taken");
    is_i64(fixture_i64(f, "select net_minor from event_tail"), 9700,
           "the net amount is what tax and shipping leave");
    is_i64(fixture_i64(f, "select count(*) from event_tail where attributes = "
                          "'{\"n\":7,\"yes\":true,\"text\":\"web\",\"none\":null}'"),
           1, "attributes are kept as they came");
    struct str url = fx_between(&x, "\"id\":\"", "\"");
    const char *page = str_c(f->arena, str_printf(f->arena, "/events/" STR_FMT, STR_ARG(url)));
    const char *same = str_c(f->arena, str_printf(f->arena, "/api/v1%s", page));
    is_i64(fx_get(&x, &staff, page), 200, "its page");
    ok(fx_has(&x, "€21.00") && fx_has(&x, "€5.00") && fx_has(&x, "€3.00") && fx_has(&x, "€60.00"),
       "has tax, discount, shipping and cost");
    ok(fx_has(&x, "Casa Lola · C-1") && fx_has(&x, "scout") && fx_has(&x, "href=\"/partners/prt_"),
       "the customer, a role of one's own and the way to the partner");
    is_i64(fx_api(&x, &staff, "GET", same, NULL), 200, "the API reads it");
    ok(fx_has(&x, "\"net\":" EUR("97.00")) && fx_has(&x, "\"quantity\":\"2.5\"") &&
           fx_has(&x, "\"partners\":[{\"partner\":\"P-1\",\"share\":\"1\"}]"),
       "as it was sent");
    is_i64(fx_get(&x, &staff, "/events?customer=C-1"), 200, "asked for a customer");
    ok(fx_has(&x, "E-1"), "the list has it");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events",
                  "{\"external_id\":\"E-2\",\"source\":\"shop\",\"type\":\"refund\","
                  "\"original_external_id\":\"E-1\",\"occurred_at\":\"2026-10-01T10:00:00Z\","
                  "\"net\":" EUR("-97.00") ",\"partner\":\"P-1\"}"),
           200, "a refund names its sale");
    url = fx_between(&x, "\"id\":\"", "\"");
    is_i64(
        fx_get(&x, &staff, str_c(f->arena, str_printf(f->arena, "/events/" STR_FMT, STR_ARG(url)))),
        200, "its page");
    ok(fx_has(&x, "Original event") && fx_has(&x, page), "leads there");
    struct actor own =
        fx_partner(2, partner(f, "P-1"), (const char *const[]){"portal.sales", NULL});
    is_i64(fx_get(&x, &own, "/portal/sales?type=refund"), 200, "the partner asks for refunds");
    ok(fx_has(&x, "E-2") && !fx_has(&x, "E-1"), "and sees no sale");
    struct ui_founds found = {0};
    struct ui_sought sought = {.text = STR("E-2"), .limit = 5};
    ok(event_finders[0].find(&f->op, &sought, &found) == RC_OK && found.len == 1 &&
           str_eq(found.at[0].title, STR("E-2")) && str_has(found.at[0].figure, STR("97.00")),
       "the search finds an event by its number");
    event_committer_stop();
    fx_done(&x);
}

static void pages(struct fixture *f)
{
    struct fx x;
    const char *const may[] = {"sale.read", "sale.add", NULL}, *const own[] = {"portal.sales",
                                                                               NULL};
    struct actor staff = fx_staff(1, may);
    scene(f);
    struct actor first = fx_partner(2, partner(f, "P-1"), own);
    struct actor second = fx_partner(3, partner(f, "P-2"), own);
    ok(event_committer_start(f->database) == RC_OK, "the committer runs");
    fx_open(&x, f, routes, &hooks);
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/events", shared), 200, "an event of two partners");
    is_i64(fx_get(&x, &staff, "/events"), 200, "the list of events");
    ok(fx_has(&x, "Aurora (Seller), Dos Orillas (Seller)"), "has one line with both");
    is_i64(fx_get(&x, &staff, "/events?partner=P-2"), 200, "asked for one of them");
    ok(fx_has(&x, "S-1"), "it is there");
    is_i64(fx_get(&x, &staff, "/events?partner=P-9"), 200, "asked for nobody");
    ok(!fx_has(&x, "S-1"), "it is not");
    is_i64(fx_get(&x, &staff, "/events?from=2026-10-01"), 200, "asked for later days");
    ok(!fx_has(&x, "S-1"), "it is not there either");
    is_i64(fx_get(&x, &staff, "/events?to=2026-09-30&type=sale&product=G-1&source=shop&q=S-1"), 200,
           "asked for all it has");
    ok(fx_has(&x, "S-1"), "it is there");
    const char *page = str_c(f->arena, str_printf(f->arena, "/events/" STR_FMT,
                                                  STR_ARG(fx_between(&x, "/events/", "\""))));
    is_i64(fx_get(&x, &staff, page), 200, "its own page");
    ok(fx_has(&x, "€50.01") && fx_has(&x, "€50.00"), "splits the amount to the cent");
    is_i64(fx_get(&x, &first, "/portal/sales"), 200, "the partner's list");
    ok(fx_has(&x, "€50.01") && !fx_has(&x, "Dos Orillas"), "has its part and nobody else");
    is_i64(fx_get(&x, &second, "/portal/sales"), 200, "the other's list");
    ok(fx_has(&x, "€50.00") && !fx_has(&x, "Aurora"), "has the other part");
    is_i64(fx_get(&x, &first, "/events"), 403, "the console's list is not for partners");
    event_committer_stop();
    fx_done(&x);
}

int main(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {7};
    pid_key_set(key);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(catalog_permissions, catalog_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(customer_permissions, customer_permissions_len);
    permission_declare(event_permissions, event_permissions_len);
    org_start();
    partner_start();
    catalog_start();
    customer_start();
    ui_pages_declare(event_pages, event_pages_len);
    fixture_each(api);
    fixture_each(wrong_events);
    fixture_each(whole_event);
    fixture_each(pages);
    return done_testing();
}
