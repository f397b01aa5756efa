/* Plans: rules of the record, and reading all of them for a run. */
#include "plan/plan.h"

#include "plan/plan_int.h"
#include "plan/plan_q.h"

enum {
    METRIC_CHARS_MAX = 80,
    UNIT_CHARS_MAX = 20,
    NOTE_CHARS_MAX = 500,
    TARGET_BYTES_MAX = 30,
    SCALE_MAX = 6,
    VALUES = 12
};

const struct permission plan_permissions[] = {
    {"plan.read", M("See plans"), ACTOR_STAFF},
    {"plan.edit", M("Edit plans"), ACTOR_STAFF},
};
const size_t plan_permissions_len = LEN(plan_permissions);

const struct ui_word plan__kinds[] = {
    {"target", M("Target")}, {"minimum", M("Minimum")}, {"stretch", M("Stretch target")}, {0}};
const struct ui_word plan__prorations[] = {{"none", M("The whole plan")},
                                           {"days", M("By days")},
                                           {"whole months", M("By whole months")},
                                           {"profile", M("By the profile")},
                                           {0}};
const struct ui_word plan__roundings[] = {
    {"half up", M("To the nearest")}, {"up", M("Up")}, {"down", M("Down")}, {0}};

static const struct audit_name names[] = {
    {"plan", M("Plan"), "/plans/", "pln"},
    {"plan.add", M("Plan added"), NULL, NULL},
    {"plan.edit", M("Plan changed"), NULL, NULL},
    {"plan.archive", M("Plan archived or restored"), NULL, NULL},
    {"plan:archived", M("Archived"), NULL, NULL},
    {"plan:contract", M("Contract"), NULL, NULL},
    {"plan:outlet", M("Outlet"), NULL, NULL},
    {"plan:metric", M("Metric"), NULL, NULL},
    {"plan:kind", M("Kind"), NULL, NULL},
    {"plan:period", M("Period"), NULL, NULL},
    {"plan:target", M("Plan||a figure to reach"), NULL, NULL},
    {"plan:unit", M("Unit"), NULL, NULL},
    {"plan:proration", M("For a part of the time"), NULL, NULL},
    {"plan:profile", M("Profile"), NULL, NULL},
    {"plan:rounding", M("Rounding"), NULL, NULL},
    {"plan:scale", M("Digits after the point"), NULL, NULL},
    {"plan:note", M("Note"), NULL, NULL},
    {0}};
static const struct audit_words words[] = {{"plan:kind", plan__kinds},
                                           {"plan:proration", plan__prorations},
                                           {"plan:rounding", plan__roundings},
                                           {0}};

static const struct ui_page pages[] = {{UI_PLANS, M("Plans"), "/plans", "plan.read"}};

void plan_start(void)
{
    audit_name_declare(names);
    audit_words_declare(words);
    ui_pages_declare(pages, LEN(pages));
}

/* ---- reading ---- */

static void from_row(const struct plan_rec *row, struct plan *out)
{
    *out = (struct plan){.id = row->id,
                         .revision = row->revision,
                         .partner_id = row->partner_id,
                         .contract_id = row->contract_id,
                         .outlet_id = row->outlet_id,
                         .metric = row->metric,
                         .kind = row->kind,
                         .period = row->period,
                         .from_day = row->from_day,
                         .to_day = row->to_day,
                         .target = row->target,
                         .unit = row->unit,
                         .proration = row->proration,
                         .profile = row->profile,
                         .rounding = row->rounding,
                         .scale = row->scale,
                         .note = row->note,
                         .archived_at = row->archived_at};
}

enum rc plan_get(struct op *op, int64_t id, struct plan *out)
{
    struct plan_rec row;
    TRY(q_plan(op, &(struct q_plan_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc plan_same(struct op *op, const struct plan *in, struct plan *out)
{
    struct plan_rec row;
    TRY(q_plan_same(op,
                    &(struct q_plan_same_in){in->partner_id, in->contract_id.v, in->outlet_id.v,
                                             in->metric, in->kind, in->from_day, in->to_day},
                    &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc plan_all_in(struct op *op, int64_t from_day, int64_t to_day, struct plan_list *out)
{
    struct plan_rec row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    *out = (struct plan_list){0};
    TRY(q_plans_in_open(op, &(struct q_plans_in_in){from_day, to_day}, &cursor));
    while ((rc = q_plans_in_next(&cursor, &row)) == RC_OK) {
        struct plan plan;
        from_row(&row, &plan);
        struct str *const texts[] = {&plan.metric,  &plan.kind,     &plan.period,
                                     &plan.target,  &plan.unit,     &plan.note,
                                     &plan.profile, &plan.rounding, &plan.proration};
        for (size_t i = 0; i < LEN(texts); i++)
            *texts[i] = str_dup(op->arena, *texts[i]);
        VEC_PUSH(op->arena, out, plan);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- rules ---- */

static void clean(struct op *op, const char *field, struct str *text, size_t chars_max)
{
    *text = text_clean_line(op->arena, text->at ? *text : STR(""));
    if (utf8_count(*text) > chars_max)
        (void)!fail(op, RC_INVALID, field, M("This text is too long."));
}

static void check_word(struct op *op, const char *field, struct str *text,
                       const struct ui_word *set)
{
    if (!text->len)
        *text = str_of(set[0].name);
    else if (!ui_word_label(set, *text))
        (void)!fail(op, RC_INVALID, field, M("There is no such choice."));
}

static void check_period(struct op *op, struct plan *p)
{
    struct period period;
    if (!period_parse(str_trim(p->period.at ? p->period : STR("")), 0, &period)) {
        (void)!fail(op, RC_INVALID, "period", M("A period is written 2026-10, 2026-Q4 or 2026."));
        return;
    }
    p->period = period_print(op->arena, period);
    p->from_day = period.start.days;
    p->to_day = period.end.days;
}

/* "25; 25; 50" and "25 25 50" are the same. */
static void check_profile(struct op *op, struct plan *p)
{
    struct dec weights[PLAN_PARTS_MAX];
    char *text = str_c(op->arena, text_clean_line(op->arena, p->profile.at ? p->profile : STR("")));
    for (char *c = text; *c; c++)
        if (*c == ';')
            *c = ' ';
    p->profile = text_clean_line(op->arena, str_of(text));
    if (!p->profile.len) {
        if (str_eq(p->proration, STR("profile")))
            (void)!fail(op, RC_INVALID, "profile", M("Proration by the profile needs a profile."));
        return;
    }
    size_t len = plan__profile(p->profile, weights);
    int64_t months =
        date_months_between((struct date){(int32_t)p->from_day}, (struct date){(int32_t)p->to_day});
    if (len < 2)
        (void)!fail(op, RC_INVALID, "profile",
                    M("A profile has 2 to 12 weights, none below zero, such as 25 25 50."));
    else if (months < 1 || months % (int64_t)len != 0)
        (void)!fail(op, RC_INVALID, "profile",
                    M("The months of the period cannot be shared by so many weights."));
}

static void check_target(struct op *op, struct plan *p)
{
    struct dec target;
    struct str text = str_trim(p->target.at ? p->target : STR(""));
    if (text.len == 0 || text.len > TARGET_BYTES_MAX || !dec_parse(text, &target) ||
        dec_sign(target) <= 0)
        (void)!fail(op, RC_INVALID, "target", M("A plan is a number above zero."));
    else
        p->target = dec_print(op->arena, target);
    if (p->scale < 0 || p->scale > SCALE_MAX)
        (void)!fail(op, RC_INVALID, "scale", M("Rounded to 0 to 6 digits."));
}

static enum rc check_owner(struct op *op, const struct plan *p)
{
    struct partner partner;
    struct contract contract;
    struct partner_outlet outlet;
    enum rc rc = partner_get(op, p->partner_id, &partner);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "partner", M("There is no such partner."));
    TRY(rc);
    if (p->contract_id.has && p->outlet_id.has)
        return fail(op, RC_INVALID, "outlet",
                    M("A plan is of a contract or of an outlet, not of both."));
    rc = p->contract_id.has ? contract_get(op, p->contract_id.v, &contract) : RC_OK;
    if (rc == RC_MISSING ||
        (rc == RC_OK && p->contract_id.has && contract.partner_id != p->partner_id))
        return fail(op, RC_INVALID, "contract", M("The partner has no such contract."));
    TRY(rc);
    rc = p->outlet_id.has ? partner_outlet_get(op, p->outlet_id.v, &outlet) : RC_OK;
    if (rc == RC_MISSING || (rc == RC_OK && p->outlet_id.has && outlet.partner_id != p->partner_id))
        return fail(op, RC_INVALID, "outlet", M("The partner has no such outlet."));
    return rc;
}

enum rc plan_check(struct op *op, struct plan *p)
{
    clean(op, "metric", &p->metric, METRIC_CHARS_MAX);
    clean(op, "unit", &p->unit, UNIT_CHARS_MAX);
    clean(op, "note", &p->note, NOTE_CHARS_MAX);
    if (!p->metric.len)
        (void)!fail(op, RC_INVALID, "metric", M("Say what is planned: net sales, units…"));
    check_word(op, "kind", &p->kind, plan__kinds);
    check_word(op, "proration", &p->proration, plan__prorations);
    check_word(op, "rounding", &p->rounding, plan__roundings);
    check_period(op, p);
    check_target(op, p);
    if (op->fault.rc == RC_OK)
        check_profile(op, p);
    enum rc rc = check_owner(op, p);
    return rc == RC_OK ? op->fault.rc : rc;
}

/* ---- writing ---- */

struct str plan__label(struct op *op, const struct plan *plan)
{
    return str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(plan->metric),
                      STR_ARG(plan->period));
}

static enum rc values_of(struct op *op, const struct plan *p, struct audit_value out[VALUES])
{
    struct contract contract = {.code = STR("")};
    struct partner_outlet outlet = {.code = STR("")};
    if (p->contract_id.has)
        TRY(contract_get(op, p->contract_id.v, &contract));
    if (p->outlet_id.has)
        TRY(partner_outlet_get(op, p->outlet_id.v, &outlet));
    const struct audit_value values[VALUES] = {{"contract", contract.code},
                                               {"outlet", outlet.code},
                                               {"metric", p->metric},
                                               {"kind", p->kind},
                                               {"period", p->period},
                                               {"target", p->target},
                                               {"unit", p->unit},
                                               {"proration", p->proration},
                                               {"profile", p->profile},
                                               {"rounding", p->rounding},
                                               {"scale", audit_text_i64(op, p->scale)},
                                               {"note", p->note}};
    memcpy(out, values, sizeof(values));
    return RC_OK;
}

static enum rc note(struct op *op, const struct plan *before, const struct plan *after)
{
    struct audit_value old[VALUES], new[VALUES];
    if (before)
        TRY(values_of(op, before, old));
    TRY(values_of(op, after, new));
    return audit_add_diff(op,
                          &(struct audit_entry){.action = before ? "plan.edit" : "plan.add",
                                                .record = "plan",
                                                .record_id = after->id,
                                                .label = plan__label(op, after),
                                                .partner_id = SOME(after->partner_id)},
                          before ? old : NULL, new, VALUES);
}

static enum rc write(struct op *op, struct plan *p)
{
    struct str fold = text_fold(op->arena, p->metric);
    if (p->id == 0)
        return q_plan_add(op,
                          &(struct q_plan_add_in){
                              p->partner_id, p->contract_id, p->outlet_id, p->metric, fold, p->kind,
                              p->period, p->from_day, p->to_day, p->target, p->unit, p->proration,
                              p->profile, p->rounding, p->scale, p->note, op->now},
                          &p->id);
    return q_plan_edit(op, &(struct q_plan_edit_in){
                               p->id, p->revision, p->contract_id, p->outlet_id, p->metric, fold,
                               p->kind, p->period, p->from_day, p->to_day, p->target, p->unit,
                               p->proration, p->profile, p->rounding, p->scale, p->note});
}

/* Of what is there twice. */
static enum rc check_only(struct op *op, const struct plan *p)
{
    struct plan other;
    enum rc rc = plan_same(op, p, &other);
    if (rc == RC_MISSING || (rc == RC_OK && other.id == p->id))
        return RC_OK;
    TRY(rc);
    return fail(op, RC_CONFLICT, "metric",
                M("There is a plan of this metric, kind and period already."));
}

enum rc plan_save(struct op *op, const struct plan *in, int64_t *out_id)
{
    struct plan p = *in, before = {0};
    TRY(op_must(op, "plan.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (p.id != 0) {
        TRY(plan_get(op, p.id, &before));
        p.partner_id = before.partner_id;
        p.archived_at = before.archived_at;
    }
    TRY(plan_check(op, &p));
    if (p.id != 0 && before.revision != p.revision)
        return op_stale(op);
    if (!p.archived_at.has)
        TRY(check_only(op, &p));
    TRY(write(op, &p));
    TRY(note(op, in->id ? &before : NULL, &p));
    TRY(txn_commit(&txn));
    *out_id = p.id;
    return RC_OK;
}

enum rc plan_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct plan p;
    TRY(op_must(op, "plan.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(plan_get(op, id, &p));
    if (p.revision != revision)
        return op_stale(op);
    if (!is_archived)
        TRY(check_only(op, &p));
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_plan_archive(op, &(struct q_plan_archive_in){id, revision, at}));
    struct audit_entry entry = {.action = "plan.archive",
                                .record = "plan",
                                .record_id = id,
                                .label = plan__label(op, &p),
                                .partner_id = SOME(p.partner_id)};
    TRY(audit_add_flag(op, &entry, "archived", p.archived_at.has, is_archived));
    return txn_commit(&txn);
}
