/* The table of modules, in include order. A new module adds its line here and in tools/layers. */
#include "main/modules.h"

#include "approval/approval.h"
#include "attribute/attribute.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "brand/brand.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "customer/customer.h"
#include "demo/demo.h"
#include "event/event.h"
#include "import/import.h"
#include "mail/mail.h"
#include "main/program.h"
#include "org/org.h"
#include "partner/partner.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "reward/reward.h"
#include "scenario/scenario.h"
#include "studio/studio.h"
#include "whatif/whatif.h"

#define PERMISSIONS(name)                                                                          \
    .permissions = name##_permissions, .permissions_len = &name##_permissions_len
#define PAGES(name) .pages = name##_pages, .pages_len = &name##_pages_len

const struct module modules[] = {
    {.name = "main", .conf = program_settings, .commands = program_commands},
    {.name = "doctor", .commands = doctor_commands},
    {.name = "restore", .commands = restore_commands},
    {.name = "http", .conf = http_settings, .routes = {http_openapi_routes}},
    {.name = "feel", .conf = feel_settings, .commands = feel_commands},
    {.name = "dmn", .commands = dmn_commands},
    {.name = "org init", .commands = org_commands},
    {.name = "ui", .routes = {ui_routes, ui_search_routes}},
    {.name = "jobs",
     .start = jobs_declare,
     .routes = {job_routes},
     .commands = job_commands,
     PAGES(job),
     PERMISSIONS(job)},
    {.name = "mail",
     .start = mail_declare,
     .routes = {mail_routes},
     .jobs = mail_job_kinds,
     .schedules = mail_schedules,
     PAGES(mail),
     PERMISSIONS(mail)},
    {.name = "audit",
     .start = audit_declare,
     .routes = {audit_routes},
     .ticks = audit_ticks,
     .subscribers = audit_subscribers,
     PAGES(audit),
     PERMISSIONS(audit)},
    {.name = "setting",
     .routes = {setting_routes},
     .commands = setting_commands,
     PAGES(setting),
     PERMISSIONS(setting)},
    {.name = "org",
     .start = org_start,
     .routes = {org_routes, org_entity_routes, org_account_routes, org_branch_routes},
     PERMISSIONS(org)},
    {.name = "auth",
     .start = auth_start,
     .routes = {auth_routes, auth_setup_routes, auth_profile_routes, auth_user_routes,
                auth_role_routes, auth_key_routes},
     .commands = auth_commands,
     .conf = auth_conf,
     .jobs = auth_job_kinds,
     .schedules = auth_job_schedules,
     .finders = auth_finders,
     PERMISSIONS(auth)},
    {.name = "approval",
     .start = approval_start,
     .routes = {approval_routes},
     PERMISSIONS(approval)},
    {.name = "brand", .start = brand_start, .routes = {brand_routes}, PERMISSIONS(brand)},
    {.name = "attribute",
     .start = attribute_start,
     .routes = {attribute_routes},
     PERMISSIONS(attribute)},
    {.name = "scheme",
     .start = scheme_start,
     .routes = {scheme_routes},
     .commands = scheme_commands,
     PERMISSIONS(scheme)},
    {.name = "partner",
     .start = partner_start,
     .jobs = partner_job_kinds,
     .routes = {partner_routes, partner_form_routes, partner_page_routes, partner_step_routes,
                partner_bulk_routes, partner_part_routes, partner_group_routes,
                partner_outlet_routes, partner_portal_routes},
     .finders = partner_finders,
     PERMISSIONS(partner)},
    {.name = "contract",
     .start = contract_start,
     .settings = contract_settings,
     .subscribers = contract_subscribers,
     .jobs = contract_job_kinds,
     .routes = {contract_routes},
     .ticks = contract_ticks,
     .finders = contract_finders,
     PERMISSIONS(contract)},
    {.name = "catalog",
     .start = catalog_start,
     .routes = {catalog_routes, catalog_category_routes},
     .finders = catalog_finders,
     PERMISSIONS(catalog)},
    {.name = "customer",
     .start = customer_start,
     .routes = {customer_routes},
     .finders = customer_finders,
     PERMISSIONS(customer)},
    {.name = "plan", .start = plan_start, .routes = {plan_routes}, PERMISSIONS(plan)},
    {.name = "rate", .start = rate_start, .routes = {rate_routes}, PERMISSIONS(rate)},
    {.name = "event",
     .routes = {event_routes, event_api_routes},
     .finders = event_finders,
     PAGES(event),
     PERMISSIONS(event)},
    {.name = "import",
     .start = import_start,
     .routes = {import_routes},
     .commands = import_commands,
     .jobs = import_job_kinds,
     .ticks = import_ticks,
     PAGES(import),
     PERMISSIONS(import)},
    {.name = "reward",
     .start = reward_start,
     .routes = {reward_routes, reward_run_routes, reward_statement_routes},
     .commands = reward_commands,
     .jobs = reward_jobs,
     .schedules = reward_schedules,
     .finders = reward_finders,
     .cards = reward_cards,
     PAGES(reward),
     PERMISSIONS(reward)},
    {.name = "whatif",
     .start = whatif_start_module,
     .routes = {whatif_routes},
     .commands = whatif_commands,
     .jobs = whatif_jobs,
     PAGES(whatif)},
    {.name = "studio", .start = studio_start, .routes = {studio_routes}},
    {.name = "scenario", .commands = scenario_commands},
    {.name = "demo", .commands = demo_commands},
};
const size_t modules_len = LEN(modules);

static void declare(const struct module *module)
{
    if (module->permissions)
        permission_declare(module->permissions, *module->permissions_len);
    if (module->conf)
        conf_declare(module->conf);
    if (module->settings)
        setting_declare(module->settings);
    if (module->jobs)
        job_kind_declare(module->jobs);
    if (module->schedules)
        job_schedule_declare(module->schedules);
    if (module->ticks)
        job_tick_declare(module->ticks);
    if (module->subscribers)
        outbox_subscriber_declare(module->subscribers);
    if (module->start)
        module->start();
    if (module->pages)
        ui_pages_declare(module->pages, *module->pages_len);
    if (module->finders)
        ui_finders_declare(module->finders);
    if (module->cards)
        ui_record_cards_declare(module->cards);
}

void modules_start(void)
{
    for (size_t i = 0; i < modules_len; i++)
        declare(&modules[i]);
}

const struct route *const *modules_routes(void)
{
    static const struct route *tables[LEN(modules) * LEN(modules[0].routes) + 1];
    size_t len = 0;
    for (size_t i = 0; i < modules_len; i++)
        for (size_t k = 0; k < LEN(modules[i].routes) && modules[i].routes[k]; k++)
            tables[len++] = modules[i].routes[k];
    return tables;
}

const struct command *const *modules_commands(void)
{
    static const struct command *tables[LEN(modules) + 1];
    size_t len = 0;
    for (size_t i = 0; i < modules_len; i++)
        if (modules[i].commands)
            tables[len++] = modules[i].commands;
    return tables;
}
