/* What partner tells the rest of the program at start: permissions and names for the audit. */
#include "partner/partner_int.h"

const struct permission partner_permissions[] = {
    {"partner.read", M("See partners"), ACTOR_STAFF},
    {"partner.edit", M("Add and edit partners"), ACTOR_STAFF},
    {"partner.block", M("Block partners"), ACTOR_STAFF},
    {"partner.bank", M("Read and edit bank details of partners"), ACTOR_STAFF},
    {"partner.export", M("Export lists of partners"), ACTOR_STAFF},
};
const size_t partner_permissions_len = LEN(partner_permissions);

static const struct audit_name names[] = {
    {"partner", M("Partner"), "/partners/", "prt"},
    {"partner.add", M("Partner added"), NULL, NULL},
    {"partner.edit", M("Partner changed"), NULL, NULL},
    {"partner.state", M("State changed"), NULL, NULL},
    {"partner.block", M("Blocking changed"), NULL, NULL},
    {"partner.relation", M("Relation changed"), NULL, NULL},
    {0}};

void partner_start(void)
{
    audit_name_declare(names);
}

const struct route partner_routes[] = {{0}};
