/* What the files about partners share: their fields, and the parts beside the record itself. */
#ifndef KONTOR_IMPORT_PARTNER_H
#define KONTOR_IMPORT_PARTNER_H

#include "import/import_int.h"
#include "partner/partner.h"

enum {
    P_CODE,
    P_NAME,
    P_LEGAL_NAME,
    P_KIND,
    P_STATE,
    P_BRANCH,
    P_COUNTRY,
    P_TAX,
    P_KPP,
    P_REGISTRATION,
    P_VAT,
    P_EMAIL,
    P_PHONE,
    P_SITE,
    P_SINCE,
    P_PARENT,
    P_TREE,
    P_PARENT_FROM,
    P_LEVEL,
    P_MANAGER,
    P_ROLES,
    P_GROUPS,
    P_TAGS,
    P_CONTACT,
    P_CONTACT_POSITION,
    P_CONTACT_EMAIL,
    P_CONTACT_PHONE,
    P_ADDRESS_COUNTRY,
    P_ADDRESS_REGION,
    P_ADDRESS_POSTCODE,
    P_ADDRESS_CITY,
    P_ADDRESS_LINE,
    P_BANK,
    P_BANK_CODE,
    P_BANK_ACCOUNT,
    P_BANK_CORR,
    P_BANK_CURRENCY,
    P_FIELDS
};

/* What is looked up once a batch. */
struct import__partner_memo {
    struct partner_memo *places;
    int64_t only_branch_id; /* 0: not looked up */
    bool has_levels, has_roles, has_groups;
    struct partner_levels levels;
    struct partner_roles roles;
    struct partner_groups groups;
    struct map *managers; /* folded e-mail to int64_t, 0: nobody of the staff */
};
struct import__partner_memo *import__partner_memo(struct import_batch *batch);

/* Roles, groups, tags, main contact, legal address, bank details: those that the mapping has. */
enum rc import__partner_parts(struct import_batch *batch, struct import_row *row,
                              int64_t partner_id, bool *out_is_changed);
/* The manager whose e-mail the row has. */
enum rc import__partner_manager(struct import_batch *batch, struct import_row *row,
                                struct opt_i64 *manager_id);
/* The level that the row names, by code or name. */
enum rc import__partner_level(struct import_batch *batch, struct import_row *row,
                              struct opt_i64 *level_id);

#endif
