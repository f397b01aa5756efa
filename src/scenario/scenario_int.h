/* What the files of scenario share: the text of a file as rows of tables, and the company that is
 * made of them. */
#ifndef KONTOR_SCENARIO_INT_H
#define KONTOR_SCENARIO_INT_H

#include "reward/reward.h"
#include "scenario/scenario.h"

/* ---- the file as tables ---- */

enum scenario__type {
    CELL_TEXT = 1,
    CELL_NUMBER, /* decimal */
    CELL_AMOUNT, /* decimal, or "none" */
    CELL_COUNT,  /* whole, from 0 */
    CELL_DAY,
    CELL_MOMENT, /* a day or an instant */
    CELL_PERIOD,
    CELL_YES_NO,
    CELL_CURRENCY,
    CELL_WORD /* one of words */
};

struct scenario__column {
    const char *name;
    enum scenario__type type;
    bool is_needed;
    const char *const *words; /* of CELL_WORD, ended by NULL; NULL: not checked here */
};

enum scenario__table_id {
    SCENARIO_COMPANY = 1,
    SCENARIO_SCHEME,
    SCENARIO_ATTRIBUTES,
    SCENARIO_LEVELS,
    SCENARIO_PARTNERS,
    SCENARIO_CONTRACTS,
    SCENARIO_CATEGORIES,
    SCENARIO_PRODUCTS,
    SCENARIO_CUSTOMERS,
    SCENARIO_OUTLETS,
    SCENARIO_PLAN,
    SCENARIO_RATES,
    SCENARIO_EVENTS,
    SCENARIO_RUNS,
    SCENARIO_EXPECT,
    SCENARIO_TABLES
};

struct scenario__extra { /* a cell of a column "attribute.NAME" or "text.NAME" */
    struct str name, text;
    bool is_text;
};
struct scenario__row {
    long line;
    struct str *cells; /* by the columns of the table; empty: nothing is said */
    long *fields;      /* where in the line each cell stands, from 1; 0: no such column */
    struct scenario__extra *extras;
    size_t extras_len;
};
struct scenario__rows {
    struct scenario__row *at;
    size_t len, cap;
};
struct scenario__inline { /* a scheme that stands in the file itself */
    struct str code, xml;
    long line;
};

struct scenario__file {
    struct arena *arena;
    struct str path, text;
    struct scenario_outcome *outcome;
    const struct zone *zone;
    struct scenario__rows tables[SCENARIO_TABLES];
    struct {
        struct scenario__inline *at;
        size_t len, cap;
    } inlines;
};

/* Columns of the tables, in the order of scenario_columns.c. */
enum { COL_COMPANY_CURRENCY, COL_COMPANY_ZONE, COL_COMPANY_COUNTRY, COL_COMPANY_COLUMNS };
enum { COL_SCHEME_FILE, COL_SCHEME_CODE, COL_SCHEME_FROM, COL_SCHEME_COLUMNS };
enum {
    COL_ATTRIBUTE_NAME,
    COL_ATTRIBUTE_VALUE,
    COL_ATTRIBUTE_CONTRACT,
    COL_ATTRIBUTE_SCHEME,
    COL_ATTRIBUTE_FROM,
    COL_ATTRIBUTE_COLUMNS
};
enum { COL_LEVEL_CODE, COL_LEVEL_NAME, COL_LEVEL_COLUMNS };
enum {
    COL_PARTNER_CODE,
    COL_PARTNER_NAME,
    COL_PARTNER_PARENT,
    COL_PARTNER_TREE,
    COL_PARTNER_PARENT_FROM,
    COL_PARTNER_PARENT_TO,
    COL_PARTNER_LEVEL,
    COL_PARTNER_ROLES,
    COL_PARTNER_GROUPS,
    COL_PARTNER_TAGS,
    COL_PARTNER_COUNTRY,
    COL_PARTNER_SINCE,
    COL_PARTNER_COLUMNS
};
enum {
    COL_CONTRACT_CODE,
    COL_CONTRACT_PARTNER,
    COL_CONTRACT_SCHEME,
    COL_CONTRACT_FROM,
    COL_CONTRACT_TO,
    COL_CONTRACT_CURRENCY,
    COL_CONTRACT_DUE_DAYS,
    COL_CONTRACT_HOLD_DAYS,
    COL_CONTRACT_NATURE,
    COL_CONTRACT_VAT,
    COL_CONTRACT_COMBINE,
    COL_CONTRACT_COLUMNS
};
enum { COL_CATEGORY_CODE, COL_CATEGORY_NAME, COL_CATEGORY_PARENT, COL_CATEGORY_COLUMNS };
enum {
    COL_PRODUCT_CODE,
    COL_PRODUCT_NAME,
    COL_PRODUCT_CATEGORY,
    COL_PRODUCT_COMMISSIONABLE,
    COL_PRODUCT_TAGS,
    COL_PRODUCT_COLUMNS
};
enum {
    COL_CUSTOMER_CODE,
    COL_CUSTOMER_NAME,
    COL_CUSTOMER_COUNTRY,
    COL_CUSTOMER_SINCE,
    COL_CUSTOMER_FRAUD,
    COL_CUSTOMER_COLUMNS
};
enum { COL_OUTLET_CODE, COL_OUTLET_PARTNER, COL_OUTLET_NAME, COL_OUTLET_COLUMNS };
enum { COL_RATE_FROM, COL_RATE_TO, COL_RATE_RATE, COL_RATE_DAY, COL_RATE_SOURCE, COL_RATE_COLUMNS };
enum {
    COL_PLAN_METRIC,
    COL_PLAN_PERIOD,
    COL_PLAN_TARGET,
    COL_PLAN_PARTNER,
    COL_PLAN_CONTRACT,
    COL_PLAN_OUTLET,
    COL_PLAN_UNIT,
    COL_PLAN_KIND,
    COL_PLAN_PRORATION,
    COL_PLAN_PROFILE,
    COL_PLAN_ROUNDING,
    COL_PLAN_SCALE,
    COL_PLAN_COLUMNS
};
enum {
    COL_EVENT_ID,
    COL_EVENT_TYPE,
    COL_EVENT_AT,
    COL_EVENT_PARTNER,
    COL_EVENT_ROLE,
    COL_EVENT_SHARE,
    COL_EVENT_PRODUCT,
    COL_EVENT_CUSTOMER,
    COL_EVENT_OUTLET,
    COL_EVENT_AMOUNT,
    COL_EVENT_NET,
    COL_EVENT_TAX,
    COL_EVENT_DISCOUNT,
    COL_EVENT_SHIPPING,
    COL_EVENT_COST,
    COL_EVENT_QUANTITY,
    COL_EVENT_CURRENCY,
    COL_EVENT_ORIGINAL,
    COL_EVENT_SOURCE,
    COL_EVENT_RECORDED,
    COL_EVENT_OUTCOME,
    COL_EVENT_COLUMNS
};
enum {
    COL_RUN_PERIOD,
    COL_RUN_DO,
    COL_RUN_ON,
    COL_RUN_CONTRACT,
    COL_RUN_REASON,
    COL_RUN_REFUSED,
    COL_RUN_COLUMNS
};
enum {
    COL_EXPECT_PERIOD,
    COL_EXPECT_PARTNER,
    COL_EXPECT_CONTRACT,
    COL_EXPECT_KEY,
    COL_EXPECT_EVENT,
    COL_EXPECT_NOTE,
    COL_EXPECT_FROM,
    COL_EXPECT_ASIDE,
    COL_EXPECT_AMOUNT,
    COL_EXPECT_EXACT,
    COL_EXPECT_BASE,
    COL_EXPECT_RATE,
    COL_EXPECT_LINES,
    COL_EXPECT_DUE,
    COL_EXPECT_MEASURE,
    COL_EXPECT_VALUE,
    COL_EXPECT_STATE,
    COL_EXPECT_REASON,
    COL_EXPECT_BALANCE,
    COL_EXPECT_CURRENCY,
    COL_EXPECT_ON,
    COL_EXPECT_COLUMNS
};

struct scenario__table {
    const char *name;
    const struct scenario__column *columns;
    size_t len;
    bool has_extras;
};
const struct scenario__table *scenario__table_of(enum scenario__table_id id);

/* Reads the text into rows whose cells have the form of their column. False, with problems, when it
 * cannot be played. */
bool scenario__read(struct scenario__file *file);

/* A problem at a cell (column: index in the table; -1: the row). */
void scenario__complain(struct scenario__file *file, const struct scenario__row *row, int column,
                        const char *format, ...) PRINTF(4, 5);
/* The same for a name that is not there, with the nearest one. */
void scenario__unknown(struct scenario__file *file, const struct scenario__row *row, int column,
                       const char *what, const struct str_list *known);

bool scenario__has(const struct scenario__row *row, int column);
struct dec scenario__number(const struct scenario__row *row, int column);
int64_t scenario__count(const struct scenario__row *row, int column, int64_t fallback);
int64_t scenario__day(const struct scenario__row *row, int column, int64_t fallback);
int64_t scenario__moment(const struct scenario__file *file, const struct scenario__row *row,
                         int column, int64_t fallback);
struct period scenario__period(const struct scenario__row *row, int column);
/* Pieces between semicolons. */
struct str_list scenario__pieces(struct arena *arena, struct str text);

/* ---- the company of a file ---- */

struct scenario__names { /* records by their code */
    struct map *ids;     /* int64_t * */
    struct str_list list;
};

struct scenario__contract {
    int64_t id, partner_id;
    struct str code;
    const struct currency *currency;
};

struct scenario__world {
    struct cli *cli;
    struct op *op; /* of cli */
    struct arena *arena;
    struct scenario__file *file;
    const struct currency *currency;
    int64_t entity_id, branch_id;
    struct scenario__names schemes, levels, roles, groups, partners, contracts, categories,
        products, customers, outlets, events;
    struct {
        struct scenario__contract *at;
        size_t len, cap;
    } contract_list;
};

void scenario__name_add(struct scenario__world *world, struct scenario__names *names,
                        struct str code, int64_t id);
/* 0 with a problem when there is none of that code. */
int64_t scenario__id_of(struct scenario__world *world, const struct scenario__names *names,
                        const struct scenario__row *row, int column, const char *what);
/* Says what the product refused, at the row; gives false unless rc is RC_OK. */
bool scenario__did(struct scenario__world *world, const struct scenario__row *row, enum rc rc);
/* What the fault says, in one line; clears it. */
struct str scenario__fault(struct op *op);

bool scenario__make_company(struct scenario__world *world);
bool scenario__make_goods(struct scenario__world *world); /* products, customers */
bool scenario__make_schemes(struct scenario__world *world);
bool scenario__make_partners(struct scenario__world *world); /* with outlets */
bool scenario__make_contracts(struct scenario__world *world);
bool scenario__make_rates(struct scenario__world *world);
bool scenario__make_plans(struct scenario__world *world);

/* ---- playing ---- */

/* Compares what should be with what is; counts it, a difference always, an agreement when it was
 * asked for. `what` says of what: "the total of A in 2026-10". */
void scenario__judge(struct scenario__file *file, const struct scenario__row *row, int column,
                     struct str expected, struct str found, const char *what, bool was_asked);

/* One event, of `len` rows. False with a problem when it cannot be one. */
bool scenario__event_store(struct scenario__world *world, const struct scenario__row *rows,
                           size_t len);

struct scenario__result { /* of a period, as it was computed last */
    struct period period;
    const struct reward_calculation *calculation;
    int64_t run_id; /* 0: drafts only */
};
struct scenario__play {
    struct scenario__world *world;
    struct {
        struct scenario__result *at;
        size_t len, cap;
    } results;
};
/* Events, runs and expectations of a day, each in its turn. False when the file cannot go on. */
bool scenario__play_steps(struct scenario__play *play);
void scenario__play_done(struct scenario__play *play);
/* What a row of [runs] says to do. */
bool scenario__run(struct scenario__play *play, const struct scenario__row *row);

/* One row of [expect] against what there is now. */
void scenario__expect(struct scenario__play *play, const struct scenario__row *row);
/* The contract that a row speaks of; NULL with a problem. */
const struct scenario__contract *scenario__contract_of(struct scenario__world *world,
                                                       const struct scenario__row *row,
                                                       int contract_column, int partner_column);

#endif
