/* What schemes see of customers, products and partners beside their records: age, binding, and the
 * attributes that staff has added. The customer C-1 is there since 1 January 2026. */
#include "attribute/attribute.h"
#include "reward/reward_recipe_scene.h"

static void attribute(struct fixture *f, const char *kind, const char *code, const char *type,
                      int64_t record_id, const char *record_code, const char *value)
{
    int64_t id = 0;
    struct attribute a = {.owner_kind = str_of(kind),
                          .code = str_of(code),
                          .type = str_of(type),
                          .label_en = str_of(code),
                          .label_ru = str_of(code),
                          .label_es = str_of(code)};
    struct field_pair pair = {str_of(code), str_of(value)};
    struct field_pairs pairs = {.at = &pair, .len = 1};
    struct attribute_owner owner = {kind, record_id, str_of(record_code), NONE};
    scene_must(f, attribute_save(&f->op, &a, &id), "an attribute");
    scene_must(f, attribute_values_save(&f->op, &owner, &pairs, true, false, NULL), "a value");
}

static void customers(struct fixture *f)
{
    struct scene s;
    int64_t id = 0;
    RECIPE(f, &s, "",
           {"seen", "kind=\"measure\"", "sales",
            "{n: sales[1].customer.month number, bound: sales[1].customer.bound on, whose: "
            "sales[1].customer.partner, score: sales[1].customer.attributes.score}"},
           {"at the end", "kind=\"measure\" scope=\"customer\"", "customer,sales",
            "[customer.month number, customer.bound on]"});
    struct customer_binding binding = {.customer_id = s.customer_id,
                                       .partner_id = s.partner_ids[0],
                                       .role = STR("referrer"),
                                       .from_day = date_of(2026, 2, 10).days,
                                       .to_day = CUSTOMER_NO_END,
                                       .reason = STR("link")};
    scene_must(f, customer_bind(&f->op, &binding, &id), "bound");
    attribute(f, "customer", "score", "number", s.customer_id, "C-1", "7.50");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    const struct reward_result *anna = recipe_result(september, s.contract_ids[0]);
    const struct reward_result *boris = recipe_result(september, s.contract_ids[1]);
    is_str(anna->measures.at[0].value, "{n: 9, bound: 2026-02-10, whose: \"1\", score: 7.5}",
           "the ninth month of life; bound to Anna");
    is_str(boris->measures.at[0].value, "{n: 9, bound: null, whose: \"1\", score: 7.5}",
           "not to Boris, who only sold");
    is_str(anna->measures.at[1].value, "{\"C-1\": [9, 2026-02-10]}",
           "by itself as at the end of the period");
    ok(!anna->is_incomplete && !boris->is_incomplete, "nothing is missing");
}

static void records(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"seen", "kind=\"measure\"", "sales,partner",
            "[sales[1].product.attributes.strategic, partner.attributes.joined, partner.months, "
            "partner.attributes.size]"});
    attribute(f, "product", "strategic", "bool", s.product_ids[BEVERAGE], "Beverages", "true");
    attribute(f, "partner", "joined", "date", s.partner_ids[0], "1", "2026-03-01");
    attribute(f, "partner", "size", "text", s.partner_ids[1], "2", "large");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_result(september, s.contract_ids[0])->measures.at[0].value,
           "[true, 2026-03-01, 9, null]", "attributes have their types; who has none has null");
    is_str(recipe_result(september, s.contract_ids[1])->measures.at[0].value,
           "[true, null, 9, \"large\"]", "of every record of the kind");
}

int main(void)
{
    permission_declare(attribute_permissions, attribute_permissions_len);
    attribute_start();
    fixture_each(customers);
    fixture_each(records);
    return done_testing();
}
