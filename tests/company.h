/* A small company for the tests of what stands above org and partner: one legal entity, two
 * branches, and partners in one line each. */
#ifndef KONTOR_TESTS_COMPANY_H
#define KONTOR_TESTS_COMPANY_H

#include "org/org.h"
#include "partner/partner.h"
#include "tests/fixture.h"
#include "tests/tap.h"

struct company {
    int64_t entity, north, south;
};

__attribute__((unused)) static void company_why(const struct fixture *f)
{
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        printf("# %s: %s\n", f->op.fault.entries[i].field ? f->op.fault.entries[i].field : "-",
               f->op.fault.entries[i].message);
}

/* Not ok, with the reasons, unless it worked. */
__attribute__((unused)) static void company_must(struct fixture *f, enum rc rc, const char *what)
{
    if (rc == RC_OK)
        return;
    ok(false, what);
    company_why(f);
}

__attribute__((unused)) static struct company company_set(struct fixture *f)
{
    struct company c = {0};
    struct org_entity entity = {
        .name = STR("Kontor Iberia S.L."), .short_name = STR("Iberia"), .country = STR("ES")};
    company_must(f, org_entity_save(&f->op, &entity, &c.entity), "a legal entity is added");
    struct org_branch north = {.code = STR("N"), .name = STR("North"), .entity_id = c.entity};
    struct org_branch south = {.code = STR("S"), .name = STR("South"), .entity_id = c.entity};
    company_must(f, org_branch_save(&f->op, &north, &c.north), "a branch is added");
    company_must(f, org_branch_save(&f->op, &south, &c.south), "a branch is added");
    return c;
}

__attribute__((unused)) static int64_t company_partner(struct fixture *f, int64_t branch,
                                                       const char *code, const char *name)
{
    int64_t id = 0;
    struct partner p = {.code = str_of(code),
                        .name = str_of(name),
                        .state = STR("active"),
                        .kind = STR("company"),
                        .country = STR("ES"),
                        .branch_id = branch,
                        .since = f->op.now};
    company_must(f, partner_save(&f->op, &p, &id), "a partner is added");
    return id;
}

#endif
