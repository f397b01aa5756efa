/* The table of modules, in include order. A new module adds its line here and in tools/layers. */
#include "main/modules.h"

#include "approval/approval.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "mail/mail.h"
#include "main/program.h"
#include "org/org.h"

#define HAS_PERMISSIONS(name)                                                                      \
    .permissions = name##_permissions, .permissions_len = &name##_permissions_len

const struct module modules[] = {
    {.name = "main", .conf = program_settings, .commands = program_commands},
    {.name = "http", .conf = http_settings},
    {.name = "feel", .commands = feel_commands},
};
const size_t modules_len = LEN(modules);

void modules_start(void)
{
    for (size_t i = 0; i < modules_len; i++) {
        const struct module *module = &modules[i];
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
    }
}

const struct route *const *modules_routes(void)
{
    static const struct route *tables[LEN(modules) + 1];
    size_t len = 0;
    for (size_t i = 0; i < modules_len; i++)
        if (modules[i].routes)
            tables[len++] = modules[i].routes;
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
