/* Roles: the list, and the table of permissions by noun, to read or to tick. Built-in roles are
 * shown and copied; own ones are edited. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return ui_url(op, "/settings/roles", rol(id), tail);
}

/* ---- list ---- */

static int64_t users_of(const struct role_use_rows *uses, int64_t role_id)
{
    for (size_t i = 0; i < uses->len; i++)
        if (uses->at[i].role_id == role_id)
            return uses->at[i].users;
    return 0;
}

struct role_list {
    struct op *op;
    const struct role_rec_rows *rows;
    const struct role_use_rows *uses;
};

static void put_role(struct json_writer *w, struct op *op, const struct auth_role *role)
{
    json_pair_str(w, "id", str_of(rol(role->id).text));
    json_pair_i64(w, "revision", role->revision);
    json_pair_str(w, "name", auth_role_label(op, role));
    json_pair_str(w, "builtin", role->builtin.len ? role->builtin : STR_NONE);
    json_pair_str(w, "side", role->side == AUTH_STAFF ? STR("staff") : STR("partner"));
}

static void role_list_json(struct json_writer *w, const struct role_list *v)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t i = 0; i < v->rows->len; i++) {
        struct auth_role role;
        auth__role_of(&v->rows->at[i], &role);
        json_object(w);
        put_role(w, v->op, &role);
        json_pair_i64(w, "people", users_of(v->uses, role.id));
        json_object_end(w);
    }
    json_array_end(w);
    json_pair_str(w, "next_cursor", STR_NONE);
    json_object_end(w);
}

static enum rc page_list(struct req *r)
{
    struct op *op = r->op;
    struct role_rec_rows rows;
    struct role_use_rows uses;
    struct auth_roles_page v = {.head = {.title = M("Roles")}};
    TRY(q_roles(op, &rows));
    TRY(q_role_uses(op, &uses));
    if (http_wants_json(r))
        return JSON(r, role_list, (&(struct role_list){op, &rows, &uses}));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Add role"),
                              .icon = "plus",
                              .kind = UI_PRIMARY,
                              .href = STR("/settings/roles/new"),
                              .permission = "role.edit"});
    for (size_t i = 0; i < rows.len; i++) {
        struct auth_role role;
        auth__role_of(&rows.at[i], &role);
        const struct auth__builtin *builtin = auth__builtin_find(role.builtin);
        int64_t users = users_of(&uses, role.id);
        struct ui_item item = {
            .icon = builtin ? "shield-lock" : "shield",
            .title = auth_role_label(op, &role),
            .note = builtin ? tr(op->lang, builtin->help) : STR_NONE,
            .href = url_of(op, role.id, ""),
            .figure = i18n_format(op->arena, op->lang,
                                  M("{0, plural, one {# person} other {# people}}"), users),
        };
        VEC_PUSH(op->arena, role.side == AUTH_STAFF ? &v.staff : &v.portal, item);
    }
    return PAGE(r, M("Roles"), auth_roles, &v);
}

/* ---- the table of permissions ---- */

static struct auth_matrix_group *group_of(struct op *op, struct auth_matrix *matrix,
                                          struct str noun)
{
    for (size_t i = 0; i < matrix->len; i++)
        if (str_eq(matrix->at[i].noun, noun))
            return &matrix->at[i];
    const char *label = auth__noun_label(noun);
    struct auth_matrix_group group = {.noun = noun, .label = label ? tr(op->lang, label) : noun};
    VEC_PUSH(op->arena, matrix, group);
    return &matrix->at[matrix->len - 1];
}

void auth__matrix(struct op *op, enum auth_side side, const struct permission_set *chosen,
                  const struct permission_set *offered, struct auth_matrix *out)
{
    *out = (struct auth_matrix){0};
    for (size_t i = 0; i < permission_count(); i++) {
        const struct permission *p = permission_at(i);
        if (p->side != auth__kind_of(side) || (offered && !auth__set_has(offered, i)))
            continue;
        struct str rest = str_of(p->name);
        struct auth_matrix_group *group = group_of(op, out, str_cut(&rest, '.'));
        struct auth_matrix_item item = {.name = str_of(p->name),
                                        .label = tr(op->lang, p->label),
                                        .is_on = chosen && auth__set_has(chosen, i)};
        VEC_PUSH(op->arena, group, item);
        group->on_len += item.is_on;
    }
}

/* What a form that comes back has ticked. */
void auth__matrix_sent(struct req *r, const char *field, struct permission_set *out)
{
    *out = (struct permission_set){{0}};
    for (size_t n = 0; n < PERMISSIONS_MAX; n++) {
        size_t found;
        struct str name = req_raw_at(r, field, n);
        if (!name.at)
            return;
        if (permission_find(name, &found))
            auth__set_add(out, found);
    }
}

/* ---- record and form ---- */

static const struct ui_field role_shown[] = {
    {.name = "name",
     .label = M("Name of the role"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 80},
};

static void role_actions(struct op *op, const struct auth_role *role, struct ui_actions *to)
{
    ui_act(op, to,
           (struct ui_action){.label = M("Make a copy"),
                              .icon = "copy",
                              .href = url_of(op, role->id, "/copy"),
                              .is_post = true,
                              .permission = "role.edit"});
    if (role->builtin.len == 0)
        ui_act(op, to,
               (struct ui_action){.label = M("Delete…"),
                                  .icon = "trash",
                                  .href = url_of(op, role->id, "/delete"),
                                  .kind = UI_DANGER,
                                  .is_dialog = true,
                                  .permission = "role.edit"});
}

static enum rc show_role(struct req *r, const struct auth_role *role, struct ui_form *form)
{
    struct op *op = r->op;
    struct permission_set set = {{0}};
    bool is_editable = role->builtin.len == 0 && op_may(op, "role.edit");
    struct auth_role_page v = {.role = *role, .form = form, .is_editable = is_editable};
    ui_crumb(op, &form->head, M("Roles"), STR("/settings/roles"));
    if (role->id) {
        TRY(auth_role_permissions(op, role, set.bits));
        form->head.name = auth_role_label(op, role);
        role_actions(op, role, &form->head.actions);
    }
    const struct auth__builtin *builtin = auth__builtin_find(role->builtin);
    v.help = builtin ? tr(op->lang, builtin->help) : STR_NONE;
    ui_form_init(r, form, role_shown, LEN(role_shown));
    ui_form_set(form, "name", role->name.at ? role->name : STR(""));
    if (req_is_again(r))
        auth__matrix_sent(r, "permissions", &set);
    auth__matrix(op, role->side, &set, NULL, &v.matrix);
    if (is_editable) {
        (void)http_page_begin(r, NULL);
        v.problem = req_problem(r, "permissions");
        form->below = ui_capture(http_out(r), auth_matrix_view, &v);
        form->is_wide = true;
    }
    page_title(r, role->id ? form->head.name : tr(op->lang, M("New role")));
    if (role->id)
        answer_revision(r, role->revision);
    return PAGE(r, NULL, auth_role, &v);
}

struct new_query {
    struct str side;
};
static const struct field new_query_fields[] = {
    F_STR(new_query, side, 0, 20),
    FIELDS_END,
};

static enum rc page_new(struct req *r)
{
    struct str side =
        req_is_again(r) ? req_raw(r, "side") : ((const struct new_query *)form(r))->side;
    struct auth_role role = {.side = str_eq(side, STR("partner")) ? AUTH_PARTNER : AUTH_STAFF,
                             .name = STR("")};
    struct ui_form form = {.action = STR("/settings/roles"),
                           .submit = M("Add role"),
                           .cancel_href = STR("/settings/roles")};
    form.head.title = M("New role");
    return show_role(r, &role, &form);
}

static enum rc role_of_path(struct req *r, struct auth_role *out)
{
    struct role_rec rec;
    TRY(q_role(r->op, &(struct q_role_in){.id = path_id(r, "rol")}, &rec));
    auth__role_of(&rec, out);
    return RC_OK;
}

struct role_record {
    struct op *op;
    const struct auth_role *role;
    struct permission_set set;
};

static void role_record_json(struct json_writer *w, const struct role_record *v)
{
    json_object(w);
    put_role(w, v->op, v->role);
    json_key(w, "permissions");
    json_array(w);
    for (size_t i = 0; i < permission_count(); i++)
        if (auth__set_has(&v->set, i))
            json_put_str(w, str_of(permission_at(i)->name));
    json_array_end(w);
    json_object_end(w);
}

static enum rc role_answer(struct req *r, const struct auth_role *role)
{
    struct role_record v = {.op = r->op, .role = role};
    TRY(auth_role_permissions(r->op, role, v.set.bits));
    answer_revision(r, role->revision);
    return JSON(r, role_record, &v);
}

static enum rc page_role(struct req *r)
{
    struct auth_role role;
    TRY(role_of_path(r, &role));
    if (http_wants_json(r))
        return role_answer(r, &role);
    struct ui_form form = {.action = url_of(r->op, role.id, ""),
                           .submit = M("Save"),
                           .revision = role.revision,
                           .cancel_href = STR("/settings/roles")};
    return show_role(r, &role, &form);
}

struct role_form {
    struct str name, side;
    struct str_list permissions;
    struct opt_i64 revision;
};
static const struct field role_fields[] = {
    F_STR(role_form, name, 1, 80),
    F_STR(role_form, side, 0, 20),
    F_STRS(role_form, permissions, PERMISSIONS_MAX),
    F_OPT_I64(role_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc page_create(struct req *r)
{
    const struct role_form *in = form(r);
    int64_t id;
    struct auth_role role = {.side = str_eq(in->side, STR("partner")) ? AUTH_PARTNER : AUTH_STAFF,
                             .name = in->name};
    TRY(auth__role_save(r->op, &role, &in->permissions, &id));
    answer_note(r, M("The role was added."));
    return CREATED(r, "/settings/roles/{0}", rol(id));
}

static enum rc page_save(struct req *r)
{
    const struct role_form *in = form(r);
    int64_t id;
    struct auth_role role;
    TRY(role_of_path(r, &role));
    role.name = in->name;
    role.revision = in->revision.v;
    TRY(auth__role_save(r->op, &role, &in->permissions, &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/roles/{0}", rol(id));
}

static enum rc page_copy(struct req *r)
{
    int64_t id;
    TRY(auth__role_copy(r->op, path_id(r, "rol"), &id));
    answer_note(r, M("This is the copy. Give it a name of its own."));
    return CREATED(r, "/settings/roles/{0}", rol(id));
}

static enum rc role_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct role_rec rec;
    struct auth_role role;
    TRY(q_role(op, &(struct q_role_in){.id = id}, &rec));
    auth__role_of(&rec, &role);
    *out =
        (struct ui_record){.id = id, .revision = role.revision, .name = auth_role_label(op, &role)};
    return RC_OK;
}

/* Its page is its form, so only deleting is as with other kinds. */
static const struct ui_record_kind role_kind = {
    .path = "/settings/roles", .prefix = "rol", .has_own_page = true, .get = role_kind_get};

static enum rc page_ask_delete(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "delete",
        .title = M("Delete the role?"),
        .text = M("{0} goes for good. Nobody has it."),
        .button = M("Delete"),
        .is_danger = true,
    };
    return ui_record_ask(r, &role_kind, &step);
}

static enum rc page_delete(struct req *r)
{
    TRY(auth__role_delete(r->op, path_id(r, "rol"), ui_revision(r)));
    answer_note(r, M("The role was deleted."));
    return REDIRECT(r, "/settings/roles");
}

const struct route auth_role_routes[] = {
    ROUTE(GET, "/settings/roles", page_list, "role.read", API),
    ROUTE(GET, "/settings/roles/new", page_new, "role.edit", FORM(new_query, new_query_fields)),
    ROUTE(POST, "/settings/roles", page_create, "role.edit", FORM(role_form, role_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/roles/:rol", page_role, "role.read", API),
    ROUTE(POST, "/settings/roles/:rol", page_save, "role.edit", FORM(role_form, role_fields),
          FORM_PAGE(page_role), API),
    ROUTE(POST, "/settings/roles/:rol/copy", page_copy, "role.edit", API),
    UI_ASKING_ROUTES("/settings/roles/:rol/delete", page_ask_delete, page_delete, "role.edit"),
    {0},
};
