/* A scene for the tests of reward: a small company like Northwind, made through domain functions.
 * Three partners hang under each other in the tree "owner" (1 over 2 over 3), each with a contract
 * bound to examples/northwind/reps.dmn; sales of August and September 2026, figures by hand:
 *
 *   2026-09  own                                           upward               total
 *   1        4,210.00 x 4 % = 168.40                       7.30 + 9.90 = 17.20  185.60
 *   2        40.00 + 30.00 + 3.01 = 73.01                  33.00                106.01
 *   3        6,000.50: 1.1: 330.00 + 0.02 = 330.02         -                    330.02
 *   2026-08  1: 5,310.00 x 4 % x 1.1 = 233.64 + 4.00; 2: 40.00; 3: nothing */
#ifndef KONTOR_REWARD_SCENE_H
#define KONTOR_REWARD_SCENE_H

#include <fcntl.h>
#include <unistd.h>

#include "approval/approval.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "crypt/crypt.h"
#include "customer/customer.h"
#include "event/event.h"
#include "mail/mail.h"
#include "partner/partner.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "reward/reward.h"
#include "setting/setting.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

#define SCENE __attribute__((unused)) static

struct scene {
    int64_t entity_id, branch_id, other_branch_id, scheme_id, customer_id;
    int64_t category_ids[4], product_ids[4]; /* Beverages, Confections, Seafood, Produce */
    int64_t partner_ids[3], contract_ids[3];
    int events;
};

enum scene_product { BEVERAGE, CONFECTION, SEAFOOD, PRODUCE };

SCENE void scene_declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(pid_key);
    conf_declare(http_settings);
    conf_declare(auth_conf);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(plan_permissions, plan_permissions_len);
    permission_declare(rate_permissions, rate_permissions_len);
    permission_declare(catalog_permissions, catalog_permissions_len);
    permission_declare(customer_permissions, customer_permissions_len);
    permission_declare(event_permissions, event_permissions_len);
    permission_declare(reward_permissions, reward_permissions_len);
    jobs_declare();
    mail_declare();
    audit_declare();
    job_kind_declare(mail_job_kinds);
    job_kind_declare(auth_job_kinds);
    job_kind_declare(reward_jobs);
    org_start();
    auth_start();
    approval_start();
    scheme_start();
    partner_start();
    contract_start();
    plan_start();
    rate_start();
    catalog_start();
    customer_start();
    reward_start();
}

SCENE void scene_must(struct fixture *f, enum rc rc, const char *what)
{
    if (rc == RC_OK)
        return;
    for (size_t i = 0; i < f->op.fault.entries_len; i++) {
        struct str text = i18n_fault(f->arena, lang_of(LANG_EN), &f->op.fault.entries[i]);
        printf("# %s: " STR_FMT "\n", what, STR_ARG(text));
    }
    printf("Bail out! the scene cannot be set: %s (%d)\n", what, (int)rc);
    exit(1);
}

SCENE struct str scene_file(struct arena *arena, const char *path)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

SCENE int64_t scene_at(int year, int month, int day)
{
    return (int64_t)date_of(year, month, day).days * US_DAY + 10 * US_HOUR;
}

SCENE void scene_sale_of(struct fixture *f, struct scene *s, int who, enum scene_product product,
                         int64_t at, int64_t net_minor, const char *currency)
{
    struct event_credit credit = {.partner_id = s->partner_ids[who],
                                  .role = STR("seller"),
                                  .share = EVENT_SHARE_WHOLE,
                                  .reason = STR("file")};
    struct event_new event = {.source = STR("shop"),
                              .external_id = str_printf(f->arena, "S-%04d", ++s->events),
                              .type = EVENT_SALE,
                              .occurred_at = at,
                              .currency = currency_find(str_of(currency)),
                              .amount_minor = net_minor,
                              .net_minor = net_minor,
                              .quantity = EVENT_QUANTITY_ONE,
                              .product_id = s->product_ids[product],
                              .customer_id = s->customer_id,
                              .credits = &credit,
                              .credits_len = 1};
    struct event_answer answer;
    scene_must(f, event_store(&f->op, &event, 1, &answer), "an event");
}

SCENE void scene_sale(struct fixture *f, struct scene *s, int who, enum scene_product product,
                      int64_t at, int64_t net_minor)
{
    scene_sale_of(f, s, who, product, at, net_minor, "USD");
}

SCENE void scene_company(struct fixture *f, struct scene *s)
{
    struct org_operator operator= {.name = STR("Northwind Traders"),
                                   .country = STR("US"),
                                   .currency = STR("USD"),
                                   .zone = STR("UTC"),
                                   .lang = STR("en"),
                                   .languages = STR("en ru es")};
    struct org_entity entity = {
        .name = STR("Northwind Traders Inc"), .short_name = STR("Northwind"), .country = STR("US")};
    scene_must(f, org_operator_save(&f->op, &operator), "the operator");
    scene_must(f, org_entity_save(&f->op, &entity, &s->entity_id), "an entity");
    struct org_branch branch = {.code = STR("N"), .name = STR("North"), .entity_id = s->entity_id};
    scene_must(f, org_branch_save(&f->op, &branch, &s->branch_id), "a branch");
    branch = (struct org_branch){.code = STR("S"), .name = STR("South"), .entity_id = s->entity_id};
    scene_must(f, org_branch_save(&f->op, &branch, &s->other_branch_id), "a branch");
    scene_must(f, setting_set(&f->op, "approval.contract", STR("false")), "a setting");
    scene_must(f, setting_set(&f->op, "approval.scheme", STR("false")), "a setting");
    scene_must(f, setting_set(&f->op, "approval.run", STR("true")), "a setting");
}

SCENE void scene_catalog(struct fixture *f, struct scene *s)
{
    static const char *const codes[] = {"Beverages", "Confections", "Seafood", "Produce"};
    static const char *const names[] = {"Chai <hot>", "Pavlova", "Ikura", "Tofu"};
    for (size_t i = 0; i < LEN(codes); i++) {
        struct catalog_category category = {.code = str_of(codes[i]), .name = str_of(codes[i])};
        scene_must(f, catalog_category_save(&f->op, &category, &s->category_ids[i]), "a category");
        struct catalog_product product = {.code = str_of(names[i]).at ? str_of(codes[i]) : STR(""),
                                          .name = str_of(names[i]),
                                          .category_id = SOME(s->category_ids[i]),
                                          .is_commissionable = true};
        scene_must(f, catalog_product_save(&f->op, &product, &s->product_ids[i]), "a product");
    }
}

SCENE void scene_scheme(struct fixture *f, struct scene *s, struct str dmn_xml)
{
    int64_t version_id = 0;
    struct scheme_version version;
    struct scheme_info info = {.code = STR("REPS"), .name = STR("Sales representatives")};
    scene_must(f, scheme_save(&f->op, &info, &s->scheme_id), "a scheme");
    scene_must(f, scheme_version_add(&f->op, s->scheme_id, dmn_xml, STR(""), &version_id),
               "a version");
    scene_must(f, scheme_version_get(&f->op, version_id, &version), "a version");
    scene_must(f, scheme_version_submit(&f->op, version_id, version.revision, 0), "publishing");
}

SCENE int64_t scene_contract(struct fixture *f, struct scene *s, int64_t partner_id,
                             const char *code, int64_t due_days, int64_t hold_days)
{
    int64_t id = 0, version_id = 0, from_day = date_of(2026, 1, 1).days;
    struct contract contract = {.code = str_of(code),
                                .partner_id = partner_id,
                                .entity_id = s->entity_id,
                                .nature = STR("agency"),
                                .from_day = from_day,
                                .to_day = CONTRACT_NO_END};
    scene_must(f, contract_save(&f->op, &contract, &id), "a contract");
    struct contract_bound bound = {.scheme_id = s->scheme_id};
    struct contract_version version = {.contract_id = id,
                                       .from_day = from_day,
                                       .currency = currency_find(STR("USD")),
                                       .pay_currency = currency_find(STR("USD")),
                                       .period_kind = PERIOD_MONTH,
                                       .due_days = due_days,
                                       .hold_days = hold_days,
                                       .vat_mode = STR("none"),
                                       .documents_by = STR("partner"),
                                       .note = STR(""),
                                       .schemes = &bound,
                                       .schemes_len = 1};
    scene_must(f, contract_version_save(&f->op, &version, &version_id), "terms");
    scene_must(f, contract_get(&f->op, id, &contract), "a contract");
    scene_must(f, contract_state_set(&f->op, id, contract.revision, STR("active")), "active");
    return id;
}

SCENE void scene_partners(struct fixture *f, struct scene *s)
{
    static const char *const names[] = {"Anna & <Sons>", "Boris", "Carla"};
    static const char *const codes[] = {"1", "2", "3"}, *const contracts[] = {"R-1", "R-2", "R-3"};
    for (size_t i = 0; i < LEN(names); i++) {
        struct partner partner = {.code = str_of(codes[i]),
                                  .name = str_of(names[i]),
                                  .legal_name = STR(""),
                                  .state = STR("active"),
                                  .branch_id = i == 2 ? s->other_branch_id : s->branch_id,
                                  .kind = STR("company"),
                                  .country = STR("US"),
                                  .vat_mode = STR(""),
                                  .email = STR(""),
                                  .phone = STR(""),
                                  .site = STR(""),
                                  .block_reason = STR(""),
                                  .since = scene_at(2026, 1, 1)};
        scene_must(f, partner_save(&f->op, &partner, &s->partner_ids[i]), "a partner");
        fixture_sql(f, "update partner set state = 'active'");
        s->contract_ids[i] =
            scene_contract(f, s, s->partner_ids[i], contracts[i], 10, i == 2 ? 40 : 0);
        struct partner_relation relation = {.tree = STR("owner"),
                                            .partner_id = s->partner_ids[i],
                                            .from_day = date_of(2026, 1, 1).days,
                                            .to_day = PARTNER_NO_END,
                                            .share = 1000000};
        int64_t id = 0;
        if (i > 0) {
            relation.parent_id = s->partner_ids[i - 1];
            scene_must(f, partner_relation_save(&f->op, &relation, &id), "a relation");
        }
    }
}

SCENE void scene_begin_with(struct fixture *f, struct scene *s, struct str dmn_xml)
{
    static bool is_declared;
    if (!is_declared)
        scene_declare();
    is_declared = true;
    event_forget();
    *s = (struct scene){0};
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("the test")};
    scene_company(f, s);
    scene_catalog(f, s);
    scene_scheme(f, s, dmn_xml);
    scene_partners(f, s);
    struct customer customer = {
        .code = STR("C-1"), .name = STR("Alfreds \"Futterkiste\""), .since = scene_at(2026, 1, 1)};
    scene_must(f, customer_save(&f->op, &customer, &s->customer_id), "a customer");
    scene_sale(f, s, 0, BEVERAGE, scene_at(2026, 8, 3), 531000);
    scene_sale(f, s, 1, BEVERAGE, scene_at(2026, 8, 4), 100000);
    scene_sale(f, s, 0, BEVERAGE, scene_at(2026, 9, 1), 221000);
    scene_sale(f, s, 0, BEVERAGE, scene_at(2026, 9, 9), 200000);
    scene_sale(f, s, 1, BEVERAGE, scene_at(2026, 9, 2), 100000);
    scene_sale(f, s, 1, SEAFOOD, scene_at(2026, 9, 2), 50000);
    scene_sale(f, s, 1, PRODUCE, scene_at(2026, 9, 3), 10033);
    scene_sale(f, s, 2, CONFECTION, scene_at(2026, 9, 4), 600000);
    scene_sale(f, s, 2, PRODUCE, scene_at(2026, 9, 5), 50);
}

SCENE void scene_begin(struct fixture *f, struct scene *s)
{
    scene_begin_with(f, s, scene_file(f->arena, "examples/northwind/reps.dmn"));
}

SCENE struct period scene_month(int month)
{
    return period_of(PERIOD_MONTH, 0, date_of(2026, month, 1));
}

/* A person of the staff who exists, with these permissions. */
SCENE struct actor scene_staff(struct fixture *f, int64_t user_id, const char *const *permissions)
{
    struct str sql = str_printf(
        f->arena,
        "insert into auth_user (id, side, state, email, email_fold, name, name_fold, name_sort, "
        "lang, has_all_branches, created_at) select %lld, 1, 2, 'p%lld@x', 'p%lld@x', 'P', 'p', "
        "'p', 'en', (1 = 1), 0 where not exists (select 1 from auth_user where id = %lld)",
        (long long)user_id, (long long)user_id, (long long)user_id, (long long)user_id);
    fixture_sql(f, str_c(f->arena, sql));
    return fx_staff(user_id, permissions);
}

/* A run of the month, calculated by the system. */
SCENE int64_t scene_run(struct fixture *f, int month)
{
    int64_t id = 0;
    scene_must(f, reward_run_add(&f->op, scene_month(month), STR(""), &id), "a run");
    scene_must(f, reward_run_calculate(&f->op, id, NULL, NULL), "calculating");
    return id;
}

SCENE int64_t scene_total(struct fixture *f, int64_t run_id, int64_t contract_id)
{
    return fixture_i64(
        f,
        str_c(f->arena, str_printf(f->arena,
                                   "select total_minor from reward_result where run_id = %lld and "
                                   "contract_id = %lld order by attempt desc limit 1",
                                   (long long)run_id, (long long)contract_id)));
}

#endif
