/* What is sold and who buys it: tariffs and devices in a tree of categories, customers of three
 * countries. */
#include "demo/demo_int.h"

/* ---- catalogue ---- */

static const struct {
    const char *code, *name, *parent;
} categories[] = {
    {"Mobile", "Mobile", NULL},
    {"Prepaid", "Prepaid lines", "Mobile"},
    {"Contract", "Contract lines", "Mobile"},
    {"Home", "For home", NULL},
    {"Internet", "Home internet", "Home"},
    {"TV", "Television", "Home"},
    {"Devices", "Devices", NULL},
    {"Phones", "Phones", "Devices"},
    {"Accessories", "Accessories", "Devices"},
    {"Routers", "Routers", "Devices"},
};

static const struct {
    const char *code, *name, *category, *tags;
    int price;
} products[] = {
    {"PRE-S", "Easy S 10 GB", "Prepaid", "sim", 10},
    {"PRE-M", "Easy M 25 GB", "Prepaid", "sim", 15},
    {"PRE-L", "Easy L 60 GB", "Prepaid", "sim", 20},
    {"PRE-XL", "Easy XL Unlimited", "Prepaid", "sim top", 30},
    {"PRE-TR", "Traveller 30 days", "Prepaid", "sim roaming", 25},
    {"PRE-KD", "Kids", "Prepaid", "sim family", 8},
    {"CON-S", "Smart S", "Contract", "sim", 18},
    {"CON-M", "Smart M", "Contract", "sim", 25},
    {"CON-L", "Smart L", "Contract", "sim", 35},
    {"CON-XL", "Smart Unlimited", "Contract", "sim top", 45},
    {"CON-FA", "Smart Family 4 lines", "Contract", "sim family", 70},
    {"CON-BZ", "Business 10 lines", "Contract", "sim business", 160},
    {"CON-IO", "Machines (IoT) 50 lines", "Contract", "sim business", 90},
    {"INT-100", "Fibre 100", "Internet", "fibre", 25},
    {"INT-300", "Fibre 300", "Internet", "fibre", 32},
    {"INT-600", "Fibre 600", "Internet", "fibre", 40},
    {"INT-1000", "Fibre 1000", "Internet", "fibre top", 50},
    {"INT-AIR", "Air 5G", "Internet", "wireless", 35},
    {"INT-BZ", "Business fibre", "Internet", "fibre business", 95},
    {"TV-BASE", "TV Base", "TV", "tv", 9},
    {"TV-SPORT", "TV Sport", "TV", "tv", 20},
    {"TV-CINE", "TV Cinema", "TV", "tv", 15},
    {"TV-ALL", "TV Everything", "TV", "tv top", 35},
    {"PH-A1", "Aurora A1", "Phones", "phone", 159},
    {"PH-A3", "Aurora A3", "Phones", "phone", 249},
    {"PH-A5", "Aurora A5 Pro", "Phones", "phone top", 549},
    {"PH-N2", "Nimbus N2", "Phones", "phone", 199},
    {"PH-N4", "Nimbus N4", "Phones", "phone", 399},
    {"PH-K1", "Classic keypad", "Phones", "phone", 39},
    {"PH-W1", "Watch W1 LTE", "Phones", "phone watch", 189},
    {"AC-CASE", "Case", "Accessories", "accessory", 15},
    {"AC-GLASS", "Screen glass", "Accessories", "accessory", 12},
    {"AC-CHARGE", "Charger 30 W", "Accessories", "accessory", 25},
    {"AC-POWER", "Power bank", "Accessories", "accessory", 35},
    {"AC-BUDS", "Earphones", "Accessories", "accessory", 49},
    {"AC-CABLE", "Cable USB-C", "Accessories", "accessory", 9},
    {"RT-HOME", "Router Home", "Routers", "router", 59},
    {"RT-MESH", "Router Mesh, set of 2", "Routers", "router top", 149},
    {"RT-5G", "Router 5G", "Routers", "router", 199},
    {"RT-MIFI", "Pocket router", "Routers", "router", 79},
    {"SRV-INST", "Installation at home", NULL, "service", 30},
    {"OLD-FLEX", "Flex (no longer sold)", "Prepaid", "sim old", 12},
};

static enum rc add_categories(struct demo *demo)
{
    for (size_t i = 0; i < LEN(categories); i++) {
        struct catalog_category category = {.code = str_of(categories[i].code),
                                            .name = str_of(categories[i].name)};
        struct catalog_category parent;
        int64_t id;
        if (categories[i].parent) {
            TRY(catalog_category_by_code(demo->op, str_of(categories[i].parent), &parent));
            category.parent_id = SOME(parent.id);
        }
        TRY(catalog_category_save(demo->op, &category, &id));
    }
    return RC_OK;
}

enum rc demo_make_catalog(struct demo *demo)
{
    _Static_assert(LEN(products) <= LEN(((struct demo *)NULL)->products), "room for all");
    TRY(add_categories(demo));
    for (size_t i = 0; i < LEN(products); i++) {
        struct catalog_category category;
        struct catalog_product product = {
            .code = str_of(products[i].code),
            .name = str_of(products[i].name),
            .unit = STR("pc"),
            .tags = str_of(products[i].tags),
            .is_commissionable = products[i].category != NULL,
            .price = MONEY(products[i].price * 100, currency_find(STR("EUR"))),
        };
        if (products[i].category) {
            TRY(catalog_category_by_code(demo->op, str_of(products[i].category), &category));
            product.category_id = SOME(category.id);
        }
        struct demo_product *kept = &demo->products[demo->products_len++];
        TRY(catalog_product_save(demo->op, &product, &kept->id));
        kept->price = products[i].price;
        kept->category = products[i].category ? str_of(products[i].category) : STR("");
    }
    return RC_OK;
}

const char *demo_product_code(const struct demo *demo, size_t i)
{
    assert(i < demo->products_len);
    return products[i].code;
}

/* ---- customers: half of them Russian, then Spanish, then British ---- */

static const size_t customers_from[DEMO_LANDS + 1] = {0, 200, 320, DEMO_CUSTOMERS};

int64_t demo_customer(struct demo *demo, enum demo_land land)
{
    size_t from = customers_from[land], to = customers_from[land + 1];
    return demo->customers[from + demo_pick(demo, to - from)];
}

static enum demo_land land_of(size_t i)
{
    return i < customers_from[1] ? DEMO_RU : i < customers_from[2] ? DEMO_ES : DEMO_GB;
}

/* The head of partner sales has one customer looked at for fraud in a hundred. */
static enum rc add_customer(struct demo *demo, size_t i)
{
    static const size_t first_branch[DEMO_LANDS] = {0, 3, 5}, branches[DEMO_LANDS] = {3, 2, 1};
    enum demo_land land = land_of(i);
    struct org_address address;
    demo_address(demo, first_branch[land] + demo_pick(demo, branches[land]), &address);
    bool is_company = demo_percent(demo, 12);
    struct str name =
        is_company ? demo_company_name(demo, land, 40 + i % 30) : demo_person_name(demo, land);
    int64_t age_days = (int64_t)demo_pick(demo, 700);
    struct customer customer = {
        .code = str_printf(demo->arena, "C-%05zu", 10001 + i * 7),
        .name = name,
        .country = address.country,
        .region = address.region,
        .city = address.city,
        .email = str_printf(demo->arena, "c%zu@mail.example", 10001 + i * 7),
        .phone = demo_phone(demo, land),
        .tax_number = is_company ? demo_tax_number(demo, land, true) : STR(""),
        .since = zone_day_start(demo->op->zone, date_add_days(demo->first, 300 - age_days)),
        .is_fraud = i % 97 == 13,
    };
    return customer_save(demo->op, &customer, &demo->customers[i]);
}

enum rc demo_make_customers(struct demo *demo)
{
    for (size_t i = 0; i < DEMO_CUSTOMERS; i++)
        TRY(add_customer(demo, i));
    return RC_OK;
}
