/* Partners: distributors with dealers and their sub-dealers in one tree, team leaders with agents
 * in another, affiliates, and those who have only begun to talk to us. Who is what follows from the
 * number, so that every state has somebody; names, sizes and places are diced. */
#include "demo/demo_int.h"

/* How many of each role in each country. */
static const int counts[DEMO_ROLES][DEMO_LANDS] = {
    [DEMO_DISTRIBUTOR] = {4, 2, 1}, [DEMO_DEALER] = {30, 18, 10}, [DEMO_SUB_DEALER] = {36, 20, 10},
    [DEMO_LEADER] = {3, 2, 1},      [DEMO_AGENT] = {14, 14, 8},   [DEMO_AFFILIATE] = {4, 6, 8},
    [DEMO_OTHER] = {13, 8, 8}};
static const char *const prefixes[DEMO_ROLES] = {"DS", "DL", "SD", "TL", "AG", "AF", "PT"};

/* Events of an ordinary month: smallest and how much more. */
static const struct {
    int least, more;
} weights[DEMO_ROLES] = {{20, 14}, {9, 18}, {3, 12}, {4, 5}, {6, 16}, {4, 16}, {0, 1}};

static const size_t land_branches[DEMO_LANDS][2] = {{0, 3}, {3, 2}, {5, 1}}; /* first, how many */

/* ---- who is what ---- */

static const char *state_of(enum demo_role role, size_t i)
{
    static const char *const talks[] = {"prospect", "applied", "approved", "prospect",
                                        "rejected", "applied", "prospect"};
    if (role == DEMO_OTHER)
        return talks[i % LEN(talks)];
    if (role == DEMO_DISTRIBUTOR || role == DEMO_LEADER)
        return "active";
    switch (i % 23) {
    case 5: return "suspended";
    case 11: return "terminated";
    case 17: return role == DEMO_DEALER ? "active" : "approved";
    default: return "active";
    }
}

static const char *kind_of(struct demo *demo, const struct demo_partner *p)
{
    bool is_small = p->role == DEMO_AGENT || p->role == DEMO_LEADER ||
                    (p->role == DEMO_SUB_DEALER && demo_percent(demo, 35)) ||
                    (p->role == DEMO_AFFILIATE && demo_percent(demo, 50));
    if (!is_small)
        return "company";
    if (p->role == DEMO_SUB_DEALER || p->role == DEMO_LEADER)
        return "sole_trader";
    if (p->land == DEMO_RU)
        return demo_percent(demo, 70) ? "self_employed" : "individual";
    return demo_percent(demo, 60) ? "sole_trader" : "individual";
}

/* Partners of a role and country stand together; the parent is one of the role above there. */
static size_t parent_of(const struct demo *demo, enum demo_role role, enum demo_land land, int i)
{
    enum demo_role above = role == DEMO_DEALER       ? DEMO_DISTRIBUTOR
                           : role == DEMO_SUB_DEALER ? DEMO_DEALER
                           : role == DEMO_AGENT      ? DEMO_LEADER
                                                     : DEMO_OTHER;
    if (above == DEMO_OTHER)
        return SIZE_MAX;
    int wanted = (i * 7 + 3) % counts[above][land];
    for (size_t k = 0; k < demo->partners_len; k++)
        if (demo->partners[k].role == above && demo->partners[k].land == land && wanted-- == 0)
            return k;
    return SIZE_MAX;
}

static void invent(struct demo *demo, enum demo_role role, enum demo_land land, int i)
{
    struct demo_partner *p = &demo->partners[demo->partners_len];
    size_t number = demo->partners_len, of_land = 0, of_role = 0;
    for (size_t k = 0; k < number; k++) {
        of_land += demo->partners[k].land == land;
        of_role += demo->partners[k].role == role;
    }
    *p =
        (struct demo_partner){.land = land, .role = role, .parent = parent_of(demo, role, land, i)};
    p->state = state_of(role, of_role);
    p->kind = kind_of(demo, p);
    p->person = demo_person_name(demo, land);
    p->name = strcmp(p->kind, "company") == 0 ? demo_company_name(demo, land, of_land) : p->person;
    p->code = str_printf(demo->arena, "%s-%03zu", prefixes[role], of_role + 1);
    p->branch = p->parent != SIZE_MAX
                    ? demo->partners[p->parent].branch
                    : land_branches[land][0] + demo_pick(demo, land_branches[land][1]);
    p->weight = weights[role].least + (int)demo_pick(demo, (size_t)weights[role].more);
    p->first_month = role == DEMO_DISTRIBUTOR || role == DEMO_LEADER || demo_percent(demo, 70)
                         ? 0
                         : (int)demo_pick(demo, 10);
    p->last_month = strcmp(p->state, "terminated") == 0  ? 8
                    : strcmp(p->state, "suspended") == 0 ? 10
                                                         : DEMO_MONTHS;
    if (p->first_month > 6 && p->last_month < DEMO_MONTHS)
        p->first_month = 2;
    demo->partners_len++;
}

/* ---- making ---- */

/* What the record begins with; suspended and terminated ones get there in the story. */
static struct str first_state(const struct demo_partner *p)
{
    bool is_later = strcmp(p->state, "suspended") == 0 || strcmp(p->state, "terminated") == 0;
    return is_later ? STR("active") : str_of(p->state);
}

static struct date since_of(struct demo *demo, const struct demo_partner *p)
{
    if (p->first_month == 0)
        return date_add_days(demo->first, -30 - (int64_t)demo_pick(demo, 900));
    return date_add_days(demo_month(demo, p->first_month), -(int64_t)demo_pick(demo, 20));
}

static enum rc add_partner(struct demo *demo, struct demo_partner *p)
{
    bool is_company = strcmp(p->kind, "company") == 0;
    struct partner partner = {
        .code = p->code,
        .name = p->name,
        .legal_name = demo_legal_name(demo, p),
        .state = first_state(p),
        .branch_id = demo->branches[p->branch],
        .manager_id = SOME(demo->managers[p->branch]),
        .kind = str_of(p->kind),
        .country = str_of(demo_country(p->land)),
        .tax = {demo_tax_number(demo, p->land, is_company),
                p->land == DEMO_RU && is_company ? STR("770501001") : STR(""),
                p->land == DEMO_RU && !is_company && strcmp(p->kind, "sole_trader") != 0
                    ? STR("")
                    : demo_registration(demo, p->land, is_company)},
        .vat_mode = STR(""),
        .email = str_printf(demo->arena, "office@" STR_FMT ".example", STR_ARG(p->code)),
        .phone = demo_phone(demo, p->land),
        .site = is_company && demo_percent(demo, 60)
                    ? str_printf(demo->arena, "https://" STR_FMT ".example", STR_ARG(p->code))
                    : STR(""),
        .since = zone_day_start(demo->op->zone, since_of(demo, p)),
    };
    return partner_save(demo->op, &partner, &p->id);
}

static enum rc add_relation(struct demo *demo, const struct demo_partner *p)
{
    int64_t id;
    if (p->parent == SIZE_MAX)
        return RC_OK;
    struct date from = date_add_days(demo_month(demo, p->first_month), -40);
    struct partner_relation relation = {.tree = STR("owner"),
                                        .parent_id = demo->partners[p->parent].id,
                                        .partner_id = p->id,
                                        .from_day = from.days,
                                        .to_day = PARTNER_NO_END,
                                        .share = 1000000};
    return partner_relation_save(demo->op, &relation, &id);
}

enum rc demo_make_partners(struct demo *demo)
{
    for (int role = 0; role < DEMO_ROLES; role++)
        for (int land = 0; land < DEMO_LANDS; land++)
            for (int i = 0; i < counts[role][land]; i++)
                invent(demo, (enum demo_role)role, (enum demo_land)land, i);
    assert(demo->partners_len == DEMO_PARTNERS);
    for (size_t i = 0; i < demo->partners_len; i++) {
        struct arena_mark mark = arena_mark(demo->op->arena);
        TRY(add_partner(demo, &demo->partners[i]));
        TRY(add_relation(demo, &demo->partners[i]));
        arena_rewind(demo->op->arena, mark);
    }
    return RC_OK;
}
