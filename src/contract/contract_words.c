/* Contracts in words: addresses, natures, periods. */
#include "contract/contract_int.h"

struct word {
    const char *name, *label;
};

static const struct word natures[] = {
    {"agency", M("Agency")},
    {"commission", M("Commission")},
    {"services", M("Services")},
    {"supply_bonus", M("Supply with bonus")},
    {"retro_discount", M("Retrospective discount")},
    {"revenue_share", M("Revenue share")},
    {"referral_offer", M("Referral offer")},
    {0},
};
static const struct word periods[] = {
    {"day", M("Daily")},         {"week", M("Weekly")}, {"month", M("Monthly")},
    {"quarter", M("Quarterly")}, {"year", M("Yearly")}, {0},
};
static const struct word vat_modes[] = {
    {"none", M("Without VAT")},
    {"included", M("VAT included")},
    {"added", M("VAT on top")},
    {0},
};
static const struct word issuers[] = {{"partner", M("The partner")}, {"us", M("Us")}, {0}};

static const struct word *const sets[] = {
    [CONTRACT_NATURES] = natures,
    [CONTRACT_PERIODS] = periods,
    [CONTRACT_VAT_MODES] = vat_modes,
    [CONTRACT_ISSUERS] = issuers,
};

struct str contract__word(const struct lang *lang, enum contract_words set, struct str name)
{
    for (const struct word *word = sets[set]; word->name; word++)
        if (str_eq(name, str_of(word->name)))
            return tr(lang, word->label);
    return name;
}

void contract__options(struct op *op, struct ui_form *form, const char *field,
                       enum contract_words set)
{
    for (const struct word *word = sets[set]; word->name; word++)
        ui_form_option(form, field, str_of(word->name), tr(op->lang, word->label));
}

void contract__filter(struct op *op, struct ui_list *list, const char *filter,
                      enum contract_words set)
{
    for (const struct word *word = sets[set]; word->name; word++)
        ui_list_option(list, filter, str_of(word->name), tr(op->lang, word->label));
}

struct str contract_nature_word(const struct lang *lang, struct str nature)
{
    return contract__word(lang, CONTRACT_NATURES, nature);
}

struct str contract_href(struct op *op, int64_t contract_id)
{
    return contract__href(op, contract_id, "");
}

struct str contract__href(struct op *op, int64_t contract_id, const char *tail)
{
    return str_printf(op->arena, "/contracts/%s%s", ctr(contract_id).text, tail);
}

struct str contract__version_href(struct op *op, int64_t version_id, const char *tail)
{
    return str_printf(op->arena, "/contracts/versions/%s%s", ctv(version_id).text, tail);
}
