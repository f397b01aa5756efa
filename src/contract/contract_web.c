/* Pages of contracts: the list with its bulk steps, one contract. */
#include "contract/contract_web.h"

#include "contract/contract_view.h"

/* ---- list ---- */

struct contract_query {
    UI_LIST_MEMBERS;
    struct str state, nature;
    struct opt_i64 entity, branch, scheme, partner;
    struct opt_date ends_by;
    struct str archived;
};
static const struct field contract_query_fields[] = {
    UI_LIST_FIELDS(contract_query, q_contract_list_sorts),
    F_STR(contract_query, state, 0, 20),
    F_STR(contract_query, nature, 0, 20),
    F_OPT_ID(contract_query, entity, "ent"),
    F_OPT_ID(contract_query, branch, "brn"),
    F_OPT_ID(contract_query, scheme, "sch"),
    F_OPT_ID(contract_query, partner, "prt"),
    F_OPT_DATE(contract_query, ends_by),
    F_STR(contract_query, archived, 0, 20),
    FIELDS_END,
};

enum {
    COL_CODE,
    COL_PARTNER,
    COL_STATE,
    COL_SCHEMES,
    COL_FROM,
    COL_TO,
    COL_ENTITY,
    COL_NATURE,
    COL_CURRENCY,
    COLS
};
static const struct ui_column columns[] = {
    [COL_CODE] = {.name = "code",
                  .title = M("Contract"),
                  .kind = UI_TEXT,
                  .sort = "code",
                  .place = UI_AT_NAME},
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .sort = "partner",
                     .place = UI_AT_SUB,
                     .sub_name = "partner_code",
                     .sub_title = M("Code of the partner")},
    [COL_STATE] = UI_STATE_COLUMN("contract"),
    [COL_SCHEMES] = {.name = "schemes", .title = M("Schemes"), .kind = UI_TEXT},
    [COL_FROM] = {.name = "from", .title = M("In force from"), .kind = UI_DATE, .sort = "start"},
    [COL_TO] = {.name = "last_day", .title = M("Last day"), .kind = UI_DATE},
    [COL_ENTITY] = {.name = "entity", .title = M("Legal entity"), .kind = UI_TEXT},
    [COL_NATURE] = {.name = "nature", .title = M("Nature"), .kind = UI_TEXT},
    [COL_CURRENCY] = {.name = "currency",
                      .title = M("Currency"),
                      .kind = UI_TEXT,
                      .is_optional = true},
};
static const char *const states[] = {"draft",     "in_approval", "in_signature", "active",
                                     "suspended", "expired",     "terminated",   NULL};
static const char *const archived_states[] = {"archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "contract", .states = states},
    {.name = "nature", .label = M("Nature"), .kind = UI_PICK},
    {.name = "entity", .label = M("Legal entity"), .kind = UI_PICK},
    {.name = "branch", .label = M("Branch"), .kind = UI_PICK},
    {.name = "scheme", .label = M("Scheme"), .kind = UI_PICK},
    {.name = "ends_by", .label = M("Ends by"), .kind = UI_DAY},
    {.name = "archived",
     .label = M("Archive"),
     .kind = UI_PICK,
     .record = "contract",
     .states = archived_states},
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add contract"), "/contracts/new", "contract.edit"),
    {.label = NULL},
};
static const struct ui_action bulk[] = {
    {.label = M("Activate…"),
     .icon = "player-play",
     .href = STR_INIT("/contracts/bulk/activate"),
     .permission = "contract.edit"},
    {.label = M("Suspend…"),
     .icon = "player-pause",
     .kind = UI_DANGER,
     .href = STR_INIT("/contracts/bulk/suspend"),
     .permission = "contract.edit"},
    {.label = NULL},
};

static enum rc filter_choices(struct op *op, struct ui_list *list)
{
    struct org_choices entities, branches;
    struct scheme_choices schemes;
    TRY(org_entity_choices(op, 0, &entities));
    TRY(org_branch_choices(op, 0, &branches));
    TRY(scheme_choices(op, &schemes));
    ui_list_words(list, "nature", contract__natures);
    for (size_t i = 0; i < entities.len; i++)
        ui_list_option(list, "entity", ui_pid(op, pid_of("ent", entities.at[i].id)),
                       entities.at[i].name);
    for (size_t i = 0; i < branches.len; i++)
        ui_list_option(list, "branch", ui_pid(op, pid_of("brn", branches.at[i].id)),
                       branches.at[i].name);
    for (size_t i = 0; i < schemes.len; i++)
        ui_list_option(list, "scheme", ui_pid(op, pid_of("sch", schemes.at[i].id)),
                       schemes.at[i].name);
    return RC_OK;
}

static struct str schemes_words(struct op *op, const struct contract_row *c)
{
    if (c->schemes == 0)
        return STR_NONE;
    if (c->schemes == 1)
        return c->scheme_name;
    return i18n_format(op->arena, op->lang, M("{0} and {1} more"), c->scheme_name, c->schemes - 1);
}

static void fill_row(struct op *op, struct ui_list *list, const struct contract_row *c)
{
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, ctr(c->id)));
    cells[COL_CODE] = ui_cell_link(c->code, STR_NONE, contract_href(op, c->id));
    cells[COL_PARTNER] =
        ui_cell_link(c->partner_name, c->partner_code,
                     op_may(op, "partner.read")
                         ? str_printf(op->arena, "/partners/%s", pid_of("prt", c->partner_id).text)
                         : STR_NONE);
    cells[COL_STATE] = ui_cell_state(c->state);
    cells[COL_SCHEMES] = ui_cell_text(schemes_words(op, c));
    cells[COL_FROM] = ui_cell_date(SOME(c->from_day));
    cells[COL_TO] = ui_cell_date(c->to_day >= CONTRACT_NO_END ? NONE : SOME(c->to_day - 1));
    cells[COL_ENTITY] = ui_cell_text(c->entity_name);
    cells[COL_NATURE] = ui_cell_text(contract_nature_word(op->lang, c->nature));
    cells[COL_CURRENCY] = ui_cell_text(c->currency);
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct contract_query *query = form(r);
    struct contract_row_page page = {0};
    struct str_list state = {0};
    if (query->state.len)
        VEC_PUSH(op->arena, &state, query->state);
    struct q_contract_list_in in = {
        .today = contract__today(op),
        .state = state,
        .nature = query->nature.len ? query->nature : STR_NONE,
        .entity = query->entity,
        .branch = query->branch,
        .scheme = query->scheme,
        .partner = query->partner,
        .archived = SOME(str_eq(query->archived, STR("archived"))),
        .ends_before = query->ends_by.has ? SOME(query->ends_by.v.days + 1) : NONE,
        .page = list->page,
    };
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (!list->is_bare)
        TRY(filter_choices(op, list));
    TRY(q_contract_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        fill_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec contract_list = {
    .name = "contracts",
    .title = M("Contracts"),
    .icon = "writing",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_contract_list_sorts,
    .sort = "code",
    .search = M("Code, or name of the partner"),
    .empty = M("No contracts yet. A contract binds a partner to schemes; rewards need one."),
    .empty_action = &actions[0],
    .actions = actions,
    .bulk = bulk,
    .has_all = true,
    .permission_export = "contract.export",
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &contract_list);
}

static enum rc list_spec(struct op *op, struct ui_list_spec *out)
{
    (void)op;
    *out = contract_list;
    return RC_OK;
}

/* ---- bulk steps ---- */

static enum rc bulk_name(struct op *op, const struct ui_bulk *of, int64_t id, struct str *out)
{
    struct contract c;
    (void)of;
    TRY(contract_get(op, id, &c));
    *out = c.code;
    return RC_OK;
}

static enum rc become(struct op *op, int64_t id, struct str state)
{
    struct contract c;
    TRY(contract_get(op, id, &c));
    return str_eq(c.state, state) ? RC_OK : contract_state_set(op, c.id, c.revision, state);
}

static enum rc activate(struct op *op, const struct ui_bulk *of, int64_t id, struct str value)
{
    (void)of;
    (void)value;
    return become(op, id, STR("active"));
}

static enum rc suspend(struct op *op, const struct ui_bulk *of, int64_t id, struct str value)
{
    (void)of;
    (void)value;
    return become(op, id, STR("suspended"));
}

static const struct ui_bulk_step bulk_steps[] = {
    {.name = "activate",
     .title = M("Activate contracts"),
     .submit = M("Activate"),
     .text = M("Suspended ones are resumed: what happens from today on is rewarded again."),
     .change = activate},
    {.name = "suspend",
     .title = M("Suspend contracts"),
     .submit = M("Suspend"),
     .text = M("From today on nothing is earned until they are resumed. Periods before stay as "
               "they are."),
     .is_danger = true,
     .change = suspend},
    {.name = NULL},
};

static const struct ui_bulk contract_bulk = {
    .path = "/contracts",
    .prefix = "ctr",
    .plural = M("Contracts"),
    .count = M("{0, plural, one {# contract} other {# contracts}}"),
    .spec = list_spec,
    .name = bulk_name,
    .steps = bulk_steps,
    .job = "contract.bulk",
};

static enum rc page_ask_bulk(struct req *r)
{
    return ui_bulk_ask(r, &contract_bulk, path_str(r, "what"));
}

static enum rc page_bulk(struct req *r)
{
    return ui_bulk_page(r, &contract_bulk, path_str(r, "what"));
}

static enum rc run_bulk(struct job *job)
{
    return job_bulk_run(job, &contract_bulk);
}

const struct job_kind contract_job_kinds[] = {
    {.name = "contract.bulk",
     .label = M("Change of many contracts"),
     .run = run_bulk,
     .lane = JOB_LONG,
     .permission = "contract.edit"},
    {.name = "contract.announce",
     .label = M("Letters about changes of terms"),
     .run = contract__announce_job,
     .lane = JOB_LONG,
     .permission = "contract.read"},
    {0},
};

/* ---- one contract ---- */

enum { VER_NUMBER, VER_SPAN, VER_SCHEMES, VER_NOTE, VERS };
static const struct ui_column version_columns[] = {
    [VER_NUMBER] = {.name = "version", .title = M("Version"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [VER_SPAN] = {.name = "in_force", .title = M("In force"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [VER_SCHEMES] = {.name = "schemes", .title = M("Schemes"), .kind = UI_TEXT},
    [VER_NOTE] = {.name = "note", .title = M("Note"), .kind = UI_TEXT},
};

static void version_rows(struct op *op, struct contract__page *v)
{
    v->versions = (struct ui_table){
        .columns = version_columns, .columns_len = VERS, .caption = M("Versions of the contract")};
    for (size_t i = v->all.len; i-- > 0;) {
        const struct contract_version *version = &v->all.at[i];
        struct ui_cell *cells = ui_table_row(op, &v->versions, ui_pid(op, ctv(version->id)));
        struct str *names = NEW_ARRAY(op->arena, struct str, version->schemes_len + 1);
        for (size_t k = 0; k < version->schemes_len; k++)
            names[k] = version->schemes[k].scheme_name;
        cells[VER_NUMBER] =
            ui_cell_link(i18n_format(op->arena, op->lang, M("Version {0}"), version->number),
                         STR_NONE, contract__version_href(op, version->id, ""));
        cells[VER_SPAN] =
            ui_cell_text(contract__span_words(op, version->from_day, version->to_day));
        cells[VER_SCHEMES] = ui_cell_text(
            version->schemes_len ? i18n_list(op->arena, op->lang, names, version->schemes_len)
                                 : STR_NONE);
        cells[VER_NOTE] = ui_cell_text(version->note.len ? version->note : STR_NONE);
    }
}

static enum rc contract_facts(struct op *op, struct contract__page *v)
{
    const struct contract *c = &v->contract;
    struct partner partner;
    struct org_entity entity;
    TRY(partner_get(op, c->partner_id, &partner));
    TRY(org_entity_get(op, c->entity_id, &entity));
    struct ui_def whose = {.label = M("Partner"), .text = partner.name};
    if (op_may(op, "partner.read"))
        whose.href = str_printf(op->arena, "/partners/%s", pid_of("prt", c->partner_id).text);
    VEC_PUSH(op->arena, &v->facts, whose);
    ui_def_text(op, &v->facts, M("Legal entity"), entity.name);
    ui_def_text(op, &v->facts, M("Nature"), contract_nature_word(op->lang, c->nature));
    ui_def_text(op, &v->facts, M("In force"), contract__span_words(op, c->from_day, c->to_day));
    if (c->signed_day.has)
        ui_def_text(op, &v->facts, M("Signed on"), contract__day_words(op, c->signed_day.v));
    return RC_OK;
}

static void step(struct op *op, struct contract__page *v, const char *label, const char *icon,
                 const char *state, enum ui_action_kind kind)
{
    ui_act(op, &v->head.actions,
           (struct ui_action){.label = label,
                              .icon = icon,
                              .kind = kind,
                              .is_post = true,
                              .href = contract__href(op, v->contract.id, "/state"),
                              .name = "state",
                              .value = str_of(state),
                              .permission = "contract.edit"});
}

static void go(struct op *op, struct contract__page *v, const char *label, const char *icon,
               const char *tail, enum ui_action_kind kind, bool is_dialog)
{
    ui_act(op, &v->head.actions,
           (struct ui_action){.label = label,
                              .icon = icon,
                              .kind = kind,
                              .is_dialog = is_dialog,
                              .href = contract__href(op, v->contract.id, tail),
                              .permission = "contract.edit"});
}

/* What may be done next, by the state. */
static void contract_steps(struct op *op, struct contract__page *v, bool needs_approval)
{
    const struct contract *c = &v->contract;
    bool is_draft = str_eq(c->state, STR("draft")), is_active = str_eq(c->state, STR("active"));
    bool is_suspended = str_eq(c->state, STR("suspended"));
    bool has_ended = str_eq(c->state, STR("expired")) || str_eq(c->state, STR("terminated"));
    if (c->archived_at.has) {
        step(op, v, M("Restore"), "archive", "", UI_SECONDARY);
        v->head.actions.at[v->head.actions.len - 1].href = contract__href(op, c->id, "/restore");
        v->head.actions.at[v->head.actions.len - 1].name = NULL;
        return;
    }
    go(op, v, M("Edit"), "pencil", "/edit", UI_SECONDARY, false);
    if (is_draft && v->all.len && needs_approval)
        step(op, v, M("Submit for approval"), "send", "in_approval", UI_PRIMARY);
    if (is_draft && v->all.len && !needs_approval) {
        step(op, v, M("Activate"), "player-play", "active", UI_PRIMARY);
        step(op, v, M("Send to be signed"), "signature", "in_signature", UI_MORE);
    }
    if (str_eq(c->state, STR("in_signature"))) {
        step(op, v, M("Activate"), "player-play", "active", UI_PRIMARY);
        step(op, v, M("Return to draft"), "arrow-back-up", "draft", UI_MORE);
    }
    if (is_suspended)
        go(op, v, M("Resume…"), "player-play", "/resume", UI_PRIMARY, true);
    if (is_active)
        go(op, v, M("Supplementary agreement"), "file-plus", "/versions/new", UI_PRIMARY, false);
    if (is_active && !v->is_pausing)
        go(op, v, M("Suspend…"), "player-pause", "/suspend", UI_MORE, true);
    if (is_active && v->is_pausing)
        go(op, v, M("Call off the suspension…"), "player-play", "/resume", UI_MORE, true);
    if (is_active || is_suspended)
        go(op, v, M("Terminate…"), "ban", "/end", UI_MORE, false);
    if (is_draft || has_ended)
        go(op, v, M("Archive…"), "archive", "/archive", UI_MORE, true);
}

static void coming_hint(struct op *op, struct contract__page *v)
{
    int64_t today = contract__today(op);
    for (size_t i = 0; i < v->all.len; i++)
        if (v->all.at[i].from_day > today && !v->hint.text.at && v->shown != &v->all.at[i])
            v->hint = (struct ui_hint){
                .tint = UI_INFO,
                .text = i18n_format(op->arena, op->lang, M("Other terms are in force from {0}."),
                                    contract__day_words(op, v->all.at[i].from_day))};
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct contract__page v = {0};
    bool needs_approval;
    int64_t id = path_id(r, "ctr");
    TRY(contract_get(op, id, &v.contract));
    TRY(contract_versions(op, id, &v.all));
    TRY(approval_is_needed(op, "contract", &needs_approval));
    TRY(approval_state(op, "contract", id, &v.approval));
    v.head =
        (struct ui_head){.name = v.contract.code,
                         .record = "contract",
                         .state = v.contract.archived_at.has ? STR("archived") : v.contract.state};
    ui_crumb(op, &v.head, M("Contracts"), STR("/contracts"));
    TRY(contract_facts(op, &v));
    TRY(contract__suspensions_make(op, &v));
    contract_steps(op, &v, needs_approval);
    v.shown = contract_version_on(&v.all, contract__today(op));
    if (v.shown)
        TRY(contract__terms_make(op, v.shown, false, &v.terms));
    v.empty =
        (struct ui_empty){.icon = "file-plus",
                          .text = M("The contract has no terms yet: currency, period, schemes."),
                          .action = {.label = op_may(op, "contract.edit") ? M("Add terms") : NULL,
                                     .icon = "plus",
                                     .kind = UI_PRIMARY,
                                     .href = contract__href(op, id, "/versions/new")}};
    version_rows(op, &v);
    coming_hint(op, &v);
    TRY(audit_events(op, "contract", id, 20, &v.history));
    page_title(r, v.contract.code);
    answer_revision(r, v.contract.revision);
    return REPLY(r, NULL, contract__page, &v);
}

static void pair_day(struct json_writer *w, const char *key, int64_t day, bool has)
{
    json_key(w, key);
    if (has)
        json_put_date(w, (struct date){(int32_t)day});
    else
        json_put_null(w);
}

void contract__page_json(struct json_writer *w, const struct contract__page *v)
{
    const struct contract *c = &v->contract;
    json_object(w);
    json_pair_str(w, "id", str_of(ctr(c->id).text));
    json_pair_i64(w, "revision", c->revision);
    json_pair_str(w, "code", c->code);
    json_pair_str(w, "partner", str_of(pid_of("prt", c->partner_id).text));
    json_pair_str(w, "entity", str_of(pid_of("ent", c->entity_id).text));
    json_pair_str(w, "nature", c->nature);
    json_pair_str(w, "state", c->state);
    pair_day(w, "signed_day", c->signed_day.v, c->signed_day.has);
    pair_day(w, "from_day", c->from_day, true);
    pair_day(w, "last_day", c->to_day - 1, c->to_day < CONTRACT_NO_END);
    json_pair_bool(w, "archived", c->archived_at.has);
    json_key(w, "suspensions");
    json_array(w);
    for (size_t i = 0; i < v->suspended.len; i++) {
        const struct contract_suspension *s = &v->suspended.at[i];
        json_object(w);
        pair_day(w, "from_day", s->from_day, true);
        pair_day(w, "resumed_day", s->to_day, s->to_day < CONTRACT_NO_END);
        json_pair_str(w, "reason", s->reason);
        json_object_end(w);
    }
    json_array_end(w);
    json_key(w, "versions");
    json_array(w);
    for (size_t i = 0; i < v->all.len; i++) {
        const struct contract__version_page version = {.version = v->all.at[i], .contract = *c};
        contract__version_json(w, &version);
    }
    json_array_end(w);
    json_object_end(w);
}

const struct route contract_routes[] = {
    ROUTE(GET, "/contracts", page_list, "contract.read",
          FORM(contract_query, contract_query_fields), API),
    ROUTE(POST, "/contracts/bulk/{what}", page_bulk, "contract.edit",
          FORM(ui_bulk_form, ui_bulk_fields), FORM_PAGE(page_ask_bulk), API),
    ROUTE(GET, "/contracts/new", contract__page_new, "contract.edit",
          FORM(contract__new_query, contract__new_fields)),
    ROUTE(POST, "/contracts", contract__page_create, "contract.edit",
          FORM(contract__form, contract__fields), FORM_PAGE(contract__page_new), API),
    ROUTE(GET, "/contracts/:ctr", page_show, "contract.read", API),
    ROUTE(GET, "/contracts/:ctr/edit", contract__page_edit, "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/edit", contract__page_save, "contract.edit",
          FORM(contract__form, contract__fields), FORM_PAGE(contract__page_edit), API),
    ROUTE(POST, "/contracts/:ctr/state", contract__page_state, "contract.edit",
          FORM(contract__state_form, contract__state_fields), API),
    ROUTE(GET, "/contracts/:ctr/suspend", contract__page_ask_suspend, "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/suspend", contract__page_suspend, "contract.edit",
          FORM(contract__suspend_form, contract__suspend_fields),
          FORM_PAGE(contract__page_ask_suspend), API),
    ROUTE(GET, "/contracts/:ctr/resume", contract__page_ask_resume, "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/resume", contract__page_resume, "contract.edit",
          FORM(contract__resume_form, contract__resume_fields),
          FORM_PAGE(contract__page_ask_resume), API),
    ROUTE(GET, "/contracts/:ctr/end", contract__page_ask_end, "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/end", contract__page_end, "contract.edit",
          FORM(contract__end_form, contract__end_fields), FORM_PAGE(contract__page_ask_end), API),
    UI_ASKING_ROUTES("/contracts/:ctr/archive", contract__page_ask_archive, contract__page_archive,
                     "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/restore", contract__page_restore, "contract.edit",
          FORM(ui_revision_form, ui_revision_fields), API),
    ROUTE(GET, "/contracts/:ctr/versions/new", contract__page_version_new, "contract.edit"),
    ROUTE(POST, "/contracts/:ctr/versions", contract__page_version_add, "contract.edit",
          FORM(contract__version_form, contract__version_fields),
          FORM_PAGE(contract__page_version_new), API),
    ROUTE(GET, "/contracts/versions/:ctv", contract__page_version, "contract.read", API),
    ROUTE(GET, "/contracts/versions/:ctv/edit", contract__page_version_edit, "contract.edit"),
    ROUTE(POST, "/contracts/versions/:ctv/edit", contract__page_version_save, "contract.edit",
          FORM(contract__version_form, contract__version_fields),
          FORM_PAGE(contract__page_version_edit), API),
    UI_ASKING_ROUTES("/contracts/versions/:ctv/remove", contract__page_version_ask_remove,
                     contract__page_version_remove, "contract.edit"),
    ROUTE(GET, "/schemes/versions/:scv/affected", contract__page_affected, "contract.read",
          FORM(contract__affected_query, contract__affected_fields), API),
    ROUTE(GET, "/portal/contracts", contract__page_portal, "contract.own"),
    ROUTE(GET, "/portal/contracts/:ctr", contract__page_portal_one, "contract.own"),
    {0},
};
