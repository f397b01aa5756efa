/* The tables that a file may have, and their columns: what docs/scenario.md describes. */
#include "scenario/scenario_int.h"

static const struct scenario__column company[COL_COMPANY_COLUMNS] = {
    [COL_COMPANY_CURRENCY] = {"currency", CELL_CURRENCY, false, NULL},
    [COL_COMPANY_ZONE] = {"zone", CELL_TEXT, false, NULL},
    [COL_COMPANY_COUNTRY] = {"country", CELL_TEXT, false, NULL},
};

static const struct scenario__column scheme[COL_SCHEME_COLUMNS] = {
    [COL_SCHEME_FILE] = {"file", CELL_TEXT, true, NULL},
    [COL_SCHEME_CODE] = {"code", CELL_TEXT, false, NULL},
    [COL_SCHEME_FROM] = {"from", CELL_MOMENT, false, NULL},
};

static const struct scenario__column attributes[COL_ATTRIBUTE_COLUMNS] = {
    [COL_ATTRIBUTE_NAME] = {"attribute", CELL_TEXT, true, NULL},
    [COL_ATTRIBUTE_VALUE] = {"value", CELL_TEXT, true, NULL},
    [COL_ATTRIBUTE_CONTRACT] = {"contract", CELL_TEXT, false, NULL},
    [COL_ATTRIBUTE_SCHEME] = {"scheme", CELL_TEXT, false, NULL},
    [COL_ATTRIBUTE_FROM] = {"from", CELL_DAY, false, NULL},
};

static const struct scenario__column levels[COL_LEVEL_COLUMNS] = {
    [COL_LEVEL_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_LEVEL_NAME] = {"name", CELL_TEXT, false, NULL},
};

static const char *const trees[] = {"owner", "sponsor", "placement", "territory", "supply", NULL};

static const struct scenario__column partners[COL_PARTNER_COLUMNS] = {
    [COL_PARTNER_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_PARTNER_NAME] = {"name", CELL_TEXT, false, NULL},
    [COL_PARTNER_PARENT] = {"parent", CELL_TEXT, false, NULL},
    [COL_PARTNER_TREE] = {"tree", CELL_WORD, false, trees},
    [COL_PARTNER_PARENT_FROM] = {"parent from", CELL_DAY, false, NULL},
    [COL_PARTNER_PARENT_TO] = {"parent to", CELL_DAY, false, NULL},
    [COL_PARTNER_LEVEL] = {"level", CELL_TEXT, false, NULL},
    [COL_PARTNER_ROLES] = {"roles", CELL_TEXT, false, NULL},
    [COL_PARTNER_GROUPS] = {"groups", CELL_TEXT, false, NULL},
    [COL_PARTNER_TAGS] = {"tags", CELL_TEXT, false, NULL},
    [COL_PARTNER_COUNTRY] = {"country", CELL_TEXT, false, NULL},
    [COL_PARTNER_SINCE] = {"since", CELL_DAY, false, NULL},
};

static const char *const combines[] = {"add", "highest", "highest in period", "first", NULL};

static const struct scenario__column contracts[COL_CONTRACT_COLUMNS] = {
    [COL_CONTRACT_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_CONTRACT_PARTNER] = {"partner", CELL_TEXT, true, NULL},
    [COL_CONTRACT_SCHEME] = {"scheme", CELL_TEXT, false, NULL},
    [COL_CONTRACT_FROM] = {"from", CELL_DAY, false, NULL},
    [COL_CONTRACT_TO] = {"to", CELL_DAY, false, NULL},
    [COL_CONTRACT_CURRENCY] = {"currency", CELL_CURRENCY, false, NULL},
    [COL_CONTRACT_DUE_DAYS] = {"due days", CELL_COUNT, false, NULL},
    [COL_CONTRACT_HOLD_DAYS] = {"hold days", CELL_COUNT, false, NULL},
    [COL_CONTRACT_NATURE] = {"nature", CELL_TEXT, false, NULL},
    [COL_CONTRACT_VAT] = {"vat", CELL_TEXT, false, NULL},
    [COL_CONTRACT_COMBINE] = {"combine", CELL_WORD, false, combines},
};

static const struct scenario__column categories[COL_CATEGORY_COLUMNS] = {
    [COL_CATEGORY_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_CATEGORY_NAME] = {"name", CELL_TEXT, false, NULL},
    [COL_CATEGORY_PARENT] = {"parent", CELL_TEXT, false, NULL},
};

static const struct scenario__column products[COL_PRODUCT_COLUMNS] = {
    [COL_PRODUCT_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_PRODUCT_NAME] = {"name", CELL_TEXT, false, NULL},
    [COL_PRODUCT_CATEGORY] = {"category", CELL_TEXT, false, NULL},
    [COL_PRODUCT_COMMISSIONABLE] = {"commissionable", CELL_YES_NO, false, NULL},
    [COL_PRODUCT_TAGS] = {"tags", CELL_TEXT, false, NULL},
};

static const struct scenario__column customers[COL_CUSTOMER_COLUMNS] = {
    [COL_CUSTOMER_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_CUSTOMER_NAME] = {"name", CELL_TEXT, false, NULL},
    [COL_CUSTOMER_COUNTRY] = {"country", CELL_TEXT, false, NULL},
    [COL_CUSTOMER_SINCE] = {"since", CELL_DAY, false, NULL},
    [COL_CUSTOMER_FRAUD] = {"fraud", CELL_YES_NO, false, NULL},
};

static const struct scenario__column outlets[COL_OUTLET_COLUMNS] = {
    [COL_OUTLET_CODE] = {"code", CELL_TEXT, true, NULL},
    [COL_OUTLET_PARTNER] = {"partner", CELL_TEXT, true, NULL},
    [COL_OUTLET_NAME] = {"name", CELL_TEXT, false, NULL},
};

static const char *const plan_kinds[] = {"target", "minimum", "stretch", NULL};
static const char *const prorations[] = {"none", "days", "whole months", "profile", NULL};
static const char *const roundings[] = {"half up", "up", "down", NULL};

static const struct scenario__column plan[COL_PLAN_COLUMNS] = {
    [COL_PLAN_METRIC] = {"metric", CELL_TEXT, true, NULL},
    [COL_PLAN_PERIOD] = {"period", CELL_PERIOD, true, NULL},
    [COL_PLAN_TARGET] = {"target", CELL_NUMBER, true, NULL},
    [COL_PLAN_PARTNER] = {"partner", CELL_TEXT, false, NULL},
    [COL_PLAN_CONTRACT] = {"contract", CELL_TEXT, false, NULL},
    [COL_PLAN_OUTLET] = {"outlet", CELL_TEXT, false, NULL},
    [COL_PLAN_UNIT] = {"unit", CELL_TEXT, false, NULL},
    [COL_PLAN_KIND] = {"kind", CELL_WORD, false, plan_kinds},
    [COL_PLAN_PRORATION] = {"proration", CELL_WORD, false, prorations},
    [COL_PLAN_PROFILE] = {"profile", CELL_TEXT, false, NULL},
    [COL_PLAN_ROUNDING] = {"rounding", CELL_WORD, false, roundings},
    [COL_PLAN_SCALE] = {"scale", CELL_COUNT, false, NULL},
};

static const struct scenario__column rates[COL_RATE_COLUMNS] = {
    [COL_RATE_FROM] = {"from", CELL_CURRENCY, true, NULL},
    [COL_RATE_TO] = {"to", CELL_CURRENCY, true, NULL},
    [COL_RATE_RATE] = {"rate", CELL_NUMBER, true, NULL},
    [COL_RATE_DAY] = {"day", CELL_DAY, false, NULL},
    [COL_RATE_SOURCE] = {"source", CELL_TEXT, false, NULL},
};

static const char *const outcomes[] = {"stored", "duplicate", "differs", NULL};

static const struct scenario__column events[COL_EVENT_COLUMNS] = {
    [COL_EVENT_ID] = {"id", CELL_TEXT, true, NULL},
    [COL_EVENT_TYPE] = {"type", CELL_TEXT, false, NULL},
    [COL_EVENT_AT] = {"at", CELL_MOMENT, false, NULL},
    [COL_EVENT_PARTNER] = {"partner", CELL_TEXT, true, NULL},
    [COL_EVENT_ROLE] = {"role", CELL_TEXT, false, NULL},
    [COL_EVENT_SHARE] = {"share", CELL_NUMBER, false, NULL},
    [COL_EVENT_PRODUCT] = {"product", CELL_TEXT, false, NULL},
    [COL_EVENT_CUSTOMER] = {"customer", CELL_TEXT, false, NULL},
    [COL_EVENT_OUTLET] = {"outlet", CELL_TEXT, false, NULL},
    [COL_EVENT_AMOUNT] = {"amount", CELL_NUMBER, false, NULL},
    [COL_EVENT_NET] = {"net", CELL_NUMBER, false, NULL},
    [COL_EVENT_TAX] = {"tax", CELL_NUMBER, false, NULL},
    [COL_EVENT_DISCOUNT] = {"discount", CELL_NUMBER, false, NULL},
    [COL_EVENT_SHIPPING] = {"shipping", CELL_NUMBER, false, NULL},
    [COL_EVENT_COST] = {"cost", CELL_NUMBER, false, NULL},
    [COL_EVENT_QUANTITY] = {"quantity", CELL_NUMBER, false, NULL},
    [COL_EVENT_CURRENCY] = {"currency", CELL_CURRENCY, false, NULL},
    [COL_EVENT_ORIGINAL] = {"original", CELL_TEXT, false, NULL},
    [COL_EVENT_SOURCE] = {"source", CELL_TEXT, false, NULL},
    [COL_EVENT_RECORDED] = {"recorded", CELL_MOMENT, false, NULL},
    [COL_EVENT_OUTCOME] = {"outcome", CELL_WORD, false, outcomes},
};

static const char *const deeds[] = {"calculate", "post", "roll back", "repeat", "due", NULL};

static const struct scenario__column runs[COL_RUN_COLUMNS] = {
    [COL_RUN_PERIOD] = {"period", CELL_PERIOD, false, NULL},
    [COL_RUN_DO] = {"do", CELL_WORD, false, deeds},
    [COL_RUN_ON] = {"on", CELL_MOMENT, false, NULL},
    [COL_RUN_CONTRACT] = {"contract", CELL_TEXT, false, NULL},
    [COL_RUN_REASON] = {"reason", CELL_TEXT, false, NULL},
    [COL_RUN_REFUSED] = {"refused", CELL_TEXT, false, NULL},
};

static const char *const states[] = {"complete", "incomplete", NULL};
static const char *const balances[] = {"accrued",    "held",       "payable",
                                       "in payment", "receivable", NULL};

static const char *const asides[] = {"no contract", "points",  "charge", "referred",
                                     "nothing",     "outdone", NULL};

static const struct scenario__column expect[COL_EXPECT_COLUMNS] = {
    [COL_EXPECT_PERIOD] = {"period", CELL_PERIOD, false, NULL},
    [COL_EXPECT_PARTNER] = {"partner", CELL_TEXT, false, NULL},
    [COL_EXPECT_CONTRACT] = {"contract", CELL_TEXT, false, NULL},
    [COL_EXPECT_KEY] = {"key", CELL_TEXT, false, NULL},
    [COL_EXPECT_EVENT] = {"event", CELL_TEXT, false, NULL},
    [COL_EXPECT_NOTE] = {"note", CELL_TEXT, false, NULL},
    [COL_EXPECT_FROM] = {"from", CELL_TEXT, false, NULL},
    [COL_EXPECT_ASIDE] = {"aside", CELL_WORD, false, asides},
    [COL_EXPECT_AMOUNT] = {"amount", CELL_AMOUNT, false, NULL},
    [COL_EXPECT_EXACT] = {"exact", CELL_NUMBER, false, NULL},
    [COL_EXPECT_BASE] = {"base", CELL_NUMBER, false, NULL},
    [COL_EXPECT_RATE] = {"rate", CELL_NUMBER, false, NULL},
    [COL_EXPECT_LINES] = {"lines", CELL_COUNT, false, NULL},
    [COL_EXPECT_DUE] = {"due", CELL_DAY, false, NULL},
    [COL_EXPECT_MEASURE] = {"measure", CELL_TEXT, false, NULL},
    [COL_EXPECT_VALUE] = {"value", CELL_TEXT, false, NULL},
    [COL_EXPECT_STATE] = {"state", CELL_WORD, false, states},
    [COL_EXPECT_REASON] = {"reason", CELL_TEXT, false, NULL},
    [COL_EXPECT_BALANCE] = {"balance", CELL_WORD, false, balances},
    [COL_EXPECT_CURRENCY] = {"currency", CELL_CURRENCY, false, NULL},
    [COL_EXPECT_ON] = {"on", CELL_MOMENT, false, NULL},
};

#define TABLE(columns, extras) #columns, columns, LEN(columns), extras

static const struct scenario__table tables[SCENARIO_TABLES] = {
    [SCENARIO_COMPANY] = {TABLE(company, false)},
    [SCENARIO_SCHEME] = {TABLE(scheme, false)},
    [SCENARIO_ATTRIBUTES] = {TABLE(attributes, false)},
    [SCENARIO_LEVELS] = {TABLE(levels, false)},
    [SCENARIO_PARTNERS] = {TABLE(partners, false)},
    [SCENARIO_CONTRACTS] = {TABLE(contracts, false)},
    [SCENARIO_CATEGORIES] = {TABLE(categories, false)},
    [SCENARIO_PRODUCTS] = {TABLE(products, false)},
    [SCENARIO_CUSTOMERS] = {TABLE(customers, false)},
    [SCENARIO_OUTLETS] = {TABLE(outlets, false)},
    [SCENARIO_PLAN] = {TABLE(plan, false)},
    [SCENARIO_RATES] = {TABLE(rates, false)},
    [SCENARIO_EVENTS] = {TABLE(events, true)},
    [SCENARIO_RUNS] = {TABLE(runs, false)},
    [SCENARIO_EXPECT] = {TABLE(expect, false)},
};

const struct scenario__table *scenario__table_of(enum scenario__table_id id)
{
    assert(id > 0 && id < SCENARIO_TABLES);
    return &tables[id];
}
