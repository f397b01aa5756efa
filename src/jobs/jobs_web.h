/* jobs_web: what the views of jobs draw. */
#ifndef KONTOR_JOBS_WEB_H
#define KONTOR_JOBS_WEB_H

#include "ui/ui.h"

struct job__page {
    struct ui_head head;
    struct ui_job bar;
    struct ui_defs facts;
};

struct job__messages {
    struct ui_head head;
    struct ui_items items;
    struct ui_empty empty;
};

#endif
