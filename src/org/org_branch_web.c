/* Pages of branches: their list, and what the pages of a record ask of its kind. */
#include "org/org.h"
#include "org/org_int.h"
#include "org/org_q.h"

struct branch_query {
    UI_LIST_MEMBERS;
    struct opt_i64 entity;
    struct str state;
};
static const struct field branch_query_fields[] = {
    UI_LIST_FIELDS(branch_query, q_branch_list_sorts),
    F_OPT_ID(branch_query, entity, "ent"),
    F_STR(branch_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_ENTITY, COL_MANAGER, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = UI_NAME_COLUMN(M("Branch")),
    [COL_ENTITY] = {.name = "entity",
                    .title = M("Legal entity"),
                    .kind = UI_TEXT,
                    .place = UI_AT_SUB},
    [COL_MANAGER] = {.name = "manager", .title = M("Manager"), .kind = UI_TEXT},
    [COL_STATE] = UI_STATE_COLUMN("branch"),
};
static const struct ui_filter filters[] = {
    {.name = "entity", .label = M("Legal entity"), .kind = UI_PICK},
    UI_STATE_FILTER("branch"),
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add branch"), "/settings/branches/new", "org.edit"),
    {.label = NULL},
};

static enum rc entity_options(struct op *op, struct ui_list *list)
{
    struct org_choices entities;
    TRY(org_entity_choices(op, 0, &entities));
    for (size_t i = 0; i < entities.len; i++)
        ui_list_option(list, "entity", ui_pid(op, ent(entities.at[i].id)), entities.at[i].name);
    return RC_OK;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct branch_query *query = form(r);
    struct q_branch_list_in in = {.archived = org__archived_filter(query->state),
                                  .entity = query->entity,
                                  .page = list->page};
    struct branch_row_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    TRY(entity_options(op, list));
    TRY(q_branch_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct branch_row *b = &page.at[i];
        struct str manager;
        TRY(org__person(op, b->manager_id, &manager));
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, brn(b->id)));
        cells[COL_NAME] =
            ui_cell_link(b->name, b->code, ui_url(op, "/settings/branches", brn(b->id), ""));
        cells[COL_ENTITY] = ui_cell_text(b->entity_name);
        cells[COL_MANAGER] = ui_cell_text(manager);
        cells[COL_STATE] = ui_cell_state(ui_archive_state(b->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/settings/branches", "org.edit")};

static const struct ui_list_spec branch_list = {
    .name = "branches",
    .title = M("Branches"),
    .icon = "building",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_branch_list_sorts,
    .sort = "name",
    .search = M("Name or code"),
    .empty = M("No branches yet. Partners and staff belong to branches, so add at least one."),
    .empty_action = &actions[0],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &branch_list);
}

/* ---- form ---- */

struct branch_form {
    struct str code, name;
    int64_t entity;
    struct opt_i64 manager, revision;
};
static const struct field branch_fields[] = {
    F_STR(branch_form, code, 1, 64),
    F_STR(branch_form, name, 1, 200),
    F_ID(branch_form, entity, "ent"),
    F_OPT_ID(branch_form, manager, "usr"),
    F_OPT_I64(branch_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field branch_shown[] = {
    UI_NAME_FIELD(200),
    UI_CODE_FIELD(M("Files and the command line use it."), false),
    {.name = "entity", .label = M("Legal entity"), .kind = UI_FIELD_SELECT, .is_required = true},
    {.name = "manager", .label = M("Manager"), .kind = UI_FIELD_SELECT},
};

static enum rc branch_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct org_branch *b = NEW(op->arena, struct org_branch);
    TRY(org_branch_get(op, id, b));
    *out = UI_RECORD_OF(b, b);
    return RC_OK;
}

static enum rc branch_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    const struct org_branch *b = record->own ? record->own : &(struct org_branch){0};
    struct org_choices entities, people;
    TRY(org_entity_choices(op, b->entity_id, &entities));
    TRY(org__people(op, &people));
    ui_form_init(r, form, branch_shown, LEN(branch_shown));
    for (size_t i = 0; i < entities.len; i++)
        ui_form_option(form, "entity", ui_pid(op, ent(entities.at[i].id)), entities.at[i].name);
    for (size_t i = 0; i < people.len; i++)
        ui_form_option(form, "manager", ui_pid(op, pid_of("usr", people.at[i].id)),
                       people.at[i].name);
    ui_form_set(form, "name", b->name);
    ui_form_set(form, "code", b->code);
    if (b->entity_id)
        ui_form_set(form, "entity", ui_pid(op, ent(b->entity_id)));
    else if (entities.len == 1)
        ui_form_set(form, "entity", ui_pid(op, ent(entities.at[0].id)));
    if (b->manager_id.has)
        ui_form_set(form, "manager", ui_pid(op, pid_of("usr", b->manager_id.v)));
    return RC_OK;
}

static enum rc branch_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct branch_form *in = form(r);
    struct org_branch b = {.id = id,
                           .revision = in->revision.v,
                           .code = in->code,
                           .name = in->name,
                           .entity_id = in->entity,
                           .manager_id = in->manager};
    return org_branch_save(r->op, &b, out_id);
}

/* ---- record ---- */

static enum rc branch_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct org_branch *b = v->record.own;
    struct org_entity e;
    struct str manager;
    TRY(org_entity_get(op, b->entity_id, &e));
    TRY(org__person(op, b->manager_id, &manager));
    struct ui_def entity = {.label = M("Legal entity"),
                            .text = e.name,
                            .href = ui_url(op, "/settings/entities", ent(e.id), "")};
    ui_def_text(op, &v->facts, M("Code"), b->code);
    VEC_PUSH(op->arena, &v->facts, entity);
    ui_def_text(op, &v->facts, M("Manager"), manager);
    return RC_OK;
}

static void branch_json(struct json_writer *w, const struct ui_record *record)
{
    const struct org_branch *b = record->own;
    json_pair_str(w, "code", b->code);
    json_pair_str(w, "name", b->name);
    json_pair_str(w, "entity", str_of(ent(b->entity_id).text));
    json_pair_str(w, "manager",
                  b->manager_id.has ? str_of(pid_of("usr", b->manager_id.v).text) : STR_NONE);
}

static const struct ui_record_kind branch_kind = {
    .record = "branch",
    .path = "/settings/branches",
    .prefix = "brn",
    .permission_edit = "org.edit",
    .plural = M("Branches"),
    .title_new = M("New branch"),
    .add = M("Add branch"),
    .added = M("The branch was added."),
    .archive_words = {M("Archive the branch?"),
                      M("{0} can no longer be chosen for partners and people; those who have it "
                        "keep it. It can be restored.")},
    .restore_words = {M("Restore the branch?"), M("{0} can be chosen again.")},
    .journal = &audit_journal,
    .get = branch_get,
    .form = branch_fill,
    .save = branch_store,
    .archive = org_branch_archive,
    .show = branch_facts,
    .json = branch_json,
};
UI_RECORD_PAGES(branch)

const struct route org_branch_routes[] = {
    ROUTE(GET, "/settings/branches", page_list, "org.read", FORM(branch_query, branch_query_fields),
          API),
    UI_RECORD_ROUTES(branch, "/settings/branches", "brn", "org.read", "org.edit",
                     FORM(branch_form, branch_fields)),
    {0},
};
