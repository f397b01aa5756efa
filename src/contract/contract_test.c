/* Contracts as records: fields, states, dates, versions with schemes and individual values, and
 * what a run gets of them. */
#include "contract/contract_scene.h"

/* ---- the record ---- */

static bool has_fault(struct fixture *f, const char *field)
{
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        if (f->op.fault.entries[i].field && strcmp(f->op.fault.entries[i].field, field) == 0)
            return true;
    return false;
}

static void saving(struct fixture *f)
{
    struct scene s;
    struct contract c, bad = {.code = STR("a b"), .nature = STR("marriage"), .to_day = -1};
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-9", day(2026, 1, 1), CONTRACT_NO_END), other = 0;
    ok(contract_get(&f->op, id, &c) == RC_OK && str_eq(c.state, STR("draft")),
       "a new contract is a draft");
    ok(contract_by_code(&f->op, STR("d-9"), &c) == RC_OK && c.id == id,
       "it is found by its code, whatever the case");
    ok(contract_save(&f->op, &bad, &other) == RC_INVALID, "nonsense is refused");
    ok(has_fault(f, "code") && has_fault(f, "nature") && has_fault(f, "partner") &&
           has_fault(f, "entity") && has_fault(f, "to_day"),
       "with every wrong field named");
    fault_clear(&f->op.fault);
    struct contract twin = c;
    twin.id = 0;
    twin.code = STR("D-9");
    ok(contract_save(&f->op, &twin, &other) == RC_CONFLICT && has_fault(f, "code"),
       "a code is unique");
    fault_clear(&f->op.fault);
    struct contract moved = c;
    moved.partner_id = s.other_partner;
    ok(contract_save(&f->op, &moved, &other) == RC_INVALID && has_fault(f, "partner"),
       "a contract stays with its partner");
    fault_clear(&f->op.fault);
    c.nature = STR("services");
    ok(contract_save(&f->op, &c, &other) == RC_OK, "a draft changes its nature");
    ok(contract_save(&f->op, &c, &other) == RC_CONFLICT, "an older revision is a conflict");
    fault_clear(&f->op.fault);
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'contract.edit'"), 1,
           "the change is in the journal once");
}

static void sorting(struct fixture *f)
{
    struct arena *a = f->arena;
    struct str nine = contract__code_sort(a, STR("D-9")), ten = contract__code_sort(a, STR("D-10"));
    ok(str_cmp(nine, ten) < 0, "D-9 stands before D-10");
    ok(str_cmp(contract__code_sort(a, STR("2")), contract__code_sort(a, STR("10"))) < 0,
       "2 stands before 10");
    ok(str_cmp(contract__code_sort(a, STR("a1b2")), contract__code_sort(a, STR("A1B10"))) < 0,
       "also in the middle, whatever the case");
    ok(str_eq(contract__code_sort(a, STR("D-007")), contract__code_sort(a, STR("D-7"))),
       "zeros in front do not count");
    ok(str_cmp(contract__code_sort(a, STR("D-0")), contract__code_sort(a, STR("D-1"))) < 0,
       "zero is a number");
}

/* ---- states ---- */

static void states(struct fixture *f)
{
    struct scene s;
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), day(2026, 12, 1)), version;
    ok(set_state(f, id, "active") == RC_CONFLICT, "without terms a contract does not start");
    fault_clear(&f->op.fault);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "it gets terms");
    ok(set_state(f, id, "suspended") == RC_CONFLICT, "a draft cannot be suspended");
    fault_clear(&f->op.fault);
    ok(set_state(f, id, "active") == RC_OK, "it becomes active");
    ok(set_state(f, id, "draft") == RC_CONFLICT, "and never a draft again");
    fault_clear(&f->op.fault);
    ok(set_state(f, id, "suspended") == RC_OK && set_state(f, id, "active") == RC_OK,
       "it is suspended and resumed");
    ok(set_state(f, id, "expired") == RC_CONFLICT, "it does not expire before its end");
    fault_clear(&f->op.fault);
    ok(contract_expire(&f->op) == RC_MISSING, "and the tick leaves it alone");
    f->op.now += 61 * US_DAY;
    enum rc first = contract_expire(&f->op), again = contract_expire(&f->op);
    ok(first == RC_OK && again == RC_MISSING, "after its last day the tick expires it, once");
    ok(set_state(f, id, "active") == RC_CONFLICT, "an ended contract does not resume");
    fault_clear(&f->op.fault);
    struct contract c;
    ok(contract_get(&f->op, id, &c) == RC_OK, "it is there still");
    c.to_day = CONTRACT_NO_END;
    ok(contract_save(&f->op, &c, &id) == RC_OK && set_state(f, id, "active") == RC_OK,
       "unless it is prolonged");
    ok(contract_get(&f->op, id, &c) == RC_OK &&
           contract_end(&f->op, id, c.revision, c.from_day) == RC_INVALID,
       "it cannot end before it began");
    fault_clear(&f->op.fault);
    ok(set_state(f, id, "terminated") == RC_OK && contract_get(&f->op, id, &c) == RC_OK &&
           c.to_day == zone_date(f->op.zone, f->op.now).days + 1,
       "terminated, today is its last day");
    ok(contract_archive(&f->op, id, c.revision, true) == RC_OK, "then it can be archived");
}

static void approving(struct fixture *f)
{
    struct scene s;
    struct contract c;
    struct approval approval;
    int64_t version;
    scene_set(f, &s);
    ok(setting_set(&f->op, "approval.contract", STR("true")) == RC_OK, "approvals are on");
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "a contract has terms");
    ok(set_state(f, id, "active") == RC_CONFLICT, "nothing leads around the approval");
    fault_clear(&f->op.fault);
    ok(set_state(f, id, "in_approval") == RC_OK, "it is submitted");
    ok(set_state(f, id, "in_signature") == RC_CONFLICT, "which only a decision ends");
    fault_clear(&f->op.fault);
    ok(contract_version_get(&f->op, version, &v) == RC_OK &&
           contract_version_save(&f->op, &v, &version) == RC_CONFLICT,
       "its terms stand meanwhile");
    fault_clear(&f->op.fault);
    ok(approval_state(&f->op, "contract", id, &approval) == RC_OK &&
           approval_approve(&f->op, approval.id, STR("")) == RC_OK &&
           contract_get(&f->op, id, &c) == RC_OK && str_eq(c.state, STR("in_signature")),
       "approved, it goes to be signed");
    ok(set_state(f, id, "active") == RC_OK, "and becomes active");
}

/* ---- versions ---- */

static void versions(struct fixture *f)
{
    struct scene s;
    struct contract_versions all;
    int64_t first, second, third;
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), day(2027, 1, 1));
    struct contract_version v = scene_terms(id, day(2026, 2, 1));
    ok(contract_version_save(&f->op, &v, &first) == RC_INVALID && has_fault(f, "from_day"),
       "the first terms begin with the contract");
    fault_clear(&f->op.fault);
    v.from_day = day(2026, 1, 1);
    ok(contract_version_save(&f->op, &v, &first) == RC_OK, "then they are taken");
    ok(contract_version_save(&f->op, &v, &second) == RC_INVALID,
       "two versions do not begin on one day");
    fault_clear(&f->op.fault);
    v.from_day = day(2027, 1, 1);
    ok(contract_version_save(&f->op, &v, &second) == RC_INVALID, "nor after the end");
    fault_clear(&f->op.fault);
    v.from_day = day(2026, 11, 1);
    v.note = STR("Agreement 1");
    ok(contract_version_save(&f->op, &v, &second) == RC_OK, "a supplementary agreement follows");
    v.from_day = day(2026, 12, 1);
    ok(contract_version_save(&f->op, &v, &third) == RC_OK, "and another one");
    ok(contract_versions(&f->op, id, &all) == RC_OK && all.len == 3 &&
           all.at[0].to_day == day(2026, 11, 1) && all.at[1].to_day == day(2026, 12, 1) &&
           all.at[2].to_day == day(2027, 1, 1),
       "each ends where the next begins, the last with the contract");
    ok(contract_version_on(&all, day(2026, 10, 31))->number == 1 &&
           contract_version_on(&all, day(2026, 11, 1))->number == 2 &&
           contract_version_on(&all, day(2020, 1, 1))->number == 1,
       "a day has the version that began last");
    struct contract c;
    ok(contract_get(&f->op, id, &c) == RC_OK, "the contract");
    c.to_day = day(2026, 12, 1);
    ok(contract_save(&f->op, &c, &id) == RC_CONFLICT, "cannot end before its last version begins");
    fault_clear(&f->op.fault);
    ok(contract_version_remove(&f->op, third, all.at[2].revision) == RC_OK,
       "a version that has not begun goes");
    ok(contract_save(&f->op, &c, &id) == RC_OK, "then it can");
    c.revision++;
    c.from_day = day(2026, 3, 1);
    ok(contract_save(&f->op, &c, &id) == RC_OK && contract_versions(&f->op, id, &all) == RC_OK &&
           all.at[0].from_day == day(2026, 3, 1),
       "the first version moves along with the contract's beginning");
    ok(contract_version_remove(&f->op, first, all.at[0].revision) == RC_CONFLICT, "and stays");
    fault_clear(&f->op.fault);
    ok(contract_version_get(&f->op, second, &v) == RC_OK, "a version is changed");
    v.period_anchor = 40;
    v.due_days = -1;
    v.vat_mode = STR("maybe");
    v.currency = NULL;
    ok(contract_version_save(&f->op, &v, &second) == RC_INVALID && has_fault(f, "period_anchor") &&
           has_fault(f, "due_days") && has_fault(f, "vat_mode") && has_fault(f, "currency"),
       "every wrong field is named");
}

static int64_t free_day;

static enum rc guard(struct op *op, int64_t contract_id, int64_t *out)
{
    (void)op;
    (void)contract_id;
    *out = free_day;
    return RC_OK;
}

static void guarded(struct fixture *f)
{
    struct scene s;
    int64_t first, second;
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &first) == RC_OK && set_state(f, id, "active") == RC_OK,
       "an active contract");
    free_day = day(2026, 9, 1);
    contract_version_guard_set(guard);
    ok(contract_version_get(&f->op, first, &v) == RC_OK &&
           contract_version_save(&f->op, &v, &first) == RC_CONFLICT,
       "terms that rewards were posted by stand");
    fault_clear(&f->op.fault);
    v.id = 0;
    v.from_day = day(2026, 8, 31);
    ok(contract_version_save(&f->op, &v, &second) == RC_CONFLICT,
       "none is added in a posted period");
    ok(has_fault(f, "from_day"), "the fault names the day");
    fault_clear(&f->op.fault);
    v.from_day = day(2026, 9, 1);
    ok(contract_version_save(&f->op, &v, &second) == RC_OK, "from the first free day it is");
    struct contract c;
    ok(contract_get(&f->op, id, &c) == RC_OK &&
           contract_end(&f->op, id, c.revision, day(2026, 8, 1)) == RC_CONFLICT,
       "the contract does not end in a posted period");
    fault_clear(&f->op.fault);
    c.from_day = day(2026, 2, 1);
    ok(contract_save(&f->op, &c, &id) == RC_CONFLICT, "nor begin in another");
    contract_version_guard_set(NULL);
}

/* ---- individual values ---- */

static enum rc save_value(struct fixture *f, struct contract_version v, int64_t scheme,
                          const char *name, const char *value, int64_t *out)
{
    struct contract_term term = {str_of(name), str_of(value)};
    struct contract_bound bound = {.scheme_id = scheme, .terms = &term, .terms_len = 1};
    v.schemes = &bound;
    v.schemes_len = 1;
    fault_clear(&f->op.fault);
    return contract_version_save(&f->op, &v, out);
}

static void values(struct fixture *f)
{
    struct scene s;
    struct contract_version v, got = {0};
    int64_t id, version;
    scene_set(f, &s);
    id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    v = scene_terms(id, day(2026, 1, 1));
    ok(save_value(f, v, s.scheme, "beverages rate", "0,05", &version) == RC_INVALID &&
           has_fault(f, "term:REPS:beverages rate"),
       "0,05 is not a number, and the fault names the attribute");
    ok(save_value(f, v, s.scheme, "beverages rate", "1.5", &version) == RC_INVALID,
       "a value over the scheme's bound is refused");
    ok(save_value(f, v, s.scheme, "whisky rate", "0.05", &version) == RC_INVALID,
       "an attribute that the scheme does not have is refused");
    ok(save_value(f, v, 999, "beverages rate", "0.05", &version) == RC_INVALID &&
           has_fault(f, "schemes"),
       "so is a scheme that does not exist");
    ok(save_value(f, v, s.scheme, "beverages rate", "0.050", &version) == RC_OK &&
           contract_version_get(&f->op, version, &got) == RC_OK && got.schemes_len == 1 &&
           got.schemes[0].terms_len == 1,
       "a right value is taken");
    assert(got.schemes);
    is_str(got.schemes[0].terms[0].value, "0.05", "in its canonical form");
    int64_t bound_id = got.schemes[0].id;
    ok(save_value(f, got, s.scheme, "beverages rate", "0.07", &version) == RC_OK &&
           contract_version_get(&f->op, version, &got) == RC_OK && got.schemes[0].id == bound_id,
       "a changed value keeps its binding");
    is_i64(fixture_i64(f, "select count(*) from audit_change c join audit a on a.id = c.audit_id "
                          "where a.action = 'contract.version_edit' and c.field = "
                          "'REPS: beverages rate' and c.before = '0.05' and c.after = '0.07'"),
           1, "the journal has the old value and the new one");
    ok(save_value(f, got, s.scheme, "beverages rate", " ", &version) == RC_OK &&
           contract_version_get(&f->op, version, &got) == RC_OK && got.schemes[0].terms_len == 0,
       "an empty value is the scheme's default");
    got.schemes_len = 0;
    ok(contract_version_save(&f->op, &got, &version) == RC_OK &&
           fixture_i64(f, "select count(*) from contract_scheme") == 0,
       "a scheme is unbound");
    struct scheme_info info;
    ok(scheme_get(&f->op, s.scheme, &info) == RC_OK &&
           scheme_archive(&f->op, s.scheme, info.revision, true) == RC_OK &&
           contract_version_get(&f->op, version, &got) == RC_OK &&
           save_value(f, got, s.scheme, "beverages rate", "0.05", &version) == RC_INVALID,
       "an archived scheme is not bound");
}

/* ---- for runs ---- */

static void scopes(struct fixture *f)
{
    struct scene s;
    struct contract c;
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct op kept = f->op;
    f->op.actor = (struct actor){.kind = ACTOR_PARTNER, .user_id = 5, .partner_id = s.partner};
    ok(contract_get(&f->op, id, &c) == RC_OK, "a partner sees its contract");
    f->op.actor.partner_id = s.other_partner;
    ok(contract_get(&f->op, id, &c) == RC_MISSING, "another one does not");
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 6};
    ok(contract_get(&f->op, id, &c) == RC_MISSING, "nor staff of no branch");
    ok(contract_save(&f->op, &c, &id) == RC_DENIED, "saving needs contract.edit");
    f->op.actor = kept.actor;
}

static void add_live(struct fixture *f, const struct scene *s, const char *code, int64_t from,
                     int64_t to, const char *rate)
{
    int64_t id = scene_contract(f, s, code, from, to), version;
    struct contract_version v = scene_terms(id, from);
    if (save_value(f, v, s->scheme, "beverages rate", rate, &version) != RC_OK ||
        set_state(f, id, "active") != RC_OK)
        ok(false, "a contract is active");
}

static void for_runs(struct fixture *f)
{
    struct scene s;
    struct contract_terms_list list;
    struct contract c;
    int64_t version;
    scene_set(f, &s);
    add_live(f, &s, "D-10", day(2026, 1, 1), CONTRACT_NO_END, "0.01");
    add_live(f, &s, "D-9", day(2026, 5, 15), CONTRACT_NO_END, "0.02");
    add_live(f, &s, "D-2", day(2026, 1, 1), day(2026, 5, 1), "0.03");
    add_live(f, &s, "D-3", day(2026, 6, 1), CONTRACT_NO_END, "0.04");
    add_live(f, &s, "D-4", day(2026, 1, 1), CONTRACT_NO_END, "0.05");
    (void)scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    ok(contract_by_code(&f->op, STR("D-10"), &c) == RC_OK, "one of them");
    struct contract_version v = scene_terms(c.id, day(2026, 5, 20));
    ok(save_value(f, v, s.scheme, "beverages rate", "0.11", &version) == RC_OK, "changes in May");
    v.from_day = day(2026, 6, 1);
    ok(save_value(f, v, s.scheme, "beverages rate", "0.12", &version) == RC_OK, "and in June");
    ok(contract_by_code(&f->op, STR("D-4"), &c) == RC_OK &&
           contract_suspend(&f->op, c.id, c.revision, day(2026, 4, 15), STR("")) == RC_OK,
       "another is suspended since April");
    ok(contract_terms_in(&f->op, day(2026, 5, 1), day(2026, 6, 1), 0, &list) == RC_OK &&
           list.len == 2,
       "May has the contracts that overlap it; no drafts, none suspended on all its days");
    ok(str_eq(list.at[0].code, STR("D-9")) && str_eq(list.at[1].code, STR("D-10")),
       "in the order of their numbers");
    ok(list.at[1].versions_len == 2 && list.at[1].versions[0].to_day == day(2026, 5, 20) &&
           list.at[1].versions[1].to_day == day(2026, 6, 1),
       "with the versions that overlap it, each with its end");
    is_str(list.at[1].versions[0].schemes[0].terms[0].value, "0.01",
           "with the values of the first");
    is_str(list.at[1].versions[1].schemes[0].terms[0].value, "0.11", "and of the second");
    is_str(list.at[0].versions[0].schemes[0].scheme_code, "REPS", "with the scheme's code");
    is_str(list.at[0].partner_code, "P-1", "with the partner's code");
    ok(contract_by_code(&f->op, STR("D-10"), &c) == RC_OK &&
           contract_terms_in(&f->op, day(2026, 5, 1), day(2026, 6, 1), c.id, &list) == RC_OK &&
           list.len == 1 && list.at[0].versions_len == 2,
       "one contract alone is the same");
    is_str(list.at[0].versions[1].schemes[0].terms[0].value, "0.11", "with its values");
    ok(contract_terms_in(&f->op, day(2026, 4, 30), day(2026, 5, 1), 0, &list) == RC_OK &&
           list.len == 2 && str_eq(list.at[0].code, STR("D-2")),
       "the last day of April has the one that ended with it");
    ok(contract_terms_in(&f->op, day(2025, 1, 1), day(2026, 1, 1), 0, &list) == RC_OK &&
           list.len == 0,
       "before all of them there is none");
}

/* Straight into the tables: what matters is how many queries reading takes. */
static void thousands(struct fixture *f)
{
    struct scene s;
    struct contract_terms_list list;
    scene_set(f, &s);
    add_live(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END, "0.01");
    fixture_sql(f, "insert into contract (code, code_fold, code_sort, partner_id, entity_id, "
                   "nature, state, from_day, to_day, created_at) with recursive n (i) as (select 2 "
                   "union all select i + 1 from n where i < 3000) select 'D-' || i, 'd-' || i, "
                   "'d-' || (100000 + i), partner_id, entity_id, nature, state, from_day, to_day, "
                   "created_at from contract, n where code = 'D-1'");
    fixture_sql(f, "insert into contract_version (contract_id, partner_id, number, from_day, "
                   "currency, pay_currency, period_kind, created_at) select c.id, c.partner_id, 1, "
                   "c.from_day, 'EUR', 'EUR', 'month', 0 from contract c where c.code <> 'D-1'");
    fixture_sql(f, "insert into contract_scheme (version_id, contract_id, partner_id, scheme_id) "
                   "select v.id, v.contract_id, v.partner_id, s.id from contract_version v, "
                   "scheme s where v.contract_id in (select id from contract where code <> 'D-1')");
    fixture_sql(f, "insert into contract_term (contract_scheme_id, partner_id, name, value) "
                   "select u.id, u.partner_id, 'other rate', '0.' || (u.contract_id + 1000) from "
                   "contract_scheme u where u.contract_id in (select id from contract where code "
                   "<> 'D-1')");
    db_faulty_arm(f->db, 1000000, DB_FAIL_BUSY);
    ok(contract_terms_in(&f->op, day(2026, 5, 1), day(2026, 6, 1), 0, &list) == RC_OK &&
           list.len == 3000,
       "three thousand contracts are read");
    ok(db_faulty_seen(f->db) <= 5, "in a handful of queries");
    bool is_right = true;
    for (size_t i = 1; i < list.len; i++) {
        struct str want = str_printf(f->arena, "0.%lld", (long long)list.at[i].id + 1000);
        const struct contract_terms *t = &list.at[i];
        is_right = is_right && t->versions_len == 1 && t->versions[0].schemes_len == 1 &&
                   t->versions[0].schemes[0].terms_len == 1 &&
                   str_eq(t->versions[0].schemes[0].terms[0].value, want);
    }
    ok(is_right, "each with its own version, scheme and value");
}

/* Whatever statement fails, terms are as before or as they should be. */
static void faults(struct fixture *f)
{
    struct scene s;
    struct contract_version v, got;
    int64_t id, version = 0;
    scene_set(f, &s);
    id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    ok(save_value(f, scene_terms(id, day(2026, 1, 1)), s.scheme, "beverages rate", "0.05",
                  &version) == RC_OK,
       "a contract has terms");
    for (int n = 1;; n++) {
        fault_clear(&f->op.fault);
        if (contract_version_get(&f->op, version, &v) != RC_OK)
            ok(false, "the version is there");
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        enum rc rc = save_value(f, v, s.scheme, "beverages rate", "0.06", &version);
        bool fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        if (!fired) {
            ok(rc == RC_OK, "without a failure they change");
            ok(n > 8, "after many statements that could fail");
            break;
        }
        fault_clear(&f->op.fault);
        if (rc == RC_OK || contract_version_get(&f->op, version, &got) != RC_OK ||
            !str_eq(got.schemes[0].terms[0].value, STR("0.05")))
            ok(false, "a failed statement changes nothing");
    }
}

int main(void)
{
    scene_start();
    fixture_each(saving);
    fixture_each(sorting);
    fixture_each(states);
    fixture_each(approving);
    fixture_each(versions);
    fixture_each(guarded);
    fixture_each(values);
    fixture_each(scopes);
    fixture_each(for_runs);
    fixture_each(thousands);
    fixture_each(faults);
    return done_testing();
}
