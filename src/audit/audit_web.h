/* audit_web: what the views of audit draw. */
#ifndef KONTOR_AUDIT_WEB_H
#define KONTOR_AUDIT_WEB_H

#include "ui/ui.h"

struct audit__show {
    struct ui_head head;
    struct ui_defs facts;
    struct ui_timeline timeline;
};

#endif
