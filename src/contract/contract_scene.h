/* A scene for the tests of contracts: a company, branches, partners and the example's scheme. */
#ifndef KONTOR_CONTRACT_SCENE_H
#define KONTOR_CONTRACT_SCENE_H

#include <fcntl.h>
#include <unistd.h>

#include "contract/contract_int.h"
#include "tests/company.h"
#include "tests/fixture.h"
#include "tests/tap.h"

struct scene {
    int64_t entity, branch, other_branch, partner, other_partner, scheme;
};

__attribute__((unused)) static struct str scene_file(struct arena *arena)
{
    AUTO_FD fd = open("examples/northwind/reps.dmn", O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* The scheme in force from 1 January 2026, with a second version, other defaults, from July on. */
__attribute__((unused)) static int64_t scene_scheme(struct fixture *f, const char *code)
{
    int64_t id = 0, version = 0;
    struct scheme_version v;
    struct scheme_info info = {.code = str_of(code), .name = STR("Sales representatives")};
    if (scheme_save(&f->op, &info, &id) != RC_OK ||
        scheme_version_add(&f->op, id, scene_file(f->arena), STR(""), &version) != RC_OK ||
        scheme_version_get(&f->op, version, &v) != RC_OK ||
        scheme_version_submit(&f->op, version, v.revision,
                              zone_day_start(f->op.zone, date_of(2026, 1, 1))) != RC_OK)
        ok(false, "the scheme is published");
    return id;
}

__attribute__((unused)) static void scene_set(struct fixture *f, struct scene *out)
{
    struct company company = company_set(f);
    *out = (struct scene){
        .entity = company.entity, .branch = company.north, .other_branch = company.south};
    out->partner = company_partner(f, out->branch, "P-1", "Dos Orillas <Servicios>");
    out->other_partner = company_partner(f, out->other_branch, "P-2", "Aurora");
    out->scheme = scene_scheme(f, "REPS");
}

__attribute__((unused)) static int64_t day(int year, int month, int d)
{
    return date_of(year, month, d).days;
}

__attribute__((unused)) static int64_t scene_contract(struct fixture *f, const struct scene *s,
                                                      const char *code, int64_t from_day,
                                                      int64_t to_day)
{
    int64_t id = 0;
    struct contract c = {.code = str_of(code),
                         .partner_id = s->partner,
                         .entity_id = s->entity,
                         .nature = STR("agency"),
                         .from_day = from_day,
                         .to_day = to_day};
    if (contract_save(&f->op, &c, &id) != RC_OK)
        ok(false, "a contract is added");
    return id;
}

__attribute__((unused)) static struct contract_version scene_terms(int64_t contract_id,
                                                                   int64_t from_day)
{
    return (struct contract_version){.contract_id = contract_id,
                                     .from_day = from_day,
                                     .currency = currency_find(STR("EUR")),
                                     .pay_currency = currency_find(STR("EUR")),
                                     .period_kind = PERIOD_MONTH,
                                     .due_days = 10,
                                     .vat_mode = STR("none"),
                                     .documents_by = STR("partner")};
}

__attribute__((unused)) static enum rc set_state(struct fixture *f, int64_t id, const char *state)
{
    struct contract c;
    TRY(contract_get(&f->op, id, &c));
    return contract_state_set(&f->op, id, c.revision, str_of(state));
}

__attribute__((unused)) static void scene_start(void)
{
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    approval_start();
    org_start();
    partner_start();
    scheme_start();
    contract_start();
}

#endif
