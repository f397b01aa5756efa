/* The terms of a contract as people read them: settlement, schemes, and of each attribute the value
 * that counts, marked when it was agreed individually. */
#include "contract/contract_web.h"

struct str contract__span_words(struct op *op, int64_t from_day, int64_t to_day)
{
    struct str from = contract__day_words(op, from_day);
    if (to_day >= CONTRACT_NO_END)
        return i18n_format(op->arena, op->lang, M("from {0}"), from);
    return i18n_format(op->arena, op->lang, M("{0} – {1}"), from,
                       contract__day_words(op, to_day - 1));
}

static struct str days_words(struct op *op, int64_t days)
{
    return i18n_format(op->arena, op->lang, M("{0, plural, one {# day} other {# days}}"), days);
}

/* "Monthly, from the 15th": the usual beginning is not worth a word. */
static struct str period_words(struct op *op, const struct contract_version *v)
{
    struct str name =
        ui_word_of(op->lang, contract__periods, str_of(period_kind_name(v->period_kind)));
    int anchor = v->period_anchor;
    if (anchor == 0)
        return name;
    if (v->period_kind == PERIOD_WEEK)
        return i18n_format(op->arena, op->lang, M("{0}, from {1}"), name,
                           i18n_weekday(op->lang, anchor, false));
    if (v->period_kind == PERIOD_MONTH)
        return i18n_format(op->arena, op->lang, M("{0}, from day {1}"), name, anchor);
    return i18n_format(op->arena, op->lang, M("{0}, from day {1} of {2}"), name, anchor % 100,
                       i18n_month(op->lang, anchor / 100, false));
}

static void settlement(struct op *op, const struct contract_version *v, struct ui_defs *facts)
{
    struct ui_def minimum = {.label = M("Smallest payout"),
                             .money = MONEY(v->minimum_minor, v->pay_currency)};
    ui_def_text(op, facts, M("Settlement period"), period_words(op, v));
    ui_def_text(op, facts, M("Currency of accrual"), str_of(v->currency->code));
    if (v->pay_currency != v->currency)
        ui_def_text(op, facts, M("Currency of payment"), str_of(v->pay_currency->code));
    ui_def_text(op, facts, M("Due, days after the period"), days_words(op, v->due_days));
    if (v->hold_days)
        ui_def_text(op, facts, M("Held, days after the event"), days_words(op, v->hold_days));
    if (v->minimum_minor)
        VEC_PUSH(op->arena, facts, minimum);
    ui_def_text(op, facts, M("VAT"), ui_word_of(op->lang, contract__vat_modes, v->vat_mode));
    ui_def_text(op, facts, M("Documents are issued by"),
                ui_word_of(op->lang, contract__issuers, v->documents_by));
    if (v->accept_days)
        ui_def_text(op, facts, M("Accepted by silence after, days"),
                    days_words(op, v->accept_days));
    ui_def_text(op, facts, M("Netting clause"), tr(op->lang, v->has_netting ? M("Yes") : M("No")));
}

static struct str own_value(const struct contract_bound *bound, struct str name)
{
    for (size_t i = 0; i < bound->terms_len; i++)
        if (str_eq(bound->terms[i].name, name))
            return bound->terms[i].value;
    return STR_NONE;
}

static enum rc scheme_words(struct op *op, const struct contract_bound *bound, int64_t day,
                            bool for_partner, struct contract__scheme *out)
{
    struct scheme_version version;
    const struct scheme *scheme;
    int64_t at = zone_day_start(op->zone, (struct date){(int32_t)day});
    *out = (struct contract__scheme){.name = bound->scheme_name, .code = bound->scheme_code};
    if (!for_partner && op_may(op, "scheme.read"))
        out->href = str_printf(op->arena, "/schemes/%s", pid_of("sch", bound->scheme_id).text);
    enum rc rc = scheme_version_for(op, bound->scheme_id, at, &version);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    TRY(scheme_version_load(op, version.id, &scheme));
    out->description = scheme->description;
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (scheme->outputs[i].kind == SCHEME_LINE && scheme->outputs[i].is_shown)
            VEC_PUSH(op->arena, &out->gives, scheme->outputs[i].label);
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        const struct scheme_attribute *a = &scheme->attributes[i];
        struct str own = own_value(bound, a->name);
        struct contract__value value = {.label = a->label,
                                        .shown =
                                            scheme_value_words(op, a, own.at ? own : a->fallback),
                                        .fallback = scheme_value_words(op, a, a->fallback),
                                        .is_own = own.at != NULL};
        VEC_PUSH(op->arena, &out->values, value);
    }
    return RC_OK;
}

/* "Of the schemes A and B: of each event the highest amount counts"; nothing when all are added. */
static void combine_words(struct op *op, const struct contract_version *version,
                          struct ui_defs *facts)
{
    struct str *names = NEW_ARRAY(op->arena, struct str, version->schemes_len + 1);
    for (enum contract_combine how = CONTRACT_HIGHEST; how <= CONTRACT_FIRST; how++) {
        size_t len = 0;
        for (size_t i = 0; i < version->schemes_len; i++)
            if (version->schemes[i].combine == how)
                names[len++] = version->schemes[i].scheme_name;
        if (len > 1)
            ui_def_text(op, facts, M("When several schemes reward the same"),
                        i18n_format(op->arena, op->lang, M("{0}: {1}"),
                                    i18n_list(op->arena, op->lang, names, len),
                                    tr(op->lang, contract_combine_label(how))));
    }
}

enum rc contract__terms_make(struct op *op, const struct contract_version *version,
                             bool for_partner, struct contract__terms *out)
{
    int64_t day = contract__today(op);
    *out = (struct contract__terms){.note = version->note};
    out->title = i18n_format(op->arena, op->lang, M("Version {0}, {1}"), version->number,
                             contract__span_words(op, version->from_day, version->to_day));
    if (day < version->from_day)
        day = version->from_day;
    if (day >= version->to_day)
        day = version->to_day - 1;
    settlement(op, version, &out->facts);
    for (size_t i = 0; i < version->schemes_len; i++) {
        struct contract__scheme scheme;
        TRY(scheme_words(op, &version->schemes[i], day, for_partner, &scheme));
        VEC_PUSH(op->arena, &out->schemes, scheme);
    }
    combine_words(op, version, &out->facts);
    if (!for_partner && op_may(op, "contract.edit"))
        out->edit_href = contract__version_href(op, version->id, "/edit");
    return RC_OK;
}
