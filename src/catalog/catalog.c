/* Products and categories: rules of the records. */
#include "catalog/catalog.h"

#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"
#include "text/text.h"

enum {
    NAME_CHARS_MAX = 200,
    CODE_CHARS_MAX = 64,
    LEVELS_MAX = 32,
    CATEGORY_VALUES = 3,
    PRODUCT_VALUES = 7
};

const struct permission catalog_permissions[] = {
    {"catalog.read", M("See products and categories"), ACTOR_STAFF},
    {"catalog.edit", M("Edit products and categories"), ACTOR_STAFF},
};
const size_t catalog_permissions_len = LEN(catalog_permissions);

static const struct audit_name names[] = {
    {"category", M("Category"), "/categories/", "cat"},
    {"product", M("Product"), "/products/", "prd"},
    {"category.add", M("Category added"), NULL, NULL},
    {"category.edit", M("Category changed"), NULL, NULL},
    {"product.add", M("Product added"), NULL, NULL},
    {"product.edit", M("Product changed"), NULL, NULL},
    {"product.archive", M("Product archived or restored"), NULL, NULL},
    {"category.archive", M("Category archived or restored"), NULL, NULL},
    {"category:archived", M("Archived"), NULL, NULL},
    {"product:archived", M("Archived"), NULL, NULL},
    {"category:code", M("Code"), NULL, NULL},
    {"category:name", M("Name"), NULL, NULL},
    {"category:parent_id", M("Parent category"), NULL, NULL},
    {"product:code", M("Code"), NULL, NULL},
    {"product:name", M("Name"), NULL, NULL},
    {"product:unit", M("Unit"), NULL, NULL},
    {"product:tags", M("Tags"), NULL, NULL},
    {"product:category_id", M("Category"), NULL, NULL},
    {"product:is_commissionable", M("Earns rewards"), NULL, NULL},
    {"product:price", M("Price"), NULL, NULL},
    {0}};

static const struct ui_page pages[] = {
    {UI_SALES, M("Products"), "/products", "catalog.read"},
    {UI_SALES, M("Categories"), "/categories", "catalog.read"},
};

void catalog_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
}

static struct str or_empty(struct str text)
{
    return text.at ? text : STR("");
}

/* Codes of goods come from other systems: "6ES7 214-1AG40", "Dairy Products"; any signs are right.
 */
static enum rc check_name(struct op *op, struct str *code, struct str *name)
{
    *code = text_clean_line(op->arena, or_empty(*code));
    if (code->len == 0 || utf8_count(*code) > CODE_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "code", "A code has 1 to 64 characters.");
    *name = text_clean_line(op->arena, or_empty(*name));
    if (name->len == 0 || utf8_count(*name) > NAME_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "name", "A name has 1 to 200 characters.");
    return op->fault.rc;
}

/* ---- categories ---- */

static void category_from(const struct category_rec *row, struct catalog_category *out)
{
    *out = (struct catalog_category){row->id,   row->revision,  row->code,
                                     row->name, row->parent_id, row->archived_at};
}

enum rc catalog_category_get(struct op *op, int64_t id, struct catalog_category *out)
{
    struct category_rec row;
    TRY(q_category(op, &(struct q_category_in){id}, &row));
    category_from(&row, out);
    return RC_OK;
}

enum rc catalog_category_by_code(struct op *op, struct str code, struct catalog_category *out)
{
    struct category_rec row;
    TRY(q_category_by_code(op, &(struct q_category_by_code_in){code}, &row));
    category_from(&row, out);
    return RC_OK;
}

struct catalog_memo {
    struct arena *arena;
    struct map *names; /* id of a category to struct str */
};

struct catalog_memo *catalog_memo_new(struct arena *arena)
{
    struct catalog_memo *memo = NEW(arena, struct catalog_memo);
    *memo = (struct catalog_memo){arena, map_new(arena)};
    return memo;
}

static enum rc category_name(struct op *op, struct catalog_memo *memo, int64_t id, struct str *out)
{
    struct catalog_category category;
    const struct str *known = memo ? map_get_i64(memo->names, id) : NULL;
    if (known) {
        *out = *known;
        return RC_OK;
    }
    TRY(catalog_category_get(op, id, &category));
    *out = category.name;
    if (!memo)
        return RC_OK;
    struct str *name = NEW(memo->arena, struct str);
    *name = str_dup(memo->arena, category.name);
    *map_put_i64(memo->names, id) = name;
    return RC_OK;
}

/* The journal is read by people: names, not numbers. */
static struct str category_words(struct op *op, struct catalog_memo *memo, struct opt_i64 id)
{
    struct str name;
    if (!id.has)
        return STR("");
    return category_name(op, memo, id.v, &name) == RC_OK ? name : audit_text_i64(op, id.v);
}

static void category_values(struct op *op, const struct catalog_category *c,
                            struct audit_value out[CATEGORY_VALUES])
{
    out[0] = (struct audit_value){"code", c->code};
    out[1] = (struct audit_value){"name", c->name};
    out[2] = (struct audit_value){"parent_id", category_words(op, NULL, c->parent_id)};
}

static enum rc note_category(struct op *op, const struct catalog_category *before,
                             const struct catalog_category *after)
{
    struct audit_value old[CATEGORY_VALUES], new[CATEGORY_VALUES];
    if (before)
        category_values(op, before, old);
    category_values(op, after, new);
    return audit_add_diff(op,
                          &(struct audit_entry){.action = before ? "category.edit" : "category.add",
                                                .record = "category",
                                                .record_id = after->id,
                                                .label = after->code},
                          before ? old : NULL, new, CATEGORY_VALUES);
}

/* The way up from the parent must not lead to the category itself. */
static enum rc check_parent(struct op *op, const struct catalog_category *c)
{
    struct opt_i64 at = c->parent_id;
    for (int level = 0; at.has; level++) {
        struct catalog_category parent;
        if (at.v == c->id || level == LEVELS_MAX)
            return fail(op, RC_CONFLICT, "parent_id", "A category cannot stand below itself.");
        enum rc rc = catalog_category_get(op, at.v, &parent);
        if (rc == RC_MISSING)
            return fail(op, RC_INVALID, "parent_id", "There is no such category.");
        TRY(rc);
        at = parent.parent_id;
    }
    return RC_OK;
}

enum rc catalog_category_save(struct op *op, const struct catalog_category *in, int64_t *out_id)
{
    struct catalog_category c = *in, before;
    TRY(op_must(op, "catalog.edit"));
    TRY(check_name(op, &c.code, &c.name));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(check_parent(op, &c));
    struct str fold = text_fold(op->arena, c.name), sort = text_sort_key(op->arena, c.name);
    if (c.id == 0) {
        TRY(op_code_taken(op,
                          q_category_add(op,
                                         &(struct q_category_add_in){c.parent_id, c.code, c.name,
                                                                     fold, sort, op->now},
                                         &c.id),
                          c.code));
        TRY(note_category(op, NULL, &c));
    } else {
        TRY(catalog_category_get(op, c.id, &before));
        if (before.revision != c.revision)
            return op_stale(op);
        TRY(op_code_taken(
            op,
            q_category_edit(op, &(struct q_category_edit_in){c.id, c.revision, c.parent_id, c.code,
                                                             c.name, fold, sort}),
            c.code));
        TRY(note_category(op, &before, &c));
    }
    TRY(txn_commit(&txn));
    *out_id = c.id;
    return RC_OK;
}

/* ---- products ---- */

static void product_from(const struct product_rec *row, struct catalog_product *out)
{
    *out = (struct catalog_product){.id = row->id,
                                    .revision = row->revision,
                                    .code = row->code,
                                    .name = row->name,
                                    .unit = row->unit,
                                    .tags = row->tags,
                                    .category_id = row->category_id,
                                    .is_commissionable = row->is_commissionable,
                                    .archived_at = row->archived_at};
    if (row->price_minor.has)
        out->price = MONEY(row->price_minor.v, currency_find(row->price_currency));
}

enum rc catalog_product_get(struct op *op, int64_t id, struct catalog_product *out)
{
    struct product_rec row;
    TRY(q_product(op, &(struct q_product_in){id}, &row));
    product_from(&row, out);
    return RC_OK;
}

enum rc catalog_product_by_code(struct op *op, struct str code, struct catalog_product *out)
{
    struct product_rec row;
    TRY(q_product_by_code(op, &(struct q_product_by_code_in){code}, &row));
    product_from(&row, out);
    return RC_OK;
}

static void product_values(struct op *op, struct catalog_memo *memo,
                           const struct catalog_product *p, struct audit_value out[PRODUCT_VALUES])
{
    struct str price = STR("");
    if (p->price.currency)
        price = str_printf(op->arena, STR_FMT " %s", STR_ARG(money_print(op->arena, p->price)),
                           p->price.currency->code);
    out[0] = (struct audit_value){"code", p->code};
    out[1] = (struct audit_value){"name", p->name};
    out[2] = (struct audit_value){"unit", p->unit};
    out[3] = (struct audit_value){"tags", p->tags};
    out[4] = (struct audit_value){"category_id", category_words(op, memo, p->category_id)};
    out[5] = (struct audit_value){"is_commissionable", audit_text_bool(p->is_commissionable)};
    out[6] = (struct audit_value){"price", price};
}

static enum rc note_product(struct op *op, const struct catalog_product *before,
                            const struct catalog_product *after)
{
    struct audit_value old[PRODUCT_VALUES], new[PRODUCT_VALUES];
    product_values(op, NULL, before, old);
    product_values(op, NULL, after, new);
    return audit_add_diff(op,
                          &(struct audit_entry){.action = "product.edit",
                                                .record = "product",
                                                .record_id = after->id,
                                                .label = after->code},
                          old, new, PRODUCT_VALUES);
}

enum rc catalog_product_check(struct op *op, struct catalog_memo *memo, struct catalog_product *p)
{
    struct str category;
    p->unit = text_clean_line(op->arena, or_empty(p->unit));
    p->tags = text_clean_line(op->arena, or_empty(p->tags));
    if (p->price.currency && p->price.minor < 0)
        (void)!fail(op, RC_INVALID, "price", "A price is not negative.");
    TRY(check_name(op, &p->code, &p->name));
    if (!p->category_id.has)
        return RC_OK;
    enum rc rc = category_name(op, memo, p->category_id.v, &category);
    return rc == RC_MISSING ? fail(op, RC_INVALID, "category_id", "There is no such category.")
                            : rc;
}

enum rc catalog_products_by_codes(struct op *op, const struct str_list *codes,
                                  struct catalog_product_list *out)
{
    struct product_rec_rows rows;
    struct q_products_by_codes_in in = {json_list(op->arena, codes)};
    *out = (struct catalog_product_list){0};
    TRY(q_products_by_codes(op, &in, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct catalog_product product;
        product_from(&rows.at[i], &product);
        VEC_PUSH(op->arena, out, product);
    }
    return RC_OK;
}

static struct opt_i64 price_minor(const struct catalog_product *p)
{
    return p->price.currency ? SOME(p->price.minor) : NONE;
}

static struct str price_currency(const struct catalog_product *p)
{
    return p->price.currency ? str_of(p->price.currency->code) : STR("");
}

static enum rc note_added(struct op *op, struct catalog_memo *memo,
                          struct catalog_product *const *products, size_t len)
{
    struct audit_entry *entries = NEW_ARRAY(op->arena, struct audit_entry, len);
    for (size_t i = 0; i < len; i++) {
        struct audit_value values[PRODUCT_VALUES];
        product_values(op, memo, products[i], values);
        struct audit_changes changes = audit_diff(op, NULL, values, PRODUCT_VALUES);
        entries[i] = (struct audit_entry){.action = "product.add",
                                          .record = "product",
                                          .record_id = products[i]->id,
                                          .label = products[i]->code,
                                          .changes = changes.at,
                                          .changes_len = changes.len};
    }
    return audit_add_all(op, entries, len);
}

static enum rc store_all(struct op *op, struct catalog_product *const *products,
                         const struct text_sorted *sorted, size_t len)
{
    struct i64_list ids = {0};
    struct q_product_add_in *rows = NEW_ARRAY(op->arena, struct q_product_add_in, len);
    for (size_t i = 0; i < len; i++) {
        const struct catalog_product *p = products[i];
        rows[i] = (struct q_product_add_in){
            p->code, p->name, text_fold(op->arena, p->name), sorted[i].key,  p->category_id,
            p->unit, p->tags, p->is_commissionable,          price_minor(p), price_currency(p),
            op->now};
    }
    TRY(q_product_add(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        products[i]->id = ids.at[i];
    return RC_OK;
}

enum rc catalog_product_add_all(struct op *op, struct catalog_memo *memo,
                                struct catalog_product *const *products, size_t len)
{
    TRY(op_must(op, "catalog.edit"));
    if (len == 0)
        return RC_OK;
    struct text_sorted *sorted = NEW_ARRAY(op->arena, struct text_sorted, len);
    struct catalog_product **in_order = NEW_ARRAY(op->arena, struct catalog_product *, len);
    for (size_t i = 0; i < len; i++)
        sorted[i] = (struct text_sorted){text_sort_key(op->arena, products[i]->name), i};
    text_sort_many(sorted, len);
    for (size_t i = 0; i < len; i++)
        in_order[i] = products[sorted[i].i];
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(store_all(op, in_order, sorted, len));
    TRY(note_added(op, memo, in_order, len));
    return txn_commit(&txn);
}

static enum rc product_write(struct op *op, struct catalog_product *p)
{
    struct catalog_product before;
    if (p->id == 0)
        return op_code_taken(op, catalog_product_add_all(op, NULL, &p, 1), p->code);
    struct str fold = text_fold(op->arena, p->name), sort = text_sort_key(op->arena, p->name);
    TRY(catalog_product_get(op, p->id, &before));
    if (before.revision != p->revision)
        return op_stale(op);
    enum rc rc = q_product_edit(
        op, &(struct q_product_edit_in){p->id, p->revision, p->code, p->name, fold, sort,
                                        p->category_id, p->unit, p->tags, p->is_commissionable,
                                        price_minor(p), price_currency(p)});
    TRY(op_code_taken(op, rc, p->code));
    return note_product(op, &before, p);
}

enum rc catalog_product_save(struct op *op, const struct catalog_product *in, int64_t *out_id)
{
    struct catalog_product p = *in;
    TRY(op_must(op, "catalog.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(catalog_product_check(op, NULL, &p));
    TRY(product_write(op, &p));
    TRY(txn_commit(&txn));
    *out_id = p.id;
    return RC_OK;
}

/* ---- archiving ---- */

static enum rc check_empty(struct op *op, int64_t category_id)
{
    struct category_shown_rows rows;
    TRY(q_categories(op, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct category_shown *c = &rows.at[i];
        if ((c->id == category_id && c->products > 0) ||
            (c->parent_id.has && c->parent_id.v == category_id && !c->archived_at.has))
            return fail(op, RC_CONFLICT, NULL,
                        M("This category still holds products or categories."));
    }
    return RC_OK;
}

enum rc catalog_category_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct catalog_category c;
    TRY(op_must(op, "catalog.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(catalog_category_get(op, id, &c));
    if (c.revision != revision)
        return op_stale(op);
    if (is_archived)
        TRY(check_empty(op, id));
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_category_archive(op, &(struct q_category_archive_in){id, revision, at}));
    struct audit_entry entry = {
        .action = "category.archive", .record = "category", .record_id = id, .label = c.code};
    TRY(audit_add_flag(op, &entry, "archived", c.archived_at.has, is_archived));
    return txn_commit(&txn);
}

enum rc catalog_product_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct catalog_product p;
    TRY(op_must(op, "catalog.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(catalog_product_get(op, id, &p));
    if (p.revision != revision)
        return op_stale(op);
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_product_archive(op, &(struct q_product_archive_in){id, revision, at}));
    struct audit_entry entry = {
        .action = "product.archive", .record = "product", .record_id = id, .label = p.code};
    TRY(audit_add_flag(op, &entry, "archived", p.archived_at.has, is_archived));
    return txn_commit(&txn);
}
