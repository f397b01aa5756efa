/* Pages of categories: the tree, record, form, archiving. */
#include "catalog/catalog_int.h"
#include "catalog/catalog_q.h"
#include "catalog/catalog_view.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/categories/%s%s", cat(id).text, tail);
}

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
            .href = url_of(op, c->id, "")};
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
           (struct ui_action){.label = M("Add category"),
                              .icon = "plus",
                              .kind = UI_PRIMARY,
                              .href = STR("/categories/new"),
                              .permission = "catalog.edit"});
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
     .max_len = 64},
    {.name = "parent_id", .label = M("Parent category"), .kind = UI_FIELD_SELECT},
};

static enum rc show_form(struct req *r, struct ui_form *form, const struct catalog_category *c)
{
    ui_crumb(r->op, &form->head, M("Categories"), STR("/categories"));
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_set(form, "name", c->name);
    ui_form_set(form, "code", c->code);
    TRY(catalog__options(form, "parent_id", c->parent_id, c->id));
    TRY(audit_conflict(r, form, "category", c->id));
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct catalog_category c = {0};
    struct ui_form form = {.submit = M("Add category"),
                           .action = STR("/categories"),
                           .cancel_href = STR("/categories")};
    form.head.title = M("New category");
    return show_form(r, &form, &c);
}

static enum rc page_edit(struct req *r)
{
    struct catalog_category c;
    TRY(catalog_category_get(r->op, path_id(r, "cat"), &c));
    struct ui_form form = {
        .submit = M("Save"), .revision = c.revision, .cancel_href = url_of(r->op, c.id, "")};
    form.head.name = c.name;
    return show_form(r, &form, &c);
}

static enum rc save(struct req *r, int64_t id, int64_t *out_id)
{
    const struct category_form *in = form(r);
    struct catalog_category c = {.id = id,
                                 .revision = in->revision.v,
                                 .code = in->code,
                                 .name = in->name,
                                 .parent_id = in->parent_id};
    return catalog_category_save(r->op, &c, out_id);
}

static enum rc page_create(struct req *r)
{
    int64_t id;
    TRY(save(r, 0, &id));
    answer_note(r, M("The category was added."));
    return CREATED(r, "/categories/{0}", cat(id));
}

static enum rc page_save(struct req *r)
{
    int64_t id;
    TRY(save(r, path_id(r, "cat"), &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/categories/{0}", cat(id));
}

/* ---- record ---- */

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct catalog__category_page v = {0};
    struct catalog_category *c = &v.category, parent;
    TRY(catalog_category_get(op, path_id(r, "cat"), c));
    v.head = (struct ui_head){.name = c->name,
                              .record = "category",
                              .state = c->archived_at.has ? STR("archived") : STR("active")};
    ui_crumb(op, &v.head, M("Categories"), STR("/categories"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = url_of(op, c->id, "/edit"),
                              .permission = "catalog.edit"});
    ui_act(
        op, &v.head.actions,
        (struct ui_action){.label = c->archived_at.has ? M("Restore…") : M("Archive…"),
                           .icon = c->archived_at.has ? "archive-off" : "archive",
                           .href = url_of(op, c->id, c->archived_at.has ? "/restore" : "/archive"),
                           .kind = c->archived_at.has ? UI_SECONDARY : UI_DANGER,
                           .is_dialog = true,
                           .permission = "catalog.edit"});
    ui_def_text(op, &v.facts, M("Code"), c->code);
    if (c->parent_id.has) {
        TRY(catalog_category_get(op, c->parent_id.v, &parent));
        struct ui_def def = {
            .label = M("Parent category"), .text = parent.name, .href = url_of(op, parent.id, "")};
        VEC_PUSH(op->arena, &v.facts, def);
    }
    struct ui_def products = {.label = M("Products"),
                              .text = tr(op->lang, M("Products of this category")),
                              .href =
                                  str_printf(op->arena, "/products?category=%s", cat(c->id).text)};
    VEC_PUSH(op->arena, &v.facts, products);
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(op, "category", c->id, 20, &history));
    v.history = out_html(&history);
    page_title(r, c->name);
    answer_revision(r, c->revision);
    return REPLY(r, NULL, catalog__category, &v);
}

void catalog__category_json(struct json_writer *w, const struct catalog__category_page *v)
{
    const struct catalog_category *c = &v->category;
    json_object(w);
    json_pair_str(w, "id", str_of(cat(c->id).text));
    json_pair_i64(w, "revision", c->revision);
    json_pair_str(w, "code", c->code);
    json_pair_str(w, "name", c->name);
    json_pair_str(w, "parent_id", c->parent_id.has ? str_of(cat(c->parent_id.v).text) : STR_NONE);
    json_pair_bool(w, "archived", c->archived_at.has);
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
    struct catalog_category c;
    TRY(catalog_category_get(r->op, path_id(r, "cat"), &c));
    struct ui_confirm confirm = {
        .title = is_archived ? M("Archive the category?") : M("Restore the category?"),
        .name = c.name,
        .text = is_archived ? M("{0} can no longer be chosen; past sales keep it.")
                            : M("{0} can be chosen again."),
        .action = url_of(r->op, c.id, is_archived ? "/archive" : "/restore"),
        .button = is_archived ? M("Archive") : M("Restore"),
        .is_danger = is_archived,
        .cancel_href = url_of(r->op, c.id, ""),
        .revision = c.revision};
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
    int64_t id = path_id(r, "cat");
    TRY(catalog_category_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/categories/{0}", cat(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route catalog_category_routes[] = {
    ROUTE(GET, "/categories", page_tree, "catalog.read", API),
    ROUTE(GET, "/categories/new", page_new, "catalog.edit"),
    ROUTE(POST, "/categories", page_create, "catalog.edit", FORM(category_form, category_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/categories/:cat", page_show, "catalog.read", API),
    ROUTE(GET, "/categories/:cat/edit", page_edit, "catalog.edit"),
    ROUTE(POST, "/categories/:cat/edit", page_save, "catalog.edit",
          FORM(category_form, category_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/categories/:cat/archive", page_ask_archive, "catalog.edit"),
    ROUTE(POST, "/categories/:cat/archive", page_archive, "catalog.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/categories/:cat/restore", page_ask_restore, "catalog.edit"),
    ROUTE(POST, "/categories/:cat/restore", page_restore, "catalog.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
