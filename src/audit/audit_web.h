/* audit_web: what the views of audit draw. */
#ifndef KONTOR_AUDIT_WEB_H
#define KONTOR_AUDIT_WEB_H

#include "ui/ui.h"

struct audit__show {
    struct ui_head head;
    struct ui_defs facts;
    struct ui_timeline timeline;
};

struct audit__conflict {
    struct str who, when; /* of the last change */
    struct {
        struct audit__clash {
            const char *label;
            struct str field; /* instead of a key */
            struct str was, theirs, yours;
            bool is_same; /* both want the same */
        } * at;
        size_t len, cap;
    } clashes;
};

#endif
