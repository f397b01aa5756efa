/* Pages of branches: list, record, forms, archiving. */
#include "org/org.h"
#include "org/org_int.h"
#include "org/org_q.h"
#include "org/org_view.h"

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
    [COL_NAME] = {.name = "name",
                  .title = M("Branch"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_ENTITY] = {.name = "entity",
                    .title = M("Legal entity"),
                    .kind = UI_TEXT,
                    .place = UI_AT_SUB},
    [COL_MANAGER] = {.name = "manager", .title = M("Manager"), .kind = UI_TEXT},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "branch",
                   .place = UI_AT_BADGE},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "entity", .label = M("Legal entity"), .kind = UI_PICK},
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "branch", .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Add branch"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/settings/branches/new"),
     .permission = "org.edit"},
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
            ui_cell_link(b->name, b->code, org__url(op, "/settings/branches", brn(b->id), ""));
        cells[COL_ENTITY] = ui_cell_text(b->entity_name);
        cells[COL_MANAGER] = ui_cell_text(manager);
        cells[COL_STATE] = ui_cell_state(b->archived_at.has ? STR("archived") : STR("active"));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

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
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 64},
    {.name = "entity", .label = M("Legal entity"), .kind = UI_FIELD_SELECT, .is_required = true},
    {.name = "manager", .label = M("Manager"), .kind = UI_FIELD_SELECT},
};

static enum rc show_form(struct req *r, struct ui_form *form, const struct org_branch *b)
{
    struct op *op = r->op;
    struct org_choices entities, people;
    TRY(org_entity_choices(op, b->entity_id, &entities));
    TRY(org__people(op, &people));
    ui_crumb(op, &form->head, M("Branches"), STR("/settings/branches"));
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
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct org_branch b = {0};
    struct ui_form form = {.submit = M("Add branch"),
                           .action = STR("/settings/branches"),
                           .cancel_href = STR("/settings/branches")};
    form.head.title = M("New branch");
    return show_form(r, &form, &b);
}

static enum rc page_edit(struct req *r)
{
    struct org_branch b;
    int64_t id = path_id(r, "brn");
    TRY(org_branch_get(r->op, id, &b));
    struct ui_form form = {.submit = M("Save"),
                           .revision = b.revision,
                           .cancel_href = org__url(r->op, "/settings/branches", brn(id), "")};
    form.head.name = b.name;
    return show_form(r, &form, &b);
}

static struct org_branch from_form(const struct branch_form *in, int64_t id)
{
    return (struct org_branch){
        .id = id,
        .revision = in->revision.v,
        .code = in->code,
        .name = in->name,
        .entity_id = in->entity,
        .manager_id = in->manager,
    };
}

static enum rc page_create(struct req *r)
{
    struct org_branch b = from_form(form(r), 0);
    int64_t id;
    TRY(org_branch_save(r->op, &b, &id));
    answer_note(r, M("The branch was added."));
    return CREATED(r, "/settings/branches/{0}", brn(id));
}

static enum rc page_save(struct req *r)
{
    struct org_branch b = from_form(form(r), path_id(r, "brn"));
    int64_t id;
    TRY(org_branch_save(r->op, &b, &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/branches/{0}", brn(id));
}

/* ---- record ---- */

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct org_branch b;
    struct org_entity e;
    int64_t id = path_id(r, "brn");
    TRY(org_branch_get(op, id, &b));
    TRY(org_entity_get(op, b.entity_id, &e));
    struct str url = org__url(op, "/settings/branches", brn(id), "");
    struct org_branch_page v = {
        .branch = b,
        .head = {.name = b.name,
                 .record = "branch",
                 .state = b.archived_at.has ? STR("archived") : STR("active")},
    };
    TRY(org__person(op, b.manager_id, &v.manager));
    ui_crumb(op, &v.head, M("Branches"), STR("/settings/branches"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = str_printf(op->arena, STR_FMT "/edit", STR_ARG(url)),
                              .permission = "org.edit"});
    org__archive_action(op, &v.head.actions, url, b.archived_at.has);
    struct ui_def entity = {.label = M("Legal entity"),
                            .text = e.name,
                            .href = org__url(op, "/settings/entities", ent(e.id), "")};
    ui_def_text(op, &v.facts, M("Code"), b.code);
    VEC_PUSH(op->arena, &v.facts, entity);
    ui_def_text(op, &v.facts, M("Manager"), v.manager);
    TRY(org__history(r, "branch", id, &v.history));
    page_title(r, b.name);
    answer_revision(r, b.revision);
    return REPLY(r, NULL, org_branch, &v);
}

void org_branch_json(struct json_writer *w, const struct org_branch_page *v)
{
    const struct org_branch *b = &v->branch;
    json_object(w);
    json_pair_str(w, "id", str_of(brn(b->id).text));
    json_pair_i64(w, "revision", b->revision);
    json_pair_str(w, "code", b->code);
    json_pair_str(w, "name", b->name);
    json_pair_str(w, "entity", str_of(ent(b->entity_id).text));
    json_pair_str(w, "manager",
                  b->manager_id.has ? str_of(pid_of("usr", b->manager_id.v).text) : STR_NONE);
    json_pair_bool(w, "archived", b->archived_at.has);
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
    struct org_branch b;
    int64_t id = path_id(r, "brn");
    TRY(org_branch_get(r->op, id, &b));
    struct str url = org__url(r->op, "/settings/branches", brn(id), "");
    return ui_confirm_page(
        r, &(struct ui_confirm){
               .title = is_archived ? M("Archive the branch?") : M("Restore the branch?"),
               .name = b.name,
               .text = is_archived ? M("{0} can no longer be chosen for partners and people; those "
                                       "who have it keep it. It can be restored.")
                                   : M("{0} can be chosen again."),
               .action = str_printf(r->op->arena, STR_FMT "/%s", STR_ARG(url),
                                    is_archived ? "archive" : "restore"),
               .button = is_archived ? M("Archive") : M("Restore"),
               .is_danger = is_archived,
               .cancel_href = url,
               .revision = b.revision,
           });
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
    int64_t id = path_id(r, "brn");
    TRY(org_branch_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/settings/branches/{0}", brn(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route org_branch_routes[] = {
    ROUTE(GET, "/settings/branches", page_list, "org.read", FORM(branch_query, branch_query_fields),
          API),
    ROUTE(GET, "/settings/branches/new", page_new, "org.edit"),
    ROUTE(POST, "/settings/branches", page_create, "org.edit", FORM(branch_form, branch_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/branches/:brn", page_show, "org.read", API),
    ROUTE(GET, "/settings/branches/:brn/edit", page_edit, "org.edit"),
    ROUTE(POST, "/settings/branches/:brn/edit", page_save, "org.edit",
          FORM(branch_form, branch_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/settings/branches/:brn/archive", page_ask_archive, "org.edit"),
    ROUTE(POST, "/settings/branches/:brn/archive", page_archive, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/settings/branches/:brn/restore", page_ask_restore, "org.edit"),
    ROUTE(POST, "/settings/branches/:brn/restore", page_restore, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
