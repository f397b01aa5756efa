/* Pages of groups and of levels. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

static struct str members_url(struct op *op, int64_t id)
{
    return str_printf(op->arena, "/partners?group=%s", grp(id).text);
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
    [COL_NAME] = UI_NAME_COLUMN(M("Group")),
    [COL_MEMBERS] = {.name = "partners",
                     .title = M("Partners"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB},
    [COL_STATE] = UI_STATE_COLUMN("partner_group"),
};
static const struct ui_filter filters[] = {
    UI_STATE_FILTER("partner_group"),
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add group"), "/groups/new", "partner.edit"),
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
        cells[COL_NAME] = ui_cell_link(g->name, g->code, ui_url(op, "/groups", grp(g->id), ""));
        cells[COL_MEMBERS] = ui_cell_link(count, STR_NONE, members_url(op, g->id));
        cells[COL_STATE] = ui_cell_state(ui_archive_state(g->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/groups", "partner.edit")};

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
    .bulk = bulk,
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
    UI_NAME_FIELD(100),
    UI_CODE_FIELD(M("Files, schemes and the command line use it."), false),
};

static enum rc group_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct partner_group *g = NEW(op->arena, struct partner_group);
    TRY(partner_group_get(op, id, g));
    *out = UI_RECORD_OF(g, g);
    return RC_OK;
}

static enum rc group_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct partner_group *g = record->own ? record->own : &(struct partner_group){0};
    ui_form_init(r, form, group_shown, LEN(group_shown));
    ui_form_set(form, "name", g->name);
    ui_form_set(form, "code", g->code);
    return RC_OK;
}

static enum rc group_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct group_form *in = form(r);
    struct partner_group g = {
        .id = id, .revision = in->revision.v, .code = in->code, .name = in->name};
    return partner_group_save(r->op, &g, out_id);
}

static enum rc group_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct partner_group *g = v->record.own;
    struct str count;
    TRY(members(op, g->id, &count));
    ui_def_text(op, &v->facts, M("Code"), g->code);
    struct ui_def partners = {
        .label = M("Partners"), .text = count, .href = members_url(op, g->id)};
    VEC_PUSH(op->arena, &v->facts, partners);
    return RC_OK;
}

static void group_json(struct json_writer *w, const struct ui_record *record)
{
    const struct partner_group *g = record->own;
    json_pair_str(w, "code", g->code);
    json_pair_str(w, "name", g->name);
}

static const struct ui_record_kind group_kind = {
    .record = "partner_group",
    .path = "/groups",
    .prefix = "grp",
    .permission_edit = "partner.edit",
    .plural = M("Groups"),
    .title_new = M("New group"),
    .add = M("Add group"),
    .added = M("The group was added."),
    .archive_words = {M("Archive the group?"),
                      M("Nobody can be added to {0} any more; its partners stay in it.")},
    .restore_words = {M("Restore the group?"), M("Partners can be added to {0} again.")},
    .journal = &audit_journal,
    .get = group_get,
    .form = group_fill,
    .save = group_store,
    .archive = partner_group_archive,
    .show = group_facts,
    .json = group_json,
};
UI_RECORD_PAGES(group)

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
        struct str href =
            op_may(op, "partner.edit") ? ui_url(op, "/settings/levels", lvl(l->id), "") : STR_NONE;
        struct ui_cell *cells = ui_table_row(op, &v.table, STR_NONE);
        cells[LEVEL_NAME] = ui_cell_link(l->name, STR_NONE, href);
        cells[LEVEL_CODE] = ui_cell_text(l->code);
        cells[LEVEL_POSITION] = ui_cell_count(l->position);
    }
    ui_act(op, &v.head.actions,
           (struct ui_action)UI_ADD_ACTION(M("Add level"), "/settings/levels/new", "partner.edit"));
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
    UI_NAME_FIELD(100),
    UI_CODE_FIELD(M("Files, schemes and the command line use it."), true),
    {.name = "position",
     .label = M("Step of the ladder"),
     .hint = M("1 is the lowest."),
     .kind = UI_FIELD_NUMBER,
     .is_half = true},
};

static enum rc level_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct partner_level *l = NEW(op->arena, struct partner_level);
    TRY(partner_level_get(op, id, l));
    *out = (struct ui_record){.id = id, .revision = l->revision, .name = l->name, .own = l};
    return RC_OK;
}

static enum rc level_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct partner_level *l = record->own;
    struct partner_levels all;
    struct partner_level next = {0};
    if (!l) {
        TRY(partner_levels_all(r->op, &all));
        next.position = (int64_t)all.len + 1;
        l = &next;
    }
    ui_form_init(r, form, level_shown, LEN(level_shown));
    ui_form_set(form, "name", l->name);
    ui_form_set(form, "code", l->code);
    ui_form_set_i64(form, "position", l->position);
    return RC_OK;
}

static enum rc level_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct level_form *in = form(r);
    struct partner_level l = {.id = id,
                              .revision = in->revision.v,
                              .code = in->code,
                              .name = in->name,
                              .position = in->position.v};
    return partner_level_save(r->op, &l, out_id);
}

static const struct ui_record_kind level_kind = {
    .record = "partner_level",
    .path = "/settings/levels",
    .prefix = "lvl",
    .plural = M("Levels"),
    .title_new = M("New level"),
    .add = M("Add level"),
    .added = M("The level was added."),
    .journal = &audit_journal,
    .get = level_get,
    .form = level_fill,
    .save = level_store,
};
UI_RECORD_PAGES(level)

const struct route partner_group_routes[] = {
    ROUTE(GET, "/groups", page_groups, "partner.read", FORM(group_query, group_query_fields), API),
    UI_RECORD_ROUTES(group, "/groups", "grp", "partner.read", "partner.edit",
                     FORM(group_form, group_fields)),
    ROUTE(GET, "/settings/levels", page_levels, "partner.read", API),
    ROUTE(GET, "/settings/levels/new", page_level_new, "partner.edit"),
    ROUTE(POST, "/settings/levels", page_level_create, "partner.edit",
          FORM(level_form, level_fields), FORM_PAGE(page_level_new), API),
    ROUTE(GET, "/settings/levels/:lvl", page_level_edit, "partner.edit"),
    ROUTE(POST, "/settings/levels/:lvl", page_level_save, "partner.edit",
          FORM(level_form, level_fields), FORM_PAGE(page_level_edit), API),
    {0},
};
