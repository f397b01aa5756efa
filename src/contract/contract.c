/* Contracts as records: fields, states, dates. States move along one table of arrows; whatever
 * would change what is already paid by is stopped by the guard that reward sets. */
#include "contract/contract_int.h"

const struct permission contract_permissions[] = {
    {"contract.read", M("See contracts"), ACTOR_STAFF},
    {"contract.edit", M("Edit contracts"), ACTOR_STAFF},
    {"contract.export", M("Export contracts"), ACTOR_STAFF},
    {"contract.approve", M("Approve contracts"), ACTOR_STAFF},
    {"contract.own", M("See own contracts"), ACTOR_PARTNER},
};
const size_t contract_permissions_len = LEN(contract_permissions);

static const char *const natures[] = {
    "agency",         "commission",    "services",       "supply_bonus",
    "retro_discount", "revenue_share", "referral_offer", NULL};

static enum rc (*known_guard)(struct op *op, int64_t contract_id, int64_t *out_free_from_day);

void contract_version_guard_set(enum rc (*guard)(struct op *op, int64_t contract_id,
                                                 int64_t *out_free_from_day))
{
    known_guard = guard;
}

/* ---- days and codes ---- */

int64_t contract__today(const struct op *op)
{
    return zone_date(op->zone, op->now).days;
}

struct str contract__day_text(struct op *op, int64_t day)
{
    return day >= CONTRACT_NO_END ? STR("") : date_print(op->arena, (struct date){(int32_t)day});
}

struct str contract__day_words(struct op *op, int64_t day)
{
    if (day >= CONTRACT_NO_END)
        return STR("–");
    return i18n_date(op->arena, op->lang, (struct date){(int32_t)day}, DATE_MEDIUM, PLACE_START);
}

/* A run of digits gets its length in front, so that plain byte order compares numbers; a code has
 * at most 64 characters, so two digits hold the length. */
struct str contract__code_sort(struct arena *arena, struct str code)
{
    struct str fold = text_fold(arena, code);
    AUTO_BUF buf = BUF(1024);
    for (size_t i = 0; i < fold.len;) {
        size_t end = i;
        while (end < fold.len && fold.at[end] >= '0' && fold.at[end] <= '9')
            end++;
        if (end == i) {
            buf_char(&buf, fold.at[i++]);
            continue;
        }
        while (i + 1 < end && fold.at[i] == '0')
            i++;
        buf_printf(&buf, "%02zu", end - i);
        buf_put(&buf, str_sub(fold, i, end - i));
        i = end;
    }
    return str_dup(arena, buf_str(&buf));
}

enum rc contract__free_from(struct op *op, int64_t contract_id, int64_t *out)
{
    *out = INT64_MIN;
    return known_guard ? known_guard(op, contract_id, out) : RC_OK;
}

enum rc contract__check_free(struct op *op, int64_t contract_id, const char *field, int64_t day)
{
    int64_t free_from;
    TRY(contract__free_from(op, contract_id, &free_from));
    if (day >= free_from)
        return RC_OK;
    return fail(op, RC_CONFLICT, field,
                M("Rewards up to then are posted. Changes are possible from {0} on."),
                str_c(op->arena, contract__day_words(op, free_from)));
}

/* ---- reading ---- */

static void contract_of(const struct contract_rec *rec, struct contract *out)
{
    *out = (struct contract){.id = rec->id,
                             .revision = rec->revision,
                             .code = rec->code,
                             .partner_id = rec->partner_id,
                             .entity_id = rec->entity_id,
                             .nature = rec->nature,
                             .state = rec->state,
                             .signed_day = rec->signed_day,
                             .from_day = rec->from_day,
                             .to_day = rec->to_day,
                             .archived_at = rec->archived_at};
}

enum rc contract_get(struct op *op, int64_t id, struct contract *out)
{
    struct contract_rec rec;
    TRY(q_contract(op, &(struct q_contract_in){.id = id}, &rec));
    contract_of(&rec, out);
    return RC_OK;
}

enum rc contract__hold(struct op *op, int64_t id, struct contract *out)
{
    struct contract_rec rec;
    TRY(q_contract_held(op, &(struct q_contract_held_in){.id = id}, &rec));
    contract_of(&rec, out);
    return RC_OK;
}

enum rc contract_by_code(struct op *op, struct str code, struct contract *out)
{
    struct contract_rec rec;
    struct q_contract_by_code_in in = {.code_fold = text_fold(op->arena, code)};
    TRY(q_contract_by_code(op, &in, &rec));
    contract_of(&rec, out);
    return RC_OK;
}

enum rc contract_by_codes(struct op *op, const struct str_list *codes, struct contract_list *out)
{
    struct contract_rec_rows rows;
    struct str_list folded = {0};
    *out = (struct contract_list){0};
    for (size_t i = 0; i < codes->len; i++)
        VEC_PUSH(op->arena, &folded, text_fold(op->arena, codes->at[i]));
    struct q_contracts_by_codes_in in = {json_list(op->arena, &folded)};
    TRY(q_contracts_by_codes(op, &in, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct contract contract;
        contract_of(&rows.at[i], &contract);
        VEC_PUSH(op->arena, out, contract);
    }
    return RC_OK;
}

/* ---- the audit ---- */

struct audit_entry contract__entry(const struct contract *contract, const char *action)
{
    return (struct audit_entry){.action = action,
                                .record = "contract",
                                .record_id = contract->id,
                                .label = contract->code,
                                .partner_id = SOME(contract->partner_id)};
}

enum rc contract__values_of(struct op *op, struct contract_memo *memo, const struct contract *c,
                            struct contract__values *out)
{
    struct str partner;
    struct org_entity entity;
    TRY(contract__partner_code(op, memo, c->partner_id, &partner));
    TRY(contract__entity(op, memo, c->entity_id, &entity));
    const struct audit_value values[] = {
        {"code", c->code},
        {"partner", partner},
        {"entity", entity.short_name},
        {"nature", c->nature},
        {"signed_day", c->signed_day.has ? contract__day_text(op, c->signed_day.v) : STR_NONE},
        {"from_day", contract__day_text(op, c->from_day)},
        {"to_day", contract__day_text(op, c->to_day)},
        {"state", c->state},
    };
    for (size_t i = 0; i < LEN(values); i++)
        VEC_PUSH(op->arena, out, values[i]);
    return RC_OK;
}

static enum rc audit_contract(struct op *op, const char *action, const struct contract *old,
                              const struct contract *new)
{
    struct contract__values before = {0}, after = {0};
    struct audit_entry entry = contract__entry(new, action);
    if (old)
        TRY(contract__values_of(op, NULL, old, &before));
    TRY(contract__values_of(op, NULL, new, &after));
    return audit_add_diff(op, &entry, old ? before.at : NULL, after.at, after.len);
}

/* ---- fields ---- */

static bool is_word(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, str_of(*words)))
            return true;
    return false;
}

static enum rc first_of(enum rc a, enum rc b)
{
    return a != RC_OK ? a : b;
}

static enum rc check_parties(struct op *op, struct contract_memo *memo, const struct contract *c,
                             const struct contract *old)
{
    struct str partner;
    struct org_entity entity;
    enum rc rc = contract__partner_code(op, memo, c->partner_id, &partner);
    if (rc == RC_MISSING)
        rc = fail(op, RC_INVALID, "partner", M("There is no such partner."));
    else if (rc == RC_OK && old && old->partner_id != c->partner_id)
        rc = fail(op, RC_INVALID, "partner",
                  M("A contract stays with its partner. Make another one."));
    enum rc of_entity = contract__entity(op, memo, c->entity_id, &entity);
    if (of_entity == RC_MISSING)
        of_entity = fail(op, RC_INVALID, "entity", M("Choose a legal entity from the list."));
    else if (of_entity == RC_OK && entity.archived_at.has && (!old || old->entity_id != entity.id))
        of_entity = fail(op, RC_INVALID, "entity", M("This legal entity is archived."));
    return first_of(rc, of_entity);
}

static enum rc check_days(struct op *op, const struct contract *c)
{
    if (c->from_day < 0 || c->from_day >= CONTRACT_NO_END)
        return fail(op, RC_INVALID, "from_day", M("This is not a date of a contract."));
    if (c->to_day <= c->from_day || c->to_day > CONTRACT_NO_END)
        return fail(op, RC_INVALID, "to_day", M("The contract must last at least one day."));
    return RC_OK;
}

/* Every field is looked at before the answer. */
enum rc contract__check(struct op *op, struct contract_memo *memo, struct contract *c,
                        const struct contract *old)
{
    const char *wrong = check_code(op->arena, c->code, &c->code);
    enum rc rc = wrong ? fail(op, RC_INVALID, "code", wrong) : RC_OK;
    bool is_fixed = old && !str_eq(old->state, STR("draft"));
    rc = first_of(rc, check_parties(op, memo, c, old));
    if (!is_word(c->nature, natures))
        rc = first_of(rc, fail(op, RC_INVALID, "nature", M("Choose from the list.")));
    if (is_fixed && !str_eq(c->nature, old->nature))
        rc = first_of(rc, fail(op, RC_INVALID, "nature", M("Only a draft can still change this.")));
    if (is_fixed && c->entity_id != old->entity_id)
        rc = first_of(rc, fail(op, RC_INVALID, "entity", M("Only a draft can still change this.")));
    return first_of(rc, check_days(op, c));
}

struct q_contract_insert_in contract__row(struct op *op, const struct contract *c)
{
    return (struct q_contract_insert_in){.code = c->code,
                                         .code_fold = text_fold(op->arena, c->code),
                                         .code_sort = contract__code_sort(op->arena, c->code),
                                         .partner_id = c->partner_id,
                                         .entity_id = c->entity_id,
                                         .nature = c->nature,
                                         .state = c->state,
                                         .signed_day = c->signed_day,
                                         .from_day = c->from_day,
                                         .to_day = c->to_day,
                                         .now = op->now};
}

static enum rc insert(struct op *op, struct contract *c)
{
    struct i64_list ids = {0};
    struct q_contract_insert_in row = contract__row(op, c);
    TRY(q_contract_insert(op, &row, 1, &ids));
    c->id = ids.at[0];
    return RC_OK;
}

static enum rc store(struct op *op, struct contract *c)
{
    if (c->id == 0)
        return insert(op, c);
    struct str fold = text_fold(op->arena, c->code);
    struct str sort = contract__code_sort(op->arena, c->code);
    return q_contract_update(op, &(struct q_contract_update_in){.id = c->id,
                                                                .revision = c->revision,
                                                                .code = c->code,
                                                                .code_fold = fold,
                                                                .code_sort = sort,
                                                                .entity_id = c->entity_id,
                                                                .nature = c->nature,
                                                                .signed_day = c->signed_day,
                                                                .from_day = c->from_day,
                                                                .to_day = c->to_day});
}

/* New dates must leave posted periods alone and every version inside the contract. */
static enum rc move_days(struct op *op, const struct contract *old, const struct contract *c)
{
    struct contract_versions versions;
    if (old->from_day == c->from_day && old->to_day == c->to_day)
        return RC_OK;
    if (old->from_day != c->from_day) {
        TRY(contract__check_free(op, c->id, "from_day", old->from_day));
        TRY(contract__check_free(op, c->id, "from_day", c->from_day));
    }
    if (old->to_day != c->to_day) {
        TRY(contract__check_free(op, c->id, "to_day", old->to_day));
        TRY(contract__check_free(op, c->id, "to_day", c->to_day));
    }
    TRY(contract_versions(op, c->id, &versions));
    for (size_t i = 0; i < versions.len; i++) {
        int64_t from_day = i == 0 ? c->from_day : versions.at[i].from_day;
        if (i > 0 && from_day <= c->from_day)
            return fail(op, RC_CONFLICT, "from_day",
                        M("Version {0} would begin before the contract or with it."),
                        str_c(op->arena, audit_text_i64(op, versions.at[i].number)));
        if (from_day >= c->to_day)
            return fail(op, RC_CONFLICT, "to_day",
                        M("Version {0} would begin after the end of the contract."),
                        str_c(op->arena, audit_text_i64(op, versions.at[i].number)));
    }
    if (versions.len && versions.at[0].from_day != c->from_day)
        TRY(q_contract_version_move(op, &(struct q_contract_version_move_in){
                                            .id = versions.at[0].id, .from_day = c->from_day}));
    return RC_OK;
}

enum rc contract_save(struct op *op, const struct contract *in, int64_t *out_id)
{
    struct contract c = *in, old = {0};
    bool is_new = c.id == 0;
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (!is_new)
        TRY(contract__hold(op, c.id, &old));
    TRY(contract__check(op, NULL, &c, is_new ? NULL : &old));
    if (!is_new && str_eq(old.state, STR("terminated")) &&
        (old.from_day != c.from_day || old.to_day != c.to_day))
        return fail(op, RC_CONFLICT, NULL, M("The contract is terminated; its dates stand."));
    if (!is_new)
        TRY(move_days(op, &old, &c));
    c.state = is_new ? STR("draft") : old.state;
    TRY(op_stale_if(op, op_code_taken(op, store(op, &c), c.code)));
    TRY(audit_contract(op, is_new ? "contract.add" : "contract.edit", is_new ? NULL : &old, &c));
    TRY(txn_commit(&txn));
    *out_id = c.id;
    return RC_OK;
}

/* ---- states ---- */

static const struct {
    const char *from, *to;
} arrows[] = {
    {"draft", "in_approval"},    {"draft", "in_signature"},       {"draft", "active"},
    {"in_approval", "draft"},    {"in_approval", "in_signature"}, /* by the decision only */
    {"in_signature", "draft"},   {"in_signature", "active"},      {"active", "suspended"},
    {"active", "terminated"},    {"active", "expired"},           {"suspended", "active"},
    {"suspended", "terminated"}, {"suspended", "expired"},        {"expired", "active"},
};

bool contract_may_become(struct str from, struct str to)
{
    for (size_t i = 0; i < LEN(arrows); i++)
        if (str_eq(from, str_of(arrows[i].from)) && str_eq(to, str_of(arrows[i].to)))
            return true;
    return false;
}

enum rc contract__put_state(struct op *op, const struct contract *old, int64_t revision,
                            struct str state, int64_t to_day)
{
    struct contract new = *old;
    struct q_contract_state_in in = {
        .id = old->id, .revision = revision, .state = state, .to_day = to_day};
    TRY(op_stale_if(op, q_contract_state(op, &in)));
    new.state = state;
    new.to_day = to_day;
    if (str_eq(state, STR("terminated")) || str_eq(state, STR("expired")))
        TRY(q_contract_suspension_cut(
            op, &(struct q_contract_suspension_cut_in){.contract_id = old->id, .to_day = to_day}));
    return audit_contract(op, "contract.state", old, &new);
}

/* What must hold before a contract leaves the draft or works again. */
static enum rc check_ready(struct op *op, const struct contract *c, struct str state)
{
    struct contract_versions versions;
    bool is_live = str_eq(state, STR("active"));
    if (!is_live && !str_eq(state, STR("in_signature")) && !str_eq(state, STR("in_approval")))
        return RC_OK;
    if (is_live && c->to_day <= contract__today(op) && !str_eq(c->state, STR("draft")) &&
        !str_eq(c->state, STR("in_signature")))
        return fail(op, RC_CONFLICT, NULL, M("The contract has ended. Give it a later end first."));
    TRY(contract_versions(op, c->id, &versions));
    if (versions.len == 0)
        return fail(op, RC_CONFLICT, NULL, M("The contract has no terms yet. Add them first."));
    return RC_OK;
}

static enum rc ask_approval(struct op *op, const struct contract *c)
{
    struct partner partner;
    int64_t id;
    TRY(partner_get(op, c->partner_id, &partner));
    struct approval_new ask = {
        .kind = "contract",
        .record_id = c->id,
        .label =
            str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(c->code), STR_ARG(partner.name)),
        .branch_id = SOME(partner.branch_id),
        .note = STR(""),
    };
    return approval_request(op, &ask, &id);
}

enum rc contract__check_arrow(struct op *op, const struct contract *c, struct str state)
{
    bool is_needed = false, is_draft = str_eq(c->state, STR("draft"));
    if (c->archived_at.has)
        return fail(op, RC_CONFLICT, NULL, M("The contract is archived. Restore it first."));
    if (!contract_may_become(c->state, state) || str_eq(c->state, STR("in_approval")))
        return fail(op, RC_CONFLICT, NULL, M("{0}: this step is not possible now."),
                    str_c(op->arena, c->code));
    if (is_draft && !str_eq(state, STR("in_approval")))
        TRY(approval_is_needed(op, "contract", &is_needed));
    if (is_needed)
        return fail(op, RC_CONFLICT, NULL, M("{0} needs an approval first."),
                    str_c(op->arena, c->code));
    if (str_eq(state, STR("expired")) && c->to_day > contract__today(op))
        return fail(op, RC_CONFLICT, NULL, M("The contract has not ended yet."));
    return check_ready(op, c, state);
}

enum rc contract_state_set(struct op *op, int64_t id, int64_t revision, struct str state)
{
    struct contract c;
    if (str_eq(state, STR("terminated")))
        return contract_end(op, id, revision, contract__today(op) + 1);
    if (str_eq(state, STR("suspended")))
        return contract_suspend(op, id, revision, contract__today(op), STR(""));
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract__hold(op, id, &c));
    if (str_eq(c.state, STR("suspended")) && str_eq(state, STR("active"))) {
        TRY(contract_resume(op, id, revision, contract__today(op)));
        return txn_commit(&txn);
    }
    TRY(contract__check_arrow(op, &c, state));
    TRY(contract__put_state(op, &c, revision, state, c.to_day));
    if (str_eq(state, STR("in_approval")))
        TRY(ask_approval(op, &c));
    return txn_commit(&txn);
}

enum rc contract_end(struct op *op, int64_t id, int64_t revision, int64_t to_day)
{
    struct contract c;
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract__hold(op, id, &c));
    TRY(contract__check_arrow(op, &c, STR("terminated")));
    if (to_day <= c.from_day || to_day > c.to_day)
        return fail(op, RC_INVALID, "to_day",
                    M("The end lies between the first and the last day of the contract."));
    TRY(contract__check_free(op, id, "to_day", to_day));
    TRY(contract__put_state(op, &c, revision, STR("terminated"), to_day));
    return txn_commit(&txn);
}

static enum rc on_decided(struct op *op, const struct approval_outcome *outcome)
{
    struct contract c;
    bool is_yes = outcome->state == APPROVAL_APPROVED;
    TRY(contract__hold(op, outcome->record_id, &c));
    return contract__put_state(op, &c, c.revision, is_yes ? STR("in_signature") : STR("draft"),
                               c.to_day);
}

enum rc contract_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct contract c;
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract__hold(op, id, &c));
    if (is_archived && !str_eq(c.state, STR("draft")) && !str_eq(c.state, STR("expired")) &&
        !str_eq(c.state, STR("terminated")))
        return fail(op, RC_CONFLICT, NULL, M("Only a draft or an ended contract can be archived."));
    struct q_contract_archive_in in = {
        .id = id, .revision = revision, .archived_at = is_archived ? SOME(op->now) : NONE};
    TRY(op_stale_if(op, q_contract_archive(op, &in)));
    struct audit_entry entry =
        contract__entry(&c, is_archived ? "contract.archive" : "contract.restore");
    TRY(audit_add_flag(op, &entry, "archived", c.archived_at.has, is_archived));
    return txn_commit(&txn);
}

enum rc contract_expire(struct op *op)
{
    struct ended_row_rows rows;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_contracts_ended(op, &(struct q_contracts_ended_in){.today = contract__today(op)}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(contract_state_set(op, rows.at[i].id, rows.at[i].revision, STR("expired")));
    TRY(txn_commit(&txn));
    return rows.len ? RC_OK : RC_MISSING;
}

/* ---- at start ---- */

const struct job_tick contract_ticks[] = {
    {.name = "contract.expire", .every_us = 10 * US_MINUTE, .run = contract_expire},
    {.name = "contract.settle", .every_us = 10 * US_MINUTE, .run = contract_settle},
    {0},
};

static struct str approval_url(struct op *op, int64_t record_id)
{
    return contract_href(op, record_id);
}

static const struct approval_kind approval = {
    .name = "contract",
    .label = M("Contract"),
    .permission = "contract.approve",
    .is_optional = true,
    .on_decided = on_decided,
    .url = approval_url,
};

static const struct audit_name names[] = {
    {"contract", M("Contract"), "/contracts/", "ctr"},
    {"contract.add", M("Contract added"), NULL, NULL},
    {"contract.edit", M("Contract changed"), NULL, NULL},
    {"contract.state", M("State of the contract changed"), NULL, NULL},
    {"contract.suspend", M("Contract suspended"), NULL, NULL},
    {"contract.resume", M("Contract resumed"), NULL, NULL},
    {"contract.archive", M("Contract archived"), NULL, NULL},
    {"contract.restore", M("Contract restored"), NULL, NULL},
    {"contract.version", M("Supplementary agreement added"), NULL, NULL},
    {"contract.version_edit", M("Terms of the contract changed"), NULL, NULL},
    {"contract.version_remove", M("Supplementary agreement removed"), NULL, NULL},
    {"contract:code", M("Code"), NULL, NULL},
    {"contract:partner", M("Partner"), NULL, NULL},
    {"contract:entity", M("Legal entity"), NULL, NULL},
    {"contract:nature", M("Nature"), NULL, NULL},
    {"contract:signed_day", M("Signed on"), NULL, NULL},
    {"contract:from_day", M("In force from"), NULL, NULL},
    {"contract:to_day", M("First day after the end"), NULL, NULL},
    {"contract:state", M("State"), NULL, NULL},
    {"contract:archived", M("Archived"), NULL, NULL},
    {"contract:suspended_from", M("Suspended from"), NULL, NULL},
    {"contract:resumed_from", M("In force again from"), NULL, NULL},
    {"contract:reason", M("Reason"), NULL, NULL},
    {"contract:version", M("Version"), NULL, NULL},
    {"contract:terms_from", M("Terms in force from"), NULL, NULL},
    {"contract:currency", M("Currency of accrual"), NULL, NULL},
    {"contract:pay_currency", M("Currency of payment"), NULL, NULL},
    {"contract:period", M("Settlement period"), NULL, NULL},
    {"contract:due_days", M("Due, days after the period"), NULL, NULL},
    {"contract:hold_days", M("Held, days after the event"), NULL, NULL},
    {"contract:accept_days", M("Accepted by silence after, days"), NULL, NULL},
    {"contract:minimum", M("Smallest payout"), NULL, NULL},
    {"contract:vat_mode", M("VAT"), NULL, NULL},
    {"contract:documents_by", M("Documents are issued by"), NULL, NULL},
    {"contract:netting", M("Netting clause"), NULL, NULL},
    {"contract:note", M("Note"), NULL, NULL},
    {"contract:schemes", M("Schemes"), NULL, NULL},
    {0},
};

static const struct audit_words words[] = {
    {"contract:nature", contract__natures},
    {"contract:period", contract__periods},
    {"contract:vat_mode", contract__vat_modes},
    {"contract:documents_by", contract__issuers},
    {0},
};

static const struct ui_page pages[] = {
    {UI_PARTNERS, M("Contracts"), "/contracts", "contract.read"},
    {UI_MY_DOCUMENTS, M("Contracts"), "/portal/contracts", "contract.own"},
};

void contract_start(void)
{
    audit_name_declare(names);
    audit_words_declare(words);
    ui_pages_declare(pages, LEN(pages));
    approval_kind_declare(&approval);
    scheme_usage_set(&contract__usage);
}
