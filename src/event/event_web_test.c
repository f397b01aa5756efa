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
    permission_declare(event_permissions, event_permissions_len);
    org_start();
    partner_start();
    catalog_start();
    ui_pages_declare(event_pages, event_pages_len);
    fixture_each(api);
    fixture_each(pages);
    return done_testing();
}
