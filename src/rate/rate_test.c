/* Exchange rates: the record, finding one, the pages. */
#include "audit/audit.h"
#include "rate/rate.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static int64_t day(int year, int month, int d)
{
    return date_of(year, month, d).days;
}

static struct rate rate(const char *from, const char *to, int64_t from_day, const char *value)
{
    return (struct rate){
        .from = str_of(from), .to = str_of(to), .day = from_day, .value = str_of(value)};
}

static bool is_refused(struct fixture *f, struct rate r, enum rc want, const char *field)
{
    int64_t id;
    enum rc rc = rate_save(&f->op, &r, &id);
    bool is = rc == want && f->op.fault.entries_len > 0 &&
              strcmp(f->op.fault.entries[0].field, field) == 0;
    fault_clear(&f->op.fault);
    return is;
}

static void rules(struct fixture *f)
{
    int64_t id = 0, other = 0;
    struct rate r = rate("GBP", "USD", day(2026, 1, 1), "1.2200"), got = {0};
    ok(rate_save(&f->op, &r, &id) == RC_OK && rate_get(&f->op, id, &got) == RC_OK,
       "a rate is added");
    ok(str_eq(got.from, STR("GBP")) && str_eq(got.value, STR("1.22")) &&
           str_eq(got.source, STR("default")),
       "in one form");
    ok(is_refused(f, r, RC_CONFLICT, "day"), "there is one of a day");
    r.source = STR("ECB");
    ok(rate_save(&f->op, &r, &other) == RC_OK, "and source");
    ok(is_refused(f, rate("XXQ", "USD", 1, "1"), RC_INVALID, "from"), "of a currency");
    ok(is_refused(f, rate("USD", "", 1, "1"), RC_INVALID, "to"), "to another one");
    ok(is_refused(f, rate("USD", "USD", 1, "1"), RC_INVALID, "to"), "not to itself");
    ok(is_refused(f, rate("EUR", "USD", 1, "0"), RC_INVALID, "rate"), "above zero");
    ok(is_refused(f, rate("EUR", "USD", 1, "x"), RC_INVALID, "rate"), "a number");
    got.value = STR("1.3");
    ok(rate_save(&f->op, &got, &other) == RC_OK, "it is changed");
    ok(rate_save(&f->op, &got, &other) == RC_CONFLICT, "but not by who has read it before");
    fault_clear(&f->op.fault);
    ok(rate_archive(&f->op, id, 2, true) == RC_OK, "it is archived");
    r.source = STR("");
    ok(rate_save(&f->op, &r, &other) == RC_OK, "which makes room");
    ok(rate_archive(&f->op, id, 3, false) == RC_CONFLICT, "so it cannot come back");
    fault_clear(&f->op.fault);
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'rate.edit'"), 1,
           "the journal has the change");
}

static bool finds(struct fixture *f, const struct rates *rates, int64_t at, const char *want,
                  int64_t want_day)
{
    struct dec value;
    int64_t since = 0;
    bool has = rates_find(rates, STR("default"), STR("GBP"), STR("USD"), at, &value, &since);
    if (!want)
        return !has;
    return has && str_eq(dec_print(f->arena, value), str_of(want)) && since == want_day;
}

static void finding(struct fixture *f)
{
    const struct rates *rates = NULL;
    int64_t id = 0;
    struct dec value;
    const struct rate all[] = {rate("GBP", "USD", day(2026, 2, 1), "1.3"),
                               rate("GBP", "USD", day(2026, 1, 1), "1.2"),
                               rate("GBP", "USD", day(2026, 3, 2), "1.4")};
    for (size_t i = 0; i < LEN(all); i++)
        ok(rate_save(&f->op, &all[i], &id) == RC_OK, "a rate");
    ok(rates_load(&f->op, day(2026, 3, 1), &rates) == RC_OK, "those of a time are read");
    ok(finds(f, rates, day(2025, 12, 31), NULL, 0), "before the first there is none");
    ok(finds(f, rates, day(2026, 1, 1), "1.2", day(2026, 1, 1)), "it holds from its day");
    ok(finds(f, rates, day(2026, 1, 31), "1.2", day(2026, 1, 1)), "to the day before the next");
    ok(finds(f, rates, day(2026, 2, 1), "1.3", day(2026, 2, 1)), "which holds from its own");
    ok(finds(f, rates, day(2026, 4, 1), "1.3", day(2026, 2, 1)), "later ones were not read");
    ok(!rates_find(rates, STR("default"), STR("USD"), STR("GBP"), day(2026, 2, 1), &value, &id) &&
           !rates_find(rates, STR("ECB"), STR("GBP"), STR("USD"), day(2026, 2, 1), &value, &id),
       "nothing is turned around, nor taken from another source");
}

static void pages(struct fixture *f)
{
    struct fx x;
    char target[200];
    fx_open(&x, f, (const struct route *const[]){rate_routes, NULL}, NULL);
    struct actor staff = fx_staff(5, (const char *const[]){"*", NULL});
    struct actor reader = fx_staff(6, (const char *const[]){"rate.read", NULL});
    is_i64(fx_get(&x, &staff, "/settings/rates"), 200, "the list");
    is_i64(fx_get(&x, &staff, "/settings/rates/new"), 200, "the form");
    is_i64(fx_post(&x, &staff, "/settings/rates", "from=GBP&to=GBP&rate=1.2&day=2026-01-01"), 422,
           "a wrong rate comes back");
    is_i64(fx_post(&x, &staff, "/settings/rates", "from=GBP&to=USD&rate=1.22&day=2026-01-01"), 303,
           "a rate is added");
    is_i64(fx_get(&x, &reader, "/settings/rates?currency=GBP"), 200, "the list of a currency");
    ok(fx_has(&x, "1.22") && fx_has(&x, "default"), "has it");
    is_i64(fx_get(&x, &reader, "/settings/rates?currency=EUR"), 200, "of another one");
    ok(!fx_has(&x, "1.22"), "has it not");
    int64_t id = fixture_i64(f, "select id from currency_rate");
    (void)snprintf(target, sizeof target, "/settings/rates/%s", pid_of("rat", id).text);
    is_i64(fx_get(&x, &reader, target), 200, "the page");
    ok(fx_has(&x, "1.22"), "says what it is");
    (void)snprintf(target, sizeof target, "/settings/rates/%s/edit", pid_of("rat", id).text);
    is_i64(fx_post(&x, &reader, target, "from=GBP&to=USD&rate=2&day=2026-01-01&revision=1"), 403,
           "who may only read does not save");
    is_i64(fx_post(&x, &staff, target, "from=GBP&to=USD&rate=2&day=2026-01-01&revision=1"), 303,
           "it is changed");
    (void)snprintf(target, sizeof target, "/api/v1/settings/rates/%s", pid_of("rat", id).text);
    is_i64(fx_api(&x, &reader, "GET", target, NULL), 200, "the API reads");
    ok(fx_has(&x, "\"rate\":\"2\"") && fx_has(&x, "\"day\":\"2026-01-01\""), "the record");
    fx_done(&x);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {4};
    pid_key_set(pid_key);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(rate_permissions, rate_permissions_len);
    audit_declare();
    rate_start();
    fixture_each(rules);
    fixture_each(finding);
    fixture_each(pages);
    return done_testing();
}
