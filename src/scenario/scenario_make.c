/* The company that a file describes: made through the functions that the console calls. What they
 * refuse is said at the row that asked for it. */
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "event/event.h"
#include "partner/partner.h"
#include "scenario/scenario_int.h"
#include "text/text.h"

enum { EVER = 0, SINCE_DAY = 10957 /* 2000-01-01: before what scenarios tell of */ };

/* ---- names and refusals ---- */

void scenario__name_add(struct scenario__world *world, struct scenario__names *names,
                        struct str code, int64_t id)
{
    if (!names->ids)
        names->ids = map_new(world->arena);
    int64_t *kept = NEW(world->arena, int64_t);
    *kept = id;
    *map_put(names->ids, code) = kept;
    VEC_PUSH(world->arena, &names->list, code);
}

static int64_t known_id(const struct scenario__names *names, struct str code)
{
    const int64_t *id = names->ids ? map_get(names->ids, code) : NULL;
    return id ? *id : 0;
}

int64_t scenario__id_of(struct scenario__world *world, const struct scenario__names *names,
                        const struct scenario__row *row, int column, const char *what)
{
    int64_t id = known_id(names, row->cells[column]);
    if (id == 0)
        scenario__unknown(world->file, row, column, what, &names->list);
    return id;
}

struct str scenario__fault(struct op *op)
{
    AUTO_BUF text = BUF(8192);
    for (size_t i = 0; i < op->fault.entries_len; i++) {
        const struct fault_entry *entry = &op->fault.entries[i];
        struct str words = i18n_fault(op->arena, op->lang, entry);
        buf_printf(&text, "%s%s%s" STR_FMT, i ? "; " : "", entry->field ? entry->field : "",
                   entry->field ? ": " : "", STR_ARG(words));
        if (entry->line > 0)
            buf_printf(&text, " (line %ld)", entry->line);
    }
    fault_clear(&op->fault);
    return str_dup(op->arena, buf_str(&text));
}

bool scenario__did(struct scenario__world *world, const struct scenario__row *row, enum rc rc)
{
    if (rc == RC_OK)
        return true;
    struct str text = scenario__fault(world->op);
    if (text.len == 0)
        text = str_of(rc == RC_BROKEN ? db_message(world->op->db) : rc_code(rc));
    scenario__complain(world->file, row, -1, STR_FMT, STR_ARG(text));
    return false;
}

static struct str or_code(struct str name, struct str code)
{
    return name.len ? name : code;
}

/* ---- company ---- */

bool scenario__make_company(struct scenario__world *world)
{
    struct op *op = world->op;
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_COMPANY];
    const struct scenario__row *row = rows->len ? &rows->at[0] : NULL;
    struct org_operator operator= {.name = STR("Scenario"),
                                   .country = STR("ES"),
                                   .currency = STR("EUR"),
                                   .zone = STR("UTC"),
                                   .lang = STR("en"),
                                   .languages = STR("en ru es")};
    if (row && scenario__has(row, COL_COMPANY_CURRENCY))
        operator.currency = row->cells[COL_COMPANY_CURRENCY];
    if (row && scenario__has(row, COL_COMPANY_COUNTRY))
        operator.country = row->cells[COL_COMPANY_COUNTRY];
    if (row && scenario__has(row, COL_COMPANY_ZONE))
        operator.zone = row->cells[COL_COMPANY_ZONE];
    world->currency = currency_find(operator.currency);
    struct org_entity entity = {
        .name = STR("Scenario"), .short_name = STR("Scenario"), .country = operator.country };
    if (!scenario__did(world, row, org_operator_save(op, &operator)) ||
        !scenario__did(world, row, org_entity_save(op, &entity, &world->entity_id)))
        return false;
    struct org_branch branch = {
        .code = STR("MAIN"), .name = STR("Main"), .entity_id = world->entity_id};
    return scenario__did(world, row, org_branch_save(op, &branch, &world->branch_id));
}

/* ---- products, customers ---- */

static bool make_category(struct scenario__world *world, const struct scenario__row *row,
                          struct str code, struct str name, struct str parent)
{
    int64_t id = 0, parent_id = known_id(&world->categories, parent);
    struct catalog_category category = {
        .code = code, .name = or_code(name, code), .parent_id = parent_id ? SOME(parent_id) : NONE};
    if (!scenario__did(world, row, catalog_category_save(world->op, &category, &id)))
        return false;
    scenario__name_add(world, &world->categories, code, id);
    return true;
}

static bool make_categories(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_CATEGORIES];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        if (scenario__has(row, COL_CATEGORY_PARENT) &&
            scenario__id_of(world, &world->categories, row, COL_CATEGORY_PARENT, "category") == 0)
            return false;
        if (!make_category(world, row, row->cells[COL_CATEGORY_CODE], row->cells[COL_CATEGORY_NAME],
                           row->cells[COL_CATEGORY_PARENT]))
            return false;
    }
    return true;
}

/* A category that only products name is made by the first of them. */
static bool make_products(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_PRODUCTS];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        struct str code = row->cells[COL_PRODUCT_CODE], category = row->cells[COL_PRODUCT_CATEGORY];
        int64_t id = 0;
        if (category.len > 0 && known_id(&world->categories, category) == 0 &&
            !make_category(world, row, category, STR(""), STR("")))
            return false;
        struct catalog_product product = {
            .code = code,
            .name = or_code(row->cells[COL_PRODUCT_NAME], code),
            .tags = row->cells[COL_PRODUCT_TAGS],
            .category_id = category.len ? SOME(known_id(&world->categories, category)) : NONE,
            .is_commissionable = !str_eq(row->cells[COL_PRODUCT_COMMISSIONABLE], STR("no"))};
        if (!scenario__did(world, row, catalog_product_save(world->op, &product, &id)))
            return false;
        scenario__name_add(world, &world->products, code, id);
    }
    return true;
}

static int64_t day_start(const struct scenario__world *world, int64_t day)
{
    return zone_day_start(world->op->zone, (struct date){(int32_t)day});
}

bool scenario__make_goods(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_CUSTOMERS];
    if (!make_categories(world) || !make_products(world))
        return false;
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        struct str code = row->cells[COL_CUSTOMER_CODE];
        int64_t id = 0;
        struct customer customer = {
            .code = code,
            .name = or_code(row->cells[COL_CUSTOMER_NAME], code),
            .country = row->cells[COL_CUSTOMER_COUNTRY],
            .since = day_start(world, scenario__day(row, COL_CUSTOMER_SINCE, SINCE_DAY)),
            .is_fraud = str_eq(row->cells[COL_CUSTOMER_FRAUD], STR("yes"))};
        if (!scenario__did(world, row, customer_save(world->op, &customer, &id)))
            return false;
        scenario__name_add(world, &world->customers, code, id);
    }
    return true;
}

/* ---- schemes ---- */

/* "folder/reps.dmn" -> "reps". */
static struct str stem_of(struct str path)
{
    struct str stem = path;
    while (path.at)
        stem = str_cut(&path, '/');
    return str_ends(stem, STR(".dmn")) ? str_sub(stem, 0, stem.len - 4) : stem;
}

static struct str beside(struct scenario__world *world, struct str name)
{
    struct str path = world->file->path;
    while (path.len > 0 && path.at[path.len - 1] != '/')
        path.len--;
    return str_starts(name, STR("/")) ? name : str_join(world->arena, path, name);
}

static bool make_version(struct scenario__world *world, const struct scenario__row *row,
                         struct str code, struct str xml, int64_t valid_from)
{
    struct op *op = world->op;
    int64_t id = known_id(&world->schemes, code), version_id = 0;
    struct scheme_version version;
    struct scheme_info info = {.code = code, .name = code};
    if (id == 0) {
        if (!scenario__did(world, row, scheme_save(op, &info, &id)))
            return false;
        scenario__name_add(world, &world->schemes, code, id);
    }
    return scenario__did(world, row, scheme_version_add(op, id, xml, STR(""), &version_id)) &&
           scenario__did(world, row, scheme_version_get(op, version_id, &version)) &&
           scenario__did(world, row,
                         scheme_version_submit(op, version_id, version.revision, valid_from));
}

bool scenario__make_schemes(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_SCHEME];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        struct str xml = STR_NONE, file = row->cells[COL_SCHEME_FILE];
        struct str code = row->cells[COL_SCHEME_CODE];
        enum rc rc = cli_read_file(world->cli, beside(world, file), SCHEME_FILE_MAX, &xml);
        if (!scenario__did(world, row, rc) ||
            !make_version(world, row, code.len ? code : stem_of(file), xml,
                          scenario__moment(world->file, row, COL_SCHEME_FROM, EVER)))
            return false;
    }
    for (size_t i = 0; i < world->file->inlines.len; i++) {
        const struct scenario__inline *own = &world->file->inlines.at[i];
        const struct scenario__row row = {.line = own->line};
        if (!make_version(world, &row, own->code, own->xml, EVER))
            return false;
    }
    return true;
}

/* ---- partners ---- */

static bool make_level(struct scenario__world *world, const struct scenario__row *row,
                       struct str code, struct str name)
{
    int64_t id = 0;
    struct partner_level level = {
        .code = code, .name = or_code(name, code), .position = (int64_t)world->levels.list.len + 1};
    if (!scenario__did(world, row, partner_level_save(world->op, &level, &id)))
        return false;
    scenario__name_add(world, &world->levels, code, id);
    return true;
}

/* Levels that only partners name are made in the order in which they are met. */
static bool level_of(struct scenario__world *world, const struct scenario__row *row,
                     struct opt_i64 *out)
{
    struct str code = row->cells[COL_PARTNER_LEVEL];
    *out = NONE;
    if (code.len == 0)
        return true;
    if (world->file->tables[SCENARIO_LEVELS].len == 0 && known_id(&world->levels, code) == 0 &&
        !make_level(world, row, code, STR("")))
        return false;
    *out = SOME(scenario__id_of(world, &world->levels, row, COL_PARTNER_LEVEL, "level"));
    return out->v != 0;
}

static bool set_groups(struct scenario__world *world, const struct scenario__row *row, int64_t id)
{
    struct str_list codes = scenario__pieces(world->arena, row->cells[COL_PARTNER_GROUPS]);
    struct i64_list ids = {0};
    for (size_t i = 0; i < codes.len; i++) {
        struct partner_group group = {.code = codes.at[i], .name = codes.at[i]};
        int64_t group_id = known_id(&world->groups, codes.at[i]);
        if (group_id == 0) {
            if (!scenario__did(world, row, partner_group_save(world->op, &group, &group_id)))
                return false;
            scenario__name_add(world, &world->groups, codes.at[i], group_id);
        }
        VEC_PUSH(world->arena, &ids, group_id);
    }
    return ids.len == 0 || scenario__did(world, row, partner_groups_set(world->op, id, &ids));
}

static bool set_roles(struct scenario__world *world, const struct scenario__row *row, int64_t id)
{
    struct str_list codes = scenario__pieces(world->arena, row->cells[COL_PARTNER_ROLES]);
    struct i64_list ids = {0};
    struct partner_roles roles = {0};
    if (codes.len == 0)
        return true;
    if (!world->roles.ids) {
        if (!scenario__did(world, row, partner_roles_all(world->op, &roles)))
            return false;
        for (size_t i = 0; i < roles.len; i++)
            scenario__name_add(world, &world->roles, roles.at[i].code, roles.at[i].id);
    }
    for (size_t i = 0; i < codes.len; i++) {
        int64_t role_id = known_id(&world->roles, codes.at[i]);
        if (role_id == 0) {
            scenario__unknown(world->file, row, COL_PARTNER_ROLES, "role", &world->roles.list);
            return false;
        }
        VEC_PUSH(world->arena, &ids, role_id);
    }
    return scenario__did(world, row, partner_roles_set(world->op, id, &ids));
}

static bool make_partner(struct scenario__world *world, const struct scenario__row *row)
{
    struct op *op = world->op;
    int64_t id = 0;
    struct str code = row->cells[COL_PARTNER_CODE], country = row->cells[COL_PARTNER_COUNTRY];
    struct str_list tags = scenario__pieces(world->arena, row->cells[COL_PARTNER_TAGS]);
    struct partner partner = {
        .code = code,
        .name = or_code(row->cells[COL_PARTNER_NAME], code),
        .legal_name = STR(""),
        .state = STR("active"),
        .branch_id = world->branch_id,
        .kind = STR("company"),
        .country = country.len ? country : STR("ES"),
        .vat_mode = STR(""),
        .email = STR(""),
        .phone = STR(""),
        .site = STR(""),
        .block_reason = STR(""),
        .since = day_start(world, scenario__day(row, COL_PARTNER_SINCE, SINCE_DAY))};
    if (!level_of(world, row, &partner.level_id) ||
        !scenario__did(world, row, partner_save(op, &partner, &id)))
        return false;
    scenario__name_add(world, &world->partners, code, id);
    return set_groups(world, row, id) && set_roles(world, row, id) &&
           (tags.len == 0 || scenario__did(world, row, partner_tags_set(op, id, &tags)));
}

static bool make_relation(struct scenario__world *world, const struct scenario__row *row)
{
    struct str tree = row->cells[COL_PARTNER_TREE];
    int64_t id = 0;
    struct partner_relation relation = {
        .tree = tree.len ? tree : STR("owner"),
        .partner_id = known_id(&world->partners, row->cells[COL_PARTNER_CODE]),
        .parent_id = scenario__id_of(world, &world->partners, row, COL_PARTNER_PARENT, "partner"),
        .from_day = scenario__day(row, COL_PARTNER_PARENT_FROM, SINCE_DAY),
        .to_day = scenario__day(row, COL_PARTNER_PARENT_TO, PARTNER_NO_END),
        .share = EVENT_SHARE_WHOLE};
    return relation.parent_id != 0 &&
           scenario__did(world, row, partner_relation_save(world->op, &relation, &id));
}

static bool make_outlets(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_OUTLETS];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        struct str code = row->cells[COL_OUTLET_CODE];
        int64_t id = 0;
        struct partner_outlet outlet = {
            .code = code,
            .name = or_code(row->cells[COL_OUTLET_NAME], code),
            .partner_id =
                scenario__id_of(world, &world->partners, row, COL_OUTLET_PARTNER, "partner")};
        if (outlet.partner_id == 0 ||
            !scenario__did(world, row, partner_outlet_save(world->op, &outlet, &id)))
            return false;
        scenario__name_add(world, &world->outlets, code, id);
    }
    return true;
}

/* A second row of a partner adds a relation in another tree or for other days. */
bool scenario__make_partners(struct scenario__world *world)
{
    const struct scenario__rows *levels = &world->file->tables[SCENARIO_LEVELS];
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_PARTNERS];
    for (size_t i = 0; i < levels->len; i++)
        if (!make_level(world, &levels->at[i], levels->at[i].cells[COL_LEVEL_CODE],
                        levels->at[i].cells[COL_LEVEL_NAME]))
            return false;
    for (size_t i = 0; i < rows->len; i++)
        if (known_id(&world->partners, rows->at[i].cells[COL_PARTNER_CODE]) == 0 &&
            !make_partner(world, &rows->at[i]))
            return false;
    for (size_t i = 0; i < rows->len; i++)
        if (scenario__has(&rows->at[i], COL_PARTNER_PARENT) && !make_relation(world, &rows->at[i]))
            return false;
    return make_outlets(world);
}
