/* The last days of the story: people of partners, files that came in, requests that wait, the open
 * month with a result that cannot be complete, keys of programs. */
#include "approval/approval.h"
#include "attribute/attribute.h"
#include "auth/auth.h"
#include "demo/demo_int.h"
#include "import/import.h"
#include "jobs/jobs.h"
#include "reward/reward.h"
#include "setting/setting.h"
#include "studio/studio.h"
#include "whatif/whatif.h"

/* ---- people of partners ---- */

static bool has_children(const struct demo *demo, size_t i)
{
    for (size_t k = 0; k < demo->partners_len; k++)
        if (demo->partners[k].parent == i && demo->partners[k].last_month == DEMO_MONTHS)
            return true;
    return false;
}

/* The largest that has worked all the year. */
static const struct demo_partner *partner_like(const struct demo *demo, enum demo_role role,
                                               enum demo_land land, bool is_parent)
{
    const struct demo_partner *best = NULL;
    for (size_t i = 0; i < demo->partners_len; i++) {
        const struct demo_partner *p = &demo->partners[i];
        bool fits = p->role == role && p->land == land && p->contract_id && p->first_month == 0 &&
                    p->last_month == DEMO_MONTHS && (!is_parent || has_children(demo, i));
        if (fits && (!best || p->weight > best->weight))
            best = p;
    }
    assert(best); /* the story has one of each */
    return best;
}

static enum rc add_partner_user(struct demo *demo, const struct demo_partner *p, const char *email,
                                const char *role_name)
{
    static const char *const langs[DEMO_LANDS] = {"ru", "es", "en"};
    struct auth_role role;
    int64_t id;
    TRY(auth_role_find(demo->op, str_of(role_name), &role));
    struct auth_user_new user = {
        .side = AUTH_PARTNER,
        .email = str_of(email),
        .name =
            strcmp(role_name, "portal_owner") == 0 ? p->person : demo_person_name(demo, p->land),
        .lang = str_of(langs[p->land]),
        .partner_id = p->id,
        .roles = {.at = &role.id, .len = 1},
    };
    return auth_user_add(demo->op, &user, STR(DEMO_PASSWORD), &id);
}

enum rc demo_make_partner_users(struct demo *demo)
{
    const struct demo_partner *dealer = partner_like(demo, DEMO_DEALER, DEMO_GB, true);
    const struct demo_partner *diler = partner_like(demo, DEMO_DEALER, DEMO_RU, true);
    const struct demo_partner *agente = partner_like(demo, DEMO_AGENT, DEMO_ES, false);
    demo->portal[0] = dealer->id;
    demo->portal[1] = diler->id;
    demo->portal[2] = agente->id;
    TRY(add_partner_user(demo, dealer, "dealer@partner.example", "portal_owner"));
    TRY(add_partner_user(demo, dealer, "books@partner.example", "portal_accountant"));
    TRY(add_partner_user(demo, dealer, "seller@partner.example", "portal_seller"));
    TRY(add_partner_user(demo, dealer, "left@partner.example", "portal_seller"));
    struct auth_user left;
    TRY(auth_user_by_email(demo->op, STR("left@partner.example"), &left));
    TRY(auth_user_block(demo->op, left.id, left.revision, true));
    TRY(add_partner_user(demo, diler, "diler@partner.example", "portal_owner"));
    return add_partner_user(demo, agente, "agente@partner.example", "portal_owner");
}

static enum rc invite(struct demo *demo)
{
    struct auth_role role;
    int64_t id;
    TRY(auth_role_find(demo->op, STR("accountant"), &role));
    struct auth_user_new user = {.side = AUTH_STAFF,
                                 .email = STR("new.accountant@meridian.example"),
                                 .name = STR("Harry Sutton"),
                                 .lang = STR("en"),
                                 .has_all_branches = true,
                                 .roles = {.at = &role.id, .len = 1}};
    return auth_user_invite(demo->op, &user, &id);
}

static enum rc add_keys(struct demo *demo)
{
    static struct str intake[] = {STR_INIT("import.edit"), STR_INIT("import.read")};
    struct auth_key_new key = {.user_id = demo->administrator,
                               .name = STR("Billing: sales of the day"),
                               .scopes = {.at = intake, .len = LEN(intake)},
                               .expires_at = SOME(demo->now + 300 * US_DAY)};
    struct auth_key_new old = {.user_id = demo->administrator,
                               .name = STR("Old till"),
                               .scopes = {.at = intake, .len = 1}};
    struct str secret;
    int64_t id;
    TRY(auth_key_add(demo->op, &key, &id, &secret));
    TRY(auth_key_add(demo->op, &old, &id, &secret));
    return auth_key_revoke(demo->op, id);
}

/* ---- files ---- */

/* A till's file of yesterday: every seventeenth row has something wrong, as files do. */
static struct str sales_file(struct demo *demo, struct date day, int rows)
{
    AUTO_BUF buf = BUF(4 << 20);
    char date[DATE_TEXT_MAX];
    (void)date_print_to(date, day);
    buf_printf(&buf,
               "external id,type,occurred at,partner,product,customer,quantity,currency,net\n");
    for (int i = 0; i < rows; i++) {
        const struct demo_partner *p = &demo->partners[demo_pick(demo, 60)];
        const struct demo_product *product = &demo->products[demo_pick(demo, 40)];
        bool is_wrong = i % 17 == 9;
        if (p->contract_id == 0 || product->category.len == 0)
            continue;
        int64_t net = demo_minor(p->land, product->price * 100);
        buf_printf(&buf, "till-%s-%03d,sale,%sT%02d:%02d:00Z,%s,%s,,1,%s,%lld.%02lld\n", date, i,
                   date, 9 + i % 9, i % 60,
                   is_wrong && i % 2 ? "DL-999" : str_c(demo->arena, p->code),
                   demo_product_code(demo, (size_t)(product - demo->products)),
                   is_wrong && i % 2 == 0 ? "EURO" : demo_currency(p->land)->code,
                   (long long)(net / 100), (long long)(net % 100));
    }
    return str_dup(demo->arena, buf_str(&buf));
}

static struct str partners_file(struct demo *demo, int rows)
{
    AUTO_BUF buf = BUF(1 << 20);
    buf_printf(&buf, "code,name,kind,branch,country,tax number,state\n");
    for (int i = 0; i < rows; i++)
        buf_printf(&buf, "LD-%03d," STR_FMT " SL,company,%s,ES,%s,prospect\n", i + 1,
                   STR_ARG(demo_company_name(demo, DEMO_ES, 60 + (size_t)i)),
                   i == 4 ? "XXX" : "MAD",
                   i == 7 ? "B00000000" : str_c(demo->arena, demo_tax_number(demo, DEMO_ES, true)));
    return str_dup(demo->arena, buf_str(&buf));
}

static enum rc import_files(struct demo *demo)
{
    struct op *op = demo->op;
    int64_t id;
    struct date day = date_add_days(demo->today, -2);
    struct str sales = sales_file(demo, day, 120);
    TRY(demo_as(demo, demo->accountant));
    demo_at(demo, date_add_days(demo->today, -1), 8, 30);
    TRY(import_queue(op, "events", STR("till-sales-trial.csv"), sales, true, &id));
    TRY(import_queue(op, "events", STR("till-sales.csv"), sales, false, &id));
    TRY(import_mapping_keep(op, "events", STR("Tills: sales of the day"), sales, &id));
    TRY(demo_as(demo, demo->administrator));
    TRY(import_queue(op, "partners", STR("fair-madrid-leads.csv"), partners_file(demo, 12), false,
                     &id));
    /* somebody took the wrong file */
    return import_queue(op, "customers", STR("minutes-of-meeting.csv"),
                        STR("subject;who\nbudget;all\nnext meeting;all\n"), false, &id);
}

/* Somebody is trying in the constructor what a rate for everything else would cost. */
static enum rc begin_draft(struct demo *demo)
{
    struct op *op = demo->op;
    struct scheme_edit edit = {
        .kind = SCHEME_CELL_SET, .part = STR("d_rate"), .row = 4, .column = 1, .text = STR("0.01")};
    int64_t id;
    TRY(studio_open(op, demo->schemes[DEMO_SCHEME_DEALER], NONE, STR_NONE, &id));
    return studio_edit(op, id, 1, &edit);
}

/* ---- what waits ---- */

static enum rc propose_schemes(struct demo *demo)
{
    struct op *op = demo->op;
    struct scheme_version version;
    struct date next = demo_month(demo, DEMO_MONTHS);
    int64_t id;
    TRY(demo_as(demo, demo->head));
    TRY(scheme_version_add(op, demo->schemes[DEMO_SCHEME_AGENT], demo_file("agent-2"),
                           STR("Higher bonus for contract lines"), &id));
    TRY(scheme_version_get(op, id, &version));
    TRY(scheme_version_submit(op, id, version.revision, zone_day_start(op->zone, next)));
    TRY(scheme_version_add(op, demo->schemes[DEMO_SCHEME_DEALER], demo_file("dealer-3"),
                           STR("Draft for next year"), &id));
    TRY(scheme_version_add(op, demo->schemes[DEMO_SCHEME_DISTRIBUTOR], demo_file("distributor-3"),
                           STR("Was not agreed"), &id));
    TRY(scheme_version_get(op, id, &version));
    TRY(scheme_version_retire(op, id, version.revision));
    TRY(begin_draft(demo));
    return demo_publish(demo, DEMO_SCHEME_REFERRAL, "referral-2", "More after the first ten", next);
}

/* The last of them was sent back. */
static enum rc reject_last(struct demo *demo, int64_t contract_id)
{
    struct approval approval;
    TRY(demo_as(demo, demo->administrator));
    TRY(approval_state(demo->op, "contract", contract_id, &approval));
    return approval_reject(demo->op, approval.id, STR("The bank account is missing."));
}

/* Contracts need an approval from now on; three of the drafts ask for it. */
static enum rc propose_contracts(struct demo *demo)
{
    struct op *op = demo->op;
    int asked = 0;
    int64_t last_id = 0;
    TRY(demo_as(demo, demo->administrator));
    TRY(setting_set(op, "approval.contract", STR("true")));
    TRY(demo_as(demo, demo->head));
    for (size_t i = 0; i < demo->partners_len && asked < 3; i++) {
        struct contract contract;
        int year = date_ymd(demo_month(demo, DEMO_MONTHS - 1)).year;
        struct str code =
            str_printf(op->arena, STR_FMT "/%d", STR_ARG(demo->partners[i].code), year);
        enum rc rc = contract_by_code(op, code, &contract);
        if (rc == RC_MISSING || !str_eq(contract.state, STR("draft")))
            continue;
        TRY(rc);
        TRY(contract_state_set(op, contract.id, contract.revision, STR("in_approval")));
        last_id = contract.id;
        asked++;
    }
    return last_id ? reject_last(demo, last_id) : RC_OK;
}

/* A sale in dollars reached a dealer who is paid in euros: the result says that a rate is missing.
 */
static enum rc sell_in_dollars(struct demo *demo)
{
    const struct demo_partner *dealer = partner_like(demo, DEMO_DEALER, DEMO_ES, false);
    struct event_credit credit = {.partner_id = dealer->id,
                                  .role = STR("seller"),
                                  .share = EVENT_SHARE_WHOLE,
                                  .reason = STR("manual")};
    struct event_new event = {
        .source = STR("crm"),
        .external_id = STR("crm-usd-1"),
        .type = EVENT_SALE,
        .occurred_at = zone_day_start(demo->op->zone, demo_month(demo, DEMO_MONTHS - 1)) + US_HOUR,
        .currency = currency_find(STR("USD")),
        .amount_minor = 24900,
        .net_minor = 24900,
        .quantity = EVENT_QUANTITY_ONE,
        .product_id = demo->products[0].id,
        .customer_id = demo_customer(demo, DEMO_ES),
        .attributes = STR(""),
        .credits = &credit,
        .credits_len = 1};
    struct event_answer answer;
    TRY(demo_as(demo, 0));
    return event_store(demo->op, &event, 1, &answer);
}

/* The present month, as a preview, by a job. */
static enum rc preview_month(struct demo *demo)
{
    int64_t run_id, job_id;
    TRY(sell_in_dollars(demo));
    TRY(demo_as(demo, demo->accountant));
    demo_at(demo, demo->today, 9, 5);
    TRY(reward_run_add(demo->op, period_of(PERIOD_MONTH, 0, demo->today),
                       STR("Preview before the month is over"), &run_id));
    return reward_run_start(demo->op, run_id, &job_id);
}

/* The draft for dealers over the last three months, beside another idea. */
static enum rc compare(struct demo *demo)
{
    struct op *op = demo->op;
    struct scheme_versions versions;
    int64_t id, job_id;
    struct whatif w = {.name = STR("Dealers: higher rates"),
                       .note = STR("For the meeting about next year"),
                       .from = demo_month(demo, DEMO_MONTHS - 4),
                       .to = demo_month(demo, DEMO_MONTHS - 1),
                       .budget = MONEY(1100000000, currency_find(STR("RUB")))};
    TRY(scheme_versions(op, demo->schemes[DEMO_SCHEME_DEALER], &versions));
    struct reward_supposition draft = {.what = REWARD_SUPPOSE_VERSION,
                                       .version_id = versions.at[0].id};
    struct reward_supposition values[] = {{.what = REWARD_SUPPOSE_VALUE,
                                           .scheme_id = demo->schemes[DEMO_SCHEME_DEALER],
                                           .name = STR("mobile rate"),
                                           .value = STR("0.07")},
                                          {.what = REWARD_SUPPOSE_VALUE,
                                           .scheme_id = demo->schemes[DEMO_SCHEME_DEALER],
                                           .name = STR("direct override"),
                                           .value = STR("0.15")}};
    struct whatif_variant higher = {.name = STR("the draft"), .changes = {&draft, 1, 1}};
    struct whatif_variant other = {.name = STR("for those above"), .changes = {values, 2, 2}};
    TRY(demo_as(demo, demo->administrator));
    TRY(whatif_save(op, &w, &id));
    TRY(whatif_variant_save(op, id, &higher));
    TRY(whatif_variant_save(op, id, &other));
    TRY(whatif_get(op, id, &w));
    TRY(whatif_share(op, id, w.revision, true));
    return whatif_start(op, id, &job_id);
}

static void speak(struct op *op)
{
    op->zone = zone_find(STR("Europe/Madrid"));
    op->lang = lang_of(LANG_EN);
}

enum rc demo_make_present(struct demo *demo)
{
    demo_at(demo, date_add_days(demo->today, -9), 10, 0);
    TRY(demo_as(demo, demo->administrator));
    TRY(invite(demo));
    TRY(demo_make_past(demo));
    TRY(demo_make_future(demo));
    TRY(add_keys(demo));
    demo_at(demo, date_add_days(demo->today, -3), 15, 20);
    TRY(propose_schemes(demo));
    demo_at(demo, date_add_days(demo->today, -2), 11, 0);
    TRY(propose_contracts(demo));
    TRY(import_files(demo));
    TRY(preview_month(demo));
    TRY(compare(demo));
    TRY(demo_as(demo, 0));
    demo_at(demo, demo->today, 9, 10);
    jobs_hooks(speak, auth_actor);
    return jobs_drain(demo->op);
}
