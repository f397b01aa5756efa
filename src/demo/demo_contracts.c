/* Schemes with versions in several states, and contracts that bind them: with individual values, in
 * every state. Thresholds in money are individual outside of the euro. */
#include "approval/approval.h"
#include "demo/demo_int.h"

/* ---- schemes ---- */

static const struct {
    const char *code, *name, *description, *file;
} schemes[DEMO_SCHEMES] = {
    {"DEALER", "Dealer: percent by tariff",
     "Percent of the sale by category and tier, and a part of what dealers below earn.",
     "dealer-1"},
    {"AGENT", "Agent: activation and residual",
     "A fixed bonus for each activation and a percent of payments for a year.", "agent-1"},
    {"DISTRIBUTOR", "Distributor: volume bonus", "A bonus on orders by parts of the volume.",
     "distributor-1"},
    {"REFERRAL", "Referral: reward for a new customer", "A fixed reward for each registration.",
     "referral-1"},
};

/* What waits for a decision is decided by another person than the one who asked. */
static enum rc decide(struct demo *demo, const char *kind, int64_t record_id)
{
    struct approval approval;
    int64_t before = demo->op->actor.user_id;
    TRY(demo_as(demo, demo->administrator));
    TRY(approval_state(demo->op, kind, record_id, &approval));
    if (approval.state == APPROVAL_OPEN)
        TRY(approval_approve(demo->op, approval.id, STR("")));
    return demo_as(demo, before);
}

enum rc demo_publish(struct demo *demo, enum demo_scheme scheme, const char *file, const char *note,
                     struct date from)
{
    struct op *op = demo->op;
    struct scheme_version version;
    int64_t version_id;
    TRY(demo_as(demo, demo->head));
    TRY(scheme_version_add(op, demo->schemes[scheme], demo_file(file), str_of(note), &version_id));
    TRY(scheme_version_get(op, version_id, &version));
    TRY(scheme_version_submit(op, version_id, version.revision, zone_day_start(op->zone, from)));
    return decide(demo, "scheme", version_id);
}

enum rc demo_make_schemes(struct demo *demo)
{
    TRY(demo_as(demo, demo->head));
    for (size_t i = 0; i < DEMO_SCHEMES; i++) {
        struct scheme_info scheme = {.code = str_of(schemes[i].code),
                                     .name = str_of(schemes[i].name),
                                     .description = str_of(schemes[i].description)};
        TRY(scheme_save(demo->op, &scheme, &demo->schemes[i]));
        TRY(demo_publish(demo, (enum demo_scheme)i, schemes[i].file, "First version",
                         date_add_days(demo->first, -60)));
    }
    return RC_OK;
}

/* ---- terms ---- */

enum { TERMS_MAX = 8 };

static const struct money_term {
    enum demo_scheme scheme;
    const char *name;
    int euros;
} money_terms[] = {
    {DEMO_SCHEME_DEALER, "middle tier from", 5000},
    {DEMO_SCHEME_DEALER, "top tier from", 12000},
    {DEMO_SCHEME_AGENT, "prepaid bonus", 15},
    {DEMO_SCHEME_AGENT, "contract bonus", 40},
    {DEMO_SCHEME_AGENT, "internet bonus", 60},
    {DEMO_SCHEME_AGENT, "tv bonus", 20},
    {DEMO_SCHEME_DISTRIBUTOR, "middle from", 50000},
    {DEMO_SCHEME_DISTRIBUTOR, "top from", 150000},
    {DEMO_SCHEME_REFERRAL, "reward", 25},
    {DEMO_SCHEME_REFERRAL, "many reward", 35},
};

static struct contract_bound bind(struct demo *demo, enum demo_scheme scheme, enum demo_land land)
{
    struct contract_bound bound = {.scheme_id = demo->schemes[scheme]};
    bound.terms = NEW_ARRAY(demo->op->arena, struct contract_term, TERMS_MAX);
    for (size_t i = 0; i < LEN(money_terms) && land != DEMO_ES; i++) {
        if (money_terms[i].scheme != scheme)
            continue;
        int64_t minor = demo_minor(land, money_terms[i].euros * 100);
        bound.terms[bound.terms_len++] = (struct contract_term){
            str_of(money_terms[i].name), money_print_scaled(demo->op->arena, minor, 2)};
    }
    return bound;
}

static enum demo_scheme scheme_of(enum demo_role role)
{
    switch (role) {
    case DEMO_LEADER:
    case DEMO_AGENT: return DEMO_SCHEME_AGENT;
    case DEMO_AFFILIATE:
    case DEMO_OTHER: return DEMO_SCHEME_REFERRAL;
    default: return DEMO_SCHEME_DEALER;
    }
}

/* Distributors get the volume bonus and, as the top of the tree, the override of dealers. A fifth
 * of the dealers has a better rate of its own. */
static void bind_schemes(struct demo *demo, const struct demo_partner *p,
                         struct contract_version *version)
{
    struct contract_bound *bound = NEW_ARRAY(demo->op->arena, struct contract_bound, 2);
    enum demo_scheme main_scheme = scheme_of(p->role);
    bound[version->schemes_len++] = bind(demo, main_scheme, p->land);
    if (main_scheme == DEMO_SCHEME_DEALER && demo_percent(demo, 20))
        bound[0].terms[bound[0].terms_len++] = (struct contract_term){
            STR("mobile rate"), demo_percent(demo, 50) ? STR("0.09") : STR("0.1")};
    if (p->role == DEMO_DISTRIBUTOR)
        bound[version->schemes_len++] = bind(demo, DEMO_SCHEME_DISTRIBUTOR, p->land);
    version->schemes = bound;
}

static const char *nature_of(struct demo *demo, enum demo_role role)
{
    switch (role) {
    case DEMO_DISTRIBUTOR: return "supply_bonus";
    case DEMO_AFFILIATE: return demo_percent(demo, 50) ? "referral_offer" : "revenue_share";
    case DEMO_AGENT: return demo_percent(demo, 80) ? "agency" : "services";
    default: return demo_percent(demo, 85) ? "agency" : "commission";
    }
}

static enum rc add_terms(struct demo *demo, const struct demo_partner *p, int64_t contract_id,
                         struct date from)
{
    static const int hold_days[] = {0, 0, 14, 14, 30, 75};
    const struct currency *currency = demo_currency(p->land);
    struct contract_version version = {
        .contract_id = contract_id,
        .from_day = from.days,
        .currency = currency,
        .pay_currency = currency,
        .period_kind = PERIOD_MONTH,
        .due_days = p->role == DEMO_DISTRIBUTOR ? 60
                    : p->land == DEMO_RU        ? 10
                                                : 15,
        .hold_days = p->role == DEMO_DISTRIBUTOR ? 0 : hold_days[demo_pick(demo, LEN(hold_days))],
        .accept_days = p->land == DEMO_RU ? 30 : 15,
        .minimum_minor = p->role == DEMO_AFFILIATE ? demo_minor(p->land, 5000) : 0,
        .vat_mode = p->land == DEMO_RU ? STR("none") : STR("added"),
        .documents_by = p->land == DEMO_RU ? STR("partner") : STR("us"),
        .note = STR(""),
        .has_netting = p->role == DEMO_DISTRIBUTOR,
    };
    int64_t id;
    bind_schemes(demo, p, &version);
    return contract_version_save(demo->op, &version, &id);
}

/* ---- contracts ---- */

static enum rc set_state(struct demo *demo, int64_t contract_id, const char *state)
{
    struct contract contract;
    TRY(contract_get(demo->op, contract_id, &contract));
    return contract_state_set(demo->op, contract_id, contract.revision, str_of(state));
}

/* Those who were approved and do not sell yet are in the middle of signing. */
static const char *state_before_active(size_t i)
{
    static const char *const states[] = {"draft", "in_signature", "draft"};
    return states[i % LEN(states)];
}

static enum rc add_contract(struct demo *demo, struct demo_partner *p, size_t i)
{
    bool is_live = strcmp(p->state, "approved") != 0;
    struct date from = demo_month(demo, is_live ? p->first_month : DEMO_MONTHS - 1);
    int64_t id;
    if (p->first_month == 0 && is_live)
        from = date_add_months(from, -(int64_t)demo_pick(demo, 12));
    /* one in twenty ends with the year that the story covers */
    bool is_short = is_live && p->last_month == DEMO_MONTHS && p->first_month < 5 && i % 20 == 7;
    struct contract contract = {
        .code = str_printf(demo->arena, STR_FMT "/%d", STR_ARG(p->code), date_ymd(from).year),
        .partner_id = p->id,
        .entity_id = demo->entities[p->land],
        .nature = str_of(nature_of(demo, p->role)),
        .signed_day = is_live ? SOME(from.days - 5) : NONE,
        .from_day = from.days,
        .to_day = is_short ? demo_month(demo, 7).days : CONTRACT_NO_END,
    };
    TRY(contract_save(demo->op, &contract, &id));
    TRY(add_terms(demo, p, id, from));
    const char *state = is_live ? "active" : state_before_active(i);
    if (strcmp(state, "draft") != 0)
        TRY(set_state(demo, id, state));
    if (is_short)
        p->last_month = 6;
    p->contract_id = is_live ? id : 0;
    return RC_OK;
}

enum rc demo_make_contracts(struct demo *demo)
{
    TRY(demo_as(demo, demo->administrator));
    for (size_t i = 0; i < demo->partners_len; i++) {
        struct demo_partner *p = &demo->partners[i];
        bool is_known = p->role != DEMO_OTHER || strcmp(p->state, "approved") == 0;
        struct arena_mark mark = arena_mark(demo->op->arena);
        if (is_known)
            TRY(add_contract(demo, p, i));
        arena_rewind(demo->op->arena, mark);
    }
    return RC_OK;
}

/* ---- what happens to them later ---- */

/* A better top tier for some dealers, agreed in the middle of the year. */
static enum rc add_agreement(struct demo *demo, const struct demo_partner *p, struct date from)
{
    struct contract_versions versions;
    int64_t id;
    TRY(contract_versions(demo->op, p->contract_id, &versions));
    struct contract_version version = versions.at[versions.len - 1];
    struct contract_bound *bound = &version.schemes[0];
    struct contract_term *terms =
        NEW_ARRAY(demo->op->arena, struct contract_term, bound->terms_len + 1);
    for (size_t i = 0; i < bound->terms_len; i++)
        terms[i] = bound->terms[i];
    terms[bound->terms_len++] = (struct contract_term){STR("top tier factor"), STR("1.35")};
    bound->terms = terms;
    version.id = 0;
    version.from_day = from.days;
    version.due_days = 7;
    version.note = STR("Annual review: better top tier, earlier payment.");
    return contract_version_save(demo->op, &version, &id);
}

static enum rc change_state(struct demo *demo, const struct demo_partner *p, const char *state)
{
    struct partner partner;
    struct contract contract;
    TRY(partner_get(demo->op, p->id, &partner));
    TRY(partner_state_set(demo->op, p->id, partner.revision, str_of(state)));
    if (p->contract_id == 0)
        return RC_OK;
    TRY(contract_get(demo->op, p->contract_id, &contract));
    if (strcmp(state, "suspended") == 0)
        return contract_suspend(demo->op, contract.id, contract.revision,
                                zone_date(demo->op->zone, demo->op->now).days,
                                STR("No sales for a month; the shop is being moved."));
    return contract_state_set(demo->op, contract.id, contract.revision, str_of(state));
}

/* Ten days without a licence: what was sold on them earned nothing. */
static enum rc pause_for_days(struct demo *demo, const struct demo_partner *p, struct date from)
{
    struct contract contract;
    TRY(contract_get(demo->op, p->contract_id, &contract));
    TRY(contract_suspend(demo->op, contract.id, contract.revision, from.days,
                         STR("The trading licence had run out.")));
    TRY(contract_get(demo->op, p->contract_id, &contract));
    return contract_resume(demo->op, contract.id, contract.revision, from.days + 10);
}

static enum rc block(struct demo *demo, const struct demo_partner *p, bool is_payouts_only,
                     const char *reason)
{
    struct partner partner;
    TRY(partner_get(demo->op, p->id, &partner));
    struct partner_block what = {
        .is_sales_blocked = !is_payouts_only, .is_payouts_blocked = true, .reason = str_of(reason)};
    return partner_block_set(demo->op, p->id, partner.revision, &what);
}

/* Somebody who has sold all the year. */
static bool may_pause(const struct demo_partner *p)
{
    return p->role == DEMO_DEALER && p->contract_id && p->first_month == 0 &&
           p->last_month == DEMO_MONTHS;
}

static enum rc people_come_and_go(struct demo *demo, int month)
{
    while (demo->paused < demo->partners_len && !may_pause(&demo->partners[demo->paused]))
        demo->paused++;
    for (size_t i = 0; i < demo->partners_len; i++) {
        const struct demo_partner *p = &demo->partners[i];
        struct arena_mark mark = arena_mark(demo->op->arena);
        if (month == 7 && p->role == DEMO_DEALER && p->last_month == DEMO_MONTHS && i % 4 == 0 &&
            p->first_month < 5)
            TRY(add_agreement(demo, p, demo_month(demo, month)));
        if (month == p->last_month + 1 && strcmp(p->state, "terminated") == 0)
            TRY(change_state(demo, p, "terminated"));
        if (month == p->last_month + 1 && strcmp(p->state, "suspended") == 0)
            TRY(change_state(demo, p, "suspended"));
        if (month == 9 && i == demo->paused)
            TRY(pause_for_days(demo, p, date_add_days(demo_month(demo, 9), 4)));
        if (month == 10 && i % 41 == 20 && p->role != DEMO_OTHER)
            TRY(block(demo, p, true, "Bank details are being checked."));
        if (month == 11 && i % 67 == 30 && p->role != DEMO_OTHER)
            TRY(block(demo, p, false, "Unusual number of activations on one day."));
        arena_rewind(demo->op->arena, mark);
    }
    return RC_OK;
}

static enum rc schemes_change(struct demo *demo, int month)
{
    struct date next = demo_month(demo, month);
    if (month == 5)
        return demo_publish(demo, DEMO_SCHEME_DISTRIBUTOR, "distributor-2",
                            "Higher second and third part", next);
    if (month == 7)
        return demo_publish(demo, DEMO_SCHEME_DEALER, "dealer-2",
                            "Higher rates and a bonus for activations", next);
    return RC_OK;
}

enum rc demo_make_changes(struct demo *demo, int month)
{
    demo_at(demo, date_add_days(demo_month(demo, month), -2), 11, 20);
    TRY(schemes_change(demo, month));
    TRY(demo_as(demo, demo->administrator));
    TRY(people_come_and_go(demo, month));
    TRY(demo_as(demo, 0));
    enum rc rc = contract_expire(demo->op);
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc demo_make_future(struct demo *demo)
{
    for (size_t i = 0; i < demo->partners_len; i++) {
        const struct demo_partner *p = &demo->partners[i];
        if (p->role == DEMO_DEALER && p->contract_id && p->last_month == DEMO_MONTHS && i % 4 == 1)
            return add_agreement(demo, p, demo_month(demo, DEMO_MONTHS + 1));
    }
    return RC_OK;
}
