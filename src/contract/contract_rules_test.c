/* What contracts and their terms refuse, rule by rule, and how terms read. */
#include "contract/contract_scene.h"
#include "contract/contract_web.h"

/* The outcome, and the field at fault when one is given. */
static bool refused(struct fixture *f, enum rc rc, enum rc want, const char *field)
{
    bool is_right = rc == want;
    if (is_right && field) {
        is_right = false;
        for (size_t i = 0; i < f->op.fault.entries_len; i++)
            if (f->op.fault.entries[i].field && strcmp(f->op.fault.entries[i].field, field) == 0)
                is_right = true;
    }
    fault_clear(&f->op.fault);
    return is_right;
}

static void standing(struct fixture *f)
{
    struct scene s;
    struct contract c, changed;
    int64_t version, other = 0;
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK && set_state(f, id, "active") == RC_OK,
       "a contract is active");
    ok(contract_get(&f->op, id, &c) == RC_OK, "and read");
    changed = c;
    changed.nature = STR("services");
    ok(refused(f, contract_save(&f->op, &changed, &other), RC_INVALID, "nature"),
       "its nature stands");
    struct org_entity entity = {.name = STR("Kontor Lusa"), .country = STR("PT")};
    ok(org_entity_save(&f->op, &entity, &entity.id) == RC_OK, "another legal entity");
    changed = c;
    changed.entity_id = entity.id;
    ok(refused(f, contract_save(&f->op, &changed, &other), RC_INVALID, "entity"),
       "and so does its legal entity");
    ok(org_entity_archive(&f->op, entity.id, 1, true) == RC_OK, "which is archived");
    struct contract fresh = c;
    fresh.id = 0;
    fresh.code = STR("D-2");
    fresh.entity_id = entity.id;
    ok(refused(f, contract_save(&f->op, &fresh, &other), RC_INVALID, "entity"),
       "an archived one concludes no contract");
    changed = c;
    changed.from_day = -1;
    ok(refused(f, contract_save(&f->op, &changed, &other), RC_INVALID, "from_day"),
       "a contract begins on a day of the calendar");
    changed = c;
    changed.signed_day = SOME(day(2025, 12, 24));
    changed.to_day = day(2027, 1, 1);
    ok(contract_save(&f->op, &changed, &other) == RC_OK, "its end may be agreed later");
    ok(refused(f, contract_archive(&f->op, id, changed.revision + 1, true), RC_CONFLICT, NULL),
       "an active contract is not archived");
    ok(set_state(f, id, "terminated") == RC_OK && contract_get(&f->op, id, &c) == RC_OK,
       "it is terminated");
    changed = c;
    changed.to_day = CONTRACT_NO_END;
    ok(refused(f, contract_save(&f->op, &changed, &other), RC_CONFLICT, NULL), "its dates stand");
    changed = c;
    changed.signed_day = NONE;
    ok(contract_save(&f->op, &changed, &other) == RC_OK, "the rest can be put right");
    ok(contract_archive(&f->op, id, c.revision + 1, true) == RC_OK, "then it is archived");
    ok(refused(f, set_state(f, id, "active"), RC_CONFLICT, NULL), "nothing is done with it");
    ok(contract_version_get(&f->op, version, &v) == RC_OK &&
           refused(f, contract_version_save(&f->op, &v, &version), RC_CONFLICT, NULL),
       "its terms stand too");
}

static void moving(struct fixture *f)
{
    struct scene s;
    struct contract c;
    int64_t id, version;
    scene_set(f, &s);
    id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "first terms");
    v.from_day = day(2026, 6, 1);
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "and others from June");
    ok(contract_get(&f->op, id, &c) == RC_OK, "the contract");
    c.from_day = day(2026, 6, 1);
    ok(refused(f, contract_save(&f->op, &c, &id), RC_CONFLICT, "from_day"),
       "does not begin with its second terms");
    ok(contract_version_get(&f->op, version, &v) == RC_OK &&
           refused(f, contract_version_remove(&f->op, version, v.revision + 1), RC_CONFLICT, NULL),
       "terms that somebody else has changed are not removed");
    ok(set_state(f, id, "active") == RC_OK &&
           refused(f, contract_version_remove(&f->op, version, v.revision), RC_CONFLICT, NULL),
       "nor are those that have begun");
    v.id = 0;
    v.from_day = day(2027, 1, 1);
    struct contract_bound bound = {.scheme_id = s.scheme};
    v.schemes = &bound;
    v.schemes_len = 1;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK &&
           contract_version_get(&f->op, version, &v) == RC_OK &&
           contract_version_remove(&f->op, version, v.revision) == RC_OK,
       "those to come go");
    is_i64(fixture_i64(f, "select count(*) from contract_scheme"), 0, "with their schemes");
    ok(contract_version_get(&f->op, version, &v) == RC_MISSING, "for good");
}

static void suspended_twice(struct fixture *f)
{
    struct scene s;
    struct contract c;
    int64_t version, later;
    AUTO_BUF reason = BUF(1000);
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    ok(contract_version_save(&f->op, &v, &version) == RC_OK && set_state(f, id, "active") == RC_OK,
       "a contract is active");
    ok(contract_get(&f->op, id, &c) == RC_OK, "and read");
    later = contract__today(&f->op) + 10;
    buf_printf(&reason, "%0501d", 1);
    ok(refused(f, contract_suspend(&f->op, id, c.revision, later, buf_str(&reason)), RC_INVALID,
               "reason"),
       "a reason has at most five hundred characters");
    ok(contract_suspend(&f->op, id, c.revision, later, STR_NONE) == RC_OK &&
           contract_get(&f->op, id, &c) == RC_OK && str_eq(c.state, STR("active")),
       "what will be suspended is active until then");
    ok(refused(f, contract_suspend(&f->op, id, c.revision, later + 5, STR("")), RC_CONFLICT,
               "from_day"),
       "and is not suspended once more");
}

/* ---- terms ---- */

static void wrong_terms(struct fixture *f)
{
    struct scene s;
    struct contract_version v;
    int64_t id, version;
    AUTO_BUF note = BUF(4000);
    buf_printf(&note, "%02001d", 1);
    scene_set(f, &s);
    id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    v = scene_terms(id, day(2026, 1, 1));
    v.period_kind = (enum period_kind)9;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "period_kind"),
       "a period is one of the five");
    v.period_kind = period_kind_find(STR("fortnight"));
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "period_kind"),
       "and a word for another is none");
    v = scene_terms(id, day(2026, 1, 1));
    v.minimum_minor = -1;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "minimum"),
       "the smallest payout is not below zero");
    v = scene_terms(id, day(2026, 1, 1));
    v.documents_by = STR("nobody");
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "documents_by"),
       "somebody issues the documents");
    v = scene_terms(id, day(2026, 1, 1));
    v.note = buf_str(&note);
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "note"),
       "a note has a limit");
    v = scene_terms(id, day(2026, 1, 1));
    v.hold_days = 100000;
    v.accept_days = -1;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "hold_days") &&
           refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "accept_days"),
       "days have a limit at both ends");
    v = scene_terms(id, day(2025, 12, 1));
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "from_day"),
       "terms do not begin before the contract");
    v = scene_terms(id, day(2026, 1, 1));
    v.id = 999;
    ok(contract_version_save(&f->op, &v, &version) == RC_MISSING, "only what is there is changed");
    v = scene_terms(id, day(2026, 1, 1));
    v.pay_currency = NULL;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK &&
           contract_version_get(&f->op, version, &v) == RC_OK && v.pay_currency == v.currency,
       "without a currency of payment it is that of accrual");
}

static void bound_schemes(struct fixture *f)
{
    struct scene s;
    struct contract_version v;
    struct scheme_info info = {.code = STR("EMPTY"), .name = STR("Without a version")};
    int64_t id, version, empty;
    scene_set(f, &s);
    id = scene_contract(f, &s, "D-1", day(2026, 1, 1), CONTRACT_NO_END);
    ok(scheme_save(&f->op, &info, &empty) == RC_OK, "a scheme without a version");
    struct contract_bound one = {.scheme_id = empty},
                          twice[] = {{.scheme_id = s.scheme}, {.scheme_id = s.scheme}};
    v = scene_terms(id, day(2026, 1, 1));
    v.schemes = &one;
    v.schemes_len = 1;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "schemes"),
       "is not bound");
    v.schemes = twice;
    v.schemes_len = 2;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID, "schemes"),
       "nor is one twice");
    struct contract_term terms[] = {{STR("beverages rate"), STR("0.01")},
                                    {STR("beverages rate"), STR("0.02")}};
    one = (struct contract_bound){.scheme_id = s.scheme, .terms = terms, .terms_len = 2};
    v.schemes = &one;
    v.schemes_len = 1;
    ok(refused(f, contract_version_save(&f->op, &v, &version), RC_INVALID,
               "term:REPS:beverages rate"),
       "an attribute has one value");
    one.terms_len = 1;
    one.combine = CONTRACT_HIGHEST;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "then it is bound");
    ok(contract_version_get(&f->op, version, &v) == RC_OK &&
           v.schemes[0].combine == CONTRACT_HIGHEST,
       "with how it counts beside others");
    v.schemes[0].combine = CONTRACT_FIRST;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK &&
           contract_version_get(&f->op, version, &v) == RC_OK &&
           v.schemes[0].combine == CONTRACT_FIRST,
       "which can be changed");
    is_i64(fixture_i64(f, "select count(*) from audit_change where field = 'schemes' and after = "
                          "'REPS (first)'"),
           1, "and the journal knows");
    v.schemes[0].combine = (enum contract_combine)0;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK &&
           contract_version_get(&f->op, version, &v) == RC_OK &&
           v.schemes[0].combine == CONTRACT_ADD,
       "without a word it is added");
    for (enum contract_combine how = CONTRACT_ADD; how <= CONTRACT_FIRST; how++)
        ok(contract_combine_find(str_of(contract_combine_name(how))) == how &&
               contract_combine_label(how),
           "a way to combine is known by its word");
    ok(!contract_combine_find(STR("lowest")) && !contract_combine_label((enum contract_combine)0) &&
           contract_combine_find(STR("add")) == CONTRACT_ADD,
       "what is none is not");
    ok(scheme_get(&f->op, s.scheme, &info) == RC_OK &&
           scheme_archive(&f->op, s.scheme, info.revision, true) == RC_OK,
       "the scheme is archived");
    ok(contract_version_get(&f->op, version, &v) == RC_OK, "the terms");
    v.due_days = 30;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK, "keep it when they are changed");
}

static bool says(const struct contract__terms *terms, const char *label, const char *text)
{
    for (size_t i = 0; i < terms->facts.len; i++)
        if (strcmp(terms->facts.at[i].label, label) == 0)
            return str_eq(terms->facts.at[i].text, str_of(text));
    return false;
}

static void reading(struct fixture *f)
{
    struct scene s;
    struct contract__terms terms = {0};
    scene_set(f, &s);
    int64_t id = scene_contract(f, &s, "D-1", day(2026, 1, 1), day(2026, 3, 1)), version;
    struct contract_bound bound = {.scheme_id = s.scheme};
    struct contract_version v = scene_terms(id, day(2026, 1, 1));
    v.pay_currency = currency_find(STR("USD"));
    v.hold_days = 14;
    v.accept_days = 1;
    v.minimum_minor = 5000;
    v.has_netting = true;
    v.schemes = &bound;
    v.schemes_len = 1;
    ok(contract_version_save(&f->op, &v, &version) == RC_OK &&
           contract_version_get(&f->op, version, &v) == RC_OK &&
           contract__terms_make(&f->op, &v, false, &terms) == RC_OK,
       "terms of a contract that is over can be read");
    ok(terms.schemes.len == 1 && terms.schemes.at[0].values.len > 0,
       "with the values of the last day");
    ok(says(&terms, "Currency of payment", "USD") &&
           says(&terms, "Held, days after the event", "14 days") &&
           says(&terms, "Accepted by silence after, days", "1 day") &&
           says(&terms, "Netting clause", "Yes") && says(&terms, "Settlement period", "Monthly"),
       "and everything that was agreed");
    static const struct {
        enum period_kind kind;
        int anchor;
        const char *words;
    } periods[] = {{PERIOD_WEEK, 3, "Weekly, from Wednesday"},
                   {PERIOD_MONTH, 15, "Monthly, from day 15"},
                   {PERIOD_QUARTER, 215, "Quarterly, from day 15 of February"},
                   {PERIOD_YEAR, 401, "Yearly, from day 1 of April"}};
    for (size_t i = 0; i < LEN(periods); i++) {
        v.period_kind = periods[i].kind;
        v.period_anchor = periods[i].anchor;
        ok(contract__terms_make(&f->op, &v, true, &terms) == RC_OK &&
               says(&terms, "Settlement period", periods[i].words),
           periods[i].words);
    }
    v.from_day = contract__today(&f->op) + 30;
    v.to_day = v.from_day + 30;
    ok(contract__terms_make(&f->op, &v, true, &terms) == RC_OK && terms.schemes.len == 1,
       "terms to come are read as they will be");
}

int main(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {7};
    pid_key_set(key);
    scene_start();
    fixture_each(standing);
    fixture_each(moving);
    fixture_each(suspended_twice);
    fixture_each(wrong_terms);
    fixture_each(bound_schemes);
    fixture_each(reading);
    return done_testing();
}
