/* setting: business settings that people change in the console while the product runs, as opposed
 * to conf, which the process is told at start. A module declares its settings as records; the page,
 * the checks, the commands and the audit follow from the records. The operator's own data (name,
 * zone, currency, languages) is a record of org. */
#ifndef KONTOR_SETTING_H
#define KONTOR_SETTING_H

#include "base/base.h"
#include "cli/cli.h"
#include "http/http.h"
#include "op/op.h"
#include "ui/ui.h"

enum setting_type {
    SETTING_BOOL = 1,
    SETTING_INT,
    SETTING_TEXT,  /* one line; min and max are lengths in characters */
    SETTING_CHOICE /* one of choices */
};

struct setting_choice {
    const char *value, *label; /* label: message key */
};

struct setting_def {
    const char *key; /* "payout.hold_days": stored, in the audit and in commands */
    enum setting_type type;
    const char *fallback;                 /* the default as text: "true", "14" */
    int64_t min, max;                     /* SETTING_INT, SETTING_TEXT; max 0 of a text: 200 */
    const struct setting_choice *choices; /* ended by {0} */
    const char *group;                    /* message key, the head of its card: M("Payouts") */
    const char *label;                    /* message key */
    const char *help;                     /* message key; NULL: none */
    const char *unit;                     /* message key after the field: M("days"); NULL: none */
};
/* Ended by {0}, lives as long as the process. A key declared twice, also in conf, or a default
 * outside its bounds stops the process. */
void setting_declare(const struct setting_def *defs);

/* The present value; inside a transaction that changed it, the changed one. The key must be
 * declared with that type, or the process stops. Served from memory: another process's change is
 * seen within a second. */
enum rc setting_bool(struct op *op, const char *key, bool *out);
enum rc setting_int(struct op *op, const char *key, int64_t *out);
enum rc setting_text(struct op *op, const char *key, struct str *out); /* also of a choice */

/* Checks and stores, audited; permission setting.edit. RC_INVALID with the key as field. */
enum rc setting_set(struct op *op, const char *key, struct str value);

extern const struct route setting_routes[];
extern const struct permission setting_permissions[]; /* setting.read, setting.edit */
extern const size_t setting_permissions_len;
extern const struct ui_page setting_pages[];
extern const size_t setting_pages_len;
extern const struct command setting_commands[]; /* kontor setting, kontor setting set */

void setting_forget(void); /* tests: nothing declared, nothing remembered */

#endif
