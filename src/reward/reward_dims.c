/* Dimensions of facts: products, customers, outlets, partners, words, by id. Read whole once a
 * calculation, because a lookup per fact in a million would cost more than the table. */
#include "reward/reward_int.h"
#include "reward/reward_q.h"

uint64_t reward__mark(uint64_t mark, struct str text)
{
    return hash_bytes_keyed(text.at ? text.at : "", text.len, mark, 0x7265636f7264);
}

struct category {
    int64_t id;
    struct opt_i64 parent_id;
    struct str code, name;
};

static enum rc load_categories(struct op *op, struct map *categories)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_categories_open(op, &cursor));
    struct reward_category_row row;
    enum rc rc;
    while ((rc = q_reward_categories_next(&cursor, &row)) == RC_OK) {
        struct category *category = NEW(op->arena, struct category);
        *category = (struct category){row.id, row.parent_id, str_dup(op->arena, row.code),
                                      str_dup(op->arena, row.name)};
        *map_put_i64(categories, row.id) = category;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Codes from the root; at most 32 levels, so that a loop in the data ends. */
static struct str_list path_of(struct op *op, const struct map *categories,
                               const struct category *leaf)
{
    enum { LEVELS_MAX = 32 };
    struct str_list up = {0}, path = {0};
    for (const struct category *at = leaf; at && up.len < LEVELS_MAX;) {
        VEC_PUSH(op->arena, &up, at->code);
        at = at->parent_id.has ? map_get_i64(categories, at->parent_id.v) : NULL;
    }
    for (size_t i = up.len; i > 0; i--)
        VEC_PUSH(op->arena, &path, up.at[i - 1]);
    return path;
}

static enum rc load_products(struct op *op, struct map *products)
{
    struct map *categories = map_new(op->arena);
    TRY(load_categories(op, categories));
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_products_open(op, &cursor));
    struct reward_product_row row;
    enum rc rc;
    while ((rc = q_reward_products_next(&cursor, &row)) == RC_OK) {
        struct reward__product *product = NEW(op->arena, struct reward__product);
        const struct category *category =
            row.category_id.has ? map_get_i64(categories, row.category_id.v) : NULL;
        *product = (struct reward__product){.id = row.id,
                                            .code = str_dup(op->arena, row.code),
                                            .name = str_dup(op->arena, row.name),
                                            .tags = str_dup(op->arena, row.tags),
                                            .is_commissionable = row.is_commissionable};
        if (category) {
            product->category = category->code;
            product->category_name = category->name;
            product->category_path = path_of(op, categories, category);
        }
        product->mark = reward__mark(product->is_commissionable, product->code);
        product->mark = reward__mark(product->mark, product->name);
        product->mark = reward__mark(product->mark, product->tags);
        for (size_t i = 0; i < product->category_path.len; i++)
            product->mark = reward__mark(product->mark, product->category_path.at[i]);
        *map_put_i64(products, row.id) = product;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_customers(struct op *op, struct map *customers)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_customers_open(op, &cursor));
    struct reward_customer_row row;
    enum rc rc;
    while ((rc = q_reward_customers_next(&cursor, &row)) == RC_OK) {
        struct reward__customer *customer = NEW(op->arena, struct reward__customer);
        *customer = (struct reward__customer){.id = row.id,
                                              .since = row.since,
                                              .code = str_dup(op->arena, row.code),
                                              .name = str_dup(op->arena, row.name),
                                              .country = str_dup(op->arena, row.country),
                                              .is_fraud = row.is_fraud};
        customer->mark = reward__mark((uint64_t)customer->since, customer->code);
        customer->mark = reward__mark(customer->mark + customer->is_fraud, customer->name);
        customer->mark = reward__mark(customer->mark, customer->country);
        *map_put_i64(customers, row.id) = customer;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_outlets(struct op *op, struct map *outlets)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_outlets_open(op, &cursor));
    struct reward_outlet_row row;
    enum rc rc;
    while ((rc = q_reward_outlets_next(&cursor, &row)) == RC_OK) {
        struct reward__outlet *outlet = NEW(op->arena, struct reward__outlet);
        *outlet = (struct reward__outlet){row.id, str_dup(op->arena, row.code),
                                          str_dup(op->arena, row.name), 0};
        outlet->mark = reward__mark(reward__mark(0, outlet->code), outlet->name);
        *map_put_i64(outlets, row.id) = outlet;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_partners(struct op *op, struct map *partners)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_partners_open(op, &cursor));
    struct reward_partner_row row;
    enum rc rc;
    while ((rc = q_reward_partners_next(&cursor, &row)) == RC_OK) {
        struct reward__partner *partner = NEW(op->arena, struct reward__partner);
        *partner = (struct reward__partner){.id = row.id,
                                            .since = row.since,
                                            .code = str_dup(op->arena, row.code),
                                            .name = str_dup(op->arena, row.name),
                                            .country = str_dup(op->arena, row.country),
                                            .state = str_dup(op->arena, row.state),
                                            .level = str_dup(op->arena, row.level)};
        const struct str texts[] = {partner->code, partner->name, partner->country, partner->state,
                                    partner->level};
        partner->mark = (uint64_t)partner->since;
        for (size_t i = 0; i < LEN(texts); i++)
            partner->mark = reward__mark(partner->mark, texts[i]);
        *map_put_i64(partners, row.id) = partner;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Which list of a partner a label goes to. */
static struct str_list *list_of(struct reward__partner *partner, int which)
{
    struct str_list *const lists[] = {&partner->roles, &partner->groups, &partner->tags};
    return lists[which];
}

static enum rc load_labels(struct op *op, const struct map *partners, int which)
{
    AUTO_CURSOR cursor = {0};
    TRY(which == 0   ? q_reward_roles_open(op, &cursor)
        : which == 1 ? q_reward_groups_open(op, &cursor)
                     : q_reward_tags_open(op, &cursor));
    struct reward_label_row row;
    enum rc rc;
    while ((rc = which == 0   ? q_reward_roles_next(&cursor, &row)
                 : which == 1 ? q_reward_groups_next(&cursor, &row)
                              : q_reward_tags_next(&cursor, &row)) == RC_OK) {
        struct reward__partner *partner = map_get_i64(partners, row.partner_id);
        if (!partner)
            continue;
        VEC_PUSH(op->arena, list_of(partner, which), str_dup(op->arena, row.label));
        partner->mark = reward__mark(partner->mark + (uint64_t)which, row.label);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_words(struct op *op, struct map *words)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_words_open(op, &cursor));
    struct reward_word_row row;
    enum rc rc;
    while ((rc = q_reward_words_next(&cursor, &row)) == RC_OK) {
        struct str *word = NEW(op->arena, struct str);
        *word = str_dup(op->arena, row.word);
        *map_put_i64(words, row.id) = word;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc reward__dims_load(struct op *op, struct reward__dims *out)
{
    struct reward__dims dims = {map_new(op->arena), map_new(op->arena), map_new(op->arena),
                                map_new(op->arena), map_new(op->arena), NULL};
    TRY(load_products(op, dims.products));
    TRY(load_customers(op, dims.customers));
    TRY(load_outlets(op, dims.outlets));
    TRY(load_partners(op, dims.partners));
    for (int which = 0; which < 3; which++)
        TRY(load_labels(op, dims.partners, which));
    TRY(load_words(op, dims.words));
    *out = dims;
    return RC_OK;
}
