/* Pages of products: list, record, form, archiving. */
#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"
#include "catalog/catalog_view.h"
#include "text/text.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/products/%s%s", prd(id).text, tail);
}

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
    [COL_NAME] = {.name = "name",
                  .title = M("Product"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_CATEGORY] = {.name = "category",
                      .title = M("Category"),
                      .kind = UI_TEXT,
                      .place = UI_AT_SUB},
    [COL_UNIT] = {.name = "unit", .title = M("Unit"), .kind = UI_TEXT},
    [COL_PRICE] = {.name = "price", .title = M("Price"), .kind = UI_MONEY, .place = UI_AT_FIGURE},
    [COL_EARNS] = {.name = "earns_rewards", .title = M("Earns rewards"), .kind = UI_TEXT},
    [COL_TAGS] = {.name = "tags", .title = M("Tags"), .kind = UI_TEXT, .is_optional = true},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "product",
                   .place = UI_AT_BADGE},
    [COL_CREATED] = {.name = "created_at",
                     .title = M("Added"),
                     .kind = UI_TIME,
                     .sort = "created",
                     .is_optional = true},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "category", .label = M("Category"), .kind = UI_PICK},
    {.name = "earns", .label = M("Earns rewards"), .kind = UI_PICK},
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "product", .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "catalog.edit"},
    {.label = M("Add product"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/products/new"),
     .permission = "catalog.edit"},
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
    cells[COL_NAME] = ui_cell_link(p->name, p->code, url_of(op, p->id, ""));
    cells[COL_CATEGORY] = ui_cell_text(p->category_name);
    cells[COL_UNIT] = ui_cell_text(p->unit.len ? p->unit : STR_NONE);
    if (p->price_minor.has)
        cells[COL_PRICE] =
            ui_cell_money(MONEY(p->price_minor.v, currency_find(p->price_currency)), STR_NONE);
    cells[COL_EARNS] = ui_cell_text(tr(op->lang, p->is_commissionable ? M("Yes") : M("No")));
    cells[COL_TAGS] = ui_cell_text(p->tags.len ? p->tags : STR_NONE);
    cells[COL_STATE] = ui_cell_state(p->archived_at.has ? STR("archived") : STR("active"));
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
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and schemes use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 64},
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

static enum rc show_form(struct req *r, struct ui_form *form, const struct catalog_product *p)
{
    struct op *op = r->op;
    const struct ui_field *fields;
    size_t len;
    struct org_locale locale;
    TRY(org_locale(op, &locale));
    TRY(attribute_form_fields(op, "product", shown, LEN(shown), &fields, &len));
    ui_crumb(op, &form->head, M("Products"), STR("/products"));
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
    TRY(attribute_form_set(op, "product", p->id, form));
    TRY(audit_conflict(r, form, "product", p->id));
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct catalog_product p = {.is_commissionable = true};
    struct ui_form form = {
        .submit = M("Add product"), .action = STR("/products"), .cancel_href = STR("/products")};
    form.head.title = M("New product");
    return show_form(r, &form, &p);
}

static enum rc page_edit(struct req *r)
{
    struct catalog_product p;
    TRY(catalog_product_get(r->op, path_id(r, "prd"), &p));
    struct ui_form form = {
        .submit = M("Save"), .revision = p.revision, .cancel_href = url_of(r->op, p.id, "")};
    form.head.name = p.name;
    return show_form(r, &form, &p);
}

static enum rc save(struct req *r, int64_t id, int64_t *out_id)
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

static enum rc page_create(struct req *r)
{
    int64_t id;
    TRY(save(r, 0, &id));
    answer_note(r, M("The product was added."));
    return CREATED(r, "/products/{0}", prd(id));
}

static enum rc page_save(struct req *r)
{
    int64_t id;
    TRY(save(r, path_id(r, "prd"), &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/products/{0}", prd(id));
}

/* ---- record ---- */

static enum rc facts_of(struct op *op, const struct catalog_product *p, struct ui_defs *facts)
{
    struct catalog_category category;
    ui_def_text(op, facts, M("Code"), p->code);
    if (p->category_id.has) {
        TRY(catalog_category_get(op, p->category_id.v, &category));
        struct ui_def def = {.label = M("Category"),
                             .text = category.name,
                             .href =
                                 str_printf(op->arena, "/categories/%s", cat(category.id).text)};
        VEC_PUSH(op->arena, facts, def);
    }
    if (p->price.currency) {
        struct ui_def def = {.label = M("Price"), .money = p->price};
        VEC_PUSH(op->arena, facts, def);
    }
    ui_def_text(op, facts, M("Unit"), p->unit.len ? p->unit : STR_NONE);
    ui_def_text(op, facts, M("Tags"), p->tags.len ? p->tags : STR_NONE);
    ui_def_text(op, facts, M("Earns rewards"),
                tr(op->lang, p->is_commissionable ? M("Yes") : M("No")));
    return attribute_defs(op, "product", p->id, facts);
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct catalog__product_page v = {0};
    struct catalog_product *p = &v.product;
    TRY(catalog_product_get(op, path_id(r, "prd"), p));
    v.head = (struct ui_head){.name = p->name,
                              .record = "product",
                              .state = p->archived_at.has ? STR("archived") : STR("active")};
    ui_crumb(op, &v.head, M("Products"), STR("/products"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = url_of(op, p->id, "/edit"),
                              .permission = "catalog.edit"});
    ui_act(
        op, &v.head.actions,
        (struct ui_action){.label = p->archived_at.has ? M("Restore…") : M("Archive…"),
                           .icon = p->archived_at.has ? "archive-off" : "archive",
                           .href = url_of(op, p->id, p->archived_at.has ? "/restore" : "/archive"),
                           .kind = p->archived_at.has ? UI_SECONDARY : UI_DANGER,
                           .is_dialog = true,
                           .permission = "catalog.edit"});
    TRY(facts_of(op, p, &v.facts));
    TRY(attribute_values_get(op, "product", p->id, &v.attributes));
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(op, "product", p->id, 20, &history));
    v.history = out_html(&history);
    page_title(r, p->name);
    answer_revision(r, p->revision);
    return REPLY(r, NULL, catalog__product, &v);
}

void catalog__product_json(struct json_writer *w, const struct catalog__product_page *v)
{
    const struct catalog_product *p = &v->product;
    json_object(w);
    json_pair_str(w, "id", str_of(prd(p->id).text));
    json_pair_i64(w, "revision", p->revision);
    json_pair_str(w, "code", p->code);
    json_pair_str(w, "name", p->name);
    json_pair_str(w, "unit", p->unit);
    json_pair_str(w, "tags", p->tags);
    json_pair_str(w, "category_id",
                  p->category_id.has ? str_of(cat(p->category_id.v).text) : STR_NONE);
    json_pair_bool(w, "is_commissionable", p->is_commissionable);
    json_pair_money(w, "price", p->price);
    json_pair_bool(w, "archived", p->archived_at.has);
    attribute_json(w, &v->attributes);
    json_object_end(w);
}

/* ---- archiving ---- */

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc ask(struct req *r, bool is_archived)
{
    struct catalog_product p;
    TRY(catalog_product_get(r->op, path_id(r, "prd"), &p));
    struct ui_confirm confirm = {
        .title = is_archived ? M("Archive the product?") : M("Restore the product?"),
        .name = p.name,
        .text = is_archived ? M("{0} disappears from lists; past sales keep it.")
                            : M("{0} stands in lists again."),
        .action = url_of(r->op, p.id, is_archived ? "/archive" : "/restore"),
        .button = is_archived ? M("Archive") : M("Restore"),
        .is_danger = is_archived,
        .cancel_href = url_of(r->op, p.id, ""),
        .revision = p.revision};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_ask_archive(struct req *r)
{
    return ask(r, true);
}

static enum rc page_ask_restore(struct req *r)
{
    return ask(r, false);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct revision_form *in = form(r);
    int64_t id = path_id(r, "prd");
    TRY(catalog_product_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/products/{0}", prd(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route catalog_routes[] = {
    ROUTE(GET, "/products", page_list, "catalog.read", FORM(product_query, product_query_fields),
          API),
    ROUTE(GET, "/products/new", page_new, "catalog.edit"),
    ROUTE(POST, "/products", page_create, "catalog.edit", FORM(product_form, product_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/products/:prd", page_show, "catalog.read", API),
    ROUTE(GET, "/products/:prd/edit", page_edit, "catalog.edit"),
    ROUTE(POST, "/products/:prd/edit", page_save, "catalog.edit",
          FORM(product_form, product_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/products/:prd/archive", page_ask_archive, "catalog.edit"),
    ROUTE(POST, "/products/:prd/archive", page_archive, "catalog.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/products/:prd/restore", page_ask_restore, "catalog.edit"),
    ROUTE(POST, "/products/:prd/restore", page_restore, "catalog.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
