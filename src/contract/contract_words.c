/* Contracts in words: addresses, natures, periods. */
#include "contract/contract_int.h"

const struct ui_word contract__natures[] = {
    {"agency", M("Agency")},
    {"commission", M("Commission")},
    {"services", M("Services")},
    {"supply_bonus", M("Supply with bonus")},
    {"retro_discount", M("Retrospective discount")},
    {"revenue_share", M("Revenue share")},
    {"referral_offer", M("Referral offer")},
    {0},
};
const struct ui_word contract__periods[] = {
    {"day", M("Daily")},         {"week", M("Weekly")}, {"month", M("Monthly")},
    {"quarter", M("Quarterly")}, {"year", M("Yearly")}, {0},
};
const struct ui_word contract__vat_modes[] = {
    {"none", M("Without VAT")},
    {"included", M("VAT included")},
    {"added", M("VAT on top")},
    {0},
};
const struct ui_word contract__issuers[] = {
    {"partner", M("The partner")},
    {"us", M("Us")},
    {0},
};

const struct ui_word contract__combines[] = {
#define X(combine, number, word, label) {(word)[0] ? (word) : "add", label},
    CONTRACT_COMBINES(X)
#undef X
        {0},
};

const char *contract_combine_name(enum contract_combine combine)
{
    switch (combine) {
#define X(which, number, word, label)                                                              \
    case which: return word;
        CONTRACT_COMBINES(X)
#undef X
    }
    return "";
}

const char *contract_combine_label(enum contract_combine combine)
{
    switch (combine) {
#define X(which, number, word, label)                                                              \
    case which: return label;
        CONTRACT_COMBINES(X)
#undef X
    }
    return NULL;
}

enum contract_combine contract_combine_find(struct str name)
{
#define X(which, number, word, label)                                                              \
    if (str_eq(name, str_of(word)))                                                                \
        return which;
    CONTRACT_COMBINES(X)
#undef X
    return str_eq(name, STR("add")) ? CONTRACT_ADD : (enum contract_combine)0;
}

struct str contract_nature_word(const struct lang *lang, struct str nature)
{
    return ui_word_of(lang, contract__natures, nature);
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
