/* catalog: products and their categories, by code. Rewards see a product's category by code. */
#ifndef KONTOR_CATALOG_H
#define KONTOR_CATALOG_H

#include "http/http.h"
#include "money/money.h"
#include "op/op.h"
#include "ui/ui.h"

struct catalog_category {
    int64_t id, revision;
    struct str code, name;
    struct opt_i64 parent_id;
    struct opt_i64 archived_at;
};
struct catalog_product {
    int64_t id, revision;
    struct str code, name, unit;
    struct str tags; /* words, one blank between */
    struct opt_i64 category_id;
    bool is_commissionable;
    struct money price; /* no currency: none */
    struct opt_i64 archived_at;
};

enum rc catalog_category_get(struct op *op, int64_t id, struct catalog_category *out);
enum rc catalog_category_by_code(struct op *op, struct str code, struct catalog_category *out);
/* id 0: a new one. Permission catalog.edit. RC_INVALID with fields; RC_CONFLICT: code taken,
 * revision, or the parent stands below it. */
enum rc catalog_category_save(struct op *op, const struct catalog_category *in, int64_t *out_id);
enum rc catalog_product_get(struct op *op, int64_t id, struct catalog_product *out);
enum rc catalog_product_by_code(struct op *op, struct str code, struct catalog_product *out);
enum rc catalog_product_save(struct op *op, const struct catalog_product *in, int64_t *out_id);
struct catalog_product_list {
    struct catalog_product *at;
    size_t len, cap;
};
/* Those of the codes that there are, in one query. */
enum rc catalog_products_by_codes(struct op *op, const struct str_list *codes,
                                  struct catalog_product_list *out);
/* Categories of many products, each looked up once; lives on the arena. */
struct catalog_memo;
struct catalog_memo *catalog_memo_new(struct arena *arena);
/* Cleans a new product in place; RC_INVALID with fields. `memo` may be NULL, here and below. */
enum rc catalog_product_check(struct op *op, struct catalog_memo *memo,
                              struct catalog_product *product);
/* Adds products that were checked, in a handful of statements; they get their ids. RC_CONFLICT when
 * one of the codes is taken. More than a thousand are stored in the order of their names. */
enum rc catalog_product_add_all(struct op *op, struct catalog_memo *memo,
                                struct catalog_product *const *products, size_t len);

/* A category that holds categories or products in use stays: RC_CONFLICT. */
enum rc catalog_category_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
enum rc catalog_product_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);

extern const struct route catalog_routes[]; /* each ended by {0} */
extern const struct route catalog_category_routes[];
extern const struct ui_finder catalog_finders[];      /* of the search; ended by {0} */
extern const struct permission catalog_permissions[]; /* catalog.read, catalog.edit */
extern const size_t catalog_permissions_len;
void catalog_start(void);

#endif
