/* What belongs to a partner besides its record: roles, a level, groups, tags, people, addresses,
 * bank details, shops, and the fields that the staff of this company has added. */
#include "attribute/attribute.h"
#include "demo/demo_int.h"

/* ---- the house's own lists ---- */

static const struct {
    const char *code, *name;
} levels[] = {{"bronze", "Bronze"}, {"silver", "Silver"}, {"gold", "Gold"}},
  groups[] = {
      {"top-30", "Top 30"}, {"new-2026", "New this year"}, {"pilot", "Pilot of new tariffs"}};

static const struct attribute definitions[] = {
    {.owner_kind = STR_INIT("partner"),
     .code = STR_INIT("segment"),
     .type = STR_INIT("choice"),
     .label_en = STR_INIT("Segment"),
     .label_ru = STR_INIT("Сегмент"),
     .label_es = STR_INIT("Segmento"),
     .choices = STR_INIT("retail\nbusiness\nonline"),
     .is_shown_to_partner = true,
     .position = 1},
    {.owner_kind = STR_INIT("partner"),
     .code = STR_INIT("shop_area"),
     .type = STR_INIT("number"),
     .label_en = STR_INIT("Area of shops, m²"),
     .label_ru = STR_INIT("Площадь точек, м²"),
     .label_es = STR_INIT("Superficie de las tiendas, m²"),
     .min = STR_INIT("0"),
     .position = 2},
    {.owner_kind = STR_INIT("partner"),
     .code = STR_INIT("visit_on"),
     .type = STR_INIT("date"),
     .label_en = STR_INIT("Next visit"),
     .label_ru = STR_INIT("Следующий визит"),
     .label_es = STR_INIT("Próxima visita"),
     .position = 3},
};

static enum rc make_lists(struct demo *demo, int64_t level_ids[LEN(levels)],
                          int64_t group_ids[LEN(groups)])
{
    struct op *op = demo->op;
    int64_t id;
    for (size_t i = 0; i < LEN(levels); i++) {
        struct partner_level level = {.code = str_of(levels[i].code),
                                      .name = str_of(levels[i].name),
                                      .position = (int64_t)i + 1};
        TRY(partner_level_save(op, &level, &level_ids[i]));
    }
    for (size_t i = 0; i < LEN(groups); i++) {
        struct partner_group group = {.code = str_of(groups[i].code),
                                      .name = str_of(groups[i].name)};
        TRY(partner_group_save(op, &group, &group_ids[i]));
    }
    for (size_t i = 0; i < LEN(definitions); i++) {
        struct attribute attribute = definitions[i];
        attribute.choices = attribute.choices.at ? attribute.choices : STR("");
        attribute.min = attribute.min.at ? attribute.min : STR("");
        attribute.max = STR("");
        TRY(attribute_save(op, &attribute, &id));
    }
    return RC_OK;
}

/* ---- one partner ---- */

static const char *role_of(const struct demo *demo, const struct demo_partner *p)
{
    static const char *const usual[DEMO_ROLES] = {[DEMO_DISTRIBUTOR] = "distributor",
                                                  [DEMO_DEALER] = "dealer",
                                                  [DEMO_SUB_DEALER] = "dealer",
                                                  [DEMO_LEADER] = "agent",
                                                  [DEMO_AGENT] = "agent",
                                                  [DEMO_AFFILIATE] = "affiliate"};
    static const char *const others[] = {"reseller",   "franchisee", "referrer",    "supplier",
                                         "integrator", "retailer",   "marketplace", "consultant"};
    if (p->role != DEMO_OTHER)
        return usual[p->role];
    return others[(size_t)(p - demo->partners) % LEN(others)];
}

static enum rc set_roles(struct demo *demo, const struct demo_partner *p,
                         const struct partner_roles *roles)
{
    int64_t ids[2];
    size_t len = 0;
    bool is_double = p->role == DEMO_DEALER && demo_percent(demo, 15);
    for (size_t i = 0; i < roles->len; i++)
        if (str_eq(roles->at[i].code, str_of(role_of(demo, p))) ||
            (is_double && str_eq(roles->at[i].code, STR("retailer"))))
            ids[len++] = roles->at[i].id;
    return partner_roles_set(demo->op, p->id, &(struct i64_list){.at = ids, .len = len});
}

static enum rc set_lists(struct demo *demo, const struct demo_partner *p, const int64_t *level_ids,
                         const int64_t *group_ids)
{
    static const char *const tags[] = {"shopping centre", "online", "business", "reviewed",
                                       "roaming"};
    struct op *op = demo->op;
    struct partner partner;
    if (p->role <= DEMO_AGENT) {
        TRY(partner_get(op, p->id, &partner));
        size_t level = p->weight > 18 ? 2 : p->weight > 11 ? 1 : 0;
        TRY(partner_level_set(op, p->id, partner.revision, SOME(level_ids[level])));
    }
    if (p->weight > 20)
        TRY(partner_group_join(op, p->id, group_ids[0]));
    if (p->first_month > 2)
        TRY(partner_group_join(op, p->id, group_ids[1]));
    if (p->role == DEMO_DEALER && demo_percent(demo, 12))
        TRY(partner_group_join(op, p->id, group_ids[2]));
    for (size_t i = 0; i < LEN(tags); i++)
        if (demo_percent(demo, 12))
            TRY(partner_tag_add(op, p->id, str_of(tags[i])));
    return RC_OK;
}

static enum rc add_contacts(struct demo *demo, const struct demo_partner *p)
{
    static const char *const positions[DEMO_LANDS][2] = {
        {"Директор", "Бухгалтер"}, {"Director", "Contable"}, {"Director", "Bookkeeper"}};
    bool is_company = strcmp(p->kind, "company") == 0;
    for (size_t i = 0; i < (is_company ? 2U : 1U); i++) {
        struct partner_contact contact = {
            .partner_id = p->id,
            .name = i == 0 ? p->person : demo_person_name(demo, p->land),
            .position = is_company ? str_of(positions[p->land][i]) : STR(""),
            .email = str_printf(demo->op->arena, "%s@" STR_FMT ".example",
                                i == 0 ? "head" : "books", STR_ARG(p->code)),
            .phone = demo_phone(demo, p->land),
            .note = STR(""),
            .is_main = i == 0,
        };
        int64_t id;
        TRY(partner_contact_save(demo->op, &contact, &id));
    }
    return RC_OK;
}

static enum rc add_address_and_bank(struct demo *demo, const struct demo_partner *p)
{
    struct partner_address address = {.kind = STR("legal")};
    demo_address(demo, p->branch, &address.at);
    TRY(partner_address_set(demo->op, p->id, &address));
    if (demo_percent(demo, 40)) {
        address.kind = STR("postal");
        demo_address(demo, p->branch, &address.at);
        TRY(partner_address_set(demo->op, p->id, &address));
    }
    if (strcmp(p->state, "active") != 0 && demo_percent(demo, 60))
        return RC_OK; /* bank details come with the contract */
    struct partner_bank bank = {.partner_id = p->id, .is_main = true};
    int64_t id;
    demo_bank(demo, p->land, &bank.bank);
    return partner_bank_save(demo->op, &bank, &id);
}

static enum rc add_outlets(struct demo *demo, struct demo_partner *p)
{
    static const char *const names[DEMO_LANDS][3] = {
        {"Салон на Садовой", "ТЦ «Заречье»", "Остров у метро"},
        {"Tienda Centro", "Centro comercial Olmo", "Quiosco Estación"},
        {"High Street shop", "Mill Park kiosk", "Station stand"}};
    size_t len = p->role == DEMO_DEALER       ? 1 + demo_pick(demo, 3)
                 : p->role == DEMO_SUB_DEALER ? 1
                                              : 0;
    for (size_t i = 0; i < len; i++) {
        struct partner_outlet outlet = {
            .partner_id = p->id,
            .code = str_printf(demo->op->arena, STR_FMT "-%zu", STR_ARG(p->code), i + 1),
            .name = str_of(names[p->land][i]),
            .opened_day = SOME(demo_month(demo, p->first_month).days - 30),
        };
        int64_t id;
        demo_address(demo, p->branch, &outlet.address);
        TRY(partner_outlet_save(demo->op, &outlet, &id));
        if (i == 0)
            p->outlet_id = id;
    }
    return RC_OK;
}

static enum rc set_attributes(struct demo *demo, const struct demo_partner *p)
{
    static const char *const segments[] = {"retail", "business", "online"};
    struct op *op = demo->op;
    char visit[DATE_TEXT_MAX];
    size_t len = date_print_to(visit, date_add_days(demo->today, (int64_t)demo_pick(demo, 90)));
    struct field_pair pairs[] = {
        {STR("segment"), str_of(segments[demo_pick(demo, LEN(segments))])},
        {STR("shop_area"), str_printf(op->arena, "%zu", 12 + demo_pick(demo, 180))},
        {STR("visit_on"), {visit, len}}};
    struct field_pairs sent = {.at = pairs, .len = p->role <= DEMO_SUB_DEALER ? 3 : 1};
    return attribute_values_save(
        op,
        &(struct attribute_owner){
            .kind = "partner", .record_id = p->id, .label = p->code, .partner_id = SOME(p->id)},
        &sent, true, false, NULL);
}

enum rc demo_make_parts(struct demo *demo)
{
    struct op *op = demo->op;
    int64_t level_ids[LEN(levels)], group_ids[LEN(groups)];
    struct partner_roles roles;
    TRY(make_lists(demo, level_ids, group_ids));
    TRY(partner_roles_all(op, &roles));
    for (size_t i = 0; i < demo->partners_len; i++) {
        struct demo_partner *p = &demo->partners[i];
        struct arena_mark mark = arena_mark(op->arena);
        TRY(set_roles(demo, p, &roles));
        TRY(set_lists(demo, p, level_ids, group_ids));
        TRY(add_contacts(demo, p));
        TRY(add_address_and_bank(demo, p));
        TRY(add_outlets(demo, p));
        TRY(set_attributes(demo, p));
        arena_rewind(op->arena, mark);
    }
    return RC_OK;
}
