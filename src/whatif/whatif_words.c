/* Comparisons in words: what a variant supposes, which months, addresses. */
#include "whatif/whatif_int.h"

struct str whatif__letter(int64_t position)
{
    static const char *const letters[] = {"–", "A", "B", "C", "D"};
    return str_of(letters[position >= 0 && position <= WHATIF_VARIANTS_MAX ? position : 0]);
}

struct str whatif__href(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/what-if/%s%s", wif(id).text, tail);
}

struct str whatif__months_words(struct op *op, const struct whatif *w)
{
    struct period first = period_of(PERIOD_MONTH, 0, w->from);
    struct period last = period_step(period_of(PERIOD_MONTH, 0, w->to), -1);
    struct str from = i18n_period(op->arena, op->lang, first, PLACE_START);
    if (period_eq(first, last))
        return from;
    return i18n_format(op->arena, op->lang, M("{0} – {1}"), from,
                       i18n_period(op->arena, op->lang, last, PLACE_INSIDE));
}

enum rc whatif__model(struct op *op, const struct whatif_variant *variant, int64_t scheme_id,
                      const struct scheme **out)
{
    struct scheme_version version;
    for (size_t i = 0; i < variant->changes.len; i++) {
        const struct reward_supposition *change = &variant->changes.at[i];
        if (change->what == REWARD_SUPPOSE_VERSION && change->scheme_id == scheme_id)
            return scheme_version_load(op, change->version_id, out);
    }
    TRY(scheme_version_for(op, scheme_id, op->now, &version));
    return scheme_version_load(op, version.id, out);
}

static const struct scheme_attribute *find(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

static enum rc version_words(struct op *op, const struct reward_supposition *change,
                             struct str *out)
{
    struct scheme_version version;
    struct scheme_info scheme;
    TRY(scheme_version_get(op, change->version_id, &version));
    TRY(scheme_get(op, version.scheme_id, &scheme));
    struct str state = ui_state_word(op->arena, op->lang, "version", version.state);
    *out = i18n_format(op->arena, op->lang, M("{0}, version {1} ({2})"), scheme.name,
                       version.number, state);
    return RC_OK;
}

/* "Rate of Seafood: 6% → 7%": the first is what the scheme has now. */
static enum rc value_words(struct op *op, const struct whatif_variant *variant,
                           const struct reward_supposition *change, struct str *out)
{
    const struct scheme *scheme = NULL;
    struct partner partner;
    TRY(whatif__model(op, variant, change->scheme_id, &scheme));
    const struct scheme_attribute *attribute = find(scheme, change->name);
    if (!attribute) {
        *out = change->name;
        return RC_OK;
    }
    struct str value = scheme_value_words(op, attribute, change->value);
    struct str usual = scheme_value_words(op, attribute, attribute->fallback);
    *out = i18n_format(op->arena, op->lang, M("{0}: {1} → {2}"), attribute->label, usual, value);
    if (change->partner_id == 0)
        return RC_OK;
    TRY(partner_get(op, change->partner_id, &partner));
    *out = i18n_format(op->arena, op->lang, M("{0}, for {1}"), *out, partner.name);
    return RC_OK;
}

static enum rc bound_words(struct op *op, const struct reward_supposition *change, struct str *out)
{
    struct scheme_info scheme;
    struct partner partner;
    TRY(scheme_get(op, change->other_id, &scheme));
    if (change->partner_id == 0) {
        *out = i18n_format(op->arena, op->lang, M("Everybody is paid by “{0}”"), scheme.name);
        return RC_OK;
    }
    enum rc rc = partner_get(op, change->partner_id, &partner);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    struct str who = rc == RC_OK ? partner.name : tr(op->lang, M("A partner of another branch"));
    *out = i18n_format(op->arena, op->lang, M("{0} is paid by “{1}”"), who, scheme.name);
    return RC_OK;
}

enum rc whatif__change_words(struct op *op, const struct whatif_variant *variant,
                             const struct reward_supposition *change, struct str *out)
{
    switch (change->what) {
    case REWARD_SUPPOSE_VERSION: return version_words(op, change, out);
    case REWARD_SUPPOSE_BOUND: return bound_words(op, change, out);
    case REWARD_SUPPOSE_VALUE: break;
    }
    return value_words(op, variant, change, out);
}
