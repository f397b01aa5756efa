/* What the files of catalog and its views share. */
#ifndef KONTOR_CATALOG_INT_H
#define KONTOR_CATALOG_INT_H

#include "attribute/attribute.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "catalog/catalog.h"
#include "ui/ui.h"

#define prd(id) pid_of("prd", (id))
#define cat(id) pid_of("cat", (id))

struct catalog__choice { /* a category with the steps above it, in the order of the tree */
    int64_t id, revision, products;
    struct str code, name;
    struct opt_i64 parent_id;
    int depth;
    bool is_archived;
};
struct catalog__tree {
    struct catalog__choice *at;
    size_t len, cap;
};

struct catalog__categories_page {
    struct ui_head head;
    struct ui_nodes nodes;
    struct ui_empty empty;
    struct catalog__tree tree;
};
void catalog__categories_json(struct json_writer *w, const struct catalog__categories_page *v);

/* All categories, parents before their children. */
enum rc catalog__tree_read(struct op *op, struct catalog__tree *out);
/* Options, indented by their depth; archived ones only when chosen. */
enum rc catalog__options(struct ui_form *form, const char *field, struct opt_i64 keep,
                         int64_t but_id);

#endif
