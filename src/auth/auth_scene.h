/* A scene for the tests of auth: everything declared, cheap hashes, people made in one line. */
#ifndef KONTOR_AUTH_SCENE_H
#define KONTOR_AUTH_SCENE_H

#include "auth/auth_int.h"
#include "jobs/jobs.h"
#include "tests/fixture.h"

#define SCENE_PASSWORD "correct horse 7"
#define SCENE          __attribute__((unused)) static

SCENE void scene_declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    struct crypt_keys keys = {.len = 1};
    keys.at[0].id = 1;
    memset(keys.at[0].key, 9, sizeof keys.at[0].key);
    pid_key_set(pid_key);
    auth__cost_set(CRYPT_COST_TEST);
    crypt_field_keys_set(&keys);
    conf_declare(http_settings);
    conf_declare(auth_conf);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    jobs_declare();
    mail_declare();
    audit_declare();
    job_kind_declare(mail_job_kinds);
    job_kind_declare(auth_job_kinds);
    org_start();
    auth_start();
}

SCENE void scene_begin(struct fixture *f)
{
    static bool is_declared;
    if (!is_declared)
        scene_declare();
    is_declared = true;
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("the test")};
}

/* A staff user of all branches, not yet made. */
SCENE struct auth_user_new scene_new(struct fixture *f, const char *email, const char *role)
{
    struct auth_role found;
    struct auth_user_new in = {.side = AUTH_STAFF,
                               .email = str_of(email),
                               .name = str_of(email),
                               .has_all_branches = true};
    enum rc rc = auth_role_find(&f->op, str_of(role), &found);
    assert(rc == RC_OK);
    VEC_PUSH(f->arena, &in.roles, found.id);
    return in;
}

SCENE int64_t scene_add(struct fixture *f, const struct auth_user_new *in)
{
    int64_t id = 0;
    struct actor before = f->op.actor;
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    enum rc rc = auth_user_add(&f->op, in, STR(SCENE_PASSWORD), &id);
    assert(rc == RC_OK);
    f->op.actor = before;
    return id;
}

SCENE int64_t scene_user(struct fixture *f, const char *email, const char *role,
                         bool has_all_branches)
{
    struct auth_user_new in = scene_new(f, email, role);
    in.has_all_branches = has_all_branches;
    return scene_add(f, &in);
}

SCENE int64_t scene_partner_user(struct fixture *f, const char *email, const char *role,
                                 int64_t partner_id)
{
    struct auth_user_new in = scene_new(f, email, role);
    in.side = AUTH_PARTNER;
    in.partner_id = partner_id;
    return scene_add(f, &in);
}

SCENE int64_t scene_branch(struct fixture *f, const char *code)
{
    int64_t entity_id = 0, id = 0;
    struct org_choices entities;
    struct org_entity entity = {.name = STR("Meridian Mobile SA"), .country = STR("ES")};
    enum rc rc = org_entity_choices(&f->op, 0, &entities);
    if (rc == RC_OK && entities.len)
        entity_id = entities.at[0].id;
    else
        rc = org_entity_save(&f->op, &entity, &entity_id);
    assert(rc == RC_OK);
    struct org_branch branch = {.code = str_of(code), .name = str_of(code), .entity_id = entity_id};
    rc = org_branch_save(&f->op, &branch, &id);
    assert(rc == RC_OK);
    return id;
}

/* From now on the operation is this person's. */
SCENE void scene_act(struct fixture *f, int64_t user_id)
{
    struct actor actor;
    enum rc rc = auth_actor(&f->op, user_id, &actor);
    assert(rc == RC_OK);
    f->op.actor = actor;
}

SCENE void scene_jobs(struct fixture *f)
{
    struct actor before = f->op.actor;
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    enum rc rc = jobs_drain(&f->op);
    assert(rc == RC_OK);
    f->op.actor = before;
}

/* Text of the last letter. */
SCENE struct str scene_mail_text(struct fixture *f)
{
    struct mail_info mail;
    struct actor before = f->op.actor;
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    enum rc rc = mail_find(&f->op, fixture_i64(f, "select max(id) from mail"), &mail);
    assert(rc == RC_OK);
    f->op.actor = before;
    return mail.text;
}

/* The token of the link in the last letter. */
SCENE struct str scene_mail_token(struct fixture *f)
{
    struct str text = scene_mail_text(f), mark = STR("token=");
    size_t at = str_find(text, mark, 0);
    if (at == SIZE_MAX)
        return STR("");
    size_t end = at + mark.len;
    while (end < text.len && (unsigned char)text.at[end] > ' ' && text.at[end] != '"' &&
           text.at[end] != '<')
        end++;
    return str_dup(f->arena, str_sub(text, at + mark.len, end - at - mark.len));
}

#endif
