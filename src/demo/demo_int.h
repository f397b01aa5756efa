/* What the files of demo share: the clock and the dice of the story, and who is who in it. */
#ifndef KONTOR_DEMO_INT_H
#define KONTOR_DEMO_INT_H

#include "catalog/catalog.h"
#include "contract/contract.h"
#include "customer/customer.h"
#include "demo/demo.h"
#include "event/event.h"
#include "money/money.h"
#include "op/op.h"
#include "org/org.h"
#include "partner/partner.h"
#include "scheme/scheme.h"
#include "text/text.h"

#define DEMO_PASSWORD "meridian-demo"

enum {
    DEMO_MONTHS = 13, /* twelve that are over, and the present one */
    DEMO_ENTITIES = 3,
    DEMO_BRANCHES = 6,
    DEMO_MANAGERS = 6,
    DEMO_PARTNERS = 220,
    DEMO_CUSTOMERS = 400
};

enum demo_land { DEMO_RU = 0, DEMO_ES, DEMO_GB, DEMO_LANDS };

enum demo_role {
    DEMO_DISTRIBUTOR = 0,
    DEMO_DEALER,
    DEMO_SUB_DEALER,
    DEMO_LEADER,
    DEMO_AGENT,
    DEMO_AFFILIATE,
    DEMO_OTHER,
    DEMO_ROLES
};

enum demo_scheme {
    DEMO_SCHEME_DEALER = 0,
    DEMO_SCHEME_AGENT,
    DEMO_SCHEME_DISTRIBUTOR,
    DEMO_SCHEME_REFERRAL,
    DEMO_SCHEMES
};

struct demo_partner {
    int64_t id, contract_id, outlet_id;
    struct str code, name, person;
    const char *state;
    const char *kind;
    enum demo_land land;
    enum demo_role role;
    size_t branch;
    size_t parent;   /* index; SIZE_MAX: none */
    int weight;      /* events of an ordinary month */
    int first_month; /* with a contract and sales */
    int last_month;  /* the last one with sales */
};

struct demo_product {
    int64_t id;
    int price; /* in whole euros */
    struct str category;
};

struct demo {
    struct cli *cli;
    struct op *op;
    struct arena *arena; /* of the whole story; op->arena is rewound between its chapters */
    uint64_t dice;
    struct date today, first; /* first day of the first month */
    int64_t now;              /* where the story ends */
    int64_t entities[DEMO_ENTITIES], branches[DEMO_BRANCHES];
    int64_t managers[DEMO_MANAGERS]; /* of the branches */
    int64_t portal[3];               /* partners whose people sign in */
    int64_t administrator, head, accountant, second_accountant;
    struct demo_partner partners[DEMO_PARTNERS];
    size_t partners_len;
    size_t paused; /* whose contract is suspended for ten days */
    struct demo_product products[64];
    size_t products_len;
    int64_t customers[DEMO_CUSTOMERS]; /* by land: see demo_customer */
    int64_t schemes[DEMO_SCHEMES];
    int64_t events;
};

/* ---- dice and clock ---- */

uint64_t demo_dice(struct demo *demo);
/* 0…n-1 */
size_t demo_pick(struct demo *demo, size_t n);
bool demo_percent(struct demo *demo, int percent);
/* Sets the time of the operation and the clock; never later than the end of the story. */
void demo_at(struct demo *demo, struct date day, int hour, int minute);
struct date demo_month(const struct demo *demo, int month); /* its first day */
/* Who acts from now on; 0: the system. */
enum rc demo_as(struct demo *demo, int64_t user_id);

/* ---- made-up words and numbers, correct by the rules of their countries ---- */

struct str demo_person_name(struct demo *demo, enum demo_land land);
struct str demo_company_name(struct demo *demo, enum demo_land land, size_t i);
struct str demo_legal_name(struct demo *demo, const struct demo_partner *partner);
struct str demo_tax_number(struct demo *demo, enum demo_land land, bool is_company);
struct str demo_registration(struct demo *demo, enum demo_land land, bool is_company);
struct str demo_phone(struct demo *demo, enum demo_land land);
void demo_address(struct demo *demo, size_t branch, struct org_address *out);
void demo_bank(struct demo *demo, enum demo_land land, struct org_bank *out);
const struct currency *demo_currency(enum demo_land land);
const char *demo_country(enum demo_land land);
/* Minor units of so many euros in the money of a country, at the round rates of the story. */
int64_t demo_minor(enum demo_land land, int64_t euro_cents);
enum demo_land demo_branch_land(size_t branch);

/* ---- chapters, in order ---- */

enum rc demo_make_company(struct demo *demo);
enum rc demo_make_catalog(struct demo *demo);
enum rc demo_make_customers(struct demo *demo);
enum rc demo_make_partners(struct demo *demo);
enum rc demo_make_parts(struct demo *demo);
enum rc demo_make_schemes(struct demo *demo);
enum rc demo_make_contracts(struct demo *demo);
enum rc demo_make_plans(struct demo *demo);
enum rc demo_make_partner_users(struct demo *demo);
enum rc demo_make_bindings(struct demo *demo); /* whose the customers are */
enum rc demo_make_past(struct demo *demo);     /* what is in the archive */
/* A supplementary agreement that begins after the story. */
enum rc demo_make_future(struct demo *demo);
/* Twelve months: facts, runs, addenda, people who come and go. */
enum rc demo_make_history(struct demo *demo);
/* Facts of a month up to the end of the story. */
enum rc demo_make_events(struct demo *demo, int month);
/* A run of a month and what became of it. */
enum rc demo_make_run(struct demo *demo, int month);
/* What happened in a month besides: agreements, states, versions of schemes. */
enum rc demo_make_changes(struct demo *demo, int month);
/* The last days: imports, jobs, keys, requests that wait. */
enum rc demo_make_present(struct demo *demo);

int64_t demo_customer(struct demo *demo, enum demo_land land);
const char *demo_product_code(const struct demo *demo, size_t i);
struct str demo_file(const char *name); /* of examples/demo, "dealer-1" */
enum rc demo_publish(struct demo *demo, enum demo_scheme scheme, const char *file, const char *note,
                     struct date from);

#endif
