/* People: list with filters, record, invitation, rights, blocking. The same pages serve staff
 * (/settings/users) and a partner's own team (/team); what differs is whom the actor sees and which
 * roles there are to give. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

static bool is_team(const struct op *op)
{
    return op->actor.kind == ACTOR_PARTNER;
}

static const char *base_path(const struct op *op)
{
    return is_team(op) ? "/team" : "/settings/users";
}

static struct str url_of(struct op *op, int64_t id, const char *tail)
{
    return ui_url(op, base_path(op), usr(id), tail);
}

static const char *const state_names[] = {"", "invited", "active", "blocked"};

/* ---- list ---- */

struct user_query {
    UI_LIST_MEMBERS;
    struct str state, side;
    struct opt_i64 role, branch;
};
static const struct field user_query_fields[] = {
    UI_LIST_FIELDS(user_query, q_user_list_sorts),
    F_STR(user_query, state, 0, 20),
    F_STR(user_query, side, 0, 20),
    F_OPT_ID(user_query, role, "rol"),
    F_OPT_ID(user_query, branch, "brn"),
    FIELDS_END,
};

enum { COL_NAME, COL_STATE, COL_ROLES, COL_SCOPE, COL_SIGNED_IN, COL_CREATED, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Person"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "email",
                  .sub_title = M("E-mail")},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "user",
                   .place = UI_AT_BADGE},
    [COL_ROLES] = {.name = "roles", .title = M("Roles"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [COL_SCOPE] = {.name = "scope", .title = M("Sees"), .kind = UI_TEXT},
    [COL_SIGNED_IN] = {.name = "signed_in_at",
                       .title = M("Last sign-in"),
                       .kind = UI_TIME,
                       .sort = "signed_in"},
    [COL_CREATED] = {.name = "created_at",
                     .title = M("Added"),
                     .kind = UI_TIME,
                     .is_optional = true},
};
static const char *const states[] = {"invited", "active", "blocked", NULL};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "user", .states = states},
    {.name = "role", .label = M("Role"), .kind = UI_PICK},
    {.name = "side", .label = M("Side"), .kind = UI_PICK},
    {.name = "branch", .label = M("Branch"), .kind = UI_PICK},
};
static const struct ui_action staff_actions[] = {
    {.label = M("Invite"),
     .icon = "user-plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/settings/users/new"),
     .permission = "user.edit"},
    {.label = NULL},
};
static const struct ui_action team_actions[] = {
    {.label = M("Invite"),
     .icon = "user-plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/team/new"),
     .permission = "team.edit"},
    {.label = NULL},
};

static const struct ui_action staff_bulk[] = {
    {.label = M("Invite again…"),
     .icon = "send",
     .href = STR_INIT("/settings/users/bulk/invite"),
     .permission = "user.edit"},
    {.label = M("Unblock…"),
     .icon = "lock-open",
     .href = STR_INIT("/settings/users/bulk/unblock"),
     .permission = "user.edit"},
    {.label = M("Block…"),
     .icon = "lock",
     .kind = UI_DANGER,
     .href = STR_INIT("/settings/users/bulk/block"),
     .permission = "user.edit"},
    {.label = NULL},
};
static const struct ui_action team_bulk[] = {
    {.label = M("Invite again…"),
     .icon = "send",
     .href = STR_INIT("/team/bulk/invite"),
     .permission = "team.edit"},
    {.label = M("Unblock…"),
     .icon = "lock-open",
     .href = STR_INIT("/team/bulk/unblock"),
     .permission = "team.edit"},
    {.label = M("Block…"),
     .icon = "lock",
     .kind = UI_DANGER,
     .href = STR_INIT("/team/bulk/block"),
     .permission = "team.edit"},
    {.label = NULL},
};

static enum rc filter_options(struct op *op, struct ui_list *list)
{
    struct role_rec_rows roles;
    struct org_choices branches;
    TRY(q_roles(op, &roles));
    for (size_t i = 0; i < roles.len; i++) {
        struct auth_role role;
        auth__role_of(&roles.at[i], &role);
        if (!is_team(op) || role.side == AUTH_PARTNER)
            ui_list_option(list, "role", ui_pid(op, rol(role.id)), auth_role_label(op, &role));
    }
    if (is_team(op))
        return RC_OK;
    ui_list_option(list, "side", STR("staff"), tr(op->lang, M("Staff")));
    ui_list_option(list, "side", STR("partner"), tr(op->lang, M("Partners' people")));
    TRY(org_branch_choices(op, 0, &branches));
    for (size_t i = 0; i < branches.len; i++)
        ui_list_option(list, "branch", ui_pid(op, pid_of("brn", branches.at[i].id)),
                       branches.at[i].name);
    return RC_OK;
}

static struct opt_i64 side_of(struct str side)
{
    if (str_eq(side, STR("staff")))
        return SOME(AUTH_STAFF);
    return str_eq(side, STR("partner")) ? SOME(AUTH_PARTNER) : NONE;
}

static struct opt_i64 state_of(struct str state)
{
    for (int i = AUTH_INVITED; i <= AUTH_BLOCKED; i++)
        if (str_eq(state, str_of(state_names[i])))
            return SOME(i);
    return NONE;
}

static enum rc roles_text(struct op *op, int64_t user_id, struct str *out)
{
    struct role_rec_rows rows;
    TRY(q_roles_of_user(op, &(struct q_roles_of_user_in){.user_id = user_id}, &rows));
    struct str *labels = NEW_ARRAY(op->arena, struct str, rows.len + 1);
    for (size_t i = 0; i < rows.len; i++) {
        struct auth_role role;
        auth__role_of(&rows.at[i], &role);
        labels[i] = auth_role_label(op, &role);
    }
    *out = i18n_list(op->arena, op->lang, labels, rows.len);
    return RC_OK;
}

/* "All branches", "Madrid, Valencia", or the partner's name. */
static enum rc scope_text(struct op *op, int64_t user_id, struct opt_i64 partner_id,
                          bool has_all_branches, struct str *out)
{
    struct branch_ref_rows rows;
    if (partner_id.has) {
        enum rc rc = auth__partner_name(op, partner_id.v, out);
        if (rc == RC_MISSING)
            *out = STR("");
        return rc == RC_MISSING ? RC_OK : rc;
    }
    if (has_all_branches) {
        *out = tr(op->lang, M("All branches"));
        return RC_OK;
    }
    TRY(q_user_branches(op, &(struct q_user_branches_in){.user_id = user_id}, &rows));
    struct str *names = NEW_ARRAY(op->arena, struct str, rows.len + 1);
    for (size_t i = 0; i < rows.len; i++)
        names[i] = rows.at[i].name;
    *out = i18n_list(op->arena, op->lang, names, rows.len);
    return RC_OK;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct user_query *query = form(r);
    bool is_bound = op->actor.kind == ACTOR_STAFF && !op->actor.has_all_branches;
    struct q_user_list_in in = {
        .sees_partners = !is_bound,
        .own_partner = is_team(op) ? SOME(op->actor.partner_id) : NONE,
        .branch_user = is_bound ? SOME(op->actor.user_id) : NONE,
        .side = side_of(query->side),
        .state = state_of(query->state),
        .role = query->role,
        .branch = query->branch,
        .page = list->page,
    };
    struct user_row_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (!list->is_bare)
        TRY(filter_options(op, list));
    TRY(q_user_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct user_row *u = &page.at[i];
        struct str roles, scope;
        TRY(roles_text(op, u->id, &roles));
        TRY(scope_text(op, u->id, u->partner_id, u->has_all_branches, &scope));
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, usr(u->id)));
        cells[COL_NAME] = ui_cell_link(u->name, u->email, url_of(op, u->id, ""));
        cells[COL_STATE] = ui_cell_state(str_of(state_names[u->state]));
        cells[COL_ROLES] = ui_cell_text(roles);
        cells[COL_SCOPE] = ui_cell_text(scope);
        cells[COL_SIGNED_IN] = ui_cell_time(u->signed_in_at ? SOME(u->signed_in_at) : NONE);
        cells[COL_CREATED] = ui_cell_time(SOME(u->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec staff_list = {
    .name = "users",
    .title = M("People"),
    .icon = "users",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_user_list_sorts,
    .sort = "name",
    .search = M("Name or e-mail"),
    .empty = M("Nobody here yet. Invite the first person."),
    .empty_action = &staff_actions[0],
    .actions = staff_actions,
    .bulk = staff_bulk,
    .has_all = true,
    .fill = fill,
};
static const struct ui_list_spec team_list = {
    .name = "team",
    .title = M("Team"),
    .icon = "users-group",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = 2,
    .sorts = q_user_list_sorts,
    .sort = "name",
    .search = M("Name or e-mail"),
    .empty = M("Nobody here yet. Invite the first person."),
    .empty_action = &team_actions[0],
    .actions = team_actions,
    .bulk = team_bulk,
    .fill = fill,
};

enum rc auth__user_list_spec(struct op *op, struct ui_list_spec *out)
{
    (void)op;
    *out = staff_list;
    return RC_OK;
}

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, is_team(r->op) ? &team_list : &staff_list);
}

/* ---- forms ---- */

struct invite_form {
    struct str email, name, lang;
    struct opt_i64 partner;
    struct i64_list roles, branches;
    bool all_branches;
};
static const struct field invite_fields[] = {
    F_STR(invite_form, email, 1, AUTH_EMAIL_CHARS_MAX),
    F_STR(invite_form, name, 1, AUTH_NAME_CHARS_MAX),
    F_STR(invite_form, lang, 0, 2),
    F_OPT_ID(invite_form, partner, "prt"),
    F_IDS(invite_form, roles, "rol", 50),
    F_IDS(invite_form, branches, "brn", 500),
    F_BOOL(invite_form, all_branches),
    FIELDS_END,
};
struct user_form {
    struct str name;
    struct i64_list roles, branches;
    bool all_branches;
    struct opt_i64 revision;
};
static const struct field user_fields[] = {
    F_STR(user_form, name, 1, AUTH_NAME_CHARS_MAX), F_IDS(user_form, roles, "rol", 50),
    F_IDS(user_form, branches, "brn", 500),         F_BOOL(user_form, all_branches),
    F_OPT_I64(user_form, revision, 0, INT64_MAX),   FIELDS_END,
};

/* The first three only when inviting, the last two only for staff. */
static const struct ui_field user_shown[] = {
    {.name = "email",
     .label = M("E-mail"),
     .kind = UI_FIELD_EMAIL,
     .is_required = true,
     .hint = M("The invitation goes there.")},
    {.name = "lang",
     .label = M("Language of the letter"),
     .kind = UI_FIELD_SELECT,
     .is_half = true},
    {.name = "partner", .label = M("Partner"), .kind = UI_FIELD_HIDDEN},
    {.name = "name", .label = M("Name||of a person"), .kind = UI_FIELD_TEXT, .is_required = true},
    {.name = "roles",
     .label = M("Roles"),
     .kind = UI_FIELD_CHECKS,
     .is_required = true,
     .section = M("Rights")},
    {.name = "all_branches", .label = M("Sees all branches"), .kind = UI_FIELD_CHECK},
    {.name = "branches",
     .label = M("Or only these branches"),
     .hint = M("Partners, their sales and their money are seen by branch."),
     .kind = UI_FIELD_CHECKS},
};
enum { SHOWN_INVITE = 3, SHOWN_STAFF = 2 };

static enum rc form_options(struct req *r, struct ui_form *form, enum auth_side side)
{
    struct op *op = r->op;
    struct role_rec_rows roles;
    struct org_choices branches;
    TRY(q_roles(op, &roles));
    for (size_t i = 0; i < roles.len; i++) {
        struct auth_role role;
        auth__role_of(&roles.at[i], &role);
        if (role.side == side)
            ui_form_option(form, "roles", ui_pid(op, rol(role.id)), auth_role_label(op, &role));
    }
    if (side == AUTH_PARTNER)
        return RC_OK;
    TRY(org_branch_choices(op, 0, &branches));
    for (size_t i = 0; i < branches.len; i++)
        ui_form_option(form, "branches", ui_pid(op, pid_of("brn", branches.at[i].id)),
                       branches.at[i].name);
    return RC_OK;
}

struct new_query {
    struct opt_i64 partner;
};
static const struct field new_query_fields[] = {
    F_OPT_ID(new_query, partner, "prt"),
    FIELDS_END,
};

/* The partner that the new person belongs to: the actor's own, or the one asked for. */
static enum rc partner_of_form(struct req *r, struct opt_i64 *out, struct str *out_name)
{
    struct op *op = r->op;
    *out = NONE;
    *out_name = STR("");
    if (is_team(op))
        *out = SOME(op->actor.partner_id);
    else if (!req_is_again(r))
        *out = ((const struct new_query *)form(r))->partner;
    else if (req_raw(r, "partner").len)
        out->has = pid_parse("prt", req_raw(r, "partner"), &out->v);
    return out->has && !is_team(op) ? auth__partner_name(op, out->v, out_name) : RC_OK;
}

static enum rc new_form(struct req *r, struct ui_form *form)
{
    struct op *op = r->op;
    struct opt_i64 partner;
    struct org_locale locale;
    TRY(partner_of_form(r, &partner, &form->head.note));
    TRY(org_locale(op, &locale));
    enum auth_side side = partner.has ? AUTH_PARTNER : AUTH_STAFF;
    form->submit_icon = "send";
    ui_form_init(r, form, user_shown, LEN(user_shown) - (side == AUTH_PARTNER ? SHOWN_STAFF : 0));
    TRY(form_options(r, form, side));
    for (int i = 1; i <= LANG_COUNT; i++)
        if (locale.speaks[i])
            ui_form_option(form, "lang", str_of(lang_of((enum lang_id)i)->code),
                           str_of(lang_of((enum lang_id)i)->name));
    ui_form_set(form, "lang", str_of(op->lang->code));
    if (partner.has && !is_team(op))
        ui_form_set(form, "partner", ui_pid(op, pid_of("prt", partner.v)));
    return RC_OK;
}

static enum rc edit_form(struct req *r, const struct auth_user *user, struct ui_form *form)
{
    struct op *op = r->op;
    struct i64_list roles, branches;
    TRY(auth__roles_of(op, user->id, &roles));
    TRY(auth__branches_of(op, user->id, &branches));
    form->head.note = user->email;
    size_t len = LEN(user_shown) - SHOWN_INVITE - (user->side == AUTH_PARTNER ? SHOWN_STAFF : 0);
    ui_form_init(r, form, user_shown + SHOWN_INVITE, len);
    TRY(form_options(r, form, user->side));
    ui_form_set(form, "name", user->name);
    for (size_t i = 0; i < roles.len; i++)
        ui_form_add(form, "roles", ui_pid(op, rol(roles.at[i])));
    if (user->side == AUTH_STAFF) {
        ui_form_set_check(form, "all_branches", user->has_all_branches);
        for (size_t i = 0; i < branches.len; i++)
            ui_form_add(form, "branches", ui_pid(op, pid_of("brn", branches.at[i])));
    }
    return RC_OK;
}

static enum rc user_kind_form(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    return record->own ? edit_form(r, record->own, form) : new_form(r, form);
}

static enum rc invite(struct req *r, int64_t *out_id)
{
    const struct invite_form *in = form(r);
    struct op *op = r->op;
    struct opt_i64 partner = is_team(op) ? SOME(op->actor.partner_id) : in->partner;
    struct str unused;
    if (partner.has && !is_team(op))
        TRY(auth__partner_name(op, partner.v, &unused));
    struct auth_user_new new = {
        .side = partner.has ? AUTH_PARTNER : AUTH_STAFF,
        .email = in->email,
        .name = in->name,
        .lang = in->lang,
        .partner_id = partner.v,
        .has_all_branches = in->all_branches,
        .branches = in->branches,
        .roles = in->roles,
    };
    return auth_user_invite(op, &new, out_id);
}

static enum rc user_kind_save(struct req *r, int64_t id, int64_t *out_id)
{
    if (id == 0)
        return invite(r, out_id);
    const struct user_form *in = form(r);
    struct auth_user user;
    TRY(auth__user_seen(r->op, id, &user));
    struct auth_user_new new = {
        .name = in->name,
        .has_all_branches = in->all_branches,
        .branches = in->branches,
        .roles = in->roles,
    };
    *out_id = user.id;
    return auth_user_save(r->op, user.id, in->revision.v, &new);
}

static enum rc user_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct auth_user *user = NEW(op->arena, struct auth_user);
    TRY(auth__user_seen(op, id, user));
    *out = (struct ui_record){
        .id = user->id, .revision = user->revision, .name = user->name, .own = user};
    return RC_OK;
}

#define KIND_OF_PEOPLE                                                                             \
    .record = "user", .prefix = "usr", .title_new = M("Invite"), .add = M("Send the invitation"),  \
    .added = M("The invitation is on its way."), .has_own_page = true, .get = user_kind_get,       \
    .form = user_kind_form, .save = user_kind_save

/* Partners see no journal. */
static const struct ui_record_kind staff_kind = {KIND_OF_PEOPLE, .path = "/settings/users",
                                                 .plural = M("People"), .journal = &audit_journal};
static const struct ui_record_kind team_kind = {KIND_OF_PEOPLE, .path = "/team",
                                                .plural = M("Team")};

static const struct ui_record_kind *kind_of(const struct op *op)
{
    return is_team(op) ? &team_kind : &staff_kind;
}

static enum rc page_new(struct req *r)
{
    return ui_record_new(r, kind_of(r->op));
}

static enum rc page_invite(struct req *r)
{
    return ui_record_create(r, kind_of(r->op));
}

static enum rc page_edit(struct req *r)
{
    return ui_record_edit(r, kind_of(r->op));
}

static enum rc page_save(struct req *r)
{
    return ui_record_save(r, kind_of(r->op));
}

/* ---- record ---- */

static enum rc user_facts(struct op *op, const struct auth_user *user, struct ui_defs *facts)
{
    struct str roles, scope;
    const struct lang *lang = lang_find(user->lang);
    TRY(roles_text(op, user->id, &roles));
    TRY(scope_text(op, user->id, user->partner_id, user->has_all_branches, &scope));
    ui_def_text(op, facts, M("E-mail"), user->email);
    ui_def_text(op, facts, M("Roles"), roles);
    if (user->partner_id.has && scope.len) {
        struct ui_def partner = {.label = M("Partner"),
                                 .text = scope,
                                 .href = auth__partner_url(op, user->partner_id.v)};
        if (!is_team(op))
            VEC_PUSH(op->arena, facts, partner);
    } else {
        ui_def_text(op, facts, M("Sees"), scope);
    }
    if (lang)
        ui_def_text(op, facts, M("Language"), str_of(lang->name));
    ui_def_text(op, facts, M("Second factor"),
                user->has_second_factor ? tr(op->lang, M("On")) : tr(op->lang, M("Off")));
    if (user->signed_in_at.has)
        ui_def_text(op, facts, M("Last sign-in"),
                    i18n_date_time(op->arena, op->lang, user->signed_in_at.v, op->zone));
    ui_def_text(op, facts, M("Added"),
                i18n_date_time(op->arena, op->lang, user->created_at, op->zone));
    return RC_OK;
}

static void user_actions(struct op *op, const struct auth_user *user, struct ui_actions *to)
{
    const char *permission = is_team(op) ? "team.edit" : "user.edit";
    bool is_blocked = user->state == AUTH_BLOCKED;
    ui_act(op, to,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = url_of(op, user->id, "/edit"),
                              .permission = permission});
    if (user->state == AUTH_INVITED)
        ui_act(op, to,
               (struct ui_action){.label = M("Invite again"),
                                  .icon = "send",
                                  .href = url_of(op, user->id, "/invite"),
                                  .is_post = true,
                                  .permission = permission});
    if (user->has_second_factor && !is_team(op))
        ui_act(op, to,
               (struct ui_action){.label = M("Switch off the second factor…"),
                                  .icon = "shield-lock",
                                  .href = url_of(op, user->id, "/factor-off"),
                                  .kind = UI_MORE,
                                  .is_dialog = true,
                                  .permission = permission});
    if (user->id != op->actor.user_id)
        ui_act(op, to,
               (struct ui_action){
                   .label = is_blocked ? M("Unblock…") : M("Block…"),
                   .icon = is_blocked ? "lock-open" : "lock",
                   .href = url_of(op, user->id, is_blocked ? "/unblock" : "/block"),
                   .kind = is_blocked ? UI_SECONDARY : UI_DANGER,
                   .is_dialog = true,
                   .permission = permission,
               });
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct auth_user user;
    TRY(auth__user_seen(op, path_id(r, "usr"), &user));
    struct auth_user_page v = {
        .user = user,
        .head = {.name = user.name, .record = "user", .state = str_of(state_names[user.state])},
        .sees_history = !is_team(op),
    };
    ui_crumb(op, &v.head, is_team(op) ? M("Team") : M("People"), str_of(base_path(op)));
    user_actions(op, &user, &v.head.actions);
    TRY(user_facts(op, &user, &v.facts));
    page_title(r, user.name);
    answer_revision(r, user.revision);
    if (v.sees_history && !http_wants_json(r)) {
        (void)http_page_begin(r, NULL);
        AUTO_OUT history = out_like(http_out(r));
        TRY(audit_timeline(op, "user", user.id, 10, &history));
        v.history = out_html(&history);
    }
    return REPLY(r, NULL, auth_user, &v);
}

void auth_user_json(struct json_writer *w, const struct auth_user_page *v)
{
    const struct auth_user *u = &v->user;
    json_object(w);
    json_pair_str(w, "id", str_of(usr(u->id).text));
    json_pair_i64(w, "revision", u->revision);
    json_pair_str(w, "email", u->email);
    json_pair_str(w, "name", u->name);
    json_pair_str(w, "side", u->side == AUTH_STAFF ? STR("staff") : STR("partner"));
    json_pair_str(w, "state", str_of(state_names[u->state]));
    json_pair_str(w, "partner",
                  u->partner_id.has ? str_of(pid_of("prt", u->partner_id.v).text) : STR_NONE);
    json_pair_bool(w, "all_branches", u->has_all_branches);
    json_pair_instant(w, "created_at", u->created_at);
    json_object_end(w);
}

/* ---- verbs ---- */

static enum rc page_invite_again(struct req *r)
{
    struct auth_user user;
    TRY(auth__user_seen(r->op, path_id(r, "usr"), &user));
    TRY(auth_user_invite_again(r->op, user.id));
    return ui_record_done(r, kind_of(r->op), user.id, M("The invitation is on its way."));
}

static enum rc page_ask_block(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "block",
        .title = M("Block this person?"),
        .text = M("{0} is signed out at once and cannot come in any more; API keys stop working. "
                  "What they did stays."),
        .button = M("Block"),
        .is_danger = true,
    };
    return ui_record_ask(r, kind_of(r->op), &step);
}

static enum rc page_ask_unblock(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "unblock",
        .title = M("Unblock this person?"),
        .text = M("{0} can sign in again with the old password."),
        .button = M("Unblock"),
    };
    return ui_record_ask(r, kind_of(r->op), &step);
}

static enum rc block(struct req *r, bool is_blocked)
{
    struct auth_user user;
    TRY(auth__user_seen(r->op, path_id(r, "usr"), &user));
    TRY(auth_user_block(r->op, user.id, ui_revision(r), is_blocked));
    return ui_record_done(r, kind_of(r->op), user.id, is_blocked ? M("Blocked.") : M("Unblocked."));
}

static enum rc page_block(struct req *r)
{
    return block(r, true);
}

static enum rc page_unblock(struct req *r)
{
    return block(r, false);
}

static enum rc page_ask_factor_off(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "factor-off",
        .title = M("Switch off the second factor?"),
        .text = M("Do this only when {0} has lost the phone and you are sure who asks."),
        .button = M("Switch off"),
        .is_danger = true,
    };
    return ui_record_ask(r, kind_of(r->op), &step);
}

static enum rc page_factor_off(struct req *r)
{
    struct auth_user user;
    TRY(auth__user_seen(r->op, path_id(r, "usr"), &user));
    TRY(auth__must_manage(r->op, &user));
    TRY(auth__factor_off(r->op, user.id));
    return ui_record_done(r, kind_of(r->op), user.id, M("The second factor is off."));
}

#define PEOPLE_ROUTES(base, may_read, may_edit)                                                    \
    ROUTE(GET, base, page_list, may_read, FORM(user_query, user_query_fields), API),               \
        ROUTE(GET, base "/new", page_new, may_edit, FORM(new_query, new_query_fields)),            \
        ROUTE(POST, base, page_invite, may_edit, FORM(invite_form, invite_fields),                 \
              FORM_PAGE(page_new), API),                                                           \
        ROUTE(POST, base "/bulk/{what}", auth__user_bulk, may_edit,                                \
              FORM(ui_bulk_form, ui_bulk_fields), FORM_PAGE(auth__user_ask_bulk), API),            \
        ROUTE(GET, base "/:usr", page_show, may_read, API),                                        \
        ROUTE(GET, base "/:usr/edit", page_edit, may_edit),                                        \
        ROUTE(POST, base "/:usr/edit", page_save, may_edit, FORM(user_form, user_fields),          \
              FORM_PAGE(page_edit), API),                                                          \
        ROUTE(POST, base "/:usr/invite", page_invite_again, may_edit, API),                        \
        UI_ASKING_ROUTES(base "/:usr/block", page_ask_block, page_block, may_edit),                \
        UI_ASKING_ROUTES(base "/:usr/unblock", page_ask_unblock, page_unblock, may_edit)

const struct route auth_user_routes[] = {
    PEOPLE_ROUTES("/settings/users", "user.read", "user.edit"),
    PEOPLE_ROUTES("/team", "team.read", "team.edit"),
    ROUTE(GET, "/settings/users/:usr/factor-off", page_ask_factor_off, "user.edit"),
    ROUTE(POST, "/settings/users/:usr/factor-off", page_factor_off, "user.edit",
          FORM(ui_revision_form, ui_revision_fields), FORM_PAGE(page_ask_factor_off)),
    {0},
};
