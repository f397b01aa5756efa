/* A scene for the tests of partners: a company, two branches, people, partners in one line each. */
#ifndef KONTOR_PARTNER_SCENE_H
#define KONTOR_PARTNER_SCENE_H

#include "mail/mail.h"
#include "partner/partner_web.h"
#include "setting/setting.h"
#include "tests/company.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

#define SCENE __attribute__((unused)) static

struct scene {
    int64_t entity, north, south;
};

SCENE void scene_declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {7, 1};
    static struct crypt_keys keys = {.len = 1};
    keys.at[0].id = 1;
    memset(keys.at[0].key, 3, sizeof keys.at[0].key);
    pid_key_set(pid_key);
    crypt_field_keys_set(&keys);
    conf_declare(http_settings);
    conf_declare(auth_conf);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    permission_declare(attribute_permissions, attribute_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    jobs_declare();
    mail_declare();
    audit_declare();
    org_start();
    auth_start();
    attribute_start();
    partner_start();
}

SCENE void scene_set(struct fixture *f, struct scene *out)
{
    struct company company = company_set(f);
    *out = (struct scene){company.entity, company.north, company.south};
}

SCENE int64_t scene_partner(struct fixture *f, int64_t branch, const char *code, const char *name)
{
    return company_partner(f, branch, code, name);
}

SCENE bool scene_fault(struct fixture *f, const char *field)
{
    bool is_there = false;
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        is_there = is_there || (f->op.fault.entries[i].field &&
                                strcmp(f->op.fault.entries[i].field, field) == 0);
    fault_clear(&f->op.fault);
    return is_there;
}

/* What came back, with the failures forgotten. */
SCENE bool scene_is(struct fixture *f, enum rc got, enum rc wanted)
{
    if (got != wanted)
        company_why(f);
    fault_clear(&f->op.fault);
    return got == wanted;
}

SCENE int64_t scene_day(int year, int month, int day)
{
    return date_of(year, month, day).days;
}

/* Staff of one branch: a user with a row in user_branch. */
SCENE struct actor scene_staff_of(struct fixture *f, int64_t user_id, int64_t branch)
{
    char sql[600];
    (void)snprintf(sql, sizeof sql,
                   "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values (%lld, 1, 2, 'u%lld@x', "
                   "'u%lld@x', 'User', 'user', 'user', 'en', %s, 0)",
                   (long long)user_id, (long long)user_id, (long long)user_id,
                   f->engine == DB_POSTGRES ? "false" : "0");
    fixture_sql(f, sql);
    (void)snprintf(sql, sizeof sql,
                   "insert into user_branch (user_id, branch_id) values (%lld, %lld)",
                   (long long)user_id, (long long)branch);
    fixture_sql(f, sql);
    struct actor actor = fx_staff(user_id, (const char *const[]){"*", NULL});
    actor.has_all_branches = false;
    return actor;
}

#endif
