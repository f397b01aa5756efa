/* Contracts of a file. Values of attributes that begin later are later versions of the contract, as
 * a supplementary agreement would be. */
#include "contract/contract.h"
#include "scenario/scenario_int.h"

enum { SINCE_DAY = 10957 /* 2000-01-01 */, VERSIONS_MAX = 100 };

/* ---- attributes are checked where they stand ---- */

static const struct scheme *scheme_of(struct scenario__world *world, int64_t scheme_id)
{
    struct scheme_version version;
    const struct scheme *scheme = NULL;
    if (scheme_version_for(world->op, scheme_id, world->op->now, &version) != RC_OK ||
        scheme_version_load(world->op, version.id, &scheme) != RC_OK)
        return NULL;
    return scheme;
}

static const struct scheme_attribute *find_attribute(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; scheme && i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

static bool is_for_scheme(const struct scenario__row *row, struct str code)
{
    struct str asked = row->cells[COL_ATTRIBUTE_SCHEME];
    return asked.len == 0 || str_eq(asked, code);
}

static bool check_attribute(struct scenario__world *world, const struct scenario__row *row)
{
    struct str_list known = {0};
    bool is_found = false;
    for (size_t i = 0; i < world->schemes.list.len; i++) {
        struct str code = world->schemes.list.at[i], canonical;
        const int64_t *id = map_get(world->schemes.ids, code);
        const struct scheme *scheme = is_for_scheme(row, code) ? scheme_of(world, *id) : NULL;
        const struct scheme_attribute *attribute =
            find_attribute(scheme, row->cells[COL_ATTRIBUTE_NAME]);
        for (size_t k = 0; scheme && k < scheme->attributes_len; k++)
            VEC_PUSH(world->arena, &known, scheme->attributes[k].name);
        const char *problem = attribute
                                  ? scheme_value_check(world->arena, attribute,
                                                       row->cells[COL_ATTRIBUTE_VALUE], &canonical)
                                  : NULL;
        if (problem) {
            scenario__complain(world->file, row, COL_ATTRIBUTE_VALUE, "%s", problem);
            return false;
        }
        is_found = is_found || attribute;
    }
    if (!is_found)
        scenario__unknown(world->file, row, COL_ATTRIBUTE_NAME, "attribute", &known);
    return is_found;
}

static bool check_attributes(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_ATTRIBUTES];
    bool is_fine = true;
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        is_fine = check_attribute(world, row) && is_fine;
        if (scenario__has(row, COL_ATTRIBUTE_SCHEME) &&
            scenario__id_of(world, &world->schemes, row, COL_ATTRIBUTE_SCHEME, "scheme") == 0)
            is_fine = false;
        if (scenario__has(row, COL_ATTRIBUTE_CONTRACT) &&
            scenario__id_of(world, &world->contracts, row, COL_ATTRIBUTE_CONTRACT, "contract") == 0)
            is_fine = false;
    }
    return is_fine;
}

/* ---- versions ---- */

struct terms {
    struct contract_term *at;
    size_t len, cap;
};

static void put_term(struct scenario__world *world, struct terms *terms, struct str name,
                     struct str value)
{
    struct contract_term term = {name, value};
    for (size_t i = 0; i < terms->len; i++)
        if (str_eq(terms->at[i].name, name)) {
            terms->at[i].value = value;
            return;
        }
    VEC_PUSH(world->arena, terms, term);
}

/* Values for everybody first, then those of this contract; later ones replace earlier ones. */
static struct terms terms_on(struct scenario__world *world, struct str contract, struct str scheme,
                             const struct scheme *model, int64_t day)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_ATTRIBUTES];
    struct terms terms = {0};
    for (int is_own = 0; is_own <= 1; is_own++)
        for (size_t i = 0; i < rows->len; i++) {
            const struct scenario__row *row = &rows->at[i];
            struct str of = row->cells[COL_ATTRIBUTE_CONTRACT];
            if ((is_own ? str_eq(of, contract) : of.len == 0) && is_for_scheme(row, scheme) &&
                find_attribute(model, row->cells[COL_ATTRIBUTE_NAME]) &&
                scenario__day(row, COL_ATTRIBUTE_FROM, 0) <= day)
                put_term(world, &terms, row->cells[COL_ATTRIBUTE_NAME],
                         row->cells[COL_ATTRIBUTE_VALUE]);
        }
    return terms;
}

/* Days on which a version of the contract begins, in order. */
static struct i64_list version_days(struct scenario__world *world, struct str contract,
                                    int64_t from_day)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_ATTRIBUTES];
    struct i64_list days = {0};
    VEC_PUSH(world->arena, &days, from_day);
    for (;;) {
        int64_t next = INT64_MAX, last = days.at[days.len - 1];
        for (size_t i = 0; i < rows->len; i++) {
            struct str of = rows->at[i].cells[COL_ATTRIBUTE_CONTRACT];
            int64_t day = scenario__day(&rows->at[i], COL_ATTRIBUTE_FROM, 0);
            if ((of.len == 0 || str_eq(of, contract)) && day > last && day < next)
                next = day;
        }
        if (next == INT64_MAX || days.len == VERSIONS_MAX)
            return days;
        VEC_PUSH(world->arena, &days, next);
    }
}

/* ---- a contract ---- */

struct draft { /* what a row says, or what stands for a contract that no row describes */
    const struct scenario__row *row; /* to complain at */
    struct str code;
    int64_t partner_id, from_day, to_day, due_days, hold_days;
    const struct currency *currency;
    struct str_list schemes;
    struct str nature, vat;
    enum contract_combine combine;
};

static bool save_versions(struct scenario__world *world, const struct draft *draft, int64_t id)
{
    struct i64_list days = version_days(world, draft->code, draft->from_day);
    size_t len = draft->schemes.len;
    for (size_t v = 0; v < days.len; v++) {
        struct contract_bound *bounds = NEW_ARRAY(world->arena, struct contract_bound, len);
        for (size_t i = 0; i < len; i++) {
            const int64_t *scheme_id = map_get(world->schemes.ids, draft->schemes.at[i]);
            struct terms terms = terms_on(world, draft->code, draft->schemes.at[i],
                                          scheme_of(world, *scheme_id), days.at[v]);
            bounds[i] = (struct contract_bound){.scheme_id = *scheme_id,
                                                .combine = draft->combine,
                                                .terms = terms.at,
                                                .terms_len = terms.len};
        }
        struct contract_version version = {.contract_id = id,
                                           .from_day = days.at[v],
                                           .currency = draft->currency,
                                           .pay_currency = draft->currency,
                                           .period_kind = PERIOD_MONTH,
                                           .due_days = draft->due_days,
                                           .hold_days = draft->hold_days,
                                           .vat_mode = draft->vat,
                                           .documents_by = STR("partner"),
                                           .note = STR(""),
                                           .schemes = bounds,
                                           .schemes_len = len};
        int64_t version_id = 0;
        if (!scenario__did(world, draft->row,
                           contract_version_save(world->op, &version, &version_id)))
            return false;
    }
    return true;
}

static bool save_contract(struct scenario__world *world, const struct draft *draft)
{
    int64_t id = 0;
    struct contract contract = {.code = draft->code,
                                .partner_id = draft->partner_id,
                                .entity_id = world->entity_id,
                                .nature = draft->nature,
                                .from_day = draft->from_day,
                                .to_day = draft->to_day};
    if (!scenario__did(world, draft->row, contract_save(world->op, &contract, &id)) ||
        !save_versions(world, draft, id) ||
        !scenario__did(world, draft->row, contract_get(world->op, id, &contract)) ||
        !scenario__did(world, draft->row,
                       contract_state_set(world->op, id, contract.revision, STR("active"))))
        return false;
    scenario__name_add(world, &world->contracts, draft->code, id);
    VEC_PUSH(world->arena, &world->contract_list,
             ((struct scenario__contract){id, draft->partner_id, draft->code, draft->currency}));
    return true;
}

static struct str word_or(const struct scenario__row *row, int column, struct str fallback)
{
    return scenario__has(row, column) ? row->cells[column] : fallback;
}

static bool draft_of(struct scenario__world *world, const struct scenario__row *row,
                     struct draft *out)
{
    *out = (struct draft){
        .row = row,
        .code = row->cells[COL_CONTRACT_CODE],
        .partner_id =
            scenario__id_of(world, &world->partners, row, COL_CONTRACT_PARTNER, "partner"),
        .from_day = scenario__day(row, COL_CONTRACT_FROM, SINCE_DAY),
        .to_day = scenario__day(row, COL_CONTRACT_TO, CONTRACT_NO_END),
        .due_days = scenario__count(row, COL_CONTRACT_DUE_DAYS, 0),
        .hold_days = scenario__count(row, COL_CONTRACT_HOLD_DAYS, 0),
        .currency = scenario__has(row, COL_CONTRACT_CURRENCY)
                        ? currency_find(row->cells[COL_CONTRACT_CURRENCY])
                        : world->currency,
        .schemes = scenario__pieces(world->arena, row->cells[COL_CONTRACT_SCHEME]),
        .nature = word_or(row, COL_CONTRACT_NATURE, STR("agency")),
        .vat = word_or(row, COL_CONTRACT_VAT, STR("none")),
        .combine = contract_combine_find(word_or(row, COL_CONTRACT_COMBINE, STR("add")))};
    if (str_eq(row->cells[COL_CONTRACT_SCHEME], STR("none"))) {
        out->schemes.len = 0;
        return out->partner_id != 0;
    }
    for (size_t i = 0; i < out->schemes.len; i++)
        if (!world->schemes.ids || !map_get(world->schemes.ids, out->schemes.at[i])) {
            scenario__unknown(world->file, row, COL_CONTRACT_SCHEME, "scheme",
                              &world->schemes.list);
            return false;
        }
    if (out->schemes.len == 0)
        out->schemes = world->schemes.list;
    return out->partner_id != 0;
}

/* Without [contracts] each partner has one of its own code, for all schemes. */
bool scenario__make_contracts(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_CONTRACTS];
    struct scenario__names *names = &world->contracts;
    struct draft draft;
    struct scenario__row partner_row = {.line = 0};
    for (size_t i = 0; i < rows->len; i++) /* so that attributes may name them */
        scenario__name_add(world, names, rows->at[i].cells[COL_CONTRACT_CODE], -1);
    for (size_t i = 0; rows->len == 0 && i < world->partners.list.len; i++)
        scenario__name_add(world, names, world->partners.list.at[i], -1);
    if (!check_attributes(world))
        return false;
    *names = (struct scenario__names){0};
    for (size_t i = 0; i < rows->len; i++)
        if (!draft_of(world, &rows->at[i], &draft) || !save_contract(world, &draft))
            return false;
    for (size_t i = 0; rows->len == 0 && i < world->partners.list.len; i++) {
        struct str code = world->partners.list.at[i];
        const int64_t *partner_id = map_get(world->partners.ids, code);
        draft = (struct draft){.row = &partner_row,
                               .code = code,
                               .partner_id = *partner_id,
                               .from_day = SINCE_DAY,
                               .to_day = CONTRACT_NO_END,
                               .currency = world->currency,
                               .schemes = world->schemes.list,
                               .nature = STR("agency"),
                               .vat = STR("none")};
        if (!save_contract(world, &draft))
            return false;
    }
    return true;
}
