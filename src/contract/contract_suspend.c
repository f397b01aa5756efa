/* Suspensions: days on which a contract earns nothing, kept as dated spans, because a period is
 * computed by what held in it and not by what the state says today. The state of the record follows
 * on the day, by a tick when the day was to come. Spans follow each other; each begins after the
 * last one ended. */
#include "contract/contract_int.h"

enum { REASON_CHARS_MAX = 500 };

enum rc contract_suspensions(struct op *op, int64_t contract_id, struct contract_suspensions *out)
{
    struct suspension_row_rows rows;
    struct contract_suspensions list = {0};
    TRY(q_contract_suspensions(op, &(struct q_contract_suspensions_in){contract_id}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, &list,
                 ((struct contract_suspension){rows.at[i].id, rows.at[i].from_day,
                                               rows.at[i].to_day, rows.at[i].reason}));
    *out = list;
    return RC_OK;
}

static enum rc last_of(struct op *op, int64_t contract_id, struct contract_suspension *out)
{
    struct contract_suspensions all;
    TRY(contract_suspensions(op, contract_id, &all));
    if (all.len == 0)
        return RC_MISSING;
    *out = all.at[0];
    return RC_OK;
}

/* The state and one entry that says both what happened to it and the days. */
static enum rc note(struct op *op, const struct contract *c, int64_t revision, const char *action,
                    struct str state, const struct contract_suspension *was,
                    const struct contract_suspension *is)
{
    struct audit_value before[] = {
        {"state", c->state},
        {"suspended_from", was ? contract__day_text(op, was->from_day) : STR_NONE},
        {"resumed_from", was ? contract__day_text(op, was->to_day) : STR_NONE},
        {"reason", was ? was->reason : STR_NONE}};
    struct audit_value after[] = {{"state", state},
                                  {"suspended_from", contract__day_text(op, is->from_day)},
                                  {"resumed_from", contract__day_text(op, is->to_day)},
                                  {"reason", is->reason}};
    struct audit_entry entry = contract__entry(c, action);
    struct q_contract_state_in in = {
        .id = c->id, .revision = revision, .state = state, .to_day = c->to_day};
    TRY(op_stale_if(op, q_contract_state(op, &in)));
    return audit_add_diff(op, &entry, before, after, LEN(after));
}

/* ---- suspending ---- */

static enum rc check_from(struct op *op, const struct contract *c, int64_t from_day)
{
    struct contract_suspension last;
    if (from_day < c->from_day || from_day >= c->to_day)
        return fail(op, RC_INVALID, "from_day", M("This day is not one of the contract."));
    TRY(contract__check_free(op, c->id, "from_day", from_day));
    enum rc rc = last_of(op, c->id, &last);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    if (last.to_day >= CONTRACT_NO_END)
        return fail(op, RC_CONFLICT, "from_day", M("It is suspended from {0} on already."),
                    str_c(op->arena, contract__day_words(op, last.from_day)));
    if (from_day < last.to_day)
        return fail(op, RC_INVALID, "from_day", M("An earlier suspension lasts until {0}."),
                    str_c(op->arena, contract__day_words(op, last.to_day - 1)));
    return RC_OK;
}

enum rc contract_suspend(struct op *op, int64_t id, int64_t revision, int64_t from_day,
                         struct str reason)
{
    struct contract c;
    struct contract_suspension span = {.from_day = from_day, .to_day = CONTRACT_NO_END};
    TRY(op_must(op, "contract.edit"));
    span.reason = text_clean_line(op->arena, reason.at ? reason : STR(""));
    if (utf8_count(span.reason) > REASON_CHARS_MAX)
        return fail(op, RC_INVALID, "reason", M("At most {0} characters."), "500");
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract__hold(op, id, &c));
    TRY(contract__check_arrow(op, &c, STR("suspended")));
    TRY(check_from(op, &c, from_day));
    TRY(q_contract_suspension_add(
        op,
        &(struct q_contract_suspension_add_in){.contract_id = id,
                                               .partner_id = c.partner_id,
                                               .from_day = from_day,
                                               .reason = span.reason.at ? span.reason : STR(""),
                                               .now = op->now},
        &span.id));
    bool has_begun = from_day <= contract__today(op);
    TRY(note(op, &c, revision, "contract.suspend", has_begun ? STR("suspended") : c.state, NULL,
             &span));
    return txn_commit(&txn);
}

/* ---- resuming ---- */

static enum rc check_resume(struct op *op, const struct contract *c, int64_t day,
                            struct contract_suspension *out)
{
    enum rc rc = last_of(op, c->id, out);
    if (rc == RC_MISSING ||
        (rc == RC_OK && out->to_day <= contract__today(op) && !str_eq(c->state, STR("suspended"))))
        return fail(op, RC_CONFLICT, NULL, M("The contract is not suspended."));
    TRY(rc);
    if (!str_eq(c->state, STR("suspended")) && !str_eq(c->state, STR("active")))
        return fail(op, RC_CONFLICT, NULL, M("{0}: this step is not possible now."),
                    str_c(op->arena, c->code));
    if (day < out->from_day || day > c->to_day)
        return fail(op, RC_INVALID, "day", M("It was suspended on {0}; it cannot resume earlier."),
                    str_c(op->arena, contract__day_words(op, out->from_day)));
    return contract__check_free(op, c->id, "day", day < out->to_day ? day : out->to_day);
}

enum rc contract_resume(struct op *op, int64_t id, int64_t revision, int64_t day)
{
    struct contract c;
    struct contract_suspension was;
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract__hold(op, id, &c));
    TRY(check_resume(op, &c, day, &was));
    if (str_eq(c.state, STR("suspended")))
        TRY(contract__check_arrow(op, &c, STR("active")));
    struct contract_suspension is = was;
    is.to_day = day;
    TRY(q_contract_suspension_end(
        op, &(struct q_contract_suspension_end_in){.id = was.id, .to_day = day}));
    bool is_still = was.from_day <= contract__today(op) && day > contract__today(op);
    TRY(note(op, &c, revision, "contract.resume", is_still ? STR("suspended") : STR("active"), &was,
             &is));
    return txn_commit(&txn);
}

/* ---- days that come ---- */

enum rc contract_settle(struct op *op)
{
    struct ended_row_rows rows;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_contracts_to_settle(op, &(struct q_contracts_to_settle_in){.today = contract__today(op)},
                              &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct contract c;
        TRY(contract__hold(op, rows.at[i].id, &c));
        bool is_active = str_eq(c.state, STR("active"));
        TRY(contract__put_state(op, &c, c.revision, is_active ? STR("suspended") : STR("active"),
                                c.to_day));
    }
    TRY(txn_commit(&txn));
    return rows.len ? RC_OK : RC_MISSING;
}
