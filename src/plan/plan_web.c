/* Pages of plans: their list, and what the pages of a record ask of its kind. */
#include "plan/plan_int.h"
#include "plan/plan_q.h"

/* ---- list ---- */

struct plan_query {
    UI_LIST_MEMBERS;
    struct opt_i64 partner;
    struct str kind, period, state;
};
static const struct field plan_query_fields[] = {
    UI_LIST_FIELDS(plan_query, q_plan_list_sorts),
    F_OPT_ID(plan_query, partner, "prt"),
    F_STR(plan_query, kind, 0, 20),
    F_STR(plan_query, period, 0, 20),
    F_STR(plan_query, state, 0, 20),
    FIELDS_END,
};
enum {
    COL_METRIC,
    COL_PARTNER,
    COL_PERIOD,
    COL_TARGET,
    COL_UNIT,
    COL_KIND,
    COL_OF,
    COL_STATE,
    COL_CREATED,
    COLS
};
static const struct ui_column columns[] = {
    [COL_METRIC] = {.name = "metric",
                    .title = M("Metric"),
                    .kind = UI_TEXT,
                    .sort = "metric",
                    .place = UI_AT_NAME},
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .place = UI_AT_SUB,
                     .sub_name = "partner_code",
                     .sub_title = M("Code of the partner")},
    [COL_PERIOD] = {.name = "period", .title = M("Period"), .kind = UI_TEXT, .sort = "from"},
    [COL_TARGET] = {.name = "target",
                    .title = M("Plan||a figure to reach"),
                    .kind = UI_DECIMAL,
                    .place = UI_AT_FIGURE},
    [COL_UNIT] = {.name = "unit", .title = M("Unit"), .kind = UI_TEXT},
    [COL_KIND] = {.name = "kind", .title = M("Kind"), .kind = UI_TEXT},
    [COL_OF] = {.name = "of", .title = M("Contract or outlet"), .kind = UI_TEXT},
    [COL_STATE] = UI_STATE_COLUMN("plan"),
    [COL_CREATED] = UI_ADDED_COLUMN,
};
static const struct ui_filter filters[] = {
    {.name = "partner", .label = M("Partner"), .kind = UI_PICK},
    {.name = "kind", .label = M("Kind"), .kind = UI_PICK},
    {.name = "period", .label = M("Period"), .kind = UI_PICK},
    UI_STATE_FILTER("plan"),
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "plan.edit"},
    UI_ADD_ACTION(M("Add plan"), "/plans/new", "plan.edit"),
    {.label = NULL},
};

/* The last quarters, the one at hand and the next, and their years. */
static void period_options(struct op *op, struct ui_list *list)
{
    struct date today = zone_date(op->zone, op->now);
    struct period quarter = period_of(PERIOD_QUARTER, 0, today);
    struct period year = period_of(PERIOD_YEAR, 0, today);
    for (int n = 1; n >= -4; n--) {
        struct str text = period_print(op->arena, period_step(quarter, n));
        ui_list_option(list, "period", text, text);
    }
    for (int n = 1; n >= -1; n--) {
        struct str text = period_print(op->arena, period_step(year, n));
        ui_list_option(list, "period", text, text);
    }
}

static void fill_row(struct op *op, struct ui_list *list, const struct plan_row *p)
{
    struct dec target;
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, pln(p->id)));
    cells[COL_METRIC] = ui_cell_link(p->metric, STR_NONE, ui_url(op, "/plans", pln(p->id), ""));
    cells[COL_PARTNER] = ui_cell_link(p->partner_name, p->partner_code,
                                      ui_url(op, "/partners", pid_of("prt", p->partner_id), ""));
    cells[COL_PERIOD] = ui_cell_text(p->period);
    if (dec_parse(p->target, &target))
        cells[COL_TARGET] = (struct ui_cell){.dec = target, .has_dec = true};
    cells[COL_UNIT] = ui_cell_text(p->unit.len ? p->unit : STR_NONE);
    cells[COL_KIND] = ui_cell_text(ui_word_of(op->lang, plan__kinds, p->kind));
    cells[COL_OF] = ui_cell_text(p->contract_code.at ? p->contract_code : p->outlet_code);
    cells[COL_STATE] = ui_cell_state(ui_archive_state(p->archived_at));
    cells[COL_CREATED] = ui_cell_time(SOME(p->created_at));
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct period period;
    const struct plan_query *query = form(r);
    struct q_plan_list_in in = {.partner = query->partner, .page = list->page};
    struct plan_row_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (query->kind.len)
        in.kind = query->kind;
    if (period_parse(query->period, 0, &period)) {
        in.from_day = SOME(period.start.days);
        in.to_day = SOME(period.end.days);
    }
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (query->partner.has) {
        struct partner p;
        TRY(partner_get(op, query->partner.v, &p));
        ui_list_option(list, "partner", ui_pid(op, pid_of("prt", p.id)), p.name);
    }
    ui_list_words(list, "kind", plan__kinds);
    period_options(op, list);
    TRY(q_plan_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        fill_row(op, list, &page.at[i]);
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/plans", "plan.edit")};

static const struct ui_list_spec plan_list_spec = {
    .name = "plans",
    .title = M("Plans"),
    .icon = "target",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_plan_list_sorts,
    .sort = "from",
    .search = M("Metric or partner"),
    .empty =
        M("No plans yet. Schemes compare results with them; import them or add the first one."),
    .empty_action = &actions[1],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &plan_list_spec);
}

/* ---- form ---- */

struct plan_form {
    struct str partner, contract, outlet, metric, kind, period, unit, proration, profile, rounding,
        note;
    struct dec target;
    struct opt_i64 scale, revision;
};
static const struct field plan_fields[] = {
    F_STR(plan_form, partner, 0, 64),
    F_STR(plan_form, contract, 0, 64),
    F_STR(plan_form, outlet, 0, 64),
    F_STR(plan_form, metric, 1, 80),
    F_STR(plan_form, kind, 0, 20),
    F_STR(plan_form, period, 1, 20),
    F_DEC(plan_form, target),
    F_STR(plan_form, unit, 0, 20),
    F_STR(plan_form, proration, 0, 20),
    F_STR(plan_form, profile, 0, 200),
    F_STR(plan_form, rounding, 0, 20),
    F_OPT_I64(plan_form, scale, 0, 6),
    F_STR(plan_form, note, 0, 500),
    F_OPT_I64(plan_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
struct plan_new_query {
    struct opt_i64 partner;
};
static const struct field plan_new_fields[] = {
    F_OPT_ID(plan_new_query, partner, "prt"),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    PARTNER_CODE_FIELD(M("Code of the partner"), false),
    {.name = "contract",
     .label = M("Number of the contract"),
     .hint = M("Empty: all contracts of the partner."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 64},
    {.name = "outlet",
     .label = M("Code of the outlet"),
     .hint = M("Only for a plan of one outlet."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 64},
    {.name = "metric",
     .label = M("Metric"),
     .hint = M("The name by which schemes ask for it: net sales, units, new customers…"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 80,
     .section = M("What is to be reached")},
    {.name = "period",
     .label = M("Period"),
     .hint = M("2026-10, 2026-Q4 or 2026"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .max_len = 20},
    {.name = "kind", .label = M("Kind"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "target",
     .label = M("Plan||a figure to reach"),
     .kind = UI_FIELD_NUMBER,
     .is_required = true,
     .is_half = true},
    {.name = "unit",
     .label = M("Unit"),
     .hint = M("A currency such as EUR, or any word: pieces, customers…"),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 20},
    {.name = "profile",
     .label = M("Profile"),
     .hint = M("Weights of equal parts of the period, such as 25 25 50: quarters and months inside "
               "it then have plans too."),
     .kind = UI_FIELD_TEXT,
     .max_len = 200},
    {.name = "proration",
     .label = M("For a part of the time"),
     .hint = M("What remains of the plan when the contract begins or ends inside the period."),
     .kind = UI_FIELD_SELECT,
     .section = M("Parts of the plan")},
    {.name = "rounding", .label = M("Rounding"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "scale",
     .label = M("Digits after the point"),
     .kind = UI_FIELD_NUMBER,
     .is_half = true},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_TEXT, .max_len = 500},
};

static enum rc plan_record_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct plan *p = NEW(op->arena, struct plan);
    TRY(plan_get(op, id, p));
    *out = (struct ui_record){.id = p->id,
                              .revision = p->revision,
                              .name = plan__label(op, p),
                              .archived_at = p->archived_at,
                              .own = p};
    return RC_OK;
}

struct codes { /* of those whose plan it is */
    struct str partner, partner_name, contract, outlet;
};

static enum rc codes_of(struct op *op, const struct plan *p, struct codes *out)
{
    struct partner partner;
    struct contract contract = {.code = STR("")};
    struct partner_outlet outlet = {.code = STR("")};
    TRY(partner_get(op, p->partner_id, &partner));
    if (p->contract_id.has)
        TRY(contract_get(op, p->contract_id.v, &contract));
    if (p->outlet_id.has)
        TRY(partner_outlet_get(op, p->outlet_id.v, &outlet));
    *out = (struct codes){partner.code, partner.name, contract.code, outlet.code};
    return RC_OK;
}

static enum rc plan_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct op *op = r->op;
    int64_t id = 0;
    struct codes codes = {STR(""), STR(""), STR(""), STR("")};
    const struct plan fresh = {
        .kind = STR("target"), .proration = STR("none"), .rounding = STR("half up")};
    const struct plan *p = record->own ? record->own : &fresh;
    if (p->id)
        TRY(codes_of(op, p, &codes));
    else if (pid_parse("prt", req_raw(r, "partner"), &id)) {
        struct plan of = {.partner_id = id};
        TRY(codes_of(op, &of, &codes));
    }
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_words(form, "kind", plan__kinds);
    ui_form_words(form, "proration", plan__prorations);
    ui_form_words(form, "rounding", plan__roundings);
    ui_form_set(form, "partner", codes.partner);
    ui_form_value(form, "partner")->is_disabled = p->id != 0;
    if (p->id)
        ui_form_value(form, "partner")->text = codes.partner;
    ui_form_set(form, "contract", codes.contract);
    ui_form_set(form, "outlet", codes.outlet);
    ui_form_set(form, "metric", p->metric);
    ui_form_set(form, "kind", p->kind);
    ui_form_set(form, "period", p->period);
    ui_form_set(form, "target", p->target);
    ui_form_set(form, "unit", p->unit);
    ui_form_set(form, "profile", p->profile);
    ui_form_set(form, "proration", p->proration);
    ui_form_set(form, "rounding", p->rounding);
    ui_form_set_i64(form, "scale", p->scale);
    ui_form_set(form, "note", p->note);
    return RC_OK;
}

static enum rc find_parts(struct op *op, const struct plan_form *in, struct plan *p)
{
    struct contract contract;
    struct partner_outlet outlet;
    enum rc rc = in->contract.len ? contract_by_code(op, in->contract, &contract) : RC_OK;
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "contract", M("The partner has no such contract."));
    TRY(rc);
    if (in->contract.len)
        p->contract_id = SOME(contract.id);
    rc = in->outlet.len ? partner_outlet_by_code(op, in->outlet, &outlet) : RC_OK;
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "outlet", M("The partner has no such outlet."));
    TRY(rc);
    if (in->outlet.len)
        p->outlet_id = SOME(outlet.id);
    return RC_OK;
}

static enum rc plan_store(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct plan_form *in = form(r);
    struct plan p = {.id = id,
                     .revision = in->revision.v,
                     .metric = in->metric,
                     .kind = in->kind,
                     .period = in->period,
                     .target = dec_print(op->arena, in->target),
                     .unit = in->unit,
                     .proration = in->proration,
                     .profile = in->profile,
                     .rounding = in->rounding,
                     .scale = in->scale.v,
                     .note = in->note};
    if (id == 0) {
        struct partner partner;
        TRY(partner_named(op, in->partner, &partner));
        p.partner_id = partner.id;
    }
    TRY(find_parts(op, in, &p));
    return plan_save(op, &p, out_id);
}

/* ---- record ---- */

static struct str figure(struct op *op, const struct plan *p)
{
    struct dec target;
    struct str text =
        dec_parse(p->target, &target) ? i18n_dec(op->arena, op->lang, target) : p->target;
    return p->unit.len ? str_printf(op->arena, STR_FMT " " STR_FMT, STR_ARG(text), STR_ARG(p->unit))
                       : text;
}

static enum rc plan_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct plan *p = v->record.own;
    struct codes codes;
    TRY(codes_of(op, p, &codes));
    struct ui_def partner = {.label = M("Partner"),
                             .text = codes.partner_name,
                             .href = ui_url(op, "/partners", pid_of("prt", p->partner_id), "")};
    VEC_PUSH(op->arena, &v->facts, partner);
    if (p->contract_id.has) {
        struct ui_def contract = {.label = M("Contract"),
                                  .text = codes.contract,
                                  .href = contract_href(op, p->contract_id.v)};
        VEC_PUSH(op->arena, &v->facts, contract);
    }
    ui_def_text(op, &v->facts, M("Outlet"), codes.outlet);
    ui_def_text(op, &v->facts, M("Metric"), p->metric);
    ui_def_text(op, &v->facts, M("Period"), p->period);
    ui_def_text(op, &v->facts, M("Plan||a figure to reach"), figure(op, p));
    ui_def_text(op, &v->facts, M("Kind"), ui_word_of(op->lang, plan__kinds, p->kind));
    ui_def_text(op, &v->facts, M("Profile"), p->profile);
    ui_def_text(op, &v->facts, M("For a part of the time"),
                ui_word_of(op->lang, plan__prorations, p->proration));
    ui_def_text(op, &v->facts, M("Rounding"), ui_word_of(op->lang, plan__roundings, p->rounding));
    ui_def_text(op, &v->facts, M("Digits after the point"),
                i18n_i64(op->arena, op->lang, p->scale));
    ui_def_text(op, &v->facts, M("Note"), p->note);
    return RC_OK;
}

static void plan_json(struct json_writer *w, const struct ui_record *record)
{
    const struct plan *p = record->own;
    json_pair_str(w, "partner_id", str_of(pid_of("prt", p->partner_id).text));
    json_pair_str(w, "contract_id",
                  p->contract_id.has ? str_of(pid_of("ctr", p->contract_id.v).text) : STR_NONE);
    json_pair_str(w, "outlet_id",
                  p->outlet_id.has ? str_of(pid_of("out", p->outlet_id.v).text) : STR_NONE);
    json_pair_str(w, "metric", p->metric);
    json_pair_str(w, "kind", p->kind);
    json_pair_str(w, "period", p->period);
    json_pair_str(w, "target", p->target);
    json_pair_str(w, "unit", p->unit);
    json_pair_str(w, "proration", p->proration);
    json_pair_str(w, "profile", p->profile);
    json_pair_str(w, "rounding", p->rounding);
    json_pair_i64(w, "scale", p->scale);
    json_pair_str(w, "note", p->note);
}

static const struct ui_record_kind plan_kind = {
    .record = "plan",
    .path = "/plans",
    .prefix = "pln",
    .permission_edit = "plan.edit",
    .plural = M("Plans"),
    .title_new = M("New plan"),
    .add = M("Add plan"),
    .added = M("The plan was added."),
    .archive_words = {M("Archive the plan?"),
                      M("{0} counts no more; posted results stay as they are.")},
    .restore_words = {M("Restore the plan?"), M("{0} counts again.")},
    .journal = &audit_journal,
    .get = plan_record_get,
    .form = plan_fill,
    .save = plan_store,
    .archive = plan_archive,
    .show = plan_facts,
    .json = plan_json,
};
UI_RECORD_PAGES(plan)

const struct route plan_routes[] = {
    ROUTE(GET, "/plans", page_list, "plan.read", FORM(plan_query, plan_query_fields), API),
    ROUTE(GET, "/plans/new", page_plan_new, "plan.edit", FORM(plan_new_query, plan_new_fields)),
    UI_RECORD_OLD_ROUTES(plan, "/plans", "pln", "plan.read", "plan.edit",
                         FORM(plan_form, plan_fields)),
    {0},
};
