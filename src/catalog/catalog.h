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
