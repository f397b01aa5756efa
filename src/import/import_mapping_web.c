/* Saved mappings: their list, another name for one, and deleting one. Imports that were made with a
 * mapping keep its text. */
#include "import/import_web.h"

static enum rc mapping_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct import_mapping_rec *rec = NEW(op->arena, struct import_mapping_rec);
    TRY(q_import_mapping(op, &(struct q_import_mapping_in){id}, rec));
    *out =
        (struct ui_record){.id = rec->id, .revision = rec->revision, .name = rec->name, .own = rec};
    return RC_OK;
}

static const struct ui_field shown[] = {UI_NAME_FIELD(100)};
static const struct ui_record_step deleting = {
    .name = "delete",
    .title = M("Delete the mapping?"),
    .text = M("“{0}” can no longer be chosen. Imports that were made with it stay as they are."),
    .button = M("Delete"),
    .is_danger = true};

static enum rc mapping_form(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_set(form, "name", record->name);
    ui_act(op, &form->head.actions,
           (struct ui_action){.label = M("Delete…"),
                              .icon = "trash",
                              .is_dialog = true,
                              .href = ui_url(op, "/imports/mappings", imm(record->id), "/delete"),
                              .permission = "import.edit"});
    return RC_OK;
}

static enum rc mapping_save(struct req *r, int64_t id, int64_t *out_id)
{
    const struct import__mapping_form *in = form(r);
    *out_id = id;
    return import__mapping_rename(r->op, id, in->revision.v, in->name);
}

static struct str mapping_home(struct op *op, const struct ui_record *record)
{
    (void)op;
    (void)record;
    return STR("/imports/mappings");
}

static const struct ui_record_kind mapping_kind = {
    .record = "import_mapping",
    .path = "/imports/mappings",
    .prefix = "imm",
    .permission_edit = "import.edit",
    .plural = M("Saved mappings"),
    .journal = &audit_journal,
    .get = mapping_get,
    .form = mapping_form,
    .save = mapping_save,
    .home = mapping_home,
};

enum rc import__mapping_edit_page(struct req *r)
{
    return ui_record_edit(r, &mapping_kind);
}

enum rc import__mapping_save_page(struct req *r)
{
    return ui_record_save(r, &mapping_kind);
}

enum rc import__mapping_ask_page(struct req *r)
{
    return ui_record_ask(r, &mapping_kind, &deleting);
}

enum rc import__mapping_delete_page(struct req *r)
{
    TRY(import__mapping_remove(r->op, path_id(r, "imm"), ui_revision(r)));
    answer_note(r, M("The mapping was deleted."));
    return REDIRECT(r, "/imports/mappings");
}

/* ---- the list ---- */

const struct field import__mapping_query_fields[] = {
    UI_LIST_FIELDS(import__mapping_query, q_import_mapping_list_sorts),
    F_STR(import__mapping_query, kind, 0, 20),
    FIELDS_END,
};
const struct field import__mapping_fields[] = {
    F_STR(import__mapping_form, name, 1, 100),
    F_OPT_I64(import__mapping_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

enum { COL_NAME, COL_KIND, COL_CREATED, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] =
        {.name = "name", .title = M("Name"), .kind = UI_TEXT, .sort = "name", .place = UI_AT_NAME},
    [COL_KIND] = {.name = "kind",
                  .title = M("What is imported"),
                  .kind = UI_TEXT,
                  .place = UI_AT_SUB},
    [COL_CREATED] = {.name = "created_at", .title = M("Added"), .kind = UI_TIME},
};
static const struct ui_filter filters[] = {
    {.name = "kind", .label = M("What is imported"), .kind = UI_PICK},
};

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct import__mapping_query *query = form(r);
    struct import_mapping_item_page page = {0};
    struct q_import_mapping_list_in in = {
        .kind = query->kind, .q = list->search, .page = list->page};
    TRY(q_import_mapping_list(op, &in, &page));
    for (size_t i = 0; import__kind_at(i); i++)
        ui_list_option(list, "kind", str_of(import__kind_at(i)->name),
                       tr(op->lang, import__kind_at(i)->label));
    for (size_t i = 0; i < page.len; i++) {
        const struct import_mapping_item *item = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, imm(item->id)));
        cells[COL_NAME] = ui_cell_link(item->name, STR_NONE,
                                       ui_url(op, "/imports/mappings", imm(item->id), "/edit"));
        cells[COL_KIND] = ui_cell_text(tr(op->lang, import__kind_label(item->kind)));
        cells[COL_CREATED] = ui_cell_time(SOME(item->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec mapping_list = {
    .name = "import-mappings",
    .title = M("Saved mappings"),
    .icon = "adjustments",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_import_mapping_list_sorts,
    .sort = "name",
    .search = M("Name"),
    .empty = M("No mapping has been saved yet. The page of a new import saves one."),
    .fill = fill,
};

enum rc import__mapping_list_page(struct req *r)
{
    return ui_list_page(r, &mapping_list);
}
