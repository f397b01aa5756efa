/* setting_web: the form of settings, and what its views draw. */
#ifndef KONTOR_SETTING_WEB_H
#define KONTOR_SETTING_WEB_H

#include "setting/setting.h"
#include "ui/ui.h"

struct setting__page {
    struct ui_head head;
    struct ui_defs facts;
    struct ui_empty empty;
};

/* The form learns of the i-th declared setting. */
void setting__web_add(const struct setting_def *def, size_t i);
void setting__web_forget(void);

#endif
