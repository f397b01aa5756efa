/* setting_int: what the files of setting share. */
#ifndef KONTOR_SETTING_INT_H
#define KONTOR_SETTING_INT_H

#include "audit/audit.h"
#include "setting/setting.h"
#include "setting/setting_q.h"

enum { SETTINGS_MAX = 200, SETTING_TEXT_MAX = 200 };

/* The declared settings in order of declaration; NULL past the end. */
const struct setting_def *setting__at(size_t i);
const struct setting_def *setting__find(struct str key);

/* The text as it is stored, or a message key with up to two bounds in words. */
const char *setting__check(struct op *op, const struct setting_def *def, struct str text,
                           struct str *out, const char *out_args[2]);
/* Present value, stored or default, straight from the database. */
enum rc setting__read(struct op *op, const struct setting_def *def, struct str *out);
/* Stores those of `texts` (by number of the setting, absent: not given) that differ, with one entry
 * in the audit. `revision` 0: whatever it is. Checked already; inside the caller's transaction. */
enum rc setting__store(struct op *op, const struct str *texts, int64_t revision);

#endif
