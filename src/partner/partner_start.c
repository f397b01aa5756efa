/* What partner tells the rest of the program at start: permissions, names for the journal, pages of
 * the navigation, and who a user's partner is. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"
#include "partner/partner_web.h"

const struct permission partner_permissions[] = {
    {"partner.read", M("See partners"), ACTOR_STAFF},
    {"partner.edit", M("Add and edit partners"), ACTOR_STAFF},
    {"partner.block", M("Block partners"), ACTOR_STAFF},
    {"partner.bank", M("Read and edit bank details of partners"), ACTOR_STAFF},
    {"partner.export", M("Export lists of partners"), ACTOR_STAFF},
    {"portal.profile.read", M("See the partner's own profile"), ACTOR_PARTNER},
};
const size_t partner_permissions_len = LEN(partner_permissions);

static const struct audit_name names[] = {
    {"partner", M("Partner"), "/partners/", "prt"},
    {"partner.add", M("Partner added"), NULL, NULL},
    {"partner.edit", M("Partner changed"), NULL, NULL},
    {"partner.state", M("State changed"), NULL, NULL},
    {"partner.block", M("Blocking changed"), NULL, NULL},
    {"partner.archive", M("Partner archived or restored"), NULL, NULL},
    {"partner.relation", M("Relation changed"), NULL, NULL},
    {"partner.contact", M("Contact changed"), NULL, NULL},
    {"partner.address", M("Address changed"), NULL, NULL},
    {"partner.bank", M("Bank details changed"), NULL, NULL},
    {"partner.bank_read", M("Account number read"), NULL, NULL},
    {"partner:code", M("Code"), NULL, NULL},
    {"partner:name", M("Name"), NULL, NULL},
    {"partner:legal_name", M("Legal name"), NULL, NULL},
    {"partner:branch_id", M("Branch"), NULL, NULL},
    {"partner:manager_id", M("Account manager"), NULL, NULL},
    {"partner:level_id", M("Level"), NULL, NULL},
    {"partner:kind", M("Kind"), NULL, NULL},
    {"partner:country", M("Country"), NULL, NULL},
    {"partner:tax_number", M("Tax number"), NULL, NULL},
    {"partner:tax_reason_code", M("KPP"), NULL, NULL},
    {"partner:registration", M("Registration number"), NULL, NULL},
    {"partner:vat_mode", M("VAT mode"), NULL, NULL},
    {"partner:email", M("E-mail"), NULL, NULL},
    {"partner:phone", M("Phone"), NULL, NULL},
    {"partner:site", M("Web site"), NULL, NULL},
    {"partner:since", M("Partner since"), NULL, NULL},
    {"partner:state", M("State"), NULL, NULL},
    {"partner:archived", M("Archived"), NULL, NULL},
    {"partner:roles", M("Roles"), NULL, NULL},
    {"partner:groups", M("Groups"), NULL, NULL},
    {"partner:tags", M("Tags"), NULL, NULL},
    {"partner:is_sales_blocked", M("Sales blocked"), NULL, NULL},
    {"partner:is_links_blocked", M("Links blocked"), NULL, NULL},
    {"partner:is_payouts_blocked", M("Payouts blocked"), NULL, NULL},
    {"partner:block_reason", M("Reason"), NULL, NULL},
    {"partner:tree", M("Tree"), NULL, NULL},
    {"partner:parent_id", M("Parent"), NULL, NULL},
    {"partner:from_day", M("From"), NULL, NULL},
    {"partner:to_day", M("Until"), NULL, NULL},
    {"partner:share", M("Share"), NULL, NULL},
    {"partner:contact_name", M("Contact"), NULL, NULL},
    {"partner:contact_position", M("Position"), NULL, NULL},
    {"partner:contact_email", M("E-mail of the contact"), NULL, NULL},
    {"partner:contact_phone", M("Phone of the contact"), NULL, NULL},
    {"partner:contact_note", M("Note"), NULL, NULL},
    {"partner:contact_is_main", M("Main contact"), NULL, NULL},
    {"partner:address_legal", M("Legal address"), NULL, NULL},
    {"partner:address_postal", M("Postal address"), NULL, NULL},
    {"partner:address_actual", M("Actual address"), NULL, NULL},
    {"partner:bank_name", M("Bank"), NULL, NULL},
    {"partner:bank_code", M("BIK or SWIFT"), NULL, NULL},
    {"partner:bank_number", M("Account"), NULL, NULL},
    {"partner:bank_corr_number", M("Correspondent account"), NULL, NULL},
    {"partner:bank_currency", M("Currency"), NULL, NULL},
    {"partner:bank_is_main", M("Main account"), NULL, NULL},
    {"partner_level", M("Level"), NULL, NULL},
    {"partner_level.add", M("Level added"), NULL, NULL},
    {"partner_level.edit", M("Level changed"), NULL, NULL},
    {"partner_level:code", M("Code"), NULL, NULL},
    {"partner_level:name", M("Name"), NULL, NULL},
    {"partner_level:position", M("Step of the ladder"), NULL, NULL},
    {"partner_group", M("Group"), "/groups/", "grp"},
    {"partner_group.add", M("Group added"), NULL, NULL},
    {"partner_group.edit", M("Group changed"), NULL, NULL},
    {"partner_group:code", M("Code"), NULL, NULL},
    {"partner_group:name", M("Name"), NULL, NULL},
    {"partner_group:archived", M("Archived"), NULL, NULL},
    {"outlet", M("Outlet"), "/outlets/", "out"},
    {"outlet.add", M("Outlet added"), NULL, NULL},
    {"outlet.edit", M("Outlet changed"), NULL, NULL},
    {"outlet.archive", M("Outlet archived or restored"), NULL, NULL},
    {"outlet:code", M("Code"), NULL, NULL},
    {"outlet:name", M("Name"), NULL, NULL},
    {"outlet:address_country", M("Country"), NULL, NULL},
    {"outlet:address_region", M("Region"), NULL, NULL},
    {"outlet:address_postcode", M("Postcode"), NULL, NULL},
    {"outlet:address_city", M("City"), NULL, NULL},
    {"outlet:address_line", M("Address"), NULL, NULL},
    {"outlet:opened", M("Opened"), NULL, NULL},
    {"outlet:closed", M("Closed"), NULL, NULL},
    {"outlet:archived", M("Archived"), NULL, NULL},
    {0}};

static const struct audit_words words[] = {{"partner:kind", partner__kinds},
                                           {"partner:vat_mode", partner__vat_modes},
                                           {"partner:tree", partner__trees},
                                           {0}};

static const struct ui_page pages[] = {
    {UI_PARTNERS, M("Directory"), "/partners", "partner.read"},
    {UI_PARTNERS, M("Applications"), "/partners?state=applied", "partner.edit"},
    {UI_PARTNERS, M("Groups"), "/groups", "partner.read"},
    {UI_PARTNERS, M("Outlets"), "/outlets", "partner.read"},
    {UI_SETTINGS, M("Levels"), "/settings/levels", "partner.read"},
    {UI_MY_TEAM, M("Profile"), "/portal/profile", "portal.profile.read"},
};

static enum rc name_of(struct op *op, int64_t partner_id, struct str *out)
{
    struct partner partner;
    TRY(partner_get(op, partner_id, &partner));
    *out = partner.name;
    return RC_OK;
}

static struct str url_of(struct op *op, int64_t partner_id)
{
    return partner__url(op, partner_id, "");
}

/* An index has the states, so the count reads what waits and nothing else. */
static enum rc count_applied(struct op *op, int64_t limit, int64_t *out)
{
    struct str applied = STR("applied");
    return q_partner_list_count(op,
                                &(struct q_partner_list_in){.live = SOME(true),
                                                            .state = {&applied, 1, 1},
                                                            .attribute_value = STR("")},
                                limit, out);
}

static const struct ui_counter counters[] = {
    {"/partners?state=applied", M("{0} applications waiting"), count_applied},
};

static const struct auth_partners seen = {.name = name_of, .url = url_of};

void partner_start(void)
{
    audit_name_declare(names);
    audit_words_declare(words);
    ui_pages_declare(pages, LEN(pages));
    ui_counters_declare(counters, LEN(counters));
    auth_partners_set(&seen);
}

struct str partner__url(struct op *op, int64_t id, const char *tail)
{
    return str_printf(op->arena, "/partners/%s%s", prt(id).text, tail);
}
