/* Pages of groups and of levels. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static struct str group_url(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/groups/%s%s", grp(id).text, tail);
}

static struct str members_url(struct op *op, int64_t id)
{
    return str_printf(op->arena, "/partners?group=%s", grp(id).text);
}

static struct str state_of(struct opt_i64 archived_at)
{
    return archived_at.has ? STR("archived") : STR("active");
}

/* ---- groups: list ---- */

struct group_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field group_query_fields[] = {
    UI_LIST_FIELDS(group_query, q_partner_group_list_sorts),
    F_STR(group_query, state, 0, 20),
    FIELDS_END,
};
enum { COL_NAME, COL_MEMBERS, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Group"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_MEMBERS] = {.name = "partners",
                     .title = M("Partners"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "partner_group",
                   .place = UI_AT_BADGE},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "partner_group",
     .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Add group"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/groups/new"),
     .permission = "partner.edit"},
    {.label = NULL},
};

static enum rc members(struct op *op, int64_t group_id, struct str *out)
{
    struct partner_weight weight;
    TRY(q_partner_group_weight(op, &(struct q_partner_group_weight_in){group_id, LIST_COUNT_LIMIT},
                               &weight));
    int64_t shown = weight.n < LIST_COUNT_LIMIT ? weight.n : LIST_COUNT_LIMIT - 1;
    *out = str_printf(op->arena, STR_FMT "%s", STR_ARG(i18n_i64(op->arena, op->lang, shown)),
                      weight.n < LIST_COUNT_LIMIT ? "" : "+");
    return RC_OK;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct group_query *query = form(r);
    struct q_partner_group_list_in in = {.page = list->page};
    struct group_rec_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    TRY(q_partner_group_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct group_rec *g = &page.at[i];
        struct str count;
        TRY(members(op, g->id, &count));
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, grp(g->id)));
        cells[COL_NAME] = ui_cell_link(g->name, g->code, group_url(op, g->id, ""));
        cells[COL_MEMBERS] = ui_cell_link(count, STR_NONE, members_url(op, g->id));
        cells[COL_STATE] = ui_cell_state(state_of(g->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec group_list = {
    .name = "groups",
    .title = M("Groups"),
    .icon = "users-group",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_partner_group_list_sorts,
    .sort = "name",
    .search = M("Name"),
    .empty = M("No groups yet. A group gathers partners for which special rules hold."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_groups(struct req *r)
{
    return ui_list_page(r, &group_list);
}

/* ---- groups: form and record ---- */

struct group_form {
    struct str code, name;
    struct opt_i64 revision;
};
static const struct field group_fields[] = {
    F_STR(group_form, code, 1, 64),
    F_STR(group_form, name, 1, 100),
    F_OPT_I64(group_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field group_shown[] = {
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 100},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files, schemes and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 64},
};

static enum rc group_page(struct req *r, struct ui_form *form, const struct partner_group *g)
{
    ui_crumb(r->op, &form->head, M("Groups"), STR("/groups"));
    ui_form_init(r, form, group_shown, LEN(group_shown));
    ui_form_set(form, "name", g->name);
    ui_form_set(form, "code", g->code);
    TRY(audit_conflict(r, form, "partner_group", g->id));
    return ui_form_page(r, form);
}

static enum rc page_group_new(struct req *r)
{
    struct partner_group g = {0};
    struct ui_form form = {
        .submit = M("Add group"), .action = STR("/groups"), .cancel_href = STR("/groups")};
    form.head.title = M("New group");
    return group_page(r, &form, &g);
}

static enum rc page_group_edit(struct req *r)
{
    struct partner_group g;
    TRY(partner_group_get(r->op, path_id(r, "grp"), &g));
    struct ui_form form = {
        .submit = M("Save"), .revision = g.revision, .cancel_href = group_url(r->op, g.id, "")};
    form.head.name = g.name;
    return group_page(r, &form, &g);
}

static enum rc save_group(struct req *r, int64_t id, int64_t *out_id)
{
    const struct group_form *in = form(r);
    struct partner_group g = {
        .id = id, .revision = in->revision.v, .code = in->code, .name = in->name};
    return partner_group_save(r->op, &g, out_id);
}

static enum rc page_group_add(struct req *r)
{
    int64_t id;
    TRY(save_group(r, 0, &id));
    answer_note(r, M("The group was added."));
    return CREATED(r, "/groups/{0}", grp(id));
}

static enum rc page_group_save(struct req *r)
{
    int64_t id;
    TRY(save_group(r, path_id(r, "grp"), &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/groups/{0}", grp(id));
}

static enum rc page_group(struct req *r)
{
    struct op *op = r->op;
    struct partner__group_page v = {0};
    struct partner_group *g = &v.group;
    struct str count;
    TRY(partner_group_get(op, path_id(r, "grp"), g));
    TRY(members(op, g->id, &count));
    v.head = (struct ui_head){
        .name = g->name, .record = "partner_group", .state = state_of(g->archived_at)};
    ui_crumb(op, &v.head, M("Groups"), STR("/groups"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = group_url(op, g->id, "/edit"),
                              .permission = "partner.edit"});
    ui_act(op, &v.head.actions,
           (struct ui_action){
               .label = g->archived_at.has ? M("Restore…") : M("Archive…"),
               .icon = g->archived_at.has ? "archive-off" : "archive",
               .href = group_url(op, g->id, g->archived_at.has ? "/restore" : "/archive"),
               .kind = g->archived_at.has ? UI_SECONDARY : UI_DANGER,
               .is_dialog = true,
               .permission = "partner.edit"});
    ui_def_text(op, &v.facts, M("Code"), g->code);
    struct ui_def partners = {
        .label = M("Partners"), .text = count, .href = members_url(op, g->id)};
    VEC_PUSH(op->arena, &v.facts, partners);
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(op, "partner_group", g->id, 20, &history));
    v.history = out_html(&history);
    page_title(r, g->name);
    answer_revision(r, g->revision);
    return REPLY(r, NULL, partner__group, &v);
}

void partner__group_json(struct json_writer *w, const struct partner__group_page *v)
{
    json_object(w);
    json_pair_str(w, "id", str_of(grp(v->group.id).text));
    json_pair_i64(w, "revision", v->group.revision);
    json_pair_str(w, "code", v->group.code);
    json_pair_str(w, "name", v->group.name);
    json_pair_bool(w, "archived", v->group.archived_at.has);
    json_object_end(w);
}

static enum rc ask(struct req *r, bool is_archived)
{
    struct partner_group g;
    TRY(partner_group_get(r->op, path_id(r, "grp"), &g));
    struct ui_confirm confirm = {
        .title = is_archived ? M("Archive the group?") : M("Restore the group?"),
        .name = g.name,
        .text = is_archived ? M("Nobody can be added to {0} any more; its partners stay in it.")
                            : M("Partners can be added to {0} again."),
        .action = group_url(r->op, g.id, is_archived ? "/archive" : "/restore"),
        .button = is_archived ? M("Archive") : M("Restore"),
        .is_danger = is_archived,
        .cancel_href = group_url(r->op, g.id, ""),
        .revision = g.revision};
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
    int64_t id = path_id(r, "grp");
    TRY(partner_group_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/groups/{0}", grp(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

/* ---- levels ---- */

enum { LEVEL_NAME, LEVEL_CODE, LEVEL_POSITION, LEVEL_COLS };
static const struct ui_column level_columns[] = {
    [LEVEL_NAME] = {.name = "name", .title = M("Level"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [LEVEL_CODE] = {.name = "code", .title = M("Code"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [LEVEL_POSITION] = {.name = "position",
                        .title = M("Step of the ladder"),
                        .kind = UI_COUNT,
                        .place = UI_AT_FIGURE},
};

static enum rc page_levels(struct req *r)
{
    struct op *op = r->op;
    struct partner__levels_page v = {
        .head = {.title = M("Levels")},
        .table = {.columns = level_columns, .columns_len = LEVEL_COLS, .caption = M("Levels")},
        .empty = {.icon = "stairs-up",
                  .text = M("No levels yet. A level says how far a partner has come: bronze, "
                            "silver, gold.")}};
    TRY(partner_levels_all(op, &v.levels));
    for (size_t i = 0; i < v.levels.len; i++) {
        const struct partner_level *l = &v.levels.at[i];
        struct str href = op_may(op, "partner.edit")
                              ? str_printf(op->arena, "/settings/levels/%s", lvl(l->id).text)
                              : STR_NONE;
        struct ui_cell *cells = ui_table_row(op, &v.table, STR_NONE);
        cells[LEVEL_NAME] = ui_cell_link(l->name, STR_NONE, href);
        cells[LEVEL_CODE] = ui_cell_text(l->code);
        cells[LEVEL_POSITION] = ui_cell_count(l->position);
    }
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Add level"),
                              .icon = "plus",
                              .kind = UI_PRIMARY,
                              .href = STR("/settings/levels/new"),
                              .permission = "partner.edit"});
    return REPLY(r, M("Levels"), partner__levels, &v);
}

void partner__levels_json(struct json_writer *w, const struct partner__levels_page *v)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t i = 0; i < v->levels.len; i++) {
        json_object(w);
        json_pair_str(w, "id", str_of(lvl(v->levels.at[i].id).text));
        json_pair_i64(w, "revision", v->levels.at[i].revision);
        json_pair_str(w, "code", v->levels.at[i].code);
        json_pair_str(w, "name", v->levels.at[i].name);
        json_pair_i64(w, "position", v->levels.at[i].position);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

struct level_form {
    struct str code, name;
    struct opt_i64 position, revision;
};
static const struct field level_fields[] = {
    F_STR(level_form, code, 1, 64),
    F_STR(level_form, name, 1, 100),
    F_OPT_I64(level_form, position, 0, 1000),
    F_OPT_I64(level_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field level_shown[] = {
    {.name = "name",
     .label = M("Name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 100},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files, schemes and the command line use it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 64},
    {.name = "position",
     .label = M("Step of the ladder"),
     .hint = M("1 is the lowest."),
     .kind = UI_FIELD_NUMBER,
     .is_half = true},
};

static enum rc level_page(struct req *r, struct ui_form *form, const struct partner_level *l)
{
    form->cancel_href = STR("/settings/levels");
    ui_crumb(r->op, &form->head, M("Levels"), STR("/settings/levels"));
    ui_form_init(r, form, level_shown, LEN(level_shown));
    ui_form_set(form, "name", l->name);
    ui_form_set(form, "code", l->code);
    ui_form_set_i64(form, "position", l->position);
    TRY(audit_conflict(r, form, "partner_level", l->id));
    return ui_form_page(r, form);
}

static enum rc page_level_new(struct req *r)
{
    struct partner_levels all;
    TRY(partner_levels_all(r->op, &all));
    struct partner_level l = {.position = (int64_t)all.len + 1};
    struct ui_form form = {.submit = M("Add level"), .action = STR("/settings/levels")};
    form.head.title = M("New level");
    return level_page(r, &form, &l);
}

static enum rc page_level_edit(struct req *r)
{
    struct partner_level l;
    TRY(partner_level_get(r->op, path_id(r, "lvl"), &l));
    struct ui_form form = {.submit = M("Save"), .revision = l.revision};
    form.head.name = l.name;
    return level_page(r, &form, &l);
}

static enum rc save_level(struct req *r, int64_t id, int64_t *out_id)
{
    const struct level_form *in = form(r);
    struct partner_level l = {.id = id,
                              .revision = in->revision.v,
                              .code = in->code,
                              .name = in->name,
                              .position = in->position.v};
    return partner_level_save(r->op, &l, out_id);
}

static enum rc page_level_add(struct req *r)
{
    int64_t id;
    TRY(save_level(r, 0, &id));
    answer_note(r, M("The level was added."));
    return REDIRECT(r, "/settings/levels");
}

static enum rc page_level_save(struct req *r)
{
    int64_t id;
    TRY(save_level(r, path_id(r, "lvl"), &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/levels");
}

const struct route partner_group_routes[] = {
    ROUTE(GET, "/groups", page_groups, "partner.read", FORM(group_query, group_query_fields), API),
    ROUTE(GET, "/groups/new", page_group_new, "partner.edit"),
    ROUTE(POST, "/groups", page_group_add, "partner.edit", FORM(group_form, group_fields),
          FORM_PAGE(page_group_new), API),
    ROUTE(GET, "/groups/:grp", page_group, "partner.read", API),
    ROUTE(GET, "/groups/:grp/edit", page_group_edit, "partner.edit"),
    ROUTE(POST, "/groups/:grp/edit", page_group_save, "partner.edit",
          FORM(group_form, group_fields), FORM_PAGE(page_group_edit), API),
    ROUTE(GET, "/groups/:grp/archive", page_ask_archive, "partner.edit"),
    ROUTE(POST, "/groups/:grp/archive", page_archive, "partner.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/groups/:grp/restore", page_ask_restore, "partner.edit"),
    ROUTE(POST, "/groups/:grp/restore", page_restore, "partner.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    ROUTE(GET, "/settings/levels", page_levels, "partner.read", API),
    ROUTE(GET, "/settings/levels/new", page_level_new, "partner.edit"),
    ROUTE(POST, "/settings/levels", page_level_add, "partner.edit", FORM(level_form, level_fields),
          FORM_PAGE(page_level_new), API),
    ROUTE(GET, "/settings/levels/:lvl", page_level_edit, "partner.edit"),
    ROUTE(POST, "/settings/levels/:lvl", page_level_save, "partner.edit",
          FORM(level_form, level_fields), FORM_PAGE(page_level_edit), API),
    {0},
};
