/* Customers: the record, bindings by days, anonymising, pages. */
#include "customer/customer_int.h"
#include "setting/setting.h"
#include "tests/company.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

struct scene {
    int64_t partner, other, customer;
};

static void scene_set(struct fixture *f, struct scene *s)
{
    struct company company = company_set(f);
    s->partner = company_partner(f, company.north, "D-1", "D-1");
    s->other = company_partner(f, company.north, "D-2", "D-2");
    struct customer c = {.code = STR("C-1"),
                         .name = STR("Ana Pérez"),
                         .email = STR("ana@example.org"),
                         .tax_number = STR("12345678Z"),
                         .country = STR("ES")};
    ok(customer_save(&f->op, &c, &s->customer) == RC_OK, "a customer");
}

static enum rc bind(struct fixture *f, const struct scene *s, int64_t partner, const char *role,
                    int64_t from, int64_t to)
{
    int64_t id;
    struct customer_binding b = {.customer_id = s->customer,
                                 .partner_id = partner,
                                 .role = str_of(role),
                                 .from_day = from,
                                 .to_day = to,
                                 .reason = STR("link")};
    enum rc rc = customer_bind(&f->op, &b, &id);
    fault_clear(&f->op.fault);
    return rc;
}

static void bindings(struct fixture *f)
{
    struct scene s;
    int64_t jan = date_of(2026, 1, 1).days, jul = date_of(2026, 7, 1).days;
    scene_set(f, &s);
    ok(bind(f, &s, s.partner, "seller", jan, jul) == RC_OK, "a customer is a partner's for a time");
    ok(bind(f, &s, s.other, "seller", jul - 1, CUSTOMER_NO_END) == RC_CONFLICT,
       "not two partners' on one day in one role");
    ok(bind(f, &s, s.other, "referrer", jan, CUSTOMER_NO_END) == RC_OK, "in another role it is");
    ok(bind(f, &s, s.other, "seller", jul, CUSTOMER_NO_END) == RC_OK, "then the next one has it");
    ok(bind(f, &s, s.other, "", jul, jul) == RC_INVALID, "a role and a time are needed");
    int64_t id = fixture_i64(f, "select max(id) from customer_binding");
    ok(customer_unbind(&f->op, id, jul) == RC_INVALID, "it does not end before it begins");
    fault_clear(&f->op.fault);
    ok(customer_unbind(&f->op, id, jul + 10) == RC_OK, "it ends");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'customer.binding'"), 4,
           "each step stands in the journal");
}

static void anonymising(struct fixture *f)
{
    struct scene s;
    struct customer c;
    int64_t id;
    scene_set(f, &s);
    ok(customer_get(&f->op, s.customer, &c) == RC_OK, "there is a person");
    c.city = STR("Valencia");
    ok(customer_save(&f->op, &c, &id) == RC_OK, "who is changed");
    ok(customer_anonymise(&f->op, s.customer, 1) == RC_CONFLICT, "anonymising is by revision");
    fault_clear(&f->op.fault);
    ok(customer_anonymise(&f->op, s.customer, 2) == RC_OK &&
           customer_get(&f->op, s.customer, &c) == RC_OK && c.anonymised_at.has,
       "a person is anonymised");
    ok(c.email.len == 0 && c.tax_number.len == 0 && c.city.len == 0 &&
           !str_has(c.name, STR("Ana")) && str_eq(c.code, STR("C-1")),
       "nothing of the person is left, the code is");
    is_i64(fixture_i64(f, "select count(*) from audit_change where after like '%Ana%' or after "
                          "like '%Valencia%' or before like '%Ana%' or after like '%ana@%'"),
           0, "not in the journal either");
    ok(customer_save(&f->op, &c, &id) == RC_CONFLICT, "there is nothing to edit then");
    fault_clear(&f->op.fault);
    ok(customer_anonymise(&f->op, s.customer, 3) == RC_CONFLICT, "nor to anonymise again");
    fault_clear(&f->op.fault);
    f->op.actor = fx_staff(5, (const char *const[]){"customer.read", NULL});
    ok(customer_anonymise(&f->op, s.customer, 3) == RC_DENIED, "reading is not enough");
}

static void pages(struct fixture *f)
{
    struct fx x;
    struct scene s;
    char target[200];
    scene_set(f, &s);
    fx_open(&x, f, (const struct route *const[]){customer_routes, NULL}, NULL);
    struct actor staff = fx_staff(5, (const char *const[]){"*", NULL});
    staff.has_all_branches = true;
    is_i64(fx_get(&x, &staff, "/customers?q=ana"), 200, "the list is searched by name");
    ok(fx_has(&x, "Ana Pérez"), "by a part of it");
    is_i64(fx_get(&x, &staff, "/customers?q=C-1&country=ES&fraud=no"), 200, "or by code");
    ok(fx_has(&x, "Ana Pérez"), "with filters");
    is_i64(fx_get(&x, &staff, "/customers/new"), 200, "there is a form");
    is_i64(fx_post(&x, &staff, "/customers", "name=<i>&code=x+y&email=q"), 422, "which checks");
    ok(fx_has(&x, "&lt;i&gt;") && fx_has(&x, "e-email"), "and keeps what was typed");
    is_i64(fx_post(&x, &staff, "/customers", "name=Luis&code=C-2"), 303, "a right one is saved");
    (void)snprintf(target, sizeof target, "/customers/%s/bindings", cus(s.customer).text);
    is_i64(fx_post(&x, &staff, target, "partner=D-9&role=seller&from=2026-01-01"), 422,
           "a binding needs a partner that there is");
    is_i64(fx_post(&x, &staff, target, "partner=D-1&role=seller&from=2026-01-01"), 303, "it binds");
    (void)snprintf(target, sizeof target, "/customers/%s", cus(s.customer).text);
    is_i64(fx_get(&x, &staff, target), 200, "the page");
    ok(fx_has(&x, "D-1") && fx_has(&x, "seller"), "shows whose it is");
    (void)snprintf(target, sizeof target, "/customers/%s/anonymise", cus(s.customer).text);
    is_i64(fx_get(&x, &staff, target), 200, "anonymising asks first");
    is_i64(fx_post(&x, &staff, target, "revision=1"), 409, "an old page does not do it");
    is_i64(fx_post(&x, &staff, target, "revision=2"), 303, "a fresh one does");
    is_i64(fx_api(&x, &staff, "GET", "/api/v1/customers", NULL), 200, "the API lists");
    ok(fx_has(&x, "\"code\":\"C-2\""), "customers");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/customers", "{\"code\":\"C-3\",\"name\":\"Eva\"}"),
           201, "and adds one");
    struct actor reader = fx_staff(6, (const char *const[]){"customer.read", NULL});
    is_i64(fx_get(&x, &reader, target), 403, "who may only read anonymises nobody");
    fx_done(&x);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {5};
    pid_key_set(pid_key);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(attribute_permissions, attribute_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(customer_permissions, customer_permissions_len);
    audit_declare();
    org_start();
    attribute_start();
    partner_start();
    customer_start();
    fixture_each(bindings);
    fixture_each(anonymising);
    fixture_each(pages);
    return done_testing();
}
