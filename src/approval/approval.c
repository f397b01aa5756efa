/* Asking and deciding. A decision, its effect on the record and the audit are one transaction; the
 * second of two deciders finds the stage decided. Who asked never decides, whatever they may: that
 * is the point of it. A request that needs no approval (by the setting of its kind) is stored and
 * passes at once, so that the history of a record shows why nobody was asked. */
#include "approval/approval.h"

#include "approval/approval_int.h"

static const struct approval_kind *kinds[APPROVAL_KINDS_MAX];
static size_t kinds_len;

/* ---- kinds ---- */

void approval_kind_declare(const struct approval_kind *kind)
{
    static struct setting_def settings[APPROVAL_KINDS_MAX][2];
    static char keys[APPROVAL_KINDS_MAX][64];
    size_t permission;
    if (approval__kind(str_of(kind->name)))
        return; /* a module may be set up twice by a test */
    bool is_declared = permission_find(str_of(kind->permission), &permission);
    assert(is_declared && kinds_len < APPROVAL_KINDS_MAX && kind->on_decided && kind->url);
    (void)snprintf(keys[kinds_len], sizeof keys[0], "approval.%s", kind->name);
    settings[kinds_len][0] = (struct setting_def){
        .key = keys[kinds_len],
        .type = SETTING_BOOL,
        .fallback = kind->is_optional ? "false" : "true",
        .group = M("Approvals"),
        .label = kind->label,
        .help = M("Needs the approval of a second person."),
    };
    setting_declare(settings[kinds_len]);
    kinds[kinds_len++] = kind;
}

void approval_forget(void)
{
    kinds_len = 0;
}

const struct approval_kind *approval__kind(struct str name)
{
    for (size_t i = 0; i < kinds_len; i++)
        if (str_eq(name, str_of(kinds[i]->name)))
            return kinds[i];
    return NULL;
}

size_t approval__kinds(const struct approval_kind *const **out)
{
    *out = kinds;
    return kinds_len;
}

void approval__held(struct op *op, struct str_list *out)
{
    *out = (struct str_list){0};
    for (size_t i = 0; i < kinds_len; i++) {
        bool is_there = false;
        struct str name = str_of(kinds[i]->permission);
        for (size_t j = 0; j < out->len; j++)
            is_there = is_there || str_eq(out->at[j], name);
        if (!is_there && op_may(op, kinds[i]->permission))
            VEC_PUSH(op->arena, out, name);
    }
}

struct opt_i64 approval__branch_user(const struct op *op)
{
    bool is_bound = op->actor.kind == ACTOR_STAFF && !op->actor.has_all_branches;
    return is_bound ? SOME(op->actor.user_id) : NONE;
}

static const char *const states[] = {
    [APPROVAL_NONE] = "none",           [APPROVAL_OPEN] = "open",
    [APPROVAL_APPROVED] = "approved",   [APPROVAL_REJECTED] = "rejected",
    [APPROVAL_WITHDRAWN] = "withdrawn",
};

const char *approval__state_name(enum approval_state state)
{
    return states[state];
}

enum approval_state approval__state_of(struct str name)
{
    for (int i = APPROVAL_OPEN; i <= APPROVAL_WITHDRAWN; i++)
        if (str_eq(name, str_of(states[i])))
            return (enum approval_state)i;
    return APPROVAL_NONE;
}

enum rc approval_is_needed(struct op *op, const char *kind, bool *out)
{
    const struct approval_kind *found = approval__kind(str_of(kind));
    assert(found);
    return setting_bool(op, str_printf(op->arena, "approval.%s", kind).at, out);
}

/* ---- audit ---- */

static enum rc record_audit(struct op *op, const char *action, const struct approval_rec *rec,
                            enum approval_state before, enum approval_state after,
                            struct str comment)
{
    struct audit_value was[2] = {{"state", str_of(states[before])}, {"comment", STR_NONE}};
    struct audit_value is[2] = {{"state", str_of(states[after])}, {"comment", comment}};
    return audit_add_diff(
        op,
        &(struct audit_entry){
            .action = action, .record = "approval", .record_id = rec->id, .label = rec->label},
        before == APPROVAL_NONE ? NULL : was, is, LEN(is));
}

/* ---- asking ---- */

static enum rc close_request(struct op *op, const struct approval_rec *rec,
                             enum approval_state state, bool was_needed, struct str comment)
{
    const struct approval_kind *kind = approval__kind(rec->kind);
    if (!kind)
        return fail(op, RC_BROKEN, NULL, M("This version does not know such requests."));
    enum rc rc =
        q_approval_close(op, &(struct q_approval_close_in){
                                 .id = rec->id, .state = str_of(states[state]), .now = op->now});
    if (rc == RC_CONFLICT)
        return fail(op, rc, NULL, M("This has been decided already."));
    TRY(rc);
    TRY(q_stages_skip(op, &(struct q_stages_skip_in){.approval_id = rec->id}));
    return kind->on_decided(op, &(struct approval_outcome){
                                    .approval_id = rec->id,
                                    .record_id = rec->record_id,
                                    .state = state,
                                    .was_needed = was_needed,
                                    .decided_by = was_needed ? op->actor.user_id : 0,
                                    .comment = comment,
                                });
}

static enum rc check_text(struct op *op, const char *field, struct str *text)
{
    *text = text_clean_block(op->arena, *text);
    if (!text->at)
        *text = STR("");
    if (utf8_count(*text) > APPROVAL_TEXT_MAX)
        return fail(op, RC_INVALID, field, M("This is too long: at most {0} characters."), "1000");
    return RC_OK;
}

static enum rc insert_request(struct op *op, const struct approval_new *in,
                              const struct approval_kind *kind, struct approval_rec *out)
{
    int64_t id;
    struct str note = in->note;
    TRY(check_text(op, "note", &note));
    struct str who = op->actor.name.at ? op->actor.name : STR("");
    enum rc rc = q_approval_insert(
        op,
        &(struct q_approval_insert_in){
            .kind = str_of(kind->name),
            .record_id = in->record_id,
            .label = in->label,
            .amount_minor = in->amount.currency ? SOME(in->amount.minor) : NONE,
            .currency = in->amount.currency ? str_of(in->amount.currency->code) : STR_NONE,
            .branch_id = in->branch_id,
            .note = note,
            .requested_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
            .requested_name = who,
            .now = op->now,
        },
        &id);
    if (rc == RC_CONFLICT)
        return fail(op, rc, NULL, M("It is waiting for approval already."));
    TRY(rc);
    TRY(q_stage_insert(op, &(struct q_stage_insert_in){.approval_id = id,
                                                       .number = 1,
                                                       .state = STR("open"),
                                                       .permission = str_of(kind->permission)}));
    return q_approval(op, &(struct q_approval_in){.id = id}, out);
}

enum rc approval_request(struct op *op, const struct approval_new *in, int64_t *out_id)
{
    const struct approval_kind *kind = approval__kind(str_of(in->kind));
    struct approval_rec rec;
    bool is_needed;
    assert(kind);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(approval_is_needed(op, in->kind, &is_needed));
    TRY(insert_request(op, in, kind, &rec));
    TRY(record_audit(op, "approval.request", &rec, APPROVAL_NONE,
                     is_needed ? APPROVAL_OPEN : APPROVAL_APPROVED, rec.note));
    if (!is_needed)
        TRY(close_request(op, &rec, APPROVAL_APPROVED, false, STR("")));
    TRY(txn_commit(&txn));
    *out_id = rec.id;
    return RC_OK;
}

/* ---- deciding ---- */

/* The stage that waits; RC_CONFLICT when none does. */
static enum rc open_stage(struct op *op, int64_t approval_id, struct stage_rec *out,
                          int64_t *out_last)
{
    struct stage_rec_rows stages;
    TRY(q_stages(op, &(struct q_stages_in){.approval_id = approval_id}, &stages));
    bool is_found = false;
    *out_last = stages.len ? stages.at[stages.len - 1].number : 0;
    for (size_t i = 0; i < stages.len && !is_found; i++) {
        is_found = str_eq(stages.at[i].state, STR("open"));
        if (is_found)
            *out = stages.at[i];
    }
    return is_found ? RC_OK : fail(op, RC_CONFLICT, NULL, M("This has been decided already."));
}

static enum rc sees_branch(struct op *op, struct opt_i64 branch_id, bool *out)
{
    struct org_choices own;
    *out = true;
    if (!branch_id.has || !approval__branch_user(op).has)
        return RC_OK;
    *out = false;
    TRY(org_branch_choices(op, 0, &own));
    for (size_t i = 0; i < own.len; i++)
        *out = *out || own.at[i].id == branch_id.v;
    return RC_OK;
}

static bool is_own(const struct op *op, const struct approval_rec *rec)
{
    return rec->requested_by.has && rec->requested_by.v == op->actor.user_id;
}

static enum rc may_decide(struct op *op, const struct approval_rec *rec, struct str permission)
{
    size_t unused;
    bool is_seen;
    TRY(sees_branch(op, rec->branch_id, &is_seen));
    if (!is_seen)
        return RC_MISSING;
    if (!permission_find(permission, &unused))
        return fail(op, RC_BROKEN, NULL, M("This version does not know such requests."));
    TRY(op_must(op, str_c(op->arena, permission)));
    if (is_own(op, rec))
        return fail(op, RC_DENIED, NULL,
                    M("You asked for this approval, so somebody else has to decide."));
    return RC_OK;
}

static enum rc decide(struct op *op, int64_t id, bool is_yes, struct str comment)
{
    struct approval_rec rec;
    struct stage_rec stage = {0};
    int64_t last;
    TRY(check_text(op, "comment", &comment));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_approval(op, &(struct q_approval_in){.id = id}, &rec));
    TRY(open_stage(op, id, &stage, &last));
    TRY(may_decide(op, &rec, stage.permission));
    if (!is_yes && comment.len == 0)
        return fail(op, RC_INVALID, "comment", M("Say why you reject it."));
    enum approval_state state = is_yes ? APPROVAL_APPROVED : APPROVAL_REJECTED;
    enum rc rc =
        q_stage_decide(op, &(struct q_stage_decide_in){
                               .id = stage.id,
                               .state = str_of(states[state]),
                               .decided_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                               .decided_name = op->actor.name.at ? op->actor.name : STR(""),
                               .now = op->now,
                               .comment = comment,
                           });
    if (rc == RC_CONFLICT)
        return fail(op, rc, NULL, M("This has been decided already."));
    TRY(rc);
    bool is_last = !is_yes || stage.number == last;
    TRY(record_audit(op, is_yes ? "approval.approve" : "approval.reject", &rec, APPROVAL_OPEN,
                     is_last ? state : APPROVAL_OPEN, comment));
    if (is_last)
        TRY(close_request(op, &rec, state, true, comment));
    else
        TRY(q_stage_open(op,
                         &(struct q_stage_open_in){.approval_id = id, .number = stage.number + 1}));
    return txn_commit(&txn);
}

enum rc approval_approve(struct op *op, int64_t id, struct str comment)
{
    return decide(op, id, true, comment);
}

enum rc approval_reject(struct op *op, int64_t id, struct str comment)
{
    return decide(op, id, false, comment);
}

enum rc approval_withdraw(struct op *op, int64_t id, struct str comment)
{
    struct approval_rec rec;
    TRY(check_text(op, "comment", &comment));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_approval(op, &(struct q_approval_in){.id = id}, &rec));
    if (op->actor.kind != ACTOR_SYSTEM && !is_own(op, &rec))
        return fail(op, RC_DENIED, NULL, M("Only who asked can take the request back."));
    if (!str_eq(rec.state, STR("open")))
        return fail(op, RC_CONFLICT, NULL, M("This has been decided already."));
    TRY(record_audit(op, "approval.withdraw", &rec, APPROVAL_OPEN, APPROVAL_WITHDRAWN, comment));
    TRY(close_request(op, &rec, APPROVAL_WITHDRAWN, true, comment));
    return txn_commit(&txn);
}

/* ---- reading ---- */

struct str approval__words(struct op *op, const struct approval_kind *kind, struct str label)
{
    return kind && kind->words ? kind->words(op, label) : label;
}

static enum rc fill(struct op *op, const struct approval_rec *rec, struct approval *out)
{
    struct stage_rec_rows stages;
    TRY(q_stages(op, &(struct q_stages_in){.approval_id = rec->id}, &stages));
    const struct currency *currency = rec->currency.at ? currency_find(rec->currency) : NULL;
    *out = (struct approval){
        .id = rec->id,
        .record_id = rec->record_id,
        .kind = approval__kind(rec->kind),
        .state = approval__state_of(rec->state),
        .label = approval__words(op, approval__kind(rec->kind), rec->label),
        .stored_label = rec->label,
        .note = rec->note,
        .comment = STR(""),
        .amount = MONEY(rec->amount_minor.v, currency),
        .requested_by = rec->requested_by.v,
        .requested_by_name = rec->requested_name,
        .requested_at = rec->requested_at,
        .decided_by_name = STR(""),
        .decided_at = rec->closed_at,
    };
    for (size_t i = 0; i < stages.len; i++) {
        const struct stage_rec *s = &stages.at[i];
        if (s->decided_at.has) {
            out->decided_by = s->decided_by;
            out->decided_by_name = s->decided_name;
            out->decided_at = s->decided_at;
            out->comment = s->comment;
        }
        if (str_eq(s->state, STR("open")) && out->kind) {
            struct fault kept = op->fault;
            out->may_decide = may_decide(op, rec, s->permission) == RC_OK;
            op->fault = kept;
        }
    }
    out->may_withdraw = out->state == APPROVAL_OPEN && is_own(op, rec);
    return RC_OK;
}

enum rc approval_get(struct op *op, int64_t id, struct approval *out)
{
    struct approval_rec rec;
    bool is_seen;
    TRY(q_approval(op, &(struct q_approval_in){.id = id}, &rec));
    TRY(sees_branch(op, rec.branch_id, &is_seen));
    if (!is_seen)
        return RC_MISSING;
    return fill(op, &rec, out);
}

enum rc approval_state(struct op *op, const char *kind, int64_t record_id, struct approval *out)
{
    struct approval_rec rec;
    enum rc rc = q_approval_last(
        op, &(struct q_approval_last_in){.kind = str_of(kind), .record_id = record_id}, &rec);
    if (rc == RC_MISSING) {
        *out = (struct approval){.state = APPROVAL_NONE, .record_id = record_id};
        return RC_OK;
    }
    TRY(rc);
    return fill(op, &rec, out);
}

enum rc approval_inbox_count(struct op *op, int64_t *out)
{
    enum { COUNT_MAX = 100 };
    struct str_list held;
    approval__held(op, &held);
    *out = 0;
    if (held.len == 0)
        return RC_OK;
    return q_inbox_count(op,
                         &(struct q_inbox_in){.user_id = op->actor.user_id,
                                              .branch_user = approval__branch_user(op),
                                              .permission = held},
                         COUNT_MAX, out);
}
