/* Pages of categories: the tree, and what the pages of a record ask of its kind. */
#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"
#include "catalog/catalog_view.h"

/* ---- the tree ---- */

static void push_below(struct op *op, const struct category_shown_rows *rows, int64_t parent_id,
                       int depth, struct catalog__tree *out)
{
    for (size_t i = 0; i < rows->len && out->len < rows->len; i++) {
        const struct category_shown *c = &rows->at[i];
        if ((c->parent_id.has ? c->parent_id.v : 0) != parent_id)
            continue;
        struct catalog__choice choice = {c->id,   c->revision,  c->products, c->code,
                                         c->name, c->parent_id, depth,       c->archived_at.has};
        VEC_PUSH(op->arena, out, choice);
        push_below(op, rows, c->id, depth + 1, out);
    }
}

enum rc catalog__tree_read(struct op *op, struct catalog__tree *out)
{
    struct category_shown_rows rows;
    TRY(q_categories(op, &rows));
    *out = (struct catalog__tree){0};
    push_below(op, &rows, 0, 0, out);
    return RC_OK;
}

enum rc catalog__options(struct ui_form *form, const char *field, struct opt_i64 keep,
                         int64_t but_id)
{
    struct op *op = form->op;
    struct catalog__tree tree;
    TRY(catalog__tree_read(op, &tree));
    for (size_t i = 0; i < tree.len; i++) {
        const struct catalog__choice *c = &tree.at[i];
        bool is_kept = keep.has && keep.v == c->id;
        AUTO_BUF label = BUF(4096);
        if ((c->is_archived && !is_kept) || c->id == but_id)
            continue;
        for (int n = 0; n < c->depth; n++)
            buf_put(&label, STR("\xc2\xa0\xc2\xa0"));
        buf_put(&label, c->name);
        ui_form_option(form, field, ui_pid(op, cat(c->id)), str_dup(op->arena, buf_str(&label)));
    }
    if (keep.has)
        ui_form_set(form, field, ui_pid(op, cat(keep.v)));
    return RC_OK;
}

static size_t nodes_from(struct op *op, const struct catalog__tree *tree, size_t i,
                         struct ui_nodes *out)
{
    int depth = i < tree->len ? tree->at[i].depth : 0;
    while (i < tree->len && tree->at[i].depth == depth) {
        const struct catalog__choice *c = &tree->at[i];
        struct ui_node node = {
            .text = c->name,
            .note = i18n_format(op->arena, op->lang,
                                M("{0} · {1, plural, one {# product} other {# products}}"), c->code,
                                c->products),
            .href = ui_url(op, "/categories", cat(c->id), "")};
        if (c->is_archived) {
            node.record = "category";
            node.state = STR("archived");
        }
        i++;
        if (i < tree->len && tree->at[i].depth > depth)
            i = nodes_from(op, tree, i, &node.nodes);
        VEC_PUSH(op->arena, out, node);
    }
    return i;
}

static enum rc page_tree(struct req *r)
{
    struct op *op = r->op;
    struct catalog__categories_page v = {
        .head = {.title = M("Categories")},
        .empty = {.icon = "category",
                  .text = M("No categories yet. Schemes may pay differently by category.")}};
    TRY(catalog__tree_read(op, &v.tree));
    (void)nodes_from(op, &v.tree, 0, &v.nodes);
    ui_act(op, &v.head.actions,
           (struct ui_action)UI_ADD_ACTION(M("Add category"), "/categories/new", "catalog.edit"));
    return REPLY(r, M("Categories"), catalog__categories, &v);
}

void catalog__categories_json(struct json_writer *w, const struct catalog__categories_page *v)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t i = 0; i < v->tree.len; i++) {
        const struct catalog__choice *c = &v->tree.at[i];
        json_object(w);
        json_pair_str(w, "id", str_of(cat(c->id).text));
        json_pair_i64(w, "revision", c->revision);
        json_pair_str(w, "code", c->code);
        json_pair_str(w, "name", c->name);
        json_pair_str(w, "parent_id",
                      c->parent_id.has ? str_of(cat(c->parent_id.v).text) : STR_NONE);
        json_pair_i64(w, "products", c->products);
        json_pair_bool(w, "archived", c->is_archived);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

/* ---- form ---- */

struct category_form {
    struct str code, name;
    struct opt_i64 parent_id, revision;
};
static const struct field category_fields[] = {
    F_STR(category_form, name, 1, 200),
    F_STR(category_form, code, 1, 64),
    F_OPT_ID(category_form, parent_id, "cat"),
    F_OPT_I64(category_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and schemes use it."), false),
    {.name = "parent_id", .label = M("Parent category"), .kind = UI_FIELD_SELECT},
};

static enum rc category_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct catalog_category *c = NEW(op->arena, struct catalog_category);
    TRY(catalog_category_get(op, id, c));
    *out = UI_RECORD_OF(c, c);
    return RC_OK;
}

static enum rc category_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct catalog_category *c = record->own ? record->own : &(struct catalog_category){0};
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_set(form, "name", c->name);
    ui_form_set(form, "code", c->code);
    return catalog__options(form, "parent_id", c->parent_id, c->id);
}

static enum rc category_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct category_form *in = form(r);
    struct catalog_category c = {.id = id,
                                 .revision = in->revision.v,
                                 .code = in->code,
                                 .name = in->name,
                                 .parent_id = in->parent_id};
    return catalog_category_save(r->op, &c, out_id);
}

/* ---- record ---- */

static enum rc category_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct catalog_category *c = v->record.own;
    struct catalog_category parent;
    ui_def_text(op, &v->facts, M("Code"), c->code);
    if (c->parent_id.has) {
        TRY(catalog_category_get(op, c->parent_id.v, &parent));
        struct ui_def def = {.label = M("Parent category"),
                             .text = parent.name,
                             .href = ui_url(op, "/categories", cat(parent.id), "")};
        VEC_PUSH(op->arena, &v->facts, def);
    }
    struct ui_def products = {.label = M("Products"),
                              .text = tr(op->lang, M("Products of this category")),
                              .href =
                                  str_printf(op->arena, "/products?category=%s", cat(c->id).text)};
    VEC_PUSH(op->arena, &v->facts, products);
    return RC_OK;
}

static void category_json(struct json_writer *w, const struct ui_record *record)
{
    const struct catalog_category *c = record->own;
    json_pair_str(w, "code", c->code);
    json_pair_str(w, "name", c->name);
    json_pair_str(w, "parent_id", c->parent_id.has ? str_of(cat(c->parent_id.v).text) : STR_NONE);
}

static const struct ui_record_kind category_kind = {
    .record = "category",
    .path = "/categories",
    .prefix = "cat",
    .permission_edit = "catalog.edit",
    .plural = M("Categories"),
    .title_new = M("New category"),
    .add = M("Add category"),
    .added = M("The category was added."),
    .archive_words = {M("Archive the category?"),
                      M("{0} can no longer be chosen; past sales keep it.")},
    .restore_words = {M("Restore the category?"), M("{0} can be chosen again.")},
    .journal = &audit_journal,
    .get = category_get,
    .form = category_fill,
    .save = category_store,
    .archive = catalog_category_archive,
    .show = category_facts,
    .json = category_json,
};
UI_RECORD_PAGES(category)

const struct route catalog_category_routes[] = {
    ROUTE(GET, "/categories", page_tree, "catalog.read", API),
    UI_RECORD_ROUTES(category, "/categories", "cat", "catalog.read", "catalog.edit",
                     FORM(category_form, category_fields)),
    {0},
};
