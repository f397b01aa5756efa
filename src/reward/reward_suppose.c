/* Hypotheses: a draft instead of the stored versions of a scheme, another scheme for a contract,
 * another value of an attribute. They change what a calculation finds, never what is stored: terms
 * of contracts are rewritten in its memory, versions and defaults are asked for here. */
#include "reward/reward_calc.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

static bool is_about(const struct reward_supposition *s, const struct contract_terms *contract)
{
    return (s->contract_id == 0 || s->contract_id == contract->id) &&
           (s->partner_id == 0 || s->partner_id == contract->partner_id);
}

static bool is_of_everybody(const struct reward_supposition *s)
{
    return s->contract_id == 0 && s->partner_id == 0;
}

/* The draft that stands for a scheme's versions; NULL: none. */
static const struct reward_supposition *draft_of(const struct reward__calc *calc, int64_t scheme_id)
{
    for (size_t i = calc->ask->suppositions_len; i > 0; i--) {
        const struct reward_supposition *s = &calc->ask->suppositions[i - 1];
        if (s->what == REWARD_SUPPOSE_VERSION && s->scheme_id == scheme_id)
            return s;
    }
    return NULL;
}

enum rc reward__versions(struct reward__calc *calc, int64_t scheme_id, int64_t from_at,
                         int64_t to_at, struct scheme_versions *out)
{
    const struct reward_supposition *draft = draft_of(calc, scheme_id);
    if (!draft)
        return scheme_versions_in_force(calc->op, scheme_id, from_at, to_at, out);
    struct scheme_version version = {.id = draft->version_id,
                                     .scheme_id = scheme_id,
                                     .state = STR("draft"),
                                     .sha256 = STR(""),
                                     .note = STR(""),
                                     .valid_from = SOME(from_at)};
    VEC_PUSH(calc->arena, out, version);
    return RC_OK;
}

enum rc reward__model_of(struct reward__calc *calc, const struct scheme_version *version,
                         const struct scheme **out)
{
    const struct reward_supposition *draft = draft_of(calc, version->scheme_id);
    if (!draft)
        return scheme_version_load(calc->op, version->id, out);
    *out = draft->scheme;
    return RC_OK;
}

struct str reward__term_text(const struct reward__calc *calc, const struct reward__segment *segment,
                             const struct scheme_attribute *attribute)
{
    const struct contract_bound *bound = segment->bound;
    for (size_t i = 0; i < (bound ? bound->terms_len : 0); i++)
        if (str_eq(bound->terms[i].name, attribute->name))
            return bound->terms[i].value;
    for (size_t i = calc->supposed.len; i > 0; i--) {
        const struct reward_supposition *s = &calc->supposed.at[i - 1];
        if (s->what == REWARD_SUPPOSE_VALUE && is_of_everybody(s) &&
            s->scheme_id == segment->scheme_version.scheme_id && str_eq(s->name, attribute->name))
            return s->value;
    }
    return attribute->fallback;
}

/* ---- checking ---- */

/* The text that the period's end is computed with, else the one that is nearest to it. */
static enum rc model_for(struct reward__calc *calc, int64_t scheme_id, const struct scheme **out)
{
    struct scheme_versions versions = {0};
    struct scheme_version version;
    const struct span *span = &calc->calculation->span;
    TRY(reward__versions(calc, scheme_id, span->start_us, span->end_us, &versions));
    if (versions.len > 0)
        return reward__model_of(calc, &versions.at[versions.len - 1], out);
    TRY(scheme_version_for(calc->op, scheme_id, span->start_us, &version));
    return scheme_version_load(calc->op, version.id, out);
}

static enum rc check_value(struct reward__calc *calc, struct reward_supposition *s)
{
    const struct scheme *scheme = NULL;
    TRY(model_for(calc, s->scheme_id, &scheme));
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        if (!str_eq(scheme->attributes[i].name, s->name))
            continue;
        const char *wrong =
            scheme_value_check(calc->arena, &scheme->attributes[i], s->value, &s->value);
        return wrong ? fail(calc->op, RC_INVALID, "scheme", wrong) : RC_OK;
    }
    return fail(calc->op, RC_INVALID, "scheme", M("The scheme has no attribute {0}."),
                str_c(calc->arena, s->name));
}

/* ---- what contracts are bound to ---- */

/* At the place of the first that goes; a scheme is bound once. */
static void bind(struct reward__calc *calc, struct contract_version *version,
                 const struct reward_supposition *s, const struct scheme_info *other)
{
    struct contract_bound *kept =
        NEW_ARRAY(calc->arena, struct contract_bound, version->schemes_len);
    size_t len = 0;
    bool is_there = false, is_changed = false;
    for (size_t i = 0; i < version->schemes_len; i++)
        is_there = is_there || version->schemes[i].scheme_id == s->other_id;
    for (size_t i = 0; i < version->schemes_len; i++) {
        const struct contract_bound *bound = &version->schemes[i];
        bool goes = (s->scheme_id == 0 || bound->scheme_id == s->scheme_id) &&
                    bound->scheme_id != s->other_id;
        if (!goes)
            kept[len++] = *bound;
        else if (!is_there && !is_changed)
            kept[len++] = (struct contract_bound){
                .scheme_id = other->id, .scheme_code = other->code, .scheme_name = other->name};
        is_changed = is_changed || goes;
    }
    version->schemes = kept;
    version->schemes_len = len;
}

static void give_value(struct reward__calc *calc, struct contract_bound *bound,
                       const struct reward_supposition *s)
{
    struct contract_term *terms =
        NEW_ARRAY(calc->arena, struct contract_term, bound->terms_len + 1);
    size_t len = 0;
    for (size_t i = 0; i < bound->terms_len; i++)
        if (!str_eq(bound->terms[i].name, s->name))
            terms[len++] = bound->terms[i];
    terms[len++] = (struct contract_term){s->name, s->value};
    bound->terms = terms;
    bound->terms_len = len;
}

static enum rc suppose_bound(struct reward__calc *calc, const struct reward_supposition *s,
                             struct contract_terms_list *list)
{
    struct scheme_info other;
    TRY(scheme_get(calc->op, s->other_id, &other));
    for (size_t i = 0; i < list->len; i++)
        for (size_t v = 0; is_about(s, &list->at[i]) && v < list->at[i].versions_len; v++)
            bind(calc, &list->at[i].versions[v], s, &other);
    return RC_OK;
}

static void suppose_value(struct reward__calc *calc, const struct reward_supposition *s,
                          struct contract_terms_list *list)
{
    if (is_of_everybody(s) && !s->is_for_all)
        return; /* a default: see reward__term_text */
    for (size_t i = 0; i < list->len; i++)
        for (size_t v = 0; is_about(s, &list->at[i]) && v < list->at[i].versions_len; v++) {
            struct contract_version *version = &list->at[i].versions[v];
            for (size_t k = 0; k < version->schemes_len; k++)
                if (version->schemes[k].scheme_id == s->scheme_id)
                    give_value(calc, &version->schemes[k], s);
        }
}

enum rc reward__suppose(struct reward__calc *calc, struct contract_terms_list *list)
{
    for (size_t i = 0; i < calc->ask->suppositions_len; i++) {
        struct reward_supposition s = calc->ask->suppositions[i];
        if (s.what == REWARD_SUPPOSE_VALUE)
            TRY(check_value(calc, &s));
        if (s.what == REWARD_SUPPOSE_BOUND)
            TRY(suppose_bound(calc, &s, list));
        VEC_PUSH(calc->arena, &calc->supposed, s);
    }
    for (size_t i = 0; i < calc->supposed.len; i++)
        if (calc->supposed.at[i].what == REWARD_SUPPOSE_VALUE)
            suppose_value(calc, &calc->supposed.at[i], list);
    return RC_OK;
}

/* ---- for people ---- */

enum rc reward_try(struct op *op, struct arena *arena, const struct reward_ask *ask,
                   const struct reward_calculation **out)
{
    struct contract contract;
    TRY(op_must(op, "run.read"));
    if (ask->contract_id != 0)
        TRY(contract_get(op, ask->contract_id, &contract));
    struct actor before = reward__as_system(op);
    enum rc rc = reward_calculate(op, arena, ask, out);
    op->actor = before;
    return rc;
}

/* ---- beside it ---- */

enum rc reward_posted_in(struct op *op, struct period period, struct reward_posted_list *out)
{
    struct reward_posted_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    *out = (struct reward_posted_list){0};
    TRY(q_reward_posted_in_open(
        op, &(struct q_reward_posted_in_in){period_print(op->arena, period)}, &cursor));
    while ((rc = q_reward_posted_in_next(&cursor, &row)) == RC_OK)
        VEC_PUSH(op->arena, out,
                 ((struct reward_posted){row.id, row.contract_id, row.partner_id, row.total_minor,
                                         currency_find(row.currency)}));
    return rc == RC_MISSING ? RC_OK : rc;
}
