/* Products and categories: rules and pages. */
#include "catalog/catalog_int.h"
#include "setting/setting.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static int64_t category(struct fixture *f, const char *code, int64_t parent_id)
{
    int64_t id = 0;
    struct catalog_category c = {.code = str_of(code),
                                 .name = str_of(code),
                                 .parent_id = parent_id ? SOME(parent_id) : NONE};
    enum rc rc = catalog_category_save(&f->op, &c, &id);
    fault_clear(&f->op.fault);
    return rc == RC_OK ? id : 0;
}

static void rules(struct fixture *f)
{
    struct catalog_category c = {0};
    struct catalog_product p = {0};
    int64_t id = 0;
    int64_t top = category(f, "Dairy Products", 0), below = category(f, "Cheese", top);
    ok(top && below, "a category may stand below another; a code may hold any signs");
    is_i64(category(f, "Cheese", 0), 0, "a code is unique");
    ok(catalog_category_get(&f->op, top, &c) == RC_OK, "the upper one");
    c.parent_id = SOME(below);
    ok(catalog_category_save(&f->op, &c, &id) == RC_CONFLICT, "never stands below its own");
    fault_clear(&f->op.fault);
    struct catalog_product in = {.code = STR("6ES7 214-1AG40"),
                                 .name = STR("Controller"),
                                 .category_id = SOME(below),
                                 .is_commissionable = true,
                                 .price = MONEY(12345, currency_find(STR("EUR")))};
    ok(catalog_product_save(&f->op, &in, &id) == RC_OK &&
           catalog_product_by_code(&f->op, STR("6ES7 214-1AG40"), &p) == RC_OK &&
           p.price.minor == 12345,
       "a product is found by its code");
    p.category_id = SOME(999);
    ok(catalog_product_save(&f->op, &p, &id) == RC_INVALID, "its category must be there");
    fault_clear(&f->op.fault);
    ok(catalog_category_archive(&f->op, below, 1, true) == RC_CONFLICT,
       "a category with products is not archived");
    fault_clear(&f->op.fault);
    ok(catalog_product_archive(&f->op, p.id, 1, true) == RC_OK &&
           catalog_category_archive(&f->op, below, 1, true) == RC_OK &&
           catalog_category_archive(&f->op, top, 1, true) == RC_OK,
       "an empty one is");
    ok(catalog_category_archive(&f->op, top, 1, false) == RC_CONFLICT, "by revision");
    fault_clear(&f->op.fault);
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'product.add'"), 1,
           "the journal has it");
}

static void pages(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, (const struct route *const[]){catalog_routes, catalog_category_routes, NULL},
            NULL);
    struct actor staff = fx_staff(5, (const char *const[]){"*", NULL});
    struct actor reader = fx_staff(6, (const char *const[]){"catalog.read", NULL});
    char body[300], target[200];
    int64_t top = category(f, "FOOD", 0), below = category(f, "CHEESE", top);
    static const char *const targets[] = {"/products", "/products/new", "/categories",
                                          "/categories/new"};
    for (size_t i = 0; i < LEN(targets); i++)
        is_i64(fx_get(&x, &staff, targets[i]), 200, targets[i]);
    is_i64(fx_get(&x, &staff, "/categories"), 200, "the tree");
    ok(fx_has(&x, "FOOD") && fx_has(&x, "CHEESE"), "has both");
    is_i64(fx_post(&x, &staff, "/products", "name=&code=<q>"), 422, "a wrong product comes back");
    ok(fx_has(&x, "&lt;q&gt;") && !fx_has(&x, "<q>"), "escaped");
    (void)snprintf(body, sizeof body,
                   "name=Brie&code=P-1&category_id=%s&price=12.50&price_currency=EUR"
                   "&is_commissionable=1",
                   cat(below).text);
    is_i64(fx_post(&x, &staff, "/products", body), 303, "a product is added");
    (void)snprintf(target, sizeof target, "/products?category=%s", cat(below).text);
    is_i64(fx_get(&x, &staff, target), 200, "the list by category");
    ok(fx_has(&x, "Brie") && fx_has(&x, "12.50"), "has it with its price");
    is_i64(fx_get(&x, &staff, "/products?q=P-1"), 200, "a code is searched for as well");
    ok(fx_has(&x, "Brie"), "and found");
    int64_t id = fixture_i64(f, "select id from product");
    (void)snprintf(target, sizeof target, "/products/%s/edit", prd(id).text);
    is_i64(fx_post(&x, &staff, target, "name=Brie+1&code=P-1&revision=1"), 303, "one editor");
    is_i64(fx_post(&x, &staff, target, "name=Brie+2&code=P-1&revision=1"), 409, "and another");
    ok(fx_has(&x, "Brie 1") && fx_has(&x, "Brie 2"), "who is told what changed");
    is_i64(fx_post(&x, &reader, target, "name=Brie+3&code=P-1&revision=2"), 403,
           "who may only read does not save");
    (void)snprintf(target, sizeof target, "/products/%s/archive", prd(id).text);
    is_i64(fx_post(&x, &staff, target, "revision=1"), 409, "an older revision is not archived");
    is_i64(fx_post(&x, &staff, target, "revision=2"), 303, "this one is");
    is_i64(fx_post(&x, &staff, target, "revision=3"), 303, "archiving again is no mistake");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'product.archive'"), 1,
           "and stands once in the journal");
    is_i64(fixture_i64(f, "select revision from product"), 3, "with one revision more");
    (void)snprintf(target, sizeof target, "/products/%s/restore", prd(id).text);
    is_i64(fx_post(&x, &staff, target, "revision=3"), 303, "it is restored");
    (void)snprintf(target, sizeof target, "/api/v1/products/%s", prd(id).text);
    is_i64(fx_api(&x, &reader, "GET", target, NULL), 200, "the API reads");
    ok(fx_has(&x, "\"revision\":4") && fx_has(&x, "\"attributes\":{}"), "the same record");
    is_i64(fx_api(&x, &staff, "POST", "/api/v1/categories", "{\"code\":\"X\",\"name\":\"X\"}"), 201,
           "and writes");
    fx_done(&x);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {4};
    pid_key_set(pid_key);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(attribute_permissions, attribute_permissions_len);
    permission_declare(catalog_permissions, catalog_permissions_len);
    audit_declare();
    org_start();
    attribute_start();
    catalog_start();
    fixture_each(rules);
    fixture_each(pages);
    return done_testing();
}
