/* The operator with its legal entities, branches and people. */
#include "auth/auth.h"
#include "demo/demo_int.h"
#include "setting/setting.h"

/* ---- legal entities and branches ---- */

static const struct {
    const char *name, *short_name;
    enum demo_land land;
    size_t seat; /* branch whose city it sits in */
} entities[DEMO_ENTITIES] = {
    {"ООО «Меридиан Связь»", "Меридиан Связь", DEMO_RU, 0},
    {"Meridian Telecom SL", "Meridian Telecom", DEMO_ES, 3},
    {"Meridian Connect Ltd", "Meridian Connect", DEMO_GB, 5},
};

static const struct {
    const char *code, *name;
    size_t entity;
} branches[DEMO_BRANCHES] = {
    {"MSK", "Москва", 0}, {"SPB", "Санкт-Петербург", 0}, {"EKB", "Екатеринбург", 0},
    {"MAD", "Madrid", 1}, {"BCN", "Barcelona", 1},       {"LON", "London", 2},
};

static enum rc add_entity(struct demo *demo, size_t i)
{
    enum demo_land land = entities[i].land;
    struct org_entity entity = {
        .name = str_of(entities[i].name),
        .short_name = str_of(entities[i].short_name),
        .country = str_of(demo_country(land)),
        .tax = {demo_tax_number(demo, land, true), land == DEMO_RU ? STR("770101001") : STR(""),
                demo_registration(demo, land, true)},
    };
    demo_address(demo, entities[i].seat, &entity.address);
    TRY(org_entity_save(demo->op, &entity, &demo->entities[i]));
    struct org_account account = {.entity_id = demo->entities[i], .is_main = true};
    int64_t account_id;
    demo_bank(demo, land, &account.bank);
    TRY(org_account_save(demo->op, &account, &account_id));
    account.is_main = false;
    demo_bank(demo, land, &account.bank);
    return org_account_save(demo->op, &account, &account_id);
}

static enum rc add_branch(struct demo *demo, size_t i)
{
    struct org_branch branch = {.code = str_of(branches[i].code),
                                .name = str_of(branches[i].name),
                                .entity_id = demo->entities[branches[i].entity]};
    return org_branch_save(demo->op, &branch, &demo->branches[i]);
}

/* ---- people ---- */

enum { ALL_BRANCHES = -1 };

static const struct person {
    const char *email, *name, *role, *lang;
    int branch;
} people[] = {
    {"admin@meridian.example", "Elena Ortega Vidal", "administrator", "en", ALL_BRANCHES},
    {"head@meridian.example", "Сергей Морозов", "administrator", "ru", ALL_BRANCHES},
    {"accountant@meridian.example", "Ирина Белова", "accountant", "ru", ALL_BRANCHES},
    {"accountant2@meridian.example", "Carmen Ruiz Peña", "accountant", "es", ALL_BRANCHES},
    {"manager.moscow@meridian.example", "Ольга Соколова", "partner_manager", "ru", 0},
    {"manager.petersburg@meridian.example", "Павел Никитин", "partner_manager", "ru", 1},
    {"manager.ural@meridian.example", "Дарья Зимина", "partner_manager", "ru", 2},
    {"manager.madrid@meridian.example", "Javier Molina Castro", "partner_manager", "es", 3},
    {"manager.barcelona@meridian.example", "Marta Ferrer Rubio", "partner_manager", "es", 4},
    {"manager.london@meridian.example", "Grace Whitfield", "partner_manager", "en", 5},
    {"channel@meridian.example", "Thomas Marsh", "partner_manager", "en", ALL_BRANCHES},
    {"auditor@meridian.example", "Hannah Lockwood", "auditor", "en", ALL_BRANCHES},
    {"former@meridian.example", "Виктор Панин", "partner_manager", "ru", 0},
};
enum { PERSON_FIRST_MANAGER = 4, PERSON_FORMER = 12 };

static enum rc add_person(struct demo *demo, const struct person *person, int64_t *out_id)
{
    struct auth_role role;
    struct op *op = demo->op;
    TRY(auth_role_find(op, str_of(person->role), &role));
    bool is_everywhere = person->branch == ALL_BRANCHES;
    struct auth_user_new user = {
        .side = AUTH_STAFF,
        .email = str_of(person->email),
        .name = str_of(person->name),
        .lang = str_of(person->lang),
        .has_all_branches = is_everywhere,
        .roles = {.at = &role.id, .len = 1},
    };
    if (!is_everywhere)
        user.branches = (struct i64_list){.at = &demo->branches[person->branch], .len = 1};
    return auth_user_add(op, &user, STR(DEMO_PASSWORD), out_id);
}

static enum rc add_people(struct demo *demo)
{
    int64_t ids[LEN(people)];
    for (size_t i = 0; i < LEN(people); i++)
        TRY(add_person(demo, &people[i], &ids[i]));
    demo->administrator = ids[0];
    demo->head = ids[1];
    demo->accountant = ids[2];
    demo->second_accountant = ids[3];
    for (size_t i = 0; i < DEMO_MANAGERS; i++)
        demo->managers[i] = ids[PERSON_FIRST_MANAGER + i];
    struct auth_user former;
    TRY(auth_user_get(demo->op, ids[PERSON_FORMER], &former));
    return auth_user_block(demo->op, former.id, former.revision, true);
}

static enum rc name_managers(struct demo *demo)
{
    for (size_t i = 0; i < DEMO_BRANCHES; i++) {
        struct org_branch branch;
        int64_t id;
        TRY(org_branch_get(demo->op, demo->branches[i], &branch));
        branch.manager_id = SOME(demo->managers[i]);
        TRY(org_branch_save(demo->op, &branch, &id));
    }
    return RC_OK;
}

enum rc demo_make_company(struct demo *demo)
{
    struct op *op = demo->op;
    struct org_operator company = {.name = STR("Meridian Telecom"),
                                   .country = STR("ES"),
                                   .currency = STR("EUR"),
                                   .zone = STR("Europe/Madrid"),
                                   .lang = STR("en"),
                                   .languages = STR("en ru es")};
    TRY(org_operator_save(op, &company));
    op->zone = zone_find(STR("Europe/Madrid"));
    op->lang = lang_of(LANG_EN);
    for (size_t i = 0; i < DEMO_ENTITIES; i++)
        TRY(add_entity(demo, i));
    for (size_t i = 0; i < DEMO_BRANCHES; i++)
        TRY(add_branch(demo, i));
    TRY(add_people(demo));
    TRY(name_managers(demo));
    TRY(demo_as(demo, demo->administrator));
    return setting_set(op, "approval.scheme", STR("true"));
}
