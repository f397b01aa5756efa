/* main: the composition root. The table of modules in include order; everything that a module
 * registers (routes, permissions, settings, jobs, commands) is reached through it. */
#ifndef KONTOR_MODULES_H
#define KONTOR_MODULES_H

#include "cli/cli.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "setting/setting.h"
#include "ui/ui.h"

struct module {
    const char *name;
    const struct route *routes[10]; /* tables, each ended by {0} */
    const struct ui_page *pages;    /* of the navigation */
    const size_t *pages_len;
    const struct ui_finder *finders;    /* of the search of everything, ended by {0} */
    const struct ui_record_card *cards; /* on pages of records of other modules, ended by {0} */
    const struct permission *permissions;
    const size_t *permissions_len;
    const struct command *commands;              /* ended by {0} */
    const struct conf_def *conf;                 /* ended by {0} */
    const struct setting_def *settings;          /* ended by {0} */
    const struct job_kind *jobs;                 /* ended by {0} */
    const struct job_schedule *schedules;        /* ended by {0} */
    const struct job_tick *ticks;                /* ended by {0} */
    const struct outbox_subscriber *subscribers; /* ended by {0} */
    void (*start)(void); /* what else it declares: kinds of approval, names for the audit */
};

extern const struct module modules[];
extern const size_t modules_len;

/* Declares everything of all modules. Once a process. */
void modules_start(void);

enum { MODULES_MAX = 64 };
/* Tables of routes and commands, ended by NULL; static. */
const struct route *const *modules_routes(void);
const struct command *const *modules_commands(void);

#endif
