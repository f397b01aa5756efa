/* What is over or not yet: records put away into the archive, whose customers are, an agreement
 * that begins next year. */
#include "attribute/attribute.h"
#include "demo/demo_int.h"

/* ---- the archive ---- */

static enum rc old_company(struct demo *demo)
{
    struct op *op = demo->op;
    struct org_entity entity = {.name = STR("Meridian Valencia SL"),
                                .short_name = STR("Meridian Valencia"),
                                .country = STR("ES"),
                                .tax = {demo_tax_number(demo, DEMO_ES, true), STR(""), STR("")}};
    struct org_account account = {0};
    struct org_branch branch = {.code = STR("VLC"), .name = STR("Valencia")};
    int64_t account_id, branch_id;
    demo_address(demo, 3, &entity.address);
    TRY(org_entity_save(op, &entity, &entity.id));
    account.entity_id = branch.entity_id = entity.id;
    demo_bank(demo, DEMO_ES, &account.bank);
    TRY(org_account_save(op, &account, &account_id));
    TRY(org_branch_save(op, &branch, &branch_id));
    TRY(org_account_get(op, account_id, &account));
    TRY(org_account_archive(op, account_id, account.revision, true));
    TRY(org_branch_get(op, branch_id, &branch));
    TRY(org_branch_archive(op, branch_id, branch.revision, true));
    TRY(org_entity_get(op, entity.id, &entity));
    return org_entity_archive(op, entity.id, entity.revision, true);
}

static enum rc old_catalog(struct demo *demo)
{
    struct op *op = demo->op;
    struct catalog_product product;
    struct catalog_category category = {.code = STR("Pagers"), .name = STR("Pagers")};
    struct customer customer;
    TRY(catalog_product_by_code(op, STR("OLD-FLEX"), &product));
    TRY(catalog_product_archive(op, product.id, product.revision, true));
    TRY(catalog_category_save(op, &category, &category.id));
    TRY(catalog_category_get(op, category.id, &category));
    TRY(catalog_category_archive(op, category.id, category.revision, true));
    TRY(customer_get(op, demo->customers[0], &customer));
    return customer_archive(op, customer.id, customer.revision, true);
}

static enum rc old_lists(struct demo *demo)
{
    struct op *op = demo->op;
    struct partner_group group = {.code = STR("fair-2024"), .name = STR("Fair 2024")};
    struct scheme_info scheme = {
        .code = STR("OLD"), .name = STR("Before Kontor"), .description = STR("")};
    struct attribute attribute = {.owner_kind = STR("partner"),
                                  .code = STR("fax"),
                                  .type = STR("text"),
                                  .label_en = STR("Fax"),
                                  .label_ru = STR("Факс"),
                                  .label_es = STR("Fax"),
                                  .choices = STR(""),
                                  .min = STR(""),
                                  .max = STR("")};
    TRY(partner_group_save(op, &group, &group.id));
    TRY(partner_group_get(op, group.id, &group));
    TRY(partner_group_archive(op, group.id, group.revision, true));
    TRY(scheme_save(op, &scheme, &scheme.id));
    TRY(scheme_get(op, scheme.id, &scheme));
    TRY(scheme_archive(op, scheme.id, scheme.revision, true));
    TRY(attribute_save(op, &attribute, &attribute.id));
    TRY(attribute_get(op, attribute.id, &attribute));
    return attribute_archive(op, attribute.id, attribute.revision, true);
}

static enum rc old_partners(struct demo *demo)
{
    struct op *op = demo->op;
    struct partner partner;
    struct partner_outlet outlet;
    bool has_outlet = false;
    for (size_t i = 0; i < demo->partners_len; i++) {
        const struct demo_partner *p = &demo->partners[i];
        if (!has_outlet && p->outlet_id && p->role == DEMO_SUB_DEALER) {
            TRY(partner_outlet_get(op, p->outlet_id, &outlet));
            TRY(partner_outlet_archive(op, outlet.id, outlet.revision, true));
            has_outlet = true;
        }
        if (strcmp(p->state, "rejected") == 0) {
            TRY(partner_get(op, p->id, &partner));
            return partner_archive(op, p->id, partner.revision, true);
        }
    }
    return RC_OK;
}

/* ---- whose the customers are ---- */

enum rc demo_make_bindings(struct demo *demo)
{
    size_t made = 0;
    for (size_t i = 0; i < demo->partners_len && made < 120; i++) {
        const struct demo_partner *p = &demo->partners[i];
        struct customer_binding binding = {.customer_id = demo->customers[made * 3 + 1],
                                           .partner_id = p->id,
                                           .role = STR("seller"),
                                           .from_day = demo_month(demo, p->first_month).days,
                                           .to_day = PARTNER_NO_END,
                                           .reason = STR("sale")};
        int64_t id;
        if (p->contract_id == 0)
            continue;
        TRY(customer_bind(demo->op, &binding, &id));
        made++;
    }
    return RC_OK;
}

enum rc demo_make_past(struct demo *demo)
{
    TRY(demo_as(demo, demo->administrator));
    TRY(old_company(demo));
    TRY(old_catalog(demo));
    TRY(old_lists(demo));
    return old_partners(demo);
}
