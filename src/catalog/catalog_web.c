/* Pages of products: their list, and what the pages of a record ask of its kind. */
#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"
#include "catalog/catalog_view.h"
#include "text/text.h"

/* ---- list ---- */

struct product_query {
    UI_LIST_MEMBERS;
    struct opt_i64 category;
    struct str state, earns;
};
static const struct field product_query_fields[] = {
    UI_LIST_FIELDS(product_query, q_product_list_sorts),
    F_OPT_ID(product_query, category, "cat"),
    F_STR(product_query, state, 0, 20),
    F_STR(product_query, earns, 0, 3),
    FIELDS_END,
};
enum {
    COL_NAME,
    COL_CATEGORY,
    COL_UNIT,
    COL_PRICE,
    COL_EARNS,
    COL_TAGS,
    COL_STATE,
    COL_CREATED,
    COLS
};
static const struct ui_column columns[] = {
    [COL_NAME] = UI_NAME_COLUMN(M("Product")),
    [COL_CATEGORY] = {.name = "category",
                      .title = M("Category"),
                      .kind = UI_TEXT,
                      .place = UI_AT_SUB},
    [COL_UNIT] = {.name = "unit", .title = M("Unit"), .kind = UI_TEXT},
    [COL_PRICE] = {.name = "price", .title = M("Price"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    [COL_EARNS] = {.name = "earns_rewards", .title = M("Earns rewards"), .kind = UI_TEXT},
    [COL_TAGS] = {.name = "tags", .title = M("Tags"), .kind = UI_TEXT, .is_optional = true},
    [COL_STATE] = UI_STATE_COLUMN("product"),
    [COL_CREATED] = UI_ADDED_COLUMN,
};
static const struct ui_filter filters[] = {
    {.name = "category", .label = M("Category"), .kind = UI_PICK},
    {.name = "earns", .label = M("Earns rewards"), .kind = UI_PICK},
    UI_STATE_FILTER("product"),
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "catalog.edit"},
    UI_ADD_ACTION(M("Add product"), "/products/new", "catalog.edit"),
    {.label = NULL},
};

static enum rc options(struct op *op, struct ui_list *list)
{
    struct catalog__tree tree;
    TRY(catalog__tree_read(op, &tree));
    for (size_t i = 0; i < tree.len; i++)
        ui_list_option(list, "category", ui_pid(op, cat(tree.at[i].id)), tree.at[i].name);
    ui_list_option(list, "earns", STR("yes"), tr(op->lang, M("Yes")));
    ui_list_option(list, "earns", STR("no"), tr(op->lang, M("No")));
    return RC_OK;
}

static void fill_row(struct op *op, struct ui_list *list, const struct product_row *p)
{
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, prd(p->id)));
    cells[COL_NAME] = ui_cell_link(p->name, p->code, ui_url(op, "/products", prd(p->id), ""));
    cells[COL_CATEGORY] = ui_cell_text(p->category_name);
    cells[COL_UNIT] = ui_cell_text(p->unit.len ? p->unit : STR_NONE);
    if (p->price_minor.has)
        cells[COL_PRICE] =
            ui_cell_money(MONEY(p->price_minor.v, currency_find(p->price_currency)), STR_NONE);
    cells[COL_EARNS] = ui_cell_text(tr(op->lang, p->is_commissionable ? M("Yes") : M("No")));
    cells[COL_TAGS] = ui_cell_text(p->tags.len ? p->tags : STR_NONE);
    cells[COL_STATE] = ui_cell_state(ui_archive_state(p->archived_at));
    cells[COL_CREATED] = ui_cell_time(SOME(p->created_at));
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct product_query *query = form(r);
    struct q_product_list_in in = {.category = query->category, .page = list->page};
    struct product_row_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (query->earns.len)
        in.earns = SOME(str_eq(query->earns, STR("yes")));
    if (list->search.len) { /* a code is exact, a name may be a part */
        struct catalog_product found;
        enum rc rc = catalog_product_by_code(op, list->search, &found);
        if (rc == RC_OK)
            in.code = list->search;
        else if (rc == RC_MISSING)
            in.q = text_fold(op->arena, list->search);
        else
            return rc;
    }
    TRY(options(op, list));
    TRY(q_product_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        fill_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/products", "catalog.edit")};

static const struct ui_list_spec product_list = {
    .name = "products",
    .title = M("Products"),
    .icon = "package",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_product_list_sorts,
    .sort = "name",
    .search = M("Name or code"),
    .empty = M("No products yet. Import them from a file, or add the first one."),
    .empty_action = &actions[1],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &product_list);
}

/* ---- form ---- */

struct product_form {
    struct str code, name, unit, tags;
    struct opt_i64 category_id, revision;
    bool is_commissionable;
    struct money price;
    struct field_pairs attr;
};
static const struct field product_fields[] = {
    F_STR(product_form, name, 1, 200),
    F_STR(product_form, code, 1, 64),
    F_STR(product_form, unit, 0, 40),
    F_STR(product_form, tags, 0, 500),
    F_OPT_ID(product_form, category_id, "cat"),
    F_BOOL(product_form, is_commissionable),
    F_MONEY(product_form, price),
    F_OPT_I64(product_form, revision, 0, INT64_MAX),
    F_PAIRS(product_form, attr, ATTRIBUTES_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and schemes use it."), true),
    {.name = "category_id", .label = M("Category"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "price", .label = M("Price"), .kind = UI_FIELD_MONEY, .is_half = true},
    {.name = "unit",
     .label = M("Unit"),
     .hint = M("piece, month, kg…"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 40},
    {.name = "tags",
     .label = M("Tags"),
     .hint = M("Words with a blank between them."),
     .kind = UI_FIELD_TEXT,
     .max_len = 500},
    {.name = "is_commissionable", .label = M("Earns rewards"), .kind = UI_FIELD_CHECK},
};

struct product_record {
    struct catalog_product product;
    struct attribute_values attributes; /* once its page has read them */
};

static enum rc product_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct product_record *own = NEW(op->arena, struct product_record);
    struct catalog_product *p = &own->product;
    TRY(catalog_product_get(op, id, p));
    *out = UI_RECORD_OF(p, own);
    return RC_OK;
}

static enum rc product_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    const struct product_record *own = record->own;
    const struct catalog_product fresh = {.is_commissionable = true};
    const struct catalog_product *p = own ? &own->product : &fresh;
    const struct ui_field *fields;
    size_t len;
    struct org_locale locale;
    TRY(org_locale(op, &locale));
    TRY(attribute_form_fields(op, "product", shown, LEN(shown), &fields, &len));
    ui_form_init(r, form, fields, len);
    TRY(catalog__options(form, "category_id", p->category_id, 0));
    ui_form_set(form, "name", p->name);
    ui_form_set(form, "code", p->code);
    ui_form_set(form, "unit", p->unit);
    ui_form_set(form, "tags", p->tags);
    ui_form_set_money(form, "price", p->price);
    if (!p->price.currency && locale.currency)
        ui_form_value(form, "price")->unit = str_of(locale.currency->code);
    ui_form_set_check(form, "is_commissionable", p->is_commissionable);
    return attribute_form_set(op, "product", p->id, form);
}

static enum rc product_store(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct product_form *in = form(r);
    bool is_changed = false;
    struct catalog_product p = {.id = id,
                                .revision = in->revision.v,
                                .code = in->code,
                                .name = in->name,
                                .unit = in->unit,
                                .tags = in->tags,
                                .category_id = in->category_id,
                                .is_commissionable = in->is_commissionable,
                                .price = in->price};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(catalog_product_save(op, &p, out_id));
    struct attribute_owner owner = {"product", *out_id, p.code, NONE};
    TRY(attribute_values_save(op, &owner, &in->attr, r->is_api, id == 0, &is_changed));
    if (is_changed && id != 0) {
        TRY(catalog_product_get(op, id, &p));
        TRY(q_product_touch(op, &(struct q_product_touch_in){id, p.revision}));
    }
    return txn_commit(&txn);
}

/* ---- record ---- */

static enum rc product_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    struct product_record *own = v->record.own;
    const struct catalog_product *p = &own->product;
    struct catalog_category category;
    ui_def_text(op, &v->facts, M("Code"), p->code);
    if (p->category_id.has) {
        TRY(catalog_category_get(op, p->category_id.v, &category));
        struct ui_def def = {.label = M("Category"),
                             .text = category.name,
                             .href = ui_url(op, "/categories", cat(category.id), "")};
        VEC_PUSH(op->arena, &v->facts, def);
    }
    if (p->price.currency) {
        struct ui_def def = {.label = M("Price"), .money = p->price};
        VEC_PUSH(op->arena, &v->facts, def);
    }
    ui_def_text(op, &v->facts, M("Unit"), p->unit);
    ui_def_text(op, &v->facts, M("Tags"), p->tags);
    ui_def_text(op, &v->facts, M("Earns rewards"),
                tr(op->lang, p->is_commissionable ? M("Yes") : M("No")));
    TRY(attribute_defs(op, "product", p->id, &v->facts));
    return attribute_values_get(op, "product", p->id, &own->attributes);
}

static void product_json(struct json_writer *w, const struct ui_record *record)
{
    const struct product_record *own = record->own;
    const struct catalog_product *p = &own->product;
    json_pair_str(w, "code", p->code);
    json_pair_str(w, "name", p->name);
    json_pair_str(w, "unit", p->unit);
    json_pair_str(w, "tags", p->tags);
    json_pair_str(w, "category_id",
                  p->category_id.has ? str_of(cat(p->category_id.v).text) : STR_NONE);
    json_pair_bool(w, "is_commissionable", p->is_commissionable);
    json_pair_money(w, "price", p->price);
    attribute_json(w, &own->attributes);
}

static const struct ui_record_kind product_kind = {
    .record = "product",
    .path = "/products",
    .prefix = "prd",
    .permission_edit = "catalog.edit",
    .plural = M("Products"),
    .title_new = M("New product"),
    .add = M("Add product"),
    .added = M("The product was added."),
    .archive_words = {M("Archive the product?"),
                      M("{0} disappears from lists; past sales keep it.")},
    .restore_words = {M("Restore the product?"), M("{0} stands in lists again.")},
    .journal = &audit_journal,
    .get = product_get,
    .form = product_fill,
    .save = product_store,
    .archive = catalog_product_archive,
    .show = product_facts,
    .json = product_json,
};
UI_RECORD_PAGES(product)

const struct route catalog_routes[] = {
    ROUTE(GET, "/products", page_list, "catalog.read", FORM(product_query, product_query_fields),
          API),
    UI_RECORD_ROUTES(product, "/products", "prd", "catalog.read", "catalog.edit",
                     FORM(product_form, product_fields)),
    {0},
};
